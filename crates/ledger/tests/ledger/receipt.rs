//! Receipts: two states, every byte counts, keys come from the trust file alone.

use crate::{at, key, trust};
use ledger::{
    Content, Error, FileDigest, Integrity, Kind, Log, Note, Proof, Provenance, Purpose, Receipt, Role, Salt, SigningKey, Stamp, State, Suite, Trust,
};
use proptest::prelude::*;

const FILE: &[u8] = "民事起诉状".as_bytes();
const SUITES: [Suite; 2] = [Suite::Sm, Suite::Intl];

struct World {
    suite: Suite,
    portal: SigningKey,
    court: SigningKey,
    log: SigningKey,
    witness: SigningKey,
    trust: Trust,
}

fn world(suite: Suite) -> World {
    let portal = key(suite, "portal.court.example", Purpose::Note, 1);
    let court = key(suite, "court.example/3301", Purpose::Note, 2);
    let log = key(suite, "log.court.example", Purpose::Note, 3);
    let witness = key(suite, "notary.example/w1", Purpose::Cosign, 4);
    let trust = trust(&[(Role::Portal, &portal), (Role::Court, &court), (Role::Log, &log), (Role::Witness, &witness)]);
    World { suite, portal, court, log, witness, trust }
}

fn content(kind: Kind) -> Content {
    let mut content = Content::new(kind, "HZ20260302000001", "网上立案回执", "3301", &at());
    let digests = ledger::Digests::of(FILE);
    content.files.push(FileDigest {
        bytes: FILE.len() as u64,
        name: "民事起诉状.pdf".into(),
        pages: Some(3),
        sha256: digests.sha256.to_hex(),
        sm3: None,
    });
    content.facts.insert("案由".into(), "民间借贷纠纷".into());
    content
}

fn complete(world: &World, receipt: &Receipt, before: u64) -> Receipt {
    let dir = tempfile::tempdir().unwrap();
    let mut log = Log::create(dir.path(), world.log.clone(), &at()).unwrap();
    let salt = Salt([5; 16]);
    let record = receipt.record(world.suite, &salt).unwrap();
    let mut entries: Vec<String> = (0..before).map(|n| format!("other {n}")).collect();
    entries.push(record.to_line());
    let indices = log.append(&entries, &at()).unwrap();
    let proof = log.prove(*indices.last().unwrap()).unwrap();
    receipt.complete(&salt, &record, &proof).unwrap()
}

#[test]
fn r_led_05_a_receipt_holds_in_both_states_and_says_what_it_cannot_prove() {
    for suite in SUITES {
        let world = world(suite);
        let submitted = Receipt::issue(content(Kind::FilingReceipt), &world.portal).unwrap();
        let verdict = submitted.verify(&world.trust, Some(FILE)).unwrap();
        assert_eq!((verdict.state, verdict.integrity), (State::Submitted, Integrity::NotFound));
        assert!(verdict.limits.iter().any(|limit| limit.contains("尚未上链")));

        let logged = complete(&world, &submitted, 9);
        let text = logged.to_text();
        assert!(text.starts_with(&submitted.to_text()), "the first part stays byte for byte");
        let verdict = Receipt::parse(&text).unwrap().verify(&world.trust, Some(FILE)).unwrap();
        assert_eq!((verdict.state, verdict.integrity), (State::Logged, Integrity::Consistent));
        assert_eq!(verdict.provenance, Provenance::NotStated);
        assert_eq!(verdict.signer, "portal.court.example");
        for rule in ["第十六条", "第十八条"] {
            assert!(verdict.limits.iter().any(|limit| limit.contains(rule)), "R-LED-01, 03: {rule}");
        }
        let place = verdict.ledger.unwrap();
        assert_eq!((place.index, place.height, place.recomputed), (9, 10, place.commitment));

        let Err(Error::Refused(verdict)) = logged.verify(&world.trust, Some(b"another file")) else {
            panic!("another file passed");
        };
        assert_eq!(verdict.integrity, Integrity::Inconsistent);
        assert_eq!(verdict.checks.iter().filter(|check| !check.holds).count(), 1);
        assert!(verdict.limits.iter().all(|limit| !limit.contains("第十六条")), "nothing is promised");
    }
}

#[test]
fn r_led_05_provenance_is_stated_but_never_proved() {
    let world = world(Suite::Sm);
    let mut deposit = content(Kind::EvidenceDeposit);
    deposit.facts.insert("取证人".into(), "某公证处".into());
    let verdict = Receipt::issue(deposit, &world.portal).unwrap().verify(&world.trust, None).unwrap();
    assert_eq!(verdict.provenance, Provenance::Stated);
    assert!(verdict.limits.iter().any(|limit| limit.contains("第十八条")));
}

/// No byte of a complete receipt with a cosignature can be changed, whatever it is changed to.
#[test]
fn every_changed_byte_is_noticed() {
    for suite in SUITES {
        let world = world(suite);
        let receipt = complete(&world, &Receipt::issue(content(Kind::FilingReceipt), &world.portal).unwrap(), 5);
        let text = receipt.to_text();
        let at = text.rfind("\n\n").unwrap();
        let start = text[..at].rfind("\n\n").unwrap() + 2;
        let checkpoint = Note::parse(&text[start..]).unwrap().cosign(&world.witness, 1_772_414_101).unwrap();
        let whole = format!("{}{checkpoint}", &text[..start]);
        let verdict = Receipt::parse(&whole).unwrap().verify(&world.trust, Some(FILE)).unwrap();
        assert_eq!(verdict.ledger.unwrap().witnesses, ["notary.example/w1"]);

        let bytes = whole.as_bytes();
        let (mut tried, mut verified) = (0, 0);
        for position in 0..bytes.len() {
            for change in [0x01, 0x20, 0x80, bytes[position] ^ b'\n', bytes[position] ^ b'A'] {
                let mut changed = bytes.to_vec();
                changed[position] ^= change;
                if changed == bytes {
                    continue;
                }
                tried += 1;
                let Ok(text) = String::from_utf8(changed) else {
                    continue;
                };
                let Ok(receipt) = Receipt::parse(&text) else {
                    continue;
                };
                verified += 1;
                assert!(receipt.verify(&world.trust, Some(FILE)).is_err(), "byte {position} ^ {change:#x}");
            }
        }
        // Both defences were reached: the form's and the cryptography's.
        assert!(tried > 4 * bytes.len() && verified > bytes.len() / 4, "{tried} {verified}");
    }
}

#[test]
fn cut_doubled_and_lengthened_receipts_are_refused() {
    let world = world(Suite::Sm);
    let submitted = Receipt::issue(content(Kind::FilingReceipt), &world.portal).unwrap();
    let text = complete(&world, &submitted, 5).to_text();
    for cut in 0..text.len() {
        let Some(begun) = text.get(..cut) else {
            continue;
        };
        if let Ok(receipt) = Receipt::parse(begun) {
            // The one beginning that is a receipt is the first state, and it says so.
            assert_eq!(begun, submitted.to_text());
            assert_eq!(receipt.state(), State::Submitted);
        }
    }
    for more in ["\n", " ", "x", "\n\n", "\n— a b\n"] {
        assert!(Receipt::parse(&format!("{text}{more}")).is_err(), "{more:?}");
        assert!(Receipt::parse(&format!("{}{more}", submitted.to_text())).is_err(), "{more:?}");
    }
    let lines: Vec<&str> = text.lines().collect();
    for doubled in 0..lines.len() {
        let mut lines = lines.clone();
        lines.insert(doubled, lines[doubled]);
        let text = lines.join("\n") + "\n";
        let held = Receipt::parse(&text).is_ok_and(|receipt| receipt.examine(&world.trust, None).holds);
        assert!(!held, "line {doubled} twice");
    }
    assert!(Receipt::parse(&text.replace('\n', "\r\n")).is_err());
    assert!(Receipt::parse(&format!("\u{feff}{text}")).is_err());
    assert!(Receipt::parse(&"x".repeat(200_000)).is_err());
}

#[test]
fn content_is_canonical_and_shows_no_tricks() {
    let world = world(Suite::Intl);
    let signed = |json: &str| {
        let note = Note::new(&format!("xiezhi-receipt/v1\n{json}\n")).unwrap().sign(&world.portal).unwrap();
        Receipt::parse(&note.to_string())
    };
    let plain = r#"{"at":"2026-03-02T09:15:00+08:00","court":"3301","facts":{},"files":[],"kind":"filing_receipt","no":"1","title":"t","v":1}"#;
    assert!(signed(plain).is_ok());
    for (from, to) in [
        (r#""v":1"#, r#""v":2"#),
        (r#""v":1"#, r#""v":1,"w":1"#),
        (r#""v":1"#, r#""v":1,"v":1"#),
        (r#""v":1"#, r#""v": 1"#),
        (r#""v":1"#, r#""v":1.0"#),
        (r#""no":"1""#, r#""no":"\u0031""#),
        (r#""no":"1""#, r#""no":"""#),
        (r#""title":"t""#, r#""title":"t\u001b[31m""#),
        (r#""title":"t""#, "\"title\":\"t\u{202e}fdp.exe\""),
        (r#""facts":{}"#, r#""facts":{"b":"1","a":"2"}"#),
        (r#""facts":{}"#, r#""facts":{"a":"1","a":"1"}"#),
        (r#""kind":"filing_receipt""#, r#""kind":"judgment""#),
        (r#""files":[]"#, r#""files":[{"bytes":1,"name":"a","sha256":"AA"}]"#),
        ("+08:00", "+08:00[Asia/Shanghai]"),
    ] {
        let json = plain.replace(from, to);
        assert_ne!(json, plain);
        assert!(signed(&json).is_err(), "{json}");
    }
}

#[test]
fn keys_come_from_the_trust_file_alone_and_each_for_its_role() {
    let world = world(Suite::Sm);
    let refused = |receipt: &Receipt, trust: &Trust| matches!(receipt.verify(trust, None), Err(Error::Refused(_)));
    let receipt = complete(&world, &Receipt::issue(content(Kind::FilingReceipt), &world.portal).unwrap(), 5);
    assert!(!refused(&receipt, &trust(&[(Role::Portal, &world.portal), (Role::Log, &world.log)])));
    assert!(refused(&receipt, &Trust::default()));
    assert!(refused(&receipt, &trust(&[(Role::Portal, &world.portal)])), "the log's key is not known");
    assert!(refused(&receipt, &trust(&[(Role::Log, &world.log)])), "the portal's key is not known");
    assert!(refused(&receipt, &trust(&[(Role::Log, &world.portal), (Role::Log, &world.log)])));
    assert!(refused(&receipt, &trust(&[(Role::Portal, &world.portal), (Role::Portal, &world.log)])));
    // Another key under the same name.
    let impostor = key(Suite::Sm, "portal.court.example", Purpose::Note, 77);
    assert!(refused(&receipt, &trust(&[(Role::Portal, &impostor), (Role::Log, &world.log)])));
    assert!(refused(&Receipt::issue(content(Kind::FilingReceipt), &impostor).unwrap(), &world.trust));
    // A paper is the court's to sign.
    assert!(refused(&Receipt::issue(content(Kind::ServedPaper), &world.portal).unwrap(), &world.trust));
    assert!(!refused(&Receipt::issue(content(Kind::ServedPaper), &world.court).unwrap(), &world.trust));
    assert!(refused(&Receipt::issue(content(Kind::FilingReceipt), &world.log).unwrap(), &world.trust));
}

/// A log of another name, of another suite, or that never took the record proves nothing, though all keys are trusted.
#[test]
fn a_proof_from_the_wrong_log_is_refused() {
    let mut world = world(Suite::Sm);
    let receipt = Receipt::issue(content(Kind::FilingReceipt), &world.portal).unwrap();
    let salt = Salt([5; 16]);
    let record = receipt.record(Suite::Sm, &salt).unwrap();
    let entry = record.to_line();
    let leaf = ledger::tree::leaf_hash(Suite::Sm, entry.as_bytes());
    let proof = |origin: &str, key: &SigningKey, time: &str| {
        let head = ledger::Checkpoint::new(origin, 1, leaf, &Stamp::parse(time).unwrap());
        Proof { suite: Suite::Sm, index: 0, path: vec![], checkpoint: head.sign(key).unwrap().to_string() }
    };
    let time = "2026-03-02T09:20:00+08:00";
    let holds = |world: &World, proof: &Proof| receipt.complete(&salt, &record, proof).unwrap().examine(&world.trust, None).holds;
    assert!(holds(&world, &proof("log.court.example", &world.log, time)));
    assert!(holds(&world, &proof("log.court.example/epoch/1772414100", &world.log, time)));
    for origin in ["log.court.example2", "log.court.example/epoch/0", "log.court.example/epoch/07", "x/epoch/3"] {
        assert!(!holds(&world, &proof(origin, &world.log, time)), "{origin}");
    }
    assert!(!holds(&world, &proof("portal.court.example", &world.portal, time)));
    assert!(!holds(&world, &proof("log.court.example", &world.log, "2026-03-02T09:00:00+08:00")), "logged before it was");
    let foreign = key(Suite::Intl, "log.other.example", Purpose::Note, 8);
    world.trust.add(Role::Log, foreign.verifying_key().clone()).unwrap();
    assert!(!holds(&world, &proof("log.other.example", &foreign, time)), "suites mixed");

    let other = Receipt::issue(content(Kind::Submission), &world.portal).unwrap();
    assert!(other.complete(&salt, &record, &proof("log.court.example", &world.log, time)).is_err());
    assert!(receipt.complete(&Salt([6; 16]), &record, &proof("log.court.example", &world.log, time)).is_err());
    let past = Proof { index: 1, ..proof("log.court.example", &world.log, time) };
    assert!(receipt.complete(&salt, &record, &past).is_err());
}

/// With a path of 20 (a million records) one signature fits 2 KiB; printed with four witnesses as well.
#[test]
fn size_of_a_complete_receipt() {
    let world = world(Suite::Sm);
    let receipt = Receipt::issue(content(Kind::FilingReceipt), &world.portal).unwrap();
    let text = complete(&world, &receipt, 1023).to_text();
    let path = 10;
    let per_hash = 45;
    let with_20 = text.len() + (20 - path) * per_hash + 3;
    println!("1,024 records: {} bytes; 1 M records: {with_20} bytes", text.len());
    assert!(with_20 <= 2048, "{with_20}");
    let mut note = Note::parse(&text[text.find("log.court.example\n").unwrap()..]).unwrap();
    for n in 0..4 {
        note = note.cosign(&key(Suite::Sm, &format!("w{n}.example"), Purpose::Cosign, 10 + n), 1_772_414_100).unwrap();
    }
    let four = text.find("log.court.example\n").unwrap() + note.to_string().len() + (20 - path) * per_hash + 3;
    println!("1 M records, 4 witnesses: {four} bytes");
    assert!(four <= 2600, "{four}");
}

#[test]
fn trust_file_is_strict() {
    let world = world(Suite::Sm);
    let text = format!("# 某省高级人民法院，2026年3月\n\n{}", world.trust);
    assert_eq!(Trust::parse(&text).unwrap().keys().count(), 4);
    let portal = world.portal.verifying_key();
    let witness = world.witness.verifying_key();
    for bad in [
        "portal".to_owned(),
        format!("judge {portal}"),
        format!("portal {portal} since=2026"),
        format!("portal {portal}\ncourt {portal}"),
        format!("witness {portal}"),
        format!("log {witness}"),
        format!("portal {}", portal.to_string().replace("portal.court", "portal.c0urt")),
    ] {
        assert!(matches!(Trust::parse(&bad), Err(Error::Trust { .. })), "{bad}");
    }
}

proptest! {
    #[test]
    fn parsing_never_panics(text in "\\PC{0,400}|(xiezhi-receipt/v1\n)?(\\{[^\n]{0,80}\\}\n)?\n?(— [a-z]{1,4} [A-Za-z0-9+/=]{0,40}\n){0,3}\n?(salt [A-Za-z0-9=]{0,30}\n)?") {
        let _ = Receipt::parse(&text);
        let _ = Note::parse(&text);
        let _ = ledger::Checkpoint::parse(&text);
        let _ = ledger::Record::parse(&text);
        let _ = Trust::parse(&text);
        let _ = ledger::VerifyingKey::parse(&text);
        let _ = SigningKey::parse(&text);
        let _ = Stamp::parse(&text);
    }

    #[test]
    fn any_content_survives_the_file(
        no in "[A-Za-z0-9]{1,20}", title in "[\\p{Han}a-z\"\\\\/<>&]{1,40}",
        facts in proptest::collection::btree_map("[\\p{Han}a-z]{1,8}", "[\\p{Han}a-z0-9 \"\\\\😀]{1,40}", 0..6),
    ) {
        let world = world(Suite::Intl);
        let mut content = content(Kind::Submission);
        (content.no, content.title) = (no, title);
        // Han beyond the basic plane may not name a fact.
        content.facts = facts.into_iter().filter(|(name, _)| name.chars().all(|c| c <= '\u{ffff}')).collect();
        let receipt = Receipt::issue(content.clone(), &world.portal).unwrap();
        let read = Receipt::parse(&receipt.to_text()).unwrap();
        prop_assert_eq!(read.content(), &content);
        prop_assert!(read.verify(&world.trust, Some(FILE)).is_ok());
    }
}
