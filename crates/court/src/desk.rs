//! 办案台: what the workbench reads. Every read of a file asks first what the member is in the case, and is noted, granted
//! or not; for whom the case does not exist it is as if there were none.
pub use crate::follow::service::Papers;
use crate::staff::{self, Member};
use crate::{Court, Error, history, replay, store};
pub use documents::defects::{Defect, Level as Weight};
pub use exchange::message::{Card, ViewItem};
use jiff::Timestamp;
use procedure::case::{Actor, IssuedPaper, Statement};
use procedure::review::{self, Particulars, Similar};
use procedure::trial::Booking;
use procedure::{Case, CaseId, Event, Json, Office, PaperId, PersonId, Stage};
use std::collections::{BTreeMap, BTreeSet};
use storage::{Tx, blobs, events, jobs};

/// One event as the file shows it.
#[derive(Debug, Clone)]
pub struct Entry {
    pub seq: u64,
    pub at: Timestamp,
    pub kind: String,
    pub body: serde_json::Value,
    pub by: Actor,
    pub digest: String,
}

/// A case as a member of staff who has it may read it.
pub struct File {
    /// As of the version that was asked for.
    pub case: Case,
    /// Up to that version.
    pub entries: Vec<Entry>,
    /// The last version there is.
    pub latest: u64,
    /// The main volume as it stood then, in the order of the catalogue.
    pub items: Vec<ViewItem>,
    /// Particulars of the parties as of that version, and of their agents.
    pub cards: BTreeMap<PersonId, Card>,
    /// Parties to whom an account is linked, their own or their agent's.
    pub linked: BTreeSet<PersonId>,
    /// Names of staff by id.
    pub staff: BTreeMap<PersonId, String>,
    /// 电子送达凭证、送达回证.
    pub proofs: Vec<Proof>,
}

/// What proves a service: its name, and the papers whose service it is of.
#[derive(Debug, Clone)]
pub struct Proof {
    pub id: PaperId,
    pub title: String,
    pub papers: Vec<PaperId>,
}

/// A filing under review.
pub struct Review {
    pub file: File,
    /// The machine's proposals.
    pub lines: Vec<review::Line>,
    /// What was filed before the correction.
    pub earlier: Option<Earlier>,
}

/// A filing as it stood before it was corrected.
pub struct Earlier {
    pub parties: Vec<procedure::Party>,
    pub statement: Statement,
    /// Particulars as they were handed in with it.
    pub cards: BTreeMap<PersonId, Card>,
}

/// A filing in the queue.
#[derive(Debug, Clone)]
pub struct QueueItem {
    pub row: store::CaseRow,
    /// It came at the counter.
    pub counter: bool,
    /// It came back corrected.
    pub corrected: bool,
}

/// A member's day.
pub struct Day {
    pub counts: Vec<(Stage, u64)>,
    pub clocks: Vec<store::ClockRow>,
    pub tasks: Vec<store::Task>,
    pub post: Vec<store::desk::PostRow>,
}

/// Does the case exist for this member?
pub fn visible(case: &Case, member: &Member) -> bool {
    case.version > 0 && !case.roles(&member.actor()).is_empty()
}

/// Tasks that no event closes, so that a person says when they are done.
pub fn by_hand(kind: &str) -> bool {
    matches!(kind, "appeal" | "appeal_over" | "recall" | "agent" | "unopened" | "paper_copy")
}

impl Court {
    /// Filings that wait for review, nearest date first.
    pub async fn queue(&self, member: &Member) -> Result<Vec<QueueItem>, Error> {
        let court = member.court.clone();
        self.db()
            .read(move |tx| {
                let rows = store::cases(tx, &court, store::Which::Stage(Stage::Submitted))?;
                let item = |row: store::CaseRow| {
                    let case = store::case(tx, &court, row.id)?;
                    let counter = case.channel == Some(procedure::case::Channel::Counter);
                    Ok(QueueItem { counter, corrected: case.correction.is_some(), row })
                };
                rows.into_iter().map(item).collect()
            })
            .await
    }

    /// Cases of a member: a filing clerk's are those of the court, a judge's and a clerk's those given to them.
    pub async fn cases_of(&self, member: &Member, words: Option<String>) -> Result<Vec<store::CaseRow>, Error> {
        let member = member.clone();
        self.db()
            .read(move |tx| {
                let all = member.office == Office::FilingClerk;
                let which = match (all, words.as_deref()) {
                    (true, None) => store::Which::Recent,
                    (true, Some(words)) => store::Which::Search(words),
                    (false, None) => store::Which::OfMember(member.id),
                    (false, Some(words)) => store::Which::SearchOfMember(member.id, words),
                };
                store::cases(tx, &member.court, which)
            })
            .await
    }

    /// Open tasks of a member's office, in the cases that he has.
    pub async fn tasks_of(&self, member: &Member) -> Result<Vec<store::Task>, Error> {
        let member = member.clone();
        self.db().read(move |tx| tasks_of(tx, &member)).await
    }

    /// Closes a task that no event closes by itself.
    pub async fn close_task(&self, member: &Member, id: String) -> Result<bool, Error> {
        let (member, now) = (member.clone(), self.now());
        self.db()
            .write(move |tx| {
                let Some((case, kind, office)) = store::desk::task(tx, &member.court, &id)? else { return Ok(false) };
                let own = office == member.office && visible(&store::case(tx, &member.court, case)?, &member);
                let by_hand = by_hand(&kind);
                if own && by_hand {
                    store::close_task(tx, &member.court, &id, member.id, now)?;
                }
                Ok(own && by_hand)
            })
            .await
    }

    /// Sends a job that was put aside on its way again, and closes the task about it; false if there is no such task.
    pub async fn retry_job(&self, member: &Member, id: String) -> Result<bool, Error> {
        let (member, now) = (member.clone(), self.now());
        self.db()
            .write(move |tx| {
                let known = store::tasks_of_kind(tx, &member.court, crate::work::DEAD_JOB)?.into_iter().find(|(task, _)| *task == id);
                let Some((id, payload)) = known.filter(|_| member.office == Office::FilingClerk) else { return Ok(false) };
                let about: crate::job::Dead = store::json(&payload)?;
                jobs::revive(tx, &member.court, &about.kind, &about.key, now)?;
                store::close_task(tx, &member.court, &id, member.id, now)?;
                Ok(true)
            })
            .await
    }

    /// Filings that wait for review, and tasks of this member.
    pub async fn waiting(&self, member: &Member) -> Result<(u32, u32), Error> {
        let member = member.clone();
        self.db()
            .read(move |tx| {
                let submitted = store::desk::stage_counts(tx, &member.court)?.into_iter().find(|(stage, _)| *stage == Stage::Submitted);
                let queue = u32::try_from(submitted.map_or(0, |(_, count)| count)).unwrap_or(u32::MAX);
                let tasks = u32::try_from(tasks_of(tx, &member)?.len()).unwrap_or(u32::MAX);
                Ok::<_, Error>((queue, tasks))
            })
            .await
    }

    /// What stands on the first page.
    pub async fn day(&self, member: &Member) -> Result<Day, Error> {
        let member = member.clone();
        self.db()
            .read(move |tx| {
                let court = member.court.as_str();
                let filing = member.office == Office::FilingClerk;
                Ok(Day {
                    counts: store::desk::stage_counts(tx, court)?,
                    clocks: store::clocks_next(tx, court, (!filing).then_some(member.id))?,
                    tasks: tasks_of(tx, &member)?,
                    post: if filing { store::desk::post_out(tx, court)? } else { vec![] },
                })
            })
            .await
    }

    /// A case as it stands or as it stood at a version; `what` is noted as what was read.
    pub async fn file(&self, member: &Member, id: CaseId, until: Option<u64>, what: &str) -> Result<Option<File>, Error> {
        let (zone, who) = (self.clone(), member.clone());
        let found = self.db().read(move |tx| file(tx, &zone, &who, id, until)).await?;
        self.noted(member, id, what, found).await
    }

    /// A filing with what the machine proposes.
    pub async fn review(&self, member: &Member, id: CaseId) -> Result<Option<Review>, Error> {
        let (zone, who) = (self.clone(), member.clone());
        let found = self
            .db()
            .read(move |tx| {
                let Some(file) = file(tx, &zone, &who, id, None)? else { return Ok(None) };
                let mut similar = Vec::new();
                for other in store::cases_of_same_parties(tx, &who.court, id)? {
                    similar.extend(alike(&file.case, &store::case(tx, &who.court, other)?));
                }
                let people: Vec<_> = file.case.parties.iter().filter_map(|party| file.cards.get(&party.person)).map(particulars).collect();
                let lines = review::propose(&file.case, &people, &similar, zone.law(), procedure::step::day_of(zone.now()));
                let earlier = earlier(tx, &zone, &who.court, id)?;
                Ok::<_, Error>(Some(Review { file, lines, earlier }))
            })
            .await?;
        self.noted(member, id, "立案材料", found).await
    }

    /// The n-th item of the file, from 1, with its bytes as they were received.
    pub async fn item(&self, member: &Member, id: CaseId, number: usize) -> Result<Option<(ViewItem, Vec<u8>)>, Error> {
        let who = member.clone();
        let found = self
            .db()
            .read(move |tx| {
                let case = store::case(tx, &who.court, id)?;
                if !visible(&case, &who) {
                    return Ok(None);
                }
                let history = history(tx, &who.court, id)?;
                let items = crate::file::main_volume(tx, &case, &history)?;
                let Some(item) = number.checked_sub(1).and_then(|place| items.into_iter().nth(place)) else { return Ok(None) };
                let held = crate::file::held(tx, &case, &history)?.into_iter().find(|held| held.item.sha256 == item.sha256);
                let bytes = crate::file::bytes(tx, &who.court, &held.ok_or(Error::Corrupt("an item that the file does not hold"))?)?;
                Ok::<_, Error>(Some((item, bytes)))
            })
            .await?;
        self.noted(member, id, &format!("第 {number} 件材料"), found).await
    }

    /// An issued paper with its bytes and its receipt.
    pub async fn paper_of(&self, member: &Member, id: CaseId, paper: PaperId) -> Result<Option<(IssuedPaper, Vec<u8>, Option<String>)>, Error> {
        let who = member.clone();
        let found = self
            .db()
            .read(move |tx| {
                let case = store::case(tx, &who.court, id)?;
                let wanted = if visible(&case, &who) { case.paper(paper).cloned() } else { None };
                let (Some(wanted), Some(row)) = (wanted, store::paper(tx, &who.court, paper)?) else { return Ok(None) };
                let bytes = blobs::get(tx, &who.court, &row.sha256.parse()?)?;
                let receipt = store::record_receipt(tx, &who.court, &crate::work::paper_no(paper))?;
                Ok::<_, Error>(Some((wanted, bytes, receipt)))
            })
            .await?;
        let what = found.as_ref().map_or("文书", |(paper, _, _)| paper.paper.zh());
        self.noted(member, id, what, found).await
    }

    /// A proof of service with its bytes and its receipt: an electronic certificate or a return.
    pub async fn proof_of(&self, member: &Member, id: CaseId, proof: PaperId) -> Result<Option<(String, Vec<u8>, Option<String>)>, Error> {
        let who = member.clone();
        let found = self
            .db()
            .read(move |tx| {
                let case = store::case(tx, &who.court, id)?;
                let known = visible(&case, &who) && store::proofs::proofs(tx, &who.court, id)?.iter().any(|(known, _)| *known == proof);
                let Some(row) = (if known { store::paper(tx, &who.court, proof)? } else { None }) else { return Ok(None) };
                let typed = documents::Paper::from_json(row.facts.as_bytes())?;
                let bytes = blobs::get(tx, &who.court, &row.sha256.parse()?)?;
                let receipt = store::record_receipt(tx, &who.court, &crate::work::paper_no(proof))?;
                Ok::<_, Error>(Some((typed.title().to_owned(), bytes, receipt)))
            })
            .await?;
        self.noted(member, id, found.as_ref().map_or("送达凭证", |(title, _, _)| title).to_owned().as_str(), found).await
    }

    /// Receipt of the archiving that is event `seq` of the case; the number is made where the event is followed.
    pub async fn archive_receipt(&self, member: &Member, id: CaseId, seq: u64) -> Result<Option<String>, Error> {
        let who = member.clone();
        self.db()
            .read(move |tx| {
                let case = store::case(tx, &who.court, id)?;
                if !visible(&case, &who) {
                    return Ok(None);
                }
                store::record_receipt(tx, &who.court, &format!("M-{}-{seq}", id.0.simple()))
            })
            .await
    }

    /// Every issued paper of one person in one PDF, for the printer.
    pub async fn packet(&self, member: &Member, id: CaseId, person: PersonId) -> Result<Option<Vec<u8>>, Error> {
        let who = member.clone();
        let papers = self
            .db()
            .read(move |tx| {
                let case = store::case(tx, &who.court, id)?;
                if !visible(&case, &who) {
                    return Ok(None);
                }
                let mut papers = Vec::new();
                for paper in case.papers.iter().filter(|paper| paper.to == person && !case.superseded(paper)) {
                    if let Some(row) = store::paper(tx, &who.court, paper.id)? {
                        papers.push(blobs::get(tx, &who.court, &row.sha256.parse()?)?);
                    }
                }
                Ok::<_, Error>(Some(papers).filter(|papers| !papers.is_empty()))
            })
            .await?;
        let joined = papers.map(|papers| documents::join(papers.iter().map(Vec::as_slice))).transpose()?;
        self.noted(member, id, "整套送达文书", joined).await
    }

    /// When courtrooms and people of a member's court are taken, from a day on.
    pub async fn bookings(&self, member: &Member, from: jiff::civil::Date, days: i64) -> Result<Vec<Booking>, Error> {
        let court = member.court.clone();
        self.db()
            .read(move |tx| {
                let mut all = Vec::new();
                for day in 0..days {
                    let day = from.checked_add(jiff::SignedDuration::from_hours(24 * day)).map_err(|_| Error::Corrupt("a day"))?;
                    all.extend(store::trial::bookings(tx, &court, day)?);
                }
                Ok(all)
            })
            .await
    }

    /// Every move of the demo's clock.
    pub async fn clock_moves(&self) -> Result<Vec<storage::clock::Move>, Error> {
        self.db().read(|tx| Ok::<_, Error>(storage::clock::moves(tx)?)).await
    }

    /// Moves the demo's clock forward, on record; `None` for a moment that has passed or a clock that nobody moves. Call
    /// [`Court::tick`] afterwards: what ran out is recorded there.
    pub async fn advance_clock(&self, member: &Member, to: Timestamp) -> Result<Option<Timestamp>, Error> {
        // A wrong year cannot be taken back: not more than a year at once.
        if to > self.now() + jiff::SignedDuration::from_hours(24 * 366) {
            return Ok(None);
        }
        let actor = format!("{} {}", self.court_name(&member.court), member.name);
        match self.clock().advance(to, &actor).await {
            Ok(now) => {
                self.tell_clock(to, actor).await?;
                Ok(Some(now))
            }
            Err(storage::Error::Backwards { .. } | storage::Error::NotDemo) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Staff of a court with their logins.
    pub async fn staff_of(&self, court: String) -> Result<Vec<(Member, String)>, Error> {
        self.db().read(move |tx| staff::all(tx, &court)).await
    }

    /// Who looked into this file.
    pub async fn reads_of(&self, member: &Member, id: CaseId) -> Result<Vec<store::Read>, Error> {
        let court = member.court.clone();
        self.db().read(move |tx| store::reads(tx, &court, id)).await
    }

    /// Notes a look into a file, granted or not, of cases that exist.
    async fn noted<T>(&self, member: &Member, id: CaseId, what: &str, found: Option<T>) -> Result<Option<T>, Error> {
        let (court, now) = (member.court.clone(), self.now());
        let read = store::Read { reader: format!("{} {}", member.division, member.name), what: what.to_owned(), at: now, granted: found.is_some() };
        self.db()
            .write(move |tx| {
                let exists = read.granted || store::case(tx, &court, id)?.version > 0;
                if exists { store::note_read(tx, &court, id, &read) } else { Ok(()) }
            })
            .await?;
        Ok(found)
    }
}

fn proofs(tx: &mut Tx, court: &str, id: CaseId) -> Result<Vec<Proof>, Error> {
    let mut found = Vec::new();
    for (id, papers) in store::proofs::proofs(tx, court, id)? {
        let row = store::paper(tx, court, id)?.ok_or(Error::Corrupt("a proof without bytes"))?;
        let typed = documents::Paper::from_json(row.facts.as_bytes())?;
        found.push(Proof { id, title: typed.title().into(), papers });
    }
    Ok(found)
}

pub(crate) fn tasks_of(tx: &mut Tx, member: &Member) -> Result<Vec<store::Task>, Error> {
    match member.office {
        Office::FilingClerk | Office::President => store::tasks(tx, &member.court, member.office),
        Office::Judge | Office::Clerk => store::tasks_of(tx, &member.court, member.office, member.id),
        Office::Platform | Office::SystemAdministrator => Ok(vec![]),
    }
}

fn file(tx: &mut Tx, zone: &Court, member: &Member, id: CaseId, until: Option<u64>) -> Result<Option<File>, Error> {
    let now = store::case(tx, &member.court, id)?;
    if !visible(&now, member) {
        return Ok(None);
    }
    let latest = now.version;
    let sits = now.staff.iter().any(|(person, _, _)| *person == member.id);
    let mut case = match until {
        None => now,
        Some(_) => replay(tx, &member.court, id, until)?,
    };
    let stored = events::load(tx, &member.court, id.0, 0)?.into_iter().take_while(|stored| until.is_none_or(|until| stored.seq <= until));
    let stored: Vec<_> = stored.collect();
    let history = stored.iter().map(|stored| Ok((stored.at, Event::from_json(stored.body.as_bytes())?))).collect::<Result<Vec<_>, Error>>()?;
    let mut entries = entries(stored)?;
    let items = crate::file::main_volume(tx, &case, &history)?;
    if !sits {
        keep_drafts_inside(&mut case, &mut entries);
    }
    let mut cards = BTreeMap::new();
    for party in &case.parties {
        // As of an earlier version: what stood in the vault then.
        if let Some(card) = zone.vault().card_as(tx, &member.court, id, party)? {
            cards.insert(party.person, card);
        }
    }
    for agent in &case.agents {
        if let Some(card) = zone.vault().find(tx, &member.court, id, agent.person)? {
            cards.insert(agent.person, card);
        }
    }
    let linked = store::persons::links(tx, &member.court, id)?.into_iter().map(|link| link.party).collect();
    let staff = staff::all(tx, &member.court)?.into_iter().map(|(member, _)| (member.id, member.name)).collect();
    let proofs = proofs(tx, &member.court, id)?;
    Ok(Some(File { case, entries, latest, items, cards, linked, staff, proofs }))
}

/// A draft lies in the internal volume: of those who do not sit on the case nobody reads it (R-CAT-08). That there is one,
/// and when it was saved, stands in the file.
fn keep_drafts_inside(case: &mut Case, entries: &mut [Entry]) {
    if let Some(judgment) = case.judgment.as_mut().filter(|judgment| judgment.given_on.is_none()) {
        (judgment.text, judgment.findings) = Default::default();
    }
    for entry in entries.iter_mut().filter(|entry| entry.kind == "judgment_drafted") {
        if let Some(body) = entry.body.as_object_mut() {
            body.retain(|name, _| !matches!(name.as_str(), "text" | "findings"));
        }
    }
}

fn entries(stored: Vec<events::Stored>) -> Result<Vec<Entry>, Error> {
    stored
        .into_iter()
        .map(|stored| {
            Ok(Entry {
                seq: stored.seq,
                at: stored.at,
                kind: stored.kind,
                body: store::json(&stored.body)?,
                by: Actor::from_json(stored.actor.as_bytes())?,
                digest: stored.digest.to_string(),
            })
        })
        .collect()
}

/// By name on each side; that they are the same people, the fingerprints of one of them have said.
fn alike(own: &Case, case: &Case) -> Option<Similar> {
    let statement = case.statement.as_ref()?;
    Some(Similar {
        id: case.id,
        number: case.number.clone().unwrap_or_else(|| case.receipt_no.clone()),
        title: case.title(),
        cause: statement.cause.clone(),
        cause_name: statement.cause_name.clone(),
        stage: case.stage,
        claims: statement.claims.clone(),
        same_parties: names(own) == names(case),
    })
}

fn names(case: &Case) -> BTreeSet<&str> {
    case.parties.iter().map(|party| party.name.as_str()).collect()
}

fn particulars(card: &Card) -> Particulars {
    Particulars {
        person: card.person,
        name: card.name.clone(),
        organisation: card.organisation,
        number: card.number.clone(),
        address: card.address.clone(),
        phone: card.phone.clone(),
        sex: card.sex.clone(),
        birth: card.birth,
        representative: card.representative.clone(),
    }
}

/// What stood before the last correction.
fn earlier(tx: &mut Tx, zone: &Court, court: &str, id: CaseId) -> Result<Option<Earlier>, Error> {
    let history = history(tx, court, id)?;
    let Some((parties, statement)) = history.iter().filter_map(|(_, event)| filed(event)).rev().nth(1) else { return Ok(None) };
    let mut cards = BTreeMap::new();
    for party in &parties {
        cards.extend(zone.vault().card_as(tx, court, id, party)?.map(|card| (party.person, card)));
    }
    Ok(Some(Earlier { parties, statement, cards }))
}

fn filed(event: &Event) -> Option<(Vec<procedure::Party>, Statement)> {
    if let Event::FilingSubmitted(filed) = event {
        return Some((filed.parties.clone(), filed.statement.clone()));
    }
    if let Event::Corrected { parties, statement, .. } = event {
        return Some((parties.clone(), (**statement).clone()));
    }
    None
}
