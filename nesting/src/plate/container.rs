//! The plate: its outline less the wall distance, and excluded boxes; all tests are exact.

use platewright_model::geometry::{BoxMm, VolumeShape};

use super::plane::{Point, Rect, Ring, apart};
use super::raster::Lattice;
use crate::Problem;

/// Rounding allowed in a distance, mm: sums of coordinates below 10 m are exact to this.
pub(super) const ROUNDING_MM: f64 = 1e-9;

/// Raster cells along the longer edge of a plate. Finer cells find tighter holes and cost the
/// third power.
const CELLS: f64 = 250.0;

/// Where parts may stand.
#[derive(Clone, Debug)]
pub(super) struct Container {
    outline: Outline,
    excluded: Vec<BoxMm>,
    wall: f64,
    /// Height of the parts' lowest points.
    pub(super) bottom: f64,
    /// Where the parts' highest points may be.
    pub(super) top: f64,
    /// Area of the whole plate, mm².
    pub(super) area: f64,
    /// Area of the plate less wall distance (excluded boxes not taken off), grown by `grow` to
    /// be compared with areas of grown outlines, mm².
    pub(super) capacity: f64,
    pub(super) lattice: Lattice,
}

#[derive(Clone, Copy, Debug)]
enum Outline {
    Box(Rect),
    Circle(Point, f64),
}

impl Container {
    /// The plate of a problem; `grow` is by how much outlines are grown at least, `rim` at most.
    pub(super) fn new(problem: &Problem, grow: f64, rim: f64) -> Self {
        let wall = problem.part_wall.0;
        let [x, y, z] = problem.volume.size();
        let outline = match problem.volume.shape {
            VolumeShape::Box { .. } => {
                Outline::Box(Rect { min: [wall; 2], max: [x - wall, y - wall] })
            }
            VolumeShape::Cylinder { .. } => Outline::Circle([x / 2.0; 2], x / 2.0 - wall),
        };
        let capacity = match outline {
            Outline::Box(r) => {
                let [w, h] = r.size();
                (w + 2.0 * grow).max(0.0) * (h + 2.0 * grow).max(0.0)
            }
            Outline::Circle(_, r) => std::f64::consts::PI * (r + grow).max(0.0).powi(2),
        };
        let cell = (x.max(y) / CELLS).max(0.25);
        let count = |len: f64| ((len - 2.0 * wall).max(0.0) / cell).floor() as usize + 1;
        let lattice = Lattice {
            origin: [wall; 2],
            cell,
            nx: count(x),
            ny: count(y),
            pad: (rim / cell).ceil() as usize + 1,
        };
        Self {
            outline,
            excluded: problem.volume.excluded.clone(),
            wall,
            bottom: problem.part_plate.0,
            top: z - wall,
            area: problem.volume.plate_area(),
            capacity,
            lattice,
        }
    }

    /// Least and greatest position along x of a shape (hull and box relative to the position)
    /// whose y is given; `None` if there is none. Excluded boxes are not looked at.
    pub(super) fn range_x(&self, hull: &[Point], size: Point, y: f64) -> Option<(f64, f64)> {
        let (lo, hi) = match self.outline {
            Outline::Box(r) => {
                if y < r.min[1] - ROUNDING_MM || y + size[1] > r.max[1] + ROUNDING_MM {
                    return None;
                }
                (r.min[0], r.max[0] - size[0])
            }
            Outline::Circle(c, radius) => {
                let (mut lo, mut hi) = (f64::NEG_INFINITY, f64::INFINITY);
                for p in hull {
                    let dy = y + p[1] - c[1];
                    let half = radius * radius - dy * dy;
                    if half < 0.0 {
                        return None;
                    }
                    lo = lo.max(c[0] - half.sqrt() - p[0]);
                    hi = hi.min(c[0] + half.sqrt() - p[0]);
                }
                (lo, hi)
            }
        };
        (lo <= hi + ROUNDING_MM).then_some((lo, hi))
    }

    /// Whether a shape at a position keeps its distance to walls and excluded boxes.
    pub(super) fn allows(
        &self,
        hull: &[Point],
        rings: &[Ring],
        size: Point,
        at: Point,
        height: f64,
    ) -> bool {
        let inside = self
            .range_x(hull, size, at[1])
            .is_some_and(|(lo, hi)| at[0] >= lo - ROUNDING_MM && at[0] <= hi + ROUNDING_MM);
        inside && self.clear_of_excluded(rings, at, height)
    }

    fn clear_of_excluded(&self, rings: &[Ring], at: Point, height: f64) -> bool {
        let gap = self.wall - ROUNDING_MM;
        self.obstacles(height).all(|zone| {
            let corners = zone.corners();
            rings.iter().all(|ring| apart(ring, at, &corners, [0.0; 2], gap.max(0.0)))
        })
    }

    /// Plan views of the excluded boxes that a part of a height can come near.
    pub(super) fn obstacles(&self, height: f64) -> impl Iterator<Item = Rect> + '_ {
        let (low, high) = (self.bottom - self.wall, self.bottom + height + self.wall);
        self.excluded
            .iter()
            .filter(move |b| b.min[2] < high && b.max[2] > low)
            .map(|b| Rect { min: [b.min[0], b.min[1]], max: [b.max[0], b.max[1]] })
    }

    /// Distance to be kept to walls and excluded boxes, mm.
    pub(super) fn wall(&self) -> f64 {
        self.wall
    }

    /// Greatest y of the room.
    pub(super) fn top_edge(&self) -> f64 {
        match self.outline {
            Outline::Box(r) => r.max[1],
            Outline::Circle(c, r) => c[1] + r,
        }
    }

    /// Centre and radius of the room on a round plate.
    pub(super) fn radius(&self) -> Option<(Point, f64)> {
        match self.outline {
            Outline::Circle(c, r) => Some((c, r)),
            Outline::Box(_) => None,
        }
    }

    /// Whether there is any room at all.
    pub(super) fn has_room(&self) -> bool {
        let plan = match self.outline {
            Outline::Box(r) => r.size().iter().all(|s| *s > 0.0),
            Outline::Circle(_, r) => r > 0.0,
        };
        plan && self.top > self.bottom && self.area.is_finite()
    }
}
