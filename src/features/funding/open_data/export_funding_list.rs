//! A list of the fund as a table, read page by page while it is sent, so it may be of any size.

use actix_web::{HttpResponse, http::header, web::Bytes};
use futures_util::stream::try_unfold;

use super::{
    csv,
    funding_lists::{After, FundingList, Which, page},
};
use crate::{
    features::funding::{
        funds::{check_no_stake, standing},
        ids::{FundId, RoundId},
    },
    platform::{
        error::AppError,
        web::{Answer, Call, query_type},
    },
};

query_type! {
    /// Which rows.
    ExportFundingListQuery {
        /// Those of this fund.
        #[param(inline)]
        fund_id: Option<FundId>,
        /// Those of this round.
        #[param(inline)]
        round_id: Option<RoundId>,
    }
}

/// Export a list of the fund.
///
/// `rounds`, for anyone; `requests`, `tranches`, `expenditure_reports` and `ledger`, for those who read the books of the
/// fund. CSV (RFC 4180; a cell of text that a spreadsheet would take for a formula begins with an apostrophe). Requests
/// that are sealed are left out. An answer that breaks off, without the end of its last chunk, is not whole.
#[utoipa::path(get, path = "/v1/funding-exports/{list}", tag = "Funds", params(("list" = inline(FundingList), Path), ExportFundingListQuery),
    responses((status = 200, description = "The list.", content(
        (String = "text/csv", example = "id,fund_id,number,theme_bn,theme_en,status\r\n")))))]
pub async fn export_funding_list(call: Call) -> Answer {
    let list = call.id("list", FundingList::parse)?;
    let query: ExportFundingListQuery = call.query()?;
    if list != FundingList::Rounds {
        call.user()?;
    }
    call.permit(list.line(), &standing(call.actor.as_ref()))?;
    if list == FundingList::Ledger {
        call.look(move |connection, context| check_no_stake(connection, context.actor.as_ref(), query.fund_id)).await?;
    }
    let which =
        Which { fund: query.fund_id, round: query.round_id, reader: call.actor.as_ref().map(|actor| actor.user_id) };
    let db = call.state.db.clone();
    let stream = try_unfold(Some((db, None::<After>, true)), move |state| async move {
        let Some((db, after, is_first)) = state else { return Ok(None) };
        let (cells, next) = db.read(move |connection| page(connection, list, which, after)).await?;
        let mut bytes = if is_first { csv::lines([list.columns()])? } else { Vec::new() };
        bytes.extend(csv::lines(cells)?);
        Ok::<_, AppError>(Some((Bytes::from(bytes), next.map(|next| (db, Some(next), false)))))
    });
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}.csv\"", list.as_str())))
        .streaming(stream))
}
