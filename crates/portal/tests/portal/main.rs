//! The portal on real tables, looked at from outside: one binary, linked once.
mod account;
mod bench;
mod pages;
mod parties;
mod photo;
mod web;
