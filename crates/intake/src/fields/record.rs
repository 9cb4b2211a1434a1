//! Cards, licences and papers of a court.
use super::filing::{CASE_NUMBER, last};
use super::party::{party, sections, shift};
use super::{AMOUNT, COURT, DATE, Finds, find, find_all};
use crate::flow::View::{Flat, Lined};

/// 居民身份证.
pub(super) fn id_card(finds: &mut Finds<'_>) {
    finds.first("person.name", Flat, r"姓\s*名\W{0,3}\s*([^性]{2,20}?)\s*性\s*别");
    finds.first("person.sex", Flat, r"性\s*别[：:]?\s*(男|女)");
    finds.first("person.birth", Flat, r"出\s*生\W{0,3}([0-9]{4}\s*年\s*\.?[0-9]{1,2}\s*月\s*\.?[0-9]{1,2}\s*日)");
    finds.first("person.address", Flat, r"[住主]\s*址\W{0,3}\s*(.{6,80}?)\s*公\s*民");
    if !finds.first("person.id_number", Flat, r"(?:身份号码|身份证号码|号码)\W{0,3}([0-9](?: ?[0-9]){16}(?: ?[0-9XxＸ又久义乂文])?)")
    {
        finds.first("person.id_number", Flat, r"([0-9]{17}[0-9Xx])");
    }
}

/// 营业执照.
pub(super) fn business_licence(finds: &mut Finds<'_>) {
    const LABEL: &str = r"(?:统一社会|名称|类型|法定代表人|注册资本|成立日期|住所|营业期限|经营范围|登记机关|$)";
    let value = |label: &str| format!(r"{label}[：:]?\s*(.{{2,80}}?)\s*{LABEL}");
    finds.first("credit_code", Flat, r"信用代码[：:]?\s*([0-9A-Za-z][0-9A-Za-z ]{16,20})");
    finds.first("company.name", Flat, &value("名称"));
    finds.first("legal_representative", Flat, &value("(?:法定代表人|负责人)"));
    finds.first("company.address", Flat, &value("住所"));
    finds.first("company.capital", Flat, &value("注册资本"));
    finds.first("company.founded", Flat, &format!(r"成立日期[：:]?\s*({DATE})"));
    last(finds, "issue_date", Flat, &format!(r"登记机关.{{0,12}}?{DATE}"), DATE);
}

/// 传票.
pub(super) fn summons(finds: &mut Finds<'_>) {
    const LABEL: &str = r"(?:案号|案由|被传唤人|住址|传唤事由|应到时间|应到处所|注意事项|审判员|$)";
    let value = |label: &str| format!(r"{label}[：:]?\s*(.{{2,60}}?)\s*{LABEL}");
    finds.first("court", Lined, &format!(r"(?m)^({COURT})$"));
    finds.first("case_number", Flat, CASE_NUMBER);
    finds.first("cause", Flat, &value("案由"));
    finds.first("summoned.name", Flat, &value("被传唤人"));
    finds.first("summoned.address", Flat, &value("住址"));
    finds.first("reason", Flat, &value("传唤事由"));
    finds.first("hearing_date", Flat, &format!(r"应到时间[：:]?\s*({DATE})"));
    finds.first("hearing_time", Flat, r"应到时间.{0,14}?日\s*((?:上午|下午)[^应]{2,10}?)\s*应到");
    finds.first("room", Flat, r"应到处所[：:]?\s*(?:本院)?(.{2,12}?)\s*(?:注意事项|$)");
    finds.first("judge", Lined, r"审判员\s*[：:]?\s*([^\n]{2,5})");
    finds.first("clerk", Lined, r"书记员\s*[：:]?\s*([^\n]{2,5})");
    last(finds, "date", Flat, DATE, DATE);
}

/// 庭审笔录.
pub(super) fn hearing_record(finds: &mut Finds<'_>) {
    finds.first("case_number", Flat, CASE_NUMBER);
    finds.first("court", Flat, &format!(r"地点[：:]\s*({COURT})"));
    finds.first("hearing_date", Flat, &format!(r"时间[：:]\s*({DATE})"));
    finds.first("judge", Lined, r"审判员[：:]\s*([^\n\s]{2,4}?)(?:\s|书记员|\n)");
    finds.first("clerk", Lined, r"书记员[：:]\s*([^\n\s]{2,4})");
    finds.first("plaintiff.name", Lined, r"(?m)^原告[：:]\s*([^\n，,。]{2,20})[，,](?:男|女|住)");
    finds.first("defendant.name", Lined, r"(?m)^被告[：:]\s*([^\n，,。]{2,20})[，,](?:男|女|住)");
    finds.first("plaintiff.id_number", Lined, r"(?m)^原告[：:][^\n]*身份号码\s*([0-9]{17}[0-9Xx])");
    finds.first("principal_amount", Flat, &format!(r"(?:归还|借款|货款|租金|支付)[^。]{{0,8}}?({AMOUNT})"));
}

/// 民事判决书.
pub(super) fn judgment(finds: &mut Finds<'_>) {
    let flat = finds.flow.flat.clone();
    finds.first("court", Lined, &format!(r"(?m)^({COURT})$"));
    finds.first("case_number", Flat, CASE_NUMBER);
    let head = find(r"(一案[，,])", &flat).map_or(flat.len(), |r| r.start);
    let head = flat[..head].rfind("。").map_or(head, |at| at + "。".len());
    for (role, range) in sections(&flat, head) {
        party(finds, role, range);
    }
    finds.first(
        "cause",
        Flat,
        r"与(?:被告)?[^，。]{2,40}?((?:民间借贷|买卖合同|房屋租赁合同|物业服务合同|机动车交通事故责任|离婚|劳动)(?:纠纷|争议))一案",
    );
    finds.first("accept_date", Flat, &format!(r"于({DATE})立案"));
    if let Some(start) = find(r"提出诉讼请求[：:]()", &flat).map(|r| r.end) {
        let end = flat[start..].find("。").map_or(flat.len(), |at| start + at);
        for item in find_all(r"[0-9][.．、][^；;。]+", &flat[start..end]) {
            let item = shift(&item, start);
            let mark = flat[item.clone()].chars().take(2).map(char::len_utf8).sum::<usize>();
            finds.put("claims[]", Flat, item.start + mark..item.end);
        }
        finds.within("principal_amount", Flat, start..end, &format!("({AMOUNT})"));
    }
    finds.first("area", Flat, r"面积([0-9.]+平方米)");
    if !finds.has("court") {
        finds.first("court", Flat, &format!("({COURT})"));
    }
}
