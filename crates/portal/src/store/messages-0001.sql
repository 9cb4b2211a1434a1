ALTER TABLE messages ADD COLUMN account TEXT;
ALTER TABLE messages ADD COLUMN channel TEXT NOT NULL DEFAULT 'phone';
ALTER TABLE messages ADD COLUMN code BIGINT NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN expires BIGINT;
ALTER TABLE messages ADD COLUMN attempts BIGINT NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN next_try BIGINT NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN state TEXT NOT NULL DEFAULT 'waiting';
ALTER TABLE messages ADD COLUMN reason TEXT NOT NULL DEFAULT '';
UPDATE messages SET state = 'sent' WHERE sent_at IS NOT NULL;
CREATE INDEX messages_due ON messages (court, state, code, next_try);
CREATE INDEX messages_account ON messages (court, account, state);
ALTER TABLE codes ADD COLUMN wrong BIGINT NOT NULL DEFAULT 0;
ALTER TABLE codes ADD COLUMN wrong_since BIGINT;
ALTER TABLE accounts ADD COLUMN reference TEXT;
ALTER TABLE accounts ADD COLUMN confirmed_by TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN confirmed_at BIGINT;
CREATE UNIQUE INDEX accounts_reference ON accounts (court, reference);
UPDATE accounts SET email = '';
CREATE TABLE payments (
    court TEXT NOT NULL, id TEXT NOT NULL, account TEXT NOT NULL, case_id TEXT NOT NULL, target TEXT NOT NULL, amount BIGINT NOT NULL,
    subject TEXT NOT NULL, title TEXT NOT NULL, device TEXT NOT NULL, state TEXT NOT NULL, url TEXT NOT NULL, reference TEXT,
    submission TEXT, created BIGINT NOT NULL, looks BIGINT NOT NULL, next_look BIGINT NOT NULL,
    PRIMARY KEY (court, id));
CREATE UNIQUE INDEX payments_reference ON payments (court, reference);
CREATE INDEX payments_case ON payments (court, account, case_id);
CREATE INDEX payments_due ON payments (court, state, next_look);
