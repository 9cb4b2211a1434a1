//! Styles, icons and scripts, built into the binary and served under a name that holds their digest.

use std::sync::LazyLock;

use sha2::{Digest, Sha256};

/// One file that a router serves as it is, with [`IMMUTABLE`] as its `Cache-Control`.
#[derive(Debug)]
pub struct Asset {
    /// Path from the root of the site, `/assets/portal-1f3c….css`; changes whenever a byte changes.
    pub path: String,
    /// Value of the `Content-Type` header.
    pub content_type: &'static str,
    /// The whole file.
    pub bytes: &'static [u8],
}

/// `Cache-Control` of every asset: the name changes with the content, so it may be kept for ever.
pub const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// The policy both wings send with every page: no inline style or script, nothing from elsewhere.
/// `data:` is for the tick in ui.css, `blob:` for the picture of a photo before it is uploaded.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
     img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; media-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const PORTAL_CSS: &str = concat!(include_str!("../assets/tokens.css"), include_str!("../assets/ui.css"), include_str!("../assets/portal.css"),);
const WORKBENCH_CSS: &str = concat!(include_str!("../assets/tokens.css"), include_str!("../assets/ui.css"), include_str!("../assets/workbench.css"),);

const CSS: &str = "text/css; charset=utf-8";
const SVG: &str = "image/svg+xml";
const JS: &str = "text/javascript; charset=utf-8";

/// Places in the table of [`assets`]; kept beside it so that a new file is one line in each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum File {
    PortalCss,
    WorkbenchCss,
    Icons,
    Draft,
    Upload,
    Aloud,
    Keys,
    Reader,
    Verify,
}

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let file = |stem: &str, ending: &str, content_type, text: &'static str| Asset {
        path: format!("/assets/{stem}-{}.{ending}", &hex::encode(Sha256::digest(text))[..16]),
        content_type,
        bytes: text.as_bytes(),
    };
    vec![
        file("portal", "css", CSS, PORTAL_CSS),
        file("workbench", "css", CSS, WORKBENCH_CSS),
        file("icons", "svg", SVG, include_str!("../assets/icons.svg")),
        file("draft", "mjs", JS, include_str!("../assets/draft.mjs")),
        file("upload", "mjs", JS, include_str!("../assets/upload.mjs")),
        file("aloud", "mjs", JS, include_str!("../assets/aloud.mjs")),
        file("keys", "mjs", JS, include_str!("../assets/keys.mjs")),
        file("reader", "mjs", JS, include_str!("../assets/reader.mjs")),
        file("verify", "mjs", JS, include_str!("../assets/verify.mjs")),
    ]
});

/// Every file that pages of either wing link to.
pub fn assets() -> &'static [Asset] {
    &ASSETS
}

/// The asset at a request's path; `None` is a 404.
pub fn asset(path: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.path == path)
}

pub(crate) fn path(file: File) -> &'static str {
    &ASSETS[file as usize].path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_place_names_its_file() {
        for (file, stem) in [
            (File::PortalCss, "/assets/portal-"),
            (File::WorkbenchCss, "/assets/workbench-"),
            (File::Icons, "/assets/icons-"),
            (File::Draft, "/assets/draft-"),
            (File::Upload, "/assets/upload-"),
            (File::Aloud, "/assets/aloud-"),
            (File::Keys, "/assets/keys-"),
            (File::Reader, "/assets/reader-"),
            (File::Verify, "/assets/verify-"),
        ] {
            assert!(path(file).starts_with(stem), "{file:?} is {}", path(file));
            assert!(asset(path(file)).is_some());
        }
        assert!(asset("/assets/portal.css").is_none(), "a name without digest must not be cached");
    }

    /// Tokens are named in README of the mock as fixed: a style that uses an unknown one shows nothing.
    #[test]
    fn every_token_used_is_defined() {
        for css in [PORTAL_CSS, WORKBENCH_CSS] {
            let defined: Vec<&str> = css
                .split("--")
                .filter_map(|rest| rest.split_once(':').map(|(name, _)| name.trim_end()))
                .filter(|name| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'))
                .collect();
            for used in css.split("var(--").skip(1) {
                let name = used.split([')', ',']).next().expect("split gives one");
                assert!(defined.contains(&name), "--{name} is used and never defined");
            }
        }
    }

    #[test]
    fn scripts_of_a_wing_stay_under_15_kb() {
        // the workbench uploads over the court's own network and needs no pieces
        let size = |files: &[File]| -> usize { files.iter().map(|file| asset(path(*file)).expect("listed").bytes.len()).sum() };
        assert!(size(&[File::Draft, File::Upload, File::Aloud, File::Verify]) <= 15_000);
        assert!(size(&[File::Draft, File::Keys, File::Reader]) <= 15_000);
    }

    #[test]
    fn no_style_loads_from_elsewhere() {
        for css in [PORTAL_CSS, WORKBENCH_CSS] {
            assert!(!css.contains("@import") && !css.contains("url(http") && !css.contains("url(\"http"));
        }
    }
}
