//! 归档前检查: what a closed case must hold, and whether what it holds can be kept (R-ARC-05, R-CAT-07, 民诉法解释第263条).
use crate::{Class, Item};
use procedure::case::{ServiceState, Side};
use procedure::trial::TribunalForm;
use procedure::{Case, Paper, Stage};
use serde::Serialize;

/// Kinds of file that an archive keeps (R-ARC-05: format whitelist).
pub const FORMATS: &[&str] = &[
    "application/pdf",
    "application/ofd",
    "application/json",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "image/jpeg",
    "image/png",
    "image/tiff",
    "text/plain",
    "audio/mpeg",
    "video/mp4",
];

/// How a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// The file is not archived while this stands (R-ARC-05).
    Missing,
    /// A person looks at it; it stops nothing.
    Note,
}

/// What the check found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    pub weight: Weight,
    /// Class of the item that is missing, or of the one that is wrong.
    pub class: Class,
    /// What people read.
    pub text: String,
    pub rule: &'static str,
}

/// Everything that is missing or cannot be kept; errors first, then in the order of the catalogue. Whoever archives needs a
/// list without [`Weight::Missing`].
pub fn check(case: &Case, items: &[Item]) -> Vec<Finding> {
    let mut found = Found { case, items, findings: vec![] };
    found.closing();
    found.filing();
    found.sides();
    found.trial();
    found.services();
    found.properties();
    found.findings.sort();
    found.findings
}

/// What the court's own workers still have to make for the file: proofs of services, the signed original. A case is not closed
/// while something is under way (R-ARC-05): the roots that are logged then would lack it.
pub fn unmade(case: &Case, items: &[Item]) -> Vec<String> {
    let proven = |id| items.iter().any(|item| item.class == Class::ServiceProof && item.proves.contains(&id));
    let mut unmade: Vec<String> = case
        .papers
        .iter()
        .filter(|paper| matches!(paper.service, ServiceState::Served { .. }) && !proven(paper.id))
        .map(|paper| format!("《{}》（{}）的送达凭证（正在生成）", paper.paper.zh(), case.name_of(paper.to)))
        .collect();
    let given = case.judgment.as_ref().is_some_and(|judgment| judgment.given_on.is_some());
    if given && !items.iter().any(|item| item.class == Class::SignedOriginal) {
        unmade.push("判决书原本（正在生成）".into());
    }
    unmade
}

impl Finding {
    /// What stands in the way of the archive.
    pub fn missing(class: Class, rule: &'static str, text: impl Into<String>) -> Self {
        Self { weight: Weight::Missing, class, text: text.into(), rule }
    }
}

struct Found<'a> {
    case: &'a Case,
    items: &'a [Item],
    findings: Vec<Finding>,
}

impl Found<'_> {
    fn has(&self, class: Class) -> bool {
        self.items.iter().any(|item| item.class == class)
    }

    fn missing(&mut self, class: Class, rule: &'static str, text: impl Into<String>) {
        self.findings.push(Finding::missing(class, rule, text));
    }

    fn note(&mut self, class: Class, rule: &'static str, text: impl Into<String>) {
        self.findings.push(Finding { weight: Weight::Note, class, text: text.into(), rule });
    }

    fn need(&mut self, class: Class, rule: &'static str) {
        if !self.has(class) {
            self.missing(class, rule, format!("缺少{}。", class.zh()));
        }
    }

    /// Every issued paper of this kind lies in the file.
    fn issued(&mut self, paper: Paper, class: Class, rule: &'static str) {
        let all: Vec<_> = self.case.papers.iter().filter(|issued| issued.paper == paper).collect();
        if all.is_empty() {
            return self.missing(class, rule, format!("缺少《{}》。", paper.zh()));
        }
        for issued in all {
            if !self.items.iter().any(|item| item.id == issued.id.to_string()) {
                let to = self.case.party(issued.to).map_or("", |party| party.name.as_str());
                self.missing(class, rule, format!("《{}》{}没有入卷。", paper.zh(), if to.is_empty() { String::new() } else { format!("（{to}）") }));
            }
        }
    }

    fn closing(&mut self) {
        if self.case.closing.is_none() {
            self.missing(Class::Other, "R-ARC-07", "案件还没有结案，请先结案。");
        }
    }

    fn filing(&mut self) {
        self.need(Class::Complaint, "R-CAT-07");
        if self.case.number.is_some() {
            self.issued(Paper::AcceptanceNotice, Class::Filing, "R-CAT-01");
            self.issued(Paper::FeeNotice, Class::Filing, "R-CAT-01");
            if !self.case.kind.before_suit() {
                self.issued(Paper::AnswerNotice, Class::ResponseNotice, "R-CAT-01");
                self.issued(Paper::EvidenceNotice, Class::ResponseNotice, "R-CAT-01");
            }
        }
        let paid = self.case.fee.as_ref().is_some_and(|fee| fee.paid.is_some());
        let proof = self.items.iter().any(|item| item.class == Class::Filing && item.id.starts_with("fee/"));
        if paid && !proof {
            self.missing(Class::Filing, "R-CAT-07", "案件受理费已交，缺少交费凭证。");
        }
    }

    fn sides(&mut self) {
        // Without the plaintiff's proof of identity there is no party; a defendant may have handed in nothing at all.
        if !self.items.iter().any(|item| item.class == Class::Identity && !item.id.starts_with("consent/")) {
            self.missing(Class::Identity, "R-CAT-07", format!("缺少{}。", Class::Identity.zh()));
        }
        for answer in &self.case.answers {
            let name = self.case.name_of(answer.by).to_owned();
            let copy = self.case.papers.iter().any(|paper| paper.paper == Paper::AnswerCopy);
            if !self.has(Class::Answer) || !copy {
                self.missing(Class::Answer, "R-CAT-07", format!("{name}已答辩，缺少答辩状。"));
            }
        }
        if self.case.answers.is_empty() && self.case.number.is_some() && !self.case.kind.before_suit() {
            self.note(Class::Answer, "R-CAT-07", "被告没有提交答辩状。");
        }
        for evidence in &self.case.evidence {
            if !self.items.iter().any(|item| item.id == evidence.material.id.to_string()) {
                self.missing(Class::Evidence, "R-CAT-07", format!("证据“{}”没有入卷。", evidence.material.name));
            }
        }
        for agent in &self.case.agents {
            let authorised = self.items.iter().any(|item| item.class == Class::Identity && item.title.contains("授权委托书"));
            if !authorised {
                self.missing(Class::Identity, "R-CAT-07", format!("缺少委托诉讼代理人{}的授权委托书。", agent.name));
            }
        }
    }

    fn trial(&mut self) {
        match self.case.stage {
            Stage::Withdrawn | Stage::Terminated | Stage::Dismissed | Stage::Transferred if self.case.ended_by.is_some() => {
                self.issued(Paper::MatterRuling, Class::Decision, "R-CAT-07");
            }
            Stage::Withdrawn | Stage::Terminated | Stage::Dismissed | Stage::Transferred => {
                self.issued(Paper::DeemedWithdrawalRuling, Class::Decision, "R-CAT-07")
            }
            Stage::Preserving => self.issued(Paper::MatterRuling, Class::Decision, "R-CAT-07"),
            Stage::Refused => self.issued(Paper::RefusalRuling, Class::Decision, "R-CAT-07"),
            Stage::Decided | Stage::Effective | Stage::Archived => {
                self.issued(Paper::CivilJudgment, Class::Decision, "R-CAT-07");
                self.need(Class::SignedOriginal, "R-CAT-08");
                self.issued(Paper::PanelNotice, Class::ResponseNotice, "R-CAT-01");
                self.hearings();
            }
            Stage::New | Stage::Submitted | Stage::Returned | Stage::GivenBack | Stage::Preparing | Stage::Hearing | Stage::Suspended => {
                self.missing(Class::Decision, "R-CAT-07", "案件还没有裁判，不能归档。");
            }
        }
    }

    fn hearings(&mut self) {
        if self.case.hearings.iter().all(|hearing| hearing.opened_at.is_none()) {
            self.missing(Class::HearingRecord, "R-CAT-07", "没有开庭记录。");
        }
        for hearing in self.case.hearings.iter().filter(|hearing| hearing.opened_at.is_some()) {
            let number = hearing.number;
            match &hearing.record {
                Some(record) if record.settled() => {}
                Some(record) => {
                    let names: Vec<_> = record.unsigned().map(|person| self.case.name_of(person).to_owned()).collect();
                    self.missing(Class::HearingRecord, "R-TRI-33", format!("第{number}次开庭笔录尚未签完：{}。", names.join("、")));
                }
                None => self.missing(Class::HearingRecord, "R-TRI-33", format!("第{number}次开庭没有笔录。")),
            }
        }
        self.issued(Paper::Summons, Class::Summons, "R-CAT-01");
        self.issued(Paper::HearingRecord, Class::HearingRecord, "R-CAT-07");
        let panel = self.case.tribunal.as_ref().is_some_and(|tribunal| tribunal.form == TribunalForm::Panel);
        if panel && !self.has(Class::DeliberationRecord) {
            self.note(Class::DeliberationRecord, "R-TRI-03", "合议庭审理的案件，请核对合议庭评议笔录是否已入副卷。");
        }
    }

    /// Every paper that was owed was served, and each service is proven in the file (R-SVC-01, R-SVC-14).
    fn services(&mut self) {
        let left = |paper: &&procedure::case::IssuedPaper| matches!(paper.service, ServiceState::Served { .. }) || !self.case.superseded(paper);
        for paper in self.case.papers.iter().filter(|paper| !paper.paper.is_kept()).filter(left) {
            let to = self.case.party(paper.to).map_or("受送达人", |party| party.name.as_str());
            let name = paper.paper.zh();
            match &paper.service {
                ServiceState::Served { .. } => {
                    if !self.items.iter().any(|item| item.class == Class::ServiceProof && item.proves.contains(&paper.id)) {
                        self.missing(Class::ServiceProof, "R-SVC-14", format!("缺少向{to}送达《{name}》的送达回证或者电子送达凭证。"));
                    }
                }
                ServiceState::Owed | ServiceState::Issued | ServiceState::Sent { .. } | ServiceState::Failed { .. } => {
                    self.missing(Class::ServiceProof, "R-SVC-01", format!("《{name}》还没有送达{to}。"));
                }
            }
        }
    }

    /// What can be seen of the four properties without opening a file (R-ARC-05): digests, pages, sizes, formats, signatures.
    fn properties(&mut self) {
        for item in self.items {
            let title = &item.title;
            let digest = item.sha256.len() == 64 && item.sha256.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
            if !digest || item.bytes == 0 {
                self.missing(item.class, "R-ARC-05", format!("“{title}”没有内容或者没有摘要。"));
            }
            // Parameters such as a charset do not change the format.
            let format = item.media.split(';').next().unwrap_or_default().trim();
            if !FORMATS.contains(&format) {
                self.missing(item.class, "R-ARC-05", format!("“{title}”的格式（{}）不能长期保存，请转换为 PDF 后归档。", item.media));
            }
            if item.pages == 0 && item.media == "application/pdf" {
                self.missing(item.class, "R-FIA-07", format!("“{title}”的页数没有登记，无法编页。"));
            }
            if !item.signed && item.class == Class::Decision {
                self.missing(item.class, "R-DOC-03", format!("“{title}”没有电子签名和印章。"));
            }
        }
        let defendants = self.case.side(Side::Defendant).count();
        if defendants == 0 {
            self.note(Class::Complaint, "R-CAT-01", "案件没有被告。");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::tests::item;
    use jiff::civil::date;
    use procedure::case::{IssuedPaper, Method, Party};
    use procedure::{CaseId, PaperId, PersonId};

    /// A case in which the suit counts as withdrawn, with every item that it must have.
    fn withdrawn() -> (Case, Vec<Item>) {
        let mut case = Case::new(CaseId::new(), "粤4001");
        case.stage = Stage::Withdrawn;
        case.number = Some("(2026)粤4001民初1号".into());
        case.closing =
            Some(procedure::trial::Closing { on: date(2026, 3, 6), manner: "按撤诉处理".into(), volumes: vec![], by: PersonId::new() });
        let (plaintiff, defendant) = (PersonId::new(), PersonId::new());
        for (person, side) in [(plaintiff, Side::Plaintiff), (defendant, Side::Defendant)] {
            case.parties.push(Party { person, side, name: "周桂兰".into(), organisation: false, digest: String::new() });
        }
        let mut items = vec![item(Class::Complaint, "m1", 2), item(Class::Identity, "m2", 1)];
        let mut proof = item(Class::ServiceProof, "proof", 1);
        let papers = [
            (Paper::AcceptanceNotice, plaintiff, Class::Filing),
            (Paper::FeeNotice, plaintiff, Class::Filing),
            (Paper::AnswerNotice, defendant, Class::ResponseNotice),
            (Paper::EvidenceNotice, defendant, Class::ResponseNotice),
            (Paper::DeemedWithdrawalRuling, plaintiff, Class::Decision),
        ];
        for (paper, to, class) in papers {
            let id = PaperId::new();
            let service = ServiceState::Served { method: Method::Postal, on: date(2026, 3, 6), rule: "R-SVC-01".into(), sent: None };
            case.papers.push(IssuedPaper { id, paper, to, sha256: Some("00".repeat(32)), pages: 2, service, opened_at: None, tried: vec![] });
            items.push(item(class, &id.to_string(), 2));
            proof.proves.push(id);
        }
        items.push(proof);
        (case, items)
    }

    fn missing(case: &Case, items: &[Item]) -> Vec<String> {
        check(case, items).into_iter().filter(|finding| finding.weight == Weight::Missing).map(|finding| finding.text).collect()
    }

    #[test]
    fn r_cat_07_a_whole_file_passes_and_each_item_is_missed() {
        let (case, items) = withdrawn();
        assert_eq!(missing(&case, &items), Vec::<String>::new());
        for gone in 0..items.len() {
            let mut fewer = items.clone();
            let item = fewer.remove(gone);
            assert!(!missing(&case, &fewer).is_empty(), "{} is missed", item.title);
        }
    }

    #[test]
    fn r_svc_14_a_service_without_proof_and_a_paper_not_served_stop_the_archive() {
        let (mut case, mut items) = withdrawn();
        items.iter_mut().for_each(|item| item.proves.clear());
        assert_eq!(missing(&case, &items).len(), case.papers.len());
        case.papers[0].service = ServiceState::Issued;
        assert!(missing(&case, &items).iter().any(|text| text == "《受理案件通知书》还没有送达周桂兰。"));
    }

    #[test]
    fn r_arc_05_formats_pages_digests_and_signatures() {
        let (case, items) = withdrawn();
        let with = |change: &dyn Fn(&mut Item)| {
            let mut items = items.clone();
            items.iter_mut().filter(|item| item.class == Class::Decision).for_each(change);
            missing(&case, &items)
        };
        assert!(with(&|item| item.media = "application/x-msdownload".into())[0].contains("不能长期保存"));
        assert!(with(&|item| item.pages = 0)[0].contains("页数"));
        assert!(with(&|item| item.sha256 = "zz".into())[0].contains("没有摘要"));
        assert!(with(&|item| item.signed = false)[0].contains("没有电子签名"));
    }

    #[test]
    fn r_arc_05_an_open_case_is_never_complete() {
        let (mut case, items) = withdrawn();
        for stage in [Stage::New, Stage::Submitted, Stage::Returned, Stage::Preparing, Stage::Hearing] {
            case.stage = stage;
            assert!(missing(&case, &items).iter().any(|text| text.contains("还没有裁判")), "{stage:?}");
        }
        case.stage = Stage::Decided;
        let texts = missing(&case, &items).join("");
        for wanted in ["民事判决书", "裁判文书原本", "没有开庭记录", "庭审笔录"] {
            assert!(texts.contains(wanted), "{wanted}: {texts}");
        }
    }
}
