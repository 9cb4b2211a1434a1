//! Home: who I am, which court, the one thing to do now, entries, my cases.

use jiff::civil::Date;
use maud::{Markup, html};

use crate::{Icon, Tone, badge, icon, zh};

/// Who acts, as the page says it.
#[derive(Debug, Clone, Copy)]
pub struct Identity<'a> {
    /// 已实名认证
    pub verified: bool,
    /// `以本人名义办理`, `代理周桂兰办理`
    pub acts_as: &'a str,
    /// Words and address of the change: `换成代理他人`.
    pub change: Option<(&'a str, &'a str)>,
}

/// `identity_state`
pub fn identity_state(i: &Identity<'_>) -> Markup {
    html! {
        p.identity {
            @if i.verified { span.ok { (icon(Icon::Verify)) "已实名认证" } }
            @else { span { "还没有实名认证" } }
            span { (i.acts_as) }
            @if let Some((words, href)) = i.change { a href=(href) { (words) } }
        }
    }
}

/// `court_line`: the chosen court and where to change it.
pub fn court_line(court: &str, change_href: &str) -> Markup {
    html! {
        div.court-line {
            (icon(Icon::Court))
            div { span.tiny { "当前法院" } br; strong { (court) } }
            a.btn.quiet href=(change_href) { "更换" }
        }
    }
}

/// The day by which.
#[derive(Debug, Clone, Copy)]
pub struct By {
    /// Last day on which it can be done.
    pub day: Date,
    /// Today, from the injected clock.
    pub today: Date,
}

/// `date_leaf`: the leaf of a wall calendar. Decoration: the words beside it say the same.
pub fn date_leaf(day: Date) -> Markup {
    html! {
        p.date-leaf aria-hidden="true" {
            i { (day.month()) "月" } em { (day.day()) } small { (zh::weekday(day)) }
        }
    }
}

/// The one thing to do now.
#[derive(Debug, Clone, Copy)]
pub struct ActionCard<'a> {
    /// Id of its heading.
    pub id: &'a str,
    /// `现在要您办的事，共 1 件`
    pub eyebrow: &'a str,
    /// What, in phrases.
    pub heading: &'a [&'a str],
    /// By when; `最迟` so that nobody wonders whether the day itself counts.
    pub by: Option<By>,
    /// Why, how, and what if not; paragraphs.
    pub why: &'a Markup,
    /// Buttons: the first is primary.
    pub buttons: Option<&'a Markup>,
    /// Why that date, and the counter instead.
    pub foot: Option<&'a Markup>,
    /// Blue instead of red: a step without a legal consequence for the reader.
    pub calm: bool,
}

/// `action_card`: date, what, why, how, consequence.
pub fn action_card(c: &ActionCard<'_>) -> Markup {
    html! {
        section.action-card.calm[c.calm] aria-labelledby=(c.id) {
            div.action-head {
                p.eyebrow { (c.eyebrow) }
                h2.phrases id=(c.id) { (zh::phrases(c.heading)) }
            }
            @if let Some(by) = &c.by { (action_by(by)) }
            div.action-why.stack.gap-2.pad-b[c.buttons.is_none()] { (c.why) }
            @if let Some(buttons) = c.buttons { div.btns { (buttons) } }
            @if let Some(foot) = c.foot { div.action-foot { (foot) } }
        }
    }
}

fn action_by(by: &By) -> Markup {
    let left = by.day.since(by.today).map_or(0, |span| span.get_days());
    html! {
        div.action-by {
            (date_leaf(by.day))
            p {
                b { "最迟 " (zh::md_zh(by.day)) }
                (zh::weekday(by.day)) "，"
                @match left {
                    0 => { "就是今天" }
                    1.. => { "还有 " (left) " 天" }
                    ..0 => { "已过 " (left.unsigned_abs()) " 天" }
                }
            }
        }
    }
}

/// An entry of the ruled sheet.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// Its drawing.
    pub icon: Icon,
    /// `我要立案`
    pub label: &'a str,
    /// What it is for, in plain words.
    pub hint: &'a str,
    /// Where it leads.
    pub href: &'a str,
}

/// `entry_grid`: one ruled sheet, like a well-set form. `label_id` is the id of its heading.
pub fn entry_grid(label_id: &str, entries: &[Entry<'_>]) -> Markup {
    html! {
        nav.entry-grid aria-labelledby=(label_id) {
            @for entry in entries {
                a href=(entry.href) { (icon(entry.icon)) b { (entry.label) } small { (entry.hint) } }
            }
        }
    }
}

/// A case of mine, or a draft.
#[derive(Debug, Clone)]
pub struct CaseRow<'a> {
    /// `与陈志远的民间借贷纠纷`
    pub name: &'a str,
    /// Where it leads.
    pub href: &'a str,
    /// Its number, once it has one.
    pub case_no: Option<&'a str>,
    /// What stands there before it has a number: `起诉状填到第 3 步，共 9 步`.
    pub stand: Option<&'a str>,
    /// State in a word.
    pub badge: (Tone, &'a str),
    /// What happened last and what comes.
    pub next: Markup,
}

/// `case_list`
pub fn case_list(rows: &[CaseRow<'_>]) -> Markup {
    html! {
        ul.case-list { @for row in rows { li {
            h3 { a href=(row.href) { (row.name) } }
            @if let Some(number) = row.case_no { p.case-no { (zh::case_no(number)) } }
            @if let Some(stand) = row.stand { p.small.muted { (stand) } }
            p.next { (badge(row.badge.0, row.badge.1)) " " (row.next) }
        } } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_last_day_is_said_without_doubt() {
        let words = |today| action_by(&By { day: date(2026, 9, 18), today }).0;
        assert!(words(date(2026, 9, 14)).contains("还有 4 天"));
        assert!(words(date(2026, 9, 18)).contains("就是今天"));
        assert!(words(date(2026, 9, 20)).contains("已过 2 天"));
        assert!(words(date(2025, 9, 18)).contains("还有 365 天"), "a span counts days, not months");
        assert!(!words(date(2026, 9, 14)).contains('前'), "最迟 9月18日, never 9月18日前");
    }
}
