//! 送达、交费、加入、答辩、举证质证.
use super::people::persist;
use super::Story;
use anyhow::{Context, Result, bail, ensure};
use jiff::civil::date;
use serde_json::{Value, json};
use std::process::Command;

pub fn tell(story: &mut Story) -> Result<()> {
    story.now("通知书电子送达同意的原告", "R-SVC-12");
    notices(story)?;
    story.now("被告没有同意电子送达，首次送达邮寄：打印、交邮、登记", "R-FIL-21 R-IDC-22");
    let code = post(story)?;
    story.go_to(date(2026, 3, 10))?;
    story.now("原告交纳受理费（沙盒支付）", "R-FEE-15");
    pay(story)?;
    story.go_to(date(2026, 3, 16))?;
    story.now("登记邮寄送达结果；日期登记错了，更正后期限重新计算", "R-SVC-15 R-DDL-10");
    served(story)?;
    story.now("被告在三日内用文书上的加入码加入，同意电子送达，确认送达地址", "R-IDC-22 R-SVC-10");
    join(story, &code)?;
    story.go_to(date(2026, 3, 24))?;
    story.now("被告答辩", "R-FIL-21");
    answer(story)?;
    story.go_to(date(2026, 3, 26))?;
    story.now("双方在网上举证、质证，逐件出具收据", "R-FIL-07 R-EVD-09");
    evidence(story)
}

/// Papers of a case that go to a person.
fn papers_of<'a>(case: &'a Value, person: &'a str) -> Vec<&'a Value> {
    case["papers"].as_array().map(|papers| papers.iter().filter(|paper| paper["to"] == person).collect()).unwrap_or_default()
}

/// The party of a side.
pub fn party(case: &Value, side: &str) -> Result<String> {
    let mut parties = case["parties"].as_array().context("parties")?.iter();
    let party = parties.find(|party| party["side"] == side).with_context(|| format!("no {side}"))?;
    Ok(party["person"].as_str().context("a person")?.to_owned())
}

/// Waits until every paper owed to a person was served on him electronically.
pub fn all_served(story: &Story, side: &str) -> Result<()> {
    persist("electronic service", || {
        let case = story.filing_clerk.case(story.case())?;
        let person = party(&case, side)?;
        let papers = papers_of(&case, &person);
        ensure!(!papers.is_empty(), "nothing is owed to the {side}");
        Ok(papers.iter().all(|paper| paper["service"]["state"] == "served").then_some(()))
    })
}

fn notices(story: &Story) -> Result<()> {
    all_served(story, "plaintiff")?;
    let case = story.filing_clerk.case(story.case())?;
    let defendant = party(&case, "defendant")?;
    for paper in papers_of(&case, &defendant) {
        let state = &paper["service"]["state"];
        ensure!(state == "owed" || state == "issued", "{} went to a defendant who never consented: {state}", paper["paper"]);
    }
    Ok(())
}

/// Prints the first packet, reads the join code from the printed sheet, registers the dispatch.
fn post(story: &mut Story) -> Result<String> {
    let clerk = &story.filing_clerk;
    let id = story.case.clone();
    let papers = persist("the packet is sealed", || {
        let case = clerk.case(&id)?;
        let person = party(&case, "defendant")?;
        let papers: Vec<Value> = papers_of(&case, &person).into_iter().cloned().collect();
        let sealed = papers.iter().all(|paper| paper["service"]["state"] == "issued");
        Ok(sealed.then_some(papers))
    })?;
    let mut code = None;
    for paper in &papers {
        let number = paper["id"].as_str().context("a paper's id")?;
        let pdf = clerk.browser.get(&format!("/case/{id}/paper/{number}"))?.good()?.body;
        let name = format!("posted-{}", paper["paper"].as_str().context("a paper's kind")?);
        let path = story.keep(&format!("{name}.pdf"), &pdf)?;
        let receipt = persist("the receipt of a posted paper", || {
            let receipt = clerk.browser.get(&format!("/case/{id}/paper/{number}/receipt"))?.good()?.body;
            Ok(super::checks::complete(&receipt).then_some(receipt))
        })?;
        story.keep(&format!("{name}.receipt"), &receipt)?;
        if paper["paper"] == "join_sheet" {
            code = Some(join_code(&path)?);
        }
    }
    let ids: Vec<&Value> = papers.iter().map(|paper| &paper["id"]).collect();
    let command = json!({"step": "send_paper", "papers": ids, "method": "postal"});
    story.filing_clerk.act(&id, &command, |case| all_in(case, "sent"))?;
    code.context("the packet has no sheet with a join code")
}

fn all_in(case: &Value, state: &str) -> bool {
    let Ok(person) = party(case, "defendant") else { return false };
    papers_of(case, &person).iter().all(|paper| paper["service"]["state"] == state)
}

/// The code as it is printed: groups of letters and digits after 加入码.
fn join_code(pdf: &std::path::Path) -> Result<String> {
    let out = Command::new("pdftotext").arg("-layout").arg(pdf).arg("-").output().context("pdftotext (scripts/tesseract installs it)")?;
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    let letters: Vec<char> = text.chars().collect();
    for start in 0..letters.len() {
        let run: String = letters[start..].iter().take_while(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || **c == '-').collect();
        let begins = start == 0 || !(letters[start - 1].is_ascii_alphanumeric() || letters[start - 1] == '-');
        if begins && run.matches('-').count() >= 1 && run.chars().filter(|c| *c != '-').count() >= 8 && run.chars().any(|c| c.is_ascii_uppercase()) {
            return Ok(run);
        }
    }
    bail!("no code stands on the sheet: {text}")
}

fn pay(story: &Story) -> Result<()> {
    story.plaintiff.act(story.case(), "fee", "pay", |_| Ok(()), |case| case["fee"]["paid"] == true)
}

fn served(story: &Story) -> Result<()> {
    let case = story.filing_clerk.case(story.case())?;
    let person = party(&case, "defendant")?;
    let ids: Vec<&Value> = papers_of(&case, &person).iter().map(|paper| &paper["id"]).collect();
    let command = json!({"step": "record_service", "papers": ids, "on": "2026-03-16", "rule": "R-SVC-05"});
    story.filing_clerk.act(story.case(), &command, |case| all_in(case, "served"))?;
    ensure!(last_day(story, "answer")? == "2026-03-31", "fifteen days from 16 March");
    let command = json!({"step": "correct_service", "papers": ids, "on": "2026-03-13", "reason": "回执上的签收日期是 3 月 13 日，登记时看错了。"});
    story.filing_clerk.act(story.case(), &command, |case| case.to_string().contains("2026-03-28") || case.to_string().contains("2026-03-30"))?;
    // The 28th is a Saturday: the period ends on Monday (R-DDL-02).
    ensure!(last_day(story, "answer")? == "2026-03-30", "fifteen days from 13 March, moved to a working day");
    Ok(())
}

/// Last day of the running clock whose anchor begins so.
fn last_day(story: &Story, anchor: &str) -> Result<String> {
    let case = story.filing_clerk.case(story.case())?;
    let mut clocks = case["clocks"].as_array().context("clocks")?.iter();
    let running = clocks.find(|clock| clock["state"] == "running" && clock["anchor"].as_str().is_some_and(|known| known.starts_with(anchor)));
    let clock = running.with_context(|| format!("no clock {anchor} runs"))?;
    Ok(clock["clock"]["last_day"].as_str().context("a last day")?.to_owned())
}

fn join(story: &Story, code: &str) -> Result<()> {
    story.defendant.sign_up()?;
    story.defendant.register_name()?;
    let browser = &story.defendant.browser;
    persist("join", || {
        if story.defendant.case(story.case()).is_ok() {
            return Ok(Some(()));
        }
        let mut form = browser.get("/join")?.good()?.form_with("code")?;
        form.set("code", code).set("court", "粤4001");
        for name in form.names().to_vec() {
            if name.starts_with("channel.") {
                form.set(&name, if name == "channel.hearing" { "counter" } else { "online" });
            } else if name == "consent" {
                form.set("consent", "yes");
            } else if name == "address" {
                form.set("address", "清河市青石区榆海街道青石路18号2栋301");
            }
        }
        browser.submit(&form)?.good()?;
        Ok(None)
    })
}

fn answer(story: &Story) -> Result<()> {
    const TEXT: &str = "借款属实，但其中3万元现金没有实际收到。利息约定过高，请求依法调整。";
    story.defendant.act(
        story.case(),
        "answer",
        "text",
        |form| {
            form.set("text", TEXT);
            Ok(())
        },
        |case| case["answers"].as_array().is_some_and(|answers| !answers.is_empty()),
    )
}

fn evidence(story: &Story) -> Result<()> {
    let item = include_bytes!("../../../intake/samples/loan/transfer.jpg");
    story.defendant.act(
        story.case(),
        "evidence",
        "files",
        |form| {
            form.set("name", "收款记录").set("purpose", "只收到银行转账12万元").file("files", "shoukuan.jpg", "image/jpeg", &altered(item));
            Ok(())
        },
        |case| case["evidence"].as_array().is_some_and(|items| items.iter().any(|item| item["name"] == "收款记录")),
    )?;
    for (person, own) in [(&story.plaintiff, "原告"), (&story.defendant, "被告")] {
        person.act(
            story.case(),
            "opinions",
            "opinion.0.text",
            |form| {
                for name in form.names().to_vec() {
                    if name.ends_with(".text") {
                        form.set(&name, &format!("{own}的意见：以原件为准。"));
                    } else if let Some(first) = form.offers(&name).first().map(|value| (*value).to_owned()) {
                        form.set(&name, &first);
                    }
                }
                Ok(())
            },
            |case| case["evidence"].as_array().is_some_and(|items| items.iter().any(|item| item["opinions"].to_string().contains(own))),
        )?;
    }
    Ok(())
}

/// The same picture in another file: a comment segment behind the first marker.
fn altered(jpeg: &[u8]) -> Vec<u8> {
    let mut bytes = jpeg[..2].to_vec();
    bytes.extend([0xff, 0xfe, 0, 6, b'c', b'o', b'p', b'y']);
    bytes.extend(&jpeg[2..]);
    bytes
}
