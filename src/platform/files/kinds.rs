//! What a file is, by its own bytes, and whether that is let in. What it is called or declared as has to agree.

use std::{fs::File, io, os::unix::fs::FileExt};

use super::{archive, pdf};
use crate::platform::error::{AppError, ErrorCode, FieldError};

/// A kind of file that is let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileKind {
    /// What it is called in answers.
    pub media_type: &'static str,
    /// What its name may end in.
    pub extensions: &'static [&'static str],
    /// What senders also call it.
    aliases: &'static [&'static str],
}

const fn kind(
    media_type: &'static str,
    extensions: &'static [&'static str],
    aliases: &'static [&'static str],
) -> FileKind {
    FileKind { media_type, extensions, aliases }
}

const PDF: FileKind = kind("application/pdf", &["pdf"], &[]);
const PNG: FileKind = kind("image/png", &["png"], &[]);
const JPEG: FileKind = kind("image/jpeg", &["jpg", "jpeg"], &["image/jpg", "image/pjpeg"]);
const WEBP: FileKind = kind("image/webp", &["webp"], &[]);
const ZIP: &[&str] = &["application/zip", "application/x-zip-compressed"];
pub(super) const DOCX: FileKind =
    kind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", &["docx"], ZIP);
pub(super) const XLSX: FileKind =
    kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", &["xlsx"], ZIP);
pub(super) const ODT: FileKind = kind("application/vnd.oasis.opendocument.text", &["odt"], ZIP);
pub(super) const ODS: FileKind = kind("application/vnd.oasis.opendocument.spreadsheet", &["ods"], ZIP);
const CSV: FileKind = kind(
    "text/csv",
    &["csv"],
    &["text/plain", "application/csv", "application/vnd.ms-excel", "text/comma-separated-values"],
);
const TXT: FileKind = kind("text/plain", &["txt"], &[]);

/// Every kind that is let in.
pub const KINDS: &[FileKind] = &[PDF, PNG, JPEG, WEBP, DOCX, XLSX, ODT, ODS, CSV, TXT];

/// How much of a file's beginning tells what it is.
const HEAD: usize = 8192;
/// How far from the end an archive that hides behind another file can be found.
const TAIL: usize = 65_557;

/// Finds out what a file is, and whether its name and the declared media type agree.
///
/// # Errors
/// `FileTypeNotAllowed`, `FileTypeMismatch`, `FileUnsafe`.
pub fn recognise(file: &File, size: u64, name: &str, declared: Option<&str>) -> Result<FileKind, AppError> {
    let extension = name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase()).unwrap_or_default();
    let head = read_at(file, 0, HEAD, size)?;
    let found = match infer::get(&head).map(|found| found.mime_type()) {
        Some("application/pdf") => PDF,
        Some("image/png") => PNG,
        Some("image/jpeg") => JPEG,
        Some("image/webp") => WEBP,
        _ if head.starts_with(b"PK\x03\x04") => archive::recognise(file, size)?,
        _ if head.starts_with(b"MZ") || head.starts_with(b"\x7fELF") => return Err(not_allowed()),
        _ => text(file, size, &extension)?,
    };
    if [PDF, PNG, JPEG, WEBP].contains(&found) {
        end_is_sound(found, file, size, &head)?;
    }
    if found == PDF {
        pdf::check(file, size)?;
    }
    let essence = declared.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let says_nothing = essence.is_empty() || essence == "application/octet-stream";
    let agrees = says_nothing || essence == found.media_type || found.aliases.contains(&essence.as_str());
    if !found.extensions.contains(&extension.as_str()) || !agrees {
        let kind = found.media_type;
        return Err(AppError::new(ErrorCode::FileTypeMismatch).detail(
            format!("By its content this is {kind}; its name and declared type have to say the same."),
            format!("বিষয়বস্তু অনুযায়ী এটি {kind}; ফাইলের নাম ও ঘোষিত ধরনও তাই হতে হবে।"),
        ));
    }
    Ok(found)
}

/// Text is let in when it is UTF-8 for people: no control characters, and nothing that a browser would run.
fn text(file: &File, size: u64, extension: &str) -> Result<FileKind, AppError> {
    let whole = read_at(file, 0, usize::try_from(size).map_err(AppError::internal)?, size)?;
    let Ok(text) = std::str::from_utf8(&whole) else { return Err(not_allowed()) };
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(not_allowed());
    }
    let begin: String = text.trim_start().chars().take(HEAD).flat_map(char::to_lowercase).collect();
    let marks =
        ["<!doctype", "<html", "<svg", "<?xml", "<script", "<head", "<body", "<iframe", "<?php", "#!", "{\\rtf"];
    let inside = ["<script", "<svg", "<html", "<iframe"];
    if marks.iter().any(|mark| begin.starts_with(mark)) || inside.iter().any(|mark| begin.contains(mark)) {
        return Err(not_allowed());
    }
    Ok(if extension == "csv" { CSV } else { TXT })
}

/// A file that goes on behind its own end is two files: the second one is what nobody looked at.
fn end_is_sound(kind: FileKind, file: &File, size: u64, head: &[u8]) -> Result<(), AppError> {
    let length = TAIL.min(usize::try_from(size).map_err(AppError::internal)?);
    let tail = read_at(file, size.saturating_sub(u64::try_from(length).unwrap_or(0)), length, size)?;
    let sound = match kind.media_type {
        "application/pdf" => contains(tail.get(tail.len().saturating_sub(1024)..).unwrap_or_default(), b"%%EOF"),
        "image/png" => tail.ends_with(b"IEND\xAE\x42\x60\x82"),
        "image/jpeg" => contains(&tail, b"\xFF\xD9"),
        _ => {
            let stated = head.get(4..8).and_then(|bytes| bytes.try_into().ok()).map(u32::from_le_bytes);
            stated.is_some_and(|stated| u64::from(stated).next_multiple_of(2) + 8 == size)
        }
    };
    if !sound {
        return Err(unsafe_file(
            "incomplete",
            "The file is cut off, or goes on behind its end.",
            "ফাইলটি অসম্পূর্ণ, অথবা শেষের পরেও চলছে।",
        ));
    }
    if hides_archive(&tail) {
        return Err(unsafe_file("polyglot", "The file is an archive as well.", "ফাইলটি একই সঙ্গে একটি আর্কাইভ।"));
    }
    Ok(())
}

/// Whether an archive's directory ends exactly where the file does.
fn hides_archive(tail: &[u8]) -> bool {
    tail.windows(22).enumerate().any(|(at, record)| {
        record.starts_with(b"PK\x05\x06")
            && record
                .get(20..22)
                .and_then(|bytes| bytes.try_into().ok())
                .is_some_and(|bytes| usize::from(u16::from_le_bytes(bytes)) + at + 22 == tail.len())
    })
}

fn contains(bytes: &[u8], sought: &[u8]) -> bool {
    bytes.windows(sought.len()).any(|window| window == sought)
}

/// Reads up to `length` bytes.
pub(super) fn read_at(file: &File, offset: u64, length: usize, size: u64) -> Result<Vec<u8>, AppError> {
    let there = usize::try_from(size.saturating_sub(offset)).unwrap_or(usize::MAX);
    let mut bytes = vec![0; length.min(there)];
    file.read_exact_at(&mut bytes, offset).map_err(|error: io::Error| AppError::internal(error))?;
    Ok(bytes)
}

pub(super) fn not_allowed() -> AppError {
    AppError::new(ErrorCode::FileTypeNotAllowed).detail(
        "Send PDF, PNG, JPEG, WebP, DOCX, XLSX, ODT, ODS, or CSV and plain text in UTF-8.",
        "PDF, PNG, JPEG, WebP, DOCX, XLSX, ODT, ODS, অথবা UTF-8 এ CSV ও সাধারণ লেখা পাঠান।",
    )
}

pub(super) fn unsafe_file(code: &'static str, en: &'static str, bn: &'static str) -> AppError {
    AppError::new(ErrorCode::FileUnsafe).detail(en, bn).errors(vec![FieldError::body("/file", code, en, bn)])
}
