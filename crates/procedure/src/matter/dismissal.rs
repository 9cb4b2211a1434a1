//! 驳回起诉: after registration it shows that the suit does not meet the conditions (R-FIL-17, R-FEE-13, R-FEE-18, 民诉法解释第208条
//! 第3款). The whole fee goes back; the ruling can be appealed within ten days.
use super::{AT_COUNTER, Decision, DecisionText, Deciding, Effect, Ending, Form, GRANTED_OR_REFUSED, Kind, Matter, PARTIES, PENDING, To, step, Within};
use crate::case::{FeeMatter, RoleKind};
use crate::step::Step;
use crate::{Fen, Refusal};

const GROUNDS: &[(&str, &str)] = &[
    ("interest", "原告与本案没有直接利害关系"),
    ("defendant", "没有明确的被告"),
    ("claim", "没有具体的诉讼请求和事实、理由"),
    ("competence", "不属于人民法院受理民事诉讼的范围"),
    ("duplicate", "构成重复起诉"),
    ("arbitration", "双方有有效的仲裁协议，被告在首次开庭前提出异议"),
];

pub(super) static MATTER: Matter = Matter {
    kind: Kind::Dismissal,
    zh: "驳回起诉",
    raise: Step {
        counter: AT_COUNTER,
        who: PARTIES,
        fields: super::APPLICATION,
        ..step(
            "apply_for_dismissal",
            "申请驳回起诉",
            "认为起诉不符合条件、构成重复起诉，或者双方有有效的仲裁协议的，可以申请法院裁定驳回起诉。",
            &["R-FIL-17", "R-FIL-15"],
        )
    },
    decide: Step {
        who: &[RoleKind::Judge],
        from: PENDING,
        fields: &super::ruling_on(GROUNDS),
        papers: &[crate::Paper::MatterRuling, crate::Paper::MatterNotice],
        ..step("dismiss_suit", "裁定驳回起诉", "", &["R-FIL-17", "R-FIL-15", "R-FEE-13", "R-FEE-18"])
    },
    within: Within::Open,
    own_motion: true,
    raised: super::no_condition,
    decided,
};

fn decided(deciding: &Deciding<'_>) -> Result<Decision, Refusal> {
    let (outcome, _) = deciding.fields.choice("outcome", GRANTED_OR_REFUSED, "R-FIL-17")?;
    let plaintiffs: Vec<_> = deciding.case.side(crate::case::Side::Plaintiff).map(|party| format!("原告{}", party.name)).collect();
    let mut text = DecisionText {
        about: "驳回起诉".into(),
        course: deciding.course("申请驳回起诉。"),
        reasons: deciding.reasons("R-FIL-17")?,
        basis: "《中华人民共和国民事诉讼法》第一百二十二条、第一百五十七条第一款第三项，\
            《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第二百零八条第三款"
            .into(),
        ..DecisionText::default()
    };
    let effects = if outcome == "granted" {
        let (_, ground) = deciding.fields.choice("ground", GROUNDS, "R-FIL-17")?;
        text.reasons = format!("{ground}。{}", text.reasons);
        text.orders = vec![format!("驳回{}的起诉。", plaintiffs.join("、"))];
        text.appealable = true;
        text.tail = vec![
            "已经预交的案件受理费予以退还。".into(),
            deciding.appeal_line(),
        ];
        // The whole fee goes back (R-FEE-18).
        let fee = deciding.case.fee.clone().map(|fee| Effect::Fee { fee: Box::new(FeeMatter { due: Fen::ZERO, ..fee }) });
        fee.into_iter().chain([Effect::Ended { ending: Ending::Dismissed }]).collect()
    } else {
        deciding.asked("R-FIL-17")?;
        text.about = "不予驳回起诉".into();
        text.basis = "《中华人民共和国民事诉讼法》第一百二十二条".into();
        text.orders = vec!["原告的起诉符合法律规定的条件，不予驳回，本案继续审理。".into()];
        return Ok(Decision { form: Form::Notice, to: To::Everybody, text, effects: vec![], clocks: vec![], fee_notice: false });
    };
    Ok(Decision { form: Form::Ruling, to: To::Everybody, text, effects, clocks: vec![], fee_notice: false })
}
