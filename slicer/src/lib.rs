//! Slicing to exact layers, print time, layer formats, technical data packages.
//!
//! A mesh is cut at the middle of each layer. Contours are linked by the edges that triangles
//! share, never by distance, so that a closed mesh gives closed contours at every height. Units
//! that differ by a move alone are sliced once.

mod adaptive;
mod body;
mod build;
mod calibrate;
mod comparing;
mod consumption;
mod contour;
mod edge_table;
mod error;
mod estimate;
mod exposure;
pub mod format;
mod irregular;
mod layers;
mod loose;
mod motion;
mod package;
mod planes;
pub mod raster;
mod region;
mod run_edges;
mod runs;
mod slicer;
#[cfg(test)]
mod tests;
mod triangles;

pub use adaptive::{AdaptiveLimits, adaptive_planes};
pub use build::{Placed, Shape};
pub use calibrate::{Calibration, Coefficient, HeldOut, Job, Outlier, Term, calibrate};
pub use comparing::Compare;
pub use consumption::{Consumption, consumption, layer_volume_mm3, shrinkage_scale};
pub use error::{CalibrateError, PackageError, SliceError};
pub use estimate::{build_load, exact_print_time, material, sliced_print_time};
pub use exposure::{
    LayerTime, LayerWork, ProcessTime, layer_time, layer_works, linear_time_model, needs_change,
    process_time,
};
pub use format::write_layers;
pub use layers::{Contour, Layer, Piece, Stack, StackBody, StackPart};
pub use package::{
    CopyAt, DoubledCopy, Entry, MANIFEST_SCHEMA, Manifest, ManifestLine, ManifestOrder,
    ManifestUnit, PackageInput, Restored, RestoredLine, RestoredOrder, read_package, restore,
    sort_list, write_package,
};
pub use planes::{LAYERS_MAX, Planes};
pub use region::{Fill, GRID_MM, GRID_REACH, GridPoint, Region, RegionFigures, from_grid, to_grid};
pub use slicer::{BuildSlicer, FactsOnly, LayerSink, SliceOptions, Sliced, Unite};
