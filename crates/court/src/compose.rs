//! 文书内容: what a paper of a case says, as typed data. No typing by people: everything comes from the case, the vault and
//! the register (R-SVC-51).
mod decision;
mod trial;

use crate::{Court, Error, full_width};
use documents::papers as doc;
use exchange::message::Card;
use jiff::{Timestamp, civil::Date};
use procedure::case::{ClockState, IssuedPaper, MaterialKind, Procedure, Side, Statement};
use procedure::kind::CaseKind;
use procedure::{Case, Event, Paper, PersonId, clock};
use std::collections::BTreeMap;

/// What a paper is composed from.
pub struct Source<'a> {
    pub zone: &'a Court,
    pub case: &'a Case,
    pub paper: &'a IssuedPaper,
    /// Particulars of all parties, and of agents who handed them in.
    pub cards: &'a BTreeMap<PersonId, Card>,
    /// Events of the case with the legal time of each.
    pub history: &'a [(Timestamp, Event)],
    pub today: Date,
    /// Join code of the defendant's sheet.
    pub code: Option<&'a str>,
    pub mark: doc::VerifyMark,
}

impl Source<'_> {
    /// The paper as typed data, ready to be typeset.
    pub fn compose(self) -> Result<documents::Paper, Error> {
        Ok(match self.paper.paper {
            Paper::CorrectionNotice => documents::Paper::CorrectionNotice(self.correction_notice()?),
            Paper::AcceptanceNotice => documents::Paper::AcceptanceNotice(self.acceptance_notice()?),
            Paper::FeeNotice => documents::Paper::FeeNotice(self.fee_notice()?),
            Paper::AnswerNotice => documents::Paper::AnswerNotice(self.answer_notice()?),
            Paper::EvidenceNotice => documents::Paper::EvidenceNotice(self.evidence_notice()?),
            Paper::ComplaintCopy => documents::Paper::Complaint(self.complaint()?),
            Paper::JoinSheet => documents::Paper::JoinSheet(self.join_sheet()?),
            Paper::ServiceAddressForm => documents::Paper::AddressConfirmation(self.address_form()?),
            Paper::DeemedWithdrawalRuling => documents::Paper::DeemedWithdrawalRuling(self.deemed_withdrawal()?),
            Paper::PanelNotice => documents::Paper::PanelNotice(self.panel_notice()?),
            Paper::Summons => documents::Paper::Summons(self.summons()?),
            Paper::AnswerCopy => documents::Paper::Answer(self.answer()?),
            Paper::EvidenceReceipt => documents::Paper::EvidenceReceipt(self.evidence_receipt()?),
            Paper::HearingRecord => documents::Paper::HearingRecord(self.hearing_record()?),
            Paper::CivilJudgment => documents::Paper::CivilJudgment(Box::new(self.given_judgment()?)),
            Paper::EffectivenessCertificate => documents::Paper::EffectivenessCertificate(self.effectiveness_certificate()?),
            Paper::GivenBackNotice => documents::Paper::GivenBackNotice(self.given_back_notice()?),
            Paper::RefusalRuling => documents::Paper::RefusalRuling(self.refusal()?),
            Paper::Announcement => documents::Paper::Announcement(self.announcement()?),
            Paper::MatterRuling | Paper::MatterDecision | Paper::MatterNotice => documents::Paper::Matter(self.matter()?),
        })
    }

    pub(crate) fn court(&self) -> Result<&procedure::courts::Court, Error> {
        self.zone.law().courts.by_code(&self.case.court).ok_or(Error::Corrupt("a court that the register lacks"))
    }

    pub(crate) fn court_title(&self) -> Result<String, Error> {
        Ok(self.court()?.name.clone())
    }

    pub(crate) fn contact(&self) -> Result<doc::Contact, Error> {
        let court = self.court()?;
        let missing = Error::Corrupt("a court without address or telephone");
        match (&court.address, &court.phone) {
            (Some(address), Some(phone)) => Ok(doc::Contact { person: "立案庭".into(), phone: phone.clone(), address: address.clone() }),
            _ => Err(missing),
        }
    }

    pub(crate) fn statement(&self) -> Result<&Statement, Error> {
        self.case.statement.as_ref().ok_or(Error::Corrupt("a case without a statement"))
    }

    /// 案号, or the receipt number before there is one (R-CNO-15).
    pub(crate) fn number(&self) -> String {
        match &self.case.number {
            Some(number) => full_width(number),
            None => format!("收件编号：{}", self.case.receipt_no),
        }
    }

    pub(crate) fn names(&self, side: Side) -> String {
        self.case.side(side).map(|party| party.name.as_str()).collect::<Vec<_>>().join("、")
    }

    pub(crate) fn name(&self) -> Result<String, Error> {
        Ok(self.case.party(self.paper.to).ok_or(Error::Corrupt("a paper to nobody"))?.name.clone())
    }

    fn is_plaintiff(&self) -> bool {
        self.case.party(self.paper.to).is_some_and(|party| party.side == Side::Plaintiff)
    }

    /// 你与……一案, seen from the recipient.
    pub(crate) fn case_line(&self) -> Result<String, Error> {
        let others = if self.is_plaintiff() { self.names(Side::Defendant) } else { self.names(Side::Plaintiff) };
        Ok(format!("你与{others}{}一案", self.statement()?.cause_name))
    }

    /// Length of a statutory period in days. Papers name the length and the day from which it counts; the last day hangs on
    /// the recipient's own service, which comes later.
    pub(crate) fn days(&self, rule: &str) -> Result<u32, Error> {
        let deadline = self.zone.law().deadlines.get(rule).filter(|deadline| deadline.unit == clock::Unit::Day);
        deadline.and_then(|deadline| u32::try_from(deadline.length).ok()).ok_or(Error::Corrupt("a period that is not in days"))
    }

    fn correction_notice(&self) -> Result<doc::CorrectionNotice, Error> {
        let correction = self.case.correction.as_ref().ok_or(Error::Corrupt("a correction notice without a correction"))?;
        let submitted = self.case.submitted_at.ok_or(Error::Corrupt("a case without a submission"))?;
        let statement = self.statement()?;
        let complaint =
            statement.materials.iter().find(|material| material.kind == MaterialKind::Complaint).map_or("民事起诉状", |material| &material.name);
        let items = correction.remarks.iter().zip(1..).map(|(remark, pin)| {
            let material =
                remark.field.strip_prefix("material:").and_then(|id| statement.materials.iter().find(|material| material.id.to_string() == id));
            doc::CorrectionItem {
                pin,
                doc: material.map_or(complaint, |material| &material.name).to_owned(),
                page: remark.page,
                field: remark.label.clone(),
                found: found(self.cards, self.case, &remark.field),
                need: remark.remark.clone(),
                rule: article(&remark.rule).into(),
            }
        });
        Ok(doc::CorrectionNotice {
            court: self.court_title()?,
            number: self.number(),
            verify: Some(self.mark.clone()),
            to: self.name()?,
            submitted: procedure::step::day_of(submitted),
            case_line: format!("你诉{}{}一案的民事起诉状及材料", self.names(Side::Defendant), statement.cause_name),
            days: u32::try_from(correction.days).map_err(|_| Error::Corrupt("days of a correction"))?,
            items: items.collect(),
            pages: vec![],
            contact: self.contact()?,
            date: self.today,
        })
    }

    fn acceptance_notice(&self) -> Result<doc::AcceptanceNotice, Error> {
        let fee = self.case.fee.as_ref().ok_or(Error::Corrupt("an accepted case without a fee"))?;
        Ok(doc::AcceptanceNotice {
            court: self.court_title()?,
            number: self.number(),
            verify: Some(self.mark.clone()),
            to: self.name()?,
            case_line: self.case_line()?,
            filed: self.accepted_on()?,
            fee: fee.due.0,
            fee_name: self.case.kind.fee().into(),
            unpaid: match self.case.kind {
                CaseKind::CivilFirst => "按撤诉处理",
                CaseKind::Preservation => "由本院依照有关规定处理",
            }
            .into(),
            online: self.case.channel == Some(procedure::case::Channel::Online),
            contact: self.contact()?,
            date: self.today,
        })
    }

    fn given_back_notice(&self) -> Result<doc::GivenBackNotice, Error> {
        let told = self
            .history
            .iter()
            .rev()
            .find_map(|(_, event)| if let Event::FilingGivenBack { entry, on, reason, .. } = event { Some((entry, on, reason)) } else { None });
        let (entry, on, reason) = told.ok_or(Error::Corrupt("a notice of a return that was not"))?;
        let submitted = self.case.submitted_at.ok_or(Error::Corrupt("a case without a submission"))?;
        let anchor = format!("correction/{}", self.paper.to);
        let period = self.case.clocks.iter().rev().find(|clock| clock.anchor == anchor && clock.state != ClockState::Replaced);
        Ok(doc::GivenBackNotice {
            court: self.court_title()?,
            number: self.number(),
            verify: Some(self.mark.clone()),
            to: self.name()?,
            case_line: format!("你诉{}{}一案的起诉材料", self.names(Side::Defendant), self.statement()?.cause_name),
            submitted: procedure::step::day_of(submitted),
            until: period.ok_or(Error::Corrupt("a correction whose days never ran"))?.clock.last_day,
            missing: crate::draft::paragraphs(reason),
            entry: format!("{}年第{entry}", on.year()),
            contact: self.contact()?,
            date: *on,
        })
    }

    pub(crate) fn accepted_on(&self) -> Result<Date, Error> {
        self.case.accepted_on.ok_or(Error::Corrupt("a case that was not accepted"))
    }

    fn fee_notice(&self) -> Result<doc::FeeNotice, Error> {
        let fee = self.case.fee.as_ref().ok_or(Error::Corrupt("an accepted case without a fee"))?;
        let statement = self.statement()?;
        let code = format!("{}{:05}", self.case.receipt_no.replace('-', ""), fee.still_due().0 % 100_000);
        let account = self.zone.fee_account(self.court()?)?;
        let pay = format!("{}/case/{}/fee", self.zone.portal_url(), self.case.id);
        Ok(doc::FeeNotice {
            court: self.court_title()?,
            number: self.number(),
            verify: Some(self.mark.clone()),
            to: self.name()?,
            suit: match self.case.kind {
                CaseKind::CivilFirst => format!("你诉{}{}一案", self.names(Side::Defendant), statement.cause_name),
                CaseKind::Preservation => format!("你{}一案", statement.cause_name),
            },
            basis: match self.case.kind {
                CaseKind::CivilFirst => "第十三条、第二十条、第二十二条",
                CaseKind::Preservation => "第十条、第十四条、第二十条、第二十二条",
            }
            .into(),
            name: self.case.kind.fee().into(),
            unpaid: match self.case.kind {
                CaseKind::CivilFirst => "本院按撤诉处理",
                CaseKind::Preservation => "由本院依照有关规定处理",
            }
            .into(),
            items: vec![doc::FeeItem {
                name: if self.case.kind.before_suit() { "保全的金额" } else { "诉讼标的额" }.into(),
                fen: statement.amount.0,
            }],
            claim: statement.amount.0,
            formula: format!("{}：{}", procedure::step::accept_filing::reckoned_as(&statement.cause, statement.amount), fee.steps.join("；")),
            fee: fee.still_due().0,
            reduction: match fee.relief.as_ref().and_then(|relief| relief.granted) {
                Some(true) => format!("准许减交，应交{}元", fee.due.yuan()),
                Some(false) | None if fee.paid.is_some() => format!("已交{}元，本次应当补交", fee.received().yuan()),
                Some(false) | None => "无".into(),
            },
            days: self.days("R-FEE-15")?,
            account: doc::FeeAccount { payee: account.payee, bank: account.bank, no: account.number, code, matrix: documents::qr_matrix(&pay)? },
            date: self.today,
        })
    }

    fn answer_notice(&self) -> Result<doc::AnswerNotice, Error> {
        let opponents = self.case.side(Side::Plaintiff).count();
        Ok(doc::AnswerNotice {
            court: self.court_title()?,
            number: self.number(),
            verify: Some(self.mark.clone()),
            to: self.name()?,
            case_line: format!("{}诉你{}一案", self.names(Side::Plaintiff), self.statement()?.cause_name),
            filed: self.accepted_on()?,
            answer_days: self.days("R-FIL-21b")?,
            opponents: u32::try_from(opponents).map_err(|_| Error::Corrupt("the number of plaintiffs"))?,
            contact: self.contact()?,
            date: self.today,
        })
    }

    fn evidence_notice(&self) -> Result<doc::EvidenceNotice, Error> {
        let rule = match self.case.procedure.ok_or(Error::Corrupt("an accepted case without a procedure"))? {
            Procedure::Ordinary => "R-EVD-02",
            Procedure::Simple => "R-EVD-02c",
        };
        Ok(doc::EvidenceNotice {
            court: self.court_title()?,
            number: self.number(),
            verify: Some(self.mark.clone()),
            to: self.name()?,
            case_line: self.case_line()?,
            days: self.days(rule)?,
            contact: self.contact()?,
            date: self.today,
        })
    }

    fn complaint(&self) -> Result<doc::Complaint, Error> {
        let statement = self.statement()?;
        let evidence: Vec<_> = statement.materials.iter().filter(|material| material.kind == MaterialKind::Evidence).collect();
        let parties = self.case.parties.iter().map(|party| {
            let card = self.cards.get(&party.person).ok_or(Error::Corrupt("a party who is not in the vault"))?;
            Ok(doc::PartyLine { role: self.case.kind.side(party.side).into(), text: party_text(card), agents: vec![] })
        });
        let paragraphs = |text: &str| text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect::<Vec<_>>();
        Ok(doc::Complaint {
            author: self.names(Side::Plaintiff),
            court: self.court_title()?,
            parties: parties.collect::<Result<_, Error>>()?,
            claims: statement.claims.clone(),
            facts: [paragraphs(&statement.facts), paragraphs(&statement.reasons)].concat(),
            evidence: evidence
                .iter()
                .map(|item| doc::ComplaintEvidence { name: item.name.clone(), purpose: proven(item.purpose.as_deref()), source: None })
                .collect(),
            signer: self.names(Side::Plaintiff),
            attachments: vec![format!("证据材料{}份", evidence.len())],
            keep: self.case.parties.iter().map(|party| party.name.clone()).collect(),
            date: procedure::step::day_of(self.case.submitted_at.ok_or(Error::Corrupt("a case without a submission"))?),
        })
    }

    fn join_sheet(&self) -> Result<doc::JoinSheet, Error> {
        let code = self.code.ok_or(Error::Corrupt("a join sheet without a code"))?;
        let url = format!("{}/join", self.zone.portal_url());
        Ok(doc::JoinSheet {
            court: self.court_title()?,
            number: self.number(),
            to: self.name()?,
            case_line: self.case_line()?,
            code: code.to_owned(),
            matrix: documents::qr_matrix(&format!("{url}?code={code}"))?,
            url,
            days: self.days("R-IDC-22")?,
            contact: self.contact()?,
            date: self.today,
        })
    }

    fn address_form(&self) -> Result<doc::AddressConfirmation, Error> {
        let card = self.cards.get(&self.paper.to).ok_or(Error::Corrupt("a party who is not in the vault"))?;
        let party = self.case.party(self.paper.to).ok_or(Error::Corrupt("a paper to nobody"))?;
        Ok(doc::AddressConfirmation {
            court: self.court_title()?,
            number: self.number(),
            verify: Some(self.mark.clone()),
            cause: self.statement()?.cause_name.clone(),
            party: doc::ConfirmedParty {
                name: card.name.clone(),
                role: self.case.kind.side(party.side).into(),
                id_kind: if card.organisation { "统一社会信用代码" } else { "居民身份证" }.into(),
                id: card.number.clone(),
            },
            receiver: doc::Receiver { name: card.name.clone(), relation: "本人".into(), phone: None },
            postal: doc::PostalAddress { address: String::new(), code: None, phone: None },
            electronic: doc::ElectronicAddress { consent: false, notices: false, judgments: false, platform: None, mobile: None, email: None },
            date: self.today,
        })
    }
}

/// A party's line in the order of R-DOC-08.
pub fn party_text(card: &Card) -> String {
    let mut parts = vec![card.name.clone()];
    if card.organisation {
        parts.push(format!("住所地{}", card.address));
        if !card.representative.is_empty() {
            parts.push(format!("法定代表人{}（{}）", card.representative, card.representative_post));
        }
        if !card.number.is_empty() {
            parts.push(format!("统一社会信用代码{}", card.number));
        }
    } else {
        parts.push(card.sex.clone());
        parts.push(card.birth.map(|day| format!("{}年{}月{}日出生", day.year(), day.month(), day.day())).unwrap_or_default());
        parts.push(card.ethnicity.clone());
        parts.push(card.occupation.clone());
        if !card.address.is_empty() {
            parts.push(format!("住{}", card.address));
        }
        if !card.number.is_empty() {
            parts.push(format!("公民身份号码{}", card.number));
        }
    }
    if !card.phone.is_empty() {
        parts.push(format!("联系电话{}", card.phone));
    }
    format!("{}。", parts.into_iter().filter(|part| !part.trim().is_empty()).collect::<Vec<_>>().join("，"))
}

/// What stands in a field now, as the notice quotes it.
fn found(cards: &BTreeMap<PersonId, Card>, case: &Case, field: &str) -> String {
    let side = if field.starts_with("plaintiff") { Side::Plaintiff } else { Side::Defendant };
    let card = case.side(side).next().and_then(|party| cards.get(&party.person));
    let text = match (field.rsplit('.').next(), card) {
        (Some("address"), Some(card)) => card.address.clone(),
        (Some("name"), Some(card)) => card.name.clone(),
        (Some("phone"), Some(card)) => card.phone.clone(),
        _ => String::new(),
    };
    if text.is_empty() { "见所标位置".into() } else { format!("“{text}”") }
}

/// What an item is to prove; without a word of its owner, the facts of the case.
fn proven(purpose: Option<&str>) -> String {
    let purpose = procedure::case::proven(purpose.unwrap_or_default());
    if purpose.is_empty() { "本案事实".into() } else { purpose.into() }
}

/// The article that a notice cites for a rule of the book.
fn article(rule: &str) -> &'static str {
    match rule {
        "R-FIL-04" => "民事诉讼法解释第二百零九条",
        "R-FIL-03" => "登记立案规定第六条",
        "R-FIL-05" => "民事诉讼法解释第二百一十条",
        "R-IDC-11" => "民事诉讼法第六十二条",
        // Everything else that a filing lacks is a matter of what a complaint must contain.
        _ => "民事诉讼法第一百二十四条",
    }
}
