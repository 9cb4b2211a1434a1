//! What only 人民法院在线服务 shows: phone first, one thing first, plain words.

mod case;
mod frame;
mod home;
mod inbox;
mod interview;
mod reading;
mod verdict;

pub use case::{Actor, MustAct, must_act};
pub use frame::{HOTLINE, elder_bar, footer, masthead, route};
pub use home::{ActionCard, By, CaseRow, Entry, Identity, action_card, case_list, court_line, date_leaf, entry_grid, identity_state};
pub use inbox::{InboxRow, StateStep, inbox, state_line};
pub use interview::{CounterBox, InterviewStep, Steps, aside_box, counter_box, saved_state, step_list};
pub use reading::{PagePhoto, ReadField, ReadState, Sureness, page_photo, read_field};
pub use verdict::{Check, CheckResult, Verdict, checks_plain, verdict};
