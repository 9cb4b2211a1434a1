//! 起草判决: the judge writes facts, reasons, basis and orders; everything else of the paper comes from the file. Drafts stay
//! in the internal volume (R-DOC-03, R-CAT-08, 《民事诉讼法》(2023) 第155条).
use super::{Act, Facts, Field, FieldKind, Step};
use crate::case::RoleKind;
use crate::trial::{DraftFinding, JudgmentText, Level};
use crate::{Actor, Case, Event, Fen, Law, Refusal, Stage};
use serde::{Deserialize, Serialize};

/// The text, with what the checker of the workbench found and what the judge answered to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DraftJudgment {
    pub text: JudgmentText,
    #[serde(default)]
    pub findings: Vec<DraftFinding>,
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

    fn decide(&self, case: &Case, by: &Actor, _: &Law, _: &Facts) -> Result<Vec<Event>, Refusal> {
        if let Some(share) = self.text.fee.iter().find(|share| case.party(share.person).is_none() || share.amount.0 < 0) {
            return Err(Refusal::FieldInvalid {
                field: "text.fee".into(),
                zh: format!("诉讼费用负担里有不能识别的当事人或者金额（{}），请重新选择。", share.amount),
                rule: "R-CHK-61".into(),
            });
        }
        let version = case.judgment.as_ref().map_or(0, |judgment| judgment.version) + 1;
        let mut findings = check(case, &self.text);
        findings.extend(self.findings.iter().filter(|finding| !findings.iter().any(|own| own.rule == finding.rule)).cloned().collect::<Vec<_>>());
        Ok(vec![Event::JudgmentDrafted { version, text: Box::new(self.text.clone()), findings, by: by.person }])
    }
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
    use crate::step::fixture::{OTHER, PLAINTIFF, act_on, clerk_of, confirmed, judge_of, judgment};
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
    fn drafts_are_counted_and_their_findings_are_kept_with_the_checkers() {
        let mut case = confirmed();
        let judge = judge_of(&case);
        let mut draft = judgment();
        draft.text.orders.clear();
        let warned =
            DraftFinding {
                rule: "R-CHK-37".into(), level: Level::Warning, text: "利率超过上限".into(), answer: Some("已按上限计算".into())
            };
        draft.findings = vec![warned.clone()];
        act_on(&mut case, Command::DraftJudgment(draft), &judge, date(2026, 4, 20)).expect("kept");
        let kept = case.judgment.as_ref().expect("one");
        assert_eq!((kept.version, errors(&kept.findings), kept.findings.last()), (1, vec!["R-CHK-53"], Some(&warned)));
        act_on(&mut case, Command::DraftJudgment(judgment()), &judge, date(2026, 4, 20)).expect("kept");
        assert_eq!(case.judgment.as_ref().map(|judgment| judgment.version), Some(2));
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
