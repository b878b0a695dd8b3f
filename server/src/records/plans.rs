//! Plans and their builds.

use serde_json::{Value, json};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection, SqlitePool};

use crate::error::Refusal;
use crate::http::wire::When;
use crate::records::orders::Unit;

/// A plan.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) id: String,
    pub(crate) job: String,
    pub(crate) state: String,
    pub(crate) version: i64,
    /// The plan in force when this one was made.
    pub(crate) follows: Option<String>,
    pub(crate) request: Value,
    pub(crate) figures: Option<Value>,
    pub(crate) created_at: When,
    pub(crate) published_at: Option<When>,
}

/// A build.
#[derive(Clone, Debug)]
pub(crate) struct Build {
    pub(crate) id: String,
    /// The plan that proposed it first.
    pub(crate) plan: String,
    /// Its name in plans.
    pub(crate) name: String,
    pub(crate) centre: String,
    pub(crate) machine: String,
    pub(crate) start_at: When,
    pub(crate) end_at: When,
    pub(crate) state: String,
    pub(crate) locked: bool,
    pub(crate) version: i64,
    pub(crate) body: Value,
}

/// Adds a plan that is to be made.
pub(crate) async fn add(db: &mut SqliteConnection, plan: &Plan) -> Result<(), Refusal> {
    sqlx::query(
        "INSERT INTO plans (id, job, state, version, follows, request, created_at) \
         VALUES (?, ?, ?, 1, ?, ?, ?)",
    )
    .bind(&plan.id)
    .bind(&plan.job)
    .bind(&plan.state)
    .bind(&plan.follows)
    .bind(plan.request.to_string())
    .bind(plan.created_at.seconds())
    .execute(db)
    .await?;
    Ok(())
}

/// Sets the state of a plan, with its figures if there are any.
pub(crate) async fn set_state(
    db: &mut SqliteConnection,
    id: &str,
    state: &str,
    follows: Option<&str>,
    figures: Option<&Value>,
) -> Result<(), Refusal> {
    sqlx::query(
        "UPDATE plans SET state = ?, version = version + 1, follows = coalesce(?, follows), \
         figures = coalesce(?, figures), published_at = iif(? = 'published', ?, published_at) \
         WHERE id = ?",
    )
    .bind(state)
    .bind(follows)
    .bind(figures.map(Value::to_string))
    .bind(state)
    .bind(When::now().seconds())
    .bind(id)
    .execute(db)
    .await?;
    Ok(())
}

/// A plan.
pub(crate) async fn one(db: &mut SqliteConnection, id: &str) -> Result<Option<Plan>, Refusal> {
    let row = sqlx::query("SELECT * FROM plans WHERE id = ?").bind(id).fetch_optional(db).await?;
    row.as_ref().map(plan).transpose()
}

/// The plan in force.
pub(crate) async fn in_force(db: &mut SqliteConnection) -> Result<Option<Plan>, Refusal> {
    let sql = "SELECT * FROM plans WHERE state = 'published'";
    sqlx::query(sql).fetch_optional(db).await?.as_ref().map(plan).transpose()
}

/// Plans after an id.
pub(crate) async fn page(pool: &SqlitePool, after: &str, limit: i64) -> Result<Vec<Plan>, Refusal> {
    let sql = "SELECT * FROM plans WHERE id > ? ORDER BY id LIMIT ?";
    let rows = sqlx::query(sql).bind(after).bind(limit).fetch_all(pool).await?;
    rows.iter().map(plan).collect()
}

/// Adds a build that a plan proposes, with its units and their placements.
pub(crate) async fn add_build(
    db: &mut SqliteConnection,
    build: &Build,
    placements: &[(String, Value)],
) -> Result<(), Refusal> {
    sqlx::query(
        "INSERT INTO builds (id, plan, name, centre, machine, start_at, end_at, state, version, \
         body) VALUES (?, ?, ?, ?, ?, ?, ?, 'proposed', 1, ?)",
    )
    .bind(&build.id)
    .bind(&build.plan)
    .bind(&build.name)
    .bind(&build.centre)
    .bind(&build.machine)
    .bind(build.start_at.seconds())
    .bind(build.end_at.seconds())
    .bind(build.body.to_string())
    .execute(&mut *db)
    .await?;
    let rows: Vec<Value> =
        placements.iter().map(|(unit, placement)| json!([unit, placement.to_string()])).collect();
    sqlx::query(
        "INSERT INTO build_units (build, unit, live, placement) \
         SELECT ?, value ->> 0, 0, value ->> 1 FROM json_each(?)",
    )
    .bind(&build.id)
    .bind(Value::from(rows).to_string())
    .execute(db)
    .await?;
    Ok(())
}

/// Notes what a plan says of a build, be it new or kept.
pub(crate) async fn list_build(
    db: &mut SqliteConnection,
    plan: &str,
    build: &Build,
) -> Result<(), Refusal> {
    sqlx::query(
        "INSERT INTO plan_builds (plan, build, centre, machine, start_at, end_at) \
         VALUES (?, ?, ?, ?, ?, ?)",
    )
    .bind(plan)
    .bind(&build.id)
    .bind(&build.centre)
    .bind(&build.machine)
    .bind(build.start_at.seconds())
    .bind(build.end_at.seconds())
    .execute(db)
    .await?;
    Ok(())
}

/// The builds of a plan, as it places them, by name.
pub(crate) async fn builds(db: &mut SqliteConnection, plan: &str) -> Result<Vec<Build>, Refusal> {
    let rows = sqlx::query(
        "SELECT id, builds.plan, name, plan_builds.centre, plan_builds.machine, \
         plan_builds.start_at, plan_builds.end_at, state, locked, version, body \
         FROM plan_builds JOIN builds ON builds.id = plan_builds.build \
         WHERE plan_builds.plan = ? ORDER BY name",
    )
    .bind(plan)
    .fetch_all(db)
    .await?;
    rows.iter().map(build).collect()
}

/// A build as it is placed now.
pub(crate) async fn one_build(
    db: &mut SqliteConnection,
    id: &str,
) -> Result<Option<Build>, Refusal> {
    let row = sqlx::query(
        "SELECT id, plan, name, centre, machine, start_at, end_at, state, locked, version, body \
         FROM builds WHERE id = ?",
    )
    .bind(id)
    .fetch_optional(db)
    .await?;
    row.as_ref().map(build).transpose()
}

/// Sets state, lock and place of a build.
pub(crate) async fn set_build(db: &mut SqliteConnection, build: &Build) -> Result<(), Refusal> {
    sqlx::query(
        "UPDATE builds SET state = ?, locked = ?, centre = ?, machine = ?, start_at = ?, \
         end_at = ?, version = version + 1 WHERE id = ?",
    )
    .bind(&build.state)
    .bind(build.locked)
    .bind(&build.centre)
    .bind(&build.machine)
    .bind(build.start_at.seconds())
    .bind(build.end_at.seconds())
    .bind(&build.id)
    .execute(db)
    .await?;
    Ok(())
}

/// Units of a build with their placements; only those that are in it now, or all that a plan put
/// there.
pub(crate) async fn placements(
    db: &mut SqliteConnection,
    build: &str,
) -> Result<Vec<(String, bool, Value)>, Refusal> {
    let sql = "SELECT unit, live, placement FROM build_units WHERE build = ? ORDER BY unit";
    let rows = sqlx::query(sql).bind(build).fetch_all(db).await?;
    let placement =
        |row: &SqliteRow| Ok((row.get(0), row.get(1), serde_json::from_str(row.get(2))?));
    rows.iter().map(placement).collect()
}

/// The units that are in a build now.
pub(crate) async fn units(db: &mut SqliteConnection, build: &str) -> Result<Vec<Unit>, Refusal> {
    let placed = placements(db, build).await?;
    let live: Vec<String> =
        placed.into_iter().filter(|(_, live, _)| *live).map(|(unit, ..)| unit).collect();
    super::orders::some_units(db, &live).await
}

fn plan(row: &SqliteRow) -> Result<Plan, Refusal> {
    let figures: Option<&str> = row.get("figures");
    let published: Option<i64> = row.get("published_at");
    Ok(Plan {
        id: row.get("id"),
        job: row.get("job"),
        state: row.get("state"),
        version: row.get("version"),
        follows: row.get("follows"),
        request: serde_json::from_str(row.get("request"))?,
        figures: figures.map(serde_json::from_str).transpose()?,
        created_at: When::at(row.get("created_at")),
        published_at: published.map(When::at),
    })
}

fn build(row: &SqliteRow) -> Result<Build, Refusal> {
    Ok(Build {
        id: row.get(0),
        plan: row.get(1),
        name: row.get(2),
        centre: row.get(3),
        machine: row.get(4),
        start_at: When::at(row.get(5)),
        end_at: When::at(row.get(6)),
        state: row.get(7),
        locked: row.get(8),
        version: row.get(9),
        body: serde_json::from_str(row.get(10))?,
    })
}

/// The builds that machines are occupied by, or will be.
pub(crate) async fn live_builds(pool: &SqlitePool) -> Result<Vec<Build>, Refusal> {
    let rows = sqlx::query(
        "SELECT id, plan, name, centre, machine, start_at, end_at, state, locked, version, body \
         FROM builds WHERE state IN ('published', 'printing') ORDER BY start_at",
    )
    .fetch_all(pool)
    .await?;
    rows.iter().map(build).collect()
}
