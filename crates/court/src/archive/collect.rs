//! Everything that belongs into a file, with its bytes: what was handed in, what was issued, what proves the services, and of
//! the internal volume the signed original and the drafts.
use crate::{Court, Error, act, store, work};
use casefile::{Class, Digests, Item, Origin};
use jiff::Timestamp;
use procedure::case::{Channel, Labelled, Material, MaterialKind, Side};
use procedure::{Case, Event, Paper, PaperId};
use std::collections::BTreeMap;
use storage::events::{self, Stored};
use storage::{Tx, blobs};

/// What a package is made from.
pub(super) struct Collected {
    pub items: Vec<(Item, Vec<u8>)>,
    /// Receipts by their number, completed where the ledger holds them.
    pub receipts: BTreeMap<String, String>,
    pub events: Vec<Stored>,
}

/// Reads it all in one transaction, then makes what has to be made.
pub(super) fn all(zone: &Court, court: &str, facts: &work::Facts) -> Result<Collected, Error> {
    let (code, case) = (court.to_owned(), facts.case.clone());
    let mut collected = zone.db().read_blocking(move |tx| {
        let stored = events::load(tx, &code, case.id.0, 0)?;
        let history = stored.iter().map(|stored| Ok((stored.seq, stored.at, store::json(&stored.body)?))).collect::<Result<Vec<_>, Error>>()?;
        let mut reading = Reading { tx, court: &code, case: &case, history: &history, items: vec![] };
        reading.materials()?;
        reading.papers()?;
        reading.proofs()?;
        reading.payment()?;
        reading.drafts()?;
        let (items, receipts) = (std::mem::take(&mut reading.items), reading.receipts()?);
        Ok::<_, Error>(Collected { items, receipts, events: stored })
    })?;
    collected.items.extend(original(zone, court, facts)?);
    Ok(collected)
}

struct Reading<'a, 'tx> {
    tx: &'a mut Tx<'tx>,
    court: &'a str,
    case: &'a Case,
    history: &'a [(u64, Timestamp, Event)],
    items: Vec<(Item, Vec<u8>)>,
}

/// Class of a material, by what it is for (R-CAT-01).
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
        Paper::CorrectionNotice | Paper::AcceptanceNotice | Paper::FeeNotice => Class::Filing,
        Paper::AnswerNotice | Paper::EvidenceNotice | Paper::PanelNotice | Paper::ComplaintCopy | Paper::ServiceAddressForm => Class::ResponseNotice,
        Paper::AnswerCopy => Class::Answer,
        Paper::EvidenceReceipt => Class::Evidence,
        Paper::Summons => Class::Summons,
        Paper::HearingRecord => Class::HearingRecord,
        Paper::CivilJudgment | Paper::RefusalRuling | Paper::DeemedWithdrawalRuling => Class::Decision,
        Paper::EffectivenessCertificate => Class::Enforcement,
        // Its code lets in whoever holds it; that it was served, its proof shows.
        Paper::JoinSheet => return None,
    })
}

impl Reading<'_, '_> {
    fn bytes(&mut self, sha256: &str) -> Result<Vec<u8>, Error> {
        Ok(blobs::get(self.tx, self.court, &sha256.parse()?)?)
    }

    /// Everything that was handed in, also what a correction replaced (invariant 9).
    fn materials(&mut self) -> Result<(), Error> {
        let mut handed: Vec<(Material, String, Timestamp, Channel, bool)> = Vec::new();
        for (_, at, event) in self.history {
            let (by, channel) = match event {
                Event::FilingSubmitted(filed) => (self.names(Side::Plaintiff), filed.channel),
                Event::Corrected { channel, .. } => (self.names(Side::Plaintiff), *channel),
                Event::AnswerSubmitted { answer, .. } => (self.case.name_of(answer.by).to_owned(), answer.channel),
                Event::EvidenceSubmitted(submitted) => (self.case.name_of(submitted.by).to_owned(), submitted.channel),
                Event::AppealFiled { appeal, .. } => (self.case.name_of(appeal.by).to_owned(), appeal.channel),
                // Every other event brings no file: `act::materials` says so too.
                _ => continue,
            };
            let appeal = matches!(event, Event::AppealFiled { .. });
            for material in act::materials(event) {
                handed.push((material.clone(), by.clone(), *at, channel, appeal));
            }
        }
        let current: Vec<_> = self.case.statement.iter().flat_map(|statement| &statement.materials).map(|material| material.sha256.clone()).collect();
        let mut seen = BTreeMap::new();
        for (material, by, at, channel, appeal) in handed {
            // Named again by a correction without a change, it is the same item.
            let times = seen.entry(material.id).or_insert_with(Vec::new);
            if times.contains(&material.sha256) {
                continue;
            }
            times.push(material.sha256.clone());
            let replaced = class_of(material.kind) != Class::Answer && self.is_filed(&material) && !current.contains(&material.sha256);
            let bytes = self.bytes(&material.sha256)?;
            let id = if times.len() == 1 { material.id.to_string() } else { format!("{}/{}", material.id, times.len()) };
            self.items.push((self.material(&material, id, by, at, channel, appeal, replaced), bytes));
        }
        Ok(())
    }

    /// Whether it came with the filing or its correction.
    fn is_filed(&self, material: &Material) -> bool {
        self.history.iter().any(|(_, _, event)| match event {
            Event::FilingSubmitted(filed) => filed.statement.materials.iter().any(|other| other.sha256 == material.sha256),
            Event::Corrected { statement, .. } => statement.materials.iter().any(|other| other.sha256 == material.sha256),
            // Every other event is no filing.
            _ => false,
        })
    }

    #[allow(clippy::too_many_arguments, reason = "an item has many sides")]
    fn material(&self, material: &Material, id: String, by: String, at: Timestamp, channel: Channel, appeal: bool, replaced: bool) -> Item {
        let listed = self.case.evidence_item(material.id);
        let order = listed.map_or(0, |evidence| evidence.number + if evidence.side == Side::Plaintiff { 0 } else { 1000 });
        let title = match (material.kind, listed) {
            (MaterialKind::PowerOfAttorney, _) if !material.name.contains("授权委托书") => format!("授权委托书（{}）", material.name),
            (MaterialKind::Evidence, Some(evidence)) => format!("{}证据{}：{}", evidence.side.zh(), evidence.number, material.name),
            (_, _) => material.name.clone(),
        };
        Item {
            id,
            class: if appeal { Class::Appeal } else { class_of(material.kind) },
            order,
            title,
            author: by,
            formed: procedure::step::day_of(at),
            received: Some(at),
            pages: material.pages,
            origin: match channel {
                Channel::Online => Origin::Uploaded,
                Channel::Counter => Origin::Scanned,
            },
            media: material.media.clone(),
            bytes: material.bytes,
            sha256: material.sha256.clone(),
            signed: false,
            proves: vec![],
            note: if replaced { "补正前提交，已由补正后的材料代替".into() } else { String::new() },
        }
    }

    fn names(&self, side: Side) -> String {
        self.case.side(side).map(|party| party.name.as_str()).collect::<Vec<_>>().join("、")
    }

    /// Every sealed paper, as it was issued.
    fn papers(&mut self) -> Result<(), Error> {
        for paper in &self.case.papers {
            let (Some(class), Some(sha256)) = (class_of_paper(paper.paper), &paper.sha256) else { continue };
            let issued = self.history.iter().find_map(|(_, at, event)| match event {
                Event::PaperIssued { id, .. } if *id == paper.id => Some(*at),
                // Every other event issues no paper.
                _ => None,
            });
            let at = issued.ok_or(Error::Corrupt("a paper without the event that issued it"))?;
            let (bytes, zh) = (self.bytes(sha256)?, paper.paper.zh());
            let title = self.case.party(paper.to).map_or_else(|| zh.to_owned(), |party| format!("{zh}（{}）", party.name));
            let author = match paper.paper {
                Paper::ComplaintCopy => self.names(Side::Plaintiff),
                Paper::AnswerCopy => self.names(Side::Defendant),
                Paper::CorrectionNotice
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
                | Paper::HearingRecord => "本院".into(),
            };
            // Receipts for evidence come after the evidence, the rest of a class in the order of its papers.
            let order = if paper.paper == Paper::EvidenceReceipt { 5000 } else { paper.paper as u32 };
            let item = Item { order, ..born(paper.id.to_string(), class, title, author, at, paper.pages, &bytes) };
            self.items.push((Item { signed: true, ..item }, bytes));
        }
        Ok(())
    }

    /// 送达回证、电子送达凭证, each with the papers whose service it proves.
    fn proofs(&mut self) -> Result<(), Error> {
        for (id, papers) in store::proofs::proofs(self.tx, self.court, self.case.id)? {
            let row = store::paper(self.tx, self.court, id)?.ok_or(Error::Corrupt("a proof without bytes"))?;
            let bytes = self.bytes(&row.sha256)?;
            let typed: documents::Paper = store::json(&row.facts)?;
            let first = papers.first().and_then(|id| self.case.paper(*id)).ok_or(Error::Corrupt("a proof of no paper"))?;
            let more = if papers.len() > 1 { format!("等{}份", papers.len()) } else { String::new() };
            let title = format!("{}（{}：{}{more}）", typed.title(), self.case.name_of(first.to), first.paper.zh());
            let at = self.served_at(first.id).ok_or(Error::Corrupt("a proof of a service that was not"))?;
            let pages = documents::page_count(&bytes).ok_or(Error::Corrupt("a proof that is no PDF"))?;
            let item = born(id.to_string(), Class::ServiceProof, title, "本院".into(), at, pages, &bytes);
            self.items.push((Item { signed: true, proves: papers, ..item }, bytes));
        }
        Ok(())
    }

    fn served_at(&self, paper: PaperId) -> Option<Timestamp> {
        self.history.iter().find_map(|(_, at, event)| match event {
            Event::PaperServed { id, .. } if *id == paper => Some(*at),
            // Every other event serves no paper.
            _ => None,
        })
    }

    /// What came in for the fee (R-CAT-07).
    fn payment(&mut self) -> Result<(), Error> {
        for (_, at, event) in self.history {
            let Event::FeePaid { payment } = event else { continue };
            let bytes = serde_json::to_vec_pretty(payment)?;
            let (id, title) = (format!("fee/{}", payment.reference), format!("案件受理费交纳凭证（{}，{}）", payment.amount, payment.reference));
            let item = born(id, Class::Filing, title, "本院".into(), *at, 0, &bytes);
            self.items.push((Item { order: 100, media: "application/json".into(), ..item }, bytes));
        }
        Ok(())
    }

    /// Drafts of the judgment with what the check found in each (R-CAT-08).
    fn drafts(&mut self) -> Result<(), Error> {
        for (_, at, event) in self.history {
            let Event::JudgmentDrafted { version, text, findings, by } = event else { continue };
            let bytes = serde_json::to_vec_pretty(&serde_json::json!({ "version": version, "text": text, "findings": findings }))?;
            let (id, title) = (format!("draft/{version}"), format!("民事判决书第{version}稿"));
            let item = born(id, Class::Draft, title, self.case.name_of(*by).into(), *at, 0, &bytes);
            self.items.push((Item { order: *version, media: "application/json".into(), ..item }, bytes));
        }
        Ok(())
    }

    /// Every receipt that this court or the portal gave in this case.
    fn receipts(&mut self) -> Result<BTreeMap<String, String>, Error> {
        let last = self.history.last().map_or(0, |(seq, _, _)| *seq);
        let case = self.case.id.0.simple().to_string();
        let mut numbers = vec![self.case.receipt_no.clone()];
        for paper in &self.case.papers {
            numbers.push(work::paper_no(paper.id));
            // The version in the number is that after the whole act, which may have had many events.
            numbers.extend((1..=last).map(|version| format!("S-{}-{version}", paper.id.0.simple())));
        }
        for (proof, _) in store::proofs::proofs(self.tx, self.court, self.case.id)? {
            numbers.push(work::paper_no(proof));
        }
        for letter in ["A", "E", "T", "R", "V1", "V2"] {
            numbers.extend((1..=last).map(|version| format!("{letter}-{case}-{version}")));
        }
        let mut found = BTreeMap::new();
        for number in numbers {
            if let Some(text) = store::record_receipt(self.tx, self.court, &number)? {
                found.insert(number, text);
            }
        }
        Ok(found)
    }
}

/// An item that the court's system made.
fn born(id: String, class: Class, title: String, author: String, at: Timestamp, pages: u32, bytes: &[u8]) -> Item {
    Item {
        id,
        class,
        order: 0,
        title,
        author,
        formed: procedure::step::day_of(at),
        received: Some(at),
        pages,
        origin: Origin::Born,
        media: "application/pdf".into(),
        bytes: bytes.len() as u64,
        sha256: Digests::of(bytes).sha256,
        signed: false,
        proves: vec![],
        note: String::new(),
    }
}

/// 原本: the judgment without the stamp of copies, signed at the moment at which the last of those who sign it did (R-CAT-08,
/// R-CHK-73). Made from the given text; the same each time.
fn original(zone: &Court, court: &str, facts: &work::Facts) -> Result<Option<(Item, Vec<u8>)>, Error> {
    let case = &facts.case;
    let given = case.judgment.as_ref().filter(|judgment| judgment.given_on.is_some());
    let signed = given.and_then(|judgment| judgment.signatures.iter().map(|signature| signature.at).max());
    let (Some(at), Some(paper)) = (signed, case.papers.iter().find(|paper| paper.paper == Paper::CivilJudgment)) else { return Ok(None) };
    let mark = documents::verify_mark(&format!("{}/verify?paper={}", zone.portal_url(), paper.id), paper.id.0.as_bytes())?;
    let today = procedure::step::day_of(at);
    let source = crate::compose::Source { zone, case, paper, cards: &facts.cards, history: &facts.history, today, code: None, mark };
    let mut judgment = source.given_judgment()?;
    judgment.copy = false;
    let made = zone.make(court, &documents::Paper::CivilJudgment(Box::new(judgment)), at)?;
    let item = born(format!("original/{}", case.id), Class::SignedOriginal, "民事判决书（原本）".into(), "本院".into(), at, made.pages, &made.pdf);
    Ok(Some((Item { signed: true, ..item }, made.pdf)))
}
