//! Sign-in, signatures, tokens: what a session may and what it may not.
use crate::common::{PASSWORD, accepting, filing, json_request, on_both, on_both_as};
use axum::http::StatusCode;
use serde_json::json;

#[test]
fn a_code_signs_in_once_and_only_with_the_password() {
    on_both(|bench| {
        let code = bench.code("xu");
        assert_eq!(bench.login("xu", "wrong", &code).status, StatusCode::UNAUTHORIZED);
        assert_eq!(bench.login("xu", PASSWORD, "000000").status, StatusCode::UNAUTHORIZED);
        assert_eq!(bench.login("nobody", PASSWORD, &code).status, StatusCode::UNAUTHORIZED);
        assert_eq!(bench.login("xu", PASSWORD, &code).status, StatusCode::OK, "a wrong attempt does not use the code up");
        assert_eq!(bench.login("xu", PASSWORD, &code).status, StatusCode::UNAUTHORIZED, "a code works once");
    });
}

#[test]
fn five_wrong_attempts_rest_the_account() {
    on_both(|bench| {
        for _ in 0..5 {
            assert_eq!(bench.login("lin", "wrong", "000000").status, StatusCode::UNAUTHORIZED);
        }
        assert_eq!(bench.login("lin", PASSWORD, &bench.code("lin")).status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(bench.login("he", PASSWORD, &bench.code("he")).status, StatusCode::OK, "others are not touched");
    });
}

#[test]
fn the_sign_in_page_leads_back_and_nowhere_else() {
    on_both(|bench| {
        let nobody = bench.nobody();
        let asked = nobody.get("/tasks?x=1");
        assert_eq!((asked.status, asked.location().as_str()), (StatusCode::SEE_OTHER, "/login?next=/tasks%3Fx%3D1"));
        for (next, goes) in [("/tasks", "/tasks"), ("//evil.example", "/"), ("https://evil.example", "/"), ("", "/")] {
            let code = bench.code("xu");
            let answer = nobody.post_raw("/login", &[("login", "xu"), ("password", PASSWORD), ("code", &code), ("next", next)]);
            assert_eq!((answer.status, answer.location().as_str()), (StatusCode::SEE_OTHER, goes), "{next}: {}", answer.text());
        }
        let refused = nobody.post_raw("/login", &[("login", "xu"), ("password", "x"), ("code", "1")]);
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text().contains("动态口令不正确") && refused.text().contains("value=\"xu\""), "says what is wrong and keeps the name");
    });
}

#[test]
fn nothing_changes_without_the_sessions_token() {
    on_both(|bench| {
        let clerk = bench.sign_in("xu");
        let case = clerk.files(&[]);
        let body = json!({"command": accepting(), "code": bench.code("xu")});
        let forged = bench.send(json_request("POST", &format!("/api/case/{case}/act"), &clerk.cookie, "", &body));
        assert_eq!(forged.status, StatusCode::FORBIDDEN);
        let form = clerk.post_raw("/clock", &[("csrf", "guess"), ("days", "1")]);
        assert_eq!(form.status, StatusCode::FORBIDDEN);
        assert!(form.text().contains("没有提交"), "{}", form.text());
        assert_eq!(clerk.case(&case)["case"]["stage"], "submitted");
        // A token in the header is the session itself: no other site can send it.
        let token = clerk.cookie.split_once('=').expect("a pair").1.to_owned();
        let request = axum::http::Request::builder().uri("/api/tasks").header("authorization", format!("Bearer {token}"));
        assert_eq!(bench.send(request.body(axum::body::Body::empty()).expect("a request")).status, StatusCode::OK);
        clerk.post("/logout", &[]);
        assert_eq!(clerk.get("/api/tasks").status, StatusCode::UNAUTHORIZED, "the session has ended");
    });
}

#[test]
fn a_session_that_ended_gives_back_what_was_typed() {
    on_both(|bench| {
        let clerk = bench.sign_in("xu");
        let case = clerk.files(&[]);
        clerk.post("/logout", &[]);
        let path = format!("/case/{case}/step/return_for_correction");
        let late = clerk.post_raw(&path, &[("csrf", "x"), ("version", "1"), ("code", "123456"), ("reason", "请补充被告的住所。")]);
        assert_eq!(late.status, StatusCode::UNAUTHORIZED);
        let text = late.text();
        assert!(text.contains("没有办理") && text.contains("请补充被告的住所。") && text.contains("/login?next="), "{text}");
        assert!(!text.contains("123456"), "a code is not shown again");
        assert_eq!(clerk.post_raw("/clock", &[("days", "1")]).status, StatusCode::UNAUTHORIZED);
    });
}

#[test]
fn r_sec_01_a_session_that_nobody_uses_ends_and_one_in_use_lives_on() {
    on_both(|bench| {
        let clerk = bench.sign_in("xu");
        let left = |minutes: i64| {
            let until = storage::Clock::real_now().saturating_add(jiff::SignedDuration::from_mins(minutes)).expect("a time");
            let set = move |tx: &mut storage::Tx| tx.execute("UPDATE staff_sessions SET expires = $1", &[until.into()]);
            bench.court.db().write_blocking(set).expect("set");
        };
        let ends = || {
            let read = |tx: &mut storage::Tx| tx.query("SELECT expires FROM staff_sessions", &[])?[0].time(0);
            bench.court.db().read_blocking(read).expect("read").duration_since(storage::Clock::real_now())
        };
        left(5);
        assert_eq!(clerk.get("/api/tasks").status, StatusCode::OK);
        assert!(ends() > jiff::SignedDuration::from_mins(14), "used: a quarter of an hour from now");
        left(-1);
        assert_eq!(clerk.get("/api/tasks").status, StatusCode::UNAUTHORIZED);
    });
}

#[test]
fn a_signature_needs_a_fresh_code_and_a_refusal_leaves_it_unused() {
    on_both(|bench| {
        let clerk = bench.sign_in("xu");
        let case = clerk.files(&[]);
        let wrong = clerk.act(&case, accepting(), None, "000000");
        assert_eq!((wrong.status, wrong.json()["field"].as_str()), (StatusCode::UNPROCESSABLE_ENTITY, Some("code")));
        let code = bench.code("xu");
        let mut lacking = accepting();
        lacking["findings"].as_array_mut().expect("findings").pop();
        assert_eq!(clerk.act(&case, lacking, None, &code).status, StatusCode::UNPROCESSABLE_ENTITY);
        let done = clerk.act(&case, accepting(), None, &code);
        assert_eq!(done.status, StatusCode::OK, "the refused act left the code unused: {}", done.text());
        assert_eq!(done.json()["number"], "(2026)粤4001民初1号");
        let second = clerk.files(&[("defendant.name", "陈志高")]);
        assert_eq!(clerk.act(&second, accepting(), None, &code).status, StatusCode::UNPROCESSABLE_ENTITY, "used");
        for _ in 0..5 {
            clerk.act(&second, accepting(), None, "000000");
        }
        assert_eq!(clerk.act(&second, accepting(), None, &bench.code("xu")).status, StatusCode::TOO_MANY_REQUESTS, "guessing rests the account");
    });
}

#[test]
fn what_belongs_to_the_demo_is_not_there_elsewhere() {
    on_both_as(false, |bench| {
        let clerk = bench.sign_in("xu");
        for path in ["/sandbox/codes", "/clock", "/api/clock"] {
            assert_eq!(clerk.get(path).status, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(clerk.post("/clock", &[("days", "1")]).status, StatusCode::NOT_FOUND);
        assert!(!clerk.get("/").text().contains("演示"), "no page is marked as a demo");
        assert_eq!(clerk.post_json("/api/counter/filing", &clerk.signed(filing(&[]))).status, StatusCode::OK);
    });
    on_both(|bench| {
        let shown = bench.nobody().get("/sandbox/codes");
        assert!(shown.status == StatusCode::OK && shown.text().contains("演示环境"));
    });
}
