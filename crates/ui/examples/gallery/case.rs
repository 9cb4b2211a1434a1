//! Home, the case and the receipt.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use maud::{Markup, html};
use ui::portal::{
    ActionCard, Actor, By, CaseRow, Entry, Identity, MustAct, Verdict, action_card, case_list, court_line, entry_grid, identity_state, must_act,
    verdict,
};
use ui::zh::{case_no, phrases, prose, yuan};
use ui::{
    ClockDerivation, ClockStep, Column, CountCalendar, CourtContact, Emphasis, Fact, Icon, Link, Mode, PageHead, Step, Table, TimelineItem, Tone,
    clock_derivation, crumb, digest, fold, icon, kv, link_button, more, panel, portal_page, table, timeline,
};

pub const CASE_NO: &str = "（2026）粤4001民初1234号";
pub const COURT: &str = "清河市青石区人民法院";

/// The shell of every portal page of the gallery.
pub fn shell(title: &str, mode: Mode, scripts: &[ui::Script], body: &Markup) -> Markup {
    portal_page(
        &PageHead {
            title,
            user: Some("周桂兰"),
            mode,
            sandbox: true,
            court: Some(CourtContact {
                hall: "清河市青石区人民法院诉讼服务中心",
                address: "青石区青石路 18 号一楼",
                hours: "工作日 9:00–12:00、14:00–17:30",
            }),
            scripts,
        },
        body,
    )
}

fn primary<'a>(label: &'a str, href: &'a str) -> Link<'a> {
    Link { label, href, emphasis: Emphasis::Primary, ..Link::default() }
}

pub fn fee_buttons() -> Markup {
    html! {
        (link_button(&primary("去交费", "#pay")))
        (link_button(&Link { label: "申请缓交、减交、免交", href: "#relief", ..Link::default() }))
    }
}

pub fn home(mode: Mode) -> Markup {
    let why = html! {
        p { (prose("您与陈志远的民间借贷纠纷，法院 9月11日已经立案。受理费 3810 元，适用简易程序减半，预交 1905 元。")) }
        p { strong { "逾期不交，" } "又没有申请缓交、减交、免交或者申请未获批准的，按撤诉处理。" }
    };
    let foot = html! {
        (more(&prose("为什么是 9月18日"), &html! {
            p { (prose("《交纳诉讼费用通知书》9月11日送达。当日不算，从 9月12日起数 7 日，到 9月18日。依据《诉讼费用交纳办法》第二十二条。R-FEE-15")) }
        }))
        a.crumb href="#counter" { "到窗口交费" }
    };
    let by = By { day: date(2026, 9, 18), today: date(2026, 9, 14) };
    let body = html! {
        div.hello {
            div {
                h1 { "周桂兰，您好" }
                (identity_state(&Identity { verified: true, acts_as: "以本人名义办理", change: Some(("换成代理他人", "#identity")) }))
            }
            (court_line(COURT, "#court"))
        }
        div.home {
            (action_card(&ActionCard {
                id: "h-act", eyebrow: "现在要您办的事，共 1 件", heading: &["交纳", "案件受理费", " 1905.00 元"],
                by: Some(by), why: &why, buttons: Some(&fee_buttons()), foot: Some(&foot), calm: false,
            }))
            section aria-labelledby="h-entry" {
                h2 id="h-entry" { "办理事项" }
                (entry_grid("h-entry", ENTRIES))
                p.mt-3 { "收到法院寄来的应诉材料？" a href="#join" { "凭通知书上的加入码加入案件" } }
            }
            section aria-labelledby="h-case" { h2 id="h-case" { "我的案件" } (case_list(&my_cases())) }
        }
    };
    shell("首页 · 人民法院在线服务", mode, &[], &body)
}

const fn entry(icon: Icon, label: &'static str, hint: &'static str, href: &'static str) -> Entry<'static> {
    Entry { icon, label, hint, href }
}

const ENTRIES: &[Entry<'static>] = &[
    entry(Icon::File, "我要立案", "写起诉状或拍照提交", "/interview"),
    entry(Icon::Folder, "我的案件", "办到哪一步了", "/case"),
    entry(Icon::Mail, "送达文书", "法院发给您的文书", "/paper"),
    entry(Icon::Talk, "我要调解", "不打官司也能解决", "#mediate"),
    entry(Icon::Book, "阅卷", "看自己案件的卷宗", "#read"),
    entry(Icon::Calc, "费用计算", "打官司交多少钱", "#fee"),
    entry(Icon::Verify, "核验文书", "查文书是真是假", "/verify"),
    entry(Icon::Guide, "诉讼指南", "一步一步讲清楚", "#guide"),
];

fn my_cases() -> [CaseRow<'static>; 2] {
    [
        CaseRow {
            name: "与陈志远的民间借贷纠纷",
            href: "/case",
            case_no: Some(CASE_NO),
            stand: None,
            badge: (Tone::Near, "待交费"),
            next: prose("已立案，9月14日向被告寄出应诉材料"),
        },
        CaseRow {
            name: "物业服务合同纠纷（没填完）",
            href: "/interview",
            case_no: None,
            stand: Some("起诉状填到第 3 步，共 9 步"),
            badge: (Tone::Todo, "草稿"),
            next: html! { "昨天 20:14 已保存 · " a href="/interview" { "接着填" } },
        },
    ]
}

pub fn case(mode: Mode) -> Markup {
    let why = must_act(&[
        MustAct {
            who: Actor::You, what: prose("还有证据的，在举证期限内提交"), by: html! { a href="#evidence" { "提交证据" } "，已交 4 份" }
        },
        MustAct { who: Actor::Other("被告"), what: prose("提交答辩状和证据"), by: prose("不答辩，不影响法院继续审理") },
        MustAct {
            who: Actor::Other("法院"), what: prose("收到答辩状后 5 日内送给您，再安排开庭"), by: prose("开庭时间用传票另行通知")
        },
    ]);
    let body = html! {
        (crumb("我的案件", "/home"))
        h1.phrases { (phrases(&["与陈志远的", "民间借贷纠纷"])) }
        p.case-no.mb-4 { span { (case_no(CASE_NO)) } span { (COURT) } }
        div.two {
            div {
                (action_card(&ActionCard {
                    id: "now", eyebrow: "现在到哪一步", heading: &["等被告答辩，", "双方", "提交证据"],
                    by: Some(By { day: date(2026, 10, 8), today: date(2026, 9, 21) }),
                    why: &why, buttons: None, foot: None, calm: true,
                }))
                section aria-labelledby="why" { (fold("why", &prose("为什么是 10月8日"), true, &derivation())) }
                section aria-labelledby="done" { h2 id="done" { "已经办过的" } (timeline(&happened())) }
            }
            (beside_case())
        }
    };
    shell("与陈志远的民间借贷纠纷 · 我的案件", mode, &[], &body)
}

fn derivation() -> Markup {
    let rest: Vec<Date> = date(2026, 9, 25).series(1.day()).take(3).chain(date(2026, 10, 1).series(1.day()).take(7)).collect();
    clock_derivation(&ClockDerivation {
        steps: &[
            ClockStep {
                what: prose("9月18日，被告签收了应诉材料。"),
                law: prose("当天不算，从 9月19日起数。《中华人民共和国民事诉讼法》第八十五条第二款 R-DDL-01"),
            },
            ClockStep { what: prose("答辩期 15 日，第 15 日是 10月3日。"), law: prose("同法第一百二十八条第一款 R-FIL-21") },
            ClockStep {
                what: html! { (prose("10月3日在国庆节假期里，")) strong { (prose("顺延到假期后第一天，10月8日")) } "。" },
                law: prose("同法第八十五条第三款 R-DDL-02"),
            },
        ],
        calendar: Some(CountCalendar {
            caption: "9月18日收到，数 15 日，遇假期顺延",
            trigger: date(2026, 9, 18),
            trigger_word: "收到",
            days: 15,
            rest: &rest,
            due: date(2026, 10, 8),
        }),
        foot: Some("假期按国务院办公厅公布的 2026 年放假安排。中间的假期照数，只有最后一天遇假期才顺延。"),
    })
}

fn happened() -> Vec<TimelineItem<'static>> {
    let item = |when, datetime, heading: &str, body| TimelineItem { step: Step::Done, when, datetime: Some(datetime), heading: prose(heading), body };
    vec![
        item("9月18日", "2026-09-18", "应诉材料送到被告", html! { p { "邮寄，本人签收。" a href="#proof" { "看送达回证" } } }),
        item("9月15日", "2026-09-15", "您交了受理费 1905.00 元", html! { p { a href="#bill" { "看电子票据" } } }),
        item("9月14日", "2026-09-14", "法院向被告寄出应诉材料", html! { p { (prose("立案后 5 日内寄出。R-FIL-21")) } }),
        item("9月11日", "2026-09-11", "法院立案", html! { p { "您收到受理案件通知书等 4 份文书。" a href="/paper" { "看文书" } } }),
        item("9月10日", "2026-09-10", "您补正了被告住址", html! { p { (prose("法院 9月9日一次性告知。")) } }),
        item("9月8日", "2026-09-08", "您提交了起诉材料", html! { p { a href="/receipt" { "看回执" } } }),
    ]
}

fn beside_case() -> Markup {
    let fact = |key, value| Fact { key, value: prose(value) };
    html! {
        aside.stack.gap-4 aria-label="案件情况" {
            (panel("facts", "案件情况", &kv(&[
                fact("原告", "周桂兰（您）"), fact("被告", "陈志远"), fact("案由", "民间借贷纠纷"), fact("程序", "简易程序"),
                fact("阶段", "审前准备"), fact("承办", "独任审判员 林若谷\n书记员 许知行"), fact("审理期限", "到 2026年12月11日 R-LIM-02"),
            ], false)))
            (panel("may", "这个案件里您可以", &html! { ul.links {
                @for (drawing, words) in [(Icon::Book, "阅卷（正卷 11 件，31 页）"), (Icon::Upload, "提交证据"), (Icon::Talk, "申请调解"), (Icon::User, "委托代理人"), (Icon::Court, "转为线下办理")] {
                    li { a.crumb href="#act" { (icon(drawing)) (words) } }
                }
            } }))
            p.small.muted { "谁看过您的卷宗：近 30 天 3 人 5 次，" a href="#log" { "看记录" } }
        }
    }
}

pub fn receipt(mode: Mode) -> Markup {
    let words = html! {
        p.mt-2.mb-4 { "我们已经收到，正在等清河市青石区人民法院接收。您不用再做什么，有结果会发短信，也会放进“送达文书”。" }
        p.muted.small { "回执编号" }
        p.figure { "4001-2026-0908-00417" }
        p.muted.small.mt-3 { "收到时间（法律上以这个时间为准）" }
        p.lead.strong { (prose("2026年9月8日 10:24:36")) }
    };
    let body = html! {
        div.two {
            div {
                (verdict(&Verdict { heading: "起诉材料已提交", good: true, words: &words }))
                div.btns.no-print.mt-4 {
                    (link_button(&Link { icon: Some(Icon::Download), ..primary("下载回执", "#pdf") }))
                    (link_button(&Link { label: "打印", href: "#print", icon: Some(Icon::Print), ..Link::default() }))
                    (link_button(&Link { label: "回首页", href: "/home", emphasis: Emphasis::Quiet, ..Link::default() }))
                }
                section aria-labelledby="next" { h2 id="next" { "接下来会怎样" } (timeline(&to_come())) }
            }
            div.stack.gap-4 {
                (panel("mat", "您交了什么", &handed_in()))
                (panel("fp", "材料的“指纹”", &html! { div.stack.gap-2 {
                    p.small { "材料改一个字，下面这串字符就会变。它能证明您交的是什么、什么时候交的。" }
                    (digest("7c1e90b43a5fd2e841c70f96be2358ad9d04e617c3fa82b166501d9cf74e2ab3", false))
                    p.tiny { "国密 SM3 摘要，签名：人民法院在线服务。存入司法链后，回执可再下载一次，附存证凭证" }
                    (more(&html! { "怎样自己核验" }, &html! { p.small { "下载的回执里带有验证文件，用免费的 " span.nowrap { "xiezhi-verify" } " 核验，不联网也可以；也可以在" a href="/verify" { "核验文书" } "里传回执。" } }))
                } }))
                p.small.muted { "没有智能手机的，凭回执编号到窗口或者打 " a href="tel:12368" { "12368" } " 查进度。" }
            }
        }
    };
    shell("提交回执 · 人民法院在线服务", mode, &[], &body)
}

fn to_come() -> Vec<TimelineItem<'static>> {
    vec![
        TimelineItem {
            step: Step::Done,
            when: "9月8日 10:24",
            datetime: Some("2026-09-08T10:24:36+08:00"),
            heading: prose("您提交了起诉材料"),
            body: html! { p { "6 份材料，11 页。" } },
        },
        TimelineItem {
            step: Step::Now,
            when: "最迟 9月15日",
            datetime: Some("2026-09-15"),
            heading: prose("法院决定是否立案"),
            body: html! {
                p { "法院收到后 7 日内决定。到期还定不下来的，先立案。" }
                (more(&prose("为什么是 9月15日"), &html! { p { (prose("9月8日当天不算，从 9月9日起数 7 日，到 9月15日，不是休息日，不顺延。《中华人民共和国民事诉讼法》第八十五条、第一百二十六条；《最高人民法院关于人民法院登记立案若干问题的规定》第八条。R-FIL-11 R-DDL-01")) } }))
            },
        },
        TimelineItem {
            step: Step::Later,
            when: "如果材料不全",
            datetime: None,
            heading: prose("法院一次告诉您要补什么"),
            body: html! { p { (prose("会写清补什么、最迟哪天补。补齐后第二天起，重新计算 7 日。R-FIL-12")) } },
        },
        TimelineItem {
            step: Step::Later,
            when: "立案后",
            datetime: None,
            heading: prose("您交受理费，法院把起诉状送给被告"),
            body: html! { p { "收到交费通知后 7 日内，预交 " (yuan(190_500)) (prose("；法院 5 日内把起诉状副本发给被告，被告有 15 日答辩。R-FEE-15 R-FIL-21")) } },
        },
    ]
}

fn handed_in() -> Markup {
    let items = [("民事起诉状", 2), ("身份证", 2), ("借条", 1), ("银行转账回单", 2), ("取款凭证、收条", 3), ("送达地址确认书", 1)];
    let rows: Vec<Vec<Markup>> = items.iter().map(|(name, pages)| vec![html! { (name) }, html! { (pages) }]).collect();
    let pages: u32 = items.iter().map(|(_, pages)| pages).sum();
    table(&Table {
        caption: "材料清单",
        caption_shown: false,
        columns: &[Column { heading: "材料", ..Column::default() }, Column { heading: "页数", number: true, spoken: None }],
        rows: &rows,
        total: Some(&[html! { "合计 " (items.len()) " 份" }, html! { (pages) }]),
        scrolls: false,
    })
}
