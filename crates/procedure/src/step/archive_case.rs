//! 归档: the file is frozen, ordered, packed and handed to the archive; what was packed is pinned by its digests (R-ARC-05,
//! R-ARC-07).
use super::{Act, Facts, Field, FieldKind, Step};
use crate::case::RoleKind;
use crate::trial::{Archiving, Volume};
use crate::{Actor, Case, Event, Law, Refusal, Stage};
use serde::{Deserialize, Serialize};

/// The package as the court zone made it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArchiveCase {
    /// SHA-256 of the BagIt package, hex.
    pub package: String,
    pub bytes: u64,
    /// SM3 of its tag manifest, hex.
    pub tag_manifest: String,
    /// Volumes as packed; empty: as the file stands.
    #[serde(default)]
    pub volumes: Vec<Volume>,
    /// 保管期限 (R-ARC-02), e.g. 长期（60年）.
    pub term: String,
}

impl Act for ArchiveCase {
    const STEP: Step = Step {
        name: "archive_case",
        zh: "归档",
        guide: "",
        counter: "",
        who: &[RoleKind::Clerk],
        from: &[Stage::Effective, Stage::Withdrawn],
        power: None,
        fields: &[Field { name: "term", zh: "保管期限", kind: FieldKind::Text }],
        papers: &[],
        rules: &["R-ARC-01", "R-ARC-02", "R-ARC-05", "R-ARC-07", "R-FIA-05"],
    };

    fn decide(&self, case: &Case, by: &Actor, _: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        if case.closing.is_none() {
            return Err(Refusal::NotClosed);
        }
        for (field, text, what) in [("package", &self.package, "归档包的摘要"), ("tag_manifest", &self.tag_manifest, "归档清单的摘要")] {
            if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                return Err(Refusal::FieldInvalid {
                    field: field.into(), zh: format!("{what}不正确，请重新生成归档包。"), rule: "R-ARC-05".into()
                });
            }
        }
        if self.term.trim().is_empty() {
            return Err(Refusal::FieldInvalid { field: "term".into(), zh: "请写明保管期限。".into(), rule: "R-ARC-02".into() });
        }
        if !facts.missing.is_empty() {
            return Err(Refusal::FileIncomplete { items: facts.missing.clone() });
        }
        let volumes = if self.volumes.is_empty() { facts.volumes.clone() } else { self.volumes.clone() };
        let archiving = Archiving {
            package: self.package.clone(),
            bytes: self.bytes,
            tag_manifest: self.tag_manifest.clone(),
            volumes,
            term: self.term.trim().to_owned(),
            by: by.person,
            at: facts.at,
        };
        Ok(vec![Event::CaseArchived { archiving: Box::new(archiving) }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Command;
    use crate::step::CloseCase;
    use crate::step::fixture::{act_on, clerk_of, effective, issue_all, judge_of, paid};
    use jiff::civil::date;

    fn archive(package: &str) -> Command {
        Command::ArchiveCase(ArchiveCase {
            package: package.into(),
            bytes: 5,
            tag_manifest: "cd".repeat(32),
            volumes: vec![],
            term: "长期（60年）".into(),
        })
    }

    #[test]
    fn r_arc_07_closed_first_then_packed_and_pinned() {
        let mut case = paid(effective());
        issue_all(&mut case);
        let clerk = clerk_of(&case);
        assert_eq!(act_on(&mut case, archive(&"ab".repeat(32)), &clerk, date(2026, 5, 20)), Err(Refusal::NotClosed));
        act_on(&mut case, Command::CloseCase(CloseCase {}), &clerk, date(2026, 5, 20)).expect("closed");
        let crooked = act_on(&mut case, archive("no digest"), &clerk, date(2026, 5, 20));
        assert!(matches!(crooked, Err(Refusal::FieldInvalid { field, .. }) if field == "package"));
        let judge = judge_of(&case);
        assert!(matches!(act_on(&mut case, archive(&"ab".repeat(32)), &judge, date(2026, 5, 20)), Err(Refusal::NotYours { .. })));
        act_on(&mut case, archive(&"ab".repeat(32)), &clerk, date(2026, 5, 20)).expect("archived");
        assert_eq!(case.stage, Stage::Archived);
        assert!(case.clock("R-ARC-01").is_none(), "in time");
        assert_eq!(case.archiving.as_ref().map(|archiving| archiving.volumes.len()), Some(1), "as the file stands");
    }
}
