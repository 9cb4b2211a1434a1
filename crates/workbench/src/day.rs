//! 我的一天: what is due, by when and why; what waits.
use crate::http::{Fail, Who};
use crate::shell::{self, Here, Page};
use crate::{App, hearings, tasks, words};
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use court::desk::Day;
use maud::{Markup, html};
use procedure::case::Labelled;
use procedure::trial::Booking;
use procedure::{Office, Stage};
use serde_json::json;
use ui::workbench::{self as wb, ClockRow, Task};
use ui::zh::prose;
use ui::{Icon, WorkbenchLayout, empty, rule_id};

/// Rows of deadlines on the first page.
const ROWS: usize = 20;

/// The first page.
pub async fn page(State(app): State<App>, who: Who) -> Result<Response, Fail> {
    if who.member.office == Office::SystemAdministrator {
        return Ok(Redirect::to("/admin").into_response());
    }
    let day = app.court.day(&who.member).await?;
    if who.json {
        let clocks: Vec<_> = day
            .clocks
            .iter()
            .map(|clock| json!({"case": clock.case, "rule": clock.rule, "what": clock.what, "last_day": clock.last_day, "title": clock.title, "number": clock.number}))
            .collect();
        let counts: serde_json::Map<String, serde_json::Value> =
            day.counts.iter().filter_map(|(stage, count)| Some((serde_json::to_value(stage).ok()?.as_str()?.to_owned(), json!(count)))).collect();
        return Ok(Json(json!({"now": app.court.now(), "clocks": clocks, "counts": counts, "tasks": day.tasks.len()})).into_response());
    }
    let today = procedure::step::day_of(app.court.now());
    let sittings = app.court.bookings(&who.member, today, 7).await?;
    let sittings: Vec<_> = sittings.into_iter().filter(|booking| booking.staff.contains(&who.member.id)).collect();
    let body = html! {
        div.stack.gap-4 {
            div.row.gap-5 {
                h1 { (prose(&ui::zh::md_text(today))) "，" (ui::zh::weekday(today)) }
                p.muted { (summary(&who, &day, today)) }
            }
            section.panel aria-labelledby="c-h" {
                div.panel-title { h2 id="c-h" { "到期的事" } span.tiny { "红色表示快要产生法律后果" } }
                (deadlines(&app, &day, today))
            }
        }
        div.stack.gap-4 {
            @if who.member.office != Office::FilingClerk {
                section.panel aria-labelledby="o-h" {
                    h2 id="o-h" { "一周内开庭" }
                    @if sittings.is_empty() { (empty(Icon::Calendar, "没有开庭", &html! { a href="/hearings" { "看全院排期" } })) } @else { (agenda(&sittings, today)) }
                }
            }
            section.panel aria-labelledby="k-h" {
                h2 id="k-h" { "待办 " (day.tasks.len()) }
                @if day.tasks.is_empty() { (empty(Icon::Check, "没有待办", &html! { "需要您办的事会出现在这里。" })) }
                @else { (waiting(&day)) }
            }
            @if !day.post.is_empty() {
                section.panel aria-labelledby="po-h" { h2 id="po-h" { "等回证 " (day.post.len()) } p.small.panel-pad { a href="/tasks" { "去登记送达结果" } } }
            }
            section.panel aria-labelledby="n-h" { h2 id="n-h" { "本院案件" } (counts(&day)) }
        }
    };
    let page = Page { title: "我的一天", here: Here::Day, layout: WorkbenchLayout::Day, case_bar: None, scripts: &[], body };
    shell::show(&app, &who, page).await
}

fn summary(who: &Who, day: &Day, today: jiff::civil::Date) -> String {
    let within = |days: i32| day.clocks.iter().filter(|clock| (0..=days).contains(&words::days_until(today, clock.last_day))).count();
    let waiting = day.counts.iter().find(|(stage, _)| *stage == Stage::Submitted).map_or(0, |(_, count)| *count);
    let review = if who.member.office == Office::FilingClerk { format!("待审查 {waiting} 件，") } else { String::new() };
    format!("{review}今天到期 {} 件，3 日内到期 {} 件；待办 {} 件", within(0), within(3), day.tasks.len())
}

fn deadlines(app: &App, day: &Day, today: jiff::civil::Date) -> Markup {
    let rows = day.clocks.iter().take(ROWS);
    let told: Vec<_> = rows
        .map(|clock| {
            let days = words::days_until(today, clock.last_day);
            let when = if days == 0 { "今天 24:00".to_owned() } else { ui::zh::md_text(clock.last_day) };
            let go = if clock.rule == "R-FIL-11" { format!("/review/{}", clock.case) } else { format!("/case/{}", clock.case) };
            (clock, days, when, go, court::full_width(&clock.number))
        })
        .collect();
    let rows: Vec<_> = told
        .iter()
        .map(|(clock, days, when, go, number)| {
            let deadline = app.court.law().deadlines.get(&clock.rule);
            ClockRow {
                days: *days,
                legal: *days < 2,
                when,
                what: &clock.what,
                case: &clock.title,
                case_no: number,
                why: html! {
                    @if let Some(deadline) = deadline { (prose(&deadline.consequence)) small { (deadline.law) " " (rule_id(&clock.rule)) } }
                    @else { (rule_id(&clock.rule)) }
                },
                go: ("去办", go),
            }
        })
        .collect();
    let rest = (day.clocks.len() > ROWS).then(|| html! { "还有 " (day.clocks.len() - ROWS) " 件更晚到期" });
    html! {
        @if rows.is_empty() { (empty(Icon::Clock, "没有期限在走", &html! { "有期限的事会按到期先后排在这里。" })) }
        @else { (wb::clocks("到期的事，按到期先后", &rows, rest.as_ref())) }
    }
}

/// The member's own sittings.
pub fn agenda(sittings: &[Booking], today: jiff::civil::Date) -> Markup {
    let whens: Vec<_> = sittings
        .iter()
        .map(|booking| {
            let time = booking.start.strftime("%H:%M").to_string();
            let when = if booking.date == today { time.clone() } else { format!("{}/{} {time}", booking.date.month(), booking.date.day()) };
            (when, format!("{}T{time}", booking.date))
        })
        .collect();
    let items: Vec<_> = sittings
        .iter()
        .zip(&whens)
        .map(|(booking, (when, stamp))| wb::AgendaItem {
            when,
            datetime: stamp,
            name: &booking.title,
            detail: html! { (booking.courtroom) "，" (hearings::time_of(booking)) },
            links: Some(
                html! { a.cite href={ "/case/" (booking.case) } { "看案件" } "　" a.cite href={ "/case/" (booking.case) "/record" } { "笔录" } },
            ),
            now: booking.date == today,
        })
        .collect();
    wb::agenda(&items, false)
}

fn waiting(day: &Day) -> Markup {
    let addresses: Vec<_> = day.tasks.iter().map(tasks::address).collect();
    let rows: Vec<_> = day
        .tasks
        .iter()
        .zip(&addresses)
        .take(ROWS)
        .map(|(task, (label, href))| Task {
            what: &task.title,
            detail: html! { (task.case_title) @if let Some(due) = task.due { "，最迟 " (prose(&ui::zh::md_text(due))) } },
            go: (label, href),
        })
        .collect();
    wb::tasks(&rows)
}

fn counts(day: &Day) -> Markup {
    html! {
        ul.tasks { @for (stage, count) in &day.counts { li { span { (stage.zh()) } b { (count) } } } }
    }
}
