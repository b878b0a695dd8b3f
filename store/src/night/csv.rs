//! Orders as CSV (RFC 4180); a header with semicolons and no comma is read as such.

use std::path::Path;

use platewright_model::draft::OrdersDraft;
use platewright_model::error::InputFault;

use super::ORDERS_CSV;
use super::json::without_mark;
use super::rows::{COLUMNS, Grid, PLANNING_TIME, cells_of, orders_of};
use crate::StoreError;
use crate::disk::write_atomic;

/// What stands before the planning time in a first line of its own.
const TIME_LINE: &str = "# planning_time:";

/// Writes orders as CSV, one row per line; orders without lines are not written.
///
/// # Errors
/// If the file cannot be written.
pub fn write_orders_csv(path: &Path, orders: &OrdersDraft) -> Result<(), StoreError> {
    let encode = || -> Result<Vec<u8>, Box<dyn std::error::Error>> {
        let mut bytes = Vec::new();
        if orders.orders.is_empty() {
            bytes.extend_from_slice(format!("{TIME_LINE} {}\n", orders.planning_time).as_bytes());
        }
        let mut writer = csv::Writer::from_writer(bytes);
        writer.write_record(COLUMNS.iter().chain([&PLANNING_TIME]))?;
        for order in &orders.orders {
            for line in &order.lines {
                writer.write_record(cells_of(orders, order, line))?;
            }
        }
        Ok(writer.into_inner()?)
    };
    let bytes = encode()
        .map_err(|error| StoreError::Encode { path: path.to_owned(), reason: error.to_string() })?;
    write_atomic(path, &bytes)
}

/// Reads orders. Rows are counted as a spreadsheet shows them, from 1.
pub(super) fn read(bytes: &[u8]) -> Result<OrdersDraft, Vec<InputFault>> {
    let text = std::str::from_utf8(without_mark(bytes)).map_err(|error| {
        let line = 1 + bytes[..error.valid_up_to()].iter().filter(|b| **b == b'\n').count();
        let place = format!("{ORDERS_CSV}: line {line}");
        vec![InputFault::new("E1002", place, "must be UTF-8; maybe save it as such")]
    })?;
    let (planning_time, body) = match text.split_once('\n') {
        Some((first, rest)) if first.starts_with(TIME_LINE) => {
            (Some(first[TIME_LINE.len()..].trim().to_owned()), rest)
        }
        _ => (None, text),
    };
    let first = body.lines().next().unwrap_or("");
    let delimiter = if first.contains(';') && !first.contains(',') { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .from_reader(body.as_bytes());
    let before = usize::from(planning_time.is_some());
    let mut grid = Grid { file: ORDERS_CSV, header: Vec::new(), rows: Vec::new(), planning_time };
    for (i, record) in reader.records().enumerate() {
        let number = before + i + 1;
        let record = record.map_err(|error| {
            let place = format!("{ORDERS_CSV}: row {number}");
            vec![InputFault::new("E1002", place, reason(&error))]
        })?;
        let cells = record.iter().map(|cell| cell.trim().to_owned()).collect();
        if i == 0 {
            grid.header = cells;
        } else {
            grid.rows.push((number, cells));
        }
    }
    orders_of(&grid)
}

fn reason(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("must have {expected_len} cells like the header, has {len}")
        }
        _ => error.to_string(),
    }
}
