//! 分案、开庭、判决、生效、归档.
use super::people::{Staff, persist};
use super::service::{all_served, party};
use super::Story;
use anyhow::{Context, Result, ensure};
use jiff::civil::date;
use serde_json::{Value, json};

/// The officers that the draw gave to the case.
struct Officers {
    judge: Staff,
    clerk: Staff,
}

pub fn tell(story: &mut Story) -> Result<()> {
    story.go_to(date(2026, 3, 31))?;
    story.now("分案：按公开的规则抽取独任审判员，任何人可以重算", "R-TRI-06");
    let officers = assign(story)?;
    story.now("排期，传票电子送达双方", "R-TRI-26");
    schedule(story, &officers)?;
    story.go_to(date(2026, 4, 10))?;
    story.now("开庭（法庭，双方到庭：各来一次法院），记录，双方在手机上核对签名", "R-TRI-31 R-TRI-33");
    hear(story, &officers)?;
    story.go_to(date(2026, 4, 20))?;
    story.now("起草判决：系统汇集案卷内容并注明来源，法官写事实、理由、主文；检查；法官、书记员签署", "R-DOC-02 R-DOC-03");
    judge(story, &officers)?;
    story.now("判决书送达，上诉期按各人自己的送达日计算", "R-SVC-12 R-APL-01");
    all_served(story, "plaintiff")?;
    all_served(story, "defendant")?;
    story.go_to(date(2026, 5, 8))?;
    story.now("上诉期满无人上诉，判决生效；原告申请生效证明", "R-APL-01");
    effect(story, &officers)?;
    story.go_to(date(2026, 5, 12))?;
    story.now("结案、归档：目录、编页、BagIt 包、签名", "R-ARC-01 R-ARC-07");
    archive(story, &officers)
}

fn assign(story: &Story) -> Result<Officers> {
    story.filing_clerk.act(story.case(), &json!({"step": "assign_tribunal", "form": "sole"}), |case| !case["tribunal"].is_null())?;
    let case = story.filing_clerk.case(story.case())?;
    let codes = story.filing_clerk.browser.json("/sandbox/codes")?;
    let login = |office: &str| -> Result<&'static str> {
        let mut staff = case["staff"].as_array().context("staff")?.iter();
        let person = staff.find(|entry| entry[1] == office).with_context(|| format!("no {office} of the case"))?[0].clone();
        let mut rows = codes["codes"].as_array().context("codes")?.iter();
        let login = rows.find(|row| row["person"] == person).context("the officer's login")?["login"].as_str().context("a login")?;
        // The browser holds it for the whole story.
        Ok(Box::leak(login.to_owned().into_boxed_str()))
    };
    let officers = Officers { judge: Staff::new(&story.server.court, login("judge")?), clerk: Staff::new(&story.server.court, login("clerk")?) };
    officers.judge.sign_in()?;
    officers.clerk.sign_in()?;
    Ok(officers)
}

fn schedule(story: &Story, officers: &Officers) -> Result<()> {
    let command = json!({"step": "schedule_hearing", "date": "2026-04-10", "time": "09:30:00", "courtroom": "第三法庭"});
    officers.clerk.act(story.case(), &command, |case| case["hearings"].as_array().is_some_and(|hearings| !hearings.is_empty()))?;
    all_served(story, "plaintiff")?;
    all_served(story, "defendant")
}

fn hear(story: &Story, officers: &Officers) -> Result<()> {
    const RECORD: &str = "审判员：现在开庭。\n原告：坚持诉讼请求。\n被告：收到转账12万元，现金3万元没有收到。\n原告：现金交付时被告在借条上写明收到15万元。\n审判员：辩论终结，择期宣判。";
    let case = officers.clerk.case(story.case())?;
    let attendance: Vec<Value> =
        ["plaintiff", "defendant"].iter().map(|side| Ok(json!({"person": party(&case, side)?, "presence": "in_person"}))).collect::<Result<_>>()?;
    let hearing = |case: &Value| case["hearings"][0].clone();
    officers.clerk.act(story.case(), &json!({"step": "open_hearing", "attendance": attendance}), |case| !hearing(case)["opened_at"].is_null())?;
    officers.clerk.act(story.case(), &json!({"step": "keep_record", "text": RECORD}), |case| !hearing(case)["record"].is_null())?;
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

fn judge(story: &Story, officers: &Officers) -> Result<()> {
    let case = officers.judge.case(story.case())?;
    let due = case["fee"]["due"].as_i64().context("the fee")?;
    let text = json!({
        "evidence": "原告提交的借条、银行转账回单真实、合法，与本案有关联，本院予以采信。被告提交的收款记录与转账回单一致，本院予以采信。",
        "facts": "2024年3月15日，周桂兰向陈志远出借150000元，其中银行转账120000元、现金30000元，陈志远出具借条，写明收到150000元，约定月利率百分之一，2025年3月14日前归还。借款到期后，陈志远没有归还。",
        "reasons": "合法的借贷关系受法律保护。借条写明收到150000元，陈志远主张没有收到现金30000元，没有提交足以反驳的证据，本院不予采信。约定的月利率没有超过法律保护的上限。",
        "basis": "《中华人民共和国民法典》第六百六十七条、第六百七十五条、第六百七十六条，《中华人民共和国民事诉讼法》第六十七条",
        "orders": [
            "被告陈志远于本判决生效之日起十日内偿还原告周桂兰借款本金150000元",
            "被告陈志远于本判决生效之日起十日内支付原告周桂兰自2024年3月15日起至实际清偿之日止、以150000元为基数按照月利率百分之一计算的利息",
        ],
        "fee": [{"person": party(&case, "defendant")?, "amount": due}],
    });
    officers.judge.act(story.case(), &json!({"step": "draft_judgment", "text": text}), |case| !case["judgment"].is_null())?;
    let signatures = |case: &Value| case["judgment"]["signatures"].as_array().map_or(0, Vec::len);
    officers.judge.act(story.case(), &json!({"step": "sign_judgment"}), |case| signatures(case) >= 1)?;
    officers.clerk.act(story.case(), &json!({"step": "sign_judgment"}), |case| !case["judgment"]["given_on"].is_null())
}

fn effect(story: &Story, officers: &Officers) -> Result<()> {
    persist("the judgment takes effect", || {
        let case = officers.clerk.case(story.case())?;
        Ok((case["stage"] == "effective").then_some(()))
    })?;
    let case = officers.clerk.case(story.case())?;
    // Fifteen days from 20 April end on 5 May, a holiday; the period ends on the 6th (R-DDL-02).
    ensure!(case["effective_on"] == "2026-05-07", "the day after the last appeal period is {}", case["effective_on"]);
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

/// Lays the bag out as files.
fn unpack(zip: &[u8], dir: &std::path::Path) -> Result<()> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(zip))?;
    archive.extract(dir).with_context(|| dir.display().to_string())
}

fn archive(story: &Story, officers: &Officers) -> Result<()> {
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
    unpack(&zip, &story.out.join("archive"))
}
