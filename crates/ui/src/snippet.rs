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
