//! 立案: a draft becomes a complaint with its materials, is priced, placed and submitted. What is missing is said page by page.
use crate::store::cases::{Handed, State, Submission};
use crate::store::drafts::{self, DraftFile, DraftKind};
use crate::store::{ZONE, cases};
use crate::submit::{self, New};
use crate::{Account, Draft, Error, Portal, Problem};
use exchange::message::Card;
use jiff::Timestamp;
use procedure::case::{Agent, Channel, Choice, Labelled, Material, MaterialKind, Party, Side, Statement};
use procedure::cause::{self, FeeKind, Generic, PartyInfo};
use procedure::clock::date_zh;
use procedure::fee::{self, Fee};
use procedure::jurisdiction::{Proposals, propose};
use procedure::kind::CaseKind;
use procedure::step::{SubmitCorrection, SubmitFiling};
use procedure::{Command, Fen, ItemId, PersonId};
use storage::{Digest, blobs};
use uuid::Uuid;

/// Name of the confirmation of addresses that the portal writes.
pub const SERVICE_ADDRESS: &str = "送达地址确认书";
const COMPLAINT_MEDIA: &str = "text/plain; charset=utf-8";

/// Something that keeps a draft from being submitted, and the page on which it is mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obstacle {
    pub page: String,
    pub problem: Problem,
}

/// A draft made ready: everything that the check page shows and that submitting needs.
pub struct Prepared {
    pub statement: cause::Statement,
    pub fee: Option<Fee>,
    /// The complaint as text.
    pub complaint: String,
    pub obstacles: Vec<Obstacle>,
}

impl Portal {
    /// Courts that may hear what the draft says so far, with reasons; none for causes whose rules are others.
    pub fn propose_courts(&self, draft: &Draft) -> Option<Proposals> {
        let facts = draft.cause.jurisdiction_facts(&draft.with_people()).ok().flatten()?;
        Some(propose(&facts, &self.law().courts))
    }

    /// Can this court be chosen here?
    pub fn connected(&self, court: &str) -> bool {
        self.config().courts.iter().any(|code| code == court)
    }

    /// Makes the draft ready as far as it goes. `None`: the answers do not make a complaint yet.
    pub fn prepare(&self, account: &Account, draft: &Draft) -> Result<Prepared, Vec<Obstacle>> {
        let today = self.today();
        let errors = draft.cause.check_all(&draft.content.answers, today);
        if !errors.is_empty() {
            let obstacle = |error: cause::FieldError| Obstacle { page: error.page, problem: Problem { field: error.field, zh: error.message } };
            return Err(errors.into_iter().map(obstacle).collect());
        }
        let made = draft.cause.statement(&draft.content.answers, self.law(), today);
        let statement = made.map_err(|error| {
            tracing::error!(%error, draft = %draft.id, "answers that hold do not make a complaint");
            vec![obstacle("", "claims", "起诉状没有写成，请从第一步起核对一遍；仍然不行的，请到法院窗口办理。")]
        })?;
        let court = self.law().courts.by_code(&draft.content.court).map_or("", |court| court.name.as_str());
        let complaint = complaint_text(draft.cause.case_kind(), &statement, court, &draft.files, today);
        let obstacles = self.obstacles(account, draft, &statement);
        Ok(Prepared { fee: self.fee(draft, &statement), statement, complaint, obstacles })
    }

    fn obstacles(&self, account: &Account, draft: &Draft, statement: &cause::Statement) -> Vec<Obstacle> {
        let mut found = vec![];
        let court_page = generic_page(draft, Generic::Court);
        if draft.kind == DraftKind::Filing && !self.connected(&draft.content.court) {
            found.push(obstacle(&court_page, "court", "请选择受诉法院。"));
        }
        let own: Vec<&PartyInfo> = statement.parties.iter().filter(|party| party.side == Side::Plaintiff).collect();
        let first = draft.cause.pages(&draft.content.answers).first().map_or_else(String::new, |page| page.id.clone());
        let plaintiff_page = page_of_side(draft, Side::Plaintiff).unwrap_or(first);
        if !account.real_name.may_act() {
            found.push(obstacle("account", "name", "提交前要先实名认证。"));
        } else if !draft.content.agent && !own.iter().any(|party| is_account(party, account)) {
            found.push(obstacle(
                &plaintiff_page,
                "plaintiff.name",
                &format!("您用“{}”的账号办理，原告里应当有您本人，姓名和身份证号要一致。替别人办理的，请选择“代理他人”。", account.name),
            ));
        }
        let mut other = statement.parties.iter().filter(|party| party.side == Side::Defendant);
        if other.any(|party| own.iter().any(|plaintiff| same_person(plaintiff, party))) {
            let page = page_of_side(draft, Side::Defendant).unwrap_or_default();
            found.push(obstacle(&page, "defendants.0.id_number", "原告和被告是同一个人。请核对被告的姓名和证件号码。"));
        }
        if draft.kind == DraftKind::Filing && !draft.content.done.contains("channels") {
            found.push(obstacle("channels", "channel.service", "请选择办理方式，确认送达地址。"));
        }
        if draft.content.agent && !draft.content.done.contains("agent") {
            found.push(obstacle("agent", "powers", "请填写代理权限。"));
        }
        let evidence = generic_page(draft, Generic::Evidence);
        for material in draft.cause.materials_for(&draft.content.answers).into_iter().filter(|material| material.required) {
            let written_here = match material.kind {
                MaterialKind::Complaint => true,
                MaterialKind::ServiceAddress => !draft.content.address.is_empty(),
                MaterialKind::Identity | MaterialKind::PowerOfAttorney | MaterialKind::Evidence | MaterialKind::Answer | MaterialKind::Other => false,
            };
            // Without the page above there is no address yet; it is asked for there, not as an upload.
            let asked_above = material.kind == MaterialKind::ServiceAddress && draft.kind == DraftKind::Filing;
            if !written_here && !asked_above && !draft.files.iter().any(|file| file.kind == material.kind) {
                found.push(obstacle(&evidence, "files", &format!("缺少“{}”，请上传后再提交。", material.name)));
            }
        }
        if draft.content.agent && !draft.files.iter().any(|file| file.kind == MaterialKind::PowerOfAttorney) {
            found.push(obstacle(&evidence, "files", "代理他人办理，要上传授权委托书。"));
        }
        found
    }

    /// The fee as it will be assessed (R-FEE-01..05), shown before anything is submitted.
    fn fee(&self, draft: &Draft, statement: &cause::Statement) -> Option<Fee> {
        let base = |item: &str| fee::range(item).map(fee::Range::usual);
        let amounts: Vec<Fen> = statement.claims.iter().filter_map(|claim| claim.amount).collect();
        match draft.cause.fee {
            FeeKind::Property | FeeKind::NonProperty => fee::mixed(&amounts, base("non_property")?),
            FeeKind::Divorce => Some(fee::divorce(base("divorce")?, statement.amount)),
            FeeKind::Personality => Some(fee::personality(base("personality")?, statement.amount)),
            FeeKind::Labour => Some(fee::labour()),
            FeeKind::Preservation => Some(fee::preservation(statement.amount)),
        }
    }

    /// Earlier filings of this account with the same parties, cause and amount, by title and number (R-FIL-15). The person is
    /// asked before he submits; whether it is the same suit, the court decides.
    pub async fn same_before(&self, account: &Account, draft: &Draft) -> Result<Vec<String>, Error> {
        if draft.kind != DraftKind::Filing || draft.submitted {
            return Ok(vec![]);
        }
        let (owner, case) = (account.id, draft.case);
        let mut filed = self.db().read(move |tx| cases::of_account(tx, owner)).await?;
        let stands = |row: &Submission| matches!(row.state, State::Awaiting | State::Done);
        filed.retain(|row| row.step == "submit_filing" && row.case != case && stands(row));
        // Most people file once: nothing is reckoned for them.
        let (false, Ok(prepared)) = (filed.is_empty(), self.prepare(account, draft)) else { return Ok(vec![]) };
        let statement = prepared.statement;
        let names = |side| -> Vec<&str> { statement.parties.iter().filter(|party| party.side == side).map(|party| party.name.as_str()).collect() };
        let title = title(draft.cause.case_kind(), &names(Side::Plaintiff), &names(Side::Defendant), &statement.cause_name);
        let mut found = vec![];
        for row in filed.into_iter().filter(|row| row.title == title) {
            let of = row.case;
            let view = self.db().read(move |tx| cases::view(tx, owner, of)).await?;
            // Handed in and not received yet, there is no view: the title says parties and cause.
            let amount = view.as_ref().and_then(|view| view.statement.as_ref()).map(|filed| filed.amount);
            if amount.is_none_or(|amount| amount == statement.amount) {
                let number = view.and_then(|view| view.number).unwrap_or_else(|| format!("回执 {}", row.receipt_no));
                found.push(format!("{}（{number}）", row.title));
            }
        }
        Ok(found)
    }

    /// Submits a draft. A thousand retries, from any device, give one submission: the draft is its key.
    pub async fn submit_draft(&self, account: &Account, id: Uuid, seen: u64, device: &str) -> Result<Submission, Error> {
        let attempt = format!("draft/{id}");
        let (key, owner) = (attempt.clone(), account.id);
        // A retry needs nothing of what follows.
        if let Some(before) = self.db().read(move |tx| cases::by_attempt(tx, &key)).await? {
            return submit::same_person(before, owner);
        }
        let draft = self.draft(account, id).await?;
        if draft.version != seen && !draft.submitted {
            return Err(Error::Stale { seen, now: draft.version });
        }
        let prepared = self.prepare(account, &draft).map_err(problems)?;
        if !prepared.obstacles.is_empty() {
            return Err(problems(prepared.obstacles));
        }
        let (new, written) = self.assemble(account, &draft, &prepared, attempt, device);
        let (portal, version) = (self.clone(), draft.version);
        self.db()
            .write(move |tx| {
                if let Some(before) = cases::by_attempt(tx, &new.attempt)? {
                    return submit::same_person(before, new.account);
                }
                let now = portal.draft_in(tx, new.account, id)?.version;
                if now != version {
                    return Err(Error::Stale { seen: version, now });
                }
                for bytes in &written {
                    blobs::put(tx, ZONE, bytes)?;
                }
                drafts::submitted(tx, id, portal.now())?;
                submit::submit(tx, &portal, &new)
            })
            .await
    }

    fn assemble(&self, account: &Account, draft: &Draft, prepared: &Prepared, attempt: String, device: &str) -> (New, Vec<Vec<u8>>) {
        let (parties, cards) = people(account, draft, &prepared.statement.parties);
        let complaint = prepared.complaint.clone().into_bytes();
        let address = address_text(account, draft, &prepared.statement, self.today()).map(String::into_bytes);
        let materials = materials(draft, &complaint, address.as_deref());
        let statement = Statement {
            cause: prepared.statement.cause.clone(),
            cause_name: prepared.statement.cause_name.clone(),
            claims: prepared.statement.claims.iter().map(|claim| claim.text.clone()).collect(),
            amount: prepared.statement.amount,
            facts: prepared.statement.facts.clone(),
            reasons: prepared.statement.reasons.clone(),
            answers: draft.cause.without_vault(&draft.content.answers),
            materials: materials.clone(),
        };
        let names = |side| parties.iter().filter(|party| party.side == side).map(|party| party.name.as_str()).collect::<Vec<_>>();
        let title = title(draft.cause.case_kind(), &names(Side::Plaintiff), &names(Side::Defendant), &statement.cause_name);
        let files = materials.iter().map(Handed::of).collect();
        let (command, expected) = match (&draft.kind, &draft.content.before) {
            (DraftKind::Correction, Some(before)) => {
                (Command::SubmitCorrection(SubmitCorrection { parties, statement, channel: Channel::Online }), Some(before.version))
            }
            (DraftKind::Correction, None) | (DraftKind::Filing, _) => (Command::SubmitFiling(filing(account, draft, parties, statement)), None),
        };
        let new = New {
            attempt,
            account: account.id,
            name: account.name.clone(),
            court: draft.content.court.clone(),
            case: draft.case,
            title,
            command,
            expected,
            cards,
            for_person: None,
            code: String::new(),
            files,
            device: device.to_owned(),
        };
        (new, std::iter::once(complaint).chain(address).collect())
    }

    /// A refused filing may be mended and handed in again: a new draft with the same words and files.
    pub async fn draft_again(&self, account: &Account, id: Uuid) -> Result<Draft, Error> {
        let old = self.draft(account, id).await?;
        self.begin(account, DraftKind::Filing, old.cause, procedure::CaseId::new(), old.content, old.files).await
    }
}

/// What a submission is called in lists.
fn title(kind: CaseKind, plaintiffs: &[&str], defendants: &[&str], cause: &str) -> String {
    let (own, other) = (plaintiffs.join("、"), defendants.join("、"));
    match kind {
        CaseKind::CivilFirst => format!("{own}诉{other}{cause}"),
        CaseKind::Preservation => format!("{own}{cause}（{other}）"),
    }
}

fn filing(account: &Account, draft: &Draft, parties: Vec<Party>, statement: Statement) -> SubmitFiling {
    let principals: Vec<PersonId> = parties.iter().filter(|party| party.side == Side::Plaintiff).map(|party| party.person).collect();
    let choose = |(scope, channel): &(procedure::case::Scope, Channel), person: PersonId| Choice {
        person,
        scope: *scope,
        channel: *channel,
        text: crate::CONSENT_TEXT.to_owned(),
        at: Timestamp::UNIX_EPOCH, // the transaction's time comes when it runs
    };
    // One plaintiff's choice is not another's (R-IDC-21): only who acts himself, or whom the agent acts for, has chosen.
    let choosing: Vec<PersonId> = if draft.content.agent { principals.clone() } else { vec![account.id] };
    let agents = if draft.content.agent {
        let (name, powers) = (&account.name, &draft.content.powers);
        let agent = |of: &PersonId| Agent { person: account.id, name: name.clone(), of: *of, powers: powers.clone(), matters: String::new() };
        principals.iter().map(agent).collect()
    } else {
        vec![]
    };
    let choices = choosing.iter().flat_map(|person| draft.content.choices.iter().map(|choice| choose(choice, *person))).collect();
    SubmitFiling { receipt_no: String::new(), kind: draft.cause.case_kind(), parties, agents, statement, channel: Channel::Online, choices }
}

/// The same number of identity on both sides; names alone may be those of two people.
fn same_person(one: &PartyInfo, other: &PartyInfo) -> bool {
    match (&one.id_number, &other.id_number) {
        (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
        _ => false,
    }
}

/// The account stands behind this party.
fn is_account(party: &PartyInfo, account: &Account) -> bool {
    !party.organisation && party.name == account.name && party.id_number.as_deref().is_none_or(|number| number.eq_ignore_ascii_case(&account.number))
}

/// Parties and their particulars. Ids were given when the draft was saved; the filer's own is his account's.
fn people(account: &Account, draft: &Draft, infos: &[PartyInfo]) -> (Vec<Party>, Vec<Card>) {
    let (mut parties, mut cards) = (vec![], vec![]);
    let mut own_taken = draft.content.agent;
    let mut places = [0_usize, 0];
    for info in infos {
        let place = &mut places[usize::from(info.side == Side::Defendant)];
        let known = match (&draft.content.before, info.side) {
            (Some(before), side) => before.parties.iter().filter(|party| party.side == side).nth(*place).map(|party| party.person),
            (None, Side::Plaintiff) => draft.content.plaintiffs.get(*place).copied(),
            (None, Side::Defendant) => draft.content.defendants.get(*place).copied(),
        };
        *place += 1;
        let mine = draft.content.before.is_none() && !own_taken && info.side == Side::Plaintiff && is_account(info, account);
        own_taken |= mine;
        // A place that has no id yet gets one that follows from the draft: a retry names the same person.
        let label = format!("{}/{}", info.side.zh(), *place);
        let person = if mine { account.id } else { known.unwrap_or_else(|| PersonId(Uuid::new_v5(&draft.id, label.as_bytes()))) };
        parties.push(Party { person, side: info.side, name: info.name.clone(), organisation: info.organisation, digest: String::new() });
        cards.push(card(info, person, account, draft));
    }
    if draft.content.agent && draft.content.before.is_none() {
        // Who the agent is, as his own verified account says.
        let (name, number) = (account.name.clone(), account.number.clone());
        let (phone, email) = (account.phone.clone(), account.email.clone());
        cards.push(Card { person: account.id, name, number, phone, email, account: Some(account.id), ..Card::default() });
    }
    (parties, cards)
}

fn card(info: &PartyInfo, person: PersonId, account: &Account, draft: &Draft) -> Card {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let own = person == account.id;
    Card {
        person,
        name: info.name.clone(),
        organisation: info.organisation,
        number: if info.organisation { text(&info.credit_code) } else { text(&info.id_number) },
        phone: text(&info.phone),
        email: if own { account.email.clone() } else { String::new() },
        address: info.habitual.clone().unwrap_or_else(|| info.domicile.clone()),
        sex: info.sex.map(|sex| sex.zh().to_owned()).unwrap_or_default(),
        birth: info.birth,
        ethnicity: text(&info.ethnicity),
        occupation: text(&info.occupation),
        representative: text(&info.representative),
        representative_post: text(&info.representative_post),
        account: own.then_some(account.id),
        // Confirmed by who files, for himself or for whom he acts; a co-plaintiff confirms his own (R-SVC-11).
        service_address: if info.side == Side::Plaintiff && (own || draft.content.agent) { draft.content.address.clone() } else { String::new() },
    }
}

/// The complaint first, then what was uploaded, in the order it came; the service address as it was confirmed last.
fn materials(draft: &Draft, complaint: &[u8], address: Option<&[u8]>) -> Vec<Material> {
    let written = |label: &str, kind, name: &str, bytes: &[u8]| Material {
        id: ItemId(Uuid::new_v5(&draft.id, label.as_bytes())),
        kind,
        name: name.to_owned(),
        // A text is set in pages only when it is printed.
        pages: 0,
        bytes: bytes.len() as u64,
        sha256: Digest::of(bytes).to_string(),
        media: COMPLAINT_MEDIA.to_owned(),
        purpose: None,
    };
    let uploaded = draft.files.iter().map(|file| Material {
        id: file.id,
        kind: file.kind,
        name: file.name.clone(),
        pages: file.pages,
        bytes: file.bytes,
        sha256: file.sha256.clone(),
        media: file.media.clone(),
        purpose: (!file.purpose.is_empty()).then(|| file.purpose.clone()),
    });
    std::iter::once(written("complaint", MaterialKind::Complaint, draft.cause.case_kind().application(), complaint))
        .chain(uploaded)
        .chain(address.map(|bytes| written("service-address", MaterialKind::ServiceAddress, SERVICE_ADDRESS, bytes)))
        .collect()
}

/// 送达地址确认书 as confirmed on its page (R-SVC-10, R-SVC-11): address, telephone, and whether electronic service is agreed to.
fn address_text(account: &Account, draft: &Draft, statement: &cause::Statement, day: jiff::civil::Date) -> Option<String> {
    if draft.content.address.is_empty() {
        return None;
    }
    let names: Vec<&str> = statement.parties.iter().filter(|party| party.side == Side::Plaintiff).map(|party| party.name.as_str()).collect();
    let electronic = draft.content.choices.iter().any(|(scope, channel)| *scope == procedure::case::Scope::Service && *channel == Channel::Online);
    let way = if electronic {
        format!(
            "同意电子送达。电子送达地址：人民法院在线服务收件箱（手机号 {}）{}",
            account.phone,
            if account.email.is_empty() { String::new() } else { format!("、{}", account.email) }
        )
    } else {
        "不同意电子送达，请邮寄送达。".to_owned()
    };
    Some(format!(
        "{SERVICE_ADDRESS}\n\n受送达人：{}\n邮寄送达地址：{}\n联系电话：{}\n{way}\n\n已知悉：送达地址变更的，应当及时告知人民法院；因提供的地址不准确、变更后未及时告知，\
         导致文书未能实际接收的，文书退回之日视为送达之日。\n\n确认人：{}\n{}\n",
        names.join("、"),
        draft.content.address,
        account.phone,
        account.name,
        date_zh(day)
    ))
}

/// 民事起诉状 in the order of the statute's form (R-FIL-02); `day` is the day on which it is handed in.
pub(crate) fn complaint_text(kind: CaseKind, statement: &cause::Statement, court: &str, files: &[DraftFile], day: jiff::civil::Date) -> String {
    let mut text = format!("{}\n\n", kind.application());
    for party in &statement.parties {
        text += &format!("{}：{}\n", kind.side(party.side), party.introduction());
    }
    text += &format!("\n{}\n", kind.requests());
    for (number, claim) in (1..).zip(&statement.claims) {
        text += &format!("{number}．{}\n", claim.text);
    }
    text += &format!("\n事实与理由\n{}\n{}\n", statement.facts, statement.reasons);
    let evidence: Vec<&DraftFile> = files.iter().filter(|file| file.kind == MaterialKind::Evidence).collect();
    if !evidence.is_empty() {
        text += "\n证据和证据来源\n";
        for (number, file) in (1..).zip(evidence) {
            let purpose = procedure::case::proven(&file.purpose);
            let purpose = if purpose.is_empty() { String::new() } else { format!("，证明{purpose}") };
            text += &format!("{number}．{}{purpose}\n", file.name);
        }
    }
    let names: Vec<&str> = statement.parties.iter().filter(|party| party.side == Side::Plaintiff).map(|party| party.name.as_str()).collect();
    text += &format!("\n此致\n{court}\n\n{}：{}\n{}\n", kind.signer(), names.join("、"), date_zh(day));
    text
}

fn obstacle(page: &str, field: &str, zh: &str) -> Obstacle {
    Obstacle { page: page.to_owned(), problem: Problem { field: field.to_owned(), zh: zh.to_owned() } }
}

fn problems(obstacles: Vec<Obstacle>) -> Error {
    Error::Input(obstacles.into_iter().map(|obstacle| obstacle.problem).collect())
}

/// The page that the portal brings itself.
pub(crate) fn generic_page(draft: &Draft, wanted: Generic) -> String {
    let pages = draft.cause.pages(&draft.content.answers);
    pages.iter().find(|page| page.generic == Some(wanted)).map_or_else(String::new, |page| page.id.clone())
}

/// The page on which the parties of a side are asked for.
pub(crate) fn page_of_side(draft: &Draft, side: Side) -> Option<String> {
    let field = &draft.cause.parties.iter().find(|source| source.side == side)?.field;
    draft.cause.pages(&draft.content.answers).into_iter().find(|page| page.names().contains(&field.as_str())).map(|page| page.id.clone())
}
