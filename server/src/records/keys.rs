//! Organisations and their keys.

use sqlx::{Row, SqliteConnection, SqlitePool};

use crate::error::Refusal;
use crate::http::auth::{Principal, Role};
use crate::http::wire::When;

/// All keys.
pub(crate) async fn all(pool: &SqlitePool) -> Result<Vec<([u8; 32], Principal)>, Refusal> {
    let rows = sqlx::query("SELECT hash, id, role, organisation, centre FROM api_keys")
        .fetch_all(pool)
        .await?;
    let key = |row: &sqlx::sqlite::SqliteRow| {
        let hash: Vec<u8> = row.get(0);
        let role: String = row.get(2);
        let principal = Principal {
            key: row.get(1),
            role: Role::named(&role)?,
            organisation: row.get(3),
            centre: row.get(4),
        };
        Some((hash.try_into().ok()?, principal))
    };
    let keys = rows.iter().map(key).collect::<Option<Vec<_>>>();
    keys.ok_or_else(|| Refusal::bug("a key of an unknown kind"))
}

/// Adds an organisation, or names it anew.
pub(crate) async fn put_organisation(
    db: &mut SqliteConnection,
    id: &str,
    name: &str,
) -> Result<(), Refusal> {
    sqlx::query(
        "INSERT INTO organisations (id, name) VALUES (?, ?) \
         ON CONFLICT (id) DO UPDATE SET name = excluded.name",
    )
    .bind(id)
    .bind(name)
    .execute(db)
    .await?;
    Ok(())
}

/// Adds a key by its hash; one that is known stays as it is.
pub(crate) async fn put_key(
    db: &mut SqliteConnection,
    hash: &[u8; 32],
    name: &str,
    principal: &Principal,
) -> Result<(), Refusal> {
    sqlx::query(
        "INSERT INTO api_keys (hash, id, name, role, organisation, centre, created_at) \
         VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (hash) DO NOTHING",
    )
    .bind(&hash[..])
    .bind(&principal.key)
    .bind(name)
    .bind(principal.role.name())
    .bind(&principal.organisation)
    .bind(&principal.centre)
    .bind(When::now().seconds())
    .execute(db)
    .await?;
    Ok(())
}
