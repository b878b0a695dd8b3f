//! Facts of layers as a table: one row a layer.

use std::path::Path;

use platewright_model::stage::LayerFacts;

use crate::StoreError;
use crate::table::Table;

/// Writes the facts of the layers of builds or models, each by its name, as one Parquet table.
///
/// # Errors
/// It cannot be written.
pub fn write_layer_facts(path: &Path, stacks: &[(&str, &[LayerFacts])]) -> Result<(), StoreError> {
    let layers = || stacks.iter().flat_map(|(_, layers)| layers.iter());
    let names = stacks.iter().flat_map(|(name, layers)| layers.iter().map(|_| *name));
    let numbers = stacks.iter().flat_map(|(_, layers)| (0..).take(layers.len()));
    Table::new("layers")
        .text("build", names)
        .whole("layer", numbers)
        .real("top_mm", layers().map(|l| l.top_mm))
        .real("area_mm2", layers().map(|l| l.area_mm2))
        .real("perimeter_mm", layers().map(|l| l.perimeter_mm))
        .whole("contours", layers().map(|l| i64::from(l.contours)))
        .write(path)
}
