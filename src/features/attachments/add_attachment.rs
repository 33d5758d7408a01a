//! A new file. The bytes go to the store first and the row comes after, so a row never points to nothing; what is left
//! without a row is swept later.

use std::sync::Arc;

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, insert_into};
use utoipa::ToSchema;

use super::{ParentKind, parent::see_parent, rows::AttachmentRow, view::AttachmentView};
use crate::platform::{
    db::{DbConnection, schema::attachments},
    error::{AppError, ErrorCode},
    files::recognise,
    web::{Answer, Body, Call, Reply, Tx, query_type},
};

/// The most files that a record has.
const MOST_FILES: usize = 50;
/// The most bytes that they have together.
const MOST_BYTES: i64 = 200 << 20;
/// Where the objects of this slice are.
pub(super) const PREFIX: &str = "attachments";

query_type! {
    /// On which record.
    AddAttachmentQuery {
        /// What the file hangs on.
        #[param(inline)]
        parent_kind: ParentKind,
        /// Which one.
        #[param(format = Uuid, min_length = 36, max_length = 36)]
        parent_id: String,
    }
}

/// A form with a file.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form to the OpenAPI document; it is read as it arrives")]
pub struct AttachmentForm {
    /// The file, with a filename whose ending says what it is.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// What is to be said of it.
    #[schema(max_length = 500, example = "Attendance sheet of the first camp.")]
    description: Option<String>,
}

/// Attach a file.
///
/// A form (`multipart/form-data`) with the part `file`, at most 10 MiB, and perhaps `description`. Taken are PDF, PNG,
/// JPEG, WebP, DOCX, XLSX, ODT, ODS, and CSV and plain text in UTF-8; what a file is, is told by its bytes, and its name
/// and declared type have to agree. Documents with macros or a password, archives that unpack to too much, and files
/// that hide another one are refused. A record has at most 50 files and 200 MiB. A plan takes files as long as it is a
/// draft, a measurement until it is handed in, a pilot until it ends; a funding request while its team edits it and, once
/// the award is released, for the agreement; an expenditure report as long as it is a draft or returned.
#[utoipa::path(post, path = "/v1/attachments", tag = "Attachments", params(AddAttachmentQuery),
    request_body(content = AttachmentForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "The file.", body = AttachmentView)))]
pub async fn add_attachment(call: Call, body: Body) -> Answer {
    let query: AddAttachmentQuery = call.query()?;
    let asked = query.clone();
    call.look(move |connection, context| {
        let parent = see_parent(connection, context.actor.as_ref(), asked.parent_kind, &asked.parent_id)?;
        context.permit(asked.parent_kind.adding(), &parent.standing)
    })
    .await?;
    let subject = format!("{} {}", query.parent_kind.as_str(), query.parent_id);
    let upload = body.read_upload(&call, &subject).await?;
    let (file, size, name, declared) =
        (Arc::clone(&upload.file), upload.size, upload.name.clone(), upload.declared.clone());
    let kind = tokio::task::spawn_blocking(move || recognise(&file, size, &name, declared.as_deref()))
        .await
        .map_err(AppError::internal)??;
    let key = format!("{PREFIX}/{}", call.state.clock.new_uuid(call.now()));
    let blank = Blank {
        query,
        object_key: key.clone(),
        file_name: upload.name,
        media_type: kind.media_type.to_owned(),
        size: i64::try_from(size).map_err(AppError::internal)?,
        sha256: upload.sha256,
        description: upload.description,
    };
    call.state.files.put(&key, upload.file, size).await?;
    let outcome = call.write_reply(move |tx| run(tx, &blank)).await;
    if !outcome.as_ref().is_ok_and(|reply| !reply.replayed) {
        // Best effort: the sweep finds it otherwise. A commit whose answer was lost may have kept the row, so only what
        // was surely refused is removed at once.
        let surely = outcome.as_ref().map_or_else(|error| error.code.status() < 500, |_| true);
        if surely {
            let _ = call.state.files.delete(&key).await;
        }
    }
    outcome.map(|reply| reply.into_response(None))
}

/// All of a row that is known before the transaction.
struct Blank {
    query: AddAttachmentQuery,
    object_key: String,
    file_name: String,
    media_type: String,
    size: i64,
    sha256: String,
    description: Option<String>,
}

fn run(tx: &mut Tx<'_>, blank: &Blank) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let parent = see_parent(tx.conn, Some(&actor), blank.query.parent_kind, &blank.query.parent_id)?;
    tx.permit(blank.query.parent_kind.adding(), &parent.standing)?;
    parent.check_open()?;
    check_quota(tx.conn, &blank.query, blank.size)?;
    let row = AttachmentRow {
        id: tx.new_id(),
        parent_kind: blank.query.parent_kind,
        parent_id: blank.query.parent_id.to_ascii_lowercase(),
        object_key: blank.object_key.clone(),
        file_name: blank.file_name.clone(),
        media_type: blank.media_type.clone(),
        size: blank.size,
        sha256: blank.sha256.clone(),
        description: blank.description.clone(),
        uploaded_by: actor.user_id,
        deleted_by: None,
        deleted_at: None,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
    };
    insert_into(attachments::table).values(&row).execute(tx.conn)?;
    tx.audit("attachment", row.id.as_str(), None, Some(&row))?;
    Reply::created(format!("/v1/attachments/{}", row.id), row.version, &AttachmentView::from(row))
}

/// What was taken away counts no more.
fn check_quota(connection: &mut DbConnection, query: &AddAttachmentQuery, size: i64) -> Result<(), AppError> {
    let sizes: Vec<i64> = attachments::table
        .filter(attachments::parent_kind.eq(query.parent_kind))
        .filter(attachments::parent_id.eq(query.parent_id.to_ascii_lowercase()))
        .filter(attachments::deleted_at.is_null())
        .select(attachments::size)
        .load(connection)?;
    if sizes.len() >= MOST_FILES || sizes.iter().sum::<i64>() + size > MOST_BYTES {
        return Err(AppError::new(ErrorCode::QuotaExceeded)
            .detail("At most 50 files and 200 MiB for one record.", "একটি রেকর্ডে সর্বোচ্চ ৫০টি ফাইল ও ২০০ MiB।"));
    }
    Ok(())
}
