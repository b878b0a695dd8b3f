//! Waiting for a job within a request (`Prefer: wait`, RFC 7240).

use std::convert::Infallible;
use std::time::{Duration, Instant};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::error::Refusal;
use crate::records::jobs;
use crate::service::Service;

/// Longest wait, seconds.
const MOST_S: u64 = 60;

/// How long a request is willing to wait for what it asks.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Prefer(Duration);

impl<S: Send + Sync> FromRequestParts<S> for Prefer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let values = parts.headers.get_all("prefer").into_iter().filter_map(|v| v.to_str().ok());
        let mut wishes = values.flat_map(|value| value.split(','));
        let wait = wishes.find_map(|wish| wish.trim().strip_prefix("wait=")?.parse().ok());
        // A preference that is not understood is none (RFC 7240, 2).
        Ok(Self(Duration::from_secs(wait.unwrap_or(0).min(MOST_S))))
    }
}

/// Waits until a job has ended, or as long as the request is willing to.
pub(crate) async fn wait_for(service: &Service, job: &str, wish: Prefer) -> Result<(), Refusal> {
    let until = Instant::now() + wish.0;
    let mut commits = service.records.writer.commits();
    while Instant::now() < until {
        let found = jobs::one(&service.records.pool, job, None).await?;
        if found.is_none_or(|job| job.ended_at.is_some()) {
            break;
        }
        let left = until.saturating_duration_since(Instant::now());
        let _ = tokio::time::timeout(left.min(Duration::from_secs(1)), commits.changed()).await;
    }
    Ok(())
}
