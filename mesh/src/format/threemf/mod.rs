//! 3MF: core specification 1.3 with the production, materials and slice extensions.
//!
//! What contradicts the specification is refused with its place; faults of the surface itself are
//! left to [`crate::inspect`]. What is not read (beam lattices, booleans, other shapes) is told.

mod attributes;
mod build;
mod element;
mod names;
mod number;
mod opc;
mod package;
mod parser;
mod part;
mod properties;
mod scan;
mod sliced;
mod slices;
#[cfg(test)]
mod tests;
mod told;
mod transform;
mod window;

use std::sync::Arc;

use platewright_model::config::Limits;
use platewright_model::geometry::Pose;

use super::Raw;
use crate::{MeshError, TriMesh, ZipMembers};
use package::Package;

/// Name space of the core specification.
pub(crate) const CORE: &str = "http://schemas.microsoft.com/3dmanufacturing/core/2015/02";
/// Name space of the production extension.
pub(crate) const PRODUCTION: &str =
    "http://schemas.microsoft.com/3dmanufacturing/production/2015/06";
/// Name space of the slice extension.
pub(crate) const SLICE: &str = "http://schemas.microsoft.com/3dmanufacturing/slice/2015/07";
/// Type of the relationship to the model part.
pub(crate) const MODEL_TYPE: &str = "http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel";

/// Whether the bytes are a ZIP archive.
pub(super) fn looks(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// Reads a 3MF: all items of its build as one mesh.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Raw, MeshError> {
    let members = ZipMembers::open(bytes, limits)?;
    Package::open(&members, limits)?.merged()
}

/// An item of a build that was read from a 3MF.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadItem {
    /// UUID of the item (production extension).
    pub uuid: Option<String>,
    /// Part number.
    pub part_number: Option<String>,
    /// Number of the item's object: items with the same number share one mesh.
    pub object: usize,
    /// UUID of the object.
    pub object_uuid: Option<String>,
    /// Name of the object.
    pub name: Option<String>,
    /// From the object's frame to the build's frame.
    pub pose: Pose,
    /// The object's mesh, mm. Where the item's transform is no rigid motion, it is applied here
    /// and `pose` moves nothing.
    pub mesh: Arc<TriMesh>,
}

/// Reads the items of the build of a 3MF, one by one.
///
/// # Errors
/// As [`crate::read_model`], without the name of the file.
pub fn read_3mf_items(bytes: &[u8], limits: &Limits) -> Result<Vec<ReadItem>, MeshError> {
    let members = ZipMembers::open(bytes, limits)?;
    Package::open(&members, limits)?.items()
}

/// The slices of an object that were read from a 3MF.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadSlices {
    /// Id of the object within its part.
    pub object: u32,
    /// Name of the object.
    pub name: Option<String>,
    /// Where the first slice begins, mm.
    pub bottom_mm: f64,
    /// The slices, rising.
    pub slices: Vec<ReadSlice>,
}

/// A slice.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadSlice {
    /// Its upper end, mm.
    pub top_mm: f64,
    /// Corners of its polygons in the object's frame, mm; counter-clockwise ones are filled, and
    /// the last corner is joined to the first.
    pub polygons: Vec<Vec<[f64; 2]>>,
}

/// Reads the slice stacks of the objects of a 3MF (slice extension).
///
/// # Errors
/// As [`crate::read_model`], without the name of the file.
pub fn read_3mf_slices(bytes: &[u8], limits: &Limits) -> Result<Vec<ReadSlices>, MeshError> {
    let members = ZipMembers::open(bytes, limits)?;
    Ok(Package::open(&members, limits)?.slices())
}
