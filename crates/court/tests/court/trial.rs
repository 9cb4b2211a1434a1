//! The way from acceptance to archive through the court zone, on real tables with real papers: first packet by post, joining,
//! answer, evidence and opinions, the draw, the hearing and its record, judgment, effect, closing, archive.
use crate::bench::{Bench, CHAMBER, COURT, Place, material, on_each, opinion, wait};
use crate::damage;
use court::Error;
use exchange::message::{CodeWanted, Outcome, Request, ToCourt};
use jiff::civil::{date, time};
use procedure::case::{Actor, Channel, Factor, MaterialKind, Method, Scope, ServiceState};
use procedure::step::*;
use procedure::trial::{Attendance, FeeShare, JudgmentText, Presence, Stand, TribunalForm};
use procedure::{Command, Event, Fen, Office, Paper, PersonId, Refusal, Stage};
use std::collections::BTreeMap;
use storage::Db;

#[test]
fn a_case_goes_from_acceptance_to_the_archive() {
    for bench in on_each(CHAMBER) {
        bench.filed_and_accepted();
        answered_and_commented(&bench);
        assigned_and_heard(&bench);
        judged_and_served(&bench);
        closed_and_archived(&bench);
    }
}

#[test]
fn r_idc_23_who_never_consented_or_withdrew_gets_nothing_electronically_and_who_consents_does() {
    for bench in on_each(CHAMBER) {
        bench.filed_and_accepted();
        let sent_to = |person| bench.papers().iter().filter(|(paper, _)| paper.account == person).count();
        // All of the first packet went by post, before he joined; the plaintiff's papers went into her inbox.
        assert_eq!(sent_to(bench.defendant), 0, "nothing electronically before consent");
        assert!(sent_to(bench.plaintiff) > 0);

        // Joined and consenting: the notice of the tribunal reaches both inboxes.
        bench.carry_out(&bench.filing_clerk, Command::AssignTribunal(AssignTribunal { form: TribunalForm::Sole }));
        let with_consent = sent_to(bench.defendant);
        assert!(with_consent > 0, "who consents is served electronically");
        let method = |paper, to| {
            let case = bench.case();
            let found = case.papers.iter().find(|one| one.paper == paper && one.to == to).map(|one| one.service.clone());
            found.unwrap_or_else(|| panic!("{paper:?} is not owed"))
        };

        // He withdraws: from then on the post, and not one envelope.
        let withdraw = ChooseChannel { choices: vec![(Scope::Service, Channel::Counter)], text: "2026-1".into() };
        bench.act(&Actor::citizen(bench.defendant), Command::ChooseChannel(withdraw));
        let summons = ScheduleHearing {
            date: date(2026, 4, 8),
            time: time(9, 30, 0, 0),
            courtroom: "第三法庭".into(),
            minutes: 120,
            public: true,
            waived: false,
        };
        bench.carry_out(&bench.officer(Office::Clerk), Command::ScheduleHearing(summons));
        assert!(matches!(method(Paper::Summons, bench.plaintiff), ServiceState::Served { method: Method::Electronic, .. }));
        assert_eq!(method(Paper::Summons, bench.defendant), ServiceState::Issued, "sealed, and waiting for the post");
        assert_eq!(sent_to(bench.defendant), with_consent, "nothing electronically after the withdrawal");
        let (id, defendant) = (bench.case, bench.defendant);
        let post = bench.court.db().read_blocking(move |tx| court::store::post_tasks(tx, COURT, id)).expect("tasks");
        assert_eq!(post.iter().filter(|(_, to)| *to == defendant).count(), 1, "the clerk has it to post: {post:?}");
        damage::each_damaged_table_is_named(&bench);
        bench.forward(date(2026, 3, 10));
        bench.post(bench.defendant, date(2026, 3, 13));
        assert!(
            matches!(method(Paper::Summons, bench.defendant), ServiceState::Served { method: Method::Postal, on, .. } if on == date(2026, 3, 13))
        );
        let (owed, forgotten) = court::check_owed(bench.court.db(), &[COURT.to_owned()]).expect("compared");
        assert!(owed > 0 && forgotten.is_empty(), "{forgotten:?}");

        // And back again: the choice can be changed at any time (R-IDC-23).
        let again = ChooseChannel { choices: vec![(Scope::Service, Channel::Online)], text: "2026-1".into() };
        bench.act(&Actor::citizen(bench.defendant), Command::ChooseChannel(again));
        bench.forward(date(2026, 4, 1));
        let reason = "被告申请延期，理由正当。".into();
        let later = PostponeHearing { date: date(2026, 4, 15), time: time(9, 30, 0, 0), courtroom: "第三法庭".into(), reason };
        bench.carry_out(&bench.officer(Office::Judge), Command::PostponeHearing(later));
        assert!(sent_to(bench.defendant) > with_consent, "consent given again holds again");
        a_lost_job_is_seen(&bench);
    }
}

/// 签名验证码: what a party signs online wants the code that the court sent him; none, a wrong or a spent one signs nothing.
fn signs_with_the_courts_code(bench: &Bench, person: PersonId) {
    let wants = |account| {
        let (at, step) = (storage::Clock::real_now(), "confirm_record".into());
        let wanted = CodeWanted { court: COURT.into(), case: bench.case, account, step, at, for_person: None };
        bench.send(&ToCourt::Code(wanted), &[]);
    };
    let sign = |code: &str| {
        let request = bench.request(person, Command::ConfirmRecord(ConfirmRecord::default()));
        bench.ask(Request { code: code.into(), ..request }, &[])
    };
    let codes = || -> Vec<String> {
        let shown = wait(bench.court.sandbox_messages()).expect("messages").expect("a demo");
        let texts = shown.iter().filter(|message| message.text.contains("核对笔录并签名"));
        texts.map(|message| message.text.split_once("验证码").expect("a code").1.chars().take(6).collect()).collect()
    };
    let wrong = |outcome: Outcome| matches!(&outcome, Outcome::Refused { field: Some(field), .. } if field == "sign_code");
    assert!(wrong(sign("000000")), "none was sent");
    wants(PersonId::new());
    assert!(codes().is_empty(), "who may not sign gets none");
    wants(person);
    wants(person);
    let first = codes();
    assert_eq!(first.len(), 1, "one is on its way");
    let other = if first[0] == "111111" { "222222" } else { "111111" };
    assert!((0..5).all(|_| wrong(sign(other))) && wrong(sign(&first[0])), "five wrong tries spend it");
    wants(person);
    let second: Vec<String> = codes().into_iter().filter(|code| *code != first[0]).collect();
    let ten_minutes = |tx: &mut storage::Tx| tx.execute("UPDATE codes SET sent = sent - 600001, ends = ends - 600001", &[]);
    assert_eq!(bench.court.db().write_blocking(ten_minutes), Ok(1));
    assert!(wrong(sign(&second[0])), "ten minutes are over");
    wants(person);
    let third: Vec<String> = codes().into_iter().filter(|code| *code != first[0] && *code != second[0]).collect();
    assert!(matches!(sign(&third[0]), Outcome::Done { .. }), "{third:?}");
    // What he signed with stands with his name (R-IDC-02).
    assert_eq!((bench.last_actor().person, bench.last_actor().factor), (person, Some(Factor::CourtCode)));
    assert!(wrong(sign(&third[0])), "used once");
}

#[test]
fn r_ddl_10_a_service_corrected_after_effect_gives_the_appeal_back_and_calls_the_certificate_in() {
    for bench in on_each(CHAMBER) {
        bench.filed_and_accepted();
        answered_and_commented(&bench);
        assigned_and_heard(&bench);
        judged_and_served(&bench);
        assert!(bench.has(Office::Clerk, "close"));
        let case = bench.case();
        let judgment = case.papers.iter().find(|paper| paper.paper == Paper::CivilJudgment && paper.to == bench.defendant).expect("served");
        let correct = CorrectService { papers: vec![judgment.id], on: date(2026, 5, 6), reason: "系统故障，次日才能登录。".into() };
        bench.carry_out(&bench.filing_clerk, Command::CorrectService(correct));
        assert_eq!((bench.case().stage, bench.case().effective_on), (Stage::Decided, None));
        assert!(!bench.has(Office::Clerk, "close") && bench.has(Office::Clerk, "recall"));
        let view = bench.view(bench.defendant);
        assert!(view.timeline.iter().any(|entry| entry.detail.contains("判决没有生效")), "{:?}", view.timeline);

        // He may appeal again, at the counter too, and gets the court's own receipt (R-FIL-10).
        let mut counter = bench.officer(Office::Clerk);
        counter.for_person = Some(bench.defendant);
        let appeal = FileAppeal { requests: "撤销原判。".into(), reasons: "利息计算错误。".into(), materials: vec![], posted_on: None };
        bench.carry_out(&counter, Command::FileAppeal(appeal));
        assert!(bench.receipts().iter().any(|(no, _)| no.starts_with(&format!("L-{}", bench.case.0.simple()))));
        assert_eq!(bench.court.check_replay().expect("replays"), (1, vec![]));
    }
}

/// Owed is found from the events, under way from the jobs: a job that is gone shows.
fn a_lost_job_is_seen(bench: &Bench) {
    let evidence = material(MaterialKind::Evidence, "还款记录", "还款记录……");
    let handed_in = Command::SubmitEvidence(SubmitEvidence { materials: vec![evidence], reason: "刚刚找到。".into(), posted_on: None });
    bench.try_with(&Actor::citizen(bench.defendant), handed_in, vec![], &["还款记录……"]).expect("handed in");
    assert_eq!(bench.forgotten(), [], "its receipt is to be typeset");
    const GONE: &str = "DELETE FROM jobs WHERE court = $1 AND kind = 'typeset' AND state <> 'done'";
    bench.court.db().write_blocking(|tx| Ok::<_, Error>(tx.execute(GONE, &[COURT.into()])?)).expect("deleted");
    let forgotten = bench.forgotten();
    assert_eq!(forgotten.iter().map(|one| one.missing).collect::<Vec<_>>(), ["job to typeset it"], "{forgotten:?}");
}

fn answered_and_commented(bench: &Bench) {
    let (plaintiff, defendant) = (Actor::citizen(bench.plaintiff), Actor::citizen(bench.defendant));
    let view = bench.view(bench.defendant);
    assert!(view.steps.iter().any(|step| step == "submit_answer"), "{:?}", view.steps);
    assert!(view.duties.iter().any(|duty| duty.yours && duty.step.as_deref() == Some("submit_answer") && duty.until == Some(date(2026, 3, 23))));
    assert!(!bench.view(bench.plaintiff).steps.iter().any(|step| step == "submit_answer"));
    bench.forward(date(2026, 3, 16));
    let paper = "答辩状……";
    let answer = SubmitAnswer {
        text: "借款属实，已经还了两万元。".into(),
        materials: vec![material(MaterialKind::Answer, "民事答辩状", paper)],
        posted_on: None,
    };
    let missing = bench.try_act(&defendant, Command::SubmitAnswer(answer.clone()));
    assert!(matches!(missing, Err(Error::FileMissing(_))), "no event names a file that is not there");
    bench.try_with(&defendant, Command::SubmitAnswer(answer), vec![], &[paper]).expect("answered");
    let proof = "转账凭证……";
    let evidence =
        SubmitEvidence { materials: vec![material(MaterialKind::Evidence, "转账凭证", proof)], reason: String::new(), posted_on: None };
    bench.try_with(&defendant, Command::SubmitEvidence(evidence), vec![], &[proof]).expect("handed in");
    bench.settle();
    let case = bench.case();
    for (paper, to) in [(Paper::AnswerCopy, bench.plaintiff), (Paper::EvidenceReceipt, bench.defendant)] {
        assert_eq!(case.served_on(paper, to), Some(date(2026, 3, 16)), "{paper:?} is typeset, sealed and served");
    }
    let (iou, transfer) = (case.evidence[0].material.id, case.evidence[1].material.id);
    let waits = |person| bench.view(person).evidence.iter().map(|item| item.waits).collect::<Vec<_>>();
    assert_eq!((waits(bench.plaintiff), waits(bench.defendant)), (vec![false, true], vec![true, false]));
    bench.act(&defendant, opinion(iou, Stand::Accepted, ""));
    bench.act(&plaintiff, opinion(transfer, Stand::Disputed, "这笔钱是另一笔货款。"));
    assert_eq!((waits(bench.plaintiff), waits(bench.defendant)), (vec![false, false], vec![false, false]));
    let view = bench.view(bench.defendant);
    let theirs = &view.evidence[1].opinions[0];
    assert_eq!((theirs.by.as_str(), theirs.yours, theirs.authenticity), ("周桂兰", false, Stand::Disputed));
    bench.settle();
}

#[test]
fn r_tri_32_the_summons_to_a_day_that_was_put_off_is_not_posted_any_more() {
    for bench in on_each(CHAMBER) {
        let clerk = summoned(&bench);
        let old: Vec<_> = bench.papers_to(bench.defendant).into_iter().filter(|paper| paper.paper == Paper::Summons).collect();
        assert_eq!((old.len(), &old[0].service), (1, &ServiceState::Issued), "sealed, and waiting for the post");
        let later =
            PostponeHearing { date: date(2026, 4, 20), time: time(9, 30, 0, 0), courtroom: "第三法庭".into(), reason: "证人住院".into() };
        bench.carry_out(&clerk, Command::PostponeHearing(later));
        assert!(bench.forgotten().is_empty(), "{:?}", bench.forgotten());
        let send = |paper| Command::SendPaper(SendPaper { papers: vec![paper], method: Method::Postal, reference: "EMS1".into() });
        assert_eq!(bench.refused(&bench.filing_clerk, send(old[0].id)), Refusal::PaperSuperseded);
        // What the clerk posts is the new one alone; the plaintiff, who had the old one, is told which counts.
        let waits = bench.papers_to(bench.defendant).into_iter().filter(|paper| paper.service == ServiceState::Issued && paper.id != old[0].id);
        assert!(waits.map(|paper| paper.paper).collect::<Vec<_>>().contains(&Paper::Summons));
        let states: Vec<_> = bench.view(bench.plaintiff).papers.into_iter().filter(|paper| paper.name == "传票").map(|paper| paper.state).collect();
        assert_eq!(states.iter().filter(|state| state.contains("以新传票为准")).count(), 1, "{states:?}");
        assert_eq!(states.len(), 2, "{states:?}");
    }
}

/// Heard of by post alone: a case with a hearing on 8 April; gives its clerk.
fn summoned(bench: &Bench) -> Actor {
    bench.filed_and_accepted();
    let withdraw = ChooseChannel { choices: vec![(Scope::Service, Channel::Counter)], text: "2026-1".into() };
    bench.act(&Actor::citizen(bench.defendant), Command::ChooseChannel(withdraw));
    bench.carry_out(&bench.filing_clerk, Command::AssignTribunal(AssignTribunal { form: TribunalForm::Sole }));
    let clerk = bench.officer(Office::Clerk);
    let (date, time) = (date(2026, 4, 8), time(9, 30, 0, 0));
    let hearing = ScheduleHearing { date, time, courtroom: "第三法庭".into(), minutes: 120, public: true, waived: false };
    bench.carry_out(&clerk, Command::ScheduleHearing(hearing));
    clerk
}

#[test]
fn r_tri_31_a_plaintiff_who_does_not_come_is_held_to_have_withdrawn() {
    for bench in on_each(CHAMBER) {
        summoned(&bench);
        let judge = bench.officer(Office::Judge);
        bench.forward(date(2026, 4, 8));
        let line = |person, presence| Attendance { person, presence, with: vec![] };
        let attendance = vec![line(bench.plaintiff, Presence::Absent), line(bench.defendant, Presence::InPerson)];
        bench.carry_out(&judge, Command::OpenHearing(OpenHearing { attendance }));
        let drafted = bench.court.withdrawal_draft(COURT, bench.case).expect("drafted");
        assert!(drafted.facts.contains("无正当理由拒不到庭") && drafted.basis.contains("第一百四十六条"), "{drafted:?}");
        bench.carry_out(&judge, Command::DeemSuitWithdrawn(DeemSuitWithdrawn::default()));
        let case = bench.case();
        assert_eq!(case.stage, Stage::Withdrawn);
        let rulings: Vec<_> = case.papers.iter().filter(|paper| paper.paper == Paper::DeemedWithdrawalRuling).collect();
        assert_eq!(rulings.iter().map(|paper| paper.to).collect::<Vec<_>>(), [bench.plaintiff, bench.defendant]);
        let facts = bench.facts(rulings[0].id);
        assert!(facts.contains("经传票传唤") && !facts.contains(r#""halved":null"#), "{facts}");
        assert!(bench.view(bench.plaintiff).timeline.iter().any(|entry| entry.rule.as_deref() == Some("R-TRI-31")));
        assert!(bench.forgotten().is_empty(), "{:?}", bench.forgotten());
    }
}

fn assigned_and_heard(bench: &Bench) {
    let events = bench.act(&bench.filing_clerk, Command::AssignTribunal(AssignTribunal { form: TribunalForm::Sole }));
    let Event::TribunalAssigned { tribunal, .. } = &events[0] else { panic!("a tribunal") };
    assert_eq!((tribunal.roster.len(), tribunal.judges.len()), (5, 1));
    let judges: Vec<_> = tribunal.roster.iter().filter(|one| one.office == Office::Judge).map(|one| one.person).collect();
    assert_eq!(procedure::draw::draw(&tribunal.seed, "judge", &judges, 1), [tribunal.judges[0].person], "drawn again from the event");
    assert_eq!(bench.view(bench.plaintiff).tribunal.as_ref(), Some(&**tribunal), "the parties can draw again too");
    bench.settle();
    assert!(!bench.has(Office::FilingClerk, "assign"));
    assert!(bench.case().clock("R-TRI-05").is_none(), "both notices left at once");
    let (judge, clerk) = (bench.officer(Office::Judge), bench.officer(Office::Clerk));
    let schedule = |hour| ScheduleHearing {
        date: date(2026, 4, 8),
        time: time(hour, 30, 0, 0),
        courtroom: "第三法庭".into(),
        minutes: 120,
        public: true,
        waived: false,
    };
    bench.carry_out(&clerk, Command::ScheduleHearing(schedule(9)));
    assert_eq!(bench.refused(&clerk, Command::ScheduleHearing(schedule(14))), Refusal::HearingPending { number: 1 });
    let id = bench.case;
    let booked = bench.court.db().read_blocking(move |tx| court::store::trial::bookings(tx, COURT, date(2026, 4, 8))).expect("bookings");
    assert!(booked.len() == 1 && booked[0].case == id && booked[0].staff.contains(&judge.person), "{booked:?}");
    assert!(bench.view(bench.defendant).duties.iter().any(|duty| duty.what == "参加开庭" && duty.until == Some(date(2026, 4, 8))));

    bench.forward(date(2026, 4, 8));
    let line = |person, presence| Attendance { person, presence, with: vec![] };
    let attendance = vec![line(bench.plaintiff, Presence::InPerson), line(bench.defendant, Presence::InPerson)];
    bench.act(&judge, Command::OpenHearing(OpenHearing { attendance }));
    bench.act(&clerk, Command::KeepRecord(KeepRecord { text: "审判员：现在开庭。".into() }));
    let text = "审判员：现在开庭。\n原告：请求判令被告还款。\n被告：已经还了两万元。";
    bench.act(&clerk, Command::KeepRecord(KeepRecord { text: text.into() }));
    let open = bench.view(bench.plaintiff);
    assert!(
        open.hearings[0].record.is_none() && !serde_json::to_string(&open).expect("JSON").contains("请求判令被告还款。"),
        "an open record is internal"
    );
    bench.act(&clerk, Command::CloseRecord(CloseRecord {}));
    let closed = bench.view(bench.plaintiff);
    let record = closed.hearings[0].record.as_ref().expect("to sign");
    assert!(record.waits && record.text == text && closed.steps.iter().any(|step| step == "confirm_record"));
    signs_with_the_courts_code(bench, bench.plaintiff);
    let mut counter = clerk.clone();
    counter.for_person = Some(bench.defendant);
    bench.act(&counter, Command::ConfirmRecord(ConfirmRecord::default()));
    assert!(bench.has(Office::Clerk, "record"));
    bench.carry_out(&judge, Command::ConfirmRecord(ConfirmRecord::default()));
    assert!(!bench.has(Office::Clerk, "record") && bench.has(Office::Judge, "judgment"));
    let case = bench.case();
    let kept = case.papers.iter().find(|paper| paper.paper == Paper::HearingRecord).expect("a paper for the file");
    assert!(kept.service == ServiceState::Issued && kept.to == PersonId::default(), "{kept:?}");
    assert_eq!((bench.view(bench.plaintiff).trips, bench.view(bench.defendant).trips), (1, 1), "the sitting and signing there is one trip");
}

fn judged_and_served(bench: &Bench) {
    let (judge, clerk) = (bench.officer(Office::Judge), bench.officer(Office::Clerk));
    bench.forward(date(2026, 4, 20));
    let secret = "合议后认定的理由";
    let text = JudgmentText {
        evidence: "双方对借条没有异议，本院予以确认。".into(),
        facts: "2024年3月15日，原告出借150000元给被告，被告已还20000元，尚欠130000元。".into(),
        reasons: format!("借款合同合法有效。{secret}。"),
        basis: "《中华人民共和国民法典》第六百七十五条".into(),
        orders: vec!["被告陈志远于本判决生效之日起十日内偿还原告周桂兰借款本金130000元；".into(), "驳回原告周桂兰的其他诉讼请求。".into()],
        fee: vec![FeeShare { person: bench.defendant, amount: Fen(190_500) }],
    };
    bench.act(&judge, Command::DraftJudgment(DraftJudgment { text }));
    bench.act(&judge, Command::SignJudgment(SignJudgment { version: Some(1) }));
    for person in [bench.plaintiff, bench.defendant] {
        let view = bench.view(person);
        let json = serde_json::to_string(&view).expect("JSON");
        assert!(view.judgment.is_none() && !json.contains(secret) && !json.contains("签署"), "nothing of a draft is in a view");
    }
    assert!(bench.has(Office::Clerk, "countersign"));
    bench.carry_out(&clerk, Command::SignJudgment(SignJudgment::default()));
    let case = bench.case();
    for person in [bench.plaintiff, bench.defendant] {
        assert_eq!(case.served_on(Paper::CivilJudgment, person), Some(date(2026, 4, 20)));
        let view = bench.view(person);
        let judgment = view.judgment.as_ref().expect("given");
        assert_eq!((judgment.served_on, judgment.appeal_until), (Some(date(2026, 4, 20)), Some(date(2026, 5, 6))), "5 May is a holiday");
        assert!(view.steps.iter().any(|step| step == "file_appeal"));
    }
    let early = bench.refused(&clerk, Command::IssueEffectCertificate(IssueEffectCertificate { to: bench.plaintiff }));
    assert!(matches!(early, Refusal::NotEffectiveYet { .. }));
    bench.tick(date(2026, 5, 6));
    assert_eq!(bench.case().stage, Stage::Decided, "the last day is a day of the period");
    bench.tick(date(2026, 5, 7));
    assert_eq!((bench.case().stage, bench.case().effective_on), (Stage::Effective, Some(date(2026, 5, 7))));
    bench.act(&Actor::citizen(bench.plaintiff), Command::RequestEffectCertificate(RequestEffectCertificate {}));
    assert!(bench.has(Office::Clerk, "certificate"));
    bench.carry_out(&clerk, Command::IssueEffectCertificate(IssueEffectCertificate { to: bench.plaintiff }));
    assert_eq!(bench.case().served_on(Paper::EffectivenessCertificate, bench.plaintiff), Some(date(2026, 5, 7)));
}

fn closed_and_archived(bench: &Bench) {
    let clerk = bench.officer(Office::Clerk);
    let events = bench.act(&clerk, Command::CloseCase(CloseCase {}));
    let Event::CaseClosed { closing, .. } = &events[0] else { panic!("a closing") };
    assert_eq!((closing.on, closing.volumes.len()), (date(2026, 4, 20), 2), "正卷 and 副卷");
    let view = bench.view(bench.plaintiff);
    assert_eq!((&closing.volumes[0].root, closing.volumes[0].items as usize), (&view.root, view.items.len()), "filed = shown");
    assert!(bench.has(Office::Clerk, "archive"));
    bench.settle();
    let invented = serde_json::json!({"step": "archive_case", "package": "ab".repeat(32), "bytes": 4, "tag_manifest": "cd".repeat(32)});
    let invented: Command = serde_json::from_value(invented).expect("a command");
    assert_eq!(bench.refused(&clerk, invented.clone()), Refusal::NotPacked, "a package that the court did not build is none");
    let package = bench.court.archive_package(COURT, bench.case).expect("packed");
    assert!(package.is_complete(), "{:?}", package.findings);
    bench.act(&clerk, invented);
    let archiving = bench.case().archiving.expect("archived");
    assert_eq!((archiving.package, archiving.tag_manifest), (package.sha256, package.tag_manifest), "the court's own digests, not the caller's");
    bench.settle();
    assert_eq!(bench.case().stage, Stage::Archived);
    assert!(!bench.has(Office::Clerk, "archive"));

    // The ledger holds a record of each kind, complete; replay is equal; nothing is left undone.
    let case = bench.case;
    let kinds: Vec<String> = ["E", "T", "R", "V1", "M", "W1"].iter().map(|letter| format!("{letter}-{}", case.0.simple())).collect();
    let complete: BTreeMap<_, _> = bench.receipts().into_iter().collect();
    for prefix in kinds {
        assert!(complete.keys().any(|no| no.starts_with(&prefix)), "{prefix}: {:?}", complete.keys());
    }
    assert_eq!(bench.court.check_replay().expect("replays"), (1, vec![]));
    damage::each_wrong_view_is_seen(bench);
    damage::each_second_time_is_counted(bench);
    let case = bench.case();
    let owed: Vec<_> = case.papers.iter().filter(|paper| paper.service == ServiceState::Owed).map(|paper| paper.paper).collect();
    assert_eq!(owed, [], "everything owed was made");
}

#[test]
fn every_statement_of_trial_desk_and_projections_is_understood_by_each_engine() {
    for place in Place::each() {
        let db = Db::open(&place.url, &[court::store::MIGRATIONS]).expect("a store");
        use court::store::{desk, file, once, projection, trial};
        let all = [trial::STATEMENTS, desk::STATEMENTS, file::STATEMENTS, projection::STATEMENTS, once::STATEMENTS];
        db.read_blocking(move |tx| all.into_iter().flatten().try_for_each(|sql| tx.prepare(sql))).expect("prepared");
    }
}
