//! 案情: who lent what to whom. One tale is that of the photographs; the demo's others are made from a short table.
use anyhow::{Context, Result};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use serde_json::{Value, json};
use std::path::Path;
use typeset::{Options, Seal, Templates, Typesetter};

/// Somebody of the tale. All people are invented; the area 4499 of their numbers does not exist.
#[derive(Debug, Clone)]
pub struct Person {
    pub name: String,
    pub number: String,
    pub phone: String,
    pub address: String,
}

/// Something that the plaintiff hands in.
#[derive(Debug, Clone)]
pub struct File {
    pub kind: &'static str,
    /// Its name in the list of materials.
    pub name: String,
    /// Name of the file.
    pub file: String,
    pub media: &'static str,
    pub bytes: Vec<u8>,
}

/// A loan that was not paid back.
#[derive(Debug, Clone)]
pub struct Tale {
    pub plaintiff: Person,
    pub defendant: Person,
    /// By bank and in cash, yuan.
    pub bank: u32,
    pub cash: u32,
    pub lent: Date,
    pub due: Date,
    pub files: Vec<File>,
    /// Photographs from which the filing begins; where there are none it is typed.
    pub photographs: Vec<File>,
    /// Time of the hearing.
    pub hour: String,
}

/// What the defendant's address looks like before the court asks for a better one.
const VAGUE: &str = "一带";

impl Tale {
    /// The tale whose papers were photographed.
    pub fn of_the_photographs() -> Self {
        let photo = |kind, name: &str, file: &str, bytes: &[u8]| File {
            kind,
            name: name.into(),
            file: file.into(),
            media: "image/jpeg",
            bytes: bytes.into(),
        };
        Self {
            plaintiff: person("周桂兰", "449900195504090022", "19905550101", "清河市青石区云溪路6号3栋502"),
            defendant: person("陈志远", "449900198111020035", "19905550202", "清河市青石区榆海街道青石路18号2栋301"),
            bank: 120_000,
            cash: 30_000,
            lent: date(2024, 3, 15),
            due: date(2025, 3, 14),
            files: vec![],
            photographs: vec![
                photo("complaint", "起诉状第一页", "complaint-1.jpg", include_bytes!("../../../intake/samples/loan/complaint-1.jpg")),
                photo("complaint", "起诉状第二页", "complaint-2.jpg", include_bytes!("../../../intake/samples/loan/complaint-2.jpg")),
                photo("identity", "身份证", "id-card.jpg", include_bytes!("../../../intake/samples/loan/id-card.jpg")),
                photo("evidence", "借条", "iou.jpg", include_bytes!("../../../intake/samples/loan/iou.jpg")),
                photo("evidence", "银行转账回单", "transfer.jpg", include_bytes!("../../../intake/samples/loan/transfer.jpg")),
            ],
            hour: "09:30:00".into(),
        }
    }

    /// The same tale, typed instead of photographed: what was photographed is handed in beside it.
    pub fn typed(mut self) -> Self {
        self.files = self.photographs.drain(..).filter(|file| file.kind != "complaint").collect();
        self
    }

    /// Plaintiff and defendant of one of the demo's tales.
    pub fn parties(number: u8) -> (Person, Person) {
        let ((name, birth, street), (other, other_birth, other_street)) = PEOPLE[usize::from(number) % PEOPLE.len()];
        let serial = 2 * u32::from(number) + 11;
        let phone = |part: u32| format!("1990555{:04}", 1000 + 2 * u32::from(number) + part);
        (
            person(name, &id_number(birth, serial + 1), &phone(0), &format!("清河市青石区{street}")),
            person(other, &id_number(other_birth, serial), &phone(1), &format!("清河市青石区{other_street}")),
        )
    }

    /// One of the demo's tales, its papers typeset.
    pub fn invented(number: u8, begin: Date, fonts: &Path) -> Result<Self> {
        let (plaintiff, defendant) = Self::parties(number);
        let bank = 20_000 + 15_000 * u32::from(number);
        let (lent, due) = (begin.saturating_sub(730.days()), begin.saturating_sub(120.days()));
        let mut tale = Self {
            plaintiff,
            defendant,
            bank,
            cash: 5_000,
            lent,
            due,
            files: vec![],
            photographs: vec![],
            hour: format!("{:02}:30:00", 9 + number % 3),
        };
        tale.files = tale.papers(fonts)?;
        Ok(tale)
    }

    fn papers(&self, fonts: &Path) -> Result<Vec<File>> {
        let typesetter = Typesetter::open(fonts)?;
        let templates = Templates::new([("note.typ", include_str!("../../../../knowledge/demo/note.typ"))])?;
        let total = self.bank + self.cash;
        let (lender, borrower) = (&self.plaintiff.name, &self.defendant.name);
        let note = |title: &str, lines: Vec<String>, signer: &str, day: Date| -> Result<Vec<u8>> {
            let data = json!({"title": title, "lines": lines, "signer": signer, "date": day_zh(day), "day": [day.year(), day.month(), day.day()]});
            Ok(typesetter.typeset("note.typ", &templates, &data, Options::seal(Seal::Ink)).context("a paper of the demo")?.pdf)
        };
        let pdf = |kind, name: &str, bytes| File { kind, name: name.into(), file: format!("{name}.pdf"), media: "application/pdf", bytes };
        let due = day_zh(self.due);
        Ok(vec![
            pdf(
                "identity",
                "身份证复印件",
                note("身份证复印件（演示）", vec![format!("姓名：{lender}"), format!("公民身份号码：{}", self.plaintiff.number)], lender, self.lent)?,
            ),
            pdf(
                "evidence",
                "借条",
                note("借条", vec![format!("今借到{lender}人民币{total}元，月利率百分之一，于{due}前归还。")], borrower, self.lent)?,
            ),
            pdf(
                "evidence",
                "转账凭证",
                note("转账凭证（演示）", vec![format!("{lender}向{borrower}转账人民币{}元，附言：借款。", self.bank)], lender, self.lent)?,
            ),
        ])
    }

    /// What the plaintiff types where the interview asks: names of fields with their values.
    pub fn answers(&self) -> Vec<(String, Vec<String>)> {
        let one = |name: &str, value: &str| (name.to_owned(), vec![value.to_owned()]);
        let mut answers = vec![one("court", "粤4001")];
        for (field, person) in [("plaintiffs.0", &self.plaintiff), ("defendants.0", &self.defendant)] {
            let of = |name: &str, value: &str| one(&format!("{field}.{name}"), value);
            answers.extend([of("kind", "person"), of("name", &person.name), of("id_kind", "resident"), of("id_number", &person.number)]);
            answers.extend([of("ethnicity", "汉族"), of("phone", &person.phone)]);
        }
        // The defendant's address is not exact yet: the court will ask.
        let vague: String = self.defendant.address.chars().take_while(|c| !c.is_ascii_digit()).collect();
        answers.extend([one("plaintiffs.0.domicile", &self.plaintiff.address), one("defendants.0.domicile", &format!("{vague}{VAGUE}"))]);
        let total = (self.bank + self.cash).to_string();
        let (lent, due) = (self.lent.to_string(), self.due.to_string());
        answers.extend([one("loan_form", "note"), one("principal", &total), one("paper_differs", "same"), one("purpose", "资金周转")]);
        answers.extend([one("loan_date", &lent), one("due", "fixed"), one("due_date", &due), one("interest", "rate"), one("rate", "1")]);
        answers.extend([one("rate_per", "month"), one("overdue_agreed", "none"), one("guarantee", "none"), one("delivered_on", &lent)]);
        answers.push(("delivery".into(), vec!["bank".into(), "cash".into()]));
        answers.extend([one("delivery_bank", &self.bank.to_string()), one("delivery_cash", &self.cash.to_string()), one("repaid", "no")]);
        answers.extend([
            one("demanded", "yes"),
            one("last_demand", &self.due.saturating_add(30.days()).to_string()),
            one("demand_way", "上门和打电话"),
        ]);
        answers.push(("claims".into(), vec!["principal".into(), "interest".into()]));
        answers.extend([one("interest_to", &self.due.saturating_add(60.days()).to_string()), one("address", &self.plaintiff.address)]);
        answers.extend([one("channel.service", "online"), one("channel.evidence_exchange", "online")]);
        answers.push(one("consent", "yes"));
        answers
    }

    /// What the plaintiff knows of an input that a paper would fill in, as he would type it.
    pub fn knows(&self, field: &str) -> Option<String> {
        match field {
            "defendants.0.id_number" => Some(self.defendant.number.clone()),
            "defendants.0.birth" => self.defendant.number.get(6..14).map(|day| format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..])),
            "defendants.0.sex" => {
                self.defendant.number.get(16..17).map(|digit| if matches!(digit, "1" | "3" | "5" | "7" | "9") { "male" } else { "female" }.into())
            }
            _ => self.answers().into_iter().find(|(name, _)| name == field).and_then(|(_, values)| values.into_iter().next()),
        }
    }

    /// What was said in the hearing.
    pub fn record(&self) -> String {
        let (bank, cash, total) = (self.bank, self.cash, self.bank + self.cash);
        format!(
            "审判员：现在开庭。\n原告：坚持诉讼请求。\n被告：收到转账{bank}元，现金{cash}元没有收到。\n原告：现金交付时，被告在借条上写明收到{total}元。\n审判员：辩论终结，择期宣判。"
        )
    }

    /// What the judge writes; the rest of the judgment comes from the file. Interest is granted as it was claimed, to the day and
    /// the fen. `due`: the fee in fen.
    pub fn judgment(&self, loser: &str, due: i64, claims: &[&str]) -> Result<Value> {
        let (lender, borrower, total) = (&self.plaintiff.name, &self.defendant.name, self.bank + self.cash);
        let (lent, due_day) = (day_zh(self.lent), day_zh(self.due));
        let claim = claims.iter().find(|claim| claim.contains("利息")).context("a claim to interest")?.trim_end_matches('。');
        let interest = claim.strip_prefix(&format!("判令{borrower}支付{lender}")).or_else(|| claim.get(claim.find("利息")?..));
        let interest = interest.context("the interest that is claimed")?;
        Ok(json!({
            "evidence": "原告提交的借条、转账凭证真实、合法，与本案有关联，本院予以采信。被告提交的收款记录与转账凭证一致，本院予以采信。",
            "facts": format!("{lent}，{lender}向{borrower}出借{total}元，其中银行转账{}元、现金{}元，{borrower}出具借条，写明收到{total}元，约定月利率百分之一，{due_day}前归还。借款到期后，{borrower}没有归还。", self.bank, self.cash),
            "reasons": format!("合法的借贷关系受法律保护。借条写明收到{total}元，{borrower}主张没有收到现金，没有提交足以反驳的证据，本院不予采信。约定的月利率没有超过法律保护的上限。"),
            "basis": "《中华人民共和国民法典》第六百六十七条、第六百七十五条、第六百七十六条，《中华人民共和国民事诉讼法》第六十七条",
            "orders": [
                format!("被告{borrower}于本判决生效之日起十日内偿还原告{lender}借款本金{total}元"),
                format!("被告{borrower}于本判决生效之日起十日内支付原告{lender}{interest}"),
            ],
            "fee": [{"person": loser, "amount": due}],
        }))
    }
}

fn person(name: &str, number: &str, phone: &str, address: &str) -> Person {
    Person { name: name.into(), number: number.into(), phone: phone.into(), address: address.into() }
}

fn day_zh(day: Date) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// A resident identity number with its check digit (GB 11643).
fn id_number(birth: &str, serial: u32) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let body = format!("449900{birth}{serial:03}");
    let sum: u32 = body.bytes().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    format!("{body}{}", char::from(b"10X98765432"[(sum % 11) as usize]))
}

/// Lender and borrower: name, birth, street.
type Pair = ((&'static str, &'static str, &'static str), (&'static str, &'static str, &'static str));

const PEOPLE: [Pair; 13] = [
    (("何秀英", "19620318", "桐荫路12号2栋201"), ("罗启明", "19850712", "平湖大道88号1栋603")),
    (("梁文博", "19790906", "学宫巷7号"), ("邓家豪", "19901122", "听涛路3号4栋102")),
    (("苏玉珍", "19581203", "云溪路19号1栋401"), ("许建军", "19760430", "青石路25号")),
    (("唐国平", "19670821", "明法路33号3栋502"), ("冯晓东", "19880214", "平湖大道160号2栋305")),
    (("曾丽华", "19811011", "桐荫路45号"), ("谢永强", "19790627", "榆海路9号1栋204")),
    (("彭少华", "19730515", "学宫巷21号1栋101"), ("韩志刚", "19820909", "青石路47号5栋702")),
    (("董淑芬", "19600229", "听涛路28号"), ("程浩然", "19930118", "明法路60号1栋1203")),
    (("袁庆丰", "19701207", "云溪路52号2栋602"), ("潘伟业", "19870325", "桐荫路71号")),
    (("蒋美玲", "19860619", "榆海路40号3栋301"), ("田立新", "19751016", "学宫巷35号2栋404")),
    (("杜长青", "19650102", "平湖大道12号"), ("任俊杰", "19910804", "云溪路81号1栋906")),
    (("姜雅琴", "19770723", "青石路66号1栋502"), ("崔海涛", "19830511", "听涛路55号")),
    (("范德厚", "19590408", "明法路18号2栋103"), ("汪世杰", "19800912", "榆海路77号4栋203")),
    (("陆婉清", "19840226", "桐荫路90号1栋802"), ("金大勇", "19780330", "平湖大道201号3栋405")),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invented_numbers_hold() {
        for (number, ((_, birth, _), (_, other, _))) in (0u32..).zip(PEOPLE) {
            for text in [id_number(birth, 2 * number + 12), id_number(other, 2 * number + 11)] {
                assert!(procedure::identity::resident(&text).is_ok(), "{text}");
            }
        }
        assert_eq!(id_number("19550409", 2), "449900195504090022");
    }
}
