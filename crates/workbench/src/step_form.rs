//! A declaration's fields as controls, and what was typed as the step's command.
use crate::http::Input;
use crate::{step_rows, upload, words};
use court::Content;
use court::desk::{Card, File};
use maud::{Markup, html};
use procedure::case::{Check, Labelled, Material, MaterialKind, Procedure, Scope, ServiceState};
use procedure::matter::{Part, of_step};
use procedure::step::{Field as Declared, FieldKind};
use procedure::{Command, ItemId, Json as _, Law, PersonId, Step, identity};
use serde_json::{Map, Value, json};
use ui::form::{self, Choice, Entry, Field, Many};
use ui::{Tone, notice};

/// Edition of the words about going online or to the counter, as they are read out there.
pub const CONSENT_TEXT: &str = "2026-1";

/// An error and the field it belongs to.
pub type Wrong = (String, String);

/// Is this the declared field, or a part of it?
pub fn belongs(declared: &Declared, field: &str) -> bool {
    field == declared.name || field.strip_prefix(declared.name).is_some_and(|rest| rest.starts_with(['.', '[']))
}

/// Does the form carry files?
pub fn has_files(step: &Step) -> bool {
    step.fields.iter().any(|field| matches!(field.kind, FieldKind::Files))
}

/// Every control of a step.
pub fn fields(step: &Step, file: &File, input: &Input, error: Option<(&str, &str)>, law: &Law) -> Markup {
    html! { @for declared in step.fields {
        @let own = error.filter(|(field, _)| belongs(declared, field)).map(|(_, zh)| zh);
        @match declared.kind {
            FieldKind::Paper => (papers(declared, file, input, own, &|service| fits(step, service))),
            _ => (control(declared, file, input, own, Some(law))),
        }
    } }
}

/// Which of several matters is decided.
pub const NUMBER: &str = "number";

/// What waits for the decision of this step: what was asked, by whom, when; where several wait, which of them is decided.
pub fn waiting(step: &Step, file: &File, input: &Input) -> Markup {
    let Some((kind, Part::Decide)) = of_step(step.name) else { return html! {} };
    let case = &file.case;
    let open: Vec<_> = case.open_matters().map(|open| &open.raised).filter(|raised| raised.kind == kind).collect();
    let who = |raised: &procedure::matter::Raised| format!("{}{}", raised.side.map_or("", |side| case.kind.side(side)), case.name_of(raised.by));
    let said = |raised: &procedure::matter::Raised| {
        let told = raised.told(case).into_iter().map(|(label, said)| format!("{label}：{said}"));
        told.collect::<Vec<_>>().join("；")
    };
    let first = open.first().map_or_else(String::new, |raised| raised.number.to_string());
    let chosen = if input.has(NUMBER) { input.get(NUMBER) } else { &first };
    match open.as_slice() {
        [] => html! {},
        [only] => html! {
            input type="hidden" name=(NUMBER) value=(only.number);
            div.panel.panel-pad { p.label { (who(only)) " " (ui::zh::date_zh(procedure::step::day_of(only.at))) " 提出" } p { (said(only)) } }
        },
        several => {
            let labels: Vec<_> = several.iter().map(|raised| (raised.number.to_string(), format!("{}：{}", who(raised), said(raised)))).collect();
            let rows: Vec<_> = labels.iter().map(|(value, label)| Choice { value, label, checked: value == chosen, ..Choice::default() }).collect();
            form::choice_group(&Field { name: NUMBER, label: "处理哪一项", ..Field::default() }, Many::One, &rows)
        }
    }
}

/// The control of one declared field; `law` bounds periods that a court sets.
pub fn control(declared: &Declared, file: &File, input: &Input, error: Option<&str>, law: Option<&Law>) -> Markup {
    let name = declared.name;
    let field = Field { name, label: declared.zh, value: input.get(name), error, ..Field::default() };
    match &declared.kind {
        FieldKind::LongText | FieldKind::Remarks | FieldKind::Statement => form::textarea(&field, 6),
        FieldKind::Money => form::money(&field),
        FieldKind::Date => form::date(&Field { hint: Some("例如 2026年3月5日"), ..field }),
        FieldKind::Days { usual } => {
            let usual = usual.to_string();
            let value = if input.has(name) { input.get(name) } else { &usual };
            let hint = law.map(|law| format!("{} 至 {} 日", law.policy.correction_days.0, law.policy.correction_days.1));
            form::number(&Field { value, hint: hint.as_deref(), ..field }, "日")
        }
        FieldKind::Choice(options) if name == "choices" => channels(declared, input, error, options),
        FieldKind::Choice(options) if name == "powers" => {
            let checked = |value: &str| input.all(name).iter().any(|chosen| chosen == value);
            let rows: Vec<_> = options.iter().map(|(value, label)| Choice { value, label, checked: checked(value), ..Choice::default() }).collect();
            form::choice_group(&Field { optional: true, ..field }, Many::Several, &rows)
        }
        FieldKind::Choice(options) => {
            let rows: Vec<_> =
                options.iter().map(|(value, label)| Choice { value, label, checked: chosen(name, value, input), ..Choice::default() }).collect();
            form::choice_group(&field, Many::One, &rows)
        }
        FieldKind::Paper => papers(declared, file, input, error, &|_| true),
        FieldKind::Staff => {
            let people: Vec<_> =
                file.case.staff.iter().map(|(person, office, name)| (person.to_string(), format!("{} {name}", office.zh()))).collect();
            let rows: Vec<_> =
                people.iter().map(|(value, label)| Choice { value, label, checked: input.get(name) == value, ..Choice::default() }).collect();
            form::choice_group(&field, Many::One, &rows)
        }
        FieldKind::Measure => {
            let held: Vec<_> = file.case.holding().map(|measure| (measure.number.to_string(), measure.zh())).collect();
            let rows: Vec<_> =
                held.iter().map(|(value, label)| Choice { value, label, checked: input.get(name) == value, ..Choice::default() }).collect();
            form::choice_group(&field, Many::One, &rows)
        }
        FieldKind::Number => form::number(&field, ""),
        FieldKind::Person => {
            let agents = || file.case.agents.iter().map(|agent| (agent.person, format!("{}，代理{}", agent.name, file.case.name_of(agent.of))));
            let parties = || file.case.parties.iter().map(|party| (party.person, format!("{} {}", file.case.kind.side(party.side), party.name)));
            let people: Vec<_> = if name == "agent" { agents().collect() } else { parties().collect() };
            let ids: Vec<_> = people.iter().map(|(person, _)| person.to_string()).collect();
            let labels: Vec<_> = people.into_iter().map(|(_, label)| label).collect();
            let rows: Vec<_> = ids
                .iter()
                .zip(&labels)
                .map(|(value, label)| Choice { value, label, checked: input.get(name) == value, ..Choice::default() })
                .collect();
            form::choice_group(&field, Many::One, &rows)
        }
        FieldKind::Note => form::text(&Field { optional: true, ..field }, Entry::Text),
        FieldKind::Time => form::text(&Field { hint: Some("例如 09:30"), ..field }, Entry::Text),
        FieldKind::PostedOn => {
            form::date(&Field { hint: Some("邮寄来的，填信封上的邮戳日期；当面交的不填"), optional: true, ..field })
        }
        FieldKind::Rows if name == "attendance" => step_rows::attendance(file, input, error),
        FieldKind::Rows if name == "opinions" => step_rows::opinions(file, input, error.map(|zh| (name, zh))),
        FieldKind::Findings => html! { @for check in Check::ALL { (finding(check, input, error)) } },
        FieldKind::Files => html! {
            (form::upload(&field, &form::Upload { accept: upload::ACCEPT, multiple: true, ..form::Upload::default() }))
            (upload::kept(input, name))
            (form::text(&Field { name: "purpose", label: "证明什么", hint: Some("证据要写；答辩状、上诉状不用写"), value: input.get("purpose"), optional: true, ..Field::default() }, Entry::Text))
        },
        // Text, and any kind that came later: a line of text until it has a control of its own.
        _ => form::text(&field, Entry::Text),
    }
}

fn chosen(name: &str, value: &str, input: &Input) -> bool {
    // The time that the law gives stays, unless somebody says that both sides need none.
    if input.has(name) { input.get(name) == value } else { name == "waived" && value == "false" }
}

/// `9:30`, `09：30` → `09:30:00`.
fn time(typed: &str) -> Option<String> {
    let (hour, minute) = typed.split_once([':', '：'])?;
    let (hour, minute) = (hour.trim().parse::<i8>().ok()?, minute.trim().parse::<i8>().ok()?);
    jiff::civil::Time::new(hour, minute, 0, 0).ok().map(|time| time.to_string())
}

/// One choice a part of the proceeding; what is left open stays as it is.
fn channels(declared: &Declared, input: &Input, error: Option<&str>, options: &[(&str, &str)]) -> Markup {
    html! {
        @if let Some(zh) = error { (form::field_error(declared.name, zh, None)) }
        @for scope in Scope::ALL {
            @let name = format!("choices.{}", scope_name(scope));
            // There is no online courtroom (R-TRI-23).
            @let offered = options.iter().filter(|(value, _)| scope != Scope::Hearing || *value != "online");
            @let rows: Vec<_> = offered.map(|(value, label)| Choice { value, label, checked: input.get(&name) == *value, ..Choice::default() }).collect();
            (form::choice_group(&Field { name: &name, label: scope.zh(), optional: true, ..Field::default() }, Many::One, &rows))
        }
    }
}

/// A part of the proceeding as forms name it.
pub fn scope_name(scope: Scope) -> &'static str {
    match scope {
        Scope::Filing => "filing",
        Scope::Service => "service",
        Scope::Answer => "answer",
        Scope::EvidenceExchange => "evidence_exchange",
        Scope::Hearing => "hearing",
    }
}

/// One group of checks: what the clerk finds, and his note.
pub fn finding(check: Check, input: &Input, error: Option<&str>) -> Markup {
    let (name, note) = (format!("findings.{}", check.name()), format!("note.{}", check.name()));
    let row = |value, label| Choice { value, label, checked: input.get(&name) == value, ..Choice::default() };
    let rows = [row("yes", "符合"), row("no", "不符合，说明理由后仍立案")];
    html! {
        (form::choice_group(&Field { name: &name, label: check.zh(), error, ..Field::default() }, Many::One, &rows))
        (form::text(&Field { name: &note, label: "说明", value: input.get(&note), optional: true, ..Field::default() }, Entry::Text))
    }
}

/// Can the step do anything with a paper that stands so?
pub fn fits(step: &Step, service: &ServiceState) -> bool {
    match step.name {
        "record_service" => matches!(service, ServiceState::Sent { .. } | ServiceState::Failed { .. }),
        "record_service_failure" => matches!(service, ServiceState::Sent { .. }),
        "correct_service" => matches!(service, ServiceState::Served { .. }),
        "send_paper" | "announce_service" => matches!(service, ServiceState::Issued | ServiceState::Sent { .. } | ServiceState::Failed { .. }),
        _ => !matches!(service, ServiceState::Owed),
    }
}

fn papers(declared: &Declared, file: &File, input: &Input, error: Option<&str>, fits: &dyn Fn(&ServiceState) -> bool) -> Markup {
    let field = Field { name: declared.name, label: declared.zh, error, ..Field::default() };
    let named = |paper: &procedure::case::IssuedPaper| {
        let to = words::name_of(paper.to, file);
        (paper.id.to_string(), format!("{}（{to}）", file.case.paper_zh(paper)), service_words(&paper.service))
    };
    let all: Vec<_> = file.case.papers.iter().filter(|paper| fits(&paper.service)).map(named).collect();
    if all.is_empty() {
        return notice(Tone::Soon, &html! { "现在没有可以办理的文书。" });
    }
    let rows: Vec<_> = all
        .iter()
        .map(|(value, label, hint)| Choice { value, label, hint: Some(hint), checked: input.all(field.name).contains(value), ..Choice::default() })
        .collect();
    form::choice_group(&field, if field.name.ends_with('s') { Many::Several } else { Many::One }, &rows)
}

/// What goes into the vault beside the command, asked for at the counter: name, label, how it is typed, whether it may stay open.
fn vault_fields(step: &str) -> &'static [(&'static str, &'static str, Entry, bool)] {
    match step {
        "join_case" | "choose_channel" => &[
            ("address", "送达地址（确认的，填写能寄到的地址）", Entry::Address, true),
            ("phone", "联系电话", Entry::Phone, true),
            ("email", "电子邮箱", Entry::Text, true),
        ],
        "appoint_agent" => &[("number", "代理人身份证号", Entry::IdNumber, false), ("phone", "代理人电话", Entry::Phone, true)],
        // Every other step tells nothing about a person's particulars.
        _ => &[],
    }
}

/// Is this one of the particulars that the step asks for?
pub fn is_particular(step: &Step, field: &str) -> bool {
    vault_fields(step.name).iter().any(|(name, ..)| *name == field)
}

/// Controls for the particulars of a counter act.
pub fn particulars(step: &Step, input: &Input, error: Option<(&str, &str)>) -> Markup {
    html! { @for (name, label, entry, optional) in vault_fields(step.name) {
        @let own = error.filter(|(field, _)| field == name).map(|(_, zh)| zh);
        (form::text(&Field { name, label, value: input.get(name), error: own, optional: *optional, ..Field::default() }, *entry))
    } }
}

/// Particulars that come with a counter act: a confirmed address of the party, or who the agent is.
pub fn cards(command: &Command, person: Option<PersonId>, input: &Input, today: jiff::civil::Date) -> Result<Vec<Card>, Wrong> {
    let Some(party) = person else { return Ok(vec![]) };
    let phone = match input.get("phone") {
        "" => String::new(),
        typed => identity::phone(typed).map_err(|error| ("phone".to_owned(), error.to_string()))?,
    };
    if let Command::AppointAgent(appoint) = command {
        let resident = identity::agent(input.get("number"), today).map_err(|error| ("number".to_owned(), error.to_string()))?;
        let (sex, birth) = (resident.sex.zh().to_owned(), Some(resident.birth));
        let card = Card { person: appoint.person, name: appoint.name.clone(), number: resident.number, phone, sex, birth, ..Card::default() };
        return Ok(vec![card]);
    }
    let confirms = matches!(command, Command::JoinCase(_) | Command::ChooseChannel(_)) && !input.get("address").is_empty();
    let confirmed =
        || Card { person: party, phone, email: input.get("email").into(), service_address: input.get("address").into(), ..Card::default() };
    Ok(confirms.then(confirmed).into_iter().collect())
}

/// How far a service is, in words.
pub fn service_words(state: &ServiceState) -> String {
    match state {
        ServiceState::Owed => "正在生成".into(),
        ServiceState::Issued => "已盖章，待发出".into(),
        ServiceState::Sent { method, at } => format!("{}，{} 发出", method.zh(), words::minute(*at)),
        ServiceState::Served { method, on, .. } => format!("{}，{} 生效", method.zh(), ui::zh::date_text(*on)),
        ServiceState::Failed { method, reason, .. } => format!("{}未成：{reason}", method.zh()),
    }
}

/// The value by which forms name a procedure.
pub fn name_of(procedure: Procedure) -> &'static str {
    match procedure {
        Procedure::Simple => "simple",
        Procedure::Ordinary => "ordinary",
    }
}

/// A command and the files that came with it.
pub type Posted = (Command, Vec<Content>);

/// The command that a posted form says.
pub fn command(step: &Step, file: &File, input: &Input) -> Result<Posted, Wrong> {
    let mut body = Map::new();
    let mut files = Vec::new();
    for (name, value) in beside(step) {
        body.insert(name.into(), value);
    }
    for declared in step.fields {
        if let Some(value) = value(step, declared, file, input, &mut files)? {
            body.insert(declared.name.into(), value);
        }
    }
    if let (Some((_, Part::Decide)), Ok(number)) = (of_step(step.name), input.get(NUMBER).parse::<u32>()) {
        body.insert(NUMBER.into(), json!(number));
    }
    let command = Command::from_json(procedure::step::command_body(step, body).to_string().as_bytes());
    command.map(|command| (command, files)).map_err(|error| {
        tracing::warn!(step = step.name, %error, "a form did not make its command");
        (step.fields.first().map_or("code", |field| field.name).to_owned(), "有一项没有填写或者填写的格式不对，请逐项核对后再提交。".to_owned())
    })
}

/// What a command holds beside its declared fields.
fn beside(step: &Step) -> Vec<(&'static str, Value)> {
    match step.name {
        "pay_fee" => vec![("method", json!("bank_slip"))],
        "choose_channel" | "join_case" => vec![("text", json!(CONSENT_TEXT))],
        "appoint_agent" => vec![("person", json!(PersonId::new()))],
        _ => vec![],
    }
}

fn value(step: &Step, declared: &Declared, file: &File, input: &Input, files: &mut Vec<Content>) -> Result<Option<Value>, Wrong> {
    let name = declared.name;
    let wrong = |zh: &str| (name.to_owned(), zh.to_owned());
    let typed = input.get(name);
    Ok(Some(match &declared.kind {
        // Of a matter's form what is not needed for this choice stays empty; its rule asks for what it wants.
        FieldKind::Money | FieldKind::Number | FieldKind::Date | FieldKind::Choice(_) if typed.is_empty() && of_step(step.name).is_some() => {
            return Ok(None);
        }
        FieldKind::Money => json!(ui::zh::parse_yuan(typed).ok_or_else(|| wrong("请写金额，单位是元，例如 1905.00。"))?),
        FieldKind::Date => json!(ui::zh::parse_date(typed).ok_or_else(|| wrong("请写全年、月、日，例如 2026年3月5日。"))?),
        FieldKind::Days { .. } => json!(typed.parse::<i64>().map_err(|_| wrong("请写天数，例如 7。"))?),
        FieldKind::Choice(_) if name == "choices" => channels_value(input),
        FieldKind::Choice(_) if name == "powers" => json!(input.all(name)),
        FieldKind::Choice(_) if name == "waived" => json!(typed == "true"),
        FieldKind::PostedOn if typed.is_empty() => return Ok(None),
        FieldKind::PostedOn => json!(ui::zh::parse_date(typed).ok_or_else(|| wrong("请写全年、月、日，例如 2026年3月5日。"))?),
        FieldKind::Choice(options) => {
            let chosen = options.iter().find(|(value, _)| *value == typed).ok_or_else(|| wrong("请选择一项。"))?.0;
            match chosen {
                "true" => json!(true),
                "false" => json!(false),
                word => json!(word),
            }
        }
        FieldKind::Paper if name.ends_with('s') => match input.all(name) {
            [] => return Err(wrong("请选择文书。")),
            all => json!(all),
        },
        FieldKind::Number => json!(typed.parse::<i64>().map_err(|_| wrong("请写整数，例如 3。"))?),
        FieldKind::Paper | FieldKind::Person | FieldKind::Staff | FieldKind::Measure if typed.is_empty() => return Err(wrong("请选择一项。")),
        FieldKind::Findings => findings_value(input),
        FieldKind::Files => files_value(step, name, input, files),
        FieldKind::Time => json!(time(typed).ok_or_else(|| wrong("请写时间，例如 09:30。"))?),
        FieldKind::Rows if name == "attendance" => step_rows::attendance_value(file, input),
        FieldKind::Rows if name == "opinions" => step_rows::opinions_value(file, input)?,
        FieldKind::Remarks | FieldKind::Statement | FieldKind::Rows => return Err(wrong("这一项请在专门的页面上办理。")),
        _ => json!(typed),
    }))
}

fn channels_value(input: &Input) -> Value {
    let chosen = Scope::ALL.iter().map(|scope| (scope_name(*scope), input.get(&format!("choices.{}", scope_name(*scope)))));
    chosen.filter(|(_, channel)| !channel.is_empty()).map(|(scope, channel)| json!([scope, channel])).collect()
}

/// The clerk's findings; a group left open is left out, and the step says so.
pub fn findings_value(input: &Input) -> Value {
    let found = Check::ALL.iter().map(|check| (check.name(), input.get(&format!("findings.{}", check.name()))));
    found
        .filter(|(_, answer)| !answer.is_empty())
        .map(|(name, answer)| json!({"check": name, "holds": answer == "yes", "note": input.get(&format!("note.{name}"))}))
        .collect()
}

/// Files as materials of the case; their bytes go along.
fn files_value(step: &Step, name: &str, input: &Input, files: &mut Vec<Content>) -> Value {
    let kind = match step.name {
        "submit_answer" => MaterialKind::Answer,
        "submit_evidence" => MaterialKind::Evidence,
        "appoint_agent" => MaterialKind::PowerOfAttorney,
        _ => MaterialKind::Other,
    };
    let purpose = Some(input.get("purpose").to_owned()).filter(|purpose| !purpose.is_empty());
    let own = input.files.iter().filter(|upload| upload.field == name);
    let materials: Vec<_> = own.map(|upload| Material { purpose: purpose.clone(), ..material(upload, kind, files) }).collect();
    json!(materials)
}

/// An uploaded file, looked into, as a material.
pub fn material(upload: &crate::http::Upload, kind: MaterialKind, files: &mut Vec<Content>) -> Material {
    let content = Content::of(upload.bytes.to_vec());
    let sha256 = content.digest().to_string();
    files.push(content);
    Material {
        id: ItemId::new(),
        kind,
        name: upload.name.rsplit_once('.').map_or(upload.name.as_str(), |(stem, _)| stem).to_owned(),
        pages: upload.looked.as_ref().map_or(1, |looked| looked.pages),
        bytes: upload.bytes.len() as u64,
        sha256,
        media: upload.looked.as_ref().map_or("application/octet-stream", |looked| looked.media).to_owned(),
        purpose: None,
    }
}
