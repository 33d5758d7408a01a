//! A funding source as it is stored.

use diesel::{AsChangeset, Identifiable, Insertable, Queryable, Selectable};
use serde::Serialize;

use super::status::{SourceKind, SourceStatus};
use crate::{
    features::{attachments::AttachmentId, funding::ids::FundingSourceId, pilots::PilotId},
    platform::{clock::Timestamp, db::schema::funding_sources, ids::UserId},
};

/// A funding source. `Serialize` is for the audit digest alone.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset, Identifiable, Serialize)]
#[diesel(table_name = funding_sources, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct FundingSourceRow {
    /// Its identifier.
    pub id: FundingSourceId,
    /// Of which pilot.
    pub pilot_id: PilotId,
    /// What kind.
    pub kind: SourceKind,
    /// Who gives it, in Bangla.
    pub provider_bn: Option<String>,
    /// Who gives it, in English.
    pub provider_en: Option<String>,
    /// Poisha.
    pub amount: i64,
    /// What exactly.
    pub description: Option<String>,
    /// Where it stands.
    pub status: SourceStatus,
    /// The document that confirms it.
    pub document_id: Option<AttachmentId>,
    /// Who declared it.
    pub declared_by: UserId,
    /// Who decided.
    pub decided_by: Option<UserId>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// Why.
    pub reason: Option<String>,
    /// Counts changes.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}
