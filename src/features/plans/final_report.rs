//! The final report: what gate 2 asks a team to leave behind.

use diesel::{
    AsChangeset, ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable, RunQueryDsl, Selectable,
    SelectableHelper, insert_into, update,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    features::pilots::{PilotId, PilotRow, see, status::PilotStatus},
    platform::{
        clock::Timestamp,
        db::{DbConnection, schema::final_reports},
        error::{AppError, ErrorCode},
        money::{Money, MoneyInput},
        text::{LocalizedText, ProseInput, columns},
        web::{Answer, Body, Call, Reply, Tx, body::apply_patch, body::some_language},
    },
};

/// A final report. `Serialize` is for the audit digest alone.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = final_reports, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct FinalReportRow {
    /// Of which pilot.
    pub pilot_id: PilotId,
    /// What worked.
    pub what_worked_bn: Option<String>,
    /// What worked.
    pub what_worked_en: Option<String>,
    /// What did not.
    pub what_did_not_bn: Option<String>,
    /// What did not.
    pub what_did_not_en: Option<String>,
    /// In poisha.
    pub cost_per_transaction: Option<i64>,
    /// What it takes elsewhere.
    pub replication_needs_bn: Option<String>,
    /// What it takes elsewhere.
    pub replication_needs_en: Option<String>,
    /// For the public.
    pub public_summary_bn: Option<String>,
    /// For the public.
    pub public_summary_en: Option<String>,
    /// Counts changes; 0 is: not begun.
    pub version: i64,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A final report as its team writes it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"what_worked": {"en": "Farmers came in numbers."}, "cost_per_transaction": {"amount": "12.50", "currency": "BDT"}}))]
pub struct FinalReportPatch {
    /// What worked.
    #[serde(default)]
    #[validate(custom(function = "some_language"))]
    pub what_worked: Option<ProseInput>,
    /// What did not.
    #[serde(default)]
    #[validate(custom(function = "some_language"))]
    pub what_did_not: Option<ProseInput>,
    /// What serving one citizen costs.
    #[serde(default)]
    pub cost_per_transaction: Option<MoneyInput>,
    /// What it takes to do the same elsewhere.
    #[serde(default)]
    #[validate(custom(function = "some_language"))]
    pub replication_needs: Option<ProseInput>,
    /// The result for the public; gate 2 asks for both languages.
    #[serde(default)]
    #[validate(custom(function = "some_language"))]
    pub public_summary: Option<ProseInput>,
}

/// A final report.
#[derive(Serialize, ToSchema)]
pub struct FinalReportView {
    /// Of which pilot.
    pub pilot_id: PilotId,
    /// What worked.
    pub what_worked: LocalizedText,
    /// What did not.
    pub what_did_not: LocalizedText,
    /// What serving one citizen costs.
    pub cost_per_transaction: Option<Money>,
    /// What it takes to do the same elsewhere.
    pub replication_needs: LocalizedText,
    /// The result for the public.
    pub public_summary: LocalizedText,
    /// Counts changes; the `ETag`. 0 is: not begun.
    #[schema(minimum = 0)]
    pub version: i64,
}

/// Read a pilot's final report.
///
/// Empty, at version 0, until it is begun.
#[utoipa::path(get, path = "/v1/pilots/{pilot_id}/final-report", tag = "Plans",
    responses((status = 200, description = "The report.", body = FinalReportView)))]
pub async fn get_final_report(call: Call) -> Answer {
    let id = call.id("pilot_id", PilotId::parse)?;
    call.read(move |connection, context| {
        see(connection, context.actor.as_ref(), id)?;
        let report = find(connection, id)?.unwrap_or_else(|| blank(id, context.now()));
        Reply::record(report.version, &view(report))
    })
    .await
}

/// Write a pilot's final report.
///
/// A merge patch (RFC 7396) by the team, while the pilot is in execution. Before it is begun its `ETag` is `"0"`.
#[utoipa::path(patch, path = "/v1/pilots/{pilot_id}/final-report", tag = "Plans",
    request_body(content = FinalReportPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The changed report.", body = FinalReportView)))]
pub async fn update_final_report(call: Call, body: Body) -> Answer {
    let id = call.id("pilot_id", PilotId::parse)?;
    call.look(move |connection, context| {
        let seen = see(connection, context.actor.as_ref(), id)?;
        context.permit("update_final_report", &seen.standing)
    })
    .await?;
    let patch = body.read_patch::<FinalReportPatch>(&call).await?;
    let state = call.state.clone();
    call.write(move |tx| {
        let actor = tx.actor()?.clone();
        let seen = see(tx.conn, Some(&actor), id)?;
        tx.permit("update_final_report", &seen.standing)?;
        let found = find(tx.conn, id)?;
        let before = found.clone().unwrap_or_else(|| blank(id, tx.now));
        tx.check_version(before.version)?;
        check_pilot_is_running(&seen.row)?;
        let content = apply_patch(&state.schemas, &content_of(&before), &patch)?;
        let after = store(tx, found.as_ref(), with_content(before, &content))?;
        Reply::record(after.version, &view(after))
    })
    .await
}

fn check_pilot_is_running(pilot: &PilotRow) -> Result<(), AppError> {
    if matches!(pilot.status, PilotStatus::InExecution | PilotStatus::OnHold) {
        return Ok(());
    }
    Err(AppError::new(ErrorCode::TransitionNotAllowed).detail(
        "The final report is written while the pilot is in execution.",
        "পাইলট বাস্তবায়নাধীন থাকাকালে চূড়ান্ত প্রতিবেদন লেখা হয়।",
    ))
}

/// The report of a pilot, if it was begun.
///
/// # Errors
/// Those of the database.
pub fn find(connection: &mut DbConnection, pilot: PilotId) -> Result<Option<FinalReportRow>, AppError> {
    Ok(final_reports::table.find(pilot).select(FinalReportRow::as_select()).first(connection).optional()?)
}

fn store(
    tx: &mut Tx<'_>,
    before: Option<&FinalReportRow>,
    prepared: FinalReportRow,
) -> Result<FinalReportRow, AppError> {
    let after = FinalReportRow { version: prepared.version + 1, updated_at: tx.now, ..prepared };
    match before {
        None => {
            insert_into(final_reports::table).values(&after).execute(tx.conn)?;
        }
        Some(before) => {
            let present = final_reports::table.find(before.pilot_id).filter(final_reports::version.eq(before.version));
            if update(present).set(&after).execute(tx.conn)? == 0 {
                return Err(AppError::new(ErrorCode::VersionMismatch));
            }
        }
    }
    tx.audit("final_report", after.pilot_id.as_str(), before, Some(&after))?;
    Ok(after)
}

const fn blank(pilot_id: PilotId, now: Timestamp) -> FinalReportRow {
    FinalReportRow {
        pilot_id,
        what_worked_bn: None,
        what_worked_en: None,
        what_did_not_bn: None,
        what_did_not_en: None,
        cost_per_transaction: None,
        replication_needs_bn: None,
        replication_needs_en: None,
        public_summary_bn: None,
        public_summary_en: None,
        version: 0,
        created_at: now,
        updated_at: now,
    }
}

fn content_of(row: &FinalReportRow) -> FinalReportPatch {
    let prose = |bn: &Option<String>, en: &Option<String>| {
        (bn.is_some() || en.is_some()).then(|| ProseInput { bn: bn.clone(), en: en.clone() })
    };
    FinalReportPatch {
        what_worked: prose(&row.what_worked_bn, &row.what_worked_en),
        what_did_not: prose(&row.what_did_not_bn, &row.what_did_not_en),
        cost_per_transaction: row.cost_per_transaction.map(MoneyInput::from_poisha),
        replication_needs: prose(&row.replication_needs_bn, &row.replication_needs_en),
        public_summary: prose(&row.public_summary_bn, &row.public_summary_en),
    }
}

fn with_content(row: FinalReportRow, content: &FinalReportPatch) -> FinalReportRow {
    let (what_worked_bn, what_worked_en) = columns(content.what_worked.as_ref());
    let (what_did_not_bn, what_did_not_en) = columns(content.what_did_not.as_ref());
    let (replication_needs_bn, replication_needs_en) = columns(content.replication_needs.as_ref());
    let (public_summary_bn, public_summary_en) = columns(content.public_summary.as_ref());
    FinalReportRow {
        what_worked_bn,
        what_worked_en,
        what_did_not_bn,
        what_did_not_en,
        cost_per_transaction: content.cost_per_transaction.as_ref().map(MoneyInput::poisha),
        replication_needs_bn,
        replication_needs_en,
        public_summary_bn,
        public_summary_en,
        ..row
    }
}

fn view(row: FinalReportRow) -> FinalReportView {
    FinalReportView {
        pilot_id: row.pilot_id,
        what_worked: LocalizedText::new(row.what_worked_bn, row.what_worked_en),
        what_did_not: LocalizedText::new(row.what_did_not_bn, row.what_did_not_en),
        cost_per_transaction: row.cost_per_transaction.map(Money::from_poisha),
        replication_needs: LocalizedText::new(row.replication_needs_bn, row.replication_needs_en),
        public_summary: LocalizedText::new(row.public_summary_bn, row.public_summary_en),
        version: row.version,
    }
}
