//! A list of the fund as a table, read page by page while it is sent, so it may be of any size.

use actix_web::{HttpResponse, http::header, web::Bytes};
use futures_util::stream::try_unfold;

use super::{
    csv,
    tables::{After, FundingList, Which},
};
use crate::{
    features::funding::{
        funds::Stakes,
        ids::{FundId, RoundId},
    },
    platform::{
        error::{AppError, FieldError},
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
/// `funds`, `rounds` and `round_extensions`, for anyone; the others for those who read the books of the fund, `reviews` for
/// those who oversee reviewing. CSV (RFC 4180; a cell of text that a spreadsheet would take for a formula begins with an
/// apostrophe). Requests that are sealed are left out, and so are decisions and reviews of pilots in whose team you are or
/// were; of a request that you review, reviews other than yours. An answer that breaks off, without the end of its last
/// chunk, is not whole.
#[utoipa::path(get, path = "/v1/funding-exports/{list}", tag = "Funds", params(("list" = inline(FundingList), Path), ExportFundingListQuery),
    responses((status = 200, description = "The list.", content(
        (String = "text/csv", example = "id,fund_id,number,theme_bn,theme_en,status\r\n")))))]
pub async fn export_funding_list(call: Call) -> Answer {
    let list = call.id("list", FundingList::parse)?;
    let query: ExportFundingListQuery = call.query()?;
    if !list.is_public() {
        call.user()?;
    }
    // The books of one fund, or of all.
    let fund = query.fund_id;
    call.look(move |connection, context| {
        let actor = context.actor.as_ref();
        context.permit(list.line(), &Stakes::of(connection, actor)?.standing(actor, fund))
    })
    .await?;
    if list == FundingList::Sources {
        check_unfiltered(&query)?;
    }
    let which =
        Which { fund: query.fund_id, round: query.round_id, reader: call.actor.as_ref().map(|actor| actor.user_id) };
    let db = call.state.db.clone();
    let stream = try_unfold(Some((db, None::<After>, true)), move |state| async move {
        let Some((db, after, is_first)) = state else { return Ok(None) };
        let (cells, next) = db.read(move |connection| list.page(connection, which, after)).await?;
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

/// What others give to pilots is of no fund: a filter that says nothing is refused rather than passed over.
fn check_unfiltered(query: &ExportFundingListQuery) -> Result<(), AppError> {
    let given = [("fund_id", query.fund_id.is_some()), ("round_id", query.round_id.is_some())];
    let wrong: Vec<FieldError> = given
        .into_iter()
        .filter(|(_, is_given)| *is_given)
        .map(|(name, _)| {
            let (en, bn) = ("Sources belong to no fund and no round.", "উৎস কোনো তহবিল বা পর্বের অধীন নয়।");
            FieldError::parameter(name, "unexpected", en, bn)
        })
        .collect();
    if wrong.is_empty() { Ok(()) } else { Err(AppError::parameters(wrong)) }
}
