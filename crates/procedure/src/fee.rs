//! 诉讼费用: court fees by the tariffs of `knowledge/fees.csv` (R-FEE, 《诉讼费用交纳办法》).
//!
//! Whole-number arithmetic; rounded half up to the fen once, at the end, halving and thirds included (R-FEE-23).
use crate::case::FeeMatter;
use crate::cause::FeeKind;
use crate::money::Fen;
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;

const TARIFFS: &str = include_str!("../../../knowledge/fees.csv");
const RANGES: &str = include_str!("../../../knowledge/fee_ranges.csv");

/// Parts of a fen in which fees are kept until they are rounded: rates are 1/10,000, halves and thirds divide evenly.
const PARTS: i128 = 60_000;

/// 劳动争议案件受理费 (R-FEE-04).
pub const LABOUR: Fen = Fen(1_000);
/// 商标、专利、海事行政案件 (R-FEE-05).
pub const ADMINISTRATIVE_TRADEMARK_PATENT_MARITIME: Fen = Fen(10_000);
/// 其他行政案件 (R-FEE-05).
pub const ADMINISTRATIVE: Fen = Fen(5_000);
/// 公示催告 (R-FEE-10).
pub const PUBLIC_SUMMONS: Fen = Fen(10_000);
/// 申请撤销仲裁裁决或者认定仲裁协议效力 (R-FEE-10).
pub const ARBITRATION_REVIEW: Fen = Fen(40_000);
/// Most that an application for preservation costs (R-FEE-10, 《诉讼费用交纳办法》第14条第2项).
pub const PRESERVATION_CAP: Fen = Fen(500_000);
/// Most that an application for bankruptcy costs (R-FEE-10).
pub const BANKRUPTCY_CAP: Fen = Fen(30_000_000);

/// A fee with its arithmetic as people read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fee {
    /// What is due.
    pub fen: Fen,
    /// Before halving.
    pub full: Fen,
    pub halved: bool,
    pub steps: Vec<String>,
    /// Rule id of the rulebook.
    pub rule: String,
    /// The article of the tariff.
    pub law: String,
    /// Unrounded, in 1/60,000 fen.
    #[serde(skip)]
    exact: i128,
}

impl Fee {
    fn new(exact: i128, steps: Vec<String>, rule: &str, law: &str) -> Self {
        let fen = round(exact);
        Self { fen, full: fen, halved: false, steps, rule: rule.into(), law: law.into(), exact }
    }

    /// Half: simple procedure, mediation, withdrawal, joined counterclaim; only once (R-FEE-11, 《诉讼费用交纳办法》第15、16、18条).
    pub fn halve(mut self) -> Self {
        if self.halved {
            return self;
        }
        self.exact /= 2;
        self.fen = round(self.exact);
        self.halved = true;
        self.steps.push(format!("减半交纳：{}元", self.fen.yuan()));
        self
    }

    fn capped(mut self, cap: Fen) -> Self {
        if self.fen > cap {
            self.exact = i128::from(cap.0) * PARTS;
            self.fen = cap;
            self.full = cap;
            self.steps.push(format!("最多不超过{}元，按{}元交纳", cap.short(), cap.yuan()));
        }
        self
    }

    fn plus_base(mut self, base: Fen, name: &str) -> Self {
        self.exact += i128::from(base.0) * PARTS;
        self.fen = round(self.exact);
        self.full = self.fen;
        self.steps.insert(0, format!("{name}：{}元", base.yuan()));
        self.steps.push(format!("合计{}元", self.fen.yuan()));
        self
    }
}

impl FeeMatter {
    /// Money is still to come in: neither paid nor waived (R-FEE-15).
    pub fn outstanding(&self) -> bool {
        self.still_due() > Fen::ZERO
    }

    /// What was due before relief took something off.
    pub fn assessed(&self) -> Fen {
        if self.halved { self.full.half() } else { self.full }
    }

    /// What came in so far.
    pub fn received(&self) -> Fen {
        Fen(self.paid.iter().chain(&self.further).map(|payment| payment.amount.0).sum())
    }

    /// What stays charged where the other half was not paid after the conversion: half of what came in, nothing where nothing
    /// came in (R-FEE-17, 民诉法解释第199条).
    pub fn half_received(&self) -> Fen {
        self.received().half()
    }

    /// What is still to be paid; nothing where more came in than is due now.
    pub fn still_due(&self) -> Fen {
        Fen((self.due.0 - self.received().0).max(0))
    }

    /// What goes back because less is due now than came in (R-FEE-16, R-FEE-18).
    pub fn to_refund(&self) -> Fen {
        Fen((self.received().0 - self.due.0).max(0))
    }

    /// An application for relief waits for its decision, and 按撤诉处理 with it (R-FEE-21).
    pub fn relief_pending(&self) -> bool {
        self.relief.as_ref().is_some_and(|relief| relief.granted.is_none())
    }
}

/// Half up to whole fen; fees are not negative.
fn round(exact: i128) -> Fen {
    let fen = (2 * exact + PARTS).div_euclid(2 * PARTS);
    Fen(i64::try_from(fen).expect("a fee is smaller than its amount"))
}

/// A segment of a tariff: up to `upto` the fee is `rate · x + constant`.
#[derive(Debug, Clone, Deserialize)]
struct Segment {
    tariff: Tariff,
    upto_yuan: Option<i64>,
    rate_permyriad: i64,
    constant_yuan: i64,
    law: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Tariff {
    Property,
    Divorce,
    Personality,
    Enforcement,
    Preservation,
}

fn segments() -> &'static [Segment] {
    static SEGMENTS: OnceLock<Vec<Segment>> = OnceLock::new();
    SEGMENTS.get_or_init(|| {
        let rows = csv::Reader::from_reader(TARIFFS.as_bytes()).into_deserialize();
        rows.collect::<Result<_, _>>().expect("the shipped tariffs are checked by tests")
    })
}

/// The amount through a tariff.
fn by_tariff(tariff: Tariff, amount: Fen, rule: &str) -> Fee {
    let x = amount.0.max(0);
    let segment = segments()
        .iter()
        .find(|segment| segment.tariff == tariff && segment.upto_yuan.is_none_or(|upto| x <= upto * 100))
        .expect("each tariff ends with an open segment");
    let exact = i128::from(x) * i128::from(segment.rate_permyriad) * (PARTS / 10_000) + i128::from(segment.constant_yuan) * 100 * PARTS;
    let fee = round(exact);
    let step = match (segment.rate_permyriad, segment.constant_yuan) {
        (0, 0) => {
            let free = segment.upto_yuan.map_or_else(|| "不另交".to_owned(), |upto| format!("{upto}元以内部分不另交"));
            return Fee::new(0, vec![free], rule, &segment.law);
        }
        (0, constant) => format!("每件{constant}元"),
        (rate, 0) => format!("{}元×{}＝{}元", Fen(x).yuan(), percent(rate), fee.yuan()),
        (rate, constant) => {
            let sign = if constant < 0 { "－" } else { "＋" };
            format!("{}元×{}{sign}{}元＝{}元", Fen(x).yuan(), percent(rate), constant.abs(), fee.yuan())
        }
    };
    Fee::new(exact, vec![step], rule, &segment.law)
}

/// 1.5% from 150 per ten thousand.
fn percent(permyriad: i64) -> String {
    let (whole, rest) = (permyriad / 100, permyriad % 100);
    match (rest / 10, rest % 10) {
        (0, 0) => format!("{whole}%"),
        (tenth, 0) => format!("{whole}.{tenth}%"),
        (tenth, hundredth) => format!("{whole}.{tenth}{hundredth}%"),
    }
}

/// 财产案件受理费 (R-FEE-01, 《诉讼费用交纳办法》第13条第1项).
pub fn property(amount: Fen) -> Fee {
    by_tariff(Tariff::Property, amount, "R-FEE-01")
}

/// Claims for money and others in one suit: all money claims summed, the property tariff alone (R-FEE-14,
/// 《民事诉讼法解释》第201条). Without a money claim: the flat fee `base`, once. `None` if the sum leaves the range.
pub fn mixed(amounts: &[Fen], base: Fen) -> Option<Fee> {
    if amounts.is_empty() {
        return Some(flat(base, "R-FEE-02", "《诉讼费用交纳办法》第十三条第一款第二项"));
    }
    let sum = Fen::sum(amounts.iter().copied())?;
    let mut fee = property(sum);
    if amounts.len() > 1 {
        let parts = amounts.iter().map(|amount| amount.yuan()).collect::<Vec<_>>().join("＋");
        fee.steps.insert(0, format!("各项财产请求合并计算：{parts}＝{}元", sum.yuan()));
    }
    Some(fee)
}

/// 案件受理费 of a first instance by the tariff of its cause, with the usual figures where the province fixes them (R-FEE-01..05,
/// R-FEE-14). An amount of zero is a suit without a claim for money.
pub fn acceptance(kind: FeeKind, amount: Fen) -> Fee {
    let base = |item: &str| range(item).expect("the shipped ranges are checked by tests").usual();
    match kind {
        FeeKind::Property | FeeKind::NonProperty if amount > Fen::ZERO => property(amount),
        FeeKind::Property | FeeKind::NonProperty => flat(base("non_property"), "R-FEE-02", "《诉讼费用交纳办法》第十三条第一款第二项"),
        FeeKind::Divorce => divorce(base("divorce"), amount),
        FeeKind::Personality => personality(base("personality"), amount),
        FeeKind::Labour => labour(),
        FeeKind::Preservation => preservation(amount),
    }
}

/// 离婚案件: `base` of the province, and 0.5% of what the property exceeds 200,000 (R-FEE-02).
pub fn divorce(base: Fen, property: Fen) -> Fee {
    by_tariff(Tariff::Divorce, property, "R-FEE-02").plus_base(base, "离婚案件每件")
}

/// 人格权案件: `base` of the province, and the tariff on damages above 50,000 (R-FEE-02).
pub fn personality(base: Fen, damages: Fen) -> Fee {
    by_tariff(Tariff::Personality, damages, "R-FEE-02").plus_base(base, "人格权案件每件")
}

/// 劳动争议案件 (R-FEE-04).
pub fn labour() -> Fee {
    flat(LABOUR, "R-FEE-04", "《诉讼费用交纳办法》第十三条第一款第四项")
}

/// 知识产权民事案件: with an amount by the property tariff, else what the province fixed (R-FEE-03).
pub fn intellectual_property(amount: Option<Fen>, base: Fen) -> Fee {
    match amount {
        Some(amount) => {
            Fee { rule: "R-FEE-03".into(), law: "《诉讼费用交纳办法》第十三条第一款第三项".into(), ..property(amount) }
        }
        None => flat(base, "R-FEE-03", "《诉讼费用交纳办法》第十三条第一款第三项"),
    }
}

/// 行政案件: more for trade marks, patents and maritime matters (R-FEE-05).
pub fn administrative(special: bool) -> Fee {
    let amount = if special { ADMINISTRATIVE_TRADEMARK_PATENT_MARITIME } else { ADMINISTRATIVE };
    flat(amount, "R-FEE-05", "《诉讼费用交纳办法》第十三条第一款第五项")
}

/// 管辖权异议不成立: what the province fixed, from who raised it (R-FEE-06).
pub fn jurisdiction_objection(base: Fen) -> Fee {
    flat(base, "R-FEE-06", "《诉讼费用交纳办法》第十三条第一款第六项")
}

/// A fee by the piece.
pub fn flat(amount: Fen, rule: &str, law: &str) -> Fee {
    Fee::new(i128::from(amount.0) * PARTS, vec![format!("每件{}元", amount.short())], rule, law)
}

/// 申请执行费, collected after enforcement from the debtor (R-FEE-10, R-FEE-15).
pub fn enforcement(amount: Fen) -> Fee {
    by_tariff(Tariff::Enforcement, amount, "R-FEE-10")
}

/// 申请保全费 on what is really preserved, at most 5,000 (R-FEE-10).
pub fn preservation(amount: Fen) -> Fee {
    by_tariff(Tariff::Preservation, amount, "R-FEE-10").capped(PRESERVATION_CAP)
}

/// 申请支付令: a third of the property fee (R-FEE-10, 《诉讼费用交纳办法》第14条第3项).
pub fn payment_order(amount: Fen) -> Fee {
    let mut fee = property(amount);
    fee.exact /= 3;
    fee.fen = round(fee.exact);
    fee.full = fee.fen;
    fee.rule = "R-FEE-10".into();
    fee.law = "《诉讼费用交纳办法》第十四条第三项".into();
    fee.steps.push(format!("按三分之一交纳：{}元", fee.fen.yuan()));
    fee
}

/// 破产案件: half of the property fee on the total, at most 300,000 (R-FEE-10).
pub fn bankruptcy(total: Fen) -> Fee {
    let mut fee = property(total).halve();
    fee.rule = "R-FEE-10".into();
    fee.law = "《诉讼费用交纳办法》第十四条第六项".into();
    fee.capped(BANKRUPTCY_CAP)
}

/// 上诉案件受理费 on the part that is contested (R-FEE-12, 《诉讼费用交纳办法》第17条).
pub fn appeal(contested: Fen) -> Fee {
    let mut fee = property(contested);
    fee.rule = "R-FEE-12".into();
    fee.steps.insert(0, format!("按不服一审判决部分的上诉请求数额{}元计算", contested.yuan()));
    fee
}

/// A fee that a province fixes within the law's range (status U: a court's setting).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Range {
    pub item: String,
    low_yuan: i64,
    high_yuan: i64,
    usual_yuan: i64,
    pub status: String,
    pub law: String,
}

impl Range {
    /// Least and most.
    pub fn bounds(&self) -> (Fen, Fen) {
        (Fen::yuan_whole(self.low_yuan), Fen::yuan_whole(self.high_yuan))
    }
    /// What is taken until the court sets its province's figure.
    pub fn usual(&self) -> Fen {
        Fen::yuan_whole(self.usual_yuan)
    }
}

/// The range of an item: `divorce`, `personality`, `non_property`, `intellectual_property`, `jurisdiction_objection`,
/// `enforcement_without_amount`.
pub fn range(item: &str) -> Option<&'static Range> {
    ranges().iter().find(|range| range.item == item)
}

/// Every range, for the page of a court's settings.
pub fn ranges() -> &'static [Range] {
    static RANGES_READ: OnceLock<Vec<Range>> = OnceLock::new();
    RANGES_READ.get_or_init(|| {
        let rows = csv::Reader::from_reader(RANGES.as_bytes()).into_deserialize();
        rows.collect::<Result<_, _>>().expect("the shipped ranges are checked by tests")
    })
}

/// The fee borne by several in proportion to `weights`; the parts sum to the fee exactly, the largest remainders first
/// (R-FEE-23). `None` if there is no positive weight.
pub fn share(fee: Fen, weights: &[Fen]) -> Option<Vec<Fen>> {
    let total: i128 = weights.iter().map(|weight| i128::from(weight.0.max(0))).sum();
    if total == 0 {
        return None;
    }
    let exact = |weight: &Fen| i128::from(fee.0) * i128::from(weight.0.max(0));
    let mut shares: Vec<i128> = weights.iter().map(|weight| exact(weight).div_euclid(total)).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|index| std::cmp::Reverse(exact(&weights[*index]).rem_euclid(total)));
    let left = i128::from(fee.0) - shares.iter().sum::<i128>();
    for index in order.into_iter().take(usize::try_from(left).ok()?) {
        shares[index] += 1;
    }
    shares.into_iter().map(|share| i64::try_from(share).ok().map(Fen)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fen(yuan: &str) -> Fen {
        Fen::parse_yuan(yuan).expect("an amount")
    }

    #[test]
    fn r_fee_01_worked_examples_and_r_fee_11_halves() {
        for (amount, full, half) in [
            ("8000", "50", "25"),
            ("10000.01", "50.00", "25.00"),
            ("58000", "1250", "625"),
            ("100000", "2300", "1150"),
            ("150000", "3300", "1650"),
            ("360000", "6700", "3350"),
            ("1234567.89", "15911.11", "7955.56"),
            ("5000000", "46800", "23400"),
            ("12000000", "93800", "46900"),
            ("88000000", "481800", "240900"),
            ("479632.88", "8494.49", "4247.25"),
            ("175500", "3810", "1905"),
        ] {
            assert_eq!(property(fen(amount)).fen, fen(full), "{amount}");
            let halved = property(fen(amount)).halve();
            assert_eq!((halved.fen, halved.full), (fen(half), fen(full)), "{amount} halved");
            assert_eq!(halved.clone().halve(), halved, "R-FEE-11: only one halving");
        }
        for (bound, fee) in [
            (10_000, 50),
            (100_000, 2_300),
            (200_000, 4_300),
            (500_000, 8_800),
            (1_000_000, 13_800),
            (2_000_000, 22_800),
            (5_000_000, 46_800),
            (10_000_000, 81_800),
            (20_000_000, 141_800),
        ] {
            assert_eq!(property(Fen::yuan_whole(bound)).fen, Fen::yuan_whole(fee), "{bound}");
        }
    }

    #[test]
    fn r_fee_01_the_arithmetic_reads_as_on_the_notice() {
        assert_eq!(property(fen("479632.88")).steps, ["479632.88元×1.5%＋1300元＝8494.49元"]);
        assert_eq!(property(fen("175500")).halve().steps, ["175500.00元×2%＋300元＝3810.00元", "减半交纳：1905.00元"]);
        assert_eq!(property(fen("8000")).steps, ["每件50元"]);
    }

    #[test]
    fn r_fee_02_divorce_and_personality_rights() {
        assert_eq!(divorce(fen("300"), fen("1000000")).fen, fen("4300"));
        assert_eq!(divorce(fen("300"), fen("200000")).fen, fen("300"));
        assert_eq!(personality(fen("500"), fen("80000")).fen, fen("800"));
        assert_eq!(personality(fen("500"), fen("300000")).fen, fen("2000"));
        assert_eq!(personality(fen("500"), fen("50000")).fen, fen("500"));
    }

    #[test]
    fn the_acceptance_fee_follows_the_tariff_of_the_cause() {
        for (kind, amount, fee, rule) in [
            (FeeKind::Property, "150000", "3300", "R-FEE-01"),
            (FeeKind::Property, "0", "100", "R-FEE-02"),
            (FeeKind::NonProperty, "0", "100", "R-FEE-02"),
            (FeeKind::NonProperty, "150000", "3300", "R-FEE-01"),
            (FeeKind::Divorce, "0", "300", "R-FEE-02"),
            (FeeKind::Divorce, "1000000", "4300", "R-FEE-02"),
            (FeeKind::Personality, "80000", "800", "R-FEE-02"),
            (FeeKind::Labour, "80000", "10", "R-FEE-04"),
        ] {
            let found = acceptance(kind, Fen::parse_yuan(amount).unwrap_or(Fen::ZERO));
            assert_eq!((found.fen, found.rule.as_str()), (fen(fee), rule), "{kind:?} {amount}");
        }
    }

    #[test]
    fn r_fee_04_labour() {
        assert_eq!((labour().fen, labour().halve().fen), (fen("10"), fen("5")));
    }

    #[test]
    fn r_fee_03_intellectual_property_by_amount_or_by_the_piece() {
        assert_eq!(intellectual_property(Some(fen("58000")), Fen::ZERO).fen, fen("1250"));
        let piece = intellectual_property(None, range("intellectual_property").expect("a row").usual());
        assert_eq!((piece.fen, piece.rule.as_str()), (fen("1000"), "R-FEE-03"));
    }

    #[test]
    fn r_fee_05_administrative_cases_by_the_piece() {
        assert_eq!((administrative(false).fen, administrative(true).fen), (fen("50"), fen("100")));
    }

    #[test]
    fn r_fee_06_an_objection_to_jurisdiction_that_fails() {
        let range = range("jurisdiction_objection").expect("a row");
        assert_eq!((range.bounds(), jurisdiction_objection(range.usual()).fen), ((fen("50"), fen("100")), range.usual()));
    }

    #[test]
    fn r_fee_10_applications() {
        for (amount, fee) in [("10000", "50"), ("300000", "4400"), ("2000000", "22400"), ("20000000", "87400")] {
            assert_eq!(enforcement(fen(amount)).fen, fen(fee), "{amount}");
        }
        for (amount, fee) in [("1000", "30"), ("50000", "520"), ("500000", "3020"), ("896000", "5000"), ("2000000", "5000"), ("479632.88", "2918.16")]
        {
            assert_eq!(preservation(fen(amount)).fen, fen(fee), "{amount}");
        }
        assert_eq!(payment_order(fen("100000")).fen, fen("766.67"));
        assert_eq!(bankruptcy(fen("5000000")).fen, fen("23400"));
        assert_eq!(bankruptcy(fen("500000000")).fen, fen("300000"));
    }

    #[test]
    fn r_fee_12_the_contested_part() {
        assert_eq!(appeal(fen("60000")).fen, fen("1300"));
    }

    #[test]
    fn r_fee_14_money_claims_are_summed_and_others_follow_them() {
        let fee = mixed(&[fen("150000"), fen("25500")], fen("100")).expect("in range");
        assert_eq!(fee.fen, fen("3810"));
        assert_eq!(fee.steps[0], "各项财产请求合并计算：150000.00＋25500.00＝175500.00元");
        assert_eq!(mixed(&[], fen("100")).expect("in range").fen, fen("100"));
    }

    #[test]
    fn r_fee_02_ranges_are_data() {
        let range = range("divorce").expect("a row");
        assert_eq!(range.bounds(), (fen("50"), fen("300")));
        assert!((range.bounds().0..=range.bounds().1).contains(&range.usual()));
    }

    #[test]
    fn r_fee_23_shares_sum_to_the_fee() {
        assert_eq!(share(fen("8494.49"), &[fen("442466.01"), fen("37166.87")]), Some(vec![fen("7836.25"), fen("658.24")]));
        assert_eq!(share(Fen(1), &[Fen(0), Fen(0)]), None);
    }

    proptest! {
        #[test]
        fn r_fee_01_more_is_never_cheaper(a in 0_i64..1_000_000_000_000, b in 0_i64..1_000_000_000_000) {
            let (low, high) = (a.min(b), a.max(b));
            for tariff in [property, enforcement, preservation, payment_order] {
                prop_assert!(tariff(Fen(low)).fen <= tariff(Fen(high)).fen);
            }
        }

        #[test]
        fn r_fee_01_the_quick_formula_is_the_sum_of_the_segments(amount in 0_i64..10_000_000_000) {
            let bounds = [1, 10, 20, 50, 100, 200, 500, 1000, 2000].map(|wan| wan * 1_000_000_i64);
            let rates = [250, 200, 150, 100, 90, 80, 70, 60, 50];
            let mut exact = i128::from(5_000 * 10_000);
            for (index, rate) in rates.iter().enumerate() {
                let top = bounds.get(index + 1).copied().unwrap_or(i64::MAX);
                exact += i128::from((amount.min(top) - bounds[index]).max(0)) * rate;
            }
            prop_assert_eq!(i128::from(property(Fen(amount)).fen.0), (exact + 5_000).div_euclid(10_000));
        }

        #[test]
        fn r_fee_11_half_is_half_rounded_once(amount in 0_i64..10_000_000_000_000) {
            let full = property(Fen(amount)).fen.0;
            let half = property(Fen(amount)).halve().fen.0;
            prop_assert!((2 * half - full).abs() <= 1);
        }

        #[test]
        fn r_fee_23_parts_and_whole(fee in 0_i64..100_000_000, weights in prop::collection::vec(1_i64..1_000_000_000, 1..8)) {
            let weights: Vec<Fen> = weights.into_iter().map(Fen).collect();
            let shares = share(Fen(fee), &weights).expect("positive weights");
            prop_assert_eq!(Fen::sum(shares), Some(Fen(fee)));
        }
    }
}
