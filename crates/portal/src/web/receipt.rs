//! 提交回执: number, legal time, what was handed in, what happens next; the file that anybody can check offline.
use super::fault::Fault;
use super::form::Mine;
use super::page::{download, form, md_hm, moment, page, percent, see, size};
use super::visitor::{Me, Visitor};
use crate::store::cases::{State, Submission};
use axum::Json;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use exchange::message::Outcome;
use maud::{Markup, html};
use serde_json::{Value, json};
use ui::portal::{Verdict, verdict};
use ui::zh::prose;
use ui::{Button, Column, Emphasis, Icon, Link, Step, Table, TimelineItem, button, link_button, more, panel, table, timeline};
use uuid::Uuid;

/// GET /receipt/{no}
pub async fn receipt(Path(no): Path<String>, me: Me) -> Result<Response, Fault> {
    let (submission, text) = me.v.portal.receipt(&me.account, &no).await?;
    if me.v.json {
        return Ok(Json(json_of(&submission)).into_response());
    }
    let court = me.v.portal.court_name(&submission.target);
    let body = html! {
        div.two {
            div {
                (verdict(&Verdict { heading: heading(&submission), good: good(&submission), words: &words(&submission, &court) }))
                div.btns.no-print.mt-4 {
                    (link_button(&Link { label: "下载回执", href: &format!("/receipt/{no}/file"), icon: Some(Icon::Download), emphasis: Emphasis::Primary, ..Link::default() }))
                    @if !submission.case.0.is_nil() && (submission.state == State::Done || may_look(&submission)) {
                        (link_button(&Link { label: "看案件", href: &format!("/case/{}", submission.case), ..Link::default() }))
                    }
                    (link_button(&Link { label: "回首页", href: "/", emphasis: Emphasis::Quiet, ..Link::default() }))
                }
                (again(&me.v, &submission))
                section aria-labelledby="next" { h2 id="next" { "接下来会怎样" } (timeline(&to_come(&me.v, &submission))) }
            }
            div.stack.gap-4 { (handed_in(&submission)) (seal(&text)) }
        }
    };
    Ok(page(&me.v, "提交回执", &[], &body))
}

fn good(submission: &Submission) -> bool {
    matches!(submission.state, State::Awaiting | State::Done)
}

fn heading(submission: &Submission) -> &'static str {
    match submission.state {
        State::Awaiting => "已提交，待法院接收",
        State::Done => "法院已接收",
        State::Refused => "法院没有接收",
        State::Stale => "案件情况变了，没有办成",
    }
}

/// A state in a word, for lists.
pub fn badge(state: State) -> (ui::Tone, &'static str) {
    match state {
        State::Awaiting => (ui::Tone::Todo, "待法院接收"),
        State::Done => (ui::Tone::Done, "已接收"),
        State::Refused => (ui::Tone::Near, "没有接收"),
        State::Stale => (ui::Tone::Soon, "没有办成"),
    }
}

fn words(submission: &Submission, court: &str) -> Markup {
    html! {
        p.mt-2.mb-4 {
            @match (&submission.state, &submission.answer) {
                (State::Awaiting, _) => { "我们已经收到，正在等" (court) "接收。您不用再做什么，有结果会发短信。" }
                (State::Done, _) => { (court) "已经接收您提交的内容。" }
                (State::Refused, Some(Outcome::Refused { zh, .. })) => { (prose(zh)) }
                (State::Refused, _) => { "请打 12368 或者到窗口问明原因。" }
                (State::Stale, _) => { "您提交的时候，案件有了新的进展。请打开案件，看过最新情况再办一次。" }
            }
        }
        p { strong { (submission.title) } }
        p.muted.small.mt-3 { "回执编号" }
        p.figure { (submission.receipt_no) }
        p.muted.small.mt-3 { "收到时间（法律上以这个时间为准）" }
        p.lead.strong { (prose(&moment(submission.at))) }
    }
}

/// Refused in a case that stands: there the step can be taken again.
fn may_look(submission: &Submission) -> bool {
    let first = matches!(submission.step.as_str(), "submit_filing" | "submit_correction" | "join_case");
    matches!(submission.state, State::Refused | State::Stale) && !first
}

/// A refused filing is mended and handed in again; nothing has to be typed twice.
fn again(v: &Visitor, submission: &Submission) -> Markup {
    let filing = matches!(submission.step.as_str(), "submit_filing" | "submit_correction");
    html! {
        @if submission.state == State::Refused && filing {
            (form(v, &format!("/receipt/{}/again", submission.receipt_no), &html! {
                p { "填过的内容和材料都在，改好以后再提交一次。" }
                div.btns { (button(&Button { label: "改好再提交", emphasis: Emphasis::Primary, ..Button::default() })) }
            }))
        }
    }
}

/// POST /receipt/{no}/again
pub async fn again_post(Path(no): Path<String>, Mine { v, account, .. }: Mine) -> Result<Response, Fault> {
    let (submission, _) = v.portal.receipt(&account, &no).await?;
    let draft = v.portal.draft_of_refused(&account, &submission).await?;
    Ok(see(&format!("/file/{}/review", draft.id)))
}

fn to_come(v: &Visitor, submission: &Submission) -> Vec<TimelineItem<'static>> {
    let item = |step, when: &'static str, heading: &str, body: Markup| TimelineItem { step, when, datetime: None, heading: prose(heading), body };
    let done = Step::Done;
    let mut items = vec![item(
        done,
        "已办",
        "您提交了",
        html! { p { (md_hm(submission.at)) "，" (submission.files.len()) " 份材料" @if pages(submission) > 0 { "，" (pages(submission)) " 页" } "。" } },
    )];
    match (submission.state, submission.step.as_str()) {
        (State::Refused | State::Stale, _) => {}
        (_, "submit_filing" | "submit_correction") => {
            let clock = v.portal.law().clock("R-FIL-11", super::page::day(submission.at));
            let why = html! { ul { @for line in &clock.derivation { li.small { (prose(&line.text)) " " span.muted { (line.law) } " " (ui::rule_id(&line.rule)) } } } };
            items.push(item(
                Step::Now,
                "七日内",
                &format!("法院决定是否立案，最迟 {}", ui::zh::md_text(clock.last_day)),
                html! { p { "到期还定不下来的，先立案。" } (more(&html! { "为什么是这一天" }, &why)) },
            ));
            items.push(item(
                Step::Later,
                "如果材料不全",
                "法院一次告诉您要补什么",
                html! { p { (prose("会写清补什么、最迟哪天补。补齐后第二天起，重新计算 7 日。R-FIL-12")) } },
            ));
            items.push(item(
                Step::Later,
                "立案后",
                "您交受理费，法院把起诉状送给被告",
                html! { p { (prose("收到交费通知次日起 7 日内预交；法院 5 日内把起诉状副本发给被告，被告有 15 日答辩。R-FEE-15 R-FIL-21")) } },
            ));
        }
        (State::Awaiting, _) => items.push(item(Step::Now, "很快", "法院接收", html! { p { "接收以后，案件页面会更新。" } })),
        (State::Done, _) => items.push(item(done, "已办", "法院接收了", html! { p { "在案件页面可以看到。" } })),
    }
    items
}

fn pages(submission: &Submission) -> u32 {
    submission.files.iter().map(|file| file.pages).sum()
}

/// In a column of numbers; what was never on paper has none.
fn count(pages: u32) -> Markup {
    html! { @if pages == 0 { span.small { "电子文件" } } @else { (pages) } }
}

fn handed_in(submission: &Submission) -> Markup {
    if submission.files.is_empty() {
        return Markup::default();
    }
    let rows: Vec<Vec<Markup>> =
        submission.files.iter().map(|file| vec![html! { (file.name) }, count(file.pages), html! { (size(file.bytes)) }]).collect();
    let number = |heading| Column { heading, number: true, spoken: None };
    panel(
        "mat",
        "您交了什么",
        &table(&Table {
            caption: "材料清单",
            caption_shown: false,
            columns: &[Column { heading: "材料", ..Column::default() }, number("页数"), number("大小")],
            rows: &rows,
            total: Some(&[html! { "合计 " (rows.len()) " 份" }, count(pages(submission)), html! {}]),
            scrolls: false,
        }),
    )
}

/// Signature and state in the ledger of a receipt's text.
fn seal(text: &str) -> Markup {
    let state = ledger::Receipt::parse(text).map(|receipt| receipt.state());
    let digest = ledger::Digests::of(text.as_bytes()).sm3.to_hex();
    panel(
        "fp",
        "回执的“指纹”",
        &html! {
            div.stack.gap-2 {
                p.small { "回执写明您交的每一份材料的指纹和收到时间，由人民法院在线服务签名；改一个字，签名就对不上。" }
                (ui::digest(&digest, false))
                p.tiny {
                    @match state {
                        Ok(ledger::State::Logged) => { "国密 SM3 摘要。已存入司法链，回执里附有存证凭证。" }
                        _ => { "国密 SM3 摘要。存入司法链后，回执可再下载一次，附存证凭证。" }
                    }
                }
                (more(&html! { "怎样自己核验" }, &html! { p.small { "下载的回执用免费的 " span.nowrap { "xiezhi-verify" } " 核验，不联网也可以；也可以在" a href="/verify" { "核验文书" } "里传回执。" } }))
            }
        },
    )
}

/// GET /receipt/{no}/file
pub async fn download_receipt(Path(no): Path<String>, me: Me) -> Result<Response, Fault> {
    let (_, text) = me.v.portal.receipt(&me.account, &no).await?;
    Ok(download(&format!("回执-{no}.receipt"), "text/plain; charset=utf-8", text.into_bytes(), false))
}

/// GET /api/submission/{id}: by id or by receipt number.
pub async fn submission(Path(id): Path<String>, me: Me) -> Result<Response, Fault> {
    let found = match Uuid::parse_str(&id) {
        Ok(id) => me.v.portal.submission(&me.account, id).await?,
        Err(_) => me.v.portal.receipt(&me.account, &id).await?.0,
    };
    Ok(Json(json_of(&found)).into_response())
}

/// A submission as scripts read it.
pub fn json_of(submission: &Submission) -> Value {
    json!({
        "id": submission.id, "receipt_no": submission.receipt_no, "title": submission.title, "step": submission.step,
        "court": submission.target, "case": submission.case, "at": submission.at, "state": submission.state,
        "answer": submission.answer, "files": submission.files,
        "receipt": format!("/receipt/{}/file", percent(&submission.receipt_no)),
    })
}

/// The answer to a form that handed something in: the receipt's page, or JSON.
pub fn submitted(v: &Visitor, submission: &Submission) -> Response {
    if v.json { Json(json_of(submission)).into_response() } else { see(&format!("/receipt/{}", submission.receipt_no)) }
}
