//! 权限表: which role may take which step at which stage, asked of `permit` itself with one person of each role.
use procedure::case::{Actor, Agent, Labelled, Party, Role, RoleKind, Side};
use procedure::{Case, CaseId, Office, PersonId, Power, STEPS, Stage, permit};

const COURT: &str = "粤4001";
const POWERS: [Power; 6] = [Power::Admit, Power::Waive, Power::Change, Power::Settle, Power::Counterclaim, Power::Appeal];

/// One person of each role, known by a number.
fn person(number: u128) -> PersonId {
    PersonId(uuid::Uuid::from_u128(number))
}

fn case(stage: Stage) -> Case {
    let mut case = Case { stage, ..Case::new(CaseId::default(), COURT) };
    if stage == Stage::New {
        return case;
    }
    let party = |number, side| Party { person: person(number), side, name: String::new(), organisation: false, digest: String::new() };
    case.parties = vec![party(1, Side::Plaintiff), party(2, Side::Defendant), party(3, Side::Defendant)];
    case.joined = vec![person(2)];
    // The president meets a case once it has a number.
    if !matches!(stage, Stage::Submitted | Stage::Returned | Stage::GivenBack | Stage::Refused) {
        case.number = Some(String::new());
    }
    let agent = |number, powers: &[Power]| Agent {
        person: person(number),
        name: String::new(),
        of: person(1),
        powers: powers.to_vec(),
        matters: String::new(),
    };
    case.agents = vec![agent(4, &POWERS), agent(5, &[])];
    case.staff = vec![(person(6), Office::Judge, String::new()), (person(7), Office::Clerk, String::new())];
    case
}

fn actor(role: RoleKind) -> Actor {
    match role {
        RoleKind::Filer => Actor::citizen(person(9)),
        RoleKind::Plaintiff => Actor::citizen(person(1)),
        RoleKind::Defendant => Actor::citizen(person(2)),
        RoleKind::Invited => Actor::citizen(person(3)),
        RoleKind::Agent => Actor::citizen(person(4)),
        RoleKind::FilingClerk => Actor::staff(person(8), Office::FilingClerk, COURT),
        RoleKind::Judge => Actor::staff(person(6), Office::Judge, COURT),
        RoleKind::Clerk => Actor::staff(person(7), Office::Clerk, COURT),
        RoleKind::President => Actor::staff(person(11), Office::President, COURT),
        RoleKind::Platform => Actor::platform(COURT),
        RoleKind::SystemAdministrator => Actor::staff(person(10), Office::SystemAdministrator, COURT),
    }
}

/// What stands in a cell: 可 may, 授权 only with special authority, empty may not.
fn cell(case: &Case, step: &procedure::Step, role: RoleKind) -> &'static str {
    let by = actor(role);
    // Before the filing everyone outside the court is a filer; the other columns would say the same again.
    let is = case.roles(&by).iter().any(|own| own.kind() == role);
    if !is || permit(case, step, &by).is_err() {
        return "";
    }
    let bare = Actor::citizen(person(5));
    let needs_power =
        role == RoleKind::Agent && case.roles(&bare).iter().any(|own| matches!(own, Role::Agent { .. })) && permit(case, step, &bare).is_err();
    if needs_power { "授权" } else { "可" }
}

/// The whole table as CSV. A step and stage without a row are refused to everyone.
pub fn csv() -> String {
    let mut out = String::from("step,步骤,stage,阶段");
    for role in RoleKind::ALL {
        out.push(',');
        out.push_str(role.zh());
    }
    out.push('\n');
    for step in STEPS.iter().copied() {
        for stage in Stage::ALL {
            let case = case(stage);
            let cells = RoleKind::ALL.map(|role| cell(&case, step, role));
            if cells.iter().any(|cell| !cell.is_empty()) {
                let stage_name = serde_json::to_value(stage).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default();
                out.push_str(&format!("{},{},{stage_name},{},{}\n", step.name, step.zh, stage.zh(), cells.join(",")));
            }
        }
    }
    out
}
