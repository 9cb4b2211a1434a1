//! What stands around every portal page: masthead, bar of 大字版, footer.

use maud::{Markup, html};

use crate::{CourtContact, Icon, Mode, emblem, icon};

/// 人民法院诉讼服务热线, the same in the whole country.
pub const HOTLINE: &str = "12368";

/// Addresses that masthead and footer of every page lead to; the portal serves each of them.
pub mod route {
    /// 首页
    pub const HOME: &str = "/";
    /// The account of the person signed in.
    pub const ACCOUNT: &str = "/account";
    /// 登录
    pub const SIGN_IN: &str = "/login";
    /// 每一步怎样到窗口办理
    pub const COUNTER: &str = "/guide/counter";
    /// 个人信息保护
    pub const PRIVACY: &str = "/guide/privacy";
    /// 无障碍说明; also where 高对比度 is chosen
    pub const ACCESS: &str = "/guide/access";
    /// 谁看过我的卷宗
    pub const READS: &str = "/reads";
    /// 其他语言
    pub const LANGUAGES: &str = "/guide/languages";
}

/// `masthead`: brand, 大字版, telephone, account. The mode is changed by a link that sets the cookie
/// (see [`Mode::changed_by_query`]).
pub fn masthead(user: Option<&str>, mode: Mode) -> Markup {
    let to = if mode.elder { "?mode=normal" } else { "?mode=elder" };
    html! {
        div.mast { div.wrap.mast-row {
            a.brand href=(route::HOME) { (emblem()) "人民法院在线服务" }
            ul.mast-nav {
                li { a href=(to) {
                    span.wide { (icon(Icon::TextSize)) }
                    span.elder-hide { "大字版" } span.elder-only { "常规版" }
                } }
                li.elder-hide.wide { a href={ "tel:" (HOTLINE) } { (icon(Icon::Phone)) span.t { (HOTLINE) " 热线" } } }
                li.elder-hide {
                    @match user {
                        Some(name) => a href=(route::ACCOUNT) { (icon(Icon::User)) span.t { (name) } },
                        None => a href=(route::SIGN_IN) { (icon(Icon::User)) span.t { "登录" } },
                    }
                }
            }
        } }
    }
}

/// `elder_bar`: read aloud and telephone, before anything else. Reading aloud needs a script and is not
/// offered without one.
pub fn elder_bar() -> Markup {
    html! {
        div.elder-bar.elder-only {
            button.btn.needs-script type="button" data-read-aloud="main" { (icon(Icon::Sound)) "读给我听" }
            a.btn href={ "tel:" (HOTLINE) } { (icon(Icon::Phone)) "打 " (HOTLINE) }
        }
    }
}

/// `footer`: telephone, counter, rights.
pub fn footer(court: Option<&CourtContact<'_>>) -> Markup {
    html! {
        footer.foot { div.wrap.foot-grid {
            div {
                p { "遇到困难，可以打电话" }
                a.tel href={ "tel:" (HOTLINE) } { (icon(Icon::Phone)) (HOTLINE) }
                p { "人民法院诉讼服务热线，工作日 9:00–12:00、14:00–18:00 有人接听" }
            }
            div {
                p { "也可以到窗口办理" }
                @match court {
                    Some(c) => p { strong { (c.hall) } br; (c.address) "，" (c.hours) },
                    None => p { "任何一家人民法院的诉讼服务中心都可以办理，工作人员帮您办。" },
                }
            }
            ul {
                li { a href=(route::COUNTER) { "每一步怎样到窗口办理" } }
                li { a href=(route::PRIVACY) { "个人信息保护" } }
                li { a href=(route::ACCESS) { "无障碍说明" } }
                li { a href=(route::READS) { "谁看过我的卷宗" } }
                li { a href=(route::LANGUAGES) { "其他语言" } }
            }
        } }
    }
}
