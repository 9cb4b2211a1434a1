//! What a person does in a case besides filing: choose ways, open papers, pay, ask for relief, join, mend a filing.
use crate::draft::{Before, Content};
use crate::store::cases::{self, Brief, Handed, PaperRow, Submission};
use crate::store::drafts::{self, DraftKind};
use crate::store::{ZONE, accounts};
use crate::submit::{self, New, Record};
use crate::{Account, Draft, Error, Portal, bridge};
use exchange::message::{Card, CodeWanted, Join, Request, ToCourt, View, ViewItem};
use ledger::Kind;
use procedure::case::{Channel, Collect, Material, Scope};
use procedure::cause::Cause;
use procedure::step::{ChooseChannel, InsistOnFiling, OpenPaper, RequestFeeRelief, RequestPaperCopy};
use procedure::{CaseId, Command, PaperId, PersonId, Stage, Step};
use std::collections::BTreeSet;
use storage::blobs;
use uuid::Uuid;

/// Edition of the text on rights, duties and consequences that is shown before a way is chosen (R-IDC-20).
pub const CONSENT_TEXT: &str = "2026-1";

/// Codes of a sheet that may be wrong within an hour.
const WRONG_CODES: usize = 5;

/// Digits of a 签名验证码.
const CODE_DIGITS: usize = 6;

/// A press of a button in a case.
#[derive(Debug, Clone, Copy)]
pub struct Handing<'a> {
    pub case: CaseId,
    /// The same for every retry.
    pub key: &'a str,
    pub device: &'a str,
    /// Version of the case that the page showed; none from a script that showed nothing.
    pub seen: Option<u64>,
    /// For whom an agent of several acts.
    pub for_person: Option<PersonId>,
    /// 签名验证码, for steps that want one; else empty.
    pub code: &'a str,
}

/// What goes along with a step: files with their bytes, and particulars for the court's vault.
#[derive(Debug, Clone, Default)]
pub(crate) struct With {
    pub files: Vec<(Material, Vec<u8>)>,
    pub cards: Vec<Card>,
}

impl From<Vec<(Material, Vec<u8>)>> for With {
    fn from(files: Vec<(Material, Vec<u8>)>) -> Self {
        Self { files, cards: vec![] }
    }
}

impl Portal {
    /// The case as this person may see it.
    pub async fn view(&self, account: &Account, case: CaseId) -> Result<View, Error> {
        let id = account.id;
        self.db().read(move |tx| cases::view(tx, id, case)).await?.ok_or(Error::Missing("case"))
    }

    /// Cases and what was submitted, for the list of my cases.
    pub async fn overview(&self, account: &Account) -> Result<(Vec<View>, Vec<Submission>), Error> {
        let id = account.id;
        self.db().read(move |tx| Ok((cases::views(tx, id)?, cases::of_account(tx, id)?))).await
    }

    /// The same with the cases in brief, for a list of them.
    pub async fn briefs(&self, account: &Account) -> Result<(Vec<Brief>, Vec<Submission>), Error> {
        let id = account.id;
        self.db().read(move |tx| Ok((cases::briefs(tx, id)?, cases::of_account(tx, id)?))).await
    }

    /// What was submitted in a case.
    pub async fn submissions(&self, account: &Account, case: CaseId) -> Result<Vec<Submission>, Error> {
        let id = account.id;
        self.db().read(move |tx| cases::of_case(tx, id, case)).await
    }

    /// A submission by its receipt number, with the receipt's text.
    pub async fn receipt(&self, account: &Account, no: &str) -> Result<(Submission, String), Error> {
        let (id, no) = (account.id, no.to_owned());
        self.db()
            .read(move |tx| {
                let submission = cases::by_receipt(tx, &no, id)?.ok_or(Error::Missing("receipt"))?;
                let text = cases::receipt(tx, &submission.target, &no)?.ok_or(Error::Corrupt("a submission without its receipt"))?;
                Ok((submission, text))
            })
            .await
    }

    /// A submission by its id.
    pub async fn submission(&self, account: &Account, id: Uuid) -> Result<Submission, Error> {
        let owner = account.id;
        self.db().read(move |tx| cases::by_id(tx, id)?.filter(|row| row.account == owner).ok_or(Error::Missing("submission"))).await
    }

    /// Papers in the inbox.
    pub async fn papers(&self, account: &Account) -> Result<Vec<PaperRow>, Error> {
        let id = account.id;
        self.db().read(move |tx| cases::papers(tx, id)).await
    }

    /// A paper, noted as opened; the first opening is told to the court (R-SVC-14).
    pub async fn open_paper(&self, account: &Account, id: PaperId, device: &str) -> Result<PaperRow, Error> {
        let (portal, owner, device) = (self.clone(), account.id, device.to_owned());
        let row = self.db().read(move |tx| cases::paper(tx, owner, id)).await?.ok_or(Error::Missing("paper"))?;
        if row.opened.is_some() {
            return Ok(row);
        }
        self.db()
            .write(move |tx| {
                let now = portal.now();
                if cases::opened(tx, owner, id, now)? {
                    let row = cases::paper(tx, owner, id)?.ok_or(Error::Missing("paper"))?;
                    accounts::put_read(tx, owner, &format!("打开《{}》", row.paper.name), now, &device, true)?;
                    // A certificate of service is no paper of the case: nothing begins with its opening.
                    if row.paper.proof_of.is_some() {
                        return Ok(row);
                    }
                    let submission = Uuid::now_v7();
                    let request = Request {
                        submission,
                        court: row.paper.court.clone(),
                        case: row.paper.case,
                        account: owner,
                        command: Command::OpenPaper(OpenPaper { id }),
                        expected_version: None,
                        at: now,
                        receipt_no: String::new(),
                        receipt: String::new(),
                        cards: vec![],
                        for_person: None,
                        code: String::new(),
                    };
                    bridge::send(tx, &portal.config().key, submission, &ToCourt::Act(Box::new(request)), vec![], now)?;
                }
                cases::paper(tx, owner, id)?.ok_or(Error::Missing("paper"))
            })
            .await
    }

    /// The PDF of a paper, byte for byte as it was served.
    pub async fn paper_file(&self, account: &Account, id: PaperId) -> Result<(PaperRow, Vec<u8>), Error> {
        let owner = account.id;
        self.db()
            .read(move |tx| {
                let row = cases::paper(tx, owner, id)?.ok_or(Error::Missing("paper"))?;
                let bytes = blobs::get(tx, ZONE, &bridge::digest(&row.paper.sha256)?)?;
                Ok((row, bytes))
            })
            .await
    }

    /// The receipt of a paper: completed with the ledger's proof as soon as that came.
    pub async fn paper_receipt(&self, account: &Account, id: PaperId) -> Result<(PaperRow, String), Error> {
        let owner = account.id;
        self.db()
            .read(move |tx| {
                let row = cases::paper(tx, owner, id)?.ok_or(Error::Missing("paper"))?;
                let no = ledger::Receipt::parse(&row.paper.receipt)?.content().no.clone();
                let text = cases::receipt(tx, &row.paper.court, &no)?.unwrap_or_else(|| row.paper.receipt.clone());
                Ok((row, text))
            })
            .await
    }

    /// Numbers of the items whose bytes lie here: what this person handed in, papers served on him, and what the court
    /// released to him to read (R-RDG-03).
    pub async fn own_items(&self, account: &Account, view: &View) -> Result<Vec<u32>, Error> {
        let own = self.own_digests(account, view.case).await?;
        Ok(view.items.iter().filter(|item| own.contains(&item.sha256)).map(|item| item.number).collect())
    }

    async fn own_digests(&self, account: &Account, case: CaseId) -> Result<BTreeSet<String>, Error> {
        let id = account.id;
        self.db()
            .read(move |tx| {
                let handed = cases::of_case(tx, id, case)?.into_iter().flat_map(|submission| submission.files).map(|file| file.sha256);
                let served = cases::papers(tx, id)?.into_iter().filter(|row| row.paper.case == case).map(|row| row.paper.sha256);
                let released = cases::items(tx, id, case)?;
                Ok(handed.chain(served).chain(released).collect())
            })
            .await
    }

    /// The bytes of an item, if they are this person's own; granted and denied reads are both on record.
    pub async fn own_item(&self, account: &Account, view: &View, item: &ViewItem, device: &str) -> Result<Vec<u8>, Error> {
        let granted = self.own_digests(account, view.case).await?.contains(&item.sha256);
        let (portal, id, what, device) = (self.clone(), account.id, format!("{}：{}", view.title, item.name), device.to_owned());
        self.db().write(move |tx| accounts::put_read(tx, id, &what, portal.now(), &device, granted)).await?;
        if !granted {
            return Err(Error::Missing("item"));
        }
        let digest = bridge::digest(&item.sha256)?;
        self.db().read(move |tx| Ok(blobs::get(tx, ZONE, &digest)?)).await
    }

    /// Papers of a case that came into this person's inbox: those that have a page of their own.
    pub async fn inbox_of(&self, account: &Account, case: CaseId) -> Result<BTreeSet<PaperId>, Error> {
        let id = account.id;
        let papers = self.db().read(move |tx| cases::papers(tx, id)).await?;
        Ok(papers.into_iter().filter(|row| row.paper.case == case).map(|row| row.paper.id).collect())
    }

    /// Asks the court for a paper on paper: by post, or to be fetched (R-SVC-10).
    pub async fn request_paper_copy(&self, account: &Account, of: Handing<'_>, id: PaperId, how: Collect) -> Result<Submission, Error> {
        let owner = account.id;
        let row = self.db().read(move |tx| cases::paper(tx, owner, id)).await?.ok_or(Error::Missing("paper"))?;
        // The certificate of a paper is printed with it.
        let id = row.paper.proof_of.unwrap_or(id);
        let of = Handing { case: row.paper.case, ..of };
        self.step_with(account, of, Command::RequestPaperCopy(RequestPaperCopy { id, how }), With::default()).await
    }

    /// Insists on a filing that was not mended (R-FIL-12).
    pub async fn insist(&self, account: &Account, of: Handing<'_>, reason: &str) -> Result<Submission, Error> {
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(Error::input("reason", "请写明为什么坚持起诉。"));
        }
        let reason = reason.chars().take(2000).collect();
        self.step_with(account, of, Command::InsistOnFiling(InsistOnFiling { reason }), With::default()).await
    }

    /// A new draft with everything of a filing that the court refused.
    pub async fn draft_of_refused(&self, account: &Account, submission: &Submission) -> Result<Draft, Error> {
        if submission.state != cases::State::Refused {
            return Err(Error::input("step", "这份材料法院没有拒收，不用重新提交。"));
        }
        let (id, case) = (account.id, submission.case);
        let drafts = self.db().read(move |tx| drafts::of_case(tx, id, case)).await?;
        let last = drafts.last().ok_or(Error::Missing("draft"))?;
        self.draft_again(account, last.id).await
    }

    /// Asks the court to send the code with which this step is signed. It goes from the court to the telephone, past this zone.
    pub async fn ask_code(&self, account: &Account, case: CaseId, step: &'static Step, for_person: Option<PersonId>) -> Result<(), Error> {
        let view = self.view(account, case).await?;
        if !view.steps.iter().any(|name| name == step.name) {
            return Err(Error::input("step", not_open(&view, step)));
        }
        let wanted = CodeWanted {
            court: view.court.clone(),
            case,
            account: account.id,
            step: step.name.to_owned(),
            at: storage::Clock::real_now(),
            for_person,
        };
        let portal = self.clone();
        self.db()
            .write(move |tx| {
                let id = Uuid::now_v7();
                bridge::send(tx, &portal.config().key, id, &ToCourt::Code(wanted.clone()), vec![], portal.now())
            })
            .await
    }

    /// A step in a case; the bytes of its files are kept in the transaction of the submission.
    pub(crate) async fn step_with(&self, account: &Account, of: Handing<'_>, command: Command, with: With) -> Result<Submission, Error> {
        let (case, step) = (of.case, command.step());
        // The same press of the same words is one act; other words on a page that is shown once more are another.
        let said = serde_json::to_vec(&(&command, &with.cards))?;
        let said = <sha2::Sha256 as sha2::Digest>::digest(&said);
        let attempt = format!("{}/{case}/{}/{}/{}", step.name, account.id, of.key, hex::encode(&said[..8]));
        let (kept, owner) = (attempt.clone(), account.id);
        // A retry gets what the first press got, even if the step is not open any more.
        let before = if step.disposes() {
            // Refused for its code, the same page may hand it in again.
            self.db().write(move |tx| cases::standing(tx, &kept)).await?
        } else {
            self.db().read(move |tx| cases::by_attempt(tx, &kept)).await?
        };
        if let Some(before) = before {
            return submit::same_person(before, owner);
        }
        let view = self.view(account, case).await?;
        if !view.steps.iter().any(|name| name == step.name) {
            return Err(Error::input("step", not_open(&view, step)));
        }
        // Others did something that this act could hang on, and the page did not show it yet.
        if let Some(seen) = of.seen.filter(|seen| *seen < view.moved) {
            return Err(Error::Stale { seen, now: view.version });
        }
        if of.seen.is_some() && of.for_person.is_none() && view.principals.len() > 1 {
            return Err(Error::input("for", "请选择为谁办理。"));
        }
        if step.disposes() && of.code.chars().filter(char::is_ascii_digit).count() != CODE_DIGITS {
            return Err(Error::input("sign_code", "请输入法院发到您手机上的 6 位验证码；还没有的，先点“获取验证码”。"));
        }
        if let Some(unknown) = of.for_person.filter(|person| *person != view.party && !view.principals.iter().any(|(of, _)| of == person)) {
            tracing::warn!(%unknown, "not a principal of this account");
            return Err(Error::input("for", "请选择为谁办理。"));
        }
        let new = New {
            attempt,
            account: account.id,
            name: account.name.clone(),
            court: view.court.clone(),
            case,
            title: format!("{}：{}", step.zh, view.title),
            command,
            expected: of.seen,
            cards: with.cards,
            for_person: of.for_person,
            code: of.code.chars().filter(char::is_ascii_digit).take(CODE_DIGITS).collect(),
            files: with.files.iter().map(|(material, _)| Handed::of(material)).collect(),
            device: of.device.to_owned(),
        };
        let (portal, files) = (self.clone(), with.files);
        self.db()
            .write(move |tx| {
                for (_, bytes) in &files {
                    blobs::put(tx, ZONE, bytes)?;
                }
                submit::submit(tx, &portal, &new)
            })
            .await
    }

    /// Chooses online or counter for parts of the proceeding (R-IDC-20..23, R-IDC-25). An address that is given is confirmed with it
    /// (R-SVC-11).
    pub async fn choose_channels(
        &self,
        account: &Account,
        of: Handing<'_>,
        choices: Vec<(Scope, Channel)>,
        address: &str,
    ) -> Result<Submission, Error> {
        if choices.is_empty() {
            return Err(Error::input("choices", "请至少选择一个环节的办理方式。"));
        }
        let cards = match plain(address) {
            address if address.is_empty() => vec![],
            service_address => {
                let view = self.view(account, of.case).await?;
                // An agent says where the papers go, the telephone and account of the party stay the party's.
                let own = view.principals.is_empty();
                let (phone, email) = if own { (account.phone.clone(), account.email.clone()) } else { Default::default() };
                let person = of.for_person.unwrap_or(view.party);
                vec![Card { person, phone, email, service_address, account: own.then_some(account.id), ..Card::default() }]
            }
        };
        let command = Command::ChooseChannel(ChooseChannel { choices, text: CONSENT_TEXT.to_owned() });
        self.step_with(account, of, command, With { files: vec![], cards }).await
    }

    /// Asks for relief from the fee (R-FEE-21).
    pub async fn request_relief(&self, account: &Account, of: Handing<'_>, reason: &str) -> Result<Submission, Error> {
        let reason = reason.trim();
        if reason.chars().count() < 5 {
            return Err(Error::input("reason", "请写明交费有困难的原因，例如收入、低保、患病等情况。"));
        }
        let reason = reason.chars().take(2000).collect();
        self.step_with(account, of, Command::RequestFeeRelief(RequestFeeRelief { reason }), With::default()).await
    }

    /// Links the account to a case with the code of the served paper (R-IDC-22).
    pub async fn join(
        &self,
        account: &Account,
        court: &str,
        code: &str,
        choices: Vec<(Scope, Channel)>,
        address: &str,
        device: &str,
    ) -> Result<Submission, Error> {
        if !account.real_name.may_act() {
            return Err(Error::input("code", "加入案件前要先实名认证。"));
        }
        if !self.config().courts.iter().any(|known| known == court) {
            return Err(Error::input("court", "请选择给您寄材料的法院。"));
        }
        let case_number = case_number(code);
        let code: String = code.chars().map(half_width).filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase();
        if case_number.is_none() && !(6..=64).contains(&code.len()) {
            return Err(Error::input("code", "加入码由字母和数字组成，印在《在线参加诉讼告知书》上，请照着填。"));
        }
        let card = Card {
            person: account.id,
            name: account.name.clone(),
            number: account.number.clone(),
            phone: account.phone.clone(),
            email: account.email.clone(),
            address: plain(address),
            account: Some(account.id),
            ..Card::default()
        };
        let record = Record {
            // The same code is one attempt, until the court refused it; it does not stand in the table as it is.
            attempt: format!("join/{}/{}", account.id, storage::secret::token_digest(&format!("{court}/{code}/{case_number:?}"))),
            account: account.id,
            name: account.name.clone(),
            court: court.to_owned(),
            case: bridge::unknown_case(),
            title: format!("加入案件：{}", self.court_name(court)),
            step: "join_case",
            done: "加入案件",
            kind: Kind::Submission,
            files: vec![],
            device: device.to_owned(),
        };
        let portal = self.clone();
        self.db()
            .write(move |tx| {
                if let Some(before) = cases::standing(tx, &record.attempt)? {
                    return submit::same_person(before, record.account);
                }
                // A code is not to be found by trying.
                let since = portal.now() - jiff::SignedDuration::from_hours(1);
                let wrong = |row: &Submission| row.step == record.step && row.state == cases::State::Refused && row.at > since;
                if cases::of_account(tx, record.account)?.iter().filter(|row| wrong(row)).count() >= WRONG_CODES {
                    return Err(Error::input("code", "加入码错了太多次，请一小时以后再试；纸上的字看不清的，请打电话问承办法院。"));
                }
                submit::submit_as(tx, &portal, &record, |submission, _| {
                    ToCourt::Join(Box::new(Join {
                        submission: submission.id,
                        court: record.court.clone(),
                        code: code.clone(),
                        case_number: case_number.clone(),
                        card: card.clone(),
                        at: submission.at,
                        choices: choices.clone(),
                        text: CONSENT_TEXT.to_owned(),
                    }))
                })
            })
            .await
    }

    /// The draft that mends a returned filing: it starts from what was filed (R-FIL-12). The same one again when it was begun.
    pub async fn begin_correction(&self, account: &Account, case: CaseId) -> Result<Draft, Error> {
        let view = self.view(account, case).await?;
        if view.stage != Stage::Returned || !view.steps.iter().any(|name| name == "submit_correction") {
            return Err(Error::input("step", "这个案件现在不需要补正。"));
        }
        let owner = account.id;
        let drafts = self.db().read(move |tx| drafts::of_case(tx, owner, case)).await?;
        if let Some(open) = drafts.iter().find(|draft| draft.kind == DraftKind::Correction && !draft.submitted) {
            return self.draft(account, open.id).await;
        }
        let statement = view.statement.as_ref().ok_or(Error::Corrupt("a returned case without its statement"))?;
        let cause = Cause::by_number(&statement.cause).ok_or(Error::Corrupt("cause of a case"))?;
        let (mut content, files) = match drafts.last() {
            Some(filed) => {
                let filed = self.draft(account, filed.id).await?;
                (filed.content, filed.files)
            }
            // Filed at the counter: the answers come from the court, without what lies in its vault.
            None => (Content { answers: statement.answers.clone(), ..Content::default() }, vec![]),
        };
        content.court = view.court.clone();
        content.half.clear();
        content.saved.clear();
        let pages = cause.pages(&content.answers).into_iter().map(|page| page.id.clone());
        content.done = pages.chain(crate::draft::PORTAL_PAGES.map(str::to_owned)).collect();
        content.before = Some(Before {
            answers: content.answers.clone(),
            files: files.iter().map(|file| file.sha256.clone()).collect(),
            parties: view.parties.clone(),
            remarks: view.remarks.clone(),
            version: view.version,
        });
        self.begin(account, DraftKind::Correction, cause, case, content, files).await
    }
}

/// Why a step is not open: the power that an agent lacks, or that its time is not now (R-IDC-11).
fn not_open(view: &View, step: &Step) -> String {
    let barred = view.barred.iter().find(|(name, _)| name == step.name).map(|(_, zh)| zh.clone());
    barred.unwrap_or_else(|| format!("现在不能{}。请刷新页面，看看现在可以办什么。", step.zh))
}

/// An address as it was typed, without what cannot be read.
fn plain(address: &str) -> String {
    address.trim().chars().filter(|c| !c.is_control()).take(200).collect()
}

/// The number of a case or of a filing, if that is what was typed instead of a code: 案号 in its canonical form.
pub(crate) fn case_number(typed: &str) -> Option<String> {
    let plain: String = typed.chars().map(half_width).filter(|c| !c.is_whitespace()).collect();
    let receipt = plain.split('-').count() >= 4 && plain.starts_with(|c: char| c.is_ascii_digit());
    (plain.ends_with('号') || receipt).then_some(plain)
}

/// Full-width letters and digits, as Chinese keyboards type them, become plain ones.
fn half_width(c: char) -> char {
    match c {
        '！'..='～' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        other => other,
    }
}
