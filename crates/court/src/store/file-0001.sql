CREATE TABLE made (
    court TEXT NOT NULL, case_id TEXT NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL, title TEXT NOT NULL, pages BIGINT NOT NULL, sha256 TEXT NOT NULL,
    version BIGINT NOT NULL, PRIMARY KEY (court, case_id, id));
CREATE TABLE packages (court TEXT NOT NULL, case_id TEXT NOT NULL, version BIGINT NOT NULL, package TEXT NOT NULL, PRIMARY KEY (court, case_id, version));
CREATE INDEX requests_by_case ON requests (court, case_id);
