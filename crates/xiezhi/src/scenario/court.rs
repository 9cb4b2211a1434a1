//! 分案、开庭、判决、生效、归档.
use super::people::{Citizen, Staff, persist};
use super::service::{all_served, party};
use super::{Phase, Story};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The officers that the draw gave to the case.
pub struct Officers {
    pub judge: Staff,
    pub clerk: Staff,
}

pub const PHASES: &[Phase] = &[
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

pub fn assign(story: &mut Story) -> Result<()> {
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
    let case = officers.clerk.case(story.case())?;
    let attendance: Vec<Value> =
        ["plaintiff", "defendant"].iter().map(|side| Ok(json!({"person": party(&case, side)?, "presence": "in_person"}))).collect::<Result<_>>()?;
    let signers = [("plaintiff", &story.plaintiff), ("defendant", &story.defendant)];
    signed_record(story, officers, &json!(attendance), &story.tale.record(), &signers)
}

/// Opens the sitting, keeps and closes its record; each of these signs it on his telephone, then the judge.
pub fn signed_record(story: &Story, officers: &Officers, attendance: &Value, record: &str, signers: &[(&str, &Citizen)]) -> Result<()> {
    let case = officers.clerk.case(story.case())?;
    let hearing = |case: &Value| case["hearings"][0].clone();
    officers.clerk.act(story.case(), &json!({"step": "open_hearing", "attendance": attendance}), |case| !hearing(case)["opened_at"].is_null())?;
    officers.clerk.act(story.case(), &json!({"step": "keep_record", "text": record}), |case| !hearing(case)["record"].is_null())?;
    officers.clerk.act(story.case(), &json!({"step": "close_record"}), |case| !hearing(case)["record"]["closed_at"].is_null())?;
    let signed = |case: &Value, who: &str| {
        let signatures = hearing(case)["record"]["signatures"].clone();
        signatures.as_array().is_some_and(|all| all.iter().any(|signature| signature["of"] == who))
    };
    for (side, person) in signers {
        let who = party(&case, side)?;
        let (mut asked, mut sent) = (false, false);
        persist("sign the record", || {
            if signed(&officers.clerk.case(story.case())?, &who) {
                return Ok(Some(()));
            }
            if !sent {
                let page = person.browser.get(&format!("/case/{}/record", story.case()))?.good()?;
                let mut form = page.form_to("/record")?;
                let known = person.signature_code(&officers.clerk.browser)?;
                let Some(code) = known else {
                    if !asked {
                        person.browser.submit(form.press("go", "code"))?.good()?;
                        asked = true;
                    }
                    return Ok(None);
                };
                for name in form.names().to_vec() {
                    if let Some(first) = form.offers(&name).first().map(|value| (*value).to_owned()) {
                        form.set(&name, &first);
                    }
                }
                form.set("sign_code", &code);
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

/// Every part of a judgment that the file gives before the judge has written a word.
const ASSEMBLED: [&str; 9] = ["title", "parties", "course", "claims", "answers", "evidence", "fees", "appeal", "signature"];

fn judge(story: &mut Story) -> Result<()> {
    let officers = story.officers()?;
    let case = officers.judge.case(story.case())?;
    let due = case["fee"]["due"].as_i64().context("the fee")?;
    let claims: Vec<_> = case["statement"]["claims"].as_array().context("claims")?.iter().filter_map(Value::as_str).collect();
    let text = story.tale.judgment(&party(&case, "defendant")?, due, &claims)?;
    story.say(&assembled(&officers.judge, story.case())?);

    // A slip first: the checker finds it, and what has an error is not signed.
    let mut slip = text.clone();
    let order = slip["orders"][0].as_str().context("an order")?.replace("于本判决生效之日起十日内", "");
    slip["orders"][0] = json!(order);
    let found = errors(&save(&officers.judge, story.case(), &slip)?)?;
    ensure!(found.iter().any(|rule| rule == "R-CHK-54"), "an order to pay without a day passed: {found:?}");
    refused(&officers.judge, story.case())?;
    story.say(&format!("检查：主文第一项漏写履行期限，检查指出 {} 处必须改（{}），不能签署", found.len(), found.join("、")));

    let draft = save(&officers.judge, story.case(), &text)?;
    let left = errors(&draft)?;
    ensure!(left.is_empty(), "the draft has errors: {}", draft["defects"]);
    let hints = draft["defects"].as_array().context("defects")?.iter().filter_map(|defect| defect["rule"].as_str()).collect::<Vec<_>>();
    story.say(&match hints.as_slice() {
        [] => "检查：0 处必须改，没有提示".to_owned(),
        hints => format!("检查：0 处必须改，{} 处请核对（{}）", hints.len(), hints.join("、")),
    });

    let version = draft["judgment"]["version"].clone();
    let sign = json!({"step": "sign_judgment", "version": version});
    let signatures = |case: &Value| case["judgment"]["signatures"].as_array().map_or(0, Vec::len);
    officers.judge.act(story.case(), &sign, |case| signatures(case) >= 1)?;
    officers.clerk.act(story.case(), &sign, |case| !case["judgment"]["given_on"].is_null())
}

/// The draft before anything is written: every part of the file is there, and each piece names where it comes from, in the data
/// and on the page. In words.
fn assembled(judge: &Staff, case: &str) -> Result<String> {
    persist("the draft from the file", || {
        let draft = judge.browser.json(&format!("/api/case/{case}/draft"))?;
        let pieces = draft["pieces"].as_array().context("pieces")?;
        let mut sources: BTreeMap<&str, usize> = BTreeMap::new();
        for piece in pieces.iter().filter(|piece| piece["origin"]["from"] != "judge") {
            let source = piece["origin"]["from"].as_str().filter(|source| !source.is_empty());
            *sources.entry(source.with_context(|| format!("a piece without a source: {piece}"))?).or_default() += 1;
        }
        for part in ASSEMBLED {
            ensure!(pieces.iter().any(|piece| piece["part"] == part && piece["text"] != ""), "nothing of the file stands under “{part}”");
        }
        let count: usize = sources.values().sum();
        let shown = judge.browser.get(&format!("/case/{case}/draft"))?.good()?.text().matches("来源：").count();
        // Once it is written, a retry after a kill sees the judge's own pieces beside them.
        ensure!(shown >= count, "{count} pieces have a source, the page names {shown}");
        let sources: Vec<_> = sources.iter().map(|(source, count)| format!("{source} {count}")).collect();
        Ok(Some(format!("汇集：{count} 段来自案卷，每段注明来源（{}）", sources.join("，"))))
    })
}

/// Fills in the draft's page, saves it and gives back what stands then, with what the check found.
pub fn save(judge: &Staff, case: &str, text: &Value) -> Result<Value> {
    persist("save the draft", || {
        let draft = judge.browser.json(&format!("/api/case/{case}/draft"))?;
        if draft["judgment"]["text"] == *text {
            return Ok(Some(draft));
        }
        let mut form = judge.browser.get(&format!("/case/{case}/draft"))?.good()?.form_to("/draft")?;
        for field in ["evidence", "facts", "reasons", "basis"] {
            form.set(field, text[field].as_str().with_context(|| field.to_owned())?);
        }
        let orders: Vec<_> = text["orders"].as_array().context("orders")?.iter().filter_map(Value::as_str).collect();
        form.set("orders", &orders.join("\n"));
        for share in text["fee"].as_array().context("shares of the fee")? {
            let (person, fen) = (share["person"].as_str().context("a bearer")?, share["amount"].as_i64().context("a share")?);
            form.set(&format!("fee.{person}"), &format!("{}.{:02}", fen / 100, fen % 100));
        }
        judge.browser.submit(&form)?.good()?;
        Ok(None)
    })
}

/// Rules of the defects that must be mended.
pub fn errors(draft: &Value) -> Result<Vec<String>> {
    let defects = draft["defects"].as_array().context("defects")?.iter().filter(|defect| defect["level"] == "error");
    defects.map(|defect| defect["rule"].as_str().map(str::to_owned).context("a rule")).collect()
}

/// The judge tries to sign what stands, and is told that it must be mended.
fn refused(judge: &Staff, case: &str) -> Result<()> {
    persist("a draft with an error", || {
        let mut form = judge.browser.get(&format!("/case/{case}/draft"))?.good()?.form_to("/draft/sign")?;
        form.set("code", &judge.code()?);
        let page = judge.browser.submit(&form)?;
        ensure!(page.status == 422, "a draft with an error was signed: status {}", page.status);
        super::people::says(&page, "必须改正").map(Some)
    })
}

pub fn effect(story: &mut Story) -> Result<()> {
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

pub fn archive(story: &mut Story) -> Result<()> {
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
