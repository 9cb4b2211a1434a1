CREATE TABLE card_checks (
    court TEXT NOT NULL, id TEXT NOT NULL, reference TEXT NOT NULL, staff TEXT NOT NULL, clerk TEXT NOT NULL, at BIGINT NOT NULL,
    verdict TEXT, answered BIGINT, PRIMARY KEY (court, id));
CREATE INDEX card_checks_by_time ON card_checks (court, at);
CREATE TABLE payments (
    court TEXT NOT NULL, reference TEXT NOT NULL, id TEXT NOT NULL, case_id TEXT NOT NULL, account TEXT NOT NULL, amount BIGINT NOT NULL, at BIGINT NOT NULL,
    refused TEXT, return_no TEXT, returned_at BIGINT, returned_by TEXT, PRIMARY KEY (court, reference));
CREATE INDEX payments_by_id ON payments (court, id);
