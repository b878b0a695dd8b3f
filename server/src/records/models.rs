//! Models and their versions.

use serde_json::Value;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection, SqlitePool};

use crate::error::Refusal;
use crate::http::wire::When;

/// A version of a model.
#[derive(Clone, Debug)]
pub(crate) struct Version {
    pub(crate) model: String,
    pub(crate) version: i64,
    pub(crate) sha256: String,
    pub(crate) bytes: i64,
    pub(crate) extension: String,
    pub(crate) unit: Option<String>,
    pub(crate) origin: String,
    pub(crate) author: String,
    pub(crate) check_state: String,
    pub(crate) record: Option<Value>,
    pub(crate) released_by: Option<String>,
    pub(crate) created_at: When,
}

/// A model.
#[derive(Clone, Debug)]
pub(crate) struct Model {
    pub(crate) id: String,
    pub(crate) organisation: String,
    pub(crate) name: String,
    /// Whether it is in the catalogue for all.
    pub(crate) listed: bool,
    pub(crate) latest: i64,
    pub(crate) created_at: When,
}

/// Adds a model without a version.
pub(crate) async fn add(db: &mut SqliteConnection, model: &Model) -> Result<(), Refusal> {
    sqlx::query(
        "INSERT INTO models (id, organisation, name, listed, latest, created_at) \
         VALUES (?, ?, ?, ?, 0, ?)",
    )
    .bind(&model.id)
    .bind(&model.organisation)
    .bind(&model.name)
    .bind(model.listed)
    .bind(model.created_at.seconds())
    .execute(db)
    .await?;
    Ok(())
}

/// Adds the next version of a model and gives its number.
pub(crate) async fn add_version(
    db: &mut SqliteConnection,
    version: &Version,
) -> Result<i64, Refusal> {
    let number: i64 =
        sqlx::query("UPDATE models SET latest = latest + 1 WHERE id = ? RETURNING latest")
            .bind(&version.model)
            .fetch_one(&mut *db)
            .await?
            .get(0);
    sqlx::query(
        "INSERT INTO model_versions (model, version, sha256, bytes, extension, unit, origin, \
         author, check_state, record, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&version.model)
    .bind(number)
    .bind(&version.sha256)
    .bind(version.bytes)
    .bind(&version.extension)
    .bind(&version.unit)
    .bind(&version.origin)
    .bind(&version.author)
    .bind(&version.check_state)
    .bind(version.record.as_ref().map(Value::to_string))
    .bind(version.created_at.seconds())
    .execute(db)
    .await?;
    Ok(number)
}

/// Notes what came of the check of a version.
pub(crate) async fn checked(
    db: &mut SqliteConnection,
    model: &str,
    version: i64,
    state: &str,
    record: &Value,
) -> Result<(), Refusal> {
    sqlx::query(
        "UPDATE model_versions SET check_state = ?, record = ? WHERE model = ? AND version = ?",
    )
    .bind(state)
    .bind(record.to_string())
    .bind(model)
    .bind(version)
    .execute(db)
    .await?;
    Ok(())
}

/// Notes that a person released a version for printing.
pub(crate) async fn release(
    db: &mut SqliteConnection,
    model: &str,
    version: i64,
    by: &str,
) -> Result<(), Refusal> {
    sqlx::query(
        "UPDATE model_versions SET check_state = 'released', released_by = ? \
         WHERE model = ? AND version = ?",
    )
    .bind(by)
    .bind(model)
    .bind(version)
    .execute(db)
    .await?;
    Ok(())
}

/// A model that `tenant` may see: its own, and those that are listed.
pub(crate) async fn one(
    pool: &SqlitePool,
    id: &str,
    tenant: Option<&str>,
) -> Result<Option<Model>, Refusal> {
    let row = sqlx::query(
        "SELECT id, organisation, name, listed, latest, created_at FROM models \
         WHERE id = ? AND (? IS NULL OR organisation = ? OR listed = 1)",
    )
    .bind(id)
    .bind(tenant)
    .bind(tenant)
    .fetch_optional(pool)
    .await?;
    Ok(row.as_ref().map(model))
}

/// Models after an id: those of `tenant`, or with `listed` those for all.
pub(crate) async fn page(
    pool: &SqlitePool,
    tenant: Option<&str>,
    listed: bool,
    after: &str,
    limit: i64,
) -> Result<Vec<Model>, Refusal> {
    let rows = sqlx::query(
        "SELECT id, organisation, name, listed, latest, created_at FROM models WHERE id > ? AND \
         CASE WHEN ? THEN listed = 1 ELSE ? IS NULL OR organisation = ? END ORDER BY id LIMIT ?",
    )
    .bind(after)
    .bind(listed)
    .bind(tenant)
    .bind(tenant)
    .bind(limit)
    .fetch_all(pool)
    .await?;
    Ok(rows.iter().map(model).collect())
}

/// All versions of a model, the oldest first.
pub(crate) async fn versions(pool: &SqlitePool, model: &str) -> Result<Vec<Version>, Refusal> {
    let rows = sqlx::query("SELECT * FROM model_versions WHERE model = ? ORDER BY version")
        .bind(model)
        .fetch_all(pool)
        .await?;
    rows.iter().map(version).collect()
}

/// A version of a model.
pub(crate) async fn one_version(
    db: &mut SqliteConnection,
    model: &str,
    number: i64,
) -> Result<Option<Version>, Refusal> {
    let row = sqlx::query("SELECT * FROM model_versions WHERE model = ? AND version = ?")
        .bind(model)
        .bind(number)
        .fetch_optional(db)
        .await?;
    row.as_ref().map(version).transpose()
}

/// A version of a model that `tenant` may see, the latest if `None`, as an order needs it: of what
/// its check found, the facts alone.
pub(crate) async fn for_order(
    pool: &SqlitePool,
    model: &str,
    number: Option<i64>,
    tenant: Option<&str>,
) -> Result<Option<Version>, Refusal> {
    let row = sqlx::query(
        "SELECT model, version, sha256, bytes, extension, unit, origin, author, check_state, \
         json_object('facts', record -> '$.facts') AS record, released_by, v.created_at \
         FROM models JOIN model_versions AS v ON v.model = models.id \
         AND v.version = coalesce(?, models.latest) \
         WHERE models.id = ? AND (? IS NULL OR organisation = ? OR listed = 1)",
    )
    .bind(number)
    .bind(model)
    .bind(tenant)
    .bind(tenant)
    .fetch_optional(pool)
    .await?;
    row.as_ref().map(version).transpose()
}

fn model(row: &SqliteRow) -> Model {
    Model {
        id: row.get(0),
        organisation: row.get(1),
        name: row.get(2),
        listed: row.get(3),
        latest: row.get(4),
        created_at: When::at(row.get(5)),
    }
}

fn version(row: &SqliteRow) -> Result<Version, Refusal> {
    let record: Option<&str> = row.get("record");
    Ok(Version {
        model: row.get("model"),
        version: row.get("version"),
        sha256: row.get("sha256"),
        bytes: row.get("bytes"),
        extension: row.get("extension"),
        unit: row.get("unit"),
        origin: row.get("origin"),
        author: row.get("author"),
        check_state: row.get("check_state"),
        record: record.map(serde_json::from_str).transpose()?,
        released_by: row.get("released_by"),
        created_at: When::at(row.get("created_at")),
    })
}

impl Version {
    /// The file name that planners know it by. It follows from the content, so that copies of one
    /// part are nested as such, whoever uploaded it.
    pub(crate) fn file(&self) -> String {
        format!("{}.{}", &self.sha256[..32], self.extension)
    }
}
