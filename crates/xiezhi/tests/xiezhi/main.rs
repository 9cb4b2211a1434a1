//! The whole house, by its built binary and through its routers: one binary, linked once.
mod arrows;
mod counter;
mod coverage;
mod draw;
mod house;
mod init;
mod keep;
mod red;
mod rules;
