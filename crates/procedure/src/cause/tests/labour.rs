//! 追索劳动报酬纠纷: after arbitration, within fifteen days, for ten yuan.
use super::bench::{Bench, company, own_as, rows};
use crate::money::Fen;

fn unpaid() -> Bench {
    Bench::new(
        "205.5",
        vec![
            (
                "arbitration",
                vec![
                    ("arbitration", "award"),
                    ("commission", "清河市青石区劳动人事争议仲裁委员会"),
                    ("award_no", "青劳人仲案〔2026〕88号"),
                    ("received_on", "2026-08-31"),
                    ("award_result", "由公司支付工资8000元，驳回其他请求。"),
                ],
            ),
            ("work_place", vec![("work_place", "广东省清河市云海区学宫巷1号")]),
            ("court", vec![]),
            ("plaintiff", own_as("plaintiffs", "李明", "110105199003072012")),
            ("defendant", company("defendants", "清河市赟达商贸有限公司", "广东省清河市青石区学宫巷1号")),
            ("relation", vec![("entry_on", "2024-01-08"), ("post", "仓库管理员"), ("wage", "8000"), ("contract", "none")]),
            ("leaving", vec![("leaving", "dismissed"), ("left_on", "2026-05-20"), ("leaving_detail", "主管在工作群通知不用再来上班")]),
            (
                "claims",
                vec![
                    ("claims", "wages"),
                    ("wages_from", "2026-03-01"),
                    ("wages_to", "2026-05-20"),
                    ("wages", "21500"),
                    ("claims", "overtime"),
                    ("overtime_what", "2025年8月至2026年4月休息日加班共20天"),
                    ("overtime", "14712.64"),
                    ("claims", "double"),
                    ("double_months", "11"),
                    ("claims", "damages"),
                ],
            ),
            ("years", vec![("years", "2.5"), ("average", "8200")]),
        ],
    )
}

#[test]
fn the_worker_claims_what_the_award_did_not_give() {
    let statement = unpaid().statement();
    // 8,000 × 11; 8,200 × 2.5 × 2.
    assert_eq!(
        unpaid().claims(),
        [
            "判令清河市赟达商贸有限公司支付李明自2026年3月1日起至2026年5月20日止的工资21500元",
            "判令清河市赟达商贸有限公司支付李明加班工资14712.64元",
            "判令清河市赟达商贸有限公司支付李明未订立书面劳动合同的二倍工资差额88000元",
            "判令清河市赟达商贸有限公司支付李明违法解除劳动合同赔偿金41000元",
            "本案诉讼费用由清河市赟达商贸有限公司负担",
        ]
    );
    assert_eq!(statement.amount, Fen(16_521_264));
    assert_eq!(
        statement.facts.lines().last(),
        Some(
            "清河市青石区劳动人事争议仲裁委员会作出裁决（青劳人仲案〔2026〕88号），裁决结果是：由公司支付工资8000元，驳回其他请求。李明于2026年8月31日收到裁决书，对裁决不服。"
        )
    );
    assert!(statement.facts.starts_with(
        "李明于2024年1月8日进入清河市赟达商贸有限公司工作，岗位是仓库管理员，每月工资8000元，工作地点在广东省清河市云海区学宫巷1号，双方没有订立书面劳动合同。\
         2026年5月20日，双方劳动关系解除或者终止，原因是用人单位单方解除劳动合同。具体经过是：主管在工作群通知不用再来上班。\n"
    ), "{}", statement.facts);
    assert!(
        statement.reasons.contains(
            "《中华人民共和国劳动法》第四十四条、第五十条，《中华人民共和国劳动合同法》第三十条、第四十七条、第四十八条、第八十七条、第八十二条，"
        ),
        "{}",
        statement.reasons
    );
    assert_eq!(unpaid().fee(), ("10.00".into(), "5.00".into()), "R-FEE-04: whatever the amount");
    assert_eq!(rows(&unpaid().courts()), [("粤4001", "R-JUR-04"), ("粤4002", "R-JUR-04")]);
}

#[test]
fn fifteen_days_from_the_award() {
    let said = |received: &'static str| {
        let mut bench = unpaid();
        bench.posts[0].1.iter_mut().filter(|(name, _)| *name == "received_on").for_each(|pair| pair.1 = received);
        bench.statement().hints.into_iter().filter(|hint| hint.law.contains("第四十八条、第五十条")).map(|hint| hint.text).collect::<Vec<_>>()
    };
    assert_eq!(said("2026-08-31"), ["收到裁决书后要在十五日内起诉，您最晚要在2026年9月15日提交。"]);
    // Received on 24 August: the fifteenth day is today, 8 September.
    assert_eq!(said("2026-08-24"), ["收到裁决书后要在十五日内起诉，您最晚要在2026年9月8日提交。"]);
    assert!(said("2026-08-20")[0].starts_with("从您填的日期看，收到裁决书后十五日内起诉的期间可能已在2026年9月4日届满"));
}

#[test]
fn without_arbitration_the_person_is_warned_and_a_wage_note_goes_straight_to_court() {
    let none = unpaid().with("arbitration", vec![("arbitration", "none")]);
    assert!(none.statement().hints.iter().any(|hint| hint.text.contains("要先申请劳动仲裁")));
    let note = unpaid()
        .with("arbitration", vec![("arbitration", "iou"), ("iou_date", "2026-06-01")])
        .with(
            "claims",
            vec![("claims", "wages"), ("wages_from", "2026-03-01"), ("wages_to", "2026-05-20"), ("wages", "21500"), ("claims", "overtime")],
        )
        .without("years");
    assert_eq!(note.claims().len(), 2, "a note carries its wages alone");
    assert!(note.statement().reasons.contains("解释（一）》第十五条"));
    let materials = |bench: &Bench| bench.cause.materials_for(&bench.answers()).into_iter().map(|material| material.id.clone()).collect::<Vec<_>>();
    assert!(materials(&unpaid()).contains(&"award".to_owned()) && materials(&note).contains(&"iou".to_owned()));
}

#[test]
fn refusals_stand_at_their_fields() {
    let one = |field: &str, message: &str| vec![(field.to_owned(), message.to_owned())];
    let award = [("arbitration", "award"), ("commission", "某委"), ("award_no", "1号"), ("award_result", "驳回")];
    assert_eq!(unpaid().refusal("arbitration", &award), one("received_on", "请填写收到裁决书的日期。"));
    assert_eq!(unpaid().refusal("claims", &[("claims", "double"), ("double_months", "12")]), one("double_months", "多少个月不超过 11，请核对。"));
    let early = [("leaving", "dismissed"), ("left_on", "2023-05-20")];
    assert_eq!(unpaid().refusal("leaving", &early), one("left_on", "离开的日期早于入职日期（2024年1月8日），请核对这两个日期。"));
    assert_eq!(unpaid().refusal("claims", &[("claims", "severance")]), one("claims", "请选择诉讼请求。"), "who was dismissed claims damages");
}
