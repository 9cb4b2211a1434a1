//! 登录、注册、重设密码、我的账号. A code follows each password; the form says what to do where it is refused.
use super::around::add_cookie;
use super::fault::{Fault, refused};
use super::form::{Mine, Posted, Query, Typed};
use super::page::{Said, crumb_home, form, local, md_hm, page, page_with, percent, sandbox_note, see};
use super::visitor::{Me, Visitor, session_cookie, set_cookie};
use crate::account::{Purpose, Session};
use crate::store::accounts::RealName;
use crate::store::messages::Message;
use crate::{Problem, SignIn};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use ui::form::{Entry, Field, checkbox, hidden, text};
use ui::portal::{CounterBox, counter_box};
use ui::zh::prose;
use ui::{Button, Emphasis, Fact, Link, button, kv, link_button, panel};

/// Twelve hours, as long as the session itself.
const COOKIE_SECONDS: i64 = 12 * 3600;

fn main_button(label: &str) -> Markup {
    html! { div.btns { (button(&Button { label, emphasis: Emphasis::Primary, ..Button::default() })) } }
}

/// GET /login
pub async fn login(asked: Query) -> Response {
    let (v, next) = (&asked.v, local(asked.query.value("next")));
    if v.account.is_some() {
        return see(next);
    }
    sign_in(v, StatusCode::OK, next, &[], "", Said::default(), asked.query.value("reset") == "done")
}

/// The sign-in form in the place of a page that needs a person; what was typed there comes along.
pub fn sign_in_page(v: &Visitor, status: StatusCode, typed: &[(String, String)]) -> Response {
    let next = super::interview::page_of_action(local(&v.path));
    sign_in(v, status, &next, typed, "", Said::default(), false)
}

fn sign_in(v: &Visitor, status: StatusCode, next: &str, typed: &[(String, String)], phone: &str, said: Said<'_>, reset: bool) -> Response {
    let content = html! {
        (said.summary())
        (hidden("next", next))
        @if !typed.is_empty() { (hidden("kept", &kept_text(typed))) }
        (text(&Field { name: "phone", label: "手机号", value: phone, error: said.of("phone"), ..Field::default() }, Entry::Phone))
        (text(&Field { name: "password", label: "密码", error: said.of("password"), ..Field::default() }, Entry::Password))
        (main_button("登录"))
    };
    let body = html! {
        (crumb_home())
        h1 { "登录" }
        @if v.ended && !typed.is_empty() { (ui::notice(ui::Tone::Soon, &html! { "登录已经过期，请重新登录。您刚才填写的内容登录以后还在；选好还没有上传的文件要重新选择。" })) }
        @else if v.ended { (ui::notice(ui::Tone::Soon, &html! { "登录已经过期，请重新登录。已经保存的内容都在。" })) }
        @else if status == StatusCode::UNAUTHORIZED { (ui::notice(ui::Tone::Plain, &html! { "这个页面要登录以后才能看。登录后会回到这里。" })) }
        @if reset { (ui::notice(ui::Tone::Done, &html! { "新密码已经设好，请用新密码登录。" })) }
        (form(v, "/login", &content))
        p.mt-4 { "还没有账号？" a href={ "/register?next=" (percent(next)) } { "用手机号注册" } }
        p { a.crumb href="/reset" { "忘记密码" } }
        (no_phone())
    };
    page_with(v, status, &said.title("登录"), &[], &body)
}

fn no_phone() -> Markup {
    counter_box(&CounterBox {
        heading: "没有手机，或者不想在网上办？",
        words: "带身份证到法院诉讼服务中心窗口，每一步都可以由工作人员帮您办。",
        change: ("看怎样到窗口办理", "/guide/counter"),
    })
}

/// What was typed on the page that asked for a sign-in, as one hidden field.
fn kept_text(typed: &[(String, String)]) -> String {
    serde_json::to_string(typed).unwrap_or_default()
}

/// POST /login: telephone and password, then a code.
pub async fn login_post(Posted { v, typed }: Posted) -> Result<Response, Fault> {
    let next = local(typed.value("next"));
    match v.portal.sign_in(typed.value("phone"), typed.value("password")).await {
        Ok(begun) => Ok(code_page(&v, Purpose::SignIn, &begun, &typed, &Said::default())),
        Err(error) => {
            let problems = refused(error)?;
            let kept: Vec<(String, String)> = serde_json::from_str(typed.value("kept")).unwrap_or_default();
            Ok(sign_in(&v, StatusCode::UNPROCESSABLE_ENTITY, next, &kept, typed.value("phone"), Said(&problems), false))
        }
    }
}

/// The page that asks for the code: after signing in, for a new account, for a new password.
fn code_page(v: &Visitor, purpose: Purpose, begun: &SignIn, typed: &Typed, said: &Said<'_>) -> Response {
    let (title, action, verb) = match purpose {
        Purpose::SignIn => ("输入验证码", "/login/code", "登录"),
        Purpose::SignUp => ("验证手机，设置密码", "/register/code", "注册"),
        Purpose::Reset => ("验证手机，设置新密码", "/reset/code", "设置新密码"),
        Purpose::Email => ("确认电子邮箱", "/account/email/code", "确认邮箱"),
    };
    let (sent_to, label) =
        if purpose == Purpose::Email { (begun.phone.clone(), "邮件验证码") } else { (crate::account::masked(&begun.phone), "短信验证码") };
    let hint = format!("已发到 {sent_to}，5 分钟内有效。");
    let content = html! {
        (said.summary())
        (hidden("ticket", &begun.ticket)) (hidden("phone", &begun.phone)) (hidden("next", local(typed.value("next"))))
        @if !typed.value("kept").is_empty() { (hidden("kept", typed.value("kept"))) }
        (text(&Field { name: "code", label, hint: Some(&hint), error: said.of("code").or(said.of("phone")), ..Field::default() }, Entry::Code))
        @if matches!(purpose, Purpose::SignUp | Purpose::Reset) {
            (text(&Field { name: "password", label: "密码", hint: Some("至少 8 位，不能全是数字。"), error: said.of("password"), ..Field::default() }, Entry::Password))
        }
        (main_button(verb))
    };
    let body = html! {
        (crumb_home())
        h1 { (title) }
        @if v.portal.is_demo() {
            (sandbox_note("验证码没有真的发出。"))
            p { a.crumb href={ "/sandbox/phone?phone=" (percent(&begun.phone)) } { "看模拟手机收到的消息" } }
        }
        (form(v, action, &content))
        p.mt-4 { "没有收到？等 60 秒后" a href=(match purpose { Purpose::SignIn => "/login", Purpose::SignUp => "/register", Purpose::Reset => "/reset", Purpose::Email => "/account" }) { "重新获取" } "。" }
    };
    let status = said.status();
    page_with(v, status, &said.title(title), &[], &body)
}

fn begun(typed: &Typed) -> SignIn {
    SignIn { ticket: typed.value("ticket").to_owned(), phone: typed.value("phone").to_owned() }
}

/// POST /login/code
pub async fn login_code(Posted { v, typed }: Posted) -> Result<Response, Fault> {
    match v.portal.finish_sign_in(typed.value("ticket"), typed.value("code")).await {
        Ok(session) => signed_in(&v, &session, &typed).await,
        Err(error) => Ok(code_page(&v, Purpose::SignIn, &begun(&typed), &typed, &Said(&refused(error)?))),
    }
}

/// Sets the cookie and goes where the person wanted to be, with what he had typed there.
async fn signed_in(v: &Visitor, session: &Session, typed: &Typed) -> Result<Response, Fault> {
    let next = local(typed.value("next"));
    let kept: Vec<(String, String)> = serde_json::from_str(typed.value("kept")).unwrap_or_default();
    if let (false, Some(account)) = (kept.is_empty(), v.portal.session(&session.token).await?) {
        super::interview::keep_after_sign_in(&v.portal, &account, next, kept).await;
    }
    let secure = v.portal.config().secure;
    let mut response = see(if next == "/login" { "/" } else { next });
    add_cookie(&mut response, &set_cookie(session_cookie(secure), &session.token, Some(COOKIE_SECONDS), secure));
    Ok(response)
}

fn phone_form(v: &Visitor, title: &str, action: &str, words: &str, typed: &Typed, said: &Said<'_>) -> Response {
    let content = html! {
        (said.summary())
        (hidden("next", local(typed.value("next"))))
        (text(&Field { name: "phone", label: "手机号", hint: Some("11 位，用来收验证码和法院的通知。"), value: typed.value("phone"), error: said.of("phone"), ..Field::default() }, Entry::Phone))
        (main_button("获取验证码"))
    };
    let body = html! {
        (crumb_home())
        h1 { (title) }
        p.intro { (words) }
        (form(v, action, &content))
        p.mt-4 { a.crumb href="/login" { "已经有账号，去登录" } }
        (no_phone())
    };
    page_with(v, said.status(), &said.title(title), &[], &body)
}

const REGISTER: &str = "先用手机号开一个账号，再实名认证，就可以在网上立案、看案件、收文书。";
const RESET: &str = "用注册时的手机号收验证码，再设新密码。设好以后，其他设备上的登录都会退出。";

/// GET /register
pub async fn register(asked: Query) -> Response {
    phone_form(&asked.v, "注册", "/register", REGISTER, &asked.query, &Said::default())
}

/// POST /register
pub async fn register_post(Posted { v, typed }: Posted) -> Result<Response, Fault> {
    match v.portal.send_code(typed.value("phone"), Purpose::SignUp).await {
        Ok(begun) => Ok(code_page(&v, Purpose::SignUp, &begun, &typed, &Said::default())),
        Err(error) => Ok(phone_form(&v, "注册", "/register", REGISTER, &typed, &Said(&refused(error)?))),
    }
}

/// POST /register/code
pub async fn register_code(Posted { v, typed }: Posted) -> Result<Response, Fault> {
    match v.portal.sign_up(typed.value("ticket"), typed.value("code"), typed.value("password")).await {
        Ok(session) => {
            let mut next = typed.clone();
            if local(typed.value("next")) == "/" {
                next.0.retain(|(name, _)| name != "next");
                next.0.push(("next".into(), "/account".into()));
            }
            signed_in(&v, &session, &next).await
        }
        Err(error) => Ok(code_page(&v, Purpose::SignUp, &begun(&typed), &typed, &Said(&refused(error)?))),
    }
}

/// GET /reset
pub async fn reset(asked: Query) -> Response {
    phone_form(&asked.v, "重设密码", "/reset", RESET, &asked.query, &Said::default())
}

/// POST /reset
pub async fn reset_post(Posted { v, typed }: Posted) -> Result<Response, Fault> {
    match v.portal.send_code(typed.value("phone"), Purpose::Reset).await {
        Ok(begun) => Ok(code_page(&v, Purpose::Reset, &begun, &typed, &Said::default())),
        Err(error) => Ok(phone_form(&v, "重设密码", "/reset", RESET, &typed, &Said(&refused(error)?))),
    }
}

/// POST /reset/code
pub async fn reset_code(Posted { v, typed }: Posted) -> Result<Response, Fault> {
    match v.portal.reset_password(typed.value("ticket"), typed.value("code"), typed.value("password")).await {
        Ok(()) => Ok(see("/login?reset=done")),
        Err(error) => Ok(code_page(&v, Purpose::Reset, &begun(&typed), &typed, &Said(&refused(error)?))),
    }
}

/// POST /logout
pub async fn logout(Posted { v, .. }: Posted) -> Result<Response, Fault> {
    if let Some(token) = &v.session {
        v.portal.sign_out(token).await?;
    }
    let secure = v.portal.config().secure;
    let mut response = see("/");
    add_cookie(&mut response, &set_cookie(session_cookie(secure), "", Some(0), secure));
    Ok(response)
}

/// GET /account
pub async fn account(me: Me) -> Result<Response, Fault> {
    account_page(&me.v, &me.account, &Typed::default(), &[]).await
}

async fn account_page(v: &Visitor, account: &crate::Account, typed: &Typed, problems: &[Problem]) -> Result<Response, Fault> {
    let lost = v.portal.lost_notices(account.id).await?;
    let said = Said(problems);
    let facts = [
        Fact { key: "手机号", value: html! { (account.masked_phone()) } },
        Fact { key: "姓名", value: html! { @if account.name.is_empty() { "还没有实名认证" } @else { (account.name) } } },
        Fact { key: "身份证号", value: html! { @if account.number.is_empty() { "—" } @else { (account.masked_number()) } } },
        Fact { key: "实名状态", value: html! { (state_badge(account)) } },
        Fact { key: "注册时间", value: html! { (md_hm(account.created)) } },
    ];
    let email = html! {
        (text(&Field {
            name: "email", label: "电子邮箱", optional: true,
            hint: Some("可以不填。用邮件里的验证码确认以后，短信提醒也会发到这里。提醒不是送达，文书以收件箱为准。"),
            value: if typed.has("email") { typed.value("email") } else { &account.email }, error: said.of("email"), ..Field::default()
        }, Entry::Email))
        div.btns { (button(&Button { label: "保存邮箱", ..Button::default() })) }
    };
    let mode = |label, href| link_button(&Link { label, href, ..Link::default() });
    let body = html! {
        (crumb_home())
        h1 { "我的账号" }
        (said.summary())
        (panel("facts", "账号信息", &kv(&facts, false)))
        @if !account.real_name.may_act() { (real_name(v, account, typed, &said)) }
        section aria-labelledby="mail" {
            h2 id="mail" { "接收提醒" }
            @if !lost.is_empty() { (lost_notices(&lost)) }
            (form(v, "/account/email", &email))
        }
        section aria-labelledby="show" {
            h2 id="show" { "显示方式" }
            div.btns {
                @if v.mode.elder { (mode("换回常规版", "?mode=normal")) } @else { (mode("大字版", "?mode=elder")) }
                @if v.mode.high_contrast { (mode("换回常规对比度", "?contrast=normal")) } @else { (mode("高对比度", "?contrast=high")) }
            }
        }
        section aria-labelledby="out" {
            h2 id="out" { "退出" }
            p { "用的是别人的手机或者公用电脑，办完请退出。" }
            (form(v, "/logout", &html! { div.btns { (button(&Button { label: "退出登录", ..Button::default() })) } }))
        }
    };
    Ok(page_with(v, said.status(), &said.title("我的账号"), &[], &body))
}

/// Reminders that never went out: the papers are in the inbox all the same.
fn lost_notices(lost: &[Message]) -> Markup {
    ui::notice(
        ui::Tone::Near,
        &html! {
            "有提醒没有发出去，请核对手机号和邮箱；法院的文书都在收件箱里，不受影响。"
            ul { @for message in lost { li { (md_hm(message.created)) "，发往 " (crate::account::masked(&message.phone)) } } }
        },
    )
}

fn state_badge(account: &crate::Account) -> Markup {
    match account.real_name {
        RealName::None => ui::badge(ui::Tone::Soon, "未认证"),
        RealName::Sandbox => ui::badge(ui::Tone::Done, "已实名认证（演示）"),
        RealName::Confirmed => html! {
            (ui::badge(ui::Tone::Done, "已实名认证"))
            @if let Some(at) = account.confirmed_at { " " span.small { (account.confirmed_by) "，" (prose(&super::page::moment(at))) } }
        },
        RealName::Face => ui::badge(ui::Tone::Todo, "还差刷脸"),
        RealName::Counter => ui::badge(ui::Tone::Todo, "等窗口核对身份证"),
    }
}

/// 实名认证: the authority, and the counter as the equal second way (R-IDC-01, R-IDC-06).
fn real_name(v: &Visitor, account: &crate::Account, typed: &Typed, said: &Said<'_>) -> Markup {
    let authority = &v.portal.config().authority;
    let (sandbox, face) = (authority.is_sandbox(), authority.has_face());
    let value = |name, kept: &str| if typed.has(name) { typed.value(name).to_owned() } else { kept.to_owned() };
    let (name, number) = (value("name", &account.name), value("number", &account.number));
    let content = html! {
        (text(&Field { name: "name", label: "姓名", hint: Some("和身份证上的一致"), value: &name, error: said.of("name"), ..Field::default() }, Entry::Name))
        (text(&Field { name: "number", label: "身份证号", hint: Some("18 位，末位可能是 X"), value: &number, error: said.of("number"), ..Field::default() }, Entry::IdNumber))
        @if face {
            (checkbox(&Field { name: "face", label: "同意刷脸核验", value: typed.value("face"), error: said.of("face"), hint: Some(if sandbox { SANDBOX_FACE } else { FACE }), ..Field::default() }, "yes"))
        }
        (main_button(if face { "实名认证" } else { "登记，到窗口核对" }))
    };
    html! {
        section aria-labelledby="real" {
            h2 id="real" { "实名认证" }
            @if sandbox { (sandbox_note("这里的认证机构是模拟的，只核对身份证号的写法，没有法律效力。请不要填真实的身份证号。")) }
            @if account.real_name == RealName::Counter { (at_counter(v, account)) }
            @if account.real_name == RealName::Face { (face_step(v, account)) }
            p.mt-3 { "起诉、答辩、签名前，要确认是您本人。" }
            (form(v, "/account", &content))
            (counter_box(&CounterBox {
                heading: "不方便在网上认证？", words: "带身份证到法院诉讼服务中心窗口，工作人员当面核对，效力一样。",
                change: ("看怎样到窗口办理", "/guide/counter"),
            }))
        }
    }
}

const FACE: &str = "刷脸在认证机构的页面上进行，本平台不保存人脸。不同意的，不勾选，到窗口核对身份证，一样可以办。";
const SANDBOX_FACE: &str = "演示里刷脸只是模拟，不打开相机，也不采集人脸。不同意的，不勾选，到窗口核对身份证，一样可以办。";

/// 窗口核对: what to say there, and where it is.
fn at_counter(v: &Visitor, account: &crate::Account) -> Markup {
    let courts: Vec<_> = v.portal.config().courts.iter().filter_map(|code| v.portal.law().courts.by_code(code)).collect();
    ui::notice(
        ui::Tone::Plain,
        &html! {
            p { "已经登记。请本人带身份证原件，工作日到下面任何一家法院的诉讼服务中心窗口，报核对编号。工作人员核对后就可以在网上办理。" }
            p.muted.small.mt-3 { "核对编号" }
            p.figure { (grouped(&account.reference)) }
            ul { @for court in courts { li { (court.short_name) @if let Some(address) = &court.address { "，" (address) } @if let Some(phone) = &court.phone { "，电话 " (phone) } } } }
        },
    )
}

/// 刷脸: done on the authority's own page, then asked for here.
fn face_step(v: &Visitor, account: &crate::Account) -> Markup {
    html! {
        (ui::notice(ui::Tone::Todo, &html! { "还差一步：在认证机构的页面上刷脸，做完以后回到这里。" }))
        div.btns { (link_button(&Link { label: "去刷脸", href: &account.face, emphasis: Emphasis::Primary, ..Link::default() })) }
        (form(v, "/account/face", &html! { (hidden("done", "yes")) div.btns { (button(&Button { label: "刷好了，看结果", ..Button::default() })) } }))
    }
}

/// Four and four, as it is read out.
fn grouped(reference: &str) -> String {
    match reference.split_at_checked(4) {
        Some((first, rest)) if !rest.is_empty() => format!("{first}-{rest}"),
        Some(_) | None => reference.to_owned(),
    }
}

/// POST /account/face: the face step was done, or the person says so.
pub async fn face_post(Mine { v, account, .. }: Mine) -> Result<Response, Fault> {
    match v.portal.register_again(&account).await {
        Ok(_) => Ok(see("/account")),
        Err(error) => account_page(&v, &account, &Typed::default(), &refused(error)?).await,
    }
}

/// POST /account: name, number, face.
pub async fn account_post(Mine { v, account, typed }: Mine) -> Result<Response, Fault> {
    let face = typed.value("face") == "yes";
    match v.portal.register(account.id, typed.value("name"), typed.value("number"), face).await {
        Ok(_) if v.json => Ok(axum::Json(serde_json::json!({ "ok": true })).into_response()),
        Ok(_) => Ok(see("/account")),
        Err(error) => account_page(&v, &account, &typed, &refused(error)?).await,
    }
}

/// POST /account/email: a code goes there; left empty, no mailbox gets messages.
pub async fn email_post(Mine { v, account, typed }: Mine) -> Result<Response, Fault> {
    let email = typed.value("email");
    if email.is_empty() {
        v.portal.drop_email(account.id).await?;
        return Ok(see("/account"));
    }
    if email == account.email {
        return Ok(see("/account"));
    }
    match v.portal.ask_email(email).await {
        Ok(begun) => Ok(code_page(&v, Purpose::Email, &begun, &typed, &Said::default())),
        Err(error) => account_page(&v, &account, &typed, &refused(error)?).await,
    }
}

/// POST /account/email/code: `ticket`, `phone`, `code`
pub async fn email_code(Mine { v, account, typed }: Mine) -> Result<Response, Fault> {
    match v.portal.confirm_email(account.id, typed.value("ticket"), typed.value("code")).await {
        Ok(()) => Ok(see("/account")),
        Err(error) => Ok(code_page(&v, Purpose::Email, &begun(&typed), &typed, &Said(&refused(error)?))),
    }
}

/// GET /reads: what was opened with this account, and by which device.
pub async fn reads(me: Me) -> Result<Response, Fault> {
    let id = me.account.id;
    let reads = me.v.portal.db().read(move |tx| crate::store::accounts::reads(tx, id)).await?;
    let rows: Vec<Vec<Markup>> = reads
        .into_iter()
        .map(|(what, at, device, granted)| {
            vec![
                html! { (what) },
                html! { (ui::zh::prose(&super::page::moment(at))) " " span.nowrap.muted { (short_device(&device)) } },
                html! { span.nowrap { @if granted { "允许" } @else { "拒绝" } } },
            ]
        })
        .collect();
    let column = |heading| ui::Column { heading, ..ui::Column::default() };
    let body = html! {
        (crumb_home())
        h1 { "谁看过我的卷宗" }
        p.intro { "用您的账号打开过的文书和卷宗材料，每一次都记在这里。不是您本人打开的，请马上改密码，并打 12368。" }
        h2.sr { "打开记录" }
        @if rows.is_empty() { (ui::empty(ui::Icon::Eye, "还没有记录", &html! { "打开法院送达的文书、卷宗材料以后，这里会记下时间和设备。" })) }
        @else {
            (ui::table(&ui::Table {
                caption: "打开记录", caption_shown: false, columns: &[column("内容"), column("时间、设备"), column("结果")],
                rows: &rows, total: None, scrolls: true,
            }))
        }
    };
    Ok(page(&me.v, "谁看过我的卷宗", &[], &body))
}

/// What a browser calls itself, in a word or two.
fn short_device(agent: &str) -> &'static str {
    let systems = [
        ("iPhone", "苹果手机"),
        ("iPad", "苹果平板"),
        ("HarmonyOS", "鸿蒙设备"),
        ("Android", "安卓手机"),
        ("Windows", "Windows 电脑"),
        ("Mac OS", "苹果电脑"),
        ("Linux", "Linux 电脑"),
    ];
    systems.iter().find(|(word, _)| agent.contains(word)).map_or("其他设备", |(_, zh)| zh)
}
