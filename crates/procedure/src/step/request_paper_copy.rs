//! 索要纸质文书: who was served electronically wants the paper itself (R-SVC-10, 《民事诉讼法》(2023) 第90条).
use super::{Act, Facts, Field, FieldKind, Step, acting};
use crate::case::{Collect, PaperRequest, RoleKind, ServiceState};
use crate::{Actor, Case, Event, Law, PaperId, Refusal, Stage};
use serde::{Deserialize, Serialize};

/// Which paper, and how he wants to get it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RequestPaperCopy {
    pub id: PaperId,
    pub how: Collect,
}

impl Act for RequestPaperCopy {
    const STEP: Step = Step {
        name: "request_paper_copy",
        zh: "索要纸质文书",
        guide: "电子送达的文书，可以向法院要纸质的：邮寄给您，或者到法院领取。送达日期不变。",
        counter: "带身份证到诉讼服务中心窗口领取。",
        who: &[RoleKind::Plaintiff, RoleKind::Defendant, RoleKind::Invited, RoleKind::Agent],
        from: &Stage::ALL,
        power: None,
        fields: &[
            Field { name: "id", zh: "文书", kind: FieldKind::Paper },
            Field { name: "how", zh: "怎样取得", kind: FieldKind::Choice(&[("post", "邮寄给我"), ("collect", "到法院领取")]) },
        ],
        papers: &[],
        rules: &["R-SVC-10"],
    };

    fn decide(&self, case: &Case, by: &Actor, _: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let party = acting(case, by, &Self::STEP)?.party;
        let paper = case.paper(self.id).filter(|paper| paper.to == party).ok_or(Refusal::NoSuchPaper)?;
        if matches!(paper.service, ServiceState::Owed) {
            return Err(Refusal::NoSuchPaper);
        }
        // Asked twice is asked once.
        if case.paper_requests.iter().any(|request| request.paper == self.id && request.by == party) {
            return Ok(vec![]);
        }
        Ok(vec![Event::PaperCopyRequested { request: PaperRequest { paper: self.id, by: party, how: self.how, at: facts.at } }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::step::fixture::{DEFENDANT, PLAINTIFF, accepted, act_on, served};
    use crate::{Command, Paper};
    use jiff::civil::date;

    #[test]
    fn r_svc_10_paper_on_request_is_recorded_once_and_only_of_ones_own_paper() {
        let mut case = accepted();
        let id = served(&mut case, Paper::FeeNotice, PLAINTIFF().person, date(2026, 3, 4));
        let ask = || Command::RequestPaperCopy(RequestPaperCopy { id, how: Collect::Post });
        act_on(&mut case, ask(), &PLAINTIFF(), date(2026, 3, 5)).expect("asked");
        assert_eq!(case.paper_requests.len(), 1);
        assert_eq!(act_on(&mut case, ask(), &PLAINTIFF(), date(2026, 3, 6)), Ok(vec![]), "asked twice is asked once");
        let mut clerk = crate::step::fixture::CLERK();
        clerk.for_person = Some(DEFENDANT().person);
        assert_eq!(act_on(&mut case, ask(), &clerk, date(2026, 3, 6)), Err(Refusal::NoSuchPaper), "another's paper");
        let on = |case: &Case| case.paper(id).map(|paper| paper.service.clone());
        assert!(matches!(on(&case), Some(ServiceState::Served { on, .. }) if on == date(2026, 3, 4)), "the day of service stays");
    }
}
