//! What a measurement refers to must exist, and its period must make sense. All that is wrong is named at once.

use chrono::{Datelike, NaiveDate};

use super::{content::MeasurementContent, methods, rows::MeasurementRow};
use crate::{
    features::{
        pilots::PilotRow,
        reference::{self, Scheme},
    },
    platform::{
        db::DbConnection,
        error::{AppError, FieldError},
        ids::ServiceId,
    },
};

/// Long before the programme began: an older date is a slip of the pen.
const EARLIEST_YEAR: i32 = 2000;

const UNKNOWN: &str = "unknown_reference";

/// What stands where the content leaves something open.
pub struct Resolved {
    /// The service.
    pub service_id: ServiceId,
    /// The version of the method.
    pub method_version: String,
}

/// Checks a content on the day it is sent, and finds the service and the method that it means.
///
/// # Errors
/// `ValidationFailed` naming every field that is wrong; those of the database.
pub fn resolve(
    connection: &mut DbConnection,
    pilot: &PilotRow,
    content: &MeasurementContent,
    today: NaiveDate,
) -> Result<Resolved, AppError> {
    let mut errors = period_errors(content, today);
    let service_id = service(connection, pilot, content.service_id)?;
    let method_version = method(connection, content.method_version.as_deref())?;
    if !reference::unknown_codes(connection, Scheme::District, content.district_code.as_slice())?.is_empty() {
        errors.push(FieldError::body("/district_code", UNKNOWN, "There is no such district.", "এমন কোনো জেলা নেই।"));
    }
    match (service_id, method_version) {
        (Ok(service_id), Ok(method_version)) if errors.is_empty() => Ok(Resolved { service_id, method_version }),
        (service_id, method_version) => {
            errors.extend(service_id.err());
            errors.extend(method_version.err());
            Err(AppError::validation(errors))
        }
    }
}

fn service(
    connection: &mut DbConnection,
    pilot: &PilotRow,
    named: Option<ServiceId>,
) -> Result<Result<ServiceId, FieldError>, AppError> {
    let refused = |code, en, bn| Ok(Err(FieldError::body("/service_id", code, en, bn)));
    match (named, pilot.service_id) {
        (Some(id), _) if reference::service_exists(connection, id)? => Ok(Ok(id)),
        (Some(_), _) => refused(UNKNOWN, "There is no such service.", "এমন কোনো সেবা নেই।"),
        (None, Some(id)) => Ok(Ok(id)),
        (None, None) => refused(
            "required",
            "The pilot names no service yet, so this field is required.",
            "পাইলটে এখনো কোনো সেবা নেই, তাই এই ঘরটি আবশ্যক।",
        ),
    }
}

fn method(connection: &mut DbConnection, named: Option<&str>) -> Result<Result<String, FieldError>, AppError> {
    let known = methods::newest_first(connection)?;
    let found = match named {
        Some(version) => known.into_iter().find(|method| method.version == version),
        None => known.into_iter().next(),
    };
    Ok(found.map(|method| method.version).ok_or_else(|| {
        FieldError::body(
            "/method_version",
            UNKNOWN,
            "There is no such version of the method.",
            "পদ্ধতির এমন কোনো সংস্করণ নেই।",
        )
    }))
}

fn period_errors(content: &MeasurementContent, today: NaiveDate) -> Vec<FieldError> {
    let future = |day: NaiveDate, pointer: &'static str| {
        (day > today)
            .then(|| FieldError::body(pointer, "in_the_future", "This day has not come yet.", "এই দিন এখনো আসেনি।"))
    };
    let reversed = (content.period_end_on < content.period_start_on).then(|| {
        FieldError::body(
            "/period_end_on",
            "period_reversed",
            "The period ends before it starts.",
            "সময়কাল শুরুর আগেই শেষ হয়েছে।",
        )
    });
    let long_ago = (content.period_start_on.year() < EARLIEST_YEAR).then(|| {
        FieldError::body(
            "/period_start_on",
            "implausible",
            "Nothing was measured before the year 2000.",
            "২০০০ সালের আগে কিছুই পরিমাপ করা হয়নি।",
        )
    });
    [
        long_ago,
        future(content.period_start_on, "/period_start_on"),
        future(content.period_end_on, "/period_end_on"),
        reversed,
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The row with everything that the team writes.
pub fn with_content(row: MeasurementRow, content: &MeasurementContent, resolved: Resolved) -> MeasurementRow {
    let mut row = MeasurementRow {
        service_id: resolved.service_id,
        kind: content.kind,
        method_version: resolved.method_version,
        sample_size: content.sample_size,
        period_start_on: content.period_start_on,
        period_end_on: content.period_end_on,
        district_code: content.district_code.clone(),
        ..row
    };
    content.time.clone().unwrap_or_default().store(&mut row);
    content.cost.clone().unwrap_or_default().store(&mut row);
    content.visits.clone().unwrap_or_default().store(&mut row);
    row
}
