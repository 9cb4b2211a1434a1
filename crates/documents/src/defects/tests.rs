use super::*;
use crate::papers::{Appeal, FeeClause, FeeRelief, FeeShare, PartyLine, Signature};
use jiff::civil::date;

fn official(role: &str, name: &str) -> Official {
    Official { role: role.into(), name: name.into() }
}

fn file() -> FileFacts {
    FileFacts {
        court: "广东省清河市青石区人民法院".into(),
        number: "（2026）粤4001民初1号".into(),
        parties: vec![("原告".into(), "周桂兰".into()), ("被告".into(), "陈志远".into())],
        filed: date(2026, 3, 9),
        procedure: "简易程序".into(),
        hearings: vec![date(2026, 4, 15)],
        public: true,
        absent: vec![],
        judges: vec![official("审判员", "顾云舒")],
        clerk: "许静".into(),
        fee: (381_000, 190_500),
        halved: true,
        relief: None,
        appeal_court: "广东省清河市中级人民法院".into(),
        claims: vec!["判令被告偿还借款本金150000元。".into(), "判令被告支付利息25500元。".into(), "案件受理费由被告负担。".into()],
        claimed: 17_550_000,
        evidence: vec!["借条".into()],
    }
}

fn judgment() -> CivilJudgment {
    let line = |role: &str, text: &str| PartyLine { role: role.into(), text: text.into(), agents: vec![] };
    CivilJudgment {
        court: file().court,
        number: file().number,
        verify: None,
        parties: vec![line("原告", "周桂兰，女，1955年4月9日出生，汉族。"), line("被告", "陈志远，男，1980年1月1日出生，汉族。")],
        course: "原告周桂兰与被告陈志远民间借贷纠纷一案，本院于2026年3月9日立案后，依法适用简易程序，于2026年4月15日公开开庭进行了审理。原告周桂兰、被告陈志远到庭参加诉讼。本案现已审理终结。".into(),
        claims: vec!["周桂兰向本院提出诉讼请求：1.判令被告偿还借款本金150000元；2.判令被告支付利息25500元；3.案件受理费由被告负担。".into()],
        answers: vec!["陈志远辩称，借款属实，暂无力偿还。".into()],
        evidence: vec!["原告提交了借条，被告无异议，本院予以确认。".into()],
        facts: vec!["本院认定事实如下：2024年3月15日，周桂兰出借150000元给陈志远，约定2025年3月14日前还清，利息25500元。".into()],
        reasons: vec!["本院认为，借款合同合法有效，陈志远应当按约还款。".into()],
        conclusion: "综上所述，周桂兰的诉讼请求成立，本院予以支持。".into(),
        basis: "《中华人民共和国民法典》第六百七十五条、第六百七十六条，《中华人民共和国民事诉讼法》第六十七条第一款".into(),
        orders: vec![
            "被告陈志远于本判决生效之日起十日内偿还原告周桂兰借款本金150000元；".into(),
            "被告陈志远于本判决生效之日起十日内支付原告周桂兰利息25500元。".into(),
        ],
        money: true,
        fees: vec![FeeClause {
            name: "案件受理费".into(),
            amount: 381_000,
            halved: Some(190_500),
            relief: None,
            charged: 190_500,
            shares: vec![FeeShare { by: "被告陈志远".into(), joint: false, amount: 190_500 }],
        }],
        appeal: Appeal { court: "广东省清河市中级人民法院".into(), days: 15 },
        sign: Signature { judges: vec![official("审判员", "顾云舒")], date: date(2026, 4, 20), staff: vec![official("书记员", "许静")] },
        annex: vec![],
        keep: vec![],
        copy: false,
    }
}

fn rules(judgment: &CivilJudgment, file: &FileFacts) -> Vec<String> {
    check(judgment, file).into_iter().map(|defect| defect.rule).collect()
}

#[test]
fn a_sound_judgment_has_no_defect() {
    assert_eq!(check(&judgment(), &file()), vec![]);
}

#[test]
fn r_tri_31_an_absent_plaintiff_is_no_case_for_article_147() {
    let (judgment, mut file) = (judgment(), file());
    file.absent.push("周桂兰".into());
    let of_basis: Vec<_> = check(&judgment, &file).into_iter().filter(|defect| defect.part == Part::Basis).collect();
    assert!(matches!(&of_basis[..], [one] if one.level == Level::Warning && one.text.contains("第一百四十六条")), "{of_basis:?}");
}

/// One thing wrong at a time: exactly its rule is told.
#[test]
fn each_rule_finds_its_defect() {
    type Change = fn(&mut CivilJudgment, &mut FileFacts);
    let cases: &[(&str, Change)] = &[
        ("R-CHK-01", |judgment, _| judgment.number = "（2026）粤4001民初2号".into()),
        ("R-CHK-05", |judgment, _| judgment.court = "清河市青石区人民法院".into()),
        ("R-CHK-09", |_, file| file.parties.push(("被告".into(), "吴赟有限公司".into()))),
        ("R-CHK-10", |judgment, _| judgment.parties.push(PartyLine { role: "第三人".into(), text: "何䶮，男。".into(), agents: vec![] })),
        ("R-CHK-11", |judgment, _| judgment.orders[0] = judgment.orders[0].replace("原告周桂兰", "原告周桂芳")),
        ("R-CHK-15", |judgment, _| judgment.parties.reverse()),
        ("R-CHK-22", |judgment, _| judgment.course = judgment.course.replace("3月9日立案", "3月10日立案")),
        ("R-CHK-23", |judgment, _| judgment.course = judgment.course.replace("简易程序", "普通程序")),
        ("R-CHK-25", |_, file| file.hearings.push(date(2026, 4, 18))),
        ("R-CHK-27", |_, file| file.absent.push("陈志远".into())),
        ("R-CHK-28", |_, file| file.public = false),
        ("R-CHK-31", |judgment, _| {
            judgment.orders.pop();
        }),
        ("R-CHK-32", |judgment, _| {
            judgment.facts[0].push_str("违约金900000元。");
            judgment.orders[1] = judgment.orders[1].replace("利息25500元", "违约金900000元");
        }),
        ("R-CHK-33", |judgment, _| judgment.orders[1] = judgment.orders[1].replace("25500元", "25501元")),
        ("R-CHK-36", |judgment, _| {
            judgment.orders[1] = "被告陈志远于本判决生效之日起十日内支付原告周桂兰利息（以150000元为基数，按年利率6%计算）。".into()
        }),
        ("R-CHK-38", |judgment, _| judgment.facts[0].push_str("2025年2月30日还款。")),
        ("R-CHK-40", |_, file| file.evidence.push("微信聊天记录".into())),
        ("R-CHK-43", |judgment, _| judgment.basis = judgment.basis.replace("中华人民共和国民法典", "民法典")),
        ("R-CHK-44", |judgment, _| judgment.basis = judgment.basis.replace("第六百七十六条", "第一千三百条")),
        ("R-CHK-45", |judgment, _| judgment.basis = judgment.basis.replace("民法典", "合同法")),
        ("R-CHK-47", |judgment, _| judgment.basis = "《中华人民共和国民事诉讼法》第六十七条第一款，《中华人民共和国民法典》第六百七十五条".into()),
        ("R-CHK-48", |judgment, _| judgment.basis.push_str("及相关会议纪要")),
        ("R-CHK-50", |judgment, _| judgment.basis = judgment.basis.replace("第六百七十六条", "第676条")),
        ("R-CHK-51", |judgment, _| judgment.basis.clear()),
        ("R-CHK-53", |judgment, _| judgment.orders.clear()),
        ("R-CHK-54", |judgment, _| judgment.orders[0] = judgment.orders[0].replace("于本判决生效之日起十日内", "")),
        ("R-CHK-55", |judgment, _| judgment.money = false),
        ("R-CHK-57", |judgment, _| judgment.orders[0].insert_str(0, "一、")),
        ("R-CHK-58", |judgment, _| {
            judgment.facts[0].push_str("利息20000元。");
            judgment.orders[1] = judgment.orders[1].replace("25500元", "20000元");
        }),
        ("R-CHK-59", |judgment, _| judgment.fees[0].amount = 381_001),
        ("R-CHK-60", |_, file| file.fee.1 = 381_000),
        ("R-CHK-60", |_, file| file.halved = false),
        ("R-CHK-60", |judgment, _| judgment.fees[0].halved = None),
        ("R-CHK-61", |judgment, _| judgment.fees[0].shares[0].amount -= 1),
        ("R-CHK-62", |_, file| file.relief = Some(ReliefKind::Deferred)),
        ("R-CHK-62", |judgment, _| judgment.fees[0].relief = Some(FeeRelief { to: "原告周桂兰".into(), kind: ReliefKind::Exempt })),
        ("R-CHK-64", |judgment, _| judgment.appeal.days = 10),
        ("R-CHK-65", |judgment, _| judgment.appeal.court = "广东省高级人民法院".into()),
        ("R-CHK-69", |judgment, _| judgment.sign.judges[0].name = "李维".into()),
        ("R-CHK-70", |judgment, _| judgment.sign.staff.clear()),
        ("R-CHK-74", |judgment, _| judgment.reasons[0].push_str("双方约定明确,应当遵守。")),
        ("R-CHK-76", |judgment, _| judgment.reasons[0].push_str("借款15万元。")),
        ("R-CHK-77", |judgment, _| judgment.reasons[0].push_str("其它主张没有依据。")),
        ("R-CHK-78", |judgment, _| judgment.facts[0].push_str("××年还款。")),
        ("R-CHK-79", |judgment, _| judgment.reasons[0].push_str("本判决为终审判决。")),
        ("R-CHK-81", |judgment, _| judgment.facts[0].push_str("电话13800138000。")),
    ];
    for (rule, change) in cases {
        let (mut judgment, mut file) = (judgment(), file());
        change(&mut judgment, &mut file);
        let found = rules(&judgment, &file);
        assert!(found.iter().any(|other| other == rule), "{rule} is not found: {found:?}");
        let others = found.iter().filter(|other| other != rule).count();
        assert!(others <= 1, "{rule} brings {found:?}");
    }
}

/// Rules that a basis breaks, with their weight.
fn of_basis(basis: &str) -> Vec<(String, Level)> {
    let judgment = CivilJudgment { basis: basis.into(), ..judgment() };
    check(&judgment, &file()).into_iter().map(|defect| (defect.rule, defect.level)).collect()
}

fn error(rule: &str) -> Vec<(String, Level)> {
    vec![(rule.to_owned(), Level::Error)]
}

const CODE: &str = "《中华人民共和国民法典》第六百七十五条";
const LENDING: &str = "《最高人民法院关于审理民间借贷案件适用法律若干问题的规定》第二十五条";
const PROCEDURE: &str = "《中华人民共和国民事诉讼法》第六十七条";
const OF_PROCEDURE: &str = "《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第九十条";

#[test]
fn r_cit_01_each_law_by_its_full_name_and_with_its_article() {
    assert_eq!(of_basis(CODE), vec![]);
    assert_eq!(of_basis("《民法典》第六百七十五条"), error("R-CHK-43"));
    assert_eq!(of_basis("《中华人民共和国民法典》"), error("R-CHK-43"));
    assert_eq!(of_basis(&format!("《中华人民共和国民法典》，{PROCEDURE}")), error("R-CHK-43"), "one of them without");
}

#[test]
fn r_cit_02_substantive_before_procedural_and_the_higher_first() {
    for order in [[CODE, LENDING, PROCEDURE, OF_PROCEDURE], [CODE, PROCEDURE, LENDING, OF_PROCEDURE]] {
        assert_eq!(of_basis(&order.join("，")), vec![], "{order:?}");
    }
    for order in [[PROCEDURE, CODE], [LENDING, CODE], [OF_PROCEDURE, PROCEDURE], [OF_PROCEDURE, LENDING]] {
        assert_eq!(of_basis(&order.join("，")), error("R-CHK-47"), "{order:?}");
    }
    let company = "《中华人民共和国公司法》第十五条";
    assert_eq!(of_basis(&format!("{CODE}，{company}")), vec![]);
    assert_eq!(of_basis(&format!("{company}，{CODE}")), error("R-CHK-47"), "the basic law first");
}

#[test]
fn r_cit_03_minutes_opinions_and_guiding_cases_are_no_basis() {
    for source in [
        "《全国法院民商事审判工作会议纪要》第五条",
        "《最高人民法院关于依法妥善审理民间借贷案件的意见》第二条",
        "指导性案例第24号",
        "最高人民法院的答复",
    ] {
        let found = of_basis(&format!("{CODE}，{source}"));
        assert!(found.contains(&("R-CHK-48".into(), Level::Error)), "{source}: {found:?}");
    }
}

#[test]
fn r_cit_05_a_repealed_law_is_cited_for_earlier_facts_alone_and_then_asks_for_the_reason() {
    let contract = "《中华人民共和国合同法》第二百零六条";
    assert_eq!(of_basis(contract), error("R-CHK-45"));
    let temporal = format!("{contract}，《最高人民法院关于适用〈中华人民共和国民法典〉时间效力的若干规定》第一条");
    assert_eq!(of_basis(&temporal), [("R-CHK-45".to_owned(), Level::Warning)], "for facts before 2021");
}

#[test]
fn a_defect_shows_its_words_and_what_should_stand_there() {
    let mut wrong = judgment();
    wrong.appeal.court = "广东省高级人民法院".into();
    let defect = check(&wrong, &file()).remove(0);
    assert_eq!((defect.part, defect.level), (Part::Appeal, Level::Error));
    assert_eq!(defect.expected.as_deref(), Some("广东省清河市中级人民法院"));
}

#[test]
fn partly_granted_with_the_rest_rejected_is_sound() {
    let mut part = judgment();
    part.facts[0].push_str("依法应计利息20000元。");
    part.orders[1] = "被告陈志远于本判决生效之日起十日内支付原告周桂兰利息20000元；".into();
    part.orders.push("驳回原告周桂兰的其他诉讼请求。".into());
    assert_eq!(check(&part, &file()), vec![]);
}

#[test]
fn r_fee_21_who_pays_nothing_bears_nothing_and_the_relief_is_stated() {
    let (mut judgment, mut file) = (judgment(), file());
    (file.fee.1, file.relief) = (0, Some(ReliefKind::Exempt));
    judgment.fees[0] = FeeClause {
        relief: Some(FeeRelief { to: "原告周桂兰".into(), kind: ReliefKind::Exempt }),
        charged: 0,
        shares: vec![],
        ..judgment.fees[0].clone()
    };
    assert_eq!(check(&judgment, &file), vec![]);
    assert_eq!(judgment.fees[0].words(), "案件受理费3810元，减半收取计1905元，准予原告周桂兰免交。");
    judgment.fees.clear();
    assert_eq!(rules(&judgment, &file), ["R-CHK-62"]);
}

#[test]
fn r_cit_04_numbers_of_articles() {
    for (text, number) in [
        ("一", Some(1)),
        ("十", Some(10)),
        ("十五", Some(15)),
        ("二十", Some(20)),
        ("一百零一", Some(101)),
        ("一百一十", Some(110)),
        ("六百七十五", Some(675)),
        ("一千二百六十", Some(1260)),
        ("一千零一", Some(1001)),
        ("十百", None),
        ("一二", None),
        ("", None),
    ] {
        assert_eq!(chinese_number(text), number, "{text}");
    }
    let cited =
        articles("《中华人民共和国民法典》第五百六十一条、第六百八十条第一款，《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第90条");
    let pairs: Vec<_> = cited.iter().map(|article| (article.law.as_str(), article.number)).collect();
    assert_eq!(pairs[0], ("中华人民共和国民法典", Some(561)));
    assert_eq!(pairs[1].1, Some(680), "the paragraph is no article");
    assert_eq!((pairs[2], cited[2].digits), (("最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释", Some(90)), true));
    assert_eq!(cited.len(), 3);
}

#[test]
fn the_samples_of_the_house_are_sound_where_their_file_says_the_same() {
    let text = include_str!("../../samples/judgment.json");
    let crate::Paper::CivilJudgment(judgment) = serde_json::from_str(text).expect("a sample") else { panic!("a judgment") };
    let names = [("原告", "陈堃"), ("被告", "林𬱖"), ("被告", "清河市赟达商贸有限公司")];
    let file = FileFacts {
        court: judgment.court.clone(),
        number: judgment.number.clone(),
        parties: names.iter().map(|(role, name)| ((*role).into(), (*name).into())).collect(),
        filed: date(2026, 3, 12),
        procedure: "普通程序".into(),
        hearings: vec![date(2026, 4, 22)],
        public: true,
        absent: vec![],
        judges: judgment.sign.judges.clone(),
        clerk: "许静".into(),
        fee: (849_449, 849_449),
        halved: false,
        relief: None,
        appeal_court: judgment.appeal.court.clone(),
        claims: vec!["判令林𬱖偿还借款本金400000元".into(), "判令林𬱖支付律师费10000元".into(), "判令赟达公司承担连带清偿责任".into()],
        claimed: 47_963_288,
        evidence: vec!["《借款合同》".into(), "微信聊天记录".into()],
    };
    let errors: Vec<_> = check(&judgment, &file).into_iter().filter(|defect| defect.level == Level::Error).collect();
    assert_eq!(errors, vec![]);
}
