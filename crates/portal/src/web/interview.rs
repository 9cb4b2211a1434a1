//! 我要立案: one question a page. What was typed is kept at every step; back never loses anything; another device goes on.
use super::around::Own;
use super::fault::{Fault, refused};
use super::form::{Asked, Mine, MineWithFiles, Typed};
use super::page::{Said, crumb_home, form, local_time, page_with, see};
use super::question::{Asking, lists, reshape};
use super::visitor::{Me, Visitor};
use super::{evidence, generic, review};
use crate::store::drafts::DraftKind;
use crate::{Account, Draft, Error, Portal, Problem};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use procedure::cause::{Cause, FieldKind, Form, Generic, Page};
use ui::form::{Choice, Field, Many, choice_group};
use ui::portal::{CounterBox, InterviewStep, Steps, aside_box, counter_box, saved_state, step_list};
use ui::{Button, Emphasis, Icon, Link, Script, button, link_button, more};
use uuid::Uuid;

/// Names that the pages add to what was typed.
pub const OWN_FIELDS: [&str; 6] = ["version", "go", "add", "remove", "switch", "mine"];

/// A page of the interview: of the cause, or one that the portal asks in every cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Cause(&'static str),
    /// 代理权限
    Agent,
    /// 办理方式 and 送达地址
    Channels,
}

impl Place {
    /// Its part of the address.
    pub fn id(self) -> &'static str {
        match self {
            Self::Cause(id) => id,
            Self::Agent => "agent",
            Self::Channels => "channels",
        }
    }
}

/// All pages of a draft, in order.
pub fn places(draft: &Draft) -> Vec<Place> {
    let mut places = vec![];
    for page in draft.cause.pages(&draft.content.answers) {
        if page.generic == Some(Generic::Evidence) && draft.content.agent {
            places.push(Place::Agent);
        }
        // A correction stays at the court that returned it.
        if !(page.generic == Some(Generic::Court) && draft.kind == DraftKind::Correction) {
            places.push(Place::Cause(&page.id));
        }
        if page.generic == Some(Generic::Evidence) && draft.kind == DraftKind::Filing {
            places.push(Place::Channels);
        }
    }
    places
}

/// The page that a person is to see under this address.
pub fn place(draft: &Draft, id: &str) -> Result<Place, Fault> {
    places(draft).into_iter().find(|place| place.id() == id).ok_or(Fault::Missing)
}

/// The page after this one.
pub fn next_of(draft: &Draft, id: &str) -> String {
    let places = places(draft);
    let at = places.iter().position(|place| place.id() == id).unwrap_or(0);
    let next = places.get(at + 1).or(places.last()).map_or("review", |place| place.id());
    format!("/file/{}/{next}", draft.id)
}

fn previous_of(draft: &Draft, id: &str) -> Option<String> {
    let places = places(draft);
    let at = places.iter().position(|place| place.id() == id)?;
    at.checked_sub(1).and_then(|at| places.get(at)).map(|place| format!("/file/{}/{}", draft.id, place.id()))
}

/// GET /file: which dispute, for whom.
pub async fn begin(asked: Asked) -> Response {
    begin_page(&asked.me.v, &asked.me.account, &asked.query, &[])
}

fn begin_page(v: &Visitor, account: &Account, typed: &Typed, problems: &[Problem]) -> Response {
    let said = Said(problems);
    let looked_for = typed.value("q");
    let found = if looked_for.is_empty() { Cause::all().iter().collect() } else { Cause::search(looked_for) };
    let chosen = if typed.value("cause").is_empty() && found.len() == 1 { &found[0].number } else { typed.value("cause") };
    let rows: Vec<Choice<'_>> = found
        .iter()
        .map(|cause| {
            // What it is not is read once it is chosen: of all causes together nobody would know which is meant.
            let more = (!cause.not_for.is_empty()).then(|| html! { @for words in &cause.not_for { p.small.muted { (words) } } });
            Choice { value: &cause.number, label: &cause.name, hint: Some(&cause.summary), checked: chosen == cause.number, more }
        })
        .collect();
    let who = typed.value("as");
    let own_label = format!("本人办理（{}）", if account.name.is_empty() { "还没有实名认证，提交前要认证" } else { &account.name });
    let who_rows = [
        Choice { value: "self", label: &own_label, checked: who != "agent", ..Choice::default() },
        Choice {
            value: "agent",
            label: "代理他人办理",
            hint: Some("要有授权委托书；当事人的近亲属、律师、基层法律服务工作者等可以代理"),
            checked: who == "agent",
            ..Choice::default()
        },
    ];
    let content = html! {
        (said.summary())
        @if found.is_empty() {
            (ui::notice(ui::Tone::Soon, &html! { "没有找到“" (looked_for) "”这类纠纷。现在网上能办的在下面；其他纠纷请到法院诉讼服务中心窗口立案。" }))
        }
        (choice_group(&Field { name: "cause", label: "是哪一种纠纷", error: said.of("cause"), ..Field::default() }, Many::One, &rows))
        (choice_group(&Field { name: "as", label: "怎样办理", ..Field::default() }, Many::One, &who_rows))
        div.btns { (button(&Button { label: "开始填写", emphasis: Emphasis::Primary, ..Button::default() })) }
    };
    let body = html! {
        (crumb_home())
        h1 { "我要立案" }
        p.intro { "一次只问一件事，随时可以停下，换一台手机也能接着填。" }
        form method="get" action="/file" class="row gap-2" {
            (ui::form::text(&Field { name: "q", label: "用自己的话找一找", hint: Some("例如 借钱不还"), value: looked_for, ..Field::default() }, ui::form::Entry::Search))
            (button(&Button { label: "找", ..Button::default() }))
        }
        div.mt-4 { (form(v, "/file", &content)) }
        section aria-labelledby="photo" {
            h2 id="photo" { "已经写好了起诉状？" }
            p { "纸上写的拍照，电脑里的传 PDF、Word，系统读出来，您核对。" }
            div.btns { (link_button(&Link { label: "拍照或者上传起诉状", href: "/file/photo", icon: Some(Icon::Camera), ..Link::default() })) }
        }
        section aria-labelledby="go-on" { h2 id="go-on" { "没填完的" } p { a.crumb href="/drafts" { "看我的草稿" } } }
        (counter_box(&CounterBox {
            heading: "不方便在网上填？", words: "带身份证和证据材料到法院诉讼服务中心窗口，工作人员帮您填，效力一样。",
            change: ("看怎样到窗口办理", "/guide/counter"),
        }))
    };
    page_with(v, said.status(), &said.title("我要立案"), &[], &body)
}

/// POST /file: `cause`, `as`.
pub async fn begin_post(Mine { v, account, typed }: Mine) -> Result<Response, Fault> {
    match v.portal.begin_filing(&account, typed.value("cause"), typed.value("as") == "agent").await {
        Ok(draft) if v.json => {
            Ok((StatusCode::CREATED, axum::Json(serde_json::json!({ "draft": draft.id, "url": format!("/file/{}", draft.id) }))).into_response())
        }
        Ok(draft) => Ok(see(&format!("/file/{}/{}", draft.id, draft.position))),
        Err(error) => Ok(begin_page(&v, &account, &typed, &refused(error)?)),
    }
}

/// GET /drafts
pub async fn drafts(me: Me) -> Result<Response, Fault> {
    let drafts = me.v.portal.drafts(&me.account).await?;
    let body = html! {
        (crumb_home())
        h1 { "我的草稿" }
        @if drafts.is_empty() {
            h2.sr { "草稿" }
            (ui::empty(Icon::File, "没有草稿", &html! { "没填完的起诉状会自动保存在这里。" }))
            div.btns.mt-4 { (link_button(&Link { label: "我要立案", href: "/file", emphasis: Emphasis::Primary, ..Link::default() })) }
        } @else {
            h2.sr { "没填完的" }
            (super::home::draft_rows(&drafts))
            @for draft in &drafts {
                (ui::more(&html! { "删除草稿：" (title_of(draft)) }, &html! {
                    p.small { "删除以后不能恢复。" }
                    (form(&me.v, &format!("/file/{}/discard", draft.id), &html! { div.btns { (button(&Button { label: "删除这份草稿", emphasis: Emphasis::Danger, ..Button::default() })) } }))
                }))
            }
        }
    };
    Ok(super::page::page(&me.v, "我的草稿", &[], &body))
}

/// What a draft is called in lists.
pub fn title_of(draft: &Draft) -> String {
    let others = draft.others();
    let with = if others.is_empty() { String::new() } else { format!("与{others}的") };
    let kind = match draft.kind {
        DraftKind::Filing => "没填完",
        DraftKind::Correction => "补正中",
    };
    format!("{with}{}（{kind}）", draft.cause.name)
}

/// POST /file/{draft}/discard
pub async fn discard(Path(id): Path<Uuid>, Mine { v, account, .. }: Mine) -> Result<Response, Fault> {
    v.portal.discard_draft(&account, id).await?;
    Ok(see("/drafts"))
}

/// GET /file/{draft}: where the person was last.
pub async fn resume(Path(id): Path<Uuid>, me: Me) -> Result<Response, Fault> {
    let draft = me.v.portal.draft(&me.account, id).await?;
    if let Some(receipt) = submitted_as(&me.v.portal, &me.account, &draft).await? {
        return Ok(see(&receipt));
    }
    let position = if draft.kind == DraftKind::Correction { "review" } else { &draft.position };
    let place = place(&draft, position).map_or("review", Place::id);
    Ok(see(&format!("/file/{id}/{place}")))
}

/// The receipt of a draft that was submitted.
async fn submitted_as(portal: &Portal, account: &Account, draft: &Draft) -> Result<Option<String>, Fault> {
    if !draft.submitted {
        return Ok(None);
    }
    let all = portal.submissions(account, draft.case).await?;
    Ok(Some(all.last().map_or_else(|| "/cases".to_owned(), |submission| format!("/receipt/{}", submission.receipt_no))))
}

/// GET /file/{draft}/{page}
pub async fn ask(Path((id, page)): Path<(Uuid, String)>, asked: Asked) -> Result<Response, Fault> {
    let Asked { me: Me { v, account }, query: _ } = asked;
    let draft = v.portal.draft(&account, id).await?;
    if let Some(receipt) = submitted_as(&v.portal, &account, &draft).await? {
        return Ok(see(&receipt));
    }
    show(&v, &account, &draft, place(&draft, &page)?, StatusCode::OK, None, &[])
}

/// Shows a page of the draft; `typed` stands where it was just posted and not kept.
pub fn show(
    v: &Visitor,
    account: &Account,
    draft: &Draft,
    place: Place,
    status: StatusCode,
    typed: Option<&[(String, String)]>,
    problems: &[Problem],
) -> Result<Response, Fault> {
    let Place::Cause(id) = place else { return Ok(generic::portal_page(v, account, draft, place, status, typed, problems)) };
    let page = draft.page(id).ok_or(Fault::Missing)?;
    match page.generic {
        Some(Generic::Review) => Ok(review::review(v, account, draft, page, status, typed, problems)),
        Some(Generic::Evidence) => Ok(evidence::evidence(v, draft, page, status, problems)),
        Some(Generic::Court) => Ok(generic::court(v, draft, page, status, typed, problems)),
        None => Ok(question(v, account, draft, page, status, typed, problems)),
    }
}

fn question(
    v: &Visitor,
    account: &Account,
    draft: &Draft,
    page: &'static Page,
    status: StatusCode,
    typed: Option<&[(String, String)]>,
    problems: &[Problem],
) -> Response {
    let form = match typed {
        Some(typed) => typed.iter().cloned().collect(),
        None => own_first(account, draft, page, draft.form(page)),
    };
    let asking = Asking::new(draft.cause, &draft.content.answers, form, &page.fields, Said(problems));
    framed(v, draft, page, status, &asking.fields(&page.fields), problems)
}

/// The plaintiff is usually the person himself: his real name, number and telephone stand there already.
fn own_first(account: &Account, draft: &Draft, page: &Page, form: Form) -> Form {
    let field = page.fields.iter().find(|field| field.kind == FieldKind::Party && field.role == Some(procedure::cause::PartyRole::Own));
    let empty = form.iter().next().is_none();
    let (Some(field), true, false) = (field, empty && account.real_name.may_act(), draft.content.agent) else { return form };
    let of = |name: &str, value: &str| (format!("{}.0.{name}", field.name), value.to_owned());
    [of("kind", "person"), of("name", &account.name), of("id_number", &account.number), of("phone", &account.phone)].into_iter().collect()
}

/// A page of the cause in the interview's frame, in a form of its own.
pub fn framed(v: &Visitor, draft: &Draft, page: &'static Page, status: StatusCode, controls: &Markup, problems: &[Problem]) -> Response {
    let ask = draft.cause.ask(page, &draft.content.answers);
    let phrases: Vec<&str> = ask.split("<wbr>").collect();
    let step = draft.cause.step_of(page).map_or("", |(_, step)| step.title.as_str());
    let eyebrow = format!("{} · {step}", draft.cause.name);
    let hint = draft.cause.text(&page.hint, &draft.content.answers);
    let said = Said(problems);
    let content = html! {
        // The button that the Enter key presses: the next page, not one that takes an entry out.
        input type="submit" class="sr" tabindex="-1" aria-hidden="true" value="保存，下一步";
        (said.summary())
        (ui::form::question(&ui::form::Question { eyebrow: &eyebrow, heading: &phrases, hint: (!hint.is_empty()).then_some(hint.as_str()), controls }))
        (next_buttons(draft, &page.id))
    };
    let key = format!("{}/{}/{}", v.account.as_ref().map(|account| account.id.to_string()).unwrap_or_default(), draft.id, page.id);
    let (action, save) = (format!("/file/{}/{}", draft.id, page.id), format!("/file/{}/{}/save", draft.id, page.id));
    let form = ui::form::form(
        &ui::form::Form {
            action: Some(&action),
            csrf: &v.csrf(),
            draft: Some(ui::form::Draft { key: &key, save: Some(&save) }),
            class: Some("q stack gap-5"),
            version: Some(draft.version),
            ..ui::form::Form::default()
        },
        &content,
    );
    frame(v, draft, Place::Cause(&page.id), status, problems, &[Script::Draft], &form)
}

/// Next, back, later.
pub fn next_buttons(draft: &Draft, id: &str) -> Markup {
    html! {
        div.btns {
            (button(&Button { label: "保存，下一步", emphasis: Emphasis::Primary, sends: Some(("go", "next")), ..Button::default() }))
            @if let Some(back) = previous_of(draft, id) { (link_button(&Link { label: "上一步", href: &back, ..Link::default() })) }
            (button(&Button { label: "先到这里，以后再填", emphasis: Emphasis::Quiet, sends: Some(("go", "later")), ..Button::default() }))
        }
    }
}

/// Steps, saved state, help and counter around a form.
pub fn frame(v: &Visitor, draft: &Draft, place: Place, status: StatusCode, problems: &[Problem], scripts: &[Script], content: &Markup) -> Response {
    let page = match place {
        Place::Cause(id) => draft.page(id),
        Place::Agent | Place::Channels => draft.cause.pages.iter().find(|page| page.generic == Some(Generic::Evidence)),
    };
    let now = page.and_then(|page| draft.cause.step_of(page)).map_or(0, |(number, _)| number - 1);
    let hrefs = step_hrefs(draft);
    let steps: Vec<InterviewStep<'_>> =
        draft.cause.steps.iter().zip(&hrefs).map(|(step, (href, done))| InterviewStep { label: &step.title, href, done: *done }).collect();
    let time = local_time(draft.updated);
    let saved = format!("{:02}:{:02} 已保存，换手机也能接着填", time.hour(), time.minute());
    let body = html! {
        div.interview {
            div.stack.gap-3 { (step_list(&Steps { steps: &steps, now })) (saved_state(&saved)) }
            (content)
            aside.stack aria-label="帮助和其他办法" { (help(draft, page)) }
        }
    };
    let label = draft.cause.steps.get(now).map_or("", |step| step.title.as_str());
    let title =
        format!("{label}（第 {} 步，共 {} 步）· {}", now + 1, steps.len(), if draft.kind == DraftKind::Correction { "补正材料" } else { "我要立案" });
    page_with(v, status, &Said(problems).title(&title), scripts, &body)
}

/// The first page of each step, and whether all of the step's pages were answered.
fn step_hrefs(draft: &Draft) -> Vec<(String, bool)> {
    let pages = draft.cause.pages(&draft.content.answers);
    let of_step = |id: &str| pages.iter().filter(|page| page.step == id).collect::<Vec<_>>();
    let hrefs = draft.cause.steps.iter().map(|step| {
        let pages = of_step(&step.id);
        let first = pages.first().map_or("review", |page| page.id.as_str());
        (format!("/file/{}/{first}", draft.id), !pages.is_empty() && pages.iter().all(|page| draft.content.done.contains(&page.id)))
    });
    hrefs.collect()
}

fn help(draft: &Draft, page: Option<&Page>) -> Markup {
    html! {
        @if let Some(page) = page.filter(|page| !page.why.is_empty()) {
            (aside_box(Icon::Info, "为什么问这个", &html! {
                p { (page.why) }
                @if !page.law.is_empty() { p.tiny { (page.law) } }
                @for help in &page.helps { (more(&html! { (help.q) }, &html! { p { (help.a) } })) }
            }))
        }
        (counter_box(&CounterBox { heading: "不方便在网上填？", words: &draft.cause.counter, change: ("这一步改到窗口办理", "/guide/counter") }))
    }
}

/// POST /file/{draft}/{page}: the fields of the page, `version`, and the pressed button.
pub async fn answer(Path((id, page)): Path<(Uuid, String)>, sent: MineWithFiles) -> Result<Response, Fault> {
    let (v, account) = (sent.v.clone(), sent.account.clone());
    let mut draft = v.portal.draft(&account, id).await?;
    if let Some(receipt) = submitted_as(&v.portal, &account, &draft).await? {
        return Ok(see(&receipt));
    }
    let place = place(&draft, &page)?;
    if draft.page(place.id()).is_some_and(|page| page.generic == Some(Generic::Evidence)) {
        return evidence::take(id, sent).await;
    }
    let typed = sent.typed;
    let plain = typed.without(&OWN_FIELDS);
    if typed.value("go") == "later" {
        v.portal.keep_half(&account, id, place.id(), plain).await?;
        return Ok(see("/drafts"));
    }
    let seen = typed.number("version").unwrap_or(draft.version);
    if draft.changed_elsewhere(place.id(), seen, &v.writer()) {
        return conflict(&v, &account, &draft, place, &plain);
    }
    let taken = match place {
        Place::Cause(page_id) => {
            let page = draft.page(page_id).ok_or(Fault::Missing)?;
            match page.generic {
                Some(Generic::Court) => generic::answer_court(&v, &account, &mut draft, page, &typed).await?,
                Some(Generic::Review | Generic::Evidence) => return Err(Fault::Method),
                None => {
                    let mut pairs = plain.clone();
                    if reshape(&typed.0, &mut pairs, &lists(&page.fields)) {
                        v.portal.keep_half(&account, id, page_id, pairs).await?;
                        return Ok(see(&format!("/file/{id}/{page_id}")));
                    }
                    v.portal.answer_page(&account, &mut draft, page, &plain, &v.writer()).await
                }
            }
        }
        Place::Agent | Place::Channels => generic::answer_portal_page(&v, &account, &mut draft, place, &typed).await?,
    };
    match taken {
        Ok(problems) if problems.is_empty() => Ok(see(&next_of(&draft, place.id()))),
        Ok(problems) => show(&v, &account, &draft, place, StatusCode::UNPROCESSABLE_ENTITY, Some(&plain), &problems),
        Err(Error::Stale { .. }) => conflict(&v, &account, &v.portal.draft(&account, id).await?, place, &plain),
        Err(error) => Err(error.into()),
    }
}

/// 409: what was typed here, with the version that another device made; the person says which holds.
fn conflict(v: &Visitor, account: &Account, draft: &Draft, place: Place, typed: &[(String, String)]) -> Result<Response, Fault> {
    let words = "这一页刚才在另一台设备上改过。下面是您在这台设备上填的；保存就用它，想用那台设备上的，点“看那台设备上填的”。";
    if v.json {
        return Err(Error::Stale { seen: 0, now: draft.version }.into());
    }
    let mut response = show(v, account, draft, place, StatusCode::CONFLICT, Some(typed), &[Problem { field: "version".into(), zh: words.into() }])?;
    response.extensions_mut().insert(Own);
    Ok(response)
}

/// POST /file/{draft}/{page}/save: keeps half-typed text; 204.
pub async fn keep(Path((id, page)): Path<(Uuid, String)>, Mine { v, account, typed }: Mine) -> Result<Response, Fault> {
    let draft = v.portal.draft(&account, id).await?;
    let place = place(&draft, &page)?;
    v.portal.keep_half(&account, id, place.id(), typed.without(&OWN_FIELDS)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The page on which a form of this address stands.
pub fn page_of_action(path: &str) -> String {
    let parts: Vec<&str> = path.split('?').next().unwrap_or_default().trim_matches('/').split('/').collect();
    match parts.as_slice() {
        ["file", draft, "submit"] => format!("/file/{draft}/review"),
        ["file", draft, "discard"] | ["file", draft, "files", ..] => format!("/file/{draft}"),
        ["file", draft, page, "save"] => format!("/file/{draft}/{page}"),
        ["case", case, page, "save"] => format!("/case/{case}/{page}"),
        ["file", draft, "photo", ..] => format!("/file/{draft}/photo"),
        ["receipt", no, "again"] => format!("/receipt/{no}"),
        ["account", "email"] => "/account".to_owned(),
        ["uploads", ..] | ["logout"] => "/".to_owned(),
        _ => path.to_owned(),
    }
}

/// What was typed before a session ended is there again after signing in: in this person's draft, or on the page of a step.
pub async fn keep_after_sign_in(portal: &Portal, account: &Account, path: &str, typed: Vec<(String, String)>) {
    let typed = Typed(typed);
    match super::kept::after_sign_in(portal, account, path, &typed).await {
        Ok(true) => return,
        Ok(false) => {}
        Err(error) => return tracing::info!(%error, path, "typed text of an ended session was not kept"),
    }
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    let ["file", draft, page] = parts.as_slice() else { return };
    let Ok(id) = Uuid::parse_str(draft) else { return };
    let typed = typed.without(&OWN_FIELDS);
    if let Err(error) = portal.keep_half(account, id, page, typed).await {
        tracing::info!(%error, draft = %id, "typed text of an ended session was not kept");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_signing_in_one_sees_the_page_of_the_form() {
        for (action, page) in [
            ("/file/1/submit", "/file/1/review"),
            ("/file/1/loan_form/save", "/file/1/loan_form"),
            ("/file/1/files/2", "/file/1"),
            ("/case/9/fee", "/case/9/fee"),
            ("/uploads/3", "/"),
        ] {
            assert_eq!(page_of_action(action), page);
        }
    }
}
