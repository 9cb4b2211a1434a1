//! A case as a court shows it to the plaintiff, in full, and a paper served on him.
use super::{Bench, COURT};
use exchange::message::*;
use jiff::Timestamp;
use jiff::civil::{date, time};
use ledger::{Content, FileDigest, Kind, Receipt, Stamp};
use procedure::case::{Channel, Material, MaterialKind, Remark, Scope};
use procedure::draw::{self, Seed};
use procedure::trial::{Candidate, Excluded, Stand, Tribunal, TribunalForm};
use procedure::{CaseId, Fen, ItemId, Office, PaperId, PersonId, Stage};
use storage::Digest;
use uuid::Uuid;

const NUMBER: &str = "（2026）粤4001民初1号";

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn material(name: &str, kind: MaterialKind) -> Material {
    let sha256 = Digest::of(name.as_bytes()).to_string();
    Material { id: ItemId::new(), kind, name: name.into(), pages: 2, bytes: 12_345, sha256, media: "application/pdf".into(), purpose: None }
}

/// A sole judge and a clerk, drawn as the rule says; one judge has too many cases.
fn tribunal(receipt_no: &str) -> Tribunal {
    let candidate = |n: u128, name: &str, office, load| Candidate { person: PersonId(Uuid::from_u128(n)), name: name.into(), office, load };
    let roster = vec![
        candidate(1, "林若谷", Office::Judge, 2),
        candidate(2, "方叙白", Office::Judge, 3),
        candidate(3, "沈怀瑾", Office::Judge, 40),
        candidate(4, "许知行", Office::Clerk, 1),
        candidate(5, "唐晓雯", Office::Clerk, 1),
    ];
    let seed = Seed { checkpoint: "log.example\n17\nAAAA".into(), filing: draw::digest_of_filing(receipt_no, std::iter::empty()) };
    let of = |label: &str, ids: &[u128]| {
        let ids: Vec<_> = ids.iter().map(|id| PersonId(Uuid::from_u128(*id))).collect();
        let drawn = draw::draw(&seed, label, &ids, 1)[0];
        roster.iter().find(|one| one.person == drawn).expect("of the roster").clone()
    };
    let (judge, clerk) = (of("judge", &[1, 2]), of("clerk", &[4, 5]));
    let excluded =
        vec![Excluded {
            person: PersonId(Uuid::from_u128(3)), name: "沈怀瑾".into(), reason: "在办案件明显多于他人，本次不参加抽取".into()
        }];
    Tribunal { form: TribunalForm::Sole, seed, roster, excluded, judges: vec![judge], clerk, on: date(2026, 3, 12) }
}

/// The case in its hearing, with everything that a page can show.
pub fn view(bench: &Bench, account: PersonId, case: CaseId, paper: PaperId) -> View {
    let law = bench.portal.law();
    let duty = |who: &str, yours, what: &str, detail: &str, until, step: Option<&str>| Duty {
        who: who.into(),
        yours,
        what: what.into(),
        detail: detail.into(),
        until,
        step: step.map(str::to_owned),
    };
    let opinion = ViewOpinion {
        by: "陈志远".into(),
        yours: false,
        authenticity: Stand::Accepted,
        legality: Stand::Accepted,
        relevance: Stand::Disputed,
        text: "与现金部分无关。".into(),
        at: at("2026-03-25T02:00:00Z"),
    };
    let evidence = |side: &str, yours, name: &str, opinions: Vec<ViewOpinion>| ViewEvidence {
        item: ItemId::new(),
        side: side.into(),
        yours,
        number: 1,
        by: side.into(),
        name: name.into(),
        purpose: "借款 150000 元已经交付".into(),
        pages: 2,
        sha256: Digest::of(name.as_bytes()).to_string(),
        media: "image/jpeg".into(),
        at: at("2026-03-20T02:00:00Z"),
        late: false,
        opinions,
        waits: !yours,
    };
    let entry = |when: &str, what: &str, detail: &str, rule: Option<&str>, paper| Entry {
        at: at(when),
        what: what.into(),
        detail: detail.into(),
        rule: rule.map(str::to_owned),
        paper,
    };
    let item = |number, name: &str, first_page| ViewItem {
        number,
        name: name.into(),
        pages: 2,
        first_page,
        sha256: Digest::of(name.as_bytes()).to_string(),
        media: "application/pdf".into(),
        readable: true,
        matter: None,
    };
    View {
        case,
        court: COURT.into(),
        court_name: "清河市青石区人民法院".into(),
        account,
        party: account,
        role: "原告".into(),
        version: 20,
        receipt_no: "4001-2026-0302-00001".into(),
        number: Some(NUMBER.into()),
        title: "与陈志远的民间借贷纠纷".into(),
        cause: "民间借贷纠纷".into(),
        kind: procedure::kind::CaseKind::CivilFirst,
        stage: Stage::Hearing,
        stage_zh: "开庭审理".into(),
        procedure: Some("简易程序".into()),
        plaintiffs: vec!["周桂兰".into()],
        defendants: vec!["陈志远".into()],
        officers: vec![("法官".into(), "林若谷".into()), ("书记员".into(), "许知行".into())],
        submitted_at: Some(at("2026-03-02T02:24:36Z")),
        duties: vec![
            duty("您", true, "交纳案件受理费 1905.00 元", "逾期不交的，按撤诉处理。", Some(date(2026, 3, 16)), Some("pay_fee")),
            duty("您", true, "核对庭审笔录并签名", "", Some(date(2026, 4, 20)), Some("confirm_record")),
            duty("被告", false, "提交答辩状和证据", "不答辩，不影响法院继续审理。", Some(date(2026, 3, 30)), None),
        ],
        clocks: vec![
            ViewClock { yours: true, whose: String::new(), running: true, clock: law.clock("R-FEE-15", date(2026, 3, 9)) },
            ViewClock { yours: false, whose: String::new(), running: true, clock: law.clock("R-FIL-21b", date(2026, 3, 13)) },
        ],
        fee: Some(ViewFee {
            full: Fen(381_000),
            due: Fen(190_500),
            open: None,
            halved: true,
            steps: vec!["超过1万元至10万元的部分，按照2.5%交纳".into()],
            paid: false,
            yours: true,
            relief_pending: false,
            refund: None,
        }),
        timeline: vec![
            entry("2026-03-02T02:24:36Z", "您提交了起诉材料", "6 份材料", Some("R-FIL-10"), None),
            entry("2026-03-09T02:00:00Z", "法院立案", "", Some("R-FIL-13"), Some(paper)),
        ],
        papers: vec![ViewPaper {
            id: paper,
            name: "交纳诉讼费用通知书".into(),
            state: "已送达".into(),
            served_on: Some(date(2026, 3, 9)),
            opened_at: None,
            sha256: None,
        }],
        items: vec![item(1, "民事起诉状", 1), item(2, "借条", 3)],
        root: Digest::of(b"root").to_string(),
        steps: [
            "choose_channel",
            "request_fee_relief",
            "submit_answer",
            "submit_evidence",
            "comment_on_evidence",
            "confirm_record",
            "file_appeal",
            "request_effect_certificate",
            "request_paper_copy",
            "insist_on_filing",
        ]
        .map(str::to_owned)
        .to_vec(),
        barred: vec![],
        moved: 0,
        principals: vec![],
        agents: vec![],
        remarks: vec![Remark {
            field: "defendants".into(),
            label: "被告住所".into(),
            page: Some(1),
            remark: "“青石路一带”不能确定具体位置，请写到门牌号。".into(),
            rule: "R-FIL-12".into(),
        }],
        choices: vec![(Scope::Service, Channel::Online), (Scope::Hearing, Channel::Counter)],
        statement: None,
        parties: vec![],
        answers: vec![ViewAnswer {
            by: "陈志远".into(),
            yours: false,
            text: "借款属实，但其中3万元现金没有实际收到。".into(),
            materials: vec![material("答辩状", MaterialKind::Answer)],
            at: at("2026-03-20T02:00:00Z"),
            late: false,
        }],
        evidence: vec![evidence("原告", true, "借条", vec![opinion]), evidence("被告", false, "收款记录", vec![])],
        tribunal: Some(tribunal("4001-2026-0302-00001")),
        staff: vec![],
        redraws: vec![],
        measures: vec![],
        agent_names: vec![],
        hearings: vec![ViewHearing {
            number: 1,
            date: date(2026, 4, 15),
            time: time(9, 30, 0, 0),
            minutes: 90,
            courtroom: "第二法庭".into(),
            public: true,
            channel: Channel::Counter,
            opened_at: Some(at("2026-04-15T01:30:00Z")),
            presence: None,
            record: Some(ViewRecord {
                text: "审判员：现在开庭。\n原告：请求判令被告偿还借款。".into(),
                digest: Digest::of(b"record").to_string(),
                closed_at: at("2026-04-15T03:30:00Z"),
                until: Some(date(2026, 4, 20)),
                signatures: vec![("周桂兰".into(), "未签名".into())],
                waits: true,
            }),
        }],
        judgment: Some(ViewJudgment {
            given_on: date(2026, 4, 20),
            served_on: Some(date(2026, 4, 20)),
            appeal_until: Some(date(2026, 5, 6)),
            appeals: vec![],
            effective_on: Some(date(2026, 5, 7)),
            certificate_pending: false,
            closed_on: None,
        }),
        trips: 1,
    }
}

/// A notice with its receipt, as it is served in the inbox.
pub fn paper(bench: &Bench, account: PersonId, case: CaseId, id: PaperId, bytes: &[u8]) -> Released {
    let sha256 = Digest::of(bytes).to_string();
    let key = ledger::SigningKey::generate(ledger::Suite::Sm, "court.test", ledger::Purpose::Note).expect("a key");
    let stamp = Stamp::parse("2026-03-09T10:00:00+08:00").expect("a stamp");
    let mut content = Content::new(Kind::ServedPaper, &format!("P-{id}"), "交纳诉讼费用通知书", COURT, &stamp);
    content.files =
        vec![FileDigest {
            bytes: bytes.len() as u64, name: "交纳诉讼费用通知书.pdf".into(), pages: Some(2), sha256: sha256.clone(), sm3: None
        }];
    Released {
        id,
        case,
        court: COURT.into(),
        court_name: "清河市青石区人民法院".into(),
        account,
        name: "交纳诉讼费用通知书".into(),
        number: NUMBER.into(),
        sha256,
        pages: 2,
        receipt: Receipt::issue(content, &key).expect("a receipt").to_text(),
        sent_at: at("2026-03-09T02:00:00Z"),
        served_on: date(2026, 3, 9),
        rule: "R-SVC-12".into(),
        clock: Some(bench.portal.law().clock("R-FEE-15", date(2026, 3, 9))),
        asks: "预交案件受理费 1905.00 元".into(),
        proof_of: None,
    }
}
