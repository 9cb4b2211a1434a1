//! 案由: one cause of action as data: elements, interview, claims and texts. Files: `knowledge/causes/*.toml`.
//!
//! The format is defined here once for all causes. Way of the data: a page of the interview is posted as a [`Form`];
//! [`Cause::check_page`] turns it into [`Answers`] or says field by field what is wrong; [`Cause::statement`] makes the
//! complaint's claims, facts and reasons of the answers. Texts hold `{names}` of fields and amounts; conditions are
//! written `claims has interest and interest is rate` (see [`Condition`]).
mod amount;
mod check;
mod condition;
mod party;
mod statement;
mod template;

use crate::case::{MaterialKind, Side};
use crate::interest;
use crate::kind::CaseKind;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::OnceLock;

pub use check::{FieldError, Form, parse_date};
pub use condition::Condition;
pub use party::{IdKind, PartyInfo, PartyRole, party_fields};
pub use statement::{Claim, Hint, Statement};

/// Typed answers by field name, as they are kept: money as fen, dates as `2024-03-15`, yes/no as booleans, lists as arrays.
pub type Answers = BTreeMap<String, serde_json::Value>;

/// Why a cause file or the answers cannot be used. For programmers; people read [`FieldError`].
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cause file: {0}")]
    Toml(#[from] toml::de::Error),
    #[error("condition {0:?}: {1}")]
    Condition(String, &'static str),
    #[error("{place}: {name} is no field or amount of this cause")]
    UnknownName { place: String, name: String },
    #[error("{name} is named in a text but has no value")]
    Unfilled { name: String },
    #[error("{name}: {source}")]
    Interest { name: String, source: interest::Error },
    #[error("amount {name} leaves the range")]
    Range { name: String },
    #[error("formula {0:?} cannot be read")]
    Formula(String),
}

/// One cause of action.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Cause {
    /// 民间借贷纠纷
    pub name: String,
    /// Number in the catalogue: `108.3`.
    pub number: String,
    /// Edition of the catalogue (R-OVR-11).
    pub catalogue: String,
    /// Version of this file.
    pub version: u32,
    pub valid_from: Date,
    /// Group of the catalogue: `P10`.
    pub group: String,
    /// 类型代字 of its first instance.
    pub kind: String,
    /// Words under which people look for it.
    pub aliases: Vec<String>,
    /// One sentence that lets a person see whether it is his.
    pub summary: String,
    /// What it is not, with the way there.
    #[serde(default)]
    pub not_for: Vec<String>,
    pub fee: FeeKind,
    pub jurisdiction: JurisdictionKind,
    /// Party field of those who are to receive the money (R-JUR-04), where not always: when.
    #[serde(default)]
    pub receiver: Option<String>,
    #[serde(default)]
    pub receiver_when: Option<Condition>,
    /// Party field of the employer (R-JUR-04).
    #[serde(default)]
    pub employer: Option<String>,
    /// Text fields of the places that count: the immovable, the accident, the tort, where the work is done.
    #[serde(default)]
    pub places: Vec<String>,
    /// Text field of the place of receipt of what was bought over the network (R-JUR-04, 民诉法解释第20条).
    #[serde(default)]
    pub online_place: Option<String>,
    /// When the spouse sued is abroad, missing or confined (R-JUR-05, 《民事诉讼法》(2023) 第23条).
    #[serde(default)]
    pub absent: Option<Condition>,
    /// When the spouse sued has been away from home for over a year (民诉法解释第12条).
    #[serde(default)]
    pub left_home: Option<Condition>,
    /// Fields of the agreed place of performance and of the agreed court.
    #[serde(default)]
    pub agreed_place: Option<String>,
    #[serde(default)]
    pub agreed_court: Option<String>,
    /// The counter instead of the web (R-IDC-20).
    pub counter: String,
    #[serde(default)]
    pub limitation: Option<Limitation>,
    #[serde(rename = "deadline", default)]
    pub deadlines: Vec<Deadline>,
    #[serde(rename = "party")]
    pub parties: Vec<PartySource>,
    #[serde(rename = "element")]
    pub elements: Vec<Element>,
    #[serde(rename = "material")]
    pub materials: Vec<Material>,
    #[serde(rename = "step")]
    pub steps: Vec<StepTitle>,
    #[serde(rename = "page")]
    pub pages: Vec<Page>,
    #[serde(rename = "amount", default)]
    pub amounts: Vec<Amount>,
    #[serde(rename = "claim")]
    pub claims: Vec<ClaimTemplate>,
    pub facts: Vec<Paragraph>,
    pub reasons: Vec<Paragraph>,
    #[serde(rename = "evidence")]
    pub evidence: Vec<EvidenceHint>,
    #[serde(rename = "hint", default)]
    pub hints: Vec<Paragraph>,
}

/// Which tariff the acceptance fee follows (R-FEE-01..05).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FeeKind {
    Property,
    Divorce,
    Personality,
    Labour,
    NonProperty,
    /// An application for preservation (R-FEE-10).
    Preservation,
}

/// Which rules of territorial jurisdiction apply (R-JUR-01..05).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum JurisdictionKind {
    /// A contract dispute over money: defendant's domicile or place of performance (R-JUR-04).
    ContractMoney,
    /// Other contracts: the place of performance is the obligor's (R-JUR-04).
    Contract,
    /// Immovables and what is treated so (R-JUR-01).
    Immovable,
    /// Tort: place of act or result (R-JUR-04).
    Tort,
    /// Accidents of traffic: where it happened (R-JUR-04, 《民事诉讼法》(2023) 第30条).
    TrafficAccident,
    /// 劳动争议: the employer's place or where the work is done, a basic court (劳动争议解释（一）第3条).
    Labour,
    /// 离婚: the defendant's domicile, the plaintiff's where the defendant is away (R-JUR-05, 民诉法解释第12条).
    Divorce,
    /// Defendant's domicile alone (R-JUR-05).
    General,
    /// A preservation before the suit: where the property is, the respondent's domicile, or the court of the suit (CPL 104).
    Preservation,
}

/// 诉讼时效: warned of, never applied (《民法典》第188、193、195条).
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Limitation {
    pub years: i64,
    pub law: String,
    /// Date fields from which it runs: the first filled.
    pub from: Vec<String>,
    /// Date fields that begin it anew (`repayments.date` for lists): the latest counts.
    pub renew: Vec<String>,
    pub text: String,
}

/// A period that the law fixes for suing, or before one can sue: told once it is over and while it runs.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    /// Date fields of the day after which it runs: the first filled.
    pub from: Vec<String>,
    pub length: i64,
    pub unit: PeriodUnit,
    #[serde(default)]
    pub when: Option<Condition>,
    /// Said once it is over: `{from}` and `{end}` are its days. Empty: nothing.
    #[serde(default)]
    pub over: String,
    /// Said while it runs.
    #[serde(default)]
    pub running: String,
    pub law: String,
}

/// In what a period is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PeriodUnit {
    Days,
    Months,
}

/// Which field the parties of a side come from.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PartySource {
    pub field: String,
    pub side: Side,
    /// What they are in the dispute: 借款人; stands behind 被告 where several kinds are sued.
    pub standing: String,
    #[serde(default)]
    pub when: Option<Condition>,
}

/// 构成要件: what must be shown, by whom, with what.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Element {
    pub id: String,
    pub text: String,
    /// Who bears the burden of proof.
    pub burden: Side,
    pub law: String,
    /// Usual proofs.
    pub proofs: Vec<String>,
}

/// 起诉材料 (R-FIL-03).
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Material {
    pub id: String,
    pub name: String,
    pub kind: MaterialKind,
    /// Without it the filing is not complete; else usual.
    pub required: bool,
    #[serde(default)]
    pub when: Option<Condition>,
    #[serde(default)]
    pub hint: String,
    #[serde(default)]
    pub law: String,
}

/// 步骤 of the interview, as the step list shows them.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct StepTitle {
    pub id: String,
    pub title: String,
}

/// One question.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    pub id: String,
    pub step: String,
    /// The question, with `{placeholders}`; `<wbr>` marks where a large heading may break.
    pub ask: String,
    #[serde(default)]
    pub hint: String,
    /// Why it is asked, in plain words.
    #[serde(default)]
    pub why: String,
    /// The article behind it.
    #[serde(default)]
    pub law: String,
    #[serde(default)]
    pub when: Option<Condition>,
    /// A page that the portal brings itself, the same in every cause.
    #[serde(default)]
    pub generic: Option<Generic>,
    #[serde(rename = "help", default)]
    pub helps: Vec<Help>,
    #[serde(rename = "field", default)]
    pub fields: Vec<Field>,
    #[serde(rename = "check", default)]
    pub checks: Vec<PageCheck>,
}

/// Pages that are the same in every cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Generic {
    /// Search and choose the court, with proposals.
    Court,
    /// Upload materials and evidence.
    Evidence,
    /// Read everything again and submit.
    Review,
}

/// A question that people have there, with its answer.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Help {
    pub q: String,
    pub a: String,
}

/// One input.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    pub name: String,
    pub label: String,
    pub kind: FieldKind,
    /// Must be filled if it is shown.
    #[serde(default = "yes")]
    pub required: bool,
    #[serde(default)]
    pub hint: String,
    #[serde(default)]
    pub when: Option<Condition>,
    /// For choices.
    #[serde(rename = "option", default)]
    pub options: Vec<ChoiceOption>,
    /// For repeat: the inputs of one entry.
    #[serde(rename = "field", default)]
    pub fields: Vec<Field>,
    /// For parties.
    #[serde(default)]
    pub role: Option<PartyRole>,
    /// Least and most entries of parties and repeats.
    #[serde(default)]
    pub least: Option<usize>,
    #[serde(default)]
    pub most: Option<usize>,
    /// A date not after today.
    #[serde(default)]
    pub past: bool,
    /// A date not before that of this field.
    #[serde(default)]
    pub not_before: Option<String>,
    /// Personal data of its own: belongs into the vault, not into the case's answers.
    #[serde(default)]
    pub vault: bool,
    /// For numbers: whole ones alone.
    #[serde(default)]
    pub whole: bool,
    /// For numbers: the greatest.
    #[serde(default)]
    pub upto: Option<i64>,
    /// For rates: may be said by the day too.
    #[serde(default)]
    pub daily: bool,
}

/// How an input looks and is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    Text,
    LongText,
    /// Yuan typed, fen kept.
    Money,
    /// An amount of anything else (square metres, months, percent), kept as written.
    Number,
    Date,
    /// Percent in `name`, 年 or 月 in `name_per`.
    Rate,
    /// One of the options.
    Choice,
    /// Any of the options.
    Choices,
    /// `yes` or `no`.
    Yesno,
    /// A list of persons and organisations; inputs `name.0.kind` and so on, see [`party_fields`].
    Party,
    /// A list of entries; inputs `name.0.field`.
    Repeat,
}

/// One option of a choice, with the inputs that appear when it is ticked.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ChoiceOption {
    pub value: String,
    pub label: String,
    #[serde(default)]
    pub hint: String,
    /// How papers say it, if not by the label.
    #[serde(default)]
    pub text: Option<String>,
    #[serde(default)]
    pub when: Option<Condition>,
    #[serde(rename = "field", default)]
    pub fields: Vec<Field>,
}

/// A check over several fields of a page.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PageCheck {
    /// Money fields whose sum …
    #[serde(default)]
    pub sum: Vec<String>,
    /// … must equal this money field of an earlier page.
    #[serde(default)]
    pub equals: Option<String>,
    /// An amount that must be above zero, and what to say if not; the message stands at `field`.
    #[serde(default)]
    pub positive: Option<String>,
    /// Or that must not be below zero.
    #[serde(default)]
    pub not_negative: Option<String>,
    #[serde(default)]
    pub field: Option<String>,
    #[serde(default)]
    pub message: String,
}

/// A computed amount.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Amount {
    pub id: String,
    pub name: String,
    #[serde(default)]
    pub when: Option<Condition>,
    /// Sums and differences of money, each times numbers: `price * area * months - sum(paid.amount)`,
    /// `loss * share%`, `sum(goods.price*quantity)`. A missing field is zero. Rounded half up to the fen once.
    #[serde(default)]
    pub formula: Option<String>,
    /// The formula's result goes no higher than this, in yuan.
    #[serde(default)]
    pub most_yuan: Option<i64>,
    /// Nor below zero.
    #[serde(default)]
    pub not_negative: bool,
    /// What a loan comes to.
    #[serde(default)]
    pub loan: Option<Loan>,
}

/// A loan run through its rates and payments ([`interest::run`]).
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Loan {
    pub principal: String,
    /// Repeat field with `date`, `amount` and, where it is asked, `purpose`.
    #[serde(default)]
    pub payments: Option<String>,
    /// What payments count for whose entries do not say it.
    #[serde(default = "unsaid")]
    pub payments_are: interest::Purpose,
    /// Date field of the last day reckoned.
    pub to: String,
    #[serde(rename = "stretch")]
    pub stretches: Vec<LoanStretch>,
    pub take: LoanTake,
}

/// A rate from a day on.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LoanStretch {
    /// First day: the first filled of these date fields.
    #[serde(default)]
    pub from: Vec<String>,
    /// The day before the first day: the first filled.
    #[serde(default)]
    pub after: Vec<String>,
    /// The first filled of these rate fields; without one, or if `when` fails, no interest from that day.
    pub rate: Vec<String>,
    #[serde(default)]
    pub when: Option<Condition>,
}

/// Which figure of the loan is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LoanTake {
    Principal,
    Interest,
}

/// 诉讼请求 of a kind.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimTemplate {
    pub id: String,
    pub text: String,
    /// The amount that counts into 诉讼标的额.
    #[serde(default)]
    pub amount: Option<String>,
    #[serde(default)]
    pub when: Option<Condition>,
    /// A repeat or party field: one claim for each entry, whose inputs `text` and `amount` name too.
    #[serde(default)]
    pub each: Option<String>,
    /// Entries for which it is made.
    #[serde(default)]
    pub each_when: Option<Condition>,
}

/// A piece of running text.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Paragraph {
    pub text: String,
    #[serde(default)]
    pub when: Option<Condition>,
    /// A repeat or choices field: `text` holds `{each}`, where `each_text` of every entry stands, joined by `；` or `、`.
    #[serde(default)]
    pub each: Option<String>,
    #[serde(default)]
    pub each_text: String,
    #[serde(default)]
    pub each_join: Option<String>,
    /// Entries that are told.
    #[serde(default)]
    pub each_when: Option<Condition>,
    /// Begins a new paragraph.
    #[serde(default)]
    pub new: bool,
    #[serde(default)]
    pub law: String,
}

/// A proof worth handing in, given these answers.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceHint {
    pub id: String,
    pub name: String,
    /// 证明目的
    pub proves: String,
    #[serde(default)]
    pub when: Option<Condition>,
    #[serde(default)]
    pub hint: String,
    /// Which element it goes to.
    pub element: String,
}

fn yes() -> bool {
    true
}

fn unsaid() -> interest::Purpose {
    interest::Purpose::Unsaid
}

impl Cause {
    /// Reads a cause file and checks that every name in it exists.
    pub fn read(text: &str) -> Result<Self, Error> {
        let cause: Self = toml::from_str(text)?;
        cause.check_names()?;
        Ok(cause)
    }

    /// The causes of the shipped data, in the order in which people are offered them: the most frequent first.
    pub fn all() -> &'static [Cause] {
        const FILES: &[&str] = &[
            include_str!("../../../knowledge/causes/private-lending.toml"),
            include_str!("../../../knowledge/causes/sale-of-goods.toml"),
            include_str!("../../../knowledge/causes/property-service.toml"),
            include_str!("../../../knowledge/causes/housing-lease.toml"),
            include_str!("../../../knowledge/causes/traffic-accident.toml"),
            include_str!("../../../knowledge/causes/labour.toml"),
            include_str!("../../../knowledge/causes/divorce.toml"),
            include_str!("../../../knowledge/causes/preservation-before-suit.toml"),
        ];
        static ALL: OnceLock<Vec<Cause>> = OnceLock::new();
        ALL.get_or_init(|| FILES.iter().map(|file| Self::read(file).unwrap_or_else(|error| panic!("a shipped cause: {error}"))).collect())
    }

    /// The cause with this number of the catalogue.
    pub fn by_number(number: &str) -> Option<&'static Cause> {
        Self::all().iter().find(|cause| cause.number == number)
    }

    /// The kind of case that its filing becomes; a suit where its 类型代字 is no kind that is known.
    pub fn case_kind(&self) -> CaseKind {
        CaseKind::of(&self.kind).unwrap_or_default()
    }

    /// Causes whose name or words fit what a person typed, the best first.
    pub fn search(text: &str) -> Vec<&'static Cause> {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let fit = |cause: &Cause| {
            let words = std::iter::once(&cause.name).chain(&cause.aliases);
            words.filter(|word| !text.is_empty() && (word.contains(&text) || text.contains(word.as_str()))).map(|word| word.chars().count()).max()
        };
        let mut found: Vec<_> = Self::all().iter().filter_map(|cause| fit(cause).map(|length| (length, cause))).collect();
        found.sort_by_key(|(length, _)| std::cmp::Reverse(*length));
        found.into_iter().map(|(_, cause)| cause).collect()
    }

    /// The pages that these answers lead through, in order.
    pub fn pages(&self, answers: &Answers) -> Vec<&Page> {
        self.pages.iter().filter(|page| self.holds(page.when.as_ref(), answers)).collect()
    }

    /// The page with this id.
    pub fn page(&self, id: &str) -> Option<&Page> {
        self.pages.iter().find(|page| page.id == id)
    }

    /// The step of a page with its number, from 1.
    pub fn step_of(&self, page: &Page) -> Option<(usize, &StepTitle)> {
        self.steps.iter().enumerate().find(|(_, step)| step.id == page.step).map(|(index, step)| (index + 1, step))
    }

    /// Materials that these answers call for.
    pub fn materials_for(&self, answers: &Answers) -> Vec<&Material> {
        self.materials.iter().filter(|material| self.holds(material.when.as_ref(), answers)).collect()
    }

    /// Inputs that a page shows, given the answers so far.
    pub fn fields_of<'a>(&'a self, page: &'a Page, answers: &Answers) -> Vec<&'a Field> {
        page.fields.iter().filter(|field| self.holds(field.when.as_ref(), answers)).collect()
    }

    /// Does a condition hold? None: always.
    pub fn holds(&self, condition: Option<&Condition>, answers: &Answers) -> bool {
        condition.is_none_or(|condition| condition.holds(answers))
    }

    /// Puts the answers of a page in the place of its earlier ones.
    pub fn merge(&self, page: &Page, answers: &mut Answers, new: Answers) {
        for name in page.names() {
            answers.remove(name);
        }
        answers.extend(new);
    }

    /// The answers without what belongs into the vault: of parties only kind and name stay.
    pub fn without_vault(&self, answers: &Answers) -> Answers {
        let mut kept = answers.clone();
        for field in self.every_field() {
            if field.vault {
                kept.remove(&field.name);
            } else if field.kind == FieldKind::Party
                && let Some(serde_json::Value::Array(parties)) = kept.get_mut(&field.name)
            {
                for party in parties.iter_mut().filter_map(serde_json::Value::as_object_mut) {
                    party.retain(|key, _| party::PUBLIC_KEYS.contains(&key.as_str()));
                }
            }
        }
        kept
    }

    /// Every field of every page, follow-ups of options included (not the entries of repeats).
    pub(crate) fn every_field(&self) -> Vec<&Field> {
        self.pages.iter().flat_map(|page| page.fields.iter().flat_map(Field::with_followups)).collect()
    }

    pub(crate) fn field(&self, name: &str) -> Option<&Field> {
        self.every_field().into_iter().find(|field| field.name == name)
    }
}

impl Page {
    /// Names of all fields of the page, follow-ups included.
    pub fn names(&self) -> Vec<&str> {
        self.fields.iter().flat_map(Field::with_followups).map(|field| field.name.as_str()).collect()
    }
}

impl Field {
    fn with_followups(&self) -> Vec<&Field> {
        let more = self.options.iter().flat_map(|option| option.fields.iter().flat_map(Field::with_followups));
        std::iter::once(self).chain(more).collect()
    }
}

#[cfg(test)]
#[path = "cause/tests.rs"]
mod tests;
