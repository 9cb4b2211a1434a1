//! 管辖权异议: raised within the time to answer; a ruling, which can be appealed within ten days (R-JUR-08, R-FIL-17, R-APL-01,
//! 《民事诉讼法》(2023) 第130条). Its time does not count towards the period of trial (R-LIM-31), and a failed one costs its fee
//! (R-FEE-06).
use super::{AT_COUNTER, Decision, DecisionText, Deciding, Effect, Ending, Exclusion, Form, Kind, Matter, PENDING, Raising, To, invalid, step, Within};
use crate::case::{RoleKind, Side};
use crate::step::{Field, FieldKind, Step, clock_of, day_of};
use crate::{Refusal, Stage};

const OUTCOMES: &[(&str, &str)] = &[("upheld", "异议成立，移送有管辖权的法院"), ("refused", "驳回异议")];
const WHY: &str = "管辖权异议";

pub(super) static MATTER: Matter = Matter {
    kind: Kind::JurisdictionObjection,
    zh: WHY,
    raise: Step {
        counter: AT_COUNTER,
        who: &[RoleKind::Defendant, RoleKind::Agent],
        from: &[Stage::Preparing],
        fields: &[
            Field { name: "court", zh: "认为应当由哪个法院管辖", kind: FieldKind::Note },
            Field { name: "reasons", zh: "事实和理由", kind: FieldKind::LongText },
            Field { name: "materials", zh: "异议书和证据材料", kind: FieldKind::Files },
            crate::step::POSTED_ON,
        ],
        ..step(
            "object_to_jurisdiction",
            "提出管辖权异议",
            "认为受理案件的法院没有管辖权的，被告应当在答辩期内书面提出。没有提出又应诉答辩的，视为受诉法院有管辖权，但违反级别管辖和专属管辖的除外。异议不成立的，由提出的人交纳案件受理费 50 元至 100 元。",
            &["R-JUR-08", "R-LIM-31", "R-EVD-03"],
        )
    },
    decide: Step {
        who: &[RoleKind::Judge],
        from: PENDING,
        fields: &[
            Field { name: "outcome", zh: "裁定", kind: FieldKind::Choice(OUTCOMES) },
            Field { name: "court", zh: "移送到哪个法院（异议成立时填写）", kind: FieldKind::Text },
            Field { name: "reasons", zh: "本院认为", kind: FieldKind::LongText },
        ],
        papers: &[crate::Paper::MatterRuling],
        ..step("rule_on_jurisdiction", "裁定管辖权异议", "", &["R-JUR-08", "R-JUR-07", "R-FIL-17", "R-FEE-06", "R-LIM-31", "R-TRF-01"])
    },
    within: Within::Open,
    own_motion: false,
    raised,
    decided,
};

fn raised(raising: &Raising<'_>) -> Result<Vec<Effect>, Refusal> {
    // A plaintiff chose the court himself; a third party without a claim of his own has no say in it either (JI 82).
    if raising.side != Some(Side::Defendant) {
        return Err(Refusal::NotYours { step: MATTER.raise.zh.into() });
    }
    let ruled = |matter: &super::CaseMatter| {
        matter.raised.kind == Kind::JurisdictionObjection && matter.raised.by == raising.party && matter.decided.is_some()
    };
    if raising.case.matters.iter().any(ruled) {
        return Err(invalid("reasons", "对您的管辖权异议已经作出裁定；不服的，可以在裁定书送达之日起十日内上诉。".into(), "R-JUR-08"));
    }
    raising.fields.text("reasons", "事实和理由", "R-JUR-08")?;
    if let Some(period) = clock_of(raising.case, &format!("answer/{}", raising.party))
        && !period.clock.in_time(raising.day)
    {
        let zh = format!("管辖权异议应当在答辩期内提出，您的答辩期已于 {} 届满。", crate::clock::date_zh(period.clock.last_day));
        return Err(invalid("reasons", zh, "R-JUR-08"));
    }
    let exclusion = Exclusion { from: day_of(raising.facts.at), to: None, why: WHY.into(), rule: "R-LIM-31".into() };
    // The period for evidence goes on when the ruling that refuses the objection is in force (R-EVD-03).
    Ok(vec![Effect::Excluded { exclusion }, Effect::EvidenceHeld])
}

fn decided(deciding: &Deciding<'_>) -> Result<Decision, Refusal> {
    let raised = deciding.raised.ok_or(Refusal::NothingNamed)?;
    let (outcome, _) = deciding.fields.choice("outcome", OUTCOMES, "R-JUR-08")?;
    let who = format!("{}{}", raised.side.map_or("", |side| crate::case::Labelled::zh(&side)), deciding.case.name_of(raised.by));
    // Another defendant's objection goes on: its days do not count either.
    let others = deciding.case.open_matters().filter(|open| open.raised.kind == Kind::JurisdictionObjection && open.raised.number != raised.number);
    let open = deciding.case.exclusions.iter().find(|known| known.why == WHY && known.to.is_none());
    let mut effects = vec![];
    if let Some(open) = open.filter(|_| others.count() == 0) {
        let exclusion = Exclusion { to: Some(deciding.facts.today()), ..open.clone() };
        effects.push(Effect::Excluded { exclusion });
    }
    let mut tail = vec![deciding.appeal_line()];
    let order = match outcome {
        "upheld" => {
            let court = deciding.fields.text("court", "移送到哪个法院", "R-TRF-01")?;
            let known = deciding.law.courts.named(court).or_else(|| match deciding.law.courts.search(court).as_slice() {
                [only] => Some(only),
                _several => None,
            });
            let court = known.ok_or_else(|| invalid("court", format!("名册里没有“{court}”，请写法院的全称或者代字。"), "R-TRF-01"))?;
            if court.code == deciding.case.court {
                return Err(invalid("court", "移送的法院不能是本院。".into(), "R-TRF-01"));
            }
            effects.push(Effect::Ended { ending: Ending::Transferred });
            format!("{who}对管辖权提出的异议成立，本案移送{}处理。", court.name)
        }
        _refused => {
            let range = crate::fee::range("jurisdiction_objection").ok_or(Refusal::NothingDue)?;
            let fee = crate::fee::jurisdiction_objection(range.usual());
            tail.insert(0, format!("案件受理费{}元，由{who}负担。", fee.fen.short()));
            format!("驳回{who}对本案管辖权提出的异议。")
        }
    };
    Ok(Decision {
        form: Form::Ruling,
        to: To::Everybody,
        text: DecisionText {
            about: WHY.into(),
            course: deciding.course(&format!("在提交答辩状期间，对管辖权提出异议认为：{}", raised.fields.note("reasons"))),
            reasons: deciding.reasons("R-JUR-08")?,
            basis: "《中华人民共和国民事诉讼法》第一百三十条、第一百五十七条第一款第二项".into(),
            orders: vec![order],
            tail,
            appealable: true,
            ..DecisionText::default()
        },
        effects,
        clocks: vec![],
        fee_notice: false,
    })
}
