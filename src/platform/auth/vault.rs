//! What is stored and has to be read again, or has to be known again, under a key that is not in the database: secrets
//! of second factors (AES-256-GCM), recovery codes and tokens in letters (HMAC-SHA-256).

use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

use crate::platform::{
    crypto::{MacKey, hex, sha256_hex},
    error::AppError,
};

/// The keys of a ring that seal: the newest one seals, all of them open.
#[derive(Clone)]
pub struct Vault(Arc<[VaultKey]>);

/// One secret of 32 bytes and the keys derived from it, one a purpose.
pub(super) struct VaultKey {
    /// Names the key in what it sealed.
    name: String,
    seal: RandomizedNonceKey,
    codes: MacKey,
    letters: MacKey,
}

impl VaultKey {
    pub(super) fn new(secret: &[u8]) -> Result<Self, AppError> {
        let master = MacKey::new(secret);
        let seal = RandomizedNonceKey::new(&AES_256_GCM, &master.sign(b"seal"))
            .map_err(|_| AppError::internal("no key to seal with"))?;
        Ok(Self {
            name: sha256_hex(&master.sign(b"name")).chars().take(8).collect(),
            seal,
            codes: MacKey::new(&master.sign(b"recovery codes")),
            letters: MacKey::new(&master.sign(b"tokens in letters")),
        })
    }
}

impl Vault {
    pub(super) fn new(newest_first: Vec<VaultKey>) -> Self {
        Self(newest_first.into())
    }

    fn newest(&self) -> Result<&VaultKey, AppError> {
        self.0.first().ok_or_else(|| AppError::internal("no key to seal with"))
    }

    /// Seals `secret` for the record `owner`, in whose place alone it can be opened.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn seal(&self, secret: &[u8], owner: &str) -> Result<String, AppError> {
        let key = self.newest()?;
        let mut sealed = secret.to_vec();
        let nonce = key
            .seal
            .seal_in_place_append_tag(Aad::from(owner.as_bytes()), &mut sealed)
            .map_err(|_| AppError::internal("a secret could not be sealed"))?;
        let bytes: Vec<u8> = nonce.as_ref().iter().copied().chain(sealed).collect();
        Ok(format!("{}.{}", key.name, BASE64_URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// Opens what [`Vault::seal`] made for `owner`.
    ///
    /// # Errors
    /// When the key is gone or the text was altered or belongs to someone else.
    pub fn open(&self, sealed: &str, owner: &str) -> Result<Vec<u8>, AppError> {
        let broken = || AppError::internal("a stored secret cannot be opened");
        let (name, text) = sealed.split_once('.').ok_or_else(broken)?;
        let key = self
            .0
            .iter()
            .find(|key| key.name == name)
            .ok_or_else(|| AppError::internal(format!("the key {name} that sealed a stored secret is gone")))?;
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| broken())?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_LEN).ok_or_else(broken)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| broken())?;
        let mut sealed = sealed.to_vec();
        let plain = key.seal.open_in_place(nonce, Aad::from(owner.as_bytes()), &mut sealed).map_err(|_| broken())?;
        Ok(plain.to_vec())
    }

    /// What is stored of a recovery code of `owner`: under the newest key first, then under the older ones.
    pub fn code_digests(&self, owner: &str, code: &str) -> Vec<String> {
        self.0.iter().map(|key| hex(&key.codes.sign(format!("{owner} {code}").as_bytes()))).collect()
    }

    /// The token in the letter of this id. It is the same each time the letter is sent, and stands nowhere but in the
    /// letter.
    ///
    /// # Errors
    /// When there is no key.
    pub fn letter_token(&self, letter: &str) -> Result<String, AppError> {
        Ok(BASE64_URL_SAFE_NO_PAD.encode(self.newest()?.letters.sign(letter.as_bytes())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault(secrets: &[u8]) -> Vault {
        Vault::new(secrets.iter().map(|byte| VaultKey::new(&[*byte; 32]).unwrap()).collect())
    }

    #[test]
    fn sealed_secrets_open_for_their_owner_alone_and_after_a_change_of_keys() {
        let sealed = vault(&[1]).seal(b"secret", "rahima").unwrap();
        assert!(!sealed.contains("secret"));
        assert_ne!(sealed, vault(&[1]).seal(b"secret", "rahima").unwrap());
        assert_eq!(vault(&[2, 1]).open(&sealed, "rahima").unwrap(), b"secret");
        assert!(vault(&[1]).open(&sealed, "karim").is_err());
        assert!(vault(&[2]).open(&sealed, "rahima").is_err());
        let mut altered = sealed.into_bytes();
        let last = altered.len() - 1;
        altered[last] = if altered[last] == b'A' { b'B' } else { b'A' };
        assert!(vault(&[1]).open(&String::from_utf8(altered).unwrap(), "rahima").is_err());
    }

    #[test]
    fn codes_are_known_under_older_keys_too() {
        let stored = vault(&[1]).code_digests("rahima", "abcd").remove(0);
        assert!(vault(&[2, 1]).code_digests("rahima", "abcd").contains(&stored));
        assert!(!vault(&[2, 1]).code_digests("karim", "abcd").contains(&stored));
    }
}
