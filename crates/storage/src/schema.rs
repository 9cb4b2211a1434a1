//! The store's own tables. `court` stands first in every key, so that a court can move to a store of its own.
use crate::{Migration, blobs, clock, counters, events, inbox, jobs, migrate, outbox, uploads};

/// The store's migrations, which run before those of the zones.
pub const MIGRATIONS: &[Migration] = &[Migration {
    name: "storage-0001-tables",
    sql: "
CREATE TABLE events (
    court TEXT NOT NULL, stream TEXT NOT NULL, seq BIGINT NOT NULL,
    kind TEXT NOT NULL, body TEXT NOT NULL, actor TEXT NOT NULL, at BIGINT NOT NULL, digest BYTEA NOT NULL,
    PRIMARY KEY (court, stream, seq));
CREATE TABLE blobs (
    court TEXT NOT NULL, digest TEXT NOT NULL, size BIGINT NOT NULL,
    PRIMARY KEY (court, digest));
CREATE TABLE blob_chunks (
    court TEXT NOT NULL, digest TEXT NOT NULL, start BIGINT NOT NULL, bytes BYTEA NOT NULL,
    PRIMARY KEY (court, digest, start),
    FOREIGN KEY (court, digest) REFERENCES blobs (court, digest));
CREATE TABLE uploads (
    court TEXT NOT NULL, id TEXT NOT NULL, owner TEXT NOT NULL, name TEXT NOT NULL,
    size BIGINT NOT NULL, received BIGINT NOT NULL, begun BIGINT NOT NULL, digest TEXT,
    PRIMARY KEY (court, id));
CREATE TABLE upload_chunks (
    court TEXT NOT NULL, id TEXT NOT NULL, start BIGINT NOT NULL, bytes BYTEA NOT NULL,
    PRIMARY KEY (court, id, start),
    FOREIGN KEY (court, id) REFERENCES uploads (court, id));
CREATE TABLE jobs (
    court TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, payload TEXT NOT NULL,
    state TEXT NOT NULL, run_at BIGINT NOT NULL, attempts BIGINT NOT NULL, leased_until BIGINT NOT NULL,
    last_error TEXT, enqueued BIGINT NOT NULL, ended BIGINT,
    PRIMARY KEY (court, kind, key));
CREATE INDEX jobs_due ON jobs (state, run_at);
CREATE TABLE outbox (
    court TEXT NOT NULL, id TEXT NOT NULL, peer TEXT NOT NULL, body BYTEA NOT NULL, created BIGINT NOT NULL,
    sent_at BIGINT, attempts BIGINT NOT NULL, next_try BIGINT, last_error TEXT, answer BYTEA,
    PRIMARY KEY (court, id));
CREATE INDEX outbox_due ON outbox (next_try);
CREATE TABLE inbox (
    court TEXT NOT NULL, id TEXT NOT NULL, received BIGINT NOT NULL, answer BYTEA,
    PRIMARY KEY (court, id));
CREATE TABLE counters (
    court TEXT NOT NULL, key TEXT NOT NULL, value BIGINT NOT NULL,
    PRIMARY KEY (court, key));
CREATE TABLE clock_moves (
    court TEXT NOT NULL, number BIGINT NOT NULL, moved BIGINT NOT NULL, actor TEXT NOT NULL,
    stood BIGINT NOT NULL, set_to BIGINT NOT NULL, ahead BIGINT NOT NULL,
    PRIMARY KEY (court, number));
",
}];

/// Every statement of the store, for the test that prepares each on both engines.
pub fn statements() -> Vec<&'static str> {
    let sets = [
        &[migrate::APPLIED, migrate::RECORD][..],
        events::SQL,
        blobs::SQL,
        uploads::SQL,
        jobs::SQL,
        outbox::SQL,
        inbox::SQL,
        counters::SQL,
        clock::SQL,
    ];
    sets.concat()
}
