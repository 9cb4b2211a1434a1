//! 公告送达: what no other way could bring to its recipient is announced; after thirty days it counts as served (R-SVC-30,
//! R-SVC-31, R-EVD-03, 《民事诉讼法》(2023) 第95条, 民诉法解释第138至140条). The days do not count towards the period of trial (R-LIM-31).
use super::{Act, Facts, Field, FieldKind, Step, owe, running};
use crate::case::{Announcement, IssuedPaper, Labelled, Method, Place, Procedure, RoleKind, ServiceState};
use crate::matter::{Exclusion, invalid};
use crate::{Actor, Case, Event, Law, Paper, PaperId, PersonId, Refusal, Stage, limit};
use serde::{Deserialize, Serialize};

/// Ways that have to fail first, unless he was announced to before or is known to be missing.
const TRIED: usize = 2;

/// Which papers, where, and why there is no other way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AnnounceService {
    pub papers: Vec<PaperId>,
    pub place: Place,
    /// 原因和经过, for the file.
    pub reason: String,
    /// 下落不明, with proof in the file: no way has to be tried first.
    #[serde(default)]
    pub missing: bool,
}

impl Act for AnnounceService {
    const STEP: Step = Step {
        name: "announce_service",
        zh: "公告送达",
        guide: "",
        counter: "",
        who: &[RoleKind::FilingClerk, RoleKind::Clerk],
        from: &[Stage::Preserving, Stage::Preparing, Stage::Hearing, Stage::Decided, Stage::Dismissed, Stage::Transferred, Stage::Withdrawn, Stage::Terminated],
        power: None,
        fields: &[
            Field { name: "papers", zh: "文书", kind: FieldKind::Paper },
            Field {
                name: "place",
                zh: "在哪里公告",
                kind: FieldKind::Choice(&[("court_board", "法院公告栏和受送达人住所地张贴"), ("press", "报纸"), ("network", "信息网络")]),
            },
            Field {
                name: "missing",
                zh: "受送达人",
                kind: FieldKind::Choice(&[("false", "用其他方式都没有送到"), ("true", "下落不明，证明材料已经附卷")]),
            },
            Field { name: "reason", zh: "采用公告送达的原因和经过", kind: FieldKind::LongText },
        ],
        papers: &[Paper::Announcement],
        rules: &["R-SVC-30", "R-SVC-31", "R-IDC-30", "R-EVD-03", "R-LIM-31", "R-SVC-02"],
    };

    fn decide(&self, case: &Case, by: &Actor, law: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        if self.papers.is_empty() {
            return Err(Refusal::Missing { what: "要公告的文书".into() });
        }
        if self.reason.trim().is_empty() {
            return Err(invalid("reason", "请写明采用公告送达的原因和经过，附卷备查。".into(), "R-SVC-30"));
        }
        // What ended the suit has to reach everybody somehow; before that the procedure can be changed.
        let simple = case.procedure == Some(Procedure::Simple);
        if simple && matches!(case.stage, Stage::Preparing | Stage::Hearing) {
            return Err(invalid("place", "适用简易程序的案件不能公告送达，请先裁定转为普通程序。".into(), "R-SVC-30"));
        }
        if simple && case.stage == Stage::Decided {
            return Err(invalid("place", "本案适用简易程序判决，判决书不能公告送达，请用其他方式送达。".into(), "R-SVC-30"));
        }
        let papers = self.papers.iter().map(|id| case.paper(*id).ok_or(Refusal::NoSuchPaper)).collect::<Result<Vec<_>, _>>()?;
        let to = papers.first().map(|paper| paper.to).ok_or(Refusal::NoSuchPaper)?;
        if papers.iter().any(|paper| paper.to != to) {
            return Err(invalid("papers", "一份公告只能送达给一个人，请分别公告。".into(), "R-SVC-30"));
        }
        for paper in &papers {
            match &paper.service {
                ServiceState::Owed => return Err(Refusal::Missing { what: format!("已盖章的{}", paper.paper.zh()) }),
                ServiceState::Served { .. } => return Err(Refusal::AlreadyServed),
                ServiceState::Sent { method: Method::Announced, .. } => return Err(being_announced(case, paper)),
                ServiceState::Issued | ServiceState::Sent { .. } | ServiceState::Failed { .. } if case.superseded(paper) => {
                    return Err(Refusal::PaperSuperseded);
                }
                ServiceState::Issued | ServiceState::Sent { .. } | ServiceState::Failed { .. } => {}
            }
        }
        self.last_resort(case, to)?;
        let number = u32::try_from(case.announcements.len() + 1).unwrap_or(u32::MAX);
        let clock = law.clock("R-SVC-30", facts.today());
        after_the_periods(case, law, &papers, clock.last_day)?;
        let paper = owe(case, Paper::Announcement, PersonId::default());
        let announcement = Announcement {
            number,
            paper: paper.id,
            papers: self.papers.clone(),
            to,
            place: self.place,
            reason: self.reason.trim().to_owned(),
            missing: self.missing,
            on: facts.today(),
            at: facts.at,
            until: clock.last_day,
            by: by.person,
        };
        let exclusion = Exclusion { from: facts.today(), to: Some(clock.last_day), why: limit::ANNOUNCEMENT.into(), rule: "R-LIM-31".into() };
        let mut clocks = vec![running(format!("announcement/{number}"), None, clock)];
        let pending = matches!(case.stage, Stage::Preparing | Stage::Hearing);
        if pending {
            let mut after = case.clone();
            after.exclusions.push(exclusion.clone());
            clocks.extend(limit::running_trial(&after, law, facts.today()));
        }
        Ok(vec![Event::ServiceAnnounced { announcement: Box::new(announcement), paper, exclusion: pending.then_some(exclusion), clocks }])
    }
}

/// It is served on its own day: nothing overtakes that.
pub(super) fn being_announced(case: &Case, paper: &IssuedPaper) -> Refusal {
    let announcement = case.announcements.iter().rev().find(|announcement| announcement.papers.contains(&paper.id));
    match announcement {
        Some(announcement) => Refusal::BeingAnnounced { paper: case.paper_zh(paper), until: announcement.until },
        None => Refusal::NoSuchPaper,
    }
}

impl AnnounceService {
    /// Only for who is missing, or whom no other way reached (R-SVC-30).
    fn last_resort(&self, case: &Case, to: PersonId) -> Result<(), Refusal> {
        let before = case.announcements.iter().any(|announcement| announcement.to == to);
        let mut tried: Vec<Method> = case.papers.iter().filter(|paper| paper.to == to).flat_map(|paper| paper.tried.iter().copied()).collect();
        tried.sort_by_key(|method| method.zh());
        tried.dedup();
        if self.missing || before || tried.len() >= TRIED {
            return Ok(());
        }
        let so_far = if tried.is_empty() { "没有".to_owned() } else { tried.iter().map(Labelled::zh).collect::<Vec<_>>().join("、") };
        let zh = format!("公告送达是最后的办法：至少要有两种方式没有送到的登记，现在{so_far}。下落不明的，请选下落不明并附证明。");
        Err(invalid("missing", zh, "R-SVC-30"))
    }
}

/// A sitting to which the announcement summons lies after the thirty days and the time to answer that follows (R-FIL-21, R-EVD-03).
fn after_the_periods(case: &Case, law: &Law, papers: &[&IssuedPaper], served: jiff::civil::Date) -> Result<(), Refusal> {
    let summoned = papers.iter().any(|paper| paper.paper == Paper::Summons);
    let Some(hearing) = case.hearing().filter(|hearing| summoned && hearing.opened_at.is_none()) else { return Ok(()) };
    let answer = papers.iter().any(|paper| paper.paper == Paper::ComplaintCopy).then(|| law.clock("R-FIL-21b", served).last_day);
    let earliest = answer.unwrap_or(served);
    if hearing.date > earliest {
        return Ok(());
    }
    let zh = format!(
        "公告到 {} 才视为送达，答辩、举证期限到 {} 届满，开庭日期（{}）太早。请先延期开庭，再公告。",
        crate::clock::date_zh(served),
        crate::clock::date_zh(earliest),
        crate::clock::date_zh(hearing.date)
    );
    Err(invalid("papers", zh, "R-SVC-30"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Command;
    use crate::case::{Channel, ClockState, Scope};
    use crate::step::fixture::{CLERK, DEFENDANT, PLAINTIFF, PLATFORM, accepted, act_on, issue_all, send_all};
    use crate::step::{ExpireClock, RecordService, RecordServiceFailure};
    use jiff::civil::date;

    fn of_defendant(case: &Case) -> Vec<PaperId> {
        case.papers.iter().filter(|paper| paper.to == DEFENDANT().person).map(|paper| paper.id).collect()
    }

    fn announce(case: &Case) -> AnnounceService {
        let reason = "邮寄被退回，到住所地没有找到人。".into();
        AnnounceService { papers: of_defendant(case), place: Place::Network, reason, missing: false }
    }

    /// The post came back, and nobody was at home.
    fn unreachable() -> Case {
        let mut case = accepted();
        case.procedure = Some(Procedure::Ordinary);
        issue_all(&mut case);
        for (method, day) in [(Method::Postal, date(2026, 3, 5)), (Method::Direct, date(2026, 3, 12))] {
            send_all(&mut case, DEFENDANT().person, method, day);
            let failure = RecordServiceFailure { papers: of_defendant(&case), reason: "查无此人".into() };
            act_on(&mut case, Command::RecordServiceFailure(failure), &CLERK(), day).expect("failed");
        }
        case
    }

    #[test]
    fn r_svc_30_thirty_days_after_the_announcement_it_counts_as_served_and_the_periods_begin() {
        let mut case = unreachable();
        let events = act_on(&mut case, Command::AnnounceService(announce(&unreachable())), &CLERK(), date(2026, 3, 16)).expect("announced");
        assert!(matches!(&events[..], [Event::ServiceAnnounced { .. }]));
        assert!(case.papers.iter().any(|paper| paper.paper == Paper::Announcement), "a paper for the file");
        let running = case.clock("R-SVC-30").expect("thirty days").clock.clone();
        assert_eq!((running.first_day, running.last_day), (date(2026, 3, 17), date(2026, 4, 15)));
        let early = Command::ExpireClock(ExpireClock { anchor: "announcement/1".into() });
        assert_eq!(act_on(&mut case, early.clone(), &PLATFORM(), date(2026, 4, 15)), Ok(vec![]));
        act_on(&mut case, early, &PLATFORM(), date(2026, 4, 16)).expect("over");
        assert_eq!(case.served_on(Paper::ComplaintCopy, DEFENDANT().person), Some(date(2026, 4, 15)));
        assert_eq!(case.clock("R-FIL-21b").expect("fifteen days").clock.last_day, date(2026, 4, 30));
        let evidence = case.clocks.iter().find(|clock| clock.anchor == format!("evidence/{}", DEFENDANT().person)).expect("R-EVD-03");
        assert_eq!(evidence.clock.first_day, date(2026, 4, 16), "from the end of the announcement");
        assert!(case.clocks.iter().filter(|clock| clock.anchor.starts_with("announcement")).all(|clock| clock.state == ClockState::Expired));
    }

    #[test]
    fn what_is_announced_is_neither_announced_again_nor_sent_nor_failed() {
        let mut case = unreachable();
        act_on(&mut case, Command::AnnounceService(announce(&unreachable())), &CLERK(), date(2026, 3, 16)).expect("announced");
        let again = announce(&case);
        let send = crate::step::SendPaper { papers: of_defendant(&case), method: Method::Postal, reference: String::new() };
        let failure = RecordServiceFailure { papers: of_defendant(&case), reason: "查无此人".into() };
        for command in [Command::AnnounceService(again), Command::SendPaper(send), Command::RecordServiceFailure(failure)] {
            let refused = act_on(&mut case.clone(), command, &CLERK(), date(2026, 3, 20));
            assert!(matches!(refused, Err(Refusal::BeingAnnounced { until, .. }) if until == date(2026, 4, 15)), "{refused:?}");
        }
    }

    #[test]
    fn r_lim_31_its_days_do_not_count_towards_the_trial() {
        let mut case = unreachable();
        act_on(&mut case, Command::AnnounceService(announce(&unreachable())), &CLERK(), date(2026, 3, 16)).expect("announced");
        let trial = case.clocks.iter().rfind(|clock| clock.anchor == "trial").expect("runs");
        assert!(trial.clock.derivation.iter().any(|line| line.text.starts_with("公告送达（2026年3月16日至2026年4月15日）31 日不计入")));
    }

    #[test]
    fn r_lim_31_who_comes_for_all_of_it_ends_the_announcement_and_the_days_left_count_again() {
        let mut case = unreachable();
        act_on(&mut case, Command::AnnounceService(announce(&unreachable())), &CLERK(), date(2026, 3, 16)).expect("announced");
        let papers = of_defendant(&case);
        let fetch = |case: &mut Case, papers: &[PaperId]| {
            let record = RecordService { papers: papers.to_vec(), on: date(2026, 3, 20), rule: "R-SVC-01".into(), proof: String::new() };
            act_on(case, Command::RecordService(record), &CLERK(), date(2026, 3, 20)).expect("served");
        };
        fetch(&mut case, &papers[1..]);
        assert!(case.clock("R-SVC-30").is_some_and(|clock| clock.state == ClockState::Running), "one paper still waits");
        fetch(&mut case, &papers[..1]);
        let over = case.clocks.iter().find(|clock| clock.anchor == "announcement/1").expect("thirty days");
        assert_eq!((over.state, case.exclusions[0].to), (ClockState::Met, Some(date(2026, 3, 20))));
        let trial = case.clocks.iter().rfind(|clock| clock.anchor == "trial").expect("runs");
        assert!(trial.clock.derivation.iter().any(|line| line.text.starts_with("公告送达（2026年3月16日至2026年3月20日）5 日不计入")));
    }

    #[test]
    fn r_idc_30_who_is_called_by_announcement_and_says_nothing_is_offline_and_the_others_stay_online() {
        let mut case = unreachable();
        act_on(&mut case, Command::AnnounceService(announce(&unreachable())), &CLERK(), date(2026, 3, 16)).expect("announced");
        let over = Command::ExpireClock(ExpireClock { anchor: "announcement/1".into() });
        act_on(&mut case, over, &PLATFORM(), date(2026, 4, 16)).expect("over");
        for scope in [Scope::Service, Scope::Answer, Scope::EvidenceExchange, Scope::Hearing] {
            assert_eq!(case.channel_of(DEFENDANT().person, scope), Channel::Counter, "{scope:?}");
        }
        assert_eq!(case.channel_of(PLAINTIFF().person, Scope::Service), Channel::Online);
    }

    #[test]
    fn r_svc_30_it_is_the_last_resort_and_not_of_the_simple_procedure() {
        let mut case = unreachable();
        case.procedure = Some(Procedure::Simple);
        let simple = act_on(&mut case, Command::AnnounceService(announce(&unreachable())), &CLERK(), date(2026, 3, 16));
        assert!(matches!(simple, Err(Refusal::FieldInvalid { field, .. }) if field == "place"));
        let mut fresh = accepted();
        fresh.procedure = Some(Procedure::Ordinary);
        issue_all(&mut fresh);
        let untried = announce(&fresh);
        let refused = act_on(&mut fresh, Command::AnnounceService(untried.clone()), &CLERK(), date(2026, 3, 5));
        assert!(matches!(refused, Err(Refusal::FieldInvalid { field, .. }) if field == "missing"));
        let missing = AnnounceService { missing: true, ..untried };
        act_on(&mut fresh, Command::AnnounceService(missing), &CLERK(), date(2026, 3, 5)).expect("missing: proof in the file");
    }
}
