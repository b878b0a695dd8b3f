//! Answers that are given again to the same request.

use axum::http::StatusCode;
use sqlx::{Row, SqliteConnection};

use crate::error::Refusal;
use crate::http::once::{Answer, Once};
use crate::http::wire::When;

/// Answers are kept at least so long, seconds.
const KEPT_S: i64 = 48 * 3600;

/// The answer to a request that was done before.
///
/// # Errors
/// The key was used for a request of another digest.
pub(crate) async fn find(
    db: &mut SqliteConnection,
    once: &Once,
    digest: &[u8; 32],
) -> Result<Option<Answer>, Refusal> {
    let row = sqlx::query(
        "SELECT request, status, location, etag, body FROM answers WHERE principal = ? AND key = ?",
    )
    .bind(&once.principal)
    .bind(&once.key)
    .fetch_optional(db)
    .await?;
    let Some(row) = row else { return Ok(None) };
    if row.get::<Vec<u8>, _>(0) != digest {
        return Err(Refusal::KeyReused);
    }
    let status = StatusCode::from_u16(row.get::<u16, _>(1)).map_err(Refusal::bug)?;
    Ok(Some(Answer { status, location: row.get(2), etag: row.get(3), body: row.get(4) }))
}

/// Keeps an answer.
pub(crate) async fn keep(
    db: &mut SqliteConnection,
    once: &Once,
    digest: &[u8; 32],
    answer: &Answer,
) -> Result<(), Refusal> {
    sqlx::query(
        "INSERT INTO answers (principal, key, request, status, location, etag, body, at) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&once.principal)
    .bind(&once.key)
    .bind(&digest[..])
    .bind(answer.status.as_u16())
    .bind(&answer.location)
    .bind(&answer.etag)
    .bind(&answer.body)
    .bind(When::now().seconds())
    .execute(db)
    .await?;
    Ok(())
}

/// Forgets answers that are older than they are kept.
pub(crate) async fn forget(db: &mut SqliteConnection) -> Result<(), Refusal> {
    let before = When::now().seconds() - KEPT_S;
    sqlx::query("DELETE FROM answers WHERE at < ?").bind(before).execute(db).await?;
    Ok(())
}
