//! 裁判文书: rulings and the parts that every decision shares: parties in the order of R-DOC-08, who signs (R-DOC-03).
use super::Source;
use crate::Error;
use documents::papers as doc;
use exchange::message::Card;
use jiff::civil::Date;
use procedure::case::{ClockState, Side};
use procedure::clock::date_zh;
use procedure::event::RulingText;
use procedure::step::deem_suit_withdrawn::{self, Ground};
use procedure::{Event, Fen, Office, Paper};

/// 《民诉法》第一百二十一条 (fee is owed), 第一百五十七条 (ruling), 《民诉法解释》第二百一十三条 (unpaid: as withdrawn).
const WITHDRAWAL_BASIS: &str = "《中华人民共和国民事诉讼法》第一百二十一条第一款、第一百五十七条第一款第十一项，\
    《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第二百一十三条";

/// 《民诉法解释》第一百九十九条: the other half was not paid after the conversion.
const CONVERTED_BASIS: &str = "《中华人民共和国民事诉讼法》第一百二十一条第一款、第一百五十七条第一款第十一项，\
    《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第一百九十九条";

/// 《民诉法》第一百四十六条 (the plaintiff did not come), 第一百五十七条 (ruling).
const ABSENCE_BASIS: &str = "《中华人民共和国民事诉讼法》第一百四十六条、第一百五十七条第一款第十一项";

impl Source<'_> {
    /// The heads of a decision: every party with his representative and agents (R-DOC-08).
    pub(crate) fn party_lines(&self) -> Result<Vec<doc::PartyLine>, Error> {
        let line = |party: &procedure::case::Party| {
            let card = self.cards.get(&party.person).ok_or(Error::Corrupt("a party who is not in the vault"))?;
            let mut agents = Vec::new();
            if card.organisation && !card.representative.is_empty() {
                let post = if card.representative_post.is_empty() { String::new() } else { format!("，该单位{}", card.representative_post) };
                agents.push(doc::AgentLine { role: "法定代表人".into(), text: format!("{}{post}。", card.representative) });
            }
            for agent in self.case.agents.iter().filter(|agent| agent.of == party.person) {
                let works = self.cards.get(&agent.person).map(|card| card.occupation.trim()).filter(|works| !works.is_empty());
                let text = works.map_or_else(|| format!("{}。", agent.name), |works| format!("{}，{works}。", agent.name));
                agents.push(doc::AgentLine { role: "委托诉讼代理人".into(), text });
            }
            Ok(doc::PartyLine { role: self.case.kind.side(party.side).into(), text: decision_text(card), agents })
        };
        [Side::Plaintiff, Side::Defendant].into_iter().flat_map(|side| self.case.side(side)).map(line).collect()
    }

    /// 原告陈堃与被告林𬱖、……民间借贷纠纷一案.
    pub(crate) fn full_case_line(&self) -> Result<String, Error> {
        let (cause, kind) = (&self.statement()?.cause_name, self.case.kind);
        let [own, other] = [Side::Plaintiff, Side::Defendant].map(|side| format!("{}{}", kind.side(side), self.names(side)));
        Ok(format!("{own}与{other}{cause}一案"))
    }

    /// Names that no line end may part: parties, agents, court staff.
    pub(crate) fn keep(&self) -> Vec<String> {
        let people = self.case.parties.iter().filter(|party| !party.organisation).map(|party| party.name.clone());
        let agents = self.case.agents.iter().map(|agent| agent.name.clone());
        let staff = self.case.staff.iter().map(|(_, _, name)| name.clone());
        people.chain(agents).chain(staff).collect()
    }

    /// Who signs: judges above the date, the clerk below it (R-CHK-69, R-CHK-70).
    pub(crate) fn signature(&self, date: Date) -> Result<doc::Signature, Error> {
        let (judges, staff) = (self.judges()?, self.clerks()?);
        Ok(doc::Signature { judges, date, staff })
    }

    pub(crate) fn judges(&self) -> Result<Vec<doc::Official>, Error> {
        let judges: Vec<_> = self.case.staff.iter().filter(|(_, office, _)| *office == Office::Judge).collect();
        let judges: Vec<_> = judges
            .iter()
            .enumerate()
            .map(|(place, (_, _, name))| {
                let role = if judges.len() > 1 && place == 0 { "审判长" } else { "审判员" };
                doc::Official { role: role.into(), name: name.clone() }
            })
            .collect();
        if judges.is_empty() { Err(Error::Corrupt("a decision in a case without a judge")) } else { Ok(judges) }
    }

    pub(crate) fn clerks(&self) -> Result<Vec<doc::Official>, Error> {
        let (_, name) = self.case.officer(Office::Clerk).ok_or(Error::Corrupt("a decision in a case without a clerk"))?;
        Ok(vec![doc::Official { role: "书记员".into(), name: name.to_owned() }])
    }

    /// 按撤诉处理: the fee was not paid within seven days of the notice, and no relief was granted (R-FEE-15). What the judge
    /// wrote stands in the place of what was drafted.
    pub(super) fn deemed_withdrawal(&self) -> Result<doc::DeemedWithdrawalRuling, Error> {
        let of = |event: &'_ Event| if let Event::DeemedWithdrawn { ground, text, .. } = event { Some((*ground, text.clone())) } else { None };
        let (ground, written) = self.history.iter().rev().find_map(|(_, event)| of(event)).ok_or(Error::Corrupt("a ruling that was not made"))?;
        let drafted = self.withdrawal_text(ground)?;
        let chosen = |own: fn(&RulingText) -> &String| Some(own(&written)).filter(|text| !text.is_empty()).unwrap_or(own(&drafted)).clone();
        Ok(doc::DeemedWithdrawalRuling {
            court: self.court_title()?,
            number: self.number(),
            verify: Some(self.mark.clone()),
            parties: self.party_lines()?,
            case_line: self.full_case_line()?,
            filed: self.accepted_on()?,
            plaintiff: format!("原告{}", self.names(Side::Plaintiff)),
            facts: chosen(|text| &text.facts),
            basis: chosen(|text| &text.basis),
            fees: match ground {
                // Where nothing was paid, nothing is borne; of the half that was paid before a conversion, half (R-FEE-17).
                Ground::FeeUnpaid => self.half_received(),
                Ground::PlaintiffAbsent => self.withdrawal_fee()?,
            },
            sign: self.signature(self.today)?,
            keep: self.keep(),
            copy: true,
        })
    }

    /// What lies drafted for the judge: the course of things as the events tell it, and the provisions.
    pub(crate) fn withdrawal_text(&self, ground: Ground) -> Result<RulingText, Error> {
        match ground {
            Ground::FeeUnpaid => self.unpaid_text(),
            Ground::PlaintiffAbsent => self.absent_text(),
        }
    }

    /// Who was summoned to which sitting, and did not come (R-TRI-31).
    fn absent_text(&self) -> Result<RulingText, Error> {
        let hearing = self.case.hearing().ok_or(Error::Corrupt("an absence from no hearing"))?;
        let mut called = Vec::new();
        for party in self.case.side(Side::Plaintiff) {
            let on = self.case.served_on(Paper::Summons, party.person).ok_or(Error::Corrupt("an absence without a served summons"))?;
            called.push(format!("于{}向原告{}送达传票", date_zh(on), party.name));
        }
        let facts = format!(
            "本院{}，传唤其于{}{}到{}参加诉讼。原告{}经传票传唤，无正当理由拒不到庭。",
            called.join("，"),
            date_zh(hearing.date),
            hearing.time.strftime("%H:%M"),
            hearing.courtroom,
            self.names(Side::Plaintiff),
        );
        Ok(RulingText { facts, basis: ABSENCE_BASIS.into() })
    }

    /// 案件受理费 of a suit that was withdrawn, and who bears it.
    fn withdrawal_fee(&self) -> Result<Vec<doc::FeeClause>, Error> {
        let fee = self.case.fee.as_ref().ok_or(Error::Corrupt("an accepted case without a fee"))?;
        let (half, charged) = deem_suit_withdrawn::halved_fee(self.case).ok_or(Error::Corrupt("an accepted case without a fee"))?;
        if charged == Fen::ZERO {
            return Ok(vec![]);
        }
        let by = format!("原告{}", self.names(Side::Plaintiff));
        let joint = self.case.side(Side::Plaintiff).count() > 1;
        let shares = vec![doc::FeeShare { by, joint, amount: charged.0 }];
        Ok(vec![doc::FeeClause {
            name: "案件受理费".into(), amount: fee.full.0, halved: Some(half.0), relief: None, charged: charged.0, shares
        }])
    }

    /// Half of what came in goes back where the rest was not paid.
    fn half_received(&self) -> Vec<doc::FeeClause> {
        let Some(fee) = self.case.fee.as_ref().filter(|fee| fee.paid.is_some()) else { return vec![] };
        let (received, charged) = (fee.received(), fee.half_received());
        let by = format!("原告{}", self.names(Side::Plaintiff));
        let joint = self.case.side(Side::Plaintiff).count() > 1;
        let shares = vec![doc::FeeShare { by, joint, amount: charged.0 }];
        vec![doc::FeeClause {
            name: "已经收取的案件受理费".into(),
            amount: received.0,
            halved: Some(charged.0),
            relief: None,
            charged: charged.0,
            shares,
        }]
    }

    /// The fee as it was due when the ruling was made, which leaves less of it; as it is where there is no ruling yet.
    fn fee_before_the_ruling(&self) -> Option<procedure::case::FeeMatter> {
        let ruled = self.history.iter().position(|(_, event)| matches!(event, Event::DeemedWithdrawn { .. }));
        let Some(ruled) = ruled else { return self.case.fee.clone() };
        let mut before = procedure::Case::new(self.case.id, &self.case.court);
        self.history[..ruled].iter().for_each(|(_, event)| before.apply(event));
        before.fee
    }

    /// The course of the fee.
    fn unpaid_text(&self) -> Result<RulingText, Error> {
        let fee = self.fee_before_the_ruling().ok_or(Error::Corrupt("an accepted case without a fee"))?;
        let payer = self.case.side(Side::Plaintiff).next().ok_or(Error::Corrupt("a case without a plaintiff"))?;
        let late = |clock: &&procedure::case::RunningClock| clock.clock.rule == "R-FEE-15" && clock.state != ClockState::Replaced;
        let period = self.case.clocks.iter().rev().find(late).ok_or(Error::Corrupt("a ruling on a fee period that never ran"))?;
        let notified = self.case.served_on(Paper::FeeNotice, payer.person).ok_or(Error::Corrupt("a fee notice that was not served"))?;
        let further = fee.paid.is_some();
        let relief = if further {
            "其无正当理由逾期未足额补交。"
        } else if fee.relief.as_ref().is_some_and(|relief| relief.granted == Some(false)) {
            "其司法救助申请未获批准，逾期仍未预交。"
        } else {
            "其逾期未预交，也未申请缓交、减交或者免交。"
        };
        let facts = format!(
            "{}本院于{}向原告{}送达交纳诉讼费用通知书，通知其自收到次日起七日内（至{}届满）{}案件受理费{}元。{relief}",
            if further { "本案由简易程序转为普通程序后，" } else { "" },
            date_zh(notified),
            self.names(Side::Plaintiff),
            date_zh(period.clock.last_day),
            if further { "补交" } else { "预交" },
            fee.still_due().short(),
        );
        Ok(RulingText { facts, basis: if further { CONVERTED_BASIS } else { WITHDRAWAL_BASIS }.into() })
    }

    /// A matter's ruling, decision or notice, in the words that were found when it was decided.
    pub(super) fn matter(&self) -> Result<doc::MatterPaper, Error> {
        let decided = self.case.decision_of(self.paper.id).ok_or(Error::Corrupt("a paper of no decision"))?;
        let text = &decided.text;
        let kind = match self.paper.paper {
            Paper::MatterDecision => doc::MatterKind::Decision,
            Paper::MatterNotice => doc::MatterKind::Notice,
            Paper::MatterRuling => doc::MatterKind::Ruling,
            _ => return Err(Error::Corrupt("a decision in a paper of another kind")),
        };
        let ruling = kind == doc::MatterKind::Ruling;
        let notice = kind == doc::MatterKind::Notice;
        Ok(doc::MatterPaper {
            kind,
            court: self.court_title()?,
            number: self.number(),
            suffix: text.suffix,
            verify: Some(self.mark.clone()),
            parties: if notice { vec![] } else { self.party_lines()? },
            to: if notice { Some(self.name()?) } else { None },
            case_line: self.full_case_line()?,
            filed: self.accepted_on()?,
            course: text.course.clone(),
            reasons: crate::draft::paragraphs(&text.reasons),
            basis: text.basis.clone(),
            orders: text.orders.clone(),
            tail: text.tail.clone(),
            sign: if ruling { Some(self.signature(decided.on)?) } else { None },
            contact: if notice { Some(self.contact()?) } else { None },
            date: decided.on,
            keep: self.keep(),
        })
    }

    /// 不予受理: who filed is 起诉人, and there is no defendant yet (D06, R-FIL-17).
    pub(super) fn refusal(&self) -> Result<doc::RefusalRuling, Error> {
        let told = self.history.iter().rev().find_map(|(_, event)| if let Event::FilingRefused(refused) = event { Some(refused) } else { None });
        let refused = told.ok_or(Error::Corrupt("a ruling that was not made"))?;
        let received = self.case.submitted_at.ok_or(Error::Corrupt("a case without a submission"))?;
        let line = |party: &procedure::case::Party| {
            let card = self.cards.get(&party.person).ok_or(Error::Corrupt("a party who is not in the vault"))?;
            Ok(doc::PartyLine { role: "起诉人".into(), text: decision_text(card), agents: vec![] })
        };
        let statement = self.statement()?;
        let claims: Vec<_> =
            statement.claims.iter().zip(1..).map(|(claim, n)| format!("{n}.{}", claim.trim_end_matches(['；', ';', '。', '.']))).collect();
        let plaintiff = format!("起诉人{}", self.names(Side::Plaintiff));
        let told = format!(
            "{plaintiff}向本院提出诉讼请求：{}。事实和理由：{}",
            claims.join("；"),
            [&statement.facts, &statement.reasons].map(|text| text.split_whitespace().collect::<String>()).concat(),
        );
        let judge = doc::Official { role: "审判员".into(), name: self.zone.staff_name(&self.case.court, refused.by)? };
        Ok(doc::RefusalRuling {
            court: self.court_title()?,
            number: self.number(),
            verify: Some(self.mark.clone()),
            parties: self.case.side(Side::Plaintiff).map(line).collect::<Result<_, Error>>()?,
            received: procedure::step::day_of(received),
            plaintiff,
            claims: told,
            reasons: crate::draft::begun("本院经审查认为，", crate::draft::paragraphs(&refused.reasons)),
            basis: refused.ground.basis(),
            appeal: doc::Appeal { court: self.appeal_court()?, days: self.days("R-APL-01b")? },
            sign: doc::Signature { judges: vec![judge], date: refused.on, staff: vec![] },
            keep: self.keep(),
            copy: true,
        })
    }
}

/// A party in the head of a decision: what R-DOC-08 names and nothing more; number and telephone stay in the file.
fn decision_text(card: &Card) -> String {
    let mut parts = vec![card.name.clone()];
    if card.organisation {
        parts.push(format!("住所地{}", card.address));
    } else {
        parts.push(card.sex.clone());
        parts.extend(card.birth.map(|day| format!("{}年{}月{}日出生", day.year(), day.month(), day.day())));
        parts.push(card.ethnicity.clone());
        parts.push(card.occupation.clone());
        parts.extend((!card.address.is_empty()).then(|| format!("住{}", card.address)));
    }
    format!("{}。", parts.into_iter().filter(|part| !part.trim().is_empty()).collect::<Vec<_>>().join("，"))
}
