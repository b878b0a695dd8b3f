//! Orders, their lines and the units of those.

use platewright_model::id::{OrderId, UnitId};
use serde_json::{Value, json};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection, SqlitePool};

use crate::error::Refusal;
use crate::http::wire::When;
use crate::ledger::UnitState;

/// An order.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) id: String,
    pub(crate) organisation: String,
    pub(crate) reference: String,
    pub(crate) region: String,
    pub(crate) due_at: When,
    pub(crate) state: String,
    pub(crate) version: i64,
    /// What was asked for.
    pub(crate) body: Value,
    pub(crate) price: Option<Value>,
    pub(crate) promised_at: Option<When>,
    pub(crate) created_at: When,
}

/// A line of an order.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) number: i64,
    pub(crate) model: String,
    pub(crate) model_version: i64,
    pub(crate) quantity: i64,
    pub(crate) body: Value,
}

/// A unit with what is known of it.
#[derive(Clone, Debug)]
pub(crate) struct Unit {
    pub(crate) id: String,
    pub(crate) order: String,
    pub(crate) line: i64,
    pub(crate) copy: i64,
    pub(crate) replaces: Option<String>,
    pub(crate) state: UnitState,
    pub(crate) build: Option<String>,
}

/// Adds a confirmed order with its lines, and gives birth to their units: in one turn to the
/// connection.
pub(crate) async fn add(
    db: &mut SqliteConnection,
    order: &Order,
    lines: &[Line],
) -> Result<(), Refusal> {
    let rows: Vec<Value> = lines
        .iter()
        .map(|l| json!([l.number, l.model, l.model_version, l.quantity, l.body.to_string()]))
        .collect();
    sqlx::query(
        "INSERT INTO orders (id, organisation, reference, region, due_at, state, version, body, \
         price, promised_at, created_at) VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?); \
         INSERT INTO order_lines (order_id, number, model, model_version, quantity, next_copy, \
         body) SELECT ?, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 3, \
         value ->> 4 FROM json_each(?); \
         INSERT INTO units (id, order_id, line, copy, state) SELECT value ->> 0, ?, value ->> 1, \
         value ->> 2, 'waiting' FROM json_each(?)",
    )
    .bind(&order.id)
    .bind(&order.organisation)
    .bind(&order.reference)
    .bind(&order.region)
    .bind(order.due_at.seconds())
    .bind(&order.state)
    .bind(order.body.to_string())
    .bind(order.price.as_ref().map(Value::to_string))
    .bind(order.promised_at.map(When::seconds))
    .bind(order.created_at.seconds())
    .bind(&order.id)
    .bind(Value::from(rows).to_string())
    .bind(&order.id)
    .bind(born(&order.id, lines).to_string())
    .execute(db)
    .await?;
    Ok(())
}

/// Id, line and copy of each unit that some lines ask for.
fn born(order: &str, lines: &[Line]) -> Value {
    let id = OrderId::from(order);
    let mut rows = Vec::new();
    for line in lines {
        let (number, quantity) = (line.number as usize, line.quantity as u32);
        rows.extend(
            (0..quantity)
                .map(|copy| json!([UnitId::derive(&id, number, copy).to_string(), number, copy])),
        );
    }
    Value::from(rows)
}

/// Gives birth to a unit that replaces one that is scrapped, and tells its id and copy.
pub(crate) async fn remake(db: &mut SqliteConnection, of: &Unit) -> Result<(String, u32), Refusal> {
    let row = sqlx::query(
        "UPDATE order_lines SET next_copy = next_copy + 1 WHERE order_id = ? AND number = ? \
         RETURNING next_copy - 1",
    )
    .bind(&of.order)
    .bind(of.line)
    .fetch_one(&mut *db)
    .await?;
    let copy: u32 = row.get(0);
    let id = UnitId::derive(&OrderId::from(of.order.as_str()), of.line as usize, copy).to_string();
    sqlx::query(
        "INSERT INTO units (id, order_id, line, copy, replaces, state) \
         VALUES (?, ?, ?, ?, ?, 'waiting')",
    )
    .bind(&id)
    .bind(&of.order)
    .bind(of.line)
    .bind(copy)
    .bind(&of.id)
    .execute(db)
    .await?;
    Ok((id, copy))
}

/// Sets the state of an order.
pub(crate) async fn set_state(
    db: &mut SqliteConnection,
    order: &str,
    state: &str,
) -> Result<(), Refusal> {
    sqlx::query("UPDATE orders SET state = ?, version = version + 1 WHERE id = ?")
        .bind(state)
        .bind(order)
        .execute(db)
        .await?;
    Ok(())
}

/// An order that `tenant` may see.
pub(crate) async fn one(
    db: &mut SqliteConnection,
    id: &str,
    tenant: Option<&str>,
) -> Result<Option<Order>, Refusal> {
    let sql = "SELECT * FROM orders WHERE id = ? AND (? IS NULL OR organisation = ?)";
    let row = sqlx::query(sql).bind(id).bind(tenant).bind(tenant).fetch_optional(db).await?;
    row.as_ref().map(order).transpose()
}

/// Orders of `tenant` after an id.
pub(crate) async fn page(
    pool: &SqlitePool,
    tenant: Option<&str>,
    after: &str,
    limit: i64,
) -> Result<Vec<Order>, Refusal> {
    let rows = match tenant {
        Some(tenant) => sqlx::query(
            "SELECT * FROM orders WHERE organisation = ? AND id > ? ORDER BY id LIMIT ?",
        )
        .bind(tenant),
        None => sqlx::query("SELECT * FROM orders WHERE id > ? ORDER BY id LIMIT ?"),
    };
    let rows = rows.bind(after).bind(limit).fetch_all(pool).await?;
    rows.iter().map(order).collect()
}

/// The lines of an order.
pub(crate) async fn lines(db: &mut SqliteConnection, order: &str) -> Result<Vec<Line>, Refusal> {
    let sql = "SELECT number, model, model_version, quantity, body FROM order_lines \
               WHERE order_id = ? ORDER BY number";
    let rows = sqlx::query(sql).bind(order).fetch_all(db).await?;
    rows.iter().map(line).collect()
}

/// The units of an order, by line and copy.
pub(crate) async fn units(db: &mut SqliteConnection, order: &str) -> Result<Vec<Unit>, Refusal> {
    let rows = sqlx::query(
        "SELECT units.id, order_id, line, copy, replaces, state, build FROM units \
         LEFT JOIN build_units ON build_units.unit = units.id AND live = 1 \
         WHERE order_id = ? ORDER BY line, copy",
    )
    .bind(order)
    .fetch_all(db)
    .await?;
    rows.iter().map(unit).collect()
}

/// Some units; those that are not there are left out.
pub(crate) async fn some_units(
    db: &mut SqliteConnection,
    ids: &[String],
) -> Result<Vec<Unit>, Refusal> {
    let rows = sqlx::query(
        "SELECT units.id, order_id, line, copy, replaces, state, build FROM units \
         LEFT JOIN build_units ON build_units.unit = units.id AND live = 1 \
         WHERE units.id IN (SELECT value FROM json_each(?)) ORDER BY units.id",
    )
    .bind(Value::from(ids.to_vec()).to_string())
    .fetch_all(db)
    .await?;
    rows.iter().map(unit).collect()
}

/// Units in one of some states, by order, line and copy: those that plans are made of.
pub(crate) async fn units_in(
    db: &mut SqliteConnection,
    states: &[UnitState],
) -> Result<Vec<Unit>, Refusal> {
    let states: Vec<&str> = states.iter().map(|state| state.name()).collect();
    let rows = sqlx::query(
        "SELECT units.id, order_id, line, copy, replaces, state, build FROM units \
         LEFT JOIN build_units ON build_units.unit = units.id AND live = 1 \
         WHERE state IN (SELECT value FROM json_each(?)) ORDER BY order_id, line, copy",
    )
    .bind(json!(states).to_string())
    .fetch_all(db)
    .await?;
    rows.iter().map(unit).collect()
}

/// Organisation of an order, for its events.
pub(crate) async fn organisation(
    db: &mut SqliteConnection,
    order: &str,
) -> Result<String, Refusal> {
    let sql = "SELECT organisation FROM orders WHERE id = ?";
    Ok(sqlx::query(sql).bind(order).fetch_one(db).await?.get(0))
}

fn order(row: &SqliteRow) -> Result<Order, Refusal> {
    let price: Option<&str> = row.get("price");
    let promised: Option<i64> = row.get("promised_at");
    Ok(Order {
        id: row.get("id"),
        organisation: row.get("organisation"),
        reference: row.get("reference"),
        region: row.get("region"),
        due_at: When::at(row.get("due_at")),
        state: row.get("state"),
        version: row.get("version"),
        body: serde_json::from_str(row.get("body"))?,
        price: price.map(serde_json::from_str).transpose()?,
        promised_at: promised.map(When::at),
        created_at: When::at(row.get("created_at")),
    })
}

fn line(row: &SqliteRow) -> Result<Line, Refusal> {
    Ok(Line {
        number: row.get(0),
        model: row.get(1),
        model_version: row.get(2),
        quantity: row.get(3),
        body: serde_json::from_str(row.get(4))?,
    })
}

fn unit(row: &SqliteRow) -> Result<Unit, Refusal> {
    let state: &str = row.get(5);
    Ok(Unit {
        id: row.get(0),
        order: row.get(1),
        line: row.get(2),
        copy: row.get(3),
        replaces: row.get(4),
        state: UnitState::named(state).ok_or_else(|| Refusal::bug("a unit of no known state"))?,
        build: row.get(6),
    })
}
