//! 重新抽取: a draw made again from what each party can download, and compared with what stands on record (R-TRI-06).
use super::{Seed, after_recusal, digest_of_filing, ticket};
use crate::case::Labelled;
use crate::matter::Effect;
use crate::step::assign_tribunal::{NAMESAKE, apart};
use crate::trial::{Candidate, Tribunal};
use crate::{Case, Office, PersonId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The rule by which the tickets are made, as it stands in their first line.
pub const RULE: &str = "xiezhi draw 1";

/// 分案抽取记录: one file from which anybody draws again, without the court.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// [`RULE`]
    pub rule: String,
    /// 案号, for people.
    #[serde(default)]
    pub number: Option<String>,
    pub receipt_no: String,
    /// SHA-256 of each file of the filing, in order.
    pub files: Vec<String>,
    /// Names of parties and agents; their namesakes are left out (R-TRI-10).
    pub names: Vec<String>,
    pub tribunal: Tribunal,
    /// Draws after recusals, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub redraws: Vec<Redraw>,
}

/// 回避后的抽取: who was drawn for the seat of somebody who was recused (R-TRI-10, R-TRI-06).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Redraw {
    /// Number of the application among the matters of the case; it stands in the tickets.
    pub number: u32,
    /// Who left.
    pub left: String,
    pub by: Candidate,
    /// Head of the log at the decision: origin, size, root, a line each.
    pub checkpoint: String,
    /// All of the office who are not and were not in the case.
    pub among: Vec<Candidate>,
    pub on: Date,
}

impl Redraw {
    /// As it stands in the tickets.
    pub fn label(&self) -> String {
        after_recusal(self.number)
    }
}

impl Case {
    /// The draws after recusals, oldest first; those from before their facts were kept are not among them.
    pub fn redraws(&self) -> Vec<Redraw> {
        let mut redraws = Vec::new();
        for decided in self.matters.iter().filter_map(|matter| matter.decided.as_ref()) {
            for effect in &decided.effects {
                if let Effect::Replaced { person, by, checkpoint, among } = effect
                    && !checkpoint.is_empty()
                {
                    let left = self.name_of(*person).to_owned();
                    let (checkpoint, among) = (checkpoint.clone(), among.clone());
                    redraws.push(Redraw { number: decided.number, left, by: by.clone(), checkpoint, among, on: decided.on });
                }
            }
        }
        redraws.sort_by_key(|redraw| redraw.on);
        redraws
    }
}

/// One candidate of an office with his ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub candidate: Candidate,
    pub ticket: String,
    /// Why he was left out.
    pub out: Option<String>,
    /// Which seat he drew, from 1.
    pub seat: Option<usize>,
}

/// The draw of one office, lowest ticket first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    pub office: Office,
    /// `judge`, `clerk` or, after a recusal, `recusal` with its number, as it stands in the tickets.
    pub label: String,
    pub lines: Vec<Line>,
}

/// A draw made again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Again {
    pub rounds: Vec<Round>,
    /// What does not agree with the record, in words; empty: everything does.
    pub differs: Vec<String>,
}

/// Draws again. It takes from the record what went into the draw, never what came out of it.
pub fn again(record: &Record) -> Again {
    let tribunal = &record.tribunal;
    let mut differs = Vec::new();
    if record.rule != RULE {
        differs.push(format!("这份记录按“{}”抽取，这里只会按“{RULE}”重新抽取。", record.rule));
    }
    if digest_of_filing(&record.receipt_no, record.files.iter().map(String::as_str)) != tribunal.seed.filing {
        differs.push("立案材料的指纹与回执号、各份材料的 SHA-256 算出来的不一致。".into());
    }
    let mut rounds = vec![
        round(record, Office::Judge, "judge", tribunal.form.judges(), &tribunal.judges, &mut differs),
        round(record, Office::Clerk, "clerk", 1, std::slice::from_ref(&tribunal.clerk), &mut differs),
    ];
    rounds.extend(record.redraws.iter().map(|redraw| once_more(record, redraw, &mut differs)));
    Again { rounds, differs }
}

/// The draw of one seat after a recusal.
fn once_more(record: &Record, redraw: &Redraw, differs: &mut Vec<String>) -> Round {
    let seed = Seed { checkpoint: redraw.checkpoint.clone(), filing: record.tribunal.seed.filing.clone() };
    let label = redraw.label();
    let line = |one: &Candidate| Line { candidate: one.clone(), ticket: ticket(&seed, &label, one.person), out: None, seat: None };
    let mut lines: Vec<Line> = redraw.among.iter().map(line).collect();
    lines.sort_by(|a, b| a.ticket.cmp(&b.ticket));
    if let Some(first) = lines.first_mut() {
        first.seat = Some(1);
    }
    if lines.first().is_none_or(|first| first.candidate != redraw.by) {
        differs.push(format!("{}回避后重新抽取的{}与记录不同。", redraw.left, redraw.by.office.zh()));
    }
    Round { office: redraw.by.office, label, lines }
}

fn round(record: &Record, office: Office, label: &'static str, seats: usize, recorded: &[Candidate], differs: &mut Vec<String>) -> Round {
    let tribunal = &record.tribunal;
    let names: Vec<&str> = record.names.iter().map(String::as_str).collect();
    let (_, expected) = apart(&names, &tribunal.roster, office);
    let of_office = |person: PersonId| tribunal.roster.iter().any(|one| one.person == person && one.office == office);
    let left_out: Vec<_> = tribunal.excluded.iter().filter(|out| of_office(out.person)).collect();
    for out in &left_out {
        if !expected.iter().any(|other| other.person == out.person && other.reason == out.reason) {
            differs.push(format!("{}“{}”没有参加抽取，记录的理由是“{}”，按名册和规则得不出这个理由。", office.zh(), out.name, out.reason));
        }
    }
    for other in &expected {
        // An agent who came later may bear a name that nobody bore at the time of the draw.
        if other.reason != NAMESAKE && !left_out.iter().any(|out| out.person == other.person) {
            differs.push(format!("按规则{}“{}”不参加抽取（{}），记录里却参加了。", office.zh(), other.name, other.reason));
        }
    }
    let mut lines: Vec<Line> = tribunal
        .roster
        .iter()
        .filter(|one| one.office == office)
        .map(|one| Line {
            candidate: one.clone(),
            ticket: ticket(&tribunal.seed, label, one.person),
            out: left_out.iter().find(|out| out.person == one.person).map(|out| out.reason.clone()),
            seat: None,
        })
        .collect();
    lines.sort_by(|a, b| a.ticket.cmp(&b.ticket));
    for (line, seat) in lines.iter_mut().filter(|line| line.out.is_none()).zip(1..=seats) {
        line.seat = Some(seat);
    }
    let drawn: Vec<PersonId> = lines.iter().filter(|line| line.seat.is_some()).map(|line| line.candidate.person).collect();
    if drawn != recorded.iter().map(|one| one.person).collect::<Vec<_>>() {
        differs.push(format!("重新抽取的{}与记录不同。", office.zh()));
    }
    Round { office, label: label.into(), lines }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Command;
    use crate::step::AssignTribunal;
    use crate::step::fixture::{CLERK, accepted, act_on};
    use crate::trial::{Excluded, TribunalForm};
    use jiff::civil::date;

    /// A record as the parties download it.
    fn record() -> Record {
        let mut case = accepted();
        let command = Command::AssignTribunal(AssignTribunal { form: TribunalForm::Sole });
        act_on(&mut case, command, &CLERK(), date(2026, 3, 4)).expect("assigned");
        Record {
            rule: RULE.into(),
            number: case.number.clone(),
            receipt_no: case.receipt_no.clone(),
            files: case.statement.iter().flat_map(|statement| &statement.materials).map(|material| material.sha256.clone()).collect(),
            names: case.parties.iter().map(|party| party.name.clone()).collect(),
            redraws: case.redraws(),
            tribunal: case.tribunal.expect("assigned"),
        }
    }

    #[test]
    fn r_tri_06_a_party_draws_the_same_from_the_record() {
        let record = record();
        let again = again(&record);
        assert_eq!(again.differs, Vec::<String>::new());
        for (round, recorded) in again.rounds.iter().zip([&record.tribunal.judges[0], &record.tribunal.clerk]) {
            let first = round.lines.iter().find(|line| line.seat == Some(1)).expect("a seat");
            assert_eq!(&first.candidate, recorded);
            assert!(round.lines.windows(2).all(|pair| pair[0].ticket < pair[1].ticket), "lowest first");
        }
        let text = serde_json::to_string(&record).expect("JSON");
        assert_eq!(serde_json::from_str::<Record>(&text).expect("reads back"), record);
    }

    #[test]
    fn r_tri_06_whatever_is_changed_in_the_record_shows() {
        let other = |change: &dyn Fn(&mut Record)| {
            let mut record = record();
            change(&mut record);
            again(&record).differs
        };
        let judge = |record: &Record| record.tribunal.roster.iter().find(|one| one.office == Office::Judge).cloned().expect("a judge");
        assert!(other(&|record| record.rule = "xiezhi draw 0".into())[0].contains("xiezhi draw 0"));
        assert!(other(&|record| record.files.clear())[0].contains("指纹"));
        assert!(other(&|record| record.receipt_no.push('1'))[0].contains("指纹"));
        let won = |record: &Record| record.tribunal.judges[0].clone();
        let swapped = other(&|record| {
            let winner = won(record);
            let loser = record.tribunal.roster.iter().find(|one| one.office == Office::Judge && **one != winner).cloned();
            record.tribunal.judges[0] = loser.expect("another judge");
        });
        assert!(swapped.iter().any(|words| words.contains("与记录不同")), "{swapped:?}");
        let left_out = other(&|record| {
            let one = judge(record);
            record.tribunal.excluded.push(Excluded { person: one.person, name: one.name, reason: "出差".into() });
        });
        assert!(left_out.iter().any(|words| words.contains("得不出这个理由")), "{left_out:?}");
        let burdened =
            other(&|record| record.tribunal.roster.iter_mut().filter(|one| one.office == Office::Judge).take(1).for_each(|one| one.load = 99));
        assert!(burdened.iter().any(|words| words.contains("记录里却参加了")), "{burdened:?}");
        let head = other(&|record| record.tribunal.seed.checkpoint = "log.example\n1\nother".into());
        assert!(head.len() <= 2 && head.iter().all(|words| words.contains("与记录不同")), "{head:?}");
    }

    #[test]
    fn r_tri_10_a_seat_that_a_recusal_left_is_drawn_for_again_from_the_record() {
        let drawn = |change: &dyn Fn(&mut Redraw)| {
            let mut record = record();
            let among: Vec<Candidate> = record.tribunal.roster.iter().filter(|one| one.office == Office::Judge).cloned().collect();
            let seed = Seed { checkpoint: "log.example\n9\nBBBB".into(), filing: record.tribunal.seed.filing.clone() };
            let first = super::super::draw(&seed, "recusal 2", &among.iter().map(|one| one.person).collect::<Vec<_>>(), 1)[0];
            let by = among.iter().find(|one| one.person == first).cloned().expect("of them");
            let mut redraw = Redraw { number: 2, left: "甲".into(), by, checkpoint: seed.checkpoint, among, on: date(2026, 3, 9) };
            change(&mut redraw);
            record.redraws = vec![redraw];
            again(&record)
        };
        let held = drawn(&|_| {});
        assert_eq!((held.differs.len(), held.rounds.len(), held.rounds[2].label.as_str()), (0, 3, "recusal 2"));
        assert!(held.rounds[2].lines.len() > 1 && held.rounds[2].lines[0].seat == Some(1));
        let other = |redraw: &mut Redraw| redraw.by = redraw.among.iter().find(|one| **one != redraw.by).cloned().expect("another");
        assert!(drawn(&other).differs[0].contains("甲回避后"));
        assert!(!drawn(&|redraw| redraw.among.clear()).differs.is_empty());
    }
}
