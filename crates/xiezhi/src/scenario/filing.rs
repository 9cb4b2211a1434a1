//! 立案: from the first visit to the case number.
use super::people::{persist, says};
use super::{Phase, Story, browser::Form, photographs};
use anyhow::{Context, Result, ensure};
use serde_json::json;
use storage::Digest;

pub const PHASES: &[Phase] = &[
    Phase { day: 0, what: "原告在手机上注册、实名认证（演示沙盒）", rule: "R-IDC-01", act: sign_up },
    Phase { day: 0, what: "回答问题、提交材料，看到建议的法院和应交的费用", rule: "R-FIL-01 R-JUR-01 R-FEE-01", act: fill_in },
    Phase { day: 0, what: "提交，得到编号的签名回执；重试也只有一份", rule: "R-FIL-10 R-FIL-07", act: hand_in },
    Phase { day: 2, what: "立案人员一次性告知补正：被告住址不明确", rule: "R-FIL-12", act: send_back },
    Phase { day: 4, what: "原告补正，法院看到前后差别", rule: "R-FIL-12", act: correct },
    Phase { day: 7, what: "立案，编案号，通知书自动生成", rule: "R-FIL-10 R-CNO-21 R-FIL-13", act: accept },
    Phase {
        day: 7, what: "分案：按公开的规则抽取独任审判员，任何人可以重算", rule: "R-TRI-06 R-FIL-20", act: super::court::assign
    },
];

/// Opens the account of the plaintiff, under the real name.
pub fn sign_up(story: &mut Story) -> Result<()> {
    story.plaintiff.sign_up()?;
    story.plaintiff.register_name()
}

/// Fills a draft in, up to its review page.
pub fn fill_in(story: &mut Story) -> Result<()> {
    let draft = if story.tale.photographs.is_empty() {
        begin(story, "108.3")?
    } else {
        let draft = photographs::begin(&story.plaintiff.browser, &story.tale.photographs)?;
        let counted = photographs::confirm(&story.plaintiff.browser, &draft, &|field| story.tale.knows(field))?;
        story.say(&format!("照片识别 {counted}"));
        story.handed_in = story.tale.photographs.iter().map(|file| (file.name.clone(), Digest::of(&file.bytes).to_string())).collect();
        draft
    };
    interview(story, &draft, "court")?;
    story.draft = draft;
    Ok(())
}

fn hand_in(story: &mut Story) -> Result<()> {
    let draft = story.draft.clone();
    submit(story, &draft)?;
    story.filing_clerk.sign_in()
}

/// Puts the prepared answers into whatever the page asks.
fn fill(story: &Story, form: &mut Form) {
    for (name, values) in story.tale.answers().into_iter().chain(story.also.clone()) {
        if form.has(&name) {
            form.clear(&name);
            values.iter().for_each(|value| {
                form.also(&name, value);
            });
        }
    }
}

fn begin(story: &Story, cause: &str) -> Result<String> {
    let browser = &story.plaintiff.browser;
    persist("begin a filing", || {
        let mut form = browser.get("/file")?.good()?.form_with("cause")?;
        form.set("cause", cause).set("as", "self");
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
            fill(story, &mut form);
            form.press("go", "next");
            let next = browser.submit(&form)?.good()?;
            ensure!(next.path != path, "{path}: {}", next.words().chars().take(300).collect::<String>());
            Ok(Some(next.path))
        })?;
    }
    anyhow::bail!("the interview does not end; it stands at {path}")
}

/// The materials, each with its kind and name.
fn attach(story: &mut Story, path: &str) -> Result<()> {
    for file in story.tale.files.clone() {
        let digest = Digest::of(&file.bytes).to_string();
        persist(&file.name, || {
            let page = story.plaintiff.browser.get(path)?.good()?;
            if page.words().contains(&file.name) && story.handed_in.iter().any(|(known, _)| *known == file.name) {
                return Ok(Some(()));
            }
            let mut form = page.form_with("files")?;
            form.set("kind", file.kind).set("name", &file.name).file("files", &file.file, file.media, &file.bytes);
            story.plaintiff.browser.submit(&form)?.good()?;
            story.handed_in.retain(|(known, _)| *known != file.name);
            story.handed_in.push((file.name.clone(), digest.clone()));
            Ok(None)
        })?;
    }
    Ok(())
}

fn submit(story: &mut Story, draft: &str) -> Result<()> {
    let receipt = persist("submit", || {
        let browser = &story.plaintiff.browser;
        let page = browser.get(&format!("/file/{draft}"))?.good()?;
        if page.path.starts_with("/receipt/") {
            return Ok(Some(page));
        }
        let page = browser.get(&format!("/file/{draft}/review"))?.good()?;
        let mut form = page.form_to("/submit")?;
        form.choose_all();
        match story.storm.take() {
            Some(storm) => {
                let found = storm.submit(&story.plaintiff, &form)?;
                story.say(&found);
            }
            // Twice, as a shaky line does.
            None => drop(browser.submit(&form)?),
        }
        let page = browser.submit(&form)?.good()?;
        Ok(page.path.starts_with("/receipt/").then_some(page))
    })?;
    says(&receipt, "4001-")?;
    let text = story.plaintiff.browser.get(&format!("{}/file", receipt.path.split('?').next().unwrap_or("")))?.good()?;
    let name = if story.earlier.is_empty() { "filing.receipt".to_owned() } else { format!("filing-{}.receipt", story.earlier.len() + 1) };
    story.keep(&name, &text.body)?;
    let cases = persist("the court takes the filing", || {
        let cases = story.plaintiff.browser.json("/api/cases")?;
        let known = |case: &&serde_json::Value| story.earlier.iter().all(|(id, _)| case["case"] != id.as_str());
        let list: Vec<_> = cases["cases"].as_array().context("cases")?.iter().filter(known).cloned().collect();
        Ok((!list.is_empty()).then_some(list))
    })?;
    ensure!(cases.len() == 1, "one submission is one case, not {}", cases.len());
    story.case = cases[0]["case"].as_str().context("the case's id")?.to_owned();
    Ok(())
}

fn send_back(story: &mut Story) -> Result<()> {
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
        let field = "defendants.0.domicile";
        let mut form = page.form_with(field)?;
        form.set(field, &story.tale.defendant.address).press("go", "next");
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
        form.choose_all();
        browser.submit(&form)?.good()?;
        Ok(None)
    })
}

/// Files by typed interview under a cause: another case, where one was filed before.
pub fn file(story: &mut Story, cause: &str) -> Result<()> {
    story.another();
    let draft = begin(story, cause)?;
    interview(story, &draft, "court")?;
    submit(story, &draft)?;
    if story.earlier.is_empty() { story.filing_clerk.sign_in() } else { Ok(()) }
}

fn accept(story: &mut Story) -> Result<()> {
    accept_as(story, "simple")
}

/// Accepts the filing in this procedure.
pub fn accept_as(story: &mut Story, procedure: &str) -> Result<()> {
    let finding = |check: &str| json!({"check": check, "holds": true, "note": ""});
    let findings: Vec<_> = ["materials", "parties", "jurisdiction", "duplicates"].into_iter().map(finding).collect();
    let command = json!({"step": "accept_filing", "procedure": procedure, "findings": findings});
    story.filing_clerk.act(story.case(), &command, |case| !case["number"].is_null())
}
