//! 签名验证码: whoever signs what disposes of his rights types a code that the court itself sent to the telephone that it has of
//! him. The portal carries the code back and never saw it before. What is left to a portal that lies: it may say that a party
//! has another telephone, or an agent; the court then tells the telephone that it knew ([`warn`]).
//!
//! A code is for one account, one party, one step and one text; it ends after ten minutes, five wrong tries, or once it was used. Codes
//! live in real time, as sessions and TOTP do.
use crate::message::{self, Text};
use crate::store::codes::{self, Code, For};
use crate::store::persons;
use crate::{Court, Error, store};
use exchange::message::{Card, CodeWanted, Request};
use jiff::{SignedDuration, Timestamp};
use procedure::step::{ConfirmRecord, Facts};
use procedure::{Actor, Case, Command, Refusal};
use storage::{Tx, secret};
use uuid::Uuid;

/// How long a code is good.
const LASTS: SignedDuration = SignedDuration::from_mins(10);
/// Wrong tries after which it is good for nothing.
const TRIES: u64 = 5;
/// Between two codes for the same thing.
const PAUSE: SignedDuration = SignedDuration::from_secs(30);
/// Codes for one thing; after that it is signed at the counter.
const MOST: u64 = 20;

impl Code {
    /// Can it still be used?
    fn open(&self, now: Timestamp) -> bool {
        !self.digest.is_empty() && now <= self.ends && self.tries < TRIES
    }
}

/// What is signed and for whom: the same for the code and for the signature. None: there is nothing to sign.
fn object(case: &Case, by: &Actor, command: &Command) -> Option<String> {
    let Command::ConfirmRecord(confirm) = command else { return None };
    let number = confirm.hearing.or_else(|| case.hearing().map(|hearing| hearing.number))?;
    let record = case.hearings.iter().find(|hearing| hearing.number == number)?.record.as_ref()?;
    let party = by.for_person.unwrap_or(by.person);
    record.closed_at.map(|_| format!("{party}/{number}/{}", record.digest))
}

fn digest(zone: &Court, of: For<'_>, object: &str, code: &str) -> String {
    zone.vault().keyed(&["signature code", of.court, &of.case.to_string(), &of.account.to_string(), of.step, object, code])
}

/// Six digits, each as likely as any.
fn six() -> String {
    loop {
        let number = u32::from_be_bytes(secret::random::<4>());
        if number < 4_294_000_000 {
            return format!("{:06}", number % 1_000_000);
        }
    }
}

/// Sends a code to who asks for one and may take the step. Whoever may not, gets nothing, and nothing is told.
pub(crate) fn send(tx: &mut Tx, zone: &Court, wanted: &CodeWanted) -> Result<(), Error> {
    let real = storage::Clock::real_now();
    let Some(step) = procedure::step::step(&wanted.step).filter(|step| step.disposes()) else { return Ok(()) };
    // One that lay at the bridge for long is not wanted any more.
    if !zone.courts().contains(&wanted.court) || real.duration_since(wanted.at) > LASTS {
        return Ok(());
    }
    let of = For { court: &wanted.court, case: wanted.case, account: wanted.account, step: step.name };
    let case = store::case(tx, of.court, of.case)?;
    let links = persons::links(tx, of.court, of.case)?;
    let by = persons::actor(&case, &links, of.account, wanted.for_person);
    let command = Command::ConfirmRecord(ConfirmRecord::default());
    // As if he signed now: who has nothing to sign needs no code.
    let could = procedure::step::decide(&case, &command, &by, zone.law(), &Facts::at(zone.now())).is_ok();
    let Some(object) = object(&case, &by, &command).filter(|_| could) else { return Ok(()) };
    let before = codes::get(tx, of)?;
    let asked = before.as_ref().map_or(0, |code| code.asked);
    // One that is still good is on its way; one that is spent is replaced at once.
    let on_its_way = |code: &Code| code.open(real) && real.duration_since(code.sent) < PAUSE;
    if asked >= MOST || before.as_ref().is_some_and(on_its_way) {
        return Ok(());
    }
    let Some(card) = zone.vault().find(tx, of.court, of.case, by.person)?.filter(|card| !card.phone.is_empty()) else { return Ok(()) };
    let code = six();
    let ends = real.checked_add(LASTS).map_err(|_| Error::Corrupt("the machine's clock"))?;
    let kept = Code { digest: digest(zone, of, &object, &code), object, sent: real, ends, tries: 0, asked: asked + 1 };
    codes::put(tx, of, &kept)?;
    let number = case.number.as_deref().map_or_else(|| case.receipt_no.clone(), crate::full_width);
    let text = format!(
        "【{}】验证码{code}，用于{number}案件“{}”，十分钟内有效。不是您本人办理的，不要告诉任何人，请打12368。",
        zone.court_name(of.court),
        step.zh
    );
    message::queue(tx, zone, of.court, &Text { id: Uuid::now_v7(), phone: &card.phone, about: "签名验证码", text: &text }, zone.now())?;
    Ok(())
}

/// Does the request carry the code that it needs? `Some`: why not. A wrong one is counted.
pub(crate) fn lacking(tx: &mut Tx, zone: &Court, (case, by): (&Case, &Actor), request: &Request) -> Result<Option<Refusal>, Error> {
    let step = request.command.step();
    if !step.disposes() {
        return Ok(None);
    }
    let of = For { court: &request.court, case: request.case, account: request.account, step: step.name };
    let refused = |zh: &str| Some(Refusal::FieldInvalid { field: "sign_code".into(), zh: zh.into(), rule: "R-IDC-02".into() });
    let real = storage::Clock::real_now();
    let Some(code) = codes::get(tx, of)? else {
        return Ok(refused("请先获取法院发到您手机上的验证码，再签名。"));
    };
    if !code.open(real) || object(case, by, &request.command).as_ref() != Some(&code.object) {
        return Ok(refused("验证码已经失效，请重新获取，再签名。"));
    }
    let typed: String = request.code.chars().filter(char::is_ascii_digit).collect();
    if digest(zone, of, &code.object, &typed) != code.digest {
        codes::tried(tx, of)?;
        return Ok(refused("验证码不对。请核对法院发来的短信，重新办理；收不到短信的，可以到窗口签名。"));
    }
    Ok(None)
}

/// The signature stands: its code is used.
pub(crate) fn used(tx: &mut Tx, request: &Request) -> Result<(), Error> {
    let step = request.command.step();
    if step.disposes() {
        codes::end(tx, For { court: &request.court, case: request.case, account: request.account, step: step.name })?;
    }
    Ok(())
}

/// 告知本人: tells the telephone that the court knew of a party what was changed in his name, so that he learns of it even if it
/// was not he.
pub(crate) fn warn(tx: &mut Tx, zone: &Court, case: &Case, (known, what): (&Card, &str)) -> Result<(), Error> {
    if known.phone.is_empty() {
        return Ok(());
    }
    let number = case.number.as_deref().map_or_else(|| case.receipt_no.clone(), crate::full_width);
    let text = format!("【{}】{number}案件：{what}。不是您本人办理的，请马上打12368。", zone.court_name(&case.court));
    message::queue(tx, zone, &case.court, &Text { id: Uuid::now_v7(), phone: &known.phone, about: "告知本人", text: &text }, zone.now()).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_six_digits() {
        for _ in 0..100 {
            let code = six();
            assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
        }
    }
}
