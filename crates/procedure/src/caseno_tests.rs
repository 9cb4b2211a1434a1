use super::*;
use jiff::civil::date;
use proptest::prelude::*;

fn register() -> &'static Register {
    static REGISTER: OnceLock<Register> = OnceLock::new();
    REGISTER.get_or_init(Register::with_demo)
}

fn problems(text: &str) -> Vec<String> {
    match CaseNumber::parse(text, register(), date(2026, 6, 1)) {
        Ok(_) => vec![],
        Err(problems) => problems.into_iter().filter(|problem| problem.level == Level::Error).map(|problem| problem.rule).collect(),
    }
}

/// The 32 valid examples of the rulebook. 22 and 23 bear codes of systems that the register does not hold: a warning.
const VALID: [&str; 32] = [
    "(2024)京0108民初1号",
    "(2024)粤0304民初12345号",
    "(2023)沪01民终88号",
    "(2022)最高法民申102号",
    "(2022)最高法知民终9号",
    "(2025)浙0192民初7号",
    "(2024)京0491民初19067号",
    "(2016)最高法刑核12345678号",
    "(2024)粤03执1号",
    "(2024)粤0303执保13769号",
    "(2026)粤0303财保413号",
    "(2024)苏0102执恢5号",
    "(2024)渝0113行初6号",
    "(2024)川01行终17号",
    "(2024)鲁72民初3号",
    "(2024)京73民初44号",
    "(2024)沪74民初8号",
    "(2024)渝87民初2号",
    "(2024)内0102民初9号",
    "(2024)黔05刑终4号",
    "(2024)新0104刑初3号",
    "(2024)兵01民终1号",
    "(2024)军01刑初1号",
    "(2024)京民终10号",
    "(2024)津8601行初2号",
    "(2024)琼96民终5号",
    "(2024)冀96民初1号",
    "(2024)京04民特6号",
    "(2024)浙0102民督3号",
    "(2024)粤0781民撤1号",
    "(2024)鄂民辖终2号",
    "（2024）京0108民初1号",
];

/// The 32 invalid ones, with the rule that catches each.
const INVALID: [(&str, &str); 32] = [
    ("2024京0108民初1号", "R-CNO-01"),
    ("(24)京0108民初1号", "R-CNO-02"),
    ("(2024)京108民初1号", "R-CNO-06"),
    ("(2024)京01080民初1号", "R-CNO-06"),
    ("(2024)京0108民初01号", "R-CNO-03"),
    ("(2024)京0108民初0号", "R-CNO-03"),
    ("(2024)京0108民初1", "R-CNO-01"),
    ("(2024)京0108民初字第1号", "R-CNO-18"),
    ("(2024)京0108初民1号", "R-CNO-18"),
    ("(2024)京0108民终1号", "R-CNO-30"),
    ("(2024)高法民申1号", "R-CNO-04"),
    ("(2024)最高院民申1号", "R-CNO-04"),
    ("(2024)最高法01民申1号", "R-CNO-18"),
    ("(2024)蒙0102民初1号", "R-CNO-05"),
    ("(2024)贵01民初1号", "R-CNO-05"),
    ("(2024)滇01民初1号", "R-CNO-05"),
    ("(2024)蜀01民初1号", "R-CNO-05"),
    ("(2024)秦01民初1号", "R-CNO-05"),
    ("(2024)陇01民初1号", "R-CNO-05"),
    ("(2024)杭0192民初641号", "R-CNO-05"),
    ("(2024)京0108民初一号", "R-CNO-02"),
    ("(二〇二四)京0108民初1号", "R-CNO-02"),
    ("[2024]京0108民初1号", "R-CNO-01"),
    ("(2024) 京0108 民初 1 号", "R-CNO-01"),
    ("(2027)京0108民初1号", "R-CNO-31"),
    ("(2024)京0108邢初1号", "R-CNO-18"),
    ("(2024)最高法刑核1234号", "R-CNO-03"),
    ("(2024)京0108知民初1号", "R-CNO-02"),
    ("(2024)京9999民初1号", "R-CNO-32"),
    ("(2024)京0108民初1号之一", "R-DOC-09"),
    ("(2024)京0108民 1号", "R-CNO-01"),
    ("(2024)港0101民初1号", "R-CNO-05"),
];

#[test]
fn r_cno_29_the_valid_examples() {
    for (index, text) in VALID.iter().enumerate() {
        assert_eq!(problems(text), Vec::<String>::new(), "{}: {text}", index + 1);
        let read = CaseNumber::read(text, register(), date(2026, 6, 1)).number.expect("has the form of a number");
        assert_eq!(read.canonical(), text.replace('（', "(").replace('）', ")"));
    }
    let unheld: Vec<_> = VALID.iter().filter(|text| !CaseNumber::read(text, register(), date(2026, 6, 1)).problems.is_empty()).collect();
    assert_eq!(unheld, [&"(2024)兵01民终1号", &"(2024)军01刑初1号"], "R-CNO-32: of systems that the register does not hold");
}

#[test]
fn r_cno_29_the_invalid_examples_each_by_its_rule() {
    for (index, (text, rule)) in INVALID.iter().enumerate() {
        assert!(problems(text).contains(&(*rule).to_owned()), "{}: {text}: {:?}", index + 33, problems(text));
    }
    let syntax_holds = INVALID.iter().filter(|(text, _)| CaseNumber::read(text, register(), date(2026, 6, 1)).number.is_some()).count();
    assert_eq!(syntax_holds, 8, "R-CNO-29: eight pass the form and are caught by the tables");
}

#[test]
fn r_cno_19_brackets_and_display() {
    let number = CaseNumber::parse("〔2026〕粤4001民初1024号", register(), date(2026, 6, 1)).expect("normalised");
    assert_eq!((number.to_string().as_str(), number.canonical().as_str()), ("（2026）粤4001民初1024号", "(2026)粤4001民初1024号"));
    assert_eq!(CaseNumber::read("〔2026〕粤4001民初1024号", register(), date(2026, 6, 1)).problems.len(), 1);
    let repaired = CaseNumber::repair("（２０２４） 京０１０８ 民初 1 号");
    assert_eq!(repaired, "(2024)京0108民初1号");
}

#[test]
fn r_cno_32_a_demo_court_is_unknown_to_the_national_register() {
    let problems = CaseNumber::parse("(2026)粤4001民初1号", &Register::national(), date(2026, 6, 1)).expect_err("unknown");
    assert_eq!(problems[0].rule, "R-CNO-32");
    assert!(CaseNumber::parse("(2026)粤4001民初1号", register(), date(2026, 6, 1)).is_ok());
}

#[test]
fn r_ovr_10_every_kind_names_its_courts_and_a_period_that_exists() {
    let deadlines = crate::law::Deadlines::national();
    for kind in kinds().iter() {
        assert!(
            [CourtLevel::Basic, CourtLevel::Intermediate, CourtLevel::High, CourtLevel::Supreme].iter().any(|level| kind.heard_at(*level)),
            "{}",
            kind.code
        );
        assert!(kind.usual_limit.is_empty() || deadlines.get(&kind.usual_limit).is_some(), "{}", kind.code);
        assert!(kind.code.chars().count() <= 5);
    }
}

/// The text fails by this rule and no other.
fn wrong(text: &str, rule: &str) {
    assert_eq!(problems(text), [rule], "{text}");
}

#[test]
fn r_cno_01_the_parts_stand_in_their_order_without_gaps_and_end_with_hao() {
    let number = CaseNumber::parse("(2022)最高法知民终9号", register(), date(2026, 6, 1)).expect("every part");
    let parts = CaseNumber { year: 2022, court: "最高法".into(), special: Some('知'), kind: "民终".into(), serial: 9 };
    assert_eq!(number, parts);
    for text in [
        "2024京0108民初1号",
        "[2024]京0108民初1号",
        "(2024) 京0108 民初 1 号",
        "(2024)京0108民 1号",
        "(2024)京0108民初1",
        "(2024京0108民初1号",
        "(2024)",
        "",
    ] {
        wrong(text, "R-CNO-01");
    }
}

#[test]
fn r_cno_02_the_year_has_four_arabic_digits_and_the_special_code_is_of_its_court() {
    for text in ["(24)京0108民初1号", "(二〇二四)京0108民初1号", "(2024)京0108民初一号"] {
        wrong(text, "R-CNO-02");
    }
    assert_eq!(problems("(2022)最高法知民终9号"), Vec::<String>::new());
    wrong("(2024)京0108知民初1号", "R-CNO-02");
}

#[test]
fn r_cno_03_serials_are_natural_numbers_and_those_of_criminal_review_have_eight_digits() {
    for text in ["(2024)京0108民初01号", "(2024)京0108民初0号", "(2024)京0108民初12345678号", "(2024)最高法刑核1234号", "(2024)最高法刑核123456789号"]
    {
        wrong(text, "R-CNO-03");
    }
    for text in ["(2024)京0108民初1号", "(2024)京0108民初9999999号", "(2016)最高法刑核12345678号"] {
        assert_eq!(problems(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn r_cno_04_the_supreme_court_has_one_code() {
    let court = register().by_code("最高法").expect("registered");
    assert_eq!((court.name.as_str(), court.level), ("最高人民法院", CourtLevel::Supreme));
    wrong("(2024)高法民申1号", "R-CNO-04");
    wrong("(2024)最高院民申1号", "R-CNO-04");
}

#[test]
fn r_cno_05_a_high_courts_code_is_its_provinces_and_no_other_name_of_it() {
    let high: std::collections::BTreeSet<_> =
        register().iter().filter(|court| court.level == CourtLevel::High).map(|court| court.code.clone()).collect();
    assert_eq!(high, PROVINCES.chars().map(String::from).collect(), "31 provinces, 军 and 兵");
    for (mistaken, right, province) in
        [("蒙", "内", "内蒙古"), ("贵", "黔", "贵州"), ("滇", "云", "云南"), ("蜀", "川", "四川"), ("秦", "陕", "陕西"), ("陇", "甘", "甘肃")]
    {
        let problems = CaseNumber::parse(&format!("(2024){mistaken}01民初1号"), register(), date(2026, 6, 1)).expect_err("another name");
        assert_eq!(problems[0].rule, "R-CNO-05", "{mistaken}");
        assert!(problems[0].message.contains(&format!("应当用“{right}”")), "{}", problems[0].message);
        assert!(register().by_code(right).is_some_and(|court| court.name.starts_with(province)), "{right}");
    }
    wrong("(2024)杭0192民初641号", "R-CNO-05");
    wrong("(2024)港0101民初1号", "R-CNO-05");
}

#[test]
fn r_cno_06_two_digits_are_an_intermediate_court_and_four_a_basic_one() {
    for court in register().iter() {
        let digits = court.code.chars().filter(char::is_ascii_digit).count();
        let level = match digits {
            0 if court.code == "最高法" => CourtLevel::Supreme,
            0 => CourtLevel::High,
            2 => CourtLevel::Intermediate,
            4 => CourtLevel::Basic,
            _several => panic!("{}: {digits} digits", court.code),
        };
        assert_eq!(court.level, level, "{}", court.code);
        assert!(level == CourtLevel::Supreme || court.code.starts_with(|c| PROVINCES.contains(c)), "{}", court.code);
    }
    wrong("(2024)京108民初1号", "R-CNO-06");
    wrong("(2024)京01080民初1号", "R-CNO-06");
}

#[test]
fn r_cno_18_each_kind_has_one_code_of_three_characters_save_those_of_local_practice() {
    let rows = csv::Reader::from_reader(KINDS.as_bytes()).into_records().count();
    assert_eq!(kinds().iter().count(), rows, "no code stands twice");
    let long: Vec<_> = kinds().iter().filter(|kind| kind.code.chars().count() > 3).map(|kind| (kind.code.as_str(), kind.status.as_str())).collect();
    assert_eq!(long, [("民诉前调", "U")], "of local practice, not of the national list");
    for text in ["(2024)京0108邢初1号", "(2024)京0108初民1号", "(2024)京0108民初字第1号", "(2024)京01-1号"] {
        wrong(text, "R-CNO-18");
    }
}

proptest! {
    #[test]
    fn a_number_written_is_read_back(year in 2016_i16..=2026, serial in 1_u32..9_999_999, pick in any::<prop::sample::Index>(), kind in any::<prop::sample::Index>()) {
        let courts: Vec<_> = register().iter().collect();
        let court = courts[pick.index(courts.len())];
        let fitting: Vec<_> = kinds().iter().filter(|kind| kind.heard_at(court.level) && kind.code != "刑核").collect();
        let kind = fitting[kind.index(fitting.len())];
        let number = CaseNumber { year, court: court.code.clone(), special: None, kind: kind.code.clone(), serial };
        prop_assert_eq!(CaseNumber::parse(&number.to_string(), register(), date(2026, 6, 1)), Ok(number.clone()));
        prop_assert_eq!(CaseNumber::parse(&number.canonical(), register(), date(2026, 6, 1)), Ok(number));
    }

    #[test]
    fn no_text_panics(text in "[(（〔]?[0-9一二]{0,5}[)）〕]?.{0,12}号?.{0,3}") {
        let _ = CaseNumber::read(&text, register(), date(2026, 6, 1));
        CaseNumber::repair(&text);
    }
}
