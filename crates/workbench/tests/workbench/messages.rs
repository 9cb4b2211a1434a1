//! What the court zone tells people on their telephones: nothing is lost, nothing twice, and nobody reads along.
use crate::common::{Bench, COURT, PHONE, on_both, on_both_as};
use axum::http::StatusCode;
use exchange::Error;
use exchange::messenger::Address;
use procedure::PersonId;
use serde_json::json;

fn taken(bench: &Bench) -> Vec<String> {
    bench.carrier.taken.lock().expect("whole").iter().map(|message| message.text.clone()).collect()
}

fn fail(bench: &Bench, error: Option<Error>) {
    *bench.carrier.fails.lock().expect("whole") = error;
}

/// Puts a telephone on record for the n-th of the staff.
fn phone_of(bench: &Bench, n: u128) {
    let id = PersonId(uuid::Uuid::from_u128(n));
    let sealed = court::staff::seal_phone(&court::Vault::new([7; 32]), id, PHONE).expect("sealed");
    let put = bench.court.db().write_blocking(move |tx| court::store::administration::put_phone(tx, COURT, id, Some(sealed.clone())));
    put.expect("kept");
}

#[test]
fn a_message_waits_until_a_carrier_takes_it_and_goes_once() {
    on_both(|bench| {
        let admin = bench.sign_in("wen");
        fail(bench, Some(Error::Unreached { peer: "短信".into(), reason: "down".into() }));
        assert_eq!(admin.post("/admin/messages/test", &[("phone", PHONE)]).status, StatusCode::SEE_OTHER);
        assert_eq!(bench.court.send_messages().expect("tried"), 0);
        let row = admin.data("/admin/messages")["messages"][0].clone();
        assert!(row["sent_at"].is_null() && row["next_try"].is_string() && row["attempts"] == 1, "it waits for another try: {row}");
        fail(bench, None);
        assert_eq!(bench.court.send_messages().expect("tried"), 0, "not before its time");
        let again = json!({"court": COURT, "id": row["id"]});
        assert_eq!(admin.post_json("/admin/messages/again", &again).status, StatusCode::OK);
        assert_eq!(bench.court.send_messages().expect("sent"), 1);
        assert_eq!(bench.court.send_messages().expect("nothing left"), 0);
        assert_eq!(admin.post_json("/admin/messages/again", &again).status, StatusCode::NOT_FOUND, "it went");
        let message = bench.carrier.taken.lock().expect("whole")[0].clone();
        assert_eq!((message.to, message.id.to_string()), (Address::Phone(PHONE.into()), row["id"].as_str().expect("an id").to_owned()));
        assert!(message.text.contains("测试短信"));
    });
}

#[test]
fn what_no_carrier_will_take_is_put_aside_and_not_dropped() {
    on_both(|bench| {
        let admin = bench.sign_in("wen");
        fail(bench, Some(Error::Rejected { peer: "短信".into(), status: 550, reason: "空号".into() }));
        admin.post("/admin/messages/test", &[("phone", PHONE)]);
        bench.court.send_messages().expect("tried");
        fail(bench, None);
        assert_eq!(bench.court.send_messages().expect("nothing due"), 0);
        let page = admin.get("/admin/messages").text();
        assert!(page.contains("没有发出") && page.contains("空号") && page.contains("再发一次"), "{page}");
        assert!(page.contains("139****0001") && !page.contains(PHONE) && !page.contains("收到即说明"), "neither number nor text");
        assert_eq!(admin.post("/admin/messages/test", &[("phone", "12")]).status, StatusCode::UNPROCESSABLE_ENTITY);
    });
}

#[test]
fn staff_are_told_of_their_tasks_once_a_working_day_and_nothing_of_the_case() {
    on_both(|bench| {
        let clerk = bench.sign_in("xu");
        phone_of(bench, 1);
        phone_of(bench, 2);
        assert_eq!(bench.court.tell_staff().expect("told"), 0, "nothing waits");
        clerk.accepts();
        assert_eq!(bench.court.tell_staff().expect("told"), 0, "this day was told already");
        // Friday 2026-03-06 at nine; then the weekend.
        clerk.post_json("/api/clock", &json!({"to": "2026-03-06"}));
        assert_eq!(bench.court.tell_staff().expect("told"), 1, "the clerk has tasks, the judge has none");
        assert_eq!(bench.court.tell_staff().expect("told"), 0);
        clerk.post_json("/api/clock", &json!({"to": "2026-03-07"}));
        assert_eq!(bench.court.tell_staff().expect("told"), 0, "R-CAL-01: Saturday");
        clerk.post_json("/api/clock", &json!({"to": "2026-03-09"}));
        assert_eq!(bench.court.tell_staff().expect("told"), 1);
        bench.court.send_messages().expect("sent");
        let texts = taken(bench);
        assert_eq!(texts.len(), 2, "{texts:?}");
        assert!(texts[0].contains("件待办") && !texts.iter().any(|text| text.contains("周桂兰") || text.contains("民初")), "{texts:?}");
    });
}

#[test]
fn the_telephones_of_the_court_are_shown_in_the_demo_alone() {
    on_both(|bench| {
        let admin = bench.sign_in("wen");
        admin.post("/admin/messages/test", &[("phone", PHONE)]);
        let shown = admin.data("/sandbox/phone");
        assert!(shown["sandbox"] == true && shown["messages"][0]["phone"] == PHONE, "{shown}");
        assert!(admin.get("/sandbox/phone").text().contains("演示环境"));
    });
    on_both_as(false, |bench| {
        let admin = bench.sign_in("wen");
        admin.post("/admin/messages/test", &[("phone", PHONE)]);
        assert_eq!(admin.get("/sandbox/phone").status, StatusCode::NOT_FOUND);
    });
}
