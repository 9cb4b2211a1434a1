//! 缺席: the commonest loan case. The defendant cannot be reached: the post comes back, nobody is at home; the case becomes one of
//! the ordinary procedure, he is served by announcement, does not come, and the judgment is announced too.
use super::court::{Officers, errors, save, signed_record};
use super::people::persist;
use super::service::{all_served, papers_of, party};
use super::{Phase, Story, court, service};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

/// From the acceptance to the end of the announcement.
pub const PHASES: &[Phase] = &[
    Phase { day: 7, what: "通知书电子送达同意的原告", rule: "R-SVC-12", act: service::notices },
    Phase { day: 7, what: "首次送达邮寄：打印、交邮、登记", rule: "R-FIL-21 R-IDC-22", act: service::post },
    Phase { day: 8, what: "原告交纳受理费（沙盒支付）", rule: "R-FEE-15", act: service::pay },
    Phase { day: 14, what: "邮件退回，查无此人，登记未能送达", rule: "R-SVC-05 R-SVC-18", act: returned },
    Phase { day: 16, what: "直接送达，住所地没有找到人", rule: "R-SVC-02 R-SVC-03", act: visited },
    Phase {
        day: 17, what: "简易程序不能公告送达：裁定转为普通程序，通知补交另一半受理费", rule: "R-PRC-01 R-SVC-30 R-FEE-17", act: converted
    },
    Phase { day: 18, what: "原告补交受理费", rule: "R-FEE-17", act: service::pay },
    Phase { day: 18, what: "排期，开庭排在公告期、答辩期、举证期以后", rule: "R-TRI-20", act: scheduled },
    Phase { day: 18, what: "公告送达起诉状副本、传票等，经过三十日视为送达", rule: "R-SVC-30 R-LIM-31", act: announced },
    Phase { day: 51, what: "公告期满，视为送达，答辩期、举证期开始", rule: "R-SVC-30 R-EVD-03", act: deemed },
    Phase { day: HEARING, what: "开庭：被告经传票传唤没有到庭，缺席审理", rule: "R-TRI-31 R-SVC-42", act: heard },
    Phase { day: 72, what: "缺席判决，法官、书记员签署", rule: "R-TRI-31 R-DOC-03", act: judged },
    Phase { day: 72, what: "判决书电子送达原告", rule: "R-SVC-12", act: delivered },
    Phase { day: 73, what: "判决书公告送达被告", rule: "R-SVC-30", act: judgment_announced },
    Phase {
        day: 122, what: "公告期满三十日，又过上诉期十五日，判决生效；原告申请生效证明", rule: "R-APL-01 R-SVC-41", act: court::effect
    },
    Phase { day: 123, what: "结案、归档：目录、编页、BagIt 包、签名", rule: "R-ARC-01 R-ARC-07", act: court::archive },
];

/// The day of the sitting.
const HEARING: i64 = 70;

/// Papers of the defendant whose service stands in one of these states.
fn his<'a>(case: &'a Value, states: &[&str]) -> Result<Vec<&'a Value>> {
    let person = party(case, "defendant")?;
    let mut papers = papers_of(case, &person);
    papers.retain(|paper| states.iter().any(|state| paper["service"]["state"] == *state));
    Ok(papers)
}

fn ids<'a>(papers: &[&'a Value]) -> Vec<&'a Value> {
    papers.iter().map(|paper| &paper["id"]).collect()
}

fn failed(story: &Story, reason: &str) -> Result<()> {
    let case = story.filing_clerk.case(story.case())?;
    let papers = his(&case, &["sent"])?;
    ensure!(!papers.is_empty(), "nothing is under way to the defendant");
    let command = json!({"step": "record_service_failure", "papers": ids(&papers), "reason": reason});
    story.filing_clerk.act(story.case(), &command, |case| his(case, &["sent"]).is_ok_and(|papers| papers.is_empty()))
}

fn returned(story: &mut Story) -> Result<()> {
    failed(story, "查无此人，退回")
}

fn visited(story: &mut Story) -> Result<()> {
    let case = story.filing_clerk.case(story.case())?;
    let papers = his(&case, &["failed"])?;
    let command = json!({"step": "send_paper", "papers": ids(&papers), "method": "direct"});
    story.filing_clerk.act(story.case(), &command, |case| his(case, &["failed"]).is_ok_and(|papers| papers.is_empty()))?;
    failed(story, "到住所地送达，无人居住，邻居说已经搬走")
}

fn converted(story: &mut Story) -> Result<()> {
    let case = story.filing_clerk.case(story.case())?;
    let early = json!({"step": "announce_service", "papers": ids(&his(&case, &["failed"])?), "place": "network", "reason": "无法送达"});
    let refused = story.filing_clerk.refused(story.case(), &early)?;
    ensure!(refused.contains("转为普通程序"), "an announcement in the simple procedure: {refused}");
    let officers = story.officers()?;
    let fields = json!({"outcome": "granted", "ground": "missing", "reasons": "邮寄、直接送达都没有送到被告，需要公告送达。"});
    let command = json!({"step": "decide_matter", "matter": "conversion", "fields": fields});
    officers.judge.act(story.case(), &command, |case| case["procedure"] == "ordinary")?;
    all_served(story, "plaintiff")?;
    story.say("补交的通知已经送达原告；给被告的裁定书随公告送达");
    Ok(())
}

fn scheduled(story: &mut Story) -> Result<()> {
    let officers = story.officers()?;
    let command = json!({"step": "schedule_hearing", "date": story.day(HEARING).to_string(), "time": story.tale.hour, "courtroom": "第三法庭"});
    officers.clerk.act(story.case(), &command, |case| case["hearings"].as_array().is_some_and(|hearings| !hearings.is_empty()))?;
    all_served(story, "plaintiff")
}

/// Announces whatever of the defendant's papers did not reach him.
fn announce(story: &Story, officers: &Officers) -> Result<()> {
    persist("the papers to announce are sealed", || {
        let case = officers.clerk.case(story.case())?;
        Ok(his(&case, &["owed"])?.is_empty().then_some(()))
    })?;
    let case = officers.clerk.case(story.case())?;
    let papers = his(&case, &["issued", "failed"])?;
    ensure!(!papers.is_empty(), "nothing is left to announce");
    let reason = "邮寄被退回，直接送达没有找到人，也没有其他联系方式。";
    let command = json!({"step": "announce_service", "papers": ids(&papers), "place": "network", "reason": reason});
    officers.clerk.act(story.case(), &command, |case| his(case, &["issued", "failed"]).is_ok_and(|papers| papers.is_empty()))
}

fn announced(story: &mut Story) -> Result<()> {
    announce(story, story.officers()?)
}

fn judgment_announced(story: &mut Story) -> Result<()> {
    announce(story, story.officers()?)
}

fn deemed(story: &mut Story) -> Result<()> {
    persist("what was announced counts as served", || {
        let case = story.filing_clerk.case(story.case())?;
        let served = his(&case, &["served"])?;
        let all = his(&case, &["owed", "issued", "sent", "failed"])?.is_empty();
        Ok((all && served.iter().all(|paper| paper["service"]["method"] == "announced")).then_some(()))
    })
}

fn heard(story: &mut Story) -> Result<()> {
    let officers = story.officers()?;
    let case = officers.clerk.case(story.case())?;
    let line = |side: &str, presence: &str| Ok::<_, anyhow::Error>(json!({"person": party(&case, side)?, "presence": presence}));
    let attendance = [line("plaintiff", "in_person")?, line("defendant", "absent")?];
    // Nobody is absent before the hour of his summons.
    let early = officers.clerk.refused(story.case(), &json!({"step": "open_hearing", "attendance": attendance}))?;
    ensure!(early.contains("时间还没到"), "he was put down as absent before the hour: {early}");
    officers.clerk.clock(story.day(HEARING).at(10, 0, 0, 0))?;
    let tale = &story.tale;
    let record = format!(
        "审判员：现在开庭。被告{}经传票传唤，无正当理由拒不到庭，依法缺席审理。\n原告：坚持诉讼请求。\n审判员：原告举证。\n原告：借条、转账凭证，证明借款{}元。\n审判员：辩论终结，择期宣判。",
        tale.defendant.name,
        tale.bank + tale.cash
    );
    signed_record(story, officers, &json!(attendance), &record, &[("plaintiff", &story.plaintiff)])
}

fn judged(story: &mut Story) -> Result<()> {
    let officers = story.officers()?;
    let case = officers.judge.case(story.case())?;
    let due = case["fee"]["due"].as_i64().context("the fee")?;
    let claims: Vec<_> = case["statement"]["claims"].as_array().context("claims")?.iter().filter_map(Value::as_str).collect();
    let mut text = story.tale.judgment(&party(&case, "defendant")?, due, &claims)?;
    text["evidence"] = json!("原告提交的借条、转账凭证真实、合法，与本案有关联，本院予以采信。");
    text["reasons"] = json!(format!(
        "合法的借贷关系受法律保护。原告提交的借条、转账凭证可以证明借款的事实，被告{}没有到庭，也没有提交证据反驳，应当承担不利的后果。约定的月利率没有超过法律保护的上限。",
        story.tale.defendant.name
    ));
    text["basis"] =
        json!("《中华人民共和国民法典》第六百六十七条、第六百七十五条、第六百七十六条，《中华人民共和国民事诉讼法》第六十七条、第一百四十七条");
    let draft = save(&officers.judge, story.case(), &text)?;
    let left = errors(&draft)?;
    ensure!(left.is_empty(), "the draft has errors: {}", draft["defects"]);
    let course = draft["pieces"].as_array().context("pieces")?.iter().find(|piece| piece["part"] == "course").context("the course")?;
    for words in ["公告送达", "拒不到庭"] {
        ensure!(course["text"].as_str().is_some_and(|text| text.contains(words)), "the course does not say {words}: {course}");
    }
    let sign = json!({"step": "sign_judgment", "version": draft["judgment"]["version"]});
    let signatures = |case: &Value| case["judgment"]["signatures"].as_array().map_or(0, Vec::len);
    officers.judge.act(story.case(), &sign, |case| signatures(case) >= 1)?;
    officers.clerk.act(story.case(), &sign, |case| !case["judgment"]["given_on"].is_null())
}

fn delivered(story: &mut Story) -> Result<()> {
    all_served(story, "plaintiff")
}
