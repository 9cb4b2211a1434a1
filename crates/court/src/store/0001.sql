CREATE TABLE cases (
    court TEXT NOT NULL, id TEXT NOT NULL, number TEXT, receipt_no TEXT NOT NULL, stage TEXT NOT NULL, version BIGINT NOT NULL,
    title TEXT NOT NULL, cause TEXT, amount BIGINT, submitted BIGINT, due TEXT, judge TEXT, state TEXT NOT NULL,
    PRIMARY KEY (court, id));
CREATE INDEX cases_by_stage ON cases (court, stage, due);
CREATE INDEX cases_by_judge ON cases (court, judge);
CREATE UNIQUE INDEX cases_by_number ON cases (court, number);
CREATE UNIQUE INDEX cases_by_receipt ON cases (court, receipt_no);
CREATE TABLE parties (
    court TEXT NOT NULL, case_id TEXT NOT NULL, person TEXT NOT NULL, side TEXT NOT NULL, name TEXT NOT NULL, fingerprint TEXT NOT NULL,
    PRIMARY KEY (court, case_id, person));
CREATE INDEX parties_by_fingerprint ON parties (court, fingerprint);
CREATE TABLE clocks (
    court TEXT NOT NULL, case_id TEXT NOT NULL, anchor TEXT NOT NULL, rule TEXT NOT NULL, what TEXT NOT NULL, of_person TEXT, last_day TEXT NOT NULL,
    PRIMARY KEY (court, case_id, anchor));
CREATE INDEX clocks_by_day ON clocks (court, last_day);
CREATE TABLE persons (
    court TEXT NOT NULL, id TEXT NOT NULL, wrapped BYTEA NOT NULL, card BYTEA NOT NULL, salt BYTEA NOT NULL, fingerprint TEXT NOT NULL,
    PRIMARY KEY (court, id));
CREATE TABLE links (
    court TEXT NOT NULL, case_id TEXT NOT NULL, account TEXT NOT NULL, party TEXT NOT NULL,
    PRIMARY KEY (court, case_id, account));
CREATE TABLE papers (
    court TEXT NOT NULL, id TEXT NOT NULL, case_id TEXT NOT NULL, sha256 TEXT NOT NULL, facts TEXT NOT NULL,
    PRIMARY KEY (court, id));
CREATE TABLE requests (
    court TEXT NOT NULL, submission TEXT NOT NULL, case_id TEXT NOT NULL, account TEXT NOT NULL, receipt_no TEXT NOT NULL, receipt TEXT NOT NULL,
    answer TEXT NOT NULL, PRIMARY KEY (court, submission));
CREATE TABLE tasks (
    court TEXT NOT NULL, id TEXT NOT NULL, case_id TEXT NOT NULL, kind TEXT NOT NULL, office TEXT NOT NULL, title TEXT NOT NULL, detail TEXT NOT NULL,
    due TEXT, created BIGINT NOT NULL, payload TEXT NOT NULL, done_at BIGINT, done_by TEXT, PRIMARY KEY (court, id));
CREATE INDEX tasks_by_office ON tasks (court, office, done_at, due);
CREATE INDEX tasks_by_case ON tasks (court, case_id);
CREATE TABLE records (
    court TEXT NOT NULL, id TEXT NOT NULL, no TEXT NOT NULL, receipt TEXT NOT NULL, salt BYTEA NOT NULL, created BIGINT NOT NULL, position BIGINT,
    PRIMARY KEY (court, id));
CREATE INDEX records_open ON records (court, position, created);
CREATE TABLE reads (
    court TEXT NOT NULL, id TEXT NOT NULL, case_id TEXT NOT NULL, reader TEXT NOT NULL, what TEXT NOT NULL, at BIGINT NOT NULL, granted BIGINT NOT NULL,
    PRIMARY KEY (court, id));
CREATE INDEX reads_by_case ON reads (court, case_id, at);
CREATE TABLE settings (court TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (court, name));
CREATE TABLE staff (
    court TEXT NOT NULL, id TEXT NOT NULL, login TEXT NOT NULL, name TEXT NOT NULL, office TEXT NOT NULL, division TEXT NOT NULL, password TEXT NOT NULL,
    totp BYTEA NOT NULL, last_step BIGINT NOT NULL, failures BIGINT NOT NULL, locked_until BIGINT, PRIMARY KEY (court, id));
CREATE UNIQUE INDEX staff_by_login ON staff (login);
CREATE TABLE staff_sessions (
    court TEXT NOT NULL, token TEXT NOT NULL, staff TEXT NOT NULL, csrf TEXT NOT NULL, expires BIGINT NOT NULL, PRIMARY KEY (court, token));
CREATE TABLE join_codes (
    court TEXT NOT NULL, code TEXT NOT NULL, case_id TEXT NOT NULL, party TEXT NOT NULL, failures BIGINT NOT NULL, used_by TEXT, PRIMARY KEY (court, code));
CREATE TABLE deliveries (court TEXT NOT NULL, envelope TEXT NOT NULL, case_id TEXT NOT NULL, paper TEXT NOT NULL, PRIMARY KEY (court, envelope));
