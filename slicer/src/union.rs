//! Union of the contours of a layer, for shells that overlap.

use std::collections::BTreeMap;

use i_overlay::core::fill_rule::FillRule;
use i_overlay::float::simplify::SimplifyShape;
use platewright_mesh::ring_area;

use crate::chain::Walk;
use crate::slices::RingSlice;

/// Relative difference of areas under which a union changed nothing but the rounding to its
/// integer grid (2⁻³⁰ of the layer's width).
const SAME_AREA: f64 = 1e-7;

/// Unites contours under the Positive rule: solid is where the winding number is at least 1
/// (ISO/IEC 25422, 3MF core, uses the same rule). Outer contours come back counter-clockwise,
/// holes clockwise.
///
/// Contours that neither cross nor overlap come back untouched, since the union can only round
/// them.
pub fn union_layer(rings: Vec<RingSlice>) -> Vec<RingSlice> {
    let before: f64 = rings.iter().map(|ring| ring_area(ring)).sum();
    let united: Vec<RingSlice> =
        rings.simplify_shape_as::<i64>(FillRule::Positive).into_iter().flatten().collect();
    let after: f64 = united.iter().map(|ring| ring_area(ring)).sum();
    let scale: f64 = rings.iter().map(|ring| ring_area(ring).abs()).sum();
    if (after - before).abs() <= SAME_AREA * scale { rings } else { united }
}

/// Whether the boxes of contours of two shells overlap.
pub(crate) fn boxes_overlap(walks: &[Walk]) -> bool {
    let Some(first) = walks.first() else { return false };
    if walks.iter().all(|walk| walk.shell == first.shell) {
        return false;
    }
    // A shell's holes lie in the box of its outer contours: one box a shell is enough to rule
    // an overlap out.
    let mut boxes: BTreeMap<u32, [f64; 4]> = BTreeMap::new();
    for walk in walks {
        let b = boxes.entry(walk.shell).or_insert([f64::MAX, f64::MAX, f64::MIN, f64::MIN]);
        for p in &walk.points {
            *b = [b[0].min(p[0]), b[1].min(p[1]), b[2].max(p[0]), b[3].max(p[1])];
        }
    }
    let mut sorted: Vec<[f64; 4]> = boxes.into_values().collect();
    sorted.sort_by(|a, b| a[0].total_cmp(&b[0]));
    sorted.iter().enumerate().any(|(k, a)| {
        sorted[k + 1..].iter().take_while(|b| b[0] <= a[2]).any(|b| b[1] <= a[3] && a[1] <= b[3])
    })
}
