//! The clerk's side of a review: what is written with its pins, remarks, and the two decisions.
use crate::http::{Input, Who};
use crate::step::{Wrong, changes, code_field};
use crate::{App, review, step_form};
use court::desk::{File, Review};
use maud::{Markup, html};
use procedure::case::{Check, Labelled, Procedure, Remark, Side, pages_zh};
use procedure::review::{Source, Verdict, side_name};
use procedure::step::accept_filing::assess;
use procedure::{Case, ItemId};
use ui::form::{self, Field, Form};
use ui::workbench::{TabLink, tab_links};
use ui::zh::prose;
use ui::{Button, Emphasis, Icon, Tone, button, icon, more, notice, rule_id};

/// Which decision is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    Accept,
    Return,
}

/// The place in the file's catalogue, from 1, of the n-th material of the filing.
pub fn number_of(file: &File, place: usize) -> Option<u32> {
    let material = file.case.statement.as_ref()?.materials.get(place)?;
    file.items.iter().find(|item| item.sha256 == material.sha256 && item.name.contains(&material.name)).map(|item| item.number)
}

/// What a field of the complaint, or a material, is called.
fn label_of(case: &Case, field: &str) -> String {
    if let Some(id) = field.strip_prefix("material:").and_then(ItemId::parse) {
        let material = case.statement.iter().flat_map(|statement| &statement.materials).find(|material| material.id == id);
        return material.map_or_else(|| "材料".to_owned(), |material| material.name.clone());
    }
    let (side, name) = match field.split_once('.') {
        Some(("plaintiff", name)) => ("原告", name),
        Some(("defendant", name)) => ("被告", name),
        Some(_) | None => ("", field),
    };
    let name = match name {
        "name" => "姓名（名称）",
        "number" => "证件号码",
        "address" => "住所",
        "phone" => "联系电话",
        "representative" => "法定代表人",
        "claims" => "诉讼请求",
        "amount" => "标的额",
        "facts" => "事实",
        "reasons" => "理由",
        "agreed_court" => "协议管辖",
        _ => "材料",
    };
    format!("{side}{name}")
}

/// The field that a line of the machine is about, as remarks are pinned to it.
fn pin_of(case: &Case, source: &Source) -> String {
    match source {
        Source::Field(field) => field.clone(),
        Source::Material(place) => {
            let material = case.statement.as_ref().and_then(|statement| statement.materials.get(*place));
            material.map_or_else(|| "materials".to_owned(), |material| format!("material:{}", material.id))
        }
        Source::Case(_) | Source::Law(_) => "materials".into(),
    }
}

/// What the machine would tell the filer about a field.
fn proposed(review: &Review, field: &str) -> String {
    let lines = review.lines.iter().filter(|line| !line.remark.is_empty() && pin_of(&review.file.case, &line.source) == field);
    lines.map(|line| line.remark.as_str()).collect::<Vec<_>>().join("\n")
}

/// A posted form with one remark more or less.
pub fn pinned(review: &Review, mut input: Input) -> Input {
    let (pin, drop) = (input.get("pin").to_owned(), input.get("drop").to_owned());
    let kept: Vec<String> = input.all("on").iter().filter(|field| **field != drop).cloned().collect();
    let mut fields = kept;
    if !pin.is_empty() && !fields.contains(&pin) {
        let text = proposed(review, &pin);
        input.set(&format!("r.{pin}"), text);
        fields.push(pin);
    }
    input.set("on", "");
    let mut fresh = Input::default();
    for field in &fields {
        fresh.push("on", field.clone());
        for part in ["r", "p"] {
            let name = format!("{part}.{field}");
            fresh.set(&name, input.get(&name));
        }
    }
    fresh.set("days", input.get("days"));
    fresh
}

/// The remarks that a form carries.
pub fn remarks(case: &Case, input: &Input) -> Vec<Remark> {
    let one = |field: &String| Remark {
        field: field.clone(),
        label: label_of(case, field),
        page: input.get(&format!("p.{field}")).parse().ok(),
        remark: input.get(&format!("r.{field}")).to_owned(),
        rule: "R-FIL-12".into(),
    };
    input.all("on").iter().map(one).collect()
}

/// The complaint's fields, each with the pin that fixes a remark to it.
pub fn written(review: &Review, returning: bool) -> Markup {
    let case = &review.file.case;
    let Some(statement) = &case.statement else { return Markup::default() };
    let mut rows: Vec<(String, Markup)> = Vec::new();
    for party in &case.parties {
        let field = |name: &str| format!("{}.{name}", side_name(party.side));
        match review.file.cards.get(&party.person) {
            Some(card) => {
                rows.push((field("name"), html! { (prose(&review::introduction(card, party.side))) }));
                rows.push((field("number"), html! { @if card.number.is_empty() { "没有写" } @else { (card.number) } }));
                rows.push((field("address"), html! { @if card.address.is_empty() { "没有写" } @else { (card.address) } }));
            }
            None => rows.push((field("name"), html! { (party.name) })),
        }
    }
    let simple = assess(&statement.cause, statement.amount, Procedure::Simple);
    rows.push(("claims".into(), html! { ol { @for claim in &statement.claims { li { (prose(claim)) } } } }));
    let fee = html! { (ui::zh::yuan(statement.amount.0)) " → 受理费 " (ui::zh::yuan(simple.full.0)) "，减半 " (ui::zh::yuan(simple.due.0)) " " (rule_id("R-FEE-11")) };
    rows.push(("amount".into(), fee));
    rows.push(("facts".into(), prose(&statement.facts)));
    rows.push(("reasons".into(), prose(&statement.reasons)));
    for material in &statement.materials {
        let purpose = material.purpose.as_deref().map(|purpose| format!("，证明{purpose}")).unwrap_or_default();
        rows.push((format!("material:{}", material.id), html! { (material.kind.zh()) "，" (pages_zh(material.pages)) (purpose) }));
    }
    html! {
        table.fields {
            caption.sr { "起诉状内容" }
            tbody { @for (field, value) in &rows {
                @let label = label_of(case, field);
                tr { th scope="row" { (label) } td { (value) } td { (pin(case, field, &label, returning)) } }
            } }
        }
    }
}

fn pin(case: &Case, field: &str, label: &str, returning: bool) -> Markup {
    html! {
        @if returning {
            button.bar-btn type="submit" form="return-form" name="pin" value=(field) { (icon(Icon::Pin)) span.sr { "对" (label) "钉意见" } }
        } @else {
            a.bar-btn href={ "/review/" (case.id) "?tab=return&pin=" (crate::http::escape(field)) } { (icon(Icon::Pin)) span.sr { "对" (label) "钉意见" } }
        }
    }
}

/// The right pane: decide.
pub fn pane(app: &App, who: &Who, review: &Review, tab: Tab, input: &Input, wrong: Option<&Wrong>) -> Markup {
    let case = &review.file.case;
    let name = match tab {
        Tab::Accept => "accept_filing",
        Tab::Return => "return_for_correction",
    };
    let refused = procedure::step::step(name).and_then(|step| procedure::permit(case, step, &who.member.actor()).err());
    let (accept, back) = (format!("/review/{}?tab=accept", case.id), format!("/review/{}?tab=return", case.id));
    let refuse = format!("/case/{}/step/refuse_filing", case.id);
    let tabs = tab_links(
        &[
            TabLink { label: "立案", href: &accept, current: tab == Tab::Accept },
            TabLink { label: "退回补正", href: &back, current: tab == Tab::Return },
            TabLink { label: "不予受理", href: &refuse, current: false },
        ],
        true,
    );
    html! {
        section.pane.third aria-labelledby="d-h" {
            div.pane-head { h2 id="d-h" { "处理" } (tabs) }
            @if let Some(wrong) = wrong { div.block { (told(review, wrong)) } }
            @if let Some(refusal) = refused { div.block { (review::not_now(&refusal.zh())) } }
            @else if tab == Tab::Accept { (accept_form(app, who, review, input, wrong)) }
            @else { (return_form(app, who, review, input, wrong)) }
        }
    }
}

fn told(review: &Review, wrong: &Wrong) -> Markup {
    match (wrong.seen, &wrong.field) {
        (Some(seen), _) => changes(&review.file, seen, &wrong.zh),
        (None, Some(field)) => form::error_summary(&[(field, wrong.zh.as_str())]),
        (None, None) => notice(Tone::Near, &prose(&wrong.zh)),
    }
}

fn accept_form(app: &App, who: &Who, review: &Review, input: &Input, wrong: Option<&Wrong>) -> Markup {
    let case = &review.file.case;
    let Some(step) = procedure::step::step("accept_filing") else { return Markup::default() };
    let error = wrong.and_then(|wrong| wrong.field.as_deref().map(|field| (field, wrong.zh.as_str())));
    let today = procedure::step::day_of(app.court.now());
    let over = case.unmet("R-FIL-11").is_some_and(|running| today >= running.clock.last_day);
    let statement = case.statement.as_ref();
    // What nobody decided in time lies drafted: one signature registers it, the findings stay open (R-FIL-10).
    let mut drafted = input.clone();
    let (procedure, why) = procedure::review::propose_procedure(&review.lines);
    if over && !input.has("procedure") {
        drafted.set("undecided", "yes");
        drafted.set("procedure", step_form::name_of(procedure));
    }
    let input = &drafted;
    let fields = html! {
        div.block.stack.gap-3 {
            p.small { "四组审查各给出意见。系统的比对只供参考，由您决定。" (rule_id("R-FIL-01")) }
            @for check in Check::ALL { (finding(review, check, input, error)) }
            (more(&html! { "写说明（不符合仍要立案的，必须写）" }, &html! { @for check in Check::ALL {
                @let note = format!("note.{}", check.name());
                @let label = format!("{}：说明", check.zh());
                (form::text(&Field { name: &note, label: &label, value: input.get(&note), optional: true, ..Field::default() }, form::Entry::Text))
            } }))
            @for declared in step.fields.iter().filter(|declared| declared.name != "findings") {
                @let own = error.filter(|(field, _)| step_form::belongs(declared, field)).map(|(_, zh)| zh);
                (step_form::control(declared, &review.file, input, own, Some(app.court.law())))
            }
            @if let Some(statement) = statement {
                @let fee = |procedure| assess(&statement.cause, statement.amount, procedure);
                @let (simple, ordinary) = (fee(Procedure::Simple), fee(Procedure::Ordinary));
                p.small { "应交受理费：简易程序 " (ui::zh::yuan(simple.due.0)) "，普通程序 " (ui::zh::yuan(ordinary.due.0)) " " (rule_id("R-FEE-11")) }
            }
            @if over {
                p.small { (prose(&format!("拟适用{}：{why}", procedure.zh()))) " " (rule_id("R-PRC-01")) }
                (form::checkbox(&Field { name: "undecided", label: "先行立案：期限届满仍不能判断", value: input.get("undecided"),
                    hint: Some("七日内不能决定是否立案的，应当先行立案 R-FIL-10"), ..Field::default() }, "yes"))
            }
            (code_field(error))
        }
        div.pane-foot.row { (button(&Button { label: "立案", emphasis: Emphasis::Primary, key: Some("Control+Enter"), ..Button::default() })) }
    };
    let action = format!("/review/{}/accept", case.id);
    let key = format!("{}/{}/accept", who.member.id, case.id);
    form::form(
        &Form {
            action: Some(&action),
            csrf: &who.csrf,
            version: Some(case.version),
            draft: Some(form::Draft { key: &key, save: None }),
            ..Form::default()
        },
        &fields,
    )
}

/// One group of checks as one line: the machine's word as a hint, the clerk's own answer.
fn finding(review: &Review, check: Check, input: &Input, error: Option<(&str, &str)>) -> Markup {
    let name = format!("findings.{}", check.name());
    let told = match procedure::review::verdict(&review.lines, check) {
        Verdict::Ok | Verdict::NotApplicable => "系统比对：没有发现问题",
        Verdict::Doubt => "系统比对：有待判断",
        Verdict::Problem => "系统比对：有问题",
    };
    // A group left open is refused by its word, one without a note by its name.
    let own = error.filter(|(field, zh)| *field == name || (*field == "findings" && zh.contains(check.zh()))).map(|(_, zh)| zh);
    let options = [("", "请给出意见"), ("yes", "符合"), ("no", "不符合，说明理由后仍立案")];
    form::select(&Field { name: &name, label: check.zh(), hint: Some(told), value: input.get(&name), error: own, ..Field::default() }, &options)
}

fn return_form(app: &App, who: &Who, review: &Review, input: &Input, wrong: Option<&Wrong>) -> Markup {
    let case = &review.file.case;
    // A pin in the address opens the first remark; afterwards the form carries them.
    let opened;
    let input = if input.has("pin") {
        opened = pinned(review, input.clone());
        &opened
    } else {
        input
    };
    let error = |name: &str| wrong.filter(|wrong| wrong.field.as_deref() == Some(name)).map(|wrong| wrong.zh.as_str());
    let usual = app.court.law().policy.correction_days_usual.to_string();
    let days = if input.get("days").is_empty() { usual.as_str() } else { input.get("days") };
    let (least, most) = app.court.law().policy.correction_days;
    let hint = format!("通知送达次日起算，{least} 至 {most} 日");
    let shown = input.all("on");
    let open: Vec<String> = suggestions(review).into_iter().filter(|field| !shown.contains(field)).collect();
    let asked_before = case.correction.is_some();
    let fields = html! {
        div.block.stack.gap-2 {
            p.small { "一次性全面告知，" strong { "同一问题不得再次要求补正" } (prose("。补正材料收到次日起，7 日重新计算。R-FIL-12")) }
            @if asked_before { (notice(Tone::Near, &prose("已经一次性告知过补正内容，不能再次要求补正。"))) }
            @for (field, number) in shown.iter().zip(1_u32..) { (remark(case, field, number, input)) }
            @if shown.is_empty() { p.small.muted { "在起诉状内容或者材料的右侧点图钉，把意见钉在那一项上。" } }
            @if !open.is_empty() {
                p.small { "系统比对发现的问题，可以采用为意见，再自行修改：" }
                @for field in &open {
                    p.small { (prose(&proposed(review, field))) " "
                        button.bar-btn type="submit" name="pin" value=(field) { (icon(Icon::Check)) "采用" span.sr { "：" (label_of(case, field)) } } }
                }
            }
        }
        div.block.stack.gap-2 {
            (form::number(&Field { name: "days", label: "补正期限", value: days, hint: Some(&hint), error: error("days"), ..Field::default() }, "日"))
            p.small { (how_told(case)) }
            (code_field(wrong.and_then(|wrong| wrong.field.as_deref().map(|field| (field, wrong.zh.as_str())))))
        }
        div.pane-foot.row { (button(&Button {
            label: "送达补正通知书", emphasis: Emphasis::Primary, sends: Some(("act", "send")), key: Some("Control+Enter"), ..Button::default()
        })) }
    };
    let action = format!("/review/{}/return", case.id);
    html! {
        form id="return-form" method="post" action=(action) data-draft={ (who.member.id) "/" (case.id) "/return" } novalidate {
            (form::csrf(&who.csrf)) (form::hidden("version", &case.version.to_string()))
            // Enter in a line of text presses the first button: it must not take a remark away.
            button.sr type="submit" name="act" value="keep" tabindex="-1" { "保留已写的意见" }
            (fields)
        }
    }
}

/// Fields about which the machine has something to tell.
fn suggestions(review: &Review) -> Vec<String> {
    let mut fields: Vec<String> = Vec::new();
    for line in review.lines.iter().filter(|line| !line.remark.is_empty()) {
        let field = pin_of(&review.file.case, &line.source);
        if !fields.contains(&field) {
            fields.push(field);
        }
    }
    fields
}

fn remark(case: &Case, field: &str, number: u32, input: &Input) -> Markup {
    let (text, page) = (format!("r.{field}"), format!("p.{field}"));
    let label = label_of(case, field);
    html! {
        section.remark aria-label={ "意见 " (number) } {
            header {
                span.pin-no aria-hidden="true" { (number) }
                "钉在：" (label)
                button.bar-btn type="submit" name="drop" value=(field) { "删除" span.sr { "对" (label) "的意见" } }
            }
            (form::hidden("on", field))
            (form::textarea(&Field { name: &text, label: "要补什么、怎么补", label_hidden: true, value: input.get(&text), ..Field::default() }, 4))
            @if field.starts_with("material:") {
                (form::number(&Field { name: &page, label: "在第几页", value: input.get(&page), optional: true, ..Field::default() }, "页"))
            }
        }
    }
}

/// How the notice reaches the plaintiff, by his own choice (R-IDC-20).
fn how_told(case: &Case) -> String {
    let ways: Vec<_> = case
        .side(Side::Plaintiff)
        .map(|party| match case.channel_of(party.person, procedure::case::Scope::Service) {
            procedure::case::Channel::Online => format!("{}同意电子送达，通知书盖章后直接送达", party.name),
            procedure::case::Channel::Counter => format!("{}没有同意电子送达，通知书盖章后打印邮寄", party.name),
        })
        .collect();
    format!("{}。", ways.join("；"))
}
