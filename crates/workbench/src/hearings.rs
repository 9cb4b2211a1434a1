//! 排期: who sits when and where, so that a hearing finds a free time.
use crate::App;
use crate::http::{Fail, Who};
use crate::shell::{self, Here, Page};
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};
use procedure::trial::Booking;
use serde::Deserialize;
use ui::zh::prose;
use ui::{Column, Link, Table, WorkbenchLayout, link_button, table};

/// From which day.
#[derive(Debug, Default, Deserialize)]
pub struct From {
    #[serde(default)]
    from: String,
}

/// Days shown at a time.
pub const DAYS: i64 = 14;

/// The sittings of two weeks.
pub async fn page(State(app): State<App>, Query(from): Query<From>, who: Who) -> Result<Response, Fail> {
    let today = procedure::step::day_of(app.court.now());
    let from = ui::zh::parse_date(&from.from).unwrap_or(today);
    let bookings = app.court.bookings(&who.member, from, DAYS).await?;
    if who.json {
        return Ok(axum::Json(serde_json::json!({"from": from, "days": DAYS, "bookings": bookings})).into_response());
    }
    let (before, after) = (from.saturating_sub(DAYS.days()), from.saturating_add(DAYS.days()));
    let body = html! {
        h1 { "开庭排期" }
        div.btns {
            (link_button(&Link { label: "前两周", href: &format!("/hearings?from={before}"), small: true, ..Link::default() }))
            (link_button(&Link { label: "今天起", href: "/hearings", small: true, ..Link::default() }))
            (link_button(&Link { label: "后两周", href: &format!("/hearings?from={after}"), small: true, ..Link::default() }))
        }
        (calendar(&app, &bookings, from))
    };
    let page = Page { title: "开庭排期", here: Here::Hearings, layout: WorkbenchLayout::Sheet, case_bar: None, scripts: &[], body };
    shell::show(&app, &who, page).await
}

/// A row a day: whether the court works, and what is taken in each courtroom.
pub fn calendar(app: &App, bookings: &[Booking], from: Date) -> Markup {
    let mut rooms: Vec<&str> = bookings.iter().map(|booking| booking.courtroom.as_str()).collect();
    rooms.sort_unstable();
    rooms.dedup();
    let days = from.series(1.day()).take(usize::try_from(DAYS).unwrap_or(14));
    let rows: Vec<Vec<Markup>> = days
        .map(|day| {
            let works = app.court.law().calendar.works(day).works;
            let mut row = vec![html! { (prose(&ui::zh::md_text(day))) " " (ui::zh::weekday(day)) @if !works { " " span.tiny { "休" } } }];
            for room in &rooms {
                let taken: Vec<_> = bookings.iter().filter(|booking| booking.date == day && booking.courtroom == *room).collect();
                row.push(html! { @for booking in &taken { p.small { (time_of(booking)) " " (booking.title) } } @if taken.is_empty() { span.tiny { "空" } } });
            }
            row
        })
        .collect();
    let mut columns = vec![Column { heading: "日期", ..Column::default() }];
    columns.extend(rooms.iter().map(|room| Column { heading: room, ..Column::default() }));
    html! {
        @if rooms.is_empty() { p { "这两周还没有排期，法庭都空着。" } }
        @else { (table(&Table { caption: "两周内的开庭", caption_shown: false, columns: &columns, rows: &rows, total: None, scrolls: true })) }
    }
}

/// `09:30–11:30`
pub fn time_of(booking: &Booking) -> String {
    let end = booking.date.to_datetime(booking.start).saturating_add(i64::from(booking.minutes).minutes());
    format!("{}–{}", booking.start.strftime("%H:%M"), end.time().strftime("%H:%M"))
}
