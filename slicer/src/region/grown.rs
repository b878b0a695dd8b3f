//! A region grown by a distance, as few rings whose union under the Positive rule it is.
//!
//! The rectangles that neighbouring edges sweep share a side, once the side is moved to where
//! the swept edges meet: into the mitre where a contour turns towards the swept side, along an arc
//! where it turns away. A chain of such pieces is one ring that winds around every point as often
//! as pieces cover it, for each piece is simple and counter-clockwise; and pieces all around a
//! ring, with the region itself, are the ring moved outward. Where a mitre would be longer than
//! half an edge beside it, the chain is cut. Covers the same as a band of one piece
//! an edge, as `offset.rs` makes it, with a fraction of its edges.

use super::offset::{Vector, arc_step, from_to, moved, outward};
use super::{GridPoint, Region};

/// Steps that rounding of both ends of a side may take off it.
const ROUNDING: f64 = 2.0;

/// Rings whose union under the Positive rule is a united region grown by `by` steps (above 0);
/// arcs are inscribed within `arc` steps.
pub(super) fn grown(region: &Region, by: f64, arc: f64) -> Region {
    let step = arc_step(by, arc.max(1.0));
    let mut out = Region::default();
    let mut distinct: Vec<GridPoint> = Vec::new();
    for ring in region.rings() {
        // An edge of no length has no side.
        distinct.clear();
        distinct.extend(ring);
        distinct.dedup();
        while distinct.len() > 1 && distinct.first() == distinct.last() {
            distinct.pop();
        }
        Mover::new(&distinct, by, step).push_to(&mut out);
    }
    out
}

/// How the sides of two edges are joined at the corner between them.
enum Join {
    /// The contour turns towards the swept side: the sides meet at the mitre.
    Mitre(GridPoint),
    /// It turns away: from the end of one side along an arc to the beginning of the other.
    Arc,
    /// The sides overlap by more than can be cut off: each ends square.
    Cut,
}

/// Moves the edges of a ring outward.
struct Mover<'a> {
    ring: &'a [GridPoint],
    /// The vector that each edge is moved by, in whole steps.
    out: Vec<Vector>,
    /// What is at the end of each edge.
    joins: Vec<Join>,
    by: f64,
    step: f64,
}

impl<'a> Mover<'a> {
    fn new(ring: &'a [GridPoint], by: f64, step: f64) -> Self {
        let n = ring.len();
        let along = |k: usize| from_to(ring[k % n], ring[(k + 1) % n]);
        let exact: Vec<Vector> = (0..n).map(|k| outward(along(k), by)).collect();
        let joins = (0..n)
            .map(|k| {
                let (a, b) = (along(k), along(k + 1));
                join(ring[(k + 1) % n], [a, b], [exact[k], exact[(k + 1) % n]], by)
            })
            .collect();
        let out = exact.into_iter().map(|v| v.map(f64::round_ties_even)).collect();
        Self { ring, out, joins, by, step }
    }

    fn push_to(&self, region: &mut Region) {
        let n = self.ring.len();
        let Some(cut) = self.joins.iter().position(|join| matches!(join, Join::Cut)) else {
            // With the ring itself, the pieces all around it are the ring that was moved.
            (0..n).for_each(|k| self.draw_join(k, region));
            region.close();
            return;
        };
        region.push(self.ring.iter().copied());
        // Chains of edges from one cut to the next, all around.
        let (mut from, end) = (cut + 1, cut + 1 + n);
        while from < end {
            let mut to = from;
            while !matches!(self.joins[to % n], Join::Cut) {
                to += 1;
            }
            for k in (from..=to + 1).rev() {
                region.draw(self.ring[k % n]);
            }
            region.draw(moved(self.ring[from % n], self.out[from % n]));
            (from..to).for_each(|k| self.draw_join(k % n, region));
            region.draw(moved(self.ring[(to + 1) % n], self.out[to % n]));
            region.close();
            from = to + 1;
        }
    }

    /// Draws the sides' corner at the end of edge `k`.
    fn draw_join(&self, k: usize, region: &mut Region) {
        let n = self.ring.len();
        let (corner, next) = (self.ring[(k + 1) % n], (k + 1) % n);
        match self.joins[k] {
            Join::Mitre(point) => region.draw(point),
            Join::Cut => {}
            Join::Arc => {
                let (from, to) = (self.out[k], self.out[next]);
                region.draw(moved(corner, from));
                let cross = from[0] * to[1] - from[1] * to[0];
                let dot = from[0] * to[0] + from[1] * to[1];
                // Rounding may turn sides back that are all but parallel; they leave no gap.
                let turn = if cross <= 0.0 && dot > 0.0 { 0.0 } else { cross.atan2(dot).abs() };
                let steps = (turn / self.step).ceil().max(1.0);
                let reach = self.by / (from[0] * from[0] + from[1] * from[1]).sqrt().max(1.0);
                for j in 1..steps as u32 {
                    let (sin, cos) = (turn * f64::from(j) / steps).sin_cos();
                    let [x, y] = from.map(|c| c * reach);
                    region.draw(moved(corner, [x * cos - y * sin, x * sin + y * cos]));
                }
                region.draw(moved(corner, to));
            }
        }
    }
}

fn join(corner: GridPoint, [a, b]: [Vector; 2], [from, to]: [Vector; 2], by: f64) -> Join {
    let cross = a[0] * b[1] - a[1] * b[0];
    if cross >= 0.0 {
        return Join::Arc;
    }
    let dot = from[0] * to[0] + from[1] * to[1];
    if dot <= 0.0 {
        return Join::Cut;
    }
    let scale = by * by / (by * by + dot);
    let mitre = [0, 1].map(|k| (from[k] + to[k]) * scale);
    // What the mitre takes off the sides.
    let taken = (mitre[0] * mitre[0] + mitre[1] * mitre[1] - by * by).max(0.0).sqrt();
    let length = |v: Vector| (v[0] * v[0] + v[1] * v[1]).sqrt();
    if taken + ROUNDING > 0.5 * length(a).min(length(b)) {
        return Join::Cut;
    }
    Join::Mitre(moved(corner, mitre))
}
