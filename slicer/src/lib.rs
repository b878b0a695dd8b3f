//! Slicing to exact layers, print time, layer formats, technical data packages.
//!
//! A mesh is cut at the middle of each layer. Contours are linked by the edges that triangles
//! share, never by distance, so that a closed mesh gives closed contours at every height. Units
//! that differ by a move alone are sliced once.

mod body;
mod build;
mod contour;
mod error;
mod estimate;
pub mod format;
mod irregular;
mod layers;
mod loose;
mod package;
mod planes;
mod region;
mod run_edges;
mod slicer;

pub use error::{PackageError, SliceError};
pub use estimate::{build_load, exact_print_time, material};
pub use layers::{Contour, Layer, Piece, Stack, StackBody, StackPart};
pub use package::{
    CopyAt, DoubledCopy, Entry, MANIFEST_SCHEMA, Manifest, ManifestLine, ManifestOrder,
    ManifestUnit, PackageInput, Restored, RestoredLine, RestoredOrder, read_package, restore,
    sort_list, write_package,
};
pub use planes::{LAYERS_MAX, Planes};
pub use region::{Fill, GRID_MM, GRID_REACH, GridPoint, Region, from_grid, to_grid};
pub use slicer::{BuildSlicer, SliceOptions, Sliced, Unite};
