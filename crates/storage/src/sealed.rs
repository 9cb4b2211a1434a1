//! What lies in the tables sealed: AES-256-GCM under a zone's or a person's key, bound to the place that it belongs to.
//!
//! Form: a nonce of 12 random bytes, then the sealed bytes with their tag.
use crate::{Error, secret};
use aes_gcm::{
    Aes256Gcm, KeyInit, Nonce, Tag,
    aead::{AeadInOut, inout::InOutBuf},
};

/// 256 bits.
pub type Key = [u8; 32];

const NONCE: usize = 12;
const TAG: usize = 16;

/// Seals bytes for the place named by `bound`: a row, a person. Elsewhere they do not open.
pub fn seal(key: &Key, bound: &str, plain: &[u8]) -> Result<Vec<u8>, Error> {
    let nonce = secret::random::<NONCE>();
    let mut sealed = Vec::with_capacity(NONCE + plain.len() + TAG);
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(plain);
    let body = InOutBuf::from(&mut sealed[NONCE..]);
    let tag = cipher(key).encrypt_inout_detached(&Nonce::from(nonce), bound.as_bytes(), body);
    sealed.extend_from_slice(&tag.map_err(|_| closed(bound))?);
    Ok(sealed)
}

/// Opens what [`seal`] sealed for the same place under the same key; else [`Error::Sealed`].
pub fn open(key: &Key, bound: &str, sealed: &[u8]) -> Result<Vec<u8>, Error> {
    let (nonce, rest) = sealed.split_first_chunk::<NONCE>().ok_or_else(|| closed(bound))?;
    let (body, tag) = rest.split_last_chunk::<TAG>().ok_or_else(|| closed(bound))?;
    let mut plain = body.to_vec();
    let opened = cipher(key).decrypt_inout_detached(&Nonce::from(*nonce), bound.as_bytes(), InOutBuf::from(&mut plain[..]), &Tag::from(*tag));
    opened.map_err(|_| closed(bound))?;
    Ok(plain)
}

/// Places are ids: they say nothing of a person.
fn closed(bound: &str) -> Error {
    Error::Sealed(bound.to_owned())
}

fn cipher(key: &Key) -> Aes256Gcm {
    Aes256Gcm::new(&(*key).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_under_its_key_at_its_place_alone() {
        let key = [7; 32];
        for plain in [&b""[..], b"x", &[5; 100_000]] {
            let sealed = seal(&key, "draft/1", plain).expect("sealed");
            assert_eq!(open(&key, "draft/1", &sealed).expect("opens"), plain);
            assert_eq!(open(&key, "draft/2", &sealed), Err(Error::Sealed("draft/2".into())));
            assert_eq!(open(&[8; 32], "draft/1", &sealed), Err(closed("draft/1")));
        }
    }

    #[test]
    fn a_changed_or_missing_byte_opens_nothing() {
        let key = [7; 32];
        let sealed = seal(&key, "draft/1", b"440000195504090028").expect("sealed");
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(open(&key, "draft/1", &changed), Err(closed("draft/1")), "byte {at}");
            assert_eq!(open(&key, "draft/1", &sealed[..at]), Err(closed("draft/1")), "{at} bytes");
        }
    }

    #[test]
    fn the_same_bytes_are_sealed_in_another_way_each_time() {
        assert_ne!(seal(&[7; 32], "a", b"x").expect("sealed"), seal(&[7; 32], "a", b"x").expect("sealed"));
    }
}
