//! 归档: the file is frozen, ordered, packed and handed to the archive; what was packed is pinned by its digests (R-ARC-05,
//! R-ARC-07).
use super::{Act, Facts, Field, FieldKind, Step};
use crate::case::RoleKind;
use crate::trial::Archiving;
use crate::{Actor, Case, Event, Law, Refusal, Stage};
use serde::{Deserialize, Serialize};

/// The order to archive. Digests and volumes are those of the package that the court zone itself built: nobody hands them in.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ArchiveCase {
    /// 保管期限 where the archivist sets another than R-ARC-02 proposes, e.g. 长期（60年）.
    #[serde(default)]
    pub term: String,
}

impl Act for ArchiveCase {
    const STEP: Step = Step {
        name: "archive_case",
        zh: "归档",
        guide: "",
        counter: "",
        who: &[RoleKind::Clerk],
        from: &[Stage::Preserving, Stage::Effective, Stage::Withdrawn, Stage::Terminated, Stage::Dismissed, Stage::Transferred],
        power: None,
        fields: &[Field { name: "term", zh: "保管期限", kind: FieldKind::Text }],
        papers: &[],
        rules: &["R-ARC-01", "R-ARC-02", "R-ARC-05", "R-ARC-07", "R-FIA-05"],
    };

    fn decide(&self, case: &Case, by: &Actor, _: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        if case.closing.is_none() {
            return Err(Refusal::NotClosed);
        }
        // A ruling that can be appealed ends nothing before every period ran out (R-FIL-17).
        if matches!(case.stage, Stage::Dismissed | Stage::Transferred) {
            super::record_effect::in_force(case, facts)?;
        }
        // What still holds is watched until it is lifted or goes on in the suit (R-PRV-07).
        let over = matches!(case.stage, Stage::Preserving | Stage::Withdrawn | Stage::Terminated | Stage::Dismissed | Stage::Transferred);
        if over && case.suit.is_none() && case.holding().next().is_some() {
            return Err(Refusal::FileIncomplete { items: vec!["解除保全的裁定，或者已经起诉的登记".into()] });
        }
        if !facts.missing.is_empty() {
            return Err(Refusal::FileIncomplete { items: facts.missing.clone() });
        }
        let package = facts.package.as_ref().ok_or(Refusal::NotPacked)?;
        let term = if self.term.trim().is_empty() { package.term.trim() } else { self.term.trim() };
        let archiving = Archiving {
            package: package.sha256.clone(),
            bytes: package.bytes,
            tag_manifest: package.tag_manifest.clone(),
            volumes: package.volumes.clone(),
            term: term.to_owned(),
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
    use crate::step::fixture::{act_on, clerk_of, closed, effective, facts_on, judge_of, law, package};
    use crate::step::decide;
    use jiff::civil::date;

    fn archive(term: &str) -> Command {
        Command::ArchiveCase(ArchiveCase { term: term.into() })
    }

    #[test]
    fn r_arc_01_nothing_is_archived_before_it_is_closed() {
        let mut case = effective();
        let clerk = clerk_of(&case);
        assert_eq!(act_on(&mut case, archive(""), &clerk, date(2026, 5, 20)), Err(Refusal::NotClosed));
    }

    #[test]
    fn r_arc_07_closed_first_then_packed_and_pinned() {
        let mut case = closed();
        let (judge, clerk) = (judge_of(&case), clerk_of(&case));
        assert!(matches!(act_on(&mut case, archive(""), &judge, date(2026, 5, 20)), Err(Refusal::NotYours { .. })));
        act_on(&mut case, archive(""), &clerk, date(2026, 5, 20)).expect("archived");
        assert_eq!(case.stage, Stage::Archived);
        assert!(case.clock("R-ARC-01").is_none(), "in time");
        let archiving = case.archiving.expect("archived");
        assert_eq!((archiving.package, archiving.tag_manifest, archiving.term), (package().sha256, package().tag_manifest, package().term));
    }

    #[test]
    fn r_arc_05_digests_that_the_caller_invents_enter_nothing() {
        let mut case = closed();
        let clerk = clerk_of(&case);
        let invented = serde_json::json!({"step": "archive_case", "package": "ab".repeat(32), "bytes": 4, "tag_manifest": "ef".repeat(32), "term": "永久"});
        let command: Command = serde_json::from_value(invented).expect("a command");
        let none_built = Facts { package: None, ..facts_on(date(2026, 5, 20)) };
        assert_eq!(decide(&case, &command, &clerk, law(), &none_built), Err(Refusal::NotPacked));
        act_on(&mut case, command, &clerk, date(2026, 5, 20)).expect("archived");
        let archiving = case.archiving.expect("archived");
        assert_eq!((archiving.package, archiving.tag_manifest), (package().sha256, package().tag_manifest), "the court's own");
        assert_eq!(archiving.term, "永久", "the archivist may set a longer one (R-ARC-02)");
    }
}
