//! The system administrator: what he does to accounts, that it is on record, and that no case exists for him (R-AUD-03).
use crate::common::{Answer, Bench, Browser, PASSWORD, PHONE, accepting, filing, json_request, on_both, on_both_as};
use axum::http::StatusCode;
use serde_json::{Value, json};
use storage::Clock;

/// Every address of the workbench, from its own source, so that a new page is asked for too.
fn addresses(case: &str, person: &str) -> Vec<String> {
    let source = include_str!("../../src/lib.rs");
    let paths = source.split(".route(\"").skip(1).filter_map(|rest| rest.split('"').next());
    let all: Vec<_> = paths
        .map(|path| {
            let path = path.replace("{case}", case).replace("{person}", person);
            path.replace("{number}", "1").replace("{paper}", case).replace("{name}", "accept_filing").replace("{id}", case)
        })
        .collect();
    assert!(all.len() > 50, "the routes stand in src/lib.rs");
    all
}

fn enter(admin: &Browser<'_>, phone: &str) -> Answer {
    let code = admin.bench.code("wen");
    let fields = [("court", "粤4002"), ("login", "ning.yuan"), ("name", "宁远"), ("office", "judge"), ("division", "民事审判庭"), ("phone", phone)];
    admin.post("/admin/new", &[&fields[..], &[("code", code.as_str())]].concat())
}

/// The activation code in the last message to the telephone.
fn code_on_the_phone(bench: &Bench) -> String {
    bench.court.send_messages().expect("sent");
    let taken = bench.carrier.taken.lock().expect("whole");
    let text = &taken.last().expect("a message").text;
    text.split("激活码 ").nth(1).and_then(|rest| rest.split('，').next()).unwrap_or_else(|| panic!("no code in {text}")).to_owned()
}

fn activate(bench: &Bench, login: &str, code: &str, password: &str) -> Answer {
    bench.send(json_request("POST", "/activate", "", "", &json!({"login": login, "activation": code, "password": password})))
}

/// A fresh code of an authenticator that was given this secret, `steps` half minutes from now.
fn totp(answer: &Answer, steps: i64) -> String {
    let secret = answer.json()["secret"].as_str().expect("a secret").to_owned();
    let letters = secret.bytes().map(|letter| b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".iter().position(|one| *one == letter).expect("base32"));
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0usize, 0);
    for value in letters {
        (bits, held) = (bits << 5 | value, held + 5);
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 255).expect("a byte"));
        }
    }
    storage::secret::totp(&bytes, storage::secret::totp_step(Clock::real_now()) + steps)
}

fn person(admin: &Browser<'_>, login: &str) -> Value {
    let staff = admin.data("/admin")["staff"].as_array().expect("rows").clone();
    staff.into_iter().find(|one| one["login"] == login).unwrap_or_else(|| panic!("{login} is not listed"))
}

fn id(admin: &Browser<'_>, login: &str) -> String {
    person(admin, login)["person"].as_str().expect("an id").to_owned()
}

#[test]
fn r_aud_03_for_an_administrator_no_case_exists() {
    on_both(|bench| {
        let (clerk, admin) = (bench.sign_in("xu"), bench.sign_in("wen"));
        let case = clerk.files(&[]);
        let plaintiff = clerk.case(&case)["case"]["parties"][0]["person"].as_str().expect("a person").to_owned();
        let (open, shut) =
            (["/admin", "/logout", "/login", "/activate", "/sandbox", "/assets"], [StatusCode::FORBIDDEN, StatusCode::METHOD_NOT_ALLOWED]);
        for path in addresses(&case, &plaintiff) {
            let answer = admin.get(&path);
            assert!(!answer.text().contains("周桂兰") && !answer.text().contains("陈志远"), "{path} shows a party");
            if path == "/" {
                assert_eq!((answer.status, answer.location().as_str()), (StatusCode::SEE_OTHER, "/admin"));
            } else if !open.iter().any(|own| path.starts_with(own)) && path != "/api/login" && path != "/api/logout" {
                assert!(shut.contains(&answer.status), "{path}: {}", answer.status);
            }
        }
        let filing = admin.post_json("/api/counter/filing", &filing(&[]));
        assert_eq!(filing.status, StatusCode::FORBIDDEN);
        assert_eq!(admin.act(&case, accepting(), None, &bench.code("wen")).status, StatusCode::FORBIDDEN);
        assert_eq!(clerk.case(&case)["case"]["stage"], "submitted");
        for path in ["/admin", "/admin/new", "/admin/record", "/admin/settings", "/admin/messages"] {
            assert_eq!(clerk.get(path).status, StatusCode::NOT_FOUND, "{path} is the administrator's alone");
        }
        assert_eq!(clerk.post("/admin/new", &[("login", "x")]).status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn a_member_who_was_entered_makes_the_account_his_own() {
    on_both_as(false, |bench| {
        let admin = bench.sign_in("wen");
        let entered = enter(&admin, PHONE);
        assert_eq!(entered.status, StatusCode::OK, "{}", entered.text());
        assert!(entered.text().contains("139****0001") && !entered.text().contains(PHONE));
        let code = code_on_the_phone(bench);
        assert!(!entered.text().contains(&code), "the administrator does not see it");
        assert!(admin.get("/admin").text().contains("等本人启用"));
        assert_eq!(activate(bench, "ning.yuan", &code, "short").status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(activate(bench, "ning.yuan", "ABCD-EFGH-JKLM", "十个字以上的密码才可以").json()["field"], "activation");
        let activated = activate(bench, "ning.yuan", &code.to_lowercase(), "十个字以上的密码才可以");
        assert_eq!(activated.status, StatusCode::OK, "{}", activated.text());
        assert_eq!(activate(bench, "ning.yuan", &code, "十个字以上的密码才可以").status, StatusCode::UNPROCESSABLE_ENTITY, "a code works once");
        let in_now = bench.login("ning.yuan", "十个字以上的密码才可以", &totp(&activated, 0));
        assert_eq!((in_now.status, in_now.json()["office"].as_str()), (StatusCode::OK, Some("judge")), "{}", in_now.text());
        let acts = admin.data("/admin/record")["acts"].as_array().expect("acts").clone();
        let deeds: Vec<_> = acts.iter().map(|act| (act["record"]["deed"].as_str(), act["record"]["by"].as_str())).collect();
        assert_eq!(deeds, [(Some("activated"), Some("法官 宁远")), (Some("entered"), Some("系统管理员 温以恒"))]);
        assert!(acts.iter().all(|act| act["at"].is_string() && act["record"]["login"] == "ning.yuan"));
        court::administration::check_record(bench.court.db(), bench.court.courts()).expect("the chain holds");
    });
}

#[test]
fn without_a_telephone_the_code_is_shown_once_and_a_form_says_what_is_wrong() {
    on_both(|bench| {
        let admin = bench.sign_in("wen");
        for (name, value, words) in [
            ("login", "Ning Yuan", "小写字母"),
            ("login", "xu", "已经有人用了"),
            ("name", "", "请写姓名"),
            ("division", "", "请写所在部门"),
            ("phone", "1390000", "11 位手机号码"),
            ("office", "platform", "请选择职务"),
            ("court", "京01", "请选择本平台服务的法院"),
            ("code", "000000", "动态口令不正确"),
        ] {
            let code = bench.code("wen");
            let mut fields = vec![
                ("court", "粤4001"),
                ("login", "ning"),
                ("name", "宁远"),
                ("office", "clerk"),
                ("division", "立案庭"),
                ("phone", ""),
                ("code", &code),
            ];
            fields.iter_mut().filter(|(field, _)| *field == name).for_each(|field| field.1 = value);
            let refused = admin.post("/admin/new", &fields);
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}={value}");
            assert!(refused.text().contains(words) && refused.text().contains(&format!("id=\"{name}-err\"")), "{name}={value}: {}", refused.text());
        }
        let entered = enter(&admin, "");
        assert!(entered.text().contains("只显示这一次"), "{}", entered.text());
        let own = person(&admin, "ning.yuan");
        assert_eq!((own["activated"].as_bool(), own["phone"].as_str(), own["court"].as_str()), (Some(false), None, Some("粤4002")));
    });
}

#[test]
fn a_locked_account_opens_nothing_and_gets_no_case() {
    on_both(|bench| {
        let (admin, judge, clerk) = (bench.sign_in("wen"), bench.sign_in("lin"), bench.sign_in("xu"));
        let (lin, own) = (id(&admin, "lin"), id(&admin, "wen"));
        let lock = |who: &str, locked: &str| admin.post(&format!("/admin/staff/{who}/lock"), &[("locked", locked), ("code", &bench.code("wen"))]);
        let wrong = admin.post(&format!("/admin/staff/{lin}/lock"), &[("locked", "yes"), ("code", "000000")]);
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(judge.get("/tasks").status, StatusCode::OK, "a wrong code locks nobody");
        assert_eq!(lock(&lin, "yes").status, StatusCode::SEE_OTHER);
        assert_eq!(judge.get("/api/tasks").status, StatusCode::UNAUTHORIZED, "his session ended at once");
        let refused = bench.login("lin", PASSWORD, &bench.code("lin"));
        assert!(refused.status == StatusCode::UNAUTHORIZED && refused.text().contains("账号已停用"), "{}", refused.text());
        let case = clerk.files(&[]);
        clerk.does(&case, accepting());
        let drawn = clerk.act(&case, json!({"step": "assign_tribunal", "form": "sole"}), None, &bench.code("xu"));
        assert_eq!(drawn.status, StatusCode::UNPROCESSABLE_ENTITY, "the only judge is locked: {}", drawn.text());
        assert_eq!(lock(&lin, "no").status, StatusCode::SEE_OTHER);
        assert_eq!(bench.login("lin", PASSWORD, &bench.code("lin")).status, StatusCode::OK);
        assert!(lock(&own, "yes").text().contains("不能停用自己的账号"));
    });
}

#[test]
fn a_reset_takes_password_and_authenticator_away() {
    on_both(|bench| {
        let (admin, clerk) = (bench.sign_in("wen"), bench.sign_in("he"));
        let reset = admin.post_json(&format!("/admin/staff/{}/reset", id(&admin, "he")), &json!({"code": bench.code("wen")}));
        let code = reset.json()["activation"].as_str().expect("no telephone is on record").to_owned();
        assert_eq!(clerk.get("/api/tasks").status, StatusCode::UNAUTHORIZED, "his session ended at once");
        assert_eq!(bench.login("he", PASSWORD, &bench.code("he")).status, StatusCode::UNAUTHORIZED);
        let activated = activate(bench, "he", &code, "另一个十字以上密码吧");
        assert_eq!(bench.login("he", "另一个十字以上密码吧", &totp(&activated, 1)).status, StatusCode::OK, "{}", activated.text());
        let page = bench.nobody().get("/activate");
        assert!(page.text().contains("启用账号") && page.text().matches("<h1").count() == 1);
    });
}

#[test]
fn the_form_of_an_activation_shows_the_secret_once_as_a_code_to_scan() {
    on_both(|bench| {
        let admin = bench.sign_in("wen");
        enter(&admin, PHONE);
        let code = code_on_the_phone(bench);
        let nobody = bench.nobody();
        let form = |again: &str| {
            let fields = [("login", "ning.yuan"), ("activation", code.as_str()), ("password", "十个字以上的密码才可以"), ("again", again)];
            nobody.post_raw("/activate", &fields)
        };
        let differs = form("另一个");
        assert!(differs.status == StatusCode::UNPROCESSABLE_ENTITY && differs.text().contains("两次输入的密码不一样"), "{}", differs.text());
        let shown = form("十个字以上的密码才可以");
        assert!(
            shown.status == StatusCode::OK && shown.text().contains("<svg role=\"img\"") && shown.text().contains("只显示这一次"),
            "{}",
            shown.text()
        );
    });
}

#[test]
fn figures_that_the_rulebook_could_not_verify_are_marked() {
    on_both(|bench| {
        let admin = bench.sign_in("wen");
        let page = admin.get("/admin/settings").text();
        for (what, rule) in [("归档", "R-ARC-01"), ("文书", "R-PUB-03"), ("离婚案件受理费", "R-FEE-02"), ("补正期限", "R-FIL-12")] {
            assert!(page.contains(what) && page.contains(rule), "{rule}: {page}");
        }
        let open = admin.data("/admin/settings")["to_confirm"].as_array().expect("rows").clone();
        assert_eq!(page.matches("U 待本院核定").count(), open.len());
        let unverified = procedure::Law::current().deadlines.iter().filter(|one| one.status == "U").count();
        assert!(open.len() > unverified && open.iter().filter(|one| one["rule"].as_str().is_some_and(|rule| rule.starts_with("R-ARC"))).count() == 1);
    });
}

#[test]
fn every_page_of_the_administrator_keeps_to_the_frame() {
    on_both(|bench| {
        let admin = bench.sign_in("wen");
        enter(&admin, PHONE);
        let member = format!("/admin/staff/{}", id(&admin, "xu"));
        for path in ["/admin", "/admin/new", "/admin/record", "/admin/settings", "/admin/messages", "/logout", &member] {
            let page = admin.get(path).text();
            assert_eq!(page.matches("<h1").count(), 1, "{path}");
            assert!(page.contains("href=\"/admin/record\"") && !page.contains("href=\"/cases\""), "{path} has the administrator's navigation");
            assert!(![" style=", "<style", "javascript:", "<script>"].iter().any(|forbidden| page.contains(forbidden)), "{path}");
        }
    });
}
