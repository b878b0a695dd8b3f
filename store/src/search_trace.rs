//! How a search went, as a table.

use std::path::Path;

use platewright_model::search_step::SearchStep;

use crate::StoreError;
use crate::table::Table;

/// Writes every improvement of a search as one Parquet table: one row a step.
///
/// # Errors
/// It cannot be written.
pub fn write_search_trace(path: &Path, trace: &[SearchStep]) -> Result<(), StoreError> {
    Table::new("search_trace")
        .real("seconds", trace.iter().map(|step| step.seconds))
        .whole("iterations", trace.iter().map(|step| step.iterations as i64))
        .real("objective", trace.iter().map(|step| step.objective))
        .real("bound", trace.iter().map(|step| step.bound))
        .write(path)
}
