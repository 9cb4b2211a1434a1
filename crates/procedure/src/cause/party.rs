//! The inputs that describe a party, and the party as the complaint introduces it (R-FIL-02, 《民事诉讼法》(2023) 第124条).
use super::{ChoiceOption, Field, FieldKind};
use crate::case::Side;
use crate::clock::date_zh;
use crate::identity::{self, Sex};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Keys of a party that may stand in the case's answers; the rest is personal data.
pub(super) const PUBLIC_KEYS: [&str; 2] = ["kind", "name"];

/// Which inputs a party needs: one knows less of his opponent than of himself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PartyRole {
    /// Oneself, or whom one acts for.
    Own,
    /// The other side: enough to tell it from others (R-FIL-04).
    Other,
    /// A surety on the other side, with the kind of his guarantee.
    Surety,
}

/// Documents that identify a natural person (R-IDC-05).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IdKind {
    Resident,
    Passport,
    HongKongMacaoPass,
    TaiwanPass,
    PermanentResidence,
    ResidencePermit,
}

impl IdKind {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Resident, Self::Passport, Self::HongKongMacaoPass, Self::TaiwanPass, Self::PermanentResidence, Self::ResidencePermit];

    /// The value in forms.
    pub fn name(self) -> &'static str {
        match self {
            Self::Resident => "resident",
            Self::Passport => "passport",
            Self::HongKongMacaoPass => "hong_kong_macao_pass",
            Self::TaiwanPass => "taiwan_pass",
            Self::PermanentResidence => "permanent_residence",
            Self::ResidencePermit => "residence_permit",
        }
    }

    /// 居民身份证 and so on.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Resident => "居民身份证",
            Self::Passport => "护照",
            Self::HongKongMacaoPass => "港澳居民来往内地通行证",
            Self::TaiwanPass => "台湾居民来往大陆通行证",
            Self::PermanentResidence => "外国人永久居留身份证",
            Self::ResidencePermit => "港澳台居民居住证",
        }
    }
}

fn field(name: &str, label: &str, kind: FieldKind, required: bool) -> Field {
    Field {
        name: name.into(),
        label: label.into(),
        kind,
        required,
        hint: String::new(),
        when: None,
        options: vec![],
        fields: vec![],
        role: None,
        least: None,
        most: None,
        past: false,
        not_before: None,
        vault: false,
        whole: false,
        upto: None,
        daily: false,
    }
}

fn option(value: &str, label: &str, fields: Vec<Field>) -> ChoiceOption {
    ChoiceOption { value: value.into(), label: label.into(), hint: String::new(), text: None, when: None, fields }
}

/// The inputs of one party: `kind` (person or organisation) with what each needs. The page draws them, [`super::Cause::check_page`]
/// reads them.
pub fn party_fields(role: PartyRole) -> Vec<Field> {
    let own = role == PartyRole::Own;
    let text = |name: &str, label: &str, required: bool| field(name, label, FieldKind::Text, required);
    let hinted = |field: Field, hint: &str| Field { hint: hint.into(), ..field };
    let mut sex = field("sex", "性别", FieldKind::Choice, false);
    sex.options = vec![option("male", "男", vec![]), option("female", "女", vec![])];
    let mut id_kind = field("id_kind", "证件种类", FieldKind::Choice, false);
    id_kind.options = IdKind::ALL.iter().map(|kind| option(kind.name(), kind.zh(), vec![])).collect();
    let mut birth = field("birth", "出生日期", FieldKind::Date, false);
    birth.past = true;
    let domicile_hint = if own {
        "写到门牌号，法院文书按这个地址寄"
    } else {
        "写到门牌号；不知道户籍地址的，写他现在住的地方"
    };
    let person = vec![
        hinted(text("name", "姓名", true), "和身份证上的一样"),
        id_kind,
        hinted(text("id_number", "证件号码", own), if own { "" } else { "知道就填，能帮法院准确找到人" }),
        hinted(sex, if own { "填了身份证号的，不用选" } else { "" }),
        hinted(birth, if own { "填了身份证号的，不用填" } else { "不知道可以不填" }),
        hinted(text("ethnicity", "民族", own), "例如 汉族"),
        hinted(text("occupation", "职业", false), "没有可以不填"),
        hinted(text("workplace", "工作单位", false), "没有或者不知道可以不填"),
        hinted(text("domicile", if own { "户籍地址" } else { "住址" }, true), domicile_hint),
        hinted(text("habitual", "现在住的地方", false), "和上面的地址不一样，并且已经连续住满一年的才填"),
        hinted(text("phone", "电话", own), if own { "" } else { "尽量填，方便法院联系" }),
    ];
    let organisation = vec![
        hinted(text("name", "名称", true), "和营业执照上的一样，写全称"),
        hinted(text("credit_code", "统一社会信用代码", own), if own { "" } else { "可以在国家企业信用信息公示系统查到" }),
        hinted(text("domicile", "住所", true), "营业执照上的地址；实际办公的地方不同的，写办公的地方"),
        hinted(text("representative", "法定代表人或者负责人", true), "个体工商户写经营者"),
        hinted(text("representative_post", "职务", own), "例如 执行董事"),
        hinted(text("phone", "电话", own), ""),
    ];
    let mut kind = field("kind", "是个人还是单位", FieldKind::Choice, true);
    kind.options = vec![option("person", "个人", person), option("organisation", "公司、个体工商户等单位", organisation)];
    let mut fields = vec![kind];
    if role == PartyRole::Surety {
        let mut surety = field("surety", "保证方式", FieldKind::Choice, true);
        surety.hint = "看借条、合同上怎么写。没有写明的，按一般保证".into();
        surety.options = vec![option("joint", "写明“连带责任保证”", vec![]), option("general", "写明“一般保证”，或者没有写明", vec![])];
        fields.push(surety);
    }
    fields
}

/// A party with its particulars, for the vault and the head of the complaint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartyInfo {
    pub side: Side,
    /// What it is in the dispute: 出借人, 借款人, 保证人.
    pub standing: String,
    pub organisation: bool,
    pub name: String,
    pub sex: Option<Sex>,
    pub birth: Option<Date>,
    pub ethnicity: Option<String>,
    pub occupation: Option<String>,
    pub workplace: Option<String>,
    pub id_kind: Option<IdKind>,
    pub id_number: Option<String>,
    pub domicile: String,
    pub habitual: Option<String>,
    pub phone: Option<String>,
    pub credit_code: Option<String>,
    pub representative: Option<String>,
    pub representative_post: Option<String>,
    /// `joint` or `general`, for sureties.
    pub surety: Option<String>,
}

impl PartyInfo {
    /// From one entry of a party field; `None` if it has no name.
    pub(super) fn read(entry: &Value, side: Side, standing: &str) -> Option<Self> {
        let text = |key: &str| entry[key].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
        let organisation = entry["kind"].as_str() == Some("organisation");
        let id_kind = IdKind::ALL.into_iter().find(|kind| entry["id_kind"].as_str() == Some(kind.name()));
        let id_number = text("id_number");
        let resident = id_number.as_deref().filter(|_| !organisation && id_kind.is_none_or(|kind| kind == IdKind::Resident));
        let resident = resident.and_then(|number| identity::resident(number).ok());
        let chosen = match entry["sex"].as_str() {
            Some("male") => Some(Sex::Male),
            Some("female") => Some(Sex::Female),
            Some(_) | None => None,
        };
        Some(Self {
            side,
            standing: standing.to_owned(),
            organisation,
            name: text("name")?,
            sex: resident.as_ref().map(|person| person.sex).or(chosen),
            birth: resident.as_ref().map(|person| person.birth).or_else(|| text("birth").and_then(|date| date.parse().ok())),
            ethnicity: text("ethnicity"),
            occupation: text("occupation"),
            workplace: text("workplace"),
            id_kind: if organisation { None } else { id_kind.or(id_number.as_ref().map(|_| IdKind::Resident)) },
            id_number,
            domicile: text("domicile").unwrap_or_default(),
            habitual: text("habitual"),
            phone: text("phone"),
            credit_code: text("credit_code"),
            representative: text("representative"),
            representative_post: text("representative_post"),
            surety: text("surety"),
        })
    }

    /// The paragraph that introduces the party: 周桂兰，女，1969年5月3日出生，汉族，住……，公民身份号码……，联系电话……。
    pub fn introduction(&self) -> String {
        let mut parts = vec![self.name.clone()];
        if self.organisation {
            parts.push(format!("住所{}", self.domicile));
            parts.extend(self.credit_code.iter().map(|code| format!("统一社会信用代码{code}")));
            if let Some(name) = &self.representative {
                let post = self.representative_post.as_ref().map(|post| format!("，{post}")).unwrap_or_default();
                parts.push(format!("法定代表人（负责人）{name}{post}"));
            }
        } else {
            parts.extend(self.sex.map(|sex| sex.zh().to_owned()));
            parts.extend(self.birth.map(|birth| format!("{}出生", date_zh(birth))));
            parts.extend(self.ethnicity.clone());
            parts.extend(self.occupation.clone());
            parts.extend(self.workplace.as_ref().map(|place| format!("工作单位{place}")));
            parts.push(format!("住{}", self.domicile));
            parts.extend(self.habitual.as_ref().map(|place| format!("经常居住地{place}")));
            if let (Some(kind), Some(number)) = (self.id_kind, &self.id_number) {
                let label = if kind == IdKind::Resident { "公民身份号码" } else { kind.zh() };
                parts.push(format!("{label}{number}"));
            }
        }
        parts.extend(self.phone.as_ref().map(|phone| format!("联系电话{phone}")));
        parts.join("，") + "。"
    }
}
