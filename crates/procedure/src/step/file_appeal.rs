//! 上诉: an appeal came in within the party's own period; the judgment does not take effect (R-APL-01, R-APL-02, R-SVC-41,
//! 《民事诉讼法》(2023) 第171至173条). What follows at the court above is another matter.
use super::{Act, Acting, Facts, Field, FieldKind, POSTED_ON, Step, acting, clock_of, handed_in, running, submit_evidence::check_name};
use crate::case::{Material, Power, RoleKind, Side};
use crate::trial::Appeal;
use crate::{Actor, Case, Event, Law, PersonId, Refusal, Stage};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What is asked of the court above, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FileAppeal {
    pub requests: String,
    pub reasons: String,
    #[serde(default)]
    pub materials: Vec<Material>,
    /// 交邮日, where it came by post (R-DDL-04).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub posted_on: Option<Date>,
}

impl Act for FileAppeal {
    const STEP: Step = Step {
        name: "file_appeal",
        zh: "提起上诉",
        guide: "不服判决的，在判决书送达之日起十五日内，不服不予受理、驳回起诉、管辖权异议裁定的，在裁定书送达之日起十日内，通过原审法院提交上诉状，写明上诉请求和理由。只在口头上说要上诉、没有按期递交上诉状的，视为没有上诉。",
        counter: "把上诉状和副本交到原审法院诉讼服务中心窗口，或者邮寄。",
        who: &[RoleKind::Plaintiff, RoleKind::Defendant, RoleKind::Invited, RoleKind::Agent],
        from: &[
            Stage::Preparing,
            Stage::Hearing,
            Stage::Suspended,
            Stage::Decided,
            Stage::Refused,
            Stage::Dismissed,
            Stage::Transferred,
            Stage::Effective,
            Stage::Archived,
        ],
        power: Some(Power::Appeal),
        fields: &[
            Field { name: "requests", zh: "上诉请求", kind: FieldKind::LongText },
            Field { name: "reasons", zh: "事实和理由", kind: FieldKind::LongText },
            Field { name: "materials", zh: "上诉状", kind: FieldKind::Files },
            POSTED_ON,
        ],
        papers: &[],
        rules: &["R-APL-01", "R-APL-02", "R-APL-03", "R-SVC-41", "R-IDC-11", "R-DDL-04"],
    };

    fn decide(&self, case: &Case, by: &Actor, law: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let Acting { party, side, channel, assisted_by } = acting(case, by, &Self::STEP)?;
        let of = against(case, party).ok_or(Refusal::NotNow { step: Self::STEP.zh.into(), stage: case.stage })?;
        // Before registration there is no defendant yet: the ruling is the plaintiff's alone (R-FIL-17).
        if case.stage == Stage::Refused && side != Side::Plaintiff {
            return Err(Refusal::NotYours { step: Self::STEP.zh.into() });
        }
        for (field, text, what) in [("requests", &self.requests, "上诉请求"), ("reasons", &self.reasons, "上诉的事实和理由")] {
            if text.trim().is_empty() {
                return Err(Refusal::FieldInvalid { field: field.into(), zh: format!("请写明{what}。"), rule: "R-APL-02".into() });
            }
        }
        self.materials.iter().enumerate().try_for_each(|(place, material)| check_name(place, material))?;
        if case.appeals.iter().any(|appeal| appeal.by == party && appeal.of == of) {
            return Err(Refusal::AppealOnRecord { who: case.name_of(party).to_owned() });
        }
        let ruled = of.filter(|number| case.ended_by != Some(*number)).is_some();
        let period = clock_of(case, &format!("{}/{party}", if ruled { "ruling" } else { "appeal" }));
        let day = handed_in(case, self.posted_on, channel, facts)?;
        let ruling = of.and_then(|number| case.matter(number)).and_then(|matter| matter.decided.as_ref()).map(|decided| decided.on);
        let given = ruling.or_else(|| case.judgment.as_ref().and_then(|judgment| judgment.given_on)).or(case.refused_on);
        if given.is_some_and(|given| day < given) {
            let zh = "交邮日期早于裁判作出的日期，请按信封上的邮戳填写。".into();
            return Err(Refusal::FieldInvalid { field: POSTED_ON.name.into(), zh, rule: "R-DDL-04".into() });
        }
        if let Some(over) = period.filter(|period| !period.clock.in_time(day)) {
            return Err(Refusal::AppealPeriodOver { last_day: over.clock.last_day });
        }
        let appeal = Appeal {
            by: party,
            requests: self.requests.clone(),
            reasons: self.reasons.clone(),
            materials: self.materials.clone(),
            of,
            at: facts.at,
            channel,
            assisted_by,
            posted_on: self.posted_on,
        };
        let clock = running(format!("appeal-copy/{party}"), None, law.clock("R-APL-03", facts.today()));
        // Nobody's period runs in a judgment in force: only what was posted in time comes here, were the file archived meanwhile.
        let reopens = matches!(case.stage, Stage::Effective | Stage::Archived);
        Ok(vec![Event::AppealFiled { appeal: Box::new(appeal), clock, reopens }])
    }
}

/// What this party's appeal would be against: `Some(None)` the judgment or the refusal of the filing, `Some(Some(number))` a
/// matter's ruling; `None`: there is nothing to appeal against.
pub fn against(case: &Case, party: PersonId) -> Option<Option<u32>> {
    match case.stage {
        Stage::Decided | Stage::Refused | Stage::Effective => Some(None),
        Stage::Dismissed | Stage::Transferred => Some(case.ended_by),
        Stage::Archived if case.effective_on.is_some() => Some(None),
        // A suit that was withdrawn or terminated went to the archive with a ruling that nobody can appeal.
        Stage::Archived => case.ended_by.filter(|number| appealable(case, *number)).map(Some),
        // The suit goes on; only a ruling that was served on him.
        Stage::Preparing | Stage::Hearing | Stage::Suspended => {
            clock_of(case, &format!("ruling/{party}"))?;
            let numbers = case.matters.iter().rev().map(|matter| matter.raised.number);
            numbers.into_iter().find(|number| appealable(case, *number)).map(Some)
        }
        // Against a preservation there is a review, no appeal (R-PRV-15).
        Stage::New | Stage::Submitted | Stage::Returned | Stage::GivenBack | Stage::Preserving | Stage::Withdrawn | Stage::Terminated => None,
    }
}

fn appealable(case: &Case, number: u32) -> bool {
    case.matter(number).and_then(|matter| matter.decided.as_ref()).is_some_and(|decided| decided.text.appealable)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Command;
    use crate::step::fixture::{DEFENDANT, PLAINTIFF, act_on, archived, clerk_of, effective, expire, given, judgment_served};
    use jiff::civil::date;

    fn appeal(requests: &str) -> Command {
        Command::FileAppeal(FileAppeal { requests: requests.into(), reasons: "利息计算错误。".into(), materials: vec![], posted_on: None })
    }

    #[test]
    fn r_apl_01_within_ones_own_period_and_once() {
        let mut case = judgment_served();
        let late = act_on(&mut case, appeal("撤销原判"), &PLAINTIFF(), date(2026, 5, 7));
        assert_eq!(late, Err(Refusal::AppealPeriodOver { last_day: date(2026, 5, 6) }));
        act_on(&mut case, appeal("撤销原判"), &DEFENDANT(), date(2026, 5, 8)).expect("the defendant was served later");
        assert_eq!(act_on(&mut case, appeal("撤销原判"), &DEFENDANT(), date(2026, 5, 8)), Err(Refusal::AppealOnRecord { who: "陈志远".into() }));
        assert_eq!(case.clock("R-APL-03").expect("the copy's period").clock.last_day, date(2026, 5, 13));
    }

    #[test]
    fn an_appeal_on_record_keeps_the_judgment_from_taking_effect() {
        let mut case = judgment_served();
        act_on(&mut case, appeal("撤销原判"), &DEFENDANT(), date(2026, 5, 6)).expect("appealed");
        let events = expire(&mut case, PLAINTIFF().person, date(2026, 5, 7));
        assert_eq!((events.len(), case.stage), (1, Stage::Decided));
    }

    #[test]
    fn r_ddl_04_an_appeal_posted_in_time_undoes_the_effect() {
        let mut case = effective();
        let mut clerk = clerk_of(&case);
        clerk.for_person = Some(DEFENDANT().person);
        let posted = |on| {
            Command::FileAppeal(FileAppeal { requests: "撤销原判".into(), reasons: "利息计算错误。".into(), materials: vec![], posted_on: Some(on) })
        };
        let late = act_on(&mut case, posted(date(2026, 5, 9)), &clerk, date(2026, 5, 12));
        assert_eq!(late, Err(Refusal::AppealPeriodOver { last_day: date(2026, 5, 8) }));
        let online = act_on(&mut case, appeal("撤销原判"), &DEFENDANT(), date(2026, 5, 12));
        assert_eq!(online, Err(Refusal::AppealPeriodOver { last_day: date(2026, 5, 8) }));
        let mistyped = act_on(&mut case, posted(date(2026, 4, 8)), &clerk, date(2026, 5, 12));
        assert!(matches!(mistyped, Err(Refusal::FieldInvalid { field, .. }) if field == "posted_on"), "before there was a judgment");
        act_on(&mut case, posted(date(2026, 5, 8)), &clerk, date(2026, 5, 12)).expect("taken");
        assert_eq!((case.stage, case.effective_on), (Stage::Decided, None));
        assert_eq!(case.appeals[0].posted_on, Some(date(2026, 5, 8)));
    }

    #[test]
    fn r_ddl_04_the_archive_is_no_bar_to_what_was_posted_in_time() {
        let mut case = archived();
        let mut clerk = clerk_of(&case);
        clerk.for_person = Some(DEFENDANT().person);
        let posted = Command::FileAppeal(FileAppeal {
            requests: "撤销原判".into(),
            reasons: "利息计算错误。".into(),
            materials: vec![],
            posted_on: Some(date(2026, 5, 8)),
        });
        let online = act_on(&mut case, appeal("撤销原判"), &DEFENDANT(), date(2026, 5, 21));
        assert_eq!(online, Err(Refusal::AppealPeriodOver { last_day: date(2026, 5, 8) }));
        let mut withdrawn = case.clone();
        withdrawn.effective_on = None;
        assert!(matches!(act_on(&mut withdrawn, posted.clone(), &clerk, date(2026, 5, 21)), Err(Refusal::NotNow { .. })));
        act_on(&mut case, posted, &clerk, date(2026, 5, 21)).expect("taken");
        assert_eq!((case.stage, case.effective_on, case.archiving), (Stage::Decided, None, None));
    }

    #[test]
    fn r_apl_02_what_is_asked_for_and_why() {
        let refused = act_on(&mut given(), appeal(" "), &PLAINTIFF(), date(2026, 4, 22));
        assert!(matches!(refused, Err(Refusal::FieldInvalid { field, .. }) if field == "requests"));
    }
}
