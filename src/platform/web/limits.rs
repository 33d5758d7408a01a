//! Rate limits: who asks more often than their share is told when to come back, before any work is done for them.
//!
//! Counted by GCRA (`governor`): a caller may spend a minute's share at once, and gets it back evenly over a minute. An
//! account and a service's key are counted for themselves, a stranger by address; what proves an identity is counted by
//! address as well, more strictly. Each instance counts for itself. See docs/decisions/0024-rate-limits.md.

use std::{net::IpAddr, num::NonZeroU32, ops::Add, sync::Arc, time::Duration};

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use governor::{
    Quota, RateLimiter,
    clock::{self, Reference},
    middleware::StateInformationMiddleware,
    nanos::Nanos,
    state::{InMemoryState, NotKeyed, StateStore},
};
use moka::sync::Cache;

use crate::platform::{
    auth::Credential,
    clock::Clock,
    config::LimitsConfig,
    error::{AppError, ErrorCode},
};

/// The window of every limit, in seconds.
const WINDOW: u32 = 60;

/// How an operation is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitClass {
    /// Not at all: the probes of a load balancer.
    Exempt,
    /// By account, key or address.
    Ordinary,
    /// Besides that by address, more strictly: secrets are guessed here.
    Auth,
}

impl LimitClass {
    /// The class of a path.
    pub fn of_path(path: &str) -> Self {
        match path {
            "/healthz" | "/readyz" => Self::Exempt,
            _ if path.starts_with("/v1/auth/") => Self::Auth,
            _ => Self::Ordinary,
        }
    }
}

/// Whose share a request is taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Subject {
    Credential(Credential),
    /// An IPv4 address, or an IPv6 network of 64 bits: one line has them all.
    Network(IpAddr),
    Unknown,
}

impl Subject {
    fn of_address(address: Option<IpAddr>) -> Self {
        match address.map(|address| address.to_canonical()) {
            None => Self::Unknown,
            Some(IpAddr::V4(address)) => Self::Network(IpAddr::V4(address)),
            Some(IpAddr::V6(address)) => {
                let network = u128::from(address) & (u128::MAX << 64);
                Self::Network(IpAddr::V6(network.into()))
            }
        }
    }
}

/// Our clock, as `governor` wants it.
struct LimitClock(Clock);

/// Time since some moment that stays the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Moment(Duration);

impl clock::Clock for LimitClock {
    type Instant = Moment;

    fn now(&self) -> Moment {
        Moment(self.0.monotonic())
    }
}

impl Add<Nanos> for Moment {
    type Output = Self;

    fn add(self, by: Nanos) -> Self {
        Self(self.0.saturating_add(by.into()))
    }
}

impl Reference for Moment {
    fn duration_since(&self, earlier: Self) -> Nanos {
        self.0.saturating_sub(earlier.0).into()
    }

    fn saturating_sub(&self, by: Nanos) -> Self {
        Self(self.0.checked_sub(by.into()).unwrap_or(self.0))
    }
}

/// What is remembered of callers: so many at most, and none for longer than it matters. Who is forgotten begins with a
/// full share, so a flood from more addresses than fit is stopped by `server.max_in_flight`, not here.
struct Remembered(Cache<Subject, Arc<InMemoryState>>);

impl StateStore for Remembered {
    type Key = Subject;

    fn measure_and_replace<T, F, E>(&self, key: &Subject, decide: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        self.0.get_with(*key, Arc::default).measure_and_replace(&NotKeyed::NonKey, decide)
    }
}

/// One limit.
struct Policy {
    name: &'static str,
    quota: u32,
    limiter: RateLimiter<Subject, Remembered, LimitClock, StateInformationMiddleware>,
    /// Shares its entries with the limiter.
    remembered: Cache<Subject, Arc<InMemoryState>>,
}

/// What a request left of a share.
struct Left {
    requests: u32,
    /// Seconds until the whole share is there again; of a refusal, until the next request passes.
    seconds: u64,
    refused: bool,
}

impl Policy {
    fn new(name: &'static str, per_minute: u32, most_callers: u64, clock: &Clock) -> Option<Self> {
        let quota = Quota::per_minute(NonZeroU32::new(per_minute)?);
        let remembered = Cache::builder()
            .max_capacity(most_callers)
            .time_to_idle(Duration::from_secs(u64::from(2 * WINDOW)))
            .build();
        let limiter = RateLimiter::new(quota, Remembered(remembered.clone()), LimitClock(clock.clone()));
        Some(Self { name, quota: per_minute, limiter, remembered })
    }

    fn charge(&self, subject: Subject) -> Left {
        match self.limiter.check_key(&subject) {
            Ok(state) => {
                let requests = state.remaining_burst_capacity().min(self.quota);
                let missing = u64::from(self.quota - requests);
                let seconds = (missing * u64::from(WINDOW)).div_ceil(u64::from(self.quota));
                Left { requests, seconds, refused: false }
            }
            Err(until) => {
                let wait = until.wait_time_from(clock::Clock::now(self.limiter.clock()));
                let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
                Left { requests: 0, seconds: seconds.max(1), refused: true }
            }
        }
    }
}

/// The limits of this instance.
pub struct RateLimits {
    account: Option<Policy>,
    key: Option<Policy>,
    address: Option<Policy>,
    auth: Option<Policy>,
}

/// The outcome of counting a request: the headers of its answer, whatever becomes of it, and whether it goes on.
#[derive(Default)]
pub struct Charge {
    /// For the answer.
    pub headers: LimitHeaders,
    refusal: Option<AppError>,
}

impl Charge {
    /// Lets the request pass or not.
    ///
    /// # Errors
    /// `RateLimited`.
    pub fn pass(self) -> Result<(), AppError> {
        self.refusal.map_or(Ok(()), Err)
    }
}

/// `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers), empty where nothing is limited.
#[derive(Clone, Debug, Default)]
pub struct LimitHeaders {
    policy: String,
    left: String,
}

impl LimitHeaders {
    fn add(&mut self, policy: &Policy, left: &Left) {
        let comma = if self.policy.is_empty() { "" } else { ", " };
        self.policy.push_str(&format!("{comma}\"{}\";q={};w={WINDOW}", policy.name, policy.quota));
        self.left.push_str(&format!("{comma}\"{}\";r={};t={}", policy.name, left.requests, left.seconds));
    }

    /// Puts them on an answer.
    pub fn write(&self, headers: &mut HeaderMap) {
        for (name, value) in [("ratelimit-policy", &self.policy), ("ratelimit", &self.left)] {
            if !value.is_empty()
                && let Ok(value) = HeaderValue::from_str(value)
            {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
    }
}

impl RateLimits {
    /// The limits that the configuration asks for; 0 a minute is none.
    pub fn new(config: &LimitsConfig, clock: &Clock) -> Self {
        let policy = |name, per_minute| {
            config.enabled.then(|| Policy::new(name, per_minute, config.most_callers, clock)).flatten()
        };
        Self {
            account: policy("account", config.account_per_minute),
            key: policy("key", config.key_per_minute),
            address: policy("address", config.address_per_minute),
            auth: policy("auth", config.auth_per_minute),
        }
    }

    /// Counts a request of `credential`, or of a stranger, from `address`.
    pub fn charge(&self, class: LimitClass, credential: Option<Credential>, address: Option<IpAddr>) -> Charge {
        let network = Subject::of_address(address);
        let general = match credential {
            Some(Credential::Account(_)) => &self.account,
            Some(Credential::ServiceAccount(_)) => &self.key,
            None => &self.address,
        };
        let subject = credential.map_or(network, Subject::Credential);
        let counted = match class {
            LimitClass::Exempt => [None, None],
            LimitClass::Ordinary => [general.as_ref().map(|policy| (policy, subject)), None],
            LimitClass::Auth => {
                [general.as_ref().map(|policy| (policy, subject)), self.auth.as_ref().map(|policy| (policy, network))]
            }
        };
        let mut charge = Charge::default();
        let mut wait = 0;
        for (policy, subject) in counted.into_iter().flatten() {
            let left = policy.charge(subject);
            charge.headers.add(policy, &left);
            if left.refused {
                wait = wait.max(left.seconds);
            }
        }
        if wait > 0 {
            charge.refusal = Some(refusal(wait));
        }
        charge
    }

    /// How many callers are remembered, by limit.
    pub fn remembered(&self) -> Vec<(&'static str, u64)> {
        [&self.account, &self.key, &self.address, &self.auth]
            .into_iter()
            .flatten()
            .map(|policy| (policy.name, policy.remembered.entry_count()))
            .collect()
    }
}

fn refusal(wait: u64) -> AppError {
    AppError::new(ErrorCode::RateLimited).retry_after(i64::try_from(wait).unwrap_or(i64::from(WINDOW)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::{
        clock::Timestamp,
        ids::{ServiceAccountId, UserId},
    };

    fn limits(per_minute: u32, most_callers: u64) -> (RateLimits, Clock) {
        let clock = Clock::fixed(Timestamp::from_millis(1_800_000_000_000));
        let config = LimitsConfig {
            enabled: true,
            account_per_minute: per_minute,
            key_per_minute: per_minute,
            address_per_minute: per_minute,
            auth_per_minute: 1,
            most_callers,
        };
        (RateLimits::new(&config, &clock), clock)
    }

    fn stranger(limits: &RateLimits, address: &str) -> Charge {
        limits.charge(LimitClass::Ordinary, None, address.parse().ok())
    }

    #[test]
    fn a_share_is_spent_at_once_and_comes_back_evenly() {
        let (limits, clock) = limits(6, 100);
        for left in (0..6).rev() {
            let charge = stranger(&limits, "203.0.113.9");
            assert_eq!(charge.headers.left, format!("\"address\";r={left};t={}", (6 - left) * 10));
            assert_eq!(charge.headers.policy, "\"address\";q=6;w=60");
            assert!(charge.pass().is_ok());
        }
        let refused = stranger(&limits, "203.0.113.9");
        assert_eq!(refused.headers.left, "\"address\";r=0;t=10");
        assert!(refused.pass().is_err_and(|error| error.retry_after == Some(10)));
        clock.advance(chrono::Duration::seconds(10));
        assert!(stranger(&limits, "203.0.113.9").pass().is_ok());
        assert!(stranger(&limits, "203.0.113.9").pass().is_err());
        clock.advance(chrono::Duration::hours(1));
        assert_eq!(stranger(&limits, "203.0.113.9").headers.left, "\"address\";r=5;t=10");
    }

    #[test]
    fn callers_do_not_pay_for_one_another_and_an_ipv6_line_is_one_caller() {
        let (limits, _) = limits(1, 100);
        let account = |number: u128| Some(Credential::Account(UserId::from(uuid::Uuid::from_u128(number))));
        for caller in [
            account(1),
            account(2),
            Some(Credential::ServiceAccount(ServiceAccountId::from(uuid::Uuid::from_u128(1)))),
            None,
        ] {
            let charge = || limits.charge(LimitClass::Ordinary, caller, "192.0.2.1".parse().ok()).pass();
            assert!(charge().is_ok());
            assert!(charge().is_err());
        }
        assert!(stranger(&limits, "2001:db8:1:2::1").pass().is_ok());
        assert!(stranger(&limits, "2001:db8:1:2:ffff::9").pass().is_err());
        assert!(stranger(&limits, "2001:db8:1:3::1").pass().is_ok());
        assert!(stranger(&limits, "::ffff:192.0.2.1").pass().is_err(), "the same address, written otherwise");
    }

    #[test]
    fn what_proves_an_identity_is_counted_twice() {
        let (limits, _) = limits(60, 100);
        let login = || limits.charge(LimitClass::Auth, None, "192.0.2.1".parse().ok());
        let first = login();
        assert_eq!(first.headers.policy, "\"address\";q=60;w=60, \"auth\";q=1;w=60");
        assert_eq!(first.headers.left, "\"address\";r=59;t=1, \"auth\";r=0;t=60");
        assert!(first.pass().is_ok());
        assert!(login().pass().is_err());
        assert!(stranger(&limits, "192.0.2.1").pass().is_ok(), "other requests go on");
    }

    #[test]
    fn a_million_addresses_do_not_fill_the_memory() {
        let (limits, _) = limits(10, 500);
        for number in 0..20_000_u32 {
            let address = IpAddr::V4(number.into());
            assert!(limits.charge(LimitClass::Ordinary, None, Some(address)).pass().is_ok());
        }
        let Some(policy) = &limits.address else { return };
        policy.remembered.run_pending_tasks();
        assert!(policy.remembered.entry_count() <= 500, "{}", policy.remembered.entry_count());
    }

    #[test]
    fn off_is_off() {
        let clock = Clock::system();
        let config = LimitsConfig {
            enabled: false,
            account_per_minute: 1,
            key_per_minute: 1,
            address_per_minute: 1,
            auth_per_minute: 1,
            most_callers: 1,
        };
        let limits = RateLimits::new(&config, &clock);
        for _ in 0..100 {
            let charge = limits.charge(LimitClass::Auth, None, None);
            assert!(charge.headers.policy.is_empty() && charge.pass().is_ok());
        }
    }
}
