//! 延长审限: the judge asks the president at least fifteen days before the limit ends, who decides five days before (R-LIM-01,
//! R-LIM-02, R-LIM-30, R-LIM-34).
use super::{Decision, DecisionText, Deciding, Effect, Form, GRANTED_OR_REFUSED, Kind, Matter, PENDING, Raising, To, invalid, step, Within};
use crate::case::{Procedure, RoleKind};
use crate::clock::date_zh;
use crate::step::{Field, FieldKind, Step, clock_of};
use crate::{Case, Refusal, limit};

pub(super) static MATTER: Matter = Matter {
    kind: Kind::LimitExtension,
    zh: "延长审限",
    raise: Step {
        who: &[RoleKind::Judge],
        fields: &[
            Field { name: "months", zh: "延长几个月", kind: FieldKind::Number },
            Field { name: "reasons", zh: "需要延长的理由", kind: FieldKind::LongText },
        ],
        ..step("ask_to_extend_limit", "报请延长审限", "", &["R-LIM-30", "R-LIM-01", "R-LIM-02"])
    },
    decide: Step {
        who: &[RoleKind::President],
        from: PENDING,
        papers: &[crate::Paper::MatterNotice],
        ..step("approve_limit_extension", "审批延长审限", "", &["R-LIM-30", "R-LIM-34", "R-LIM-01", "R-LIM-02"])
    },
    within: Within::Open,
    own_motion: false,
    raised,
    decided,
};

/// The most that the president may add (CPL 152, 164).
fn most(procedure: Procedure) -> i64 {
    match procedure {
        Procedure::Ordinary => 6,
        Procedure::Simple => 1,
    }
}

fn within_the_most(case: &Case, months: i64, field: &str) -> Result<(), Refusal> {
    let procedure = case.procedure.ok_or(Refusal::NotNow { step: MATTER.raise.zh.into(), stage: case.stage })?;
    let left = most(procedure) - case.extended_months;
    if (1..=left).contains(&months) {
        return Ok(());
    }
    Err(invalid(field, format!("院长最多可以再批准延长 {left} 个月。"), limit::rule(procedure)))
}

fn raised(raising: &Raising<'_>) -> Result<Vec<Effect>, Refusal> {
    let case = raising.case;
    let months = raising.fields.days("months", "延长几个月", "R-LIM-30")?;
    within_the_most(case, months, "months")?;
    raising.fields.text("reasons", "需要延长的理由", "R-LIM-30")?;
    if let Some(period) = clock_of(case, "trial") {
        let latest = raising.law.clock("R-LIM-30", period.clock.last_day).last_day;
        if raising.day > latest {
            return Err(invalid("months", format!("应当在审理期限届满十五日前报请，最迟 {}，现在已经过了。", date_zh(latest)), "R-LIM-30"));
        }
    }
    Ok(vec![])
}

fn decided(deciding: &Deciding<'_>) -> Result<Decision, Refusal> {
    let raised = deciding.raised.ok_or(Refusal::NothingNamed)?;
    let months = raised.fields.days("months", "延长几个月", "R-LIM-30")?;
    let (outcome, _) = deciding.fields.choice("outcome", GRANTED_OR_REFUSED, "R-LIM-30")?;
    let granted = outcome == "granted";
    if let Some(period) = clock_of(deciding.case, "trial").filter(|_| granted) {
        let latest = deciding.law.clock("R-LIM-30b", period.clock.last_day).last_day;
        if deciding.facts.today() > latest {
            return Err(invalid("outcome", format!("应当在审理期限届满五日前决定，最迟 {}，现在已经过了。", date_zh(latest)), "R-LIM-30"));
        }
    }
    let mut text = DecisionText {
        about: "延长审理期限".into(),
        reasons: deciding.reasons("R-LIM-30")?,
        basis: "《中华人民共和国民事诉讼法》第一百五十二条、第一百六十四条，\
            《最高人民法院关于严格规范民商事案件延长审限和延期开庭问题的规定》第一条"
            .into(),
        ..DecisionText::default()
    };
    if !granted {
        text.orders = vec!["不延长审理期限。".into()];
        return Ok(Decision { form: Form::Notice, to: To::Everybody, text, effects: vec![], clocks: vec![], fee_notice: false });
    }
    // Another's request may have been granted, or the procedure changed, since it was asked for.
    within_the_most(deciding.case, months, "outcome")?;
    let mut after = deciding.case.clone();
    after.extended_months += months;
    let clock = limit::trial(&after, deciding.law, deciding.facts.today()).ok_or(Refusal::NotNow { step: MATTER.decide.zh.into(), stage: after.stage })?;
    text.orders = vec![format!("经本院院长批准，本案审理期限延长 {months} 个月，至{}。", date_zh(clock.clock.last_day))];
    Ok(Decision { form: Form::Notice, to: To::Everybody, text, effects: vec![Effect::Extended { months }], clocks: vec![], fee_notice: false })
}
