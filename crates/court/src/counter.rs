//! 窗口: what a clerk confirms with his own signature beside any case: an identity card that he saw, money that went back.
use crate::receive::{answer, send};
use crate::staff::{Member, take_code};
use crate::store::counter::{self, CheckRow, Payment};
use crate::store::{self, NewTask};
use crate::{Court, Error};
pub use exchange::message::CardVerdict;
use exchange::message::{Card, CardSeen, Outcome, Paid, ToPortal};
use jiff::Timestamp;
use procedure::{CaseId, Office, PersonId, Refusal, identity};
use storage::Tx;
use uuid::Uuid;

/// An identity card as a clerk saw it.
#[derive(Debug, Clone)]
pub struct Seen {
    /// 核对编号, as the person said it.
    pub reference: String,
    pub name: String,
    pub number: String,
}

/// A card that was seen, with the name from the vault.
#[derive(Debug, Clone)]
pub struct Check {
    pub row: CheckRow,
    pub name: String,
}

fn at_counter(member: &Member, step: &str) -> Result<(), Error> {
    match member.office {
        Office::FilingClerk | Office::Clerk => Ok(()),
        Office::Judge | Office::President | Office::Platform | Office::SystemAdministrator => Err(Refusal::NotYours { step: step.to_owned() }.into()),
    }
}

fn invalid(field: &str, zh: impl Into<String>, rule: &str) -> Error {
    Refusal::FieldInvalid { field: field.to_owned(), zh: zh.into(), rule: rule.to_owned() }.into()
}

impl Court {
    /// A clerk saw a person with the identity card, and signs with a fresh code; the portal, which knows the account, is told
    /// (R-IDC-01, second path; R-IDC-06). Both names are on record: the person's in the vault.
    pub async fn see_card(&self, member: &Member, code: String, seen: Seen) -> Result<Uuid, Error> {
        at_counter(member, "核对身份")?;
        let seen = checked(seen)?;
        let (zone, who, id) = (self.clone(), member.clone(), Uuid::now_v7());
        self.signing(member, move |tx| {
            take_code(tx, &zone, &who, &code)?;
            let now = zone.now();
            let card = Card { person: PersonId(id), name: seen.name.clone(), number: seen.number.clone(), ..Card::default() };
            // It belongs to no case: the check's own id stands in its place.
            store::persons::put_card(tx, &who.court, CaseId(id), PersonId(id), &zone.vault().seal(&card)?)?;
            let row = CheckRow { id, reference: seen.reference.clone(), clerk: who.name.clone(), at: now, verdict: None };
            counter::put_check(tx, &who.court, &row, who.id)?;
            let told = CardSeen {
                check: id,
                court: who.court.clone(),
                court_name: zone.court_name(&who.court),
                clerk: who.name.clone(),
                reference: seen.reference.clone(),
                name: seen.name.clone(),
                number: seen.number.clone(),
                at: now,
            };
            send(tx, &zone, &who.court, &ToPortal::CardSeen(told), &[])?;
            Ok(id)
        })
        .await
    }

    /// The last cards that were seen in a member's court.
    pub async fn cards_seen(&self, member: &Member) -> Result<Vec<Check>, Error> {
        at_counter(member, "核对身份")?;
        let (zone, court) = (self.clone(), member.court.clone());
        self.db()
            .read(move |tx| {
                let rows = counter::checks(tx, &court)?;
                rows.into_iter().map(|row| Ok(Check { name: zone.vault().card(tx, &court, CaseId(row.id), PersonId(row.id))?.name, row })).collect()
            })
            .await
    }

    /// A payment of this court that the portal told of.
    pub async fn payment(&self, member: &Member, id: Uuid) -> Result<Option<Payment>, Error> {
        at_counter(member, "登记退款")?;
        let court = member.court.clone();
        self.db().read(move |tx| counter::payment_by_id(tx, &court, id)).await
    }

    /// Money that was not due went back; signed with a fresh code. The payer is told.
    pub async fn return_payment(&self, member: &Member, code: String, id: Uuid, no: &str) -> Result<(), Error> {
        at_counter(member, "登记退款")?;
        let no = no.trim().to_owned();
        if no.is_empty() || no.chars().count() > 64 {
            return Err(invalid("no", "请填写退款凭证号。", "R-FEE-15"));
        }
        let (zone, who) = (self.clone(), member.clone());
        self.signing(member, move |tx| {
            take_code(tx, &zone, &who, &code)?;
            let court = who.court.as_str();
            let payment = counter::payment_by_id(tx, court, id)?.ok_or(Refusal::NoSuchCase)?;
            let Some(refused) = &payment.refused else {
                return Err(invalid("no", "这笔款项已经作为受理费入账，不用退还。", "R-FEE-15"));
            };
            if !counter::payment_returned(tx, court, &payment.reference, &no, &who.name, zone.now())? {
                return Err(invalid("no", "这笔款项已经登记退还。", "R-FEE-15"));
            }
            store::close_task(tx, court, &task_id(&payment.reference), who.id, zone.now())?;
            let zh = format!("{refused}已经退还，凭证号 {no}。");
            answer(tx, &zone, court, payment.id, payment.account, Outcome::Refused { zh, field: None })
        })
        .await
    }
}

/// What can be on a card, in its usual form.
fn checked(seen: Seen) -> Result<Seen, Error> {
    let reference: String = seen.reference.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase();
    if reference.len() != 8 {
        return Err(invalid("reference", "核对编号有 8 位字母和数字，在当事人手机的“我的账号”页面上。", "R-IDC-01"));
    }
    let name = seen.name.trim().to_owned();
    if name.chars().count() < 2 {
        return Err(invalid("name", "请照身份证填写姓名。", "R-IDC-01"));
    }
    let resident = identity::resident(&seen.number).map_err(|error| invalid("number", error.to_string(), "R-IDC-05"))?;
    Ok(Seen { reference, name, number: resident.number })
}

fn task_id(reference: &str) -> String {
    format!("return_payment/{reference}")
}

/// What the portal told was paid, and what the court makes of it. Told again under the same reference nothing happens again.
pub(crate) fn paid(tx: &mut Tx, zone: &Court, told: &Paid, decide: impl FnOnce(&mut Tx) -> Result<Outcome, Error>) -> Result<Outcome, Error> {
    if let Some(before) = counter::payment(tx, &told.court, &told.reference)? {
        return Ok(match before.refused {
            Some(zh) => Outcome::Refused { zh, field: None },
            None => Outcome::Done { case: before.case, version: store::case(tx, &told.court, before.case)?.version },
        });
    }
    let outcome = decide(tx)?;
    let refused = match &outcome {
        Outcome::Done { .. } => None,
        Outcome::Refused { zh, .. } => Some(zh.clone()),
        Outcome::Stale { .. } => Some("案件情况变了，这笔款项没有入账。".to_owned()),
    };
    let refused = refused.map(|zh| format!("{zh}您付的 {} 法院已经记录，由工作人员退还，不用您申请。", told.amount));
    let payment = Payment {
        reference: told.reference.clone(),
        id: told.submission,
        case: told.case,
        account: told.account,
        amount: told.amount,
        at: told.at,
        refused: refused.clone(),
        return_no: None,
        returned_at: None,
        returned_by: None,
    };
    counter::put_payment(tx, &told.court, &payment)?;
    let Some(zh) = refused else { return Ok(outcome) };
    open_return(tx, &payment, &told.court, &zh, zone.now())?;
    Ok(Outcome::Refused { zh, field: None })
}

/// Money that was not due goes back: a clerk's task, never silence.
fn open_return(tx: &mut Tx, payment: &Payment, court: &str, why: &str, now: Timestamp) -> Result<(), Error> {
    let task = NewTask {
        id: task_id(&payment.reference),
        case: payment.case,
        kind: "return_payment",
        office: Office::FilingClerk,
        title: format!("退还没有入账的 {}", payment.amount),
        detail: format!("支付流水号 {}。{why}", payment.reference),
        due: None,
        payload: serde_json::to_string(&payment.id)?,
    };
    store::open_task(tx, court, &task, now)
}
