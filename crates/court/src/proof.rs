//! 送达凭证: what proves a service. A service by electronic means gets its sealed certificate (R-SVC-14), for the recipient's
//! inbox and for the file; one by hand or by post gets a return with what the clerk entered (R-SVC-01), for the file.
//!
//! A proof is made from the events and can be made again; it is no paper of the case, starts no period and is owed to nobody.
//! Its id follows from the case, the version after the act and the papers, so that a job done twice makes it once.
use crate::compose::Source;
use crate::store::persons::Link;
use crate::{Court, Error, follow, job, receive, store, work};
use casefile::{Made, MadeFor};
use documents::papers as doc;
use exchange::message::{Released, ToPortal};
use jiff::Timestamp;
use jiff::civil::Date;
use ledger::{Content, FileDigest, Kind};
use procedure::case::{Actor, Channel, IssuedPaper, Labelled, Method, Party, RunningClock, Scope};
use procedure::{Case, Event, Json, Office, Paper, PaperId, PersonId};
use sm3::{Digest as _, Sm3};
use storage::jobs::Job;
use storage::{Tx, blobs, events, jobs};
use uuid::Uuid;

/// Queues the proofs of the services among these events, one for all papers that one person got in one act.
pub(crate) fn enqueue(tx: &mut Tx, case: &Case, events: &[Event], now: Timestamp) -> Result<(), Error> {
    if events.iter().any(|event| matches!(event, Event::JudgmentGiven { .. })) {
        let payload = job::Original { case: case.id, version: case.version };
        follow::enqueue(tx, &case.court, job::ORIGINAL, &original_id(case).to_string(), &payload, now)?;
    }
    let mut batches: Vec<(PersonId, Vec<PaperId>)> = Vec::new();
    for event in events {
        let (Event::PaperServed { id, .. } | Event::ServiceCorrected { id, .. }) = event else { continue };
        let to = case.paper(*id).ok_or(Error::Corrupt("a paper that its case does not hold"))?.to;
        match batches.iter_mut().find(|(known, _)| *known == to) {
            Some((_, papers)) => papers.push(*id),
            None => batches.push((to, vec![*id])),
        }
    }
    for (_, papers) in batches {
        let key = proof_id(case, case.version, &papers);
        let payload = job::Proof { case: case.id, papers, version: case.version };
        follow::enqueue(tx, &case.court, job::PROOF, &key.to_string(), &payload, now)?;
    }
    Ok(())
}

fn proof_id(case: &Case, version: u64, papers: &[PaperId]) -> PaperId {
    let papers: String = papers.iter().map(|id| format!("/{id}")).collect();
    PaperId(Uuid::new_v5(&case.id.0, format!("proof/{version}{papers}").as_bytes()))
}

fn original_id(case: &Case) -> PaperId {
    PaperId(Uuid::new_v5(&case.id.0, b"original"))
}

/// One service as its events tell it.
struct Service {
    method: Method,
    on: Date,
    rule: String,
    clocks: Vec<RunningClock>,
    /// When the service was entered, and by whom.
    entered: Timestamp,
    by: Actor,
    /// Why an earlier date was wrong, where this one corrects it.
    corrected: Option<String>,
    sent: Option<Timestamp>,
    opened: Option<Timestamp>,
    /// Of what was left with who refused it (R-SVC-04).
    proof: String,
}

impl Court {
    /// Typesets, seals and keeps the proof of a service, and releases a certificate to who was served.
    pub(crate) fn prove(&self, job: &Job) -> Result<(), Error> {
        let job::Proof { case: id, papers, version } = store::json(&job.payload)?;
        let (court, now) = (job.court.clone(), self.now());
        let facts = self.read_case(&court, id)?;
        let case = &facts.case;
        let papers = papers.iter().map(|id| case.paper(*id).ok_or(Error::Corrupt("a paper that its case does not hold")));
        let papers: Vec<IssuedPaper> = papers.map(|paper| paper.cloned()).collect::<Result<_, _>>()?;
        let first = papers.first().ok_or(Error::Corrupt("a proof of no service"))?.clone();
        let service = self.service(&court, case, first.id, version)?;
        let ids: Vec<_> = papers.iter().map(|paper| paper.id).collect();
        let proof = proof_id(case, version, &ids);
        let mark = documents::verify_mark(&format!("{}/verify?paper={proof}", self.portal_url()), proof.0.as_bytes())?;
        // The paper's own day, so that a proof made late is dated by what it proves.
        let today = procedure::step::day_of(service.entered);
        let source = Source { zone: self, case, paper: &first, cards: &facts.cards, history: &facts.history, today, code: None, mark: mark.clone() };
        let typed = match service.method {
            Method::Electronic => {
                let digests = self.digests(&court, &papers)?;
                documents::Paper::ElectronicServiceCertificate(source.certificate(&service, &papers, &digests, &facts.links)?)
            }
            Method::Postal | Method::Direct | Method::Left | Method::Entrusted | Method::Transferred | Method::Announced => {
                let clerk = self.staff_name(&court, service.by.person)?;
                documents::Paper::ServiceReturn(source.service_return(&service, &papers, &clerk)?)
            }
        };
        let made = self.make(&court, &typed, now)?;
        let receipt = self.proof_receipt(case, proof, &typed, &made, &service)?;
        let row = store::PaperRow { case: id, sha256: made.sha256.clone(), facts: typed.to_json()? };
        let (zone, job, to, title) = (self.clone(), job.clone(), first.to, typed.title());
        let (case, links) = (facts.case, facts.links);
        self.db().write_blocking(move |tx| {
            blobs::put(tx, &court, &made.pdf)?;
            store::put_paper(tx, &court, proof, &row)?;
            let kept =
                Made { id: proof, what: MadeFor::Service(ids.clone()), title: title.into(), pages: made.pages, sha256: made.sha256.clone(), version };
            into_the_file(tx, &case, &kept, now)?;
            follow::deposit(tx, &court, &work::paper_no(proof), &receipt, now)?;
            let online = service.method == Method::Electronic && case.channel_of(to, Scope::Service) == Channel::Online;
            for Link { account, .. } in links.iter().filter(|link| online && link.party == to) {
                let released = Released {
                    id: proof,
                    case: case.id,
                    court: court.clone(),
                    court_name: zone.court_name(&court),
                    account: *account,
                    name: title.into(),
                    number: case.number.as_deref().map_or_else(|| case.receipt_no.clone(), crate::full_width),
                    sha256: made.sha256.clone(),
                    pages: made.pages,
                    receipt: receipt.clone(),
                    sent_at: now,
                    served_on: service.on,
                    rule: "R-SVC-14".into(),
                    clock: None,
                    asks: "这是上述文书已经电子送达的凭证，供您留存。".into(),
                    proof_of: Some(first.id),
                };
                receive::send(tx, &zone, &court, &ToPortal::Paper(Box::new(released)), &[exchange::File::of(made.pdf.clone())])?;
            }
            Ok::<_, Error>(jobs::done(tx, &job)?)
        })
    }

    /// Makes and keeps 原本: the judgment without the stamp of copies, signed at the moment at which the last of those who sign
    /// it did (R-CAT-08, R-CHK-73). It lies in the internal volume and goes to nobody.
    pub(crate) fn keep_original(&self, job: &Job) -> Result<(), Error> {
        let job::Original { case: id, version } = store::json(&job.payload)?;
        let (court, now) = (job.court.clone(), self.now());
        let facts = self.read_case(&court, id)?;
        let case = &facts.case;
        let signatures = case.judgment.iter().flat_map(|judgment| &judgment.signatures).map(|signature| signature.at);
        let at = signatures.max().ok_or(Error::Corrupt("a judgment that nobody signed"))?;
        let paper = case.papers.iter().find(|paper| paper.paper == Paper::CivilJudgment).ok_or(Error::Corrupt("a judgment owed to nobody"))?;
        let mark = documents::verify_mark(&format!("{}/verify?paper={}", self.portal_url(), paper.id), paper.id.0.as_bytes())?;
        let today = procedure::step::day_of(at);
        let source = Source { zone: self, case, paper, cards: &facts.cards, history: &facts.history, today, code: None, mark };
        let mut judgment = source.given_judgment()?;
        judgment.copy = false;
        let typed = documents::Paper::CivilJudgment(Box::new(judgment));
        let made = self.make(&court, &typed, at)?;
        let row = store::PaperRow { case: id, sha256: made.sha256.clone(), facts: typed.to_json()? };
        let kept = Made {
            id: original_id(case),
            what: MadeFor::Original,
            title: typed.title().into(),
            pages: made.pages,
            sha256: made.sha256.clone(),
            version,
        };
        let (job, case) = (job.clone(), facts.case);
        self.db().write_blocking(move |tx| {
            blobs::put(tx, &court, &made.pdf)?;
            store::put_paper(tx, &court, kept.id, &row)?;
            into_the_file(tx, &case, &kept, now)?;
            Ok::<_, Error>(jobs::done(tx, &job)?)
        })
    }

    /// How the paper was served, as it stood after `version` events.
    fn service(&self, court: &str, case: &Case, id: PaperId, version: u64) -> Result<Service, Error> {
        let (court, stream) = (court.to_owned(), case.id.0);
        let stored = self.db().read_blocking(move |tx| Ok::<_, Error>(events::load(tx, &court, stream, 0)?))?;
        let mut found: Option<Service> = None;
        let (mut sent, mut opened) = (None, None);
        for stored in stored.iter().filter(|stored| stored.seq <= version) {
            let event = Event::from_json(stored.body.as_bytes())?;
            if event.service_of() != Some(id) {
                continue;
            }
            if let Event::PaperSent { at, .. } = event {
                sent = Some(at);
            } else if let Event::PaperOpened { at, .. } = event {
                opened = Some(at);
            } else if let Event::PaperServed { method, on, rule, clocks, proof, .. } = event {
                let (entered, by) = (stored.at, Actor::from_json(stored.actor.as_bytes())?);
                found = Some(Service { method, on, rule, clocks, entered, by, corrected: None, sent: None, opened: None, proof });
            } else if let Event::ServiceCorrected { on, reason, clocks, .. } = event {
                let (entered, by) = (stored.at, Actor::from_json(stored.actor.as_bytes())?);
                found = found.map(|before| Service { on, clocks, entered, by, corrected: Some(reason), ..before });
            }
        }
        found.map(|service| Service { sent, opened, ..service }).ok_or(Error::Corrupt("a proof of a service that was not"))
    }

    /// SM3 of the papers' bytes, in order.
    fn digests(&self, court: &str, papers: &[IssuedPaper]) -> Result<Vec<String>, Error> {
        let (court, papers) = (court.to_owned(), papers.to_vec());
        self.db().read_blocking(move |tx| {
            let digest = |paper: &IssuedPaper| {
                let sha256 = paper.sha256.as_ref().ok_or(Error::Corrupt("a served paper without bytes"))?;
                Ok(hex::encode(Sm3::digest(blobs::get(tx, &court, &sha256.parse()?)?)))
            };
            papers.iter().map(digest).collect()
        })
    }

    /// The name of a member of staff; the platform has none.
    pub(crate) fn staff_name(&self, court: &str, person: PersonId) -> Result<String, Error> {
        let court = court.to_owned();
        let all = self.db().read_blocking(move |tx| crate::staff::all(tx, &court))?;
        Ok(all.into_iter().find(|(member, _)| member.id == person).map_or_else(|| "立案庭".into(), |(member, _)| member.name))
    }

    fn proof_receipt(&self, case: &Case, id: PaperId, typed: &documents::Paper, made: &work::Made, service: &Service) -> Result<String, Error> {
        let name = typed.title();
        let mut content = Content::new(Kind::ServiceEvent, &work::paper_no(id), name, &case.court, &follow::stamp(service.entered)?);
        let number = case.number.as_deref().map_or_else(|| case.receipt_no.clone(), crate::full_width);
        let facts = [("案号", number), ("方式", service.method.zh().to_owned()), ("送达日期", service.on.to_string())];
        content.facts = facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        content.files.push(FileDigest {
            bytes: u64::try_from(made.pdf.len()).map_err(|_| Error::Corrupt("a proof's length"))?,
            name: format!("{name}.pdf"),
            pages: Some(made.pages),
            sha256: made.sha256.clone(),
            sm3: None,
        });
        Ok(ledger::Receipt::issue(content, self.receipt_key())?.to_text())
    }
}

/// The paper stands in the file from now on, and everybody is shown the file anew.
fn into_the_file(tx: &mut Tx, case: &Case, made: &Made, now: Timestamp) -> Result<(), Error> {
    store::file::put_made(tx, &case.court, case.id, made)?;
    follow::enqueue(tx, &case.court, job::VIEW, &format!("{}/{}", case.id, made.id), &job::View { case: case.id }, now)
}

impl Source<'_> {
    fn recipient(&self) -> Result<&Party, Error> {
        self.case.party(self.paper.to).ok_or(Error::Corrupt("a paper to nobody"))
    }

    /// 电子送达凭证 (R-SVC-12, R-SVC-14, R-SVC-15, R-SVC-50).
    fn certificate(
        &self,
        service: &Service,
        papers: &[IssuedPaper],
        digests: &[String],
        links: &[Link],
    ) -> Result<doc::ElectronicServiceCertificate, Error> {
        let party = self.recipient()?;
        let number = self.number();
        let docs = papers.iter().zip(digests).map(|(paper, digest)| doc::ServedDocument {
            name: paper.paper.zh().into(),
            no: number.clone(),
            pages: paper.pages,
            digest: digest.clone(),
        });
        let docs: Vec<_> = docs.collect();
        let consent = self.case.choices.iter().rev().find(|choice| {
            choice.person == party.person && choice.scope == Scope::Service && choice.channel == Channel::Online && choice.at <= service.entered
        });
        let consent = consent.ok_or(Error::Corrupt("an electronic service without consent"))?;
        let holder = links.iter().find(|link| link.party == party.person).map(|link| link.agent.unwrap_or(link.account));
        let agent = self.case.agents.iter().find(|agent| Some(agent.person) == holder && agent.of == party.person);
        let (receiver, holder) = match agent {
            Some(agent) => (format!("{}（委托诉讼代理人）", agent.name), &agent.name),
            None => (format!("{}（本人）", party.name), &party.name),
        };
        let phone = self.cards.get(&agent.map_or(party.person, |agent| agent.person)).map(|card| masked(&card.phone)).unwrap_or_default();
        let comma = if phone.is_empty() { "" } else { "，" };
        Ok(doc::ElectronicServiceCertificate {
            court: self.court_title()?,
            number,
            verify: Some(self.mark.clone()),
            cause: self.statement()?.cause_name.clone(),
            to: party.name.clone(),
            role: self.case.kind.side(party.side).into(),
            receiver,
            address: format!("人民法院在线服务账号（{holder}{comma}{phone}）"),
            basis: format!("{}确认同意电子送达（告知书{}版）", procedure::clock::date_zh(procedure::step::day_of(consent.at)), consent.text),
            docs,
            trace: trace(service),
            served: service.on,
            period: service.clocks.first().map(|running| self.counted(running)),
            // The certificate has a record of its own, made after it.
            ledger: None,
            operator: self.case.officer(Office::Clerk).map_or("立案庭", |(_, name)| name).into(),
            date: self.today,
        })
    }

    /// The period that the service set in motion.
    fn counted(&self, running: &RunningClock) -> doc::Period {
        let clock = &running.clock;
        let length = match self.zone.law().deadlines.get(&clock.rule) {
            Some(deadline) if deadline.unit == procedure::clock::Unit::Day => u32::try_from(deadline.length).ok(),
            Some(_) => None,
            None => self.case.correction.as_ref().filter(|_| clock.rule == "R-FIL-12").and_then(|correction| u32::try_from(correction.days).ok()),
        };
        doc::Period { name: clock.what.clone(), days: length, from: clock.first_day, to: clock.last_day }
    }

    /// 送达回证 with what the clerk entered (R-SVC-01, R-SVC-05).
    fn service_return(&self, service: &Service, papers: &[IssuedPaper], clerk: &str) -> Result<doc::ServiceReturn, Error> {
        let party = self.recipient()?;
        let card = self.cards.get(&party.person).ok_or(Error::Corrupt("a party who is not in the vault"))?;
        let slip = match service.method {
            Method::Postal => "邮件回执",
            Method::Announced => "公告",
            Method::Direct | Method::Left | Method::Entrusted | Method::Transferred | Method::Electronic => "送达回证",
        };
        let from = match &service.corrected {
            Some(reason) => format!("{slip}更正（{}）", reason.trim_end_matches('。')),
            None => slip.to_owned(),
        };
        let how = match service.rule.as_str() {
            "R-SVC-03" => "由同住成年家属或者代收人签收",
            "R-SVC-04" => "受送达人拒绝签收，留置送达",
            "R-SVC-05" => "邮件被退回",
            "R-SVC-30" => "公告期满，视为送达",
            _ => "由受送达人签收",
        };
        let how = if service.proof.is_empty() { how.to_owned() } else { format!("{how}（{}）", service.proof) };
        Ok(doc::ServiceReturn {
            court: self.court_title()?,
            number: self.number(),
            verify: Some(self.mark.clone()),
            cause: self.statement()?.cause_name.clone(),
            to: format!("{}（{}）", party.name, self.case.kind.side(party.side)),
            how: service.method.zh().into(),
            place: card.postal().to_owned(),
            docs: papers.iter().map(|paper| doc::Enclosure { name: paper.paper.zh().into(), copies: 1 }).collect(),
            issuer: clerk.to_owned(),
            servers: match service.method {
                Method::Postal => "法院专递".into(),
                Method::Entrusted => "受委托的人民法院".into(),
                Method::Transferred => "转交单位".into(),
                Method::Announced => "公告".into(),
                Method::Direct | Method::Left | Method::Electronic => clerk.to_owned(),
            },
            result: Some(doc::ServiceResult {
                on: service.on,
                how,
                from,
                clerk: clerk.to_owned(),
                entered: procedure::step::day_of(service.entered),
            }),
            date: self.today,
        })
    }
}

/// The moments of an electronic service, in order (R-SVC-14).
fn trace(service: &Service) -> Vec<doc::TraceStep> {
    let arrived = match &service.corrected {
        Some(reason) => format!("更正送达日期：{}", reason.trim_end_matches('。')),
        None => "到达受送达人特定系统（收件箱接收成功）".into(),
    };
    let mut steps = vec![(service.entered, arrived)];
    steps.extend(service.sent.map(|at| (at, "本院送达系统发出".to_owned())));
    steps.extend(service.opened.map(|at| (at, "受送达人登录并打开文书".to_owned())));
    // Within one second the order of the events stands: sent before arrived.
    steps.sort_by_key(|(at, step)| (*at, step.starts_with("到达")));
    steps.into_iter().map(|(at, e)| doc::TraceStep { t: beijing(at), e }).collect()
}

/// `2026-05-20 16:05:08`, Beijing time.
pub(crate) fn beijing(at: Timestamp) -> String {
    jiff::tz::Offset::constant(8).to_datetime(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// A telephone number of which the middle is hidden.
fn masked(phone: &str) -> String {
    let digits: Vec<char> = phone.chars().collect();
    if digits.len() < 8 {
        return String::new();
    }
    let (head, tail) = (&digits[..3], &digits[digits.len() - 4..]);
    format!("{}****{}", head.iter().collect::<String>(), tail.iter().collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_telephone_number_is_shown_in_part() {
        assert_eq!(masked("13800138000"), "138****8000");
        assert_eq!(masked("0399-5550101"), "039****0101");
        assert_eq!(masked("110"), "");
    }

    #[test]
    fn times_are_those_of_the_court() {
        assert_eq!(beijing("2026-03-02T16:30:05Z".parse().expect("a time")), "2026-03-03 00:30:05");
    }
}
