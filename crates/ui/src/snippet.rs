//! A piece of a page image: above a value that was read there, under a sentence that rests on it.

use maud::{Markup, html};

/// A piece of a page image, `boxed` by what was read there. Coordinates are pixels of the image:
/// `[x, y, width, height]`.
pub fn snippet(image_href: &str, image_size: [u32; 2], piece: [u32; 4], boxed: [u32; 4], spoken: &str) -> Markup {
    let view = piece.map(|n| n.to_string()).join(" ");
    html! {
        svg.snip viewBox=(view) role="img" aria-label=(spoken) {
            image href=(image_href) width=(image_size[0]) height=(image_size[1]) {}
            rect x=(boxed[0]) y=(boxed[1]) width=(boxed[2]) height=(boxed[3]) fill="#1f4e8c" fill-opacity=".12" stroke="#1f4e8c" stroke-width="1.4" {}
        }
    }
}

/// The same piece cut out by the server, so that nobody loads a page for one line. `piece_href` gives the pixels of `piece` alone.
pub fn cutting(piece_href: &str, piece: [u32; 4], boxed: [u32; 4], spoken: &str) -> Markup {
    let [x, y, width, height] = piece;
    html! {
        span.snip.cut {
            img src=(piece_href) width=(width) height=(height) alt=(spoken) loading="lazy";
            svg viewBox=(format!("0 0 {width} {height}")) aria-hidden="true" {
                rect x=(boxed[0].saturating_sub(x)) y=(boxed[1].saturating_sub(y)) width=(boxed[2]) height=(boxed[3]) fill="#1f4e8c" fill-opacity=".12" stroke="#1f4e8c" stroke-width="1.4" {}
            }
        }
    }
}
