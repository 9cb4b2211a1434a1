//! 买卖合同纠纷: a seller's claim for the price, a buyer's for bad goods.
use super::bench::{Bench, company, other, own, own_company, rows};
use crate::money::Fen;

fn seller() -> Bench {
    Bench::new(
        "88",
        vec![
            ("role", vec![("role", "seller")]),
            ("court", vec![]),
            ("plaintiff", own_company("plaintiffs")),
            ("defendant", other("defendants", "陈志远", "广东省清河市青石区桐荫路88号3栋602房")),
            ("contract_form", vec![("contract_form", "contract"), ("contract_form", "account"), ("contract_date", "2026-02-10")]),
            (
                "goods",
                vec![
                    ("goods.0.name", "普通硅酸盐水泥"),
                    ("goods.0.quantity", "200吨"),
                    ("goods.0.amount", "86000"),
                    ("goods.1.name", "瓷砖"),
                    ("goods.1.quantity", "400箱"),
                    ("goods.1.amount", "34000"),
                ],
            ),
            (
                "pay_terms",
                vec![("pay_due", "fixed"), ("due_date", "2026-04-30"), ("penalty", "rate"), ("penalty_rate", "0.05"), ("penalty_rate_per", "day")],
            ),
            ("delivery", vec![("delivery", "all"), ("delivered_on", "2026-03-05")]),
            ("paid", vec![("paid", "yes"), ("payments.0.date", "2026-03-10"), ("payments.0.amount", "20000")]),
            ("demand", vec![("demanded", "yes"), ("last_demand", "2026-08-20"), ("demand_way", "电话")]),
            ("claims", vec![("claims", "price"), ("claims", "overdue")]),
            ("overdue_claim", vec![("overdue_to", "2026-09-07")]),
        ],
    )
}

fn buyer() -> Bench {
    Bench::new(
        "88",
        vec![
            ("role", vec![("role", "buyer")]),
            ("court", vec![]),
            ("plaintiff", own("plaintiffs")),
            ("defendant", company("defendants", "清河市赟达商贸有限公司", "广东省清河市青石区学宫巷1号")),
            ("contract_form", vec![("contract_form", "order"), ("contract_date", "2026-05-02")]),
            ("goods", vec![("goods.0.name", "某牌中央空调"), ("goods.0.quantity", "1套"), ("goods.0.amount", "58000")]),
            ("deliver_terms", vec![("deliver_terms", "fixed"), ("deliver_due", "2026-05-20")]),
            ("delivery", vec![("delivery", "all"), ("delivered_on", "2026-05-25")]),
            ("paid", vec![("paid", "yes"), ("payments.0.date", "2026-05-02"), ("payments.0.amount", "58000")]),
            ("problem", vec![("problems", "quality"), ("detail", "安装后不制冷，修了三次仍然不制冷。"), ("found_on", "2026-06-10")]),
            ("demand", vec![("demanded", "yes"), ("last_demand", "2026-08-01")]),
            (
                "claims",
                vec![("claims", "rescind"), ("claims", "refund"), ("refund", "58000"), ("claims", "loss"), ("loss_what", "检测费"), ("loss", "3000")],
            ),
        ],
    )
}

#[test]
fn the_seller_claims_the_price_and_what_is_owed_for_the_delay() {
    let statement = seller().statement();
    // 120,000 − 20,000; 100,000 × 0.05% × 130 days (1 May to 7 September).
    assert_eq!(
        seller().claims(),
        [
            "判令陈志远支付清河市赟达商贸有限公司货款100000元",
            "判令陈志远支付清河市赟达商贸有限公司截至2026年9月7日的逾期付款违约金6500元，并支付此后的逾期付款违约金（以100000元为基数，自2026年9月8日起按日利率0.05%计算至实际清偿之日止）",
            "本案诉讼费用由陈志远负担",
        ]
    );
    assert_eq!(statement.amount, Fen(10_650_000));
    assert_eq!(
        statement.facts,
        "2026年2月10日，清河市赟达商贸有限公司与陈志远约定由清河市赟达商贸有限公司向陈志远出售：普通硅酸盐水泥（200吨），价款86000元；瓷砖（400箱），价款34000元。\
         价款合计120000元，合同约定的形式为书面合同、对账单、结算单。双方约定于2026年4月30日付清货款。双方约定逾期付款的违约金按日利率0.05%计算。\n\
         清河市赟达商贸有限公司已于2026年3月5日将货物全部交付给陈志远。陈志远付款如下：2026年3月10日付款20000元，合计20000元，尚欠货款100000元。\n\
         清河市赟达商贸有限公司向陈志远催要，最近一次是2026年8月20日（电话），仍未付清。逾期付款的损失自付款期限届满的次日2026年5月1日起计算。"
    );
    assert!(statement.reasons.ends_with(
        "为维护合法权益，根据《中华人民共和国民法典》第五百七十七条、第五百七十九条、第五百八十五条、第五百九十五条、第六百二十六条、第六百二十八条，\
         《最高人民法院关于审理买卖合同纠纷案件适用法律问题的解释》第十八条，《中华人民共和国民事诉讼法》第一百二十二条的规定，提起诉讼，请求依法支持上述诉讼请求。"
    ), "{}", statement.reasons);
    assert_eq!(statement.parties.iter().map(|party| party.standing.as_str()).collect::<Vec<_>>(), ["出卖人", "买受人"]);
    assert_eq!(seller().fee(), ("2430.00".into(), "1215.00".into()));
    assert_eq!(rows(&seller().courts()), [("粤4001", "R-JUR-05"), ("粤4002", "R-JUR-04")], "who is to get the money");
}

#[test]
fn what_came_after_the_due_day_lessens_the_price() {
    // 120,000 × 0.05% × 10 days (1 to 10 May) + 100,000 × 0.05% × 120 days (11 May to 7 September).
    let late = seller().with("paid", vec![("paid", "yes"), ("payments.0.date", "2026-05-10"), ("payments.0.amount", "20000")]);
    assert_eq!(late.statement().claims[1].amount, Some(Fen(660_000)));
}

#[test]
fn without_an_agreed_rate_the_market_rate_is_raised() {
    let market = seller()
        .with("pay_terms", vec![("pay_due", "none"), ("penalty", "none")])
        .with("overdue_claim", vec![("overdue_to", "2026-09-07"), ("overdue_rate", "4.5"), ("overdue_rate_per", "year")]);
    // From the day after delivery: 120,000 × 4.5% × 5/365 (6 to 10 March) = 73.97, 100,000 × 4.5% × 181/365 = 2,231.51.
    let claim = &market.statement().claims[1];
    assert_eq!(claim.amount, Some(Fen(230_548)));
    assert!(claim.text.ends_with("自2026年9月8日起参照一年期贷款市场报价利率加计，按年利率4.5%计算至实际清偿之日止）"), "{}", claim.text);
    assert!(market.statement().facts.contains("逾期付款的损失自收到货物的次日2026年3月6日起计算。"));
}

#[test]
fn the_buyer_rescinds_and_gets_the_price_back() {
    let statement = buyer().statement();
    assert_eq!(
        buyer().claims(),
        [
            "判令解除周桂兰与清河市赟达商贸有限公司之间的买卖合同",
            "判令清河市赟达商贸有限公司返还周桂兰货款58000元",
            "判令清河市赟达商贸有限公司赔偿周桂兰损失3000元（检测费）",
            "本案诉讼费用由清河市赟达商贸有限公司负担",
        ]
    );
    assert_eq!(statement.amount, Fen(6_100_000));
    assert!(
        statement.facts.contains(
            "清河市赟达商贸有限公司交付的货物质量不符合约定，具体情况是：安装后不制冷，修了三次仍然不制冷。周桂兰于2026年6月10日发现质量问题。"
        ),
        "{}",
        statement.facts
    );
    assert!(statement.reasons.contains("第五百六十三条、第五百六十六条、第五百八十二条、第五百八十三条、第五百八十四条"));
    assert_eq!(statement.parties.iter().map(|party| party.standing.as_str()).collect::<Vec<_>>(), ["买受人", "出卖人"]);
    assert_eq!(buyer().fee(), ("1325.00".into(), "662.50".into()));
    assert_eq!(rows(&buyer().courts()), [("粤4001", "R-JUR-05")], "the buyer does not receive the price of the contract");
    let online = buyer().with("court", vec![("online_place", "广东省清河市云海区听涛路3号2栋501房")]);
    assert_eq!(rows(&online.courts()), [("粤4001", "R-JUR-05"), ("粤4002", "R-JUR-04")], "the place of receipt");
}

#[test]
fn goods_alone_are_valued_for_the_fee_and_repair_costs_the_flat_fee() {
    let delivered = buyer().with("claims", vec![("claims", "deliver"), ("deliver_what", "空调1套"), ("deliver_value", "58000")]);
    assert_eq!((delivered.statement().amount, delivered.fee().0.as_str()), (Fen(5_800_000), "1250.00"));
    let repaired = buyer().with("claims", vec![("claims", "repair"), ("repair_what", "更换同型号的空调1套")]);
    assert_eq!((repaired.statement().amount, repaired.fee().0.as_str()), (Fen(0), "100.00"), "R-FEE-14: no claim for money");
}

#[test]
fn a_price_that_was_not_paid_is_lessened_without_giving_back() {
    let claims = vec![("claims", "reduce"), ("reduce", "6000")];
    assert_eq!(buyer().with("claims", claims.clone()).claims()[0], "判令减少价款6000元，由清河市赟达商贸有限公司返还周桂兰");
    assert_eq!(buyer().with("paid", vec![("paid", "no")]).with("claims", claims).claims()[0], "判令减少价款6000元");
}

#[test]
fn refusals_stand_at_their_fields() {
    let one = |field: &str, message: &str| vec![(field.to_owned(), message.to_owned())];
    assert_eq!(seller().refusal("role", &[]), one("role", "请选择您的身份。"));
    assert_eq!(seller().refusal("goods", &[]), one("goods", "请至少填写一项货物。"));
    let penalty = [("pay_due", "none"), ("penalty", "rate"), ("penalty_rate", "0.05"), ("penalty_rate_per", "")];
    assert_eq!(seller().refusal("pay_terms", &penalty), one("penalty_rate", "请选择是年利率、月利率还是日利率。"));
    let early = [("delivery", "all"), ("delivered_on", "2026-02-01")];
    assert_eq!(seller().refusal("delivery", &early), one("delivered_on", "最后一次交货的日期早于约定的日期（2026年2月10日），请核对这两个日期。"));
    let paid_up = seller().with("paid", vec![("paid", "yes"), ("payments.0.date", "2026-03-10"), ("payments.0.amount", "120000")]);
    assert_eq!(
        paid_up.refusal("claims", &[("claims", "price")]),
        one("claims", "按您填的价款和付款，货款已经付清了。请核对金额；只要求违约金的，请到窗口办理。")
    );
    assert_eq!(
        buyer().refusal("claims", &[("claims", "refund"), ("refund", "58000.01")]),
        one("refund", "要求退还的货款比您填的已付货款还多，请核对。损失另外选“赔偿损失”。")
    );
}
