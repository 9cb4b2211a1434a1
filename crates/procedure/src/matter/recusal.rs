//! 回避: a party wants a member of the tribunal to stand aside (R-TRI-10, 《民事诉讼法》(2023) 第47至50条). He stops acting at
//! once; the president decides on judges, the presiding judge on the others, within three days.
use super::{AT_COUNTER, Decision, DecisionText, Deciding, Effect, Form, Kind, Matter, PARTIES, PENDING, Raising, To, invalid, step, Within};
use crate::case::RoleKind;
use crate::draw::{Seed, after_recusal, draw};
use crate::step::{Field, FieldKind, Step};
use crate::trial::Candidate;
use crate::{Case, Office, PersonId, Refusal};

const GROUNDS: &[(&str, &str)] = &[
    ("kin", "是本案当事人或者当事人、诉讼代理人的近亲属"),
    ("interest", "与本案有利害关系"),
    ("relation", "与当事人、诉讼代理人有其他关系，可能影响公正审理"),
    ("gifts", "接受当事人、诉讼代理人请客送礼，或者违反规定会见"),
];

const OUTCOMES: &[(&str, &str)] = &[("granted", "准许，更换人员"), ("refused", "驳回申请")];

pub(super) static MATTER: Matter = Matter {
    kind: Kind::Recusal,
    zh: "回避申请",
    raise: Step {
        counter: AT_COUNTER,
        who: PARTIES,
        fields: &[
            Field { name: "person", zh: "申请谁回避", kind: FieldKind::Staff },
            Field { name: "ground", zh: "理由属于哪一种", kind: FieldKind::Choice(GROUNDS) },
            Field { name: "reasons", zh: "事实和理由", kind: FieldKind::LongText },
            Field { name: "materials", zh: "证据材料", kind: FieldKind::Files },
            crate::step::POSTED_ON,
        ],
        ..step(
            "apply_for_recusal",
            "申请回避",
            "审判人员、书记员与本案有利害关系等情形，可能影响公正审理的，可以申请其回避，在案件开始审理时提出；之后才知道的，可以在法庭辩论终结前提出。决定作出前，被申请人暂停参与本案。",
            &["R-TRI-10"],
        )
    },
    decide: Step {
        who: &[RoleKind::President, RoleKind::Judge],
        from: PENDING,
        fields: &[
            Field { name: "outcome", zh: "决定", kind: FieldKind::Choice(OUTCOMES) },
            Field { name: "reasons", zh: "理由", kind: FieldKind::LongText },
        ],
        papers: &[crate::Paper::MatterDecision],
        ..step("decide_on_recusal", "决定回避", "", &["R-TRI-10", "R-TRI-06"])
    },
    within: Within::Rule("R-TRI-10"),
    own_motion: false,
    raised,
    decided,
};

fn raised(raising: &Raising<'_>) -> Result<Vec<Effect>, Refusal> {
    let person = raising.fields.person("person", "被申请回避的人", "R-TRI-10")?;
    if !raising.case.staff.iter().any(|(member, ..)| *member == person) {
        return Err(invalid("person", "请从本案的审判人员和书记员里选择。".into(), "R-TRI-10"));
    }
    raising.fields.choice("ground", GROUNDS, "R-TRI-10")?;
    raising.fields.text("reasons", "事实和理由", "R-TRI-10")?;
    if raising.case.paused(person) {
        return Err(invalid("person", "对他的回避申请还没有决定，不用再提。".into(), "R-TRI-10"));
    }
    // Who was refused may have it looked at once more, and nobody stands aside meanwhile (CPL 50).
    match refused(raising.case, raising.party, person) {
        0 => Ok(vec![Effect::Paused { person }]),
        1 => Ok(vec![]),
        _more => Err(invalid("person", "对驳回回避申请的决定只能申请复议一次，已经复议过了。".into(), "R-TRI-10")),
    }
}

/// How often this party was refused the recusal of this person.
fn refused(case: &Case, party: PersonId, person: PersonId) -> usize {
    let of = |raised: &super::Raised| raised.by == party && raised.fields.person("person", "", "").is_ok_and(|of| of == person);
    let matters = case.matters.iter().filter(|matter| matter.raised.kind == Kind::Recusal && of(&matter.raised));
    matters.filter(|matter| matter.decided.as_ref().is_some_and(|decided| decided.outcome == "refused")).count()
}

fn decided(deciding: &Deciding<'_>) -> Result<Decision, Refusal> {
    let raised = deciding.raised.ok_or(Refusal::NothingNamed)?;
    let person = raised.fields.person("person", "被申请回避的人", "R-TRI-10")?;
    // He may have left since, on another's application.
    let office = deciding.case.staff.iter().find(|(member, ..)| *member == person).map(|(_, office, _)| *office);
    let judge = office == Some(Office::Judge);
    // A judge's recusal is the president's to decide, everybody else's the presiding judge's (CPL 49).
    let competent = if judge { Office::President } else { Office::Judge };
    if deciding.office != competent {
        let who = if judge { "院长" } else { "审判长或者独任审判员" };
        return Err(invalid("outcome", format!("这一回避申请由{who}决定。"), "R-TRI-10"));
    }
    if deciding.by == person {
        return Err(invalid("outcome", "本人不能决定自己的回避。".into(), "R-TRI-10"));
    }
    let (outcome, _) = deciding.fields.choice("outcome", OUTCOMES, "R-TRI-10")?;
    let name = deciding.case.name_of(person);
    // CPL 50: who is granted what he asked for has nothing to have reconsidered.
    const AGAINST: &str = "如不服本决定，可以在接到决定时申请复议一次，本院在三日内作出复议决定；复议期间，被申请回避的人员不停止参与本案的工作。";
    let (order, tail, effects) = match outcome {
        "granted" if office.is_none() => return Err(invalid("outcome", "他已经不在本案的审判组织里，请选择驳回并说明。".into(), "R-TRI-10")),
        "granted" => {
            let (by, among) = successor(deciding, person)?;
            let checkpoint = deciding.facts.checkpoint.clone();
            let order = format!("准许对{name}的回避申请，由{}接替。", by.name);
            (order, vec![], vec![Effect::Replaced { person, by, checkpoint, among }])
        }
        // The second look is the last (CPL 50).
        _refused if refused(deciding.case, raised.by, person) > 0 => {
            ("驳回复议申请，维持原决定。".to_owned(), vec![], vec![Effect::Unpaused { person }])
        }
        _refused => (format!("驳回对{name}的回避申请。"), vec![AGAINST.into()], vec![Effect::Unpaused { person }]),
    };
    Ok(Decision {
        form: Form::Decision,
        to: To::Everybody,
        text: DecisionText {
            about: "回避".into(),
            course: deciding.course(&format!("申请{name}回避。")),
            reasons: deciding.reasons("R-TRI-10")?,
            basis: "《中华人民共和国民事诉讼法》第四十七条、第四十九条、第五十条".into(),
            orders: vec![order],
            tail,
            ..DecisionText::default()
        },
        effects,
        clocks: vec![],
        fee_notice: false,
    })
}

/// Who takes the seat: drawn from the log's checkpoint of now and the filing's digest under a label of this matter, among those who
/// are not and were not in the case; who they were is kept, so that anybody can draw again (R-TRI-06).
fn successor(deciding: &Deciding<'_>, person: PersonId) -> Result<(Candidate, Vec<Candidate>), Refusal> {
    let case: &Case = deciding.case;
    let tribunal = case.tribunal.as_ref().ok_or(Refusal::NoTribunal)?;
    let office = case.staff.iter().find(|(member, ..)| *member == person).map_or(Office::Judge, |(_, office, _)| *office);
    let (pool, _) = crate::step::assign_tribunal::pool(case, &deciding.facts.roster, office);
    let known = |candidate: &Candidate| case.staff.iter().chain(&case.former).any(|(member, ..)| *member == candidate.person);
    let free: Vec<Candidate> = pool.into_iter().filter(|candidate| !known(candidate)).cloned().collect();
    if deciding.facts.checkpoint.trim().is_empty() {
        return Err(Refusal::Missing { what: "司法链检查点".into() });
    }
    let seed = Seed { checkpoint: deciding.facts.checkpoint.clone(), filing: tribunal.seed.filing.clone() };
    let ids: Vec<PersonId> = free.iter().map(|candidate| candidate.person).collect();
    let drawn = draw(&seed, &after_recusal(deciding.number), &ids, 1);
    let seat = drawn.first().and_then(|id| free.iter().find(|candidate| candidate.person == *id));
    let seat = seat.cloned().ok_or(Refusal::RosterTooSmall { needed: 1, there: 0 })?;
    Ok((seat, free))
}
