//! 网上交费: orders to a payment provider. A slip of the bank is no provider: a clerk enters it as a step of the case (R-FEE-15).
//!
//! An order has an id and an amount; given again under the same id it is the same order, and is paid once. What the provider
//! says becomes the act `pay_fee`, which the court checks to the fen.
use crate::Error;
use crate::provider::{Endpoint, Notice};
use jiff::Timestamp;
use procedure::Fen;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use uuid::Uuid;

/// 缴费单: what is to be paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Order {
    /// The same whenever it is given again.
    pub id: Uuid,
    /// In fen.
    pub amount: Fen,
    /// What the payer reads: 案件受理费 and the case number. No names.
    pub subject: String,
    /// Where the payer's browser comes back to.
    pub back: String,
}

/// A provider took the order.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Ordered {
    /// The provider's number of the order.
    pub reference: String,
    /// Where the payer pays.
    pub url: String,
}

/// How an order stands.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// Waits for the payer.
    Open,
    /// The money came in.
    Paid { amount: Fen, at: Timestamp, reference: String },
    /// It can no longer be paid; a new order has a new id.
    Closed,
}

/// What takes money for the court.
pub trait PaymentProvider: Send + Sync + fmt::Debug {
    /// For the record and the page.
    fn name(&self) -> &'static str;

    /// The sandbox that it is, whose page has a button; `None` where money moves.
    fn sandbox(&self) -> Option<&Sandbox> {
        None
    }

    /// Whether no money moves. Pages then say so.
    fn is_sandbox(&self) -> bool {
        self.sandbox().is_some()
    }

    /// Gives an order, or the same again. Blocks, for a minute at most.
    ///
    /// # Errors
    /// [`Error::is_transient`] says whether to come again with the same order; [`Error::Rejected`] with 409 where the id is that
    /// of another order.
    fn order(&self, order: &Order) -> Result<Ordered, Error>;

    /// How an order stands, whatever notices came or did not come.
    ///
    /// # Errors
    /// As [`PaymentProvider::order`]; [`Error::Rejected`] with 404 for an order never given.
    fn state(&self, id: Uuid) -> Result<State, Error>;
}

fn sound(order: &Order) -> Result<(), Error> {
    if order.amount <= Fen::ZERO || order.subject.trim().is_empty() || order.subject.chars().any(char::is_control) {
        return Err(Error::Message("an order of more than nothing, for something said in one line"));
    }
    Ok(())
}

/// 演示: a page with one button pays. No money moves.
#[derive(Debug)]
pub struct Sandbox {
    page: String,
    orders: Mutex<HashMap<Uuid, (Order, State)>>,
}

impl Sandbox {
    const NAME: &'static str = "演示交费";

    /// With the page of the button under this address; the order's id is added.
    pub fn new(page: impl Into<String>) -> Self {
        Self { page: page.into(), orders: Mutex::default() }
    }

    fn orders(&self) -> MutexGuard<'_, HashMap<Uuid, (Order, State)>> {
        self.orders.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn none(id: Uuid) -> Error {
        Error::Rejected { peer: Self::NAME.to_owned(), status: 404, reason: format!("no order {id}") }
    }

    /// What the page of the button shows.
    ///
    /// # Errors
    /// [`Error::Rejected`] with 404 for an order never given.
    pub fn shown(&self, id: Uuid) -> Result<Order, Error> {
        self.orders().get(&id).map(|(order, _)| order.clone()).ok_or_else(|| Self::none(id))
    }

    /// The button was pressed; pressed again nothing changes.
    ///
    /// # Errors
    /// [`Error::Rejected`] with 404 for an order never given.
    pub fn pay(&self, id: Uuid, at: Timestamp) -> Result<State, Error> {
        let mut orders = self.orders();
        let (order, state) = orders.get_mut(&id).ok_or_else(|| Self::none(id))?;
        if *state == State::Open {
            *state = State::Paid { amount: order.amount, at, reference: format!("sandbox/{id}") };
        }
        Ok(state.clone())
    }
}

impl PaymentProvider for Sandbox {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn sandbox(&self) -> Option<&Sandbox> {
        Some(self)
    }

    fn order(&self, order: &Order) -> Result<Ordered, Error> {
        sound(order)?;
        let mut orders = self.orders();
        let (known, _) = orders.entry(order.id).or_insert_with(|| (order.clone(), State::Open));
        if known != order {
            return Err(Error::Rejected { peer: Self::NAME.to_owned(), status: 409, reason: format!("{} is another order", order.id) });
        }
        Ok(Ordered { reference: format!("sandbox/{}", order.id), url: format!("{}/{}", self.page.trim_end_matches('/'), order.id) })
    }

    fn state(&self, id: Uuid) -> Result<State, Error> {
        self.orders().get(&id).map(|(_, state)| state.clone()).ok_or_else(|| Self::none(id))
    }
}

/// A provider behind an HTTP interface. `{"act":"order","id","amount","subject","back"}` is answered with `{"reference","url"}`,
/// `{"act":"state","id"}` with `{"state":"open"|"paid"|"closed", …}`; a payment is also told by a notice
/// `{"id","amount","at","reference"}`. Amounts are whole fen.
#[derive(Debug)]
pub struct Http(Endpoint);

#[derive(Serialize)]
#[serde(tag = "act", rename_all = "snake_case")]
enum Question<'a> {
    Order {
        #[serde(flatten)]
        order: &'a Order,
    },
    State {
        id: Uuid,
    },
}

/// 到账通知: what a provider tells on its own.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Payment {
    /// The order's id.
    pub id: Uuid,
    pub amount: Fen,
    pub at: Timestamp,
    /// The provider's number of the payment.
    pub reference: String,
}

impl Http {
    /// What the endpoint of a provider is called in [`Endpoint::new`].
    pub const NAME: &'static str = "网上交费";

    /// The provider behind this endpoint.
    pub fn new(endpoint: Endpoint) -> Self {
        Self(endpoint)
    }

    /// Reads a notice of payment that came to `path`. The same may come more than once.
    ///
    /// # Errors
    /// [`Error::Notice`] where it is not the provider's, [`Error::Answer`] where it cannot be read.
    pub fn notice(&self, path: &str, notice: &Notice<'_>) -> Result<Payment, Error> {
        self.0.notice(path, notice)
    }
}

impl PaymentProvider for Http {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn order(&self, order: &Order) -> Result<Ordered, Error> {
        sound(order)?;
        let ordered: Ordered = self.0.ask(Some(order.id), &Question::Order { order })?;
        if !ordered.url.starts_with("https://") {
            return Err(self.0.answer(format!("a page to pay at {}", ordered.url)));
        }
        Ok(ordered)
    }

    fn state(&self, id: Uuid) -> Result<State, Error> {
        self.0.ask(None, &Question::State { id })
    }
}
