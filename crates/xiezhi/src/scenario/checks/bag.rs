//! 归档包: the package as BagIt says (RFC 8493), read here anew: every manifest, every file, and the receipts inside.
use super::{holds, verified};
use anyhow::{Context, Result, ensure};
use casefile::Digests;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Manifests of the payload and of the tag files, each with the algorithm of its name.
const PAYLOAD: [&str; 2] = ["manifest-sha256.txt", "manifest-sm3.txt"];
const TAGS: [&str; 2] = ["tagmanifest-sha256.txt", "tagmanifest-sm3.txt"];

/// The archive package of the story, unpacked and as one file, against the receipt of the archiving.
pub fn check(out: &Path) -> Result<()> {
    let files = whole(&out.join("archive"))?;
    let (receipt, trust) = (out.join("archive.receipt"), out.join("trust.keys"));
    // As one file, and unpacked: the tag manifest covers every byte.
    for of in ["archive.zip", "archive/tagmanifest-sm3.txt"] {
        verified(&receipt, Some(&out.join(of)), &trust).with_context(|| format!("{of} against the receipt of the archiving"))?;
    }
    let mut receipts = 0;
    for path in files.keys().filter(|path| path.starts_with("data/receipts/")) {
        verified(&out.join("archive").join(path), None, &trust)?;
        receipts += 1;
    }
    ensure!(receipts > 0, "the package holds no receipts");
    holds("archive package", &format!("{} files as both manifests and both tag manifests say, {receipts} receipts inside hold", files.len()));
    Ok(())
}

/// Every file of the package with its digests; each is named by the manifests that must name it, and is what they say.
fn whole(dir: &Path) -> Result<BTreeMap<String, Digests>> {
    let (mut files, mut payload) = (BTreeMap::new(), (0u64, 0u64));
    for (path, bytes) in read(dir, dir)? {
        if path.starts_with("data/") {
            payload = (payload.0 + bytes.len() as u64, payload.1 + 1);
        }
        files.insert(path, Digests::of(&bytes));
    }
    let declared = fs::read_to_string(dir.join("bagit.txt")).context("bagit.txt of the package")?;
    ensure!(declared == "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n", "bagit.txt of the package says {declared:?}");
    let info = fs::read_to_string(dir.join("bag-info.txt")).context("bag-info.txt of the package")?;
    let oxum = format!("Payload-Oxum: {}.{}", payload.0, payload.1);
    ensure!(payload.1 > 0 && info.lines().any(|line| line == oxum), "bag-info.txt of the package does not say {oxum}");
    for manifest in PAYLOAD {
        covers(dir, manifest, files.iter().filter(|(path, _)| path.starts_with("data/")))?;
    }
    for manifest in TAGS {
        covers(dir, manifest, files.iter().filter(|(path, _)| !path.starts_with("data/") && !path.starts_with("tagmanifest-")))?;
    }
    Ok(files)
}

/// A manifest names each of these files with its digest, and nothing else.
fn covers<'a>(dir: &Path, manifest: &str, files: impl Iterator<Item = (&'a String, &'a Digests)>) -> Result<()> {
    let text = fs::read_to_string(dir.join(manifest)).with_context(|| format!("{manifest} of the package"))?;
    let mut lines = BTreeMap::new();
    for line in text.lines() {
        let (digest, path) = line.split_once("  ").with_context(|| format!("a line of {manifest}: {line}"))?;
        ensure!(lines.insert(path.to_owned(), digest.to_owned()).is_none(), "{path} stands twice in {manifest} of the package");
    }
    for (path, digests) in files {
        let digest = if manifest.contains("sm3") { &digests.sm3 } else { &digests.sha256 };
        let said = lines.remove(path).with_context(|| format!("{path} of the package is not listed in {manifest}"))?;
        ensure!(said == *digest, "{path} of the package is another than {manifest} says");
    }
    let missing: Vec<_> = lines.keys().collect();
    ensure!(missing.is_empty(), "{manifest} of the package names {missing:?}, which are not there");
    Ok(())
}

/// Every file below a directory by its path in the package.
fn read(root: &Path, dir: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let mut found = vec![];
    for entry in fs::read_dir(dir).with_context(|| format!("{} of the package", dir.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(read(root, &path)?);
        } else {
            let name = path.strip_prefix(root)?.to_string_lossy().into_owned();
            found.push((name, fs::read(&path).with_context(|| path.display().to_string())?));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(dir: &Path) {
        let mut bag = casefile::bag::Bag::new(&[("External-Identifier", "1")]).expect("a bag");
        let payload = [("data/main/0001.pdf", "一"), ("data/receipts/R.receipt", "二")];
        for (path, text) in payload {
            bag.add(path.trim_start_matches("data/"), text.as_bytes()).expect("added");
        }
        let payload = payload.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()));
        for (path, bytes) in payload.into_iter().chain(bag.tag_files()) {
            let target = dir.join(path);
            fs::create_dir_all(target.parent().expect("a directory")).expect("made");
            fs::write(target, bytes).expect("written");
        }
    }

    #[test]
    fn every_file_and_every_manifest_is_looked_at() {
        let base = tempfile::tempdir().expect("a directory");
        let sound = base.path().join("sound");
        packed(&sound);
        assert_eq!(whole(&sound).expect("sound").len(), 8);
        let names: Vec<String> = read(&sound, &sound).expect("files").into_iter().map(|(name, _)| name).collect();
        for name in &names {
            let gone = base.path().join("gone");
            packed(&gone);
            fs::remove_file(gone.join(name)).expect("removed");
            assert!(whole(&gone).is_err(), "{name} is gone");
            packed(&gone);
            fs::write(gone.join(name), "other").expect("written");
            // A tag manifest is named by nothing inside: it speaks of the others itself, and the receipt names it.
            assert!(whole(&gone).is_err(), "{name} is another");
            fs::remove_dir_all(&gone).expect("cleared");
        }
        fs::write(sound.join("data/main/0002.pdf"), "三").expect("written");
        assert!(whole(&sound).is_err(), "a file that nobody listed");
    }
}
