//! 物业服务合同纠纷: a company claims the fees of one flat.
use super::bench::{Bench, other, own_company, rows};
use crate::money::Fen;

const FLAT: &str = "广东省清河市青石区桐荫路88号3栋602房";

fn arrears() -> Bench {
    Bench::new(
        "126",
        vec![
            ("court", vec![]),
            ("plaintiff", own_company("plaintiffs")),
            ("defendant", other("defendants", "陈志远", FLAT)),
            ("occupied", vec![("occupied", "no")]),
            ("premises", vec![("estate", "清河花园"), ("premises", FLAT), ("area", "８９.5")]),
            (
                "contract",
                vec![("contract_kind", "early"), ("developer", "清河市某房地产开发有限公司"), ("early_date", "2019-06-01"), ("service", "on")],
            ),
            ("standard", vec![("standard", "area"), ("unit_price", "2.80"), ("late", "rate"), ("late_rate", "0.05"), ("late_rate_per", "day")]),
            ("arrears", vec![("arrears_from", "2024-12-01"), ("arrears_to", "2026-07-31"), ("months", "20"), ("due_date", "2026-07-31")]),
            (
                "others",
                vec![
                    ("others", "yes"),
                    ("items.0.name", "公摊水电费"),
                    ("items.0.amount", "300"),
                    ("items.1.name", "停车管理费"),
                    ("items.1.amount", "1200"),
                ],
            ),
            ("demand", vec![("demanded", "yes"), ("last_demand", "2026-08-10"), ("demand_way", "书面催费函")]),
            ("claims", vec![("claims", "fee"), ("claims", "others"), ("claims", "late")]),
            ("late_claim", vec![("late_to", "2026-09-07")]),
        ],
    )
}

#[test]
fn the_fee_is_reckoned_from_area_price_and_months() {
    let statement = arrears().statement();
    // 89.5 × 2.80 × 20 = 5,012; 5,012 × 0.05% × 38 days (1 August to 7 September) = 95.228.
    assert_eq!(
        arrears().claims(),
        [
            "判令陈志远支付清河市赟达商贸有限公司自2024年12月1日起至2026年7月31日止的物业费5012元",
            "判令陈志远支付清河市赟达商贸有限公司公摊水电费300元",
            "判令陈志远支付清河市赟达商贸有限公司停车管理费1200元",
            "判令陈志远支付清河市赟达商贸有限公司截至2026年9月7日的逾期交费违约金95.23元，并支付此后的违约金（以5012元为基数，自2026年9月8日起按日利率0.05%计算至实际清偿之日止）",
            "本案诉讼费用由陈志远负担",
        ]
    );
    assert_eq!(statement.claims.iter().map(|claim| claim.amount.map_or(0, |fen| fen.0)).collect::<Vec<_>>(), [501_200, 30_000, 120_000, 9_523, 0]);
    assert_eq!(statement.amount, Fen(660_723));
    assert_eq!(
        statement.facts,
        "陈志远是清河花园（广东省清河市青石区桐荫路88号3栋602房）的业主，房屋建筑面积89.5平方米。2019年6月1日，清河市赟达商贸有限公司与建设单位清河市某房地产开发有限公司签订前期物业服务合同，为清河花园提供物业服务。\
         物业费的标准为每月每平方米2.80元。逾期交费的，违约金按日利率0.05%计算。\n\
         清河市赟达商贸有限公司一直按照约定和有关规定提供物业服务。自2024年12月1日起至2026年7月31日止共20个月，陈志远没有交纳物业费，尚欠物业费5012元。\
         此外，陈志远还欠公摊水电费300元、停车管理费1200元，合计1500元。\n\
         清河市赟达商贸有限公司催告陈志远交费，最近一次是2026年8月10日（书面催费函），陈志远在合理期限内仍未交纳。最后一笔物业费应当于2026年7月31日交纳，逾期交费的违约金或者损失自2026年8月1日起计算。"
    );
    assert!(
        statement.reasons.contains("对业主具有法律约束力")
            && statement.reasons.contains("第九百三十七条、第九百三十九条、第九百四十四条，《中华人民共和国民事诉讼法》"),
        "{}",
        statement.reasons
    );
    assert_eq!(arrears().fee(), ("50.00".into(), "25.00".into()));
    assert_eq!(rows(&arrears().courts()), [("粤4001", "R-JUR-05"), ("粤4002", "R-JUR-04")]);
}

#[test]
fn what_was_paid_comes_off_and_a_tenant_is_liable_too() {
    let both = arrears()
        .with("occupied", vec![("occupied", "yes")])
        .with(
            "arrears",
            vec![("arrears_from", "2024-12-01"), ("arrears_to", "2026-07-31"), ("months", "20"), ("due_date", "2026-07-31"), ("paid_part", "1012")],
        )
        .with("claims", vec![("claims", "fee")])
        .without("late_claim");
    let mut posts = both.posts;
    posts.insert(4, ("occupants", other("occupants", "林某", FLAT)));
    let both = Bench { cause: both.cause, posts };
    assert_eq!(
        both.claims(),
        [
            "判令陈志远支付清河市赟达商贸有限公司自2024年12月1日起至2026年7月31日止的物业费4000元",
            "判令林某对上述债务与陈志远承担连带责任",
            "本案诉讼费用由陈志远、林某负担",
        ]
    );
    assert_eq!(both.statement().parties.iter().map(|party| party.standing.as_str()).collect::<Vec<_>>(), ["物业服务人", "业主", "物业使用人"]);
}

#[test]
fn civil_code_944_a_demand_comes_before_the_suit() {
    let silent = arrears().with("demand", vec![("demanded", "no")]);
    assert!(silent.statement().hints.iter().any(|hint| hint.law.contains("第九百四十四条") && hint.text.contains("先发催费函")));
    assert!(!arrears().statement().hints.iter().any(|hint| hint.text.contains("先发催费函")));
}

#[test]
fn refusals_stand_at_their_fields() {
    let one = |field: &str, message: &str| vec![(field.to_owned(), message.to_owned())];
    let flat = |area| vec![("estate", "清河花园"), ("premises", FLAT), ("area", area)];
    assert_eq!(arrears().refusal("premises", &flat("八十九")), one("area", "建筑面积（平方米）请用数字写，例如 12 或者 89.5。"));
    assert_eq!(arrears().refusal("premises", &flat("0")), one("area", "建筑面积（平方米）要大于 0，请核对。"));
    let paid = [("arrears_from", "2024-12-01"), ("arrears_to", "2026-07-31"), ("months", "20"), ("due_date", "2026-07-31"), ("paid_part", "5012")];
    assert_eq!(arrears().refusal("arrears", &paid), one("paid_part", "按您填的标准和月数，物业费已经交清了。请核对标准、月数和已交的金额。"));
    assert_eq!(arrears().refusal("late_claim", &[("late_to", "2026-07-31")])[0].0, "late_to");
}
