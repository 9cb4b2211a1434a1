//! 终结诉讼: nobody is left to go on with it (R-TRI-35, R-FEE-18, 《民事诉讼法》(2023) 第154条). No fee goes back.
use super::{AT_COUNTER, Decision, DecisionText, Deciding, Effect, Ending, Form, GRANTED_OR_REFUSED, Kind, Matter, PARTIES, To, step, Within};
use crate::case::RoleKind;
use crate::step::Step;
use crate::{Refusal, Stage};

const FROM: &[Stage] = &[Stage::Preparing, Stage::Hearing, Stage::Suspended];

const GROUNDS: &[(&str, &str)] = &[
    ("plaintiff", "原告死亡，没有继承人，或者继承人放弃诉讼权利"),
    ("defendant", "被告死亡，没有遗产，也没有应当承担义务的人"),
    ("divorce", "离婚案件一方当事人死亡"),
    ("support", "追索赡养费、扶养费、抚养费以及解除收养关系案件的一方当事人死亡"),
];

/// Grounds of family cases alone (CPL 154 (3), (4)), and the words of their causes.
const FAMILY: [&str; 2] = ["divorce", "support"];
const KIN: [&str; 5] = ["离婚", "赡养", "扶养", "抚养", "收养"];

pub(super) static MATTER: Matter = Matter {
    kind: Kind::Termination,
    zh: "终结诉讼",
    raise: Step {
        counter: AT_COUNTER,
        who: PARTIES,
        from: FROM,
        fields: super::APPLICATION,
        ..step("apply_for_termination", "申请终结诉讼", "当事人死亡，诉讼无法或者没有必要继续进行的，法院裁定终结诉讼。", &["R-TRI-35"])
    },
    decide: Step {
        who: &[RoleKind::Judge],
        from: FROM,
        fields: &super::ruling_on(GROUNDS),
        papers: &[crate::Paper::MatterRuling, crate::Paper::MatterNotice],
        ..step("terminate_suit", "裁定终结诉讼", "", &["R-TRI-35", "R-FEE-18"])
    },
    within: Within::Open,
    own_motion: true,
    raised: super::no_condition,
    decided,
};

fn decided(deciding: &Deciding<'_>) -> Result<Decision, Refusal> {
    let (outcome, _) = deciding.fields.choice("outcome", GRANTED_OR_REFUSED, "R-TRI-35")?;
    let mut text = DecisionText {
        about: "终结诉讼".into(),
        course: deciding.course("申请终结诉讼。"),
        reasons: deciding.reasons("R-TRI-35")?,
        basis: "《中华人民共和国民事诉讼法》第一百五十四条、第一百五十七条第一款第六项".into(),
        ..DecisionText::default()
    };
    let effects = if outcome == "granted" {
        let (chosen, ground) = deciding.fields.choice("ground", GROUNDS, "R-TRI-35")?;
        if FAMILY.contains(&chosen) && !deciding.case.statement.iter().any(|statement| KIN.iter().any(|word| statement.cause_name.contains(word))) {
            return Err(super::invalid("ground", "这一情形只适用于离婚、赡养、扶养、抚养和解除收养关系的案件。".into(), "R-TRI-35"));
        }
        text.reasons = format!("{ground}。{}", text.reasons);
        text.orders = vec!["本案终结诉讼。".into()];
        text.tail = vec!["已经预交的案件受理费不予退还。".into()];
        vec![Effect::Ended { ending: Ending::Terminated }]
    } else {
        deciding.asked("R-TRI-35")?;
        text.about = "不予终结诉讼".into();
        text.basis = "《中华人民共和国民事诉讼法》第一百五十四条".into();
        text.orders = vec!["不符合应当终结诉讼的情形，本案不终结。".into()];
        return Ok(Decision { form: Form::Notice, to: To::Everybody, text, effects: vec![], clocks: vec![], fee_notice: false });
    };
    Ok(Decision { form: Form::Ruling, to: To::Everybody, text, effects, clocks: vec![], fee_notice: false })
}
