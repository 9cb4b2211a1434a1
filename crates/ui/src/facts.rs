//! Facts of a thing: panels, lists of key and value, tables, digests, rule ids.

use maud::{Markup, html};

/// `panel`: a white sheet with a heading of body size, labelled for screen readers.
pub fn panel(id: &str, heading: &str, content: &Markup) -> Markup {
    html! {
        section.panel.panel-pad aria-labelledby=(id) { h2.h-body id=(id) { (heading) } (content) }
    }
}

/// One line of [`kv`].
#[derive(Debug, Clone, Default)]
pub struct Fact<'a> {
    /// What it is.
    pub key: &'a str,
    /// What it says.
    pub value: Markup,
}

/// `kv`: facts as a description list. `wide` stacks key over value on a phone (digests, addresses).
pub fn kv(facts: &[Fact<'_>], wide: bool) -> Markup {
    html! {
        dl.kv.wide[wide] {
            @for fact in facts { div { dt { (fact.key) } dd { (fact.value) } } }
        }
    }
}

/// A column of [`table`].
#[derive(Debug, Clone, Copy, Default)]
pub struct Column<'a> {
    /// Its heading; empty for a column of actions, which then must have `spoken`.
    pub heading: &'a str,
    /// Amounts and counts stand to the right.
    pub number: bool,
    /// What a screen reader says when there is no heading to see.
    pub spoken: Option<&'a str>,
}

/// A cell of [`table`]; the first of each row is its heading.
pub type Cell = Markup;

/// Rows and columns.
#[derive(Debug, Clone, Copy)]
pub struct Table<'a> {
    /// What the table shows.
    pub caption: &'a str,
    /// Whether the caption is seen or only heard.
    pub caption_shown: bool,
    /// The columns.
    pub columns: &'a [Column<'a>],
    /// The rows, each with one cell a column.
    pub rows: &'a [Vec<Cell>],
    /// The sum under the line.
    pub total: Option<&'a [Cell]>,
    /// Whether it may be wider than a phone; then it scrolls in its own box.
    pub scrolls: bool,
}

/// `table`: with caption and headings that screen readers use.
pub fn table(t: &Table<'_>) -> Markup {
    let number = |place: usize| t.columns.get(place).is_some_and(|column| column.number);
    let row = |cells: &[Cell]| {
        html! {
            tr {
                @for (place, cell) in cells.iter().enumerate() {
                    @if place == 0 { th scope="row" { (cell) } }
                    @else { td.num[number(place)] { (cell) } }
                }
            }
        }
    };
    let body = html! {
        table.table {
            caption.sr[!t.caption_shown] { (t.caption) }
            thead { tr { @for column in t.columns {
                th.num[column.number] scope="col" {
                    (column.heading)
                    @if let Some(spoken) = column.spoken { span.sr { (spoken) } }
                }
            } } }
            tbody { @for cells in t.rows { (row(cells)) } }
            @if let Some(cells) = t.total { tfoot { (row(cells)) } }
        }
    };
    html! {
        @if t.scrolls {
            div.scroll tabindex="0" role="group" aria-label={ (t.caption) "，可左右滑动" } { (body) }
        } @else { (body) }
    }
}

/// `digest`: groups of four, so that two people can read it to each other on the telephone. `long`
/// sets eight groups a line instead of four. Anything but ASCII hex is shown as it is.
pub fn digest(hex: &str, long: bool) -> Markup {
    html! { p.digest.long[long] { (grouped(hex)) } }
}

/// The groups of a digest without the paragraph, for cells and `dd`.
pub(crate) fn grouped(hex: &str) -> String {
    if hex.len() < 8 || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        return hex.to_owned();
    }
    let groups: Vec<String> = hex.as_bytes().chunks(4).map(|group| group.iter().map(|b| char::from(*b)).collect()).collect();
    groups.join(" ")
}

/// `rule_id`: small behind the plain words, never instead of them.
pub fn rule_id(id: &str) -> Markup {
    html! { span.rule-id { (id) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_read_in_groups_of_four() {
        assert_eq!(grouped("7c1e90b43a5fd2e8"), "7c1e 90b4 3a5f d2e8");
        assert_eq!(grouped("b41f … 5e02"), "b41f … 5e02");
    }
}
