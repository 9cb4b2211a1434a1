//! What stands around the work: top bar, bar of the case, panes and their bars, keys.

use maud::{Markup, html};

use crate::controls::{kbd, keys_of};
use crate::{Icon, WorkbenchHead, emblem, icon, zh};

/// `topbar`: navigation with counts, sandbox mark, search over everything, who is signed in.
pub fn topbar(head: &WorkbenchHead<'_>) -> Markup {
    html! {
        header.wtop {
            a.wbrand href="/" { (emblem()) "办案平台" }
            nav aria-label="主导航" { ul.wnav { @for item in head.nav { li {
                a href=(item.href) aria-current=[item.current.then_some("page")] {
                    (item.label) @if let Some(count) = item.count { span.n { (count) } }
                }
            } } } }
            @if head.sandbox { span.wsand { "演示环境" } }
            @if head.search { form.wsearch role="search" aria-label="全站" action="/search" {
                label.sr for="q" { "搜索案号、当事人、文书" }
                (icon(Icon::Search))
                input id="q" name="q" type="search" placeholder="搜索案号、当事人、文书" aria-keyshortcuts="/";
                kbd.kbd { "/" }
            } }
            p.wuser { b { (head.user) } span { (head.office) } }
        }
    }
}

/// Which case, which stage, what is due; the same on every page of a case.
#[derive(Debug, Clone, Copy)]
pub struct CaseBar<'a> {
    /// `周桂兰 诉 陈志远`, or the paper being written; the page's `h1`.
    pub heading: &'a str,
    /// Its number, once it has one.
    pub case_no: Option<&'a str>,
    /// `民间借贷纠纷 · 简易程序 · 独任审判员 林若谷`
    pub words: &'a str,
    /// Badges and buttons.
    pub end: &'a Markup,
}

/// `case_bar`
pub fn case_bar(c: &CaseBar<'_>) -> Markup {
    html! {
        section.case-bar aria-label="案件" {
            h1 { (c.heading) }
            @if let Some(number) = c.case_no { span.no { (zh::case_no(number)) } }
            span.muted { (c.words) }
            div.end { (c.end) }
        }
    }
}

/// The bar above a pane.
#[derive(Debug, Clone, Copy)]
pub struct PaneHead<'a> {
    /// Its heading, an `h2`.
    pub heading: &'a str,
    /// Heard and not seen, where the tabs beside it say it.
    pub heading_hidden: bool,
    /// What stands after the heading.
    pub content: &'a Markup,
}

/// A pane: scrolls by itself while the window stays.
#[derive(Debug, Clone, Copy)]
pub struct Pane<'a> {
    /// Id of its heading, by which it is labelled.
    pub id: &'a str,
    /// Its bar; without one the content must hold an element with `id`.
    pub head: Option<PaneHead<'a>>,
    /// What it shows.
    pub content: &'a Markup,
    /// Its lower edge: keys, digest, buttons.
    pub foot: Option<&'a Markup>,
    /// On grey ground, for pages of paper.
    pub bare: bool,
    /// The right one, which goes under on a narrow screen.
    pub third: bool,
}

/// `pane`
pub fn pane(p: &Pane<'_>) -> Markup {
    html! {
        section.pane.bare[p.bare].third[p.third] aria-labelledby=(p.id) {
            @if let Some(head) = &p.head {
                div.pane-head { h2.sr[head.heading_hidden] id=(p.id) { (head.heading) } (head.content) }
            }
            (p.content)
            @if let Some(foot) = p.foot { (foot) }
        }
    }
}

/// A small link in a bar, with its key.
#[derive(Debug, Clone, Copy, Default)]
pub struct BarLink<'a> {
    /// The word; heard and not seen when `icon_only`.
    pub label: &'a str,
    /// Where it leads.
    pub href: &'a str,
    /// Its drawing.
    pub icon: Option<Icon>,
    /// Only the drawing is seen.
    pub icon_only: bool,
    /// The key that follows it.
    pub key: Option<&'a str>,
    /// Chosen now.
    pub current: bool,
}

/// One of a bar's links.
pub fn bar_link(l: &BarLink<'_>) -> Markup {
    html! {
        a.bar-btn href=(l.href) aria-current=[l.current.then_some("true")] aria-keyshortcuts=[l.key] {
            @if let Some(i) = l.icon { (icon(i)) }
            @if l.icon_only { span.sr { (l.label) } } @else {
                (l.label) @if let Some(key) = l.key { " " (keys_of(key)) }
            }
        }
    }
}

/// Turns the page image by a quarter; needs a script and is not shown without one.
pub fn turn_button() -> Markup {
    html! {
        button.bar-btn.needs-script type="button" data-turn { (icon(Icon::Rotate)) span.sr { "旋转" } }
    }
}

/// A line between groups of [`bar_link`].
pub fn bar_separator() -> Markup {
    html! { span.bar-sep {} }
}

/// One of [`tab_links`].
#[derive(Debug, Clone, Copy)]
pub struct TabLink<'a> {
    /// `证据 11`
    pub label: &'a str,
    /// Where it leads; tabs are pages of their own.
    pub href: &'a str,
    /// This one.
    pub current: bool,
}

/// Tabs of a pane. `end` puts them to the right of a heading.
pub fn tab_links(tabs: &[TabLink<'_>], end: bool) -> Markup {
    html! {
        div.tabs.end[end] { @for tab in tabs {
            a href=(tab.href) aria-current=[tab.current.then_some("true")] { (tab.label) }
        } }
    }
}

/// The keys that work here, at a pane's foot: `&[(&["j", "k"], "上下"), …]`. Not shown without script.
pub fn key_line(keys: &[(&[&str], &str)]) -> Markup {
    html! {
        div.pane-foot.keys.needs-script { @for (names, what) in keys { span {
            @for name in *names { (kbd(name)) " " } (what)
        } } }
    }
}
