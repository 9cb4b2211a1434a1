//! 答辩: the defendant answers within fifteen days of getting the complaint; a late answer is taken and marked, and copies go
//! to the plaintiff (R-FIL-21, 《民事诉讼法》(2023) 第128条).
use super::{Act, Facts, Field, FieldKind, Step, acting, clock_of, POSTED_ON, handed_in, owe_all, running, submit_evidence::check_name};
use crate::case::{Material, MaterialKind, RoleKind, Side};
use crate::trial::Answer;
use crate::{Actor, Case, Event, Law, Paper, Refusal, Stage};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What the defendant says, in words or as a paper that he hands in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SubmitAnswer {
    /// 答辩意见; may be empty if the answer itself is among the files.
    #[serde(default)]
    pub text: String,
    #[serde(default)]
    pub materials: Vec<Material>,
    /// 交邮日, where it came by post (R-DDL-04).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub posted_on: Option<Date>,
}

impl Act for SubmitAnswer {
    const STEP: Step = Step {
        name: "submit_answer",
        zh: "提交答辩状",
        guide: "收到起诉状副本之日起十五日内提出答辩状。逾期提交的，法院仍然接收；不提交的，不影响法院审理。",
        counter: "把答辩状交到诉讼服务中心窗口，或者邮寄给承办法庭。",
        who: &[RoleKind::Defendant, RoleKind::Invited, RoleKind::Agent],
        from: &[Stage::Preparing, Stage::Hearing],
        power: None,
        fields: &[
            Field { name: "text", zh: "答辩意见", kind: FieldKind::LongText },
            Field { name: "materials", zh: "答辩状和附件", kind: FieldKind::Files },
            POSTED_ON,
        ],
        papers: &[Paper::AnswerCopy],
        rules: &["R-FIL-21", "R-DDL-04"],
    };

    fn decide(&self, case: &Case, by: &Actor, law: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let acting = acting(case, by, &Self::STEP)?;
        if acting.side != Side::Defendant {
            return Err(Refusal::NotYours { step: Self::STEP.zh.into() });
        }
        if self.text.trim().is_empty() && !self.materials.iter().any(|material| material.kind == MaterialKind::Answer) {
            let zh = "请写明答辩意见：对原告的请求、事实和理由，哪些认可，哪些不认可，为什么。".into();
            return Err(Refusal::FieldInvalid { field: "text".into(), zh, rule: "R-FIL-21".into() });
        }
        self.materials.iter().enumerate().try_for_each(|(place, material)| check_name(place, material))?;
        let day = handed_in(case, self.posted_on, acting.channel, facts)?;
        let late = clock_of(case, &format!("answer/{}", acting.party)).is_some_and(|clock| !clock.clock.in_time(day));
        let answer = Answer {
            by: acting.party,
            text: self.text.clone(),
            materials: self.materials.clone(),
            at: facts.at,
            channel: acting.channel,
            assisted_by: acting.assisted_by,
            posted_on: self.posted_on,
            late,
        };
        Ok(vec![Event::AnswerSubmitted {
            answer: Box::new(answer),
            copies: owe_all(case, Paper::AnswerCopy, case.side(Side::Plaintiff)),
            clock: Some(running("answer-copy", None, law.clock("R-FIL-21c", facts.today()))),
        }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Command;
    use crate::case::{Channel, ClockState};
    use crate::step::fixture::{CLERK, DEFENDANT, OTHER, PLAINTIFF, accepted, act_on, answering, joined, served};
    use jiff::civil::date;

    #[test]
    fn r_fil_21_an_answer_in_time_meets_its_period_and_owes_a_copy_to_the_plaintiff() {
        let mut case = joined();
        act_on(&mut case, answering(), &DEFENDANT(), date(2026, 3, 23)).expect("answered");
        assert!(!case.answers[0].late);
        assert!(case.clock("R-FIL-21b").is_none(), "met");
        assert_eq!(case.clock("R-FIL-21c").expect("the copy's own period").clock.last_day, date(2026, 3, 30), "28 March is a Saturday");
        let copy = case.papers.iter().find(|paper| paper.paper == Paper::AnswerCopy).expect("owed").clone();
        assert_eq!(copy.to, PLAINTIFF().person);
        served(&mut case, Paper::AnswerCopy, PLAINTIFF().person, date(2026, 3, 24));
        assert_eq!(case.clocks.iter().find(|clock| clock.anchor == "answer-copy").map(|clock| clock.state), Some(ClockState::Met));
    }

    #[test]
    fn r_fil_21_a_late_answer_is_taken_and_marked() {
        let mut case = joined();
        act_on(&mut case, answering(), &DEFENDANT(), date(2026, 3, 24)).expect("taken");
        assert!(case.answers[0].late);
    }

    #[test]
    fn r_ddl_04_what_was_posted_in_time_is_in_time() {
        let posted = |on| Command::SubmitAnswer(SubmitAnswer { text: "利息过高。".into(), materials: vec![], posted_on: Some(on) });
        let mut clerk = CLERK();
        clerk.for_person = Some(DEFENDANT().person);
        for (on, late) in [(date(2026, 3, 23), false), (date(2026, 3, 24), true)] {
            let mut case = joined();
            act_on(&mut case, posted(on), &clerk, date(2026, 3, 26)).expect("entered");
            assert_eq!((case.answers[0].late, case.answers[0].posted_on), (late, Some(on)));
        }
        let wrong = |by: &Actor, on| act_on(&mut joined(), posted(on), by, date(2026, 3, 26));
        for (by, on) in [(&DEFENDANT(), date(2026, 3, 23)), (&clerk, date(2026, 3, 27)), (&clerk, date(1900, 3, 1))] {
            assert!(matches!(wrong(by, on), Err(Refusal::FieldInvalid { field, .. }) if field == "posted_on"), "{on}");
        }
    }

    #[test]
    fn r_idc_22_who_did_not_join_answers_at_the_counter() {
        let mut case = accepted();
        assert!(matches!(act_on(&mut case, answering(), &DEFENDANT(), date(2026, 3, 10)), Err(Refusal::NotYours { .. })));
        let mut clerk = CLERK();
        clerk.for_person = Some(DEFENDANT().person);
        act_on(&mut case, answering(), &clerk, date(2026, 3, 10)).expect("entered");
        assert_eq!((case.answers[0].channel, case.answers[0].assisted_by), (Channel::Counter, Some(CLERK().person)));
    }

    #[test]
    fn nobody_else_answers_and_an_empty_answer_is_none() {
        let mut case = joined();
        assert_eq!(act_on(&mut case, answering(), &PLAINTIFF(), date(2026, 3, 10)), Err(Refusal::NotYours { step: "提交答辩状".into() }));
        assert_eq!(act_on(&mut case, answering(), &OTHER(), date(2026, 3, 10)), Err(Refusal::NoSuchCase));
        let empty = Command::SubmitAnswer(SubmitAnswer { text: " ".into(), materials: vec![], posted_on: None });
        assert!(matches!(act_on(&mut case, empty, &DEFENDANT(), date(2026, 3, 10)), Err(Refusal::FieldInvalid { field, .. }) if field == "text"));
    }
}
