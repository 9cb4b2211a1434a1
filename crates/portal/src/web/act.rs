//! Steps in a case: ways, fee, relief, correction, joining. Each form hands in once, however often it is sent.
use super::fault::{Fault, overtaken, refused};
use super::form::{Mine, Typed};
use super::generic::{SCOPES, channel, consent_text, scope_choice};
use super::kept::{Sheet, handed_in};
use super::page::{Said, crumb_home, form, key_of, md_hm, page_with, press_key, sandbox_note, see};
use super::receipt::submitted;
use super::visitor::{Me, Visitor};
use crate::act::{Handing, case_number};
use crate::store::cases::{self, Submission};
use crate::store::payments::{Payment, State};
use crate::{Account, Error, Problem};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use exchange::message::View;
use maud::{Markup, html};
use procedure::case::{Channel, Collect, Scope, Side};
use procedure::{CaseId, PaperId, PersonId, Stage};
use ui::form::{Choice, Entry, Field, Many, checkbox, choice_group, hidden, select, text, textarea};
use ui::portal::{CounterBox, counter_box};
use ui::zh::{prose, yuan};
use ui::{Button, Emphasis, Link, Script, button, crumb, link_button, more};
use uuid::Uuid;

/// Parts of the proceeding that are still ahead for who is in a case.
const AHEAD: [Scope; 3] = [Scope::Service, Scope::Answer, Scope::EvidenceExchange];

/// The frame of a page on which a step is taken.
pub fn step_page(v: &Visitor, view: &View, title: &str, problems: &[Problem], step: &str, content: &Markup) -> Response {
    let (overtaken, problems): (Vec<Problem>, Vec<Problem>) = problems.iter().cloned().partition(|problem| problem.field == "version");
    let (status, said) = (Said(if overtaken.is_empty() { &problems } else { &overtaken }).status(), Said(&problems));
    let counter = procedure::step::step(step).map_or("", |step| step.counter);
    let barred = view.barred.iter().find(|(name, _)| name == step).map(|(_, zh)| zh);
    let body = html! {
        (crumb(&view.title, &format!("/case/{}", view.case)))
        h1 { (title) }
        p.case-no.mb-4 { @match &view.number { Some(number) => span { (ui::zh::case_no(number)) }, None => span { "回执 " (view.receipt_no) } } span { (view.court_name) } }
        (said.summary())
        @for problem in &overtaken { (news(view, &problem.zh)) }
        @if let Some(words) = said.of("step").or(barred.map(String::as_str)) { (ui::notice(ui::Tone::Near, &html! { (words) })) }
        (content)
        @if !counter.is_empty() {
            (counter_box(&CounterBox { heading: "不想在网上办？", words: counter, change: ("看怎样到窗口办理", "/guide/counter") }))
        }
    };
    page_with(v, status, &said.title(title), &[Script::Draft, Script::Upload], &body)
}

/// What happened last, above a form that the case has overtaken.
fn news(view: &View, zh: &str) -> Markup {
    html! {
        div.error-summary role="alert" tabindex="-1" {
            h2 { "案件有了新的进展" }
            p { (prose(zh)) }
            ul.stack.gap-2 { @for entry in view.timeline.iter().rev().take(3) { li { (md_hm(entry.at)) " " (entry.what) "：" (prose(&entry.detail)) } } }
        }
    }
}

/// The part of a step's form that nobody types: its key, the version that the page shows and, for an agent of several, a choice
/// for whom it is.
pub fn press(view: &View, said: &Said<'_>) -> Markup {
    let principals: Vec<(String, &str)> = view.principals.iter().map(|(person, name)| (person.to_string(), name.as_str())).collect();
    let rows: Vec<Choice<'_>> = principals.iter().map(|(value, label)| Choice { value, label, ..Choice::default() }).collect();
    html! {
        (press_key())
        (hidden("version", &view.version.to_string()))
        @if rows.len() > 1 { (choice_group(&Field { name: "for", label: "为谁办理", error: said.of("for"), ..Field::default() }, Many::One, &rows)) }
    }
}

/// A press as its form says it.
pub fn handing<'a>(id: Uuid, key: &'a str, v: &'a Visitor, typed: &'a Typed) -> Result<Handing<'a>, Fault> {
    let for_person = match typed.value("for") {
        "" => None,
        person => Some(PersonId::parse(person).ok_or(Fault::Unreadable)?),
    };
    Ok(Handing { case: CaseId(id), key, device: &v.device, seen: typed.number("version"), for_person, code: typed.value("sign_code") })
}

/// One primary button.
pub fn send(label: &str) -> Markup {
    html! { div.btns { (button(&Button { label, emphasis: Emphasis::Primary, ..Button::default() })) } }
}

async fn view_of(v: &Visitor, account: &Account, id: Uuid) -> Result<View, Fault> {
    Ok(v.portal.view(account, CaseId(id)).await?)
}

/// Choices of ways from a posted form: `channel.service=online` and so on.
fn chosen(typed: &Typed) -> Vec<(Scope, Channel)> {
    SCOPES.iter().filter_map(|(scope, name)| Some((*scope, channel(typed.value(&format!("channel.{name}")))?))).collect()
}

fn scope_fields(typed: &[(Scope, Channel)], said: &Said<'_>) -> Markup {
    html! {
        @for (scope, name) in SCOPES.iter().filter(|(scope, _)| AHEAD.contains(scope)) {
            @let kept = typed.iter().find(|(known, _)| known == scope).map(|(_, channel)| *channel);
            (scope_choice(*scope, &format!("channel.{name}"), kept, said))
        }
    }
}

/// GET /case/{id}/choices
pub async fn choices(Path(id): Path<Uuid>, me: Me) -> Result<Response, Fault> {
    let view = view_of(&me.v, &me.account, id).await?;
    let sheet = Sheet::open(&me.v, &me.account).await?;
    Ok(choices_page(&me.v, &view, &sheet, &[]))
}

fn choices_page(v: &Visitor, view: &View, sheet: &Sheet, problems: &[Problem]) -> Response {
    let said = Said(problems);
    let kept = if sheet.is_empty() { view.choices.clone() } else { chosen(&sheet.typed) };
    let content = html! {
        (consent_text())
        div.mt-4 { (sheet.form(v, false, &html! {
            (press(view, &said))
            (scope_fields(&kept, &said))
            (text(&Field {
                name: "address", label: "邮寄送达地址", hint: Some("第一次选电子送达，或者地址有变更的，写到门牌号，重新生成《送达地址确认书》；没有变更的不用填。"),
                value: sheet.typed.value("address"), error: said.of("address"), optional: true, ..Field::default()
            }, Entry::Address))
            (send("确认选择"))
        })) }
    };
    step_page(v, view, "选择怎样办理", problems, "choose_channel", &content)
}

/// POST /case/{id}/choices: `key`, `version`, `channel.*`, `address`.
pub async fn choices_post(Path(id): Path<Uuid>, Mine { v, account, typed }: Mine) -> Result<Response, Fault> {
    let wanted = chosen(&typed);
    let key = key_of(&typed)?;
    match v.portal.choose_channels(&account, handing(id, &key, &v, &typed)?, wanted, typed.value("address")).await {
        Ok(submission) => handed_in(&v, &account, &submission).await,
        Err(error) => {
            let problems = overtaken(error)?;
            Ok(choices_page(&v, &view_of(&v, &account, id).await?, &Sheet::refused(&v, &account, typed).await?, &problems))
        }
    }
}

/// GET /case/{id}/fee
pub async fn fee(Path(id): Path<Uuid>, me: Me) -> Result<Response, Fault> {
    let view = view_of(&me.v, &me.account, id).await?;
    let mut payments = me.v.portal.payments(&me.account, view.case).await?;
    // Whoever comes back from the provider's page sees what came of it.
    if let Some(open) = payments.iter().find(|payment| payment.state == State::Open && !payment.url.is_empty())
        && me.v.portal.look_at_payment(open).await?.is_some()
    {
        payments = me.v.portal.payments(&me.account, view.case).await?;
    }
    fee_page(&me.v, &me.account, &view, &payments, &[]).await
}

async fn fee_page(v: &Visitor, account: &Account, view: &View, payments: &[Payment], problems: &[Problem]) -> Result<Response, Fault> {
    let told = match payments.iter().find_map(|payment| payment.submission) {
        Some(id) => Some(v.portal.submission(account, id).await?),
        None => None,
    };
    let payable = procedure::step::step("pay_fee").is_some_and(|step| step.from.contains(&view.stage));
    // Only a suit that goes on can be lost by not paying.
    let going = matches!(view.stage, Stage::Preparing | Stage::Hearing | Stage::Suspended);
    let content = match &view.fee {
        None => html! { p { "法院还没有通知交费。立案以后会发《交纳诉讼费用通知书》，写明金额和期限。" } },
        Some(fee) => html! {
            p.lead { (view.kind.fee()) " " strong { (yuan(fee.due.0)) } @if fee.halved { "（全额 " (yuan(fee.full.0)) "，减半）" } }
            @if !fee.paid && fee.to_pay() < fee.due { p { "已经交过一部分，还要补交 " strong { (yuan(fee.to_pay().0)) } "。" } }
            (more(&html! { "怎么算的" }, &html! { ul { @for step in &fee.steps { li { (prose(step)) } } } }))
            @if let Some(told) = &told { (paid_before(told)) }
            @if let Some(refund) = fee.refund {
                (ui::notice(ui::Tone::Done, &html! {
                    "您交的钱里有 " strong { (yuan(refund.0)) } " 应当退还，法院自裁判生效之日起十五日内退。《诉讼费用交纳办法》第五十三条 " (ui::rule_id("R-FEE-18"))
                }))
            }
            @else if fee.paid { (ui::notice(ui::Tone::Done, &html! { "已经交了，不用再交。" })) }
            @else if !payable { p.mt-3 { "本案在这个法院的程序已经结束，不用再交。" } }
            @else if !fee.yours { p.mt-3 { "这笔费用由" (view.kind.side(Side::Plaintiff)) "预交。" } }
            @else {
                @if fee.relief_pending { (ui::notice(ui::Tone::Todo, &html! { "您申请的缓交、减交、免交，法院正在审查，结果出来以前不用交。" })) }
                @if told.as_ref().is_none_or(|told| told.over(view.version)) { (online(v, view, payments)) }
                section aria-labelledby="bank" {
                    h2 id="bank" { "到银行或者窗口交" }
                    p { "按《交纳诉讼费用通知书》上的账户转账，用途写明案号和原告姓名；把银行回单交到窗口，工作人员登记。" }
                    @if going { p { "逾期不交，又没有申请缓交、减交、免交，或者申请没有获得批准仍不交的，按撤诉处理。" } }
                }
                @if view.steps.iter().any(|step| step == "request_fee_relief") {
                    div.btns.mt-4 { (link_button(&Link { label: "申请缓交、减交、免交", href: &format!("/case/{}/relief", view.case), ..Link::default() })) }
                }
            }
        },
    };
    Ok(step_page(v, view, &format!("交纳{}", view.kind.fee()), problems, "pay_fee", &content))
}

/// What became of money that came in before.
fn paid_before(told: &Submission) -> Markup {
    let (tone, words) = match told.state {
        cases::State::Awaiting => (ui::Tone::Todo, "您已经付款，正在等法院登记。"),
        cases::State::Done => (ui::Tone::Done, "法院已经登记您的付款。"),
        cases::State::Refused | cases::State::Stale => (ui::Tone::Near, "您付的一笔款法院没有入账，由工作人员退还。"),
    };
    ui::notice(tone, &html! { (words) " " a href={ "/receipt/" (told.receipt_no) } { "看回执 " (told.receipt_no) } })
}

/// 网上交费: the order, and where it is paid.
fn online(v: &Visitor, view: &View, payments: &[Payment]) -> Markup {
    let Some(provider) = &v.portal.config().payment else { return Markup::default() };
    let open = payments.iter().find(|payment| payment.state == State::Open && !payment.url.is_empty());
    html! {
        section aria-labelledby="online" {
            h2 id="online" { "网上交费" }
            @if provider.is_sandbox() { (sandbox_note("这是模拟的支付机构，不会扣任何钱。")) }
            @if let (Some(open), false) = (open, provider.is_sandbox()) {
                p { "订单已经开好，到支付机构的页面付款；付好以后回到这里。" }
                div.btns { (link_button(&Link { label: "去付款", href: &open.url, emphasis: Emphasis::Primary, ..Link::default() })) }
            } @else {
                (form(v, &format!("/case/{}/fee", view.case), &html! { (press_key()) (ui::form::hidden("pay", "yes")) (send(if provider.is_sandbox() { "去支付（模拟）" } else { "网上交费" })) }))
            }
        }
    }
}

/// POST /case/{id}/fee: `pay`; an order, and the way to where it is paid.
pub async fn fee_post(Path(id): Path<Uuid>, Mine { v, account, .. }: Mine) -> Result<Response, Fault> {
    match v.portal.order_fee(&account, CaseId(id), &v.device).await {
        Ok(payment) if v.json => Ok(axum::response::IntoResponse::into_response(axum::Json(
            serde_json::json!({ "payment": payment.id, "url": payment.url, "amount": payment.amount }),
        ))),
        // A page of another house is gone to by a link: forms stay here.
        Ok(payment) => Ok(see(match payment.url.strip_prefix(&v.portal.config().public_url) {
            Some(own) => own,
            None => &v.path,
        })),
        Err(error) => {
            let problems = refused(error)?;
            let view = view_of(&v, &account, id).await?;
            let payments = v.portal.payments(&account, view.case).await?;
            fee_page(&v, &account, &view, &payments, &problems).await
        }
    }
}

/// GET /case/{id}/insist
pub async fn insist(Path(id): Path<Uuid>, me: Me) -> Result<Response, Fault> {
    let view = view_of(&me.v, &me.account, id).await?;
    Ok(insist_page(&me.v, &view, &Sheet::open(&me.v, &me.account).await?, &[]))
}

fn insist_page(v: &Visitor, view: &View, sheet: &Sheet, problems: &[Problem]) -> Response {
    let said = Said(problems);
    let content = html! {
        p.intro { (prose("法院认为材料需要补正，您认为不需要、坚持起诉的，写明理由告诉法院。不符合起诉条件的，法院裁定不予受理；不服的，可以在裁定书送达之日起十日内上诉。《登记立案规定》第七条 R-FIL-12")) }
        (sheet.form(v, false, &html! {
            (press_key())
            (textarea(&Field { name: "reason", label: "为什么坚持起诉", value: sheet.typed.value("reason"), error: said.of("reason"), ..Field::default() }, 5))
            (send("坚持起诉"))
        }))
    };
    step_page(v, view, "坚持起诉", problems, "insist_on_filing", &content)
}

/// POST /case/{id}/insist: `key`, `reason`.
pub async fn insist_post(Path(id): Path<Uuid>, Mine { v, account, typed }: Mine) -> Result<Response, Fault> {
    let key = key_of(&typed)?;
    match v.portal.insist(&account, handing(id, &key, &v, &typed)?, typed.value("reason")).await {
        Ok(submission) => handed_in(&v, &account, &submission).await,
        Err(error) => {
            let problems = overtaken(error)?;
            Ok(insist_page(&v, &view_of(&v, &account, id).await?, &Sheet::refused(&v, &account, typed).await?, &problems))
        }
    }
}

/// GET /paper/{id}/copy: a paper that was served electronically, wanted on paper (R-SVC-10).
pub async fn copy(Path(id): Path<Uuid>, me: Me) -> Result<Response, Fault> {
    copy_page(&me.v, &me.account, PaperId(id), &[]).await
}

async fn copy_page(v: &Visitor, account: &Account, id: PaperId, problems: &[Problem]) -> Result<Response, Fault> {
    let (row, _) = v.portal.paper_file(account, id).await?;
    let view = view_of(v, account, row.paper.case.0).await?;
    let said = Said(problems);
    let rows = [("post", "邮寄给我", "寄到您确认的送达地址"), ("collect", "到法院领取", "带身份证到诉讼服务中心窗口")];
    let rows = rows.map(|(value, label, hint)| Choice { value, label, hint: Some(hint), ..Choice::default() });
    let content = html! {
        p.intro { (prose(&format!("《{}》已经电子送达，送达日期不变；法院另外给您一份纸质的。R-SVC-10", row.paper.name))) }
        (form(v, &format!("/paper/{id}/copy"), &html! {
            (press_key())
            (choice_group(&Field { name: "how", label: "怎样取得", error: said.of("how"), ..Field::default() }, Many::One, &rows))
            (send("要纸质的"))
        }))
    };
    Ok(step_page(v, &view, "要纸质的", problems, "request_paper_copy", &content))
}

/// POST /paper/{id}/copy: `key`, `how`.
pub async fn copy_post(Path(id): Path<Uuid>, Mine { v, account, typed }: Mine) -> Result<Response, Fault> {
    let how = match typed.value("how") {
        "post" => Some(Collect::Post),
        "collect" => Some(Collect::Collect),
        _ => None,
    };
    let Some(how) = how else {
        return copy_page(&v, &account, PaperId(id), &[Problem { field: "how".into(), zh: "请选择邮寄还是到法院领取。".into() }]).await;
    };
    let key = key_of(&typed)?;
    // The case is the paper's own.
    match v.portal.request_paper_copy(&account, handing(id, &key, &v, &typed)?, PaperId(id), how).await {
        Ok(submission) => Ok(submitted(&v, &submission)),
        // The paper is chosen by its page: what is wrong with it is said above the form.
        Err(error) => {
            let said = refused(error)?.into_iter();
            let problems: Vec<_> =
                said.map(|problem| if problem.field == "id" { Problem { field: "step".into(), ..problem } } else { problem }).collect();
            copy_page(&v, &account, PaperId(id), &problems).await
        }
    }
}

/// GET /case/{id}/relief
pub async fn relief(Path(id): Path<Uuid>, me: Me) -> Result<Response, Fault> {
    let view = view_of(&me.v, &me.account, id).await?;
    Ok(relief_page(&me.v, &view, &Sheet::open(&me.v, &me.account).await?, &[]))
}

fn relief_page(v: &Visitor, view: &View, sheet: &Sheet, problems: &[Problem]) -> Response {
    let said = Said(problems);
    let content = html! {
        p.intro { (prose("交费确有困难的，可以申请缓交、减交、免交。申请以后，在法院决定以前不按撤诉处理。《诉讼费用交纳办法》第四十四条至第五十一条 R-FEE-21")) }
        (sheet.form(v, false, &html! {
            (press(view, &said))
            (textarea(&Field { name: "reason", label: "为什么交费有困难", hint: Some("例如 低保、重病、失业，写明收入和负担；证明材料可以带到窗口。"), value: sheet.typed.value("reason"), error: said.of("reason"), ..Field::default() }, 5))
            (send("提交申请"))
        }))
    };
    step_page(v, view, "申请缓交、减交、免交", problems, "request_fee_relief", &content)
}

/// POST /case/{id}/relief: `key`, `reason`.
pub async fn relief_post(Path(id): Path<Uuid>, Mine { v, account, typed }: Mine) -> Result<Response, Fault> {
    let key = key_of(&typed)?;
    match v.portal.request_relief(&account, handing(id, &key, &v, &typed)?, typed.value("reason")).await {
        Ok(submission) => handed_in(&v, &account, &submission).await,
        Err(error) => {
            let problems = overtaken(error)?;
            Ok(relief_page(&v, &view_of(&v, &account, id).await?, &Sheet::refused(&v, &account, typed).await?, &problems))
        }
    }
}

/// GET /case/{id}/correction: the remarks, then the draft that mends them (R-FIL-12).
pub async fn correction(Path(id): Path<Uuid>, me: Me) -> Result<Response, Fault> {
    let view = view_of(&me.v, &me.account, id).await?;
    Ok(correction_page(&me.v, &view, &[]))
}

fn correction_page(v: &Visitor, view: &View, problems: &[Problem]) -> Response {
    let open = view.steps.iter().any(|step| step == "submit_correction");
    let until = view.duties.iter().find(|duty| duty.step.as_deref() == Some("submit_correction")).and_then(|duty| duty.until);
    let content = html! {
        @if !open && problems.is_empty() { p { "这个案件现在不需要补正。" } }
        @if open {
            p.intro { "法院一次性告诉您要补的都在这里。填过的内容和材料都保留着，只改要补的。" }
            @if let Some(until) = until { p { strong { "最迟 " (ui::zh::date_zh(until)) } "，补齐后重新提交；材料补齐后，法院重新计算 7 日决定是否立案。" } }
            ol.stack.numbered.gap-3.mt-4 { @for remark in &view.remarks { li {
                strong { (remark.label) } @if let Some(page) = remark.page { "，第 " (page) " 页" } br;
                (prose(&remark.remark)) " " (ui::rule_id(&remark.rule))
            } } }
            div.mt-4 { (form(v, &format!("/case/{}/correct", view.case), &send("开始补正"))) }
        }
    };
    step_page(v, view, "按法院意见补正", problems, "submit_correction", &content)
}

/// POST /case/{id}/correct: opens the draft that mends the filing; submitted as any draft.
pub async fn correction_post(Path(id): Path<Uuid>, Mine { v, account, .. }: Mine) -> Result<Response, Fault> {
    match v.portal.begin_correction(&account, CaseId(id)).await {
        Ok(draft) if v.json => Ok(axum::response::IntoResponse::into_response((
            StatusCode::CREATED,
            axum::Json(serde_json::json!({ "draft": draft.id, "url": format!("/file/{}/review", draft.id) })),
        ))),
        Ok(draft) => Ok(see(&format!("/file/{}/review", draft.id))),
        Err(error) => {
            let problems = refused(error)?;
            Ok(correction_page(&v, &view_of(&v, &account, id).await?, &problems))
        }
    }
}

/// GET /join
pub async fn join(asked: super::form::Asked) -> Result<Response, Fault> {
    let Me { v, account } = asked.me;
    let mut sheet = Sheet::open(&v, &account).await?;
    // The code that was scanned just now goes before one that was typed once.
    sheet.typed.0.splice(0..0, asked.query.0);
    Ok(join_page(&v, &account, &sheet, &[]))
}

fn join_page(v: &Visitor, account: &Account, sheet: &Sheet, problems: &[Problem]) -> Response {
    let (said, typed) = (Said(problems), &sheet.typed);
    let courts: Vec<(String, String)> = v.portal.config().courts.iter().map(|code| (code.clone(), v.portal.court_name(code))).collect();
    let mut options: Vec<(&str, &str)> = if courts.len() > 1 { vec![("", "请选择")] } else { vec![] };
    options.extend(courts.iter().map(|(code, name)| (code.as_str(), name.as_str())));
    let content = html! {
        (said.summary())
        (select(&Field { name: "court", label: "哪个法院寄来的", value: typed.value("court"), error: said.of("court"), ..Field::default() }, &options))
        (text(&Field {
            name: "code", label: "加入码", hint: Some("印在《在线参加诉讼告知书》上，由字母和数字组成；也可以用手机扫上面的二维码。受当事人委托的代理人，填案号或者收件编号。"), value: typed.value("code"),
            error: said.of("code"), private: true, ..Field::default()
        }, Entry::Text))
        (consent_text())
        (scope_fields(&chosen(typed), &said))
        (text(&Field {
            name: "address", label: "邮寄送达地址", hint: Some("写到门牌号。不选电子送达，或者电子送达不成功的，文书寄到这里。"), value: typed.value("address"),
            error: said.of("address"), ..Field::default()
        }, Entry::Address))
        (checkbox(&Field { name: "consent", label: "我已看过上面的说明，以上选择由我本人确认", value: typed.value("consent"), error: said.of("consent"), ..Field::default() }, "yes"))
        (send("加入案件"))
    };
    let body = html! {
        (crumb_home())
        h1 { "加入案件" }
        p.intro { "收到法院寄来的起诉状副本等材料的，凭加入码把案件关联到您的账号，在手机上看材料、答辩、交证据。收到后三日内办理；不办的，法院按邮寄等方式送达，不影响您的权利。" }
        @if !account.real_name.may_act() { (ui::notice(ui::Tone::Soon, &html! { "加入以前要先" a href="/account" { "实名认证" } "。" })) }
        (sheet.form(v, false, &content))
        (counter_box(&CounterBox { heading: "不想在网上办？", words: "不用加入。拿着收到的材料到法院窗口，或者打 12368 说明。", change: ("看怎样到窗口办理", "/guide/counter") }))
    };
    page_with(v, said.status(), &said.title("加入案件"), &[Script::Draft], &body)
}

/// POST /join: `court`, `code`, `channel.*`, `address`, `consent`.
pub async fn join_post(Mine { v, account, typed }: Mine) -> Result<Response, Fault> {
    let wanted = chosen(&typed);
    let mut problems = vec![];
    // An agent chooses nothing by joining: the ways are his principal's.
    let agent = case_number(typed.value("code")).is_some();
    for (scope, name) in SCOPES.iter().filter(|(scope, _)| AHEAD.contains(scope) && !agent) {
        if !wanted.iter().any(|(known, _)| known == scope) {
            problems.push(Problem { field: format!("channel.{name}"), zh: "请选择在网上办还是到窗口办。".into() });
        }
    }
    if !agent && typed.value("address").chars().count() < 5 {
        problems.push(Problem { field: "address".into(), zh: "请填写能寄到的地址，写到门牌号。".into() });
    }
    if typed.value("consent") != "yes" {
        problems.push(Problem { field: "consent".into(), zh: "请看过说明以后勾选确认。".into() });
    }
    let joined = if problems.is_empty() {
        v.portal.join(&account, typed.value("court"), typed.value("code"), wanted, typed.value("address"), &v.device).await
    } else {
        Err(Error::Input(problems))
    };
    match joined {
        Ok(submission) => handed_in(&v, &account, &submission).await,
        Err(error) => Ok(join_page(&v, &account, &Sheet::refused(&v, &account, typed).await?, &refused(error)?)),
    }
}
