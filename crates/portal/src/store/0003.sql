CREATE TABLE kept_forms (
    court TEXT NOT NULL, account TEXT NOT NULL, page TEXT NOT NULL, content BYTEA NOT NULL, updated BIGINT NOT NULL,
    PRIMARY KEY (court, account, page));
