//! 消息: how the portal's messages leave the house.
use crate::installation::Mail;
use anyhow::Result;
use exchange::messenger::{Address, Message, Messenger, Smtp, SmtpSettings};
use jiff::Timestamp;
use std::sync::Arc;
use uuid::Uuid;

/// What stands in the subject; telephones do not show it.
const SUBJECT: &str = "人民法院在线服务";

/// The messenger of these settings: the mail server on this machine, telephones through the carrier's mail gateway.
///
/// # Errors
/// Where the server is not on this machine or an address cannot be read.
pub fn messenger(mail: &Mail) -> Result<portal::Messenger> {
    let settings = SmtpSettings { server: mail.server.clone(), from: mail.from.clone(), login: None, gateway: Some(mail.to.clone()) };
    let smtp = Smtp::new(&settings)?;
    Ok(Arc::new(move |phone, text| {
        let to = Address::Phone(phone.to_owned());
        let message = Message { id: Uuid::now_v7(), to, subject: SUBJECT.to_owned(), text: text.to_owned(), created: Timestamp::now() };
        smtp.send(&message).map(|_| ()).map_err(|error| error.to_string())
    }))
}
