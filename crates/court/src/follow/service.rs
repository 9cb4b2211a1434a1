//! What a service asks of people: a way that failed, papers that nobody opens, papers that somebody wants printed. Each is a
//! task with a name and an end, never silence (R-SVC-10, R-SVC-18, house invariant 4).
use crate::store::{self, NewTask};
use crate::{Error, act};
use jiff::Timestamp;
use jiff::civil::Date;
use procedure::case::{IssuedPaper, Labelled, Method, PaperRequest, ServiceState};
use procedure::{Case, Command, Office, PaperId, PersonId};
use serde::{Deserialize, Serialize};
use storage::Tx;

/// Papers that a task is about, and whose they are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Papers {
    pub to: PersonId,
    pub papers: Vec<PaperId>,
}

fn name(case: &Case, person: PersonId) -> &str {
    case.party(person).map_or("受送达人", |party| party.name.as_str())
}

/// Who rings up and prints: the clerk of the case, before there is one the filing clerk.
fn desk(case: &Case) -> Office {
    if case.officer(Office::Clerk).is_some() { Office::Clerk } else { Office::FilingClerk }
}

/// Not delivered: the next way of service is a clerk's task (R-SVC-18).
pub(super) fn next_way(tx: &mut Tx, case: &Case, id: PaperId, method: Method, reason: &str, now: Timestamp) -> Result<(), Error> {
    let paper = case.paper(id).ok_or(Error::Corrupt("a paper that its case does not hold"))?;
    if case.superseded(paper) {
        return Ok(());
    }
    let (zh, name) = (paper.paper.zh(), name(case, paper.to));
    let title = match method {
        Method::Electronic => format!("{zh}未能电子送达{name}，改为邮寄"),
        Method::Postal | Method::Direct | Method::Left | Method::Entrusted | Method::Transferred | Method::Announced => {
            format!("{zh}未能送达{name}，换一种方式")
        }
    };
    let task = NewTask {
        id: format!("undelivered/{id}/{}", case.version),
        case: case.id,
        kind: "undelivered",
        office: Office::FilingClerk,
        title,
        detail: format!("原因：{reason}。打印后邮寄或者直接送达，登记发出后本条自动办结（R-SVC-18）。"),
        due: None,
        payload: serde_json::to_string(&Papers { to: paper.to, papers: vec![id] })?,
    };
    store::open_task(tx, &case.court, &task, now)
}

/// What went on its way again needs no other way any more.
pub(super) fn close_undelivered(tx: &mut Tx, case: &Case, now: Timestamp) -> Result<(), Error> {
    let failed = |paper: &IssuedPaper| matches!(paper.service, ServiceState::Failed { .. });
    close(tx, case, "undelivered", failed, now)
}

/// Everything of it was opened: nobody need ring up.
pub(super) fn close_unopened(tx: &mut Tx, case: &Case, now: Timestamp) -> Result<(), Error> {
    close(tx, case, "unopened", |paper| paper.opened_at.is_none(), now)
}

/// Closes the tasks of a kind none of whose papers `waits` any more.
fn close(tx: &mut Tx, case: &Case, kind: &str, waits: fn(&IssuedPaper) -> bool, now: Timestamp) -> Result<(), Error> {
    for (id, known, payload) in store::case_tasks(tx, &case.court, case.id)? {
        if known != kind {
            continue;
        }
        let about: Papers = store::json(&payload)?;
        if !about.papers.iter().any(|id| case.paper(*id).is_some_and(|paper| waits(paper) && !case.superseded(paper))) {
            store::close_task(tx, &case.court, &id, PersonId(uuid::Uuid::nil()), now)?;
        }
    }
    Ok(())
}

/// Somebody wants a paper that he got electronically: it is printed for him (R-SVC-10).
pub(super) fn copy(tx: &mut Tx, case: &Case, request: &PaperRequest, now: Timestamp) -> Result<(), Error> {
    let paper = case.paper(request.paper).ok_or(Error::Corrupt("a paper that its case does not hold"))?;
    let task = NewTask {
        id: format!("paper_copy/{}/{}", request.paper, request.by),
        case: case.id,
        kind: "paper_copy",
        office: desk(case),
        title: format!("{}索要纸质的{}：{}", name(case, request.by), paper.paper.zh(), request.how.zh()),
        detail: "打印盖章文书，邮寄或者当面交给他，然后办结。送达日期不变（R-SVC-10）。".into(),
        due: None,
        payload: serde_json::to_string(&Papers { to: request.by, papers: vec![request.paper] })?,
    };
    store::open_task(tx, &case.court, &task, now)
}

/// Papers served into an inbox and not opened since `on`: somebody rings up or posts a copy. The service itself stands
/// (R-SVC-12); one reminder a person and day of service, and none twice.
pub(crate) fn unopened(tx: &mut Tx, case: &Case, to: PersonId, on: Date, days: i64, now: Timestamp) -> Result<(), Error> {
    let waits = |paper: &&IssuedPaper| {
        let served = matches!(&paper.service, ServiceState::Served { method: Method::Electronic, on: day, .. } if *day == on);
        paper.to == to && served && paper.opened_at.is_none()
    };
    let papers: Vec<_> = case.papers.iter().filter(waits).collect();
    if papers.is_empty() {
        return Ok(());
    }
    let names: Vec<_> = papers.iter().map(|paper| paper.paper.zh()).collect();
    let task = NewTask {
        id: format!("unopened/{}/{to}/{on}", case.id),
        case: case.id,
        kind: "unopened",
        office: desk(case),
        title: format!("{}超过 {days} 日没有打开电子送达的文书 {} 件", name(case, to), papers.len()),
        detail: format!("{}，{on} 已送达。请电话提醒，或者邮寄一份；打开后本条自动办结（R-SVC-18）。", names.join("、")),
        due: None,
        payload: serde_json::to_string(&Papers { to, papers: papers.iter().map(|paper| paper.id).collect() })?,
    };
    store::open_task(tx, &case.court, &task, now)
}

/// An envelope with a paper does not get across: unless another account of the party has it or may still get it, the service
/// failed and the next way is due (R-SVC-15, R-SVC-18).
pub(crate) fn gave_up(tx: &mut Tx, zone: &crate::Court, court: &str, envelope: uuid::Uuid, reason: &str, now: Timestamp) -> Result<(), Error> {
    let Some((id, paper)) = store::delivery(tx, court, envelope)? else { return Ok(()) };
    let case = store::case(tx, court, id)?;
    let sent = case.paper(paper).is_some_and(|paper| matches!(paper.service, ServiceState::Sent { method: Method::Electronic, .. }));
    let mut others = store::deliveries(tx, court, id)?.into_iter().filter(|(other, of)| *of == paper && *other != envelope);
    if !sent || others.try_fold(false, |any, (other, _)| Ok::<_, Error>(any || store::under_way(tx, court, other)?))? {
        return Ok(());
    }
    let failure = procedure::step::RecordServiceFailure { papers: vec![paper], reason: reason.to_owned() };
    act::act(tx, zone, &crate::work::platform(court, id, Command::RecordServiceFailure(failure), now)).map(drop)
}
