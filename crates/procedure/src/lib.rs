//! 诉讼程序: the law of procedure as pure functions. No clock, no I/O.
//!
//! Way of the data: a [`Command`] by an [`Actor`] on a [`Case`] is judged by [`decide`], which finds every date, amount
//! and rule edition and puts it into [`Event`]s; [`Case::apply`] only copies them. Pages ask [`permit`] what may be done.
pub mod anchor;
pub mod calendar;
pub mod case;
pub mod caseno;
pub mod cause;
pub mod clock;
pub mod courts;
pub mod draw;
pub mod event;
pub mod fee;
pub mod id;
pub mod identity;
pub mod interest;
pub mod json;
pub mod jurisdiction;
pub mod kind;
pub mod law;
pub mod limit;
pub mod matter;
pub mod money;
pub mod paper;
pub mod preservation;
pub mod printable;
pub mod refusal;
pub mod review;
pub mod step;
pub mod trial;

pub use case::{Actor, Case, Office, Party, Power, Role, RoleKind, Stage};
pub use event::Event;
pub use id::{CaseId, ItemId, PaperId, PersonId};
pub use json::Json;
pub use law::Law;
pub use money::Fen;
pub use paper::Paper;
pub use refusal::Refusal;
pub use step::{Command, STEPS, Step, decide, permit};
