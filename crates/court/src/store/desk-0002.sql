CREATE TABLE unopened (
    court TEXT NOT NULL, case_id TEXT NOT NULL, person TEXT NOT NULL, served TEXT NOT NULL, PRIMARY KEY (court, case_id, person, served));
CREATE INDEX unopened_by_day ON unopened (court, served);
