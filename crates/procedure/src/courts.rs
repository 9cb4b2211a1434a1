//! 法院: the register of courts (R-CNO-04..17). Data: `knowledge/courts.csv`, seed data and not the official list; the
//! demo's invented courts stand apart in `knowledge/demo/courts.csv` (R-CNO-15).
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

const NATIONAL: &str = include_str!("../../../knowledge/courts.csv");
const DEMO: &str = include_str!("../../../knowledge/demo/courts.csv");

/// 审级
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 基层人民法院
    Basic,
    /// 中级人民法院
    Intermediate,
    /// 高级人民法院
    High,
    /// 最高人民法院
    Supreme,
}

impl Level {
    /// 基层, 中级, 高级, 最高.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Basic => "基层人民法院",
            Self::Intermediate => "中级人民法院",
            Self::High => "高级人民法院",
            Self::Supreme => "最高人民法院",
        }
    }
}

/// What a court is set up for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// 海事、知识产权、金融、铁路、互联网等专门人民法院
    Special,
    /// 功能区法院
    Zone,
}

/// One court of the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Court {
    /// 法院代字, e.g. 粤4001.
    pub code: String,
    /// The name with its province, as it stands on papers: 广东省清河市青石区人民法院.
    pub name: String,
    /// As the pages call it: 清河市青石区人民法院.
    pub short_name: String,
    pub level: Level,
    /// `None`: an ordinary court of a division.
    pub sort: Option<Sort>,
    /// Code of the court to which its appeals go.
    pub parent: Option<String>,
    /// GB/T 2260 code of its division.
    pub admin_code: Option<String>,
    /// E: read in a published source; U: derived and unverified; D: the demo's.
    pub status: String,
    /// 专门审判代字 that its numbers may bear (R-CNO-02).
    pub special_codes: Option<String>,
    pub valid_from: Option<Date>,
    pub valid_to: Option<Date>,
    #[serde(default)]
    pub note: String,
    /// 诉讼服务中心; known for courts that run this system.
    #[serde(default)]
    pub address: Option<String>,
    #[serde(default)]
    pub phone: Option<String>,
    /// Invented; stands in no official register.
    #[serde(skip_deserializing, default)]
    pub demo: bool,
}

impl Court {
    /// Did the court exist under this code at some time of the year? (R-CNO-16, R-CNO-32)
    pub fn existed_in(&self, year: i16) -> bool {
        self.valid_from.is_none_or(|from| from.year() <= year) && self.valid_to.is_none_or(|to| to.year() >= year)
    }

    /// The place it serves, without 人民法院: 青石区, 台山市.
    fn place(&self) -> &str {
        ["高级人民法院", "中级人民法院", "人民法院"].iter().find_map(|end| self.name.strip_suffix(end)).unwrap_or(&self.name)
    }
}

/// All courts that have a code.
#[derive(Debug, Clone)]
pub struct Register {
    courts: Vec<Court>,
    by_code: HashMap<String, usize>,
    /// Courts of the data without a sourced code: no case can be numbered there yet.
    uncoded: Vec<Court>,
}

impl Register {
    /// The register of the shipped data.
    pub fn national() -> Self {
        Self::build(read(NATIONAL).expect("the shipped register is checked by tests"))
    }

    /// The same with the invented courts of the demo.
    pub fn with_demo() -> Self {
        let mut courts = read(NATIONAL).expect("the shipped register is checked by tests");
        let demo = read(DEMO).expect("the demo's courts are checked by tests");
        courts.extend(demo.into_iter().map(|court| Court { demo: true, ..court }));
        Self::build(courts)
    }

    fn build(courts: Vec<Court>) -> Self {
        let (courts, uncoded): (Vec<_>, Vec<_>) = courts.into_iter().partition(|court| !court.code.is_empty());
        let by_code = courts.iter().enumerate().map(|(index, court)| (court.code.clone(), index)).collect();
        Self { courts, by_code, uncoded }
    }

    /// The court with this code.
    pub fn by_code(&self, code: &str) -> Option<&Court> {
        self.by_code.get(code).map(|index| &self.courts[*index])
    }

    /// The court that this text names whole: by code, name or short name.
    pub fn named(&self, text: &str) -> Option<&Court> {
        self.by_code(text).or_else(|| self.courts.iter().find(|court| court.name == text || court.short_name == text))
    }

    /// Where the people of a court are found. The register does not know it of every court; who runs one does. False: no such court.
    pub fn set_contact(&mut self, code: &str, address: &str, phone: &str) -> bool {
        let Some(index) = self.by_code.get(code) else { return false };
        let court = &mut self.courts[*index];
        (court.address, court.phone) = (Some(address.to_owned()), Some(phone.to_owned()));
        true
    }

    /// Every court with a code, supreme and high courts first.
    pub fn iter(&self) -> impl Iterator<Item = &Court> {
        self.courts.iter()
    }

    /// Courts that wait for their code (R-CNO-14..16).
    pub fn uncoded(&self) -> &[Court] {
        &self.uncoded
    }

    /// The court that hears the appeals (R-CNO-17).
    pub fn appeals_to(&self, code: &str) -> Option<&Court> {
        self.by_code(code)?.parent.as_deref().and_then(|parent| self.by_code(parent))
    }

    /// Courts whose name or code holds every word of `text`, shortest names first.
    pub fn search(&self, text: &str) -> Vec<&Court> {
        let words: Vec<&str> = text.split_whitespace().collect();
        if words.is_empty() {
            return vec![];
        }
        let holds =
            |court: &Court| words.iter().all(|word| court.name.contains(word) || court.short_name.contains(word) || court.code.starts_with(word));
        let mut found: Vec<&Court> = self.courts.iter().filter(|court| holds(court)).collect();
        found.sort_by_key(|court| (court.name.chars().count(), court.level));
        found
    }

    /// The basic court of the place that an address names: 广东省清河市青石区明法路1号 → 青石区人民法院. `None` if the address names
    /// no district, or several courts would do (a district's name alone is not enough where two cities have it).
    pub fn place_of(&self, address: &str) -> Option<&Court> {
        let address: String = address.chars().filter(|c| !c.is_whitespace()).collect();
        let mut best: Option<(Score, &Court)> = None;
        let mut tie = false;
        for court in self.courts.iter().filter(|court| court.level == Level::Basic && court.sort.is_none()) {
            let Some(score) = self.score(court, &address) else { continue };
            match &best {
                Some((highest, _)) if score < *highest => {}
                Some((highest, _)) if score == *highest => tie = true,
                Some(_) | None => {
                    best = Some((score, court));
                    tie = false;
                }
            }
        }
        best.filter(|_| !tie).map(|(_, court)| court)
    }

    /// How well an address fits a basic court: its district must be named, its city and province may be, no other may.
    fn score(&self, court: &Court, address: &str) -> Option<Score> {
        let intermediate = court.parent.as_deref().and_then(|code| self.by_code(code));
        let high = intermediate.and_then(|court| court.parent.as_deref()).and_then(|code| self.by_code(code));
        let province = high.map(Court::place);
        let city = intermediate.map(Court::place).map(|place| province.and_then(|province| place.strip_prefix(province)).unwrap_or(place));
        let mut district = court.place();
        for before in [province, city].into_iter().flatten().filter(|before| !before.is_empty()) {
            district = district.strip_prefix(before).filter(|rest| !rest.is_empty()).unwrap_or(district);
        }
        let at = address.find(district)?;
        let before = &address[..at];
        let province_named = province.is_some_and(|province| named(before, province));
        // An address that begins with another province is elsewhere, whatever its districts are called.
        if !province_named && self.courts.iter().any(|court| court.level == Level::High && begins_with(before, court.place())) {
            return None;
        }
        let city_named = city.is_some_and(|city| named(before, city));
        if !city_named && !province_named && !before.is_empty() && before.ends_with(['市', '州', '盟']) {
            return None;
        }
        Some(Score { city: city_named, province: province_named, length: district.chars().count(), early: std::cmp::Reverse(at) })
    }
}

/// In the order in which fits are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Score {
    city: bool,
    province: bool,
    length: usize,
    early: std::cmp::Reverse<usize>,
}

/// Does the address name the place, in full or without 省, 市, 自治区?
fn named(address: &str, place: &str) -> bool {
    !place.is_empty() && (address.contains(place) || short(place).is_some_and(|short| address.contains(short)))
}

fn begins_with(address: &str, place: &str) -> bool {
    address.starts_with(place) || short(place).is_some_and(|short| address.starts_with(short))
}

fn short(place: &str) -> Option<&str> {
    let ends = ["壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "省", "市", "地区"];
    ends.iter().find_map(|end| place.strip_suffix(end)).filter(|short| short.chars().count() >= 2)
}

fn read(csv: &str) -> Result<Vec<Court>, csv::Error> {
    csv::Reader::from_reader(csv.as_bytes()).into_deserialize().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_cno_16_the_register_is_whole_and_its_parents_exist() {
        let register = Register::with_demo();
        assert_eq!(register.courts.len() + register.uncoded.len(), 3413 + 4);
        assert_eq!(register.by_code.len(), register.courts.len(), "each code once");
        for court in register.iter().filter(|court| court.level != Level::Supreme) {
            let parent = register.appeals_to(&court.code).unwrap_or_else(|| panic!("{} has no parent", court.name));
            assert!(parent.level > court.level, "{}", court.name);
        }
    }

    #[test]
    fn r_cno_15_the_demos_courts_stand_apart() {
        assert!(Register::national().by_code("粤4001").is_none());
        let register = Register::with_demo();
        let court = register.by_code("粤4001").expect("the demo's");
        assert!(court.demo && !register.by_code("粤0781").expect("台山").demo);
        assert_eq!(court.name, "广东省清河市青石区人民法院");
        assert_eq!(register.appeals_to("粤4001").map(|court| court.code.as_str()), Some("粤40"));
        assert_eq!(register.appeals_to("粤40").map(|court| court.code.as_str()), Some("粤"));
    }

    fn code_of(register: &Register, name: &str) -> Option<String> {
        register.named(name).map(|court| court.code.clone())
    }

    /// Rows of the data that rest on this rule.
    fn resting_on<'a>(register: &'a Register, rule: &'a str) -> impl Iterator<Item = &'a Court> {
        let rule = format!("rule {rule}");
        register.iter().filter(move |court| court.note == rule || court.note.starts_with(&format!("{rule};")))
    }

    #[test]
    fn r_cno_10_the_intermediate_court_of_a_prefecture_bears_its_third_and_fourth_digit() {
        let register = Register::national();
        assert_eq!(code_of(&register, "江门市中级人民法院").as_deref(), Some("粤07"));
        let courts: Vec<_> = resting_on(&register, "R-CNO-10").collect();
        assert_eq!(courts.len(), 332);
        for court in courts {
            let admin = court.admin_code.as_deref().unwrap_or_else(|| panic!("{} without a division", court.code));
            assert_eq!((court.level, court.code.get(3..)), (Level::Intermediate, admin.get(2..4)), "{}", court.code);
        }
    }

    #[test]
    fn r_cno_12_the_basic_court_of_a_county_bears_its_last_four_digits() {
        let register = Register::national();
        for (name, code) in [("台山市人民法院", "粤0781"), ("北京市海淀区人民法院", "京0108"), ("重庆市璧山区人民法院", "渝0120")]
        {
            assert_eq!(code_of(&register, name).as_deref(), Some(code), "{name}");
        }
        let courts: Vec<_> = resting_on(&register, "R-CNO-12").collect();
        assert_eq!(courts.len(), 2831);
        for court in courts {
            let admin = court.admin_code.as_deref().unwrap_or_else(|| panic!("{} without a division", court.code));
            assert_eq!((court.level, court.code.get(3..)), (Level::Basic, admin.get(2..6)), "{}", court.code);
        }
    }

    #[test]
    fn r_cno_13_special_intermediate_courts_have_the_numbers_of_their_sort() {
        let register = Register::national();
        let number = |court: &Court| court.code.get(3..).and_then(|digits| digits.parse::<u32>().ok());
        let special = register.iter().filter(|court| court.level == Level::Intermediate).filter_map(|court| Some((number(court)?, court)));
        for (number, court) in special {
            let sort = ["铁路", "海事", "知识产权", "金融"].into_iter().find(|sort| court.name.contains(sort));
            match sort {
                Some("铁路") => assert_eq!(number, 71, "{}", court.name),
                Some("海事") => assert_eq!(number, 72, "{}", court.name),
                Some("知识产权") => assert_eq!(number, 73, "{}", court.name),
                Some(_finance) => assert!([74, 87].contains(&number), "{}", court.name),
                None => assert!(number < 71 || (96..=99).contains(&number), "{}", court.name),
            }
        }
        assert_eq!(register.by_code("冀96").map(|court| court.short_name.as_str()), Some("雄安新区中级人民法院"));
    }

    #[test]
    fn r_cno_17_appeals_go_where_the_court_belongs_and_not_where_its_code_points() {
        let register = Register::national();
        let above = |code| register.appeals_to(code).map(|court| court.name.as_str());
        assert_eq!(above("京0105"), Some("北京市第三中级人民法院"), "no 01 in it");
        assert_eq!(above("京0491"), Some("北京市第四中级人民法院"));
        assert_eq!(above("津8601"), Some("北京铁路运输中级法院"), "the intermediate court of another province");
        assert_eq!(above("皖8601"), Some("上海铁路运输中级法院"));
        assert_eq!(above("最高法"), None);
    }

    #[test]
    fn the_place_of_an_address() {
        let register = Register::with_demo();
        for (address, code) in [
            ("广东省清河市青石区明法路1号", Some("粤4001")),
            ("清河市云海区听涛路16号", Some("粤4002")),
            ("广东省江门市台山市台城街道1号", Some("粤0781")),
            ("广东台山市台城街道1号", Some("粤0781")),
            ("北京市海淀区中关村大街1号", Some("京0108")),
            ("上海市浦东新区世纪大道1号", Some("沪0115")),
            ("江苏省南京市鼓楼区中山北路1号", Some("苏0106")),
            ("福建省福州市鼓楼区五四路1号", Some("闽0102")),
            ("鼓楼区五四路1号", None),
            ("青石区桐荫路88号", Some("粤4001")),
            ("某地某路", None),
            ("", None),
        ] {
            assert_eq!(register.place_of(address).map(|court| court.code.as_str()), code, "{address}");
        }
    }

    /// Each court is found by its own place, written with its province and city.
    #[test]
    fn every_ordinary_basic_court_is_found_by_its_own_address() {
        let register = Register::with_demo();
        let mut lost = vec![];
        for court in register.iter().filter(|court| court.level == Level::Basic && court.sort.is_none()) {
            let found = register.place_of(&format!("{}解放路1号", court.place()));
            if found.map(|found| &found.code) != Some(&court.code) {
                lost.push((court.name.as_str(), found.map(|found| found.name.as_str())));
            }
        }
        assert!(lost.len() <= 3, "{} courts: {lost:?}", lost.len());
    }

    #[test]
    fn search_takes_words_of_the_name_or_the_code() {
        let register = Register::with_demo();
        assert_eq!(register.search("青石区")[0].code, "粤4001");
        assert_eq!(register.search("广东 台山")[0].code, "粤0781");
        assert_eq!(register.search("粤0781")[0].short_name, "台山市人民法院");
        assert!(register.search(" ").is_empty());
    }
}
