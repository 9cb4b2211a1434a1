//! 首页 and 我的案件: who I am, the one thing to do now, entries that work, my cases.
use super::case::step_href;
use super::fault::Fault;
use super::interview::title_of;
use super::page::{day_near, local_time, md_hm, page};
use super::visitor::{Me, Visitor};
use crate::store::cases::{Brief, State, Submission};
use crate::{Account, Draft, Error};
use axum::response::Response;
use exchange::message::{Duty, View};
use jiff::civil::Date;
use maud::{Markup, html};
use procedure::Stage;
use ui::portal::{ActionCard, By, CaseRow, Entry, Identity, action_card, case_list, entry_grid, identity_state};
use ui::zh::prose;
use ui::{Emphasis, Icon, Link, Tone, link_button, more};

const fn entry(icon: Icon, label: &'static str, hint: &'static str, href: &'static str) -> Entry<'static> {
    Entry { icon, label, hint, href }
}

/// Only what works stands here.
const ENTRIES: [Entry<'static>; 8] = [
    entry(Icon::File, "我要立案", "写起诉状或拍照提交", "/file"),
    entry(Icon::Folder, "我的案件", "办到哪一步了", "/cases"),
    entry(Icon::Mail, "送达文书", "法院发给您的文书", "/papers"),
    entry(Icon::Note, "我的草稿", "没填完的接着填", "/drafts"),
    entry(Icon::Link, "加入案件", "收到应诉材料的凭加入码", "/join"),
    entry(Icon::Verify, "核验文书", "查文书是真是假", "/verify"),
    entry(Icon::Guide, "到窗口办理", "每一步怎样到窗口办", "/guide/counter"),
    entry(Icon::User, "我的账号", "实名认证、通知、显示", "/account"),
];

/// GET /
pub async fn home(v: Visitor) -> Result<Response, Fault> {
    let body = match v.account.clone() {
        Some(account) => own_home(&v, &account).await?,
        None => html! {
            h1 { "人民法院在线服务" }
            p.intro { "立案、交费、收文书、答辩、交证据，在手机上办；每一步也都可以到窗口办。" }
            div.btns.mb-4 {
                (link_button(&Link { label: "登录", href: "/login", emphasis: Emphasis::Primary, ..Link::default() }))
                (link_button(&Link { label: "注册", href: "/register", ..Link::default() }))
            }
            div.home { (entries()) }
        },
    };
    Ok(page(&v, "首页", &[], &body))
}

fn entries() -> Markup {
    html! {
        section aria-labelledby="h-entry" {
            h2 id="h-entry" { "办理事项" }
            (entry_grid("h-entry", &ENTRIES))
            p.mt-3 { "收到法院寄来的应诉材料？" a href="/join" { "凭告知书上的加入码加入案件" } }
        }
    }
}

async fn own_home(v: &Visitor, account: &Account) -> Result<Markup, Error> {
    let (views, submissions) = v.portal.overview(account).await?;
    let drafts = v.portal.drafts(account).await?;
    let today = v.portal.today();
    Ok(html! {
        div.hello {
            div {
                h1 { (account.shown()) "，您好" }
                (identity_state(&Identity {
                    verified: account.real_name.may_act(), acts_as: if account.real_name.may_act() { "可以本人办理，也可以代理他人" } else { "认证后才能提交" },
                    change: (!account.real_name.may_act()).then_some(("去实名认证", "/account")),
                }))
            }
        }
        div.home {
            (first_duty(&views, today))
            (entries())
            section aria-labelledby="h-case" {
                h2 id="h-case" { "我的案件" }
                (case_rows(&views.iter().map(Brief::from).collect::<Vec<_>>(), &submissions, today))
                @if !drafts.is_empty() { (draft_rows(&drafts)) }
                @if views.is_empty() && submissions.is_empty() && drafts.is_empty() { p { "还没有案件。" a href="/file" { "我要立案" } } }
            }
        }
    })
}

/// The duty that presses most, of all cases.
fn first_duty(views: &[View], today: Date) -> Markup {
    let mut own: Vec<(&View, &Duty)> =
        views.iter().flat_map(|view| view.duties.iter().filter(|duty| duty.yours).map(move |duty| (view, duty))).collect();
    own.sort_by_key(|(_, duty)| duty.until.unwrap_or(Date::MAX));
    let Some((view, duty)) = own.first() else {
        return action_card(&ActionCard {
            id: "h-act",
            eyebrow: "现在要您办的事",
            heading: &["现在没有", "要您办的事"],
            by: None,
            why: &html! { p { "法院有新的文书或者要您办的事，会发短信，也会出现在这里。" } },
            buttons: None,
            foot: None,
            calm: true,
        });
    };
    let eyebrow = format!("现在要您办的事，共 {} 件", own.len());
    let href = duty.step.as_deref().and_then(|step| step_href(view, step)).unwrap_or_else(|| format!("/case/{}", view.case));
    let clock = view.clocks.iter().find(|clock| clock.yours && clock.running && Some(clock.clock.last_day) == duty.until);
    let foot = clock
        .map(|clock| more(&prose(&format!("为什么是 {}", day_near(clock.clock.last_day, today))), &html! { p { (prose(&clock.clock.text())) } }));
    action_card(&ActionCard {
        id: "h-act",
        eyebrow: &eyebrow,
        heading: &[&duty.what],
        by: duty.until.map(|day| By { day, today }),
        why: &html! { p { (view.title) } p { (prose(&duty.detail)) } },
        buttons: Some(&link_button(&Link { label: "去办", href: &href, emphasis: Emphasis::Primary, ..Link::default() })),
        foot: foot.as_ref(),
        calm: duty.until.is_none(),
    })
}

/// Cases, and filings that no court has shown yet.
fn case_rows(views: &[Brief], submissions: &[Submission], today: Date) -> Markup {
    let words: Vec<(String, String)> = views
        .iter()
        .map(|view| {
            let next = view.duties.iter().find(|duty| duty.yours).or(view.duties.first());
            let next = next.map(|duty| format!("{}{}", if duty.yours { "请您" } else { duty.who.as_str() }, duty.what)).unwrap_or_default();
            let last = view.timeline.iter().max_by_key(|entry| entry.at);
            let last = last.map(|entry| format!("{} {}", day_near(super::page::day(entry.at), today), entry.what)).unwrap_or_default();
            (format!("/case/{}", view.case), [last, next].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("；"))
        })
        .collect();
    let waiting: Vec<&Submission> = submissions
        .iter()
        .filter(|submission| {
            matches!(submission.step.as_str(), "submit_filing" | "join_case") && !views.iter().any(|view| view.case == submission.case)
        })
        .collect();
    let hrefs: Vec<(String, String)> = waiting
        .iter()
        .map(|submission| (format!("/receipt/{}", submission.receipt_no), format!("{} 提交，回执 {}", md_hm(submission.at), submission.receipt_no)))
        .collect();
    let mut rows: Vec<CaseRow<'_>> = views
        .iter()
        .zip(&words)
        .map(|(view, (href, next))| CaseRow {
            name: &view.title,
            href,
            case_no: view.number.as_deref(),
            stand: None,
            badge: stage(view),
            next: prose(next),
        })
        .collect();
    rows.extend(waiting.iter().zip(&hrefs).map(|(submission, (href, next))| CaseRow {
        name: &submission.title,
        href,
        case_no: None,
        stand: None,
        badge: if submission.state == State::Awaiting {
            (Tone::Todo, "已提交，待法院接收")
        } else {
            super::receipt::badge(submission.state)
        },
        next: prose(next),
    }));
    html! { @if !rows.is_empty() { (case_list(&rows)) } }
}

fn stage(view: &Brief) -> (Tone, &str) {
    let own = view.duties.iter().any(|duty| duty.yours && duty.until.is_some());
    let tone = match view.stage {
        _ if own => Tone::Near,
        Stage::New | Stage::Submitted | Stage::Preserving | Stage::Preparing | Stage::Hearing | Stage::Decided | Stage::Suspended => Tone::Todo,
        Stage::Returned => Tone::Near,
        Stage::Effective | Stage::Archived => Tone::Done,
        Stage::GivenBack | Stage::Refused | Stage::Withdrawn | Stage::Terminated | Stage::Dismissed | Stage::Transferred => Tone::Plain,
    };
    (tone, &view.stage_zh)
}

/// Drafts as rows of the list of cases.
pub fn draft_rows(drafts: &[Draft]) -> Markup {
    let words: Vec<(String, String, String, String)> = drafts
        .iter()
        .map(|draft| {
            let (step, of) = draft.progress();
            let time = local_time(draft.updated);
            let saved = format!("{} {:02}:{:02} 已保存", ui::zh::md_text(time.date()), time.hour(), time.minute());
            (title_of(draft), format!("/file/{}", draft.id), format!("填到第 {step} 步，共 {of} 步"), saved)
        })
        .collect();
    let rows: Vec<CaseRow<'_>> = words
        .iter()
        .map(|(name, href, stand, saved)| CaseRow {
            name,
            href,
            case_no: None,
            stand: Some(stand),
            badge: (Tone::Todo, "草稿"),
            next: html! { (prose(saved)) " · " a href=(href) { "接着填" span.sr { "：" (name) } } },
        })
        .collect();
    html! { div.mt-4 { (case_list(&rows)) } }
}

/// GET /cases
pub async fn cases(me: Me) -> Result<Response, Fault> {
    if me.v.json {
        return super::case::api_cases(me).await;
    }
    let (views, submissions) = me.v.portal.briefs(&me.account).await?;
    let today = me.v.portal.today();
    let body = html! {
        (super::page::crumb_home())
        h1 { "我的案件" }
        @if views.is_empty() && submissions.is_empty() {
            h2.sr { "案件" }
            (ui::empty(Icon::Folder, "还没有案件", &html! { "在网上立案或者凭加入码加入以后，案件会出现在这里。" }))
            div.btns.mt-4 { (link_button(&Link { label: "我要立案", href: "/file", emphasis: Emphasis::Primary, ..Link::default() })) }
        } @else {
            section aria-labelledby="list" { h2.sr id="list" { "案件列表" } (case_rows(&views, &submissions, today)) }
            (handed_in(&submissions))
        }
    };
    Ok(page(&me.v, "我的案件", &[], &body))
}

fn handed_in(submissions: &[Submission]) -> Markup {
    let rows: Vec<Vec<Markup>> = submissions
        .iter()
        .map(|submission| {
            let (tone, words) = super::receipt::badge(submission.state);
            vec![
                html! { a.crumb href={ "/receipt/" (submission.receipt_no) } { (submission.title) } },
                html! { (ui::zh::prose(&md_hm(submission.at))) },
                html! { (ui::badge(tone, words)) },
            ]
        })
        .collect();
    let column = |heading| ui::Column { heading, ..ui::Column::default() };
    html! {
        @if !rows.is_empty() {
            section aria-labelledby="receipts" {
                h2 id="receipts" { "提交过的和回执" }
                (ui::table(&ui::Table { caption: "回执", caption_shown: false, columns: &[column("事项"), column("时间"), column("状态")], rows: &rows, total: None, scrolls: true }))
            }
        }
    }
}

/// GET /guide/{page}
pub async fn guide(axum::extract::Path(name): axum::extract::Path<String>, v: Visitor) -> Result<Response, Fault> {
    let (title, body) = match name.as_str() {
        "counter" => ("每一步怎样到窗口办理", counter(&v)),
        "privacy" => ("个人信息保护", privacy()),
        "access" => ("无障碍说明", access(&v)),
        "languages" => ("其他语言", languages()),
        _ => return Err(Fault::Missing),
    };
    Ok(page(&v, title, &[], &html! { (super::page::crumb_home()) h1 { (title) } (body) }))
}

/// The counter's way of each step that people take, from the steps' own declarations.
fn counter(v: &Visitor) -> Markup {
    let steps = procedure::STEPS.iter().filter(|step| {
        use procedure::case::RoleKind;
        step.who.iter().any(|who| matches!(who, RoleKind::Filer | RoleKind::Plaintiff | RoleKind::Defendant | RoleKind::Invited | RoleKind::Agent))
    });
    let courts = v.portal.config().courts.iter().filter_map(|code| v.portal.law().courts.by_code(code));
    html! {
        p.intro { "在网上办和到窗口办，效力相同。随时可以换，已经办好的不用重办。没有智能手机的，凭身份证就行。" }
        section aria-labelledby="steps" {
            h2 id="steps" { "每一步" }
            dl.kv.wide {
                div { dt { "实名认证" } dd { "带身份证到窗口，工作人员当面核对。" } }
                @for step in steps { @if !step.counter.is_empty() { div { dt { (step.zh) } dd { (prose(step.counter)) } } } }
            }
        }
        section aria-labelledby="where" {
            h2 id="where" { "窗口在哪里" }
            @for court in courts {
                p.mt-3 {
                    strong { (court.short_name) "诉讼服务中心" } br;
                    @if let Some(address) = &court.address { (address) br; }
                    @if let Some(phone) = &court.phone { "电话 " a href={ "tel:" (phone) } { (phone) } }
                }
            }
            p.mt-3 { "不知道去哪个窗口，打 " a href="tel:12368" { "12368" } " 问。" }
        }
    }
}

fn privacy() -> Markup {
    html! {
        p.intro { "只收办案要用的信息，只给办这个案件的人看。" }
        section aria-labelledby="what" {
            h2 id="what" { "收哪些，为什么" }
            ul.stack.gap-2 {
                li { "手机号：登录、发验证码和法院的通知。" }
                li { "姓名、身份证号：确认是您本人；起诉状要写明当事人身份。" }
                li { "刷脸：单独征得您的同意；不同意的到窗口核对身份证，一样可以办。" }
                li { "起诉材料：按法律交给受诉法院和对方当事人。" }
            }
        }
        section aria-labelledby="how" {
            h2 id="how" { "怎样保护" }
            ul.stack.gap-2 {
                li { "身份证号和草稿加密保存；案件由法院内网管理，这里只有发给您的那一份。" }
                li { "每次打开卷宗和文书都有记录，您可以看到：" a href="/reads" { "谁看过我的卷宗" } "。" }
                li { "司法链上只存摘要，没有任何个人信息。" }
            }
        }
        p.mt-4 { "要查、要改、要删自己的信息，或者要投诉的，打 " a href="tel:12368" { "12368" } " 或者到窗口提出。依据《中华人民共和国个人信息保护法》第四十四条至第四十七条、第五十条。" }
    }
}

fn access(v: &Visitor) -> Markup {
    let mode = |label, href| link_button(&Link { label, href, ..Link::default() });
    html! {
        p.intro { "老年人、视力或者听力不好的人、只用键盘的人，都应当能用。" }
        div.btns {
            @if v.mode.elder { (mode("换回常规版", "?mode=normal")) } @else { (mode("大字版", "?mode=elder")) }
            @if v.mode.high_contrast { (mode("换回常规对比度", "?contrast=normal")) } @else { (mode("高对比度", "?contrast=high")) }
        }
        ul.stack.gap-2.mt-4 {
            li { "大字版：字更大，内容更少，每一页都有电话和“读给我听”。" }
            li { "全部功能可以只用键盘，可以放大到 200%，读屏软件能读出每一项和每一处错误。" }
            li { "关掉脚本也能用；网络慢、断了，已经填的不会丢。" }
            li { "有用不了的地方，打 " a href="tel:12368" { "12368" } "，或者到窗口，工作人员帮您办。" }
        }
    }
}

fn languages() -> Markup {
    html! {
        p.intro { "现在网上只有中文。各民族公民都有用本民族语言、文字进行民事诉讼的权利。" }
        p { "不通晓当地通用语言、文字的，法院提供翻译。请打 12368 或者到窗口说明，工作人员会安排。" }
        p.small.muted.mt-3 { "《中华人民共和国民事诉讼法》第十一条" }
        section lang="en" aria-labelledby="en" {
            h2 id="en" { "English" }
            p { "These pages are in Chinese only. Call 12368 or visit the litigation service centre of any people’s court for help; interpretation is provided there." }
        }
    }
}
