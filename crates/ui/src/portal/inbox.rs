//! Served papers: delivered, opened, due; and the list of them.

use maud::{Markup, html};

use crate::{Icon, Tone, badge, icon};

/// A step of service.
#[derive(Debug, Clone)]
pub struct StateStep<'a> {
    /// Done, or still to do (by the reader).
    pub done: bool,
    /// `已到达`
    pub heading: &'a str,
    /// When, and what that means.
    pub words: Markup,
}

/// `state_line`: delivered, opened, due, side by side on a desk.
pub fn state_line(steps: &[StateStep<'_>]) -> Markup {
    html! {
        ol.state-line { @for step in steps {
            li.todo[!step.done] {
                (icon(if step.done { Icon::Check } else { Icon::Clock }))
                b { (step.heading) }
                span { (step.words) }
            }
        } }
    }
}

/// A served paper in the list.
#[derive(Debug, Clone)]
pub struct InboxRow<'a> {
    /// Its name.
    pub name: &'a str,
    /// Where it is read.
    pub href: &'a str,
    /// `9月11日 送达`
    pub when: Markup,
    /// What is owed, or how far it is read.
    pub badge: (Tone, &'a str),
    /// Not opened yet.
    pub unread: bool,
    /// The one being read.
    pub current: bool,
}

/// `inbox`: 送达文书 beside the paper being read.
pub fn inbox(rows: &[InboxRow<'_>]) -> Markup {
    html! {
        ul.inbox.panel { @for row in rows {
            li.unread[row.unread] {
                a href=(row.href) aria-current=[row.current.then_some("page")] {
                    b { (row.name) }
                    span.meta { span { (row.when) } (badge(row.badge.0, row.badge.1)) }
                }
            }
        } }
    }
}
