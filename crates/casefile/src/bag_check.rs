//! Checks a BagIt package as RFC 8493 says: complete and valid, with every manifest that it carries in SHA-256 or SM3.
use crate::Digests;
use crate::bag::{decode, is_path};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What is wrong with a package.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "problem", rename_all = "snake_case")]
pub enum Problem {
    /// `bagit.txt` is missing or is not of version 1.0 and UTF-8.
    Declaration,
    /// No payload manifest in an algorithm that is known here.
    NoManifest,
    /// A line that is not digest and path, or a path that leads elsewhere.
    Line { manifest: String, line: usize },
    /// Named twice in one manifest.
    Twice { manifest: String, path: String },
    /// Named, but not there.
    Missing { manifest: String, path: String },
    /// There, but not named.
    Unnamed { manifest: String, path: String },
    /// Its bytes are not those that were packed.
    Changed { manifest: String, path: String },
    /// Bytes and number of files are not what `bag-info.txt` says.
    Oxum { said: String, found: String },
    /// A file whose path leads out of the package, or which came twice.
    Path { path: String },
}

impl Problem {
    /// What people read.
    pub fn zh(&self) -> String {
        match self {
            Self::Declaration => "缺少 bagit.txt，或者其内容不是 1.0 版、UTF-8 编码。".into(),
            Self::NoManifest => "没有 SHA-256 或者 SM3 的内容清单，无法核对。".into(),
            Self::Line { manifest, line } => format!("{manifest} 第 {line} 行读不懂。"),
            Self::Twice { manifest, path } => format!("{path} 在 {manifest} 里出现了两次。"),
            Self::Missing { manifest, path } => format!("{manifest} 列有 {path}，包内没有这个文件。"),
            Self::Unnamed { manifest, path } => format!("包内有 {path}，{manifest} 没有列出。"),
            Self::Changed { manifest, path } => format!("{path} 的内容与 {manifest} 记载的摘要不一致，文件已被改动或者损坏。"),
            Self::Oxum { said, found } => format!("bag-info.txt 记载内容为 {said}（字节数.文件数），实际为 {found}。"),
            Self::Path { path } => format!("{path} 不是包内的合法路径，或者重复出现。"),
        }
    }
}

/// Outcome of a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Files of the payload that were read.
    pub files: u64,
    pub bytes: u64,
    /// SM3 of `tagmanifest-sm3.txt`, to be compared with the archive's receipt; none if the package has no such file.
    pub tag_manifest: Option<String>,
    /// Empty: the package is complete and valid.
    pub problems: Vec<Problem>,
}

impl Verdict {
    /// Whether the package is complete and valid.
    pub fn holds(&self) -> bool {
        self.problems.is_empty()
    }
}

/// Takes the files of a package one by one, in any order; of the payload it keeps digests alone.
#[derive(Debug, Default)]
pub struct Validator {
    seen: BTreeMap<String, (u64, Digests)>,
    tags: BTreeMap<String, Vec<u8>>,
    problems: BTreeSet<Problem>,
}

impl Validator {
    /// Reads one file; `path` from the package's own folder, with `/`.
    pub fn file(&mut self, path: &str, bytes: &[u8]) {
        let known = self.seen.insert(path.to_owned(), (bytes.len() as u64, Digests::of(bytes))).is_some();
        if known || !is_path(path) {
            self.problems.insert(Problem::Path { path: path.to_owned() });
        }
        if !path.starts_with("data/") {
            self.tags.insert(path.to_owned(), bytes.to_vec());
        }
    }

    /// Compares all manifests with what was read.
    pub fn finish(mut self) -> Verdict {
        let declared = self.tags.get("bagit.txt").is_some_and(|bytes| {
            let text = String::from_utf8_lossy(bytes).replace('\r', "");
            text.trim_end() == "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8"
        });
        if !declared {
            self.problems.insert(Problem::Declaration);
        }
        let tags = std::mem::take(&mut self.tags);
        let mut manifests = 0;
        for (algorithm, pick) in [("sha256", (|digests| &digests.sha256) as fn(&Digests) -> &String), ("sm3", |digests| &digests.sm3)] {
            let payload = format!("manifest-{algorithm}.txt");
            if let Some(bytes) = tags.get(&payload) {
                manifests += 1;
                self.manifest(&payload, bytes, pick, &|path| path.starts_with("data/"), true);
            }
            let tag = format!("tagmanifest-{algorithm}.txt");
            if let Some(bytes) = tags.get(&tag) {
                // A tag manifest covers every tag file but the tag manifests; here all must be named.
                self.manifest(&tag, bytes, pick, &|path| !path.starts_with("data/") && !path.starts_with("tagmanifest-"), true);
            }
        }
        if manifests == 0 {
            self.problems.insert(Problem::NoManifest);
        }
        let payload = self.seen.iter().filter(|(path, _)| path.starts_with("data/"));
        let (files, bytes) = payload.fold((0, 0), |(files, bytes), (_, (length, _))| (files + 1, bytes + length));
        self.oxum(&tags, files, bytes);
        let tag_manifest = tags.get("tagmanifest-sm3.txt").map(|bytes| Digests::of(bytes).sm3);
        Verdict { files, bytes, tag_manifest, problems: self.problems.into_iter().collect() }
    }

    fn manifest(&mut self, name: &str, bytes: &[u8], pick: fn(&Digests) -> &String, covers: &dyn Fn(&str) -> bool, all: bool) {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let mut named = BTreeSet::new();
        for (line, number) in text.lines().zip(1..) {
            let parts = line.split_once(char::is_whitespace).map(|(digest, path)| (digest.to_lowercase(), decode(path.trim_start())));
            let right = |(digest, path): &(String, String)| digest.len() == 64 && is_path(path) && covers(path);
            let Some((digest, path)) = parts.filter(right) else {
                self.problems.insert(Problem::Line { manifest: name.to_owned(), line: number });
                continue;
            };
            let (manifest, file) = (name.to_owned(), path.clone());
            match self.seen.get(&path) {
                None => self.problems.insert(Problem::Missing { manifest: manifest.clone(), path: file.clone() }),
                Some((_, digests)) if *pick(digests) != digest => {
                    self.problems.insert(Problem::Changed { manifest: manifest.clone(), path: file.clone() })
                }
                Some(_) => false,
            };
            if !named.insert(path) {
                self.problems.insert(Problem::Twice { manifest, path: file });
            }
        }
        if all {
            let extra: Vec<_> = self.seen.keys().filter(|path| covers(path) && !named.contains(*path)).cloned().collect();
            self.problems.extend(extra.into_iter().map(|path| Problem::Unnamed { manifest: name.to_owned(), path }));
        }
    }

    fn oxum(&mut self, tags: &BTreeMap<String, Vec<u8>>, files: u64, bytes: u64) {
        let info = tags.get("bag-info.txt").map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        let said = info.as_deref().and_then(|text| text.lines().find_map(|line| line.strip_prefix("Payload-Oxum:"))).map(str::trim);
        let found = format!("{bytes}.{files}");
        if let Some(said) = said.filter(|said| *said != found) {
            self.problems.insert(Problem::Oxum { said: said.to_owned(), found });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bag::Bag;

    fn packed() -> Vec<(String, Vec<u8>)> {
        let mut bag = Bag::new(&[("Bagging-Date", "2026-06-26")]).expect("a bag");
        let path = bag.add("a.txt", b"abc").expect("added");
        [vec![(path, b"abc".to_vec())], bag.tag_files()].concat()
    }

    fn problems(files: &[(String, Vec<u8>)]) -> Vec<Problem> {
        let mut validator = Validator::default();
        files.iter().for_each(|(path, bytes)| validator.file(path, bytes));
        validator.finish().problems
    }

    fn with(name: &str, change: impl Fn(&mut Vec<u8>)) -> Vec<Problem> {
        let mut files = packed();
        files.iter_mut().filter(|(path, _)| path == name).for_each(|(_, bytes)| change(bytes));
        problems(&files)
    }

    #[test]
    fn each_kind_of_damage_has_its_name() {
        assert_eq!(problems(&packed()), vec![]);
        let changed = with("data/a.txt", |bytes| *bytes = b"abd".to_vec());
        assert_eq!(changed.len(), 2, "by both manifests: {changed:?}");
        assert!(with("bag-info.txt", |bytes| *bytes = b"Payload-Oxum: 9.9\n".to_vec()).iter().any(|problem| matches!(problem, Problem::Oxum { .. })));
        assert!(with("bagit.txt", |bytes| *bytes = b"BagIt-Version: 0.97\n".to_vec()).contains(&Problem::Declaration));
        let twice = with("manifest-sha256.txt", |bytes| *bytes = bytes.repeat(2));
        assert!(twice.iter().any(|problem| matches!(problem, Problem::Twice { .. })), "{twice:?}");
        let leads_out = format!("{}  data/../../x\n", "0".repeat(64));
        let line = with("manifest-sm3.txt", |bytes| bytes.extend_from_slice(leads_out.as_bytes()));
        assert!(line.iter().any(|problem| matches!(problem, Problem::Line { line: 2, .. })), "{line:?}");
        assert!(problems(&[]).contains(&Problem::NoManifest));
        let other = problems(&[packed(), vec![("data/../up".into(), vec![])]].concat());
        assert!(other.iter().any(|problem| matches!(problem, Problem::Path { .. })));
    }

    #[test]
    fn the_digest_for_the_ledger_covers_the_whole_package() {
        let mut validator = Validator::default();
        packed().iter().for_each(|(path, bytes)| validator.file(path, bytes));
        let verdict = validator.finish();
        assert_eq!((verdict.files, verdict.bytes), (1, 3));
        let mut bag = Bag::new(&[("Bagging-Date", "2026-06-26")]).expect("a bag");
        bag.add("a.txt", b"abc").expect("added");
        assert_eq!(verdict.tag_manifest, Some(bag.tag_manifest_digest()));
    }
}
