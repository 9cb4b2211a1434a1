//! Foreign vectors: other people's keys, signatures and proofs come out the same here.

use std::process::{Command, Stdio};

use base64::Engine as _;
use ledger::tree::{verify_consistency, verify_inclusion};
use ledger::{Hash, Note, Purpose, SigningKey, Suite, VerifyingKey};

/// Key, text and signature of the documentation of Go's golang.org/x/mod/sumdb/note.
#[test]
fn ed25519_notes_are_those_of_the_specification() {
    let secret = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
    let public = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    let text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    let line = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=";
    let key = SigningKey::parse(secret).unwrap();
    assert_eq!(key.to_secret_text(), secret);
    assert_eq!(key.verifying_key().to_string(), public);
    let note = Note::new(text).unwrap().sign(&key).unwrap();
    assert_eq!(note.to_string(), format!("{text}\n{line}\n"));
    let read = Note::parse(&note.to_string()).unwrap();
    let public = VerifyingKey::parse(public).unwrap();
    assert_eq!(read.open(&[&public]).unwrap().len(), 1);
    let stranger = SigningKey::generate(Suite::Intl, "Stranger", Purpose::Note).unwrap();
    assert!(read.open(&[stranger.verifying_key()]).is_err());
    // An unknown signature beside a known one is passed over; a wrong one by a known key is not.
    let both = read.sign(&stranger).unwrap();
    assert!(both.open(&[&public]).is_ok());
    let wrong = both.to_string().replace("x08go/ZJkuB", "x08go/ZJkuC");
    assert!(Note::parse(&wrong).unwrap().open(&[&public, stranger.verifying_key()]).is_err());
}

/// The digests of GB/T 32905-2016, appendix A, and of FIPS 180.
#[test]
fn hashes_of_the_standards() {
    for (suite, text, digest) in [
        (Suite::Sm, "abc".to_owned(), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (Suite::Sm, "abcd".repeat(16), "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
        (Suite::Intl, "abc".to_owned(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ] {
        assert_eq!(suite.hash(&[text.as_bytes()]), Hash::from_hex(digest).unwrap());
    }
}

#[test]
fn key_texts_round_trip_and_are_strict() {
    for suite in [Suite::Sm, Suite::Intl] {
        for purpose in [Purpose::Note, Purpose::Cosign] {
            let key = SigningKey::generate(suite, "法院.example", purpose).unwrap();
            let public = key.verifying_key().to_string();
            assert_eq!(VerifyingKey::parse(&public).unwrap(), *key.verifying_key());
            assert_eq!(SigningKey::parse(&key.to_secret_text()).unwrap().to_secret_text(), key.to_secret_text());
            assert!(!format!("{key:?}").contains("PRIVATE"));
            let other = public.replacen("法院", "法苑", 1);
            assert!(VerifyingKey::parse(&other).is_err(), "the id binds the name");
            for cut in (0..public.len()).filter(|n| public.is_char_boundary(*n)) {
                assert!(VerifyingKey::parse(&public[..cut]).is_err());
            }
        }
    }
    assert!(SigningKey::generate(Suite::Sm, "a b", Purpose::Note).is_err());
    assert!(SigningKey::from_seed(Suite::Sm, "a", Purpose::Note, "1234567812345678", &[0; 32]).is_err());
    assert!(SigningKey::from_seed(Suite::Sm, "a", Purpose::Note, "1234567812345678", &[0xff; 32]).is_err());
    // n - 1: a scalar, but SM2 cannot sign with it.
    let mut top = [0; 32];
    hex::decode_to_slice("fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54122", &mut top).unwrap();
    assert!(SigningKey::from_seed(Suite::Sm, "a", Purpose::Note, "1234567812345678", &top).is_err());
}

#[test]
fn a_named_sm2_identity_is_part_of_the_key() {
    let seed = [3; 32];
    let plain = SigningKey::from_seed(Suite::Sm, "a", Purpose::Note, "1234567812345678", &seed).unwrap();
    let named = SigningKey::from_seed(Suite::Sm, "a", Purpose::Note, "court@example", &seed).unwrap();
    assert_ne!(plain.verifying_key().id(), named.verifying_key().id());
    let signature = named.sign("text\n").unwrap();
    let read = VerifyingKey::parse(&named.verifying_key().to_string()).unwrap();
    assert!(read.verify("text\n", &signature).is_ok());
    assert!(plain.verifying_key().verify("text\n", &signature).is_err());
}

#[test]
fn cosignatures_carry_their_time_and_are_of_another_type() {
    for suite in [Suite::Sm, Suite::Intl] {
        let witness = SigningKey::from_seed(suite, "w", Purpose::Cosign, "1234567812345678", &[3; 32]).unwrap();
        let text = "log.example\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
        let mut signature = witness.cosign(text, 1_679_315_147).unwrap();
        assert_eq!(witness.verifying_key().verify(text, &signature).unwrap(), Some(1_679_315_147));
        signature[7] ^= 1;
        assert!(witness.verifying_key().verify(text, &signature).is_err());
        assert!(witness.sign(text).is_err());
        let note = SigningKey::from_seed(suite, "w", Purpose::Note, "1234567812345678", &[3; 32]).unwrap();
        assert!(note.cosign(text, 1).is_err());
        assert_ne!(note.verifying_key().id(), witness.verifying_key().id());
    }
}

fn hashes(value: &serde_json::Value) -> Option<Vec<Hash>> {
    let list = value.as_array().map_or(&[][..], Vec::as_slice);
    list.iter().map(|hash| Hash::from_base64(hash.as_str()?).ok()).collect()
}

/// The verdicts of transparency-dev/merkle on 196 proofs.
#[test]
fn merkle_proofs_of_the_outside_suite() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/suites/merkle/merkle_proofs.jsonl");
    let Ok(lines) = std::fs::read_to_string(path) else {
        eprintln!("SKIPPED: merkle_proofs_of_the_outside_suite: {path} is not there");
        return;
    };
    let (mut accepted, mut refused) = (0, 0);
    for line in lines.lines() {
        let case: serde_json::Value = serde_json::from_str(line).unwrap();
        let number = |name: &str| case[name].as_u64().unwrap();
        let bytes = |name: &str| base64::engine::general_purpose::STANDARD.decode(case[name].as_str()?).ok();
        let hash = |name: &str| Some(Hash(bytes(name)?.try_into().ok()?));
        // Consistency cases also compare short made-up roots with each other; here they are filled up with zeros.
        let root = |name: &str| {
            let mut bytes = bytes(name)?;
            bytes.resize(32, 0);
            Some(Hash(bytes.try_into().ok()?))
        };
        // A proof with a hash of another length cannot even be said here: that is a refusal.
        let outcome = match case["kind"].as_str().unwrap() {
            "inclusion" => (|| {
                let (leaf, proof, root) = (hash("leafHash")?, hashes(&case["proof"])?, hash("root")?);
                verify_inclusion(Suite::Intl, number("leafIdx"), number("treeSize"), &leaf, &proof, &root).ok()
            })(),
            "consistency" => (|| {
                let (old, proof, new) = (root("root1")?, hashes(&case["proof"])?, root("root2")?);
                verify_consistency(Suite::Intl, number("size1"), number("size2"), &old, &new, &proof).ok()
            })(),
            _ => continue,
        };
        assert_eq!(outcome.is_none(), case["wantErr"].as_bool().unwrap(), "{}", case["case"]);
        if outcome.is_some() { accepted += 1 } else { refused += 1 }
    }
    assert_eq!((accepted, refused), (12, 184));
}

/// OpenSSL verifies what we sign with SM2.
#[test]
fn openssl_verifies_our_sm2_signatures() {
    let version = Command::new("openssl").arg("version").stdout(Stdio::piped()).output();
    if !version.is_ok_and(|out| String::from_utf8_lossy(&out.stdout).starts_with("OpenSSL 3")) {
        eprintln!("SKIPPED: openssl_verifies_our_sm2_signatures: no OpenSSL 3");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    let key = SigningKey::generate(Suite::Sm, "a", Purpose::Note).unwrap();
    let text = "獬豸\n";
    let signature = key.sign(text).unwrap();
    let der = {
        let integer = |bytes: &[u8]| {
            let bytes = &bytes[bytes.iter().take_while(|b| **b == 0).count()..];
            let zero: &[u8] = if bytes[0] & 0x80 == 0 { &[] } else { &[0] };
            [&[2, u8::try_from(bytes.len() + zero.len()).unwrap()], zero, bytes].concat()
        };
        let body = [integer(&signature[..32]), integer(&signature[32..])].concat();
        [&[0x30, u8::try_from(body.len()).unwrap()][..], &body].concat()
    };
    // SubjectPublicKeyInfo of id-ecPublicKey on the SM2 curve, then the point.
    let text_form = key.verifying_key().to_string();
    let field = text_form.splitn(3, '+').nth(2).unwrap();
    let encoded = base64::engine::general_purpose::STANDARD.decode(field).unwrap();
    let point = &encoded[encoded.len() - 65..];
    let spki = [&hex::decode("3059301306072a8648ce3d020106082a811ccf5501822d034200").unwrap()[..], point].concat();
    std::fs::write(path("key.der"), spki).unwrap();
    std::fs::write(path("text"), text).unwrap();
    std::fs::write(path("sig"), der).unwrap();
    let verify = |file: &str| {
        Command::new("openssl")
            .args(["pkeyutl", "-verify", "-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678"])
            .args(["-pubin", "-keyform", "DER", "-inkey"])
            .arg(path("key.der"))
            .arg("-sigfile")
            .arg(path("sig"))
            .arg("-in")
            .arg(path(file))
            .output()
            .unwrap()
    };
    let good = verify("text");
    assert!(good.status.success(), "{}", String::from_utf8_lossy(&good.stderr));
    std::fs::write(path("other"), "獬廌\n").unwrap();
    assert!(!verify("other").status.success());
}
