//! Slicing to exact layers, print time, layer formats, technical data packages.
//!
//! A mesh is cut at the middle of each layer. Contours are linked by the edges that triangles
//! share, never by distance, so that a closed mesh gives closed contours at every height. Units
//! that differ by a move alone are sliced once.

mod adaptive;
mod body;
mod build;
mod calibrate;
mod consumption;
mod contour;
mod error;
mod estimate;
mod exposure;
pub mod format;
mod irregular;
mod layers;
mod loose;
mod package;
mod planes;
mod region;
mod run_edges;
mod slicer;
#[cfg(test)]
#[path = "tests/solids.rs"]
#[allow(dead_code, reason = "until the tests that use the rest are switched on again")]
mod solids;

pub use adaptive::{AdaptiveLimits, adaptive_planes};
pub use calibrate::{Calibration, Coefficient, HeldOut, Job, Outlier, Term, calibrate};
pub use consumption::{Consumption, consumption, layer_volume_mm3, shrinkage_scale};
pub use error::{CalibrateError, PackageError, SliceError};
pub use estimate::{build_load, exact_print_time, material};
pub use exposure::{
    LayerTime, LayerWork, ProcessTime, layer_time, layer_works, linear_time_model, process_time,
};
pub use layers::{Contour, Layer, Piece, Stack, StackPart};
pub use package::{
    CopyAt, DoubledCopy, Entry, MANIFEST_SCHEMA, Manifest, ManifestLine, ManifestOrder,
    ManifestUnit, PackageInput, Restored, RestoredLine, RestoredOrder, read_package, restore,
    sort_list, write_package,
};
pub use planes::{LAYERS_MAX, Planes};
pub use region::{Fill, GRID_MM, GRID_REACH, GridPoint, Region, RegionFigures, from_grid, to_grid};
pub use slicer::{BuildSlicer, SliceOptions, Sliced, Unite};
