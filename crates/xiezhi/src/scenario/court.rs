//! 分案、开庭、判决、生效、归档.
use super::people::{Staff, persist};
use super::service::{all_served, party};
use super::{Phase, Story};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// The officers that the draw gave to the case.
pub struct Officers {
    judge: Staff,
    clerk: Staff,
}

pub const PHASES: &[Phase] = &[
    Phase { day: 29, what: "分案：按公开的规则抽取独任审判员，任何人可以重算", rule: "R-TRI-06", act: assign },
    Phase { day: 29, what: "排期，传票电子送达双方", rule: "R-TRI-26", act: schedule },
    Phase {
        day: HEARING, what: "开庭（法庭，双方到庭：各来一次法院），记录，双方在手机上核对签名", rule: "R-TRI-31 R-TRI-33", act: hear
    },
    Phase {
        day: 49,
        what: "起草判决：系统汇集案卷内容并注明来源，法官写事实、理由、主文；检查；法官、书记员签署",
        rule: "R-DOC-02 R-DOC-03",
        act: judge,
    },
    Phase { day: 49, what: "判决书送达，上诉期按各人自己的送达日计算", rule: "R-SVC-12 R-APL-01", act: deliver },
    Phase { day: 67, what: "上诉期满无人上诉，判决生效；原告申请生效证明", rule: "R-APL-01", act: effect },
    Phase { day: 71, what: "结案、归档：目录、编页、BagIt 包、签名", rule: "R-ARC-01 R-ARC-07", act: archive },
];

/// The day of the hearing; it must be one on which the court works.
pub const HEARING: i64 = 39;

fn deliver(story: &mut Story) -> Result<()> {
    all_served(story, "plaintiff")?;
    all_served(story, "defendant")
}

fn assign(story: &mut Story) -> Result<()> {
    story.filing_clerk.act(story.case(), &json!({"step": "assign_tribunal", "form": "sole"}), |case| !case["tribunal"].is_null())?;
    let case = story.filing_clerk.case(story.case())?;
    let codes = story.filing_clerk.browser.json("/sandbox/codes")?;
    let login = |office: &str| -> Result<String> {
        let mut staff = case["staff"].as_array().context("staff")?.iter();
        let person = staff.find(|entry| entry[1] == office).with_context(|| format!("no {office} of the case"))?[0].clone();
        let mut rows = codes["codes"].as_array().context("codes")?.iter();
        let login = rows.find(|row| row["person"] == person).context("the officer's login")?["login"].as_str().context("a login")?;
        Ok(login.to_owned())
    };
    let officers = Officers { judge: Staff::new(&story.workbench, &login("judge")?), clerk: Staff::new(&story.workbench, &login("clerk")?) };
    officers.judge.sign_in()?;
    officers.clerk.sign_in()?;
    story.officers = Some(officers);
    Ok(())
}

fn schedule(story: &mut Story) -> Result<()> {
    let officers = story.officers()?;
    let command = json!({"step": "schedule_hearing", "date": story.day(HEARING).to_string(), "time": story.tale.hour, "courtroom": "第三法庭"});
    officers.clerk.act(story.case(), &command, |case| case["hearings"].as_array().is_some_and(|hearings| !hearings.is_empty()))?;
    all_served(story, "plaintiff")?;
    all_served(story, "defendant")
}

fn hear(story: &mut Story) -> Result<()> {
    let officers = story.officers()?;
    let record = story.tale.record();
    let case = officers.clerk.case(story.case())?;
    let attendance: Vec<Value> =
        ["plaintiff", "defendant"].iter().map(|side| Ok(json!({"person": party(&case, side)?, "presence": "in_person"}))).collect::<Result<_>>()?;
    let hearing = |case: &Value| case["hearings"][0].clone();
    officers.clerk.act(story.case(), &json!({"step": "open_hearing", "attendance": attendance}), |case| !hearing(case)["opened_at"].is_null())?;
    officers.clerk.act(story.case(), &json!({"step": "keep_record", "text": record}), |case| !hearing(case)["record"].is_null())?;
    officers.clerk.act(story.case(), &json!({"step": "close_record"}), |case| !hearing(case)["record"]["closed_at"].is_null())?;
    let signed = |case: &Value, who: &str| {
        let signatures = hearing(case)["record"]["signatures"].clone();
        signatures.as_array().is_some_and(|all| all.iter().any(|signature| signature["of"] == who))
    };
    for (side, person) in [("plaintiff", &story.plaintiff), ("defendant", &story.defendant)] {
        let who = party(&case, side)?;
        let mut sent = false;
        persist("sign the record", || {
            if signed(&officers.clerk.case(story.case())?, &who) {
                return Ok(Some(()));
            }
            if !sent {
                let page = person.browser.get(&format!("/case/{}/record", story.case()))?.good()?;
                let mut form = page.form_to("/record")?;
                for name in form.names().to_vec() {
                    if let Some(first) = form.offers(&name).first().map(|value| (*value).to_owned()) {
                        form.set(&name, &first);
                    }
                }
                person.browser.submit(&form)?.good()?;
                sent = true;
            }
            Ok(None)
        })?;
    }
    let judge = case["staff"].as_array().and_then(|staff| staff.iter().find(|entry| entry[1] == "judge")).context("the judge")?[0].clone();
    let judge = judge.as_str().context("the judge's id")?.to_owned();
    officers.judge.act(story.case(), &json!({"step": "confirm_record"}), |case| signed(case, &judge))
}

fn judge(story: &mut Story) -> Result<()> {
    let officers = story.officers()?;
    let case = officers.judge.case(story.case())?;
    let due = case["fee"]["due"].as_i64().context("the fee")?;
    let text = story.tale.judgment(&party(&case, "defendant")?, due);
    officers.judge.act(story.case(), &json!({"step": "draft_judgment", "text": text}), |case| !case["judgment"].is_null())?;
    let signatures = |case: &Value| case["judgment"]["signatures"].as_array().map_or(0, Vec::len);
    officers.judge.act(story.case(), &json!({"step": "sign_judgment"}), |case| signatures(case) >= 1)?;
    officers.clerk.act(story.case(), &json!({"step": "sign_judgment"}), |case| !case["judgment"]["given_on"].is_null())
}

fn effect(story: &mut Story) -> Result<()> {
    let officers = story.officers()?;
    persist("the judgment takes effect", || {
        let case = officers.clerk.case(story.case())?;
        Ok((case["stage"] == "effective").then_some(()))
    })?;
    let case = officers.clerk.case(story.case())?;
    let who = party(&case, "plaintiff")?;
    let asked = |case: &Value| case["certificate_requests"].as_array().is_some_and(|all| all.iter().any(|person| *person == *who));
    let mut sent = false;
    persist("ask for the certificate", || {
        if asked(&officers.clerk.case(story.case())?) {
            return Ok(Some(()));
        }
        if !sent {
            let page = story.plaintiff.browser.get(&format!("/case/{}", story.case()))?.good()?;
            story.plaintiff.browser.submit(&page.form_to("/certificate")?)?.good()?;
            sent = true;
        }
        Ok(None)
    })?;
    officers.clerk.act(story.case(), &json!({"step": "issue_effect_certificate", "to": who}), |case| {
        case["papers"].as_array().is_some_and(|papers| papers.iter().any(|paper| paper["paper"] == "effectiveness_certificate"))
    })?;
    all_served(story, "plaintiff")
}

/// Lays the bag out as files, without the directory that holds it in the package.
fn unpack(zip: &[u8], dir: &Path) -> Result<()> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(zip))?;
    for index in 0..archive.len() {
        let mut file = archive.by_index(index)?;
        let name = file.enclosed_name().context("an entry that leads out of the package")?;
        let inside: PathBuf = name.components().skip(1).collect();
        if file.is_dir() || inside.as_os_str().is_empty() {
            continue;
        }
        let target = dir.join(inside);
        std::fs::create_dir_all(target.parent().context("a file without a directory")?)?;
        std::io::copy(&mut file, &mut std::fs::File::create(&target).with_context(|| target.display().to_string())?)?;
    }
    Ok(())
}

fn archive(story: &mut Story) -> Result<()> {
    let officers = story.officers()?;
    officers.clerk.act(story.case(), &json!({"step": "close_case"}), |case| !case["closing"].is_null())?;
    officers.clerk.archive(story.case())?;
    let id = story.case().to_owned();
    let zip = officers.clerk.browser.get(&format!("/case/{id}/archive/package"))?.good()?.body;
    story.keep("archive.zip", &zip)?;
    let receipt = persist("the receipt of the archiving", || {
        let receipt = officers.clerk.browser.get(&format!("/case/{id}/archive/receipt"))?.good()?.body;
        Ok(super::checks::complete(&receipt).then_some(receipt))
    })?;
    story.keep("archive.receipt", &receipt)?;
    match &story.out {
        Some(out) => unpack(&zip, &out.join("archive")),
        None => Ok(()),
    }
}
