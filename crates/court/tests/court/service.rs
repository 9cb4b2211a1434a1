//! What service and review ask of people, on real tables with real papers: failed and unopened services, paper on request,
//! undecided filings, filings given back and refused, jobs put aside, items released to who may read them.
use crate::bench::{Bench, COURT, REGISTRY, Setting, XU, on_sqlite, to_be_corrected, wait};
use court::staff::Member;
use court::store::Task;
use court::{Error, Undelivered};
use exchange::message::ToPortal;
use jiff::civil::date;
use procedure::case::{Actor, Channel, Collect, Method, Remark, Scope, ServiceState};
use procedure::step::refuse_filing::Ground;
use procedure::step::*;
use procedure::{Command, Fen, Office, Paper, PersonId, Stage};
use storage::jobs;

const PEOPLE: Setting = Setting { people: &[XU, ("lin", "林正言", Office::Judge), ("tang", "唐书宁", Office::Clerk)], ..REGISTRY };

impl Bench {
    fn clerk(&self) -> &Member {
        &self.people[0]
    }

    /// Tasks of a kind that lie with the filing clerk.
    fn desk(&self, kind: &str) -> Vec<Task> {
        self.tasks(Office::FilingClerk, kind)
    }

    /// As [`Bench::settle`], with papers that do not get across for this reason.
    fn settle_without_papers(&self, why: &Undelivered) {
        self.settle_with(&|message, now| {
            let is_paper = matches!(message, ToPortal::Paper(paper) if paper.proof_of.is_none());
            if is_paper { Err(why.clone()) } else { Ok(now) }
        });
    }
}

/// The filing goes back for its claims.
fn claims_to_be_corrected() -> Command {
    let remark = Remark { field: "claims".into(), label: "诉讼请求".into(), page: None, remark: "请写明。".into(), rule: "R-FIL-12".into() };
    Command::ReturnForCorrection(ReturnForCorrection { remarks: vec![remark], days: 7 })
}

/// A portal that cannot be reached.
fn no_route() -> Undelivered {
    "no route".to_owned().into()
}

#[test]
fn r_svc_18_a_refused_envelope_is_a_failed_service_and_the_post_ends_the_clerks_task() {
    let Some(bench) = on_sqlite(PEOPLE) else { return };
    bench.filed();
    bench.accept();
    bench.settle_without_papers(&Undelivered { reason: "no such account".into(), for_good: true });
    let papers = bench.papers_to(bench.plaintiff);
    assert!(papers.iter().all(|paper| matches!(paper.service, ServiceState::Failed { method: Method::Electronic, .. })), "{papers:?}");
    let tasks = bench.desk("undelivered");
    assert_eq!(tasks.len(), papers.len());
    assert!(tasks.iter().all(|task| task.title.contains("未能电子送达周桂兰，改为邮寄")), "{tasks:?}");
    let about: court::desk::Papers = serde_json::from_str(&tasks[0].payload).expect("papers");
    assert_eq!(about.to, bench.plaintiff, "the task leads to the packet of its recipient");
    assert_eq!(bench.forgotten(), [], "every failed service has its task");

    let ids = papers.iter().map(|paper| paper.id).collect();
    bench.act(&bench.filing_clerk, Command::SendPaper(SendPaper { papers: ids, method: Method::Postal, reference: "EMS 1".into() }));
    assert!(bench.desk("undelivered").is_empty(), "sent another way, the task is done");
    assert_eq!(bench.forgotten(), []);
}

#[test]
fn r_svc_18_a_portal_out_of_reach_fails_a_service_after_so_many_tries_and_not_before() {
    let Some(bench) = on_sqlite(PEOPLE) else { return };
    bench.filed();
    bench.act(&bench.filing_clerk, claims_to_be_corrected());
    bench.settle_without_papers(&no_route());
    let tries = bench.court.law().policy.electronic_tries;
    let state = || bench.papers_to(bench.plaintiff)[0].service.clone();
    for n in 1..tries {
        assert!(matches!(state(), ServiceState::Sent { .. }), "after {n} tries it is on its way");
        try_again(&bench);
    }
    assert!(matches!(state(), ServiceState::Failed { .. }), "after {tries} tries it goes another way");
    assert_eq!(bench.desk("undelivered").len(), 1);
    try_again(&bench);
    assert_eq!(bench.desk("undelivered").len(), 1, "given up, it is not tried again");
}

/// A day on, when every pause is over.
fn try_again(bench: &Bench) {
    let later = bench.court.now().saturating_add(jiff::SignedDuration::from_hours(9)).expect("a time");
    bench.court.clock().advance_blocking(later, "test").expect("forward");
    bench.settle_without_papers(&no_route());
}

#[test]
fn r_svc_18_papers_that_nobody_opens_become_a_reminder_and_opening_ends_it() {
    let Some(bench) = on_sqlite(PEOPLE) else { return };
    bench.filed();
    bench.accepted();
    bench.tick(date(2026, 3, 5));
    assert!(bench.desk("unopened").is_empty(), "three days are given");
    bench.tick(date(2026, 3, 6));
    bench.court.tick().expect("ticks");
    let tasks = bench.desk("unopened");
    assert_eq!(tasks.len(), 1, "one for what one person got on one day: {tasks:?}");
    assert!(tasks[0].title.contains("周桂兰超过 3 日没有打开"), "{}", tasks[0].title);
    let papers = bench.papers_to(bench.plaintiff);
    assert!(papers.iter().all(|paper| matches!(paper.service, ServiceState::Served { .. })), "the service stands (R-SVC-12)");
    for (n, paper) in papers.iter().enumerate() {
        assert_eq!(bench.desk("unopened").len(), 1, "{n} opened");
        bench.act(&Actor::citizen(bench.plaintiff), Command::OpenPaper(OpenPaper { id: paper.id }));
    }
    assert!(bench.desk("unopened").is_empty(), "everything was opened");
    bench.court.tick().expect("ticks");
    assert!(bench.desk("unopened").is_empty());
}

#[test]
fn r_svc_18_a_reminder_that_a_clerk_ended_does_not_come_back() {
    let Some(bench) = on_sqlite(PEOPLE) else { return };
    bench.filed();
    bench.accepted();
    bench.tick(date(2026, 3, 6));
    let id = bench.desk("unopened")[0].id.clone();
    assert!(wait(bench.court.close_task(bench.clerk(), id)).expect("closed"));
    bench.tick(date(2026, 3, 9));
    assert!(bench.desk("unopened").is_empty());
}

#[test]
fn r_svc_10_paper_on_request_is_a_clerks_task() {
    let Some(bench) = on_sqlite(PEOPLE) else { return };
    bench.filed();
    bench.accepted();
    let paper = bench.papers_to(bench.plaintiff)[0].clone();
    let ask = Command::RequestPaperCopy(RequestPaperCopy { id: paper.id, how: Collect::Collect });
    bench.act(&Actor::citizen(bench.plaintiff), ask);
    let tasks = bench.desk("paper_copy");
    assert_eq!(tasks.len(), 1);
    assert_eq!(tasks[0].title, format!("周桂兰索要纸质的{}：到法院领取", paper.paper.zh()));
    assert!(wait(bench.court.close_task(bench.clerk(), tasks[0].id.clone())).expect("closed"), "done when the clerk says so");
    assert!(bench.desk("paper_copy").is_empty());
}

#[test]
fn a_recipient_has_one_packet_for_the_post_whatever_is_sealed_later() {
    let Some(bench) = on_sqlite(PEOPLE) else { return };
    bench.filed();
    bench.accepted();
    let to_defendant = || bench.desk("post").into_iter().filter(|task| task.payload.contains(&bench.defendant.to_string())).count();
    assert_eq!(to_defendant(), 1);
    bench.carry_out(&bench.filing_clerk, Command::AssignTribunal(AssignTribunal { form: procedure::trial::TribunalForm::Sole }));
    assert!(bench.papers_to(bench.defendant).iter().any(|paper| paper.paper == Paper::PanelNotice && paper.service == ServiceState::Issued));
    assert_eq!(to_defendant(), 1, "the notice goes into the packet that lies there");
}

#[test]
fn r_fil_10_an_undecided_filing_is_taken_up_anew_every_day_and_says_how_late_it_is() {
    let Some(bench) = on_sqlite(PEOPLE) else { return };
    bench.filed();
    bench.tick(date(2026, 3, 9));
    assert_eq!(bench.desk("undecided").len(), 1);
    assert!(bench.desk("undecided")[0].title.contains("今天届满"));
    bench.tick(date(2026, 3, 12));
    bench.court.tick().expect("ticks");
    let tasks = bench.desk("undecided");
    assert_eq!(tasks.len(), 1, "the day's own in the place of the last: {tasks:?}");
    assert!(tasks[0].title.contains("审查期限已过 3 日") && tasks[0].id.ends_with("2026-03-12"), "{tasks:?}");
}

#[test]
fn r_fil_12_a_filing_not_mended_is_given_back_and_who_insists_gets_a_ruling() {
    let Some(bench) = on_sqlite(PEOPLE) else { return };
    bench.filed();
    bench.carry_out(&bench.filing_clerk, to_be_corrected());
    bench.tick(date(2026, 3, 10));
    assert_eq!(bench.desk("correction_over").len(), 1);
    bench.carry_out(&bench.filing_clerk, Command::GiveBackFiling(GiveBackFiling { reason: "没有补正被告住所。".into() }));
    assert!(bench.desk("correction_over").is_empty());
    let notice = bench.papers_to(bench.plaintiff).into_iter().find(|paper| paper.paper == Paper::GivenBackNotice).expect("owed");
    assert!(matches!(notice.service, ServiceState::Served { .. }), "the plaintiff is told: {notice:?}");

    bench.act(&Actor::citizen(bench.plaintiff), Command::InsistOnFiling(InsistOnFiling { reason: "住所已经写明。".into() }));
    assert_eq!(bench.desk("insisted").len(), 1);
    let ruling =
        Command::RefuseFiling(RefuseFiling { ground: Ground::NotCorrected, reasons: "被告住所不明，不能与他人区别。".into() });
    let draft = bench.court.preview(bench.clerk(), bench.case, &ruling).expect("typeset").expect("a ruling");
    assert!(draft.starts_with(b"%PDF"));
    assert_eq!(bench.case().stage, Stage::GivenBack, "a preview stores nothing");
    bench.carry_out(&bench.filing_clerk, ruling);
    assert!(bench.desk("insisted").is_empty());
    let case = bench.case();
    assert_eq!((case.stage, case.number.as_deref()), (Stage::Refused, Some("(2026)粤4001民初1号")), "the first number of the register");
    let ruling = case.papers.iter().find(|paper| paper.paper == Paper::RefusalRuling).expect("owed");
    assert!(matches!(ruling.service, ServiceState::Served { .. }));
    assert!(case.clocks.iter().any(|clock| clock.clock.rule == "R-APL-01b"), "ten days to appeal from the service");
    let appeal =
        FileAppeal { requests: "撤销裁定，指令立案。".into(), reasons: "被告明确。".into(), materials: vec![], posted_on: None };
    bench.act(&Actor::citizen(bench.plaintiff), Command::FileAppeal(appeal));
    assert_eq!(bench.desk("appeal").len(), 1, "with the filing clerk: the case has no clerk");
    assert_eq!(bench.court.check_replay().expect("replays").1, vec![]);
}

/// Makes every job of a kind that waits fail until it is put aside.
fn bury(bench: &Bench, kind: &'static str) {
    for _ in 0..jobs::ATTEMPTS {
        let now = bench.court.now();
        let fail = move |tx: &mut storage::Tx| {
            for job in jobs::due(tx, now, 100)? {
                if job.kind == kind {
                    jobs::failed(tx, &job, "a font is missing", now)?;
                } else {
                    jobs::done(tx, &job)?;
                }
            }
            Ok::<_, Error>(())
        };
        bench.court.db().write_blocking(fail).expect("failed");
    }
}

#[test]
fn a_job_put_aside_is_told_to_a_clerk_and_is_not_under_way() {
    let Some(bench) = on_sqlite(PEOPLE) else { return };
    bench.filed();
    bench.act(&bench.filing_clerk, claims_to_be_corrected());
    assert_eq!(bench.forgotten(), [], "its job waits");
    bury(&bench, "typeset");
    assert_eq!(bench.forgotten().iter().map(|one| one.missing).collect::<Vec<_>>(), ["job to typeset it"], "dead is not under way");
    bench.court.tick().expect("ticks");
    bench.court.tick().expect("ticks");
    let tasks = bench.desk("dead_job");
    assert_eq!(tasks.len(), 1, "told once: {tasks:?}");
    assert!(tasks[0].title.starts_with("生成文书没有成功") && tasks[0].detail.contains("a font is missing"), "{tasks:?}");

    let id = tasks[0].id.clone();
    assert!(wait(bench.court.retry_job(bench.clerk(), id.clone())).expect("tried again"));
    assert!(bench.desk("dead_job").is_empty());
    assert!(!wait(bench.court.retry_job(bench.clerk(), id)).expect("known"), "a task that is done is none");
    bench.settle();
    assert_eq!(bench.forgotten(), []);
    assert!(matches!(bench.papers_to(bench.plaintiff)[0].service, ServiceState::Served { .. }));
}

#[test]
fn a_job_of_the_whole_court_that_was_put_aside_is_told_too() {
    let Some(bench) = on_sqlite(PEOPLE) else { return };
    bench.filed();
    bench.accepted();
    let now = bench.court.now();
    bench.court.db().write_blocking(move |tx| Ok::<_, Error>(jobs::enqueue(tx, COURT, "ledger", "never", "{}", now)?)).expect("asked for");
    bury(&bench, "ledger");
    bench.court.tick().expect("ticks");
    let tasks = bench.desk("dead_job");
    assert_eq!((tasks.len(), tasks[0].case_number.as_str()), (1, ""), "of no case, and shown: {tasks:?}");
}

/// Items that came over for an account: name and digest.
fn released(bench: &Bench, account: PersonId) -> Vec<String> {
    let got = bench.got.borrow();
    let items = got.iter().filter_map(|(message, _)| if let ToPortal::Item(item) = message { Some(item) } else { None });
    items.filter(|item| item.account == account).map(|item| item.name.clone()).collect()
}

#[test]
fn r_rdg_02_and_03_who_joined_reads_complaint_and_evidence_online_once_and_nothing_private() {
    let Some(bench) = on_sqlite(PEOPLE) else { return };
    bench.filed();
    bench.accepted();
    bench.post(bench.defendant, date(2026, 3, 4));
    assert_eq!(released(&bench, bench.defendant), Vec::<String>::new(), "who did not join gets nothing");

    let defendant = bench.defendant;
    bench.link(defendant);
    let join = JoinCase { choices: vec![(Scope::EvidenceExchange, Channel::Online)], text: "2026-1".into() };
    bench.carry_out(&Actor::citizen(defendant), Command::JoinCase(join));
    let items = released(&bench, defendant);
    assert!(items.iter().any(|name| name == "民事起诉状") && items.iter().any(|name| name.contains("借条")), "{items:?}");
    assert!(items.iter().any(|name| name.contains("应诉通知书（陈志远）")), "his own papers, which came by post: {items:?}");
    assert!(!items.iter().any(|name| name.contains("身份证") || name.contains("（周桂兰）")), "nothing private, nobody else's papers: {items:?}");

    bench
        .carry_out(&Actor::citizen(defendant), Command::SubmitAnswer(SubmitAnswer { text: "借款属实。".into(), materials: vec![], posted_on: None }));
    let again = released(&bench, defendant);
    let unique: std::collections::BTreeSet<_> = again.iter().collect();
    assert_eq!(unique.len(), again.len(), "each item once: {again:?}");
    let reads = wait(bench.court.reads_of(bench.clerk(), bench.case)).expect("reads");
    assert!(reads.iter().any(|read| read.granted && read.reader == "陈志远" && read.what.contains("民事起诉状")), "who got what is on record");
}

#[test]
fn r_svc_14_the_proofs_of_service_are_listed_and_open() {
    let Some(bench) = on_sqlite(PEOPLE) else { return };
    bench.filed();
    bench.accepted();
    let file = wait(bench.court.file(bench.clerk(), bench.case, None, "案件")).expect("read").expect("his");
    let served = bench.papers_to(bench.plaintiff);
    assert!(!file.proofs.is_empty());
    for paper in &served {
        let proof = file.proofs.iter().find(|proof| proof.papers.contains(&paper.id)).expect("each service has its proof");
        let (title, bytes, receipt) = wait(bench.court.proof_of(bench.clerk(), bench.case, proof.id)).expect("read").expect("there");
        assert_eq!(title, "电子送达凭证");
        assert!(bytes.starts_with(b"%PDF") && receipt.is_some());
    }
    let stranger = Member { court: "粤4002".into(), ..bench.clerk().clone() };
    assert!(wait(bench.court.proof_of(&stranger, bench.case, file.proofs[0].id)).expect("read").is_none());
}

#[test]
fn r_fee_15_the_ruling_lies_drafted_and_is_issued_as_the_judge_wrote_it() {
    let Some(bench) = on_sqlite(PEOPLE) else { return };
    // For the loan alone: the fee hangs on the amount.
    let mut filing = bench.filing();
    filing.statement.claims.truncate(1);
    filing.statement.amount = Fen(15_000_000);
    bench.file(filing);
    bench.accepted();
    bench.carry_out(&bench.filing_clerk, Command::AssignTribunal(AssignTribunal { form: procedure::trial::TribunalForm::Sole }));
    bench.forward(date(2026, 3, 11));
    let case = bench.case();
    let (id, _) = case.officer(Office::Judge).expect("assigned");
    let judge = Member { court: COURT.into(), id, name: "林正言".into(), office: Office::Judge, division: String::new() };
    let drafted = bench.court.withdrawal_draft(COURT, bench.case).expect("drafted");
    assert!(drafted.facts.contains("预交案件受理费1650元") && drafted.facts.contains("2026年3月9日届满"), "{}", drafted.facts);
    let preview = bench.court.preview(&judge, bench.case, &Command::DeemSuitWithdrawn(DeemSuitWithdrawn::default()));
    assert!(preview.expect("typeset").expect("a ruling").starts_with(b"%PDF"));
    let facts = format!("{}本院另行电话催交，原告仍未交纳。", drafted.facts);
    bench.carry_out(&judge.actor(), Command::DeemSuitWithdrawn(DeemSuitWithdrawn { facts, basis: String::new() }));
    let ruling = bench.case().papers.into_iter().find(|paper| paper.paper == Paper::DeemedWithdrawalRuling).expect("owed");
    let facts = bench.facts(ruling.id);
    assert!(facts.contains("本院另行电话催交") && facts.contains("第二百一十三条"), "his words, and the provisions as drafted");
}
