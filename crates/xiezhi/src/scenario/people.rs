//! 人物: the people of the story as they use the house, each through his own browser.
use super::browser::{Browser, Form, Page, encoded};
use anyhow::{Context, Result, bail};
use jiff::civil::Date;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::time::{Duration, Instant};

/// How long a person tries the same again before he gives up.
pub const PATIENCE: Duration = Duration::from_secs(180);

/// Tries until it works out: pages are asked again, nothing is done twice that stands already. The last reason is the error.
pub fn persist<T>(what: &str, mut attempt: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    let since = Instant::now();
    loop {
        let last = match attempt() {
            Ok(Some(done)) => return Ok(done),
            Ok(None) => None,
            Err(error) => Some(error),
        };
        if since.elapsed() > PATIENCE || super::browser::gone() {
            return match last {
                Some(error) => Err(error).with_context(|| what.to_owned()),
                None => bail!("{what}: it did not come about"),
            };
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The six digits behind the word.
fn code_in(text: &str) -> Option<String> {
    let (_, after) = text.split_once("验证码")?;
    let digits: String = after.trim_start().chars().take_while(char::is_ascii_digit).collect();
    (digits.len() == 6).then_some(digits)
}

/// Password of the account of a demo's citizen.
pub fn password(phone: &str) -> String {
    format!("story-{phone}")
}

/// Somebody from outside, with a telephone.
pub struct Citizen {
    pub browser: Browser,
    pub name: String,
    pub number: String,
    pub phone: String,
}

impl Citizen {
    pub fn new(portal: &str, name: &str, number: &str, phone: &str) -> Self {
        Self { browser: Browser::new(portal), name: name.into(), number: number.into(), phone: phone.into() }
    }

    /// The same person at another device, not signed in there yet.
    pub fn other_device(&self) -> Self {
        Self { browser: self.browser.elsewhere(), name: self.name.clone(), number: self.number.clone(), phone: self.phone.clone() }
    }

    /// Texts that came to the telephone, oldest first.
    pub fn messages(&self) -> Result<Vec<String>> {
        let found = self.browser.json(&format!("/sandbox/phone?phone={}", encoded(&self.phone)))?;
        let list = found["messages"].as_array().context("messages of the sandbox's telephone")?;
        list.iter().map(|message| message["text"].as_str().map(str::to_owned).context("a message's text")).collect()
    }

    /// The newest code that came.
    fn code(&self) -> Result<String> {
        let messages = self.messages()?;
        messages.iter().rev().find_map(|text| code_in(text)).context("no code came to the telephone")
    }

    /// The newest code with which the court lets a record be signed; it goes past the portal.
    pub fn signature_code(&self, court: &Browser) -> Result<Option<String>> {
        let found = court.json("/sandbox/phone")?;
        let list = found["messages"].as_array().context("messages of the court's telephones")?;
        let own = list.iter().filter(|message| message["phone"] == self.phone.as_str()).filter_map(|message| message["text"].as_str());
        Ok(own.filter(|text| text.contains("签名")).find_map(code_in))
    }

    fn password(&self) -> String {
        password(&self.phone)
    }

    fn signed_in(&self) -> Result<bool> {
        Ok(self.browser.get("/account")?.status == 200)
    }

    /// Opens an account and signs in.
    pub fn sign_up(&self) -> Result<()> {
        persist("sign up", || {
            if self.signed_in()? {
                return Ok(Some(()));
            }
            // Killed after the account was opened and before the cookie came: he signs in.
            if self.sign_in().is_ok() && self.signed_in()? {
                return Ok(Some(()));
            }
            let mut form = self.browser.get("/register")?.good()?.form_with("phone")?;
            form.set("phone", &self.phone);
            let page = self.browser.submit(&form)?;
            let mut form = page.form_with("code")?;
            form.set("code", &self.code()?).set("password", &self.password());
            self.browser.submit(&form)?;
            Ok(self.signed_in()?.then_some(()))
        })
    }

    /// Signs in with password and the code on the telephone.
    pub fn sign_in(&self) -> Result<()> {
        let mut form = self.browser.get("/login")?.good()?.form_with("phone")?;
        form.set("phone", &self.phone).set("password", &self.password());
        let mut form = self.browser.submit(&form)?.good()?.form_with("code")?;
        form.set("code", &self.code()?);
        self.browser.submit(&form)?.good().map(drop)
    }

    /// Registers under the real name; the sandbox simulates the face step and says so.
    pub fn register_name(&self) -> Result<()> {
        persist("real name", || {
            let page = self.browser.get("/account")?.good()?;
            let Ok(mut form) = page.form_with("number") else {
                return Ok(page.words().contains(&self.name).then_some(()));
            };
            form.set("name", &self.name).set("number", &self.number);
            if form.has("face") {
                form.set("face", "yes");
            }
            self.browser.submit(&form)?.good()?;
            Ok(None)
        })
    }

    /// What the court shows him of the case, as JSON.
    pub fn case(&self, id: &str) -> Result<Value> {
        self.browser.json(&format!("/api/case/{id}"))
    }

    /// Opens a page of the case, fills its form and sends it, until `done` holds of the case.
    pub fn act(&self, case: &str, path: &str, field: &str, fill: impl Fn(&mut Form) -> Result<()>, done: impl Fn(&Value) -> bool) -> Result<()> {
        let mut sent = false;
        persist(path, || {
            if done(&self.case(case)?) {
                return Ok(Some(()));
            }
            if sent {
                return Ok(None);
            }
            let page = self.browser.get(&format!("/case/{case}/{path}"))?.good()?;
            let mut form = page.form_with(field)?;
            fill(&mut form)?;
            self.browser.submit(&form)?.good()?;
            sent = true;
            Ok(None)
        })
    }

    /// Orders the fee and presses the button on the sandbox's page, until the court has entered it.
    pub fn pay(&self, case: &str) -> Result<()> {
        persist("pay the fee", || {
            if self.case(case)?["fee"]["paid"] == true {
                return Ok(Some(()));
            }
            let page = self.browser.get(&format!("/case/{case}/fee"))?.good()?;
            // Without the form it was paid, and the court has still to enter it.
            let Ok(form) = page.form_with("pay") else { return Ok(None) };
            let page = self.browser.submit(&form)?.good()?;
            let form = page.form_with("confirm")?;
            self.browser.submit(&form)?.good()?;
            Ok(None)
        })
    }
}

/// A member of the court's staff at the workbench.
pub struct Staff {
    pub browser: Browser,
    login: String,
    csrf: RefCell<String>,
}

impl Staff {
    pub fn new(court: &str, login: &str) -> Self {
        Self { browser: Browser::new(court), login: login.into(), csrf: RefCell::default() }
    }

    /// The code that the sandbox's authenticator shows.
    pub fn code(&self) -> Result<String> {
        let found = self.browser.json("/sandbox/codes")?;
        let mut rows = found["codes"].as_array().context("codes of the sandbox")?.iter();
        let own = rows.find(|row| row["login"] == self.login.as_str()).with_context(|| format!("no code for {}", self.login))?;
        own["code"].as_str().map(str::to_owned).context("a code")
    }

    /// Signs in with password and code.
    pub fn sign_in(&self) -> Result<()> {
        persist("sign in", || {
            let body = json!({"login": self.login, "password": crate::people::DEMO_PASSWORD, "code": self.code()?});
            let (status, answer) = self.browser.post_json("/api/login", None, &body)?;
            if status != 200 {
                bail!("{answer}");
            }
            *self.csrf.borrow_mut() = answer["csrf"].as_str().context("csrf")?.to_owned();
            Ok(Some(()))
        })
    }

    /// The file as the workbench shows it: `case`, `events`, `items`, `root`, `steps`.
    pub fn file(&self, id: &str) -> Result<Value> {
        self.browser.json(&format!("/api/case/{id}"))
    }

    /// The case itself.
    pub fn case(&self, id: &str) -> Result<Value> {
        Ok(self.file(id)?["case"].take())
    }

    fn post(&self, path: &str, body: &Value) -> Result<(u16, Value)> {
        let csrf = self.csrf.borrow().clone();
        self.browser.post_json(path, Some(&csrf), body)
    }

    /// Takes a step until `done` holds of the case. A refusal is an error at once, unless the step stands already.
    pub fn act(&self, case: &str, command: &Value, done: impl Fn(&Value) -> bool) -> Result<()> {
        self.act_for(case, command, None, done)
    }

    /// [`Staff::act`] for a person at the counter.
    pub fn act_for(&self, case: &str, command: &Value, person: Option<&str>, done: impl Fn(&Value) -> bool) -> Result<()> {
        let step = command["step"].as_str().unwrap_or("step").to_owned();
        persist(&step, || {
            let now = self.case(case)?;
            if done(&now) {
                return Ok(Some(()));
            }
            let body = json!({"command": command, "expected": now["version"], "code": self.code()?, "for_person": person});
            let (status, answer) = self.post(&format!("/api/case/{case}/act"), &body)?;
            if status == 200 {
                return Ok(done(&self.case(case)?).then_some(()));
            }
            bail!("{status} {answer}")
        })
    }

    /// Tries a step that must be refused; what the refusal says.
    pub fn refused(&self, case: &str, command: &Value) -> Result<String> {
        persist("a refusal", || {
            let body = json!({"command": command, "expected": self.case(case)?["version"], "code": self.code()?, "for_person": null});
            let (status, answer) = self.post(&format!("/api/case/{case}/act"), &body)?;
            if status != 422 {
                bail!("{} was not refused: {status} {answer}", command["step"]);
            }
            Ok(Some(answer.to_string()))
        })
    }

    /// Packs and archives the case.
    pub fn archive(&self, case: &str) -> Result<()> {
        persist("archive_case", || {
            let now = self.case(case)?;
            if !now["archiving"].is_null() {
                return Ok(Some(()));
            }
            let (status, answer) = self.post(&format!("/api/case/{case}/archive"), &json!({"expected": now["version"], "code": self.code()?}))?;
            if status == 200 { Ok(None) } else { bail!("{status} {answer}") }
        })
    }

    /// Runs the demo's clock forward to nine in the morning of a day.
    pub fn day(&self, day: Date) -> Result<()> {
        self.clock(day.at(9, 0, 0, 0))
    }

    /// Runs the demo's clock forward.
    pub fn clock(&self, to: jiff::civil::DateTime) -> Result<()> {
        let to = jiff::tz::Offset::constant(8).to_timestamp(to)?;
        persist("clock", || {
            let now = self.browser.json("/api/clock")?;
            let stands: jiff::Timestamp = now["now"].as_str().context("the clock")?.parse()?;
            if stands >= to {
                return Ok(Some(()));
            }
            let (status, answer) = self.post("/api/clock", &json!({"to": to}))?;
            if status == 200 { Ok(None) } else { bail!("{answer}") }
        })
    }
}

/// The page says these words.
pub fn says(page: &Page, words: &str) -> Result<()> {
    if page.words().contains(words) {
        return Ok(());
    }
    bail!("{} does not say “{words}”: {}", page.path, page.words().chars().take(400).collect::<String>())
}
