//! 起诉状的内容: parties, claims, amount, facts and reasons, made of the answers. The person reads and may change all of it.
use super::check::date_of;
use super::template::placeholders;
use super::{Answers, Cause, Error, FieldKind, JurisdictionKind, Paragraph, PartyInfo, amount, condition};
use crate::case::Side;
use crate::clock::{self, date_zh};
use crate::jurisdiction::{Facts, Matter, Place};
use crate::law::Law;
use crate::money::Fen;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// 一项诉讼请求
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    pub text: String,
    /// Counts into 诉讼标的额.
    pub amount: Option<Fen>,
}

/// Something the person should know before submitting; it stops nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hint {
    pub text: String,
    pub law: String,
}

/// The draft of a complaint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    pub cause: String,
    pub cause_name: String,
    pub parties: Vec<PartyInfo>,
    pub claims: Vec<Claim>,
    /// 诉讼标的额: the sum of the claims' amounts.
    pub amount: Fen,
    pub facts: String,
    pub reasons: String,
    /// How amounts were reckoned.
    pub calculation: Vec<String>,
    /// Name and purpose of proofs worth handing in.
    pub evidence_hints: Vec<(String, String)>,
    pub hints: Vec<Hint>,
}

impl Cause {
    /// The complaint that these answers make. Ask [`Cause::check_all`] first; `today` and `law` serve the hints.
    pub fn statement(&self, answers: &Answers, law: &Law, today: Date) -> Result<Statement, Error> {
        let mut all = self.with_amounts(answers)?;
        all.insert(condition::TODAY.into(), Value::String(today.to_string()));
        let mut claims = vec![];
        for template in self.claims.iter().filter(|claim| self.holds(claim.when.as_ref(), &all)) {
            let amount = template.amount.as_ref().and_then(|id| all.get(id)).and_then(Value::as_i64).map(Fen);
            claims.push(Claim { text: self.strict(&template.text, &all)?, amount: amount.filter(|amount| *amount > Fen::ZERO) });
        }
        let amount = Fen::sum(claims.iter().filter_map(|claim| claim.amount)).ok_or(Error::Range { name: "诉讼标的额".into() })?;
        let evidence = self.evidence.iter().filter(|hint| self.holds(hint.when.as_ref(), &all));
        Ok(Statement {
            cause: self.number.clone(),
            cause_name: self.name.clone(),
            parties: self.party_infos(&all),
            claims,
            amount,
            facts: self.running_text(&self.facts, &all)?,
            reasons: self.running_text(&self.reasons, &all)?,
            calculation: self.calculation(&all)?,
            evidence_hints: evidence.map(|hint| (hint.name.clone(), hint.proves.clone())).collect(),
            hints: self.hints_for(&all, law, today)?,
        })
    }

    /// Parties in the order of the complaint: plaintiffs, then defendants.
    pub fn party_infos(&self, answers: &Answers) -> Vec<PartyInfo> {
        let sources = self.parties.iter().filter(|source| self.holds(source.when.as_ref(), answers));
        let mut parties: Vec<PartyInfo> = sources
            .flat_map(|source| {
                let entries = answers.get(&source.field).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
                entries.iter().filter_map(|entry| PartyInfo::read(entry, source.side, &source.standing))
            })
            .collect();
        parties.sort_by_key(|party| party.side == Side::Defendant);
        parties
    }

    /// Facts for [`crate::jurisdiction::propose`]; `None` for causes whose jurisdiction has other rules.
    pub fn jurisdiction_facts(&self, answers: &Answers) -> Result<Option<Facts>, Error> {
        match self.jurisdiction {
            JurisdictionKind::ContractMoney => {}
            JurisdictionKind::Contract
            | JurisdictionKind::Immovable
            | JurisdictionKind::Tort
            | JurisdictionKind::General
            | JurisdictionKind::Preservation => return Ok(None),
        }
        let all = self.with_amounts(answers)?;
        let amounts = self.claims.iter().filter(|claim| self.holds(claim.when.as_ref(), &all)).filter_map(|claim| claim.amount.as_ref());
        let amount =
            Fen::sum(amounts.filter_map(|id| all.get(id).and_then(Value::as_i64).map(Fen))).ok_or(Error::Range { name: "诉讼标的额".into() })?;
        let place = |party: &PartyInfo| Place { of: party.name.clone(), domicile: party.domicile.clone(), habitual: party.habitual.clone() };
        let parties = self.party_infos(&all);
        let side = |side| parties.iter().filter(move |party| party.side == side);
        let text = |name: &Option<String>| name.as_ref().and_then(|name| all.get(name)).and_then(Value::as_str).map(str::to_owned);
        let receiver = self.receiver.as_ref().and_then(|field| all.get(field)).and_then(|value| value.get(0));
        let foreign = parties.iter().any(|party| party.id_kind.is_some_and(|kind| kind != super::IdKind::Resident));
        Ok(Some(Facts {
            amount,
            plaintiffs: side(Side::Plaintiff).map(place).collect(),
            defendants: side(Side::Defendant).map(place).collect(),
            matter: Matter::Contract {
                receiver: receiver.and_then(|entry| PartyInfo::read(entry, Side::Plaintiff, "")).map(|party| place(&party)),
                agreed_place: text(&self.agreed_place),
                obligor: None,
            },
            agreement: text(&self.agreed_court),
            agreement_hidden: false,
            foreign,
        }))
    }

    fn running_text(&self, paragraphs: &[Paragraph], answers: &Answers) -> Result<String, Error> {
        let mut text = String::new();
        for paragraph in paragraphs {
            let piece = self.paragraph(paragraph, answers)?;
            if paragraph.new && !piece.is_empty() && !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&piece);
        }
        Ok(text)
    }

    fn hints_for(&self, answers: &Answers, law: &Law, today: Date) -> Result<Vec<Hint>, Error> {
        let mut hints = vec![];
        for hint in &self.hints {
            let text = self.paragraph(hint, answers)?;
            if !text.is_empty() {
                hints.push(Hint { text, law: hint.law.clone() });
            }
        }
        hints.extend(self.limitation_hint(answers, law, today));
        Ok(hints)
    }

    /// 诉讼时效: told when the period seems to have run out; the court does not apply it of itself (《民法典》第193条).
    fn limitation_hint(&self, answers: &Answers, law: &Law, today: Date) -> Option<Hint> {
        let limitation = self.limitation.as_ref()?;
        let start = limitation.from.iter().find_map(|name| date_of(answers, name))?;
        let renewed = limitation.renew.iter().flat_map(|name| dates(answers, name)).filter(|day| *day > start && *day <= today).max();
        let from = renewed.unwrap_or(start);
        let clock = clock::years("LIMITATION", "诉讼时效期间", limitation.years, from, &law.calendar);
        (clock.last_day < today).then(|| Hint {
            text: limitation.text.replace("{from}", &date_zh(from)).replace("{end}", &date_zh(clock.last_day)),
            law: limitation.law.clone(),
        })
    }

    /// Every name in conditions, texts and formulas must exist (run when a file is read).
    pub(super) fn check_names(&self) -> Result<(), Error> {
        let known = |name: &str| self.field(name).is_some() || self.amounts.iter().any(|amount| amount.id == name);
        let check = |place: &str, name: &str| {
            let base = name.split(['.', '?']).next().unwrap_or(name);
            if known(base) { Ok(()) } else { Err(Error::UnknownName { place: place.into(), name: name.into() }) }
        };
        self.check_conditions(&check)?;
        for page in &self.pages {
            if self.step_of(page).is_none() {
                return Err(Error::UnknownName { place: page.id.clone(), name: page.step.clone() });
            }
            placeholders(&page.ask).into_iter().try_for_each(|name| check(&page.id, name))?;
            for name in page.checks.iter().flat_map(|check| check.sum.iter().chain(&check.equals).chain(&check.positive).chain(&check.field)) {
                check(&page.id, name)?;
            }
        }
        for claim in &self.claims {
            placeholders(&claim.text).into_iter().chain(claim.amount.as_deref()).try_for_each(|name| check(&claim.id, name))?;
        }
        for paragraph in self.facts.iter().chain(&self.reasons).chain(&self.hints) {
            let names = placeholders(&paragraph.text).into_iter().filter(|name| *name != "each").chain(paragraph.each.as_deref());
            names.into_iter().try_for_each(|name| check(&paragraph.text, name))?;
        }
        for item in &self.amounts {
            for (_, name) in item.formula.as_deref().map(amount::terms).transpose()?.unwrap_or_default() {
                check(&item.id, name.trim_start_matches("sum(").trim_end_matches(')'))?;
            }
            if let Some(loan) = &item.loan {
                let of_stretches = loan.stretches.iter().flat_map(|stretch| stretch.from.iter().chain(&stretch.after).chain(&stretch.rate));
                [&loan.principal, &loan.payments, &loan.to].into_iter().chain(of_stretches).try_for_each(|name| check(&item.id, name))?;
            }
        }
        let elements = |id: &str| self.elements.iter().any(|element| element.id == id);
        match self.evidence.iter().find(|hint| !elements(&hint.element)) {
            Some(hint) => Err(Error::UnknownName { place: hint.id.clone(), name: hint.element.clone() }),
            None => Ok(()),
        }
    }

    /// Conditions ask for names that exist and values that can be chosen.
    fn check_conditions(&self, check: &impl Fn(&str, &str) -> Result<(), Error>) -> Result<(), Error> {
        let fields = self.every_field();
        let options = fields.iter().flat_map(|field| &field.options);
        let stretches = self.amounts.iter().filter_map(|amount| amount.loan.as_ref()).flat_map(|loan| &loan.stretches);
        let conditions = (self.pages.iter().filter_map(|page| page.when.as_ref()))
            .chain(fields.iter().filter_map(|field| field.when.as_ref()))
            .chain(options.filter_map(|option| option.when.as_ref()))
            .chain(self.parties.iter().filter_map(|party| party.when.as_ref()))
            .chain(self.materials.iter().filter_map(|material| material.when.as_ref()))
            .chain(self.amounts.iter().filter_map(|amount| amount.when.as_ref()))
            .chain(stretches.filter_map(|stretch| stretch.when.as_ref()))
            .chain(self.claims.iter().filter_map(|claim| claim.when.as_ref()))
            .chain(self.facts.iter().chain(&self.reasons).chain(&self.hints).filter_map(|paragraph| paragraph.when.as_ref()))
            .chain(self.evidence.iter().filter_map(|hint| hint.when.as_ref()));
        for condition in conditions {
            for (name, value) in condition.names() {
                check("when", name)?;
                let field = fields.iter().find(|field| field.name == name);
                if let (Some(field), Some(value)) = (field, value)
                    && !can_be(field, value)
                {
                    return Err(Error::UnknownName { place: format!("when {name}"), name: value.to_owned() });
                }
            }
        }
        Ok(())
    }
}

fn can_be(field: &super::Field, value: &str) -> bool {
    match field.kind {
        FieldKind::Choice | FieldKind::Choices => field.options.iter().any(|option| option.value == value),
        FieldKind::Yesno => matches!(value, "yes" | "no"),
        FieldKind::Party => matches!(value, "person" | "organisation" | "joint" | "general"),
        FieldKind::Text | FieldKind::LongText | FieldKind::Money | FieldKind::Date | FieldKind::Rate | FieldKind::Repeat => false,
    }
}

/// The dates of a field, or of a list's entries (`repayments.date`).
fn dates(answers: &Answers, name: &str) -> Vec<Date> {
    match name.split_once('.') {
        None => date_of(answers, name).into_iter().collect(),
        Some((list, sub)) => {
            let entries = answers.get(list).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            entries.iter().filter_map(|entry| entry[sub].as_str()?.parse().ok()).collect()
        }
    }
}
