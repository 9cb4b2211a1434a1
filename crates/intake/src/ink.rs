//! 墨迹: the connected pieces of ink on a page, found by runs: one pass over the rows, nothing kept for a pixel of paper.
use image::GrayImage;

/// A stretch of ink in one row, both ends within it.
struct Run {
    y: u32,
    first: u32,
    last: u32,
    piece: u32,
}

/// What is known of one connected piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Piece {
    pub x0: u32,
    pub y0: u32,
    pub x1: u32,
    pub y1: u32,
    /// Pixels of ink.
    pub area: u32,
}

/// Whether pixels that touch by a corner are one piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Touch {
    Sides,
    Corners,
}

/// The pieces of a page.
pub(crate) struct Pieces {
    runs: Vec<Run>,
    pieces: Vec<Piece>,
}

impl Pieces {
    /// Finds the pieces of pixels not brighter than `darkest_paper`.
    pub(crate) fn of(page: &GrayImage, most: u8, touch: Touch) -> Self {
        let reach = u32::from(touch == Touch::Corners);
        let mut runs: Vec<Run> = Vec::new();
        let mut parents: Vec<u32> = Vec::new();
        let width = page.width().max(1) as usize;
        let mut above = 0..0;
        for (y, row) in page.as_raw().chunks_exact(width).enumerate() {
            let begin = runs.len();
            let mut before = above.start;
            let mut x = 0;
            while let Some(from) = row[x..].iter().position(|v| *v <= most).map(|at| x + at) {
                let to = row[from..].iter().position(|v| *v > most).map_or(width, |at| from + at);
                x = to;
                let (first, last) = (from as u32, to as u32 - 1);
                let mut piece = None;
                while before < above.end && runs[before].last + reach < first {
                    before += 1;
                }
                let mut at = before;
                while at < above.end && runs[at].first <= last + reach {
                    let other = root(&mut parents, runs[at].piece);
                    piece = Some(match piece {
                        None => other,
                        Some(mine) => {
                            let (low, high) = (other.min(mine), other.max(mine));
                            parents[high as usize] = low;
                            low
                        }
                    });
                    at += 1;
                }
                let piece = piece.unwrap_or_else(|| {
                    parents.push(parents.len() as u32);
                    parents.len() as u32 - 1
                });
                runs.push(Run { y: y as u32, first, last, piece });
            }
            above = begin..runs.len();
        }
        let mut pieces = vec![Piece { x0: u32::MAX, y0: u32::MAX, x1: 0, y1: 0, area: 0 }; parents.len()];
        for run in &mut runs {
            run.piece = root(&mut parents, run.piece);
            let p = &mut pieces[run.piece as usize];
            *p = Piece { x0: p.x0.min(run.first), y0: p.y0.min(run.y), x1: p.x1.max(run.last), y1: run.y, area: p.area + run.last - run.first + 1 };
        }
        Self { runs, pieces }
    }

    /// Every piece, in the order of its first row.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Piece> {
        self.pieces.iter().filter(|p| p.area > 0)
    }

    /// Makes paper of the pieces for which this holds.
    pub(crate) fn erase(&self, page: &mut GrayImage, which: impl Fn(&Piece) -> bool) {
        let gone: Vec<bool> = self.pieces.iter().map(|p| p.area > 0 && which(p)).collect();
        let width = page.width() as usize;
        let pixels: &mut [u8] = page;
        for run in self.runs.iter().filter(|run| gone[run.piece as usize]) {
            let row = run.y as usize * width;
            pixels[row + run.first as usize..=row + run.last as usize].fill(255);
        }
    }
}

/// The piece that this one was joined to, the way to it shortened.
fn root(parents: &mut [u32], mut of: u32) -> u32 {
    while parents[of as usize] != of {
        parents[of as usize] = parents[parents[of as usize] as usize];
        of = parents[of as usize];
    }
    of
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;
    use imageproc::region_labelling::{Connectivity, connected_components};
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    /// The same by the library's labels.
    fn labelled(page: &GrayImage, most: u8, connectivity: Connectivity) -> Vec<Piece> {
        let mask = GrayImage::from_fn(page.width(), page.height(), |x, y| Luma([u8::from(page.get_pixel(x, y).0[0] <= most)]));
        let labels = connected_components(&mask, connectivity, Luma([0]));
        let mut pieces = BTreeMap::<u32, Piece>::new();
        for (x, y, label) in labels.enumerate_pixels().filter(|(_, _, l)| l.0[0] != 0) {
            let p = pieces.entry(label.0[0]).or_insert(Piece { x0: x, y0: y, x1: x, y1: y, area: 0 });
            *p = Piece { x0: p.x0.min(x), y0: p.y0.min(y), x1: p.x1.max(x), y1: y, area: p.area + 1 };
        }
        pieces.into_values().collect()
    }

    fn sorted(mut pieces: Vec<Piece>) -> Vec<Piece> {
        pieces.sort_by_key(|p| (p.y0, p.x0, p.x1, p.y1, p.area));
        pieces
    }

    proptest! {
        #[test]
        fn runs_find_what_labels_find(width in 1u32..14, pixels in prop::collection::vec(prop::sample::select(vec![0u8, 100, 200]), 1..160)) {
            let height = pixels.len() as u32 / width;
            // The library has no label for the only pixel of a page.
            prop_assume!(height > 1 && width > 1);
            let page = GrayImage::from_raw(width, height, pixels[..(width * height) as usize].to_vec()).expect("as many pixels as it says");
            for (touch, connectivity) in [(Touch::Sides, Connectivity::Four), (Touch::Corners, Connectivity::Eight)] {
                let found = sorted(Pieces::of(&page, 100, touch).iter().copied().collect());
                prop_assert_eq!(found, sorted(labelled(&page, 100, connectivity)));
            }
        }
    }

    #[test]
    fn an_erased_piece_leaves_the_others() {
        let mut page = GrayImage::from_fn(5, 3, |x, _| Luma([if x == 2 { 255 } else { 0 }]));
        Pieces::of(&page, 100, Touch::Sides).erase(&mut page, |p| p.x0 == 0);
        assert!(page.enumerate_pixels().all(|(x, _, v)| (v.0[0] == 0) == (x > 2)));
    }
}
