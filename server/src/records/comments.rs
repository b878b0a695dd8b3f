//! What people say about an order, and who is commissioned to revise its models.

use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection, SqlitePool};

use crate::error::Refusal;
use crate::http::wire::When;

/// What someone said about an order.
#[derive(Clone, Debug)]
pub(crate) struct Comment {
    pub(crate) id: String,
    pub(crate) order: String,
    /// The line that it is about; the order as a whole if `None`.
    pub(crate) line: Option<i64>,
    /// Id of the key that said it.
    pub(crate) author: String,
    pub(crate) organisation: String,
    pub(crate) role: String,
    /// `comment`, or `commission` for the brief of one.
    pub(crate) kind: String,
    pub(crate) text: String,
    pub(crate) at: When,
}

/// Adds a comment.
pub(crate) async fn add(db: &mut SqliteConnection, comment: &Comment) -> Result<(), Refusal> {
    sqlx::query(
        "INSERT INTO comments (id, order_id, line, author, organisation, role, kind, body, at) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&comment.id)
    .bind(&comment.order)
    .bind(comment.line)
    .bind(&comment.author)
    .bind(&comment.organisation)
    .bind(&comment.role)
    .bind(&comment.kind)
    .bind(&comment.text)
    .bind(comment.at.seconds())
    .execute(db)
    .await?;
    Ok(())
}

/// Comments on an order after an id, the oldest first.
pub(crate) async fn page(
    pool: &SqlitePool,
    order: &str,
    after: &str,
    limit: i64,
) -> Result<Vec<Comment>, Refusal> {
    let sql = "SELECT * FROM comments WHERE order_id = ? AND id > ? ORDER BY id LIMIT ?";
    let rows = sqlx::query(sql).bind(order).bind(after).bind(limit).fetch_all(pool).await?;
    Ok(rows.iter().map(comment).collect())
}

/// Commissions a designer's organisation on a line; false if there is no such organisation with
/// a designer.
pub(crate) async fn commission(
    db: &mut SqliteConnection,
    order: &str,
    line: i64,
    designer: &str,
) -> Result<bool, Refusal> {
    let sql = "SELECT EXISTS (SELECT 1 FROM api_keys WHERE organisation = ? AND role = 'designer')";
    if !sqlx::query(sql).bind(designer).fetch_one(&mut *db).await?.get::<bool, _>(0) {
        return Ok(false);
    }
    sqlx::query(
        "INSERT INTO commissions (order_id, line, designer, at) VALUES (?, ?, ?, ?) \
         ON CONFLICT DO NOTHING",
    )
    .bind(order)
    .bind(line)
    .bind(designer)
    .bind(When::now().seconds())
    .execute(db)
    .await?;
    Ok(true)
}

/// Whether a designer's organisation is commissioned on a line of an order.
pub(crate) async fn is_designer(
    pool: &SqlitePool,
    order: &str,
    designer: &str,
) -> Result<bool, Refusal> {
    let sql = "SELECT EXISTS (SELECT 1 FROM commissions WHERE order_id = ? AND designer = ?)";
    Ok(sqlx::query(sql).bind(order).bind(designer).fetch_one(pool).await?.get(0))
}

/// Whether a designer's organisation is commissioned on a line of a model, of an order that is
/// not cancelled.
pub(crate) async fn is_commissioned(
    pool: &SqlitePool,
    model: &str,
    designer: &str,
) -> Result<bool, Refusal> {
    let row = sqlx::query(
        "SELECT EXISTS (SELECT 1 FROM commissions JOIN orders ON orders.id = commissions.order_id \
         JOIN order_lines ON order_lines.order_id = commissions.order_id AND number = line \
         WHERE designer = ? AND model = ? AND state <> 'cancelled')",
    )
    .bind(designer)
    .bind(model)
    .fetch_one(pool)
    .await?;
    Ok(row.get(0))
}

/// Whether a centre has a unit of an order in a live build that it was sent.
pub(crate) async fn is_printing(
    pool: &SqlitePool,
    order: &str,
    centre: &str,
) -> Result<bool, Refusal> {
    let row = sqlx::query(
        "SELECT EXISTS (SELECT 1 FROM units JOIN build_units ON unit = units.id AND live = 1 \
         JOIN builds ON builds.id = build \
         WHERE order_id = ? AND centre = ? AND builds.state <> 'proposed')",
    )
    .bind(order)
    .bind(centre)
    .fetch_one(pool)
    .await?;
    Ok(row.get(0))
}

fn comment(row: &SqliteRow) -> Comment {
    Comment {
        id: row.get("id"),
        order: row.get("order_id"),
        line: row.get("line"),
        author: row.get("author"),
        organisation: row.get("organisation"),
        role: row.get("role"),
        kind: row.get("kind"),
        text: row.get("body"),
        at: When::at(row.get("at")),
    }
}
