//! 送达文书: the inbox, a paper with what it asks and why it counts as served, its file and its receipt.
use super::case::{step_href, steps};
use super::fault::Fault;
use super::page::{crumb_home, day_near, download, local_time, moment, page};
use super::visitor::{Me, Visitor};
use crate::store::cases::PaperRow;
use crate::{Account, Error};
use axum::Json;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use exchange::message::View;
use jiff::civil::Date;
use maud::{Markup, html};
use procedure::PaperId;
use serde_json::{Value, json};
use ui::portal::{ActionCard, By, InboxRow, StateStep, action_card, inbox, state_line};
use ui::zh::{case_no, prose};
use ui::{Emphasis, Fact, Icon, Link, Tone, crumb, digest, fold, kv, link_button, more, panel};
use uuid::Uuid;

/// GET /papers
pub async fn papers(me: Me) -> Result<Response, Fault> {
    let rows = me.v.portal.papers(&me.account).await?;
    if me.v.json {
        return Ok(Json(json!({ "papers": rows.iter().map(json_of).collect::<Vec<_>>() })).into_response());
    }
    let unread = rows.iter().filter(|row| unread(row)).count();
    let body = html! {
        (crumb_home())
        h1 { "送达文书" }
        @if rows.is_empty() { h2.sr { "文书" } (ui::empty(Icon::Mail, "还没有送达的文书", &html! { "法院发出文书，会短信通知您，也会出现在这里。" })) }
        @else {
            p.intro { "共 " (rows.len()) " 份" @if unread > 0 { "，" (unread) " 份未打开" } "。到达这里就是送达，打开早晚不影响期限。" }
            section aria-labelledby="list" { h2.sr id="list" { "文书列表" } (list(&rows, None, me.v.portal.today())) }
        }
    };
    Ok(page(&me.v, "送达文书", &[], &body))
}

/// Served and not opened yet. A certificate of service is no service itself.
fn unread(row: &PaperRow) -> bool {
    row.opened.is_none() && row.paper.proof_of.is_none()
}

fn list(rows: &[PaperRow], current: Option<PaperId>, today: Date) -> Markup {
    let hrefs: Vec<String> = rows.iter().map(|row| format!("/paper/{}", row.paper.id)).collect();
    let named = |id: PaperId| rows.iter().find(|row| row.paper.id == id).map(|row| format!("《{}》，", row.paper.name));
    let shown: Vec<InboxRow<'_>> = rows
        .iter()
        .zip(&hrefs)
        .map(|(row, href)| InboxRow {
            name: &row.paper.name,
            href,
            when: prose(&format!(
                "{}{}{}{}",
                row.paper.proof_of.and_then(named).unwrap_or_else(String::new),
                day_near(row.paper.served_on, today),
                if row.paper.proof_of.is_some() { "" } else { " 送达" },
                if row.paper.number.is_empty() { String::new() } else { format!("，{}", row.paper.number) }
            )),
            badge: match (row.paper.proof_of, row.opened) {
                (Some(_), _) => (Tone::Plain, "送达凭证"),
                (None, Some(_)) => (Tone::Done, "已打开"),
                (None, None) => (Tone::Todo, "未打开，已送达"),
            },
            unread: unread(row),
            current: current == Some(row.paper.id),
        })
        .collect();
    inbox(&shown)
}

/// GET /paper/{id}: opening is recorded (R-SVC-14).
pub async fn paper(Path(id): Path<Uuid>, me: Me) -> Result<Response, Fault> {
    let Me { v, account } = me;
    let row = v.portal.open_paper(&account, PaperId(id), &v.device).await?;
    if v.json {
        return Ok(Json(json_of(&row)).into_response());
    }
    let view = match v.portal.view(&account, row.paper.case).await {
        Ok(view) => Some(view),
        Err(Error::Missing(_)) => None,
        Err(error) => return Err(error.into()),
    };
    let rows = v.portal.papers(&account).await?;
    let today = v.portal.today();
    let unread = rows.iter().filter(|row| unread(row)).count();
    let body = html! {
        div.inbox-layout {
            article {
                (crumb("送达文书", "/papers"))
                h1 { (row.paper.name) }
                p.case-no.mb-4 { span { (case_no(&row.paper.number)) } span { (row.paper.court_name) } }
                (asks(&row, view.as_ref(), today))
                @match row.paper.proof_of {
                    Some(of) => p { "这份凭证写明法院什么时候、怎样把另一份文书送达给谁。" @if rows.iter().any(|row| row.paper.id == of) { a href={ "/paper/" (of) } { "看那份文书" } } },
                    None => section aria-labelledby="st" { h2 id="st" { "送达情况" } (service(&row)) },
                }
                @if let Some(clock) = &row.paper.clock {
                    section aria-labelledby="why" { (fold("why", &prose(&format!("{}为什么到 {}", clock.what, day_near(clock.last_day, today))), false, &steps(&v, clock))) }
                }
                section aria-labelledby="txt" { h2 id="txt" { "文书" } (files(&v, &account, &row)) }
            }
            nav.list aria-labelledby="inb" {
                h2.h-body id="inb" { "送达文书" @if unread > 0 { "，" (unread) " 份未打开" } }
                (list(&rows, Some(row.paper.id), today))
            }
        }
    };
    Ok(page(&v, &format!("{} · 送达文书", row.paper.name), &[], &body))
}

/// What the paper asks its reader to do, by when, with the way there.
fn asks(row: &PaperRow, view: Option<&View>, today: Date) -> Markup {
    let by = row.paper.clock.as_ref().map(|clock| By { day: clock.last_day, today });
    if row.paper.asks.is_empty() && by.is_none() {
        return Markup::default();
    }
    let duty = view.and_then(|view| {
        let own = view.duties.iter().filter(|duty| duty.yours);
        let duty = own.clone().find(|duty| duty.until.is_some() && duty.until == row.paper.clock.as_ref().map(|clock| clock.last_day))?;
        Some((duty.what.clone(), step_href(view, duty.step.as_deref()?)?))
    });
    let buttons = duty.as_ref().map(|(label, href)| link_button(&Link { label, href, emphasis: Emphasis::Primary, ..Link::default() }));
    action_card(&ActionCard {
        id: "todo",
        eyebrow: "这份文书要您做的事",
        heading: &[if row.paper.asks.is_empty() { "请看文书内容" } else { &row.paper.asks }],
        by,
        why: &html! { @if let Some(clock) = &row.paper.clock { p { (prose(&clock.text())) } } },
        buttons: buttons.as_ref(),
        foot: None,
        calm: row.paper.clock.is_none(),
    })
}

fn service(row: &PaperRow) -> Markup {
    let opened = match row.opened {
        Some(at) => {
            StateStep { done: true, heading: "已打开", words: prose(&format!("{} 您本人打开。打开早晚不影响送达", moment(at))) }
        }
        None => StateStep { done: false, heading: "未打开", words: prose("打开早晚不影响送达") },
    };
    html! {
        (state_line(&[
            StateStep { done: true, heading: "已到达", words: prose(&format!("{} 到达您的收件箱，这时就是送达", moment(row.arrived))) },
            opened,
        ]))
        (more(&html! { "为什么发到这里就算送达" }, &html! { p.small {
            (prose(&format!("您确认了同意电子送达。送达信息到达您的收件箱所在系统时，即为送达。《人民法院在线诉讼规则》第三十一条第一款。{}", row.paper.rule)))
            " 以后不想电子送达，可以" a href={ "/case/" (row.paper.case) "/choices" } { "改变选择" } "，之后的文书改为邮寄。"
        } }))
    }
}

/// The file itself, its receipt, its digest.
fn files(v: &Visitor, account: &Account, row: &PaperRow) -> Markup {
    let base = format!("/paper/{}", row.paper.id);
    let time = local_time(row.paper.sent_at);
    let facts = [
        Fact { key: "页数", value: html! { (row.paper.pages) " 页" } },
        Fact { key: "发出", value: prose(&format!("{} {:02}:{:02}", ui::zh::date_text(time.date()), time.hour(), time.minute())) },
        Fact { key: "受送达人", value: html! { (account.shown()) } },
    ];
    html! {
        div.paper-acts {
            (link_button(&Link { label: "看文书（PDF）", href: &format!("{base}/file"), icon: Some(Icon::File), emphasis: Emphasis::Primary, ..Link::default() }))
            (link_button(&Link { label: "下载回执", href: &format!("{base}/receipt"), icon: Some(Icon::Download), ..Link::default() }))
            (link_button(&Link { label: "要纸质的", href: &format!("{base}/copy"), icon: Some(Icon::Post), elder_hide: true, ..Link::default() }))
        }
        @if v.portal.is_demo() { p.small.muted { "印章为演示专用章，没有法律效力。" } }
        (panel("about", "文书信息", &kv(&facts, false)))
        (more(&html! { "文书的“指纹”" }, &html! { (digest(&row.paper.sha256, true)) p.tiny { "SHA-256 摘要。连同回执，任何人都可以" a href={ "/verify?paper=" (row.paper.id) } { "核验这份文书" } "。" } }))
    }
}

/// GET /paper/{id}/file: byte for byte as it was served.
pub async fn paper_file(Path(id): Path<Uuid>, me: Me) -> Result<Response, Fault> {
    me.v.portal.open_paper(&me.account, PaperId(id), &me.v.device).await?;
    let (row, bytes) = me.v.portal.paper_file(&me.account, PaperId(id)).await?;
    Ok(download(&format!("{}.pdf", row.paper.name), "application/pdf", bytes, true))
}

/// GET /paper/{id}/receipt
pub async fn paper_receipt(Path(id): Path<Uuid>, me: Me) -> Result<Response, Fault> {
    let (row, text) = me.v.portal.paper_receipt(&me.account, PaperId(id)).await?;
    Ok(download(&format!("{}.receipt", row.paper.name), "text/plain; charset=utf-8", text.into_bytes(), false))
}

fn json_of(row: &PaperRow) -> Value {
    let paper = &row.paper;
    json!({
        "id": paper.id, "case": paper.case, "court": paper.court, "name": paper.name, "number": paper.number, "sha256": paper.sha256,
        "pages": paper.pages, "sent_at": paper.sent_at, "served_on": paper.served_on, "rule": paper.rule, "clock": paper.clock, "asks": paper.asks,
        "proof_of": paper.proof_of,
        "arrived": row.arrived, "opened": row.opened,
        "url": format!("/paper/{}", paper.id), "file": format!("/paper/{}/file", paper.id), "receipt": format!("/paper/{}/receipt", paper.id),
    })
}

/// GET /api/papers
pub async fn api_papers(me: Me) -> Result<Response, Fault> {
    let rows = me.v.portal.papers(&me.account).await?;
    Ok(Json(json!({ "papers": rows.iter().map(json_of).collect::<Vec<_>>() })).into_response())
}
