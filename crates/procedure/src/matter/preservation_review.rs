//! 保全复议: within five days of the ruling's service, once, to the same court, which decides in ten days; nothing stops meanwhile
//! (R-PRV-15, 《民事诉讼法》(2023) 第111条, 民诉法解释第171条).
use super::{APPLICATION, AT_COUNTER, Decision, DecisionText, Deciding, Effect, Form, Kind, Matter, PARTIES, PRESERVED, Raising, To, Within, invalid, step};
use crate::case::RoleKind;
use crate::clock::date_zh;
use crate::step::{Field, FieldKind, Step, clock_of};
use crate::Refusal;

const OUTCOMES: &[(&str, &str)] = &[("maintained", "驳回复议请求，维持裁定"), ("revoked", "变更或者撤销裁定，解除保全")];

pub(super) static MATTER: Matter = Matter {
    kind: Kind::PreservationReview,
    zh: "保全复议",
    raise: Step {
        counter: AT_COUNTER,
        who: PARTIES,
        from: PRESERVED,
        fields: APPLICATION,
        ..step(
            "apply_for_preservation_review",
            "申请保全复议",
            "不服保全裁定的，收到裁定书五日内可以申请复议一次；复议期间不停止执行。",
            &["R-PRV-15"],
        )
    },
    decide: Step {
        who: &[RoleKind::Judge],
        from: PRESERVED,
        fields: &[
            Field { name: "outcome", zh: "裁定", kind: FieldKind::Choice(OUTCOMES) },
            Field { name: "reasons", zh: "本院认为", kind: FieldKind::LongText },
        ],
        papers: &[crate::Paper::MatterRuling],
        ..step("decide_preservation_review", "作出保全复议裁定", "", &["R-PRV-15"])
    },
    within: Within::Rule("R-PRV-15b"),
    own_motion: false,
    raised,
    decided,
};

fn raised(raising: &Raising<'_>) -> Result<Vec<Effect>, Refusal> {
    raising.fields.text("reasons", "申请的理由", "R-PRV-15")?;
    let next = u32::try_from(raising.case.matters.len() + 1).unwrap_or(u32::MAX);
    let ruling = raising.case.ruled_before(next);
    let same = |matter: &super::CaseMatter| raising.case.ruled_before(matter.raised.number) == ruling && matter.raised.by == raising.party;
    if raising.case.matters.iter().any(|matter| matter.raised.kind == Kind::PreservationReview && same(matter)) {
        return Err(invalid("reasons", "对保全裁定只能申请复议一次，已经复议过了。".into(), "R-PRV-15"));
    }
    match clock_of(raising.case, &format!("reconsideration/{}", raising.party)) {
        Some(period) if period.in_time(raising.day) => Ok(vec![]),
        Some(period) => {
            let zh = format!("申请复议的期限已于 {} 届满。", date_zh(period.clock.last_day));
            Err(invalid("reasons", zh, "R-PRV-15"))
        }
        None => Err(invalid("reasons", "收到保全裁定书以后才能申请复议。".into(), "R-PRV-15")),
    }
}

fn decided(deciding: &Deciding<'_>) -> Result<Decision, Refusal> {
    let (outcome, _) = deciding.fields.choice("outcome", OUTCOMES, "R-PRV-15")?;
    let on = deciding.facts.today();
    let ruling = deciding.case.ruled_before(deciding.number);
    let (orders, effects): (Vec<String>, Vec<Effect>) = match outcome {
        "maintained" => (vec!["驳回复议请求。".into()], vec![]),
        _revoked => {
            let own = || deciding.case.holding().filter(|measure| Some(measure.matter) == ruling);
            let lifted = own().map(|measure| Effect::MeasureLifted { number: measure.number, on }).collect();
            let mut orders = vec!["撤销原保全裁定。".to_owned()];
            orders.extend(own().map(|measure| format!("解除保全措施：{}。", measure.zh())));
            (orders, lifted)
        }
    };
    Ok(Decision {
        form: Form::Ruling,
        // Of a ruling that was never carried out the other side knows nothing.
        to: if ruling.is_some_and(|ruling| deciding.case.carried_out(ruling)) { To::Everybody } else { To::Applicant },
        text: DecisionText {
            about: "保全复议".into(),
            course: deciding.course("对保全裁定申请复议。"),
            reasons: deciding.reasons("R-PRV-15")?,
            basis: "《中华人民共和国民事诉讼法》第一百一十一条，《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第一百七十一条".into(),
            orders,
            ..DecisionText::default()
        },
        effects,
        clocks: vec![],
        fee_notice: false,
    })
}
