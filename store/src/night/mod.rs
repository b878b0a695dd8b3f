//! The folder of a night: orders (JSON, CSV or Parquet), catalogue, centres, models; reports on
//! the builds of a plan in force.
//!
//! CSV and Parquet hold one row per line with the columns of [`COLUMNS`]; rows with the same
//! `order` make one order and must agree on customer, region, due, deadline, together, priority,
//! mixing and certificates. Lists are separated by `;`. The planning time stands in a column
//! `planning_time` (any row), in the Parquet file's metadata, or in a first CSV line
//! `# planning_time: 2026-11-20T20:00:00Z`.

mod builds;
mod centres;
mod csv;
mod json;
mod models;
mod parquet;
mod rows;
#[cfg(test)]
pub(crate) mod tests;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use platewright_model::config::Limits;
use platewright_model::draft::{
    CATALOGUE_FILE, CENTRES_FILE, CatalogueDraft, CentresDraft, ORDERS_FILE, OrdersDraft,
};
use platewright_model::error::InputFault;
use platewright_model::id::OrderId;
use platewright_model::validate::{Validated, validate_again};

use crate::StoreError;
use crate::disk::read_limited;

pub use self::builds::read_builds;
pub use self::centres::{centres_of, time_of};
pub use self::csv::write_orders_csv;
pub(crate) use self::json::without_mark;
pub use self::json::{write_centres_json, write_night_json};
pub use self::models::{MODELS_FOLDER, read_model_file};
pub use self::parquet::write_orders_parquet;
pub use self::rows::COLUMNS;

/// Name of the orders as CSV.
pub const ORDERS_CSV: &str = "orders.csv";
/// Name of the orders as Parquet.
pub const ORDERS_PARQUET: &str = "orders.parquet";

/// The three files of a night, as they were written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NightDrafts {
    /// What was ordered.
    pub orders: OrdersDraft,
    /// Materials, processes, treatments.
    pub catalogue: CatalogueDraft,
    /// Centres with their machines.
    pub centres: CentresDraft,
}

/// A night that was read and checked.
#[derive(Clone, Debug)]
pub struct NightInput {
    /// The folder.
    pub folder: PathBuf,
    /// The file of the orders.
    pub orders_file: &'static str,
    /// What validation made of it.
    pub validated: Validated,
}

/// Reads and validates the night in `dir`. Model files are not looked at.
///
/// # Errors
/// With all faults at once, if a file is missing, doubtful or not of its format. What validation
/// finds is no error: see [`Validated::fatal`].
pub fn read_night(dir: &Path, limits: &Limits) -> Result<NightInput, StoreError> {
    read_night_again(dir, limits, &BTreeSet::new())
}

/// As [`read_night`], for a night that goes on from a plan: orders that it has already (`known`)
/// may be overdue by now.
///
/// # Errors
/// As [`read_night`].
pub fn read_night_again(
    dir: &Path,
    limits: &Limits,
    known: &BTreeSet<OrderId>,
) -> Result<NightInput, StoreError> {
    let (orders_file, drafts) = read_drafts(dir, limits)?;
    let NightDrafts { orders, catalogue, centres } = drafts;
    let validated = validate_again(orders, catalogue, centres, limits, known);
    Ok(NightInput { folder: dir.to_owned(), orders_file, validated })
}

/// Reads the three files of the night in `dir`; says which file the orders are from.
///
/// # Errors
/// With all faults at once, if a file is missing, doubtful or not of its format.
pub fn read_drafts(dir: &Path, limits: &Limits) -> Result<(&'static str, NightDrafts), StoreError> {
    let mut faults = Vec::new();
    let mut drafts = NightDrafts::default();
    let orders_file = find_orders(dir).map_err(|fault| faults.push(fault)).ok();
    if let Some(file) = orders_file {
        let read = || {
            let bytes = read_file(dir, file, limits)?;
            match file {
                ORDERS_CSV => csv::read(&bytes),
                ORDERS_PARQUET => parquet::read(&dir.join(file), limits),
                _ => json::read_orders(&bytes),
            }
        };
        read().map(|orders| drafts.orders = orders).unwrap_or_else(|found| faults.extend(found));
    }
    read_file(dir, CATALOGUE_FILE, limits)
        .and_then(|bytes| json::read(CATALOGUE_FILE, &bytes))
        .map(|catalogue| drafts.catalogue = catalogue)
        .unwrap_or_else(|found| faults.extend(found));
    read_file(dir, CENTRES_FILE, limits)
        .and_then(|bytes| json::read(CENTRES_FILE, &bytes))
        .map(|centres| drafts.centres = centres)
        .unwrap_or_else(|found| faults.extend(found));
    match orders_file {
        Some(file) if faults.is_empty() => Ok((file, drafts)),
        _ => Err(StoreError::Night { faults }),
    }
}

/// The one file of orders in `dir`.
fn find_orders(dir: &Path) -> Result<&'static str, InputFault> {
    let names = [ORDERS_FILE, ORDERS_CSV, ORDERS_PARQUET];
    let there: Vec<_> = names.into_iter().filter(|name| dir.join(name).exists()).collect();
    match there[..] {
        [name] => Ok(name),
        [] => {
            let folder = dir.display();
            let message =
                format!("must be there: one of {} is looked for in {folder}", names.join(", "));
            Err(InputFault::new("E1001", "orders", message))
        }
        _ => {
            let message = format!("must be in one file, are in {}: keep one", there.join(" and "));
            Err(InputFault::new("E1003", "orders", message))
        }
    }
}

fn read_file(dir: &Path, name: &str, limits: &Limits) -> Result<Vec<u8>, Vec<InputFault>> {
    let path = dir.join(name);
    if !path.exists() {
        let message = format!("must be there, is not in {}", dir.display());
        return Err(vec![InputFault::new("E1001", name, message)]);
    }
    read_limited(&path, limits.file_bytes)
        .map_err(|reason| vec![InputFault::new("E1001", name, reason)])
}
