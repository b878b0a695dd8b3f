//! What is read from a request; whatever cannot be read is a problem with its place.

use axum::extract::rejection::{BytesRejection, FailedToBufferBody};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header;
use axum::http::request::Parts;
use bytes::Bytes;
use serde::de::DeserializeOwned;

use crate::error::Refusal;

/// Most bytes of a JSON body.
pub(crate) const JSON_BYTES: usize = 1 << 20;

/// A JSON body, together with its bytes.
pub(crate) struct Body<T> {
    pub(crate) value: T,
    pub(crate) bytes: Bytes,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let json = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|text| {
                let name = text.split(';').next().unwrap_or_default().trim();
                name.eq_ignore_ascii_case("application/json")
            });
        if !json {
            return Err(Refusal::MediaType { expected: "application/json" });
        }
        let bytes = Bytes::from_request(request, state).await.map_err(unread)?;
        // Every body is an object; serde would take the list of an object's values for one, too.
        if !bytes.trim_ascii_start().starts_with(b"{") {
            let reason = "must be a JSON object".to_owned();
            return Err(Refusal::Malformed { place: "body".to_owned(), reason });
        }
        let mut reader = serde_json::Deserializer::from_slice(&bytes);
        let value = T::deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
        let value = value.map_err(|error| Refusal::Malformed {
            place: "body".to_owned(),
            reason: error.to_string(),
        })?;
        Ok(Self { value, bytes })
    }
}

/// A body that could not be received.
pub(crate) fn unread(rejection: BytesRejection) -> Refusal {
    match rejection {
        BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => {
            Refusal::TooLarge {
                limit: JSON_BYTES as u64,
                remedy: "split it, or use the bulk import".to_owned(),
            }
        }
        other => Refusal::Malformed { place: "body".to_owned(), reason: other.to_string() },
    }
}

/// Parameters of the path.
pub(crate) struct Path<T>(pub(crate) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let path = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        path.map(|axum::extract::Path(value)| Self(value)).map_err(|rejection| Refusal::Malformed {
            place: "path".to_owned(),
            reason: rejection.body_text(),
        })
    }
}

/// Parameters of the query.
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let query = axum::extract::Query::<T>::from_request_parts(parts, state).await;
        query.map(|axum::extract::Query(value)| Self(value)).map_err(|rejection| {
            Refusal::Malformed { place: "query".to_owned(), reason: rejection.body_text() }
        })
    }
}
