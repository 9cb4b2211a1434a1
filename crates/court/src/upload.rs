//! 上传: files that clerks hand in at the counter. Foreign bytes are looked into as the portal does it: by the intake worker, in
//! a process of its own under caps; never here.
use crate::staff::Member;
use crate::{Court, Error};
use procedure::Refusal;
use storage::{blobs, uploads};
use uuid::Uuid;

/// What a file is, by its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    pub media: &'static str,
    pub pages: u32,
}

impl Court {
    /// Looks into a file that came in `field` of a form. Blocks, for as long as the worker may take.
    ///
    /// # Errors
    /// [`Refusal::FieldInvalid`] in words that say what to do.
    pub fn look_into(&self, field: &str, name: &str, bytes: &[u8]) -> Result<Looked, Error> {
        let opened = match self.intake() {
            Some(client) => client.open(bytes, name),
            None => intake::open(bytes, name, &intake::Limits::default()).map_err(intake::Error::from),
        };
        let zh = match opened {
            Ok(opened) => return Ok(Looked { media: opened.format.media_type(), pages: opened.pages }),
            // An oral complaint that a clerk wrote down (R-FIL-02) comes as plain text, in which there is nothing to parse.
            Err(intake::Error::Refused(intake::Refusal::UnknownType { .. })) if plain(bytes) => return Ok(Looked { media: "text/plain", pages: 0 }),
            Err(intake::Error::Refused(refusal)) => refusal.zh(),
            Err(error) => {
                tracing::error!(%error, "an upload could not be looked into");
                "暂时无法检查，请过一会儿再提交。".to_owned()
            }
        };
        Err(Refusal::FieldInvalid { field: field.to_owned(), zh: format!("“{name}”：{zh}"), rule: "R-FIL-01".into() }.into())
    }

    /// Keeps a file of a form that was not taken, so that it need not be chosen again.
    pub async fn keep_upload(&self, member: &Member, name: &str, bytes: Vec<u8>) -> Result<Uuid, Error> {
        let (court, owner, name) = (member.court.clone(), member.id.to_string(), name.to_owned());
        self.db()
            .write(move |tx| {
                let id = uploads::begin(tx, &court, &owner, &name, bytes.len() as u64)?;
                uploads::write_chunk(tx, &court, id, 0, &bytes)?;
                uploads::finish(tx, &court, id)?;
                Ok(id)
            })
            .await
    }

    /// Name and bytes of a file that this member's form kept; `None` for anybody else's.
    pub async fn kept_upload(&self, member: &Member, id: Uuid) -> Result<Option<(String, Vec<u8>)>, Error> {
        let (court, owner) = (member.court.clone(), member.id.to_string());
        self.db()
            .read(move |tx| {
                let upload = match uploads::find(tx, &court, id) {
                    Ok(upload) => upload,
                    Err(storage::Error::NoUpload(_)) => return Ok(None),
                    Err(error) => return Err(error.into()),
                };
                match upload.digest {
                    Some(digest) if upload.owner == owner => Ok(Some((upload.name, blobs::get(tx, &court, &digest)?))),
                    Some(_) | None => Ok(None),
                }
            })
            .await
    }
}

/// Text that people write: nothing that a program would take for something else.
fn plain(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_text_and_nothing_else() {
        assert!(plain("民事起诉状\n原告：周桂兰\t女\r\n".as_bytes()));
        assert!(!plain(b"MZ\x90\0") && !plain(b"a\0b") && !plain(&[0xff, 0xfe]));
    }
}
