//! 立案: from the first visit to the case number.
use super::people::{persist, says};
use super::{Story, browser::Form};
use anyhow::{Context, Result, ensure};
use jiff::civil::date;
use serde_json::json;
use storage::Digest;

/// The photographs that the plaintiff took, invented with all their people.
const PHOTOS: [(&str, &str, &str, &[u8]); 3] = [
    ("id-card.jpg", "identity", "身份证", include_bytes!("../../../intake/samples/loan/id-card.jpg")),
    ("iou.jpg", "evidence", "借条", include_bytes!("../../../intake/samples/loan/iou.jpg")),
    ("transfer.jpg", "evidence", "银行转账回单", include_bytes!("../../../intake/samples/loan/transfer.jpg")),
];

/// What the plaintiff types where the interview asks.
const ANSWERS: &[(&str, &[&str])] = &[
    ("court", &["粤4001"]),
    ("plaintiffs.0.kind", &["person"]),
    ("plaintiffs.0.name", &["周桂兰"]),
    ("plaintiffs.0.id_kind", &["resident"]),
    ("plaintiffs.0.id_number", &["449900195504090022"]),
    ("plaintiffs.0.ethnicity", &["汉族"]),
    ("plaintiffs.0.domicile", &["清河市青石区云溪路6号3栋502"]),
    ("plaintiffs.0.phone", &["19905550101"]),
    ("defendants.0.kind", &["person"]),
    ("defendants.0.name", &["陈志远"]),
    ("defendants.0.id_kind", &["resident"]),
    ("defendants.0.id_number", &["449900198111020035"]),
    ("defendants.0.sex", &["male"]),
    ("defendants.0.birth", &["1981-11-02"]),
    ("defendants.0.domicile", &["清河市青石区榆海街道青石路一带"]),
    ("defendants.0.phone", &["19905550202"]),
    ("loan_form", &["note"]),
    ("principal", &["150000"]),
    ("paper_differs", &["same"]),
    ("purpose", &["资金周转"]),
    ("loan_date", &["2024-03-15"]),
    ("due", &["fixed"]),
    ("due_date", &["2025-03-14"]),
    ("interest", &["rate"]),
    ("rate", &["1"]),
    ("rate_per", &["month"]),
    ("overdue_agreed", &["none"]),
    ("guarantee", &["none"]),
    ("delivery", &["bank", "cash"]),
    ("delivery_bank", &["120000"]),
    ("delivery_cash", &["30000"]),
    ("delivered_on", &["2024-03-15"]),
    ("repaid", &["no"]),
    ("demanded", &["yes"]),
    ("last_demand", &["2026-01-10"]),
    ("demand_way", &["上门和打电话"]),
    ("claims", &["principal", "interest"]),
    ("interest_to", &["2026-02-14"]),
    ("channel.service", &["online"]),
    ("channel.evidence_exchange", &["online"]),
    ("channel.hearing", &["counter"]),
    ("address", &["清河市青石区云溪路6号3栋502"]),
    ("consent", &["yes"]),
];

/// Where the corrected address of the defendant stands.
const CORRECTED: (&str, &str) = ("defendants.0.domicile", "清河市青石区榆海街道青石路18号2栋301");

pub fn tell(story: &mut Story) -> Result<()> {
    story.now("原告在手机上注册、实名认证（演示沙盒）", "R-IDC-01");
    story.plaintiff.sign_up()?;
    story.plaintiff.register_name()?;
    story.now("回答问题、提交材料照片，看到建议的法院和应交的费用", "R-FIL-01 R-JUR-01 R-FEE-01");
    let draft = begin(story)?;
    interview(story, &draft, "court")?;
    story.now("提交，得到编号的签名回执；同一次提交重试也只有一份", "R-FIL-10 R-FIL-07");
    submit(story, &draft)?;
    story.filing_clerk.sign_in()?;
    story.go_to(date(2026, 3, 4))?;
    story.now("立案人员一次性告知补正：被告住址不明确", "R-FIL-12");
    send_back(story)?;
    story.go_to(date(2026, 3, 6))?;
    story.now("原告补正，法院看到前后差别", "R-FIL-12");
    correct(story)?;
    story.go_to(date(2026, 3, 9))?;
    story.now("立案，编案号，通知书自动生成", "R-FIL-10 R-CNO-21 R-FIL-13");
    accept(story)
}

/// Puts the prepared answers into whatever the page asks.
fn fill(form: &mut Form) {
    for (name, values) in ANSWERS {
        if form.has(name) {
            form.clear(name);
            values.iter().for_each(|value| {
                form.also(name, value);
            });
        }
    }
}

fn begin(story: &Story) -> Result<String> {
    let browser = &story.plaintiff.browser;
    persist("begin a filing", || {
        let mut form = browser.get("/file")?.good()?.form_with("cause")?;
        form.set("cause", "108.3").set("as", "self");
        let page = browser.submit(&form)?.good()?;
        let draft = page.path.split('/').nth(2).context("the draft's address")?.to_owned();
        Ok(Some(draft))
    })
}

/// Answers page after page from `first` until the review.
fn interview(story: &mut Story, draft: &str, first: &str) -> Result<()> {
    let mut path = format!("/file/{draft}/{first}");
    for _ in 0..60 {
        if path.ends_with("/review") {
            return Ok(());
        }
        if path.ends_with("/evidence") {
            attach(story, &path)?;
        }
        let browser = &story.plaintiff.browser;
        path = persist(&path, || {
            let page = browser.get(&path)?.good()?;
            let mut form = page.forms().into_iter().find(|form| form.action == path).with_context(|| format!("{path} asks nothing"))?;
            fill(&mut form);
            form.press("go", "next");
            let next = browser.submit(&form)?.good()?;
            ensure!(next.path != path, "{path}: {}", next.words().chars().take(300).collect::<String>());
            Ok(Some(next.path))
        })?;
    }
    anyhow::bail!("the interview does not end; it stands at {path}")
}

/// The photographs, each with its kind and name.
fn attach(story: &mut Story, path: &str) -> Result<()> {
    for (file, kind, name, bytes) in PHOTOS {
        persist(file, || {
            let page = story.plaintiff.browser.get(path)?.good()?;
            if page.words().contains(name) && story.handed_in.iter().any(|(known, _)| known == name) {
                return Ok(Some(()));
            }
            let mut form = page.form_with("files")?;
            form.set("kind", kind).set("name", name).file("files", file, "image/jpeg", bytes);
            story.plaintiff.browser.submit(&form)?.good()?;
            story.handed_in.retain(|(known, _)| known != name);
            story.handed_in.push((name.to_owned(), Digest::of(bytes).to_string()));
            Ok(None)
        })?;
    }
    Ok(())
}

fn submit(story: &mut Story, draft: &str) -> Result<()> {
    let browser = &story.plaintiff.browser;
    let receipt = persist("submit", || {
        let page = browser.get(&format!("/file/{draft}"))?.good()?;
        if page.path.starts_with("/receipt/") {
            return Ok(Some(page));
        }
        let page = browser.get(&format!("/file/{draft}/review"))?.good()?;
        let mut form = page.form_to("/submit")?;
        for name in form.names().to_vec() {
            if let Some(value) = form.offers(&name).first().map(|value| (*value).to_owned()) {
                form.set(&name, &value);
            }
        }
        // Twice, as a shaky line does.
        browser.submit(&form)?;
        let page = browser.submit(&form)?.good()?;
        Ok(page.path.starts_with("/receipt/").then_some(page))
    })?;
    says(&receipt, "4001-2026-0302-00001")?;
    let text = browser.get(&format!("{}/file", receipt.path.split('?').next().unwrap_or("")))?.good()?;
    story.keep("filing.receipt", &text.body)?;
    let cases = persist("the court takes the filing", || {
        let cases = story.plaintiff.browser.json("/api/cases")?;
        let list = cases["cases"].as_array().context("cases")?.clone();
        Ok((!list.is_empty()).then_some(list))
    })?;
    ensure!(cases.len() == 1, "one submission is one case, not {}", cases.len());
    story.case = cases[0]["case"].as_str().context("the case's id")?.to_owned();
    Ok(())
}

fn send_back(story: &Story) -> Result<()> {
    let remark = json!({
        "field": "defendants", "label": "被告住所", "page": null,
        "remark": "“青石路一带”不能确定具体位置，请写到门牌号。", "rule": "R-FIL-12",
    });
    let command = json!({"step": "return_for_correction", "remarks": [remark], "days": 7});
    story.filing_clerk.act(story.case(), &command, |case| case["stage"] != "submitted")?;
    persist("the notice reaches the inbox", || {
        let case = story.plaintiff.case(story.case())?;
        let served = case["papers"].as_array().is_some_and(|papers| papers.iter().any(|paper| !paper["served_on"].is_null()));
        Ok(served.then_some(()))
    })
}

fn correct(story: &mut Story) -> Result<()> {
    let case = story.case.clone();
    let browser = &story.plaintiff.browser;
    let draft = persist("begin the correction", || {
        let page = browser.get(&format!("/case/{case}"))?.good()?;
        let form = page.form_to("/correct")?;
        let page = browser.submit(&form)?.good()?;
        Ok(page.path.split('/').nth(2).map(str::to_owned))
    })?;
    persist("correct the address", || {
        let path = format!("/file/{draft}/defendant");
        let page = browser.get(&path)?.good()?;
        let mut form = page.form_with(CORRECTED.0)?;
        form.set(CORRECTED.0, CORRECTED.1).press("go", "next");
        browser.submit(&form)?.good()?;
        Ok(Some(()))
    })?;
    persist("hand in the correction", || {
        if story.plaintiff.case(&case)?["stage"] == "submitted" {
            return Ok(Some(()));
        }
        let page = browser.get(&format!("/file/{draft}/review"))?.good()?;
        if page.path.starts_with("/receipt/") {
            return Ok(None);
        }
        let mut form = page.form_to("/submit")?;
        for name in form.names().to_vec() {
            if let Some(value) = form.offers(&name).first().map(|value| (*value).to_owned()) {
                form.set(&name, &value);
            }
        }
        browser.submit(&form)?.good()?;
        Ok(None)
    })
}

fn accept(story: &Story) -> Result<()> {
    let finding = |check: &str| json!({"check": check, "holds": true, "note": ""});
    let findings: Vec<_> = ["materials", "parties", "jurisdiction", "duplicates"].into_iter().map(finding).collect();
    let command = json!({"step": "accept_filing", "procedure": "simple", "findings": findings});
    story.filing_clerk.act(story.case(), &command, |case| !case["number"].is_null())?;
    let case = story.filing_clerk.case(story.case())?;
    ensure!(case["number"] == "(2026)粤4001民初1号", "the number is {}", case["number"]);
    Ok(())
}
