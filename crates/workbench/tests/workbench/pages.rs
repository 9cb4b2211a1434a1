//! Every page: one heading, a title, no inline style or script, and light enough.
use crate::common::{Browser, accepting, filing, on_both};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::json;

/// Largest first view, with styles and scripts, in bytes as sent.
const BUDGET: usize = 60_000;

fn zipped(browser: &Browser<'_>, path: &str) -> usize {
    let request = Request::builder().uri(path).header(header::COOKIE, &browser.cookie).header(header::ACCEPT_ENCODING, "gzip");
    let answer = browser.bench.send(request.body(Body::empty()).expect("a request"));
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
    assert_eq!(answer.headers.get(header::CONTENT_ENCODING).map(|value| value.as_bytes()), Some(&b"gzip"[..]), "{path}");
    answer.bytes.len()
}

fn assets_of(page: &str) -> Vec<String> {
    let marks = page.match_indices("/assets/").map(|(at, _)| &page[at..]);
    let paths = marks.filter_map(|rest| rest.split(['"', '#', '&']).next()).map(str::to_owned);
    let mut paths: Vec<_> = paths.collect();
    paths.sort();
    paths.dedup();
    paths
}

fn check(browser: &Browser<'_>, path: &str) {
    let answer = browser.get(path);
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
    let page = answer.text();
    assert_eq!(page.matches("<h1").count(), 1, "{path} has one h1");
    assert!(page.contains("<title>") && page.contains("lang=\"zh-CN\"") && page.contains("<main"), "{path}");
    for forbidden in [" style=", "<style", " onclick=", "javascript:", "<script>"] {
        assert!(!page.contains(forbidden), "{path} holds {forbidden}");
    }
    let policy = answer.headers.get(header::CONTENT_SECURITY_POLICY).expect("a policy").to_str().expect("ascii");
    assert!(policy.starts_with(ui::CONTENT_SECURITY_POLICY), "{path}: {policy}");
    assert_eq!(answer.headers.get(header::X_CONTENT_TYPE_OPTIONS).map(|value| value.as_bytes()), Some(&b"nosniff"[..]));
    assert_eq!(answer.headers.get(header::CACHE_CONTROL).map(|value| value.as_bytes()), Some(&b"no-store"[..]), "{path} stays out of caches");
    let whole = zipped(browser, path) + assets_of(&page).iter().map(|asset| zipped(browser, asset)).sum::<usize>();
    assert!(whole <= BUDGET, "{path} weighs {whole} bytes");
    let mut ids: Vec<_> = page.match_indices(" id=\"").filter_map(|(at, _)| page[at + 5..].split('"').next()).collect();
    ids.sort_unstable();
    let doubled: Vec<_> = ids.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
    assert!(doubled.is_empty(), "{path} has ids twice: {doubled:?}");
}

#[test]
fn every_page_has_one_heading_keeps_the_policy_and_is_light() {
    on_both(|bench| {
        let clerk = bench.sign_in("xu");
        let filed = clerk.files(&[("defendant.address", "青石路一带")]);
        let accepted = clerk.files(&[("defendant.name", "陈志高"), ("defendant.number", "")]);
        clerk.does(&accepted, accepting());
        bench.settle();
        let file = clerk.case(&accepted);
        let party = |n: usize| file["case"]["parties"][n]["person"].as_str().expect("a person").to_owned();
        let mut paths: Vec<String> =
            ["/", "/review", "/tasks", "/cases", "/search?q=%E5%91%A8", "/search", "/counter", "/counter/filing", "/clock", "/logout", "/m"]
                .map(str::to_owned)
                .into();
        for case in [&filed, &accepted] {
            paths.extend([
                format!("/case/{case}"),
                format!("/case/{case}/reads"),
                format!("/review/{case}"),
                format!("/review/{case}?tab=return&pin=claims"),
            ]);
        }
        paths.extend([
            format!("/case/{accepted}?until=2"),
            format!("/case/{accepted}/packet/{}", party(0)),
            format!("/case/{accepted}/packet/{}", party(1)),
        ]);
        for step in procedure::STEPS.iter().copied() {
            let own = format!("/case/{accepted}/step/{}", step.name);
            if clerk.get(&own).status == StatusCode::OK {
                paths.push(own.clone());
            }
            let counter = format!("{own}?for={}", party(0));
            if clerk.get(&counter).status == StatusCode::OK {
                paths.push(counter);
            }
        }
        assert!(paths.len() > 40, "{paths:?}");
        paths.iter().for_each(|path| check(&clerk, path));
        let nobody = bench.nobody();
        ["/login", "/activate", "/sandbox/codes", "/sandbox/phone"].iter().for_each(|path| check(&nobody, path));
        for judge in ["lin", "he"] {
            let other = bench.sign_in(judge);
            ["/", "/tasks", "/cases", "/m"].iter().for_each(|path| check(&other, path));
        }
        let administrator = bench.sign_in("wen");
        ["/admin", "/admin/new", "/admin/record", "/admin/messages", "/admin/settings"].iter().for_each(|path| check(&administrator, path));
        let missing = clerk.get("/nowhere");
        assert_eq!((missing.status, missing.text().matches("<h1").count()), (StatusCode::NOT_FOUND, 1));
    });
}

#[test]
fn a_material_is_shown_as_it_came_and_nothing_in_it_runs() {
    on_both(|bench| {
        let clerk = bench.sign_in("xu");
        let html = "<html><script>alert(1)</script></html>";
        let answer = clerk.post_json(
            "/api/counter/filing",
            &clerk
                .signed(filing(&[]))
                .as_object()
                .map(|body| {
                    let mut body = body.clone();
                    body.insert("files".into(), json!([{"field": "complaint", "name": "a.html", "text": html}]));
                    json!(body)
                })
                .expect("an object"),
        );
        let case = answer.json()["case"].as_str().expect("a case").to_owned();
        let item = clerk.get(&format!("/case/{case}/item/1"));
        assert_eq!(item.bytes, html.as_bytes());
        assert_eq!(item.headers.get(header::CONTENT_TYPE).map(|value| value.as_bytes()), Some(&b"text/plain; charset=utf-8"[..]));
        assert!(
            item.headers.get(header::CONTENT_SECURITY_POLICY).is_some_and(|policy| policy.to_str().expect("ascii").contains("default-src 'none'"))
        );
        assert_eq!(clerk.get(&format!("/case/{case}/item/9")).status, StatusCode::NOT_FOUND);
    });
}
