//! Whether two parts that may touch overlap. Where no distance is asked for, faces lie in one
//! plane and corners on faces, so that neither the distance nor one corner tells.

use super::solid::Standing;
use super::tree::Tree;
use super::vector::{Bounds, Triangle, V3, along, cross, dot, norm, sub};

/// How far beneath its faces a part is asked whether it is within another, mm.
const BENEATH: f64 = 1e-4;

/// Whether an edge of one goes through a triangle of the other, more than `off` mm on either side
/// and from its border.
pub(crate) fn pierce(one: &Tree, other: &Tree, off: f64) -> bool {
    one.triangles().iter().any(|own| {
        let mut found = false;
        other.each_in(&Bounds::around(std::slice::from_ref(own)), &mut |its| {
            found = edges(own).any(|edge| goes_through(edge, its, off))
                || edges(its).any(|edge| goes_through(edge, own, off));
            !found
        });
        found
    })
}

fn edges(t: &Triangle) -> impl Iterator<Item = [V3; 2]> {
    [[t[0], t[1]], [t[1], t[2]], [t[2], t[0]]].into_iter()
}

fn goes_through([p, q]: [V3; 2], t: &Triangle, off: f64) -> bool {
    let normal = cross(sub(t[1], t[0]), sub(t[2], t[0]));
    let size = norm(normal);
    if size == 0.0 {
        return false;
    }
    let n = normal.map(|x| x / size);
    let [above, below] = [p, q].map(|end| dot(sub(end, t[0]), n));
    if above.min(below) >= -off || above.max(below) <= off {
        return false;
    }
    let at = along(p, above / (above - below), sub(q, p));
    edges(t).all(|[a, b]| {
        let edge = sub(b, a);
        dot(cross(n, edge), sub(at, a)) > off * norm(edge)
    })
}

impl Standing {
    /// A point just beneath each of its triangles; `volume` is that of its solid, less than 0 where
    /// triangles face inwards.
    pub(crate) fn beneath(&self, volume: f64) -> impl Iterator<Item = V3> {
        self.tree.triangles().iter().filter_map(move |t| {
            let normal = cross(sub(t[1], t[0]), sub(t[2], t[0]));
            let size = norm(normal);
            let middle = std::array::from_fn(|k| (t[0][k] + t[1][k] + t[2][k]) / 3.0);
            (size > 0.0).then(|| along(middle, -BENEATH * volume.signum() / size, normal))
        })
    }
}
