//! Papers that parties file: complaint, form of elements, answer, power of attorney, evidence list, address for service.
use super::party::{party, sections, shift};
use super::{AMOUNT, COURT, DATE, Finds, find, find_all};
use crate::flow::View::{Flat, Lined};
use std::ops::Range;

/// 民事起诉状.
pub(super) fn complaint(finds: &mut Finds<'_>) {
    let flat = finds.flow.flat.clone();
    let head = mark(&flat, &["案由", "诉讼请求"]).unwrap_or(flat.len());
    for (role, range) in sections(&flat, head) {
        party(finds, role, range);
    }
    finds.first("cause", Lined, r"案\s*由[：:]\s*([^\n]+)");
    claims(finds, &flat);
    facts(finds, &flat);
    signature(finds, &flat);
}

/// 要素式起诉状, the ruled form.
pub(super) fn element_complaint(finds: &mut Finds<'_>) {
    let flat = finds.flow.flat.clone();
    finds.first("cause", Lined, r"[（(]([^\n（()）]{2,24}(?:纠纷|争议))[）)]");
    let head = mark(&flat, &["诉讼请求"]).unwrap_or(flat.len());
    for (role, range) in sections(&flat, head) {
        party(finds, role, range);
    }
    let facts_at = mark(&flat[head..], &["事实与理由", "事实和理由", "事实经过"]).map_or(flat.len(), |at| head + at);
    let body = flat[head..facts_at].find("诉讼请求").map_or(head, |at| head + at + "诉讼请求".len());
    numbered(finds, body..facts_at, r"[0-9]{1,2}(?:[判请确依解责本诉案])|[。；;][0-9]{0,2}");
    facts(finds, &flat);
    finds.first("filing_date", Lined, &format!(r"日\s*期[：:]\s*({DATE})"));
}

/// 民事答辩状.
pub(super) fn answer(finds: &mut Finds<'_>) {
    let flat = finds.flow.flat.clone();
    let at = |pattern: &str| find(pattern, &flat);
    if let Some(head) = at(r"(?:^|状)((?:答辩人)(?:[（(][^）)]*[）)])?[：:])") {
        let end = at(r"(被答辩人|因[^。]{2,60}一案|答辩意见|答辩如下)").map_or(flat.len(), |r| r.start);
        party(finds, "defendant", head.end..end.max(head.end));
    }
    if let Some(head) = at(r"(被答辩人(?:[（(][^）)]*[）)])?[：:])") {
        let end = find(r"(因[^。]{2,60}一案|答辩意见|答辩如下|答辩人)", &flat[head.end..]).map_or(flat.len(), |r| head.end + r.start);
        party(finds, "plaintiff", head.end..end);
    }
    finds.first("case_number", Flat, CASE_NUMBER);
    finds.first(
        "cause",
        Flat,
        r"(?:因|就|诉|与)[^。，]{0,60}?((?:民间借贷|买卖合同|房屋租赁合同|物业服务合同|机动车交通事故责任|离婚|劳动)(?:纠纷|争议))",
    );
    finds.first("admitted_payment", Flat, &format!(r"(?:已|归还|偿还|支付)[^。]{{0,12}}?({AMOUNT})"));
    signature(finds, &flat);
    rename(finds, "filing_date", "date");
}

/// 授权委托书.
pub(super) fn power_of_attorney(finds: &mut Finds<'_>) {
    finds.first("principal.name", Flat, r"委托人[（(]?[^：:]{0,6}[）)]?[：:]\s*([^，,。\n]{2,40}?)[，,。]");
    finds.first("principal.id_number", Flat, r"委托人[：:][^。]*?身份(?:证)?号码?[：:]?\s*([0-9](?: ?[0-9]){16}(?: ?[0-9XxＸ又久义乂文])?)");
    finds.first("principal.credit_code", Flat, r"委托人[：:][^。]*?统一社会信用代码[：:]?\s*([0-9A-Z ]{18,22})");
    finds.first("agent.name", Flat, r"受(?:委)?托人[：:]\s*([^，,。]{2,8}?)[，,]");
    finds.first("agent.firm", Flat, r"受(?:委)?托人[：:][^。]*?[，,]([^，,。]{4,30}?律师事务所)");
    finds.first("agent.licence", Flat, r"执业证(?:书)?号(?:码)?[：:]?\s*([0-9][0-9 ]{14,20})");
    finds.first("agent.phone", Flat, r"受(?:委)?托人[：:][^。]*?电话[：:]?\s*(1(?: ?[0-9]){10})");
    finds.first("opposite.name", Flat, r"委托人与([^，。]{2,30}?)(?:民间借贷|买卖合同|房屋租赁|物业服务|机动车|离婚|劳动|[^，。]{2,10}纠纷)");
    finds.first("cause", Flat, r"委托人与[^，。]{2,30}?((?:民间借贷|买卖合同|房屋租赁合同|物业服务合同|机动车交通事故责任|离婚|劳动)(?:纠纷|争议))");
    finds.first("agent.power", Flat, r"(?:代理|委托)?权限[：:为]*\s*(特别授权|一般授权|一般代理|特别代理)");
    last(finds, "date", Lined, &format!(r"(?m)^\D{{0,8}}{DATE}\s*$"), DATE);
}

/// 证据清单.
pub(super) fn evidence_list(finds: &mut Finds<'_>) {
    finds.first("submitter", Lined, r"提交人[：:]\s*([^\n]{2,30}?)(?:\s|案号|\n)");
    finds.first("case_number", Flat, CASE_NUMBER);
    evidence_rows(finds);
    if !finds.first("date", Lined, &format!(r"日期[：:]\s*({DATE})")) {
        last(finds, "date", Lined, DATE, DATE);
    }
}

/// The rows of the list, cell by cell: a row begins with its number alone on a line, its name follows, its pages end it.
fn evidence_rows(finds: &mut Finds<'_>) {
    let lined = finds.flow.lined.clone();
    let mut at = 0;
    let lines: Vec<Range<usize>> = lined
        .split_inclusive('\n')
        .map(|line| {
            at += line.len();
            at - line.len()..at
        })
        .collect();
    let text = |i: usize| lined[lines[i].clone()].trim();
    let mut starts: Vec<usize> = Vec::new();
    for i in 0..lines.len().saturating_sub(1) {
        let number = text(i).trim_end_matches(['.', '、']);
        if number == (starts.len() + 1).to_string() && text(i + 1).chars().count() >= 2 && text(i + 1).parse::<u32>().is_err() {
            starts.push(i);
        }
    }
    let mut pages = Some(0);
    for (row, start) in starts.iter().enumerate() {
        finds.put("evidence[].name", Lined, lines[start + 1].clone());
        let end = starts.get(row + 1).copied().unwrap_or_else(|| (*start..lines.len()).find(|i| text(*i).contains("提交")).unwrap_or(lines.len()));
        let last = (start + 2..end).rev().find_map(|i| text(i).parse::<u32>().ok());
        pages = pages.and_then(|sum: u32| sum.checked_add(last?));
    }
    // Derived from the rows, so without a box of their own.
    let Some(page) = starts.first().map(|i| finds.flow.page_of_line(*i)) else { return };
    let mut derived = |name: &str, value: u32| {
        let field =
            crate::report::Field { name: name.into(), value: value.to_string(), confidence: 0.8, sure: false, rect: None, problems: Vec::new() };
        finds.found.push((page, field));
    };
    derived("evidence_count", starts.len() as u32);
    if let Some(pages) = pages {
        derived("evidence_pages", pages);
    }
}

/// 送达地址确认书.
pub(super) fn service_address(finds: &mut Finds<'_>) {
    finds.first("case_number", Flat, CASE_NUMBER);
    finds.first("recipient.name", Flat, r"(?:受送达人|当事人)(?:姓名|名称)?[：:]?\s*([^：:，,\n]{2,30}?)(?:身份证|公民身份|证件|联系|性别|送达)");
    finds.first(
        "recipient.id_number",
        Flat,
        r"(?:公民身份号码|身份证号码|身份证号|证件号码)[：:]?\s*([0-9](?: ?[0-9]){16}(?: ?[0-9XxＸ又久义乂文])?)",
    );
    finds.first("recipient.address", Flat, r"(?:送达地址|通讯地址|地址)[：:]?\s*([^：:]{6,60}?)(?:邮政编码|邮编|收件人|联系|电话)");
    finds.first("recipient.postcode", Flat, r"(?:邮政编码|邮编)[：:]?\s*([0-9]{6})");
    finds.first("recipient.phone", Flat, r"(?:联系电话|手机|电话)(?:号码)?[：:]?\s*(1(?: ?[0-9]){10})");
    finds.first("recipient.email", Flat, r"([A-Za-z0-9._\-]+@[A-Za-z0-9.\-]+)");
    last(finds, "date", Lined, DATE, DATE);
}

/// A case number as courts write it (R-CNO-01).
pub(super) const CASE_NUMBER: &str = r"([（(]\s*[0-9]{4}\s*[）)]\s*\p{Han}{1,2}\s*[0-9]{0,4}\s*\p{Han}{1,4}\s*[0-9]+\s*号)";

/// The claims between their heading and the facts.
fn claims(finds: &mut Finds<'_>, flat: &str) {
    let Some(start) = find(r"诉讼请求[：:]?()", flat).map(|r| r.end) else { return };
    let end = mark(&flat[start..], &["事实与理由", "事实和理由", "事实及理由", "此致"]).map_or(flat.len(), |at| start + at);
    numbered(finds, start..end, r"[一二三四五六七八九十]{1,3}、|[；;。]\s*[一二三四五六七八九十]{1,2}、?|(?:^|[；;。])\s*[0-9]{1,2}[.．、]");
}

/// Proposes each item that begins with a mark of enumeration.
fn numbered(finds: &mut Finds<'_>, range: Range<usize>, marks: &str) {
    let text = finds.flow.flat[range.clone()].to_owned();
    let mut starts: Vec<Range<usize>> = find_all(marks, &text);
    for mark in &mut starts {
        // A mark that took the claim's first character gives it back.
        if let Some(last) = text[mark.clone()].chars().last().filter(|c| !"、.．。；;0123456789一二三四五六七八九十".contains(*c)) {
            mark.end -= last.len_utf8();
        }
    }
    if starts.is_empty() {
        finds.put("claims[]", Flat, range);
        return;
    }
    // The first mark is a thin stroke that the engine may lose; the claim before the second stands without it.
    if text[..starts[0].start].chars().count() >= 6 {
        finds.put("claims[]", Flat, range.start..range.start + starts[0].start);
    }
    for (i, mark) in starts.iter().enumerate() {
        let end = starts.get(i + 1).map_or(text.len(), |next| next.start);
        if text[mark.end..end].chars().count() >= 4 {
            finds.put("claims[]", Flat, shift(&(mark.end..end), range.start));
        }
    }
}

/// The facts and what the usual causes' facts name.
fn facts(finds: &mut Finds<'_>, flat: &str) {
    let start = find(r"事实(?:与|和|及)理由[：:]?()", flat).map_or(0, |r| r.end);
    let end = mark(&flat[start..], &["此致", "具状人"]).map_or(flat.len(), |at| start + at);
    if start > 0 {
        finds.put("reason", Flat, start..end);
    }
    let money = |before: &str| format!("(?:{before})({AMOUNT})");
    finds.first("principal_amount", Flat, &money("本金|借款|货款|租金|物业服务费|拖欠工资|尚欠|损失共计|损失合计"));
    let within = start..end;
    let mut one = |name: &str, pattern: &str| finds.within(name, Flat, within.clone(), pattern);
    if flat.contains("借") {
        one("loan_date", &format!(r"({DATE})[，,]?[^。]{{0,40}}?借"));
        one("due_date", &format!(r"(?:于|在|至|到)({DATE})(?:前|之前|归还|还清|止|到期)"));
        one("monthly_rate", r"月(?:利率|息)(?:为|按|：)?\s*((?:百分之[零〇一二三四五六七八九十点]+)|[0-9.]+\s*[%％])");
        one("repaid_amount", &format!(r"(?:偿还|归还|还款|支付)(?:了)?({AMOUNT})"));
    }
    one("monthly_rent", &format!(r"月租金(?:为)?({AMOUNT})"));
    one("lease_date", &format!(r"({DATE})[，,]?[^。]{{0,12}}签订《?房屋租赁合同"));
    one("house.address", r"位于(.{6,60}?)的房屋");
    one("contract_amount", &format!(r"(?:总价款|总价|合同价款|价款)(?:为)?({AMOUNT})"));
    one("contract_date", &format!(r"({DATE})[，,]?[^。]{{0,12}}签订《?[^》]{{0,12}}买卖合同"));
    one("goods", r"签订《([^》]{1,16}?)买卖合同");
    one("monthly_wage", &format!(r"月工资(?:为)?({AMOUNT})"));
    one("entry_date", &format!(r"({DATE})[，,]?入职"));
    one("leave_date", &format!(r"({DATE})[，,]?被告(?:以|通知|违法|单方)"));
    one("marriage_date", &format!(r"({DATE})登记结婚"));
    one("child.birth", &format!(r"({DATE})(?:生育|生)"));
    one("child.name", r"取名([^，。]{2,5})");
    one("accident_date", &format!(r"({DATE})[，,]?[^。]{{0,6}}驾驶"));
    one("plate_number", r"([\p{Han}][A-Z][0-9A-Z]{5,6})号");
    one("medical_fee", &format!(r"(?:医疗费|医疗费用)({AMOUNT})"));
    one("area", r"(?:建筑)?面积(?:为)?([0-9.]+平方米)");
    one("arrears_from", &format!(r"自({DATE})起"));
    finds.first("compensation", Flat, &format!(r"赔偿金({AMOUNT})"));
    finds.first("child_support", Flat, &format!(r"抚养费({AMOUNT})"));
}

/// Court and date at the foot.
fn signature(finds: &mut Finds<'_>, flat: &str) {
    let lined_court = format!(r"(?m)^({COURT})[^\p{{Han}}]*\p{{Han}}?[^\p{{Han}}]*$");
    let at = flat.rfind("此致").map_or(0, |at| at + "此致".len());
    // Where the seal or the light spoilt 此致, the court still stands alone on its line.
    if !(at > 0 && finds.within("court", Flat, at..flat.len(), &format!("({COURT})"))) {
        last(finds, "court", Lined, &lined_court, COURT);
    }
    let tail = [at, flat.rfind("具状人").unwrap_or(0), flat.rfind("人民法院").unwrap_or(0)].into_iter().max().unwrap_or(0)..flat.len();
    if tail.start == 0 {
        return;
    }
    if let Some(range) = find_all(DATE, &flat[tail.clone()]).pop() {
        finds.put("filing_date", Flat, shift(&range, tail.start));
    }
}

/// Proposes the last match of `pattern`, cut to what `inner` matches in it.
pub(super) fn last(finds: &mut Finds<'_>, name: &str, view: crate::flow::View, pattern: &str, inner: &str) -> bool {
    let text = finds.text(view).to_owned();
    let Some(outer) = find_all(pattern, &text).pop() else { return false };
    let Some(inner) = find_all(inner, &text[outer.clone()]).pop() else { return false };
    finds.put(name, view, shift(&inner, outer.start))
}

fn rename(finds: &mut Finds<'_>, from: &str, to: &str) {
    for (_, field) in finds.found.iter_mut().filter(|(_, f)| f.name == from) {
        field.name = to.into();
    }
}

/// Where the first of several headings stands.
fn mark(text: &str, marks: &[&str]) -> Option<usize> {
    marks.iter().filter_map(|m| text.find(m)).min()
}
