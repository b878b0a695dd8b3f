//! Batch scheduling problems, published instances too, and their plans.

mod additive;
mod nested;
#[cfg(test)]
mod tests;
mod workbook;

use std::path::Path;

use platewright_model::batching::{BatchPlan, BatchProblem};

pub use self::nested::read_nested_batches;
use crate::StoreError;
use crate::instance::{open, parse, write_json};

/// Reads a batch scheduling problem, told apart by how the name of the file ends:
///
/// - `.xlsx`: a workbook of additive machines (UAMSP-R), whose sheet `number` (from 1 on) is read:
///   times, sizes and releases in millionths of the unit of the file;
/// - `.csv`: a table of parts on identical machines (nestSchedAM), see [`read_nested_batches`];
/// - all else: JSON with the fields of [`BatchProblem`]. Numbers are taken as they are; whether
///   they make sense is for
///   [`validate_batches`](platewright_model::validate::validate_batches) to say.
///
/// # Errors
/// [`StoreError::Io`], [`StoreError::Json`], [`StoreError::Foreign`].
pub fn read_batch_problem(path: &Path, number: usize) -> Result<BatchProblem, StoreError> {
    let ends = |end: &str| path.extension().is_some_and(|ext| ext.eq_ignore_ascii_case(end));
    if ends("xlsx") {
        return additive::read(path, number);
    }
    if number != 1 {
        let reason = format!("it holds one instance, there is no number {number}");
        return Err(foreign(path, reason));
    }
    if ends("csv") { nested::read(path) } else { parse(path, &open(path)?) }
}

/// Writes a batch scheduling problem as JSON.
///
/// # Errors
/// [`StoreError::Io`], [`StoreError::Encode`].
pub fn write_batch_problem(path: &Path, problem: &BatchProblem) -> Result<(), StoreError> {
    write_json(path, problem)
}

/// Reads a plan of batches: JSON with the fields of [`BatchPlan`].
///
/// # Errors
/// [`StoreError::Io`], [`StoreError::Json`].
pub fn read_batch_plan(path: &Path) -> Result<BatchPlan, StoreError> {
    parse(path, &open(path)?)
}

/// Writes a plan of batches as JSON.
///
/// # Errors
/// [`StoreError::Io`], [`StoreError::Encode`].
pub fn write_batch_plan(path: &Path, plan: &BatchPlan) -> Result<(), StoreError> {
    write_json(path, plan)
}

/// A published instance is not what it should be.
fn foreign(path: &Path, reason: impl Into<String>) -> StoreError {
    StoreError::Foreign { path: path.to_owned(), reason: reason.into() }
}
