//! 恢复诉讼: the reason of the stay is gone; the period of trial runs on (R-TRI-35, R-LIM-31, 《民事诉讼法》(2023) 第153条第2款,
//! 民诉法解释第246条).
use super::{AT_COUNTER, Decision, DecisionText, Deciding, Effect, Exclusion, Form, Kind, Matter, PARTIES, To, step, suspension, Within};
use crate::case::RoleKind;
use crate::step::{Field, FieldKind, Step};
use crate::{Refusal, Stage};

pub(super) static MATTER: Matter = Matter {
    kind: Kind::Resumption,
    zh: "恢复诉讼",
    raise: Step {
        counter: AT_COUNTER,
        who: PARTIES,
        from: &[Stage::Suspended],
        fields: super::APPLICATION,
        ..step("apply_for_resumption", "申请恢复诉讼", "中止诉讼的原因消除后，可以申请法院恢复诉讼。", &["R-TRI-35"])
    },
    decide: Step {
        who: &[RoleKind::Judge],
        from: &[Stage::Suspended],
        fields: &[Field { name: "reasons", zh: "中止的原因怎样消除", kind: FieldKind::LongText }],
        papers: &[crate::Paper::MatterNotice],
        ..step("resume_suit", "恢复诉讼", "", &["R-TRI-35", "R-LIM-31"])
    },
    within: Within::Open,
    own_motion: true,
    raised: super::no_condition,
    decided,
};

fn decided(deciding: &Deciding<'_>) -> Result<Decision, Refusal> {
    let today = deciding.facts.today();
    let open = deciding.case.exclusions.iter().find(|known| known.why == suspension::WHY && known.to.is_none());
    // The day of resumption counts again.
    let last = today.yesterday().unwrap_or(today);
    let exclusion = open.map(|open| Exclusion { to: Some(last), ..open.clone() });
    let effects = exclusion.map(|exclusion| Effect::Excluded { exclusion }).into_iter().chain([Effect::Resumed]).collect();
    Ok(Decision {
        form: Form::Notice,
        to: To::Everybody,
        text: DecisionText {
            about: "恢复诉讼".into(),
            course: deciding.course("申请恢复诉讼。"),
            reasons: deciding.reasons("R-TRI-35")?,
            basis: "《中华人民共和国民事诉讼法》第一百五十三条第二款".into(),
            orders: vec!["中止诉讼的原因已经消除，本案恢复诉讼。".into()],
            ..DecisionText::default()
        },
        effects,
        clocks: vec![],
        fee_notice: false,
    })
}
