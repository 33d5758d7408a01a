//! A PDF can act: run scripts, start programs, carry other files. Such a one is refused.
//!
//! Names are looked for in the whole file, with their hexadecimal escapes undone (`/J#61vaScript`), and in object streams,
//! which are unpacked within bounds for that. Not seen: what stands in a stream of another kind (a page that draws the
//! word is no script), an object stream that does not say what it is, and actions on a page or a field that only go
//! somewhere (`/AA`, `/URI`). Names that stand for a script, a program or a file cannot hide behind those.

use std::{
    collections::{BTreeSet, HashMap},
    fs::File,
    io::Read,
};

use flate2::read::ZlibDecoder;

use super::kinds::{read_at, unsafe_file};
use crate::platform::{
    error::{AppError, ErrorCode, FieldError, Place},
    text::Bilingual,
};

/// Names that make a document act, or that carry what does.
const ACTIVE: &[&str] = &[
    "JavaScript",
    "Launch",
    "SubmitForm",
    "ImportData",
    "GoToE",
    "EmbeddedFile",
    "EmbeddedFiles",
    "RichMedia",
    "Rendition",
    "XFA",
];
/// An object stream unpacks to so much at most, all of them together to so much, and there are so many at most.
const MOST_UNPACKED: u64 = 8 << 20;
const MOST_TOGETHER: u64 = 32 << 20;
const MOST_STREAMS: usize = 5_000;
/// So many dictionaries are looked at for being that of an object stream, and so many actions on opening: looking costs.
const MOST_LOOKED_AT: usize = 50_000;
const MOST_OPENINGS: usize = 16;
/// A dictionary that is longer than this before its stream, or an action, is not one that a program wrote for people.
const DICTIONARY: usize = 2_048;
/// The longest name that is looked at.
const LONGEST_NAME: usize = 127;

/// Refuses a PDF that acts, hides what it does, or is encrypted, so that nobody can tell.
///
/// # Errors
/// `FileUnsafe`.
pub(super) fn check(file: &File, size: u64) -> Result<(), AppError> {
    let bytes = read_at(file, 0, usize::try_from(size).map_err(AppError::internal)?, size)?;
    let mut document = Document::default();
    let mut looked_at = 0;
    for (name, end) in names(&bytes) {
        match name.as_str() {
            "Encrypt" => {
                return Err(unsafe_file("encrypted", "The document has a password.", "নথিটি পাসওয়ার্ড দিয়ে সুরক্ষিত।"));
            }
            "ObjStm" | "First" if looked_at < MOST_LOOKED_AT => {
                looked_at += 1;
                document.unpack(&bytes, end)?;
            }
            "ObjStm" | "First" => return Err(bomb()),
            _ => {}
        }
    }
    let parts: Vec<&[u8]> =
        std::iter::once(bytes.as_slice()).chain(document.unpacked.values().map(Vec::as_slice)).collect();
    let (mut found, mut openings) = (BTreeSet::<&'static str>::new(), 0);
    for part in &parts {
        for (name, end) in names(part) {
            found.extend(ACTIVE.iter().filter(|active| **active == name).copied());
            if name != "OpenAction" {
                continue;
            }
            openings += 1;
            let value = part.get(end..).unwrap_or_default();
            if openings > MOST_OPENINGS || !document.only_goes_somewhere(&bytes, value, true) {
                found.insert("OpenAction");
            }
        }
    }
    if found.is_empty() {
        return Ok(());
    }
    let list = found.into_iter().collect::<Vec<_>>().join(", ");
    let detail = Bilingual::new(
        format!("The PDF acts or carries other files ({list}). Print it to a new PDF and send that one."),
        format!("PDF-টি নিজে কাজ করে বা অন্য ফাইল বহন করে ({list})। নতুন PDF হিসেবে প্রিন্ট করে সেটি পাঠান।"),
    );
    Err(AppError {
        detail: Some(detail.clone()),
        ..AppError::new(ErrorCode::FileUnsafe).errors(vec![FieldError::new(
            Place::Body("/file".to_owned()),
            "active_content",
            detail,
        )])
    })
}

/// What was unpacked of a document.
#[derive(Default)]
struct Document {
    /// Object streams by where their data begins.
    unpacked: HashMap<usize, Vec<u8>>,
    /// How many bytes that is.
    together: u64,
    /// Objects in them: number, stream, from, until.
    objects: Vec<(u64, usize, usize, usize)>,
}

impl Document {
    /// Unpacks the object stream in whose dictionary a name stands, if it is one.
    fn unpack(&mut self, bytes: &[u8], near: usize) -> Result<(), AppError> {
        let ahead = bytes.get(near..bytes.len().min(near + DICTIONARY)).unwrap_or_default();
        let Some(keyword) = find(ahead, b"stream").map(|at| near + at) else { return Ok(()) };
        let before = bytes.get(keyword.saturating_sub(DICTIONARY)..keyword).unwrap_or_default();
        let begin = before.windows(3).rposition(|window| window == b"obj").map_or(0, |at| at + 3);
        let dictionary = before.get(begin..).unwrap_or_default();
        let words: Vec<(String, usize)> = names(dictionary).collect();
        let has = |word: &str| words.iter().any(|(name, _)| name == word);
        if !(has("ObjStm") || has("First") && has("N")) {
            return Ok(());
        }
        let skip = match bytes.get(keyword + 6..keyword + 8) {
            Some(b"\r\n") => 8,
            _ => 7,
        };
        let data = keyword + skip;
        if self.unpacked.contains_key(&data) {
            return Ok(());
        }
        let filters =
            ["ASCIIHexDecode", "ASCII85Decode", "LZWDecode", "RunLengthDecode", "Crypt", "AHx", "A85", "LZW", "RL"];
        if has("Predictor") || filters.iter().any(|filter| has(filter)) {
            return Err(unsafe_file(
                "unreadable",
                "The PDF packs its objects in a way that is not looked into here.",
                "PDF-টি তার অংশগুলো এমনভাবে রেখেছে যা এখানে দেখা যায় না।",
            ));
        }
        if !has("FlateDecode") && !has("Fl") {
            // Not packed: it is looked through with the rest of the file.
            return Ok(());
        }
        let mut content = Vec::new();
        // A stream that breaks off gives what came before: readers take it so, too.
        let _ =
            ZlibDecoder::new(bytes.get(data..).unwrap_or_default()).take(MOST_UNPACKED + 1).read_to_end(&mut content);
        let length = u64::try_from(content.len()).unwrap_or(u64::MAX);
        self.together += length;
        if length > MOST_UNPACKED || self.together > MOST_TOGETHER || self.unpacked.len() >= MOST_STREAMS {
            return Err(bomb());
        }
        let number = |word: &str| {
            let (_, end) = words.iter().find(|(name, _)| name == word)?;
            integers(dictionary.get(*end..)?).next().map(|(value, _)| value)
        };
        self.index(data, &content, number("First").unwrap_or(0));
        self.unpacked.insert(data, content);
        Ok(())
    }

    /// Notes where the objects of a stream are: it begins with pairs of number and offset.
    fn index(&mut self, stream: usize, content: &[u8], first: u64) {
        let first = usize::try_from(first).unwrap_or(usize::MAX).min(content.len());
        let pairs: Vec<u64> = integers(content.get(..first).unwrap_or_default()).map(|(value, _)| value).collect();
        let places: Vec<(u64, usize)> = pairs
            .chunks_exact(2)
            .filter_map(|pair| match pair {
                [number, offset] => Some((*number, first.saturating_add(usize::try_from(*offset).ok()?))),
                _ => None,
            })
            .collect();
        for (at, (number, from)) in places.iter().enumerate() {
            let until = places.get(at + 1).map_or(content.len(), |(_, next)| *next);
            self.objects.push((*number, stream, *from, until));
        }
    }

    /// Whether what is done on opening only shows a place of this document. `follows` a reference to another object.
    fn only_goes_somewhere(&self, bytes: &[u8], value: &[u8], follows: bool) -> bool {
        let value = value.trim_ascii_start();
        match value {
            [b'<', b'<', ..] => {
                let until = find(value, b">>").unwrap_or(value.len()).min(DICTIONARY);
                let inside: Vec<String> = names(value.get(..until).unwrap_or_default()).map(|(name, _)| name).collect();
                inside.iter().any(|name| name == "GoTo") && !inside.iter().any(|name| name == "Next")
            }
            [b'[' | b'(' | b'/' | b'<', ..] => true,
            [b'0'..=b'9', ..] if follows => {
                let Some((number, _)) = integers(value).next() else { return false };
                let mut targets = self.targets(bytes, number).peekable();
                targets.peek().is_some() && targets.all(|target| self.only_goes_somewhere(bytes, target, false))
            }
            _ => value.starts_with(b"null"),
        }
    }

    /// Every object of this number, in the file and in its object streams: which of them counts, a reader decides.
    fn targets<'a>(&'a self, bytes: &'a [u8], number: u64) -> impl Iterator<Item = &'a [u8]> {
        let head = format!("{number} ");
        let plain = bytes.windows(head.len()).enumerate().filter_map(move |(at, window)| {
            let is_whole = at == 0 || !bytes.get(at - 1).is_some_and(u8::is_ascii_digit);
            let rest = bytes.get(at + head.len()..).filter(|_| is_whole && window == head.as_bytes())?;
            let (_, end) = integers(rest).next().filter(|(_, end)| *end <= 6)?;
            rest.get(end..)?.trim_ascii_start().strip_prefix(b"obj")
        });
        let packed = self
            .objects
            .iter()
            .filter(move |(of, ..)| *of == number)
            .filter_map(|(_, stream, from, until)| self.unpacked.get(stream)?.get(*from..*until));
        plain.chain(packed)
    }
}

fn bomb() -> AppError {
    unsafe_file("archive_bomb", "The file unpacks to far too much.", "ফাইলটি খুললে অতিরিক্ত বড় হয়ে যায়।")
}

/// The names in a text, escapes undone, each with where it ends.
fn names(bytes: &[u8]) -> impl Iterator<Item = (String, usize)> {
    bytes.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| {
        let (mut name, mut place) = (String::new(), at + 1);
        while let Some(&byte) = bytes.get(place) {
            let is_regular = byte.is_ascii_graphic() && !b"()<>[]{}/%".contains(&byte);
            if !is_regular || name.len() > LONGEST_NAME {
                break;
            }
            let digit = |offset: usize| bytes.get(place + offset).and_then(|byte| char::from(*byte).to_digit(16));
            let escaped = (byte == b'#').then(|| digit(1).zip(digit(2))).flatten();
            match escaped.and_then(|(high, low)| char::from_u32(high * 16 + low)) {
                Some(letter) => {
                    name.push(letter);
                    place += 3;
                }
                None => {
                    name.push(char::from(byte));
                    place += 1;
                }
            }
        }
        (name, place)
    })
}

/// The whole numbers in a text, each with where it ends.
fn integers(bytes: &[u8]) -> impl Iterator<Item = (u64, usize)> {
    let mut place = 0;
    std::iter::from_fn(move || {
        while bytes.get(place).is_some_and(|byte| !byte.is_ascii_digit()) {
            place += 1;
        }
        bytes.get(place)?;
        let mut value = 0_u64;
        while let Some(digit) = bytes.get(place).and_then(|byte| char::from(*byte).to_digit(10)) {
            value = value.saturating_mul(10).saturating_add(u64::from(digit));
            place += 1;
        }
        Some((value, place))
    })
}

fn find(bytes: &[u8], sought: &[u8]) -> Option<usize> {
    bytes.windows(sought.len()).position(|window| window == sought)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::ZlibEncoder};

    use super::*;

    fn judged(bytes: &[u8]) -> Result<(), &'static str> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        check(&file, u64::try_from(bytes.len()).unwrap())
            .map_err(|error| error.errors.first().map_or("", |one| one.code))
    }

    fn pdf(body: &str) -> Vec<u8> {
        format!("%PDF-1.7\n{body}\ntrailer<</Root 1 0 R>>\n%%EOF\n").into_bytes()
    }

    fn packed(dictionary: &str, content: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(content).unwrap();
        let data = encoder.finish().unwrap();
        [
            format!("%PDF-1.7\n9 0 obj\n<<{dictionary}/Length {}>>\nstream\r\n", data.len()).as_bytes(),
            &data,
            b"\nendstream\n%%EOF\n",
        ]
        .concat()
    }

    #[test]
    fn what_acts_is_found_however_it_is_spelled() {
        for body in [
            "1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj",
            "1 0 obj<</S/J#61vaScript/JS 4 0 R>>endobj",
            "1 0 obj<</S /#4c#61#75#6E#63#68 /F (cmd.exe)>>endobj",
            "1 0 obj<</Names<</EmbeddedFiles 3 0 R>>>>endobj",
            "1 0 obj<</Type/EmbeddedFile>>endobj",
            "1 0 obj<</OpenAction<</S/URI/URI(https://evil.example)>>>>endobj",
            "1 0 obj<</OpenAction 7 0 R>>endobj 7 0 obj<</S/URI/URI(x)>>endobj",
            "1 0 obj<</OpenAction 7 0 R>>endobj",
            "1 0 obj<</OpenAction 7 0 R>>endobj 7 0 obj[3 0 R/Fit]endobj 7 0 obj<</S/URI>>endobj",
            "1 0 obj<</OpenAction<</S/GoTo/D[0/Fit]/Next<</S/URI>>>>>>endobj",
        ] {
            assert_eq!(judged(&pdf(body)), Err("active_content"), "{body}");
        }
        assert_eq!(judged(&pdf("1 0 obj<</Encrypt 5 0 R>>endobj")), Err("encrypted"));
    }

    #[test]
    fn what_only_opens_at_a_place_is_let_in() {
        for body in [
            "1 0 obj<</Type/Catalog>>endobj",
            "1 0 obj<</OpenAction[3 0 R /XYZ null null 0]>>endobj",
            "1 0 obj<</OpenAction 7 0 R>>endobj 7 0 obj <</S/GoTo/D[3 0 R/Fit]>> endobj",
            "1 0 obj<</A<</S/URI/URI(https://gov.bd)>>/Title(JavaScript)>>endobj",
        ] {
            assert_eq!(judged(&pdf(body)), Ok(()), "{body}");
        }
    }

    #[test]
    fn object_streams_are_looked_into_within_bounds() {
        let catalog = "/Type/ObjStm/N 2/First 10/Filter/FlateDecode";
        assert_eq!(
            judged(&packed(catalog, b"7 0 8 30  <</S/JavaScript/JS(x)>>           <<>>")),
            Err("active_content")
        );
        assert_eq!(judged(&packed("/N 1/First 4/Filter[/Fl]", b"7 0 <</S/Launch>>")), Err("active_content"));
        assert_eq!(judged(&packed(catalog, b"7 0 8 24  <</OpenAction 8 0 R>>   <</S/GoTo/D[1]>>")), Ok(()));
        assert_eq!(
            judged(&packed(catalog, b"7 0 8 24  <</OpenAction 8 0 R>>   <</S/URI/URI(x)>>")),
            Err("active_content")
        );
        assert_eq!(judged(&packed(catalog, &vec![b' '; 9 << 20])), Err("archive_bomb"));
        let chained = "/Type/ObjStm/N 1/First 4/Filter[/ASCIIHexDecode/FlateDecode]";
        assert_eq!(judged(&packed(chained, b"7 0 <<>>")), Err("unreadable"));
        // A page's own content is not looked into: drawing a word does nothing.
        assert_eq!(judged(&packed("/Filter/FlateDecode", b"BT (/JavaScript) Tj ET")), Ok(()));
    }
}
