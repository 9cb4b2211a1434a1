//! 归档: the whole file of a case as one package that any BagIt tool can check (R-ARC-05, R-ARC-07, R-FIA-03): both volumes in
//! the order of the catalogue with cover, catalogue and back note, the receipts that prove each paper offline, and the events.
//!
//! ```text
//! data/main/…      正卷, numbered; cover and catalogue first, back note last
//! data/internal/…  副卷
//! data/receipts/…  NUMBER.receipt, each to be checked with xiezhi-verify
//! data/events.jsonl, data/items.json, data/checkpoint.txt, data/README.txt
//! ```
mod collect;

use crate::compose::Source;
use crate::{Court, Error, store, work};
use casefile::bag::{Bag, file_name};
use casefile::complete::{Finding, Weight, check};
use casefile::{Item, Sheet};
use documents::papers as doc;
use jiff::Timestamp;
use jiff::civil::Date;
use procedure::case::{Labelled, Procedure, Side};
use procedure::{Case, CaseId, Refusal, Stage};
use serde::Serialize;
use std::io::{Cursor, Write};
use std::path::Path;
use storage::blobs;
use storage::events::Stored;

/// An archive package with all its bytes.
#[derive(Debug, Clone)]
pub struct Package {
    /// Every file with its path in the package; payload first, tag manifests last.
    pub files: Vec<(String, Vec<u8>)>,
    /// The same as one ZIP: what is kept, handed over and downloaded.
    pub zip: Vec<u8>,
    /// SHA-256 of the ZIP, hex.
    pub sha256: String,
    /// SM3 of `tagmanifest-sm3.txt`, hex: it covers every byte of the package, and the ledger keeps it.
    pub tag_manifest: String,
    pub volumes: Vec<procedure::trial::Volume>,
    /// What the check before archiving found; with [`Weight::Missing`] among it the case is not archived (R-ARC-05).
    pub findings: Vec<Finding>,
    /// 保管期限 that R-ARC-02 proposes.
    pub term: String,
}

impl Package {
    /// As the zone notes it for the step that archives: what enters the ledger comes from here and from nobody else.
    fn record(&self) -> procedure::trial::Package {
        procedure::trial::Package {
            sha256: self.sha256.clone(),
            bytes: self.zip.len() as u64,
            tag_manifest: self.tag_manifest.clone(),
            volumes: self.volumes.clone(),
            term: self.term.clone(),
        }
    }

    /// Whether nothing that must be there is missing.
    pub fn is_complete(&self) -> bool {
        self.findings.iter().all(|finding| finding.weight != Weight::Missing)
    }

    /// Writes the unpacked package into an empty or new directory.
    pub fn unpack(&self, directory: &Path) -> Result<(), Error> {
        for (path, bytes) in &self.files {
            let target = path.split('/').fold(directory.to_owned(), |target, part| target.join(part));
            if let Some(parent) = target.parent() {
                std::fs::create_dir_all(parent)?;
            }
            std::fs::write(&target, bytes)?;
        }
        Ok(())
    }
}

impl Court {
    /// Builds the archive package of a closed case as it stands; one that is complete is kept among the contents and noted for
    /// this version of the case, where the step that archives finds it. Blocks; some seconds for a thick file.
    pub fn archive_package(&self, court: &str, id: CaseId) -> Result<Package, Error> {
        let facts = self.read_case(court, id)?;
        let collected = collect::all(self, court, &facts)?;
        let now = self.now();
        let package = self.pack(court, &facts, collected, now)?;
        // What lacks something is not kept, and the step archives only what is kept (R-ARC-05).
        if package.is_complete() {
            let (court, zip, record, version) = (court.to_owned(), package.zip.clone(), package.record(), facts.case.version);
            self.db().write_blocking(move |tx| {
                blobs::put(tx, &court, &zip)?;
                store::file::put_package(tx, &court, id, version, &record)
            })?;
        }
        Ok(package)
    }

    /// The ZIP of the package with which the case was archived, byte for byte; none while it is not archived.
    pub fn archived(&self, court: &str, id: CaseId) -> Result<Option<Vec<u8>>, Error> {
        let court = court.to_owned();
        self.db().read_blocking(move |tx| {
            let Some(archiving) = store::case(tx, &court, id)?.archiving else { return Ok(None) };
            Ok(Some(blobs::get(tx, &court, &archiving.package.parse()?)?))
        })
    }

    /// What is missing for the archive, and the volumes as they would be packed: for the page that closes a case. Blocks.
    pub fn archive_check(&self, court: &str, id: CaseId) -> Result<(Vec<Finding>, Vec<procedure::trial::Volume>), Error> {
        let facts = self.read_case(court, id)?;
        let collected = collect::all(self, court, &facts)?;
        let items: Vec<Item> = collected.items.iter().map(|(item, _)| item.clone()).collect();
        let findings = findings(&facts.case, &items, &collected);
        Ok((findings, casefile::volumes(items).iter().map(Sheet::summary).collect()))
    }

    fn pack(&self, court: &str, facts: &work::Facts, collected: collect::Collected, now: Timestamp) -> Result<Package, Error> {
        let case = &facts.case;
        let closing = case.closing.as_ref().ok_or(Refusal::NotClosed)?;
        let items: Vec<Item> = collected.items.iter().map(|(item, _)| item.clone()).collect();
        let findings = findings(case, &items, &collected);
        let sheets = casefile::volumes(items);
        let today = procedure::step::day_of(now);
        let number = case.number.as_deref().map_or_else(|| case.receipt_no.clone(), crate::full_width);
        let name = self.law().courts.by_code(court).map_or_else(|| court.to_owned(), |court| court.name.clone());
        let (from, to) = (filed(case)?, closing.on);
        let mut packer = Packer {
            bag: Bag::new(&[
                ("Source-Organization", &name),
                ("External-Identifier", &number),
                ("Internal-Sender-Identifier", &case.id.to_string()),
                ("External-Description", &format!("{}，{}一审电子卷宗，{from}至{to}", case.title(), cause(case))),
                ("Bagging-Date", &today.to_string()),
                ("Bag-Software-Agent", "xiezhi"),
            ])?,
            files: vec![],
        };
        let index = u32::try_from(sheets.len()).unwrap_or(u32::MAX);
        for (sheet, place) in sheets.iter().zip(1..) {
            self.sheet(&mut packer, facts, sheet, (place, index), &collected, now)?;
        }
        for (number, text) in &collected.receipts {
            packer.add(&format!("receipts/{}.receipt", file_name(number)), text.as_bytes().to_vec())?;
        }
        packer.add("events.jsonl", events(&collected.events)?.into_bytes())?;
        packer.add("items.json", serde_json::to_vec_pretty(&Listed::of(case, &sheets))?)?;
        packer.add("checkpoint.txt", self.checkpoint().into_bytes())?;
        packer.add("README.txt", README.as_bytes().to_vec())?;
        let tag_manifest = packer.bag.tag_manifest_digest();
        let mut files = packer.files;
        files.extend(packer.bag.tag_files());
        let zip = zipped(&format!("{}-{}", file_name(&number), &tag_manifest[..8]), &files, today)?;
        Ok(Package {
            sha256: storage::Digest::of(&zip).to_string(),
            zip,
            tag_manifest,
            volumes: sheets.iter().map(Sheet::summary).collect(),
            findings,
            term: term(case).into(),
            files,
        })
    }

    /// One volume: cover, catalogue, items under their numbers, back note.
    fn sheet(
        &self,
        packer: &mut Packer,
        facts: &work::Facts,
        sheet: &Sheet,
        (index, volumes): (u32, u32),
        collected: &collect::Collected,
        now: Timestamp,
    ) -> Result<(), Error> {
        let (folder, court) = (sheet.volume.name(), facts.case.court.as_str());
        let source = Sheets { zone: self, facts, sheet, index, volumes, today: procedure::step::day_of(now) };
        let cover = documents::Paper::FileCover(source.cover()?);
        packer.add(&format!("{folder}/000-1-{}.pdf", cover.title()), self.make(court, &cover, now)?.pdf)?;
        let catalogue = documents::Paper::FileCatalogue(source.catalogue()?);
        packer.add(&format!("{folder}/000-2-{}.pdf", catalogue.title()), self.make(court, &catalogue, now)?.pdf)?;
        for placed in &sheet.items {
            let bytes = collected.items.iter().find(|(item, _)| item.id == placed.item.id).map(|(_, bytes)| bytes.clone());
            let bytes = bytes.ok_or(Error::Corrupt("an item of the file without its bytes"))?;
            let name = format!("{folder}/{:03}-{}.{}", placed.number, file_name(&placed.item.title), extension(&placed.item.media));
            packer.add(&name, bytes)?;
        }
        let note = documents::Paper::FileBacknote(source.backnote()?);
        packer.add(&format!("{folder}/999-{}.pdf", note.title()), self.make(court, &note, now)?.pdf)
    }
}

struct Packer {
    bag: Bag,
    files: Vec<(String, Vec<u8>)>,
}

impl Packer {
    fn add(&mut self, path: &str, bytes: Vec<u8>) -> Result<(), Error> {
        let path = self.bag.add(path, &bytes)?;
        self.files.push((path, bytes));
        Ok(())
    }
}

/// The sheets of one volume as typed papers.
struct Sheets<'a> {
    zone: &'a Court,
    facts: &'a work::Facts,
    sheet: &'a Sheet,
    index: u32,
    volumes: u32,
    today: Date,
}

impl Sheets<'_> {
    fn source(&self, paper: &procedure::case::IssuedPaper) -> Result<(String, String, doc::VerifyMark), Error> {
        let case = &self.facts.case;
        let url = format!("{}/verify?case={}", self.zone.portal_url(), case.id);
        let mark = documents::verify_mark(&url, case.id.0.as_bytes())?;
        let source = Source {
            zone: self.zone,
            case,
            paper,
            cards: &self.facts.cards,
            history: &self.facts.history,
            today: self.today,
            code: None,
            mark: mark.clone(),
        };
        Ok((source.court_title()?, source.number(), mark))
    }

    fn head(&self) -> Result<(String, String, doc::VerifyMark), Error> {
        // A sheet of the volume is no paper to anybody.
        self.source(&procedure::case::IssuedPaper {
            id: procedure::PaperId(self.facts.case.id.0),
            paper: procedure::Paper::HearingRecord,
            to: procedure::PersonId::default(),
            sha256: None,
            pages: 0,
            service: procedure::case::ServiceState::Owed,
            opened_at: None,
            tried: vec![],
        })
    }

    /// 卷宗封面 (R-FIA-04).
    fn cover(&self) -> Result<doc::FileCover, Error> {
        let (court, number, verify) = self.head()?;
        let case = &self.facts.case;
        let names = |side| case.side(side).map(|party| party.name.as_str()).collect::<Vec<_>>().join("、");
        let judges: Vec<_> = case.judges().map(|(_, name)| name).collect();
        let panel = match judges.as_slice() {
            [] => "未组成审判组织".to_owned(),
            [sole] => format!("审判员{sole}（独任）"),
            [first, rest @ ..] => format!("审判长{first}　{}", rest.iter().map(|name| format!("审判员{name}")).collect::<Vec<_>>().join("　")),
        };
        let closing = case.closing.as_ref().ok_or(Refusal::NotClosed)?;
        Ok(doc::FileCover {
            court,
            number: number.clone(),
            verify,
            kind: "民事诉讼一审卷宗".into(),
            cause: cause(case).into(),
            plaintiff: names(Side::Plaintiff),
            defendant: names(Side::Defendant),
            third: None,
            panel,
            clerk: case.officer(procedure::Office::Clerk).map_or("", |(_, name)| name).into(),
            procedure: format!("一审　{}", case.procedure.map_or("立案审查", |procedure| procedure.zh())),
            filed: filed(case)?,
            closed: closing.on,
            result: closing.manner.clone(),
            appeal: if case.appeals_against_the_end().next().is_none() { "未上诉" } else { "已上诉" }.into(),
            archived: self.today,
            archive_no: number,
            term: term(case).into(),
            volume: self.sheet.volume.zh().into(),
            volumes: self.volumes,
            index: self.index,
            pages: self.sheet.pages(),
        })
    }

    /// 卷内文书目录 (R-CAT-01, R-FIA-05).
    fn catalogue(&self) -> Result<doc::FileCatalogue, Error> {
        let (court, number, _) = self.head()?;
        let rows = self.sheet.items.iter().map(|placed| doc::CatalogueRow {
            no: placed.number,
            title: placed.item.title.clone(),
            author: placed.item.author.clone(),
            date: placed.item.formed,
            pages: placed.pages,
            note: placed.item.note.clone(),
        });
        Ok(doc::FileCatalogue {
            court,
            number,
            volume: self.sheet.volume.zh().into(),
            volumes: self.volumes,
            index: self.index,
            rows: rows.collect(),
            date: self.today,
        })
    }

    /// 备考表 (R-FIA-07, R-ARC-07).
    fn backnote(&self) -> Result<doc::FileBacknote, Error> {
        let (court, number, _) = self.head()?;
        let case = &self.facts.case;
        let (items, pages) = (self.sheet.items.len(), self.sheet.pages());
        let data = self.sheet.items.iter().filter(|placed| placed.pages.is_none()).count();
        let noted: Vec<_> = self.sheet.items.iter().filter(|placed| !placed.item.note.is_empty()).collect();
        let note = |placed: &&casefile::Placed| format!("第{}件“{}”：{}。", placed.number, placed.item.title, placed.item.note);
        let mut notes: Vec<String> = noted.iter().take(NOTES).map(note).collect();
        if let Some(more) = noted.len().checked_sub(NOTES).filter(|more| *more > 0) {
            notes.push(format!("另有{more}件的说明见目录备注栏。"));
        }
        if data > 0 {
            notes.push(format!("{data}件为电子数据，不编页码。"));
        }
        notes.push("本卷无证物。".into());
        let clerk = case.officer(procedure::Office::Clerk).map_or("", |(_, name)| name);
        Ok(doc::FileBacknote {
            court,
            number,
            volume: self.sheet.volume.zh().into(),
            pages,
            notes,
            electronic: format!("本卷为办案中同步生成的电子卷宗，共{items}件{pages}页，根摘要（SM3）{}。", self.sheet.root()),
            filed_by: clerk.into(),
            checked_by: case.judges().next().map_or("", |(_, name)| name).into(),
            // Signed by the archive when it takes the file over.
            archived_by: String::new(),
            date: self.today,
        })
    }
}

/// Notes on single items that a back note has room for.
const NOTES: usize = 8;

/// Day of the acceptance; of a case that was never accepted, of its submission.
fn filed(case: &Case) -> Result<Date, Error> {
    case.accepted_on.or(case.submitted_at.map(procedure::step::day_of)).ok_or(Error::Corrupt("a case without a filing"))
}

/// What stands in the way of the archive, the graver first.
fn findings(case: &Case, items: &[Item], collected: &collect::Collected) -> Vec<Finding> {
    let mut found = check(case, items);
    found.extend(collected.findings.iter().cloned());
    found.sort();
    found
}

/// `items.json`: the volumes as packed, each with the roots by which anyone can tell that nothing is missing.
#[derive(Serialize)]
struct Listed<'a> {
    /// As they were logged at the closing.
    closing: &'a [procedure::trial::Volume],
    volumes: Vec<ListedVolume<'a>>,
}

#[derive(Serialize)]
struct ListedVolume<'a> {
    name: &'static str,
    folder: &'static str,
    /// Over every item.
    root: String,
    /// Over the items that were there at the closing.
    closing_root: String,
    items: &'a [casefile::Placed],
}

impl<'a> Listed<'a> {
    fn of(case: &'a Case, sheets: &'a [Sheet]) -> Self {
        let volume = |sheet: &'a Sheet| ListedVolume {
            name: sheet.volume.zh(),
            folder: sheet.volume.name(),
            root: sheet.root(),
            closing_root: sheet.closing_root(),
            items: &sheet.items,
        };
        Self { closing: case.closing.as_ref().map_or(&[], |closing| &closing.volumes), volumes: sheets.iter().map(volume).collect() }
    }
}

fn cause(case: &Case) -> &str {
    case.statement.as_ref().map_or("案由未定", |statement| statement.cause_name.as_str())
}

/// 保管期限 as R-ARC-02 seeds it: what ended without a decision on the merits and small suits short, others long. The archivist
/// may set a longer one.
fn term(case: &Case) -> &'static str {
    match (case.stage, case.procedure) {
        (Stage::Withdrawn | Stage::Terminated | Stage::Dismissed | Stage::Transferred | Stage::Refused | Stage::GivenBack, _)
        | (_, Some(Procedure::Simple)) => "短期（30年）",
        (_, Some(Procedure::Ordinary) | None) => "长期（60年）",
    }
}

fn extension(media: &str) -> &'static str {
    // Parameters such as a charset do not change the format.
    match media.split(';').next().unwrap_or_default().trim() {
        "application/pdf" => "pdf",
        "application/ofd" => "ofd",
        "application/json" => "json",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => "docx",
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/tiff" => "tif",
        "text/plain" => "txt",
        "audio/mpeg" => "mp3",
        "video/mp4" => "mp4",
        _ => "bin",
    }
}

/// The events as JSON lines, with the digests by which they are chained: body and actor as the strings that were stored.
fn events(stored: &[Stored]) -> Result<String, Error> {
    let mut lines = String::new();
    for event in stored {
        let line = serde_json::json!({
            "seq": event.seq,
            "kind": event.kind,
            "at": event.at.to_string(),
            "at_ms": event.at.as_millisecond(),
            "actor": event.actor,
            "body": event.body,
            "digest": event.digest.to_string(),
        });
        lines.push_str(&serde_json::to_string(&line)?);
        lines.push('\n');
    }
    Ok(lines)
}

/// One folder that holds the package; the same files on the same day give the same bytes.
fn zipped(folder: &str, files: &[(String, Vec<u8>)], day: Date) -> Result<Vec<u8>, Error> {
    let year = u16::try_from(day.year()).map_err(|_| Error::Corrupt("the day of an archive"))?;
    let (month, date) = (day.month().unsigned_abs(), day.day().unsigned_abs());
    let time = zip::DateTime::from_date_and_time(year, month, date, 0, 0, 0).map_err(|_| Error::Corrupt("the day of an archive"))?;
    let options = zip::write::SimpleFileOptions::default().last_modified_time(time).unix_permissions(0o644);
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in files {
        writer.start_file(format!("{folder}/{path}"), options).map_err(std::io::Error::from)?;
        writer.write_all(bytes)?;
    }
    Ok(writer.finish().map_err(std::io::Error::from)?.into_inner())
}

const README: &str = "\
这是一个案件的电子档案（BagIt 1.0，RFC 8493）。

一、怎样核对完整
    任何 BagIt 工具都可以核对，例如 bagit.py --validate 本文件夹。
    manifest-sha256.txt、manifest-sm3.txt 列出 data/ 下每个文件的摘要，
    tagmanifest-*.txt 列出上述清单的摘要。tagmanifest-sm3.txt 的 SM3 摘要
    就是归档回执和司法链上记载的“标签清单 SM3”，可以脱机核对：
    xiezhi-verify 归档回执 tagmanifest-sm3.txt --trust 信任名单。

二、怎样核对每一份文书
    data/receipts/ 里是文书、送达和提交的回执，用 xiezhi-verify 回执 文件
    --trust 信任名单 脱机核对。信任名单应当从法院另行取得，不在本包内。

三、怎样核对卷宗没有增减、没有改动
    结案和归档时，每一卷的根摘要都登记在司法链上：结案时的回执是 V1-（正卷）、
    V2-（副卷），归档时的回执是 W1-、W2-（归档以后由法院另行提供）。
    自己重算：从 data/items.json 取一卷的 items，依次把下面的内容连起来求 SM3。
    结案时的根摘要跳过 later 为 true 的件（结案以后才入卷的），序号从 1 连续编；
    归档时的根摘要不跳过。先是一行“xiezhi volume 1”，然后每件两行：
        序号 页数 sha256 题名的字节数（UTF-8）
        题名
    各行以换行符（0A）结束，同一行各项之间一个空格；页数为 0 的是电子数据。
    每件的 sha256 就是该卷文件夹里同一序号的文件的 SHA-256。

四、里面有什么
    data/main/      正卷，按目录顺序编号；000 是封面和目录，999 是备考表
    data/internal/  副卷，当事人不得查阅
    data/events.jsonl  办案事件，每行一件。digest 是 SHA-256(上一件的 digest
                    32 字节，第一件为 32 个零字节 ‖ 一行 JSON 数组：法院代字、
                    案件编号、seq、kind、at_ms、actor、body)
    data/items.json    卷内文件的元数据和页码
    data/checkpoint.txt  打包时司法链的检查点
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_files_give_the_same_zip() {
        let files = vec![("data/main/001-民事起诉状.pdf".to_owned(), b"one".to_vec()), ("bagit.txt".to_owned(), vec![])];
        let day = jiff::civil::date(2026, 6, 26);
        let zip = zipped("案卷", &files, day).expect("zipped");
        assert_eq!(zip, zipped("案卷", &files, day).expect("zipped"));
        let mut read = zip::ZipArchive::new(Cursor::new(zip)).expect("a zip");
        assert_eq!(read.by_index(0).expect("an entry").name().expect("UTF-8"), "案卷/data/main/001-民事起诉状.pdf");
    }

    #[test]
    fn r_arc_02_terms() {
        let case = |stage, procedure| Case { stage, procedure, ..Case::default() };
        assert_eq!(term(&case(Stage::Effective, Some(Procedure::Ordinary))), "长期（60年）");
        assert_eq!(term(&case(Stage::Effective, Some(Procedure::Simple))), "短期（30年）");
        assert_eq!(term(&case(Stage::Withdrawn, Some(Procedure::Ordinary))), "短期（30年）");
    }
}
