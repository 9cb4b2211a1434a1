//! 财产保全: property is kept as it is so that the judgment can be carried out (R-PRV-01 to R-PRV-06, R-PRV-17, 《民事诉讼法》(2023)
//! 第103至105条). Whom it is directed against hears of it once it was carried out; there is a
//! review, which stops nothing (R-PRV-15).
use super::{AT_COUNTER, Fields, Raised, Decision, DecisionText, Deciding, Effect, Form, GRANTED_OR_REFUSED, Kind, Matter, PARTIES, Raising, To, Within, invalid, step};
use crate::case::{Channel, FeeMatter, RoleKind, Side, Statement};
use crate::step::{Field, FieldKind, Step, running, time_of};
use crate::{Case, Fen, Law, Refusal, Stage, fee};
use serde_json::Value;
use std::collections::BTreeMap;

/// Kinds of preservation (R-PRV-01); acts and evidence are asked for at the window.
const TARGETS: &[(&str, &str)] = &[("property", "财产保全")];

/// Ways to give security (R-PRV-05).
const SECURITIES: &[(&str, &str)] = &[
    ("asset", "本人的财产担保"),
    ("guarantor", "第三人保证"),
    ("insurer", "保险公司的保函"),
    ("bank", "银行的独立保函"),
    ("none", "不提供担保（请在理由里写明）"),
];

/// Why a court may do without security (R-PRV-06), and where it need not be asked.
const WAIVERS: &[(&str, &str)] = &[
    ("given", "已经提供担保，或者诉讼中的保全不责令提供担保"),
    ("livelihood", "追索赡养费、扶养费、抚育费、抚恤金、医疗费用、劳动报酬、工伤赔偿、交通事故人身损害赔偿"),
    ("violence", "婚姻家庭纠纷案件中遭遇家庭暴力且经济困难"),
    ("public", "人民检察院提起的公益诉讼涉及损害赔偿"),
    ("rescue", "因见义勇为遭受侵害请求损害赔偿"),
    ("clear", "案件事实清楚、权利义务关系明确，发生保全错误可能性较小"),
    ("bank", "申请保全人为商业银行、保险公司等具有独立偿付债务能力的金融机构及其分支机构"),
];

pub(super) static MATTER: Matter = Matter {
    kind: Kind::Preservation,
    zh: "保全申请",
    raise: Step {
        counter: AT_COUNTER,
        who: PARTIES,
        from: &[Stage::Preserving, Stage::Preparing, Stage::Hearing, Stage::Decided],
        fields: &[
            Field { name: "target", zh: "申请哪一种保全", kind: FieldKind::Choice(TARGETS) },
            Field { name: "urgent", zh: "情况紧急吗", kind: FieldKind::Choice(&[("no", "不紧急"), ("yes", "紧急，不立即保全会受到难以弥补的损害")]) },
            Field { name: "amount", zh: "保全的金额", kind: FieldKind::Money },
            Field { name: "clues", zh: "被保全的财产：是什么，在哪里，账号、车牌、产权证号等线索", kind: FieldKind::LongText },
            Field { name: "security", zh: "提供哪一种担保", kind: FieldKind::Choice(SECURITIES) },
            Field { name: "security_amount", zh: "担保的金额（不提供的填 0）", kind: FieldKind::Money },
            Field { name: "reasons", zh: "申请的理由", kind: FieldKind::LongText },
            Field { name: "materials", zh: "申请书、财产线索、担保材料", kind: FieldKind::Files },
            crate::step::POSTED_ON,
        ],
        ..step(
            "apply_for_preservation",
            "申请保全",
            "对方可能转移财产，或者因其他原因判决难以执行的，可以申请法院先查封、扣押、冻结。申请错误的，要赔偿对方因此受到的损失。",
            &["R-PRV-01", "R-PRV-02", "R-PRV-05", "R-PRV-16", "R-PRV-17"],
        )
    },
    decide: Step {
        who: &[RoleKind::Judge],
        // What was asked for is answered also where the suit stands still or was decided meanwhile.
        from: super::PRESERVED,
        fields: &[
            Field { name: "outcome", zh: "裁定", kind: FieldKind::Choice(GRANTED_OR_REFUSED) },
            Field { name: "amount", zh: "保全的金额", kind: FieldKind::Money },
            Field { name: "waiver", zh: "担保", kind: FieldKind::Choice(WAIVERS) },
            Field { name: "reasons", zh: "本院认为", kind: FieldKind::LongText },
        ],
        papers: &[crate::Paper::MatterRuling],
        ..step("rule_on_preservation", "裁定是否保全", "", &["R-PRV-03", "R-PRV-04", "R-PRV-06", "R-PRV-17", "R-FEE-10"])
    },
    within: Within::Urgent { urgent: "R-PRV-03", usual: "R-PRV-03b" },
    own_motion: false,
    raised,
    decided,
};

fn raised(raising: &Raising<'_>) -> Result<Vec<Effect>, Refusal> {
    let fields = raising.fields;
    fields.choice("target", TARGETS, "R-PRV-01")?;
    fields.text("clues", "财产的线索", "R-PRV-02")?;
    fields.text("reasons", "申请的理由", "R-PRV-02")?;
    let amount = fields.money("amount", "保全的金额", "R-PRV-02")?;
    let (security, _) = fields.choice("security", SECURITIES, "R-PRV-05")?;
    let secured = fields.money("security_amount", "担保的金额", "R-PRV-04")?;
    if security != "none" && secured == Fen::ZERO {
        return Err(invalid("security_amount", "提供担保的，请填写担保的金额。".into(), "R-PRV-04"));
    }
    within_the_claim(raising.case, amount, "amount")?;
    Ok(vec![])
}

/// What an application before the suit asks for, as its interview was answered: always urgent (R-PRV-03).
pub(crate) fn before_suit(case: &Case, statement: &Statement, law: &Law) -> Result<Raised, Refusal> {
    let applicant = case.side(Side::Plaintiff).next().ok_or(Refusal::Missing { what: "申请人".into() })?;
    let at = case.submitted_at.ok_or(Refusal::Missing { what: "申请的时间".into() })?;
    let answer = |name: &str, unsaid: Value| statement.answers.get(name).filter(|value| !value.is_null()).cloned().unwrap_or(unsaid);
    let fields = BTreeMap::from([
        ("target".to_owned(), Value::from("property")),
        ("urgent".to_owned(), Value::from("yes")),
        ("amount".to_owned(), Value::from(statement.amount.0)),
        ("clues".to_owned(), answer("clues", "".into())),
        ("security".to_owned(), answer("security", "none".into())),
        ("security_amount".to_owned(), answer("security_amount", 0.into())),
        ("reasons".to_owned(), Value::from(statement.reasons.clone())),
    ]);
    let number = u32::try_from(case.matters.len() + 1).unwrap_or(u32::MAX);
    Ok(Raised {
        number,
        kind: Kind::Preservation,
        by: applicant.person,
        side: Some(Side::Plaintiff),
        fields: Fields(fields),
        materials: vec![],
        at,
        channel: case.channel.unwrap_or(Channel::Counter),
        assisted_by: None,
        agent: None,
        posted_on: None,
        clocks: vec![running(format!("matter/{number}"), None, law.clock_at("R-PRV-03", time_of(at)))],
        effects: vec![],
    })
}

/// A preservation holds what the suit is about, and no more of it (R-PRV-17, CPL 105).
fn within_the_claim(case: &Case, amount: Fen, field: &str) -> Result<(), Refusal> {
    if amount == Fen::ZERO {
        return Err(invalid(field, "财产保全要写明金额。".into(), "R-PRV-02"));
    }
    let claimed = case.statement.as_ref().map_or(Fen::ZERO, |statement| statement.amount);
    if claimed > Fen::ZERO && amount > claimed {
        return Err(invalid(field, format!("保全限于请求的范围，不超过诉讼标的额{}元。", claimed.short()), "R-PRV-17"));
    }
    Ok(())
}

fn decided(deciding: &Deciding<'_>) -> Result<Decision, Refusal> {
    let raised = deciding.raised.ok_or(Refusal::NothingNamed)?;
    let case = deciding.case;
    let (_, about) = raised.fields.choice("target", TARGETS, "R-PRV-01")?;
    let (outcome, _) = deciding.fields.choice("outcome", GRANTED_OR_REFUSED, "R-PRV-03")?;
    let side = |own: bool| {
        let names = case.parties.iter().filter(|party| (Some(party.side) == raised.side) == own).map(|party| party.name.as_str());
        names.collect::<Vec<_>>().join("、")
    };
    let (applicant, against) = (case.name_of(raised.by), side(false));
    let mut text = DecisionText {
        about: about.into(),
        course: course(deciding),
        reasons: deciding.reasons("R-PRV-03")?,
        basis: "《中华人民共和国民事诉讼法》第一百零三条、第一百零五条、第一百五十七条第一款第四项".into(),
        tail: vec!["如不服本裁定，可以自收到裁定书之日起五日内向本院申请复议一次。复议期间不停止裁定的执行。".into()],
        ..DecisionText::default()
    };
    if case.kind.before_suit() {
        text.basis = "《中华人民共和国民事诉讼法》第一百零四条、第一百零五条、第一百五十七条第一款第四项".into();
    }
    let mut effects = vec![];
    let clocks = if outcome == "granted" {
        let amount = deciding.fields.money("amount", "保全的金额", "R-PRV-04")?;
        granted_amount(raised, amount)?;
        secured(deciding, raised, amount)?;
        text.orders = vec![format!("查封、扣押、冻结被申请人{against}价值{}元的财产。", amount.short())];
        // The fee follows what is really preserved (R-FEE-10); in the suit it is told with the costs of the judgment.
        if let Some(fee) = case.fee.as_ref().filter(|_| case.kind.before_suit()) {
            let due = fee::preservation(amount);
            text.tail.insert(0, format!("案件申请费{}元，由申请人{applicant}负担。", due.fen.short()));
            if due.fen < fee.due {
                let fee = FeeMatter { full: due.fen, due: due.fen, steps: due.steps, ..fee.clone() };
                effects.push(Effect::Fee { fee: Box::new(fee) });
            }
        }
        text.tail.insert(text.tail.len() - 1, "本裁定立即开始执行。".into());
        let execution = deciding.law.clock("R-PRV-03c", deciding.facts.today());
        vec![running(format!("execution/{}", deciding.number), None, execution)]
    } else {
        text.orders = vec![format!("驳回申请人{applicant}的{about}申请。")];
        vec![]
    };
    Ok(Decision { form: Form::Ruling, to: To::Applicant, text, effects, clocks, fee_notice: false })
}

/// 申请人……向本院申请财产保全，请求……；并提供……担保。
fn course(deciding: &Deciding<'_>) -> Vec<String> {
    let Some(raised) = deciding.raised else { return vec![] };
    let fields = &raised.fields;
    let word = |options: &[(&'static str, &'static str)], name: &str| {
        let value = fields.note(name);
        options.iter().find(|(known, _)| *known == value).map_or("", |(_, zh)| zh)
    };
    let mut told = deciding.course(&format!("向本院申请{}。", word(TARGETS, "target")));
    told.push(format!("申请保全的是：{}。", fields.note("clues").trim_end_matches('。')));
    if fields.note("security") != "none" {
        let amount = fields.money("security_amount", "", "").map_or_else(|_| String::new(), |amount| format!("，担保金额{}元", amount.short()));
        told.push(format!("申请人提供了担保：{}{amount}。", word(SECURITIES, "security")));
    }
    told
}

/// No more than was asked for.
fn granted_amount(raised: &super::Raised, amount: Fen) -> Result<(), Refusal> {
    let asked = raised.fields.money("amount", "保全的金额", "R-PRV-17")?;
    if amount == Fen::ZERO || amount > asked {
        return Err(invalid("amount", format!("请写明保全的金额，不超过申请的{}元。", asked.short()), "R-PRV-17"));
    }
    Ok(())
}

/// Before the suit the security is as much as what is preserved, unless the law lets the court do without (R-PRV-04, R-PRV-06);
/// in the suit the court may ask for it, at most 30 %.
fn secured(deciding: &Deciding<'_>, raised: &super::Raised, amount: Fen) -> Result<(), Refusal> {
    let (waiver, _) = deciding.fields.choice("waiver", WAIVERS, "R-PRV-06")?;
    let given = raised.fields.money("security_amount", "担保的金额", "R-PRV-04")?;
    if deciding.case.kind.before_suit() && waiver == "given" && given < amount {
        let zh = format!("诉前保全应当提供相当于保全金额的担保，现在是{}元。可以不要求担保的，请选择属于哪一种情形。", given.short());
        return Err(invalid("waiver", zh, "R-PRV-04"));
    }
    Ok(())
}
