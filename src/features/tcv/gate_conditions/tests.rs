use chrono::Days;
use uuid::Uuid;

use super::*;
use crate::{
    features::{
        pilots::status::{Phase, PilotStatus},
        tcv::pair::tests::measurement,
    },
    platform::{clock::Timestamp, db::json_list::JsonList},
};

fn pilot() -> PilotRow {
    let now = Timestamp::from_millis(0);
    PilotRow {
        id: Uuid::nil().into(),
        reference: None,
        title_bn: None,
        title_en: None,
        summary_bn: None,
        summary_en: None,
        problem_bn: None,
        problem_en: None,
        proposed_change_bn: None,
        proposed_change_en: None,
        citizen_group_bn: None,
        citizen_group_en: None,
        underserved: JsonList::new(Vec::new()),
        service_id: Some(Uuid::nil().into()),
        sector_code: None,
        districts: JsonList::new(Vec::new()),
        upazilas: JsonList::new(Vec::new()),
        sdg_targets: JsonList::new(Vec::new()),
        tags: JsonList::new(Vec::new()),
        origin: serde_json::from_str("\"own_idea\"").unwrap(),
        owner_id: Uuid::nil().into(),
        deputy_id: None,
        organisation_id: Uuid::nil().into(),
        phase: Phase::Initiation,
        status: PilotStatus::Design,
        is_listed: true,
        is_public: false,
        screener_id: None,
        changes_due_on: None,
        review_on: None,
        merged_into_id: None,
        lessons: None,
        submitted_at: None,
        screening_at: None,
        initiated_at: None,
        execution_at: None,
        completed_at: None,
        ended_at: None,
        published_at: None,
        version: 1,
        created_at: now,
        updated_at: now,
    }
}

fn methods() -> Vec<Method> {
    ["2026.2", "2026.1"]
        .map(|version| Method { version: version.to_owned(), minimum_sample_size: 30, minimum_days_between: 90 })
        .to_vec()
}

fn targets(time: Option<i64>, cost: Option<i64>, visits: Option<i64>) -> Targets {
    ("plan".to_owned(), time, cost, visits)
}

#[test]
fn a_baseline_needs_its_sample_and_the_plan_its_targets() {
    let baseline = measurement(1, MeasurementKind::Baseline, "2026.1");
    let small = MeasurementRow { sample_size: 29, ..baseline.clone() };
    let enough = MeasurementRow { sample_size: 30, ..baseline.clone() };
    let full = targets(Some(1), Some(0), Some(2));
    let of = |rows: &[MeasurementRow], plan: Option<&Targets>| baseline_finding(&pilot(), rows, &methods(), plan);

    let met = of(std::slice::from_ref(&enough), Some(&full));
    assert_eq!(met.result, ConditionResult::Met);
    assert_eq!(met.evidence, [path(&enough), "/v1/plans/plan".to_owned()]);
    let too_small = of(std::slice::from_ref(&small), Some(&full));
    assert_eq!(too_small.result, ConditionResult::Unmet);
    assert!(too_small.detail.en.contains("sample of 29") && too_small.detail.en.contains("at least 30"));
    assert_eq!(of(&[small, enough.clone()], Some(&full)).result, ConditionResult::Met);

    let incomplete = of(std::slice::from_ref(&enough), Some(&targets(Some(1), None, None)));
    assert_eq!(incomplete.detail.en, "The current plan sets no target for: cost, visits.");
    let nothing = of(&[], None);
    assert!(nothing.detail.en.contains("No baseline") && nothing.detail.en.contains("No submitted plan"));
    let endline_only = of(&[measurement(2, MeasurementKind::Endline, "2026.1")], Some(&full));
    assert_eq!(endline_only.result, ConditionResult::Unmet);
}

#[test]
fn without_a_service_nothing_can_be_measured() {
    let pilot = PilotRow { service_id: None, ..pilot() };
    assert!(baseline_finding(&pilot, &[], &methods(), None).detail.en.starts_with("The pilot names no service"));
    assert_eq!(endline_finding(&pilot, &[], &methods()).result, ConditionResult::Unmet);
}

#[test]
fn an_endline_is_of_the_same_method_and_late_enough() {
    let baseline = measurement(1, MeasurementKind::Baseline, "2026.1");
    let after = |days: u64, version: &str| {
        let day = baseline.period_end_on.checked_add_days(Days::new(days)).unwrap();
        let endline = measurement(2, MeasurementKind::Endline, version);
        MeasurementRow { period_start_on: day, period_end_on: day, ..endline }
    };
    let of = |rows: &[MeasurementRow]| endline_finding(&pilot(), rows, &methods());

    assert_eq!(of(&[baseline.clone(), after(90, "2026.1")]).result, ConditionResult::Met);
    let early = of(&[baseline.clone(), after(89, "2026.1")]);
    assert_eq!(early.result, ConditionResult::Unmet);
    assert!(early.detail.en.contains("2026-04-09") && early.detail.en.contains("2026-04-10"), "{}", early.detail.en);
    let other_method = of(&[baseline.clone(), after(200, "2026.2")]);
    assert!(other_method.detail.en.contains("same version"));
    assert!(of(&[after(200, "2026.2")]).detail.en.contains("No baseline"));
    assert!(of(std::slice::from_ref(&baseline)).detail.en.contains("No endline"));
    // A second baseline by another method does not spoil the pair that holds.
    let newer = measurement(3, MeasurementKind::Baseline, "2026.2");
    let early_again = MeasurementRow { id: Uuid::from_u128(4).into(), ..after(1, "2026.2") };
    assert_eq!(of(&[newer, early_again, baseline.clone(), after(90, "2026.1")]).result, ConditionResult::Met);
}
