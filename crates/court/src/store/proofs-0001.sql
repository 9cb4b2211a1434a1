CREATE TABLE proofs (
    court TEXT NOT NULL, case_id TEXT NOT NULL, proof TEXT NOT NULL, paper TEXT NOT NULL, PRIMARY KEY (court, case_id, proof, paper));
