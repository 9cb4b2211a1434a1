//! 证据材料: files with a plain form, or in pieces that go on after a broken line; what each is and proves.
use super::fault::{Fault, refused};
use super::form::{Mine, MineWithFiles};
use super::interview::{Place, frame, next_of, place, show};
use super::page::{Said, download, form, see, size};
use super::visitor::{Me, Visitor};
use crate::store::drafts::{DraftFile, kind_name, kind_of};
use crate::{Draft, Problem};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, Path, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use procedure::ItemId;
use procedure::case::{Labelled, MaterialKind, pages_zh};
use procedure::cause::{Generic, Page};
use serde_json::json;
use ui::form::{Entry, Field, Upload, select, text, upload};
use ui::zh::prose;
use ui::{Button, Emphasis, Icon, Script, Tone, button};
use uuid::Uuid;

/// What can be chosen in a file dialogue.
pub const ACCEPT: &str = "image/jpeg,image/png,image/tiff,application/pdf,application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// Kinds that a person gives to his uploads.
const KINDS: [MaterialKind; 6] = [
    MaterialKind::Evidence,
    MaterialKind::Identity,
    MaterialKind::PowerOfAttorney,
    MaterialKind::ServiceAddress,
    MaterialKind::Complaint,
    MaterialKind::Other,
];

fn kinds() -> Vec<(&'static str, &'static str)> {
    KINDS.iter().map(|kind| (kind_name(*kind), kind.zh())).collect()
}

/// The page of materials.
pub fn evidence(v: &Visitor, draft: &Draft, page: &'static Page, status: StatusCode, problems: &[Problem]) -> Response {
    let said = Said(problems);
    let action = format!("/file/{}/{}", draft.id, page.id);
    let hint = format!("拍照、扫描件、PDF、Word 都可以，每份不超过 {} MB。", v.portal.file_limit() >> 20);
    let field = Field { name: "files", label: "选文件，或者拍照", hint: Some(&hint), error: said.of("files"), ..Field::default() };
    let content = html! {
        (said.summary())
        (select(&Field { name: "kind", label: "这些是什么材料", value: "evidence", ..Field::default() }, &kinds()))
        (upload(&field, &Upload { accept: ACCEPT, multiple: true, camera: true, pieces: Some("/uploads") }))
        (text(&Field { name: "name", label: "材料名称", hint: Some("例如 借条。不填的，用文件名；一次传几份的，传完再改。"), optional: true, ..Field::default() }, Entry::Text))
        div.btns {
            (button(&Button { label: "上传", icon: Some(Icon::Upload), sends: Some(("go", "stay")), ..Button::default() }))
            (button(&Button { label: "保存，下一步", emphasis: Emphasis::Primary, sends: Some(("go", "next")), ..Button::default() }))
            (button(&Button { label: "先到这里，以后再填", emphasis: Emphasis::Quiet, sends: Some(("go", "later")), ..Button::default() }))
        }
    };
    let body = html! {
        div.q.stack.gap-5 {
            h1.phrases { (ui::zh::phrases(&page.ask.split("<wbr>").collect::<Vec<_>>())) }
            p { (prose(&page.hint)) }
            (wanted(draft))
            @if !draft.files.is_empty() {
                section aria-labelledby="have" {
                    h2 id="have" { "已经上传 " (draft.files.len()) " 份" }
                    ul.stack.gap-3 { @for file in &draft.files { li.panel.panel-pad { (row(v, draft, file, &said)) } } }
                }
            }
            section aria-labelledby="more" { h2 id="more" { "上传材料" } (super::page::file_form(v, &action, &content)) }
        }
    };
    frame(v, draft, Place::Cause(&page.id), status, problems, &[Script::Upload], &body)
}

/// Materials that the cause asks for, with what is there already.
fn wanted(draft: &Draft) -> Markup {
    let there = |kind: MaterialKind| draft.files.iter().any(|file| file.kind == kind);
    let list = draft.cause.materials_for(&draft.content.answers);
    html! {
        section aria-labelledby="want" {
            h2 id="want" { "要交哪些" }
            ul.stack.gap-2 {
                @for material in list {
                    li {
                        @if matches!(material.kind, MaterialKind::Complaint | MaterialKind::ServiceAddress) { (ui::badge(Tone::Done, "网上生成")) }
                        @else if there(material.kind) { (ui::badge(Tone::Done, "已传")) }
                        @else if material.required { (ui::badge(Tone::Todo, "要交")) }
                        @else { (ui::badge(Tone::Plain, "有就交")) }
                        " " strong { (material.name) }
                        @if !material.hint.is_empty() { br; span.small.muted { (prose(&material.hint)) } }
                    }
                }
                @if draft.content.agent {
                    li { @if there(MaterialKind::PowerOfAttorney) { (ui::badge(Tone::Done, "已传")) } @else { (ui::badge(Tone::Todo, "要交")) } " " strong { "授权委托书" } }
                }
            }
        }
    }
}

fn row(v: &Visitor, draft: &Draft, file: &DraftFile, said: &Said<'_>) -> Markup {
    let action = format!("/file/{}/files/{}", draft.id, file.id);
    let id = |name: &str| format!("{name}-{}", file.id);
    let (name_id, purpose_id, kind_id) = (id("name"), id("purpose"), id("kind"));
    let edit = html! {
        (text(&Field { name: &name_id, label: "材料名称", value: &file.name, error: said.of(&name_id), ..Field::default() }, Entry::Text))
        (select(&Field { name: &kind_id, label: "是什么材料", value: kind_name(file.kind), ..Field::default() }, &kinds()))
        @if file.kind == MaterialKind::Evidence {
            (text(&Field { name: &purpose_id, label: "用来证明什么", hint: Some("例如 借款 150000 元已经交付"), value: &file.purpose, optional: true, ..Field::default() }, Entry::Text))
        }
        div.btns {
            (button(&Button { label: "保存", sends: Some(("do", "save")), ..Button::default() }))
            (button(&Button { label: "删除", sends: Some(("do", "remove")), ..Button::default() }))
        }
    };
    html! {
        p { strong { (file.name) } " " (ui::badge(Tone::Plain, file.kind.zh())) }
        p.small.muted { (pages_zh(file.pages)) "，" (size(file.bytes)) @if !file.purpose.is_empty() { "；证明" (file.purpose) } }
        p { a.crumb href=(action) { "看这份材料" span.sr { (file.name) } } }
        details.more open[said.of(&name_id).is_some()] {
            summary { "改名称、种类，或者删除" span.sr { (file.name) } }
            (form(v, &action, &edit))
        }
    }
}

/// POST /file/{draft}/files, or to the page itself: `kind`, `files` or `files_upload`, `name`, `go`.
pub async fn files_post(Path(id): Path<Uuid>, sent: MineWithFiles) -> Result<Response, Fault> {
    take(id, sent).await
}

/// What [`files_post`] does, for the page of materials as well.
pub async fn take(id: Uuid, sent: MineWithFiles) -> Result<Response, Fault> {
    let MineWithFiles { v, account, typed, files } = sent;
    let kind = kind_of(typed.value("kind")).unwrap_or(MaterialKind::Evidence);
    let mut problems = vec![];
    let mut taken = vec![];
    for upload in typed.values("files_upload").filter_map(|id| Uuid::parse_str(id).ok()) {
        match v.portal.attach_upload(&account, id, upload, kind).await {
            Ok(file) => taken.push(file),
            Err(error) => problems.extend(refused(error)?),
        }
    }
    let count = files.len();
    for file in files {
        match v.portal.attach(&account, id, &file.name, file.bytes, kind).await {
            Ok(kept) => taken.push(kept),
            // Of several files the person must know which one is meant.
            Err(error) => problems.extend(
                refused(error)?
                    .into_iter()
                    .map(|problem| Problem { zh: if count > 1 { format!("{}：{}", file.name, problem.zh) } else { problem.zh }, ..problem }),
            ),
        }
    }
    if let ([file], false) = (taken.as_slice(), typed.value("name").is_empty()) {
        v.portal.describe_file(&account, id, file.id, typed.value("name"), typed.value("purpose"), kind).await?;
    }
    let mut draft = v.portal.draft(&account, id).await?;
    let page = draft.cause.pages.iter().find(|page| page.generic == Some(Generic::Evidence)).ok_or(Fault::Missing)?;
    if v.json {
        let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let files: Vec<_> =
            taken.iter().map(|file| json!({ "id": file.id, "name": file.name, "pages": file.pages, "sha256": file.sha256 })).collect();
        return Ok((status, Json(json!({ "files": files, "fields": problems }))).into_response());
    }
    if !problems.is_empty() {
        return show(&v, &account, &draft, place(&draft, &page.id)?, StatusCode::UNPROCESSABLE_ENTITY, None, &problems);
    }
    match typed.value("go") {
        "next" => {
            draft.answered(&page.id, &v.writer());
            v.portal.save_draft(&account, &draft, &page.id).await?;
            Ok(see(&next_of(&draft, &page.id)))
        }
        "later" => Ok(see("/drafts")),
        _ => Ok(see(&format!("/file/{id}/{}", page.id))),
    }
}

/// POST /file/{draft}/files/{file}: `do` = `save` with `name`, `kind`, `purpose`; or `remove`.
pub async fn file_post(Path((id, file)): Path<(Uuid, Uuid)>, Mine { v, account, typed }: Mine) -> Result<Response, Fault> {
    let item = ItemId(file);
    let value = |name: &str| {
        let own = format!("{name}-{file}");
        if typed.value(&own).is_empty() { typed.value(name).to_owned() } else { typed.value(&own).to_owned() }
    };
    let done = if typed.value("do") == "remove" {
        v.portal.drop_file(&account, id, item).await
    } else {
        let kind = kind_of(&value("kind")).unwrap_or(MaterialKind::Evidence);
        v.portal.describe_file(&account, id, item, &value("name"), &value("purpose"), kind).await
    };
    let draft = v.portal.draft(&account, id).await?;
    let page = draft.cause.pages.iter().find(|page| page.generic == Some(Generic::Evidence)).ok_or(Fault::Missing)?;
    match done {
        Ok(()) => Ok(see(&format!("/file/{id}/{}", page.id))),
        Err(error) => {
            let problems: Vec<Problem> =
                refused(error)?.into_iter().map(|problem| Problem { field: format!("{}-{file}", problem.field), ..problem }).collect();
            show(&v, &account, &draft, place(&draft, &page.id)?, StatusCode::UNPROCESSABLE_ENTITY, None, &problems)
        }
    }
}

/// GET /file/{draft}/files/{file}: the bytes as they came.
pub async fn file(Path((id, file)): Path<(Uuid, Uuid)>, me: Me) -> Result<Response, Fault> {
    let (file, bytes) = me.v.portal.draft_file(&me.account, id, ItemId(file)).await?;
    Ok(download(&named(&file.name, &file.media), &file.media, bytes, false))
}

/// A name with the ending of its type.
pub fn named(name: &str, media: &str) -> String {
    let ending = match media.split(';').next().unwrap_or_default() {
        "application/pdf" => "pdf",
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/tiff" => "tif",
        "text/plain" => "txt",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => "docx",
        _ => "bin",
    };
    format!("{name}.{ending}")
}

/// POST /uploads: `name`, `size`.
pub async fn begin_pieces(Mine { v, account, typed }: Mine) -> Response {
    let begun = v.portal.begin_upload(&account, typed.value("name"), typed.number("size").unwrap_or(0)).await;
    match begun {
        Ok(id) => (StatusCode::CREATED, Json(json!({ "id": id, "offset": 0 }))).into_response(),
        Err(error) => piece_refused(error),
    }
}

/// What the script shows beside the file: plain words.
fn piece_refused(error: crate::Error) -> Response {
    let mut response = match refused(error) {
        Ok(problems) => {
            (StatusCode::UNPROCESSABLE_ENTITY, problems.into_iter().map(|problem| problem.zh).collect::<Vec<_>>().join("")).into_response()
        }
        Err(fault) => return fault.into_response(),
    };
    response.extensions_mut().insert(super::around::Own);
    response
}

/// GET /uploads/{id}
pub async fn pieces(Path(id): Path<Uuid>, me: Me) -> Result<Response, Fault> {
    let offset = me.v.portal.upload_offset(&me.account, id).await?;
    Ok(Json(json!({ "offset": offset })).into_response())
}

/// PUT /uploads/{id}?offset=N
pub async fn put_piece(Path(id): Path<Uuid>, asked: super::form::Asked, request: Request) -> Result<Response, Fault> {
    let Me { v, account } = asked.me;
    v.check_header()?;
    let offset = asked.query.number("offset").ok_or(Fault::Unreadable)?;
    let piece = Bytes::from_request(request, &()).await.map_err(|_| Fault::TooLarge)?;
    match v.portal.put_piece(&account, id, offset, piece.to_vec()).await {
        Ok(Ok(offset)) => Ok(Json(json!({ "offset": offset })).into_response()),
        Ok(Err(offset)) => Ok((StatusCode::CONFLICT, Json(json!({ "offset": offset }))).into_response()),
        Err(error) => Ok(piece_refused(error)),
    }
}
