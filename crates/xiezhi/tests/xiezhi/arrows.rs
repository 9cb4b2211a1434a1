//! 架构: which room may know which. The picture of ARCHITECTURE.md, enforced on what cargo says.
use std::collections::BTreeMap;

/// Each room with the rooms it may depend on.
const MAY: &[(&str, &[&str])] = &[
    ("procedure", &[]),
    ("ledger", &[]),
    ("storage", &[]),
    ("typeset", &[]),
    ("casefile", &["procedure"]),
    ("intake", &["procedure"]),
    ("documents", &["typeset"]),
    ("exchange", &["procedure"]),
    ("ui", &["procedure"]),
    ("court", &["procedure", "casefile", "ledger", "storage", "documents", "exchange", "intake"]),
    ("portal", &["procedure", "ledger", "storage", "exchange", "ui", "intake"]),
    ("workbench", &["procedure", "casefile", "court", "ui"]),
    ("xiezhi", &["procedure", "casefile", "ledger", "storage", "intake", "typeset", "documents", "exchange", "court", "portal", "workbench", "ui"]),
];

/// Libraries that one room alone may name, so that everything else stays free of them.
const ALONE: &[(&str, &[&str])] = &[
    ("typst", &["typeset"]),
    ("typst-pdf", &["typeset"]),
    ("rusqlite", &["storage"]),
    ("postgres", &["storage"]),
    ("tesseract", &["intake"]),
    ("ureq", &["exchange", "xiezhi"]),
];

#[test]
fn every_room_knows_only_what_it_may() {
    let metadata = cargo_metadata::MetadataCommand::new().no_deps().exec().expect("cargo knows the workspace");
    let may: BTreeMap<_, _> = MAY.iter().copied().collect();
    for package in &metadata.packages {
        let name = package.name.as_str();
        let allowed = may.get(name).unwrap_or_else(|| panic!("{name} is not in the picture: give it its place here and in ARCHITECTURE.md"));
        for dependency in package.dependencies.iter().filter(|dependency| dependency.kind == cargo_metadata::DependencyKind::Normal) {
            let other = dependency.name.as_str();
            assert!(!may.contains_key(other) || allowed.contains(&other), "{name} must not know {other}");
            if let Some((_, rooms)) = ALONE.iter().find(|(library, _)| *library == other) {
                assert!(rooms.contains(&name), "{name} must not name {other}");
            }
        }
    }
}
