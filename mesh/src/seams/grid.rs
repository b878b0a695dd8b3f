//! Points in cubic cells.

use std::hash::{BuildHasher, RandomState};

use nalgebra::Point3;

use crate::weld::mix;

/// Points by the cells they lie in; cells share buckets.
pub(super) struct Grid<'a> {
    points: &'a [Point3<f64>],
    cell: f64,
    /// Chosen anew each time, so that no file can be made whose points share one bucket.
    key: u64,
    /// Where the points of each bucket begin in `members`, and the end.
    starts: Vec<u32>,
    members: Vec<u32>,
}

impl<'a> Grid<'a> {
    /// Sorts points into cells of an edge length, mm.
    pub(super) fn new(points: &'a [Point3<f64>], cell: f64) -> Self {
        let buckets = points.len().next_power_of_two();
        let (key, starts) = (RandomState::new().hash_one(0), vec![0; buckets + 1]);
        let mut grid = Self { points, cell, key, starts, members: Vec::new() };
        let of: Vec<usize> = points.iter().map(|p| grid.bucket(grid.cell_of(p))).collect();
        for &bucket in &of {
            grid.starts[bucket + 1] += 1;
        }
        for bucket in 0..buckets {
            grid.starts[bucket + 1] += grid.starts[bucket];
        }
        let mut next = grid.starts.clone();
        grid.members = vec![0; points.len()];
        for (i, &bucket) in of.iter().enumerate() {
            grid.members[next[bucket] as usize] = i as u32;
            next[bucket] += 1;
        }
        grid
    }

    fn cell_of(&self, p: &Point3<f64>) -> [i64; 3] {
        // Far points share the outermost cells.
        [p.x, p.y, p.z].map(|x| (x / self.cell).floor().clamp(-1e15, 1e15) as i64)
    }

    fn bucket(&self, [x, y, z]: [i64; 3]) -> usize {
        let hash = mix(mix(mix(x as u64 ^ self.key) ^ y as u64) ^ z as u64);
        (hash % (self.starts.len() as u64 - 1)) as usize
    }

    /// Shows `found` the points nearer to the box of two points than `reach`, and others; some
    /// twice.
    pub(super) fn near(
        &self,
        a: Point3<f64>,
        b: Point3<f64>,
        reach: f64,
        mut found: impl FnMut(usize),
    ) {
        let reach = nalgebra::Vector3::repeat(reach);
        let low = self.cell_of(&(a.inf(&b) - reach));
        let high = self.cell_of(&(a.sup(&b) + reach));
        for x in low[0]..=high[0] {
            for y in low[1]..=high[1] {
                for z in low[2]..=high[2] {
                    let bucket = self.bucket([x, y, z]);
                    let members = self.starts[bucket] as usize..self.starts[bucket + 1] as usize;
                    self.members[members].iter().for_each(|&i| found(i as usize));
                }
            }
        }
    }

    /// Shows `found` the points nearer to a segment than `reach`, and others; some twice.
    pub(super) fn beside(
        &self,
        from: Point3<f64>,
        to: Point3<f64>,
        reach: f64,
        mut found: impl FnMut(usize),
    ) {
        let pieces = ((to - from).norm() / self.cell).ceil().max(1.0);
        // Where a side is longer than there are points, looking at every point is cheaper.
        if pieces * 8.0 > self.points.len() as f64 {
            (0..self.points.len()).for_each(found);
            return;
        }
        let at = |i: usize| from + (to - from) * (i as f64 / pieces);
        for i in 0..pieces as usize {
            self.near(at(i), at(i + 1), reach, &mut found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::Dice;

    /// Everything near a segment is shown, whatever the cells, far points included.
    #[test]
    fn near_points_are_found() {
        let mut dice = Dice(4);
        let mut points: Vec<Point3<f64>> =
            (0..800).map(|_| [(); 3].map(|()| dice.between(-2.0, 2.0)).into()).collect();
        points.push([1e300, -1e300, 0.0].into());
        for cell in [0.02, 0.3, 1.0, 50.0] {
            let grid = Grid::new(&points, cell);
            for i in 0..200 {
                let (from, to) = (points[i], points[i + 1 + i % 7]);
                let reach = dice.between(0.0, 0.2);
                let (mut near, mut beside) = (vec![false; 801], vec![false; 801]);
                grid.near(from, from, reach, |j| near[j] = true);
                grid.beside(from, to, reach, |j| beside[j] = true);
                for (j, p) in points.iter().enumerate() {
                    let along = to - from;
                    let t = ((p - from).dot(&along) / along.norm_squared()).clamp(0.0, 1.0);
                    assert!(near[j] || (p - from).norm() > reach, "{cell} {i} {j}");
                    assert!(beside[j] || (p - (from + along * t)).norm() > reach, "{cell} {i} {j}");
                }
            }
        }
    }
}
