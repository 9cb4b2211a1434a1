//! 归档包: a BagIt package (RFC 8493) as values: payload with SHA-256 and SM3 manifests, tag files, tag manifests.
//!
//! `data/…` is the payload; everything else is a tag file. The same payload and information give the same bytes.
use crate::Digests;
use serde::Serialize;
use std::collections::BTreeMap;

/// Longest name of one folder or file, in bytes of UTF-8: what file systems take.
const NAME: usize = 255;

/// Why a file cannot be put into a bag.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("{0:?} is not a path of a package: relative, without '.', '..', empty parts, control characters, or any of \\ : * ? \" < > |")]
    Path(String),
    #[error("{0:?} is in the package already, or differs from another name in case alone")]
    Twice(String),
    #[error("{0:?} is not a label and {1:?} not its value: one line each, no colon in the label")]
    Info(String, String),
}

/// One file of the payload as the manifests name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Payload {
    pub bytes: u64,
    pub digests: Digests,
}

/// A package being filled. It keeps digests, not bytes: whoever fills it writes the files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bag {
    info: Vec<(String, String)>,
    payload: BTreeMap<String, Payload>,
}

impl Bag {
    /// An empty package with what `bag-info.txt` says; `Payload-Oxum` is added by [`Bag::tag_files`].
    pub fn new(info: &[(&str, &str)]) -> Result<Self, Error> {
        for (label, value) in info {
            let plain = |text: &str| !text.chars().any(char::is_control);
            if label.is_empty() || label.contains(':') || label.trim() != *label || !plain(label) || !plain(value) || value.trim() != *value {
                return Err(Error::Info((*label).to_owned(), (*value).to_owned()));
            }
        }
        Ok(Self { info: info.iter().map(|(label, value)| ((*label).to_owned(), (*value).to_owned())).collect(), payload: BTreeMap::new() })
    }

    /// Adds a file of the payload; `path` without `data/`. Gives the path in the package.
    pub fn add(&mut self, path: &str, bytes: &[u8]) -> Result<String, Error> {
        let path = format!("data/{path}");
        if !is_path(&path) {
            return Err(Error::Path(path));
        }
        // Some file systems know no case.
        if self.payload.keys().any(|other| other.to_lowercase() == path.to_lowercase()) {
            return Err(Error::Twice(path));
        }
        let bytes = Payload { bytes: bytes.len() as u64, digests: Digests::of(bytes) };
        self.payload.insert(path.clone(), bytes);
        Ok(path)
    }

    /// The payload, by path.
    pub fn payload(&self) -> &BTreeMap<String, Payload> {
        &self.payload
    }

    /// Every tag file with its bytes, in the order in which they are made: the tag manifests come last and cover the others.
    pub fn tag_files(&self) -> Vec<(String, Vec<u8>)> {
        let total: u64 = self.payload.values().map(|payload| payload.bytes).sum();
        let mut info: String = self.info.iter().map(|(label, value)| format!("{label}: {value}\n")).collect();
        info.push_str(&format!("Payload-Oxum: {total}.{}\n", self.payload.len()));
        let manifest = |pick: fn(&Digests) -> &str| {
            self.payload.iter().map(|(path, payload)| line(pick(&payload.digests), path)).collect::<String>().into_bytes()
        };
        let mut files = vec![
            ("bagit.txt".to_owned(), b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n".to_vec()),
            ("bag-info.txt".to_owned(), info.into_bytes()),
            ("manifest-sha256.txt".to_owned(), manifest(|digests| &digests.sha256)),
            ("manifest-sm3.txt".to_owned(), manifest(|digests| &digests.sm3)),
        ];
        let tags: BTreeMap<_, _> = files.iter().map(|(path, bytes)| (path.clone(), Digests::of(bytes))).collect();
        let tag_manifest = |pick: fn(&Digests) -> &str| tags.iter().map(|(path, digests)| line(pick(digests), path)).collect::<String>().into_bytes();
        files.push(("tagmanifest-sha256.txt".to_owned(), tag_manifest(|digests| &digests.sha256)));
        files.push(("tagmanifest-sm3.txt".to_owned(), tag_manifest(|digests| &digests.sm3)));
        files
    }

    /// SM3 of `tagmanifest-sm3.txt`: it covers every byte of the package, and is what the ledger keeps (R-ARC-05, R-ARC-07).
    pub fn tag_manifest_digest(&self) -> String {
        let files = self.tag_files();
        let bytes = files.iter().find(|(path, _)| path == "tagmanifest-sm3.txt").map_or(&[][..], |(_, bytes)| bytes);
        Digests::of(bytes).sm3
    }
}

/// A line of a manifest: digest, two spaces, path with `%`, CR and LF encoded (RFC 8493, 2.1.3).
fn line(digest: &str, path: &str) -> String {
    format!("{digest}  {}\n", encode(path))
}

pub(crate) fn encode(path: &str) -> String {
    path.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Undoes [`encode`]; other percent signs stay, as the RFC asks.
pub(crate) fn decode(path: &str) -> String {
    path.replace("%0D", "\r").replace("%0d", "\r").replace("%0A", "\n").replace("%0a", "\n").replace("%25", "%")
}

/// Whether a path can be unpacked on any file system and stays inside the package.
pub fn is_path(path: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && part.len() <= NAME
            && part != "."
            && part != ".."
            && !part.starts_with('~')
            && !part.ends_with(['.', ' '])
            && !part.starts_with(' ')
            && !part.chars().any(|c| c.is_control() || matches!(c, '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|'))
    };
    path.split('/').all(part)
}

/// A title as the name of a file: what a path cannot hold becomes `_`; at most 60 characters.
pub fn file_name(title: &str) -> String {
    let plain = |c: char| if c.is_control() || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' | '~' | '%') { '_' } else { c };
    let name: String = title.trim().chars().map(plain).take(60).collect();
    let name = name.trim_matches([' ', '.']).to_owned();
    if name.is_empty() { "未命名".into() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bag_check::Validator;
    use proptest::prelude::*;

    fn sample() -> (Bag, Vec<(String, Vec<u8>)>) {
        let mut bag = Bag::new(&[("Source-Organization", "广东省清河市青石区人民法院"), ("Bagging-Date", "2026-06-26")]).expect("a bag");
        let mut files = Vec::new();
        for (path, bytes) in [("main/001-民事起诉状.pdf", b"one".as_slice()), ("events.jsonl", b"{}\n"), ("100%.txt", b"")] {
            files.push((bag.add(path, bytes).expect("added"), bytes.to_vec()));
        }
        (bag, files)
    }

    #[test]
    fn rfc_8493_the_parts_of_a_bag_as_the_standard_writes_them() {
        let (bag, _) = sample();
        let files: BTreeMap<_, _> = bag.tag_files().into_iter().map(|(path, bytes)| (path, String::from_utf8(bytes).expect("UTF-8"))).collect();
        assert_eq!(files["bagit.txt"], "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n");
        assert!(files["bag-info.txt"].ends_with("Payload-Oxum: 6.3\n"), "{}", files["bag-info.txt"]);
        assert!(files["manifest-sha256.txt"].contains("  data/100%25.txt\n"));
        assert!(
            files["manifest-sha256.txt"].contains("7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed  data/main/001-民事起诉状.pdf\n")
        );
        assert_eq!(files["tagmanifest-sm3.txt"].lines().count(), 4, "every other tag file");
        assert_eq!(bag.tag_manifest_digest(), Digests::of(files["tagmanifest-sm3.txt"].as_bytes()).sm3);
    }

    #[test]
    fn no_path_leads_out_of_the_package() {
        let mut bag = Bag::new(&[]).expect("a bag");
        for path in ["../x", "/etc/passwd", "a//b", "a/./b", "~root", "a\\b", "c:x", "", "a\nb", "x.", " x"] {
            assert!(matches!(bag.add(path, b""), Err(Error::Path(_))), "{path:?}");
        }
        bag.add("A.txt", b"").expect("added");
        assert!(matches!(bag.add("a.TXT", b""), Err(Error::Twice(_))));
        assert!(matches!(Bag::new(&[("a:b", "c")]), Err(Error::Info(..))));
        assert!(matches!(Bag::new(&[("a", "b\nc: d")]), Err(Error::Info(..))));
    }

    #[test]
    fn titles_become_names_of_files() {
        assert_eq!(file_name("民事裁定书（按撤诉处理）"), "民事裁定书（按撤诉处理）");
        assert_eq!(file_name("../a:b?"), "_a_b_");
        assert_eq!(file_name(" . "), "未命名");
    }

    fn check(files: &[(String, Vec<u8>)]) -> Vec<crate::bag_check::Problem> {
        let mut validator = Validator::default();
        files.iter().for_each(|(path, bytes)| validator.file(path, bytes));
        validator.finish().problems
    }

    proptest! {
        #[test]
        fn what_is_packed_checks_and_any_change_is_found(
            contents in prop::collection::btree_map("[a-z%卷]{1,8}", prop::collection::vec(any::<u8>(), 0..40), 1..8),
            pick in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), flip in 1_u8..=255,
        ) {
            let mut bag = Bag::new(&[("External-Identifier", "（2026）粤4001民初1号")]).expect("a bag");
            let mut files = Vec::new();
            for (name, bytes) in &contents {
                files.push((bag.add(name, bytes).expect("added"), bytes.clone()));
            }
            files.extend(bag.tag_files());
            prop_assert_eq!(check(&files), vec![]);
            let chosen = pick.index(files.len());
            // A byte changed, a file gone, a file more: each is found.
            let mut changed = files.clone();
            let bytes = &mut changed[chosen].1;
            if bytes.is_empty() { bytes.push(flip) } else { let at = at.index(bytes.len()); bytes[at] ^= flip }
            // The last two are the tag manifests themselves: their own digest stands in the receipt alone.
            if chosen + 2 < files.len() {
                prop_assert!(!check(&changed).is_empty(), "{}", files[chosen].0);
            }
            let mut fewer = files.clone();
            let gone = fewer.remove(chosen);
            if !gone.0.starts_with("tagmanifest-") {
                prop_assert!(!check(&fewer).is_empty(), "{}", gone.0);
            }
            let mut more = files;
            more.push(("data/zz-slipped-in".into(), vec![1]));
            prop_assert!(!check(&more).is_empty());
        }

        #[test]
        fn every_title_gives_a_path(title in ".{0,80}") {
            prop_assert!(is_path(&format!("data/{}", file_name(&title))), "{title:?}");
        }

        #[test]
        fn paths_survive_a_manifest(path in "[a-z%0-9卷\r\n]{1,20}") {
            prop_assert_eq!(decode(&encode(&path)), path);
        }
    }
}
