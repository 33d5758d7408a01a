//! Rounds, their extensions and the meetings of their panels as they are stored.

use chrono::NaiveDate;
use diesel::{AsChangeset, Identifiable, Insertable, Queryable, Selectable};
use serde::Serialize;

use super::{
    policy::{Criterion, EligibilityRule},
    status::RoundStatus,
};
use crate::{
    features::funding::ids::{FundId, PanelMeetingId, RoundExtensionId, RoundId},
    platform::{
        clock::Timestamp,
        db::{
            json_list::JsonList,
            schema::{funding_rounds, panel_meetings, round_extensions},
        },
        ids::UserId,
    },
};

/// A round. `Serialize` is for the audit digest alone.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset, Identifiable, Serialize)]
#[diesel(table_name = funding_rounds, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct RoundRow {
    /// Its identifier.
    pub id: RoundId,
    /// Of which fund.
    pub fund_id: FundId,
    /// Its number, from 1.
    pub number: i32,
    /// Its theme in Bangla.
    pub theme_bn: Option<String>,
    /// Its theme in English.
    pub theme_en: Option<String>,
    /// What it is for, in Bangla.
    pub description_bn: Option<String>,
    /// What it is for, in English.
    pub description_en: Option<String>,
    /// Where it stands.
    pub status: RoundStatus,
    /// From when it takes requests.
    pub opens_at: Timestamp,
    /// Until when.
    pub closes_at: Timestamp,
    /// Whether nobody but applicants sees a request before it is closed.
    pub is_sealed: bool,
    /// Poisha.
    pub smallest_award: i64,
    /// Poisha.
    pub largest_award: i64,
    /// Poisha: an award above this needs two approvers.
    pub two_approvers_above: i64,
    /// So many reviews a request needs.
    pub minimum_reviewers: i32,
    /// So many of the panel have to be there.
    pub panel_quorum: i32,
    /// Hundredths of a percent between the highest and the lowest score, above which they are flagged.
    pub spread_threshold: i32,
    /// What reviewers score.
    pub rubric: JsonList<Criterion>,
    /// What a request has to fulfil.
    pub eligibility_rules: JsonList<EligibilityRule>,
    /// Percent of a tranche to be spent before the next one.
    pub minimum_utilisation: i32,
    /// So many tranches at most.
    pub most_tranches: i32,
    /// Days after the release within which the agreement is signed.
    pub agreement_within_days: i32,
    /// The first day on which results are released.
    pub release_on: NaiveDate,
    /// When they were.
    pub released_at: Option<Timestamp>,
    /// By whom.
    pub released_by: Option<UserId>,
    /// Who made it.
    pub created_by: UserId,
    /// Counts changes.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A later closing date. `Serialize` is for the audit digest alone.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, Serialize)]
#[diesel(table_name = round_extensions, treat_none_as_default_value = false)]
pub struct RoundExtensionRow {
    /// Its identifier.
    pub id: RoundExtensionId,
    /// Of which round.
    pub round_id: RoundId,
    /// When it would have closed.
    pub from_closes_at: Timestamp,
    /// When it closes instead.
    pub to_closes_at: Timestamp,
    /// Why.
    pub reason: String,
    /// Who extended it.
    pub extended_by: UserId,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A meeting of a panel. `Serialize` is for the audit digest alone.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, Serialize)]
#[diesel(table_name = panel_meetings, treat_none_as_default_value = false)]
pub struct PanelMeetingRow {
    /// Its identifier.
    pub id: PanelMeetingId,
    /// Of which round.
    pub round_id: RoundId,
    /// The day.
    pub held_on: NaiveDate,
    /// Who was there.
    pub attendees: JsonList<UserId>,
    /// The minutes in Bangla.
    pub minutes_bn: Option<String>,
    /// The minutes in English.
    pub minutes_en: Option<String>,
    /// Who made it.
    pub created_by: UserId,
    /// When it was made.
    pub created_at: Timestamp,
}

impl PanelMeetingRow {
    /// Whether as many were there as a round asks for.
    pub fn has_quorum(&self, quorum: i32) -> bool {
        i32::try_from(self.attendees.len()).is_ok_and(|there| there >= quorum)
    }
}
