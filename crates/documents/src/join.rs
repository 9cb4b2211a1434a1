//! Printing: pages of a PDF counted, and several papers put into one file for the printer. The joined file is no paper:
//! signatures do not survive it, and nothing but the printer gets it.
use crate::Error;
use lopdf::{Document, Object, ObjectId, dictionary};

/// Attributes that a page may inherit from its parents.
const INHERITED: [&[u8]; 4] = [b"Resources", b"MediaBox", b"CropBox", b"Rotate"];

/// Pages of a PDF; `None` if it cannot be read.
pub fn page_count(pdf: &[u8]) -> Option<u32> {
    let pages = Document::load_mem(pdf).ok()?.get_pages().len();
    u32::try_from(pages).ok()
}

/// The pages of several PDFs one after the other, for printing.
pub fn join<'a>(papers: impl IntoIterator<Item = &'a [u8]>) -> Result<Vec<u8>, Error> {
    let mut joined = Document::with_version("1.7");
    let pages_id = joined.new_object_id();
    let mut kids = Vec::new();
    for paper in papers {
        let mut source = Document::load_mem(paper)?;
        source.renumber_objects_with(joined.max_id + 1);
        for (_, page) in source.get_pages() {
            inherit(&mut source, page)?;
            source.get_object_mut(page)?.as_dict_mut()?.set("Parent", pages_id);
            kids.push(Object::Reference(page));
        }
        joined.max_id = source.max_id;
        joined.objects.extend(source.objects);
    }
    let count = i64::try_from(kids.len()).map_err(|_| Error::Pdf("too many pages".into()))?;
    joined.objects.insert(pages_id, dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count }.into());
    let catalog = joined.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages_id });
    joined.trailer.set("Root", catalog);
    joined.prune_objects();
    let mut bytes = Vec::new();
    joined.save_to(&mut bytes).map_err(|error| Error::Pdf(error.to_string()))?;
    Ok(bytes)
}

/// Puts onto the page what it has from its parents, which stay behind.
fn inherit(source: &mut Document, page: ObjectId) -> Result<(), Error> {
    let mut found = Vec::new();
    for name in INHERITED {
        let mut at = page;
        // A tree of pages is a few levels deep; a ring in a broken file ends here.
        for _ in 0..32 {
            let node = source.get_object(at)?.as_dict()?;
            if let Ok(value) = node.get(name) {
                found.push((name, value.clone()));
                break;
            }
            match node.get(b"Parent").and_then(Object::as_reference) {
                Ok(parent) => at = parent,
                Err(_) => break,
            }
        }
    }
    let dictionary = source.get_object_mut(page)?.as_dict_mut()?;
    for (name, value) in found {
        dictionary.set(name, value);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use lopdf::{Stream, content::Content};

    /// A PDF of `count` pages whose size stands on the parent alone.
    fn pdf(count: usize) -> Vec<u8> {
        let mut document = Document::with_version("1.7");
        let pages = document.new_object_id();
        let kids: Vec<Object> = (0..count)
            .map(|_| {
                let content = Content { operations: vec![] }.encode().expect("encodes");
                let content = document.add_object(Stream::new(dictionary! {}, content));
                document.add_object(dictionary! { "Type" => "Page", "Parent" => pages, "Contents" => content }).into()
            })
            .collect();
        let size = vec![0.into(), 0.into(), 595.into(), 842.into()];
        let total = i64::try_from(count).expect("small");
        document.objects.insert(pages, dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => total, "MediaBox" => size }.into());
        let root = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
        document.trailer.set("Root", root);
        let mut bytes = Vec::new();
        document.save_to(&mut bytes).expect("written");
        bytes
    }

    #[test]
    fn a_packet_has_the_pages_of_its_papers_and_their_sizes() {
        let (a, b) = (pdf(2), pdf(3));
        let joined = join([a.as_slice(), b.as_slice()]).expect("joined");
        assert_eq!(page_count(&joined), Some(5));
        let read = Document::load_mem(&joined).expect("a PDF");
        for (_, page) in read.get_pages() {
            assert!(read.get_object(page).and_then(Object::as_dict).expect("a page").has(b"MediaBox"), "what was inherited came along");
        }
        assert_eq!(page_count(b"no PDF"), None);
        assert!(join([b"no PDF".as_slice()]).is_err());
    }
}
