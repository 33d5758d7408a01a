//! The moment that a position is of.

use chrono::NaiveDate;
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    features::funding::ids::FundId,
    platform::{
        clock::Timestamp,
        db::{DbConnection, schema::ledger_entries},
        error::{AppError, FieldError},
        web::call::Context,
    },
};

/// Of when.
#[derive(Clone, Copy, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PositionQuery {
    /// As it was at the end of this day in Dhaka; now unless given.
    pub as_of: Option<NaiveDate>,
}

impl PositionQuery {
    /// From a request.
    ///
    /// # Errors
    /// `InvalidParameters` for a day that has not come yet or is from before there were funds.
    pub fn of(context: &Context) -> Result<Self, AppError> {
        let query: Self = context.query()?;
        let earliest = NaiveDate::from_ymd_opt(2001, 7, 1).unwrap_or_default();
        let error = match query.as_of {
            Some(day) if day > context.now().day_in_dhaka() => {
                FieldError::parameter("as_of", "in_the_future", "This has not come yet.", "এটি এখনো আসেনি।")
            }
            Some(day) if day < earliest => FieldError::parameter(
                "as_of",
                "implausible",
                "Nothing is on record from before July 2001.",
                "২০০১ সালের জুলাইয়ের আগের কোনো তথ্য নেই।",
            ),
            _ => return Ok(query),
        };
        Err(AppError::parameters(vec![error]))
    }

    /// The first moment that no longer counts; `None` is: all counts.
    pub fn before(self) -> Option<Timestamp> {
        self.as_of.map(Timestamp::after_day_in_dhaka)
    }

    /// The number of the last line of a fund that counts; 0 when there is none.
    ///
    /// # Errors
    /// Those of the database.
    pub fn last_line(self, connection: &mut DbConnection, fund: FundId) -> Result<i64, AppError> {
        let lines = ledger_entries::table.filter(ledger_entries::fund_id.eq(fund)).select(ledger_entries::seq);
        let last: Option<i64> = match self.before() {
            None => lines.order(ledger_entries::seq.desc()).first(connection),
            // Lines are never earlier than the line before, so the last one of that time is the last that counts.
            Some(before) => lines
                .filter(ledger_entries::at.lt(before))
                .order((ledger_entries::at.desc(), ledger_entries::seq.desc()))
                .first(connection),
        }
        .optional()?;
        Ok(last.unwrap_or(0))
    }
}
