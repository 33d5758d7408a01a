//! Names of files: cleaned before they are stored, encoded before they are sent.

use std::fmt::Write;

use crate::platform::text::{has_forbidden_character, normalise};

/// The longest name that is kept, in characters, extension included.
const LONGEST: usize = 150;

/// What is left of a name that someone sent: its last part, without anything that could turn, hide or lead elsewhere.
/// `None` if nothing is left.
pub fn clean_name(sent: &str) -> Option<String> {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = normalise(last.to_owned())
        .chars()
        .filter(|c| !c.is_control() && !has_forbidden_character(c.encode_utf8(&mut [0; 4])))
        .map(|c| if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*' | '%' | ';') { '_' } else { c })
        .filter(|c| !matches!(c, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{00AD}'))
        .collect();
    let trimmed = kept.trim_matches(|c: char| c.is_whitespace() || c == '.');
    if trimmed.is_empty() {
        return None;
    }
    let (stem, extension) = trimmed.rsplit_once('.').unwrap_or((trimmed, ""));
    let room = LONGEST.saturating_sub(extension.chars().count() + 1);
    let stem: String = stem.chars().take(room).collect();
    let name = if extension.is_empty() { stem } else { format!("{stem}.{extension}") };
    (name.chars().count() <= LONGEST).then_some(name)
}

/// `Content-Disposition` for a download: RFC 6266, with the name in RFC 8187 for everyone and in ASCII for the old.
pub fn content_disposition(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_graphic() && !matches!(c, '"' | '\\') || c == ' ' { c } else { '_' })
        .collect();
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_nowhere_and_hide_nothing() {
        assert_eq!(clean_name("../../etc/passwd").as_deref(), Some("passwd"));
        assert_eq!(clean_name("C:\\temp\\বাজেট.xlsx").as_deref(), Some("বাজেট.xlsx"));
        assert_eq!(clean_name("a\u{0}b\u{202E}fdp.exe.pdf").as_deref(), Some("abfdp.exe.pdf"));
        assert_eq!(clean_name("..").as_deref(), None);
        assert_eq!(clean_name(" . ").as_deref(), None);
        assert_eq!(clean_name("report.pdf.  ").as_deref(), Some("report.pdf"));
        assert_eq!(clean_name(&format!("{}.pdf", "x".repeat(500))).map(|name| name.len()), Some(LONGEST));
        assert_eq!(clean_name(&format!("a.{}", "x".repeat(500))), None);
    }

    #[test]
    fn a_header_holds_any_name() {
        assert_eq!(
            content_disposition("ক \"1\".pdf"),
            "attachment; filename=\"_ _1_.pdf\"; filename*=UTF-8''%E0%A6%95%20%221%22.pdf"
        );
    }
}
