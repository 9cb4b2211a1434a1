//! Why an upload is not taken: typed for the record, put into words for people in one place.
use serde::{Deserialize, Serialize};

/// A file that intake does not take. `Display` is the internal message, [`Refusal::zh`] the one for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Refusal {
    /// No bytes at all.
    #[error("the file is empty")]
    Empty,
    /// More bytes than [`crate::Limits::file_bytes`].
    #[error("{bytes} bytes, at most {limit}")]
    TooLarge { bytes: u64, limit: u64 },
    /// More pages than [`crate::Limits::pages`].
    #[error("{pages} pages, at most {limit}")]
    TooManyPages { pages: u64, limit: u64 },
    /// A page wider, higher or larger than the limits; all in pixels.
    #[error("page {page} is {width} x {height} pixels")]
    TooManyPixels { page: u32, width: u64, height: u64 },
    /// Packed content that would unpack to far more than its size.
    #[error("{packed} packed bytes unpack to {unpacked} or more")]
    Bomb { packed: u64, unpacked: u64 },
    /// None of the types that are read.
    #[error("unknown type, declared as {declared}")]
    UnknownType { declared: String },
    /// A type that is recognised and not read.
    #[error("type {found} is not read")]
    UnsupportedType { found: String },
    /// A PDF or package that asks for a password.
    #[error("encrypted")]
    Encrypted,
    /// The type is right, the content broken.
    #[error("damaged: {what}")]
    Damaged { what: String },
    /// The reader was stopped at its wall or CPU time.
    #[error("reading took more than {seconds} s")]
    TooSlow { seconds: u64 },
    /// The reader was stopped at its memory cap, or fell.
    #[error("the reader stopped: {what}")]
    ReaderStopped { what: String },
}

impl Refusal {
    /// What people read beside the upload: what is wrong and what to do.
    pub fn zh(&self) -> String {
        match self {
            Self::Empty => "这个文件是空的，没有内容。请重新选择文件，或者重新拍照后上传。".into(),
            Self::TooLarge { bytes, limit } => format!(
                "文件有 {:.1} MB，超过了 {} MB 的上限。请分成几个文件上传，或者降低扫描分辨率（200 dpi 即可）后重新上传。",
                mega(*bytes),
                limit >> 20
            ),
            Self::TooManyPages { pages, limit } => format!("文件有 {pages} 页，超过了一次 {limit} 页的上限。请分成几个文件上传。"),
            Self::TooManyPixels { page, width, height } => {
                format!("第 {page} 页的图像有 {width} × {height} 像素，过大，无法处理。请用 200 至 300 dpi 重新扫描或者重新拍照后上传。")
            }
            Self::Bomb { .. } => "这个文件解压后的内容异常地大，系统没有打开它。请用 Word 或者 WPS 重新另存一份，或者导出为 PDF 后上传。".into(),
            Self::UnknownType { .. } => "无法识别这个文件的类型。请上传照片（JPG、PNG）、扫描件（PDF、TIFF）或者 Word 文档（DOCX）。".into(),
            Self::UnsupportedType { found } => format!("暂不支持 {found} 文件。请另存为 PDF、JPG、PNG 或者 DOCX 后上传。"),
            Self::Encrypted => "这个文件设有密码，无法打开。请去掉密码后重新上传，或者打印后拍照上传。".into(),
            Self::Damaged { .. } => {
                "这个文件已经损坏或者没有传完整，无法打开。请先在自己的设备上打开看看，再重新上传；打不开的，请重新扫描或者拍照。".into()
            }
            Self::TooSlow { .. } => "这个文件处理的时间过长，已经停止。请分成几个文件，或者重新扫描为 200 dpi 的图像后上传。".into(),
            Self::ReaderStopped { .. } => "这个文件无法正常读取。请重新导出为 PDF 或者重新拍照后上传；仍然不行的，请到诉讼服务窗口提交。".into(),
        }
    }
}

fn mega(bytes: u64) -> f64 {
    bytes as f64 / (1u64 << 20) as f64
}
