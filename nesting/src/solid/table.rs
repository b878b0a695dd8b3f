//! How far two convex polytopes overlap, looked up.

use std::sync::LazyLock;

use pulp::Simd;

use super::difference::Plane;
use super::vector::{Vector, dot};

/// Planes that a line comes nearer to by less than this, over its length, are along it.
const LEVEL: f64 = 1e-12;

/// What this processor can do. The same results come out everywhere.
pub(super) static PROCESSOR: LazyLock<pulp::Arch> = LazyLock::new(pulp::Arch::new);

/// Four planes.
#[derive(Clone, Copy, Debug)]
struct Four {
    normal: [[f64; 4]; 3],
    at: [f64; 4],
}

/// Convex polytopes as their planes, four at a time, all in a row: the last one of each is
/// repeated to make up four.
#[derive(Clone, Debug, Default)]
pub(crate) struct Obstacles {
    fours: Vec<Four>,
    /// Where each polytope ends.
    ends: Vec<u32>,
}

impl Obstacles {
    /// Adds a polytope given by its planes, moved outward.
    pub(crate) fn add(&mut self, planes: &[Plane], outward: f64) {
        self.fours.extend(planes.chunks(4).map(|chunk| {
            let four = [0, 1, 2, 3].map(|k| chunk[k.min(chunk.len() - 1)]);
            Four {
                normal: [0, 1, 2].map(|axis| four.map(|plane| plane.normal[axis])),
                at: four.map(|plane| plane.at + outward),
            }
        }));
        self.ends.push(self.fours.len() as u32);
    }

    /// Sum of how far a point must be moved to leave each polytope; 0 if it is in none.
    #[inline(always)]
    pub(crate) fn depth<S: Simd>(&self, simd: S, p: Vector) -> f64 {
        let (x, y, z) = (simd.splat_f64s(p[0]), simd.splat_f64s(p[1]), simd.splat_f64s(p[2]));
        let mut sum = 0.0;
        let mut from = 0;
        for &end in &self.ends {
            let mut least = f64::INFINITY;
            for four in &self.fours[from..end as usize] {
                let (nx, ny) = (lanes::<S>(&four.normal[0]), lanes::<S>(&four.normal[1]));
                let (nz, at) = (lanes::<S>(&four.normal[2]), lanes::<S>(&four.at));
                for k in 0..at.len() {
                    let along = simd.mul_f64s(nx[k], x);
                    let along = simd.add_f64s(along, simd.mul_f64s(ny[k], y));
                    let along = simd.add_f64s(along, simd.mul_f64s(nz[k], z));
                    let inward = simd.reduce_min_f64s(simd.sub_f64s(at[k], along));
                    least = if inward < least { inward } else { least };
                }
                if least <= 0.0 {
                    break;
                }
            }
            if least > 0.0 {
                sum += least;
            }
            from = end as usize;
        }
        sum
    }

    /// Where along a line the polytopes lie: for each that it meets, from where to where, in
    /// lengths of `way` from `p`.
    pub(crate) fn spans(&self, p: Vector, way: Vector, spans: &mut Vec<[f64; 2]>) {
        let mut from = 0;
        for &end in &self.ends {
            let mut span = [f64::NEG_INFINITY, f64::INFINITY];
            'planes: for four in &self.fours[from..end as usize] {
                for k in 0..4 {
                    let normal = [0, 1, 2].map(|axis| four.normal[axis][k]);
                    let (room, speed) = (four.at[k] - dot(normal, p), dot(normal, way));
                    if speed > LEVEL {
                        span[1] = span[1].min(room / speed);
                    } else if speed < -LEVEL {
                        span[0] = span[0].max(room / speed);
                    } else if room <= 0.0 {
                        span[1] = f64::NEG_INFINITY;
                    }
                    if span[0] >= span[1] {
                        break 'planes;
                    }
                }
            }
            if span[0] < span[1] {
                spans.push(span);
            }
            from = end as usize;
        }
    }
}

/// Four numbers in registers, of which one may hold fewer.
#[inline(always)]
fn lanes<S: Simd>(four: &[f64; 4]) -> &[S::f64s] {
    S::as_simd_f64s(four).0
}
