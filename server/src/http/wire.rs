//! Values as they are written in requests and answers.

use std::time::{SystemTime, UNIX_EPOCH};

use platewright_model::time::Time;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::Refusal;

/// A point in time, RFC 3339 in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[schema(value_type = String, format = DateTime, example = "2026-11-20T20:00:00Z")]
#[serde(transparent)]
pub(crate) struct When(pub(crate) Time);

impl When {
    /// Now.
    pub(crate) fn now() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        Self(Time(since.map_or(0, |since| since.as_secs() as i64)))
    }

    /// Seconds since 1970, as records have it.
    pub(crate) fn seconds(self) -> i64 {
        self.0.0
    }

    /// Out of the records.
    pub(crate) fn at(seconds: i64) -> Self {
        Self(Time(seconds))
    }
}

/// A new id: a UUID of version 7, so that ids sort by their time.
pub(crate) fn new_id() -> String {
    Uuid::now_v7().to_string()
}

/// An id out of a path.
///
/// # Errors
/// It is no UUID, so there is nothing of that id.
pub(crate) fn id(what: &'static str, text: &str) -> Result<String, Refusal> {
    let uuid = Uuid::parse_str(text);
    uuid.map(|uuid| uuid.to_string()).map_err(|_| Refusal::NotFound { what, id: text.to_owned() })
}
