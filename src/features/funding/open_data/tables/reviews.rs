//! Reviews, as those see them who oversee reviewing: who reviews, how far it is, and the score once it is handed in. Whoever has a
//! part in reviewing a request finds their own review of it here and no other, so that they stay blind to each other.

use diesel::{
    BoolExpressionMethods, ExpressionMethods, NullableExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper,
    alias,
    dsl::{exists, not},
};

use super::{After, Cells, Which, csv, others_pilots, page_of, paged, unsealed};
use crate::{
    features::funding::reviews::FundingReviewRow,
    platform::{
        db::{
            DbConnection,
            schema::{funding_requests, funding_reviews, funding_rounds},
        },
        error::AppError,
        quantity::Hundredths,
    },
};

/// What its columns are called.
pub const COLUMNS: &[&str] = &[
    "id",
    "request_id",
    "request_reference",
    "reviewer_id",
    "status",
    "due_on",
    "declared_at",
    "submitted_at",
    "score_percent",
    "conflict",
    "replaced_by_id",
    "replace_reason",
    "created_at",
];

/// A page of them by their identifiers.
///
/// # Errors
/// Those of the database.
pub fn page(connection: &mut DbConnection, which: Which, after: Option<After>) -> Result<Cells, AppError> {
    let own = alias!(funding_reviews as own);
    let reviews_it_too = own
        .filter(own.field(funding_reviews::request_id).eq(funding_reviews::request_id))
        .filter(own.field(funding_reviews::reviewer_id).nullable().eq(which.reader));
    let own_or_overseen = funding_reviews::reviewer_id.nullable().eq(which.reader).or(not(exists(reviews_it_too)));
    let query = funding_reviews::table
        .inner_join(funding_requests::table.inner_join(funding_rounds::table))
        .filter(unsealed())
        .filter(others_pilots(which.reader))
        .filter(own_or_overseen)
        .select((FundingReviewRow::as_select(), funding_requests::reference));
    let rows: Vec<(FundingReviewRow, Option<String>)> = page_of!(
        connection,
        query,
        funding_reviews::id,
        after,
        (which.fund, funding_requests::fund_id),
        (which.round, funding_requests::round_id)
    );
    Ok(paged(
        rows,
        |(row, _)| After(row.id.to_string(), 0),
        |(row, reference)| {
            // As in the review itself: who was replaced is not told by whom, nor why.
            let is_told = which.reader != Some(row.reviewer_id);
            vec![
                row.id.to_string(),
                row.request_id.to_string(),
                csv::maybe(reference),
                row.reviewer_id.to_string(),
                row.status.as_str().to_owned(),
                row.due_on.to_string(),
                csv::plain(row.declared_at),
                csv::plain(row.submitted_at),
                csv::plain(row.score.map(|score| Hundredths::new(score.into()))),
                csv::maybe(row.conflict),
                csv::plain(row.replaced_by_id.filter(|_| is_told)),
                csv::maybe(row.replace_reason.filter(|_| is_told)),
                row.created_at.to_string(),
            ]
        },
    ))
}
