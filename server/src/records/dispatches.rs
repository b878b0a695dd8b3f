//! Builds on their way to centres, inspections and shipments.

use serde_json::{Value, json};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection, SqlitePool};

use crate::error::Refusal;
use crate::http::wire::When;

/// A build that is sent to a centre.
#[derive(Clone, Debug)]
pub(crate) struct Dispatch {
    pub(crate) id: String,
    pub(crate) build: String,
    pub(crate) centre: String,
    pub(crate) state: String,
    pub(crate) version: i64,
    /// Share that is printed, 0 to 1.
    pub(crate) progress: Option<f64>,
    pub(crate) note: Option<String>,
    pub(crate) sent_at: When,
    pub(crate) changed_at: When,
}

/// Sends a build to a centre; one that was sent before is sent anew.
pub(crate) async fn send(
    db: &mut SqliteConnection,
    id: &str,
    build: &str,
    centre: &str,
) -> Result<(), Refusal> {
    let now = When::now().seconds();
    sqlx::query(
        "INSERT INTO dispatches (id, build, centre, state, version, sent_at, changed_at) \
         VALUES (?, ?, ?, 'sent', 1, ?, ?) ON CONFLICT (build) DO UPDATE SET \
         centre = excluded.centre, state = 'sent', version = version + 1, progress = NULL, \
         sent_at = excluded.sent_at, changed_at = excluded.changed_at",
    )
    .bind(id)
    .bind(build)
    .bind(centre)
    .bind(now)
    .bind(now)
    .execute(db)
    .await?;
    Ok(())
}

/// Sets the state of a dispatch.
pub(crate) async fn set(
    db: &mut SqliteConnection,
    id: &str,
    state: &str,
    progress: Option<f64>,
    note: Option<&str>,
) -> Result<(), Refusal> {
    sqlx::query(
        "UPDATE dispatches SET state = ?, version = version + 1, \
         progress = coalesce(?, progress), note = coalesce(?, note), changed_at = ? WHERE id = ?",
    )
    .bind(state)
    .bind(progress)
    .bind(note)
    .bind(When::now().seconds())
    .bind(id)
    .execute(db)
    .await?;
    Ok(())
}

/// A dispatch that `centre` may see.
pub(crate) async fn one(
    db: &mut SqliteConnection,
    id: &str,
    centre: Option<&str>,
) -> Result<Option<Dispatch>, Refusal> {
    let sql = "SELECT * FROM dispatches WHERE id = ? AND (? IS NULL OR centre = ?)";
    let row = sqlx::query(sql).bind(id).bind(centre).bind(centre).fetch_optional(db).await?;
    Ok(row.as_ref().map(dispatch))
}

/// The dispatch of a build.
pub(crate) async fn of_build(
    db: &mut SqliteConnection,
    build: &str,
) -> Result<Option<Dispatch>, Refusal> {
    let sql = "SELECT * FROM dispatches WHERE build = ?";
    let row = sqlx::query(sql).bind(build).fetch_optional(db).await?;
    Ok(row.as_ref().map(dispatch))
}

/// Dispatches of a centre (all if `None`) in a state (any if `None`), after an id.
pub(crate) async fn page(
    pool: &SqlitePool,
    centre: Option<&str>,
    state: Option<&str>,
    after: &str,
    limit: i64,
) -> Result<Vec<Dispatch>, Refusal> {
    let rows = sqlx::query(
        "SELECT * FROM dispatches WHERE id > ? AND (? IS NULL OR centre = ?) \
         AND (? IS NULL OR state = ?) ORDER BY id LIMIT ?",
    )
    .bind(after)
    .bind(centre)
    .bind(centre)
    .bind(state)
    .bind(state)
    .bind(limit)
    .fetch_all(pool)
    .await?;
    Ok(rows.iter().map(dispatch).collect())
}

/// Adds an inspection of a unit.
pub(crate) async fn inspect(
    db: &mut SqliteConnection,
    id: &str,
    unit: &str,
    passed: bool,
    body: &Value,
) -> Result<(), Refusal> {
    sqlx::query("INSERT INTO inspections (id, unit, passed, body, at) VALUES (?, ?, ?, ?, ?)")
        .bind(id)
        .bind(unit)
        .bind(passed)
        .bind(body.to_string())
        .bind(When::now().seconds())
        .execute(db)
        .await?;
    Ok(())
}

/// Inspections of a unit, the oldest first: id, whether it passed, what was found, when.
pub(crate) async fn inspections(
    pool: &SqlitePool,
    unit: &str,
) -> Result<Vec<(String, bool, Value, When)>, Refusal> {
    let sql = "SELECT id, passed, body, at FROM inspections WHERE unit = ? ORDER BY id";
    let rows = sqlx::query(sql).bind(unit).fetch_all(pool).await?;
    let one = |row: &SqliteRow| {
        Ok((row.get(0), row.get(1), serde_json::from_str(row.get(2))?, When::at(row.get(3))))
    };
    rows.iter().map(one).collect()
}

/// A parcel with units.
#[derive(Clone, Debug)]
pub(crate) struct Shipment {
    pub(crate) id: String,
    pub(crate) centre: String,
    pub(crate) state: String,
    pub(crate) version: i64,
    pub(crate) carrier: String,
    pub(crate) tracking: String,
    pub(crate) at: When,
    pub(crate) units: Vec<String>,
}

/// Adds a shipment.
pub(crate) async fn ship(db: &mut SqliteConnection, shipment: &Shipment) -> Result<(), Refusal> {
    sqlx::query(
        "INSERT INTO shipments (id, centre, state, version, carrier, tracking, at) \
         VALUES (?, ?, ?, 1, ?, ?, ?)",
    )
    .bind(&shipment.id)
    .bind(&shipment.centre)
    .bind(&shipment.state)
    .bind(&shipment.carrier)
    .bind(&shipment.tracking)
    .bind(shipment.at.seconds())
    .execute(&mut *db)
    .await?;
    sqlx::query("INSERT INTO shipment_units (shipment, unit) SELECT ?, value FROM json_each(?)")
        .bind(&shipment.id)
        .bind(json!(shipment.units).to_string())
        .execute(db)
        .await?;
    Ok(())
}

/// A shipment that `centre` may see.
pub(crate) async fn shipment(
    db: &mut SqliteConnection,
    id: &str,
    centre: Option<&str>,
) -> Result<Option<Shipment>, Refusal> {
    let sql = "SELECT * FROM shipments WHERE id = ? AND (? IS NULL OR centre = ?)";
    let row = sqlx::query(sql).bind(id).bind(centre).bind(centre).fetch_optional(&mut *db).await?;
    let Some(row) = row else { return Ok(None) };
    let sql = "SELECT unit FROM shipment_units WHERE shipment = ? ORDER BY unit";
    let units = sqlx::query(sql).bind(id).fetch_all(db).await?;
    Ok(Some(Shipment {
        id: row.get("id"),
        centre: row.get("centre"),
        state: row.get("state"),
        version: row.get("version"),
        carrier: row.get("carrier"),
        tracking: row.get("tracking"),
        at: When::at(row.get("at")),
        units: units.iter().map(|row| row.get(0)).collect(),
    }))
}

/// Notes that a shipment has arrived.
pub(crate) async fn delivered(db: &mut SqliteConnection, id: &str) -> Result<(), Refusal> {
    sqlx::query("UPDATE shipments SET state = 'delivered', version = version + 1 WHERE id = ?")
        .bind(id)
        .execute(db)
        .await?;
    Ok(())
}

fn dispatch(row: &SqliteRow) -> Dispatch {
    Dispatch {
        id: row.get("id"),
        build: row.get("build"),
        centre: row.get("centre"),
        state: row.get("state"),
        version: row.get("version"),
        progress: row.get("progress"),
        note: row.get("note"),
        sent_at: When::at(row.get("sent_at")),
        changed_at: When::at(row.get("changed_at")),
    }
}
