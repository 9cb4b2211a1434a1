CREATE TABLE codes (
    court TEXT NOT NULL, case_id TEXT NOT NULL, account TEXT NOT NULL, step TEXT NOT NULL, object TEXT NOT NULL, digest TEXT NOT NULL,
    sent BIGINT NOT NULL, ends BIGINT NOT NULL, tries BIGINT NOT NULL, asked BIGINT NOT NULL, PRIMARY KEY (court, case_id, account, step));
