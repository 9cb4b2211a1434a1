//! 通知: what leaves for telephones and mailboxes. A message says that there is something to look at and where, nothing of
//! what it is: whoever reads over a shoulder learns no name, no cause, no decision. It is notice, not service (R-SVC-18).
use crate::store::accounts::AccountRow;
use crate::store::messages::{self, Channel, Due, What};
use crate::{Error, Portal};
use exchange::messenger::{Address, Message};
use jiff::{SignedDuration, Timestamp};
use procedure::PersonId;
use storage::{Clock, Tx};

/// One line over the text of a mail; telephones do not show it.
const SUBJECT: &str = "人民法院在线服务";
/// Tries of a notice; with pauses of an hour at most they last about a day.
const TRIES: u32 = 30;

/// Tells the person: on the telephone, and at the mailbox that he confirmed.
pub(crate) fn tell(tx: &mut Tx, account: &AccountRow, text: &str, now: Timestamp) -> Result<(), Error> {
    let what = What::Notice { account: account.id };
    let text = format!("【人民法院在线服务】{text}");
    messages::put(tx, Channel::Phone, &account.phone, &text, what, now)?;
    if account.email.is_empty() { Ok(()) } else { messages::put(tx, Channel::Email, &account.email, &text, what, now) }
}

impl Portal {
    /// Hands one message to the carrier, the newest that is due: of the codes, or of the notices. Each kind has a worker of its
    /// own, so that mailboxes which take nothing never keep a code waiting. How many were tried. Blocks.
    pub fn send_message(&self, codes: bool) -> Result<usize, Error> {
        let now = Clock::real_now();
        let (due, over) =
            self.db().read_blocking(move |tx| Ok::<_, Error>((messages::due(tx, codes, now)?, codes && messages::any_over(tx, now)?)))?;
        if over {
            self.db().write_blocking(move |tx| messages::blank_over(tx, now))?;
            return Ok(1);
        }
        let Some(due) = due else { return Ok(0) };
        let to = match due.channel {
            Channel::Phone => Address::Phone(due.to.clone()),
            Channel::Email => Address::Email(due.to.clone()),
        };
        // The id and the time are those of the row: a try after a lost answer is the same message to whoever carries it.
        let message = Message { id: due.id, to, subject: SUBJECT.into(), text: due.text.clone(), created: due.created };
        let sent = self.config().messenger.send(&message);
        let (at, keeps) = (self.now(), self.config().messenger.is_sandbox());
        self.db().write_blocking(move |tx| match &sent {
            Ok(_) => {
                messages::sent(tx, due.id, at)?;
                // The sandbox's telephone is the table itself: there a code is shown until it expires.
                if due.code && !keeps { messages::blank(tx, due.id) } else { Ok(()) }
            }
            Err(error) => {
                let again = next_try(&due, now).filter(|_| error.is_transient());
                tracing::warn!(id = %due.id, %error, given_up = again.is_none(), "message not sent");
                messages::not_sent(tx, due.id, again, &error.to_string())
            }
        })?;
        Ok(1)
    }

    /// Notices to this account that never went out.
    pub async fn lost_notices(&self, account: PersonId) -> Result<Vec<messages::Message>, Error> {
        self.db().read(move |tx| messages::lost(tx, account)).await
    }
}

/// When a message is tried again; `None`: it is given up. A code is tried soon again, for it lives for minutes.
fn next_try(due: &Due, now: Timestamp) -> Option<Timestamp> {
    if due.attempts + 1 >= TRIES {
        return None;
    }
    let first = SignedDuration::from_secs(if due.code { 2 } else { 30 });
    let pause = first.saturating_mul(1 << due.attempts.min(11)).min(SignedDuration::from_hours(1));
    now.checked_add(pause).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_an_hour_and_a_notice_is_given_up_after_a_day() {
        let now = Timestamp::constant(1_772_409_600, 0);
        let due = |attempts, code| Due {
            id: uuid::Uuid::nil(),
            to: String::new(),
            channel: Channel::Phone,
            text: String::new(),
            created: now,
            code,
            attempts,
        };
        let pause = |attempts, code| next_try(&due(attempts, code), now).map(|next| next.duration_since(now).as_secs());
        assert_eq!((pause(0, true), pause(3, true)), (Some(2), Some(16)));
        assert_eq!((pause(0, false), pause(1, false), pause(20, false)), (Some(30), Some(60), Some(3600)));
        let all: i64 = (0..TRIES).filter_map(|attempts| pause(attempts, false)).sum();
        assert!((20..30).contains(&(all / 3600)), "{all} seconds");
        assert_eq!(pause(TRIES - 1, false), None);
    }
}
