//! Kinds of plates, prepared: the box of the bed, its hull, and what blocks parts within it.

use std::sync::Arc;

use platewright_model::plate::{Bed, PlateType};
use platewright_model::strip::ring_area;

use super::area::{capacity, circle};
use crate::bins::BinKind;
use crate::planar::{Form, Given, Hull, Keep, Place, Point, bounds_of, convex_hull, convex_pieces};

/// Corners of the polygon within a round bed: it takes 0.04 % of its area.
const ROUND: usize = 128;

/// A kind of plate as the search sees it: the box that parts stay in begins at the origin.
#[derive(Clone, Debug)]
pub(super) struct Kind {
    /// Least corner of the box, in the frame of the plate.
    pub(super) origin: Point,
    /// Its width and depth.
    pub(super) size: Point,
    /// What parts stay in besides.
    pub(super) hull: Hull,
    /// Zones, and what lies between the bed and its hull: where its origin is.
    pub(super) walls: Vec<(Given, Point)>,
    /// Area that grown parts may take, cost and stock.
    pub(super) bin: BinKind,
}

impl Kind {
    /// Of plates on which parts keep `gap`, and `spare` more from the edge than they must.
    pub(super) fn new(plate: &PlateType, gap: f64, spare: f64) -> Self {
        let ring = ring(&plate.bed);
        let hull = convex_hull(&ring);
        let inset = plate.edge_gap + spare;
        let [low, high] = bounds_of(&ring);
        let origin = low.map(|x| x + inset);
        let size = [0, 1].map(|k| high[k] - low[k] - 2.0 * inset);
        let mut walls = Vec::new();
        let mut wall = |outline: &[Point], apart: f64, above: f64| {
            for mut piece in convex_pieces(outline, &[]) {
                let [low, high] = bounds_of(&piece);
                let middle = [0, 1].map(|k| f64::midpoint(low[k], high[k]));
                piece.iter_mut().for_each(|p| *p = [p[0] - middle[0], p[1] - middle[1]]);
                let given = Given {
                    form: Arc::new(Form::convex(piece)),
                    turns: vec![0.0],
                    // The gap of parts to one another is added again.
                    keep: Keep { margin: apart - gap, height: f64::INFINITY, above },
                };
                walls.push((given, [middle[0] - origin[0], middle[1] - origin[1]]));
            }
        };
        for pocket in pockets(&ring, &hull) {
            wall(&pocket, plate.edge_gap, f64::NEG_INFINITY);
        }
        for zone in &plate.zones {
            wall(&zone.outline, zone.gap, zone.above.unwrap_or(f64::NEG_INFINITY));
        }
        let moved: Vec<Point> = hull.iter().map(|p| [p[0] - origin[0], p[1] - origin[1]]).collect();
        Self {
            origin,
            size,
            hull: Hull::new(&moved, inset),
            walls,
            bin: BinKind {
                capacity: capacity(plate, gap),
                cost: plate.cost,
                stock: plate.stock.map_or(usize::MAX, |stock| stock as usize),
            },
        }
    }

    /// A place in the frame of the plate, as the search has it.
    pub(super) fn inward(&self, at: Point) -> Point {
        [at[0] - self.origin[0], at[1] - self.origin[1]]
    }

    /// A place of the search, in the frame of the plate.
    pub(super) fn outward(&self, place: Place) -> Point {
        [place.at[0] + self.origin[0], place.at[1] + self.origin[1]]
    }
}

/// Whether parts that are as wide or deep as the bed stand on it flush with its edges: where these
/// are no numbers that rounding could move.
pub(super) fn is_flush(plate: &PlateType) -> bool {
    let whole = |side: &f64| (side * 1024.0).fract() == 0.0;
    plate.edge_gap == 0.0 && matches!(&plate.bed, Bed::Rectangle(sides) if sides.iter().all(whole))
}

/// The longer side of the box of a bed.
pub(super) fn longest_side(bed: &Bed) -> f64 {
    let [low, high] = bounds_of(&ring(bed));
    (high[0] - low[0]).max(high[1] - low[1])
}

/// The bed as a polygon, counter-clockwise, nowhere larger than it is.
fn ring(bed: &Bed) -> Vec<Point> {
    match bed {
        Bed::Rectangle([width, depth]) => {
            vec![[0.0, 0.0], [*width, 0.0], [*width, *depth], [0.0, *depth]]
        }
        Bed::Circle { centre, radius } => circle(*centre, *radius, ROUND),
        Bed::Polygon(ring) => {
            let mut ring = ring.clone();
            if ring_area(&ring) < 0.0 {
                ring.reverse();
            }
            ring
        }
    }
}

/// What lies between a simple polygon and its hull: both counter-clockwise.
fn pockets(ring: &[Point], hull: &[Point]) -> Vec<Vec<Point>> {
    let n = ring.len();
    let Some(start) = ring.iter().position(|p| hull.contains(p)) else { return Vec::new() };
    let mut pockets = Vec::new();
    let mut pocket = vec![ring[start]];
    for k in 1..=n {
        let p = ring[(start + k) % n];
        pocket.push(p);
        if hull.contains(&p) {
            let closed = std::mem::replace(&mut pocket, vec![p]);
            // Points along an edge of the hull leave no room between.
            if closed.len() > 2 && ring_area(&closed).abs() > 1e-9 {
                pockets.push(closed.into_iter().rev().collect());
            }
        }
    }
    pockets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bed_with_a_notch_has_a_wall_there() {
        let notched = vec![
            [0.0, 0.0],
            [9.0, 0.0],
            [9.0, 9.0],
            [6.0, 9.0],
            [6.0, 6.0],
            [3.0, 6.0],
            [3.0, 9.0],
        ];
        let mut ring = notched.clone();
        ring.push([0.0, 9.0]);
        let plate = PlateType { bed: Bed::Polygon(ring), edge_gap: 0.5, ..PlateType::default() };
        let kind = Kind::new(&plate, 0.0, 0.0);
        assert_eq!((kind.origin, kind.size), ([0.5, 0.5], [8.0, 8.0]));
        assert_eq!(kind.walls.len(), 1);
        assert_eq!(kind.walls[0].1, [4.0, 7.0]);
        assert_eq!(kind.walls[0].0.keep.margin, 0.5);
    }
}
