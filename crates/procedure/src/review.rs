//! 立案审查: what a machine can say of a filing before the clerk decides (R-FIL-01..04, R-FIL-15, R-IDC-05, R-JUR).
//!
//! It compares and proposes; every line names what was compared, its rule and its source. A finding is the clerk's alone
//! (`step::accept_filing`).
use crate::case::{Channel, Check, Labelled, Material, MaterialKind, Procedure, Scope, Side, Statement, pages_zh};
use crate::cause::Cause;
use crate::jurisdiction::{self, Facts, Matter, Place};
use crate::{Case, CaseId, Law, PersonId, Stage, identity};
use jiff::civil::Date;
use serde::Serialize;

/// What came of one comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Ok,
    /// A person has to judge.
    Doubt,
    /// It must be put right, or stands against registration.
    Problem,
    NotApplicable,
}

/// Where the compared thing stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A field of the complaint, as remarks are pinned to it.
    Field(String),
    /// A material, by its place in the filing, from 0.
    Material(usize),
    Case(CaseId),
    /// An article.
    Law(String),
}

/// One line of the proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    pub check: Check,
    pub verdict: Verdict,
    /// What was compared with what, as the clerk reads it.
    pub text: String,
    pub rule: &'static str,
    pub source: Source,
    /// What to tell the filer if the clerk agrees; empty where nothing is to be mended.
    pub remark: String,
}

/// Particulars of a party, from the vault.
#[derive(Clone, Default)]
pub struct Particulars {
    pub person: PersonId,
    pub name: String,
    pub organisation: bool,
    /// Resident ID number or unified social credit code.
    pub number: String,
    pub address: String,
    pub phone: String,
    pub sex: String,
    pub birth: Option<Date>,
    pub representative: String,
}

/// Another case of the same parties (R-FIL-15).
#[derive(Debug, Clone, PartialEq)]
pub struct Similar {
    pub id: CaseId,
    /// Case number, or receipt number before there is one.
    pub number: String,
    pub title: String,
    pub cause: String,
    pub cause_name: String,
    pub stage: Stage,
    pub claims: Vec<String>,
    /// The same people on both sides, either side swapped.
    pub same_parties: bool,
}

/// Everything the machine has to say, group by group.
pub fn propose(case: &Case, people: &[Particulars], similar: &[Similar], law: &Law, today: Date) -> Vec<Line> {
    let Some(statement) = &case.statement else { return vec![] };
    let mut found = Found { case, statement, people, lines: vec![] };
    found.materials();
    found.parties(today);
    found.jurisdiction(law);
    found.duplicates(similar);
    found.lines
}

/// Which procedure lies drafted for a filing that nobody decided in time, and why (R-PRC-01, 《民事诉讼法》(2023) 第160条). The
/// clerk changes it; what begins simple may go on as ordinary (R-PRC-04).
pub fn propose_procedure(lines: &[Line]) -> (Procedure, &'static str) {
    match verdict(lines, Check::Parties) {
        Verdict::Problem => (Procedure::Ordinary, "当事人的情况还有问题，被告下落不明等不能适用简易程序。"),
        Verdict::Ok | Verdict::Doubt | Verdict::NotApplicable => {
            (Procedure::Simple, "没有发现不能适用简易程序的情形；以后发现案情复杂的，可以转为普通程序。")
        }
    }
}

/// The worst of a group's lines: what stands on its badge.
pub fn verdict(lines: &[Line], check: Check) -> Verdict {
    let of = |verdict| lines.iter().any(|line| line.check == check && line.verdict == verdict);
    if of(Verdict::Problem) {
        Verdict::Problem
    } else if of(Verdict::Doubt) {
        Verdict::Doubt
    } else {
        Verdict::Ok
    }
}

struct Found<'a> {
    case: &'a Case,
    statement: &'a Statement,
    people: &'a [Particulars],
    lines: Vec<Line>,
}

impl Found<'_> {
    fn add(&mut self, check: Check, verdict: Verdict, rule: &'static str, source: Source, text: impl Into<String>) {
        self.lines.push(Line { check, verdict, text: text.into(), rule, source, remark: String::new() });
    }

    fn mend(&mut self, check: Check, verdict: Verdict, rule: &'static str, source: Source, text: impl Into<String>, remark: impl Into<String>) {
        self.lines.push(Line { check, verdict, text: text.into(), rule, source, remark: remark.into() });
    }

    /// What the cause's file asks for against what was handed in (R-FIL-03).
    fn materials(&mut self) {
        let statement = self.statement;
        match Cause::by_number(&statement.cause) {
            Some(cause) => cause.materials_for(&statement.answers).into_iter().for_each(|wanted| self.material(wanted)),
            None => {
                for (kind, name) in [(MaterialKind::Complaint, "民事起诉状"), (MaterialKind::Identity, "原告身份证明")] {
                    self.required(kind, name, "《最高人民法院关于人民法院登记立案若干问题的规定》第六条");
                }
            }
        }
        if self.case.agents.is_empty() {
            self.add(Check::Materials, Verdict::NotApplicable, "R-IDC-10", Source::Field("agents".into()), "本人办理，无需授权委托书");
        } else {
            self.required(MaterialKind::PowerOfAttorney, "授权委托书", "《中华人民共和国民事诉讼法》第六十二条");
        }
        // A text has no pages; whatever else has none did not open.
        let empty = |material: &Material| material.bytes == 0 || (material.pages == 0 && !material.media.starts_with("text/"));
        for (place, material) in statement.materials.iter().enumerate().filter(|(_, material)| empty(material)) {
            let text = format!("“{}”打开是空的", material.name);
            let remark = format!("“{}”打不开或者没有内容，请重新提交清晰完整的一份。", material.name);
            self.mend(Check::Materials, Verdict::Problem, "R-FIL-03", Source::Material(place), text, remark);
        }
    }

    fn material(&mut self, wanted: &crate::cause::Material) {
        if wanted.kind == MaterialKind::ServiceAddress && self.confirmed_online() {
            let text = "送达地址已在网上确认，同意电子送达";
            return self.add(Check::Materials, Verdict::Ok, "R-SVC-11", Source::Field("service_address".into()), text);
        }
        if wanted.kind != MaterialKind::Evidence {
            if wanted.required || self.of_kind(wanted.kind).next().is_some() {
                self.required(wanted.kind, &wanted.name, &wanted.law);
            }
            return;
        }
        let telling = format!("{}{}", wanted.name, wanted.hint);
        let likely: Vec<_> = self.of_kind(MaterialKind::Evidence).filter(|(_, name, _)| shares_a_word(&telling, name)).collect();
        if let Some((place, _, _)) = likely.first() {
            let pages: u32 = likely.iter().map(|(_, _, pages)| pages).sum();
            let names = likely.iter().map(|(_, name, _)| name.as_str()).collect::<Vec<_>>().join("、");
            return self.add(Check::Materials, Verdict::Ok, "R-FIL-03", Source::Material(*place), format!("{}：{names}，共 {pages} 页", wanted.name));
        }
        if !wanted.required {
            return self.add(
                Check::Materials,
                Verdict::NotApplicable,
                "R-FIL-03",
                Source::Law(wanted.law.clone()),
                format!("没有提交{}（不是必交）", wanted.name),
            );
        }
        let any = self.of_kind(MaterialKind::Evidence).next().is_some();
        let remark = format!("请补交{}；没有的，请说明情况，并提交其他能够证明的材料。", wanted.name);
        let (verdict, text) = match any {
            true => (Verdict::Doubt, format!("从名称看不出哪一份是“{}”，请翻看证据", wanted.name)),
            false => (Verdict::Problem, format!("没有“{}”", wanted.name)),
        };
        self.mend(Check::Materials, verdict, "R-FIL-03", Source::Law(wanted.law.clone()), text, remark);
    }

    fn required(&mut self, kind: MaterialKind, name: &str, law: &str) {
        let there: Vec<_> = self.of_kind(kind).collect();
        match there.first() {
            Some((place, _, _)) => {
                let pages: u32 = there.iter().map(|(_, _, pages)| pages).sum();
                self.add(Check::Materials, Verdict::Ok, "R-FIL-03", Source::Material(*place), format!("{name}，{}", pages_zh(pages)));
            }
            None => {
                let (text, remark) = (format!("没有“{name}”"), format!("请补交{name}。"));
                self.mend(Check::Materials, Verdict::Problem, "R-FIL-03", Source::Law(law.to_owned()), text, remark);
            }
        }
    }

    fn of_kind(&self, kind: MaterialKind) -> impl Iterator<Item = (usize, String, u32)> + '_ {
        let all = self.statement.materials.iter().enumerate();
        all.filter(move |(_, material)| material.kind == kind).map(|(place, material)| (place, material.name.clone(), material.pages))
    }

    fn confirmed_online(&self) -> bool {
        self.case.side(Side::Plaintiff).any(|party| self.case.channel_of(party.person, Scope::Service) == Channel::Online)
    }

    /// Who sues whom: names, numbers, residence (R-FIL-01, R-FIL-02, R-FIL-04, R-IDC-05).
    fn parties(&mut self, today: Date) {
        let case = self.case;
        for party in &case.parties {
            let field = |name: &str| Source::Field(format!("{}.{name}", side_name(party.side)));
            let who = format!("{}{}", party.side.zh(), party.name);
            let Some(own) = self.people.iter().find(|own| own.person == party.person) else {
                self.add(Check::Parties, Verdict::Problem, "R-FIL-02", field("name"), format!("{who}的身份信息没有随材料收到"));
                continue;
            };
            if own.name != party.name {
                let remark = format!("起诉状写的是“{}”，身份材料上是“{}”，请核对后改成一致。", party.name, own.name);
                self.mend(Check::Parties, Verdict::Problem, "R-IDC-05", field("name"), format!("{who}与身份材料上的“{}”不一致", own.name), remark);
            }
            self.number(own, party.side, today, &who, field("number"));
            self.residence(own, party.side, &who, field("address"));
            if own.organisation && own.representative.trim().is_empty() && party.side == Side::Plaintiff {
                let remark = "请写明法定代表人（主要负责人）的姓名、职务、联系方式，并提交法定代表人身份证明书。";
                self.mend(Check::Parties, Verdict::Problem, "R-FIL-02", field("representative"), format!("{who}没有写法定代表人"), remark);
            }
            if party.side == Side::Plaintiff && identity::phone(&own.phone).is_err() {
                let remark = "请写明能够联系到您的电话号码。";
                self.mend(Check::Parties, Verdict::Doubt, "R-FIL-02", field("phone"), format!("{who}的联系电话没有写或者不是有效号码"), remark);
            }
        }
        self.named_in_facts();
        self.both_sides();
    }

    fn number(&mut self, own: &Particulars, side: Side, today: Date, who: &str, source: Source) {
        if own.number.trim().is_empty() {
            return match side {
                Side::Plaintiff => self.mend(
                    Check::Parties,
                    Verdict::Problem,
                    "R-FIL-02",
                    source,
                    format!("{who}没有写证件号码"),
                    "请写明原告的身份证号（统一社会信用代码），并提交身份证明。",
                ),
                Side::Defendant => {
                    self.add(Check::Parties, Verdict::Doubt, "R-FIL-03", source, format!("没有写{who}的证件号码，请判断能否与他人区别"));
                }
            };
        }
        if own.organisation {
            return match identity::credit_code(&own.number) {
                Ok(_) => self.add(Check::Parties, Verdict::Ok, "R-IDC-05", source, format!("{who}的统一社会信用代码校验通过")),
                Err(error) => {
                    self.mend(Check::Parties, Verdict::Problem, "R-IDC-05", source, format!("{who}的统一社会信用代码校验不通过"), error.to_string())
                }
            };
        }
        match identity::resident(&own.number) {
            Err(error) => {
                self.mend(Check::Parties, Verdict::Problem, "R-IDC-05", source, format!("{who}的身份证号校验不通过"), error.to_string());
            }
            Ok(resident) => {
                self.add(Check::Parties, Verdict::Ok, "R-IDC-05", source.clone(), format!("{who}的身份证号校验通过"));
                let sex_differs = !own.sex.is_empty() && own.sex != resident.sex.zh();
                let birth_differs = own.birth.is_some_and(|birth| birth != resident.birth);
                if sex_differs || birth_differs {
                    let what = if sex_differs { "性别" } else { "出生日期" };
                    let remark = format!("{what}与身份证号不一致，请对照身份证核对。");
                    self.mend(Check::Parties, Verdict::Problem, "R-IDC-05", source.clone(), format!("{who}写的{what}与身份证号不一致"), remark);
                }
                if side == Side::Plaintiff && resident.age(today) < 18 {
                    let text = format!("{who}未满十八周岁，应当由法定代理人代为诉讼");
                    self.add(Check::Parties, Verdict::Doubt, "R-IDC-10", source, text);
                }
            }
        }
    }

    /// Concrete enough to find and to serve (R-FIL-04).
    fn residence(&mut self, own: &Particulars, side: Side, who: &str, source: Source) {
        let address = own.address.trim();
        if address.is_empty() {
            let remark = format!("请写明{}的{}，写到门牌号。", side.zh(), if own.organisation { "住所地" } else { "住址" });
            return self.mend(Check::Parties, Verdict::Problem, "R-FIL-04", source, format!("{who}没有写住所"), remark);
        }
        if definite(address) {
            return self.add(Check::Parties, Verdict::Ok, "R-FIL-04", source, format!("{who}的住所写到了门牌"));
        }
        let remark = format!(
            "{}住址只写到“{address}”，法院无法送达。请写明门牌号；不知道门牌号的，可以写单位地址、经常居住地，或者提供其他能够确定住址的材料。",
            side.zh()
        );
        self.mend(Check::Parties, Verdict::Problem, "R-FIL-04", source, format!("{who}的住所只写到“{address}”，可能无法送达"), remark);
    }

    fn named_in_facts(&mut self) {
        let case = self.case;
        let missing: Vec<_> =
            case.parties.iter().filter(|party| party.side == Side::Defendant && !self.statement.facts.contains(&party.name)).collect();
        match missing.first() {
            None => self.add(Check::Parties, Verdict::Ok, "R-FIL-01", Source::Field("facts".into()), "被告在事实部分都有记载"),
            Some(party) => {
                let text = format!("事实部分没有提到被告{}，请看他与本案的关系", party.name);
                let remark = format!("请在事实部分写明被告{}与本案的关系。", party.name);
                self.mend(Check::Parties, Verdict::Doubt, "R-FIL-01", Source::Field("facts".into()), text, remark);
            }
        }
    }

    fn both_sides(&mut self) {
        let numbers = |side| {
            let of_side = self.case.side(side).filter_map(|party| self.people.iter().find(|own| own.person == party.person));
            of_side.map(|own| own.number.to_ascii_uppercase()).filter(|number| !number.is_empty()).collect::<Vec<_>>()
        };
        let defendants = numbers(Side::Defendant);
        if numbers(Side::Plaintiff).iter().any(|number| defendants.contains(number)) {
            let remark = "原告和被告的证件号码相同，请核对后重新填写。";
            self.mend(Check::Parties, Verdict::Problem, "R-FIL-01", Source::Field("defendant.number".into()), "原告和被告证件号码相同", remark);
        }
    }

    /// Courts that may hear it, from the places in the vault (R-JUR-01..11).
    fn jurisdiction(&mut self, law: &Law) {
        let own = law.courts.by_code(&self.case.court).map_or(self.case.court.as_str(), |court| court.short_name.as_str());
        let facts = self.places();
        let proposals = facts.as_ref().map(|facts| jurisdiction::propose(facts, &law.courts)).unwrap_or_default();
        let source = |text: &str| Source::Law(text.to_owned());
        match proposals.courts.iter().find(|proposal| proposal.code == self.case.court) {
            Some(proposal) => {
                self.add(Check::Jurisdiction, Verdict::Ok, "R-JUR-05", source(&proposal.law), proposal.reason.clone());
                let level = law.courts.by_code(&self.case.court).map_or("", |court| court.level.zh());
                let text = format!("级别：标的额 {} 元，{level}", self.statement.amount.short());
                self.add(Check::Jurisdiction, Verdict::Ok, "R-JUR-10", Source::Field("amount".into()), text);
            }
            None if proposals.courts.is_empty() => {
                let text = format!("从所写的住所和履行地看不出由哪个法院管辖，请判断{own}有没有管辖权");
                self.add(Check::Jurisdiction, Verdict::Doubt, "R-JUR-01", Source::Field("defendant.address".into()), text);
            }
            None => {
                let names = proposals.courts.iter().map(|proposal| format!("{}（{}）", proposal.name, proposal.reason)).collect::<Vec<_>>();
                let text = format!("按所写的事实，由{}管辖，不是{own}", names.join("、或者"));
                let remark =
                    format!("按您写的事实，本案由{}管辖。请说明向本院起诉的理由并补充材料，或者向有管辖权的法院起诉。", names.join("、或者"));
                self.mend(Check::Jurisdiction, Verdict::Problem, "R-JUR-01", Source::Law(proposals.courts[0].law.clone()), text, remark);
            }
        }
        for left in &proposals.excluded {
            let text = format!("{}：{}", left.what, left.reason);
            self.add(Check::Jurisdiction, Verdict::Doubt, "R-JUR-01", Source::Field("defendant.address".into()), text);
        }
        if facts.is_none_or(|facts| facts.agreement.is_none()) {
            self.add(Check::Jurisdiction, Verdict::NotApplicable, "R-JUR-03", Source::Field("agreed_court".into()), "没有写协议管辖");
        }
    }

    /// `None` where the place that alone counts was not told: whoever filed at the counter answered no interview.
    fn places(&self) -> Option<Facts> {
        let place = |own: &Particulars| Place { of: own.name.clone(), domicile: own.address.clone(), habitual: None };
        let of = |side| {
            let parties = self.case.side(side).filter_map(|party| self.people.iter().find(|own| own.person == party.person));
            parties.map(place).collect::<Vec<_>>()
        };
        let (plaintiffs, defendants) = (of(Side::Plaintiff), of(Side::Defendant));
        let answers = &self.statement.answers;
        let cause = Cause::by_number(&self.statement.cause);
        let matter = match cause {
            Some(cause) => cause.matter(answers, &plaintiffs, &defendants)?,
            // Of a cause that is not shipped the defendants' domiciles are known at least.
            None => Matter::General,
        };
        let agreement = cause.and_then(|cause| cause.agreed_court(answers));
        Some(Facts { amount: self.statement.amount, matter, plaintiffs, defendants, agreement, agreement_hidden: false, foreign: false })
    }

    /// The same people before this court (R-FIL-15, R-FIL-16). Whether it is the same suit, a person judges.
    fn duplicates(&mut self, similar: &[Similar]) {
        if similar.is_empty() {
            let text = "本院没有相同当事人的其他案件";
            return self.add(Check::Duplicates, Verdict::Ok, "R-FIL-15", Source::Field("parties".into()), text);
        }
        for other in similar {
            let what = format!("{} {}，{}，{}", other.number, other.title, other.cause_name, other.stage.zh());
            let (verdict, rule, text) = if other.cause != self.statement.cause {
                (Verdict::NotApplicable, "R-FIL-15", format!("{what}：当事人有重合，案由不同"))
            } else if !other.same_parties {
                (Verdict::NotApplicable, "R-FIL-15", format!("{what}：只有一方当事人相同"))
            } else {
                match other.stage {
                    Stage::Withdrawn => (Verdict::Doubt, "R-FIL-16", format!("{what}：撤诉后可以再次起诉")),
                    Stage::Dismissed => (Verdict::Doubt, "R-FIL-16", format!("{what}：驳回起诉后符合条件的，可以再次起诉")),
                    Stage::Transferred => (Verdict::Doubt, "R-TRF-01", format!("{what}：已经移送有管辖权的法院")),
                    Stage::Terminated => (Verdict::Doubt, "R-FIL-15", format!("{what}：诉讼已经终结")),
                    Stage::Refused => (Verdict::Doubt, "R-FIL-16", format!("{what}：不予受理后符合条件的，可以再次起诉")),
                    Stage::GivenBack => (Verdict::Doubt, "R-FIL-12", format!("{what}：材料已经退回，补齐后可以重新起诉")),
                    Stage::New => (Verdict::NotApplicable, "R-FIL-15", format!("{what}：还没有提交")),
                    Stage::Submitted | Stage::Returned | Stage::Preserving | Stage::Preparing | Stage::Hearing | Stage::Suspended => (
                        Verdict::Doubt,
                        "R-FIL-15",
                        format!("{what}：当事人、案由相同，正在办理，请判断是否重复起诉{}", same_claims(self.statement, other)),
                    ),
                    Stage::Decided | Stage::Effective | Stage::Archived => (
                        Verdict::Doubt,
                        "R-FIL-15",
                        format!("{what}：当事人、案由相同，已经裁判，请判断是否重复起诉{}", same_claims(self.statement, other)),
                    ),
                }
            };
            self.add(Check::Duplicates, verdict, rule, Source::Case(other.id), text);
        }
    }
}

fn same_claims(statement: &Statement, other: &Similar) -> &'static str {
    let same = statement.claims.iter().any(|claim| other.claims.contains(claim));
    if same { "（有一项请求完全相同）" } else { "" }
}

/// The side in names of fields.
pub fn side_name(side: Side) -> &'static str {
    match side {
        Side::Plaintiff => "plaintiff",
        Side::Defendant => "defendant",
    }
}

/// Does the address lead to a door, or at least to a group of a village?
fn definite(address: &str) -> bool {
    let vague = ["一带", "附近", "周边", "不详", "某"];
    let door = ["号", "栋", "幢", "室", "单元", "弄", "楼", "组", "屯"];
    !vague.iter().any(|word| address.ends_with(word)) && door.iter().any(|word| address.contains(word))
}

/// Two characters in a row that both hold: 借条 in 借条、借款合同等债权凭证 and in 借条（正面）.
fn shares_a_word(telling: &str, name: &str) -> bool {
    let letters: Vec<char> = name.chars().filter(|c| c.is_alphanumeric()).collect();
    letters.windows(2).any(|pair| telling.contains(&pair.iter().collect::<String>()))
}

#[cfg(test)]
#[path = "review_tests.rs"]
mod tests;
