//! The portal's side of the bridge: what it sends, and what comes to it.
use super::{Bench, COURT, Came};
use court::Undelivered;
use exchange::message::{Outcome, Released, Request, ToCourt, ToPortal};
use exchange::{File, Letter};
use jiff::Timestamp;
use procedure::{Command, PersonId};
use std::sync::Mutex;
use uuid::Uuid;

/// The portal's answer to a message that came at this time: when it stored it, or why it did not.
pub type Portal<'a> = dyn Fn(&ToPortal, Timestamp) -> Result<Timestamp, Undelivered> + Sync + 'a;

impl Bench {
    /// Lets the workers run until nothing is left; the portal takes everything, and its clock is the court's.
    pub fn settle(&self) {
        self.settle_with(&|_, now| Ok(now));
    }

    /// As [`Bench::settle`], with a portal that answers as the test wants it to.
    pub fn settle_with(&self, portal: &Portal<'_>) {
        for _ in 0..80 {
            let done = self.court.work().expect("workers run");
            let across = self.deliver(portal);
            if done == 0 && across == 0 {
                return;
            }
        }
        panic!("the workers never come to rest");
    }

    /// One round over the bridge; how many envelopes got across.
    pub fn deliver(&self, portal: &Portal<'_>) -> usize {
        let (came, court, keys) = (Mutex::new(vec![]), &self.court, &self.keys);
        let across = court
            .deliver(&|_, bytes| {
                let opened = exchange::open(keys, bytes).map_err(|error| error.to_string())?;
                let message: ToPortal = serde_json::from_slice(&opened.payload).map_err(|error| error.to_string())?;
                let stored = portal(&message, court.now())?;
                came.lock().expect("no panic").push((message, opened.files));
                Ok(stored)
            })
            .expect("delivered");
        self.got.borrow_mut().extend(came.into_inner().expect("no panic"));
        across
    }

    /// Sends a message as the portal does, twice: the second time nothing happens.
    pub fn send(&self, message: &ToCourt, files: &[&str]) {
        let payload = serde_json::to_vec(message).expect("JSON");
        let files: Vec<_> = files.iter().map(|text| File::of(text.as_bytes().to_vec())).collect();
        let letter = Letter { id: Uuid::now_v7(), created: self.court.now(), kind: "to-court", payload: &payload, files: &files };
        let bytes = exchange::seal(&self.keys, &letter).expect("sealed");
        let first = self.court.receive_sealed(&bytes).expect("taken");
        let again = self.court.receive_sealed(&bytes).expect("known");
        assert!(first.fresh && !again.fresh, "one envelope, one effect");
        self.settle();
    }

    /// What an account asks of the court; tests change what they are about.
    pub fn request(&self, account: PersonId, command: Command) -> Request {
        let submission = Uuid::now_v7();
        Request {
            submission,
            court: COURT.into(),
            case: self.case,
            account,
            command,
            expected_version: None,
            at: self.court.now(),
            receipt_no: format!("4001-2026-0302-{}", submission.simple()),
            receipt: String::new(),
            cards: vec![],
            for_person: None,
            code: String::new(),
        }
    }

    /// Sends a request, and gives the court's answer.
    pub fn ask(&self, request: Request, files: &[&str]) -> Outcome {
        self.send(&ToCourt::Act(Box::new(request)), files);
        self.outcome()
    }

    /// The court's last answer.
    pub fn outcome(&self) -> Outcome {
        let answer = |(message, _): &Came| if let ToPortal::Answered { outcome, .. } = message { Some(outcome.clone()) } else { None };
        self.got.borrow().iter().rev().find_map(answer).expect("an answer")
    }

    /// The portal's receipt of what came to it now, with facts by their names.
    pub fn receipt(&self, kind: ledger::Kind, number: &str, title: &str, facts: &[(&str, &str)]) -> String {
        let stamp = court::stamp(self.court.now()).expect("a stamp");
        let mut content = ledger::Content::new(kind, number, title, COURT, &stamp);
        content.facts.extend(facts.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        ledger::Receipt::issue(content, &self.portal_key).expect("a receipt").to_text()
    }

    /// All receipts that came back complete from the ledger: number and text.
    pub fn receipts(&self) -> Vec<(String, String)> {
        let complete = |(message, _): &Came| if let ToPortal::Receipts { receipts } = message { receipts.clone() } else { vec![] };
        self.got.borrow().iter().flat_map(complete).collect()
    }

    /// All papers that reached an inbox, with their PDFs.
    pub fn papers(&self) -> Vec<(Released, Vec<u8>)> {
        let paper = |(message, files): &Came| {
            if let ToPortal::Paper(released) = message { Some(((**released).clone(), files[0].bytes.clone())) } else { None }
        };
        self.got.borrow().iter().filter_map(paper).collect()
    }
}
