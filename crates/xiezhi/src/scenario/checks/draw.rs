//! 重抽: the draw of the tribunal made again from what anybody may read of the case, by the rule as `procedure::draw` tells it
//! (R-TRI-06), and by nothing of its code.
use super::{list, text};
use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// How far above the least load of his office somebody may lie to be drawn from.
const SPREAD: u64 = 5;

/// Draws judges and clerk again; among how many was drawn.
pub fn again(case: &Value) -> Result<usize> {
    let tribunal = &case["tribunal"];
    let mut filing = format!("xiezhi filing 1\n{}\n", text(case, "receipt_no")?);
    for material in list(&case["statement"], "materials")? {
        filing.push_str(text(material, "sha256")?);
        filing.push('\n');
    }
    let filing = casefile::Digests::of(filing.as_bytes()).sm3;
    ensure!(text(&tribunal["seed"], "filing")? == filing, "the seed is not that of the filing");
    let checkpoint = text(&tribunal["seed"], "checkpoint")?;
    // Origin, size, root, and what else stands in the head.
    let head = checkpoint == text(case, "checkpoint")? && checkpoint.lines().count() >= 3;
    ensure!(head, "the seed is not the log's head at the acceptance: {checkpoint:?}");
    let judges: Vec<&Value> = list(tribunal, "judges")?.iter().collect();
    let mut among = 0;
    for (office, drawn) in [("judge", judges), ("clerk", vec![&tribunal["clerk"]])] {
        let pool = pool(case, office)?;
        among += pool.len();
        let head = format!("xiezhi draw 1\n{}\n{filing}\n{office}\n", checkpoint.trim_end());
        let mut tickets: Vec<_> = pool.iter().map(|who| (casefile::Digests::of(format!("{head}{who}\n").as_bytes()).sm3, *who)).collect();
        tickets.sort_unstable();
        let lowest: Vec<&str> = tickets.iter().take(drawn.len()).map(|(_, who)| *who).collect();
        let drawn = drawn.into_iter().map(|one| text(one, "person")).collect::<Result<Vec<_>>>()?;
        ensure!(drawn == lowest, "drawn again the {office} is {lowest:?}, not {drawn:?}");
    }
    Ok(among)
}

/// Those of an office who may be drawn: no namesake of a party or agent, and nobody with many more cases than the least.
fn pool<'a>(case: &'a Value, office: &str) -> Result<Vec<&'a str>> {
    let named = |list: &Value, name: &Value| list.as_array().is_some_and(|all| all.iter().any(|one| one["name"] == *name));
    let roster = list(&case["tribunal"], "roster")?;
    let free: Vec<&Value> = roster
        .iter()
        .filter(|one| one["office"] == office && !named(&case["parties"], &one["name"]) && !named(&case["agents"], &one["name"]))
        .collect();
    let load = |one: &Value| one["load"].as_u64().context("a load");
    let loads = free.iter().map(|one| load(one)).collect::<Result<Vec<_>>>()?;
    let most = loads.iter().min().context("nobody to draw from")? + SPREAD;
    free.iter().zip(&loads).filter(|(_, load)| **load <= most).map(|(one, _)| text(one, "person")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn case() -> Value {
        let person = |n: u8| format!("00000000-0000-0000-0000-00000000000{n}");
        let one = |n: u8, office: &str, name: &str, load: u64| json!({"person": person(n), "name": name, "office": office, "load": load});
        let filing = casefile::Digests::of(b"xiezhi filing 1\nR1\naa\n").sm3;
        let checkpoint = "log.example\n17\nAAAA\n";
        let roster =
            [one(1, "judge", "甲", 0), one(2, "judge", "乙", 5), one(3, "judge", "丙", 6), one(4, "judge", "周桂兰", 0), one(5, "clerk", "丁", 0)];
        let ticket = |n: u8| casefile::Digests::of(format!("xiezhi draw 1\nlog.example\n17\nAAAA\n{filing}\njudge\n{}\n", person(n)).as_bytes()).sm3;
        let judge = if ticket(1) < ticket(2) { 0 } else { 1 };
        json!({
            "receipt_no": "R1", "checkpoint": checkpoint, "parties": [{"name": "周桂兰"}], "agents": [],
            "statement": {"materials": [{"sha256": "aa"}]},
            "tribunal": {"seed": {"checkpoint": checkpoint, "filing": filing}, "judges": [roster[judge]], "clerk": roster[4], "roster": roster},
        })
    }

    #[test]
    fn r_tri_06_another_judge_seed_or_roster_is_seen() {
        assert_eq!(again(&case()).expect("the same"), 3, "no namesake, and nobody with many more cases");
        let damage = |change: &dyn Fn(&mut Value)| {
            let mut case = case();
            change(&mut case);
            again(&case).is_err()
        };
        for n in 0..4 {
            let same = case()["tribunal"]["judges"][0] == case()["tribunal"]["roster"][n];
            assert_eq!(damage(&|case| case["tribunal"]["judges"][0] = case["tribunal"]["roster"][n].clone()), !same, "judge {n}");
        }
        assert!(damage(&|case| case["statement"]["materials"][0]["sha256"] = json!("ab")), "another filing");
        assert!(damage(&|case| case["checkpoint"] = json!("log.example\n18\nAAAA\n")), "another head");
    }
}
