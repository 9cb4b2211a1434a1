//! The verdict in words, for terminals and pages alike.

use std::fmt::{self, Display};

use crate::{Stamp, State, Verdict};

/// As people read it; what is no time is shown as it stands.
fn beijing(at: &str) -> String {
    Stamp::parse(at).map_or_else(|_| at.to_owned(), |stamp| format!("{}（北京时间）", stamp.beijing()))
}

impl Verdict {
    /// One sentence.
    #[must_use]
    pub fn summary(&self) -> String {
        match (self.holds, self.state) {
            (true, State::Logged) => format!("回执{}核验一致，已上链。", self.no),
            (true, State::Submitted) => format!("回执{}签名有效，尚未上链。", self.no),
            (false, _) => {
                let failed = self.checks.iter().find(|check| !check.holds);
                let why = failed.map_or(String::new(), |check| format!("：{}", check.detail));
                format!("回执{}核验不一致{why}。", self.no)
            }
        }
    }
}

impl Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "核验结果：{}", self.summary())?;
        writeln!(f, "  编号：{}\n  种类：{}\n  标题：{}", self.no, self.kind.zh(), self.title)?;
        writeln!(f, "  法院：{}\n  时间：{}\n  签发：{}", self.court, beijing(&self.at), self.signer)?;
        // Of a receipt that does not hold nothing is repeated: whoever forged it wrote it.
        if self.holds {
            self.facts.iter().try_for_each(|(name, value)| writeln!(f, "  {name}：{value}"))?;
        }
        for file in self.files.iter().filter(|_| self.holds) {
            let pages = file.pages.filter(|pages| *pages > 0).map_or(String::new(), |pages| format!("，{pages}页"));
            writeln!(f, "  文件：{}{pages}，{}字节，SHA-256 {}", file.name, file.bytes, file.sha256)?;
        }
        if let Some(place) = &self.ledger {
            writeln!(f, "  司法链：{}，第{}条，检查点{}条", place.chain, place.index, place.height)?;
            if let Some(time) = &place.time {
                writeln!(f, "  上链时间：{}", beijing(time))?;
            }
            writeln!(f, "  记录摘要：{} {}", place.algorithm, place.entry)?;
        }
        writeln!(f, "\n上链后完整性：{}\n上链前来源：{}", self.integrity.zh(), self.provenance.zh())?;
        writeln!(f, "\n核验事项：")?;
        for check in &self.checks {
            let mark = if check.holds { "通过" } else { "不通过" };
            writeln!(f, "  [{mark}] {}：{}（{}）", check.what_zh, check.detail, check.rule)?;
        }
        writeln!(f, "\n不能证明的事项：")?;
        self.limits.iter().try_for_each(|limit| writeln!(f, "  - {limit}"))?;
        if !self.advice.is_empty() {
            writeln!(f, "\n下一步：")?;
        }
        self.advice.iter().try_for_each(|advice| writeln!(f, "  - {advice}"))
    }
}
