//! What stands around every page: navigation with counts, the demo's clock, titles.
use crate::http::{Fail, Who};
use crate::{App, words};
use axum::response::{Html, IntoResponse, Response};
use court::staff::Member;
use maud::{Markup, html};
use procedure::Office;
use procedure::case::Labelled;
use ui::{Mode, NavItem, Script, WorkbenchHead, WorkbenchLayout, link_button};

/// A page to be shown.
pub struct Page<'a> {
    pub title: &'a str,
    /// Its entry in the navigation.
    pub here: Here,
    pub layout: WorkbenchLayout,
    pub case_bar: Option<Markup>,
    pub scripts: &'a [Script],
    pub body: Markup,
}

/// Entries of the main navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Here {
    Day,
    Review,
    Tasks,
    Cases,
    Hearings,
    Counter,
    Clock,
    Staff,
    Record,
    Settings,
    Messages,
    Nowhere,
}

/// 立案庭 · 立案人员
pub fn office(member: &Member) -> String {
    format!("{} · {}", member.division, member.office.zh())
}

/// What waits and what time it is.
pub struct Around {
    queue: u32,
    tasks: u32,
    clock: String,
}

/// Reads what the navigation shows.
pub async fn around(app: &App, who: &Who) -> Result<Around, Fail> {
    let administers = who.member.office == Office::SystemAdministrator;
    let (queue, tasks) = if administers { (0, 0) } else { app.court.waiting(&who.member).await? };
    let now = app.court.now();
    Ok(Around { queue, tasks, clock: format!("演示时钟 {}", words::minute(now)) })
}

/// Shows a page.
pub async fn show(app: &App, who: &Who, page: Page<'_>) -> Result<Response, Fail> {
    let around = around(app, who).await?;
    Ok(Html(draw(app, who, &around, &page).0).into_response())
}

fn draw(app: &App, who: &Who, around: &Around, page: &Page<'_>) -> Markup {
    let item = |label, href, count: u32, here| NavItem { label, href, count: (count > 0).then_some(count), current: page.here == here };
    let (day, tasks, cases) =
        (item("我的一天", "/", 0, Here::Day), item("待办", "/tasks", around.tasks, Here::Tasks), item("案件", "/cases", 0, Here::Cases));
    let hearings = item("排期", "/hearings", 0, Here::Hearings);
    let counter = item("窗口", "/counter", 0, Here::Counter);
    let mut nav = match who.member.office {
        Office::FilingClerk => vec![day, item("立案审查", "/review", around.queue, Here::Review), tasks, cases, counter],
        Office::Judge => vec![day, tasks, cases, hearings],
        Office::Clerk => vec![day, tasks, cases, hearings, counter],
        Office::President => vec![day, tasks, cases],
        Office::Platform => vec![],
        Office::SystemAdministrator => vec![
            item("人员", "/admin", 0, Here::Staff),
            item("管理记录", "/admin/record", 0, Here::Record),
            item("短信", "/admin/messages", 0, Here::Messages),
            item("设置", "/admin/settings", 0, Here::Settings),
        ],
    };
    if app.court.is_demo() && who.member.office != Office::SystemAdministrator {
        nav.push(item(&around.clock, "/clock", 0, Here::Clock));
    }
    nav.push(item("退出", "/logout", 0, Here::Nowhere));
    let title = format!("{} · 办案平台", page.title);
    let office = office(&who.member);
    ui::workbench_page(
        &WorkbenchHead {
            title: &title,
            user: &who.member.name,
            office: &office,
            mode: who.mode,
            sandbox: app.court.is_demo(),
            nav: &nav,
            search: who.member.office != Office::SystemAdministrator,
            layout: page.layout,
            case_bar: page.case_bar.as_ref(),
            scripts: page.scripts,
        },
        &page.body,
    )
}

/// A page for nobody in particular: sign-in, failures.
pub fn plain(app: &App, mode: Mode, title: &str, body: &Markup) -> Markup {
    let title = format!("{title} · 办案平台");
    ui::workbench_page(
        &WorkbenchHead {
            title: &title,
            user: "",
            office: "",
            mode,
            sandbox: app.court.is_demo(),
            nav: &[],
            search: false,
            layout: WorkbenchLayout::Sheet,
            case_bar: None,
            scripts: &[],
        },
        body,
    )
}

/// What went wrong and where to go.
pub fn failure(app: &App, mode: Mode, fail: &Fail) -> Markup {
    let body = html! {
        h1 { (heading(fail.status.as_u16())) }
        p { (ui::zh::prose(&fail.zh)) }
        @for text in &fail.kept { textarea.input rows="4" readonly aria-label="填写过的内容" { (text) } }
        @if let Some(page) = &fail.sign_in {
            div.btns { (link_button(&ui::Link { label: "重新登录", href: &format!("/login?next={}", crate::http::escape(page)), ..ui::Link::default() })) }
        } @else {
            div.btns { (link_button(&ui::Link { label: "回到我的一天", href: "/", ..ui::Link::default() })) }
        }
    };
    plain(app, mode, heading(fail.status.as_u16()), &body)
}

fn heading(status: u16) -> &'static str {
    match status {
        401 => "登录已经过期",
        404 => "没有找到",
        409 => "页面已经过时",
        403 => "不能办理",
        413 => "内容太大",
        429 => "请稍后再试",
        400..=499 => "没有办成",
        _ => "系统暂时不能办理",
    }
}
