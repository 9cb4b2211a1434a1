//! 消息: how the portal's messages leave the house.
use crate::installation::{Mail, Settings};
use anyhow::{Context, Result};
use exchange::messenger::{Messenger, Sandbox, Smtp, SmtpSettings};
use std::sync::Arc;

/// The portal's messenger: the mail server of house.toml, or the demo's sandbox. An installation that is no demo does not start
/// without one, for every code and notice would be lost.
///
/// # Errors
/// Where there is none, the server is not on this machine, or an address cannot be read.
pub fn messenger(settings: &Settings) -> Result<Arc<dyn Messenger>> {
    match &settings.mail {
        Some(mail) => Ok(Arc::new(smtp(mail)?)),
        None if settings.demo => Ok(Arc::new(Sandbox::default())),
        None => None.context("house.toml has no [mail]: codes and notices would go nowhere"),
    }
}

/// The mail server on this machine; telephones are reached through the carrier's mail gateway.
fn smtp(mail: &Mail) -> Result<Smtp> {
    let settings = SmtpSettings { server: mail.server.clone(), from: mail.from.clone(), login: None, gateway: Some(mail.to.clone()) };
    Ok(Smtp::new(&settings)?)
}
