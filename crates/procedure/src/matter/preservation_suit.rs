//! 诉前保全后起诉: within thirty days of the measures the applicant sues; the measures go on in the suit without a new ruling
//! (R-PRV-07, 《民事诉讼法》(2023) 第104条第3款, 《财产保全规定》第17条).
use super::{Decision, DecisionText, Deciding, Effect, Form, Kind, Matter, To, Within, invalid, step};
use crate::case::RoleKind;
use crate::clock::date_zh;
use crate::step::{Field, FieldKind, Step, clock_of};
use crate::caseno::CaseNumber;
use crate::{Paper, Refusal, Stage};

pub(super) static MATTER: Matter = Matter {
    kind: Kind::PreservationSuit,
    zh: "诉前保全后起诉",
    raise: Step { from: &[Stage::Preserving], ..step("report_suit", "报告已经起诉", "", &["R-PRV-07"]) },
    decide: Step {
        who: &[RoleKind::Judge, RoleKind::Clerk, RoleKind::FilingClerk],
        from: &[Stage::Preserving],
        fields: &[
            Field { name: "number", zh: "诉讼或者仲裁的案号", kind: FieldKind::Text },
            Field { name: "on", zh: "哪一天起诉的", kind: FieldKind::Date },
        ],
        papers: &[Paper::MatterNotice],
        ..step("note_suit", "登记已经起诉", "", &["R-PRV-07"])
    },
    within: Within::Open,
    own_motion: true,
    raised: |_| Err(Refusal::NothingNamed),
    decided,
};

fn decided(deciding: &Deciding<'_>) -> Result<Decision, Refusal> {
    let case = deciding.case;
    let period = clock_of(case, "suit").ok_or_else(|| invalid("on", "还没有采取保全措施，起诉的期限没有开始。".into(), "R-PRV-07"))?;
    if case.suit.is_some() {
        return Err(invalid("number", "已经登记过起诉。".into(), "R-PRV-07"));
    }
    let on = deciding.fields.date("on", "起诉的日期", "R-PRV-07")?;
    let (last_day, today) = (period.clock.last_day, deciding.facts.today());
    if on > last_day || on > today {
        let zh = format!("应当在 {} 前起诉。逾期没有起诉的，裁定解除保全。", date_zh(last_day));
        return Err(invalid("on", zh, "R-PRV-07"));
    }
    let number = deciding.fields.text("number", "案号", "R-PRV-07")?;
    let number = CaseNumber::parse(number, &deciding.law.courts, today).map_err(|problems| {
        let zh = problems.first().map_or_else(|| "请填写案号。".to_owned(), |problem| problem.message.clone());
        invalid("number", zh, "R-PRV-07")
    })?;
    let text = DecisionText {
        about: "诉前保全的效力".into(),
        course: vec![format!("申请人已于{}提起诉讼，案号{}。", date_zh(on), number.canonical().replace('(', "（").replace(')', "）"))],
        basis: "《最高人民法院关于人民法院办理财产保全案件若干问题的规定》第十七条".into(),
        orders: case.holding().map(|measure| format!("保全措施在诉讼中继续有效，期限连续计算：{}。", measure.zh())).collect(),
        ..DecisionText::default()
    };
    let effects = vec![Effect::SuitFiled { number: number.canonical(), on }];
    Ok(Decision { form: Form::Notice, to: To::Everybody, text, effects, clocks: vec![], fee_notice: false })
}
