//! Slicing to exact layers, print time, layer formats, technical data packages.
//!
//! A mesh is cut at the middle of each layer. Contours are linked by the edges that triangles
//! share, never by distance, so that a closed mesh gives closed contours at every height. Units
//! that differ by a move alone are sliced once.

mod build;
mod chain;
mod error;
mod estimate;
pub mod format;
mod layers;
mod package;
mod planes;
mod simplify;
mod slices;
#[cfg(test)]
mod tests;
mod topology;
mod union;

pub use build::{slice_build, slice_model};
pub use error::{PackageError, SliceError};
pub use estimate::{build_load, exact_print_time, material};
pub use format::write_layers;
pub use layers::{BuildLayers, Contour, Layer};
pub use package::{
    CopyAt, DoubledCopy, Entry, MANIFEST_SCHEMA, Manifest, ManifestLine, ManifestOrder,
    ManifestUnit, PackageInput, Restored, RestoredLine, RestoredOrder, read_package, restore,
    sort_list, write_package,
};
pub use simplify::simplify_ring;
pub use slices::{RingSlice, SliceOptions, Slices, UnionRule, slice_mesh};
pub use union::union_layer;
