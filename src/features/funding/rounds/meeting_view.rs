//! How a meeting of a panel is shown.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::rows::PanelMeetingRow;
use crate::{
    features::funding::ids::{PanelMeetingId, RoundId},
    platform::{clock::Timestamp, ids::UserId, text::LocalizedText},
};

/// A meeting of the panel of a round; never changed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PanelMeetingView {
    /// Its identifier.
    pub id: PanelMeetingId,
    /// Of which round.
    pub round_id: RoundId,
    /// The day.
    pub held_on: NaiveDate,
    /// Who was there.
    #[schema(max_items = 50)]
    pub attendees: Vec<UserId>,
    /// Whether as many were there as the round asks for.
    pub has_quorum: bool,
    /// The minutes.
    pub minutes: LocalizedText,
    /// Who wrote it down.
    pub created_by: UserId,
    /// When.
    pub created_at: Timestamp,
}

impl PanelMeetingView {
    /// A meeting of a round that asks for so many.
    pub fn new(row: PanelMeetingRow, quorum: i32) -> Self {
        Self {
            has_quorum: row.has_quorum(quorum),
            id: row.id,
            round_id: row.round_id,
            held_on: row.held_on,
            attendees: row.attendees.to_vec(),
            minutes: LocalizedText::new(row.minutes_bn, row.minutes_en),
            created_by: row.created_by,
            created_at: row.created_at,
        }
    }
}
