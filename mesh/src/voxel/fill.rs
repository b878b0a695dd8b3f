//! Fills the inside: floods the outside, then decides on what was not reached.

use super::Voxels;
use crate::TriMesh;

/// Sets the voxels inside; see [`Voxels::from_mesh`].
pub(super) fn fill_inside(voxels: &mut Voxels, mesh: &TriMesh, fill_cavities: bool) {
    let mut flood = Flood::new(voxels);
    flood.seed_border();
    flood.run();
    if !fill_cavities {
        // What was not reached falls into regions; each is wholly inside or wholly a cavity,
        // because the surface does not touch it.
        let mut before = flood.seen.clone();
        while let Some((x, y, z)) = flood.first_unreached() {
            flood.touched.clear();
            flood.seed(x, y, z);
            flood.run();
            let solid = winding(mesh, voxels, [x, y, z]) > 0;
            for &row in &flood.touched {
                let span = row * flood.width..(row + 1) * flood.width;
                let old = before[span.clone()].iter_mut().zip(&flood.seen[span.clone()]);
                for (word, (old, &now)) in voxels.words[span].iter_mut().zip(old) {
                    if solid {
                        *word |= now & !*old;
                    }
                    *old = now;
                }
            }
        }
        return;
    }
    for ((word, seen), free) in voxels.words.iter_mut().zip(&flood.seen).zip(&flood.free) {
        *word |= free & !seen;
    }
}

/// A flood through the faces of unset voxels, a row at a time.
struct Flood {
    dims: [usize; 3],
    width: usize,
    /// Unset voxels.
    free: Vec<u64>,
    /// Unset voxels that were reached.
    seen: Vec<u64>,
    /// Rows whose reached voxels have not been spread.
    queue: Vec<usize>,
    queued: Vec<bool>,
    /// Rows that were spread, some more than once.
    touched: Vec<usize>,
    /// Words below this hold nothing unreached.
    searched: usize,
}

impl Flood {
    fn new(voxels: &Voxels) -> Self {
        let width = voxels.words_per_row;
        let last = match voxels.dims[0] % 64 {
            0 => u64::MAX,
            n => (1 << n) - 1,
        };
        let free = voxels
            .words
            .iter()
            .enumerate()
            .map(|(i, w)| !w & if (i + 1) % width == 0 { last } else { u64::MAX })
            .collect::<Vec<_>>();
        let rows = voxels.dims[1] * voxels.dims[2];
        Self {
            dims: voxels.dims,
            width,
            seen: vec![0; free.len()],
            free,
            queue: Vec::new(),
            touched: Vec::new(),
            queued: vec![false; rows],
            searched: 0,
        }
    }

    fn seed_border(&mut self) {
        let [nx, ny, nz] = self.dims;
        for z in 0..nz {
            for y in 0..ny {
                let row = z * ny + y;
                let base = row * self.width;
                if z == 0 || z + 1 == nz || y == 0 || y + 1 == ny {
                    for word in base..base + self.width {
                        self.seen[word] |= self.free[word];
                    }
                } else {
                    self.seen[base] |= self.free[base] & 1;
                    let end = base + (nx - 1) / 64;
                    self.seen[end] |= self.free[end] & (1 << ((nx - 1) % 64));
                }
                if self.seen[base..base + self.width].iter().any(|&w| w != 0) {
                    self.enqueue(row);
                }
            }
        }
    }

    fn seed(&mut self, x: usize, y: usize, z: usize) {
        let row = z * self.dims[1] + y;
        self.seen[row * self.width + x / 64] |= 1 << (x % 64);
        self.enqueue(row);
    }

    fn enqueue(&mut self, row: usize) {
        if !self.queued[row] {
            self.queued[row] = true;
            self.queue.push(row);
        }
    }

    fn run(&mut self) {
        let [_, ny, nz] = self.dims;
        while let Some(row) = self.queue.pop() {
            self.queued[row] = false;
            self.touched.push(row);
            self.spread_along(row);
            let (y, z) = (row % ny, row / ny);
            let across = [
                (y > 0).then(|| row - 1),
                (y + 1 < ny).then(|| row + 1),
                (z > 0).then(|| row - ny),
                (z + 1 < nz).then(|| row + ny),
            ];
            for next in across.into_iter().flatten() {
                self.spread_across(row, next);
            }
        }
    }

    /// Spreads within a row: adding the reached bits to the free ones carries through each run
    /// of free bits, which the exclusive or shows.
    fn spread_along(&mut self, row: usize) {
        let base = row * self.width;
        let mut carry = 0;
        for i in base..base + self.width {
            self.seen[i] = fill_up(self.seen[i] | (carry & self.free[i]), self.free[i]);
            carry = self.seen[i] >> 63;
        }
        carry = 0;
        for i in (base..base + self.width).rev() {
            let (seen, free) = (self.seen[i].reverse_bits(), self.free[i].reverse_bits());
            self.seen[i] = fill_up(seen | (carry & free), free).reverse_bits();
            carry = self.seen[i] & 1;
        }
    }

    fn spread_across(&mut self, from: usize, to: usize) {
        let mut changed = false;
        for k in 0..self.width {
            let (a, b) = (from * self.width + k, to * self.width + k);
            let new = self.seen[a] & self.free[b] & !self.seen[b];
            self.seen[b] |= new;
            changed |= new != 0;
        }
        if changed {
            self.enqueue(to);
        }
    }

    fn first_unreached(&mut self) -> Option<(usize, usize, usize)> {
        while let (Some(free), Some(seen)) =
            (self.free.get(self.searched), self.seen.get(self.searched))
        {
            let left = free & !seen;
            if left != 0 {
                let (row, k) = (self.searched / self.width, self.searched % self.width);
                let x = k * 64 + left.trailing_zeros() as usize;
                return Some((x, row % self.dims[1], row / self.dims[1]));
            }
            self.searched += 1;
        }
        None
    }
}

/// Spreads `seen` to higher bits through runs of `free` (`seen` must be within `free`).
fn fill_up(seen: u64, free: u64) -> u64 {
    seen | (free & (free.wrapping_add(seen) ^ free))
}

/// Winding number of the mesh around a voxel that the surface does not touch: signed crossings
/// of a ray along +x. The ray is moved within the voxel until it meets no edge.
fn winding(mesh: &TriMesh, voxels: &Voxels, voxel: [usize; 3]) -> i32 {
    let tries = [(0.5, 0.5), (0.417, 0.583), (0.273, 0.391), (0.709, 0.631), (0.137, 0.811)];
    let mut last = 0;
    for (fy, fz) in tries {
        let at = |k: usize, f: f64| voxels.origin[k] + (voxel[k] as f64 + f) * voxels.pitch;
        let (sum, clean) = crossings(mesh, [at(0, 0.5), at(1, fy), at(2, fz)]);
        last = sum;
        if clean {
            break;
        }
    }
    last
}

/// Sum of signed crossings of the ray from `p` along +x, and whether it kept off all edges.
fn crossings(mesh: &TriMesh, p: [f64; 3]) -> (i32, bool) {
    let (mut sum, mut clean) = (0, true);
    for t in 0..mesh.triangles.len() {
        let c = mesh.corners(t);
        if c.iter().all(|v| v.x < p[0])
            || c.iter().all(|v| v.y < p[1])
            || c.iter().all(|v| v.y > p[1])
            || c.iter().all(|v| v.z < p[2])
            || c.iter().all(|v| v.z > p[2])
        {
            continue;
        }
        let side = |a: usize, b: usize| {
            (c[a].y - p[1]) * (c[b].z - p[2]) - (c[b].y - p[1]) * (c[a].z - p[2])
        };
        let (s0, s1, s2) = (side(1, 2), side(2, 0), side(0, 1));
        let total = s0 + s1 + s2;
        clean &= [s0, s1, s2].iter().all(|s| s.abs() > 1e-12);
        let inside = (s0 > 0.0 && s1 > 0.0 && s2 > 0.0) || (s0 < 0.0 && s1 < 0.0 && s2 < 0.0);
        if inside && (s0 * c[0].x + s1 * c[1].x + s2 * c[2].x) / total > p[0] {
            sum += if total > 0.0 { 1 } else { -1 };
        }
    }
    (sum, clean)
}
