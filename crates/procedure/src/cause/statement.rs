//! 起诉状的内容: parties, claims, amount, facts and reasons, made of the answers. The person reads and may change all of it.
use super::check::{date_of, entry_fields};
use super::template::placeholders;
use super::{
    Answers, Cause, ClaimTemplate, Condition, Deadline, Error, Field, FieldKind, JurisdictionKind, Paragraph, PartyInfo, PeriodUnit, amount,
    condition,
};
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
            let texts = match &template.each {
                None => vec![self.strict(&template.text, &all)?],
                Some(list) => self.each(list, template.each_when.as_ref(), &template.text, &all)?,
            };
            let amounts = self.claim_amounts(template, &all);
            claims.extend(texts.into_iter().zip(amounts).map(|(text, amount)| Claim { text, amount: amount.filter(|amount| *amount > Fen::ZERO) }));
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

    /// What each claim of a kind counts into 诉讼标的额: one, or one for each entry, whose own inputs go first.
    fn claim_amounts(&self, template: &ClaimTemplate, answers: &Answers) -> Vec<Option<Fen>> {
        let amount = |of: &dyn Fn(&str) -> Option<i64>| template.amount.as_deref().and_then(of).map(Fen);
        let of_all = |name: &str| answers.get(name).and_then(Value::as_i64);
        match &template.each {
            None => vec![amount(&of_all)],
            Some(list) => {
                let entries = self.chosen(list, template.each_when.as_ref(), answers).into_iter();
                entries.map(|entry| amount(&|name| entry.get(name).and_then(Value::as_i64).or_else(|| of_all(name)))).collect()
            }
        }
    }

    /// Facts for [`crate::jurisdiction::propose`]; `None` while the place that counts is not told.
    pub fn jurisdiction_facts(&self, answers: &Answers) -> Result<Option<Facts>, Error> {
        let all = self.with_amounts(answers)?;
        let claimed = self.claims.iter().filter(|claim| self.holds(claim.when.as_ref(), &all)).flat_map(|claim| self.claim_amounts(claim, &all));
        let amount = Fen::sum(claimed.flatten()).ok_or(Error::Range { name: "诉讼标的额".into() })?;
        let place = |party: &PartyInfo| Place { of: party.name.clone(), domicile: party.domicile.clone(), habitual: party.habitual.clone() };
        let parties = self.party_infos(&all);
        let side = |side| parties.iter().filter(move |party| party.side == side);
        let (plaintiffs, defendants): (Vec<Place>, Vec<Place>) =
            (side(Side::Plaintiff).map(place).collect(), side(Side::Defendant).map(place).collect());
        let Some(matter) = self.matter(&all, &plaintiffs, &defendants) else { return Ok(None) };
        let foreign = parties.iter().any(|party| party.id_kind.is_some_and(|kind| kind != super::IdKind::Resident));
        Ok(Some(Facts { amount, plaintiffs, defendants, matter, agreement: self.agreed_court(&all), agreement_hidden: false, foreign }))
    }

    /// The court or place that the parties agreed on, as it was written (R-JUR-03).
    pub fn agreed_court(&self, answers: &Answers) -> Option<String> {
        told(answers, self.agreed_court.as_ref()?)
    }

    /// What the dispute is about, for its jurisdiction (R-JUR-01..05); `None` while the place that counts is not told.
    pub fn matter(&self, answers: &Answers, plaintiffs: &[Place], defendants: &[Place]) -> Option<Matter> {
        // Parties stand in the order of their sides: the first of a field's side is meant.
        let party = |field: &Option<String>| {
            let source = self.parties.iter().find(|source| Some(&source.field) == field.as_ref())?;
            let side = match source.side {
                Side::Plaintiff => plaintiffs,
                Side::Defendant => defendants,
            };
            side.first().cloned()
        };
        let holds = |condition: &Option<Condition>| condition.as_ref().is_some_and(|condition| condition.holds(answers));
        let places: Vec<String> = self.places.iter().filter_map(|name| told(answers, name)).collect();
        let contract = |receiver: Option<Place>| {
            let agreed_place = self.agreed_place.as_ref().and_then(|name| told(answers, name));
            match self.online_place.as_ref().and_then(|name| told(answers, name)) {
                // An agreed place of performance goes before that of receipt (民诉法解释第20条).
                Some(place) if agreed_place.is_none() => Matter::OnlinePurchase { place, delivered_online: false },
                Some(_) | None => Matter::Contract { receiver, agreed_place, obligor: None },
            }
        };
        match self.jurisdiction {
            JurisdictionKind::ContractMoney => {
                // Where it was not asked (at the counter), money is claimed by who sues.
                let unasked = |condition: &Condition| condition.names().all(|(name, _)| !answers.contains_key(name));
                let receives = self.receiver_when.as_ref().is_none_or(|condition| unasked(condition) || condition.holds(answers));
                Some(contract(party(&self.receiver).filter(|_| receives)))
            }
            JurisdictionKind::Contract => Some(contract(None)),
            JurisdictionKind::Immovable => places.into_iter().next().map(|place| Matter::Immovable { place, by_contract: true }),
            JurisdictionKind::Tort => (!places.is_empty()).then_some(Matter::Tort { acts: places, results: vec![], online: false }),
            JurisdictionKind::TrafficAccident => (!places.is_empty()).then_some(Matter::TransportAccident { places }),
            JurisdictionKind::Labour => Some(Matter::Labour { employer: party(&self.employer)?, performed: places }),
            JurisdictionKind::Divorce if holds(&self.absent) => Some(Matter::AgainstAbsent),
            JurisdictionKind::Divorce => Some(Matter::Divorce { left_home: holds(&self.left_home) }),
            JurisdictionKind::General => Some(Matter::General),
            JurisdictionKind::Preservation => Some(Matter::Preservation { places }),
        }
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
        hints.extend(self.deadlines.iter().filter_map(|deadline| self.deadline_hint(deadline, answers, law, today)));
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

    /// 起诉期间: told whether it still runs; whether it was kept, the court decides.
    fn deadline_hint(&self, deadline: &Deadline, answers: &Answers, law: &Law, today: Date) -> Option<Hint> {
        if !self.holds(deadline.when.as_ref(), answers) {
            return None;
        }
        let from = deadline.from.iter().find_map(|name| date_of(answers, name))?;
        let count = match deadline.unit {
            PeriodUnit::Days => clock::days,
            PeriodUnit::Months => clock::months,
        };
        let clock = count("DEADLINE", "起诉期间", deadline.length, from, &law.calendar);
        let text = if clock.last_day < today { &deadline.over } else { &deadline.running };
        (!text.is_empty())
            .then(|| Hint { text: text.replace("{from}", &date_zh(from)).replace("{end}", &date_zh(clock.last_day)), law: deadline.law.clone() })
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
            for name in page
                .checks
                .iter()
                .flat_map(|check| check.sum.iter().chain(&check.equals).chain(&check.positive).chain(&check.not_negative).chain(&check.field))
            {
                check(&page.id, name)?;
            }
        }
        for name in self.jurisdiction_names() {
            check("jurisdiction", name)?;
        }
        for claim in &self.claims {
            let entry = |name: &str| self.sub_fields(claim.each.as_deref()).iter().any(|sub| sub.name == name);
            let named = placeholders(&claim.text).into_iter().chain(claim.amount.as_deref()).filter(|name| !entry(name));
            named.chain(claim.each.as_deref()).try_for_each(|name| check(&claim.id, name))?;
        }
        for paragraph in self.facts.iter().chain(&self.reasons).chain(&self.hints) {
            let names = placeholders(&paragraph.text).into_iter().filter(|name| *name != "each").chain(paragraph.each.as_deref());
            names.into_iter().try_for_each(|name| check(&paragraph.text, name))?;
        }
        for item in &self.amounts {
            for term in item.formula.as_deref().map(amount::terms).transpose()?.unwrap_or_default() {
                term.names().try_for_each(|name| check(&item.id, name))?;
                let unknown = term.subs().find(|(list, sub)| !self.sub_fields(Some(list)).iter().any(|field| field.name == *sub));
                if let Some((list, sub)) = unknown {
                    return Err(Error::UnknownName { place: item.id.clone(), name: format!("{list}.{sub}") });
                }
            }
            if let Some(loan) = &item.loan {
                let of_stretches = loan.stretches.iter().flat_map(|stretch| stretch.from.iter().chain(&stretch.after).chain(&stretch.rate));
                [&loan.principal, &loan.to].into_iter().chain(&loan.payments).chain(of_stretches).try_for_each(|name| check(&item.id, name))?;
            }
        }
        let elements = |id: &str| self.elements.iter().any(|element| element.id == id);
        match self.evidence.iter().find(|hint| !elements(&hint.element)) {
            Some(hint) => Err(Error::UnknownName { place: hint.id.clone(), name: hint.element.clone() }),
            None => Ok(()),
        }
    }

    /// Fields that the rules of jurisdiction and the periods ask for.
    fn jurisdiction_names(&self) -> impl Iterator<Item = &str> {
        let single = [&self.receiver, &self.employer, &self.agreed_place, &self.agreed_court, &self.online_place];
        let periods = self.limitation.iter().flat_map(|limitation| limitation.from.iter().chain(&limitation.renew));
        let deadlines = self.deadlines.iter().flat_map(|deadline| &deadline.from);
        single.into_iter().flatten().chain(&self.places).chain(periods).chain(deadlines).map(String::as_str)
    }

    /// The inputs of one entry of a list, follow-ups included.
    fn sub_fields(&self, list: Option<&str>) -> Vec<Field> {
        let field = list.and_then(|name| self.field(name));
        let fields = field.map(entry_fields).unwrap_or_default();
        fields.iter().flat_map(Field::with_followups).cloned().collect()
    }

    /// Conditions of entries ask for their inputs, else as all do.
    fn check_entry_condition(
        &self,
        list: Option<&str>,
        condition: Option<&Condition>,
        check: &impl Fn(&str, &str) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let subs = self.sub_fields(list);
        for (name, value) in condition.into_iter().flat_map(Condition::names) {
            match subs.iter().find(|sub| sub.name == name) {
                Some(sub) if value.is_some_and(|value| !can_be(sub, value)) => {
                    return Err(Error::UnknownName { place: format!("each_when {name}"), name: value.unwrap_or(name).to_owned() });
                }
                Some(_) => {}
                None => check("each_when", name)?,
            }
        }
        Ok(())
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
            .chain(self.evidence.iter().filter_map(|hint| hint.when.as_ref()))
            .chain(self.deadlines.iter().filter_map(|deadline| deadline.when.as_ref()))
            .chain([&self.receiver_when, &self.absent, &self.left_home].into_iter().flatten());
        for claim in &self.claims {
            self.check_entry_condition(claim.each.as_deref(), claim.each_when.as_ref(), check)?;
        }
        for paragraph in self.facts.iter().chain(&self.reasons).chain(&self.hints) {
            self.check_entry_condition(paragraph.each.as_deref(), paragraph.each_when.as_ref(), check)?;
        }
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

/// A text that was answered.
fn told(answers: &Answers, name: &str) -> Option<String> {
    let text = answers.get(name).and_then(Value::as_str).map(str::trim);
    text.filter(|text| !text.is_empty()).map(str::to_owned)
}

fn can_be(field: &Field, value: &str) -> bool {
    match field.kind {
        FieldKind::Choice | FieldKind::Choices => field.options.iter().any(|option| option.value == value),
        FieldKind::Yesno => matches!(value, "yes" | "no"),
        FieldKind::Party => matches!(value, "person" | "organisation" | "joint" | "general"),
        FieldKind::Text | FieldKind::LongText | FieldKind::Money | FieldKind::Number | FieldKind::Date | FieldKind::Rate | FieldKind::Repeat => false,
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
