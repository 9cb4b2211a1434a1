//! 延长举证期限: asked for before the period ends; granted, it is longer for everybody (R-EVD-02, 民诉法解释第100条).
use super::{AT_COUNTER, Decision, DecisionText, Deciding, Effect, Form, Kind, Matter, PARTIES, PENDING, Raising, To, invalid, step, Within};
use crate::case::RoleKind;
use crate::clock::{self, date_zh};
use crate::step::{Field, FieldKind, Step, clock_of, running};
use crate::{Refusal, Stage};

const OUTCOMES: &[(&str, &str)] = super::GRANTED_OR_REFUSED;

pub(super) static MATTER: Matter = Matter {
    kind: Kind::EvidenceExtension,
    zh: "延长举证期限",
    raise: Step {
        counter: AT_COUNTER,
        who: PARTIES,
        from: &[Stage::Preparing],
        fields: super::APPLICATION,
        ..step(
            "apply_for_evidence_extension",
            "申请延长举证期限",
            "在举证期限内提交证据确有困难的，应当在期限届满前书面申请延长。法院准许的，延长的期限适用于各方当事人。",
            &["R-EVD-02"],
        )
    },
    decide: Step {
        who: &[RoleKind::Judge],
        from: PENDING,
        fields: &[
            Field { name: "outcome", zh: "决定", kind: FieldKind::Choice(OUTCOMES) },
            Field { name: "days", zh: "延长多少日（准许时填写）", kind: FieldKind::Number },
            Field { name: "reasons", zh: "理由", kind: FieldKind::LongText },
        ],
        papers: &[crate::Paper::MatterNotice],
        ..step("decide_evidence_extension", "决定延长举证期限", "", &["R-EVD-02"])
    },
    within: Within::Open,
    own_motion: false,
    raised,
    decided,
};

fn raised(raising: &Raising<'_>) -> Result<Vec<Effect>, Refusal> {
    raising.fields.text("reasons", "延长的理由", "R-EVD-02")?;
    let Some(period) = clock_of(raising.case, &format!("evidence/{}", raising.party)) else {
        return Err(invalid("reasons", "您的举证期限还没有开始，不用申请延长。".into(), "R-EVD-02"));
    };
    if !period.in_time(raising.day) {
        let zh = format!("应当在举证期限届满前申请，您的举证期限已于 {} 届满。", date_zh(period.clock.last_day));
        return Err(invalid("reasons", zh, "R-EVD-02"));
    }
    Ok(vec![])
}

fn decided(deciding: &Deciding<'_>) -> Result<Decision, Refusal> {
    let (outcome, _) = deciding.fields.choice("outcome", OUTCOMES, "R-EVD-02")?;
    let mut text = DecisionText {
        about: "延长举证期限".into(),
        course: deciding.course("申请延长举证期限。"),
        reasons: deciding.reasons("R-EVD-02")?,
        basis: "《中华人民共和国民事诉讼法》第六十八条，《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第一百条".into(),
        ..DecisionText::default()
    };
    if outcome != "granted" {
        text.orders = vec!["不延长举证期限。".into()];
        return Ok(Decision { form: Form::Notice, to: To::Applicant, text, effects: vec![], clocks: vec![], fee_notice: false });
    }
    let days = deciding.fields.days("days", "延长多少日", "R-EVD-02")?;
    if !(1..=90).contains(&days) {
        return Err(invalid("days", "延长的日数应当在 1 日至 90 日之间。".into(), "R-EVD-02"));
    }
    // Longer for everybody whose period began (JI 100); each from its own end.
    let longer = deciding.case.parties.iter().filter_map(|party| {
        let anchor = format!("evidence/{}", party.person);
        let period = clock_of(deciding.case, &anchor)?;
        let clock = clock::days("R-EVD-02", "延长的举证期限", days, period.clock.last_day, &deciding.law.calendar);
        Some(running(anchor, Some(party.person), clock))
    });
    let clocks: Vec<_> = longer.collect();
    text.orders = vec![format!("各方的举证期限延长 {days} 日，自原期限届满之次日起计算。")];
    Ok(Decision { form: Form::Notice, to: To::Everybody, text, effects: vec![], clocks, fee_notice: false })
}
