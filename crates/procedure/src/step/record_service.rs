//! 登记送达: a paper took effect on a day; the periods that hang on it begin (R-SVC-01, R-SVC-04, R-SVC-05,
//! R-SVC-12, R-SVC-15, R-SVC-18, R-DDL-01).
use super::{Act, Facts, Field, FieldKind, Step, day_of, running};
use crate::case::{IssuedPaper, Method, Procedure, RoleKind, RunningClock, ServiceState, Side};
use crate::matter::Kind;
use crate::{Actor, Case, Event, Law, Paper, PaperId, Refusal, Stage, clock, limit};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Papers that were received together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordService {
    pub papers: Vec<PaperId>,
    /// The day on which the service took effect, as the return or the record shows it.
    pub on: Date,
    /// Rule by which that day counts, e.g. `R-SVC-12` for the day the message reached the confirmed address.
    pub rule: String,
    /// Of what was left with who refused it: witnesses, or the pictures that were taken (R-SVC-04).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub proof: String,
}

impl Act for RecordService {
    const STEP: Step = Step {
        name: "record_service",
        zh: "登记送达",
        guide: "",
        counter: "",
        who: &[RoleKind::Platform, RoleKind::FilingClerk, RoleKind::Clerk],
        from: &Stage::ALL,
        power: None,
        fields: &[
            Field { name: "papers", zh: "文书", kind: FieldKind::Paper },
            Field { name: "on", zh: "送达日期", kind: FieldKind::Date },
            Field {
                name: "rule",
                zh: "依据",
                kind: FieldKind::Choice(&[("R-SVC-01", "受送达人签收"), ("R-SVC-03", "同住成年家属、代收人签收"), ("R-SVC-05", "退回之日视为送达"), ("R-SVC-04", "拒绝签收，留置送达")]),
            },
            Field { name: "proof", zh: "留置的见证：见证人姓名，或者拍照、录像的情况（留置送达要写）", kind: FieldKind::Note },
        ],
        papers: &[],
        rules: &["R-SVC-01", "R-SVC-04", "R-SVC-05", "R-SVC-12", "R-SVC-15", "R-DDL-01"],
    };

    fn decide(&self, case: &Case, _: &Actor, law: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        if self.papers.is_empty() {
            return Err(Refusal::Missing { what: "送达的文书".into() });
        }
        let mut events = Vec::new();
        for id in &self.papers {
            let paper = case.paper(*id).ok_or(Refusal::NoSuchPaper)?;
            let method = match &paper.service {
                // A letter that came back once may still be found delivered.
                ServiceState::Sent { method, .. } | ServiceState::Failed { method, .. } => *method,
                // The earliest effective time counts and stands already (R-SVC-15).
                ServiceState::Served { .. } => return Err(Refusal::AlreadyServed),
                ServiceState::Owed | ServiceState::Issued => return Err(Refusal::ServedTooEarly),
            };
            check_day(case, paper, self.on, facts.today())?;
            let method = self.left(method)?;
            let clocks = begins(case, paper, self.on, law)?;
            events.push(Event::PaperServed { id: *id, method, on: self.on, rule: self.rule.clone(), proof: self.proof.trim().to_owned(), clocks });
        }
        let mut after = case.clone();
        events.iter().for_each(|event| after.apply(event));
        // An announcement that he answered excludes fewer days from the trial (R-LIM-31).
        if let Some(Event::PaperServed { clocks, .. }) = events.last_mut().filter(|_| after.exclusions != case.exclusions) {
            clocks.extend(limit::running_trial(&after, law, facts.today()));
        }
        Ok(events)
    }
}

impl RecordService {
    /// 留置: who refuses what is brought to him gets it left at his domicile, before witnesses or a camera (R-SVC-04,
    /// 《民事诉讼法》(2023) 第89条, 民诉法解释第131条). What is in the post cannot be left.
    fn left(&self, method: Method) -> Result<Method, Refusal> {
        // What comes back counts as served where it was a letter (2004 专递规定第11条); somebody who went himself leaves it.
        if self.rule == "R-SVC-05" && method != Method::Postal {
            let zh = "退回之日视为送达只适用于邮寄送达；当面送交被拒收的，请选择留置送达。".into();
            return Err(Refusal::FieldInvalid { field: "rule".into(), zh, rule: "R-SVC-05".into() });
        }
        if self.rule != "R-SVC-04" {
            // Who comes for what was announced to him has it in his hands.
            return Ok(if method == Method::Announced { Method::Direct } else { method });
        }
        if !matches!(method, Method::Direct | Method::Entrusted | Method::Left) {
            let zh = "留置送达是当面送交被拒收时采用的，请先登记“直接送达”发出。".into();
            return Err(Refusal::FieldInvalid { field: "rule".into(), zh, rule: "R-SVC-04".into() });
        }
        if self.proof.trim().is_empty() {
            let zh = "请写明见证人，或者拍照、录像的情况。".into();
            return Err(Refusal::FieldInvalid { field: "proof".into(), zh, rule: "R-SVC-04".into() });
        }
        Ok(Method::Left)
    }
}

/// Not before the paper was sent, not after today. Where a case was kept before sendings were noted with the service, the
/// filing is the bound: nothing of a case leaves before it.
pub(super) fn check_day(case: &Case, paper: &IssuedPaper, on: Date, latest: Date) -> Result<(), Refusal> {
    let earliest = paper.service.sent_at().or(case.submitted_at).map(day_of).ok_or(Refusal::ServedTooEarly)?;
    if on < earliest || on > latest {
        return Err(Refusal::ServiceDateImpossible { on, earliest, latest });
    }
    Ok(())
}

/// The periods that begin with the service of this paper; none in a case that ended with a withdrawal.
pub fn begins(case: &Case, paper: &IssuedPaper, on: Date, law: &Law) -> Result<Vec<RunningClock>, Refusal> {
    let appealable = |paper: &IssuedPaper| case.decision_of(paper.id).filter(|decided| decided.text.appealable);
    if matches!(case.stage, Stage::Withdrawn | Stage::Terminated) {
        return Ok(vec![]);
    }
    // Where a ruling ended the case that can be appealed, nothing else is waited for.
    if matches!(case.stage, Stage::Dismissed | Stage::Transferred) && appealable(paper).is_none() {
        return Ok(vec![]);
    }
    let of = |name: &str, clock| vec![running(format!("{name}/{}", paper.to), Some(paper.to), clock)];
    Ok(match paper.paper {
        Paper::CorrectionNotice => {
            let correction = case.correction.as_ref().ok_or(Refusal::ServedTooEarly)?;
            of("correction", clock::days("R-FIL-12", "补正期限", correction.days, on, &law.calendar))
        }
        Paper::FeeNotice if !demands(case, paper) => vec![],
        Paper::FeeNotice => of("fee", law.clock("R-FEE-15", on)),
        Paper::ComplaintCopy => of("answer", law.clock("R-FIL-21b", on)),
        Paper::EvidenceNotice => of("evidence", law.clock(evidence_rule(case.procedure.ok_or(Refusal::ServedTooEarly)?), on)),
        // Of a matter's rulings, those on jurisdiction and those that dismiss the suit can be appealed (R-FIL-17). What ends the case
        // takes effect with these periods; beside a judgment to come they are another's.
        // Against a preservation there is a review within five days (R-PRV-15).
        Paper::MatterRuling if case.decision_of(paper.id).is_some_and(|decided| decided.kind == Kind::Preservation) => {
            of("reconsideration", law.clock("R-PRV-15", on))
        }
        Paper::MatterRuling => match appealable(paper) {
            Some(decided) if case.ended_by == Some(decided.number) => of("appeal", law.clock("R-APL-01b", on)),
            Some(_) => of("ruling", law.clock("R-APL-01b", on)),
            None => vec![],
        },
        // A plaintiff who filed at the counter links an account whenever he likes; the three days are the others' (R-IDC-22).
        Paper::JoinSheet if case.party(paper.to).is_some_and(|party| party.side == Side::Plaintiff) => vec![],
        // Who joined before the sheet is known to have reached him has nothing to wait for.
        Paper::JoinSheet if case.joined.contains(&paper.to) => vec![],
        Paper::JoinSheet => of("join", law.clock("R-IDC-22", on)),
        Paper::CivilJudgment => of("appeal", law.clock("R-APL-01", on)),
        Paper::RefusalRuling => of("appeal", law.clock("R-APL-01b", on)),
        Paper::GivenBackNotice
        | Paper::AcceptanceNotice
        | Paper::AnswerNotice
        | Paper::PanelNotice
        | Paper::Summons
        | Paper::AnswerCopy
        | Paper::ServiceAddressForm
        | Paper::DeemedWithdrawalRuling
        | Paper::EffectivenessCertificate
        | Paper::EvidenceReceipt
        | Paper::HearingRecord
        | Paper::Announcement
        | Paper::MatterDecision
        | Paper::MatterNotice => vec![],
    })
}

/// Rule of the evidence period (R-EVD-02).
pub fn evidence_rule(procedure: Procedure) -> &'static str {
    match procedure {
        Procedure::Ordinary => "R-EVD-02",
        Procedure::Simple => "R-EVD-02c",
    }
}

/// Does this notice set a period to pay? Not once the fee came in or was waived; and after a decision on relief only the
/// notices that followed it, so that a deferral sets none (R-FEE-15, R-FEE-21).
fn demands(case: &Case, paper: &IssuedPaper) -> bool {
    case.fee.as_ref().filter(|fee| fee.outstanding()).is_some_and(|fee| match &fee.relief {
        Some(relief) if relief.granted.is_some() => relief.notices.contains(&paper.id),
        Some(_) | None => true,
    })
}

/// By electronic means the day is the one on which the message reached the confirmed address (R-SVC-12, R-SVC-18).
pub fn rule_of(method: Method) -> &'static str {
    match method {
        Method::Electronic => "R-SVC-12",
        Method::Direct | Method::Transferred => "R-SVC-01",
        Method::Left => "R-SVC-04",
        Method::Postal | Method::Entrusted => "R-SVC-06",
        Method::Announced => "R-SVC-30",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Command;
    use crate::step::fixture::{CLERK, DEFENDANT, PLAINTIFF, accepted, act_on, issue_all, send_all, served};
    use jiff::civil::date;

    #[test]
    fn r_fee_15_seven_days_from_the_day_after_the_notice() {
        let mut case = accepted();
        served(&mut case, Paper::FeeNotice, PLAINTIFF().person, date(2026, 3, 4));
        let clock = &case.clock("R-FEE-15").expect("runs").clock;
        assert_eq!((clock.first_day, clock.last_day), (date(2026, 3, 5), date(2026, 3, 11)));
    }

    #[test]
    fn r_fil_21_the_answer_period_runs_from_the_service_of_the_complaint() {
        let mut case = accepted();
        served(&mut case, Paper::ComplaintCopy, DEFENDANT().person, date(2026, 3, 6));
        assert_eq!(case.clock("R-FIL-21b").expect("runs").clock.last_day, date(2026, 3, 23), "day 15 is Saturday 21 March");
    }

    #[test]
    fn nothing_is_served_before_it_was_sent_or_in_the_future() {
        let mut case = accepted();
        issue_all(&mut case);
        let ids: Vec<_> = case.papers.iter().filter(|paper| paper.to == DEFENDANT().person).map(|paper| paper.id).collect();
        let record = |on| Command::RecordService(RecordService { papers: ids.clone(), on, rule: "R-SVC-01".into(), proof: String::new() });
        assert_eq!(act_on(&mut case, record(date(2026, 3, 5)), &CLERK(), date(2026, 3, 6)), Err(Refusal::ServedTooEarly));
        send_all(&mut case, DEFENDANT().person, Method::Postal, date(2026, 3, 5));
        let too_early = act_on(&mut case, record(date(2026, 3, 4)), &CLERK(), date(2026, 3, 6));
        assert!(matches!(too_early, Err(Refusal::ServiceDateImpossible { .. })));
        let future = act_on(&mut case, record(date(2026, 3, 7)), &CLERK(), date(2026, 3, 6));
        assert!(matches!(future, Err(Refusal::ServiceDateImpossible { .. })));
    }

    #[test]
    fn r_svc_05_a_letter_that_came_back_is_bound_by_its_sending_too() {
        let mut case = accepted();
        issue_all(&mut case);
        send_all(&mut case, DEFENDANT().person, Method::Postal, date(2026, 3, 5));
        let papers: Vec<_> = case.papers.iter().filter(|paper| paper.to == DEFENDANT().person).map(|paper| paper.id).collect();
        let failure = Command::RecordServiceFailure(crate::step::RecordServiceFailure { papers: papers.clone(), reason: "查无此人".into() });
        act_on(&mut case, failure, &CLERK(), date(2026, 3, 10)).expect("came back");
        let record = |on| Command::RecordService(RecordService { papers: papers.clone(), on, rule: "R-SVC-05".into(), proof: String::new() });
        let early = act_on(&mut case, record(date(2026, 3, 4)), &CLERK(), date(2026, 3, 11));
        let impossible =
            Refusal::ServiceDateImpossible { on: date(2026, 3, 4), earliest: date(2026, 3, 5), latest: date(2026, 3, 11) };
        assert_eq!(early, Err(impossible));
        act_on(&mut case, record(date(2026, 3, 9)), &CLERK(), date(2026, 3, 11)).expect("found delivered");
    }

    /// The defendant's complaint, sent on 5 March by this way.
    fn sent(method: Method) -> (Case, PaperId) {
        let mut case = accepted();
        issue_all(&mut case);
        send_all(&mut case, DEFENDANT().person, method, date(2026, 3, 5));
        let complaint = case.papers.iter().find(|paper| paper.paper == Paper::ComplaintCopy).expect("owed").id;
        (case, complaint)
    }

    #[test]
    fn r_svc_04_what_is_refused_is_left_before_witnesses_and_only_where_somebody_brought_it() {
        let leave = |(case, id): &(Case, PaperId), proof: &str| {
            let record = RecordService { papers: vec![*id], on: date(2026, 3, 6), rule: "R-SVC-04".into(), proof: proof.into() };
            act_on(&mut case.clone(), Command::RecordService(record), &CLERK(), date(2026, 3, 6))
        };
        let field = |result| match result {
            Err(Refusal::FieldInvalid { field, rule, .. }) => (field, rule),
            other => panic!("{other:?}"),
        };
        assert_eq!(field(leave(&sent(Method::Direct), " ")), ("proof".into(), "R-SVC-04".into()), "nobody saw it");
        assert_eq!(field(leave(&sent(Method::Postal), "录像")), ("rule".into(), "R-SVC-04".into()), "what is in the post cannot be left");
        for method in [Method::Direct, Method::Entrusted] {
            let events = leave(&sent(method), "居委会刘敏见证，全程录像").expect("left");
            let [Event::PaperServed { method, on, rule, proof, clocks, .. }] = &events[..] else { panic!("{events:?}") };
            assert_eq!((*method, *on, rule.as_str()), (Method::Left, date(2026, 3, 6), "R-SVC-04"));
            assert_eq!((proof.as_str(), clocks.len()), ("居委会刘敏见证，全程录像", 1), "it is served: the time to answer runs");
        }
    }

    #[test]
    fn r_svc_05_what_came_back_counts_as_served_if_it_was_a_letter() {
        let record = |(mut case, id): (Case, PaperId)| {
            let record = RecordService { papers: vec![id], on: date(2026, 3, 9), rule: "R-SVC-05".into(), proof: String::new() };
            act_on(&mut case, Command::RecordService(record), &CLERK(), date(2026, 3, 10))
        };
        let events = record(sent(Method::Postal)).expect("the day on which it came back");
        assert!(matches!(&events[..], [Event::PaperServed { method: Method::Postal, on, .. }] if *on == date(2026, 3, 9)), "{events:?}");
        let direct = record(sent(Method::Direct));
        assert!(matches!(&direct, Err(Refusal::FieldInvalid { field, rule, .. }) if field == "rule" && rule == "R-SVC-05"), "{direct:?}");
    }

    #[test]
    fn r_svc_15_the_earliest_service_counts_and_a_later_one_changes_nothing() {
        let (mut case, complaint) = sent(Method::Direct);
        let record = |on| Command::RecordService(RecordService { papers: vec![complaint], on, rule: "R-SVC-01".into(), proof: String::new() });
        act_on(&mut case, record(date(2026, 3, 6)), &CLERK(), date(2026, 3, 6)).expect("served");
        let before = case.clone();
        assert_eq!(act_on(&mut case, record(date(2026, 3, 9)), &CLERK(), date(2026, 3, 9)), Err(Refusal::AlreadyServed));
        let send = crate::step::SendPaper { papers: vec![complaint], method: Method::Postal, reference: String::new() };
        assert_eq!(act_on(&mut case, Command::SendPaper(send), &CLERK(), date(2026, 3, 9)), Err(Refusal::AlreadyServed));
        assert_eq!((case.served_on(Paper::ComplaintCopy, DEFENDANT().person), &case), (Some(date(2026, 3, 6)), &before));
    }

    #[test]
    fn r_fee_15_a_notice_served_after_the_payment_sets_no_period() {
        let mut case = accepted();
        let pay = crate::step::PayFee { amount: crate::Fen(190_500), method: crate::case::PaymentMethod::Online, reference: "P-1".into() };
        act_on(&mut case, Command::PayFee(pay), &CLERK(), date(2026, 3, 4)).expect("paid");
        served(&mut case, Paper::FeeNotice, PLAINTIFF().person, date(2026, 3, 5));
        assert!(case.clocks.iter().all(|clock| clock.clock.rule != "R-FEE-15"), "nothing is waited for");
    }
}
