//! A filing through the workbench: queue, return, correction, acceptance, post, clocks, and what others may not see.
use crate::common::{Browser, COURT, accepting, filing, on_both, text};
use axum::http::StatusCode;
use serde_json::json;

fn stage(clerk: &Browser<'_>, case: &str) -> String {
    text(&clerk.case(case)["case"]["stage"])
}

fn version(clerk: &Browser<'_>, case: &str) -> u64 {
    clerk.case(case)["version"].as_u64().expect("a version")
}

#[test]
fn r_fil_12_returned_once_with_pinned_remarks_corrected_at_the_counter_accepted_with_a_number() {
    on_both(|bench| {
        let clerk = bench.sign_in("xu");
        let case = clerk.files(&[("defendant.address", "广东省清河市青石区青石路一带")]);
        let queue = clerk.data("/api/queue");
        assert_eq!((queue["queue"][0]["case"].as_str(), queue["queue"][0]["counter"].as_bool()), (Some(case.as_str()), Some(true)));

        // The machine names the address, and its words become a remark when the clerk takes them.
        let page = clerk.get(&format!("/review/{case}?tab=return&pin=defendant.address")).text();
        assert!(page.contains("可能无法送达") && page.contains("name=\"r.defendant.address\"") && page.contains("请写明门牌号"), "{page}");
        let version_text = version(&clerk, &case).to_string();
        let empty = [("act", "send"), ("version", version_text.as_str()), ("on", "defendant.address"), ("r.defendant.address", ""), ("days", "7")];
        let mut fields = empty.to_vec();
        let code = bench.code("xu");
        fields.push(("code", &code));
        let refused = clerk.post(&format!("/review/{case}/return"), &fields);
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text().contains("没有写内容"), "{}", refused.text());
        fields[3].1 = "请写明门牌号。";
        let sent = clerk.post(&format!("/review/{case}/return"), &fields);
        assert_eq!((sent.status, stage(&clerk, &case).as_str()), (StatusCode::SEE_OTHER, "returned"), "{}", sent.text());
        bench.settle();

        // The notice goes by post, as the plaintiff chose; its period begins with the day of receipt.
        let file = clerk.case(&case);
        let (plaintiff, paper) = (text(&file["case"]["parties"][0]["person"]), text(&file["case"]["papers"][0]["id"]));
        clerk.does(&case, json!({"step": "send_paper", "papers": [paper], "method": "postal"}));
        clerk.does(&case, json!({"step": "record_service", "papers": [paper], "on": "2026-03-02", "rule": "R-SVC-01"}));
        assert!(clerk.get("/tasks").status.is_success());

        // Corrected at the counter: both names stand on record.
        let mut body = filing(&[("defendant.address", "广东省清河市青石区青石路27号2栋301")]);
        body["files"] = json!([]);
        let corrected = clerk.post_json(&format!("/api/counter/filing?case={case}&for={plaintiff}"), &clerk.signed(body));
        assert_eq!(corrected.status, StatusCode::OK, "{}", corrected.text());
        let file = clerk.case(&case);
        let by = text(&file["events"].as_array().and_then(|events| events.last()).expect("an event")["by"]);
        assert!(by.contains("周桂兰") && by.contains("许知行在窗口代录，动态口令签名"), "{by}");
        let page = clerk.get(&format!("/review/{case}")).text();
        assert!(page.contains("补正前后对照") && page.contains("没有发现问题"), "{page}");
        // Field by field, the old address beside the new one; who was not touched is not called changed.
        assert!(page.contains("被告陈志远住所") && page.contains("<del>一带</del>") && page.contains("27号2栋301"), "{page}");
        assert!(!page.contains("原告周桂兰住所") && !page.contains("身份、住所、联系方式"), "{page}");
        let again = clerk.act(
            &case,
            json!({"step": "return_for_correction", "days": 7, "remarks": [{"field": "claims", "label": "诉讼请求", "remark": "再补", "rule": "R-FIL-12"}]}),
            None,
            &bench.code("xu"),
        );
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.text().contains("已经一次性告知"), "{}", again.text());

        // Accepted on the form, with the clerk's own findings.
        let version_text = version(&clerk, &case).to_string();
        let code = bench.code("xu");
        let found = ["findings.materials", "findings.parties", "findings.jurisdiction", "findings.duplicates"].map(|name| (name, "yes"));
        let mut fields = vec![("version", version_text.as_str()), ("procedure", "simple"), ("code", code.as_str())];
        fields.extend(found);
        let accepted = clerk.post(&format!("/review/{case}/accept"), &fields);
        assert_eq!(accepted.status, StatusCode::SEE_OTHER, "{}", accepted.text());
        let page = clerk.get(&accepted.location()).text();
        assert!(page.contains("（2026）粤4001民初1号") && page.contains("已经办好"), "{page}");
        assert!(bench.court.check_replay().expect("replays").1.is_empty());
    });
}

#[test]
fn r_ddl_10_a_wrong_date_of_service_is_corrected_and_the_clocks_follow() {
    on_both(|bench| {
        let clerk = bench.sign_in("xu");
        let case = clerk.accepts();
        let tasks = clerk.data("/api/tasks");
        let posts: Vec<_> = tasks["tasks"].as_array().expect("tasks").iter().filter(|task| task["kind"] == "post").collect();
        assert_eq!(posts.len(), 2, "one packet a party: {tasks}");
        let file = clerk.case(&case);
        let defendant = text(&file["case"]["parties"][1]["person"]);
        let packet = format!("/case/{case}/packet/{defendant}");
        let printed = clerk.get(&format!("{packet}?print=true"));
        assert!(printed.status.is_success() && printed.bytes.starts_with(b"%PDF"), "the whole packet is one PDF");
        let pages: u64 = file["case"]["papers"]
            .as_array()
            .expect("papers")
            .iter()
            .filter(|paper| paper["to"] == defendant.as_str())
            .map(|paper| paper["pages"].as_u64().expect("pages"))
            .sum();
        assert_eq!(u64::from(documents::page_count(&printed.bytes).expect("a PDF")), pages);

        let ids: Vec<_> = file["case"]["papers"]
            .as_array()
            .expect("papers")
            .iter()
            .filter(|paper| paper["to"] == defendant.as_str())
            .map(|paper| text(&paper["id"]))
            .collect();
        let send = |fields: &[(&str, &str)]| {
            let version = version(&clerk, &case).to_string();
            let mut all = vec![("version", version.as_str())];
            all.extend(ids.iter().map(|id| ("papers", id.as_str())));
            all.extend(fields);
            clerk.post(&packet, &all)
        };
        assert_eq!(send(&[("step", "send_paper"), ("method", "postal")]).status, StatusCode::SEE_OTHER);
        assert_eq!(clerk.data("/api/tasks")["awaiting_return"].as_array().map(Vec::len), Some(1));
        clerk.post_json("/api/clock", &json!({"days": 7}));
        let early = send(&[("step", "record_service"), ("on", "2026-02-01"), ("rule", "R-SVC-01")]);
        assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(early.text().contains("送达日期应当在") && early.text().contains("on-err"), "beside the field: {}", early.text());
        assert_eq!(send(&[("step", "record_service"), ("on", "2026-03-06"), ("rule", "R-SVC-01")]).status, StatusCode::SEE_OTHER);
        let answer_by = |clerk: &Browser<'_>| {
            let file = clerk.case(&case);
            let clocks = file["case"]["clocks"].as_array().expect("clocks").clone();
            clocks
                .iter()
                .find(|clock| clock["clock"]["rule"] == "R-FIL-21b" && clock["state"] == "running")
                .map(|clock| text(&clock["clock"]["last_day"]))
        };
        assert_eq!(answer_by(&clerk).as_deref(), Some("2026-03-23"), "day 15 is Saturday 21 March");
        assert_eq!(send(&[("step", "correct_service"), ("on", "2026-03-05"), ("reason", "回证看错一天")]).status, StatusCode::SEE_OTHER);
        assert_eq!(answer_by(&clerk).as_deref(), Some("2026-03-20"));
        assert!(clerk.data("/api/tasks")["awaiting_return"].as_array().is_some_and(Vec::is_empty));

        // The file as it stood before the correction, by version and by day.
        let now = version(&clerk, &case);
        let before = clerk.data(&format!("/api/case/{case}?until={}", now - ids.len() as u64));
        assert!(before.to_string().contains("2026-03-23"));
        let first = clerk.data(&format!("/api/case/{case}?until=2026-03-02"));
        assert!(first["latest"].as_u64() == Some(now) && first["version"].as_u64().expect("a version") < now);
        assert!(clerk.get(&format!("/case/{case}?until=3")).text().contains("历史状态"));
    });
}

#[test]
fn a_stale_page_changes_nothing_and_says_what_changed() {
    on_both(|bench| {
        let clerk = bench.sign_in("xu");
        let case = clerk.files(&[]);
        let seen = version(&clerk, &case);
        clerk.does(&case, accepting());
        bench.settle();
        let stale = clerk.act(&case, json!({"step": "pay_fee", "amount": 190_500, "method": "bank_slip", "reference": "1"}), Some(seen), "");
        assert_eq!(stale.status, StatusCode::CONFLICT);
        assert!(stale.json()["version"].as_u64().expect("the version now") > seen);
        let seen_text = seen.to_string();
        let form = clerk.post(&format!("/case/{case}/step/pay_fee"), &[("version", &seen_text), ("amount", "1905.00"), ("reference", "回单 7788")]);
        assert_eq!(form.status, StatusCode::CONFLICT);
        let page = form.text();
        assert!(page.contains("立案") && page.contains("回单 7788"), "what changed, and what was typed: {page}");
        let now = version(&clerk, &case).to_string();
        let wrong = clerk.post(&format!("/case/{case}/step/pay_fee"), &[("version", &now), ("amount", "1900"), ("reference", "回单 7788")]);
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text().contains("amount-err"), "{}", wrong.text());
        let paid = clerk.post(&format!("/case/{case}/step/pay_fee"), &[("version", &now), ("amount", "1905.00"), ("reference", "回单 7788")]);
        assert_eq!(paid.status, StatusCode::SEE_OTHER, "{}", paid.text());
        assert!(clerk.get(&format!("/case/{case}")).text().contains("回单 7788"));
    });
}

#[test]
fn another_courts_staff_and_judges_without_the_case_find_nothing() {
    on_both(|bench| {
        let clerk = bench.sign_in("xu");
        let case = clerk.files(&[]);
        let file = clerk.case(&case);
        let person = text(&file["case"]["parties"][0]["person"]);
        for stranger in ["gu", "su", "lin", "he"] {
            let other = bench.sign_in(stranger);
            for path in ["", "/item/1", "/reads", &format!("/packet/{person}"), "/step/pay_fee"] {
                assert_eq!(other.get(&format!("/case/{case}{path}")).status, StatusCode::NOT_FOUND, "{stranger}{path}");
            }
            assert_eq!(other.get(&format!("/review/{case}")).status, StatusCode::NOT_FOUND, "{stranger}");
            assert_eq!(other.act(&case, accepting(), None, &bench.code(stranger)).status, StatusCode::NOT_FOUND, "{stranger}");
            assert!(!other.data("/api/cases").to_string().contains(&case), "{stranger}");
            assert!(!other.data("/api/search?q=%E5%91%A8").to_string().contains(&case), "{stranger}");
        }
        assert_eq!(stage(&clerk, &case), "submitted");
        // Denied looks of this court's own staff stand in the file for the person concerned to see.
        let reads = clerk.data(&format!("/case/{case}/reads"));
        assert!(
            reads["reads"].as_array().expect("reads").iter().any(|read| read["granted"] == false && text(&read["reader"]).contains("林若谷")),
            "{reads}"
        );
        assert!(clerk.data("/api/search?q=%E5%91%A8").to_string().contains(&case), "the own clerk finds it");
    });
}

#[test]
fn the_demos_clock_runs_forward_alone_and_what_ran_out_becomes_a_task() {
    on_both(|bench| {
        let clerk = bench.sign_in("xu");
        let case = clerk.files(&[]);
        let start = text(&clerk.data("/api/clock")["now"]);
        assert!(start.starts_with("2026-03-02"), "{start}");
        assert_eq!(clerk.post_json("/api/clock", &json!({"to": "2026-03-01T00:00:00Z"})).status, StatusCode::UNPROCESSABLE_ENTITY);
        let moved = clerk.post_json("/api/clock", &json!({"to": "2026-03-09"}));
        assert!(text(&moved.json()["now"]).starts_with("2026-03-09T01:00"), "nine in the morning at the court: {}", moved.text());
        let tasks = clerk.data("/api/tasks");
        assert!(
            tasks["tasks"].as_array().expect("tasks").iter().any(|task| task["kind"] == "undecided" && task["case"] == case.as_str()),
            "R-FIL-10: {tasks}"
        );
        let page = clerk.get("/clock").text();
        assert!(page.contains("许知行") && page.contains("2026年3月9日"), "on record: {page}");
        assert!(clerk.get("/").text().contains("演示时钟 2026年3月9日"), "visible on every page");
        // Left beyond the last day it is still owed, and says so.
        clerk.post_json("/api/clock", &json!({"to": "2026-03-11"}));
        assert_eq!(clerk.data("/api/queue")["queue"][0]["due"], "2026-03-09");
        assert!(clerk.get("/review").text().contains("过期 2 天"));
        let drafted = clerk.get(&format!("/review/{case}?tab=accept")).text();
        assert!(drafted.contains("先行立案") && drafted.contains("拟适用简易程序"), "with its reason: {drafted}");
        let ticked = |name: &str, value: &str| {
            let inputs =
                drafted.split("<input ").filter(|input| input.contains(&format!("name=\"{name}\"")) && input.contains(&format!("value=\"{value}\"")));
            inputs.filter_map(|input| input.split('>').next()).any(|input| input.contains("checked"))
        };
        assert!(ticked("undecided", "yes") && ticked("procedure", "simple"), "lies drafted: one signature is all that is missing");
        // Registered undecided at the end of the period, by its own box on the form.
        let (version, code) = (version(&clerk, &case).to_string(), bench.code("xu"));
        let fields = [("version", version.as_str()), ("procedure", "ordinary"), ("undecided", "yes"), ("code", code.as_str())];
        let accepted = clerk.post(&format!("/review/{case}/accept"), &fields);
        assert_eq!(accepted.status, StatusCode::SEE_OTHER, "{}", accepted.text());
        assert_eq!(bench.court.courts()[0], COURT);
    });
}

#[test]
fn r_idc_40_a_counter_act_needs_the_case_and_the_clerks_signature() {
    on_both(|bench| {
        let clerk = bench.sign_in("xu");
        let case = clerk.files(&[]);
        let unsigned = clerk.post_json("/api/counter/filing", &filing(&[("plaintiff.name", "何书宁")]));
        assert_eq!(unsigned.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", unsigned.text());
        let person = text(&clerk.case(&case)["case"]["parties"][0]["person"]);
        let choose = |code: &str| {
            let command = json!({"step": "choose_channel", "choices": [["answer", "online"]], "text": "2026-1"});
            json!({"command": command, "for_person": person, "code": code})
        };
        let path = format!("/api/case/{case}/act");
        let without = clerk.post_json(&path, &choose(""));
        assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY, "no signature, no act: {}", without.text());
        // A clerk of this court to whom the case was not given acts for nobody in it.
        let other = bench.sign_in("he");
        assert_eq!(other.post_json(&path, &choose(&bench.code("he"))).status, StatusCode::NOT_FOUND);
        assert_eq!(other.get(&format!("/case/{case}/step/choose_channel?for={person}")).status, StatusCode::NOT_FOUND);
        let signed = clerk.post_json(&path, &choose(&bench.code("xu")));
        assert_eq!(signed.status, StatusCode::OK, "{}", signed.text());
        let file = clerk.case(&case);
        let by = text(&file["events"].as_array().and_then(|events| events.last()).expect("an event")["by"]);
        assert!(by.contains("周桂兰") && by.contains("许知行"), "{by}");
        // Electronic service has no inbox before an account is linked (R-SVC-10).
        let command = json!({"step": "choose_channel", "choices": [["service", "online"]], "text": "2026-1"});
        let inbox = clerk.post_json(&path, &json!({"command": command, "for_person": person, "code": bench.code("xu")}));
        assert!(inbox.status == StatusCode::UNPROCESSABLE_ENTITY && inbox.text().contains("关联账号"), "{}", inbox.text());
    });
}

#[test]
fn r_idc_10_the_counter_takes_several_parties_and_the_agent_of_the_power_of_attorney() {
    on_both(|bench| {
        let clerk = bench.sign_in("xu");
        let electronic = clerk.post_json("/api/counter/filing", &clerk.signed(filing(&[("service", "online")])));
        assert!(electronic.status == StatusCode::UNPROCESSABLE_ENTITY && electronic.text().contains("关联账号"), "{}", electronic.text());
        let mut body = filing(&[
            ("defendant.2.name", "刘小满"),
            ("defendant.2.address", "广东省清河市青石区桐荫路90号"),
            ("hearing", "counter"),
            ("evidence_exchange", "online"),
            ("agent.name", "沈知白"),
            ("agent.number", "11010119900307803X"),
            ("agent.matters", "代理本案一审诉讼"),
        ]);
        body["agent.powers"] = json!(["settle", "appeal"]);
        let missing = clerk.post_json("/api/counter/filing", &clerk.signed(body.clone()));
        assert!(missing.status == StatusCode::UNPROCESSABLE_ENTITY && missing.text().contains("授权委托书"), "{}", missing.text());
        if let Some(files) = body["files"].as_array_mut() {
            files.push(json!({"field": "power", "name": "授权委托书.txt", "text": "委托沈知白……"}));
        }
        let filed = clerk.post_json("/api/counter/filing", &clerk.signed(body));
        assert_eq!(filed.status, StatusCode::OK, "{}", filed.text());
        let case = text(&filed.json()["case"]);
        let file = clerk.case(&case)["case"].clone();
        let names: Vec<_> = file["parties"].as_array().expect("parties").iter().map(|party| text(&party["name"])).collect();
        assert_eq!(names, ["周桂兰", "陈志远", "刘小满"]);
        let agent = &file["agents"][0];
        assert_eq!((text(&agent["name"]), agent["powers"].as_array().map(Vec::len)), ("沈知白".into(), Some(2)));
        let scopes: Vec<_> = file["choices"].as_array().expect("choices").iter().map(|choice| text(&choice["scope"])).collect();
        assert_eq!(scopes, ["filing", "service", "evidence_exchange", "hearing"], "what was left open is not chosen");
    });
}

#[test]
fn r_fil_12_a_filing_is_given_back_insisted_on_at_the_counter_and_refused_on_the_pages() {
    on_both(|bench| {
        let clerk = bench.sign_in("xu");
        let case = clerk.files(&[]);
        let remark = json!({"field": "claims", "label": "诉讼请求", "remark": "请写明。", "rule": "R-FIL-12"});
        clerk.does(&case, json!({"step": "return_for_correction", "remarks": [remark], "days": 7}));
        bench.settle();
        let now = clerk.case(&case);
        let notice = now["case"]["papers"][0]["id"].clone();
        clerk.does(&case, json!({"step": "send_paper", "papers": [notice], "method": "postal"}));
        clerk.does(&case, json!({"step": "record_service", "papers": [notice], "on": "2026-03-02", "rule": "R-SVC-01"}));
        clerk.post_json("/api/clock", &json!({"to": "2026-03-10"}));
        assert!(clerk.get("/tasks").text().contains(&format!("/case/{case}/step/give_back_filing")), "the task leads to the step");
        let post = |path: &str, fields: &[(&str, &str)]| clerk.submit(&case, &format!("/step/{path}"), fields);
        let code = bench.code("xu");
        let back = post("give_back_filing", &[("reason", "诉讼请求没有写明。"), ("code", code.as_str())]);
        assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.text());
        let plaintiff = text(&now["case"]["parties"][0]["person"]);
        let code = bench.code("xu");
        let insisted = post(&format!("insist_on_filing?for={plaintiff}"), &[("reason", "已经写明。"), ("code", code.as_str())]);
        assert_eq!(insisted.status, StatusCode::SEE_OTHER, "{}", insisted.text());
        assert!(clerk.get("/tasks").text().contains(&format!("/case/{case}/step/refuse_filing")));
        let ruling = [("ground", "not_corrected"), ("reasons", "诉讼请求不具体。")];
        let draft = post("refuse_filing/preview", &ruling);
        assert!(draft.bytes.starts_with(b"%PDF"), "{} {}", draft.status, draft.text());
        let code = bench.code("xu");
        let refused = post("refuse_filing", &[&ruling[..], &[("code", code.as_str())]].concat());
        assert_eq!(refused.status, StatusCode::SEE_OTHER, "{}", refused.text());
        assert_eq!(stage(&clerk, &case), "refused");
    });
}

#[test]
fn r_svc_14_the_case_page_lists_the_proofs_of_service_and_opens_them() {
    on_both(|bench| {
        let clerk = bench.sign_in("xu");
        let case = clerk.accepts();
        let now = clerk.case(&case);
        let paper = now["case"]["papers"][0]["id"].clone();
        clerk.does(&case, json!({"step": "send_paper", "papers": [paper], "method": "postal"}));
        clerk.does(&case, json!({"step": "record_service", "papers": [paper], "on": "2026-03-02", "rule": "R-SVC-01"}));
        bench.settle();
        let proofs = clerk.case(&case)["proofs"].clone();
        assert_eq!(proofs[0]["title"], "送达回证");
        let address = format!("/case/{case}/proof/{}", text(&proofs[0]["id"]));
        assert!(clerk.get(&format!("/case/{case}")).text().contains(&address));
        assert!(clerk.get(&address).bytes.starts_with(b"%PDF"));
        assert_eq!(clerk.get(&format!("/case/{case}/proof/{}", text(&paper))).status, StatusCode::NOT_FOUND, "a paper is no proof");
    });
}
