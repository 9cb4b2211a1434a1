//! One case to the archive: service with its proofs, record, judgment from the file with the origin of each piece, the check
//! of the draft, effect, closing, and the package that stranger's tools can check.
use crate::bench::{Bench, COURT, REGISTRY, Setting, XU, material, on_sqlite, opinion};
use exchange::message::Request;
use jiff::civil::{Date, date, time};
use procedure::case::{Actor, MaterialKind, PaymentMethod};
use procedure::step::{
    ArchiveCase, AssignTribunal, CloseCase, CloseRecord, ConfirmRecord, CorrectService, DraftJudgment, IssueEffectCertificate, KeepRecord,
    OpenHearing, PayFee, RecordEffect, RequestEffectCertificate, ScheduleHearing, SignJudgment, SubmitAnswer, SubmitEvidence,
};
use procedure::trial::{Attendance, FeeShare, JudgmentText, Level, Presence, Stand, TribunalForm};
use procedure::{Command, Fen, Office, Paper, PersonId, Stage};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command as Process;

const PEOPLE: Setting =
    Setting { division: "民一庭", people: &[XU, ("gu", "顾云舒", Office::Judge), ("jing", "许静", Office::Clerk)], ..REGISTRY };

/// What stands in the way of the archive.
fn missing(bench: &Bench) -> Vec<String> {
    let (findings, _) = bench.court.archive_check(COURT, bench.case).expect("checked");
    findings.into_iter().filter(|finding| finding.weight == casefile::complete::Weight::Missing).map(|finding| finding.text).collect()
}

fn go_to(bench: &Bench, day: Date) {
    bench.forward(day);
    bench.settle();
}

/// From the counter to the acceptance: the plaintiff wants electronic service, the defendant was not asked yet.
fn accepted(bench: &Bench) {
    let mut filing = bench.filing();
    filing.statement.claims.push("案件受理费由被告负担。".into());
    filing.statement.facts = "2024年3月15日，原告出借150000元给被告，约定2025年3月14日前还清，至今未还。".into();
    bench.file(filing);
    bench.accepted();
}

/// From the first packet to the record that everybody signed.
fn heard(bench: &Bench) {
    let (plaintiff, defendant) = (bench.plaintiff, bench.defendant);
    bench.post(defendant, date(2026, 3, 6));
    let (number, slip) = ("4001-2026-0306-00002", "转账凭证……");
    let evidence = material(MaterialKind::Evidence, "转账凭证", slip);
    let handed_in = Command::SubmitEvidence(SubmitEvidence { materials: vec![evidence], reason: String::new(), posted_on: None });
    let receipt = bench.receipt(ledger::Kind::Submission, number, "提交证据", &[]);
    bench.ask(Request { receipt_no: number.into(), receipt, ..bench.request(plaintiff, handed_in) }, &[slip]);
    bench.carry_out(
        &bench.counter(defendant),
        Command::SubmitAnswer(SubmitAnswer { text: "借款属实，利息过高。".into(), materials: vec![], posted_on: None }),
    );
    let fee = bench.case().fee.expect("a fee").due;
    bench.carry_out(&bench.filing_clerk, Command::PayFee(PayFee { amount: fee, method: PaymentMethod::BankSlip, reference: "BS-1".into() }));
    let item = bench.case().evidence[0].material.id;
    bench.carry_out(&bench.counter(defendant), opinion(item, Stand::Accepted, ""));
    bench.carry_out(&bench.filing_clerk, Command::AssignTribunal(AssignTribunal { form: TribunalForm::Sole }));
    bench.post(defendant, date(2026, 3, 10));
    let (judge, clerk) = (bench.officer(Office::Judge), bench.officer(Office::Clerk));
    let hearing =
        ScheduleHearing {
            date: date(2026, 4, 15), time: time(9, 30, 0, 0), courtroom: "第三法庭".into(), minutes: 120, public: true, waived: false
        };
    bench.carry_out(&clerk, Command::ScheduleHearing(hearing));
    bench.post(defendant, date(2026, 3, 20));
    go_to(bench, date(2026, 4, 15));
    let here = |person| Attendance { person, presence: Presence::InPerson, with: vec![] };
    bench.carry_out(&judge, Command::OpenHearing(OpenHearing { attendance: vec![here(plaintiff), here(defendant)] }));
    let text =
        "审判员：现在开庭。\n原告：请求判令被告偿还借款本金150000元，支付利息25500元。\n被告：借款属实，利息过高。\n审判员：择期宣判，现在休庭。";
    bench.carry_out(&clerk, Command::KeepRecord(KeepRecord { text: text.into() }));
    bench.carry_out(&clerk, Command::CloseRecord(CloseRecord {}));
    bench.carry_out(&bench.counter(plaintiff), Command::ConfirmRecord(ConfirmRecord::default()));
    bench.carry_out(&bench.counter(defendant), Command::ConfirmRecord(ConfirmRecord { refused: "认为记录不全".into(), ..ConfirmRecord::default() }));
    bench.carry_out(&judge, Command::ConfirmRecord(ConfirmRecord::default()));
}

fn text(defendant: PersonId, fee: Fen) -> JudgmentText {
    JudgmentText {
        evidence: "原告提交的借条形式完整，本院予以采信。".into(),
        facts: "2024年3月15日，周桂兰向陈志远出借150000元，约定2025年3月14日前还清，利息25500元，陈志远至今未还。".into(),
        reasons: "双方之间的借款合同合法有效。陈志远到期未还，应当偿还本金150000元，支付利息25500元。".into(),
        basis: "《中华人民共和国民法典》第六百七十五条、第六百七十六条，《中华人民共和国民事诉讼法》第六十七条第一款".into(),
        orders: vec![
            "被告陈志远于本判决生效之日起十日内偿还原告周桂兰借款本金150000元".into(),
            "被告陈志远于本判决生效之日起十日内支付原告周桂兰利息25500元".into(),
        ],
        fee: vec![FeeShare { person: defendant, amount: fee }],
    }
}

#[test]
fn a_case_is_judged_from_its_file_and_archived_as_a_package_that_others_can_check() {
    let Some(bench) = on_sqlite(PEOPLE) else { return };
    accepted(&bench);
    proofs_come_with_the_services(&bench);
    heard(&bench);
    drafted(&bench);

    // In effect after both periods of appeal; a certificate on request.
    let (judge, clerk) = (bench.officer(Office::Judge), bench.officer(Office::Clerk));
    bench.carry_out(&judge, Command::SignJudgment(SignJudgment { version: None }));
    bench.carry_out(&clerk, Command::SignJudgment(SignJudgment { version: None }));
    bench.post(bench.defendant, date(2026, 4, 20));
    assert_eq!(missing(&bench), ["案件还没有结案，请先结案。"]);
    bench.tick(date(2026, 5, 8));
    bench.settle();
    if bench.case().stage == Stage::Decided {
        bench.carry_out(&Actor::platform(COURT), Command::RecordEffect(RecordEffect {}));
    }
    assert_eq!(bench.case().effective_on, Some(date(2026, 5, 7)), "the fifteenth day, 5 May, is a holiday: the last day is the 6th");
    assert!(
        matches!(bench.court.archive_package(COURT, bench.case), Err(court::Error::Refused(procedure::Refusal::NotClosed))),
        "no date is invented"
    );
    bench.act(&clerk, Command::CloseCase(CloseCase {}));
    let open = missing(&bench);
    assert!(open.len() == 2 && open.iter().all(|text| text.contains("还没有上链")), "nothing is packed before it is logged: {open:#?}");
    bench.settle();
    // The certificate comes into the file after the closing, and says so.
    bench.carry_out(&Actor::citizen(bench.plaintiff), Command::RequestEffectCertificate(RequestEffectCertificate {}));
    bench.carry_out(&bench.filing_clerk, Command::IssueEffectCertificate(IssueEffectCertificate { to: bench.plaintiff }));

    let (all, logged) = bench.court.db().read_blocking(|tx| court::store::record_counts(tx, COURT)).expect("counted");
    assert_eq!(all, logged, "nothing waits for the ledger");
    let archive = || Command::ArchiveCase(ArchiveCase::default());
    let unbuilt = bench.try_act(&clerk, archive());
    assert!(matches!(unbuilt, Err(court::Error::Refused(procedure::Refusal::NotPacked))), "the zone archives what it built itself");
    let package = bench.court.archive_package(COURT, bench.case).expect("packed");
    assert!(package.is_complete(), "{:#?}", package.findings);
    bench.carry_out(&clerk, archive());
    let archived = bench.case().archiving.expect("archived");
    assert_eq!((&archived.package, &archived.tag_manifest, &archived.volumes), (&package.sha256, &package.tag_manifest, &package.volumes));
    assert_eq!(bench.case().stage, Stage::Archived);
    assert_eq!(bench.court.archived(COURT, bench.case).expect("read").as_ref(), Some(&package.zip), "kept byte for byte");
    checked(&bench, &package);
    // What was kept can be read again: the same package is made of it.
    let (count, wrong) = bench.court.check_replay().expect("replays");
    assert_eq!((count, wrong), (1, vec![]));
}

/// R-SVC-14: the plaintiff's notices come with sealed certificates that verify offline and start no period.
fn proofs_come_with_the_services(bench: &Bench) {
    let case = bench.case();
    let own = bench.papers_to(bench.plaintiff).len();
    let (inbox, completed) = (bench.papers(), bench.receipts().into_iter().collect::<BTreeMap<_, _>>());
    let certificates: Vec<_> = inbox.iter().filter(|(released, _)| released.proof_of.is_some()).collect();
    assert_eq!(certificates.len(), own, "one for each paper served electronically");
    for (released, bytes) in &certificates {
        assert_eq!((released.name.as_str(), released.clock.is_none()), ("电子送达凭证", true));
        assert!(case.paper(released.id).is_none(), "it is no paper of the case");
        let number = format!("P-{}", released.id.0.simple());
        let receipt = ledger::Receipt::parse(completed.get(&number).expect("in the ledger")).expect("a receipt");
        let verdict = receipt.verify(&bench.trust, Some(bytes)).expect("holds");
        assert_eq!(verdict.state, ledger::State::Logged);
    }
    let ids: std::collections::BTreeSet<_> = certificates.iter().map(|(released, _)| released.id).collect();
    assert_eq!(ids.len(), own, "each has an id of its own");
}

/// The draft: pieces with their origin, defects that point, and a sound text that passes.
fn drafted(bench: &Bench) {
    let judge = bench.officer(Office::Judge);
    let empty = bench.court.draft(COURT, bench.case, None).expect("assembled");
    let of = |part| empty.pieces.iter().find(|piece| piece.part == part).unwrap_or_else(|| panic!("{part:?} is missing")).clone();
    assert!(matches!(of(court::draft::Part::Course).origin, court::draft::Origin::Hearing { number: 1 }));
    assert!(
        of(court::draft::Part::Course).text.contains("依法适用简易程序，于2026年4月15日公开开庭进行了审理。原告周桂兰、被告陈志远到庭参加诉讼。")
    );
    assert!(matches!(of(court::draft::Part::Answers).origin, court::draft::Origin::Answer { by } if by == bench.defendant));
    assert!(of(court::draft::Part::Answers).text.contains("陈志远辩称，借款属实，利息过高。"));
    assert!(of(court::draft::Part::Appeal).text.contains("广东省清河市中级人民法院"));
    assert!(empty.findings().iter().any(|finding| finding.rule == "R-CHK-53" && finding.level == Level::Error), "no orders yet");
    assert!(bench.court.draft_pdf(&empty).expect("typeset").starts_with(b"%PDF"));

    let fee = bench.case().fee.expect("a fee").due;
    let sound = text(bench.defendant, fee);
    let mut wrong = sound.clone();
    wrong.orders[1] = "被告陈志远支付原告周桂兰利息25510元".into();
    let rules: Vec<_> =
        bench.court.draft(COURT, bench.case, Some(&wrong)).expect("assembled").defects.into_iter().map(|defect| defect.rule).collect();
    assert!(["R-CHK-33", "R-CHK-54"].iter().all(|rule| rules.iter().any(|other| other == rule)), "{rules:?}");
    let draft = bench.court.draft(COURT, bench.case, Some(&sound)).expect("assembled");
    assert_eq!(draft.defects, vec![], "a sound judgment");
    // Whoever calls, the zone looks itself: a draft with errors is kept with them and cannot be signed.
    bench.carry_out(&judge, Command::DraftJudgment(DraftJudgment { text: wrong }));
    let kept = bench.case().judgment.expect("kept").findings;
    assert!(kept.iter().any(|finding| finding.rule == "R-CHK-33" && finding.level == Level::Error), "{kept:?}");
    let refused = bench.try_act(&judge, Command::SignJudgment(SignJudgment { version: None }));
    assert!(matches!(refused, Err(court::Error::Refused(procedure::Refusal::Defects { .. }))), "{refused:?}");
    bench.carry_out(&judge, Command::DraftJudgment(DraftJudgment { text: sound }));
    assert_eq!(bench.case().judgment.expect("kept").findings, vec![]);
}

/// The package: our own check, what changes is found, every receipt holds, and a BagIt tool of others agrees.
fn checked(bench: &Bench, package: &court::archive::Package) {
    let verdict = |files: &[(String, Vec<u8>)]| {
        let mut validator = casefile::bag_check::Validator::default();
        files.iter().for_each(|(path, bytes)| validator.file(path, bytes));
        validator.finish()
    };
    let whole = verdict(&package.files);
    assert_eq!(whole.problems, vec![]);
    assert_eq!(whole.tag_manifest.as_ref(), Some(&package.tag_manifest), "what the ledger keeps covers it all");
    let mut changed = package.files.clone();
    changed[3].1[10] ^= 1;
    assert!(!verdict(&changed).holds(), "a changed byte is found");
    let names: Vec<_> = package.files.iter().map(|(path, _)| path.as_str()).collect();
    for wanted in [
        "data/main/000-1-卷宗封面.pdf",
        "data/main/000-2-卷内文书目录.pdf",
        "data/main/001-民事起诉状.txt",
        "data/main/999-备考表.pdf",
        "data/events.jsonl",
    ] {
        assert!(names.contains(&wanted), "{wanted}: {names:#?}");
    }
    let internal: Vec<_> = names.iter().filter(|name| name.starts_with("data/internal/")).collect();
    assert!(internal.iter().any(|name| name.contains("原本")) && internal.iter().any(|name| name.contains("第2稿")), "{internal:?}");
    assert!(!names.iter().any(|name| name.starts_with("data/main/") && (name.contains("原本") || name.contains("稿"))), "sealed by construction");
    signed(bench);
    rooted(bench, package);
    // Receipts of the package prove its papers offline.
    let bytes_of = |sha256: &str| package.files.iter().find(|(_, bytes)| storage::Digest::of(bytes).to_string() == sha256).map(|(_, bytes)| bytes);
    let mut proven = 0;
    for (path, bytes) in package.files.iter().filter(|(path, _)| path.ends_with(".receipt")) {
        let receipt = ledger::Receipt::parse(std::str::from_utf8(bytes).expect("text")).expect("a receipt");
        let file = receipt.content().files.first().and_then(|file| bytes_of(&file.sha256));
        let verdict = receipt.verify(&bench.trust, file.map(Vec::as_slice)).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert_eq!(verdict.state, ledger::State::Logged, "{path}");
        proven += usize::from(file.is_some());
    }
    assert!(proven >= 15, "papers and certificates: {proven}");
    let archive = bench.dir.path().join("archive");
    package.unpack(&archive).expect("unpacked");
    look_at(&archive);
    for (program, arguments) in [
        ("bagit.py", vec!["--validate".to_owned(), archive.display().to_string()]),
        ("python3", vec![concat!(env!("CARGO_MANIFEST_DIR"), "/tests/second_bag_check.py").to_owned(), archive.display().to_string()]),
    ] {
        match Process::new(program).args(&arguments).output() {
            Ok(done) => {
                assert!(done.status.success(), "{program}: {}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr))
            }
            Err(_) => eprintln!("SKIPPED: {program} is not installed; the package was not checked by it"),
        }
    }
}

/// R-FIA-05: the roots that were logged at the closing are found again from the package alone, and those of the package.
fn rooted(bench: &Bench, package: &court::archive::Package) {
    let text = |path: &str| {
        let found = package.files.iter().find(|(name, _)| name.starts_with(path)).unwrap_or_else(|| panic!("{path} is missing"));
        String::from_utf8(found.1.clone()).expect("text")
    };
    let listed: serde_json::Value = serde_json::from_str(&text("data/items.json")).expect("JSON");
    for (place, volume) in listed["volumes"].as_array().expect("volumes").iter().enumerate() {
        let items: Vec<_> = volume["items"].as_array().expect("items").iter().map(|placed| &placed["item"]).collect();
        let root = |later: bool| {
            let counted = items.iter().filter(|item| later || item["later"] == false);
            let side = |item: &serde_json::Value, name: &str| item[name].as_str().expect("a text").to_owned();
            let sides: Vec<_> = counted.map(|item| (side(item, "title"), item["pages"].as_u64().expect("pages"), side(item, "sha256"))).collect();
            casefile::root(sides.iter().map(|(title, pages, sha256)| (title.as_str(), u32::try_from(*pages).expect("pages"), sha256.as_str())))
        };
        let receipt = ledger::Receipt::parse(&text(&format!("data/receipts/V{}-", place + 1))).expect("a receipt");
        assert_eq!((receipt.state(), receipt.content().facts["根摘要"].as_str()), (ledger::State::Logged, root(false).as_str()), "at the closing");
        assert_eq!(receipt.content().facts["卷"], volume["name"], "正卷 and 副卷");
        assert_eq!(package.volumes[place].root, root(true), "as packed");
        let later: Vec<_> = items.iter().filter(|item| item["later"] == true).map(|item| item["title"].as_str().expect("a title")).collect();
        let expected = if place == 0 { vec!["电子送达凭证（周桂兰：生效证明）", "生效证明（周桂兰）"] } else { vec![] };
        assert_eq!(later, expected, "R-ARC-07: what came later says so");
    }
    let internal = |no: &str| no.starts_with("V2-") || no.starts_with("W2-");
    let logged = bench.receipts();
    assert!(!logged.iter().any(|(no, _)| internal(no)), "what the internal volume holds is not told outside");
    assert!(logged.iter().any(|(no, _)| no.starts_with("W1-")), "the archive's own root is logged too");
    // What was said and chosen online stands in the catalogue, and the portal's receipt beside it.
    let titles = listed["volumes"][0]["items"].to_string();
    for wanted in ["质证意见（被告陈志远）", "诉讼方式选择书（周桂兰）", "案件受理费交纳凭证"] {
        assert!(titles.contains(wanted), "{wanted}: {titles}");
    }
    assert!(text("data/receipts/4001-2026-0306-00002").contains("提交证据"));
}

/// R-TRI-33: the record names who signed, who refused, and who entered it.
fn signed(bench: &Bench) {
    let id = bench.case().papers.iter().find(|paper| paper.paper == Paper::HearingRecord).expect("a record").id;
    let documents::Paper::HearingRecord(record) = serde_json::from_str(&bench.facts(id)).expect("a paper") else { panic!("a record") };
    let marks: Vec<_> = record.signatures.iter().map(|line| format!("{}：{}", line.who, line.mark)).collect();
    assert_eq!(marks[0], "原告周桂兰：2026年4月15日在书面笔录上签名，许知行登记");
    assert_eq!(marks[1], "被告陈志远：拒绝签名：认为记录不全（许知行记明）");
    assert!(marks[2].starts_with("审判员顾云舒：2026年4月15日") && marks[2].ends_with("在办案平台确认签名"), "{}", marks[2]);
}

/// Keeps the package for people to look at, where they ask for it.
fn look_at(archive: &Path) {
    if let Some(target) = std::env::var_os("XIEZHI_KEEP_ARCHIVE") {
        let done = Process::new("cp").arg("-r").arg(archive).arg(target).status().expect("cp runs");
        assert!(done.success());
    }
}

/// R-SVC-01, R-DDL-10: a service entered by a clerk gets its return, and a corrected date gets another.
#[test]
fn a_service_by_post_has_a_return_and_a_correction_has_its_own() {
    let Some(bench) = on_sqlite(PEOPLE) else { return };
    accepted(&bench);
    bench.post(bench.defendant, date(2026, 3, 6));
    let of_defendant: Vec<_> = bench.papers_to(bench.defendant).into_iter().map(|paper| paper.id).collect();
    let proofs = || {
        let case = bench.case;
        let all = bench.court.db().read_blocking(move |tx| court::store::proofs::proofs(tx, COURT, case)).expect("read");
        all.into_iter().filter(|(_, papers)| papers.iter().all(|paper| of_defendant.contains(paper))).collect::<Vec<_>>()
    };
    let first = proofs();
    assert_eq!(first.len(), 1, "one return for the whole packet");
    assert_eq!(first[0].1.len(), of_defendant.len());
    let typed: documents::Paper = serde_json::from_str(&bench.facts(first[0].0)).expect("a paper");
    let documents::Paper::ServiceReturn(form) = typed else { panic!("a return of service") };
    let result = form.result.expect("what the clerk entered");
    assert_eq!((result.on, result.clerk.as_str(), form.how.as_str()), (date(2026, 3, 6), "许知行", "邮寄送达"));
    go_to(&bench, date(2026, 3, 9));
    let correct = CorrectService { papers: of_defendant.clone(), on: date(2026, 3, 5), reason: "回执日期看错".into() };
    bench.carry_out(&bench.filing_clerk, Command::CorrectService(correct));
    let both = proofs();
    assert_eq!(both.len(), 2, "the first stays on record");
    let second = both.iter().find(|(id, _)| *id != first[0].0).expect("another");
    assert!(bench.facts(second.0).contains("更正（回执日期看错）"));
    assert!(bench.papers().iter().all(|(released, _)| released.account == bench.plaintiff), "nothing electronic to who did not consent");
    assert!(bench.case().papers.iter().all(|paper| paper.paper != Paper::CivilJudgment));
}
