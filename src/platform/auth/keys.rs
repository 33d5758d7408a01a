//! The keys we sign with: made on first start, readable by the owner only.

use std::{
    fs,
    io::{ErrorKind, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
};

use aws_lc_rs::{rand, signature::Ed25519KeyPair};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey,
    jwk::{Jwk, PublicKeyUse, ThumbprintHash},
};

use crate::platform::{crypto::MacKey, error::AppError};

/// One Ed25519 key pair and its public name.
pub(super) struct SigningKey {
    pub(super) kid: String,
    pub(super) encoding: EncodingKey,
    pub(super) decoding: DecodingKey,
    pub(super) jwk: Jwk,
}

/// The access-token keys, newest first, and the key that signs cursors.
pub struct KeyRing {
    pub(super) signing: Vec<SigningKey>,
    /// Signs cursors.
    pub cursor: MacKey,
}

impl KeyRing {
    /// Reads the keys of a folder, and makes what is missing. Every `*.ed25519.der` in it is trusted; the last one by
    /// name signs. Instances that share a database must share the folder.
    ///
    /// # Errors
    /// When the folder cannot be read or written, a file is no key, or a key is readable by others.
    pub fn open(folder: &Path) -> Result<Self, AppError> {
        fs::create_dir_all(folder).map_err(|error| at(folder, &error))?;
        let mut names: Vec<_> = fs::read_dir(folder)
            .map_err(|error| at(folder, &error))?
            .filter_map(Result::ok)
            .map(|entry| entry.path())
            .filter(|path| path.to_string_lossy().ends_with(".ed25519.der"))
            .collect();
        if names.is_empty() {
            let path = folder.join("access-token.ed25519.der");
            make(&path, || {
                let pair = Ed25519KeyPair::generate_pkcs8v1(&rand::SystemRandom::new())
                    .map_err(|_| AppError::internal("no randomness"))?;
                Ok(pair.as_ref().to_vec())
            })?;
            names.push(path);
        }
        names.sort();
        names.reverse();
        let signing = names.iter().map(|path| signing_key(path)).collect::<Result<_, _>>()?;
        let cursor_path = folder.join("cursor.key");
        make(&cursor_path, || {
            let mut secret = vec![0; 32];
            rand::fill(&mut secret).map_err(|_| AppError::internal("no randomness"))?;
            Ok(secret)
        })?;
        Ok(Self { signing, cursor: MacKey::new(&read_private(&cursor_path)?) })
    }
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
fn make(path: &Path, secret: impl FnOnce() -> Result<Vec<u8>, AppError>) -> Result<(), AppError> {
    if path.exists() {
        return Ok(());
    }
    let draft = path.with_extension(format!("new-{}", std::process::id()));
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&draft)
        .map_err(|error| at(&draft, &error))?;
    file.write_all(&secret()?).and_then(|()| file.sync_all()).map_err(|error| at(&draft, &error))?;
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft).map_err(|error| at(&draft, &error))?;
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(at(path, &error)),
        _ => Ok(()),
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
