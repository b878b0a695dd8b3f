//! Nests checked by slow, independent geometry.

mod distance;
mod kit;
mod nests;
mod random;
mod verify;

use std::sync::Arc;

use platewright_mesh::TriMesh;
use platewright_model::config::VolumeConfig;
use platewright_model::geometry::{BuildVolume, VolumeShape};
use platewright_model::id::PartId;
use platewright_model::measure::Mm;
use platewright_model::order::OrientationPolicy;

use crate::{Item, Problem};

fn item(mesh: TriMesh, copies: u32, clearance: f64) -> Item {
    Item {
        part: PartId::from("part"),
        mesh: Arc::new(mesh),
        copies,
        orientation: OrientationPolicy::Axis24,
        clearance: Mm(clearance),
        inside_cavity: false,
        priority: 1,
    }
}

fn problem(items: Vec<Item>, [x, y, z]: [f64; 3]) -> Problem {
    let shape = VolumeShape::Box { x: Mm(x), y: Mm(y), z: Mm(z) };
    Problem {
        items,
        volume: BuildVolume { shape, excluded: Vec::new() },
        part_wall: Mm(0.0),
        part_plate: Mm(0.0),
        layers: None,
    }
}

fn pitch(voxel_mm: f64) -> VolumeConfig {
    VolumeConfig { voxel_mm, iterations: 8, removable: true, balanced: false }
}
