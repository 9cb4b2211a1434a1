//! 逾期: what a last day that went by calls for. It lies with a named office, or there is a reason why nobody has anything to
//! do; the clock itself never decides.
use crate::Error;
use crate::store::{self, NewTask};
use jiff::Timestamp;
use jiff::civil::Date;
use procedure::anchor::Anchor;
use procedure::case::RunningClock;
use procedure::kind::CaseKind;
use procedure::step::give_back_filing::correction_over;
use procedure::{Case, Office, PersonId};
use storage::Tx;

/// Kind of the task after the period to decide a matter.
pub(super) const MATTER_OVER: &str = "matter_over";

/// The task that a clock leaves when it runs out.
pub(crate) struct Over {
    pub kind: &'static str,
    office: Office,
    title: &'static str,
    detail: &'static str,
}

/// The fact is on record; what it calls for becomes a task.
pub(super) fn expired(tx: &mut Tx, case: &Case, anchor: &str, now: Timestamp) -> Result<(), Error> {
    let Some(over) = left(case, anchor, procedure::step::day_of(now))? else { return Ok(()) };
    let task = NewTask {
        id: format!("{}/{}/{anchor}/{}", over.kind, case.id, case.version),
        case: case.id,
        kind: over.kind,
        office: over.office,
        title: over.title.into(),
        detail: over.detail.into(),
        due: None,
        payload: serde_json::to_string(anchor)?,
    };
    store::open_task(tx, &case.court, &task, now)
}

/// The task that a clock leaves which ran out today; none where nobody has anything to do.
pub(crate) fn left(case: &Case, anchor: &str, today: Date) -> Result<Option<Over>, Error> {
    let known = Anchor::of(anchor).ok_or(Error::Corrupt("a clock that hangs on nothing known"))?;
    // Another plaintiff may still mend the filing (R-FIL-12).
    if known == Anchor::Correction && correction_over(case, today).is_err() {
        return Ok(None);
    }
    Ok(over(case, known))
}

/// These periods run anew: what was told of their end does not hold any more (R-DDL-10).
pub(super) fn run_again(tx: &mut Tx, case: &Case, clocks: &[RunningClock], now: Timestamp) -> Result<(), Error> {
    let kinds: Vec<_> = clocks.iter().filter_map(|clock| over(case, Anchor::of(&clock.anchor)?)).map(|over| over.kind).collect();
    if kinds.is_empty() {
        return Ok(());
    }
    store::close_tasks(tx, &case.court, case.id, &kinds, PersonId(uuid::Uuid::nil()), now)
}

/// What a clock that hangs on this calls for, as the case stands.
fn over(case: &Case, anchor: Anchor) -> Option<Over> {
    let in_charge = |office| if case.officer(office).is_some() { office } else { Office::FilingClerk };
    let task = |kind, office, title, detail| Some(Over { kind, office, title, detail });
    match anchor {
        Anchor::Correction => {
            task("correction_over", Office::FilingClerk, "补正期限已过，材料未补齐", "退回起诉材料并记录在册；坚持起诉的，裁定不予受理（R-FIL-12）。")
        }
        Anchor::FirstPacket => {
            task("first_packet_over", Office::FilingClerk, "起诉状副本还没有全部寄给被告", "立案后五日内应当发送被告，请立即打印寄出（R-FIL-21）。")
        }
        // Paid, waived or waiting for a decision: nothing is late (R-FEE-15, R-FEE-21).
        Anchor::Fee => case.fee.as_ref().filter(|fee| fee.outstanding() && !fee.relief_pending()).and_then(|_| match case.kind {
            CaseKind::CivilFirst => task("fee_over", Office::Judge, "逾期未交受理费", "裁定按撤诉处理的文书已经拟好，请审查签发（R-FEE-15）。"),
            CaseKind::Preservation => {
                task("application_fee_over", in_charge(Office::Clerk), "逾期未交申请费", "请催促申请人交纳，交纳以前保全的审查不停止（R-FEE-10）。")
            }
        }),
        Anchor::Trial => task(
            "trial_over",
            in_charge(Office::Judge),
            "审理期限已过，案件还没有审结",
            "请尽快审结；需要延长审限或者转为普通程序的，报请院长决定（R-LIM-01、R-LIM-02）。",
        ),
        Anchor::AnswerCopy => task(
            "answer_copy_over",
            in_charge(Office::Clerk),
            "答辩状副本还没有全部发给原告",
            "收到答辩状后五日内应当发送原告，请立即发出（R-FIL-21）。",
        ),
        Anchor::Tribunal => task("tribunal_over", Office::Clerk, "审判人员通知书还没有全部发出", "确定审判人员后三日内应当告知当事人（R-TRI-05）。"),
        Anchor::Summons => {
            task("summons_over", Office::Clerk, "传票还没有全部发出", "普通程序应当在开庭三日前通知当事人；来不及的，请延期开庭（R-TRI-20）。")
        }
        Anchor::Record => task("record_over", Office::Clerk, "笔录还有人没有签名", "五日已过。请联系签名，拒绝签名的记明情况附卷（R-TRI-33）。"),
        Anchor::AppealCopy => {
            task("appeal_over", Office::Clerk, "上诉状副本五日内应当送达，期限已过", "请立即送达对方当事人，已经送达的请办结（R-APL-03）。")
        }
        Anchor::Archive => task("archive_over", Office::Clerk, "归档期限已过", "结案后三个月内应当归档（R-ARC-01）。"),
        // With it what was announced counts as served (R-SVC-30); nobody has anything to do.
        Anchor::Announcement => None,
        // Who decides it, its task said when it was raised.
        Anchor::Matter => task(MATTER_OVER, in_charge(Office::Judge), "程序事项应当决定的期限已过", "请尽快决定；由院长决定的，请报告院长。"),
        Anchor::Execution => task(
            "execution_over",
            in_charge(Office::Clerk),
            "保全裁定还没有开始执行",
            "裁定后五日内应当开始执行；采取措施后请登记保全措施（R-PRV-03）。",
        ),
        // Its effect is gone by itself (R-PRV-09); whoever needs more files anew.
        Anchor::Hold => {
            task("hold_over", in_charge(Office::Clerk), "保全期限届满，没有续行", "措施的效力已经消灭，请通知协助执行的单位（R-PRV-09）。")
        }
        Anchor::Suit => {
            task("suit_over", in_charge(Office::Judge), "诉前保全后三十日没有起诉", "请裁定解除保全；已经起诉或者申请仲裁的，请登记（R-PRV-07）。")
        }
        // Who asks later bears the risk himself (R-PRV-09); the ruling stands where nobody asked for a review (R-PRV-15).
        Anchor::Renewal | Anchor::Reconsideration => None,
        // 先行立案 lies drafted from the last day on, not only after it (R-FIL-10).
        Anchor::Review => None,
        // 分案 has lain with the filing clerk since the acceptance, with this very day on it (R-FIL-20).
        Anchor::HandOver => None,
        // Silence is no default: the case goes on (R-FIL-21).
        Anchor::Answer => None,
        // What comes later is marked, and its party says why it is late (R-EVD-05).
        Anchor::Evidence => None,
        // Who did not join is served and heard offline, as before (R-IDC-22).
        Anchor::Join => None,
        // With the last of them the judgment takes effect, and 结案 follows from that (R-APL-01, R-SVC-41).
        Anchor::Appeal | Anchor::Ruling => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use procedure::Fen;
    use procedure::case::{FeeMatter, Relief};

    #[test]
    fn r_lim_01_an_overdue_trial_lies_with_the_judge_and_before_there_is_one_with_the_filing_clerk() {
        let mut case = Case::default();
        let office = |case: &Case| over(case, Anchor::Trial).map(|over| (over.kind, over.office));
        assert_eq!(office(&case), Some(("trial_over", Office::FilingClerk)));
        case.staff.push((PersonId::default(), Office::Judge, "林若谷".into()));
        assert_eq!(office(&case), Some(("trial_over", Office::Judge)));
    }

    #[test]
    fn r_fee_15_only_an_unpaid_fee_on_which_nothing_is_pending_is_late() {
        let owes = FeeMatter { full: Fen(10), due: Fen(10), halved: false, steps: vec![], paid: None, further: vec![], relief: None };
        let late = |fee: FeeMatter| over(&Case { fee: Some(fee), ..Case::default() }, Anchor::Fee).is_some();
        let relief = |granted| Some(Relief { reason: "领取低保".into(), granted, notices: vec![] });
        assert!(late(owes.clone()) && late(FeeMatter { relief: relief(Some(false)), ..owes.clone() }));
        assert!(!late(FeeMatter { relief: relief(None), ..owes.clone() }));
        assert!(!late(FeeMatter { due: Fen(0), relief: relief(Some(true)), ..owes }));
    }
}
