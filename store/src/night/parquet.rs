//! Orders as Parquet, ours or those of any other program: every column is read as text.

use std::path::Path;

use arrow::array::{Array, ArrayRef, AsArray, StringArray};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use platewright_model::config::Limits;
use platewright_model::draft::{LineDraft, OrderDraft, OrdersDraft};
use platewright_model::error::InputFault;

use super::ORDERS_PARQUET;
use super::rows::{Grid, PLANNING_TIME, orders_of};
use crate::StoreError;
use crate::table::{Rows, Table};

/// Writes orders as Parquet, one row per line; orders without lines are not written.
///
/// # Errors
/// If the file cannot be written.
pub fn write_orders_parquet(path: &Path, orders: &OrdersDraft) -> Result<(), StoreError> {
    let all = || orders.orders.iter().flat_map(|o| o.lines.iter().map(move |l| (o, l)));
    let of = |value: fn(&OrderDraft) -> &String| all().map(move |(order, _)| value(order));
    let line = |value: fn(&LineDraft) -> &String| all().map(move |(_, line)| value(line));
    Table::new("night orders")
        .fact(PLANNING_TIME, &orders.planning_time)
        .text("order", of(|o| &o.id))
        .text("customer", of(|o| &o.customer))
        .text("region", of(|o| &o.region))
        .text("due", of(|o| &o.due))
        .text_or_null("deadline", all().map(|(o, _)| o.deadline.as_ref()))
        .flag("together", all().map(|(o, _)| o.together))
        .real("priority", all().map(|(o, _)| o.priority))
        .text("mixing", of(|o| &o.mixing))
        .text("certificates", all().map(|(o, _)| o.certificates.join(";")))
        .text("model", line(|l| &l.model))
        .text_or_null("unit", all().map(|(_, l)| l.unit.as_ref()))
        .real("quantity", all().map(|(_, l)| l.quantity))
        .text("material", line(|l| &l.material))
        .text("process", line(|l| &l.process))
        .text_or_null("colour", all().map(|(_, l)| l.colour.as_ref()))
        .text("finish", all().map(|(_, l)| l.finish.join(";")))
        .text("quality", line(|l| &l.quality))
        .text("orientation", line(|l| &l.orientation))
        .real_or_null("clearance_mm", all().map(|(_, l)| l.clearance_mm))
        .flag("inside_cavity", all().map(|(_, l)| l.inside_cavity))
        .write(path)
}

/// Reads orders. Rows are counted from 1.
pub(super) fn read(path: &Path, limits: &Limits) -> Result<OrdersDraft, Vec<InputFault>> {
    // Every row asks for at least one unit.
    let rows = Rows::read_foreign(path, u64::from(limits.night_units)).map_err(|error| {
        let reason = match error {
            StoreError::Table { reason, .. } => reason,
            other => other.to_string(),
        };
        vec![InputFault::new("E1002", ORDERS_PARQUET, reason)]
    })?;
    let mut grid = Grid {
        file: ORDERS_PARQUET,
        header: Vec::new(),
        rows: (1..=rows.len()).map(|number| (number, Vec::new())).collect(),
        planning_time: rows.find_fact(PLANNING_TIME).map(str::to_owned),
    };
    let mut faults = Vec::new();
    for (field, column) in rows.batch().schema().fields().iter().zip(rows.batch().columns()) {
        grid.header.push(field.name().clone());
        match texts(column) {
            Ok(texts) => {
                for (row, text) in grid.rows.iter_mut().zip(texts) {
                    row.1.push(text);
                }
            }
            Err(reason) => {
                let place = format!("{ORDERS_PARQUET}: column {:?}", field.name());
                faults.push(InputFault::new("E1004", place, reason));
            }
        }
    }
    if faults.is_empty() { orders_of(&grid) } else { Err(faults) }
}

/// The values of a column as texts, lists joined by `;`, nulls empty.
fn texts(column: &ArrayRef) -> Result<Vec<String>, String> {
    if let Some(lists) = column.as_list_opt::<i32>() {
        return (0..lists.len())
            .map(|i| match lists.is_null(i) {
                true => Ok(String::new()),
                false => Ok(texts(&lists.value(i))?.join(";")),
            })
            .collect();
    }
    let cast = cast(column, &DataType::Utf8)
        .map_err(|_| format!("must be text or numbers, is {}", column.data_type()))?;
    let array: &StringArray =
        cast.as_any().downcast_ref().ok_or_else(|| "must be text or numbers".to_owned())?;
    Ok(array.iter().map(|value| value.unwrap_or("").to_owned()).collect())
}
