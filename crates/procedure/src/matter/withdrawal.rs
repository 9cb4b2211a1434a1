//! 撤诉: the plaintiff takes the suit back before judgment; the court rules whether he may (R-FEE-11, R-FEE-19, R-FIL-16,
//! 《民事诉讼法》(2023) 第148条).
use super::{AT_COUNTER, Decision, DecisionText, Deciding, Effect, Ending, Form, GRANTED_OR_REFUSED, Kind, Matter, Raising, To, step, Within};
use crate::Refusal;
use crate::case::{Power, RoleKind, Side};
use crate::step::{Step, deem_suit_withdrawn};

pub(super) static MATTER: Matter = Matter {
    kind: Kind::Withdrawal,
    zh: "撤诉申请",
    raise: Step {
        counter: AT_COUNTER,
        who: &[RoleKind::Plaintiff, RoleKind::Agent],
        power: Some(Power::Waive),
        fields: super::APPLICATION,
        ..step(
            "withdraw_suit",
            "申请撤诉",
            "宣判前，原告可以申请撤回起诉，是否准许由法院裁定。准许撤诉的，案件受理费减半，由原告负担；以后可以再次起诉，离婚案件没有新情况、新理由的，六个月内不能再起诉。",
            &["R-FEE-11", "R-FIL-16"],
        )
    },
    decide: Step {
        who: &[RoleKind::Judge],
        papers: &[crate::Paper::MatterRuling],
        ..step("rule_on_withdrawal", "裁定是否准许撤诉", "", &["R-FEE-11", "R-FEE-19", "R-FIL-16", "R-LIM-33"])
    },
    within: Within::Open,
    own_motion: false,
    raised,
    decided,
};

fn raised(raising: &Raising<'_>) -> Result<Vec<Effect>, Refusal> {
    if raising.side != Some(Side::Plaintiff) {
        return Err(Refusal::NotYours { step: MATTER.raise.zh.into() });
    }
    raising.fields.text("reasons", "申请撤诉的理由", "R-FIL-16").map(|_| vec![])
}

fn decided(deciding: &Deciding<'_>) -> Result<Decision, Refusal> {
    let raised = deciding.raised.ok_or(Refusal::NothingNamed)?;
    let (outcome, _) = deciding.fields.choice("outcome", GRANTED_OR_REFUSED, "R-FIL-16")?;
    // Several plaintiffs: the suit ends only when each of them takes it back.
    let case = deciding.case;
    let asked = |person| case.open_matters().any(|open| open.raised.kind == Kind::Withdrawal && open.raised.by == person);
    if outcome == "granted" && !case.side(Side::Plaintiff).all(|party| asked(party.person)) {
        return Err(super::invalid("outcome", "本案有几名原告，不是都申请撤诉，诉讼继续进行，不能整案准许撤诉。".into(), "R-FIL-16"));
    }
    let names: Vec<_> = match outcome {
        "granted" => case.side(Side::Plaintiff).map(|party| party.name.as_str()).collect(),
        _refused => vec![case.name_of(raised.by)],
    };
    let who = format!("原告{}", names.join("、原告"));
    let (order, effects, tail) = match outcome {
        "granted" => {
            let tail = match deem_suit_withdrawn::halved_fee(deciding.case) {
                Some((half, charged)) if charged.0 > 0 => {
                    vec![format!("案件受理费减半收取{}元，由{who}负担{}元。", half.short(), charged.short())]
                }
                Some(_) | None => vec![],
            };
            let fee = case.fee.clone().zip(deem_suit_withdrawn::halved_fee(case));
            let fee = fee.map(|(fee, (_, charged))| Effect::Fee { fee: Box::new(crate::case::FeeMatter { due: charged, ..fee }) });
            let effects = fee.into_iter().chain([Effect::Ended { ending: Ending::Withdrawn }]).collect();
            (format!("准许{who}撤回起诉。"), effects, tail)
        }
        _refused => (format!("不准许{who}撤回起诉。"), vec![], vec![]),
    };
    Ok(Decision {
        form: Form::Ruling,
        to: To::Everybody,
        text: DecisionText {
            about: if effects.is_empty() { "不准许撤诉".into() } else { "准许撤诉".into() },
            course: deciding.course("向本院提出撤诉申请。"),
            reasons: deciding.reasons("R-FIL-16")?,
            basis: "《中华人民共和国民事诉讼法》第一百四十八条第一款、第一百五十七条第一款第五项".into(),
            orders: vec![order],
            tail,
            ..DecisionText::default()
        },
        effects,
        clocks: vec![],
        fee_notice: false,
    })
}
