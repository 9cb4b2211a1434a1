CREATE TABLE hearings (
    court TEXT NOT NULL, case_id TEXT NOT NULL, number BIGINT NOT NULL, day TEXT NOT NULL, start TEXT NOT NULL, minutes BIGINT NOT NULL,
    courtroom TEXT NOT NULL, staff TEXT NOT NULL, PRIMARY KEY (court, case_id, number));
CREATE INDEX hearings_by_day ON hearings (court, day);
