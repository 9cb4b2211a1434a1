//! 房屋租赁合同纠纷: rent and the house back; a deposit back.
use super::bench::{Bench, other, own, rows};
use crate::money::Fen;

const FLAT: &str = "广东省清河市青石区桐荫路88号3栋602房";

fn lessor() -> Bench {
    Bench::new(
        "116.2",
        vec![
            ("role", vec![("role", "lessor")]),
            ("premises", vec![("premises", FLAT), ("use", "living")]),
            ("court", vec![]),
            ("plaintiff", own("plaintiffs")),
            ("defendant", other("defendants", "陈志远", "广东省清河市望澜县城关镇正义路1号")),
            (
                "contract",
                vec![
                    ("contract_form", "written"),
                    ("contract_date", "2025-08-25"),
                    ("term", "fixed"),
                    ("term_start", "2025-09-01"),
                    ("term_end", "2027-08-31"),
                ],
            ),
            (
                "rent",
                vec![
                    ("rent", "3500"),
                    ("pay_cycle", "每月1日前交当月租金"),
                    ("deposit_agreed", "yes"),
                    ("deposit", "7000"),
                    ("late", "rate"),
                    ("late_rate", "0.05"),
                    ("late_rate_per", "day"),
                ],
            ),
            ("state", vec![("state", "occupied")]),
            ("ending", vec![("ending", "open")]),
            (
                "arrears",
                vec![("arrears", "yes"), ("arrears_from", "2026-05-01"), ("arrears_to", "2026-08-31"), ("months", "4"), ("due_date", "2026-08-01")],
            ),
            ("problem", vec![]),
            ("demand", vec![("demanded", "yes"), ("last_demand", "2026-08-15"), ("demand_way", "微信")]),
            (
                "claims",
                vec![
                    ("claims", "rescind"),
                    ("claims", "vacate"),
                    ("claims", "rent"),
                    ("claims", "late"),
                    ("claims", "use"),
                    ("use_from", "2026-09-01"),
                    ("use_to", "2026-09-07"),
                    ("use_months", "0.25"),
                ],
            ),
            ("late_claim", vec![("late_to", "2026-09-07")]),
        ],
    )
}

fn lessee() -> Bench {
    Bench::new(
        "116.2",
        vec![
            ("role", vec![("role", "lessee")]),
            ("premises", vec![("premises", FLAT), ("use", "living")]),
            ("court", vec![]),
            ("plaintiff", own("plaintiffs")),
            ("defendant", other("defendants", "陈志远", "广东省清河市望澜县城关镇正义路1号")),
            (
                "contract",
                vec![
                    ("contract_form", "written"),
                    ("contract_date", "2025-06-25"),
                    ("term", "fixed"),
                    ("term_start", "2025-07-01"),
                    ("term_end", "2026-06-30"),
                ],
            ),
            ("rent", vec![("rent", "3000"), ("pay_cycle", "押一付三"), ("deposit_agreed", "yes"), ("deposit", "3000")]),
            ("state", vec![("state", "returned"), ("returned_on", "2026-06-30")]),
            ("ending", vec![("ending", "expired")]),
            ("problem", vec![("problems", "deposit"), ("detail", "以墙面有污渍为由拒绝退还")]),
            ("demand", vec![("demanded", "yes"), ("last_demand", "2026-07-15"), ("demand_way", "电话")]),
            ("claims", vec![("claims", "deposit"), ("deposit_back", "3000")]),
        ],
    )
}

#[test]
fn the_lessor_claims_rent_and_the_house() {
    let statement = lessor().statement();
    // 3,500 × 4; 14,000 × 0.05% × 37 days (2 August to 7 September); 3,500 × 0.25.
    assert_eq!(
        lessor().claims(),
        [
            "判令解除周桂兰与陈志远就广东省清河市青石区桐荫路88号3栋602房房屋订立的租赁合同",
            "判令陈志远腾退广东省清河市青石区桐荫路88号3栋602房房屋，并将房屋返还周桂兰",
            "判令陈志远支付周桂兰自2026年5月1日起至2026年8月31日止的租金14000元",
            "判令陈志远支付周桂兰截至2026年9月7日的逾期付租违约金259元，并支付此后的违约金（以14000元为基数，自2026年9月8日起按日利率0.05%计算至实际清偿之日止）",
            "判令陈志远支付周桂兰房屋占有使用费（自2026年9月1日起按每月3500元计算至实际腾退之日止，暂计至2026年9月7日为875元）",
            "本案诉讼费用由陈志远负担",
        ]
    );
    assert_eq!(statement.amount, Fen(1_400_000 + 25_900 + 87_500));
    assert_eq!(
        statement.facts,
        "2025年8月25日，周桂兰与陈志远以书面合同的形式约定，周桂兰将位于广东省清河市青石区桐荫路88号3栋602房的房屋出租给陈志远用于居住，租赁期限自2025年9月1日起至2027年8月31日止，\
         租金每月3500元，交付方式为：每月1日前交当月租金。陈志远交纳押金7000元。双方约定逾期支付租金的违约金按日利率0.05%计算。\n\
         周桂兰已将房屋交付陈志远使用，陈志远至今没有返还房屋。自2026年5月1日起至2026年8月31日止共4个月，陈志远没有支付租金，尚欠租金14000元。\n\
         周桂兰要求陈志远履行义务，最近一次是2026年8月15日（微信），陈志远没有履行。最后一笔租金应当于2026年8月1日支付，逾期付租的违约金或者损失自2026年8月2日起计算。"
    );
    assert!(
        statement.reasons.contains(
            "第五百六十三条、第五百六十六条、第五百七十九条、第五百八十五条、第七百零三条、第七百二十一条、第七百二十二条、第七百三十三条，"
        ),
        "{}",
        statement.reasons
    );
    // 15,134 × 2.5% − 200 = 178.35; half of it 89.175.
    assert_eq!(lessor().fee(), ("178.35".into(), "89.18".into()));
}

#[test]
fn r_jur_01_the_court_of_the_house_alone() {
    assert_eq!(rows(&lessor().courts()), [("粤4001", "R-JUR-01")], "neither party lives there");
    let bench = lessor();
    let unasked = bench.cause.jurisdiction_facts(&bench.walk_to("premises")).expect("facts");
    assert_eq!(unasked, None, "nothing is proposed before the house is told");
}

#[test]
fn the_lessee_gets_his_deposit_back() {
    let statement = lessee().statement();
    assert_eq!(lessee().claims(), ["判令陈志远退还周桂兰押金3000元", "本案诉讼费用由陈志远负担"]);
    assert!(
        statement.facts.contains(
            "周桂兰已于2026年6月30日将房屋返还陈志远。租赁期限已于2026年6月30日届满。陈志远拒不退还押金。具体情况是：以墙面有污渍为由拒绝退还。"
        ),
        "{}",
        statement.facts
    );
    assert!(statement.reasons.contains("没有依据继续占有押金"));
    assert_eq!(statement.parties.iter().map(|party| party.standing.as_str()).collect::<Vec<_>>(), ["承租人", "出租人"]);
    assert_eq!((statement.amount, lessee().fee()), (Fen(300_000), ("50.00".into(), "25.00".into())));
}

#[test]
fn the_house_alone_without_money_costs_the_flat_fee() {
    let vacate = lessor().with("claims", vec![("claims", "rescind"), ("claims", "vacate")]).without("late_claim");
    assert_eq!((vacate.statement().amount, vacate.fee().0.as_str()), (Fen(0), "100.00"));
}

#[test]
fn refusals_stand_at_their_fields() {
    let one = |field: &str, message: &str| vec![(field.to_owned(), message.to_owned())];
    assert_eq!(lessor().refusal("premises", &[("use", "living")]), one("premises", "请填写房屋地址。"));
    let backwards =
        [("contract_form", "written"), ("contract_date", "2025-08-25"), ("term", "fixed"), ("term_start", "2025-09-01"), ("term_end", "2025-08-31")];
    assert_eq!(lessor().refusal("contract", &backwards), one("term_end", "租期到哪天为止早于租期从哪天开始（2025年9月1日），请核对这两个日期。"));
    assert_eq!(
        lessee().refusal("claims", &[("claims", "deposit"), ("deposit_back", "3500")]),
        one("deposit_back", "要求退还的押金比您填的押金还多，请核对。损失另外选“赔偿损失”。")
    );
    let open = lessor().with("contract", vec![("contract_form", "oral"), ("contract_date", "2025-08-25"), ("term", "open")]);
    assert_eq!(open.refusal("ending", &[("ending", "expired")]), one("ending", "请从列出的各项里选一项。"), "what has no term does not expire");
}

#[test]
fn civil_code_722_arrears_are_demanded_before_the_lease_is_rescinded() {
    let silent = lessor().with("demand", vec![("demanded", "no")]);
    assert!(silent.statement().hints.iter().any(|hint| hint.law.contains("第七百二十二条")));
}
