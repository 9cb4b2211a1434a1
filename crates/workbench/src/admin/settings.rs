//! 设置: what this installation is, and the figures that the rulebook could not verify (status U): a court confirms them before
//! it uses them.
use super::show;
use crate::App;
use crate::http::{Fail, Who};
use crate::shell::Here;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use procedure::fee;
use serde_json::json;
use ui::zh::prose;
use ui::{Column, Fact, Table, Tone, badge, kv, notice, rule_id, table};

/// A figure that a court must confirm.
struct Open {
    rule: String,
    what: String,
    figure: String,
    law: String,
}

/// Every figure in use whose source the rulebook could not verify, or that the law leaves to the court.
fn open_figures(app: &App) -> Vec<Open> {
    let law = app.court.law();
    let unverified = law.deadlines.iter().filter(|one| one.status == "U");
    let mut all: Vec<Open> = unverified
        .map(|one| Open { rule: one.rule.clone(), what: one.what.clone(), figure: format!("{} {}", one.length, one.unit.zh()), law: one.law.clone() })
        .collect();
    all.extend(fee::ranges().iter().filter(|one| one.status == "U").map(|one| {
        let (low, high) = one.bounds();
        let figure = format!("{} 元（法定 {} 至 {} 元）", ui::zh::yuan_plain(one.usual().0), ui::zh::yuan_plain(low.0), ui::zh::yuan_plain(high.0));
        Open { rule: "R-FEE-02".into(), what: fee_item(&one.item).into(), figure, law: one.law.clone() }
    }));
    let policy = &law.policy;
    let (least, most) = policy.correction_days;
    let (opens, closes) = policy.sitting_hours;
    let own = |rule: &str, what: &str, figure: String| Open {
        rule: rule.into(), what: what.into(), figure, law: "法律没有规定，由本院确定".into()
    };
    all.extend([
        own("R-FIL-12", "补正期限", format!("通常 {} 日，可在 {least} 至 {most} 日内选择", policy.correction_days_usual)),
        own("R-TRI-20", "开庭时间", format!("工作日 {} 至 {}", opens.strftime("%H:%M"), closes.strftime("%H:%M"))),
    ]);
    all
}

/// What an item of `knowledge/fee_ranges.csv` is called.
fn fee_item(item: &str) -> &str {
    match item {
        "divorce" => "离婚案件受理费",
        "personality" => "人格权案件受理费",
        "non_property" => "其他非财产案件受理费",
        "intellectual_property" => "知识产权案件受理费（没有争议金额）",
        "jurisdiction_objection" => "管辖权异议不成立的受理费",
        "enforcement_without_amount" => "执行申请费（没有执行金额）",
        other => other,
    }
}

/// The page.
pub async fn settings(State(app): State<App>, who: Who) -> Result<Response, Fail> {
    let open = open_figures(&app);
    if who.json {
        let rows: Vec<_> =
            open.iter().map(|one| json!({"rule": one.rule, "what": one.what, "figure": one.figure, "law": one.law, "status": "U"})).collect();
        return Ok(Json(json!({"edition": app.court.law().edition, "courts": app.court.courts(), "to_confirm": rows})).into_response());
    }
    let rows: Vec<Vec<Markup>> = open
        .iter()
        .map(|one| {
            vec![
                html! { (one.what) },
                html! { (prose(&one.figure)) },
                html! { (one.law) " " (rule_id(&one.rule)) },
                badge(Tone::Soon, "U 待本院核定"),
            ]
        })
        .collect();
    let columns = ["事项", "现在使用", "依据", "状态"].map(|heading| Column { heading, ..Column::default() });
    let courts = app.court.courts().iter().map(|code| app.court.court_name(code)).collect::<Vec<_>>().join("、");
    let (first, last) = app.court.law().calendar.complete();
    let facts = [
        Fact { key: "法院", value: html! { (courts) } },
        Fact { key: "规则版本", value: html! { (app.court.law().edition) } },
        Fact { key: "节假日", value: html! { (first) "—" (last) " 年齐全，以后年度待公布" } },
        Fact { key: "短信", value: html! { (app.court.messenger().name()) } },
        Fact { key: "性质", value: html! { @if app.court.is_demo() { "演示环境" } @else { "正式安装，没有模拟功能" } } },
    ];
    let body = html! {
        h1 { "设置" }
        (kv(&facts, false))
        section aria-labelledby="u-h" {
            h2 id="u-h" { "待本院核定的规则 " (open.len()) }
            (notice(Tone::Soon, &html! { "这些数字没有核对到原文，或者法律交由本院、本省确定。使用前请核定；数字在 knowledge/ 的数据文件里，改好后重新构建。" }))
            (table(&Table { caption: "待本院核定的规则", caption_shown: false, columns: &columns, rows: &rows, total: None, scrolls: true }))
        }
    };
    show(&app, &who, "设置", Here::Settings, body).await
}
