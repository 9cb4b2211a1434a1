//! The one way by which a case changes: authorise → decide → store, in one transaction with all that follows.
use crate::{Court, Error, code, confirm, follow, store, vault};
use exchange::message::Card;
use jiff::Timestamp;
use procedure::case::{Actor, Material};
use procedure::caseno::CaseNumber;
use procedure::kind::CaseKind;
use procedure::step::{Facts, PostponeHearing, ScheduleHearing, decide, permit};
use procedure::trial::Candidate;
use procedure::{Case, CaseId, Command, Event, Json, Office, PersonId};
use storage::events::NewEvent;
use storage::{Content, Tx, blobs, counters, events};

/// A command with all that the zone knows about it.
pub struct Act {
    pub court: String,
    pub case: CaseId,
    pub by: Actor,
    pub command: Command,
    /// The version that the actor saw, where he saw one.
    pub expected: Option<u64>,
    /// Legal time of the act.
    pub at: Timestamp,
    /// Particulars of persons that come with it.
    pub cards: Vec<Card>,
    /// Files that come with it.
    pub files: Vec<Content>,
}

/// What an act did.
#[derive(Debug, Clone)]
pub struct Acted {
    pub case: Case,
    pub events: Vec<Event>,
}

/// An act that may be carried out: everything that could refuse it was asked, and nothing is written yet.
pub(crate) struct Ready<'a> {
    act: &'a Act,
    before: Case,
    events: Vec<Event>,
    sealed: Vec<(PersonId, vault::Sealed)>,
    /// Contents to be kept.
    files: Vec<Content>,
}

/// Carries out an act inside a transaction. Nothing is written unless it is permitted.
pub fn act(tx: &mut Tx, zone: &Court, act: &Act) -> Result<Acted, Error> {
    prepare(tx, zone, act)?.carry_out(tx, zone)
}

/// Authorises and decides. A refusal leaves nothing behind but a number of the register, which no party's step draws.
pub(crate) fn prepare<'a>(tx: &mut Tx, zone: &Court, act: &'a Act) -> Result<Ready<'a>, Error> {
    let before = store::case(tx, &act.court, act.case)?;
    permit(&before, act.command.step(), &act.by)?;
    if let Some(seen) = act.expected.filter(|seen| *seen != before.version)
        && overtaken(tx, act, &before, seen)?
    {
        return Err(Error::Stale { seen, now: before.version });
    }
    let mut command = act.command.clone();
    let mut sealed = seal(tx, zone, act, &before, &mut command)?;
    let confirmed = confirm::of(tx, zone, act, &before)?;
    let mut facts = facts(tx, zone, act, &before)?;
    facts.confirmation = confirmed.as_ref().map(|confirmed| confirmed.confirmation.clone());
    let events = decide(&before, &command, &act.by, zone.law(), &facts)?;
    let mut files = act.files.clone();
    let on_record = events.iter().any(|event| matches!(event, Event::AddressConfirmed(_)));
    if let Some(confirmed) = confirmed.filter(|_| on_record) {
        files.push(confirmed.form);
        sealed.push((confirmed.confirmation.person, confirmed.sealed));
    }
    let files = files_of(tx, act, &events, &files)?;
    Ok(Ready { act, before, events, sealed, files })
}

impl Ready<'_> {
    /// Writes the act with all that follows from it.
    pub(crate) fn carry_out(self, tx: &mut Tx, zone: &Court) -> Result<Acted, Error> {
        let Self { act, before, events, sealed, files } = self;
        let told = told(tx, zone, act, &before, &events)?;
        for (person, entry) in &sealed {
            store::persons::put_card(tx, &act.court, act.case, *person, entry)?;
        }
        for content in &files {
            blobs::keep(tx, &act.court, content)?;
        }
        let case = append(tx, zone, before, &events, &act.by, act.at, &sealed)?;
        for (known, what) in &told {
            code::warn(tx, zone, &case, (known, what))?;
        }
        Ok(Acted { case, events })
    }
}

/// What a party is told on the telephone that the court knew of him until now: another telephone, or an agent, named online.
/// Who joins gave none before: what his opponent wrote of him is not his.
fn told(tx: &mut Tx, zone: &Court, act: &Act, before: &Case, events: &[Event]) -> Result<Vec<(Card, String)>, Error> {
    let mut told = Vec::new();
    if act.by.office.is_some() {
        return Ok(told);
    }
    for event in events {
        if let (Event::AddressConfirmed(confirmation), Command::ChooseChannel(_)) = (event, &act.command) {
            let known = zone.vault().card(tx, &act.court, act.case, confirmation.person)?;
            let new = act.cards.iter().find(|card| card.person == confirmation.person).map(|card| card.phone.trim());
            if let Some(new) = new.filter(|new| !new.is_empty() && *new != known.phone) {
                let what = format!("您留给法院的手机号改为{}，以后的短信发到新号码", crate::message::covered(new));
                told.push((known, what));
            }
        }
        if let (Event::AgentAppointed { authority, .. }, true) = (event, before.version > 0) {
            let known = zone.vault().card(tx, &act.court, act.case, authority.agent.of)?;
            told.push((known, format!("已登记{}为您的委托诉讼代理人", authority.agent.name)));
        }
    }
    Ok(told)
}

/// Did the case move since the version that the actor saw? Staff see all of it, so any move counts; of a party's page what
/// others did that his act could hang on (papers that went out or arrived do not change it).
fn overtaken(tx: &mut Tx, act: &Act, before: &Case, seen: u64) -> Result<bool, Error> {
    if act.by.office.is_some() || seen > before.version {
        return Ok(true);
    }
    let party = act.by.for_person.unwrap_or(act.by.person);
    for stored in events::load(tx, &act.court, act.case.0, seen)? {
        let by = Actor::from_json(stored.actor.as_bytes())?;
        if by.person != act.by.person && Event::from_json(stored.body.as_bytes())?.concerns(before, party) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Appends decided events and everything that hangs on them.
fn append(
    tx: &mut Tx,
    zone: &Court,
    before: Case,
    events: &[Event],
    by: &Actor,
    at: Timestamp,
    sealed: &[(PersonId, vault::Sealed)],
) -> Result<Case, Error> {
    if events.is_empty() {
        return Ok(before);
    }
    let actor = by.to_json()?;
    let rows = events
        .iter()
        .map(|event| Ok(NewEvent { kind: event.kind().to_owned(), body: event.to_json()?, at, actor: actor.clone() }))
        .collect::<Result<Vec<_>, Error>>()?;
    events::append(tx, &before.court, before.id.0, before.version, &rows)?;
    let mut case = before;
    for event in events {
        case.apply(event);
    }
    let fingerprints: Vec<_> = sealed.iter().map(|(person, entry)| (*person, entry.fingerprint.clone())).collect();
    store::put_case(tx, &case, &fingerprints)?;
    follow::after(tx, zone, &case, events, by, at)?;
    Ok(case)
}

/// Persons whose particulars this command brings; those of others are nobody's to change.
fn named(command: &mut Command) -> Vec<PersonId> {
    let mut named: Vec<PersonId> = command.parties_mut().iter().map(|party| party.person).collect();
    if let Command::SubmitFiling(filing) = command {
        named.extend(filing.agents.iter().map(|agent| agent.person));
    }
    if let Command::AppointAgent(appoint) = command {
        named.push(appoint.person);
    }
    named
}

/// Who of those that come with the act has papers of the same number as somebody else of the case (R-IDC-10).
fn same(tx: &mut Tx, zone: &Court, act: &Act, case: &Case) -> Result<Vec<(PersonId, PersonId)>, Error> {
    let mut known: Vec<(PersonId, String)> = act.cards.iter().map(|card| (card.person, card.number.clone())).collect();
    let standing = case.parties.iter().map(|party| party.person).chain(case.agents.iter().map(|agent| agent.person));
    for person in standing.filter(|person| !act.cards.iter().any(|card| card.person == *person)) {
        known.extend(zone.vault().find(tx, &act.court, act.case, person)?.map(|card| (person, card.number)));
    }
    let coming = act.cards.iter().filter(|card| !card.number.is_empty());
    let pairs = coming.flat_map(|card| known.iter().map(move |(person, number)| (card, *person, number)));
    Ok(pairs
        .filter(|(card, person, number)| card.person != *person && card.number == **number)
        .map(|(card, person, _)| (card.person, person))
        .collect())
}

/// Seals the particulars and puts their digests where the command names the parties; a party without new ones keeps his.
fn seal(tx: &mut Tx, zone: &Court, act: &Act, before: &Case, command: &mut Command) -> Result<Vec<(PersonId, vault::Sealed)>, Error> {
    let named = named(command);
    for party in command.parties_mut() {
        party.digest = before.party(party.person).map_or_else(String::new, |known| known.digest.clone());
    }
    let mut sealed = Vec::new();
    for card in act.cards.iter().filter(|card| named.contains(&card.person)) {
        let mut card = card.clone();
        if card.service_address.is_empty() {
            // Confirmed once, an address holds until another is confirmed (R-SVC-20).
            let known = zone.vault().find(tx, &act.court, act.case, card.person)?;
            card.service_address = known.map_or_else(String::new, |known| known.service_address);
        }
        let entry = zone.vault().seal(&card)?;
        for party in command.parties_mut().iter_mut().filter(|party| party.person == card.person) {
            party.digest.clone_from(&entry.digest);
        }
        sealed.push((card.person, entry));
    }
    Ok(sealed)
}

/// What the step needs to know beside the case, from the tables of this transaction.
fn facts(tx: &mut Tx, zone: &Court, act: &Act, case: &Case) -> Result<Facts, Error> {
    let mut facts = Facts::at(act.at);
    if matches!(act.command, Command::AcceptFiling(_) | Command::RefuseFiling(_)) {
        facts.next_number = Some(next_number(tx, &act.court, case.kind, act.at)?);
        facts.checkpoint = head(&zone.checkpoint());
    }
    if let Command::GiveBackFiling(_) = &act.command {
        let entry = counters::next(tx, &act.court, &format!("退回/{}", procedure::step::day_of(act.at).year()))?;
        facts.next_entry = Some(u64::try_from(entry).map_err(|_| Error::Corrupt("the book of returned filings"))?);
    }
    // Who is recused is replaced by a draw, too (R-TRI-10).
    let recusal = matches!(&act.command, Command::DecideMatter(decide) if decide.matter == procedure::matter::Kind::Recusal);
    if recusal {
        // Nobody knows this seed before the decision.
        facts.checkpoint = head(&zone.checkpoint());
    }
    if recusal || matches!(act.command, Command::AssignTribunal(_)) {
        facts.roster = roster(tx, &act.court)?;
    }
    if let Command::ScheduleHearing(ScheduleHearing { date, .. }) | Command::PostponeHearing(PostponeHearing { date, .. }) = &act.command {
        facts.bookings = store::trial::bookings(tx, &act.court, *date)?;
    }
    if matches!(act.command, Command::JoinCase(_) | Command::ChooseChannel(_)) {
        facts.linked = store::persons::links(tx, &act.court, act.case)?.into_iter().map(|link| link.party).collect();
    }
    if matches!(act.command, Command::AppointAgent(_) | Command::SubmitFiling(_)) {
        facts.same = same(tx, zone, act, case)?;
    }
    file_facts(tx, zone, act, case, &mut facts)?;
    Ok(facts)
}

/// What the file says: the checker's findings in a judgment, the volumes at the closing, the package at the archive. Whoever
/// calls, the zone finds it itself.
fn file_facts(tx: &mut Tx, zone: &Court, act: &Act, case: &Case, facts: &mut Facts) -> Result<(), Error> {
    if let Command::DraftJudgment(draft) = &act.command {
        facts.defects = zone.draft_in(tx, case, &draft.text, facts.today())?.findings();
    }
    if let (Command::SignJudgment(_), Some(judgment)) = (&act.command, &case.judgment) {
        facts.defects = zone.draft_in(tx, case, &judgment.text, facts.today())?.findings();
    }
    if matches!(act.command, Command::CloseCase(_) | Command::ArchiveCase(_)) {
        let history = crate::history(tx, &act.court, act.case)?;
        let items: Vec<_> = crate::file::held(tx, case, &history)?.into_iter().map(|held| held.item).collect();
        facts.missing = casefile::complete::unmade(case, &items);
        facts.volumes = casefile::volumes(items).iter().map(casefile::Sheet::summary).collect();
        facts.package = store::file::package(tx, &act.court, act.case, case.version)?;
    }
    Ok(())
}

/// Origin, size and root of the log, without its signatures.
fn head(note: &str) -> String {
    note.split("\n\n").next().map_or_else(String::new, |head| format!("{head}\n"))
}

/// Judges and clerks of the court with their loads (R-TRI-06).
fn roster(tx: &mut Tx, court: &str) -> Result<Vec<Candidate>, Error> {
    let loads = store::trial::loads(tx, court)?;
    let members = crate::staff::serving(tx, court)?.into_iter();
    let candidates = members.filter(|member| matches!(member.office, Office::Judge | Office::Clerk)).map(|member| Candidate {
        person: member.id,
        name: member.name,
        office: member.office,
        load: loads.get(&member.id).copied().unwrap_or(0),
    });
    Ok(candidates.collect())
}

/// The number of the register, taken only by the step that needs it; refused, the counter rolls back (R-CNO-21).
fn next_number(tx: &mut Tx, court: &str, kind: CaseKind, at: Timestamp) -> Result<CaseNumber, Error> {
    let year = procedure::step::day_of(at).year();
    let serial = counters::next(tx, court, &format!("{}/{year}", kind.code()))?;
    let serial = u32::try_from(serial).map_err(|_| Error::Corrupt("a case number counter"))?;
    Ok(CaseNumber { year, court: court.to_owned(), special: None, kind: kind.code().into(), serial })
}

/// The contents to be kept, so that every file that an event names is in the store before the event is (invariant 2).
fn files_of(tx: &mut Tx, act: &Act, events: &[Event], given: &[Content]) -> Result<Vec<Content>, Error> {
    let mut keep = Vec::new();
    for material in events.iter().flat_map(materials) {
        let digest = material.sha256.parse()?;
        match given.iter().find(|content| content.digest() == digest) {
            Some(content) => keep.push(content.clone()),
            None if blobs::exists(tx, &act.court, &digest)? => {}
            None => return Err(Error::FileMissing(material.name.clone())),
        }
    }
    for event in events {
        if let Event::CaseArchived { archiving } = event {
            // What the archive was handed is among the contents, byte for byte.
            if !blobs::exists(tx, &act.court, &archiving.package.parse()?)? {
                return Err(Error::FileMissing("归档包".into()));
            }
        }
    }
    Ok(keep)
}

pub(crate) fn materials(event: &Event) -> &[Material] {
    match event {
        Event::FilingSubmitted(filed) => &filed.statement.materials,
        Event::Corrected { statement, .. } => &statement.materials,
        Event::AnswerSubmitted { answer, .. } => &answer.materials,
        Event::EvidenceSubmitted(submitted) => &submitted.items,
        Event::AppealFiled { appeal, .. } => &appeal.materials,
        Event::AddressConfirmed(confirmation) => std::slice::from_ref(&confirmation.material),
        Event::AgentAppointed { authority, .. } => &authority.materials,
        Event::MatterRaised(raised) => &raised.materials,
        Event::ReturnedForCorrection { .. }
        | Event::FilingAccepted(_)
        | Event::FilingGivenBack { .. }
        | Event::FilingInsisted { .. }
        | Event::FilingRefused(_)
        | Event::PaperCopyRequested { .. }
        | Event::PaperIssued { .. }
        | Event::PaperSent { .. }
        | Event::PaperOpened { .. }
        | Event::PaperServed { .. }
        | Event::ServiceFailed { .. }
        | Event::ServiceAnnounced { .. }
        | Event::ServiceCorrected { .. }
        | Event::ChannelChosen { .. }
        | Event::PartyJoined { .. }
        | Event::AgentRevoked { .. }
        | Event::FeePaid { .. }
        | Event::ReliefRequested { .. }
        | Event::ReliefDecided { .. }
        | Event::DeemedWithdrawn { .. }
        | Event::ClockExpired { .. }
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
        | Event::MatterDecided(_)
        | Event::JudgmentTookEffect { .. }
        | Event::CertificateRequested { .. }
        | Event::CertificateIssued { .. }
        | Event::CaseClosed { .. }
        | Event::CaseArchived { .. } => &[],
    }
}

/// Folds the events of a case, as of a version: the file as it stood then (house invariant 5).
pub fn replay(tx: &mut Tx, court: &str, id: CaseId, until: Option<u64>) -> Result<Case, Error> {
    let mut case = Case::new(id, court);
    for stored in events::load(tx, court, id.0, 0)? {
        if until.is_some_and(|until| stored.seq > until) {
            break;
        }
        case.apply(&Event::from_json(stored.body.as_bytes())?);
    }
    Ok(case)
}
