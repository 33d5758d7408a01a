//! Answers that are files: streamed, never shown, never guessed at.

use actix_web::{HttpResponse, body::SizedStream, http::header, web::Bytes};
use futures_util::Stream;

/// A file on its way out. It is always `application/octet-stream`: no browser opens it by itself, and what it is stands
/// in its record.
pub fn file(
    disposition: &str,
    etag: &str,
    size: u64,
    bytes: impl Stream<Item = Result<Bytes, std::io::Error>> + 'static,
) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .insert_header((header::ETAG, etag))
        .insert_header((header::CONTENT_DISPOSITION, disposition))
        .insert_header((header::ACCEPT_RANGES, "none"))
        // Keeps the compressor away: what is let in is compressed already, and the length stays known.
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .content_type("application/octet-stream")
        .body(SizedStream::new(size, bytes))
}

/// The caller has it already.
pub fn not_modified(etag: &str) -> HttpResponse {
    HttpResponse::NotModified()
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .insert_header((header::ETAG, etag))
        .finish()
}
