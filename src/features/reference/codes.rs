//! What all coded lists have in common: a code that never changes, a name, a place in the order.

use std::sync::Arc;

use diesel::{
    ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable, RunQueryDsl, Selectable, SelectableHelper,
    dsl::max, update as change,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::platform::{
    clock::Timestamp,
    db::{DbConnection, dialect, schema::codes},
    error::{AppError, DatabaseIntent, ErrorCode},
    text::{TitleInput, search_words},
    text_enum::text_enum,
    web::{
        Answer, Body, Call, Page, PageQuery, Reply,
        body::{apply_patch, some_language},
        cursor::Cursor,
        page_query,
    },
};

text_enum! {
    /// The coded lists.
    Scheme {
        /// The eight divisions, by ISO 3166-2:BD.
        Division = "division",
        /// The 64 districts, by ISO 3166-2:BD.
        District = "district",
        /// What the service is about.
        Sector = "sector",
        /// The 17 goals of the United Nations.
        SdgGoal = "sdg_goal",
        /// Their targets.
        SdgTarget = "sdg_target",
        /// The upazilas below the districts.
        Upazila = "upazila",
    }
}

/// A line of a coded list. `Serialize` is for the audit digest alone.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, Serialize)]
#[diesel(table_name = codes, treat_none_as_default_value = false)]
pub struct CodeRow {
    pub scheme: Scheme,
    pub code: String,
    pub parent_code: Option<String>,
    pub name_bn: Option<String>,
    pub name_en: Option<String>,
    pub position: i64,
    pub is_active: bool,
    pub version: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

page_query! {
    /// Which part of a coded list.
    ListCodesQuery {}
}

/// What can be changed of a code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "describes the patch; the merged record is what is read")]
pub struct CodePatch {
    /// What people call it.
    #[schema(nullable = false)]
    name: Option<TitleInput>,
    /// Whether it is offered for new records.
    #[schema(nullable = false)]
    is_active: Option<bool>,
}

/// What a patch must leave behind.
#[derive(Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
struct CodeContent {
    #[validate(custom(function = some_language))]
    name: TitleInput,
    is_active: bool,
}

/// Declares how a list shows its codes. The name of the parent, where there is one, is the list's own.
macro_rules! code_view {
    ($(#[$doc:meta])* $view:ident, $page:ident, $example:literal $(, $(#[$parent_doc:meta])* $parent:ident)?) => {
        $(#[$doc])*
        #[derive(Debug, serde::Serialize, utoipa::ToSchema)]
        pub struct $view {
            /// Its code, which never changes.
            #[schema(max_length = 60, example = $example)]
            pub code: String,
            /// What people call it.
            pub name: $crate::platform::text::LocalizedText,
            $($(#[$parent_doc])* #[schema(max_length = 60)] pub $parent: String,)?
            /// Whether it is offered for new records.
            pub is_active: bool,
            /// Counts changes.
            #[schema(minimum = 1)]
            pub version: i64,
            /// When it was made.
            pub created_at: $crate::platform::clock::Timestamp,
            /// When it last changed.
            pub updated_at: $crate::platform::clock::Timestamp,
        }

        impl From<$crate::features::reference::codes::CodeRow> for $view {
            fn from(row: $crate::features::reference::codes::CodeRow) -> Self {
                Self {
                    code: row.code,
                    name: $crate::platform::text::LocalizedText::new(row.name_bn, row.name_en),
                    $($parent: row.parent_code.unwrap_or_default(),)?
                    is_active: row.is_active,
                    version: row.version,
                    created_at: row.created_at,
                    updated_at: row.updated_at,
                }
            }
        }

        $crate::platform::web::page_view! {
            /// A page of the list.
            $page of $view
        }
    };
}
pub(super) use code_view;

/// Answers with a page of a list, in its own order.
///
/// # Errors
/// `InvalidCursor`; those of the database.
pub async fn list<P>(call: Call, page: PageQuery, scheme: Scheme, parent: Option<String>) -> Answer
where
    P: Page,
    P::Item: From<CodeRow>,
{
    let slice = call.slice(&page)?;
    let after: Option<i64> = match &slice.after {
        Some(cursor) => Some(cursor.key.parse().map_err(|_| AppError::new(ErrorCode::InvalidCursor))?),
        None => None,
    };
    call.read(move |connection, context| {
        let chosen = || {
            let all = codes::table.filter(codes::scheme.eq(scheme)).into_boxed();
            match &parent {
                Some(parent) => all.filter(codes::parent_code.eq(parent)),
                None => all,
            }
        };
        let total = slice.total(|most| chosen().select(codes::code).limit(most).load::<String>(connection))?;
        let mut rest = chosen();
        if let Some(after) = after {
            rest = rest.filter(codes::position.gt(after));
        }
        let rows: Vec<CodeRow> =
            rest.order(codes::position).limit(slice.fetch()).select(CodeRow::as_select()).load(connection)?;
        let cursor = |row: &CodeRow| Cursor { key: row.position.to_string(), id: row.code.clone() };
        P::reply(context, &slice, rows, total, cursor, P::Item::from)
    })
    .await
}

/// Answers with one code, named by a part of the path.
///
/// # Errors
/// `NotFound`; those of the database.
pub async fn get<V: From<CodeRow> + Serialize + ToSchema>(
    call: Call,
    scheme: Scheme,
    parameter: &'static str,
) -> Answer {
    let code = call.path_parameter(parameter)?.to_owned();
    call.read(move |connection, _| {
        let row = find(connection, scheme, &code)?;
        Reply::record(row.version, &V::from(row))
    })
    .await
}

/// Changes the name of a code, or whether it is offered.
///
/// # Errors
/// `NotFound`, `ValidationFailed`, `IfMatchRequired`, `VersionMismatch`; those of the database.
pub async fn update<V: From<CodeRow> + Serialize + ToSchema>(
    call: Call,
    body: Body,
    scheme: Scheme,
    parameter: &'static str,
) -> Answer {
    let code = call.path_parameter(parameter)?.to_owned();
    let looked_up = code.clone();
    call.look(move |connection, _| find(connection, scheme, &looked_up)).await?;
    let patch = body.read_patch::<CodePatch>(&call).await?;
    let state = Arc::clone(&call.state);
    call.write(move |tx| {
        let before = find(tx.conn, scheme, &code)?;
        tx.check_version(before.version)?;
        let present = CodeContent {
            name: TitleInput { bn: before.name_bn.clone(), en: before.name_en.clone() },
            is_active: before.is_active,
        };
        let content = apply_patch(&state.schemas, &present, &patch)?;
        let after = CodeRow {
            name_bn: content.name.bn,
            name_en: content.name.en,
            is_active: content.is_active,
            version: before.version + 1,
            updated_at: tx.now,
            ..before.clone()
        };
        let changed = change(codes::table.find((scheme, &code)).filter(codes::version.eq(before.version)))
            .set((
                codes::name_bn.eq(&after.name_bn),
                codes::name_en.eq(&after.name_en),
                codes::is_active.eq(after.is_active),
                codes::version.eq(after.version),
                codes::updated_at.eq(after.updated_at),
            ))
            .execute(tx.conn)?;
        if changed == 0 {
            return Err(AppError::new(ErrorCode::VersionMismatch));
        }
        if scheme == Scheme::Upazila {
            let words: Vec<String> =
                [&after.name_bn, &after.name_en].into_iter().flatten().flat_map(|name| search_words(name)).collect();
            dialect::UPAZILA_TEXT.put(tx.conn, &code, &words)?;
        }
        tx.audit(scheme.as_str(), &code, Some(&before), Some(&after))?;
        Reply::record(after.version, &V::from(after))
    })
    .await
}

/// One code.
///
/// # Errors
/// `NotFound`; those of the database.
pub fn find(connection: &mut DbConnection, scheme: Scheme, code: &str) -> Result<CodeRow, AppError> {
    codes::table.find((scheme, code)).select(CodeRow::as_select()).first(connection).or_not_found()
}

/// The sector in the path has to be there.
///
/// # Errors
/// `NotFound`; those of the database.
pub fn sector_must_exist(connection: &mut DbConnection, code: &str) -> Result<(), AppError> {
    find(connection, Scheme::Sector, code).map(|_| ())
}

/// The place after the last one of a list.
///
/// # Errors
/// Those of the database.
pub fn next_position(connection: &mut DbConnection, scheme: Scheme) -> Result<i64, AppError> {
    let last: Option<Option<i64>> =
        codes::table.filter(codes::scheme.eq(scheme)).select(max(codes::position)).first(connection).optional()?;
    Ok(last.flatten().unwrap_or(0) + 1)
}

/// Which of `sought`, by their places there, are no codes of the list. One query.
///
/// # Errors
/// Those of the database.
pub fn unknown_codes(connection: &mut DbConnection, scheme: Scheme, sought: &[String]) -> Result<Vec<usize>, AppError> {
    if sought.is_empty() {
        return Ok(Vec::new());
    }
    let known: Vec<String> = codes::table
        .filter(codes::scheme.eq(scheme))
        .filter(codes::code.eq_any(sought))
        .select(codes::code)
        .load(connection)?;
    Ok(sought.iter().enumerate().filter(|(_, code)| !known.contains(code)).map(|(index, _)| index).collect())
}

/// Which code stands above each of these that exists. One query.
///
/// # Errors
/// Those of the database.
pub fn parent_of_each(
    connection: &mut DbConnection,
    scheme: Scheme,
    children: &[String],
) -> Result<Vec<(String, Option<String>)>, AppError> {
    if children.is_empty() {
        return Ok(Vec::new());
    }
    Ok(codes::table
        .filter(codes::scheme.eq(scheme))
        .filter(codes::code.eq_any(children))
        .select((codes::code, codes::parent_code))
        .load(connection)?)
}

/// What stands above these codes, each once: the divisions of districts, the goals of SDG targets. One query.
///
/// # Errors
/// Those of the database.
pub fn parents_of(connection: &mut DbConnection, scheme: Scheme, children: &[String]) -> Result<Vec<String>, AppError> {
    if children.is_empty() {
        return Ok(Vec::new());
    }
    let parents: Vec<Option<String>> = codes::table
        .filter(codes::scheme.eq(scheme))
        .filter(codes::code.eq_any(children))
        .select(codes::parent_code)
        .distinct()
        .order(codes::parent_code)
        .load(connection)?;
    Ok(parents.into_iter().flatten().collect())
}
