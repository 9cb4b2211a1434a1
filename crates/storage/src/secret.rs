//! Secrets as they are kept: password hashes, one-time codes, session tokens. Shared by both zones.
//!
//! Session and TOTP times are real time: the demo's clock does not touch them.
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

/// 30 seconds a step (RFC 6238).
const STEP_SECONDS: i64 = 30;

/// Random bytes from the system.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the system gives random bytes");
    bytes
}

/// A token for a cookie or a form: 32 random bytes in hex.
pub fn token() -> String {
    hex::encode(random::<32>())
}

/// What is kept of a token: whoever reads the table cannot use it.
pub fn token_digest(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

/// Argon2id with 19 MiB and two passes, the least that OWASP asks for.
fn argon2() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).expect("constant parameters");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Hashes a password with a fresh salt.
pub fn hash_password(password: &str) -> String {
    argon2().hash_password(password.as_bytes()).expect("a password hashes").to_string()
}

/// Does this password belong to that hash? A hash that cannot be read fits no password.
pub fn check_password(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| argon2().verify_password(password.as_bytes(), &hash).is_ok())
}

/// The number of the 30-second step of a moment.
pub fn totp_step(at: Timestamp) -> i64 {
    at.as_second().div_euclid(STEP_SECONDS)
}

/// The six digits of a step (RFC 6238 with SHA-1, as authenticator apps take it).
pub fn totp(secret: &[u8], step: i64) -> String {
    let mut mac = Hmac::<sha1::Sha1>::new_from_slice(secret).expect("a key of any length");
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let offset = usize::from(digest[19] & 0x0f);
    let word = u32::from_be_bytes([digest[offset] & 0x7f, digest[offset + 1], digest[offset + 2], digest[offset + 3]]);
    format!("{:06}", word % 1_000_000)
}

/// The step that these digits belong to, one step of drift either way; only steps after `last` count, so that no code
/// works twice.
pub fn check_totp(secret: &[u8], digits: &str, at: Timestamp, last: i64) -> Option<i64> {
    let now = totp_step(at);
    (now - 1..=now + 1).find(|step| *step > last && subtle_eq(totp(secret, *step).as_bytes(), digits.trim().as_bytes()))
}

/// Compares without telling by time where two values differ.
fn subtle_eq(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totp_gives_the_codes_of_rfc_6238() {
        let secret = b"12345678901234567890";
        for (second, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"), (2_000_000_000, "279037")]
        {
            let at = Timestamp::from_second(second).expect("a second");
            assert_eq!(totp(secret, totp_step(at)), code);
        }
    }

    #[test]
    fn a_code_works_once_and_only_around_its_time() {
        let secret = random::<20>();
        let at = Timestamp::from_second(1_800_000_000).expect("a second");
        let code = totp(&secret, totp_step(at));
        let step = check_totp(&secret, &code, at, 0).expect("fresh");
        assert_eq!(check_totp(&secret, &code, at, step), None, "used");
        let later = Timestamp::from_second(1_800_000_120).expect("a second");
        assert_eq!(check_totp(&secret, &code, later, 0), None, "old");
    }

    #[test]
    fn a_password_fits_its_own_hash_alone() {
        let hash = hash_password("石榴花开-2026");
        assert!(check_password("石榴花开-2026", &hash));
        assert!(!check_password("石榴花开-2025", &hash) && !check_password("x", "not a hash"));
    }
}
