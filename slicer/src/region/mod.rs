//! The solid of one part in one layer, as closed rings on a fine grid.

mod boolean;
mod compare;
mod figures;
mod offset;
#[cfg(test)]
pub(crate) mod shapes;
mod simplify;

pub use boolean::Fill;
pub(crate) use compare::compare;
pub use figures::RegionFigures;

/// Pitch of the grid that contours lie on, mm: 10 nm, a hundredth of what any machine resolves.
///
/// On a grid, moves by whole steps and unions are exact and the same on every machine. 32 bits
/// reach 21 m to either side.
pub const GRID_MM: f64 = 1e-5;

/// Steps of the grid in a millimetre.
const STEPS_PER_MM: f64 = 1e5;

/// Farthest from the origin that a contour may lie, in steps of the grid.
///
/// A quarter of what 32 bits hold, so that differences of two points never overflow.
pub const GRID_REACH: f64 = (1 << 29) as f64;

/// A point of a contour, in steps of [`GRID_MM`].
pub type GridPoint = [i32; 2];

/// Nearest point of the grid.
///
/// Ties go to the even step. What lies outside of the grid comes out as any point: callers check
/// the reach of a whole part first.
pub fn to_grid(p: [f64; 2]) -> GridPoint {
    // Adding this rounds to the nearest whole number, which then stands in the lowest bits.
    const ROUNDING: f64 = 6_755_399_441_055_744.0;
    p.map(|x| (x * STEPS_PER_MM + ROUNDING).to_bits() as i32)
}

/// A point of the grid in mm.
pub fn from_grid(p: GridPoint) -> [f64; 2] {
    // Divided, not multiplied: the nearest number to the decimal fraction.
    p.map(|x| f64::from(x) / STEPS_PER_MM)
}

/// Closed rings: counter-clockwise around solid, clockwise around a hole. The last point of a
/// ring is joined to its first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Region {
    points: Vec<GridPoint>,
    /// Where each ring ends in `points`.
    ends: Vec<u32>,
}

impl Region {
    /// An empty region with room for so many points.
    pub(crate) fn with_capacity(points: usize) -> Self {
        Self { points: Vec::with_capacity(points), ends: Vec::new() }
    }

    /// Whether there is no solid.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Number of rings.
    pub fn n_rings(&self) -> usize {
        self.ends.len()
    }

    /// Number of points of all rings.
    pub fn n_points(&self) -> usize {
        self.points.len()
    }

    /// The rings, in order.
    pub fn rings(&self) -> impl DoubleEndedIterator<Item = &[GridPoint]> + ExactSizeIterator {
        (0..self.ends.len()).map(|k| {
            let from = if k == 0 { 0 } else { self.ends[k - 1] as usize };
            &self.points[from..self.ends[k] as usize]
        })
    }

    /// Points of all rings, ring after ring.
    pub fn points(&self) -> &[GridPoint] {
        &self.points
    }

    /// Adds a ring; one of fewer than three points encloses nothing and is left out.
    pub fn push(&mut self, ring: impl IntoIterator<Item = GridPoint>) {
        self.points.extend(ring);
        self.close();
    }

    /// Adds a point to the ring that is being drawn.
    #[inline(always)]
    pub(crate) fn draw(&mut self, point: GridPoint) {
        self.points.push(point);
    }

    /// Takes the last point of the ring that is being drawn back.
    pub(crate) fn undraw(&mut self) {
        self.points.pop();
    }

    /// Ends the ring that is being drawn, and drops it if it has fewer than three points.
    pub(crate) fn close(&mut self) {
        let from = self.ends.last().map_or(0, |&end| end as usize);
        if self.points.len() < from + 3 {
            self.points.truncate(from);
        } else {
            self.ends.push(u32::try_from(self.points.len()).expect("a layer holds fewer points"));
        }
    }

    /// Area of the solid, mm²: the sum over the rings, holes taken off.
    pub fn area(&self) -> f64 {
        let doubled: f64 = self.rings().map(doubled_area).sum();
        // The sum over nothing is -0, which nobody wants to read in a file.
        0.5 * doubled / (STEPS_PER_MM * STEPS_PER_MM) + 0.0
    }

    /// Length of all rings, mm.
    pub fn perimeter(&self) -> f64 {
        self.rings().map(length).sum::<f64>() / STEPS_PER_MM + 0.0
    }

    /// Least and greatest coordinates, in steps of the grid; `None` without rings.
    pub fn bounds(&self) -> Option<[GridPoint; 2]> {
        let first = *self.points.first()?;
        let mut bounds = [first, first];
        for p in &self.points {
            for k in 0..2 {
                bounds[0][k] = bounds[0][k].min(p[k]);
                bounds[1][k] = bounds[1][k].max(p[k]);
            }
        }
        Some(bounds)
    }
}

/// Twice the area of a ring in squared steps of the grid, positive if counter-clockwise.
pub(crate) fn doubled_area(ring: &[GridPoint]) -> f64 {
    let Some((&origin, rest)) = ring.split_first() else { return 0.0 };
    // Taken from the first point, each product is exact for rings of up to 600 mm across.
    let from = |p: &GridPoint| [f64::from(p[0] - origin[0]), f64::from(p[1] - origin[1])];
    rest.windows(2)
        .map(|pair| {
            let (a, b) = (from(&pair[0]), from(&pair[1]));
            a[0] * b[1] - a[1] * b[0]
        })
        .sum()
}

/// Length of a ring, in steps of the grid.
fn length(ring: &[GridPoint]) -> f64 {
    let Some(mut before) = ring.last() else { return 0.0 };
    let mut sum = 0.0;
    for point in ring {
        let step = [0, 1].map(|k| f64::from(point[k] - before[k]));
        sum += (step[0] * step[0] + step[1] * step[1]).sqrt();
        before = point;
    }
    sum
}
