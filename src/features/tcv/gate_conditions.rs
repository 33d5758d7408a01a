//! What TCV contributes to the gates: a baseline with targets before a pilot runs, an endline before it counts as done.

use chrono::NaiveDate;
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl};

use super::{
    methods::{self, Method},
    rows::{MeasurementRow, in_force},
    status::MeasurementKind,
};
use crate::{
    features::{
        gates::{Condition, ConditionResult, Finding, Gate},
        pilots::{PilotId, PilotRow},
    },
    platform::{
        db::{DbConnection, schema::plans},
        error::AppError,
        text::{Bilingual, Language},
    },
};

/// `G1.TCV_BASELINE`: the service was measured before the pilot, on enough people, and the plan says what T, C and V
/// are to become.
pub struct TcvBaseline;

/// `G2.TCV_ENDLINE`: the service was measured again, by the same method and late enough.
pub struct TcvEndline;

impl Condition for TcvBaseline {
    fn code(&self) -> &'static str {
        "G1.TCV_BASELINE"
    }

    fn gate(&self) -> Gate {
        Gate::Execution
    }

    fn is_waivable(&self) -> bool {
        false
    }

    fn evaluate(&self, connection: &mut DbConnection, pilot: &PilotRow) -> Result<Finding, AppError> {
        let (rows, methods) = measured(connection, pilot)?;
        let plan = current_plan(connection, pilot.id)?;
        Ok(baseline_finding(pilot, &rows, &methods, plan.as_ref()))
    }
}

impl Condition for TcvEndline {
    fn code(&self) -> &'static str {
        "G2.TCV_ENDLINE"
    }

    fn gate(&self) -> Gate {
        Gate::Celebration
    }

    fn is_waivable(&self) -> bool {
        false
    }

    fn evaluate(&self, connection: &mut DbConnection, pilot: &PilotRow) -> Result<Finding, AppError> {
        let (rows, methods) = measured(connection, pilot)?;
        Ok(endline_finding(pilot, &rows, &methods))
    }
}

fn measured(connection: &mut DbConnection, pilot: &PilotRow) -> Result<(Vec<MeasurementRow>, Vec<Method>), AppError> {
    let rows = match pilot.service_id {
        Some(service) => in_force(connection, pilot.id, service)?,
        None => Vec::new(),
    };
    Ok((rows, methods::newest_first(connection)?))
}

/// Whether a baseline of the pilot's service is verified.
///
/// # Errors
/// Those of the database.
pub fn has_verified_baseline(connection: &mut DbConnection, pilot: &PilotRow) -> Result<bool, AppError> {
    let Some(service) = pilot.service_id else { return Ok(false) };
    Ok(in_force(connection, pilot.id, service)?.iter().any(|row| row.kind == MeasurementKind::Baseline))
}

/// The targets of a plan: its id, then time, cost and visits.
type Targets = (String, Option<i64>, Option<i64>, Option<i64>);

/// The plan that counts now: the submitted one, else the one that gate 1 locked.
fn current_plan(connection: &mut DbConnection, pilot: PilotId) -> Result<Option<Targets>, AppError> {
    for status in ["submitted", "locked"] {
        let found = plans::table
            .filter(plans::pilot_id.eq(pilot.as_str()))
            .filter(plans::status.eq(status))
            .order(plans::number.desc())
            .select((plans::id, plans::target_time, plans::target_cost, plans::target_visits))
            .first(connection)
            .optional()?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

fn method_of<'a>(methods: &'a [Method], row: &MeasurementRow) -> Option<&'a Method> {
    methods.iter().find(|method| method.version == row.method_version)
}

fn path(row: &MeasurementRow) -> String {
    format!("/v1/tcv-measurements/{}", row.id)
}

/// Met without an obstacle; else unmet, and the detail names every one.
fn finding(met: Bilingual, obstacles: Vec<Bilingual>, evidence: Vec<String>) -> Finding {
    if obstacles.is_empty() {
        return Finding { result: ConditionResult::Met, detail: met, evidence };
    }
    let join = |language| obstacles.iter().map(|one| one.in_language(language)).collect::<Vec<_>>().join(" ");
    let detail = Bilingual::new(join(Language::En), join(Language::Bn));
    Finding { result: ConditionResult::Unmet, detail, evidence }
}

fn no_service() -> Bilingual {
    Bilingual::new("The pilot names no service to measure.", "পাইলটে পরিমাপের জন্য কোনো সেবা নেই।")
}

fn baseline_finding(pilot: &PilotRow, rows: &[MeasurementRow], methods: &[Method], plan: Option<&Targets>) -> Finding {
    let is_large_enough = |row: &&MeasurementRow| {
        method_of(methods, row).is_some_and(|method| row.sample_size >= method.minimum_sample_size)
    };
    let baselines = rows.iter().filter(|row| row.kind == MeasurementKind::Baseline);
    let baseline = baselines.clone().find(is_large_enough).or_else(|| baselines.max_by_key(|row| row.sample_size));
    let mut obstacles = Vec::new();
    match baseline {
        _ if pilot.service_id.is_none() => obstacles.push(no_service()),
        None => obstacles.push(Bilingual::new(
            "No baseline of the pilot's service is verified.",
            "পাইলটের সেবার কোনো প্রারম্ভিক পরিমাপ যাচাই করা হয়নি।",
        )),
        Some(row) if !is_large_enough(&row) => {
            let (size, least) = (row.sample_size, method_of(methods, row).map_or(0, |it| it.minimum_sample_size));
            obstacles.push(Bilingual::new(
                format!("The verified baseline has a sample of {size}; the method asks for at least {least}."),
                format!("যাচাই করা প্রারম্ভিক পরিমাপের নমুনা {size}; পদ্ধতি অনুযায়ী অন্তত {least} প্রয়োজন।"),
            ));
        }
        Some(_) => {}
    }
    obstacles.extend(targets_obstacle(plan));
    let evidence = baseline.map(path).into_iter().chain(plan.map(|(id, ..)| format!("/v1/plans/{id}"))).collect();
    let met = Bilingual::new(
        "A baseline with a sufficient sample is verified, and the plan sets targets for time, cost and visits.",
        "যথেষ্ট নমুনার প্রারম্ভিক পরিমাপ যাচাই করা আছে, এবং পরিকল্পনায় সময়, খরচ ও যাতায়াতের লক্ষ্যমাত্রা আছে।",
    );
    finding(met, obstacles, evidence)
}

fn targets_obstacle(plan: Option<&Targets>) -> Option<Bilingual> {
    let Some((_, time, cost, visits)) = plan else {
        return Some(Bilingual::new(
            "No submitted plan sets targets for time, cost and visits.",
            "জমা দেওয়া কোনো পরিকল্পনায় সময়, খরচ ও যাতায়াতের লক্ষ্যমাত্রা নেই।",
        ));
    };
    let names = [(time, "time", "সময়"), (cost, "cost", "খরচ"), (visits, "visits", "যাতায়াত")];
    let (en, bn): (Vec<&str>, Vec<&str>) =
        names.into_iter().filter(|(target, ..)| target.is_none()).map(|(_, en, bn)| (en, bn)).unzip();
    (!en.is_empty()).then(|| {
        Bilingual::new(
            format!("The current plan sets no target for: {}.", en.join(", ")),
            format!("বর্তমান পরিকল্পনায় লক্ষ্যমাত্রা নেই: {}।", bn.join(", ")),
        )
    })
}

/// The day from which an endline counts after this baseline.
fn earliest(baseline: &MeasurementRow, methods: &[Method]) -> Option<NaiveDate> {
    let days = u64::try_from(method_of(methods, baseline)?.minimum_days_between).ok()?;
    baseline.period_end_on.checked_add_days(chrono::Days::new(days))
}

fn endline_finding(pilot: &PilotRow, rows: &[MeasurementRow], methods: &[Method]) -> Finding {
    let of = |kind| rows.iter().filter(move |row| row.kind == kind);
    let same_method = |baseline: &MeasurementRow| {
        let version = baseline.method_version.clone();
        of(MeasurementKind::Endline).find(|row| row.method_version == version)
    };
    let mut pairs: Vec<(&MeasurementRow, &MeasurementRow)> =
        of(MeasurementKind::Baseline).filter_map(|row| Some((row, same_method(row)?))).collect();
    let is_late_enough = |(baseline, endline): &(&MeasurementRow, &MeasurementRow)| {
        earliest(baseline, methods).is_some_and(|day| endline.period_start_on >= day)
    };
    pairs.sort_by_key(|pair| !is_late_enough(pair));
    let best = pairs.first();
    let obstacle = match best {
        _ if pilot.service_id.is_none() => Some(no_service()),
        Some(pair) if is_late_enough(pair) => None,
        Some((baseline, endline)) => {
            let day = earliest(baseline, methods).unwrap_or(baseline.period_end_on);
            let start = endline.period_start_on;
            Some(Bilingual::new(
                format!("The verified endline starts on {start}; by the method it may not start before {day}."),
                format!("যাচাই করা সমাপনী পরিমাপ {start} তারিখে শুরু; পদ্ধতি অনুযায়ী {day} তারিখের আগে শুরু হতে পারে না।"),
            ))
        }
        None if of(MeasurementKind::Endline).next().is_none() => Some(Bilingual::new(
            "No endline of the pilot's service is verified.",
            "পাইলটের সেবার কোনো সমাপনী পরিমাপ যাচাই করা হয়নি।",
        )),
        None if of(MeasurementKind::Baseline).next().is_none() => Some(Bilingual::new(
            "No baseline of the pilot's service is verified, so there is nothing to compare the endline with.",
            "পাইলটের সেবার কোনো প্রারম্ভিক পরিমাপ যাচাই করা হয়নি, তাই সমাপনী পরিমাপের তুলনা করা যায় না।",
        )),
        None => Some(Bilingual::new(
            "No verified endline follows the same version of the method as a verified baseline.",
            "যাচাই করা কোনো সমাপনী পরিমাপ প্রারম্ভিক পরিমাপের একই পদ্ধতি-সংস্করণ অনুসরণ করে না।",
        )),
    };
    let evidence = best.map_or_else(
        || of(MeasurementKind::Endline).map(path).collect(),
        |(baseline, endline)| vec![path(baseline), path(endline)],
    );
    let met = Bilingual::new(
        "An endline by the baseline's method is verified, and it was taken late enough.",
        "প্রারম্ভিক পরিমাপের একই পদ্ধতিতে সমাপনী পরিমাপ যাচাই করা আছে, এবং তা যথেষ্ট পরে নেওয়া।",
    );
    finding(met, obstacle.into_iter().collect(), evidence)
}

#[cfg(test)]
mod tests;
