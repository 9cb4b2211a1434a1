//! 消息: how the messages of a zone leave the house, as its section of `house.toml` says.
use crate::installation::{Installation, Mail, Sms, Zone};
use anyhow::{Context, Result, bail};
use exchange::messenger::{self, Carriers, Messenger, Sandbox, Smtp, SmtpSettings};
use exchange::provider::Endpoint;
use jiff::Timestamp;
use std::fs;
use std::net::{TcpStream, ToSocketAddrs};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// File with the password for the mail server, in the zone's directory.
pub const SMTP_PASSWORD: &str = "smtp.password";
/// File with the secret shared with the carrier, in the zone's directory.
pub const SMS_SECRET: &str = "sms.secret";

fn read_secret(path: &Path) -> Result<String> {
    Ok(fs::read_to_string(path).with_context(|| path.display().to_string())?.trim().to_owned())
}

/// The way through a mail server.
///
/// # Errors
/// Where codes would travel in the clear, or an address, the root or the password cannot be read.
pub fn smtp(mail: &Mail, password: Option<String>) -> Result<Smtp> {
    let login = match (&mail.user, password) {
        (Some(user), Some(password)) => Some((user.clone(), password)),
        (None, None) => None,
        (Some(user), None) => bail!("no password for {user} at {}", mail.server),
        (None, Some(_)) => bail!("a password without a user for {}", mail.server),
    };
    let (server, from, gateway) = (mail.server.clone(), mail.from.clone(), Some(mail.to.clone()));
    Ok(Smtp::new(&SmtpSettings { server, from, tls: mail.tls, root: mail.root.clone(), login, gateway })?)
}

/// The way through a carrier's HTTP interface.
///
/// # Errors
/// Where the interface is not on this machine, or key or secret are too short.
pub fn sms(sms: &Sms, secret: &str) -> Result<messenger::Sms> {
    Ok(messenger::Sms::new(Endpoint::new(messenger::Sms::NAME, &sms.url, &sms.key, secret, Timestamp::now)?))
}

/// The carriers of a zone; a demo that names none has a sandbox.
///
/// # Errors
/// As [`smtp`] and [`sms`], or where an installation that is no demo names no carrier.
pub fn carriers(installation: &Installation, name: &str, zone: &Zone) -> Result<Arc<dyn Messenger>> {
    let dir = installation.dir.join(name);
    let mut carriers: Vec<Arc<dyn Messenger>> = Vec::new();
    if let Some(settings) = &zone.sms {
        carriers.push(Arc::new(sms(settings, &read_secret(&dir.join(SMS_SECRET))?)?));
    }
    if let Some(settings) = &zone.mail {
        let password = settings.user.as_ref().map(|_| read_secret(&dir.join(SMTP_PASSWORD))).transpose()?;
        carriers.push(Arc::new(smtp(settings, password)?));
    }
    match (carriers.len(), installation.settings.demo) {
        (0, true) => Ok(Arc::new(Sandbox::default())),
        (0, false) => bail!("house.toml names neither [{name}.mail] nor [{name}.sms]; messages of this zone would reach nobody"),
        (1, _) => Ok(carriers.remove(0)),
        (_, _) => Ok(Arc::new(Carriers(carriers))),
    }
}
/// Does anybody listen where a zone's messages go? Nothing is sent.
///
/// # Errors
/// Where nobody does, with the address.
pub fn answers(zone: &Zone) -> Result<()> {
    let mail = zone.mail.as_ref().map(|mail| mail.server.clone());
    let sms = zone.sms.as_ref().and_then(|sms| sms.url.split_once("://")).map(|(_, rest)| rest.split('/').next().unwrap_or(rest).to_owned());
    for address in mail.into_iter().chain(sms) {
        let reached = address.to_socket_addrs()?.any(|at| TcpStream::connect_timeout(&at, Duration::from_secs(3)).is_ok());
        if !reached {
            bail!("nobody listens at {address}; messages of this zone wait until somebody does");
        }
    }
    Ok(())
}
