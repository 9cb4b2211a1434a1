//! Pictures of numbers, drawn here as SVG with a text alternative and the table behind them.

use maud::{Markup, html};

/// What a colour stands for in a chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Red: a legal consequence is near.
    Legal,
    /// Amber: a period set by law.
    Statutory,
    /// Grey: a period set by the court or by oneself; anything neutral.
    Own,
    /// Blue: the thing the chart is about.
    Blue,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Tone::Legal => "c-legal",
            Tone::Statutory => "c-statutory",
            Tone::Own => "c-own",
            Tone::Blue => "c-blue",
        }
    }
}

/// One kind of count, drawn in one colour.
#[derive(Debug, Clone, Copy)]
pub struct Series<'a> {
    /// In the legend.
    pub label: &'a str,
    /// In the table's heading, where it may be shorter.
    pub column: &'a str,
    /// Its colour.
    pub tone: Tone,
}

/// One bar: a day, a court, a span of months.
#[derive(Debug, Clone)]
pub struct Bar<'a> {
    /// Under the bar; a few characters.
    pub label: &'a str,
    /// In the table.
    pub full: Markup,
    /// One number a series, drawn from the bottom up.
    pub values: &'a [u32],
    /// A dashed line before it: a new week, a new group.
    pub parted: bool,
    /// The present case stands here.
    pub here: bool,
}

/// Stacked bars.
#[derive(Debug, Clone, Copy)]
pub struct BarChart<'a> {
    /// Id of the text alternative.
    pub id: &'a str,
    /// What the picture says, in a sentence or two.
    pub alternative: &'a str,
    /// Caption of the table.
    pub caption: &'a str,
    /// Heading of the table's first column.
    pub first_column: &'a str,
    /// The series, in the order of `Bar::values`.
    pub series: &'a [Series<'a>],
    /// The bars.
    pub bars: &'a [Bar<'a>],
}

const WIDTH: f64 = 960.0;
const LEFT: f64 = 26.0;
const BASE: f64 = 90.0;
const HEIGHT: f64 = 84.0;

/// `chart`: the picture, its legend, and the same numbers as a table on demand.
pub fn chart(c: &BarChart<'_>) -> Markup {
    let sums: Vec<u32> = c.bars.iter().map(|bar| bar.values.iter().sum()).collect();
    let most = sums.iter().copied().max().map_or(1, |most| most.max(1));
    let unit = (HEIGHT / f64::from(most)).min(14.0);
    html! {
        svg.chart viewBox="0 0 960 112" role="img" aria-labelledby=(c.id) {
            title id=(c.id) { (c.alternative) }
            @for line in grid(most) { (grid_line(line, BASE - unit * f64::from(line))) }
            @for (place, bar) in c.bars.iter().enumerate() { (bar_of(c, place, bar, unit)) }
            path.axis d={ "M" (LEFT) " " (BASE) "H" (WIDTH) } {}
        }
        p.tiny.row.gap-4.legend { @for series in c.series {
            span {
                svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true" { rect class=(series.tone.class()) width="10" height="10" {} }
                " " (series.label)
            }
        } }
        (behind(c, &sums))
    }
}

/// At most three lines, at even numbers where there are few.
fn grid(most: u32) -> Vec<u32> {
    let step = match most {
        0..=1 => 1,
        2..=6 => 2,
        7..=15 => 5,
        _ => [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000].into_iter().find(|step| most / step <= 3).unwrap_or(most),
    };
    (1..=most / step).map(|n| n * step).collect()
}

fn grid_line(value: u32, y: f64) -> Markup {
    html! {
        path.grid d={ "M" (LEFT) " " (tenth(y)) "H" (WIDTH) } {}
        text x="18" y=(tenth(y + 4.0)) text-anchor="end" { (value) }
    }
}

fn bar_of(c: &BarChart<'_>, place: usize, bar: &Bar<'_>, unit: f64) -> Markup {
    let pitch = (WIDTH - LEFT) / c.bars.len() as f64;
    let left = LEFT + 8.0 + pitch * place as f64;
    let width = (pitch - 16.7).max(pitch * 0.5);
    let mut top = BASE;
    let pieces: Vec<(f64, f64, Tone)> = bar
        .values
        .iter()
        .zip(c.series)
        .filter(|(value, _)| **value > 0)
        .map(|(value, series)| {
            top -= unit * f64::from(*value);
            (top, (unit * f64::from(*value) - 1.0).max(0.5), series.tone)
        })
        .collect();
    html! {
        @if bar.parted { path.week d={ "M" (tenth(left - 8.0)) " 6V108" } {} }
        @for (y, height, tone) in pieces {
            rect class=(tone.class()) x=(tenth(left)) y=(tenth(y)) width=(tenth(width)) height=(tenth(height)) {}
        }
        @if bar.here { path.here d={ "M" (tenth(left + width / 2.0)) " 2V" (BASE) } {} }
        text x=(tenth(left + width / 2.0)) y="106" text-anchor="middle" { (bar.label) }
    }
}

fn behind(c: &BarChart<'_>, sums: &[u32]) -> Markup {
    html! {
        details.more.small { summary { "看表格" }
            div.scroll { table.table.narrow {
                caption.sr { (c.caption) }
                thead { tr {
                    th scope="col" { (c.first_column) }
                    @for series in c.series { th.num scope="col" { (series.column) } }
                    @if c.series.len() > 1 { th.num scope="col" { "合计" } }
                } }
                tbody { @for (bar, sum) in c.bars.iter().zip(sums) { tr {
                    th scope="row" { (bar.full) @if bar.here { "（本案）" } }
                    @for value in bar.values { td.num { (value) } }
                    @if c.series.len() > 1 { td.num { (sum) } }
                } } }
            } }
        }
    }
}

/// A coordinate with at most one place.
fn tenth(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_few_and_round() {
        assert_eq!(grid(4), [2, 4]);
        assert_eq!(grid(1), [1]);
        assert_eq!(grid(12), [5, 10]);
        assert_eq!(grid(312), [100, 200, 300]);
        for most in 1..5000 {
            assert!(grid(most).len() <= 3, "{most}");
        }
    }

    #[test]
    fn every_number_drawn_stands_in_the_table() {
        let bars = [Bar { label: "22", full: html! { "10月22日" }, values: &[2, 0, 41], parted: false, here: true }];
        let series = [("过期有法律后果", Tone::Legal), ("法定期限", Tone::Statutory), ("自定期限", Tone::Own)].map(|(label, tone)| Series {
            label,
            column: label,
            tone,
        });
        let drawn = chart(&BarChart { id: "c", alternative: "一天", caption: "件数", first_column: "日期", series: &series, bars: &bars }).0;
        assert!(drawn.contains("<td class=\"num\">41</td>") && drawn.contains("<td class=\"num\">43</td>"));
        assert_eq!(drawn.matches("<rect class=\"c-legal\"").count(), 2, "one piece and one legend");
    }
}
