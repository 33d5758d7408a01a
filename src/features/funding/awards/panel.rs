//! The meeting of the panel that a decision rests on.

use std::collections::HashSet;

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl, SelectableHelper};

use crate::{
    features::funding::{
        ids::{PanelMeetingId, RoundId},
        requests::SeenRequest,
        rounds::PanelMeetingRow,
    },
    platform::{
        db::{
            DbConnection,
            schema::{panel_meetings, pilot_members},
        },
        error::{AppError, FieldError},
        ids::UserId,
        text::Bilingual,
    },
};

/// A meeting of the panel of this round.
///
/// # Errors
/// Those of the database.
pub fn meeting_of(
    connection: &mut DbConnection,
    round: RoundId,
    id: PanelMeetingId,
) -> Result<Option<PanelMeetingRow>, AppError> {
    Ok(panel_meetings::table
        .find(id)
        .filter(panel_meetings::round_id.eq(round))
        .select(PanelMeetingRow::as_select())
        .first(connection)
        .optional()?)
}

/// Too few were there who have nothing to do with the pilot, if so.
///
/// # Errors
/// Those of the database.
pub fn quorum_missing(
    connection: &mut DbConnection,
    seen: &SeenRequest,
    meeting: &PanelMeetingRow,
) -> Result<Option<FieldError>, AppError> {
    let team: HashSet<UserId> = pilot_members::table
        .filter(pilot_members::pilot_id.eq(seen.pilot.id))
        .select(pilot_members::user_id)
        .load(connection)?
        .into_iter()
        .collect();
    let free: HashSet<&UserId> = meeting.attendees.iter().filter(|person| !team.contains(person)).collect();
    let (there, quorum) = (free.len(), seen.round.panel_quorum);
    let is_quorate = i32::try_from(there).is_ok_and(|there| there >= quorum);
    Ok((!is_quorate).then(|| {
        FieldError::condition(
            "quorum_missing",
            Bilingual::new(
                format!("{there} of the panel outside the pilot's team were at the meeting; {quorum} have to be."),
                format!("সভায় পাইলটের দলের বাইরের {there} জন প্যানেল সদস্য ছিলেন; {quorum} জন প্রয়োজন।"),
            ),
        )
    }))
}
