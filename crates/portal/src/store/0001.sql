CREATE TABLE accounts (
    court TEXT NOT NULL, id TEXT NOT NULL, phone TEXT NOT NULL, password TEXT NOT NULL,
    name TEXT NOT NULL, particulars BYTEA, state TEXT NOT NULL, email TEXT NOT NULL,
    failures BIGINT NOT NULL, locked_until BIGINT, created BIGINT NOT NULL,
    PRIMARY KEY (court, id));
CREATE UNIQUE INDEX accounts_phone ON accounts (court, phone);
CREATE TABLE sessions (
    court TEXT NOT NULL, token TEXT NOT NULL, account TEXT NOT NULL, begun BIGINT NOT NULL, expires BIGINT NOT NULL,
    PRIMARY KEY (court, token));
CREATE TABLE codes (
    court TEXT NOT NULL, phone TEXT NOT NULL, purpose TEXT NOT NULL, ticket TEXT NOT NULL, digest TEXT NOT NULL,
    sent BIGINT NOT NULL, expires BIGINT NOT NULL, attempts BIGINT NOT NULL,
    PRIMARY KEY (court, phone, purpose));
CREATE TABLE messages (
    court TEXT NOT NULL, id TEXT NOT NULL, phone TEXT NOT NULL, text TEXT NOT NULL, created BIGINT NOT NULL,
    sent_at BIGINT,
    PRIMARY KEY (court, id));
CREATE INDEX messages_waiting ON messages (court, sent_at);
CREATE TABLE drafts (
    court TEXT NOT NULL, id TEXT NOT NULL, account TEXT NOT NULL, kind TEXT NOT NULL, cause TEXT NOT NULL,
    case_id TEXT NOT NULL, content BYTEA NOT NULL, position TEXT NOT NULL,
    version BIGINT NOT NULL, submitted BIGINT NOT NULL, updated BIGINT NOT NULL,
    PRIMARY KEY (court, id));
CREATE INDEX drafts_account ON drafts (court, account, submitted);
CREATE TABLE draft_files (
    court TEXT NOT NULL, draft TEXT NOT NULL, id TEXT NOT NULL, place BIGINT NOT NULL, kind TEXT NOT NULL,
    name TEXT NOT NULL, purpose TEXT NOT NULL, pages BIGINT NOT NULL, bytes BIGINT NOT NULL, sha256 TEXT NOT NULL,
    media TEXT NOT NULL,
    PRIMARY KEY (court, draft, id));
CREATE TABLE submissions (
    court TEXT NOT NULL, id TEXT NOT NULL, attempt TEXT NOT NULL, account TEXT NOT NULL, target TEXT NOT NULL,
    case_id TEXT NOT NULL, step TEXT NOT NULL, receipt_no TEXT NOT NULL, title TEXT NOT NULL, at BIGINT NOT NULL,
    state TEXT NOT NULL, answer TEXT, device TEXT NOT NULL, files TEXT NOT NULL,
    PRIMARY KEY (court, id));
CREATE UNIQUE INDEX submissions_attempt ON submissions (court, attempt);
CREATE INDEX submissions_account ON submissions (court, account, at);
CREATE INDEX submissions_case ON submissions (court, account, case_id);
CREATE INDEX submissions_receipt ON submissions (court, receipt_no);
CREATE TABLE receipts (
    court TEXT NOT NULL, target TEXT NOT NULL, no TEXT NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (court, target, no));
CREATE TABLE views (
    court TEXT NOT NULL, account TEXT NOT NULL, case_id TEXT NOT NULL, target TEXT NOT NULL, version BIGINT NOT NULL,
    view TEXT NOT NULL, updated BIGINT NOT NULL,
    PRIMARY KEY (court, account, case_id));
CREATE TABLE papers (
    court TEXT NOT NULL, account TEXT NOT NULL, id TEXT NOT NULL, target TEXT NOT NULL, case_id TEXT NOT NULL,
    paper TEXT NOT NULL, arrived BIGINT NOT NULL, opened BIGINT,
    PRIMARY KEY (court, account, id));
CREATE INDEX papers_case ON papers (court, account, case_id);
CREATE TABLE reads (
    court TEXT NOT NULL, id TEXT NOT NULL, account TEXT NOT NULL, what TEXT NOT NULL, at BIGINT NOT NULL,
    device TEXT NOT NULL, granted BIGINT NOT NULL,
    PRIMARY KEY (court, id));
CREATE INDEX reads_account ON reads (court, account, at);
