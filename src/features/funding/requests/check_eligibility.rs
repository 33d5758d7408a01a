//! A check of the round's rules: some by themselves, some by a fund officer, each with its reason, for ever.

use diesel::{RunQueryDsl, insert_into};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    access::{SeenRequest, see_request},
    advance::save,
    eligibility::{self, evaluate},
    guards,
    list_eligibility_results::EligibilityResultView,
    rows::{EligibilityResultRow, FundingRequestRow},
};
use crate::{
    features::{
        funding::{
            ids::FundingRequestId,
            rounds::policy::{EligibilityRule, RuleKind},
        },
        plans, tcv,
    },
    platform::{
        db::schema::eligibility_results,
        error::{AppError, FieldError, Place},
        text::{Bilingual, ProseInput, columns},
        web::{Answer, Body, Call, Reply, Tx, body::some_language},
    },
};

/// What a fund officer finds of one rule.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"rule": "public_service", "is_met": true, "reason": {"en": "It is a service of the livestock office."}}))]
pub struct ManualResult {
    /// The rule's code.
    #[schema(min_length = 1, max_length = 40, pattern = "^[a-z][a-z0-9_]*$", example = "public_service")]
    pub rule: String,
    /// Whether it is fulfilled.
    pub is_met: bool,
    /// Why.
    #[validate(custom(function = "some_language"))]
    pub reason: ProseInput,
}

/// What a fund officer finds of the rules that are checked by a person: every one of them, once.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"results": [{"rule": "public_service", "is_met": true, "reason": {"en": "It is a service of the livestock office."}}]}))]
pub struct CheckEligibilityRequest {
    /// One result a rule of the kind `manual`.
    #[validate(nested)]
    #[serde(default)]
    #[schema(max_items = 50)]
    pub results: Vec<ManualResult>,
}

/// A check of all rules.
#[derive(Serialize, ToSchema)]
pub struct EligibilityCheckView {
    /// Of which request.
    pub request_id: FundingRequestId,
    /// Its number, from 1.
    #[schema(minimum = 1)]
    pub number: i32,
    /// Whether every rule is met.
    pub is_eligible: bool,
    /// What each rule says, in the order of the round's rules.
    #[schema(max_items = 50)]
    pub results: Vec<EligibilityResultView>,
}

/// Check the rules of the round.
///
/// In `eligibility`. Send a result with its reason for each rule of the kind `manual`; the others are found by
/// themselves. Nothing of a check is ever changed: checking again makes the next one, and the latest counts.
#[utoipa::path(post, path = "/v1/funding-requests/{request_id}/eligibility-checks", tag = "Funding requests",
    request_body = CheckEligibilityRequest,
    responses((status = 201, description = "The check.", body = EligibilityCheckView)))]
pub async fn check_eligibility(call: Call, body: Body) -> Answer {
    let id = call.id("request_id", FundingRequestId::parse)?;
    call.look(move |connection, context| {
        let seen = see_request(connection, context.actor.as_ref(), id)?;
        context.permit("check_eligibility", &seen.standing)
    })
    .await?;
    let request: CheckEligibilityRequest = body.read(&call).await?;
    call.write(move |tx| run(tx, id, &request)).await
}

fn run(tx: &mut Tx<'_>, id: FundingRequestId, request: &CheckEligibilityRequest) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let seen = see_request(tx.conn, Some(&actor), id)?;
    tx.permit("check_eligibility", &seen.standing)?;
    if let Some(obstacle) = guards::check_obstacle(seen.told_status()) {
        return Err(obstacle);
    }
    let errors = wrong_results(&seen.round.eligibility_rules, &request.results);
    if !errors.is_empty() {
        return Err(AppError::validation(errors));
    }
    let number = seen.row.eligibility_check + 1;
    let mut rows = Vec::new();
    for (rule, is_met, (reason_bn, reason_en)) in results(tx, &seen, &request.results)? {
        let row = EligibilityResultRow {
            id: tx.new_id(),
            request_id: id,
            check_number: number,
            rule_code: rule,
            is_met,
            reason_bn,
            reason_en,
            decided_by: actor.user_id,
            created_at: tx.now,
        };
        insert_into(eligibility_results::table).values(&row).execute(tx.conn)?;
        tx.concerns("pilot", seen.row.pilot_id.as_str());
        tx.audit("eligibility_result", row.id.as_str(), None, Some(&row))?;
        rows.push(row);
    }
    let after =
        save(tx, "check_eligibility", &seen.row, FundingRequestRow { eligibility_check: number, ..seen.row.clone() })?;
    let view = EligibilityCheckView {
        request_id: id,
        number,
        is_eligible: rows.iter().all(|row| row.is_met),
        results: rows.into_iter().map(|row| EligibilityResultView::new(row, &seen)).collect(),
    };
    Reply::created(format!("/v1/funding-requests/{id}/eligibility-results"), after.version, &view)
}

/// A rule's code, whether it is met, and why in Bangla and English.
type Outcome = (String, bool, (Option<String>, Option<String>));

/// What each rule says, in the order of the rules.
fn results(tx: &mut Tx<'_>, seen: &SeenRequest, given: &[ManualResult]) -> Result<Vec<Outcome>, AppError> {
    let around = eligibility::Seen {
        has_plan: plans::current_plan(tx.conn, seen.row.pilot_id)?.is_some(),
        has_deputy: seen.pilot.deputy_id.is_some(),
        has_baseline: tcv::has_verified_baseline(tx.conn, &seen.pilot)?,
    };
    let of_rule = |rule: &EligibilityRule| {
        if let Some((is_met, why)) = evaluate(rule, &seen.row, around) {
            return Some((rule.code.clone(), is_met, (Some(why.bn().into_owned()), Some(why.en.into_owned()))));
        }
        let found = given.iter().find(|result| result.rule == rule.code)?;
        Some((rule.code.clone(), found.is_met, columns(Some(&found.reason))))
    };
    Ok(seen.round.eligibility_rules.iter().filter_map(of_rule).collect())
}

/// Names results of no rule, of a rule that needs none, given twice; and the rules whose result is missing.
fn wrong_results(rules: &[EligibilityRule], given: &[ManualResult]) -> Vec<FieldError> {
    let wrong = given.iter().enumerate().filter_map(|(index, result)| {
        let (code, en, bn) = match rules.iter().find(|rule| rule.code == result.rule) {
            _ if given.iter().take(index).any(|earlier| earlier.rule == result.rule) => {
                ("duplicate", "This rule has two results.", "এই নিয়মের দুটি ফল দেওয়া হয়েছে।")
            }
            None => ("unknown_rule", "The round has no such rule.", "পর্বে এমন কোনো নিয়ম নেই।"),
            Some(rule) if rule.kind != RuleKind::Manual => {
                ("automatic_rule", "This rule is checked by itself.", "এই নিয়মটি নিজে থেকেই যাচাই হয়।")
            }
            Some(_) => return None,
        };
        Some(FieldError::body(format!("/results/{index}/rule"), code, en, bn))
    });
    let missing = rules
        .iter()
        .filter(|rule| rule.kind == RuleKind::Manual && !given.iter().any(|result| result.rule == rule.code))
        .map(|rule| {
            let detail = Bilingual::new(
                format!("The result of the rule `{}` is missing.", rule.code),
                format!("`{}` নিয়মের ফল দেওয়া হয়নি।", rule.code),
            );
            FieldError::new(Place::Body("/results".to_owned()), "required", detail)
        });
    wrong.chain(missing).collect()
}
