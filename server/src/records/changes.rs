//! What happens to units, many at once: the only place where their states change.

use serde_json::{Value, json};
use sqlx::SqliteConnection;

use crate::error::Refusal;
use crate::http::wire::When;
use crate::ledger::Change;
use crate::records::orders::Unit;

/// What happens, and why.
#[derive(Clone, Debug)]
pub(crate) struct Cause<'a> {
    pub(crate) change: Change,
    /// Who does it: the id of a key.
    pub(crate) actor: &'a str,
    /// The build that it happens in.
    pub(crate) build: Option<&'a str>,
    /// The centre that it happens at.
    pub(crate) centre: Option<&'a str>,
    /// Anything else for the event.
    pub(crate) body: Value,
}

/// Changes units, all of them or none.
///
/// # Errors
/// The first unit whose state does not allow it.
pub(crate) async fn change(
    db: &mut SqliteConnection,
    units: &[Unit],
    cause: &Cause<'_>,
) -> Result<(), Refusal> {
    let mut rows = Vec::with_capacity(units.len());
    for unit in units {
        let after = unit.state.after(cause.change).ok_or_else(|| Refusal::Conflict {
            what: "unit",
            id: unit.id.clone(),
            state: unit.state.to_string(),
            remedy: format!("it cannot be changed by {:?} now", cause.change).to_lowercase(),
        })?;
        rows.push(json!([unit.id, after.name(), unit.order, after.is_in_build()]));
    }
    let rows = Value::from(rows).to_string();
    sqlx::query(
        "UPDATE units SET state = changed.value ->> 1, version = version + 1 \
         FROM json_each(?) AS changed WHERE units.id = changed.value ->> 0",
    )
    .bind(&rows)
    .execute(&mut *db)
    .await?;
    if cause.change == Change::Allot {
        sqlx::query(
            "UPDATE build_units SET live = 1 WHERE build = ? AND \
             unit IN (SELECT value ->> 0 FROM json_each(?))",
        )
        .bind(cause.build)
        .bind(&rows)
        .execute(&mut *db)
        .await?;
    } else {
        sqlx::query(
            "UPDATE build_units SET live = 0 WHERE live = 1 AND unit IN \
             (SELECT value ->> 0 FROM json_each(?) WHERE NOT value ->> 3)",
        )
        .bind(&rows)
        .execute(&mut *db)
        .await?;
    }
    let mut body = cause.body.clone();
    if let (Some(build), Value::Object(fields)) = (cause.build, &mut body) {
        fields.insert("build".to_owned(), json!(build));
    }
    sqlx::query(
        "INSERT INTO events (at, kind, organisation, centre, order_id, unit, subject, actor, body) \
         SELECT ?, ?, orders.organisation, ?, orders.id, changed.value ->> 0, \
         changed.value ->> 0, ?, ? FROM json_each(?) AS changed \
         JOIN orders ON orders.id = changed.value ->> 2",
    )
    .bind(When::now().seconds())
    .bind(cause.change.event())
    .bind(cause.centre)
    .bind(cause.actor)
    .bind(body.to_string())
    .bind(&rows)
    .execute(db)
    .await?;
    Ok(())
}
