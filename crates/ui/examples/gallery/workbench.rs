//! Filing review and the page reader.

use jiff::civil::date;
use maud::{Markup, html};
use ui::form::{self, Field};
use ui::workbench::{
    BarLink, CaseBar, CheckGroup, CheckLine, CheckMark, Citation, Fact, FieldRow, FileItem, Note, PageBox, PageImage, PageMark, PageView, Pane,
    PaneHead, Pin, QueueRow, Remark, RootDigest, Suggestion, TabLink, Thumb, Volume, Word, bar_link, bar_separator, case_bar, catalogue_tree, cite,
    facts, filing_check, key_line, note, page_image, page_reader, pane, party_table, remark, root_digest, suggestion, tab_links, thumbs, turn_button,
};
use ui::zh::{date_text, prose};
use ui::{
    Button, Emphasis, Icon, Link, Mode, NavItem, Paper, Script, Tone, WorkbenchHead, WorkbenchLayout, badge, button, icon_badge, link_button, paper,
    workbench_page,
};

use crate::case::CASE_NO;

/// The shell of every workbench page of the gallery.
pub fn shell(title: &str, who: (&str, &str), mode: Mode, layout: WorkbenchLayout, bar: Option<&Markup>, body: &Markup) -> Markup {
    let at = |label, href, count, current| NavItem { label, href, count, current };
    let scripts: &[Script] = match layout {
        WorkbenchLayout::Reader => &[Script::Reader],
        WorkbenchLayout::Queue | WorkbenchLayout::Draft => &[Script::Draft],
        WorkbenchLayout::Day | WorkbenchLayout::Sheet => &[],
    };
    let nav = [
        at("我的一天", "/day", None, layout == WorkbenchLayout::Day),
        at("立案审查", "/queue", Some(12), layout == WorkbenchLayout::Queue),
        at("阅卷", "/reader", None, layout == WorkbenchLayout::Reader),
        at("文书", "/draft", Some(3), layout == WorkbenchLayout::Draft),
        at("送达", "#service", Some(5), false),
        at("归档", "#archive", None, false),
    ];
    workbench_page(
        &WorkbenchHead { title, user: who.0, office: who.1, mode, sandbox: true, nav: &nav, search: true, layout, case_bar: bar, scripts },
        body,
    )
}

pub const JUDGE: (&str, &str) = ("林若谷", "民事审判庭 · 审判员");

pub fn queue(mode: Mode) -> Markup {
    let left_head = html! { div.end {
        (bar_link(&BarLink { label: "我的", href: "#mine", current: true, ..BarLink::default() }))
        (bar_link(&BarLink { label: "全庭", href: "#all", ..BarLink::default() }))
        (bar_link(&BarLink { label: "到期", href: "#sort", ..BarLink::default() }))
    } };
    let left_foot = key_line(&[(&["j", "k"], "上下"), (&["Enter"], "打开"), (&["p"], "钉意见"), (&["?"], "全部按键")]);
    let body = html! {
        (pane(&Pane {
            id: "q-h", head: Some(PaneHead { heading: "待审查 12", heading_hidden: false, content: &left_head }),
            content: &ui::workbench::queue(&waiting()), foot: Some(&left_foot), bare: false, third: false,
        }))
        (pane(&Pane { id: "f-h", head: None, content: &filing(), foot: None, bare: false, third: false }))
        (handling())
    };
    shell("立案审查 · 办案平台", ("许知行", "立案庭 · 书记员"), mode, WorkbenchLayout::Queue, None, &body)
}

fn waiting() -> Vec<QueueRow<'static>> {
    let row = |name, days, sub, flag, current| QueueRow { name, href: "#case", days: Some(days), sub: prose(sub), flag, current };
    vec![
        row("海粤通物流公司 诉 邓少平", 0, "买卖合同纠纷 · 86,400 元", "网上 · 补正后", false),
        row("韩立新 诉 宏远制冷公司", 1, "追索劳动报酬纠纷 · 31,250 元", "窗口代录", false),
        row("蒋文秀 诉 蒋文斌", 3, "法定继承纠纷 · 1,260,000 元", "网上", false),
        row("锦湾物业公司 诉 罗启明", 3, "物业服务合同纠纷 · 9,870 元", "网上 · 批量 1/24", false),
        row("周桂兰 诉 陈志远", 6, "民间借贷纠纷 · 175,500 元", "网上 · 新收", true),
        row("唐晓雯 诉 唐国华", 6, "离婚纠纷", "网上 · 新收", false),
        row("周建业 诉 安顺保险公司", 6, "机动车交通事故责任纠纷 · 214,306 元", "跨域", false),
        row("鹏程租赁公司 诉 李秋实", 6, "房屋租赁合同纠纷 · 48,000 元", "网上 · 新收", false),
        row("曾庆丰 诉 曾庆余", 7, "民间借贷纠纷 · 60,000 元", "网上 · 新收", false),
        row("蓝海装饰公司 诉 石磊", 7, "装饰装修合同纠纷 · 132,600 元", "网上 · 新收", false),
        row("邱月娥 诉 邱伟", 7, "赡养费纠纷", "口头起诉", false),
        row("明德教育公司 诉 何沛", 7, "教育培训合同纠纷 · 18,800 元", "网上 · 新收", false),
    ]
}

fn filing() -> Markup {
    html! {
        div.block {
            div.row.gap-4 {
                h1 id="f-h" { "周桂兰 诉 陈志远" } span.muted { "民间借贷纠纷" } (badge(Tone::Todo, "新收"))
                span.small.muted.push { "收件 4001-2026-0908-00417" }
            }
            p.small.mt-1 {
                (prose("9月8日 10:24:36 网上收到，最迟 ")) strong { (prose("9月15日（星期二）")) } "立案、裁定不予受理或者一次性告知补正，还剩 6 天 "
                span.muted { (prose("（次日起 7 日，末日非休息日；民事诉讼法第八十五条、第一百二十六条 R-FIL-11）")) }
            }
        }
        div.block { h2 { "审查项目" } (filing_check(&checks())) }
        div.block.flush {
            h2 { "起诉状内容 " span.tiny.regular { "右侧页码可跳到原页" } }
            (party_table("起诉状内容", &written()))
        }
    }
}

fn checks() -> Vec<CheckGroup<'static>> {
    let line = |mark, words| CheckLine { mark: Some(mark), words: prose(words) };
    let ok = |words| line(CheckMark::Ok, words);
    vec![
        CheckGroup {
            heading: "材料",
            badge: (Tone::Done, "齐全"),
            lines: vec![
                ok("起诉状及副本，2 页，已签名"),
                ok("原告身份证；本人办理，无需授权委托书"),
                ok("借条、转账回单、取款凭证、收条，共 6 页"),
                ok("送达地址确认书，同意电子送达"),
            ],
        },
        CheckGroup {
            heading: "主体",
            badge: (Tone::Near, "1 项要补"),
            lines: vec![
                ok("原告与借条出借人一致"),
                ok("双方身份证号校验通过"),
                CheckLine {
                    mark: Some(CheckMark::No), words: html! { strong { "被告住所只到“青石路一带”，无法送达" } " " (prose("R-FIL-04")) }
                },
            ],
        },
        CheckGroup {
            heading: "管辖",
            badge: (Tone::Done, "本院有管辖权"),
            lines: vec![
                ok("被告住所地：青石区（民事诉讼法第二十二条）R-JUR-05"),
                ok("级别：标的额 175,500 元，基层法院"),
                line(CheckMark::NotApplicable, "无专属管辖、无协议管辖"),
            ],
        },
        CheckGroup {
            heading: "重复",
            badge: (Tone::Soon, "1 件待判断"),
            lines: vec![
                line(CheckMark::Ask, "（2025）粤4001民初20817号，当事人相同，已准许撤诉；撤诉后可以再次起诉 R-FIL-16"),
                CheckLine {
                    mark: None,
                    words: cite(&[Citation { words: "看该案起诉状", href: "#see" }, Citation { words: "认定不是重复起诉", href: "#notdup" }]),
                },
            ],
        },
    ]
}

fn written() -> Vec<FieldRow<'static>> {
    let row = |label, value, page| FieldRow { label, value: prose(value), page: Some((page, "#page")), pin_href: Some("#pin"), pinned: None };
    vec![
        row("原告", "周桂兰，女，1955年4月9日出生，汉族，住清河市青石区云溪路 6 号 3 栋 502", "第 1 页"),
        row("被告", "陈志远，男，1981年11月2日出生，汉族", "第 1 页"),
        FieldRow { pinned: Some(1), ..row("被告住所", "清河市青石区榆海街道青石路一带", "第 1 页") },
        row(
            "诉讼请求",
            "1. 偿还借款本金 150,000 元；2. 支付利息（按月利率 1%，自 2025年3月15日起至实际清偿之日止，暂计至 2026年8月14日为 25,500 元）；3. 诉讼费用由被告承担",
            "第 1 页",
        ),
        FieldRow { page: None, pin_href: None, ..row("标的额", "175,500.00 元 → 受理费 3,810.00 元，减半 1,905.00 元 R-FEE-11", "") },
        row("事实与理由", "2024年3月15日出借 150,000 元，银行转账 120,000 元，现金 30,000 元；约定 2025年3月14日前还清，至今未还", "第 1 页"),
        row("证据", "借条、银行转账回单、取款凭证、收条，共 4 份 6 页", "第 5 页"),
    ]
}

fn handling() -> Markup {
    let tab = |label, current| TabLink { label, href: "#tab", current };
    let tabs = tab_links(&[tab("立案", false), tab("退回补正", true), tab("先行调解", false), tab("不予受理", false)], true);
    let until = date_text(date(2026, 9, 16));
    let plain = |text: &str| html! { (text) };
    html! {
        form.pane.third method="post" aria-labelledby="d-h" data-draft="gallery-return" {
            (form::csrf("gallery"))
            div.pane-head { h2 id="d-h" { "处理" } (tabs) }
            div.block.stack.gap-2 {
                p.small { "一次性全面告知，" strong { "同一问题不得再次要求补正" } (prose("。补正材料收到次日起，7 日重新计算。R-FIL-12")) }
                (remark(&Remark {
                    number: 1, pinned_to: "起诉状第 1 页，被告住所", name: "r1", delete_href: "#del",
                    text: "被告住址只写到“青石路一带”，法院无法送达。请写明门牌号；不知道门牌号的，可以写被告的单位地址、经常居住地，或者提供其他能够确定住址的材料。",
                    phrases: &[("住址不明确", "#t1"), ("身份信息不足", "#t2"), ("请求不具体", "#t3")],
                }))
                (button(&Button { label: "再加一条意见", icon: Some(Icon::Plus), key: Some("p"), small: true, sends: Some(("act", "add")), ..Button::default() }))
            }
            div.block.stack.gap-2 {
                (form::date(&Field { name: "till", label: "补正期限", value: &until, hint: Some("告知次日起 7 日"), ..Field::default() }))
                (form::select(&Field { name: "how", label: "怎样告知", value: "electronic", ..Field::default() },
                    &[("electronic", "电子送达（原告 9月8日已确认）"), ("post", "邮寄"), ("hand", "当面")]))
            }
            div.block {
                h3 { "告知书预览" }
                div.mini-frame { (paper(&Paper {
                    court: &["广东省", "清河市青石区", "人民法院"], name: Some("补正通知书"), to: Some("周桂兰："),
                    paragraphs: &[
                        plain("本院于2026年9月8日收到你诉陈志远民间借贷纠纷的起诉材料。经审查，请你于2026年9月16日前补正以下内容："),
                        plain("一、写明被告陈志远的住址（见起诉状第1页）……"),
                    ],
                    flow: true, mini: true, ..Paper::default()
                })) }
            }
            div.pane-foot.row {
                (button(&Button { label: "送达补正通知书", emphasis: Emphasis::Primary, sends: Some(("act", "send")), ..Button::default() }))
                (button(&Button { label: "存为草稿", sends: Some(("act", "keep")), ..Button::default() }))
                span.tiny.push.needs-script { (ui::kbd("Ctrl")) " " (ui::kbd("Enter")) }
            }
        }
    }
}

pub fn reader(mode: Mode) -> Markup {
    read(mode, None)
}

/// Two pages side by side, one of them an image with its text over it.
pub fn reader_compare(mode: Mode) -> Markup {
    let at = |x, y, width, height| PageBox { x, y, width, height };
    let image = page_image(&PageImage {
        href: "/complaint.svg",
        width: 600,
        height: 808,
        words: &[
            Word { text: "1.判令被告偿还借款本金 150000 元；", at: at(88.0, 272.0, 290.0, 20.0) },
            Word { text: "120000 元，另付现金", at: at(364.0, 522.0, 182.0, 20.0) },
        ],
        marks: &[
            (PageMark::Source, at(86.0, 270.0, 294.0, 24.0)),
            (PageMark::HitNow, at(508.0, 522.0, 38.0, 20.0)),
            (PageMark::Highlight, at(54.0, 552.0, 84.0, 20.0)),
        ],
        pins: &[Pin { number: 1, y: 282.0 }],
        watermark: "林若谷 2026-10-21 14:32",
    });
    read(mode, Some(("起诉状第 1 页图像，文字可选", &image)))
}

fn read(mode: Mode, compare: Option<(&str, &Markup)>) -> Markup {
    let end = html! {
        (icon_badge(Tone::Soon, Icon::Clock, "审限 12月11日，剩 51 天"))
        (link_button(&Link { label: "写判决", href: "/draft", small: true, ..Link::default() }))
    };
    let bar =
        case_bar(&CaseBar {
            heading: "周桂兰 诉 陈志远", case_no: Some(CASE_NO), words: "民间借贷纠纷 · 简易程序 · 独任审判员 林若谷", end: &end
        });
    let search = html! {
        form.wsearch.fill role="search" aria-label="卷内" {
            label.sr for="fs" { "在本案卷内查找" } (ui::icon(Icon::Search))
            input id="fs" name="q" type="search" value="现金"; span.tiny.nowrap { "12 处" }
        }
    };
    let stage = html! {
        (page_reader(&PageView { spoken: "庭审笔录第 3 页图像，文字可选", page: &record_page(), compare }))
        (thumbs(&thumb_list()))
    };
    let tab = |label, current| TabLink { label, href: "#tab", current };
    let tabs = tab_links(&[tab("要件事实", true), tab("证据 11", false), tab("批注 3", false), tab("法条", false)], false);
    let keys = key_line(&[(&["j", "k"], "上下件"), (&["←", "→"], "翻页"), (&["/"], "查找"), (&["?"], "全部按键")]);
    let digest = root_digest(&RootDigest {
        received: 20,
        shown: 20,
        digest: "b41f 07ce … 93da 5e02",
        as_of: "10月21日 14:05",
        change: ("第 57 次变动", "#log"),
    });
    let body = html! {
        (pane(&Pane { id: "t-h", head: Some(PaneHead { heading: "卷宗目录", heading_hidden: true, content: &search }), content: &catalogue(), foot: Some(&digest), bare: false, third: false }))
        (pane(&Pane { id: "r-h", head: Some(PaneHead { heading: "庭审笔录", heading_hidden: false, content: &reader_bar() }), content: &stage, foot: None, bare: true, third: false }))
        (pane(&Pane { id: "x-h", head: Some(PaneHead { heading: "事实、证据和批注", heading_hidden: true, content: &tabs }), content: &beside_page(), foot: Some(&keys), bare: false, third: true }))
    };
    shell("阅卷（2026）粤4001民初1234号 · 办案平台", JUDGE, mode, WorkbenchLayout::Reader, Some(&bar), &body)
}

fn catalogue() -> Markup {
    const MAIN: [(&str, u32, u32, u32); 18] = [
        ("民事起诉状", 1, 2, 1),
        ("受理案件通知书", 3, 3, 0),
        ("交纳诉讼费用通知书、票据", 4, 5, 0),
        ("应诉通知书、举证通知书", 6, 8, 0),
        ("民事答辩状", 9, 10, 2),
        ("当事人身份证明", 11, 13, 0),
        ("原告证据目录", 14, 14, 0),
        ("借条", 15, 15, 0),
        ("银行转账回单", 16, 17, 0),
        ("取款凭证、收条", 18, 20, 1),
        ("微信聊天记录", 21, 27, 0),
        ("被告证据", 28, 31, 0),
        ("证据交换笔录", 32, 35, 0),
        ("传票", 36, 37, 0),
        ("开庭公告", 38, 38, 0),
        ("庭审笔录", 39, 46, 8),
        ("送达回证", 47, 49, 0),
        ("电子送达凭证", 50, 53, 0),
    ];
    const SEALED: [(&str, u32, u32, u32); 2] = [("阅卷笔录", 1, 4, 0), ("文书签发稿", 5, 6, 0)];
    let items = |list: &'static [(&'static str, u32, u32, u32)], open: u32| -> Vec<FileItem<'static>> {
        list.iter()
            .zip(1..)
            .map(|((name, from, to, hits), number)| FileItem {
                number,
                name,
                href: "#item",
                pages: (*from, *to),
                hits: *hits,
                current: number == open,
            })
            .collect()
    };
    catalogue_tree(&[Volume { sealed: false, items: &items(&MAIN, 16), pages: 53 }, Volume { sealed: true, items: &items(&SEALED, 0), pages: 6 }])
}

fn reader_bar() -> Markup {
    let only = |label, href, drawing, key| bar_link(&BarLink { label, href, icon: Some(drawing), icon_only: true, key, current: false });
    let with = |label, href, drawing, key| bar_link(&BarLink { label, href, icon: Some(drawing), icon_only: false, key: Some(key), current: false });
    html! {
        span.tiny.nowrap { "第 3 页 / 8 · 卷 41" }
        div.end {
            (only("上一页", "#prev", Icon::Left, Some("ArrowLeft"))) (only("下一页", "#next", Icon::Right, Some("ArrowRight"))) (bar_separator())
            (turn_button()) (with("对照", "#cmp", Icon::Compare, "c")) (with("批注", "#note", Icon::Note, "n")) (with("引用", "#cite", Icon::Link, "q")) (bar_separator())
            span.small.nowrap { "命中 7 / 12" } (only("下一处命中", "#hit", Icon::Down, None))
        }
    }
}

fn record_page() -> Markup {
    let hit = |words: &str| html! { mark { (words) } };
    html! {
        div.paper.scan {
            svg.water aria-hidden="true" {
                g fill="#1b222c" fill-opacity=".055" font-size="15" font-family="sans-serif" {
                    @for at in ["60 210", "330 330", "60 520", "330 640"] { text transform={ "translate(" (at) ") rotate(-24)" } { "林若谷 2026-10-21 14:32" } }
                }
                path d="M0 402h700" stroke="#b8ae93" stroke-opacity=".35" stroke-width="2" {}
            }
            span.margin-pin.at-reply role="img" aria-label="批注 1" { "1" }
            p { "审：下面进行法庭调查。被告，对原告提交的第三组证据有无异议？" }
            p { "被：对银行转账回单没有异议，" span.src { "2024年3月15日我收到原告转账120000元" } "。对取款凭证的真实性没有异议，但是不能证明" (hit("现金")) "交给了我。" }
            p { "审：原告，30000元" mark.now { "现金" } "是在什么时间、什么地点交付的？" }
            p { "原：" span.hl { "当天下午三点左右，我从银行取了30000元，在云溪路我家里交给他的，他当场写了收条，" } "我的邻居吴秀珍在场。" }
            p { "审：被告，收条上的签名是不是你本人所签？" }
            p { "被：签名是我的。但是当时写的是空白的纸，" (hit("现金")) "我没有拿。" }
            @for line in ["审：被告，你说是空白的纸，有没有证据？", "被：没有。", "审：被告是否申请对收条的形成时间进行鉴定？", "被：不申请。"] { p { (line) } }
            p { "审：法庭归纳本案争议焦点：一、" (hit("现金")) "30000元是否实际交付；二、利息的计算标准。双方有无异议？" }
            @for line in ["原：没有异议。", "被：没有异议。", "审：围绕第一个焦点，原告还有无补充？"] { p { (line) } }
            p { "原：取款凭证的时间是当天14时41分，金额正好30000元，和收条的" (hit("现金")) "数额一致。" }
            p.p-to.p-sigs { span { "周桂兰（签名）" } span { "陈志远（签名）" } span { "第3页" } }
        }
    }
}

fn thumb_list() -> [Thumb<'static>; 8] {
    const PICTURES: [&str; 8] =
        ["/thumb-39.svg", "/thumb-40.svg", "/thumb-41.svg", "/thumb-42.svg", "/thumb-43.svg", "/thumb-44.svg", "/thumb-45.svg", "/thumb-46.svg"];
    let mut number = 38;
    PICTURES.map(|image_href| {
        number += 1;
        Thumb { number, href: "#page", image_href, current: number == 41 }
    })
}

/// A small picture of a page, for the gallery only: lines of varied length.
pub fn thumb_picture(page: u32) -> String {
    let lines: Vec<String> = (0..11)
        .map(|row| {
            let width = [32, 30, 22, 32, 14, 30][((page * 7 + row * 5) % 6) as usize];
            format!(r#"<path d="M6 {}h{width}"/>"#, 8 + row * 4)
        })
        .collect();
    let hits = if matches!(page, 40 | 41 | 43) { r##"<path d="M9 16h12M9 28h14" stroke="#f0a92e" stroke-width="2.6"/>"## } else { "" };
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 44 58" width="44" height="58"><g stroke="#a9a596" stroke-width="1.1">{}</g>{hits}</svg>"##,
        lines.concat()
    )
}

fn beside_page() -> Markup {
    let at = |words, href| Citation { words, href };
    let fact = |heading, badge, words: &str, sources: &[Citation<'_>]| {
        Fact { heading: prose(heading), badge: Some(badge), words: html! { (prose(words)) (cite(sources)) } }.row()
    };
    html! {
        (facts(&[
            fact("借贷合意", (Tone::Done, "无争议"), "借条载明借款 150,000 元，月利率 1%，2025年3月14日前还清。", &[at("借条，卷 15", "#c1"), at("答辩状，卷 9", "#c2")]),
            fact("款项交付：转账 120,000 元", (Tone::Done, "被告认可"), "2024年3月15日转入被告账户。", &[at("回单，卷 16", "#c3"), at("笔录，卷 41", "#c4")]),
            suggestion(&Suggestion {
                heading: prose("款项交付：现金 30,000 元"), badge: Some((Tone::Near, "有争议")),
                words: prose("系统整理：取款时间 14:41、金额 30,000 元，与收条数额一致；被告认可收条签名，称当时为空白纸，未举证，不申请鉴定。"),
                sources: &[at("取款凭证，卷 18", "#c5"), at("收条，卷 20", "#c6"), at("笔录，卷 41", "#c7")],
                sureness: "把握：较高", action: "#answer", csrf: "gallery",
            }),
            fact("还款", (Tone::Plain, "双方均称未还"), "到期后未偿还本金和利息。", &[at("笔录，卷 42", "#c8")]),
            fact("利率", (Tone::Done, "未超上限"), "年 12%，合同成立时一年期 LPR 3.45% 的四倍为 13.8%。", &[at("民间借贷规定第二十五条", "#law")]),
        ]))
        div.block {
            h3 { "我的批注 " span.tiny.regular { "仅本人可见，可转合议庭" } }
            (note(&Note { place: "1 · 卷 41 · 10月21日 14:28", words: "邻居吴秀珍在场，未申请出庭。结合收条和取款凭证，可不再通知作证。" }))
        }
    }
}
