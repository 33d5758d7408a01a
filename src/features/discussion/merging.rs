//! A merged pilot's comments and supporters go on with the surviving pilot.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper, delete, insert_into, update};

use super::{comment::CommentRow, supporters::SupporterRow};
use crate::{
    features::pilots::{Follower, PilotRow, status::PilotMove},
    platform::{
        db::schema::{pilot_comments, pilot_members, pilot_supporters},
        error::AppError,
        ids::UserId,
        web::Tx,
    },
};

/// Moves comments and supporters when a pilot is merged.
pub struct Merging;

impl Follower for Merging {
    fn moved(&self, tx: &mut Tx<'_>, _: &PilotRow, after: &PilotRow, step: PilotMove) -> Result<(), AppError> {
        let Some(survivor) = after.merged_into_id.filter(|_| step == PilotMove::Merge) else { return Ok(()) };
        let comments: Vec<CommentRow> = pilot_comments::table
            .filter(pilot_comments::pilot_id.eq(after.id))
            .order(pilot_comments::id)
            .select(CommentRow::as_select())
            .load(tx.conn)?;
        for before in comments {
            let moved = CommentRow {
                pilot_id: survivor,
                origin_pilot_id: before.origin_pilot_id.or(Some(after.id)),
                version: before.version + 1,
                ..before.clone()
            };
            update(pilot_comments::table.find(before.id)).set(&moved).execute(tx.conn)?;
            tx.audit_as("transition_pilot.merge", "pilot_comment", before.id.as_str(), Some(&before), Some(&moved))?;
        }
        let supporters: Vec<SupporterRow> = pilot_supporters::table
            .filter(pilot_supporters::pilot_id.eq(after.id))
            .order(pilot_supporters::user_id)
            .select(SupporterRow::as_select())
            .load(tx.conn)?;
        // Nobody counts twice, and nobody supports a pilot whose team they are or were in.
        let people: Vec<UserId> = supporters.iter().map(|row| row.user_id).collect();
        let present: Vec<UserId> = pilot_supporters::table
            .filter(pilot_supporters::pilot_id.eq(survivor))
            .filter(pilot_supporters::user_id.eq_any(people))
            .select(pilot_supporters::user_id)
            .load(tx.conn)?;
        let team: Vec<UserId> = pilot_members::table
            .filter(pilot_members::pilot_id.eq(survivor))
            .select(pilot_members::user_id)
            .load(tx.conn)?;
        delete(pilot_supporters::table.filter(pilot_supporters::pilot_id.eq(after.id))).execute(tx.conn)?;
        let counts = |row: &SupporterRow| !present.contains(&row.user_id) && !team.contains(&row.user_id);
        for before in supporters.into_iter().filter(counts) {
            let moved = SupporterRow {
                pilot_id: survivor,
                origin_pilot_id: before.origin_pilot_id.or(Some(after.id)),
                ..before.clone()
            };
            insert_into(pilot_supporters::table).values(&moved).execute(tx.conn)?;
            tx.audit_as("transition_pilot.merge", "pilot_support", survivor.as_str(), Some(&before), Some(&moved))?;
        }
        Ok(())
    }
}
