//! 拍照立案: upload, wait while the machine reads, then confirm value by value beside the piece of the page it came from.
use super::evidence::ACCEPT;
use super::fault::{Fault, refused};
use super::form::{Mine, MineWithFiles, Typed};
use super::page::{Said, file_form, form, page_with, see};
use super::visitor::{Me, Visitor};
use crate::photo::{Candidate, Reading, Source, ValueKind};
use crate::{Draft, Problem};
use axum::Json;
use axum::extract::Path;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use procedure::ItemId;
use procedure::cause::Cause;
use serde_json::json;
use ui::form::{Entry, Field, Upload, hidden, select, text, textarea, upload};
use ui::portal::{CounterBox, PagePhoto, ReadField, ReadState, Sureness, counter_box, page_photo, read_field, saved_state};
use ui::zh::prose;
use ui::{Button, Emphasis, Link, Script, button, crumb, link_button, progress};
use uuid::Uuid;

/// Values shown behind the one that is asked.
const SOON: usize = 3;
/// Seconds after which the page looks again while files are being read.
const LOOK_AGAIN: &str = "3";
/// Room around a value on its piece of the page, in pixels.
const ROOM: u32 = 40;

/// GET /file/photo
pub async fn start(me: Me) -> Response {
    start_page(&me.v, &Typed::default(), &[])
}

fn start_page(v: &Visitor, typed: &Typed, problems: &[Problem]) -> Response {
    let said = Said(problems);
    let hint = format!(
        "一页一张，四个角都拍进去；PDF、Word 也可以。起诉状、身份证、借条、转账回单可以一起传。每份不超过 {} MB。",
        v.portal.file_limit() >> 20
    );
    let causes: Vec<(&str, &str)> = Cause::all().iter().map(|cause| (cause.number.as_str(), cause.name.as_str())).collect();
    let content = html! {
        (said.summary())
        (select(&Field { name: "cause", label: "是哪一种纠纷", value: typed.value("cause"), error: said.of("cause"), ..Field::default() }, &causes))
        (upload(&Field { name: "files", label: "拍照，或者选文件", hint: Some(&hint), error: said.of("files"), ..Field::default() },
            &Upload { accept: ACCEPT, multiple: true, camera: true, pieces: Some("/uploads") }))
        div.btns { (button(&Button { label: "上传并识别", emphasis: Emphasis::Primary, ..Button::default() })) }
    };
    let body = html! {
        (crumb("我要立案", "/file"))
        h1 { "拍照或者上传起诉状" }
        p.intro { "电脑把照片上的字读出来，填进起诉状，您一项一项核对。照片原样保存，不会改动。" }
        (file_form(v, "/file/photo", &content))
        (counter_box(&CounterBox {
            heading: "不方便拍照？", words: "把写好的起诉状和证据带到法院诉讼服务中心窗口，工作人员扫描、录入，您核对。", change: ("看怎样到窗口办理", "/guide/counter"),
        }))
    };
    page_with(v, said.status(), &said.title("拍照立案"), &[Script::Upload], &body)
}

/// POST /file/photo: `cause`, `files` or `files_upload`.
pub async fn start_post(MineWithFiles { v, account, typed, files }: MineWithFiles) -> Result<Response, Fault> {
    let mut all: Vec<(String, Vec<u8>)> = files.into_iter().map(|sent| (sent.name, sent.bytes)).collect();
    for id in typed.values("files_upload").filter_map(|id| Uuid::parse_str(id).ok()) {
        match v.portal.finished_upload(&account, id).await {
            Ok(file) => all.push(file),
            Err(error) => return Ok(start_page(&v, &typed, &refused(error)?)),
        }
    }
    let cause = if typed.value("cause").is_empty() { Cause::all().first().map_or("", |cause| &cause.number) } else { typed.value("cause") };
    match v.portal.begin_from_files(&account, cause, all).await {
        Ok(draft) if v.json => {
            Ok((StatusCode::CREATED, Json(json!({ "draft": draft.id, "url": format!("/file/{}/photo", draft.id) }))).into_response())
        }
        Ok(draft) => Ok(see(&format!("/file/{}/photo", draft.id))),
        Err(error) => Ok(start_page(&v, &typed, &refused(error)?)),
    }
}

/// GET /file/{draft}/photo
pub async fn photo(Path(id): Path<Uuid>, me: Me) -> Result<Response, Fault> {
    let draft = me.v.portal.draft(&me.account, id).await?;
    if draft.submitted {
        return Ok(see(&format!("/file/{id}")));
    }
    let reading = me.v.portal.read_on(&me.account, &draft).await?;
    if me.v.json {
        return Ok(Json(as_json(&me.v, &draft, &reading)).into_response());
    }
    if reading.waiting > 0 {
        return Ok(waiting(&me.v, &draft, &reading));
    }
    Ok(confirm(&me.v, &draft, &reading, None, &[]))
}

fn as_json(v: &Visitor, draft: &Draft, reading: &Reading) -> serde_json::Value {
    let fields: Vec<_> = v
        .portal
        .candidates(draft, reading)
        .iter()
        .map(|candidate| {
            json!({
                "field": candidate.target, "page": candidate.page, "label": candidate.label, "value": candidate.value, "sure": candidate.sure,
                "problems": candidate.problems, "confirmed": candidate.confirmed.is_some(),
                "source": candidate.source.map(|source| json!({ "file": source.file, "page": source.page, "box": source.rect })),
            })
        })
        .collect();
    json!({ "waiting": reading.waiting, "failed": reading.failed, "pages": reading.pages.len(), "fields": fields })
}

/// The machine reads; the page looks again by itself and can be left.
fn waiting(v: &Visitor, draft: &Draft, reading: &Reading) -> Response {
    let all = draft.files.len().max(reading.waiting);
    let done = all - reading.waiting;
    let words = html! { "正在识别，已读 " (done) " 份，共 " (all) " 份" };
    let bar = ui::Progress {
        id: "reading",
        words: &words,
        done: done as u64,
        of: all as u64,
        hint: Some("每页要几秒钟。可以先离开，读完以后在“我的草稿”里接着核对。"),
    };
    let body = html! {
        (crumb("我的草稿", "/drafts"))
        h1 { "正在读您传的材料" }
        div role="status" { (progress(&bar)) }
        div.btns.mt-4 {
            (link_button(&Link { label: "看读完了没有", href: &format!("/file/{}/photo", draft.id), emphasis: Emphasis::Primary, ..Link::default() }))
            (link_button(&Link { label: "不等了，自己填", href: &format!("/file/{}", draft.id), ..Link::default() }))
        }
    };
    let mut response = page_with(v, StatusCode::OK, "正在识别", &[], &body);
    response.headers_mut().insert(HeaderName::from_static("refresh"), header::HeaderValue::from_static(LOOK_AGAIN));
    response
}

fn picture(draft: &Draft, source: &Source) -> String {
    format!("/file/{}/photo/{}/{}", draft.id, source.file, source.page)
}

/// The values to confirm: one now, the others behind it, those confirmed at the end.
fn confirm(v: &Visitor, draft: &Draft, reading: &Reading, typed: Option<&Typed>, problems: &[Problem]) -> Response {
    let said = Said(problems);
    let candidates = v.portal.candidates(draft, reading);
    let wanted = typed.map(|typed| typed.value("field")).filter(|field| !field.is_empty());
    let open: Vec<&Candidate> = candidates.iter().filter(|candidate| candidate.confirmed.is_none() || wanted == Some(candidate.target)).collect();
    let now = wanted.and_then(|wanted| open.iter().find(|candidate| candidate.target == wanted)).or(open.first()).copied();
    let others: Vec<&Candidate> = open.iter().copied().filter(|candidate| Some(candidate.target) != now.map(|now| now.target)).collect();
    // A telephone loads the pieces of what is next; the rest when it is unfolded.
    let (soon, later) = others.split_at(others.len().min(SOON));
    let done: Vec<&Candidate> =
        candidates.iter().filter(|candidate| candidate.confirmed.is_some() && Some(candidate.target) != now.map(|now| now.target)).collect();
    let body = html! {
        (crumb("我的草稿", "/drafts"))
        h1 { "请核对从照片读出的内容" }
        p.intro { "这些字是电脑从照片上读出来的，可能有错。请对一对，" strong { "以您确认的为准" } "。" }
        @if reading.failed > 0 { (ui::notice(ui::Tone::Soon, &html! { "有 " (reading.failed) " 份没有读出来，原件已经保存。里面的内容请您自己填。" })) }
        (said.summary())
        div.backfill {
            (photo_of(draft, now, &done))
            div {
                div.row.between { p { strong { "核对了 " (done.len()) " 项，还有 " (open.len()) " 项" } } (saved_state("已保存")) }
                (progress(&ui::Progress { id: "prog", words: &html! { span.sr { "核对了 " (done.len()) " 项，共 " (candidates.len()) " 项" } }, done: done.len() as u64, of: candidates.len().max(1) as u64, hint: None }))
                ol.read-fields.mt-4 {
                    @if let Some(now) = now { (asked_now(v, draft, now, typed, &said)) }
                    @for candidate in soon { (behind(v, draft, candidate)) }
                    @if !later.is_empty() {
                        li { (ui::more(&html! { "后面还有 " (later.len()) " 项" }, &html! { ol.read-fields { @for candidate in later { (behind(v, draft, candidate)) } } })) }
                    }
                    @for candidate in &done { (confirmed(draft, candidate)) }
                }
                @if open.is_empty() {
                    (ui::notice(ui::Tone::Done, &html! { "读出来的都核对过了。接下来补齐照片上没有的，再核对一遍就可以提交。" }))
                }
                div.btns.mt-4 {
                    (link_button(&Link { label: if open.is_empty() { "接着填" } else { "其余的自己填" }, href: &format!("/file/{}/court", draft.id), emphasis: if open.is_empty() { Emphasis::Primary } else { Emphasis::Plain }, ..Link::default() }))
                }
                p.small.muted.mt-5 { "核对有困难？带着原件到法院窗口，工作人员当面帮您核对。" a href="/guide/counter" { "改到窗口办理" } }
            }
        }
    };
    page_with(v, said.status(), &said.title("核对从照片读出的内容 · 我要立案"), &[], &body)
}

/// The whole page of the value that is asked, with the boxes on it.
fn photo_of(draft: &Draft, now: Option<&Candidate>, done: &[&Candidate]) -> Markup {
    let shown = now.and_then(|now| now.source).or_else(|| done.first().and_then(|candidate| candidate.source)).filter(|source| source.picture);
    let Some(source) = shown else { return Markup::default() };
    let here =
        |candidate: &&Candidate| candidate.source.filter(|other| (other.file, other.page) == (source.file, source.page)).and_then(|other| other.rect);
    let confirmed: Vec<[u32; 4]> = done.iter().filter_map(&here).map(Into::into).collect();
    let asked: Vec<[u32; 4]> = now.iter().filter_map(here).map(Into::into).collect();
    let name = draft.files.iter().find(|file| file.id == source.file).map_or("材料", |file| file.name.as_str());
    let spoken = format!("{name}第 {} 页照片，正在核对的用蓝框标出", source.page);
    let caption = format!("{name}，第 {} 页。照片原样保存，不会改动。", source.page);
    page_photo(&PagePhoto {
        image_href: &picture(draft, &source),
        size: [source.width, source.height],
        spoken: &spoken,
        caption: &caption,
        confirmed: &confirmed,
        now: &asked,
    })
}

/// The piece of the page around a value.
fn piece(draft: &Draft, candidate: &Candidate) -> Markup {
    let Some((source, rect)) = candidate.source.filter(|source| source.picture).and_then(|source| source.rect.map(|rect| (source, rect))) else {
        return Markup::default();
    };
    // At least half of the page's width, so that a short word is not blown up and stands among its neighbours.
    let wide = (rect.w + 2 * ROOM).max(source.width / 2).min(source.width.max(1));
    let x = (rect.x + rect.w / 2).saturating_sub(wide / 2).min(source.width.saturating_sub(wide));
    let y = rect.y.saturating_sub(ROOM / 2);
    let right = (x + wide).max(x + 1);
    let bottom = (rect.y + rect.h + ROOM / 2).min(source.height.max(y + 1));
    let spoken = format!("照片上{}这一处的放大图", candidate.label);
    let cut = [x, y, right - x, bottom - y];
    let href = format!("{}?piece={}", picture(draft, &source), cut.map(|n| n.to_string()).join(","));
    ui::cutting(&href, cut, rect.into(), &spoken)
}

fn sureness(candidate: &Candidate) -> Sureness {
    match (candidate.value.is_empty(), candidate.doubtful) {
        (true, _) => Sureness::Unread,
        (false, true) => Sureness::Doubtful,
        (false, false) => Sureness::Clear,
    }
}

fn control(candidate: &Candidate, value: &str, error: Option<&str>) -> Markup {
    let label = if candidate.value.is_empty() { candidate.label } else { "读出来是" };
    let f = Field { name: "value", label, value, error, ..Field::default() };
    match candidate.kind {
        ValueKind::Address => textarea(&Field { hint: Some("写到门牌号，法院才能把材料送到。"), ..f }, 2),
        ValueKind::Text => text(&f, Entry::Text),
        ValueKind::Number => text(&f, Entry::IdNumber),
        ValueKind::Phone => text(&f, Entry::Text),
        ValueKind::Sex => select(&f, &[("male", "男"), ("female", "女")]),
        ValueKind::Date => ui::form::date(&Field { hint: Some("例如 2024年3月15日"), ..f }),
        ValueKind::Money => ui::form::money(&f),
        ValueKind::Rate => ui::form::number(&f, "%"),
    }
}

fn asked_now(v: &Visitor, draft: &Draft, candidate: &Candidate, typed: Option<&Typed>, said: &Said<'_>) -> Markup {
    let error = said.of(candidate.target).or(said.of("value"));
    let kept = candidate.confirmed.as_ref().map_or(candidate.value.as_str(), |confirmed| confirmed.value.as_str());
    let value = typed.filter(|typed| !typed.value("answer").is_empty()).map_or(kept, |typed| typed.value("value"));
    let content = html! {
        (hidden("field", candidate.target))
        (control(candidate, value, error))
        @for problem in &candidate.problems { p.small { (prose(problem)) } }
        div.btns.mt-2 {
            (button(&Button { label: "对，下一项", emphasis: Emphasis::Primary, sends: Some(("answer", "right")), ..Button::default() }))
            (button(&Button { label: "先空着", emphasis: Emphasis::Quiet, sends: Some(("answer", "skip")), ..Button::default() }))
        }
    };
    read_field(&ReadField {
        label: candidate.label,
        sureness: sureness(candidate),
        snippets: piece(draft, candidate),
        state: ReadState::Now(form(v, &format!("/file/{}/photo", draft.id), &content)),
    })
}

/// A value that waits: right as it is with one press, or asked for alone.
fn behind(v: &Visitor, draft: &Draft, candidate: &Candidate) -> Markup {
    let shown = word(candidate, &candidate.value);
    let content = html! {
        (hidden("field", candidate.target)) (hidden("value", &candidate.value))
        div.btns.pair.mt-2 {
            @if !candidate.value.is_empty() { (button(&Button { label: "没错", sends: Some(("answer", "right")), ..Button::default() })) }
            (button(&Button { label: if candidate.value.is_empty() { "去填" } else { "改一下" }, sends: Some(("answer", "change")), ..Button::default() }))
        }
    };
    let state =
        html! { @if !candidate.value.is_empty() { p.read-value { (prose(&shown)) } } (form(v, &format!("/file/{}/photo", draft.id), &content)) };
    read_field(&ReadField {
        label: candidate.label,
        sureness: sureness(candidate),
        snippets: piece(draft, candidate),
        state: ReadState::Waiting(state),
    })
}

fn confirmed(draft: &Draft, candidate: &Candidate) -> Markup {
    let value = candidate.confirmed.as_ref().map(|confirmed| word(candidate, &confirmed.value)).unwrap_or_default();
    let change = format!("/file/{}/{}", draft.id, candidate.page);
    let value = if value.is_empty() {
        html! { "先空着" }
    } else {
        prose(&value)
    };
    read_field(&ReadField {
        label: candidate.label,
        sureness: Sureness::Clear,
        snippets: Markup::default(),
        state: ReadState::Confirmed { value, change: &change },
    })
}

/// A value as people read it.
fn word(candidate: &Candidate, value: &str) -> String {
    match (candidate.kind, value) {
        (_, "") => String::new(),
        (ValueKind::Sex, "male") => "男".into(),
        (ValueKind::Sex, "female") => "女".into(),
        (ValueKind::Money, value) => format!("{value} 元"),
        (ValueKind::Rate, value) => format!("每月 {value}%"),
        (ValueKind::Date, value) => procedure::cause::parse_date(value).map_or_else(|_| value.to_owned(), ui::zh::date_text),
        (_, value) => value.to_owned(),
    }
}

/// POST /file/{draft}/photo: `field`, `value`, `answer` = right, change, skip.
pub async fn photo_post(Path(id): Path<Uuid>, Mine { v, account, typed }: Mine) -> Result<Response, Fault> {
    let draft = v.portal.draft(&account, id).await?;
    let reading = v.portal.read_on(&account, &draft).await?;
    let candidates = v.portal.candidates(&draft, &reading);
    let candidate = candidates.iter().find(|candidate| candidate.target == typed.value("field")).ok_or(Fault::Missing)?;
    if typed.value("answer") == "change" {
        let asked = Typed(vec![("field".into(), candidate.target.into())]);
        return Ok(confirm(&v, &draft, &reading, Some(&asked), &[]));
    }
    let value = if typed.value("answer") == "skip" { "" } else { typed.value("value") };
    let problems = if value.is_empty() && typed.value("answer") != "skip" {
        vec![Problem { field: "value".into(), zh: format!("请填写{}；现在说不清的，点“先空着”。", candidate.label) }]
    } else {
        match v.portal.confirm_read(&account, id, candidate, value).await {
            Ok(()) if v.json => return Ok(Json(json!({ "ok": true })).into_response()),
            Ok(()) => return Ok(see(&format!("/file/{id}/photo"))),
            Err(error) => refused(error)?.into_iter().map(|problem| Problem { field: "value".into(), ..problem }).collect(),
        }
    };
    if v.json {
        return Err(crate::Error::Input(problems).into());
    }
    Ok(confirm(&v, &draft, &reading, Some(&typed), &problems))
}

/// GET /file/{draft}/photo/{file}/{page}: the page, or with `?piece=x,y,width,height` a piece of it: the upright page.
pub async fn photo_page(Path((id, file, page)): Path<(Uuid, Uuid, u32)>, asked: super::form::Asked) -> Result<Response, Fault> {
    let (me, wanted) = (asked.me, asked.query.value("piece").to_owned());
    let bytes = if wanted.is_empty() {
        me.v.portal.page_picture(&me.account, id, ItemId(file), page).await?.to_vec()
    } else {
        let numbers: Vec<u32> = wanted.split(',').filter_map(|number| number.parse().ok()).collect();
        let piece = <[u32; 4]>::try_from(numbers).map_err(|_| Fault::Missing)?;
        me.v.portal.page_piece(&me.account, id, ItemId(file), page, piece).await?
    };
    // It never changes: the file's bytes and its reading are kept as they came.
    let headers = [(header::CONTENT_TYPE, "image/jpeg"), (header::CACHE_CONTROL, "private, max-age=86400, immutable")];
    Ok((headers, bytes).into_response())
}
