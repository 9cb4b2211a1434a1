//! Words for dates, people and events of a file. What stands in an event is said as it stands; nothing is reckoned here.
use court::desk::{Entry, File};
use jiff::Timestamp;
use jiff::civil::Date;
use procedure::case::{Actor, Labelled};
use procedure::{Case, Fen, PaperId, PersonId};
use serde_json::Value;

/// `2026年3月2日 10:24` at the courts.
pub fn minute(at: Timestamp) -> String {
    let civil = jiff::tz::Offset::constant(8).to_datetime(at);
    format!("{} {:02}:{:02}", ui::zh::date_text(civil.date()), civil.hour(), civil.minute())
}

/// Days from today to a date, as pages count them.
pub fn days_until(today: Date, day: Date) -> i32 {
    today.until(day).map_or(i32::MAX, |span| span.get_days())
}

/// 案号 in full width, or the receipt number before there is one.
pub fn number_of(case: &Case) -> String {
    case.number.as_deref().map_or_else(|| case.receipt_no.clone(), court::full_width)
}

/// What a kind of event is called in the timeline; `None` for a kind that has no words yet (a test looks for those).
pub fn event(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "filing_submitted" => "收到起诉材料",
        "returned_for_correction" => "退回补正",
        "corrected" => "收到补正材料",
        "filing_accepted" => "立案",
        "filing_refused" => "裁定不予受理",
        "filing_given_back" => "退回起诉材料",
        "filing_insisted" => "坚持起诉",
        "paper_copy_requested" => "索要纸质文书",
        "paper_issued" => "文书生成并盖章",
        "paper_sent" => "文书发出",
        "paper_opened" => "受送达人打开文书",
        "paper_served" => "送达生效",
        "service_failed" => "未能送达",
        "service_corrected" => "更正送达日期",
        "channel_chosen" => "选择办理方式",
        "party_joined" => "加入案件",
        "address_confirmed" => "确认送达地址",
        "agent_appointed" => "委托诉讼代理人",
        "agent_revoked" => "解除委托",
        "fee_paid" => "交纳诉讼费",
        "relief_requested" => "申请司法救助",
        "relief_decided" => "决定司法救助申请",
        "deemed_withdrawn" => "裁定按撤诉处理",
        "clock_expired" => "期间届满",
        "answer_submitted" => "收到答辩状",
        "evidence_submitted" => "收到证据",
        "evidence_commented" => "收到质证意见",
        "tribunal_assigned" => "分案，确定审判组织",
        "hearing_scheduled" => "排期开庭",
        "hearing_postponed" => "延期开庭",
        "hearing_opened" => "宣布开庭",
        "record_saved" => "保存笔录",
        "record_closed" => "结束笔录",
        "record_signed" => "核对笔录并签名",
        "judgment_drafted" => "保存判决书草稿",
        "judgment_signed" => "签署判决书",
        "judgment_given" => "作出判决",
        "appeal_filed" => "收到上诉状",
        "judgment_took_effect" => "判决生效",
        "certificate_requested" => "申请生效证明",
        "certificate_issued" => "出具生效证明",
        "case_closed" => "结案",
        "case_archived" => "归档",
        "service_announced" => "公告送达",
        "matter_raised" => "提出程序事项",
        "matter_decided" => "处理程序事项",
        _ => return None,
    })
}

/// Particulars of events that people read, by the name under which they stand.
const FACTS: &[(&str, &str)] = &[
    ("number", "案号"),
    ("procedure", "程序"),
    ("receipt_no", "收件编号"),
    ("channel", "方式"),
    ("method", "方式"),
    ("on", "日期"),
    ("days", "期限（日）"),
    ("reason", "理由"),
    ("rule", "依据"),
    ("granted", "准许"),
    ("due", "应交"),
    ("entry", "退回登记号"),
    ("ground", "不符合的条件"),
    ("reasons", "理由"),
    ("how", "方式"),
    ("anchor", "期间"),
    ("undecided", "先行立案"),
    ("reference", "编号"),
    ("form", "形式"),
    ("date", "日期"),
    ("time", "时间"),
    ("courtroom", "法庭"),
    ("manner", "方式"),
    ("term", "保管期限"),
    ("late", "逾期"),
    ("refused", "拒绝签名"),
    ("correction", "申请补正"),
    ("digest", "摘要"),
    ("version", "第几稿"),
    ("requests", "请求"),
    ("sha256", "摘要"),
    ("pages", "页数"),
];

/// What an event says, in one line.
pub fn details(entry: &Entry, file: &File) -> String {
    let body = &entry.body;
    if let Some(words) = matter(entry, &file.case) {
        return words;
    }
    let mut said = Vec::new();
    if let Some(paper) = body["id"].as_str().and_then(PaperId::parse).and_then(|id| file.case.paper(id)) {
        said.push(format!("{}（{}）", file.case.paper_zh(paper), name_of(paper.to, file)));
    }
    if let Some(paper) = body["request"]["paper"].as_str().and_then(PaperId::parse).and_then(|id| file.case.paper(id)) {
        said.push(paper.paper.zh().to_owned());
    }
    // What was decided stands in the event itself, or one level down in the thing that it is about.
    for part in std::iter::once(body).chain(PARTS.iter().map(|name| &body[*name])) {
        facts(part, file, &mut said);
    }
    for seat in body["tribunal"]["judges"].as_array().into_iter().flatten().chain(std::iter::once(&body["tribunal"]["clerk"])) {
        let office = serde_json::from_value::<procedure::Office>(seat["office"].clone()).map(|office| office.zh());
        said.extend(office.ok().zip(seat["name"].as_str()).map(|(office, name)| format!("{office} {name}")));
    }
    for items in ["items", "opinions"] {
        said.extend(body[items].as_array().map(|items| format!("{} 件", items.len())));
    }
    said.extend(body["authority"]["agent"]["name"].as_str().map(|name| format!("代理人：{name}")));
    said.extend(body["agent"].as_str().and_then(PersonId::parse).map(|agent| format!("代理人：{}", name_of(agent, file))));
    if let Some(electronic) = body["electronic"].as_bool() {
        said.push(if electronic { "同意电子送达" } else { "邮寄送达" }.into());
    }
    for item in body["items"].as_array().into_iter().flatten() {
        said.extend(item["name"].as_str().map(str::to_owned));
    }
    if let Some(payment) = body["payment"].as_object() {
        let amount = payment.get("amount").and_then(Value::as_i64).map(|fen| Fen(fen).to_string());
        said.extend(amount.map(|amount| format!("到账 {amount}")));
        said.extend(payment.get("reference").and_then(Value::as_str).map(|reference| format!("票据号：{reference}")));
    }
    if let Some(remarks) = body["remarks"].as_array() {
        let words = remarks.iter().filter_map(|remark| Some(format!("{}：{}", remark["label"].as_str()?, remark["remark"].as_str()?)));
        said.extend(words);
    }
    if let Some(choices) = body["choices"].as_array().filter(|_| entry.kind != "filing_submitted") {
        let words: Vec<_> = choices.iter().filter_map(choice_words).collect();
        said.push(words.join("，"));
    }
    if let Some(statement) = body["statement"].as_object() {
        let materials = statement.get("materials").and_then(Value::as_array).map_or(0, Vec::len);
        said.push(format!("{} 份材料", materials));
    }
    said.retain(|words| !words.is_empty());
    said.join("；")
}

/// What was asked for beside the main proceeding, or what was decided on it.
fn matter(entry: &Entry, case: &Case) -> Option<String> {
    let number = entry.body["number"].as_u64().and_then(|number| u32::try_from(number).ok())?;
    let matter = case.matter(number).filter(|_| entry.kind.starts_with("matter_"))?;
    let zh = matter.raised.kind.matter().zh;
    match (entry.kind.as_str(), &matter.decided) {
        ("matter_decided", Some(decided)) => Some(format!("{zh}：{}", decided.text.orders.join(""))),
        (_, _) if matter.raised.fields.0.is_empty() => Some(format!("{zh}：法院依职权")),
        (_, _) => {
            let told = matter.raised.told(case).into_iter().map(|(label, said)| format!("{label}：{said}"));
            Some(format!("{zh}，{}；{}", case.name_of(matter.raised.by), told.collect::<Vec<_>>().join("；")))
        }
    }
}

/// Things that events carry whole, with particulars of their own.
const PARTS: [&str; 8] = ["request", "answer", "tribunal", "hearing", "signature", "appeal", "closing", "authority"];

fn facts(part: &Value, file: &File, said: &mut Vec<String>) {
    for name in ["person", "to", "of", "by"] {
        said.extend(part[name].as_str().and_then(PersonId::parse).map(|person| name_of(person, file)));
    }
    for (name, label) in FACTS {
        said.extend(value_words(name, &part[*name], &file.case).map(|words| format!("{label}：{words}")));
    }
}

fn choice_words(choice: &Value) -> Option<String> {
    let scope: procedure::case::Scope = serde_json::from_value(choice["scope"].clone()).ok()?;
    let channel: procedure::case::Channel = serde_json::from_value(choice["channel"].clone()).ok()?;
    Some(format!("{}：{}", scope.zh(), channel.zh()))
}

fn value_words(name: &str, value: &Value, case: &Case) -> Option<String> {
    let word = |text: &str| match name {
        "procedure" => serde_json::from_value::<procedure::case::Procedure>(value.clone()).map(|value| value.zh().to_owned()).ok(),
        "channel" => serde_json::from_value::<procedure::case::Channel>(value.clone()).map(|value| value.zh().to_owned()).ok(),
        "method" => serde_json::from_value::<procedure::case::Method>(value.clone()).map(|value| value.zh().to_owned()).ok(),
        "ground" => serde_json::from_value::<procedure::step::refuse_filing::Ground>(value.clone()).map(|value| value.zh().to_owned()).ok(),
        "how" => serde_json::from_value::<procedure::case::Collect>(value.clone()).map(|value| value.zh().to_owned()).ok(),
        "number" => Some(court::full_width(text)),
        "form" => serde_json::from_value::<procedure::trial::TribunalForm>(value.clone()).map(|value| value.zh().to_owned()).ok(),
        "sha256" | "digest" => Some(format!("{}…", text.get(..16).unwrap_or(text))),
        "anchor" => Some(anchor_words(text, case)),
        _ => (!text.is_empty()).then(|| text.to_owned()),
    };
    match value {
        Value::String(text) => word(text),
        Value::Bool(true) => Some("是".into()),
        Value::Bool(false) if name == "granted" => Some("否".into()),
        Value::Number(number) if name == "due" => number.as_i64().map(|fen| Fen(fen).to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(false) | Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The name of the period that hangs on an anchor.
fn anchor_words(anchor: &str, case: &Case) -> String {
    let clock = case.clocks.iter().rev().find(|running| running.anchor == anchor);
    clock.map_or_else(|| anchor.to_owned(), |running| running.clock.what.clone())
}

/// A person's name as the file knows him: party, agent or staff.
pub fn name_of(person: PersonId, file: &File) -> String {
    if person.0.is_nil() {
        return "平台".into();
    }
    let party = file.case.party(person).map(|party| party.name.clone());
    // An agent whose authority ended is still who did what he did.
    let ended = file.case.authorities.iter().map(|authority| &authority.agent);
    let agent = || file.case.agents.iter().chain(ended).find(|agent| agent.person == person).map(|agent| agent.name.clone());
    let staff = || file.staff.get(&person).cloned();
    party.or_else(agent).or_else(staff).unwrap_or_else(|| "当事人账号".into())
}

/// Who did it; at the counter and of an agent both names (R-IDC-40, R-IDC-11).
pub fn actor(by: &Actor, file: &File) -> String {
    let own = name_of(by.person, file);
    let who = match (by.for_person, &by.office) {
        (Some(person), None) => format!("{own}（{}的委托诉讼代理人）", name_of(person, file)),
        (Some(person), Some(_)) => format!("{}，由{own}在窗口代录", name_of(person, file)),
        (None, Some((office, _))) if !by.person.0.is_nil() => format!("{own}（{}）", office.zh()),
        (None, _) => own,
    };
    match by.factor {
        Some(factor) => format!("{who}，{}签名", factor.zh()),
        None => who,
    }
}

/// 440***********0028: enough to recognise, too little to misuse.
pub fn masked(number: &str) -> String {
    let letters: Vec<char> = number.chars().collect();
    match letters.len() {
        0 => "未填写".into(),
        1..8 => "*".repeat(letters.len()),
        length => letters[..3].iter().chain(std::iter::repeat_n(&'*', length - 7)).chain(&letters[length - 4..]).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The kinds there are, as the reader of events names them when it meets an unknown one.
    fn kinds() -> Vec<String> {
        let error = serde_json::from_str::<procedure::Event>(r#"{"event":"no such thing"}"#).expect_err("unknown").to_string();
        let listed = error.split("expected one of ").nth(1).expect("the kinds are listed");
        listed.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    }

    #[test]
    fn every_kind_of_event_has_its_words() {
        let kinds = kinds();
        assert!(kinds.len() >= 17 && kinds.contains(&"filing_submitted".to_owned()), "{kinds:?}");
        let without: Vec<_> = kinds.iter().filter(|kind| event(kind).is_none()).collect();
        assert!(without.is_empty(), "words::event does not know {without:?}");
    }

    #[test]
    fn a_number_is_recognised_and_not_shown() {
        assert_eq!(masked("11010519491231002X"), "110***********002X");
        assert_eq!((masked("123"), masked("")), ("***".into(), "未填写".into()));
    }
}
