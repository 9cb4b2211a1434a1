//! 核验文书: a paper and its receipt against the keys that the court published. Anybody may ask; nothing is kept.
use super::fault::Fault;
use super::form::{Query, WithFiles};
use super::page::{Said, crumb_home, file_form, page_with};
use super::visitor::Visitor;
use crate::{Error, Problem};
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use ledger::{Digests, Integrity, Receipt, Stamp};
use maud::{Markup, html};
use procedure::PaperId;
use ui::form::{Field, Upload, upload};
use ui::portal::{Check, CheckResult, Verdict, aside_box, checks_plain, verdict};
use ui::zh::prose;
use ui::{Button, Emphasis, Fact, Icon, Link, button, crumb, digest, kv, link_button, more, panel};
use uuid::Uuid;

/// GET /verify?paper=…
pub async fn verify(asked: Query) -> Result<Response, Fault> {
    let paper = Uuid::parse_str(asked.query.value("paper")).ok();
    // Whose paper it is, is told to its recipient alone; everybody else is told how it works.
    let own = match (paper, &asked.v.account) {
        (Some(id), Some(account)) => match asked.v.portal.paper_receipt(account, PaperId(id)).await {
            Ok((row, _)) => Some(row.paper),
            Err(Error::Missing(_)) => None,
            Err(error) => return Err(error.into()),
        },
        (_, _) => None,
    };
    let note = own.map(|paper| {
        html! {
            (panel("which", "要核验的文书", &html! {
                p { strong { (paper.name) } " " (ui::zh::case_no(&paper.number)) }
                p.mt-2 { "先下载" a href={ "/paper/" (paper.id) "/file" } { "文书原件" } "和" a href={ "/paper/" (paper.id) "/receipt" } { "它的回执" } "，再在下面一起上传。" }
            }))
        }
    });
    Ok(start(&asked.v, note, &[]))
}

fn start(v: &Visitor, note: Option<Markup>, problems: &[Problem]) -> Response {
    let said = Said(problems);
    let field = |name, label, hint| Field { name, label, hint: Some(hint), error: said.of(name), optional: true, ..Field::default() };
    let content = html! {
        (said.summary())
        (upload(&field("receipt", "回执文件", "以 .receipt 结尾，和文书一起下载的那一个。"), &Upload { accept: ".receipt,text/plain", ..Upload::default() }))
        (upload(&field("file", "文书原件", "用法院发来的原文件，不要用截图、扫描件。没有也可以只核验回执。"), &Upload { accept: "application/pdf,.pdf,image/*,.txt,.docx,.zip", ..Upload::default() }))
        div.btns { (button(&Button { label: "核验", emphasis: Emphasis::Primary, ..Button::default() })) }
    };
    let body = html! {
        (crumb_home())
        h1 { "核验文书" }
        p.intro { "查一查手上的文书、回执是不是法院和这个平台发出的，有没有被改过。不用登录。" }
        @if let Some(note) = note { (note) }
        div.mt-4 { (file_form(v, "/verify", &content)) }
        (aside_box(Icon::Lock, "您的文件不会留下", &html! { p { "文件只用来算指纹，算完就丢掉，不保存。不想上传的，用 " span.nowrap { "xiezhi-verify" } " 在自己的电脑上核验，不联网也可以，结果一样。" } }))
    };
    page_with(v, said.status(), &said.title("核验文书"), &[], &body)
}

fn problem(field: &str, zh: &str) -> Vec<Problem> {
    vec![Problem { field: field.into(), zh: zh.into() }]
}

/// POST /verify: `receipt`, `file`; either may be in either field.
pub async fn verify_post(sent: WithFiles) -> Result<Response, Fault> {
    let WithFiles { v, files } = sent;
    let (mut receipt, mut file) = (None, None);
    for sent in files {
        let text = std::str::from_utf8(&sent.bytes).ok().and_then(|text| Receipt::parse(text).ok());
        match text {
            Some(read) if receipt.is_none() => receipt = Some(read),
            Some(_) => return Ok(start(&v, None, &problem("receipt", "一次只核验一份回执，请只上传一份。"))),
            None if sent.field == "receipt" => {
                return Ok(start(&v, None, &problem("receipt", "回执文件无法识别。请重新下载回执原件，不要编辑、转换或者复制粘贴。")));
            }
            None => file = Some((sent.name, Digests::of(&sent.bytes))),
        }
    }
    match (receipt, file) {
        (Some(receipt), file) => Ok(result(&v, &receipt, file.as_ref())),
        (None, Some((_, digests))) => by_file(&v, &digests).await,
        (None, None) => Ok(start(&v, None, &problem("receipt", "请上传回执文件，或者连同文书原件一起上传。"))),
    }
}

/// A file without its receipt: known to its own recipient, else the receipt is needed.
async fn by_file(v: &Visitor, digests: &Digests) -> Result<Response, Fault> {
    let sha = digests.sha256.to_hex();
    if let Some(account) = &v.account {
        let own = v.portal.papers(account).await?.into_iter().find(|row| row.paper.sha256 == sha);
        if let Some(row) = own {
            let (_, text) = v.portal.paper_receipt(account, row.paper.id).await?;
            let receipt = Receipt::parse(&text).map_err(Error::from)?;
            return Ok(result(v, &receipt, Some(&(row.paper.name, *digests))));
        }
    }
    let zh = "只有文书，还不能核验：请把和它一起发出的回执（.receipt）也传上来。没有回执的，向给您文书的人要，或者打 12368 报案号查询。";
    Ok(start(v, None, &problem("receipt", zh)))
}

fn result(v: &Visitor, receipt: &Receipt, file: Option<&(String, Digests)>) -> Response {
    let outcome = receipt.examine(&v.portal.config().trust, file.map(|(_, digests)| digests));
    if v.json {
        let status = if outcome.holds { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        return (status, Json(&outcome)).into_response();
    }
    let title = if outcome.holds { "核验通过" } else { "核验不通过" };
    let body = html! {
        (crumb("再核验一份", "/verify"))
        div.two {
            div {
                (verdict(&Verdict { heading: title, good: outcome.holds, words: &words(&outcome, file.is_some()) }))
                section aria-labelledby="what" { h2 id="what" { @if outcome.holds { "核对了什么" } @else { "哪里对不上" } } (checks(&outcome)) }
                @if !outcome.holds { (what_to_do()) }
                (technical(&outcome, file))
            }
            aside.stack aria-label="文书信息和说明" {
                (panel("about", "回执信息", &kv(&about(v, &outcome), false)))
                @if v.portal.is_demo() { (super::page::sandbox_note("签名的密钥是演示用的，没有法律效力。")) }
            }
        }
    };
    page_with(v, StatusCode::OK, &format!("{title} · 核验文书"), &[], &body)
}

fn words(outcome: &ledger::Verdict, with_file: bool) -> Markup {
    html! {
        p.mt-2.lead {
            @match (outcome.holds, with_file) {
                (true, true) => { "这份文件就是当时发出的那一份，一个字也没有改动。" }
                (true, false) => { "这份回执是真的。没有上传文件，所以没有核对文件。" }
                (false, true) => { "这份文件和发出的" strong { "不一样" } "，或者回执不对，可能被改动过。请不要按上面写的账户付款，也不要点里面的链接。" }
                (false, false) => { "这份回执" strong { "对不上" } "，可能被改动过。请不要据此办事。" }
            }
        }
    }
}

fn checks(outcome: &ledger::Verdict) -> Markup {
    let mut lines: Vec<Check<'_>> = outcome
        .checks
        .iter()
        .map(|check| Check {
            result: if check.holds { CheckResult::Holds } else { CheckResult::Fails },
            heading: check.what_zh,
            words: prose(&check.detail),
        })
        .collect();
    if outcome.integrity == Integrity::NotFound {
        lines.push(Check {
            result: CheckResult::Note,
            heading: "还没有存入司法链",
            words: prose("刚提交的要等一会儿。存入以后在原处重新下载回执，再核验一次。"),
        });
    }
    for limit in outcome.limits.iter().filter(|_| outcome.holds) {
        lines.push(Check { result: CheckResult::Note, heading: "不能说明的事", words: prose(limit) });
    }
    checks_plain(&lines)
}

fn what_to_do() -> Markup {
    html! {
        section aria-labelledby="do" {
            h2 id="do" { "您可以这样办" }
            ol.stack.numbered.gap-2 {
                li { a href="/papers" { "登录后在“送达文书”里看" } "法院发给您的那一份。" }
                li { "打 " a href="tel:12368" { "12368" } " 问一问，报案号和回执编号。" }
                li { "有人凭这份文件向您要钱的，打 " a href="tel:110" { "110" } " 报警。" }
                li { "文件是自己扫描或者截图的，也会不通过。请用法院发来的原文件再试一次。" }
            }
            div.btns.mt-4 { (link_button(&Link { label: "换一份文件再试", href: "/verify", emphasis: Emphasis::Primary, ..Link::default() })) }
        }
    }
}

fn about<'a>(v: &Visitor, outcome: &'a ledger::Verdict) -> Vec<Fact<'a>> {
    let mut about = vec![
        Fact { key: "事项", value: prose(&outcome.title) },
        Fact { key: "种类", value: html! { (outcome.kind.zh()) } },
        Fact { key: "编号", value: html! { span.long-no { (outcome.no) } } },
        Fact { key: "法院", value: html! { (v.portal.court_name(&outcome.court)) } },
        Fact { key: "时间", value: prose(&beijing(&outcome.at)) },
        Fact { key: "签发", value: html! { (outcome.signer) } },
    ];
    // Of a receipt that does not hold nothing more is repeated: whoever forged it wrote it.
    if !outcome.holds {
        return about;
    }
    // The title and the court stand above already.
    let more = outcome.facts.iter().filter(|(name, _)| !["事项", "受诉法院"].contains(&name.as_str()));
    about.extend(more.map(|(name, value)| Fact { key: name, value: html! { span.long-no { (prose(value)) } } }));
    about.extend(outcome.files.iter().map(|file| Fact { key: "文件", value: prose(&format!("{}，{}字节", file.name, file.bytes)) }));
    about
}

/// Beijing time; what is no time is shown as it stands.
fn beijing(at: &str) -> String {
    Stamp::parse(at).map_or_else(|_| at.to_owned(), |stamp| format!("{}（北京时间）", stamp.beijing()))
}

fn technical(outcome: &ledger::Verdict, file: Option<&(String, Digests)>) -> Markup {
    let mut facts = vec![];
    if let Some((_, digests)) = file {
        facts.push(Fact { key: "您的文件，SM3", value: digest(&digests.sm3.to_hex(), true) });
        facts.push(Fact { key: "您的文件，SHA-256", value: digest(&digests.sha256.to_hex(), true) });
    }
    if let Some(place) = &outcome.ledger {
        facts.push(Fact { key: "链标识", value: html! { (place.chain) } });
        facts.push(Fact { key: "区块高度、序号", value: html! { (place.height) "，第 " (place.index) " 号" } });
        facts.push(Fact { key: "上链时间", value: html! { @match &place.time { Some(time) => (prose(&beijing(time))), None => "未载明" } } });
        facts.push(Fact { key: "承诺值", value: digest(&place.commitment, true) });
        facts.push(Fact { key: "重新计算", value: digest(&place.recomputed, true) });
    }
    html! {
        @if !facts.is_empty() {
            section aria-labelledby="tech" {
                h2.sr id="tech" { "技术信息" }
                (more(&html! { "看技术信息" }, &html! { div.panel.panel-pad { (kv(&facts, true)) } }))
            }
        }
    }
}

/// GET /trust.keys: the keys that this page believes. Whoever wants to be sure gets them another way.
pub async fn trust(v: Visitor) -> Response {
    super::page::download("trust.keys", "text/plain; charset=utf-8", v.portal.config().trust.to_string().into_bytes(), false)
}
