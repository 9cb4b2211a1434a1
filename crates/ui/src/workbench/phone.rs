//! 移动办案, the judge's phone: sign, approve, calendar.

use jiff::civil::Date;
use maud::{Markup, html};

use crate::{Icon, icon, zh};

/// A paper that waits for a signature.
#[derive(Debug, Clone)]
pub struct SignCard<'a> {
    /// `民事调解书`
    pub name: &'a str,
    /// `邱月娥、邱伟 赡养费纠纷`
    pub about: &'a str,
    /// The case number.
    pub case_no: &'a str,
    /// What is signed: content, who has signed, checks, digest of this very draft.
    pub facts: &'a [(&'a str, Markup)],
    /// `看全文，3 页` and its address.
    pub full: (&'a str, &'a str),
    /// What a signature here does and does not do.
    pub effect: &'a str,
    /// Buttons; the first signs.
    pub buttons: &'a Markup,
}

/// `sign_card`: the signature holds for the one draft whose digest stands on the card.
pub fn sign_card(c: &SignCard<'_>) -> Markup {
    html! {
        article.sign-card {
            header {
                h3 { (c.name) }
                p.small.muted { (c.about) }
                p.case-no.small.muted { (zh::case_no(c.case_no)) }
            }
            dl.facts3 { @for (key, value) in c.facts { dt { (key) } dd { (value) } } }
            p { a.btn.quiet href=(c.full.1) { (icon(Icon::Eye)) (c.full.0) } }
            p.small.muted { (c.effect) }
            div.btns { (c.buttons) }
        }
    }
}

/// Something that waits for approval.
#[derive(Debug, Clone)]
pub struct ApproveItem<'a> {
    /// `改用邮寄送达`
    pub heading: &'a str,
    /// Who asks, and why.
    pub words: &'a str,
    /// Case and date.
    pub detail: Markup,
    /// Yes and no.
    pub buttons: Markup,
}

/// `approve`
pub fn approve(items: &[ApproveItem<'_>]) -> Markup {
    html! {
        ul.approve { @for item in items { li {
            h3 { (item.heading) }
            p.small { (item.words) }
            p.small.muted { (item.detail) }
            div.btns { (item.buttons) }
        } } }
    }
}

/// A day of [`week`].
#[derive(Debug, Clone, Copy)]
pub struct WeekDay<'a> {
    /// Which.
    pub day: Date,
    /// Where it leads.
    pub href: &'a str,
    /// A period ends that day.
    pub due: bool,
    /// A hearing is held that day.
    pub hearing: bool,
    /// Today.
    pub today: bool,
}

/// `week`: red dot for a period that ends, blue for a hearing; said in words for screen readers.
pub fn week(days: &[WeekDay<'_>]) -> Markup {
    html! {
        nav.week aria-label="本周" { @for d in days {
            a href=(d.href) aria-current=[d.today.then_some("date")] {
                (zh::weekday(d.day).trim_start_matches("星期")) b { (d.day.day()) }
                i class=[if d.due { Some("r") } else if d.hearing { Some("d") } else { None }] {}
                @if d.due { span.sr { "，有期限届满" } }
                @if d.hearing { span.sr { "，有开庭" } }
            }
        } }
    }
}

/// An entry of [`tabbar`].
#[derive(Debug, Clone, Copy)]
pub struct Tab<'a> {
    /// `签署`
    pub label: &'a str,
    /// Its drawing.
    pub icon: Icon,
    /// Where it leads.
    pub href: &'a str,
    /// This page.
    pub current: bool,
}

/// `tabbar`: four entries under the thumb.
pub fn tabbar(tabs: &[Tab<'_>]) -> Markup {
    html! {
        nav.tabbar aria-label="主导航" { @for tab in tabs {
            a href=(tab.href) aria-current=[tab.current.then_some("page")] { (icon(tab.icon)) (tab.label) }
        } }
    }
}
