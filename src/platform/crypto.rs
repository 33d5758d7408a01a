//! The few primitives in use, all from aws-lc: SHA-256, HMAC-SHA-256, random bytes.

use aws_lc_rs::{digest, hmac, rand};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

use super::error::AppError;

/// SHA-256 in lower-case hexadecimal.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(digest::digest(&digest::SHA256, bytes).as_ref())
}

/// SHA-256 of bytes that come one piece after another.
pub struct Sha256(digest::Context);

impl Default for Sha256 {
    fn default() -> Self {
        Self(digest::Context::new(&digest::SHA256))
    }
}

impl Sha256 {
    /// The next piece.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// In lower-case hexadecimal.
    pub fn finish(self) -> String {
        hex(self.0.finish().as_ref())
    }
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `length` random bytes in URL-safe base64, for secrets that are shown once.
///
/// # Errors
/// When the operating system has no randomness to give.
pub fn random_token(length: usize) -> Result<String, AppError> {
    random_bytes(length).map(|bytes| BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

/// `length` random bytes.
///
/// # Errors
/// As [`random_token`].
pub fn random_bytes(length: usize) -> Result<Vec<u8>, AppError> {
    let mut bytes = vec![0; length];
    rand::fill(&mut bytes).map_err(|_| AppError::internal("no randomness"))?;
    Ok(bytes)
}

/// A key that signs what we hand out and want back unaltered.
#[derive(Clone)]
pub struct MacKey(hmac::Key);

impl MacKey {
    /// A key of these bytes.
    pub fn new(secret: &[u8]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, secret))
    }

    /// The signature of `message`.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        hmac::sign(&self.0, message).as_ref().to_vec()
    }

    /// Whether `signature` is that of `message`, in constant time.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        hmac::verify(&self.0, message, signature).is_ok()
    }
}
