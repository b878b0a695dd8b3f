//! Orders restored from the ledger's events, by the pure functions of [`crate::ledger`].

use platewright_model::id::{OrderId, UnitId};
use serde_json::Value;
use sqlx::SqlitePool;

use crate::error::Refusal;
use crate::ledger::{Birth, Change, Entry, History, RestoredOrder};
use crate::records::events::{self, Event};

/// An order, restored from what happened to it and its units.
///
/// # Errors
/// Events that contradict each other: a bug.
pub(crate) async fn restored(pool: &SqlitePool, order: &str) -> Result<RestoredOrder, Refusal> {
    let mut history = History::default();
    for event in events::of_order(pool, order).await? {
        for entry in entries(order, &event)? {
            history.enter(&entry).map_err(|broken| Refusal::bug(broken.to_string()))?;
        }
    }
    let restored = history.restore().into_iter().next();
    restored.ok_or_else(|| Refusal::bug(format!("order {order} was never confirmed")))
}

/// What an event says of units.
fn entries(order: &str, event: &Event) -> Result<Vec<Entry>, Refusal> {
    let number = |value: &Value| value.as_u64().ok_or_else(|| Refusal::bug("an event's number"));
    let unit = |text: &str| text.parse().map(UnitId).map_err(Refusal::bug);
    if event.kind == "order.confirmed" {
        let lines = event.body["lines"].as_array().map(Vec::as_slice).unwrap_or_default();
        return lines
            .iter()
            .map(|line| {
                Ok(Entry::Born(Birth::Line {
                    order: OrderId::from(order),
                    line: number(&line["line"])? as usize,
                    quantity: number(&line["quantity"])? as u32,
                }))
            })
            .collect();
    }
    if event.kind == "unit.remade" {
        let of = unit(event.body["replaces"].as_str().unwrap_or_default())?;
        let copy = number(&event.body["copy"])? as u32;
        return Ok(vec![Entry::Born(Birth::Remake { of, copy })]);
    }
    let Some(change) = Change::of_event(&event.kind) else { return Ok(Vec::new()) };
    let build = event.body["build"].as_str().map(str::to_owned);
    Ok(vec![Entry::Changed { unit: unit(&event.subject)?, change, build }])
}
