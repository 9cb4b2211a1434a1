//! 应送尽送: every paper that an event owes to somebody is on its way, or on somebody's list, and so is every last day that went
//! by (house invariant 4).
//!
//! Owed is found from the declarations of the steps, by which each event owes its papers, and folded from the events; on its
//! way is what jobs, outbox, deliveries and tasks say. The two come from different tables, so that a row lost from either shows.
use crate::follow::{over, service::Papers};
use crate::{Error, job, replay, store, work};
use procedure::case::{Channel, IssuedPaper, Method, Party, ServiceState, Side};
use procedure::kind::CaseKind;
use procedure::matter::{Decided, Kind};
use procedure::paper::Owed;
use procedure::{Case, CaseId, Event, Json, Paper, PaperId, PersonId, STEPS};
use std::collections::BTreeSet;
use storage::{Db, Tx, events, jobs, outbox};

/// A paper that is owed and that nothing will send, or a period that ran out and that nobody was told of.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Forgotten {
    pub case: CaseId,
    /// Nil where not even the event owes it, and of a period.
    pub paper: PaperId,
    /// What paper it is; none of a period.
    pub kind: Option<Paper>,
    /// What ought to be there and is not.
    pub missing: &'static str,
}

/// Jobs put aside that are looked at: more of them than this is another trouble.
const MOST_DEAD: u32 = 10_000;

/// What is under way in a court.
struct UnderWay {
    typeset: BTreeSet<String>,
    serve: BTreeSet<String>,
}

/// Compares what is owed with what is under way in these courts; how many papers were looked at, and what is forgotten.
pub fn check_owed(db: &Db, courts: &[String]) -> Result<(usize, Vec<Forgotten>), Error> {
    let courts = courts.to_vec();
    db.read_blocking(move |tx| {
        let (mut count, mut forgotten) = (0, Vec::new());
        for court in &courts {
            // What was put aside after its last try will not happen by itself, but where it lies with a clerk.
            let mut dead: BTreeSet<_> = jobs::dead(tx, court, MOST_DEAD)?.into_iter().map(|job| (job.kind, job.key)).collect();
            for (_, payload) in store::tasks_of_kind(tx, court, work::DEAD_JOB)? {
                let job::Dead { kind, key } = store::json(&payload)?;
                dead.remove(&(kind, key));
            }
            let mut alive = |kind: &str| -> Result<BTreeSet<String>, Error> {
                let keys = jobs::open_keys(tx, court, kind)?;
                Ok(keys.into_iter().filter(|key| !dead.contains(&(kind.to_owned(), key.clone()))).collect())
            };
            let under_way = UnderWay { typeset: alive(job::TYPESET)?, serve: alive(job::SERVE)? };
            for id in store::case_ids(tx, court)? {
                forgotten.extend(by_rule(tx, court, id)?);
                let case = replay(tx, court, id, None)?;
                count += case.papers.len();
                forgotten.extend(of_case(tx, &case, &under_way)?);
            }
        }
        Ok((count, forgotten))
    })
}

fn of_case(tx: &mut Tx, case: &Case, under_way: &UnderWay) -> Result<Vec<Forgotten>, Error> {
    let tasks = store::open_tasks(tx, &case.court, case.id)?;
    let sent: Vec<_> = store::deliveries(tx, &case.court, case.id)?;
    let task = |kind: &str, payload: String| tasks.iter().any(|(known, with)| known == kind && *with == payload);
    let undelivered =
        |paper: &IssuedPaper| Ok::<_, Error>(task("undelivered", serde_json::to_string(&Papers { to: paper.to, papers: vec![paper.id] })?));
    let mut forgotten = Vec::new();
    let superseded =
        |paper: &&IssuedPaper| matches!(paper.service, ServiceState::Sent { .. } | ServiceState::Served { .. }) || !case.superseded(paper);
    for paper in case.papers.iter().filter(superseded) {
        let envelopes = sent.iter().filter(|(_, of)| *of == paper.id);
        let missing = match &paper.service {
            ServiceState::Owed => (!under_way.typeset.contains(&paper.id.to_string())).then_some("job to typeset it"),
            // Made for the file: nobody waits for it.
            ServiceState::Issued if paper.paper.is_kept() => None,
            ServiceState::Issued if store::persons::way_to(tx, case, paper.to)? == Channel::Online => {
                let prefix = format!("{}/", paper.id);
                (!under_way.serve.iter().any(|key| key.starts_with(&prefix))).then_some("job to serve it")
            }
            // The packet of a recipient goes out when all of it is sealed.
            ServiceState::Issued => {
                let complete =
                    !case.papers.iter().any(|other| other.to == paper.to && other.service == ServiceState::Owed && !case.superseded(other));
                (complete && !task("post", serde_json::to_string(&paper.to)?)).then_some("clerk's task to post it")
            }
            ServiceState::Sent { method: Method::Electronic, .. } | ServiceState::Served { method: Method::Electronic, .. } => {
                let (mut any, mut acknowledged) = (false, false);
                for (envelope, _) in envelopes {
                    // Fails for an envelope that is gone.
                    match outbox::answer(tx, &case.court, *envelope) {
                        Ok(answer) => (any, acknowledged) = (true, acknowledged || answer.is_some()),
                        Err(storage::Error::NoEnvelope(_)) => {}
                        Err(error) => return Err(error.into()),
                    }
                }
                let served = matches!(paper.service, ServiceState::Served { .. });
                match (any, acknowledged, served) {
                    (false, _, _) => Some("envelope to the recipient's inbox"),
                    // It got there, and nothing was made of it.
                    (true, true, false) => Some("record of its service"),
                    (true, false, true) => Some("acknowledgement by the portal"),
                    // Under way, or there and recorded.
                    (true, false, false) | (true, true, true) => None,
                }
            }
            // In the post: the clerk waits for the return and enters it; it stands on the case's page.
            // Announced: its clock ends in the service itself.
            ServiceState::Sent {
                method: Method::Postal | Method::Direct | Method::Left | Method::Entrusted | Method::Transferred | Method::Announced,
                ..
            }
            | ServiceState::Served {
                method: Method::Postal | Method::Direct | Method::Left | Method::Entrusted | Method::Transferred | Method::Announced,
                ..
            } => None,
            ServiceState::Failed { .. } => (!undelivered(paper)?).then_some("clerk's task after a failed service"),
        };
        forgotten.extend(missing.map(|missing| Forgotten { case: case.id, paper: paper.id, kind: Some(paper.paper), missing }));
    }
    Ok(forgotten)
}

/// Papers that a step declares and its event does not owe to whom the rule names, and periods whose end left no task.
fn by_rule(tx: &mut Tx, court: &str, id: CaseId) -> Result<Vec<Forgotten>, Error> {
    let (mut case, mut forgotten) = (Case::new(id, court), Vec::new());
    let mut tasks = store::all_tasks(tx, court, id)?;
    for stored in events::load(tx, court, id.0, 0)? {
        let event = Event::from_json(stored.body.as_bytes())?;
        case.apply(&event);
        forgotten.extend(unowed(&case, &event).into_iter().map(|kind| Forgotten {
            case: id,
            paper: PaperId::default(),
            kind: Some(kind),
            missing: "debt of the event that its step declares",
        }));
        if let Event::ClockExpired { anchor, .. } = &event
            && let Some(over) = over::left(&case, anchor, procedure::step::day_of(stored.at))?
        {
            let payload = serde_json::to_string(anchor)?;
            // Each end has a task of its own: a period that ran anew ends once more.
            match tasks.iter().position(|(kind, of)| kind == over.kind && *of == payload) {
                Some(place) => drop(tasks.swap_remove(place)),
                None => {
                    forgotten.push(Forgotten { case: id, paper: PaperId::default(), kind: None, missing: "task after a last day that went by" });
                }
            }
        }
    }
    Ok(forgotten)
}

/// Of the papers that the step of this event declares, those that it does not owe to each of their recipients; `case` is the
/// case after it.
fn unowed(case: &Case, event: &Event) -> Vec<Paper> {
    if let Event::MatterDecided(decided) = event {
        let kind = decided.papers.first().map_or(Paper::MatterDecision, |owed| owed.paper);
        return unanswered(case, decided).first().map(|_| kind).into_iter().collect();
    }
    let Some((step, recipients)) = debt(case, event) else { return vec![] };
    let declared = STEPS.iter().find(|known| known.name == step).map_or(&[][..], |step| step.papers);
    let owed = event.owed();
    let is_owed = |paper: Paper, to: PersonId| owed.iter().any(|owed: &&Owed| owed.paper == paper && owed.to == to);
    let missing = declared.iter().filter(|paper| !recipients(**paper).into_iter().all(|to| is_owed(**paper, to)));
    missing.copied().collect()
}

/// What changes the case is told to everybody, what was asked for is answered to who asked: of these the persons to whom a
/// matter's decision owes no paper.
fn unanswered(case: &Case, decided: &Decided) -> Vec<PersonId> {
    // A refused objection to the procedure is told by word of mouth (民诉法解释第269条).
    if decided.kind == Kind::Conversion && decided.outcome == "refused" {
        return vec![];
    }
    let asked = case.matter(decided.number).map(|matter| matter.raised.by);
    let told = |party: &&Party| !decided.effects.is_empty() || !decided.clocks.is_empty() || asked == Some(party.person);
    let owed = |person| decided.papers.iter().any(|owed| owed.to == person && MATTER_PAPERS.contains(&owed.paper));
    // Of a preservation the other side learns with the ruling, once it was carried out (R-PRV-03, R-PRV-12).
    let ruled =
        |person| case.papers.iter().any(|paper| paper.to == person && case.decision_of(paper.id).is_some_and(|of| of.kind == Kind::Preservation));
    let left = case.parties.iter().filter(told).map(|party| party.person).filter(|person| !owed(*person));
    let kept = decided.kind == Kind::Preservation || decided.kind == Kind::PreservationReview && decided.effects.is_empty();
    let carried_out = decided.kind == Kind::PreservationMeasure;
    left.filter(|person| !kept || asked == Some(*person)).filter(|person| !carried_out || !ruled(*person)).collect()
}

const MATTER_PAPERS: [Paper; 3] = [Paper::MatterRuling, Paper::MatterDecision, Paper::MatterNotice];

/// Who gets a paper.
type Recipients<'a> = Box<dyn Fn(Paper) -> Vec<PersonId> + 'a>;

/// The step whose papers an event owes, and to whom each goes; none where its step owes nothing by it.
fn debt<'a>(case: &'a Case, event: &'a Event) -> Option<(&'static str, Recipients<'a>)> {
    let side = move |side: Side| case.side(side).map(|party| party.person).collect::<Vec<_>>();
    let all = move || case.parties.iter().map(|party| party.person).collect::<Vec<_>>();
    let others = move |by: PersonId| {
        let own = case.party(by).map(|party| party.side);
        case.parties.iter().filter(|party| Some(party.side) != own).map(|party| party.person).collect::<Vec<_>>()
    };
    // A decision on relief owes a new notice only where something is still to be paid; that is judged where it is decided.
    Some(match event {
        // R-FIL-12: to every plaintiff.
        Event::ReturnedForCorrection { .. } => ("return_for_correction", Box::new(move |_| side(Side::Plaintiff))),
        Event::FilingGivenBack { .. } => ("give_back_filing", Box::new(move |_| side(Side::Plaintiff))),
        Event::FilingRefused(_) => ("refuse_filing", Box::new(move |_| side(Side::Plaintiff))),
        // R-FIL-13 to the plaintiff, R-FIL-21 to the defendant.
        Event::FilingAccepted(_) => {
            ("accept_filing", Box::new(move |paper| accepted(case.kind, paper, &side(Side::Plaintiff), &side(Side::Defendant))))
        }
        // R-FEE-15: to every plaintiff; which defendants were served then, the event says.
        Event::DeemedWithdrawn { .. } => ("deem_suit_withdrawn", Box::new(move |_| side(Side::Plaintiff))),
        // R-FIL-21: to the other side.
        Event::AnswerSubmitted { answer, .. } => ("submit_answer", Box::new(move |_| others(answer.by))),
        // R-FIL-07: to who handed it in.
        Event::EvidenceSubmitted(submitted) => ("submit_evidence", Box::new(move |_| vec![submitted.by])),
        // R-TRI-05, R-TRI-20, R-TRI-36: to every party.
        // Of a preservation before the suit the other side learns later (R-PRV-03).
        Event::TribunalAssigned { .. } => ("assign_tribunal", Box::new(move |_| if case.kind.before_suit() { side(Side::Plaintiff) } else { all() })),
        Event::HearingScheduled { .. } => ("schedule_hearing", Box::new(move |_| all())),
        Event::HearingPostponed { .. } => ("postpone_hearing", Box::new(move |_| all())),
        Event::JudgmentGiven { .. } => ("sign_judgment", Box::new(move |_| all())),
        // R-TRI-33: for the file, with the last signature.
        Event::RecordSigned { number, .. } => {
            let settled = case.hearings.iter().any(|hearing| hearing.number == *number && hearing.record.as_ref().is_some_and(|one| one.settled()));
            ("confirm_record", Box::new(move |_| if settled { vec![PersonId::default()] } else { vec![] }))
        }
        // Judged by [`unanswered`].
        Event::MatterDecided(_) => return None,
        // For the file, and for where it is published (R-SVC-30).
        Event::ServiceAnnounced { .. } => ("announce_service", Box::new(move |_| vec![PersonId::default()])),
        Event::CertificateIssued { certificate } => ("issue_effect_certificate", Box::new(move |_| vec![certificate.to])),
        Event::FilingSubmitted(_)
        | Event::Corrected { .. }
        | Event::PaperIssued { .. }
        | Event::PaperSent { .. }
        | Event::PaperOpened { .. }
        | Event::PaperCopyRequested { .. }
        | Event::FilingInsisted { .. }
        | Event::PaperServed { .. }
        | Event::ServiceFailed { .. }
        | Event::ServiceCorrected { .. }
        | Event::ChannelChosen { .. }
        | Event::PartyJoined { .. }
        | Event::AddressConfirmed(_)
        | Event::AgentAppointed { .. }
        | Event::AgentRevoked { .. }
        | Event::FeePaid { .. }
        | Event::ReliefRequested { .. }
        | Event::ReliefDecided { .. }
        | Event::ClockExpired { .. }
        | Event::EvidenceCommented { .. }
        | Event::HearingOpened { .. }
        | Event::RecordSaved { .. }
        | Event::RecordClosed { .. }
        | Event::JudgmentDrafted { .. }
        | Event::JudgmentSigned { .. }
        | Event::AppealFiled { .. }
        | Event::JudgmentTookEffect { .. }
        | Event::CertificateRequested { .. }
        | Event::CaseClosed { .. }
        | Event::CaseArchived { .. }
        | Event::MatterRaised(_) => return None,
    })
}

/// The first papers of a case (R-FIL-13, R-FIL-21, R-IDC-22); before a suit nobody is called to answer.
fn accepted(kind: CaseKind, paper: Paper, plaintiffs: &[PersonId], defendants: &[PersonId]) -> Vec<PersonId> {
    match paper {
        Paper::AnswerNotice | Paper::ComplaintCopy | Paper::JoinSheet | Paper::ServiceAddressForm | Paper::EvidenceNotice if kind.before_suit() => {
            vec![]
        }
        Paper::AcceptanceNotice | Paper::FeeNotice => plaintiffs.to_vec(),
        Paper::AnswerNotice | Paper::ComplaintCopy | Paper::JoinSheet | Paper::ServiceAddressForm => defendants.to_vec(),
        Paper::EvidenceNotice => [plaintiffs, defendants].concat(),
        Paper::CorrectionNotice
        | Paper::GivenBackNotice
        | Paper::PanelNotice
        | Paper::Summons
        | Paper::AnswerCopy
        | Paper::RefusalRuling
        | Paper::DeemedWithdrawalRuling
        | Paper::CivilJudgment
        | Paper::EffectivenessCertificate
        | Paper::EvidenceReceipt
        | Paper::HearingRecord
        | Paper::Announcement
        | Paper::MatterRuling
        | Paper::MatterDecision
        | Paper::MatterNotice => vec![],
    }
}
