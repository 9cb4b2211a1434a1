//! 收件: what comes over the bridge. Envelope id, effect and answer are one transaction (house: exactly once).
use crate::act::{Act, act, prepare};
use crate::store::persons::{self, Link};
use crate::{Court, Error, code, counter, follow, job, store};
use exchange::message::{Card, Join, Outcome, Paid, Request, ToCourt, ToPortal};
use jiff::Timestamp;
use procedure::case::{Actor, Factor, PaymentMethod, Role};
use procedure::step::{ChooseChannel, JoinCase, PayFee};
use procedure::{Command, Json, PersonId, Refusal};
use storage::{Content, Db, Tx, inbox, outbox, secret};
use uuid::Uuid;

/// What became of an envelope: taken now, or known from before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// False: the envelope came before; nothing was done again.
    pub fresh: bool,
    /// The court's time of the first receipt.
    pub at: Timestamp,
}

impl Court {
    /// Opens, scans and takes an envelope as it came.
    pub fn receive_sealed(&self, bytes: &[u8]) -> Result<Answered, Error> {
        let opened = exchange::open(self.bridge(), bytes)?;
        exchange::scan(&opened, exchange::TO_COURT)?;
        self.receive(opened)
    }

    /// Takes an envelope as `exchange::open` gave it: its files are what their digests name. Delivered a thousand times it has
    /// one effect and one answer.
    pub fn receive(&self, opened: exchange::Opened) -> Result<Answered, Error> {
        let (zone, id) = (self.clone(), opened.id);
        let message = ToCourt::from_json(&opened.payload)?;
        let files: Vec<_> = opened.files.into_iter().map(|file| Content::known(file.digest, file.bytes)).collect();
        self.db().write_blocking(move |tx| {
            let now = zone.now();
            // The bridge is one; its inbox is kept under the zone's own name.
            if !inbox::accept(tx, ZONE, id)? {
                let at = inbox::answer(tx, ZONE, id)?.ok_or(Error::Corrupt("an envelope without an answer"))?;
                let at: Timestamp = serde_json::from_slice(&at)?;
                return Ok(Answered { fresh: false, at });
            }
            inbox::set_answer(tx, ZONE, id, &serde_json::to_vec(&now)?)?;
            match &message {
                ToCourt::Act(request) => answer_request(tx, &zone, request, &files)?,
                ToCourt::Join(join) => answer_join(tx, &zone, join)?,
                ToCourt::Paid(paid) => answer_paid(tx, &zone, paid)?,
                ToCourt::CardChecked { check, court, verdict } => store::counter::answer_check(tx, court, *check, *verdict, now)?,
                ToCourt::Code(wanted) => code::send(tx, &zone, wanted)?,
            }
            Ok(Answered { fresh: true, at: now })
        })
    }
}

/// Name under which a court zone keeps what is not of one court.
pub const ZONE: &str = "court";

/// Of envelopes that the portal knows as across, those that no court here has taken.
pub fn check_taken(db: &Db, across: Vec<Uuid>) -> Result<Vec<Uuid>, Error> {
    db.read_blocking(move |tx| {
        let mut lost = Vec::new();
        for id in across {
            match inbox::answer(tx, ZONE, id) {
                Ok(_) => {}
                Err(storage::Error::NoEnvelope(_)) => lost.push(id),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(lost)
    })
}

fn answer_request(tx: &mut Tx, zone: &Court, request: &Request, files: &[Content]) -> Result<(), Error> {
    if !zone.courts().contains(&request.court) {
        let outcome = Outcome::Refused { zh: "这个法院没有接入本平台，请重新选择法院。".into(), field: Some("court".into()) };
        return answer(tx, zone, &request.court, request.submission, request.account, outcome);
    }
    if let Some(before) = store::answer(tx, &request.court, request.submission)? {
        return answer(tx, zone, &request.court, request.submission, request.account, Outcome::from_json(before.as_bytes())?);
    }
    let case = store::case(tx, &request.court, request.case)?;
    let links = persons::links(tx, &request.court, request.case)?;
    // A paper says itself to which of an agent's principals it came.
    let opened = if let Command::OpenPaper(open) = &request.command { case.paper(open.id).map(|paper| paper.to) } else { None };
    let by = persons::actor(&case, &links, request.account, request.for_person.or(opened));
    let mut wanted = Act {
        court: request.court.clone(),
        case: request.case,
        by,
        command: request.command.clone(),
        expected: request.expected_version,
        at: request.at,
        cards: request.cards.clone(),
        files: files.to_vec(),
    };
    let outcome = match code::lacking(tx, zone, (&case, &wanted.by), request)? {
        Some(refusal) => outcome(Err(Error::Refused(refusal)))?,
        None => {
            wanted.by.factor = request.command.step().disposes().then_some(Factor::CourtCode);
            outcome(act(tx, zone, &wanted))?
        }
    };
    if matches!(outcome, Outcome::Done { .. }) {
        code::used(tx, request)?;
    }
    let brings = matches!(
        request.command,
        Command::SubmitFiling(_)
            | Command::SubmitCorrection(_)
            | Command::SubmitAnswer(_)
            | Command::SubmitEvidence(_)
            | Command::CommentOnEvidence(_)
            | Command::FileAppeal(_)
            | Command::AppointAgent(_)
            | Command::RevokeAgent(_)
    );
    // A receipt that is none would stop the ledger's worker for everybody.
    if matches!(outcome, Outcome::Done { .. }) && brings && ledger::Receipt::parse(&request.receipt).is_ok() {
        follow::deposit(tx, &request.court, &request.receipt_no, &request.receipt, zone.now())?;
    }
    let row = store::RequestRow {
        submission: request.submission,
        case: request.case,
        account: request.account,
        receipt_no: &request.receipt_no,
        receipt: &request.receipt,
        answer: &outcome.to_json()?,
    };
    store::put_request(tx, &request.court, &row)?;
    answer(tx, zone, &request.court, request.submission, request.account, outcome)
}

/// Somebody links his account to a case: a party by the code of his sheet, an agent by the number of the case (R-IDC-10,
/// R-IDC-22). A refusal leaves neither a link nor a used code.
fn answer_join(tx: &mut Tx, zone: &Court, join: &Join) -> Result<(), Error> {
    let outcome = match &join.case_number {
        Some(number) => agent_joins(tx, zone, join, number)?,
        None => party_joins(tx, zone, join)?,
    };
    answer(tx, zone, &join.court, join.submission, join.card.person, outcome)
}

/// The code of the sheet, and name and number of the party (R-IDC-22).
fn party_joins(tx: &mut Tx, zone: &Court, join: &Join) -> Result<Outcome, Error> {
    let digest = secret::token_digest(&normal(&join.code));
    let wrong = || Outcome::Refused {
        zh: "加入码或者身份信息不对。请核对通知书上的加入码，并确认登录的是收件人本人的账号。".into(),
        field: Some("code".into()),
    };
    let Some((id, party, used)) = store::join_code(tx, &join.court, &digest)? else { return Ok(wrong()) };
    let card = zone.vault().card(tx, &join.court, id, party)?;
    if used.is_some_and(|used| used != join.card.person) || !same_person(&card, &join.card) {
        return Ok(wrong());
    }
    let case = store::case(tx, &join.court, id)?;
    let links = persons::links(tx, &join.court, id)?;
    if links.iter().any(|link| link.party == party && link.account == join.card.person) {
        return outcome(Err(Error::Refused(Refusal::JoinedBefore)));
    }
    let invited = case.roles(&Actor::citizen(party)).contains(&Role::Invited);
    // Who filed, or consented, at the counter is in the case already: his account comes to it, and he chooses anew.
    let command = if invited {
        Command::JoinCase(JoinCase { choices: join.choices.clone(), text: join.text.clone() })
    } else {
        Command::ChooseChannel(ChooseChannel { choices: join.choices.clone(), text: join.text.clone() })
    };
    let given = &join.card;
    let confirmed = Card {
        person: party,
        phone: given.phone.clone(),
        email: given.email.clone(),
        account: Some(given.person),
        service_address: given.address.clone(),
        ..Card::default()
    };
    let (by, court) = (Actor::citizen(party), join.court.clone());
    let wanted = Act { court, case: id, by, command, expected: None, at: join.at, cards: vec![confirmed], files: vec![] };
    match prepare(tx, zone, &wanted) {
        Ok(ready) => {
            // Linked first: what follows from the act goes to this account.
            let link = Link { account: join.card.person, party, agent: None };
            persons::link(tx, &join.court, id, link)?;
            store::use_join_code(tx, &join.court, &digest, join.card.person)?;
            outcome(ready.carry_out(tx, zone))
        }
        Err(error) => outcome(Err(error)),
    }
}

/// An agent whom a party named: his verified account is he if name and number are those that the party gave (R-IDC-10).
fn agent_joins(tx: &mut Tx, zone: &Court, join: &Join, number: &str) -> Result<Outcome, Error> {
    let unknown = || Outcome::Refused {
        zh: "这个案件里没有登记您是代理人。请核对案号；当事人提交授权委托书时填写的姓名、身份证号，要与您实名认证的一致。".into(),
        field: Some("code".into()),
    };
    let Some(id) = persons::case_named(tx, &join.court, number)? else { return Ok(unknown()) };
    let case = store::case(tx, &join.court, id)?;
    let mut found = false;
    for agent in &case.agents {
        let card = zone.vault().find(tx, &join.court, id, agent.person)?;
        if card.is_some_and(|card| !card.number.is_empty() && same_person(&card, &join.card)) {
            let link = Link { account: join.card.person, party: agent.of, agent: Some(agent.person) };
            persons::link(tx, &join.court, id, link)?;
            reached_by(tx, zone, (join, id), agent.person)?;
            found = true;
        }
    }
    if !found {
        return Ok(unknown());
    }
    let now = zone.now();
    follow::dispatch_waiting(tx, &case, now)?;
    let key = format!("{id}/{}/{}", case.version, join.card.person);
    follow::enqueue(tx, &join.court, job::VIEW, &key, &job::View { case: id }, now)?;
    Ok(Outcome::Done { case: id, version: case.version })
}

/// An agent is reached on the telephone of his own account, whatever his client wrote.
fn reached_by(tx: &mut Tx, zone: &Court, (join, id): (&Join, procedure::CaseId), agent: PersonId) -> Result<(), Error> {
    let known = zone.vault().card(tx, &join.court, id, agent)?;
    if join.card.phone.is_empty() || known.phone == join.card.phone {
        return Ok(());
    }
    let sealed = zone.vault().seal(&Card { phone: join.card.phone.clone(), ..known })?;
    persons::put_card(tx, &join.court, id, agent, &sealed)
}

/// The same name, and the same number where one is known.
fn same_person(known: &Card, account: &Card) -> bool {
    known.name == account.name && (known.number.is_empty() || known.number.eq_ignore_ascii_case(&account.number))
}

/// A code as it was typed, without what people add to it.
pub(crate) fn normal(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase()).collect()
}

fn answer_paid(tx: &mut Tx, zone: &Court, paid: &Paid) -> Result<(), Error> {
    let command = Command::PayFee(PayFee { amount: paid.amount, method: PaymentMethod::Online, reference: paid.reference.clone() });
    let wanted = Act {
        court: paid.court.clone(),
        case: paid.case,
        by: Actor::platform(&paid.court),
        command,
        expected: None,
        at: paid.at,
        cards: vec![],
        files: vec![],
    };
    let outcome = counter::paid(tx, zone, paid, |tx| outcome(act(tx, zone, &wanted)))?;
    answer(tx, zone, &paid.court, paid.submission, paid.account, outcome)
}

/// Refusals and stale versions are answers; everything else fails the envelope, which is then tried again.
fn outcome(acted: Result<crate::Acted, Error>) -> Result<Outcome, Error> {
    match acted {
        Ok(acted) => Ok(Outcome::Done { case: acted.case.id, version: acted.case.version }),
        Err(Error::Refused(refusal)) => Ok(Outcome::Refused { zh: refusal.zh(), field: refusal.field().map(str::to_owned) }),
        Err(Error::Stale { now, .. }) => Ok(Outcome::Stale { version: now }),
        Err(error @ Error::FileMissing(_)) => Ok(Outcome::Refused { zh: error.zh(), field: Some("materials".into()) }),
        Err(error) => Err(error),
    }
}

pub(crate) fn answer(tx: &mut Tx, zone: &Court, court: &str, submission: uuid::Uuid, account: PersonId, outcome: Outcome) -> Result<(), Error> {
    send(tx, zone, court, &ToPortal::Answered { submission, account, outcome }, &[]).map(drop)
}

/// Seals a message to the portal and puts it into the outbox of this transaction.
pub(crate) fn send(tx: &mut Tx, zone: &Court, court: &str, message: &ToPortal, files: &[exchange::File]) -> Result<uuid::Uuid, Error> {
    let now = zone.now();
    let id = uuid::Uuid::now_v7();
    let payload = message.to_json()?;
    let letter = exchange::Letter { id, created: now, kind: "to-portal", payload: payload.as_bytes(), files };
    let bytes = exchange::seal(zone.bridge(), &letter)?;
    outbox::put(tx, court, id, "portal", &bytes, now)?;
    Ok(id)
}
