//! What hangs on the events between acceptance and archive: tasks of judge and clerk, and records for the ledger.
use super::{certify, file, stamp};
use crate::store::{self, NewTask};
use crate::{Court, Error};
use jiff::Timestamp;
use ledger::{Content, FileDigest, Kind, TAG_MANIFEST_FACT};
use procedure::anchor::Anchor;
use procedure::case::{ClockState, IssuedPaper, Labelled, Material, RunningClock, ServiceState};
use procedure::trial::{Tribunal, Volume};
use procedure::{Case, Event, Fen, Office, Paper, PersonId, Stage};
use storage::Tx;

/// The case is to be given to a tribunal within three days (R-FIL-20).
pub(super) fn accepted(tx: &mut Tx, case: &Case, now: Timestamp) -> Result<(), Error> {
    let due = case.clock("R-FIL-20");
    task(
        tx,
        case,
        &Task {
            kind: "assign", office: Office::FilingClerk, title: "分案", detail: "随机抽取审判人员和书记员，移送审判庭（R-TRI-06）。", due
        },
        now,
    )
}

/// The ruling ends the case: it is served, then closed (R-LIM-33).
pub(super) fn withdrawn(tx: &mut Tx, case: &Case, now: Timestamp) -> Result<(), Error> {
    let back = case.fee.as_ref().map(procedure::case::FeeMatter::to_refund).filter(|back| *back > Fen::ZERO);
    let money = back.map_or_else(String::new, |back| format!("；应当退还原告案件受理费{}元（R-FEE-18）", back.short()));
    let detail = format!("裁定书送达后结案（R-LIM-33）{money}。");
    // What would still have called somebody does not leave any more.
    super::close_post(tx, case, now)?;
    super::service::close_undelivered(tx, case, now)?;
    task(tx, case, &Task { kind: "close", office: Office::Clerk, title: "结案", detail: &detail, due: None }, now)
}

/// What people had to be told late is told now: the reminder goes.
pub(super) fn sent(tx: &mut Tx, case: &Case, now: Timestamp) -> Result<(), Error> {
    const TOLD: [(Anchor, Paper, &str); 3] = [
        (Anchor::FirstPacket, Paper::ComplaintCopy, "first_packet_over"),
        (Anchor::AnswerCopy, Paper::AnswerCopy, "answer_copy_over"),
        (Anchor::Tribunal, Paper::PanelNotice, "tribunal_over"),
    ];
    let late = |anchor| case.clocks.iter().any(|clock| clock.state == ClockState::Expired && Anchor::of(&clock.anchor) == Some(anchor));
    let waits = |paper: &IssuedPaper| matches!(paper.service, ServiceState::Owed | ServiceState::Issued);
    for (anchor, paper, kind) in TOLD {
        if late(anchor) && !case.papers.iter().any(|other| other.paper == paper && waits(other)) {
            done(tx, case, &[kind], now)?;
        }
    }
    if !late(Anchor::Summons) {
        return Ok(());
    }
    let called = case.hearing().is_some_and(|hearing| hearing.summonses.iter().all(|id| !case.paper(*id).is_some_and(waits)));
    if called { done(tx, case, &["summons_over"], now) } else { Ok(()) }
}

/// A task that the case itself describes.
struct Task<'a> {
    kind: &'a str,
    office: Office,
    title: &'a str,
    detail: &'a str,
    due: Option<&'a RunningClock>,
}

fn task(tx: &mut Tx, case: &Case, wanted: &Task<'_>, now: Timestamp) -> Result<(), Error> {
    let new = NewTask {
        id: format!("{}/{}/{}", wanted.kind, case.id, case.version),
        case: case.id,
        kind: wanted.kind,
        office: wanted.office,
        title: wanted.title.into(),
        detail: wanted.detail.into(),
        due: wanted.due.map(|clock| clock.clock.last_day),
        payload: "{}".into(),
    };
    store::open_task(tx, &case.court, &new, now)
}

fn done(tx: &mut Tx, case: &Case, kinds: &[&str], now: Timestamp) -> Result<(), Error> {
    store::close_tasks(tx, &case.court, case.id, kinds, PersonId(uuid::Uuid::nil()), now)
}

/// Everything that follows from one event of the trial.
pub(super) fn after(tx: &mut Tx, zone: &Court, case: &Case, event: &Event, at: Timestamp, now: Timestamp) -> Result<(), Error> {
    match event {
        // Online the portal's receipt came with the request; at the counter the court gives its own (R-FIL-07, R-FIL-10).
        Event::AnswerSubmitted { answer, .. } => match answer.assisted_by {
            Some(_) => certify(tx, zone, case, &submission(case, "A", "提交答辩状", &answer.materials, at)?, now),
            None => Ok(()),
        },
        Event::EvidenceCommented { opinions, assisted_by, .. } => match assisted_by {
            Some(_) => {
                let mut content = submission(case, "O", "提交质证意见", &[], at)?;
                content.facts.insert("件数".into(), opinions.len().to_string());
                certify(tx, zone, case, &content, now)
            }
            None => Ok(()),
        },
        Event::EvidenceSubmitted(submitted) => {
            let mut content = content(case, Kind::EvidenceDeposit, "E", "提交证据", at)?;
            content.files = submitted.items.iter().map(file).collect();
            content.facts.insert("件数".into(), submitted.items.len().to_string());
            content.facts.insert("收据".into(), submitted.receipt.id.to_string());
            certify(tx, zone, case, &content, now)
        }
        Event::TribunalAssigned { tribunal, .. } => {
            certify(tx, zone, case, &draw(case, tribunal, at)?, now)?;
            done(tx, case, &["assign"], now)?;
            let detail = "确定开庭的日期、时间和法庭，传票自动生成（R-TRI-20）。";
            task(tx, case, &Task { kind: "schedule", office: Office::Clerk, title: "排期开庭", detail, due: None }, now)
        }
        Event::HearingScheduled { .. } => done(tx, case, &["schedule"], now),
        Event::HearingPostponed { .. } => {
            done(tx, case, &["summons_over"], now)?;
            // The old summonses do not leave any more; what waited for them alone is done.
            super::close_post(tx, case, now)?;
            super::service::close_undelivered(tx, case, now)
        }
        Event::HearingOpened { .. } => done(tx, case, &["schedule", "summons_over"], now),
        Event::RecordClosed { number, digest, .. } => {
            let mut content = content(case, Kind::HearingRecord, "R", "庭审笔录", at)?;
            content.facts.insert("庭次".into(), number.to_string());
            content.facts.insert("笔录摘要".into(), digest.clone());
            certify(tx, zone, case, &content, now)?;
            let (title, detail) = ("笔录签名", "请到庭的人核对笔录并签名；当场不签的，五日内在网上或者到法院签（R-TRI-33）。");
            task(tx, case, &Task { kind: "record", office: Office::Clerk, title, detail, due: case.clock("R-TRI-33") }, now)
        }
        Event::RecordSigned { paper, .. } => {
            if paper.is_none() {
                return Ok(());
            }
            done(tx, case, &["record", "record_over"], now)?;
            let due = case.clock("R-LIM-02").or_else(|| case.clock("R-LIM-01"));
            let detail = "写事实、理由和主文，其余部分由卷宗自动带入（R-DOC-03）。";
            task(tx, case, &Task { kind: "judgment", office: Office::Judge, title: "起草判决书", detail, due }, now)
        }
        Event::JudgmentSigned { signature } => {
            let waits = case
                .judges()
                .any(|(judge, _)| case.judgment.as_ref().is_some_and(|judgment| !judgment.signatures.iter().any(|signature| signature.by == judge)));
            if signature.office != Office::Judge || waits {
                return Ok(());
            }
            let detail = "审判人员已经签署，请书记员核对后签署，签署后自动盖章、送达（R-DOC-03）。";
            task(tx, case, &Task { kind: "countersign", office: Office::Clerk, title: "签署判决书", detail, due: None }, now)
        }
        Event::JudgmentGiven { .. } => done(tx, case, &["judgment", "countersign", "trial_over"], now),
        Event::AppealFiled { appeal, reopens, .. } => {
            if *reopens {
                reopened(tx, case, now)?;
            }
            if appeal.assisted_by.is_some() {
                certify(tx, zone, case, &submission(case, "L", "提交上诉状", &appeal.materials, at)?, now)?;
            }
            let (title, detail) = ("当事人提起上诉", "五日内将上诉状副本送达对方当事人（R-APL-03）。");
            // Against a refusal there is no clerk of the case yet, nor a defendant to tell.
            let office = if case.stage == procedure::Stage::Refused { Office::FilingClerk } else { Office::Clerk };
            task(tx, case, &Task { kind: "appeal", office, title, detail, due: case.clock("R-APL-03") }, now)
        }
        Event::JudgmentTookEffect { .. } => in_force(tx, case, now),
        Event::CertificateRequested { .. } => {
            let (title, detail) = ("出具生效证明", "当事人申请了生效证明，核对后出具。");
            task(tx, case, &Task { kind: "certificate", office: Office::Clerk, title, detail, due: None }, now)
        }
        Event::CertificateIssued { .. } if case.certificate_requests.is_empty() => done(tx, case, &["certificate"], now),
        Event::CaseClosed { closing, .. } => {
            certify_volumes(tx, zone, case, At::Closing, &closing.volumes, at, now)?;
            done(tx, case, &["close"], now)?;
            archive(tx, case, now)
        }
        Event::CaseArchived { archiving } => {
            let mut content = content(case, Kind::ArchiveManifest, "M", "归档", at)?;
            content.facts.insert(TAG_MANIFEST_FACT.into(), archiving.tag_manifest.clone());
            content.files.push(FileDigest {
                bytes: archiving.bytes,
                name: "归档包.zip".into(),
                pages: None,
                sha256: archiving.package.clone(),
                sm3: None,
            });
            content.facts.insert("保管期限".into(), archiving.term.clone());
            certify(tx, zone, case, &content, now)?;
            certify_volumes(tx, zone, case, At::Archive, &archiving.volumes, at, now)?;
            done(tx, case, &["archive", "archive_over", "unopened"], now)
        }
        Event::RecordSaved { .. } | Event::JudgmentDrafted { .. } | Event::CertificateIssued { .. } => Ok(()),
        Event::FilingSubmitted(_)
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
        | Event::AddressConfirmed(_)
        | Event::AgentAppointed { .. }
        | Event::AgentRevoked { .. }
        | Event::FeePaid { .. }
        | Event::ReliefRequested { .. }
        | Event::ReliefDecided { .. }
        | Event::DeemedWithdrawn { .. }
        | Event::ClockExpired { .. }
        | Event::MatterRaised(_)
        | Event::MatterDecided(_) => Ok(()),
    }
}

/// From now on the case can be closed. After a corrected service it is in force from another day (R-DDL-10).
fn in_force(tx: &mut Tx, case: &Case, now: Timestamp) -> Result<(), Error> {
    recall(tx, case, now)?;
    if case.closing.is_some() {
        return archive(tx, case, now);
    }
    done(tx, case, &["close"], now)?;
    let detail = "判决已经送达并且生效，请检查卷宗后结案（R-LIM-33）。";
    task(tx, case, &Task { kind: "close", office: Office::Clerk, title: "结案", detail, due: None }, now)
}

/// A corrected service lets an appeal period run again, or an appeal was posted in time: what was to follow from the effect
/// waits for it (R-SVC-41).
pub(super) fn reopened(tx: &mut Tx, case: &Case, now: Timestamp) -> Result<(), Error> {
    done(tx, case, &["close", "archive", "certificate"], now)?;
    recall(tx, case, now)
}

/// A certificate that names a day on which the judgment did not take effect is called in.
fn recall(tx: &mut Tx, case: &Case, now: Timestamp) -> Result<(), Error> {
    if !case.papers.iter().any(|paper| paper.paper == Paper::EffectivenessCertificate) {
        return Ok(());
    }
    let detail = "生效日期已经变动（送达日期更正，或者有人在期限内交邮上诉）。请收回已经出具的生效证明，判决生效的重新出具（R-DDL-10）。";
    task(tx, case, &Task { kind: "recall", office: Office::Clerk, title: "收回生效证明", detail, due: None }, now)
}

/// Closed and in force: the file goes to the archive within three months (R-ARC-01).
fn archive(tx: &mut Tx, case: &Case, now: Timestamp) -> Result<(), Error> {
    let ended = matches!(case.stage, Stage::Effective | Stage::Withdrawn | Stage::Terminated | Stage::Dismissed | Stage::Transferred);
    let ready = case.closing.is_some() && ended;
    if !ready {
        return Ok(());
    }
    done(tx, case, &["archive"], now)?;
    let detail = "检查卷宗，生成目录和归档包，移交档案（R-ARC-07）。";
    task(tx, case, &Task { kind: "archive", office: Office::Clerk, title: "归档", detail, due: case.clock("R-ARC-01") }, now)
}

/// A content of this case; letter, case and version make its number.
fn content(case: &Case, kind: Kind, letter: &str, title: &str, at: Timestamp) -> Result<Content, Error> {
    let no = format!("{letter}-{}-{}", case.id.0.simple(), case.version);
    let mut content = Content::new(kind, &no, title, &case.court, &stamp(at)?);
    if let Some(number) = &case.number {
        content.facts.insert("案号".into(), crate::full_width(number));
    }
    Ok(content)
}

/// The court's own receipt of what was handed in at its counter.
pub(super) fn submission(case: &Case, letter: &str, title: &str, files: &[Material], at: Timestamp) -> Result<Content, Error> {
    let mut content = content(case, Kind::Submission, letter, title, at)?;
    content.files = files.iter().map(file).collect();
    Ok(content)
}

/// The draw with all that it was made from: seed, those drawn from, those left out, result.
fn draw(case: &Case, tribunal: &Tribunal, at: Timestamp) -> Result<Content, Error> {
    let mut content = content(case, Kind::TribunalDraw, "T", "分案抽取", at)?;
    let ids = |people: &mut dyn Iterator<Item = PersonId>| people.map(|person| person.to_string()).collect::<Vec<_>>().join(" ");
    let out = |person| tribunal.excluded.iter().any(|excluded| excluded.person == person);
    // One line a person: id, office, load, drawn from or not; in the order of the event.
    let roster = tribunal.roster.iter().map(|one| {
        let office = store::name_of(&one.office)?;
        Ok(format!("{} {office} {} {}\n", one.person, one.load, if out(one.person) { "out" } else { "in" }))
    });
    let roster = roster.collect::<Result<String, Error>>()?;
    content.facts.insert("审判组织".into(), tribunal.form.zh().into());
    content.facts.insert("检查点".into(), tribunal.seed.checkpoint.trim_end().replace('\n', " "));
    content.facts.insert("立案材料摘要".into(), tribunal.seed.filing.clone());
    content.facts.insert("名册人数".into(), tribunal.roster.len().to_string());
    content.facts.insert("名册 SHA-256".into(), storage::Digest::of(roster.as_bytes()).to_string());
    content.facts.insert("审判人员".into(), ids(&mut tribunal.judges.iter().map(|one| one.person)));
    content.facts.insert("书记员".into(), tribunal.clerk.person.to_string());
    Ok(content)
}

/// When the roots of the volumes were taken. What came in between is named in the file as added later (R-ARC-07).
#[derive(Clone, Copy)]
enum At {
    Closing,
    Archive,
}

impl At {
    /// Letter of the receipts' numbers: `V1-…` is the main volume at the closing.
    fn letter(self) -> &'static str {
        match self {
            Self::Closing => LETTERS[0],
            Self::Archive => LETTERS[1],
        }
    }

    fn zh(self) -> &'static str {
        match self {
            Self::Closing => "结案",
            Self::Archive => "归档",
        }
    }
}

/// Letters of the volumes' receipts: at the closing, at the archive.
pub(super) const LETTERS: [&str; 2] = ["V", "W"];
/// Place of the internal volume among them.
pub(super) const INTERNAL: u32 = 2;

/// One record a volume (R-FIA-05).
fn certify_volumes(tx: &mut Tx, zone: &Court, case: &Case, when: At, volumes: &[Volume], at: Timestamp, now: Timestamp) -> Result<(), Error> {
    for volume in volumes {
        let place = if volume.name == casefile::Volume::Internal.zh() { INTERNAL } else { 1 };
        let mut content = content(case, Kind::VolumeRoot, &format!("{}{place}", when.letter()), "卷宗摘要", at)?;
        for (name, value) in [
            ("卷", volume.name.clone()),
            ("时点", when.zh().to_owned()),
            ("件数", volume.items.to_string()),
            ("页数", volume.pages.to_string()),
            ("根摘要", volume.root.clone()),
        ] {
            content.facts.insert(name.into(), value);
        }
        certify(tx, zone, case, &content, now)?;
    }
    Ok(())
}
