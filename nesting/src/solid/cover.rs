//! Solids of many facets within few convex pieces that hold them.

use super::inside::Lattice;
use super::polytope::{Facet, Polytope, split_ring};
use super::slabs::directions;
use super::vector::{Vector, dot};

/// Steps of the lattice along the longest edge; cells are cut along its planes.
const STEPS: usize = 48;
/// Cuts tried along each axis of a cell.
const CUTS: usize = 7;
/// Pieces are cut that hold more than the solid by this share of the volume of the first one.
const WORTH: f64 = 1e-3;

/// A flat polygon of the surface.
type Ring = Vec<Vector>;

/// Convex pieces whose union holds the solid within closed facets, at most so many: boxes whose
/// corners and edges are cut off, as the planes of fixed directions touch what is in the cells of
/// an axis-parallel lattice. Whichever piece holds most beside the solid is cut next, where that
/// saves the most: two cuts may save much where one saves nothing.
///
/// A point of the lattice at less than 10⁻⁶ steps from the surface may count as outside; what a
/// piece then lacks is no larger.
pub(crate) fn cover(facets: &[Facet], bounds: [Vector; 2], eps: f64, most: usize) -> Vec<Polytope> {
    let rings: Vec<Ring> = facets.iter().map(|facet| facet.ring.clone()).collect();
    let triangles: Vec<[Vector; 3]> = rings
        .iter()
        .flat_map(|ring| (1..ring.len() - 1).map(|k| [ring[0], ring[k], ring[k + 1]]))
        .collect();
    let lattice = Lattice::new(bounds, STEPS, &triangles);
    let maker = Maker { directions: directions(), lattice, eps };
    let whole = [[0; 3], maker.lattice.steps];
    let Some(piece) = maker.piece(&maker.reach(&rings, whole)) else { return Vec::new() };
    let mut cells = vec![maker.cell(whole, rings, piece)];
    let worth = WORTH * cells[0].piece.volume();
    while cells.len() < most {
        let ranks = (0..cells.len()).map(|k| (cells[k].excess, k));
        let Some((excess, best)) = ranks.max_by(|a, b| a.0.total_cmp(&b.0)) else { break };
        if excess < worth {
            break;
        }
        match maker.best_cut(&cells[best]) {
            Some((axis, at)) => {
                let cell = cells.swap_remove(best);
                cells.extend(maker.halves(cell, axis, at));
            }
            None => cells[best].excess = 0.0,
        }
    }
    cells.into_iter().map(|cell| cell.piece).collect()
}

/// A box of the lattice and the piece that holds what of the solid is in it.
#[derive(Clone, Debug)]
struct Cell {
    /// Numbers of planes.
    bounds: [[usize; 3]; 2],
    /// The surface in it.
    rings: Vec<Ring>,
    piece: Polytope,
    /// Volume of the piece beside the solid.
    excess: f64,
}

/// How far something reaches along each direction.
type Reach = Vec<f64>;

struct Maker {
    directions: Vec<Vector>,
    lattice: Lattice,
    eps: f64,
}

impl Maker {
    fn cell(&self, bounds: [[usize; 3]; 2], rings: Vec<Ring>, piece: Polytope) -> Cell {
        let excess = piece.volume() - self.lattice.volume(bounds);
        Cell { bounds, rings, piece, excess }
    }

    /// The axis and the plane that leave the smallest halves.
    fn best_cut(&self, cell: &Cell) -> Option<(usize, usize)> {
        let cuts = (0..3).flat_map(|axis| {
            self.cuts(cell, axis).into_iter().map(move |(at, volume)| (volume, axis, at))
        });
        let best = cuts.min_by(|a, b| a.0.total_cmp(&b.0));
        best.map(|(_, axis, at)| (axis, at))
    }

    /// Planes across an axis that a cell may be cut along, with the volume of both halves.
    fn cuts(&self, cell: &Cell, axis: usize) -> Vec<(usize, f64)> {
        let (low, high) = (cell.bounds[0][axis], cell.bounds[1][axis]);
        let mut planes: Vec<usize> =
            (1..=CUTS).map(|k| low + (high - low) * k / (CUTS + 1)).collect();
        planes.retain(|at| low < *at && *at < high);
        planes.dedup();
        // What lies between planes, with the points of the lattice on its sides.
        let mut layers: Vec<Vec<Ring>> = Vec::new();
        let mut rest = cell.rings.clone();
        for &at in &planes {
            let [below, above] = self.split(rest, axis, at);
            layers.push(below);
            rest = above;
        }
        layers.push(rest);
        let reaches: Vec<Reach> = layers
            .iter()
            .enumerate()
            .map(|(k, rings)| {
                let mut bounds = cell.bounds;
                bounds[0][axis] = if k == 0 { low } else { planes[k - 1] };
                bounds[1][axis] = planes.get(k).copied().unwrap_or(high);
                self.reach(rings, bounds)
            })
            .collect();
        let volume = |reaches: &[Reach]| {
            let all = reaches.iter().skip(1).fold(reaches[0].clone(), |mut all, reach| {
                all.iter_mut().zip(reach).for_each(|(most, far)| *most = most.max(*far));
                all
            });
            self.piece(&all).map_or(0.0, |piece| piece.volume())
        };
        let halves = |k: usize| volume(&reaches[..=k]) + volume(&reaches[k + 1..]);
        planes.iter().enumerate().map(|(k, &at)| (at, halves(k))).collect()
    }

    /// What of a cell is on both sides of a plane across an axis.
    fn halves(&self, cell: Cell, axis: usize, at: usize) -> Vec<Cell> {
        let [mut lower, mut upper] = [cell.bounds; 2];
        lower[1][axis] = at;
        upper[0][axis] = at;
        let halves = [lower, upper].into_iter().zip(self.split(cell.rings, axis, at));
        halves
            .filter_map(|(bounds, rings)| {
                let piece = self.piece(&self.reach(&rings, bounds))?;
                Some(self.cell(bounds, rings, piece))
            })
            .collect()
    }

    fn split(&self, rings: Vec<Ring>, axis: usize, at: usize) -> [Vec<Ring>; 2] {
        let mut normal = [0.0; 3];
        normal[axis] = 1.0;
        let at = self.lattice.at(axis, at);
        let [mut below, mut above] = [Vec::new(), Vec::new()];
        for ring in rings {
            let most = ring.iter().map(|p| p[axis]).fold(f64::NEG_INFINITY, f64::max);
            let least = ring.iter().map(|p| p[axis]).fold(f64::INFINITY, f64::min);
            if most < at - self.eps {
                below.push(ring);
            } else if least > at + self.eps {
                above.push(ring);
            } else {
                let [back, front] = split_ring(&ring, normal, at, self.eps);
                below.extend((back.len() >= 3).then_some(back));
                above.extend((front.len() >= 3).then_some(front));
            }
        }
        [below, above]
    }

    /// How far surface and solid corners of a box reach.
    fn reach(&self, rings: &[Ring], bounds: [[usize; 3]; 2]) -> Reach {
        let corner = |c: usize| [0, 1, 2].map(|k| bounds[c >> k & 1][k]);
        let corners = (0..8).map(corner).filter(|p| self.lattice.holds(*p));
        let corners = corners.map(|p| [0, 1, 2].map(|k| self.lattice.at(k, p[k])));
        let mut reach = vec![f64::NEG_INFINITY; self.directions.len()];
        for p in rings.iter().flatten().copied().chain(corners) {
            for (most, along) in reach.iter_mut().zip(&self.directions) {
                *most = most.max(dot(*along, p));
            }
        }
        reach
    }

    /// What the planes at a reach bound; none if that is nothing.
    fn piece(&self, reach: &Reach) -> Option<Polytope> {
        let (mut low, mut high) = ([0.0; 3], [0.0; 3]);
        for (far, along) in reach.iter().zip(&self.directions).take(6) {
            for k in 0..3 {
                if along[k] > 0.5 {
                    high[k] = *far;
                } else if along[k] < -0.5 {
                    low[k] = -far;
                }
            }
        }
        // What is as thin as rounding lies on the side of a cut.
        // Where nothing reaches, edges are no numbers.
        if !(0..3).all(|k| high[k] - low[k] > 10.0 * self.eps) {
            return None;
        }
        let planes = reach.iter().zip(&self.directions).skip(6);
        planes.into_iter().try_fold(Polytope::cuboid(low, high), |piece, (far, along)| {
            piece.clipped(*along, *far, self.eps)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::vector::{minus, times};
    use super::*;

    /// A ball of many facets, dented from above.
    fn dented() -> Vec<Facet> {
        const ROUND: usize = 24;
        let point = |i: usize, j: usize| -> Vector {
            let (up, around) = (
                std::f64::consts::PI * i as f64 / ROUND as f64,
                std::f64::consts::TAU * (j % ROUND) as f64 / ROUND as f64,
            );
            let p = [up.sin() * around.cos(), up.sin() * around.sin(), up.cos()];
            if p[2] > 0.5 { [p[0], p[1], 1.0 - p[2]] } else { p }
        };
        let quads = (0..ROUND).flat_map(|i| (0..ROUND).map(move |j| (i, j)));
        let triangles = quads.flat_map(|(i, j)| {
            let [a, b] = [point(i, j), point(i + 1, j)];
            let [c, d] = [point(i + 1, j + 1), point(i, j + 1)];
            [vec![a, b, c], vec![a, c, d]]
        });
        triangles.filter_map(|ring| Facet::new(ring, 1e-9)).collect()
    }

    #[test]
    fn pieces_hold_the_solid_and_get_nearer_to_it() {
        let facets = dented();
        let whole = [[-1.0, -1.0, -1.0], [1.0, 1.0, 0.5]];
        let volume = |pieces: &[Polytope]| pieces.iter().map(Polytope::volume).sum::<f64>();
        let solid: f64 = facets.iter().map(|facet| facet.at * facet.area() / 3.0).sum();
        let mut last = f64::INFINITY;
        for most in [1, 4, 16, 80] {
            let pieces = cover(&facets, whole, 2e-8, most);
            assert!(pieces.len() <= most);
            let held = volume(&pieces);
            assert!(held < last && held > solid, "{held} {solid}");
            last = held;
            // Points on the surface, and shortly within it, are in one of the pieces.
            let middles = facets.iter().map(|facet| {
                let sum = facet.ring.iter().fold([0.0; 3], |a, b| [0, 1, 2].map(|k| a[k] + b[k]));
                (times(sum, 1.0 / 3.0), facet.normal)
            });
            for (p, normal) in middles {
                for depth in [0.0, 0.05] {
                    let p = minus(p, times(normal, depth));
                    let within =
                        |piece: &Polytope| piece.facets.iter().all(|facet| facet.over(p) <= 1e-6);
                    assert!(pieces.iter().any(within), "{p:?} {most}");
                }
            }
        }
        assert!(last < 1.15 * solid, "{last} {solid}");
    }
}
