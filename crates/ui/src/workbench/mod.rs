//! What only 办案平台 shows: dense and quiet, keyboard for everything, nothing moves unless asked.

mod day;
mod draft;
mod frame;
mod phone;
mod queue;
mod reader;

pub use day::{AgendaItem, ClockRow, Task, agenda, clocks, tasks};
pub use draft::{DefectLevel, Pop, Section, SectionState, defect, defect_pop, editor, editor_field, from_source, sections, sheet_view, source_pop};
pub use frame::{BarLink, CaseBar, Pane, PaneHead, TabLink, bar_link, bar_separator, case_bar, key_line, pane, tab_links, topbar, turn_button};
pub use phone::{ApproveItem, SignCard, Tab, WeekDay, approve, sign_card, tabbar, week};
pub use queue::{CheckGroup, CheckLine, CheckMark, FieldRow, QueueRow, Remark, due, filing_check, party_table, queue, queue_row, remark};
pub use reader::{
    Citation, Fact, FileItem, Note, PageBox, PageImage, PageMark, PageView, Pin, RootDigest, Suggestion, Thumb, Volume, Word, catalogue_tree, cite,
    facts, note, page_image, page_reader, root_digest, suggestion, thumbs,
};
