//! How a source is shown.

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    access::SeenSource,
    guards,
    status::{SourceKind, SourceStatus},
};
use crate::{
    features::{actions::open, attachments::AttachmentId, funding::ids::FundingSourceId, pilots::PilotId},
    platform::{clock::Timestamp, ids::UserId, money::Money, text::LocalizedText},
};

/// Local money or goods of a pilot.
#[derive(Serialize, ToSchema)]
pub struct FundingSourceView {
    /// Its identifier.
    pub id: FundingSourceId,
    /// Of which pilot.
    pub pilot_id: PilotId,
    /// What kind.
    #[schema(inline)]
    pub kind: SourceKind,
    /// Who gives it.
    pub provider: LocalizedText,
    /// How much it is, or what it is worth.
    pub amount: Money,
    /// What exactly.
    #[schema(max_length = 2000)]
    pub description: Option<String>,
    /// Where it stands.
    #[schema(inline)]
    pub status: SourceStatus,
    /// The document that confirms it, a file on the pilot.
    pub document_id: Option<AttachmentId>,
    /// Who declared it.
    pub declared_by: UserId,
    /// Who confirmed, refused or withdrew it.
    pub decided_by: Option<UserId>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// Why; shown to team and staff.
    #[schema(max_length = 5000)]
    pub reason: Option<String>,
    /// What the caller may do to it now.
    #[schema(max_items = 5)]
    pub allowed_actions: Vec<String>,
    /// Counts changes; the `ETag`.
    #[schema(minimum = 1)]
    pub version: i64,
    /// When it was declared.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl FundingSourceView {
    /// The source as this caller sees it.
    pub fn new(seen: SeenSource) -> Self {
        let allowed_actions = open(guards::actions(&seen));
        let is_insider = seen.standing.team || seen.standing.roles.is_staff();
        let row = seen.row;
        Self {
            id: row.id,
            pilot_id: row.pilot_id,
            kind: row.kind,
            provider: LocalizedText::new(row.provider_bn, row.provider_en),
            amount: Money::from_poisha(row.amount),
            description: row.description,
            status: row.status,
            document_id: row.document_id,
            declared_by: row.declared_by,
            decided_by: row.decided_by,
            decided_at: row.decided_at,
            reason: row.reason.filter(|_| is_insider),
            allowed_actions,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}
