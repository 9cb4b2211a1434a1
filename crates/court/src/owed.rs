//! 应送尽送: every paper that an event owes to somebody is on its way, or on somebody's list (house invariant 4).
//!
//! Owed is folded from the events; on its way is what jobs, outbox, deliveries and tasks say. The two come from different
//! tables, so that a row lost from either shows.
use crate::{Error, job, replay, store};
use procedure::case::{Channel, Method, Scope, ServiceState};
use procedure::{Case, CaseId, PaperId};
use std::collections::BTreeSet;
use storage::{Db, Tx, jobs, outbox};

/// A paper that is owed and that nothing will send.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Forgotten {
    pub case: CaseId,
    pub paper: PaperId,
    /// What ought to be there and is not.
    pub missing: &'static str,
}

/// What is under way in a court.
struct UnderWay {
    typeset: BTreeSet<String>,
    serve: BTreeSet<String>,
}

/// Compares what is owed with what is under way in these courts; how many papers were looked at, and what is forgotten.
pub fn check_owed(db: &Db, courts: &[String]) -> Result<(usize, Vec<Forgotten>), Error> {
    let courts = courts.to_vec();
    db.read_blocking(move |tx| {
        let (mut count, mut forgotten) = (0, Vec::new());
        for court in &courts {
            let under_way = UnderWay {
                typeset: jobs::open_keys(tx, court, job::TYPESET)?.into_iter().collect(),
                serve: jobs::open_keys(tx, court, job::SERVE)?.into_iter().collect(),
            };
            for id in store::case_ids(tx, court)? {
                let case = replay(tx, court, id, None)?;
                count += case.papers.len();
                forgotten.extend(of_case(tx, &case, &under_way)?);
            }
        }
        Ok((count, forgotten))
    })
}

fn of_case(tx: &mut Tx, case: &Case, under_way: &UnderWay) -> Result<Vec<Forgotten>, Error> {
    let tasks = store::open_tasks(tx, &case.court, case.id)?;
    let sent: Vec<_> = store::deliveries(tx, &case.court, case.id)?;
    let task = |kind: &str, payload: String| tasks.iter().any(|(known, with)| known == kind && *with == payload);
    let mut forgotten = Vec::new();
    for paper in &case.papers {
        let envelopes = sent.iter().filter(|(_, of)| *of == paper.id);
        let missing = match &paper.service {
            ServiceState::Owed => (!under_way.typeset.contains(&paper.id.to_string())).then_some("job to typeset it"),
            // Made for the file: nobody waits for it.
            ServiceState::Issued if paper.paper.is_kept() => None,
            ServiceState::Issued if case.channel_of(paper.to, Scope::Service) == Channel::Online => {
                let prefix = format!("{}/", paper.id);
                (!under_way.serve.iter().any(|key| key.starts_with(&prefix))).then_some("job to serve it")
            }
            // The packet of a recipient goes out when all of it is sealed.
            ServiceState::Issued => {
                let complete = !case.papers.iter().any(|other| other.to == paper.to && other.service == ServiceState::Owed);
                (complete && !task("post", serde_json::to_string(&paper.to)?)).then_some("clerk's task to post it")
            }
            ServiceState::Sent { method: Method::Electronic, .. } | ServiceState::Served { method: Method::Electronic, .. } => {
                let mut any = false;
                for (envelope, _) in envelopes {
                    // Fails for an envelope that is gone.
                    any |= match outbox::answer(tx, &case.court, *envelope) {
                        Ok(_) => true,
                        Err(storage::Error::NoEnvelope(_)) => false,
                        Err(error) => return Err(error.into()),
                    };
                }
                (!any).then_some("envelope to the recipient's inbox")
            }
            // In the post: the clerk waits for the return and enters it; it stands on the case's page.
            ServiceState::Sent { method: Method::Postal | Method::Direct, .. }
            | ServiceState::Served { method: Method::Postal | Method::Direct, .. } => None,
            ServiceState::Failed { .. } => (!task("undelivered", serde_json::to_string(&paper.id)?)).then_some("clerk's task after a failed service"),
        };
        forgotten.extend(missing.map(|missing| Forgotten { case: case.id, paper: paper.id, missing }));
    }
    Ok(forgotten)
}
