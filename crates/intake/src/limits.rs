//! Caps on what an upload may cost.
use serde::{Deserialize, Serialize};

/// What an upload may be and what reading it may take. The defaults are the product's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Size of the file, bytes.
    pub file_bytes: u64,
    /// Pages of one file.
    pub pages: u32,
    /// Width and height of a page, pixels.
    pub side_pixels: u32,
    /// Width × height of a page, pixels.
    pub page_pixels: u64,
    /// Bytes that one entry of a package, and all of them, may unpack to.
    pub unpacked_bytes: u64,
    /// How many times its packed size an entry over 1 MiB may unpack to.
    pub ratio: u64,
    /// Address space of the reading process, and of each program it starts, bytes.
    pub memory_bytes: u64,
    /// Wall time for looking into a file, seconds.
    pub open_seconds: u64,
    /// Wall time for reading a file: this much a page.
    pub page_seconds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 20 << 20,
            pages: 50,
            side_pixels: 16_000,
            page_pixels: 100_000_000,
            unpacked_bytes: 200 << 20,
            ratio: 200,
            memory_bytes: 2 << 30,
            open_seconds: 20,
            page_seconds: 30,
        }
    }
}
