//! Bounds that need no more than volumes and boxes of meshes.

use platewright_mesh::TriMesh;
use platewright_model::volume::{Space, Turns, VolumePart, VolumeProblem, VolumeType};

use super::task::SolidMeshes;

/// What no layout with all required parts in builds of one kind is below: its cost; with a volume
/// that is open above, the height of a build of all of them.
pub(super) fn bound(problem: &VolumeProblem, meshes: SolidMeshes<'_>, kind: &VolumeType) -> f64 {
    let required = || problem.parts.iter().zip(meshes.parts).filter(|(part, _)| !part.optional);
    let volume: f64 =
        required().map(|(part, mesh)| f64::from(part.copies) * mesh.volume().abs()).sum();
    let inner = |edge: f64| edge - 2.0 * kind.wall;
    let room = match &kind.space {
        Space::Open([width, depth]) => {
            let base = [inner(*width), inner(*depth)];
            let lowest = required().map(|(part, mesh)| least_height(part, mesh, base));
            let highest = lowest.fold(0.0, f64::max);
            return kind.wall + highest.max(volume / (base[0] * base[1]));
        }
        Space::Box(size) => size.iter().map(|edge| inner(*edge)).product(),
        Space::Cylinder { radius, height } => {
            std::f64::consts::PI * (radius - kind.wall).powi(2) * inner(*height)
        }
        Space::Mesh(_) => f64::INFINITY,
    };
    kind.cost * (volume / room - 1e-9).ceil().max(0.0)
}

/// The height of a part at its lowest rotation over a base.
fn least_height(part: &VolumePart, mesh: &TriMesh, base: [f64; 2]) -> f64 {
    let Some(size) = mesh.bounds().map(|bounds| bounds.size()) else { return 0.0 };
    if part.turns != Turns::Cube {
        return if matches!(part.turns, Turns::Fixed | Turns::Upright(_)) { size[2] } else { 0.0 };
    }
    let lying = [[0, 1, 2], [1, 0, 2], [0, 2, 1], [2, 0, 1], [1, 2, 0], [2, 1, 0]];
    let fitting = lying.into_iter().filter(|k| size[k[0]] <= base[0] && size[k[1]] <= base[1]);
    fitting.map(|k| size[k[2]]).min_by(f64::total_cmp).unwrap_or(0.0)
}
