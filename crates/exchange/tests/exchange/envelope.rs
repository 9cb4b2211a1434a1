//! Envelopes between two zones, and what strangers, mix-ups and damage make of them.
use exchange::bridge::{Ack, Bridge, Busy, Outcome, Peer, Receiver};
use exchange::{Error, File, Keys, Kind, Letter, Opened, Secret, open, scan, seal};
use jiff::Timestamp;
use proptest::prelude::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use uuid::Uuid;

const KINDS: &[Kind] = &[Kind { name: "note", payload: 1000, files: 2 }];

/// The keys of two zones that know each other.
fn zones() -> (Keys, Keys) {
    let (portal, court) = (Secret::generate("portal").unwrap(), Secret::generate("court").unwrap());
    (Keys { peer: court.public(), own: portal.clone() }, Keys { peer: portal.public(), own: court })
}

fn now() -> Timestamp {
    Timestamp::constant(1_772_409_600, 0)
}

fn letter<'a>(payload: &'a [u8], files: &'a [File]) -> Letter<'a> {
    Letter { id: Uuid::from_u128(7), created: now(), kind: "note", payload, files }
}

fn sent(keys: &Keys, payload: &[u8], files: &[&[u8]]) -> Vec<u8> {
    let files: Vec<_> = files.iter().map(|bytes| File::of(bytes.to_vec())).collect();
    seal(keys, &letter(payload, &files)).unwrap()
}

#[test]
fn what_was_sealed_opens_at_the_peer_as_it_was() {
    let (portal, court) = zones();
    // Lengths on both sides of each step at which CBOR writes a length in another way.
    for length in [0, 1, 23, 24, 255, 256, 65_535, 65_536, 300_000] {
        let (payload, file) = (vec![1; length], vec![2; length]);
        let Opened { id, from, kind, created, payload: got, files } = open(&court, &sent(&portal, &payload, &[&file, b"x"])).unwrap();
        assert_eq!((id, from.as_str(), kind.as_str(), created), (Uuid::from_u128(7), "portal", "note", now()));
        assert_eq!(got, payload);
        assert_eq!(files, [File::of(file), File::of(b"x".to_vec())]);
    }
}

#[test]
fn one_letter_sealed_twice_looks_different_and_says_nothing() {
    let (portal, _) = zones();
    let (one, two) = (sent(&portal, b"440000195504090028", &[]), sent(&portal, b"440000195504090028", &[]));
    assert_ne!(one, two);
    assert!(!one.windows(8).any(|part| part == b"44000019"));
}

#[test]
fn any_changed_or_missing_byte_is_found() {
    let (portal, court) = zones();
    let good = sent(&portal, b"a payload", &[b"a file"]);
    for at in 0..good.len() {
        for bit in [1, 0x20, 0x80] {
            let mut bad = good.clone();
            bad[at] ^= bit;
            assert!(open(&court, &bad).is_err(), "byte {at} bit {bit}");
        }
        assert!(open(&court, &good[..at]).is_err(), "cut at {at}");
    }
    // The same frame with a length written longer than it need be.
    let (head, rest) = good[1..].split_at(2 + usize::from(good[2]));
    assert_eq!(head[0], 0x58, "a header of 24 to 255 bytes");
    let wider = [&[0x82, 0x59, 0, head[1]], &head[2..], rest].concat();
    assert_eq!(open(&court, &wider), Err(Error::Malformed("frame in its shortest form")));
    let longer = [good.as_slice(), &[0]].concat();
    assert_eq!(open(&court, &longer), Err(Error::Malformed("bytes behind the end")));
}

#[test]
fn an_envelope_opens_for_its_addressee_from_its_sender_alone() {
    let ((portal, court), (stranger, other)) = (zones(), zones());
    let bytes = sent(&portal, b"for the court", &[]);
    assert_eq!(open(&portal, &bytes), Err(Error::WrongAddressee { to: "court".into(), own: "portal".into() }));
    // Another pair of the same names: their shared secret is another.
    assert_eq!(open(&other, &bytes), Err(Error::Seal));
    assert_eq!(open(&court, &sent(&stranger, b"x", &[])), Err(Error::Seal));
    let elsewhere = Keys { own: Secret::generate("other").unwrap(), peer: portal.peer.clone() };
    assert_eq!(open(&court, &sent(&elsewhere, b"x", &[])), Err(Error::WrongSender { from: "other".into(), peer: "portal".into() }));
}

#[test]
fn whoever_shares_the_seal_and_not_the_signature_is_not_believed() {
    // A key file of the portal whose signing half was exchanged: the seal opens, the signature is not the portal's.
    let dir = tempfile::tempdir().unwrap();
    let (one, two) = (Secret::generate("portal").unwrap(), Secret::generate("portal").unwrap());
    one.save(&dir.path().join("one")).unwrap();
    two.save(&dir.path().join("two")).unwrap();
    let line = |name: &str, word: &str| {
        let text = std::fs::read_to_string(dir.path().join(name)).unwrap();
        text.lines().find(|line| line.starts_with(word)).unwrap().to_owned()
    };
    let text = std::fs::read_to_string(dir.path().join("one")).unwrap();
    std::fs::write(dir.path().join("one"), text.replace(&line("one", "sign "), &line("two", "sign "))).unwrap();
    let forged = Secret::load(&dir.path().join("one")).unwrap();
    let court = Secret::generate("court").unwrap();
    let bytes = sent(&Keys { own: forged, peer: court.public() }, b"x", &[b"file"]);
    assert_eq!(open(&Keys { own: court, peer: one.public() }, &bytes), Err(Error::Signature));
}

#[test]
fn a_file_under_a_wrong_name_is_not_let_in() {
    let (portal, court) = zones();
    let file = File { digest: File::of(b"another".to_vec()).digest, bytes: b"a file".to_vec() };
    let bytes = seal(&portal, &letter(b"x", std::slice::from_ref(&file))).unwrap();
    assert_eq!(open(&court, &bytes), Err(Error::FileDigest(file.digest.iter().map(|byte| format!("{byte:02x}")).collect())));
}

#[test]
fn kinds_sizes_and_files_beyond_what_was_agreed_stay_outside() {
    let (portal, court) = zones();
    let scanned = |bytes: Vec<u8>, kinds| scan(&open(&court, &bytes).unwrap(), kinds);
    assert_eq!(scanned(sent(&portal, b"x", &[b"1", b"2"]), KINDS), Ok(()));
    assert_eq!(scanned(sent(&portal, b"x", &[]), &[]), Err(Error::UnknownKind("note".into())));
    assert_eq!(scanned(sent(&portal, &[0; 1001], &[]), KINDS), Err(Error::TooLarge { size: 1001, most: 1000 }));
    assert_eq!(scanned(sent(&portal, b"x", &[b"1", b"2", b"3"]), KINDS), Err(Error::Files { found: 3, most: 2 }));
    assert_eq!(scanned(sent(&portal, b"x", &[b"1", b"1"]), KINDS), Err(Error::Files { found: 2, most: 2 }), "the same file twice");
    assert_eq!(seal(&portal, &Letter { kind: "", ..letter(b"x", &[]) }), Err(Error::UnknownKind(String::new())));
}

/// The court's receiver; what it hears it counts and answers as `outcome` says.
fn receiver(keys: Keys, heard: Arc<AtomicU32>, outcome: Result<Outcome, Busy>) -> Peer {
    Peer::Local(Arc::new(Receiver::new(keys, KINDS, now, move |opened| {
        heard.fetch_add(1, Ordering::SeqCst);
        outcome.clone().map(|outcome| Ack { of: opened.id, outcome, answer: opened.payload })
    })))
}

#[test]
fn the_acknowledgement_comes_back_as_the_peer_gave_it() {
    let (portal, court) = zones();
    let heard = Arc::new(AtomicU32::new(0));
    let id = Uuid::from_u128(7);
    for outcome in [Outcome::Done, Outcome::Refused { reason: "没有这个收件箱".into() }] {
        let bridge = Bridge::new(portal.clone(), receiver(court.clone(), heard.clone(), Ok(outcome.clone())));
        let ack = bridge.deliver(id, &sent(&portal, b"answer me", &[b"file"])).unwrap();
        assert_eq!(ack, Ack { of: id, outcome, answer: b"answer me".to_vec() });
    }
    assert_eq!(heard.load(Ordering::SeqCst), 2);
}

#[test]
fn what_the_peer_cannot_take_now_or_ever_is_told_apart() {
    let (portal, court) = zones();
    let heard = Arc::new(AtomicU32::new(0));
    let busy = Bridge::new(portal.clone(), receiver(court.clone(), heard.clone(), Err(Busy("the store is away".into()))));
    let id = Uuid::from_u128(7);
    assert!(busy.deliver(id, &sent(&portal, b"x", &[])).unwrap_err().is_transient());
    let bridge = Bridge::new(portal.clone(), receiver(court, heard.clone(), Ok(Outcome::Done)));
    for bad in [b"not an envelope".to_vec(), sent(&portal, &[0; 1001], &[])] {
        assert!(!bridge.deliver(id, &bad).unwrap_err().is_transient());
    }
    assert_eq!(heard.load(Ordering::SeqCst), 1, "the handler saw the good one alone");
    // An acknowledgement of another envelope answers nothing.
    let other = Uuid::from_u128(8);
    assert_eq!(bridge.deliver(other, &sent(&portal, b"x", &[])), Err(Error::WrongAck { wanted: other, found: id }));
}

proptest! {
    #[test]
    fn no_bytes_make_it_fall(bytes in proptest::collection::vec(any::<u8>(), 0..200), at in 0usize..400, length in 0usize..40) {
        let (portal, court) = zones();
        prop_assert!(open(&court, &bytes).is_err());
        // The frame of a real one around them: headers, lengths and texts that lie.
        let mut good = sent(&portal, b"a payload", &[b"a file"]);
        let from = at.min(good.len());
        let to = (from + length).min(good.len());
        let same = good[from..to] == bytes[..];
        good.splice(from..to, bytes);
        prop_assert_eq!(open(&court, &good).is_ok(), same);
    }
}
