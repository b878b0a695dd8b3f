//! Long work that is to be done, in the same database as what it is about: it is enqueued in the
//! transaction that asks for it.

use serde_json::Value;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection, SqlitePool};

use crate::error::Refusal;
use crate::http::wire::When;

/// Attempts at a job before it is given up.
const ATTEMPTS: i64 = 3;

/// A job.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub(crate) id: String,
    pub(crate) kind: String,
    /// Id of what it is about.
    pub(crate) subject: String,
    pub(crate) organisation: String,
    pub(crate) state: String,
    pub(crate) attempts: i64,
    pub(crate) payload: Value,
    pub(crate) progress: Value,
    pub(crate) result: Option<Value>,
    pub(crate) cancelled: bool,
    pub(crate) created_at: When,
    pub(crate) ended_at: Option<When>,
}

/// A job that is to be enqueued.
#[derive(Clone, Debug)]
pub(crate) struct New {
    pub(crate) id: String,
    pub(crate) kind: &'static str,
    pub(crate) subject: String,
    pub(crate) organisation: String,
    pub(crate) payload: Value,
}

/// Enqueues a job.
pub(crate) async fn enqueue(db: &mut SqliteConnection, new: New) -> Result<(), Refusal> {
    sqlx::query(
        "INSERT INTO jobs (id, kind, subject, organisation, state, payload, created_at) \
         VALUES (?, ?, ?, ?, 'queued', ?, ?)",
    )
    .bind(new.id)
    .bind(new.kind)
    .bind(new.subject)
    .bind(new.organisation)
    .bind(new.payload.to_string())
    .bind(When::now().seconds())
    .execute(db)
    .await?;
    Ok(())
}

/// Whether there is a job of one of some kinds to be done.
pub(crate) async fn is_waiting(pool: &SqlitePool, kinds: &[&str]) -> Result<bool, Refusal> {
    let sql = "SELECT EXISTS (SELECT 1 FROM jobs WHERE state = 'queued' AND \
               kind IN (SELECT value FROM json_each(?)))";
    let kinds = serde_json::json!(kinds).to_string();
    Ok(sqlx::query(sql).bind(kinds).fetch_one(pool).await?.get(0))
}

/// Takes the oldest job of one of some kinds, if there is one.
pub(crate) async fn claim(
    db: &mut SqliteConnection,
    kinds: &str,
    worker: &str,
) -> Result<Option<Job>, Refusal> {
    let row = sqlx::query(
        "UPDATE jobs SET state = 'running', attempts = attempts + 1, worker = ?, beat_at = ? \
         WHERE id = (SELECT id FROM jobs WHERE state = 'queued' AND \
         kind IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT 1) RETURNING *",
    )
    .bind(worker)
    .bind(When::now().seconds())
    .bind(kinds)
    .fetch_optional(db)
    .await?;
    row.as_ref().map(job).transpose()
}

/// Notes that a job is alive and how far it is; tells whether it is to be cancelled.
pub(crate) async fn heartbeat(
    db: &mut SqliteConnection,
    id: &str,
    progress: &Value,
) -> Result<bool, Refusal> {
    let row = sqlx::query(
        "UPDATE jobs SET beat_at = ?, progress = ? WHERE id = ? AND state = 'running' \
         RETURNING cancelled",
    )
    .bind(When::now().seconds())
    .bind(progress.to_string())
    .bind(id)
    .fetch_optional(db)
    .await?;
    // A job that another worker has taken over is none of this one's.
    Ok(row.is_none_or(|row| row.get(0)))
}

/// Ends a job with its result.
pub(crate) async fn finish(
    db: &mut SqliteConnection,
    id: &str,
    state: &str,
    result: &Value,
) -> Result<(), Refusal> {
    sqlx::query(
        "UPDATE jobs SET state = ?, result = ?, ended_at = ? \
         WHERE id = ? AND state IN ('queued', 'running')",
    )
    .bind(state)
    .bind(result.to_string())
    .bind(When::now().seconds())
    .bind(id)
    .execute(db)
    .await?;
    Ok(())
}

/// Gives a job that failed back to the queue, or up; true if it is given up.
pub(crate) async fn fail(
    db: &mut SqliteConnection,
    id: &str,
    problem: &Value,
) -> Result<bool, Refusal> {
    let row = sqlx::query(
        "UPDATE jobs SET state = iif(attempts < ?, 'queued', 'failed'), result = ?, \
         ended_at = iif(attempts < ?, NULL, ?) WHERE id = ? AND state = 'running' \
         RETURNING state = 'failed'",
    )
    .bind(ATTEMPTS)
    .bind(problem.to_string())
    .bind(ATTEMPTS)
    .bind(When::now().seconds())
    .bind(id)
    .fetch_optional(db)
    .await?;
    // A job that another worker has taken over is none of this one's.
    Ok(row.is_some_and(|row| row.get(0)))
}

/// Asks a job to stop; one that waits is cancelled at once.
pub(crate) async fn cancel(db: &mut SqliteConnection, id: &str) -> Result<(), Refusal> {
    sqlx::query(
        "UPDATE jobs SET cancelled = 1, state = iif(state = 'queued', 'cancelled', state), \
         ended_at = iif(state = 'queued', ?, ended_at) \
         WHERE id = ? AND state IN ('queued', 'running')",
    )
    .bind(When::now().seconds())
    .bind(id)
    .execute(db)
    .await?;
    Ok(())
}

/// Gives back what was running when the service ended.
pub(crate) async fn requeue(db: &mut SqliteConnection) -> Result<u64, Refusal> {
    let sql = "UPDATE jobs SET state = iif(attempts < ?, 'queued', 'failed') \
               WHERE state = 'running'";
    Ok(sqlx::query(sql).bind(ATTEMPTS).execute(db).await?.rows_affected())
}

/// A job that `tenant` may see.
pub(crate) async fn one(
    pool: &SqlitePool,
    id: &str,
    tenant: Option<&str>,
) -> Result<Option<Job>, Refusal> {
    let row = sqlx::query("SELECT * FROM jobs WHERE id = ? AND (? IS NULL OR organisation = ?)")
        .bind(id)
        .bind(tenant)
        .bind(tenant)
        .fetch_optional(pool)
        .await?;
    row.as_ref().map(job).transpose()
}

fn job(row: &SqliteRow) -> Result<Job, Refusal> {
    let result: Option<&str> = row.get("result");
    let ended: Option<i64> = row.get("ended_at");
    Ok(Job {
        id: row.get("id"),
        kind: row.get("kind"),
        subject: row.get("subject"),
        organisation: row.get("organisation"),
        state: row.get("state"),
        attempts: row.get("attempts"),
        payload: serde_json::from_str(row.get("payload"))?,
        progress: serde_json::from_str(row.get("progress"))?,
        result: result.map(serde_json::from_str).transpose()?,
        cancelled: row.get("cancelled"),
        created_at: When::at(row.get("created_at")),
        ended_at: ended.map(When::at),
    })
}
