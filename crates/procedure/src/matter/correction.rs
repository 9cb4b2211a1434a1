//! 补正裁判文书笔误: a slip of the pen in a judgment or ruling is put right by a ruling that quotes both (《民事诉讼法》(2023) 第157条
//! 第1款第7项, R-DOC-04, D09).
use super::{AT_COUNTER, Decision, DecisionText, Deciding, Form, Kind, Matter, PARTIES, Raising, To, invalid, step, Within};
use crate::case::{RoleKind, ServiceState};
use crate::clock::date_zh;
use crate::step::{Field, FieldKind, Step};
use crate::{Refusal, Stage};

const FROM: &[Stage] = &[Stage::Decided, Stage::Effective, Stage::Withdrawn, Stage::Terminated, Stage::Dismissed];

pub(super) static MATTER: Matter = Matter {
    kind: Kind::Correction,
    zh: "补正笔误",
    raise: Step {
        counter: AT_COUNTER,
        who: PARTIES,
        from: FROM,
        fields: super::APPLICATION,
        ..step("report_slip", "指出文书笔误", "裁判文书有误写、误算，诉讼费用漏写、误算等笔误的，可以告诉法院，由法院裁定补正。", &["R-DOC-04"])
    },
    decide: Step {
        who: &[RoleKind::Judge],
        from: FROM,
        fields: &[
            Field { name: "paper", zh: "哪一份文书", kind: FieldKind::Paper },
            Field { name: "wrong", zh: "误写为", kind: FieldKind::Text },
            Field { name: "right", zh: "补正为", kind: FieldKind::Text },
            Field { name: "reasons", zh: "怎样写错的", kind: FieldKind::LongText },
        ],
        papers: &[crate::Paper::MatterRuling],
        ..step("correct_slip", "裁定补正笔误", "", &["R-DOC-04", "R-DOC-09"])
    },
    within: Within::Open,
    own_motion: true,
    raised: |raising: &Raising<'_>| raising.fields.text("reasons", "哪里写错了", "R-DOC-04").map(|_| vec![]),
    decided,
};

fn decided(deciding: &Deciding<'_>) -> Result<Decision, Refusal> {
    let wrong = deciding.fields.text("wrong", "误写的文字", "R-DOC-04")?;
    let right = deciding.fields.text("right", "补正后的文字", "R-DOC-04")?;
    if wrong == right {
        return Err(invalid("right", "补正后的文字与原来的一样。".into(), "R-DOC-04"));
    }
    let id = crate::PaperId::parse(deciding.fields.note("paper")).ok_or_else(|| invalid("paper", "请选择一份文书。".into(), "R-DOC-04"))?;
    let paper = deciding.case.paper(id).ok_or(Refusal::NoSuchPaper)?;
    let decision = [crate::Paper::CivilJudgment, crate::Paper::DeemedWithdrawalRuling, crate::Paper::MatterRuling];
    if !decision.contains(&paper.paper) {
        return Err(invalid("paper", "只有判决书、裁定书的笔误用裁定补正。".into(), "R-DOC-04"));
    }
    let given = match &paper.service {
        ServiceState::Served { on, .. } => format!("{}送达的", date_zh(*on)),
        ServiceState::Owed | ServiceState::Issued | ServiceState::Sent { .. } | ServiceState::Failed { .. } => String::new(),
    };
    let name = deciding.case.paper_zh(paper);
    Ok(Decision {
        form: Form::Ruling,
        // A ruling that is kept from the other side is corrected for whom it was made (R-PRV-03).
        to: match deciding.case.decision_of(id) {
            Some(decided) if decided.kind == Kind::Preservation && !deciding.case.carried_out(decided.number) => To::Person(paper.to),
            Some(_) | None => To::Everybody,
        },
        text: DecisionText {
            about: "补正笔误".into(),
            course: [deciding.course("指出本院文书有笔误。"), vec![format!("本院{given}{name}，存在笔误，应予补正。")]].concat(),
            reasons: deciding.reasons("R-DOC-04")?,
            basis: "《中华人民共和国民事诉讼法》第一百五十七条第一款第七项，\
                《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第二百四十五条"
                .into(),
            orders: vec![format!("{name}中“{wrong}”补正为“{right}”。")],
            ..DecisionText::default()
        },
        effects: vec![],
        clocks: vec![],
        fee_notice: false,
    })
}
