//! 案件: everything of one case on one page, as it stands or as it stood; lists and search.
use crate::act::actor;
use crate::http::{Fail, Who};
use crate::shell::{self, Here, Page};
use crate::{App, step_form, words};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use court::desk::{Entry, File};
use court::store::CaseRow;
use maud::{Markup, html};
use procedure::case::{Channel, ClockState, IssuedPaper, Labelled, Method, RoleKind, RunningClock, Scope, ServiceState};
use procedure::clock::date_zh;
use procedure::matter::{Kind, Part, of_step};
use procedure::preservation::{Measure, MeasureState};
use procedure::{Case, CaseId, Office, PaperId, PersonId, Refusal, STEPS, Step, permit};
use serde::Deserialize;
use serde_json::json;
use ui::workbench::{self as wb, CaseBar};
use ui::zh::{prose, yuan, yuan_grouped};
use ui::{
    ClockDerivation, ClockStep, Column, Emphasis, Fact, Link, Table, TimelineItem, Tone, WorkbenchLayout, badge, clock_derivation, digest, kv,
    link_button, more, notice, rule_id, table, timeline,
};

/// Search words.
#[derive(Debug, Default, Deserialize)]
pub struct Words {
    #[serde(default)]
    q: String,
}

/// The member's cases.
pub async fn list(State(app): State<App>, who: Who) -> Result<Response, Fail> {
    let rows = app.court.cases_of(&who.member, None).await?;
    rows_page(&app, &who, "案件", "", rows).await
}

/// Cases by number, receipt number or party.
pub async fn search(State(app): State<App>, Query(words): Query<Words>, who: Who) -> Result<Response, Fail> {
    let asked = words.q.trim();
    let asked: String = asked.replace('（', "(").replace('）', ")");
    let rows = if asked.is_empty() { vec![] } else { app.court.cases_of(&who.member, Some(asked)).await? };
    rows_page(&app, &who, "搜索", words.q.trim(), rows).await
}

async fn rows_page(app: &App, who: &Who, title: &str, asked: &str, rows: Vec<CaseRow>) -> Result<Response, Fail> {
    if who.json {
        let data: Vec<_> = rows
            .iter()
            .map(|row| {
                json!({
                    "case": row.id, "number": row.number, "receipt_no": row.receipt_no, "stage": row.stage, "stage_zh": row.stage.zh(),
                    "title": row.title, "cause": row.cause, "amount": row.amount, "submitted": row.submitted, "due": row.due,
                })
            })
            .collect();
        return Ok(Json(json!({ "cases": data })).into_response());
    }
    let cells: Vec<Vec<Markup>> = rows
        .iter()
        .map(|row| {
            let number = row.number.as_deref().map_or_else(|| row.receipt_no.clone(), court::full_width);
            vec![
                html! { a href={ "/case/" (row.id) } { (ui::zh::case_no(&number)) } },
                html! { (row.title) },
                html! { (row.cause) },
                html! { (yuan_grouped(row.amount.0)) },
                html! { (row.stage.zh()) },
                html! { (prose(&words::minute(row.submitted))) },
            ]
        })
        .collect();
    let column = |heading| Column { heading, ..Column::default() };
    let columns =
        [column("案号"), column("当事人"), column("案由"), Column { heading: "标的额", number: true, spoken: None }, column("阶段"), column("收到")];
    let body = html! {
        h1 { (title) }
        form role="search" action="/search" method="get" {
            div.row.gap-2 {
                label.sr for="find" { "案号、收件编号、当事人" }
                input.input id="find" name="q" type="search" value=(asked) placeholder="案号、收件编号、当事人";
                (ui::button(&ui::Button { label: "搜索", ..ui::Button::default() }))
            }
        }
        @if rows.is_empty() { (ui::empty(ui::Icon::Folder, "没有案件", &html! { @if asked.is_empty() { "还没有您经办的案件。" } @else { "没有找到，请换案号或者当事人姓名再试。" } })) }
        @else { (table(&Table { caption: title, caption_shown: false, columns: &columns, rows: &cells, total: None, scrolls: true })) }
    };
    let page = Page { title, here: Here::Cases, layout: WorkbenchLayout::Sheet, case_bar: None, scripts: &[], body };
    shell::show(app, who, page).await
}

/// As of what a case is shown, and what has just been done.
#[derive(Debug, Default, Deserialize)]
pub struct AsOf {
    /// A version, or a day.
    #[serde(default)]
    until: String,
    #[serde(default)]
    done: String,
}

/// One case.
pub async fn page(State(app): State<App>, Path(id): Path<String>, Query(as_of): Query<AsOf>, who: Who) -> Result<Response, Fail> {
    let id = CaseId::parse(&id).ok_or_else(Fail::missing)?;
    let now = app.court.file(&who.member, id, None, "案件").await?.ok_or_else(Fail::missing)?;
    let file = match until(&now, &as_of.until)? {
        None => now,
        Some(version) => app.court.file(&who.member, id, Some(version), "案件").await?.ok_or_else(Fail::missing)?,
    };
    if who.json {
        return Ok(Json(data(&who, &file)).into_response());
    }
    let past = file.case.version < file.latest;
    let body = html! {
        div.stack.gap-4 {
            @if past {
                (notice(Tone::Soon, &html! { "这是第 " (file.case.version) " 次变动以后的样子，现在是第 " (file.latest) " 次。" a href={ "/case/" (id) } { "看现在" } }))
            }
            @if let Some(step) = procedure::step::step(&as_of.done) { (ui::toast(&format!("{}：已经办好，记入案卷。", step.zh), None)) }
            @if !past { (block("do-h", "现在可以办的", &steps(&app, &who, &file))) }
            (block("pa-h", "文书与送达", &papers(&file)))
            (block("tl-h", "办理经过", &history(&file, &as_of)))
        }
        div.stack.gap-4 {
            (block("pt-h", "当事人", &parties(&file)))
            (block("ck-h", "期限", &clocks(&app, &file)))
            @if !file.case.measures.is_empty() { (block("ms-h", "保全措施", &measures(&file))) }
            @if file.case.fee.is_some() { (block("fe-h", "诉讼费", &fee(&who, &file))) }
            (block("ef-h", "电子卷宗", &volume(&file)))
        }
    };
    let page = Page {
        title: &file.case.title(),
        here: Here::Cases,
        layout: WorkbenchLayout::Day,
        case_bar: Some(bar(&app, &file, past)),
        scripts: &[],
        body,
    };
    shell::show(&app, &who, page).await
}

/// A box of the page with its heading.
fn block(id: &str, heading: &str, content: &Markup) -> Markup {
    html! { section.panel aria-labelledby=(id) { h2 id=(id) { (heading) } div.block { (content) } } }
}

/// `12` is a version; `2026-03-05` means the end of that day.
fn until(file: &File, text: &str) -> Result<Option<u64>, Fail> {
    if text.is_empty() {
        return Ok(None);
    }
    if let Ok(version) = text.parse::<u64>() {
        return Ok(Some(version.min(file.latest)));
    }
    let day = ui::zh::parse_date(text).ok_or_else(|| Fail::at("until", "请写第几次变动，或者写日期，例如 2026-03-05。"))?;
    let last = file.entries.iter().rfind(|entry| procedure::step::day_of(entry.at) <= day);
    last.map(|entry| Some(entry.seq)).ok_or_else(|| Fail::at("until", "那一天法院还没有收到这个案件。"))
}

/// The bar of a case, on every page of it.
pub fn bar(app: &App, file: &File, past: bool) -> Markup {
    let case = &file.case;
    let number = words::number_of(case);
    let mut about = vec![app.court.court_name(&case.court)];
    about.extend(case.statement.as_ref().map(|statement| statement.cause_name.clone()));
    about.extend(case.procedure.map(|procedure| procedure.zh().to_owned()));
    about.extend(case.staff.iter().map(|(_, office, name)| format!("{} {name}", office.zh())));
    let end = html! {
        (badge(Tone::Todo, case.stage.zh()))
        @if past { (badge(Tone::Soon, "历史状态")) }
    };
    wb::case_bar(&CaseBar { heading: &case.title(), case_no: Some(&number), words: &about.join(" · "), end: &end })
}

/// Is it a step that staff take, other than the platform alone?
fn of_staff(step: &Step) -> bool {
    step.who.iter().any(|role| matches!(role, RoleKind::FilingClerk | RoleKind::Judge | RoleKind::Clerk))
}

/// Steps of parties that a clerk may enter at the counter.
fn at_counter(who: &Who, file: &File, person: PersonId) -> Vec<(&'static Step, Result<(), Refusal>)> {
    if !matches!(who.member.office, Office::FilingClerk | Office::Clerk) {
        return vec![];
    }
    let by = actor(who, Some(person));
    let known =
        STEPS.iter().copied().filter(|step| !step.counter.is_empty() && !of_staff(step) && !matches!(step.name, "open_paper" | "submit_filing"));
    known
        .map(|step| (step, permit(&file.case, step, &by)))
        .filter(|(_, may)| !matches!(may, Err(Refusal::NotYours { .. } | Refusal::NoSuchCase)))
        .collect()
}

/// A matter that waits for the decision of this step.
fn is_waited_for(case: &Case, step: &Step) -> bool {
    matches!(of_step(step.name), Some((kind, Part::Decide)) if case.open_matter(kind).is_some())
}

/// Is there anything for this step to act on? What nobody asked for is not decided.
fn has_object(case: &Case, step: &Step, today: jiff::civil::Date) -> bool {
    match of_step(step.name) {
        Some((Kind::PreservationLifting, Part::Decide)) => case.holding().next().is_some(),
        Some((Kind::PreservationMeasure, Part::Decide)) => preserves(case),
        Some((Kind::PreservationSuit, Part::Decide)) => case.suit.is_none() && !case.measures.is_empty(),
        Some((kind, Part::Decide)) => kind.matter().own_motion || case.open_matter(kind).is_some(),
        Some((_, Part::Raise)) => true,
        None => match step.name {
            "decide_fee_relief" => case.fee.as_ref().is_some_and(procedure::case::FeeMatter::relief_pending),
            "open_hearing" | "postpone_hearing" => case.hearing().is_some_and(|hearing| hearing.opened_at.is_none()),
            "issue_effect_certificate" => !case.certificate_requests.is_empty(),
            "send_paper" | "record_service" | "record_service_failure" | "announce_service" | "correct_service" => {
                case.papers.iter().any(|paper| step_form::fits(step, &paper.service))
            }
            "deem_suit_withdrawn" => procedure::step::deem_suit_withdrawn::ground(case, today).is_ok(),
            _ => true,
        },
    }
}

/// Was a preservation of property granted?
fn preserves(case: &Case) -> bool {
    case.matters.iter().filter_map(|matter| matter.decided.as_ref()).any(|decided| decided.kind == Kind::Preservation && decided.outcome == "granted")
}

/// 保全措施: what is held, until when, and what became of it (R-PRV-09).
fn measures(file: &File) -> Markup {
    let state = |measure: &Measure| match measure.state {
        MeasureState::Holds => (Tone::Done, "有效".to_owned()),
        MeasureState::Lifted { on } => (Tone::Plain, format!("{}解除", date_zh(on))),
        MeasureState::Lapsed { on } => (Tone::Near, format!("{}届满失效", date_zh(on))),
    };
    html! { ul.list { @for measure in &file.case.measures {
        @let (tone, words) = state(measure);
        li { (prose(&measure.zh())) " " (badge(tone, &words)) br; span.small { (prose(&measure.holder)) "协助执行，" (date_zh(measure.on)) "采取" } }
    } } }
}

fn steps(app: &App, who: &Who, file: &File) -> Markup {
    let today = procedure::step::day_of(app.court.now());
    let by = who.member.actor();
    let own: Vec<_> = STEPS.iter().copied().filter(|step| of_staff(step)).map(|step| (step, permit(&file.case, step, &by))).collect();
    let mut possible =
        own.iter().filter(|(_, may)| may.is_ok()).map(|(step, _)| *step).filter(|step| has_object(&file.case, step, today)).collect::<Vec<_>>();
    // What somebody waits for comes first.
    possible.sort_by_key(|step| !is_waited_for(&file.case, step));
    let refused = own.iter().filter_map(|(step, may)| may.as_ref().err().map(|why| (*step, why))).collect::<Vec<_>>();
    let refused: Vec<_> = refused.into_iter().filter(|(_, why)| !matches!(why, Refusal::NotYours { .. } | Refusal::NoSuchCase)).collect();
    let address = |step: &Step| format!("/case/{}/step/{}", file.case.id, step.name);
    html! {
        @if possible.is_empty() { p.muted { "现在没有要您办的。" } }
        div.btns { @for (place, step) in possible.iter().enumerate() {
            (link_button(&Link { label: step.zh, href: &address(step), emphasis: if place == 0 { Emphasis::Primary } else { Emphasis::Plain }, small: true, ..Link::default() }))
        } }
        @for party in &file.case.parties {
            @let here = at_counter(who, file, party.person);
            @if here.iter().any(|(_, may)| may.is_ok()) {
                div.mt-2 {
                (more(&html! { "窗口代" (file.case.kind.side(party.side)) (party.name) "办理" }, &html! {
                    div.btns { @for (step, _) in here.iter().filter(|(_, may)| may.is_ok()) {
                        (link_button(&Link { label: step.zh, href: &format!("{}?for={}", address(step), party.person), small: true, ..Link::default() }))
                    } }
                })) }
            }
        }
        @if !refused.is_empty() {
            (more(&html! { "现在不能办的 " (refused.len()) " 项，为什么" }, &html! {
                ul.list { @for (step, why) in &refused { li { b { (step.zh) } "：" (prose(&why.zh())) } } }
            }))
        }
    }
}

fn parties(file: &File) -> Markup {
    let case = &file.case;
    html! {
        @for party in &case.parties {
            @let card = file.cards.get(&party.person);
            @let joined = case.joined.contains(&party.person);
            h3 { (file.case.kind.side(party.side)) " " (party.name) }
            @let choices = Scope::ALL.iter().map(|scope| format!("{}{}", scope.zh(), case.channel_of(party.person, *scope).zh())).collect::<Vec<_>>().join("，");
            @let online = case.channel_of(party.person, Scope::Service) == Channel::Online;
            (kv(&[
                Fact { key: "证件号码", value: html! { (words::masked(card.map_or("", |card| card.number.as_str()))) } },
                Fact { key: "住所", value: html! { (card.map_or("", |card| card.address.as_str())) } },
                Fact { key: "送达地址", value: html! { @match card.map(|card| card.service_address.as_str()).filter(|address| !address.is_empty()) { Some(address) => (address), None => "还没有确认" } } },
                Fact { key: "电话", value: html! { (words::masked(card.map_or("", |card| card.phone.as_str()))) } },
                Fact { key: "送达", value: html! { @if online { "同意电子送达" @if !file.linked.contains(&party.person) { "，还没有关联账号，先邮寄" } } @else { "邮寄等线下方式" } @if joined { "，已加入案件" } } },
                Fact { key: "办理方式", value: html! { (choices) } },
            ], false))
            p.small { a href={ "/case/" (case.id) "/packet/" (party.person) } { "送达办理" } }
        }
        @for agent in &case.agents {
            h3 { "委托诉讼代理人 " (agent.name) }
            @let powers = agent.powers.iter().map(|power| power.zh()).collect::<Vec<_>>().join("、");
            p.small { "代理 " (words::name_of(agent.of, file)) "，" @if powers.is_empty() { "一般授权" } @else { "特别授权：" (powers) } @if !agent.matters.is_empty() { "；委托事项：" (agent.matters) } }
        }
        @for authority in case.authorities.iter().filter(|authority| authority.revoked_at.is_some()) {
            p.small { (authority.agent.name) " 不再代理" (words::name_of(authority.agent.of, file)) @if let Some(at) = authority.revoked_at { "，" (words::minute(at)) " 解除委托" } }
        }
        p.small { a href={ "/case/" (case.id) "/reads" } { "谁看过这个案件" } }
    }
}

fn clocks(app: &App, file: &File) -> Markup {
    let today = procedure::step::day_of(app.court.now());
    let mut shown: Vec<&RunningClock> = file.case.clocks.iter().filter(|clock| clock.state != ClockState::Replaced).collect();
    shown.sort_by_key(|clock| (clock.state != ClockState::Running, clock.clock.last_day));
    html! {
        @if shown.is_empty() { p.muted { "没有期限在走。" } }
        @for running in shown { (clock(file, running, today)) }
    }
}

fn clock(file: &File, running: &RunningClock, today: jiff::civil::Date) -> Markup {
    let clock = &running.clock;
    let whose = running.of.map_or_else(|| "法院".to_owned(), |person| words::name_of(person, file));
    let steps: Vec<_> =
        clock.derivation.iter().map(|line| ClockStep { what: prose(&line.text), law: html! { (line.law) " " (rule_id(&line.rule)) } }).collect();
    let summary = html! {
        b { (clock.what) } " " (prose(&ui::zh::date_text(clock.last_day))) " "
        @match running.state {
            ClockState::Running => (ui::days_badge(words::days_until(today, clock.last_day))),
            ClockState::Met => (badge(Tone::Done, "已办")),
            ClockState::Expired => (badge(Tone::Near, "已届满")),
            ClockState::Replaced => (badge(Tone::Plain, "已重算")),
            ClockState::Paused => (badge(Tone::Plain, "暂停计算")),
        }
        " " span.tiny { (whose) }
    };
    more(&summary, &clock_derivation(&ClockDerivation { steps: &steps, calendar: None, foot: None }))
}

fn papers(file: &File) -> Markup {
    let case = &file.case;
    let rows: Vec<Vec<Markup>> = case
        .papers
        .iter()
        .map(|paper| {
            vec![
                html! { @if paper.sha256.is_some() { a href={ "/case/" (case.id) "/paper/" (paper.id) } { (case.paper_zh(paper)) } } @else { (case.paper_zh(paper)) } },
                html! { (words::name_of(paper.to, file)) },
                html! { (prose(&format!("{}{}", step_form::service_words(&paper.service), reached(case, paper)))) },
                html! { ul.list { @for proof in file.proofs.iter().filter(|proof| proof.papers.contains(&paper.id)) { li {
                    a href={ "/case/" (case.id) "/proof/" (proof.id) } aria-label={ (proof.title) "：" (paper.paper.zh()) } { (proof.title) }
                } } } },
                html! { @if paper.pages > 0 { (paper.pages) } },
            ]
        })
        .collect();
    let column = |heading| Column { heading, ..Column::default() };
    let columns = [column("文书"), column("受送达人"), column("送达"), column("凭证"), Column { heading: "页", number: true, spoken: None }];
    html! {
        @if rows.is_empty() { p.muted { "还没有文书。" } }
        @else { (table(&Table { caption: "文书与送达", caption_shown: false, columns: &columns, rows: &rows, total: None, scrolls: true })) }
    }
}

/// How far an electronic service came with its recipient beyond its effect, and whether he wants the paper.
fn reached(case: &Case, paper: &IssuedPaper) -> String {
    let electronic = matches!(&paper.service, ServiceState::Served { method: Method::Electronic, .. });
    let opened = match paper.opened_at {
        Some(at) => format!("；{} 打开", words::minute(at)),
        None if electronic => "；没有打开".to_owned(),
        None => String::new(),
    };
    let wanted = case.paper_requests.iter().filter(|request| request.paper == paper.id);
    let wanted = wanted.map(|request| format!("；要纸质的，{}", request.how.zh())).collect::<String>();
    format!("{opened}{wanted}")
}

fn fee(who: &Who, file: &File) -> Markup {
    let Some(fee) = &file.case.fee else { return Markup::default() };
    let may = procedure::step::step("pay_fee").is_some_and(|step| permit(&file.case, step, &who.member.actor()).is_ok());
    html! {
        (kv(&[
            Fact { key: "全额", value: yuan(fee.full.0) },
            Fact { key: if fee.halved { "应交（减半）" } else { "应交" }, value: yuan(fee.due.0) },
            Fact { key: "到账", value: html! { @match &fee.paid {
                Some(payment) => { (yuan(payment.amount.0)) "，" (prose(&words::minute(payment.at))) "，票据号 " (payment.reference) },
                None => "还没有交",
            } @for payment in &fee.further { br; (yuan(payment.amount.0)) "，" (prose(&words::minute(payment.at))) "，票据号 " (payment.reference) } } },
        ], false))
        @if fee.paid.is_some() && fee.outstanding() { p.small { "还应补交 " (yuan(fee.still_due().0)) } }
        @if fee.to_refund().0 > 0 { p.small { "应退还 " (yuan(fee.to_refund().0)) } }
        @if let Some(relief) = &fee.relief {
            p.small { "司法救助申请：" (relief.reason) "；" @match relief.granted { Some(true) => "准许", Some(false) => "不准许", None => "待决定" } }
        }
        (more(&html! { "怎样算出来的" }, &html! { ul.list { @for step in &fee.steps { li { (prose(step)) } } } }))
        @if may && fee.outstanding() { p { a href={ "/case/" (file.case.id) "/step/pay_fee" } { "登记银行回单" } } }
    }
}

/// The main volume with the digest that every view of it carries (house invariant 1).
fn volume(file: &File) -> Markup {
    let items = &file.items;
    html! {
        @if items.is_empty() { p.muted { "还没有材料。" } }
        ol.list { @for item in items { li {
            a href={ "/case/" (file.case.id) "/item/" (item.number) } { (item.number) ". " (item.name) }
            // Data without pages bears no number.
            @if item.pages > 0 { span.tiny { "，第 " (item.first_page) @if item.pages > 1 { "–" (item.first_page + item.pages - 1) } " 页" } }
        } } }
        p.small.mt-2 { "根摘要 SM3，" (items.len()) " 件" }
        (digest(&court::root(items), true))
    }
}

/// Acts shown at once; the earlier ones open on demand.
const RECENT: usize = 12;

/// Every event, the last act first; what one act did stands together.
fn history(file: &File, as_of: &AsOf) -> Markup {
    let acts: Vec<&[Entry]> = file.entries.chunk_by(|a, b| a.kind == b.kind && a.at == b.at && a.by == b.by).rev().collect();
    let (recent, earlier) = acts.split_at(acts.len().min(RECENT));
    html! {
        form.row.gap-2 method="get" action={ "/case/" (file.case.id) } {
            label.small for="until" { "看某一天或者第几次变动时的案件" }
            input.input.date-input id="until" name="until" value=(as_of.until) placeholder="2026-03-05";
            (ui::button(&ui::Button { label: "看当时", small: true, ..ui::Button::default() }))
        }
        (acts_line(file, recent))
        @if !earlier.is_empty() { (more(&html! { "更早的 " (earlier.len()) " 项" }, &acts_line(file, earlier))) }
    }
}

fn acts_line(file: &File, acts: &[&[Entry]]) -> Markup {
    let last = |act: &[Entry]| act.last().map_or(0, |entry| entry.seq);
    let whens: Vec<_> = acts.iter().map(|act| (words::minute(act[0].at), act[0].at.to_string())).collect();
    let items: Vec<_> = acts
        .iter()
        .zip(&whens)
        .map(|(act, (when, stamp))| TimelineItem {
            step: if last(act) == file.latest { ui::Step::Now } else { ui::Step::Done },
            when,
            datetime: Some(stamp),
            heading: html! { (words::event(&act[0].kind).unwrap_or(&act[0].kind)) @if act.len() > 1 { " " (act.len()) " 件" } },
            body: html! {
                @for entry in *act { p.small { (prose(&words::details(entry, file))) } }
                p.tiny { (words::actor(&act[0].by, file)) "　第 " (last(act)) " 次变动　" a href={ "/case/" (file.case.id) "?until=" (last(act)) } { "看当时的案件" } }
            },
        })
        .collect();
    timeline(&items)
}

fn data(who: &Who, file: &File) -> serde_json::Value {
    let by = who.member.actor();
    let steps: Vec<_> = STEPS
        .iter()
        .filter(|step| of_staff(step))
        .map(|step| {
            let why = permit(&file.case, step, &by).err();
            json!({"name": step.name, "zh": step.zh, "allowed": why.is_none(), "why": why.map(|why| why.zh()), "signs": crate::act::signs(step)})
        })
        .collect();
    let events: Vec<_> = file
        .entries
        .iter()
        .map(|entry| {
            json!({
                "seq": entry.seq, "at": entry.at, "kind": entry.kind, "zh": words::event(&entry.kind), "by": words::actor(&entry.by, file),
                "body": entry.body, "digest": entry.digest,
            })
        })
        .collect();
    json!({
        "case": crate::act::written(&file.case), "version": file.case.version, "latest": file.latest, "title": file.case.title(), "stage_zh": file.case.stage.zh(),
        "steps": steps, "events": events, "items": file.items, "root": court::root(&file.items),
        "proofs": file.proofs.iter().map(|proof| json!({"id": proof.id, "title": proof.title, "papers": proof.papers})).collect::<Vec<_>>(),
    })
}

/// Who looked into the file.
pub async fn reads(State(app): State<App>, Path(id): Path<String>, who: Who) -> Result<Response, Fail> {
    let id = CaseId::parse(&id).ok_or_else(Fail::missing)?;
    let file = app.court.file(&who.member, id, None, "查看记录").await?.ok_or_else(Fail::missing)?;
    let reads = app.court.reads_of(&who.member, id).await?;
    if who.json {
        let rows: Vec<_> =
            reads.iter().map(|read| json!({"reader": read.reader, "what": read.what, "at": read.at, "granted": read.granted})).collect();
        return Ok(Json(json!({ "reads": rows })).into_response());
    }
    let rows: Vec<Vec<Markup>> = reads
        .iter()
        .map(|read| {
            let outcome = if read.granted { "看到" } else { "没有权限，未看到" };
            vec![html! { (prose(&words::minute(read.at))) }, html! { (read.reader) }, html! { (read.what) }, html! { (outcome) }]
        })
        .collect();
    let columns = ["时间", "什么人", "看了什么", "结果"].map(|heading| Column { heading, ..Column::default() });
    let body = html! {
        (ui::crumb("回到案件", &format!("/case/{id}")))
        h2 { "谁看过这个案件" }
        (table(&Table { caption: "查看记录", caption_shown: false, columns: &columns, rows: &rows, total: None, scrolls: true }))
    };
    let bar = Some(bar(&app, &file, false));
    let page = Page { title: "查看记录", here: Here::Cases, layout: WorkbenchLayout::Sheet, case_bar: bar, scripts: &[], body };
    shell::show(&app, &who, page).await
}

/// Pages of this house alone may frame a material; nothing in it runs.
const FILE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; object-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'";

/// A material as it was received.
pub async fn item(State(app): State<App>, Path((id, number)): Path<(String, usize)>, who: Who) -> Result<Response, Fail> {
    let id = CaseId::parse(&id).ok_or_else(Fail::missing)?;
    let (item, bytes) = app.court.item(&who.member, id, number).await?.ok_or_else(Fail::missing)?;
    let media = media_of(&bytes);
    let word = item.media.contains("wordprocessing") && bytes.starts_with(b"PK") && !item.name.ends_with(".docx");
    let name = if word { format!("{}.docx", item.name) } else { item.name };
    let (kind, how) = match media {
        "text/plain" => ("text/plain; charset=utf-8", "inline"),
        "application/octet-stream" => (media, "attachment"),
        _ => (media, "inline"),
    };
    Ok(file_response(bytes, kind, how, &name))
}

/// What a browser may be told that the bytes are, whatever was said of them; anything else is handed out to be kept.
fn media_of(bytes: &[u8]) -> &'static str {
    match bytes {
        [b'%', b'P', b'D', b'F', ..] => "application/pdf",
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        _ if std::str::from_utf8(bytes).is_ok() => "text/plain",
        _ => "application/octet-stream",
    }
}

/// A file with its type and name; `how` is inline or attachment.
pub fn file_response(bytes: Vec<u8>, kind: &'static str, how: &str, name: &str) -> Response {
    let disposition = format!("{how}; filename*=UTF-8''{}", crate::http::escape(&name.replace('/', "_")));
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CONTENT_SECURITY_POLICY, FILE_POLICY.to_owned()),
    ];
    (headers, bytes).into_response()
}

/// A PDF for the reader's own screen or printer.
pub fn pdf(bytes: Vec<u8>, name: &str) -> Response {
    file_response(bytes, "application/pdf", "inline", &format!("{name}.pdf"))
}

/// An issued paper.
pub async fn paper(State(app): State<App>, Path((id, paper)): Path<(String, String)>, who: Who) -> Result<Response, Fail> {
    let (issued, bytes, _) = issued(&app, &who, &id, &paper).await?;
    Ok(pdf(bytes, issued.paper.zh()))
}

/// The receipt of an issued paper: signed at once, complete once the log holds it.
pub async fn receipt(State(app): State<App>, Path((id, paper)): Path<(String, String)>, who: Who) -> Result<Response, Fail> {
    let (issued, _, receipt) = issued(&app, &who, &id, &paper).await?;
    let receipt = receipt.ok_or_else(Fail::missing)?;
    Ok(file_response(receipt.into_bytes(), "text/plain; charset=utf-8", "attachment", &format!("{}.receipt", issued.paper.zh())))
}

async fn issued(app: &App, who: &Who, id: &str, paper: &str) -> Result<(procedure::case::IssuedPaper, Vec<u8>, Option<String>), Fail> {
    let (id, paper) = (CaseId::parse(id).ok_or_else(Fail::missing)?, PaperId::parse(paper).ok_or_else(Fail::missing)?);
    app.court.paper_of(&who.member, id, paper).await?.ok_or_else(Fail::missing)
}

/// A proof of service: the sealed certificate of an electronic one, the return of one by hand or post.
pub async fn proof(State(app): State<App>, Path((id, proof)): Path<(String, String)>, who: Who) -> Result<Response, Fail> {
    let (title, bytes, _) = proven(&app, &who, &id, &proof).await?;
    Ok(pdf(bytes, &title))
}

/// The receipt of a proof of service.
pub async fn proof_receipt(State(app): State<App>, Path((id, proof)): Path<(String, String)>, who: Who) -> Result<Response, Fail> {
    let (title, _, receipt) = proven(&app, &who, &id, &proof).await?;
    let receipt = receipt.ok_or_else(Fail::missing)?;
    Ok(file_response(receipt.into_bytes(), "text/plain; charset=utf-8", "attachment", &format!("{title}.receipt")))
}

async fn proven(app: &App, who: &Who, id: &str, proof: &str) -> Result<(String, Vec<u8>, Option<String>), Fail> {
    let (id, proof) = (CaseId::parse(id).ok_or_else(Fail::missing)?, PaperId::parse(proof).ok_or_else(Fail::missing)?);
    app.court.proof_of(&who.member, id, proof).await?.ok_or_else(Fail::missing)
}
