//! The one source of time and of identifiers, so that both agree and tests can set them.

use std::{
    fmt,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
};

use chrono::{DateTime, Datelike, Duration, FixedOffset, NaiveDate, NaiveDateTime, Timelike, Utc};
use diesel::{
    backend::Backend,
    deserialize::{self, FromSql, FromSqlRow},
    expression::AsExpression,
    serialize::{self, Output, ToSql},
    sql_types,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use utoipa::{PartialSchema, ToSchema, openapi};
use uuid::{ContextV7, Uuid};

/// An instant in UTC, cut to milliseconds. In JSON: RFC 3339 with three decimals and `Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = sql_types::Timestamp)]
pub struct Timestamp(NaiveDateTime);

impl Timestamp {
    /// The instant of a Unix time in milliseconds; the epoch for a value out of range.
    pub fn from_millis(millis: i64) -> Self {
        Self(DateTime::from_timestamp_millis(millis).unwrap_or_default().naive_utc())
    }

    /// Milliseconds since the Unix epoch.
    pub fn millis(self) -> i64 {
        self.0.and_utc().timestamp_millis()
    }

    /// Whole seconds since the Unix epoch, as JWTs want them.
    pub fn seconds(self) -> i64 {
        self.0.and_utc().timestamp()
    }

    /// This instant moved by `by`.
    pub fn plus(self, by: Duration) -> Self {
        Self(self.0.checked_add_signed(by).unwrap_or(self.0))
    }

    /// The calendar day in Asia/Dhaka.
    pub fn day_in_dhaka(self) -> NaiveDate {
        // The last hours of the year 9999 are the next year there, which no date of ours can say.
        self.in_dhaka().date().min(NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or_default())
    }

    /// What the clocks show in Asia/Dhaka (UTC+6 the year round since 2010).
    pub fn in_dhaka(self) -> NaiveDateTime {
        FixedOffset::east_opt(6 * 3600).map_or(self.0, |dhaka| self.0.and_utc().with_timezone(&dhaka).naive_local())
    }

    /// The first instant after a calendar day in Asia/Dhaka.
    pub fn after_day_in_dhaka(day: NaiveDate) -> Self {
        let midnight = day.and_time(chrono::NaiveTime::MIN);
        Self(midnight).plus(Duration::hours(24 - 6))
    }

    /// The calendar year in Asia/Dhaka.
    pub fn year_in_dhaka(self) -> i32 {
        self.day_in_dhaka().year()
    }

    /// Parses RFC 3339 with any offset. Nothing whose year could not be written with four digits in UTC.
    pub fn parse(text: &str) -> Option<Self> {
        let at = DateTime::parse_from_rfc3339(text).ok().map(|at| Self::from_millis(at.timestamp_millis()))?;
        (at.0.year() >= 1 && at.0.year() <= 9999).then_some(at)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // By hand: reading a format takes longer than writing an instant, and each record has a dozen.
        let (date, time) = (self.0.date(), self.0.time());
        let (hour, minute, second) = (time.hour(), time.minute(), time.second());
        write!(f, "{date:?}T{hour:02}:{minute:02}:{second:02}.{:03}Z", time.nanosecond() / 1_000_000)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// RFC 3339 with any offset; a field that is read so says its own bounds, since an offset makes it longer.
impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("not a date-time"))
    }
}

impl PartialSchema for Timestamp {
    fn schema() -> openapi::RefOr<openapi::schema::Schema> {
        openapi::ObjectBuilder::new()
            .schema_type(openapi::schema::Type::String)
            .format(Some(openapi::SchemaFormat::KnownFormat(openapi::KnownFormat::DateTime)))
            .max_length(Some(24))
            .build()
            .into()
    }
}
impl ToSchema for Timestamp {}

impl<DB: Backend> FromSql<sql_types::Timestamp, DB> for Timestamp
where
    NaiveDateTime: FromSql<sql_types::Timestamp, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        NaiveDateTime::from_sql(bytes).map(Self)
    }
}

impl<DB: Backend> ToSql<sql_types::Timestamp, DB> for Timestamp
where
    NaiveDateTime: ToSql<sql_types::Timestamp, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.0.to_sql(out)
    }
}

/// Tells the time and mints identifiers. Clones share one state.
#[derive(Clone)]
pub struct Clock {
    /// `None`: the machine's clock; else fixed milliseconds that only [`Clock::advance`] moves.
    fixed: Option<Arc<AtomicI64>>,
    /// From here [`Clock::monotonic`] counts on the machine's clock.
    started: std::time::Instant,
    /// Keeps identifiers of one millisecond in the order of their making.
    sequence: Arc<Mutex<ContextV7>>,
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self { fixed: None, started: std::time::Instant::now(), sequence: Arc::new(Mutex::new(ContextV7::new())) }
    }

    /// A clock that stands still at `start` (RFC 3339) until it is advanced.
    pub fn fixed(start: Timestamp) -> Self {
        Self { fixed: Some(Arc::new(AtomicI64::new(start.millis()))), ..Self::system() }
    }

    /// Moves a fixed clock forward; the machine's clock ignores it.
    pub fn advance(&self, by: Duration) {
        if let Some(fixed) = &self.fixed {
            fixed.fetch_add(by.num_milliseconds(), Ordering::SeqCst);
        }
    }

    /// Turns a fixed clock; the machine's clock ignores it.
    pub fn set(&self, to: Timestamp) {
        if let Some(fixed) = &self.fixed {
            fixed.store(to.millis(), Ordering::SeqCst);
            // The old sequence would go on from the latest time it has seen.
            *self.sequence.lock().unwrap_or_else(PoisonError::into_inner) = ContextV7::new();
        }
    }

    /// The present, cut to milliseconds.
    #[expect(clippy::disallowed_methods, reason = "this is the one home of the machine's clock")]
    pub fn now(&self) -> Timestamp {
        Timestamp::from_millis(match &self.fixed {
            Some(fixed) => fixed.load(Ordering::SeqCst),
            None => Utc::now().timestamp_millis(),
        })
    }

    /// Time since some moment in the past that never goes back, unlike [`Clock::now`] when the machine's clock is set.
    pub fn monotonic(&self) -> std::time::Duration {
        match &self.fixed {
            Some(fixed) => std::time::Duration::from_millis(fixed.load(Ordering::SeqCst).unsigned_abs()),
            None => self.started.elapsed(),
        }
    }

    /// A UUIDv7 of `at`: in text form its order is the order of creation, which the lists rely on.
    pub fn new_uuid(&self, at: Timestamp) -> Uuid {
        let seconds = u64::try_from(at.millis().div_euclid(1000)).unwrap_or(0);
        let nanos = u32::try_from(at.millis().rem_euclid(1000) * 1_000_000).unwrap_or(0);
        let sequence = self.sequence.lock().unwrap_or_else(PoisonError::into_inner);
        Uuid::new_v7(uuid::Timestamp::from_unix(&*sequence, seconds, nanos))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_written_with_three_decimals_and_z() {
        for millis in [0, 1, 59_999, 951_782_400_000, 1_795_824_296_120, -62_135_596_800_000, -1] {
            let at = Timestamp::from_millis(millis);
            assert_eq!(at.to_string(), at.0.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string());
        }
        assert_eq!(Timestamp::from_millis(951_782_400_007).to_string(), "2000-02-29T00:00:00.007Z");
    }

    #[test]
    fn an_instant_whose_year_needs_a_fifth_digit_somewhere_is_none() {
        for text in ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+06:00", "0000-01-01T00:00:00Z"] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
        for text in ["9999-12-31T23:59:59.999Z", "0001-01-01T00:00:00.000Z"] {
            assert_eq!(Timestamp::parse(text).map(|at| at.to_string()).as_deref(), Some(text));
        }
    }
}
