//! What hangs on an event: links, records for the ledger, tasks, jobs. Runs in the transaction of the event itself, so
//! that nothing owed can be forgotten (house invariant 4).
mod matter;
pub(crate) mod over;
pub(crate) mod service;
mod trial;

use crate::store::persons::{self, Link};
use crate::store::{self, NewTask, RecordRow};
use crate::{Court, Error, job, proof, receive};
use exchange::message::ToPortal;
use jiff::Timestamp;
use ledger::{Content, Kind};
use procedure::case::{Channel, Confirmation, IssuedPaper, Labelled, ServiceState, Side};
use procedure::event::FilingSubmitted;
use procedure::{Actor, Case, Event, Office, PaperId, PersonId};
use storage::{Tx, jobs, secret};

/// Everything that follows from the events just appended; `case` is the case after them.
pub fn after(tx: &mut Tx, zone: &Court, case: &Case, events: &[Event], by: &Actor, at: Timestamp) -> Result<(), Error> {
    let now = zone.clock().now();
    for event in events {
        for owed in event.owed() {
            enqueue(tx, &case.court, job::TYPESET, &owed.id.to_string(), &job::Paper { case: case.id, paper: owed.id }, now)?;
        }
        if let Event::FilingSubmitted(filed) = event {
            link(tx, case, filed, by)?;
        }
        one(tx, zone, case, event, at, now)?;
    }
    proof::enqueue(tx, case, events, now)?;
    let key = format!("{}/{}", case.id, case.version);
    enqueue(tx, &case.court, job::VIEW, &key, &job::View { case: case.id }, now)
}

/// Enqueues a job with its payload as JSON.
pub fn enqueue<T: serde::Serialize>(tx: &mut Tx, court: &str, kind: &str, key: &str, payload: &T, at: Timestamp) -> Result<(), Error> {
    jobs::enqueue(tx, court, kind, key, &serde_json::to_string(payload)?, at)?;
    Ok(())
}

/// The account that filed online is linked: as the plaintiff, or as the agent of each principal. At the counter there is no
/// account, and of a co-plaintiff none is known.
fn link(tx: &mut Tx, case: &Case, filed: &FilingSubmitted, by: &Actor) -> Result<(), Error> {
    let account = by.person;
    if filed.assisted_by.is_some() {
        return Ok(());
    }
    let own = filed.parties.iter().filter(|party| party.side == Side::Plaintiff && party.person == account).map(|party| party.person);
    let principals = filed.agents.iter().filter(|agent| agent.person == account).map(|agent| agent.of);
    own.chain(principals).try_for_each(|party| persons::link(tx, &case.court, case.id, Link { account, party, agent: None }))
}

fn one(tx: &mut Tx, zone: &Court, case: &Case, event: &Event, at: Timestamp, now: Timestamp) -> Result<(), Error> {
    let court = case.court.as_str();
    let platform = PersonId(uuid::Uuid::nil());
    match event {
        Event::FilingSubmitted(filed) => {
            // At the counter the court gives the receipt itself; online the portal gave it, and it came with the request.
            match filed.assisted_by {
                Some(_) => certify(tx, zone, case, &filing_receipt(case, filed, at)?, now),
                None => Ok(()),
            }
        }
        Event::ReturnedForCorrection { .. } => store::close_tasks(tx, court, case.id, &["undecided", "correction_over"], platform, now),
        Event::FilingAccepted(_) => {
            store::close_tasks(tx, court, case.id, &["undecided", "correction_over"], platform, now)?;
            trial::accepted(tx, case, now)
        }
        Event::Corrected { statement, assisted_by, .. } => {
            store::close_tasks(tx, court, case.id, &["correction_over", "insisted"], platform, now)?;
            match assisted_by {
                Some(_) => certify(tx, zone, case, &trial::submission(case, "C", "提交补正材料", &statement.materials, at)?, now),
                None => Ok(()),
            }
        }
        Event::FilingGivenBack { .. } => store::close_tasks(tx, court, case.id, &["correction_over"], platform, now),
        Event::FilingInsisted { reason, .. } => insisted(tx, case, reason, now),
        Event::FilingRefused(_) => store::close_tasks(tx, court, case.id, &["undecided", "correction_over", "insisted"], platform, now),
        Event::PaperIssued { id, .. } => dispatch(tx, case, *id, now),
        Event::PaperSent { .. } => {
            close_post(tx, case, now)?;
            service::close_undelivered(tx, case, now)?;
            trial::sent(tx, case, now)
        }
        Event::PaperOpened { .. } => service::close_unopened(tx, case, now),
        Event::PaperCopyRequested { request } => service::copy(tx, case, request, now),
        Event::ServiceAnnounced { announcement, .. } => {
            let no = format!("N-{}-{}", case.id.0.simple(), case.version);
            let mut content = Content::new(Kind::ServiceEvent, &no, "公告送达", &case.court, &stamp(at)?);
            content.facts.insert("公告".into(), announcement.paper.to_string());
            content.facts.insert("公告方式".into(), announcement.place.zh().into());
            content.facts.insert("视为送达之日".into(), announcement.until.to_string());
            certify(tx, zone, case, &content, now)?;
            close_post(tx, case, now)?;
            service::close_undelivered(tx, case, now)?;
            trial::sent(tx, case, now)
        }
        Event::PaperServed { id, on, rule, method, clocks, proof: _ } => {
            let facts = [("文书", id.to_string()), ("方式", method.zh().into()), ("生效日", on.to_string()), ("依据", rule.clone())];
            certify(tx, zone, case, &service_receipt(case, *id, "送达", at, &facts)?, now)?;
            over::run_again(tx, case, clocks, now)?;
            service::close_undelivered(tx, case, now)?;
            close_post(tx, case, now)
        }
        Event::ServiceCorrected { id, on, clocks, reopens, .. } => {
            let facts = [("文书", id.to_string()), ("更正为", on.to_string())];
            certify(tx, zone, case, &service_receipt(case, *id, "更正送达日期", at, &facts)?, now)?;
            over::run_again(tx, case, clocks, now)?;
            if *reopens { trial::reopened(tx, case, now) } else { Ok(()) }
        }
        Event::ServiceFailed { id, method, reason, .. } => {
            let facts = [("文书", id.to_string()), ("方式", method.zh().into()), ("结果", "未能送达".into())];
            certify(tx, zone, case, &service_receipt(case, *id, "未能送达", at, &facts)?, now)?;
            service::next_way(tx, case, *id, *method, reason, now)
        }
        Event::ClockExpired { anchor, .. } => over::expired(tx, case, anchor, now),
        Event::FeePaid { .. } => store::close_tasks(tx, court, case.id, &["fee_over"], platform, now),
        Event::DeemedWithdrawn { .. } => {
            store::close_tasks(tx, court, case.id, &matter::MOOT, platform, now)?;
            matter::close_open(tx, case, now)?;
            trial::withdrawn(tx, case, now)
        }
        Event::ReliefRequested { reason } => {
            // Nothing is late while the application waits (R-FEE-21).
            store::close_tasks(tx, court, case.id, &["fee_over"], platform, now)?;
            let task = NewTask {
                id: format!("relief/{}", case.id),
                case: case.id,
                kind: "relief",
                office: Office::Judge,
                title: "决定司法救助申请".into(),
                detail: reason.clone(),
                due: None,
                payload: "{}".into(),
            };
            store::open_task(tx, court, &task, now)
        }
        Event::ReliefDecided { .. } => store::close_tasks(tx, court, case.id, &["relief"], platform, now),
        // Who withdraws consent gets what is not yet sent by post from now on (R-IDC-23).
        Event::ChannelChosen { .. } | Event::PartyJoined { .. } => dispatch_waiting(tx, case, now),
        Event::AddressConfirmed(confirmation) => certify(tx, zone, case, &confirmed(case, confirmation, at)?, now),
        Event::AgentAppointed { authority, .. } => {
            let title = format!("{}委托{}代理诉讼，请通知对方", case.name_of(authority.agent.of), authority.agent.name);
            agent_changed(tx, case, &title, now)
        }
        Event::AgentRevoked { agent, of, .. } => {
            // Accounts that stood for nobody else leave the case, and their view of it goes (R-IDC-12).
            let before = persons::links(tx, court, case.id)?;
            persons::unlink(tx, court, case.id, *of, *agent)?;
            let left = before.iter().filter(|link| link.party == *of && link.agent.unwrap_or(link.account) == *agent).map(|link| link.account);
            for account in left.filter(|account| !before.iter().any(|link| link.account == *account && link.party != *of)) {
                receive::send(tx, zone, court, &ToPortal::Left { account, case: case.id, version: case.version }, &[])?;
            }
            agent_changed(tx, case, &format!("{}解除了委托，请通知对方", case.name_of(*of)), now)?;
            dispatch_waiting(tx, case, now)
        }
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
        | Event::CaseArchived { .. } => trial::after(tx, zone, case, event, at, now),
        Event::MatterRaised(raised) => {
            if raised.assisted_by.is_some() {
                certify(tx, zone, case, &trial::submission(case, "Q", raised.kind.matter().raise.zh, &raised.materials, at)?, now)?;
            }
            matter::raised(tx, case, raised, now)
        }
        Event::MatterDecided(decided) => matter::decided(tx, case, decided, now),
    }
}

/// Every sealed paper that did not leave yet takes the way that is now its recipient's.
pub(crate) fn dispatch_waiting(tx: &mut Tx, case: &Case, now: Timestamp) -> Result<(), Error> {
    let waiting: Vec<_> = case.papers.iter().filter(|paper| waits(case, paper)).map(|paper| paper.id).collect();
    close_post(tx, case, now)?;
    waiting.into_iter().try_for_each(|id| dispatch(tx, case, id, now))
}

/// The court tells the other side when an agent comes or goes (R-IDC-12). Online parties see it in the case; the clerk tells
/// the others.
fn agent_changed(tx: &mut Tx, case: &Case, title: &str, now: Timestamp) -> Result<(), Error> {
    let office = if case.officer(Office::Clerk).is_some() { Office::Clerk } else { Office::FilingClerk };
    let task = NewTask {
        id: format!("agent/{}/{}", case.id, case.version),
        case: case.id,
        kind: "agent",
        office,
        title: title.into(),
        detail: "代理人变更、代理权解除的，由法院通知对方当事人（R-IDC-12）。通知后办结。".into(),
        due: None,
        payload: "{}".into(),
    };
    store::open_task(tx, &case.court, &task, now)
}

/// A sealed paper goes out: electronically to who consented, else it waits on a clerk's list for the post.
fn dispatch(tx: &mut Tx, case: &Case, id: PaperId, now: Timestamp) -> Result<(), Error> {
    let paper = case.paper(id).ok_or(Error::Corrupt("a paper that its case does not hold"))?;
    if paper.paper.is_kept() || case.superseded(paper) {
        return Ok(());
    }
    match persons::way_to(tx, case, paper.to)? {
        Channel::Online => enqueue(tx, &case.court, job::SERVE, &format!("{id}/{}", case.version), &job::Paper { case: case.id, paper: id }, now),
        Channel::Counter => post(tx, case, paper.to, now),
    }
}

/// Sealed, still here, and to be sent.
fn waits(case: &Case, paper: &IssuedPaper) -> bool {
    paper.service == ServiceState::Issued && !case.superseded(paper)
}

/// One task for the whole packet of a recipient, once every paper of it is sealed.
fn post(tx: &mut Tx, case: &Case, to: PersonId, now: Timestamp) -> Result<(), Error> {
    let mut papers = case.papers.iter().filter(|paper| paper.to == to);
    let unsealed = |paper: &IssuedPaper| paper.service == ServiceState::Owed && !case.superseded(paper);
    if papers.clone().any(unsealed) || !papers.any(|paper| waits(case, paper)) {
        return Ok(());
    }
    // What is sealed later goes into the packet that lies there already.
    if store::post_tasks(tx, &case.court, case.id)?.iter().any(|(_, known)| *known == to) {
        return Ok(());
    }
    let name = case.party(to).map_or("受送达人", |party| party.name.as_str());
    let task = NewTask {
        id: format!("post/{to}/{}", case.version),
        case: case.id,
        kind: "post",
        office: Office::FilingClerk,
        title: format!("打印并邮寄给{name}"),
        detail: "打印整套文书，交邮后登记发出，回证到了登记结果。".into(),
        due: case.clock("R-FIL-21").map(|clock| clock.clock.last_day),
        payload: serde_json::to_string(&to)?,
    };
    store::open_task(tx, &case.court, &task, now)
}

/// Closes the post tasks of recipients for whom nothing waits any more.
fn close_post(tx: &mut Tx, case: &Case, now: Timestamp) -> Result<(), Error> {
    for (id, to) in store::post_tasks(tx, &case.court, case.id)? {
        if !case.papers.iter().any(|paper| paper.to == to && waits(case, paper)) || persons::way_to(tx, case, to)? == Channel::Online {
            store::close_task(tx, &case.court, &id, PersonId(uuid::Uuid::nil()), now)?;
        }
    }
    Ok(())
}

/// The plaintiff wants a decision: the ruling lies with the filing clerk (R-FIL-12).
fn insisted(tx: &mut Tx, case: &Case, reason: &str, now: Timestamp) -> Result<(), Error> {
    let task = NewTask {
        id: format!("insisted/{}", case.id),
        case: case.id,
        kind: "insisted",
        office: Office::FilingClerk,
        title: "原告坚持起诉，请裁定".into(),
        detail: format!("理由：{reason}。补正期限届满仍不符合条件的，裁定不予受理（R-FIL-12）。"),
        due: None,
        payload: "{}".into(),
    };
    store::open_task(tx, &case.court, &task, now)
}

fn filing_receipt(case: &Case, filed: &FilingSubmitted, at: Timestamp) -> Result<Content, Error> {
    let mut content = Content::new(Kind::FilingReceipt, &filed.receipt_no, "提交立案材料", &case.court, &stamp(at)?);
    content.files = filed.statement.materials.iter().map(file).collect();
    Ok(content)
}

/// The confirmation of an address as the ledger keeps it: its form by digest, and the salted digest of what it says.
fn confirmed(case: &Case, confirmation: &Confirmation, at: Timestamp) -> Result<Content, Error> {
    let no = format!("C-{}-{}", case.id.0.simple(), case.version);
    let mut content = Content::new(Kind::Submission, &no, "送达地址确认书", &case.court, &stamp(at)?);
    content.facts.insert("告知书".into(), confirmation.text.clone());
    content.facts.insert("摘要".into(), confirmation.digest.clone());
    content.files.push(file(&confirmation.material));
    Ok(content)
}

fn file(material: &procedure::case::Material) -> ledger::FileDigest {
    ledger::FileDigest {
        bytes: material.bytes,
        name: material.name.clone(),
        pages: Some(material.pages).filter(|pages| *pages > 0),
        sha256: material.sha256.clone(),
        sm3: None,
    }
}

/// The version in the number keeps two events of one paper apart.
fn service_receipt(case: &Case, id: PaperId, title: &str, at: Timestamp, facts: &[(&str, String)]) -> Result<Content, Error> {
    let no = format!("S-{}-{}", id.0.simple(), case.version);
    let mut content = Content::new(Kind::ServiceEvent, &no, title, &case.court, &stamp(at)?);
    content.facts = facts.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    Ok(content)
}

/// An instant as the ledger writes it: seconds, UTC.
pub fn stamp(at: Timestamp) -> Result<ledger::Stamp, Error> {
    Ok(ledger::Stamp::parse(&at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())?)
}

/// Signs content with the court's key and queues it for the ledger.
fn certify(tx: &mut Tx, zone: &Court, case: &Case, content: &Content, now: Timestamp) -> Result<(), Error> {
    let receipt = ledger::Receipt::issue(content.clone(), zone.receipt_key())?;
    deposit(tx, &case.court, &content.no, &receipt.to_text(), now)
}

/// Is this the receipt of what the internal volume held? It stays in the court.
pub(crate) fn is_internal(no: &str) -> bool {
    trial::LETTERS.iter().any(|letter| no.starts_with(&format!("{letter}{}-", trial::INTERNAL)))
}

/// Queues a signed receipt for the ledger under a fresh salt.
pub fn deposit(tx: &mut Tx, court: &str, no: &str, receipt: &str, now: Timestamp) -> Result<(), Error> {
    let row = RecordRow { id: no.to_owned(), no: no.to_owned(), receipt: receipt.to_owned(), salt: secret::random::<16>().to_vec() };
    store::put_record(tx, court, &row, now)?;
    append(tx, court, now)
}

/// Setting that counts the appends to the log: each turn of it has one job.
const TURN: &str = "ledger_turn";

/// Asks for an append of what waits: one job for all that gathers until it is done.
fn append(tx: &mut Tx, court: &str, now: Timestamp) -> Result<(), Error> {
    let turn = store::setting(tx, court, TURN)?.unwrap_or_else(|| "0".into());
    if !jobs::enqueue(tx, court, job::LEDGER, &turn, "{}", now)? {
        // An append that was given up (a full disk, say) is tried again with the next record.
        jobs::revive(tx, court, job::LEDGER, &turn, now)?;
    }
    Ok(())
}

/// An append is done: the next begins. What came while it ran found its job taken and would wait for ever; it is asked for
/// here, in the transaction that ends the job.
pub(crate) fn appended(tx: &mut Tx, court: &str, now: Timestamp) -> Result<(), Error> {
    let turn: u64 = match store::setting(tx, court, TURN)? {
        Some(turn) => turn.parse().map_err(|_| Error::Corrupt("the count of appends"))?,
        None => 0,
    };
    store::put_setting(tx, court, TURN, &(turn + 1).to_string())?;
    if store::open_records(tx, court)?.is_empty() { Ok(()) } else { append(tx, court, now) }
}
