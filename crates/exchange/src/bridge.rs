//! 网间: the transport between zones. The same code whether the peer is in this process or behind HTTP.
//!
//! Way of the data: the sender's worker takes an envelope from its outbox → [`Bridge::deliver`] → the other zone's
//! [`Receiver::respond`] opens, scans and hands it to the zone → its signed acknowledgement comes back → the sender keeps it.
//!
//! HTTP: `POST /exchange`, `Content-Type: application/cbor`, the body is the envelope. 200: the acknowledgement (an envelope
//! of kind `ack`). 400: it cannot be opened or is not taken, do not send again. 413: too large. 503: come again later.
//! Errors carry a short text. Whoever serves HTTP calls [`Receiver::respond`] on a thread that may block.
use crate::{
    Error, Keys, Letter, Opened,
    envelope::{self, Kind, array, byte_string, end, plain},
    http,
};
use jiff::{SignedDuration, Timestamp};
use minicbor::{Decoder, Encoder};
use std::{fmt, sync::Arc};
use uuid::Uuid;

/// The path of the endpoint.
pub const PATH: &str = "/exchange";
/// The media type of envelopes.
pub const CONTENT_TYPE: &str = "application/cbor";
const ACK: &str = "ack";

/// What the receiving zone says of an envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It has taken effect (now or at an earlier delivery).
    Done,
    /// It will never take effect; the reason names the rule.
    Refused { reason: String },
}

/// 回执: the acknowledgement of one envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ack {
    /// The envelope it answers.
    pub of: Uuid,
    pub outcome: Outcome,
    /// Whatever the zone adds. The same envelope delivered again gets the same.
    pub answer: Vec<u8>,
}

/// The zone cannot say now (store not reached, too busy): the sender comes again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Busy(pub String);

/// What the zone does with an envelope: note the id and let it take effect in one transaction, or answer as before.
pub type Handler = dyn Fn(Opened) -> Result<Ack, Busy> + Send + Sync;

/// The receiving end of a zone, for one peer.
pub struct Receiver {
    keys: Keys,
    kinds: &'static [Kind],
    clock: Box<dyn Fn() -> Timestamp + Send + Sync>,
    handler: Box<Handler>,
}

/// What the endpoint answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    pub status: u16,
    /// The acknowledgement for 200, else a text.
    pub body: Vec<u8>,
}

impl Receiver {
    /// A receiver that takes these kinds from the peer.
    pub fn new(
        keys: Keys,
        kinds: &'static [Kind],
        clock: impl Fn() -> Timestamp + Send + Sync + 'static,
        handler: impl Fn(Opened) -> Result<Ack, Busy> + Send + Sync + 'static,
    ) -> Self {
        Self { keys, kinds, clock: Box::new(clock), handler: Box::new(handler) }
    }

    /// Takes one delivery. Blocks while the zone works.
    pub fn respond(&self, body: &[u8]) -> Response {
        let opened = match envelope::open(&self.keys, body).and_then(|opened| envelope::scan(&opened, self.kinds).map(|()| opened)) {
            Ok(opened) => opened,
            Err(error) => return self.refuse(&error),
        };
        let (id, kind) = (opened.id, opened.kind.clone());
        match (self.handler)(opened) {
            Ok(ack) => match self.acknowledge(&ack) {
                Ok(body) => {
                    tracing::info!(%id, kind, outcome = ?ack.outcome, "envelope received");
                    Response { status: 200, body }
                }
                Err(error) => self.refuse(&error),
            },
            Err(Busy(reason)) => {
                tracing::warn!(%id, kind, reason, "envelope not taken now");
                Response { status: 503, body: reason.into_bytes() }
            }
        }
    }

    fn refuse(&self, error: &Error) -> Response {
        tracing::warn!(%error, peer = self.keys.peer.zone(), "envelope rejected");
        let status = match error {
            Error::TooLarge { .. } => 413,
            error if error.is_transient() => 503,
            _ => 400,
        };
        Response { status, body: error.to_string().into_bytes() }
    }

    fn acknowledge(&self, ack: &Ack) -> Result<Vec<u8>, Error> {
        let (word, reason) = match &ack.outcome {
            Outcome::Done => ("done", ""),
            Outcome::Refused { reason } => ("refused", reason.as_str()),
        };
        let mut payload = vec![];
        let mut cbor = Encoder::new(&mut payload);
        let written = cbor.array(4).and_then(|cbor| cbor.bytes(ack.of.as_bytes())).and_then(|cbor| cbor.str(word));
        plain(written.and_then(|cbor| cbor.str(reason)).and_then(|cbor| cbor.bytes(&ack.answer)));
        let letter = Letter { id: Uuid::now_v7(), created: (self.clock)(), kind: ACK, payload: &payload, files: &[] };
        envelope::seal(&self.keys, &letter)
    }
}

fn read_ack(keys: &Keys, bytes: &[u8], wanted: Uuid) -> Result<Ack, Error> {
    const KINDS: &[Kind] = &[Kind { name: ACK, payload: 1 << 20, files: 0 }];
    let opened = envelope::open(keys, bytes)?;
    envelope::scan(&opened, KINDS)?;
    let mut cbor = Decoder::new(&opened.payload);
    array(&mut cbor, 4)?;
    let of = Uuid::from_slice(byte_string(&mut cbor)?).map_err(|_| Error::Malformed("id of 16 bytes"))?;
    if of != wanted {
        return Err(Error::WrongAck { wanted, found: of });
    }
    let mut text = || cbor.str().map_err(|_| Error::Malformed("text in an acknowledgement"));
    let (word, reason) = (text()?, text()?.to_owned());
    let answer = byte_string(&mut cbor)?.to_vec();
    end(&cbor)?;
    let outcome = match word {
        "done" => Outcome::Done,
        "refused" => Outcome::Refused { reason },
        _ => return Err(Error::Malformed("outcome")),
    };
    Ok(Ack { of, outcome, answer })
}

/// Where the other zone is.
#[derive(Clone)]
pub enum Peer {
    /// In this process.
    Local(Arc<Receiver>),
    /// At this address, to which [`PATH`] is added. Plain HTTP is enough: envelopes are sealed and signed themselves.
    Http(String),
}

impl fmt::Debug for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Local(receiver) => write!(f, "Local({})", receiver.keys.own.zone()),
            Self::Http(url) => write!(f, "Http({url})"),
        }
    }
}

/// The sending end of a zone, for one peer.
#[derive(Debug, Clone)]
pub struct Bridge {
    keys: Keys,
    peer: Peer,
}

impl Bridge {
    /// A way to the peer.
    pub fn new(keys: Keys, peer: Peer) -> Self {
        Self { keys, peer }
    }

    /// The keys, for sealing what will be delivered.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Delivers a sealed envelope and returns the peer's authentic acknowledgement of it. Blocks, for a minute at most.
    /// [`Error::is_transient`] tells whether to come again ([`next_try`]); delivering twice does no harm.
    pub fn deliver(&self, id: Uuid, envelope: &[u8]) -> Result<Ack, Error> {
        let Response { status, body } = match &self.peer {
            Peer::Local(receiver) => receiver.respond(envelope),
            Peer::Http(url) => {
                let url = format!("{}{PATH}", url.trim_end_matches('/'));
                let request = http::Request { peer: self.keys.peer.zone(), url: &url, content_type: CONTENT_TYPE, headers: &[], body: envelope };
                let (status, body) = http::post(&request, 2 << 20)?;
                Response { status, body }
            }
        };
        if status == 200 {
            return read_ack(&self.keys, &body, id);
        }
        let (peer, reason) = (self.keys.peer.zone().to_owned(), http::shown(&body));
        Err(match status {
            400 | 413 => Error::Rejected { peer, status, reason },
            _ => Error::Unreached { peer, reason: format!("status {status}: {reason}") },
        })
    }
}

/// When to come again after so many failed deliveries: 1 s, doubling, five minutes at most. A legal time may hang on it.
pub fn next_try(now: Timestamp, attempts: u64) -> Timestamp {
    let doublings = u32::try_from(attempts.saturating_sub(1)).unwrap_or(u32::MAX).min(9);
    let pause = SignedDuration::from_secs(1i64 << doublings).min(SignedDuration::from_mins(5));
    now.saturating_add(pause).unwrap_or(Timestamp::MAX)
}
