//! The CMS signature inside a PAdES B-B signature (ETSI EN 319 142-1, RFC 5652, RFC 5035).

use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{CertificateSet, EncapsulatedContentInfo, SignedData, SignerIdentifier, SignerInfo, SignerInfos};
use const_oid::ObjectIdentifier;
use der::asn1::{OctetString, SetOfVec};
use der::{Any, Decode, Encode, Sequence};
use p256::ecdsa::signature::{Signer as _, Verifier};
use p256::ecdsa::{DerSignature, VerifyingKey};
use sha2::{Digest, Sha256};
use spki::AlgorithmIdentifierOwned;
use x509_cert::attr::{Attribute, Attributes};
use x509_cert::certificate::Certificate;

use crate::Error;
use crate::ca::{Signer, verifying_key};

const ID_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const ID_SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const ECDSA_WITH_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");

/// ESSCertIDv2 (RFC 5035). The hash algorithm is left out when it is SHA-256, the default.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
struct EssCertIdV2 {
    hash_algorithm: Option<AlgorithmIdentifierOwned>,
    cert_hash: OctetString,
    issuer_serial: Option<Any>,
}

/// SigningCertificateV2 (RFC 5035): binds the signature to one certificate.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
struct SigningCertificateV2 {
    certs: Vec<EssCertIdV2>,
}

fn algorithm(oid: ObjectIdentifier) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid, parameters: None }
}

fn attribute(oid: ObjectIdentifier, value: Any) -> Result<Attribute, der::Error> {
    Ok(Attribute { oid, values: SetOfVec::try_from(vec![value])? })
}

/// The DER of a detached signature over content with this SHA-256 digest.
///
/// No signing-time attribute: PAdES keeps the time in the signature dictionary. ECDSA by RFC 6979,
/// so the same paper signed at the same time has the same bytes.
pub(crate) fn create(signer: &Signer, digest: &[u8]) -> Result<Vec<u8>, Error> {
    let inner = &signer.0;
    let certificate_der = inner.certificate.to_der()?;
    let signing_certificate = SigningCertificateV2 {
        certs: vec![EssCertIdV2 {
            hash_algorithm: None,
            cert_hash: OctetString::new(Sha256::digest(&certificate_der).to_vec())?,
            issuer_serial: None,
        }],
    };
    let attributes: Attributes = SetOfVec::try_from(vec![
        attribute(CONTENT_TYPE, Any::encode_from(&ID_DATA)?)?,
        attribute(MESSAGE_DIGEST, Any::encode_from(&OctetString::new(digest.to_vec())?)?)?,
        attribute(SIGNING_CERTIFICATE_V2, Any::encode_from(&signing_certificate)?)?,
    ])?;
    let signature: DerSignature = inner.key.sign(&attributes.to_der()?);
    let tbs = inner.certificate.tbs_certificate();
    let info = SignerInfo {
        version: CmsVersion::V1,
        sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
            issuer: tbs.issuer().clone(),
            serial_number: tbs.serial_number().clone(),
        }),
        digest_alg: algorithm(SHA_256),
        signed_attrs: Some(attributes),
        signature_algorithm: algorithm(ECDSA_WITH_SHA_256),
        signature: OctetString::new(signature.as_bytes())?,
        unsigned_attrs: None,
    };
    let signed = SignedData {
        version: CmsVersion::V1,
        digest_algorithms: SetOfVec::try_from(vec![algorithm(SHA_256)])?,
        encap_content_info: EncapsulatedContentInfo { econtent_type: ID_DATA, econtent: None },
        certificates: Some(CertificateSet::try_from(vec![
            CertificateChoices::Certificate(inner.certificate.clone()),
            CertificateChoices::Certificate(inner.root.clone()),
        ])?),
        crls: None,
        signer_infos: SignerInfos::try_from(vec![info])?,
    };
    let content = ContentInfo { content_type: ID_SIGNED_DATA, content: Any::encode_from(&signed)? };
    Ok(content.to_der()?)
}

/// Checks a signature against the content's SHA-256 digest; the signer's certificate, or what is
/// wrong. Whether the certificate is to be trusted is another question.
pub(crate) fn verify(der: &[u8], digest: &[u8]) -> Result<Certificate, String> {
    let text = |e: der::Error| format!("signature cannot be read: {e}");
    let content = ContentInfo::from_der(der).map_err(text)?;
    if content.content_type != ID_SIGNED_DATA {
        return Err("not signed data".to_owned());
    }
    let signed: SignedData = content.content.decode_as().map_err(text)?;
    let [info] = signed.signer_infos.0.as_ref() else {
        return Err("not exactly one signer".to_owned());
    };
    if info.digest_alg.oid != SHA_256 || info.signature_algorithm.oid != ECDSA_WITH_SHA_256 {
        return Err("other algorithms than SHA-256 and ECDSA P-256".to_owned());
    }
    let attributes = info.signed_attrs.as_ref().ok_or("no signed attributes")?;
    let stated: OctetString = value(attributes, MESSAGE_DIGEST)?.decode_as().map_err(text)?;
    if stated.as_bytes() != digest {
        return Err("the content was changed".to_owned());
    }
    let content_type: ObjectIdentifier = value(attributes, CONTENT_TYPE)?.decode_as().map_err(text)?;
    if content_type != ID_DATA {
        return Err("content type does not fit".to_owned());
    }
    let certificate = signer_certificate(&signed, info).ok_or("certificate of the signer is missing")?;
    let named: SigningCertificateV2 = value(attributes, SIGNING_CERTIFICATE_V2)?.decode_as().map_err(text)?;
    let hash = Sha256::digest(certificate.to_der().map_err(text)?);
    let first = named.certs.first().ok_or("signing certificate is not named")?;
    let default_hash = first.hash_algorithm.as_ref().is_none_or(|a| a.oid == SHA_256);
    if !default_hash || first.cert_hash.as_bytes() != hash.as_slice() {
        return Err("signed with another certificate than named".to_owned());
    }
    let signature = DerSignature::try_from(info.signature.as_bytes()).map_err(|e| e.to_string())?;
    let message = attributes.to_der().map_err(text)?;
    VerifyingKey::verify(&verifying_key(certificate)?, &message, &signature).map_err(|_| "the signature is wrong".to_owned())?;
    Ok(certificate.clone())
}

fn value(attributes: &Attributes, oid: ObjectIdentifier) -> Result<&Any, String> {
    let mut found = attributes.iter().filter(|a| a.oid == oid).flat_map(|a| a.values.iter());
    match (found.next(), found.next()) {
        (Some(value), None) => Ok(value),
        (None, _) => Err(format!("attribute {oid} is missing")),
        (Some(_), Some(_)) => Err(format!("attribute {oid} stands twice")),
    }
}

fn signer_certificate<'a>(signed: &'a SignedData, info: &SignerInfo) -> Option<&'a Certificate> {
    let SignerIdentifier::IssuerAndSerialNumber(wanted) = &info.sid else { return None };
    signed.certificates.as_ref()?.0.iter().find_map(|choice| match choice {
        CertificateChoices::Certificate(certificate)
            if certificate.tbs_certificate().issuer() == &wanted.issuer && certificate.tbs_certificate().serial_number() == &wanted.serial_number =>
        {
            Some(certificate)
        }
        CertificateChoices::Certificate(_) | CertificateChoices::Other(_) => None,
    })
}
