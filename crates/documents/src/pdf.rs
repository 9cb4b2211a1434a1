//! Incremental updates of a PDF: what is there stays byte for byte, a signature is appended.

use std::fmt::Write as _;

use lopdf::xref::XrefType;
use lopdf::{Dictionary, Document, Object, ObjectId, StringFormat};

use crate::Error;

/// Bytes set aside for the CMS signature; ours are about 1,700.
pub(crate) const ROOM: usize = 4096;

/// What the appended signature shows and says.
pub(crate) struct Field<'a> {
    /// Page, from 1.
    pub(crate) page: u32,
    /// Lower left and upper right corner in pt; all zero for an invisible signature.
    pub(crate) rect: [f64; 4],
    /// Appearance: width, height, flate-compressed operators, opacity.
    pub(crate) appearance: Option<(f64, f64, &'a [u8], f32)>,
    pub(crate) name: &'a str,
    /// `D:YYYYMMDDHHmmSS+08'00'`.
    pub(crate) time: &'a str,
}

/// A PDF with room for a signature.
pub(crate) struct Prepared {
    pub(crate) bytes: Vec<u8>,
    /// Offset of `<` of the contents.
    pub(crate) open: usize,
    /// Offset after `>`.
    pub(crate) close: usize,
}

/// Appends a signature field, its dictionary with room for the signature, and what refers to them.
pub(crate) fn prepare(pdf: &[u8], field: &Field<'_>) -> Result<Prepared, Error> {
    let document = Document::load_mem(pdf)?;
    if document.trailer.has(b"Encrypt") {
        return Err(Error::Pdf("encrypted".to_owned()));
    }
    let root = document.trailer.get(b"Root")?.as_reference()?;
    let page = document.get_pages().get(&field.page).copied().ok_or_else(|| Error::Pdf(format!("no page {}", field.page)))?;
    let next = document.max_id + 1;
    let (signature, widget, appearance) = ((next, 0), (next + 1, 0), (next + 2, 0));
    let mut update = Update::new(pdf);

    let range = update.signature(signature, field);
    let mut catalog = document.get_dictionary(root)?.clone();
    let number = add_field(&document, &mut catalog, widget)?;
    update.object(root, &Object::Dictionary(catalog));
    let mut page_dictionary = document.get_dictionary(page)?.clone();
    let mut annotations = array(&document, page_dictionary.get(b"Annots").ok())?;
    annotations.push(Object::Reference(widget));
    page_dictionary.set("Annots", annotations);
    update.object(page, &Object::Dictionary(page_dictionary));

    let mut widget_text = String::from("<</Type/Annot/Subtype/Widget/FT/Sig/F 132");
    let [x0, y0, x1, y1] = field.rect;
    let _ = write!(widget_text, "/T(Signature{number})/V {} 0 R/P {} {} R/Rect[{x0:.3} {y0:.3} {x1:.3} {y1:.3}]", signature.0, page.0, page.1);
    if field.appearance.is_some() {
        let _ = write!(widget_text, "/AP<</N {} 0 R>>", appearance.0);
    }
    widget_text.push_str(">>");
    update.raw(widget, widget_text.as_bytes());
    if let Some((width, height, content, opacity)) = field.appearance {
        let head = format!(
            "<</Type/XObject/Subtype/Form/BBox[0 0 {width:.3} {height:.3}]\
             /Resources<</ExtGState<</g<</ca {opacity}/CA {opacity}>>>>>>\
             /Filter/FlateDecode/Length {}>>\nstream\n",
            content.len()
        );
        update.raw(appearance, &[head.as_bytes(), content, b"\nendstream"].concat());
    }
    update.finish(&document, root)?;
    let (open, close) = fill_range(&mut update.out, range);
    Ok(Prepared { bytes: update.out, open, close })
}

/// Puts the field into the catalog's form; the number of the new signature.
fn add_field(document: &Document, catalog: &mut Dictionary, widget: ObjectId) -> Result<usize, Error> {
    let mut form = match catalog.get(b"AcroForm") {
        Ok(Object::Reference(id)) => document.get_dictionary(*id)?.clone(),
        Ok(Object::Dictionary(form)) => form.clone(),
        Ok(_) => return Err(Error::Pdf("form is no dictionary".to_owned())),
        Err(_) => Dictionary::new(),
    };
    let mut fields = array(document, form.get(b"Fields").ok())?;
    fields.push(Object::Reference(widget));
    let number = fields.len();
    form.set("Fields", fields);
    form.set("SigFlags", 3);
    catalog.set("AcroForm", form);
    Ok(number)
}

fn array(document: &Document, object: Option<&Object>) -> Result<Vec<Object>, Error> {
    match object {
        None | Some(Object::Null) => Ok(Vec::new()),
        Some(Object::Array(list)) => Ok(list.clone()),
        Some(Object::Reference(id)) => Ok(document.get_object(*id)?.as_array()?.clone()),
        Some(_) => Err(Error::Pdf("a list is no array".to_owned())),
    }
}

/// Where the placeholders of a signature dictionary stand.
struct Range {
    /// Offset of the 35 bytes inside `[` `]` of ByteRange.
    numbers: usize,
    open: usize,
    close: usize,
}

const NUMBERS: usize = 34;

fn fill_range(out: &mut [u8], range: Range) -> (usize, usize) {
    let numbers = format!("0 {} {} {}", range.open, range.close, out.len() - range.close);
    let padded = format!("{numbers:<NUMBERS$}");
    out[range.numbers..range.numbers + NUMBERS].copy_from_slice(padded.as_bytes());
    (range.open, range.close)
}

struct Update {
    out: Vec<u8>,
    /// Length of the PDF that is updated.
    before: usize,
    offsets: Vec<(ObjectId, usize)>,
}

impl Update {
    fn new(pdf: &[u8]) -> Self {
        let mut out = Vec::with_capacity(pdf.len() + 3 * ROOM + 8192);
        out.extend_from_slice(pdf);
        if out.last() != Some(&b'\n') {
            out.push(b'\n');
        }
        Self { before: pdf.len(), out, offsets: Vec::new() }
    }

    fn raw(&mut self, id: ObjectId, body: &[u8]) {
        self.offsets.push((id, self.out.len()));
        self.out.extend_from_slice(format!("{} {} obj\n", id.0, id.1).as_bytes());
        self.out.extend_from_slice(body);
        self.out.extend_from_slice(b"\nendobj\n");
    }

    fn object(&mut self, id: ObjectId, object: &Object) {
        let mut body = Vec::new();
        write_object(&mut body, object);
        self.raw(id, &body);
    }

    /// The signature dictionary with placeholders.
    fn signature(&mut self, id: ObjectId, field: &Field<'_>) -> Range {
        let mut body = Vec::from("<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/Name");
        let name: Vec<u8> = [0xfe, 0xff].into_iter().chain(field.name.encode_utf16().flat_map(u16::to_be_bytes)).collect();
        write_object(&mut body, &Object::String(name, StringFormat::Hexadecimal));
        body.extend_from_slice(format!("/M({})/ByteRange[", field.time).as_bytes());
        let numbers = body.len();
        body.extend(std::iter::repeat_n(b' ', NUMBERS));
        body.extend_from_slice(b"]/Contents");
        let open = body.len();
        body.push(b'<');
        body.extend(std::iter::repeat_n(b'0', 2 * ROOM));
        body.push(b'>');
        let close = body.len();
        body.extend_from_slice(b">>");
        let start = self.out.len() + format!("{} {} obj\n", id.0, id.1).len();
        self.raw(id, &body);
        Range { numbers: start + numbers, open: start + open, close: start + close }
    }

    /// Cross-reference section of the same kind as the one before it, and trailer.
    fn finish(&mut self, document: &Document, root: ObjectId) -> Result<(), Error> {
        let previous = last_startxref(&self.out[..self.before])?;
        let start = self.out.len();
        let mut size = self.offsets.iter().map(|((n, _), _)| n + 1).max().unwrap_or(0).max(document.max_id + 1);
        self.offsets.sort();
        let mut trailer = String::new();
        let _ = write!(trailer, "/Root {} {} R/Prev {previous}", root.0, root.1);
        if let Ok(id) = document.trailer.get(b"ID") {
            let mut bytes = Vec::new();
            write_object(&mut bytes, id);
            let _ = write!(trailer, "/ID{}", String::from_utf8_lossy(&bytes));
        }
        if let Ok(Object::Reference(info)) = document.trailer.get(b"Info") {
            let _ = write!(trailer, "/Info {} {} R", info.0, info.1);
        }
        match document.reference_table.cross_reference_type {
            XrefType::CrossReferenceTable => {
                let mut table = String::from("xref\n");
                for ((number, generation), offset) in &self.offsets {
                    let _ = write!(table, "{number} 1\n{offset:010} {generation:05} n\r\n");
                }
                let _ = write!(table, "trailer\n<</Size {size}{trailer}>>\n");
                self.out.extend_from_slice(table.as_bytes());
            }
            XrefType::CrossReferenceStream => {
                let number = size;
                size += 1;
                self.offsets.push(((number, 0), start));
                let mut index = String::new();
                let mut entries = Vec::new();
                for ((number, generation), offset) in &self.offsets {
                    let _ = write!(index, "{number} 1 ");
                    let offset = u32::try_from(*offset).map_err(|_| Error::Pdf("larger than 4 GiB".to_owned()))?;
                    entries.push(1);
                    entries.extend_from_slice(&offset.to_be_bytes());
                    entries.extend_from_slice(&generation.to_be_bytes());
                }
                let head = format!(
                    "{number} 0 obj\n<</Type/XRef/W[1 4 2]/Index[{}]/Size {size}{trailer}/Length {}>>\nstream\n",
                    index.trim_end(),
                    entries.len()
                );
                self.out.extend_from_slice(head.as_bytes());
                self.out.extend_from_slice(&entries);
                self.out.extend_from_slice(b"\nendstream\nendobj\n");
            }
        }
        self.out.extend_from_slice(format!("startxref\n{start}\n%%EOF\n").as_bytes());
        Ok(())
    }
}

fn last_startxref(pdf: &[u8]) -> Result<usize, Error> {
    let word = b"startxref";
    let tail = pdf.len().saturating_sub(2048);
    let at = pdf[tail..].windows(word.len()).rposition(|w| w == word).ok_or_else(|| Error::Pdf("no startxref".to_owned()))?;
    let digits: String =
        pdf[tail + at + word.len()..].iter().map(|b| *b as char).skip_while(|c| c.is_ascii_whitespace()).take_while(char::is_ascii_digit).collect();
    digits.parse().map_err(|_| Error::Pdf("startxref has no number".to_owned()))
}

fn write_object(out: &mut Vec<u8>, object: &Object) {
    match object {
        Object::Null => out.extend_from_slice(b"null"),
        Object::Boolean(value) => out.extend_from_slice(if *value { b"true" } else { b"false" }),
        Object::Integer(value) => out.extend_from_slice(value.to_string().as_bytes()),
        Object::Real(value) => out.extend_from_slice(value.to_string().as_bytes()),
        Object::Name(name) => write_name(out, name),
        Object::String(bytes, _) => {
            out.push(b'<');
            out.extend_from_slice(hex::encode(bytes).as_bytes());
            out.push(b'>');
        }
        Object::Array(list) => {
            out.push(b'[');
            for (i, item) in list.iter().enumerate() {
                if i > 0 {
                    out.push(b' ');
                }
                write_object(out, item);
            }
            out.push(b']');
        }
        Object::Dictionary(dictionary) => write_dictionary(out, dictionary),
        // Streams are always indirect; the objects written here come from dictionaries.
        Object::Stream(stream) => write_dictionary(out, &stream.dict),
        Object::Reference((number, generation)) => {
            out.extend_from_slice(format!("{number} {generation} R").as_bytes());
        }
    }
}

fn write_dictionary(out: &mut Vec<u8>, dictionary: &Dictionary) {
    out.extend_from_slice(b"<<");
    for (key, value) in dictionary.iter() {
        write_name(out, key);
        out.push(b' ');
        write_object(out, value);
    }
    out.extend_from_slice(b">>");
}

fn write_name(out: &mut Vec<u8>, name: &[u8]) {
    out.push(b'/');
    for byte in name {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'+' | b':') {
            out.push(*byte);
        } else {
            out.extend_from_slice(format!("#{byte:02X}").as_bytes());
        }
    }
}
