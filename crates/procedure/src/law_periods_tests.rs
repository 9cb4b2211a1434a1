//! The periods that are a rule's whole content: the table's figure, reckoned as the calculator reckons it. Most begin on
//! 20 March 2026, a Friday.
use super::*;
use jiff::civil::date;

const FRIDAY: Date = date(2026, 3, 20);

fn law() -> &'static Law {
    static LAW: std::sync::OnceLock<Law> = std::sync::OnceLock::new();
    LAW.get_or_init(Law::current)
}

fn last_day(rule: &str, from: Date) -> Date {
    law().clock(rule, from).last_day
}

fn deadline(rule: &str) -> &'static Deadline {
    law().deadlines.get(rule).unwrap_or_else(|| panic!("{rule} is missing"))
}

/// Rule of the usual limit of a kind of case.
fn limit_of(kind: &str) -> &'static str {
    &law().kinds.get(kind).unwrap_or_else(|| panic!("{kind} is missing")).usual_limit
}

#[test]
fn r_fil_19_a_complaint_about_filing_is_answered_in_fifteen_days() {
    assert_eq!(last_day("R-FIL-19", date(2026, 3, 6)), date(2026, 3, 23), "21 March is a Saturday");
}

#[test]
fn r_lim_03_small_claims_are_tried_in_two_months_and_one_more_with_the_president() {
    assert_eq!(last_day("R-LIM-03", date(2026, 3, 3)), date(2026, 5, 6), "3 May is a Sunday of the Labour Day holiday");
    assert!(deadline("R-LIM-03").consequence.contains("院长批准，可以延长一个月"));
}

#[test]
fn r_lim_04_an_appeal_against_a_judgment_is_tried_in_three_months() {
    assert_eq!(limit_of("民终"), "R-LIM-04");
    assert_eq!(last_day("R-LIM-04", FRIDAY), date(2026, 6, 22), "20 June is a Saturday");
    assert!(deadline("R-LIM-04").consequence.contains("院长批准"));
}

#[test]
fn r_lim_05_an_appeal_against_a_ruling_is_tried_in_thirty_days() {
    assert_eq!(limit_of("民辖终"), "R-LIM-05");
    assert_eq!(last_day("R-LIM-05", FRIDAY), date(2026, 4, 20), "19 April is a Sunday");
    assert!(deadline("R-LIM-05").consequence.contains("院长批准"));
}

#[test]
fn r_lim_06_a_special_procedure_takes_thirty_days() {
    for kind in ["民特", "民特监"] {
        assert_eq!(limit_of(kind), "R-LIM-06", "{kind}");
    }
    assert_eq!(last_day("R-LIM-06", FRIDAY), date(2026, 4, 20));
    assert!(deadline("R-LIM-06").consequence.contains("院长批准"));
}

#[test]
fn r_lim_07_a_retrial_application_is_reviewed_in_three_months() {
    assert_eq!(limit_of("民申"), "R-LIM-07");
    assert_eq!(last_day("R-LIM-07", FRIDAY), date(2026, 6, 22));
    assert!(deadline("R-LIM-07").consequence.contains("院长批准"));
}

#[test]
fn r_lim_09_an_administrative_first_instance_takes_six_months() {
    assert_eq!(limit_of("行初"), "R-LIM-09");
    assert_eq!(last_day("R-LIM-09", FRIDAY), date(2026, 9, 20), "a Sunday on which offices work");
    assert!(deadline("R-LIM-09").consequence.contains("高级人民法院批准"));
}

#[test]
fn r_lim_10_the_simple_administrative_procedure_takes_forty_five_days() {
    assert_eq!(last_day("R-LIM-10", FRIDAY), date(2026, 5, 6), "4 May is a holiday");
}

#[test]
fn r_lim_11_an_administrative_second_instance_takes_three_months() {
    assert_eq!(limit_of("行终"), "R-LIM-11");
    assert_eq!(last_day("R-LIM-11", FRIDAY), date(2026, 6, 22));
    assert!(deadline("R-LIM-11").consequence.contains("高级人民法院批准"));
}

#[test]
fn r_lim_12_a_prosecution_is_judged_in_two_months_and_at_most_three() {
    assert_eq!(limit_of("刑初"), "R-LIM-12");
    assert_eq!(last_day("R-LIM-12", FRIDAY), date(2026, 5, 20));
    assert_eq!(last_day("R-LIM-12b", FRIDAY), date(2026, 6, 22));
    assert_eq!(deadline("R-LIM-12b").bound, Some(Bound::Maximum));
    assert!(deadline("R-LIM-12b").consequence.contains("上一级人民法院批准，可以延长三个月"));
}

#[test]
fn r_lim_14_the_expedited_procedure_takes_ten_days_or_fifteen_over_a_year() {
    assert_eq!(last_day("R-LIM-14", FRIDAY), date(2026, 3, 30));
    assert_eq!(last_day("R-LIM-14b", FRIDAY), date(2026, 4, 7), "4 to 6 April are Qingming");
}

#[test]
fn r_lim_15_a_private_prosecution_of_who_is_free_takes_six_months() {
    assert_eq!(last_day("R-LIM-15", FRIDAY), date(2026, 9, 20));
}

#[test]
fn r_lim_16_a_criminal_second_instance_takes_two_months_and_two_more() {
    assert_eq!(limit_of("刑终"), "R-LIM-16");
    assert_eq!(last_day("R-LIM-16", FRIDAY), date(2026, 5, 20));
    assert!(deadline("R-LIM-16").consequence.contains("高级人民法院批准或者决定，可以延长二个月"));
}

#[test]
fn r_lim_17_a_criminal_retrial_takes_three_months_and_at_most_six() {
    assert_eq!(last_day("R-LIM-17", FRIDAY), date(2026, 6, 22));
    assert_eq!(last_day("R-LIM-17b", FRIDAY), date(2026, 9, 20));
    assert_eq!(deadline("R-LIM-17b").bound, Some(Bound::Maximum));
}

#[test]
fn r_lim_18_enforcement_takes_six_months_and_without_a_suit_three() {
    for kind in ["执", "执恢"] {
        assert_eq!(limit_of(kind), "R-LIM-18", "{kind}");
    }
    assert_eq!(last_day("R-LIM-18", FRIDAY), date(2026, 9, 20));
    assert_eq!(last_day("R-LIM-18b", FRIDAY), date(2026, 6, 22));
    for rule in ["R-LIM-18", "R-LIM-18b"] {
        assert!(deadline(rule).consequence.contains("院长批准，可以延长三个月"), "{rule}");
    }
}

#[test]
fn r_lim_19_the_compensation_committee_decides_in_three_months() {
    assert_eq!(limit_of("委赔"), "R-LIM-19");
    assert_eq!(last_day("R-LIM-19", FRIDAY), date(2026, 6, 22));
    assert!(deadline("R-LIM-19").consequence.contains("院长批准，可以延长三个月"));
}

#[test]
fn r_ddl_07_criminal_periods_count_from_the_second_day_and_an_obstacle_leaves_five() {
    let appeal = law().clock("R-APL-01c", date(2026, 9, 24));
    assert_eq!((appeal.first_day, appeal.last_day), (date(2026, 9, 25), date(2026, 10, 8)), "4 October is a holiday");
    let ruling = law().clock("R-APL-01d", date(2026, 3, 20));
    assert_eq!((ruling.first_day, ruling.last_day), (date(2026, 3, 21), date(2026, 3, 25)));
    assert_eq!(last_day("R-DDL-07b", date(2026, 9, 30)), date(2026, 10, 8));
}

#[test]
fn r_adm_01_a_suit_against_an_act_comes_in_six_months_and_never_after_five_or_twenty_years() {
    assert_eq!(last_day("R-ADM-01", date(2026, 3, 31)), date(2026, 9, 30));
    assert_eq!(last_day("R-ADM-01b", date(2021, 3, 31)), date(2026, 3, 31));
    assert_eq!(last_day("R-ADM-01c", date(2006, 3, 31)), date(2026, 3, 31), "immovables");
    for rule in ["R-ADM-01b", "R-ADM-01c"] {
        assert_eq!(deadline(rule).bound, Some(Bound::Maximum), "{rule}");
    }
}

#[test]
fn r_adm_02_after_reconsideration_a_suit_comes_in_fifteen_days() {
    assert_eq!(last_day("R-ADM-02", FRIDAY), date(2026, 4, 7), "4 April is Qingming");
}

#[test]
fn r_adm_03_silence_for_two_months_opens_six_for_a_suit() {
    let silence = last_day("R-ADM-03", FRIDAY);
    assert_eq!((silence, last_day("R-ADM-03b", silence)), (date(2026, 5, 20), date(2026, 11, 20)));
}

#[test]
fn r_adm_04_who_was_not_told_of_the_period_has_a_year_at_most() {
    assert_eq!(last_day("R-ADM-04", date(2025, 3, 21)), date(2026, 3, 23), "21 March is a Saturday");
    assert_eq!(deadline("R-ADM-04").bound, Some(Bound::Maximum));
}

#[test]
fn r_cri_01_the_indictment_is_served_ten_days_before_the_hearing() {
    assert_eq!(last_day("R-CRI-01", date(2026, 4, 22)), date(2026, 4, 10), "12 April is a Sunday: the Friday before");
    assert_eq!(last_day("R-CRI-01", date(2026, 4, 23)), date(2026, 4, 13));
}

#[test]
fn r_cri_02_the_summons_is_served_three_days_before_the_hearing() {
    assert_eq!(last_day("R-CRI-02", date(2026, 4, 22)), date(2026, 4, 17), "19 April is a Sunday: the Friday before");
    assert_eq!(last_day("R-CRI-02", date(2026, 4, 24)), date(2026, 4, 21));
}

#[test]
fn r_cri_03_a_judgment_pronounced_at_once_is_served_in_five_days_on_the_defender_too() {
    assert_eq!(last_day("R-CRI-03", date(2026, 4, 22)), date(2026, 4, 27));
    assert!(deadline("R-CRI-03").consequence.contains("辩护人、诉讼代理人"));
}

#[test]
fn r_cri_04_the_executing_organ_has_the_papers_ten_days_after_the_effect() {
    assert_eq!(last_day("R-CRI-04", date(2026, 4, 22)), date(2026, 5, 6), "2 May is a holiday");
}

#[test]
fn r_scp_01_the_obligated_organ_decides_in_two_months() {
    assert_eq!(limit_of("法赔"), "R-SCP-01");
    assert_eq!(last_day("R-SCP-01", FRIDAY), date(2026, 5, 20));
}

#[test]
fn r_scp_02_its_decision_is_served_in_ten_days() {
    assert_eq!(last_day("R-SCP-02", FRIDAY), date(2026, 3, 30));
}

#[test]
fn r_scp_03_reconsideration_is_asked_for_in_thirty_days_and_of_a_court_its_superior_committee() {
    assert_eq!(last_day("R-SCP-03", FRIDAY), date(2026, 4, 20));
    assert!(deadline("R-SCP-03").consequence.contains("上一级人民法院赔偿委员会"));
}

#[test]
fn r_scp_04_reconsideration_is_decided_in_two_months() {
    assert_eq!(last_day("R-SCP-04", FRIDAY), date(2026, 5, 20));
}

#[test]
fn r_scp_05_the_committee_is_asked_in_thirty_days() {
    assert_eq!(last_day("R-SCP-05", FRIDAY), date(2026, 4, 20));
}

#[test]
fn r_scp_06_the_claim_is_barred_after_two_years_without_those_in_custody() {
    assert_eq!(last_day("R-SCP-06", date(2024, 3, 20)), date(2026, 3, 20));
    assert!(deadline("R-SCP-06").consequence.contains("限制人身自由期间不计算在内"));
}

#[test]
fn r_scp_07_payment_is_passed_on_in_seven_days_and_made_in_fifteen() {
    assert_eq!(last_day("R-SCP-07", FRIDAY), date(2026, 3, 27));
    assert_eq!(last_day("R-SCP-07b", date(2026, 3, 27)), date(2026, 4, 13));
}

#[test]
fn r_scp_08_a_suit_for_administrative_compensation_comes_in_three_months() {
    assert_eq!(last_day("R-SCP-08", FRIDAY), date(2026, 6, 22));
}

#[test]
fn r_ret_04_an_administrative_retrial_is_asked_for_in_six_months() {
    assert_eq!(last_day("R-RET-04", FRIDAY), date(2026, 9, 20));
    assert!(deadline("R-RET-04").trigger.ends_with("四种情形的，知道或者应当知道"));
}

#[test]
fn r_enf_16_after_six_months_without_enforcement_the_court_above_is_asked() {
    assert_eq!(last_day("R-ENF-16", FRIDAY), date(2026, 9, 20));
    assert!(deadline("R-ENF-16").consequence.contains("上一级人民法院"));
}

#[test]
fn r_enf_22_entrusted_enforcement_begins_in_fifteen_days_and_is_reported_in_thirty() {
    assert_eq!(last_day("R-ENF-22", FRIDAY), date(2026, 4, 7));
    assert_eq!(last_day("R-ENF-22b", FRIDAY), date(2026, 4, 20));
}

#[test]
fn r_app_04_an_appraisal_takes_thirty_working_days_and_a_complex_one_sixty() {
    assert_eq!(last_day("R-APP-04", FRIDAY), date(2026, 5, 7));
    assert_eq!(last_day("R-APP-04b", FRIDAY), date(2026, 6, 17));
    assert!(deadline("R-APP-04").consequence.contains("书面申请延期"));
}
