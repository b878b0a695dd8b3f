//! Convex polytopes as their facets, to be cut by planes.

use super::vector::{Vector, cross, dot, length, minus, plus, times, unit};

/// A flat polygon and the plane it lies in: `normal · x = at`.
#[derive(Clone, Debug)]
pub(crate) struct Facet {
    /// Outward, of length 1.
    pub(crate) normal: Vector,
    pub(crate) at: f64,
    /// Counter-clockwise, seen from outside.
    pub(crate) ring: Vec<Vector>,
}

impl Facet {
    /// Of a polygon; none if it has no area to speak of.
    pub(crate) fn new(ring: Vec<Vector>, eps: f64) -> Option<Self> {
        let twice = ring_area(&ring);
        if ring.len() < 3 || length(twice) <= eps * eps {
            return None;
        }
        let normal = unit(twice);
        let at = ring.iter().map(|p| dot(normal, *p)).sum::<f64>() / ring.len() as f64;
        Some(Self { normal, at, ring })
    }

    /// The plane: a point is outside of it if this is above 0.
    #[inline(always)]
    pub(crate) fn over(&self, p: Vector) -> f64 {
        dot(self.normal, p) - self.at
    }

    /// Area.
    pub(crate) fn area(&self) -> f64 {
        0.5 * length(ring_area(&self.ring))
    }

    /// The same polygon cut by the plane of another one: what is behind it, and what is before it.
    pub(crate) fn split(&self, by: &Self, eps: f64) -> [Option<Self>; 2] {
        split_ring(&self.ring, by.normal, by.at, eps).map(|ring| {
            let kept = ring.len() >= 3 && length(ring_area(&ring)) > eps * eps;
            kept.then_some(Self { ring, normal: self.normal, at: self.at })
        })
    }
}

/// Normal of a polygon, twice as long as its area.
fn ring_area(ring: &[Vector]) -> Vector {
    let Some(&first) = ring.first() else { return [0.0; 3] };
    ring.windows(2)
        .fold([0.0; 3], |sum, w| plus(sum, cross(minus(w[0], first), minus(w[1], first))))
}

/// A polygon behind a plane, and before it; what lies in the plane is part of both.
pub(crate) fn split_ring(ring: &[Vector], normal: Vector, at: f64, eps: f64) -> [Vec<Vector>; 2] {
    let [mut back, mut front] = [Vec::new(), Vec::new()];
    for (k, &p) in ring.iter().enumerate() {
        let q = ring[(k + 1) % ring.len()];
        let (from, to) = (dot(normal, p) - at, dot(normal, q) - at);
        if from <= eps {
            back.push(p);
        }
        if from >= -eps {
            front.push(p);
        }
        if from.max(to) > eps && from.min(to) < -eps {
            let crossing = plus(p, times(minus(q, p), from / (from - to)));
            back.push(crossing);
            front.push(crossing);
        }
    }
    [back, front]
}

/// A convex polytope.
#[derive(Clone, Debug, Default)]
pub(crate) struct Polytope {
    pub(crate) facets: Vec<Facet>,
}

/// Corners of the facets of a box, numbered by bits: greatest along an axis.
const BOX: [[usize; 4]; 6] =
    [[0, 4, 6, 2], [1, 3, 7, 5], [0, 1, 5, 4], [2, 6, 7, 3], [0, 2, 3, 1], [4, 5, 7, 6]];

impl Polytope {
    /// A box along the axes.
    pub(crate) fn cuboid(low: Vector, high: Vector) -> Self {
        let corner = |c: usize| [0, 1, 2].map(|k| if c >> k & 1 == 1 { high[k] } else { low[k] });
        let facets = BOX.iter().enumerate().map(|(side, corners)| {
            let (axis, greatest) = (side / 2, side % 2 == 1);
            let mut normal = [0.0; 3];
            normal[axis] = if greatest { 1.0 } else { -1.0 };
            let at = if greatest { high[axis] } else { -low[axis] };
            Facet { normal, at, ring: corners.map(corner).to_vec() }
        });
        Self { facets: facets.collect() }
    }

    /// Its corners, each once.
    pub(crate) fn corners(&self, eps: f64) -> Vec<Vector> {
        let mut corners: Vec<Vector> = Vec::new();
        for &p in self.facets.iter().flat_map(|facet| &facet.ring) {
            if corners.iter().all(|q| length(minus(*q, p)) > eps) {
                corners.push(p);
            }
        }
        corners
    }

    /// Its volume.
    pub(crate) fn volume(&self) -> f64 {
        let Some(apex) = self.facets.first().map(|facet| facet.ring[0]) else { return 0.0 };
        let cone = |facet: &Facet| dot(minus(facet.ring[0], apex), ring_area(&facet.ring)) / 6.0;
        self.facets.iter().map(cone).sum()
    }

    /// What of it is behind a plane, `normal · x <= at`; none if nothing is.
    pub(crate) fn clipped(&self, normal: Vector, at: f64, eps: f64) -> Option<Self> {
        let over = self.facets.iter().flat_map(|facet| &facet.ring).map(|p| dot(normal, *p) - at);
        let (least, most) =
            over.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, m), x| (l.min(x), m.max(x)));
        if least >= -eps {
            return None;
        }
        if most <= eps {
            return Some(self.clone());
        }
        let plane = Facet { normal, at, ring: Vec::new() };
        let mut facets: Vec<Facet> =
            self.facets.iter().filter_map(|facet| facet.split(&plane, eps)[0].take()).collect();
        // The new facet has the corners that lie in the plane, around their middle.
        let mut ring: Vec<Vector> = Vec::new();
        for facet in &self.facets {
            let [back, _] = split_ring(&facet.ring, normal, at, eps);
            for p in back {
                let in_plane = plane.over(p).abs() <= eps;
                if in_plane && ring.iter().all(|q| length(minus(*q, p)) > eps) {
                    ring.push(p);
                }
            }
        }
        if ring.len() >= 3 {
            let middle =
                times(ring.iter().fold([0.0; 3], |a, b| plus(a, *b)), 1.0 / ring.len() as f64);
            let along = unit(minus(ring[0], middle));
            let across = cross(normal, along);
            let angle = |p: &Vector| {
                let from = minus(*p, middle);
                dot(from, across).atan2(dot(from, along))
            };
            ring.sort_by(|p, q| angle(p).total_cmp(&angle(q)));
            facets.push(Facet { normal, at, ring });
        }
        Some(Self { facets })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clipped_boxes_have_the_right_volume() {
        let cube = Polytope::cuboid([0.0; 3], [2.0; 3]);
        assert!((cube.volume() - 8.0).abs() < 1e-12);
        let half = cube.clipped(unit([1.0, 1.0, 0.0]), 2.0_f64.sqrt(), 1e-9).unwrap();
        assert!((half.volume() - 4.0).abs() < 1e-12);
        assert_eq!((half.facets.len(), half.corners(1e-9).len()), (5, 6));
        let tip = cube.clipped(unit([-1.0; 3]), -5.0 / 3.0_f64.sqrt(), 1e-9).unwrap();
        assert!((tip.volume() - 1.0 / 6.0).abs() < 1e-12);
        assert!(cube.clipped([1.0, 0.0, 0.0], 0.0, 1e-9).is_none());
    }
}
