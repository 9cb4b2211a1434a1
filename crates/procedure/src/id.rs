//! Identifiers: newtypes over UUIDs made by the application, so that two kinds of id never mix.
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A fresh id in order of time (UUIDv7). For the rooms that act; rules never call it.
            pub fn new() -> Self { Self(Uuid::now_v7()) }
            /// Reads the hyphenated form, as pages and tables carry it.
            pub fn parse(text: &str) -> Option<Self> { Uuid::parse_str(text).ok().map(Self) }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(f) }
        }
    )*};
}

ids! {
    /// 案件: one case in one instance, from the filing on, before it has a number.
    CaseId;
    /// A person or organisation of the vault; nothing here says who it is.
    PersonId;
    /// 卷内文件: one item of the case file.
    ItemId;
    /// 文书: one paper for one recipient.
    PaperId;
}

impl CaseId {
    /// An id that follows from the case, its version and a label: a command decided again gives the same id.
    pub(crate) fn derive(self, version: u64, label: &str) -> Uuid {
        Uuid::new_v5(&self.0, format!("{version}/{label}").as_bytes())
    }
}
