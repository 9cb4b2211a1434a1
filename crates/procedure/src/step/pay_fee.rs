//! 交纳诉讼费: the money came in, online or by bank slip confirmed by a clerk (R-FEE-15).
use super::{Act, Facts, Field, FieldKind, Step};
use crate::case::{Payment, PaymentMethod, RoleKind};
use crate::{Actor, Case, Event, Fen, Law, Refusal, Stage};
use serde::{Deserialize, Serialize};

/// What the provider or the bank slip says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PayFee {
    pub amount: Fen,
    pub method: PaymentMethod,
    pub reference: String,
}

impl Act for PayFee {
    const STEP: Step = Step {
        name: "pay_fee",
        zh: "交纳诉讼费",
        guide: "收到交费通知次日起七日内预交；交纳确有困难的，可以申请缓交、减交或者免交。",
        counter: "到窗口刷卡，或者到银行转账后把回单交给窗口登记。",
        who: &[RoleKind::Platform, RoleKind::FilingClerk, RoleKind::Clerk],
        // An unpaid fee stops neither trial nor judgment, and the case is not closed without it (R-ARC-05).
        from: &[Stage::Preserving, Stage::Preparing, Stage::Hearing, Stage::Suspended, Stage::Decided, Stage::Effective, Stage::Withdrawn],
        power: None,
        fields: &[Field { name: "amount", zh: "到账金额", kind: FieldKind::Money }, Field { name: "reference", zh: "票据号", kind: FieldKind::Text }],
        papers: &[],
        rules: &["R-FEE-15", "R-FEE-16", "R-FEE-17"],
    };

    fn decide(&self, case: &Case, _: &Actor, _: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let fee = case.fee.as_ref().ok_or(Refusal::NothingDue)?;
        // The provider tells twice: once is enough.
        if let Some(before) = fee.paid.iter().chain(&fee.further).find(|before| before.reference == self.reference) {
            if before.amount == self.amount {
                return Ok(vec![]);
            }
            let zh = format!("这个票据号已经登记过，金额是 {}。请核对票据号和金额。", before.amount);
            return Err(Refusal::FieldInvalid { field: "reference".into(), zh, rule: "R-FEE-15".into() });
        }
        if !fee.outstanding() {
            return Err(Refusal::NothingDue);
        }
        if self.reference.trim().is_empty() {
            return Err(Refusal::Missing { what: "票据号".into() });
        }
        if self.amount != fee.still_due() {
            return Err(Refusal::WrongAmount { due: fee.still_due(), paid: self.amount });
        }
        let payment = Payment { amount: self.amount, at: facts.at, method: self.method, reference: self.reference.clone() };
        Ok(vec![Event::FeePaid { payment }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Command;
    use crate::step::fixture::{CLERK, PLAINTIFF, PLATFORM, accepted, act, effective, given, paid};

    fn pay(amount: i64, reference: &str) -> Command {
        Command::PayFee(PayFee { amount: Fen(amount), method: PaymentMethod::Online, reference: reference.into() })
    }

    #[test]
    fn r_fee_15_exact_to_the_fen_and_once() {
        let mut case = accepted();
        assert_eq!(act(&mut case, pay(190_499, "P-1"), &PLATFORM()), Err(Refusal::WrongAmount { due: Fen(190_500), paid: Fen(190_499) }));
        act(&mut case, pay(190_500, "P-1"), &PLATFORM()).expect("paid");
        assert_eq!(act(&mut case, pay(190_500, "P-1"), &PLATFORM()), Ok(vec![]), "told twice");
        let other = act(&mut case, pay(9_999_900, "P-1"), &CLERK());
        assert!(matches!(other, Err(Refusal::FieldInvalid { field, .. }) if field == "reference"), "the same slip, another amount");
        assert_eq!(act(&mut case, pay(190_500, "P-2"), &CLERK()), Err(Refusal::NothingDue));
    }

    #[test]
    fn r_arc_05_a_judged_case_still_takes_the_fee_without_which_it_is_not_closed() {
        for case in [given(), effective()] {
            assert!(paid(case).fee.expect("assessed").paid.is_some());
        }
    }

    #[test]
    fn the_payer_does_not_confirm_his_own_payment() {
        assert!(matches!(act(&mut accepted(), pay(190_500, "P-1"), &PLAINTIFF()), Err(Refusal::NotYours { .. })));
    }
}
