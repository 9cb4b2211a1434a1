//! 网上交费: an order to the payment provider, and word to the court once it was paid. The provider's reference is the key:
//! however often it is said that money came in, it is one submission. Whether it was due, the court decides.
use crate::account::blocking;
use crate::store::accounts;
use crate::store::cases::{self, Submission};
use crate::store::payments::{self, Payment, State};
use crate::submit::{self, Record};
use crate::{Account, Error, Portal};
use exchange::message::{Paid, ToCourt, ViewFee};
use exchange::payment::{Order, PaymentProvider, State as Told};
use jiff::{SignedDuration, Timestamp};
use ledger::Kind;
use procedure::CaseId;
use std::sync::Arc;
use storage::{Clock, Tx};
use uuid::Uuid;

/// How long an order is asked after; a provider closes it long before.
const MOST: SignedDuration = SignedDuration::from_hours(24 * 30);

impl Portal {
    fn cashier(&self) -> Result<Arc<dyn PaymentProvider>, Error> {
        self.config().payment.clone().ok_or_else(|| Error::input("step", "本平台没有开通网上交费，请按通知书上的账户转账，或者到窗口交。"))
    }

    /// Gives the order for the fee that is due, or the same again while it waits to be paid.
    pub async fn order_fee(&self, account: &Account, case: CaseId, device: &str) -> Result<Payment, Error> {
        let (cashier, view) = (self.cashier()?, self.view(account, case).await?);
        let seen = view.version;
        let due = view.fee.as_ref().filter(|fee| fee.yours && !fee.paid).map(ViewFee::to_pay);
        let amount = due.ok_or_else(|| Error::input("step", "本案现在没有应交的费用。"))?;
        let new = Payment {
            id: Uuid::now_v7(),
            account: account.id,
            case,
            court: view.court.clone(),
            amount,
            subject: format!("案件受理费 {}", view.number.as_ref().unwrap_or(&view.receipt_no)),
            title: format!("交纳案件受理费 {amount}：{}", view.title),
            device: device.to_owned(),
            state: State::Open,
            url: String::new(),
            submission: None,
            created: Clock::real_now(),
            looks: 0,
        };
        let kept = self
            .db()
            .write(move |tx| {
                let before = payments::of_case(tx, new.account, new.case)?;
                for payment in &before {
                    // Paid, and the court has neither said that it was not due nor asked for more since: nobody pays twice.
                    if stands(tx, payment, seen)? {
                        return Err(Error::input("step", "您已经付款，正在等法院登记，不用再付。"));
                    }
                }
                if let Some(open) = before.into_iter().find(|payment| payment.state == State::Open && payment.amount == new.amount) {
                    return Ok(open);
                }
                payments::put(tx, &new)?;
                Ok(new.clone())
            })
            .await?;
        let back = format!("{}/case/{case}/fee", self.config().public_url);
        let order = Order { id: kept.id, amount: kept.amount, subject: kept.subject.clone(), back };
        let ordered = blocking(move || cashier.order(&order)).await?.map_err(|error| {
            tracing::error!(%error, "the payment provider took no order");
            Error::input("step", "支付机构暂时没有回应，没有扣款。请过几分钟再试，或者按通知书上的账户转账。")
        })?;
        let (id, url) = (kept.id, ordered.url.clone());
        self.db().write(move |tx| payments::ordered(tx, id, &url)).await?;
        Ok(Payment { url: ordered.url, ..kept })
    }

    /// Orders of a person in a case, newest first.
    pub async fn payments(&self, account: &Account, case: CaseId) -> Result<Vec<Payment>, Error> {
        let owner = account.id;
        self.db().read(move |tx| payments::of_case(tx, owner, case)).await
    }

    /// An order of this person.
    pub async fn payment(&self, account: &Account, id: Uuid) -> Result<Payment, Error> {
        let owner = account.id;
        self.db().read(move |tx| payments::get(tx, id)?.filter(|payment| payment.account == owner).ok_or(Error::Missing("payment"))).await
    }

    /// Asks the provider how an order stands; the submission, if it is paid.
    pub async fn look_at_payment(&self, payment: &Payment) -> Result<Option<Submission>, Error> {
        let (portal, payment) = (self.clone(), payment.clone());
        blocking(move || portal.look(&payment)).await?
    }

    /// 演示: the button on the sandbox's page was pressed.
    pub async fn press_in_sandbox(&self, account: &Account, id: Uuid) -> Result<Option<Submission>, Error> {
        let payment = self.payment(account, id).await?;
        let cashier = self.cashier()?;
        let sandbox = cashier.sandbox().ok_or(Error::Missing("sandbox"))?;
        sandbox.pay(id, self.now()).map_err(|_| Error::Missing("payment"))?;
        self.look_at_payment(&payment).await
    }

    /// Asks after the order that is due to be asked after; how many were. Blocks; a worker calls it again and again.
    pub fn look_at_payments(&self) -> Result<usize, Error> {
        if self.config().payment.is_none() {
            return Ok(0);
        }
        let now = Clock::real_now();
        let Some(payment) = self.db().read_blocking(move |tx| payments::due(tx, now))? else { return Ok(0) };
        self.look(&payment)?;
        Ok(1)
    }

    fn look(&self, payment: &Payment) -> Result<Option<Submission>, Error> {
        let (portal, id, now) = (self.clone(), payment.id, Clock::real_now());
        match self.cashier()?.state(id) {
            Ok(Told::Paid { amount, at, reference }) => {
                let told = Told::Paid { amount, at, reference };
                let payment = payment.clone();
                self.db().write_blocking(move |tx| settle(tx, &portal, &payment, &told)).map(Some)
            }
            Ok(Told::Closed) => self.db().write_blocking(move |tx| payments::closed(tx, id)).map(|()| None),
            Ok(Told::Open) if now.duration_since(payment.created) > MOST => {
                self.db().write_blocking(move |tx| payments::closed(tx, id)).map(|()| None)
            }
            Ok(Told::Open) => {
                let next = next_look(payment.looks, now);
                self.db().write_blocking(move |tx| payments::looked(tx, id, next)).map(|()| None)
            }
            Err(error) => {
                tracing::warn!(%error, %id, "the payment provider does not say how an order stands");
                let next = next_look(payment.looks, now);
                self.db().write_blocking(move |tx| payments::looked(tx, id, next)).map(|()| None)
            }
        }
    }
}

/// Two seconds after the order, then ever rarer, every ten minutes at last.
fn next_look(looks: u64, now: Timestamp) -> Timestamp {
    let doublings = u32::try_from(looks).unwrap_or(u32::MAX).min(9);
    let pause = SignedDuration::from_secs(2 << doublings).min(SignedDuration::from_mins(10));
    now.saturating_add(pause).unwrap_or(Timestamp::MAX)
}

/// Was this payment told to the court, and not refused there?
fn stands(tx: &mut Tx, payment: &Payment, seen: u64) -> Result<bool, Error> {
    let Some(id) = payment.submission else { return Ok(false) };
    Ok(cases::by_id(tx, id)?.is_some_and(|submission| !submission.over(seen)))
}

/// Money came in: one submission for one reference of the provider, in the transaction that notes the order as paid.
fn settle(tx: &mut Tx, portal: &Portal, payment: &Payment, told: &Told) -> Result<Submission, Error> {
    let Told::Paid { amount, at, reference } = told else { return Err(Error::Corrupt("an order that is not paid")) };
    let name = accounts::by_id(tx, payment.account)?.ok_or(Error::Missing("account"))?.name;
    let sandbox = portal.config().payment.as_ref().is_some_and(|provider| provider.is_sandbox());
    let record = Record {
        attempt: format!("pay_fee/{reference}"),
        account: payment.account,
        name,
        court: payment.court.clone(),
        case: payment.case,
        title: payment.title.clone(),
        step: "pay_fee",
        done: if sandbox { "交纳案件受理费（演示）" } else { "交纳案件受理费" },
        kind: Kind::Submission,
        files: vec![],
        device: payment.device.clone(),
    };
    let (amount, at) = (*amount, (*at).min(portal.now()));
    let submission = submit::submit_as(tx, portal, &record, |submission, _| {
        ToCourt::Paid(Paid {
            submission: submission.id,
            court: payment.court.clone(),
            case: payment.case,
            account: payment.account,
            amount,
            reference: reference.clone(),
            at,
        })
    })?;
    payments::paid(tx, payment.id, reference, submission.id)?;
    Ok(submission)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_asked_after_soon_and_then_ever_rarer() {
        let now = Timestamp::constant(1_772_409_600, 0);
        let pauses: Vec<i64> = [0, 1, 4, 8, 9, 400].iter().map(|looks| next_look(*looks, now).duration_since(now).as_secs()).collect();
        assert_eq!(pauses, [2, 4, 32, 512, 600, 600]);
    }
}
