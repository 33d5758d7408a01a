//! What this slice knows for the gates.

use super::{
    final_report, seal,
    status::MilestoneStatus,
    store::{current_plan, milestones_of, plan_in_force},
};
use crate::{
    features::{
        gates::{Condition, ConditionResult, Finding, Gate},
        pilots::PilotRow,
    },
    platform::{db::DbConnection, error::AppError, text::Bilingual},
};

fn finding(met: bool, evidence: Vec<String>, met_text: (&'static str, &'static str), unmet_text: Bilingual) -> Finding {
    let detail = if met { Bilingual::new(met_text.0, met_text.1) } else { unmet_text };
    Finding { result: if met { ConditionResult::Met } else { ConditionResult::Unmet }, detail, evidence }
}

/// `G1.PLAN`: a version is submitted and still what was submitted. What a version needs is checked by its submit.
pub struct PlanSubmitted;

impl Condition for PlanSubmitted {
    fn code(&self) -> &'static str {
        "G1.PLAN"
    }

    fn gate(&self) -> Gate {
        Gate::Execution
    }

    fn is_waivable(&self) -> bool {
        false
    }

    fn evaluate(&self, connection: &mut DbConnection, pilot: &PilotRow) -> Result<Finding, AppError> {
        let Some(plan) = current_plan(connection, pilot.id)? else {
            let unmet = Bilingual::new("No plan version is submitted.", "কোনো পরিকল্পনা জমা দেওয়া হয়নি।");
            return Ok(finding(false, Vec::new(), ("", ""), unmet));
        };
        let milestones = milestones_of(connection, plan.id)?;
        Ok(finding(
            seal::is_intact(&plan, &milestones)?,
            vec![format!("/v1/plans/{}", plan.id)],
            ("A plan version is submitted.", "একটি পরিকল্পনা জমা দেওয়া আছে।"),
            Bilingual::new("The plan is not the one that was submitted.", "পরিকল্পনাটি জমা দেওয়া পরিকল্পনার সঙ্গে মেলে না।"),
        ))
    }
}

/// `G2.MILESTONES`: every mandatory milestone of the version in force is done or waived.
pub struct MilestonesDone;

impl Condition for MilestonesDone {
    fn code(&self) -> &'static str {
        "G2.MILESTONES"
    }

    fn gate(&self) -> Gate {
        Gate::Celebration
    }

    fn is_waivable(&self) -> bool {
        true
    }

    fn evaluate(&self, connection: &mut DbConnection, pilot: &PilotRow) -> Result<Finding, AppError> {
        let Some(plan) = plan_in_force(connection, pilot.id)? else {
            let unmet = Bilingual::new("No plan version is in force.", "কোনো পরিকল্পনা কার্যকর নেই।");
            return Ok(finding(false, Vec::new(), ("", ""), unmet));
        };
        let rows = milestones_of(connection, plan.id)?;
        let open: Vec<_> =
            rows.iter().filter(|row| row.is_mandatory && row.status == MilestoneStatus::Planned).collect();
        let evidence = open.iter().map(|row| format!("/v1/milestones/{}", row.id));
        Ok(finding(
            open.is_empty(),
            if open.is_empty() { vec![format!("/v1/plans/{}", plan.id)] } else { evidence.collect() },
            ("All mandatory milestones are done or waived.", "সব আবশ্যিক মাইলফলক সম্পন্ন অথবা মওকুফ।"),
            Bilingual::new(
                format!("Mandatory milestones still open: {}.", open.len()),
                format!("আবশ্যিক মাইলফলক বাকি: {}টি।", open.len()),
            ),
        ))
    }
}

/// `G2.LESSONS`: the final report says what worked, what did not, what it costs and what replication needs.
pub struct Lessons;

impl Condition for Lessons {
    fn code(&self) -> &'static str {
        "G2.LESSONS"
    }

    fn gate(&self) -> Gate {
        Gate::Celebration
    }

    fn is_waivable(&self) -> bool {
        false
    }

    fn evaluate(&self, connection: &mut DbConnection, pilot: &PilotRow) -> Result<Finding, AppError> {
        let report = final_report::find(connection, pilot.id)?;
        let text = |bn: &Option<String>, en: &Option<String>| bn.is_some() || en.is_some();
        let parts = [
            (
                report.as_ref().is_some_and(|it| text(&it.what_worked_bn, &it.what_worked_en)),
                "what worked",
                "কী কাজ করেছে",
            ),
            (
                report.as_ref().is_some_and(|it| text(&it.what_did_not_bn, &it.what_did_not_en)),
                "what did not",
                "কী কাজ করেনি",
            ),
            (
                report.as_ref().is_some_and(|it| it.cost_per_transaction.is_some()),
                "cost per transaction",
                "প্রতি সেবার খরচ",
            ),
            (
                report.as_ref().is_some_and(|it| text(&it.replication_needs_bn, &it.replication_needs_en)),
                "what replication needs",
                "পুনরাবৃত্তির চাহিদা",
            ),
        ];
        let missing: Vec<_> = parts.iter().filter(|(there, ..)| !there).collect();
        let list = |names: Vec<&str>| names.join(", ");
        Ok(finding(
            missing.is_empty(),
            vec![format!("/v1/pilots/{}/final-report", pilot.id)],
            ("The final report is complete.", "চূড়ান্ত প্রতিবেদন সম্পূর্ণ।"),
            Bilingual::new(
                format!("The final report lacks: {}.", list(missing.iter().map(|(_, en, _)| *en).collect())),
                format!("চূড়ান্ত প্রতিবেদনে নেই: {}।", list(missing.iter().map(|(_, _, bn)| *bn).collect())),
            ),
        ))
    }
}

/// `G2.PUBLIC`: the public summary is there in both languages.
pub struct PublicSummary;

impl Condition for PublicSummary {
    fn code(&self) -> &'static str {
        "G2.PUBLIC"
    }

    fn gate(&self) -> Gate {
        Gate::Celebration
    }

    fn is_waivable(&self) -> bool {
        true
    }

    fn evaluate(&self, connection: &mut DbConnection, pilot: &PilotRow) -> Result<Finding, AppError> {
        let report = final_report::find(connection, pilot.id)?;
        Ok(finding(
            report.is_some_and(|it| it.public_summary_bn.is_some() && it.public_summary_en.is_some()),
            vec![format!("/v1/pilots/{}/final-report", pilot.id)],
            ("The public summary is there in Bangla and in English.", "জনসাধারণের জন্য সারসংক্ষেপ বাংলা ও ইংরেজিতে আছে।"),
            Bilingual::new(
                "The public summary is needed in Bangla and in English.",
                "জনসাধারণের জন্য সারসংক্ষেপ বাংলা ও ইংরেজি উভয় ভাষায় প্রয়োজন।",
            ),
        ))
    }
}
