//! A case: who must act, what, by when.

use maud::{Markup, html};

/// Who.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor<'a> {
    /// 您
    You,
    /// 被告, 法院, 第三人 …
    Other(&'a str),
}

/// A line of [`must_act`].
#[derive(Debug, Clone)]
pub struct MustAct<'a> {
    /// Who.
    pub who: Actor<'a>,
    /// What.
    pub what: Markup,
    /// How, by when, what if not.
    pub by: Markup,
}

/// `must_act`: the reader's own line first.
pub fn must_act(lines: &[MustAct<'_>]) -> Markup {
    html! {
        ul.must-act { @for line in lines { li {
            @match line.who {
                Actor::You => span.who.you { "您" },
                Actor::Other(name) => span.who { (name) },
            }
            span { (line.what) }
            span.by { (line.by) }
        } } }
    }
}
