//! Lists in pages, with cursors that clients do not look into.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::error::Refusal;

/// Entries of a page unless it is asked for more or fewer.
const USUAL: u32 = 100;
/// Entries of a page at most.
pub(crate) const MOST: u32 = 1000;

/// Which page is wanted.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct PageQuery {
    /// `next` of the page before.
    pub(crate) cursor: Option<String>,
    /// Entries at most.
    #[param(minimum = 1, maximum = 1000)]
    pub(crate) limit: Option<u32>,
}

impl PageQuery {
    /// Entries that are wanted, and the key after which they begin (`""` for the first).
    ///
    /// # Errors
    /// A limit that is not from 1 to 1,000, or a cursor that is none.
    pub(crate) fn read(&self) -> Result<(i64, String), Refusal> {
        let limit = self.limit.unwrap_or(USUAL);
        if !(1..=MOST).contains(&limit) {
            return Err(Refusal::Malformed {
                place: "limit".to_owned(),
                reason: format!("must be from 1 to {MOST}, is {limit}"),
            });
        }
        let after = self.cursor.as_deref().map_or(Some(String::new()), |cursor| {
            String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()
        });
        let after = after.ok_or_else(|| Refusal::Malformed {
            place: "cursor".to_owned(),
            reason: "must be `next` of a page".to_owned(),
        })?;
        Ok((i64::from(limit), after))
    }
}

/// A page of a list.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct Page<T> {
    /// The entries.
    pub(crate) items: Vec<T>,
    /// Where the next page begins; left out on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<String>,
}

impl<T> Page<T> {
    /// A page of at most `limit` entries, out of one more than that if there are more.
    pub(crate) fn of(mut items: Vec<T>, limit: i64, key: impl Fn(&T) -> String) -> Self {
        let more = items.len() > limit as usize;
        items.truncate(limit as usize);
        let last = items.last().filter(|_| more);
        let next = last.map(|item| URL_SAFE_NO_PAD.encode(key(item)));
        Self { items, next }
    }
}
