//! 退回补正: the filing goes back once, with everything that is missing (R-FIL-12, 《在线诉讼规则》第9条).
use super::{Act, Facts, Field, FieldKind, Step, owe_all};
use crate::case::{Remark, RoleKind, Side};
use crate::{Actor, Case, Event, Law, Paper, Refusal, Stage};
use serde::{Deserialize, Serialize};

/// Everything that is to be mended, told at one time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReturnForCorrection {
    pub remarks: Vec<Remark>,
    /// Days given from the service of the notice; a court's own practice, not the law's.
    pub days: i64,
}

/// Characters of one remark: what is to be mended is said in a paragraph.
const LONGEST: usize = 1000;

impl Act for ReturnForCorrection {
    const STEP: Step = Step {
        name: "return_for_correction",
        zh: "退回补正",
        guide: "材料不符合要求的，法院一次性告知要补什么、最迟哪天补。",
        counter: "",
        who: &[RoleKind::FilingClerk],
        from: &[Stage::Submitted],
        power: None,
        fields: &[
            Field { name: "remarks", zh: "需补正的内容", kind: FieldKind::Remarks },
            Field { name: "days", zh: "补正期限（日）", kind: FieldKind::Days { usual: 7 } },
        ],
        papers: &[Paper::CorrectionNotice],
        rules: &["R-FIL-12"],
    };

    fn decide(&self, case: &Case, _: &Actor, law: &Law, _: &Facts) -> Result<Vec<Event>, Refusal> {
        if let Some(before) = &case.correction {
            let field = self.remarks.iter().find(|remark| before.remarks.iter().any(|old| old.field == remark.field));
            let field = field.or(self.remarks.first()).map(|remark| remark.field.clone());
            return Err(Refusal::AskedBefore { field: field.ok_or(Refusal::NothingNamed)? });
        }
        if self.remarks.is_empty() {
            return Err(Refusal::NothingNamed);
        }
        if let Some(empty) = self.remarks.iter().find(|remark| remark.remark.trim().is_empty()) {
            return Err(Refusal::RemarkEmpty { field: empty.label.clone() });
        }
        if let Some(long) = self.remarks.iter().find(|remark| remark.remark.chars().count() > LONGEST) {
            let zh = format!("“{}”的补正意见最多 {LONGEST} 字，请写短一些。", long.label);
            return Err(Refusal::FieldInvalid { field: "remarks".into(), zh, rule: "R-FIL-12".into() });
        }
        let (least, most) = law.policy.correction_days;
        if !(least..=most).contains(&self.days) {
            return Err(Refusal::DaysOutOfRange { days: self.days, least, most });
        }
        // Each plaintiff is told, and each one's days run from his own service.
        let mut notices = owe_all(case, Paper::CorrectionNotice, case.side(Side::Plaintiff)).into_iter();
        let notice = notices.next().ok_or(Refusal::Missing { what: "原告".into() })?;
        Ok(vec![Event::ReturnedForCorrection { remarks: self.remarks.clone(), days: self.days, notice, others: notices.collect() }])
    }
}

#[cfg(test)]
mod tests {
    use crate::case::Stage;
    use crate::step::fixture::{CLERK, OTHER, OTHER_COURT_CLERK, PLAINTIFF, act, corrected, returned, returning, served, submitted};
    use crate::{Paper, Refusal};
    use jiff::civil::date;

    #[test]
    fn r_fil_12_the_days_begin_with_service_and_end_on_a_working_day() {
        let mut case = returned();
        assert!(case.clock("R-FIL-12").is_none(), "nothing runs before the notice is served");
        served(&mut case, Paper::CorrectionNotice, PLAINTIFF().person, date(2026, 3, 7));
        assert_eq!(case.clock("R-FIL-12").expect("runs").clock.last_day, date(2026, 3, 16), "day 7 is Saturday 14 March");
    }

    #[test]
    fn r_fil_12_every_plaintiff_is_told() {
        let mut case = submitted();
        let second = crate::case::Party { person: OTHER().person, name: "周桂芳".into(), ..case.parties[0].clone() };
        case.parties.push(second);
        act(&mut case, returning(7), &CLERK()).expect("returned");
        let told: Vec<_> = case.papers.iter().filter(|paper| paper.paper == Paper::CorrectionNotice).map(|paper| paper.to).collect();
        assert_eq!(told, [PLAINTIFF().person, OTHER().person]);
    }

    #[test]
    fn r_fil_12_corrections_are_asked_for_once() {
        let mut case = corrected();
        assert_eq!(case.stage, Stage::Submitted);
        assert_eq!(act(&mut case, returning(7), &CLERK()), Err(Refusal::AskedBefore { field: "defendant.address".into() }));
    }

    #[test]
    fn days_outside_the_courts_policy_are_refused() {
        assert!(matches!(act(&mut submitted(), returning(0), &CLERK()), Err(Refusal::DaysOutOfRange { days: 0, .. })));
    }

    #[test]
    fn only_a_filing_clerk_of_this_court_returns_it() {
        assert_eq!(act(&mut submitted(), returning(7), &PLAINTIFF()), Err(Refusal::NotYours { step: "退回补正".into() }));
        assert_eq!(act(&mut submitted(), returning(7), &OTHER_COURT_CLERK()), Err(Refusal::NoSuchCase));
    }
}
