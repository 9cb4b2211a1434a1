-- Particulars belong to a person in one case, every version of them: another case, and what stood before, stay as they were.
CREATE TABLE particulars (
    court TEXT NOT NULL, case_id TEXT NOT NULL, person TEXT NOT NULL, seq BIGINT NOT NULL, digest TEXT NOT NULL, wrapped BYTEA NOT NULL,
    card BYTEA NOT NULL, salt BYTEA NOT NULL, fingerprint TEXT NOT NULL, PRIMARY KEY (court, case_id, person, seq));
INSERT INTO particulars (court, case_id, person, seq, digest, wrapped, card, salt, fingerprint)
    SELECT q.court, q.case_id, p.id, 0, '', p.wrapped, p.card, p.salt, p.fingerprint FROM parties q
    JOIN persons p ON p.court = q.court AND p.id = q.person;
-- One account may stand in a case for several: an agent for each of his principals. `agent` is who the account is there.
CREATE TABLE accounts_linked (
    court TEXT NOT NULL, case_id TEXT NOT NULL, account TEXT NOT NULL, party TEXT NOT NULL, agent TEXT NOT NULL,
    PRIMARY KEY (court, case_id, account, party));
INSERT INTO accounts_linked (court, case_id, account, party, agent) SELECT court, case_id, account, party, '' FROM links;
