use super::*;
use crate::law::Law;
use crate::money::Fen;
use jiff::civil::date;
use serde_json::json;

#[path = "tests/any_way.rs"]
mod any_way;
#[path = "tests/bench.rs"]
mod bench;
#[path = "tests/divorce.rs"]
mod divorce;
#[path = "tests/housing_lease.rs"]
mod housing_lease;
#[path = "tests/labour.rs"]
mod labour;
#[path = "tests/property_service.rs"]
mod property_service;
#[path = "tests/sale_of_goods.rs"]
mod sale_of_goods;
#[path = "tests/traffic_accident.rs"]
mod traffic_accident;

const TODAY: Date = date(2026, 9, 8);

fn cause() -> &'static Cause {
    Cause::by_number("108.3").expect("shipped")
}

fn law() -> &'static Law {
    static LAW: OnceLock<Law> = OnceLock::new();
    LAW.get_or_init(Law::demo)
}

fn form(pairs: &[(&str, &str)]) -> Form {
    pairs.iter().map(|(name, value)| (*name, *value)).collect()
}

/// The pages of the mock's case: 周桂兰 lent 陈志远 150,000 at 1% a month; every page as the browser posts it.
fn posts() -> Vec<(&'static str, Vec<(&'static str, &'static str)>)> {
    vec![
        ("court", vec![]),
        (
            "plaintiff",
            vec![
                ("plaintiffs.0.kind", "person"),
                ("plaintiffs.0.name", "周桂兰"),
                ("plaintiffs.0.id_kind", "resident"),
                ("plaintiffs.0.id_number", "11010519491231002x"),
                ("plaintiffs.0.ethnicity", "汉族"),
                ("plaintiffs.0.domicile", "广东省清河市云海区听涛路3号2栋501房"),
                ("plaintiffs.0.phone", "138 0013 8000"),
            ],
        ),
        (
            "defendant",
            vec![
                ("defendants.0.kind", "person"),
                ("defendants.0.name", "陈志远"),
                ("defendants.0.sex", "male"),
                ("defendants.0.domicile", "广东省清河市青石区桐荫路88号3栋602房"),
            ],
        ),
        ("loan_form", vec![("loan_form", "note"), ("loan_form", "chat")]),
        ("loan_amount", vec![("principal", "150,000.00"), ("paper_differs", "same"), ("purpose", "装修房屋")]),
        ("loan_dates", vec![("loan_date", "2025年4月8日"), ("due", "fixed"), ("due_date", "2026-04-07")]),
        ("loan_interest", vec![("interest", "rate"), ("rate", "1"), ("rate_per", "month"), ("overdue_agreed", "none")]),
        ("guarantee", vec![("guarantee", "none")]),
        ("delivery", vec![("delivery", "bank"), ("delivery_bank", "120000.00"), ("delivery", "cash"), ("delivery_cash", "30000.00")]),
        ("delivered", vec![("delivered_on", "2025-04-08")]),
        ("repaid", vec![("repaid", "no")]),
        ("demand", vec![("demanded", "yes"), ("last_demand", "2026-08-20"), ("demand_way", "微信")]),
        ("claims", vec![("claims", "principal"), ("claims", "interest")]),
        ("interest_claim", vec![("interest_to", "2026-09-07")]),
    ]
}

/// Walks the interview with these posts; panics with the errors of a page that is refused.
fn walk(posts: &[(&str, Vec<(&str, &str)>)]) -> Answers {
    let mut answers = Answers::new();
    for (id, pairs) in posts {
        let page = cause().page(id).unwrap_or_else(|| panic!("page {id}"));
        let new = cause().check_page(page, &form(pairs), &answers, TODAY).unwrap_or_else(|errors| panic!("{id}: {errors:?}"));
        cause().merge(page, &mut answers, new);
    }
    answers
}

fn change(posts: &mut [(&'static str, Vec<(&'static str, &'static str)>)], id: &str, pairs: Vec<(&'static str, &'static str)>) {
    posts.iter_mut().find(|(page, _)| *page == id).expect("page").1 = pairs;
}

fn errors(id: &str, pairs: &[(&str, &str)], answers: &Answers) -> Vec<FieldError> {
    cause().check_page(cause().page(id).expect("page"), &form(pairs), answers, TODAY).expect_err("refused")
}

#[test]
fn every_shipped_cause_reads_and_its_steps_have_pages() {
    for cause in Cause::all() {
        for step in &cause.steps {
            assert!(cause.pages.iter().any(|page| page.step == step.id), "{}: {}", cause.name, step.id);
        }
        let names: Vec<_> = cause.every_field().into_iter().map(|field| field.name.clone()).collect();
        let mut unique = names.clone();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), names.len(), "{}: names are unique", cause.name);
        for page in &cause.pages {
            assert!(!page.why.is_empty() && !page.law.is_empty(), "{}: why and by what law", page.id);
        }
    }
    assert_eq!(
        cause().steps.iter().map(|step| step.title.as_str()).collect::<Vec<_>>(),
        ["选择法院", "原告信息", "被告信息", "借款约定", "借款交付", "还款情况", "诉讼请求", "证据材料", "核对并提交"]
    );
}

#[test]
fn a_name_that_does_not_exist_is_found_when_reading() {
    let text = include_str!("../../../../knowledge/causes/private-lending.toml");
    for (good, bad) in [
        ("when = \"demanded is yes\"", "when = \"demand is yes\""),
        ("when = \"demanded is yes\"", "when = \"demanded is maybe\""),
        ("判{defendants}<wbr>做什么", "判{defendant}<wbr>做什么"),
        ("element = \"due\"", "element = \"dew\""),
        ("equals = \"principal\"", "equals = \"principle\""),
        ("step = \"delivery\"", "step = \"deliver\""),
    ] {
        assert!(text.contains(good), "{good}");
        assert!(matches!(Cause::read(&text.replacen(good, bad, 1)), Err(Error::UnknownName { .. })), "{bad}");
    }
}

#[test]
fn a_formula_or_a_condition_of_entries_that_cannot_be_is_found_when_reading() {
    let service = include_str!("../../../../knowledge/causes/property-service.toml");
    let divorce = include_str!("../../../../knowledge/causes/divorce.toml");
    for (text, good, bad) in [
        (service, "unit_price * area * months", "unit_price * aera * months"),
        (service, "sum(items.amount)", "sum(items.sum)"),
        (service, "agreed_place = \"agreed_place\"", "agreed_place = \"agreed_palace\""),
        (divorce, "each_when = \"custody is mine and support filled\"", "each_when = \"custody is ours and support filled\""),
        (divorce, "each_when = \"custody is mine and support filled\"", "each_when = \"keeper is mine and support filled\""),
        (divorce, "text = \"判令{name}由{plaintiffs}直接抚养，{defendants}自", "text = \"判令{nmae}由{plaintiffs}直接抚养，{defendants}自"),
        (divorce, "from = [\"before_on\"]", "from = [\"before_at\"]"),
        (divorce, "left_home = \"where is left\"", "left_home = \"where is gone\""),
    ] {
        assert!(text.contains(good), "{good}");
        assert!(matches!(Cause::read(&text.replacen(good, bad, 1)), Err(Error::UnknownName { .. })), "{bad}");
    }
    for bad in ["unit_price *", "* area", "unit_price area", "sum(items)", "unit_price / area", ""] {
        let text = service.replacen("unit_price * area * months", bad, 1);
        assert!(matches!(Cause::read(&text), Err(Error::Formula(_))) || bad.is_empty(), "{bad}");
    }
}

#[test]
fn every_kind_of_jurisdiction_has_its_matter() {
    use crate::jurisdiction::Matter;
    let text = include_str!("../../../../knowledge/causes/private-lending.toml");
    let matter = |kind: &str| {
        let kind = format!("jurisdiction = \"{kind}\"\nplaces = [\"agreed_court\"]\nemployer = \"defendants\"");
        let cause = Cause::read(&text.replacen("jurisdiction = \"contract_money\"", &kind, 1)).expect("reads");
        let mut answers = walk(&posts());
        answers.insert("agreed_court".into(), json!("广东省清河市望澜县"));
        cause.jurisdiction_facts(&answers).expect("facts").expect("told").matter
    };
    let place = || "广东省清河市望澜县".to_owned();
    assert!(matches!(matter("contract_money"), Matter::Contract { receiver: Some(place), .. } if place.of == "周桂兰"));
    assert!(matches!(matter("contract"), Matter::Contract { receiver: None, .. }));
    assert_eq!(matter("immovable"), Matter::Immovable { place: place(), by_contract: true });
    assert_eq!(matter("tort"), Matter::Tort { acts: vec![place()], results: vec![], online: false });
    assert_eq!(matter("traffic_accident"), Matter::TransportAccident { places: vec![place()] });
    assert!(matches!(matter("labour"), Matter::Labour { employer, .. } if employer.of == "陈志远"));
    assert_eq!(matter("divorce"), Matter::Divorce { left_home: false });
    assert_eq!(matter("general"), Matter::General);
}

#[test]
fn r_fil_02_the_interview_makes_the_complaint() {
    let answers = walk(&posts());
    assert_eq!(cause().check_all(&answers, TODAY), []);
    let statement = cause().statement(&answers, law(), TODAY).expect("a statement");
    let claims: Vec<_> = statement.claims.iter().map(|claim| claim.text.as_str()).collect();
    assert_eq!(
        claims,
        [
            "判令陈志远偿还周桂兰借款本金150000元",
            "判令陈志远支付周桂兰利息（以150000元为基数，自2025年4月8日起按月利率1%计算至实际清偿之日止，暂计至2026年9月7日为25500元）",
            "本案诉讼费用由陈志远负担",
        ]
    );
    assert_eq!(statement.amount, Fen(17_550_000));
    assert_eq!(crate::fee::property(statement.amount).halve().fen, Fen(190_500));
    assert_eq!(
        statement.facts,
        "2025年4月8日，陈志远向周桂兰借款150000元，用于装修房屋，借款约定的形式为借条（借据、欠条）、聊天记录。双方约定于2026年4月7日还款。双方约定借款利息按月利率1%计算。\n\
         周桂兰已将借款150000元交付给陈志远，交付方式为银行转账120000元、现金30000元，交付完毕的日期为2025年4月8日。\n\
         陈志远至今没有还款。周桂兰向陈志远催要，最近一次是2026年8月20日（微信），仍未还清。"
    );
    assert!(statement.reasons.contains("借款合同自提供借款时成立") && statement.reasons.contains("第二十五条、第二十八条"), "{}", statement.reasons);
    assert_eq!(
        statement.parties[0].introduction(),
        "周桂兰，女，1949年12月31日出生，汉族，住广东省清河市云海区听涛路3号2栋501房，公民身份号码11010519491231002X，联系电话13800138000。"
    );
    assert_eq!(statement.parties[1].introduction(), "陈志远，男，住广东省清河市青石区桐荫路88号3栋602房。");
    assert_eq!(statement.calculation.len(), 2, "one stretch: the rate stays the same when it falls due");
    assert!(statement.evidence_hints.iter().any(|(name, _)| name == "取款凭证、收条"));
}

#[test]
fn r_jur_04_courts_are_proposed_from_the_answers() {
    let facts = cause().jurisdiction_facts(&walk(&posts())).expect("facts").expect("a contract over money");
    assert_eq!(facts.amount, Fen(17_550_000));
    let codes: Vec<_> = crate::jurisdiction::propose(&facts, &law().courts).courts.into_iter().map(|court| court.code).collect();
    assert_eq!(codes, ["粤4001", "粤4002"]);
}

#[test]
fn civil_code_679_deliveries_must_come_to_the_principal() {
    let answers = walk(&posts()[..8]);
    let wrong = [("delivery", "bank"), ("delivery_bank", "120000"), ("delivery", "cash"), ("delivery_cash", "10000")];
    let errors = errors("delivery", &wrong, &answers);
    assert_eq!(errors.len(), 1);
    assert_eq!((errors[0].field.as_str(), errors[0].short.as_str()), ("delivery_cash", "现金金额：两项合计少了 20000 元"));
    assert_eq!(
        errors[0].message,
        "银行转账 120000 元加现金 10000 元，合计 130000 元，比第 4 步填的借款本金 150000 元少 20000 元。请核对现金金额，或者回第 4 步改借款本金。"
    );
    assert_eq!(errors[0].or_page.as_deref(), Some("loan_amount"));
}

#[test]
fn questions_name_people_and_pages_follow_answers() {
    let answers = walk(&posts());
    assert_eq!(cause().ask(cause().page("delivery").expect("page"), &answers), "借款是怎么<wbr>交付给<wbr>陈志远的？");
    assert_eq!(cause().ask(cause().page("delivery").expect("page"), &Answers::new()), "借款是怎么<wbr>交付给<wbr>对方的？");
    let ids = |answers: &Answers| cause().pages(answers).into_iter().map(|page| page.id.as_str()).collect::<Vec<_>>();
    assert!(ids(&answers).contains(&"interest_claim") && !ids(&answers).contains(&"sureties"));
    assert!(!ids(&Answers::new()).contains(&"interest_claim"));
    assert_eq!(cause().step_of(cause().page("delivered").expect("page")).map(|(number, step)| (number, step.title.as_str())), Some((5, "借款交付")));
}

#[test]
fn every_refusal_says_what_to_do_at_its_field() {
    let answers = walk(&posts()[..3]);
    for (page, pairs, field, message) in [
        ("loan_amount", vec![("principal", "15万"), ("paper_differs", "same")], "principal", "请用数字写全金额，不要写“万”“亿”。15万请填 150000。"),
        ("loan_amount", vec![("principal", "0"), ("paper_differs", "same")], "principal", "借款本金要大于 0，请核对。"),
        ("loan_amount", vec![("principal", "1"), ("paper_differs", "differs"), ("paper_amount", "2")], "paper_reason", "请填写为什么不一样。"),
        ("loan_dates", vec![("loan_date", "1900-01-01"), ("due", "none")], "loan_date", "1900年不对，请核对年份，写 4 位数字，例如 2024。"),
        ("loan_dates", vec![("loan_date", "2099年1月1日"), ("due", "none")], "loan_date", "2099年不对，请核对年份，写 4 位数字，例如 2024。"),
        ("loan_dates", vec![("loan_date", "2026-09-09"), ("due", "none")], "loan_date", "借款日期在今天之后，请核对。"),
        ("loan_dates", vec![("loan_date", "2025-02-30"), ("due", "none")], "loan_date", "2025年2月没有30日，请核对。"),
        (
            "loan_dates",
            vec![("loan_date", "2025-03-01"), ("due", "fixed"), ("due_date", "2025-02-01")],
            "due_date",
            "约定的还款日期早于借款日期（2025年3月1日），请核对这两个日期。",
        ),
        ("loan_interest", vec![("interest", "rate"), ("rate", "12"), ("overdue_agreed", "none")], "rate", "请选择是年利率还是月利率。"),
        ("loan_form", vec![], "loan_form", "请选择借款约定的形式。"),
        ("loan_form", vec![("loan_form", "carved in stone")], "loan_form", "请从列出的各项里选。"),
        ("plaintiff", vec![], "plaintiffs", ""),
        (
            "plaintiff",
            vec![
                ("plaintiffs.0.kind", "person"),
                ("plaintiffs.0.name", "周"),
                ("plaintiffs.0.id_number", "110105194912310021"),
                ("plaintiffs.0.ethnicity", "汉族"),
                ("plaintiffs.0.domicile", "某地"),
                ("plaintiffs.0.phone", "13800138000"),
            ],
            "plaintiffs.0.id_number",
            "身份证号有一位不对，请对照身份证逐位核对。",
        ),
        (
            "defendant",
            vec![
                ("defendants.0.kind", "organisation"),
                ("defendants.0.name", "某公司"),
                ("defendants.0.credit_code", "91350100M000100Y44"),
                ("defendants.0.domicile", "某地"),
                ("defendants.0.representative", "王某"),
            ],
            "defendants.0.credit_code",
            "统一社会信用代码有一位不对，请对照营业执照逐位核对。",
        ),
    ] {
        let errors = errors(page, &pairs, &answers);
        assert_eq!(errors.len(), 1, "{page} {pairs:?}: {errors:?}");
        assert_eq!(errors[0].field, field);
        if !message.is_empty() {
            assert_eq!(errors[0].message, message);
        }
    }
}

#[test]
fn several_defendants_sureties_payments_and_overdue_rate() {
    let mut posts = posts();
    let defendants = vec![
        ("defendants.0.kind", "person"),
        ("defendants.0.name", "林𬱖"),
        ("defendants.0.domicile", "广东省清河市青石区桐荫路88号3栋602房"),
        ("defendants.2.kind", "organisation"),
        ("defendants.2.name", "清河市赟达商贸有限公司"),
        ("defendants.2.domicile", "广东省清河市青石区学宫巷1号"),
        ("defendants.2.representative", "林𬱖"),
        ("defendants.3.kind", "person"),
    ];
    change(&mut posts, "defendant", defendants);
    change(
        &mut posts,
        "loan_interest",
        vec![
            ("interest", "rate"),
            ("rate", "12"),
            ("rate_per", "year"),
            ("overdue_agreed", "rate"),
            ("overdue_rate", "13.8%"),
            ("overdue_rate_per", "year"),
        ],
    );
    change(&mut posts, "guarantee", vec![("guarantee", "surety")]);
    change(
        &mut posts,
        "repaid",
        vec![
            ("repaid", "yes"),
            ("repayments.0.date", "2026-04-07"),
            ("repayments.0.amount", "20000"),
            ("repayments.0.purpose", "unsaid"),
            ("repayments.1.date", ""),
            ("repayments.1.amount", ""),
        ],
    );
    change(
        &mut posts,
        "claims",
        vec![
            ("claims", "principal"),
            ("claims", "interest"),
            ("claims", "costs"),
            ("costs_kind", "律师费"),
            ("costs", "8000"),
            ("claims", "guarantee"),
        ],
    );
    posts.push((
        "sureties",
        vec![
            ("sureties.0.kind", "person"),
            ("sureties.0.surety", "joint"),
            ("sureties.0.name", "方甲"),
            ("sureties.0.domicile", "某地"),
            ("sureties.1.kind", "person"),
            ("sureties.1.surety", "general"),
            ("sureties.1.name", "方乙"),
            ("sureties.1.domicile", "某地"),
        ],
    ));
    let answers = walk(&posts);
    assert_eq!(cause().check_all(&answers, TODAY), []);
    let statement = cause().statement(&answers, law(), TODAY).expect("a statement");
    let claims: Vec<_> = statement.claims.iter().map(|claim| claim.text.as_str()).collect();
    // 150,000 × 12% × 1 year = 18,000 of the 20,000; 2,000 to principal; 148,000 × 13.8% × 153 days / 365.
    assert_eq!(
        claims,
        [
            "判令林𬱖、清河市赟达商贸有限公司共同偿还周桂兰借款本金148000元",
            "判令林𬱖、清河市赟达商贸有限公司支付周桂兰截至2026年9月7日的利息、逾期利息共计8561.29元，并支付此后的逾期利息（以148000元为基数，自2026年9月8日起按年利率13.8%计算至实际清偿之日止）",
            "判令林𬱖、清河市赟达商贸有限公司支付周桂兰律师费8000元",
            "判令方甲对上述债务承担连带清偿责任",
            "判令方乙对林𬱖、清河市赟达商贸有限公司的财产依法强制执行后仍不能履行的部分承担保证责任",
            "本案诉讼费用由林𬱖、清河市赟达商贸有限公司、方甲、方乙负担",
        ]
    );
    assert_eq!(statement.amount, Fen(14_800_000 + 856_129 + 800_000));
    assert_eq!(statement.parties.len(), 5);
    assert!(statement.facts.contains("2026年4月7日还款20000元（未说明是本金还是利息）。按照先抵充利息、后抵充本金的顺序计算，尚欠本金148000元。"));
    assert!(statement.hints.iter().any(|hint| hint.text.contains("保证期间")));
}

#[test]
fn civil_code_188_limitation_is_warned_of_and_renewed_by_demands() {
    let mut posts = posts();
    change(&mut posts, "loan_dates", vec![("loan_date", "2020-01-01"), ("due", "fixed"), ("due_date", "2021-01-01")]);
    change(&mut posts, "delivered", vec![("delivered_on", "2020-01-01")]);
    change(&mut posts, "demand", vec![("demanded", "no")]);
    let hinted =
        |posts: &[_]| cause().statement(&walk(posts), law(), TODAY).expect("a statement").hints.iter().any(|hint| hint.text.contains("诉讼时效"));
    assert!(hinted(&posts));
    change(&mut posts, "demand", vec![("demanded", "yes"), ("last_demand", "2024-06-01")]);
    assert!(!hinted(&posts));
}

#[test]
fn what_belongs_into_the_vault_does_not_stay_in_the_answers() {
    let answers = walk(&posts());
    let kept = serde_json::to_string(&cause().without_vault(&answers)).expect("json");
    for secret in ["11010519491231002X", "13800138000", "听涛路", "桐荫路"] {
        assert!(serde_json::to_string(&answers).expect("json").contains(secret));
        assert!(!kept.contains(secret), "{secret}");
    }
    assert!(kept.contains("周桂兰") && kept.contains("陈志远"));
}

#[test]
fn a_page_shown_again_reads_back_the_same() {
    let answers = walk(&posts());
    for page in cause().pages(&answers) {
        let read = cause().check_page(page, &cause().form_of(page, &answers), &answers, TODAY).expect("reads back");
        let names = page.names();
        let own: Answers =
            answers.iter().filter(|(name, _)| names.contains(&name.as_str())).map(|(name, value)| (name.clone(), value.clone())).collect();
        assert_eq!(read, own, "{}", page.id);
    }
}

#[test]
fn a_changed_answer_takes_its_followups_away() {
    let mut answers = walk(&posts());
    let page = cause().page("loan_dates").expect("page");
    let new =
        cause().check_page(page, &form(&[("loan_date", "2025-04-08"), ("due", "none"), ("due_date", "2026-04-07")]), &answers, TODAY).expect("reads");
    cause().merge(page, &mut answers, new);
    assert!(!answers.contains_key("due_date"), "a follow-up of an option that is not chosen");
    assert_eq!(answers["due"], json!("none"));
}

#[test]
fn unfinished_answers_are_told_page_by_page() {
    let mut answers = walk(&posts());
    answers.remove("principal");
    let errors = cause().check_all(&answers, TODAY);
    assert_eq!(errors.iter().map(|error| (error.page.as_str(), error.field.as_str())).collect::<Vec<_>>(), [("loan_amount", "principal")]);
}

#[test]
fn people_find_the_cause_by_their_own_words() {
    for words in ["借条", "朋友借钱不还", "民间借贷", "要账"] {
        assert_eq!(Cause::search(words).first().map(|cause| cause.number.as_str()), Some("108.3"), "{words}");
    }
    for (words, number) in [
        ("欠货款", "88"),
        ("买的空调有质量问题", "88"),
        ("不交物业费", "126"),
        ("房东不退押金", "116.2"),
        ("被车撞了", "411"),
        ("老板拖欠工资", "205.5"),
        ("离婚", "14"),
    ] {
        assert_eq!(Cause::search(words).first().map(|cause| cause.number.as_str()), Some(number), "{words}");
    }
    assert!(Cause::search("").is_empty() && Cause::search("选民资格").is_empty());
}

#[test]
fn dates_as_people_write_them() {
    for text in ["2024-03-15", "2024年3月15日", "2024/3/15", "2024.3.15", "20240315", "２０２４年３月１５号", " 2024-03-15 "] {
        assert_eq!(parse_date(text), Ok(date(2024, 3, 15)), "{text}");
    }
    for text in ["", "2024", "昨天", "24-3-15", "2024-13-01", "2024-03-15-1"] {
        assert!(parse_date(text).is_err(), "{text}");
    }
}

mod every_way {
    use super::*;
    use proptest::prelude::*;

    fn pick(options: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
        prop::sample::select(options)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        /// Whatever way through the interview: what passes makes a complaint without gaps, whose amount is the sum of its claims.
        #[test]
        fn every_complete_interview_makes_a_complaint(
            (form_kind, differs, due, demand_due) in (pick(&["note", "contract", "chat", "oral"]), any::<bool>(), any::<bool>(), any::<bool>()),
            (interest, overdue, guarantee) in (pick(&["rate", "none", "unclear"]), any::<bool>(), pick(&["none", "surety", "property", "both"])),
            (delivery, repaid, purpose, demanded) in (pick(&["bank", "mobile", "cash", "bill", "other"]), any::<bool>(), pick(&["principal", "interest", "unsaid"]), any::<bool>()),
            claims in prop::collection::vec(pick(&["interest", "overdue", "costs", "guarantee", "collateral"]), 0..5),
            (organisation, surety) in (any::<bool>(), pick(&["joint", "general"])),
        ) {
            let mut posts = posts();
            if organisation {
                change(&mut posts, "defendant", vec![("defendants.0.kind", "organisation"), ("defendants.0.name", "某公司"), ("defendants.0.domicile", "某地"), ("defendants.0.representative", "王某")]);
            }
            change(&mut posts, "loan_form", vec![("loan_form", form_kind)]);
            change(&mut posts, "loan_amount", if differs { vec![("principal", "150000"), ("paper_differs", "differs"), ("paper_amount", "160000"), ("paper_reason", "预先扣了利息")] } else { vec![("principal", "150000"), ("paper_differs", "same")] });
            let mut dates = vec![("loan_date", "2025-04-08"), ("due", if due { "fixed" } else { "none" }), ("due_date", "2026-04-07")];
            if demand_due {
                dates.push(("demand_due", "2026-05-01"));
            }
            change(&mut posts, "loan_dates", dates);
            change(&mut posts, "loan_interest", vec![("interest", interest), ("rate", "1"), ("rate_per", "month"), ("overdue_agreed", if overdue { "rate" } else { "none" }), ("overdue_rate", "13.8"), ("overdue_rate_per", "year")]);
            change(&mut posts, "guarantee", vec![("guarantee", guarantee), ("collateral", "陈志远名下房屋")]);
            let amount = match delivery { "bank" => "delivery_bank", "mobile" => "delivery_mobile", "cash" => "delivery_cash", "bill" => "delivery_bill", _ => "delivery_other" };
            change(&mut posts, "delivery", vec![("delivery", delivery), (amount, "150000"), ("delivery_other_how", "替他付了货款")]);
            if repaid {
                change(&mut posts, "repaid", vec![("repaid", "yes"), ("repayments.0.date", "2026-01-05"), ("repayments.0.amount", "30000"), ("repayments.0.purpose", purpose)]);
            }
            change(&mut posts, "demand", if demanded { vec![("demanded", "yes"), ("last_demand", "2026-08-20")] } else { vec![("demanded", "no")] });
            let mut claimed = vec![("claims", "principal"), ("costs_kind", "律师费"), ("costs", "8000")];
            claimed.extend(claims.iter().map(|claim| ("claims", *claim)));
            change(&mut posts, "claims", claimed);
            change(&mut posts, "interest_claim", vec![("interest_to", "2026-09-07"), ("overdue_from", "2026-08-21"), ("lpr", "3"), ("lpr_per", "year")]);
            posts.push(("sureties", vec![("sureties.0.kind", "person"), ("sureties.0.surety", surety), ("sureties.0.name", "方甲"), ("sureties.0.domicile", "某地")]));

            let mut answers = Answers::new();
            for (id, pairs) in &posts {
                let page = cause().page(id).expect("page");
                if cause().pages(&answers).iter().any(|shown| shown.id == *id) {
                    let new = cause().check_page(page, &form(pairs), &answers, TODAY);
                    prop_assert!(new.is_ok(), "{id}: {new:?}");
                    cause().merge(page, &mut answers, new.expect("checked"));
                }
            }
            prop_assert_eq!(cause().check_all(&answers, TODAY), vec![]);
            let statement = cause().statement(&answers, law(), TODAY);
            prop_assert!(statement.is_ok(), "{:?}", statement);
            let statement = statement.expect("checked");
            prop_assert_eq!(Fen::sum(statement.claims.iter().filter_map(|claim| claim.amount)), Some(statement.amount));
            let text = format!("{}{}{}", statement.facts, statement.reasons, statement.claims.iter().map(|claim| claim.text.as_str()).collect::<String>());
            prop_assert!(!text.contains(['{', '}']) && !text.contains("。。") && !text.contains("，，"), "{}", text);
            prop_assert!(statement.claims.iter().filter(|claim| claim.text.contains("利息")).count() <= 1, "interest is claimed once");
        }

        #[test]
        fn nothing_posted_panics(pairs in prop::collection::vec(("[a-z_]{1,12}(\\.[0-9]{1,3}\\.[a-z_]{1,10})?", ".{0,20}"), 0..12)) {
            for page in &cause().pages {
                let named: Vec<_> = page.names().into_iter().zip(&pairs).map(|(name, (_, value))| (name.to_owned(), value.clone())).collect();
                let form: Form = pairs.iter().cloned().chain(named).collect();
                let _ = cause().check_page(page, &form, &Answers::new(), TODAY);
            }
        }

        #[test]
        fn no_date_panics(text in ".{0,20}") {
            let _ = parse_date(&text);
        }
    }
}
