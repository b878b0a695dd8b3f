//! Entries of the catalogue at all their versions.

use serde_json::Value;
use sqlx::{Row, SqliteConnection, SqlitePool};

use crate::error::Refusal;
use crate::http::wire::When;

/// An entry at the version that holds.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) kind: String,
    pub(crate) id: String,
    pub(crate) version: i64,
    pub(crate) body: Value,
}

/// All entries that hold.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    /// Counts changes.
    pub(crate) revision: i64,
    /// By kind and id.
    pub(crate) entries: Vec<Entry>,
}

/// All entries that hold.
pub(crate) async fn current(db: &mut SqliteConnection) -> Result<Stored, Refusal> {
    let rows = sqlx::query(
        "SELECT kind, id, version, body, retired FROM catalogue AS entry WHERE version = \
         (SELECT max(version) FROM catalogue WHERE kind = entry.kind AND id = entry.id) \
         ORDER BY kind, id",
    )
    .fetch_all(&mut *db)
    .await?;
    let count = sqlx::query("SELECT count(*) FROM catalogue").fetch_one(db).await?;
    let mut entries = Vec::new();
    for row in rows.iter().filter(|row| !row.get::<bool, _>(4)) {
        let (kind, id, version) = (row.get(0), row.get(1), row.get(2));
        entries.push(Entry { kind, id, version, body: serde_json::from_str(row.get(3))? });
    }
    Ok(Stored { revision: count.get(0), entries })
}

/// Version of an entry, also of one that is retired; 0 if there never was one.
pub(crate) async fn version(
    db: &mut SqliteConnection,
    kind: &str,
    id: &str,
) -> Result<i64, Refusal> {
    let sql = "SELECT coalesce(max(version), 0) FROM catalogue WHERE kind = ? AND id = ?";
    Ok(sqlx::query(sql).bind(kind).bind(id).fetch_one(db).await?.get(0))
}

/// Adds a version of an entry: a new body, or that it is retired.
pub(crate) async fn put(
    db: &mut SqliteConnection,
    kind: &str,
    id: &str,
    version: i64,
    body: Option<&Value>,
) -> Result<(), Refusal> {
    sqlx::query(
        "INSERT INTO catalogue (kind, id, version, body, retired, at) VALUES (?, ?, ?, ?, ?, ?)",
    )
    .bind(kind)
    .bind(id)
    .bind(version)
    .bind(body.map_or("{}".to_owned(), Value::to_string))
    .bind(body.is_none())
    .bind(When::now().seconds())
    .execute(db)
    .await?;
    Ok(())
}

/// Entries of a kind, after an id.
pub(crate) async fn page(
    pool: &SqlitePool,
    kind: &str,
    after: &str,
    limit: i64,
) -> Result<Vec<Entry>, Refusal> {
    let rows = sqlx::query(
        "SELECT kind, id, version, body FROM catalogue AS entry WHERE kind = ? AND id > ? AND \
         retired = 0 AND version = \
         (SELECT max(version) FROM catalogue WHERE kind = entry.kind AND id = entry.id) \
         ORDER BY id LIMIT ?",
    )
    .bind(kind)
    .bind(after)
    .bind(limit)
    .fetch_all(pool)
    .await?;
    let entry = |row: &sqlx::sqlite::SqliteRow| {
        let (kind, id, version) = (row.get(0), row.get(1), row.get(2));
        Ok(Entry { kind, id, version, body: serde_json::from_str(row.get(3))? })
    };
    rows.iter().map(entry).collect()
}

/// The entry of a kind and an id, if it holds.
pub(crate) async fn one(pool: &SqlitePool, kind: &str, id: &str) -> Result<Option<Entry>, Refusal> {
    let row = sqlx::query(
        "SELECT kind, id, version, body, retired FROM catalogue WHERE kind = ? AND id = ? \
         ORDER BY version DESC LIMIT 1",
    )
    .bind(kind)
    .bind(id)
    .fetch_optional(pool)
    .await?;
    let Some(row) = row.filter(|row| !row.get::<bool, _>(4)) else { return Ok(None) };
    let (kind, id, version) = (row.get(0), row.get(1), row.get(2));
    Ok(Some(Entry { kind, id, version, body: serde_json::from_str(row.get(3))? }))
}
