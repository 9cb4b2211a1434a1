//! From the draw to the signed judgment on the workbench's own pages, as clerk and judge use them.
use crate::common::{Bench, Browser, COURT, accepting, on_both, text};
use axum::http::StatusCode;
use serde_json::json;

/// Sends and serves by hand everything that waits for the post.
fn serve(bench: &Bench, clerk: &Browser<'_>, case: &str) {
    bench.settle();
    let papers = clerk.case(case)["case"]["papers"].as_array().expect("papers").clone();
    let ids: Vec<_> = papers.iter().filter(|paper| paper["service"]["state"] == "issued").map(|paper| text(&paper["id"])).collect();
    let today = text(&clerk.data("/api/clock")["now"])[..10].to_owned();
    clerk.does(case, json!({"step": "send_paper", "papers": ids, "method": "direct"}));
    clerk.does(case, json!({"step": "record_service", "papers": ids, "on": today, "rule": "R-SVC-01"}));
}

/// Accepted, paid, drawn, summoned, and the day of the hearing come: clerk and judge are `he` and `lin`, the court's only ones.
fn summoned<'a>(bench: &'a Bench) -> (Browser<'a>, Browser<'a>, String) {
    let filing = bench.sign_in("xu");
    let case = filing.files(&[]);
    filing.does(&case, accepting());
    serve(bench, &filing, &case);
    filing.does(&case, json!({"step": "pay_fee", "amount": 190_500, "method": "bank_slip", "reference": "7"}));
    filing.does(&case, json!({"step": "assign_tribunal", "form": "sole"}));
    let (judge, clerk) = (bench.sign_in("lin"), bench.sign_in("he"));
    let code = bench.code("he");
    let day = [("date", "2026年3月10日"), ("time", "9:30"), ("courtroom", "第三法庭"), ("waived", "true"), ("code", code.as_str())];
    let set = clerk.submit(&case, "/step/schedule_hearing", &day);
    assert_eq!(set.status, StatusCode::SEE_OTHER, "{}", set.text());
    let calendar = clerk.get("/hearings").text();
    assert!(calendar.contains("第三法庭") && calendar.contains("09:30–11:30"), "{calendar}");
    serve(bench, &filing, &case);
    assert_eq!(filing.post_json("/api/clock", &json!({"to": "2026-03-10"})).status, StatusCode::OK);
    (judge, clerk, case)
}

#[test]
fn r_tri_33_a_record_is_written_version_by_version_closed_and_signed_on_paper() {
    on_both(|bench| {
        let (judge, clerk, case) = summoned(bench);
        let parties = clerk.case(&case)["case"]["parties"].clone();
        let people = [text(&parties[0]["person"]), text(&parties[1]["person"])];
        let roll: Vec<_> = people.iter().map(|person| (format!("attendance.{person}"), "in_person")).collect();
        let one = clerk.submit(&case, "/step/open_hearing", &[(&roll[0].0, roll[0].1)]);
        assert!(one.status == StatusCode::UNPROCESSABLE_ENTITY && one.text().contains("陈志远的到庭情况"), "{}", one.text());
        let all: Vec<_> = roll.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        assert_eq!(clerk.submit(&case, "/step/open_hearing", &all).status, StatusCode::SEE_OTHER);

        let empty = clerk.get(&format!("/case/{case}/record")).text();
        assert!(empty.contains("现在开庭") && empty.contains("书记员何书宁担任记录"), "the opening lines are ready: {empty}");
        assert_eq!(clerk.submit(&case, "/record", &[("text", "审判员：现在开庭。")]).status, StatusCode::SEE_OTHER);
        assert_eq!(clerk.submit(&case, "/record", &[("text", "审判员：现在开庭。\r\n原告：坚持诉讼请求。")]).status, StatusCode::SEE_OTHER);
        let kept = clerk.case(&case)["case"]["hearings"][0]["record"].clone();
        assert_eq!((kept["version"].as_u64(), kept["text"].as_str()), (Some(2), Some("审判员：现在开庭。\n原告：坚持诉讼请求。")));
        assert!(clerk.get(&format!("/case/{case}/record")).text().contains("以前保存的 1 稿"));
        let refused = clerk.submit(&case, "/record/close", &[("code", "000000")]);
        assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.text().contains("code-err"), "{}", refused.text());
        assert_eq!(clerk.submit(&case, "/record/close", &[("code", &bench.code("he"))]).status, StatusCode::SEE_OTHER);
        for person in &people {
            let signed = clerk.submit(&case, &format!("/step/confirm_record?for={person}"), &[("code", &bench.code("he"))]);
            assert_eq!(signed.status, StatusCode::SEE_OTHER, "{}", signed.text());
        }
        assert_eq!(judge.submit(&case, "/step/confirm_record", &[("code", &bench.code("lin"))]).status, StatusCode::SEE_OTHER);
        let page = clerk.get(&format!("/case/{case}/record")).text();
        assert_eq!(page.matches("由何书宁登记").count(), 2, "both names are on record: {page}");
        assert!(!page.contains("还没有签名"), "{page}");
    });
}

#[test]
fn r_doc_03_a_judgment_is_drafted_checked_and_signed_and_stays_inside_until_then() {
    on_both(|bench| {
        let (judge, clerk, case) = summoned(bench);
        let parties = clerk.case(&case)["case"]["parties"].clone();
        let people = [text(&parties[0]["person"]), text(&parties[1]["person"])];
        let roll: Vec<_> = people.iter().map(|person| json!({"person": person, "presence": "in_person"})).collect();
        clerk.does(&case, json!({"step": "open_hearing", "attendance": roll}));
        clerk.does(&case, json!({"step": "keep_record", "text": "审判员：现在开庭。"}));
        clerk.does(&case, json!({"step": "close_record"}));
        for person in &people {
            let body = clerk.signed(json!({"command": {"step": "confirm_record"}, "for_person": person}));
            assert_eq!(clerk.post_json(&format!("/api/case/{case}/act"), &body).status, StatusCode::OK);
        }
        judge.does(&case, json!({"step": "confirm_record"}));

        let page = judge.get(&format!("/case/{case}/draft")).text();
        assert!(page.contains("来源：起诉状") && page.contains("来源：庭审笔录") && page.contains("1905.00"), "pieces with their sources: {page}");
        let fee = format!("fee.{}", people[1]);
        let mut fields = vec![
            ("facts", "2024年3月15日，周桂兰向陈志远出借150000元，至今未还。"),
            ("reasons", "合法的借贷关系受法律保护。"),
            ("basis", "《中华人民共和国民法典》第六百七十五条"),
            ("orders", "被告陈志远偿还原告周桂兰借款本金150000元\n驳回原告周桂兰的其他诉讼请求"),
            (fee.as_str(), "一千"),
        ];
        let typo = judge.submit(&case, "/draft", &fields);
        assert!(typo.status == StatusCode::UNPROCESSABLE_ENTITY && typo.text().contains("受法律保护"), "what was typed stays: {}", typo.text());
        fields[4].1 = "1905.00";
        assert_eq!(judge.submit(&case, "/draft", &fields).status, StatusCode::SEE_OTHER);
        let draft = judge.data(&format!("/api/case/{case}/draft"));
        assert!(draft["judgment"]["findings"].to_string().contains("R-CHK-54"), "an order to pay without a day: {draft}");
        let early = judge.submit(&case, "/draft/sign", &[("draft", "1"), ("code", &bench.code("lin"))]);
        assert!(early.status == StatusCode::UNPROCESSABLE_ENTITY && early.text().contains("必须改正"), "{}", early.text());
        // Through the API too the court looks itself, whatever the caller says that he found.
        let mut text = draft["judgment"]["text"].clone();
        text["facts"] = json!("2024年3月15日，周桂兰向陈志远出借15000元，至今未还。");
        judge.does(&case, json!({"step": "draft_judgment", "text": text, "findings": []}));
        let found = judge.data(&format!("/api/case/{case}/draft"))["judgment"]["findings"].to_string();
        assert!(found.contains("R-CHK-54"), "{found}");
        let signed = judge.act(&case, json!({"step": "sign_judgment", "version": 2}), None, &bench.code("lin"));
        assert!(signed.status == StatusCode::UNPROCESSABLE_ENTITY && signed.text().contains("必须改正"), "{}", signed.text());
        fields[3].1 = "被告陈志远于本判决生效之日起十日内偿还原告周桂兰借款本金150000元\n驳回原告周桂兰的其他诉讼请求";
        assert_eq!(judge.submit(&case, "/draft", &fields).status, StatusCode::SEE_OTHER);
        let errors = judge.data(&format!("/api/case/{case}/draft"))["judgment"]["findings"].clone();
        let blocking: Vec<_> = errors.as_array().expect("findings").iter().filter(|finding| finding["level"] == "error").collect();
        assert!(blocking.is_empty(), "{blocking:?}");

        // The filing clerk has the file, but no draft: it lies in the internal volume (R-CAT-08).
        let outside = bench.sign_in("xu");
        for path in ["/draft", "/draft/pdf", "/draft/page/1"] {
            assert_eq!(outside.get(&format!("/case/{case}{path}")).status, StatusCode::NOT_FOUND, "{path}");
        }
        assert!(!outside.case(&case).to_string().contains("受法律保护") && judge.case(&case).to_string().contains("受法律保护"));
        assert!(judge.get(&format!("/case/{case}/draft/pdf")).bytes.starts_with(b"%PDF"));
        let shown = judge.get(&format!("/case/{case}/draft")).text();
        assert!(shown.contains(&format!("/case/{case}/draft/page/1?width=")) && !shown.contains("<iframe"), "pages as pictures: {shown}");
        let picture = judge.get(&format!("/case/{case}/draft/page/1?width=568"));
        assert!(picture.bytes.starts_with(b"\x89PNG") && picture.bytes.len() < 40_000, "{} bytes", picture.bytes.len());
        assert_eq!(judge.get(&format!("/case/{case}/draft/page/99")).status, StatusCode::NOT_FOUND);
        assert_eq!(
            clerk.submit(&case, "/draft/sign", &[("draft", "3"), ("code", &bench.code("he"))]).status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "the judge first"
        );
        assert_eq!(judge.submit(&case, "/draft/sign", &[("draft", "3"), ("code", &bench.code("lin"))]).status, StatusCode::SEE_OTHER);
        assert_eq!(clerk.submit(&case, "/draft/sign", &[("draft", "3"), ("code", &bench.code("he"))]).status, StatusCode::SEE_OTHER);
        assert_eq!(clerk.case(&case)["case"]["stage"], "decided");
        bench.settle();
        let papers = clerk.case(&case)["case"]["papers"].clone();
        let given: Vec<_> = papers.as_array().expect("papers").iter().filter(|paper| paper["paper"] == "civil_judgment").collect();
        assert_eq!(given.len(), 2, "owed to both parties");
        assert!(given.iter().all(|paper| paper["service"]["state"] == "issued"), "{given:?}");
        assert!(bench.court.check_replay().expect("replays").1.is_empty(), "{COURT}");
    });
}

#[test]
fn every_statement_of_the_desk_is_understood_by_each_engine() {
    on_both(|bench| {
        let all = court::store::STATEMENTS.iter().chain(court::store::desk::STATEMENTS).chain(court::staff::STATEMENTS);
        let all: Vec<&'static str> = all.copied().collect();
        bench.court.db().read_blocking(move |tx| all.iter().try_for_each(|sql| tx.prepare(sql))).expect("prepared");
    });
}
