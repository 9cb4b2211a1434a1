//! A served paper; verification that holds and that does not.

use jiff::civil::date;
use maud::{Markup, html};
use ui::form::{self, Field, Form, Upload};
use ui::portal::{
    ActionCard, By, Check, CheckResult, InboxRow, StateStep, Verdict, action_card, aside_box, checks_plain, inbox, state_line, verdict,
};
use ui::zh::{case_no, date_han, prose};
use ui::{Button, Emphasis, Fact, Icon, Link, Mode, Paper, PaperSign, Script, Tone, button, crumb, digest, kv, link_button, more, panel};

use crate::case::{CASE_NO, COURT, fee_buttons, shell};

pub fn paper(mode: Mode) -> Markup {
    let body = html! {
        div.inbox-layout {
            article {
                (crumb("送达文书", "#inbox"))
                h1 { "交纳诉讼费用通知书" }
                p.case-no.mb-4 { (case_no(CASE_NO)) }
                (action_card(&ActionCard {
                    id: "todo", eyebrow: "这份文书要您做的事", heading: &["预交", "案件受理费", " 1905.00 元"],
                    by: Some(By { day: date(2026, 9, 18), today: date(2026, 9, 14) }),
                    why: &html! { p { "不交，也没有申请缓交、减交、免交的，法院按撤诉处理。" } },
                    buttons: Some(&fee_buttons()), foot: None, calm: false,
                }))
                section aria-labelledby="st" {
                    h2 id="st" { "送达情况" }
                    (state_line(&[
                        StateStep { done: true, heading: "已到达", words: prose("9月11日 15:20:08 到达您的收件箱，这时就是送达") },
                        StateStep { done: true, heading: "已打开", words: prose("9月11日 19:42 您本人打开。打开早晚不影响送达") },
                        StateStep { done: false, heading: "待交费", words: prose("从 9月12日起数 7 日，9月18日到期") },
                    ]))
                    (more(&html! { "为什么发到手机上就算送达" }, &html! { p.small {
                        (prose("您 9月8日签了《送达地址确认书》，同意电子送达。送达信息到达您确认的电子地址所在系统时，即为送达。《人民法院在线诉讼规则》第三十一条第一款。R-SVC-12 以后不想电子送达，可以"))
                        a href="#withdraw" { "撤回同意" } "，之后的文书改为邮寄。"
                    } }))
                }
                section aria-labelledby="txt" { h2 id="txt" { "文书全文" } (full_text()) }
            }
            nav.list aria-labelledby="inb" id="inbox" { h2.h-body id="inb" { "送达文书，2 份未打开" } (inbox(&received())) }
        }
    };
    shell("交纳诉讼费用通知书 · 送达文书", mode, &[], &body)
}

fn full_text() -> Markup {
    let plain = |text: &str| html! { (text) };
    let act = |label, drawing, elder_hide| link_button(&Link { label, href: "#act", icon: Some(drawing), elder_hide, ..Link::default() });
    html! {
        div.paper-acts {
            button.btn.needs-script type="button" data-read-aloud=".paper" { (ui::icon(Icon::Sound)) "读给我听" }
            (act("下载", Icon::Download, false)) (act("看原样", Icon::Eye, true)) (act("要纸质的", Icon::Post, true))
        }
        div.paper-frame {
            (ui::paper(&Paper {
                court: &["广东省", "清河市青石区", "人民法院"], name: Some("交纳诉讼费用通知书"), case_no: Some(CASE_NO), to: Some("周桂兰："),
                paragraphs: &[
                    plain("你与陈志远民间借贷纠纷一案，本院已于2026年9月11日立案。依照《中华人民共和国民事诉讼法》第一百二十一条、《诉讼费用交纳办法》第十三条、第十六条、第二十条、第二十二条的规定，本案案件受理费3810元，适用简易程序审理，减半交纳1905元。"),
                    plain("请你自接到本通知次日起七日内向本院预交。逾期不预交，又未提出缓交、减交、免交申请，或者申请未获批准仍不预交的，本院按撤诉处理。"),
                    plain("交款时请注明案号。收款账户、二维码见附页。"),
                    plain("特此通知。"),
                ],
                sign: Some(PaperSign { names: &[], date: &date_han(date(2026, 9, 11)), seal: Some((COURT, "演示专用章")) }),
                contact: Some(&html! { "联系人：书记员 许知行，电话 " span.nowrap { "0755-5550 1368" } }),
                flow: true, ..Paper::default()
            }))
        }
        p.small.mt-3 { "核验码 " strong { "K7QF 2M9X 41RD" } "，任何人都可以" a href="/verify" { "核验这份文书" } "。" a href="#cert" { "看电子送达凭证" } }
    }
}

fn received() -> [InboxRow<'static>; 4] {
    let row = |name, badge, unread, current| InboxRow { name, href: "/paper", when: prose("9月11日 送达"), badge, unread, current };
    [
        row("交纳诉讼费用通知书", (Tone::Near, "待交费"), false, true),
        row("举证通知书", (Tone::Todo, "未打开，已送达"), true, false),
        row("诉讼权利义务告知书", (Tone::Todo, "未打开，已送达"), true, false),
        row("受理案件通知书", (Tone::Done, "已打开"), false, false),
    ]
}

const KEPT: &str = "e30b6f417cd908a2b5e4913c2fd07a6814bbc95e60f3d8279ae13c5407fb81d6";

pub fn verify(mode: Mode) -> Markup {
    let check = |result, heading, words| Check { result, heading, words: prose(words) };
    let body = html! {
        (crumb("再核验一份", "/verify-start"))
        div.two {
            div {
                (verdict(&Verdict { heading: "核验通过", good: true, words: &html! { p.mt-2.lead { "这份文件就是法院发出的那一份，一个字也没有改动。" } } }))
                section aria-labelledby="what" {
                    h2 id="what" { "核对了什么" }
                    (checks_plain(&[
                        check(CheckResult::Holds, "文件指纹一致", "您给的文件和法院发出时留存的指纹相同。"),
                        check(CheckResult::Holds, "电子印章有效", "清河市青石区人民法院，盖章时间 2026年9月11日 15:19:52，证书在有效期内。"),
                        check(CheckResult::Holds, "司法链上有记录", "第 204,881 号记录，存入时间 2026年9月11日 15:20:11，之后没有变动。"),
                        check(CheckResult::Note, "不能说明的事", "核验只说明文件存证以后没有改动。文件里写的内容对不对、存证之前是不是真实，要由法院审查。"),
                    ]))
                }
                section aria-labelledby="tech" {
                    h2.sr id="tech" { "技术信息" }
                    (more(&html! { "看技术信息" }, &html! { div.panel.panel-pad { (kv(&[
                        Fact { key: "文件指纹（SM3）", value: digest(KEPT, true) },
                        Fact { key: "重新计算", value: digest(KEPT, true) },
                        Fact { key: "检查点", value: digest("司法链 gd-03，树大小 204,912，路径 18 级", true) },
                    ], true)) } }))
                }
            }
            aside.stack aria-label="文书信息和说明" {
                (panel("about", "文书信息", &kv(&[
                    Fact { key: "文书", value: prose("交纳诉讼费用通知书") }, Fact { key: "案号", value: case_no(CASE_NO) },
                    Fact { key: "法院", value: prose(COURT) }, Fact { key: "页数", value: prose("2 页") },
                ], false)))
                (aside_box(Icon::Lock, "您的文件没有上传", &html! { p { "指纹是在您的手机上算的，文件没有离开手机。换一台不联网的电脑，用 " span.nowrap { "xiezhi-verify" } " 也能得到同样的结果。" } }))
            }
        }
    };
    shell("核验通过 · 核验文书", mode, &[], &body)
}

pub fn verify_fail(mode: Mode) -> Markup {
    let check = |result, heading, words| Check { result, heading, words: prose(words) };
    let body = html! {
        (crumb("再核验一份", "/verify-start"))
        div.two {
            div {
                (verdict(&Verdict { heading: "核验不通过", good: false, words: &html! { p.mt-2.lead { "这份文件和法院发出的" strong { "不一样" } "，可能被改动过。请不要按上面写的账户付款，也不要点里面的链接。" } } }))
                section aria-labelledby="what" {
                    h2 id="what" { "哪里对不上" }
                    (checks_plain(&[
                        check(CheckResult::Fails, "文件指纹不一致", "文件的内容和法院留存的不同，哪怕只差一个字也会这样。"),
                        check(CheckResult::Fails, "司法链上没有这份文件", "用这个指纹查不到存证记录。"),
                        check(CheckResult::Holds, "这个核验码是真的", "法院确实用这个核验码发过一份《交纳诉讼费用通知书》，但不是您手上的这一份。"),
                    ]))
                }
                section aria-labelledby="do" {
                    h2 id="do" { "您可以这样办" }
                    ol.stack.numbered.gap-2 {
                        li { a href="/paper" { "登录后在“送达文书”里看" } "法院发给您的那一份。" }
                        li { "打 " a href="tel:12368" { "12368" } " 问一问，报案号和核验码。" }
                        li { "有人凭这份文件向您要钱的，打 " a href="tel:110" { "110" } " 报警。" }
                        li { "文件是自己扫描或者截图的，也会不通过。请用法院发来的原文件再试一次。" }
                    }
                    div.btns.mt-4 {
                        (link_button(&Link { label: "换一份文件再试", href: "/verify-start", emphasis: Emphasis::Primary, ..Link::default() }))
                        (link_button(&Link { label: "把这份文件报告给法院", href: "#report", ..Link::default() }))
                    }
                }
            }
            aside.stack aria-label="两个指纹" { (panel("two", "两个指纹", &html! { div.stack.gap-2 {
                p.small.muted { "法院留存的" } (digest(KEPT, false))
                p.small.muted { "您这份文件的" }
                p.digest { b { "90d7 1e2c b803 4f5a 6690 cc17 d34e 02b9 8f41 a76d 15e8 30cb 7d92 5fa6 e14b 0c38" } }
                p.tiny { "国密 SM3 摘要" }
            } })) }
        }
    };
    shell("核验不通过 · 核验文书", mode, &[], &body)
}

/// Where verification begins: with script the file stays here, without it is sent and dropped.
pub fn verify_start(mode: Mode) -> Markup {
    let field =
        Field { name: "file", label: "要核验的文件", hint: Some("用法院发来的原文件，不要用截图。"), ..Field::default() };
    let content = html! {
        (form::upload(&field, &Upload { accept: "application/pdf,.ofd,.json", ..Upload::default() }))
        div.btns { (button(&Button { label: "核验", emphasis: Emphasis::Primary, ..Button::default() })) }
    };
    let form = form::form(&Form { action: Some("/verify"), csrf: "gallery", files: true, ..Form::default() }, &content);
    let body = html! { h1 { "核验文书" } p.intro { "查一查手上的文书是不是法院发出的，有没有被改过。" } div data-verify { (form) } };
    shell("核验文书 · 人民法院在线服务", mode, &[Script::Verify], &body)
}
