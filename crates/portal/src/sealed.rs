//! Values that lie in the tables sealed under the zone's key, bound to the row that they belong to.
use crate::Error;
use hmac::{Hmac, KeyInit, Mac};
use storage::sealed;

/// Seals a value for the row named by `bound`.
pub fn seal<T: serde::Serialize>(key: &[u8; 32], bound: &str, value: &T) -> Result<Vec<u8>, Error> {
    Ok(sealed::seal(key, bound, &serde_json::to_vec(value)?)?)
}

/// Opens what [`seal`] sealed for the same row.
pub fn open<T: serde::de::DeserializeOwned>(key: &[u8; 32], bound: &str, value: &[u8]) -> Result<T, Error> {
    Ok(serde_json::from_slice(&sealed::open(key, bound, value)?)?)
}

/// Keyed digest of a one-time code for its ticket, or of an identity number: a few digits would be guessed from a plain one.
pub fn digest(key: &[u8; 32], of: &str, secret: &str) -> String {
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(key).expect("a key of any length");
    mac.update(of.as_bytes());
    mac.update(&[0]);
    mac.update(secret.as_bytes());
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
