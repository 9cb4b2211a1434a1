//! 登录、注册、重设密码、我的账号. A code follows each password; the form says what to do where it is refused.
use super::around::add_cookie;
use super::fault::{Fault, refused};
use super::form::{Mine, Posted, Query, Typed};
use super::page::{Said, crumb_home, form, local, md_hm, page, page_with, percent, sandbox_note, see};
use super::visitor::{Me, Visitor, session_cookie, set_cookie};
use crate::account::{Authority, Purpose, Session};
use crate::store::accounts::RealName;
use crate::{Problem, SignIn};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use ui::form::{Entry, Field, checkbox, hidden, text};
use ui::portal::{CounterBox, counter_box};
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
    };
    let hint = format!("已发到 {}，5 分钟内有效。", crate::account::masked(&begun.phone));
    let content = html! {
        (said.summary())
        (hidden("ticket", &begun.ticket)) (hidden("phone", &begun.phone)) (hidden("next", local(typed.value("next"))))
        @if !typed.value("kept").is_empty() { (hidden("kept", typed.value("kept"))) }
        (text(&Field { name: "code", label: "短信验证码", hint: Some(&hint), error: said.of("code").or(said.of("phone")), ..Field::default() }, Entry::Code))
        @if purpose != Purpose::SignIn {
            (text(&Field { name: "password", label: "密码", hint: Some("至少 8 位，不能全是数字。"), error: said.of("password"), ..Field::default() }, Entry::Password))
        }
        (main_button(verb))
    };
    let body = html! {
        (crumb_home())
        h1 { (title) }
        @if v.portal.is_demo() {
            (sandbox_note("验证码没有真的发到手机上。"))
            p { a.crumb href={ "/sandbox/phone?phone=" (percent(&begun.phone)) } { "看模拟手机收到的短信" } }
        }
        (form(v, action, &content))
        p.mt-4 { "没有收到？等 60 秒后" a href=(match purpose { Purpose::SignIn => "/login", Purpose::SignUp => "/register", Purpose::Reset => "/reset" }) { "重新获取" } "。" }
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
pub async fn account(me: Me) -> Response {
    account_page(&me.v, &me.account, &Typed::default(), &[])
}

fn account_page(v: &Visitor, account: &crate::Account, typed: &Typed, problems: &[Problem]) -> Response {
    let said = Said(problems);
    let facts = [
        Fact { key: "手机号", value: html! { (account.masked_phone()) } },
        Fact { key: "姓名", value: html! { @if account.name.is_empty() { "还没有实名认证" } @else { (account.name) } } },
        Fact { key: "身份证号", value: html! { @if account.number.is_empty() { "—" } @else { (account.masked_number()) } } },
        Fact { key: "实名状态", value: html! { (state_badge(account.real_name)) } },
        Fact { key: "注册时间", value: html! { (md_hm(account.created)) } },
    ];
    let email = html! {
        (text(&Field {
            name: "email", label: "电子邮箱", hint: Some("可以不填。填了，法院的通知也会发到这里。"), optional: true,
            value: if typed.0.is_empty() { &account.email } else { typed.value("email") }, error: said.of("email"), ..Field::default()
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
        section aria-labelledby="mail" { h2 id="mail" { "接收通知" } (form(v, "/account/email", &email)) }
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
    page_with(v, said.status(), &said.title("我的账号"), &[], &body)
}

fn state_badge(state: RealName) -> Markup {
    match state {
        RealName::None => ui::badge(ui::Tone::Soon, "未认证"),
        RealName::Sandbox => ui::badge(ui::Tone::Done, "已实名认证（演示）"),
        RealName::Confirmed => ui::badge(ui::Tone::Done, "已实名认证"),
        RealName::Counter => ui::badge(ui::Tone::Todo, "等窗口核对身份证"),
    }
}

/// 实名认证: the authority, and the counter as the equal second way (R-IDC-01, R-IDC-06).
fn real_name(v: &Visitor, account: &crate::Account, typed: &Typed, said: &Said<'_>) -> Markup {
    let sandbox = v.portal.config().authority == Authority::Sandbox;
    let value = |name, kept: &str| if typed.0.is_empty() { kept.to_owned() } else { typed.value(name).to_owned() };
    let (name, number) = (value("name", &account.name), value("number", &account.number));
    let content = html! {
        (text(&Field { name: "name", label: "姓名", hint: Some("和身份证上的一致"), value: &name, error: said.of("name"), ..Field::default() }, Entry::Name))
        (text(&Field { name: "number", label: "身份证号", hint: Some("18 位，末位可能是 X"), value: &number, error: said.of("number"), ..Field::default() }, Entry::IdNumber))
        @if sandbox {
            (checkbox(&Field {
                name: "face", label: "同意刷脸核验", value: typed.value("face"),
                hint: Some("演示里刷脸只是模拟，不打开相机，也不采集人脸。不同意的，不勾选，到窗口核对身份证，一样可以办。"), ..Field::default()
            }, "yes"))
        }
        (main_button(if sandbox { "实名认证" } else { "登记，到窗口核对" }))
    };
    html! {
        section aria-labelledby="real" {
            h2 id="real" { "实名认证" }
            @if sandbox { (sandbox_note("这里的认证机构是模拟的，只核对身份证号的写法，没有法律效力。请不要填真实的身份证号。")) }
            @if account.real_name == RealName::Counter {
                (ui::notice(ui::Tone::Plain, &html! { "已经登记。请带身份证到任何一家接入法院的诉讼服务中心窗口，工作人员核对后就可以在网上办理。" }))
            }
            p.mt-3 { "起诉、答辩、签名前，要确认是您本人。" }
            (form(v, "/account", &content))
            (counter_box(&CounterBox {
                heading: "不方便在网上认证？", words: "带身份证到法院诉讼服务中心窗口，工作人员当面核对，效力一样。",
                change: ("看怎样到窗口办理", "/guide/counter"),
            }))
        }
    }
}

/// POST /account: name, number, face.
pub async fn account_post(Mine { v, account, typed }: Mine) -> Result<Response, Fault> {
    let face = typed.value("face") == "yes";
    match v.portal.register(account.id, typed.value("name"), typed.value("number"), face).await {
        Ok(_) if v.json => Ok(axum::Json(serde_json::json!({ "ok": true })).into_response()),
        Ok(_) => Ok(see("/account")),
        Err(error) => Ok(account_page(&v, &account, &typed, &refused(error)?)),
    }
}

/// POST /account/email
pub async fn email_post(Mine { v, account, typed }: Mine) -> Result<Response, Fault> {
    match v.portal.set_email(account.id, typed.value("email")).await {
        Ok(()) => Ok(see("/account")),
        Err(error) => Ok(account_page(&v, &account, &typed, &refused(error)?)),
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
                html! { (super::page::moment(at)) },
                html! { (short_device(&device)) },
                html! { @if granted { "允许" } @else { "拒绝" } },
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
                caption: "打开记录", caption_shown: false, columns: &[column("内容"), column("时间"), column("设备"), column("结果")],
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
