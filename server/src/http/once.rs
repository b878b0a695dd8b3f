//! Requests that are done once, however often they are sent (Idempotency-Key).

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::IntoParams;

use crate::error::Refusal;
use crate::http::auth::Who;
use crate::service::Service;

/// An answer that is kept, and given again to the same request.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) location: Option<String>,
    pub(crate) etag: Option<String>,
    pub(crate) body: String,
}

impl Answer {
    /// An answer with a JSON body.
    pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Result<Self, Refusal> {
        Ok(Self { status, location: None, etag: None, body: serde_json::to_string(body)? })
    }

    /// With the address of what was made.
    pub(crate) fn at(mut self, location: impl Into<String>) -> Self {
        self.location = Some(location.into());
        self
    }

    /// With the ETag of a version.
    pub(crate) fn version(mut self, version: i64) -> Self {
        self.etag = Some(super::etag::etag(version));
        self
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let kind = [(header::CONTENT_TYPE, "application/json")];
        let mut response = (self.status, kind, self.body).into_response();
        let named = [(header::LOCATION, self.location), (header::ETAG, self.etag)];
        for (name, value) in named {
            if let Some(value) = value.and_then(|text| HeaderValue::try_from(text).ok()) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}

/// The header of such requests, for the document.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "read by the macro alone")]
pub(crate) struct OnceHeader {
    /// Another one for each request; the same request with the same key is done once.
    #[serde(rename = "Idempotency-Key")]
    #[param(min_length = 1, max_length = 255, pattern = "^[!-~]+$")]
    key: String,
}

/// The key of a request, with who sent it and where.
#[derive(Clone, Debug)]
pub(crate) struct Once {
    pub(crate) principal: String,
    pub(crate) key: String,
    route: String,
}

impl FromRequestParts<Service> for Once {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Refusal> {
        let Who(principal) = Who::from_request_parts(parts, service).await?;
        let value = parts.headers.get("idempotency-key").ok_or(Refusal::NoKey)?;
        let key = value.to_str().map_err(|_| Refusal::NoKey)?.to_owned();
        if key.is_empty() || key.len() > 255 {
            return Err(Refusal::NoKey);
        }
        let route = format!("{} {}", parts.method, parts.uri);
        Ok(Self { principal: principal.key.clone(), key, route })
    }
}

impl Once {
    /// What tells requests with the same key apart.
    pub(crate) fn digest(&self, body: &[u8]) -> [u8; 32] {
        let mut digest = self.begin();
        digest.update(body);
        digest.finalize().into()
    }

    /// A digest of which the body is still to come.
    pub(crate) fn begin(&self) -> Sha256 {
        let mut digest = Sha256::new();
        digest.update(self.route.as_bytes());
        digest.update([0]);
        digest
    }
}
