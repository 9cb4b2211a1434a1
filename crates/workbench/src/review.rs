//! 立案审查: the queue, a filing with the machine's comparisons and its materials, and the clerk's decision.
use crate::act::{self, Wanted, carry_out};
use crate::http::{Fail, Input, Post, Who};
use crate::review_form::{self, Tab};
use crate::shell::{self, Here, Page};
use crate::step::{Wrong, wrong};
use crate::{App, diff, step_form, words};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use court::desk::{QueueItem, Review};
use maud::{Markup, html};
use procedure::case::{Check, Labelled, Remark, Side};
use procedure::review::{Line, Source, Verdict};
use procedure::step::ReturnForCorrection;
use procedure::{CaseId, Command, Stage};
use serde::Deserialize;
use ui::workbench::{self as wb, CheckGroup, CheckLine, CheckMark, Pane, PaneHead, QueueRow};
use ui::zh::{prose, yuan_grouped};
use ui::{Icon, Tone, WorkbenchLayout, badge, empty, notice, rule_id};

/// What is open on the page.
#[derive(Debug, Default, Deserialize)]
pub struct Open {
    #[serde(default)]
    tab: String,
    #[serde(default)]
    item: Option<usize>,
}

impl Open {
    fn tab(&self) -> Tab {
        if self.tab == "return" { Tab::Return } else { Tab::Accept }
    }
}

/// The filings that wait.
pub async fn queue(State(app): State<App>, who: Who) -> Result<Response, Fail> {
    let waiting = waiting(&app, &who).await?;
    if who.json {
        let rows: Vec<_> = waiting
            .iter()
            .map(|item| {
                let row = &item.row;
                serde_json::json!({
                    "case": row.id, "receipt_no": row.receipt_no, "title": row.title, "cause": row.cause, "amount": row.amount,
                    "submitted": row.submitted, "due": row.due, "counter": item.counter, "corrected": item.corrected,
                })
            })
            .collect();
        return Ok(axum::Json(serde_json::json!({ "queue": rows })).into_response());
    }
    let hint = match waiting.first() {
        Some(_) => empty(Icon::File, "选一件开始审查", &html! { "左边按到期先后排列。" }),
        None => empty(Icon::Check, "没有待审查的材料", &html! { "新收到的起诉材料会出现在这里。" }),
    };
    let middle = html! { div.block { h1 id="f-h" { "立案审查" } h2.sr { "从这里开始" } (hint) } };
    let body = html! { (queue_pane(&app, &waiting, None)) (pane("f-h", &middle)) };
    show(&app, &who, "立案审查", body).await
}

async fn waiting(app: &App, who: &Who) -> Result<Vec<QueueItem>, Fail> {
    if who.member.office != procedure::Office::FilingClerk {
        return Err(Fail::new(StatusCode::FORBIDDEN, "立案审查由立案人员办理。"));
    }
    Ok(app.court.queue(&who.member).await?)
}

async fn show(app: &App, who: &Who, title: &str, body: Markup) -> Result<Response, Fail> {
    let page = Page { title, here: Here::Review, layout: WorkbenchLayout::Queue, case_bar: None, scripts: &[ui::Script::Draft], body };
    let mut response = shell::show(app, who, page).await?;
    let policy = format!("{}; frame-src 'self'", ui::CONTENT_SECURITY_POLICY);
    let policy = HeaderValue::from_str(&policy).map_err(|_| Fail::new(StatusCode::INTERNAL_SERVER_ERROR, "系统暂时不能办理。"))?;
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}

fn pane(id: &str, content: &Markup) -> Markup {
    wb::pane(&Pane { id, head: None, content, foot: None, bare: false, third: false })
}

fn queue_pane(app: &App, waiting: &[QueueItem], current: Option<CaseId>) -> Markup {
    let today = procedure::step::day_of(app.court.now());
    let hrefs: Vec<_> = waiting.iter().map(|item| format!("/review/{}", item.row.id)).collect();
    let rows: Vec<_> = waiting
        .iter()
        .zip(&hrefs)
        .map(|(item, href)| QueueRow {
            name: &item.row.title,
            href,
            days: item.row.due.map(|due| words::days_until(today, due)),
            sub: html! { (item.row.cause) " · " (yuan_grouped(item.row.amount.0)) },
            flag: flag(item.counter, item.corrected),
            current: current == Some(item.row.id),
        })
        .collect();
    let heading = format!("待审查 {}", waiting.len());
    let foot = wb::key_line(&[(&["j", "k"], "上下"), (&["Enter"], "打开"), (&["?"], "全部按键")]);
    let head = PaneHead { heading: &heading, heading_hidden: false, content: &Markup::default() };
    wb::pane(&Pane { id: "q-h", head: Some(head), content: &wb::queue(&rows), foot: Some(&foot), bare: false, third: false })
}

fn flag(counter: bool, corrected: bool) -> &'static str {
    match (counter, corrected) {
        (false, false) => "网上 · 新收",
        (false, true) => "网上 · 补正后",
        (true, false) => "窗口代录",
        (true, true) => "窗口 · 补正后",
    }
}

/// A filing with everything that is known about it.
pub async fn page(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(open): Query<Open>,
    Query(given): Query<Vec<(String, String)>>,
    who: Who,
) -> Result<Response, Fail> {
    let id = CaseId::parse(&id).ok_or_else(Fail::missing)?;
    let review = app.court.review(&who.member, id).await?.ok_or_else(Fail::missing)?;
    if who.json {
        let earlier = review.earlier.as_ref().map(|earlier| &earlier.statement);
        let body = serde_json::json!({
            "case": crate::act::written(&review.file.case), "version": review.file.latest, "lines": review.lines, "earlier": earlier, "items": review.file.items,
        });
        return Ok(axum::Json(body).into_response());
    }
    draw(&app, &who, &review, &open, &given.into_iter().collect(), None).await
}

async fn draw(app: &App, who: &Who, review: &Review, open: &Open, input: &Input, wrong: Option<&Wrong>) -> Result<Response, Fail> {
    let waiting = waiting(app, who).await?;
    let case = &review.file.case;
    let body = html! {
        (queue_pane(app, &waiting, Some(case.id)))
        (pane("f-h", &filing(app, review, open)))
        (review_form::pane(app, who, review, open.tab(), input, wrong))
    };
    show(app, who, &case.title(), body).await
}

fn filing(app: &App, review: &Review, open: &Open) -> Markup {
    let case = &review.file.case;
    let returning = open.tab() == Tab::Return;
    html! {
        div.block {
            div.row.gap-4 {
                h1 id="f-h" { (case.title()) }
                @if let Some(statement) = &case.statement { span.muted { (statement.cause_name) } }
                (badge(Tone::Todo, if case.correction.is_some() { "补正后" } else { "新收" }))
                span.small.muted.push { "收件 " (case.receipt_no) }
            }
            (deadline(app, review))
        }
        div.block { h2 { "审查项目 " span.tiny.regular { "系统比对的结果供参考，由您判断" } } (wb::filing_check(&groups(review))) }
        @if let (Some(earlier), Some(statement)) = (&review.earlier, &case.statement) {
            @let now = diff::Now { parties: &case.parties, statement, cards: &review.file.cards };
            div.block.flush { h2 { "补正前后对照" } (diff::table(&diff::changes(earlier, &now))) }
        }
        @if let Some(correction) = &case.correction {
            div.block { h2 { "告知过的补正内容" } ol { @for remark in &correction.remarks { li { b { (remark.label) } "：" (prose(&remark.remark)) } } } }
        }
        div.block.flush {
            h2 { "起诉状内容" }
            (review_form::written(review, returning))
        }
        div.block id="items" { h2 { "材料" } (materials(review, open, returning)) }
    }
}

fn deadline(app: &App, review: &Review) -> Markup {
    let case = &review.file.case;
    let today = procedure::step::day_of(app.court.now());
    html! {
        @match (case.submitted_at, case.unmet("R-FIL-11")) {
            (Some(at), Some(running)) => {
                @let clock = &running.clock;
                p.small.mt-1 {
                    (prose(&format!("{} 收到，最迟 ", words::minute(at))))
                    strong { (ui::zh::date_zh(clock.last_day)) "（" (ui::zh::weekday(clock.last_day)) "）" }
                    "决定立案、一次性告知补正或者裁定不予受理 "
                    (wb::due(words::days_until(today, clock.last_day)))
                    " " span.muted { (prose(&clock.text())) " " (rule_id(&clock.rule)) }
                }
            }
            (_, None) | (None, _) => p.small.mt-1 { "现在是“" (case.stage.zh()) "”，" a href={ "/case/" (case.id) } { "看案件" } "。" },
        }
    }
}

fn groups(review: &Review) -> Vec<CheckGroup<'static>> {
    let group = |check: Check| {
        let badge = match (procedure::review::verdict(&review.lines, check), check) {
            (Verdict::Problem, _) => (Tone::Near, "有问题"),
            (Verdict::Doubt, _) => (Tone::Soon, "待判断"),
            (Verdict::Ok | Verdict::NotApplicable, Check::Materials) => (Tone::Done, "齐全"),
            (Verdict::Ok | Verdict::NotApplicable, Check::Parties) => (Tone::Done, "没有发现问题"),
            (Verdict::Ok | Verdict::NotApplicable, Check::Jurisdiction) => (Tone::Done, "本院有管辖权"),
            (Verdict::Ok | Verdict::NotApplicable, Check::Duplicates) => (Tone::Done, "没有发现重复"),
        };
        let lines = review.lines.iter().filter(|line| line.check == check).map(|line| check_line(review, line)).collect();
        CheckGroup { heading: check.zh(), badge, lines }
    };
    Check::ALL.map(group).into()
}

fn check_line(review: &Review, line: &Line) -> CheckLine {
    let mark = match line.verdict {
        Verdict::Ok => CheckMark::Ok,
        Verdict::Doubt => CheckMark::Ask,
        Verdict::Problem => CheckMark::No,
        Verdict::NotApplicable => CheckMark::NotApplicable,
    };
    let id = review.file.case.id;
    let source = match &line.source {
        Source::Case(other) => Some(html! { a.cite href={ "/case/" (other) } { "看该案" } }),
        Source::Material(place) => {
            let number = review_form::number_of(&review.file, *place);
            number.map(|number| html! { a.cite href={ "/review/" (id) "?item=" (number) "#items" } { "看材料" } })
        }
        Source::Law(law) if !law.is_empty() => Some(html! { span.tiny { (law) } }),
        Source::Law(_) | Source::Field(_) => None,
    };
    let words = html! {
        @if line.verdict == Verdict::Problem { strong { (prose(&line.text)) } } @else { (prose(&line.text)) }
        " " (rule_id(line.rule))
        @if let Some(source) = source { " " (source) }
    };
    CheckLine { mark: Some(mark), words }
}

fn materials(review: &Review, open: &Open, returning: bool) -> Markup {
    let case = &review.file.case;
    let items = &review.file.items;
    let shown = open.item.unwrap_or(1);
    let tab = if returning { "&tab=return" } else { "" };
    html! {
        ol.list { @for item in items {
            @let number = item.number as usize;
            li {
                a href={ "/review/" (case.id) "?item=" (number) (tab) "#items" } aria-current=[(number == shown).then_some("true")] { (number) ". " (item.name) }
                span.tiny { "，" (procedure::case::pages_zh(item.pages)) " " a href={ "/case/" (case.id) "/item/" (number) } { "单独打开" } }
            }
        } }
        @if let Some(item) = items.iter().find(|item| item.number as usize == shown) { (viewer(case.id, item.number, &item.name, &item.media)) }
    }
}

/// A material in the page.
pub fn viewer(case: CaseId, number: u32, name: &str, media: &str) -> Markup {
    let address = format!("/case/{case}/item/{number}");
    html! {
        @if media.starts_with("image/") { img.page-svg src=(address) alt={ (name) "的图像" } loading="lazy"; }
        @else if media.contains("wordprocessing") {
            (notice(Tone::Soon, &html! { "Word 文档不能在网页里直接看。" a href=(address) download { "下载“" (name) "”" } }))
        }
        @else { iframe.page-frame src=(address) title=(name) loading="lazy" {} }
    }
}

/// Registers the filing.
pub async fn accept(State(app): State<App>, Path(id): Path<String>, Query(open): Query<Open>, post: Post) -> Result<Response, Fail> {
    let step = procedure::step::step("accept_filing").ok_or_else(Fail::missing)?;
    let id_parsed = CaseId::parse(&id).ok_or_else(Fail::missing)?;
    let file = app.court.file(&post.who.member, id_parsed, None, step.zh).await?.ok_or_else(Fail::missing)?;
    let built = step_form::command(step, &file, &post.input).map(|(command, _)| match command {
        Command::AcceptFiling(mut accept) => {
            accept.undecided = post.input.get("undecided") == "yes";
            Command::AcceptFiling(accept)
        }
        other => other,
    });
    decide(&app, &id, post, Open { tab: "accept".into(), ..open }, built).await
}

/// Sends the filing back, or pins one remark more.
pub async fn send_back(State(app): State<App>, Path(id): Path<String>, Query(open): Query<Open>, post: Post) -> Result<Response, Fail> {
    let open = Open { tab: "return".into(), ..open };
    if post.input.get("act") != "send" {
        let id = CaseId::parse(&id).ok_or_else(Fail::missing)?;
        let review = app.court.review(&post.who.member, id).await?.ok_or_else(Fail::missing)?;
        return draw(&app, &post.who, &review, &open, &review_form::pinned(&review, post.input), None).await;
    }
    let id_parsed = CaseId::parse(&id).ok_or_else(Fail::missing)?;
    let case = app.court.case(&post.who.member.court, id_parsed, None).await?;
    let remarks: Vec<Remark> = review_form::remarks(&case, &post.input);
    let built = match post.input.get("days").parse::<i64>() {
        Ok(days) => Ok(Command::ReturnForCorrection(ReturnForCorrection { remarks, days })),
        Err(_) => Err(("days".to_owned(), "请写补正期限的天数，例如 7。".to_owned())),
    };
    decide(&app, &id, post, open, built).await
}

async fn decide(app: &App, id: &str, post: Post, open: Open, built: Result<Command, step_form::Wrong>) -> Result<Response, Fail> {
    let id = CaseId::parse(id).ok_or_else(Fail::missing)?;
    let done = match built {
        Err((field, zh)) => Err(Wrong { field: Some(field), zh, seen: None }),
        Ok(command) => {
            let code = post.input.get("code").to_owned();
            let wanted = Wanted { case: id, command, expected: post.input.version(), for_person: None, code, cards: vec![], files: vec![] };
            wrong(carry_out(app, &post.who, wanted).await)?
        }
    };
    match done {
        Ok(acted) if post.who.json => Ok(axum::Json(act::outcome(&acted)).into_response()),
        Ok(acted) => {
            let done = if acted.case.stage == Stage::Returned { "return_for_correction" } else { "accept_filing" };
            Ok(Redirect::to(&format!("/case/{id}?done={done}")).into_response())
        }
        Err(wrong) => {
            let status = if wrong.seen.is_some() { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
            let review = app.court.review(&post.who.member, id).await?.ok_or_else(Fail::missing)?;
            Ok((status, draw(app, &post.who, &review, &open, &post.input, Some(&wrong)).await?).into_response())
        }
    }
}

/// What a member may see of particulars: in the review the numbers are compared, so they are shown whole.
pub fn introduction(card: &court::desk::Card, side: Side) -> String {
    let mut parts = vec![card.name.clone()];
    parts.extend([&card.sex, &card.ethnicity, &card.occupation].into_iter().filter(|text| !text.is_empty()).cloned());
    parts.extend(card.birth.map(|birth| format!("{}出生", ui::zh::date_text(birth))));
    if !card.representative.is_empty() {
        parts.push(format!("法定代表人{}{}", card.representative, card.representative_post));
    }
    if side == Side::Plaintiff && !card.phone.is_empty() {
        parts.push(format!("电话 {}", card.phone));
    }
    parts.join("，")
}

/// A note that nothing can be decided now.
pub fn not_now(zh: &str) -> Markup {
    notice(Tone::Near, &prose(zh))
}
