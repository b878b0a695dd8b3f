//! Marks the voxels that the surface touches.

use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use super::Voxels;
use crate::TriMesh;

/// By how much cubes are enlarged, in voxels, so that rounding never loses one.
const SLACK: f64 = 1e-7;

/// Sets every voxel whose cube touches a triangle.
///
/// A triangle cut to the beam of a row of voxels is convex, so it touches exactly the voxels
/// from its least to its greatest x: cutting replaces a test of every cube.
pub(super) fn mark(voxels: &mut Voxels, mesh: &TriMesh) {
    let words: Vec<AtomicU64> =
        std::mem::take(&mut voxels.words).into_iter().map(AtomicU64::new).collect();
    let grid = Grid { dims: voxels.dims, words_per_row: voxels.words_per_row, words: &words };
    let (origin, scale) = (voxels.origin, 1.0 / voxels.pitch);
    // Only bits are set, so the order of the threads does not show.
    mesh.triangles.par_iter().with_min_len(1024).for_each(|triangle| {
        grid.mark_triangle(triangle.map(|v| {
            let p = &mesh.vertices[v as usize];
            std::array::from_fn(|k| (p[k] - origin[k]) * scale)
        }));
    });
    voxels.words = words.into_iter().map(AtomicU64::into_inner).collect();
}

struct Grid<'a> {
    dims: [usize; 3],
    words_per_row: usize,
    words: &'a [AtomicU64],
}

impl Grid<'_> {
    /// Voxels from `low` to `high` (in voxels) along an axis.
    fn range(&self, axis: usize, low: f64, high: f64) -> (usize, usize) {
        let last = self.dims[axis] - 1;
        let clamp = |x: f64| (x.floor().max(0.0) as usize).min(last);
        // A cube that ends exactly at `low` touches it as well.
        (clamp((low - SLACK).ceil() - 1.0), clamp(high + SLACK))
    }

    fn mark_triangle(&self, corners: [[f64; 3]; 3]) {
        let (low, high) = extent(&corners);
        let (z0, z1) = self.range(2, low[2], high[2]);
        let (y0, y1) = self.range(1, low[1], high[1]);
        if y0 == y1 && z0 == z1 {
            return self.mark_run(y0, z0, low[0], high[0]);
        }
        for z in z0..=z1 {
            let whole = Piece::from(corners);
            let slab = if z0 == z1 {
                whole
            } else {
                cut(&whole, 2, z as f64 - SLACK, (z + 1) as f64 + SLACK)
            };
            if slab.n == 0 {
                continue;
            }
            let (low, high) = extent(slab.points());
            let (y0, y1) = self.range(1, low[1], high[1]);
            for y in y0..=y1 {
                let beam = if y0 == y1 {
                    slab
                } else {
                    cut(&slab, 1, y as f64 - SLACK, (y + 1) as f64 + SLACK)
                };
                if beam.n > 0 {
                    let (low, high) = extent(beam.points());
                    self.mark_run(y, z, low[0], high[0]);
                }
            }
        }
    }

    fn mark_run(&self, y: usize, z: usize, low: f64, high: f64) {
        let (x0, x1) = self.range(0, low, high);
        let start = (z * self.dims[1] + y) * self.words_per_row;
        for word in x0 / 64..=x1 / 64 {
            let from = x0.saturating_sub(word * 64);
            let to = (x1 - word * 64).min(63);
            let mask = (u64::MAX << from) & (u64::MAX >> (63 - to));
            let cell = &self.words[start + word];
            if cell.load(Ordering::Relaxed) & mask != mask {
                cell.fetch_or(mask, Ordering::Relaxed);
            }
        }
    }
}

/// A convex polygon of at most 7 corners: a triangle cut by four planes.
#[derive(Clone, Copy)]
struct Piece {
    corner: [[f64; 3]; 8],
    n: usize,
}

impl Piece {
    fn points(&self) -> &[[f64; 3]] {
        &self.corner[..self.n]
    }

    fn push(&mut self, p: [f64; 3]) {
        // Rounding can add a corner to a polygon that is nearly flat; beyond 8 it is a repeat.
        if self.n < 8 {
            self.corner[self.n] = p;
            self.n += 1;
        }
    }
}

impl From<[[f64; 3]; 3]> for Piece {
    fn from(corners: [[f64; 3]; 3]) -> Self {
        let mut corner = [[0.0; 3]; 8];
        corner[..3].copy_from_slice(&corners);
        Self { corner, n: 3 }
    }
}

fn extent(points: &[[f64; 3]]) -> ([f64; 3], [f64; 3]) {
    points.iter().fold(([f64::MAX; 3], [f64::MIN; 3]), |(low, high), p| {
        (std::array::from_fn(|k| low[k].min(p[k])), std::array::from_fn(|k| high[k].max(p[k])))
    })
}

/// The part of a polygon between two planes across an axis.
fn cut(piece: &Piece, axis: usize, low: f64, high: f64) -> Piece {
    half(&half(piece, axis, low, 1.0), axis, high, -1.0)
}

/// The part of a polygon on the side `sign` of a plane across an axis.
fn half(piece: &Piece, axis: usize, at: f64, sign: f64) -> Piece {
    let mut kept = Piece { corner: [[0.0; 3]; 8], n: 0 };
    let points = piece.points();
    for (i, a) in points.iter().enumerate() {
        let b = &points[(i + 1) % points.len()];
        let (da, db) = (sign * (a[axis] - at), sign * (b[axis] - at));
        if da >= 0.0 {
            kept.push(*a);
        }
        if (da > 0.0 && db < 0.0) || (da < 0.0 && db > 0.0) {
            let t = da / (da - db);
            let mut p: [f64; 3] = std::array::from_fn(|k| a[k] + t * (b[k] - a[k]));
            p[axis] = at;
            kept.push(p);
        }
    }
    kept
}
