//! Slow and simple geometry of the verifier: true triangles, no voxels, no silhouettes of others.

mod containment;
mod drawing;
mod overlap;
mod section;
mod shadow;
mod solid;
mod sweep;
mod tree;
mod triangle_distance;
mod vector;

pub(crate) use containment::{Place, place};
pub(crate) use drawing::meets_on_its_way;
pub(crate) use overlap::pierce;
pub(crate) use section::{covered_areas, sections};
pub(crate) use shadow::shadow;
pub(crate) use solid::{Solid, Standing};
pub(crate) use sweep::close_pairs;
pub(crate) use tree::{Tree, box_triangles};
pub(crate) use vector::{Bounds, Triangle, V3, transpose_times};
