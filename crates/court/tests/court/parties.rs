//! Who stands in a case and for whom he acts, over the bridge: agents with their powers, joining, confirmed addresses, what a
//! refusal leaves (nothing), and particulars that belong to one case.
use crate::bench::{Bench, COURT, REGISTRY, TEXTS, card, material, on_each};
use court::store::persons::{self, Link};
use court::{Error, Vault};
use exchange::message::{Card, Join, Outcome, Request, ToCourt, ToPortal};
use jiff::civil::date;
use procedure::case::{Actor, Agent, Channel, Choice, ClockState, MaterialKind, Party, Power, RunningClock, Scope, ServiceState};
use procedure::step::{AppointAgent, ChooseChannel, FileAppeal, JoinCase, RevokeAgent, day_of};
use procedure::{CaseId, Command, Law, Office, Paper, PersonId, Stage};

/// Numbers of identity of the people here.
const PLAINTIFF: (&str, &str) = ("周桂兰", "11010519491231002X");
const DEFENDANT: (&str, &str) = ("陈志远", "440524188001010014");
const AGENT: (&str, &str) = ("沈知白", "11010119900307803X");
const POWER: &str = "授权委托书……";

impl Bench {
    fn joins(&self, code: &str, case_number: Option<&str>, account: PersonId, (name, number): (&str, &str), choices: &[(Scope, Channel)]) -> Outcome {
        let card = Card {
            person: account,
            name: name.into(),
            number: number.into(),
            phone: "13900139000".into(),
            address: "清河市青石区青石路27号2栋301".into(),
            account: Some(account),
            ..Card::default()
        };
        let join = Join {
            submission: uuid::Uuid::now_v7(),
            court: COURT.into(),
            code: code.into(),
            case_number: case_number.map(str::to_owned),
            card,
            at: self.court.now(),
            choices: choices.to_vec(),
            text: "2026-1".into(),
        };
        self.send(&ToCourt::Join(Box::new(join)), &[]);
        self.outcome()
    }

    /// Names of the items of the file, as a party sees it.
    fn items(&self, party: PersonId) -> Vec<String> {
        self.view(party).items.into_iter().map(|item| item.name).collect()
    }

    /// Particulars as they stand in the vault.
    fn kept(&self, case: CaseId, person: PersonId) -> Card {
        let vault = Vault::new([7; 32]);
        self.court.db().read_blocking(move |tx| vault.card(tx, COURT, case, person)).expect("particulars")
    }

    fn links(&self) -> Vec<Link> {
        let case = self.case;
        self.court.db().read_blocking(move |tx| persons::links(tx, COURT, case)).expect("links")
    }

    /// The code on a party's join sheet.
    fn code(&self, to: PersonId) -> String {
        let sheet = self.papers_to(to).into_iter().find(|paper| paper.paper == Paper::JoinSheet).expect("a sheet");
        let facts: serde_json::Value = serde_json::from_str(&self.facts(sheet.id)).expect("JSON");
        find(&facts, "code").expect("a code")
    }

    /// Papers that came into the inbox of an account, without their certificates.
    fn inbox(&self, account: PersonId) -> usize {
        self.papers().iter().filter(|(paper, _)| paper.account == account && paper.proof_of.is_none()).count()
    }
}

/// The first text under this name, however deep.
fn find(value: &serde_json::Value, name: &str) -> Option<String> {
    match value {
        serde_json::Value::Object(fields) => {
            fields.get(name).and_then(|found| found.as_str().map(str::to_owned)).or_else(|| fields.values().find_map(|inner| find(inner, name)))
        }
        serde_json::Value::Array(items) => items.iter().find_map(|inner| find(inner, name)),
        serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) | serde_json::Value::String(_) => None,
    }
}

/// Particulars of a person with his own number of identity, and no telephone.
fn known(person: PersonId, (name, number): (&str, &str), address: &str) -> Card {
    Card { number: number.into(), address: address.into(), phone: String::new(), ..card(person, name) }
}

/// Particulars of both parties.
fn cards(plaintiff: PersonId, defendant: PersonId) -> Vec<Card> {
    vec![known(plaintiff, PLAINTIFF, "清河市云海区听涛路3号"), known(defendant, DEFENDANT, "清河市青石区桐荫路88号")]
}

/// Filed online by the plaintiff herself, and accepted.
fn accepted(bench: &Bench) {
    let (command, cards) = (Command::SubmitFiling(bench.filing()), cards(bench.plaintiff, bench.defendant));
    let outcome = bench.ask(Request { cards, ..bench.request(bench.plaintiff, command) }, &TEXTS);
    assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
    bench.accepted();
}

fn service(channel: Channel) -> Command {
    Command::ChooseChannel(ChooseChannel { choices: vec![(Scope::Service, channel)], text: "2026-1".into() })
}

#[test]
fn r_idc_11_an_agent_acts_as_himself_for_the_principal_he_names_and_with_his_powers_alone() {
    for bench in on_each(REGISTRY) {
        let (agent, first, second) = (PersonId::new(), bench.plaintiff, PersonId::new());
        let of = |of, powers| Agent { person: agent, name: AGENT.0.into(), of, powers, matters: String::new() };
        let mut filing = bench.filing();
        filing.agents = vec![of(first, vec![]), of(second, vec![Power::Appeal])];
        filing.parties.insert(1, Party { person: second, name: "周秀兰".into(), ..filing.parties[0].clone() });
        filing.choices.extend(filing.choices.clone().into_iter().map(|choice| Choice { person: second, ..choice }));
        filing.statement.materials.push(material(MaterialKind::PowerOfAttorney, "授权委托书", POWER));
        let cards = [cards(first, bench.defendant), vec![known(second, PLAINTIFF, "清河市云海区听涛路3号")]].concat();
        let request = Request { cards, ..bench.request(agent, Command::SubmitFiling(filing)) };
        let outcome = bench.ask(request, &[&TEXTS[..], &[POWER]].concat());
        assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
        bench.accepted();
        // Papers of both principals reach his inbox: one account stands for several (R-SVC-03).
        let served = bench.case().papers.iter().filter(|paper| matches!(paper.service, ServiceState::Served { .. })).count();
        assert_eq!((bench.inbox(agent), served), (6, 6), "three notices for each of the two");

        // The record names the agent, and for whom.
        let choose = Command::ChooseChannel(ChooseChannel { choices: vec![(Scope::Answer, Channel::Online)], text: "2026-1".into() });
        bench.ask(Request { for_person: Some(second), ..bench.request(agent, choose) }, &[]);
        assert_eq!(bench.last_actor(), Actor::agent(agent, second));
        let now = bench.case();
        assert_eq!((now.channel_of(first, Scope::Answer), now.channel_of(second, Scope::Answer)), (Channel::Counter, Channel::Online));

        // Each act asks for its own power; nothing is done in the principal's name that the agent may not do in his own.
        decided(&bench);
        let appeal = || {
            Command::FileAppeal(FileAppeal {
                requests: "撤销一审判决".into(), reasons: "事实不清".into(), materials: vec![], posted_on: None
            })
        };
        let refused = bench.ask(Request { for_person: Some(first), ..bench.request(agent, appeal()) }, &[]);
        assert!(matches!(&refused, Outcome::Refused { zh, .. } if zh.contains("特别授权")), "{refused:?}");
        assert!(bench.case().appeals.is_empty());
        let outcome = bench.ask(Request { for_person: Some(second), ..bench.request(agent, appeal()) }, &[]);
        assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
        assert_eq!(bench.case().appeals[0].by, second);
    }
}

/// As if decided, with an appeal period that runs for each party: what comes between is another test's.
fn decided(bench: &Bench) {
    let (id, today) = (bench.case, day_of(bench.court.now()));
    bench
        .court
        .db()
        .write_blocking(move |tx| {
            let mut case = court::store::case(tx, COURT, id)?;
            case.stage = Stage::Decided;
            let clock = Law::demo().clock("R-APL-01", today);
            for party in case.parties.clone() {
                case.clocks.push(RunningClock {
                    anchor: format!("appeal/{}", party.person),
                    of: Some(party.person),
                    clock: clock.clone(),
                    state: ClockState::Running,
                });
            }
            court::store::put_case(tx, &case, &[])
        })
        .expect("decided");
}

#[test]
fn r_idc_12_an_agent_named_later_joins_by_his_identity_and_leaves_with_his_authority() {
    for bench in on_each(REGISTRY) {
        accepted(&bench);
        let (plaintiff, person, account) = (bench.plaintiff, PersonId::new(), PersonId::new());
        let power = material(MaterialKind::PowerOfAttorney, "授权委托书", POWER);
        let appoint = AppointAgent { person, name: AGENT.0.into(), matters: "代理本案一审".into(), powers: vec![], materials: vec![power] };
        let opponent = vec![known(person, (AGENT.0, DEFENDANT.1), "")];
        let request = Request { cards: opponent, ..bench.request(plaintiff, Command::AppointAgent(appoint.clone())) };
        let refused = bench.ask(request, &[POWER]);
        assert!(matches!(refused, Outcome::Refused { .. }), "the opponent under another name: {refused:?}");
        let request = Request { cards: vec![known(person, AGENT, "")], ..bench.request(plaintiff, Command::AppointAgent(appoint)) };
        let outcome = bench.ask(request, &[POWER]);
        assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
        let number = bench.case().number.expect("accepted");
        let wrong = bench.joins("", Some(&number), account, (AGENT.0, PLAINTIFF.1), &[]);
        assert!(matches!(wrong, Outcome::Refused { .. }), "another's number of identity");
        let outcome = bench.joins("", Some(&number), account, AGENT, &[]);
        assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
        let view = |account| {
            let got = bench.got.borrow();
            let mut views = got.iter().rev().filter_map(|(message, _)| if let ToPortal::View(view) = message { Some(view) } else { None });
            views.find(|view| view.account == account).cloned()
        };
        let shown = view(account).expect("the agent sees the case");
        assert_eq!((shown.party, shown.role.as_str(), shown.principals.len()), (plaintiff, "委托诉讼代理人", 1));

        let hearing = Command::ChooseChannel(ChooseChannel { choices: vec![(Scope::Answer, Channel::Online)], text: "2026-1".into() });
        bench.ask(bench.request(account, hearing.clone()), &[]);
        assert_eq!(bench.last_actor(), Actor::agent(person, plaintiff), "himself, for her");
        bench.ask(bench.request(plaintiff, Command::RevokeAgent(RevokeAgent { agent: person })), &[]);
        let gone = bench.ask(bench.request(account, hearing), &[]);
        assert!(matches!(gone, Outcome::Refused { .. }), "{gone:?}");
        let left = |message: &ToPortal| matches!(message, ToPortal::Left { account: who, .. } if *who == account);
        assert!(bench.got.borrow().iter().any(|(message, _)| left(message)), "his view of the case goes");
        assert!(bench.items(plaintiff).iter().any(|held| held.contains("授权委托书")), "the power of attorney stays in the file");
        let tasks = bench.tasks(Office::FilingClerk, "agent");
        assert_eq!(tasks.len(), 2, "the other side is told: {tasks:?}");
        assert!(bench.court.check_replay().expect("replays").1.is_empty());
    }
}

#[test]
fn r_svc_11_the_defendants_address_is_confirmed_by_joining_and_a_refusal_leaves_nothing() {
    for bench in on_each(REGISTRY) {
        accepted(&bench);
        let (defendant, account) = (bench.defendant, PersonId::new());
        let code = bench.code(defendant);
        bench.post(defendant, date(2026, 3, 2));
        let before = bench.case();
        // Too late: neither a link nor a used code stays, so that the counter can still help him.
        let day = bench.court.now();
        bench.forward(date(2026, 3, 20));
        let late = bench.joins(&code, None, account, DEFENDANT, &[(Scope::Service, Channel::Online)]);
        assert!(matches!(&late, Outcome::Refused { zh, .. } if zh.contains("期限")), "{late:?}, {day}");
        let links = bench.links();
        assert!(links.iter().all(|link| link.account != account), "no link: {links:?}");
        assert_eq!(bench.case(), before, "nothing happened");
        let digest = storage::secret::token_digest(&code.replace('-', ""));
        let used = bench.court.db().read_blocking(move |tx| court::store::join_code(tx, COURT, &digest)).expect("read").expect("known");
        assert_eq!(used.2, None, "the code was not used");

        // He consents at the counter, on record (R-IDC-23); without an account the papers still go by post (R-SVC-10).
        let join = |channel| {
            Command::JoinCase(JoinCase { choices: vec![(Scope::Answer, Channel::Online), (Scope::Service, channel)], text: "2026-1".into() })
        };
        let counter = bench.counter(defendant);
        assert!(matches!(bench.try_act(&counter, join(Channel::Online)), Err(Error::Refused(_))), "no inbox");
        bench.carry_out(&counter, join(Channel::Counter));
        // Then his account comes to the case with the code, and its address is confirmed.
        let outcome = bench.joins(&code, None, account, DEFENDANT, &[(Scope::Service, Channel::Online)]);
        assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
        let now = bench.case();
        let confirmation = now.confirmations.last().expect("confirmed");
        assert!(confirmation.electronic && now.party(defendant).is_some_and(|party| party.digest == confirmation.digest));
        let card = bench.kept(bench.case, defendant);
        assert_eq!((card.postal(), card.address.as_str()), ("清河市青石区青石路27号2栋301", "清河市青石区桐荫路88号"));
        assert_eq!(card.phone, "13900139000");
        assert!(bench.items(defendant).iter().any(|item| item.contains("送达地址确认书")), "an item of the file");
        let sha256 = confirmation.material.sha256.clone();
        let form = bench.court.db().read_blocking(move |tx| Ok::<_, Error>(storage::blobs::get(tx, COURT, &sha256.parse()?)?)).expect("kept");
        assert!(String::from_utf8(form).expect("text").contains("同意电子送达"));
        let again = bench.joins(&code, None, account, DEFENDANT, &[]);
        assert!(matches!(&again, Outcome::Refused { zh, .. } if zh.contains("已经加入")), "{again:?}");
        assert!(bench.court.check_replay().expect("replays").1.is_empty());
    }
}

#[test]
fn particulars_belong_to_one_case_and_nobody_changes_anothers() {
    for bench in on_each(REGISTRY) {
        accepted(&bench);
        let (first, second, plaintiff, defendant) = (bench.case, CaseId::new(), bench.plaintiff, bench.defendant);
        // The same account files again and gives another address: the first case keeps its own.
        let mut filing = bench.filing();
        filing.receipt_no = "4001-2026-0302-00002".into();
        filing.parties[1].person = PersonId::new();
        let cards = vec![known(plaintiff, PLAINTIFF, "清河市青石区新居路1号"), known(filing.parties[1].person, DEFENDANT, "某地")];
        let request = bench.request(plaintiff, Command::SubmitFiling(filing));
        let outcome = bench.ask(Request { case: second, cards, ..request }, &TEXTS);
        assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
        let digest = |case| bench.case_of(case).party(plaintiff).expect("a party").digest.clone();
        assert_eq!(bench.kept(first, plaintiff).address, "清河市云海区听涛路3号");
        assert_eq!(bench.kept(second, plaintiff).address, "清河市青石区新居路1号");
        assert_ne!(digest(first), digest(second));
        // Particulars that come with another step, for somebody else, are not taken.
        let cards = vec![known(defendant, DEFENDANT, "原告写的地址")];
        bench.ask(Request { cards, ..bench.request(plaintiff, service(Channel::Counter)) }, &[]);
        assert_eq!(bench.kept(first, defendant).address, "清河市青石区桐荫路88号");
    }
}

#[test]
fn a_partys_page_is_stale_when_another_moved_the_case_and_not_when_papers_went_out() {
    for bench in on_each(REGISTRY) {
        accepted(&bench);
        let (plaintiff, defendant) = (bench.plaintiff, bench.defendant);
        let seen = bench.case().version;
        bench.post(defendant, date(2026, 3, 2));
        assert!(bench.case().version > seen, "letters went out and arrived");
        let outcome = bench.ask(Request { expected_version: Some(seen), ..bench.request(plaintiff, service(Channel::Counter)) }, &[]);
        assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
        let seen = bench.case().version;
        let join = JoinCase { choices: vec![(Scope::Answer, Channel::Online)], text: "2026-1".into() };
        bench.carry_out(&bench.counter(defendant), Command::JoinCase(join));
        let stale = bench.ask(Request { expected_version: Some(seen), ..bench.request(plaintiff, service(Channel::Online)) }, &[]);
        assert!(matches!(stale, Outcome::Stale { .. }), "{stale:?}");
    }
}

#[test]
fn r_idc_22_who_filed_at_the_counter_links_an_account_later_and_is_then_served_electronically() {
    for bench in on_each(REGISTRY) {
        let (plaintiff, account) = (bench.plaintiff, PersonId::new());
        let mut filing = bench.filing();
        filing.channel = Channel::Counter;
        filing.choices.iter_mut().for_each(|choice| choice.channel = Channel::Counter);
        let cards = cards(plaintiff, bench.defendant);
        bench.try_with(&bench.counter(plaintiff), Command::SubmitFiling(filing), cards, &TEXTS).expect("entered");
        bench.accepted();
        assert!(bench.links().is_empty(), "nobody's inbox is made up");
        assert_eq!(bench.inbox(plaintiff), 0);
        let outcome = bench.joins(&bench.code(plaintiff), None, account, PLAINTIFF, &[(Scope::Service, Channel::Online)]);
        assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
        assert!(bench.inbox(account) > 0, "what waited for the post goes into the inbox");
        assert_eq!(bench.forgotten(), []);
    }
}
