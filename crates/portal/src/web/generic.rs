//! Pages that are the same in every cause: the court with its reasons, the agent's powers, ways and addresses.
use super::fault::Fault;
use super::form::Typed;
use super::interview::{Place, frame, framed, next_buttons};
use super::page::Said;
use super::question::Asking;
use super::visitor::Visitor;
use crate::{Account, Draft, Error, Problem};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use procedure::case::{Channel, Labelled, Power, Scope};
use procedure::cause::Page;
use ui::form::{Choice, Entry, Field, Form, Many, checkbox, choice_group, text};
use ui::zh::prose;
use ui::{Icon, Script, notice, rule_id};

/// The court is chosen later: when everything is filled in, the proposals are complete.
const LATER: &str = "later";

/// Powers that need special authority, with the value that forms send.
const POWERS: [(Power, &str); 6] = [
    (Power::Admit, "admit"),
    (Power::Waive, "waive"),
    (Power::Change, "change"),
    (Power::Settle, "settle"),
    (Power::Counterclaim, "counterclaim"),
    (Power::Appeal, "appeal"),
];

/// Parts of the proceeding for which a way can be chosen, with the value that forms send. A hearing is not among them while
/// there is no online courtroom: everybody comes to the court (R-TRI-23).
pub const SCOPES: [(Scope, &str); 4] =
    [(Scope::Filing, "filing"), (Scope::Service, "service"), (Scope::Answer, "answer"), (Scope::EvidenceExchange, "evidence_exchange")];

/// What a plaintiff is asked about when he files, by the names of the fields.
const ASKED: [(Scope, &str); 2] = [(Scope::Service, "channel.service"), (Scope::EvidenceExchange, "channel.evidence_exchange")];

fn value<'t>(typed: Option<&'t [(String, String)]>, name: &str) -> Option<&'t str> {
    typed.and_then(|typed| typed.iter().find(|(known, _)| known == name)).map(|(_, value)| value.as_str())
}

/// Half-typed text of a page before what was saved.
fn shown<'t>(draft: &'t Draft, typed: Option<&'t [(String, String)]>, page: &str) -> Option<&'t [(String, String)]> {
    typed.or_else(|| draft.content.half.get(page).map(Vec::as_slice))
}

/// 选择法院: the courts that may hear it with the reason, then the others that can be chosen here (R-JUR-01..11).
pub fn court(
    v: &Visitor,
    draft: &Draft,
    page: &'static Page,
    status: StatusCode,
    typed: Option<&[(String, String)]>,
    problems: &[Problem],
) -> Response {
    let typed = shown(draft, typed, &page.id);
    let chosen = value(typed, "court").unwrap_or(&draft.content.court);
    let proposals = v.portal.propose_courts(draft);
    let proposed = proposals.as_ref().map(|found| found.courts.as_slice()).unwrap_or_default();
    let reasons: Vec<(String, String)> = proposed
        .iter()
        .filter(|proposal| v.portal.connected(&proposal.code))
        .map(|proposal| (proposal.code.clone(), format!("建议：{}。{} {}", proposal.reason, proposal.law, proposal.rule)))
        .collect();
    let others: Vec<(String, String)> = v
        .portal
        .config()
        .courts
        .iter()
        .filter(|code| !reasons.iter().any(|(known, _)| known == *code))
        .map(|code| (code.clone(), v.portal.law().courts.by_code(code).and_then(|court| court.address.clone()).unwrap_or_default()))
        .collect();
    let all: Vec<(String, String, String)> =
        reasons.iter().chain(&others).map(|(code, hint)| (code.clone(), v.portal.court_name(code), hint.clone())).collect();
    let mut rows: Vec<Choice<'_>> = all
        .iter()
        .map(|(code, name, hint)| Choice {
            value: code,
            label: name,
            hint: (!hint.is_empty()).then_some(hint.as_str()),
            checked: chosen == code,
            more: None,
        })
        .collect();
    rows.push(Choice {
        value: LATER,
        label: "现在说不准，填完以后看建议再选",
        hint: Some("填好双方住址和金额以后，这里会列出可以起诉的法院和理由"),
        checked: chosen == LATER || (chosen.is_empty() && draft.content.done.contains(&page.id)),
        more: None,
    });
    let form = match typed {
        Some(typed) => typed.iter().cloned().collect(),
        None => draft.form(page),
    };
    let asking = Asking::new(draft.cause, &draft.content.answers, form, &page.fields, Said(problems));
    let controls = html! {
        (choice_group(&Field { name: "court", label: "受诉法院", error: Said(problems).of("court"), ..Field::default() }, Many::One, &rows))
        @for proposal in proposed.iter().filter(|proposal| !v.portal.connected(&proposal.code)) {
            // Its full name: a short one such as 鼓楼区人民法院 is that of several courts.
            @let name = v.portal.law().courts.by_code(&proposal.code).map_or(&proposal.name, |court| &court.name);
            (notice(ui::Tone::Soon, &html! { (prose(&format!("{name}也可以受理（{}），但这个法院还没有接入，请到它的窗口起诉。", proposal.reason))) }))
        }
        @for left in proposals.iter().flat_map(|found| &found.excluded) {
            p.small.muted { (prose(&format!("{}：{}", left.what, left.reason))) " " (rule_id(&left.rule)) }
        }
        (asking.fields(&page.fields))
    };
    framed(v, draft, page, status, &controls, problems)
}

/// POST of the court's page: `court` and the cause's own fields there.
pub async fn answer_court(
    v: &Visitor,
    account: &Account,
    draft: &mut Draft,
    page: &'static Page,
    typed: &Typed,
) -> Result<Result<Vec<Problem>, Error>, Fault> {
    let court = typed.value("court");
    if court.is_empty() || (court != LATER && !v.portal.connected(court)) {
        return Ok(Ok(vec![Problem { field: "court".into(), zh: "请选择受诉法院；说不准的，选最后一项。".into() }]));
    }
    draft.content.court = if court == LATER { String::new() } else { court.to_owned() };
    let own: Vec<(String, String)> = typed.without(&super::interview::OWN_FIELDS).into_iter().filter(|(name, _)| name != "court").collect();
    Ok(v.portal.answer_page(account, draft, page, &own, &v.writer()).await)
}

/// The agent's page, or that of ways and addresses.
pub fn portal_page(
    v: &Visitor,
    account: &Account,
    draft: &Draft,
    place: Place,
    status: StatusCode,
    typed: Option<&[(String, String)]>,
    problems: &[Problem],
) -> Response {
    let typed = shown(draft, typed, place.id());
    let said = Said(problems);
    let controls = match place {
        Place::Agent => agent(draft, typed, &said),
        Place::Channels | Place::Cause(_) => channels(account, draft, typed, &said),
    };
    let content = html! { (said.summary()) (controls) (next_buttons(draft, place.id())) };
    let key = format!("{}/{}/{}", account.id, draft.id, place.id());
    let (action, save) = (format!("/file/{}/{}", draft.id, place.id()), format!("/file/{}/{}/save", draft.id, place.id()));
    let form = ui::form::form(
        &Form {
            action: Some(&action),
            csrf: &v.csrf(),
            draft: Some(ui::form::Draft { key: &key, save: Some(&save) }),
            class: Some("q stack gap-5"),
            version: Some(draft.version),
            ..Form::default()
        },
        &content,
    );
    frame(v, draft, place, status, problems, &[Script::Draft], &form)
}

fn agent(draft: &Draft, typed: Option<&[(String, String)]>, said: &Said<'_>) -> Markup {
    let ticked = |power: &(Power, &str)| match typed {
        Some(typed) => typed.iter().any(|(name, value)| name == "powers" && value == power.1),
        None => draft.content.powers.contains(&power.0),
    };
    let rows: Vec<Choice<'_>> =
        POWERS.iter().map(|power| Choice { value: power.1, label: power.0.zh(), checked: ticked(power), ..Choice::default() }).collect();
    let controls = html! {
        (choice_group(&Field {
            name: "powers", label: "授权委托书写明的特别授权", hint: Some("写明了哪些就选哪些；只写“全权代理”或者“一般代理”的，都不选。"),
            error: said.of("powers"), optional: true, ..Field::default()
        }, Many::Several, &rows))
        p { (prose("承认、放弃、变更诉讼请求，进行和解，提起反诉或者上诉，必须有委托人的特别授权。《中华人民共和国民事诉讼法》第六十二条 R-IDC-11")) }
        (notice(ui::Tone::Plain, &html! { "下一页上传材料时，请上传授权委托书，种类选“授权委托书”。" }))
    };
    let eyebrow = format!("{} · 代理权限", draft.cause.name);
    ui::form::question(&ui::form::Question {
        eyebrow: &eyebrow, heading: &["委托人", "给了您", "哪些权限？"], hint: None, controls: &controls
    })
}

fn channels(account: &Account, draft: &Draft, typed: Option<&[(String, String)]>, said: &Said<'_>) -> Markup {
    let chosen = |scope: Scope, name: &str| match value(typed, name) {
        Some("online") => Some(Channel::Online),
        Some("counter") => Some(Channel::Counter),
        Some(_) => None,
        None => draft.content.choices.iter().find(|(known, _)| *known == scope).map(|(_, channel)| *channel),
    };
    let own = draft.cause.party_infos(&draft.content.answers);
    let own = own.iter().find(|party| party.side == procedure::case::Side::Plaintiff);
    let from_answers = own.map(|party| party.habitual.clone().unwrap_or_else(|| party.domicile.clone())).unwrap_or_default();
    let address = value(typed, "address")
        .map_or_else(|| if draft.content.address.is_empty() { from_answers } else { draft.content.address.clone() }, str::to_owned);
    let consent = value(typed, "consent").unwrap_or(if draft.content.done.contains("channels") { "yes" } else { "" });
    let controls = html! {
        (consent_text())
        @for (scope, name) in ASKED { (scope_choice(scope, name, chosen(scope, name), said)) }
        (text(&Field {
            name: "address", label: "邮寄送达地址", hint: Some("写到门牌号。不选电子送达，或者电子送达不成功的，文书寄到这里。"), value: &address,
            error: said.of("address"), ..Field::default()
        }, Entry::Address))
        p.small.muted { "联系电话：" (account.masked_phone()) @if !account.email.is_empty() { "；电子邮箱：" (account.email) } "。在“我的账号”里可以改邮箱。" }
        (checkbox(&Field {
            name: "consent", label: "我已看过上面的说明，以上选择和送达地址由我确认", value: consent, error: said.of("consent"),
            hint: Some("确认后生成《送达地址确认书》。以后可以随时改变选择。"), ..Field::default()
        }, "yes"))
    };
    let eyebrow = format!("{} · 办理方式", draft.cause.name);
    ui::form::question(&ui::form::Question {
        eyebrow: &eyebrow,
        heading: &["以后的环节", "怎样办？"],
        hint: Some("每个环节分别选，互不影响，都可以改。"),
        controls: &controls,
    })
}

/// Online or counter for one part of the proceeding.
pub fn scope_choice(scope: Scope, name: &str, chosen: Option<Channel>, said: &Said<'_>) -> Markup {
    let (online, counter) = words(scope);
    let row = |value, label, channel| Choice { value, label, checked: chosen == Some(channel), ..Choice::default() };
    let label = scope.zh();
    choice_group(
        &Field { name, label, error: said.of(name), ..Field::default() },
        Many::One,
        &[row("online", online, Channel::Online), row("counter", counter, Channel::Counter)],
    )
}

fn words(scope: Scope) -> (&'static str, &'static str) {
    match scope {
        Scope::Filing => ("在网上立案", "到窗口立案"),
        Scope::Service => ("电子送达：发到这里的收件箱，短信通知", "邮寄或者到法院领取纸质文书"),
        Scope::Answer => ("在网上答辩", "到窗口提交，或者邮寄答辩状"),
        Scope::EvidenceExchange => ("在网上交换证据", "到法院交换证据"),
        Scope::Hearing => ("在线开庭（尚未开通）", "到法庭开庭"),
    }
}

/// Rights, duties and consequences, shown before a choice (R-IDC-20); its edition is `crate::CONSENT_TEXT`.
pub fn consent_text() -> Markup {
    html! {
        div.aside-box {
            h2 { (ui::icon(Icon::Info)) "选择以前请看" }
            p { (prose("在网上办和到窗口办，效力相同。选哪一种，由您自己定，不选网上不影响您的任何权利。R-IDC-20")) }
            p { (prose("同意电子送达的，文书到达您的收件箱时就是送达，期限从这时起算，打开早晚不影响。R-SVC-12")) }
            p { (prose("您只替自己选择；一个环节的选择不影响别的环节，开始办理以前随时可以改。已经在网上办完的仍然有效。R-IDC-21 R-IDC-23")) }
            p { (prose("开庭在法庭进行，请按传票写明的时间和地点到庭。本院还没有在线法庭。R-TRI-23")) }
            p.tiny { "《人民法院在线诉讼规则》第四条、第五条、第二十九条、第三十一条。说明文本：" (crate::CONSENT_TEXT) " 版" }
        }
    }
}

/// POST of the agent's page (`powers`) or of ways (`channel.*`, `address`, `consent`).
pub async fn answer_portal_page(
    v: &Visitor,
    account: &Account,
    draft: &mut Draft,
    place: Place,
    typed: &Typed,
) -> Result<Result<Vec<Problem>, Error>, Fault> {
    let problems = match place {
        Place::Agent => take_powers(draft, typed),
        Place::Channels | Place::Cause(_) => take_channels(draft, typed),
    };
    if !problems.is_empty() {
        return Ok(Ok(problems));
    }
    draft.answered(place.id(), &v.writer());
    Ok(v.portal.save_draft(account, draft, place.id()).await.map(|version| {
        draft.version = version;
        vec![]
    }))
}

fn take_powers(draft: &mut Draft, typed: &Typed) -> Vec<Problem> {
    let wanted: Vec<&str> = typed.values("powers").collect();
    if wanted.iter().any(|name| !POWERS.iter().any(|(_, known)| known == name)) {
        return vec![Problem { field: "powers".into(), zh: "请从列出的各项里选。".into() }];
    }
    draft.content.powers = POWERS.iter().filter(|(_, name)| wanted.contains(name)).map(|(power, _)| *power).collect();
    vec![]
}

fn take_channels(draft: &mut Draft, typed: &Typed) -> Vec<Problem> {
    let mut problems = vec![];
    let mut refuse = |field: &str, zh: &str| problems.push(Problem { field: field.into(), zh: zh.into() });
    let mut choices: Vec<(Scope, Channel)> = draft.content.choices.iter().filter(|(scope, _)| *scope == Scope::Filing).copied().collect();
    for (scope, name) in ASKED {
        match channel(typed.value(name)) {
            Some(channel) => choices.push((scope, channel)),
            None => refuse(name, &format!("请选择{}在网上办还是到窗口办。", scope.zh())),
        }
    }
    let address: String = typed.value("address").chars().filter(|c| !c.is_control()).collect();
    if !(5..=200).contains(&address.chars().count()) {
        refuse("address", "请填写能寄到的地址，写到门牌号。");
    }
    if typed.value("consent") != "yes" {
        refuse("consent", "请看过说明以后勾选确认；不想在网上办的，可以到窗口办理。");
    }
    if problems.is_empty() {
        draft.content.choices = choices;
        draft.content.address = address;
    }
    problems
}

/// A posted way.
pub fn channel(value: &str) -> Option<Channel> {
    match value {
        "online" => Some(Channel::Online),
        "counter" => Some(Channel::Counter),
        _ => None,
    }
}
