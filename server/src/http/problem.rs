//! Refusals as problems (RFC 9457).

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use platewright_model::error::InputFault;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::Refusal;

/// Media type of problems.
pub(crate) const PROBLEM: &str = "application/problem+json";

/// Why a request was refused (RFC 9457).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct Problem {
    /// Where the kind of problem is described.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// The kind of problem in short.
    pub(crate) title: String,
    /// HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    pub(crate) status: u16,
    /// What is wrong here, and how to mend it.
    pub(crate) detail: String,
    /// Code such as `E9313`, listed in `docs/errors.md`.
    pub(crate) code: String,
    /// Each fault of the input with its place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) faults: Vec<FaultBody>,
}

/// A fault of the input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct FaultBody {
    /// Code such as `E1004`.
    pub(crate) code: String,
    /// Place in the input.
    pub(crate) place: String,
    /// What is wrong.
    pub(crate) message: String,
}

impl From<&InputFault> for FaultBody {
    fn from(fault: &InputFault) -> Self {
        Self {
            code: fault.code.clone(),
            place: fault.place.clone(),
            message: fault.message.clone(),
        }
    }
}

impl Refusal {
    /// Status and title.
    fn kind(&self) -> (StatusCode, &'static str) {
        match self {
            Self::Malformed { .. } => (StatusCode::BAD_REQUEST, "request cannot be read"),
            Self::Unauthenticated => (StatusCode::UNAUTHORIZED, "no known key"),
            Self::Forbidden { .. } => (StatusCode::FORBIDDEN, "not allowed"),
            Self::NotFound { .. } => (StatusCode::NOT_FOUND, "not found"),
            Self::Conflict { .. } => (StatusCode::CONFLICT, "not in this state"),
            Self::Stale { .. } => (StatusCode::PRECONDITION_FAILED, "changed since"),
            Self::Unconditional => (StatusCode::PRECONDITION_REQUIRED, "If-Match missing"),
            Self::NoKey => (StatusCode::BAD_REQUEST, "Idempotency-Key missing"),
            Self::KeyReused => (StatusCode::UNPROCESSABLE_ENTITY, "Idempotency-Key used before"),
            Self::TooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, "too large"),
            Self::MediaType { .. } => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "media type"),
            Self::Invalid { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "faults in the input"),
            Self::Method { .. } => (StatusCode::METHOD_NOT_ALLOWED, "no such method"),
            Self::Expired { .. } => (StatusCode::CONFLICT, "expired"),
            Self::Busy { .. } => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
            Self::Storage { .. } => (StatusCode::SERVICE_UNAVAILABLE, "storage failed"),
            Self::Bug { .. } => (StatusCode::INTERNAL_SERVER_ERROR, "failed inside"),
            Self::Digest => (StatusCode::BAD_REQUEST, "other digest"),
            Self::Offset { .. } => (StatusCode::CONFLICT, "other offset"),
        }
    }

    /// The problem that is sent.
    pub(crate) fn problem(&self) -> Problem {
        let (status, title) = self.kind();
        let text = self.to_string();
        let (code, detail) = text.split_once(": ").unwrap_or(("E9326", &text));
        let faults = match self {
            Self::Invalid { faults } => faults.iter().map(FaultBody::from).collect(),
            _ => Vec::new(),
        };
        Problem {
            kind: format!("/docs#{code}"),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: detail.to_owned(),
            code: code.to_owned(),
            faults,
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let problem = self.problem();
        let body = serde_json::to_string(&problem).unwrap_or_default();
        let status = self.kind().0;
        let mut response = (status, [(header::CONTENT_TYPE, PROBLEM)], body).into_response();
        let headers = response.headers_mut();
        match &self {
            Self::Unauthenticated => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            Self::Busy { retry_s } => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(*retry_s));
            }
            Self::Storage { .. } => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(5));
            }
            _ => {}
        }
        response
    }
}
