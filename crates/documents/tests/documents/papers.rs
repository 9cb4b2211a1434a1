//! Every paper, from its sample to its text.

use crate::common::{Scratch, fonts, papers, run, sample, samples};
use documents::papers::{FeeClause, FeeRelief, FeeShare, PanelKind, ReliefKind};
use documents::{Error, Paper, Seal, render};

/// The text of a PDF, runs of white space as one; `None` without pdftotext.
fn text(pdf: &[u8]) -> Option<String> {
    let scratch = Scratch::new(&format!("text-{:p}", pdf.as_ptr()));
    let path = scratch.0.join("paper.pdf");
    std::fs::write(&path, pdf).expect("write");
    let text = run("pdftotext", &["-enc", "UTF-8", path.to_str()?, "-"])?;
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[test]
fn every_sample_gives_its_golden_text() {
    let papers = papers();
    let golden = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut seen = Vec::new();
    for name in samples() {
        let done = render(&papers, &sample(&name), Seal::Signature).unwrap_or_else(|e| panic!("{name}: {e}"));
        let Some(found) = text(&done.pdf) else { return };
        let path = golden.join(format!("{name}.txt"));
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&path, format!("{found}\n")).expect("write");
        }
        let expected = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(found, expected.trim_end(), "{name}; UPDATE_GOLDEN=1 writes it anew");
        seen.push(format!("{name}.txt"));
    }
    let mut kept: Vec<String> = std::fs::read_dir(&golden).expect("golden").filter_map(|e| e.ok()?.file_name().into_string().ok()).collect();
    kept.sort();
    seen.sort();
    assert_eq!(kept, seen, "every golden file belongs to a sample");
}

#[test]
fn every_paper_has_a_sample_and_every_template_is_used() {
    let used: std::collections::BTreeSet<&str> = samples().iter().map(|n| sample(n).template()).collect();
    for (template, _) in documents::Papers::embedded_templates() {
        let helper = matches!(*template, "court.typ" | "seal.typ" | "specimen.typ");
        assert!(helper || used.contains(template), "{template} has no sample");
    }
}

/// Typesetter and templates below the typed papers.
fn bare() -> (typeset::Typesetter, typeset::Templates) {
    let typesetter = typeset::Typesetter::open(&fonts()).expect("fonts; run scripts/fonts");
    (typesetter, typeset::Templates::new(documents::Papers::embedded_templates().iter().copied()).expect("set"))
}

#[test]
fn specimen_of_the_style_set_holds_its_own_assertions() {
    // capital amounts (R-CHK-35) and dates in words (R-CHK-71) are asserted inside the template
    let (typesetter, set) = bare();
    let done = typesetter.typeset("specimen.typ", &set, &serde_json::json!({}), typeset::Options::seal(Seal::Drawn)).expect("specimen");
    assert_eq!(done.pages, 1);
}

#[test]
fn same_paper_gives_same_bytes() {
    let (one, two) = (papers(), papers());
    for name in ["judgment", "summons", "correction-notice"] {
        for seal in [Seal::Drawn, Seal::Ink, Seal::Signature] {
            let first = render(&one, &sample(name), seal).expect("render");
            render(&one, &sample("fee-notice"), seal).expect("another between");
            let again = render(&one, &sample(name), seal).expect("render");
            let elsewhere = render(&two, &sample(name), seal).expect("render");
            assert_eq!(first.pdf, again.pdf, "{name} {seal:?}");
            assert_eq!(first.pdf, elsewhere.pdf, "{name} {seal:?}");
        }
    }
}

#[test]
fn r_typ_04_the_seal_leaves_no_text_and_its_place_is_known() {
    let papers = papers();
    for name in samples() {
        let paper = sample(&name);
        let done = render(&papers, &paper, Seal::Signature).expect("render");
        assert_eq!(done.seal.is_some(), paper.sealing_court().is_some(), "{name}");
        if let Some(place) = done.seal {
            assert!(place.page <= done.pages, "{name}");
            assert!((100.0..500.0).contains(&place.x) && (60.0..780.0).contains(&place.y), "{name}: {place:?}");
        }
    }
    // The drawn seal of a judgment is text, letter by letter; the signed one's strips are not.
    let count = |seal| {
        let done = render(&papers, &sample("judgment"), seal).expect("render");
        text(&done.pdf).map(|t| t.matches('粤').count() + t.matches('青').count())
    };
    if let (Some(drawn), Some(signed)) = (count(Seal::Drawn), count(Seal::Signature)) {
        assert!(drawn > signed, "{drawn} {signed}");
    }
}

#[test]
fn rare_characters_of_names_are_printed_and_unknown_ones_refused() {
    let papers = papers();
    let Paper::Summons(mut summons) = sample("summons") else { panic!("a summons") };
    summons.to = "喆赟堃㛃䶮𬱖".to_owned();
    let done = render(&papers, &Paper::Summons(summons.clone()), Seal::Drawn).expect("rare names");
    if let Some(text) = text(&done.pdf) {
        assert!(text.contains("喆赟堃㛃䶮𬱖"), "{text}");
    }
    summons.to = "王\u{e123}".to_owned();
    let refused = render(&papers, &Paper::Summons(summons), Seal::Drawn);
    assert!(matches!(&refused, Err(Error::Typeset(typeset::Error::MissingGlyph { characters, .. })) if characters == &['\u{e123}']), "{refused:?}");
}

#[test]
fn r_chk_59_fee_shares_that_do_not_add_up_are_refused() {
    let papers = papers();
    let Paper::CivilJudgment(mut judgment) = sample("judgment") else { panic!("a judgment") };
    judgment.fees[0].shares = vec![FeeShare { by: "原告陈堃".into(), joint: false, amount: 1 }];
    let refused = render(&papers, &Paper::CivilJudgment(judgment), Seal::Drawn);
    let said = refused.expect_err("must be refused").to_string();
    assert!(said.contains("shares do not add up"), "{said}");
}

#[test]
fn r_doc_02_title_body_and_close_stand_in_their_order() {
    let done = render(&papers(), &sample("judgment"), Seal::Signature).expect("render");
    let Some(found) = text(&done.pdf) else { return };
    let found = found.replace(' ', "");
    let blocks = [
        ("court", "广东省清河市青石区人民法院"),
        ("name", "民事判决书"),
        ("number", "（2026）粤4001民初1024号"),
        ("parties", "原告：陈堃"),
        ("course", "民间借贷纠纷一案"),
        ("claims", "提出诉讼请求"),
        ("facts", "本院认定事实如下"),
        ("reasons", "本院认为"),
        ("basis", "依照《中华人民共和国民法典》"),
        ("orders", "判决如下"),
        ("close", "案件受理费"),
        ("appeal", "如不服本判决"),
        ("signature", "审判长"),
        ("date", "二〇二六年"),
        ("clerk", "许静"),
    ];
    let mut from = 0;
    for (block, words) in blocks {
        let at = found[from..].find(words).unwrap_or_else(|| panic!("{block} does not follow: {}", &found[from..]));
        from += at + words.len();
    }
}

#[test]
fn r_fee_11_halved_fee_and_r_tri_01_sole_judge_in_words() {
    let papers = papers();
    let done = render(&papers, &sample("judgment-simple"), Seal::Signature).expect("render");
    let Some(found) = text(&done.pdf) else { return };
    assert!(found.replace(' ', "").contains("案件受理费1050元，减半收取计525元，由被告吴赟负担。"), "{found}");
    let Paper::PanelNotice(notice) = sample("panel-notice-sole") else { panic!("a notice") };
    assert_eq!(notice.kind, PanelKind::Sole);
    assert_eq!(Paper::PanelNotice(notice).title(), "独任审判员通知书");
}

#[test]
fn r_fee_21_relief_is_printed_as_the_clause_says_it_and_is_no_halving() {
    let papers = papers();
    let Paper::CivilJudgment(judgment) = sample("judgment-simple") else { panic!("a judgment") };
    let to = || "原告郑喆".to_owned();
    let bearer = |amount| vec![FeeShare { by: "被告吴赟".into(), joint: false, amount }];
    let cases = [
        (Some(52_500), None, 52_500, bearer(52_500), "案件受理费1050元，减半收取计525元，由被告吴赟负担。"),
        (None, None, 105_000, bearer(105_000), "案件受理费1050元，由被告吴赟负担。"),
        (Some(52_500), Some(ReliefKind::Exempt), 0, vec![], "案件受理费1050元，减半收取计525元，准予原告郑喆免交。"),
        (
            None,
            Some(ReliefKind::Reduced { by: 40_050 }),
            64_950,
            bearer(64_950),
            "案件受理费1050元，准予原告郑喆减交400.50元，实际收取649.50元，由被告吴赟负担。",
        ),
        (None, Some(ReliefKind::Deferred), 105_000, bearer(105_000), "案件受理费1050元，准予原告郑喆缓交，由被告吴赟负担。"),
    ];
    for (halved, kind, charged, shares, words) in cases {
        let mut judgment = judgment.clone();
        let relief = kind.map(|kind| FeeRelief { to: to(), kind });
        judgment.fees[0] = FeeClause { halved, relief, charged, shares, ..judgment.fees[0].clone() };
        assert_eq!(judgment.fees[0].words(), words);
        let done = render(&papers, &Paper::CivilJudgment(judgment), Seal::Signature).expect("render");
        let Some(found) = text(&done.pdf) else { return };
        assert!(found.replace(' ', "").contains(words), "{words}: {found}");
    }
}

#[test]
fn r_idc_20_a_form_to_be_filled_answers_nothing_for_the_person() {
    let (typesetter, set) = bare();
    let draw = |form: &str, consent: bool| {
        let Paper::AddressConfirmation(mut form) = sample(form) else { panic!("a form") };
        form.electronic.consent = consent;
        let data = serde_json::to_value(&form).expect("json");
        typesetter.draw("service-address.typ", &set, &data).expect("draw")
    };
    assert_eq!(draw("service-address-blank", true), draw("service-address-blank", false), "neither box is ticked");
    assert_ne!(draw("service-address", true), draw("service-address", false), "one or the other is ticked");
}

#[test]
fn every_paper_travels_as_json() {
    for name in samples() {
        let paper = sample(&name);
        let json = serde_json::to_string(&paper).expect("json");
        assert_eq!(serde_json::from_str::<Paper>(&json).expect("back"), paper, "{name}");
    }
}

#[test]
fn a_verification_mark_has_a_code_and_a_square() {
    let mark = documents::verify_mark("https://court.example/v/1", &[0x91, 0x3e, 0x5f, 0xbf, 0x8d, 0x03, 9]).expect("mark");
    assert_eq!(mark.code, "913E-5FBF-8D03");
    assert!(mark.matrix.iter().all(|row| row.len() == mark.matrix.len() && row.bytes().all(|b| b == b'0' || b == b'1')));
    assert!(matches!(documents::verify_mark("x", &[1, 2, 3]), Err(Error::Mark(_))));
    assert!(matches!(documents::verify_mark(&"长".repeat(4000), &[0; 32]), Err(Error::Mark(_))));
}

/// A paper whose text is these paragraphs.
fn with_text(paragraphs: Vec<String>) -> Paper {
    let Paper::Answer(mut answer) = sample("answer") else { panic!("an answer") };
    answer.text = paragraphs;
    Paper::Answer(answer)
}

/// What `procedure` lets in can be printed: every character of its table is, with the fonts of this machine.
#[test]
fn r_typ_04_every_character_that_is_let_in_is_printed() {
    let table = include_str!("../../../../knowledge/printable.csv");
    let hex = |text: &str| u32::from_str_radix(text, 16).expect("hex");
    let ranges = table.lines().skip(1).filter_map(|line| line.split_once(',')).flat_map(|(from, to)| hex(from)..=hex(to));
    let all: Vec<char> = ranges.filter_map(char::from_u32).collect();
    // A character a word: none joins its neighbour.
    let lines = all.chunks(20_000).map(|some| some.iter().map(|c| format!("{c} ")).collect::<String>());
    let papers = papers();
    for line in lines {
        if let Err(error) = render(&papers, &with_text(vec![line]), Seal::Signature) {
            panic!("{error}");
        }
    }
}

/// Right edges of the words of a PDF in points; `None` without pdftotext.
fn right_edges(pdf: &[u8]) -> Option<Vec<f64>> {
    let scratch = Scratch::new(&format!("edges-{:p}", pdf.as_ptr()));
    let path = scratch.0.join("paper.pdf");
    std::fs::write(&path, pdf).expect("write");
    let boxes = run("pdftotext", &["-bbox", "-enc", "UTF-8", path.to_str()?, "-"])?;
    let edges = boxes.split("xMax=\"").skip(1).filter_map(|rest| rest.split('"').next()?.parse().ok());
    Some(edges.collect())
}

#[test]
fn r_typ_04_nothing_runs_off_the_sheet_and_nothing_is_lost() {
    let papers = papers();
    for (unit, times) in
        [("7", 120), ("x", 20_000), ("！", 17_000), ("流水号：20260310123456789012345678901234567890123456789012345678901234567890，已核对。", 3)]
    {
        let text = unit.repeat(times);
        let done = render(&papers, &with_text(vec![text.clone()]), Seal::Signature).unwrap_or_else(|error| panic!("{unit} × {times}: {error}"));
        let (Some(edges), Some(found)) = (right_edges(&done.pdf), self::text(&done.pdf)) else { return };
        let widest = edges.iter().copied().fold(0.0, f64::max);
        // A4 is 595 points wide; the print area ends 2.6 cm before that. The empty half of a full-width mark may stand beyond it.
        assert!(widest < 530.0, "{unit} × {times} reaches {widest}");
        let count = |text: &str| text.matches(unit.chars().next().expect("a character")).count();
        assert!(count(&found) >= count(&text), "{unit} × {times}: {} of {}", count(&found), count(&text));
    }
}
