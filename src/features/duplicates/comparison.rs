//! What follows when a pilot moves: handed in, it is compared with the others; at its end it stands in nobody's way.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper, delete};

use super::{
    decisions::{after_finding, after_missing},
    neighbours::neighbours,
    profile::Profile,
    rows::{DuplicateRow, insert, of_pilot, save},
    score::{Likeness, THRESHOLD, compare},
    shingles::shingles,
    status::{DuplicateMove, DuplicateStatus, LIFECYCLE},
};
use crate::{
    features::pilots::{Follower, PilotId, PilotRow, status::PilotMove},
    platform::{
        db::{
            dialect,
            json_list::JsonList,
            schema::{pilot_duplicates, pilot_shingles, pilots},
        },
        error::AppError,
        lifecycle::next,
        web::Tx,
    },
};

/// So many are offered, the most similar ones.
const MOST_OFFERED: usize = 10;

const FIND: &str = "transition_duplicate.find";
const LAPSE: &str = "transition_duplicate.lapse";

/// Compares a pilot that is handed in, and lets go of one that ends.
pub struct Comparison;

impl Follower for Comparison {
    fn moved(&self, tx: &mut Tx<'_>, _: &PilotRow, after: &PilotRow, step: PilotMove) -> Result<(), AppError> {
        match step {
            PilotMove::Submit => refresh(tx, after),
            PilotMove::Reject | PilotMove::Withdraw | PilotMove::Merge => release(tx, after),
            _ => Ok(()),
        }
    }
}

/// Looks for what resembles the pilot as it is now. Decisions stand unless the two have become clearly more alike.
fn refresh(tx: &mut Tx<'_>, pilot: &PilotRow) -> Result<(), AppError> {
    let profile = Profile::of(pilot);
    let shingles = shingles(&profile);
    delete(pilot_shingles::table.filter(pilot_shingles::pilot_id.eq(pilot.id.as_str()))).execute(tx.conn)?;
    dialect::insert_shingles(tx.conn, pilot.id.as_str(), &shingles)?;
    let near = neighbours(tx.conn, &shingles, pilot.id)?;
    let mirrored: Vec<PilotId> = pilot_duplicates::table
        .filter(pilot_duplicates::other_id.eq(pilot.id))
        .filter(pilot_duplicates::pilot_id.eq_any(&near))
        .filter(pilot_duplicates::status.ne(DuplicateStatus::Lapsed))
        .select(pilot_duplicates::pilot_id)
        .load(tx.conn)?;
    let others: Vec<PilotRow> =
        pilots::table.filter(pilots::id.eq_any(&near)).order(pilots::id).select(PilotRow::as_select()).load(tx.conn)?;
    let mut found: Vec<(PilotId, Likeness)> = others
        .iter()
        .filter(|other| !mirrored.contains(&other.id))
        .map(|other| (other.id, compare(&profile, &Profile::of(other))))
        .filter(|(_, likeness)| likeness.score >= THRESHOLD)
        .collect();
    found.sort_by_key(|(id, likeness)| (-likeness.score, *id));
    found.truncate(MOST_OFFERED);
    let known = of_pilot(tx.conn, pilot.id)?;
    for before in &known {
        let likeness = found.iter().find(|(id, _)| *id == before.other_id).map(|(_, likeness)| likeness);
        let after = match likeness {
            Some(likeness) => after_finding(before, likeness)?,
            None => after_missing(before)?,
        };
        if let Some(after) = after {
            save(tx, FIND, before, after)?;
        }
    }
    for (other_id, likeness) in found.into_iter().filter(|(id, _)| !known.iter().any(|row| row.other_id == *id)) {
        let row = DuplicateRow {
            id: tx.new_id(),
            pilot_id: pilot.id,
            other_id,
            score: likeness.score,
            shared_words: JsonList::new(likeness.shared_words),
            status: DuplicateStatus::Open,
            proposal: None,
            proposal_reason: None,
            proposed_by: None,
            proposed_at: None,
            decided_by: None,
            decided_at: None,
            reason: None,
            version: 1,
            created_at: tx.now,
            updated_at: tx.now,
        };
        insert(tx, FIND, &row)?;
    }
    Ok(())
}

/// A pilot that is not carried out is found no more, and no longer stands in the way of those that resemble it. What it
/// was merged into was its duplicate.
fn release(tx: &mut Tx<'_>, pilot: &PilotRow) -> Result<(), AppError> {
    delete(pilot_shingles::table.filter(pilot_shingles::pilot_id.eq(pilot.id.as_str()))).execute(tx.conn)?;
    let mut rows: Vec<DuplicateRow> = pilot_duplicates::table
        .filter(pilot_duplicates::other_id.eq(pilot.id))
        .filter(pilot_duplicates::status.eq_any(DuplicateStatus::IN_THE_WAY))
        .order(pilot_duplicates::id)
        .select(DuplicateRow::as_select())
        .load(tx.conn)?;
    rows.extend(of_pilot(tx.conn, pilot.id)?.into_iter().filter(|row| row.status == DuplicateStatus::Open));
    for before in rows {
        let is_merged = before.pilot_id == pilot.id && pilot.merged_into_id == Some(before.other_id);
        let step = if is_merged { DuplicateMove::Accept } else { DuplicateMove::Lapse };
        let mut after = DuplicateRow { status: next(LIFECYCLE, before.status, step)?.to, ..before.clone() };
        if is_merged {
            (after.decided_by, after.decided_at) = (Some(tx.actor()?.user_id), Some(tx.now));
        }
        save(tx, if is_merged { "transition_duplicate.accept" } else { LAPSE }, &before, after)?;
    }
    Ok(())
}
