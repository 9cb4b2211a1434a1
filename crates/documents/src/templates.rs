//! The project's own templates, carried inside the binary.

use typeset::Templates;

macro_rules! embed {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../../knowledge/papers/", $name)))),*]
    };
}

/// `(file name, source)` of every template of `knowledge/papers`.
pub(crate) const EMBEDDED: [(&str, &str); 31] = embed![
    "acceptance-notice.typ",
    "announcement.typ",
    "answer-notice.typ",
    "answer.typ",
    "complaint.typ",
    "correction-notice.typ",
    "court.typ",
    "deemed-withdrawal-ruling.typ",
    "e-service-certificate.typ",
    "effectiveness-certificate.typ",
    "evidence-list.typ",
    "evidence-notice.typ",
    "evidence-receipt.typ",
    "fee-notice.typ",
    "file-backnote.typ",
    "file-catalogue.typ",
    "file-cover.typ",
    "filing-receipt.typ",
    "given-back-notice.typ",
    "hearing-record.typ",
    "join-sheet.typ",
    "judgment.typ",
    "matter.typ",
    "panel-notice.typ",
    "postal-cover.typ",
    "refusal-ruling.typ",
    "seal.typ",
    "service-address.typ",
    "service-return.typ",
    "specimen.typ",
    "summons.typ",
];

/// The embedded set, parsed.
pub(crate) fn embedded() -> Result<Templates, typeset::Error> {
    Templates::new(EMBEDDED)
}
