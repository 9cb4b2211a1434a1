//! 消息: how the portal's messages leave the house.
use crate::installation::Mail;
use anyhow::{Result, bail};

/// The messenger of these settings.
pub fn messenger(mail: &Mail) -> Result<portal::Messenger> {
    bail!("no messenger for {} yet", mail.server)
}
