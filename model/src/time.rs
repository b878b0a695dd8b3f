//! Points in time: whole seconds UTC, written in files as RFC 3339.

use std::fmt;
use std::ops::{Add, Sub};

use ::time::OffsetDateTime;
use ::time::format_description::well_known::Rfc3339;
use serde::{Deserialize, Serialize};

use crate::measure::Seconds;

/// A point in time, in seconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Time(pub i64);

/// Seconds of a day.
pub const DAY_S: i64 = 86_400;

impl Time {
    /// Reads an RFC 3339 time; fractions of a second are dropped.
    ///
    /// # Errors
    /// Says what is wrong with `text`.
    pub fn parse(text: &str) -> Result<Self, String> {
        OffsetDateTime::parse(text, &Rfc3339)
            .map(|t| Self(t.unix_timestamp()))
            .map_err(|_| format!("must be a time like 2026-11-20T20:00:00Z, is {text:?}"))
    }

    /// Day of the week, 0 = Monday, and seconds since its midnight (UTC).
    pub fn weekday_and_second(self) -> (usize, i64) {
        // 1970-01-01 was a Thursday.
        let day = self.0.div_euclid(DAY_S);
        ((day + 3).rem_euclid(7) as usize, self.0.rem_euclid(DAY_S))
    }

    /// Midnight (UTC) of this time's day.
    pub fn midnight(self) -> Self {
        Self(self.0.div_euclid(DAY_S) * DAY_S)
    }
}

impl Add<Seconds> for Time {
    type Output = Self;
    fn add(self, duration: Seconds) -> Self {
        Self(self.0 + duration.0)
    }
}

impl Sub for Time {
    type Output = Seconds;
    fn sub(self, earlier: Self) -> Seconds {
        Seconds(self.0 - earlier.0)
    }
}

impl TryFrom<String> for Time {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}

impl From<Time> for String {
    fn from(time: Time) -> Self {
        time.to_string()
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match OffsetDateTime::from_unix_timestamp(self.0) {
            Ok(t) => {
                let (date, clock) = (t.date(), t.time());
                let text = format!(
                    "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
                    date.year(),
                    u8::from(date.month()),
                    date.day(),
                    clock.hour(),
                    clock.minute(),
                    clock.second()
                );
                f.pad(&text)
            }
            Err(_) => write!(f, "{} s", self.0),
        }
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
