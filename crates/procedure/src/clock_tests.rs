use super::*;
use jiff::civil::{date, time};
use proptest::prelude::*;

fn calendar() -> &'static Calendar {
    static CALENDAR: std::sync::OnceLock<Calendar> = std::sync::OnceLock::new();
    CALENDAR.get_or_init(Calendar::national)
}

#[test]
fn r_ddl_02_as_a_party_reads_it() {
    let period = Period { rule: "R-FIL-21b", what: "答辩期", law: "《中华人民共和国民事诉讼法》第一百二十八条第一款" };
    let clock = run(period, 15, Unit::Day, date(2026, 9, 18), calendar());
    assert_eq!((clock.first_day, clock.last_day, clock.provisional), (date(2026, 9, 19), date(2026, 10, 8), false));
    assert_eq!(clock.text(), "9月18日当天不算，从9月19日起算；15 日，第 15 日是10月3日；10月3日在国庆节假期里，顺延到假期后第一天，10月8日。");
    let rules: Vec<_> = clock.derivation.iter().map(|line| line.rule.as_str()).collect();
    assert_eq!(rules, ["R-DDL-01", "R-FIL-21b", "R-DDL-02"]);
}

#[test]
fn r_ddl_09_test_vectors() {
    for (from, last) in [(date(2024, 9, 13), date(2024, 9, 29)), (date(2024, 9, 20), date(2024, 10, 8)), (date(2024, 12, 17), date(2025, 1, 2))] {
        assert_eq!(days("R-APL-01", "上诉期", 15, from, calendar()).last_day, last, "{from}");
    }
    let clock = hours("R-PRV-03", "保全裁定期限", 48, date(2024, 9, 30).at(16, 20, 0, 0));
    assert_eq!((clock.last_day, clock.last_time), (date(2024, 10, 2), Some(time(17, 0, 0, 0))));
}

#[test]
fn r_ddl_01_a_time_on_the_full_hour_still_waits_for_the_next() {
    let clock = hours("R-PRV-03", "保全裁定期限", 48, date(2026, 3, 2).at(16, 0, 0, 0));
    assert_eq!((clock.last_day, clock.last_time), (date(2026, 3, 4), Some(time(17, 0, 0, 0))));
}

#[test]
fn r_ddl_03_months_end_on_the_same_number_or_the_last_of_the_month() {
    let nominal = |n, from| end(n, Unit::Month, from, calendar());
    assert_eq!(nominal(6, date(2024, 1, 31)), date(2024, 7, 31));
    assert_eq!(nominal(6, date(2023, 8, 31)), date(2024, 2, 29));
    assert_eq!(nominal(6, date(2022, 8, 31)), date(2023, 2, 28));
    assert_eq!(end(1, Unit::Year, date(2024, 2, 29), calendar()), date(2025, 2, 28));
    let clock = months("R-LIM-01", "审理期限", 6, date(2023, 8, 31), calendar());
    assert_eq!(clock.derivation[1].text, "6 个月，2024年2月没有 31 日，到这个月最后一天2024年2月29日");
}

#[test]
fn r_ddl_08_working_days_count_working_days_only() {
    let clock = working_days("R-MED-05", "指定调解员期限", 2, date(2026, 9, 30), calendar());
    assert_eq!(clock.last_day, date(2026, 10, 9), "after the holiday of 1 to 7 October");
}

#[test]
fn r_tri_20_backwards_the_latest_day_is_a_working_day_before() {
    let period = Period { rule: "R-TRI-20", what: "开庭通知最迟日", law: "" };
    let clock = run(period, -3, Unit::Day, date(2026, 4, 22), calendar());
    assert_eq!(clock.last_day, date(2026, 4, 17), "19 April is a Sunday");
    assert_eq!(run(period, -3, Unit::Day, date(2026, 4, 24), calendar()).last_day, date(2026, 4, 21));
}

#[test]
fn r_cal_05_after_the_last_notice_a_clock_is_provisional() {
    assert!(days("R-APL-01", "上诉期", 15, date(2026, 12, 25), calendar()).provisional);
    assert!(!days("R-APL-01", "上诉期", 15, date(2026, 12, 1), calendar()).provisional);
}

#[test]
fn the_little_calendar_shows_each_counted_day() {
    let clock = days("R-FIL-21b", "答辩期", 15, date(2026, 9, 18), calendar());
    let rows = clock.calendar(calendar());
    assert_eq!((rows.len(), rows[0][0].date), (4, date(2026, 9, 14)));
    assert!(rows[0][4].is_from && rows[3][3].is_end);
    assert_eq!((rows[0][5].number, rows[2][5].number, rows[2][5].works), (Some(1), Some(15), false));
    assert_eq!(clock.days_left(date(2026, 9, 21)), 17);
}

#[test]
fn a_stored_clock_reads_back_and_old_ones_without_new_fields_too() {
    let clock = days("R-FIL-11", "立案审查期限", 7, date(2026, 3, 2), calendar());
    let json = serde_json::to_value(&clock).expect("json");
    assert_eq!(serde_json::from_value::<Clock>(json.clone()).expect("reads"), clock);
    let mut old = json;
    old.as_object_mut().expect("object").remove("provisional");
    assert_eq!(serde_json::from_value::<Clock>(old).expect("reads"), clock);
}

prop_compose! {
    fn day()(offset in 0_i64..3650) -> Date { date(2016, 1, 1).saturating_add(offset.days()) }
}

proptest! {
    #[test]
    fn r_ddl_02_the_end_is_a_working_day_and_never_early(from in day(), n in 1_i64..200) {
        let clock = days("R", "期限", n, from, calendar());
        prop_assert!(clock.last_day >= from.saturating_add(n.days()));
        prop_assert!(calendar().works(clock.last_day).works);
        let nominal = from.saturating_add(n.days());
        let mut between = nominal;
        while between < clock.last_day {
            prop_assert!(!calendar().works(between).works, "only days off are skipped");
            between = between.saturating_add(1.day());
        }
    }

    #[test]
    fn later_facts_and_longer_periods_never_end_earlier(from in day(), n in 1_i64..100, unit in prop::sample::select(vec![Unit::Day, Unit::WorkingDay, Unit::Month])) {
        let period = Period { rule: "R", what: "期限", law: "" };
        let clock = run(period, n, unit, from, calendar());
        prop_assert!(run(period, n, unit, from.saturating_add(1.day()), calendar()).last_day >= clock.last_day);
        prop_assert!(run(period, n + 1, unit, from, calendar()).last_day >= clock.last_day);
        prop_assert_eq!(clock.first_day, from.saturating_add(1.day()));
    }

    #[test]
    fn r_ddl_08_working_days_are_counted_exactly(from in day(), n in 1_i64..60) {
        let clock = working_days("R", "期限", n, from, calendar());
        let mut count = 0;
        let mut at = from;
        while at < clock.last_day {
            at = at.saturating_add(1.day());
            count += i64::from(calendar().works(at).works);
        }
        prop_assert_eq!(count, n);
    }

    #[test]
    fn no_period_panics(from in day(), n in -400_i64..400, unit in prop::sample::select(vec![Unit::Day, Unit::WorkingDay, Unit::Month, Unit::Year, Unit::Hour])) {
        run(Period { rule: "R", what: "期限", law: "" }, n, unit, from, calendar());
    }
}
