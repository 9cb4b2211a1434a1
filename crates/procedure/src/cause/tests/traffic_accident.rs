//! 机动车交通事故责任纠纷: compulsory insurance first, then by shares.
use super::bench::{Bench, Pairs, company, other, own, rows};
use crate::money::Fen;

const INSURER: &str = "某财产保险股份有限公司清河市分公司";

fn losses() -> Pairs {
    vec![
        ("losses", "medical"),
        ("medical", "30000"),
        ("losses", "food"),
        ("food_days", "20"),
        ("food_rate", "100"),
        ("losses", "nutrition"),
        ("nutrition_days", "60"),
        ("nutrition_rate", "50"),
        ("losses", "care"),
        ("care_days", "60"),
        ("care_rate", "150"),
        ("losses", "transport"),
        ("transport", "800"),
        ("losses", "disability"),
        ("grade", "十级"),
        ("disability_base", "58000"),
        ("disability_years", "5"),
        ("disability_rate", "10"),
        ("losses", "mental"),
        ("mental", "5000"),
        ("losses", "appraisal"),
        ("appraisal", "2600"),
        ("losses", "property"),
        ("property_what", "电动自行车维修费"),
        ("property", "1200"),
    ]
}

fn hurt() -> Bench {
    Bench::new(
        "411",
        vec![
            (
                "accident",
                vec![
                    ("accident_date", "2026-02-03"),
                    ("accident_place", "广东省清河市望澜县正义路与环城路路口"),
                    ("accident_text", "陈志远驾驶粤Z12345号小型轿车右转时与骑电动自行车的周桂兰相撞，造成周桂兰受伤、车辆损坏"),
                ],
            ),
            (
                "finding",
                vec![
                    ("finding", "yes"),
                    ("finding_by", "望澜县公安局交通警察大队"),
                    ("finding_no", "第20260203号"),
                    ("fault", "main"),
                    ("share", "70%"),
                ],
            ),
            ("court", vec![]),
            ("victim", vec![("victim", "self")]),
            ("plaintiff", own("plaintiffs")),
            ("driver", other("drivers", "陈志远", "广东省清河市青石区桐荫路88号3栋602房")),
            ("liable", vec![("liable", "driver")]),
            ("compulsory", vec![("compulsory", "yes"), ("commercial", "same")]),
            ("insurers", company("insurers", INSURER, "广东省清河市云海区听涛路9号")),
            ("treatment", vec![("treatment", "左胫骨骨折，在望澜县人民医院住院20天"), ("settled_on", "2026-06-20")]),
            ("losses", losses()),
            ("advanced", vec![("advanced_kind", "driver"), ("advanced", "5000")]),
            ("demand", vec![("demanded", "no")]),
            ("claims", vec![("claims", "within"), ("claims", "beyond")]),
        ],
    )
}

#[test]
fn civil_code_1213_the_compulsory_insurance_pays_first_and_the_rest_by_shares() {
    let statement = hurt().statement();
    // Treatment 30,000 + 2,000 + 3,000 = 35,000, of it 18,000 within; injury 9,000 + 800 + 29,000 + 5,000 = 43,800; property 1,200:
    // 63,000 within. Total 82,600, beyond 19,600; 70% of it 13,720, less 5,000.
    assert_eq!(
        hurt().claims(),
        [
            format!("判令{INSURER}在机动车交通事故责任强制保险责任限额范围内赔偿周桂兰63000元（精神损害抚慰金优先赔偿）"),
            format!("判令{INSURER}在机动车第三者责任商业保险责任限额范围内赔偿周桂兰8720元"),
            "判令陈志远对上述商业保险赔偿后仍然不足的部分承担赔偿责任".to_owned(),
            "本案诉讼费用由被告负担".to_owned(),
        ]
    );
    assert_eq!(statement.amount, Fen(7_172_000));
    assert_eq!(
        statement.facts.lines().nth(1),
        Some(
            "伤情和治疗经过：左胫骨骨折，在望澜县人民医院住院20天。因事故造成的损失有：医疗费30000元；住院伙食补助费2000元（20天，每天100元）；营养费3000元（60天，每天50元）；\
         护理费9000元（60天，每天150元）；交通费800元；残疾赔偿金29000元（十级伤残，58000元×5年×10%）；精神损害抚慰金5000元；鉴定费2600元；财产损失1200元（电动自行车维修费）；以上合计82600元。\
         其中应当由机动车交通事故责任强制保险在责任限额范围内赔偿63000元，超出的部分为19600元，应当由机动车一方按照70%的比例赔偿。机动车一方已经支付5000元，应当扣除。"
        )
    );
    assert!(statement.facts.contains("望澜县公安局交通警察大队作出道路交通事故认定书（第20260203号），认定机动车一方承担主要责任。"));
    assert!(statement.reasons.contains("第一千一百七十九条、第一千一百八十三条、第一千一百八十四条、第一千二百零八条、第一千二百一十三条，《中华人民共和国道路交通安全法》第七十六条"), "{}", statement.reasons);
    assert_eq!(
        statement.parties.iter().map(|party| (party.name.as_str(), party.standing.as_str())).collect::<Vec<_>>(),
        [("周桂兰", "被侵权人"), ("陈志远", "机动车驾驶人"), (INSURER, "承保交强险的保险公司")]
    );
    // 71,720 × 2.5% − 200.
    assert_eq!(hurt().fee(), ("1593.00".into(), "796.50".into()));
}

#[test]
fn cpl_30_where_it_happened_or_where_a_defendant_is() {
    assert_eq!(rows(&hurt().courts()), [("粤4003", "R-JUR-04"), ("粤4001", "R-JUR-05"), ("粤4002", "R-JUR-05")]);
}

#[test]
fn without_fault_the_lower_limits_and_without_insurance_the_driver() {
    let faultless = hurt()
        .with("finding", vec![("finding", "yes"), ("finding_by", "交警大队"), ("fault", "none")])
        .with("advanced", vec![("advanced_kind", "no")])
        .with("claims", vec![("claims", "within")]);
    assert_eq!(faultless.statement().amount, Fen(180_000 + 1_800_000 + 10_000));
    let mut bench =
        hurt().with("compulsory", vec![("compulsory", "no"), ("commercial", "none")]).with("claims", vec![("claims", "beyond")]).without("insurers");
    // 70% of all: 82,600 × 70% − 5,000.
    assert_eq!(bench.claims()[0], "判令陈志远赔偿周桂兰52820元");
    assert!(bench.statement().hints.iter().any(|hint| hint.law.contains("第十六条")));
    let at = bench.posts.iter().position(|(page, _)| *page == "liable").expect("asked");
    bench = bench.with("liable", vec![("liable", "affiliate")]);
    bench.posts.insert(at + 1, ("owners", company("owners", "某运输有限公司", "广东省清河市青石区学宫巷1号")));
    assert_eq!(bench.claims()[0], "判令陈志远、某运输有限公司连带赔偿周桂兰52820元");
}

#[test]
fn kin_claim_for_the_dead() {
    let dead = hurt()
        .with("victim", vec![("victim", "kin"), ("deceased", "周某"), ("died_on", "2026-02-05")])
        .with("losses", vec![("losses", "death"), ("death_base", "58000"), ("death_years", "20"), ("losses", "funeral"), ("funeral", "54000")])
        .with("advanced", vec![("advanced_kind", "no")]);
    // 1,214,000: 180,000 within, 1,034,000 × 70% beyond.
    assert_eq!(dead.statement().amount, Fen(18_000_000 + 72_380_000));
    assert!(dead.statement().facts.contains("周某因事故受伤，于2026年2月5日死亡。周桂兰是周某的近亲属。"));
    assert_eq!(dead.statement().parties[0].standing, "被侵权人近亲属");
}

#[test]
fn refusals_stand_at_their_fields() {
    let one = |field: &str, message: &str| vec![(field.to_owned(), message.to_owned())];
    assert_eq!(
        hurt().refusal("finding", &[("finding", "none"), ("fault", "main"), ("share", "170")]),
        one("share", "要求对方承担百分之几（%）不超过 100，请核对。")
    );
    let mut half = losses();
    half.iter_mut().filter(|(name, _)| *name == "food_days").for_each(|pair| pair.1 = "20.5");
    assert_eq!(hurt().refusal("losses", &half), one("food_days", "住院天数请写整数，例如 12。"));
    let much = [("advanced_kind", "driver"), ("advanced", "13720.01")];
    assert_eq!(hurt().refusal("advanced", &much)[0].0, "advanced");
    assert_eq!(hurt().refusal("compulsory", &[("compulsory", "no"), ("commercial", "same")]), one("commercial", "请从列出的各项里选一项。"));
    let nothing = hurt().with("finding", vec![("finding", "none"), ("fault", "none")]).with("advanced", vec![("advanced_kind", "no")]);
    assert_eq!(nothing.refusal("claims", &[("claims", "beyond")])[0].0, "claims", "no share is left for who has no fault");
}
