//! 成稿预览: the draft as it would be printed, page by page as pictures: no browser has to show a PDF inside a page.
use crate::App;
use crate::draft::{assemble, open};
use crate::http::{Fail, Who};
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use court::desk::File;
use maud::{Markup, html};
use ui::workbench as wb;
use ui::{Tone, notice};

/// Width of a page in the pane, in pixels; screens with finer dots get the double.
const WIDTH: u16 = 568;

/// Which size of a page is asked for.
#[derive(serde::Deserialize)]
pub struct Size {
    width: Option<u16>,
}

/// The pages of what was saved last, or why they cannot be set.
pub async fn sheet(app: &App, file: &File) -> Result<Markup, Fail> {
    let (draft, court) = (assemble(app, file, None).await?, app.court.clone());
    let counted = tokio::task::spawn_blocking(move || court.draft_pages(&draft)).await;
    let pages = match counted.map_err(|_| failed())? {
        Ok(pages) => pages,
        Err(error) => {
            tracing::warn!(%error, case = %file.case.id, "the draft cannot be typeset");
            return Ok(html! { div.block { (notice(Tone::Near, &html! { "现在排不出成稿。请按左边的检查结果改正以后再保存。" })) } });
        }
    };
    let version = file.case.judgment.as_ref().map_or(0, |judgment| judgment.version);
    let address = |page: u32, width: u16| format!("/case/{}/draft/page/{page}?width={width}&v={version}", file.case.id);
    let sheet = |page: u32| {
        html! {
            img src=(address(page, WIDTH)) srcset={ (address(page, WIDTH)) " 1x, " (address(page, 2 * WIDTH)) " 2x" }
                width=(WIDTH) height=(WIDTH * 99 / 70) alt={ "成稿第 " (page) " 页，共 " (pages) " 页；文字见“正文”" };
        }
    };
    // The first page is what the pane shows; a browser would fetch the others at once, also lazily, so near are they.
    let sheets = html! {
        (sheet(1))
        @for page in 2..=pages { template data-in-sight="" { (sheet(page)) } noscript { (sheet(page)) } }
    };
    Ok(wb::sheet_view("判决书成稿预览", &sheets))
}

/// One page of the draft as a PNG.
pub async fn picture(
    State(app): State<App>,
    Path((id, number)): Path<(String, usize)>,
    Query(size): Query<Size>,
    who: Who,
) -> Result<Response, Fail> {
    let file = open(&app, &who, &id).await?;
    let (draft, court) = (assemble(&app, &file, None).await?, app.court.clone());
    let drawn = tokio::task::spawn_blocking(move || court.draft_picture(&draft, number, size.width.unwrap_or(WIDTH))).await;
    let png = drawn.map_err(|_| failed())??.ok_or_else(Fail::missing)?;
    Ok(([(header::CONTENT_TYPE, "image/png")], png).into_response())
}

fn failed() -> Fail {
    Fail::new(StatusCode::INTERNAL_SERVER_ERROR, "草稿没有排出来，请稍后再试。")
}
