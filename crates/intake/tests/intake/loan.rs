//! The photographs of the scenario's case are really read: names, numbers, amounts, dates.
use crate::worker;
use intake::{File, amount, engine, tesseract};
use std::path::PathBuf;

fn same(read: &str, truth: &str) -> bool {
    read == truth
        || amount::date(read).as_deref() == Some(truth)
        || amount::fen(read).is_some_and(|fen| format!("{}.{:02}", fen / 100, fen % 100) == truth)
}

/// The fields on which the scenario builds. Others may be misread, and a person mends them.
const NEEDED: [&str; 18] = [
    "plaintiff.name",
    "plaintiff.birth",
    "plaintiff.id_number",
    "plaintiff.phone",
    "defendant.name",
    "defendant.birth",
    "cause",
    "principal_amount",
    "court",
    "filing_date",
    "person.name",
    "person.id_number",
    "lender.name",
    "borrower.name",
    "borrower.id_number",
    "payee.name",
    "amount",
    "transfer_date",
];

#[test]
fn the_photographs_of_the_loan_case_are_read() {
    if !tesseract::installed() {
        eprintln!("SKIPPED: tesseract with chi_sim is not installed; run scripts/tesseract");
        return;
    }
    let dir = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/samples/loan"));
    let truth: serde_json::Value = serde_json::from_str(include_str!("../../samples/loan/truth.json")).unwrap();
    let report = intake::ocr(std::slice::from_ref(&dir), &worker(), engine::USUAL, 2).unwrap();
    assert_eq!(report.files.len(), 5);
    for file in &report.files {
        let name = file.file.rsplit('/').next().unwrap();
        assert!(file.refusal.is_none(), "{name}: {:?}", file.refusal);
        assert_eq!(file.documents[0].kind.zh(), truth[name]["kind"].as_str().unwrap(), "{name}:\n{}", file.pages[0].text);
        let mut right = 0;
        let fields = truth[name]["fields"].as_object().unwrap();
        for (field, value) in fields {
            let found = read(file, field);
            let holds = found.iter().any(|f| same(&f.value, value.as_str().unwrap()));
            assert!(holds || !NEEDED.contains(&field.as_str()), "{name} {field}: {found:?}\n{}", file.pages[0].text);
            assert!(found.iter().all(|f| !f.sure || same(&f.value, value.as_str().unwrap())), "{name} {field} is sure and wrong: {found:?}");
            assert!(found.iter().all(|f| f.rect.is_some_and(|r| r.w > 0 && r.h > 0)), "{name} {field} has no box");
            right += usize::from(holds);
        }
        assert!(right * 100 >= fields.len() * 80, "{name}: {right} of {}", fields.len());
    }
    let complaint = &report.files[0];
    let claims: Vec<&str> = read(complaint, "claims[]").iter().map(|f| f.value.as_str()).collect();
    assert_eq!(claims.len(), 3, "{claims:?}");
    for (claim, amount) in claims.iter().zip(["150000元", "16500元", "诉讼费用"]) {
        assert!(claim.contains(amount), "{claim}");
    }
    assert!(read(complaint, "plaintiff.id_number").iter().all(|f| f.sure), "its check digit holds");
}

fn read<'a>(file: &'a File, name: &str) -> Vec<&'a intake::Field> {
    file.pages[0].fields.iter().filter(|f| f.name == name).collect()
}
