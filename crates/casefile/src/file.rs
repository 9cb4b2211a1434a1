//! 入卷: what stands in the file of a case. The one definition of it: views, the closing and the archive all ask here, so that
//! what is filed is what is shown, logged and packed (house invariant 1).
//!
//! An item is a file that was handed in, a paper that the court made, or a sheet that the file itself writes from an event.
//! The words of those sheets are part of the roots that are logged: they are not edited, a new wording is a new edition.
use crate::sheet;
use crate::{Class, Digests, Item, Origin};
use jiff::Timestamp;
use procedure::case::{Channel, Material, MaterialKind, Side, Statement};
use procedure::matter::Raised;
use procedure::trial::Evidence;
use procedure::{Case, Event, Paper, PaperId, PersonId};
use std::collections::BTreeMap;

/// An item of the file. What the file writes itself carries its text; every other item lies among the contents under its digest.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    pub item: Item,
    pub text: Option<String>,
}

/// A paper that the court made for the file and that is owed to nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    pub id: PaperId,
    pub what: MadeFor,
    /// Its title as printed.
    pub title: String,
    pub pages: u32,
    /// Hex.
    pub sha256: String,
    /// Version of the case from which it was made: in an earlier file it does not stand.
    pub version: u64,
}

/// What a paper of the file is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MadeFor {
    /// 送达回证、电子送达凭证: proves the service of these papers (R-SVC-14).
    Service(Vec<PaperId>),
    /// 裁判文书原本 (R-CAT-08).
    Original,
}

/// Every item of the file, in no order: [`crate::arrange`] gives the volumes. `history` holds the events by which `case` came
/// about, each with its legal time, from the first.
pub fn file(case: &Case, history: &[(Timestamp, Event)], made: &[Made]) -> Vec<Held> {
    let mut filing = Filing { case, history, items: vec![], seen: BTreeMap::new() };
    for ((at, event), version) in history.iter().zip(1..) {
        filing.event(version, *at, event);
    }
    for paper in made {
        filing.made(paper);
    }
    filing.items
}

/// What came in with one event.
struct Handed<'a> {
    by: String,
    at: Timestamp,
    channel: Channel,
    materials: &'a [Material],
    /// They came with an appeal.
    appeal: bool,
}

struct Filing<'a> {
    case: &'a Case,
    history: &'a [(Timestamp, Event)],
    items: Vec<Held>,
    /// Digests under which each material was handed in so far.
    seen: BTreeMap<String, Vec<String>>,
}

impl Filing<'_> {
    fn event(&mut self, version: u64, at: Timestamp, event: &Event) {
        let case = self.case;
        let name = |person| case.name_of(person).to_owned();
        match event {
            Event::FilingSubmitted(filed) => {
                let by = names(case, Side::Plaintiff);
                self.materials(&Handed { by, at, channel: filed.channel, materials: &filed.statement.materials, appeal: false });
                self.consents(version, at, &filed.choices);
            }
            Event::Corrected { statement, channel, .. } => {
                let by = names(case, Side::Plaintiff);
                self.materials(&Handed { by, at, channel: *channel, materials: &statement.materials, appeal: false });
            }
            Event::AnswerSubmitted { answer, .. } => {
                let by = name(answer.by);
                self.materials(&Handed { by, at, channel: answer.channel, materials: &answer.materials, appeal: false });
            }
            Event::EvidenceSubmitted(submitted) => {
                let by = name(submitted.by);
                self.materials(&Handed { by, at, channel: submitted.channel, materials: &submitted.items, appeal: false });
                if !submitted.reason.trim().is_empty() {
                    self.told(Class::Evidence, &format!("late/{version}"), at, submitted.by, sheet::late_evidence(case, submitted, at));
                }
            }
            Event::AppealFiled { appeal, .. } => {
                let by = name(appeal.by);
                self.materials(&Handed { by, at, channel: appeal.channel, materials: &appeal.materials, appeal: true });
                self.told(Class::Appeal, &format!("appeal/{version}"), at, appeal.by, sheet::appeal(case, appeal, at));
            }
            Event::AddressConfirmed(confirmation) => {
                let (by, materials) = (name(confirmation.person), std::slice::from_ref(&confirmation.material));
                self.materials(&Handed { by, at, channel: confirmation.channel, materials, appeal: false });
            }
            Event::AgentAppointed { authority, channel, .. } => {
                let by = name(authority.agent.of);
                self.materials(&Handed { by, at, channel: *channel, materials: &authority.materials, appeal: false });
            }
            Event::EvidenceCommented { opinions, channel, .. } => {
                if let Some(first) = opinions.first() {
                    let text = sheet::opinions(case, opinions, *channel, at);
                    self.told(Class::EvidenceExchange, &format!("opinions/{version}"), at, first.by, text);
                }
            }
            Event::ChannelChosen { choices } | Event::PartyJoined { choices, .. } => self.consents(version, at, choices),
            Event::FeePaid { payment } => {
                let (title, text) = sheet::payment(self.case, payment);
                self.own(Class::Filing, &format!("fee/{}", payment.reference), at, "本院", title, text);
            }
            Event::ReliefRequested { reason } => {
                if let Some(payer) = case.side(Side::Plaintiff).next() {
                    self.told(Class::Filing, &format!("relief/{version}"), at, payer.person, sheet::relief_request(case, reason, at));
                }
            }
            Event::FilingInsisted { by, reason, .. } => {
                self.told(Class::Filing, &format!("insisted/{version}"), at, *by, sheet::insistence(case, *by, reason, at));
            }
            Event::ReliefDecided { granted, due, .. } => {
                let (title, text) = sheet::relief_decision(case, *granted, *due, at);
                self.own(Class::Filing, &format!("relief/{version}"), at, "本院", title, text);
            }
            Event::JudgmentDrafted { version: draft, text, findings, by } => {
                let (title, sheet) = sheet::draft(case, *draft, text, findings, at);
                let author = name(*by);
                self.own(Class::Draft, &format!("draft/{draft}"), at, &author, title, sheet);
            }
            Event::MatterRaised(raised) => self.matter(version, at, raised),
            Event::PaperIssued { id, sha256, pages } => self.paper(*id, sha256, *pages, at),
            // What these events bring stands in their papers, or is a fact of the register.
            Event::ReturnedForCorrection { .. }
            | Event::FilingAccepted(_)
            | Event::FilingGivenBack { .. }
            | Event::FilingRefused(_)
            | Event::PaperCopyRequested { .. }
            | Event::PaperSent { .. }
            | Event::PaperOpened { .. }
            | Event::PaperServed { .. }
            | Event::ServiceAnnounced { .. }
            | Event::ServiceFailed { .. }
            | Event::ServiceCorrected { .. }
            | Event::AgentRevoked { .. }
            | Event::DeemedWithdrawn { .. }
            | Event::ClockExpired { .. }
            | Event::TribunalAssigned { .. }
            | Event::HearingScheduled { .. }
            | Event::HearingPostponed { .. }
            | Event::HearingOpened { .. }
            | Event::RecordSaved { .. }
            | Event::RecordClosed { .. }
            | Event::RecordSigned { .. }
            | Event::JudgmentSigned { .. }
            | Event::JudgmentGiven { .. }
            | Event::JudgmentTookEffect { .. }
            | Event::CertificateRequested { .. }
            | Event::CertificateIssued { .. }
            | Event::CaseClosed { .. }
            | Event::CaseArchived { .. }
            | Event::MatterDecided(_) => {}
        }
    }

    /// Everything that was handed in, also what a correction replaced (house invariant 9).
    fn materials(&mut self, handed: &Handed<'_>) {
        for material in handed.materials {
            // Named again by a correction without a change, it is the same item.
            let times = self.seen.entry(material.id.to_string()).or_default();
            if times.contains(&material.sha256) {
                continue;
            }
            times.push(material.sha256.clone());
            let id = if times.len() == 1 { material.id.to_string() } else { format!("{}/{}", material.id, times.len()) };
            let item = self.material(material, id, handed);
            self.items.push(Held { item, text: None });
        }
    }

    fn material(&self, material: &Material, id: String, handed: &Handed<'_>) -> Item {
        let listed = self.case.evidence_item(material.id);
        let replaced = !handed.appeal && self.is_replaced(material);
        Item {
            id,
            class: if handed.appeal { Class::Appeal } else { class_of(material.kind) },
            order: listed.map_or(0, |evidence| evidence.number + if evidence.side == Side::Plaintiff { 0 } else { 1000 }),
            title: format!("{}{}", title_of(self.case, material, listed), if replaced { "（补正前）" } else { "" }),
            author: handed.by.clone(),
            formed: procedure::step::day_of(handed.at),
            received: Some(handed.at),
            pages: material.pages,
            origin: match handed.channel {
                Channel::Online => Origin::Uploaded,
                Channel::Counter => Origin::Scanned,
            },
            media: material.media.clone(),
            bytes: material.bytes,
            sha256: material.sha256.clone(),
            signed: false,
            proves: vec![],
            later: false,
            note: if replaced { "已补正".into() } else { String::new() },
        }
    }

    /// It came with a filing, and the corrected filing names another in its stead.
    fn is_replaced(&self, material: &Material) -> bool {
        let names = |statement: &Statement| statement.materials.iter().any(|other| other.sha256 == material.sha256);
        let mut filed = self.history.iter().filter_map(|(_, event)| sheet::filed(event));
        filed.any(names) && !self.case.statement.as_ref().is_some_and(names)
    }

    /// An application with its materials; what a judge asks of the president stays inside (R-CAT-08). A matter that the court took up
    /// itself has its decision alone.
    fn matter(&mut self, version: u64, at: Timestamp, raised: &Raised) {
        if raised.fields.0.is_empty() {
            return;
        }
        let class = if raised.side.is_some() { Class::Other } else { Class::Instruction };
        let by = self.case.name_of(raised.by).to_owned();
        self.materials(&Handed { by, at, channel: raised.channel, materials: &raised.materials, appeal: false });
        self.told(class, &format!("matter/{version}"), at, raised.by, sheet::matter(self.case, raised, at));
    }

    /// 诉讼方式的选择, one sheet a person: what he consented to, and in which edition of the text (R-IDC-20, R-SVC-10).
    fn consents(&mut self, version: u64, at: Timestamp, choices: &[procedure::case::Choice]) {
        let mut people: Vec<PersonId> = choices.iter().map(|choice| choice.person).collect();
        people.dedup();
        for person in people {
            let own: Vec<_> = choices.iter().filter(|choice| choice.person == person).collect();
            let text = sheet::consent(self.case, person, &own, at);
            self.told(Class::Identity, &format!("consent/{version}/{person}"), at, person, text);
        }
    }

    /// A sealed paper, as it was issued.
    fn paper(&mut self, id: PaperId, sha256: &str, pages: u32, at: Timestamp) {
        let Some(issued) = self.case.paper(id) else { return };
        let Some(class) = class_of_paper(issued.paper) else { return };
        let announced = self.case.announcements.iter().find(|announcement| announcement.paper == id);
        let zh = match announced {
            Some(announcement) => format!("{}（向{}公告送达）", issued.paper.zh(), self.case.name_of(announcement.to)),
            None => self.case.paper_zh(issued),
        };
        let title = self.case.party(issued.to).map_or_else(|| zh.clone(), |party| format!("{zh}（{}）", party.name));
        let author = match author_of(issued.paper) {
            Some(side) => names(self.case, side),
            None => "本院".into(),
        };
        // Receipts for evidence come after the evidence, the rest of a class in the order of its papers.
        let order = if issued.paper == Paper::EvidenceReceipt { 5000 } else { issued.paper as u32 };
        // A record is of the day of its sitting, whenever its paper was made.
        let signed = self.history.iter().find_map(|(_, event)| match event {
            Event::RecordSigned { number, paper: Some(paper), .. } if paper.id == id => Some(*number),
            _ => None,
        });
        let sitting = self.case.hearings.iter().find(|hearing| Some(hearing.number) == signed);
        let formed = sitting.and_then(|hearing| hearing.record.as_ref()?.closed_at).unwrap_or(at);
        let item = Item { order, pages, sha256: sha256.to_owned(), signed: true, ..born(id.to_string(), class, title, author, formed) };
        self.items.push(Held { item, text: None });
    }

    /// A paper that the court made for the file, unless it was made from what happened later.
    fn made(&mut self, paper: &Made) {
        let place = usize::try_from(paper.version).ok().and_then(|version| version.checked_sub(1));
        let Some((at, _)) = place.and_then(|place| self.history.get(place)) else { return };
        let (class, title, proves) = match &paper.what {
            MadeFor::Service(papers) => {
                let Some(first) = papers.first().and_then(|id| self.case.paper(*id)) else { return };
                let more = if papers.len() > 1 { format!("等{}份", papers.len()) } else { String::new() };
                let title = format!("{}（{}：{}{more}）", paper.title, self.case.name_of(first.to), first.paper.zh());
                (Class::ServiceProof, title, papers.clone())
            }
            MadeFor::Original => (Class::SignedOriginal, format!("{}（原本）", paper.title), vec![]),
        };
        // A date that was put right later: this proof says the old one (R-DDL-10).
        let later = self.history.get(usize::try_from(paper.version).unwrap_or(usize::MAX)..).unwrap_or_default();
        let corrected = later.iter().any(|(_, event)| matches!(event, Event::ServiceCorrected { id, .. } if proves.contains(id)));
        // The title stays what the root of the closing was reckoned from.
        let note = if corrected { "更正前的证明：送达日期已更正".to_owned() } else { String::new() };
        let item = born(paper.id.to_string(), class, title, "本院".into(), *at);
        let item = Item { pages: paper.pages, sha256: paper.sha256.clone(), signed: true, proves, note, ..item };
        self.items.push(Held { item, text: None });
    }

    /// A sheet of what somebody said or chose.
    fn told(&mut self, class: Class, id: &str, at: Timestamp, by: PersonId, (title, text): (String, String)) {
        let author = self.case.name_of(by).to_owned();
        self.own(class, id, at, &author, title, text);
    }

    /// A sheet that the file writes itself, behind the other items of its class.
    fn own(&mut self, class: Class, id: &str, at: Timestamp, author: &str, title: String, text: String) {
        let item = Item {
            order: 9000,
            media: "text/plain".into(),
            bytes: text.len() as u64,
            sha256: Digests::of(text.as_bytes()).sha256,
            ..born(id.to_owned(), class, title, author.to_owned(), at)
        };
        self.items.push(Held { item, text: Some(text) });
    }
}

fn names(case: &Case, side: Side) -> String {
    case.side(side).map(|party| party.name.as_str()).collect::<Vec<_>>().join("、")
}

fn title_of(case: &Case, material: &Material, listed: Option<&Evidence>) -> String {
    match (material.kind, listed) {
        (MaterialKind::PowerOfAttorney, _) if !material.name.contains("授权委托书") => format!("授权委托书（{}）", material.name),
        (MaterialKind::Evidence, Some(evidence)) => format!("{}证据{}：{}", case.kind.side(evidence.side), evidence.number, material.name),
        (_, _) => material.name.clone(),
    }
}

/// Class of a material, by what it is for (R-CAT-01).
/// The matter that an item belongs to: its application and what was handed in with it, its papers and the proofs of their service.
pub fn matter_of(case: &Case, history: &[(Timestamp, Event)], item: &Item) -> Option<u32> {
    let raised = item.id.strip_prefix("matter/").and_then(|version| version.parse::<usize>().ok()).and_then(|version| version.checked_sub(1));
    if let Some((_, Event::MatterRaised(raised))) = raised.and_then(|place| history.get(place)) {
        return Some(raised.number);
    }
    let handed_in = |matter: &&procedure::matter::CaseMatter| matter.raised.materials.iter().any(|material| material.id.to_string() == item.id);
    if let Some(matter) = case.matters.iter().find(handed_in) {
        return Some(matter.raised.number);
    }
    let paper = PaperId::parse(&item.id).into_iter().chain(item.proves.iter().copied());
    paper.filter_map(|id| case.decision_of(id)).map(|decided| decided.number).next()
}

fn class_of(kind: MaterialKind) -> Class {
    match kind {
        MaterialKind::Complaint => Class::Complaint,
        MaterialKind::Identity | MaterialKind::PowerOfAttorney | MaterialKind::ServiceAddress => Class::Identity,
        MaterialKind::Evidence => Class::Evidence,
        MaterialKind::Answer => Class::Answer,
        MaterialKind::Other => Class::Other,
    }
}

/// Class of a paper (R-CAT-01); none: it is not filed.
fn class_of_paper(paper: Paper) -> Option<Class> {
    Some(match paper {
        Paper::CorrectionNotice | Paper::GivenBackNotice | Paper::AcceptanceNotice | Paper::FeeNotice => Class::Filing,
        Paper::AnswerNotice | Paper::EvidenceNotice | Paper::PanelNotice | Paper::ComplaintCopy | Paper::ServiceAddressForm => Class::ResponseNotice,
        Paper::AnswerCopy => Class::Answer,
        Paper::EvidenceReceipt => Class::Evidence,
        Paper::Summons => Class::Summons,
        Paper::HearingRecord => Class::HearingRecord,
        Paper::CivilJudgment | Paper::RefusalRuling | Paper::DeemedWithdrawalRuling | Paper::MatterRuling | Paper::MatterDecision => Class::Decision,
        Paper::MatterNotice => Class::Other,
        Paper::Announcement => Class::ServiceProof,
        Paper::EffectivenessCertificate => Class::Enforcement,
        // Its code lets in whoever holds it; that it was served, its proof shows.
        Paper::JoinSheet => return None,
    })
}

/// The side that wrote a paper; none: the court.
fn author_of(paper: Paper) -> Option<Side> {
    match paper {
        Paper::ComplaintCopy => Some(Side::Plaintiff),
        Paper::AnswerCopy => Some(Side::Defendant),
        Paper::CorrectionNotice
        | Paper::GivenBackNotice
        | Paper::AcceptanceNotice
        | Paper::FeeNotice
        | Paper::AnswerNotice
        | Paper::EvidenceNotice
        | Paper::PanelNotice
        | Paper::Summons
        | Paper::JoinSheet
        | Paper::ServiceAddressForm
        | Paper::RefusalRuling
        | Paper::DeemedWithdrawalRuling
        | Paper::CivilJudgment
        | Paper::EffectivenessCertificate
        | Paper::EvidenceReceipt
        | Paper::HearingRecord
        | Paper::Announcement
        | Paper::MatterRuling
        | Paper::MatterDecision
        | Paper::MatterNotice => None,
    }
}

/// An item that the court's system made; its digest, length and pages are still to be filled in.
fn born(id: String, class: Class, title: String, author: String, at: Timestamp) -> Item {
    Item {
        id,
        class,
        order: 0,
        title,
        author,
        formed: procedure::step::day_of(at),
        received: Some(at),
        pages: 0,
        origin: Origin::Born,
        media: "application/pdf".into(),
        bytes: 0,
        sha256: String::new(),
        signed: false,
        proves: vec![],
        later: false,
        note: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Sheet, Volume, volumes};
    use procedure::CaseId;
    use std::collections::BTreeSet;

    /// A case of every kind of event, from the frozen samples, one a day.
    fn told() -> Vec<(Timestamp, Event)> {
        let events: Vec<Event> = serde_json::from_str(include_str!("../../procedure/tests/events-1.json")).expect("events");
        let start: Timestamp = "2026-03-02T02:00:00Z".parse().expect("a time");
        let at = |day: usize| start + jiff::SignedDuration::from_hours(24 * i64::try_from(day).expect("a day"));
        events.into_iter().enumerate().map(|(day, event)| (at(day), event)).collect()
    }

    fn folded(history: &[(Timestamp, Event)]) -> Case {
        let mut case = Case::new(CaseId::default(), "粤4001");
        history.iter().for_each(|(_, event)| case.apply(event));
        case
    }

    fn sheets(history: &[(Timestamp, Event)], made: &[Made]) -> Vec<Sheet> {
        volumes(file(&folded(history), history, made).into_iter().map(|held| held.item).collect())
    }

    fn proof(case: &Case, version: u64) -> Made {
        let papers = case.papers.iter().take(2).map(|paper| paper.id).collect();
        let what = MadeFor::Service(papers);
        Made { id: PaperId::default(), what, title: "送达回证".into(), pages: 1, sha256: "ab".repeat(32), version }
    }

    #[test]
    fn the_words_of_the_sheets_stand_in_roots_that_are_logged_and_stay_as_they_are() {
        let history = told();
        let roots: Vec<_> = sheets(&history, &[]).iter().map(Sheet::summary).map(|volume| (volume.name, volume.items, volume.root)).collect();
        let expected = [
            ("正卷", 11, "c9d9ac52857e6b5261b9cedffa3f4bbe37d125b47e123c8193ce35daf9c499b3"),
            ("副卷", 1, "2c4cb2e5761ce0039ebddcc6e223045066178461ea0a66b42cb4ff971e06e76a"),
        ];
        let expected: Vec<_> = expected.iter().map(|(name, items, root)| ((*name).to_owned(), *items, (*root).to_owned())).collect();
        assert_eq!(roots, expected);
    }

    #[test]
    fn nothing_that_stood_in_the_file_goes_out_of_it() {
        let history = told();
        let made = [proof(&folded(&history), 8)];
        let mut before = BTreeSet::new();
        for until in 0..=history.len() {
            let now: BTreeSet<String> = file(&folded(&history[..until]), &history[..until], &made).into_iter().map(|held| held.item.id).collect();
            assert!(now.is_superset(&before), "{until}");
            assert_eq!(now.contains(&PaperId::default().to_string()), until >= 8, "a proof stands from the service on that it proves");
            before = now;
        }
    }

    #[test]
    fn r_cat_01_what_was_said_and_chosen_online_stands_in_the_catalogue() {
        let history = told();
        let held = file(&folded(&history), &history, &[]);
        for (class, words) in
            [(Class::EvidenceExchange, "质证意见"), (Class::Identity, "诉讼方式选择书"), (Class::Appeal, "上诉请求"), (Class::Filing, "司法救助")]
        {
            let found = held.iter().find(|held| held.item.class == class && held.item.title.contains(words)).unwrap_or_else(|| panic!("{words}"));
            let text = found.text.as_ref().expect("its text");
            assert!(text.starts_with(&found.item.title) && Digests::of(text.as_bytes()).sha256 == found.item.sha256);
        }
        let drafts: Vec<_> = held.iter().filter(|held| held.item.class.volume() == Volume::Internal).collect();
        assert!(drafts.iter().all(|held| held.item.class == Class::Draft) && !drafts.is_empty());
    }

    #[test]
    fn a_filing_that_a_correction_replaced_stays_and_says_so() {
        let mut history = told();
        history.truncate(3);
        let mut old = history[0].1.clone();
        if let Event::FilingSubmitted(filed) = &mut old {
            filed.statement.materials[0].sha256 = "99".repeat(32);
        }
        history[0].1 = old;
        let items: Vec<_> = file(&folded(&history), &history, &[]).into_iter().map(|held| held.item).collect();
        let replaced: Vec<_> = items.iter().filter(|item| item.title.ends_with("（补正前）")).collect();
        assert_eq!(replaced.len(), 1, "{items:#?}");
        assert_eq!(replaced[0].note, "已补正");
    }
}
