//! 拍照立案: photographs go up, the machine reads, and the person looks at each value beside the paper and confirms or mends it.
use super::browser::{Browser, Form};
use super::people::{Citizen, persist};
use super::tale::File;
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::fmt;
use std::fs;
use std::path::Path;

/// What a person did with what was read.
#[derive(Debug, Default, Clone, Copy)]
pub struct Confirmed {
    /// Right as it was read.
    right: usize,
    /// Of these, the machine was sure by itself.
    sure: usize,
    /// Read, and mended by the person.
    mended: usize,
    /// Not read, or nothing that the person could say.
    left: usize,
    /// Given as sure and wrong: none may be.
    wrong_and_sure: usize,
}

impl fmt::Display for Confirmed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} 项读对（其中 {} 项机器确定），{} 项由本人改正，{} 项留待填写", self.right, self.sure, self.mended, self.left)
    }
}

/// Hands the photographs in; the draft that they make.
pub fn begin(browser: &Browser, photographs: &[File]) -> Result<String> {
    persist("hand in the photographs", || {
        let mut form = browser.get("/file/photo")?.good()?.form_with("files")?;
        form.set("cause", "108.3");
        for file in photographs {
            form.file("files", &file.file, file.media, &file.bytes);
        }
        let page = browser.submit(&form)?.good()?;
        let draft = page.path.split('/').nth(2).filter(|_| page.path.ends_with("/photo")).context("the draft's address")?;
        Ok(Some(draft.to_owned()))
    })
}

/// Waits until all is read, then looks at value after value. `knows`: what stands on the paper, as the person sees it.
pub fn confirm(browser: &Browser, draft: &str, knows: &dyn Fn(&str) -> Option<String>) -> Result<Confirmed> {
    let path = format!("/file/{draft}/photo");
    let mut counted = Confirmed::default();
    let fields = persist("the photographs are read", || {
        let read = browser.json(&path)?;
        ensure!(read["failed"] == 0, "photographs that could not be read: {}", read["failed"]);
        Ok((read["waiting"] == 0).then(|| read["fields"].as_array().cloned()).flatten())
    })?;
    ensure!(!fields.is_empty(), "nothing was read");
    for field in &fields {
        let name = field["field"].as_str().context("the name of a field")?;
        let (read, sure) = (field["value"].as_str().unwrap_or_default(), field["sure"] == true);
        let known = knows(name).filter(|value| !value.is_empty());
        let (value, answer) = match &known {
            Some(value) if same(value, read) => (read, "right"),
            Some(value) => (value.as_str(), "right"),
            None => ("", "skip"),
        };
        match (&known, read.is_empty(), same(value, read)) {
            (Some(_), _, true) => {
                counted.right += 1;
                counted.sure += usize::from(sure);
            }
            (Some(_), false, false) => {
                counted.mended += 1;
                counted.wrong_and_sure += usize::from(sure);
            }
            (Some(_), true, false) | (None, _, _) => counted.left += 1,
        }
        persist(name, || {
            let page = browser.get(&path)?.good()?;
            let mut form = match page.forms().into_iter().find(|form| form.has("field") && form.has("value")) {
                Some(form) => form,
                None => return Ok(Some(())),
            };
            answer_one(&mut form, name, value, answer);
            browser.submit(&form)?.good().map(|_| Some(()))
        })?;
    }
    ensure!(counted.wrong_and_sure == 0, "{} values were given as sure and are wrong", counted.wrong_and_sure);
    Ok(counted)
}

fn answer_one(form: &mut Form, field: &str, value: &str, answer: &str) {
    form.set("field", field).set("value", value).press("answer", answer);
}

/// The same to a person: an amount with or without its fen, an address with or without its province.
fn same(known: &str, read: &str) -> bool {
    let plain = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let money = |text: &str| procedure::Fen::parse_yuan(text).ok();
    plain(known) == plain(read) || (money(known).is_some() && money(known) == money(read))
}

/// Photographs with their truth beside them, up to the court that is proposed; printed as it goes.
pub fn up_to_the_court(portal: &str, dir: &Path) -> Result<()> {
    let truth = fs::read(dir.join("truth.json")).with_context(|| dir.join("truth.json").display().to_string())?;
    let truth: Value = serde_json::from_slice(&truth)?;
    let facts = &truth["facts"];
    let of = |person: &str, field: &str| facts[person][field].as_str().map(str::to_owned);
    let need = |person: &str, field: &str| of(person, field).with_context(|| format!("{person}.{field} in truth.json"));
    let citizen = Citizen::new(portal, &need("plaintiff", "name")?, &need("plaintiff", "id_number")?, &need("plaintiff", "phone")?);
    println!("  1  {} 注册、实名认证（演示沙盒）  R-IDC-01", citizen.name);
    citizen.sign_up()?;
    citizen.register_name()?;
    let photographs = photographs(dir)?;
    println!("  2  上传 {} 张照片，识别，逐项核对  R-FIL-02", photographs.len());
    let draft = begin(&citizen.browser, &photographs)?;
    let counted = confirm(&citizen.browser, &draft, &|field| known(facts, field))?;
    println!("     照片识别 {counted}");
    println!("  3  建议管辖法院  R-JUR-01 R-JUR-04 R-JUR-05");
    let court = facts["court"].as_str().context("facts.court in truth.json")?;
    let page = citizen.browser.get(&format!("/file/{draft}/court"))?.good()?;
    super::people::says(&page, court)?;
    println!("     建议：{court}");
    Ok(())
}

/// What truth.json says of an input of the interview.
fn known(facts: &Value, field: &str) -> Option<String> {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    if let Some((side, name)) = of_party(field) {
        let name = match name {
            "domicile" => "address",
            other => other,
        };
        let value = text(&facts[side][name]);
        return match name {
            "sex" => value.map(|sex| if sex == "女" { "female" } else { "male" }.to_owned()),
            _ => value,
        };
    }
    match field {
        "principal" => text(&facts["principal_amount"]),
        "loan_date" | "due_date" => text(&facts[field]),
        "delivered_on" => text(&facts["transfers"][0]["date"]),
        "rate" => facts["monthly_rate"].as_str().filter(|rate| *rate == "百分之一").map(|_| "1".to_owned()),
        _ => None,
    }
}

/// `plaintiffs.0.name` is the plaintiff's name.
fn of_party(field: &str) -> Option<(&'static str, &str)> {
    let plaintiff = field.strip_prefix("plaintiffs.0.").map(|name| ("plaintiff", name));
    plaintiff.or_else(|| field.strip_prefix("defendants.0.").map(|name| ("defendant", name)))
}

/// The pictures of a directory, by name.
fn photographs(dir: &Path) -> Result<Vec<File>> {
    let mut paths: Vec<_> = fs::read_dir(dir)?.collect::<Result<Vec<_>, _>>()?.into_iter().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "jpg"));
    paths.sort();
    ensure!(!paths.is_empty(), "{} holds no photographs", dir.display());
    let file = |path: &std::path::PathBuf| {
        let name = path.file_stem().context("a name")?.to_string_lossy().into_owned();
        let bytes = fs::read(path).with_context(|| path.display().to_string())?;
        Ok(File { kind: "other", file: format!("{name}.jpg"), name, media: "image/jpeg", bytes })
    };
    paths.iter().map(file).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_the_same_with_and_without_its_fen() {
        assert!(same("150000", "150000.00") && same("清河市 青石区", "清河市青石区"));
        assert!(!same("150000", "15000.00") && !same("2024-03-15", "2024-03-14"));
    }
}
