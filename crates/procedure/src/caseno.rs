//! 案号: case numbers, read and checked (R-CNO, 法〔2015〕137号, 法〔2018〕335号).
use crate::courts::{Level as CourtLevel, Register};
use crate::money::half_width;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::OnceLock;

const KINDS: &str = include_str!("../../../knowledge/case_kinds.csv");

/// A case number: year of intake, court, special code, kind, serial (R-CNO-01).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CaseNumber {
    /// 收案年度
    pub year: i16,
    /// 法院代字
    pub court: String,
    /// 专门审判代字
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub special: Option<char>,
    /// 类型代字
    pub kind: String,
    /// 案件编号, from 1; eight digits in 刑核.
    pub serial: u32,
}

/// How much a problem matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// The number holds; it was written in another than the canonical form, or is unusual.
    Warning,
    /// It cannot be the number of a case.
    Error,
}

/// What is wrong with a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub rule: String,
    pub level: Level,
    /// In Chinese: what is wrong and what to do.
    pub message: String,
}

/// A text as it could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The number, if the text has the form of one; it may still have problems.
    pub number: Option<CaseNumber>,
    pub problems: Vec<Problem>,
}

/// One kind of case: its code and where it may be heard. A row of `knowledge/case_kinds.csv` (R-OVR-10).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kind {
    pub code: String,
    pub name: String,
    levels: String,
    /// Rule id of the usual time limit; empty if it varies.
    pub usual_limit: String,
    /// E: seen in published numbers; U: a court may edit it.
    pub status: String,
}

impl Kind {
    /// May a court of this level have such cases? (R-CNO-30)
    pub fn heard_at(&self, level: CourtLevel) -> bool {
        let name = match level {
            CourtLevel::Basic => "basic",
            CourtLevel::Intermediate => "intermediate",
            CourtLevel::High => "high",
            CourtLevel::Supreme => "supreme",
        };
        self.levels.split(' ').any(|level| level == name)
    }
}

/// The table of kinds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kinds(BTreeMap<String, Kind>);

impl Kinds {
    /// The shipped table.
    pub fn national() -> Self {
        let rows = csv::Reader::from_reader(KINDS.as_bytes()).into_deserialize::<Kind>();
        Self(rows.map(|row| row.map(|kind| (kind.code.clone(), kind))).collect::<Result<_, _>>().expect("the shipped table is checked by tests"))
    }

    /// The kind with this code.
    pub fn get(&self, code: &str) -> Option<&Kind> {
        self.0.get(code)
    }

    /// All kinds.
    pub fn iter(&self) -> impl Iterator<Item = &Kind> {
        self.0.values()
    }
}

fn kinds() -> &'static Kinds {
    static NATIONAL: OnceLock<Kinds> = OnceLock::new();
    NATIONAL.get_or_init(Kinds::national)
}

impl CaseNumber {
    /// Reads a number that must hold: form, kind, court, year. `as_of` is the day of the document or of today.
    pub fn parse(text: &str, register: &Register, as_of: Date) -> Result<Self, Vec<Problem>> {
        let Reading { number, problems } = Self::read(text, register, as_of);
        match number {
            Some(number) if problems.iter().all(|problem| problem.level == Level::Warning) => Ok(number),
            Some(_) | None => Err(problems),
        }
    }

    /// Reads a number with everything that can be said about it, warnings included.
    pub fn read(text: &str, register: &Register, as_of: Date) -> Reading {
        let mut problems = vec![];
        match form(text, &mut problems) {
            Ok(number) => {
                number.check(register, as_of, &mut problems);
                Reading { number: Some(number), problems }
            }
            Err(problem) => {
                problems.push(problem);
                Reading { number: None, problems }
            }
        }
    }

    /// What people may have meant: without spaces, with plain figures and brackets. For an input field, before `parse`.
    pub fn repair(text: &str) -> String {
        text.chars()
            .filter(|c| !c.is_whitespace() && *c != '　')
            .map(half_width)
            .map(|c| match c {
                '〔' | '[' | '【' => '(',
                '〕' | ']' | '】' => ')',
                other => other,
            })
            .collect()
    }

    /// With ASCII brackets, as it is stored and compared (R-CNO-19).
    pub fn canonical(&self) -> String {
        self.with_brackets('(', ')')
    }

    fn with_brackets(&self, open: char, close: char) -> String {
        let special = self.special.map(String::from).unwrap_or_default();
        format!("{open}{}{close}{}{special}{}{}号", self.year, self.court, self.kind, self.serial)
    }

    /// The checks that the form alone does not make: eight of the rulebook's numbers have it and are none (R-CNO-29..32).
    fn check(&self, register: &Register, as_of: Date, problems: &mut Vec<Problem>) {
        let mut error = |rule: &str, message: String| problems.push(Problem { rule: rule.into(), level: Level::Error, message });
        if self.year > as_of.year() {
            error("R-CNO-31", format!("收案年度 {} 在今年之后，请核对。", self.year));
        }
        if self.year < 2016 {
            error("R-CNO-31", format!("{} 年的案号不适用 2016 年起的规则，请按旧案号登记。", self.year));
        }
        let court = register.by_code(&self.court).filter(|court| court.existed_in(self.year));
        // The register holds no code below 兵 and 军: it cannot say that one is wrong.
        let unheld = self.court.starts_with(['兵', '军']);
        if court.is_none() && !unheld {
            error("R-CNO-32", format!("法院代字“{}”不在法院名册里，请核对；确有这个法院的，请管理员补入名册。", self.court));
        }
        if let (Some(special), Some(court)) = (self.special, court)
            && !court.special_codes.as_deref().unwrap_or("").contains(special)
        {
            error("R-CNO-02", format!("{}的案号不用专门审判代字“{special}”，请删去。", court.short_name));
        }
        match kinds().get(&self.kind) {
            None => error("R-CNO-18", unknown_kind(&self.kind)),
            Some(kind) => {
                if let Some(court) = court.filter(|court| !kind.heard_at(court.level)) {
                    error("R-CNO-30", format!("{}没有“{}”（{}）案件，请核对法院代字和类型代字。", court.level.zh(), self.kind, kind.name));
                }
                if self.kind == "刑核" && !(10_000_000..=99_999_999).contains(&self.serial) {
                    error("R-CNO-03", "刑事复核案件的编号是 8 位数字，请核对。".into());
                }
                if self.kind != "刑核" && self.serial > 9_999_999 {
                    error("R-CNO-03", "案件编号最多 7 位数字，请核对。".into());
                }
            }
        }
        if court.is_none() && unheld {
            let message = format!("法院名册没有收录“{}”，兵团、军事法院的代字请自行核对。", self.court);
            problems.push(Problem { rule: "R-CNO-32".into(), level: Level::Warning, message });
        }
    }
}

impl fmt::Display for CaseNumber {
    /// With full-width brackets, as it stands on papers: （2026）粤4001民初1024号.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.with_brackets('（', '）'))
    }
}

const PROVINCES: &str = "京津冀晋内辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川黔云藏陕甘青宁新军兵";
const SPECIALS: [char; 1] = ['知'];

fn bad(rule: &str, message: impl Into<String>) -> Problem {
    Problem { rule: rule.into(), level: Level::Error, message: message.into() }
}

/// Reads the form alone: `(year)court[special]kind serial号`.
fn form(text: &str, problems: &mut Vec<Problem>) -> Result<CaseNumber, Problem> {
    if text.chars().any(|c| c.is_whitespace() || c == '　') {
        return Err(bad("R-CNO-01", "案号中间不能有空格，请删去空格。"));
    }
    let mut chars = text.chars();
    let open = chars.next().ok_or_else(|| bad("R-CNO-01", "请填写案号，例如（2026）粤0108民初1024号。"))?;
    let close = match open {
        '(' => ')',
        '（' => '）',
        '〔' => '〕',
        _ => return Err(bad("R-CNO-01", "案号以括号里的收案年度开头，例如（2026），请用圆括号。")),
    };
    let rest = chars.as_str();
    let (year, rest) =
        rest.split_once([close, if close == ')' { '）' } else { ')' }]).ok_or_else(|| bad("R-CNO-01", "收案年度后面缺少右括号，例如（2026）。"))?;
    if year.len() != 4 || !year.starts_with("20") || !year.bytes().all(|c| c.is_ascii_digit()) {
        return Err(bad("R-CNO-02", "收案年度是 4 位阿拉伯数字，例如（2026）。"));
    }
    if open == '〔' {
        let message = "案号用圆括号，已按（）识别。".into();
        problems.push(Problem { rule: "R-CNO-19".into(), level: Level::Warning, message });
    }
    let (court, rest) = court(rest)?;
    let mut chars = rest.chars();
    let special = chars.next().filter(|c| SPECIALS.contains(c));
    let rest = if special.is_some() { chars.as_str() } else { rest };
    let (kind, rest) = rest.split_at(rest.find(|c: char| !('\u{4e00}'..='\u{9fa5}').contains(&c)).unwrap_or(rest.len()));
    let serial = serial(kind, rest)?;
    let year = year.parse().map_err(|_| bad("R-CNO-02", "收案年度是 4 位阿拉伯数字，例如（2026）。"))?;
    Ok(CaseNumber { year, court: court.to_owned(), special, kind: kind.to_owned(), serial })
}

/// 最高法, or a province's character with no, two or four digits.
fn court(rest: &str) -> Result<(&str, &str), Problem> {
    const SUPREME: &str = "最高法";
    if rest.starts_with(SUPREME) {
        return Ok(rest.split_at(SUPREME.len()));
    }
    let first = rest.chars().next().ok_or_else(|| bad("R-CNO-01", "年度后面缺少法院代字。"))?;
    if !PROVINCES.contains(first) {
        let meant = [('蒙', '内'), ('贵', '黔'), ('滇', '云'), ('蜀', '川'), ('秦', '陕'), ('陇', '甘'), ('高', '最')];
        return Err(match meant.iter().find(|(wrong, _)| *wrong == first) {
            Some(('高', _)) => bad("R-CNO-04", "最高人民法院的代字是“最高法”，请改正。"),
            Some((wrong, right)) => bad("R-CNO-05", format!("法院代字不用“{wrong}”，应当用“{right}”，请改正。")),
            None if first == '最' => bad("R-CNO-04", "最高人民法院的代字是“最高法”，请改正。"),
            None => bad("R-CNO-05", format!("“{first}”不是高级人民法院的代字，请核对。")),
        });
    }
    let digits = rest[first.len_utf8()..].bytes().take_while(u8::is_ascii_digit).count();
    match digits {
        0 | 2 | 4 => Ok(rest.split_at(first.len_utf8() + digits)),
        _ => Err(bad("R-CNO-06", "法院代字的数字是 2 位（中级人民法院）或者 4 位（基层人民法院），请核对。")),
    }
}

/// The digits and 号 at the end.
fn serial(kind: &str, rest: &str) -> Result<u32, Problem> {
    if kind.is_empty() {
        return Err(bad("R-CNO-18", "法院代字后面缺少类型代字，例如“民初”。"));
    }
    let Some(at) = rest.find('号') else {
        return Err(match kind.ends_with('号') {
            true => bad("R-CNO-02", "案件编号用阿拉伯数字，例如 1024 号。"),
            false => bad("R-CNO-01", "案号以“号”结尾，请补上。"),
        });
    };
    let (digits, tail) = (&rest[..at], &rest[at + '号'.len_utf8()..]);
    if !tail.is_empty() {
        return Err(bad("R-DOC-09", format!("“{tail}”是文书的编号，不属于案号，请删去。")));
    }
    if digits.is_empty() || !digits.bytes().all(|c| c.is_ascii_digit()) {
        return Err(bad("R-CNO-02", "案件编号用阿拉伯数字，例如 1024 号。"));
    }
    if digits.starts_with('0') {
        return Err(bad("R-CNO-03", "案件编号从 1 起，前面不加 0，请核对。"));
    }
    if kind.chars().count() > 5 {
        return Err(bad("R-CNO-18", format!("“{kind}”不是类型代字，请核对。")));
    }
    digits.parse().ok().filter(|serial| *serial <= 99_999_999).ok_or_else(|| bad("R-CNO-03", "案件编号最多 8 位数字，请核对。"))
}

fn unknown_kind(kind: &str) -> String {
    if kind.ends_with("字第") {
        return format!("“{kind}”是 2016 年以前的写法，现在的案号不写“字第”，请核对。");
    }
    format!("“{kind}”不在案件类型代字表里，请核对，例如“民初”“民终”“执”。")
}

#[cfg(test)]
#[path = "caseno_tests.rs"]
mod tests;
