//! 送达、交费、加入、答辩、举证质证.
use super::people::persist;
use super::{Phase, Story};
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::process::{Command, Stdio};

pub const PHASES: &[Phase] = &[
    Phase { day: 7, what: "通知书电子送达同意的原告", rule: "R-SVC-12", act: notices },
    Phase { day: 7, what: "被告没有同意电子送达，首次送达邮寄：打印、交邮、登记", rule: "R-FIL-21 R-IDC-22", act: post },
    Phase { day: 8, what: "原告交纳受理费（沙盒支付）", rule: "R-FEE-15", act: pay },
    Phase {
        day: 14, what: "回执到了，被告本人签收；签收日期登记错了，更正后期限重新计算", rule: "R-SVC-01 R-DDL-10", act: served
    },
    Phase {
        day: 14, what: "被告在三日内用文书上的加入码加入，同意电子送达，确认送达地址", rule: "R-IDC-22 R-SVC-10", act: join
    },
    Phase { day: 22, what: "被告答辩", rule: "R-FIL-21", act: answer },
    Phase { day: 24, what: "双方在网上举证、质证，逐件出具收据", rule: "R-FIL-07 R-EVD-09", act: evidence },
];

/// Papers of a case that go to a person.
pub fn papers_of<'a>(case: &'a Value, person: &str) -> Vec<&'a Value> {
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

pub fn notices(story: &mut Story) -> Result<()> {
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
pub fn post(story: &mut Story) -> Result<()> {
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
        story.keep(&format!("{name}.pdf"), &pdf)?;
        let receipt = persist("the receipt of a posted paper", || {
            let receipt = clerk.browser.get(&format!("/case/{id}/paper/{number}/receipt"))?.good()?.body;
            Ok(super::checks::complete(&receipt).then_some(receipt))
        })?;
        story.keep(&format!("{name}.receipt"), &receipt)?;
        if paper["paper"] == "join_sheet" {
            code = Some(join_code(&pdf)?);
        }
    }
    let ids: Vec<&Value> = papers.iter().map(|paper| &paper["id"]).collect();
    let command = json!({"step": "send_paper", "papers": ids, "method": "postal"});
    story.filing_clerk.act(&id, &command, |case| all_in(case, "sent"))?;
    story.join_code = code.context("the packet has no sheet with a join code")?;
    Ok(())
}

fn all_in(case: &Value, state: &str) -> bool {
    let Ok(person) = party(case, "defendant") else { return false };
    papers_of(case, &person).iter().all(|paper| paper["service"]["state"] == state)
}

/// The code as it is printed: groups of letters and digits.
fn join_code(pdf: &[u8]) -> Result<String> {
    let mut reader = Command::new("pdftotext").args(["-layout", "-", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let reader = reader.as_mut().map_err(|error| anyhow::anyhow!("pdftotext (scripts/tesseract installs it): {error}"))?;
    reader.stdin.take().context("pdftotext")?.write_all(pdf)?;
    let mut out = Vec::new();
    reader.stdout.take().context("pdftotext")?.read_to_end(&mut out)?;
    reader.wait()?;
    let text = String::from_utf8_lossy(&out).into_owned();
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

pub fn pay(story: &mut Story) -> Result<()> {
    story.plaintiff.pay(story.case())
}

fn served(story: &mut Story) -> Result<()> {
    let case = story.filing_clerk.case(story.case())?;
    let person = party(&case, "defendant")?;
    let ids: Vec<&Value> = papers_of(&case, &person).iter().map(|paper| &paper["id"]).collect();
    // The defendant signed for the letter; the clerk reads the wrong day off the slip, three days late, and mends it.
    let (wrong, right) = (story.day(14).to_string(), story.day(11).to_string());
    let command = json!({"step": "record_service", "papers": ids, "on": wrong, "rule": "R-SVC-01"});
    story.filing_clerk.act(story.case(), &command, |case| all_in(case, "served"))?;
    let command = json!({"step": "correct_service", "papers": ids, "on": right, "reason": "回执上的签收日期看错了。"});
    story.filing_clerk.act(story.case(), &command, |case| {
        let on = |paper: &&Value| paper["service"]["on"] == right.as_str();
        party(case, "defendant").is_ok_and(|person| papers_of(case, &person).iter().all(on))
    })
}

pub(super) fn join(story: &mut Story) -> Result<()> {
    story.joined = true;
    story.defendant.sign_up()?;
    story.defendant.register_name()?;
    let browser = &story.defendant.browser;
    persist("join", || {
        if story.defendant.case(story.case()).is_ok() {
            return Ok(Some(()));
        }
        let mut form = browser.get("/join")?.good()?.form_with("code")?;
        form.set("code", &story.join_code).set("court", "粤4001");
        for name in form.names().to_vec() {
            if name.starts_with("channel.") {
                form.set(&name, "online");
            } else if name == "consent" {
                form.set("consent", "yes");
            } else if name == "address" {
                form.set("address", &story.tale.defendant.address);
            }
        }
        browser.submit(&form)?.good()?;
        Ok(None)
    })
}

fn answer(story: &mut Story) -> Result<()> {
    const TEXT: &str = "借款属实，但其中的现金没有实际收到。利息约定过高，请求依法调整。";
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

fn evidence(story: &mut Story) -> Result<()> {
    let item = include_bytes!("../../../intake/samples/loan/transfer.jpg");
    story.defendant.act(
        story.case(),
        "evidence",
        "files",
        |form| {
            form.set("name", "收款记录").set("purpose", "只收到银行转账，没有收到现金").file("files", "shoukuan.jpg", "image/jpeg", &altered(item));
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
