//! 律师调查令: an agent who is a lawyer may ask for evidence that the party cannot get himself, before the evidence period ends
//! (R-EVD-10; 《民事诉讼法》(2023) 第67条第2款, 民诉法解释第94条). The order's form and term are the court's own (status D).
use super::{AT_COUNTER, Decision, DecisionText, Deciding, Effect, Form, GRANTED_OR_REFUSED, Kind, Matter, PENDING, Raising, To, invalid, step, Within};
use crate::case::RoleKind;
use crate::clock::{self, date_zh};
use crate::step::{Field, FieldKind, Step, clock_of};
use crate::{Refusal, Stage};

/// Days for which an order holds (D).
const HOLDS_DAYS: i64 = 15;

pub(super) static MATTER: Matter = Matter {
    kind: Kind::InvestigationOrder,
    zh: "律师调查令",
    raise: Step {
        counter: AT_COUNTER,
        who: &[RoleKind::Agent],
        from: &[Stage::Preparing],
        fields: &[
            Field { name: "holder", zh: "向哪个单位或者个人调查", kind: FieldKind::Text },
            Field { name: "evidence", zh: "调取什么证据", kind: FieldKind::LongText },
            Field { name: "reasons", zh: "为什么自己不能收集，证据与本案有什么关系", kind: FieldKind::LongText },
            Field { name: "materials", zh: "申请书、律师执业证", kind: FieldKind::Files },
            crate::step::POSTED_ON,
        ],
        ..step(
            "apply_for_investigation_order",
            "申请律师调查令",
            "当事人及其代理律师因客观原因不能自行收集的证据，代理律师可以在举证期限届满前申请调查令，凭令向有关单位和个人调取。",
            &["R-EVD-10"],
        )
    },
    decide: Step {
        who: &[RoleKind::Judge],
        from: PENDING,
        papers: &[crate::Paper::MatterNotice],
        ..step("issue_investigation_order", "签发律师调查令", "", &["R-EVD-10"])
    },
    within: Within::Open,
    own_motion: false,
    raised,
    decided,
};

fn raised(raising: &Raising<'_>) -> Result<Vec<Effect>, Refusal> {
    for (name, zh) in [("holder", "向谁调查"), ("evidence", "调取什么证据"), ("reasons", "理由")] {
        raising.fields.text(name, zh, "R-EVD-10")?;
    }
    match clock_of(raising.case, &format!("evidence/{}", raising.party)) {
        Some(period) if !period.in_time(raising.day) => {
            Err(invalid("reasons", format!("应当在举证期限届满前申请，期限已于 {} 届满。", date_zh(period.clock.last_day)), "R-EVD-10"))
        }
        Some(_) | None => Ok(vec![]),
    }
}

fn decided(deciding: &Deciding<'_>) -> Result<Decision, Refusal> {
    let raised = deciding.raised.ok_or(Refusal::NothingNamed)?;
    let (outcome, _) = deciding.fields.choice("outcome", GRANTED_OR_REFUSED, "R-EVD-10")?;
    let until = clock::days("R-EVD-10", "调查令有效期", HOLDS_DAYS, deciding.facts.today(), &deciding.law.calendar).last_day;
    let (holder, evidence) = (raised.fields.note("holder"), raised.fields.note("evidence"));
    let orders = match outcome {
        "granted" => {
            let bearer = raised.agent.map_or_else(|| "代理律师".to_owned(), |agent| format!("代理律师{}", deciding.case.name_of(agent)));
            vec![format!("准许{bearer}持本令向{holder}调取：{evidence}"), format!("本令有效期至{}，由{bearer}本人使用，不得转交他人。", date_zh(until))]
        }
        _refused => vec!["不予签发律师调查令。".into()],
    };
    Ok(Decision {
        form: Form::Notice,
        to: To::Applicant,
        text: DecisionText {
            about: "律师调查令".into(),
            course: deciding.course("的代理律师申请调查令。"),
            reasons: deciding.reasons("R-EVD-10")?,
            basis: "《中华人民共和国民事诉讼法》第六十七条第二款".into(),
            orders,
            ..DecisionText::default()
        },
        effects: vec![],
        clocks: vec![],
        fee_notice: false,
    })
}
