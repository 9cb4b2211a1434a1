//! 司法制裁: fine or detention for acts against the proceeding; the judge asks, the president decides (R-TRI-34, R-DOC-06,
//! 《民事诉讼法》(2023) 第113至119条). A review lies to the court above within three days.
use super::{Decision, DecisionText, Deciding, Form, GRANTED_OR_REFUSED, Kind, Matter, PENDING, Raising, To, invalid, step, Within};
use crate::case::RoleKind;
use crate::step::{Field, FieldKind, Step};
use crate::{Fen, PersonId, Refusal};

/// What was done, with the article that forbids it.
const ACTS: &[(&str, &str)] = &[
    ("order", "违反法庭规则，哄闹、冲击法庭，侮辱、诽谤、威胁、殴打审判人员，扰乱法庭秩序"),
    ("evidence", "伪造、毁灭重要证据，妨碍人民法院审理案件"),
    ("witness", "以暴力、威胁、贿买方法阻止证人作证或者指使、贿买、胁迫他人作伪证"),
    ("property", "隐藏、转移、变卖、毁损已被查封、扣押、冻结的财产"),
    ("reprisal", "对司法工作人员、诉讼参加人、证人等进行侮辱、诽谤、诬陷、殴打或者打击报复"),
    ("hinder", "以暴力、威胁或者其他方法阻碍司法工作人员执行职务"),
    ("refuse", "拒不履行人民法院已经发生法律效力的判决、裁定"),
];

/// The articles by which what was done is met.
fn basis(act: &str) -> String {
    let article = if act == "order" { "第一百一十三条" } else { "第一百一十四条" };
    format!("《中华人民共和国民事诉讼法》{article}、第一百一十八条、第一百一十九条")
}

const MEASURES: &[(&str, &str)] = &[("fine", "罚款"), ("detention", "拘留")];
/// Most for a person, least and most for a unit (CPL 118), in fen.
const PERSON_MOST: Fen = Fen(10_000_000);
const UNIT: (Fen, Fen) = (Fen(5_000_000), Fen(100_000_000));
const MOST_DAYS: i64 = 15;

pub(super) static MATTER: Matter = Matter {
    kind: Kind::Sanction,
    zh: "司法制裁",
    raise: Step {
        who: &[RoleKind::Judge],
        fields: &[
            Field { name: "person", zh: "对谁", kind: FieldKind::Person },
            Field { name: "act", zh: "做了什么", kind: FieldKind::Choice(ACTS) },
            Field { name: "measure", zh: "措施", kind: FieldKind::Choice(MEASURES) },
            Field { name: "amount", zh: "罚款金额（罚款时填写）", kind: FieldKind::Money },
            Field { name: "days", zh: "拘留几日（拘留时填写）", kind: FieldKind::Number },
            Field { name: "reasons", zh: "行为和理由", kind: FieldKind::LongText },
        ],
        ..step("ask_for_sanction", "报请罚款、拘留", "", &["R-TRI-34"])
    },
    decide: Step {
        who: &[RoleKind::President],
        from: PENDING,
        papers: &[crate::Paper::MatterDecision],
        ..step("decide_on_sanction", "审批罚款、拘留", "", &["R-TRI-34", "R-DOC-06"])
    },
    within: Within::Open,
    own_motion: false,
    raised: |raising: &Raising<'_>| Measure::read(raising).map(|_| vec![]),
    decided,
};

/// What is asked for, within the law.
enum Measure {
    Fine { person: PersonId, amount: Fen },
    Detention { person: PersonId, days: i64 },
}

impl Measure {
    fn read(raising: &Raising<'_>) -> Result<Self, Refusal> {
        raising.fields.choice("act", ACTS, "R-TRI-34")?;
        raising.fields.text("reasons", "行为和理由", "R-TRI-34")?;
        Self::of(raising.case, raising.fields)
    }

    fn of(case: &crate::Case, fields: &super::Fields) -> Result<Self, Refusal> {
        let person = fields.person("person", "对谁采取措施", "R-TRI-34")?;
        let party = case.party(person).ok_or_else(|| invalid("person", "请选择本案的当事人。".into(), "R-TRI-34"))?;
        match fields.choice("measure", MEASURES, "R-TRI-34")?.0 {
            "fine" => {
                let amount = fields.money("amount", "罚款金额", "R-TRI-34")?;
                let (least, most) = if party.organisation { UNIT } else { (Fen(1), PERSON_MOST) };
                if amount < least || amount > most {
                    let zh = match party.organisation {
                        true => "对单位的罚款为五万元以上一百万元以下。",
                        false => "对个人的罚款为十万元以下。",
                    };
                    return Err(invalid("amount", zh.into(), "R-TRI-34"));
                }
                Ok(Self::Fine { person, amount })
            }
            _detention => {
                if party.organisation {
                    return Err(invalid("person", "单位不能拘留，可以拘留其主要负责人或者直接责任人员。".into(), "R-TRI-34"));
                }
                let days = fields.days("days", "拘留几日", "R-TRI-34")?;
                if !(1..=MOST_DAYS).contains(&days) {
                    return Err(invalid("days", "拘留的期限为十五日以下。".into(), "R-TRI-34"));
                }
                Ok(Self::Detention { person, days })
            }
        }
    }
}

fn decided(deciding: &Deciding<'_>) -> Result<Decision, Refusal> {
    let raised = deciding.raised.ok_or(Refusal::NothingNamed)?;
    let (outcome, _) = deciding.fields.choice("outcome", GRANTED_OR_REFUSED, "R-TRI-34")?;
    let (person, about, order) = match Measure::of(deciding.case, &raised.fields)? {
        Measure::Fine { person, amount } => {
            (person, "罚款", format!("对{}罚款{}元，限于收到本决定书之日起按本院通知的期限交纳。", deciding.case.name_of(person), amount.short()))
        }
        Measure::Detention { person, days } => (person, "拘留", format!("对{}拘留{days}日。", deciding.case.name_of(person))),
    };
    let granted = outcome == "granted";
    Ok(Decision {
        form: Form::Decision,
        // What was not done to him he is not told: the request stays inside (R-CAT-08).
        to: if granted { To::Person(person) } else { To::Nobody },
        text: DecisionText {
            about: if granted { about.into() } else { format!("不予{about}") },
            course: vec![format!("{}在本案诉讼中：{}", deciding.case.name_of(person), raised.fields.note("reasons"))],
            reasons: deciding.reasons("R-TRI-34")?,
            basis: basis(raised.fields.choice("act", ACTS, "R-TRI-34")?.0),
            orders: vec![if granted { order } else { format!("不对{}采取{about}措施。", deciding.case.name_of(person)) }],
            tail: if granted {
                vec!["如不服本决定，可以在收到决定书之日起三日内，口头或者书面向上一级人民法院申请复议一次。复议期间，不停止决定的执行。".into()]
            } else {
                vec![]
            },
            ..DecisionText::default()
        },
        effects: vec![],
        clocks: vec![],
        fee_notice: false,
    })
}
