use super::*;
use crate::case::{Choice, Material, Party};
use crate::{Fen, ItemId};
use jiff::civil::date;

fn material(kind: MaterialKind, name: &str) -> Material {
    Material { id: ItemId::new(), kind, name: name.into(), pages: 1, bytes: 9, sha256: "aa".into(), media: "text/plain".into(), purpose: None }
}

fn people() -> Vec<Particulars> {
    let one = |name: &str, number: &str, address: &str| Particulars {
        person: PersonId::new(),
        name: name.into(),
        number: number.into(),
        address: address.into(),
        phone: "13800138000".into(),
        ..Particulars::default()
    };
    vec![one("周桂兰", "11010519491231002X", "广东省清河市云海区听涛路3号"), one("陈志远", "440524188001010014", "广东省清河市青石区桐荫路88号")]
}

fn case(people: &[Particulars]) -> Case {
    let party = |own: &Particulars, side| Party { person: own.person, side, name: own.name.clone(), organisation: false, digest: String::new() };
    let statement = Statement {
        cause: "108.3".into(),
        cause_name: "民间借贷纠纷".into(),
        claims: vec!["判令被告偿还借款本金150000元。".into()],
        amount: Fen(17_550_000),
        facts: "2024年3月15日，原告出借150000元给陈志远。".into(),
        reasons: "被告应当还款。".into(),
        answers: [("loan_form".to_owned(), serde_json::json!(["note"]))].into(),
        materials: vec![
            material(MaterialKind::Complaint, "民事起诉状"),
            material(MaterialKind::Identity, "身份证"),
            material(MaterialKind::Evidence, "借条"),
            material(MaterialKind::Evidence, "银行转账回单"),
        ],
    };
    let at = "2026-03-02T02:00:00Z".parse().expect("a time");
    let choice = Choice { person: people[0].person, scope: Scope::Service, channel: Channel::Online, text: "2026-1".into(), at };
    Case {
        stage: Stage::Submitted,
        parties: vec![party(&people[0], Side::Plaintiff), party(&people[1], Side::Defendant)],
        statement: Some(statement),
        choices: vec![choice],
        ..Case::new(CaseId::new(), "粤4001")
    }
}

fn run(case: &Case, people: &[Particulars], similar: &[Similar]) -> Vec<Line> {
    propose(case, people, similar, &Law::demo(), date(2026, 3, 3))
}

fn line<'a>(lines: &'a [Line], words: &str) -> &'a Line {
    lines.iter().find(|line| line.text.contains(words)).unwrap_or_else(|| panic!("no line says {words}: {lines:#?}"))
}

#[test]
fn r_fil_03_what_has_no_pages_did_not_open_unless_it_is_a_text() {
    let people = people();
    let mut case = case(&people);
    let complaint = |case: &mut Case, media: &str| {
        let material = &mut case.statement.as_mut().expect("a statement").materials[0];
        (material.pages, material.media) = (0, media.into());
    };
    complaint(&mut case, "application/pdf");
    assert_eq!(line(&run(&case, &people, &[]), "打开是空的").verdict, Verdict::Problem);
    complaint(&mut case, "text/plain; charset=utf-8");
    let lines = run(&case, &people, &[]);
    assert!(lines.iter().all(|line| !line.text.contains("打开是空的")), "{lines:#?}");
    line(&lines, "民事起诉状，电子文件");
}

#[test]
fn a_filing_with_everything_has_nothing_against_it() {
    let people = people();
    let lines = run(&case(&people), &people, &[]);
    for check in Check::ALL {
        assert_eq!(verdict(&lines, check), Verdict::Ok, "{check:?}: {lines:#?}");
    }
    assert!(line(&lines, "住所地在清河市青石区").rule.starts_with("R-JUR"));
}

#[test]
fn r_fil_03_what_the_causes_file_asks_for_is_missed() {
    let people = people();
    let mut without = case(&people);
    without.statement.as_mut().expect("one").materials.retain(|material| material.kind != MaterialKind::Identity);
    let lines = run(&without, &people, &[]);
    let missing = line(&lines, "没有“原告身份证明”");
    assert_eq!((missing.verdict, missing.remark.as_str()), (Verdict::Problem, "请补交原告身份证明。"));
    without.statement.as_mut().expect("one").materials.retain(|material| material.name != "借条");
    let lines = run(&without, &people, &[]);
    assert_eq!(line(&lines, "借条、借款合同等债权凭证").verdict, Verdict::Doubt, "other evidence may be it");
}

#[test]
fn r_fil_04_an_address_without_a_door_is_told_back() {
    for (address, holds) in [
        ("广东省清河市青石区青石路一带", false),
        ("广东省清河市青石区青石路", false),
        ("", false),
        ("广东省清河市青石区青石路27号2栋301", true),
        ("广东省清河市青石区石桥村三组", true),
    ] {
        let mut people = people();
        people[1].address = address.into();
        let lines = run(&case(&people), &people, &[]);
        assert_eq!(verdict(&lines, Check::Parties) == Verdict::Ok, holds, "{address}: {lines:#?}");
        let told =
            lines.iter().any(|line| line.rule == "R-FIL-04" && line.source == Source::Field("defendant.address".into()) && !line.remark.is_empty());
        assert_eq!(told, !holds, "{address}");
    }
}

#[test]
fn r_idc_05_numbers_and_names_are_compared() {
    let mut people = people();
    people[0].number = "110105194912310021".into();
    people[1].name = "陈致远".into();
    let mut filed = case(&people);
    filed.parties[1].name = "陈志远".into();
    let lines = run(&filed, &people, &[]);
    assert_eq!(line(&lines, "身份证号校验不通过").verdict, Verdict::Problem);
    assert!(line(&lines, "不一致").remark.contains("陈致远"));
    let same: Vec<_> = people.iter().map(|own| Particulars { number: people[1].number.clone(), ..own.clone() }).collect();
    assert_eq!(line(&run(&filed, &same, &[]), "证件号码相同").rule, "R-FIL-01");
}

#[test]
fn r_jur_01_another_court_is_said_with_its_reason() {
    let people = people();
    let filed = Case { court: "粤4003".into(), ..case(&people) };
    let lines = run(&filed, &people, &[]);
    let wrong = line(&lines, "不是");
    assert_eq!(wrong.verdict, Verdict::Problem);
    assert!(wrong.text.contains("青石区人民法院") && wrong.remark.contains("管辖"), "{wrong:?}");
}

#[test]
fn r_fil_15_and_16_the_same_parties_are_a_question_for_a_person() {
    let people = people();
    let filed = case(&people);
    let other = |stage, cause: &str| Similar {
        id: CaseId::new(),
        number: "(2025)粤4001民初20817号".into(),
        title: "周桂兰 诉 陈志远".into(),
        cause: cause.into(),
        cause_name: "民间借贷纠纷".into(),
        stage,
        claims: vec!["判令被告偿还借款本金150000元。".into()],
        same_parties: true,
    };
    for (stage, rule) in [(Stage::Withdrawn, "R-FIL-16"), (Stage::Preparing, "R-FIL-15"), (Stage::Effective, "R-FIL-15")] {
        let lines = run(&filed, &people, &[other(stage, "108.3")]);
        assert_eq!(verdict(&lines, Check::Duplicates), Verdict::Doubt, "{stage:?}");
        assert_eq!(line(&lines, "20817").rule, rule);
    }
    let lines = run(&filed, &people, &[other(Stage::Preparing, "9000")]);
    assert_eq!(verdict(&lines, Check::Duplicates), Verdict::Ok, "another cause");
    let lines = run(&filed, &people, &[Similar { same_parties: false, ..other(Stage::Preparing, "108.3") }]);
    assert_eq!(verdict(&lines, Check::Duplicates), Verdict::Ok, "one side alone is the same");
}

#[test]
fn r_jur_01_the_comparison_follows_the_kind_of_the_cause() {
    let people = people();
    let verdict_for = |cause: &str, answers: serde_json::Value| {
        let mut case = case(&people);
        let statement = case.statement.as_mut().expect("one");
        statement.cause = cause.into();
        statement.answers = serde_json::from_value(answers).expect("answers");
        let lines = run(&case, &people, &[]);
        (verdict(&lines, Check::Jurisdiction), lines)
    };
    let house = |place: &str| serde_json::json!({"premises": format!("广东省清河市{place}1号")});
    assert_eq!(verdict_for("116.2", house("青石区桐荫路")).0, Verdict::Ok);
    let (found, lines) = verdict_for("116.2", house("望澜县正义路"));
    assert_eq!(found, Verdict::Problem, "the defendant lives here, the house does not lie here");
    assert!(line(&lines, "望澜县").text.contains("不动产所在地"), "{lines:#?}");
    assert_eq!(verdict_for("116.2", serde_json::json!({})).0, Verdict::Doubt, "filed at the counter, where nobody asked");
    assert_eq!(verdict_for("411", serde_json::json!({"accident_place": "广东省清河市望澜县正义路"})).0, Verdict::Ok, "the defendant lives here");
    assert_eq!(verdict_for("14", serde_json::json!({"where": "missing"})).0, Verdict::Problem, "the plaintiff lives elsewhere");
}
