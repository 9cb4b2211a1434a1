//! 程序事项的待办: what was raised lies with the office that decides it; a ruling that ends the case leaves nothing else to do but
//! to serve and close it.
use super::trial;
use crate::Error;
use crate::store::{self, NewTask};
use jiff::Timestamp;
use procedure::case::RoleKind;
use procedure::matter::{Decided, Effect, Ending, Kind, Raised};
use procedure::{Case, Office, PersonId};
use storage::Tx;

/// Tasks of a case that nobody has to do any more once it ended.
pub(super) const MOOT: [&str; 11] = [
    "fee_over",
    "schedule",
    "trial_over",
    "first_packet_over",
    "answer_copy_over",
    "tribunal_over",
    "summons_over",
    "record",
    "record_over",
    "judgment",
    "countersign",
];

/// Of one matter; nothing else bears its number.
fn id(case: &Case, kind: Kind, number: u32) -> String {
    format!("{}/{}/{number}", kind.matter().decide.name, case.id)
}

/// The office that decides: the president where the law names him, of judges' recusal too (R-TRI-10).
pub(super) fn office(case: &Case, kind: Kind, raised: Option<&Raised>) -> Office {
    let who = kind.matter().decide.who;
    let judge = |person| case.staff.iter().any(|(member, office, _)| *member == person && *office == Office::Judge);
    let against_clerk = || raised.and_then(|raised| raised.fields.person("person", "", "").ok()).is_some_and(|person| !judge(person));
    let president = who.contains(&RoleKind::President) && !(who.contains(&RoleKind::Judge) && against_clerk());
    if president { Office::President } else { Office::Judge }
}

/// Characters of an application that a list of tasks shows.
const SHOWN: usize = 160;

fn short(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}……", &text[..end]),
        None => text.to_owned(),
    }
}

/// It waits for its decision; what the court took up itself is decided in the same breath.
pub(super) fn raised(tx: &mut Tx, case: &Case, raised: &Raised, now: Timestamp) -> Result<(), Error> {
    if case.matter(raised.number).is_some_and(|matter| matter.decided.is_some()) {
        return Ok(());
    }
    let matter = raised.kind.matter();
    let who = raised.side.map_or("", |side| procedure::case::Labelled::zh(&side));
    let anchor = format!("matter/{}", raised.number);
    let due = case.clocks.iter().find(|clock| clock.anchor == anchor).map(|clock| clock.clock.last_day);
    let task = NewTask {
        id: id(case, raised.kind, raised.number),
        case: case.id,
        kind: matter.decide.name,
        office: office(case, raised.kind, Some(raised)),
        title: format!("{}：{who}{}", matter.decide.zh, case.name_of(raised.by)),
        // The page of the decision shows all of it.
        detail: short(&raised.told(case).into_iter().map(|(label, said)| format!("{label}：{said}")).collect::<Vec<_>>().join("；")),
        due,
        payload: "{}".into(),
    };
    store::open_task(tx, &case.court, &task, now)
}

/// The suit is over: what else was asked for in it is pointless now.
pub(super) fn close_open(tx: &mut Tx, case: &Case, now: Timestamp) -> Result<(), Error> {
    for open in case.open_matters() {
        store::close_task(tx, &case.court, &id(case, open.raised.kind, open.raised.number), PersonId(uuid::Uuid::nil()), now)?;
    }
    Ok(())
}

pub(super) fn decided(tx: &mut Tx, case: &Case, decided: &Decided, now: Timestamp) -> Result<(), Error> {
    let platform = PersonId(uuid::Uuid::nil());
    store::close_task(tx, &case.court, &id(case, decided.kind, decided.number), platform, now)?;
    let anchor = serde_json::to_string(&format!("matter/{}", decided.number))?;
    for (task, kind, payload) in store::case_tasks(tx, &case.court, case.id)? {
        if kind == super::over::MATTER_OVER && payload == anchor {
            store::close_task(tx, &case.court, &task, platform, now)?;
        }
    }
    super::over::run_again(tx, case, &decided.clocks, now)?;
    for effect in &decided.effects {
        if let Effect::Ended { ending } = effect {
            store::close_tasks(tx, &case.court, case.id, &MOOT, platform, now)?;
            close_open(tx, case, now)?;
            match ending {
                Ending::Withdrawn | Ending::Terminated | Ending::Dismissed | Ending::Transferred => trial::withdrawn(tx, case, now)?,
            }
        }
    }
    Ok(())
}
