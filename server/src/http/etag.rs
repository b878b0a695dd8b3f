//! Versions as ETags (RFC 9110): a change of something that others change, too, names the version
//! it was made for.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use crate::error::Refusal;

/// The ETag of a version.
pub(crate) fn etag(version: i64) -> String {
    format!("\"{version}\"")
}

/// `If-Match` of a request.
pub(crate) struct IfMatch(String);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        Self::of(&parts.headers)
    }
}

impl IfMatch {
    /// Out of the headers of a request.
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn of(headers: &HeaderMap) -> Result<Self, Refusal> {
        let value = headers.get(header::IF_MATCH).ok_or(Refusal::Unconditional)?;
        let text = value.to_str().map_err(|_| Refusal::Malformed {
            place: "If-Match".to_owned(),
            reason: "must be an ETag in visible characters".to_owned(),
        })?;
        Ok(Self(text.to_owned()))
    }

    /// Accepts the present version, and no other.
    ///
    /// # Errors
    /// The version was another one.
    pub(crate) fn check(&self, version: i64) -> Result<(), Refusal> {
        let etag = etag(version);
        let mut tags = self.0.split(',').map(str::trim);
        if tags.any(|tag| tag == "*" || tag == etag) {
            Ok(())
        } else {
            Err(Refusal::Stale { etag })
        }
    }
}
