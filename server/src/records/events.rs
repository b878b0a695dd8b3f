//! What happened, in the order in which it was committed.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection, SqlitePool};
use utoipa::ToSchema;

use crate::error::Refusal;
use crate::http::auth::Principal;
use crate::http::wire::When;

/// What happened to something.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct Event {
    /// Its place in the order of all events.
    pub(crate) seq: i64,
    /// When.
    pub(crate) at: When,
    /// What, such as `unit.printed`.
    pub(crate) kind: String,
    /// Id of what it happened to.
    pub(crate) subject: String,
    /// The order that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) order: Option<String>,
    /// Id of the key that did it.
    pub(crate) actor: String,
    /// Anything else.
    #[schema(value_type = Object)]
    pub(crate) body: Value,
}

/// An event that is to be entered.
#[derive(Clone, Debug, Default)]
pub(crate) struct New<'a> {
    pub(crate) kind: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) actor: &'a str,
    /// Organisation that may see it, beside operators.
    pub(crate) organisation: Option<&'a str>,
    /// Centre that may see it, beside operators.
    pub(crate) centre: Option<&'a str>,
    pub(crate) order: Option<&'a str>,
    pub(crate) unit: Option<&'a str>,
    pub(crate) body: Value,
}

/// Enters an event.
pub(crate) async fn enter(db: &mut SqliteConnection, new: New<'_>) -> Result<(), Refusal> {
    sqlx::query(
        "INSERT INTO events (at, kind, organisation, centre, order_id, unit, subject, actor, body) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(When::now().seconds())
    .bind(new.kind)
    .bind(new.organisation)
    .bind(new.centre)
    .bind(new.order)
    .bind(new.unit)
    .bind(new.subject)
    .bind(new.actor)
    .bind(new.body.to_string())
    .execute(db)
    .await?;
    Ok(())
}

/// Which events are wanted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter<'a> {
    pub(crate) after: i64,
    pub(crate) order: Option<&'a str>,
    pub(crate) unit: Option<&'a str>,
    pub(crate) most: i64,
}

/// Events that `who` may see, the oldest first.
pub(crate) async fn list(
    pool: &SqlitePool,
    who: &Principal,
    filter: &Filter<'_>,
) -> Result<Vec<Event>, Refusal> {
    let rows = if let Some(unit) = filter.unit {
        sqlx::query(
            "SELECT seq, at, kind, subject, order_id, actor, body FROM events \
             WHERE seq > ? AND unit = ? AND (? IS NULL OR organisation = ? OR centre = ?) \
             ORDER BY seq LIMIT ?",
        )
        .bind(filter.after)
        .bind(unit)
    } else if let Some(order) = filter.order {
        sqlx::query(
            "SELECT seq, at, kind, subject, order_id, actor, body FROM events \
             WHERE seq > ? AND order_id = ? AND (? IS NULL OR organisation = ? OR centre = ?) \
             ORDER BY seq LIMIT ?",
        )
        .bind(filter.after)
        .bind(order)
    } else {
        sqlx::query(
            "SELECT seq, at, kind, subject, order_id, actor, body FROM events \
             WHERE seq > ? AND (? IS NULL OR organisation = ? OR centre = ?) \
             ORDER BY seq LIMIT ?",
        )
        .bind(filter.after)
    };
    let tenant = who.tenant();
    let rows = rows
        .bind(tenant)
        .bind(tenant)
        .bind(who.centre.as_deref())
        .bind(filter.most)
        .fetch_all(pool)
        .await?;
    rows.iter().map(event).collect()
}

/// The place of the last event.
pub(crate) async fn last(pool: &SqlitePool) -> Result<i64, Refusal> {
    let row = sqlx::query("SELECT coalesce(max(seq), 0) FROM events").fetch_one(pool).await?;
    Ok(row.get(0))
}

fn event(row: &SqliteRow) -> Result<Event, Refusal> {
    Ok(Event {
        seq: row.get(0),
        at: When::at(row.get(1)),
        kind: row.get(2),
        subject: row.get(3),
        order: row.get(4),
        actor: row.get(5),
        body: serde_json::from_str(row.get(6))?,
    })
}

/// All events of an order and its units, the oldest first.
pub(crate) async fn of_order(pool: &SqlitePool, order: &str) -> Result<Vec<Event>, Refusal> {
    let rows = sqlx::query(
        "SELECT seq, at, kind, subject, order_id, actor, body FROM events WHERE order_id = ? \
         ORDER BY seq",
    )
    .bind(order)
    .fetch_all(pool)
    .await?;
    rows.iter().map(event).collect()
}
