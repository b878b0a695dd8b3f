//! Surfaces of implicit functions by marching tetrahedra.
//!
//! Each cube of a grid is cut into six tetrahedra around its diagonal (Kuhn's division), which
//! meets that of the neighbours face to face, so the surface is closed without any table of
//! ambiguous cases (Doi and Koide 1991, IEICE Transactions E74-D).

use std::collections::BTreeMap;

use nalgebra::Point3;
use platewright_mesh::TriMesh;

/// A regular grid of cubes that covers a box with one cube to spare on each side.
pub(crate) struct Grid {
    origin: Point3<f64>,
    step: f64,
    nodes: [usize; 3],
}

/// How close a corner of the surface may come to a node, as share of the edge: keeps the
/// corners of one node's edges apart, so that no triangle degenerates.
const LEAST_SHARE: f64 = 0.04;

impl Grid {
    /// A grid of cubes of edge `step` over the box from `min` to `max`, mm.
    pub(crate) fn over(min: [f64; 3], max: [f64; 3], step: f64) -> Self {
        let nodes = std::array::from_fn(|k| ((max[k] - min[k]) / step - 1e-9).ceil() as usize + 3);
        let origin = Point3::from(min.map(|c| c - step));
        Self { origin, step, nodes }
    }

    fn index(&self, [i, j, k]: [usize; 3]) -> usize {
        (k * self.nodes[1] + j) * self.nodes[0] + i
    }

    fn point(&self, index: usize) -> Point3<f64> {
        let [nx, ny, _] = self.nodes;
        let at = [index % nx, index / nx % ny, index / (nx * ny)];
        Point3::from(std::array::from_fn(|k| self.origin[k] + self.step * at[k] as f64))
    }
}

/// The surface where `field` is 0, closed, outward from where it is negative.
///
/// The outermost nodes of the grid count as outside, so the surface is closed in any case.
pub(crate) fn surface(grid: &Grid, field: impl Fn(Point3<f64>) -> f64) -> TriMesh {
    let [nx, ny, nz] = grid.nodes;
    let mut values = vec![grid.step; nx * ny * nz];
    for k in 1..nz - 1 {
        for j in 1..ny - 1 {
            for i in 1..nx - 1 {
                let index = grid.index([i, j, k]);
                values[index] = field(grid.point(index));
            }
        }
    }
    let mut march = March { grid, values, corners: BTreeMap::new(), mesh: TriMesh::default() };
    for k in 0..nz - 1 {
        for j in 0..ny - 1 {
            for i in 0..nx - 1 {
                march.cube([i, j, k]);
            }
        }
    }
    march.mesh
}

struct March<'a> {
    grid: &'a Grid,
    values: Vec<f64>,
    /// The surface's corner on an edge of the division.
    corners: BTreeMap<(usize, usize), u32>,
    mesh: TriMesh,
}

impl March<'_> {
    fn cube(&mut self, at: [usize; 3]) {
        /// The six ways from (0, 0, 0) to (1, 1, 1) along edges, and whether each is even.
        const WAYS: [([usize; 3], bool); 6] = [
            ([0, 1, 2], true),
            ([1, 2, 0], true),
            ([2, 0, 1], true),
            ([0, 2, 1], false),
            ([2, 1, 0], false),
            ([1, 0, 2], false),
        ];
        let inside = |v: usize| self.values[v] < 0.0;
        let first = inside(self.grid.index(at));
        let same = (1..8).all(|c| {
            let corner = [at[0] + (c & 1), at[1] + (c >> 1 & 1), at[2] + (c >> 2)];
            inside(self.grid.index(corner)) == first
        });
        if same {
            return;
        }
        for (way, even) in WAYS {
            let mut node = at;
            let mut tetrahedron = [self.grid.index(at); 4];
            for (step, axis) in way.into_iter().enumerate() {
                node[axis] += 1;
                tetrahedron[step + 1] = self.grid.index(node);
            }
            if !even {
                tetrahedron.swap(2, 3);
            }
            self.tetrahedron(tetrahedron);
        }
    }

    /// The piece of the surface in a positively oriented tetrahedron.
    fn tetrahedron(&mut self, t: [usize; 4]) {
        // Even permutations that bring the odd one out, or the pair inside, to the front.
        const FRONT: [[usize; 4]; 4] = [[0, 1, 2, 3], [1, 0, 3, 2], [2, 3, 0, 1], [3, 2, 1, 0]];
        const PAIRS: [[usize; 4]; 6] =
            [[0, 1, 2, 3], [0, 2, 3, 1], [0, 3, 1, 2], [1, 2, 0, 3], [1, 3, 2, 0], [2, 3, 0, 1]];
        let inside = t.map(|v| self.values[v] < 0.0);
        match inside.iter().filter(|&&i| i).count() {
            count @ (1 | 3) => {
                let odd = inside.iter().position(|&i| i == (count == 1));
                let f = FRONT[odd.expect("one of the four differs from the others")];
                let [a, b, c] = [f[1], f[2], f[3]].map(|o| self.corner(t[f[0]], t[o]));
                let triangle = if count == 1 { [a, b, c] } else { [a, c, b] };
                self.mesh.triangles.push(triangle);
            }
            2 => {
                let pair = PAIRS.iter().find(|p| inside[p[0]] && inside[p[1]]);
                let p = pair.expect("the six pairs are all there are").map(|k| t[k]);
                let a = self.corner(p[0], p[2]);
                let b = self.corner(p[0], p[3]);
                let c = self.corner(p[1], p[3]);
                let d = self.corner(p[1], p[2]);
                self.mesh.triangles.push([a, b, c]);
                self.mesh.triangles.push([a, c, d]);
            }
            _ => {}
        }
    }

    fn corner(&mut self, a: usize, b: usize) -> u32 {
        let (a, b) = (a.min(b), a.max(b));
        let next = u32::try_from(self.mesh.vertices.len()).expect("fewer than 2³² corners");
        let index = *self.corners.entry((a, b)).or_insert(next);
        if index == next {
            let (va, vb) = (self.values[a], self.values[b]);
            let share = (va / (va - vb)).clamp(LEAST_SHARE, 1.0 - LEAST_SHARE);
            let (pa, pb) = (self.grid.point(a), self.grid.point(b));
            self.mesh.vertices.push(pa + (pb - pa) * share);
        }
        index
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::closed::fault;

    #[test]
    fn a_ball_is_closed_and_has_its_volume() {
        let grid = Grid::over([-10.0; 3], [10.0; 3], 0.8);
        let ball = surface(&grid, |p| p.coords.norm() - 9.0);
        assert_eq!(fault(&ball), None);
        let volume = 4.0 / 3.0 * std::f64::consts::PI * 729.0;
        assert!((ball.volume() / volume - 1.0).abs() < 0.01, "{}", ball.volume());
    }

    #[test]
    fn a_field_cut_off_by_the_grid_is_closed_too() {
        let grid = Grid::over([-5.0; 3], [5.0; 3], 1.0);
        let slab = surface(&grid, |p| p.z.abs() - 2.0);
        assert_eq!(fault(&slab), None);
    }
}
