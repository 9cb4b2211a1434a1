//! 上传: files in pieces or with a form, looked into before they belong to a draft. The bytes stay as they came.
use crate::account::blocking;
use crate::draft::open_one;
use crate::store::drafts::DraftFile;
use crate::store::{ZONE, drafts};
use crate::{Account, Error, Portal};
use procedure::ItemId;
use procedure::case::MaterialKind;
use storage::{Tx, blobs, uploads};
use uuid::Uuid;

/// Files of one draft: what one envelope carries comfortably.
const MOST_FILES: usize = 40;
/// Bytes of all files of one draft.
const MOST_BYTES: u64 = 50 << 20;

impl Portal {
    /// Largest file, in bytes.
    pub fn file_limit(&self) -> u64 {
        self.config().intake.as_ref().map_or_else(|| intake::Limits::default().file_bytes, |client| client.limits.file_bytes)
    }

    /// Begins an upload in pieces.
    pub async fn begin_upload(&self, account: &Account, name: &str, size: u64) -> Result<Uuid, Error> {
        let limit = self.file_limit();
        if size == 0 || size > limit {
            let refusal = if size == 0 { intake::Refusal::Empty } else { intake::Refusal::TooLarge { bytes: size, limit } };
            return Err(Error::input("files", refusal.zh()));
        }
        let (owner, name) = (account.id.to_string(), name.chars().take(200).collect::<String>());
        self.db().write(move |tx| Ok(uploads::begin(tx, ZONE, &owner, &name, size)?)).await
    }

    /// How far an upload is; somebody else's is missing.
    pub async fn upload_offset(&self, account: &Account, id: Uuid) -> Result<u64, Error> {
        let owner = account.id.to_string();
        self.db()
            .read(move |tx| {
                let upload = uploads::find(tx, ZONE, id)?;
                if upload.owner == owner { Ok(upload.received) } else { Err(Error::Missing("upload")) }
            })
            .await
            .map_err(missing)
    }

    /// Keeps a piece; where the next begins. `Err(Ok(offset))`: the upload stands elsewhere.
    pub async fn put_piece(&self, account: &Account, id: Uuid, offset: u64, piece: Vec<u8>) -> Result<Result<u64, u64>, Error> {
        self.upload_offset(account, id).await?;
        let put = self
            .db()
            .write(move |tx| match uploads::write_chunk(tx, ZONE, id, offset, &piece) {
                Ok(offset) => Ok(Ok(offset)),
                Err(storage::Error::UploadGap { received, .. }) => Ok(Err(received)),
                Err(error) => Err(Error::from(error)),
            })
            .await;
        match put {
            Err(Error::Store(storage::Error::UploadDiffers { .. })) => Err(Error::input("files", "这个文件和先前上传的不一样，请重新选择文件上传。")),
            Err(Error::Store(storage::Error::UploadSize { .. })) => Err(Error::input("files", "收到的内容比声明的大，请重新选择文件上传。")),
            put => put,
        }
    }

    /// A finished upload becomes a file of the draft.
    pub async fn attach_upload(&self, account: &Account, draft: Uuid, upload: Uuid, kind: MaterialKind) -> Result<DraftFile, Error> {
        let (name, bytes) = self.finished_upload(account, upload).await?;
        self.attach(account, draft, &name, bytes, kind).await
    }

    /// Name and bytes of an upload that came in pieces and is complete.
    pub async fn finished_upload(&self, account: &Account, upload: Uuid) -> Result<(String, Vec<u8>), Error> {
        self.upload_offset(account, upload).await?;
        let finished = self
            .db()
            .write(move |tx| {
                let digest = uploads::finish(tx, ZONE, upload)?;
                Ok::<_, Error>((uploads::find(tx, ZONE, upload)?.name, blobs::get(tx, ZONE, &digest)?))
            })
            .await;
        match finished {
            Err(Error::Store(storage::Error::UploadSize { .. })) => Err(Error::input("files", "文件还没有传完，请接着传完再保存。")),
            finished => finished,
        }
    }

    /// Bytes that came with a form become a file of the draft.
    pub async fn attach(&self, account: &Account, draft: Uuid, name: &str, bytes: Vec<u8>, kind: MaterialKind) -> Result<DraftFile, Error> {
        let (file, bytes) = self.looked_into(name, bytes, kind).await?;
        let account = account.id;
        self.db()
            .write(move |tx| {
                open_one(tx, draft, account)?;
                let added = add_file(tx, draft, &file, &bytes)?;
                if added.id == file.id {
                    drafts::touch(tx, draft)?;
                }
                Ok(added)
            })
            .await
    }

    /// Bytes as a file that a draft can take.
    pub(crate) async fn looked_into(&self, name: &str, bytes: Vec<u8>, kind: MaterialKind) -> Result<(DraftFile, Vec<u8>), Error> {
        let (bytes, opened) = self.look_into(name, bytes).await?;
        let file = DraftFile {
            id: ItemId::new(),
            kind,
            name: title_of(name),
            purpose: String::new(),
            pages: opened.pages,
            bytes: bytes.len() as u64,
            sha256: storage::Digest::of(&bytes).to_string(),
            media: opened.format.media_type().to_owned(),
        };
        Ok((file, bytes))
    }

    /// Type, size, pages, packing, encryption: by the content, never by the name.
    pub(crate) async fn look_into(&self, name: &str, bytes: Vec<u8>) -> Result<(Vec<u8>, intake::Opened), Error> {
        let (client, name) = (self.config().intake.clone(), name.to_owned());
        let (bytes, opened) = blocking(move || {
            let opened = match client {
                Some(client) => client.open(&bytes, &name),
                None => intake::open(&bytes, &name, &intake::Limits::default()).map_err(intake::Error::from),
            };
            (bytes, opened)
        })
        .await?;
        match opened {
            Ok(opened) => Ok((bytes, opened)),
            Err(intake::Error::Refused(refusal)) => Err(Error::input("files", refusal.zh())),
            Err(error) => {
                tracing::error!(%error, "an upload could not be looked into");
                Err(Error::input("files", "文件暂时无法检查，请过一会儿再传；急着办的，可以带到窗口提交。"))
            }
        }
    }

    /// The bytes of a file of a draft, with its media type and name.
    pub async fn draft_file(&self, account: &Account, draft: Uuid, file: ItemId) -> Result<(DraftFile, Vec<u8>), Error> {
        let account = account.id;
        self.db()
            .read(move |tx| {
                drafts::get(tx, draft, account)?;
                let file = drafts::files(tx, draft)?.into_iter().find(|known| known.id == file).ok_or(Error::Missing("file"))?;
                let bytes = blobs::get(tx, ZONE, &crate::bridge::digest(&file.sha256)?)?;
                Ok((file, bytes))
            })
            .await
    }
}

/// Puts a file behind those of a draft. The same one sent twice, by a shaky line or a second tap, is one: the first is given back.
pub(crate) fn add_file(tx: &mut Tx, draft: Uuid, file: &DraftFile, bytes: &[u8]) -> Result<DraftFile, Error> {
    let files = drafts::files(tx, draft)?;
    if let Some(same) = files.iter().find(|known| known.sha256 == file.sha256) {
        // Handed in once more as something else, it is that: who put his identity card among the evidence puts it right so.
        if same.kind == file.kind {
            return Ok(same.clone());
        }
        drafts::describe_file(tx, draft, same.id, &same.name, &same.purpose, file.kind)?;
        return Ok(DraftFile { kind: file.kind, ..same.clone() });
    }
    let total: u64 = files.iter().map(|file| file.bytes).sum();
    if files.len() >= MOST_FILES || total + file.bytes > MOST_BYTES {
        let zh = format!("一次最多提交 {MOST_FILES} 份、合计 {} MB。其余的立案后在案件里提交，或者带到窗口。", MOST_BYTES >> 20);
        return Err(Error::input("files", zh));
    }
    blobs::put(tx, ZONE, bytes)?;
    drafts::put_file(tx, draft, files.len(), file)?;
    Ok(file.clone())
}

/// What a file is called in lists: its name without the ending, plain.
pub(crate) fn title_of(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    // The name of a file on a device is nobody's word: what a paper could not print is left out of the title.
    let title: String = stem.chars().filter(|c| !c.is_control() && procedure::printable::prints(*c) && !matches!(c, '/' | '\\')).take(60).collect();
    if title.trim().is_empty() { "材料".to_owned() } else { title }
}

fn missing(error: Error) -> Error {
    match error {
        Error::Store(storage::Error::NoUpload(_)) => Error::Missing("upload"),
        other => other,
    }
}
