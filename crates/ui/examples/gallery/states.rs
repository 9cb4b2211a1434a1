//! Every shared component in one mode; the three files of this page are the three columns of the design.

use maud::{Markup, html};
use ui::form::{self, Choice, Entry, Field, Many};
use ui::zh::prose;
use ui::{
    Button, Column, Dialog, Emphasis, Icon, Mode, Progress, ServiceState, Table, Tone, badge, button, days_badge, dialog, empty, icon_badge, notice,
    progress, service_badge, table, toast,
};

use crate::case::shell;

pub fn states(mode: Mode) -> Markup {
    let block = |id: &str, name: &str, content: Markup| html! { section aria-labelledby=(id) { h2 id=(id) { (name) } (content) } };
    let body = html! {
        h1 { "组件状态表" }
        (block("g0", "按钮", buttons()))
        (block("g2", "输入", inputs()))
        (block("g5", "送达状态", html! { p.row.gap-2 { @for state in SERVICE { (service_badge(state)) " " } } }))
        (block("g6", "期限等级", html! { p.row.gap-2 { @for days in [30, 5, 1, 0, -2] { (days_badge(days)) " " } (icon_badge(Tone::Done, Icon::Check, "已办")) } }))
        (block("g7", "提示", html! { div.stack.gap-2 {
            (notice(Tone::Plain, &prose("可以换一种方式办，已填的不会丢。"))) (notice(Tone::Done, &prose("材料已齐全。")))
            (notice(Tone::Soon, &prose("9月25日至 27日放假，到期日可能顺延。"))) (notice(Tone::Near, &prose("逾期不交费的，按撤诉处理。")))
        } }))
        (block("g8", "表格", fees()))
        (block("g9", "空状态", empty(Icon::Mail, "还没有送达的文书", &prose("法院发出文书，会短信通知您，也会出现在这里。"))))
        (block("g10", "加载和进度", html! { div.stack.gap-3 {
            div { (progress(&Progress { id: "up", words: &prose("正在上传 借条.jpg，3.1 MB，已传 64%"), done: 64, of: 100, hint: Some("断网也不要紧，接上以后从这里继续。") })) }
            p { (button(&Button { label: "正在识别第 2 页，共 5 页", busy: true, ..Button::default() })) }
        } }))
        (block("g11", "提示条", toast("已撤下这条意见", Some(("撤销", "#undo")))))
        (block("g12", "对话框", dialog(&Dialog {
            id: "ask", heading: "确定申请撤诉吗？", level: 3, body: &html! { p { "法院裁定准许后，受理费减半收取。以后可以再次起诉。" } },
            buttons: &html! { (button(&Button { label: "申请撤诉", emphasis: Emphasis::Danger, ..Button::default() })) (button(&Button { label: "不撤回", ..Button::default() })) },
        })))
        (block("g13", "标记", html! { p.row.gap-2 { @for (tone, words) in [(Tone::Plain, "草稿"), (Tone::Todo, "新收"), (Tone::Soon, "提示 1"), (Tone::Near, "待交费"), (Tone::Over, "今天到期"), (Tone::Done, "齐全")] { (badge(tone, words)) " " } } }))
    };
    shell("组件状态表", mode, &[], &body)
}

const SERVICE: [ServiceState<'static>; 9] = [
    ServiceState::Pending,
    ServiceState::Sent,
    ServiceState::Arrived,
    ServiceState::Opened,
    ServiceState::Returned,
    ServiceState::ByPost,
    ServiceState::Refused,
    ServiceState::LeftInPlace,
    ServiceState::ByNotice { ends: "11月20日" },
];

fn buttons() -> Markup {
    let with = |label, emphasis| button(&Button { label, emphasis, ..Button::default() });
    html! {
        div.btns { (with("去交费", Emphasis::Primary)) (with("上一步", Emphasis::Plain)) (with("以后再填", Emphasis::Quiet)) }
        div.btns.mt-3 {
            (with("申请撤诉", Emphasis::Danger))
            (button(&Button { label: "正在提交", emphasis: Emphasis::Primary, busy: true, ..Button::default() }))
            (button(&Button { label: "还不能签", disabled_because: Some("还有 2 处错误"), ..Button::default() }))
        }
    }
}

fn inputs() -> Markup {
    let f = |name, label, value| Field { name, label, value, ..Field::default() };
    html! { div.stack {
        (form::text(&Field { hint: Some("和身份证上的一致"), ..f("n1", "被告姓名", "陈志远") }, Entry::Name))
        (form::money(&f("n2", "借款本金", "150000.00")))
        (form::select(&f("n3", "送达方式", "e"), &[("e", "电子送达"), ("p", "邮寄")]))
        (form::choice_group(&f("n4", "怎样办理", ""), Many::One, &[
            Choice { value: "self", label: "本人办理", checked: true, ..Choice::default() },
            Choice { value: "agent", label: "代理他人办理", hint: Some("要有授权委托书"), ..Choice::default() },
        ]))
        (form::text(&Field { error: Some("应当是 18 位，现在是 17 位。请对照身份证再填一次。"), ..f("n5", "身份证号", "44030519550409002") }, Entry::IdNumber))
    } }
}

fn fees() -> Markup {
    let row = |cells: [&str; 3]| cells.map(|cell| html! { (cell) }).to_vec();
    table(&Table {
        caption: "诉讼费用",
        caption_shown: true,
        scrolls: true,
        columns: &[
            Column { heading: "项目", ..Column::default() },
            Column { heading: "金额（元）", number: true, spoken: None },
            Column { heading: "状态", ..Column::default() },
        ],
        rows: &[row(["案件受理费", "1905.00", "减半，已交"]), row(["保全申请费", "1397.50", "已交"])],
        total: Some(&row(["预交合计", "3302.50", ""])),
    })
}
