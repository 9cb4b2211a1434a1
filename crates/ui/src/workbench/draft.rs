//! Drafting: sections of the judgment, the text with defects and sources opened in place, the typeset
//! page beside it.

use maud::{Markup, html};

use crate::{Icon, Tone, badge, icon};

/// How far a section is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SectionState<'a> {
    /// Filled in by the case's data, or checked by a person: `自动`, `已核`.
    Settled(&'a str),
    /// Being written, with so many errors and hints.
    Open {
        /// Must be put right before signing.
        errors: u32,
        /// Worth a look.
        hints: u32,
    },
}

/// A section of a judgment.
#[derive(Debug, Clone, Copy)]
pub struct Section<'a> {
    /// `查明事实`
    pub label: &'a str,
    /// Where it is written.
    pub href: &'a str,
    /// How far it is.
    pub state: SectionState<'a>,
    /// The one being written.
    pub current: bool,
}

/// `sections`
pub fn sections(rows: &[Section<'_>]) -> Markup {
    html! {
        ol.sections.list data-rows { @for row in rows {
            @let open = matches!(row.state, SectionState::Open { .. });
            li.part[open] { a href=(row.href) aria-current=[row.current.then_some("true")] {
                (icon(if open { Icon::Note } else { Icon::Check }))
                (row.label)
                @match row.state {
                    SectionState::Settled(words) => span.tiny { (words) },
                    SectionState::Open { errors: 0, hints: 0 } => span.tiny { "在写" },
                    SectionState::Open { errors: 0, hints } => (badge(Tone::Soon, &hints.to_string())),
                    SectionState::Open { errors, .. } => (badge(Tone::Near, &errors.to_string())),
                }
            } }
        } }
    }
}

/// How bad a defect is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DefectLevel {
    /// Must be put right before signing.
    Error,
    /// Worth a look.
    Hint,
}

/// `defect`: words underlined in place.
pub fn defect(level: DefectLevel, words: &str) -> Markup {
    html! { span.defect.w[level == DefectLevel::Hint] { (words) } }
}

/// Words that come from the file; `open` while their [`source_pop`] is shown below. `href` opens it.
pub fn from_source(words: &Markup, href: &str, open: bool) -> Markup {
    html! {
        @if open { span.from.on { (words) } } @else { a.from href=(href) { (words) } }
    }
}

/// `editor`: the text of the sections in reading order, with what was opened in place.
pub fn editor(content: &Markup) -> Markup {
    html! { div.editor role="group" aria-label="正文" tabindex="0" { (content) } }
}

/// The section that is being written: its paragraphs, one a line.
pub fn editor_field(name: &str, label: &str, text: &str) -> Markup {
    html! {
        label.sr for=(name) { (label) }
        textarea.textarea id=(name) name=(name) rows="12" { "\n" (text) }
    }
}

/// A box opened under a sentence.
#[derive(Debug, Clone, Copy)]
pub struct Pop<'a> {
    /// Its heading, with the rule id for a defect.
    pub heading: &'a Markup,
    /// What it says.
    pub content: &'a Markup,
    /// Buttons.
    pub acts: Option<&'a Markup>,
}

/// `source_pop`: where a sentence comes from.
pub fn source_pop(p: &Pop<'_>) -> Markup {
    pop("pop src", Icon::Link, p)
}

/// What is wrong with a passage, by which rule, and how it is put right.
pub fn defect_pop(p: &Pop<'_>) -> Markup {
    pop("pop err", Icon::Alert, p)
}

fn pop(class: &str, drawing: Icon, p: &Pop<'_>) -> Markup {
    html! {
        div class=(class) role="note" {
            h4 { (icon(drawing)) (p.heading) }
            (p.content)
            @if let Some(acts) = p.acts { div.acts { (acts) } }
        }
    }
}

/// `sheet_view`: the typeset page.
pub fn sheet_view(spoken: &str, page: &Markup) -> Markup {
    html! { div.sheet-view tabindex="0" role="group" aria-label=(spoken) { (page) } }
}
