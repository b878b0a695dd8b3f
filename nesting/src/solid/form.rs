//! From a mesh to convex pieces.

use platewright_mesh::{TriMesh, without_cavities};

use super::cells::cells;
use super::convex::Convex;
use super::cover::cover;
use super::polytope::{Facet, Polytope};
use super::vector::{Vector, dot, length, minus, plus, times, unit};

/// Meshes of more triangles are covered, not cut.
pub(crate) const FEW: usize = 200;
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
    /// Whether the pieces are just the solid.
    pub(crate) exact: bool,
}

impl Form {
    /// Of a closed mesh, in at most so many pieces if they are not exact; none if the mesh is empty
    /// or encloses nothing. Closed cavities may count as solid.
    pub(crate) fn new(mesh: &TriMesh, filled: bool, most: usize) -> Option<Self> {
        let given = Given::of(mesh, filled)?;
        let (exact, pieces) = given.exact().map_or_else(
            || (false, cover(&given.facets, given.bounds, given.eps, most)),
            |cells| (true, cells),
        );
        let pieces: Vec<Convex> = pieces.iter().map(|p| Convex::new(p, given.eps)).collect();
        let volume = mesh.volume().abs();
        (!pieces.is_empty()).then_some(Self { pieces, middle: given.middle, volume, exact })
    }

    /// What is left of the box of a closed mesh outside of it, each cell in its place; none if it
    /// is not cut into a few. The box comes along.
    pub(crate) fn outside(mesh: &TriMesh) -> Option<(Vec<Self>, [Vector; 2])> {
        let given = Given::of(mesh, false)?;
        let turned = |facet: &Facet| Facet {
            normal: times(facet.normal, -1.0),
            at: -facet.at,
            ring: facet.ring.iter().rev().copied().collect(),
        };
        let [low, high] = given.bounds;
        let cells = cells(given.facets.iter().map(turned).collect(), low, high, given.eps);
        let room: f64 = (0..3).map(|k| high[k] - low[k]).product();
        let held: f64 = cells.iter().map(Polytope::volume).sum();
        let exact = (held + given.volume - room).abs() <= 1e-6 * room;
        let forms = cells.iter().map(|cell| Self::convex(cell, given.middle, given.eps)).collect();
        let bounds = given.bounds.map(|corner| plus(corner, given.middle));
        exact.then_some((forms, bounds))
    }

    /// Of a box along the axes, in its place.
    pub(crate) fn cuboid(low: Vector, high: Vector) -> Self {
        let eps = EPS * length(minus(high, low));
        Self::convex(&Polytope::cuboid(low, high), [0.0; 3], eps)
    }

    /// Of a convex ring, counter-clockwise, drawn up from a height to another one.
    pub(crate) fn prism(ring: &[[f64; 2]], low: f64, high: f64) -> Self {
        let bound = |pick: fn(f64, f64) -> f64, k: usize| {
            ring.iter().map(|p| p[k]).reduce(pick).unwrap_or(0.0)
        };
        let least = [bound(f64::min, 0), bound(f64::min, 1), low];
        let most = [bound(f64::max, 0), bound(f64::max, 1), high];
        let eps = EPS * length(minus(most, least));
        let mut prism = Polytope::cuboid(least, most);
        for (k, p) in ring.iter().enumerate() {
            let q = ring[(k + 1) % ring.len()];
            let normal = unit([q[1] - p[1], p[0] - q[0], 0.0]);
            prism = prism.clipped(normal, dot(normal, [p[0], p[1], 0.0]), eps).unwrap_or_default();
        }
        Self::convex(&prism, [0.0; 3], eps)
    }

    /// How far its corners are from one another at most.
    pub(crate) fn across(&self) -> f64 {
        let corners = self.pieces.iter().flat_map(|piece| &piece.corners);
        2.0 * corners.map(|p| length(*p)).fold(0.0, f64::max)
    }

    /// Of a convex polytope, moved.
    fn convex(polytope: &Polytope, by: Vector, eps: f64) -> Self {
        let piece = Convex::new(polytope, eps);
        let [low, high] = piece.bounds();
        let middle = times(plus(low, high), 0.5);
        let pieces = vec![piece.moved(times(middle, -1.0))];
        Self { pieces, middle: plus(middle, by), volume: polytope.volume(), exact: true }
    }
}

/// A mesh as facets around the middle of its box.
struct Given {
    facets: Vec<Facet>,
    middle: Vector,
    bounds: [Vector; 2],
    /// What the facets enclose.
    volume: f64,
    /// Lengths below this are 0.
    eps: f64,
}

impl Given {
    fn of(mesh: &TriMesh, filled: bool) -> Option<Self> {
        let bounds = mesh.bounds()?;
        let middle = times(plus(bounds.min, bounds.max), 0.5);
        let eps = EPS * length(minus(bounds.max, bounds.min));
        let inward = mesh.volume() < 0.0;
        let outer = filled.then(|| without_cavities(mesh));
        let mesh = outer.as_ref().unwrap_or(mesh);
        let facets = (0..mesh.triangles.len()).filter_map(|t| {
            let mut ring = mesh.corners(t).map(|p| minus(p.into(), middle)).to_vec();
            if inward {
                ring.reverse();
            }
            Facet::new(ring, eps)
        });
        let facets: Vec<Facet> = facets.collect();
        let bounds = [bounds.min, bounds.max].map(|corner| minus(corner, middle));
        let volume = facets.iter().map(|facet| facet.at * facet.area() / 3.0).sum();
        (volume > eps * eps * eps).then_some(Self { facets, middle, bounds, volume, eps })
    }

    /// The solid cut into a few cells that make up its volume, if that can be.
    fn exact(&self) -> Option<Vec<Polytope>> {
        if self.facets.len() > FEW {
            return None;
        }
        let [low, high] = self.bounds;
        let pad = times(minus(high, low), 0.01);
        let cells = cells(self.facets.clone(), minus(low, pad), plus(high, pad), self.eps);
        let held: f64 = cells.iter().map(Polytope::volume).sum();
        let small = cells.len() <= MOST_CELLS
            && cells.iter().all(|cell| cell.facets.len() <= MOST_FACETS)
            && (held - self.volume).abs() <= 1e-6 * self.volume;
        small.then_some(cells)
    }
}
