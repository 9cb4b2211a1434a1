//! Fields read from a photograph: the piece of the page above each value, sureness in words.

use maud::{Markup, html};

use crate::{Icon, Tone, icon, icon_badge};

/// How sure the machine is. A word, never a percentage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sureness {
    /// 看得清楚
    Clear,
    /// 可能不全，请核对
    Doubtful,
    /// 没认出来，请您填
    Unread,
}

/// Where the person is with a field.
#[derive(Debug, Clone)]
pub enum ReadState<'a> {
    /// Being checked: its controls and buttons.
    Now(Markup),
    /// Waits; the value as read, with its buttons, or controls where nothing was read.
    Waiting(Markup),
    /// Confirmed by the person.
    Confirmed {
        /// The value, marked up (amounts do not break).
        value: Markup,
        /// Where it can still be changed.
        change: &'a str,
    },
}

/// A field read from a page.
#[derive(Debug, Clone)]
pub struct ReadField<'a> {
    /// `被告住址`
    pub label: &'a str,
    /// How sure the machine was.
    pub sureness: Sureness,
    /// The pieces of the page it came from, see [`crate::snippet`].
    pub snippets: Markup,
    /// Where the person is with it.
    pub state: ReadState<'a>,
}

/// `read_field`: for an `ol.read-fields`.
pub fn read_field(f: &ReadField<'_>) -> Markup {
    let sure = match f.sureness {
        Sureness::Clear => icon_badge(Tone::Plain, Icon::Check, "看得清楚"),
        Sureness::Doubtful => icon_badge(Tone::Soon, Icon::Alert, "可能不全，请核对"),
        Sureness::Unread => icon_badge(Tone::Near, Icon::Cross, "没认出来，请您填"),
    };
    let head = html! { div.read-head { h2 { (f.label) } (sure) } };
    match &f.state {
        ReadState::Now(controls) => html! { li.now { (head) (f.snippets) (controls) } },
        ReadState::Waiting(controls) => html! { li { (head) (f.snippets) (controls) } },
        ReadState::Confirmed { value, change } => html! {
            li.ok {
                h2 { (f.label) }
                strong { (icon(Icon::Check)) (value) span.sr { "，已确认" } }
                span { a href=(change) { "修改" span.sr { (f.label) } } }
            }
        },
    }
}

/// The whole photograph.
#[derive(Debug, Clone, Copy)]
pub struct PagePhoto<'a> {
    /// Address of the image.
    pub image_href: &'a str,
    /// Its width and height in pixels.
    pub size: [u32; 2],
    /// What it shows, and what is marked on it.
    pub spoken: &'a str,
    /// `起诉状，第 1 页，共 2 页。照片原样保存，不会改动。`
    pub caption: &'a str,
    /// Boxes of fields that are confirmed.
    pub confirmed: &'a [[u32; 4]],
    /// Boxes of the field being checked.
    pub now: &'a [[u32; 4]],
}

/// `page_photo`: folded on a phone, beside the fields on a desk.
pub fn page_photo(p: &PagePhoto<'_>) -> Markup {
    let view = format!("0 0 {} {}", p.size[0], p.size[1]);
    html! {
        details.page-photo.more { summary { "看整页照片" }
            figure.page-image {
                // Loaded when the fold is opened.
                img src=(p.image_href) width=(p.size[0]) height=(p.size[1]) alt=(p.spoken) loading="lazy";
                svg viewBox=(view) aria-hidden="true" {
                    g fill="#1c6745" fill-opacity=".07" stroke="#1c6745" stroke-opacity=".55" stroke-width="1.2" {
                        @for b in p.confirmed { rect x=(b[0]) y=(b[1]) width=(b[2]) height=(b[3]) {} }
                    }
                    g fill="#1f4e8c" fill-opacity=".14" stroke="#1f4e8c" stroke-width="2.2" {
                        @for b in p.now { rect x=(b[0]) y=(b[1]) width=(b[2]) height=(b[3]) {} }
                    }
                }
                figcaption.tiny { (p.caption) }
            }
        }
    }
}
