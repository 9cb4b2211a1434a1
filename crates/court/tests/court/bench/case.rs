//! The case: 周桂兰 sues 陈志远 for a loan of 150000 yuan with interest.
use super::{Bench, COURT};
use court::store::persons::{self, Link};
use court::store::{self, Task};
use court::{Act, Error, Forgotten};
use exchange::message::{Card, View};
use jiff::civil::{Date, date};
use procedure::case::{
    Actor, Channel, Check, Choice, IssuedPaper, Material, MaterialKind, Method, Party, PaymentMethod, Procedure, Remark, Scope, ServiceState, Side,
    Statement,
};
use procedure::step::accept_filing::Finding;
use procedure::step::comment_on_evidence::ItemOpinion;
use procedure::step::{AcceptFiling, CommentOnEvidence, JoinCase, PayFee, RecordService, ReturnForCorrection, SendPaper, SubmitFiling, day_of};
use procedure::trial::Stand;
use procedure::{Case, CaseId, Command, Event, Fen, ItemId, Office, PaperId, PersonId, Refusal};
use std::collections::BTreeMap;
use storage::Content;

/// What she hands in: complaint, identity card and the defendant's note of the loan.
pub const TEXTS: [&str; 3] = ["民事起诉状……", "身份证……", "借条……"];

fn digest(text: &str) -> String {
    storage::Digest::of(text.as_bytes()).to_string()
}

pub fn material(kind: MaterialKind, name: &str, text: &str) -> Material {
    Material {
        id: ItemId::new(),
        kind,
        name: name.into(),
        pages: 1,
        bytes: text.len() as u64,
        sha256: digest(text),
        media: "text/plain".into(),
        purpose: (kind == MaterialKind::Evidence).then(|| "证明借款事实".into()),
    }
}

/// Particulars as a person hands them in.
pub fn card(person: PersonId, name: &str) -> Card {
    Card {
        person,
        name: name.into(),
        number: "11010119900307803X".into(),
        phone: "19905550101".into(),
        address: "广东省清河市青石区云溪路6号".into(),
        sex: "女".into(),
        birth: Some(date(1990, 3, 7)),
        ethnicity: "汉族".into(),
        ..Card::default()
    }
}

/// The filing goes back: the defendant's address is to be made exact.
pub fn to_be_corrected() -> Command {
    let remark = Remark {
        field: "defendant.address".into(),
        label: "被告住所".into(),
        page: Some(1),
        remark: "请写明门牌号。".into(),
        rule: "R-FIL-04".into(),
    };
    Command::ReturnForCorrection(ReturnForCorrection { remarks: vec![remark], days: 7 })
}

/// An opinion on one item, which is lawful and to the point.
pub fn opinion(item: ItemId, authenticity: Stand, text: &str) -> Command {
    let opinion = ItemOpinion { item, authenticity, legality: Stand::Accepted, relevance: Stand::Accepted, text: text.into() };
    Command::CommentOnEvidence(CommentOnEvidence { opinions: vec![opinion] })
}

impl Bench {
    /// Her filing, with consent to electronic service; tests change what they are about.
    pub fn filing(&self) -> SubmitFiling {
        let party = |person, side, name: &str| Party { person, side, name: name.into(), organisation: false, digest: String::new() };
        let online = |scope| Choice { person: self.plaintiff, scope, channel: Channel::Online, text: "2026-1".into(), at: self.court.now() };
        SubmitFiling {
            receipt_no: "4001-2026-0302-00001".into(),
            kind: procedure::kind::CaseKind::CivilFirst,
            parties: vec![party(self.plaintiff, Side::Plaintiff, "周桂兰"), party(self.defendant, Side::Defendant, "陈志远")],
            agents: vec![],
            statement: Statement {
                cause: "108.3".into(),
                cause_name: "民间借贷纠纷".into(),
                claims: vec!["判令被告偿还借款本金150000元。".into(), "判令被告支付利息25500元。".into()],
                amount: Fen(17_550_000),
                facts: "2024年3月15日，原告出借150000元给被告，至今未还。".into(),
                reasons: "借款合同合法有效，被告应当按约还款。".into(),
                answers: BTreeMap::new(),
                materials: vec![
                    material(MaterialKind::Complaint, "民事起诉状", TEXTS[0]),
                    material(MaterialKind::Identity, "身份证", TEXTS[1]),
                    material(MaterialKind::Evidence, "借条", TEXTS[2]),
                ],
            },
            channel: Channel::Online,
            choices: [Scope::Filing, Scope::Service].map(online).to_vec(),
        }
    }

    /// Particulars of both parties.
    pub fn cards(&self) -> Vec<Card> {
        vec![card(self.plaintiff, "周桂兰"), card(self.defendant, "陈志远")]
    }

    /// Hands a filing in with [`TEXTS`].
    pub fn file(&self, filing: SubmitFiling) {
        self.try_with(&Actor::citizen(self.plaintiff), Command::SubmitFiling(filing), self.cards(), &TEXTS).expect("received");
        self.settle();
    }

    pub fn filed(&self) {
        self.file(self.filing());
    }

    /// Accepted in the simple procedure; the workers did nothing yet.
    pub fn accept(&self) {
        let findings = Check::ALL.map(|check| Finding { check, holds: true, note: String::new() }).to_vec();
        self.act(&self.filing_clerk, Command::AcceptFiling(AcceptFiling { procedure: Procedure::Simple, findings, undecided: false }));
    }

    pub fn accepted(&self) {
        self.accept();
        self.settle();
        assert!(self.case().checkpoint.lines().count() >= 3, "the head of the log stands in the acceptance: {:?}", self.case().checkpoint);
        assert!(self.has(Office::FilingClerk, "assign"));
    }

    /// Filed by interview, accepted in the simple procedure, paid; the first packet went by post, and the defendant joined.
    pub fn filed_and_accepted(&self) {
        self.filed();
        self.accepted();
        let pay = PayFee { amount: Fen(190_500), method: PaymentMethod::Online, reference: "P-1".into() };
        self.act(&Actor::platform(COURT), Command::PayFee(pay));
        self.forward(date(2026, 3, 3));
        self.post(self.defendant, date(2026, 3, 6));
        assert!(self.case().clock("R-FIL-21").is_none(), "the first packet left in time");
        let online = [Scope::Service, Scope::Answer, Scope::EvidenceExchange].map(|scope| (scope, Channel::Online));
        let join = JoinCase { choices: online.to_vec(), text: "2026-1".into() };
        self.forward(date(2026, 3, 9));
        self.link(self.defendant);
        let confirmed = Card { person: self.defendant, service_address: "清河市青石区青石路27号".into(), ..Card::default() };
        self.try_with(&Actor::citizen(self.defendant), Command::JoinCase(join), vec![confirmed], &[]).expect("joined");
        self.settle();
    }

    /// An account of the party's own.
    pub fn link(&self, party: PersonId) {
        let (case, link) = (self.case, Link { account: party, party, agent: None });
        self.court.db().write_blocking(move |tx| persons::link(tx, COURT, case, link)).expect("linked");
    }

    pub fn try_with(&self, by: &Actor, command: Command, cards: Vec<Card>, files: &[&str]) -> Result<Vec<Event>, Error> {
        let files = files.iter().map(|text| Content::of(text.as_bytes().to_vec())).collect();
        let (by, at) = (by.clone(), self.court.now());
        self.court.act_blocking(Act { court: COURT.into(), case: self.case, by, command, expected: None, at, cards, files }).map(|acted| acted.events)
    }

    pub fn try_act(&self, by: &Actor, command: Command) -> Result<Vec<Event>, Error> {
        self.try_with(by, command, vec![], &[])
    }

    /// An act of which the workers did not hear yet.
    pub fn act(&self, by: &Actor, command: Command) -> Vec<Event> {
        let name = command.step().name;
        self.try_act(by, command).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// An act with what follows from it.
    pub fn carry_out(&self, by: &Actor, command: Command) {
        self.act(by, command);
        self.settle();
    }

    pub fn refused(&self, by: &Actor, command: Command) -> Refusal {
        match self.try_act(by, command) {
            Err(Error::Refused(refusal)) => refusal,
            Err(error) => panic!("{error}"),
            Ok(events) => panic!("done: {events:?}"),
        }
    }

    /// Who wrote the last event.
    pub fn last_actor(&self) -> Actor {
        let id = self.case;
        let stored = self.court.db().read_blocking(move |tx| Ok::<_, Error>(storage::events::load(tx, COURT, id.0, 0)?)).expect("events");
        serde_json::from_str(&stored.last().expect("an event").actor).expect("an actor")
    }

    /// The filing clerk, for a person at the counter.
    pub fn counter(&self, person: PersonId) -> Actor {
        Actor { for_person: Some(person), ..self.filing_clerk.clone() }
    }

    /// One of the court's people, whether he is in the case or not.
    pub fn member(&self, office: Office) -> Actor {
        self.people.iter().find(|member| member.office == office).expect("one of the setting").actor()
    }

    pub fn officer(&self, office: Office) -> Actor {
        Actor::staff(self.case().officer(office).expect("assigned").0, office, COURT)
    }

    /// Everything sealed that waits for the post goes out now, and arrives on a day.
    pub fn post(&self, to: PersonId, on: Date) {
        let waits = self.papers_to(to).into_iter().filter(|paper| paper.service == ServiceState::Issued);
        let papers: Vec<_> = waits.map(|paper| paper.id).collect();
        let send = SendPaper { papers: papers.clone(), method: Method::Postal, reference: String::new() };
        self.carry_out(&self.filing_clerk, Command::SendPaper(send));
        if on > day_of(self.court.now()) {
            self.forward(on);
        }
        self.carry_out(&self.filing_clerk, Command::RecordService(RecordService { papers, on, rule: "R-SVC-01".into(), proof: String::new() }));
    }

    pub fn case(&self) -> Case {
        self.case_of(self.case)
    }

    /// Another case of this court.
    pub fn case_of(&self, id: CaseId) -> Case {
        self.court.db().read_blocking(move |tx| store::case(tx, COURT, id)).expect("a case")
    }

    pub fn papers_to(&self, person: PersonId) -> Vec<IssuedPaper> {
        self.case().papers.into_iter().filter(|paper| paper.to == person).collect()
    }

    /// What a paper that was made says, as JSON.
    pub fn facts(&self, paper: PaperId) -> String {
        self.court.db().read_blocking(move |tx| store::paper(tx, COURT, paper)).expect("read").expect("kept").facts
    }

    pub fn view(&self, party: PersonId) -> View {
        let (zone, id) = (self.court.clone(), self.case);
        self.court.db().read_blocking(move |tx| court::view(tx, &zone, COURT, id, party, party)).expect("a view")
    }

    /// Tasks of a kind that wait for an office.
    pub fn tasks(&self, office: Office, kind: &str) -> Vec<Task> {
        let tasks = self.court.db().read_blocking(move |tx| store::tasks(tx, COURT, office)).expect("tasks");
        tasks.into_iter().filter(|task| task.kind == kind).collect()
    }

    pub fn has(&self, office: Office, kind: &str) -> bool {
        !self.tasks(office, kind).is_empty()
    }

    /// What is owed and not under way.
    pub fn forgotten(&self) -> Vec<Forgotten> {
        court::check_owed(self.court.db(), &[COURT.to_owned()]).expect("compared").1
    }
}
