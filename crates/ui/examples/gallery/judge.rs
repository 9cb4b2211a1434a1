//! Drafting, the judge's day, the judge's phone.

use jiff::ToSpan;
use jiff::civil::date;
use maud::{Markup, html};
use ui::workbench::{
    AgendaItem, ApproveItem, BarLink, CaseBar, Citation, ClockRow, DefectLevel, Pane, PaneHead, Pop, Section, SectionState, SignCard, Tab, Task,
    WeekDay, agenda, approve, bar_link, case_bar, cite, clocks, defect, defect_pop, editor, from_source, key_line, pane, sections, sheet_view,
    sign_card, source_pop, tasks, week,
};
use ui::zh::prose;
use ui::{
    Bar, BarChart, Button, ChartTone, Emphasis, Icon, Link, Mode, Paper, Series, Tone, WorkbenchHead, WorkbenchLayout, badge, button, chart, digest,
    icon, icon_badge, judge_phone_page, link_button, paper,
};

use crate::case::CASE_NO;
use crate::workbench::{JUDGE, shell};

fn press<'a>(label: &'a str, emphasis: Emphasis) -> Button<'a> {
    Button { label, emphasis, sends: Some(("act", label)), ..Button::default() }
}

pub fn draft(mode: Mode) -> Markup {
    let end = html! {
        (icon_badge(Tone::Near, Icon::Cross, "错误 2，签发前必须改")) (badge(Tone::Soon, "提示 1"))
        (link_button(&Link { label: "与第 6 稿对照", href: "#cmp", small: true, ..Link::default() }))
        (button(&Button { label: "送签", emphasis: Emphasis::Primary, small: true, disabled_because: Some("还有 2 处错误"), ..Button::default() }))
    };
    let bar = case_bar(&CaseBar {
        heading: "民事判决书", case_no: Some(CASE_NO), words: "周桂兰 诉 陈志远 · 第 7 稿，14:58 已保存", end: &end
    });
    let tool = |label, drawing| bar_link(&BarLink { label, href: "#tool", icon: Some(drawing), ..BarLink::default() });
    let tools = html! { div.end { (tool("插入引用", Icon::Link)) (tool("法条", Icon::Book)) (tool("类案 6", Icon::Folder)) } };
    let turn =
        |label, drawing, key| bar_link(&BarLink { label, href: "#turn", icon: Some(drawing), icon_only: true, key: Some(key), current: false });
    let sheet_bar = html! {
        span.tiny.nowrap { "A4，第 3 页，共 4 页 · 随写随排" }
        div.end { (turn("上一页", Icon::Left, "ArrowLeft")) (turn("下一页", Icon::Right, "ArrowRight")) (bar_link(&BarLink { label: "PDF", href: "#pdf", ..BarLink::default() })) }
    };
    let body = html! {
        (pane(&Pane { id: "s-h", head: Some(PaneHead { heading: "组成部分", heading_hidden: false, content: &Markup::default() }), content: &parts(), foot: Some(&key_line(&[(&["F8"], "下一处问题"), (&["s"], "看来源")])), bare: false, third: false }))
        (pane(&Pane { id: "e-h", head: Some(PaneHead { heading: "裁判理由", heading_hidden: false, content: &tools }), content: &editor(&written()), foot: None, bare: false, third: false }))
        (pane(&Pane { id: "v-h", head: Some(PaneHead { heading: "成稿预览", heading_hidden: false, content: &sheet_bar }), content: &sheet_view("判决书第 3 页预览", &typeset()), foot: None, bare: true, third: true }))
    };
    shell("判决书起草（2026）粤4001民初1234号 · 办案平台", JUDGE, mode, WorkbenchLayout::Draft, Some(&bar), &body)
}

fn parts() -> Markup {
    let settled = |label, how| Section { label, href: "#part", state: SectionState::Settled(how), current: false };
    let open = |label, errors, hints, current| Section { label, href: "#part", state: SectionState::Open { errors, hints }, current };
    html! {
        (sections(&[
            settled("标题、案号", "自动"), settled("当事人", "自动"), settled("案件由来", "自动"), settled("诉辩意见", "已核"), settled("证据和质证", "已核"),
            open("查明事实", 1, 0, false), open("裁判理由", 0, 1, true), open("裁判依据、主文", 1, 0, false),
            settled("诉讼费用", "自动"), settled("上诉告知", "自动"), settled("署名、日期", "自动"),
        ]))
        div.block {
            h3 { "检查结果" }
            ul.facts.small { @for (what, place) in [("迟延履行条款条号有误", "主文 · R-CHK-55"), ("金额前后不一致", "查明事实 · R-CHK-33"), ("证据目录第 6 项未提及", "裁判理由 · R-CHK-40")] {
                li { div.head { b { (what) } } p.tiny { (prose(place)) } }
            } }
        }
    }
}

fn written() -> Markup {
    let source = html! {
        (ui::snippet("/slip.svg", [520, 62], [0, 0, 520, 62], [334, 34, 182, 25], "银行转账回单上交易金额一栏"))
        p { "证据 2，银行转账回单，" a href="/reader" { "卷 16 第 1 页" } "；被告当庭认可，" a href="/reader" { "庭审笔录，卷 41" } "。" }
        p.tiny { (prose("系统提取，林若谷 10月22日 09:14 采用，未改动")) }
    };
    let wrong = html! { p { (prose("第二百六十条是 2021 年修正本的条号。2024年1月1日起施行的 2023 年修正本中，加倍支付迟延履行期间债务利息是")) strong { "第二百六十四条" } "。" } };
    let acts = html! {
        (button(&Button { key: Some("y"), ..press("改为“第二百六十四条”", Emphasis::Primary) }))
        (button(&press("对照两个文本", Emphasis::Plain))) (button(&press("不改，写理由", Emphasis::Quiet)))
    };
    html! {
        h3 { "查明事实" }
        p { (from_source(&prose("2024年3月15日，周桂兰向陈志远银行账户转账120000元，"), "#source", true)) "同日交付现金30000元，陈志远出具收条一张。" }
        (source_pop(&Pop { heading: &html! { "这句话的来源" }, content: &source, acts: None }))
        p { (prose("借条约定月利率1%，于2025年3月14日前还清。陈志远至今未偿还本金")) (defect(DefectLevel::Error, "15000元")) "及利息。" }
        h3 { "裁判理由" }
        p { "本院认为，自然人之间的借款合同，自贷款人提供借款时成立。周桂兰提交的" (defect(DefectLevel::Hint, "借条、转账回单、取款凭证和收条")) "能够相互印证。陈志远认可收条签名为其本人所签，主张当时为空白纸，但未提供证据证明，亦不申请鉴定，应当承担举证不能的后果。本院认定周桂兰已交付借款150000元。" }
        p { "双方约定的利率折合年利率12%，未超过合同成立时一年期贷款市场报价利率的四倍，本院予以支持。" }
        h3 { "裁判主文" }
        p { "如果未按本判决指定的期间履行给付金钱义务，应当依照" (defect(DefectLevel::Error, "《中华人民共和国民事诉讼法》第二百六十条")) "规定，加倍支付迟延履行期间的债务利息。" }
        form method="post" { (ui::form::csrf("gallery")) (defect_pop(&Pop { heading: &prose("条号有误，签发前必须改 R-CHK-55"), content: &wrong, acts: Some(&acts) })) }
    }
}

fn typeset() -> Markup {
    paper(&Paper {
        paragraphs: &[
            html! { "本院经审理认定事实如下：" span.on { "2024年3月15日，周桂兰向陈志远银行账户转账120000元，" } "同日交付现金30000元，陈志远出具收条一张。借条约定月利率1%，于2025年3月14日前还清。陈志远至今未偿还本金" (defect(DefectLevel::Error, "15000元")) "及利息。" },
            html! { "本院认为，自然人之间的借款合同，自贷款人提供借款时成立。周桂兰提交的" (defect(DefectLevel::Hint, "借条、转账回单、取款凭证和收条")) "能够相互印证。陈志远认可收条签名为其本人所签，主张当时为空白纸，但未提供证据证明，亦不申请鉴定，应当承担举证不能的后果。本院认定周桂兰已交付借款150000元。双方约定的利率折合年利率12%，未超过合同成立时一年期贷款市场报价利率的四倍，本院予以支持。" },
            html! { "依照《中华人民共和国民法典》第六百七十五条、第六百七十六条、第六百七十九条，《中华人民共和国民事诉讼法》第六十七条第一款、第一百六十三条，《最高人民法院关于审理民间借贷案件适用法律若干问题的规定》第二十五条规定，判决如下：" },
            html! { "一、被告陈志远于本判决生效之日起十日内向原告周桂兰偿还借款本金150000元；" },
            html! { "二、被告陈志远于本判决生效之日起十日内向原告周桂兰支付利息（以150000元为基数，按年利率12%，自2025年3月15日起计算至实际清偿之日止）。" },
            html! { "如果未按本判决指定的期间履行给付金钱义务，应当依照" (defect(DefectLevel::Error, "《中华人民共和国民事诉讼法》第二百六十条")) "规定，加倍支付迟延履行期间的债务利息。" },
        ],
        folio: Some("— 3 —"),
        ..Paper::default()
    })
}

pub fn day(mode: Mode) -> Markup {
    let range = |label, current| bar_link(&BarLink { label, href: "#range", current, ..BarLink::default() });
    let rest = cite(&[Citation { words: "再看 11 件", href: "#more" }]);
    let body = html! {
        div.stack.gap-4 {
            div.row.gap-5 {
                h1 { (prose("10月21日，星期三")) }
                p.muted { "在办 312 件，其中今天到期 2 件，3 日内到期 4 件；今天开庭 2 场；待签署 3 份" }
            }
            section.panel aria-labelledby="c-h" {
                div.panel-title { h2 id="c-h" { "到期的事" } span.tiny { "红色表示快要产生法律后果" } span.end.row.gap-1 { (range("两周内 19", true)) (range("四周内 42", false)) (range("全部", false)) } }
                (clocks("两周内到期的期限，按到期先后", &owed(), Some(&rest)))
            }
            section.panel aria-labelledby="g-h" {
                div.panel-title { h2 id="g-h" { "今后四周每天到期几件" } span.end.tiny { "法定休息日不排" } }
                div.chart-box { (load()) }
            }
        }
        div.stack.gap-4 {
            section.panel aria-labelledby="o-h" { h2 id="o-h" { "今天开庭" } (agenda(&hearings(), false)) }
            section.panel aria-labelledby="w-h" { h2 id="w-h" { "等我签署 3" } (tasks(&to_sign())) }
            section.panel aria-labelledby="k-h" { h2 id="k-h" { "待办 5" } (tasks(&to_do())) }
        }
    };
    shell("我的一天 · 办案平台", JUDGE, mode, WorkbenchLayout::Day, None, &body)
}

fn owed() -> Vec<ClockRow<'static>> {
    let row = |days, when, what, case, case_no, why: &str, law: &str, go| ClockRow {
        days,
        legal: days < 2,
        when,
        what,
        case,
        case_no,
        why: html! { (prose(why)) @if !law.is_empty() { small { (prose(law)) } } },
        go,
    };
    let act = ("去办", "#go");
    vec![
        row(
            0,
            "今天 24:00",
            "决定是否准许延长举证期限",
            "刘海波 诉 中澳置业公司",
            "（2026）粤4001民初1187号",
            "举证期限今天届满，申请已于 10月19日提出",
            "准许或者不准许，都要通知申请人 R-EVD-02",
            act,
        ),
        row(
            0,
            "今天 24:00",
            "向被告发送起诉状副本",
            "高振 诉 云启科技公司",
            "（2026）粤4001民初1302号",
            "10月16日立案，5 日内发送，邮寄单还没有交寄",
            "民事诉讼法第一百二十八条 R-FIL-21",
            act,
        ),
        row(
            1,
            "10月22日",
            "对回避申请作出决定",
            "彭丽 诉 南油实业公司",
            "（2026）粤4001民初998号",
            "10月19日提出，3 日内决定",
            "决定前原则上暂停工作 R-TRI-10",
            act,
        ),
        row(
            1,
            "10月22日",
            "申请延长审限，最后一天",
            "吴建成 诉 恒力建筑公司",
            "（2026）粤4001民初412号",
            "审限 11月6日，须在届满 15 日前报院长",
            "逾期不能再报，只能在审限内审结 R-LIM-30",
            act,
        ),
        row(5, "10月26日", "把答辩状送原告", "何沛 诉 明德教育公司", "（2026）粤4001民初1266号", "10月21日收到答辩状，5 日内发送 R-FIL-21", "", act),
        row(
            6,
            "10月27日",
            "未交费，按撤诉处理裁定待签",
            "锦湾物业公司 诉 罗启明",
            "（2026）粤4001民初1251号",
            "10月20日满 7 日，裁定已拟好，等您决定 R-FEE-15",
            "",
            ("去看", "#go"),
        ),
        row(9, "10月30日", "判决书签发", "周桂兰 诉 陈志远", CASE_NO, "自定日期；审限 12月11日，剩 51 天 R-LIM-02", "", ("起草", "/draft")),
        row(
            13,
            "11月3日",
            "鉴定意见应当提交",
            "蒋文秀 诉 蒋文斌",
            "（2026）粤4001民初1043号",
            "委托时指定的期限；鉴定期间不计入审限 R-LIM-31",
            "",
            ("去看", "#go"),
        ),
    ]
}

fn load() -> Markup {
    const DAYS: [(&str, &str, [u32; 3]); 20] = [
        ("今天", "10月21日", [2, 0, 0]),
        ("22", "10月22日", [2, 0, 0]),
        ("23", "10月23日", [0, 0, 1]),
        ("10/26", "10月26日", [0, 1, 1]),
        ("27", "10月27日", [0, 1, 2]),
        ("28", "10月28日", [0, 2, 1]),
        ("29", "10月29日", [0, 0, 1]),
        ("30", "10月30日", [0, 0, 1]),
        ("11/2", "11月2日", [0, 0, 2]),
        ("3", "11月3日", [0, 1, 1]),
        ("4", "11月4日", [1, 0, 3]),
        ("5", "11月5日", [0, 1, 1]),
        ("6", "11月6日", [0, 0, 2]),
        ("11/9", "11月9日", [0, 2, 1]),
        ("10", "11月10日", [0, 0, 4]),
        ("11", "11月11日", [0, 0, 1]),
        ("12", "11月12日", [0, 1, 0]),
        ("13", "11月13日", [1, 0, 2]),
        ("11/16", "11月16日", [0, 0, 1]),
        ("17", "11月17日", [0, 1, 1]),
    ];
    let bars: Vec<Bar<'_>> =
        DAYS.iter().map(|(label, full, values)| Bar { label, full: prose(full), values, parted: label.contains('/'), here: false }).collect();
    chart(&BarChart {
        id: "ch-t",
        alternative: "今后二十个工作日每天到期的件数。今天和明天各 2 件，都有法律后果；11月4日、10日最多，各 4 件。明细见下表。",
        caption: "今后二十个工作日每天到期件数",
        first_column: "日期",
        series: &[
            Series { label: "过期有法律后果", column: "有法律后果", tone: ChartTone::Legal },
            Series { label: "法定期限", column: "法定期限", tone: ChartTone::Statutory },
            Series { label: "指定或自定期限", column: "指定、自定", tone: ChartTone::Own },
        ],
        bars: &bars,
    })
}

fn hearings() -> Vec<AgendaItem<'static>> {
    let links = html! { (cite(&[Citation { words: "阅卷", href: "/reader" }, Citation { words: "庭审提纲", href: "#outline" }])) "　" span.tiny { "还有 52 分钟" } };
    vec![
        AgendaItem {
            when: "9:30",
            datetime: "2026-10-21T09:30",
            name: "韩立新 诉 宏远制冷公司",
            detail: prose("第三法庭 · 追索劳动报酬 · 已闭庭，笔录待签 1 人"),
            links: None,
            now: false,
        },
        AgendaItem {
            when: "15:30",
            datetime: "2026-10-21T15:30",
            name: "鹏程租赁公司 诉 李秋实",
            detail: prose("第六法庭 · 房屋租赁合同 · 原告线上，被告到庭"),
            links: Some(links),
            now: true,
        },
        AgendaItem {
            when: "明天 9:30",
            datetime: "2026-10-22T09:30",
            name: "唐晓雯 诉 唐国华",
            detail: prose("第六法庭 · 离婚 · 不公开审理"),
            links: None,
            now: false,
        },
    ]
}

fn to_sign() -> [Task<'static>; 3] {
    [
        ("民事调解书", "邱月娥、邱伟 赡养费纠纷"),
        ("民事裁定书（按撤诉处理）", "锦湾物业公司、罗启明"),
        ("民事裁定书（管辖异议）", "蓝海装饰公司、石磊"),
    ]
    .map(|(what, detail)| Task { what, detail: prose(detail), go: ("看并签", "#sign") })
}

fn to_do() -> [Task<'static>; 5] {
    [
        ("送达没有成功，改用邮寄？", "李秋实，电子送达退回 2 次 R-SVC-18", "决定"),
        ("当事人申请阅卷，含商业秘密 2 件", "云启科技公司代理人", "决定"),
        ("调解协议请求确认", "曾庆丰、曾庆余", "去看"),
        ("书记员请核对笔录 2 份", "许知行，今天 11:40", "去看"),
        ("结案归档前缺 1 件", "（2026）粤4001民初866号，缺送达回证", "去看"),
    ]
    .map(|(what, detail, go)| Task { what, detail: prose(detail), go: (go, "#do") })
}

pub fn phone(mode: Mode) -> Markup {
    let tab = |label, drawing, current| Tab { label, icon: drawing, href: "#tab", current };
    let tabs = [tab("签署", Icon::Seal, true), tab("日程", Icon::Calendar, false), tab("案件", Icon::Folder, false), tab("我的", Icon::User, false)];
    let signed = |name: &str, day: &str| html! { span.nowrap { (icon(Icon::Check)) " " (name) "，" (prose(day)) } };
    let facts = [
        ("主要内容", prose("邱伟每月 5 日前付赡养费 1200 元，自 2026年11月起")),
        ("双方签字", html! { (signed("邱月娥", "10月20日")) br; (signed("邱伟", "10月21日")) }),
        ("检查", html! { (icon(Icon::Check)) " 无错误，提示 0 项" }),
        ("摘要", digest("5ac9 … 71fe", false)),
    ];
    let buttons = html! {
        (button(&Button { icon: Some(Icon::Key), ..press("用通行密钥签署", Emphasis::Primary) }))
        (button(&press("退回修改", Emphasis::Plain))) (button(&press("以后再办", Emphasis::Plain)))
    };
    let answer = |yes, no| html! { (button(&press(yes, Emphasis::Plain))) (button(&press(no, Emphasis::Plain))) };
    let mut place = 0;
    let week_days: Vec<WeekDay<'_>> = date(2026, 10, 19)
        .series(1.day())
        .take(7)
        .map(|day| {
            place += 1;
            WeekDay { day, href: "#day", due: matches!(place, 4 | 5), hearing: matches!(place, 2 | 3), today: place == 3 }
        })
        .collect();
    let body = html! {
        section aria-labelledby="a" {
            h2 id="a" { "等我签署 " span.tiny { "1 / 3" } }
            (sign_card(&SignCard {
                name: "民事调解书", about: "邱月娥、邱伟 赡养费纠纷", case_no: "（2026）粤4001民初1290号", facts: &facts, full: ("看全文，3 页", "#full"),
                effect: "签署只对上面这一份、这一稿有效。签署后盖章、送达。", buttons: &buttons,
            }))
        }
        section aria-labelledby="b" {
            h2 id="b" { "等我批准 " span.tiny { "2 件" } }
            (approve(&[
                ApproveItem { heading: "阅卷申请，含商业秘密 2 件", words: "申请人：云启科技公司代理人 沈清，授权已核", detail: prose("（2026）粤4001民初1302号，最迟 10月23日答复"), buttons: answer("批准其余 14 件", "不批准") },
                ApproveItem { heading: "改用邮寄送达", words: "李秋实，电子送达退回 2 次。书记员 许知行 提出", detail: prose("（2026）粤4001民初1277号"), buttons: answer("批准", "不批准") },
            ]))
        }
        section aria-labelledby="c" {
            h2 id="c" { "日程 " span.tiny { "10月" } }
            (week(&week_days))
            (agenda(&[
                AgendaItem { when: "9:30", datetime: "2026-10-21T09:30", name: "韩立新 诉 宏远制冷公司", detail: prose("第三法庭，已闭庭"), links: None, now: false },
                AgendaItem { when: "15:30", datetime: "2026-10-21T15:30", name: "鹏程租赁公司 诉 李秋实", detail: prose("第六法庭，原告线上，被告到庭"), links: None, now: true },
                AgendaItem { when: "24:00", datetime: "2026-10-21T23:59", name: "决定是否准许延长举证期限", detail: html! { "刘海波 诉 中澳置业公司 " (badge(Tone::Over, "今天到期")) }, links: None, now: false },
            ], true))
            p.tiny.mt-2 { "红点：有期限届满；蓝点：有开庭" }
        }
    };
    let head = WorkbenchHead {
        title: "待我签署 · 移动办案",
        user: JUDGE.0,
        office: JUDGE.1,
        mode,
        sandbox: true,
        nav: &[],
        search: false,
        layout: WorkbenchLayout::Sheet,
        case_bar: None,
        scripts: &[],
    };
    judge_phone_page(&head, &tabs, &body)
}
