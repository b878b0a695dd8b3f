//! Jobs: long work, followed and cancelled.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::Refusal;
use crate::http::auth::{Principal, Who};
use crate::http::extract::Path;
use crate::http::once::Answer;
use crate::http::wire::{When, id};
use crate::jobs::{JobStore, SqliteJobs};
use crate::records::jobs::{self, Job};
use crate::service::Service;
use crate::waiting::{Prefer, wait_for};

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(one, cancel))
}

/// A job as it is told.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
struct JobBody {
    #[schema(format = Uuid)]
    id: String,
    /// `check` or `plan`.
    kind: String,
    /// Id of what it is about.
    subject: String,
    /// `queued`, `running`, `done`, `failed` or `cancelled`.
    state: String,
    /// Times that it was begun.
    attempts: i64,
    /// Whether it was asked to stop.
    cancelled: bool,
    /// Stage, steps done and in all, and what was just done.
    #[schema(value_type = Object)]
    progress: Value,
    /// What it came to, or why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    result: Option<Value>,
    created_at: When,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ended_at: Option<When>,
}

impl JobBody {
    fn of(job: Job) -> Self {
        Self {
            id: job.id,
            kind: job.kind,
            subject: job.subject,
            state: job.state,
            attempts: job.attempts,
            cancelled: job.cancelled,
            progress: job.progress,
            result: job.result,
            created_at: job.created_at,
            ended_at: job.ended_at,
        }
    }
}

/// A job. `Prefer: wait=10` waits until it has ended.
#[utoipa::path(get, path = "/v1/jobs/{id}", tag = "jobs",
    params(("id" = String, Path, format = Uuid),
        ("Prefer" = Option<String>, Header, description = "`wait=` seconds")),
    responses((status = 200, description = "The job.", body = JobBody)))]
async fn one(
    State(service): State<Service>,
    Who(who): Who,
    Path(job): Path<String>,
    prefer: Prefer,
) -> Result<Answer, Refusal> {
    let found = find(&service, &who, &job).await?;
    wait_for(&service, &found.id, prefer).await?;
    Answer::json(StatusCode::OK, &JobBody::of(find(&service, &who, &job).await?))
}

/// Asks a job to stop; what it has found so far is kept.
#[utoipa::path(delete, path = "/v1/jobs/{id}", tag = "jobs",
    params(("id" = String, Path, format = Uuid)),
    responses((status = 202, description = "The job.", body = JobBody)))]
async fn cancel(
    State(service): State<Service>,
    Who(who): Who,
    Path(job): Path<String>,
) -> Result<Answer, Refusal> {
    let found = find(&service, &who, &job).await?;
    SqliteJobs(service.records.clone()).cancel(&found.id).await?;
    Answer::json(StatusCode::ACCEPTED, &JobBody::of(find(&service, &who, &job).await?))
}

async fn find(service: &Service, who: &Principal, job: &str) -> Result<Job, Refusal> {
    let key = id("job", job)?;
    let found = jobs::one(&service.records.pool, &key, who.tenant()).await?;
    found.ok_or(Refusal::NotFound { what: "job", id: key })
}
