//! 上传: what came with a form is looked into before anything is made of it; a form that is not taken keeps its files.
use crate::App;
use crate::http::{Fail, Input, Upload, Who};
use crate::step::Wrong;
use axum::http::StatusCode;
use maud::{Markup, html};
use uuid::Uuid;

/// What inputs of files take; what a file is, its content says.
pub const ACCEPT: &str = "image/*,application/pdf,.docx,text/plain";

/// The hidden input that names the files kept of an input.
fn kept_name(field: &str) -> String {
    format!("kept.{field}")
}

/// Looks into every file of the form, those kept from an earlier try included.
pub async fn look(app: &App, who: &Who, input: &mut Input) -> Result<Result<(), Wrong>, Fail> {
    for (field, ids) in input.beginning("kept.") {
        for id in ids.iter().filter_map(|id| Uuid::parse_str(id).ok()) {
            if let Some((name, bytes)) = app.court.kept_upload(&who.member, id).await? {
                input.files.push(Upload { kept: Some(id), ..Upload::new(&field, &name, bytes.into()) });
            }
        }
    }
    let mut wrong = None;
    let mut files = std::mem::take(&mut input.files);
    for upload in &mut files {
        let (court, asked) = (app.court.clone(), upload.clone());
        let looked = tokio::task::spawn_blocking(move || court.look_into(&asked.field, &asked.name, &asked.bytes)).await;
        let looked = looked.map_err(|_| Fail::new(StatusCode::INTERNAL_SERVER_ERROR, "系统暂时不能办理，请稍后再试。"))?;
        match looked {
            Ok(looked) => upload.looked = Some(looked),
            Err(error) => {
                let fail = Fail::from(error);
                if fail.status != StatusCode::UNPROCESSABLE_ENTITY {
                    return Err(fail);
                }
                wrong.get_or_insert(Wrong { field: fail.field, zh: fail.zh, seen: None });
            }
        }
    }
    // What was refused is not kept: it is to be chosen anew.
    files.retain(|upload| upload.looked.is_some());
    input.files = files;
    Ok(wrong.map_or(Ok(()), Err))
}

/// Keeps the good files of a form that was not taken; [`kept`] then stands in it.
pub async fn keep(app: &App, who: &Who, input: &mut Input) -> Result<(), Fail> {
    for (field, _) in input.beginning("kept.") {
        input.remove(&kept_name(&field));
    }
    let mut files = std::mem::take(&mut input.files);
    for upload in &mut files {
        let id = match upload.kept {
            Some(id) => id,
            None => app.court.keep_upload(&who.member, &upload.name, upload.bytes.to_vec()).await?,
        };
        upload.kept = Some(id);
        input.push(&kept_name(&upload.field), id.to_string());
    }
    input.files = files;
    Ok(())
}

/// Names of the files that an input keeps, and their ids.
pub fn kept(input: &Input, field: &str) -> Markup {
    let own: Vec<_> = input.files.iter().filter(|upload| upload.field == field && upload.kept.is_some()).collect();
    html! {
        @if !own.is_empty() {
            p.small { "已经传好，不用再选：" (own.iter().map(|upload| upload.name.as_str()).collect::<Vec<_>>().join("、")) }
            @for id in input.all(&kept_name(field)) { (ui::form::hidden(&kept_name(field), id)) }
        }
    }
}
