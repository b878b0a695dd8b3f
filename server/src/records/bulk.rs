//! Many confirmed orders at once, in few statements.

use serde::Serialize;
use sqlx::SqliteConnection;

use platewright_model::id::{OrderId, UnitId};

use crate::error::Refusal;
use crate::http::wire::When;

/// Units that are entered with one statement.
const UNITS: usize = 20_000;

/// Orders with their lines, as the statements take them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Orders {
    orders: Vec<OrderRow>,
    lines: Vec<LineRow>,
}

/// An order: id, reference, region, due, body, price, and what its event says.
type OrderRow = (String, String, String, i64, String, String, String);
/// A line: order, number, model, version, quantity, body.
type LineRow = (String, i64, String, i64, u32, String);

/// An order that is to be added.
pub(crate) struct New<'a> {
    pub(crate) id: String,
    pub(crate) reference: &'a str,
    pub(crate) region: &'a str,
    pub(crate) due_at: When,
    /// What was asked for, as JSON.
    pub(crate) body: String,
    /// What it costs, as JSON.
    pub(crate) price: String,
    /// What its event says, as JSON.
    pub(crate) event: String,
}

impl Orders {
    /// Adds an order.
    pub(crate) fn push(&mut self, new: New<'_>) {
        let (reference, region) = (new.reference.to_owned(), new.region.to_owned());
        let due = new.due_at.seconds();
        self.orders.push((new.id, reference, region, due, new.body, new.price, new.event));
    }

    /// Adds a line of an order.
    pub(crate) fn push_line(
        &mut self,
        order: &str,
        (number, model, version): (i64, &str, i64),
        (quantity, body): (u32, String),
    ) {
        let (order, model) = (order.to_owned(), model.to_owned());
        self.lines.push((order, number, model, version, quantity, body));
    }
}

/// Enters orders as confirmed, with their lines, units and events.
pub(crate) async fn confirm(
    db: &mut SqliteConnection,
    orders: &Orders,
    organisation: &str,
    actor: &str,
) -> Result<(), Refusal> {
    let (rows, now) = (text(&orders.orders)?, When::now().seconds());
    sqlx::query(
        "INSERT INTO orders (id, organisation, reference, region, due_at, state, version, body, \
         price, created_at) SELECT value ->> 0, ?, value ->> 1, value ->> 2, value ->> 3, \
         'confirmed', 1, value ->> 4, value ->> 5, ? FROM json_each(?)",
    )
    .bind(organisation)
    .bind(now)
    .bind(&rows)
    .execute(&mut *db)
    .await?;
    sqlx::query(
        "INSERT INTO order_lines (order_id, number, model, model_version, quantity, next_copy, \
         body) SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, \
         value ->> 4, value ->> 5 FROM json_each(?)",
    )
    .bind(text(&orders.lines)?)
    .execute(&mut *db)
    .await?;
    bear(db, &orders.lines).await?;
    sqlx::query(
        "INSERT INTO events (at, kind, organisation, order_id, subject, actor, body) \
         SELECT ?, 'order.confirmed', ?, value ->> 0, value ->> 0, ?, value ->> 6 \
         FROM json_each(?)",
    )
    .bind(now)
    .bind(organisation)
    .bind(actor)
    .bind(&rows)
    .execute(db)
    .await?;
    Ok(())
}

/// Gives birth to the units of lines, some at a time: a line may have very many.
async fn bear(db: &mut SqliteConnection, lines: &[LineRow]) -> Result<(), Refusal> {
    let mut units = lines.iter().flat_map(|(order, number, .., quantity, _)| {
        let id = OrderId::from(order.as_str());
        (0..*quantity).map(move |copy| {
            let unit = UnitId::derive(&id, *number as usize, copy);
            (unit.to_string(), order, *number, copy)
        })
    });
    loop {
        let some: Vec<_> = units.by_ref().take(UNITS).collect();
        if some.is_empty() {
            return Ok(());
        }
        sqlx::query(
            "INSERT INTO units (id, order_id, line, copy, state) SELECT value ->> 0, \
             value ->> 1, value ->> 2, value ->> 3, 'waiting' FROM json_each(?)",
        )
        .bind(text(&some)?)
        .execute(&mut *db)
        .await?;
    }
}

fn text<T: Serialize>(rows: &[T]) -> Result<String, Refusal> {
    Ok(serde_json::to_string(rows)?)
}
