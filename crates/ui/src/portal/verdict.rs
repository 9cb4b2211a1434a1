//! Receipt and verification: it holds or it does not, and what that does not prove.

use maud::{Markup, html};

use crate::{Icon, icon};

/// The first thing said on the page; its heading is the page's `h1`.
#[derive(Debug, Clone, Copy)]
pub struct Verdict<'a> {
    /// `核验通过`
    pub heading: &'a str,
    /// It holds, or it does not.
    pub good: bool,
    /// What that means and what to do.
    pub words: &'a Markup,
}

/// `verdict`
pub fn verdict(v: &Verdict<'_>) -> Markup {
    html! {
        section.verdict.bad[!v.good] aria-labelledby="verdict-h" role=[(!v.good).then_some("alert")] {
            h1 id="verdict-h" { (icon(if v.good { Icon::Check } else { Icon::Cross })) (v.heading) }
            (v.words)
        }
    }
}

/// What came of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckResult {
    /// It holds.
    Holds,
    /// It does not.
    Fails,
    /// Nothing that can be checked: what the verdict does not prove.
    Note,
}

/// A line of [`checks_plain`].
#[derive(Debug, Clone)]
pub struct Check<'a> {
    /// Whether it holds.
    pub result: CheckResult,
    /// `文件指纹一致`
    pub heading: &'a str,
    /// What was compared with what.
    pub words: Markup,
}

/// `checks_plain`: what was checked, in plain words.
pub fn checks_plain(checks: &[Check<'_>]) -> Markup {
    html! {
        ul.checks-plain.panel.panel-pad { @for check in checks {
            @let (class, drawing) = match check.result {
                CheckResult::Holds => (None, Icon::Check),
                CheckResult::Fails => (Some("no"), Icon::Cross),
                CheckResult::Note => (Some("na"), Icon::Info),
            };
            li class=[class] { (icon(drawing)) strong { (check.heading) } p { (check.words) } }
        } }
    }
}
