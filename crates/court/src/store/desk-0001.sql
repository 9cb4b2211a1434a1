CREATE TABLE case_staff (court TEXT NOT NULL, staff TEXT NOT NULL, case_id TEXT NOT NULL, office TEXT NOT NULL, PRIMARY KEY (court, staff, case_id, office));
CREATE INDEX case_staff_by_case ON case_staff (court, case_id);
CREATE TABLE post_out (court TEXT NOT NULL, case_id TEXT NOT NULL, person TEXT NOT NULL, sent BIGINT NOT NULL, PRIMARY KEY (court, case_id, person));
CREATE INDEX post_out_by_time ON post_out (court, sent);
