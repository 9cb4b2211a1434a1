//! Whatever way through any interview: what passes makes a complaint without gaps.
use super::{Answers, Cause, Condition, Field, FieldKind, Form, TODAY, law};
use crate::cause::check::entry_fields;
use crate::cause::{Generic, PartyRole};
use crate::money::Fen;
use proptest::prelude::*;

/// Numbers of a seed, one after the other.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % n
    }
}

fn shown(when: Option<&Condition>, here: &Answers, before: &Answers) -> bool {
    when.is_none_or(|when| when.holds_for(|name| here.get(name).or_else(|| before.get(name))))
}

/// Types something into a field that is shown, follow-ups included. `here` holds the choices of the page so far.
fn type_into(dice: &mut Dice, field: &Field, prefix: &str, here: &mut Answers, before: &Answers, pairs: &mut Vec<(String, String)>) {
    if !shown(field.when.as_ref(), here, before) || (!field.required && dice.below(2) == 0) {
        return;
    }
    let name = format!("{prefix}{}", field.name);
    match field.kind {
        FieldKind::Text => pairs.push((name, typed_text(&field.name))),
        FieldKind::LongText => pairs.push((name, "多次协商没有结果。".into())),
        FieldKind::Money => pairs.push((name, format!("{}.50", 1 + dice.below(90_000)))),
        FieldKind::Number => pairs.push((name, (1 + dice.below(usize::try_from(field.upto.unwrap_or(30)).expect("small"))).to_string())),
        FieldKind::Date => pairs.push((name, format!("202{}-0{}-1{}", 3 + dice.below(4), 1 + dice.below(8), dice.below(10)))),
        FieldKind::Rate => {
            pairs.push((name.clone(), "0.5".into()));
            pairs.push((format!("{name}_per"), if field.daily { "day" } else { "year" }.into()));
        }
        FieldKind::Yesno => {
            let yes = dice.below(2) == 0;
            here.insert(field.name.clone(), yes.into());
            pairs.push((name, if yes { "yes" } else { "no" }.into()));
        }
        FieldKind::Choice | FieldKind::Choices => {
            let open: Vec<_> = field.options.iter().filter(|option| shown(option.when.as_ref(), here, before)).collect();
            let first = dice.below(open.len().max(1));
            let several = field.kind == FieldKind::Choices;
            let ticked: Vec<_> =
                open.into_iter().enumerate().filter(|(at, _)| *at == first || (several && dice.below(3) == 0)).map(|(_, o)| o).collect();
            let values: Vec<serde_json::Value> = ticked.iter().map(|option| option.value.clone().into()).collect();
            if let Some(one) = values.first() {
                here.insert(field.name.clone(), if several { values.clone().into() } else { one.clone() });
            }
            for option in ticked {
                pairs.push((name.clone(), option.value.clone()));
                option.fields.iter().for_each(|sub| type_into(dice, sub, prefix, here, before, pairs));
            }
        }
        FieldKind::Party | FieldKind::Repeat => {
            let most = if field.kind == FieldKind::Party { 1 } else { 2 };
            for index in 0..field.least.unwrap_or(1).max(1 + dice.below(most)) {
                let fields = entry_fields(field);
                let mut entry = Answers::new();
                fields.iter().for_each(|sub| type_into(dice, sub, &format!("{}.{index}.", field.name), &mut entry, before, pairs));
            }
        }
    }
}

fn typed_text(name: &str) -> String {
    match name {
        "id_number" => "11010519491231002X",
        "credit_code" => "91350100M000100Y43",
        "phone" => "13800138000",
        "domicile" => "广东省清河市青石区桐荫路88号3栋602房",
        _ => "某事",
    }
    .to_owned()
}

/// Answers of a random way through the interview; none if a page could not be satisfied.
fn wander(cause: &Cause, dice: &mut Dice) -> Option<Answers> {
    let mut answers = Answers::new();
    for page in &cause.pages {
        let asked = page.generic.is_none_or(|generic| generic == Generic::Court);
        if !asked || !cause.holds(page.when.as_ref(), &answers) {
            continue;
        }
        let new = (0..60).find_map(|_| {
            let (mut here, mut pairs) = (Answers::new(), vec![]);
            page.fields.iter().for_each(|field| type_into(dice, field, "", &mut here, &answers, &mut pairs));
            // Identity numbers belong to residents.
            pairs.retain(|(name, _)| !name.ends_with(".id_kind"));
            let form: Form = pairs.into_iter().collect();
            cause.check_page(page, &form, &answers, TODAY).ok()
        });
        cause.merge(page, &mut answers, new?);
    }
    Some(answers)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn every_cause_makes_a_complaint_of_whatever_passes(seed in any::<u64>()) {
        for cause in Cause::all() {
            // Parts that must come to a whole are not hit by chance; private lending has a test of its own.
            if cause.pages.iter().flat_map(|page| &page.checks).any(|check| check.equals.is_some()) {
                continue;
            }
            let Some(answers) = wander(cause, &mut Dice(seed)) else { continue };
            prop_assert_eq!(cause.check_all(&answers, TODAY), vec![], "{}", cause.name);
            let statement = cause.statement(&answers, law(), TODAY);
            prop_assert!(statement.is_ok(), "{}: {:?} of {:?}", cause.name, statement, answers);
            let statement = statement.expect("checked");
            prop_assert_eq!(Fen::sum(statement.claims.iter().filter_map(|claim| claim.amount)), Some(statement.amount));
            let claims = statement.claims.iter().map(|claim| claim.text.as_str()).collect::<Vec<_>>();
            let text = format!("{}\n{}\n{}", statement.facts, statement.reasons, claims.join("\n"));
            for odd in ["{", "}", "。。", "，，", "，。", "。，", "；。", "、、", "\n\n"] {
                prop_assert!(!text.contains(odd), "{}: {odd} in {text}", cause.name);
            }
            prop_assert!(text.lines().all(|line| !line.starts_with(['，', '。', '、'])), "{}: {text}", cause.name);
            let sides = |side| statement.parties.iter().filter(|party| party.side == side).count();
            prop_assert!(sides(crate::case::Side::Plaintiff) > 0 && sides(crate::case::Side::Defendant) > 0, "{}", cause.name);
            prop_assert!(cause.jurisdiction_facts(&answers).is_ok());
        }
    }
}

#[test]
fn most_ways_can_be_gone() {
    for cause in Cause::all().iter().skip(1) {
        let gone = (0..60).filter(|seed| wander(cause, &mut Dice(*seed)).is_some()).count();
        assert!(gone >= 30, "{}: {gone} of 60", cause.name);
        let own = cause.every_field().into_iter().filter(|field| field.role == Some(PartyRole::Own)).count();
        assert_eq!(own, 1, "{}: one field of those who sue", cause.name);
    }
}
