//! Sheets that the file writes itself, from what the events say: opinions on evidence, choices, the fee, drafts. Each is a title
//! and a text of lines. Their words stand in roots that are logged; see [`crate::file`].
use jiff::Timestamp;
use procedure::case::{Channel, Choice, Labelled, Payment, PaymentMethod, Statement};
use procedure::clock::date_zh;
use procedure::event::EvidenceSubmitted;
use procedure::trial::{Appeal, DraftFinding, JudgmentText, Level, Opinion};
use procedure::{Case, Event, Fen, PersonId};

/// Title and text.
pub(crate) type Sheet = (String, String);

fn sheet(title: String, lines: Vec<String>) -> Sheet {
    let text = format!("{title}\n\n{}\n", lines.join("\n"));
    (title, text)
}

/// 2026年3月16日10时05分, Beijing time.
fn moment(at: Timestamp) -> String {
    let at = jiff::tz::Offset::constant(8).to_datetime(at);
    format!("{}{}时{:02}分", date_zh(at.date()), at.hour(), at.minute())
}

/// 被告陈志远; who is no party by his name alone.
fn who(case: &Case, person: PersonId) -> String {
    case.party(person).map_or_else(|| case.name_of(person).to_owned(), |party| format!("{}{}", case.kind.side(party.side), party.name))
}

fn how(channel: Channel) -> &'static str {
    match channel {
        Channel::Online => "网上提交",
        Channel::Counter => "窗口提交，工作人员登记",
    }
}

/// The statement of a filing or of its correction.
pub(crate) fn filed(event: &Event) -> Option<&Statement> {
    if let Event::FilingSubmitted(filed) = event {
        return Some(&filed.statement);
    }
    if let Event::Corrected { statement, .. } = event {
        return Some(statement);
    }
    None
}

/// 质证意见 of one party (R-EVD-09).
pub(crate) fn opinions(case: &Case, opinions: &[Opinion], channel: Channel, at: Timestamp) -> Sheet {
    let by = opinions.first().map_or_else(String::new, |opinion| who(case, opinion.by));
    let mut lines = vec![format!("发表人：{by}"), format!("时间：{}", moment(at)), format!("方式：{}", how(channel))];
    for opinion in opinions {
        let item = case.evidence_item(opinion.item).map_or_else(
            || "证据".to_owned(),
            |evidence| format!("{}证据{}：{}", case.kind.side(evidence.side), evidence.number, evidence.material.name),
        );
        let stands = [("真实性", opinion.authenticity), ("合法性", opinion.legality), ("关联性", opinion.relevance)];
        let stands: Vec<_> = stands.iter().map(|(quality, stand)| format!("{quality}{}", stand.zh())).collect();
        lines.extend([String::new(), item, format!("意见：{}。", stands.join("，"))]);
        lines.extend((!opinion.text.trim().is_empty()).then(|| format!("理由：{}", opinion.text.trim())));
    }
    sheet(format!("质证意见（{by}）"), lines)
}

/// 诉讼方式的选择 of one person (R-IDC-20).
pub(crate) fn consent(case: &Case, person: PersonId, choices: &[&Choice], at: Timestamp) -> Sheet {
    let mut lines = vec![format!("选择人：{}", who(case, person)), format!("时间：{}", moment(at)), String::new()];
    lines.extend(choices.iter().map(|choice| format!("{}：{}（告知书{}版）", choice.scope.zh(), choice.channel.zh(), choice.text)));
    sheet(format!("诉讼方式选择书（{}）", case.name_of(person)), lines)
}

/// What a party said to evidence that came late (R-EVD-05).
pub(crate) fn late_evidence(case: &Case, submitted: &EvidenceSubmitted, at: Timestamp) -> Sheet {
    let names: Vec<_> = submitted.items.iter().map(|item| item.name.as_str()).collect();
    let lines = vec![
        format!("提交人：{}", who(case, submitted.by)),
        format!("时间：{}", moment(at)),
        format!("证据：{}", names.join("、")),
        format!("说明：{}", submitted.reason.trim()),
    ];
    sheet(format!("提交证据说明（{}）", case.name_of(submitted.by)), lines)
}

/// 上诉请求 and reasons as they were entered (R-APL-02).
pub(crate) fn appeal(case: &Case, appeal: &Appeal, at: Timestamp) -> Sheet {
    let lines = vec![
        format!("上诉人：{}", who(case, appeal.by)),
        format!("时间：{}", moment(at)),
        format!("方式：{}", how(appeal.channel)),
        String::new(),
        format!("上诉请求：{}", appeal.requests.trim()),
        format!("事实和理由：{}", appeal.reasons.trim()),
    ];
    sheet(format!("上诉请求（{}）", case.name_of(appeal.by)), lines)
}

/// 交费凭证 (R-CAT-07).
pub(crate) fn payment(case: &Case, payment: &Payment) -> Sheet {
    let method = match payment.method {
        PaymentMethod::Online => "网上交费",
        PaymentMethod::BankSlip => "银行回单",
    };
    let lines = vec![
        format!("金额：{}", payment.amount),
        format!("方式：{method}"),
        format!("票据号：{}", payment.reference),
        format!("到账时间：{}", moment(payment.at)),
    ];
    sheet(format!("{}交纳凭证（{}）", case.kind.fee(), payment.amount), lines)
}

/// 司法救助申请 (R-FEE-21).
pub(crate) fn relief_request(case: &Case, reason: &str, at: Timestamp) -> Sheet {
    let payer = case.side(procedure::case::Side::Plaintiff).map(|party| party.name.as_str()).collect::<Vec<_>>().join("、");
    let lines = vec![format!("申请人：原告{payer}"), format!("时间：{}", moment(at)), format!("理由：{}", reason.trim())];
    sheet(format!("缓交、减交、免交诉讼费用申请（{payer}）"), lines)
}

/// An application beside the main proceeding, as it was filled in (R-FIA-05).
pub(crate) fn matter(case: &Case, raised: &procedure::matter::Raised, at: Timestamp) -> Sheet {
    let (name, zh) = (case.name_of(raised.by), raised.kind.matter().zh);
    let who = raised.side.map_or_else(|| format!("提出人：{name}"), |side| format!("申请人：{}{name}", case.kind.side(side)));
    let posted = raised.posted_on.map(|on| format!("交邮日期：{}", procedure::clock::date_zh(on)));
    let filled = raised.told(case).into_iter().map(|(label, value)| format!("{label}：{value}"));
    let lines = [who, format!("时间：{}", moment(at))].into_iter().chain(posted).chain(filled).collect();
    sheet(format!("{zh}（{name}）"), lines)
}

/// 坚持起诉: the plaintiff wants a decision on his filing as it is (R-FIL-12).
pub(crate) fn insistence(case: &Case, by: procedure::PersonId, reason: &str, at: Timestamp) -> Sheet {
    let name = case.name_of(by);
    let lines = vec![format!("起诉人：{name}"), format!("时间：{}", moment(at)), format!("理由：{}", reason.trim())];
    sheet(format!("坚持起诉的说明（{name}）"), lines)
}

/// What was decided on it.
pub(crate) fn relief_decision(case: &Case, granted: bool, due: Fen, at: Timestamp) -> Sheet {
    let payer = case.side(procedure::case::Side::Plaintiff).map(|party| party.name.as_str()).collect::<Vec<_>>().join("、");
    let decided = if granted { "准许" } else { "不准许" };
    let lines = vec![format!("决定：{decided}"), format!("仍应交纳：{due}"), format!("时间：{}", moment(at))];
    sheet(format!("司法救助决定（{payer}）"), lines)
}

/// 签发稿: a draft of the judgment with what the check found in it (R-CAT-08, R-CHK).
pub(crate) fn draft(case: &Case, version: u32, text: &JudgmentText, findings: &[DraftFinding], at: Timestamp) -> Sheet {
    let mut lines = vec![format!("保存时间：{}", moment(at))];
    for (heading, words) in [("证据", &text.evidence), ("查明事实", &text.facts), ("本院认为", &text.reasons), ("裁判依据", &text.basis)]
    {
        lines.extend([String::new(), heading.to_owned(), words.trim().to_owned()]);
    }
    lines.extend([String::new(), "判决主文".to_owned()]);
    lines.extend(text.orders.iter().zip(1..).map(|(order, number)| format!("{number}. {}", order.trim())));
    lines.extend([String::new(), "诉讼费用负担".to_owned()]);
    lines.extend(text.fee.iter().map(|share| format!("{}：{}", who(case, share.person), share.amount)));
    lines.extend([String::new(), "检查结果".to_owned()]);
    let level = |level| match level {
        Level::Error => "必须改",
        Level::Warning => "请核对",
        Level::Info => "提示",
    };
    lines.extend(findings.iter().map(|finding| format!("{}（{}）：{}", level(finding.level), finding.rule, finding.text)));
    lines.extend(findings.is_empty().then(|| "没有发现问题。".to_owned()));
    sheet(format!("民事判决书第{version}稿"), lines)
}
