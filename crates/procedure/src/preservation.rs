//! 保全措施: what was sealed, seized or frozen on a ruling, until when it holds, and what became of it (R-PRV-09 to R-PRV-12,
//! 《民事诉讼法》(2023) 第106条, 民诉法解释第485条).
use crate::anchor::Anchor;
use crate::case::{Labelled, RunningClock};
use crate::matter::{CaseMatter, Kind};
use crate::{Case, Fen, Law, PersonId};
use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What kind of property a measure holds; its longest term hangs on it (R-PRV-09).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Property {
    Deposit,
    Movable,
    /// 不动产、其他财产权
    Immovable,
}

impl Property {
    /// As forms offer them: value and word.
    pub const CHOICES: &[(&str, &str)] = &[("deposit", "银行存款等资金"), ("movable", "动产"), ("immovable", "不动产、其他财产权")];

    /// The property of a form's value.
    pub fn of(value: &str) -> Option<Self> {
        match value {
            "deposit" => Some(Self::Deposit),
            "movable" => Some(Self::Movable),
            "immovable" => Some(Self::Immovable),
            _other => None,
        }
    }

    /// The rule of the longest term.
    pub fn rule(self) -> &'static str {
        match self {
            Self::Deposit => "R-PRV-09a",
            Self::Movable => "R-PRV-09b",
            Self::Immovable => "R-PRV-09c",
        }
    }

    /// The last day of the longest term that begins on `from`; a right of the applicant's ends no later because it is a holiday.
    pub fn longest(self, from: Date, law: &Law) -> Date {
        let years = law.deadlines.get(self.rule()).map_or(0, |deadline| deadline.length);
        from.saturating_add(years.years())
    }
}

impl Labelled for Property {
    /// What is done to it.
    fn zh(&self) -> &'static str {
        match self {
            Self::Deposit => "冻结",
            Self::Movable => "扣押",
            Self::Immovable => "查封",
        }
    }
}

/// One measure that was carried out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// Its number in the case, from 1.
    pub number: u32,
    /// The application whose ruling it carries out.
    pub matter: u32,
    pub property: Property,
    /// 财产: `中国工商银行清河支行账户（尾号6620）`.
    pub what: String,
    /// How much of it is held (R-PRV-11).
    pub amount: Fen,
    /// 协助执行单位
    pub holder: String,
    /// 轮候: it takes effect when what was there before ends (R-PRV-10).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub queued: bool,
    pub on: Date,
    /// The last day on which it holds.
    pub until: Date,
    pub state: MeasureState,
}

/// What became of a measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeasureState {
    Holds,
    Lifted {
        on: Date,
    },
    /// Its term ended and nobody had it renewed: the effect is gone (R-PRV-09).
    Lapsed {
        on: Date,
    },
}

impl Measure {
    /// 冻结：中国工商银行清河支行账户（尾号6620），150000元，至2027年3月5日
    pub fn zh(&self) -> String {
        let queued = if self.queued { "轮候" } else { "" };
        format!("{queued}{}{}，{}元，至{}", self.property.zh(), self.what, self.amount.short(), crate::clock::date_zh(self.until))
    }

    /// Does it hold?
    pub fn holds(&self) -> bool {
        matches!(self.state, MeasureState::Holds)
    }
}

/// Is this the term of a measure, or the time to have it renewed? They run on when the suit has ended, until it is lifted.
pub(crate) fn of_measure(clock: &RunningClock) -> bool {
    matches!(Anchor::of(&clock.anchor), Some(Anchor::Hold | Anchor::Renewal))
}

impl Case {
    /// A measure by its number.
    pub fn measure(&self, number: u32) -> Option<&Measure> {
        self.measures.iter().find(|measure| measure.number == number)
    }

    /// The measures that hold.
    pub fn holding(&self) -> impl Iterator<Item = &Measure> {
        self.measures.iter().filter(|measure| measure.holds())
    }

    /// The term of a measure ended: nothing is held any more (R-PRV-09).
    pub(crate) fn lapsed(&mut self, anchor: &str) {
        let number = anchor.strip_prefix("hold/").and_then(|number| number.parse().ok());
        for measure in number.and_then(|number| self.measure_mut(number)).into_iter().filter(|measure| measure.holds()) {
            measure.state = MeasureState::Lapsed { on: measure.until };
        }
    }

    /// The last preservation that was ruled on before the matter of this number.
    pub(crate) fn ruled_before(&self, number: u32) -> Option<u32> {
        let ruled = |matter: &&CaseMatter| matter.raised.kind == Kind::Preservation && matter.decided.is_some() && matter.raised.number < number;
        self.matters.iter().rfind(ruled).map(|matter| matter.raised.number)
    }

    /// Was the ruling of this number taken back on review?
    pub(crate) fn revoked(&self, ruling: u32) -> bool {
        let revoked = |matter: &CaseMatter| matter.decided.as_ref().is_some_and(|decided| decided.outcome == "revoked");
        let reviews = self.matters.iter().filter(|matter| matter.raised.kind == Kind::PreservationReview);
        reviews.into_iter().any(|matter| revoked(matter) && self.ruled_before(matter.raised.number) == Some(ruling))
    }

    /// Was anything done on the ruling of this number?
    pub(crate) fn carried_out(&self, ruling: u32) -> bool {
        self.measures.iter().any(|measure| measure.matter == ruling)
    }

    pub(crate) fn measure_mut(&mut self, number: u32) -> Option<&mut Measure> {
        self.measures.iter_mut().find(|measure| measure.number == number)
    }

    /// May this party know of a matter? Whom a preservation is directed against learns of it once it was carried out, so that
    /// there is something left to preserve (R-PRV-03).
    pub fn may_know(&self, number: u32, party: PersonId) -> bool {
        let Some(matter) = self.matter(number) else { return false };
        let raised = &matter.raised;
        match raised.kind {
            Kind::Preservation => {
                let own = self.party(party).is_some_and(|party| Some(party.side) == raised.side);
                own || self.carried_out(number)
            }
            // What a lawyer goes to collect, the other side need not know beforehand.
            Kind::InvestigationOrder => self.party(party).is_some_and(|party| Some(party.side) == raised.side),
            // A review follows the ruling that it is against.
            Kind::PreservationReview => {
                let own = self.party(party).is_some_and(|party| Some(party.side) == raised.side);
                own || self.ruled_before(number).is_some_and(|ruling| self.may_know(ruling, party))
            }
            // So does the correction of a slip in it; while one is kept from him, no slip that another reports is his to know.
            Kind::Correction => {
                let own = self.party(party).is_some_and(|party| Some(party.side) == raised.side);
                let paper = matter.decided.as_ref().and_then(|decided| crate::PaperId::parse(decided.fields.note("paper")));
                own || match paper.and_then(|paper| self.decision_of(paper)) {
                    Some(decided) => self.may_know(decided.number, party),
                    None => {
                        matter.decided.is_some()
                            || self.matters.iter().all(|other| other.raised.kind != Kind::Preservation || self.may_know(other.raised.number, party))
                    }
                }
            }
            Kind::PreservationMeasure
            | Kind::PreservationRenewal
            | Kind::PreservationLifting
            | Kind::PreservationSuit
            | Kind::Recusal
            | Kind::JurisdictionObjection
            | Kind::Withdrawal
            | Kind::ChangeOfClaims
            | Kind::Conversion
            | Kind::Suspension
            | Kind::Resumption
            | Kind::Termination
            | Kind::Dismissal
            | Kind::LimitExtension
            | Kind::EvidenceExtension
            | Kind::Sanction => true,
        }
    }
}
