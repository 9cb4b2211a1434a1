CREATE TABLE messages (
    court TEXT NOT NULL, id TEXT NOT NULL, about TEXT NOT NULL, shown TEXT NOT NULL, sealed BYTEA NOT NULL, created BIGINT NOT NULL,
    attempts BIGINT NOT NULL, next_try BIGINT, last_error TEXT, sent_at BIGINT, reference TEXT, PRIMARY KEY (court, id));
CREATE INDEX messages_waiting ON messages (court, sent_at, next_try);
CREATE INDEX messages_by_time ON messages (court, created);
