//! What a pilot is found by: its facets and its words, rewritten whenever its content or team changes.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, delete};

use super::{access::team_ids, rows::PilotRow};
use crate::{
    features::reference::{self, Scheme},
    platform::{
        db::{
            DbConnection,
            at_once::{Part, at_once},
            dialect::{self, PILOT_TEXT},
            schema::pilot_facets,
            statement::Statement,
        },
        error::AppError,
        ids::UserId,
        text::search_words,
    },
};

/// Rewrites both.
///
/// # Errors
/// Those of the database.
pub fn index(connection: &mut DbConnection, row: &PilotRow) -> Result<(), AppError> {
    let team = clear(connection, row)?;
    let parts: [Part<'_>; 2] =
        [Box::new(facets(connection, row, &team)?), Box::new(PILOT_TEXT.putting(row.id.as_str(), &words(row)))];
    Ok(at_once(connection, &parts)?)
}

/// The inserts of both for a pilot that this transaction makes, with its owner alone in the team. Nothing is read where
/// others insert at the same time: PostgreSQL would take that for a race.
///
/// # Errors
/// Those of the database.
pub fn of_new(connection: &mut DbConnection, row: &PilotRow) -> Result<[Part<'static>; 2], AppError> {
    Ok([Box::new(facets(connection, row, &[row.owner_id])?), Box::new(PILOT_TEXT.adding(row.id.as_str(), &words(row)))])
}

/// Rewrites the facets, which is enough when only the team changed.
///
/// # Errors
/// Those of the database.
pub fn index_facets(connection: &mut DbConnection, row: &PilotRow) -> Result<(), AppError> {
    let team = clear(connection, row)?;
    facets(connection, row, &team)?.execute(connection)?;
    Ok(())
}

/// Removes the facets; gives the team, by which they are written anew.
fn clear(connection: &mut DbConnection, row: &PilotRow) -> Result<Vec<UserId>, AppError> {
    let team = team_ids(connection, row.id)?;
    delete(pilot_facets::table.filter(pilot_facets::pilot_id.eq(row.id))).execute(connection)?;
    Ok(team)
}

fn facets(connection: &mut DbConnection, row: &PilotRow, team: &[UserId]) -> Result<Statement<'static>, AppError> {
    let mut facets: Vec<(&'static str, String)> = Vec::new();
    facets.extend(row.sector_code.iter().map(|code| ("sector", code.clone())));
    facets.extend(row.service_id.iter().map(|id| ("service", id.to_string())));
    facets.push(("owner", row.owner_id.to_string()));
    facets.extend(team.iter().map(|id| ("member", id.to_string())));
    facets.extend(row.districts.iter().map(|code| ("district", code.clone())));
    facets.extend(row.upazilas.iter().map(|code| ("upazila", code.clone())));
    facets.extend(
        reference::parents_of(connection, Scheme::District, &row.districts)?.into_iter().map(|code| ("division", code)),
    );
    facets.extend(row.sdg_targets.iter().map(|code| ("sdg_target", code.clone())));
    let mut goals: Vec<&str> = row.sdg_targets.iter().filter_map(|code| code.split('.').next()).collect();
    goals.sort_unstable();
    goals.dedup();
    facets.extend(goals.into_iter().map(|code| ("sdg_goal", code.to_owned())));
    facets.extend(row.tags.iter().map(|tag| ("tag", tag.clone())));
    Ok(dialect::facets_of(connection, row.id.as_str(), row.updated_at, &facets, row.organisation_id)?)
}

/// The words of everything that people would remember it by, each once.
fn words(row: &PilotRow) -> Vec<String> {
    let texts = [
        &row.reference,
        &row.title_bn,
        &row.title_en,
        &row.summary_bn,
        &row.summary_en,
        &row.problem_bn,
        &row.problem_en,
        &row.proposed_change_bn,
        &row.proposed_change_en,
        &row.citizen_group_bn,
        &row.citizen_group_en,
    ];
    let mut words: Vec<String> =
        texts.into_iter().flatten().chain(row.tags.iter()).flat_map(|text| search_words(text)).collect();
    words.sort_unstable();
    words.dedup();
    words
}
