//! Whether one part can be drawn away from another one along a straight line.

use super::solid::Standing;
use super::vector::{Bounds, Triangle, V3, along, cross, dot, norm, sub};

/// Whether a part meets another one on its way along a direction of unit length, more than `slack`
/// deep. Parts that do not overlap where they stand meet first with their surfaces: a triangle on
/// its way sweeps a prism, and no triangle of the other part may reach into that.
pub(crate) fn meets_on_its_way(moving: &Standing, still: &Standing, way: V3, slack: f64) -> bool {
    let around = still.bounds();
    moving.tree.triangles().iter().any(|triangle| {
        let Some(prism) = Prism::swept(triangle, way) else { return false };
        let box_of_way = swept_box(triangle, way, &around);
        let mut met = false;
        still.tree.each_in(&box_of_way, &mut |other| {
            met |= prism.holds_part_of(other, slack);
            !met
        });
        met
    })
}

/// The box that a triangle sweeps until it has left a box.
fn swept_box(triangle: &Triangle, way: V3, around: &Bounds) -> Bounds {
    let mut swept = Bounds::around(std::slice::from_ref(triangle));
    // Farther than from any corner of one to any corner of the other.
    let mut both = swept;
    both.add(around.min);
    both.add(around.max);
    let far = both.extent() * 3.0;
    for corner in triangle {
        swept.add(along(*corner, far, way));
    }
    swept
}

/// What a triangle sweeps: behind these planes (normals of unit length, and where along them).
struct Prism([(V3, f64); 4]);

impl Prism {
    /// None for a triangle that the way lies in: its neighbours sweep as much.
    fn swept(triangle: &Triangle, way: V3) -> Option<Self> {
        let [a, b, c] = *triangle;
        let normal = cross(sub(b, a), sub(c, a));
        let facing = dot(normal, way);
        if facing.abs() <= 1e-12 * norm(normal) {
            return None;
        }
        // Seen along the way the corners run clockwise or not.
        let [a, b, c] = if facing > 0.0 { [a, b, c] } else { [a, c, b] };
        let plane = |normal: V3, through: V3| {
            let unit = normal.map(|x| x / norm(normal));
            (unit, dot(unit, through))
        };
        let side = |from: V3, to: V3| plane(cross(sub(to, from), way), from);
        let base = plane(cross(sub(c, a), sub(b, a)), a);
        Some(Self([side(a, b), side(b, c), side(c, a), base]))
    }

    /// Whether something of a triangle is deeper in it than `slack`.
    fn holds_part_of(&self, triangle: &Triangle, slack: f64) -> bool {
        let mut ring: Vec<V3> = triangle.to_vec();
        for (normal, at) in &self.0 {
            let over = |p: &V3| dot(*normal, *p) - at + slack;
            let mut kept = Vec::with_capacity(ring.len() + 1);
            for (k, p) in ring.iter().enumerate() {
                let q = &ring[(k + 1) % ring.len()];
                let (from, to) = (over(p), over(q));
                if from < 0.0 {
                    kept.push(*p);
                }
                if (from < 0.0) != (to < 0.0) {
                    kept.push(along(*p, from / (from - to), sub(*q, *p)));
                }
            }
            if kept.is_empty() {
                return false;
            }
            ring = kept;
        }
        true
    }
}
