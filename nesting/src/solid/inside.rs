//! Which points of a lattice are within a closed surface.

use super::vector::Vector;

/// How far rays are aside of the points that they stand for, as a share of a step, so that they
/// meet no edge of what lies along the lattice.
const ASIDE: [f64; 2] = [1.618e-7, 1.414e-7];

/// A lattice over a box, and where lines along z through its points cross a surface.
#[derive(Debug)]
pub(super) struct Lattice {
    low: Vector,
    step: Vector,
    /// How many steps along each axis.
    pub(super) steps: [usize; 3],
    /// By column: height and sense of each crossing.
    crossings: Vec<Vec<(f64, i32)>>,
}

impl Lattice {
    /// Over a box, with so many steps along its longest edge, for a surface of triangles, outward
    /// ones counter-clockwise.
    pub(super) fn new([low, high]: [Vector; 2], most: usize, triangles: &[[Vector; 3]]) -> Self {
        let size = [0, 1, 2].map(|k| high[k] - low[k]);
        let longest = size.into_iter().fold(0.0, f64::max);
        let steps = size.map(|edge| ((most as f64 * edge / longest).round() as usize).max(2));
        let step = [0, 1, 2].map(|k| size[k] / steps[k] as f64);
        let crossings = vec![Vec::new(); (steps[0] + 1) * (steps[1] + 1)];
        let mut lattice = Self { low, step, steps, crossings };
        triangles.iter().for_each(|triangle| lattice.cross(triangle));
        lattice
    }

    /// Where a plane of the lattice is.
    pub(super) fn at(&self, axis: usize, number: usize) -> f64 {
        self.low[axis] + number as f64 * self.step[axis]
    }

    /// Whether a point of the lattice is within the surface.
    pub(super) fn holds(&self, [i, j, k]: [usize; 3]) -> bool {
        let z = self.at(2, k);
        let above = self.crossings[j * (self.steps[0] + 1) + i].iter().filter(|(at, _)| *at > z);
        above.map(|(_, sense)| sense).sum::<i32>() != 0
    }

    /// Volume of the solid within a box of the lattice, as far as its points tell.
    pub(super) fn volume(&self, [low, high]: [[usize; 3]; 2]) -> f64 {
        let mut points = 0;
        for j in low[1]..high[1] {
            for i in low[0]..high[0] {
                points += (low[2]..high[2]).filter(|k| self.holds([i, j, *k])).count();
            }
        }
        points as f64 * self.step[0] * self.step[1] * self.step[2]
    }

    /// Adds the crossings of a triangle.
    fn cross(&mut self, [a, b, c]: &[Vector; 3]) {
        let range = |axis: usize| {
            let [x, y, z] = [a, b, c].map(|p| (p[axis] - self.low[axis]) / self.step[axis]);
            let (least, most) = (x.min(y).min(z) - 0.5, x.max(y).max(z) + 0.5);
            let last = self.steps[axis] as f64;
            least.clamp(0.0, last) as usize..=most.clamp(0.0, last) as usize
        };
        let (columns, rows) = (range(0), range(1));
        let area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
        if area == 0.0 {
            return;
        }
        let sense = if area > 0.0 { 1 } else { -1 };
        for j in rows {
            for i in columns.clone() {
                let x = self.at(0, i) + ASIDE[0] * self.step[0];
                let y = self.at(1, j) + ASIDE[1] * self.step[1];
                let beside = |p: &Vector, q: &Vector| {
                    ((q[0] - p[0]) * (y - p[1]) - (q[1] - p[1]) * (x - p[0])) / area
                };
                let (of_c, of_a, of_b) = (beside(a, b), beside(b, c), beside(c, a));
                if of_a >= 0.0 && of_b >= 0.0 && of_c >= 0.0 {
                    let z = of_a * a[2] + of_b * b[2] + of_c * c[2];
                    self.crossings[j * (self.steps[0] + 1) + i].push((z, sense));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::polytope::Polytope;
    use super::super::vector::unit;
    use super::*;

    #[test]
    fn points_within_a_cut_cube_are_found() {
        let way = unit([1.0, 1.0, 0.5]);
        let cut = Polytope::cuboid([0.0; 3], [2.0; 3]).clipped(way, 1.9, 1e-9).unwrap();
        let fans = cut.facets.iter().flat_map(|facet| {
            (1..facet.ring.len() - 1).map(|k| [facet.ring[0], facet.ring[k], facet.ring[k + 1]])
        });
        let triangles: Vec<[Vector; 3]> = fans.collect();
        let lattice = Lattice::new([[-0.1; 3], [2.1; 3]], 11, &triangles);
        for i in 0..=11 {
            for j in 0..=11 {
                for k in 0..=11 {
                    let p = [lattice.at(0, i), lattice.at(1, j), lattice.at(2, k)];
                    let far = p[0] * way[0] + p[1] * way[1] + p[2] * way[2];
                    let within = p.iter().all(|x| (0.0..2.0).contains(x)) && far < 1.9;
                    assert_eq!(lattice.holds([i, j, k]), within, "{p:?}");
                }
            }
        }
    }
}
