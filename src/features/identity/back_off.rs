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
};

/// Failures after which the pauses begin: for one account from one address, and for one address over all accounts.
const FREE_TRIES: [i32; 2] = [5, 30];

/// The longest pause.
const LONGEST_PAUSE: i64 = 15 * 60;

/// Failures older than this are forgotten.
const FORGET: Duration = Duration::hours(24);

/// The two counters of an attempt. An IPv6 network of 64 bits is one address, since one line has them all.
pub fn scopes(email: &str, address: Option<IpAddr>) -> [String; 2] {
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

/// Lets an attempt through unless a pause is running, and counts it as a failure until [`forgive`] takes that back:
/// counted afterwards, a thousand guesses sent at once would all be let through.
///
/// # Errors
/// `TooManyAttempts` with the seconds that are left.
pub fn charge(connection: &mut DbConnection, scopes: &[String; 2], now: Timestamp) -> Result<(), AppError> {
    let blocked: Option<Timestamp> = login_failures::table
        .filter(login_failures::scope.eq_any(scopes))
        .filter(login_failures::blocked_until.gt(now))
        .order(login_failures::blocked_until.desc())
        .select(login_failures::blocked_until)
        .first(connection)
        .optional()?;
    if let Some(until) = blocked {
        let seconds = (until.seconds() - now.seconds()).max(1);
        return Err(AppError::new(ErrorCode::TooManyAttempts).retry_after(seconds));
    }
    for (scope, free) in scopes.iter().zip(FREE_TRIES) {
        let before = find(connection, scope)?;
        let failures = match before {
            Some((failures, last)) if last.plus(FORGET) > now => failures.saturating_add(1),
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
    }
    Ok(())
}

/// After a success: forgets the failures of this account from this address, and this one attempt of the address.
///
/// # Errors
/// Those of the database.
pub fn forgive(connection: &mut DbConnection, scopes: &[String; 2], now: Timestamp) -> Result<(), AppError> {
    let [pair, address] = scopes;
    delete(login_failures::table.find(pair)).execute(connection)?;
    if let Some((failures, _)) = find(connection, address)? {
        let values = (login_failures::failures.eq(failures - 1), login_failures::blocked_until.eq(now));
        update(login_failures::table.find(address)).set(values).execute(connection)?;
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

fn find(connection: &mut DbConnection, scope: &str) -> Result<Option<(i32, Timestamp)>, AppError> {
    Ok(login_failures::table
        .find(scope)
        .select((login_failures::failures, login_failures::last_failed_at))
        .first(connection)
        .optional()?)
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
