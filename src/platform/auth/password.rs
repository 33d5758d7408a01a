//! Passwords: argon2id (19 MiB, t=2, p=1), hashed off the async threads and never more at once than there are cores.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::sync::Semaphore;

use crate::platform::error::{AppError, FieldError};

/// The shortest password that is accepted.
const SHORTEST: usize = 10;

/// Hashes and checks passwords.
#[derive(Clone)]
pub struct Passwords {
    places: Arc<Semaphore>,
    /// Verified against when the account is unknown, so that both cases take the same time.
    decoy: Arc<str>,
    computed: Arc<AtomicU64>,
}

fn argon2() -> Result<Argon2<'static>, AppError> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(AppError::internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The PHC string of a password; slow on purpose, so call it off the async threads.
///
/// # Errors
/// When the operating system has no randomness to give.
pub fn hash_now(password: &str) -> Result<String, AppError> {
    argon2()?.hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(AppError::internal)
}

impl Passwords {
    /// With as many places as there are cores.
    ///
    /// # Errors
    /// As [`hash_now`].
    pub fn new() -> Result<Self, AppError> {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Ok(Self {
            places: Arc::new(Semaphore::new(cores)),
            decoy: hash_now("nobody has this password")?.into(),
            computed: Arc::default(),
        })
    }

    /// How many hashes were computed so far: what makes an answer slow, and so what must not depend on who asks.
    pub fn computed(&self) -> u64 {
        self.computed.load(Ordering::Relaxed)
    }

    /// The PHC string of a password.
    ///
    /// # Errors
    /// As [`hash_now`].
    pub async fn hash(&self, password: String) -> Result<String, AppError> {
        self.run(move || hash_now(&password)).await
    }

    /// Whether `password` is the one behind `hash`; with `None`, takes the same time and says no.
    ///
    /// # Errors
    /// When the stored hash cannot be read.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, AppError> {
        let decoy = Arc::clone(&self.decoy);
        self.run(move || {
            let known = hash.is_some();
            let hash = hash.unwrap_or_else(|| decoy.to_string());
            let parsed = PasswordHash::new(&hash).map_err(AppError::internal)?;
            Ok(argon2()?.verify_password(password.as_bytes(), &parsed).is_ok() && known)
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        self.computed.fetch_add(1, Ordering::Relaxed);
        let _place = self.places.acquire().await.map_err(AppError::internal)?;
        tokio::task::spawn_blocking(work).await.map_err(AppError::internal)?
    }
}

/// What is wrong with a new password, judged with the person's own words (name, address) as known guesses.
pub fn weaknesses(pointer: &'static str, password: &str, own_words: &[&str]) -> Vec<FieldError> {
    if password.chars().count() < SHORTEST {
        return vec![FieldError::body(
            pointer,
            "min_length",
            "The password needs at least 10 characters.",
            "পাসওয়ার্ডে অন্তত ১০টি অক্ষর প্রয়োজন।",
        )];
    }
    // zxcvbn's time grows with the length; nothing of 100 characters is weak by being short.
    let head: String = password.chars().take(100).collect();
    if u8::from(zxcvbn::zxcvbn(&head, own_words).score()) < 3 {
        return vec![FieldError::body(
            pointer,
            "weak_password",
            "The password is easy to guess. Use several unrelated words.",
            "পাসওয়ার্ডটি সহজে অনুমান করা যায়। কয়েকটি সম্পর্কহীন শব্দ ব্যবহার করুন।",
        )];
    }
    Vec::new()
}
