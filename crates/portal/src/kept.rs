//! 没提交的内容: what was typed into the form of a step outlives the session, the browser and the telephone until it is handed in.
use crate::store::kept;
use crate::{Account, Error, Portal, sealed};

/// Text of one page, in bytes.
const BYTES: usize = 200_000;

impl Portal {
    fn bound(account: &Account, page: &str) -> String {
        format!("kept/{}/{page}", account.id)
    }

    /// Keeps what was typed on a page; nothing is checked.
    pub async fn keep_form(&self, account: &Account, page: &str, typed: &[(String, String)]) -> Result<(), Error> {
        let size: usize = typed.iter().map(|(name, value)| name.len() + value.len()).sum();
        if size > BYTES {
            return Err(Error::input("", "这一页填的内容太长，请删短一些。"));
        }
        let content = sealed::seal(&self.config().key, &Self::bound(account, page), &typed)?;
        let (account, page, now) = (account.id, page.to_owned(), self.now());
        self.db().write(move |tx| kept::put(tx, account, &page, &content, now)).await
    }

    /// What was typed on a page and not handed in; empty if nothing was.
    pub async fn kept_form(&self, account: &Account, page: &str) -> Result<Vec<(String, String)>, Error> {
        let (id, name) = (account.id, page.to_owned());
        match self.db().read(move |tx| kept::get(tx, id, &name)).await? {
            Some(content) => sealed::open(&self.config().key, &Self::bound(account, page), &content),
            None => Ok(vec![]),
        }
    }

    /// The page was handed in: what was kept for it goes.
    pub async fn drop_kept(&self, account: &Account, page: &str) -> Result<(), Error> {
        let (account, page) = (account.id, page.to_owned());
        self.db().write(move |tx| kept::drop(tx, account, &page)).await
    }
}
