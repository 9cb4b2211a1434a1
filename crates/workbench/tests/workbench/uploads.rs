//! What bad input gets at the counter: the same refusals as at the portal, beside the field, and nothing lost.
use crate::common::{Answer, Bench, Browser, accepting, filing, on_both};
use axum::http::StatusCode;
use image::{GrayImage, ImageFormat, Luma};
use std::io::Cursor;

fn picture(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    GrayImage::from_fn(width, height, |x, y| Luma([u8::try_from((x * 7 + y * 13) % 251).expect("small")]))
        .write_to(&mut bytes, ImageFormat::Png)
        .expect("a picture");
    bytes.into_inner()
}

/// A PDF of one empty page, with what `trailer` adds to its trailer.
fn pdf(trailer: &str) -> Vec<u8> {
    let objects =
        ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Count 1 /Kids [3 0 R] >>", "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 500 500] >>"];
    let (mut out, mut offsets) = (String::from("%PDF-1.4\n"), Vec::new());
    for (i, object) in objects.iter().enumerate() {
        offsets.push(out.len());
        out.push_str(&format!("{} 0 obj\n{object}\nendobj\n", i + 1));
    }
    let xref = out.len();
    out.push_str("xref\n0 4\n0000000000 65535 f \n");
    offsets.iter().for_each(|at| out.push_str(&format!("{at:010} 00000 n \n")));
    out.push_str(&format!("trailer\n<< /Size 4 /Root 1 0 R {trailer} >>\nstartxref\n{xref}\n%%EOF\n"));
    out.into_bytes()
}

const ENCRYPT: &str = "/Encrypt << /Filter /Standard /V 1 /R 2 /O (00000000000000000000000000000000) /U (00000000000000000000000000000000) /P -44 >>";

/// The typed part of a filing.
fn fields() -> Vec<(String, String)> {
    let body = filing(&[]);
    let typed = body.as_object().expect("an object").iter().filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
    typed.collect()
}

fn send(clerk: &Browser<'_>, more: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Answer {
    let typed = fields();
    let mut all: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    all.extend(more);
    // What is entered at the counter stands under the clerk's signature.
    let code = clerk.bench.code(clerk.login);
    all.push(("code", &code));
    clerk.upload("/counter/filing", &all, files)
}

fn cases(clerk: &Browser<'_>) -> usize {
    clerk.data("/api/cases")["cases"].as_array().expect("cases").len()
}

#[test]
fn bad_files_are_refused_beside_their_field_and_the_good_ones_are_kept() {
    on_both(|bench| {
        let clerk = bench.sign_in("xu");
        let good = picture(40, 30);
        let large = vec![0xFF_u8; (20 << 20) + 1];
        let (encrypted, wide) = (pdf(ENCRYPT), picture(20_001, 3));
        for (name, bytes, words) in [
            ("证据.pdf", encrypted.as_slice(), "去掉密码"),
            ("证据.pdf", &pdf("")[..60], "损坏"),
            ("证据.png", &good[..good.len() - 9], "损坏"),
            ("证据.png", wide.as_slice(), "像素"),
            ("证据.jpg", large.as_slice(), "上限"),
            ("证据.pdf", &b"MZ\x90\0 a program, whatever its name says"[..], "无法识别这个文件的类型"),
        ] {
            let refused = send(&clerk, &[], &[("complaint", "起诉状.png", &good), ("evidence", name, bytes)]);
            let page = refused.text();
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}: {page}");
            assert!(page.contains(words) && page.contains("evidence-err"), "{name} says {words} beside the field: {page}");
            assert!(page.contains("借款本金150000元") && page.contains("广东省清河市云海区听涛路3号"), "what was typed stands there");
            assert_eq!(cases(&clerk), 0, "nothing half done");
            assert!(page.contains("name=\"kept.complaint\"") && !page.contains("name=\"kept.evidence\""), "the good file need not be chosen again");
        }
        let page = send(&clerk, &[], &[("complaint", "起诉状.png", &good), ("evidence", "证据.pdf", &encrypted)]).text();
        let kept = page.split("name=\"kept.complaint\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("an id").to_owned();
        // Another member's form finds nothing under it.
        let other = bench.sign_in("he");
        let stolen = send(&other, &[("kept.complaint", &kept)], &[]);
        assert_eq!(stolen.status, StatusCode::UNPROCESSABLE_ENTITY);
        let taken = send(&clerk, &[("kept.complaint", &kept)], &[("evidence", "证据.pdf", &pdf(""))]);
        assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text());
        let case = clerk.data("/api/cases")["cases"][0]["case"].as_str().expect("a case").to_owned();
        assert_eq!(clerk.get(&format!("/case/{case}/item/1")).bytes, good, "byte for byte");
        answers(bench, &clerk, &case);
    });
}

/// A step with files keeps to the same.
fn answers(bench: &Bench, clerk: &Browser<'_>, case: &str) {
    clerk.does(case, accepting());
    bench.settle();
    let file = clerk.case(case);
    let plaintiff = file["case"]["parties"][0]["person"].as_str().expect("a person").to_owned();
    let path = format!("/case/{case}/step/submit_evidence?for={plaintiff}");
    let version = file["version"].to_string();
    let fields = [("version", version.as_str()), ("purpose", "借款已经交付")];
    let refused = clerk.upload(&path, &fields, &[("materials", "转账.pdf", &pdf(ENCRYPT))]);
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text());
    assert!(refused.text().contains("去掉密码") && refused.text().contains("materials-err"), "{}", refused.text());
    let code = bench.code(clerk.login);
    let signed = [&fields[..], &[("code", code.as_str())]].concat();
    let taken = clerk.upload(&path, &signed, &[("materials", "转账.pdf", &pdf("/Source 1"))]);
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text());
}
