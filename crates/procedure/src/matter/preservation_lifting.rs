//! 解除保全: counter-security, a wrong or withdrawn application, a lost suit, or no suit within thirty days; within five days, 48
//! hours where it is urgent (R-PRV-07, R-PRV-14, 《民事诉讼法》(2023) 第104、107条, 民诉法解释第166、167条).
use super::{AT_COUNTER, Decision, DecisionText, Deciding, Effect, Form, GRANTED_OR_REFUSED, Kind, Matter, PARTIES, PRESERVED, Raising, To, Within, invalid, step};
use crate::case::RoleKind;
use crate::step::{Field, FieldKind, Step};
use crate::Refusal;

/// Why it is lifted.
const GROUNDS: &[(&str, &str)] = &[
    ("security", "被申请人提供了充分有效的担保"),
    ("disputed", "保全的是争议标的，被申请人提供担保且申请人同意解除"),
    ("wrong", "保全错误"),
    ("withdrawn", "申请人撤回保全申请"),
    ("lost", "申请人的起诉或者诉讼请求被生效裁判驳回"),
    ("no_suit", "采取保全措施后三十日内没有提起诉讼或者申请仲裁"),
    ("other", "其他应当解除保全的情形"),
];

pub(super) static MATTER: Matter = Matter {
    kind: Kind::PreservationLifting,
    zh: "解除保全",
    raise: Step {
        counter: AT_COUNTER,
        who: PARTIES,
        from: PRESERVED,
        fields: &[
            Field { name: "ground", zh: "为什么应当解除", kind: FieldKind::Choice(GROUNDS) },
            Field { name: "urgent", zh: "情况紧急吗", kind: FieldKind::Choice(&[("no", "不紧急"), ("yes", "紧急")]) },
            Field { name: "reasons", zh: "申请的理由", kind: FieldKind::LongText },
            Field { name: "materials", zh: "申请书、担保材料", kind: FieldKind::Files },
            crate::step::POSTED_ON,
        ],
        ..step(
            "apply_for_lifting",
            "申请解除保全",
            "提供了充分有效的担保，或者保全错误、申请人撤回申请、起诉被驳回的，可以申请解除；情况紧急的，法院在四十八小时内裁定。",
            &["R-PRV-14"],
        )
    },
    decide: Step {
        who: &[RoleKind::Judge],
        from: PRESERVED,
        fields: &super::ruling_on(GROUNDS),
        papers: &[crate::Paper::MatterRuling, crate::Paper::MatterNotice],
        ..step("rule_on_lifting", "裁定是否解除保全", "", &["R-PRV-07", "R-PRV-14"])
    },
    within: Within::Urgent { urgent: "R-PRV-14b", usual: "R-PRV-14" },
    own_motion: true,
    raised,
    decided,
};

fn raised(raising: &Raising<'_>) -> Result<Vec<Effect>, Refusal> {
    raising.fields.choice("ground", GROUNDS, "R-PRV-14")?;
    raising.fields.text("reasons", "申请的理由", "R-PRV-14")?;
    something_holds(raising.case)?;
    Ok(vec![])
}

fn something_holds(case: &crate::Case) -> Result<(), Refusal> {
    match case.holding().next() {
        Some(_) => Ok(()),
        None => Err(invalid("ground", "本案现在没有有效的保全措施。".into(), "R-PRV-14")),
    }
}

fn decided(deciding: &Deciding<'_>) -> Result<Decision, Refusal> {
    let case = deciding.case;
    let (outcome, _) = deciding.fields.choice("outcome", GRANTED_OR_REFUSED, "R-PRV-14")?;
    let (ground, words) = deciding.fields.choice("ground", GROUNDS, "R-PRV-14")?;
    let mut text = DecisionText {
        about: "解除保全".into(),
        course: deciding.course("申请解除保全。"),
        reasons: deciding.reasons("R-PRV-14")?,
        basis: basis(ground).into(),
        ..DecisionText::default()
    };
    if outcome != "granted" {
        deciding.asked("R-PRV-14")?;
        text.orders = vec!["不准许解除保全。".into()];
        return Ok(Decision { form: Form::Notice, to: To::Everybody, text, effects: vec![], clocks: vec![], fee_notice: false });
    }
    something_holds(case)?;
    if ground == "no_suit" {
        suit_period_over(deciding)?;
    }
    text.reasons = format!("{words}。{}", text.reasons);
    text.orders = case.holding().map(|measure| format!("解除保全措施：{}。", measure.zh())).collect();
    text.tail = vec!["本裁定立即开始执行。".into()];
    let on = deciding.facts.today();
    let effects = case.holding().map(|measure| Effect::MeasureLifted { number: measure.number, on }).collect();
    Ok(Decision { form: Form::Ruling, to: To::Everybody, text, effects, clocks: vec![], fee_notice: false })
}

/// Thirty days after the measures before a suit, and no suit (R-PRV-07).
fn suit_period_over(deciding: &Deciding<'_>) -> Result<(), Refusal> {
    match deciding.case.unmet("R-PRV-07") {
        Some(period) if deciding.facts.today() > period.clock.last_day && deciding.case.suit.is_none() => Ok(()),
        Some(_) | None => Err(invalid("ground", "起诉的三十日期限没有届满，或者已经起诉。".into(), "R-PRV-07")),
    }
}

fn basis(ground: &str) -> &'static str {
    match ground {
        "security" | "disputed" => "《中华人民共和国民事诉讼法》第一百零七条、第一百五十七条第一款第四项",
        "no_suit" => "《中华人民共和国民事诉讼法》第一百零四条第三款、第一百五十七条第一款第四项",
        _other => "《中华人民共和国民事诉讼法》第一百五十七条第一款第四项，《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第一百六十六条",
    }
}
