//! Facts of layers as a table: one row a layer.

use std::path::Path;

use platewright_model::stage::{LayerFacts, LayerFigures};

use crate::StoreError;
use crate::table::{Rows, Table};

/// The layers of a build or model.
#[derive(Clone, Copy, Debug)]
pub struct LayerStack<'a> {
    /// Its name.
    pub name: &'a str,
    /// Facts of each layer from the plate up.
    pub facts: &'a [LayerFacts],
    /// Figures of each layer over the one below; empty where layers were not compared.
    pub figures: &'a [LayerFigures],
}

/// Columns of [`LayerFigures`]; there if a stack has figures.
const FIGURES: [&str; 4] = ["islands", "island_mm2", "overhang_mm2", "changed_mm2"];

/// Writes the facts of layers as one Parquet table, and their figures if there are any.
///
/// # Errors
/// It cannot be written.
pub fn write_layer_facts(path: &Path, stacks: &[LayerStack<'_>]) -> Result<(), StoreError> {
    let layers = || stacks.iter().flat_map(|stack| stack.facts.iter());
    let names = stacks.iter().flat_map(|stack| stack.facts.iter().map(|_| stack.name));
    let numbers = stacks.iter().flat_map(|stack| (0..).take(stack.facts.len()));
    let mut table = Table::new("layers")
        .text("build", names)
        .whole("layer", numbers)
        .real("top_mm", layers().map(|l| l.top_mm))
        .real("area_mm2", layers().map(|l| l.area_mm2))
        .real("perimeter_mm", layers().map(|l| l.perimeter_mm))
        .whole("contours", layers().map(|l| i64::from(l.contours)));
    if stacks.iter().any(|stack| !stack.figures.is_empty()) {
        let figures =
            || stacks.iter().flat_map(|s| (0..s.facts.len()).map(|i| s.figures.get(i).copied()));
        let [islands, island_mm2, overhang_mm2, changed_mm2] = FIGURES;
        table = table
            .whole_or_null(islands, figures().map(|f| Some(i64::from(f?.islands))))
            .real_or_null(island_mm2, figures().map(|f| Some(f?.island_mm2)))
            .real_or_null(overhang_mm2, figures().map(|f| f?.overhang_mm2))
            .real_or_null(changed_mm2, figures().map(|f| Some(f?.changed_mm2)));
    }
    table.write(path)
}

/// The figures of each row of a table of layers, if it has any.
pub(crate) fn read_figures(rows: &Rows) -> Result<Vec<Option<LayerFigures>>, StoreError> {
    let [islands, island_mm2, overhang_mm2, changed_mm2] = FIGURES;
    if rows.batch().schema().column_with_name(islands).is_none() {
        return Ok(vec![None; rows.len()]);
    }
    let counts = rows.whole_or_null(islands)?;
    let (island, changed) = (rows.real_or_null(island_mm2)?, rows.real_or_null(changed_mm2)?);
    let overhang = rows.real_or_null(overhang_mm2)?;
    (0..rows.len())
        .map(|i| {
            let Some(((count, island_mm2), changed_mm2)) = counts[i].zip(island[i]).zip(changed[i])
            else {
                return Ok(None);
            };
            let islands = rows.narrow(islands, count)?;
            let overhang_mm2 = overhang[i];
            Ok(Some(LayerFigures { islands, island_mm2, overhang_mm2, changed_mm2 }))
        })
        .collect()
}
