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
    web::Call,
};

/// Failures after which the pauses begin: for one account from one address, and for one address over all accounts.
const FREE_TRIES: [i32; 2] = [5, 30];

/// The longest pause.
const LONGEST_PAUSE: i64 = 15 * 60;

/// Failures older than this are forgotten.
const FORGET: Duration = Duration::hours(24);

/// The two counters of an attempt. An IPv6 network of 64 bits is one address, since one line has them all.
fn scopes(email: &str, address: Option<IpAddr>) -> [String; 2] {
    let place = match address {
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => match address.to_ipv4_mapped() {
            Some(mapped) => mapped.to_string(),
            None => format!("{:x?}", address.segments().get(..4).unwrap_or_default()),
        },
        None => "unknown".to_owned(),
    };
    [format!("pair {}", sha256_hex(format!("{email} {place}").as_bytes())), format!("address {place}")]
}

/// Whether `password` is the one behind `hash`. The attempt is counted as a failure before it is judged, and taken back
/// when it was none: attempts that are sent all at once would otherwise all be judged before the first one counts.
///
/// # Errors
/// `TooManyAttempts` while a pause is running; those of the database and of the hash.
pub async fn verify(call: &Call, email: &str, password: String, hash: Option<String>) -> Result<bool, AppError> {
    let (scopes, now) = (scopes(email, call.meta.address), call.now());
    let counted = call.state.db.write(move |connection| count(connection, &scopes, now)).await?;
    let genuine = call.state.passwords.verify(password, hash).await?;
    if genuine {
        call.state.db.write(move |connection| forgive(connection, &counted)).await?;
    }
    Ok(genuine)
}

/// A counter as it was before an attempt, if there was one, and as it is with it.
struct Counted {
    scope: String,
    before: Option<(i32, Timestamp, Timestamp)>,
    failures: i32,
}

/// Counts an attempt as a failure, unless a pause is running.
fn count(connection: &mut DbConnection, scopes: &[String; 2], now: Timestamp) -> Result<Vec<Counted>, AppError> {
    check(connection, scopes, now)?;
    let mut counted = Vec::new();
    for (scope, free) in scopes.iter().zip(FREE_TRIES) {
        let before: Option<(i32, Timestamp, Timestamp)> = login_failures::table
            .find(scope)
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
            login_failures::blocked_until.eq(now.plus(pause(failures - free))),
        );
        if before.is_some() {
            update(login_failures::table.find(scope)).set(values).execute(connection)?;
        } else {
            insert_into(login_failures::table)
                .values((login_failures::scope.eq(scope), values.0, values.1, values.2))
                .execute(connection)?;
        }
        counted.push(Counted { scope: scope.clone(), before, failures });
    }
    Ok(counted)
}

/// Lets an attempt through unless a pause is running.
fn check(connection: &mut DbConnection, scopes: &[String; 2], now: Timestamp) -> Result<(), AppError> {
    let blocked: Option<Timestamp> = login_failures::table
        .filter(login_failures::scope.eq_any(scopes))
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

/// After a success: forgets the failures of this account from this address, and takes the attempt back from the address
/// alone, whose failures at other accounts stay.
fn forgive(connection: &mut DbConnection, counted: &[Counted]) -> Result<(), AppError> {
    let [pair, address] = counted else { return Ok(()) };
    delete(login_failures::table.find(&pair.scope)).execute(connection)?;
    let row = || login_failures::table.find(&address.scope);
    let present: Option<i32> = row().select(login_failures::failures).first(connection).optional()?;
    match address.before {
        _ if present != Some(address.failures) => {
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
