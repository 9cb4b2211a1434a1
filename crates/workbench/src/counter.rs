//! 窗口: a clerk enters what a person does at the counter; both names stand on record (R-IDC-40). Filing and correction
//! have their form here, every other step is drawn from its declaration.
use crate::act::{self, Wanted, carry_out};
use crate::http::{Fail, Input, Post, Who};
use crate::shell::{self, Here, Page};
use crate::step::{Wrong, code_field, wrong};
use crate::{App, step_form, upload};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use court::Content;
use court::desk::{Card, File};
use maud::{Markup, html};
use procedure::case::{Agent, Channel, Choice, Labelled, Material, MaterialKind, Party, Scope, Side, Statement};
use procedure::cause::Cause;
use procedure::review::side_name;
use procedure::step::appoint_agent::POWERS;
use procedure::step::{SubmitCorrection, SubmitFiling};
use procedure::{CaseId, Command, Office, PersonId, identity};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use ui::form::{self, Choice as Row, Entry, Field, Form, Many, Upload};
use ui::{Button, Emphasis, Link, Tone, WorkbenchLayout, button, link_button, notice, rule_id};

/// A correction names its case and the plaintiff.
#[derive(Debug, Default, Deserialize)]
pub struct Which {
    #[serde(default)]
    case: String,
    #[serde(default, rename = "for")]
    person: String,
}

/// Materials as they are asked for at the counter.
const FILES: [(&str, &str, MaterialKind); 6] = [
    ("complaint", "民事起诉状", MaterialKind::Complaint),
    ("identity", "身份证明", MaterialKind::Identity),
    ("evidence", "证据", MaterialKind::Evidence),
    ("power", "授权委托书", MaterialKind::PowerOfAttorney),
    ("service_address", "送达地址确认书", MaterialKind::ServiceAddress),
    ("other", "其他材料", MaterialKind::Other),
];

pub fn at_counter(who: &Who) -> Result<(), Fail> {
    match who.member.office {
        Office::FilingClerk | Office::Clerk => Ok(()),
        Office::Judge | Office::President | Office::Platform | Office::SystemAdministrator => {
            Err(Fail::new(StatusCode::FORBIDDEN, "窗口事项由立案人员、书记员代录。"))
        }
    }
}

/// What can be done at the counter.
pub async fn page(State(app): State<App>, who: Who) -> Result<Response, Fail> {
    at_counter(&who)?;
    let body = html! {
        h1 { "窗口代录" }
        (notice(Tone::Plain, &html! { "当事人到窗口办理的，由您代录：先核对身份证件，念给当事人听，本人确认后提交。当事人和记录人的名字都记入案卷 " (rule_id("R-IDC-40")) }))
        section.panel.panel-pad aria-labelledby="nf-h" {
            h2.h-body id="nf-h" { "新收起诉" }
            p.small { "书写确有困难的，可以口头起诉，由工作人员记录。一律接收，当场出具书面凭证 " (rule_id("R-FIL-10")) }
            (link_button(&Link { label: "录入起诉材料", href: "/counter/filing", emphasis: Emphasis::Primary, ..Link::default() }))
        }
        section.panel.panel-pad aria-labelledby="id-h" {
            h2.h-body id="id-h" { "核对身份" }
            p.small { "在网上登记了姓名、带身份证来核对的 " (rule_id("R-IDC-06")) }
            (link_button(&Link { label: "核对身份证", href: "/counter/identity", ..Link::default() }))
        }
        section.panel.panel-pad aria-labelledby="of-h" {
            h2.h-body id="of-h" { "已有案件" }
            p.small { "补正、选择办理方式、加入案件、申请司法救助等，先找到案件，在“窗口代办”里选择。交来银行回单、在窗口刷卡交费的，找到案件后选“交纳诉讼费”登记。" }
            form role="search" action="/search" method="get" { div.row.gap-2 {
                label.sr for="cq" { "案号、收件编号、当事人" }
                input.input id="cq" name="q" type="search" placeholder="案号、收件编号、当事人";
                (button(&Button { label: "找案件", ..Button::default() }))
            } }
        }
    };
    let page = Page { title: "窗口代录", here: Here::Counter, layout: WorkbenchLayout::Sheet, case_bar: None, scripts: &[], body };
    shell::show(&app, &who, page).await
}

/// The correction that is entered, if it is one.
async fn correcting(app: &App, who: &Who, which: &Which) -> Result<Option<(File, PersonId)>, Fail> {
    if which.case.is_empty() {
        return Ok(None);
    }
    let (id, person) = (CaseId::parse(&which.case).ok_or_else(Fail::missing)?, PersonId::parse(&which.person).ok_or_else(Fail::missing)?);
    let file = app.court.file(&who.member, id, None, "窗口补正").await?.ok_or_else(Fail::missing)?;
    if file.case.party(person).is_none() {
        return Err(Fail::missing());
    }
    Ok(Some((file, person)))
}

/// The form of a filing, or of a correction.
pub async fn filing(State(app): State<App>, Query(which): Query<Which>, who: Who) -> Result<Response, Fail> {
    at_counter(&who)?;
    let before = correcting(&app, &who, &which).await?;
    let input = before.as_ref().map(|(file, _)| written(file)).unwrap_or_default();
    show(&app, &who, before.as_ref(), &input, None).await
}

/// Places of a side on the form; the first is always shown.
const PLACES: usize = 5;

/// Beginning of the names of one party's inputs: `plaintiff`, then `plaintiff.2` and so on.
fn prefix(side: Side, place: usize) -> String {
    if place == 0 { side_name(side).to_owned() } else { format!("{}.{}", side_name(side), place + 1) }
}

/// What was filed, as the form shows it for correction.
fn written(file: &File) -> Input {
    let mut input = Input::default();
    let of_side = |side| file.case.side(side).take(PLACES).enumerate();
    for (place, party) in of_side(Side::Plaintiff).chain(of_side(Side::Defendant)) {
        let prefix = prefix(party.side, place);
        if let Some(card) = file.cards.get(&party.person) {
            let kind = if card.organisation { "organisation" } else { "person" };
            for (name, value) in [
                ("kind", kind),
                ("name", &card.name),
                ("number", &card.number),
                ("address", &card.address),
                ("phone", &card.phone),
                ("ethnicity", &card.ethnicity),
                ("representative", &card.representative),
                ("service_address", &card.service_address),
            ] {
                input.set(&format!("{prefix}.{name}"), value);
            }
        }
    }
    if let Some(statement) = &file.case.statement {
        input.set("cause", statement.cause.clone());
        input.set("claims", statement.claims.join("\n"));
        input.set("amount", ui::zh::yuan_plain(statement.amount.0));
        input.set("facts", statement.facts.clone());
        input.set("reasons", statement.reasons.clone());
    }
    input
}

async fn show(app: &App, who: &Who, before: Option<&(File, PersonId)>, input: &Input, wrong: Option<&Wrong>) -> Result<Response, Fail> {
    let error = |name: &str| wrong.filter(|wrong| wrong.field.as_deref() == Some(name)).map(|wrong| wrong.zh.as_str());
    let title = if before.is_some() { "窗口补正" } else { "录入起诉材料" };
    let causes: Vec<_> = Cause::all().iter().map(|cause| (cause.number.as_str(), cause.name.as_str())).collect();
    let fields = html! {
        @for side in [Side::Plaintiff, Side::Defendant] {
            (party_fields(side, 0, input, &error))
            @for place in 1..PLACES {
                @let shown = input.has(&format!("{}.name", prefix(side, place)));
                @let fields = party_fields(side, place, input, &error);
                @if shown { (fields) } @else { (ui::more(&html! { "还有第 " (place + 1) " 名" (side.zh()) }, &fields)) }
            }
        }
        fieldset.stack.gap-3 {
            legend { h2 { "起诉内容" } }
            (form::select(&Field { name: "cause", label: "案由", value: input.get("cause"), error: error("cause"), ..Field::default() }, &causes))
            (form::textarea(&Field { name: "claims", label: "诉讼请求", hint: Some("一行一项"), value: input.get("claims"), error: error("claims"), ..Field::default() }, 4))
            (form::money(&Field { name: "amount", label: "诉讼标的额", value: input.get("amount"), error: error("amount"), ..Field::default() }))
            (form::textarea(&Field { name: "facts", label: "事实", value: input.get("facts"), error: error("facts"), ..Field::default() }, 6))
            (form::textarea(&Field { name: "reasons", label: "理由", value: input.get("reasons"), optional: true, ..Field::default() }, 3))
        }
        fieldset.stack.gap-3 {
            legend { h2 { "材料" } }
            @if before.is_some() { p.small { "先前交过的材料仍在，只添加新交的。" } }
            @for (name, label, _) in FILES {
                (form::upload(&Field { name, label, error: error(name), optional: name != "complaint", ..Field::default() }, &Upload { accept: upload::ACCEPT, multiple: true, ..Upload::default() }))
                (upload::kept(input, name))
            }
        }
        @if before.is_none() { (agent_fields(input, &error)) (way_fields(input, &error)) }
        (form::checkbox(&Field { name: "confirmed", label: "已核对身份证件原件，内容已念给当事人听，本人确认无误", value: input.get("confirmed"), error: error("confirmed"), ..Field::default() }, "yes"))
        (code_field(wrong.and_then(|wrong| wrong.field.as_deref().map(|field| (field, wrong.zh.as_str())))))
        div.btns { (button(&Button { label: if before.is_some() { "提交补正" } else { "接收，出具凭证" }, emphasis: Emphasis::Primary, ..Button::default() })) }
    };
    let action = match before {
        Some((file, person)) => format!("/counter/filing?case={}&for={person}", file.case.id),
        None => "/counter/filing".to_owned(),
    };
    let key = format!("{}/counter", who.member.id);
    let version = before.map(|(file, _)| file.case.version);
    let draft = Some(form::Draft { key: &key, save: None });
    let body = html! {
        (ui::crumb("窗口代录", "/counter"))
        h1 { (title) }
        @if let Some(wrong) = wrong {
            @match &wrong.field {
                Some(field) => (form::error_summary(&[(field, wrong.zh.as_str())])),
                None => (notice(Tone::Near, &ui::zh::prose(&wrong.zh))),
            }
        }
        @if let Some((file, _)) = before { @if let Some(correction) = &file.case.correction {
            (notice(Tone::Soon, &html! { "法院告知的补正内容：" @for remark in &correction.remarks { (remark.label) "：" (ui::zh::prose(&remark.remark)) " " } }))
        } }
        (form::form(&Form { action: Some(&action), csrf: &who.csrf, draft, files: true, version, ..Form::default() }, &fields))
    };
    let page = Page { title, here: Here::Counter, layout: WorkbenchLayout::Sheet, case_bar: None, scripts: &[ui::Script::Draft], body };
    shell::show(app, who, page).await
}

fn party_fields<'a>(side: Side, place: usize, input: &Input, error: &dyn Fn(&str) -> Option<&'a str>) -> Markup {
    let prefix = prefix(side, place);
    let text = |part: &str, label: &str, entry, optional| {
        let full = format!("{prefix}.{part}");
        form::text(&Field { name: &full, label, value: input.get(&full), error: error(&full), optional, ..Field::default() }, entry)
    };
    let kind = format!("{prefix}.kind");
    let row = |value, label| Row { value, label, checked: input.get(&kind) == value || (value == "person" && !input.has(&kind)), ..Row::default() };
    let (own, first) = (side == Side::Plaintiff, place == 0);
    html! {
        fieldset.stack.gap-3 {
            legend { h2 { (side.zh()) @if !first { " " (place + 1) } } }
            (form::choice_group(&Field { name: &kind, label: "个人还是单位", label_hidden: true, ..Field::default() }, Many::One, &[row("person", "个人"), row("organisation", "单位")]))
            (text("name", "姓名（名称）", Entry::Name, !first))
            (text("number", "身份证号（统一社会信用代码）", Entry::IdNumber, !(own && first)))
            (text("ethnicity", "民族", Entry::Text, true))
            (text("address", "住所", Entry::Address, !first))
            (text("phone", "联系电话", Entry::Phone, !(own && first)))
            (text("representative", "单位的法定代表人", Entry::Text, true))
            @if own { (text("service_address", "送达地址（与住所不同的，按送达地址确认书填写）", Entry::Address, true)) }
        }
    }
}

/// The agent of the first plaintiff, if a power of attorney came with the filing (R-IDC-10, R-IDC-11).
fn agent_fields<'a>(input: &Input, error: &dyn Fn(&str) -> Option<&'a str>) -> Markup {
    let text = |name: &str, label: &str, entry| {
        form::text(&Field { name, label, value: input.get(name), error: error(name), optional: true, ..Field::default() }, entry)
    };
    let chosen = |value: &str| input.all("agent.powers").iter().any(|power| power == value);
    let powers: Vec<_> = POWERS.iter().map(|(value, label)| Row { value, label, checked: chosen(value), ..Row::default() }).collect();
    html! {
        fieldset.stack.gap-3 {
            legend { h2 { "委托诉讼代理人" } }
            p.small { "交了授权委托书的，照着填写；没有代理人的不填 " (rule_id("R-IDC-11")) }
            (text("agent.name", "代理人姓名", Entry::Name))
            (text("agent.number", "代理人身份证号", Entry::IdNumber))
            (text("agent.phone", "代理人电话", Entry::Phone))
            (text("agent.matters", "委托事项", Entry::Text))
            (form::choice_group(&Field { name: "agent.powers", label: "特别授权（不选为一般授权）", optional: true, ..Field::default() }, Many::Several, &powers))
        }
    }
}

/// The parts of the proceeding that are still ahead: each is asked for (R-IDC-20). Electronic service is not among what can be
/// chosen here: there is no account yet whose inbox it could reach.
const AHEAD: [Scope; 4] = [Scope::Service, Scope::Answer, Scope::EvidenceExchange, Scope::Hearing];

fn way_fields<'a>(input: &Input, error: &dyn Fn(&str) -> Option<&'a str>) -> Markup {
    html! {
        fieldset.stack.gap-3 {
            legend { h2 { "以后各个环节怎样办" } }
            p.small { "逐项念给当事人听，由他选择，以后随时可以改；没有选的按窗口办理 " (rule_id("R-IDC-20")) }
            p.small { "电子送达要有本人的账号：立案后，凭《在线参加诉讼告知书》关联账号、确认送达地址，再选电子送达 " (rule_id("R-SVC-10")) }
            @for scope in AHEAD {
                @let name = step_form::scope_name(scope);
                @let row = |value, label| Row { value, label, checked: input.get(name) == value, ..Row::default() };
                @let both = [row("counter", if scope == Scope::Service { "邮寄、到法院领取" } else { "窗口" }), row("online", "网上")];
                @let rows = if matches!(scope, Scope::Service | Scope::Hearing) { &both[..1] } else { &both[..] };
                (form::choice_group(&Field { name, label: scope.zh(), error: error(name), optional: true, ..Field::default() }, Many::One, rows))
            }
        }
    }
}

/// A typed party as the vault keeps it. What the form does not ask stays as it was known.
fn card(side: Side, place: usize, known: Card, input: &Input) -> Result<Card, step_form::Wrong> {
    let prefix = prefix(side, place);
    let name = |part: &str| format!("{prefix}.{part}");
    let text = |part: &str| input.get(&name(part)).to_owned();
    let organisation = text("kind") == "organisation";
    let service_address = if input.has(&name("service_address")) { text("service_address") } else { known.service_address.clone() };
    let mut card = Card {
        name: text("name"),
        organisation,
        number: text("number"),
        phone: text("phone"),
        address: text("address"),
        ethnicity: text("ethnicity"),
        representative: text("representative"),
        service_address,
        ..known
    };
    if card.name.is_empty() {
        return Err((name("name"), format!("请写明{}的姓名或者名称。", side.zh())));
    }
    if !card.number.is_empty() && organisation {
        card.number = identity::credit_code(&card.number).map_err(|error| (name("number"), error.to_string()))?;
    } else if !card.number.is_empty() {
        let resident = identity::resident(&card.number).map_err(|error| (name("number"), error.to_string()))?;
        card.sex = resident.sex.zh().into();
        card.birth = Some(resident.birth);
        card.number = resident.number;
    } else if side == Side::Plaintiff {
        return Err((name("number"), "请按身份证件填写原告的号码。".into()));
    }
    if !card.phone.is_empty() {
        card.phone = identity::phone(&card.phone).map_err(|error| (name("phone"), error.to_string()))?;
    }
    Ok(card)
}

/// The parties as typed. In a correction each place is who stood there; one whose inputs were not sent stays untouched.
fn people(before: Option<&(File, PersonId)>, person: PersonId, input: &Input) -> Result<(Vec<Party>, Vec<Card>), step_form::Wrong> {
    let (mut parties, mut cards) = (vec![], vec![]);
    for side in [Side::Plaintiff, Side::Defendant] {
        let known: Vec<&Party> = before.iter().flat_map(|(file, _)| file.case.side(side)).collect();
        for place in 0..known.len().max(PLACES) {
            let name = format!("{}.name", prefix(side, place));
            let stood = known.get(place).copied();
            if place > 0 && input.get(&name).is_empty() {
                // Sent empty: struck out. Not sent at all: not on this form.
                parties.extend(stood.filter(|_| !input.has(&name)).cloned());
                continue;
            }
            let first = |side| if side == Side::Plaintiff { person } else { PersonId::new() };
            let id = stood.map_or_else(|| if place == 0 { first(side) } else { PersonId::new() }, |party| party.person);
            // A defendant put right may be another person: of whom nothing is known yet.
            let same = before.and_then(|(file, _)| file.cards.get(&id)).filter(|card| card.name == input.get(&name)).cloned();
            let card = card(side, place, Card { person: id, ..same.unwrap_or_default() }, input)?;
            parties.push(Party { person: id, side, name: card.name.clone(), organisation: card.organisation, digest: String::new() });
            cards.push(card);
        }
    }
    Ok((parties, cards))
}

/// The agent whom the form names, with his particulars.
fn agent(of: PersonId, input: &Input, today: jiff::civil::Date) -> Result<Option<(Agent, Card)>, step_form::Wrong> {
    let name = input.get("agent.name").to_owned();
    let with_power = input.files.iter().any(|upload| upload.field == "power");
    if name.is_empty() {
        return if with_power { Err(("agent.name".into(), "交了授权委托书的，请填写代理人的姓名。".into())) } else { Ok(None) };
    }
    let resident = identity::agent(input.get("agent.number"), today).map_err(|error| ("agent.number".to_owned(), error.to_string()))?;
    let phone = match input.get("agent.phone") {
        "" => String::new(),
        typed => identity::phone(typed).map_err(|error| ("agent.phone".to_owned(), error.to_string()))?,
    };
    if input.get("agent.matters").is_empty() {
        return Err(("agent.matters".into(), "请照授权委托书填写委托事项。".into()));
    }
    let powers = input.all("agent.powers").iter().map(|power| serde_json::from_value(Value::String(power.clone())));
    let powers = powers.collect::<Result<Vec<_>, _>>().map_err(|_| ("agent.powers".to_owned(), "请重新选择特别授权的事项。".to_owned()))?;
    let agent = Agent { person: PersonId::new(), name: name.clone(), of, powers, matters: input.get("agent.matters").into() };
    let (sex, birth) = (resident.sex.zh().to_owned(), Some(resident.birth));
    let card = Card { person: agent.person, name, number: resident.number, phone, sex, birth, ..Card::default() };
    Ok(Some((agent, card)))
}

/// What the plaintiff chose for each part; open ones stay at the counter (R-IDC-22).
fn choices(person: PersonId, at: jiff::Timestamp, input: &Input) -> Result<Vec<Choice>, step_form::Wrong> {
    let choice = |scope, channel| Choice { person, scope, channel, text: step_form::CONSENT_TEXT.into(), at };
    let mut choices = vec![choice(Scope::Filing, Channel::Counter)];
    for scope in AHEAD {
        let name = step_form::scope_name(scope);
        match (scope, input.get(name)) {
            (Scope::Service, "online") => {
                let zh = "窗口收的起诉还没有关联账号，不能选电子送达。立案后凭《在线参加诉讼告知书》关联账号，再改选。";
                return Err((name.into(), zh.into()));
            }
            (_, "online") => choices.push(choice(scope, Channel::Online)),
            (_, "counter") => choices.push(choice(scope, Channel::Counter)),
            (_, "") => {}
            (_, _) => return Err((name.into(), "请选择窗口或者网上。".into())),
        }
    }
    Ok(choices)
}

/// A filing or correction as it was entered.
struct Entered {
    command: Command,
    cards: Vec<Card>,
    files: Vec<Content>,
    case: CaseId,
    person: PersonId,
}

fn read(app: &App, who: &Who, before: Option<&(File, PersonId)>, input: &Input) -> Result<Entered, step_form::Wrong> {
    if input.get("confirmed") != "yes" {
        return Err(("confirmed".into(), "请核对身份证件、由本人确认后勾选。".into()));
    }
    let old = before.map(|(file, _)| &file.case);
    let person = before.map_or_else(PersonId::new, |(_, person)| *person);
    let (parties, mut cards) = people(before, person, input)?;
    let mut files = Vec::new();
    let mut materials: Vec<Material> = old.and_then(|case| case.statement.as_ref()).map(|statement| statement.materials.clone()).unwrap_or_default();
    for (name, label, kind) in FILES {
        for upload in input.files.iter().filter(|upload| upload.field == name) {
            let mut material = step_form::material(upload, kind, &mut files);
            if kind != MaterialKind::Evidence && kind != MaterialKind::Other {
                material.name = label.into();
            }
            materials.push(material);
        }
    }
    if !materials.iter().any(|material| material.kind == MaterialKind::Complaint) {
        return Err(("complaint".into(), "请扫描或者拍照起诉状；口头起诉的，把记录打印后由当事人签名再扫描。".into()));
    }
    // What the interview asked and this form does not stays answered.
    let answers = old.and_then(|case| case.statement.as_ref()).map(|statement| statement.answers.clone()).unwrap_or_default();
    let statement = Statement { answers, ..statement(input, materials)? };
    let case = old.map_or_else(CaseId::new, |case| case.id);
    let command = match old {
        Some(_) => Command::SubmitCorrection(SubmitCorrection { parties, statement, channel: Channel::Counter }),
        None => {
            let at = app.court.now();
            let choices = choices(person, at, input)?;
            let agent = agent(person, input, procedure::step::day_of(at))?;
            cards.extend(agent.iter().map(|(_, card)| card.clone()));
            let agents = agent.map(|(agent, _)| agent).into_iter().collect();
            let day = procedure::step::day_of(at).strftime("%Y-%m%d").to_string();
            let code: String = who.member.court.chars().filter(char::is_ascii_digit).collect();
            let short: String = case.0.simple().to_string().chars().rev().take(8).collect();
            let receipt_no = format!("{code}-{day}-C{}", short.to_ascii_uppercase());
            let kind = Cause::by_number(&statement.cause).map(Cause::case_kind).unwrap_or_default();
            Command::SubmitFiling(SubmitFiling { receipt_no, kind, parties, agents, statement, channel: Channel::Counter, choices })
        }
    };
    Ok(Entered { command, cards, files, case, person })
}

fn statement(input: &Input, materials: Vec<Material>) -> Result<Statement, step_form::Wrong> {
    let cause = Cause::by_number(input.get("cause")).ok_or_else(|| ("cause".to_owned(), "请选择案由。".to_owned()))?;
    let claims: Vec<_> = input.get("claims").lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    if claims.is_empty() {
        return Err(("claims".into(), "请写明诉讼请求，一行一项。".into()));
    }
    let amount = ui::zh::parse_yuan(input.get("amount")).ok_or_else(|| ("amount".to_owned(), "请写金额，单位是元，例如 150000。".to_owned()))?;
    if input.get("facts").is_empty() {
        return Err(("facts".into(), "请写明事实。".into()));
    }
    Ok(Statement {
        cause: cause.number.clone(),
        cause_name: cause.name.clone(),
        claims,
        amount: procedure::Fen(amount),
        facts: input.get("facts").into(),
        reasons: input.get("reasons").into(),
        answers: BTreeMap::new(),
        materials,
    })
}

/// Receives what was entered.
pub async fn submit(State(app): State<App>, Query(which): Query<Which>, post: Post) -> Result<Response, Fail> {
    at_counter(&post.who)?;
    let (who, mut input) = (post.who, post.input);
    let before = correcting(&app, &who, &which).await?;
    match enter(&app, &who, before.as_ref(), &mut input).await? {
        Ok(acted) => Ok(Redirect::to(&format!("/case/{}?done=submit_filing", acted.case.id)).into_response()),
        Err(wrong) => {
            upload::keep(&app, &who, &mut input).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, show(&app, &who, before.as_ref(), &input, Some(&wrong)).await?).into_response())
        }
    }
}

async fn enter(app: &App, who: &Who, before: Option<&(File, PersonId)>, input: &mut Input) -> Result<Result<court::Acted, Wrong>, Fail> {
    if let Err(wrong) = upload::look(app, who, input).await? {
        return Ok(Err(wrong));
    }
    let entered = match read(app, who, before, input) {
        Ok(entered) => entered,
        Err((field, zh)) => return Ok(Err(Wrong { field: Some(field), zh, seen: None })),
    };
    let wanted = Wanted {
        case: entered.case,
        command: entered.command,
        expected: input.version().filter(|_| before.is_some()),
        for_person: Some(entered.person),
        code: input.get("code").to_owned(),
        cards: entered.cards,
        files: entered.files,
    };
    wrong(carry_out(app, who, wanted).await)
}

/// `POST /api/counter/filing`: the fields of the form as multipart, or as JSON with `files: [{"field", "name", "text"}]`.
pub async fn api(State(app): State<App>, Query(which): Query<Which>, post: Post) -> Result<Response, Fail> {
    at_counter(&post.who)?;
    let before = correcting(&app, &post.who, &which).await?;
    let mut input = post.input;
    if let Value::Object(fields) = std::mem::take(&mut input.json) {
        for (name, value) in &fields {
            if let Some(text) = value.as_str() {
                input.set(name, text);
            }
            for text in value.as_array().into_iter().flatten().filter_map(Value::as_str) {
                input.push(name, text);
            }
        }
        for file in fields.get("files").and_then(Value::as_array).into_iter().flatten() {
            let text = |name: &str| file[name].as_str().unwrap_or("").to_owned();
            let (field, name, bytes) = (text("field"), text("name"), text("text").into_bytes());
            input.files.push(crate::http::Upload::new(&field, &name, bytes.into()));
        }
    }
    match enter(&app, &post.who, before.as_ref(), &mut input).await? {
        Ok(acted) => Ok(axum::Json(act::outcome(&acted)).into_response()),
        Err(wrong) => {
            let status = if wrong.seen.is_some() { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
            Err(Fail { status, zh: wrong.zh, field: wrong.field, version: None, sign_in: None, kept: vec![] })
        }
    }
}
