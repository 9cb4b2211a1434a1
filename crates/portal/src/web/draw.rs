//! 审判组织怎样抽出: seed, roster, who was left out, the rule and each ticket; the file from which anybody draws again.
use super::fault::Fault;
use super::page::{day_near, download, page};
use super::visitor::{Me, Visitor};
use crate::Error;
use axum::extract::Path;
use axum::response::Response;
use exchange::message::View;
use maud::{Markup, html};
use procedure::CaseId;
use procedure::case::Labelled;
use procedure::draw::again::{Again, Line, RULE, Record, Redraw, Round, again};
use procedure::trial::Tribunal;
use ui::zh::prose;
use ui::{Column, Emphasis, Icon, Link, Table, Tone, crumb, link_button, notice, table};
use uuid::Uuid;

/// Characters of a ticket that are shown: enough to tell any two apart.
const SHOWN: usize = 16;

/// The draw as the reader's own view of the case holds it.
fn record_of(view: &View) -> Option<Record> {
    let tribunal = view.tribunal.clone()?;
    let materials = view.statement.iter().flat_map(|statement| &statement.materials);
    Some(Record {
        rule: RULE.into(),
        number: view.number.clone(),
        receipt_no: view.receipt_no.clone(),
        files: materials.map(|material| material.sha256.clone()).collect(),
        names: view.parties.iter().map(|party| party.name.clone()).chain(view.agent_names.iter().cloned()).collect(),
        redraws: view.redraws.clone(),
        tribunal,
    })
}

fn seats(tribunal: &Tribunal) -> String {
    let judges: Vec<&str> = tribunal.judges.iter().map(|judge| judge.name.as_str()).collect();
    format!("{}：审判员{}，书记员{}", tribunal.form.zh(), judges.join("、"), tribunal.clerk.name)
}

/// Who hears the case now, where that is not who was drawn at first.
fn now(view: &View) -> Option<String> {
    let tribunal = view.tribunal.as_ref()?;
    let drawn = |person| tribunal.clerk.person == person || tribunal.judges.iter().any(|judge| judge.person == person);
    if view.staff.iter().all(|(person, ..)| drawn(*person)) {
        return None;
    }
    let people: Vec<_> = view.staff.iter().map(|(_, office, name)| format!("{}{name}", office.zh())).collect();
    Some(format!("有人回避后另行抽取更换，现在是：{}。", people.join("、")))
}

/// What the case page says of it.
pub fn section(view: &View, today: jiff::civil::Date) -> Markup {
    let Some(record) = record_of(view) else { return Markup::default() };
    html! {
        section aria-labelledby="draw" {
            h2 id="draw" { "审判组织怎样抽出" }
            p { (seats(&record.tribunal)) "。" (day_near(record.tribunal.on, today)) "随机抽取。" }
            @if let Some(now) = now(view) { p { (now) } }
            @if again(&record).differs.is_empty() { p { "按公开的规则重新抽取，结果相同。您也可以自己抽一遍。" } }
            @else { (notice(Tone::Near, &html! { "按公开的规则重新抽取，结果与记录不同。请打 12368，或者到窗口要求说明。" })) }
            p { a.crumb href={ "/case/" (view.case) "/draw" } { "看名册、规则和每一步" } }
        }
    }
}

/// GET /case/{id}/draw
pub async fn draw(Path(id): Path<Uuid>, me: Me) -> Result<Response, Fault> {
    let Me { v, account } = me;
    let view = v.portal.view(&account, CaseId(id)).await?;
    let record = record_of(&view).ok_or(Error::Missing("tribunal"))?;
    Ok(draw_page(&v, &view, &record))
}

/// GET /case/{id}/draw/record: the file for `xiezhi draw --check`.
pub async fn record(Path(id): Path<Uuid>, me: Me) -> Result<Response, Fault> {
    let view = me.v.portal.view(&me.account, CaseId(id)).await?;
    let record = record_of(&view).ok_or(Error::Missing("tribunal"))?;
    let text = serde_json::to_vec_pretty(&record).map_err(Error::from)?;
    Ok(download("分案抽取记录.json", "application/json", text, false))
}

fn draw_page(v: &Visitor, view: &View, record: &Record) -> Response {
    let (again, tribunal) = (again(record), &record.tribunal);
    let body = html! {
        (crumb(&view.title, &format!("/case/{}", view.case)))
        h1 { "审判组织怎样抽出" }
        p.lead { (seats(tribunal)) "。" (day_near(tribunal.on, v.portal.today())) "随机抽取 " (ui::rule_id("R-TRI-06")) }
        @if let Some(now) = now(view) { p { (now) } }
        (compared(&again))
        section aria-labelledby="rule" {
            h2 id="rule" { "规则" }
            ol.stack.numbered.gap-2 {
                li { "把种子、岗位和一个人的编号接在一起，算国密 SM3，得到他的签号。" }
                li { "签号从小到大排，最小的当选；合议庭取最小的三个，第一个是审判长。" }
                li { "名册怎样排列、少列或者多列一个人，都不改变别人的签号。" }
            }
        }
        (seed(record))
        (left_out(tribunal))
        @for round in again.rounds.iter().filter(|round| !redrawn(record, round)) { (tickets(&format!("{}的签号", round.office.zh()), round)) }
        @for redraw in &record.redraws { (once_more(record, redraw, &again, v.portal.today())) }
        (limits())
        (yourself(view))
    };
    page(v, &format!("审判组织怎样抽出 · {}", view.title), &[], &body)
}

fn compared(again: &Again) -> Markup {
    if again.differs.is_empty() {
        return notice(Tone::Done, &html! { "这个页面按下面的规则重新抽了一遍，结果与记录一致。" });
    }
    let words = html! {
        p { strong { "重新抽取的结果与记录不一致。请打 12368，或者到窗口要求说明。" } }
        ul.stack.gap-2 { @for words in &again.differs { li { (prose(words)) } } }
    };
    notice(Tone::Near, &words)
}

fn seed(record: &Record) -> Markup {
    let seed = &record.tribunal.seed;
    let lines: Vec<&str> = seed.checkpoint.lines().collect();
    html! {
        section aria-labelledby="seed" {
            h2 id="seed" { "种子" }
            p { "一半是立案时司法链的检查点（链名、记录数、根摘要）。提交材料的人事先不知道它，分案的人事后改不了它。" }
            p.digest.long { @for line in lines { (line) br; } }
            p.mt-3 { "一半是立案材料的指纹，由回执号 " span.nowrap { (record.receipt_no) } " 和 " (record.files.len()) " 份材料的 SHA-256 依次算出：" }
            (ui::digest(&seed.filing, true))
        }
    }
}

fn left_out(tribunal: &Tribunal) -> Markup {
    html! {
        section aria-labelledby="out" {
            h2 id="out" { "没有参加抽取的人" }
            @if tribunal.excluded.is_empty() { p { "没有。名册上 " (tribunal.roster.len()) " 人全部参加。" } }
            @else { ul.stack.gap-2 { @for out in &tribunal.excluded { li { strong { (out.name) } "：" (prose(&out.reason)) } } } }
        }
    }
}

/// Is this the round of a draw after a recusal?
fn redrawn(record: &Record, round: &Round) -> bool {
    record.redraws.iter().any(|redraw| redraw.label() == round.label)
}

/// A draw after a recusal, with a seed of its own.
fn once_more(record: &Record, redraw: &Redraw, again: &Again, today: jiff::civil::Date) -> Markup {
    let id = format!("redraw-{}", redraw.number);
    html! {
        section aria-labelledby=(id) {
            h2 id=(id) { (redraw.left) "回避后的抽取" }
            p { (day_near(redraw.on, today)) "决定准许回避，从没有参加过本案的" (redraw.by.office.zh()) "中抽取一人接替，抽到" (redraw.by.name) "。种子换成决定时司法链的检查点，立案材料的指纹不变：" }
            p.digest.long { @for line in redraw.checkpoint.lines() { (line) br; } }
            (ui::digest(&record.tribunal.seed.filing, true))
        }
        @for round in again.rounds.iter().filter(|round| round.label == redraw.label()) {
            (tickets(&format!("接替{}的签号", redraw.left), round))
        }
    }
}

/// An office, lowest ticket first.
fn tickets(heading: &str, round: &Round) -> Markup {
    let id = format!("tickets-{}", round.label.replace(' ', "-"));
    let result = |line: &Line| match (line.seat, &line.out) {
        (Some(_), _) => html! { (ui::badge(Tone::Done, "当选")) },
        (None, Some(_)) => html! { "没有参加" },
        (None, None) => html! { "—" },
    };
    let rows: Vec<Vec<Markup>> = round
        .lines
        .iter()
        .map(|line| {
            let ticket: String = line.ticket.chars().take(SHOWN).collect();
            vec![
                html! { span.nowrap { (line.candidate.name) } },
                html! { span.rule-id { (ticket) "…" } },
                html! { (line.candidate.load) },
                result(line),
            ]
        })
        .collect();
    let column = |heading| Column { heading, ..Column::default() };
    let columns = [column("姓名"), column("签号（前 16 位）"), Column { heading: "在办案件", number: true, spoken: None }, column("结果")];
    html! {
        section aria-labelledby=(id) {
            h2 id=(id) { (heading) }
            (table(&Table { caption: heading, caption_shown: false, columns: &columns, rows: &rows, total: None, scrolls: true }))
        }
    }
}

/// What the draw does not prove stands as plainly as what it does.
fn limits() -> Markup {
    html! {
        section aria-labelledby="limits" {
            h2 id="limits" { "这样抽取能说明什么，不能说明什么" }
            ul.stack.gap-2 {
                li { "能说明：名册和种子定下以后，抽到谁不由任何人选择；任何人都能重新抽出同样的结果。" }
                li { "不能说明：办理立案的人没有等到某个检查点再立案；编名册的人没有少列人。立案时间、名册、在办案件数和没有参加的理由都记录在案，可以事后核查。" }
            }
            p.mt-3 { "对审判人员有意见的，可以申请回避。《中华人民共和国民事诉讼法》第四十七条 " (ui::rule_id("R-TRI-10")) }
        }
    }
}

fn yourself(view: &View) -> Markup {
    let href = format!("/case/{}/draw/record", view.case);
    html! {
        section aria-labelledby="yourself" {
            h2 id="yourself" { "自己抽一遍" }
            p { "下载抽取记录，在自己的电脑上运行下面的命令，不联网也可以。" }
            p.digest.long { "xiezhi draw --check 分案抽取记录.json" }
            div.btns.mt-3 { (link_button(&Link { label: "下载抽取记录", href: &href, icon: Some(Icon::Download), emphasis: Emphasis::Primary, ..Link::default() })) }
        }
    }
}
