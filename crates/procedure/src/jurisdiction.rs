//! 管辖: which courts may hear a case (R-JUR-01..14): exclusive first, then a written agreement, then the special and general
//! grounds, each lifted to the level of the case.
//!
//! It proposes, with its reasons; the filing clerk decides. Among several the plaintiff chooses (R-JUR-06).
use crate::courts::{Court, Level, Register};
use crate::money::Fen;
use serde::{Deserialize, Serialize};

mod matter;

pub use matter::{Matter, Rank, Subject};

/// A place that counts for jurisdiction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Whose: the name as it stands in the complaint.
    pub of: String,
    /// 住所地: registered residence, or seat.
    pub domicile: String,
    /// 经常居住地, if he has lived elsewhere for a year or more (R-JUR-05).
    #[serde(default)]
    pub habitual: Option<String>,
}

impl Place {
    /// The address that decides: habitual residence first (《民事诉讼法》(2023) 第22条).
    fn deciding(&self) -> (&str, &'static str) {
        match self.habitual.as_deref().filter(|address| !address.trim().is_empty()) {
            Some(address) => (address, "经常居住地"),
            None => (&self.domicile, "住所地"),
        }
    }
}

/// Facts of a dispute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// What it is about; the grounds hang on it.
    pub matter: Matter,
    /// 诉讼标的额; zero where it is not about property.
    #[serde(default = "not_about_property")]
    pub amount: Fen,
    #[serde(default)]
    pub plaintiffs: Vec<Place>,
    #[serde(default)]
    pub defendants: Vec<Place>,
    /// The written agreement's court: its name or an address in its district (R-JUR-03).
    #[serde(default)]
    pub agreement: Option<String>,
    /// The agreement is a standard clause to which a consumer was not pointed in a reasonable way (民诉法解释第31条).
    #[serde(default)]
    pub agreement_hidden: bool,
    /// A party is foreign, or from Hong Kong, Macao or Taiwan: other thresholds (R-JUR-11).
    #[serde(default)]
    pub foreign: bool,
}

fn not_about_property() -> Fen {
    Fen::ZERO
}

/// One court that may hear it, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    pub code: String,
    pub name: String,
    /// As a party reads it: 被告陈志远住所地在青石区.
    pub reason: String,
    pub rule: String,
    pub law: String,
}

/// What could not be turned into a court.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excluded {
    pub what: String,
    /// What is wrong and what to do.
    pub reason: String,
    pub rule: String,
}

/// Courts that may hear the dispute, best founded first, and what was left out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Proposals {
    pub courts: Vec<Proposal>,
    pub excluded: Vec<Excluded>,
}

impl Proposals {
    /// Is this court among the proposals?
    pub fn holds(&self, code: &str) -> bool {
        self.courts.iter().any(|proposal| proposal.code == code)
    }
}

const CPL_35: &str = "《中华人民共和国民事诉讼法》第三十五条";

/// Proposes courts, in the order of the tests: exclusive jurisdiction (R-JUR-01), a valid agreement (R-JUR-03), the special and
/// general grounds (R-JUR-04, R-JUR-05), each lifted to the level of the case (R-JUR-02, R-JUR-10..12).
pub fn propose(facts: &Facts, register: &Register) -> Proposals {
    let mut found = Proposals::default();
    let agreed = facts.agreement.as_deref().filter(|text| !text.trim().is_empty());
    if let Some(agreed) = agreed {
        if let Some(bar) = facts.matter.bars_agreement() {
            found.leave_out(format!("书面约定：{agreed}"), bar, "R-JUR-03");
        } else if facts.agreement_hidden {
            let reason = "格式条款没有用合理方式提请消费者注意，消费者主张约定无效的，不按约定确定管辖。";
            found.leave_out(format!("书面约定：{agreed}"), reason, "R-JUR-03");
        } else {
            found.agreement(facts, agreed, register);
            if !found.courts.is_empty() {
                return found;
            }
        }
    }
    for ground in facts.matter.grounds(facts) {
        found.place(facts, register, &ground);
    }
    found
}

/// Why a court may hear it: a place, and what makes it count.
struct Ground {
    /// What lies there, without 在: 被告陈志远住所地.
    what: String,
    address: String,
    /// After the place: ，是合同履行地.
    tail: &'static str,
    rule: &'static str,
    law: &'static str,
    /// The article of the kind of dispute, named before that of the ground; empty: none.
    under: &'static str,
}

impl Ground {
    fn new(what: impl Into<String>, address: &str, rule: &'static str, law: &'static str) -> Self {
        Self { what: what.into(), address: address.to_owned(), tail: "", rule, law, under: "" }
    }
}

impl Proposals {
    /// A written agreement names its court (R-JUR-03, 《民事诉讼法》(2023) 第35条); the clerk looks at the actual connection.
    fn agreement(&mut self, facts: &Facts, agreed: &str, register: &Register) {
        let named = register.iter().find(|court| agreed.contains(&court.name) || (court.level == Level::Basic && agreed.contains(&court.short_name)));
        let Some(court) = named.or_else(|| register.place_of(agreed)) else {
            self.leave_out(format!("书面约定：{agreed}"), "看不出约定的是哪个法院，请写法院的全称，或者按被告住所地、合同履行地选择。", "R-JUR-03");
            return;
        };
        let level = facts.matter.level(register).unwrap_or_else(|| level(facts, court, register));
        if court.level != level {
            let reason = format!("约定的{}与本案金额应当由{}管辖不符，约定不能违反级别管辖。", court.short_name, level.zh());
            self.leave_out(format!("书面约定：{agreed}"), &reason, "R-JUR-02");
            return;
        }
        self.add(court, format!("双方书面约定由{}管辖", court.short_name), "R-JUR-03", CPL_35.to_owned());
    }

    fn place(&mut self, facts: &Facts, register: &Register, ground: &Ground) {
        let address = ground.address.trim();
        let law = if ground.under.is_empty() { ground.law.to_owned() } else { format!("{}；{}", ground.under, ground.law) };
        if let Some(court) = register.named(address) {
            return self.add(court, format!("{}是{}", ground.what, court.short_name), ground.rule, law);
        }
        let Some(basic) = register.place_of(address) else {
            let reason = match address {
                "" => "没有写地址，请补上省、市、区（县）。".to_owned(),
                _ => format!("从“{address}”看不出在哪个区（县），请写明省、市、区（县），或者直接选择法院。"),
            };
            self.leave_out(ground.what.clone(), &reason, "R-FIL-04");
            return;
        };
        let reason = format!("{}在{}{}", ground.what, basic.short_name.trim_end_matches("人民法院"), ground.tail);
        if let Some((court, rule, why)) = facts.matter.special_court(basic, register) {
            return self.add(court, format!("{reason}；{why}"), rule, law);
        }
        let target = facts.matter.level(register).unwrap_or_else(|| level(facts, basic, register));
        let mut court = Some(basic);
        while let Some(at) = court.filter(|court| court.level < target) {
            court = register.appeals_to(&at.code);
        }
        let Some(court) = court else { return };
        if court.code == basic.code {
            return self.add(court, reason, ground.rule, law);
        }
        match facts.matter.level(register) {
            Some(_) => self.add(court, format!("{reason}；{}", facts.matter.level_zh()), "R-JUR-02", law),
            None => {
                let rule = if facts.foreign { "R-JUR-11" } else { "R-JUR-10" };
                self.add(court, format!("{reason}；诉讼标的额{}元，由{}作为一审法院", facts.amount.short(), court.level.zh()), rule, law);
            }
        }
    }

    fn add(&mut self, court: &Court, reason: String, rule: &str, law: String) {
        if let Some(known) = self.courts.iter_mut().find(|known| known.code == court.code) {
            known.reason = format!("{}；{reason}", known.reason);
            let more: Vec<&str> = law.split('；').filter(|article| !known.law.split('；').any(|known| known == *article)).collect();
            for article in more {
                known.law = format!("{}；{article}", known.law);
            }
            return;
        }
        self.courts.push(Proposal { code: court.code.clone(), name: court.short_name.clone(), reason, rule: rule.to_owned(), law });
    }

    fn leave_out(&mut self, what: String, reason: &str, rule: &str) {
        self.excluded.push(Excluded { what, reason: reason.to_owned(), rule: rule.to_owned() });
    }
}

/// Provinces with the higher threshold of foreign-related cases (R-JUR-11).
const FOREIGN_HIGH: &str = "京津沪苏浙闽鲁粤渝";

/// The level of first instance by amount (R-JUR-10, 法发〔2021〕27号; R-JUR-11, 法释〔2022〕18号).
fn level(facts: &Facts, court: &Court, register: &Register) -> Level {
    let yi = 100_000_000_i64;
    let province = court.code.chars().next();
    let intermediate = if facts.foreign {
        let high = province.is_some_and(|province| FOREIGN_HIGH.contains(province));
        Fen::yuan_whole(if high { 40_000_000 } else { 20_000_000 })
    } else {
        let inside = |place: &Place| province_of(place, register) == province;
        let parties = facts.plaintiffs.iter().chain(&facts.defendants);
        let (inside, all) = parties.fold((0, 0), |(inside_count, all), place| (inside_count + i32::from(inside(place)), all + 1));
        // All or none of the parties in the province: 5 亿; one side outside: 1 亿.
        Fen::yuan_whole(if inside == all || inside == 0 { 5 * yi } else { yi })
    };
    if facts.amount >= Fen::yuan_whole(50 * yi) {
        Level::High
    } else if facts.amount >= intermediate {
        Level::Intermediate
    } else {
        Level::Basic
    }
}

fn province_of(place: &Place, register: &Register) -> Option<char> {
    register.place_of(place.deciding().0).and_then(|court| court.code.chars().next())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn register() -> &'static Register {
        static REGISTER: std::sync::OnceLock<Register> = std::sync::OnceLock::new();
        REGISTER.get_or_init(Register::with_demo)
    }

    fn place(of: &str, domicile: &str) -> Place {
        Place { of: of.into(), domicile: domicile.into(), habitual: None }
    }

    fn loan() -> Facts {
        let lender = place("周桂兰", "广东省清河市云海区听涛路3号");
        Facts {
            amount: Fen(17_550_000),
            plaintiffs: vec![lender.clone()],
            defendants: vec![place("陈志远", "广东省清河市青石区桐荫路88号")],
            matter: Matter::Contract { receiver: Some(lender), agreed_place: None, obligor: None },
            agreement: None,
            agreement_hidden: false,
            foreign: false,
        }
    }

    fn codes(facts: &Facts) -> Vec<String> {
        propose(facts, register()).courts.into_iter().map(|court| court.code).collect()
    }

    #[test]
    fn r_jur_04_defendants_domicile_or_place_of_the_receiver() {
        let proposals = propose(&loan(), register());
        assert_eq!(codes(&loan()), ["粤4001", "粤4002"]);
        assert_eq!(proposals.courts[0].reason, "被告陈志远住所地在清河市青石区");
        assert_eq!(proposals.courts[1].reason, "接收货币一方周桂兰在清河市云海区，是合同履行地");
        assert!(proposals.courts[1].law.contains("第十八条"));
    }

    #[test]
    fn r_jur_04_an_agreed_place_of_performance_goes_before_the_receiver() {
        let matter = Matter::Contract { receiver: None, agreed_place: Some("广东省江门市台山市".into()), obligor: None };
        let facts = Facts { matter, ..loan() };
        assert_eq!(codes(&facts), ["粤4001", "粤0781"]);
    }

    #[test]
    fn r_jur_05_habitual_residence_first_and_each_defendant_counts() {
        let mut facts = loan();
        facts.defendants[0].habitual = Some("北京市海淀区中关村大街1号".into());
        facts.defendants.push(place("李某", "广东省清河市云海区"));
        assert_eq!(codes(&facts), ["京0108", "粤4002"]);
        let reason = &propose(&facts, register()).courts[1].reason;
        assert!(reason.contains("被告李某") && reason.contains("接收货币一方周桂兰"), "both grounds stand: {reason}");
    }

    #[test]
    fn r_jur_03_a_written_agreement_stands_alone_but_not_against_the_level() {
        let facts = Facts { agreement: Some("由北京市海淀区人民法院管辖".into()), ..loan() };
        assert_eq!(codes(&facts), ["京0108"]);
        let facts = Facts { agreement: Some("由广东省高级人民法院管辖".into()), ..loan() };
        let proposals = propose(&facts, register());
        assert_eq!(proposals.courts.len(), 2, "falls back to the statutory courts");
        assert_eq!(proposals.excluded[0].rule, "R-JUR-02");
    }

    #[test]
    fn r_jur_10_level_by_amount() {
        let yi = 100_000_000;
        for (amount, outside, code) in
            [(499_999_999, false, "粤4001"), (5 * yi, false, "粤40"), (yi, true, "粤40"), (yi - 1, true, "粤4001"), (50 * yi, false, "粤")]
        {
            let mut facts = Facts { amount: Fen::yuan_whole(amount), ..loan() };
            if outside {
                facts.plaintiffs[0].domicile = "北京市海淀区中关村大街1号".into();
            }
            assert_eq!(codes(&facts)[0], code, "{amount} {outside}");
        }
    }

    #[test]
    fn r_jur_11_foreign_related() {
        let facts = |amount| Facts { amount: Fen::yuan_whole(amount), foreign: true, ..loan() };
        assert_eq!(codes(&facts(39_999_999))[0], "粤4001");
        assert_eq!(codes(&facts(40_000_000))[0], "粤40");
    }

    #[test]
    fn r_fil_04_an_address_without_a_district_is_told() {
        let mut facts = loan();
        facts.defendants[0].domicile = "学校旁边".into();
        let proposals = propose(&facts, register());
        assert_eq!(proposals.courts.len(), 1);
        assert_eq!(proposals.excluded[0].what, "被告陈志远住所地");
        assert!(proposals.excluded[0].reason.contains("请写明省、市、区（县）"));
    }
}
