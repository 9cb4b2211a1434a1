//! What pages are put together from: the shell, times as people read them, errors beside fields.
use super::fault::Fault;
use super::visitor::Visitor;
use crate::Problem;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use maud::{Markup, html};
use ui::form::{self, Form};
use ui::{CourtContact, PageHead, Script};

/// The page around its content.
pub fn shell(v: &Visitor, title: &str, scripts: &[Script], body: &Markup) -> Markup {
    let user = v.account.as_ref().map(crate::Account::shown);
    let court = one_court(v);
    let hall = court.map(|(name, _)| format!("{name}诉讼服务中心")).unwrap_or_default();
    let contact = court.map(|(_, address)| CourtContact { hall: &hall, address, hours: "工作日 9:00–12:00、14:00–17:30" });
    let head = PageHead { title, user: user.as_deref(), mode: v.mode, sandbox: v.portal.is_demo(), court: contact, scripts };
    ui::portal_page(&head, body)
}

/// Name and address of the first court that most people go to: a court of the lowest level that can be chosen here.
fn one_court(v: &Visitor) -> Option<(&str, &str)> {
    let known = v.portal.config().courts.iter().filter_map(|code| v.portal.law().courts.by_code(code));
    let court = known.min_by_key(|court| court.level != procedure::courts::Level::Basic)?;
    Some((&court.short_name, court.address.as_deref()?))
}

/// 200 with a page.
pub fn page(v: &Visitor, title: &str, scripts: &[Script], body: &Markup) -> Response {
    page_with(v, StatusCode::OK, title, scripts, body)
}

/// A page with a status of its own.
pub fn page_with(v: &Visitor, status: StatusCode, title: &str, scripts: &[Script], body: &Markup) -> Response {
    let title = format!("{title} · 人民法院在线服务");
    (status, Html(shell(v, &title, scripts, body).into_string())).into_response()
}

/// 303: the form was taken, look there.
pub fn see(path: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(value) = HeaderValue::from_str(path) {
        response.headers_mut().insert(header::LOCATION, value);
    }
    response
}

/// A path of this site to go back to, else the home page: never another host.
pub fn local(path: &str) -> &str {
    let fine = path.starts_with('/') && !path.starts_with("//") && !path.contains('\\') && path.bytes().all(|byte| (0x21..0x7f).contains(&byte));
    if fine { path } else { "/" }
}

/// A form that changes something.
pub fn form(v: &Visitor, action: &str, content: &Markup) -> Markup {
    form::form(&Form { action: Some(action), csrf: &v.csrf(), ..Form::default() }, content)
}

/// A form with files.
pub fn file_form(v: &Visitor, action: &str, content: &Markup) -> Markup {
    form::form(&Form { action: Some(action), csrf: &v.csrf(), files: true, ..Form::default() }, content)
}

/// The way home above a heading.
pub fn crumb_home() -> Markup {
    ui::crumb("首页", "/")
}

/// What was refused, by field.
#[derive(Default)]
pub struct Said<'a>(pub &'a [Problem]);

impl Said<'_> {
    /// The words beside a field.
    pub fn of(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|problem| problem.field == field).map(|problem| problem.zh.as_str())
    }

    /// The summary above the form.
    pub fn summary(&self) -> Markup {
        let lines: Vec<(&str, &str)> =
            self.0.iter().filter(|problem| problem.field != "version").map(|problem| (problem.field.as_str(), problem.zh.as_str())).collect();
        html! {
            @if let Some(words) = self.of("version") { (ui::notice(ui::Tone::Soon, &html! { (words) " " a href="" { "看那台设备上填的" } })) }
            (form::error_summary(&lines))
        }
    }

    /// 409 when the page was overtaken, 422 when something was refused, else 200.
    pub fn status(&self) -> StatusCode {
        match self.0 {
            [] => StatusCode::OK,
            _ if self.of("version").is_some() => StatusCode::CONFLICT,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }

    /// The title begins with what is wrong.
    pub fn title(&self, title: &str) -> String {
        if self.0.is_empty() { title.to_owned() } else { format!("有 {} 处需要改：{title}", self.0.len()) }
    }
}

/// A moment at the courts.
pub fn local_time(at: Timestamp) -> DateTime {
    Offset::constant(8).to_datetime(at)
}

/// `2026年9月8日 10:24:36`, for what has legal weight.
pub fn moment(at: Timestamp) -> String {
    let time = local_time(at);
    format!("{} {:02}:{:02}:{:02}", ui::zh::date_text(time.date()), time.hour(), time.minute(), time.second())
}

/// `9月8日 10:24`.
pub fn md_hm(at: Timestamp) -> String {
    let time = local_time(at);
    format!("{} {:02}:{:02}", ui::zh::md_text(time.date()), time.hour(), time.minute())
}

/// The day of a moment.
pub fn day(at: Timestamp) -> Date {
    procedure::step::day_of(at)
}

/// `9月8日`, with the year where it is another than this one.
pub fn day_near(date: Date, today: Date) -> String {
    if date.year() == today.year() { ui::zh::md_text(date) } else { ui::zh::date_text(date) }
}

/// Bytes as a download that no browser opens inside the site.
pub fn download(name: &str, media: &str, bytes: Vec<u8>, inline: bool) -> Response {
    let how = if inline { "inline" } else { "attachment" };
    let ending = name.rsplit_once('.').map_or("bin", |(_, ending)| ending);
    let plain: String = if ending.bytes().all(|byte| byte.is_ascii_alphanumeric()) { format!("file.{ending}") } else { "file".into() };
    let disposition = format!("{how}; filename=\"{plain}\"; filename*=UTF-8''{}", percent(name));
    // A viewer of PDF does not run in a sandbox; only papers of a court are shown inside the browser.
    let policy = if inline { "default-src 'none'; object-src 'self'; frame-ancestors 'none'" } else { "default-src 'none'; sandbox" };
    let headers =
        [(header::CONTENT_TYPE, media.to_owned()), (header::CONTENT_DISPOSITION, disposition), (header::CONTENT_SECURITY_POLICY, policy.to_owned())];
    (headers, bytes).into_response()
}

/// Percent signs for everything that is not plain, as RFC 8187 wants it.
pub fn percent(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// `3.1 MB`, `420 KB`.
pub fn size(bytes: u64) -> String {
    if bytes < 1_000_000 { format!("{} KB", bytes.div_ceil(1000)) } else { format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000) }
}

/// A fresh key by which the retries of one press are known as one.
pub fn press_key() -> Markup {
    form::hidden("key", &hex::encode(storage::secret::random::<16>()))
}

/// The key of a press; the same for every retry.
pub fn key_of(typed: &super::form::Typed) -> Result<String, Fault> {
    let key = typed.value("key");
    let fine = (8..=64).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if fine { Ok(key.to_owned()) } else { Err(Fault::Unreadable) }
}

/// Where the sandbox stands in for somebody: said where it acts.
pub fn sandbox_note(words: &str) -> Markup {
    ui::notice(ui::Tone::Soon, &html! { strong { "演示：" } (ui::zh::prose(words)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_stays_on_this_site() {
        for (path, to) in [("/case/1?x=2", "/case/1?x=2"), ("//evil.example", "/"), ("https://evil.example", "/"), ("/\\evil", "/"), ("", "/")] {
            assert_eq!(local(path), to);
        }
    }

    #[test]
    fn names_of_downloads_are_written_as_the_rfc_wants() {
        assert_eq!(percent("借条 1.pdf"), "%E5%80%9F%E6%9D%A1%201.pdf");
    }
}
