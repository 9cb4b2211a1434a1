use super::*;
use crate::report::Rect;
use proptest::prelude::*;

fn page(text: &str) -> Vec<Line> {
    text.lines()
        .enumerate()
        .map(|(i, l)| Line {
            text: l.trim().into(),
            rect: Rect { x: 100, y: 40 * i as u32, w: 20 * l.chars().count() as u32, h: 30 },
            confidence: 0.9,
        })
        .collect()
}

fn value<'a>(fields: &'a [Field], name: &str) -> Vec<&'a str> {
    fields.iter().filter(|f| f.name == name).map(|f| f.value.as_str()).collect()
}

const COMPLAINT: &str = "民事起诉状
原告：周桂兰，女，1949年12月31日出生，汉族，住清河市青石区
云溪路6号3栋502，公民身份号码110105194912310
02X，联系电话18700000000。
被告：清河远志商贸有限公司，住所地清河市青石区青石路27号，统一社会信用代码91350100M000100Y43。
法定代表人：陈志远，总经理，联系电话18900000000。
案由：民间借贷纠纷
诉讼请求：
一、判令被告归还借款本金人民币150000元；
二、诉讼费用由被告承担。
事实与理由：
2024年3月15日，被告向原告提出借款，写明于2025年3月14日前归还，月利率百分之一。
此致
清河市青石区人民法院
具状人：周桂兰
2026年3月2日";

#[test]
fn a_complaint_gives_its_parties_claims_court_and_date() {
    let fields = fields(Kind::Complaint, &page(COMPLAINT));
    for (name, expected) in [
        ("plaintiff.name", vec!["周桂兰"]),
        ("plaintiff.sex", vec!["女"]),
        ("plaintiff.birth", vec!["1949年12月31日"]),
        ("plaintiff.address", vec!["清河市青石区云溪路6号3栋502"]),
        ("plaintiff.id_number", vec!["11010519491231002X"]),
        ("plaintiff.phone", vec!["18700000000"]),
        ("defendant.name", vec!["清河远志商贸有限公司"]),
        ("defendant.address", vec!["清河市青石区青石路27号"]),
        ("defendant.credit_code", vec!["91350100M000100Y43"]),
        ("defendant.legal_representative", vec!["陈志远"]),
        ("cause", vec!["民间借贷纠纷"]),
        ("claims[]", vec!["判令被告归还借款本金人民币150000元", "诉讼费用由被告承担"]),
        ("principal_amount", vec!["人民币150000元"]),
        ("loan_date", vec!["2024年3月15日"]),
        ("due_date", vec!["2025年3月14日"]),
        ("monthly_rate", vec!["百分之一"]),
        ("court", vec!["清河市青石区人民法院"]),
        ("filing_date", vec!["2026年3月2日"]),
    ] {
        assert_eq!(value(&fields, name), expected, "{name}");
    }
    let sure: Vec<&str> = fields.iter().filter(|f| f.sure).map(|f| f.name.as_str()).collect();
    assert_eq!(sure, ["plaintiff.sex", "plaintiff.birth", "plaintiff.id_number", "defendant.credit_code"]);
}

#[test]
fn a_false_check_digit_is_read_as_it_stands_and_reported() {
    let fields = fields(Kind::Complaint, &page(&COMPLAINT.replace("02X，", "021，")));
    let field = fields.iter().find(|f| f.name == "plaintiff.id_number").expect("the number");
    assert_eq!((field.value.as_str(), field.sure, field.problems.len()), ("110105194912310021", false, 1));
    assert!(!fields.iter().any(|f| f.name == "plaintiff.birth" && f.sure));
}

#[test]
fn a_birth_that_contradicts_the_number_makes_both_unsure() {
    let fields = fields(Kind::Complaint, &page(&COMPLAINT.replace("12月31日", "12月30日")));
    for name in ["plaintiff.birth", "plaintiff.id_number"] {
        assert!(fields.iter().all(|f| f.name != name || !f.sure), "{name}");
    }
    assert!(fields.iter().any(|f| f.name == "plaintiff.birth" && !f.problems.is_empty()));
}

#[test]
fn an_amount_is_sure_where_digits_and_capitals_agree() {
    let iou = "借条\n今借到周桂兰（身份证号11010519491231002X）现金及转账共计人民币壹拾伍万元整（￥150000.00），定于2025年3月14日前一次还清。\n借款人：陈志远\n身份证号：440524188001010014\n2024年3月15日";
    let right = fields(Kind::Iou, &page(iou));
    assert_eq!(value(&right, "lender.name"), ["周桂兰"]);
    assert_eq!(value(&right, "borrower.name"), ["陈志远"]);
    assert_eq!(value(&right, "loan_date"), ["2024年3月15日"]);
    assert!(right.iter().filter(|f| f.name.starts_with("principal_amount")).all(|f| f.sure));
    let wrong = fields(Kind::Iou, &page(&iou.replace("150000.00", "160000.00")));
    assert!(wrong.iter().filter(|f| f.name.starts_with("principal_amount")).all(|f| !f.sure && !f.problems.is_empty()));
}

#[test]
fn a_box_covers_its_value_on_the_page_where_it_begins() {
    let lines = page(COMPLAINT);
    let by_page = document_fields(Kind::Complaint, &[&lines[..3], &lines[3..]]);
    let id = by_page[0].iter().find(|f| f.name == "plaintiff.id_number").expect("on the first page");
    assert_eq!(id.value, "11010519491231002X");
    let rect = id.rect.expect("a box");
    assert!(rect.y == 80 && rect.h == 30 && rect.x > 100, "{rect:?}");
    assert!(by_page[1].iter().any(|f| f.name == "defendant.name"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_writing_makes_the_rules_fall(text in "(原告|被告|：|，|。|诉讼请求|一、|事实与理由|此致|人民法院|[0-9X]{1,18}|元|万|年|月|日|公民身份号码|\n|\\PC){0,80}") {
        for kind in Kind::ALL {
            for field in fields(kind, &page(&text)) {
                prop_assert!(!field.value.is_empty());
            }
        }
    }
}
