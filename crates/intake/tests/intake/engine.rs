//! Another engine than Tesseract reads by the same way: what it says becomes lines, kind and fields.
use image::{GrayImage, ImageFormat, Luma};
use intake::engine::Word;
use intake::{Error, Kind, Limits, OcrEngine, Rect};
use std::io::Cursor;

/// Says the same lines of every page.
#[derive(Debug)]
struct Scripted(&'static [&'static str]);

impl OcrEngine for Scripted {
    fn name(&self) -> &'static str {
        "scripted"
    }

    fn read(&self, _: &GrayImage) -> Result<Vec<Word>, Error> {
        let word =
            |(line, text): (u32, &&str)| Word { text: (*text).to_owned(), rect: Rect { x: 20, y: 40 * line, w: 300, h: 30 }, confidence: 0.97, line };
        Ok((1..).zip(self.0).map(word).collect())
    }
}

#[test]
fn what_an_engine_says_becomes_lines_kind_and_fields() {
    let mut page = Cursor::new(Vec::new());
    GrayImage::from_fn(800, 600, |x, y| Luma([if y % 40 < 6 && x > 20 { 0 } else { 255 }])).write_to(&mut page, ImageFormat::Png).unwrap();
    let engine = Scripted(&["民事起诉状", "原告：周桂兰，女，1955年4月9日出生", "诉讼请求", "事实与理由"]);
    let file = intake::read(&page.into_inner(), "起诉状.png", &engine, &Limits::default()).unwrap();
    assert_eq!((file.pages.len(), file.pages[0].kind.value), (1, Kind::Complaint), "{:?}", file.pages[0].text);
    let line = file.pages[0].lines.iter().find(|line| line.text.contains("周桂兰")).unwrap();
    assert!(line.confidence > 0.9 && line.rect.w > 0, "{line:?}");
    assert!(file.pages[0].fields.iter().any(|field| field.name == "plaintiff.name" && field.value == "周桂兰"));
}
