//! 审理: what a case holds from its acceptance to the archive: answers, evidence with opinions, tribunal, hearings with
//! their records, judgment, effect, closing. Copied from events like everything in [`Case`].
use crate::case::{Channel, ClockState, Labelled, Material, MaterialKind, RunningClock, ServiceState, Side};
use crate::draw::Seed;
use crate::{Case, CaseId, Fen, ItemId, Office, Paper, PaperId, PersonId, Stage};
use jiff::{
    Timestamp,
    civil::{Date, Time},
};
use serde::{Deserialize, Serialize};

/// 答辩: what a defendant answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    pub by: PersonId,
    /// 答辩意见, paragraphs separated by line ends.
    pub text: String,
    pub materials: Vec<Material>,
    pub at: Timestamp,
    pub channel: Channel,
    /// The clerk who entered it at the counter (R-IDC-40).
    #[serde(default)]
    pub assisted_by: Option<PersonId>,
    /// 交邮日: it came by post and counts from that day (R-DDL-04).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub posted_on: Option<Date>,
    /// After the fifteen days; taken all the same (R-FIL-21).
    pub late: bool,
}

/// 证据: one item in the list of one side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    pub material: Material,
    pub by: PersonId,
    pub side: Side,
    /// Its number in the list of its side, from 1.
    pub number: u32,
    pub at: Timestamp,
    pub late: bool,
    /// Last opinion of each other party (R-EVD-09).
    pub opinions: Vec<Opinion>,
}

/// 质证意见 on one item: authenticity, legality, relevance (R-EVD-09, 民诉法解释第104条).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Opinion {
    pub by: PersonId,
    pub item: ItemId,
    pub authenticity: Stand,
    pub legality: Stand,
    pub relevance: Stand,
    pub text: String,
    pub at: Timestamp,
}

/// Where a party stands on one quality of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stand {
    Accepted,
    Disputed,
}

impl Labelled for Stand {
    fn zh(&self) -> &'static str {
        match self {
            Self::Accepted => "认可",
            Self::Disputed => "不认可",
        }
    }
}

/// 审判组织 (R-TRI-01).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TribunalForm {
    /// 独任制
    Sole,
    /// 合议制: three judges.
    Panel,
}

impl TribunalForm {
    /// How many judges it takes; odd (R-TRI-01).
    pub fn judges(self) -> usize {
        match self {
            Self::Sole => 1,
            Self::Panel => 3,
        }
    }
}

impl Labelled for TribunalForm {
    fn zh(&self) -> &'static str {
        match self {
            Self::Sole => "独任制",
            Self::Panel => "合议制",
        }
    }
}

/// One of those among whom a tribunal is drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    pub person: PersonId,
    pub name: String,
    pub office: Office,
    /// Cases that he has and that are not closed.
    pub load: u64,
}

/// Somebody left out of the draw, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excluded {
    pub person: PersonId,
    pub name: String,
    pub reason: String,
}

/// 分案 with everything by which it can be drawn again (R-TRI-06).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tribunal {
    pub form: TribunalForm,
    pub seed: Seed,
    /// Everybody of the offices drawn from, with his load.
    pub roster: Vec<Candidate>,
    pub excluded: Vec<Excluded>,
    /// Presiding judge first.
    pub judges: Vec<Candidate>,
    pub clerk: Candidate,
    pub on: Date,
}

/// A time at which a courtroom or somebody of the court is taken; from the court's own tables.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booking {
    pub case: CaseId,
    pub date: Date,
    pub start: Time,
    pub minutes: u32,
    pub courtroom: String,
    pub staff: Vec<PersonId>,
    /// What people call the case.
    pub title: String,
}

/// 开庭: one sitting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hearing {
    /// 第几次开庭, from 1.
    pub number: u32,
    pub date: Date,
    pub time: Time,
    pub minutes: u32,
    pub courtroom: String,
    /// 公开审理 (R-TRI-21).
    pub public: bool,
    /// How each party chose to take part (R-IDC-20, R-TRI-22).
    pub channels: Vec<(PersonId, Channel)>,
    /// Its summonses.
    pub summonses: Vec<PaperId>,
    /// Both sides needed neither time to answer nor to bring evidence (民诉法解释第266条).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub waived: bool,
    /// 延期 so far (R-TRI-32).
    #[serde(default)]
    pub postponed: u32,
    #[serde(default)]
    pub opened_at: Option<Timestamp>,
    #[serde(default)]
    pub attendance: Vec<Attendance>,
    #[serde(default)]
    pub record: Option<HearingRecord>,
}

/// How a party came to a hearing. What is in person is a trip.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attendance {
    pub person: PersonId,
    pub presence: Presence,
    /// Names of those who came for or with the party.
    #[serde(default)]
    pub with: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    InPerson,
    Online,
    /// The agent came, the party did not.
    ByAgent,
    Absent,
}

impl Labelled for Presence {
    fn zh(&self) -> &'static str {
        match self {
            Self::InPerson => "到庭",
            Self::Online => "在线出庭",
            Self::ByAgent => "由代理人出庭",
            Self::Absent => "未到庭",
        }
    }
}

/// 庭审笔录 (R-TRI-33).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct HearingRecord {
    /// How often it was saved; each earlier text stands in its event.
    pub version: u32,
    /// Speaker and words, a line each: `审判员：……`.
    pub text: String,
    #[serde(default)]
    pub closed_at: Option<Timestamp>,
    /// SM3 of the text at closing: what is signed.
    #[serde(default)]
    pub digest: String,
    /// Parties that were there and judges; each signs or his refusal is noted.
    #[serde(default)]
    pub signers: Vec<PersonId>,
    #[serde(default)]
    pub signatures: Vec<RecordSignature>,
}

impl HearingRecord {
    /// Who did not sign yet.
    pub fn unsigned(&self) -> impl Iterator<Item = PersonId> {
        self.signers.iter().copied().filter(|signer| !self.signatures.iter().any(|signature| signature.of == *signer))
    }

    /// Closed, and everybody signed or his refusal is noted.
    pub fn settled(&self) -> bool {
        self.closed_at.is_some() && self.unsigned().next().is_none()
    }
}

/// A signature under a record, or the note that it was refused (R-TRI-33).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordSignature {
    /// Whose signature.
    pub of: PersonId,
    /// Who gave it: himself, or his agent.
    pub by: PersonId,
    /// The clerk who entered a signature given on paper, or noted a refusal.
    #[serde(default)]
    pub entered_by: Option<PersonId>,
    /// Why the signature was refused; none: signed.
    #[serde(default)]
    pub refused: Option<String>,
    /// 补正申请 noted beside the record.
    #[serde(default)]
    pub correction: Option<String>,
    /// Digest of the text that was signed.
    pub digest: String,
    pub at: Timestamp,
}

/// What a judge writes; everything else of a judgment comes from the file. Internal until it is given (R-CAT-08).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct JudgmentText {
    /// 对证据的认证意见.
    #[serde(default)]
    pub evidence: String,
    /// 本院查明.
    pub facts: String,
    /// 本院认为.
    pub reasons: String,
    /// 裁判依据: provisions by full name.
    pub basis: String,
    /// 主文, an order each, without numbers.
    pub orders: Vec<String>,
    /// Who bears how much of the fee.
    #[serde(default)]
    pub fee: Vec<FeeShare>,
}

/// One party's share of the fee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeShare {
    pub person: PersonId,
    pub amount: Fen,
}

/// What a check of the draft found (R-CHK).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftFinding {
    /// Rule, e.g. `R-CHK-61`.
    pub rule: String,
    pub level: Level,
    pub text: String,
    /// What the judge answered to a warning.
    #[serde(default)]
    pub answer: Option<String>,
}

/// Weight of a finding: an error blocks signing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    Error,
    Warning,
    Info,
}

/// 判决: draft, signatures, and the day on which it was given.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Judgment {
    pub text: JudgmentText,
    pub findings: Vec<DraftFinding>,
    /// Drafts so far.
    pub version: u32,
    /// Who signed this version.
    #[serde(default)]
    pub signatures: Vec<JudgmentSignature>,
    #[serde(default)]
    pub given_on: Option<Date>,
}

/// A signature under a judgment (R-DOC-03).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JudgmentSignature {
    pub by: PersonId,
    pub office: Office,
    /// Of which draft.
    pub version: u32,
    pub at: Timestamp,
}

/// 上诉 as it came in: it keeps the judgment from taking effect (R-APL-01, R-APL-02).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Appeal {
    pub by: PersonId,
    /// 上诉请求.
    pub requests: String,
    pub reasons: String,
    #[serde(default)]
    pub materials: Vec<Material>,
    /// The matter whose ruling it is against; none: the judgment, or the ruling that refused the filing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<u32>,
    pub at: Timestamp,
    pub channel: Channel,
    #[serde(default)]
    pub assisted_by: Option<PersonId>,
    /// 交邮日: it came by post and counts from that day (R-DDL-04).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub posted_on: Option<Date>,
}

/// A volume of the file as it stood: what the ledger keeps at closing (R-FIA-05).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Volume {
    /// 正卷 or 副卷.
    pub name: String,
    pub items: u32,
    pub pages: u32,
    /// Root digest of its items, hex.
    pub root: String,
}

/// 结案 (R-LIM-33).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Closing {
    /// Closing date: the last service of the judgment.
    pub on: Date,
    /// 结案方式, e.g. 判决.
    pub manner: String,
    pub volumes: Vec<Volume>,
    pub by: PersonId,
}

/// 归档包 as the court zone itself built and kept it from the file as it stands (R-ARC-05, R-ARC-07).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Package {
    /// SHA-256 of the BagIt package, hex.
    pub sha256: String,
    pub bytes: u64,
    /// SM3 of its tag manifest, hex.
    pub tag_manifest: String,
    pub volumes: Vec<Volume>,
    /// 保管期限 as R-ARC-02 proposes it.
    pub term: String,
}

/// 归档: the package that was handed to the archive (R-ARC-07).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Archiving {
    /// SHA-256 of the BagIt package, hex.
    pub package: String,
    pub bytes: u64,
    /// SM3 of its tag manifest, hex: what the ledger keeps.
    pub tag_manifest: String,
    pub volumes: Vec<Volume>,
    /// 保管期限.
    pub term: String,
    pub by: PersonId,
    pub at: Timestamp,
}

impl Case {
    /// The sitting that is next or under way: the last one.
    pub fn hearing(&self) -> Option<&Hearing> {
        self.hearings.last()
    }

    /// Does this paper say nothing any more? Then it is neither sent nor served another way.
    pub fn superseded(&self, paper: &crate::case::IssuedPaper) -> bool {
        self.superseded_zh(paper).is_some()
    }

    /// Why a paper says nothing any more: a summons to a day that was put off (R-TRI-32), a certificate of a judgment that is not in
    /// force after all (R-DDL-04, R-DDL-10).
    pub fn superseded_zh(&self, paper: &crate::case::IssuedPaper) -> Option<&'static str> {
        if paper.paper == Paper::Summons && !self.hearings.iter().any(|hearing| hearing.summonses.contains(&paper.id)) {
            return Some("开庭延期，以新传票为准");
        }
        // A ruling ended the suit: nobody is called to what is not to come any more.
        let ended = matches!(self.stage, Stage::Withdrawn | Stage::Terminated | Stage::Dismissed | Stage::Transferred);
        let over = ended || self.stage == Stage::Archived && self.effective_on.is_none();
        if over && paper.paper.calls() && matches!(paper.service, ServiceState::Owed | ServiceState::Issued) {
            return Some("案件已经结束，不再送达");
        }
        (paper.paper == Paper::EffectivenessCertificate && self.effective_on.is_none()).then_some("判决没有生效，不再有效")
    }

    /// An item of evidence.
    pub fn evidence_item(&self, item: ItemId) -> Option<&Evidence> {
        self.evidence.iter().find(|evidence| evidence.material.id == item)
    }

    /// Judges of the case, the presiding one first.
    pub fn judges(&self) -> impl Iterator<Item = (PersonId, &str)> {
        self.staff.iter().filter(|(_, office, _)| *office == Office::Judge).map(|(person, _, name)| (*person, name.as_str()))
    }

    /// The name of a party or of somebody of the court in this case.
    pub fn name_of(&self, person: PersonId) -> &str {
        let staff = || self.staff.iter().chain(&self.former).find(|(id, _, _)| *id == person).map(|(_, _, name)| name.as_str());
        let agent = || self.agents.iter().find(|agent| agent.person == person).map(|agent| agent.name.as_str());
        self.party(person).map(|party| party.name.as_str()).or_else(staff).or_else(agent).unwrap_or("有关人员")
    }

    /// When this paper took effect for its recipient; the last one of several.
    pub fn served_on(&self, paper: Paper, to: PersonId) -> Option<Date> {
        self.papers.iter().rev().filter(|issued| issued.paper == paper && issued.to == to).find_map(|issued| match &issued.service {
            ServiceState::Served { on, .. } => Some(*on),
            ServiceState::Owed | ServiceState::Issued | ServiceState::Sent { .. } | ServiceState::Failed { .. } => None,
        })
    }

    /// The appeals against what ended the case: its judgment, or the ruling in the place of one.
    pub fn appeals_against_the_end(&self) -> impl Iterator<Item = &Appeal> {
        self.appeals.iter().filter(|appeal| appeal.of == self.ended_by)
    }

    /// The day from which the judgment has force, once every appeal period ran out without an appeal: the day after the last
    /// of them (R-APL-01, R-SVC-41). Else who may still appeal, and until when if that is known.
    pub fn effective_from(&self, today: Date) -> Result<Date, (PersonId, Option<Date>)> {
        let mut last = None;
        for party in &self.parties {
            let anchor = format!("appeal/{}", party.person);
            let clock = self.clocks.iter().rev().find(|clock| clock.anchor == anchor && clock.state != ClockState::Replaced);
            match clock {
                Some(clock) if clock.clock.last_day < today => last = last.max(Some(clock.clock.last_day)),
                Some(clock) => return Err((party.person, Some(clock.clock.last_day))),
                None => return Err((party.person, None)),
            }
        }
        let nobody = (PersonId::default(), None);
        last.and_then(|day| day.tomorrow().ok()).ok_or(nobody)
    }

    pub(crate) fn answered(&mut self, answer: &Answer, clock: Option<&RunningClock>) {
        self.end_clock(&format!("answer/{}", answer.by), ClockState::Met);
        self.answers.push(answer.clone());
        clock.into_iter().for_each(|clock| self.start(clock));
    }

    /// The evidence of the filing opens the plaintiff's list.
    pub(crate) fn list_filed_evidence(&mut self) {
        let Some((by, at)) = self.side(Side::Plaintiff).next().map(|party| party.person).zip(self.submitted_at) else { return };
        let filed: Vec<_> = self.statement.iter().flat_map(|statement| &statement.materials).cloned().collect();
        for material in filed.into_iter().filter(|material| material.kind == MaterialKind::Evidence) {
            self.list_evidence(material, by, Side::Plaintiff, at, false);
        }
    }

    pub(crate) fn list_evidence(&mut self, material: Material, by: PersonId, side: Side, at: Timestamp, late: bool) {
        let number = self.evidence.iter().filter(|evidence| evidence.side == side).count() + 1;
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        self.evidence.push(Evidence { material, by, side, number, at, late, opinions: vec![] });
    }

    pub(crate) fn commented(&mut self, opinions: &[Opinion]) {
        for opinion in opinions {
            if let Some(evidence) = self.evidence.iter_mut().find(|evidence| evidence.material.id == opinion.item) {
                evidence.opinions.retain(|earlier| earlier.by != opinion.by);
                evidence.opinions.push(opinion.clone());
            }
        }
    }

    pub(crate) fn assigned(&mut self, tribunal: &Tribunal, clocks: &[RunningClock]) {
        let judges = tribunal.judges.iter().map(|judge| (judge.person, Office::Judge, judge.name.clone()));
        let clerk = (tribunal.clerk.person, Office::Clerk, tribunal.clerk.name.clone());
        self.staff = judges.chain([clerk]).collect();
        self.tribunal = Some(tribunal.clone());
        self.end_clock("hand-over", ClockState::Met);
        clocks.iter().for_each(|clock| self.start(clock));
    }

    pub(crate) fn hearing_mut(&mut self, number: u32) -> Option<&mut Hearing> {
        self.hearings.iter_mut().find(|hearing| hearing.number == number)
    }

    pub(crate) fn record_mut(&mut self, number: u32) -> Option<&mut HearingRecord> {
        self.hearing_mut(number).map(|hearing| hearing.record.get_or_insert_default())
    }

    /// Ends the court's own periods to tell people something, once all the papers that tell it have left.
    pub(crate) fn papers_left(&mut self) {
        let left = |paper: &crate::case::IssuedPaper| match paper.service {
            ServiceState::Owed | ServiceState::Issued => false,
            ServiceState::Sent { .. } | ServiceState::Served { .. } | ServiceState::Failed { .. } => true,
        };
        let all = |wanted: Paper| self.papers.iter().filter(|paper| paper.paper == wanted).all(left);
        let told = [(Paper::ComplaintCopy, "first packet"), (Paper::AnswerCopy, "answer-copy"), (Paper::PanelNotice, "tribunal")];
        let mut over: Vec<_> = told.into_iter().filter(|(paper, _)| all(*paper)).map(|(_, anchor)| anchor.to_owned()).collect();
        for hearing in &self.hearings {
            if hearing.summonses.iter().all(|id| self.paper(*id).is_some_and(left)) {
                over.push(format!("summons/{}", hearing.number));
            }
        }
        over.iter().for_each(|anchor| self.end_clock(anchor, ClockState::Met));
    }

    pub(crate) fn given(&mut self, on: Date) {
        self.stage = Stage::Decided;
        if let Some(judgment) = &mut self.judgment {
            judgment.given_on = Some(on);
        }
        for rule in ["R-LIM-01", "R-LIM-02"] {
            self.end_clocks(rule, ClockState::Met);
        }
    }
}
