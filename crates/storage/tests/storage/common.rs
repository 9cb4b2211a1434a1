//! A store for each test: a file in a directory of its own, or a PostgreSQL database of its own.
use postgres::{Client, NoTls};
use storage::{Db, Migration};
use tempfile::TempDir;
use uuid::Uuid;

pub enum Place {
    Sqlite { _kept: TempDir },
    Postgres { server: String, name: String },
}

pub struct Store {
    // Declared first: closed before its place goes.
    db: Option<Db>,
    pub url: String,
    pub place: Place,
}

pub const COURT: &str = "A01";

/// A table of the tests' own, with a constraint that speaks at COMMIT alone.
pub const TABLES: &[Migration] = &[Migration {
    name: "test-0001",
    sql: "CREATE TABLE parent (id BIGINT PRIMARY KEY);
          CREATE TABLE child (id BIGINT PRIMARY KEY,
              parent BIGINT NOT NULL REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED);
          CREATE TABLE item (court TEXT NOT NULL, id TEXT NOT NULL, n BIGINT, t TEXT, b BYTEA, PRIMARY KEY (court, id));",
}];

impl Store {
    pub fn sqlite() -> Self {
        let directory = TempDir::new().expect("a directory");
        let url = format!("sqlite:{}", directory.path().join("store.db").display());
        Self::open(url, Place::Sqlite { _kept: directory })
    }

    /// None, said loudly, when there is no server.
    pub fn postgres() -> Option<Self> {
        let Ok(server) = std::env::var("XIEZHI_TEST_POSTGRES") else {
            eprintln!("SKIPPED: XIEZHI_TEST_POSTGRES is not set; nothing was tested on PostgreSQL (scripts/postgres start)");
            return None;
        };
        let name = format!("t_{}", Uuid::now_v7().simple());
        let mut client = Client::connect(&server, NoTls).expect("the test server");
        client.batch_execute(&format!("CREATE DATABASE {name}")).expect("a database");
        let (base, _) = server.rsplit_once('/').expect("a server address with a database");
        let url = format!("{base}/{name}");
        Some(Self::open(url, Place::Postgres { server, name }))
    }

    fn open(url: String, place: Place) -> Self {
        let db = Db::open(&url, &[TABLES]).expect("a store");
        Self { db: Some(db), url, place }
    }

    pub fn db(&self) -> &Db {
        self.db.as_ref().expect("open")
    }

    /// Closes and opens again.
    pub fn reopen(&mut self) {
        self.db = None;
        self.db = Some(Db::open(&self.url, &[TABLES]).expect("the store again"));
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.db = None;
        if let Place::Postgres { server, name } = &self.place
            && let Ok(mut client) = Client::connect(server, NoTls)
        {
            client.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).ok();
        }
    }
}

/// Instantiates each function of the suite once an engine.
macro_rules! on_both {
    ($($test:ident)*) => {
        mod sqlite {
            $(#[test] fn $test() { super::$test(&mut $crate::common::Store::sqlite()); })*
        }
        mod postgres_ {
            $(#[test] fn $test() {
                if let Some(mut store) = $crate::common::Store::postgres() { super::$test(&mut store); }
            })*
        }
    };
}
pub(crate) use on_both;
