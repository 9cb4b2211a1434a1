//! 续行保全: a measure is made to hold longer before its term ends; seven days before is the last day to ask without risk
//! (R-PRV-09, 《财产保全规定》第18条).
use super::preservation_measure::{hold, term};
use super::{AT_COUNTER, Decision, DecisionText, Deciding, Effect, Form, GRANTED_OR_REFUSED, Kind, Matter, PARTIES, PRESERVED, Raising, To, Within, invalid, step};
use crate::case::{Labelled, RoleKind};
use crate::clock::date_zh;
use crate::preservation::Measure;
use crate::step::{Field, FieldKind, Step, running};
use crate::{Case, Refusal};

/// One of the measures that hold.
pub(super) const MEASURE: Field = Field { name: "measure", zh: "哪一项保全措施", kind: FieldKind::Measure };

pub(super) static MATTER: Matter = Matter {
    kind: Kind::PreservationRenewal,
    zh: "续行保全",
    raise: Step {
        counter: AT_COUNTER,
        who: PARTIES,
        from: PRESERVED,
        fields: &[
            MEASURE,
            Field { name: "reasons", zh: "申请的理由", kind: FieldKind::LongText },
            Field { name: "materials", zh: "申请书", kind: FieldKind::Files },
            crate::step::POSTED_ON,
        ],
        ..step(
            "apply_for_renewal",
            "申请续行保全",
            "查封、扣押、冻结到期自动失效。需要继续的，最迟在期限届满七日前申请；再晚申请，不能续上的后果自己承担。",
            &["R-PRV-09"],
        )
    },
    decide: Step {
        who: &[RoleKind::Judge],
        from: PRESERVED,
        fields: &[
            Field { name: "outcome", zh: "裁定", kind: FieldKind::Choice(GRANTED_OR_REFUSED) },
            Field { name: "until", zh: "续行到哪一天（不准许的填原期限）", kind: FieldKind::Date },
            Field { name: "reasons", zh: "本院认为", kind: FieldKind::LongText },
        ],
        papers: &[crate::Paper::MatterRuling, crate::Paper::MatterNotice],
        ..step("rule_on_renewal", "裁定是否续行保全", "", &["R-PRV-09"])
    },
    within: Within::Rule("R-PRV-03b"),
    own_motion: false,
    raised,
    decided,
};

/// The measure that a form names, while it holds.
pub(super) fn named<'a>(case: &'a Case, fields: &super::Fields) -> Result<&'a Measure, Refusal> {
    let number = fields.note(MEASURE.name).parse().ok().and_then(|number| case.measure(number));
    number.filter(|measure| measure.holds()).ok_or_else(|| invalid(MEASURE.name, "请选择一项仍然有效的保全措施。".into(), "R-PRV-09"))
}

fn raised(raising: &Raising<'_>) -> Result<Vec<Effect>, Refusal> {
    raising.fields.text("reasons", "申请的理由", "R-PRV-09")?;
    let measure = named(raising.case, raising.fields)?;
    // Who had it taken asks for more of it.
    let applicant = raising.case.matter(measure.matter).and_then(|matter| matter.raised.side);
    if applicant != raising.side {
        return Err(invalid(MEASURE.name, "续行保全由申请保全的一方申请。".into(), "R-PRV-09"));
    }
    Ok(vec![])
}

fn decided(deciding: &Deciding<'_>) -> Result<Decision, Refusal> {
    let raised = deciding.raised.ok_or(Refusal::NothingNamed)?;
    let case = deciding.case;
    // It may have lapsed meanwhile: that is a reason to refuse.
    let number = raised.fields.note(MEASURE.name).parse().ok();
    let measure = number.and_then(|number| case.measure(number)).ok_or(Refusal::NothingNamed)?;
    let (outcome, _) = deciding.fields.choice("outcome", GRANTED_OR_REFUSED, "R-PRV-09")?;
    let mut text = DecisionText {
        about: "续行保全".into(),
        course: deciding.course(&format!("申请续行保全：{}。", measure.zh())),
        reasons: deciding.reasons("R-PRV-09")?,
        basis: "《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第四百八十五条".into(),
        ..DecisionText::default()
    };
    if outcome != "granted" {
        text.orders = vec!["不予续行保全。".into()];
        return Ok(Decision { form: Form::Notice, to: To::Applicant, text, effects: vec![], clocks: vec![], fee_notice: false });
    }
    let measure = named(case, &raised.fields)?;
    let until = deciding.fields.date("until", "续行到哪一天", "R-PRV-09")?;
    // The new term is no longer than the first could be, and begins where that ends.
    term(measure.property, measure.until, until, deciding)?;
    text.orders = vec![format!("继续{}{}，期限至{}。", measure.property.zh(), measure.what, date_zh(until))];
    text.tail = vec!["本裁定立即开始执行。".into()];
    let (longer, number) = (Measure { until, ..measure.clone() }, measure.number);
    let clocks = vec![
        running(format!("hold/{number}"), Some(raised.by), hold(&longer)),
        running(format!("renewal/{number}"), Some(raised.by), deciding.law.clock("R-PRV-09d", until)),
    ];
    Ok(Decision { form: Form::Ruling, to: To::Everybody, text, effects: vec![Effect::MeasureRenewed { number, until }], clocks, fee_notice: false })
}
