//! 案件: where it stands, who must act, by when and why; what happened; the file with its count and root.
use super::fault::Fault;
use super::page::{day_near, download, form, local_time, page};
use super::visitor::{Me, Visitor};
use crate::Error;
use axum::Json;
use axum::extract::Path;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use exchange::message::{Duty, View, ViewClock};
use jiff::civil::Date;
use maud::{Markup, html};
use procedure::case::{Channel, Labelled, Side};
use procedure::clock::Clock;
use procedure::step::step;
use procedure::{CaseId, Json as _, PaperId};
use serde_json::json;
use std::collections::BTreeSet;
use ui::portal::{ActionCard, Actor, By, MustAct, action_card, must_act};
use ui::zh::{case_no, prose, yuan};
use ui::{
    ClockDerivation, ClockStep, Column, CountCalendar, Emphasis, Fact, Icon, Link, Step, Table, TimelineItem, clock_derivation, crumb, fold, icon,
    kv, link_button, panel, rule_id, table, timeline,
};
use uuid::Uuid;

/// GET /case/{id}
pub async fn case(Path(id): Path<Uuid>, me: Me) -> Result<Response, Fault> {
    let Me { v, account } = me;
    let view = v.portal.view(&account, CaseId(id)).await?;
    if v.json {
        return written(&view);
    }
    let own = v.portal.own_items(&account, &view).await?;
    let inbox = v.portal.inbox_of(&account, view.case).await?;
    let links = PaperLinks { view: &view, inbox: &inbox, own: &own };
    let waiting = v.portal.submissions(&account, view.case).await?;
    let today = v.portal.today();
    let body = html! {
        (crumb("我的案件", "/cases"))
        h1 { (view.title) }
        p.case-no.mb-4 {
            @match &view.number { Some(number) => span { (case_no(number)) }, None => span { "回执 " (view.receipt_no) } }
            span { (view.court_name) }
        }
        @for submission in waiting.iter().filter(|submission| submission.state == crate::State::Awaiting) {
            (ui::notice(ui::Tone::Todo, &html! { "您提交的“" (submission.title) "”正在等法院接收。" a href={ "/receipt/" (submission.receipt_no) } { "看回执" } }))
        }
        div.two {
            div {
                (now(&view, today))
                @if !view.remarks.is_empty() { (remarks(&v, &view)) }
                @for (place, clock) in view.clocks.iter().filter(|clock| clock.running).enumerate() { (derivation(&v, place, clock, today)) }
                @if !view.measures.is_empty() { (measures(&view, today)) }
                section aria-labelledby="done" { h2 id="done" { "已经办过的" } (happened(&links, today)) }
                (super::trial::sections(&v, &view, today))
                (papers(&links, today))
                (file(&view, &own))
            }
            (beside(&view))
        }
    };
    Ok(page(&v, &format!("{} · 我的案件", view.title), &[], &body))
}

/// The address of the page on which a step is taken.
pub fn step_href(view: &View, step: &str) -> Option<String> {
    let page = match step {
        "submit_correction" => "correction",
        "choose_channel" => "choices",
        "pay_fee" => "fee",
        "request_fee_relief" => "relief",
        "submit_answer" => "answer",
        "submit_evidence" => "evidence",
        "comment_on_evidence" => "opinions",
        "confirm_record" => "record",
        "file_appeal" => "appeal",
        "appoint_agent" => "agents",
        "insist_on_filing" => "insist",
        name => return procedure::matter::of_step(name).map(|_| format!("/case/{}/do/{name}", view.case)),
    };
    Some(format!("/case/{}/{page}", view.case))
}

/// The case's most pressing duty with its day, the reader's own first.
fn now(view: &View, today: Date) -> Markup {
    let first = view.duties.iter().find(|duty| duty.yours).or(view.duties.first());
    let lines: Vec<MustAct<'_>> = view.duties.iter().map(|duty| must_line(view, duty, today)).collect();
    let heading =
        format!("{}{}", view.stage_zh, first.map(|duty| format!("，{}{}", if duty.yours { "请您" } else { "等" }, told(duty))).unwrap_or_default());
    let own_step = first.filter(|duty| duty.yours).and_then(|duty| duty.step.as_deref()).and_then(|step| step_href(view, step));
    let words = first.map(|duty| duty.what.clone()).unwrap_or_default();
    let buttons = own_step.map(|href| link_button(&Link { label: &words, href: &href, emphasis: Emphasis::Primary, ..Link::default() }));
    let nothing = html! { p { "现在不用您办什么。有新的进展会发短信。" } };
    action_card(&ActionCard {
        id: "now",
        eyebrow: "现在到哪一步",
        heading: &[&heading],
        by: first.and_then(|duty| duty.until).map(|day| By { day, today }),
        why: &if lines.is_empty() { nothing } else { must_act(&lines) },
        buttons: buttons.as_ref(),
        foot: None,
        calm: !first.is_some_and(|duty| duty.yours && duty.until.is_some()),
    })
}

fn told(duty: &Duty) -> String {
    if duty.yours { duty.what.clone() } else { format!("{}{}", duty.who, duty.what) }
}

fn must_line<'a>(view: &View, duty: &'a Duty, today: Date) -> MustAct<'a> {
    let href = duty.step.as_deref().filter(|_| duty.yours).and_then(|step| step_href(view, step));
    MustAct {
        who: if duty.yours { Actor::You } else { Actor::Other(&duty.who) },
        what: prose(&duty.what),
        by: html! {
            @if let Some(until) = duty.until { "最迟 " (day_near(until, today)) "。" }
            (prose(&duty.detail))
            @if let Some(href) = href { " " a href=(href) { "去办" span.sr { "：" (duty.what) } } }
        },
    }
}

fn remarks(v: &Visitor, view: &View) -> Markup {
    html! {
        section aria-labelledby="remarks" {
            h2 id="remarks" { "法院要您补正的 " (view.remarks.len()) " 处" }
            ol.stack.numbered.gap-3 { @for remark in &view.remarks { li {
                strong { (remark.label) } @if let Some(page) = remark.page { "，第 " (page) " 页" } br;
                (prose(&remark.remark)) " " (rule_id(&remark.rule))
            } } }
            @if view.steps.iter().any(|step| step == "submit_correction") {
                div.mt-4 { (form(v, &format!("/case/{}/correct", view.case), &super::act::send("去补正"))) }
            }
        }
    }
}

/// Why a date is what it is, with the little calendar (R-DDL).
fn derivation(v: &Visitor, place: usize, running: &ViewClock, today: Date) -> Markup {
    let clock = &running.clock;
    // The same period may run for several parties.
    let id = format!("why-{place}-{}", clock.rule.to_ascii_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-"));
    let whose = match (running.yours, running.whose.as_str()) {
        (true, _) => "您的".to_owned(),
        (false, "") => String::new(),
        (false, party) => format!("{party}的"),
    };
    let heading = format!("{whose}{}为什么到 {}", clock.what, day_near(clock.last_day, today));
    // No landmark: two parties may have the same period to the same day.
    fold(&id, &prose(&heading), running.yours, &steps(v, clock))
}

/// The steps of a derivation.
pub fn steps(v: &Visitor, clock: &Clock) -> Markup {
    let steps: Vec<ClockStep> = clock
        .derivation
        .iter()
        .map(|line| ClockStep { what: prose(&line.text), law: html! { (prose(&line.law)) " " (rule_id(&line.rule)) } })
        .collect();
    let rows = clock.calendar(&v.portal.law().calendar);
    let rest: Vec<Date> = rows.iter().flatten().filter(|day| !day.works).map(|day| day.date).collect();
    let counted = rows.iter().flatten().filter_map(|day| day.number).max().unwrap_or(0);
    // What moved behind the nominal end was not counted: the nominal length stands in the derivation.
    let length = nominal_days(clock).unwrap_or(counted);
    let caption = format!("从 {} 的第二天起数", ui::zh::md_text(clock.from));
    let drawable = clock.first_day > clock.from && clock.last_time.is_none();
    let calendar = u16::try_from(length).ok().filter(|days| drawable && (1..=70).contains(days)).map(|days| CountCalendar {
        caption: &caption,
        trigger: clock.from,
        trigger_word: "起点",
        days,
        rest: &rest,
        due: clock.last_day,
    });
    let foot = "假期按国务院办公厅公布的放假安排。中间的假期照数，只有最后一天遇假期才顺延。";
    clock_derivation(&ClockDerivation { steps: &steps, calendar, foot: Some(foot) })
}

/// The number of days that the derivation names: `15 日，第 15 日是…`.
fn nominal_days(clock: &Clock) -> Option<i64> {
    let (days, _) = clock.derivation.iter().find_map(|line| line.text.split_once(" 日，第 "))?;
    days.parse().ok()
}

/// Where a paper can be read: on its own page if it came into the inbox, as an item of the file if it was released; by post it
/// is in the person's hands and has no page.
struct PaperLinks<'a> {
    view: &'a View,
    inbox: &'a BTreeSet<PaperId>,
    own: &'a [u32],
}

impl PaperLinks<'_> {
    fn of(&self, id: PaperId) -> Option<String> {
        if self.inbox.contains(&id) {
            return Some(format!("/paper/{id}"));
        }
        let sha256 = self.view.papers.iter().find(|paper| paper.id == id)?.sha256.as_ref()?;
        let item = self.view.items.iter().find(|item| item.sha256 == *sha256 && self.own.contains(&item.number))?;
        Some(format!("/case/{}/file/{}", self.view.case, item.number))
    }
}

fn happened(links: &PaperLinks<'_>, today: Date) -> Markup {
    let view = links.view;
    let whens: Vec<(String, String)> = view
        .timeline
        .iter()
        .map(|entry| {
            let time = local_time(entry.at);
            (format!("{} {:02}:{:02}", day_near(time.date(), today), time.hour(), time.minute()), entry.at.to_string())
        })
        .collect();
    let mut items: Vec<TimelineItem<'_>> = view
        .timeline
        .iter()
        .zip(&whens)
        .map(|(entry, (when, machine))| TimelineItem {
            step: Step::Done,
            when,
            datetime: Some(machine),
            heading: prose(&entry.what),
            body: html! {
                @if !entry.detail.is_empty() || entry.rule.is_some() {
                    p { (prose(&entry.detail)) @if let Some(rule) = &entry.rule { " " (rule_id(rule)) } }
                }
                @if let Some(href) = entry.paper.and_then(|paper| links.of(paper)) { p { a href=(href) { "看文书" span.sr { "：" (entry.what) } } } }
            },
        })
        .collect();
    // The newest stands first, as people ask.
    if view.timeline.first().zip(view.timeline.last()).is_some_and(|(first, last)| first.at < last.at) {
        items.reverse();
    }
    timeline(&items)
}

fn papers(links: &PaperLinks<'_>, today: Date) -> Markup {
    let view = links.view;
    if view.papers.is_empty() {
        return Markup::default();
    }
    let rows: Vec<Vec<Markup>> = view
        .papers
        .iter()
        .map(|paper| {
            let link = html! { @match links.of(paper.id) { Some(href) => a.crumb href=(href) { (paper.name) }, None => (paper.name) } };
            vec![link, html! { (paper.state) }, html! { @match paper.served_on { Some(on) => (day_near(on, today)), None => "—" } }]
        })
        .collect();
    let column = |heading| Column { heading, ..Column::default() };
    html! {
        section aria-labelledby="papers" {
            h2 id="papers" { "送达给您的文书" }
            (table(&Table { caption: "文书", caption_shown: false, columns: &[column("文书"), column("送达情况"), column("送达日期")], rows: &rows, total: None, scrolls: false }))
        }
    }
}

/// 正卷 as the reader may see it: every item, the count, the root digest (R-FIA-05, invariant "filed = shown").
fn file(view: &View, own: &[u32]) -> Markup {
    let rows: Vec<Vec<Markup>> = view
        .items
        .iter()
        .map(|item| {
            let name = if own.contains(&item.number) {
                html! { a.crumb href={ "/case/" (view.case) "/file/" (item.number) } { (item.name) } }
            } else {
                html! { (item.name) }
            };
            let last = item.first_page + item.pages.max(1) - 1;
            vec![
                html! { (item.number) },
                name,
                html! { @match item.pages { 0 => "—", 1 => (item.first_page), _ => { (item.first_page) "–" (last) } } },
            ]
        })
        .collect();
    let pages: u32 = view.items.iter().map(|item| item.pages).sum();
    let column = |heading| Column { heading, ..Column::default() };
    html! {
        section aria-labelledby="file" {
            h2 id="file" { "电子卷宗（正卷 " (view.items.len()) " 件，" (pages) " 页）" }
            @if rows.is_empty() { p { "立案以后，这里列出卷宗目录。" } }
            @else {
                (table(&Table { caption: "卷宗目录", caption_shown: false, columns: &[column("序号"), column("名称"), Column { heading: "页码", number: true, spoken: None }], rows: &rows, total: None, scrolls: false }))
                p.small.muted.mt-3 { "有链接的可以打开。对方的身份证明等私人材料、别人的送达文书不在网上提供，可以到法院申请查阅。全卷的指纹（国密 SM3），少一件、改一页都会变：" }
                (ui::digest(&view.root, true))
            }
        }
    }
}

/// 保全措施: what is held, until when, and what became of it (R-PRV-09).
fn measures(view: &View, today: Date) -> Markup {
    html! {
        section aria-labelledby="measures" {
            h2 id="measures" { "保全措施" }
            ul.stack.gap-3 { @for measure in &view.measures { li {
                (prose(&measure.zh)) br;
                @if measure.holds { (ui::badge(ui::Tone::Done, "有效")) " 到 " (day_near(measure.until, today)) " 为止" }
                @else { (ui::badge(ui::Tone::Plain, "已经结束")) " " (prose(&measure.ended)) }
            } } }
            p.small.muted.mt-3 { "到期自动失效。需要继续的，由申请保全的一方最迟在届满七日前申请续行 " (rule_id("R-PRV-09")) }
        }
    }
}

fn beside(view: &View) -> Markup {
    let plain = |text: &str| prose(text);
    let mut facts = vec![
        Fact { key: "您的身份", value: plain(&view.role) },
        Fact { key: view.kind.side(Side::Plaintiff), value: plain(&view.plaintiffs.join("、")) },
        Fact { key: view.kind.side(Side::Defendant), value: plain(&view.defendants.join("、")) },
        Fact { key: "案由", value: plain(&view.cause) },
        Fact { key: "阶段", value: plain(&view.stage_zh) },
    ];
    let agents: Vec<_> = view.agents.iter().map(|agent| format!("{}，{}", agent.name, agent.powers)).collect();
    if !agents.is_empty() {
        facts.push(Fact { key: "委托代理人", value: plain(&agents.join("\n")) });
    }
    for (_, zh) in &view.barred {
        facts.push(Fact { key: "没有的权限", value: plain(zh) });
    }
    if let Some(procedure) = &view.procedure {
        facts.push(Fact { key: "程序", value: plain(procedure) });
    }
    for (office, name) in &view.officers {
        facts.push(Fact { key: office, value: plain(name) });
    }
    if let Some(fee) = &view.fee {
        let state = if fee.paid { "，已交" } else { "，待交" };
        facts.push(Fact { key: view.kind.fee(), value: html! { (yuan(fee.due.0)) (state) } });
    }
    if !view.choices.is_empty() {
        let words =
            view.choices.iter().map(|(scope, channel)| format!("{}：{}", scope.zh(), if *channel == Channel::Online { "网上" } else { "窗口" }));
        facts.push(Fact { key: "办理方式", value: plain(&words.collect::<Vec<_>>().join("\n")) });
    }
    html! {
        aside.stack.gap-4 aria-label="案件情况" {
            (panel("facts", "案件情况", &kv(&facts, false)))
            (panel("may", "这个案件里您可以", &html! { ul.links { @for (href, drawing, words) in may(view) { li { a.crumb href=(href) { (icon(drawing)) (words) } } } } }))
            p { a.crumb href="/reads" { "谁看过我的卷宗" } }
        }
    }
}

/// Steps open to this person now, and what is always open.
fn may(view: &View) -> Vec<(String, Icon, String)> {
    let steps = view.steps.iter().filter_map(|name| {
        let step = step(name)?;
        let drawing = match name.as_str() {
            "pay_fee" | "request_fee_relief" => Icon::Yuan,
            "choose_channel" => Icon::Court,
            _ => Icon::Upload,
        };
        Some((step_href(view, name)?, drawing, step.zh.to_owned()))
    });
    let mut all: Vec<_> = steps.collect();
    if let Some(fee) = view.fee.as_ref().filter(|fee| fee.yours && !fee.paid) {
        all.insert(0, (format!("/case/{}/fee", view.case), Icon::Yuan, format!("交纳案件受理费 {} 元", fee.to_pay().yuan())));
    }
    all.push(("/papers".into(), Icon::Mail, "看送达的文书".into()));
    all.push(("/guide/counter".into(), Icon::Court, "到窗口办理".into()));
    all
}

/// GET /case/{id}/file/{n}: bytes that this person handed in, was served or may read.
pub async fn item(Path((id, number)): Path<(Uuid, u32)>, me: Me) -> Result<Response, Fault> {
    let view = me.v.portal.view(&me.account, CaseId(id)).await?;
    let item = view.items.iter().find(|item| item.number == number).ok_or(Error::Missing("item"))?;
    let bytes = me.v.portal.own_item(&me.account, &view, item, &me.v.device).await?;
    Ok(download(&super::evidence::named(&item.name, &item.media), &item.media, bytes, false))
}

/// A view as it was written on its way here.
fn written(view: &View) -> Result<Response, Fault> {
    Ok(([(CONTENT_TYPE, "application/json")], view.to_json().map_err(Error::from)?).into_response())
}

/// GET /api/cases
pub async fn api_cases(me: Me) -> Result<Response, Fault> {
    let (views, submissions) = me.v.portal.overview(&me.account).await?;
    let cases: Vec<_> = views
        .iter()
        .map(|view| {
            json!({
                "case": view.case, "court": view.court, "number": view.number, "title": view.title, "stage": view.stage, "stage_zh": view.stage_zh,
                "version": view.version, "role": view.role, "receipt_no": view.receipt_no, "steps": view.steps, "duties": view.duties,
                "url": format!("/case/{}", view.case),
            })
        })
        .collect();
    let submissions: Vec<_> = submissions.iter().map(super::receipt::json_of).collect();
    Ok(Json(json!({ "cases": cases, "submissions": submissions })).into_response())
}

/// GET /api/case/{id}: the whole view.
pub async fn api_case(Path(id): Path<Uuid>, me: Me) -> Result<Response, Fault> {
    written(&me.v.portal.view(&me.account, CaseId(id)).await?)
}
