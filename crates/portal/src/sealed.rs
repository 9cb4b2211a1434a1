//! What lies in the tables sealed: AES-256-GCM under the zone's key, bound to the row that it belongs to.
use crate::Error;
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use hmac::{Hmac, Mac};
use storage::secret;

/// Seals a value for the row named by `bound`.
pub fn seal<T: serde::Serialize>(key: &[u8; 32], bound: &str, value: &T) -> Result<Vec<u8>, Error> {
    let plain = serde_json::to_vec(value)?;
    let nonce = secret::random::<12>();
    let sealed = cipher(key)?.encrypt(&Nonce::from(nonce), Payload { msg: &plain, aad: bound.as_bytes() });
    Ok([nonce.as_slice(), &sealed.map_err(|_| Error::Corrupt("a value to be sealed"))?].concat())
}

/// Opens what [`seal`] sealed for the same row.
pub fn open<T: serde::de::DeserializeOwned>(key: &[u8; 32], bound: &str, sealed: &[u8]) -> Result<T, Error> {
    let damaged = Error::Corrupt("a sealed value");
    let (nonce, sealed) = sealed.split_first_chunk::<12>().ok_or(damaged.clone())?;
    let plain = cipher(key)?.decrypt(&Nonce::from(*nonce), Payload { msg: sealed, aad: bound.as_bytes() }).map_err(|_| damaged)?;
    Ok(serde_json::from_slice(&plain)?)
}

fn cipher(key: &[u8; 32]) -> Result<Aes256Gcm, Error> {
    Aes256Gcm::new_from_slice(key).map_err(|_| Error::Corrupt("the zone's key"))
}

/// Keyed digest of a one-time code: six digits alone would be guessed from a plain one.
pub fn code_digest(key: &[u8; 32], ticket: &str, code: &str) -> String {
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(key).expect("a key of any length");
    mac.update(ticket.as_bytes());
    mac.update(&[0]);
    mac.update(code.as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_value_opens_for_its_own_row_alone() {
        let key = [7; 32];
        let sealed = seal(&key, "draft/1", &"440000195504090028").expect("sealed");
        assert_eq!(open::<String>(&key, "draft/1", &sealed).expect("opens"), "440000195504090028");
        assert!(open::<String>(&key, "draft/2", &sealed).is_err());
        assert!(open::<String>(&[8; 32], "draft/1", &sealed).is_err());
        assert!(open::<String>(&key, "draft/1", &sealed[..10]).is_err());
    }
}
