//! Office documents are archives. They are opened and read through once, within bounds, before anyone else opens them.

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
};

use zip::ZipArchive;

use super::kinds::{DOCX, FileKind, ODS, ODT, XLSX, not_allowed, read_at, unsafe_file};
use crate::platform::error::AppError;

/// The most entries: a workbook of hundreds of sheets has fewer.
const MOST_ENTRIES: u16 = 2000;
/// The most bytes that it may unpack to.
const MOST_UNPACKED: u64 = 100 << 20;
/// From here on the ratio counts; a short repetitive sheet packs very well.
const RATIO_FROM: u64 = 10 << 20;
/// How much larger than packed the content may be.
const MOST_RATIO: u64 = 60;
/// An archive's directory ends with a record of this size, if there is no comment.
const END_RECORD: u64 = 22;
/// How much of a document's own description is read.
const MOST_DESCRIPTION: u64 = 1 << 20;

/// What an archive is, if it is an office document and harmless.
pub(super) fn recognise(file: &File, size: u64) -> Result<FileKind, AppError> {
    check_directory(file, size)?;
    let mut reader = file.try_clone().map_err(AppError::internal)?;
    reader.seek(SeekFrom::Start(0)).map_err(AppError::internal)?;
    let mut archive = ZipArchive::new(reader).map_err(|_| broken())?;
    let mut seen = Contents::default();
    let mut unpacked = 0;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(|error| match error {
            zip::result::ZipError::UnsupportedArchive(text) if text.contains("assword") => encrypted(),
            _ => broken(),
        })?;
        if entry.encrypted() {
            return Err(encrypted());
        }
        let name = entry.name().map_err(|_| broken())?.into_owned();
        check_name(&name)?;
        if entry.enclosed_name().is_none() || entry.is_symlink() {
            return Err(traversal());
        }
        seen.note(&name, &mut entry, &mut unpacked)?;
        if unpacked > MOST_UNPACKED || unpacked > RATIO_FROM && unpacked / size.max(1) > MOST_RATIO {
            return Err(bomb());
        }
    }
    seen.kind()
}

/// The directory is read by us first, so that a forged one cannot make the reader work without bound.
fn check_directory(file: &File, size: u64) -> Result<(), AppError> {
    if size < END_RECORD {
        return Err(broken());
    }
    let record = read_at(file, size - END_RECORD, 22, size)?;
    if !record.starts_with(b"PK\x05\x06") {
        return Err(broken());
    }
    let entries = record.get(10..12).and_then(|bytes| bytes.try_into().ok()).map_or(u16::MAX, u16::from_le_bytes);
    if entries > MOST_ENTRIES { Err(bomb()) } else { Ok(()) }
}

fn check_name(name: &str) -> Result<(), AppError> {
    let climbs = name.split(['/', '\\']).any(|part| part == "..");
    if climbs || name.starts_with('/') || name.contains(['\\', '\0', ':']) {
        return Err(traversal());
    }
    let lower = name.to_ascii_lowercase();
    let ends = ["vbaproject.bin", "vbadata.xml", "vbaprojectsignature.bin"];
    if ends.iter().any(|end| lower.ends_with(end)) || lower.starts_with("basic/") || lower.starts_with("scripts/") {
        return Err(macros());
    }
    Ok(())
}

/// What the entries tell of the document.
#[derive(Default)]
struct Contents {
    word: bool,
    excel: bool,
    typed: bool,
    open_document: Option<FileKind>,
}

impl Contents {
    fn note(&mut self, name: &str, entry: &mut impl Read, unpacked: &mut u64) -> Result<(), AppError> {
        let mut head = Vec::new();
        let keep = if matches!(name, "[Content_Types].xml" | "META-INF/manifest.xml" | "mimetype") {
            MOST_DESCRIPTION
        } else {
            512
        };
        let room = MOST_UNPACKED.saturating_sub(*unpacked) + 1;
        // A checksum that does not fit, or a wrong length, ends the reading with an error.
        let mut entry = entry.take(room);
        entry.by_ref().take(keep).read_to_end(&mut head).map_err(|_| broken())?;
        let mut length = u64::try_from(head.len()).unwrap_or(u64::MAX);
        length += std::io::copy(&mut entry, &mut std::io::sink()).map_err(|_| broken())?;
        *unpacked += length;
        if infer::is_archive(&head) && !infer::is_image(&head) && !head.starts_with(b"%PDF") {
            return Err(unsafe_file(
                "nested_archive",
                "The document holds another archive.",
                "নথির ভেতরে আরেকটি আর্কাইভ আছে।",
            ));
        }
        if infer::is_app(&head) {
            return Err(unsafe_file("program", "The document holds a program.", "নথির ভেতরে একটি প্রোগ্রাম আছে।"));
        }
        match name {
            "[Content_Types].xml" => {
                self.typed = true;
                let text = String::from_utf8_lossy(&head).to_ascii_lowercase();
                if text.contains("macroenabled") || text.contains("vbaproject") {
                    return Err(macros());
                }
            }
            "META-INF/manifest.xml" if String::from_utf8_lossy(&head).contains("encryption-data") => {
                return Err(encrypted());
            }
            "mimetype" => {
                self.open_document = [ODT, ODS].into_iter().find(|kind| kind.media_type.as_bytes() == head);
            }
            "word/document.xml" => self.word = true,
            "xl/workbook.xml" => self.excel = true,
            _ => {}
        }
        Ok(())
    }

    fn kind(&self) -> Result<FileKind, AppError> {
        match (self.typed, self.word, self.excel, self.open_document) {
            (true, true, false, None) => Ok(DOCX),
            (true, false, true, None) => Ok(XLSX),
            (false, false, false, Some(kind)) => Ok(kind),
            _ => Err(not_allowed()),
        }
    }
}

fn broken() -> AppError {
    unsafe_file("broken", "The document is damaged.", "নথিটি ক্ষতিগ্রস্ত।")
}

fn bomb() -> AppError {
    unsafe_file(
        "archive_bomb",
        "The document unpacks to far more than a document should.",
        "নথিটি খুললে অস্বাভাবিক বড় হয়ে যায়।",
    )
}

fn traversal() -> AppError {
    unsafe_file(
        "path_traversal",
        "The document holds names that lead out of it.",
        "নথির ভেতরের নাম বাইরের দিকে নির্দেশ করে।",
    )
}

fn macros() -> AppError {
    unsafe_file("macros", "Documents with macros are not taken.", "ম্যাক্রোসহ নথি নেওয়া হয় না।")
}

fn encrypted() -> AppError {
    unsafe_file("encrypted", "Documents with a password are not taken.", "পাসওয়ার্ডযুক্ত নথি নেওয়া হয় না।")
}
