//! 移动办案: what waits for the judge's signature, the week, and what is due, under one thumb.
use crate::act::signs;
use crate::http::{Fail, Who};
use crate::{App, shell, tasks, words};
use axum::Json;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use court::desk::Day;
use jiff::ToSpan;
use maud::{Markup, html};
use procedure::trial::Booking;
use serde_json::json;
use ui::workbench::{AgendaItem, ApproveItem, SignCard, Tab, WeekDay, agenda, approve, sign_card, week};
use ui::zh::prose;
use ui::{Icon, Link, WorkbenchHead, WorkbenchLayout, days_badge, empty, judge_phone_page, link_button, rule_id};

/// The page for the phone.
pub async fn page(State(app): State<App>, who: Who) -> Result<Response, Fail> {
    let day = app.court.day(&who.member).await?;
    if who.json {
        return Ok(Json(json!({"tasks": day.tasks.len(), "clocks": day.clocks.len()})).into_response());
    }
    let today = procedure::step::day_of(app.court.now());
    let sittings = app.court.bookings(&who.member, today, 7).await?;
    let sittings: Vec<_> = sittings.into_iter().filter(|booking| booking.staff.contains(&who.member.id)).collect();
    let body = html! {
        section aria-labelledby="a" { h2 id="a" { "等我签署 " span.tiny { (to_sign(&day).len()) " 件" } } (signing(&app, &day)) }
        section aria-labelledby="b" { h2 id="b" { "等我决定 " span.tiny { (to_decide(&day).len()) " 件" } } (deciding(&day)) }
        section aria-labelledby="c" { h2 id="c" { "日程 " span.tiny { (today.month()) "月" } } (calendar(&day, &sittings, today)) (crate::day::agenda(&sittings, today)) (due(&day, today)) p.tiny.mt-2 { "红点：有期限届满；蓝点：有开庭" } }
    };
    let tab = |label, icon, href, current| Tab { label, icon, href, current };
    let tabs = [
        tab("签署", Icon::Seal, "/m", true),
        tab("待办", Icon::Calendar, "/tasks", false),
        tab("案件", Icon::Folder, "/cases", false),
        tab("我的", Icon::User, "/logout", false),
    ];
    let office = shell::office(&who.member);
    let head = WorkbenchHead {
        title: "待我签署 · 移动办案",
        user: &who.member.name,
        office: &office,
        mode: who.mode,
        sandbox: app.court.is_demo(),
        nav: &[],
        search: false,
        layout: WorkbenchLayout::Sheet,
        case_bar: None,
        scripts: &[],
    };
    Ok(Html(judge_phone_page(&head, &tabs, &body).0).into_response())
}

/// Does the task end with a signature?
fn is_signature(task: &court::store::Task) -> bool {
    let (_, address) = tasks::address(task);
    let paper = address.split("/step/").nth(1).and_then(procedure::step::step).is_some_and(|step| signs(step) && !step.papers.is_empty());
    paper || task.kind == "countersign"
}

fn to_sign(day: &Day) -> Vec<&court::store::Task> {
    day.tasks.iter().filter(|task| is_signature(task)).collect()
}

fn to_decide(day: &Day) -> Vec<&court::store::Task> {
    day.tasks.iter().filter(|task| !is_signature(task)).collect()
}

fn signing(app: &App, day: &Day) -> Markup {
    let tasks = to_sign(day);
    html! {
        @if tasks.is_empty() { (empty(Icon::Check, "没有等您签署的", &html! { "需要签署的文书会出现在这里。" })) }
        @for task in tasks {
            @let (_, href) = tasks::address(task);
            @let step = href.split("/step/").nth(1).and_then(procedure::step::step);
            @let papers = step.map(|step| step.papers.iter().map(|paper| paper.zh()).collect::<Vec<_>>().join("、")).unwrap_or_default();
            @let facts = [("事由", prose(&task.detail)), ("法院", html! { (app.court.courts().first().map(|code| app.court.court_name(code)).unwrap_or_default()) })];
            @let number = court::full_width(&task.case_number);
            @let case = format!("/case/{}", task.case);
            @let buttons = html! { (link_button(&Link { label: "看并签署", href: &href, emphasis: ui::Emphasis::Primary, icon: Some(Icon::Key), ..Link::default() })) (link_button(&Link { label: "看案件", href: &case, ..Link::default() })) };
            (sign_card(&SignCard {
                name: if papers.is_empty() { &task.title } else { &papers }, about: &task.case_title, case_no: &number, facts: &facts,
                full: ("看案件全貌", &case), effect: "签署要输入新的动态口令，只对这一份有效。签署后盖章、送达。", buttons: &buttons,
            }))
        }
    }
}

fn deciding(day: &Day) -> Markup {
    let tasks = to_decide(day);
    let items: Vec<_> = tasks
        .iter()
        .map(|task| {
            let (label, href) = tasks::address(task);
            ApproveItem {
                heading: &task.title,
                words: &task.detail,
                detail: html! { (ui::zh::case_no(&court::full_width(&task.case_number))) @if let Some(due) = task.due { "，最迟 " (prose(&ui::zh::md_text(due))) } },
                buttons: link_button(&Link { label, href: &href, ..Link::default() }),
            }
        })
        .collect();
    html! { @if items.is_empty() { p.small.muted { "没有等您决定的。" } } @else { (approve(&items)) } }
}

fn calendar(day: &Day, sittings: &[Booking], today: jiff::civil::Date) -> Markup {
    let monday = today.saturating_sub(i32::from(today.weekday().to_monday_zero_offset()).days());
    let days: Vec<_> = monday.series(1.day()).take(7).collect();
    let cells: Vec<_> = days
        .iter()
        .map(|one| WeekDay {
            day: *one,
            href: "/tasks",
            due: day.clocks.iter().any(|clock| clock.last_day == *one),
            hearing: sittings.iter().any(|booking| booking.date == *one),
            today: *one == today,
        })
        .collect();
    week(&cells)
}

fn due(day: &Day, today: jiff::civil::Date) -> Markup {
    let soon: Vec<_> = day.clocks.iter().filter(|clock| words::days_until(today, clock.last_day) <= 14).take(8).collect();
    let whens: Vec<_> =
        soon.iter().map(|clock| (format!("{}/{}", clock.last_day.month(), clock.last_day.day()), clock.last_day.to_string())).collect();
    let items: Vec<_> = soon
        .iter()
        .zip(&whens)
        .map(|(clock, (when, stamp))| AgendaItem {
            when,
            datetime: stamp,
            name: &clock.what,
            detail: html! { (clock.title) " " (days_badge(words::days_until(today, clock.last_day))) " " (rule_id(&clock.rule)) },
            links: None,
            now: clock.last_day == today,
        })
        .collect();
    agenda(&items, true)
}
