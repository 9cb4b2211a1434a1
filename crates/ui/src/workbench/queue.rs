//! Filing review: the queue by deadline, checks, what the filer wrote, remarks pinned to it.

use maud::{Markup, html};

use crate::{Grade, Icon, Tone, badge, icon};

/// `剩 6 天`, coloured by how near it is (0 is today).
pub fn due(days: i32) -> Markup {
    let class = match Grade::of_days(days) {
        Grade::Far => "due g0",
        Grade::Coming => "due g1",
        Grade::Soon => "due g2",
        Grade::Near | Grade::Over => "due g3",
    };
    html! {
        span class=(class) { @match days {
            0 => { "今天到期" }
            1.. => { "剩 " (days) " 天" }
            ..0 => { "过期 " (days.unsigned_abs()) " 天" }
        } }
    }
}

/// A row of a queue.
#[derive(Debug, Clone)]
pub struct QueueRow<'a> {
    /// `周桂兰 诉 陈志远`
    pub name: &'a str,
    /// Where it opens.
    pub href: &'a str,
    /// Days left; none where nothing runs.
    pub days: Option<i32>,
    /// Cause and amount.
    pub sub: Markup,
    /// `网上 · 新收`
    pub flag: &'a str,
    /// The one that is open.
    pub current: bool,
}

/// `queue_row`: two lines, four facts.
pub fn queue_row(r: &QueueRow<'_>) -> Markup {
    html! {
        li { a href=(r.href) aria-current=[r.current.then_some("true")] {
            b { (r.name) }
            @if let Some(days) = r.days { (due(days)) } @else { span.due.g0 {} }
            span.sub { (r.sub) }
            span.flag { (r.flag) }
        } }
    }
}

/// The rows of a queue; j and k go up and down, Enter opens.
pub fn queue(rows: &[QueueRow<'_>]) -> Markup {
    html! { ol.queue data-rows { @for row in rows { (queue_row(row)) } } }
}

/// What came of one comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckMark {
    /// It holds.
    Ok,
    /// It must be put right.
    No,
    /// A person has to judge.
    Ask,
    /// Does not apply.
    NotApplicable,
}

/// A line of a check: what was compared with what.
#[derive(Debug, Clone)]
pub struct CheckLine {
    /// What came of it; `None` for a line of links under it.
    pub mark: Option<CheckMark>,
    /// The words, with the rule id behind.
    pub words: Markup,
}

/// A group of checks: 材料, 主体, 管辖, 重复.
#[derive(Debug, Clone)]
pub struct CheckGroup<'a> {
    /// `主体`
    pub heading: &'a str,
    /// What came of the group.
    pub badge: (Tone, &'a str),
    /// Its lines.
    pub lines: Vec<CheckLine>,
}

/// `filing_check`
pub fn filing_check(groups: &[CheckGroup<'_>]) -> Markup {
    html! {
        div.checks { @for group in groups { section.check {
            h3 { (group.heading) " " (badge(group.badge.0, group.badge.1)) }
            ul.list { @for line in &group.lines { (check_line(line)) } }
        } } }
    }
}

fn check_line(line: &CheckLine) -> Markup {
    let (class, drawing) = match line.mark {
        Some(CheckMark::Ok) => (None, Some(Icon::Check)),
        Some(CheckMark::No) => (Some("no"), Some(Icon::Cross)),
        Some(CheckMark::Ask) => (Some("ask"), Some(Icon::Alert)),
        Some(CheckMark::NotApplicable) => (Some("na"), Some(Icon::Minus)),
        None => (Some("na wide"), None),
    };
    html! {
        li class=[class] { @if let Some(drawing) = drawing { (icon(drawing)) } span { (line.words) } }
    }
}

/// A row of [`party_table`]: what the filer wrote and where it stands.
#[derive(Debug, Clone)]
pub struct FieldRow<'a> {
    /// `被告住所`
    pub label: &'a str,
    /// What the filer wrote.
    pub value: Markup,
    /// `第 1 页` and its address.
    pub page: Option<(&'a str, &'a str)>,
    /// Where a remark is pinned to it.
    pub pin_href: Option<&'a str>,
    /// Number of the remark pinned to it.
    pub pinned: Option<u32>,
}

/// `party_table`: the fields of a complaint, each with its page and its pin.
pub fn party_table(caption: &str, rows: &[FieldRow<'_>]) -> Markup {
    html! {
        table.fields {
            caption.sr { (caption) }
            tbody { @for row in rows {
                tr.pinned[row.pinned.is_some()] {
                    th scope="row" { (row.label) }
                    td { (row.value) @if let Some(number) = row.pinned {
                        " " span.pin-no role="img" aria-label={ "意见 " (number) } { (number) }
                    } }
                    td { (row_end(row)) }
                }
            } }
        }
    }
}

fn row_end(row: &FieldRow<'_>) -> Markup {
    html! {
        @if let Some((words, href)) = row.page { a.cite href=(href) { (words) } " " }
        @if let Some(href) = row.pin_href {
            a.bar-btn href=(href) aria-current=[row.pinned.map(|_| "true")] {
                (icon(Icon::Pin))
                span.sr { @if row.pinned.is_some() { "已对" } @else { "对" } (row.label) "钉意见" }
            }
        }
    }
}

/// A remark of the filing clerk, pinned to a field.
#[derive(Debug, Clone, Copy)]
pub struct Remark<'a> {
    /// Its number.
    pub number: u32,
    /// `起诉状第 1 页，被告住所`
    pub pinned_to: &'a str,
    /// Name of the field it is sent under.
    pub name: &'a str,
    /// What it says.
    pub text: &'a str,
    /// Where it is taken away.
    pub delete_href: &'a str,
    /// Phrases often used, with addresses that put them in.
    pub phrases: &'a [(&'a str, &'a str)],
}

/// `remark`
pub fn remark(r: &Remark<'_>) -> Markup {
    html! {
        section.remark aria-label={ "意见 " (r.number) } {
            header {
                span.pin-no aria-hidden="true" { (r.number) }
                "钉在：" (r.pinned_to)
                a href=(r.delete_href) { "删除" }
            }
            div.field {
                label.sr for=(r.name) { "意见 " (r.number) " 的内容" }
                textarea.textarea id=(r.name) name=(r.name) rows="4" { "\n" (r.text) }
            }
            @if !r.phrases.is_empty() { p.tiny.mt-1 {
                "常用语：" @for (place, (words, href)) in r.phrases.iter().enumerate() {
                    @if place > 0 { "　" } a href=(href) { (words) }
                }
            } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn red_means_today_or_tomorrow() {
        for (days, class, words) in
            [(-1, "g3", "过期 1 天"), (0, "g3", "今天到期"), (1, "g3", "剩 1 天"), (3, "g2", "剩 3 天"), (6, "g1", "剩 6 天"), (7, "g0", "剩 7 天")]
        {
            let drawn = due(days).0;
            assert!(drawn.contains(class) && drawn.contains(words), "{drawn}");
        }
    }
}
