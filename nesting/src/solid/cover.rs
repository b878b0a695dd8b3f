//! Solids of many facets within few convex pieces that hold them.

use super::polytope::{Facet, Polytope, split_ring};
use super::slabs::directions;
use super::vector::{Vector, cross, dot, length, minus};

/// Cuts tried along each axis of a cell.
const CUTS: usize = 12;
/// A cut must save this share of the volume of the first piece.
const WORTH: f64 = 2e-3;

/// Convex pieces whose union holds the solid within closed facets, at most so many: boxes whose
/// corners and edges are cut off, as the planes of fixed directions touch what is in the cells of
/// an axis-parallel grid that is cut where that saves the most.
pub(crate) fn cover(
    facets: &[Facet],
    [low, high]: [Vector; 2],
    eps: f64,
    most: usize,
) -> Vec<Polytope> {
    let solid: Vec<Vec<Vector>> = facets.iter().map(|facet| facet.ring.clone()).collect();
    let maker = Maker { directions: directions(), solid: &solid, eps };
    let Some(first) = maker.cell([low, high], solid.clone()) else { return Vec::new() };
    let worth = WORTH * first.volume;
    let mut cells = vec![maker.best_cut(first)];
    while cells.len() < most {
        let saved = |cell: &Cut| cell.saved;
        let Some(best) =
            (0..cells.len()).max_by(|&a, &b| saved(&cells[a]).total_cmp(&saved(&cells[b])))
        else {
            break;
        };
        if cells[best].saved < worth {
            break;
        }
        let cut = cells.swap_remove(best);
        cells.extend(cut.halves.into_iter().map(|half| maker.best_cut(half)));
    }
    cells.into_iter().map(|cut| cut.cell.piece).collect()
}

/// A box and the piece that holds what of the solid is in it.
#[derive(Clone, Debug)]
struct Cell {
    bounds: [Vector; 2],
    /// The surface in it.
    rings: Vec<Vec<Vector>>,
    piece: Polytope,
    volume: f64,
}

/// A cell, its best two halves, and how much volume these save.
#[derive(Clone, Debug)]
struct Cut {
    cell: Cell,
    halves: Vec<Cell>,
    saved: f64,
}

struct Maker<'a> {
    directions: Vec<Vector>,
    solid: &'a [Vec<Vector>],
    eps: f64,
}

impl Maker<'_> {
    fn best_cut(&self, cell: Cell) -> Cut {
        let mut best = Cut { cell, halves: Vec::new(), saved: 0.0 };
        let [low, high] = best.cell.bounds;
        for axis in 0..3 {
            for k in 1..CUTS {
                let at = low[axis] + (high[axis] - low[axis]) * k as f64 / CUTS as f64;
                let halves = self.halves(&best.cell, axis, at);
                let saved = best.cell.volume - halves.iter().map(|half| half.volume).sum::<f64>();
                if saved > best.saved {
                    best = Cut { halves, saved, ..best };
                }
            }
        }
        best
    }

    /// What of a cell is on both sides of a plane across an axis.
    fn halves(&self, cell: &Cell, axis: usize, at: f64) -> Vec<Cell> {
        let mut normal = [0.0; 3];
        normal[axis] = 1.0;
        let [mut below, mut above] = [Vec::new(), Vec::new()];
        for ring in &cell.rings {
            let [back, front] = split_ring(ring, normal, at, self.eps);
            below.extend((back.len() >= 3).then_some(back));
            above.extend((front.len() >= 3).then_some(front));
        }
        let [mut lower, mut upper] = [cell.bounds; 2];
        lower[1][axis] = at;
        upper[0][axis] = at;
        let halves = [(lower, below), (upper, above)].into_iter();
        halves.filter_map(|(bounds, rings)| self.cell(bounds, rings)).collect()
    }

    /// The piece that holds what is in a box; none if nothing is.
    fn cell(&self, bounds: [Vector; 2], rings: Vec<Vec<Vector>>) -> Option<Cell> {
        let corner = |c: usize| [0, 1, 2].map(|k| bounds[c >> k & 1][k]);
        let inner = (0..8).map(corner).filter(|p| self.holds(*p));
        let points: Vec<Vector> = rings.iter().flatten().copied().chain(inner).collect();
        let reach =
            |along: Vector| points.iter().map(|p| dot(along, *p)).fold(f64::NEG_INFINITY, f64::max);
        let bound = |k: usize, sense: f64| {
            let mut along = [0.0; 3];
            along[k] = sense;
            sense * reach(along)
        };
        let (low, high) = ([0, 1, 2].map(|k| bound(k, -1.0)), [0, 1, 2].map(|k| bound(k, 1.0)));
        // What is as thin as rounding lies on the side of a cut.
        if points.is_empty() || (0..3).any(|k| high[k] - low[k] <= 10.0 * self.eps) {
            return None;
        }
        let mut piece = Polytope::cuboid(low, high);
        for &along in &self.directions {
            piece = piece.clipped(along, reach(along), self.eps)?;
        }
        let volume = piece.volume();
        Some(Cell { bounds, rings, piece, volume })
    }

    /// Whether a point is within the solid: whether the surface goes around it (van Oosterom and
    /// Strackee 1983, doi 10.1109/TBME.1983.325207).
    fn holds(&self, p: Vector) -> bool {
        let mut sum = 0.0;
        for ring in self.solid {
            for k in 1..ring.len() - 1 {
                let [a, b, c] = [ring[0], ring[k], ring[k + 1]].map(|q| minus(q, p));
                let (x, y, z) = (length(a), length(b), length(c));
                let below = x * y * z + dot(a, b) * z + dot(b, c) * x + dot(c, a) * y;
                sum += 2.0 * dot(a, cross(b, c)).atan2(below);
            }
        }
        sum.abs() > std::f64::consts::TAU
    }
}
