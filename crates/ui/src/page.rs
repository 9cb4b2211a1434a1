//! Page shells: everything around the content, with landmarks, the sandbox mark and the links that
//! every page has.

use maud::{DOCTYPE, Markup, html};

use crate::asset::{self, File};
use crate::{Mode, portal, workbench};

/// A script that a page needs. Every page works without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script {
    /// Keeps half-typed forms.
    Draft,
    /// Uploads in pieces.
    Upload,
    /// Computes a file's digest on the reader's own machine (核验文书).
    Verify,
    /// The page reader.
    Reader,
}

impl Script {
    fn path(self) -> &'static str {
        asset::path(match self {
            Script::Draft => File::Draft,
            Script::Upload => File::Upload,
            Script::Verify => File::Verify,
            Script::Reader => File::Reader,
        })
    }
}

/// Where the chosen court receives people.
#[derive(Debug, Clone, Copy)]
pub struct CourtContact<'a> {
    /// `清河市青石区人民法院诉讼服务中心`
    pub hall: &'a str,
    /// Street and number.
    pub address: &'a str,
    /// `工作日 9:00–12:00、14:00–17:30`
    pub hours: &'a str,
}

/// What a portal page needs besides its content.
#[derive(Debug, Clone, Copy, Default)]
pub struct PageHead<'a> {
    /// The document's title, most telling first: `借款交付（第 5 步，共 9 步）· 我要立案`. A page with
    /// errors begins with them.
    pub title: &'a str,
    /// Name of the person signed in.
    pub user: Option<&'a str>,
    /// How the reader wants it shown.
    pub mode: Mode,
    /// 演示环境: identity, payment or messages are simulated.
    pub sandbox: bool,
    /// The chosen court's counter.
    pub court: Option<CourtContact<'a>>,
    /// Scripts besides read-aloud.
    pub scripts: &'a [Script],
}

/// `sandbox_strip`: plainly marked on every page of a demonstration.
pub fn sandbox_strip() -> Markup {
    html! { p.sandbox-strip { "演示环境：所有操作均为模拟，没有法律效力" } }
}

fn document(title: &str, mode: Mode, css: File, scripts: &[&str], body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="zh-CN" data-mode=[mode.data_mode()] data-contrast=[mode.data_contrast()] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                link rel="stylesheet" href=(asset::path(css));
                link rel="icon" href="data:,";
                @for script in scripts { script type="module" src=(script) {} }
            }
            (body)
        }
    }
}

/// A page of 人民法院在线服务. `body` is the content of `main` and holds the page's one `h1`.
pub fn portal_page(head: &PageHead<'_>, body: &Markup) -> Markup {
    let mut scripts = vec![asset::path(File::Aloud)];
    scripts.extend(head.scripts.iter().map(|script| script.path()));
    document(
        head.title,
        head.mode,
        File::PortalCss,
        &scripts,
        &html! {
            body.page {
                a.skip href="#main" { "跳到正文" }
                header {
                    @if head.sandbox { (sandbox_strip()) }
                    (portal::masthead(head.user, head.mode))
                    (portal::elder_bar())
                }
                div.wrap { main id="main" { (body) } }
                (portal::footer(head.court.as_ref()))
            }
        },
    )
}

/// An entry of the workbench's main navigation.
#[derive(Debug, Clone, Copy)]
pub struct NavItem<'a> {
    /// 我的一天, 立案审查, …
    pub label: &'a str,
    /// Where it leads.
    pub href: &'a str,
    /// How many wait there.
    pub count: Option<u32>,
    /// This page.
    pub current: bool,
}

/// How `main` of a workbench page is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkbenchLayout {
    /// Queue, subject, action.
    Queue,
    /// Catalogue, page, facts.
    Reader,
    /// Sections, text, typeset page.
    Draft,
    /// The day's two columns.
    Day,
    /// One column: forms, lists, settings.
    Sheet,
}

/// What a workbench page needs besides its content.
#[derive(Debug, Clone, Copy)]
pub struct WorkbenchHead<'a> {
    /// The document's title.
    pub title: &'a str,
    /// Name of the person signed in.
    pub user: &'a str,
    /// 民事审判庭 · 审判员
    pub office: &'a str,
    /// How the reader wants it shown; 大字版 is the portal's alone.
    pub mode: Mode,
    /// 演示环境.
    pub sandbox: bool,
    /// Main navigation.
    pub nav: &'a [NavItem<'a>],
    /// The search over everything: for who is signed in and may read cases.
    pub search: bool,
    /// Layout of `main`.
    pub layout: WorkbenchLayout,
    /// Which case, when the page is about one: [`workbench::case_bar`].
    pub case_bar: Option<&'a Markup>,
    /// Scripts besides the keyboard's.
    pub scripts: &'a [Script],
}

/// A page of 办案平台. `body` is the content of `main`; the page's one `h1` is in it or in `case_bar`.
pub fn workbench_page(head: &WorkbenchHead<'_>, body: &Markup) -> Markup {
    let mut scripts = vec![asset::path(File::Keys)];
    scripts.extend(head.scripts.iter().map(|script| script.path()));
    let mode = Mode { elder: false, ..head.mode };
    let class = match head.layout {
        WorkbenchLayout::Queue => "panes cols-queue",
        WorkbenchLayout::Reader => "panes cols-reader",
        WorkbenchLayout::Draft => "panes cols-draft",
        WorkbenchLayout::Day => "day",
        WorkbenchLayout::Sheet => "sheet",
    };
    document(
        head.title,
        mode,
        File::WorkbenchCss,
        &scripts,
        &html! {
            body.page.wb data-density="dense" {
                a.skip href="#main" { "跳到正文" }
                (workbench::topbar(head))
                @if let Some(bar) = head.case_bar { (bar) }
                main id="main" class=(class) { (body) }
            }
        },
    )
}

/// A page of 移动办案, the judge's phone: the same tokens without density, one thumb. `body` is the
/// content of `main` after its hidden `h1`.
pub fn judge_phone_page(head: &WorkbenchHead<'_>, tabs: &[workbench::Tab<'_>], body: &Markup) -> Markup {
    document(
        head.title,
        head.mode,
        File::WorkbenchCss,
        &[],
        &html! {
            body.page.wb-phone {
                a.skip href="#main" { "跳到正文" }
                header {
                    @if head.sandbox { (sandbox_strip()) }
                    div.mj-top {
                        a.wbrand href="/m" { (crate::emblem()) "移动办案" }
                        p.wuser { b { (head.user) } }
                    }
                }
                main.mj id="main" { h1.sr { "移动办案" } (body) }
                (workbench::tabbar(tabs))
            }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head() -> PageHead<'static> {
        PageHead { title: "首页", user: Some("周桂兰"), ..PageHead::default() }
    }

    #[test]
    fn a_demonstration_is_marked_and_nothing_else_is() {
        let real = portal_page(&head(), &Markup::default()).0;
        let demo = portal_page(&PageHead { sandbox: true, ..head() }, &Markup::default()).0;
        assert!(demo.contains("演示环境") && !real.contains("演示环境"));
    }

    #[test]
    fn a_page_obeys_the_content_security_policy() {
        let mode = Mode { elder: true, high_contrast: true };
        let page = portal_page(&PageHead { mode, ..head() }, &Markup::default()).0;
        assert!(page.contains("<html lang=\"zh-CN\" data-mode=\"elder\" data-contrast=\"high\">"));
        for forbidden in [" style=", "<style", " onclick=", "javascript:", "<script>"] {
            assert!(!page.contains(forbidden), "{forbidden}");
        }
    }
}
