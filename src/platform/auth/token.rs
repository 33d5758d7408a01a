//! Access tokens: JWTs of ten minutes, Ed25519 only, typed `at+jwt` (RFC 9068).

use std::sync::Arc;

use jsonwebtoken::{Algorithm, Header, Validation, decode, decode_header, encode, jwk::JwkSet};
use serde::{Deserialize, Serialize};

use super::KeyRing;
use crate::platform::{
    clock::Timestamp,
    error::{AppError, ErrorCode},
    ids::{SessionId, UserId},
};

/// How long an access token lives.
pub const ACCESS_SECONDS: i64 = 600;

const TYPE: &str = "at+jwt";

/// What a token says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claims {
    /// The person.
    pub sub: UserId,
    /// The login.
    pub sid: SessionId,
    /// Who issued it.
    pub iss: String,
    /// For whom.
    pub aud: String,
    /// When it was issued, in seconds since the epoch.
    pub iat: i64,
    /// From when it is good.
    pub nbf: i64,
    /// Until when.
    pub exp: i64,
    /// When the person last proved who they are.
    pub auth_time: i64,
}

/// Signs and checks access tokens.
#[derive(Clone)]
pub struct TokenService {
    keys: Arc<KeyRing>,
    issuer: String,
    audience: String,
}

impl TokenService {
    /// With the keys of a ring, for one issuer and audience.
    pub fn new(keys: Arc<KeyRing>, issuer: String, audience: String) -> Self {
        Self { keys, issuer, audience }
    }

    /// A token for a login.
    ///
    /// # Errors
    /// When signing fails.
    pub fn issue(
        &self,
        user: UserId,
        session: SessionId,
        authenticated_at: Timestamp,
        now: Timestamp,
    ) -> Result<String, AppError> {
        let key = self.keys.signing.first().ok_or_else(|| AppError::internal("no signing key"))?;
        let header = Header { typ: Some(TYPE.to_owned()), kid: Some(key.kid.clone()), ..Header::new(Algorithm::EdDSA) };
        let claims = Claims {
            sub: user,
            sid: session,
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            iat: now.seconds(),
            nbf: now.seconds(),
            exp: now.seconds() + ACCESS_SECONDS,
            auth_time: authenticated_at.seconds(),
        };
        encode(&header, &claims, &key.encoding).map_err(AppError::internal)
    }

    /// What a genuine, unexpired token says.
    ///
    /// # Errors
    /// `InvalidToken` for every other one; which check failed is not told.
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<Claims, AppError> {
        let refused = || AppError::new(ErrorCode::InvalidToken);
        let header = decode_header(token).map_err(|_| refused())?;
        if header.alg != Algorithm::EdDSA || header.typ.as_deref() != Some(TYPE) {
            return Err(refused());
        }
        let key = self.keys.signing.iter().find(|key| Some(&key.kid) == header.kid.as_ref()).ok_or_else(refused)?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&[&self.audience]);
        validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        // Times are compared below, by the clock that the rest of the program goes by.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        let claims = decode::<Claims>(token, &key.decoding, &validation).map_err(|_| refused())?.claims;
        Self::check_times(&claims, now)?;
        Ok(claims)
    }

    /// Whether verified claims are good at `now`.
    ///
    /// # Errors
    /// `InvalidToken` when they are not.
    pub fn check_times(claims: &Claims, now: Timestamp) -> Result<(), AppError> {
        let good = claims.nbf <= now.seconds() && now.seconds() < claims.exp;
        if good { Ok(()) } else { Err(AppError::new(ErrorCode::InvalidToken)) }
    }

    /// The public keys.
    pub fn jwks(&self) -> JwkSet {
        JwkSet { keys: self.keys.signing.iter().map(|key| key.jwk.clone()).collect() }
    }
}
