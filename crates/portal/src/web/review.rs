//! 核对并提交: everything once more, the fee with its arithmetic, what differs from the filing that came back, the signature.
use super::fault::{Fault, refused};
use super::form::Mine;
use super::interview::{Place, frame, places, show};
use super::page::{Said, see};
use super::visitor::Visitor;
use crate::draft::Before;
use crate::filing::{Obstacle, Prepared};
use crate::store::drafts::DraftKind;
use crate::{Account, Draft, Problem};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use procedure::case::{Channel, Labelled, Remark};
use procedure::cause::{Answers, Field as CauseField, FieldKind, Generic, Page, PartyRole, party_fields};
use ui::form::{Field, Form, checkbox};
use ui::zh::{prose, yuan};
use ui::{Button, Column, Emphasis, Fact, Table, Tone, button, kv, more, notice, table};
use uuid::Uuid;

/// The page before submitting.
pub fn review(
    v: &Visitor,
    account: &Account,
    draft: &Draft,
    page: &'static Page,
    status: StatusCode,
    typed: Option<&[(String, String)]>,
    problems: &[Problem],
) -> Response {
    let said = Said(problems);
    let made = v.portal.prepare(account, draft);
    let obstacles: &[Obstacle] = match &made {
        Ok(prepared) => &prepared.obstacles,
        Err(obstacles) => obstacles,
    };
    let body = html! {
        div.q.stack.gap-5 {
            (said.summary())
            h1.phrases { (ui::zh::phrases(&page.ask.split("<wbr>").collect::<Vec<_>>())) }
            p { (prose(&page.hint)) }
            @if let Some(before) = &draft.content.before { (remarks(draft, before)) (differences(draft, before)) }
            @if !obstacles.is_empty() { (to_mend(draft, obstacles)) }
            @if let Ok(prepared) = &made { (whole(v, draft, prepared)) }
            @if obstacles.is_empty() { (sign(v, account, draft, typed, &said)) }
        }
    };
    frame(v, draft, Place::Cause(&page.id), status, problems, &[], &body)
}

/// What keeps it from being submitted, each with the page on which it is mended.
fn to_mend(draft: &Draft, obstacles: &[Obstacle]) -> Markup {
    html! {
        section.error-summary aria-labelledby="mend" {
            h2 id="mend" { "提交以前还要改 " (obstacles.len()) " 处" }
            ul.stack.gap-2 {
                @for obstacle in obstacles {
                    li { (prose(&obstacle.problem.zh)) " " a href=(page_href(draft, &obstacle.page)) { "去改" span.sr { "：" (obstacle.problem.zh) } } }
                }
            }
        }
    }
}

fn page_href(draft: &Draft, page: &str) -> String {
    match page {
        "account" => "/account".to_owned(),
        page if places(draft).iter().any(|place| place.id() == page) => format!("/file/{}/{page}", draft.id),
        _ => format!("/file/{}", draft.id),
    }
}

/// 补正: the court's remarks, each with the page of its field (R-FIL-12).
fn remarks(draft: &Draft, before: &Before) -> Markup {
    html! {
        section aria-labelledby="remarks" {
            h2 id="remarks" { "法院要您补正的 " (before.remarks.len()) " 处" }
            ol.stack.numbered.gap-3 {
                @for remark in &before.remarks {
                    li {
                        strong { (remark.label) } @if let Some(page) = remark.page { "，第 " (page) " 页" }
                        br; (prose(&remark.remark)) " " (ui::rule_id(&remark.rule))
                        br; a href=(page_href(draft, &page_of(draft, remark))) { "去补正" span.sr { "：" (remark.label) } }
                    }
                }
            }
        }
    }
}

/// The page on which the field of a remark is asked.
pub fn page_of(draft: &Draft, remark: &Remark) -> String {
    let field = remark.field.as_str();
    let generic = |wanted| draft.cause.pages.iter().find(|page| page.generic == Some(wanted)).map(|page| page.id.clone());
    let of_side = |side| crate::filing::page_of_side(draft, side);
    let named = draft.cause.pages.iter().find(|page| page.names().contains(&field.split('.').next().unwrap_or(field))).map(|page| page.id.clone());
    let found = if field.starts_with("material") || field == "files" {
        generic(Generic::Evidence)
    } else if field.starts_with("defendant") {
        of_side(procedure::case::Side::Defendant)
    } else if field.starts_with("plaintiff") {
        of_side(procedure::case::Side::Plaintiff)
    } else if matches!(field, "amount" | "claims") {
        Some("claims".to_owned())
    } else {
        named
    };
    found.unwrap_or_else(|| "review".to_owned())
}

/// What differs from the filing that came back, old beside new.
fn differences(draft: &Draft, before: &Before) -> Markup {
    let changed = changes(draft, &before.answers);
    let files: Vec<&str> = draft.files.iter().map(|file| file.sha256.as_str()).collect();
    let added: Vec<&str> = draft.files.iter().filter(|file| !before.files.contains(&file.sha256)).map(|file| file.name.as_str()).collect();
    let gone = before.files.iter().filter(|sha| !files.contains(&sha.as_str())).count();
    let cell = |text: &str| html! { @if text.is_empty() { span.muted { "（没有填）" } } @else { (prose(text)) } };
    let rows: Vec<Vec<Markup>> = changed.iter().map(|(label, old, new)| vec![html! { (label) }, cell(old), cell(new)]).collect();
    let column = |heading| Column { heading, ..Column::default() };
    html! {
        section aria-labelledby="diff" {
            h2 id="diff" { "和上次提交的不同" }
            @if rows.is_empty() && added.is_empty() && gone == 0 { p { "还没有改动。请照上面的意见补正以后再提交。" } }
            @if !rows.is_empty() {
                (table(&Table { caption: "改动对照", caption_shown: false, columns: &[column("内容"), column("上次"), column("现在")], rows: &rows, total: None, scrolls: true }))
            }
            @if !added.is_empty() { p.mt-3 { "新加的材料：" (added.join("、")) } }
            @if gone > 0 { p { "撤下的材料：" (gone) " 份" } }
        }
    }
}

/// Label, before and now of every input that changed.
fn changes(draft: &Draft, before: &Answers) -> Vec<(String, String, String)> {
    let mut found = vec![];
    for page in &draft.cause.pages {
        let (old, new) = (draft.cause.form_of(page, before), draft.cause.form_of(page, &draft.content.answers));
        let mut names: Vec<&str> = new.iter().chain(old.iter()).map(|(name, _)| name).collect();
        names.sort_unstable();
        names.dedup();
        for name in names.into_iter().filter(|name| old.values(name) != new.values(name)) {
            let field = field_of(&page.fields, name);
            let said = |values: &[String]| values.iter().map(|value| word(field.as_ref(), value)).collect::<Vec<_>>().join("、");
            let label = field.as_ref().map_or_else(|| name.to_owned(), |field| labelled(&page.fields, name, field));
            found.push((label, said(old.values(name)), said(new.values(name))));
        }
    }
    found
}

fn labelled(fields: &[CauseField], name: &str, field: &CauseField) -> String {
    let list = name.split('.').next().and_then(|list| find(fields, list)).filter(|list| list.name != field.name);
    list.map_or_else(|| field.label.clone(), |list| format!("{}：{}", list.label, field.label))
}

fn word(field: Option<&CauseField>, value: &str) -> String {
    let option = field.and_then(|field| field.options.iter().find(|option| option.value == value));
    option.map_or_else(|| value.to_owned(), |option| option.label.clone())
}

/// The field behind an input name: `defendants.0.domicile` is the party's.
fn field_of(fields: &[CauseField], name: &str) -> Option<CauseField> {
    let mut parts = name.split('.');
    let (first, last) = (parts.next()?, parts.next_back());
    let field = find(fields, first)?;
    match (last, field.kind) {
        (None, _) => Some(field),
        (Some(last), FieldKind::Party) => find(&party_fields(field.role.unwrap_or(PartyRole::Other)), last),
        (Some(last), _) => find(&field.fields, last),
    }
}

fn find(fields: &[CauseField], name: &str) -> Option<CauseField> {
    fields.iter().find_map(
        |field| {
            if field.name == name { Some(field.clone()) } else { field.options.iter().find_map(|option| find(&option.fields, name)) }
        },
    )
}

/// Everything that will be handed in.
fn whole(v: &Visitor, draft: &Draft, prepared: &Prepared) -> Markup {
    let statement = &prepared.statement;
    let edit = |page: &str, what: &str| html! { a href=(page_href(draft, page)) { "修改" span.sr { (what) } } };
    let court = if draft.content.court.is_empty() { "还没有选".to_owned() } else { v.portal.court_name(&draft.content.court) };
    let ways = draft.content.choices.iter().map(|(scope, channel)| format!("{}：{}", scope.zh(), way(*channel))).collect::<Vec<_>>().join("；");
    let mut facts = vec![Fact { key: "受诉法院", value: html! { (court) " " (edit("court", "受诉法院")) } }];
    for party in &statement.parties {
        let page = crate::filing::page_of_side(draft, party.side).unwrap_or_default();
        facts.push(Fact { key: party.side.zh(), value: html! { (prose(&party.introduction())) " " (edit(&page, party.side.zh())) } });
    }
    if draft.kind == DraftKind::Filing {
        facts.push(Fact { key: "办理方式", value: html! { (ways) " " (edit("channels", "办理方式")) } });
        facts.push(Fact { key: "送达地址", value: html! { (draft.content.address) } });
    }
    html! {
        (court_hint(v, draft))
        section aria-labelledby="what" { h2 id="what" { "起诉状的内容" } (kv(&facts, true)) }
        section aria-labelledby="claims" {
            h2 id="claims" { "诉讼请求" }
            ol.stack.numbered.gap-2 { @for claim in &statement.claims { li { (prose(&claim.text)) } } }
            p.mt-2 { a.crumb href=(page_href(draft, "claims")) { "修改" span.sr { "诉讼请求" } } }
            @if !statement.calculation.is_empty() {
                (more(&html! { "利息是怎么算的" }, &html! { ul { @for line in &statement.calculation { li.small { (prose(line)) } } } }))
            }
        }
        section aria-labelledby="facts" {
            h2 id="facts" { "事实与理由" }
            @for line in statement.facts.lines().chain(statement.reasons.lines()) { p { (prose(line)) } }
        }
        (materials(draft))
        (fee(prepared))
        @for hint in &statement.hints { (notice(Tone::Soon, &html! { (prose(&hint.text)) span.small { " " (hint.law) } })) }
        (more(&html! { "看起诉状全文" }, &html! { div.paper-frame { (ui::paper(&ui::Paper {
            paragraphs: &prepared.complaint.lines().map(|line| html! { (line) }).collect::<Vec<_>>(), flow: true, ..ui::Paper::default()
        })) } }))
    }
}

fn way(channel: Channel) -> &'static str {
    match channel {
        Channel::Online => "网上",
        Channel::Counter => "窗口或者邮寄",
    }
}

/// The chosen court is none of those that the rules give: said, with the way to change it.
fn court_hint(v: &Visitor, draft: &Draft) -> Markup {
    let Some(proposals) = v.portal.propose_courts(draft) else { return Markup::default() };
    if draft.content.court.is_empty() || proposals.courts.is_empty() || proposals.holds(&draft.content.court) {
        return Markup::default();
    }
    let names: Vec<String> = proposals.courts.iter().map(|proposal| format!("{}（{}）", proposal.name, proposal.reason)).collect();
    notice(
        Tone::Soon,
        &html! {
            (prose(&format!("按您填的情况，可以起诉的是{}。向别的法院起诉，可能要移送，时间会长一些。", names.join("、或者"))))
            " " a href=(page_href(draft, "court")) { "重新选择法院" }
        },
    )
}

fn materials(draft: &Draft) -> Markup {
    let row =
        |name: &str, kind: &str, pages: Option<u32>| vec![html! { (name) }, html! { (kind) }, html! { @if let Some(pages) = pages { (pages) } }];
    let mut rows = vec![row("民事起诉状", "网上生成", None)];
    rows.extend(draft.files.iter().map(|file| row(&file.name, file.kind.zh(), Some(file.pages))));
    if !draft.content.address.is_empty() {
        rows.push(row("送达地址确认书", "网上生成", None));
    }
    html! {
        section aria-labelledby="mat" {
            h2 id="mat" { "材料 " (rows.len()) " 份" }
            (table(&Table {
                caption: "材料清单", caption_shown: false, rows: &rows, total: None, scrolls: false,
                columns: &[Column { heading: "材料", ..Column::default() }, Column { heading: "种类", ..Column::default() }, Column { heading: "页数", number: true, spoken: None }],
            }))
            p.mt-2 { a.crumb href={ "/file/" (draft.id) "/evidence" } { "修改材料" } }
        }
    }
}

/// 案件受理费 before anything is submitted, with its arithmetic (R-FEE-01..05).
fn fee(prepared: &Prepared) -> Markup {
    let Some(fee) = &prepared.fee else { return Markup::default() };
    html! {
        section aria-labelledby="fee" {
            h2 id="fee" { "要交多少受理费" }
            p.lead { "诉讼标的额 " (yuan(prepared.statement.amount.0)) "，案件受理费 " strong { (yuan(fee.full.0)) } }
            (more(&html! { "怎么算的" }, &html! {
                ul { @for step in &fee.steps { li { (prose(step)) } } }
                p.small { (fee.law) " " (ui::rule_id(&fee.rule)) }
            }))
            p.small.muted { (prose("现在不用交。立案以后法院发通知，收到通知次日起 7 日内预交；适用简易程序的减半。打赢了由对方负担。交费有困难的，可以申请缓交、减交、免交。R-FEE-11 R-FEE-15")) }
        }
    }
}

fn sign(v: &Visitor, account: &Account, draft: &Draft, typed: Option<&[(String, String)]>, said: &Said<'_>) -> Markup {
    let value = |name: &str| typed.and_then(|typed| typed.iter().find(|(known, _)| known == name)).map_or("", |(_, value)| value.as_str());
    let label = format!("本人签名：{}", account.name);
    let content = html! {
        // Asked only when there is an earlier one like it.
        @if let Some(words) = said.of("again") {
            (checkbox(&Field {
                name: "again", label: "我已核对，这不是重复起诉，仍要提交", hint: Some("撤诉后再起诉，或者是另一笔纠纷的，可以提交。"), value: value("again"), error: Some(words), ..Field::default()
            }, "yes"))
        }
        (checkbox(&Field {
            name: "truth", label: "我保证以上内容和材料真实，知道虚假诉讼要承担法律责任", value: value("truth"), error: said.of("truth"), ..Field::default()
        }, "yes"))
        (checkbox(&Field {
            name: "sign", label: &label, hint: Some("勾选并提交，即以您的实名签署起诉状和以上确认。"), value: value("sign"), error: said.of("sign"), ..Field::default()
        }, "yes"))
        div.btns {
            (button(&Button { label: if draft.kind == DraftKind::Correction { "签名并提交补正" } else { "签名并提交" }, emphasis: Emphasis::Primary, ..Button::default() }))
        }
    };
    let action = format!("/file/{}/submit", draft.id);
    html! {
        section aria-labelledby="sign-h" {
            h2 id="sign-h" { "签名提交" }
            (ui::form::form(&Form { action: Some(&action), csrf: &v.csrf(), version: Some(draft.version), ..Form::default() }, &content))
        }
    }
}

/// An earlier filing with the same parties, cause and amount is named before this one goes (R-FIL-15).
async fn repeated(v: &Visitor, account: &Account, id: Uuid) -> Result<Option<Problem>, Fault> {
    let draft = v.portal.draft(account, id).await?;
    let same = v.portal.same_before(account, &draft).await?;
    let zh = || format!("您已经起诉过当事人、案由和金额都相同的案件：{}。同一件事不能重复起诉；确实是另一件事的，勾选以后再提交。", same.join("、"));
    Ok((!same.is_empty()).then(|| Problem { field: "again".into(), zh: zh() }))
}

/// POST /file/{draft}/submit: `again`, `version`, `truth`, `sign`. The draft is the key: a thousand presses give one receipt.
pub async fn submit(Path(id): Path<Uuid>, Mine { v, account, typed }: Mine) -> Result<Response, Fault> {
    let mut problems = vec![];
    if typed.value("truth") != "yes" {
        problems.push(Problem { field: "truth".into(), zh: "请确认内容真实以后勾选。".into() });
    }
    if typed.value("sign") != "yes" {
        problems.push(Problem { field: "sign".into(), zh: "请核对以后勾选签名。".into() });
    }
    if problems.is_empty() && typed.value("again") != "yes" {
        problems.extend(repeated(&v, &account, id).await?);
    }
    if problems.is_empty() {
        let seen = typed.number("version").ok_or(Fault::Unreadable)?;
        match v.portal.submit_draft(&account, id, seen, &v.device).await {
            Ok(submission) if v.json => {
                let body = serde_json::json!({ "submission": submission.id, "receipt_no": submission.receipt_no, "at": submission.at, "url": format!("/receipt/{}", submission.receipt_no) });
                return Ok(axum::Json(body).into_response());
            }
            Ok(submission) => return Ok(see(&format!("/receipt/{}", submission.receipt_no))),
            Err(error) => problems = refused(error)?,
        }
    }
    let draft = v.portal.draft(&account, id).await?;
    if v.json {
        return Err(crate::Error::Input(problems).into());
    }
    let place = places(&draft).into_iter().last().ok_or(Fault::Missing)?;
    show(&v, &account, &draft, place, StatusCode::UNPROCESSABLE_ENTITY, Some(&typed.0), &problems)
}
