//! The trial as a party may see it. Drafts, open records and whatever else is internal have no way in here.
use super::{duty, full_width};
use exchange::message::{Duty, Entry, ViewAnswer, ViewEvidence, ViewHearing, ViewJudgment, ViewOpinion, ViewRecord};
use jiff::Timestamp;
use jiff::civil::Date;
use procedure::case::{Channel, Labelled, MaterialKind, Method, Scope, ServiceState, Side};
use procedure::matter::Kind;
use procedure::step::file_appeal;
use procedure::trial::{Hearing, Presence, Stand};
use procedure::{Case, Event, Paper, PersonId, Stage, Step};
use std::collections::BTreeSet;

/// Who of the parties may read an item online, beside the court (R-RDG-02, R-RDG-03).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Readers {
    /// Everybody who takes part in the case.
    Parties,
    /// Private matters of one side: identity papers, addresses.
    Side(Side),
    /// A paper, for whom it was served on.
    Only(PersonId),
    /// Nobody: another's copy, a paper that is not served yet, what the court made for the file.
    Court,
}

impl Readers {
    /// Of the item with these bytes.
    pub(super) fn of(case: &Case, sha256: &str) -> Self {
        if let Some(paper) = case.papers.iter().find(|paper| paper.sha256.as_deref() == Some(sha256)) {
            return Self::of_paper(paper);
        }
        let side = |person| side_of(case, person).unwrap_or(Side::Plaintiff);
        let filed = case.statement.iter().flat_map(|statement| &statement.materials).map(|material| (material, Side::Plaintiff));
        let answers = case.answers.iter().flat_map(|answer| answer.materials.iter().map(move |material| (material, side(answer.by))));
        let appeals = case.appeals.iter().flat_map(|appeal| appeal.materials.iter().map(move |material| (material, side(appeal.by))));
        // What is handed in with an application is seen by all like any other paper of the file (R-RDG-02); a lawyer's order is his side's.
        let matters = case.matters.iter().map(|matter| &matter.raised).flat_map(|raised| {
            let side = raised.side.unwrap_or(Side::Plaintiff);
            let own = raised.kind == Kind::InvestigationOrder;
            raised.materials.iter().map(move |material| (material, side, own))
        });
        if let Some((material, side, own)) = matters.into_iter().find(|(material, ..)| material.sha256 == sha256) {
            return if own { Self::Side(side) } else { Self::of_material(material.kind, side) };
        }
        let evidence = case.evidence.iter().map(|evidence| (&evidence.material, evidence.side));
        let mut all = filed.chain(answers).chain(appeals).chain(evidence);
        all.find(|(material, _)| material.sha256 == sha256).map_or(Self::Court, |(material, side)| Self::of_material(material.kind, side))
    }

    pub(super) fn include(self, case: &Case, party: PersonId) -> bool {
        match self {
            Self::Parties => case.party(party).is_some(),
            Self::Side(side) => side_of(case, party) == Some(side),
            Self::Only(person) => person == party,
            Self::Court => false,
        }
    }

    fn of_material(kind: MaterialKind, side: Side) -> Self {
        match kind {
            MaterialKind::Identity | MaterialKind::ServiceAddress => Self::Side(side),
            MaterialKind::Complaint | MaterialKind::PowerOfAttorney | MaterialKind::Evidence | MaterialKind::Answer | MaterialKind::Other => {
                Self::Parties
            }
        }
    }

    fn of_paper(paper: &procedure::case::IssuedPaper) -> Self {
        match &paper.service {
            _ if paper.paper.is_kept() => Self::Parties,
            ServiceState::Served { .. } => Self::Only(paper.to),
            ServiceState::Owed | ServiceState::Issued | ServiceState::Sent { .. } | ServiceState::Failed { .. } => Self::Court,
        }
    }
}

pub(super) fn side_of(case: &Case, party: PersonId) -> Option<Side> {
    case.party(party).map(|party| party.side)
}

pub(super) fn answers(case: &Case, party: PersonId) -> Vec<ViewAnswer> {
    let answer = |answer: &procedure::trial::Answer| ViewAnswer {
        by: case.name_of(answer.by).to_owned(),
        yours: answer.by == party,
        text: answer.text.clone(),
        materials: answer.materials.clone(),
        at: answer.at,
        late: answer.late,
    };
    case.answers.iter().map(answer).collect()
}

pub(super) fn evidence(case: &Case, party: PersonId) -> Vec<ViewEvidence> {
    let side = side_of(case, party);
    let opinion = |opinion: &procedure::trial::Opinion| ViewOpinion {
        by: case.name_of(opinion.by).to_owned(),
        yours: opinion.by == party,
        authenticity: opinion.authenticity,
        legality: opinion.legality,
        relevance: opinion.relevance,
        text: opinion.text.clone(),
        at: opinion.at,
    };
    let item = |evidence: &procedure::trial::Evidence| ViewEvidence {
        item: evidence.material.id,
        side: evidence.side.zh().into(),
        yours: Some(evidence.side) == side,
        number: evidence.number,
        by: case.name_of(evidence.by).to_owned(),
        name: evidence.material.name.clone(),
        purpose: evidence.material.purpose.clone().unwrap_or_else(|| "证明本案事实".into()),
        pages: evidence.material.pages,
        sha256: evidence.material.sha256.clone(),
        media: evidence.material.media.clone(),
        at: evidence.at,
        late: evidence.late,
        opinions: evidence.opinions.iter().map(opinion).collect(),
        waits: side.is_some_and(|side| side != evidence.side) && !evidence.opinions.iter().any(|opinion| opinion.by == party),
    };
    case.evidence.iter().map(item).collect()
}

fn presence(hearing: &Hearing, party: PersonId) -> Option<Presence> {
    hearing.attendance.iter().find(|line| line.person == party).map(|line| line.presence)
}

pub(super) fn hearings(case: &Case, party: PersonId) -> Vec<ViewHearing> {
    let hearing = |hearing: &Hearing| ViewHearing {
        number: hearing.number,
        date: hearing.date,
        time: hearing.time,
        minutes: hearing.minutes,
        courtroom: hearing.courtroom.clone(),
        public: hearing.public,
        channel: case.channel_of(party, Scope::Hearing),
        opened_at: hearing.opened_at,
        presence: presence(hearing, party),
        record: record(case, hearing, party),
    };
    case.hearings.iter().map(hearing).collect()
}

/// Only a closed record: while it is written it is the clerk's own (R-TRI-33).
fn record(case: &Case, hearing: &Hearing, party: PersonId) -> Option<ViewRecord> {
    let record = hearing.record.as_ref()?;
    let state = |signer: &PersonId| {
        let signature = record.signatures.iter().find(|signature| signature.of == *signer);
        let state = match signature.map(|signature| &signature.refused) {
            None => "未签名",
            Some(None) => "已签名",
            Some(Some(_)) => "拒绝签名",
        };
        (case.name_of(*signer).to_owned(), state.to_owned())
    };
    Some(ViewRecord {
        text: record.text.clone(),
        digest: record.digest.clone(),
        closed_at: record.closed_at?,
        until: case.clocks.iter().rev().find(|clock| clock.anchor == format!("record/{}", hearing.number)).map(|clock| clock.clock.last_day),
        signatures: record.signers.iter().map(state).collect(),
        waits: record.unsigned().any(|signer| signer == party),
    })
}

/// Nothing of it exists for a party before it is given.
pub(super) fn judgment(case: &Case, party: PersonId) -> Option<ViewJudgment> {
    let given_on = case.judgment.as_ref()?.given_on?;
    let period = case.clocks.iter().rev().find(|clock| clock.anchor == format!("appeal/{party}"));
    Some(ViewJudgment {
        given_on,
        served_on: case.served_on(Paper::CivilJudgment, party),
        appeal_until: period.map(|clock| clock.clock.last_day),
        appeals: case.appeals_against_the_end().map(|appeal| case.name_of(appeal.by).to_owned()).collect(),
        effective_on: case.effective_on,
        certificate_pending: case.certificate_requests.contains(&party),
        closed_on: case.closing.as_ref().map(|closing| closing.on),
    })
}

/// Days on which the party came to the court itself: a sitting in person, or an act at the counter.
pub(super) fn trips(case: &Case, history: &[(Timestamp, Event)], party: PersonId) -> u32 {
    let here = |event: &Event| match event {
        Event::FilingSubmitted(filed) => filed.assisted_by.is_some() && side_of(case, party) == Some(Side::Plaintiff),
        Event::AnswerSubmitted { answer, .. } => answer.assisted_by.is_some() && answer.by == party,
        Event::EvidenceSubmitted(submitted) => submitted.assisted_by.is_some() && submitted.by == party,
        Event::EvidenceCommented { opinions, assisted_by, .. } => assisted_by.is_some() && opinions.iter().any(|opinion| opinion.by == party),
        Event::HearingOpened { attendance, .. } => attendance.iter().any(|line| line.person == party && line.presence == Presence::InPerson),
        Event::RecordSigned { signature, .. } => signature.entered_by.is_some() && signature.of == party && signature.refused.is_none(),
        Event::AppealFiled { appeal, .. } => appeal.assisted_by.is_some() && appeal.by == party,
        Event::AddressConfirmed(confirmation) => confirmation.channel == Channel::Counter && confirmation.person == party,
        Event::AgentAppointed { authority, assisted_by, .. } => assisted_by.is_some() && authority.agent.of == party,
        Event::AgentRevoked { of, assisted_by, .. } => assisted_by.is_some() && *of == party,
        Event::FilingInsisted { by, assisted_by, .. } => assisted_by.is_some() && *by == party,
        Event::MatterRaised(raised) => raised.assisted_by.is_some() && raised.by == party,
        Event::Corrected { channel, .. } => *channel == Channel::Counter && side_of(case, party) == Some(Side::Plaintiff),
        Event::ReturnedForCorrection { .. }
        | Event::FilingAccepted(_)
        | Event::FilingGivenBack { .. }
        | Event::FilingRefused(_)
        | Event::PaperCopyRequested { .. }
        | Event::PaperIssued { .. }
        | Event::PaperSent { .. }
        | Event::PaperOpened { .. }
        | Event::PaperServed { .. }
        | Event::ServiceFailed { .. }
        | Event::ServiceAnnounced { .. }
        | Event::ServiceCorrected { .. }
        | Event::ChannelChosen { .. }
        | Event::PartyJoined { .. }
        | Event::FeePaid { .. }
        | Event::ReliefRequested { .. }
        | Event::ReliefDecided { .. }
        | Event::DeemedWithdrawn { .. }
        | Event::ClockExpired { .. }
        | Event::TribunalAssigned { .. }
        | Event::HearingScheduled { .. }
        | Event::HearingPostponed { .. }
        | Event::RecordSaved { .. }
        | Event::RecordClosed { .. }
        | Event::JudgmentDrafted { .. }
        | Event::JudgmentSigned { .. }
        | Event::JudgmentGiven { .. }
        | Event::JudgmentTookEffect { .. }
        | Event::CertificateRequested { .. }
        | Event::CertificateIssued { .. }
        | Event::CaseClosed { .. }
        | Event::CaseArchived { .. }
        | Event::MatterDecided(_) => false,
    };
    let days: BTreeSet<Date> = history.iter().filter(|(_, event)| here(event)).map(|(at, _)| procedure::step::day_of(*at)).collect();
    u32::try_from(days.len()).unwrap_or(u32::MAX)
}

/// Is there something to do with this step now, for this party? What stage and role allow is asked before.
pub(super) fn offered(today: Date, case: &Case, step: &Step, party: PersonId) -> bool {
    match step.name {
        // A link is made with the code, on a page of its own.
        "join_case" => false,
        "revoke_agent" => case.agents.iter().any(|agent| agent.of == party),
        "submit_answer" => side_of(case, party) == Some(Side::Defendant),
        "comment_on_evidence" => case.evidence.iter().any(|evidence| Some(evidence.side) != side_of(case, party)),
        "confirm_record" => hearings(case, party).iter().any(|hearing| hearing.record.as_ref().is_some_and(|record| record.waits)),
        "insist_on_filing" => case.insisted_at.is_none(),
        "request_paper_copy" => papers_in_hand(case, party),
        "file_appeal" => {
            let Some(of) = file_appeal::against(case, party) else { return false };
            let appealed = case.appeals.iter().any(|appeal| appeal.by == party && appeal.of == of);
            let anchor = format!("{}/{party}", if of == case.ended_by { "appeal" } else { "ruling" });
            let period = case.clocks.iter().rev().find(|clock| clock.anchor == anchor).map(|clock| clock.clock.last_day);
            // A judgment may be appealed before it was served; a ruling's period is known from its service.
            let judged = of.is_none() && case.stage != Stage::Refused && judgment(case, party).is_some();
            !appealed && period.map_or(judged, |last_day| today <= last_day)
        }
        // Members of the tribunal are challenged one by one; everything else is asked for once until it is decided.
        name if name != "apply_for_recusal" && is_open(case, step, party) => false,
        "object_to_jurisdiction" => side_of(case, party) == Some(Side::Defendant) && !case.answers.iter().any(|answer| answer.by == party),
        "object_to_procedure" => {
            case.procedure == Some(procedure::case::Procedure::Simple) && case.hearings.iter().all(|hearing| hearing.opened_at.is_none())
        }
        "withdraw_suit" | "change_claims" => side_of(case, party) == Some(Side::Plaintiff),
        "apply_for_recusal" => case.tribunal.is_some(),
        "apply_for_renewal" => case.holding().any(|measure| asked_by(case, measure.matter) == side_of(case, party)),
        "apply_for_lifting" => case.holding().next().is_some(),
        "apply_for_preservation_review" => {
            let period = case.clocks.iter().rfind(|clock| clock.anchor == format!("reconsideration/{party}"));
            period.is_some_and(|period| today <= period.clock.last_day)
        }
        "request_effect_certificate" => case.effective_on.is_some() && !case.certificate_requests.contains(&party),
        _ => true,
    }
}

/// The side that asked for a preservation.
fn asked_by(case: &Case, matter: u32) -> Option<Side> {
    case.matter(matter).and_then(|matter| matter.raised.side)
}

/// Does this party's application of this kind wait for its decision?
fn is_open(case: &Case, step: &Step, party: PersonId) -> bool {
    let kind = procedure::matter::of_step(step.name).map(|(kind, _)| kind);
    case.open_matters().any(|open| Some(open.raised.kind) == kind && open.raised.by == party)
}

/// Papers that reached him electronically, of which he may want the print (R-SVC-10).
fn papers_in_hand(case: &Case, party: PersonId) -> bool {
    let electronic = |state: &ServiceState| matches!(state, ServiceState::Served { method: Method::Electronic, .. });
    case.papers.iter().any(|paper| paper.to == party && electronic(&paper.service))
}

/// Who must do what now, from the acceptance to the end of the appeal periods.
pub(super) fn duties(case: &Case, party: PersonId, running: &dyn Fn(&str) -> Option<Date>, duties: &mut Vec<Duty>) {
    let own = side_of(case, party);
    if case.stage == Stage::Decided {
        return decided(case, party, duties);
    }
    for defendant in case.side(Side::Defendant).filter(|defendant| !case.answers.iter().any(|answer| answer.by == defendant.person)) {
        let yours = defendant.person == party;
        let who = if yours { "您" } else { defendant.name.as_str() };
        let mut answer = duty(who, yours, "提交答辩状", "不答辩，不影响法院继续审理。".into());
        answer.until = running(&format!("answer/{}", defendant.person));
        answer.step = yours.then(|| "submit_answer".into());
        duties.push(answer);
    }
    if let Some(until) = running(&format!("evidence/{party}")) {
        let mut hand_in = duty("您", true, "提交证据", "写明每一份证明什么；逾期提交的要说明理由。".into());
        (hand_in.until, hand_in.step) = (Some(until), Some("submit_evidence".into()));
        duties.push(hand_in);
    }
    let waits = evidence(case, party).iter().filter(|item| item.waits).count();
    if waits > 0 {
        let mut comment = duty("您", true, "对对方的证据发表质证意见", format!("还有 {waits} 份证据等您看。没有质证的证据不能作为认定事实的根据。"));
        comment.step = Some("comment_on_evidence".into());
        duties.push(comment);
    }
    for hearing in hearings(case, party) {
        if hearing.opened_at.is_none() {
            let how = match hearing.channel {
                Channel::Online => "在线出庭",
                Channel::Counter => "到庭",
            };
            let detail = format!("{} {}，{how}。传票另行送达。", hearing.time.strftime("%H:%M"), hearing.courtroom);
            let mut attend = duty("您", true, "参加开庭", detail);
            attend.until = Some(hearing.date);
            duties.push(attend);
        }
        if let Some(record) = hearing.record.filter(|record| record.waits) {
            let mut sign = duty("您", true, "核对笔录并签名", "有遗漏或者差错的，可以申请补正。".into());
            (sign.until, sign.step) = (record.until, Some("confirm_record".into()));
            duties.push(sign);
        }
    }
    against_ruling("ruling", party, running, duties);
    if own.is_some() {
        duties.push(courts(case));
    }
}

/// The suit was dismissed: every party may appeal in its own ten days (R-FIL-17, R-APL-01).
pub(super) fn dismissed(party: PersonId, running: &dyn Fn(&str) -> Option<Date>, duties: &mut Vec<Duty>) {
    against_ruling("appeal", party, running, duties);
}

fn against_ruling(anchor: &str, party: PersonId, running: &dyn Fn(&str) -> Option<Date>, duties: &mut Vec<Duty>) {
    let Some(until) = running(&format!("{anchor}/{party}")) else { return };
    let mut own = duty("您", true, "不服的可以上诉", "在裁定书送达之日起十日内，通过本院上诉。".into());
    (own.until, own.step) = (Some(until), Some("file_appeal".into()));
    duties.push(own);
}

/// What the court has to do next.
fn courts(case: &Case) -> Duty {
    let over = case.hearings.iter().any(|hearing| hearing.record.as_ref().is_some_and(|record| record.closed_at.is_some()));
    let mut next = if case.tribunal.is_none() {
        let mut assign = duty("法院", false, "确定审判人员", "随机抽取，三日内通知当事人。".into());
        assign.until = case.clocks.iter().rfind(|clock| clock.clock.rule == "R-FIL-20").map(|clock| clock.clock.last_day);
        return assign;
    } else if case.hearings.is_empty() {
        duty("法院", false, "送达材料，安排开庭", "开庭时间用传票另行通知。".into())
    } else if over {
        duty("法院", false, "作出判决", "判决书分别送达各方，上诉期从各自收到之日起算。".into())
    } else {
        duty("法院", false, "开庭审理", "按传票写明的时间和地点开庭。".into())
    };
    next.until = next.until.or_else(|| case.clock("R-LIM-02").or_else(|| case.clock("R-LIM-01")).map(|clock| clock.clock.last_day));
    next
}

fn decided(case: &Case, party: PersonId, duties: &mut Vec<Duty>) {
    let Some(judgment) = judgment(case, party) else { return };
    match (judgment.served_on, judgment.appeals.is_empty()) {
        (None, _) => duties.push(duty("法院", false, "送达判决书", "按您选择的方式送达；收到后可以上诉。".into())),
        (Some(_), true) => {
            let detail = "不服判决的，在期限内通过本院上诉；各方都不上诉的，判决在期满后生效。";
            let mut appeal = duty("您", true, "不服的可以上诉", detail.into());
            (appeal.until, appeal.step) = (judgment.appeal_until, Some("file_appeal".into()));
            duties.push(appeal);
        }
        (Some(_), false) => duties.push(duty("法院", false, "移送上诉材料", "已经有人上诉，判决没有生效。".into())),
    }
}

/// An event of the trial in plain words, as this party may read it.
pub(super) fn entry(case: &Case, at: Timestamp, event: &Event, party: PersonId) -> Option<Entry> {
    let who = |person: PersonId| if person == party { "您".to_owned() } else { case.name_of(person).to_owned() };
    let (what, detail, rule) = match event {
        Event::AnswerSubmitted { answer, .. } => {
            let late = if answer.late { "在答辩期满后收到，已经附卷。" } else { "副本由法院送达原告。" };
            (format!("{}提交了答辩状", who(answer.by)), late.to_owned(), "R-FIL-21")
        }
        Event::EvidenceSubmitted(submitted) => {
            let names: Vec<_> = submitted.items.iter().map(|item| item.name.as_str()).collect();
            let late = if submitted.late { "举证期限届满后提交，是否采纳由法院决定。" } else { "" };
            let what = format!("{}提交了 {} 份证据", who(submitted.by), submitted.items.len());
            (what, format!("{}。{late}", names.join("、")), if submitted.late { "R-EVD-05" } else { "R-FIL-07" })
        }
        Event::EvidenceCommented { opinions, .. } => {
            let by = opinions.first()?.by;
            let disputed = opinions.iter().filter(|opinion| [opinion.authenticity, opinion.legality, opinion.relevance].contains(&Stand::Disputed));
            (format!("{}发表了质证意见", who(by)), format!("{} 份证据，其中 {} 份有异议。", opinions.len(), disputed.count()), "R-EVD-09")
        }
        Event::TribunalAssigned { tribunal, .. } => {
            let names: Vec<_> = tribunal.judges.iter().map(|judge| judge.name.as_str()).collect();
            let detail =
                format!("{}，{}，书记员{}。随机抽取，任何人都可以按记录重新抽取核对。", tribunal.form.zh(), names.join("、"), tribunal.clerk.name);
            ("法院确定了审判人员".into(), detail, "R-TRI-06")
        }
        Event::HearingScheduled { hearing, .. } => {
            let detail = format!("{} {}，{}。", hearing.date, hearing.time.strftime("%H:%M"), hearing.courtroom);
            (format!("第 {} 次开庭已经排期", hearing.number), detail, "R-TRI-20")
        }
        Event::HearingPostponed { date, time, courtroom, reason, .. } => {
            ("开庭延期".into(), format!("改为 {date} {}，{courtroom}。理由：{reason}", time.strftime("%H:%M")), "R-TRI-32")
        }
        Event::HearingOpened { number, attendance, .. } => {
            let own = attendance.iter().find(|line| line.person == party).map_or("", |line| line.presence.zh());
            (format!("第 {number} 次开庭"), format!("您{own}。"), "R-TRI-26")
        }
        Event::RecordClosed { number, .. } => (format!("第 {number} 次庭审笔录完成"), "到庭的人核对后签名，可以申请补正。".into(), "R-TRI-33"),
        Event::RecordSigned { signature, .. } if signature.of == party => match &signature.refused {
            None => ("您在笔录上签了名".into(), "网上确认与书面签名效力相同。".into(), "R-TRI-33"),
            Some(reason) => ("书记员记明您没有在笔录上签名".into(), format!("记明的情况：{reason}"), "R-TRI-33"),
        },
        Event::JudgmentGiven { on, .. } => ("法院作出判决".into(), format!("判决日期 {on}，判决书按各方选择的方式送达。"), "R-TRI-36"),
        Event::AppealFiled { appeal, .. } => {
            let posted = appeal.posted_on.map_or_else(String::new, |on| format!("上诉状于 {on} 交邮，没有超过上诉期（R-DDL-04）。"));
            let what = if appeal.of.is_some() { "裁定" } else { "判决" };
            (format!("{}提起上诉", who(appeal.by)), format!("{posted}{what}没有生效，等待第二审。"), "R-APL-01")
        }
        Event::JudgmentTookEffect { on } => ("判决生效".into(), format!("上诉期届满，没有人上诉，自 {on} 起生效。"), "R-APL-01"),
        Event::CertificateRequested { by } if *by == party => ("您申请了生效证明".into(), "出具后按您选择的方式送达。".into(), "R-APL-01"),
        Event::CaseClosed { closing, .. } => ("法院结案".into(), format!("{}，结案日期 {}。", closing.manner, closing.on), "R-LIM-33"),
        Event::CaseArchived { .. } => {
            let number = case.number.as_deref().map_or_else(String::new, full_width);
            ("卷宗归档".into(), format!("{number}已经归档，可以申请查阅。"), "R-ARC-07")
        }
        // Internal: drafts, signatures before the judgment is given, records that are still written.
        Event::JudgmentDrafted { .. } | Event::JudgmentSigned { .. } | Event::RecordSaved { .. } => return None,
        // Another party's own business; its certificate comes as a paper.
        Event::RecordSigned { .. } | Event::CertificateRequested { .. } | Event::CertificateIssued { .. } => return None,
        // Told in the view itself.
        Event::AddressConfirmed(_)
        | Event::AgentAppointed { .. }
        | Event::AgentRevoked { .. }
        | Event::FilingSubmitted(_)
        | Event::ReturnedForCorrection { .. }
        | Event::Corrected { .. }
        | Event::FilingAccepted(_)
        | Event::FilingGivenBack { .. }
        | Event::FilingInsisted { .. }
        | Event::FilingRefused(_)
        | Event::PaperCopyRequested { .. }
        | Event::PaperIssued { .. }
        | Event::PaperSent { .. }
        | Event::PaperOpened { .. }
        | Event::PaperServed { .. }
        | Event::ServiceFailed { .. }
        | Event::ServiceAnnounced { .. }
        | Event::ServiceCorrected { .. }
        | Event::ChannelChosen { .. }
        | Event::PartyJoined { .. }
        | Event::FeePaid { .. }
        | Event::ReliefRequested { .. }
        | Event::ReliefDecided { .. }
        | Event::DeemedWithdrawn { .. }
        | Event::ClockExpired { .. }
        | Event::MatterRaised(_)
        | Event::MatterDecided(_) => return None,
    };
    Some(Entry { at, what, detail, rule: Some(rule.to_owned()), paper: None })
}
