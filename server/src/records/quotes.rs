//! Quotes.

use serde_json::Value;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection, SqlitePool};

use crate::error::Refusal;
use crate::http::wire::When;

/// A quote.
#[derive(Clone, Debug)]
pub(crate) struct Quote {
    pub(crate) id: String,
    pub(crate) organisation: String,
    pub(crate) state: String,
    /// What was asked for, price and promise.
    pub(crate) body: Value,
    pub(crate) valid_until: When,
    pub(crate) order: Option<String>,
    pub(crate) created_at: When,
}

/// Adds a quote.
pub(crate) async fn add(db: &mut SqliteConnection, quote: &Quote) -> Result<(), Refusal> {
    sqlx::query(
        "INSERT INTO quotes (id, organisation, state, body, valid_until, created_at) \
         VALUES (?, ?, ?, ?, ?, ?)",
    )
    .bind(&quote.id)
    .bind(&quote.organisation)
    .bind(&quote.state)
    .bind(quote.body.to_string())
    .bind(quote.valid_until.seconds())
    .bind(quote.created_at.seconds())
    .execute(db)
    .await?;
    Ok(())
}

/// Notes that a quote became an order.
pub(crate) async fn confirm(
    db: &mut SqliteConnection,
    id: &str,
    order: &str,
) -> Result<(), Refusal> {
    sqlx::query("UPDATE quotes SET state = 'confirmed', order_id = ? WHERE id = ?")
        .bind(order)
        .bind(id)
        .execute(db)
        .await?;
    Ok(())
}

/// A quote that `tenant` may see.
pub(crate) async fn one(
    db: &mut SqliteConnection,
    id: &str,
    tenant: Option<&str>,
) -> Result<Option<Quote>, Refusal> {
    let sql = "SELECT * FROM quotes WHERE id = ? AND (? IS NULL OR organisation = ?)";
    let row = sqlx::query(sql).bind(id).bind(tenant).bind(tenant).fetch_optional(db).await?;
    row.as_ref().map(quote).transpose()
}

/// Quotes of `tenant` after an id.
pub(crate) async fn page(
    pool: &SqlitePool,
    tenant: Option<&str>,
    after: &str,
    limit: i64,
) -> Result<Vec<Quote>, Refusal> {
    let rows = sqlx::query(
        "SELECT * FROM quotes WHERE id > ? AND (? IS NULL OR organisation = ?) ORDER BY id LIMIT ?",
    )
    .bind(after)
    .bind(tenant)
    .bind(tenant)
    .bind(limit)
    .fetch_all(pool)
    .await?;
    rows.iter().map(quote).collect()
}

fn quote(row: &SqliteRow) -> Result<Quote, Refusal> {
    Ok(Quote {
        id: row.get("id"),
        organisation: row.get("organisation"),
        state: row.get("state"),
        body: serde_json::from_str(row.get("body"))?,
        valid_until: When::at(row.get("valid_until")),
        order: row.get("order_id"),
        created_at: When::at(row.get("created_at")),
    })
}
