//! 程序事项: what is asked for and decided beside the main proceeding. One matter = one file; nothing else lists matters.
//!
//! Way of the data: who is entitled raises it ([`RaiseMatter`]), the period to decide runs, the office that the law names decides
//! ([`DecideMatter`]). The decision finds its paper, its clocks and its [`Effect`]s; the case only copies them. A matter that the
//! court takes up itself begins with its decision.
//!
//! [`RaiseMatter`]: crate::step::RaiseMatter
//! [`DecideMatter`]: crate::step::DecideMatter
use crate::case::{Channel, FeeMatter, Labelled, Material, Procedure, RoleKind, RunningClock, Side, Stage};
use crate::paper::Owed;
use crate::preservation::{Measure, MeasureState, of_measure};
use crate::step::{Facts, Field, FieldKind, Step};
use crate::trial::Candidate;
use crate::{Case, Fen, Law, Paper, PersonId, Refusal};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// What a matter says of itself. Forms, the access matrix, tasks and papers are made from it.
pub struct Matter {
    pub kind: Kind,
    /// Its name, as in “回避申请”.
    pub zh: &'static str,
    pub raise: Step,
    pub decide: Step,
    /// The period to decide, from when it was raised.
    pub within: Within,
    /// The court may take it up itself.
    pub own_motion: bool,
    /// May it be raised now, and what follows at once.
    pub(crate) raised: fn(&Raising<'_>) -> Result<Vec<Effect>, Refusal>,
    /// What the decision says and does.
    pub(crate) decided: fn(&Deciding<'_>) -> Result<Decision, Refusal>,
}

/// How long the office has to decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Within {
    /// The law sets no period.
    Open,
    /// The rule of the period.
    Rule(&'static str),
    /// The rule where the field `urgent` says yes, and the one where it does not.
    Urgent { urgent: &'static str, usual: &'static str },
}

impl Within {
    /// The rule of the period for what was filled in.
    pub fn rule(self, fields: &Fields) -> Option<&'static str> {
        match self {
            Self::Open => None,
            Self::Rule(rule) => Some(rule),
            Self::Urgent { urgent, usual } => Some(if fields.note("urgent") == "yes" { urgent } else { usual }),
        }
    }
}

/// One line a matter.
macro_rules! matters {
    ($($module:ident :: $name:ident,)*) => {
        $(mod $module;)*
        /// Which matter.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Kind { $($name),* }
        impl Kind {
            /// Every matter, in the order of the list.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];
            /// Its module in `matter/`.
            pub fn name(self) -> &'static str { match self { $(Self::$name => stringify!($module)),* } }
            /// Its declaration.
            pub fn matter(self) -> &'static Matter { match self { $(Self::$name => &$module::MATTER),* } }
        }
    };
}

matters! {
    recusal::Recusal,
    jurisdiction_objection::JurisdictionObjection,
    withdrawal::Withdrawal,
    change_of_claims::ChangeOfClaims,
    conversion::Conversion,
    suspension::Suspension,
    resumption::Resumption,
    termination::Termination,
    dismissal::Dismissal,
    limit_extension::LimitExtension,
    evidence_extension::EvidenceExtension,
    correction::Correction,
    sanction::Sanction,
    investigation_order::InvestigationOrder,
    preservation::Preservation,
    preservation_measure::PreservationMeasure,
    preservation_renewal::PreservationRenewal,
    preservation_lifting::PreservationLifting,
    preservation_review::PreservationReview,
    preservation_suit::PreservationSuit,
}

impl Labelled for Kind {
    fn zh(&self) -> &'static str {
        self.matter().zh
    }
}

/// What one does in a matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Raise,
    Decide,
}

/// The matter that a step belongs to, and which part of it.
pub fn of_step(name: &str) -> Option<(Kind, Part)> {
    Kind::ALL.iter().find_map(|kind| {
        let matter = kind.matter();
        if matter.raise.name == name {
            return Some((*kind, Part::Raise));
        }
        (matter.decide.name == name).then_some((*kind, Part::Decide))
    })
}

/// What was filled in, by the names of the declared fields.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fields(pub BTreeMap<String, Value>);

impl Fields {
    fn word(&self, name: &str) -> &str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default().trim()
    }

    /// A text that has to be there.
    pub fn text(&self, name: &str, zh: &str, rule: &str) -> Result<&str, Refusal> {
        match self.word(name) {
            "" => Err(invalid(name, format!("请写明{zh}。"), rule)),
            text => Ok(text),
        }
    }

    /// What a step that people take asks for and nobody filled in, with what to do. Files, notes and 交邮日 may stay away.
    pub fn missing(&self, step: &Step) -> Vec<(&'static str, String)> {
        let said = |field: &&Field| match self.0.get(field.name) {
            Some(Value::String(text)) => !text.trim().is_empty(),
            Some(value) => !value.is_null(),
            None => false,
        };
        let unknown = |field: &Field| match field.kind {
            FieldKind::Choice(options) => options.iter().all(|(value, _)| *value != self.word(field.name)),
            FieldKind::Staff | FieldKind::Person => PersonId::parse(self.word(field.name)).is_none(),
            _ => false,
        };
        let ask = |field: &Field| match field.kind {
            FieldKind::Files | FieldKind::PostedOn | FieldKind::Note => None,
            FieldKind::Choice(_) | FieldKind::Staff | FieldKind::Person | FieldKind::Paper | FieldKind::Measure => {
                Some(format!("请选择：{}。", field.zh))
            }
            FieldKind::Remarks
            | FieldKind::Days { .. }
            | FieldKind::Date
            | FieldKind::Text
            | FieldKind::LongText
            | FieldKind::Money
            | FieldKind::Number
            | FieldKind::Findings
            | FieldKind::Statement
            | FieldKind::Time
            | FieldKind::Rows => Some(format!("请填写：{}。", field.zh)),
        };
        step.fields.iter().filter(|field| !said(field) || unknown(field)).filter_map(|field| Some((field.name, ask(field)?))).collect()
    }

    /// A text that may stay empty.
    pub fn note(&self, name: &str) -> &str {
        self.word(name)
    }

    pub fn date(&self, name: &str, zh: &str, rule: &str) -> Result<Date, Refusal> {
        self.word(name).parse().map_err(|_| invalid(name, format!("请填写{zh}，写全年、月、日。"), rule))
    }

    pub fn money(&self, name: &str, zh: &str, rule: &str) -> Result<Fen, Refusal> {
        let fen = self.0.get(name).and_then(Value::as_i64).map(Fen);
        fen.filter(|fen| *fen >= Fen::ZERO).ok_or_else(|| invalid(name, format!("请填写{zh}，单位是元。"), rule))
    }

    pub fn days(&self, name: &str, zh: &str, rule: &str) -> Result<i64, Refusal> {
        self.0.get(name).and_then(Value::as_i64).ok_or_else(|| invalid(name, format!("请填写{zh}，写整数。"), rule))
    }

    pub fn person(&self, name: &str, zh: &str, rule: &str) -> Result<PersonId, Refusal> {
        PersonId::parse(self.word(name)).ok_or_else(|| invalid(name, format!("请选择{zh}。"), rule))
    }

    /// One of the words that the declaration offers.
    pub fn choice<'a>(&self, name: &str, options: &[(&'a str, &'a str)], rule: &str) -> Result<(&'a str, &'a str), Refusal> {
        let word = self.word(name);
        options.iter().find(|(value, _)| *value == word).copied().ok_or_else(|| invalid(name, "请选择一项。".into(), rule))
    }
}

pub(crate) fn invalid(field: &str, zh: String, rule: &str) -> Refusal {
    Refusal::FieldInvalid { field: field.into(), zh, rule: rule.into() }
}

/// What somebody asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Raised {
    /// Its number in the case, from 1.
    pub number: u32,
    pub kind: Kind,
    /// The party; for a matter of the court's own, who decides it.
    pub by: PersonId,
    /// None: the court itself took it up.
    pub side: Option<Side>,
    pub fields: Fields,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub materials: Vec<Material>,
    pub at: Timestamp,
    pub channel: Channel,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assisted_by: Option<PersonId>,
    /// The agent who asked for his principal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<PersonId>,
    /// 交邮日 (R-DDL-04).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub posted_on: Option<Date>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clocks: Vec<RunningClock>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub effects: Vec<Effect>,
}

/// What was decided on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decided {
    pub number: u32,
    pub kind: Kind,
    /// The declared outcome, e.g. `granted`.
    pub outcome: String,
    pub by: PersonId,
    pub office: crate::Office,
    pub on: Date,
    pub fields: Fields,
    pub text: DecisionText,
    pub papers: Vec<Owed>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clocks: Vec<RunningClock>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub effects: Vec<Effect>,
}

/// 事项 as it stands in the case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseMatter {
    pub raised: Raised,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<Decided>,
}

/// The words of a decision, found when it was made.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct DecisionText {
    /// What the paper is called on its face after its name: 中止诉讼.
    pub about: String,
    /// How it came to it, a paragraph each.
    pub course: Vec<String>,
    /// 本院认为: as the decider wrote it.
    pub reasons: String,
    /// Provisions, without 依照 and 规定.
    pub basis: String,
    /// 主文, an order each, without numbers.
    pub orders: Vec<String>,
    /// What can be done against it, and when it takes effect.
    pub tail: Vec<String>,
    /// An appeal lies to the court above within ten days (R-FIL-17, R-APL-01).
    #[serde(default)]
    pub appealable: bool,
    /// 之几 of the rulings in this case number (R-DOC-09); zero: the first, which bears none.
    #[serde(default)]
    pub suffix: u32,
}

/// How a decision is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// 裁定书, signed by the tribunal (R-DOC-04).
    Ruling,
    /// 决定书, under the court's seal (R-DOC-06).
    Decision,
    /// 通知书.
    Notice,
}

impl Form {
    fn paper(self) -> Paper {
        match self {
            Self::Ruling => Paper::MatterRuling,
            Self::Decision => Paper::MatterDecision,
            Self::Notice => Paper::MatterNotice,
        }
    }
}

/// Who gets the paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum To {
    /// It stays inside: nothing was done to anybody.
    Nobody,
    Everybody,
    Applicant,
    Person(PersonId),
}

/// What a matter's own rule found.
pub(crate) struct Decision {
    pub form: Form,
    pub to: To,
    pub text: DecisionText,
    pub effects: Vec<Effect>,
    pub clocks: Vec<RunningClock>,
    /// More of the fee fell due: each plaintiff gets a notice, with which its seven days begin (R-FEE-16, R-FEE-17).
    pub fee_notice: bool,
}

/// What a decision changes in the case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
pub enum Effect {
    /// 中止诉讼: nothing but its end is possible meanwhile.
    Suspended,
    /// 恢复诉讼: it goes on where it stood.
    Resumed,
    /// The ruling ends the case.
    Ended { ending: Ending },
    /// 转换程序.
    Converted { procedure: Procedure },
    /// 举证期限中止 (R-EVD-03): every period for evidence stands still.
    EvidenceHeld,
    /// 变更诉讼请求: what stands in the place of the claims.
    Claims { claims: Vec<String>, amount: Fen },
    /// The fee was assessed anew.
    Fee { fee: Box<FeeMatter> },
    /// A member of the tribunal does not act while this is open.
    Paused { person: PersonId },
    /// He acts again.
    Unpaused { person: PersonId },
    /// He left the tribunal; somebody else was drawn in his place, among these and from this checkpoint of the log, so that anybody
    /// can draw again (R-TRI-06).
    Replaced {
        person: PersonId,
        by: Candidate,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        checkpoint: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        among: Vec<Candidate>,
    },
    /// Days that the period of trial does not count (R-LIM-31).
    Excluded { exclusion: Exclusion },
    /// 延长审限 by so many months (R-LIM-01, R-LIM-02).
    Extended { months: i64 },
    /// A preservation was carried out (R-PRV-12).
    MeasureTaken { measure: Box<Measure> },
    /// 续行保全 (R-PRV-09).
    MeasureRenewed { number: u32, until: Date },
    /// 解除保全 (R-PRV-14).
    MeasureLifted { number: u32, on: Date },
    /// The suit was filed within thirty days: the measures go on in it (R-PRV-07).
    SuitFiled { number: String, on: Date },
    /// Who may know of a ruling only now gets it, too.
    RulingOwed { matter: u32, papers: Vec<Owed> },
}

/// How a ruling ends a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// 准许撤诉
    Withdrawn,
    /// 终结诉讼
    Terminated,
    /// 驳回起诉
    Dismissed,
    /// 移送管辖: this court's number is closed, the case is the other court's (R-TRF-01)
    Transferred,
}

impl Ending {
    /// The stage in which it leaves the case.
    pub fn stage(self) -> Stage {
        match self {
            Self::Withdrawn => Stage::Withdrawn,
            Self::Terminated => Stage::Terminated,
            Self::Dismissed => Stage::Dismissed,
            Self::Transferred => Stage::Transferred,
        }
    }

    /// 结案方式.
    pub fn manner(self) -> &'static str {
        match self {
            Self::Withdrawn => "准许撤诉",
            Self::Terminated => "终结诉讼",
            Self::Dismissed => "驳回起诉",
            Self::Transferred => "移送管辖",
        }
    }
}

/// Days that do not count towards the period of trial, both ends included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exclusion {
    pub from: Date,
    /// None: it still runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// As people read it: 管辖权异议.
    pub why: String,
    pub rule: String,
}

/// Who raises what.
pub(crate) struct Raising<'a> {
    pub case: &'a Case,
    pub party: PersonId,
    pub side: Option<Side>,
    pub fields: &'a Fields,
    /// The day that counts (R-DDL-04).
    pub day: Date,
    pub law: &'a Law,
    pub facts: &'a Facts,
}

/// Who decides what, and how.
pub(crate) struct Deciding<'a> {
    pub case: &'a Case,
    /// None: the court takes it up itself.
    pub raised: Option<&'a Raised>,
    pub number: u32,
    pub fields: &'a Fields,
    pub office: crate::Office,
    pub by: PersonId,
    pub law: &'a Law,
    pub facts: &'a Facts,
}

impl Deciding<'_> {
    /// How an appeal lies against a ruling (R-FIL-17, R-APL-01, 《民事诉讼法》(2023) 第171条).
    pub(crate) fn appeal_line(&self) -> String {
        let above = self.law.courts.appeals_to(&self.case.court).map_or("上一级人民法院", |court| court.name.as_str());
        let days = self.law.deadlines.get("R-APL-01b").map_or_else(String::new, |deadline| crate::clock::number_zh(deadline.length));
        format!("如不服本裁定，可以在裁定书送达之日起{days}日内，向本院递交上诉状，并按照对方当事人的人数提出副本，上诉于{above}。")
    }

    /// Only what somebody asked for is refused; the court itself does what it finds right, or leaves it.
    pub(crate) fn asked(&self, rule: &str) -> Result<(), Refusal> {
        if self.raised.is_none() {
            Err(invalid("outcome", "没有人提出申请，不需要作出不准许的裁定。".into(), rule))
        } else {
            Ok(())
        }
    }

    /// What the decider wrote as his reasons.
    pub(crate) fn reasons(&self, rule: &str) -> Result<String, Refusal> {
        self.fields.text("reasons", "理由", rule).map(str::to_owned)
    }

    /// 原告陈堃于2026年3月5日提出回避申请。
    pub(crate) fn course(&self, what: &str) -> Vec<String> {
        match self.raised {
            Some(raised) => {
                let side = raised.side.map_or("", |side| self.case.kind.side(side));
                let on = crate::clock::date_zh(raised.posted_on.unwrap_or_else(|| crate::step::day_of(raised.at)));
                vec![format!("{on}，{side}{}{what}", self.case.name_of(raised.by))]
            }
            None => vec![],
        }
    }
}

/// The outcomes of most matters.
pub(crate) const GRANTED_OR_REFUSED: &[(&str, &str)] = &[("granted", "准许"), ("refused", "不准许")];

/// The fields of a ruling that rests on one of these grounds.
pub(crate) const fn ruling_on(grounds: &'static [(&'static str, &'static str)]) -> [Field; 3] {
    [
        Field { name: "outcome", zh: "裁定", kind: FieldKind::Choice(GRANTED_OR_REFUSED) },
        Field { name: "ground", zh: "属于哪一种情形", kind: FieldKind::Choice(grounds) },
        Field { name: "reasons", zh: "本院认为", kind: FieldKind::LongText },
    ]
}

/// The usual fields of a decision.
pub(crate) const DECISION: &[Field] = &[
    Field { name: "outcome", zh: "决定", kind: FieldKind::Choice(GRANTED_OR_REFUSED) },
    Field { name: "reasons", zh: "理由", kind: FieldKind::LongText },
];

/// The usual fields of an application.
pub(crate) const APPLICATION: &[Field] = &[
    Field { name: "reasons", zh: "申请的理由", kind: FieldKind::LongText },
    Field { name: "materials", zh: "申请书和证据材料", kind: FieldKind::Files },
    crate::step::POSTED_ON,
];

/// Everybody who takes part in the case.
pub(crate) const PARTIES: &[RoleKind] = &[RoleKind::Plaintiff, RoleKind::Defendant, RoleKind::Invited, RoleKind::Agent];
/// While a preservation can hold.
pub(crate) const PRESERVED: &[Stage] = &[
    Stage::Preserving,
    Stage::Preparing,
    Stage::Hearing,
    Stage::Suspended,
    Stage::Decided,
    Stage::Effective,
    Stage::Withdrawn,
    Stage::Terminated,
    Stage::Dismissed,
    Stage::Transferred,
];
/// While it is tried.
pub(crate) const PENDING: &[Stage] = &[Stage::Preparing, Stage::Hearing];

/// What a matter's file gives of a step; the rest is the same for all.
pub(crate) const fn step(name: &'static str, zh: &'static str, guide: &'static str, rules: &'static [&'static str]) -> Step {
    Step { name, zh, guide, counter: "", who: &[], from: PENDING, power: None, fields: DECISION, papers: &[], rules }
}

/// How an application is made at the counter (R-IDC-20).
pub(crate) const AT_COUNTER: &str = "把申请书和材料交到诉讼服务中心窗口，或者邮寄给承办法庭；书写确有困难的，可以口头申请，由工作人员记录。";

/// Nothing beyond what the declaration asks for.
pub(crate) fn no_condition(raising: &Raising<'_>) -> Result<Vec<Effect>, Refusal> {
    raising.fields.text("reasons", "申请的理由", "R-OVR-03").map(|_| vec![])
}

impl Raised {
    /// What was filled in, in the words of the form: label and value.
    pub fn told(&self, case: &Case) -> Vec<(&'static str, String)> {
        told(self.kind.matter().raise.fields, &self.fields, case)
    }
}

/// Filled-in fields in words; what was left empty is left out.
fn told(declared: &'static [Field], fields: &Fields, case: &Case) -> Vec<(&'static str, String)> {
    let value = |field: &Field| {
        let word = fields.note(field.name);
        let said = match &field.kind {
            FieldKind::Choice(options) => options.iter().find(|(value, _)| *value == word).map_or("", |(_, zh)| zh).to_owned(),
            FieldKind::Person | FieldKind::Staff => PersonId::parse(word).map_or_else(String::new, |person| case.name_of(person).to_owned()),
            FieldKind::Money => fields.0.get(field.name).and_then(Value::as_i64).map_or_else(String::new, |fen| Fen(fen).to_string()),
            FieldKind::Number | FieldKind::Days { .. } => {
                fields.0.get(field.name).and_then(Value::as_i64).map_or_else(String::new, |n| n.to_string())
            }
            FieldKind::Date | FieldKind::PostedOn => word.parse().map_or_else(|_| String::new(), crate::clock::date_zh),
            FieldKind::Paper => crate::PaperId::parse(word).and_then(|id| case.paper(id)).map_or_else(String::new, |paper| case.paper_zh(paper)),
            FieldKind::Measure => word.parse().ok().and_then(|number| case.measure(number)).map_or_else(String::new, Measure::zh),
            FieldKind::Text
            | FieldKind::Note
            | FieldKind::LongText
            | FieldKind::Time
            | FieldKind::Remarks
            | FieldKind::Findings
            | FieldKind::Statement
            | FieldKind::Files
            | FieldKind::Rows => word.to_owned(),
        };
        (field.zh, said)
    };
    declared.iter().map(value).filter(|(_, said)| !said.is_empty()).collect()
}

impl Case {
    /// A matter by its number.
    pub fn matter(&self, number: u32) -> Option<&CaseMatter> {
        self.matters.iter().find(|matter| matter.raised.number == number)
    }

    /// The matters that wait for their decision.
    pub fn open_matters(&self) -> impl Iterator<Item = &CaseMatter> {
        self.matters.iter().filter(|matter| matter.decided.is_none())
    }

    /// The oldest of a kind that waits for its decision.
    pub fn open_matter(&self, kind: Kind) -> Option<&CaseMatter> {
        self.open_matters().find(|matter| matter.raised.kind == kind)
    }

    /// The decision that a paper of a matter gives.
    pub fn decision_of(&self, paper: crate::PaperId) -> Option<&Decided> {
        self.matters.iter().filter_map(|matter| matter.decided.as_ref()).find(|decided| decided.papers.iter().any(|owed| owed.id == paper))
    }

    /// The name of a paper with what it is about: 民事裁定书（中止诉讼）.
    pub fn paper_zh(&self, paper: &crate::case::IssuedPaper) -> String {
        match self.decision_of(paper.id) {
            Some(decided) => format!("{}（{}）", paper.paper.zh(), decided.text.about),
            None => paper.paper.zh().to_owned(),
        }
    }

    /// The stage in which a matter's ruling left the case.
    pub(crate) fn ended_in(&self) -> Option<Stage> {
        let decided = self.matter(self.ended_by?)?.decided.as_ref()?;
        decided.effects.iter().find_map(|effect| if let Effect::Ended { ending } = effect { Some(ending.stage()) } else { None })
    }

    /// What has to be decided before the judgment is given or the hearing opened: what could end the suit, stop it or change it.
    pub(crate) fn to_settle(&self) -> Option<Kind> {
        let settles = |kind: Kind| match kind {
            Kind::Recusal
            | Kind::JurisdictionObjection
            | Kind::Withdrawal
            | Kind::ChangeOfClaims
            | Kind::Conversion
            | Kind::Suspension
            | Kind::Termination
            | Kind::Dismissal => true,
            Kind::Resumption
            | Kind::LimitExtension
            | Kind::EvidenceExtension
            | Kind::Correction
            | Kind::Sanction
            | Kind::InvestigationOrder
            | Kind::Preservation
            | Kind::PreservationMeasure
            | Kind::PreservationRenewal
            | Kind::PreservationLifting
            | Kind::PreservationReview
            | Kind::PreservationSuit => false,
        };
        self.open_matters().map(|open| open.raised.kind).find(|kind| settles(*kind))
    }

    /// Does this member of the tribunal stand aside while his recusal is undecided (R-TRI-10)?
    pub fn paused(&self, person: PersonId) -> bool {
        self.paused.contains(&person)
    }

    /// Raised: it stands in the case until it is decided.
    pub(crate) fn matter_raised(&mut self, raised: &Raised) {
        raised.clocks.iter().for_each(|clock| self.start(clock));
        raised.effects.iter().for_each(|effect| self.effect(effect, raised.number));
        self.matters.push(CaseMatter { raised: raised.clone(), decided: None });
    }

    /// Decided: its period is met, its effects are copied.
    pub(crate) fn matter_decided(&mut self, decided: &Decided) {
        self.end_clock(&format!("matter/{}", decided.number), crate::case::ClockState::Met);
        decided.clocks.iter().for_each(|clock| self.start(clock));
        if let Some(matter) = self.matters.iter_mut().find(|matter| matter.raised.number == decided.number) {
            matter.decided = Some(decided.clone());
        }
        decided.effects.iter().for_each(|effect| self.effect(effect, decided.number));
    }

    fn effect(&mut self, effect: &Effect, number: u32) {
        match effect {
            Effect::Suspended => {
                self.suspended = Some(self.stage);
                self.stage = Stage::Suspended;
            }
            Effect::Resumed => {
                if let Some(stage) = self.suspended.take() {
                    self.stage = stage;
                }
            }
            Effect::Ended { ending } => {
                self.stage = ending.stage();
                self.ended_by = Some(number);
                // Whoever stood aside closes and archives it: there is nothing left to be partial about.
                self.paused.clear();
                // Nothing is waited for any more, but the appeal that may come.
                let appeal = |clock: &RunningClock| crate::anchor::Anchor::of(&clock.anchor) == Some(crate::anchor::Anchor::Appeal);
                let open = |clock: &RunningClock| matches!(clock.state, crate::case::ClockState::Running | crate::case::ClockState::Paused);
                for running in self.clocks.iter_mut().filter(|clock| open(clock) && !appeal(clock) && !of_measure(clock)) {
                    running.state = crate::case::ClockState::Met;
                }
            }
            Effect::Converted { procedure } => {
                // What was added to the period of the one procedure says nothing of the other's (R-PRC-04).
                (self.procedure, self.extended_months) = (Some(*procedure), 0);
            }
            Effect::EvidenceHeld => {
                let evidence = |clock: &RunningClock| crate::anchor::Anchor::of(&clock.anchor) == Some(crate::anchor::Anchor::Evidence);
                for running in self.clocks.iter_mut().filter(|clock| clock.state == crate::case::ClockState::Running && evidence(clock)) {
                    running.state = crate::case::ClockState::Paused;
                }
            }
            Effect::Claims { claims, amount } => {
                if let Some(statement) = &mut self.statement {
                    statement.claims.clone_from(claims);
                    statement.amount = *amount;
                }
            }
            Effect::Fee { fee } => self.fee = Some((**fee).clone()),
            Effect::Paused { person } => self.paused.push(*person),
            Effect::Unpaused { person } => self.paused.retain(|paused| paused != person),
            Effect::Replaced { person, by, .. } => self.replace(*person, by),
            Effect::Excluded { exclusion } => self.exclude(exclusion),
            Effect::Extended { months } => self.extended_months += months,
            Effect::MeasureTaken { measure } => {
                self.end_clock(&format!("execution/{}", measure.matter), crate::case::ClockState::Met);
                self.measures.push((**measure).clone());
            }
            Effect::MeasureRenewed { number, until } => {
                self.measure_mut(*number).into_iter().for_each(|measure| measure.until = *until);
            }
            Effect::MeasureLifted { number, on } => {
                self.measure_mut(*number).into_iter().for_each(|measure| measure.state = MeasureState::Lifted { on: *on });
                for anchor in [format!("hold/{number}"), format!("renewal/{number}")] {
                    self.end_clock(&anchor, crate::case::ClockState::Met);
                }
                // Where nothing is held, nobody has to sue for it (R-PRV-07).
                if self.holding().next().is_none() {
                    self.end_clock("suit", crate::case::ClockState::Met);
                }
            }
            Effect::SuitFiled { number, on } => {
                self.end_clock("suit", crate::case::ClockState::Met);
                self.suit = Some((number.clone(), *on));
            }
            Effect::RulingOwed { matter, papers } => {
                let known = self.matters.iter_mut().find(|known| known.raised.number == *matter).and_then(|known| known.decided.as_mut());
                known.into_iter().for_each(|decided| decided.papers.extend(papers.iter().cloned()));
            }
        }
    }

    /// Days that do not count. While they run on, the period of trial stands still.
    pub(crate) fn exclude(&mut self, exclusion: &Exclusion) {
        match self.exclusions.iter_mut().find(|known| known.to.is_none() && known.why == exclusion.why) {
            Some(open) => open.to = exclusion.to,
            None => self.exclusions.push(exclusion.clone()),
        }
        if exclusion.to.is_none() {
            self.end_clock("trial", crate::case::ClockState::Paused);
        }
    }

    /// Another member in the place of one who left, in the same seat. The first draw stays what it was: anybody can draw it again.
    fn replace(&mut self, person: PersonId, by: &Candidate) {
        self.paused.retain(|paused| *paused != person);
        self.former.extend(self.staff.iter().filter(|(member, ..)| *member == person).cloned());
        // What he did not sign, nobody signs for him.
        for record in self.hearings.iter_mut().filter_map(|hearing| hearing.record.as_mut()) {
            record.signers.retain(|signer| *signer != person || record.signatures.iter().any(|signature| signature.of == person));
        }
        for seat in self.staff.iter_mut().filter(|(member, ..)| *member == person) {
            (seat.0, seat.2) = (by.person, by.name.clone());
        }
    }
}

pub(crate) use preservation::before_suit;

/// The paper of a form, to whom it goes.
pub(crate) fn papers(case: &Case, form: Form, to: To, applicant: Option<PersonId>) -> Vec<Owed> {
    let paper = form.paper();
    match to {
        To::Nobody => vec![],
        To::Everybody => crate::step::owe_all(case, paper, case.parties.iter()),
        To::Applicant => applicant.map(|party| crate::step::owe(case, paper, party)).into_iter().collect(),
        To::Person(person) => vec![crate::step::owe(case, paper, person)],
    }
}

/// How many rulings the case number bears so far (R-DOC-09); 按撤诉处理 ends the case, so that it can only be the last.
pub fn rulings(case: &Case) -> u32 {
    let given = case.matters.iter().filter_map(|matter| matter.decided.as_ref());
    let count = given.filter(|decided| decided.papers.iter().any(|owed| owed.paper == Paper::MatterRuling)).count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The period of trial as these effects leave it; none where they do not touch it, or it stands still.
pub(crate) fn trial_after(after: &Case, effects: &[Effect], law: &Law, today: Date) -> Option<RunningClock> {
    let touches = |effect: &Effect| match effect {
        Effect::Excluded { .. } | Effect::Converted { .. } | Effect::Extended { .. } => true,
        Effect::Suspended
        | Effect::Resumed
        | Effect::Ended { .. }
        | Effect::EvidenceHeld
        | Effect::Claims { .. }
        | Effect::Fee { .. }
        | Effect::Paused { .. }
        | Effect::Unpaused { .. }
        | Effect::Replaced { .. }
        | Effect::MeasureTaken { .. }
        | Effect::MeasureRenewed { .. }
        | Effect::MeasureLifted { .. }
        | Effect::SuitFiled { .. }
        | Effect::RulingOwed { .. } => false,
    };
    if effects.iter().any(touches) { crate::limit::running_trial(after, law, today) } else { None }
}

#[cfg(test)]
mod consequences;
#[cfg(test)]
pub(crate) mod preservation_tests;
#[cfg(test)]
mod tests;
