//! 保全措施登记: what was done on a ruling, and until when it holds; the applicant is told in writing, the other side gets the ruling
//! now (R-PRV-09 to R-PRV-12).
use super::{Decision, DecisionText, Deciding, Effect, Form, Kind, Matter, PRESERVED, To, Within, invalid, step};
use crate::case::{Labelled, RoleKind};
use crate::clock::{Clock, Line, date_zh};
use crate::preservation::{Measure, MeasureState, Property};
use crate::step::{Field, FieldKind, Step, owe, running};
use crate::{Case, Fen, Paper, Refusal};
use jiff::ToSpan;
use jiff::civil::Date;

pub(super) static MATTER: Matter = Matter {
    kind: Kind::PreservationMeasure,
    zh: "保全措施",
    raise: Step { from: PRESERVED, ..step("note_preservation", "报告保全情况", "", &["R-PRV-09"]) },
    decide: Step {
        who: &[RoleKind::Judge, RoleKind::Clerk],
        from: PRESERVED,
        fields: &[
            Field { name: "property", zh: "财产的种类", kind: FieldKind::Choice(Property::CHOICES) },
            Field { name: "what", zh: "是什么财产：账号、车牌、产权证号等", kind: FieldKind::Text },
            Field { name: "amount", zh: "控制的金额", kind: FieldKind::Money },
            Field { name: "holder", zh: "协助执行的单位", kind: FieldKind::Text },
            Field { name: "queued", zh: "以前有没有其他法院的措施", kind: FieldKind::Choice(&[("no", "没有，首先查封"), ("yes", "有，轮候")]) },
            Field { name: "on", zh: "哪一天采取的", kind: FieldKind::Date },
            Field { name: "until", zh: "保全期限到哪一天", kind: FieldKind::Date },
        ],
        papers: &[Paper::MatterNotice],
        ..step("record_measure", "登记保全措施", "", &["R-PRV-09", "R-PRV-10", "R-PRV-11", "R-PRV-12"])
    },
    within: Within::Open,
    own_motion: true,
    raised: |_| Err(Refusal::NothingNamed),
    decided,
};

fn decided(deciding: &Deciding<'_>) -> Result<Decision, Refusal> {
    let (case, fields) = (deciding.case, deciding.fields);
    let ruling = ruling(case).ok_or(Refusal::Missing { what: "准许财产保全的裁定".into() })?;
    let applicant = case.matter(ruling.number).map(|matter| matter.raised.by).ok_or(Refusal::NothingNamed)?;
    let property = Property::of(fields.note("property")).ok_or_else(|| invalid("property", "请选择财产的种类。".into(), "R-PRV-09"))?;
    let (on, until) = (fields.date("on", "采取措施的日期", "R-PRV-12")?, fields.date("until", "期限届满的日期", "R-PRV-09")?);
    if on < ruling.on || on > deciding.facts.today() {
        let zh = format!("采取措施不早于裁定（{}），不晚于今天。", date_zh(ruling.on));
        return Err(invalid("on", zh, "R-PRV-12"));
    }
    term(property, on, until, deciding)?;
    let amount = fields.money("amount", "控制的金额", "R-PRV-11")?;
    no_more_than(case, ruling, amount)?;
    let number = u32::try_from(case.measures.len() + 1).unwrap_or(u32::MAX);
    let measure = Measure {
        number,
        matter: ruling.number,
        property,
        what: fields.text("what", "是什么财产", "R-PRV-11")?.to_owned(),
        amount,
        holder: fields.text("holder", "协助执行的单位", "R-PRV-12")?.to_owned(),
        queued: fields.note("queued") == "yes",
        on,
        until,
        state: MeasureState::Holds,
    };
    // Only now does the other side learn of the ruling.
    let told = |person| ruling.papers.iter().any(|owed| owed.to == person);
    let papers: Vec<_> = case.parties.iter().filter(|party| !told(party.person)).map(|party| owe(case, Paper::MatterRuling, party.person)).collect();
    let mut effects = vec![Effect::MeasureTaken { measure: Box::new(measure.clone()) }];
    if !papers.is_empty() {
        effects.push(Effect::RulingOwed { matter: ruling.number, papers });
    }
    let mut clocks = vec![
        running(format!("hold/{number}"), Some(applicant), hold(&measure)),
        running(format!("renewal/{number}"), Some(applicant), deciding.law.clock("R-PRV-09d", until)),
    ];
    // The first of them begins the thirty days to sue (R-PRV-07).
    if case.kind.before_suit() && case.measures.is_empty() {
        clocks.push(running("suit", Some(applicant), deciding.law.clock("R-PRV-07", on)));
    }
    Ok(Decision { form: Form::Notice, to: To::Person(applicant), text: notice(&measure), effects, clocks, fee_notice: false })
}

/// The first ruling that grants a preservation, was not taken back, and leaves something to hold; the last where none does.
fn ruling(case: &Case) -> Option<&super::Decided> {
    let stands = |decided: &&super::Decided| decided.kind == Kind::Preservation && decided.outcome == "granted" && !case.revoked(decided.number);
    let rulings: Vec<_> = case.matters.iter().filter_map(|matter| matter.decided.as_ref()).filter(stands).collect();
    let left = |decided: &&&super::Decided| left(case, decided).is_ok_and(|left| left > Fen::ZERO);
    rulings.iter().find(left).or(rulings.last()).copied()
}

/// How much of a ruling is not held yet (R-PRV-11).
fn left(case: &Case, ruling: &super::Decided) -> Result<Fen, Refusal> {
    let granted = ruling.fields.money("amount", "保全的金额", "R-PRV-11")?;
    let held: i64 = case.holding().filter(|measure| measure.matter == ruling.number && !measure.queued).map(|measure| measure.amount.0).sum();
    Ok(Fen((granted.0 - held).max(0)))
}

/// After the day, and no longer than the law lets it (R-PRV-09).
pub(super) fn term(property: Property, from: Date, until: Date, deciding: &Deciding<'_>) -> Result<(), Refusal> {
    let longest = property.longest(from, deciding.law);
    if until <= from || until > longest {
        return Err(invalid("until", format!("{}的期限最长到 {}。", property.zh(), date_zh(longest)), "R-PRV-09"));
    }
    Ok(())
}

/// All that holds is no more than the ruling says (R-PRV-11).
fn no_more_than(case: &Case, ruling: &super::Decided, amount: Fen) -> Result<(), Refusal> {
    let granted = ruling.fields.money("amount", "保全的金额", "R-PRV-11")?;
    let left = left(case, ruling)?;
    if amount == Fen::ZERO || amount > left {
        return Err(invalid("amount", format!("请写明控制的金额，不得超标的额：裁定{}元，还可以控制{}元。", granted.short(), left.short()), "R-PRV-11"));
    }
    Ok(())
}

/// The term as a period that its applicant reads.
pub(super) fn hold(measure: &Measure) -> Clock {
    let text = format!("{}自{}起，到{}届满", measure.property.zh(), date_zh(measure.on), date_zh(measure.until));
    Clock {
        rule: measure.property.rule().into(),
        what: "保全期限".into(),
        from: measure.on,
        first_day: measure.on.saturating_add(1.day()),
        last_day: measure.until,
        last_time: None,
        derivation: vec![Line {
            text,
            rule: measure.property.rule().into(),
            law: "《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第四百八十五条".into(),
        }],
        provisional: false,
    }
}

/// 财产保全情况告知: what, how much, until when, and by when to ask for more (R-PRV-09, PRE 18).
fn notice(measure: &Measure) -> DecisionText {
    let queued = if measure.queued { "该财产此前已被其他法院采取措施，本次为轮候，自在先的措施解除或者失效时起生效。" } else { "" };
    DecisionText {
        about: "财产保全情况".into(),
        course: vec!["本院依据已经作出的保全裁定，采取了保全措施。".into()],
        basis: "《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第四百八十五条，《最高人民法院关于人民法院办理财产保全案件若干问题的规定》第十八条".into(),
        orders: vec![
            format!("{}，{}：{}，{}元，由{}协助执行。{queued}", date_zh(measure.on), measure.property.zh(), measure.what, measure.amount.short(), measure.holder),
            format!("保全期限至{}。", date_zh(measure.until)),
            "需要继续保全的，应当在期限届满七日前向本院申请续行保全；逾期申请或者不申请的，自行承担不能续行保全的法律后果。".into(),
        ],
        ..DecisionText::default()
    }
}
