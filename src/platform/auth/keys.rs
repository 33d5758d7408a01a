//! The keys we sign with: made on first start, readable by the owner only.

use std::{
    fs,
    io::{ErrorKind, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use aws_lc_rs::{rand, signature::Ed25519KeyPair};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey,
    jwk::{Jwk, PublicKeyUse, ThumbprintHash},
};

use super::vault::{Vault, VaultKey};
use crate::platform::{
    crypto::{MacKey, sha256_hex},
    error::AppError,
};

/// One Ed25519 key pair and its public name.
pub(super) struct SigningKey {
    pub(super) kid: String,
    pub(super) encoding: EncodingKey,
    pub(super) decoding: DecodingKey,
    pub(super) jwk: Jwk,
}

/// The access-token keys, newest first, the key that signs cursors, and those that seal stored secrets.
pub struct KeyRing {
    pub(super) signing: Vec<SigningKey>,
    /// Signs cursors.
    pub cursor: MacKey,
    /// Seals what is stored and has to be read again.
    pub vault: Vault,
}

/// Endings of the files of which there may be several.
const SIGNING: &str = ".ed25519.der";
const VAULT: &str = ".vault.key";
const CURSOR: &str = "cursor.key";

/// The digests of the keys that the program made itself, one a line. Nothing secret.
const MADE_HERE: &str = "made-in-development.txt";

impl KeyRing {
    /// Reads the keys of a folder, and makes what is missing if `may_make`. Every `*.ed25519.der` and `*.vault.key` in
    /// it is trusted; the last one by name signs, and seals. Instances that share a database must share the folder.
    ///
    /// # Errors
    /// When the folder cannot be read or written, a file is no key, or a key is missing or readable by others.
    pub fn open(folder: &Path, may_make: bool) -> Result<Self, AppError> {
        if may_make {
            fs::create_dir_all(folder).map_err(|error| at(folder, &error))?;
            if newest_first(folder, SIGNING)?.is_empty() {
                make(folder, "access-token.ed25519.der", || {
                    let pair = Ed25519KeyPair::generate_pkcs8v1(&rand::SystemRandom::new())
                        .map_err(|_| AppError::internal("no randomness"))?;
                    Ok(pair.as_ref().to_vec())
                })?;
            }
            if newest_first(folder, VAULT)?.is_empty() {
                make(folder, "stored-secrets.vault.key", random_secret)?;
            }
            make(folder, CURSOR, random_secret)?;
        }
        let vault: Vec<VaultKey> = newest_first(folder, VAULT)?
            .iter()
            .map(|path| VaultKey::new(&read_private(path)?))
            .collect::<Result<_, AppError>>()?;
        let signing: Vec<SigningKey> =
            newest_first(folder, SIGNING)?.iter().map(|path| signing_key(path)).collect::<Result<_, _>>()?;
        if vault.is_empty() || signing.is_empty() {
            return Err(AppError::internal(format!("{} lacks a key", folder.display())));
        }
        Ok(Self { signing, cursor: MacKey::new(&read_private(&folder.join(CURSOR))?), vault: Vault::new(vault) })
    }

    /// What is wrong with a folder of keys where public money hangs on them: missing, made by the program itself, short
    /// or repetitive, readable by others.
    pub fn faults(folder: &Path) -> Vec<String> {
        let mut faults = Vec::new();
        let made_here = fs::read_to_string(folder.join(MADE_HERE)).unwrap_or_default();
        let (signing, vault) = (newest_first(folder, SIGNING), newest_first(folder, VAULT));
        let cursor = folder.join(CURSOR);
        let mut found: Vec<PathBuf> = cursor.exists().then_some(cursor).into_iter().collect();
        for (kind, files) in [(SIGNING, signing), (VAULT, vault)] {
            match files {
                Ok(files) if !files.is_empty() => found.extend(files),
                _ => faults.push(format!("auth.keys: {} has no *{kind}", folder.display())),
            }
        }
        if !folder.join(CURSOR).exists() {
            faults.push(format!("auth.keys: {} has no {CURSOR}", folder.display()));
        }
        for path in found {
            match read_private(&path) {
                Err(error) => faults.push(format!("auth.keys: {error}")),
                Ok(secret) if made_here.contains(&sha256_hex(&secret)) => faults
                    .push(format!("auth.keys: {} was made by the program in development; provide one", path.display())),
                Ok(secret) if is_weak(&secret) => {
                    faults.push(format!("auth.keys: {} is weak; it needs at least 32 random bytes", path.display()))
                }
                Ok(_) => {}
            }
        }
        faults
    }
}

/// Too short, or of too few different bytes to be random: 32 random bytes have 20 different ones or more.
fn is_weak(secret: &[u8]) -> bool {
    let different: std::collections::BTreeSet<&u8> = secret.iter().collect();
    secret.len() < 32 || different.len() < 20
}

fn random_secret() -> Result<Vec<u8>, AppError> {
    let mut secret = vec![0; 32];
    rand::fill(&mut secret).map_err(|_| AppError::internal("no randomness"))?;
    Ok(secret)
}

fn newest_first(folder: &Path, ending: &str) -> Result<Vec<PathBuf>, AppError> {
    let mut names: Vec<PathBuf> = fs::read_dir(folder)
        .map_err(|error| at(folder, &error))?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.to_string_lossy().ends_with(ending))
        .collect();
    names.sort();
    names.reverse();
    Ok(names)
}

fn signing_key(path: &Path) -> Result<SigningKey, AppError> {
    let encoding = EncodingKey::from_ed_der(&read_private(path)?);
    let mut jwk = Jwk::from_encoding_key(&encoding, Algorithm::EdDSA).map_err(|error| at(path, &error))?;
    let kid = jwk.thumbprint(ThumbprintHash::SHA256).map_err(|error| at(path, &error))?;
    jwk.common.key_id = Some(kid.clone());
    jwk.common.public_key_use = Some(PublicKeyUse::Signature);
    let decoding = DecodingKey::from_jwk(&jwk).map_err(|error| at(path, &error))?;
    Ok(SigningKey { kid, encoding, decoding, jwk })
}

/// Writes a new secret beside its place and links it there, so that of two starting processes both read one key.
fn make(folder: &Path, name: &str, secret: impl FnOnce() -> Result<Vec<u8>, AppError>) -> Result<(), AppError> {
    let path = folder.join(name);
    if path.exists() {
        return Ok(());
    }
    let secret = secret()?;
    let draft = path.with_extension(format!("new-{}", std::process::id()));
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&draft)
        .map_err(|error| at(&draft, &error))?;
    file.write_all(&secret).and_then(|()| file.sync_all()).map_err(|error| at(&draft, &error))?;
    let linked = fs::hard_link(&draft, &path);
    fs::remove_file(&draft).map_err(|error| at(&draft, &error))?;
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(at(&path, &error)),
        Err(_) => Ok(()),
        Ok(()) => {
            let list = folder.join(MADE_HERE);
            fs::OpenOptions::new()
                .append(true)
                .create(true)
                .open(&list)
                .and_then(|mut file| writeln!(file, "{name} {}", sha256_hex(&secret)))
                .map_err(|error| at(&list, &error))
        }
    }
}

fn read_private(path: &Path) -> Result<Vec<u8>, AppError> {
    let mode = fs::metadata(path).map_err(|error| at(path, &error))?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(AppError::internal(format!("{} is readable by others; chmod 600 it", path.display())));
    }
    fs::read(path).map_err(|error| at(path, &error))
}

fn at(path: &Path, error: &dyn std::error::Error) -> AppError {
    AppError::internal(format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_made_here_short_ones_and_missing_ones_are_found_together() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(KeyRing::faults(folder.path()).len(), 3);
        assert!(KeyRing::open(folder.path(), false).is_err());
        KeyRing::open(folder.path(), true).unwrap();
        let faults = KeyRing::faults(folder.path());
        assert_eq!(faults.iter().filter(|fault| fault.contains("made by the program")).count(), 3, "{faults:?}");
        for name in ["cursor.key", "stored-secrets.vault.key"] {
            fs::write(folder.path().join(name), b"changeme changeme changeme changeme").unwrap();
        }
        let faults = KeyRing::faults(folder.path());
        assert_eq!(faults.iter().filter(|fault| fault.contains("is weak")).count(), 2, "{faults:?}");
        fs::write(folder.path().join("cursor.key"), random_secret().unwrap()).unwrap();
        fs::remove_file(folder.path().join("stored-secrets.vault.key")).unwrap();
        assert_eq!(KeyRing::faults(folder.path()).len(), 2);
    }
}
