//! 管辖依据: what a dispute is about, and the places that count for it (R-JUR-01, R-JUR-04, R-JUR-05, R-JUR-12..14).
use super::{Facts, Ground, Place};
use crate::courts::{Court, Level, Register};
use serde::{Deserialize, Serialize};

const CPL_22: &str = "《中华人民共和国民事诉讼法》第二十二条";
const CPL_23: &str = "《中华人民共和国民事诉讼法》第二十三条";
const CPL_24: &str = "《中华人民共和国民事诉讼法》第二十四条";
const CPL_25: &str = "《中华人民共和国民事诉讼法》第二十五条";
const CPL_26: &str = "《中华人民共和国民事诉讼法》第二十六条";
const CPL_27: &str = "《中华人民共和国民事诉讼法》第二十七条";
const CPL_28: &str = "《中华人民共和国民事诉讼法》第二十八条";
const CPL_29: &str = "《中华人民共和国民事诉讼法》第二十九条";
const CPL_30: &str = "《中华人民共和国民事诉讼法》第三十条";
const CPL_34: &str = "《中华人民共和国民事诉讼法》第三十四条";
const CPL_104: &str = "《中华人民共和国民事诉讼法》第一百零四条第一款";
const CPL_205: &str = "《中华人民共和国民事诉讼法》第二百零五条";
const CPL_207: &str = "《中华人民共和国民事诉讼法》第二百零七条";
const CPL_235: &str = "《中华人民共和国民事诉讼法》第二百三十五条";
const JI_12: &str = "《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第十二条";
const LABOUR_3: &str = "《最高人民法院关于审理劳动争议案件适用法律问题的解释（一）》第三条";
const JI_18: &str = "《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第十八条第二款";
const JI_18_1: &str = "《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第十八条第一款";
const JI_20: &str = "《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第二十条";
const JI_21: &str = "《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第二十一条";
const JI_23: &str = "《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第二十三条";
const JI_24: &str = "《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第二十四条";
const JI_25: &str = "《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第二十五条";
const JI_28: &str = "《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第二十八条";
const ALP_18: &str = "《中华人民共和国行政诉讼法》第十八条";
const ALP_19: &str = "《中华人民共和国行政诉讼法》第十九条";
const ALP_20: &str = "《中华人民共和国行政诉讼法》第二十条";
const CRPL_25: &str = "《中华人民共和国刑事诉讼法》第二十五条";

/// What a dispute is about. An address that is not known is left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Matter {
    /// 合同: defendant's domicile or place of performance: as agreed; else for money where its receiver is, for other obligations
    /// where the obligor is (CPL 24, JI 18).
    Contract {
        #[serde(default)]
        agreed_place: Option<String>,
        #[serde(default)]
        receiver: Option<Place>,
        #[serde(default)]
        obligor: Option<Place>,
    },
    /// 网络购物合同: the buyer's domicile for what came over the network, else the place of receipt (JI 20).
    OnlinePurchase {
        place: String,
        #[serde(default)]
        delivered_online: bool,
    },
    /// 保险合同: where the insured thing is; for vehicles and cargo register, destination, accident too (CPL 25, JI 21).
    Insurance { places: Vec<String> },
    /// 票据: where it is to be paid (CPL 26).
    Bill { payment_place: String },
    /// 公司设立、股东资格、分配利润、解散等: the company's seat (CPL 27).
    Company { seat: String },
    /// 运输合同: where the carriage begins and ends (CPL 28).
    Carriage { from: String, to: String },
    /// 侵权: where it was done and where it took effect; on the network: the equipment, and the victim's domicile (CPL 29, JI 24, 25).
    Tort {
        #[serde(default)]
        acts: Vec<String>,
        #[serde(default)]
        results: Vec<String>,
        #[serde(default)]
        online: bool,
    },
    /// 交通事故: where it happened, where the vehicle first arrived (CPL 30).
    TransportAccident { places: Vec<String> },
    /// 不动产纠纷: where the land lies, alone; rural land contract, lease of a house, construction, policy housing too (CPL 34, JI 28).
    Immovable {
        place: String,
        #[serde(default)]
        by_contract: bool,
    },
    /// 港口作业: where the port is (CPL 34).
    Port { place: String },
    /// 继承: the deceased's domicile at death, or where the main estate is (CPL 34).
    Succession {
        domicile: String,
        #[serde(default)]
        estate: Option<String>,
    },
    /// 身份关系, defendant abroad, missing, or in prison: the plaintiff's domicile (CPL 23).
    AgainstAbsent,
    /// 离婚: the defendant's domicile; has he left it for over a year, the plaintiff's too (CPL 22, JI 12).
    Divorce {
        #[serde(default)]
        left_home: bool,
    },
    /// 劳动争议: a basic court where the employer is or where the work is done (劳动争议解释（一）3).
    Labour {
        employer: Place,
        #[serde(default)]
        performed: Vec<String>,
    },
    /// Everything else: the defendant's domicile (CPL 22).
    General,
    /// 诉前财产保全: where the property is, or the respondent's domicile (CPL 104).
    Preservation {
        #[serde(default)]
        places: Vec<String>,
    },
    /// 支付令: basic court of the debtor's domicile (JI 23).
    PaymentOrder,
    /// 实现担保物权: basic court where the property is, or where the right is registered (CPL 207).
    SecurityRight { places: Vec<String> },
    /// 司法确认: where the mediating organisation is, a party's domicile, the subject's place (CPL 205).
    Confirmation {
        #[serde(default)]
        organisation: Option<String>,
        #[serde(default)]
        subject: Option<String>,
    },
    /// 执行 of a judgment: the first-instance court or that of its level where property is; other titles: debtor's domicile or
    /// property (CPL 235).
    Enforcement {
        #[serde(default)]
        first_instance: Option<String>,
        #[serde(default)]
        property: Vec<String>,
    },
    /// 行政: where the organ is that acted first, or that reviewed it; measures against liberty: the plaintiff's place too;
    /// immovables: theirs (ALP 14, 15, 18–20).
    Administrative {
        organ: String,
        rank: Rank,
        #[serde(default)]
        reviewed_by: Option<String>,
        #[serde(default)]
        liberty: bool,
        #[serde(default)]
        immovable: Option<String>,
    },
    /// 刑事: where the crime was done, or where the accused lives if that is fitter (CrPL 20, 21, 25).
    Criminal {
        places: Vec<String>,
        #[serde(default)]
        residence: Option<String>,
        /// State security, terror, or life or death sentence to be expected.
        #[serde(default)]
        grave: bool,
    },
    /// 知识产权侵权、权属: the grounds of a tort before the courts that the subject allows (R-JUR-12).
    IntellectualProperty {
        subject: Subject,
        #[serde(default)]
        places: Vec<String>,
    },
}

/// Who acted, for the level of an administrative case (ALP 15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rank {
    /// A department of a local government.
    Department,
    /// A local government of county level or above.
    Government,
    /// A department of the State Council.
    StateCouncil,
    Customs,
}

/// What is protected (R-JUR-12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// 发明、实用新型专利，植物新品种，集成电路布图设计，技术秘密，计算机软件，垄断
    Technical,
    /// 外观设计专利，涉驰名商标认定
    DesignOrWellKnownMark,
    /// Everything else: basic courts that the Supreme Court named.
    Other,
}

impl Matter {
    /// Why no agreement can choose the court; none: it can (CPL 35).
    pub(super) fn bars_agreement(&self) -> Option<&'static str> {
        match self {
            Self::Immovable { .. } | Self::Port { .. } | Self::Succession { .. } => Some("本案属于专属管辖，不能约定法院。"),
            Self::AgainstAbsent
            | Self::Divorce { .. }
            | Self::Labour { .. }
            | Self::PaymentOrder
            | Self::SecurityRight { .. }
            | Self::Confirmation { .. }
            | Self::Enforcement { .. } => Some("这类案件的管辖由法律规定，不能约定法院。"),
            Self::Administrative { .. } | Self::Criminal { .. } => Some("行政、刑事案件不能约定管辖法院。"),
            Self::Contract { .. }
            | Self::OnlinePurchase { .. }
            | Self::Insurance { .. }
            | Self::Bill { .. }
            | Self::Company { .. }
            | Self::Carriage { .. }
            | Self::Tort { .. }
            | Self::TransportAccident { .. }
            | Self::General
            | Self::Preservation { .. }
            | Self::IntellectualProperty { .. } => None,
        }
    }

    /// The level that the law fixes for it, whatever the amount; none: by amount.
    pub(super) fn level(&self, register: &Register) -> Option<Level> {
        match self {
            Self::PaymentOrder | Self::SecurityRight { .. } | Self::Confirmation { .. } | Self::Labour { .. } => Some(Level::Basic),
            // The court of the property is of the same level as the first-instance court.
            Self::Enforcement { first_instance, .. } => {
                Some(first_instance.as_deref().and_then(|name| register.named(name)).map_or(Level::Basic, |court| court.level))
            }
            Self::Administrative { rank: Rank::Department, .. } | Self::Criminal { grave: false, .. } => Some(Level::Basic),
            Self::Administrative { rank: Rank::Government | Rank::StateCouncil | Rank::Customs, .. } | Self::Criminal { grave: true, .. } => {
                Some(Level::Intermediate)
            }
            Self::IntellectualProperty { subject: Subject::DesignOrWellKnownMark, .. } => Some(Level::Intermediate),
            Self::Contract { .. }
            | Self::OnlinePurchase { .. }
            | Self::Insurance { .. }
            | Self::Bill { .. }
            | Self::Company { .. }
            | Self::Carriage { .. }
            | Self::Tort { .. }
            | Self::TransportAccident { .. }
            | Self::Immovable { .. }
            | Self::Port { .. }
            | Self::Succession { .. }
            | Self::AgainstAbsent
            | Self::Divorce { .. }
            | Self::General
            | Self::Preservation { .. }
            | Self::IntellectualProperty { subject: Subject::Technical | Subject::Other, .. } => None,
        }
    }

    /// Why it is not a basic court.
    pub(super) fn level_zh(&self) -> &'static str {
        match self {
            Self::Administrative { .. } => "对国务院部门、县级以上地方人民政府或者海关的行政行为，由中级人民法院作为一审法院",
            Self::Criminal { .. } => "危害国家安全、恐怖活动或者可能判处无期徒刑、死刑的案件，由中级人民法院作为一审法院",
            Self::IntellectualProperty { .. } => "外观设计专利、涉驰名商标认定的案件，由知识产权法院和中级人民法院作为一审法院",
            Self::Contract { .. }
            | Self::OnlinePurchase { .. }
            | Self::Insurance { .. }
            | Self::Bill { .. }
            | Self::Company { .. }
            | Self::Carriage { .. }
            | Self::Tort { .. }
            | Self::TransportAccident { .. }
            | Self::Immovable { .. }
            | Self::Port { .. }
            | Self::Succession { .. }
            | Self::AgainstAbsent
            | Self::Divorce { .. }
            | Self::General
            | Self::Preservation { .. }
            | Self::Labour { .. }
            | Self::PaymentOrder
            | Self::SecurityRight { .. }
            | Self::Confirmation { .. }
            | Self::Enforcement { .. } => "由法律规定的级别管辖",
        }
    }

    /// The special court that takes the place of the one of the district: internet courts (R-JUR-13), courts for technical
    /// intellectual property (R-JUR-12).
    pub(super) fn special_court<'a>(&self, basic: &'a Court, register: &'a Register) -> Option<(&'a Court, &'static str, &'static str)> {
        let city = basic.parent.as_deref().and_then(|code| register.by_code(code))?;
        match self {
            Self::OnlinePurchase { .. } | Self::Tort { online: true, .. } => {
                let named = |court: &&Court| court.name.strip_suffix("互联网法院").is_some_and(|seat| city.name.contains(seat));
                let court = register.iter().find(named)?;
                Some((court, "R-JUR-13", "辖区内应当由基层人民法院受理的互联网案件，由互联网法院集中管辖"))
            }
            Self::IntellectualProperty { subject: Subject::Technical, .. } => {
                let province = city.parent.as_deref()?;
                let own = |court: &&Court| court.parent.as_deref() == Some(province) && court.name.ends_with("知识产权法院");
                // 省、自治区、直辖市人民政府所在地: its intermediate court bears 01.
                let court = register.iter().find(own).or_else(|| register.by_code(&format!("{province}01")))?;
                Some((court, "R-JUR-12", "由知识产权法院或者省级人民政府所在地的中级人民法院管辖"))
            }
            Self::Contract { .. }
            | Self::Insurance { .. }
            | Self::Bill { .. }
            | Self::Company { .. }
            | Self::Carriage { .. }
            | Self::Tort { online: false, .. }
            | Self::TransportAccident { .. }
            | Self::Immovable { .. }
            | Self::Port { .. }
            | Self::Succession { .. }
            | Self::AgainstAbsent
            | Self::Divorce { .. }
            | Self::General
            | Self::Preservation { .. }
            | Self::Labour { .. }
            | Self::PaymentOrder
            | Self::SecurityRight { .. }
            | Self::Confirmation { .. }
            | Self::Enforcement { .. }
            | Self::Administrative { .. }
            | Self::Criminal { .. }
            | Self::IntellectualProperty { subject: Subject::DesignOrWellKnownMark | Subject::Other, .. } => None,
        }
    }

    /// The places that count, best founded first.
    pub(super) fn grounds(&self, facts: &Facts) -> Vec<Ground> {
        match self {
            Self::Contract { agreed_place, receiver, obligor } => {
                let mut grounds = defendants(facts, CPL_22);
                match (agreed_place.as_deref().filter(|text| !text.trim().is_empty()), receiver, obligor) {
                    (Some(agreed), _, _) => grounds.push(Ground::new("合同约定的履行地", agreed, "R-JUR-04", JI_18_1)),
                    (None, Some(receiver), _) => grounds.push(performed("接收货币一方", receiver)),
                    (None, None, Some(obligor)) => grounds.push(performed("履行义务一方", obligor)),
                    (None, None, None) => {}
                }
                under(grounds, CPL_24)
            }
            Self::OnlinePurchase { place, delivered_online } => {
                let what = if *delivered_online { "买受人住所地" } else { "收货地" };
                let ground = Ground { tail: "，是合同履行地", ..Ground::new(what, place, "R-JUR-04", JI_20) };
                under(defendants(facts, CPL_22).into_iter().chain([ground]).collect(), CPL_24)
            }
            Self::Insurance { places } => {
                let what =
                    if places.len() > 1 { "运输工具登记地、运输目的地或者保险事故发生地" } else { "保险标的物所在地" };
                beside(facts, CPL_25, places.iter().map(|place| Ground::new(what, place, "R-JUR-04", JI_21)))
            }
            Self::Bill { payment_place } => beside(facts, CPL_26, [Ground::new("票据支付地", payment_place, "R-JUR-04", CPL_26)]),
            Self::Company { seat } => vec![Ground::new("公司住所地", seat, "R-JUR-04", CPL_27)],
            Self::Carriage { from, to } => {
                beside(facts, CPL_28, [Ground::new("运输始发地", from, "R-JUR-04", CPL_28), Ground::new("运输目的地", to, "R-JUR-04", CPL_28)])
            }
            Self::Tort { acts, results, online } => beside(facts, CPL_29, tort(facts, acts, results, *online)),
            Self::TransportAccident { places } => {
                beside(facts, CPL_30, places.iter().map(|place| Ground::new("事故发生地或者最先到达地", place, "R-JUR-04", CPL_30)))
            }
            Self::Immovable { place, by_contract } => {
                let law = if *by_contract { JI_28 } else { CPL_34 };
                vec![Ground { tail: "，专属管辖", ..Ground::new("不动产所在地", place, "R-JUR-01", law) }]
            }
            Self::Port { place } => vec![Ground { tail: "，专属管辖", ..Ground::new("港口所在地", place, "R-JUR-01", CPL_34) }],
            Self::Succession { domicile, estate } => {
                let at_death = Ground { tail: "，专属管辖", ..Ground::new("被继承人死亡时住所地", domicile, "R-JUR-01", CPL_34) };
                let estate =
                    estate.iter().map(|place| Ground { tail: "，专属管辖", ..Ground::new("主要遗产所在地", place, "R-JUR-01", CPL_34) });
                std::iter::once(at_death).chain(estate).collect()
            }
            Self::AgainstAbsent => homes(&facts.plaintiffs, "原告", CPL_23),
            Self::Divorce { left_home: false } => defendants(facts, CPL_22),
            Self::Divorce { left_home: true } => {
                let away = homes(&facts.plaintiffs, "原告", JI_12)
                    .into_iter()
                    .map(|ground| Ground { tail: "，被告离开住所地超过一年", ..ground });
                defendants(facts, CPL_22).into_iter().chain(away).collect()
            }
            Self::Labour { employer, performed } => {
                let performed = performed.iter().map(|place| Ground::new("劳动合同履行地", place, "R-JUR-04", LABOUR_3));
                std::iter::once(Ground { rule: "R-JUR-04", ..home(employer, "用人单位", LABOUR_3) }).chain(performed).collect()
            }
            Self::General => defendants(facts, CPL_22),
            Self::Preservation { places } => {
                let places = places.iter().map(|place| Ground::new("被保全财产所在地", place, "R-PRV-01", CPL_104));
                let homes = facts.defendants.iter().map(|place| Ground { rule: "R-PRV-01", ..home(place, "被申请人", CPL_104) });
                places.chain(homes).collect()
            }
            Self::PaymentOrder => {
                let debtor = |place: &Place| Ground { rule: "R-JUR-14", law: JI_23, ..home(place, "债务人", JI_23) };
                facts.defendants.iter().map(debtor).collect()
            }
            Self::SecurityRight { places } => {
                places.iter().map(|place| Ground::new("担保财产所在地或者登记地", place, "R-JUR-14", CPL_207)).collect()
            }
            Self::Confirmation { organisation, subject } => {
                let organisation = organisation.iter().map(|place| Ground::new("调解组织所在地", place, "R-JUR-14", CPL_205));
                let parties = facts.plaintiffs.iter().chain(&facts.defendants).map(|place| home(place, "当事人", CPL_205));
                let subject = subject.iter().map(|place| Ground::new("标的物所在地", place, "R-JUR-14", CPL_205));
                organisation.chain(parties.map(|ground| Ground { rule: "R-JUR-14", ..ground })).chain(subject).collect()
            }
            Self::Enforcement { first_instance, property } => {
                let court = first_instance.iter().map(|place| Ground::new("第一审人民法院", place, "R-JUR-14", CPL_235));
                let debtors = facts.defendants.iter().filter(|_| first_instance.is_none()).map(|place| home(place, "被执行人", CPL_235));
                let property = property.iter().map(|place| Ground::new("被执行的财产所在地", place, "R-JUR-14", CPL_235));
                court.chain(debtors.map(|ground| Ground { rule: "R-JUR-14", ..ground })).chain(property).collect()
            }
            Self::Administrative { organ, rank: _, reviewed_by, liberty, immovable } => {
                if let Some(place) = immovable {
                    return vec![Ground { tail: "，专属管辖", ..Ground::new("不动产所在地", place, "R-JUR-14", ALP_20) }];
                }
                let first = Ground::new("最初作出行政行为的行政机关", organ, "R-JUR-14", ALP_18);
                let review = reviewed_by.iter().map(|place| Ground::new("复议机关", place, "R-JUR-14", ALP_18));
                let homes = facts.plaintiffs.iter().filter(|_| *liberty).map(|place| home(place, "原告", ALP_19));
                std::iter::once(first).chain(review).chain(homes.map(|ground| Ground { rule: "R-JUR-14", ..ground })).collect()
            }
            Self::Criminal { places, residence, grave: _ } => {
                let crime = places.iter().map(|place| Ground::new("犯罪地", place, "R-JUR-14", CRPL_25));
                let home = residence.iter().map(|place| Ground::new("被告人居住地", place, "R-JUR-14", CRPL_25));
                crime.chain(home).collect()
            }
            Self::IntellectualProperty { subject: _, places } => {
                beside(facts, CPL_29, places.iter().map(|place| Ground::new("侵权行为地", place, "R-JUR-04", JI_24)))
            }
        }
    }
}

/// The defendants' domiciles (R-JUR-05).
fn defendants(facts: &Facts, law: &'static str) -> Vec<Ground> {
    homes(&facts.defendants, "被告", law)
}

fn homes(places: &[Place], who: &str, law: &'static str) -> Vec<Ground> {
    places.iter().map(|place| home(place, who, law)).collect()
}

fn home(place: &Place, who: &str, law: &'static str) -> Ground {
    let (address, kind) = place.deciding();
    Ground::new(format!("{who}{}{kind}", place.of), address, "R-JUR-05", law)
}

fn performed(who: &str, place: &Place) -> Ground {
    let (address, _) = place.deciding();
    Ground { tail: "，是合同履行地", ..Ground::new(format!("{who}{}", place.of), address, "R-JUR-04", JI_18) }
}

/// The defendants' domiciles, and the grounds of this article beside them.
fn beside(facts: &Facts, article: &'static str, grounds: impl IntoIterator<Item = Ground>) -> Vec<Ground> {
    under(grounds.into_iter().chain(defendants(facts, CPL_22)).collect(), article)
}

fn under(mut grounds: Vec<Ground>, article: &'static str) -> Vec<Ground> {
    for ground in grounds.iter_mut().filter(|ground| ground.law != article) {
        ground.under = article;
    }
    grounds
}

fn tort(facts: &Facts, acts: &[String], results: &[String], online: bool) -> Vec<Ground> {
    let law = if online { JI_25 } else { JI_24 };
    let act = if online { "实施侵权行为的信息设备所在地" } else { "侵权行为实施地" };
    let acts = acts.iter().map(|place| Ground::new(act, place, "R-JUR-04", law));
    let results = results.iter().map(|place| Ground::new("侵权结果发生地", place, "R-JUR-04", law));
    // On the network the victim's domicile is a place of effect.
    let victims = facts.plaintiffs.iter().filter(|_| online).map(|place| {
        let (address, kind) = place.deciding();
        Ground { tail: "，是侵权结果发生地", ..Ground::new(format!("被侵权人{}{kind}", place.of), address, "R-JUR-04", law) }
    });
    acts.chain(results).chain(victims).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Facts, Place, propose};
    use super::*;
    use crate::money::Fen;

    fn register() -> &'static Register {
        static REGISTER: std::sync::OnceLock<Register> = std::sync::OnceLock::new();
        REGISTER.get_or_init(Register::with_demo)
    }

    fn place(of: &str, domicile: &str) -> Place {
        Place { of: of.into(), domicile: domicile.into(), habitual: None }
    }

    fn facts(matter: Matter) -> Facts {
        Facts {
            matter,
            amount: Fen(1_000_000),
            plaintiffs: vec![place("甲", "北京市海淀区中关村大街1号")],
            defendants: vec![place("乙", "广东省江门市台山市台城街道1号")],
            agreement: None,
            agreement_hidden: false,
            foreign: false,
        }
    }

    fn courts(matter: Matter) -> Vec<(String, String)> {
        propose(&facts(matter), register()).courts.into_iter().map(|court| (court.code, court.rule)).collect()
    }

    fn rows(found: &[(String, String)]) -> Vec<(&str, &str)> {
        found.iter().map(|(code, rule)| (code.as_str(), rule.as_str())).collect()
    }

    #[test]
    fn r_jur_01_exclusive_jurisdiction_leaves_no_choice() {
        let land = Matter::Immovable { place: "江苏省南京市鼓楼区中山北路1号".into(), by_contract: true };
        assert_eq!(rows(&courts(land.clone())), [("苏0106", "R-JUR-01")]);
        let agreed = Facts { agreement: Some("北京市海淀区人民法院".into()), ..facts(land) };
        let found = propose(&agreed, register());
        assert_eq!((found.courts[0].code.as_str(), found.excluded[0].rule.as_str()), ("苏0106", "R-JUR-03"));
        let estate = Matter::Succession { domicile: "北京市海淀区".into(), estate: Some("江苏省南京市鼓楼区".into()) };
        assert_eq!(rows(&courts(estate)), [("京0108", "R-JUR-01"), ("苏0106", "R-JUR-01")]);
    }

    #[test]
    fn r_jur_03_a_clause_that_a_consumer_was_not_pointed_to_does_not_choose() {
        let mut hidden = Facts { agreement: Some("北京市海淀区人民法院".into()), agreement_hidden: true, ..facts(Matter::General) };
        assert_eq!(propose(&hidden, register()).courts[0].code, "粤0781");
        hidden.agreement_hidden = false;
        assert_eq!(propose(&hidden, register()).courts[0].code, "京0108");
    }

    #[test]
    fn r_jur_04_special_grounds_stand_beside_the_defendants_domicile() {
        let obligor = Some(place("甲", "北京市海淀区"));
        let contract = Matter::Contract { agreed_place: None, receiver: None, obligor };
        assert_eq!(rows(&courts(contract)), [("粤0781", "R-JUR-05"), ("京0108", "R-JUR-04")]);
        let tort = Matter::Tort { acts: vec!["江苏省南京市鼓楼区".into()], results: vec!["上海市浦东新区".into()], online: false };
        assert_eq!(rows(&courts(tort)), [("苏0106", "R-JUR-04"), ("沪0115", "R-JUR-04"), ("粤0781", "R-JUR-05")]);
        assert_eq!(rows(&courts(Matter::Company { seat: "上海市浦东新区世纪大道1号".into() })), [("沪0115", "R-JUR-04")]);
        let carriage = Matter::Carriage { from: "江苏省南京市鼓楼区".into(), to: "上海市浦东新区".into() };
        assert_eq!(rows(&courts(carriage)), [("苏0106", "R-JUR-04"), ("沪0115", "R-JUR-04"), ("粤0781", "R-JUR-05")]);
    }

    #[test]
    fn r_jur_05_a_suit_on_status_against_somebody_absent_is_brought_at_home() {
        assert_eq!(rows(&courts(Matter::AgainstAbsent)), [("京0108", "R-JUR-05")]);
    }

    #[test]
    fn ji_12_who_left_home_for_over_a_year_may_be_sued_for_divorce_at_the_plaintiffs() {
        assert_eq!(rows(&courts(Matter::Divorce { left_home: false })), [("粤0781", "R-JUR-05")]);
        assert_eq!(rows(&courts(Matter::Divorce { left_home: true })), [("粤0781", "R-JUR-05"), ("京0108", "R-JUR-05")]);
        let agreed = Facts { agreement: Some("上海市浦东新区人民法院".into()), ..facts(Matter::Divorce { left_home: false }) };
        assert_eq!(propose(&agreed, register()).courts[0].code, "粤0781", "status is not agreed on");
    }

    #[test]
    fn labour_disputes_go_to_a_basic_court_of_the_employer_or_the_work() {
        let work = vec!["上海市浦东新区世纪大道1号".to_owned()];
        let labour = Matter::Labour { employer: place("乙", "广东省江门市台山市台城街道1号"), performed: work };
        let rich = Facts { amount: Fen::yuan_whole(900_000_000), ..facts(labour) };
        let found: Vec<_> = propose(&rich, register()).courts.into_iter().map(|court| (court.code, court.rule)).collect();
        assert_eq!(rows(&found), [("粤0781", "R-JUR-04"), ("沪0115", "R-JUR-04")]);
    }

    #[test]
    fn r_jur_06_the_plaintiff_has_the_choice_among_all_that_are_competent() {
        let bill = courts(Matter::Bill { payment_place: "上海市浦东新区".into() });
        assert_eq!(bill.len(), 2, "both are shown, neither is chosen for him");
    }

    #[test]
    fn r_jur_12_technical_property_goes_to_the_courts_named_for_it() {
        let ip = |subject| courts(Matter::IntellectualProperty { subject, places: vec!["广东省江门市台山市".into()] });
        assert_eq!(rows(&ip(Subject::Technical)), [("粤73", "R-JUR-12")]);
        assert_eq!(rows(&ip(Subject::DesignOrWellKnownMark)), [("粤07", "R-JUR-02")]);
        let nanjing = Matter::IntellectualProperty { subject: Subject::Technical, places: vec!["江苏省苏州市姑苏区".into()] };
        assert_eq!(courts(nanjing)[0].0, "苏01");
    }

    #[test]
    fn r_jur_13_internet_courts_take_the_online_disputes_of_their_city() {
        let bought = Matter::OnlinePurchase { place: "浙江省杭州市西湖区".into(), delivered_online: false };
        assert_eq!(rows(&courts(bought)), [("粤0781", "R-JUR-05"), ("浙0192", "R-JUR-13")]);
        let online = courts(Matter::Tort { acts: vec![], results: vec![], online: true });
        assert_eq!(rows(&online), [("京0491", "R-JUR-13"), ("粤0781", "R-JUR-05")], "the victim lives in Beijing");
    }

    #[test]
    fn r_jur_14_other_kinds_of_case() {
        let rich = Facts { amount: Fen::yuan_whole(900_000_000), ..facts(Matter::PaymentOrder) };
        assert_eq!(propose(&rich, register()).courts[0].code, "粤0781", "a basic court whatever the amount (JI 23)");
        let organ = "江苏省南京市鼓楼区".to_owned();
        let act = |rank| Matter::Administrative { organ: organ.clone(), rank, reviewed_by: None, liberty: false, immovable: None };
        assert_eq!(rows(&courts(act(Rank::Department))), [("苏0106", "R-JUR-14")]);
        assert_eq!(rows(&courts(act(Rank::Government))), [("苏01", "R-JUR-02")]);
        let liberty = Matter::Administrative { organ, rank: Rank::Department, reviewed_by: None, liberty: true, immovable: None };
        assert_eq!(rows(&courts(liberty)), [("苏0106", "R-JUR-14"), ("京0108", "R-JUR-14")]);
        let crime = |grave| Matter::Criminal { places: vec!["江苏省南京市鼓楼区".into()], residence: None, grave };
        assert_eq!((courts(crime(false))[0].0.as_str(), courts(crime(true))[0].0.as_str()), ("苏0106", "苏01"));
        let title = Matter::Enforcement { first_instance: None, property: vec!["上海市浦东新区".into()] };
        assert_eq!(rows(&courts(title)), [("粤0781", "R-JUR-14"), ("沪0115", "R-JUR-14")]);
        let agreement = Matter::Confirmation { organisation: Some("上海市浦东新区".into()), subject: None };
        assert_eq!(courts(agreement).len(), 3);
    }
}
