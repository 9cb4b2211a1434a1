//! The page reader: 正卷 and 副卷 with count and root digest, the page with its text over it, facts
//! with their sources, suggestions, notes.

use maud::{Markup, html};

use crate::{Icon, Tone, badge, icon, zh};

/// An item of the file in the catalogue.
#[derive(Debug, Clone, Copy, Default)]
pub struct FileItem<'a> {
    /// Its number in the volume.
    pub number: u32,
    /// Its name.
    pub name: &'a str,
    /// Where it opens.
    pub href: &'a str,
    /// First and last page in the volume.
    pub pages: (u32, u32),
    /// Search hits in it.
    pub hits: u32,
    /// The one being read.
    pub current: bool,
}

/// 正卷 or 副卷.
#[derive(Debug, Clone, Copy)]
pub struct Volume<'a> {
    /// 副卷: on its gold band, 不公开.
    pub sealed: bool,
    /// Its items in catalogue order.
    pub items: &'a [FileItem<'a>],
    /// Pages in all.
    pub pages: u32,
}

/// `catalogue_tree`: a reader without a right to 副卷 gets no volume for it, so nothing here hides it.
pub fn catalogue_tree(volumes: &[Volume<'_>]) -> Markup {
    html! {
        nav.tree aria-label="卷宗目录" data-rows { @for volume in volumes {
            details.sealed[volume.sealed] open {
                summary {
                    @if volume.sealed { (icon(Icon::Lock)) "副卷" } @else { "正卷" }
                    span { (volume.items.len()) " 件 " (volume.pages) " 页" @if volume.sealed { " · 不公开" } }
                }
                ol.list { @for item in volume.items { li {
                    a href=(item.href) aria-current=[item.current.then_some("true")] {
                        i { (item.number) } (item.name)
                        em {
                            @if item.hits > 0 { span.hit { (item.hits) span.sr { " 处" } } }
                            (item.pages.0) @if item.pages.1 > item.pages.0 { "–" (item.pages.1) }
                        }
                    }
                } } }
            }
        } }
    }
}

/// 收到 = 显示: what was received is what is shown.
#[derive(Debug, Clone, Copy)]
pub struct RootDigest<'a> {
    /// Items received.
    pub received: u32,
    /// Items shown to this reader.
    pub shown: u32,
    /// The root digest, shortened (`b41f 07ce … 93da 5e02`) or whole.
    pub digest: &'a str,
    /// `10月21日 14:05`
    pub as_of: &'a str,
    /// `第 57 次变动` and where the changes are listed.
    pub change: (&'a str, &'a str),
}

/// `root_digest`: a pane's foot, wherever a file is shown.
pub fn root_digest(r: &RootDigest<'_>) -> Markup {
    html! {
        div.pane-foot.root-digest {
            @if r.received == r.shown {
                span.ok { (icon(Icon::Check)) "收到 " (r.received) " 件，显示 " (r.shown) " 件" }
            } @else {
                span.ok { (icon(Icon::Info)) "收到 " (r.received) " 件，您可以看 " (r.shown) " 件" }
            }
            span { "根摘要" } span.digest { (crate::facts::grouped(r.digest)) }
            span { "截至" } span { (zh::prose(r.as_of)) "，" a href=(r.change.1) { (r.change.0) } }
        }
    }
}

/// A box on a page, in pixels of its image.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PageBox {
    /// Left edge.
    pub x: f32,
    /// Upper edge.
    pub y: f32,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
}

/// A run of text read on the page.
#[derive(Debug, Clone, Copy)]
pub struct Word<'a> {
    /// The letters.
    pub text: &'a str,
    /// Where they stand.
    pub at: PageBox,
}

/// Why a box is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageMark {
    /// Found text.
    Hit,
    /// The hit one is at.
    HitNow,
    /// The reader's highlight.
    Highlight,
    /// What a suggestion or a sentence of the draft comes from.
    Source,
}

/// A note's number at the page's edge.
#[derive(Debug, Clone, Copy)]
pub struct Pin {
    /// The note's number.
    pub number: u32,
    /// How far down, in pixels of the image.
    pub y: f32,
}

/// A page as an image with its text over it.
#[derive(Debug, Clone, Copy)]
pub struct PageImage<'a> {
    /// Address of the image.
    pub href: &'a str,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Its text, selectable and searchable.
    pub words: &'a [Word<'a>],
    /// What is marked.
    pub marks: &'a [(PageMark, PageBox)],
    /// Notes.
    pub pins: &'a [Pin],
    /// Reader and time, across the page.
    pub watermark: &'a str,
}

/// The image with text, marks, notes and watermark as one SVG: no inline style is needed, and it works
/// without script.
pub fn page_image(p: &PageImage<'_>) -> Markup {
    let (width, height) = (f64::from(p.width), f64::from(p.height));
    html! {
        svg.page-svg viewBox={ "0 0 " (p.width) " " (p.height) } data-page {
            image href=(p.href) width=(p.width) height=(p.height) {}
            g.over { @for (mark, at) in p.marks {
                rect class=(mark_class(*mark)) x=(at.x) y=(at.y) width=(at.width) height=(at.height) {}
            } }
            g { @for word in p.words {
                text x=(word.at.x) y=(word.at.y + word.at.height * 0.82) font-size=(word.at.height)
                    textLength=(word.at.width) lengthAdjust="spacingAndGlyphs" { (word.text) }
            } }
            g.water aria-hidden="true" { @for (x, y) in [(0.1, 0.25), (0.55, 0.4), (0.1, 0.65), (0.55, 0.8)] {
                text transform={ "translate(" (width * x) " " (height * y) ") rotate(-24)" } { (p.watermark) }
            } }
            @for pin in p.pins {
                g.pin transform={ "translate(" (width - 26.0) " " (pin.y) ")" } role="img" aria-label={ "批注 " (pin.number) } {
                    circle r="13" {} text y="4" { (pin.number) }
                }
            }
        }
    }
}

fn mark_class(mark: PageMark) -> &'static str {
    match mark {
        PageMark::Hit => "hit",
        PageMark::HitNow => "hit-now",
        PageMark::Highlight => "mark",
        PageMark::Source => "source",
    }
}

/// What the reader shows.
#[derive(Debug, Clone, Copy)]
pub struct PageView<'a> {
    /// `庭审笔录第 3 页图像，文字可选`
    pub spoken: &'a str,
    /// The page: [`page_image`], or a paper set as text.
    pub page: &'a Markup,
    /// A second page beside it; the two scroll together.
    pub compare: Option<(&'a str, &'a Markup)>,
}

/// `page_reader`: one page, or two to compare.
pub fn page_reader(v: &PageView<'_>) -> Markup {
    let stage = |spoken: &str, page: &Markup| {
        html! {
            div.stage tabindex="0" role="group" aria-label=(spoken) data-stage { (page) }
        }
    };
    html! {
        @if let Some((spoken, page)) = v.compare {
            div.stages data-linked-scroll { (stage(v.spoken, v.page)) (stage(spoken, page)) }
        } @else { (stage(v.spoken, v.page)) }
    }
}

/// A page in the strip below.
#[derive(Debug, Clone, Copy)]
pub struct Thumb<'a> {
    /// Its number in the volume.
    pub number: u32,
    /// Where it opens.
    pub href: &'a str,
    /// Small picture.
    pub image_href: &'a str,
    /// The one being read.
    pub current: bool,
}

/// `thumbs`: pictures load as they come into sight.
pub fn thumbs(pages: &[Thumb<'_>]) -> Markup {
    html! {
        nav.thumbs aria-label="本件各页" data-thumbs { @for page in pages {
            a href=(page.href) aria-current=[page.current.then_some("page")] {
                img src=(page.image_href) alt="" width="44" height="58" loading="lazy";
                (page.number)
            }
        } }
    }
}

/// A link to the place something stands at: `笔录，卷 41`.
#[derive(Debug, Clone, Copy)]
pub struct Citation<'a> {
    /// What and where.
    pub words: &'a str,
    /// Its address with page and box.
    pub href: &'a str,
}

/// A row of citations.
pub fn cite(citations: &[Citation<'_>]) -> Markup {
    html! {
        @for (place, citation) in citations.iter().enumerate() {
            @if place > 0 { "　" }
            a.cite href=(citation.href) { (citation.words) }
        }
    }
}

/// A fact that a person has accepted.
#[derive(Debug, Clone)]
pub struct Fact<'a> {
    /// `借贷合意`
    pub heading: Markup,
    /// `无争议`
    pub badge: Option<(Tone, &'a str)>,
    /// What it says and where it stands.
    pub words: Markup,
}

/// Facts and suggestions of a pane, from [`Fact::row`] and [`suggestion`] in order.
pub fn facts(rows: &[Markup]) -> Markup {
    html! { ul.facts { @for row in rows { (row) } } }
}

impl Fact<'_> {
    /// The line of [`facts`].
    pub fn row(&self) -> Markup {
        html! {
            li {
                (head(&self.heading, self.badge))
                p { (self.words) }
            }
        }
    }
}

fn head(heading: &Markup, state: Option<(Tone, &str)>) -> Markup {
    html! { div.head { b { (heading) } @if let Some((tone, words)) = state { (badge(tone, words)) } } }
}

/// What the machine proposes, with its source and sureness.
#[derive(Debug, Clone)]
pub struct Suggestion<'a> {
    /// What it is about.
    pub heading: Markup,
    /// `有争议`
    pub badge: Option<(Tone, &'a str)>,
    /// What it proposes.
    pub words: Markup,
    /// Where it comes from; never empty.
    pub sources: &'a [Citation<'a>],
    /// `把握：较高`: a word, never a percentage.
    pub sureness: &'a str,
    /// Where the three answers are posted, as `answer=accept|change|refuse`.
    pub action: &'a str,
    /// The session's token.
    pub csrf: &'a str,
}

/// `suggestion`: accepted, changed or refused by one key; refused ones do not come back.
pub fn suggestion(s: &Suggestion<'_>) -> Markup {
    html! {
        li.suggestion {
            (head(&s.heading, s.badge))
            p { (s.words) }
            p { (cite(s.sources)) "　" span.tiny { (s.sureness) } }
            form.acts method="post" action=(s.action) {
                (crate::form::csrf(s.csrf))
                (answer("accept", "采用", "y", Some(Icon::Check)))
                (answer("change", "修改", "e", None))
                (answer("refuse", "不采用", "x", None))
            }
        }
    }
}

fn answer(value: &str, words: &str, key: &str, drawing: Option<Icon>) -> Markup {
    html! {
        button.bar-btn type="submit" name="answer" value=(value) aria-keyshortcuts=(key) {
            @if let Some(drawing) = drawing { (icon(drawing)) }
            (words) " " kbd.kbd { (key) }
        }
    }
}

/// A reader's note.
#[derive(Debug, Clone, Copy)]
pub struct Note<'a> {
    /// `1 · 卷 41 · 10月21日 14:28`
    pub place: &'a str,
    /// What it says.
    pub words: &'a str,
}

/// `note`: private, or shown to the panel.
pub fn note(n: &Note<'_>) -> Markup {
    html! { div.note { p { span.tiny { (zh::prose(n.place)) } br; (n.words) } } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_shown_is_said() {
        let r = RootDigest { received: 20, shown: 18, digest: "b41f07ce", as_of: "10月21日", change: ("第 57 次变动", "#") };
        assert!(root_digest(&r).0.contains("收到 20 件，您可以看 18 件"));
        assert!(root_digest(&RootDigest { shown: 20, ..r }).0.contains("收到 20 件，显示 20 件"));
    }

    #[test]
    fn sealed_items_stand_on_their_band() {
        let volume = Volume { sealed: true, items: &[], pages: 6 };
        let drawn = catalogue_tree(&[volume]).0;
        assert!(drawn.contains("class=\"sealed\"") && drawn.contains("不公开"));
    }
}
