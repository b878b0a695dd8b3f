//! A packed tree of boxes over the triangles of a mesh.
//!
//! Eight triangles that follow one another along a space-filling curve make a leaf, eight nodes
//! make a node of the level above. A node holds the boxes of its eight children as lanes, so that
//! one test answers for all eight. There are no pointers: child `j` of node `i` is node `8·i + j`
//! of the level below.

use nalgebra::Point3;
use platewright_model::geometry::BoxMm;
use rayon::prelude::*;
use wide::f32x8;

use super::order::{Box32, curve_order, greater, lesser};
use crate::TriMesh;

/// Children of a node.
pub(crate) const LANES: usize = 8;
/// No triangle: fills up the last leaf.
const NONE: u32 = u32::MAX;

/// Turns coordinates to single precision around a centre.
///
/// The map never reverses the order of two numbers (it rounds the difference, then rounds again),
/// so boxes that meet still meet after it: no rounding outwards is needed for that question.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Frame {
    centre: [f64; 3],
    /// Furthest coordinate from the centre, mm.
    reach: f64,
    /// Bound of the rounding error of any mapped coordinate of the mesh, mm.
    pub(super) slack: f64,
}

impl Frame {
    fn new(bounds: &BoxMm) -> Self {
        let centre = std::array::from_fn(|k| bounds.min[k] + (bounds.max[k] - bounds.min[k]) / 2.0);
        let reach = (0..3)
            .map(|k| (bounds.max[k] - centre[k]).abs().max((centre[k] - bounds.min[k]).abs()))
            .fold(0.0, f64::max);
        // Half a unit in the last place of a float, doubled for the rounding before it; the tiny
        // number covers floats below the normal ones.
        let slack = reach * f64::from(f32::EPSILON) + f64::from(f32::MIN_POSITIVE);
        Self { centre, reach, slack }
    }

    pub(super) fn at(&self, p: [f64; 3]) -> [f32; 3] {
        std::array::from_fn(|k| (p[k] - self.centre[k]) as f32)
    }

    /// A coordinate relative to the centre, not rounded to single precision.
    pub(super) fn relative(&self, p: [f64; 3]) -> [f64; 3] {
        std::array::from_fn(|k| p[k] - self.centre[k])
    }

    fn of_corners(&self, corners: [&Point3<f64>; 3]) -> Box32 {
        let [a, b, c] = corners;
        Box32::around(self.at((*a).into()), self.at((*b).into()), self.at((*c).into()))
    }
}

/// Eight boxes, one a lane.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lanes {
    pub(super) min: [f32x8; 3],
    pub(super) max: [f32x8; 3],
}

impl Lanes {
    fn new(boxes: impl Fn(usize) -> Box32) -> Self {
        let (mut min, mut max) = ([[0.0; LANES]; 3], [[0.0; LANES]; 3]);
        for lane in 0..LANES {
            let b = boxes(lane);
            for k in 0..3 {
                min[k][lane] = b.min[k];
                max[k][lane] = b.max[k];
            }
        }
        Self { min: min.map(f32x8::from), max: max.map(f32x8::from) }
    }

    /// Box of lane `lane`.
    #[inline]
    pub(crate) fn lane(&self, lane: usize) -> Box32 {
        let at =
            |v: &[f32x8; 3]| [v[0].as_array()[lane], v[1].as_array()[lane], v[2].as_array()[lane]];
        Box32 { min: at(&self.min), max: at(&self.max) }
    }

    /// Box around all lanes.
    pub(crate) fn around(&self) -> Box32 {
        let low = |v: &f32x8| v.as_array().iter().copied().fold(f32::INFINITY, lesser);
        let high = |v: &f32x8| v.as_array().iter().copied().fold(f32::NEG_INFINITY, greater);
        let [a, b, c] = &self.min;
        let [d, e, f] = &self.max;
        Box32 { min: [low(a), low(b), low(c)], max: [high(d), high(e), high(f)] }
    }

    /// Bit `i` says whether lane `i` meets the box.
    #[inline]
    pub(crate) fn meeting(&self, query: &Splat) -> u32 {
        let x = self.min[0].simd_le(query.max[0]) & query.min[0].simd_le(self.max[0]);
        let y = self.min[1].simd_le(query.max[1]) & query.min[1].simd_le(self.max[1]);
        let z = self.min[2].simd_le(query.max[2]) & query.min[2].simd_le(self.max[2]);
        (x & y & z).to_bitmask()
    }
}

/// One box, repeated in all lanes.
#[derive(Clone, Copy)]
pub(crate) struct Splat {
    min: [f32x8; 3],
    max: [f32x8; 3],
}

impl From<Box32> for Splat {
    #[inline]
    fn from(b: Box32) -> Self {
        let splat = |p: [f32; 3]| [f32x8::splat(p[0]), f32x8::splat(p[1]), f32x8::splat(p[2])];
        Self { min: splat(b.min), max: splat(b.max) }
    }
}

/// The bits of a mask, lowest first.
#[inline]
pub(crate) fn bits(mut mask: u32) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let bit = mask.trailing_zeros();
        mask &= mask.wrapping_sub(1);
        (bit < 32).then_some(bit as usize)
    })
}

/// A tree of boxes over the triangles of a mesh; about 31 bytes a triangle.
///
/// It stays true only as long as the mesh does not change.
pub(crate) struct BoxTree {
    pub(super) frame: Frame,
    /// All nodes, leaves first, then level by level.
    nodes: Vec<Lanes>,
    /// Where each level starts in `nodes`, and the end.
    levels: Vec<usize>,
    /// Triangle of each lane of the leaves.
    order: Vec<u32>,
    /// Leaves before this one hold large triangles.
    large_leaves: usize,
}

impl BoxTree {
    /// Builds the tree: a few sweeps over the triangles and a radix sort.
    pub(crate) fn new(mesh: &TriMesh) -> Self {
        Self::of(&mesh.vertices, &mesh.triangles)
    }

    /// Builds the tree of some triangles, numbered by their place in the list.
    pub(crate) fn of(vertices: &[Point3<f64>], triangles: &[[u32; 3]]) -> Self {
        let (frame, boxes) = boxes_of(vertices, triangles);
        let (mut order, large) = curve_order(&boxes);
        order.resize(order.len().next_multiple_of(LANES), NONE);
        // Room for all levels, so that the leaves need not be moved for the others.
        let leaves = order.len() / LANES;
        let mut nodes: Vec<Lanes> = Vec::with_capacity(leaves + leaves / (LANES - 1) + 8);
        nodes.par_extend(order.par_chunks(LANES).with_min_len(512).map(|slots| {
            Lanes::new(|i| boxes.get(slots[i] as usize).copied().unwrap_or(Box32::EMPTY))
        }));
        let mut levels = vec![0];
        loop {
            let (start, end) = (levels[levels.len() - 1], nodes.len());
            levels.push(end);
            if end - start <= 1 {
                break;
            }
            for first in (start..end).step_by(LANES) {
                let around = |i| nodes.get(first + i).map_or(Box32::EMPTY, Lanes::around);
                let node = Lanes::new(|i| if first + i < end { around(i) } else { Box32::EMPTY });
                nodes.push(node);
            }
        }
        Self { frame, nodes, levels, order, large_leaves: large.div_ceil(LANES) }
    }

    /// Number of leaves.
    pub(crate) fn leaves(&self) -> usize {
        self.order.len() / LANES
    }

    /// Boxes of the triangles of a leaf.
    #[inline]
    pub(crate) fn leaf(&self, leaf: usize) -> &Lanes {
        &self.nodes[leaf]
    }

    /// Whether a leaf holds triangles much larger than the usual one.
    pub(crate) fn is_large(&self, leaf: usize) -> bool {
        leaf < self.large_leaves
    }

    /// Triangles in the order of the leaves.
    pub(crate) fn order(&self) -> &[u32] {
        &self.order
    }

    /// Nodes of the level above the leaves.
    pub(super) fn height(&self) -> usize {
        self.levels.len() - 1
    }

    /// Node `i` of a level; that of the leaves is 0.
    #[inline]
    pub(crate) fn node(&self, level: usize, i: usize) -> &Lanes {
        &self.nodes[self.levels[level] + i]
    }

    /// Shows `visit` every node of `level` from `first` on whose box meets the query, with the
    /// mask of its lanes that do.
    #[inline]
    pub(crate) fn descend(
        &self,
        query: &Splat,
        level: usize,
        first: usize,
        visit: &mut impl FnMut(usize, u32),
    ) {
        if self.order.is_empty() {
            return;
        }
        let mut stack = [(0_u32, 0_u32); LANES * 12];
        let mut depth = 1;
        stack[0] = ((self.height() - 1) as u32, 0);
        while depth > 0 {
            depth -= 1;
            let (at, i) = (stack[depth].0 as usize, stack[depth].1 as usize);
            let mask = self.node(at, i).meeting(query);
            if mask == 0 {
                continue;
            }
            if at == level {
                visit(i, mask);
                continue;
            }
            // Highest child first, so that the lowest is taken up next.
            let shift = 3 * (at - 1 - level);
            for lane in bits(mask.reverse_bits() >> (32 - LANES)) {
                let child = i * LANES + (LANES - 1 - lane);
                if ((child + 1) << shift) > first {
                    stack[depth] = ((at - 1) as u32, child as u32);
                    depth += 1;
                }
            }
        }
    }

    /// Shows `found` the triangles whose boxes meet that of triangle `t`, itself among them.
    pub(crate) fn overlapping_triangle(&self, mesh: &TriMesh, t: u32, found: &mut impl FnMut(u32)) {
        let corners = mesh.triangles[t as usize].map(|v| v as usize);
        let bounds = self.frame.of_corners(corners.each_ref().map(|&v| &mesh.vertices[v]));
        self.each_meeting(bounds, found);
    }

    pub(super) fn each_meeting(&self, bounds: Box32, found: &mut impl FnMut(u32)) {
        self.descend(&bounds.into(), 0, 0, &mut |leaf, mask| {
            for lane in bits(mask) {
                found(self.order[leaf * LANES + lane]);
            }
        });
    }
}

/// Box around some points.
fn bounds_of<'a>(mut points: impl Iterator<Item = &'a Point3<f64>>) -> BoxMm {
    let Some(&first) = points.next() else { return BoxMm { min: [0.0; 3], max: [0.0; 3] } };
    let (mut min, mut max) = (first, first);
    for p in points {
        for k in 0..3 {
            min[k] = if p[k] < min[k] { p[k] } else { min[k] };
            max[k] = if p[k] > max[k] { p[k] } else { max[k] };
        }
    }
    BoxMm { min: min.into(), max: max.into() }
}

/// The boxes of triangles, and the frame they are given in.
fn boxes_of(vertices: &[Point3<f64>], triangles: &[[u32; 3]]) -> (Frame, Vec<Box32>) {
    if triangles.len() >= vertices.len() / 4 {
        // Each vertex is turned to single precision once.
        let frame = Frame::new(&bounds_of(vertices.iter()));
        let at: Vec<[f32; 3]> = vertices.iter().map(|&v| frame.at(v.into())).collect();
        let of =
            |&[a, b, c]: &[u32; 3]| Box32::around(at[a as usize], at[b as usize], at[c as usize]);
        let boxes: Vec<Box32> = triangles.par_iter().with_min_len(4096).map(of).collect();
        let mut all = Box32::EMPTY;
        boxes.iter().for_each(|b| all.join(b));
        let longest =
            (0..3).map(|k| f64::from(all.max[k]) - f64::from(all.min[k])).fold(0.0, f64::max);
        if longest >= frame.reach / 4.0 {
            return (frame, boxes);
        }
        // Vertices that no triangle uses lie far away, at the cost of precision.
    }
    let corners = || triangles.as_flattened().iter().map(|&v| &vertices[v as usize]);
    let frame = Frame::new(&bounds_of(corners()));
    let of = |&[a, b, c]: &[u32; 3]| {
        frame.of_corners([&vertices[a as usize], &vertices[b as usize], &vertices[c as usize]])
    };
    let boxes = triangles.iter().map(of).collect();
    (frame, boxes)
}
