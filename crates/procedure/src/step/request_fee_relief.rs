//! 申请缓交、减交、免交: holds 按撤诉处理 until it is decided (R-FEE-15, R-FEE-21, 《诉讼费用交纳办法》第44条).
use super::{Act, Facts, Field, FieldKind, Step};
use crate::case::RoleKind;
use crate::{Actor, Case, Event, Law, Refusal, Stage};
use serde::{Deserialize, Serialize};

/// Why the fee cannot be paid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RequestFeeRelief {
    pub reason: String,
}

impl Act for RequestFeeRelief {
    const STEP: Step = Step {
        name: "request_fee_relief",
        zh: "申请缓交、减交、免交",
        guide: "交纳诉讼费用确有困难的，写明理由，附上证明材料，向法院申请。决定以前不按撤诉处理。",
        counter: "到窗口填写司法救助申请书。",
        who: &[RoleKind::Plaintiff, RoleKind::Agent],
        from: &[Stage::Preserving, Stage::Preparing],
        power: None,
        fields: &[Field { name: "reason", zh: "申请理由", kind: FieldKind::LongText }],
        papers: &[],
        rules: &["R-FEE-21"],
    };

    fn decide(&self, case: &Case, _: &Actor, _: &Law, _: &Facts) -> Result<Vec<Event>, Refusal> {
        let fee = case.fee.as_ref().filter(|fee| fee.outstanding()).ok_or(Refusal::NothingDue)?;
        if fee.relief.is_some() {
            return Err(Refusal::NotNow { step: Self::STEP.zh.into(), stage: case.stage });
        }
        if self.reason.trim().is_empty() {
            return Err(Refusal::Missing { what: "申请理由".into() });
        }
        Ok(vec![Event::ReliefRequested { reason: self.reason.clone() }])
    }
}
