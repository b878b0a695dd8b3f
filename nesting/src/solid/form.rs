//! From a mesh to convex pieces.

use platewright_mesh::TriMesh;

use super::cells::cells;
use super::convex::Convex;
use super::cover::cover;
use super::polytope::{Facet, Polytope};
use super::vector::{Vector, length, minus, plus, times};

/// Meshes of more triangles are covered, not cut.
const FEW: usize = 200;
/// So are solids that are cut into more cells, or cells of more facets.
const MOST_CELLS: usize = 40;
const MOST_FACETS: usize = 64;
/// Share of the size of a solid below which lengths are 0.
const EPS: f64 = 1e-8;

/// A solid as convex pieces around the middle of its box.
#[derive(Clone, Debug)]
pub(crate) struct Form {
    pub(crate) pieces: Vec<Convex>,
    /// The middle of its box, in the frame of the mesh.
    pub(crate) middle: Vector,
    /// Volume of the mesh.
    pub(crate) volume: f64,
    /// Volume of the pieces: as much where they are exact.
    pub(crate) held: f64,
}

impl Form {
    /// Of a closed mesh, in at most so many pieces if they are not exact; none if the mesh is empty
    /// or encloses nothing.
    pub(crate) fn new(mesh: &TriMesh, most: usize) -> Option<Self> {
        let bounds = mesh.bounds()?;
        let middle = times(plus(bounds.min, bounds.max), 0.5);
        let size = length(minus(bounds.max, bounds.min));
        let eps = EPS * size;
        let inward = mesh.volume() < 0.0;
        let facets = (0..mesh.triangles.len()).filter_map(|t| {
            let mut ring = mesh.corners(t).map(|p| minus(p.into(), middle)).to_vec();
            if inward {
                ring.reverse();
            }
            Facet::new(ring, eps)
        });
        let facets: Vec<Facet> = facets.collect();
        let [low, high] = [bounds.min, bounds.max].map(|corner| minus(corner, middle));
        let volume = mesh.volume().abs();
        if facets.is_empty() || volume <= eps * eps * eps {
            return None;
        }
        let polytopes = exact(&facets, [low, high], volume, eps)
            .unwrap_or_else(|| cover(&facets, [low, high], eps, most));
        let held = polytopes.iter().map(Polytope::volume).sum();
        let pieces: Vec<Convex> = polytopes.iter().map(|p| Convex::new(p, eps)).collect();
        (!pieces.is_empty()).then_some(Self { pieces, middle, volume, held })
    }
}

/// The solid cut into a few cells that make up its volume, if that can be.
fn exact(facets: &[Facet], [low, high]: [Vector; 2], volume: f64, eps: f64) -> Option<Vec<Polytope>> {
    if facets.len() > FEW {
        return None;
    }
    let pad = times(minus(high, low), 0.01);
    let cells = cells(facets.to_vec(), minus(low, pad), plus(high, pad), eps);
    let held: f64 = cells.iter().map(Polytope::volume).sum();
    let small = cells.len() <= MOST_CELLS
        && cells.iter().all(|cell| cell.facets.len() <= MOST_FACETS)
        && (held - volume).abs() <= 1e-6 * volume;
    small.then_some(cells)
}
