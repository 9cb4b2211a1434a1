//! 离婚纠纷: status, children, property, debts.
use super::bench::{Bench, other, own_as, rows};
use super::law;
use crate::money::Fen;

fn wife() -> Bench {
    let mut plaintiff = own_as("plaintiffs", "王芳", "110105198805122021");
    plaintiff.push(("spouse", "wife"));
    Bench::new(
        "14",
        vec![
            ("where", vec![("where", "home")]),
            ("court", vec![]),
            ("plaintiff", plaintiff),
            ("defendant", other("defendants", "陈志远", "广东省清河市青石区桐荫路88号3栋602房")),
            ("marriage", vec![("married_on", "2014-05-20"), ("registered_at", "清河市青石区民政局"), ("pregnant", "no")]),
            ("before", vec![("before", "no")]),
            ("breakdown", vec![("grounds", "separated"), ("separated_on", "2024-03-01"), ("detail", "2023年起经常争吵，2024年3月搬出分开居住。")]),
            (
                "children",
                vec![
                    ("has_children", "yes"),
                    ("children.0.name", "陈小明"),
                    ("children.0.sex", "son"),
                    ("children.0.birth", "2015-08-01"),
                    ("children.0.custody", "mine"),
                    ("children.0.support", "2000"),
                    ("children.1.name", "陈小红"),
                    ("children.1.sex", "daughter"),
                    ("children.1.birth", "2019-02-10"),
                    ("children.1.custody", "other"),
                    ("living", "一直跟王芳生活"),
                    ("visit", "每月探望两次"),
                ],
            ),
            (
                "property",
                vec![
                    ("has_property", "yes"),
                    ("property.0.name", "位于清河市青石区桐荫路88号3栋602房的房屋"),
                    ("property.0.value", "1200000"),
                    ("property.0.want", "mine"),
                    ("property.1.name", "粤Z12345号小型轿车"),
                    ("property.1.value", "100000"),
                    ("property.1.want", "other"),
                ],
            ),
            ("debts", vec![("has_debts", "yes"), ("debts.0.creditor", "林某"), ("debts.0.owed", "50000"), ("debts.0.bear", "both")]),
            ("claims", vec![("claims", "damages"), ("damages", "20000")]),
        ],
    )
}

#[test]
fn a_claim_for_each_child_each_thing_and_each_debt() {
    let statement = wife().statement();
    assert_eq!(
        wife().claims(),
        [
            "判令王芳与陈志远离婚",
            "判令陈小明由王芳直接抚养，陈志远自判决生效之月起每月支付抚养费2000元，至陈小明年满十八周岁时止",
            "判令陈小红由陈志远直接抚养，抚养费依法确定",
            "判令不直接抚养子女的一方按照以下方式探望子女：每月探望两次",
            "判令分割夫妻共同财产：位于清河市青石区桐荫路88号3栋602房的房屋（价值1200000元），归原告所有，由原告给付被告相应的折价款",
            "判令分割夫妻共同财产：粤Z12345号小型轿车（价值100000元），归被告所有，由被告给付原告相应的折价款",
            "判令夫妻共同债务50000元（债权人林某）由原告、被告各负担二分之一",
            "判令陈志远支付王芳离婚损害赔偿20000元",
            "本案诉讼费用由陈志远负担",
        ]
    );
    assert_eq!(statement.amount, Fen(130_000_000), "what is divided");
    assert_eq!(statement.claims.iter().filter_map(|claim| claim.amount).collect::<Vec<_>>(), [Fen(120_000_000), Fen(10_000_000)]);
    assert_eq!(
        statement.facts,
        "王芳与陈志远于2014年5月20日在清河市青石区民政局登记结婚。双方的未成年子女有儿子陈小明（2015年8月1日出生）、女儿陈小红（2019年2月10日出生），现在的生活情况是：一直跟王芳生活。\n\
         夫妻感情破裂的原因是因感情不和分居满二年。具体经过是：2023年起经常争吵，2024年3月搬出分开居住。双方自2024年3月1日起分居至今。\n\
         婚姻关系存续期间取得的夫妻共同财产有：位于清河市青石区桐荫路88号3栋602房的房屋（价值1200000元）；粤Z12345号小型轿车（价值100000元），合计1300000元。夫妻共同债务有：欠林某50000元。"
    );
    assert!(
        statement.reasons.contains(
            "第一千零七十九条、第一千零八十四条、第一千零八十五条、第一千零八十六条、第一千零八十七条、第一千零八十九条、第一千零九十一条，"
        ),
        "{}",
        statement.reasons
    );
    // 300, and 0.5% of what goes beyond 200,000: 5,500.
    assert_eq!(wife().fee(), ("5800.00".into(), "2900.00".into()));
}

#[test]
fn status_alone_claims_no_money() {
    let alone = wife()
        .with("children", vec![("has_children", "no")])
        .with("property", vec![("has_property", "no")])
        .with("debts", vec![("has_debts", "no")])
        .with("claims", vec![]);
    assert_eq!(alone.claims(), ["判令王芳与陈志远离婚", "本案诉讼费用由陈志远负担"]);
    assert_eq!((alone.statement().amount, alone.fee()), (Fen(0), ("300.00".into(), "150.00".into())));
}

#[test]
fn r_jur_05_at_the_defendants_or_where_he_is_away_at_the_plaintiffs() {
    let at = |place| wife().with("where", vec![("where", place)]).courts();
    assert_eq!(rows(&at("home")), [("粤4001", "R-JUR-05")]);
    assert_eq!(rows(&at("left")), [("粤4001", "R-JUR-05"), ("粤4002", "R-JUR-05")]);
    assert_eq!(rows(&at("missing")), [("粤4002", "R-JUR-05")]);
}

#[test]
fn cpl_127_six_months_after_a_refused_divorce() {
    let told = |day: &'static str| {
        let again = wife().with("before", vec![("before", "refused"), ("before_on", day)]);
        again.statement().hints.into_iter().any(|hint| hint.law.contains("第一百二十七条第七项"))
    };
    assert!(told("2026-05-10"));
    assert!(!told("2026-01-10"));
}

#[test]
fn civil_code_1082_a_husband_is_warned() {
    let mut bench = wife().with("marriage", vec![("married_on", "2014-05-20"), ("registered_at", "某民政局"), ("pregnant", "yes")]);
    let warned = |bench: &Bench| bench.statement().hints.iter().any(|hint| hint.law.contains("第一千零八十二条"));
    assert!(!warned(&bench));
    bench.posts[2].1.iter_mut().filter(|(name, _)| *name == "spouse").for_each(|pair| pair.1 = "husband");
    assert!(warned(&bench));
}

#[test]
fn children_do_not_stay_in_the_cases_answers() {
    let bench = wife();
    let kept = bench.cause.without_vault(&bench.answers());
    assert!(!serde_json::to_string(&kept).expect("json").contains("陈小明"));
    assert!(bench.cause.statement(&bench.answers(), law(), super::TODAY).is_ok());
}

#[test]
fn refusals_stand_at_their_fields() {
    let one = |field: &str, message: &str| vec![(field.to_owned(), message.to_owned())];
    assert_eq!(wife().refusal("marriage", &[("married_on", "2014-05-20"), ("registered_at", "某民政局")])[0].0, "pregnant");
    let nameless =
        [("has_children", "yes"), ("children.0.birth", "2015-08-01"), ("children.0.sex", "son"), ("children.0.custody", "mine"), ("living", "某处")];
    assert_eq!(wife().refusal("children", &nameless), one("children.0.name", "请填写姓名。"));
    assert_eq!(wife().refusal("breakdown", &[("grounds", "again"), ("detail", "某事")]), one("grounds", "请选择原因。"), "only after a refusal");
    let two = [("has_property", "yes"), ("property.0.name", "房屋"), ("property.0.value", "一百万"), ("property.0.want", "mine")];
    assert_eq!(wife().refusal("property", &two)[0].0, "property.0.value");
}
