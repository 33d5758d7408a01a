//! Which two measurements are compared: a baseline and an endline by the same version of the method.

use std::cmp::Reverse;

use super::{methods::by_version, rows::MeasurementRow, status::MeasurementKind};

/// Baseline and endline. Of the versions of the method the newest that has both counts, else the newest that has a
/// baseline, else the newest that has an endline; of several by one version the one verified last.
pub fn pair(rows: &[MeasurementRow]) -> (Option<&MeasurementRow>, Option<&MeasurementRow>) {
    let latest = |kind: MeasurementKind, version: &str| {
        rows.iter()
            .filter(|row| row.kind == kind && row.method_version == version)
            .max_by_key(|row| (row.verified_at, row.id))
    };
    let mut versions: Vec<&str> = rows.iter().map(|row| row.method_version.as_str()).collect();
    versions.sort_by(|left, right| by_version(right, left));
    versions
        .into_iter()
        .map(|version| (latest(MeasurementKind::Baseline, version), latest(MeasurementKind::Endline, version)))
        // Stable, so the newest version stays first among equals.
        .min_by_key(|(baseline, endline)| Reverse((baseline.is_some() && endline.is_some(), baseline.is_some())))
        .unwrap_or((None, None))
}

#[cfg(test)]
pub mod tests {
    use chrono::NaiveDate;
    use uuid::Uuid;

    use super::*;
    use crate::{features::tcv::status::MeasurementStatus, platform::clock::Timestamp};

    /// A verified measurement of forty people in the first days of 2026.
    pub fn measurement(number: u128, kind: MeasurementKind, method_version: &str) -> MeasurementRow {
        let day = NaiveDate::from_ymd_opt(2026, 1, 10).unwrap();
        let at = Timestamp::from_millis(i64::try_from(number).unwrap());
        MeasurementRow {
            id: Uuid::from_u128(number).into(),
            pilot_id: Uuid::nil().into(),
            service_id: Uuid::nil().into(),
            kind,
            method_version: method_version.to_owned(),
            sample_size: 40,
            period_start_on: day,
            period_end_on: day,
            district_code: None,
            time_travel: Some(1),
            time_waiting: None,
            time_processing: None,
            cost_travel: None,
            cost_fees: None,
            cost_assistance: None,
            cost_communication: None,
            cost_other: None,
            visits_apply: None,
            visits_follow_up: None,
            visits_collect: None,
            status: MeasurementStatus::Verified,
            created_by: Uuid::nil().into(),
            submitted_at: Some(at),
            verified_by: Some(Uuid::nil().into()),
            verified_at: Some(at),
            return_reason: None,
            version: 3,
            created_at: at,
            updated_at: at,
        }
    }

    fn chosen(rows: &[MeasurementRow]) -> (Option<u128>, Option<u128>) {
        let number = |row: &MeasurementRow| Uuid::try_parse(row.id.as_str()).unwrap().as_u128();
        let (baseline, endline) = pair(rows);
        (baseline.map(number), endline.map(number))
    }

    #[test]
    fn both_sides_are_of_one_method() {
        use MeasurementKind::{Baseline, Endline, FollowUp};
        assert_eq!(chosen(&[]), (None, None));
        assert_eq!(chosen(&[measurement(1, FollowUp, "2026.1")]), (None, None));
        assert_eq!(chosen(&[measurement(1, Endline, "2026.1")]), (None, Some(1)));
        let old = [measurement(1, Baseline, "2026.9"), measurement(2, Endline, "2026.9")];
        assert_eq!(chosen(&old), (Some(1), Some(2)));
        let [baseline, endline] = old;
        let mut rows = vec![baseline, endline, measurement(3, Baseline, "2026.10")];
        assert_eq!(chosen(&rows), (Some(1), Some(2)), "a new baseline alone does not tear the pair apart");
        rows.push(measurement(4, Endline, "2026.10"));
        assert_eq!(chosen(&rows), (Some(3), Some(4)));
        rows.push(measurement(5, Endline, "2026.10"));
        assert_eq!(chosen(&rows), (Some(3), Some(5)));
        assert_eq!(chosen(&[measurement(1, Baseline, "1"), measurement(2, Endline, "2")]), (Some(1), None));
    }
}
