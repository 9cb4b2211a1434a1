//! 法院短信: what the court zone tells people on their telephones. The portal never sees it.
//!
//! Way of a message: [`queue`] in the transaction that owes it; [`Court::send_messages`] hands it to the carrier and notes
//! that; killed between the two it goes again under the same id, by which the carrier knows it. What a carrier will never take
//! is put aside for the system administrator, not dropped.
use crate::staff::{self, Member};
use crate::store::messages::{self, MessageRow};
use crate::{Court, Error, desk, store};
use exchange::messenger::{Address, Message};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use procedure::step::day_of;
use serde::{Deserialize, Serialize};
use storage::Tx;
use uuid::Uuid;

/// One line for carriers that want a subject; telephones do not show it.
const SUBJECT: &str = "人民法院";
/// Staff are told of their tasks from this hour on.
const MORNING: i8 = 8;
/// Longest pause between two tries.
const PAUSE: SignedDuration = SignedDuration::from_hours(1);

/// A text to be sent.
pub struct Text<'a> {
    /// The same whenever the same thing is told: it is told once.
    pub id: Uuid,
    pub phone: &'a str,
    /// What it is about, in a word that gives nothing away.
    pub about: &'a str,
    pub text: &'a str,
}

#[derive(Serialize, Deserialize)]
struct Inside {
    phone: String,
    text: String,
}

/// A message as the demo's telephone shows it.
#[derive(Debug, Clone, Serialize)]
pub struct Shown {
    pub phone: String,
    pub text: String,
    pub created: Timestamp,
}

/// `139****0001`: enough to know it again.
pub fn covered(phone: &str) -> String {
    let digits: Vec<char> = phone.chars().collect();
    match digits.len() {
        11 => digits.iter().enumerate().map(|(place, digit)| if (3..7).contains(&place) { '*' } else { *digit }).collect(),
        _ => "*".repeat(digits.len()),
    }
}

/// Queues a message in this transaction. False: it was queued before.
pub(crate) fn queue(tx: &mut Tx, zone: &Court, court: &str, text: &Text<'_>, now: Timestamp) -> Result<bool, Error> {
    let inside = serde_json::to_vec(&Inside { phone: text.phone.to_owned(), text: text.text.to_owned() })?;
    let row = MessageRow {
        court: court.to_owned(),
        id: text.id,
        about: text.about.to_owned(),
        shown: covered(text.phone),
        sealed: zone.vault().seal_bytes(&inside, &bound(text.id))?,
        created: now,
        attempts: 0,
        // Carriers live in real time, whatever the demo's clock plays.
        next_try: Some(storage::Clock::real_now()),
        last_error: None,
        sent_at: None,
    };
    messages::put(tx, &row)
}

fn bound(id: Uuid) -> String {
    format!("message/{id}")
}

impl Court {
    fn inside(&self, row: &MessageRow) -> Result<Inside, Error> {
        Ok(serde_json::from_slice(&self.vault().open_bytes(&row.sealed, &bound(row.id))?)?)
    }

    /// Hands what is due to the carriers, at most 32 messages a court; how many they took. Blocks; call until it says 0.
    pub fn send_messages(&self) -> Result<usize, Error> {
        let mut taken = 0;
        for court in self.courts().to_vec() {
            let due = self.db().read_blocking(move |tx| messages::due(tx, &court, storage::Clock::real_now()))?;
            for row in due {
                let Inside { phone, text } = self.inside(&row)?;
                let message = Message { id: row.id, to: Address::Phone(phone), subject: SUBJECT.to_owned(), text, created: row.created };
                taken += usize::from(self.hand_over(&row, &message)?);
            }
        }
        Ok(taken)
    }

    fn hand_over(&self, row: &MessageRow, message: &Message) -> Result<bool, Error> {
        let (court, id, now) = (row.court.clone(), row.id, self.now());
        match self.messenger().send(message) {
            Ok(sent) => {
                self.db().write_blocking(move |tx| messages::sent(tx, &court, id, now, &sent.reference))?;
                Ok(true)
            }
            Err(error) => {
                tracing::warn!(%id, %error, transient = error.is_transient(), "a message was not sent");
                let pause = storage::jobs::backoff(row.attempts + 1).min(PAUSE);
                let next = error.is_transient().then(|| storage::Clock::real_now().saturating_add(pause)).transpose();
                let next = next.map_err(|_| Error::Corrupt("the machine's clock"))?;
                let reason = error.to_string();
                self.db().write_blocking(move |tx| messages::failed(tx, &court, id, next, &reason))?;
                Ok(false)
            }
        }
    }

    /// 待办提醒: once on each working day, from eight in the morning, tells staff who have a telephone on record how many tasks
    /// wait for them, and nothing of any case. How many were told.
    pub fn tell_staff(&self) -> Result<usize, Error> {
        let now = self.now();
        let (today, hour) = (day_of(now), Offset::constant(8).to_datetime(now).hour());
        if hour < MORNING || !self.law().calendar.works(today).works {
            return Ok(0);
        }
        let mut told = 0;
        for court in self.courts().to_vec() {
            let zone = self.clone();
            let day = today.to_string();
            let known = self.db().read_blocking({
                let court = court.clone();
                move |tx| store::setting(tx, &court, "staff-told")
            })?;
            if known.as_deref() != Some(day.as_str()) {
                told += self.db().write_blocking(move |tx| tell_court(tx, &zone, &court, &day, now))?;
            }
        }
        Ok(told)
    }

    /// The last messages of a court for its administrator: no numbers, no texts.
    pub async fn messages(&self, by: &Member, court: String) -> Result<Vec<MessageRow>, Error> {
        staff::administers(self, by, &court)?;
        self.db().read(move |tx| messages::latest(tx, &court)).await
    }

    /// Sends a message that was put aside, or waits, on its way at once. False: it went already.
    pub async fn send_again(&self, by: &Member, court: String, id: Uuid) -> Result<bool, Error> {
        staff::administers(self, by, &court)?;
        self.db().write(move |tx| messages::again(tx, &court, id, storage::Clock::real_now())).await
    }

    /// A message that says that messages arrive.
    pub async fn test_message(&self, by: &Member, phone: String) -> Result<(), Error> {
        staff::administers(self, by, &by.court)?;
        staff::check_phone(&phone)?;
        let (zone, court, now) = (self.clone(), by.court.clone(), self.now());
        let id = Uuid::now_v7();
        self.db()
            .write(move |tx| {
                let text = format!("【{}】这是一条测试短信，收到即说明本院短信可以送达。", zone.court_name(&court));
                queue(tx, &zone, &court, &Text { id, phone: &phone, about: "测试", text: &text }, now).map(drop)
            })
            .await
    }

    /// What the demo's telephones of the court zone show, newest first. Outside of a demo nobody reads messages.
    pub async fn sandbox_messages(&self) -> Result<Option<Vec<Shown>>, Error> {
        if !self.is_demo() {
            return Ok(None);
        }
        let zone = self.clone();
        let shown = self
            .db()
            .read(move |tx| {
                let mut all = Vec::new();
                for court in zone.courts() {
                    for row in messages::latest(tx, court)? {
                        let Inside { phone, text } = zone.inside(&row)?;
                        all.push(Shown { phone, text, created: row.created });
                    }
                }
                all.sort_by_key(|message| std::cmp::Reverse(message.created));
                Ok::<_, Error>(all)
            })
            .await?;
        Ok(Some(shown))
    }
}

/// Queues the day's reminders of one court; that the day was told is the same commit.
fn tell_court(tx: &mut Tx, zone: &Court, court: &str, day: &str, now: Timestamp) -> Result<usize, Error> {
    let name = zone.court_name(court);
    let mut told = 0;
    for (member, phone) in staff::reachable(tx, zone, court)? {
        let tasks = desk::tasks_of(tx, &member)?;
        if tasks.is_empty() {
            continue;
        }
        let due = tasks.iter().filter(|task| task.due.is_some_and(|due| due.to_string().as_str() <= day)).count();
        let urgent = if due > 0 { format!("，其中 {due} 件今天到期或者已经到期") } else { String::new() };
        let text = format!("【{name}】您有 {} 件待办{urgent}。请登录办案平台办理。", tasks.len());
        let id = Uuid::new_v5(&member.id.0, format!("tasks/{day}").as_bytes());
        told += usize::from(queue(tx, zone, court, &Text { id, phone: &phone, about: "待办提醒", text: &text }, now)?);
    }
    store::put_setting(tx, court, "staff-told", day)?;
    Ok(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_in_a_list_is_covered() {
        assert_eq!(covered("13900000001"), "139****0001");
        assert_eq!(covered("12345"), "*****");
    }
}
