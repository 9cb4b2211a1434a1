//! 案件视图: a case as one person of it may see it. Made from the case and its events alone, so it can be made again.
mod trial;

use crate::store::persons;
use crate::{Court, Error, store};
use exchange::message::{Duty, Entry, View, ViewAgent, ViewClock, ViewFee, ViewItem, ViewMeasure, ViewPaper};
use jiff::Timestamp;
use jiff::civil::Date;
use procedure::anchor::Anchor;
use procedure::case::{Actor, Channel, ClockState, Labelled, Role, RunningClock, Scope, ServiceState, Side};
use procedure::clock::date_zh;
use procedure::kind::CaseKind;
use procedure::matter::Kind;
use procedure::preservation::{Measure, MeasureState};
use procedure::{Case, CaseId, Event, Fen, Json, Law, PersonId, Refusal, STEPS, Stage, Step, permit};
use storage::{Tx, events};

/// The view of one account that is or acts for `party`.
pub fn view(tx: &mut Tx, zone: &Court, court: &str, id: CaseId, account: PersonId, party: PersonId) -> Result<View, Error> {
    let case = store::case(tx, court, id)?;
    let history = history(tx, court, id)?;
    let items = crate::file::main_volume(tx, &case, &history)?;
    let actor = persons::actor(&case, &persons::links(tx, court, id)?, account, Some(party));
    // Who has no link yet is shown what the party would see.
    let actor = if actor.for_person.unwrap_or(actor.person) == party { actor } else { case.actor(account, party) };
    Ok(of(zone.law(), procedure::step::day_of(zone.now()), &case, &history, items, &Seen { account, actor }))
}

/// The events of a case with the legal time of each.
pub fn history(tx: &mut Tx, court: &str, id: CaseId) -> Result<Vec<(Timestamp, Event)>, Error> {
    events::load(tx, court, id.0, 0)?.into_iter().map(|stored| Ok((stored.at, Event::from_json(stored.body.as_bytes())?))).collect()
}

/// By whom a case is seen: an account, and who it is in the case.
pub(crate) struct Seen {
    pub account: PersonId,
    pub actor: Actor,
}

/// What a case shows on a day; `items` are those of its main volume. An agent sees the papers and periods of each of his
/// principals.
pub(crate) fn of(law: &Law, today: Date, case: &Case, history: &[(Timestamp, Event)], items: Vec<ViewItem>, seen: &Seen) -> View {
    let (account, actor) = (seen.account, &seen.actor);
    let party = actor.for_person.unwrap_or(actor.person);
    let principals: Vec<PersonId> = match actor.for_person {
        Some(_) => case.agents.iter().filter(|agent| agent.person == actor.person).map(|agent| agent.of).collect(),
        None => vec![],
    };
    let own = if principals.is_empty() { vec![party] } else { principals.clone() };
    let role = case.roles(actor).first().map_or("当事人", |role| match role {
        Role::Agent { .. } => "委托诉讼代理人",
        Role::Plaintiff => case.kind.side(Side::Plaintiff),
        Role::Defendant | Role::Invited => case.kind.side(Side::Defendant),
        Role::Filer | Role::Staff(_) => "当事人",
    });
    let names = |side| case.side(side).map(|party| party.name.clone()).collect::<Vec<_>>();
    let items = readable(case, items, party);
    View {
        case: case.id,
        court: case.court.clone(),
        court_name: crate::court_name(law, &case.court),
        account,
        party,
        role: role.into(),
        version: case.version,
        receipt_no: case.receipt_no.clone(),
        number: case.number.as_deref().map(full_width),
        title: title(case, party),
        cause: case.statement.as_ref().map(|statement| statement.cause_name.clone()).unwrap_or_else(|| "案由未定".into()),
        stage: case.stage,
        stage_zh: case.stage.zh().into(),
        procedure: case.procedure.map(|procedure| procedure.zh().into()),
        plaintiffs: names(Side::Plaintiff),
        defendants: names(Side::Defendant),
        officers: case.staff.iter().map(|(_, office, name)| (office.zh().to_owned(), name.clone())).collect(),
        submitted_at: case.submitted_at,
        duties: duties(case, party),
        clocks: clocks(case, &own),
        fee: fee(case, party),
        timeline: timeline(case, history, party),
        papers: papers(case, &own),
        root: crate::root(&items),
        items,
        steps: STEPS
            .iter()
            .filter(|step| permit(case, step, actor).is_ok() && trial::offered(today, case, step, party))
            .map(|step| step.name.to_owned())
            .collect(),
        barred: STEPS.iter().filter_map(|step| barred(case, step, actor)).collect(),
        moved: (1..).zip(history).filter(|(_, (_, event))| event.concerns(case, party)).map(|(version, _)| version).last().unwrap_or(0),
        principals: principals.into_iter().map(|of| (of, case.name_of(of).to_owned())).collect(),
        agents: case.agents.iter().filter(|agent| agent.of == party).map(agent).collect(),
        remarks: case.correction.iter().filter(|_| case.stage == Stage::Returned).flat_map(|correction| correction.remarks.clone()).collect(),
        choices: Scope::ALL.iter().map(|scope| (*scope, case.channel_of(party, *scope))).collect(),
        statement: case.statement.clone(),
        parties: case.parties.clone(),
        answers: trial::answers(case, party),
        evidence: trial::evidence(case, party),
        tribunal: case.tribunal.clone(),
        staff: case.staff.clone(),
        kind: case.kind,
        redraws: case.redraws(),
        measures: measures(case),
        agent_names: agents_at_draw(history),
        hearings: trial::hearings(case, party),
        judgment: trial::judgment(case, party),
        trips: trial::trips(case, history, party),
    }
}

/// A step that an agent's principal could take, and what the agent needs for it (R-IDC-11).
fn barred(case: &Case, step: &Step, actor: &Actor) -> Option<(String, String)> {
    match permit(case, step, actor) {
        // What was posted in time is entered at the counter; online nobody files an appeal to the archive.
        Err(Refusal::PowerMissing { .. }) if case.stage == Stage::Archived => None,
        Err(refusal @ Refusal::PowerMissing { .. }) => Some((step.name.to_owned(), refusal.zh())),
        Ok(()) | Err(_) => None,
    }
}

/// Names of the agents whose namesakes the draw left out: those who acted when it was made, whoever came or went later.
fn agents_at_draw(history: &[(Timestamp, Event)]) -> Vec<String> {
    let mut agents: Vec<procedure::case::Agent> = vec![];
    for (_, event) in history.iter().take_while(|(_, event)| !matches!(event, Event::TribunalAssigned { .. })) {
        if let Event::FilingSubmitted(filed) = event {
            agents.extend(filed.agents.iter().cloned());
        } else if let Event::AgentAppointed { authority, .. } = event {
            agents.push(authority.agent.clone());
        } else if let Event::AgentRevoked { agent, of, .. } = event {
            agents.retain(|known| known.person != *agent || known.of != *of);
        }
    }
    agents.into_iter().map(|agent| agent.name).collect()
}

fn agent(agent: &procedure::case::Agent) -> ViewAgent {
    let special: Vec<_> = agent.powers.iter().map(|power| power.zh()).collect();
    let powers = if special.is_empty() { "一般授权".to_owned() } else { format!("特别授权：{}", special.join("、")) };
    ViewAgent { person: agent.person, name: agent.name.clone(), powers }
}

/// 案号 as papers print it (R-CNO-19).
pub fn full_width(canonical: &str) -> String {
    canonical.replacen('(', "（", 1).replacen(')', "）", 1)
}

fn title(case: &Case, party: PersonId) -> String {
    let own = case.party(party).map(|party| party.side);
    let others = match own {
        Some(Side::Defendant) => case.side(Side::Plaintiff),
        Some(Side::Plaintiff) | None => case.side(Side::Defendant),
    };
    let others = others.map(|party| party.name.as_str()).collect::<Vec<_>>().join("、");
    let cause = case.statement.as_ref().map_or("纠纷", |statement| statement.cause_name.as_str());
    match case.kind {
        CaseKind::CivilFirst => format!("与{others}的{cause}"),
        CaseKind::Preservation => format!("{cause}（{others}）"),
    }
}

fn clocks(case: &Case, own: &[PersonId]) -> Vec<ViewClock> {
    // The period of a matter that he may not know of is none of his (R-PRV-03).
    let known = |clock: &&RunningClock| {
        let number = ["matter/", "execution/"].iter().find_map(|anchor| clock.anchor.strip_prefix(anchor)).and_then(|number| number.parse().ok());
        let theirs = Anchor::of(&clock.anchor) == Some(Anchor::Reconsideration) && clock.of.is_none_or(|of| !own.contains(&of));
        !theirs && number.is_none_or(|number| own.iter().any(|party| case.may_know(number, *party)))
    };
    let shown = case.clocks.iter().filter(|clock| clock.state != ClockState::Replaced).filter(known);
    shown
        .map(|clock| ViewClock {
            yours: clock.of.is_some_and(|of| own.contains(&of)),
            whose: clock.of.and_then(|of| case.party(of)).map(|party| party.name.clone()).unwrap_or_else(String::new),
            running: clock.state == ClockState::Running,
            clock: clock.clock.clone(),
        })
        .collect()
}

/// The measures: each was carried out, so that both sides know of it (R-PRV-03).
fn measures(case: &Case) -> Vec<ViewMeasure> {
    let ended = |state: &MeasureState| match state {
        MeasureState::Holds => String::new(),
        MeasureState::Lifted { on } => format!("{}解除", date_zh(*on)),
        MeasureState::Lapsed { on } => format!("{}期限届满，效力消灭", date_zh(*on)),
    };
    let view = |measure: &Measure| ViewMeasure {
        number: measure.number,
        zh: measure.zh(),
        until: measure.until,
        holds: measure.holds(),
        ended: ended(&measure.state),
    };
    case.measures.iter().map(view).collect()
}

fn fee(case: &Case, party: PersonId) -> Option<ViewFee> {
    let plaintiff = case.party(party).is_some_and(|party| party.side == Side::Plaintiff);
    let payable = procedure::step::step("pay_fee").is_some_and(|step| step.from.contains(&case.stage));
    case.fee.as_ref().map(|fee| ViewFee {
        full: fee.full,
        due: fee.due,
        halved: fee.halved,
        steps: fee.steps.clone(),
        open: Some(fee.still_due()),
        paid: fee.paid.is_some() && !fee.outstanding(),
        yours: plaintiff && fee.outstanding() && payable,
        relief_pending: fee.relief_pending(),
        refund: Some(fee.to_refund()).filter(|back| plaintiff && *back > Fen::ZERO),
    })
}

fn papers(case: &Case, own: &[PersonId]) -> Vec<ViewPaper> {
    let visible = case.papers.iter().filter(|paper| own.contains(&paper.to));
    visible
        .filter_map(|paper| {
            let (state, served_on) = match &paper.service {
                ServiceState::Owed | ServiceState::Issued => return None,
                ServiceState::Sent { method, .. } => (format!("{}，已发出", method.zh()), None),
                ServiceState::Served { method, on, .. } => (format!("{}，已送达", method.zh()), Some(*on)),
                ServiceState::Failed { method, reason, .. } => (format!("{}未成：{reason}", method.zh()), None),
            };
            let state = case.superseded_zh(paper).map_or_else(|| state.clone(), |why| format!("{state}；{why}"));
            let sha256 = served_on.and(paper.sha256.clone());
            Some(ViewPaper { id: paper.id, name: case.paper_zh(paper), state, served_on, opened_at: paper.opened_at, sha256 })
        })
        .collect()
}

/// The items as one party sees them: all of them listed but what he may not know of yet (R-PRV-03), and which he may read online
/// (R-RDG-03).
pub(crate) fn readable(case: &Case, items: Vec<ViewItem>, party: PersonId) -> Vec<ViewItem> {
    let known = |item: &ViewItem| item.matter.is_none_or(|number| case.may_know(number, party));
    let mut next = 1;
    let one = |(number, item): (u32, ViewItem)| {
        let first_page = next;
        next += item.pages;
        let readable = trial::Readers::of(case, &item.sha256).include(case, party);
        ViewItem { number, first_page, readable, matter: None, ..item }
    };
    (1..).zip(items.into_iter().filter(known)).map(one).collect()
}

fn duty(who: &str, yours: bool, what: &str, detail: String) -> Duty {
    Duty { who: who.into(), yours, what: what.into(), detail, until: None, step: None }
}

/// Before a suit: the court rules in forty-eight hours, the applicant pays, sues in thirty days and has the measures renewed (R-PRV-03,
/// R-PRV-07, R-PRV-09).
fn preserving(case: &Case, applicant: bool, running: &dyn Fn(&str) -> Option<Date>, duties: &mut Vec<Duty>) {
    if case.open_matter(Kind::Preservation).is_some() {
        let mut court = duty("法院", false, "裁定是否保全", "接受申请后四十八小时内裁定；裁定保全的，立即执行。".into());
        court.until = running("matter/1");
        duties.push(court);
    }
    fee_duty(case, applicant, duties);
    if let Some(until) = running("suit") {
        let who = if applicant { "您" } else { "申请人" };
        let mut own = duty(who, applicant, "提起诉讼或者申请仲裁", "采取保全措施后三十日内不起诉的，法院解除保全。".into());
        own.until = Some(until);
        duties.push(own);
    }
}

/// Who must do what now.
fn duties(case: &Case, party: PersonId) -> Vec<Duty> {
    let side = case.party(party).map(|party| party.side);
    let plaintiff = side == Some(Side::Plaintiff);
    let running = |anchor: &str| {
        case.clocks.iter().find(|clock| clock.anchor == anchor && clock.state == ClockState::Running).map(|clock| clock.clock.last_day)
    };
    let mut duties = Vec::new();
    match case.stage {
        Stage::New | Stage::Terminated | Stage::Archived => {}
        Stage::Suspended => {
            duties.push(duty("法院", false, "中止的原因消除后恢复诉讼", "诉讼中止期间不计入审理期限；原因消除的，可以申请恢复。".into()))
        }
        Stage::Preserving => preserving(case, plaintiff, &running, &mut duties),
        Stage::Dismissed | Stage::Transferred => trial::dismissed(party, &running, &mut duties),
        Stage::Submitted => {
            let mut court = duty("法院", false, "决定是否立案", "收到后 7 日内决定；到期还定不下来的，先立案。".into());
            court.until = case.clock("R-FIL-11").map(|clock| clock.clock.last_day);
            duties.push(court);
        }
        Stage::Returned => {
            let remarks = case.correction.as_ref().map_or(0, |correction| correction.remarks.len());
            let mut own =
                duty(if plaintiff { "您" } else { "原告" }, plaintiff, "按通知补正材料", format!("法院一次性告知了 {remarks} 项，补齐后重新提交。"));
            own.until = running(&format!("correction/{party}"));
            own.step = plaintiff.then(|| "submit_correction".into());
            duties.push(own);
        }
        // What was not paid is still owed; the case is not closed without it.
        Stage::Effective | Stage::Withdrawn => fee_duty(case, plaintiff, &mut duties),
        Stage::GivenBack if plaintiff && case.insisted_at.is_none() => {
            let detail = "补齐以后可以重新起诉；认为不需要补正的，告诉法院您坚持起诉，法院作出裁定。".into();
            let mut own = duty("您", true, "补齐后重新起诉，或者坚持起诉", detail);
            own.step = Some("insist_on_filing".into());
            duties.push(own);
        }
        Stage::GivenBack => duties.push(duty("法院", false, "对坚持起诉作出裁定", "不符合起诉条件的，裁定不予受理。".into())),
        Stage::Refused if plaintiff && !case.appeals.iter().any(|appeal| appeal.by == party) => {
            let mut own = duty("您", true, "不服的可以上诉", "在裁定书送达之日起十日内，通过本院上诉。".into());
            own.until = running(&format!("appeal/{party}"));
            own.step = own.until.map(|_| "file_appeal".into());
            duties.push(own);
        }
        Stage::Refused => {}
        Stage::Preparing | Stage::Hearing | Stage::Decided => {
            fee_duty(case, plaintiff, &mut duties);
            trial::duties(case, party, &running, &mut duties);
        }
    }
    duties
}

fn fee_duty(case: &Case, plaintiff: bool, duties: &mut Vec<Duty>) {
    let Some(fee) = case.fee.as_ref().filter(|fee| fee.outstanding()) else { return };
    let mut pay = duty(
        if plaintiff { "您" } else { case.kind.side(Side::Plaintiff) },
        plaintiff,
        &format!("{}{} {}", if fee.paid.is_some() { "补交" } else { "交纳" }, case.kind.fee(), fee.still_due()),
        match case.stage {
            Stage::Withdrawn => "撤诉后减半负担的案件受理费。".into(),
            Stage::Preserving => "申请保全的，由申请人预交。".into(),
            _ => "逾期不交，又没有申请缓交、减交或者免交的，按撤诉处理。".to_owned(),
        },
    );
    // Also when its last day went by: what is late is the first thing to do.
    pay.until = case.unmet("R-FEE-15").map(|period| period.clock.last_day);
    pay.step = plaintiff.then(|| "pay_fee".into());
    duties.push(pay);
}

/// What happened, in plain words; what concerns another party's own business is left out.
fn timeline(case: &Case, history: &[(Timestamp, Event)], party: PersonId) -> Vec<Entry> {
    history.iter().filter_map(|(at, event)| entry(case, *at, event, party)).collect()
}

fn entry(case: &Case, at: Timestamp, event: &Event, party: PersonId) -> Option<Entry> {
    let own = case.party(party).is_some_and(|party| party.side == Side::Plaintiff);
    let paper_of = |id: &procedure::PaperId| case.paper(*id).filter(|paper| paper.to == party);
    let (what, detail, rule, paper) = match event {
        Event::FilingSubmitted(filed) => {
            let pages: u32 = filed.statement.materials.iter().map(|material| material.pages).sum();
            let who = match case.kind {
                CaseKind::CivilFirst if own => "您提交了起诉材料",
                CaseKind::CivilFirst => "原告提交了起诉材料",
                CaseKind::Preservation if own => "您提交了保全申请",
                CaseKind::Preservation => "申请人提交了保全申请",
            };
            let how = match filed.channel {
                Channel::Online => "",
                Channel::Counter => "在窗口提交，",
            };
            let counted = if pages > 0 { format!("，{pages} 页") } else { String::new() };
            (who.into(), format!("{how}{} 份材料{counted}。", filed.statement.materials.len()), "R-FIL-10", None)
        }
        Event::ReturnedForCorrection { remarks, .. } if own => {
            ("法院一次性告知补正".into(), format!("共 {} 项，补齐后重新提交。", remarks.len()), "R-FIL-12", None)
        }
        Event::Corrected { .. } if own => ("您提交了补正材料".into(), "次日起重新计算 7 日。".into(), "R-FIL-12", None),
        Event::FilingGivenBack { reason, .. } if own => {
            let detail = format!("没有补齐：{reason} 补齐后可以重新起诉；坚持起诉的，请告诉法院。");
            ("法院退回了起诉材料".into(), detail, "R-FIL-12", None)
        }
        Event::FilingInsisted { .. } if own => ("您坚持起诉".into(), "不符合起诉条件的，法院裁定不予受理。".into(), "R-FIL-12", None),
        Event::FilingRefused(refused) if own => (
            "法院裁定不予受理".into(),
            format!("{}，裁定书按您选择的方式送达；不服的，可以在送达之日起十日内上诉。", full_width(&refused.number)),
            "R-FIL-17",
            None,
        ),
        Event::PaperCopyRequested { request } if request.by == party => {
            let paper = paper_of(&request.paper)?;
            (format!("您索要纸质的{}", paper.paper.zh()), format!("{}。送达日期不变。", request.how.zh()), "R-SVC-10", None)
        }
        Event::FilingAccepted(accepted) => (
            "法院立案".into(),
            match accepted.procedure {
                Some(procedure) => format!("案号{}，适用{}。", full_width(&accepted.number), procedure.zh()),
                None => format!("案号{}。", full_width(&accepted.number)),
            },
            "R-FIL-10",
            None,
        ),
        Event::PaperServed { id, method, on, rule, .. } => {
            let paper = paper_of(id)?;
            (format!("{}送达", paper.paper.zh()), format!("{}，{on} 生效。", method.zh()), rule.as_str(), Some(*id))
        }
        Event::ServiceCorrected { id, on, reason, reopens, .. } => {
            let paper = paper_of(id)?;
            let force = if *reopens { "上诉期还没有届满，判决没有生效。" } else { "" };
            let detail = format!("理由：{}。有关期限已经重新计算。{force}", reason.trim_end_matches('。'));
            (format!("{}的送达日期更正为 {on}", paper.paper.zh()), detail, "R-DDL-10", Some(*id))
        }
        Event::FeePaid { payment } => (
            format!("{}交了{}", if own { "您" } else { case.kind.side(Side::Plaintiff) }, case.kind.fee()),
            format!("{}，票据号 {}。", payment.amount, payment.reference),
            "R-FEE-15",
            None,
        ),
        Event::ReliefRequested { .. } if own => ("您申请了缓交、减交或者免交".into(), "法院决定以前，不按撤诉处理。".into(), "R-FEE-21", None),
        Event::ReliefDecided { granted, due, notices } if own => (
            if *granted { "法院准许了司法救助申请".into() } else { "法院没有准许司法救助申请".into() },
            match (due.0, notices.is_empty()) {
                (0, _) => "不用交纳受理费。".into(),
                (_, true) => format!("{due} 可以缓交。"),
                (_, false) => format!("仍应交纳 {due}，收到新的交费通知次日起七日内交纳。"),
            },
            "R-FEE-21",
            None,
        ),
        Event::DeemedWithdrawn { ground, .. } => {
            let rule = match ground {
                procedure::step::deem_suit_withdrawn::Ground::FeeUnpaid => "R-FEE-15",
                procedure::step::deem_suit_withdrawn::Ground::PlaintiffAbsent => "R-TRI-31",
            };
            ("法院裁定按撤诉处理".into(), format!("{}。", ground.zh()), rule, None)
        }
        Event::PartyJoined { person, .. } => {
            let name = case.party(*person).map_or("被告", |party| party.name.as_str());
            (
                if *person == party { "您加入了本案".into() } else { format!("{name}加入了本案") },
                "此后可以在网上办理所选的环节。".into(),
                "R-IDC-22",
                None,
            )
        }
        Event::ChannelChosen { choices } if choices.iter().any(|choice| choice.person == party) => {
            let words: Vec<_> = choices.iter().map(|choice| format!("{}：{}", choice.scope.zh(), choice.channel.zh())).collect();
            ("您选择了办理方式".into(), format!("{}。", words.join("，")), "R-IDC-20", None)
        }
        Event::AddressConfirmed(confirmation) if confirmation.person == party => {
            let way = if confirmation.electronic { "同意电子送达" } else { "邮寄送达" };
            ("您确认了送达地址".into(), format!("{way}；地址变更的，请及时告知法院。"), "R-SVC-11", None)
        }
        Event::AgentAppointed { authority, .. } => {
            let by = case.name_of(authority.agent.of);
            (format!("{by}委托了诉讼代理人"), format!("代理人：{}。", authority.agent.name), "R-IDC-10", None)
        }
        Event::AgentRevoked { agent, of, .. } => {
            let name = case
                .authorities
                .iter()
                .find(|authority| authority.agent.person == *agent)
                .map_or("代理人", |authority| authority.agent.name.as_str());
            (format!("{}解除了委托", case.name_of(*of)), format!("{name}不再代理。"), "R-IDC-12", None)
        }
        Event::ServiceAnnounced { announcement, .. } => {
            let detail = format!("在{}公告，{} 视为送达。公告的日数不计入审理期限。", announcement.place.zh(), announcement.until);
            (format!("法院向{}公告送达", case.name_of(announcement.to)), detail, "R-SVC-30", None)
        }
        Event::MatterRaised(raised) => {
            let who = if raised.by == party { "您".to_owned() } else { case.name_of(raised.by).to_owned() };
            // What a judge asks of the president stays inside of the court (R-CAT-08); what it takes up itself, its decision tells.
            raised.side?;
            if !case.may_know(raised.number, party) {
                return None;
            }
            let told = raised.told(case).into_iter().map(|(label, said)| format!("{label}：{said}")).collect::<Vec<_>>().join("；");
            let rule = raised.kind.matter().raise.rules.first().copied().unwrap_or("R-OVR-03");
            (format!("{who}提出：{}", raised.kind.matter().raise.zh), format!("{}。", told.trim_end_matches('。')), rule, None)
        }
        Event::MatterDecided(decided) => {
            if !case.may_know(decided.number, party) {
                return None;
            }
            let paper = decided.papers.iter().find(|owed| owed.to == party).map(|owed| owed.id);
            // What stayed inside, and what is another person's alone, concerns nobody else; a refused objection to the procedure was told.
            if paper.is_none() && (decided.papers.len() == 1 || decided.papers.is_empty() && decided.kind != Kind::Conversion) {
                return None;
            }
            let rule = decided.kind.matter().decide.rules.first().copied().unwrap_or("R-OVR-03");
            (format!("法院处理了{}", decided.kind.matter().zh), decided.text.orders.join(""), rule, paper)
        }
        Event::AddressConfirmed(_)
        | Event::ReturnedForCorrection { .. }
        | Event::Corrected { .. }
        | Event::FilingGivenBack { .. }
        | Event::FilingInsisted { .. }
        | Event::FilingRefused(_)
        | Event::PaperCopyRequested { .. }
        | Event::PaperIssued { .. }
        | Event::PaperSent { .. }
        | Event::PaperOpened { .. }
        | Event::ServiceFailed { .. }
        | Event::ChannelChosen { .. }
        | Event::ReliefRequested { .. }
        | Event::ReliefDecided { .. }
        | Event::ClockExpired { .. } => return None,
        Event::AnswerSubmitted { .. }
        | Event::EvidenceSubmitted(_)
        | Event::EvidenceCommented { .. }
        | Event::TribunalAssigned { .. }
        | Event::HearingScheduled { .. }
        | Event::HearingPostponed { .. }
        | Event::HearingOpened { .. }
        | Event::RecordSaved { .. }
        | Event::RecordClosed { .. }
        | Event::RecordSigned { .. }
        | Event::JudgmentDrafted { .. }
        | Event::JudgmentSigned { .. }
        | Event::JudgmentGiven { .. }
        | Event::AppealFiled { .. }
        | Event::JudgmentTookEffect { .. }
        | Event::CertificateRequested { .. }
        | Event::CertificateIssued { .. }
        | Event::CaseClosed { .. }
        | Event::CaseArchived { .. } => return trial::entry(case, at, event, party),
    };
    Some(Entry { at, what, detail, rule: Some(rule.to_owned()), paper })
}
