//! How far a part reaches along each axis, over every voxel of the two others: what decides
//! whether it passes another one.

use platewright_model::geometry::Way;

use super::plan::{Job, Spot};
use super::shape::Shape;
use crate::removal::Blocking;

/// The way up each axis.
const UP_ALONG: [Way; 3] = [Way::Right, Way::Back, Way::Up];

/// First and last voxels of a set along each axis.
#[derive(Debug)]
pub(super) struct Relief([Side; 3]);

/// First and last voxels along one axis; the first is after the last where there is none.
#[derive(Debug)]
struct Side {
    /// Voxels along the two other axes, in their order.
    dims: [usize; 2],
    /// By the later of the two, then the earlier.
    ends: Vec<[u16; 2]>,
}

const NONE: [u16; 2] = [u16::MAX, 0];

impl Relief {
    pub(super) fn new(shape: &Shape) -> Self {
        let mut sides = [0, 1, 2].map(|axis| {
            let dims = others(axis).map(|k| shape.dims[k]);
            Side { dims, ends: vec![NONE; dims[0] * dims[1]] }
        });
        for run in shape.runs() {
            let (first, last) = (run.x as u16, (run.x + run.len - 1) as u16);
            sides[0].add([run.y, run.z], first, last);
            for x in run.x..run.x + run.len {
                sides[1].add([x, run.z], run.y as u16, run.y as u16);
                sides[2].add([x, run.y], run.z as u16, run.z as u16);
            }
        }
        Self(sides)
    }
}

/// The axes other than one.
fn others(axis: usize) -> [usize; 2] {
    [[1, 2], [0, 2], [0, 1]][axis]
}

impl Side {
    fn add(&mut self, [a, b]: [usize; 2], first: u16, last: u16) {
        let ends = &mut self.ends[b * self.dims[0] + a];
        *ends = [ends[0].min(first), ends[1].max(last)];
    }
}

/// Whether one part meets another one on its way up an axis, and the other one this one.
fn meets_up(job: &Job, one: &Spot, other: &Spot, axis: usize) -> [bool; 2] {
    let [a, b] = [one, other].map(|spot| &job.facing(spot).relief().0[axis]);
    let [p, q] = others(axis);
    let span = |k: usize, axis: usize| {
        let from = one.at[axis].max(other.at[axis]);
        from..(one.at[axis] + a.dims[k]).min(other.at[axis] + b.dims[k])
    };
    let (across, along) = (span(0, p), span(1, q));
    let mut met = [false; 2];
    if across.is_empty() {
        return met;
    }
    // Bottoms of one over the other's, so that ends compare in one frame.
    let over = one.at[axis] as i32 - other.at[axis] as i32;
    for v in along {
        let row = |side: &'_ Side, at: [usize; 3]| (v - at[q]) * side.dims[0];
        let own = row(a, one.at) + across.start - one.at[p];
        let its = row(b, other.at) + across.start - other.at[p];
        let rows = a.ends[own..own + across.len()].iter().zip(&b.ends[its..its + across.len()]);
        for (own, its) in rows {
            if *own == NONE || *its == NONE {
                continue;
            }
            met[0] |= i32::from(own[0]) + over < i32::from(its[1]);
            met[1] |= i32::from(its[0]) < i32::from(own[1]) + over;
        }
        if met == [true; 2] {
            break;
        }
    }
    met
}

/// Which copies of a build are in the way of which.
pub(super) fn blocking(job: &Job, build: &[Spot]) -> Blocking {
    let mut blocking = Blocking::new(build.len());
    for (i, one) in build.iter().enumerate() {
        for (j, other) in build.iter().enumerate().skip(i + 1) {
            for (axis, way) in UP_ALONG.into_iter().enumerate() {
                let [meets, is_met] = meets_up(job, one, other, axis);
                if meets {
                    blocking.block(way, i, j);
                }
                if is_met {
                    blocking.block(way, j, i);
                }
            }
        }
    }
    blocking
}

/// Whether a copy can leave a build past all copies in it.
pub(super) fn leaves(job: &Job, build: &[Spot], spot: &Spot) -> bool {
    let mut open = [[true; 2]; 3];
    for other in build {
        for (axis, open) in open.iter_mut().enumerate() {
            if *open != [false; 2] {
                let [meets, is_met] = meets_up(job, spot, other, axis);
                *open = [open[0] && !meets, open[1] && !is_met];
            }
        }
        if open == [[false; 2]; 3] {
            return false;
        }
    }
    true
}
