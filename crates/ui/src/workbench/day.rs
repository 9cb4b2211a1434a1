//! A judge's day: clocks by due date with their reasons, hearings, tasks.

use maud::{Markup, html};

use crate::{Grade, zh};

/// A date owed.
#[derive(Debug, Clone)]
pub struct ClockRow<'a> {
    /// Days left; 0 is today.
    pub days: i32,
    /// A legal consequence follows, so that its last days are red.
    pub legal: bool,
    /// `今天 24:00`, `10月22日`
    pub when: &'a str,
    /// What must be done.
    pub what: &'a str,
    /// `刘海波 诉 中澳置业公司`
    pub case: &'a str,
    /// Its number.
    pub case_no: &'a str,
    /// Why that day, and what follows if it passes.
    pub why: Markup,
    /// Word and address of what leads there: `去办`.
    pub go: (&'a str, &'a str),
}

/// `clocks`: rows by due date; `rest` is the line that leads to more.
pub fn clocks(caption: &str, rows: &[ClockRow<'_>], rest: Option<&Markup>) -> Markup {
    html! {
        div.scroll { table.table.clocks {
            caption.sr { (caption) }
            thead { tr {
                th scope="col" { "到期" } th scope="col" { "要办的事" } th scope="col" { "案件" }
                th scope="col" { "为什么是这天，过期会怎样" }
                th scope="col" { span.sr { "办理" } }
            } }
            tbody data-rows { @for row in rows { (clock_row(row)) } }
            @if let Some(rest) = rest { tfoot { tr { td colspan="5" { (rest) } } } }
        } }
    }
}

fn clock_row(row: &ClockRow<'_>) -> Markup {
    let class = match (Grade::of_days(row.days), row.legal) {
        (Grade::Over, _) => "g4",
        (Grade::Near, true) => "g3",
        (Grade::Near, false) | (Grade::Soon | Grade::Coming, _) => "g2",
        (Grade::Far, _) => "g1",
    };
    html! {
        tr class=(class) {
            td { span.when { (zh::prose(row.when)) } }
            th scope="row" { (row.what) }
            td { (row.case) small { (zh::case_no(row.case_no)) } }
            td { (row.why) }
            td { a.btn.sm href=(row.go.1) aria-label={ (row.go.0) "：" (row.what) "，" (row.case) } { (row.go.0) } }
        }
    }
}

/// A hearing, or something at a time of day.
#[derive(Debug, Clone)]
pub struct AgendaItem<'a> {
    /// `15:30`, `明天 9:30`
    pub when: &'a str,
    /// The same for machines.
    pub datetime: &'a str,
    /// `鹏程租赁公司 诉 李秋实`
    pub name: &'a str,
    /// Where, how, how far.
    pub detail: Markup,
    /// Links below.
    pub links: Option<Markup>,
    /// Going on, or next.
    pub now: bool,
}

/// `agenda`
pub fn agenda(items: &[AgendaItem<'_>], own_panel: bool) -> Markup {
    html! {
        ol.agenda.panel[own_panel] { @for item in items { li.now[item.now] {
            time datetime=(item.datetime) { (item.when) }
            div {
                @if item.now { strong { (item.name) } } @else { (item.name) }
                small { (item.detail) }
                @if let Some(links) = &item.links { (links) }
            }
        } } }
    }
}

/// Something that waits for this person.
#[derive(Debug, Clone)]
pub struct Task<'a> {
    /// What.
    pub what: &'a str,
    /// Of which case, from whom.
    pub detail: Markup,
    /// Word and address of what leads there.
    pub go: (&'a str, &'a str),
}

/// `tasks`
pub fn tasks(rows: &[Task<'_>]) -> Markup {
    html! {
        ul.tasks { @for row in rows { li {
            span { (row.what) small { (row.detail) } }
            a.btn.sm href=(row.go.1) aria-label={ (row.go.0) "：" (row.what) } { (row.go.0) }
        } } }
    }
}
