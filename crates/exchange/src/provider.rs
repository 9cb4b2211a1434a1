//! 服务商接口: how the house speaks with companies and agencies outside: signed JSON over HTTP, each order with its id.
//!
//! A request is `POST` with a JSON body and these headers; a notice from the provider carries the last three as well:
//! - `Idempotency-Key`, where the body is an order: its id, the same whenever it is tried again;
//! - `X-Xiezhi-Key`: which key signed;
//! - `X-Xiezhi-Time`: seconds since 1970;
//! - `X-Xiezhi-Signature`: hex of HMAC-SHA256 over `time LF path LF hex(SHA-256(body))`.
//!
//! These requests carry no TLS of their own: an address in the clear is taken on this machine alone, where a TLS proxy that the
//! court's operators keep takes it over.
use crate::{Error, http};
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use std::fmt;
use std::net::IpAddr;
use uuid::Uuid;

/// The header that names the key.
pub const KEY: &str = "X-Xiezhi-Key";
/// The header with the time of signing.
pub const TIME: &str = "X-Xiezhi-Time";
/// The header with the signature.
pub const SIGNATURE: &str = "X-Xiezhi-Signature";
const IDEMPOTENCY: &str = "Idempotency-Key";

/// How far the clocks of both sides may differ.
const SKEW: SignedDuration = SignedDuration::from_mins(5);
/// Bytes of the longest answer that is taken.
const ANSWER: u64 = 64 << 10;
/// Characters of the shortest shared secret.
const SECRET: usize = 16;

/// A provider's address and the secret shared with it. Shown never.
#[derive(Clone)]
pub struct Endpoint {
    /// For messages.
    provider: &'static str,
    url: String,
    path: String,
    key: String,
    secret: String,
    clock: fn() -> Timestamp,
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Endpoint({} at {}, key {}, ***)", self.provider, self.url, self.key)
    }
}

impl Endpoint {
    /// A provider's endpoint. `clock` is real time, whatever the demo's clock plays: the provider compares it with its own.
    ///
    /// # Errors
    /// [`Error::Configuration`] where the address would carry secrets in the clear, or key or secret are too short.
    pub fn new(provider: &'static str, url: &str, key: &str, secret: &str, clock: fn() -> Timestamp) -> Result<Self, Error> {
        let wrong = |reason: &str| Error::Configuration { what: provider, reason: reason.to_owned() };
        let (_, path) = here(url).map_err(|reason| wrong(&reason))?;
        if key.is_empty() || !key.bytes().all(|c| c.is_ascii_graphic()) {
            return Err(wrong("the name of the key is not one word of printable ASCII"));
        }
        if secret.len() < SECRET {
            return Err(wrong("the shared secret has fewer than 16 characters"));
        }
        Ok(Self { provider, url: url.to_owned(), path, key: key.to_owned(), secret: secret.to_owned(), clock })
    }

    /// Sends a body and reads the answer. With the id of an `order` it is the same order whenever it is sent again; without,
    /// the body is a question whose answer may change.
    ///
    /// # Errors
    /// [`Error::Unreached`] where the same may succeed later, [`Error::Rejected`] where it will not, [`Error::Answer`] for an answer
    /// that was not agreed on.
    pub(crate) fn ask<Answer: DeserializeOwned>(&self, order: Option<Uuid>, body: &impl Serialize) -> Result<Answer, Error> {
        let body = serde_json::to_vec(body).map_err(|error| self.answer(error))?;
        let (id, time) = (order.map(|id| id.to_string()), (self.clock)().as_second().to_string());
        let signature = self.sign(&time, &self.path, &body);
        let mut headers = vec![(KEY, self.key.as_str()), (TIME, &time), (SIGNATURE, &signature)];
        headers.extend(id.as_deref().map(|id| (IDEMPOTENCY, id)));
        let request = http::Request { peer: self.provider, url: &self.url, content_type: "application/json", headers: &headers, body: &body };
        let (status, answer) = http::post(&request, ANSWER)?;
        let (peer, reason) = (self.provider.to_owned(), http::shown(&answer));
        match status {
            200..=299 => serde_json::from_slice(&answer).map_err(|error| self.answer(error)),
            408 | 425 | 429 | 500..=599 => Err(Error::Unreached { peer, reason: format!("status {status}: {reason}") }),
            status => Err(Error::Rejected { peer, status, reason }),
        }
    }

    /// Reads a notice that the provider sent on its own, if it is authentic and of now. `path` is the path it was sent to.
    ///
    /// # Errors
    /// [`Error::Notice`] where key, time or signature do not hold, [`Error::Answer`] where the body is not what was agreed on.
    pub(crate) fn notice<Body: DeserializeOwned>(&self, path: &str, notice: &Notice<'_>) -> Result<Body, Error> {
        let forged = || Error::Notice(self.provider);
        let sent = notice.time.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok()).ok_or_else(forged)?;
        let given = hex::decode(notice.signature).map_err(|_| forged())?;
        let authentic = self.mac(notice.time, path, notice.body).verify_slice(&given).is_ok();
        if !authentic || notice.key != self.key || (self.clock)().duration_since(sent).abs() > SKEW {
            return Err(forged());
        }
        serde_json::from_slice(notice.body).map_err(|error| self.answer(error))
    }

    /// The signature over a body sent to `path` at `time` (seconds since 1970), in hexadecimal.
    pub fn sign(&self, time: &str, path: &str, body: &[u8]) -> String {
        hex::encode(self.mac(time, path, body).finalize().into_bytes())
    }

    fn mac(&self, time: &str, path: &str, body: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes()).expect("HMAC takes keys of any length");
        mac.update(format!("{time}\n{path}\n{}", hex::encode(Sha256::digest(body))).as_bytes());
        mac
    }

    pub(crate) fn answer(&self, reason: impl fmt::Display) -> Error {
        Error::Answer { provider: self.provider, reason: reason.to_string() }
    }
}

/// A request that a provider sent to this house: its headers and body as they came.
#[derive(Debug, Clone, Copy)]
pub struct Notice<'a> {
    /// [`KEY`]
    pub key: &'a str,
    /// [`TIME`]
    pub time: &'a str,
    /// [`SIGNATURE`]
    pub signature: &'a str,
    pub body: &'a [u8],
}

/// Host with port, and path, of an address in the clear on this machine; else what is wrong with it.
fn here(url: &str) -> Result<(String, String), String> {
    let Some(rest) = url.strip_prefix("http://") else {
        return Err(format!("{url}: an address beginning with http:// on this machine is taken; TLS is spoken by the relay behind it"));
    };
    let (host, path) = rest.find('/').map_or((rest, "/"), |at| rest.split_at(at));
    if !loopback(host) || path.contains(|c: char| c.is_control() || c == ' ' || c == '#') {
        return Err(format!("{url} is not on this machine and would carry secrets in the clear"));
    }
    Ok((host.to_owned(), path.to_owned()))
}

/// Whether `host` or `host:port` is this machine.
pub(crate) fn loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((name, port)) if port.is_empty() || port.strip_prefix(':').is_some_and(digits) => name,
            _ => return false,
        },
        None => match host.split_once(':') {
            Some((name, port)) if digits(port) => name,
            Some(_) => return false,
            None => host,
        },
    };
    name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn digits(port: &str) -> bool {
    port.parse::<u16>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at() -> Timestamp {
        Timestamp::constant(1_772_409_600, 0)
    }

    fn endpoint(url: &str) -> Result<Endpoint, Error> {
        Endpoint::new("测试", url, "court-1", "a shared secret of some length", at)
    }

    #[test]
    fn secrets_never_leave_this_machine_in_the_clear() {
        for (url, taken) in [
            ("http://127.0.0.1:8025/sms", true),
            ("http://localhost/sms", true),
            ("http://[::1]:9/sms", true),
            ("https://sms.example/sms", false),
            ("http://sms.example/sms", false),
            ("http://127.0.0.1.example/sms", false),
            ("http://localhost:80@sms.example/sms", false),
            ("http://[::1]example/sms", false),
            ("http://10.0.0.7/sms", false),
            ("127.0.0.1:8025", false),
        ] {
            assert_eq!(endpoint(url).is_ok(), taken, "{url}");
        }
        assert!(Endpoint::new("测试", "http://localhost/", "k", "short", at).is_err());
        assert!(!format!("{:?}", endpoint("http://localhost/").unwrap()).contains("shared secret"));
    }

    #[test]
    fn a_notice_is_taken_from_the_provider_alone_and_of_now() {
        let endpoint = endpoint("http://localhost/pay").unwrap();
        let time = at().as_second().to_string();
        let body = br#"{"paid":1}"#;
        let signature = endpoint.sign(&time, "/notices", body);
        let sound = Notice { key: "court-1", time: &time, signature: &signature, body };
        assert_eq!(endpoint.notice::<serde_json::Value>("/notices", &sound).unwrap()["paid"], 1);
        let old = (at().as_second() - 301).to_string();
        let aged = endpoint.sign(&old, "/notices", body);
        for (what, path, notice) in [
            ("another path", "/refunds", sound),
            ("another body", "/notices", Notice { body: br#"{"paid":2}"#, ..sound }),
            ("another key", "/notices", Notice { key: "court-2", ..sound }),
            ("another time", "/notices", Notice { time: &old, ..sound }),
            ("too old", "/notices", Notice { time: &old, signature: &aged, ..sound }),
            ("no signature", "/notices", Notice { signature: "", ..sound }),
        ] {
            assert_eq!(endpoint.notice::<serde_json::Value>(path, &notice), Err(Error::Notice("测试")), "{what}");
        }
    }

    proptest! {
        #[test]
        fn no_host_makes_it_fall(host in "(\\[|\\]|:|[0-9a-f.]{0,6}|localhost|\\PC){0,6}") {
            let _ = loopback(&host);
        }
    }
}
