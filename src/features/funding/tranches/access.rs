//! Who sees the tranches of an agreement, and what the caller is to it: the pilot's team once the result is released,
//! and staff.

use std::{collections::BTreeMap, sync::Arc};

use diesel::{QueryDsl, RunQueryDsl};

use super::account::{Account, accounts};
use crate::{
    features::{
        funding::{
            ids::{FundingRequestId, TrancheId},
            requests::{SeenRequest, see_request},
        },
        plans,
    },
    platform::{
        auth::Actor,
        db::{DbConnection, schema::tranches},
        error::{AppError, DatabaseIntent},
    },
};

/// A request whose money the caller may see, with all of it.
#[derive(Clone, Debug)]
pub struct Agreement {
    /// The request, its round, its pilot, and what the caller is to it.
    pub seen: SeenRequest,
    /// Its tranches by number.
    pub accounts: Vec<Account>,
    /// The milestones of the plan version that it was submitted on: whether each is reached.
    pub milestones: BTreeMap<i32, bool>,
}

impl Agreement {
    /// With the money of a request that the caller sees.
    ///
    /// # Errors
    /// Those of the database.
    pub fn of(connection: &mut DbConnection, seen: SeenRequest) -> Result<Self, AppError> {
        let accounts = accounts(connection, &[seen.row.id])?;
        let milestones = match seen.row.plan_id {
            Some(plan) => plans::reached(connection, seen.row.pilot_id, plan)?,
            None => BTreeMap::new(),
        };
        Ok(Self { seen, accounts, milestones })
    }

    /// What the tranches add up to.
    pub fn planned(&self) -> i64 {
        self.accounts.iter().map(|account| account.tranche.amount).sum()
    }

    /// The tranche before this one that was to be paid: one that was cancelled asks for no report.
    pub fn before(&self, number: i32) -> Option<&Account> {
        use super::status::TrancheStatus::Cancelled;
        self.accounts.iter().rfind(|it| it.tranche.number < number && it.tranche.status != Cancelled)
    }
}

/// A tranche that the caller may see.
#[derive(Clone, Debug)]
pub struct SeenTranche {
    /// What it is a part of.
    pub agreement: Arc<Agreement>,
    /// The tranche with its money.
    pub account: Account,
}

/// Whether the caller sees the money of a request that they see.
pub fn sees_money(seen: &SeenRequest) -> bool {
    seen.is_told() && (seen.standing.team || seen.standing.roles.is_staff())
}

/// The agreement, if the caller may see it.
///
/// # Errors
/// `NotFound`.
pub fn see_agreement(
    connection: &mut DbConnection,
    actor: Option<&Actor>,
    id: FundingRequestId,
) -> Result<Agreement, AppError> {
    let seen = see_request(connection, actor, id)?;
    if !sees_money(&seen) {
        return Err(AppError::not_found());
    }
    Agreement::of(connection, seen)
}

/// The tranche, if the caller may see it.
///
/// # Errors
/// `NotFound`.
pub fn see_tranche(
    connection: &mut DbConnection,
    actor: Option<&Actor>,
    id: TrancheId,
) -> Result<SeenTranche, AppError> {
    let request: FundingRequestId =
        tranches::table.find(id).select(tranches::request_id).first(connection).or_not_found()?;
    let agreement = see_agreement(connection, actor, request)?;
    let account = agreement.accounts.iter().find(|account| account.tranche.id == id).cloned();
    Ok(SeenTranche { account: account.ok_or_else(AppError::not_found)?, agreement: Arc::new(agreement) })
}
