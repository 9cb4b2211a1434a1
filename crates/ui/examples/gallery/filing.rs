//! The filing interview, with and without an error; fields read from a photograph; every kind of field.

use maud::{Markup, html};
use ui::form::{self, Choice, Draft, Entry, Field, Form, Many, Question, Upload, choices, error_summary, money, question};
use ui::portal::{
    CounterBox, InterviewStep, PagePhoto, ReadField, ReadState, Steps, Sureness, aside_box, counter_box, page_photo, read_field, saved_state,
    step_list,
};
use ui::snippet;
use ui::zh::prose;
use ui::{Button, Emphasis, Icon, Link, Mode, Progress, Script, button, crumb, link_button, more, progress};

use crate::case::shell;

const STEPS: [(&str, bool); 9] = [
    ("选择法院", true),
    ("原告信息", true),
    ("被告信息", true),
    ("借款约定", true),
    ("借款交付", false),
    ("还款情况", false),
    ("诉讼请求", false),
    ("证据材料", false),
    ("核对并提交", false),
];

pub fn interview(mode: Mode) -> Markup {
    asked(mode, "借款交付（第 5 步，共 9 步）· 我要立案", "10:12", "30000.00", None)
}

pub fn interview_error(mode: Mode) -> Markup {
    asked(
        mode,
        "有 1 处需要改：借款交付（第 5 步，共 9 步）· 我要立案",
        "10:15",
        "10000.00",
        Some("银行转账 120000 元加现金 10000 元，合计 130000 元，比第 4 步填的借款本金 150000 元少 20000 元。请核对现金金额，或者"),
    )
}

fn asked(mode: Mode, title: &str, saved: &str, cash: &str, wrong: Option<&str>) -> Markup {
    let steps = STEPS.map(|(label, done)| InterviewStep { label, href: "#step", done });
    let summary: &[(&str, &str)] = if wrong.is_some() { &[("cash", "现金金额：两项合计少了 20000 元")] } else { &[] };
    let rows = [
        Choice {
            value: "bank",
            label: "银行转账",
            checked: true,
            more: Some(money(&Field { name: "bank", label: "转账金额", value: "120000.00", ..Field::default() })),
            hint: None,
        },
        Choice { value: "mobile", label: "微信、支付宝转账", ..Choice::default() },
        Choice {
            value: "cash",
            label: "现金",
            hint: Some("有取款记录、收条或者在场的人，后面可以提交"),
            checked: true,
            more: Some(money(&Field {
                name: "cash",
                label: "现金金额",
                value: cash,
                error: wrong,
                error_link: Some(("回第 4 步改本金", "#s4")),
                ..Field::default()
            })),
        },
        Choice { value: "bill", label: "支票、汇票等票据", ..Choice::default() },
        Choice { value: "other", label: "其他方式", ..Choice::default() },
    ];
    let content = html! {
        (error_summary(summary))
        (question(&Question {
            eyebrow: "民间借贷纠纷 · 借款交付", heading: &["借款是怎么", "交付给", "陈志远的？"],
            hint: Some("可以多选。分几次交付的，都选上。"), controls: &choices("way", Many::Several, &rows),
        }))
        div.btns {
            (button(&Button { label: "保存，下一步", emphasis: Emphasis::Primary, ..Button::default() }))
            (link_button(&Link { label: "上一步", href: "#s4", ..Link::default() }))
            (link_button(&Link { label: "先到这里，以后再填", href: "/home", emphasis: Emphasis::Quiet, ..Link::default() }))
        }
    };
    let body = html! {
        div.interview {
            div.stack.gap-3 { (step_list(&Steps { steps: &steps, now: 4 })) (saved_state(&format!("{saved} 已保存，换手机也能接着填"))) }
            (form::form(&Form { csrf: "gallery", draft: Some(Draft { key: "gallery-interview", save: None }), class: Some("q stack gap-5"), ..Form::default() }, &content))
            aside.stack aria-label="帮助和其他办法" {
                (aside_box(Icon::Info, "为什么问这个", &html! {
                    p { "个人之间借款，钱真正交到对方手里，借款合同才成立。说清楚怎么交付的，法院才好查明。" }
                    p.tiny { "《中华人民共和国民法典》第六百七十九条" }
                    (more(&html! { "借条写 15 万，实际给了 14 万怎么填" }, &html! { p { "按实际交到对方手里的钱填。利息预先在本金中扣除的，按照实际借款数额返还借款并计算利息（民法典第六百七十条）。" } }))
                }))
                (counter_box(&CounterBox {
                    heading: "不方便在网上填？",
                    words: "带身份证和借条、转账记录，到法院诉讼服务中心窗口，工作人员帮您填。已经填好的，窗口能接着用。",
                    change: ("这一步改到窗口办理", "#counter"),
                }))
            }
        }
    };
    shell(title, mode, &[Script::Draft], &body)
}

const PHOTO: &str = "/complaint.svg";
const SIZE: [u32; 2] = [600, 808];
const SPOKEN: &str = "照片上这一处的放大图";

pub fn backfill(mode: Mode) -> Markup {
    let done = |label, value: &str, change| ReadField {
        label,
        sureness: Sureness::Clear,
        snippets: Markup::default(),
        state: ReadState::Confirmed { value: prose(value), change },
    };
    let body = html! {
        (crumb("回到上传", "#upload"))
        h1 { "请核对从照片读出的内容" }
        p.intro { "这些字是电脑从照片上读出来的，可能有错。请对一对，" strong { "以您确认的为准" } "。" }
        div.backfill {
            (page_photo(&PagePhoto {
                image_href: PHOTO, size: SIZE, spoken: "起诉状第 1 页照片，正在核对的被告住址用蓝框标出",
                caption: "起诉状，第 1 页，共 2 页。照片原样保存，不会改动。",
                confirmed: &[[142, 111, 59, 23], [144, 171, 59, 23], [274, 271, 90, 23]],
                now: &[[525, 171, 24, 23], [51, 201, 263, 23]],
            }))
            form method="post" {
                (form::csrf("gallery"))
                div.row.between { p { strong { "核对了 3 项，还有 3 项" } } (saved_state("已保存")) }
                div { (progress(&Progress { id: "prog", words: &html! { span.sr { "核对了 3 项，共 6 项" } }, done: 3, of: 6, hint: None })) }
                ol.read-fields.mt-4 {
                    (read_field(&address_now()))
                    (read_field(&phone_waiting()))
                    (read_field(&date_unread()))
                    (read_field(&done("原告", "周桂兰", "#e1")))
                    (read_field(&done("被告", "陈志远", "#e2")))
                    (read_field(&done("借款本金", "150000.00 元", "#e3")))
                }
                p.small.muted.mt-5 { "核对有困难？带着原件到法院窗口，工作人员当面帮您核对。" a href="#counter" { "改到窗口办理" } }
            }
        }
    };
    shell("核对从照片读出的内容 · 我要立案", mode, &[], &body)
}

fn address_now() -> ReadField<'static> {
    let field = Field {
        name: "addr",
        label: "读出来是",
        value: "清河市青石区榆海街道青石路一带",
        hint: Some("写到门牌号，法院才能把材料送到。不知道门牌号，写单位地址或者您知道的其他地址也可以。"),
        ..Field::default()
    };
    ReadField {
        label: "被告住址",
        sureness: Sureness::Doubtful,
        snippets: html! {
            (snippet(PHOTO, SIZE, [286, 168, 280, 30], [526, 171, 23, 23], SPOKEN))
            (snippet(PHOTO, SIZE, [46, 198, 280, 30], [51, 201, 263, 23], SPOKEN))
        },
        state: ReadState::Now(html! {
            (form::textarea(&field, 2))
            div.btns.mt-2 {
                (button(&Button { label: "改好了，下一项", emphasis: Emphasis::Primary, sends: Some(("answer", "changed")), ..Button::default() }))
                (button(&Button { label: "就是这样，没有错", sends: Some(("answer", "right")), ..Button::default() }))
            }
        }),
    }
}

fn phone_waiting() -> ReadField<'static> {
    ReadField {
        label: "被告电话",
        sureness: Sureness::Clear,
        snippets: snippet(PHOTO, SIZE, [270, 194, 280, 36], [371, 201, 138, 23], SPOKEN),
        state: ReadState::Waiting(html! {
            p.read-value { "138 0000 6640" }
            div.btns.pair.mt-2 {
                (button(&Button { label: "没错", sends: Some(("phone", "right")), ..Button::default() }))
                (button(&Button { label: "改一下", sends: Some(("phone", "change")), ..Button::default() }))
            }
        }),
    }
}

fn date_unread() -> ReadField<'static> {
    ReadField {
        label: "借款日期",
        sureness: Sureness::Unread,
        snippets: Markup::default(),
        state: ReadState::Waiting(
            html! { div.mt-2 { (form::date(&Field { name: "d1", label: "借款日期，例如 2024年3月15日", ..Field::default() })) } },
        ),
    }
}

/// Every kind of field, empty, filled in and wrong: what a generic step page is made of.
pub fn every_field(mode: Mode) -> Markup {
    let f = |name, label, value| Field { name, label, value, ..Field::default() };
    let content = html! {
        (error_summary(&[("idno", "身份证号：少了 1 位"), ("mode", "请选一种办理方式")]))
        (form::text(&f("name", "被告姓名", "陈志远"), Entry::Name))
        (form::text(&Field { hint: Some("和身份证上的一致"), error: Some("应当是 18 位，现在是 17 位。请对照身份证再填一次。"), ..f("idno", "身份证号", "44030519550409002") }, Entry::IdNumber))
        (form::text(&Field { optional: true, ..f("tel", "电话", "") }, Entry::Phone))
        (money(&f("sum", "借款本金", "150000.00")))
        (form::number(&f("pages", "材料页数", "11"), "页"))
        (form::date(&Field { hint: Some("例如 2024年3月15日"), ..f("lent", "借款日期", "2024年3月15日") }))
        (form::date_picker(&f("until", "补正期限", "2026-09-16"), Some("2026-09-09"), None))
        (form::select(&f("service", "送达方式", "post"), &[("electronic", "电子送达"), ("post", "邮寄")]))
        (form::choice_group(&Field { error: Some("请选一种办理方式。"), ..f("mode", "怎样办理", "") }, Many::One, &[
            Choice { value: "self", label: "本人办理", ..Choice::default() },
            Choice { value: "agent", label: "代理他人办理", hint: Some("要有授权委托书"), more: Some(form::text(&f("principal", "委托人姓名", ""), Entry::Text)), ..Choice::default() },
        ]))
        (form::textarea(&f("facts", "事实与理由", "被告因开店周转，于 2024年3月15日向原告借款。"), 5))
        (form::upload(&Field { hint: Some("拍照或者选文件。JPG、PNG、PDF，每份不超过 50 MB。"), ..f("file", "借条", "") },
            &Upload { accept: "image/*,application/pdf", multiple: true, camera: true, pieces: Some("/uploads") }))
        (form::checkbox(&f("agree", "同意电子送达", ""), "yes"))
        div.btns { (button(&Button { label: "提交", emphasis: Emphasis::Primary, ..Button::default() })) }
    };
    let body = html! {
        h1 { "各种填写项" }
        (form::form(&Form { csrf: "gallery", draft: Some(Draft { key: "gallery-form", save: Some("/save") }), files: true, version: Some(3), ..Form::default() }, &content))
    };
    shell("有 2 处需要改：各种填写项", mode, &[Script::Draft, Script::Upload], &body)
}
