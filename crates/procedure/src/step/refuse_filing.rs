//! 裁定不予受理: the filing does not meet the conditions of a suit; a ruling that may be appealed within ten days (R-FIL-12,
//! R-FIL-17, R-APL-01, 《民事诉讼法》(2023) 第122、126、157条).
use super::give_back_filing::correction_over;
use super::{Act, Facts, Field, FieldKind, Step, owe_all};
use crate::case::{Labelled, RoleKind, Side};
use crate::event::FilingRefused;
use crate::{Actor, Case, Event, Law, Paper, Refusal, Stage};
use serde::{Deserialize, Serialize};

/// The condition that is not met, and why, as it stands in the ruling.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RefuseFiling {
    pub ground: Ground,
    /// 本院经审查认为，……
    pub reasons: String,
}

/// 不予受理的理由 (R-FIL-01, R-FIL-12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// 与本案没有直接利害关系
    NoInterest,
    /// 没有明确的被告 (R-FIL-04)
    NoDefiniteDefendant,
    /// 没有具体的诉讼请求和事实、理由
    NoConcreteClaim,
    /// 不属于人民法院受理范围或者受诉法院管辖
    NoCompetence,
    /// 补正后仍不符合要求，或者逾期不补正而坚持起诉
    NotCorrected,
}

impl Ground {
    /// Values and words of the form.
    const CHOICES: &'static [(&'static str, &'static str)] = &[
        ("no_interest", "原告与本案没有直接利害关系"),
        ("no_definite_defendant", "没有明确的被告"),
        ("no_concrete_claim", "没有具体的诉讼请求和事实、理由"),
        ("no_competence", "不属于人民法院受理范围或者本院管辖"),
        ("not_corrected", "补正后仍不符合要求，或者逾期不补正"),
    ];

    /// The provisions on which the ruling rests, by full name; the condition first, then the ruling itself.
    pub fn basis(self) -> String {
        let condition = match self {
            Self::NoInterest => "第一百二十二条第一项",
            Self::NoDefiniteDefendant => "第一百二十二条第二项",
            Self::NoConcreteClaim => "第一百二十二条第三项",
            Self::NoCompetence => "第一百二十二条第四项",
            Self::NotCorrected => "第一百二十二条",
        };
        let law = format!("《中华人民共和国民事诉讼法》{condition}、第一百二十六条、第一百五十七条第一款第一项");
        match self {
            Self::NoDefiniteDefendant => format!("{law}，《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第二百零九条"),
            Self::NotCorrected => format!("{law}，《最高人民法院关于人民法院登记立案若干问题的规定》第七条"),
            Self::NoInterest | Self::NoConcreteClaim | Self::NoCompetence => law,
        }
    }
}

impl Labelled for Ground {
    fn zh(&self) -> &'static str {
        match self {
            Self::NoInterest => Ground::CHOICES[0].1,
            Self::NoDefiniteDefendant => Ground::CHOICES[1].1,
            Self::NoConcreteClaim => Ground::CHOICES[2].1,
            Self::NoCompetence => Ground::CHOICES[3].1,
            Self::NotCorrected => Ground::CHOICES[4].1,
        }
    }
}

impl Act for RefuseFiling {
    const STEP: Step = Step {
        name: "refuse_filing",
        zh: "裁定不予受理",
        guide: "不符合起诉条件的，法院裁定不予受理。不服的，可以在裁定书送达之日起十日内上诉。",
        counter: "",
        who: &[RoleKind::FilingClerk],
        from: &[Stage::Submitted, Stage::Returned, Stage::GivenBack],
        power: None,
        fields: &[
            Field { name: "ground", zh: "不符合哪一项条件", kind: FieldKind::Choice(Ground::CHOICES) },
            Field { name: "reasons", zh: "裁定理由（本院经审查认为）", kind: FieldKind::LongText },
        ],
        papers: &[Paper::RefusalRuling],
        rules: &["R-FIL-01", "R-FIL-12", "R-FIL-17", "R-CNO-21", "R-APL-01"],
    };

    fn decide(&self, case: &Case, by: &Actor, _: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let today = facts.today();
        self.may_rule(case, today)?;
        if self.reasons.trim().is_empty() {
            let zh = "请写明为什么不符合起诉条件，这一段写进裁定书。".into();
            return Err(Refusal::FieldInvalid { field: "reasons".into(), zh, rule: "R-FIL-17".into() });
        }
        let number = facts.next_number.as_ref().ok_or(Refusal::Missing { what: "案号".into() })?;
        if number.court != case.court {
            return Err(Refusal::NumberOfOtherCourt { number_court: number.court.clone(), court: case.court.clone() });
        }
        Ok(vec![Event::FilingRefused(Box::new(FilingRefused {
            number: number.canonical(),
            on: today,
            by: by.person,
            ground: self.ground,
            reasons: self.reasons.trim().to_owned(),
            papers: owe_all(case, Paper::RefusalRuling, case.side(Side::Plaintiff)),
        }))])
    }
}

impl RefuseFiling {
    /// What can be mended is asked for once first; who lets the days pass gets a ruling when he insists (R-FIL-12).
    fn may_rule(&self, case: &Case, today: jiff::civil::Date) -> Result<(), Refusal> {
        let corrected = case.correction.as_ref().is_some_and(|correction| correction.corrected_at.is_some());
        if case.stage == Stage::Submitted {
            let needs_correction = matches!(self.ground, Ground::NotCorrected | Ground::NoDefiniteDefendant | Ground::NoConcreteClaim);
            return if needs_correction && !corrected { Err(Refusal::NotAskedBefore) } else { Ok(()) };
        }
        correction_over(case, today)?;
        if case.insisted_at.is_none() { Err(Refusal::NotInsisted) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::step::fixture::{
        CLERK, OTHER_COURT_CLERK, PLAINTIFF, act_on, corrected, given_back, insisting, refused, refusing, returned, served, submitted,
    };
    use crate::{Command, step::FileAppeal};
    use jiff::civil::date;

    #[test]
    fn r_fil_12_what_can_be_mended_is_asked_for_first() {
        let vague = refusing(Ground::NoDefiniteDefendant);
        assert_eq!(act_on(&mut submitted(), vague.clone(), &CLERK(), date(2026, 3, 4)), Err(Refusal::NotAskedBefore));
        act_on(&mut corrected(), vague, &CLERK(), date(2026, 3, 12)).expect("still not definite after the correction");
        act_on(&mut submitted(), refusing(Ground::NoCompetence), &CLERK(), date(2026, 3, 4)).expect("no correction mends competence");
    }

    #[test]
    fn r_fil_12_after_the_days_the_ruling_waits_for_who_insists() {
        let mut case = returned();
        served(&mut case, Paper::CorrectionNotice, PLAINTIFF().person, date(2026, 3, 7));
        act_on(&mut case, insisting(), &PLAINTIFF(), date(2026, 3, 9)).expect("insisted");
        let ruling = refusing(Ground::NotCorrected);
        let early = act_on(&mut case, ruling.clone(), &CLERK(), date(2026, 3, 16));
        assert_eq!(early, Err(Refusal::CorrectionRunning { last_day: date(2026, 3, 16) }));
        act_on(&mut case, ruling.clone(), &CLERK(), date(2026, 3, 17)).expect("period over, he insists");
        let mut case = given_back();
        assert_eq!(act_on(&mut case, ruling.clone(), &CLERK(), date(2026, 3, 18)), Err(Refusal::NotInsisted));
        act_on(&mut case, insisting(), &PLAINTIFF(), date(2026, 3, 18)).expect("insisted");
        act_on(&mut case, ruling, &CLERK(), date(2026, 3, 19)).expect("ruled");
        assert_eq!(case.stage, Stage::Refused);
    }

    #[test]
    fn r_cno_21_the_ruling_takes_the_number_of_the_register_and_goes_to_every_plaintiff() {
        let case = refused();
        assert_eq!(case.number.as_deref(), Some("(2026)粤4001民初1号"));
        let ruling = case.papers.iter().find(|paper| paper.paper == Paper::RefusalRuling).expect("owed");
        assert_eq!(ruling.to, PLAINTIFF().person);
        assert!(case.clock("R-FIL-11").is_none(), "the period for review is over with the ruling");
    }

    #[test]
    fn r_fil_17_the_ruling_may_be_appealed_within_ten_days_of_its_service() {
        let mut case = refused();
        served(&mut case, Paper::RefusalRuling, PLAINTIFF().person, date(2026, 3, 20));
        assert_eq!(case.clock("R-APL-01b").expect("runs").clock.last_day, date(2026, 3, 30));
        let appeal = || Command::FileAppeal(FileAppeal { requests: "撤销裁定，指令立案。".into(), reasons: "被告明确。".into(), materials: vec![], posted_on: None });
        let late = act_on(&mut case.clone(), appeal(), &PLAINTIFF(), date(2026, 3, 31));
        assert_eq!(late, Err(Refusal::AppealPeriodOver { last_day: date(2026, 3, 30) }));
        act_on(&mut case, appeal(), &PLAINTIFF(), date(2026, 3, 30)).expect("appealed in time");
        assert_eq!(case.stage, Stage::Refused, "what follows is for the court above");
    }

    #[test]
    fn reasons_are_written_and_only_a_filing_clerk_of_this_court_rules() {
        let bare = Command::RefuseFiling(RefuseFiling { ground: Ground::NoCompetence, reasons: "  ".into() });
        let told = act_on(&mut submitted(), bare, &CLERK(), date(2026, 3, 4));
        assert!(matches!(told, Err(Refusal::FieldInvalid { field, .. }) if field == "reasons"));
        let ruling = refusing(Ground::NoCompetence);
        assert_eq!(act_on(&mut submitted(), ruling.clone(), &PLAINTIFF(), date(2026, 3, 4)), Err(Refusal::NotYours { step: "裁定不予受理".into() }));
        assert_eq!(act_on(&mut submitted(), ruling, &OTHER_COURT_CLERK(), date(2026, 3, 4)), Err(Refusal::NoSuchCase));
    }

    #[test]
    fn every_ground_rests_on_provisions_of_its_own() {
        for (value, zh) in Ground::CHOICES {
            let ground: Ground = serde_json::from_value(serde_json::json!(value)).expect("a ground");
            assert_eq!(ground.zh(), *zh);
            assert!(ground.basis().contains("第一百二十二条") && ground.basis().contains("第一百五十七条第一款第一项"));
        }
        assert!(Ground::NotCorrected.basis().ends_with("第七条"));
    }
}
