//! 沙盒证书 A certificate authority for installations that have no real one, and the keys in files.
//!
//! Every name says 演示 SANDBOX: nobody may take such a signature for a court's. A real court puts
//! the certificate of its licensed authority in place of these; a [`Signer`] does not care who
//! issued it.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use const_oid::ObjectIdentifier;
use der::asn1::{BitString, GeneralizedTime, UtcTime};
use der::{DecodePem, Encode, EncodePem};
use jiff::Timestamp;
use p256::ecdsa::{DerSignature, SigningKey};
use p256::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use pkcs8::LineEnding;
use spki::{SubjectPublicKeyInfoOwned, SubjectPublicKeyInfoRef};
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{Builder, CertificateBuilder};
use x509_cert::certificate::{Certificate, TbsCertificate};
use x509_cert::ext::pkix::{AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages, SubjectKeyIdentifier};
use x509_cert::ext::{Extension, ToExtension};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::time::{Time, Validity};

use crate::Error;

/// id-kp-documentSigning (RFC 9336).
const DOCUMENT_SIGNING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.36");
/// Also asked for by readers that know signatures from mail only, poppler among them.
const EMAIL_PROTECTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.4");
const ORGANISATION: &str = "獬豸演示 SANDBOX";
const ROOT: &str = "root";

/// What signs papers: a key with its certificate chain. Cloning is cheap.
#[derive(Clone)]
pub struct Signer(pub(crate) Arc<SignerInner>);

pub(crate) struct SignerInner {
    pub(crate) key: SigningKey,
    pub(crate) certificate: Certificate,
    pub(crate) root: Certificate,
    pub(crate) name: String,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Signer({})", self.0.name)
    }
}

impl Signer {
    /// Common name of the certificate.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The signer's certificate as PEM.
    ///
    /// # Errors
    /// [`Error::Key`] never in practice: the certificate was read or made here.
    pub fn certificate_pem(&self) -> Result<String, Error> {
        Ok(self.0.certificate.to_pem(LineEnding::LF)?)
    }
}

/// 密钥库 Keys and certificates in a directory: `NAME.key` (PKCS#8 PEM, mode 0600, without
/// passphrase) and `NAME.crt`. A passphrase or a hardware module comes in behind these functions.
#[derive(Clone, Debug)]
pub struct KeyStore {
    directory: PathBuf,
}

impl KeyStore {
    /// Opens the store of an installation, making the directory and the sandbox root when there is
    /// none yet. `from` and `years` bound the validity of what is made.
    ///
    /// # Errors
    /// [`Error::File`] or [`Error::Key`].
    pub fn open_or_create(directory: &Path, from: Timestamp, years: u16) -> Result<Self, Error> {
        let store = Self { directory: directory.to_owned() };
        fs::create_dir_all(directory).map_err(|source| store.file(directory, source))?;
        if !store.path(ROOT, "crt").exists() {
            let key = new_key()?;
            let name = subject("演示根证书 SANDBOX ROOT CA")?;
            let profile = Profile { issuer: name.clone(), subject: name, root: true };
            let certificate = certify(profile, &key, &key, from, years)?;
            store.write_pair(ROOT, &key, &certificate)?;
        }
        Ok(store)
    }

    /// Opens an existing store.
    ///
    /// # Errors
    /// [`Error::File`] when it has no root.
    pub fn open(directory: &Path) -> Result<Self, Error> {
        let store = Self { directory: directory.to_owned() };
        store.root()?;
        Ok(store)
    }

    /// The root certificate as PEM, to be given to readers.
    ///
    /// # Errors
    /// [`Error::File`], [`Error::Key`].
    pub fn root_pem(&self) -> Result<String, Error> {
        Ok(self.root()?.to_pem(LineEnding::LF)?)
    }

    /// The root certificate, what [`crate::check_signatures`] trusts.
    ///
    /// # Errors
    /// [`Error::File`], [`Error::Key`].
    pub fn root(&self) -> Result<Certificate, Error> {
        self.read_certificate(ROOT)
    }

    /// The signer filed under `id`, made and certified by the sandbox root when there is none yet.
    ///
    /// `id` is lower-case letters, digits and `-` (a court's code); `name` goes into the
    /// certificate, marked 演示.
    ///
    /// # Errors
    /// [`Error::Key`] for a bad id, [`Error::File`].
    pub fn signer(&self, id: &str, name: &str, from: Timestamp, years: u16) -> Result<Signer, Error> {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if id.is_empty() || id == ROOT || !id.bytes().all(plain) {
            return Err(Error::Key(format!("'{id}' is no id for a key")));
        }
        if !self.path(id, "crt").exists() {
            let (root_key, root) = (self.read_key(ROOT)?, self.root()?);
            let key = new_key()?;
            let profile =
                Profile { issuer: root.tbs_certificate().subject().clone(), subject: subject(&format!("{name}（演示 SANDBOX）"))?, root: false };
            let certificate = certify(profile, &key, &root_key, from, years)?;
            self.write_pair(id, &key, &certificate)?;
        }
        self.load(id)
    }

    /// The signer filed under `id`.
    ///
    /// # Errors
    /// [`Error::File`] when there is none, [`Error::Key`] when key and certificate do not match.
    pub fn load(&self, id: &str) -> Result<Signer, Error> {
        let (key, certificate, root) = (self.read_key(id)?, self.read_certificate(id)?, self.root()?);
        let public = SubjectPublicKeyInfoOwned::from_key(key.verifying_key()).map_err(|e| Error::Key(e.to_string()))?;
        if *certificate.tbs_certificate().subject_public_key_info() != public {
            return Err(Error::Key(format!("key and certificate of '{id}' do not match")));
        }
        let name = common_name(&certificate);
        Ok(Signer(Arc::new(SignerInner { key, certificate, root, name })))
    }

    fn path(&self, id: &str, extension: &str) -> PathBuf {
        self.directory.join(format!("{id}.{extension}"))
    }

    fn file(&self, path: &Path, source: std::io::Error) -> Error {
        Error::File { path: path.to_owned(), source }
    }

    fn read_key(&self, id: &str) -> Result<SigningKey, Error> {
        let path = self.path(id, "key");
        let pem = fs::read_to_string(&path).map_err(|e| self.file(&path, e))?;
        SigningKey::from_pkcs8_pem(&pem).map_err(|e| Error::Key(format!("{}: {e}", path.display())))
    }

    fn read_certificate(&self, id: &str) -> Result<Certificate, Error> {
        let path = self.path(id, "crt");
        let pem = fs::read_to_string(&path).map_err(|e| self.file(&path, e))?;
        Certificate::from_pem(pem).map_err(|e| Error::Key(format!("{}: {e}", path.display())))
    }

    /// The key first: a certificate without its key would stop the next start, a key without a
    /// certificate is written over.
    fn write_pair(&self, id: &str, key: &SigningKey, certificate: &Certificate) -> Result<(), Error> {
        let pem = key.to_pkcs8_pem(LineEnding::LF).map_err(|e| Error::Key(e.to_string()))?;
        self.write(&self.path(id, "key"), 0o600, pem.as_bytes())?;
        self.write(&self.path(id, "crt"), 0o644, certificate.to_pem(LineEnding::LF)?.as_bytes())
    }

    fn write(&self, path: &Path, mode: u32, bytes: &[u8]) -> Result<(), Error> {
        let part = path.with_extension("part");
        let _ = fs::remove_file(&part);
        let written = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(mode)
            .open(&part)
            .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
            .and_then(|()| fs::rename(&part, path));
        written.map_err(|source| self.file(path, source))
    }
}

/// The common name of a certificate's subject, or the whole subject when it has none.
pub(crate) fn common_name(certificate: &Certificate) -> String {
    let subject = certificate.tbs_certificate().subject();
    match subject.common_name() {
        Ok(Some(name)) => name.value().into_owned(),
        Ok(None) | Err(_) => subject.to_string(),
    }
}

fn subject(name: &str) -> Result<Name, Error> {
    if name.chars().any(|c| matches!(c, ',' | '+' | '"' | '\\' | '<' | '>' | ';' | '=' | '#') || c.is_control()) {
        return Err(Error::Key(format!("'{name}' has characters a certificate name cannot hold")));
    }
    Ok(Name::from_str(&format!("CN={name},O={ORGANISATION},C=CN"))?)
}

fn new_key() -> Result<SigningKey, Error> {
    loop {
        let mut bytes = [0u8; 32];
        getrandom::fill(&mut bytes).map_err(|e| Error::Key(e.to_string()))?;
        // All but a 2^-32 part of the 32-byte strings are keys of this curve.
        if let Ok(key) = SigningKey::from_slice(&bytes) {
            return Ok(key);
        }
    }
}

fn certify(profile: Profile, key: &SigningKey, issuer: &SigningKey, from: Timestamp, years: u16) -> Result<Certificate, Error> {
    let failed = |e: &dyn std::fmt::Display| Error::Key(e.to_string());
    let mut serial = [0u8; 16];
    getrandom::fill(&mut serial).map_err(|e| failed(&e))?;
    serial[0] = serial[0] & 0x3f | 0x40; // positive, and of full length
    let until =
        from.to_zoned_datetime(jiff::tz::TimeZone::UTC).checked_add(jiff::Span::new().years(i64::from(years))).map_err(|e| failed(&e))?.timestamp();
    let validity = Validity::new(time(from)?, time(until)?);
    let public = SubjectPublicKeyInfoOwned::from_key(key.verifying_key()).map_err(|e| failed(&e))?;
    CertificateBuilder::new(profile, SerialNumber::new(&serial)?, validity, public)
        .and_then(|builder| builder.build::<_, DerSignature>(issuer))
        .map_err(|e| failed(&e))
}

fn time(at: Timestamp) -> Result<Time, Error> {
    let seconds = u64::try_from(at.as_second()).map_err(|e| Error::Key(e.to_string()))?;
    let since = std::time::Duration::from_secs(seconds);
    // RFC 5280 4.1.2.5: UTCTime until 2049
    Ok(match UtcTime::from_unix_duration(since) {
        Ok(utc) => Time::UtcTime(utc),
        Err(_) => Time::GeneralTime(GeneralizedTime::from_unix_duration(since)?),
    })
}

struct Profile {
    issuer: Name,
    subject: Name,
    root: bool,
}

impl BuilderProfile for Profile {
    fn get_issuer(&self, _: &Name) -> Name {
        self.issuer.clone()
    }

    fn get_subject(&self) -> Name {
        self.subject.clone()
    }

    fn build_extensions(
        &self,
        key: SubjectPublicKeyInfoRef<'_>,
        issuer_key: SubjectPublicKeyInfoRef<'_>,
        tbs: &TbsCertificate,
    ) -> x509_cert::builder::Result<Vec<Extension>> {
        let mut list: Vec<Extension> = Vec::new();
        let subject = tbs.subject();
        let basic = BasicConstraints { ca: self.root, path_len_constraint: self.root.then_some(0) };
        list.push(basic.to_extension(subject, &list)?);
        let usage = if self.root {
            KeyUsage(KeyUsages::KeyCertSign | KeyUsages::CRLSign)
        } else {
            KeyUsage(KeyUsages::DigitalSignature | KeyUsages::NonRepudiation)
        };
        list.push(usage.to_extension(subject, &list)?);
        if !self.root {
            let purposes = ExtendedKeyUsage(vec![DOCUMENT_SIGNING, EMAIL_PROTECTION]);
            list.push(purposes.to_extension(subject, &list)?);
            let authority = AuthorityKeyIdentifier::try_from(issuer_key)?;
            list.push(authority.to_extension(subject, &list)?);
        }
        list.push(SubjectKeyIdentifier::try_from(key)?.to_extension(subject, &list)?);
        Ok(list)
    }
}

/// Whether `root` issued `certificate`, by signature and name, and `at` lies in the validity of both.
pub(crate) fn issued_by(certificate: &Certificate, root: &Certificate, at: Timestamp) -> Result<(), String> {
    use p256::ecdsa::VerifyingKey;
    use p256::ecdsa::signature::Verifier;
    let tbs = certificate.tbs_certificate();
    if tbs.issuer() != root.tbs_certificate().subject() {
        return Err("issued by another authority".to_owned());
    }
    let key = verifying_key(root)?;
    let signed = tbs.to_der().map_err(|e| e.to_string())?;
    let bytes = BitString::as_bytes(certificate.signature()).ok_or("signature of the certificate is not whole bytes")?;
    let signature = DerSignature::try_from(bytes).map_err(|e| e.to_string())?;
    VerifyingKey::verify(&key, &signed, &signature).map_err(|_| "signature of the certificate is wrong".to_owned())?;
    let at = u64::try_from(at.as_second()).map_err(|e| e.to_string())?;
    for one in [certificate, root] {
        let validity = one.tbs_certificate().validity();
        let (from, until) = (validity.not_before.to_unix_duration().as_secs(), validity.not_after.to_unix_duration().as_secs());
        if at < from || at > until {
            return Err(format!("certificate of {} was not valid then", common_name(one)));
        }
    }
    Ok(())
}

pub(crate) fn verifying_key(certificate: &Certificate) -> Result<p256::ecdsa::VerifyingKey, String> {
    let info = certificate.tbs_certificate().subject_public_key_info();
    let bytes = info.subject_public_key.as_bytes().ok_or("public key is not whole bytes")?;
    p256::ecdsa::VerifyingKey::from_sec1_bytes(bytes).map_err(|_| "no P-256 key".to_owned())
}
