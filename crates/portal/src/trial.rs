//! 答辩、证据、质证、笔录、上诉、生效证明: what a party hands in after acceptance. The court decides; here it is checked for
//! form, numbered and sent.
use crate::act::{Handing, With};
use crate::file::title_of;
use crate::store::cases::Submission;
use crate::{Account, Error, Portal};
use exchange::message::Card;
use procedure::case::{Material, MaterialKind, Power};
use procedure::step::comment_on_evidence::ItemOpinion;
use procedure::step::{
    AppointAgent, CommentOnEvidence, ConfirmRecord, FileAppeal, RaiseMatter, RequestEffectCertificate, RevokeAgent, SubmitAnswer, SubmitEvidence,
};
use procedure::{Command, ItemId, PersonId, identity};
use storage::Digest;
use uuid::Uuid;

/// Files of one press.
const MOST_FILES: usize = 20;
/// Longest text of a submission, in characters.
const LONGEST: usize = 20_000;

/// A file as it came, with what is said of it.
#[derive(Debug, Clone)]
pub struct NewFile {
    /// Name of the file on the person's device.
    pub file_name: String,
    pub bytes: Vec<u8>,
    /// What it is called in lists; empty: by its file name.
    pub name: String,
    /// 证明目的
    pub purpose: String,
    pub kind: MaterialKind,
}

/// An agent as the party describes him.
#[derive(Debug, Clone)]
pub struct NewAgent<'a> {
    pub name: &'a str,
    /// 身份证号: by it his own account is found.
    pub number: &'a str,
    pub phone: &'a str,
    pub matters: &'a str,
    pub powers: Vec<Power>,
}

fn limited(field: &str, text: &str) -> Result<String, Error> {
    let text = text.trim().replace("\r\n", "\n");
    let count = text.chars().count();
    if count > LONGEST {
        Err(Error::input(field, format!("最多 {LONGEST} 字，现在 {count} 字。请写短一些，或者作为文件上传。")))
    } else {
        Ok(text)
    }
}

impl Portal {
    /// Looks into files and names them. An id follows from press and bytes: a retry names the same items.
    async fn materials(&self, of: &Handing<'_>, files: Vec<NewFile>) -> Result<Vec<(Material, Vec<u8>)>, Error> {
        if files.len() > MOST_FILES {
            return Err(Error::input("files", format!("一次最多提交 {MOST_FILES} 份，其余的请再提交一次。")));
        }
        let mut found: Vec<(Material, Vec<u8>)> = vec![];
        for file in files {
            let (bytes, opened) = self.look_into(&file.file_name, file.bytes).await?;
            let sha256 = Digest::of(&bytes).to_string();
            // The same file twice in one press, by a second tap, is one item.
            if found.iter().any(|(known, _)| known.sha256 == sha256) {
                continue;
            }
            let name: String = file.name.trim().chars().filter(|c| !c.is_control()).take(80).collect();
            let purpose: String = file.purpose.trim().chars().filter(|c| !c.is_control()).take(500).collect();
            let material = Material {
                id: ItemId(Uuid::new_v5(&of.case.0, format!("{}/{sha256}", of.key).as_bytes())),
                kind: file.kind,
                name: if name.is_empty() { title_of(&file.file_name) } else { name },
                pages: opened.pages,
                bytes: bytes.len() as u64,
                sha256,
                media: opened.format.media_type().to_owned(),
                purpose: (!purpose.is_empty()).then_some(purpose),
            };
            found.push((material, bytes));
        }
        Ok(found)
    }

    /// Answers the complaint (R-FIL-21).
    pub async fn submit_answer(&self, account: &Account, of: Handing<'_>, text: &str, files: Vec<NewFile>) -> Result<Submission, Error> {
        let text = limited("text", text)?;
        if text.is_empty() && files.is_empty() {
            return Err(Error::input("text", "请写答辩意见，或者上传答辩状。"));
        }
        let files = self.materials(&of, files).await?;
        let command =
            Command::SubmitAnswer(SubmitAnswer { text, materials: files.iter().map(|(material, _)| material.clone()).collect(), posted_on: None });
        self.step_with(account, of, command, files.into()).await
    }

    /// Hands in evidence, each item with what it is to prove (R-EVD-02); the receipt lists each (R-FIL-07).
    pub async fn submit_evidence(&self, account: &Account, of: Handing<'_>, reason: &str, files: Vec<NewFile>) -> Result<Submission, Error> {
        if files.is_empty() {
            return Err(Error::input("files", "请选择要提交的证据。"));
        }
        if files.iter().any(|file| file.purpose.trim().is_empty()) {
            return Err(Error::input("purpose", "请写明这份证据证明什么。"));
        }
        let reason = limited("reason", reason)?;
        let files = self.materials(&of, files).await?;
        let command = Command::SubmitEvidence(SubmitEvidence {
            materials: files.iter().map(|(material, _)| material.clone()).collect(),
            reason,
            posted_on: None,
        });
        self.step_with(account, of, command, files.into()).await
    }

    /// Comments on items of the other side (R-EVD-09).
    pub async fn comment_on_evidence(&self, account: &Account, of: Handing<'_>, opinions: Vec<ItemOpinion>) -> Result<Submission, Error> {
        if opinions.is_empty() {
            return Err(Error::input("step", "请至少对一份证据发表意见。"));
        }
        self.step_with(account, of, Command::CommentOnEvidence(CommentOnEvidence { opinions }), With::default()).await
    }

    /// Signs the record of a hearing, with a correction asked for if need be (R-TRI-33).
    pub async fn confirm_record(&self, account: &Account, of: Handing<'_>, hearing: u32, correction: &str) -> Result<Submission, Error> {
        let command = ConfirmRecord { hearing: Some(hearing), correction: limited("correction", correction)?, refused: String::new() };
        self.step_with(account, of, Command::ConfirmRecord(command), With::default()).await
    }

    /// Appeals within the person's own period (R-APL-01).
    pub async fn file_appeal(
        &self,
        account: &Account,
        of: Handing<'_>,
        (requests, reasons): (&str, &str),
        files: Vec<NewFile>,
    ) -> Result<Submission, Error> {
        let (requests, reasons) = (limited("requests", requests)?, limited("reasons", reasons)?);
        if requests.is_empty() {
            return Err(Error::input("requests", "请写明上诉请求，例如 撤销一审判决第二项，改判……"));
        }
        if reasons.is_empty() {
            return Err(Error::input("reasons", "请写明上诉的事实和理由。"));
        }
        let files = self.materials(&of, files).await?;
        let materials = files.iter().map(|(material, _)| material.clone()).collect();
        self.step_with(account, of, Command::FileAppeal(FileAppeal { requests, reasons, materials, posted_on: None }), files.into()).await
    }

    /// Asks for the certificate that the judgment has force.
    pub async fn request_certificate(&self, account: &Account, of: Handing<'_>) -> Result<Submission, Error> {
        self.step_with(account, of, Command::RequestEffectCertificate(RequestEffectCertificate {}), With::default()).await
    }

    /// Names an agent for the party of this account, with the power of attorney and what shows who he is (R-IDC-10, R-IDC-11).
    pub async fn appoint_agent(&self, account: &Account, of: Handing<'_>, agent: NewAgent<'_>, files: Vec<NewFile>) -> Result<Submission, Error> {
        let name = limited("name", agent.name)?;
        let resident = identity::agent(agent.number, self.today()).map_err(|error| Error::input("number", error.to_string()))?;
        let phone = match agent.phone.trim() {
            "" => String::new(),
            typed => identity::phone(typed).map_err(|error| Error::input("phone", error.to_string()))?,
        };
        if name.is_empty() {
            return Err(Error::input("name", "请按身份证件填写代理人的姓名。"));
        }
        if agent.matters.trim().is_empty() {
            return Err(Error::input("matters", "请写明委托他办什么，例如 本案一审。"));
        }
        if files.is_empty() {
            return Err(Error::input("files", "请上传授权委托书。"));
        }
        let files = self.materials(&of, files).await?;
        // The same press names the same person.
        let person = PersonId(Uuid::new_v5(&of.case.0, format!("agent/{}", of.key).as_bytes()));
        let (matters, powers) = (limited("matters", agent.matters)?, agent.powers);
        let materials = files.iter().map(|(material, _)| material.clone()).collect();
        let command = Command::AppointAgent(AppointAgent { person, name: name.clone(), matters, powers, materials });
        let (sex, birth) = (resident.sex.zh().to_owned(), Some(resident.birth));
        let card = Card { person, name, number: resident.number, phone, sex, birth, ..Card::default() };
        self.step_with(account, of, command, With { files, cards: vec![card] }).await
    }

    /// Asks for something beside the main proceeding ([`procedure::matter`]).
    pub async fn raise_matter(
        &self,
        account: &Account,
        of: Handing<'_>,
        matter: procedure::matter::Kind,
        mut fields: procedure::matter::Fields,
        files: Vec<NewFile>,
    ) -> Result<Submission, Error> {
        for (name, value) in &mut fields.0 {
            if let Some(text) = value.as_str() {
                *value = limited(name, text)?.into();
            }
        }
        let files = self.materials(&of, files).await?;
        let materials = files.iter().map(|(material, _)| material.clone()).collect();
        self.step_with(account, of, Command::RaiseMatter(RaiseMatter { matter, fields, materials, posted_on: None }), files.into()).await
    }

    /// Ends the authority of an agent (R-IDC-12).
    pub async fn revoke_agent(&self, account: &Account, of: Handing<'_>, agent: PersonId) -> Result<Submission, Error> {
        self.step_with(account, of, Command::RevokeAgent(RevokeAgent { agent }), With::default()).await
    }
}
