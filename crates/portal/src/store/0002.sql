CREATE TABLE readings (
    court TEXT NOT NULL, draft TEXT NOT NULL, file TEXT NOT NULL, state TEXT NOT NULL, reading BYTEA, updated BIGINT NOT NULL,
    PRIMARY KEY (court, draft, file));
