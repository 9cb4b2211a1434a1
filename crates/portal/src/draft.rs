//! 草稿: what a person is writing, kept at every step, sealed. Leaving, another device, logout: nothing is lost.
use crate::store::drafts::{self, DraftFile, DraftKind, DraftRow};
use crate::{Account, Error, Portal, Problem, sealed};
use jiff::Timestamp;
use procedure::case::{Channel, MaterialKind, Party, Power, Remark, Scope, Side};
use procedure::cause::{Answers, Cause, Form, Page};
use procedure::{CaseId, ItemId, PersonId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use storage::Tx;
use uuid::Uuid;

/// Pages that the portal asks in every cause.
pub(crate) const PORTAL_PAGES: [&str; 2] = ["agent", "channels"];
/// Half-typed text of one page, in bytes.
const HALF_BYTES: usize = 200_000;

/// What is written so far.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Content {
    /// Answers that hold.
    pub answers: Answers,
    /// What was typed on a page and does not hold yet, or was not sent.
    pub half: BTreeMap<String, Vec<(String, String)>>,
    /// Pages that were answered.
    pub done: BTreeSet<String>,
    /// Code of the chosen court.
    pub court: String,
    /// Files for another with a power of attorney (R-IDC-10).
    pub agent: bool,
    /// Special powers that the power of attorney grants (R-IDC-11).
    pub powers: Vec<Power>,
    /// What was chosen for each part of the proceeding (R-IDC-20).
    pub choices: Vec<(Scope, Channel)>,
    /// Ids given to the parties of a side, by place.
    pub plaintiffs: Vec<PersonId>,
    pub defendants: Vec<PersonId>,
    /// Address for post, as the person confirmed it with the ways of the proceeding (R-SVC-10).
    #[serde(default)]
    pub address: String,
    /// Per page: the version that its last answer made, and the session that gave it.
    #[serde(default)]
    pub saved: BTreeMap<String, (u64, String)>,
    /// Values read from photographs that the person confirmed or changed, by input name.
    #[serde(default)]
    pub read: BTreeMap<String, Confirmed>,
    /// For a correction: what was filed before, and what the court remarked.
    #[serde(default)]
    pub before: Option<Before>,
}

/// What became of a value that the machine proposed (a person decides, invariant 6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmed {
    /// As the machine read it; empty: it read nothing there.
    pub read: String,
    /// As the person has it; empty: left for the interview.
    pub value: String,
    /// File and page on which it stands.
    pub file: Option<ItemId>,
    pub page: u32,
    pub at: Timestamp,
}

/// Where a correction starts from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Before {
    pub answers: Answers,
    pub files: Vec<String>,
    pub parties: Vec<Party>,
    pub remarks: Vec<Remark>,
    /// Version of the case that was shown.
    pub version: u64,
}

/// A draft with its cause and files.
#[derive(Debug, Clone)]
pub struct Draft {
    pub id: Uuid,
    pub kind: DraftKind,
    pub cause: &'static Cause,
    pub case: CaseId,
    pub content: Content,
    /// Page on which the person was last.
    pub position: String,
    pub version: u64,
    pub submitted: bool,
    pub updated: Timestamp,
    pub files: Vec<DraftFile>,
}

/// People of one side that a half-typed page is read for.
const MOST_PEOPLE: usize = 50;

impl Draft {
    /// The page with this id, if the answers lead there.
    pub fn page(&self, id: &str) -> Option<&'static Page> {
        self.cause.pages(&self.content.answers).into_iter().find(|page| page.id == id)
    }

    /// The page after this one.
    pub fn next(&self, page: &Page) -> Option<&'static Page> {
        let pages = self.cause.pages(&self.content.answers);
        let at = pages.iter().position(|known| known.id == page.id)?;
        pages.get(at + 1).copied()
    }

    /// The page before this one.
    pub fn previous(&self, page: &Page) -> Option<&'static Page> {
        let pages = self.cause.pages(&self.content.answers);
        let at = pages.iter().position(|known| known.id == page.id)?;
        at.checked_sub(1).and_then(|at| pages.get(at).copied())
    }

    /// What a page shows: half-typed text before answers that hold.
    pub fn form(&self, page: &Page) -> Form {
        match self.content.half.get(&page.id) {
            Some(pairs) => pairs.iter().cloned().collect(),
            None => self.cause.form_of(page, &self.content.answers),
        }
    }

    /// The answers, and of people not answered yet what was typed or read from photographs: enough to tell where they live.
    pub fn with_people(&self) -> Answers {
        let mut answers = self.content.answers.clone();
        for (name, value) in self.content.half.values().flatten() {
            let parts: Vec<&str> = name.split('.').collect();
            let [list, at, field] = parts.as_slice() else { continue };
            let Ok(at) = at.parse::<usize>() else { continue };
            if value.is_empty() || at > MOST_PEOPLE || self.content.answers.contains_key(*list) {
                continue;
            }
            if let serde_json::Value::Array(people) = answers.entry((*list).to_owned()).or_insert_with(|| serde_json::json!([])) {
                people.resize_with(people.len().max(at + 1), || serde_json::json!({}));
                people[at][*field] = value.as_str().into();
            }
        }
        answers
    }

    /// Step of the interview on which the person was last, from 1, and how many there are.
    pub fn progress(&self) -> (usize, usize) {
        let page = self.cause.page(&self.position);
        let step = page.and_then(|page| self.cause.step_of(page)).map_or(1, |(number, _)| number);
        (step, self.cause.steps.len())
    }

    /// Did another session answer this page since version `seen` of the draft? One's own Back button is no conflict.
    pub fn changed_elsewhere(&self, page: &str, seen: u64, writer: &str) -> bool {
        self.content.saved.get(page).is_some_and(|(version, by)| *version > seen && by != writer)
    }

    /// Notes a page as answered; what was half typed there is part of the answer now.
    pub(crate) fn answered(&mut self, page: &str, writer: &str) {
        self.content.half.remove(page);
        self.content.done.insert(page.to_owned());
        self.content.saved.insert(page.to_owned(), (self.version + 1, writer.to_owned()));
    }

    /// Names of the other side, for lists.
    pub fn others(&self) -> String {
        let parties = self.cause.party_infos(&self.content.answers);
        let names: Vec<_> = parties.iter().filter(|party| party.side == Side::Defendant).map(|party| party.name.as_str()).collect();
        names.join("、")
    }
}

impl Portal {
    fn open_draft(&self, row: DraftRow, files: Vec<DraftFile>) -> Result<Draft, Error> {
        let content = sealed::open(&self.config().key, &format!("draft/{}", row.id), &row.content)?;
        Ok(Draft {
            id: row.id,
            kind: row.kind,
            cause: Cause::by_number(&row.cause).ok_or(Error::Corrupt("cause of a draft"))?,
            case: row.case,
            content,
            position: row.position,
            version: row.version,
            submitted: row.submitted,
            updated: row.updated,
            files,
        })
    }

    pub(crate) fn seal_draft(&self, id: Uuid, content: &Content) -> Result<Vec<u8>, Error> {
        sealed::seal(&self.config().key, &format!("draft/{id}"), content)
    }

    /// Begins a filing. The draft's case has its id from now on.
    pub async fn begin_filing(&self, account: &Account, cause: &str, agent: bool) -> Result<Draft, Error> {
        let row = self.new_filing(account, cause, agent)?;
        self.keep_new(row, vec![]).await
    }

    /// A filing about to be begun; nothing is kept yet.
    pub(crate) fn new_filing(&self, account: &Account, cause: &str, agent: bool) -> Result<DraftRow, Error> {
        let cause = Cause::by_number(cause).ok_or_else(|| Error::input("cause", "请选择一种纠纷。"))?;
        // Filing online is itself the choice of this way for the filing (R-IDC-21(1)); the rest is asked.
        let content = Content { agent, choices: vec![(Scope::Filing, Channel::Online)], ..Content::default() };
        self.new_draft(account, DraftKind::Filing, cause, CaseId::new(), &content)
    }

    pub(crate) async fn begin(
        &self,
        account: &Account,
        kind: DraftKind,
        cause: &'static Cause,
        case: CaseId,
        content: Content,
        files: Vec<DraftFile>,
    ) -> Result<Draft, Error> {
        let row = self.new_draft(account, kind, cause, case, &content)?;
        self.keep_new(row, files).await
    }

    fn new_draft(&self, account: &Account, kind: DraftKind, cause: &'static Cause, case: CaseId, content: &Content) -> Result<DraftRow, Error> {
        let id = Uuid::now_v7();
        let first = cause.pages(&content.answers).first().map_or_else(String::new, |page| page.id.clone());
        Ok(DraftRow {
            id,
            account: account.id,
            kind,
            cause: cause.number.clone(),
            case,
            content: self.seal_draft(id, content)?,
            position: first,
            version: 1,
            submitted: false,
            updated: self.now(),
        })
    }

    async fn keep_new(&self, row: DraftRow, files: Vec<DraftFile>) -> Result<Draft, Error> {
        let (id, kept, kept_files) = (row.id, row.clone(), files.clone());
        self.db()
            .write(move |tx| {
                drafts::put(tx, &kept)?;
                for (place, file) in kept_files.iter().enumerate() {
                    drafts::put_file(tx, id, place, file)?;
                }
                Ok::<_, Error>(())
            })
            .await?;
        self.open_draft(row, files)
    }

    /// A draft of this account.
    pub async fn draft(&self, account: &Account, id: Uuid) -> Result<Draft, Error> {
        let account = account.id;
        let (row, files) = self.db().read(move |tx| Ok::<_, Error>((drafts::get(tx, id, account)?, drafts::files(tx, id)?))).await?;
        self.open_draft(row, files)
    }

    /// A draft inside a transaction.
    pub(crate) fn draft_in(&self, tx: &mut Tx, account: PersonId, id: Uuid) -> Result<Draft, Error> {
        let (row, files) = (drafts::get(tx, id, account)?, drafts::files(tx, id)?);
        self.open_draft(row, files)
    }

    /// Drafts that are not submitted yet, newest first.
    pub async fn drafts(&self, account: &Account) -> Result<Vec<Draft>, Error> {
        let account = account.id;
        let rows = self.db().read(move |tx| drafts::open(tx, account)).await?;
        rows.into_iter().map(|row| self.open_draft(row, vec![])).collect()
    }

    /// Saves content as seen at `draft.version`; the new version, or [`Error::Stale`] when another device was quicker.
    pub async fn save_draft(&self, account: &Account, draft: &Draft, position: &str) -> Result<u64, Error> {
        let sealed = self.seal_draft(draft.id, &draft.content)?;
        let (id, account, version, position, now) = (draft.id, account.id, draft.version, position.to_owned(), self.now());
        self.db().write(move |tx| drafts::save(tx, id, account, version, &sealed, &position, now)).await
    }

    /// Takes a posted page: answers if they hold, else the problems; what was typed is kept either way.
    pub async fn answer_page(
        &self,
        account: &Account,
        draft: &mut Draft,
        page: &'static Page,
        typed: &[(String, String)],
        writer: &str,
    ) -> Result<Vec<Problem>, Error> {
        let form: Form = typed.iter().cloned().collect();
        let checked = draft.cause.check_page(page, &form, &draft.content.answers, self.today());
        let problems = match checked {
            Ok(new) => {
                draft.cause.merge(page, &mut draft.content.answers, new);
                draft.answered(&page.id, writer);
                vec![]
            }
            Err(errors) => {
                draft.content.half.insert(page.id.clone(), typed.to_vec());
                errors.into_iter().map(|error| Problem { field: error.field, zh: error.message }).collect()
            }
        };
        draft.version = self.save_draft(account, draft, &page.id).await?;
        Ok(problems)
    }

    /// Keeps half-typed text of a page; nothing is checked. It is no new version: whoever goes on typing is not stale.
    pub async fn keep_half(&self, account: &Account, id: Uuid, page: &str, typed: Vec<(String, String)>) -> Result<(), Error> {
        let (portal, account, page) = (self.clone(), account.id, page.to_owned());
        let size: usize = typed.iter().map(|(name, value)| name.len() + value.len()).sum();
        if size > HALF_BYTES {
            return Err(Error::input("", "这一页填的内容太长，请删短一些。"));
        }
        self.db()
            .write(move |tx| {
                let mut draft = portal.draft_in(tx, account, id)?;
                if draft.submitted || (draft.cause.page(&page).is_none() && !PORTAL_PAGES.contains(&page.as_str())) {
                    return Err(Error::Missing("page"));
                }
                draft.content.half.insert(page.clone(), typed.clone());
                let sealed = portal.seal_draft(id, &draft.content)?;
                drafts::keep(tx, id, draft.version, &sealed, &page, portal.now())
            })
            .await
    }

    /// Throws a draft away.
    pub async fn discard_draft(&self, account: &Account, id: Uuid) -> Result<(), Error> {
        let account = account.id;
        self.db().write(move |tx| drafts::discard(tx, id, account)).await
    }

    /// Says what a file of a draft is and what it is to prove.
    pub async fn describe_file(
        &self,
        account: &Account,
        draft: Uuid,
        file: ItemId,
        name: &str,
        purpose: &str,
        kind: MaterialKind,
    ) -> Result<(), Error> {
        let (name, purpose) = (name.trim().chars().take(60).collect::<String>(), purpose.trim().chars().take(500).collect::<String>());
        if name.is_empty() {
            return Err(Error::input("name", "请写上材料的名称，例如 借条。"));
        }
        let account = account.id;
        self.db()
            .write(move |tx| {
                open_one(tx, draft, account)?;
                let known = drafts::describe_file(tx, draft, file, &name, &purpose, kind)?;
                known.then_some(()).ok_or(Error::Missing("file"))?;
                drafts::touch(tx, draft)
            })
            .await
    }

    /// Takes a file out of a draft; its bytes stay where other drafts name them.
    pub async fn drop_file(&self, account: &Account, draft: Uuid, file: ItemId) -> Result<(), Error> {
        let account = account.id;
        self.db()
            .write(move |tx| {
                open_one(tx, draft, account)?;
                drafts::drop_file(tx, draft, file)?.then_some(()).ok_or(Error::Missing("file"))?;
                drafts::touch(tx, draft)
            })
            .await
    }
}

/// The draft is this account's and not submitted.
pub(crate) fn open_one(tx: &mut Tx, draft: Uuid, account: PersonId) -> Result<(), Error> {
    let row = drafts::get(tx, draft, account)?;
    if row.submitted {
        Err(Error::input("files", "这份材料已经提交，不能再改。需要补充的，等法院通知补正或者在案件里提交证据。"))
    } else {
        Ok(())
    }
}
