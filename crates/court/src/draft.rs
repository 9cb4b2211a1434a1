//! 判决书起草: everything of a judgment that the file gives, piece by piece with where each piece comes from; the judge writes
//! evidence, facts, reasons, basis and orders between them. The same pieces are typeset, shown and checked.
use crate::compose::Source;
use crate::{Court, Error, work};
use documents::defects::{self, Defect, FileFacts};
use documents::papers as doc;
use jiff::civil::Date;
use procedure::case::{FeeMatter, Labelled, Party, Side};
use procedure::clock::date_zh;
use procedure::trial::{DraftFinding, Evidence, Hearing, JudgmentText, Level, Presence, Stand};
use procedure::{Case, CaseId, Event, ItemId, Paper, PaperId, PersonId};
use serde::Serialize;

pub use documents::defects::Part;

/// Where a piece of a draft comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum Origin {
    /// 案件登记: number, court, day of filing, procedure.
    Register,
    /// Particulars of a party, from the vault.
    Party {
        person: PersonId,
    },
    /// 起诉状, at this item of the file if it was handed in as a file.
    Complaint {
        item: Option<ItemId>,
    },
    Answer {
        by: PersonId,
    },
    /// An item of evidence with the opinions on it.
    Evidence {
        item: ItemId,
    },
    Hearing {
        number: u32,
    },
    /// Composition of the tribunal.
    Tribunal,
    /// The fee as it was reckoned.
    Fee {
        rule: String,
    },
    /// Fixed wording of a rule.
    Formula {
        rule: String,
    },
    /// Written by the judge.
    Judge,
}

impl Origin {
    /// As the workbench names it beside the piece.
    pub fn zh(&self) -> &'static str {
        match self {
            Self::Register => "案件登记信息",
            Self::Party { .. } => "当事人身份信息",
            Self::Complaint { .. } => "起诉状",
            Self::Answer { .. } => "答辩状",
            Self::Evidence { .. } => "证据目录、质证意见",
            Self::Hearing { .. } => "庭审笔录",
            Self::Tribunal => "审判组织",
            Self::Fee { .. } => "诉讼费计算",
            Self::Formula { .. } => "文书样式",
            Self::Judge => "法官撰写",
        }
    }
}

/// A piece of the draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Piece {
    pub part: Part,
    /// Its paragraph within the part, from 0: a defect of the same part and index belongs to it.
    pub index: usize,
    pub text: String,
    pub origin: Origin,
}

/// A judgment as it stands: pieces, the paper they make, and what the check finds.
#[derive(Debug, Clone)]
pub struct Draft {
    pub pieces: Vec<Piece>,
    pub paper: doc::CivilJudgment,
    pub defects: Vec<Defect>,
}

impl Draft {
    /// The defects as the case records them with a draft.
    pub fn findings(&self) -> Vec<DraftFinding> {
        let finding = |defect: &Defect| DraftFinding {
            rule: defect.rule.clone(),
            level: match defect.level {
                defects::Level::Error => Level::Error,
                defects::Level::Warning => Level::Warning,
            },
            text: format!("{}：{}", defect.part.zh(), defect.text),
            answer: None,
        };
        self.defects.iter().map(finding).collect()
    }
}

impl Court {
    /// The draft of a case's judgment with this text, or with the text saved last. Reads alone; blocks.
    pub fn draft(&self, court: &str, id: CaseId, text: Option<&JudgmentText>) -> Result<Draft, Error> {
        let facts = self.read_case(court, id)?;
        let today = procedure::step::day_of(self.now());
        let saved = facts.case.judgment.as_ref().map(|judgment| judgment.text.clone());
        let text = text.cloned().or(saved).unwrap_or(JudgmentText { fee: usual_shares(&facts.case), ..JudgmentText::default() });
        self.assemble(&facts, &text, today)
    }

    /// [`Court::draft`] of a text inside the transaction of the act that saves or signs it.
    pub(crate) fn draft_in(&self, tx: &mut storage::Tx, case: &Case, text: &JudgmentText, today: Date) -> Result<Draft, Error> {
        self.assemble(&work::Facts::of(tx, self, case.clone())?, text, today)
    }

    /// The draft typeset, without seal or signature (R-CAT-08: it stays in the court). Blocks.
    pub fn draft_pdf(&self, draft: &Draft) -> Result<Vec<u8>, Error> {
        let paper = documents::Paper::CivilJudgment(Box::new(draft.paper.clone()));
        Ok(documents::render(self.papers(), &paper, documents::Seal::Ink)?.pdf)
    }

    /// How many pages the draft has, typeset. Blocks.
    pub fn draft_pages(&self, draft: &Draft) -> Result<u32, Error> {
        documents::page_count(&self.draft_pdf(draft)?).ok_or(Error::Corrupt("a draft without pages"))
    }

    /// A page of the draft as a PNG of this width; `None` past its last page. Blocks.
    pub fn draft_picture(&self, draft: &Draft, page: usize, width: u16) -> Result<Option<Vec<u8>>, Error> {
        let pdf = self.draft_pdf(draft)?;
        if page == 0 || documents::page_count(&pdf).is_none_or(|pages| page > pages as usize) {
            return Ok(None);
        }
        Ok(Some(intake::preview(&pdf, page, width)?))
    }

    fn assemble(&self, facts: &work::Facts, text: &JudgmentText, today: Date) -> Result<Draft, Error> {
        // A draft is to nobody yet and bears no code.
        let nobody = procedure::case::IssuedPaper {
            id: PaperId(facts.case.id.0),
            paper: Paper::CivilJudgment,
            to: PersonId::default(),
            sha256: None,
            pages: 0,
            service: procedure::case::ServiceState::Owed,
            opened_at: None,
            tried: vec![],
        };
        let mark = documents::verify_mark(self.portal_url(), facts.case.id.0.as_bytes())?;
        let source = Source { zone: self, case: &facts.case, paper: &nobody, cards: &facts.cards, history: &facts.history, today, code: None, mark };
        let (mut paper, pieces) = source.judgment(text, today)?;
        (paper.verify, paper.copy) = (None, false);
        let defects = defects::check(&paper, &source.file_facts()?);
        Ok(Draft { pieces, paper, defects })
    }
}

/// What the fee clause proposes before the judge decides: the losing side bears it (R-FEE-19); he changes it.
fn usual_shares(case: &Case) -> Vec<procedure::trial::FeeShare> {
    let due = case.fee.as_ref().map(|fee| fee.due).filter(|due| due.0 > 0);
    let loser = case.side(Side::Defendant).next();
    due.zip(loser).map(|(amount, party)| procedure::trial::FeeShare { person: party.person, amount }).into_iter().collect()
}

struct Pieces(Vec<Piece>);

impl Pieces {
    /// Adds paragraphs of a part and gives them back as the paper takes them.
    fn add(&mut self, part: Part, origin: &Origin, texts: Vec<String>) -> Vec<String> {
        let start = self.0.iter().filter(|piece| piece.part == part).count();
        let piece = |(index, text): (usize, &String)| Piece { part, index: start + index, text: text.clone(), origin: origin.clone() };
        self.0.extend(texts.iter().enumerate().map(piece));
        texts
    }

    /// A part of one paragraph; what is not written yet is no piece.
    fn one(&mut self, part: Part, origin: &Origin, text: String) -> String {
        if !text.is_empty() {
            self.add(part, origin, vec![text.clone()]);
        }
        text
    }
}

impl Source<'_> {
    /// The judgment from the file and the judge's text, with the origin of each piece, dated on this day (D01, D02; R-DOC-02,
    /// R-DOC-03).
    pub(crate) fn judgment(&self, text: &JudgmentText, day: Date) -> Result<(doc::CivilJudgment, Vec<Piece>), Error> {
        let mut pieces = Pieces(vec![]);
        let (court, number) = (self.court_title()?, self.number());
        pieces.one(Part::Title, &Origin::Register, format!("{court} 民事判决书 {number}"));
        let parties = self.party_lines()?;
        let people = [Side::Plaintiff, Side::Defendant].into_iter().flat_map(|side| self.case.side(side));
        for (line, party) in parties.iter().zip(people) {
            let agents: String = line.agents.iter().map(|agent| format!("{}：{}", agent.role, agent.text)).collect();
            pieces.one(Part::Parties, &Origin::Party { person: party.person }, format!("{}：{}{agents}", line.role, line.text));
        }
        let course = pieces.one(Part::Course, &self.course_origin(), self.course()?);
        let claims = pieces.add(Part::Claims, &self.complaint_origin()?, vec![self.claims_paragraph()?]);
        let mut answers = Vec::new();
        for party in self.case.side(Side::Defendant) {
            answers.extend(pieces.add(Part::Answers, &Origin::Answer { by: party.person }, vec![self.answer_paragraph(party)]));
        }
        let mut evidence = Vec::new();
        for (origin, paragraph) in self.evidence_paragraphs() {
            evidence.extend(pieces.add(Part::Evidence, &origin, vec![paragraph]));
        }
        evidence.extend(pieces.add(Part::Evidence, &Origin::Judge, paragraphs(&text.evidence)));
        let facts = pieces.add(Part::Facts, &Origin::Judge, begun("本院认定事实如下：", paragraphs(&text.facts)));
        let reasons = pieces.add(Part::Reasons, &Origin::Judge, begun("本院认为，", paragraphs(&text.reasons)));
        let rule = |rule: &str| Origin::Formula { rule: rule.into() };
        let orders = pieces.add(Part::Orders, &Origin::Judge, ended(&text.orders));
        let conclusion = conclusion(&self.names(Side::Plaintiff), &reasons, &orders);
        pieces.one(Part::Conclusion, &rule("R-DOC-03"), conclusion.clone());
        let basis = pieces.one(Part::Basis, &Origin::Judge, bare_basis(&text.basis));
        let fees = self.fee_clauses(text)?;
        let rule_of_fee = if fees.iter().any(|fee| fee.relief.is_some()) { "R-FEE-21" } else { "R-FEE-01" };
        pieces.one(Part::Fees, &Origin::Fee { rule: rule_of_fee.into() }, fees.iter().map(doc::FeeClause::words).collect());
        let appeal = doc::Appeal { court: self.appeal_court()?, days: self.days("R-APL-01")? };
        pieces.one(
            Part::Appeal,
            &rule("R-APL-01"),
            format!("如不服本判决，可以在判决书送达之日起十五日内，向本院递交上诉状，上诉于{}。", appeal.court),
        );
        let sign = self.signature(day)?;
        let signers: Vec<_> = sign.judges.iter().chain(&sign.staff).map(|person| format!("{}{}", person.role, person.name)).collect();
        pieces.one(Part::Signature, &Origin::Tribunal, format!("{}　{}", signers.join("　"), date_zh(sign.date)));
        let money = orders.iter().any(|order| !order.starts_with("驳回") && order.contains('元'));
        pieces.0.sort_by_key(|piece| (piece.part, piece.index));
        let paper = doc::CivilJudgment {
            court,
            number,
            verify: Some(self.mark.clone()),
            parties,
            course,
            claims,
            answers,
            evidence,
            facts,
            reasons,
            conclusion,
            basis,
            orders,
            money,
            fees,
            appeal,
            sign,
            annex: vec![],
            keep: self.keep(),
            copy: true,
        };
        Ok((paper, pieces.0))
    }

    /// The judgment as it was given: the text of its last draft.
    pub(crate) fn given_judgment(&self) -> Result<doc::CivilJudgment, Error> {
        let judgment = self.case.judgment.as_ref().ok_or(Error::Corrupt("a judgment without a text"))?;
        let given = judgment.given_on.ok_or(Error::Corrupt("a judgment that was not given"))?;
        Ok(self.judgment(&judgment.text, given)?.0)
    }

    fn course_origin(&self) -> Origin {
        self.sat().last().map_or(Origin::Register, |hearing| Origin::Hearing { number: hearing.number })
    }

    fn complaint_origin(&self) -> Result<Origin, Error> {
        let complaint = self.statement()?.materials.iter().find(|material| material.kind == procedure::case::MaterialKind::Complaint);
        Ok(Origin::Complaint { item: complaint.map(|material| material.id) })
    }

    /// Hearings that were opened.
    fn sat(&self) -> Vec<&Hearing> {
        self.case.hearings.iter().filter(|hearing| hearing.opened_at.is_some()).collect()
    }

    /// 案件由来和审理经过 (R-CHK-22..28).
    fn course(&self) -> Result<String, Error> {
        let procedure = self.case.procedure.ok_or(Error::Corrupt("an accepted case without a procedure"))?;
        let mut course = format!("{}，本院于{}立案后，依法适用{}", self.full_case_line()?, date_zh(self.accepted_on()?), procedure.zh());
        let sat = self.sat();
        if !sat.is_empty() {
            let days: Vec<_> = sat.iter().map(|hearing| date_zh(hearing.date)).collect();
            let open = if sat.iter().all(|hearing| hearing.public) { "公开" } else { "不公开" };
            course.push_str(&format!("，于{}{open}开庭进行了审理", days.join("、")));
        }
        course.push('。');
        course.push_str(&self.announced());
        course.push_str(&self.attendance());
        course.push_str("本案现已审理终结。");
        Ok(course)
    }

    /// Who was served by announcement (R-CHK-30).
    fn announced(&self) -> String {
        let first = |announcement: &&procedure::case::Announcement| {
            let papers = announcement.papers.iter().filter_map(|id| self.case.paper(*id));
            papers.into_iter().any(|paper| matches!(paper.paper, Paper::ComplaintCopy | Paper::Summons))
        };
        let told = self.case.announcements.iter().filter(first).map(|announcement| {
            let why = if announcement.missing { "下落不明" } else { "采用其他方式无法送达" };
            let name = self.case.name_of(announcement.to);
            format!("因被告{name}{why}，本院于{}依法向其公告送达起诉状副本、传票等诉讼文书。", date_zh(announcement.on))
        });
        told.collect()
    }

    /// Who came: seen over all sittings, so that who came once is not called absent.
    fn attendance(&self) -> String {
        let presence = |party: &Party| {
            let lines = self.sat().into_iter().flat_map(|hearing| &hearing.attendance).filter(|line| line.person == party.person);
            lines.map(|line| (line.presence, line.with.clone())).min_by_key(|(presence, _)| match presence {
                Presence::InPerson => 0,
                Presence::Online => 1,
                Presence::ByAgent => 2,
                Presence::Absent => 3,
            })
        };
        let (mut here, mut online, mut absent) = (Vec::new(), Vec::new(), Vec::new());
        for party in [Side::Plaintiff, Side::Defendant].into_iter().flat_map(|side| self.case.side(side)) {
            let name = format!("{}{}", party.side.zh(), party.name);
            let Some((presence, with)) = presence(party) else { continue };
            let agents = with.join("、");
            match (presence, agents.is_empty()) {
                (Presence::InPerson, true) => here.push(name),
                (Presence::InPerson, false) => here.push(format!("{name}及其委托诉讼代理人{agents}")),
                (Presence::ByAgent, true) => here.push(format!("{name}的委托诉讼代理人")),
                (Presence::ByAgent, false) => here.push(format!("{name}的委托诉讼代理人{agents}")),
                (Presence::Online, true) => online.push(name),
                (Presence::Online, false) => online.push(format!("{name}及其委托诉讼代理人{agents}")),
                (Presence::Absent, _) => absent.push(name),
            }
        }
        let mut words = String::new();
        if !here.is_empty() {
            words.push_str(&format!("{}到庭参加诉讼。", here.join("、")));
        }
        if !online.is_empty() {
            words.push_str(&format!("{}通过人民法院在线诉讼平台参加庭审。", online.join("、")));
        }
        if !absent.is_empty() {
            words.push_str(&format!("{}经传票传唤，无正当理由拒不到庭参加诉讼。", absent.join("、")));
        }
        words
    }

    /// Claims with facts and reasons as they were filed.
    fn claims_paragraph(&self) -> Result<String, Error> {
        let statement = self.statement()?;
        let bare = |text: &str| text.trim().trim_end_matches(['。', '；', ';', '.']).to_owned();
        let claims: Vec<_> = statement.claims.iter().zip(1..).map(|(claim, number)| format!("{number}.{}", bare(claim))).collect();
        let whole = |text: &str| {
            let joined: String = text.lines().map(str::trim).collect();
            if joined.is_empty() || joined.ends_with(['。', '！', '？', '”']) { joined } else { format!("{joined}。") }
        };
        let told = format!("{}{}", whole(&statement.facts), whole(&statement.reasons));
        Ok(format!("{}向本院提出诉讼请求：{}。事实和理由：{told}", self.names(Side::Plaintiff), claims.join("；")))
    }

    fn answer_paragraph(&self, party: &Party) -> String {
        let said: String =
            self.case.answers.iter().filter(|answer| answer.by == party.person).flat_map(|answer| answer.text.lines()).map(str::trim).collect();
        if !said.is_empty() {
            let end = if said.ends_with(['。', '！', '？']) { "" } else { "。" };
            return format!("{}辩称，{said}{end}", party.name);
        }
        if self.absentees().contains(&party.name) {
            return format!("{}未到庭参加诉讼，亦未提交书面答辩意见。", party.name);
        }
        format!("{}未提交书面答辩意见。", party.name)
    }

    /// Parties for whom nobody ever came.
    fn absentees(&self) -> Vec<String> {
        let sat = self.sat();
        let came = |party: &Party| {
            sat.iter().flat_map(|hearing| &hearing.attendance).any(|line| line.person == party.person && line.presence != Presence::Absent)
        };
        let parties = self.case.parties.iter().filter(|party| !sat.is_empty() && !came(party));
        parties.map(|party| party.name.clone()).collect()
    }

    /// What each side handed in, and what the other side said to it; findings on what is disputed are the judge's.
    fn evidence_paragraphs(&self) -> Vec<(Origin, String)> {
        let all = &self.case.evidence;
        let Some(first) = all.first() else {
            return vec![(Origin::Formula { rule: "R-EVD-09".into() }, "当事人未提交证据。".into())];
        };
        let list = |side: Side| {
            let own: Vec<_> = all
                .iter()
                .filter(|evidence| evidence.side == side)
                .map(|evidence| format!("{}.{}", evidence.number, evidence.material.name))
                .collect();
            if own.is_empty() { String::new() } else { format!("{}提交：{}。", self.role_names(side), own.join("；")) }
        };
        let head =
            format!("当事人围绕诉讼请求依法提交了证据，本院组织当事人进行了证据交换和质证。{}{}", list(Side::Plaintiff), list(Side::Defendant));
        let mut paragraphs = vec![(Origin::Evidence { item: first.material.id }, head)];
        let agreed: Vec<_> = all.iter().filter(|evidence| self.stand(evidence) == Some(true)).collect();
        if let Some(first) = agreed.first() {
            let names: Vec<_> = agreed.iter().map(|evidence| evidence.material.name.as_str()).collect();
            let text = format!("对当事人无异议的{}，本院予以确认并在卷佐证。", names.join("、"));
            paragraphs.push((Origin::Evidence { item: first.material.id }, text));
        }
        for evidence in all.iter().filter(|evidence| self.stand(evidence) == Some(false)) {
            let disputes = evidence.opinions.iter().filter_map(|opinion| {
                let parts = [(opinion.authenticity, "真实性"), (opinion.legality, "合法性"), (opinion.relevance, "关联性")];
                let parts: Vec<_> = parts.iter().filter(|(stand, _)| *stand == Stand::Disputed).map(|(_, zh)| *zh).collect();
                let said = opinion.text.trim().trim_end_matches('。');
                let said = if said.is_empty() { String::new() } else { format!("，认为{said}") };
                (!parts.is_empty()).then(|| format!("{}对其{}有异议{said}", self.case.name_of(opinion.by), parts.join("、")))
            });
            let text = format!("对{}提交的{}，{}。", self.case.name_of(evidence.by), evidence.material.name, disputes.collect::<Vec<_>>().join("；"));
            paragraphs.push((Origin::Evidence { item: evidence.material.id }, text));
        }
        let silent: Vec<_> = all.iter().filter(|evidence| self.stand(evidence).is_none()).map(|evidence| evidence.material.name.as_str()).collect();
        if !silent.is_empty() {
            let text = format!("对{}，对方当事人未发表质证意见。", silent.join("、"));
            paragraphs.push((Origin::Formula { rule: "R-EVD-09".into() }, text));
        }
        paragraphs
    }

    /// True: every party of the other side accepts it whole. False: somebody disputes it. None: somebody said nothing.
    fn stand(&self, evidence: &Evidence) -> Option<bool> {
        let disputed = |opinion: &procedure::trial::Opinion| [opinion.authenticity, opinion.legality, opinion.relevance].contains(&Stand::Disputed);
        if evidence.opinions.iter().any(disputed) {
            return Some(false);
        }
        let mut others = self.case.parties.iter().filter(|party| party.side != evidence.side);
        let all = others.all(|party| evidence.opinions.iter().any(|opinion| opinion.by == party.person));
        all.then_some(true)
    }

    /// 原告周桂兰、原告陈堃.
    fn role_names(&self, side: Side) -> String {
        self.case.side(side).map(|party| format!("{}{}", side.zh(), party.name)).collect::<Vec<_>>().join("、")
    }

    fn fee_clauses(&self, text: &JudgmentText) -> Result<Vec<doc::FeeClause>, Error> {
        let fee = self.case.fee.as_ref().ok_or(Error::Corrupt("an accepted case without a fee"))?;
        let mut shares = Vec::new();
        for share in text.fee.iter().filter(|share| share.amount.0 > 0) {
            // The step refuses who is no party.
            let by = self.case.party(share.person).map_or_else(|| "（不是当事人）".into(), |party| format!("{}{}", party.side.zh(), party.name));
            shares.push(doc::FeeShare { by, joint: false, amount: share.amount.0 });
        }
        // The paper refuses shares that do not add up: what is open stands there until the judge mends it. Of nothing, nobody
        // bears anything.
        let open = fee.due.0 - shares.iter().map(|share| share.amount).sum::<i64>();
        if open != 0 {
            shares.push(doc::FeeShare { by: "（待定）".into(), joint: false, amount: open });
        }
        let assessed = self.assessed()?;
        Ok(vec![doc::FeeClause {
            name: "案件受理费".into(),
            amount: fee.full.0,
            halved: fee.halved.then_some(assessed),
            relief: self.relief(fee, assessed),
            charged: fee.due.0,
            shares,
        }])
    }

    /// The fee as it was assessed at the acceptance, in fen, before any relief (R-FEE-01, R-FEE-11).
    fn assessed(&self) -> Result<i64, Error> {
        let accepted = self.history.iter().find_map(|(_, event)| if let Event::FilingAccepted(accepted) = event { Some(accepted) } else { None });
        accepted.map(|accepted| accepted.fee.due.0).ok_or(Error::Corrupt("an accepted case without its acceptance"))
    }

    /// 缓交、减交、免交 as granted (R-FEE-21): nothing is left to pay, a part is, or all of it later.
    fn relief(&self, fee: &FeeMatter, assessed: i64) -> Option<doc::FeeRelief> {
        fee.relief.as_ref().filter(|relief| relief.granted == Some(true))?;
        let kind = match fee.due.0 {
            0 => doc::ReliefKind::Exempt,
            due if due < assessed => doc::ReliefKind::Reduced { by: assessed - due },
            _ => doc::ReliefKind::Deferred,
        };
        Some(doc::FeeRelief { to: self.role_names(Side::Plaintiff), kind })
    }

    /// The court above (R-CHK-65).
    pub(crate) fn appeal_court(&self) -> Result<String, Error> {
        let parent = self.court()?.parent.as_deref().ok_or(Error::Corrupt("a court without one above it"))?;
        let above = self.zone.law().courts.by_code(parent).ok_or(Error::Corrupt("a court above that the register lacks"))?;
        Ok(above.name.clone())
    }

    /// What the check compares with.
    pub(crate) fn file_facts(&self) -> Result<FileFacts, Error> {
        let statement = self.statement()?;
        let fee = self.case.fee.as_ref().ok_or(Error::Corrupt("an accepted case without a fee"))?;
        let sat = self.sat();
        let parties = [Side::Plaintiff, Side::Defendant].into_iter().flat_map(|side| self.case.side(side));
        Ok(FileFacts {
            court: self.court_title()?,
            number: self.number(),
            parties: parties.map(|party| (party.side.zh().into(), party.name.clone())).collect(),
            filed: self.accepted_on()?,
            procedure: self.case.procedure.ok_or(Error::Corrupt("an accepted case without a procedure"))?.zh().into(),
            hearings: sat.iter().map(|hearing| hearing.date).collect(),
            public: sat.iter().all(|hearing| hearing.public),
            absent: self.absentees(),
            judges: self.judges()?,
            clerk: self.clerks()?.into_iter().next().map(|clerk| clerk.name).ok_or(Error::Corrupt("a decision in a case without a clerk"))?,
            fee: (fee.full.0, fee.due.0),
            halved: fee.halved,
            relief: self.relief(fee, self.assessed()?).map(|relief| relief.kind),
            appeal_court: self.appeal_court()?,
            claims: statement.claims.clone(),
            claimed: statement.amount.0,
            evidence: self.case.evidence.iter().map(|evidence| evidence.material.name.clone()).collect(),
        })
    }

    /// 法律文书生效证明 (R-APL-01, R-LED-11).
    pub(crate) fn effectiveness_certificate(&self) -> Result<doc::EffectivenessCertificate, Error> {
        let effective = self.case.effective_on.ok_or(Error::Corrupt("a certificate of a judgment without effect"))?;
        let decided = self.case.judgment.as_ref().and_then(|judgment| judgment.given_on).ok_or(Error::Corrupt("a judgment that was not given"))?;
        let served = |party: &Party| {
            let date = self.case.served_on(Paper::CivilJudgment, party.person).ok_or(Error::Corrupt("a judgment that was not served"))?;
            Ok(doc::ServedParty { role: party.side.zh().into(), name: party.name.clone(), date })
        };
        let parties = [Side::Plaintiff, Side::Defendant].into_iter().flat_map(|side| self.case.side(side));
        Ok(doc::EffectivenessCertificate {
            court: self.court_title()?,
            number: self.number(),
            verify: Some(self.mark.clone()),
            to: self.name()?,
            case_line: self.full_case_line()?,
            document: Paper::CivilJudgment.zh().into(),
            decided,
            served: parties.map(served).collect::<Result<_, Error>>()?,
            appeal_until: Some(effective.yesterday().map_err(|_| Error::Corrupt("a day of effect"))?),
            effective,
            contact: self.clerk_contact()?,
            date: self.today,
        })
    }
}

/// Lines as paragraphs.
pub(crate) fn paragraphs(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// The first paragraph begins with the words of the form.
pub(crate) fn begun(words: &str, mut paragraphs: Vec<String>) -> Vec<String> {
    let key: String = words.chars().take(4).collect();
    if let Some(first) = paragraphs.first_mut().filter(|first| !first.starts_with(&key) && !first.starts_with("经审理查明")) {
        first.insert_str(0, words);
    }
    paragraphs
}

/// Orders end with a semicolon, the last with a full stop (R-CHK-57).
fn ended(orders: &[String]) -> Vec<String> {
    let orders: Vec<_> = orders.iter().map(|order| order.trim().trim_end_matches(['；', ';', '。', '.'])).filter(|order| !order.is_empty()).collect();
    let last = orders.len().saturating_sub(1);
    orders.iter().enumerate().map(|(place, order)| format!("{order}{}", if place == last { "。" } else { "；" })).collect()
}

/// 综上所述, as the orders come out; none where the judge wrote it himself.
fn conclusion(plaintiff: &str, reasons: &[String], orders: &[String]) -> String {
    if reasons.iter().any(|reason| reason.starts_with("综上")) || orders.is_empty() {
        return String::new();
    }
    let rejected = orders.iter().filter(|order| order.starts_with("驳回")).count();
    let outcome = match (rejected, orders.len()) {
        (0, _) => "诉讼请求成立，本院予以支持。",
        (n, all) if n == all => "诉讼请求不能成立，本院不予支持。",
        _ => "诉讼请求部分成立，本院予以部分支持。",
    };
    format!("综上所述，{plaintiff}的{outcome}")
}

/// The provisions without the words that the form puts around them.
fn bare_basis(basis: &str) -> String {
    let text: String = basis.lines().map(str::trim).collect();
    let text = text.trim_start_matches("依照").trim_start_matches("根据").trim_end_matches(['。', '，']);
    let text = text.strip_suffix("判决如下：").unwrap_or(text).trim_end_matches(['，', '。']);
    text.strip_suffix("的规定").or_else(|| text.strip_suffix("规定")).unwrap_or(text).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_chk_57_orders_end_as_a_list_does() {
        assert_eq!(ended(&["甲。".into(), " ".into(), "乙；".into()]), ["甲；", "乙。"]);
        assert_eq!(ended(&["驳回原告的诉讼请求".into()]), ["驳回原告的诉讼请求。"]);
    }

    #[test]
    fn the_conclusion_follows_from_the_orders() {
        let all = ["被告支付100元；".to_owned()];
        let none = ["驳回原告的诉讼请求。".to_owned()];
        let part = [all[0].clone(), "驳回原告的其他诉讼请求。".to_owned()];
        assert!(conclusion("周桂兰", &[], &all).contains("请求成立"));
        assert!(conclusion("周桂兰", &[], &none).contains("不能成立"));
        assert!(conclusion("周桂兰", &[], &part).contains("部分成立"));
        assert_eq!(conclusion("周桂兰", &["综上，应予支持。".into()], &all), "", "the judge's own words stand");
    }

    #[test]
    fn words_that_the_form_gives_are_not_doubled() {
        assert_eq!(bare_basis("依照《中华人民共和国民法典》第六百七十五条的规定，判决如下："), "《中华人民共和国民法典》第六百七十五条");
        assert_eq!(begun("本院认为，", vec!["本院认为，合同有效。".into()]), ["本院认为，合同有效。"]);
        assert_eq!(begun("本院认为，", vec!["合同有效。".into(), "应予支持。".into()]), ["本院认为，合同有效。", "应予支持。"]);
    }
}
