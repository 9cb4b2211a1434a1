//! Workers: what follows from an event is carried out here. A job's effect and its end are one transaction, so that a
//! process killed between two of them does it again from the start and nothing twice.
use crate::act::{Act, act};
use crate::compose::Source;
use crate::store::persons::{self, Link};
use crate::{Court, Error, follow, job, receive, store};
use exchange::message::{Card, Released, ReleasedItem, ToPortal, View};
use jiff::Timestamp;
use jiff::civil::Date;
use ledger::{Content, FileDigest, Kind};
use procedure::case::{Actor, Channel, IssuedPaper, Method, ServiceState};
use procedure::step::{ExpireClock, IssuePaper, RecordService, SendPaper};
use procedure::{Case, CaseId, Command, Paper, PaperId, PersonId, clock::Clock as Period};
use std::collections::{BTreeMap, BTreeSet};
use storage::jobs::Job;
use storage::{Room, Tx, blobs, jobs, outbox, secret};

/// Jobs and envelopes looked for together; more than may be under way at a time.
const TOGETHER: u32 = 128;
/// Of these under way at one time: their commits share flushes to the disk.
const HANDS: usize = 16;
/// Bytes of envelopes under way at most: each is there several times, as read and as opened at the other end.
const ENVELOPES: u64 = 128 << 20;

/// The way over the bridge: the time at which the portal stored the envelope, or why it did not.
pub type Way<'a> = dyn Fn(uuid::Uuid, &[u8]) -> Result<Timestamp, Undelivered> + Sync + 'a;

/// Jobs of one case go one after the other; others of one kind and court too.
fn lane(job: &Job) -> (String, String) {
    let case = serde_json::from_str::<serde_json::Value>(&job.payload).ok().and_then(|payload| payload["case"].as_str().map(str::to_owned));
    (job.court.clone(), case.unwrap_or_else(|| job.kind.clone()))
}

/// Letters of a join code: none that look alike.
pub(crate) const CODE_LETTERS: &[u8; 31] = b"23456789ABCDEFGHJKLMNPQRSTUVWXY";

impl Court {
    /// Does some of the jobs that are due, those of one case in their order; how many were done. Call until it says 0.
    pub fn work(&self) -> Result<usize, Error> {
        // Claiming is a write: once a call, not whenever a hand runs out of work.
        let mut claimed = false;
        let due = || {
            if std::mem::replace(&mut claimed, true) {
                return Ok(vec![]);
            }
            let now = self.now();
            self.db().write_blocking(move |tx| Ok::<_, Error>(jobs::due(tx, now, TOGETHER)?))
        };
        storage::in_lanes(HANDS, due, lane, |job| self.attempt(job, self.now()).map(|()| true))
    }

    /// Does a job, or notes why it failed and when it comes again.
    fn attempt(&self, job: Job, now: Timestamp) -> Result<(), Error> {
        let Err(error) = self.do_job(&job) else { return Ok(()) };
        tracing::error!(job = %job.kind, key = %job.key, %error, "job failed, it will be tried again");
        let text = error.to_string();
        self.db().write_blocking(move |tx| {
            let retry = now.saturating_add(jobs::backoff(job.attempts)).map_err(|_| Error::Corrupt("the clock"))?;
            if jobs::failed(tx, &job, &text, retry)? {
                dead_jobs(tx, &job.court, now)?;
            }
            Ok::<_, Error>(())
        })
    }

    fn do_job(&self, job: &Job) -> Result<(), Error> {
        match job.kind.as_str() {
            job::TYPESET => self.typeset(job),
            job::SERVE => self.serve(job),
            job::PROOF => self.prove(job),
            job::ORIGINAL => self.keep_original(job),
            job::VIEW => self.show(job),
            job::RELEASE => self.release_item(job),
            job::LEDGER => self.log_records(job),
            _ => Err(Error::Corrupt("a job of unknown kind")),
        }
    }

    /// Typesets, seals and issues a paper; the bytes, the receipt and the event are one commit.
    fn typeset(&self, job: &Job) -> Result<(), Error> {
        let job::Paper { case: id, paper } = store::json(&job.payload)?;
        let court = job.court.clone();
        let Facts { case, cards, history, .. } = self.read_case(&court, id)?;
        let wanted = case.paper(paper).ok_or(Error::Corrupt("a paper that its case does not hold"))?.clone();
        if wanted.service != ServiceState::Owed || case.superseded(&wanted) {
            return self.finish(job);
        }
        let now = self.now();
        let today = procedure::step::day_of(now);
        let code = (wanted.paper == Paper::JoinSheet).then(join_code);
        let mark = documents::verify_mark(&format!("{}/verify?paper={paper}", self.portal_url()), paper.0.as_bytes())?;
        let source = Source { zone: self, case: &case, paper: &wanted, cards: &cards, history: &history, today, code: code.as_deref(), mark };
        let typed = source.compose()?;
        let Made { pdf, sha256, pages } = self.make(&court, &typed, now)?;
        let receipt = self.paper_receipt(&case, &wanted, &sha256, pdf.len(), pages, now)?;
        let facts = typed.to_json()?;
        let (zone, job) = (self.clone(), job.clone());
        self.db().write_blocking(move |tx| {
            blobs::put(tx, &court, &pdf)?;
            store::put_paper(tx, &court, paper, &store::PaperRow { case: id, sha256: sha256.clone(), facts: facts.clone() })?;
            if let Some(code) = &code {
                store::put_join_code(tx, &court, &secret::token_digest(&receive::normal(code)), id, wanted.to)?;
            }
            follow::deposit(tx, &court, &paper_no(paper), &receipt, now)?;
            let command = Command::IssuePaper(IssuePaper { id: paper, sha256: sha256.clone(), pages });
            act(tx, &zone, &platform(&court, id, command, now))?;
            Ok::<_, Error>(jobs::done(tx, &job)?)
        })
    }

    /// Typesets, seals and signs; the same data at the same time gives the same bytes.
    pub(crate) fn make(&self, court: &str, typed: &documents::Paper, now: Timestamp) -> Result<Made, Error> {
        let rendered = documents::render(self.papers(), typed, documents::Seal::Signature)?;
        let pages = u32::try_from(rendered.pages).map_err(|_| Error::Corrupt("a page count"))?;
        let seal = match (typed.sealing_court(), rendered.seal) {
            (Some(name), Some(place)) => Some(documents::Appearance::seal(self.papers(), name, place)?),
            (Some(_), None) => return Err(Error::Corrupt("a sealed paper without a place for the seal")),
            (None, _) => None,
        };
        let pdf = documents::sign(&rendered.pdf, self.seal(court)?, now, seal.as_ref())?;
        let sha256 = storage::Digest::of(&pdf).to_string();
        Ok(Made { pdf, sha256, pages })
    }

    fn paper_receipt(&self, case: &Case, paper: &IssuedPaper, sha256: &str, bytes: usize, pages: u32, at: Timestamp) -> Result<String, Error> {
        let name = paper.paper.zh();
        let mut content = Content::new(Kind::ServedPaper, &paper_no(paper.id), name, &case.court, &follow::stamp(at)?);
        let number = case.number.as_deref().map_or_else(|| case.receipt_no.clone(), crate::full_width);
        content.facts.insert("案号".into(), number);
        content.files.push(FileDigest {
            bytes: u64::try_from(bytes).map_err(|_| Error::Corrupt("a paper's length"))?,
            name: format!("{name}.pdf"),
            pages: Some(pages),
            sha256: sha256.to_owned(),
            sm3: None,
        });
        Ok(ledger::Receipt::issue(content, self.receipt_key())?.to_text())
    }

    /// Sends a paper to the portal's inbox of its recipient. What the portal acknowledges is the service ([`Court::deliver`]).
    fn serve(&self, job: &Job) -> Result<(), Error> {
        let job::Paper { case: id, paper } = store::json(&job.payload)?;
        let (zone, job, now) = (self.clone(), job.clone(), self.now());
        self.db().write_blocking(move |tx| {
            let court = job.court.clone();
            let case = store::case(tx, &court, id)?;
            let wanted = case.paper(paper).ok_or(Error::Corrupt("a paper that its case does not hold"))?.clone();
            let consents = persons::way_to(tx, &case, wanted.to)? == Channel::Online;
            // Consent was withdrawn before it left, or it left already: nothing goes electronically.
            if consents && !case.superseded(&wanted) && matches!(wanted.service, ServiceState::Issued | ServiceState::Failed { .. }) {
                let command = Command::SendPaper(SendPaper { papers: vec![paper], method: Method::Electronic, reference: String::new() });
                act(tx, &zone, &platform(&court, id, command, now))?;
                for link in persons::links(tx, &court, id)?.into_iter().filter(|link| link.party == wanted.to) {
                    zone.release(tx, &case, &wanted, link.account, now)?;
                }
            }
            Ok::<_, Error>(jobs::done(tx, &job)?)
        })
    }

    fn release(&self, tx: &mut Tx, case: &Case, paper: &IssuedPaper, account: PersonId, now: Timestamp) -> Result<(), Error> {
        let row = store::paper(tx, &case.court, paper.id)?.ok_or(Error::Corrupt("an issued paper without bytes"))?;
        let pdf = blobs::get(tx, &case.court, &row.sha256.parse()?)?;
        let receipt = store::record_receipt(tx, &case.court, &paper_no(paper.id))?.ok_or(Error::Corrupt("an issued paper without a receipt"))?;
        let today = procedure::step::day_of(now);
        let released = Released {
            id: paper.id,
            case: case.id,
            court: case.court.clone(),
            court_name: self.court_name(&case.court),
            account,
            name: paper.paper.zh().into(),
            number: case.number.as_deref().map_or_else(|| case.receipt_no.clone(), crate::full_width),
            sha256: row.sha256.clone(),
            pages: paper.pages,
            receipt,
            sent_at: now,
            served_on: today,
            rule: "R-SVC-12".into(),
            clock: self.period(case, paper, today)?,
            asks: asks(paper.paper).into(),
            proof_of: None,
        };
        let envelope = receive::send(tx, self, &case.court, &ToPortal::Paper(Box::new(released)), &[exchange::File::of(pdf)])?;
        store::put_delivery(tx, &case.court, envelope, case.id, paper.id)
    }

    /// The period that begins if the paper is served on that day.
    fn period(&self, case: &Case, paper: &IssuedPaper, on: jiff::civil::Date) -> Result<Option<Period>, Error> {
        Ok(procedure::step::record_service::begins(case, paper, on, self.law())?.into_iter().next().map(|running| running.clock))
    }

    /// Delivers what waits in the outbox; how many got across. `deliver` gives the time at which
    /// the portal stored the envelope: a paper in it reached the recipient's inbox at that moment (R-SVC-12). What the portal
    /// refuses, or cannot be reached for in so many tries, is a failed service and goes another way (R-SVC-18).
    ///
    /// Envelopes go side by side and may arrive in any order, as they may after a failed try: the portal keeps the newer of
    /// two views, and a receipt that is complete.
    pub fn deliver(&self, deliver: &Way<'_>) -> Result<usize, Error> {
        let (mut taken, room) = (BTreeSet::new(), Room::new(ENVELOPES));
        let due = || {
            let now = self.now();
            let mut due = self.db().read_blocking(move |tx| Ok::<_, Error>(outbox::due(tx, now, TOGETHER)?))?;
            due.retain(|row| taken.insert(row.id));
            Ok(due)
        };
        storage::in_lanes(
            HANDS,
            due,
            |row| row.id,
            |row| {
                let _held = room.take(row.bytes);
                let now = self.now();
                self.deliver_one(&row, now, deliver).or_else(|error| {
                    // The error is this envelope's own: the others go on, and it is tried again.
                    tracing::error!(court = %row.court, envelope = %row.id, %error, "envelope was not taken in, it will be tried again");
                    self.put_off(&row, now, error.to_string().into()).map(|()| false)
                })
            },
        )
    }

    /// Delivers one envelope and takes in what its arrival brings; false: it did not get across.
    fn deliver_one(&self, row: &outbox::Outgoing, now: Timestamp, deliver: &Way<'_>) -> Result<bool, Error> {
        let (zone, court, id) = (self.clone(), row.court.clone(), row.id);
        let body = self.db().read_blocking({
            let court = court.clone();
            move |tx| Ok::<_, Error>(outbox::body(tx, &court, id)?)
        })?;
        let at = match deliver(id, &body) {
            Ok(at) => at,
            Err(error) => return self.put_off(row, now, error).map(|()| false),
        };
        self.db().write_blocking(move |tx| {
            if outbox::sent(tx, &court, id, now, &serde_json::to_vec(&at)?)? {
                acknowledged(tx, &zone, &court, id, at)?;
            }
            Ok::<_, Error>(true)
        })
    }

    /// Notes why an envelope did not get across, and when it is tried again; a paper goes another way after its last try.
    fn put_off(&self, row: &outbox::Outgoing, now: Timestamp, why: Undelivered) -> Result<(), Error> {
        let (zone, court, id, tries) = (self.clone(), row.court.clone(), row.id, row.attempts + 1);
        self.db().write_blocking(move |tx| {
            let Undelivered { reason, for_good } = &why;
            let last = *for_good || tries >= zone.law().policy.electronic_tries;
            if last && store::delivery(tx, &court, id)?.is_some() {
                outbox::failed(tx, &court, id, reason, None)?;
                let told =
                    if *for_good { "受送达人的收件箱拒收".to_owned() } else { format!("{tries} 次没有送到受送达人的收件箱") };
                return follow::service::gave_up(tx, &zone, &court, id, &told, now);
            }
            let retry = now.saturating_add(jobs::backoff(tries)).map_err(|_| Error::Corrupt("the clock"))?;
            outbox::failed(tx, &court, id, reason, Some(retry))?;
            Ok(())
        })
    }

    /// Shows a case anew to everyone who takes part in it online.
    fn show(&self, job: &Job) -> Result<(), Error> {
        let job::View { case: id } = store::json(&job.payload)?;
        let (zone, job) = (self.clone(), job.clone());
        self.db().write_blocking(move |tx| {
            let court = job.court.clone();
            let (case, links) = (store::case(tx, &court, id)?, persons::links(tx, &court, id)?);
            let accounts: BTreeSet<_> = links.iter().map(|link| link.account).collect();
            for account in accounts {
                let actor = persons::actor(&case, &links, account, None);
                let view = crate::view(tx, &zone, &court, id, account, actor.for_person.unwrap_or(actor.person))?;
                release_items(tx, &view, zone.now())?;
                receive::send(tx, &zone, &court, &ToPortal::View(Box::new(view)), &[])?;
            }
            Ok::<_, Error>(jobs::done(tx, &job)?)
        })
    }

    /// Gives a party the bytes of an item that he may read, once; that he got it stands among the reads of the file.
    fn release_item(&self, job: &Job) -> Result<(), Error> {
        let job::Release { case: id, account, party, sha256 } = store::json(&job.payload)?;
        let (zone, job, now) = (self.clone(), job.clone(), self.now());
        self.db().write_blocking(move |tx| {
            let court = job.court.clone();
            let case = store::case(tx, &court, id)?;
            let history = crate::history(tx, &court, id)?;
            let items = crate::view::readable(&case, crate::file::main_volume(tx, &case, &history)?, party);
            if let Some(item) = items.into_iter().find(|item| item.readable && item.sha256 == sha256) {
                let bytes = blobs::get(tx, &court, &sha256.parse()?)?;
                let what = format!("网上阅卷：{}", item.name);
                let read = store::Read { reader: case.name_of(party).to_owned(), what, at: now, granted: true };
                store::note_read(tx, &court, id, &read)?;
                let released = ReleasedItem { case: id, account, name: item.name, sha256: sha256.clone(), media: item.media };
                receive::send(tx, &zone, &court, &ToPortal::Item(Box::new(released)), &[exchange::File::of(bytes)])?;
            }
            Ok::<_, Error>(jobs::done(tx, &job)?)
        })
    }

    /// Appends what waits to the log. The salt is kept before, the position after; killed in between, the log finds the
    /// same record again and gives the same position.
    fn log_records(&self, job: &Job) -> Result<(), Error> {
        let court = job.court.clone();
        let open = self.db().read_blocking({
            let court = court.clone();
            move |tx| store::open_records(tx, &court)
        })?;
        let at = self.now();
        let now = follow::stamp(at)?;
        let mut log = self.log();
        let suite = log.suite();
        let mut records = Vec::new();
        for row in &open {
            let salt = ledger::Salt(row.salt.as_slice().try_into().map_err(|_| Error::Corrupt("a record's salt"))?);
            let receipt = ledger::Receipt::parse(&row.receipt)?;
            let record = receipt.record(suite, &salt)?;
            records.push((receipt, salt, record));
        }
        let lines: Vec<_> = records.iter().map(|(_, _, record)| record.to_line()).collect();
        let positions = if lines.is_empty() { vec![] } else { log.append(&lines, &now)? };
        let mut done = Vec::new();
        for ((row, (receipt, salt, record)), position) in open.iter().zip(&records).zip(positions) {
            let complete = receipt.complete(salt, record, &log.prove(position)?)?.to_text();
            done.push((row.id.clone(), row.no.clone(), position, complete));
        }
        drop(log);
        let (zone, job) = (self.clone(), job.clone());
        self.db().write_blocking(move |tx| {
            for (id, _, position, receipt) in &done {
                store::record_logged(tx, &court, id, *position, receipt)?;
            }
            if !done.is_empty() {
                // What the internal volume held at the closing is not told outside (R-FIA-04).
                let outside = done.iter().filter(|(_, no, _, _)| !follow::is_internal(no));
                let receipts = outside.map(|(_, no, _, receipt)| (no.clone(), receipt.clone())).collect();
                receive::send(tx, &zone, &court, &ToPortal::Receipts { receipts }, &[])?;
            }
            follow::appended(tx, &court, at)?;
            Ok::<_, Error>(jobs::done(tx, &job)?)
        })
    }

    /// Records the clocks whose last day went by, and drafts what follows for a named office. Call once a minute or after
    /// the demo's clock moved; how many were recorded.
    pub fn tick(&self) -> Result<usize, Error> {
        let (now, today) = (self.now(), procedure::step::day_of(self.now()));
        let mut count = 0;
        for court in self.courts().to_vec() {
            let over = self.db().read_blocking({
                let court = court.clone();
                move |tx| store::clocks_over(tx, &court, today)
            })?;
            for (case, anchor) in over {
                let expire = Command::ExpireClock(ExpireClock { anchor: anchor.clone() });
                match self.act_blocking(platform(&court, case, expire, now)) {
                    Ok(_) => count += 1,
                    // One case's error is its own: the clocks of the others are recorded.
                    Err(error) => tracing::error!(%court, %case, %anchor, %error, "clock that ran out was not recorded, it will be tried again"),
                }
            }
            let days = self.law().policy.unopened_days;
            self.db().write_blocking(move |tx| {
                undecided(tx, &court, today, now)?;
                remind(tx, &court, today, days, now)?;
                dead_jobs(tx, &court, now)
            })?;
        }
        Ok(count)
    }

    fn finish(&self, job: &Job) -> Result<(), Error> {
        let job = job.clone();
        self.db().write_blocking(move |tx| Ok::<_, Error>(jobs::done(tx, &job)?))
    }

    /// A case with all that papers are composed from.
    pub(crate) fn read_case(&self, court: &str, id: CaseId) -> Result<Facts, Error> {
        let (zone, court) = (self.clone(), court.to_owned());
        self.db().read_blocking(move |tx| {
            let case = store::case(tx, &court, id)?;
            Facts::of(tx, &zone, case)
        })
    }
}

/// A case with all that papers are composed from.
pub(crate) struct Facts {
    pub case: Case,
    /// Particulars of parties, and of agents who handed them in.
    pub cards: BTreeMap<PersonId, Card>,
    /// Events with the legal time of each.
    pub history: Vec<(Timestamp, procedure::Event)>,
    /// Accounts with the party that each is or acts for.
    pub links: Vec<Link>,
}

impl Facts {
    /// What hangs on a case, read in this transaction.
    pub(crate) fn of(tx: &mut Tx, zone: &Court, case: Case) -> Result<Self, Error> {
        let court = case.court.clone();
        let mut cards = BTreeMap::new();
        for party in &case.parties {
            cards.insert(party.person, zone.vault().card(tx, &court, case.id, party.person)?);
        }
        // Agents need not have handed in particulars.
        for agent in &case.agents {
            cards.extend(zone.vault().find(tx, &court, case.id, agent.person)?.map(|card| (agent.person, card)));
        }
        let (history, links) = (crate::history(tx, &court, case.id)?, persons::links(tx, &court, case.id)?);
        Ok(Self { case, cards, history, links })
    }
}

/// A paper made.
pub(crate) struct Made {
    pub pdf: Vec<u8>,
    /// Hex.
    pub sha256: String,
    pub pages: u32,
}

/// Number of a paper's receipt.
pub(crate) fn paper_no(id: PaperId) -> String {
    format!("P-{}", id.0.simple())
}

/// Why an envelope did not get across.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undelivered {
    pub reason: String,
    /// The portal took it and will never let it take effect: no use to come again.
    pub for_good: bool,
}

impl From<String> for Undelivered {
    fn from(reason: String) -> Self {
        Self { reason, for_good: false }
    }
}

pub(crate) fn platform(court: &str, case: CaseId, command: Command, at: Timestamp) -> Act {
    Act { court: court.to_owned(), case, by: Actor::platform(court), command, expected: None, at, cards: vec![], files: vec![] }
}

fn acknowledged(tx: &mut Tx, zone: &Court, court: &str, envelope: uuid::Uuid, at: Timestamp) -> Result<(), Error> {
    let Some((id, paper)) = store::delivery(tx, court, envelope)? else { return Ok(()) };
    let case = store::case(tx, court, id)?;
    // Two accounts of one party: the earliest arrival counts and stands already (R-SVC-15).
    let under_way = case.paper(paper).map(|paper| &paper.service).filter(|service| matches!(service, ServiceState::Sent { .. }));
    let Some(sent) = under_way.and_then(ServiceState::sent_at) else { return Ok(()) };
    // Two zones have two clocks: what arrived before it left arrived when it left.
    let at = at.max(sent);
    let record = RecordService { papers: vec![paper], on: procedure::step::day_of(at), rule: "R-SVC-12".into(), proof: String::new() };
    act(tx, zone, &platform(court, id, Command::RecordService(record), at)).map(drop)
}

/// On the last day of the review an undecided filing lies drafted for registration (R-FIL-10). Every further day takes it up
/// anew and says how late it is.
fn undecided(tx: &mut Tx, court: &str, today: Date, now: Timestamp) -> Result<(), Error> {
    for row in store::cases(tx, court, store::Which::Stage(procedure::Stage::Submitted))? {
        let Some(due) = row.due.filter(|due| *due <= today) else { continue };
        let late = today.since(due).map_err(|_| Error::Corrupt("a day"))?.get_days();
        let how = if late == 0 { "审查期限今天届满".to_owned() } else { format!("审查期限已过 {late} 日") };
        let task = store::NewTask {
            id: format!("undecided/{}/{today}", row.id),
            case: row.id,
            kind: "undecided",
            office: procedure::Office::FilingClerk,
            title: format!("{}：{how}，先行立案待签发", row.title),
            detail: "七日内不能决定是否立案的，应当先行立案（R-FIL-10）。内容已经拟好，签名即可。".into(),
            due: Some(due),
            payload: "{}".into(),
        };
        for (id, kind, _) in store::case_tasks(tx, court, row.id)? {
            if kind == "undecided" && id != task.id {
                store::close_task(tx, court, &id, PersonId(uuid::Uuid::nil()), now)?;
            }
        }
        store::open_task(tx, court, &task, now)?;
    }
    Ok(())
}

/// Reminds a clerk of papers served electronically that nobody opened for some days (R-SVC-18).
fn remind(tx: &mut Tx, court: &str, today: Date, days: i64, now: Timestamp) -> Result<(), Error> {
    let before = today.checked_sub(jiff::Span::new().days(days)).map_err(|_| Error::Corrupt("a day"))?;
    for (id, person, served) in store::desk::unopened(tx, court, before)? {
        let case = store::case(tx, court, id)?;
        follow::service::unopened(tx, &case, person, served, days, now)?;
    }
    Ok(())
}

/// Jobs put aside that are told of at a time.
const MOST_DEAD: u32 = 10_000;

/// A job that was put aside after its last try lies with a clerk, with what went wrong; one that runs again does not.
fn dead_jobs(tx: &mut Tx, court: &str, now: Timestamp) -> Result<(), Error> {
    let dead = jobs::dead(tx, court, MOST_DEAD)?;
    let mut told = Vec::new();
    for (id, payload) in store::tasks_of_kind(tx, court, DEAD_JOB)? {
        let about: job::Dead = store::json(&payload)?;
        if dead.iter().any(|job| job.kind == about.kind && job.key == about.key) {
            told.push(about);
        } else {
            store::close_task(tx, court, &id, PersonId(uuid::Uuid::nil()), now)?;
        }
    }
    for job in dead {
        let about = job::Dead { kind: job.kind.clone(), key: job.key.clone() };
        if told.contains(&about) {
            continue;
        }
        let payload: serde_json::Value = store::json(&job.payload)?;
        let task = store::NewTask {
            id: format!("{DEAD_JOB}/{}/{}/{now}", job.kind, job.key),
            // What is of the whole court, such as the log, is of no case.
            case: payload["case"].as_str().and_then(CaseId::parse).unwrap_or(CaseId(uuid::Uuid::nil())),
            kind: DEAD_JOB,
            office: procedure::Office::FilingClerk,
            title: format!("{}没有成功，试了 {} 次", job::zh(&job.kind), job.attempts),
            detail: format!("请联系管理员排除原因后再试一次。出错信息：{}", job.last_error.as_deref().unwrap_or("没有记录")),
            due: None,
            payload: serde_json::to_string(&about)?,
        };
        store::open_task(tx, court, &task, now)?;
    }
    Ok(())
}

/// Kind of the tasks about jobs that were put aside.
pub(crate) const DEAD_JOB: &str = "dead_job";

/// Asks for the release of everything that this account may read and did not get yet: a job is known by its key, so that an
/// item goes to an account once. Before acceptance there is nobody to read along, and who takes no part online gets nothing.
fn release_items(tx: &mut Tx, view: &View, now: Timestamp) -> Result<(), Error> {
    let (court, id, party) = (view.court.as_str(), view.case, view.party);
    let case = store::case(tx, court, id)?;
    let chose = case.choices.iter().any(|choice| choice.person == party && choice.channel == Channel::Online);
    if case.accepted_on.is_none() || !(case.joined.contains(&party) || chose) {
        return Ok(());
    }
    for item in view.items.iter().filter(|item| item.readable) {
        let key = format!("{}/{id}/{}", view.account, item.sha256);
        let payload = job::Release { case: id, account: view.account, party, sha256: item.sha256.clone() };
        follow::enqueue(tx, court, job::RELEASE, &key, &payload, now)?;
    }
    Ok(())
}

/// Eight letters in two groups: 31^8 codes, and each attempt needs name and number as well.
fn join_code() -> String {
    let letters: String = secret::random::<8>().iter().map(|byte| char::from(CODE_LETTERS[usize::from(*byte) % CODE_LETTERS.len()])).collect();
    format!("{}-{}", &letters[..4], &letters[4..])
}

/// What a paper asks of its recipient, in one sentence.
fn asks(paper: Paper) -> &'static str {
    match paper {
        Paper::CorrectionNotice => "请在期限内把通知书列出的内容补齐，重新提交。",
        Paper::GivenBackNotice => "起诉材料没有补齐，法院已经退回。补齐后可以重新起诉；坚持起诉的，请告诉法院。",
        Paper::AcceptanceNotice => "法院已经立案。请看清您的诉讼权利和义务。",
        Paper::FeeNotice => "请在期限内交纳案件受理费；确有困难的，可以申请缓交、减交或者免交。",
        Paper::EvidenceNotice => "请在举证期限内提交证据。",
        Paper::AnswerNotice => "您被起诉了。请在期限内提交答辩状。",
        Paper::ComplaintCopy => "这是原告的起诉状。请在收到后十五日内答辩。",
        Paper::JoinSheet => "您可以凭加入码在网上参加诉讼。",
        Paper::ServiceAddressForm => "请填写您的送达地址，交回法院。",
        Paper::PanelNotice => "这是审理本案的人员。认为有人应当回避的，可以申请。",
        Paper::Summons => "请按传票写明的时间和地点到庭。",
        Paper::AnswerCopy => "这是对方的答辩状。",
        Paper::RefusalRuling => "法院裁定不予受理。不服的，可以在期限内上诉。",
        Paper::DeemedWithdrawalRuling => "法院裁定按撤诉处理。",
        Paper::CivilJudgment => "这是法院的判决。不服的，可以在期限内上诉。",
        Paper::EffectivenessCertificate => "法院证明裁判已经生效。",
        Paper::EvidenceReceipt => "这是法院收到您证据的收据，请核对名称和页数。",
        Paper::HearingRecord => "这是庭审笔录。请核对后签名。",
        Paper::Announcement => "这是法院的公告。",
        Paper::MatterRuling => "这是法院的裁定。可以上诉、申请复议的，文书里写明了期限。",
        Paper::MatterDecision => "这是法院的决定。不服的，文书里写明了怎样申请复议。",
        Paper::MatterNotice => "这是法院对一项申请或者程序事项的通知。",
    }
}
