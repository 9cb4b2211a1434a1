//! The court zone on real tables, looked at from outside: one binary, linked once.
mod archive;
mod bench;
mod damage;
mod late;
mod parties;
mod service;
mod trial;
mod way;
