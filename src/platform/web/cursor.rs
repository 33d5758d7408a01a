//! Cursors: where a list goes on. Opaque, signed, and bound to the filter and sort they came from.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use crate::platform::{
    crypto::MacKey,
    error::{AppError, ErrorCode},
};

/// Bytes of the signature that are kept; 128 bits.
const SIGNATURE: usize = 16;

/// The last row of a page, by what it is sorted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The sort key of that row, as text; empty where the id alone gives the order.
    #[serde(rename = "k")]
    pub key: String,
    /// Its id, which breaks ties.
    #[serde(rename = "i")]
    pub id: String,
}

impl Cursor {
    /// The text to hand out.
    pub fn encode(&self, key: &MacKey, list: &str) -> String {
        let body = serde_json::to_vec(self).unwrap_or_default();
        let mut signed = key.sign(&message(&body, list));
        signed.truncate(SIGNATURE);
        signed.extend_from_slice(&body);
        BASE64_URL_SAFE_NO_PAD.encode(signed)
    }

    /// Reads a cursor that belongs to `list`.
    ///
    /// # Errors
    /// `InvalidCursor` for anything that we did not hand out for this very list.
    pub fn decode(text: &str, key: &MacKey, list: &str) -> Result<Self, AppError> {
        let refused = || AppError::new(ErrorCode::InvalidCursor);
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| refused())?;
        let (signature, body) = bytes.split_at_checked(SIGNATURE).ok_or_else(refused)?;
        let expected = key.sign(&message(body, list));
        let expected = expected.get(..SIGNATURE).ok_or_else(refused)?;
        if aws_lc_rs::constant_time::verify_slices_are_equal(expected, signature).is_err() {
            return Err(refused());
        }
        serde_json::from_slice(body).map_err(|_| refused())
    }
}

fn message(body: &[u8], list: &str) -> Vec<u8> {
    [list.as_bytes(), &[0], body].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_altered_byte_or_another_list_is_refused() {
        let key = MacKey::new(b"secret");
        let cursor = Cursor { key: "2026".into(), id: "x".into() };
        let text = cursor.encode(&key, "list?status=draft");
        assert_eq!(Cursor::decode(&text, &key, "list?status=draft").ok(), Some(cursor));
        assert!(Cursor::decode(&text, &key, "list?status=design").is_err());
        assert!(Cursor::decode(&text, &MacKey::new(b"other"), "list?status=draft").is_err());
        for index in 0..text.len() {
            let mut altered = text.clone().into_bytes();
            if let Some(byte) = altered.get_mut(index) {
                *byte = if *byte == b'A' { b'B' } else { b'A' };
            }
            let altered = String::from_utf8(altered).unwrap_or_default();
            assert!(altered == text || Cursor::decode(&altered, &key, "list?status=draft").is_err());
        }
    }
}
