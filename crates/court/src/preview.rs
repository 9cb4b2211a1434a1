//! 裁定预览: a ruling as it will be issued, marked 草稿, before anybody signs it; and what lies drafted for the judge. The case
//! is taken as it would be after the command, so that preview and paper are made by the same hands.
use crate::compose::Source;
use crate::staff::Member;
use crate::{Court, Error, desk, work};
use procedure::case::{IssuedPaper, ServiceState};
use procedure::caseno::CaseNumber;
use procedure::event::RulingText;
use procedure::step::{Facts, decide};
use procedure::{CaseId, Command, Paper, PaperId, PersonId};

impl Court {
    /// The first paper that the command would owe, typeset as a draft; a refusal says why it may not be taken. `None`: the
    /// case does not exist for this member, or the command owes no paper. Nothing is stored. Blocks.
    pub fn preview(&self, member: &Member, id: CaseId, command: &Command) -> Result<Option<Vec<u8>>, Error> {
        let work::Facts { mut case, cards, mut history, .. } = self.read_case(&member.court, id)?;
        if !desk::visible(&case, member) {
            return Ok(None);
        }
        let now = self.now();
        let today = procedure::step::day_of(now);
        // Numbers are taken by the act alone: a draft shows the place of one.
        let number = CaseNumber { year: today.year(), court: member.court.clone(), special: None, kind: case.kind.code().into(), serial: 1 };
        let facts = Facts { next_number: Some(number), next_entry: Some(1), ..Facts::at(now) };
        let (numbered, kind) = (case.number.is_some(), case.kind);
        for event in decide(&case, command, &member.actor(), self.law(), &facts)? {
            case.apply(&event);
            history.push((now, event));
        }
        let Some(owed) = history.last().and_then(|(_, event)| event.owed().first().map(|owed| owed.id)) else { return Ok(None) };
        if !numbered {
            case.number = case.number.map(|_| format!("({}){}{}　号", today.year(), member.court, kind.code()));
        }
        let paper = case.paper(owed).ok_or(Error::Corrupt("a paper that its case does not hold"))?.clone();
        let mark = documents::verify_mark(self.portal_url(), id.0.as_bytes())?;
        let source = Source { zone: self, case: &case, paper: &paper, cards: &cards, history: &history, today, code: None, mark };
        Ok(Some(documents::render(self.papers(), &source.compose()?, documents::Seal::Draft)?.pdf))
    }

    /// The ruling 按撤诉处理 as it lies drafted for the judge, while it may be made (R-FEE-15). Blocks.
    pub fn withdrawal_draft(&self, court: &str, id: CaseId) -> Result<RulingText, Error> {
        let facts = self.read_case(court, id)?;
        let nobody = IssuedPaper {
            id: PaperId(facts.case.id.0),
            paper: Paper::DeemedWithdrawalRuling,
            to: PersonId::default(),
            sha256: None,
            pages: 0,
            service: ServiceState::Owed,
            opened_at: None,
            tried: vec![],
        };
        let mark = documents::verify_mark(self.portal_url(), id.0.as_bytes())?;
        let today = procedure::step::day_of(self.now());
        let source = Source { zone: self, case: &facts.case, paper: &nobody, cards: &facts.cards, history: &facts.history, today, code: None, mark };
        source.withdrawal_text(procedure::step::deem_suit_withdrawn::ground(&facts.case, today)?)
    }
}
