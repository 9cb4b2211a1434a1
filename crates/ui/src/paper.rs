//! A court paper on the screen: the national form in em, or the same text flowing for a phone.

use maud::{Markup, html};

use crate::zh;

/// A court paper. Everything but the name may be left out: a page of a draft has paragraphs only.
#[derive(Debug, Clone, Copy, Default)]
pub struct Paper<'a> {
    /// The court's full name, in phrases between which it may break; none on inner pages.
    pub court: &'a [&'a str],
    /// The paper's name, `交纳诉讼费用通知书`.
    pub name: Option<&'a str>,
    /// The case number.
    pub case_no: Option<&'a str>,
    /// Whom it is addressed to, `周桂兰：`.
    pub to: Option<&'a str>,
    /// The text.
    pub paragraphs: &'a [Markup],
    /// Who signs and when.
    pub sign: Option<PaperSign<'a>>,
    /// Whom to ask.
    pub contact: Option<&'a Markup>,
    /// Page number, `— 3 —`.
    pub folio: Option<&'a str>,
    /// The text as it flows on a phone, instead of the form of A4.
    pub flow: bool,
    /// A small preview (workbench).
    pub mini: bool,
}

/// The end of a paper.
#[derive(Debug, Clone, Copy)]
pub struct PaperSign<'a> {
    /// Names and offices, one a line; may be empty.
    pub names: &'a [&'a str],
    /// The date, `二〇二六年九月十一日`.
    pub date: &'a str,
    /// Court and inscription of the drawn seal, see [`seal`].
    pub seal: Option<(&'a str, &'a str)>,
}

/// `paper`: paper looks like paper. The original file is one tap away; this is for reading.
pub fn paper(p: &Paper<'_>) -> Markup {
    html! {
        div.paper.flow[p.flow].mini[p.mini] {
            @if !p.court.is_empty() { p.p-court.phrases { (zh::phrases(p.court)) } }
            @if let Some(name) = p.name { p.p-name { (name) } }
            @if let Some(number) = p.case_no { p.p-no { (zh::case_no(number)) } }
            @if let Some(to) = p.to { p.p-to { (to) } }
            @for paragraph in p.paragraphs { p { (paragraph) } }
            @if let Some(sign) = p.sign {
                p.p-sign {
                    @for name in sign.names { (name) br; }
                    (sign.date)
                    @if let Some((court, inscription)) = sign.seal { (seal(court, inscription)) }
                }
            }
            @if let Some(contact) = p.contact { p.muted.p-contact { (contact) } }
            @if let Some(folio) = p.folio { p.p-to.p-folio { (folio) } }
        }
    }
}

/// `seal`: a drawing of a round seal for the demonstration (`演示专用章`). A seal that has effect comes
/// from the seal service inside the signed file, never from here.
pub fn seal(court: &str, inscription: &str) -> Markup {
    // 146 units of arc hold the name; ten characters stand at 12 units as on the seals of most courts
    let count = u32::try_from(court.chars().count().max(1)).map_or(10.0, f64::from);
    let size = (146.0 / count * 0.82).min(12.0);
    let spacing = (146.0 / count - size).min(5.0);
    html! {
        svg.seal viewBox="0 0 120 120" aria-hidden="true" {
            circle cx="60" cy="60" r="56" fill="none" stroke="#a3281e" stroke-width="3" {}
            path d="m60 40 4.9 13.3 14.1.5-11.1 8.8 3.9 13.6L60 68.3l-11.8 7.9 3.9-13.6L41 53.8l14.1-.5z" fill="#a3281e" {}
            path id="seal-arc" d="M24.5 76a39.5 39.5 0 1 1 71 0" fill="none" {}
            g fill="#a3281e" font-family="'Songti SC','Noto Serif CJK SC',serif" font-weight="700" {
                text font-size=(format!("{size:.2}")) letter-spacing=(format!("{spacing:.2}")) {
                    textPath href="#seal-arc" startOffset="50%" text-anchor="middle" { (court) }
                }
                text x="60" y="96" font-size="10.5" text-anchor="middle" letter-spacing="1.5" { (inscription) }
            }
        }
    }
}
