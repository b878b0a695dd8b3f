//! How regions lie to one another, decided in whole numbers.
//!
//! Differences of coordinates are below 2³¹, so cross and dot products fit into 64 bits and
//! their squares into 128.

use super::grid::{Point, Region};

/// Where a point lies in a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Inside,
    Outside,
    /// On the boundary, which runs in the same direction there: both have their inside left.
    Along,
    /// On the boundary, which runs in the other direction.
    Against,
}

/// Whether two regions have inner points in common.
///
/// If no edge runs through another, each edge is in pieces, cut where corners of the other lie on
/// it, and each piece is wholly inside, outside, or on the boundary. Where two regions overlap,
/// what they have in common is bounded by pieces of one that lie in the other, or by common
/// pieces that have both insides on the same side.
pub(super) fn overlap(a: &Region, b: &Region) -> bool {
    if a.boxes_keep(b, 0) {
        return false;
    }
    let (ours, theirs) = (a.edges_near(b, 0), b.edges_near(a, 0));
    let meet = |side: Side| matches!(side, Side::Inside | Side::Along);
    ours.iter().any(|e| theirs.iter().any(|f| cross_properly(*e, *f)))
        || sides_of(&ours, &theirs, b).any(meet)
        || sides_of(&theirs, &ours, a).any(|side| side == Side::Inside)
}

/// Whether no point of an outline lies outside of a region without holes.
pub(super) fn lies_within(outline: &Region, region: &Region) -> bool {
    if !region.covers_box_of(outline) {
        return false;
    }
    let (ours, theirs) = (outline.edges_near(region, 0), region.edges_near(outline, 0));
    let leaves = |side: Side| matches!(side, Side::Outside | Side::Against);
    !ours.iter().any(|e| theirs.iter().any(|f| cross_properly(*e, *f)))
        && !sides_of(&ours, &theirs, region).any(leaves)
}

/// Whether all edges of two regions are at least `distance`, above 0, from one another.
pub(super) fn keep_distance(a: &Region, b: &Region, distance: i64) -> bool {
    let (ours, theirs) = (a.edges_near(b, distance), b.edges_near(a, distance));
    ours.iter().all(|e| theirs.iter().all(|f| edges_keep(*e, *f, distance)))
}

fn edges_keep(e: [Point; 2], f: [Point; 2], distance: i64) -> bool {
    let boxes = |k: usize| {
        let span = |[a, b]: [Point; 2]| (a[k].min(b[k]), a[k].max(b[k]));
        let ((e_low, e_high), (f_low, f_high)) = (span(e), span(f));
        e_high + distance <= f_low || f_high + distance <= e_low
    };
    boxes(0)
        || boxes(1)
        || (!cross_properly(e, f)
            && e.iter().all(|&p| point_keeps(p, f, distance))
            && f.iter().all(|&p| point_keeps(p, e, distance)))
}

/// Whether a point is at least `distance` from an edge.
fn point_keeps(p: Point, [a, b]: [Point; 2], distance: i64) -> bool {
    let wide = |x: i64| i128::from(x);
    let squared = wide(distance) * wide(distance);
    let (along, to_a, to_b) = (minus(b, a), minus(p, a), minus(p, b));
    let (at, length) = (dot(to_a, along), dot(along, along));
    if at <= 0 {
        wide(dot(to_a, to_a)) >= squared
    } else if at >= length {
        wide(dot(to_b, to_b)) >= squared
    } else {
        let area = wide(cross(along, to_a));
        area * area >= squared * wide(length)
    }
}

/// Where the middle of each piece of edges lies in a region, whose `near` edges are those that
/// may touch them.
fn sides_of<'a>(
    edges: &'a [[Point; 2]],
    near: &'a [[Point; 2]],
    region: &'a Region,
) -> impl Iterator<Item = Side> + 'a {
    edges.iter().flat_map(move |&[from, to]| {
        let corners = near.iter().map(|edge| edge[0]);
        let mut cuts = vec![from, to];
        cuts.extend(corners.filter(|&p| is_on(p, [from, to])));
        cuts.sort_by_key(|&p| dot(minus(p, from), minus(to, from)));
        cuts.dedup();
        let middle = |piece: &[Point]| [0, 1].map(|k| i64::midpoint(piece[0][k], piece[1][k]));
        let middles: Vec<Point> = cuts.windows(2).map(middle).collect();
        middles.into_iter().map(move |p| side(p, minus(to, from), region))
    })
}

/// Where a point lies in a region, by the parity of edges to its right; on the boundary, by the
/// `direction` in which an edge through it runs.
///
/// Where rounding folded a region so that it runs both ways, the directions cancel out: no inside
/// is there to meet.
pub(super) fn side(p: Point, direction: Point, region: &Region) -> Side {
    let outside = (0..2).any(|k| p[k] < region.low[k] || p[k] > region.high[k]);
    if outside {
        return Side::Outside;
    }
    let (mut inside, mut on, mut same) = (false, false, 0);
    for [a, b] in region.edges() {
        if a[1].max(b[1]) < p[1] || a[1].min(b[1]) > p[1] || a[0].max(b[0]) < p[0] {
            continue;
        }
        if is_on(p, [a, b]) {
            on = true;
            same += dot(minus(b, a), direction).signum();
        } else if (a[1] > p[1]) != (b[1] > p[1]) && (turn_of(a, b, p) > 0) == (b[1] > a[1]) {
            inside = !inside;
        }
    }
    match (on, inside) {
        (true, _) if same > 0 => Side::Along,
        (true, _) => Side::Against,
        (false, true) => Side::Inside,
        (false, false) => Side::Outside,
    }
}

fn minus(a: Point, b: Point) -> Point {
    [a[0] - b[0], a[1] - b[1]]
}

fn dot(a: Point, b: Point) -> i64 {
    a[0] * b[0] + a[1] * b[1]
}

fn cross(a: Point, b: Point) -> i64 {
    a[0] * b[1] - a[1] * b[0]
}

/// Twice the area of a triangle, positive if it turns left.
fn turn_of(a: Point, b: Point, c: Point) -> i64 {
    cross(minus(b, a), minus(c, a))
}

fn is_on(p: Point, [a, b]: [Point; 2]) -> bool {
    let between = |k: usize| (a[k].min(b[k])..=a[k].max(b[k])).contains(&p[k]);
    between(0) && between(1) && turn_of(a, b, p) == 0
}

/// Whether two edges cross in a point that is an end of neither.
fn cross_properly([a, b]: [Point; 2], [c, d]: [Point; 2]) -> bool {
    let boxes_meet =
        |k: usize| a[k].max(b[k]) >= c[k].min(d[k]) && c[k].max(d[k]) >= a[k].min(b[k]);
    let apart = |one: i64, other: i64| one.signum() * other.signum() < 0;
    boxes_meet(0)
        && boxes_meet(1)
        && apart(turn_of(a, b, c), turn_of(a, b, d))
        && apart(turn_of(c, d, a), turn_of(c, d, b))
}
