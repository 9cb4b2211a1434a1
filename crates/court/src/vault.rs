//! 保险柜: particulars of persons, sealed with a key per person that is wrapped by the zone's own key. Destroying a
//! person's key erases him; events keep a salted digest alone.
use crate::Error;
use crate::store::persons;
use exchange::message::Card;
use hmac::{Hmac, KeyInit, Mac};
use procedure::{CaseId, Party, PersonId};
use sm3::{Digest as _, Sm3};
use storage::sealed::{open, seal};
use storage::{Tx, secret};

/// The zone's key for the vault, read from its key file.
pub struct Vault {
    key: [u8; 32],
}

/// A person as the table holds him.
pub struct Sealed {
    pub wrapped: Vec<u8>,
    pub card: Vec<u8>,
    pub salt: Vec<u8>,
    /// What events hold of it ([`digest`]).
    pub digest: String,
    /// Keyed digest of the number, for finding the same person again (R-FIL-15) without reading anybody.
    pub fingerprint: String,
}

impl Vault {
    /// A vault under this key.
    pub fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// Seals particulars under a fresh key and salt.
    pub fn seal(&self, card: &Card) -> Result<Sealed, Error> {
        let key = secret::random::<32>();
        let bound = card.person.to_string();
        let json = serde_json::to_vec(card)?;
        let salt = secret::random::<16>().to_vec();
        Ok(Sealed {
            wrapped: seal(&self.key, &bound, &key)?,
            card: seal(&key, &bound, &json)?,
            digest: digest(&salt, &json),
            salt,
            fingerprint: self.fingerprint(card),
        })
    }

    /// Opens what [`Vault::seal`] sealed.
    pub fn open(&self, wrapped: &[u8], card: &[u8], person: PersonId) -> Result<Card, Error> {
        let bound = person.to_string();
        let key: [u8; 32] = open(&self.key, &bound, wrapped)?.try_into().map_err(|_| Error::Corrupt("a vault key"))?;
        Ok(serde_json::from_slice(&open(&key, &bound, card)?)?)
    }

    /// Seals what is no person's particulars and yet nobody's to read, for one place alone.
    pub(crate) fn seal_bytes(&self, plain: &[u8], bound: &str) -> Result<Vec<u8>, Error> {
        Ok(seal(&self.key, bound, plain)?)
    }

    /// Opens what [`Vault::seal_bytes`] sealed for this place.
    pub(crate) fn open_bytes(&self, sealed: &[u8], bound: &str) -> Result<Vec<u8>, Error> {
        Ok(open(&self.key, bound, sealed)?)
    }

    /// Keyed digest of what is short enough to be guessed; the first part says what it is for.
    pub(crate) fn keyed(&self, parts: &[&str]) -> String {
        let mut mac = Hmac::<Sm3>::new_from_slice(&self.key).expect("a key of any length");
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        hex::encode(mac.finalize().into_bytes())
    }

    /// The particulars of a person in a case, as they stand; none for an agent who handed in none.
    pub fn find(&self, tx: &mut Tx, court: &str, case: CaseId, person: PersonId) -> Result<Option<Card>, Error> {
        let entry = persons::card(tx, court, case, person)?;
        entry.map(|(wrapped, card)| self.open(&wrapped, &card, person)).transpose()
    }

    /// The particulars of a party, as they stand.
    pub fn card(&self, tx: &mut Tx, court: &str, case: CaseId, person: PersonId) -> Result<Card, Error> {
        self.find(tx, court, case, person)?.ok_or(Error::Corrupt("a person who is not in the vault"))
    }

    /// The particulars of a party as the digest in an event pins them; of before there were versions, those that stand.
    pub fn card_as(&self, tx: &mut Tx, court: &str, case: CaseId, party: &Party) -> Result<Option<Card>, Error> {
        match persons::card_of(tx, court, case, party.person, &party.digest)? {
            Some((wrapped, card)) => self.open(&wrapped, &card, party.person).map(Some),
            None => self.find(tx, court, case, party.person),
        }
    }

    /// Same number, same fingerprint; without a number the name and address stand in.
    fn fingerprint(&self, card: &Card) -> String {
        let mut mac = Hmac::<Sm3>::new_from_slice(&self.key).expect("a key of any length");
        let number = card.number.to_uppercase();
        mac.update(if number.is_empty() { format!("{}\n{}", card.name, card.address) } else { number }.as_bytes());
        hex::encode(mac.finalize().into_bytes())
    }
}

/// What events hold of particulars: SM3 of salt and canonical JSON.
fn digest(salt: &[u8], card: &[u8]) -> String {
    let mut hash = Sm3::new();
    hash.update(salt);
    hash.update(card);
    hex::encode(hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card() -> Card {
        Card { person: PersonId::new(), name: "周桂兰".into(), number: "440000195504090028".into(), ..Card::default() }
    }

    #[test]
    fn what_is_sealed_opens_with_the_zones_key_and_for_this_person_alone() {
        let vault = Vault::new([7; 32]);
        let card = card();
        let sealed = vault.seal(&card).expect("sealed");
        assert_eq!(vault.open(&sealed.wrapped, &sealed.card, card.person).expect("opens"), card);
        assert!(vault.open(&sealed.wrapped, &sealed.card, PersonId::new()).is_err(), "bound to the person");
        assert!(Vault::new([8; 32]).open(&sealed.wrapped, &sealed.card, card.person).is_err(), "another zone");
        assert!(!sealed.card.windows(6).any(|part| part == "周桂".as_bytes()));
    }

    #[test]
    fn r_fil_15_the_same_number_is_found_again_and_says_nothing() {
        let vault = Vault::new([7; 32]);
        let (a, b) = (vault.seal(&card()).expect("sealed"), vault.seal(&card()).expect("sealed"));
        assert_eq!(a.fingerprint, b.fingerprint);
        assert_ne!(a.card, b.card);
    }
}
