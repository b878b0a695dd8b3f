//! JSON files of a night. A value of a wrong type spoils its line or order, not the file.

use std::path::Path;

use platewright_model::draft::{
    CATALOGUE_FILE, CENTRES_FILE, CentresDraft, LineDraft, ORDERS_FILE, OrderDraft, OrdersDraft,
    Origin,
};
use platewright_model::error::InputFault;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::NightDrafts;
use crate::StoreError;
use crate::disk::write_atomic;

/// Writes `orders.json`, `catalogue.json` and `centres.json` into `dir`: pretty, fields in the
/// order of their types, the same bytes for the same drafts.
///
/// # Errors
/// If a file cannot be written.
pub fn write_night_json(dir: &Path, drafts: &NightDrafts) -> Result<(), StoreError> {
    write(&dir.join(ORDERS_FILE), &drafts.orders)?;
    write(&dir.join(CATALOGUE_FILE), &drafts.catalogue)?;
    write(&dir.join(CENTRES_FILE), &drafts.centres)
}

/// Writes centres alone, as in `centres.json`.
///
/// # Errors
/// If the file cannot be written.
pub fn write_centres_json(path: &Path, centres: &CentresDraft) -> Result<(), StoreError> {
    write(path, centres)
}

fn write<T: Serialize>(path: &Path, value: &T) -> Result<(), StoreError> {
    let mut text = serde_json::to_string_pretty(value)
        .map_err(|error| StoreError::Encode { path: path.to_owned(), reason: error.to_string() })?;
    text.push('\n');
    write_atomic(path, text.as_bytes())
}

/// Reads a whole JSON file; the fault tells line and column.
pub(super) fn read<T: DeserializeOwned>(file: &str, bytes: &[u8]) -> Result<T, Vec<InputFault>> {
    serde_json::from_slice(without_mark(bytes)).map_err(|error| vec![syntax(file, &error)])
}

/// Text without the byte order mark that some editors put before it.
pub(crate) fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

fn syntax(file: &str, error: &serde_json::Error) -> InputFault {
    // The text of the error ends with its place, which we put in front.
    let text = error.to_string();
    let end = format!(" at line {} column {}", error.line(), error.column());
    let place = format!("{file}: line {} column {}", error.line(), error.column());
    InputFault::new("E1002", place, text.strip_suffix(&end).unwrap_or(&text))
}

/// Reads `orders.json`.
pub(super) fn read_orders(bytes: &[u8]) -> Result<OrdersDraft, Vec<InputFault>> {
    let mut all: Map<String, Value> = read(ORDERS_FILE, bytes)?;
    let orders = match all.remove("orders") {
        Some(Value::Array(orders)) => orders,
        found => {
            let message = match found {
                None => "must be there: a list, maybe empty".to_owned(),
                Some(other) => format!("must be a list, is {}", kind(&other)),
            };
            return Err(vec![InputFault::new("E1002", "orders.json: orders", message)]);
        }
    };
    let mut faults = Vec::new();
    let mut draft: OrdersDraft = by_field(all, ORDERS_FILE, ": ", &mut faults);
    if !faults.is_empty() {
        return Err(faults);
    }
    draft.orders = orders.into_iter().enumerate().map(|(i, order)| read_order(i, order)).collect();
    Ok(draft)
}

fn read_order(index: usize, value: Value) -> OrderDraft {
    let place = format!("{ORDERS_FILE}: orders[{index}]");
    let mut unreadable = Vec::new();
    let Some(mut fields) = object(value, &place, &mut unreadable) else {
        return OrderDraft { origin: Some(Origin { place, unreadable }), ..OrderDraft::default() };
    };
    let lines = match fields.remove("lines") {
        None => Vec::new(),
        Some(Value::Array(lines)) => lines,
        Some(other) => {
            let message = format!("must be a list, is {}", kind(&other));
            unreadable.push(InputFault::new("E1025", format!("{place}.lines"), message));
            Vec::new()
        }
    };
    let mut order: OrderDraft = by_field(fields, &place, ".", &mut unreadable);
    order.lines = lines
        .into_iter()
        .enumerate()
        .map(|(k, line)| read_line(format!("{place}.lines[{k}]"), line))
        .collect();
    // Without an origin, places of the fields are made from the index.
    order.origin = (!unreadable.is_empty()).then_some(Origin { place, unreadable });
    order
}

fn read_line(place: String, value: Value) -> LineDraft {
    let mut unreadable = Vec::new();
    let mut line = LineDraft::default();
    if let Some(fields) = object(value, &place, &mut unreadable) {
        line = by_field(fields, &place, ".", &mut unreadable);
    }
    line.origin = (!unreadable.is_empty()).then_some(Origin { place, unreadable });
    line
}

fn object(value: Value, place: &str, faults: &mut Vec<InputFault>) -> Option<Map<String, Value>> {
    if let Value::Object(fields) = value {
        return Some(fields);
    }
    faults.push(InputFault::new("E1025", place, format!("must be an object, is {}", kind(&value))));
    None
}

/// Reads an object whose fields all have defaults, and tells of every field on its own.
fn by_field<T: DeserializeOwned>(
    fields: Map<String, Value>,
    place: &str,
    joint: &str,
    faults: &mut Vec<InputFault>,
) -> T {
    let mut good = Map::new();
    for (name, value) in fields {
        let alone = Map::from_iter([(name.clone(), value.clone())]);
        match serde_json::from_value::<T>(Value::Object(alone)) {
            Ok(_) => {
                good.insert(name, value);
            }
            Err(error) => {
                let place = format!("{place}{joint}{name}");
                faults.push(InputFault::new("E1025", place, error.to_string()));
            }
        }
    }
    serde_json::from_value(Value::Object(good))
        .expect("all fields have defaults, and each was readable alone")
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
