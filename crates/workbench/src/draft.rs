//! 判决书起草: the pieces that the file gives, each with where it comes from; between them the judge writes evidence,
//! facts, reasons, basis and orders. What is wrong is marked at its place, the paper is typeset beside it.
use crate::act::{self, Wanted, carry_out};
use crate::http::{Fail, Input, Post, Who};
use crate::shell::{self, Here, Page};
use crate::step::{Wrong, changes, code_field, wrong};
use crate::{App, case, preview};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use court::desk::File;
use court::draft::{Draft, Origin, Part, Piece};
use maud::{Markup, html};
use procedure::case::Labelled;
use procedure::step::{DraftJudgment, SignJudgment};
use procedure::trial::{FeeShare, JudgmentText};
use procedure::{CaseId, Command, Fen, permit};
use ui::form::{self, Field};
use ui::workbench::{self as wb, CaseBar, Pane, PaneHead, Section, SectionState};
use ui::zh::prose;
use ui::{Button, Emphasis, Tone, WorkbenchLayout, button, notice, rule_id};

/// The parts that a judge writes, with the name of the input.
const WRITTEN: [(Part, &str); 5] =
    [(Part::Evidence, "evidence"), (Part::Facts, "facts"), (Part::Reasons, "reasons"), (Part::Basis, "basis"), (Part::Orders, "orders")];

pub async fn open(app: &App, who: &Who, id: &str) -> Result<File, Fail> {
    let id = CaseId::parse(id).ok_or_else(Fail::missing)?;
    let file = app.court.file(&who.member, id, None, "判决书草稿").await?.ok_or_else(Fail::missing)?;
    // A draft lies in the internal volume: it is for those who sit on the case (R-CAT-08).
    let sits = file.case.staff.iter().any(|(person, _, _)| *person == who.member.id);
    if sits { Ok(file) } else { Err(Fail::missing()) }
}

pub async fn assemble(app: &App, file: &File, text: Option<JudgmentText>) -> Result<Draft, Fail> {
    let (court, code, id) = (app.court.clone(), file.case.court.clone(), file.case.id);
    let made = tokio::task::spawn_blocking(move || court.draft(&code, id, text.as_ref())).await;
    Ok(made.map_err(|_| Fail::new(StatusCode::INTERNAL_SERVER_ERROR, "草稿没有排出来，请稍后再试。"))??)
}

/// What the form says, as the step takes it.
fn read(file: &File, input: &Input) -> Result<JudgmentText, (String, String)> {
    let mut fee = Vec::new();
    for party in &file.case.parties {
        let name = format!("fee.{}", party.person);
        if input.get(&name).is_empty() {
            continue;
        }
        let amount = ui::zh::parse_yuan(input.get(&name)).ok_or_else(|| (name.clone(), "请写金额，单位是元，例如 1905.00。".to_owned()))?;
        if amount > 0 {
            fee.push(FeeShare { person: party.person, amount: Fen(amount) });
        }
    }
    let orders = input.get("orders").lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    let text = |name: &str| input.get(name).to_owned();
    Ok(JudgmentText { evidence: text("evidence"), facts: text("facts"), reasons: text("reasons"), basis: text("basis"), orders, fee })
}

/// What stands in the case, as the form shows it.
fn written(file: &File) -> Input {
    let mut input = Input::default();
    if let Some(judgment) = &file.case.judgment {
        let text = &judgment.text;
        for (name, value) in [("evidence", &text.evidence), ("facts", &text.facts), ("reasons", &text.reasons), ("basis", &text.basis)] {
            input.set(name, value.clone());
        }
        input.set("orders", text.orders.join("\n"));
        for share in &text.fee {
            input.set(&format!("fee.{}", share.person), ui::zh::yuan_plain(share.amount.0));
        }
    } else if let (Some(fee), Some(loser)) =
        (file.case.fee.as_ref().filter(|fee| fee.due.0 > 0), file.case.side(procedure::case::Side::Defendant).next())
    {
        input.set(&format!("fee.{}", loser.person), ui::zh::yuan_plain(fee.due.0));
    }
    input
}

/// The drafting page.
pub async fn page(State(app): State<App>, Path(id): Path<String>, who: Who) -> Result<Response, Fail> {
    let file = open(&app, &who, &id).await?;
    if file.case.tribunal.is_none() {
        return Err(Fail::new(StatusCode::CONFLICT, "还没有分案，不能起草判决书。"));
    }
    let draft = assemble(&app, &file, None).await?;
    if who.json {
        let body = serde_json::json!({
            "version": file.case.version, "pieces": draft.pieces, "defects": draft.defects, "judgment": file.case.judgment.as_ref().map(act::written),
        });
        return Ok(axum::Json(body).into_response());
    }
    show(&app, &who, &file, &draft, &written(&file), None).await
}

async fn show(app: &App, who: &Who, file: &File, draft: &Draft, input: &Input, wrong: Option<&Wrong>) -> Result<Response, Fail> {
    let case = &file.case;
    let editable = may(file, who, "draft_judgment");
    let number = crate::words::number_of(case);
    let version = case.judgment.as_ref().map_or(0, |judgment| judgment.version);
    let words = format!("{} · {}", case.title(), if version == 0 { "还没有保存".to_owned() } else { format!("第 {version} 稿") });
    let end = html! { a.btn.sm href={ "/case/" (case.id) } { "看案件" } };
    let bar = wb::case_bar(&CaseBar { heading: "民事判决书", case_no: Some(&number), words: &words, end: &end });
    let middle = html! {
        @if let Some(wrong) = wrong { div.block { @match (wrong.seen, &wrong.field) {
            (Some(seen), _) => (changes(file, seen, &wrong.zh)),
            (None, Some(field)) => (form::error_summary(&[(field, wrong.zh.as_str())])),
            (None, None) => (notice(Tone::Near, &prose(&wrong.zh))),
        } } }
        (text_form(who, file, draft, input, wrong, editable))
    };
    let sheet = preview::sheet(app, file).await?;
    let sheet_bar = html! { span.tiny { "按上次保存的内容排版" } div.end { a.bar-btn href={ "/case/" (case.id) "/draft/pdf" } { "PDF" } } };
    let left = html! { (parts(draft)) (findings(draft)) (signing(who, file, wrong)) };
    let pane = |id, heading, head: &Markup, content: &Markup, bare, third| {
        wb::pane(&Pane { id, head: Some(PaneHead { heading, heading_hidden: false, content: head }), content, foot: None, bare, third })
    };
    let none = Markup::default();
    let body = html! {
        (pane("s-h", "组成部分", &none, &left, false, false))
        (pane("e-h", "正文", &none, &middle, false, false))
        (pane("v-h", "成稿预览", &sheet_bar, &sheet, true, true))
    };
    let page = Page {
        title: "判决书起草",
        here: Here::Cases,
        layout: WorkbenchLayout::Draft,
        case_bar: Some(bar),
        scripts: &[ui::Script::Draft, ui::Script::Reader],
        body,
    };
    shell::show(app, who, page).await
}

fn may(file: &File, who: &Who, name: &str) -> bool {
    procedure::step::step(name).is_some_and(|step| permit(&file.case, step, &who.member.actor()).is_ok())
}

/// The parts in order with how far each is.
fn parts(draft: &Draft) -> Markup {
    let written = |part| WRITTEN.iter().any(|(own, _)| *own == part);
    let hrefs = Part::ALL.map(|part| format!("#part-{}", name_of(part)));
    let count = |part, level| draft.defects.iter().filter(|defect| defect.part == part && is_error(defect) == level).count();
    let rows: Vec<_> = Part::ALL
        .iter()
        .zip(&hrefs)
        .map(|(part, href)| {
            let (errors, hints) = (count(*part, true), count(*part, false));
            let state = if errors + hints > 0 || written(*part) {
                SectionState::Open { errors: u32::try_from(errors).unwrap_or(u32::MAX), hints: u32::try_from(hints).unwrap_or(u32::MAX) }
            } else {
                SectionState::Settled("自动")
            };
            Section { label: part.zh(), href, state, current: false }
        })
        .collect();
    wb::sections(&rows)
}

fn is_error(defect: &court::desk::Defect) -> bool {
    defect.level == court::desk::Weight::Error
}

/// The part in ids and inputs.
fn name_of(part: Part) -> String {
    serde_json::to_value(part).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

fn findings(draft: &Draft) -> Markup {
    html! {
        div.block {
            h3 { "检查结果 " (draft.defects.len()) }
            @if draft.defects.is_empty() { p.small { "没有发现问题。" } }
            ul.facts.small { @for defect in &draft.defects { li {
                div.head { b { a href={ "#part-" (name_of(defect.part)) } { (defect.part.zh()) } } (ui::badge(if is_error(defect) { Tone::Near } else { Tone::Soon }, if is_error(defect) { "必须改" } else { "请核对" })) }
                p { @if !defect.words.is_empty() { (wb::defect(if is_error(defect) { wb::DefectLevel::Error } else { wb::DefectLevel::Hint }, &defect.words)) "：" } (prose(&defect.text)) " " (rule_id(&defect.rule)) }
                @if let Some(expected) = &defect.expected { p.tiny { "应为：" (expected) } }
            } } }
        }
    }
}

/// What the judge writes stands in fields, the rest as it will be printed, with its source.
fn text_form(who: &Who, file: &File, draft: &Draft, input: &Input, wrong: Option<&Wrong>, editable: bool) -> Markup {
    let case = &file.case;
    let error = |name: &str| wrong.filter(|wrong| wrong.field.as_deref() == Some(name)).map(|wrong| wrong.zh.as_str());
    let content = html! {
        @for part in Part::ALL {
            section id={ "part-" (name_of(part)) } {
                h3 { (part.zh()) }
                @let pieces: Vec<_> = draft.pieces.iter().filter(|piece| piece.part == part).collect();
                @for piece in pieces.iter().filter(|piece| !(editable && piece.origin == Origin::Judge)) { (given(case.id, piece)) }
                @if let Some((_, name)) = WRITTEN.iter().find(|(own, _)| *own == part).filter(|_| editable) { (field(part, name, input, error(name))) }
                @if part == Part::Fees && editable { (shares(file, input, &error)) }
            }
        }
    };
    if !editable {
        return wb::editor(&content);
    }
    html! {
        form method="post" action={ "/case/" (case.id) "/draft" } data-draft={ (who.member.id) "/" (case.id) "/draft" } novalidate {
            (form::csrf(&who.csrf)) (form::hidden("version", &case.version.to_string()))
            (wb::editor(&content))
            div.pane-foot.row { (button(&Button { label: "保存并检查", emphasis: Emphasis::Primary, key: Some("Control+Enter"), ..Button::default() })) }
        }
    }
}

fn given(case: CaseId, piece: &Piece) -> Markup {
    let source = match &piece.origin {
        Origin::Hearing { .. } => format!("/case/{case}/record"),
        Origin::Register | Origin::Tribunal | Origin::Party { .. } | Origin::Fee { .. } | Origin::Formula { .. } | Origin::Judge => {
            format!("/case/{case}")
        }
        Origin::Complaint { .. } | Origin::Answer { .. } | Origin::Evidence { .. } => format!("/case/{case}#ef-h"),
    };
    html! { p { (prose(&piece.text)) " " a.cite href=(source) { "来源：" (piece.origin.zh()) } } }
}

fn field(part: Part, name: &str, input: &Input, error: Option<&str>) -> Markup {
    let (hint, rows) = match part {
        Part::Orders => (Some("一行一项，不写序号；给付的写明“于本判决生效之日起……日内”"), 6),
        Part::Basis => (Some("法律用全称，写明条、款；先实体法，后程序法"), 3),
        Part::Evidence => (Some("对有争议的证据写明认定意见和理由"), 4),
        Part::Facts | Part::Reasons => (None, 10),
        Part::Title
        | Part::Parties
        | Part::Course
        | Part::Claims
        | Part::Answers
        | Part::Conclusion
        | Part::Fees
        | Part::Appeal
        | Part::Signature => (None, 4),
    };
    form::textarea(&Field { name, label: part.zh(), label_hidden: true, hint, value: input.get(name), error, ..Field::default() }, rows)
}

fn shares<'a>(file: &File, input: &Input, error: &dyn Fn(&str) -> Option<&'a str>) -> Markup {
    html! {
        @match &file.case.fee {
            Some(fee) if fee.due.0 == 0 => p { "准许免交，没有要负担的受理费。" },
            Some(fee) => p { "受理费 " (ui::zh::yuan(fee.due.0)) "，由：" },
            None => {}
        }
        @for party in file.case.parties.iter().filter(|_| file.case.fee.as_ref().is_some_and(|fee| fee.due.0 > 0)) {
            @let name = format!("fee.{}", party.person);
            @let label = format!("{} {} 负担", party.side.zh(), party.name);
            (form::money(&Field { name: &name, label: &label, value: input.get(&name), error: error(&name), optional: true, ..Field::default() }))
        }
    }
}

/// Who has signed, and the place to sign.
fn signing(who: &Who, file: &File, wrong: Option<&Wrong>) -> Markup {
    let Some(judgment) = &file.case.judgment else { return Markup::default() };
    let signed = |person| judgment.signatures.iter().any(|signature| signature.by == person);
    let error = wrong.and_then(|wrong| wrong.field.as_deref().map(|field| (field, wrong.zh.as_str())));
    html! {
        div.block.stack.gap-2 {
            h3 { "签署" }
            ul.list { @for (person, office, name) in &file.case.staff { li { (office.zh()) " " (name) "：" @if signed(*person) { "已签" } @else { "未签" } } } }
            @if let Some(on) = judgment.given_on { p.small { "判决于 " (prose(&ui::zh::date_text(on))) " 作出。" } }
            @if may(file, who, "sign_judgment") && !signed(who.member.id) && judgment.given_on.is_none() {
                p.small { "签署的是第 " (judgment.version) " 稿。签署以后再修改的，要重新签署。" }
                form.stack.gap-2 method="post" action={ "/case/" (file.case.id) "/draft/sign" } novalidate {
                    (form::csrf(&who.csrf)) (form::hidden("version", &file.case.version.to_string())) (form::hidden("draft", &judgment.version.to_string()))
                    (code_field(error))
                    div.btns { (button(&Button { label: "签署判决书", emphasis: Emphasis::Primary, small: true, ..Button::default() })) }
                }
            }
        }
    }
}

/// Saves the draft; what the check finds, the court keeps with it.
pub async fn save(State(app): State<App>, Path(id): Path<String>, post: Post) -> Result<Response, Fail> {
    let file = open(&app, &post.who, &id).await?;
    let text = match read(&file, &post.input) {
        Ok(text) => text,
        Err((field, zh)) => return refused(&app, &post, &file, Wrong { field: Some(field), zh, seen: None }).await,
    };
    take(&app, &post, &file, Command::DraftJudgment(DraftJudgment { text })).await
}

/// Signs the draft that the page showed.
pub async fn sign(State(app): State<App>, Path(id): Path<String>, post: Post) -> Result<Response, Fail> {
    let file = open(&app, &post.who, &id).await?;
    let version = post.input.get("draft").parse().ok();
    take(&app, &post, &file, Command::SignJudgment(SignJudgment { version })).await
}

async fn take(app: &App, post: &Post, file: &File, command: Command) -> Result<Response, Fail> {
    let id = file.case.id;
    let code = post.input.get("code").to_owned();
    let wanted = Wanted { case: id, command, expected: post.input.version(), for_person: None, code, cards: vec![], files: vec![] };
    match wrong(carry_out(app, &post.who, wanted).await)? {
        Ok(acted) if post.who.json => Ok(axum::Json(act::outcome(&acted)).into_response()),
        Ok(_) => Ok(Redirect::to(&format!("/case/{id}/draft")).into_response()),
        Err(wrong) => refused(app, post, file, wrong).await,
    }
}

async fn refused(app: &App, post: &Post, file: &File, wrong: Wrong) -> Result<Response, Fail> {
    let status = if wrong.seen.is_some() { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
    if post.who.json {
        return Err(Fail { status, zh: wrong.zh, field: wrong.field, version: wrong.seen.map(|_| file.latest), sign_in: None, kept: vec![] });
    }
    // What was typed stays; a signature typed nothing but its code.
    let (input, text) = if post.input.has("facts") { (post.input.clone(), read(file, &post.input).ok()) } else { (written(file), None) };
    let draft = assemble(app, file, text).await?;
    Ok((status, show(app, &post.who, file, &draft, &input, Some(&wrong)).await?).into_response())
}

/// The draft typeset, without seal or signature.
pub async fn pdf(State(app): State<App>, Path(id): Path<String>, who: Who) -> Result<Response, Fail> {
    let file = open(&app, &who, &id).await?;
    let draft = assemble(&app, &file, None).await?;
    let court = app.court.clone();
    let bytes = tokio::task::spawn_blocking(move || court.draft_pdf(&draft)).await;
    let bytes = bytes.map_err(|_| Fail::new(StatusCode::INTERNAL_SERVER_ERROR, "草稿没有排出来，请稍后再试。"))??;
    Ok(case::pdf(bytes, "民事判决书（草稿）"))
}
