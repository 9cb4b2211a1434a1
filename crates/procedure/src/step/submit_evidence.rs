//! 提交证据: either side hands in items, each with what it is to prove; a receipt lists every item (R-FIL-07, R-EVD-02,
//! 《民事诉讼法》(2023) 第68、69条, 民诉法解释第99、101条).
use super::{Act, Acting, Facts, Field, FieldKind, POSTED_ON, Step, acting, clock_of, handed_in, owe};
use crate::case::{Material, MaterialKind, RoleKind};
use crate::event::EvidenceSubmitted;
use crate::{Actor, Case, Event, Law, Paper, Refusal, Stage};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The items, and why they come late if they do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SubmitEvidence {
    pub materials: Vec<Material>,
    /// 逾期理由 (R-EVD-05); needed only after the period.
    #[serde(default)]
    pub reason: String,
    /// 交邮日, where it came by post (R-DDL-04).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub posted_on: Option<Date>,
}

impl Act for SubmitEvidence {
    const STEP: Step = Step {
        name: "submit_evidence",
        zh: "提交证据",
        guide: "在举证期限内提交证据，写明每一份证明什么。逾期提交的要说明理由，是否采纳由法院决定。法院逐件出具收据。",
        counter: "带证据原件和复印件到诉讼服务中心窗口，当场核对，领取收据。",
        who: &[RoleKind::Plaintiff, RoleKind::Defendant, RoleKind::Invited, RoleKind::Agent],
        from: &[Stage::Preparing, Stage::Hearing],
        power: None,
        fields: &[
            Field { name: "materials", zh: "证据", kind: FieldKind::Files },
            Field { name: "reason", zh: "逾期理由", kind: FieldKind::LongText },
            POSTED_ON,
        ],
        papers: &[Paper::EvidenceReceipt],
        rules: &["R-FIL-07", "R-EVD-01", "R-EVD-02", "R-EVD-05", "R-EVD-08", "R-DDL-04"],
    };

    fn decide(&self, case: &Case, by: &Actor, _: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let Acting { party, side, channel, assisted_by } = acting(case, by, &Self::STEP)?;
        if self.materials.is_empty() {
            return Err(Refusal::Missing { what: "证据".into() });
        }
        for (place, item) in self.materials.iter().enumerate() {
            check_item(case, place, item)?;
        }
        let late = period_over(case, party, handed_in(case, self.posted_on, channel, facts)?);
        if let Some(last_day) = late.filter(|_| self.reason.trim().is_empty()) {
            let zh = format!("举证期限已于 {last_day} 届满。请说明逾期提交的理由，是否采纳由法院决定。");
            return Err(Refusal::FieldInvalid { field: "reason".into(), zh, rule: "R-EVD-05".into() });
        }
        Ok(vec![Event::EvidenceSubmitted(Box::new(EvidenceSubmitted {
            by: party,
            side,
            items: self.materials.clone(),
            at: facts.at,
            channel,
            assisted_by,
            posted_on: self.posted_on,
            late: late.is_some(),
            reason: self.reason.trim().to_owned(),
            receipt: owe(case, Paper::EvidenceReceipt, party),
        }))])
    }
}

/// The last day of this party's evidence period, if it went by.
pub fn period_over(case: &Case, party: crate::PersonId, today: Date) -> Option<Date> {
    clock_of(case, &format!("evidence/{party}")).filter(|period| !period.in_time(today)).map(|period| period.clock.last_day)
}

/// A name that stands in lists and receipts: not empty, one line, at most 80 characters.
pub(super) fn check_name(place: usize, item: &Material) -> Result<(), Refusal> {
    let zh = if item.name.trim().is_empty() {
        format!("请写第 {} 份材料的名称。", place + 1)
    } else if item.name.chars().count() > 80 || item.name.chars().any(char::is_control) {
        format!("第 {} 份材料的名称太长或者含有不能显示的字符，请改成 80 个字以内的名称。", place + 1)
    } else {
        return Ok(());
    };
    Err(Refusal::FieldInvalid { field: format!("materials.{place}.name"), zh, rule: "R-FIL-07".into() })
}

fn check_item(case: &Case, place: usize, item: &Material) -> Result<(), Refusal> {
    let invalid = |field: &str, zh: String| Refusal::FieldInvalid { field: format!("materials.{place}.{field}"), zh, rule: "R-FIL-07".into() };
    check_name(place, item)?;
    if item.kind != MaterialKind::Evidence {
        return Err(invalid("kind", format!("“{}”不是证据，请从相应的步骤提交。", item.name)));
    }
    if item.purpose.as_deref().is_none_or(|purpose| purpose.trim().is_empty()) {
        return Err(invalid("purpose", format!("请写明“{}”证明什么。", item.name)));
    }
    if case.evidence_item(item.id).is_some() {
        return Err(invalid("id", format!("“{}”已经提交过，不需要重复提交。", item.name)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Side;
    use crate::step::fixture::{CLERK, DEFENDANT, OTHER, PLAINTIFF, act_on, evidence, exhibit, joined, served};
    use crate::{Command, ItemId};
    use jiff::civil::date;

    #[test]
    fn r_fil_07_every_item_gets_its_place_in_the_list_and_in_the_receipt() {
        let mut case = joined();
        let events = act_on(&mut case, evidence(&["微信聊天记录", "转账凭证"]), &DEFENDANT(), date(2026, 3, 12)).expect("taken");
        let Event::EvidenceSubmitted(submitted) = &events[0] else { panic!("evidence") };
        assert_eq!((submitted.items.len(), submitted.receipt.paper, submitted.receipt.to), (2, Paper::EvidenceReceipt, DEFENDANT().person));
        let listed: Vec<_> = case.evidence.iter().map(|evidence| (evidence.side, evidence.number, evidence.material.name.as_str())).collect();
        assert_eq!(
            listed,
            [(Side::Plaintiff, 1, "借条"), (Side::Defendant, 1, "微信聊天记录"), (Side::Defendant, 2, "转账凭证")],
            "the filing's own evidence opens the plaintiff's list"
        );
    }

    #[test]
    fn r_evd_05_late_evidence_needs_a_reason_and_is_marked() {
        let mut case = joined();
        served(&mut case, Paper::EvidenceNotice, DEFENDANT().person, date(2026, 3, 6));
        let late = act_on(&mut case, evidence(&["收条"]), &DEFENDANT(), date(2026, 3, 24));
        assert!(matches!(late, Err(Refusal::FieldInvalid { field, .. }) if field == "reason"));
        let reason = "收条原件在外地，刚刚找到。".to_owned();
        let explained = Command::SubmitEvidence(SubmitEvidence { materials: vec![exhibit("收条")], reason, posted_on: None });
        act_on(&mut case, explained, &DEFENDANT(), date(2026, 3, 24)).expect("taken");
        assert!(case.evidence.last().expect("listed").late);
        act_on(&mut case, evidence(&["对账单"]), &PLAINTIFF(), date(2026, 3, 24)).expect("the plaintiff's own period does not run yet");
    }

    #[test]
    fn every_item_says_what_it_proves_and_comes_once() {
        let mut case = joined();
        let mut item = exhibit("收条");
        item.purpose = None;
        let submit = |item: &Material| Command::SubmitEvidence(SubmitEvidence { materials: vec![item.clone()], reason: String::new(), posted_on: None });
        let refused = act_on(&mut case, submit(&item), &DEFENDANT(), date(2026, 3, 12));
        assert!(matches!(refused, Err(Refusal::FieldInvalid { field, .. }) if field == "materials.0.purpose"));
        item.purpose = Some("证明已经还款".into());
        act_on(&mut case, submit(&item), &DEFENDANT(), date(2026, 3, 12)).expect("taken");
        let again = act_on(&mut case, submit(&item), &DEFENDANT(), date(2026, 3, 12));
        assert!(matches!(again, Err(Refusal::FieldInvalid { field, .. }) if field == "materials.0.id"));
        assert_ne!(item.id, ItemId::default());
    }

    #[test]
    fn a_stranger_hands_in_nothing_and_a_clerk_only_for_somebody() {
        let mut case = joined();
        assert_eq!(act_on(&mut case, evidence(&["收条"]), &OTHER(), date(2026, 3, 12)), Err(Refusal::NoSuchCase));
        assert!(matches!(act_on(&mut case, evidence(&["收条"]), &CLERK(), date(2026, 3, 12)), Err(Refusal::NotYours { .. })));
    }
}
