//! 委托诉讼代理人: who acts for this party, a new one with his power of attorney, and the end of an authority (R-IDC-10..12).
use super::act::{handing, press, send, step_page};
use super::fault::{Fault, overtaken};
use super::form::{Mine, MineWithFiles, Typed};
use super::page::{Said, file_form, form, key_of};
use super::receipt::submitted;
use super::trial::{files_field, new_files};
use super::visitor::{Me, Visitor};
use crate::trial::NewAgent;
use crate::{Account, Problem};
use axum::extract::Path;
use axum::response::Response;
use exchange::message::View;
use maud::{Markup, html};
use procedure::case::{MaterialKind, Power};
use procedure::step::appoint_agent::POWERS;
use procedure::{CaseId, PersonId};
use ui::form::{Choice, Entry, Field, Many, choice_group, hidden, text, textarea};
use ui::zh::prose;
use uuid::Uuid;

async fn view_of(v: &Visitor, account: &Account, id: Uuid) -> Result<View, Fault> {
    Ok(v.portal.view(account, CaseId(id)).await?)
}

/// GET /case/{id}/agents
pub async fn agents(Path(id): Path<Uuid>, me: Me) -> Result<Response, Fault> {
    let view = view_of(&me.v, &me.account, id).await?;
    Ok(page(&me.v, &view, &Typed::default(), &[]))
}

fn page(v: &Visitor, view: &View, typed: &Typed, problems: &[Problem]) -> Response {
    let said = Said(problems);
    let open = |step: &str| view.steps.iter().any(|name| name == step);
    let content = html! {
        @for agent in &view.agents {
            section aria-label=(agent.name) {
                p { strong { (agent.name) } "，" (agent.powers) }
                @if open("revoke_agent") {
                    (form(v, &format!("/case/{}/agents/revoke", view.case), &html! { (press(view, &said)) (hidden("agent", &agent.person.to_string())) (send("解除委托")) }))
                }
            }
        }
        @if !view.agents.is_empty() { p.small.muted { (prose("解除委托以后，代理人不能再替您办理，法院会通知对方；以前办的仍然有效。R-IDC-12")) } }
        @if view.agents.len() < 2 && open("appoint_agent") { (appoint(v, view, typed, &said)) }
    };
    step_page(v, view, "委托诉讼代理人", problems, "appoint_agent", &content)
}

fn appoint(v: &Visitor, view: &View, typed: &Typed, said: &Said<'_>) -> Markup {
    let line = |name: &str, label: &str, hint: Option<&str>, optional, entry| {
        text(&Field { name, label, hint, value: typed.value(name), error: said.of(name), optional, ..Field::default() }, entry)
    };
    let chosen = typed.values("powers").collect::<Vec<_>>();
    let rows: Vec<Choice<'_>> =
        POWERS.iter().map(|(value, label)| Choice { value, label, checked: chosen.contains(value), ..Choice::default() }).collect();
    html! {
        p.mt-4.mb-4 { (prose("可以委托一至二人代理诉讼。代理人用自己的实名账号，在“加入案件”里填案号，就能替您办理；姓名、身份证号要和授权委托书一致。R-IDC-10")) }
        (file_form(v, &format!("/case/{}/agents", view.case), &html! {
            (press(view, said))
            (line("name", "代理人姓名", None, false, Entry::Name))
            (line("number", "代理人身份证号", None, false, Entry::IdNumber))
            (line("phone", "代理人电话", None, true, Entry::Phone))
            (textarea(&Field { name: "matters", label: "委托事项", hint: Some("例如 代理本案一审诉讼"), value: typed.value("matters"), error: said.of("matters"), ..Field::default() }, 2))
            (choice_group(&Field { name: "powers", label: "特别授权", hint: Some("授权委托书写明了哪些就选哪些；都不选的是一般授权。"), error: said.of("powers"), optional: true, ..Field::default() }, Many::Several, &rows))
            (files_field(v, "授权委托书", "拍照、扫描件、PDF 都可以；律师执业证、亲属关系证明等一并上传。", said, false))
            (send("提交授权委托书"))
        }))
    }
}

/// POST /case/{id}/agents: `key`, `name`, `number`, `phone`, `matters`, `powers`, `files`.
pub async fn agents_post(Path(id): Path<Uuid>, sent: MineWithFiles) -> Result<Response, Fault> {
    let MineWithFiles { v, account, typed, files } = sent;
    let key = key_of(&typed)?;
    let value = |power: &str| serde_json::from_value::<Power>(power.into()).map_err(|_| Fault::Unreadable);
    let powers = typed.values("powers").map(value).collect::<Result<Vec<_>, _>>()?;
    let problems = match new_files(&v, &account, &typed, files, MaterialKind::PowerOfAttorney).await? {
        Ok(mut files) => {
            // The name on this page is the agent's, not the file's.
            files.iter_mut().for_each(|file| file.name.clear());
            let agent = NewAgent {
                name: typed.value("name"),
                number: typed.value("number"),
                phone: typed.value("phone"),
                matters: typed.value("matters"),
                powers,
            };
            match v.portal.appoint_agent(&account, handing(id, &key, &v, &typed)?, agent, files).await {
                Ok(submission) => return Ok(submitted(&v, &submission)),
                Err(error) => overtaken(error)?,
            }
        }
        Err(problems) => problems,
    };
    Ok(page(&v, &view_of(&v, &account, id).await?, &typed, &problems))
}

/// POST /case/{id}/agents/revoke: `key`, `agent`.
pub async fn revoke_post(Path(id): Path<Uuid>, Mine { v, account, typed }: Mine) -> Result<Response, Fault> {
    let agent = PersonId::parse(typed.value("agent")).ok_or(Fault::Unreadable)?;
    let key = key_of(&typed)?;
    match v.portal.revoke_agent(&account, handing(id, &key, &v, &typed)?, agent).await {
        Ok(submission) => Ok(submitted(&v, &submission)),
        Err(error) => Ok(page(&v, &view_of(&v, &account, id).await?, &typed, &overtaken(error)?)),
    }
}
