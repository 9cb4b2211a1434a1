//! 变更诉讼请求: other claims than those of the complaint, before the debate is closed (R-FEE-16, R-EVD-03, 民诉法解释第232条).
//! Who asks for more pays the difference within seven days; the evidence period of everybody is set anew.
use super::{AT_COUNTER, Decision, DecisionText, Deciding, Effect, Form, GRANTED_OR_REFUSED, Kind, Matter, PENDING, Raising, To, invalid, step, Within};
use crate::case::{FeeMatter, Power, RoleKind, Side};
use crate::step::accept_filing::assess;
use crate::step::submit_filing::MOST_CLAIMS;
use crate::step::{Field, FieldKind, Step, running};
use crate::{Case, Fen, Refusal, Stage};

pub(super) static MATTER: Matter = Matter {
    kind: Kind::ChangeOfClaims,
    zh: "变更诉讼请求",
    raise: Step {
        counter: AT_COUNTER,
        who: &[RoleKind::Plaintiff, RoleKind::Agent],
        from: &[Stage::Preparing, Stage::Hearing],
        power: Some(Power::Change),
        fields: &[
            Field { name: "claims", zh: "变更后的全部诉讼请求，一行一项", kind: FieldKind::LongText },
            Field { name: "amount", zh: "变更后的诉讼标的额", kind: FieldKind::Money },
            Field { name: "reasons", zh: "变更的事实和理由", kind: FieldKind::LongText },
            Field { name: "materials", zh: "申请书和证据材料", kind: FieldKind::Files },
            crate::step::POSTED_ON,
        ],
        ..step(
            "change_claims",
            "变更诉讼请求",
            "可以增加、减少或者变更诉讼请求，在法庭辩论结束前提出。增加的，补交案件受理费；在法庭调查终结前减少的，退还差额。",
            &["R-FEE-16", "R-EVD-03"],
        )
    },
    decide: Step {
        who: &[RoleKind::Judge],
        from: PENDING,
        papers: &[crate::Paper::MatterNotice],
        ..step("rule_on_change_of_claims", "处理变更诉讼请求", "", &["R-FEE-16", "R-FEE-11", "R-EVD-02", "R-EVD-03"])
    },
    within: Within::Open,
    own_motion: false,
    raised,
    decided,
};

fn claims(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// Before the debate is closed, which the record of the sitting shows (CPL 143, JI 232).
fn in_time(case: &Case, field: &str) -> Result<(), Refusal> {
    let closed = |hearing: &crate::trial::Hearing| hearing.record.as_ref().is_some_and(|record| record.closed_at.is_some());
    if case.hearings.iter().any(closed) {
        return Err(invalid(field, "法庭辩论已经终结，不能再变更诉讼请求，可以另行起诉。".into(), "R-FEE-16"));
    }
    Ok(())
}

fn raised(raising: &Raising<'_>) -> Result<Vec<Effect>, Refusal> {
    if raising.side != Some(Side::Plaintiff) {
        return Err(Refusal::NotYours { step: MATTER.raise.zh.into() });
    }
    in_time(raising.case, "claims")?;
    raising.fields.text("claims", "变更后的诉讼请求", "R-FEE-16")?;
    if claims(raising.fields.note("claims")).len() > MOST_CLAIMS {
        return Err(invalid("claims", format!("诉讼请求不超过 {MOST_CLAIMS} 项，请合并同类的请求。"), "R-FEE-16"));
    }
    raising.fields.money("amount", "变更后的诉讼标的额", "R-FEE-16")?;
    raising.fields.text("reasons", "变更的事实和理由", "R-FEE-16")?;
    Ok(vec![])
}

fn decided(deciding: &Deciding<'_>) -> Result<Decision, Refusal> {
    let raised = deciding.raised.ok_or(Refusal::NothingNamed)?;
    let case = deciding.case;
    let (outcome, _) = deciding.fields.choice("outcome", GRANTED_OR_REFUSED, "R-FEE-16")?;
    if outcome == "granted" {
        in_time(case, "outcome")?;
    }
    let who = format!("原告{}", case.name_of(raised.by));
    let asked = claims(raised.fields.note("claims"));
    let amount = raised.fields.money("amount", "诉讼标的额", "R-FEE-16")?;
    let text = DecisionText {
        about: "变更诉讼请求".into(),
        course: deciding.course(&format!("申请变更诉讼请求为：{}", asked.join("；"))),
        reasons: deciding.reasons("R-FEE-16")?,
        basis: "《中华人民共和国民事诉讼法》第五十四条、第一百四十三条，《诉讼费用交纳办法》第二十一条".into(),
        ..DecisionText::default()
    };
    if outcome != "granted" {
        let orders = vec![format!("对{who}变更诉讼请求的申请不予准许，本案按原来的诉讼请求审理。")];
        return Ok(Decision { form: Form::Notice, to: To::Everybody, text: DecisionText { orders, ..text }, effects: vec![], clocks: vec![], fee_notice: false });
    }
    let procedure = case.procedure.ok_or(Refusal::NotNow { step: MATTER.decide.zh.into(), stage: case.stage })?;
    let before = case.fee.as_ref().ok_or(Refusal::NothingDue)?;
    let cause = case.statement.as_ref().map_or("", |statement| statement.cause.as_str());
    let fee = new_fee(before, assess(cause, amount, procedure))?;
    let difference = Fen(fee.due.0 - before.due.0);
    let money = match difference.0 {
        0 => "案件受理费不变。".to_owned(),
        _any if fee.outstanding() => {
            let how = if fee.paid.is_some() { "补交" } else { "预交" };
            let asked = if difference.0 > 0 { "自收到本通知次日起七日内" } else { "按照交费通知" };
            format!("案件受理费变更为{}元，{who}应当{asked}{how}{}元。", fee.due.short(), fee.still_due().short())
        }
        _any if fee.to_refund() > Fen::ZERO => format!("案件受理费变更为{}元，已经预交的差额{}元退还{who}。", fee.due.short(), fee.to_refund().short()),
        _any => format!("案件受理费变更为{}元。", fee.due.short()),
    };
    // Amended claims set the period for evidence anew (R-EVD-03).
    let evidence = case.parties.iter().map(|party| {
        let clock = deciding.law.clock(crate::step::record_service::evidence_rule(procedure), deciding.facts.today());
        running(format!("evidence/{}", party.person), Some(party.person), clock)
    });
    let orders = vec![format!("准许{who}变更诉讼请求为：{}", asked.join("；")), money, "各方的举证期限自本通知之次日起重新计算。".into()];
    Ok(Decision {
        form: Form::Notice,
        to: To::Everybody,
        text: DecisionText { orders, ..text },
        fee_notice: difference.0 > 0 && fee.outstanding(),
        effects: vec![Effect::Claims { claims: asked, amount }, Effect::Fee { fee: Box::new(fee) }],
        clocks: evidence.collect(),
    })
}

/// What is due now: what was paid and what relief took off stay what they were.
fn new_fee(before: &FeeMatter, assessed: FeeMatter) -> Result<FeeMatter, Refusal> {
    if before.relief_pending() {
        return Err(invalid("outcome", "司法救助申请还没有决定，请先决定，再处理变更诉讼请求。".into(), "R-FEE-21"));
    }
    let taken_off = match &before.relief {
        Some(relief) if relief.granted == Some(true) => Fen(before.assessed().0 - before.due.0),
        Some(_) | None => Fen::ZERO,
    };
    let due = Fen((assessed.due.0 - taken_off.0.max(0)).max(0));
    Ok(FeeMatter { due, paid: before.paid.clone(), further: before.further.clone(), relief: before.relief.clone(), ..assessed })
}
