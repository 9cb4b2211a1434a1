//! 拍照立案: photographs, PDF and DOCX of a complaint are read, the draft is filled in with what was found, and the person
//! confirms each value beside the piece of the page it came from. The files stay as they came.
use crate::account::blocking;
use crate::draft::Confirmed;
use crate::file::add_file;
use crate::store::drafts::{DraftFile, DraftKind};
use crate::store::readings::{self, Progress};
use crate::store::{ZONE, drafts};
use crate::{Account, Draft, Error, Portal, sealed};
use intake::{Field, Kind, Rect, amount, engine};
use procedure::case::MaterialKind;
use procedure::cause::{Cause, parse_date};
use procedure::{Fen, ItemId, identity};
use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use storage::blobs;
use tokio::sync::OnceCell;
use uuid::Uuid;

/// Files that are being read in this process; after a restart they are read anew.
static READING: LazyLock<Mutex<HashSet<ItemId>>> = LazyLock::new(Mutex::default);
/// Files read at one time: the machine has other work.
static PLACES: LazyLock<tokio::sync::Semaphore> = LazyLock::new(|| tokio::sync::Semaphore::new(2));

/// A page of a file of a draft; the page itself is empty until somebody draws it, and the others wait for him.
type DrawnPage = ((Uuid, ItemId, u32), Arc<OnceCell<Arc<Vec<u8>>>>);
/// Pages drawn last: the pieces of one page do not draw it again and again.
static DRAWN: LazyLock<Mutex<VecDeque<DrawnPage>>> = LazyLock::new(Mutex::default);
/// How many of them are kept; a page is about 200 kB.
const MOST_DRAWN: usize = 32;
/// Pages of a file that are drawn as soon as it was read.
const DRAWN_AHEAD: usize = 4;

/// One page as it was read, with the file it belongs to.
#[derive(Debug, Clone)]
pub struct ReadPage {
    pub file: ItemId,
    pub page: intake::Page,
}

/// A value proposed for an input of the interview.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Name of the input: `defendants.0.domicile`.
    pub target: &'static str,
    /// Id of the page that asks it.
    pub page: &'static str,
    pub label: &'static str,
    pub kind: ValueKind,
    /// As a person would type it; empty: nothing was read.
    pub value: String,
    pub sure: bool,
    pub doubtful: bool,
    pub problems: Vec<String>,
    /// Where it stands.
    pub source: Option<Source>,
    pub confirmed: Option<Confirmed>,
}

/// The piece of a page that a value was read from.
#[derive(Debug, Clone, Copy)]
pub struct Source {
    pub file: ItemId,
    /// Page of that file, from 1.
    pub page: u32,
    pub width: u32,
    pub height: u32,
    pub rect: Option<Rect>,
    /// A DOCX has no picture.
    pub picture: bool,
}

/// How a value is typed and checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueKind {
    Text,
    Address,
    Number,
    Phone,
    Sex,
    Date,
    Money,
    Rate,
}

/// How far the reading of a draft's files is.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    pub waiting: usize,
    pub failed: usize,
    pub pages: Vec<ReadPage>,
}

/// Where the values of papers go: input, its page, label, kind, and the fields of papers that can hold it, best first.
const TARGETS: [(&str, &str, &str, ValueKind, &[&str]); 17] = [
    ("plaintiffs.0.name", "plaintiff", "原告姓名", ValueKind::Text, &["plaintiff.name", "lender.name", "payer.name"]),
    ("plaintiffs.0.id_number", "plaintiff", "原告身份证号", ValueKind::Number, &["plaintiff.id_number"]),
    ("plaintiffs.0.domicile", "plaintiff", "原告住址", ValueKind::Address, &["plaintiff.address"]),
    ("plaintiffs.0.phone", "plaintiff", "原告电话", ValueKind::Phone, &["plaintiff.phone"]),
    ("defendants.0.name", "defendant", "被告姓名", ValueKind::Text, &["defendant.name", "borrower.name", "payee.name"]),
    ("defendants.0.sex", "defendant", "被告性别", ValueKind::Sex, &["defendant.sex"]),
    ("defendants.0.birth", "defendant", "被告出生日期", ValueKind::Date, &["defendant.birth"]),
    ("defendants.0.id_number", "defendant", "被告身份证号", ValueKind::Number, &["defendant.id_number", "borrower.id_number"]),
    ("defendants.0.domicile", "defendant", "被告住址", ValueKind::Address, &["defendant.address"]),
    ("defendants.0.phone", "defendant", "被告电话", ValueKind::Phone, &["defendant.phone", "borrower.phone"]),
    ("principal", "loan_amount", "借款本金", ValueKind::Money, &["principal_amount", "principal_amount_cn"]),
    ("loan_date", "loan_dates", "借款日期", ValueKind::Date, &["loan_date"]),
    ("due_date", "loan_dates", "约定的还款日期", ValueKind::Date, &["due_date"]),
    ("rate", "loan_interest", "约定的月利率（%）", ValueKind::Rate, &["monthly_rate"]),
    ("delivery_bank", "delivery", "银行转账金额", ValueKind::Money, &["amount"]),
    ("delivered_on", "delivered", "交付日期", ValueKind::Date, &["transfer_date"]),
    ("agreed_court", "court", "合同、借条写明的法院", ValueKind::Text, &["agreed_court"]),
];

/// What a person must confirm even where nothing was read: without it there is no complaint.
const NEEDED: [&str; 6] = ["plaintiffs.0.name", "defendants.0.name", "defendants.0.domicile", "principal", "loan_date", "delivered_on"];

impl Portal {
    /// Begins a filing from files: a draft with them, each to be read.
    pub async fn begin_from_files(&self, account: &Account, cause: &str, files: Vec<(String, Vec<u8>)>) -> Result<Draft, Error> {
        if files.is_empty() {
            return Err(Error::input("files", "请拍照或者选择文件。"));
        }
        // Every file is looked into before a draft is begun, and draft, files and readings are one transaction: nothing half done.
        let mut looked = Vec::with_capacity(files.len());
        for (name, bytes) in files {
            looked.push(self.looked_into(&name, bytes, MaterialKind::Other).await?);
        }
        let (row, now) = (self.new_filing(account, cause, false)?, self.now());
        let id = row.id;
        self.db()
            .write(move |tx| {
                drafts::put(tx, &row)?;
                for (file, bytes) in &looked {
                    let file = add_file(tx, id, file, bytes)?;
                    readings::wait(tx, id, file.id, now)?;
                }
                Ok::<_, Error>(())
            })
            .await?;
        let draft = self.draft(account, id).await?;
        self.read_on(account, &draft).await?;
        Ok(draft)
    }

    /// Sees to it that every file that waits is being read, and says how far it is.
    pub async fn read_on(&self, account: &Account, draft: &Draft) -> Result<Reading, Error> {
        let id = draft.id;
        let rows = self.db().read(move |tx| readings::of_draft(tx, id)).await?;
        let mut reading = Reading::default();
        for row in rows {
            let Some(file) = draft.files.iter().find(|file| file.id == row.file) else { continue };
            match (row.progress, &row.reading) {
                (Progress::Done, Some(bytes)) => {
                    let read: intake::File = sealed::open(&self.config().key, &bound(id, file.id), bytes)?;
                    reading.pages.extend(read.pages.into_iter().map(|page| ReadPage { file: file.id, page }));
                }
                (Progress::Failed, _) | (Progress::Done, None) => reading.failed += 1,
                (Progress::Waiting, _) => {
                    reading.waiting += 1;
                    self.read_behind(account, draft.id, file);
                }
            }
        }
        Ok(reading)
    }

    /// Reads one file in the background, once in this process.
    fn read_behind(&self, account: &Account, draft: Uuid, file: &DraftFile) {
        if !READING.lock().unwrap_or_else(PoisonError::into_inner).insert(file.id) {
            return;
        }
        let (portal, account, file) = (self.clone(), account.id, file.clone());
        tokio::spawn(async move {
            let item = file.id;
            if let Err(error) = portal.read_file(account, draft, file).await {
                tracing::error!(%error, %draft, file = %item, "a file was not read; it is tried again when its page is asked for");
            }
            READING.lock().unwrap_or_else(PoisonError::into_inner).remove(&item);
        });
    }

    async fn read_file(&self, account: procedure::PersonId, draft: Uuid, file: DraftFile) -> Result<(), Error> {
        let place = PLACES.acquire().await.map_err(|_| Error::Corrupt("the places for reading"))?;
        let digest = crate::bridge::digest(&file.sha256)?;
        let bytes = self.db().read(move |tx| Ok::<_, Error>(blobs::get(tx, ZONE, &digest)?)).await?;
        let (client, name, own) = (self.config().intake.clone(), file.name.clone(), bytes.clone());
        let read = blocking(move || match client {
            Some(client) => client.read(&own, &name, engine::USUAL),
            None => engine::named(engine::USUAL).and_then(|engine| intake::read(&own, &name, engine, &intake::Limits::default())),
        })
        .await?;
        if let Ok(read) = &read {
            self.draw_ahead(draft, &file, &bytes, read).await;
        }
        drop(place);
        let kept = match read {
            Ok(read) => Some(read),
            Err(error) => {
                tracing::warn!(%error, %draft, file = %file.id, "a file could not be read, the person types");
                None
            }
        };
        let sealed = kept.as_ref().map(|read| sealed::seal(&self.config().key, &bound(draft, file.id), read)).transpose()?;
        let told = kept.as_ref().and_then(|read| read.documents.first()).map(|document| document.kind);
        let now = self.now();
        self.db()
            .write(move |tx| {
                if let Some((kind, name)) = told.and_then(|kind| proposed(kind, &file.name)) {
                    drafts::get(tx, draft, account)?;
                    drafts::describe_file(tx, draft, file.id, &name, &file.purpose, kind)?;
                }
                readings::done(tx, draft, file.id, sealed.as_deref(), now)
            })
            .await
    }

    /// What was read, put to the inputs of the interview, with what the person said of each.
    pub fn candidates(&self, draft: &Draft, reading: &Reading) -> Vec<Candidate> {
        let found = fields(&reading.pages);
        let cards = id_cards(&reading.pages);
        let docx = |file: ItemId| draft.files.iter().any(|known| known.id == file && known.media.contains("wordprocessing"));
        let mut candidates = vec![];
        for (target, page, label, kind, names) in TARGETS {
            if draft.cause.page(page).is_none_or(|page| !page.names().contains(&target.split('.').next().unwrap_or(target))) {
                continue;
            }
            let best =
                names.iter().find_map(|name| found.iter().find(|(_, field)| field.name == *name)).or_else(|| from_card(target, &found, &cards));
            let source = best.map(|(at, field)| {
                let read = &reading.pages[*at];
                Source {
                    file: read.file,
                    page: read.page.n,
                    width: read.page.width,
                    height: read.page.height,
                    rect: field.rect,
                    picture: !docx(read.file),
                }
            });
            let value = best.map(|(_, field)| typed(kind, &field.value)).unwrap_or_default();
            if value.is_empty() && !NEEDED.contains(&target) {
                continue;
            }
            let (sure, confidence) = best.map_or((false, 0.0), |(_, field)| (field.sure, field.confidence));
            let problems = best.map(|(_, field)| field.problems.clone()).unwrap_or_default();
            let doubtful = !sure && (confidence < 0.85 || !problems.is_empty());
            let confirmed = draft.content.read.get(target).cloned();
            candidates.push(Candidate { target, page, label, kind, value, sure, doubtful, problems, source, confirmed });
        }
        candidates
    }

    /// A person confirmed a value, changed it, or leaves it for the interview (empty). It stands there as if typed.
    pub async fn confirm_read(&self, account: &Account, id: Uuid, candidate: &Candidate, value: &str) -> Result<(), Error> {
        let value = value.trim().to_owned();
        if !value.is_empty() {
            check(candidate.kind, &value).map_err(|zh| Error::input(candidate.target, zh))?;
        }
        let (portal, owner) = (self.clone(), account.id);
        let (target, page) = (candidate.target.to_owned(), candidate.page.to_owned());
        let confirmed = Confirmed {
            read: candidate.value.clone(),
            value: value.clone(),
            file: candidate.source.map(|source| source.file),
            page: candidate.source.map_or(0, |source| source.page),
            at: self.now(),
        };
        self.db()
            .write(move |tx| {
                let mut draft = portal.draft_in(tx, owner, id)?;
                if draft.submitted || draft.kind != DraftKind::Filing {
                    return Err(Error::Missing("draft"));
                }
                let asked = draft.cause.page(&page).ok_or(Error::Missing("page"))?;
                let mut pairs = draft.content.half.remove(&page).unwrap_or_else(|| as_pairs(draft.cause, asked, &draft.content.answers));
                for (name, value) in implied(&target, &value) {
                    pairs.retain(|(known, _)| *known != name);
                    pairs.push((name, value));
                }
                draft.content.half.insert(page.clone(), pairs);
                draft.content.read.insert(target.clone(), confirmed.clone());
                let sealed = portal.seal_draft(id, &draft.content)?;
                drafts::keep(tx, id, draft.version, &sealed, &draft.position, portal.now())
            })
            .await
    }

    /// A piece `[x, y, width, height]` of [`Portal::page_picture`].
    pub async fn page_piece(&self, account: &Account, draft: Uuid, file: ItemId, page: u32, piece: [u32; 4]) -> Result<Vec<u8>, Error> {
        let picture = self.page_picture(account, draft, file, page).await?;
        let cut = blocking(move || intake::piece(&picture, piece)).await?;
        cut.map_err(|_| Error::Missing("piece"))
    }

    /// The upright page as a grey JPEG, in whose pixels the boxes are. It is drawn once for all who look at pieces of it.
    pub async fn page_picture(&self, account: &Account, draft: Uuid, file: ItemId, page: u32) -> Result<Arc<Vec<u8>>, Error> {
        // Whose draft it is, is asked each time.
        let (known, bytes) = self.draft_file(account, draft, file).await?;
        let cell = drawn_page((draft, file, page));
        let drawn = cell.get_or_try_init(|| async { self.draw_page(draft, file, page, known, bytes).await.map(Arc::new) }).await?;
        Ok(Arc::clone(drawn))
    }

    async fn draw_page(&self, draft: Uuid, file: ItemId, page: u32, known: DraftFile, bytes: Vec<u8>) -> Result<Vec<u8>, Error> {
        let rows = self.db().read(move |tx| readings::of_draft(tx, draft)).await?;
        let row = rows.into_iter().find(|row| row.file == file).and_then(|row| row.reading).ok_or(Error::Missing("page"))?;
        let read: intake::File = sealed::open(&self.config().key, &bound(draft, file), &row)?;
        let rotation = read.pages.iter().find(|known| known.n == page).ok_or(Error::Missing("page"))?.rotation;
        self.upright(known.name, bytes, page, rotation).await
    }

    async fn upright(&self, name: String, bytes: Vec<u8>, page: u32, rotation: u32) -> Result<Vec<u8>, Error> {
        let client = self.config().intake.clone();
        let picture = blocking(move || match client {
            Some(client) => client.upright(&bytes, &name, page, rotation),
            None => intake::upright(&bytes, &name, page, rotation, &intake::Limits::default()),
        })
        .await?;
        picture.map_err(|error| {
            tracing::warn!(%error, "a page could not be drawn");
            Error::Missing("page")
        })
    }

    /// Draws the first pages of a file that was just read: the person is about to look at pieces of them.
    async fn draw_ahead(&self, draft: Uuid, file: &DraftFile, bytes: &[u8], read: &intake::File) {
        for page in read.pages.iter().take(DRAWN_AHEAD) {
            let drawn = self.upright(file.name.clone(), bytes.to_vec(), page.n, page.rotation).await;
            if let Ok(drawn) = drawn {
                // Somebody who was quicker drew the same.
                drop(drawn_page((draft, file.id, page.n)).set(Arc::new(drawn)));
            }
        }
    }
}

/// The place of a drawn page.
fn drawn_page(page: (Uuid, ItemId, u32)) -> Arc<OnceCell<Arc<Vec<u8>>>> {
    let mut kept = DRAWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, cell)) = kept.iter().find(|(known, _)| *known == page) {
        return Arc::clone(cell);
    }
    if kept.len() == MOST_DRAWN {
        kept.pop_front();
    }
    let cell = Arc::new(OnceCell::new());
    kept.push_back((page, Arc::clone(&cell)));
    cell
}

/// The row that a sealed reading belongs to.
fn bound(draft: Uuid, file: ItemId) -> String {
    format!("reading/{draft}/{file}")
}

/// What a paper of this kind is among the materials. The person changes it where it is wrong.
fn proposed(kind: Kind, name: &str) -> Option<(MaterialKind, String)> {
    let (material, word) = match kind {
        Kind::IdCard => (MaterialKind::Identity, "身份证"),
        Kind::BusinessLicence => (MaterialKind::Identity, "营业执照"),
        Kind::PowerOfAttorney => (MaterialKind::PowerOfAttorney, "授权委托书"),
        Kind::ServiceAddress => (MaterialKind::ServiceAddress, "送达地址确认书"),
        Kind::Complaint | Kind::ElementComplaint => (MaterialKind::Complaint, "起诉状原件"),
        Kind::Iou | Kind::TransferRecord | Kind::Contract | Kind::ChatRecord => (MaterialKind::Evidence, kind.zh()),
        Kind::EvidenceList => (MaterialKind::Other, "证据清单"),
        Kind::Answer | Kind::Summons | Kind::HearingRecord | Kind::Judgment => (MaterialKind::Evidence, kind.zh()),
        Kind::Blank | Kind::Unknown => return None,
    };
    Some((material, if name.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)) { name.to_owned() } else { word.to_owned() }))
}

/// Fields of all papers; pages of one complaint that came as several photographs are read together.
fn fields(pages: &[ReadPage]) -> Vec<(usize, Field)> {
    let mut found = vec![];
    let mut at = 0;
    while at < pages.len() {
        let kind = pages[at].page.kind.value;
        let mut end = at + 1;
        while end < pages.len() && continues(kind, pages[end].page.kind.value) {
            end += 1;
        }
        let lines: Vec<&[intake::Line]> = pages[at..end].iter().map(|read| read.page.lines.as_slice()).collect();
        let by_page = if end - at > 1 { intake::document_fields(kind, &lines) } else { vec![pages[at].page.fields.clone()] };
        found.extend(by_page.into_iter().enumerate().flat_map(|(place, fields)| fields.into_iter().map(move |field| (at + place, field))));
        at = end;
    }
    found
}

/// A page behind a complaint that says no other kind belongs to it.
fn continues(kind: Kind, next: Kind) -> bool {
    matches!(kind, Kind::Complaint | Kind::ElementComplaint) && (next == kind || next == Kind::Unknown)
}

/// Identity cards, each with its page and fields.
fn id_cards(pages: &[ReadPage]) -> Vec<(usize, Vec<Field>)> {
    let cards = pages.iter().enumerate().filter(|(_, read)| read.page.kind.value == Kind::IdCard);
    cards.map(|(at, read)| (at, read.page.fields.clone())).collect()
}

/// The value of a card whose name is the party's.
fn from_card<'f>(target: &str, found: &'f [(usize, Field)], cards: &[(usize, Vec<Field>)]) -> Option<&'f (usize, Field)> {
    let (side, part) = target.split_once(".0.")?;
    let role = if side == "plaintiffs" { "plaintiff.name" } else { "defendant.name" };
    let named = |name: &str| found.iter().find(|(_, field)| field.name == name).map(|(_, field)| field.value.as_str());
    let wanted = named(role).or_else(|| named(if side == "plaintiffs" { "lender.name" } else { "borrower.name" }));
    let field = match part {
        "name" => "person.name",
        "id_number" => "person.id_number",
        "domicile" => "person.address",
        "birth" => "person.birth",
        "sex" => "person.sex",
        _ => return None,
    };
    let own = |fields: &[Field]| fields.iter().any(|field| field.name == "person.name" && wanted.is_none_or(|wanted| wanted == field.value));
    let (at, _) = cards.iter().find(|(_, fields)| own(fields) && (wanted.is_some() || side == "plaintiffs"))?;
    found.iter().find(|(page, known)| page == at && known.name == field)
}

/// A value as a person would type it; what cannot be read as its kind stays as it stands on the paper.
fn typed(kind: ValueKind, value: &str) -> String {
    let plain = || value.trim().to_owned();
    match kind {
        ValueKind::Text | ValueKind::Address => plain(),
        ValueKind::Number | ValueKind::Phone => value.chars().filter(|c| !c.is_whitespace()).collect(),
        ValueKind::Sex => if value.contains('女') { "female" } else { "male" }.to_owned(),
        ValueKind::Date => amount::date(value).unwrap_or_else(plain),
        ValueKind::Money => amount::fen(value).map_or_else(plain, |fen| Fen(fen).yuan()),
        ValueKind::Rate => percent(value).unwrap_or_else(plain),
    }
}

/// `百分之一点五`, `1.5%` → `1.5`.
fn percent(value: &str) -> Option<String> {
    let text: String = value.chars().filter(|c| !c.is_whitespace()).collect();
    let number = text.strip_prefix("百分之").unwrap_or(&text).trim_end_matches(['%', '％']);
    let digit = |c: char| match c {
        '〇' | '零' => Some('0'),
        '点' | '.' => Some('.'),
        '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' => {
            "一二三四五六七八九".chars().position(|known| known == c).and_then(|at| char::from_digit(at as u32 + 1, 10))
        }
        c if c.is_ascii_digit() => Some(c),
        _ => None,
    };
    if number.contains('十') {
        return amount::whole(number).map(|whole| whole.to_string());
    }
    let digits: Option<String> = number.chars().map(digit).collect();
    digits.filter(|digits| digits.parse::<f64>().is_ok())
}

/// What is wrong with a confirmed value, and what to do.
fn check(kind: ValueKind, value: &str) -> Result<(), String> {
    match kind {
        ValueKind::Text | ValueKind::Address if value.chars().count() > 200 => Err("最多 200 字，请删短一些。".into()),
        ValueKind::Text | ValueKind::Address => Ok(()),
        ValueKind::Number => identity::resident(value).map(drop).map_err(|error| error.to_string()),
        ValueKind::Phone => identity::phone(value).map(drop).map_err(|error| error.to_string()),
        ValueKind::Sex if matches!(value, "male" | "female") => Ok(()),
        ValueKind::Sex => Err("请选择男或者女。".into()),
        ValueKind::Date => parse_date(value).map(drop),
        ValueKind::Money => Fen::parse_yuan(value).map(drop).map_err(|error| error.to_string()),
        ValueKind::Rate => value.parse::<f64>().ok().filter(|rate| *rate > 0.0).map(drop).ok_or_else(|| "利率写数字，例如 1 或者 1.5。".into()),
    }
}

/// The inputs that a confirmed value fills: with a due date the choice that one was agreed, and so on.
fn implied(target: &str, value: &str) -> Vec<(String, String)> {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mut pairs = vec![pair(target, value)];
    if value.is_empty() {
        return pairs;
    }
    if let Some((list, _)) = target.split_once(".0.") {
        pairs.push(pair(&format!("{list}.0.kind"), "person"));
    }
    match target {
        "due_date" => pairs.push(pair("due", "fixed")),
        "rate" => pairs.extend([pair("interest", "rate"), pair("rate_per", "month")]),
        "delivery_bank" => pairs.push(pair("delivery", "bank")),
        _ => {}
    }
    pairs
}

/// The answers of a page as typed pairs.
fn as_pairs(cause: &Cause, page: &procedure::cause::Page, answers: &procedure::cause::Answers) -> Vec<(String, String)> {
    let form = cause.form_of(page, answers);
    form.iter().flat_map(|(name, values)| values.iter().map(move |value| (name.to_owned(), value.clone()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_papers_become_what_a_person_would_type() {
        for (kind, read, typed_) in [
            (ValueKind::Date, "2024年3月15日", "2024-03-15"),
            (ValueKind::Money, "人民币150000元", "150000.00"),
            (ValueKind::Money, "壹拾伍万元整", "150000.00"),
            (ValueKind::Rate, "百分之一", "1"),
            (ValueKind::Rate, "百分之一点五", "1.5"),
            (ValueKind::Rate, "1.5%", "1.5"),
            (ValueKind::Number, "4499 0019 5504 0900 22", "449900195504090022"),
            (ValueKind::Sex, "女", "female"),
            (ValueKind::Date, "模糊", "模糊"),
        ] {
            assert_eq!(typed(kind, read), typed_, "{read}");
        }
    }

    #[test]
    fn what_a_person_confirms_is_checked_as_what_he_types() {
        assert!(check(ValueKind::Number, "449900195504090021").is_err(), "a false check digit");
        assert!(check(ValueKind::Date, "1900-01-01").is_err());
        assert!(check(ValueKind::Money, "十五万左右").is_err());
        assert!(check(ValueKind::Rate, "0").is_err());
        assert!(check(ValueKind::Text, "周桂兰").is_ok());
    }

    #[test]
    fn every_target_is_an_input_of_its_page() {
        let cause = Cause::by_number("108.3").expect("shipped");
        for (target, page, ..) in TARGETS {
            let page = cause.page(page).unwrap_or_else(|| panic!("{page}"));
            assert!(page.names().contains(&target.split('.').next().unwrap_or(target)), "{target} on {}", page.id);
        }
    }
}
