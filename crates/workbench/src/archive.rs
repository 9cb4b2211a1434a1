//! 归档: what is still missing, the volumes as they will be packed, and the package that anybody can check.
use crate::App;
use crate::act::{Wanted, carry_out};
use crate::case;
use crate::http::{Fail, Post, Who};
use crate::shell::{self, Here, Page};
use crate::step::{Wrong, changes, code_field, wrong};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use casefile::complete::{Finding, Weight};
use court::desk::File;
use maud::{Markup, html};
use procedure::step::{ArchiveCase, step};
use procedure::trial::Volume;
use procedure::{CaseId, Command, permit};
use ui::form::{self, Form};
use ui::{Button, Column, Emphasis, Link, Table, Tone, WorkbenchLayout, button, link_button, notice, rule_id, table};

/// Runs what reads the whole file off the threads that answer pages.
async fn off<T: Send + 'static>(work: impl FnOnce() -> Result<T, court::Error> + Send + 'static) -> Result<T, Fail> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(|_| Fail::new(StatusCode::INTERNAL_SERVER_ERROR, "系统暂时不能办理，请稍后再试。"))??)
}

async fn open(app: &App, who: &Who, id: &str) -> Result<File, Fail> {
    let id = CaseId::parse(id).ok_or_else(Fail::missing)?;
    app.court.file(&who.member, id, None, "归档").await?.ok_or_else(Fail::missing)
}

/// What stands in the way of the archive, and the volumes.
async fn checked(app: &App, file: &File) -> Result<(Vec<Finding>, Vec<Volume>), Fail> {
    let (court, code, id) = (app.court.clone(), file.case.court.clone(), file.case.id);
    off(move || court.archive_check(&code, id)).await
}

/// The page before and after archiving.
pub async fn page(State(app): State<App>, Path(id): Path<String>, who: Who) -> Result<Response, Fail> {
    let file = open(&app, &who, &id).await?;
    if who.json {
        let (findings, volumes) = checked(&app, &file).await?;
        return Ok(Json(serde_json::json!({"findings": findings, "volumes": volumes, "archiving": file.case.archiving})).into_response());
    }
    show(&app, &who, &file, None).await
}

async fn show(app: &App, who: &Who, file: &File, problem: Option<&Wrong>) -> Result<Response, Fail> {
    let id = file.case.id;
    let (findings, volumes) = match &file.case.archiving {
        Some(done) => (vec![], done.volumes.clone()),
        None => checked(app, file).await?,
    };
    let refused = step("archive_case").and_then(|step| permit(&file.case, step, &who.member.actor()).err());
    let blocked = findings.iter().any(|finding| finding.weight == Weight::Missing);
    let body = html! {
        (ui::crumb("回到案件", &format!("/case/{id}")))
        h2 { "归档" }
        @if let Some(problem) = problem {
            @match problem.seen {
                Some(seen) => (changes(file, seen, &problem.zh)),
                None => div.error-summary role="alert" tabindex="-1" { h2 { "没有归档" } p { (ui::zh::prose(&problem.zh)) } },
            }
        }
        (sheets(&volumes))
        @match &file.case.archiving {
            Some(done) => {
                (notice(Tone::Done, &html! { "已归档。保管期限：" (done.term) "。归档包 " (done.bytes / 1024) " KB，SHA-256 " code.wrap { (done.package) } "。" }))
                div.btns {
                    (link_button(&Link { label: "下载归档包", href: &format!("/case/{id}/archive/package"), emphasis: Emphasis::Primary, ..Link::default() }))
                    (link_button(&Link { label: "下载归档回执", href: &format!("/case/{id}/archive/receipt"), ..Link::default() }))
                }
                p.small { "归档包是 BagIt 格式，用任何 BagIt 工具都能核对；回执和核验程序一起，可以脱离本系统验真。" }
            }
            None => {
                (missing(&findings))
                @match (&refused, blocked) {
                    (Some(why), _) => (notice(Tone::Plain, &html! { (ui::zh::prose(&why.zh())) })),
                    (None, true) => (notice(Tone::Soon, &html! { "上面标明“须处理”的处理完以后，才能归档。" })),
                    (None, false) => (sign(who, file, problem)),
                }
            }
        }
    };
    let bar = Some(case::bar(app, file, false));
    let page = Page { title: "归档", here: Here::Cases, layout: WorkbenchLayout::Sheet, case_bar: bar, scripts: &[], body };
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, shell::show(app, who, page).await?).into_response())
}

fn sign(who: &Who, file: &File, problem: Option<&Wrong>) -> Markup {
    let error = problem.and_then(|problem| Some((problem.field.as_deref()?, problem.zh.as_str())));
    let content = html! {
        p { "归档后，案卷按目录编页，连同文书回执和全部办案记录打成一个包。" }
        (code_field(error))
        div.btns { (button(&Button { label: "归档", emphasis: Emphasis::Primary, ..Button::default() })) }
    };
    let action = format!("/case/{}/archive", file.case.id);
    form::form(&Form { action: Some(&action), csrf: &who.csrf, version: Some(file.case.version), ..Form::default() }, &content)
}

fn sheets(volumes: &[Volume]) -> Markup {
    let number = |heading| Column { heading, number: true, spoken: None };
    let columns = [Column { heading: "卷", ..Column::default() }, number("件数"), number("页数"), Column { heading: "摘要", ..Column::default() }];
    let rows: Vec<Vec<Markup>> = volumes
        .iter()
        .map(|volume| vec![html! { (volume.name) }, html! { (volume.items) }, html! { (volume.pages) }, html! { code.wrap { (volume.root) } }])
        .collect();
    table(&Table { caption: "各卷", caption_shown: false, columns: &columns, rows: &rows, total: None, scrolls: true })
}

fn missing(findings: &[Finding]) -> Markup {
    html! {
        @if findings.is_empty() {
            (notice(Tone::Done, &html! { "案卷齐全。" }))
        } @else {
            section aria-labelledby="miss-h" {
                h3 id="miss-h" { "归档前检查" }
                ul.list { @for finding in findings {
                    li {
                        b { @match finding.weight { Weight::Missing => "须处理：", Weight::Note => "请看一看：" } }
                        (ui::zh::prose(&finding.text)) " " (rule_id(finding.rule))
                    }
                } }
            }
        }
    }
}

/// Packs the file and archives the case.
pub async fn submit(State(app): State<App>, Path(id): Path<String>, post: Post) -> Result<Response, Fail> {
    let (who, input) = (post.who, post.input);
    let file = open(&app, &who, &id).await?;
    let (court, code, case) = (app.court.clone(), file.case.court.clone(), file.case.id);
    if let Some(refused) = step("archive_case").and_then(|step| permit(&file.case, step, &who.member.actor()).err()) {
        return Err(court::Error::from(refused).into());
    }
    let package = off(move || court.archive_package(&code, case)).await?;
    let missing = package.findings.iter().find(|finding| finding.weight == Weight::Missing);
    let given = if who.json { input.json["code"].as_str().unwrap_or("") } else { input.get("code") };
    let expected = if who.json { input.json["expected"].as_u64() } else { input.version() };
    let done = match missing {
        Some(finding) => Err(Wrong { field: None, zh: format!("还不能归档：{}", finding.text), seen: None }),
        None => {
            // The zone archives what it has just built and noted itself.
            let command = Command::ArchiveCase(ArchiveCase::default());
            let wanted = Wanted { case, command, expected, for_person: None, code: given.into(), cards: vec![], files: vec![] };
            wrong(carry_out(&app, &who, wanted).await)?
        }
    };
    match done {
        Ok(acted) if who.json => Ok(Json(crate::act::outcome(&acted)).into_response()),
        Ok(_) => Ok(Redirect::to(&format!("/case/{case}/archive")).into_response()),
        Err(problem) if who.json => Err(Fail::at(problem.field.as_deref().unwrap_or("case"), problem.zh)),
        Err(problem) => show(&app, &who, &file, Some(&problem)).await,
    }
}

/// The package as it was archived.
pub async fn package(State(app): State<App>, Path(id): Path<String>, who: Who) -> Result<Response, Fail> {
    let file = open(&app, &who, &id).await?;
    let (court, code, case) = (app.court.clone(), file.case.court.clone(), file.case.id);
    let zip = off(move || court.archived(&code, case)).await?.ok_or_else(Fail::missing)?;
    Ok(case::file_response(zip, "application/zip", "attachment", &format!("{}.zip", crate::words::number_of(&file.case))))
}

/// The receipt of the archiving, completed by the ledger.
pub async fn receipt(State(app): State<App>, Path(id): Path<String>, who: Who) -> Result<Response, Fail> {
    let file = open(&app, &who, &id).await?;
    let archived = file.entries.iter().find(|entry| entry.kind == "case_archived").ok_or_else(Fail::missing)?;
    let text = app.court.archive_receipt(&who.member, file.case.id, archived.seq).await?.ok_or_else(Fail::missing)?;
    Ok(case::file_response(text.into_bytes(), "text/plain; charset=utf-8", "attachment", "归档.receipt"))
}
