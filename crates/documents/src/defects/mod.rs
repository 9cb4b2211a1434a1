//! 文书检查: what is wrong with a judgment, compared with its file and with itself (R-CHK). It points and proposes; whoever
//! signs decides. An error blocks signing, a warning asks for a look.
mod text;

use crate::papers::{CivilJudgment, FeeClause, Official, ReliefKind};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use text::{Article, articles, chinese_number};

/// What the file says: a judgment that says otherwise is wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileFacts {
    pub court: String,
    /// Case number as papers print it.
    pub number: String,
    /// Role and name of every party, plaintiffs first.
    pub parties: Vec<(String, String)>,
    pub filed: Date,
    /// `普通程序`, `简易程序`.
    pub procedure: String,
    /// Days on which the case was heard.
    pub hearings: Vec<Date>,
    pub public: bool,
    /// Names of parties that nobody appeared for.
    pub absent: Vec<String>,
    /// Presiding judge first.
    pub judges: Vec<Official>,
    pub clerk: String,
    /// Full fee and fee charged, in fen.
    pub fee: (i64, i64),
    /// The fee is halved (R-FEE-11).
    pub halved: bool,
    /// Fee relief that was granted (R-FEE-21).
    pub relief: Option<ReliefKind>,
    /// Court to which an appeal goes.
    pub appeal_court: String,
    pub claims: Vec<String>,
    /// Sum claimed, in fen.
    pub claimed: i64,
    /// Names of all evidence in the catalogue.
    pub evidence: Vec<String>,
}

/// How a defect weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    Error,
    Warning,
}

/// The part of a judgment in which a defect lies, in the order of the paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    Title,
    Parties,
    Course,
    Claims,
    Answers,
    Evidence,
    Facts,
    Reasons,
    Conclusion,
    Basis,
    Orders,
    Fees,
    Appeal,
    Signature,
}

impl Part {
    /// Every part, in the order of the paper.
    pub const ALL: [Self; 14] = [
        Self::Title,
        Self::Parties,
        Self::Course,
        Self::Claims,
        Self::Answers,
        Self::Evidence,
        Self::Facts,
        Self::Reasons,
        Self::Conclusion,
        Self::Basis,
        Self::Orders,
        Self::Fees,
        Self::Appeal,
        Self::Signature,
    ];

    /// As the workbench lists it.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Title => "标题、案号",
            Self::Parties => "当事人基本情况",
            Self::Course => "案件由来和审理经过",
            Self::Claims => "诉讼请求",
            Self::Answers => "答辩意见",
            Self::Evidence => "证据",
            Self::Facts => "查明事实",
            Self::Reasons => "本院认为",
            Self::Conclusion => "综述",
            Self::Basis => "裁判依据",
            Self::Orders => "判决主文",
            Self::Fees => "诉讼费用负担",
            Self::Appeal => "上诉权利",
            Self::Signature => "落款",
        }
    }
}

/// Something wrong, at its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Defect {
    pub part: Part,
    /// Paragraph or order, from 0.
    pub index: usize,
    pub level: Level,
    /// Rule of the book: `R-CHK-33`.
    pub rule: String,
    /// The words at fault as they stand in the text; empty where something is missing.
    pub words: String,
    /// What is wrong and what to do.
    pub text: String,
    /// What should stand there, where it is known.
    pub expected: Option<String>,
}

/// Everything that is wrong with a judgment, in the order of the paper.
pub fn check(judgment: &CivilJudgment, file: &FileFacts) -> Vec<Defect> {
    let mut found = Found { judgment, file, defects: vec![] };
    found.identity();
    found.course();
    found.orders();
    found.figures();
    found.basis();
    found.tail();
    found.wording();
    found.defects.sort();
    found.defects.dedup();
    found.defects
}

struct Found<'a> {
    judgment: &'a CivilJudgment,
    file: &'a FileFacts,
    defects: Vec<Defect>,
}

impl Found<'_> {
    #[expect(clippy::too_many_arguments, reason = "a defect in one line")]
    fn add(&mut self, level: Level, rule: u32, part: Part, index: usize, words: &str, text: impl Into<String>, expected: Option<&str>) {
        let rule = format!("R-CHK-{rule:02}");
        self.defects.push(Defect { part, index, level, rule, words: words.into(), text: text.into(), expected: expected.map(str::to_owned) });
    }

    fn error(&mut self, rule: u32, part: Part, index: usize, words: &str, text: impl Into<String>) {
        self.add(Level::Error, rule, part, index, words, text, None);
    }

    fn warn(&mut self, rule: u32, part: Part, index: usize, words: &str, text: impl Into<String>) {
        self.add(Level::Warning, rule, part, index, words, text, None);
    }

    /// The paragraphs of the body with their places.
    fn body(&self) -> Vec<(Part, usize, String)> {
        let judgment = self.judgment;
        let one = |part, text: &String| vec![(part, 0, text.clone())];
        let many = |part, texts: &[String]| texts.iter().enumerate().map(|(index, text)| (part, index, text.clone())).collect::<Vec<_>>();
        [
            one(Part::Course, &judgment.course),
            many(Part::Claims, &judgment.claims),
            many(Part::Answers, &judgment.answers),
            many(Part::Evidence, &judgment.evidence),
            many(Part::Facts, &judgment.facts),
            many(Part::Reasons, &judgment.reasons),
            one(Part::Conclusion, &judgment.conclusion),
            one(Part::Basis, &judgment.basis),
            many(Part::Orders, &judgment.orders),
        ]
        .concat()
    }

    /// R-CHK-01, 05, 09, 10, 11, 15: court, number and parties are those of the file.
    fn identity(&mut self) {
        let (judgment, file) = (self.judgment, self.file);
        if judgment.number != file.number {
            let text = format!("案号与案件登记不一致，应为{}。", file.number);
            self.add(Level::Error, 1, Part::Title, 0, &judgment.number, text, Some(&file.number));
        }
        if judgment.court != file.court {
            self.add(Level::Error, 5, Part::Title, 0, &judgment.court, format!("法院名称应为{}。", file.court), Some(&file.court));
        }
        let named = |role: &str, name: &str| {
            judgment
                .parties
                .iter()
                .position(|line| line.role == role && (line.text.starts_with(&format!("{name}，")) || line.text == format!("{name}。")))
        };
        let mut places = Vec::new();
        for (role, name) in &file.parties {
            match named(role, name) {
                Some(place) => places.push(place),
                None => self.error(9, Part::Parties, 0, "", format!("首部缺少{role}{name}，或者姓名、名称与案件登记不一致。")),
            }
        }
        for (index, line) in judgment.parties.iter().enumerate().filter(|(index, _)| !places.contains(index)) {
            let words = line.text.split(['，', '。']).next().unwrap_or("");
            self.error(10, Part::Parties, index, words, format!("{}{words}不在案件登记的当事人之中，请核对姓名、名称和诉讼地位。", line.role));
        }
        if !places.is_sorted() {
            self.error(15, Part::Parties, 0, "", "当事人的顺序应为原告、被告、第三人，并与起诉状一致。");
        }
        self.names();
    }

    /// R-CHK-11: a name after its role that differs from the party's in one character.
    fn names(&mut self) {
        let file = self.file;
        for (part, index, text) in self.body() {
            for (role, name) in file.parties.iter().filter(|(_, name)| name.chars().count() >= 3) {
                for (at, _) in text.match_indices(role.as_str()) {
                    let found: String = text[at + role.len()..].chars().take(name.chars().count()).collect();
                    let differ = found.chars().zip(name.chars()).filter(|(a, b)| a != b).count();
                    let known = file.parties.iter().any(|(_, other)| found.starts_with(other.as_str()) || other.starts_with(&found));
                    if differ == 1 && found.chars().count() == name.chars().count() && !known {
                        self.add(Level::Error, 11, part, index, &found, format!("“{role}{found}”与当事人{name}的姓名、名称不一致。"), Some(name));
                    }
                }
            }
        }
    }

    /// R-CHK-22..28: course of the proceedings as the file has it.
    fn course(&mut self) {
        let (course, file) = (&self.judgment.course, self.file);
        let date = |day: Date| format!("{}年{}月{}日", day.year(), day.month(), day.day());
        let filed = date(file.filed);
        if !course.contains(&format!("{filed}立案")) {
            self.add(Level::Error, 22, Part::Course, 0, "", format!("立案日期应为{filed}。"), Some(&filed));
        }
        if !course.contains(&file.procedure) {
            self.add(Level::Error, 23, Part::Course, 0, "", format!("审理程序应为{}。", file.procedure), Some(&file.procedure));
        }
        for day in &file.hearings {
            let day = date(*day);
            // 于2026年4月22日、5月6日: the year of a later day may be left out.
            let short = day.split_once('年').map_or("", |(_, rest)| rest);
            if !course.contains(&day) && !course.contains(short) {
                self.add(Level::Error, 25, Part::Course, 0, "", format!("没有写明{day}的开庭。"), Some(&day));
            }
        }
        if let Some(last) = file.hearings.iter().max().filter(|last| **last > self.judgment.sign.date) {
            self.error(25, Part::Signature, 0, "", format!("落款日期早于最后一次开庭（{}）。", date(*last)));
        }
        for name in &file.absent {
            if !course.contains("拒不到庭") && !course.contains("未到庭") {
                self.error(27, Part::Course, 0, "", format!("{name}没有到庭，审理经过应当写明其经传票传唤，无正当理由拒不到庭。"));
            }
            // Article 147 is for an absent defendant; for a plaintiff it is 146, and a judgment only where withdrawal was not allowed.
            if file.parties.iter().any(|(side, own)| side == "原告" && own == name) {
                let text = format!(
                    "原告{name}未到庭：可以按撤诉处理（《中华人民共和国民事诉讼法》第一百四十六条）；裁定不准许撤诉的，才可以缺席判决（第一百四十八条）。"
                );
                self.warn(27, Part::Basis, 0, "", text);
            } else if !self.judgment.basis.contains("第一百四十七条") {
                let text = format!("{name}缺席，裁判依据应当引用《中华人民共和国民事诉讼法》第一百四十七条。");
                self.add(Level::Error, 27, Part::Basis, 0, "", text, Some("《中华人民共和国民事诉讼法》第一百四十七条"));
            }
        }
        let said = (course.contains("公开开庭"), course.contains("不公开开庭"));
        if !file.hearings.is_empty() && said != (true, !file.public) {
            self.error(28, Part::Course, 0, "", if file.public { "应当写明公开开庭。" } else { "本案不公开审理，应当写明不公开开庭。" });
        }
    }

    /// R-CHK-31, 32, 53, 54, 57, 58: what is ordered against what was claimed.
    fn orders(&mut self) {
        let (judgment, file) = (self.judgment, self.file);
        if judgment.orders.is_empty() {
            return self.error(53, Part::Orders, 0, "", "没有判决主文。");
        }
        let rejects = judgment.orders.iter().any(|order| order.starts_with("驳回"));
        for (index, order) in judgment.orders.iter().enumerate() {
            self.order(index, order);
        }
        let asks = |claim: &&String| !["诉讼费", "受理费", "保全费", "申请费"].iter().any(|fee| claim.contains(fee));
        let claims: Vec<_> = file.claims.iter().filter(asks).collect();
        let granted = judgment.orders.iter().filter(|order| !order.starts_with("驳回")).count();
        if !rejects && granted < claims.len() {
            let text = format!("诉讼请求有 {} 项，主文只回应了 {granted} 项，又没有驳回其他诉讼请求：请逐项回应。", claims.len());
            self.error(31, Part::Orders, 0, "", text);
        }
        let given = judgment.orders.iter().flat_map(|order| text::amounts(order)).collect::<Vec<_>>();
        // What a claim reckons 暂计 until some day is granted by interest that runs until it is paid.
        let runs = judgment.orders.iter().any(|order| order.contains("利息") && order.contains("实际清偿"));
        let asked = |claim: &str| claim.split("暂计").next().filter(|_| runs).unwrap_or(claim).to_owned();
        let lacking: Vec<_> = claims
            .iter()
            .flat_map(|claim| text::amounts(&asked(claim)))
            .filter(|amount| !given.iter().any(|other| other.fen == amount.fen))
            .collect();
        let last = judgment.orders.len() - 1;
        if let Some(amount) = lacking.first().filter(|_| !rejects) {
            let text = format!("诉讼请求中的{}没有支持，应当判决驳回其他诉讼请求。", amount.words);
            self.add(Level::Error, 58, Part::Orders, last, "", text, Some("驳回原告的其他诉讼请求。"));
        }
        if rejects && granted > 0 && lacking.is_empty() && granted >= claims.len() && claims.iter().any(|claim| !text::amounts(claim).is_empty()) {
            self.warn(58, Part::Orders, last, "驳回", "诉讼请求看来已经全部支持，请核对是否还有需要驳回的其他诉讼请求。");
        }
    }

    fn order(&mut self, index: usize, order: &str) {
        let file = self.file;
        let head = order.chars().take(2).collect::<String>();
        if ["一、", "二、", "三、", "四、", "五、", "六、"].contains(&head.as_str()) {
            self.error(57, Part::Orders, index, &head, "主文的序号由系统编排，请删去自己写的序号。");
        }
        if order.starts_with("驳回") {
            return;
        }
        if !file.parties.iter().any(|(_, name)| order.contains(name.as_str())) {
            self.error(53, Part::Orders, index, "", "没有写明由谁履行，请写当事人的姓名、名称。");
        }
        let pays = ["支付", "偿还", "给付", "返还", "赔偿", "交付"].iter().any(|word| order.contains(word));
        if pays && !["日内", "日前", "之日起"].iter().any(|word| order.contains(word)) {
            self.add(Level::Error, 54, Part::Orders, index, "", "没有写履行期限。", Some("于本判决生效之日起十日内"));
        }
        for amount in text::amounts(order).into_iter().filter(|amount| file.claimed > 0 && amount.fen > file.claimed) {
            let text = format!("主文的{}超过诉讼请求的总额{}，请核对是否超出诉讼请求。", amount.words, text::yuan(file.claimed));
            self.error(32, Part::Orders, index, &amount.words, text);
        }
        // R-CHK-36: interest to be reckoned later needs base, rate, start and end.
        if let Some(at) = order.find("利息") {
            let after = &order[at..];
            // 利息25500元: nothing is left to be reckoned.
            let fixed = text::amounts(after)
                .first()
                .and_then(|amount| after.split(amount.words.as_str()).next())
                .is_some_and(|between| ["利息", "利息人民币", "利息共计", "利息合计", "利息计"].contains(&between));
            let running = [("基数", "计算基数"), ("率", "利率"), ("起", "起算日"), ("止", "截止日")];
            // They stand before the word or behind it; the days for performance have a 起 of their own.
            let stated = order.split_once("日内").map_or(order, |(_, stated)| stated);
            let lacks: Vec<_> = running.iter().filter(|(word, _)| !stated.contains(word)).map(|(_, zh)| *zh).collect();
            if !fixed && !lacks.is_empty() {
                self.error(36, Part::Orders, index, "利息", format!("利息缺少{}。", lacks.join("、")));
            }
        }
    }

    /// R-CHK-33, 38: amounts of the orders stand in the text before; days exist and are not in the future.
    fn figures(&mut self) {
        let judgment = self.judgment;
        let known: Vec<i64> = [&judgment.claims, &judgment.answers, &judgment.evidence, &judgment.facts, &judgment.reasons]
            .into_iter()
            .flatten()
            .flat_map(|text| text::amounts(text))
            .map(|amount| amount.fen)
            .collect();
        for (index, order) in judgment.orders.iter().enumerate() {
            for amount in text::amounts(order).into_iter().filter(|amount| !known.contains(&amount.fen)) {
                self.error(33, Part::Orders, index, &amount.words, format!("{}在诉讼请求、查明的事实和理由里都没有出现，请核对数额。", amount.words));
            }
        }
        for (part, index, text) in self.body() {
            for day in text::days(&text) {
                match day.date {
                    None => self.error(38, part, index, &day.words, format!("没有{}这一天。", day.words)),
                    Some(date) if date > judgment.sign.date && part != Part::Orders => {
                        self.error(38, part, index, &day.words, format!("{}在判决日期之后。", day.words));
                    }
                    Some(_) => {}
                }
            }
        }
    }

    /// R-CHK-43, 44, 45, 47, 48, 50: provisions in form, in force and in order (R-CIT-01..03, R-CIT-05).
    fn basis(&mut self) {
        let basis = &self.judgment.basis;
        if basis.trim().is_empty() {
            return self.error(51, Part::Basis, 0, "", "没有裁判依据。");
        }
        for source in ["会议纪要", "指导意见", "指导性案例", "复函", "答复"] {
            if basis.contains(source) {
                self.error(48, Part::Basis, 0, source, format!("{source}不能作为裁判依据引用，可以在说理部分援引。"));
            }
        }
        let cited = articles(basis);
        if text::laws(basis).is_empty() {
            self.error(43, Part::Basis, 0, "", "没有识别到法律条文，应写为《法律全称》第某条。");
        }
        for article in &cited {
            let law = &article.law;
            let full = ["中华人民共和国", "最高人民法院", "全国人民代表大会", "国务院", "诉讼费用交纳办法"].iter().any(|head| law.starts_with(head));
            if !full {
                self.error(43, Part::Basis, 0, law, format!("《{law}》不是法律的全称。"));
            }
            if article.digits {
                self.error(50, Part::Basis, 0, &article.words, format!("{}的条文序号应当用中文数字。", article.words));
            }
            if let Some((_, last)) =
                text::LAWS.iter().find(|(name, _)| name == law).filter(|(_, last)| article.number.is_none_or(|no| no == 0 || no > *last))
            {
                self.error(44, Part::Basis, 0, &article.words, format!("《{law}》没有{}（共 {last} 条）。", article.words));
            }
            if text::REPEALED.contains(&law.as_str()) {
                let level = if basis.contains("时间效力") { Level::Warning } else { Level::Error };
                let text = format!("《{law}》已于2021年1月1日废止，只能依时间效力规定适用于此前的事实，并应说明理由。");
                self.add(level, 45, Part::Basis, 0, law, text, None);
            }
            if ["意见", "纪要", "通知"].iter().any(|end| law.ends_with(end)) {
                self.error(48, Part::Basis, 0, law, format!("《{law}》不能作为裁判依据引用，可以在说理部分援引。"));
            }
        }
        for law in text::laws(basis).into_iter().filter(|law| !cited.iter().any(|article| article.law == *law)) {
            self.error(43, Part::Basis, 0, law, format!("《{law}》没有写明是第几条。"));
        }
        let pairs = || cited.iter().enumerate().flat_map(|(at, first)| cited[at + 1..].iter().map(move |second| (&first.law, &second.law)));
        if let Some((first, second)) = pairs().find(|(first, second)| text::Standing::of(second).goes_before(text::Standing::of(first))) {
            self.error(47, Part::Basis, 0, first, format!("《{second}》应当列在《{first}》之前。"));
        }
    }

    /// R-CHK-55, 59..71: fee, appeal, signatures.
    fn tail(&mut self) {
        let (judgment, file) = (self.judgment, self.file);
        let money = judgment.orders.iter().any(|order| !order.starts_with("驳回") && !text::amounts(order).is_empty());
        if money && !judgment.money {
            self.error(55, Part::Orders, judgment.orders.len().saturating_sub(1), "", "有给付金钱的内容，应当告知加倍支付迟延履行期间的债务利息。");
        }
        match judgment.fees.iter().find(|fee| fee.name == "案件受理费") {
            None if file.fee.1 > 0 => self.error(59, Part::Fees, 0, "", "没有写案件受理费的负担。"),
            // 第51条: what was granted is stated even where nothing is left to bear.
            None if file.relief.is_some() => self.error(62, Part::Fees, 0, "", "本案准许了减交、免交，应当在判决书中载明。"),
            None => {}
            Some(fee) => self.fee(fee),
        }
        if judgment.appeal.days != 15 {
            self.error(64, Part::Appeal, 0, "", "对判决的上诉期为十五日。");
        }
        if judgment.appeal.court != file.appeal_court {
            self.add(
                Level::Error,
                65,
                Part::Appeal,
                0,
                &judgment.appeal.court,
                format!("上诉法院应为{}。", file.appeal_court),
                Some(&file.appeal_court),
            );
        }
        if judgment.sign.judges != file.judges {
            let names: Vec<_> = file.judges.iter().map(|judge| format!("{}{}", judge.role, judge.name)).collect();
            self.error(69, Part::Signature, 0, "", format!("署名应为{}。", names.join("、")));
        }
        if !judgment.sign.staff.iter().any(|official| official.role == "书记员" && official.name == file.clerk) {
            self.error(70, Part::Signature, 0, "", format!("落款缺少书记员{}。", file.clerk));
        }
    }

    /// R-CHK-59..62: the fee as it was reckoned, halved and relieved, and who bears it.
    fn fee(&mut self, fee: &FeeClause) {
        let file = self.file;
        if fee.amount != file.fee.0 {
            self.error(59, Part::Fees, 0, "", format!("案件受理费应为{}。", text::yuan(file.fee.0)));
        }
        if fee.charged != file.fee.1 {
            self.error(60, Part::Fees, 0, "", format!("实际收取的案件受理费应为{}。", text::yuan(file.fee.1)));
        }
        if fee.halved.is_some() != file.halved {
            self.error(60, Part::Fees, 0, "减半收取", if file.halved { "案件受理费应当减半收取。" } else { "本案的案件受理费不减半。" });
        }
        match (&fee.relief, file.relief) {
            (None, Some(_)) => self.error(62, Part::Fees, 0, "", "本案准许了缓交、减交或者免交，应当在判决书中载明。"),
            (Some(said), granted) if granted != Some(said.kind) => {
                self.error(62, Part::Fees, 0, &said.to, "写明的缓交、减交或者免交与本案的决定不一致。");
            }
            (Some(_) | None, _) => {}
        }
        let shares: i64 = fee.shares.iter().map(|share| share.amount).sum();
        if shares != fee.charged {
            self.error(61, Part::Fees, 0, "", format!("各方负担合计{}，应为{}。", text::yuan(shares), text::yuan(fee.charged)));
        }
        for share in &fee.shares {
            if !file.parties.iter().any(|(_, name)| share.by.contains(name.as_str())) {
                self.error(61, Part::Fees, 0, &share.by, format!("{}不是本案当事人。", share.by));
            }
        }
    }

    /// R-CHK-40, 67, 74, 76, 77, 78, 81: words that should not stand there.
    fn wording(&mut self) {
        let evidence = self.judgment.evidence.concat();
        for name in &self.file.evidence {
            if !evidence.contains(name.as_str()) && !self.judgment.facts.iter().chain(&self.judgment.reasons).any(|text| text.contains(name.as_str()))
            {
                self.warn(40, Part::Evidence, 0, "", format!("证据目录里的“{name}”没有提到。"));
            }
        }
        for (part, index, text) in self.body() {
            for words in text::leftovers(&text) {
                self.warn(78, part, index, &words, format!("还留有没有填写的空位“{words}”。"));
            }
            for words in ["本判决为终审判决", "二审法院", "上诉人", "再审申请人"] {
                if text.contains(words) && part != Part::Facts {
                    self.warn(79, part, index, words, format!("“{words}”是其他程序的用语。"));
                }
            }
            for (wrong, right) in [("帐户", "账户"), ("转帐", "转账"), ("帐号", "账号"), ("其它", "其他"), ("座落", "坐落"), ("定金款", "定金")]
            {
                if text.contains(wrong) {
                    self.add(Level::Warning, 77, part, index, wrong, format!("“{wrong}”应写作“{right}”。"), Some(right));
                }
            }
            for words in text::half_width(&text) {
                self.warn(74, part, index, &words, format!("“{words}”里用了半角标点，应当用全角。"));
            }
            for words in text::odd_amounts(&text) {
                self.warn(76, part, index, &words, format!("金额“{words}”应当用阿拉伯数字写到元，不用千分位和“万元”。"));
            }
            for words in text::private_numbers(&text) {
                self.warn(81, part, index, &words, "证件号码、电话、账号不是裁判所必需的，公开前须隐去，请考虑删去。");
            }
        }
    }
}

#[cfg(test)]
mod tests;
