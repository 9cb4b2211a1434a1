//! The photographs of the loan case become a draft that a person confirms value by value.
use crate::bench::{Bench, Browser, PICTURE, numbered_picture, on_each};
use axum::http::{StatusCode, header};
use std::time::{Duration, Instant};

const COMPLAINT: &[u8] = include_bytes!("../../../intake/samples/loan/complaint-1.jpg");
const IOU: &[u8] = include_bytes!("../../../intake/samples/loan/iou.jpg");

#[test]
fn too_many_files_leave_no_draft_behind() {
    on_each(async |bench: Bench| {
        let browser = bench.plaintiff().await;
        // Forty-one different pictures: the text chunk behind the pixels makes each another file.
        let pictures: Vec<Vec<u8>> = (0..41).map(numbered_picture).collect();
        let names: Vec<String> = (0..41).map(|n| format!("{n}.png")).collect();
        let files: Vec<(&str, &str, &[u8])> = names.iter().zip(&pictures).map(|(name, bytes)| ("files", name.as_str(), bytes.as_slice())).collect();
        let refused = browser.upload("/file/photo", &[("cause", "108.3")], &files).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.says("一次最多提交 40 份");
        assert!(browser.good("/drafts").await.text().contains("没有草稿"), "nothing half done");
    });
}

#[test]
fn photographs_fill_in_the_draft_and_a_person_confirms() {
    if !intake::tesseract::installed() {
        eprintln!("SKIPPED: tesseract with chi_sim is not installed; run scripts/tesseract");
        return;
    }
    on_each(async |bench: Bench| {
        let browser = bench.plaintiff().await;
        let none = browser.upload("/file/photo", &[("cause", "108.3")], &[]).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        let wrong = browser
            .upload("/file/photo", &[("cause", "108.3")], &[("files", "a.jpg", COMPLAINT), ("files", "b.exe", b"MZ not a picture at all")])
            .await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(browser.good("/drafts").await.text().contains("没有草稿"), "nothing half done");
        let path = browser.upload("/file/photo", &[("cause", "108.3")], &[("files", "a.jpg", COMPLAINT), ("files", "b.jpg", IOU)]).await.location();
        let first = browser.good(&path).await;
        assert!(first.headers.contains_key("refresh"), "the page looks again by itself");
        let fields = read(&browser, &path).await;
        let of = |name: &str| fields.iter().find(|field| field["field"] == name).unwrap_or_else(|| panic!("{name} is not proposed")).clone();
        for (name, value) in [
            ("plaintiffs.0.name", "周桂兰"),
            ("plaintiffs.0.id_number", "449900195504090022"),
            ("defendants.0.name", "陈志远"),
            // It stands on the note of hand alone.
            ("defendants.0.id_number", "449900198111020035"),
            ("principal", "150000.00"),
            ("loan_date", "2024-03-15"),
        ] {
            assert_eq!(of(name)["value"], value, "{name}");
            assert!(of(name)["source"]["box"].is_array(), "{name} shows where it stands");
        }
        confirm(&browser, &path, &of("principal")["source"]).await;
        others(&bench, &path).await;
    });
}

async fn read(browser: &Browser, path: &str) -> Vec<serde_json::Value> {
    let since = Instant::now();
    loop {
        let found = browser.json(path).await;
        if found["waiting"] == 0 {
            assert_eq!(found["failed"], 0);
            return found["fields"].as_array().expect("fields").clone();
        }
        assert!(since.elapsed() < Duration::from_secs(120), "reading takes too long");
        tokio::task::yield_now().await;
    }
}

async fn confirm(browser: &Browser, path: &str, source: &serde_json::Value) {
    let page = browser.good(path).await;
    page.says("以您确认的为准");
    page.says("viewBox=");
    let picture = browser.good(&format!("{path}/{}/{}", source["file"].as_str().expect("a file"), source["page"])).await;
    assert_eq!(picture.headers[header::CONTENT_TYPE], "image/jpeg");
    assert!(picture.bytes.starts_with(&[0xff, 0xd8]));
    let wrong = browser.post(path, &[("field", "defendants.0.id_number"), ("value", "449900198111020034"), ("answer", "right")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong.says("身份证号有一位不对");
    for (field, value, answer) in [
        ("plaintiffs.0.name", "周桂兰", "right"),
        ("defendants.0.domicile", "广东省清河市青石区榆海街道青石路18号2栋301", "right"),
        ("principal", "150000.00", "right"),
        ("loan_date", "", "skip"),
    ] {
        assert_eq!(browser.post(path, &[("field", field), ("value", value), ("answer", answer)]).await.location(), path);
    }
    assert_eq!(browser.post(path, &[("field", "unknown"), ("value", "x"), ("answer", "right")]).await.status, StatusCode::NOT_FOUND);
    let draft = path.trim_end_matches("/photo");
    browser.good(&format!("{draft}/defendant")).await.says("青石路18号2栋301");
    browser.good(&format!("{draft}/loan_amount")).await.says("value=\"150000.00\"");
    // The machine's words for the files are proposals on their page.
    browser.good(&format!("{draft}/evidence")).await.says("借条");
    let left = browser.json(path).await;
    let confirmed = left["fields"].as_array().expect("fields").iter().filter(|field| field["confirmed"] == true).count();
    assert_eq!(confirmed, 4);
}

async fn others(bench: &Bench, path: &str) {
    let stranger = bench.stranger().await;
    assert_eq!(stranger.get(path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(stranger.post(path, &[("field", "principal"), ("value", "1"), ("answer", "right")]).await.status, StatusCode::NOT_FOUND);
    let blank = stranger.upload("/file/photo", &[("cause", "108.3")], &[("files", "a.png", PICTURE)]).await.location();
    read(&stranger, &blank).await;
    stranger.good(&blank).await.says("没认出来，请您填");
}
