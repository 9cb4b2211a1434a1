//! Tesseract as a subprocess: one thread, simplified Chinese, words with boxes and confidence from its TSV output.
use crate::Error;
use crate::engine::{OcrEngine, Word};
use crate::report::Rect;
use image::GrayImage;
use std::fs::File;
use std::io::{Seek, Write};
use std::process::Command;

/// Tesseract, called for each image.
#[derive(Debug, Clone, Copy)]
pub struct Tesseract;

impl OcrEngine for Tesseract {
    fn name(&self) -> &'static str {
        PROGRAM
    }

    fn read(&self, image: &GrayImage) -> Result<Vec<Word>, Error> {
        read(image)
    }
}

/// The program, as set-up installs it.
pub const PROGRAM: &str = "tesseract";

/// Whether Tesseract with simplified Chinese is here.
pub fn installed() -> bool {
    Command::new(PROGRAM)
        .arg("--list-langs")
        .output()
        .is_ok_and(|out| String::from_utf8_lossy(&out.stdout).lines().any(|line| line.trim() == "chi_sim"))
}

/// How it lays out what it sees: one even block of lines.
const LAYOUT: &str = "6";
/// Pages are brought to about this resolution before they come here.
const DPI: &str = "300";

/// Lines are dark on light once care was taken of a page: none is to be read a second time as light on dark. The first name is
/// that of older versions, which the second is unknown to.
const DARK_ON_LIGHT: [&str; 4] = ["-c", "tessedit_do_invert=0", "-c", "invert_threshold=0"];

/// [`Error::Program`] where Tesseract is missing, [`Error::Failed`] where it ends with an error.
fn read(image: &GrayImage) -> Result<Vec<Word>, Error> {
    let out = Command::new(PROGRAM)
        .args(["/dev/stdin", "stdout", "-l", "chi_sim", "--psm", LAYOUT, "--dpi", DPI])
        .args(DARK_ON_LIGHT)
        .arg("tsv")
        .env("OMP_THREAD_LIMIT", "1")
        .stdin(in_memory(image).map_err(Error::io("a page for tesseract"))?)
        .output()
        .map_err(|source| Error::Program { program: PROGRAM, source })?;
    if !out.status.success() {
        let message = String::from_utf8_lossy(&out.stderr).lines().last().unwrap_or("no message").to_owned();
        return Err(Error::Failed { program: PROGRAM, message });
    }
    Ok(words(&String::from_utf8_lossy(&out.stdout)))
}

/// The image as a file that is nowhere on the disk: from a pipe the engine would take it byte by byte.
fn in_memory(image: &GrayImage) -> std::io::Result<File> {
    let mut file = File::from(rustix::fs::memfd_create("page", rustix::fs::MemfdFlags::CLOEXEC)?);
    file.write_all(format!("P5\n{} {}\n255\n", image.width(), image.height()).as_bytes())?;
    file.write_all(image.as_raw())?;
    file.rewind()?;
    Ok(file)
}

/// Reads the engine's TSV. Rows that are no words, or that cannot be read, are left out.
pub fn words(tsv: &str) -> Vec<Word> {
    let mut line = 0;
    let mut words = Vec::new();
    for row in tsv.lines() {
        let cells: Vec<&str> = row.splitn(12, '\t').collect();
        let [level, _, _, _, _, _, x, y, w, h, confidence, text] = cells[..] else { continue };
        match level {
            "4" => line += 1,
            "5" => {
                let (Ok(x), Ok(y), Ok(w), Ok(h), Ok(confidence)) = (x.parse(), y.parse(), w.parse(), h.parse(), confidence.parse::<f32>()) else {
                    continue;
                };
                if !text.trim().is_empty() {
                    words.push(Word {
                        text: text.trim().to_owned(),
                        rect: Rect { x, y, w, h },
                        confidence: (confidence / 100.0).clamp(0.0, 1.0),
                        line,
                    });
                }
            }
            _ => {}
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_come_with_box_confidence_and_line() {
        let tsv = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n4\t1\t1\t1\t1\t0\t5\t6\t70\t8\t-1\t\n5\t1\t1\t1\t1\t1\t5\t6\t7\t8\t96.5\t原告\n5\t1\t1\t1\t1\t2\t5\t6\t7\t8\t90\t \n";
        assert_eq!(words(tsv), [Word { text: "原告".into(), rect: Rect { x: 5, y: 6, w: 7, h: 8 }, confidence: 0.965, line: 1 }]);
    }

    proptest! {
        #[test]
        fn no_output_makes_it_fall(tsv in "([45]\t|[0-9]{0,12}\t|\\PC{0,5}\t|\n){0,60}") {
            let _ = words(&tsv);
        }
    }
}
