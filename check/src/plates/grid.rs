//! Outlines on a grid of whole numbers.

use platewright_model::plate::{Bed, PlateProblem};
use platewright_model::strip::{PlacedOutline, turn};

/// A point, in half steps of the grid; corners have even coordinates, so that the middle of two
/// is a point too.
pub(super) type Point = [i64; 2];

/// Steps over the largest extent of the plates, that rounded up to a power of two.
const STEPS: f64 = (1_u64 << 28) as f64;

/// Greatest coordinate, in half steps. Differences of two are below 2³¹ then, and products of two
/// differences, added up, fit into 63 bits.
const REACH: i64 = 3 << 28;

/// Greatest distance, in half steps: more than that of any two points, and its square times
/// that of an edge fits into 127 bits.
const FAR: f64 = (1_u64 << 32) as f64;

/// Rounds mm to half steps.
pub(super) struct Grid {
    /// Steps in a mm, a power of two.
    per_mm: f64,
}

/// Point of a bed that coordinates are counted from.
pub(super) fn origin(bed: &Bed) -> [f64; 2] {
    match bed {
        Bed::Rectangle(_) => [0.0; 2],
        Bed::Circle { centre, .. } => *centre,
        Bed::Polygon(ring) => {
            [0, 1].map(|k| ring.iter().map(|p| p[k]).fold(f64::INFINITY, f64::min))
        }
    }
}

/// Largest coordinate of beds and zones, counted from the origin of each bed, mm.
pub(super) fn extent(problem: &PlateProblem) -> f64 {
    let mut most = 0.0_f64;
    for kind in &problem.plates {
        let from = origin(&kind.bed);
        let bed = match &kind.bed {
            Bed::Rectangle(corner) => vec![*corner],
            Bed::Circle { centre, radius } => vec![[centre[0] + radius, centre[1]]],
            Bed::Polygon(ring) => ring.clone(),
        };
        let zones = kind.zones.iter().flat_map(|zone| &zone.outline);
        for p in bed.iter().chain(zones) {
            most = most.max((p[0] - from[0]).abs()).max((p[1] - from[1]).abs());
        }
    }
    most
}

/// Corners of an outline in its place, mm.
pub(super) fn placed(ring: &[[f64; 2]], place: &PlacedOutline) -> Vec<[f64; 2]> {
    let [sin, cos] = turn(place.turn);
    let move_ =
        |[x, y]: &[f64; 2]| [x * cos - y * sin + place.at[0], x * sin + y * cos + place.at[1]];
    ring.iter().map(move_).collect()
}

impl Grid {
    /// The grid for all plates of a problem whose numbers were found sound.
    pub(super) fn over(problem: &PlateProblem) -> Self {
        let extent = extent(problem);
        if extent == 0.0 {
            return Self { per_mm: 1.0 };
        }
        let mut rounded = extent.log2().ceil().exp2();
        // Whatever the last digit of the logarithm says.
        while rounded < extent {
            rounded *= 2.0;
        }
        Self { per_mm: STEPS / rounded }
    }

    /// A length in half steps, at most more than any distance.
    pub(super) fn length(&self, mm: f64) -> i64 {
        (2.0 * (mm * self.per_mm).round()).min(FAR) as i64
    }

    /// Rings of corners as a region with holes; holes that enclose nothing on the grid are left
    /// out.
    pub(super) fn region(
        &self,
        origin: [f64; 2],
        rings: &[&Vec<[f64; 2]>],
    ) -> Result<Region, NoRegion> {
        let mut rounded = Vec::with_capacity(rings.len());
        for (index, ring) in rings.iter().enumerate() {
            let mut corners = Vec::with_capacity(ring.len());
            for p in *ring {
                let corner = [0, 1].map(|k| 2.0 * ((p[k] - origin[k]) * self.per_mm).round());
                if !corner.iter().all(|x| x.abs() <= REACH as f64) {
                    return Err(NoRegion::Far);
                }
                corners.push(corner.map(|x| x as i64));
            }
            match (oriented(corners, index == 0), index) {
                (Some(corners), _) => rounded.push(corners),
                (None, 0) => return Err(NoRegion::Thin),
                (None, _) => {}
            }
        }
        Ok(Region::new(rounded))
    }
}

/// The ring without doubled corners, counter-clockwise or clockwise; none if it encloses nothing.
fn oriented(mut ring: Vec<Point>, counter_clockwise: bool) -> Option<Vec<Point>> {
    ring.dedup();
    while ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    let next = ring.iter().cycle().skip(1);
    let cross = |(a, b): (&Point, &Point)| {
        i128::from(a[0]) * i128::from(b[1]) - i128::from(a[1]) * i128::from(b[0])
    };
    let doubled: i128 = ring.iter().zip(next).map(cross).sum();
    if doubled == 0 {
        return None;
    }
    if (doubled > 0) != counter_clockwise {
        ring.reverse();
    }
    Some(ring)
}

/// Why rings are no region on the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoRegion {
    /// A corner lies far outside of the plate.
    Far,
    /// The outline encloses nothing once it is rounded.
    Thin,
}

/// A polygon with holes; what is inside lies to the left of every edge.
pub(super) struct Region {
    /// Its outline counter-clockwise, then its holes clockwise; not empty.
    pub(super) rings: Vec<Vec<Point>>,
    /// Least coordinates.
    pub(super) low: Point,
    /// Greatest coordinates.
    pub(super) high: Point,
}

impl Region {
    fn new(rings: Vec<Vec<Point>>) -> Self {
        let mut bounds = [rings[0][0]; 2];
        for p in &rings[0] {
            for k in 0..2 {
                bounds[0][k] = bounds[0][k].min(p[k]);
                bounds[1][k] = bounds[1][k].max(p[k]);
            }
        }
        let [low, high] = bounds;
        assert!((0..2).all(|k| low[k] < high[k]), "a region encloses something");
        Self { rings, low, high }
    }

    /// All edges.
    pub(super) fn edges(&self) -> impl Iterator<Item = [Point; 2]> {
        self.rings.iter().flat_map(|ring| {
            let next = ring.iter().cycle().skip(1);
            ring.iter().zip(next).map(|(a, b)| [*a, *b])
        })
    }

    /// Whether the boxes of two regions are at least so far apart along an axis; touching is
    /// apart by 0.
    pub(super) fn boxes_keep(&self, other: &Self, distance: i64) -> bool {
        let keep = |k: usize| {
            self.high[k] + distance <= other.low[k] || other.high[k] + distance <= self.low[k]
        };
        keep(0) || keep(1)
    }

    /// Whether its box holds that of the other.
    pub(super) fn covers_box_of(&self, other: &Self) -> bool {
        (0..2).all(|k| self.low[k] <= other.low[k] && other.high[k] <= self.high[k])
    }

    /// Edges whose boxes are nearer than `distance` to the other's box, or touch it.
    pub(super) fn edges_near(&self, other: &Self, distance: i64) -> Vec<[Point; 2]> {
        let near = |[a, b]: &[Point; 2]| {
            (0..2).all(|k| {
                a[k].max(b[k]) + distance >= other.low[k]
                    && a[k].min(b[k]) - distance <= other.high[k]
            })
        };
        self.edges().filter(near).collect()
    }
}
