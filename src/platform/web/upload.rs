//! Uploads: a form with a file, spooled to disk as it arrives, measured and digested on the way.

use std::{fs::File, io::Write, sync::Arc, time::Duration};

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::{error::PayloadError, http::header, web::Bytes};
use futures_util::{Stream, StreamExt, TryStreamExt};

use super::{Body, Call};
use crate::platform::{
    crypto::{Sha256, hex},
    error::{AppError, ErrorCode, ErrorParams, FieldError},
    files::clean_name,
    text::{has_forbidden_character, normalise},
};

/// For boundaries, headers and the fields beside the file.
const OVERHEAD: u64 = 64 * 1024;
/// The longest pause between two pieces.
const PAUSE: Duration = Duration::from_secs(15);
/// The longest description, in characters.
const LONGEST_DESCRIPTION: usize = 500;
/// More parts than this are no mistake.
const MOST_PARTS: usize = 8;

/// A file that has arrived.
pub struct Upload {
    /// Its bytes, in a file without a name.
    pub file: Arc<File>,
    /// How many.
    pub size: u64,
    /// Their SHA-256 in hexadecimal.
    pub sha256: String,
    /// What it is called, cleaned.
    pub name: String,
    /// What the sender says it is.
    pub declared: Option<String>,
    /// What is said of it.
    pub description: Option<String>,
}

/// Bytes on disk with their length and digest.
pub struct Spooled {
    /// In a file without a name.
    pub file: Arc<File>,
    /// How many.
    pub size: u64,
    /// Their SHA-256 in hexadecimal.
    pub sha256: String,
}

impl Body {
    /// Reads a form with one part `file` and perhaps one `description`. `subject` is what the request is about besides
    /// the body, for the idempotency key.
    ///
    /// # Errors
    /// `UnsupportedMediaType`, `BodyTooLarge`, `MalformedBody`, `RequestTimeout`, `ValidationFailed`,
    /// `StorageUnavailable`.
    pub async fn read_upload(self, call: &Call, subject: &str) -> Result<Upload, AppError> {
        let limit = call.state.files.limit;
        self.check_head("multipart/form-data", limit + OVERHEAD, limit)?;
        let form = Multipart::new(&self.headers, bounded(self.payload, limit + OVERHEAD));
        let reading = read_form(form, call);
        let upload = tokio::time::timeout(call.state.files.patience, reading)
            .await
            .map_err(|_| AppError::new(ErrorCode::RequestTimeout))??;
        let declared = upload.declared.as_deref().unwrap_or_default();
        let description = upload.description.as_deref().unwrap_or_default();
        let said = [subject, &upload.sha256, &upload.name, declared, description].join("\0");
        // Keyed, since it is stored. First writer wins; a body is read once.
        let _ = call.payload_sha256.set(hex(&call.state.cursor_key.sign(said.as_bytes())));
        Ok(upload)
    }

    /// Reads a body of this media type to disk.
    ///
    /// # Errors
    /// As [`Body::read_upload`].
    pub async fn read_file(
        self,
        call: &Call,
        media_type: &str,
        limit: u64,
        subject: &str,
    ) -> Result<Spooled, AppError> {
        self.check_head(media_type, limit, limit)?;
        let stream = bounded(self.payload, limit).map_err(|error| from_payload(&error, limit));
        let spooled = tokio::time::timeout(call.state.files.patience, spool(stream, call, limit))
            .await
            .map_err(|_| AppError::new(ErrorCode::RequestTimeout))??;
        let said = [subject, &spooled.sha256].join("\0");
        let _ = call.payload_sha256.set(hex(&call.state.cursor_key.sign(said.as_bytes())));
        Ok(spooled)
    }

    /// What the headers already tell.
    fn check_head(&self, media_type: &str, most: u64, limit: u64) -> Result<(), AppError> {
        let text = |name: header::HeaderName| self.headers.get(name).and_then(|value| value.to_str().ok());
        let sent = text(header::CONTENT_TYPE).unwrap_or_default();
        if !sent.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(media_type) {
            return Err(AppError::new(ErrorCode::UnsupportedMediaType)
                .detail(format!("Send {media_type}."), format!("{media_type} পাঠান।")));
        }
        if text(header::CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity") {
            return Err(AppError::new(ErrorCode::UnsupportedMediaType)
                .detail("Send the file without Content-Encoding.", "Content-Encoding ছাড়া ফাইল পাঠান।"));
        }
        let announced = text(header::CONTENT_LENGTH).and_then(|text| text.parse::<u64>().ok());
        if announced.is_some_and(|length| length > most) { Err(too_large(limit)) } else { Ok(()) }
    }
}

/// Ends with an error once more than `most` bytes have come, whatever they are.
fn bounded(
    payload: impl Stream<Item = Result<Bytes, PayloadError>>,
    most: u64,
) -> impl Stream<Item = Result<Bytes, PayloadError>> {
    let mut come = 0;
    payload.map(move |chunk| {
        let chunk = chunk?;
        come += u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        if come > most { Err(PayloadError::Overflow) } else { Ok(chunk) }
    })
}

async fn read_form(mut form: Multipart, call: &Call) -> Result<Upload, AppError> {
    let limit = call.state.files.limit;
    let mut errors = Vec::new();
    let mut file: Option<(Spooled, Option<String>, Option<String>)> = None;
    let mut description = None;
    let mut parts = 0;
    while let Some(field) = next(&mut form, limit).await? {
        parts += 1;
        let name = field.name().unwrap_or_default().to_owned();
        match name.as_str() {
            _ if parts > MOST_PARTS => return Err(malformed()),
            "file" if file.is_none() => {
                let sent_name = field.content_disposition().and_then(|said| {
                    let extended = said.get_filename_ext().and_then(|name| String::from_utf8(name.value.clone()).ok());
                    extended.or_else(|| said.get_filename().map(str::to_owned))
                });
                let declared = field.content_type().map(|mime| mime.essence_str().to_owned());
                let stream = field.map_err(|error| from_form(&error, limit));
                file = Some((spool(stream, call, limit).await?, clean_name(&sent_name.unwrap_or_default()), declared));
            }
            "description" if description.is_none() => {
                description = Some(read_text(field, limit, &mut errors).await?);
            }
            "file" | "description" => {
                drain(field, limit).await?;
                errors.push(FieldError::body(
                    format!("/{name}"),
                    "repeated",
                    "This part may be there once.",
                    "এই অংশ একবারই দেওয়া যাবে।",
                ));
            }
            _ => {
                drain(field, limit).await?;
                let shown: String = name.chars().take(60).collect();
                errors.push(FieldError::body(
                    format!("/{shown}"),
                    "unknown_field",
                    "There is no such field.",
                    "এমন কোনো ঘর নেই।",
                ));
            }
        }
    }
    let Some((spooled, name, declared)) = file else {
        errors.push(FieldError::body("/file", "required", "This field is required.", "এই ঘরটি আবশ্যক।"));
        return Err(AppError::validation(errors));
    };
    if spooled.size == 0 {
        errors.push(FieldError::body("/file", "min_length", "The file is empty.", "ফাইলটি খালি।"));
    }
    if name.is_none() {
        errors.push(FieldError::body(
            "/file",
            "file_name",
            "The part needs a filename, with an ending that says what it is.",
            "ফাইলের একটি নাম দিন, যার শেষাংশ ফাইলের ধরন জানায়।",
        ));
    }
    match name {
        Some(name) if errors.is_empty() => Ok(Upload {
            file: spooled.file,
            size: spooled.size,
            sha256: spooled.sha256,
            name,
            declared,
            description: description.flatten(),
        }),
        _ => Err(AppError::validation(errors)),
    }
}

/// The next part of the form, if it comes in time.
async fn next(form: &mut Multipart, limit: u64) -> Result<Option<Field>, AppError> {
    match tokio::time::timeout(PAUSE, form.next()).await {
        Err(_) => Err(AppError::new(ErrorCode::RequestTimeout)),
        Ok(None) => Ok(None),
        Ok(Some(field)) => field.map(Some).map_err(|error| from_form(&error, limit)),
    }
}

/// Writes a stream to disk, off the async workers.
async fn spool(
    stream: impl Stream<Item = Result<Bytes, AppError>>,
    call: &Call,
    limit: u64,
) -> Result<Spooled, AppError> {
    let files = call.state.files.clone();
    let file = blocking(move || files.spool()).await?;
    let file = Arc::new(file);
    let (mut size, mut digest) = (0_u64, Sha256::default());
    let mut stream = std::pin::pin!(stream);
    while let Some(chunk) =
        tokio::time::timeout(PAUSE, stream.next()).await.map_err(|_| AppError::new(ErrorCode::RequestTimeout))?
    {
        let chunk = chunk?;
        size += u64::try_from(chunk.len()).map_err(AppError::internal)?;
        if size > limit {
            return Err(too_large(limit));
        }
        digest.update(&chunk);
        let target = Arc::clone(&file);
        blocking(move || target.as_ref().write_all(&chunk).map_err(disk_full)).await?;
    }
    Ok(Spooled { file, size, sha256: digest.finish() })
}

fn disk_full(error: std::io::Error) -> AppError {
    AppError {
        cause: crate::platform::error::Cause::Internal(error.to_string()),
        ..AppError::new(ErrorCode::StorageUnavailable).retry_after(30)
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, AppError> + Send + 'static,
) -> Result<T, AppError> {
    tokio::task::spawn_blocking(work).await.map_err(AppError::internal)?
}

async fn read_text(mut field: Field, limit: u64, errors: &mut Vec<FieldError>) -> Result<Option<String>, AppError> {
    let bytes = match tokio::time::timeout(PAUSE, field.bytes(LONGEST_DESCRIPTION * 4)).await {
        Err(_) => return Err(AppError::new(ErrorCode::RequestTimeout)),
        Ok(Ok(Err(error))) => return Err(from_form(&error, limit)),
        Ok(Ok(Ok(bytes))) => Some(bytes),
        Ok(Err(_)) => None,
    };
    let is_short = bytes.is_some();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes.to_vec()).ok()).map(normalise);
    match text {
        Some(text) if text.trim().is_empty() => Ok(None),
        Some(text) if has_forbidden_character(&text) => {
            errors.push(FieldError::body(
                "/description",
                "control_character",
                "This holds a control character.",
                "এতে নিয়ন্ত্রণ অক্ষর আছে।",
            ));
            Ok(None)
        }
        Some(text) if text.chars().count() <= LONGEST_DESCRIPTION => Ok(Some(text.trim().to_owned())),
        None if is_short => {
            errors.push(FieldError::body("/description", "encoding", "This is not UTF-8.", "এটি UTF-8 নয়।"));
            Ok(None)
        }
        _ => {
            let error = FieldError::body(
                "/description",
                "max_length",
                "This may have at most 500 characters.",
                "সর্বোচ্চ ৫০০টি অক্ষর দেওয়া যাবে।",
            );
            errors.push(error.with(ErrorParams::maximum(LONGEST_DESCRIPTION)));
            Ok(None)
        }
    }
}

async fn drain(mut field: Field, limit: u64) -> Result<(), AppError> {
    loop {
        match tokio::time::timeout(PAUSE, field.next()).await {
            Err(_) => return Err(AppError::new(ErrorCode::RequestTimeout)),
            Ok(None) => return Ok(()),
            Ok(Some(chunk)) => drop(chunk.map_err(|error| from_form(&error, limit))?),
        }
    }
}

fn from_form(error: &MultipartError, limit: u64) -> AppError {
    match error {
        MultipartError::Payload(error) => from_payload(error, limit),
        _ => malformed(),
    }
}

fn from_payload(error: &PayloadError, limit: u64) -> AppError {
    if matches!(error, PayloadError::Overflow) { too_large(limit) } else { malformed() }
}

fn malformed() -> AppError {
    AppError::new(ErrorCode::MalformedBody)
        .detail("The form broke off or is not well formed.", "ফর্মটি অসম্পূর্ণ অথবা ঠিকভাবে গঠিত নয়।")
}

fn too_large(limit: u64) -> AppError {
    AppError::new(ErrorCode::BodyTooLarge).detail(format!("At most {limit} bytes."), format!("সর্বোচ্চ {limit} বাইট।"))
}
