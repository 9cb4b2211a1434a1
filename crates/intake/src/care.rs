//! Page care: from a photo or scan to an upright, evenly lit page. The steps are those that were measured to help
//! (`docs/performance.md`); the received image itself is never changed.
use crate::ink::{Pieces, Touch};
use image::{DynamicImage, GrayImage, Luma, RgbImage, imageops};
use imageproc::geometric_transformations::{Border, Interpolation, Projection, warp_into};

/// Pixels of the longest side that is read: A4 at 300 dpi, a little over.
const LONGEST: u32 = 3600;

/// Specks from which on a page counts as strewn with them.
const STREWN: usize = 1500;

/// What care found out about the received image.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    /// Whether the edge of a sheet was found on a desk and the view straightened.
    pub sheet: bool,
    /// Degrees of skew that were turned back, counter-clockwise positive.
    pub skew: f32,
    /// Whether the lines of writing run along the short way of the image as it lay (turned by 90 or 270).
    pub sideways: bool,
}

/// The page evenly lit, its lines level; not yet turned by quarter turns.
pub fn prepare(image: &DynamicImage) -> (GrayImage, Found) {
    let gray = reduce(without_colour(image));
    let (gray, sheet) = match sheet(&gray) {
        Some(corners) => (straighten(&gray, corners), true),
        None => (gray, false),
    };
    let even = without_specks(without_blobs(flatten(&gray)));
    let ink = Ink::of(&even);
    let (skew, sideways) = ink.skew();
    let level = if skew.abs() < 0.05 { even } else { turn_by(&even, skew) };
    (level, Found { sheet, skew, sideways })
}

/// Turned clockwise by 0, 90, 180 or 270 degrees.
pub fn quarter_turn(image: &GrayImage, clockwise: u32) -> GrayImage {
    match clockwise {
        90 => imageops::rotate90(image),
        180 => imageops::rotate180(image),
        270 => imageops::rotate270(image),
        _ => image.clone(),
    }
}

/// Whether a level page of lines plainly stands on its head. Commas and full stops stand in the lower half of their lines, alone
/// in their columns; few other marks are as small, and hardly any stands in the upper half. `false` also where there are too few.
pub fn upended(level: &GrayImage) -> bool {
    let (width, pixels): (usize, &[u8]) = (level.width().max(1) as usize, level);
    let ink = |v: &u8| *v < 128;
    let rows: Vec<bool> = pixels.chunks_exact(width).map(|row| row.iter().filter(|v| ink(v)).count() > 2).collect();
    let (mut low, mut high) = (0, 0);
    let mut top = 0;
    for line in rows.chunk_by(|a, b| a == b) {
        let (from, height) = (top, line.len());
        top += height;
        if !line[0] || !(LINE.contains(&height)) {
            continue;
        }
        // For each column of the line: its first and last row of ink.
        let mut columns = vec![(height, 0); width];
        for (y, row) in pixels[from * width..top * width].chunks_exact(width).enumerate() {
            for (column, _) in columns.iter_mut().zip(row).filter(|(_, v)| ink(v)) {
                *column = (column.0.min(y), y);
            }
        }
        for mark in columns.chunk_by(|a, b| (a.0 < height) == (b.0 < height)).filter(|mark| mark[0].0 < height) {
            let (first, last) = mark.iter().fold((height, 0), |(first, last), c| (first.min(c.0), last.max(c.1)));
            let small = |n: usize| n * 10 >= height && n * 3 <= height;
            if small(mark.len()) && small(last - first + 1) {
                match (first + last) * 5 / height {
                    0..=3 => high += 1,
                    4..=5 => {}
                    _ => low += 1,
                }
            }
        }
    }
    high >= 6 && high > 3 * low
}

/// Pixels of height that a line of writing may have.
const LINE: std::ops::Range<usize> = 14..160;

/// The brightest channel: the red of seals and the colours of bubbles and rules fade, black print stays.
fn without_colour(image: &DynamicImage) -> GrayImage {
    match image {
        DynamicImage::ImageLuma8(gray) => gray.clone(),
        DynamicImage::ImageRgb8(rgb) => brightest(rgb),
        other => brightest(&other.to_rgb8()),
    }
}

fn brightest(rgb: &RgbImage) -> GrayImage {
    let mut gray = GrayImage::new(rgb.width(), rgb.height());
    for (to, from) in gray.pixels_mut().zip(rgb.pixels()) {
        to.0[0] = from.0.into_iter().fold(0, u8::max);
    }
    gray
}

/// No page needs more than A4 at 300 dpi; a camera's picture is brought down to about that.
fn reduce(gray: GrayImage) -> GrayImage {
    let longest = gray.width().max(gray.height());
    if longest <= LONGEST {
        return gray;
    }
    let scaled = |side: u32| (u64::from(side) * u64::from(LONGEST) / u64::from(longest)).max(1) as u32;
    imageops::resize(&gray, scaled(gray.width()), scaled(gray.height()), imageops::FilterType::Triangle)
}

/// The paper's brightness under the writing: per block the 85th percentile, closed over dark blocks, smoothed.
fn paper(gray: &GrayImage) -> GrayImage {
    let block = (gray.width().max(gray.height()) / 160).max(4);
    let (w, h) = (gray.width().div_ceil(block), gray.height().div_ceil(block));
    let mut coarse = GrayImage::new(w, h);
    for by in 0..h {
        for bx in 0..w {
            coarse.put_pixel(bx, by, Luma([percentile(gray, bx * block, by * block, block, 85)]));
        }
    }
    let mask = imageproc::morphology::Mask::square(3);
    let closed = imageproc::morphology::grayscale_close(&coarse, &mask);
    imageproc::filter::gaussian_blur_f32(&closed, 1.2)
}

fn percentile(gray: &GrayImage, x0: u32, y0: u32, block: u32, percent: u32) -> u8 {
    let (x1, y1) = ((x0 + block).min(gray.width()), (y0 + block).min(gray.height()));
    let mut counts = [0u32; 256];
    let pixels: &[u8] = gray;
    for y in y0..y1 {
        let row = (y * gray.width()) as usize;
        for value in &pixels[row + x0 as usize..row + x1 as usize] {
            counts[usize::from(*value)] += 1;
        }
    }
    quantile(&counts, percent)
}

fn quantile(counts: &[u32; 256], percent: u32) -> u8 {
    let total: u64 = counts.iter().map(|c| u64::from(*c)).sum();
    let mut seen = 0;
    for (value, count) in counts.iter().enumerate() {
        seen += u64::from(*count);
        if seen * 100 >= total * u64::from(percent) {
            return value as u8;
        }
    }
    255
}

/// The page as if lit evenly, with ink stretched to black: shadows, folds and faint print become alike.
pub fn flatten(gray: &GrayImage) -> GrayImage {
    let mut even = gray.clone();
    light_evenly(&mut even, &paper(gray));
    let mut counts = [0u32; 256];
    for pixel in even.pixels() {
        counts[pixel.0[0] as usize] += 1;
    }
    // The darkest half per cent of a written page is ink; the brightest tenth of the range is paper grain.
    let mut written = counts;
    written[216..].fill(0);
    let black = u32::from(quantile(&written, 12)).min(200);
    let white = 240;
    for pixel in even.pixels_mut() {
        let value = u32::from(pixel.0[0]).clamp(black, white);
        pixel.0[0] = ((value - black) * 255 / (white - black)) as u8;
    }
    even
}

/// Divides a page by the brightness of its paper, which is known at a coarse scale and interpolated between.
fn light_evenly(page: &mut GrayImage, paper: &GrayImage) {
    /// Steps between two coarse pixels.
    const ONE: u32 = 256;
    // For each place along a side: the coarse pixel before it, the one after, and how far between them it lies.
    let places = |fine: u32, coarse: u32| -> Vec<(u32, u32, u32)> {
        (0..fine)
            .map(|at| {
                let middle = ((u64::from(at) * 2 + 1) * u64::from(coarse) * u64::from(ONE) / (u64::from(fine) * 2)) as u32;
                let from = middle.saturating_sub(ONE / 2);
                ((from / ONE).min(coarse - 1), (from / ONE + 1).min(coarse - 1), from % ONE)
            })
            .collect()
    };
    let (columns, lines) = (places(page.width(), paper.width()), places(page.height(), paper.height()));
    let mut row = vec![0u32; paper.width() as usize];
    for (pixels, (above, below, down)) in page.rows_mut().zip(lines) {
        for (x, value) in row.iter_mut().enumerate() {
            let at = |y| u32::from(paper.get_pixel(x as u32, y).0[0]);
            *value = at(above) * (ONE - down) + at(below) * down;
        }
        for (pixel, (left, right, across)) in pixels.zip(&columns) {
            let light = (row[*left as usize] * (ONE - across) + row[*right as usize] * across) / (ONE * ONE);
            pixel.0[0] = (u32::from(pixel.0[0]) * 255 / light.max(1)).min(255) as u8;
        }
    }
}

/// A page without solid dark patches: portraits, avatars, bars. No character fills its box as they do.
fn without_blobs(mut even: GrayImage) -> GrayImage {
    let least = even.width().max(even.height()) / 75;
    Pieces::of(&even, 170, Touch::Sides).erase(&mut even, |p| {
        let (w, h) = (p.x1 - p.x0 + 1, p.y1 - p.y0 + 1);
        w >= least && h >= least && u64::from(p.area) * 4 > u64::from(w) * u64::from(h) * 3
    });
    even
}

/// A page strewn with specks, as a bad sensor or copier strews them, without them. Other pages stay as they are: their specks are
/// the dots of their characters.
fn without_specks(mut even: GrayImage) -> GrayImage {
    let most = if even.width().max(even.height()) > 2000 { 5 } else { 3 };
    let pieces = Pieces::of(&even, 150, Touch::Corners);
    if pieces.iter().filter(|p| p.area <= most).count() >= STREWN {
        pieces.erase(&mut even, |p| p.area <= most);
    }
    even
}

/// The dark points of a page, at a coarse scale.
struct Ink {
    points: Vec<(f32, f32)>,
    width: f32,
    height: f32,
}

impl Ink {
    fn of(even: &GrayImage) -> Self {
        let step = (even.width().max(even.height()) / 1200).max(1);
        let mut points = Vec::new();
        for y in (0..even.height()).step_by(step as usize) {
            for x in (0..even.width()).step_by(step as usize) {
                if even.get_pixel(x, y).0[0] < 110 {
                    points.push(((x / step) as f32, (y / step) as f32));
                }
            }
        }
        let thin = points.len() / 60_000 + 1;
        let points = points.into_iter().step_by(thin).collect();
        Self { points, width: (even.width() / step) as f32, height: (even.height() / step) as f32 }
    }

    /// Ink per row (per column when `sideways`) of the page sheared by `degrees`.
    fn profile(&self, degrees: f32, sideways: bool) -> Vec<f64> {
        let slope = degrees.to_radians().tan();
        let (along, across) = if sideways { (self.height, self.width) } else { (self.width, self.height) };
        let margin = along * slope.abs();
        let mut rows = vec![0f64; (across + 2.0 * margin) as usize + 2];
        for (x, y) in &self.points {
            let at = if sideways { x - y * slope } else { y + x * slope };
            rows[(at + margin).max(0.0) as usize] += 1.0;
        }
        rows
    }

    /// Degrees of skew (counter-clockwise positive) and whether lines run up and down.
    fn skew(&self) -> (f32, bool) {
        if self.points.len() < 200 {
            return (0.0, false);
        }
        let best = |sideways: bool, from: f32, to: f32, step: f32| {
            let count = ((to - from) / step).round() as i32;
            let scored = (0..=count).map(|i| from + i as f32 * step).map(|a| (a, sharpness(&self.profile(a, sideways))));
            scored.fold((0.0, 0.0), |best, now| if now.1 > best.1 { now } else { best }).0
        };
        let (upright, lying) = (best(false, -5.0, 5.0, 0.25), best(true, -5.0, 5.0, 0.25));
        let sideways = gaps(&self.profile(lying, true)) > gaps(&self.profile(upright, false));
        let coarse = if sideways { lying } else { upright };
        (best(sideways, coarse - 0.25, coarse + 0.25, 0.05), sideways)
    }
}

/// How sharply ink and paper alternate along a profile.
fn sharpness(rows: &[f64]) -> f64 {
    rows.windows(2).map(|w| (w[1] - w[0]).powi(2)).sum()
}

/// How much of the written part of a profile is bare. Between lines there is paper; between the characters of justified
/// lines hardly any, for they do not stand below each other.
fn gaps(rows: &[f64]) -> f64 {
    let total: f64 = rows.iter().sum();
    let (mut seen, mut inner) = (0.0, Vec::new());
    for row in rows {
        seen += row;
        if seen > total * 0.03 && seen < total * 0.97 {
            inner.push(*row);
        }
    }
    let mean = inner.iter().sum::<f64>() / inner.len().max(1) as f64;
    inner.iter().map(|row| (row - mean).powi(2)).sum::<f64>() / inner.len().max(1) as f64 / (mean * mean).max(1e-9)
}

/// Turned by a small angle about the centre, clockwise positive; what comes in from outside is paper. Each pixel is weighed from
/// the four that it falls between, in steps of 1/256.
fn turn_by(image: &GrayImage, degrees: f32) -> GrayImage {
    const PAPER: i64 = 255;
    let (w, h) = (i64::from(image.width()), i64::from(image.height()));
    let fixed = |value: f64| (value * 65_536.0).round() as i64;
    let (sin, cos) = f64::from(degrees.to_radians()).sin_cos();
    let (cx, cy) = (w as f64 / 2.0, h as f64 / 2.0);
    let from: &[u8] = image;
    let at = |x: i64, y: i64| if x < 0 || y < 0 || x >= w || y >= h { PAPER } else { i64::from(from[(y * w + x) as usize]) };
    let mut turned = GrayImage::new(image.width(), image.height());
    for (y, row) in turned.rows_mut().enumerate() {
        let down = y as f64 - cy;
        let (mut sx, mut sy) = (fixed(cx - cos * cx + sin * down), fixed(cy + sin * cx + cos * down));
        for pixel in row {
            let (x, y) = (sx >> 16, sy >> 16);
            let (right, below) = (sx >> 8 & 255, sy >> 8 & 255);
            let (a, b, c, d) = if x >= 0 && y >= 0 && x + 1 < w && y + 1 < h {
                let i = (y * w + x) as usize;
                let next = i + w as usize;
                (i64::from(from[i]), i64::from(from[i + 1]), i64::from(from[next]), i64::from(from[next + 1]))
            } else {
                (at(x, y), at(x + 1, y), at(x, y + 1), at(x + 1, y + 1))
            };
            let (upper, lower) = (a * (256 - right) + b * right, c * (256 - right) + d * right);
            pixel.0[0] = ((upper * (256 - below) + lower * below + 32_768) >> 16) as u8;
            sx += fixed(cos);
            sy -= fixed(sin);
        }
    }
    turned
}

/// The four corners of a light sheet on a dark desk, clockwise from top left, if there is one.
fn sheet(gray: &GrayImage) -> Option<[(f32, f32); 4]> {
    let step = (gray.width().max(gray.height()) / 400).max(1);
    let small = imageops::thumbnail(gray, (gray.width() / step).max(1), (gray.height() / step).max(1));
    let small = imageproc::filter::gaussian_blur_f32(&small, 1.5);
    let level = imageproc::contrast::otsu_level(&small);
    let (w, h) = small.dimensions();
    let edge: Vec<u8> = (0..w)
        .flat_map(|x| [small.get_pixel(x, 0).0[0], small.get_pixel(x, h - 1).0[0]])
        .chain((0..h).flat_map(|y| [small.get_pixel(0, y).0[0], small.get_pixel(w - 1, y).0[0]]))
        .collect();
    let dark = edge.iter().filter(|v| **v <= level).count();
    if dark * 10 < edge.len() * 8 {
        return None;
    }
    let mask = imageproc::contrast::threshold(&small, level, imageproc::contrast::ThresholdType::Binary);
    let labels = imageproc::region_labelling::connected_components(&mask, imageproc::region_labelling::Connectivity::Four, Luma([0]));
    let mut sizes = std::collections::HashMap::<u32, usize>::new();
    for pixel in labels.pixels().filter(|p| p.0[0] != 0) {
        *sizes.entry(pixel.0[0]).or_default() += 1;
    }
    let (label, size) = sizes.into_iter().max_by_key(|(_, size)| *size)?;
    if size * 4 < (w * h) as usize {
        return None;
    }
    let corner = |score: fn(f32, f32) -> f32| {
        labels
            .enumerate_pixels()
            .filter(|(_, _, p)| p.0[0] == label)
            .map(|(x, y, _)| (x as f32, y as f32))
            .max_by(|a, b| score(a.0, a.1).total_cmp(&score(b.0, b.1)))
    };
    let corners = [corner(|x, y| -x - y)?, corner(|x, y| x - y)?, corner(|x, y| x + y)?, corner(|x, y| y - x)?];
    let scale = |(x, y): (f32, f32)| ((x + 0.5) * gray.width() as f32 / w as f32, (y + 0.5) * gray.height() as f32 / h as f32);
    Some(corners.map(scale))
}

/// The sheet seen from straight above.
fn straighten(gray: &GrayImage, corners: [(f32, f32); 4]) -> GrayImage {
    let length = |a: (f32, f32), b: (f32, f32)| ((a.0 - b.0).powi(2) + (a.1 - b.1).powi(2)).sqrt();
    let [a, b, c, d] = corners;
    let (w, h) = (length(a, b).max(length(d, c)), length(a, d).max(length(b, c)));
    // A little inside the edge, so that no desk shows.
    let inset = 0.006 * w.max(h);
    let to = [(-inset, -inset), (w + inset, -inset), (w + inset, h + inset), (-inset, h + inset)];
    let Some(projection) = Projection::from_control_points(corners, to) else { return gray.clone() };
    let mut out = GrayImage::new(w.round() as u32, h.round() as u32);
    warp_into(gray, projection, Interpolation::Bilinear, Border::Replicate, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use imageproc::geometric_transformations::rotate_about_center;

    /// Twelve lines of blocks, each followed by a dot low in its line.
    fn page() -> GrayImage {
        GrayImage::from_fn(600, 600, |x, y| {
            let (column, row) = (x % 50, y % 50);
            let block = column < 30 && (5..35).contains(&row);
            let dot = (36..42).contains(&column) && (27..34).contains(&row);
            Luma([if block || dot { 0 } else { 255 }])
        })
    }

    #[test]
    fn dots_tell_which_end_is_up() {
        let page = page();
        assert!(!upended(&page));
        assert!(upended(&quarter_turn(&page, 180)));
        assert!(!upended(&GrayImage::from_pixel(600, 600, Luma([255]))), "a blank page has no end");
    }

    #[test]
    fn a_page_is_turned_as_the_library_turns_it() {
        let page = imageproc::filter::gaussian_blur_f32(&page(), 2.0);
        for degrees in [-4.9, -0.3, 0.05, 2.35] {
            let theirs = rotate_about_center(&page, f32::to_radians(degrees), Interpolation::Bilinear, Border::Constant(Luma([255])));
            let ours = turn_by(&page, degrees);
            let far = ours.enumerate_pixels().filter(|(x, y, v)| v.0[0].abs_diff(theirs.get_pixel(*x, *y).0[0]) > 2);
            // Where the border comes in, the library gives whole pixels to it.
            assert_eq!(far.filter(|(x, y, _)| (60..540).contains(x) && (60..540).contains(y)).count(), 0, "{degrees}");
        }
    }
}
