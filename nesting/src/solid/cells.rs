//! Solids of few facets cut into convex cells, exactly.

use super::polytope::{Facet, Polytope};
use super::vector::Vector;

/// How many more facets a plane may have before it for each one that it does not split.
const SPLIT: f64 = 8.0;

/// Convex cells whose union is the solid within closed facets, cut along the planes of facets
/// (a tree as of Thibault and Naylor 1987, doi 10.1145/37401.37421), then joined where two make a
/// convex one.
pub(crate) fn cells(facets: Vec<Facet>, low: Vector, high: Vector, eps: f64) -> Vec<Polytope> {
    let mut cells = Vec::new();
    cut(Polytope::cuboid(low, high), facets, eps, &mut cells);
    join(&mut cells, eps);
    cells
}

/// Cuts a cell that has facets in it.
fn cut(cell: Polytope, facets: Vec<Facet>, eps: f64, cells: &mut Vec<Polytope>) {
    let cost = |by: &Facet| {
        let (mut splits, mut before) = (0.0, 0.0);
        for facet in &facets {
            match side(facet, by, eps) {
                Side::Both => splits += 1.0,
                Side::Before => before += 1.0,
                Side::In | Side::Behind => {}
            }
        }
        // A plane that all is behind takes only emptiness away.
        if splits + before == 0.0 { f64::NEG_INFINITY } else { SPLIT * splits + before }
    };
    let best = facets.iter().min_by(|a, b| cost(a).total_cmp(&cost(b)));
    let Some(by) = best.cloned() else { return };
    let [mut behind, mut before] = [Vec::new(), Vec::new()];
    for facet in facets {
        match side(&facet, &by, eps) {
            Side::In => {}
            Side::Behind => behind.push(facet),
            Side::Before => before.push(facet),
            Side::Both => {
                let [back, front] = facet.split(&by, eps);
                behind.extend(back);
                before.extend(front);
            }
        }
    }
    if let Some(inner) = cell.clipped(by.normal, by.at, eps) {
        // Behind a facet without others there is nothing but solid.
        if behind.is_empty() {
            cells.push(inner);
        } else {
            cut(inner, behind, eps, cells);
        }
    }
    if !before.is_empty()
        && let Some(outer) = cell.clipped(by.normal.map(|x| -x), -by.at, eps)
    {
        cut(outer, before, eps, cells);
    }
}

/// On which side of a plane a facet lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    In,
    Behind,
    Before,
    Both,
}

fn side(facet: &Facet, by: &Facet, eps: f64) -> Side {
    let any = |sense: f64| facet.ring.iter().any(|p| sense * by.over(*p) > eps);
    match (any(-1.0), any(1.0)) {
        (false, false) => Side::In,
        (true, false) => Side::Behind,
        (false, true) => Side::Before,
        (true, true) => Side::Both,
    }
}

/// Joins cells whose union is convex, until there are none.
fn join(cells: &mut Vec<Polytope>, eps: f64) {
    let mut i = 0;
    while i < cells.len() {
        let found = (0..i).find_map(|j| union_of(&cells[i], &cells[j], eps).map(|both| (j, both)));
        let Some((j, both)) = found else {
            i += 1;
            continue;
        };
        cells.swap_remove(i);
        cells[j] = both;
        // What was compared with the smaller one may go with the larger one.
        i = 0;
    }
}

/// The union of two cells that do not overlap, if it is convex.
fn union_of(a: &Polytope, b: &Polytope, eps: f64) -> Option<Polytope> {
    let mut corners = a.corners(eps);
    corners.extend(b.corners(eps));
    let bound = |pick: fn(f64, f64) -> f64, k: usize| {
        corners.iter().map(|p| p[k]).reduce(pick).unwrap_or(0.0)
    };
    let (low, high) =
        ([0, 1, 2].map(|k| bound(f64::min, k)), [0, 1, 2].map(|k| bound(f64::max, k)));
    let mut both = Polytope::cuboid(low, high);
    for facet in a.facets.iter().chain(&b.facets) {
        if corners.iter().all(|p| facet.over(*p) <= 10.0 * eps) {
            both = both.clipped(facet.normal, facet.at, eps)?;
        }
    }
    let room: f64 = (0..3).map(|k| high[k] - low[k]).product();
    ((both.volume() - a.volume() - b.volume()).abs() <= 1e-7 * room).then_some(both)
}
