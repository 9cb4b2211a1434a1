//! 庭审笔录: the clerk writes it here, version by version; closed, it is read and signed by everybody who was there.
use crate::act::{self, Wanted, carry_out};
use crate::http::{Fail, Post, Who};
use crate::shell::{self, Here, Page};
use crate::step::{Wrong, changes, code_field, wrong};
use crate::{App, case, words};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use court::desk::File;
use maud::{Markup, html};
use procedure::case::Labelled;
use procedure::step::{CloseRecord, KeepRecord};
use procedure::trial::{Hearing, HearingRecord};
use procedure::{CaseId, Command, Office, permit};
use ui::form::{self, Draft, Field, Form};
use ui::zh::prose;
use ui::{Button, Emphasis, Fact, Link, Tone, WorkbenchLayout, button, crumb, kv, link_button, more, notice};

async fn open(app: &App, who: &Who, id: &str) -> Result<File, Fail> {
    let id = CaseId::parse(id).ok_or_else(Fail::missing)?;
    app.court.file(&who.member, id, None, "庭审笔录").await?.ok_or_else(Fail::missing)
}

/// The record of the last sitting.
pub async fn page(State(app): State<App>, Path(id): Path<String>, who: Who) -> Result<Response, Fail> {
    let file = open(&app, &who, &id).await?;
    if who.json {
        return Ok(axum::Json(serde_json::json!({
            "version": file.case.version, "hearings": file.case.hearings.iter().map(act::written).collect::<Vec<_>>(),
        }))
        .into_response());
    }
    show(&app, &who, &file, None, None).await
}

async fn show(app: &App, who: &Who, file: &File, typed: Option<&str>, wrong: Option<&Wrong>) -> Result<Response, Fail> {
    let body = html! {
        (crumb("回到案件", &format!("/case/{}", file.case.id)))
        h2 { "庭审笔录" }
        @if let Some(wrong) = wrong { @match (wrong.seen, &wrong.field) {
            (Some(seen), _) => (changes(file, seen, &wrong.zh)),
            (None, Some(field)) => (form::error_summary(&[(field, wrong.zh.as_str())])),
            (None, None) => (notice(Tone::Near, &prose(&wrong.zh))),
        } }
        @match file.case.hearing() {
            None => (notice(Tone::Plain, &html! { "还没有排期开庭。" })),
            Some(hearing) => { (sitting(file, hearing)) (text(who, file, hearing, typed, wrong)) (signers(who, file, hearing)) (versions(file, hearing)) }
        }
    };
    let bar = Some(case::bar(app, file, false));
    let page = Page { title: "庭审笔录", here: Here::Cases, layout: WorkbenchLayout::Sheet, case_bar: bar, scripts: &[ui::Script::Draft], body };
    shell::show(app, who, page).await
}

fn sitting(file: &File, hearing: &Hearing) -> Markup {
    let when = format!("{} {}", ui::zh::date_text(hearing.date), hearing.time.strftime("%H:%M"));
    let came = hearing.attendance.iter().map(|line| {
        let with = if line.with.is_empty() { String::new() } else { format!("（{}）", line.with.join("、")) };
        format!("{}{}{with}", words::name_of(line.person, file), line.presence.zh())
    });
    let came = came.collect::<Vec<_>>().join("；");
    let facts = kv(
        &[
            Fact { key: "第几次开庭", value: html! { (hearing.number) } },
            Fact { key: "时间", value: prose(&when) },
            Fact { key: "地点", value: html! { (hearing.courtroom) } },
            Fact { key: "方式", value: html! { @if hearing.public { "公开审理" } @else { "不公开审理" } } },
            Fact { key: "到庭情况", value: html! { @if came.is_empty() { "还没有宣布开庭" } @else { (came) } } },
        ],
        false,
    );
    html! { div.panel.panel-pad { (facts) } }
}

/// Lines with which a record usually begins; the clerk changes them.
fn opening(file: &File) -> String {
    let case = &file.case;
    let of = |office| case.officer(office).map_or("", |(_, name)| name);
    let cause = case.statement.as_ref().map_or("", |statement| statement.cause_name.as_str());
    let names = |side| case.side(side).map(|party| party.name.as_str()).collect::<Vec<_>>().join("、");
    let (plaintiffs, defendants) = (names(procedure::case::Side::Plaintiff), names(procedure::case::Side::Defendant));
    let procedure = case.procedure.map_or("", |procedure| procedure.zh());
    format!(
        "书记员：宣布法庭纪律。\n审判员：核对当事人和诉讼参加人身份。\n审判员：{}原告{plaintiffs}诉被告{defendants}{cause}一案，现在开庭。本案适用{procedure}，由{}审理，书记员{}担任记录。\n审判员：告知当事人诉讼权利和义务，询问是否申请回避。\n原告：\n被告：\n",
        words::number_of(case),
        of(Office::Judge),
        of(Office::Clerk),
    )
}

fn text(who: &Who, file: &File, hearing: &Hearing, typed: Option<&str>, wrong: Option<&Wrong>) -> Markup {
    let closed = hearing.record.as_ref().is_some_and(|record| record.closed_at.is_some());
    let writes = procedure::step::step("keep_record").is_some_and(|step| permit(&file.case, step, &who.member.actor()).is_ok());
    if closed || !writes || hearing.opened_at.is_none() {
        let kept = hearing.record.as_ref().map(|record| record.text.as_str()).unwrap_or_default();
        return html! {
            section.panel.panel-pad aria-labelledby="tx-h" {
                h2.h-body id="tx-h" { "笔录" }
                @if hearing.opened_at.is_none() { p { "宣布开庭以后制作笔录。" a href={ "/case/" (file.case.id) "/step/open_hearing" } { "宣布开庭" } } }
                @for line in kept.lines() { p { (line) } }
            }
        };
    }
    let first = opening(file);
    let kept = hearing.record.as_ref().map_or(first.as_str(), |record| record.text.as_str());
    let error = wrong.filter(|wrong| wrong.field.as_deref() == Some("text")).map(|wrong| wrong.zh.as_str());
    let key = format!("{}/{}/record/{}", who.member.id, file.case.id, hearing.number);
    let action = format!("/case/{}/record", file.case.id);
    let fields = html! {
        (form::textarea(&Field { name: "text", label: "笔录", hint: Some("一句一行，先写说话的人，例如“原告：坚持诉讼请求。”"), value: typed.unwrap_or(kept), error, ..Field::default() }, 24))
        div.btns { (button(&Button { label: "保存笔录", emphasis: Emphasis::Primary, key: Some("Control+Enter"), ..Button::default() })) }
    };
    let own = |name: &str| wrong.and_then(|wrong| wrong.field.as_deref().filter(|field| *field == name).map(|field| (field, wrong.zh.as_str())));
    html! {
        (form::form(&Form {
            action: Some(&action), csrf: &who.csrf, version: Some(file.case.version), draft: Some(Draft { key: &key, save: None }), ..Form::default()
        }, &fields))
        @if hearing.record.is_some() {
            section.panel.panel-pad aria-labelledby="cl-h" {
                h2.h-body id="cl-h" { "结束笔录" }
                p.small { "结束以后内容固定，由到庭的人当场或者五日内阅读、签名 " (ui::rule_id("R-TRI-33")) "。没有保存的改动不会进入笔录，请先保存。" }
                (form::form(&Form { action: Some(&format!("{action}/close")), csrf: &who.csrf, version: Some(file.case.version), ..Form::default() },
                    &html! { (code_field(own("code"))) div.btns { (button(&Button { label: "结束笔录，签名", ..Button::default() })) } }))
            }
        }
    }
}

fn signers(who: &Who, file: &File, hearing: &Hearing) -> Markup {
    let Some(record) = hearing.record.as_ref().filter(|record| record.closed_at.is_some()) else { return Markup::default() };
    let step = format!("/case/{}/step/confirm_record", file.case.id);
    html! {
        section.panel.panel-pad aria-labelledby="si-h" {
            h2.h-body id="si-h" { "阅读、签名" }
            ul.list { @for person in &record.signers { li {
                b { (words::name_of(*person, file)) } "："
                (signature(file, record, *person))
                @if !record.signatures.iter().any(|signature| signature.of == *person) {
                    @if *person == who.member.id { " " (link_button(&Link { label: "核对并签名", href: &step, small: true, ..Link::default() })) }
                    @else if file.case.party(*person).is_some() && who.member.office == Office::Clerk {
                        " " (link_button(&Link { label: "登记书面签名", href: &format!("{step}?for={person}"), small: true, ..Link::default() }))
                    }
                }
            } } }
            p.small { "笔录摘要 SM3" } (ui::digest(&record.digest, true))
        }
    }
}

fn signature(file: &File, record: &HearingRecord, person: procedure::PersonId) -> Markup {
    let Some(signature) = record.signatures.iter().find(|signature| signature.of == person) else { return html! { "还没有签名" } };
    html! {
        @match &signature.refused { Some(reason) => { "拒绝签名：" (reason) }, None => "已签名" }
        "，" (prose(&words::minute(signature.at)))
        @if let Some(by) = signature.entered_by { "，书面，由" (words::name_of(by, file)) "登记" }
        @if let Some(correction) = &signature.correction { "；申请补正：" (correction) }
    }
}

/// What was saved before; nothing that was once saved is lost.
fn versions(file: &File, hearing: &Hearing) -> Markup {
    let saved: Vec<_> = file
        .entries
        .iter()
        .filter(|entry| entry.kind == "record_saved" && entry.body["number"].as_u64() == Some(u64::from(hearing.number)))
        .collect();
    html! { @if saved.len() > 1 {
        (more(&html! { "以前保存的 " (saved.len() - 1) " 稿" }, &html! { @for entry in &saved[..saved.len() - 1] {
            h3 { "第 " (entry.body["version"].as_u64().unwrap_or(0)) " 稿，" (prose(&words::minute(entry.at))) }
            @for line in entry.body["text"].as_str().unwrap_or("").lines() { p.small { (line) } }
        } }))
    } }
}

/// Saves the text.
pub async fn save(State(app): State<App>, Path(id): Path<String>, post: Post) -> Result<Response, Fail> {
    // Lines as they were typed: browsers send CR LF.
    let text = post.input.all("text").first().map(|text| text.replace("\r\n", "\n")).unwrap_or_default();
    take(&app, &id, post, Command::KeepRecord(KeepRecord { text })).await
}

/// Closes the record: the clerk's signature.
pub async fn close(State(app): State<App>, Path(id): Path<String>, post: Post) -> Result<Response, Fail> {
    take(&app, &id, post, Command::CloseRecord(CloseRecord {})).await
}

async fn take(app: &App, id: &str, post: Post, command: Command) -> Result<Response, Fail> {
    let file = open(app, &post.who, id).await?;
    let code = post.input.get("code").to_owned();
    let wanted = Wanted { case: file.case.id, command, expected: post.input.version(), for_person: None, code, cards: vec![], files: vec![] };
    match wrong(carry_out(app, &post.who, wanted).await)? {
        Ok(acted) if post.who.json => Ok(axum::Json(act::outcome(&acted)).into_response()),
        Ok(_) => Ok(Redirect::to(&format!("/case/{}/record", file.case.id)).into_response()),
        Err(wrong) => {
            let status = if wrong.seen.is_some() { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
            if post.who.json {
                return Err(Fail { status, zh: wrong.zh, field: wrong.field, version: wrong.seen.map(|_| file.latest), sign_in: None, kept: vec![] });
            }
            let typed: Option<&str> = post.input.all("text").first().map(String::as_str);
            Ok((status, show(app, &post.who, &file, typed, Some(&wrong)).await?).into_response())
        }
    }
}
