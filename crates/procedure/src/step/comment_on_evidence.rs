//! 质证: a party says of each item of the other side whether it is authentic, lawful and relevant, in its own time online or
//! at the counter (R-EVD-08, R-EVD-09, 民诉法解释第103、104条).
use super::{Act, Acting, Facts, Field, FieldKind, Step, acting};
use crate::case::RoleKind;
use crate::trial::{Opinion, Stand};
use crate::{Actor, Case, Event, ItemId, Law, Refusal, Stage};
use serde::{Deserialize, Serialize};

/// Opinions on items of the other side; a later opinion of the same party takes the place of its earlier one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CommentOnEvidence {
    pub opinions: Vec<ItemOpinion>,
}

/// What a party says of one item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ItemOpinion {
    pub item: ItemId,
    /// 真实性
    pub authenticity: Stand,
    /// 合法性
    pub legality: Stand,
    /// 关联性
    pub relevance: Stand,
    /// Reasons; needed where something is disputed.
    #[serde(default)]
    pub text: String,
}

impl Act for CommentOnEvidence {
    const STEP: Step = Step {
        name: "comment_on_evidence",
        zh: "发表质证意见",
        guide: "对对方的每一份证据，就真实性、合法性、关联性分别写明认可还是不认可；不认可的写明理由。没有质证的证据，不能作为认定事实的根据。",
        counter: "到庭审或者证据交换时当面发表意见，由书记员记录。",
        who: &[RoleKind::Plaintiff, RoleKind::Defendant, RoleKind::Invited, RoleKind::Agent],
        from: &[Stage::Preparing, Stage::Hearing],
        power: None,
        fields: &[Field { name: "opinions", zh: "质证意见", kind: FieldKind::Rows }],
        papers: &[],
        rules: &["R-EVD-08", "R-EVD-09"],
    };

    fn decide(&self, case: &Case, by: &Actor, _: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let Acting { party, side, channel, assisted_by } = acting(case, by, &Self::STEP)?;
        if self.opinions.is_empty() {
            return Err(Refusal::Missing { what: "质证意见".into() });
        }
        let mut opinions = Vec::new();
        for (place, opinion) in self.opinions.iter().enumerate() {
            let item = case.evidence_item(opinion.item).ok_or_else(|| Refusal::NoSuchEvidence { name: opinion.item.to_string() })?;
            if item.side == side {
                return Err(Refusal::OwnEvidence { name: item.material.name.clone() });
            }
            let disputed = [opinion.authenticity, opinion.legality, opinion.relevance].contains(&Stand::Disputed);
            if disputed && opinion.text.trim().is_empty() {
                let zh = format!("对“{}”有不认可的，请写明理由。", item.material.name);
                return Err(Refusal::FieldInvalid { field: format!("opinions.{place}.text"), zh, rule: "R-EVD-09".into() });
            }
            opinions.push(Opinion {
                by: party,
                item: opinion.item,
                authenticity: opinion.authenticity,
                legality: opinion.legality,
                relevance: opinion.relevance,
                text: opinion.text.trim().to_owned(),
                at: facts.at,
            });
        }
        Ok(vec![Event::EvidenceCommented { opinions, channel, assisted_by }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Command;
    use crate::step::fixture::{DEFENDANT, PLAINTIFF, act_on, joined};
    use jiff::civil::date;

    fn comment(item: ItemId, authenticity: Stand, text: &str) -> Command {
        let opinion = ItemOpinion { item, authenticity, legality: Stand::Accepted, relevance: Stand::Accepted, text: text.into() };
        Command::CommentOnEvidence(CommentOnEvidence { opinions: vec![opinion] })
    }

    #[test]
    fn r_evd_09_each_quality_is_answered_and_the_last_opinion_holds() {
        let mut case = joined();
        let iou = case.evidence[0].material.id;
        act_on(&mut case, comment(iou, Stand::Accepted, ""), &DEFENDANT(), date(2026, 3, 12)).expect("said");
        let refused = act_on(&mut case, comment(iou, Stand::Disputed, " "), &DEFENDANT(), date(2026, 3, 13));
        assert!(matches!(refused, Err(Refusal::FieldInvalid { field, .. }) if field == "opinions.0.text"));
        act_on(&mut case, comment(iou, Stand::Disputed, "签名不是本人所写"), &DEFENDANT(), date(2026, 3, 13)).expect("changed");
        let opinions = &case.evidence[0].opinions;
        assert_eq!((opinions.len(), opinions[0].authenticity, opinions[0].by), (1, Stand::Disputed, DEFENDANT().person));
    }

    #[test]
    fn nobody_comments_on_his_own_evidence_or_on_none() {
        let mut case = joined();
        let iou = case.evidence[0].material.id;
        assert_eq!(
            act_on(&mut case, comment(iou, Stand::Accepted, ""), &PLAINTIFF(), date(2026, 3, 12)),
            Err(Refusal::OwnEvidence { name: "借条".into() })
        );
        let none = act_on(&mut case, comment(ItemId::default(), Stand::Accepted, ""), &DEFENDANT(), date(2026, 3, 12));
        assert!(matches!(none, Err(Refusal::NoSuchEvidence { .. })));
    }
}
