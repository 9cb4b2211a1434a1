ALTER TABLE accounts ADD COLUMN number_digest TEXT;
CREATE INDEX accounts_number ON accounts (court, number_digest);
