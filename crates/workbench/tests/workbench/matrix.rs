//! The access matrix is what the declarations say, and stands in `docs/access-matrix.csv` for people to read and compare.

#[test]
fn the_access_matrix_in_docs_is_what_the_steps_declare() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/access-matrix.csv");
    let now = workbench::matrix::csv();
    if std::env::var_os("XIEZHI_UPDATE").is_some() {
        std::fs::write(path, &now).expect("written");
    }
    let kept = std::fs::read_to_string(path).expect("docs/access-matrix.csv; XIEZHI_UPDATE=1 writes it");
    for (line, (now, kept)) in now.lines().zip(kept.lines()).enumerate() {
        assert_eq!(now, kept, "line {}: who may do what has changed; if that is meant, run with XIEZHI_UPDATE=1", line + 1);
    }
    assert_eq!(now.lines().count(), kept.lines().count(), "rows came or went; if that is meant, run with XIEZHI_UPDATE=1");
}

#[test]
fn every_step_has_a_row_and_nobody_outside_takes_the_courts_steps() {
    let csv = workbench::matrix::csv();
    let rows: Vec<Vec<&str>> = csv.lines().skip(1).map(|line| line.split(',').collect()).collect();
    for step in procedure::STEPS.iter().copied() {
        let own: Vec<_> = rows.iter().filter(|row| row[0] == step.name).collect();
        assert!(!own.is_empty(), "nobody may ever {}", step.name);
        assert!(own.iter().all(|row| row.len() == 4 + procedure::RoleKind::ALL.len()), "{}", step.name);
    }
    // Columns 4..=8 are people from outside the court.
    let outside = |name: &str| rows.iter().filter(|row| row[0] == name).any(|row| row[4..9].iter().any(|cell| !cell.is_empty()));
    for courts_own in ["accept_filing", "return_for_correction", "deem_suit_withdrawn", "record_service"] {
        assert!(!outside(courts_own), "{courts_own}");
    }
    assert!(outside("submit_filing"));
    let administrator = 4 + procedure::RoleKind::ALL.iter().position(|role| *role == procedure::RoleKind::SystemAdministrator).expect("a role");
    assert!(rows.iter().all(|row| row[administrator].is_empty()), "R-AUD-03: for a system administrator no case exists");
}
