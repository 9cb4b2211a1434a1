//! 起草判决: the judge writes facts, reasons, basis and orders; everything else of the paper comes from the file. Drafts stay
//! in the internal volume (R-DOC-03, R-CAT-08, 《民事诉讼法》(2023) 第155条).
use super::{Act, Facts, Field, FieldKind, Step};
use crate::case::RoleKind;
use crate::trial::{DraftFinding, JudgmentText, Level};
use crate::{Actor, Case, Event, Fen, Law, Refusal, Stage};
use serde::{Deserialize, Serialize};

/// The text alone: what is wrong with it, the court zone finds itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DraftJudgment {
    pub text: JudgmentText,
}

impl Act for DraftJudgment {
    const STEP: Step = Step {
        name: "draft_judgment",
        zh: "起草判决书",
        guide: "",
        counter: "",
        who: &[RoleKind::Judge],
        from: &[Stage::Hearing],
        power: None,
        fields: &[Field { name: "text", zh: "判决书正文", kind: FieldKind::Rows }],
        papers: &[],
        rules: &["R-DOC-02", "R-DOC-03", "R-CAT-08", "R-CHK-53", "R-CHK-54", "R-CHK-61", "R-CHK-78"],
    };

    fn decide(&self, case: &Case, by: &Actor, _: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        if let Some(share) = self.text.fee.iter().find(|share| case.party(share.person).is_none() || share.amount.0 < 0) {
            return Err(Refusal::FieldInvalid {
                field: "text.fee".into(),
                zh: format!("诉讼费用负担里有不能识别的当事人或者金额（{}），请重新选择。", share.amount),
                rule: "R-CHK-61".into(),
            });
        }
        let version = case.judgment.as_ref().map_or(0, |judgment| judgment.version) + 1;
        let findings = findings(case, &self.text, facts);
        Ok(vec![Event::JudgmentDrafted { version, text: Box::new(self.text.clone()), findings, by: by.person }])
    }
}

/// Everything that is wrong with the text: what the zone's checker found in it as typeset with its file, and what can be told
/// without it (R-CHK).
pub(crate) fn findings(case: &Case, text: &JudgmentText, facts: &Facts) -> Vec<DraftFinding> {
    let mut found = facts.defects.clone();
    // The checker's word is the nearer one: it knows the place.
    let own = check(case, text).into_iter().filter(|own| !facts.defects.iter().any(|defect| defect.rule == own.rule));
    found.extend(own);
    found
}

/// What can be told from the case and the text alone. Errors block signing (R-CHK).
pub fn check(case: &Case, text: &JudgmentText) -> Vec<DraftFinding> {
    let mut found = Vec::new();
    let mut find = |rule: &str, level, text: String| found.push(DraftFinding { rule: rule.into(), level, text, answer: None });
    for (part, zh) in [(&text.facts, "本院查明的事实"), (&text.reasons, "本院认为的理由")] {
        if part.trim().is_empty() {
            find("R-DOC-03", Level::Error, format!("没有写{zh}。"));
        }
    }
    if text.basis.trim().is_empty() {
        find("R-CHK-51", Level::Error, "没有写裁判依据。".into());
    }
    let orders: Vec<_> = text.orders.iter().map(|order| order.trim()).filter(|order| !order.is_empty()).collect();
    if orders.is_empty() {
        find("R-CHK-53", Level::Error, "没有写判决主文。".into());
    }
    for (order, number) in orders.iter().zip(1..) {
        let pays = ["支付", "偿还", "给付", "返还", "赔偿"].iter().any(|word| order.contains(word)) && !order.contains("驳回");
        if pays && !order.contains("之日起") && !order.contains("日前") && !order.contains("日内") {
            find("R-CHK-54", Level::Error, format!("主文第 {number} 项没有写履行期限，例如“于本判决生效之日起十日内”。"));
        }
    }
    let shares = Fen(text.fee.iter().map(|share| share.amount.0).sum());
    match &case.fee {
        Some(fee) if shares == fee.due => {}
        Some(fee) => find("R-CHK-61", Level::Error, format!("诉讼费用负担合计 {shares}，应为 {}。", fee.due)),
        None => find("R-CHK-61", Level::Error, "案件受理费还没有核定，不能写诉讼费用的负担。".into()),
    }
    let parts = [&text.evidence, &text.facts, &text.reasons, &text.basis].into_iter().chain(&text.orders);
    if parts.into_iter().any(|part| ["××", "XX年", "[ ]", "【】"].iter().any(|gap| part.contains(gap))) {
        find("R-CHK-78", Level::Warning, "还留有没有填写的空位（××）。".into());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Command;
    use crate::step::decide;
    use crate::step::fixture::{OTHER, PLAINTIFF, act_on, clerk_of, confirmed, facts_on, judge_of, judgment, law};
    use jiff::civil::date;

    fn errors(findings: &[DraftFinding]) -> Vec<&str> {
        findings.iter().filter(|finding| finding.level == Level::Error).map(|finding| finding.rule.as_str()).collect()
    }

    #[test]
    fn a_sound_draft_has_no_defects_and_every_gap_is_one() {
        let case = confirmed();
        assert_eq!(check(&case, &judgment().text), []);
        assert_eq!(errors(&check(&case, &JudgmentText::default())), ["R-DOC-03", "R-DOC-03", "R-CHK-51", "R-CHK-53", "R-CHK-61"]);
    }

    #[test]
    fn r_chk_54_61_78_period_shares_and_gaps() {
        let case = confirmed();
        let mut text = judgment().text;
        text.orders[0] = "被告陈志远偿还原告周桂兰借款本金130000元；".into();
        assert_eq!(errors(&check(&case, &text)), ["R-CHK-54"]);
        let mut text = judgment().text;
        text.fee[0].amount = Fen(190_499);
        assert_eq!(errors(&check(&case, &text)), ["R-CHK-61"]);
        let mut unassessed = case.clone();
        unassessed.fee = None;
        text.fee.clear();
        assert_eq!(errors(&check(&unassessed, &text)), ["R-CHK-61"], "no fee is not a fee of nothing");
        let mut text = judgment().text;
        text.facts.push_str("××年××月");
        let found = check(&case, &text);
        assert_eq!((found.len(), found[0].rule.as_str(), found[0].level), (1, "R-CHK-78", Level::Warning));
    }

    #[test]
    fn drafts_are_counted_and_what_the_zone_found_is_kept_with_each() {
        let mut case = confirmed();
        let judge = judge_of(&case);
        let mut draft = judgment();
        draft.text.orders.clear();
        let found = |rule: &str, level| DraftFinding { rule: rule.into(), level, text: "第 1 项".into(), answer: None };
        let facts = Facts { defects: vec![found("R-CHK-53", Level::Error), found("R-CHK-37", Level::Warning)], ..facts_on(date(2026, 4, 20)) };
        let events = decide(&case, &Command::DraftJudgment(draft), &judge, law(), &facts).expect("kept");
        events.iter().for_each(|event| case.apply(event));
        let kept = case.judgment.as_ref().expect("one");
        assert_eq!((kept.version, &kept.findings), (1, &facts.defects), "once each, as the zone found it");
        act_on(&mut case, Command::DraftJudgment(judgment()), &judge, date(2026, 4, 20)).expect("kept");
        assert_eq!(case.judgment.as_ref().map(|judgment| (judgment.version, judgment.findings.len())), Some((2, 0)));
    }

    #[test]
    fn findings_that_the_caller_sends_are_not_heard() {
        let mut body = serde_json::to_value(Command::DraftJudgment(judgment())).expect("JSON");
        body["findings"] = serde_json::json!([{"rule": "R-CHK-37", "level": "warning", "text": "没有问题"}]);
        let command: Command = serde_json::from_value(body).expect("a command");
        assert_eq!(command, Command::DraftJudgment(judgment()));
    }

    #[test]
    fn the_judge_alone_drafts_and_strangers_bear_no_fee() {
        let mut case = confirmed();
        for by in [PLAINTIFF(), clerk_of(&case)] {
            assert!(matches!(act_on(&mut case, Command::DraftJudgment(judgment()), &by, date(2026, 4, 20)), Err(Refusal::NotYours { .. })));
        }
        let mut draft = judgment();
        draft.text.fee[0].person = OTHER().person;
        let judge = judge_of(&case);
        let refused = act_on(&mut case, Command::DraftJudgment(draft), &judge, date(2026, 4, 20));
        assert!(matches!(refused, Err(Refusal::FieldInvalid { field, .. }) if field == "text.fee"));
    }
}
