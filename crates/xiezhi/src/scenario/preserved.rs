//! 保全: somebody moves his money away. Before the suit his account is frozen; the suit comes in time; the freezing is renewed before
//! its year is over, and lifted when he gives security.
use super::people::persist;
use super::service::{all_served, papers_of, party};
use super::{Phase, Story, court, filing, service};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

pub const PHASES: &[Phase] = &[
    Phase { day: 0, what: "申请人在手机上注册、实名认证（演示沙盒）", rule: "R-IDC-01", act: filing::sign_up },
    Phase { day: 0, what: "网上申请诉前财产保全：财产线索、担保、紧急情况", rule: "R-PRV-02 R-PRV-05", act: apply },
    Phase { day: 0, what: "立案，编财保字案号，四十八小时从申请时起算", rule: "R-PRV-03 R-CNO-21", act: accept },
    Phase { day: 0, what: "分案：按公开的规则抽取审判员", rule: "R-TRI-06", act: court::assign },
    Phase { day: 0, what: "申请人交纳保全申请费（沙盒支付）", rule: "R-FEE-10", act: service::pay },
    Phase { day: 1, what: "四十八小时内裁定保全；被申请人还不知道", rule: "R-PRV-03 R-PRV-04", act: rule },
    Phase { day: 1, what: "冻结账户，登记措施和期限；申请人收到书面告知", rule: "R-PRV-09 R-PRV-11 R-PRV-12", act: freeze },
    Phase { day: 2, what: "采取措施以后，裁定书邮寄被申请人，五日内可以复议", rule: "R-PRV-12 R-PRV-15", act: told },
    Phase { day: 20, what: "三十日内起诉，措施在诉讼中继续有效", rule: "R-PRV-07", act: sue },
    Phase { day: 330, what: "期限届满七日前，申请人在网上申请续行保全", rule: "R-PRV-09", act: ask_for_more },
    Phase { day: 333, what: "裁定续行一年", rule: "R-PRV-09", act: renew },
    Phase { day: 340, what: "被申请人提供银行保函，到窗口申请解除，四十八小时内裁定", rule: "R-PRV-14", act: lift },
    Phase { day: 345, what: "结案、归档：目录、编页、BagIt 包、签名", rule: "R-ARC-01 R-ARC-07", act: archive },
];

/// What the interview on a preservation asks.
fn answers(story: &Story) -> Vec<(String, Vec<String>)> {
    let tale = &story.tale;
    let one = |name: &str, value: &str| (name.to_owned(), vec![value.to_owned()]);
    let mut answers = vec![];
    for (field, person) in [("applicants.0", &tale.plaintiff), ("respondents.0", &tale.defendant)] {
        let of = |name: &str, value: &str| one(&format!("{field}.{name}"), value);
        answers.extend([of("kind", "person"), of("name", &person.name), of("id_kind", "resident"), of("id_number", &person.number)]);
        answers.extend([of("ethnicity", "汉族"), of("phone", &person.phone), of("domicile", &person.address)]);
    }
    let total = (tale.bank + tale.cash).to_string();
    answers.extend([one("amount", &total), one("clues", "中国工商银行清河支行账户，尾号6620"), one("property_place", "清河市青石区")]);
    answers.extend([one("security", "insurer"), one("insurer", "某财产保险公司保函2026第18号"), one("security_amount", &total)]);
    answers.push(one("debt", &format!("{}向申请人借款{total}元，到期没有归还。", tale.defendant.name)));
    answers.push(one("urgency", "被申请人正在出售房屋、转走存款，等到起诉以后将无财产可供执行。"));
    answers
}

fn apply(story: &mut Story) -> Result<()> {
    story.also = answers(story);
    filing::file(story, "475")
}

fn accept(story: &mut Story) -> Result<()> {
    filing::accept_as(story, "ordinary")
}

fn decide(matter: &str, fields: &Value) -> Value {
    json!({"step": "decide_matter", "matter": matter, "fields": fields})
}

fn decided(case: &Value, matter: &str) -> bool {
    let all = case["matters"].as_array();
    all.is_some_and(|all| all.iter().any(|one| one["raised"]["kind"] == matter && !one["decided"].is_null()))
}

fn rule(story: &mut Story) -> Result<()> {
    let officers = story.officers()?;
    let amount = 100 * (story.tale.bank + story.tale.cash);
    let more = json!({"outcome": "granted", "amount": amount + 1, "waiver": "given", "reasons": "情况紧急。"});
    let refused = officers.judge.refused(story.case(), &decide("preservation", &more))?;
    ensure!(refused.contains("不超过申请的"), "more was granted than was asked for: {refused}");
    let fields = json!({"outcome": "granted", "amount": amount, "waiver": "given",
        "reasons": "申请人的申请情况紧急，提供了相当于请求保全数额的担保，符合法律规定。"});
    officers.judge.act(story.case(), &decide("preservation", &fields), |case| decided(case, "preservation"))?;
    all_served(story, "plaintiff")?;
    let case = story.filing_clerk.case(story.case())?;
    let other = party(&case, "defendant")?;
    ensure!(papers_of(&case, &other).is_empty(), "the respondent is told before anything was frozen");
    Ok(())
}

fn freeze(story: &mut Story) -> Result<()> {
    let officers = story.officers()?;
    let on = story.day(1);
    let fields = json!({"property": "deposit", "what": "中国工商银行清河支行账户（尾号6620）", "amount": 100 * (story.tale.bank + story.tale.cash),
        "holder": "中国工商银行清河支行", "queued": "no", "on": on.to_string(), "until": "2027-03-03"});
    officers.clerk.act(story.case(), &decide("preservation_measure", &fields), |case| !case["measures"][0].is_null())?;
    all_served(story, "plaintiff")?;
    let shown = story.plaintiff.case(story.case())?["measures"][0]["zh"].clone();
    ensure!(shown.as_str().is_some_and(|words| words.contains("2027年3月3日")), "the applicant's page does not say until when: {shown}");
    Ok(())
}

/// Whatever the respondent is owed goes by post and reaches him on the same day.
fn told(story: &mut Story) -> Result<()> {
    let clerk = &story.filing_clerk;
    let id = story.case().to_owned();
    let state = |paper: &Value, state: &str| paper["service"]["state"] == state;
    persist("the papers are sealed", || {
        let case = clerk.case(&id)?;
        let papers = papers_of(&case, &party(&case, "defendant")?);
        Ok((!papers.is_empty() && papers.iter().all(|paper| !state(paper, "owed"))).then_some(()))
    })?;
    let of = |wanted: &str| -> Result<Vec<Value>> {
        let case = clerk.case(&id)?;
        Ok(papers_of(&case, &party(&case, "defendant")?).into_iter().filter(|paper| state(paper, wanted)).map(|paper| paper["id"].clone()).collect())
    };
    let left =
        |case: &Value, wanted: &str| party(case, "defendant").is_ok_and(|person| papers_of(case, &person).iter().any(|paper| state(paper, wanted)));
    let send = json!({"step": "send_paper", "papers": of("issued")?, "method": "postal"});
    clerk.act(&id, &send, |case| !left(case, "issued"))?;
    let today = clerk.browser.json("/api/clock")?["now"].as_str().context("the clock")?.parse::<jiff::Timestamp>()?;
    let on = procedure::step::day_of(today).to_string();
    let received = json!({"step": "record_service", "papers": of("sent")?, "on": on, "rule": "R-SVC-01"});
    clerk.act(&id, &received, |case| !left(case, "sent"))
}

fn sue(story: &mut Story) -> Result<()> {
    let first = story.case().to_owned();
    story.also.clear();
    filing::file(story, "108.3")?;
    filing::accept_as(story, "simple")?;
    let number = story.filing_clerk.case(story.case())?["number"].as_str().context("the suit's number")?.to_owned();
    story.say(&format!("起诉，案号{number}"));
    story.back_to(&first);
    let fields = json!({"number": number, "on": story.day(20).to_string()});
    let officers = story.officers()?;
    officers.clerk.act(story.case(), &decide("preservation_suit", &fields), |case| !case["suit"].is_null())?;
    told(story)
}

fn ask_for_more(story: &mut Story) -> Result<()> {
    let open = |case: &Value| case["steps"].as_array().is_some_and(|steps| steps.iter().any(|step| step == "apply_for_renewal"));
    let fill = |form: &mut super::browser::Form| {
        let first = form.offers("measure").first().map(|value| (*value).to_owned()).context("a measure to choose")?;
        form.set("measure", &first).set("reasons", "案件还没有审结，账户到期后对方会转走存款。");
        Ok(())
    };
    story.plaintiff.act(story.case(), "do/apply_for_renewal", "reasons", fill, |case| !open(case))
}

fn renew(story: &mut Story) -> Result<()> {
    let officers = story.officers()?;
    let until =
        |day: &str| decide("preservation_renewal", &json!({"outcome": "granted", "until": day, "reasons": "申请在期限届满前提出，符合规定。"}));
    let refused = officers.judge.refused(story.case(), &until("2028-03-04"))?;
    ensure!(refused.contains("最长到"), "a renewal longer than a year: {refused}");
    officers.judge.act(story.case(), &until("2028-03-03"), |case| case["measures"][0]["until"] == "2028-03-03")?;
    all_served(story, "plaintiff")?;
    told(story)
}

fn lift(story: &mut Story) -> Result<()> {
    let officers = story.officers()?;
    let case = story.filing_clerk.case(story.case())?;
    let other = party(&case, "defendant")?;
    let fields = json!({"ground": "security", "urgent": "yes", "reasons": "已提供清河市商业银行的独立保函，金额与保全金额相同。"});
    let ask = json!({"step": "raise_matter", "matter": "preservation_lifting", "fields": fields});
    let asked = |case: &Value| case["matters"].as_array().is_some_and(|all| all.iter().any(|one| one["raised"]["kind"] == "preservation_lifting"));
    officers.clerk.act_for(story.case(), &ask, Some(&other), asked)?;
    let fields = json!({"outcome": "granted", "ground": "security", "reasons": "保函真实有效，足以保障申请人的权益。"});
    officers.judge.act(story.case(), &decide("preservation_lifting", &fields), |case| case["measures"][0]["state"] != "holds")?;
    all_served(story, "plaintiff")?;
    told(story)
}

fn archive(story: &mut Story) -> Result<()> {
    court::archive(story)
}
