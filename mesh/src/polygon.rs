//! Plane regions.

/// A plane region: one outer contour (counter-clockwise) less its holes (clockwise), mm.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Polygon {
    /// Outer contour, not closed (the last point is not the first).
    pub outer: Vec<[f64; 2]>,
    /// Holes.
    pub holes: Vec<Vec<[f64; 2]>>,
}

impl Polygon {
    /// Area of the outer contour less that of the holes, mm².
    pub fn area(&self) -> f64 {
        ring_area(&self.outer) + self.holes.iter().map(|h| ring_area(h)).sum::<f64>()
    }
}

/// Signed area of a ring, positive if counter-clockwise, mm².
pub fn ring_area(ring: &[[f64; 2]]) -> f64 {
    let Some(&[x0, y0]) = ring.first() else { return 0.0 };
    let n = ring.len();
    let twice: f64 = (0..n)
        .map(|i| {
            let ([x1, y1], [x2, y2]) = (ring[i], ring[(i + 1) % n]);
            (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
        })
        .sum();
    twice / 2.0
}
