//! 实名: who the person behind an account is. An authority says it, or a clerk at a counter who sees the person and the card;
//! either way stands alone, and who declines the face step loses nothing (R-IDC-01, R-IDC-06).
use crate::account::{Particulars, blocking};
use crate::store::accounts::{self, AccountRow, RealName};
use crate::{Account, Error, Portal, Problem, notify, sealed};
use exchange::identity::{Claim, Refused, Verdict};
use exchange::message::{CardSeen, CardVerdict};
use jiff::Timestamp;
use procedure::{PersonId, identity};
use storage::{Tx, secret};
use uuid::Uuid;

/// Letters and digits of a reference: none that is taken for another when it is read out.
const LETTERS: &[u8; 31] = b"23456789ABCDEFGHJKLMNPQRSTUVWXY";
/// Characters of a reference.
const REFERENCE: usize = 8;

/// Nobody alive is older: a number of such a birth was mistyped.
const OLDEST: i16 = 120;

impl Portal {
    /// Registers an account under the real name (R-IDC-01). `face`: consented to the face step (R-IDC-06); without it the
    /// person goes to a counter, and loses nothing.
    pub async fn register(&self, id: PersonId, name: &str, number: &str, face: bool) -> Result<RealName, Error> {
        let name = name.trim().to_owned();
        let number = self.adult(&name, number)?;
        // The same claim is the same check, whenever it is asked; another name or number is another.
        let check = Uuid::new_v5(&id.0, format!("{name}\n{number}").as_bytes());
        let verdict = self.asked(Claim { id: check, name: name.clone(), number: number.clone(), face }).await?;
        let (portal, now) = (self.clone(), self.now());
        self.db()
            .write(move |tx| {
                let mut row = accounts::by_id(tx, id)?.ok_or(Error::Missing("account"))?;
                if row.state.may_act() {
                    return Err(Error::input("name", "这个账号已经实名认证，不能再改。信息有误的，请到法院窗口更正。"));
                }
                let digest = sealed::digest(&portal.config().key, "identity number", &number);
                // Whatever an authority believes: one number is one person. A clerk may see that the name was changed.
                let other = accounts::name_of_number(tx, &digest, id)?.is_some_and(|known| known != name);
                if other && verdict != Verdict::AtCounter {
                    return Err(Error::input(Refused::Mismatch.field(), Refused::Mismatch.zh()));
                }
                accounts::set_number(tx, id, &digest)?;
                name.clone_into(&mut row.name);
                portal.note(&mut row, &number, &verdict, now)?;
                accounts::set_real_name(tx, &row)?;
                Ok(row.state)
            })
            .await
    }

    /// Asks the authority again, after the face step.
    pub async fn register_again(&self, account: &Account) -> Result<RealName, Error> {
        if account.real_name != RealName::Face {
            return Ok(account.real_name);
        }
        self.register(account.id, &account.name, &account.number, true).await
    }

    /// The number in its usual form, if it can be one and its holder acts for himself.
    fn adult(&self, name: &str, number: &str) -> Result<String, Error> {
        let mut problems = vec![];
        if name.chars().count() < 2 || name.chars().count() > 50 {
            problems.push(Problem { field: "name".into(), zh: "请填写身份证上的姓名。".into() });
        }
        let resident = match identity::resident(number) {
            Ok(resident) if resident.birth > self.today() => Err("身份证号里的出生日期还没有到，请核对。".to_owned()),
            Ok(resident) if resident.age(self.today()) > OLDEST => {
                Err(format!("身份证号里的出生日期是 {}，请核对；号码没有错的，请带身份证到法院窗口办理。", ui::zh::date_text(resident.birth)))
            }
            Ok(resident) if resident.age(self.today()) < 18 => Err("未满 18 周岁的，请由父母等法定代理人陪同到法院窗口办理。".to_owned()),
            Ok(resident) => Ok(resident.number),
            Err(error) => Err(error.to_string()),
        };
        match resident {
            Ok(number) if problems.is_empty() => Ok(number),
            Ok(_) => Err(Error::Input(problems)),
            Err(zh) => {
                problems.push(Problem { field: "number".into(), zh });
                Err(Error::Input(problems))
            }
        }
    }

    /// What the authority says. That it does not answer is nobody's fault here: there is another way, and it is said.
    async fn asked(&self, claim: Claim) -> Result<Verdict, Error> {
        let authority = self.config().authority.clone();
        match blocking(move || authority.confirm(&claim)).await? {
            Ok(Verdict::Refused(refused)) => Err(Error::input(refused.field(), refused.zh())),
            Ok(verdict) => Ok(verdict),
            Err(error) => {
                tracing::error!(%error, "the identity authority does not answer");
                Err(Error::input("name", "认证机构暂时没有回应，请过几分钟再试；也可以不勾选刷脸，带身份证到法院窗口核对。"))
            }
        }
    }

    /// What comes of a verdict.
    fn note(&self, row: &mut AccountRow, number: &str, verdict: &Verdict, now: Timestamp) -> Result<(), Error> {
        let authority = &self.config().authority;
        let mut particulars = Particulars { number: number.to_owned(), ..Particulars::default() };
        match verdict {
            Verdict::Confirmed { reference } => {
                row.state = if authority.is_sandbox() { RealName::Sandbox } else { RealName::Confirmed };
                row.confirmed_by = format!("已由{}核验（{reference}）", authority.name());
                row.confirmed_at = Some(now);
            }
            Verdict::Face { url } => {
                row.state = RealName::Face;
                url.clone_into(&mut particulars.face);
            }
            Verdict::AtCounter => {
                row.state = RealName::Counter;
                row.reference.get_or_insert_with(reference);
            }
            Verdict::Refused(refused) => return Err(Error::input(refused.field(), refused.zh())),
        }
        row.particulars = Some(sealed::seal(&self.config().key, &format!("account/{}", row.id), &particulars)?);
        Ok(())
    }
}

/// A clerk saw a person and the card: is it the person of the reference? (R-IDC-01, second path). Said twice it is so once.
pub(crate) fn card_seen(tx: &mut Tx, portal: &Portal, seen: &CardSeen, now: Timestamp) -> Result<CardVerdict, Error> {
    let Some(mut row) = accounts::by_reference(tx, &seen.reference)? else { return Ok(CardVerdict::Unknown) };
    let particulars: Particulars = match &row.particulars {
        Some(bytes) => sealed::open(&portal.config().key, &format!("account/{}", row.id), bytes)?,
        None => return Ok(CardVerdict::Unknown),
    };
    if row.name != seen.name.trim() || !particulars.number.eq_ignore_ascii_case(&seen.number) {
        return Ok(CardVerdict::Mismatch);
    }
    // The sandbox's word has no force; a clerk's has.
    if row.state != RealName::Confirmed {
        row.state = RealName::Confirmed;
        row.confirmed_by = format!("已由{}窗口核对（工作人员 {}）", seen.court_name, seen.clerk);
        row.confirmed_at = Some(seen.at);
        accounts::set_real_name(tx, &row)?;
        let url = &portal.config().public_url;
        notify::tell(tx, &row, &format!("窗口已经核对您的身份，可以在网上办理了：{url}/account"), now)?;
    }
    Ok(CardVerdict::Confirmed)
}

fn reference() -> String {
    secret::random::<REFERENCE>().iter().map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_read_out_without_mistakes() {
        let text = reference();
        assert_eq!(text.len(), REFERENCE);
        assert!(!text.contains(['0', 'O', '1', 'I', 'Z']), "{text}");
        assert_ne!(text, reference());
    }
}
