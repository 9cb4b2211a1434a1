//! 中止诉讼: six grounds of the law; the period of trial stands still meanwhile (R-TRI-35, R-LIM-31, 《民事诉讼法》(2023) 第153条).
use super::{AT_COUNTER, Decision, DecisionText, Deciding, Effect, Exclusion, Form, GRANTED_OR_REFUSED, Kind, Matter, PARTIES, PENDING, To, step, Within};
use crate::Refusal;
use crate::case::RoleKind;
use crate::step::Step;

/// Why the period of trial stands still.
pub(super) const WHY: &str = "中止诉讼";

pub(super) const GROUNDS: &[(&str, &str)] = &[
    ("death", "一方当事人死亡，需要等待继承人表明是否参加诉讼"),
    ("capacity", "一方当事人丧失诉讼行为能力，尚未确定法定代理人"),
    ("dissolved", "作为一方当事人的法人或者其他组织终止，尚未确定权利义务承受人"),
    ("obstacle", "一方当事人因不可抗拒的事由，不能参加诉讼"),
    ("other_case", "本案必须以另一案的审理结果为依据，而另一案尚未审结"),
    ("other", "其他应当中止诉讼的情形"),
];

pub(super) static MATTER: Matter = Matter {
    kind: Kind::Suspension,
    zh: WHY,
    raise: Step {
        counter: AT_COUNTER,
        who: PARTIES,
        fields: super::APPLICATION,
        ..step(
            "apply_for_suspension",
            "申请中止诉讼",
            "当事人死亡、丧失诉讼行为能力、因不可抗拒的事由不能参加诉讼，或者本案要等另一案的结果的，法院裁定中止诉讼；原因消除后恢复。",
            &["R-TRI-35"],
        )
    },
    decide: Step {
        who: &[RoleKind::Judge],
        from: PENDING,
        fields: &super::ruling_on(GROUNDS),
        papers: &[crate::Paper::MatterRuling, crate::Paper::MatterNotice],
        ..step("suspend_suit", "裁定中止诉讼", "", &["R-TRI-35", "R-LIM-31", "R-FEE-18"])
    },
    within: Within::Open,
    own_motion: true,
    raised: super::no_condition,
    decided,
};

fn decided(deciding: &Deciding<'_>) -> Result<Decision, Refusal> {
    let (outcome, _) = deciding.fields.choice("outcome", GRANTED_OR_REFUSED, "R-TRI-35")?;
    let mut text = DecisionText {
        about: WHY.into(),
        course: deciding.course("申请中止诉讼。"),
        reasons: deciding.reasons("R-TRI-35")?,
        basis: "《中华人民共和国民事诉讼法》第一百五十三条第一款、第一百五十七条第一款第六项".into(),
        ..DecisionText::default()
    };
    let effects = if outcome == "granted" {
        let (_, ground) = deciding.fields.choice("ground", GROUNDS, "R-TRI-35")?;
        text.reasons = format!("{ground}。{}", text.reasons);
        text.orders = vec!["本案中止诉讼。".into()];
        let exclusion = Exclusion { from: deciding.facts.today(), to: None, why: WHY.into(), rule: "R-LIM-31".into() };
        vec![Effect::Excluded { exclusion }, Effect::Suspended]
    } else {
        deciding.asked("R-TRI-35")?;
        text.about = "不予中止诉讼".into();
        text.basis = "《中华人民共和国民事诉讼法》第一百五十三条第一款".into();
        text.orders = vec!["不符合应当中止诉讼的情形，本案继续审理。".into()];
        return Ok(Decision { form: Form::Notice, to: To::Everybody, text, effects: vec![], clocks: vec![], fee_notice: false });
    };
    Ok(Decision { form: Form::Ruling, to: To::Everybody, text, effects, clocks: vec![], fee_notice: false })
}
