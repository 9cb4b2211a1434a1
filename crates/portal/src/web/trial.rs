//! 答辩、证据交换、质证、庭审笔录、上诉: pages between acceptance and the end, and what the case page says of them.
use super::act::{handing, press, send, step_page};
use super::evidence::ACCEPT;
use super::fault::{Fault, overtaken, refused};
use super::form::{Mine, MineWithFiles, Sent, Typed};
use super::kept::{Sheet, handed_in, signed};
use super::page::{Said, day_near, form, key_of, md_hm, sandbox_note};
use super::receipt::submitted;
use super::visitor::{Me, Visitor};
use crate::trial::NewFile;
use crate::{Account, Problem};
use axum::extract::Path;
use axum::response::Response;
use exchange::message::{View, ViewEvidence, ViewHearing, ViewRecord};
use jiff::civil::Date;
use maud::{Markup, html};
use procedure::CaseId;
use procedure::case::{Channel, Labelled, MaterialKind, pages_zh};
use procedure::step::comment_on_evidence::ItemOpinion;
use procedure::trial::Stand;
use ui::form::{Choice, Entry, Field, Many, Upload, checkbox, choice_group, hidden, text, textarea, upload};
use ui::zh::prose;
use ui::{Button, Column, Emphasis, Table, Tone, button, notice, table};
use uuid::Uuid;

async fn view_of(v: &Visitor, account: &Account, id: Uuid) -> Result<View, Fault> {
    Ok(v.portal.view(account, CaseId(id)).await?)
}

/// Files of a form, with one name and purpose; several keep the names of their files.
pub async fn new_files(
    v: &Visitor,
    account: &Account,
    typed: &Typed,
    sent: Vec<Sent>,
    kind: MaterialKind,
) -> Result<Result<Vec<NewFile>, Vec<Problem>>, Fault> {
    let mut files: Vec<(String, Vec<u8>)> = sent.into_iter().map(|sent| (sent.name, sent.bytes)).collect();
    for upload in typed.values("files_upload").filter_map(|id| Uuid::parse_str(id).ok()) {
        match v.portal.finished_upload(account, upload).await {
            Ok(file) => files.push(file),
            Err(error) => return Ok(Err(refused(error)?)),
        }
    }
    let alone = files.len() == 1;
    let made = files.into_iter().map(|(file_name, bytes)| NewFile {
        file_name,
        bytes,
        name: if alone { typed.value("name").to_owned() } else { String::new() },
        purpose: typed.value("purpose").to_owned(),
        kind,
    });
    Ok(Ok(made.collect()))
}

pub fn files_field(v: &Visitor, label: &str, hint: &str, said: &Said<'_>, optional: bool) -> Markup {
    let hint = format!("{hint}每份不超过 {} MB。", v.portal.file_limit() >> 20);
    upload(
        &Field { name: "files", label, hint: Some(&hint), error: said.of("files"), optional, ..Field::default() },
        &Upload { accept: ACCEPT, multiple: true, camera: true, pieces: Some("/uploads") },
    )
}

/// GET /case/{id}/answer
pub async fn answer(Path(id): Path<Uuid>, me: Me) -> Result<Response, Fault> {
    let view = view_of(&me.v, &me.account, id).await?;
    Ok(answer_page(&me.v, &view, &Sheet::open(&me.v, &me.account).await?, &[]))
}

fn answer_page(v: &Visitor, view: &View, sheet: &Sheet, problems: &[Problem]) -> Response {
    let said = Said(problems);
    let content = html! {
        @if let Some(statement) = &view.statement {
            section aria-labelledby="claims" {
                h2 id="claims" { "原告请求" }
                ol.stack.numbered.gap-2 { @for claim in &statement.claims { li { (prose(claim)) } } }
                (ui::more(&html! { "看原告写的事实与理由" }, &html! { @for line in statement.facts.lines().chain(statement.reasons.lines()) { p { (prose(line)) } } }))
            }
        }
        p.mt-4 { (prose("对原告的请求、事实和理由，哪些认可，哪些不认可，为什么。收到起诉状副本之日起十五日内提出；不提出的，不影响法院审理。《中华人民共和国民事诉讼法》第一百二十八条 R-FIL-21")) }
        (sheet.form(v, true, &html! {
            (press(view, &said))
            (textarea(&Field { name: "text", label: "答辩意见", value: sheet.typed.value("text"), error: said.of("text"), ..Field::default() }, 8))
            (files_field(v, "答辩状", "已经写好的，拍照或者传文件。", &said, true))
            (send("提交答辩"))
        }))
    };
    step_page(v, view, "答辩", problems, "submit_answer", &content)
}

/// POST /case/{id}/answer: `key`, `text`, `files`.
pub async fn answer_post(Path(id): Path<Uuid>, MineWithFiles { v, account, typed, files }: MineWithFiles) -> Result<Response, Fault> {
    let key = key_of(&typed)?;
    let problems = match new_files(&v, &account, &typed, files, MaterialKind::Answer).await? {
        Ok(files) => match v.portal.submit_answer(&account, handing(id, &key, &v, &typed)?, typed.value("text"), files).await {
            Ok(submission) => return handed_in(&v, &account, &submission).await,
            Err(error) => overtaken(error)?,
        },
        Err(problems) => problems,
    };
    Ok(answer_page(&v, &view_of(&v, &account, id).await?, &Sheet::refused(&v, &account, typed).await?, &problems))
}

/// GET /case/{id}/evidence
pub async fn evidence(Path(id): Path<Uuid>, me: Me) -> Result<Response, Fault> {
    let view = view_of(&me.v, &me.account, id).await?;
    Ok(evidence_page(&me.v, &view, &Sheet::open(&me.v, &me.account).await?, &[]))
}

fn evidence_page(v: &Visitor, view: &View, sheet: &Sheet, problems: &[Problem]) -> Response {
    let (said, typed) = (Said(problems), &sheet.typed);
    let content = html! {
        (evidence_list(view, true))
        p.mt-4.mb-4 { (prose("每一份写明证明什么。法院收到后逐件出具收据。举证期限过后提交的，要说明理由，是否采纳由法院决定。R-FIL-07 R-EVD-05")) }
        (sheet.form(v, true, &html! {
            (press(view, &said))
            (files_field(v, "证据", "拍照、扫描件、PDF、Word 都可以。一次选几份的，名称用文件名。", &said, false))
            (text(&Field { name: "name", label: "证据名称", hint: Some("例如 收款记录"), value: typed.value("name"), error: said.of("name"), optional: true, ..Field::default() }, Entry::Text))
            (textarea(&Field { name: "purpose", label: "证明什么", hint: Some("例如 只收到银行转账 12 万元"), value: typed.value("purpose"), error: said.of("purpose"), ..Field::default() }, 2))
            (textarea(&Field { name: "reason", label: "逾期提交的理由", hint: Some("举证期限内提交的不用填。"), value: typed.value("reason"), error: said.of("reason"), optional: true, ..Field::default() }, 2))
            (send("提交证据"))
        }))
    };
    step_page(v, view, "提交证据", problems, "submit_evidence", &content)
}

/// POST /case/{id}/evidence: `key`, `files`, `name`, `purpose`, `reason`.
pub async fn evidence_post(Path(id): Path<Uuid>, MineWithFiles { v, account, typed, files }: MineWithFiles) -> Result<Response, Fault> {
    let key = key_of(&typed)?;
    let problems = match new_files(&v, &account, &typed, files, MaterialKind::Evidence).await? {
        Ok(files) => match v.portal.submit_evidence(&account, handing(id, &key, &v, &typed)?, typed.value("reason"), files).await {
            Ok(submission) => return handed_in(&v, &account, &submission).await,
            Err(error) => overtaken(error)?,
        },
        Err(problems) => problems,
    };
    Ok(evidence_page(&v, &view_of(&v, &account, id).await?, &Sheet::refused(&v, &account, typed).await?, &problems))
}

/// Lists of both sides with the opinions on each item.
fn evidence_list(view: &View, own_only: bool) -> Markup {
    let shown: Vec<&ViewEvidence> = view.evidence.iter().filter(|item| item.yours || !own_only).collect();
    if shown.is_empty() {
        return Markup::default();
    }
    let rows: Vec<Vec<Markup>> = shown
        .iter()
        .map(|item| {
            vec![
                html! { span.nowrap { (item.side) " " (item.number) } },
                html! { (item.name) @if item.late { " " (ui::badge(Tone::Soon, "逾期")) } },
                prose(&item.purpose),
                html! { @for opinion in &item.opinions { p.small { (opinion.by) "：" (stands(opinion.authenticity, opinion.legality, opinion.relevance)) @if !opinion.text.is_empty() { "。" (opinion.text) } } } },
            ]
        })
        .collect();
    let column = |heading| Column { heading, ..Column::default() };
    let columns = [column("编号"), column("证据"), column("证明什么"), column("质证意见")];
    html! {
        section aria-labelledby="ev" {
            h2 id="ev" { @if own_only { "已经提交的证据" } @else { "双方的证据" } }
            (table(&Table { caption: "证据", caption_shown: false, columns: &columns, rows: &rows, total: None, scrolls: true }))
        }
    }
}

fn stands(authenticity: Stand, legality: Stand, relevance: Stand) -> String {
    format!("真实性{}，合法性{}，关联性{}", authenticity.zh(), legality.zh(), relevance.zh())
}

/// The other side's items, in the order of the form.
fn theirs(view: &View) -> Vec<&ViewEvidence> {
    view.evidence.iter().filter(|item| !item.yours).collect()
}

/// GET /case/{id}/opinions
pub async fn opinions(Path(id): Path<Uuid>, me: Me) -> Result<Response, Fault> {
    let view = view_of(&me.v, &me.account, id).await?;
    Ok(opinions_page(&me.v, &view, &Sheet::open(&me.v, &me.account).await?, &[]))
}

fn opinions_page(v: &Visitor, view: &View, sheet: &Sheet, problems: &[Problem]) -> Response {
    let said = Said(problems);
    let typed = (!sheet.is_empty()).then_some(&sheet.typed);
    let items = theirs(view);
    let content = html! {
        @if items.is_empty() { p { "对方还没有提交证据。提交以后会通知您。" } }
        @else {
            p.intro { (prose("对方的每一份证据，分别说真实性、合法性、关联性认可不认可；不认可的写明理由。没有意见的可以先不选。R-EVD-08 R-EVD-09")) }
            (sheet.form(v, false, &html! {
                (press(view, &said))
                @for (place, item) in items.iter().enumerate() { (opinion(place, item, typed, &said)) }
                (send("提交质证意见"))
            }))
        }
    };
    step_page(v, view, "对对方证据的意见", problems, "comment_on_evidence", &content)
}

const QUALITIES: [(&str, &str); 3] = [("authenticity", "真实性"), ("legality", "合法性"), ("relevance", "关联性")];

fn opinion(place: usize, item: &ViewEvidence, typed: Option<&Typed>, said: &Said<'_>) -> Markup {
    let before = item.opinions.iter().find(|opinion| opinion.yours);
    let name = |field: &str| format!("opinion.{place}.{field}");
    let value =
        |field: &str, kept: Option<&str>| typed.map_or_else(|| kept.unwrap_or_default().to_owned(), |typed| typed.value(&name(field)).to_owned());
    let kept = |field: &str| {
        before.map(|opinion| match field {
            "authenticity" => opinion.authenticity,
            "legality" => opinion.legality,
            _ => opinion.relevance,
        })
    };
    html! {
        fieldset.panel.panel-pad.stack.gap-4 {
            legend { strong { (item.side) "证据 " (item.number) "：" (item.name) } }
            p.small.muted { (pages_zh(item.pages)) "。证明：" (prose(&item.purpose)) }
            p.small.muted { "在案件的“送达给您的文书”里，可以看到和证据一起送来的副本。" }
            (hidden(&name("item"), &item.item.to_string()))
            @for (field, label) in QUALITIES {
                @let field_name = name(field);
                @let chosen = value(field, kept(field).map(|stand| match stand { Stand::Accepted => "accepted", Stand::Disputed => "disputed" }));
                (choice_group(&Field { name: &field_name, label, error: said.of(&field_name), ..Field::default() }, Many::One, &[
                    Choice { value: "accepted", label: "认可", checked: chosen == "accepted", ..Choice::default() },
                    Choice { value: "disputed", label: "不认可", checked: chosen == "disputed", ..Choice::default() },
                ]))
            }
            @let words_name = name("text");
            @let words = value("text", before.map(|opinion| opinion.text.as_str()));
            (textarea(&Field { name: &words_name, label: "理由", hint: Some("有不认可的，请写明理由。"), value: &words, error: said.of(&words_name), optional: true, ..Field::default() }, 3))
        }
    }
}

/// POST /case/{id}/opinions: `key`, and per item `opinion.N.item`, `.authenticity`, `.legality`, `.relevance`, `.text`.
pub async fn opinions_post(Path(id): Path<Uuid>, Mine { v, account, typed }: Mine) -> Result<Response, Fault> {
    let view = view_of(&v, &account, id).await?;
    let key = key_of(&typed)?;
    let problems = match read_opinions(&view, &typed) {
        Ok(opinions) => match v.portal.comment_on_evidence(&account, handing(id, &key, &v, &typed)?, opinions).await {
            Ok(submission) => return handed_in(&v, &account, &submission).await,
            Err(error) => overtaken(error)?,
        },
        Err(problems) => problems,
    };
    Ok(opinions_page(&v, &view, &Sheet::refused(&v, &account, typed).await?, &problems))
}

fn read_opinions(view: &View, typed: &Typed) -> Result<Vec<ItemOpinion>, Vec<Problem>> {
    let (mut opinions, mut problems) = (vec![], vec![]);
    for (place, item) in theirs(view).into_iter().enumerate() {
        let name = |field: &str| format!("opinion.{place}.{field}");
        // The list may have grown since the page was made: the item says itself which it is.
        if typed.value(&name("item")) != item.item.to_string() {
            continue;
        }
        let stand = |field: &str| match typed.value(&name(field)) {
            "accepted" => Some(Stand::Accepted),
            "disputed" => Some(Stand::Disputed),
            _ => None,
        };
        let words = typed.value(&name("text")).to_owned();
        let given: Vec<Option<Stand>> = QUALITIES.iter().map(|(field, _)| stand(field)).collect();
        match given.as_slice() {
            [Some(authenticity), Some(legality), Some(relevance)] => {
                let disputed = given.contains(&Some(Stand::Disputed));
                if disputed && words.is_empty() {
                    problems.push(Problem { field: name("text"), zh: format!("对“{}”有不认可的，请写明理由。", item.name) });
                }
                opinions.push(ItemOpinion { item: item.item, authenticity: *authenticity, legality: *legality, relevance: *relevance, text: words });
            }
            [None, None, None] if words.is_empty() => {}
            _ => {
                let missing = QUALITIES.iter().zip(&given).filter(|(_, stand)| stand.is_none());
                problems.extend(
                    missing
                        .map(|((field, label), _)| Problem {
                            field: name(field), zh: format!("请选择对“{}”的{label}认可还是不认可。", item.name)
                        }),
                );
            }
        }
    }
    if problems.is_empty() { Ok(opinions) } else { Err(problems) }
}

/// GET /case/{id}/record
pub async fn record(Path(id): Path<Uuid>, me: Me) -> Result<Response, Fault> {
    let view = view_of(&me.v, &me.account, id).await?;
    Ok(record_page(&me.v, &view, &Sheet::open(&me.v, &me.account).await?, &[], false))
}

/// The last hearing whose record is closed.
fn last_record(view: &View) -> Option<(&ViewHearing, &ViewRecord)> {
    view.hearings.iter().rev().find_map(|hearing| hearing.record.as_ref().map(|record| (hearing, record)))
}

fn record_page(v: &Visitor, view: &View, sheet: &Sheet, problems: &[Problem], code_sent: bool) -> Response {
    let said = Said(problems);
    let content = match last_record(view) {
        None => html! { p { "还没有可以核对的庭审笔录。开庭结束、书记员整理好以后会通知您。" } },
        Some((hearing, record)) => html! {
            p { (ui::zh::date_text(hearing.date)) "开庭，" (hearing.courtroom) "。" @if let Some(until) = record.until { "请最迟 " strong { (ui::zh::date_zh(until)) } " 核对签名。" } }
            div.paper-frame.mt-3 { (ui::paper(&ui::Paper { name: Some("庭审笔录"), case_no: view.number.as_deref(), paragraphs: &record.text.lines().map(|line| html! { (line) }).collect::<Vec<_>>(), flow: true, ..ui::Paper::default() })) }
            p.small.muted.mt-3 { "签的就是这份笔录，它的指纹（国密 SM3）：" }
            (ui::digest(&record.digest, true))
            ul.stack.gap-2.mb-4 { @for (name, state) in &record.signatures { li { (name) "：" (state) } } }
            @if record.waits {
                (sheet.form(v, false, &html! {
                    (press(view, &said))
                    (hidden("hearing", &hearing.number.to_string()))
                    (textarea(&Field { name: "correction", label: "申请补正的内容", hint: Some("有漏记、记错的写在这里，会附在笔录后面；没有的不用填。"), value: sheet.typed.value("correction"), error: said.of("correction"), optional: true, ..Field::default() }, 3))
                    (checkbox(&Field { name: "sign", label: "我已阅读笔录，本人签名", hint: Some("在网上签名和在纸上签名效力相同。"), value: if code_sent { sheet.typed.value("sign") } else { "" }, error: said.of("sign"), ..Field::default() }, "yes"))
                    (code_field(v, &said, code_sent))
                }))
            } @else { (notice(Tone::Done, &html! { "您已经办过，不用再签。" })) }
        },
    };
    step_page(v, view, "核对庭审笔录", problems, "confirm_record", &content)
}

/// POST /case/{id}/record: `key`, `hearing`, `sign`, `correction`.
pub async fn record_post(Path(id): Path<Uuid>, Mine { v, account, typed }: Mine) -> Result<Response, Fault> {
    let view = view_of(&v, &account, id).await?;
    let key = key_of(&typed)?;
    let hearing = typed.number("hearing").and_then(|number| u32::try_from(number).ok()).ok_or(Fault::Unreadable)?;
    if typed.value("go") == "code" {
        let for_person = handing(id, &key, &v, &typed)?.for_person;
        let step = procedure::step::step("confirm_record").ok_or(Fault::Missing)?;
        let problems = match v.portal.ask_code(&account, CaseId(id), step, for_person).await {
            Ok(()) => vec![],
            Err(error) => overtaken(error)?,
        };
        let sent = problems.is_empty();
        return Ok(record_page(&v, &view, &Sheet::refused(&v, &account, typed).await?, &problems, sent));
    }
    let problems = if typed.value("sign") == "yes" {
        match v.portal.confirm_record(&account, handing(id, &key, &v, &typed)?, hearing, typed.value("correction")).await {
            Ok(submission) => return signed(&v, &account, &typed, &submission).await,
            Err(error) => overtaken(error)?,
        }
    } else {
        vec![Problem {
            field: "sign".into(), zh: "请阅读笔录以后勾选签名；不同意的，可以申请补正，或者打电话给书记员。".into()
        }]
    };
    Ok(record_page(&v, &view, &Sheet::refused(&v, &account, typed).await?, &problems, false))
}

/// 签名验证码: the code that the court itself sends, and the button that asks for it.
fn code_field(v: &Visitor, said: &Said<'_>, sent: bool) -> Markup {
    html! {
        @if sent { (notice(Tone::Done, &html! { "法院正在把验证码发到您留给法院的手机，十分钟内有效。半分钟还没有收到的，可以再点一次“获取验证码”；没有给法院留手机号的，到窗口签名。" })) }
        @if let Some(address) = &v.portal.config().court_phone {
            (sandbox_note("法院的短信没有真的发出，也不经过本平台。")) p { a.crumb href=(address) { "看法院一侧的模拟手机" } }
        }
        (text(&Field { name: "sign_code", label: "签名验证码", hint: Some("6 位数字。点下面的“获取验证码”，由法院直接发到您的手机。"), error: said.of("sign_code"), ..Field::default() }, Entry::Code))
        // The first button is the one that Enter presses.
        div.btns {
            (button(&Button { label: "签名确认笔录", emphasis: Emphasis::Primary, ..Button::default() }))
            (button(&Button { label: "获取验证码", sends: Some(("go", "code")), ..Button::default() }))
        }
    }
}

/// GET /case/{id}/appeal
pub async fn appeal(Path(id): Path<Uuid>, me: Me) -> Result<Response, Fault> {
    let view = view_of(&me.v, &me.account, id).await?;
    Ok(appeal_page(&me.v, &view, &Sheet::open(&me.v, &me.account).await?, &[]))
}

fn appeal_page(v: &Visitor, view: &View, sheet: &Sheet, problems: &[Problem]) -> Response {
    let (said, typed) = (Said(problems), &sheet.typed);
    let own = view.duties.iter().find(|duty| duty.step.as_deref() == Some("file_appeal"));
    let until = view.judgment.as_ref().and_then(|judgment| judgment.appeal_until).or_else(|| own.and_then(|duty| duty.until));
    let against = match view.judgment {
        Some(_) => "不服判决的，在判决书送达之日起十五日内提出上诉，写明请求和理由。R-APL-01",
        None => "不服裁定的，在裁定书送达之日起十日内提出上诉，写明请求和理由。R-APL-01",
    };
    if problems.is_empty() && !view.steps.iter().any(|step| step == "file_appeal") {
        let over = html! { (ui::notice(ui::Tone::Soon, &html! { "现在不能上诉：上诉期还没有开始、已经届满，或者您已经上诉。" })) };
        return step_page(v, view, "上诉", problems, "file_appeal", &over);
    }
    let content = html! {
        p.intro { (prose(against)) " " @if let Some(until) = until { strong { "您最迟 " (ui::zh::date_zh(until)) "提出。" } } }
        (sheet.form(v, true, &html! {
            (press(view, &said))
            (textarea(&Field { name: "requests", label: "上诉请求", value: typed.value("requests"), error: said.of("requests"), ..Field::default() }, 3))
            (textarea(&Field { name: "reasons", label: "事实和理由", value: typed.value("reasons"), error: said.of("reasons"), ..Field::default() }, 6))
            (files_field(v, "上诉状", "已经写好的，拍照或者传文件。", &said, true))
            (send("提出上诉"))
        }))
    };
    step_page(v, view, "上诉", problems, "file_appeal", &content)
}

/// POST /case/{id}/appeal: `key`, `requests`, `reasons`, `files`.
pub async fn appeal_post(Path(id): Path<Uuid>, MineWithFiles { v, account, typed, files }: MineWithFiles) -> Result<Response, Fault> {
    let key = key_of(&typed)?;
    let problems = match new_files(&v, &account, &typed, files, MaterialKind::Other).await? {
        Ok(files) => {
            let words = (typed.value("requests"), typed.value("reasons"));
            match v.portal.file_appeal(&account, handing(id, &key, &v, &typed)?, words, files).await {
                Ok(submission) => return handed_in(&v, &account, &submission).await,
                Err(error) => overtaken(error)?,
            }
        }
        Err(problems) => problems,
    };
    Ok(appeal_page(&v, &view_of(&v, &account, id).await?, &Sheet::refused(&v, &account, typed).await?, &problems))
}

/// POST /case/{id}/certificate: `key`.
pub async fn certificate_post(Path(id): Path<Uuid>, Mine { v, account, typed }: Mine) -> Result<Response, Fault> {
    let key = key_of(&typed)?;
    Ok(submitted(&v, &v.portal.request_certificate(&account, handing(id, &key, &v, &typed)?).await?))
}

/// What the case page says of answer, evidence, tribunal, hearings and judgment.
pub fn sections(v: &Visitor, view: &View, today: Date) -> Markup {
    html! {
        @if !view.answers.is_empty() {
            section aria-labelledby="answers" {
                h2 id="answers" { "答辩" }
                @for answer in &view.answers {
                    p { strong { (answer.by) } "，" (md_hm(answer.at)) @if answer.late { " " (ui::badge(Tone::Soon, "逾期")) } }
                    @for line in answer.text.lines() { p { (prose(line)) } }
                    @for material in &answer.materials { p.small.muted { "附：" (material.name) "，" (pages_zh(material.pages)) } }
                }
            }
        }
        (evidence_list(view, false))
        (super::draw::section(view, today))
        (hearings(view, today))
        (judgment(v, view, today))
    }
}

fn hearings(view: &View, today: Date) -> Markup {
    html! {
        @if !view.hearings.is_empty() {
            section aria-labelledby="hearings" {
                h2 id="hearings" { "开庭" }
                @for hearing in &view.hearings {
                    p {
                        strong { (day_near(hearing.date, today)) " " (hearing.time.strftime("%H:%M")) } "，" (hearing.courtroom) "，约 " (hearing.minutes) " 分钟，"
                        @if hearing.public { "公开审理" } @else { "不公开审理" } "，"
                        @match hearing.channel { Channel::Online => "在线参加", Channel::Counter => "到法庭参加" } "。"
                        @if hearing.opened_at.is_some() { " 已开庭。" }
                        @if hearing.record.as_ref().is_some_and(|record| record.waits) { " " a href={ "/case/" (view.case) "/record" } { "核对笔录并签名" } }
                    }
                }
            }
        }
    }
}

fn judgment(v: &Visitor, view: &View, today: Date) -> Markup {
    let Some(judgment) = &view.judgment else { return Markup::default() };
    let open = view.steps.iter().any(|step| step == "request_effect_certificate");
    html! {
        section aria-labelledby="judgment" {
            h2 id="judgment" { "判决" }
            p { (day_near(judgment.given_on, today)) "判决。" @if let Some(served) = judgment.served_on { (day_near(served, today)) "送达给您。" } }
            @if let Some(until) = judgment.appeal_until { p { "不服的，最迟 " (day_near(until, today)) "上诉。" } }
            @if !judgment.appeals.is_empty() { p { (judgment.appeals.join("、")) "提起上诉，判决没有生效。" } }
            @if let Some(day) = judgment.effective_on { div.mt-3.mb-4 { (notice(Tone::Done, &html! { "判决 " (day_near(day, today)) "生效。" })) } }
            @if judgment.certificate_pending { p { "您申请的生效证明，法院正在出具。" } }
            @else if open && judgment.effective_on.is_some() {
                (form(v, &format!("/case/{}/certificate", view.case), &html! { (press(view, &Said(&[]))) (send("申请生效证明")) }))
            }
        }
    }
}
