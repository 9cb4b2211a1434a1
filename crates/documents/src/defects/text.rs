//! Amounts, days, provisions and slips of the pen, found in Chinese text.
use jiff::civil::Date;

/// Laws whose last article is known, by full name. Data of the statutes in force on 2026-01-01.
pub(super) const LAWS: &[(&str, u32)] = &[
    ("中华人民共和国民法典", 1260),
    ("中华人民共和国民事诉讼法", 306),
    ("最高人民法院关于审理民间借贷案件适用法律若干问题的规定", 31),
    ("最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释", 550),
    ("最高人民法院关于民事诉讼证据的若干规定", 100),
    ("诉讼费用交纳办法", 56),
];

/// 民法典第一千二百六十条: repealed when the Civil Code came into force.
pub(super) const REPEALED: &[&str] = &[
    "中华人民共和国婚姻法",
    "中华人民共和国继承法",
    "中华人民共和国民法通则",
    "中华人民共和国收养法",
    "中华人民共和国担保法",
    "中华人民共和国合同法",
    "中华人民共和国物权法",
    "中华人民共和国侵权责任法",
    "中华人民共和国民法总则",
];

/// Where a provision stands among those that a ruling cites (R-CIT-02, 法释〔2009〕14号 第二条).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Standing {
    procedural: bool,
    rank: Rank,
}

/// 位阶, the first cited first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// 基本法律
    Code,
    Statute,
    /// 行政法规
    Regulation,
    /// 地方性法规、自治条例和单行条例
    Local,
    /// 司法解释
    Interpretation,
}

impl Standing {
    /// Of the law with this full name.
    pub(super) fn of(law: &str) -> Self {
        let rank = match law {
            "中华人民共和国民法典" => Rank::Code,
            law if law.starts_with("最高人民法院") || law.starts_with("最高人民检察院") => Rank::Interpretation,
            law if law.starts_with("国务院") || law == "诉讼费用交纳办法" || (law.starts_with("中华人民共和国") && law.ends_with("条例")) => {
                Rank::Regulation
            }
            law if law.starts_with("中华人民共和国") || law.starts_with("全国人民代表大会") => Rank::Statute,
            _local => Rank::Local,
        };
        Self { procedural: law.replace("诉讼时效", "").contains("诉讼"), rank }
    }

    /// Must this be cited first? Substantive before procedural, and of each the higher first; a substantive interpretation and a
    /// procedural statute stand in either order (R-CHK-47).
    pub(super) fn goes_before(self, other: Self) -> bool {
        match (self.procedural, other.procedural) {
            (true, true) | (false, false) => self.rank < other.rank,
            (false, true) => self.rank != Rank::Interpretation || other.rank == Rank::Interpretation,
            (true, false) => false,
        }
    }
}

/// The laws that a text names between book-title marks.
pub(super) fn laws(text: &str) -> Vec<&str> {
    text.split('《').skip(1).filter_map(|rest| rest.split_once('》')).map(|(law, _)| law).collect()
}

/// An amount in yuan.
pub(super) struct Amount {
    pub fen: i64,
    /// As it stands in the text, with its unit.
    pub words: String,
}

/// Amounts written in figures with 元 behind them.
pub(super) fn amounts(text: &str) -> Vec<Amount> {
    let mut found = Vec::new();
    for (at, unit) in text.match_indices('元') {
        let head = &text[..at];
        let start = head.char_indices().rev().take_while(|(_, c)| c.is_ascii_digit() || matches!(c, '.' | ',')).last().map(|(at, _)| at);
        let Some(start) = start else { continue };
        let figures = head[start..].replace(',', "");
        let (whole, part) = figures.split_once('.').unwrap_or((&figures, ""));
        let cents = format!("{part:0<2}");
        let fen = whole.parse::<i64>().ok().zip(cents.parse::<i64>().ok()).filter(|_| cents.len() == 2);
        if let Some(fen) = fen.and_then(|(yuan, fen)| yuan.checked_mul(100)?.checked_add(fen)) {
            found.push(Amount { fen, words: format!("{}{unit}", &head[start..]) });
        }
    }
    found
}

/// 479632.88元.
pub(super) fn yuan(fen: i64) -> String {
    if fen % 100 == 0 { format!("{}元", fen / 100) } else { format!("{}.{:02}元", fen / 100, fen % 100) }
}

/// A day as it stands in the text.
pub(super) struct Day {
    /// None: there is no such day.
    pub date: Option<Date>,
    pub words: String,
}

/// Days written 2026年4月22日.
pub(super) fn days(text: &str) -> Vec<Day> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices('年') {
        let year: String = text[..at].chars().rev().take_while(char::is_ascii_digit).collect::<Vec<_>>().into_iter().rev().collect();
        let rest = &text[at + '年'.len_utf8()..];
        let Some((month, rest)) = rest.split_once('月').filter(|(month, _)| plain(month)) else { continue };
        let Some((day, _)) = rest.split_once('日').filter(|(day, _)| plain(day)) else { continue };
        if year.len() != 4 {
            continue;
        }
        let date = year.parse().ok().zip(month.parse().ok()).zip(day.parse().ok()).and_then(|((year, month), day)| Date::new(year, month, day).ok());
        found.push(Day { date, words: format!("{year}年{month}月{day}日") });
    }
    found
}

fn plain(figures: &str) -> bool {
    !figures.is_empty() && figures.len() <= 2 && figures.bytes().all(|byte| byte.is_ascii_digit())
}

/// A provision as it is cited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    /// Name of the law without its brackets.
    pub law: String,
    /// Number of the article; none if it is no number.
    pub number: Option<u32>,
    /// `第六百七十五条`.
    pub words: String,
    /// Written in Arabic figures.
    pub digits: bool,
}

/// Provisions cited by law and article; inner brackets of a name are 〈〉.
pub fn articles(text: &str) -> Vec<Article> {
    let mut found = Vec::new();
    let mut law: Option<String> = None;
    let mut rest = text;
    while let Some(at) = rest.find(['《', '第']) {
        let tail = &rest[at..];
        if let Some(name) = tail.strip_prefix('《') {
            let Some(end) = name.find('》') else { break };
            law = Some(name[..end].to_owned());
            rest = &name[end + '》'.len_utf8()..];
            continue;
        }
        let body = &tail['第'.len_utf8()..];
        let number: String = body.chars().take_while(|c| "〇零一二两三四五六七八九十百千".contains(*c) || c.is_ascii_digit()).collect();
        rest = &body[number.len()..];
        if let (Some(law), true, true) = (&law, rest.starts_with('条'), !number.is_empty()) {
            let digits = number.bytes().all(|byte| byte.is_ascii_digit());
            let value = if digits { number.parse().ok() } else { chinese_number(&number) };
            found.push(Article { law: law.clone(), number: value, words: format!("第{number}条"), digits });
        }
    }
    found
}

/// 六百七十五 → 675, up to 9999; none if it is not a number as statutes write it.
pub fn chinese_number(text: &str) -> Option<u32> {
    let (mut total, mut digit, mut last_unit) = (0, None, u32::MAX);
    for c in text.chars() {
        let value = "零一二三四五六七八九".chars().position(|d| d == c).and_then(|place| u32::try_from(place).ok());
        match (value, c) {
            (Some(0), _) => {}
            (Some(value), _) if digit.is_none() => digit = Some(value),
            (None, '十' | '百' | '千') => {
                let unit = match c {
                    '十' => 10,
                    '百' => 100,
                    _ => 1000,
                };
                // 十五 stands for 一十五 at the beginning alone.
                let times = digit.take().or((c == '十' && total == 0).then_some(1))?;
                if unit >= last_unit {
                    return None;
                }
                (total, last_unit) = (total + times * unit, unit);
            }
            _ => return None,
        }
    }
    match digit {
        Some(value) => Some(total + value),
        None => Some(total).filter(|total| *total > 0),
    }
}

/// Gaps of a template that nobody filled.
pub(super) fn leftovers(text: &str) -> Vec<String> {
    let mut found: Vec<String> = ["××", "XX", "xx", "[ ]", "［　］", "【】", "____", "（此处", "待补充", "TODO"]
        .iter()
        .filter(|gap| text.contains(**gap))
        .map(|gap| (*gap).to_owned())
        .collect();
    found.dedup();
    found
}

/// Half-width marks between Chinese letters, with the letters beside them.
pub(super) fn half_width(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let han = |c: &char| ('\u{4e00}'..='\u{9fff}').contains(c);
    chars
        .windows(3)
        .filter(|three| matches!(three[1], ',' | ';' | ':' | '?' | '!') && (han(&three[0]) && han(&three[2])))
        .map(|three| three.iter().collect())
        .collect()
}

/// Amounts with thousand separators or in 万元.
pub(super) fn odd_amounts(text: &str) -> Vec<String> {
    let separated = amounts(text).into_iter().map(|amount| amount.words).filter(|words| words.contains(','));
    let myriads = text.match_indices("万元").filter_map(|(at, unit)| {
        let figures: Vec<char> = text[..at].chars().rev().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
        (!figures.is_empty()).then(|| figures.iter().rev().collect::<String>() + unit)
    });
    separated.chain(myriads).collect()
}

/// Identity numbers, telephone and account numbers: runs of at least eleven digits.
pub(super) fn private_numbers(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut run = String::new();
    for c in text.chars().chain([' ']) {
        if c.is_ascii_digit() || (c == 'X' && run.len() == 17) {
            run.push(c);
        } else {
            if run.len() >= 11 {
                found.push(std::mem::take(&mut run));
            }
            run.clear();
        }
    }
    found
}
