//! Outlines as unions of convex pieces.

use std::collections::BTreeMap;

use i_triangle::float::triangulatable::Triangulatable;
use platewright_model::strip::ring_area;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_pcg::Pcg64;

/// A point of the plane.
pub(crate) type Point = [f64; 2];

/// Orders in which triangles are joined; the best is kept.
const ORDERS: u64 = 48;

/// `(b - a) × (c - a)`: positive if `a, b, c` turn left.
#[inline(always)]
pub(super) fn cross(a: Point, b: Point, c: Point) -> f64 {
    (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}

/// Cuts a simple polygon with holes into few convex ones, all counter-clockwise.
///
/// A Delaunay triangulation, joined over its edges as long as the pieces stay convex (Hertel and
/// Mehlhorn 1983); of many orders the one with the fewest pieces.
pub(crate) fn convex_pieces(outline: &[Point], holes: &[Vec<Point>]) -> Vec<Vec<Point>> {
    let mut rings = vec![outline.to_vec()];
    rings.extend(holes.iter().map(|hole| {
        let clockwise = ring_area(hole) < 0.0;
        if clockwise { hole.clone() } else { hole.iter().rev().copied().collect() }
    }));
    let triangulation = rings.triangulate().into_delaunay();
    let points: Vec<Point> = triangulation.points();
    let corners: Vec<usize> = triangulation.triangle_indices();
    let triangles: Vec<Vec<usize>> = corners
        .as_chunks::<3>()
        .0
        .iter()
        .map(|&[a, b, c]| {
            let left = cross(points[a], points[b], points[c]) > 0.0;
            if left { vec![a, b, c] } else { vec![a, c, b] }
        })
        .collect();
    let mut best = joined(&points, &triangles, 0);
    for order in 1..ORDERS {
        let pieces = joined(&points, &triangles, order);
        if pieces.len() < best.len() {
            best = pieces;
        }
    }
    best.into_iter().map(|piece| piece.into_iter().map(|v| points[v]).collect()).collect()
}

/// Joins triangles over their common edges, in the order of a seed, as long as pieces stay
/// convex.
fn joined(points: &[Point], triangles: &[Vec<usize>], seed: u64) -> Vec<Vec<usize>> {
    let mut pieces: Vec<Option<Vec<usize>>> = triangles.iter().cloned().map(Some).collect();
    // The piece to the left of each edge.
    let mut left: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for (k, t) in triangles.iter().enumerate() {
        left.extend((0..3).map(|i| ((t[i], t[(i + 1) % 3]), k)));
    }
    let mut inner: Vec<(usize, usize)> =
        left.keys().copied().filter(|&(a, b)| a < b && left.contains_key(&(b, a))).collect();
    if seed > 0 {
        inner.shuffle(&mut Pcg64::seed_from_u64(seed));
    }
    for (a, b) in inner {
        let (x, y) = (left[&(a, b)], left[&(b, a)]);
        let (Some(one), Some(other)) = (&pieces[x], &pieces[y]) else { continue };
        if x == y {
            continue;
        }
        let both = over_edge(one, other, a, b);
        if !is_convex(points, &both) {
            continue;
        }
        left.extend((0..both.len()).map(|i| ((both[i], both[(i + 1) % both.len()]), x)));
        (pieces[x], pieces[y]) = (Some(both), None);
    }
    pieces.into_iter().flatten().collect()
}

/// The polygon of two that share the edge from `a` to `b`.
fn over_edge(one: &[usize], other: &[usize], a: usize, b: usize) -> Vec<usize> {
    let from = |piece: &[usize], v: usize| piece.iter().position(|&w| w == v).unwrap_or(0);
    let (i, j) = (from(one, b), from(other, a));
    let mut both: Vec<usize> = (0..one.len()).map(|k| one[(i + k) % one.len()]).collect();
    both.extend((1..other.len() - 1).map(|k| other[(j + k) % other.len()]));
    both
}

fn is_convex(points: &[Point], piece: &[usize]) -> bool {
    let n = piece.len();
    let corner = |k: usize| points[piece[k % n]];
    (0..n).all(|k| cross(corner(k), corner(k + 1), corner(k + 2)) >= 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_convex_and_fill_the_outline() {
        // A comb with three teeth.
        let comb = [
            [0.0, 0.0],
            [5.0, 0.0],
            [5.0, 3.0],
            [4.0, 3.0],
            [4.0, 1.0],
            [3.0, 1.0],
            [3.0, 3.0],
            [2.0, 3.0],
            [2.0, 1.0],
            [1.0, 1.0],
            [1.0, 3.0],
            [0.0, 3.0],
        ];
        let pieces = convex_pieces(&comb, &[]);
        assert!(pieces.len() <= 5, "{}", pieces.len());
        let area: f64 = pieces.iter().map(|piece| ring_area(piece)).sum();
        assert!((area - ring_area(&comb)).abs() < 1e-6);
        for piece in &pieces {
            let all: Vec<usize> = (0..piece.len()).collect();
            assert!(is_convex(piece, &all));
        }
    }

    #[test]
    fn holes_stay_free() {
        let square = |a: f64, b: f64| vec![[a, a], [b, a], [b, b], [a, b]];
        let pieces = convex_pieces(&square(0.0, 9.0), &[square(3.0, 6.0)]);
        let area: f64 = pieces.iter().map(|piece| ring_area(piece)).sum();
        assert!((area - 72.0).abs() < 1e-6);
        assert!(pieces.len() <= 6, "{}", pieces.len());
    }

    #[test]
    fn a_convex_outline_is_one_piece() {
        let hexagon: Vec<Point> = (0..6)
            .map(|k| {
                let angle = f64::from(k) * std::f64::consts::FRAC_PI_3;
                [10.0 * angle.cos(), 10.0 * angle.sin()]
            })
            .collect();
        assert_eq!(convex_pieces(&hexagon, &[]).len(), 1);
    }
}
