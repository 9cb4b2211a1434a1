//! 网间: what comes from a court takes effect once; what goes to a court waits in the outbox until it is across.
use crate::store::accounts;
use crate::store::{ZONE, cases};
use crate::{Error, Portal, identity, notify};
use exchange::message::{Outcome, Released, ReleasedItem, ToCourt, ToPortal};
use exchange::{Letter, Opened};
use jiff::Timestamp;
use procedure::{CaseId, Json};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use storage::{Content, Digest, Held, Room, Tx, blobs, inbox, outbox};
use uuid::Uuid;

/// What became of an envelope: taken now, or known from before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered {
    /// False: it came before; nothing was done again.
    pub fresh: bool,
    /// When it first reached the person's inbox: the legal time of electronic service (R-SVC-12).
    pub at: Timestamp,
}

/// The way over the bridge: whether the envelope got there, or why not and whether that may pass.
pub type Way<'a> = dyn Fn(Uuid, &[u8]) -> Result<(), (String, bool)> + Sync + 'a;

/// Envelopes looked for together; more than the hands may have taken at a time, so that there is always something new among them.
const TOGETHER: u32 = 512;
/// Envelopes under way at one time: their commits on both sides share flushes to the disk.
const HANDS: usize = 48;
/// Bytes of them at most: each is there several times, as read, sealed and opened.
const BYTES: u64 = 128 << 20;

/// What waits in the outbox: the message as it will be sent, and the names of its files, which lie among the contents already.
/// Kept as one sealed value: the label as a line of JSON, below it the message.
struct Parcel {
    case: Option<CaseId>,
    files: Vec<Digest>,
    message: Vec<u8>,
    /// How long it is with its files.
    bytes: u64,
}

#[derive(Serialize, Deserialize)]
struct Label {
    /// The messages of one case go in their order.
    case: Option<CaseId>,
    files: Vec<String>,
}

impl Parcel {
    fn open(key: &[u8; 32], id: Uuid, body: &[u8]) -> Result<Self, Error> {
        let mut message = storage::sealed::open(key, &bound(id), body)?;
        let end = message.iter().position(|byte| *byte == b'\n').ok_or(Error::Corrupt("a parcel without a label"))?;
        let Label { case, files } = serde_json::from_slice(&message[..end])?;
        message.drain(..=end);
        let files = files.iter().map(|file| file.parse()).collect::<Result<_, _>>()?;
        Ok(Self { case, files, bytes: message.len() as u64, message })
    }

    fn measure(&mut self, tx: &mut Tx) -> Result<(), Error> {
        for file in &self.files {
            self.bytes += blobs::size(tx, ZONE, file)?.unwrap_or_default();
        }
        Ok(())
    }
}

/// The place of an envelope in the outbox, to which its seal is bound.
fn bound(id: Uuid) -> String {
    format!("outbox/{id}")
}

/// Puts a message with its files into the outbox of this transaction.
pub(crate) fn send(tx: &mut Tx, key: &[u8; 32], id: Uuid, message: &ToCourt, files: Vec<String>, now: Timestamp) -> Result<(), Error> {
    let label = serde_json::to_string(&Label { case: message.case(), files })?;
    let body = storage::sealed::seal(key, &bound(id), [&label, "\n", &message.to_json()?].concat().as_bytes())?;
    outbox::put(tx, ZONE, id, "court", &body, now)?;
    Ok(())
}

impl Portal {
    /// Opens, scans and takes an envelope as it came. Blocks.
    pub fn receive_sealed(&self, bytes: &[u8]) -> Result<Answered, Error> {
        let opened = exchange::open(&self.config().bridge, bytes)?;
        exchange::scan(&opened, exchange::TO_PORTAL)?;
        self.receive(opened)
    }

    /// Takes an envelope as `exchange::open` gave it: its files are what their digests name. Delivered a thousand times it has
    /// one effect. Blocks.
    pub fn receive(&self, opened: Opened) -> Result<Answered, Error> {
        let message = ToPortal::from_json(&opened.payload)?;
        if let ToPortal::Clock { to, actor } = &message {
            self.follow_clock(*to, actor)?;
        }
        let (portal, id) = (self.clone(), opened.id);
        let files: Vec<_> = opened.files.into_iter().map(|file| Content::known(file.digest, file.bytes)).collect();
        self.db().write_blocking(move |tx| {
            let now = portal.now();
            if !inbox::accept(tx, ZONE, id)? {
                let at = inbox::answer(tx, ZONE, id)?.ok_or(Error::Corrupt("an envelope without an answer"))?;
                return Ok(Answered { fresh: false, at: serde_json::from_slice(&at)? });
            }
            inbox::set_answer(tx, ZONE, id, &serde_json::to_vec(&now)?)?;
            match &message {
                ToPortal::Answered { submission, account: _, outcome } => answered(tx, &portal, *submission, outcome, now)?,
                ToPortal::View(view) => cases::put_view(tx, view, now)?,
                ToPortal::Left { account, case, version } => cases::drop_view(tx, *account, *case, *version, now)?,
                ToPortal::Paper(paper) => arrived(tx, &portal, paper, &files, now)?,
                ToPortal::Item(item) => released(tx, item, &files, now)?,
                ToPortal::Receipts { receipts } => complete(tx, receipts)?,
                ToPortal::CardSeen(seen) => {
                    let verdict = identity::card_seen(tx, &portal, seen, now)?;
                    let checked = ToCourt::CardChecked { check: seen.check, court: seen.court.clone(), verdict };
                    send(tx, &portal.config().key, Uuid::now_v7(), &checked, vec![], now)?;
                }
                // Followed above: the clock records its moves itself.
                ToPortal::Clock { .. } => {}
            }
            Ok(Answered { fresh: true, at: now })
        })
    }

    /// The demo's clock of a portal in a process of its own goes where the court's was moved. In one process it is the same
    /// clock and stands there already.
    fn follow_clock(&self, to: Timestamp, actor: &str) -> Result<(), Error> {
        let clock = &self.config().clock;
        if clock.is_demo() && clock.now() < to {
            clock.advance_blocking(to, actor)?;
        }
        Ok(())
    }

    /// As [`exchange::Receiver`] wants it: the stamp of the inbox goes back in the acknowledgement.
    pub fn handle(&self, opened: Opened) -> Result<exchange::Ack, exchange::Busy> {
        let of = opened.id;
        match self.receive(opened) {
            Ok(answered) => {
                let answer = serde_json::to_vec(&answered.at).map_err(|error| exchange::Busy(error.to_string()))?;
                Ok(exchange::Ack { of, outcome: exchange::Outcome::Done, answer })
            }
            Err(Error::Json(reason)) => {
                Ok(exchange::Ack { of, outcome: exchange::Outcome::Refused { reason: format!("not a message: {reason}") }, answer: vec![] })
            }
            // Coming again would not give the inbox an owner: the court serves in another way.
            Err(error @ Error::NoInbox(_)) => {
                Ok(exchange::Ack { of, outcome: exchange::Outcome::Refused { reason: error.to_string() }, answer: vec![] })
            }
            Err(error) => Err(exchange::Busy(error.to_string())),
        }
    }

    /// Sends what is due over the bridge; how many got across. Blocks; a worker calls it again and again.
    /// Killed between delivery and its note, the envelope goes once more and is known on the other side.
    pub fn deliver_once(&self, bridge: &exchange::Bridge) -> Result<usize, Error> {
        self.deliver(&|id, bytes| {
            bridge.deliver(id, bytes).map_err(|error| (error.to_string(), error.is_transient())).and_then(|ack| match ack.outcome {
                exchange::Outcome::Done => Ok(()),
                exchange::Outcome::Refused { reason } => Err((reason, false)),
            })
        })
    }

    /// [`Portal::deliver_once`] over any way; the way says of an error whether it may pass.
    pub fn deliver(&self, way: &Way<'_>) -> Result<usize, Error> {
        let key = self.config().key;
        let (mut taken, room) = (HashSet::new(), Room::new(BYTES));
        let due = || {
            let now = self.now();
            let mut rows = self.db().read_blocking(move |tx| Ok::<_, Error>(outbox::due(tx, now, TOGETHER)?))?;
            rows.retain(|row| taken.insert(row.id));
            self.db().read_blocking(move |tx| {
                let parcel = |row: outbox::Outgoing| {
                    let body = outbox::body(tx, ZONE, row.id)?;
                    // One that cannot be read is its own trouble: the others go.
                    let mut parcel = Parcel::open(&key, row.id, &body).map_err(|error| error.to_string());
                    parcel.iter_mut().try_for_each(|parcel| parcel.measure(tx))?;
                    Ok::<_, Error>((row, parcel))
                };
                rows.into_iter().map(parcel).collect::<Result<Vec<_>, _>>()
            })
        };
        let case = |(row, parcel): &(outbox::Outgoing, Result<Parcel, String>)| {
            parcel.as_ref().ok().and_then(|parcel| parcel.case).map_or(row.id, |case| case.0)
        };
        storage::in_lanes(HANDS, due, case, |(row, parcel)| self.deliver_one(&row, parcel, &room, way))
    }

    fn deliver_one(&self, row: &outbox::Outgoing, parcel: Result<Parcel, String>, room: &Room, way: &Way<'_>) -> Result<bool, Error> {
        let (id, attempts) = (row.id, row.attempts);
        let sent = parcel.map_err(|error| (error, false)).and_then(|parcel| {
            let (_held, letter) = self.letter(row, &parcel, room).map_err(|error| (error.to_string(), true))?;
            way(id, &letter)
        });
        let (across, now) = (sent.is_ok(), self.now());
        self.db().write_blocking(move |tx| match &sent {
            Ok(()) => Ok::<_, Error>(outbox::sent(tx, ZONE, id, now, b"").map(drop)?),
            Err((reason, transient)) => {
                tracing::warn!(%id, reason, transient, "envelope did not get across");
                // What the court zone cannot take now it may take after an update: nothing acknowledged is given up.
                let pause = if *transient { attempts + 1 } else { u64::MAX };
                Ok(outbox::failed(tx, ZONE, id, reason, Some(exchange::bridge::next_try(now, pause))).map(drop)?)
            }
        })?;
        Ok(across)
    }

    /// The envelope as the other side takes it: files join the message on the way out, so that they are kept once.
    /// The room that it takes in memory is held with it.
    fn letter<'r>(&self, row: &outbox::Outgoing, parcel: &Parcel, room: &'r Room) -> Result<(Held<'r>, Vec<u8>), Error> {
        let (id, created) = (row.id, row.created);
        let digests = parcel.files.clone();
        let held = room.take(parcel.bytes);
        let files = self.db().read_blocking(move |tx| {
            // Reading checked the bytes against their digest: they are not hashed again.
            let file = |digest: &Digest| Ok::<_, Error>(exchange::File { digest: digest.0, bytes: blobs::get(tx, ZONE, digest)? });
            digests.iter().map(file).collect::<Result<Vec<_>, _>>()
        })?;
        let letter = Letter { id, created, kind: "to-court", payload: &parcel.message, files: &files };
        Ok((held, exchange::seal(&self.config().bridge, &letter)?))
    }
}

/// The court's answer to a submission; the person hears of a refusal on his telephone too.
fn answered(tx: &mut Tx, portal: &Portal, submission: Uuid, outcome: &Outcome, now: Timestamp) -> Result<(), Error> {
    // Acts without a receipt, such as opening a paper, have no row.
    let Some(row) = cases::by_id(tx, submission)? else { return Ok(()) };
    let (state, case) = match outcome {
        Outcome::Done { case, version: _ } => (cases::State::Done, *case),
        Outcome::Refused { .. } => (cases::State::Refused, row.case),
        Outcome::Stale { .. } => (cases::State::Stale, row.case),
    };
    cases::answer(tx, submission, state, outcome, case)?;
    if let (Outcome::Refused { .. }, Some(account)) = (outcome, accounts::by_id(tx, row.account)?) {
        let (no, url) = (&row.receipt_no, &portal.config().public_url);
        notify::tell(tx, &account, &format!("回执 {no} 有了结果，请登录查看：{url}/receipt/{no}"), now)?;
    }
    Ok(())
}

/// A served paper is in the inbox; the moment is the legal time.
fn arrived(tx: &mut Tx, portal: &Portal, paper: &Released, files: &[Content], now: Timestamp) -> Result<(), Error> {
    let account = accounts::by_id(tx, paper.account)?.filter(|account| account.state.may_act()).ok_or(Error::NoInbox(paper.account))?;
    let file = named(files, &paper.sha256).ok_or(Error::Corrupt("a paper without its file"))?;
    blobs::keep(tx, ZONE, file)?;
    cases::put_paper(tx, paper, now)?;
    if let Ok(receipt) = ledger::Receipt::parse(&paper.receipt) {
        cases::put_receipt(tx, &paper.court, &receipt.content().no, &paper.receipt)?;
    }
    // A certificate of service comes along quietly: only what is served is told.
    if paper.proof_of.is_none() {
        let url = &portal.config().public_url;
        notify::tell(tx, &account, &format!("有法院文书送达您的收件箱，请登录查看：{url}/paper/{}", paper.id), now)?;
    }
    Ok(())
}

/// An item of the file that the person may read came over; it is no service and nothing is told (R-RDG-03).
fn released(tx: &mut Tx, item: &ReleasedItem, files: &[Content], now: Timestamp) -> Result<(), Error> {
    let file = named(files, &item.sha256).ok_or(Error::Corrupt("an item without its file"))?;
    blobs::keep(tx, ZONE, file)?;
    cases::put_item(tx, item, now)
}

/// The file of an envelope that a message names.
fn named<'a>(files: &'a [Content], sha256: &str) -> Option<&'a Content> {
    files.iter().find(|file| file.digest().to_string() == sha256)
}

fn complete(tx: &mut Tx, receipts: &[(String, String)]) -> Result<(), Error> {
    for (no, text) in receipts {
        match ledger::Receipt::parse(text) {
            Ok(receipt) => cases::complete_receipt(tx, &receipt.content().court, no, text)?,
            Err(error) => tracing::warn!(no, %error, "a completed receipt that cannot be read is left aside"),
        }
    }
    Ok(())
}

/// Digest of a content by its name; a name that is none names nothing.
pub(crate) fn digest(text: &str) -> Result<Digest, Error> {
    text.parse().map_err(|_| Error::Missing("file"))
}

/// A case that is not known yet: joined by a code.
pub(crate) fn unknown_case() -> CaseId {
    CaseId(Uuid::nil())
}
