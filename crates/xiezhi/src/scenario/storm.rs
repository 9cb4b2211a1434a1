//! 重试: one submission sent a thousand times at once, from two devices, the server killed in the midst. What comes of it is one
//! receipt number; that it is one case and one fee the rest of the story checks.
use super::browser::{Browser, Form};
use super::people::{Citizen, persist};
use super::server::Server;
use anyhow::{Context, Result, bail, ensure};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Connections at one time.
const HANDS: usize = 64;
/// How long one retry is tried again while the server is away.
const PATIENCE: Duration = Duration::from_secs(120);

/// A storm to come.
pub struct Storm {
    retries: usize,
    restart: Box<dyn Fn() + Send + Sync>,
}

/// What became of the retries.
#[derive(Default)]
struct Count {
    before: AtomicUsize,
    after: AtomicUsize,
}

impl Storm {
    /// So many retries against this server.
    pub fn new(server: &Server, retries: usize) -> Self {
        Self { retries, restart: Box::new(server.restarter()) }
    }

    /// Sends the form of the review page from both devices of a person; how it went, in words.
    pub fn submit(&self, person: &Citizen, form: &Form) -> Result<String> {
        let other = person.other_device();
        persist("sign in at the second device", || other.sign_in().map(Some))?;
        let draft = form.action.split('/').nth(2).context("the draft's address")?;
        let page = other.browser.get(&format!("/file/{draft}/review"))?.good()?;
        let mut second = page.form_to("/submit")?;
        second.choose_all();
        let (count, sent) = (Count::default(), AtomicUsize::new(0));
        let numbers = std::thread::scope(|scope| {
            let hands: Vec<_> = (0..HANDS)
                .map(|hand| {
                    let (browser, form) = if hand % 2 == 0 { (person.browser.window(), form) } else { (other.browser.window(), &second) };
                    let (count, sent) = (&count, &sent);
                    scope.spawn(move || self.hand(&browser, form, sent, count))
                })
                .collect();
            let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
            for hand in hands {
                for (number, times) in hand.join().map_err(|_| anyhow::anyhow!("a hand of the storm panicked"))?? {
                    *numbers.entry(number).or_default() += times;
                }
            }
            Ok::<_, anyhow::Error>(numbers)
        })?;
        let answered: usize = numbers.values().sum();
        ensure!(answered == self.retries, "{answered} of {} retries were answered", self.retries);
        let (before, after) = (count.before.into_inner(), count.after.into_inner());
        ensure!(before > 0 && after > 0, "the restart was not in their midst: {before} before, {after} after");
        let only: Vec<&String> = numbers.keys().collect();
        let [number] = only.as_slice() else { bail!("one submission got {} receipt numbers: {only:?}", only.len()) };
        Ok(format!("{answered} 次重试，两台设备，其间 kill -9 一次（此前答复 {before} 次，此后 {after} 次）：只有一个收件编号 {number}"))
    }

    /// One hand takes the next retry until all are sent; receipt numbers with how often each was given.
    fn hand(&self, browser: &Browser, form: &Form, sent: &AtomicUsize, count: &Count) -> Result<BTreeMap<String, usize>> {
        let mut numbers = BTreeMap::new();
        loop {
            let turn = sent.fetch_add(1, Ordering::SeqCst);
            if turn >= self.retries {
                return Ok(numbers);
            }
            if turn == self.retries / 3 {
                (self.restart)();
            }
            let early = turn < self.retries / 3;
            *numbers.entry(retry(browser, form)?).or_default() += 1;
            if early { &count.before } else { &count.after }.fetch_add(1, Ordering::SeqCst);
        }
    }
}

/// Sends the form until the server answers it with a receipt.
fn retry(browser: &Browser, form: &Form) -> Result<String> {
    let since = Instant::now();
    loop {
        let page = browser.submit(form)?;
        if let Some(number) = page.path.strip_prefix("/receipt/").filter(|_| page.status == 200) {
            return Ok(number.split('?').next().unwrap_or(number).to_owned());
        }
        // A server that is just being killed or started may say so; anything else is its answer.
        let away = page.status >= 500 && since.elapsed() < PATIENCE;
        ensure!(away, "a retry was answered with {} at {}: {}", page.status, page.path, page.words().chars().take(200).collect::<String>());
        std::thread::sleep(Duration::from_millis(20));
    }
}
