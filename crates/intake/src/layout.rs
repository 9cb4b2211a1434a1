//! Where the blocks of writing are on an upright page: cells of ruled tables, two columns, and the rest; in reading order.
//!
//! The blocks are stacked below each other into one tall picture, which the engine reads in one run as the plain column of
//! lines that it is good at; each word is then put back where it stood.
use crate::engine::Word;
use crate::report::Rect;
use image::{GrayImage, Luma, imageops};
use imageproc::region_labelling::{Connectivity, connected_components};
use std::collections::BTreeMap;
use std::ops::Range;

const INK: u8 = 140;
/// A thin line may be as light as this.
const GREY: u8 = 190;
/// White space around each block in the stack, pixels.
const MARGIN: u32 = 14;

/// A page cut into blocks.
pub(crate) struct Layout {
    /// The page without its rulings.
    pub clean: GrayImage,
    /// Blocks in reading order; empty where the page is one plain column.
    pub blocks: Vec<Rect>,
}

/// Finds rulings, cells and columns.
pub(crate) fn layout(page: &GrayImage) -> Layout {
    let (mask, any) = rulings(page);
    let mut clean = page.clone();
    if any {
        for (pixel, ruled) in clean.pixels_mut().zip(mask.pixels()) {
            if ruled.0[0] > 0 {
                pixel.0[0] = 255;
            }
        }
    }
    let cells = if any { cells(&mask) } else { Vec::new() };
    let blocks = if cells.len() >= 2 { with_cells(&clean, &cells) } else { columns(&clean).unwrap_or_default() };
    let blocks = blocks.into_iter().filter_map(|b| trim(&clean, b)).collect();
    Layout { clean, blocks }
}

/// Marks long straight runs of ink, across and down, and long thin grey ones, as folds leave them. Says whether there are any.
fn rulings(page: &GrayImage) -> (GrayImage, bool) {
    let (w, h) = page.dimensions();
    let long = (w.max(h) / 32).max(48);
    let mut mask = GrayImage::new(w, h);
    let mut any = false;
    let mut mark = |along: u32, across: u32, at: &dyn Fn(u32, u32) -> (u32, u32)| {
        let value = |i: u32, line: u32| {
            let (x, y) = at(i, line);
            page.get_pixel(x, y).0[0]
        };
        for line in 0..across {
            let (before, after) = (line.saturating_sub(6), (line + 6).min(across - 1));
            let ruled = |i: u32| {
                let v = value(i, line);
                v < INK || v < GREY && value(i, before) >= GREY && value(i, after) >= GREY
            };
            for run in runs(along, ruled).into_iter().filter(|r| r.len() as u32 >= long) {
                any = true;
                for i in run.start.saturating_sub(2)..(run.end + 2).min(along) {
                    for side in line.saturating_sub(1)..(line + 2).min(across) {
                        let (x, y) = at(i, side);
                        mask.put_pixel(x, y, Luma([255]));
                    }
                }
            }
        }
    };
    mark(w, h, &|i, line| (i, line));
    mark(h, w, &|i, line| (line, i));
    (mask, any)
}

/// Stretches of `0..along` where `holds`, gaps of up to two passed over.
fn runs(along: u32, holds: impl Fn(u32) -> bool) -> Vec<Range<u32>> {
    let mut runs: Vec<Range<u32>> = Vec::new();
    for i in (0..along).filter(|i| holds(*i)) {
        match runs.last_mut() {
            Some(run) if i - run.end <= 2 => run.end = i + 1,
            _ => runs.push(i..i + 1),
        }
    }
    runs
}

/// The spaces that rulings enclose, without the page around them and without frames around everything.
fn cells(mask: &GrayImage) -> Vec<Rect> {
    let (w, h) = mask.dimensions();
    let open = GrayImage::from_fn(w, h, |x, y| Luma([255 - mask.get_pixel(x, y).0[0]]));
    let labels = connected_components(&open, Connectivity::Four, Luma([0]));
    let mut boxes = BTreeMap::<u32, (u32, u32, u32, u32, u32)>::new();
    for (x, y, label) in labels.enumerate_pixels().filter(|(_, _, l)| l.0[0] != 0) {
        let b = boxes.entry(label.0[0]).or_insert((x, y, x, y, 0));
        *b = (b.0.min(x), b.1.min(y), b.2.max(x), b.3.max(y), b.4 + 1);
    }
    let least = (w.max(h) / 80).max(14);
    let mut cells: Vec<Rect> = boxes
        .into_values()
        .filter(|b| b.0 > 0 && b.1 > 0 && b.2 + 1 < w && b.3 + 1 < h)
        .map(|(x0, y0, x1, y1, area)| (Rect { x: x0, y: y0, w: x1 - x0 + 1, h: y1 - y0 + 1 }, area))
        // A cell fills its box; what winds around other things is no cell.
        .filter(|(r, area)| r.w >= least && r.h >= least && u64::from(*area) * 10 > u64::from(r.w) * u64::from(r.h) * 8)
        .filter(|(r, _)| u64::from(r.w) * u64::from(r.h) * 5 < u64::from(w) * u64::from(h) * 2)
        .map(|(r, _)| r)
        .collect();
    let slack = least;
    cells.sort_by_key(|c| (c.y, c.x));
    // Cells whose tops differ by less than a line are of one row.
    let mut row = 0;
    let mut rows = Vec::new();
    for cell in cells {
        if cell.y > row + slack {
            row = cell.y;
        }
        rows.push((row, cell));
    }
    rows.sort_by_key(|(row, cell)| (*row, cell.x));
    rows.into_iter().map(|(_, cell)| cell).collect()
}

/// Cells, and the bands of the page above, between and below tables.
fn with_cells(clean: &GrayImage, cells: &[Rect]) -> Vec<Rect> {
    let (w, h) = clean.dimensions();
    let mut taken = vec![false; h as usize];
    for cell in cells {
        taken[cell.y as usize..(cell.y + cell.h).min(h) as usize].fill(true);
    }
    // Rulings between rows are a few pixels high; what is left between tables is higher.
    let mut blocks = Vec::new();
    let mut y = 0;
    while y < h {
        let end = (y..h).find(|i| taken[*i as usize] != taken[y as usize]).unwrap_or(h);
        if !taken[y as usize] && end - y > 12 {
            blocks.push((y, Rect { x: 0, y, w, h: end - y }));
        }
        y = end;
    }
    for (i, cell) in cells.iter().enumerate() {
        let row = cells[..i].iter().rev().take_while(|c| c.y.abs_diff(cell.y) < 20).last().unwrap_or(cell).y;
        blocks.push((row, *cell));
    }
    blocks.sort_by_key(|(row, block)| (*row, if block.w == w { 0 } else { block.x }));
    blocks.into_iter().map(|(_, block)| block).collect()
}

/// Ink per row and column within a block.
fn trim(page: &GrayImage, block: Rect) -> Option<Rect> {
    let (mut x0, mut y0, mut x1, mut y1, mut count) = (u32::MAX, u32::MAX, 0, 0, 0);
    for y in block.y..block.y + block.h {
        for x in block.x..block.x + block.w {
            if page.get_pixel(x, y).0[0] < INK {
                (x0, y0, x1, y1) = (x0.min(x), y0.min(y), x1.max(x), y1.max(y));
                count += 1;
            }
        }
    }
    (count > 12 && x1 - x0 > 3 && y1 - y0 > 5).then(|| Rect { x: x0, y: y0, w: x1 - x0 + 1, h: y1 - y0 + 1 })
}

/// Two columns side by side under a gutter in the middle third, with what is above and below them.
fn columns(page: &GrayImage) -> Option<Vec<Rect>> {
    let content = trim(page, Rect { x: 0, y: 0, w: page.width(), h: page.height() })?;
    let cell = (page.width().max(page.height()) / 200).max(4);
    let (w, h) = (content.w / cell, content.h / cell);
    if w < 40 || h < 20 {
        return None;
    }
    let ink = |cx: u32, cy: u32| {
        let mut dark = 0;
        for y in 0..cell {
            for x in 0..cell {
                dark += u32::from(page.get_pixel(content.x + cx * cell + x, content.y + cy * cell + y).0[0] < INK);
            }
        }
        dark * 14 > cell * cell
    };
    let grid: Vec<Vec<bool>> = (0..h).map(|y| (0..w).map(|x| ink(x, y)).collect()).collect();
    let gutter = (w / 45).max(2);
    let mut best = (0, 0, 0);
    for x in w * 35 / 100..w * 65 / 100 - gutter {
        let mut from = 0;
        for y in 0..=h {
            let blocked = y == h || (x..x + gutter).any(|x| grid[y as usize][x as usize]);
            if blocked {
                if y - from > best.0 {
                    best = (y - from, x, from);
                }
                from = y + 1;
            }
        }
    }
    let (height, x, y) = best;
    let side = |range: std::ops::Range<u32>| -> Vec<bool> { (y..y + height).map(|y| range.clone().any(|x| grid[y as usize][x as usize])).collect() };
    let (left, right) = (side(0..x), side(x + gutter..w));
    let count = |rows: &[bool]| rows.iter().filter(|r| **r).count();
    let both = left.iter().zip(&right).filter(|(l, r)| **l && **r).count();
    let fewer = count(&left).min(count(&right));
    // Some lines must stand beside others: a paragraph's end with a signature further down and to the right is one column.
    if height * 100 < h * 30 || both < 10 || both * 100 < fewer * 35 {
        return None;
    }
    let (top, bottom) = (content.y + y * cell, content.y + (y + height) * cell);
    let middle = content.x + (x + gutter / 2) * cell;
    let (right_edge, end) = (content.x + content.w, content.y + content.h);
    Some(vec![
        Rect { x: content.x, y: content.y, w: content.w, h: top - content.y },
        Rect { x: content.x, y: top, w: middle - content.x, h: bottom.min(end) - top },
        Rect { x: middle, y: top, w: right_edge - middle, h: bottom.min(end) - top },
        Rect { x: content.x, y: bottom.min(end), w: content.w, h: end.saturating_sub(bottom) },
    ])
}

/// The blocks below each other, and where each begins.
pub(crate) fn stack(layout: &Layout) -> (GrayImage, Vec<u32>) {
    let width = layout.blocks.iter().map(|b| b.w).max().unwrap_or(1) + 2 * MARGIN;
    let height = layout.blocks.iter().map(|b| b.h + 2 * MARGIN).sum::<u32>().max(1);
    let mut tall = GrayImage::from_pixel(width, height, Luma([255]));
    let (mut y, mut tops) = (0, Vec::new());
    for block in &layout.blocks {
        let crop = imageops::crop_imm(&layout.clean, block.x, block.y, block.w, block.h).to_image();
        imageops::replace(&mut tall, &crop, i64::from(MARGIN), i64::from(y + MARGIN));
        tops.push(y);
        y += block.h + 2 * MARGIN;
    }
    (tall, tops)
}

/// Puts words of the stack back where they stood on the page. Lines stay lines.
pub(crate) fn unstack(layout: &Layout, tops: &[u32], words: Vec<Word>) -> Vec<Word> {
    let mut back: Vec<(usize, Word)> = words
        .into_iter()
        .map(|mut word| {
            let middle = word.rect.y + word.rect.h / 2;
            let i = tops.partition_point(|top| *top <= middle).saturating_sub(1);
            let block = layout.blocks[i];
            word.rect.x = (block.x + word.rect.x).saturating_sub(MARGIN).min(layout.clean.width() - 1);
            word.rect.y = (block.y + word.rect.y).saturating_sub(tops[i] + MARGIN).min(layout.clean.height() - 1);
            word.rect.w = word.rect.w.min(layout.clean.width() - word.rect.x);
            word.rect.h = word.rect.h.min(layout.clean.height() - word.rect.y);
            (i, word)
        })
        .collect();
    back.sort_by_key(|(i, word)| (*i, word.line));
    // A line that the engine drew across two blocks is two lines.
    let mut line = 0;
    let mut before = None;
    back.into_iter()
        .map(|(i, mut word)| {
            let key = (i, word.line);
            if before.is_some_and(|b| b != key) {
                line += 1;
            }
            before = Some(key);
            word.line = line;
            word
        })
        .collect()
}
