//! 密钥: the keys of a zone and of its peer, as text files.
use crate::Error;
use ed25519_dalek::{SigningKey, VerifyingKey};
use std::{
    fmt,
    io::Write,
    path::Path,
    sync::{Arc, OnceLock},
};
use x25519_dalek::{PublicKey, SharedSecret, StaticSecret};

const SECRET: &str = "xiezhi exchange secret key v1";
const PUBLIC: &str = "xiezhi exchange public key v1";

/// The secret half of a zone: one key to seal (X25519), one to sign (Ed25519). Shown never.
#[derive(Clone)]
pub struct Secret {
    zone: String,
    seal: StaticSecret,
    pub(crate) sign: SigningKey,
    /// What was agreed with the one peer that there is, so that it is reckoned once and not for each envelope.
    agreed: Arc<OnceLock<(PublicKey, SharedSecret)>>,
}

/// The public half of a zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Public {
    zone: String,
    pub(crate) seal: PublicKey,
    pub(crate) sign: VerifyingKey,
}

/// What a zone needs to speak with one peer.
#[derive(Debug, Clone)]
pub struct Keys {
    pub own: Secret,
    pub peer: Public,
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({}, ***)", self.zone)
    }
}

/// A zone's name: short, lower case, so that it reads the same in every file and header.
fn named(zone: &str) -> Result<String, &'static str> {
    let good = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'.';
    if zone.is_empty() || zone.len() > 64 || !zone.bytes().all(good) {
        return Err("a zone's name has 1 to 64 of a-z, 0-9, - and .");
    }
    Ok(zone.to_owned())
}

impl Secret {
    /// Fresh keys for a zone.
    pub fn generate(zone: &str) -> Result<Self, Error> {
        let zone = named(zone).map_err(Error::Malformed)?;
        let (mut seal, mut sign) = ([0; 32], [0; 32]);
        crate::random(&mut seal)?;
        crate::random(&mut sign)?;
        Ok(Self::of(zone, seal, &sign))
    }

    fn of(zone: String, seal: [u8; 32], sign: &[u8; 32]) -> Self {
        Self { zone, seal: StaticSecret::from(seal), sign: SigningKey::from_bytes(sign), agreed: Arc::default() }
    }

    /// The secret shared with a peer (X25519).
    pub(crate) fn agree(&self, peer: &Public) -> Result<[u8; 32], Error> {
        let (of, shared) = self.agreed.get_or_init(|| (peer.seal, self.seal.diffie_hellman(&peer.seal)));
        let own;
        let shared = if *of == peer.seal {
            shared
        } else {
            own = self.seal.diffie_hellman(&peer.seal);
            &own
        };
        if shared.was_contributory() { Ok(*shared.as_bytes()) } else { Err(Error::WeakKey(peer.zone.clone())) }
    }

    /// The name of the zone.
    pub fn zone(&self) -> &str {
        &self.zone
    }

    /// What the peer gets.
    pub fn public(&self) -> Public {
        Public { zone: self.zone.clone(), seal: PublicKey::from(&self.seal), sign: self.sign.verifying_key() }
    }

    /// Writes a file that its owner alone reads. Never over another: a lost key cannot be made again.
    pub fn save(&self, path: &Path) -> Result<(), Error> {
        let text = format!("{SECRET}\nzone {}\nseal {}\nsign {}\n", self.zone, hex::encode(self.seal.to_bytes()), hex::encode(self.sign.to_bytes()));
        write_private(path, &text).map_err(|error| key_file(path, error))
    }

    /// Reads a file of [`Secret::save`]; refuses one that others can read.
    pub fn load(path: &Path) -> Result<Self, Error> {
        private(path)?;
        let (zone, seal, sign) = read(path, SECRET)?;
        Ok(Self::of(zone, seal, &sign))
    }
}

impl Public {
    /// The name of the zone.
    pub fn zone(&self) -> &str {
        &self.zone
    }

    /// Writes the file that goes to the peer.
    pub fn save(&self, path: &Path) -> Result<(), Error> {
        let (seal, sign) = (hex::encode(self.seal.as_bytes()), hex::encode(self.sign.as_bytes()));
        let text = format!("{PUBLIC}\nzone {}\nseal {seal}\nsign {sign}\n", self.zone);
        write_private(path, &text).map_err(|error| key_file(path, error))
    }

    /// Reads a file of [`Public::save`].
    pub fn load(path: &Path) -> Result<Self, Error> {
        let (zone, seal, sign) = read(path, PUBLIC)?;
        let sign = VerifyingKey::from_bytes(&sign).map_err(|_| key_file(path, "not an Ed25519 key"))?;
        if sign.is_weak() {
            return Err(Error::WeakKey(zone));
        }
        Ok(Self { zone, seal: PublicKey::from(seal), sign })
    }
}

impl Keys {
    /// Reads the zone's secret and the peer's public file.
    pub fn load(own: &Path, peer: &Path) -> Result<Self, Error> {
        Ok(Self { own: Secret::load(own)?, peer: Public::load(peer)? })
    }
}

fn key_file(path: &Path, reason: impl ToString) -> Error {
    Error::KeyFile { path: path.display().to_string(), reason: reason.to_string() }
}

fn read(path: &Path, kind: &str) -> Result<(String, [u8; 32], [u8; 32]), Error> {
    let text = std::fs::read_to_string(path).map_err(|error| key_file(path, error))?;
    let lines: Vec<&str> = text.lines().collect();
    let [first, zone, seal, sign] = lines[..] else { return Err(key_file(path, "four lines wanted")) };
    if first != kind {
        return Err(key_file(path, format!("first line is not “{kind}”")));
    }
    let field = |line: &str, name: &str| line.strip_prefix(name).and_then(|rest| rest.strip_prefix(' ')).map(str::to_owned);
    let key = |line: &str, name: &'static str| -> Result<[u8; 32], Error> {
        let mut bytes = [0; 32];
        let text = field(line, name).ok_or_else(|| key_file(path, format!("line “{name} …” wanted")))?;
        hex::decode_to_slice(text, &mut bytes).map_err(|_| key_file(path, format!("{name}: 64 hexadecimal digits wanted")))?;
        Ok(bytes)
    };
    let zone = field(zone, "zone").ok_or_else(|| key_file(path, "line “zone …” wanted"))?;
    let zone = named(&zone).map_err(|reason| key_file(path, reason))?;
    Ok((zone, key(seal, "seal")?, key(sign, "sign")?))
}

#[cfg(unix)]
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(not(unix))]
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(unix)]
fn private(path: &Path) -> Result<(), Error> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(path).map_err(|error| key_file(path, error))?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(key_file(path, format!("others may read it (mode {:o}); set 600", mode & 0o777)));
    }
    Ok(())
}

#[cfg(not(unix))]
fn private(_: &Path) -> Result<(), Error> {
    Ok(())
}
