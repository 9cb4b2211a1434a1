//! 一次为限: nothing was done twice, however often it was asked for (house invariant 3). Found by counting: what happened from
//! the events; envelopes, submissions and records from their own tables.
use crate::{Error, store};
use procedure::{Case, CaseId, Event, Json, PaperId, PersonId};
use std::collections::{BTreeMap, BTreeSet};
use storage::{Db, Tx, counters, events};

/// Something that happened more than once, or a number that was left out.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Twice {
    /// Whose: a case's id, or a court's code.
    pub of: String,
    pub what: String,
}

/// How much was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Counted {
    pub events: usize,
    /// Papers owed to somebody.
    pub papers: usize,
    /// Numbers of cases and of receipts.
    pub numbers: usize,
    pub payments: usize,
    pub envelopes: usize,
    pub submissions: usize,
    /// Records in the log.
    pub records: usize,
}

/// Counts what may be there once in these courts; how much was counted, and what is there twice.
pub fn check_once(db: &Db, courts: &[String]) -> Result<(Counted, Vec<Twice>), Error> {
    let courts = courts.to_vec();
    db.read_blocking(move |tx| {
        let mut count = Count::default();
        for court in &courts {
            let mut numbers = Numbers::default();
            for id in store::case_ids(tx, court)? {
                count.case(tx, court, id, &mut numbers)?;
            }
            count.court(tx, court, numbers)?;
        }
        // One log serves all courts here: its places are taken once each, from the first on.
        let mut places = Vec::new();
        for court in &courts {
            places.extend(store::once::positions(tx, court)?);
        }
        count.counted.records = places.len();
        let distinct: BTreeSet<_> = places.iter().collect();
        if distinct.len() < places.len() {
            count.twice("log", format!("{} records stand at {} places", places.len(), distinct.len()));
        }
        Ok((count.counted, count.twice))
    })
}

/// Numbers that no two cases of a court share, with how often each was given.
#[derive(Default)]
struct Numbers {
    receipts: BTreeMap<String, usize>,
    payments: BTreeMap<String, usize>,
    /// Serials by register, `(2026)粤4001民初`.
    registers: BTreeMap<String, Vec<i64>>,
}

/// What happened in a case after which something may be done once more.
#[derive(Default)]
struct Before {
    /// Services that failed, by paper: it is sent again.
    failed: BTreeMap<PaperId, usize>,
    /// Agents who left, by principal: what had come to them came to their accounts.
    left: BTreeMap<PersonId, usize>,
    /// Appeals that came, posted in time, when the judgment was held to be in force.
    reopened: usize,
}

impl Before {
    fn note(&mut self, event: &Event) {
        if let Event::ServiceFailed { id, .. } = event {
            *self.failed.entry(*id).or_default() += 1;
        }
        if let Event::AgentRevoked { of, .. } = event {
            *self.left.entry(*of).or_default() += 1;
        }
        if let Event::AppealFiled { reopens: true, .. } = event {
            self.reopened += 1;
        }
    }
}

#[derive(Default)]
struct Count {
    counted: Counted,
    twice: Vec<Twice>,
}

impl Count {
    fn twice(&mut self, of: &str, what: String) {
        self.twice.push(Twice { of: of.to_owned(), what });
    }

    /// Those of which there is more than one.
    fn all(&mut self, of: &str, what: &str, found: &BTreeMap<String, usize>) {
        for (key, times) in found.iter().filter(|(_, times)| **times > 1) {
            self.twice(of, format!("{what} {key}: {times} times"));
        }
    }

    fn case(&mut self, tx: &mut Tx, court: &str, id: CaseId, numbers: &mut Numbers) -> Result<(), Error> {
        let of = id.to_string();
        let mut happened: BTreeMap<String, usize> = BTreeMap::new();
        let mut before = Before::default();
        let mut case = Case::new(id, court);
        for stored in events::load(tx, court, id.0, 0)? {
            let event = Event::from_json(stored.body.as_bytes())?;
            self.counted.events += 1;
            before.note(&event);
            for key in once(&event, &before) {
                *happened.entry(key).or_default() += 1;
            }
            numbers.note(&event)?;
            let owed = event.owed();
            self.counted.papers += owed.len();
            // One paper of a kind to one recipient for one occasion.
            let to: BTreeSet<_> = owed.iter().map(|owed| (owed.paper, owed.to)).collect();
            if to.len() < owed.len() {
                self.twice(&of, format!("event {} owes a paper twice to one person", stored.seq));
            }
            case.apply(&event);
        }
        self.all(&of, "event", &happened);
        self.envelopes(tx, &case, &before)
    }

    /// One envelope for each account of the recipient, those that have left among them, and again after each failure.
    fn envelopes(&mut self, tx: &mut Tx, case: &Case, before: &Before) -> Result<(), Error> {
        let (links, sent) = (store::persons::links(tx, &case.court, case.id)?, store::deliveries(tx, &case.court, case.id)?);
        self.counted.envelopes += sent.len();
        for paper in &case.papers {
            let left = before.left.get(&paper.to).copied().unwrap_or(0);
            let accounts = links.iter().filter(|link| link.party == paper.to).count() + left;
            let times = 1 + before.failed.get(&paper.id).copied().unwrap_or(0);
            let envelopes = sent.iter().filter(|(_, of)| *of == paper.id).count();
            if envelopes > accounts * times {
                self.twice(&case.id.to_string(), format!("paper {} went out in {envelopes} envelopes to {accounts} accounts", paper.id));
            }
        }
        Ok(())
    }

    fn court(&mut self, tx: &mut Tx, court: &str, numbers: Numbers) -> Result<(), Error> {
        self.counted.numbers += numbers.receipts.len();
        self.counted.payments += numbers.payments.len();
        self.all(court, "receipt", &numbers.receipts);
        self.all(court, "payment", &numbers.payments);
        for (register, mut serials) in numbers.registers {
            self.counted.numbers += serials.len();
            serials.sort_unstable();
            let whole = (1..).zip(&serials).all(|(wanted, serial): (i64, _)| wanted == *serial);
            let last = counters::current(tx, court, &key_of(&register, court))?;
            if !whole || serials.last() != Some(&last) {
                self.twice(court, format!("{register}: the numbers {serials:?} are not 1 to {last}, each once"));
            }
        }
        let requests = store::once::requests(tx, court)?;
        self.counted.submissions += requests.values().sum::<usize>();
        self.all(court, "submission with receipt", &requests);
        Ok(())
    }
}

impl Numbers {
    fn note(&mut self, event: &Event) -> Result<(), Error> {
        if let Event::FilingSubmitted(filed) = event {
            *self.receipts.entry(filed.receipt_no.clone()).or_default() += 1;
        }
        if let Event::FeePaid { payment } = event {
            *self.payments.entry(payment.reference.clone()).or_default() += 1;
        }
        // A ruling of refusal takes a number of the same register (R-CNO-21).
        let accepted = if let Event::FilingAccepted(accepted) = event { Some(&accepted.number) } else { None };
        let refused = if let Event::FilingRefused(refused) = event { Some(&refused.number) } else { None };
        if let Some(number) = accepted.or(refused) {
            let number = number.trim_end_matches('号');
            let register = number.trim_end_matches(|letter: char| letter.is_ascii_digit());
            let serial = number[register.len()..].parse().map_err(|_| Error::Corrupt("a case number"))?;
            self.registers.entry(register.to_owned()).or_default().push(serial);
        }
        Ok(())
    }
}

/// The counter of a register (R-CNO-21): `民初/2026` of `(2026)粤4001民初`.
fn key_of(register: &str, court: &str) -> String {
    let (year, rest) = register.trim_start_matches('(').split_once(')').unwrap_or(("", register));
    format!("{}/{year}", rest.trim_start_matches(court))
}

/// What this event did that may be done once in a case, by name.
fn once(event: &Event, before: &Before) -> Vec<String> {
    let tries = |id: &PaperId| before.failed.get(id).copied().unwrap_or(0);
    let one = |text: String| vec![text];
    match event {
        Event::FilingSubmitted(_)
        | Event::ReturnedForCorrection { .. }
        | Event::FilingAccepted(_)
        | Event::FilingGivenBack { .. }
        | Event::FilingInsisted { .. }
        | Event::FilingRefused(_)
        | Event::DeemedWithdrawn { .. }
        | Event::TribunalAssigned { .. }
        | Event::JudgmentGiven { .. }
        | Event::CaseClosed { .. } => one(event.kind().into()),
        // Reopened by what was posted in time, the file is packed anew.
        Event::CaseArchived { .. } => one(format!("{} after {} appeals posted in time", event.kind(), before.reopened)),
        Event::PaperIssued { id, .. } | Event::PaperServed { id, .. } => one(format!("{} {id}", event.kind())),
        Event::PaperSent { id, .. } | Event::ServiceFailed { id, .. } => one(format!("{} {id} after {} failures", event.kind(), tries(id))),
        Event::FeePaid { payment } => one(format!("fee_paid {}", payment.reference)),
        Event::ServiceAnnounced { announcement, .. } => one(format!("service_announced {}", announcement.number)),
        Event::MatterRaised(raised) => one(format!("matter_raised {}", raised.number)),
        Event::MatterDecided(decided) => one(format!("matter_decided {}", decided.number)),
        Event::PaperCopyRequested { request } => one(format!("copy of {} for {}", request.paper, request.by)),
        Event::PartyJoined { person, .. } => one(format!("party_joined {person}")),
        Event::AgentAppointed { authority, .. } => one(format!("agent {} of {}", authority.agent.person, authority.agent.of)),
        Event::AnswerSubmitted { answer, .. } => answer.materials.iter().map(|item| format!("answer {} {}", answer.by, item.id)).collect(),
        Event::EvidenceSubmitted(submitted) => submitted.items.iter().map(|item| format!("evidence {} {}", submitted.by, item.id)).collect(),
        Event::EvidenceCommented { opinions, .. } => {
            opinions.iter().map(|opinion| format!("opinion of {} on {} at {}", opinion.by, opinion.item, opinion.at)).collect()
        }
        Event::HearingScheduled { hearing, .. } => one(format!("hearing {}", hearing.number)),
        Event::HearingPostponed { number, date, time, .. } => one(format!("hearing {number} postponed to {date} {time}")),
        Event::HearingOpened { number, .. } | Event::RecordClosed { number, .. } => one(format!("{} {number}", event.kind())),
        Event::RecordSaved { number, version, .. } => one(format!("record {number} version {version}")),
        Event::RecordSigned { number, signature, .. } => one(format!("record {number} signed by {}", signature.of)),
        Event::JudgmentDrafted { version, .. } => one(format!("judgment version {version}")),
        Event::JudgmentSigned { signature } => one(format!("judgment version {} signed by {}", signature.version, signature.by)),
        Event::AppealFiled { appeal, .. } => one(format!("appeal of {}", appeal.by)),
        // May come again: a choice, a date mended, what hangs on it, a request, a period that ran anew, a second account that reads.
        Event::Corrected { .. }
        | Event::JudgmentTookEffect { .. }
        | Event::PaperOpened { .. }
        | Event::ServiceCorrected { .. }
        | Event::ChannelChosen { .. }
        | Event::AddressConfirmed(_)
        | Event::AgentRevoked { .. }
        | Event::ReliefRequested { .. }
        | Event::ReliefDecided { .. }
        | Event::ClockExpired { .. }
        | Event::CertificateRequested { .. }
        | Event::CertificateIssued { .. } => vec![],
    }
}
