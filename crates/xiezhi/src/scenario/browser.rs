//! 浏览器: a small browser without scripts, enough to use the pages as a person does: it keeps cookies, follows links and
//! sends the forms that it was given. When the server is away it waits and asks again, as people do.
use anyhow::{Context, Result, bail};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use ureq::Agent;

/// How long a server that was killed may stay away.
const PATIENCE: Duration = Duration::from_secs(120);

/// Requests that change something and have no answer yet, of all browsers of this process.
static WAITING: AtomicUsize = AtomicUsize::new(0);

/// Does somebody wait for the answer to a request that changes something?
pub fn waiting() -> bool {
    WAITING.load(Ordering::SeqCst) > 0
}

/// The server will not come back.
static GONE: AtomicBool = AtomicBool::new(false);

/// From now on nobody waits for a server that is away.
pub fn give_up() {
    GONE.store(true, Ordering::SeqCst);
}

/// Is it of no use to wait for the server?
pub fn gone() -> bool {
    GONE.load(Ordering::SeqCst)
}

/// A request under way, until it is dropped.
struct UnderWay;

impl UnderWay {
    fn begin() -> Self {
        WAITING.fetch_add(1, Ordering::SeqCst);
        Self
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        WAITING.fetch_sub(1, Ordering::SeqCst);
    }
}

/// One person's browser.
pub struct Browser {
    agent: Agent,
    base: String,
    cookies: RefCell<BTreeMap<String, String>>,
}

/// What a server answered.
#[derive(Debug, Clone)]
pub struct Page {
    pub status: u16,
    /// Path and query at which it ended.
    pub path: String,
    pub body: Vec<u8>,
}

/// A form of a page, with the values that it came with.
#[derive(Debug, Clone, Default)]
pub struct Form {
    pub action: String,
    post: bool,
    multipart: bool,
    /// Fields in order, as a browser would send them now.
    fields: Vec<(String, String)>,
    /// Every name that the form knows, sent or not.
    names: Vec<String>,
    /// Values that a choice offers.
    options: Vec<(String, String)>,
    /// Buttons with a name.
    buttons: Vec<(String, String)>,
    files: Vec<Upload>,
}

#[derive(Debug, Clone)]
struct Upload {
    field: String,
    name: String,
    media: String,
    bytes: Vec<u8>,
}

impl Browser {
    /// A browser that knows this address alone.
    pub fn new(base: &str) -> Self {
        let config = Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(120)))
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .user_agent("xiezhi-scenario")
            .build();
        Self { agent: config.new_agent(), base: base.trim_end_matches('/').to_owned(), cookies: RefCell::default() }
    }

    /// A browser at the same address that knows nothing yet.
    pub fn elsewhere(&self) -> Self {
        Self::new(&self.base)
    }

    /// Another window of this browser, with its cookies and connections of its own.
    pub fn window(&self) -> Self {
        Self { cookies: RefCell::new(self.cookies.borrow().clone()), ..Self::new(&self.base) }
    }

    /// Host and port, as a request names them.
    pub fn host(&self) -> &str {
        self.base.trim_start_matches("http://")
    }

    /// The cookies, as a request carries them.
    pub fn cookies(&self) -> String {
        self.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    /// Follows a link.
    pub fn get(&self, path: &str) -> Result<Page> {
        self.follow("GET", path, None, None)
    }

    /// The JSON that this address gives to programs.
    pub fn json(&self, path: &str) -> Result<serde_json::Value> {
        let page = self.follow("GET", path, None, Some("application/json"))?;
        if page.status != 200 {
            bail!("{path}: status {}: {}", page.status, page.text().chars().take(300).collect::<String>());
        }
        serde_json::from_slice(&page.body).with_context(|| format!("{path} gave no JSON: {}", page.text().chars().take(200).collect::<String>()))
    }

    /// Sends JSON to the API.
    pub fn post_json(&self, path: &str, csrf: Option<&str>, value: &serde_json::Value) -> Result<(u16, serde_json::Value)> {
        let body = ("application/json".to_owned(), serde_json::to_vec(value)?);
        let page = self.follow_with("POST", path, Some(&body), Some("application/json"), csrf)?;
        let answer = serde_json::from_slice(&page.body).with_context(|| format!("{path}: {} {}", page.status, page.text()))?;
        Ok((page.status, answer))
    }

    /// Sends a form.
    pub fn submit(&self, form: &Form) -> Result<Page> {
        if !form.post {
            let query = urlencoded(&form.fields);
            return self.get(&format!("{}?{query}", form.action));
        }
        self.follow("POST", &form.action, Some(&form.body()), None)
    }

    fn follow(&self, method: &str, path: &str, body: Option<&(String, Vec<u8>)>, accept: Option<&str>) -> Result<Page> {
        self.follow_with(method, path, body, accept, None)
    }

    fn follow_with(&self, method: &str, path: &str, body: Option<&(String, Vec<u8>)>, accept: Option<&str>, csrf: Option<&str>) -> Result<Page> {
        let (mut method, mut path, mut body) = (method.to_owned(), path.to_owned(), body);
        for _ in 0..10 {
            let (page, location) = self.once(&method, &path, body, accept, csrf)?;
            let Some(location) = location.filter(|_| (300..400).contains(&page.status)) else { return Ok(page) };
            path = self.resolve(&path, &location)?;
            method = "GET".into();
            body = None;
        }
        bail!("{path} leads round in a circle")
    }

    /// A link as it stands in a page at `at`.
    fn resolve(&self, at: &str, link: &str) -> Result<String> {
        if let Some(rest) = link.strip_prefix(&self.base) {
            return Ok(rest.to_owned());
        }
        if link.starts_with("http://") || link.starts_with("https://") {
            bail!("{link} leads to another server");
        }
        if link.starts_with('/') {
            return Ok(link.to_owned());
        }
        let path = at.split('?').next().unwrap_or(at);
        if link.starts_with('?') {
            return Ok(format!("{path}{link}"));
        }
        Ok(if link.is_empty() { at.to_owned() } else { format!("{}/{link}", path.rsplit_once('/').map_or("", |(dir, _)| dir)) })
    }

    fn once(
        &self,
        method: &str,
        path: &str,
        body: Option<&(String, Vec<u8>)>,
        accept: Option<&str>,
        csrf: Option<&str>,
    ) -> Result<(Page, Option<String>)> {
        let since = Instant::now();
        let _waits = (method == "POST").then(UnderWay::begin);
        loop {
            match self.ask(method, path, body, accept, csrf) {
                Ok(answer) => return Ok(answer),
                Err(error) if since.elapsed() < PATIENCE && !gone() => {
                    tracing::debug!(%error, path, "the server is away, asking again");
                    std::thread::sleep(Duration::from_millis(100));
                }
                Err(error) => return Err(error).with_context(|| format!("{method} {}{path}", self.base)),
            }
        }
    }

    fn ask(
        &self,
        method: &str,
        path: &str,
        body: Option<&(String, Vec<u8>)>,
        accept: Option<&str>,
        csrf: Option<&str>,
    ) -> Result<(Page, Option<String>)> {
        let url = format!("{}{path}", self.base);
        let cookies = self.cookies();
        let mut response = match body {
            None => {
                let mut request = self.agent.get(&url).header("accept", accept.unwrap_or("text/html"));
                if !cookies.is_empty() {
                    request = request.header("cookie", &cookies);
                }
                request.call()?
            }
            Some((media, bytes)) if method == "POST" => {
                let mut request = self.agent.post(&url).header("accept", accept.unwrap_or("text/html")).content_type(media.as_str());
                if !cookies.is_empty() {
                    request = request.header("cookie", &cookies);
                }
                if let Some(csrf) = csrf {
                    request = request.header("x-csrf-token", csrf);
                }
                request.send(bytes.as_slice())?
            }
            Some(_) => bail!("{method} is not spoken here"),
        };
        for cookie in response.headers().get_all("set-cookie") {
            self.keep(cookie.to_str().unwrap_or(""));
        }
        let location = response.headers().get("location").and_then(|value| value.to_str().ok()).map(str::to_owned);
        let status = response.status().as_u16();
        let body = response.body_mut().with_config().limit(64 << 20).read_to_vec()?;
        Ok((Page { status, path: path.to_owned(), body }, location))
    }

    fn keep(&self, cookie: &str) {
        let Some((name, rest)) = cookie.split_once('=') else { return };
        let value = rest.split(';').next().unwrap_or("").to_owned();
        let gone = value.is_empty() || rest.to_ascii_lowercase().contains("max-age=0");
        let mut cookies = self.cookies.borrow_mut();
        if gone {
            cookies.remove(name.trim());
        } else {
            cookies.insert(name.trim().to_owned(), value);
        }
    }
}

impl Page {
    /// The page as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The words that a person reads, without marks.
    pub fn words(&self) -> String {
        let text = self.text();
        let main = text.split_once("<main").map_or(text.as_str(), |(_, main)| main);
        let mut words = String::new();
        let mut inside = false;
        for letter in main.chars() {
            match letter {
                '<' => inside = true,
                '>' => {
                    inside = false;
                    words.push(' ');
                }
                letter if !inside => words.push(letter),
                _ => {}
            }
        }
        unescape(&words.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// The page, if it answered well; else an error with its first words.
    pub fn good(self) -> Result<Self> {
        if (200..300).contains(&self.status) {
            return Ok(self);
        }
        bail!("{}: status {}: {}", self.path, self.status, self.words().chars().take(400).collect::<String>())
    }

    /// The forms of the page, in order.
    pub fn forms(&self) -> Vec<Form> {
        let mut forms = Vec::new();
        for tag in tags(&self.text()) {
            match tag.name.as_str() {
                "form" => forms.push(Form {
                    action: tag.get("action").filter(|action| !action.is_empty()).unwrap_or_else(|| self.path.clone()),
                    post: tag.get("method").is_some_and(|method| method.eq_ignore_ascii_case("post")),
                    multipart: tag.get("enctype").is_some_and(|form| form == "multipart/form-data"),
                    ..Form::default()
                }),
                _ => {
                    if let Some(form) = forms.last_mut() {
                        form.take(&tag);
                    }
                }
            }
        }
        forms
    }

    /// The first form that knows this field.
    pub fn form_with(&self, field: &str) -> Result<Form> {
        self.forms()
            .into_iter()
            .find(|form| form.has(field))
            .with_context(|| format!("{} has no form with “{field}”: {}", self.path, self.words().chars().take(300).collect::<String>()))
    }

    /// The first form that goes to an address that ends so.
    pub fn form_to(&self, end: &str) -> Result<Form> {
        let mut forms = self.forms().into_iter();
        forms
            .find(|form| form.action.split('?').next().is_some_and(|action| action.ends_with(end)))
            .with_context(|| format!("{} has no form to “{end}”: {}", self.path, self.words().chars().take(300).collect::<String>()))
    }
}

impl Form {
    fn take(&mut self, tag: &Tag) {
        let Some(name) = tag.get("name") else { return };
        let value = tag.get("value").unwrap_or_default();
        let kind = tag.get("type").unwrap_or_default();
        match (tag.name.as_str(), kind.as_str()) {
            ("button", _) | ("input", "submit") => self.buttons.push((name, value)),
            ("input", "file") => self.names.push(name),
            ("input", "radio" | "checkbox") => {
                let value = if value.is_empty() { "on".to_owned() } else { value };
                self.options.push((name.clone(), value.clone()));
                self.names.push(name.clone());
                if tag.has("checked") {
                    self.fields.push((name, value));
                }
            }
            ("option", _) => {
                // `tags` names an option after its select.
                self.options.push((name.clone(), value.clone()));
                if tag.has("selected") {
                    self.fields.retain(|(known, _)| *known != name);
                    self.fields.push((name, value));
                } else if !self.fields.iter().any(|(known, _)| *known == name) {
                    self.fields.push((name, value));
                }
            }
            ("select", _) => self.names.push(name),
            ("input" | "textarea", _) => {
                self.names.push(name.clone());
                self.fields.push((name, value));
            }
            _ => {}
        }
    }

    /// Does the form know this field?
    pub fn has(&self, field: &str) -> bool {
        self.names.iter().any(|name| name == field)
    }

    /// Every field that it knows.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// What a field holds now.
    pub fn value(&self, field: &str) -> Option<&str> {
        self.fields.iter().find(|(name, _)| name == field).map(|(_, value)| value.as_str())
    }

    /// Values that a choice offers.
    pub fn offers(&self, field: &str) -> Vec<&str> {
        self.options.iter().filter(|(name, _)| name == field).map(|(_, value)| value.as_str()).collect()
    }

    /// Types into a field or chooses.
    pub fn set(&mut self, field: &str, value: &str) -> &mut Self {
        self.fields.retain(|(name, _)| name != field);
        self.fields.push((field.to_owned(), value.to_owned()));
        self
    }

    /// Ticks another box of the same name.
    pub fn also(&mut self, field: &str, value: &str) -> &mut Self {
        if !self.fields.iter().any(|(name, known)| name == field && known == value) {
            self.fields.push((field.to_owned(), value.to_owned()));
        }
        self
    }

    /// Ticks every box, and takes the first of each choice.
    pub fn choose_all(&mut self) -> &mut Self {
        for name in self.names.clone() {
            if let Some(value) = self.offers(&name).first().map(|value| (*value).to_owned()) {
                self.set(&name, &value);
            }
        }
        self
    }

    /// Takes a value back.
    pub fn clear(&mut self, field: &str) -> &mut Self {
        self.fields.retain(|(name, _)| name != field);
        self
    }

    /// Chooses a file.
    pub fn file(&mut self, field: &str, name: &str, media: &str, bytes: &[u8]) -> &mut Self {
        self.files.push(Upload { field: field.into(), name: name.into(), media: media.into(), bytes: bytes.to_vec() });
        self
    }

    /// Presses a button that has a name.
    pub fn press(&mut self, name: &str, value: &str) -> &mut Self {
        self.set(name, value)
    }

    /// The named buttons.
    #[cfg(test)]
    pub fn buttons(&self) -> &[(String, String)] {
        &self.buttons
    }

    /// What is posted: its media type and bytes.
    pub fn body(&self) -> (String, Vec<u8>) {
        if self.multipart {
            return self.multipart_body();
        }
        ("application/x-www-form-urlencoded".to_owned(), urlencoded(&self.fields).into_bytes())
    }

    fn multipart_body(&self) -> (String, Vec<u8>) {
        const EDGE: &str = "xiezhi-scenario-7d1f2c9be04a";
        let mut body = Vec::new();
        for (name, value) in &self.fields {
            body.extend(format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
        }
        for file in &self.files {
            let head = format!(
                "--{EDGE}\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"{}\"\r\nContent-Type: {}\r\n\r\n",
                file.field, file.name, file.media
            );
            body.extend(head.bytes());
            body.extend(&file.bytes);
            body.extend(b"\r\n");
        }
        body.extend(format!("--{EDGE}--\r\n").bytes());
        (format!("multipart/form-data; boundary={EDGE}"), body)
    }
}

/// One opening tag. A textarea carries its text as `value`; an option is named after its select.
struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    fn get(&self, name: &str) -> Option<String> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }
    fn has(&self, name: &str) -> bool {
        self.attributes.iter().any(|(known, _)| known == name)
    }
}

/// The opening tags of a page, in order. Our pages are well-formed: attributes are quoted.
fn tags(html: &str) -> Vec<Tag> {
    let mut found: Vec<Tag> = Vec::new();
    let (mut rest, mut select) = (html, None);
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        if rest.starts_with("/select") {
            select = None;
        }
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let mut tag = open_tag(&mut rest);
        match tag.name.as_str() {
            "textarea" => {
                let text = rest.split("</textarea").next().unwrap_or("");
                tag.attributes.push(("value".into(), unescape(text.strip_prefix('\n').unwrap_or(text))));
            }
            "select" => select = tag.get("name"),
            "option" => {
                if !tag.has("value") {
                    tag.attributes.push(("value".into(), unescape(rest.split('<').next().unwrap_or("").trim())));
                }
                tag.attributes.extend(select.clone().map(|name| ("name".into(), name)));
            }
            _ => {}
        }
        found.push(tag);
    }
    found
}

/// Reads from behind `<` to behind `>`.
fn open_tag(rest: &mut &str) -> Tag {
    let end = rest.find(|c: char| c.is_whitespace() || c == '>' || c == '/').unwrap_or(rest.len());
    let name = rest[..end].to_ascii_lowercase();
    *rest = &rest[end..];
    let mut attributes = Vec::new();
    loop {
        *rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if let Some(after) = rest.strip_prefix('>') {
            *rest = after;
            break;
        }
        if rest.is_empty() {
            break;
        }
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/')).unwrap_or(rest.len()).max(1).min(rest.len());
        let key = rest[..end].to_owned();
        *rest = &rest[end..];
        let value = match rest.strip_prefix("=\"") {
            Some(after) => {
                let (value, after) = after.split_once('"').unwrap_or((after, ""));
                *rest = after;
                unescape(value)
            }
            None => {
                *rest = rest.strip_prefix('=').unwrap_or(rest);
                String::new()
            }
        };
        attributes.push((key, value));
    }
    Tag { name, attributes }
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

fn urlencoded(fields: &[(String, String)]) -> String {
    let pairs: Vec<_> = fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
    pairs.join("&")
}

/// Percent-encoding of everything but letters, digits and `-._~`.
pub fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out += &format!("%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_read_as_a_browser_reads_them() {
        let html = r#"<main><form method="post" action="/file/1"><input type="hidden" name="csrf" value="a&amp;b">
            <textarea name="facts">
第一行 &lt;1&gt;</textarea><select name="court"><option value="1">甲</option><option value="2" selected>乙</option></select>
            <input type="radio" name="kind" value="x" checked><input type="radio" name="kind" value="y">
            <input type="checkbox" name="agree" value="yes"><button name="go" value="back">返回</button></form></main>"#;
        let page = Page { status: 200, path: "/file/1?x=1".into(), body: html.into() };
        let form = page.form_with("facts").expect("the form");
        assert_eq!(form.action, "/file/1");
        assert_eq!((form.value("csrf"), form.value("facts"), form.value("court")), (Some("a&b"), Some("第一行 <1>"), Some("2")));
        assert_eq!((form.value("kind"), form.value("agree")), (Some("x"), None));
        assert_eq!(form.offers("kind"), ["x", "y"]);
        assert_eq!(form.buttons(), [("go".to_owned(), "back".to_owned())]);
        assert_eq!(urlencoded(&[("a".into(), "民 &".into())]), "a=%E6%B0%91%20%26");
    }
}
