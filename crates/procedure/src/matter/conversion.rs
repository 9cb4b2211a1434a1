//! 转换程序: from the simple to the ordinary procedure, before its limit ends; the limit counts from the first filing
//! (R-PRC-03, R-PRC-04, 《民事诉讼法》(2023) 第170条, 民诉法解释第258条). The other half of the fee is due (R-FEE-17).
use super::{AT_COUNTER, Decision, DecisionText, Deciding, Effect, Form, GRANTED_OR_REFUSED, Kind, Matter, PARTIES, PENDING, Raising, To, invalid, step, Within};
use crate::case::{Procedure, RoleKind};
use crate::step::accept_filing::assess;
use crate::step::{Step, clock_of};
use crate::{Fen, Refusal};

const GROUNDS: &[(&str, &str)] = &[
    ("not_simple", "案情复杂，事实不清或者争议大"),
    ("missing", "被告下落不明，需要公告送达"),
    ("many", "当事人一方人数众多"),
    ("interest", "涉及国家利益、社会公共利益"),
    ("other", "其他不宜适用简易程序的情形"),
];

pub(super) static MATTER: Matter = Matter {
    kind: Kind::Conversion,
    zh: "转为普通程序",
    raise: Step {
        counter: AT_COUNTER,
        who: PARTIES,
        fields: super::APPLICATION,
        ..step(
            "object_to_procedure",
            "对适用简易程序提出异议",
            "认为案件不应当适用简易程序的，可以在开庭前提出异议。异议成立的，转为普通程序，补交另一半案件受理费；不成立的，口头告知并记入笔录。",
            &["R-PRC-03", "R-PRC-01"],
        )
    },
    decide: Step {
        who: &[RoleKind::Judge],
        from: PENDING,
        fields: &super::ruling_on(GROUNDS),
        papers: &[crate::Paper::MatterRuling, crate::Paper::MatterNotice],
        ..step("convert_procedure", "转为普通程序", "", &["R-PRC-01", "R-PRC-03", "R-PRC-04", "R-FEE-17", "R-LIM-01"])
    },
    within: Within::Open,
    own_motion: true,
    raised,
    decided,
};

fn raised(raising: &Raising<'_>) -> Result<Vec<Effect>, Refusal> {
    if raising.case.procedure != Some(Procedure::Simple) {
        return Err(invalid("reasons", "本案没有适用简易程序。".into(), "R-PRC-03"));
    }
    if raising.case.hearings.iter().any(|hearing| hearing.opened_at.is_some()) {
        return Err(invalid("reasons", "对适用程序的异议应当在开庭前提出。".into(), "R-PRC-03"));
    }
    super::no_condition(raising)
}

fn decided(deciding: &Deciding<'_>) -> Result<Decision, Refusal> {
    let case = deciding.case;
    let (outcome, _) = deciding.fields.choice("outcome", GRANTED_OR_REFUSED, "R-PRC-03")?;
    let text = DecisionText {
        about: "转为普通程序".into(),
        course: deciding.course("对本案适用简易程序提出异议。"),
        reasons: deciding.reasons("R-PRC-03")?,
        basis: "《中华人民共和国民事诉讼法》第一百七十条，《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第二百五十八条".into(),
        ..DecisionText::default()
    };
    if outcome != "granted" {
        // An objection that fails is answered by word of mouth and noted (JI 269): no ruling.
        deciding.asked("R-PRC-03")?;
        let order = if case.procedure == Some(Procedure::Simple) {
            "对适用简易程序提出的异议不成立，本案继续适用简易程序审理，已口头告知并记入笔录。"
        } else {
            "本案已经转为普通程序审理，对适用简易程序的异议不再处理。"
        };
        let basis = "《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第二百六十九条".into();
        let text = DecisionText { about: "适用程序异议".into(), orders: vec![order.into()], basis, ..text };
        return Ok(Decision { form: Form::Notice, to: To::Nobody, text, effects: vec![], clocks: vec![], fee_notice: false });
    }
    if case.procedure != Some(Procedure::Simple) {
        return Err(invalid("outcome", "本案已经适用普通程序。".into(), "R-PRC-03"));
    }
    let (_, ground) = deciding.fields.choice("ground", GROUNDS, "R-PRC-01")?;
    // Before its own limit ends (JI 258).
    if let Some(period) = clock_of(case, "trial").filter(|period| deciding.facts.today() > period.clock.last_day) {
        let zh = format!("转为普通程序应当在简易程序的审理期限届满前裁定，期限已于 {} 届满。", crate::clock::date_zh(period.clock.last_day));
        return Err(invalid("outcome", zh, "R-PRC-04"));
    }
    let mut effects = vec![Effect::Converted { procedure: Procedure::Ordinary }];
    let mut orders = vec!["本案转为普通程序审理。".to_owned()];
    let (Some(before), Some(statement)) = (&case.fee, &case.statement) else { return Err(Refusal::NothingDue) };
    let mut fee = assess(&statement.cause, statement.amount, Procedure::Ordinary);
    let rest = Fen(fee.due.0 - before.due.0);
    let mut fee_notice = false;
    // Who was let off the first half or part of it is not asked for the other; who only got time for it is.
    let let_off = before.relief.as_ref().is_some_and(|relief| relief.granted == Some(true)) && before.due < before.assessed();
    if rest.0 > 0 && !let_off {
        orders.push(format!("原告应当自收到补交通知次日起七日内补交案件受理费{}元。", rest.short()));
        (fee.paid, fee.further, fee.relief) = (before.paid.clone(), before.further.clone(), before.relief.clone());
        fee_notice = true;
        effects.push(Effect::Fee { fee: Box::new(fee) });
    }
    let reasons = format!("本案{ground}。{}", text.reasons);
    Ok(Decision { form: Form::Ruling, to: To::Everybody, text: DecisionText { orders, reasons, ..text }, effects, clocks: vec![], fee_notice })
}
