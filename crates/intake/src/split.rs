//! A whole filing in one file: where one document ends and the next begins.
use crate::Kind;
use crate::report::{Document, Page};

/// The documents that the pages make up. A page begins a document where its first lines bear a title or where it is a card;
/// a page that cannot be told continues the one before, and takes its kind.
pub fn documents(pages: &mut [Page]) -> Vec<Document> {
    let mut documents: Vec<Document> = Vec::new();
    for page in pages {
        let kind = page.kind.value;
        match documents.last_mut() {
            Some(open) if continues(open.kind, page) => {
                open.last = page.n;
                if kind == Kind::Unknown {
                    page.kind.value = open.kind;
                }
            }
            _ => documents.push(Document { kind, first: page.n, last: page.n }),
        }
    }
    documents
}

fn continues(open: Kind, page: &Page) -> bool {
    if starts(page) {
        return false;
    }
    page.kind.value == Kind::Unknown || page.kind.value == open
}

/// Whether the page bears the head of a first page.
fn starts(page: &Page) -> bool {
    crate::kind::headed(page.kind.value, &page.lines)
}
