//! Growing pauses for whoever guesses passwords. Kept for the pair of account and address, and for the address over
//! all accounts; never for the account alone, so that a stranger cannot lock an owner out.

use std::net::IpAddr;

use chrono::Duration;
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl, delete, insert_into, update};

use crate::platform::{
    clock::Timestamp,
    crypto::sha256_hex,
    db::{DbConnection, schema::login_failures},
    error::{AppError, ErrorCode},
    ids::UserId,
    web::Call,
};

/// Failures after which the pauses begin: for one account from one address, for one address over all accounts, and for
/// the codes of one account.
const FREE_TRIES: [i32; 3] = [5, 30, 10];

/// The longest pause.
const LONGEST_PAUSE: i64 = 15 * 60;

/// Failures older than this are forgotten.
const FORGET: Duration = Duration::hours(24);

/// What failures are counted for, after how many the pauses begin, and whether a success wipes them away.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Scope {
    name: String,
    free: i32,
    wiped_by_success: bool,
}

/// The two counters of a password. An IPv6 network of 64 bits is one address, since one line has them all.
fn scopes(email: &str, address: Option<IpAddr>) -> Vec<Scope> {
    let place = match address {
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => match address.to_ipv4_mapped() {
            Some(mapped) => mapped.to_string(),
            None => format!("{:x?}", address.segments().get(..4).unwrap_or_default()),
        },
        None => "unknown".to_owned(),
    };
    let [pair, alone, _] = FREE_TRIES;
    vec![
        Scope {
            name: format!("pair {}", sha256_hex(format!("{email} {place}").as_bytes())),
            free: pair,
            wiped_by_success: true,
        },
        Scope { name: format!("address {place}"), free: alone, wiped_by_success: false },
    ]
}

/// An attempt at a secret. It is counted as a failure before it is judged, and taken back when it was none: attempts that
/// are sent all at once would otherwise all be judged before the first one counts.
#[must_use = "an attempt that is not settled counts as a failure"]
pub struct Attempt(Vec<Counted>);

impl Attempt {
    /// At a password.
    ///
    /// # Errors
    /// `TooManyAttempts` while a pause is running; those of the database.
    pub async fn at_password(call: &Call, email: &str) -> Result<Self, AppError> {
        Self::begin(call, scopes(email, call.meta.address)).await
    }

    /// At the second factor of someone whose password was right. Counted for the account alone, wherever it is tried
    /// from: no stranger comes so far, so none can lock the owner out, and a million codes are few for many addresses.
    ///
    /// # Errors
    /// As [`Attempt::at_password`].
    pub async fn at_code(call: &Call, user: UserId) -> Result<Self, AppError> {
        let [_, _, free] = FREE_TRIES;
        Self::begin(call, vec![Scope { name: format!("code {user}"), free, wiped_by_success: true }]).await
    }

    async fn begin(call: &Call, scopes: Vec<Scope>) -> Result<Self, AppError> {
        let now = call.now();
        call.state.db.write(move |connection| count(connection, &scopes, now)).await.map(Self)
    }

    /// It was right: earlier failures are forgotten where a success wipes them away.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn succeed(self, call: &Call) -> Result<(), AppError> {
        call.state.db.write(move |connection| settle(connection, &self.0, true)).await
    }

    /// It was neither right nor wrong: everything is as if it had not been.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn withdraw(self, call: &Call) -> Result<(), AppError> {
        call.state.db.write(move |connection| settle(connection, &self.0, false)).await
    }
}

/// Whether `password` is the one behind `hash`, as an [`Attempt`].
///
/// # Errors
/// `TooManyAttempts` while a pause is running; those of the database and of the hash.
pub async fn verify(call: &Call, email: &str, password: String, hash: Option<String>) -> Result<bool, AppError> {
    let attempt = Attempt::at_password(call, email).await?;
    let genuine = call.state.passwords.verify(password, hash).await?;
    if genuine {
        attempt.succeed(call).await?;
    }
    Ok(genuine)
}

/// A counter as it was before an attempt, if there was one, and as it is with it.
struct Counted {
    scope: Scope,
    before: Option<(i32, Timestamp, Timestamp)>,
    failures: i32,
}

/// Counts an attempt as a failure, unless a pause is running.
fn count(connection: &mut DbConnection, scopes: &[Scope], now: Timestamp) -> Result<Vec<Counted>, AppError> {
    check(connection, scopes, now)?;
    let mut counted = Vec::new();
    for scope in scopes {
        let name = scope.name.as_str();
        let before: Option<(i32, Timestamp, Timestamp)> = login_failures::table
            .find(name)
            .select((login_failures::failures, login_failures::last_failed_at, login_failures::blocked_until))
            .first(connection)
            .optional()?;
        let failures = match before {
            Some((failures, last, _)) if last.plus(FORGET) > now => failures.saturating_add(1),
            _ => 1,
        };
        let values = (
            login_failures::failures.eq(failures),
            login_failures::last_failed_at.eq(now),
            login_failures::blocked_until.eq(now.plus(pause(failures - scope.free))),
        );
        if before.is_some() {
            update(login_failures::table.find(name)).set(values).execute(connection)?;
        } else {
            insert_into(login_failures::table)
                .values((login_failures::scope.eq(name), values.0, values.1, values.2))
                .execute(connection)?;
        }
        counted.push(Counted { scope: scope.clone(), before, failures });
    }
    Ok(counted)
}

/// Lets an attempt through unless a pause is running.
fn check(connection: &mut DbConnection, scopes: &[Scope], now: Timestamp) -> Result<(), AppError> {
    let blocked: Option<Timestamp> = login_failures::table
        .filter(login_failures::scope.eq_any(scopes.iter().map(|scope| scope.name.as_str())))
        .filter(login_failures::blocked_until.gt(now))
        .order(login_failures::blocked_until.desc())
        .select(login_failures::blocked_until)
        .first(connection)
        .optional()?;
    match blocked {
        None => Ok(()),
        Some(until) => {
            Err(AppError::new(ErrorCode::TooManyAttempts).retry_after((until.seconds() - now.seconds()).max(1)))
        }
    }
}

/// Takes an attempt back; after a success also the failures before it, but for those of an address at other accounts.
fn settle(connection: &mut DbConnection, counted: &[Counted], success: bool) -> Result<(), AppError> {
    for one in counted {
        let row = || login_failures::table.find(&one.scope.name);
        if success && one.scope.wiped_by_success {
            delete(row()).execute(connection)?;
            continue;
        }
        let present: Option<i32> = row().select(login_failures::failures).first(connection).optional()?;
        match one.before {
            _ if present != Some(one.failures) => {
                // Others have been counted since: their pause stays.
                update(row()).set(login_failures::failures.eq(login_failures::failures - 1)).execute(connection)?;
            }
            Some((failures, last_failed_at, blocked_until)) => {
                update(row())
                    .set((
                        login_failures::failures.eq(failures),
                        login_failures::last_failed_at.eq(last_failed_at),
                        login_failures::blocked_until.eq(blocked_until),
                    ))
                    .execute(connection)?;
            }
            None => {
                delete(row()).execute(connection)?;
            }
        }
    }
    Ok(())
}

/// Drops what is too old to count.
///
/// # Errors
/// Those of the database.
pub fn purge(connection: &mut DbConnection, now: Timestamp) -> Result<usize, AppError> {
    let old = login_failures::table.filter(login_failures::last_failed_at.lt(now.plus(-FORGET)));
    Ok(delete(old).execute(connection)?)
}

/// Doubles from two seconds.
fn pause(failures_over: i32) -> Duration {
    let exponent = u32::try_from(failures_over).ok();
    let seconds = exponent.map_or(0, |exponent| 2_i64.checked_pow(exponent.saturating_add(1)).unwrap_or(LONGEST_PAUSE));
    Duration::seconds(seconds.min(LONGEST_PAUSE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_quarter_of_an_hour() {
        let seconds = |over| pause(over).num_seconds();
        assert_eq!(
            [seconds(-1), seconds(0), seconds(1), seconds(5), seconds(30), seconds(i32::MAX)],
            [0, 2, 4, 64, 900, 900]
        );
    }

    #[test]
    fn one_ipv6_line_is_one_guesser() {
        let one = scopes("a@b", "2001:db8:1:2::1".parse().ok());
        assert_eq!(one, scopes("a@b", "2001:db8:1:2:ffff::9".parse().ok()));
        assert_ne!(one, scopes("a@b", "2001:db8:1:3::1".parse().ok()));
        assert_eq!(scopes("a@b", "::ffff:1.2.3.4".parse().ok()), scopes("a@b", "1.2.3.4".parse().ok()));
    }
}
