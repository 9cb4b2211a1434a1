//! 审理文书: who hears the case, summons, answer, receipt for evidence, record of the hearing.
use super::Source;
use crate::Error;
use crate::proof::beijing;
use documents::papers as doc;
use jiff::civil::{DateTime, Time};
use jiff::{Timestamp, tz};
use procedure::case::{Channel, IssuedPaper, Labelled, MaterialKind, Procedure, Scope, Side};
use procedure::clock::{date_zh, weekday_zh};
use procedure::trial::{Attendance, Hearing, HearingRecord, Presence, RecordSignature, TribunalForm};
use procedure::{Event, Office, Paper, PersonId};

impl Source<'_> {
    /// 公告: what each announced paper asks of its recipient stands in it (R-SVC-30, 民诉法解释第139条).
    pub(super) fn announcement(&self) -> Result<doc::Announcement, Error> {
        let announced = self.case.announcements.iter().find(|announcement| announcement.paper == self.paper.id);
        let announced = announced.ok_or(Error::Corrupt("an announcement that was not made"))?;
        let papers = announced.papers.iter().map(|id| self.case.paper(*id).ok_or(Error::Corrupt("a paper that its case does not hold")));
        let papers: Vec<&IssuedPaper> = papers.collect::<Result<_, _>>()?;
        let mut names: Vec<String> = papers.iter().map(|paper| self.case.paper_zh(paper)).collect();
        names.dedup();
        let holds = |kind: Paper| papers.iter().any(|paper| paper.paper == kind);
        let mut says = Vec::new();
        if holds(Paper::ComplaintCopy) {
            let claims = self.statement()?.claims.iter().map(|claim| claim.trim_end_matches(['。', '；']).to_owned()).collect::<Vec<_>>();
            says.push(format!("原告的诉讼请求：{}。", claims.join("；")));
            let evidence = self.days(procedure::step::record_service::evidence_rule(self.case.procedure.unwrap_or(Procedure::Ordinary)))?;
            says.push(format!(
                "提出答辩状的期限为公告期满后{}日内，举证期限为公告期满后{evidence}日内。逾期不答辩的，不影响本院审理；逾期不举证的，依法承担不利的后果。",
                self.days("R-FIL-21b")?
            ));
        }
        if let Some(hearing) = self.case.hearing().filter(|hearing| holds(Paper::Summons) && hearing.opened_at.is_none()) {
            let open = if hearing.public { "公开" } else { "不公开" };
            says.push(format!(
                "本院定于{}{}在{}{open}开庭审理本案。无正当理由拒不到庭的，本院将依法缺席裁判。",
                date_zh(hearing.date),
                hearing.time.strftime("%H:%M"),
                hearing.courtroom
            ));
            says.push("你可以选择在线参加诉讼：凭本案案号和身份证件向本院领取加入码；也可以到法庭参加。没有表示的，按线下方式进行。".into());
        }
        if let Some(judgment) = self.case.judgment.as_ref().filter(|_| holds(Paper::CivilJudgment)) {
            says.push(format!(
                "判决主要内容：{}。",
                judgment.text.orders.iter().map(|order| order.trim_end_matches('。')).collect::<Vec<_>>().join("；")
            ));
            says.push(format!(
                "如不服本判决，可以在公告期满后{}日内，向本院递交上诉状，上诉于{}。",
                self.days("R-APL-01")?,
                self.zone.law().courts.appeals_to(&self.case.court).map_or("上一级人民法院", |court| court.name.as_str())
            ));
        }
        says.extend(self.announced_rulings(&papers)?);
        Ok(doc::Announcement {
            court: self.court_title()?,
            number: self.number(),
            verify: Some(self.mark.clone()),
            to: self.case.name_of(announced.to).to_owned(),
            case_line: format!(
                "本院受理原告{}与被告{}{}一案",
                self.names(Side::Plaintiff),
                self.names(Side::Defendant),
                self.statement()?.cause_name
            ),
            missing: announced.missing,
            papers: names,
            days: self.days("R-SVC-30")?,
            until: announced.until,
            says,
            contact: self.contact()?,
            date: announced.on,
            keep: self.keep(),
        })
    }

    /// What the announced rulings order, and how an appeal lies against them (民诉法解释第139条).
    fn announced_rulings(&self, papers: &[&IssuedPaper]) -> Result<Vec<String>, Error> {
        let mut says = Vec::new();
        for paper in papers {
            if let Some(decided) = self.case.decision_of(paper.id) {
                let orders: Vec<_> = decided.text.orders.iter().map(|order| order.trim_end_matches('。')).collect();
                says.push(format!("{}主要内容：{}。", self.case.paper_zh(paper), orders.join("；")));
                if decided.text.appealable {
                    let above = self.zone.law().courts.appeals_to(&self.case.court).map_or("上一级人民法院", |court| court.name.as_str());
                    let days = self.days("R-APL-01b")?;
                    says.push(format!("如不服本裁定，可以在公告期满后{days}日内，向本院递交上诉状，上诉于{above}。"));
                }
            }
            if paper.paper == Paper::DeemedWithdrawalRuling {
                says.push("裁定书主要内容：本案按原告撤回起诉处理。".into());
            }
        }
        Ok(says)
    }

    /// 合议庭组成人员通知书、独任审判员通知书 (R-TRI-05).
    pub(super) fn panel_notice(&self) -> Result<doc::PanelNotice, Error> {
        let tribunal = self.case.tribunal.as_ref().ok_or(Error::Corrupt("a notice of a tribunal that is not assigned"))?;
        Ok(doc::PanelNotice {
            court: self.court_title()?,
            number: self.number(),
            verify: Some(self.mark.clone()),
            to: self.name()?,
            case_line: self.case_line()?,
            kind: match tribunal.form {
                TribunalForm::Panel => doc::PanelKind::Collegial,
                TribunalForm::Sole => doc::PanelKind::Sole,
            },
            members: self.judges()?,
            staff: self.clerks()?,
            contact: self.clerk_contact()?,
            date: self.today,
        })
    }

    /// Once there is a clerk of the case, people ask him.
    pub(crate) fn clerk_contact(&self) -> Result<doc::Contact, Error> {
        let contact = self.contact()?;
        Ok(match self.case.officer(Office::Clerk) {
            Some((_, name)) => doc::Contact { person: format!("{name}（书记员）"), ..contact },
            None => contact,
        })
    }

    /// The event that owes this paper.
    fn owing(&self) -> Option<&Event> {
        self.history.iter().map(|(_, event)| event).find(|event| event.owed().iter().any(|owed| owed.id == self.paper.id))
    }

    /// 传票 (R-TRI-20): time and place from the hearing it calls to.
    pub(super) fn summons(&self) -> Result<doc::Summons, Error> {
        let hearing = self.case.hearings.iter().find(|hearing| hearing.summonses.contains(&self.paper.id));
        let hearing = hearing.ok_or(Error::Corrupt("a summons to no hearing"))?;
        let card = self.cards.get(&self.paper.to).ok_or(Error::Corrupt("a party who is not in the vault"))?;
        Ok(doc::Summons {
            court: self.court_title()?,
            number: self.number(),
            verify: Some(self.mark.clone()),
            cause: self.statement()?.cause_name.clone(),
            to: self.name()?,
            address: card.postal().to_owned(),
            matter: "开庭审理".into(),
            when: when(hearing.date.to_datetime(hearing.time)),
            r#where: courtroom(&hearing.courtroom),
            judge: self.judges()?.into_iter().next().ok_or(Error::Corrupt("a hearing without a judge"))?.name,
            clerk: self.clerks()?.into_iter().next().ok_or(Error::Corrupt("a hearing without a clerk"))?.name,
            date: self.today,
        })
    }

    /// 民事答辩状 as the other side gets it (R-FIL-21).
    pub(super) fn answer(&self) -> Result<doc::Answer, Error> {
        let Some(Event::AnswerSubmitted { answer, .. }) = self.owing() else { return Err(Error::Corrupt("a copy of no answer")) };
        let party = self.case.party(answer.by).ok_or(Error::Corrupt("an answer of nobody"))?;
        let lines = self.party_lines()?;
        let place = [Side::Plaintiff, Side::Defendant].into_iter().flat_map(|side| self.case.side(side)).position(|other| other.person == answer.by);
        let mut line = place.and_then(|place| lines.into_iter().nth(place)).ok_or(Error::Corrupt("an answer of nobody"))?;
        line.role = format!("答辩人（{}）", party.side.zh());
        let mut text: Vec<_> = answer.text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
        if text.is_empty() {
            text.push("答辩意见见所附答辩状。".into());
        }
        let count = |kind| answer.materials.iter().filter(|material| material.kind == kind).count();
        let parts = [("答辩状", count(MaterialKind::Answer)), ("证据材料", count(MaterialKind::Evidence))];
        Ok(doc::Answer {
            parties: vec![line],
            case_line: format!("因{}诉答辩人{}一案，提出答辩如下：", self.names(Side::Plaintiff), self.statement()?.cause_name),
            number: self.number(),
            text,
            court: self.court_title()?,
            signer: party.name.clone(),
            attachments: parts.iter().filter(|(_, count)| *count > 0).map(|(name, count)| format!("{name}{count}份")).collect(),
            keep: self.keep(),
            date: procedure::step::day_of(answer.at),
        })
    }

    /// 证据材料收据: every item with its pages (R-FIL-07).
    pub(super) fn evidence_receipt(&self) -> Result<doc::EvidenceReceipt, Error> {
        let Some(Event::EvidenceSubmitted(submitted)) = self.owing() else { return Err(Error::Corrupt("a receipt for no evidence")) };
        let (how, form) = match submitted.channel {
            Channel::Online => ("在线提交", "电子数据"),
            Channel::Counter => ("当面提交", "复制件"),
        };
        let items = submitted.items.iter().map(|item| {
            // Its number in the list of its side, as the other papers cite it.
            let no = self.case.evidence.iter().find(|evidence| evidence.material.id == item.id).map_or(0, |evidence| evidence.number);
            doc::ReceivedEvidence { no, name: item.name.clone(), pages: item.pages, copies: 1, form: form.into() }
        });
        Ok(doc::EvidenceReceipt {
            court: self.court_title()?,
            number: self.number(),
            verify: Some(self.mark.clone()),
            cause: self.statement()?.cause_name.clone(),
            submitter: self.case.name_of(submitted.by).into(),
            role: submitted.side.zh().into(),
            how: how.into(),
            at: beijing(submitted.at),
            items: items.collect(),
            handler: self.case.officer(Office::Clerk).map_or("立案庭", |(_, name)| name).into(),
            date: self.today,
        })
    }

    /// 庭审笔录 with the signatures as they were given (R-TRI-33).
    pub(super) fn hearing_record(&self) -> Result<doc::HearingRecord, Error> {
        let Some(Event::RecordSigned { number, .. }) = self.owing() else { return Err(Error::Corrupt("a record of no hearing")) };
        let hearing = self.case.hearings.iter().find(|hearing| hearing.number == *number).ok_or(Error::Corrupt("a record of no hearing"))?;
        let record = hearing.record.as_ref().ok_or(Error::Corrupt("a hearing without a record"))?;
        let (opened, closed) = hearing.opened_at.zip(record.closed_at).ok_or(Error::Corrupt("a record that is still open"))?;
        let form = self.case.tribunal.as_ref().map(|tribunal| tribunal.form);
        let bench = self.judges()?;
        Ok(doc::HearingRecord {
            court: self.court_title()?,
            number: self.number(),
            verify: Some(self.mark.clone()),
            cause: self.statement()?.cause_name.clone(),
            start: moment(opened),
            stop: clock_time(local(closed).time()),
            place: courtroom(&hearing.courtroom),
            open: if hearing.public { "公开开庭" } else { "不公开开庭" }.into(),
            sitting: format!("第{}次", count_zh(*number)),
            bench: doc::Bench {
                label: if form == Some(TribunalForm::Panel) { "合议庭" } else { "审判员" }.into(),
                members: match form {
                    Some(TribunalForm::Panel) => bench.iter().map(|judge| format!("{}{}", judge.role, judge.name)).collect::<Vec<_>>().join("、"),
                    Some(TribunalForm::Sole) | None => bench.iter().map(|judge| judge.name.clone()).collect::<Vec<_>>().join("、"),
                },
            },
            assistant: None,
            clerk: self.clerks()?.into_iter().next().ok_or(Error::Corrupt("a hearing without a clerk"))?.name,
            people: hearing.attendance.iter().map(|line| self.attended(line)).collect(),
            lines: utterances(&record.text),
            reading: reading(record),
            sign: vec![],
            court_sign: vec![],
            signatures: self.signed_lines(hearing, record)?,
            date: procedure::step::day_of(closed),
        })
    }

    fn attended(&self, line: &Attendance) -> String {
        let role = self.case.party(line.person).map_or("当事人", |party| party.side.zh());
        let with = if line.with.is_empty() { String::new() } else { format!("，委托诉讼代理人{}", line.with.join("、")) };
        format!("{role}：{}（{}）{with}", self.case.name_of(line.person), line.presence.zh())
    }

    fn signed_lines(&self, hearing: &Hearing, record: &HearingRecord) -> Result<Vec<doc::SignedLine>, Error> {
        let role = |person: PersonId| {
            if let Some(party) = self.case.party(person) {
                return party.side.zh();
            }
            let judges: Vec<_> = self.case.judges().map(|(judge, _)| judge).collect();
            if judges.len() > 1 && judges.first() == Some(&person) { "审判长" } else { "审判员" }
        };
        let online = |signature: &RecordSignature| {
            let presence = hearing.attendance.iter().find(|line| line.person == signature.of).map(|line| line.presence);
            presence == Some(Presence::Online) || self.case.channel_of(signature.of, Scope::Hearing) == Channel::Online
        };
        let line = |signature: &RecordSignature| {
            // Whoever entered it need not be the clerk of the case: a counter act is entered by any clerk of the court.
            let clerk = signature.entered_by.map(|clerk| self.zone.staff_name(&self.case.court, clerk)).transpose()?;
            let by = if signature.by == signature.of { String::new() } else { format!("由{}", self.case.name_of(signature.by)) };
            let way = match self.case.party(signature.of) {
                None => "在办案平台",
                Some(_) if online(signature) => "在线",
                Some(_) => "在手机上",
            };
            let mark = match (&signature.refused, clerk) {
                (Some(reason), clerk) => format!("拒绝签名：{}（{}记明）", reason.trim_end_matches('。'), clerk.as_deref().unwrap_or("书记员")),
                (None, Some(clerk)) => format!("{}{by}在书面笔录上签名，{clerk}登记", date_zh(procedure::step::day_of(signature.at))),
                (None, None) => format!("{}{by}{way}确认签名", moment(signature.at)),
            };
            let note = signature.correction.as_ref().map_or_else(String::new, |text| format!("；申请补正：{}", text.trim_end_matches('。')));
            Ok(doc::SignedLine { who: format!("{}{}", role(signature.of), self.case.name_of(signature.of)), mark: format!("{mark}{note}") })
        };
        record.signatures.iter().map(line).collect()
    }
}

/// The note that the record was read (R-TRI-33), true to what was noted.
fn reading(record: &HearingRecord) -> String {
    let corrections = record.signatures.iter().any(|signature| signature.correction.is_some());
    let refused = record.signatures.iter().any(|signature| signature.refused.is_some());
    match (corrections, refused) {
        (false, false) => "以上笔录经到庭人员阅读核对无误，确认签名。".into(),
        (true, false) => "以上笔录经到庭人员阅读核对，补正申请记在签名处。".into(),
        (false, true) => "以上笔录已交到庭人员阅读核对，拒绝签名的情况记在签名处。".into(),
        (true, true) => "以上笔录已交到庭人员阅读核对，补正申请和拒绝签名的情况记在签名处。".into(),
    }
}

/// `审判员：……` a line each; a line without a speaker goes on with the one before.
pub(super) fn utterances(text: &str) -> Vec<doc::RecordLine> {
    let mut lines: Vec<doc::RecordLine> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        // A speaker is a few words: a colon deep in a sentence names nobody.
        let spoken = line.split_once('：').or_else(|| line.split_once(':')).filter(|(who, _)| !who.is_empty() && who.chars().count() <= 12);
        match (spoken, lines.last_mut()) {
            (Some((who, says)), _) => lines.push(doc::RecordLine { who: who.trim().into(), says: says.trim().into() }),
            (None, Some(last)) => last.says.push_str(line),
            (None, None) => lines.push(doc::RecordLine { who: "书记员".into(), says: line.into() }),
        }
    }
    lines
}

/// 本院第三法庭.
pub(super) fn courtroom(room: &str) -> String {
    if room.starts_with("本院") { room.to_owned() } else { format!("本院{room}") }
}

fn local(at: Timestamp) -> DateTime {
    tz::Offset::constant(8).to_datetime(at)
}

/// 2026年4月22日9时30分.
fn moment(at: Timestamp) -> String {
    let at = local(at);
    format!("{}{}", date_zh(at.date()), clock_time(at.time()))
}

/// 9时30分; 9时整 has no minutes.
fn clock_time(time: Time) -> String {
    if time.minute() == 0 { format!("{}时", time.hour()) } else { format!("{}时{:02}分", time.hour(), time.minute()) }
}

/// 2026年4月22日（星期三）上午9时30分.
fn when(at: DateTime) -> String {
    let (half, hour) = if at.hour() < 12 { ("上午", at.hour()) } else { ("下午", if at.hour() == 12 { 12 } else { at.hour() - 12 }) };
    let minutes = if at.minute() == 0 { String::new() } else { format!("{:02}分", at.minute()) };
    format!("{}（{}）{half}{hour}时{minutes}", date_zh(at.date()), weekday_zh(at.date()))
}

/// 一 … 九; more sittings are counted in figures.
fn count_zh(number: u32) -> String {
    let digits = ["一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let place = usize::try_from(number).unwrap_or(usize::MAX).checked_sub(1);
    place.and_then(|place| digits.get(place)).map_or_else(|| number.to_string(), |digit| (*digit).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn r_tri_20_time_of_a_summons_in_words() {
        assert_eq!(when(date(2026, 4, 22).at(9, 30, 0, 0)), "2026年4月22日（星期三）上午9时30分");
        assert_eq!(when(date(2026, 4, 22).at(14, 0, 0, 0)), "2026年4月22日（星期三）下午2时");
        assert_eq!(when(date(2026, 4, 22).at(12, 5, 0, 0)), "2026年4月22日（星期三）下午12时05分");
    }

    #[test]
    fn r_tri_33_a_record_is_read_line_by_line() {
        let lines = utterances("审判员：现在开庭。\n\n原告：听清了。\n补充一句：借条在我手里，上面写着：“今借到”。\n被告: 没有。");
        let pairs: Vec<_> = lines.iter().map(|line| (line.who.as_str(), line.says.as_str())).collect();
        assert_eq!(pairs[0], ("审判员", "现在开庭。"));
        assert_eq!(pairs[1], ("原告", "听清了。"));
        assert_eq!(pairs[2], ("补充一句", "借条在我手里，上面写着：“今借到”。"), "a short heading counts as a speaker");
        assert_eq!(pairs[3], ("被告", "没有。"));
        assert_eq!(utterances("他当时说过的话我记得很清楚但是没有录音：没有")[0].who, "书记员");
    }
}
