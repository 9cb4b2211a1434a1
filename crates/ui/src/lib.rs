//! 界面: what both wings draw with. Pages are built from functions named after what they show
//! ([`portal::action_card`], [`workbench::queue_row`]); they take plain data and give [`Markup`].
//!
//! The crate knows nothing of cases, accounts or files: no rule of law, no I/O, no clock. Dates are
//! [`jiff::civil::Date`], money is an `i64` in 分, texts are Chinese as people read them.
//!
//! A text that carries dates, amounts, case numbers or rule ids goes through [`zh::prose`], so that
//! these never break in the middle of a line.

mod asset;
mod chart;
mod controls;
mod deadline;
mod facts;
pub mod form;
mod icon;
mod mode;
mod page;
mod paper;
pub mod portal;
mod snippet;
mod status;
pub mod workbench;
pub mod zh;

pub use asset::{Asset, CONTENT_SECURITY_POLICY, IMMUTABLE, asset, assets};
pub use chart::{Bar, BarChart, Series, Tone as ChartTone, chart};
pub use controls::{Button, Dialog, Emphasis, Link, button, buttons, crumb, dialog, fold, kbd, link_button, more};
pub use deadline::{ClockDerivation, ClockStep, CountCalendar, Step, TimelineItem, clock_derivation, count_calendar, timeline};
pub use facts::{Cell, Column, Fact, Table, digest, kv, panel, rule_id, table};
pub use icon::{Icon, emblem, icon};
pub use maud::Markup;
pub use mode::Mode;
pub use page::{
    CourtContact, NavItem, PageHead, Script, WorkbenchHead, WorkbenchLayout, judge_phone_page, portal_page, sandbox_strip, workbench_page,
};
pub use paper::{Paper, PaperSign, paper, seal};
pub use snippet::{cutting, snippet};
pub use status::{Grade, Progress, ServiceState, Tone, badge, days_badge, empty, icon_badge, notice, progress, service_badge, toast};
