//! Signed papers: valid for our own check and for poppler's, broken by any changed byte.

use std::os::unix::fs::PermissionsExt;

use crate::common::{Scratch, from, keys, papers, run, sample, time};
use documents::{Appearance, KeyStore, Seal, Verdict, check_signatures, issue, render, sign};

const AT: &str = "2026-05-20T16:00:00+08:00";

#[test]
fn a_signed_paper_is_valid_and_bytes_before_it_are_untouched() {
    let (papers, scratch) = (papers(), Scratch::new("valid"));
    let (store, signer) = keys(&scratch);
    for name in ["summons", "judgment", "filing-receipt"] {
        let plain = render(&papers, &sample(name), Seal::Signature).expect("render").pdf;
        let signed = issue(&papers, &sample(name), &signer, time(AT)).expect("sign");
        assert_eq!(&signed[..plain.len()], &plain[..], "{name}: appended only");
        let checks = check_signatures(&signed, &[store.root().expect("root")]).expect("check");
        let [check] = &checks[..] else { panic!("{name}: {checks:?}") };
        assert_eq!(check.verdict, Verdict::Valid, "{name}");
        assert!(check.whole_file && check.signer.contains("青石区人民法院") && check.signer.contains("SANDBOX"));
        assert_eq!(check.at, Some(time(AT)));
        assert_eq!(signed, issue(&papers, &sample(name), &signer, time(AT)).expect("again"), "same bytes again");
    }
}

#[test]
fn any_flipped_byte_breaks_the_signature() {
    let (papers, scratch) = (papers(), Scratch::new("flip"));
    let (store, signer) = keys(&scratch);
    let root = [store.root().expect("root")];
    let signed = issue(&papers, &sample("summons"), &signer, time(AT)).expect("sign");
    let mut broken = 0;
    for at in (20..signed.len()).step_by(997) {
        let mut changed = signed.clone();
        changed[at] ^= 0x20;
        let still_valid = check_signatures(&changed, &root).is_ok_and(|checks| checks.iter().any(|c| c.verdict == Verdict::Valid && c.whole_file));
        // The case of a hexadecimal letter inside the signature carries nothing.
        let in_signature = signed[at].is_ascii_hexdigit() && changed[at].is_ascii_hexdigit();
        assert!(!still_valid || in_signature, "byte {at} changed unseen");
        broken += usize::from(!still_valid);
    }
    assert!(broken > 80, "{broken}");
}

#[test]
fn bytes_hidden_after_the_signature_are_seen() {
    let (papers, scratch) = (papers(), Scratch::new("hidden"));
    let (store, signer) = keys(&scratch);
    let root = [store.root().expect("root")];
    let signed = issue(&papers, &sample("summons"), &signer, time(AT)).expect("sign");
    let zeros = signed.windows(64).rposition(|w| w.iter().all(|b| *b == b'0')).expect("padding");
    let mut stuffed = signed.clone();
    stuffed[zeros + 20] = b'7';
    let checks = check_signatures(&stuffed, &root).expect("check");
    assert!(matches!(&checks[0].verdict, Verdict::Broken(why) if why.contains("hidden")), "{checks:?}");
    let mut longer = signed.clone();
    longer.extend_from_slice(b"% one more line\n");
    let checks = check_signatures(&longer, &root).expect("check");
    assert!(!checks[0].whole_file && checks[0].verdict == Verdict::Valid);
}

#[test]
fn two_signatures_stand_one_after_the_other() {
    let (papers, scratch) = (papers(), Scratch::new("two"));
    let (store, court) = keys(&scratch);
    let clerk = store.signer("clerk", "许静", from(), 10).expect("clerk");
    let rendered = render(&papers, &sample("summons"), Seal::Signature).expect("render");
    let first = sign(&rendered.pdf, &clerk, time(AT), None).expect("clerk signs");
    let seal = Appearance::seal(&papers, "广东省清河市青石区人民法院", rendered.seal.expect("place")).expect("seal");
    let second = sign(&first, &court, time("2026-05-20T16:01:00+08:00"), Some(&seal)).expect("court seals");
    let checks = check_signatures(&second, &[store.root().expect("root")]).expect("check");
    assert_eq!(checks.len(), 2);
    assert!(checks.iter().all(|c| c.verdict == Verdict::Valid));
    assert_eq!(checks.iter().map(|c| c.whole_file).collect::<Vec<_>>(), [false, true]);
    if let Some(said) = pdfsig(&scratch, &store, &second) {
        assert_eq!(said.matches("Signature is Valid").count(), 2, "{said}");
    }
}

#[test]
fn another_root_or_another_time_is_not_trusted() {
    let (papers, scratch, other) = (papers(), Scratch::new("trust"), Scratch::new("other"));
    let (store, signer) = keys(&scratch);
    let (stranger, _) = keys(&other);
    let signed = issue(&papers, &sample("summons"), &signer, time(AT)).expect("sign");
    let verdict = |pdf: &[u8], roots: &[_]| check_signatures(pdf, roots).expect("check")[0].verdict.clone();
    assert!(matches!(verdict(&signed, &[]), Verdict::Untrusted(_)));
    // same name, other key: the name alone must not do
    assert!(matches!(verdict(&signed, &[stranger.root().expect("root")]), Verdict::Untrusted(why) if why.contains("wrong")));
    let late = issue(&papers, &sample("summons"), &signer, time("2037-01-01T00:00:00+08:00")).expect("sign");
    assert!(matches!(verdict(&late, &[store.root().expect("root")]), Verdict::Untrusted(why) if why.contains("not valid then")));
}

/// What pdfsig says with our root trusted; `None`, said loudly, without the programs.
fn pdfsig(scratch: &Scratch, store: &KeyStore, pdf: &[u8]) -> Option<String> {
    let path = |name: &str| scratch.0.join(name).to_str().expect("path").to_owned();
    std::fs::write(path("paper.pdf"), pdf).expect("write");
    std::fs::write(path("root.pem"), store.root_pem().expect("root")).expect("write");
    let database = format!("sql:{}", path("nss"));
    if !scratch.0.join("nss").exists() {
        std::fs::create_dir(scratch.0.join("nss")).expect("nss");
        run("certutil", &["-N", "-d", &database, "--empty-password"])?;
        run("certutil", &["-A", "-d", &database, "-n", "root", "-t", "C,C,C", "-i", &path("root.pem")])?;
    }
    run("pdfsig", &["-nssdir", &database, &path("paper.pdf")])
}

#[test]
fn poppler_calls_it_valid_and_trusted_and_a_flipped_byte_broken() {
    let (papers, scratch) = (papers(), Scratch::new("pdfsig"));
    let (store, signer) = keys(&scratch);
    let signed = issue(&papers, &sample("judgment"), &signer, time(AT)).expect("sign");
    let Some(said) = pdfsig(&scratch, &store, &signed) else { return };
    for words in ["Signature is Valid", "Certificate is Trusted", "Total document signed", "ETSI.CAdES.detached"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let mut changed = signed.clone();
    let at = changed.windows(9).position(|w| w == b"endstream").expect("a stream") - 30;
    changed[at] ^= 1;
    let said = pdfsig(&scratch, &store, &changed).expect("pdfsig");
    assert!(said.contains("Digest Mismatch") || said.contains("Signature is Invalid"), "{said}");
}

#[test]
fn the_appended_part_keeps_to_pdf_a() {
    let (papers, scratch) = (papers(), Scratch::new("pdfa"));
    let (_, signer) = keys(&scratch);
    let plain = render(&papers, &sample("summons"), Seal::Signature).expect("render").pdf;
    let signed = issue(&papers, &sample("summons"), &signer, time(AT)).expect("sign");
    let added = String::from_utf8_lossy(&signed[plain.len()..]).into_owned();
    // ISO 19005-2: 6.3.3 appearance, 6.3.2 print flag set (4) and not hidden, 6.1.3 file identifier
    // in the trailer, no scripts or actions, no fonts of its own.
    assert!(added.contains("/AP<</N ") && added.contains("/F 132") && added.contains("/ID["), "{added}");
    for forbidden in ["/JS", "/JavaScript", "/AA", "/Launch", "/Font", "/NeedAppearances", "/XFA", "/Encrypt"] {
        assert!(!added.contains(forbidden), "{forbidden}");
    }
    let invisible = issue(&papers, &sample("filing-receipt"), &signer, time(AT)).expect("sign");
    let tail = String::from_utf8_lossy(&invisible[invisible.len() - 3000..]).into_owned();
    assert!(tail.contains("/Rect[0.000 0.000 0.000 0.000]") && !tail.contains("/AP"), "{tail}");
}

#[test]
fn keys_are_private_files_and_stay_the_same() {
    let scratch = Scratch::new("keys");
    let (store, signer) = keys(&scratch);
    let mode = |name: &str| std::fs::metadata(scratch.0.join(name)).expect(name).permissions().mode() & 0o777;
    assert_eq!((mode("root.key"), mode("4001.key")), (0o600, 0o600));
    let again = KeyStore::open(&scratch.0).expect("open").load("4001").expect("load");
    assert_eq!(again.certificate_pem().expect("pem"), signer.certificate_pem().expect("pem"));
    assert!(store.root_pem().expect("pem").contains("BEGIN CERTIFICATE"));
    for bad in ["", "root", "../x", "A1", "甲"] {
        assert!(store.signer(bad, "x", from(), 1).is_err(), "{bad}");
    }
    assert!(store.signer("x", "坏,名=字", from(), 1).is_err());
    std::fs::copy(scratch.0.join("root.key"), scratch.0.join("4001.key")).expect("copy");
    assert!(store.load("4001").is_err(), "a key that does not fit its certificate");
}
