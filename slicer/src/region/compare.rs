//! A layer over the layer below it, from one subdivision of the plane by both.
//!
//! Every edge of the subdivision knows what is on either side of it, and an area is half the sum of
//! the cross products of its edges (Green): no contour has to be linked.

#[cfg(test)]
mod tests;

use platewright_model::measure::Mm;
use platewright_model::stage::LayerFigures;

use super::boolean::{Edge, edges_of};
use super::figures::{check_reach, islands};
use super::grown::grown;
use super::{Fill, GRID_MM, GridPoint, Region, doubled_area};
use crate::error::SliceError;

/// Arcs of the layer below, grown by its reach, are this exact, as a share of the reach: the
/// overhang of a corner is no more than this too large.
pub(super) const REACH_ARC_ERROR: f64 = 1e-3;

/// Figures of a layer of one body over the layer below; both count by the Positive rule.
///
/// `reach` is how far a layer may stand out over the one below; without, overhangs are not
/// looked for.
///
/// # Errors
/// A reach that is no number, negative or beyond 1 m.
pub(crate) fn compare(
    layer: &Region,
    below: &Region,
    reach: Option<Mm>,
) -> Result<LayerFigures, SliceError> {
    reach.map_or(Ok(()), check_reach)?;
    let mut figures = LayerFigures { overhang_mm2: reach.map(|_| 0.0), ..LayerFigures::default() };
    // Mostly walls that stand upright: nothing is new, nothing is gone.
    if layer == below {
        return Ok(figures);
    }
    let edges = edges_of(layer, below);
    let beyond = area(&edges, |in_layer, in_below| in_layer && !in_below);
    let gone = area(&edges, |in_layer, in_below| !in_layer && in_below);
    figures.changed_mm2 = beyond + gone;
    if beyond <= 0.0 {
        return Ok(figures);
    }
    if may_hold_islands(layer, &edges) {
        let islands = islands(&layer.united(Fill::Positive), below);
        let outer = islands.rings().filter(|ring| doubled_area(ring) > 0.0).count();
        figures.islands = outer as u32;
        figures.island_mm2 = islands.area();
    }
    if let Some(reach) = reach {
        figures.overhang_mm2 = Some(overhang_area(layer, below, reach, beyond));
    }
    Ok(figures)
}

/// Area of a layer out of the reach of the layer below; `beyond` is that outside of it.
fn overhang_area(layer: &Region, below: &Region, reach: Mm, beyond: f64) -> f64 {
    let by = reach.0 / GRID_MM;
    // Within a step of the grid nothing can be told apart.
    if by < 1.0 || below.is_empty() {
        return beyond;
    }
    let edges = edges_of(layer, &grown(below, by, by * REACH_ARC_ERROR));
    area(&edges, |in_layer, in_reach| in_layer && !in_reach)
}

/// Area where `inside` holds of (in the layer, in the other region), mm².
fn area(edges: &[Edge], inside: impl Fn(bool, bool) -> bool) -> f64 {
    let Some(origin) = edges.first().map(|edge| edge.from) else { return 0.0 };
    let at = |p: GridPoint| [0, 1].map(|k| f64::from(p[k]) - f64::from(origin[k]));
    let doubled: f64 = edges
        .iter()
        .map(|edge| {
            let left = inside(edge.layer[0], edge.other[0]);
            let right = inside(edge.layer[1], edge.other[1]);
            if left == right {
                return 0.0;
            }
            let (a, b) = (at(edge.from), at(edge.to));
            let cross = a[0] * b[1] - a[1] * b[0];
            if left { cross } else { -cross }
        })
        .sum();
    // Rounding of the products may leave a little less than nothing.
    (0.5 * doubled * GRID_MM * GRID_MM).max(0.0)
}

/// Whether a piece of the layer may have no area in common with the layer below.
///
/// An edge of a piece with the layer below on its inner side shows that the piece is carried.
/// A piece without such an edge, uncut, may still be carried in its inside.
fn may_hold_islands(layer: &Region, edges: &[Edge]) -> bool {
    let mut carried: Vec<[GridPoint; 2]> = edges
        .iter()
        .filter(|edge| (0..2).any(|k| edge.layer[k] && !edge.layer[1 - k] && edge.other[k]))
        .map(|edge| [edge.from.min(edge.to), edge.from.max(edge.to)])
        .collect();
    carried.sort_unstable();
    layer.rings().filter(|ring| doubled_area(ring) > 0.0).any(|ring| {
        let ends = ring.iter().zip(ring.iter().cycle().skip(1));
        !ends.into_iter().any(|(&a, &b)| carried.binary_search(&[a.min(b), a.max(b)]).is_ok())
    })
}
