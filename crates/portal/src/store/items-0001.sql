CREATE TABLE items (
    court TEXT NOT NULL, account TEXT NOT NULL, case_id TEXT NOT NULL, sha256 TEXT NOT NULL, released BIGINT NOT NULL,
    PRIMARY KEY (court, account, case_id, sha256));
