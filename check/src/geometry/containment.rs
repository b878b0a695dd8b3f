//! Is a point inside a part, inside a closed cavity of it, or outside?
//!
//! The winding number is the sum of the solid angles of all triangles over 4π (Van Oosterom,
//! Strackee 1983, IEEE Trans. Biomed. Eng. 30): 1 in the solid, 0 outside and in cavities. It
//! degrades gently where a mesh is not closed.

use std::f64::consts::PI;

use super::solid::Solid;
use super::vector::{Triangle, V3, cross, dot, norm, sub};

/// Where a point is with regard to a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Outside all shells.
    Outside,
    /// Inside a shell, but not in the solid.
    Cavity,
    /// In the solid.
    Solid,
}

/// Half a turn of the winding number decides: points near the surface are never asked for.
const HALF: f64 = 0.5;

/// Where `p`, in the part's frame, is.
pub(crate) fn place(part: &Solid, p: V3) -> Place {
    let mut total = 0.0;
    let mut enclosed = false;
    for shell in part.by_shell() {
        let winding = winding(shell, p);
        enclosed |= winding.abs() > HALF;
        total += winding;
    }
    if total.abs() > HALF {
        Place::Solid
    } else if enclosed {
        Place::Cavity
    } else {
        Place::Outside
    }
}

/// Winding number of some triangles about `p`.
fn winding(triangles: &[Triangle], p: V3) -> f64 {
    let half_angles: f64 = triangles
        .iter()
        .map(|t| {
            let [a, b, c] = t.map(|q| sub(q, p));
            let (la, lb, lc) = (norm(a), norm(b), norm(c));
            let denominator = la * lb * lc + dot(a, b) * lc + dot(b, c) * la + dot(c, a) * lb;
            dot(a, cross(b, c)).atan2(denominator)
        })
        .sum();
    half_angles / (2.0 * PI)
}

#[cfg(test)]
mod tests {
    use nalgebra::Point3;
    use platewright_mesh::TriMesh;

    use super::super::{Bounds, box_triangles};
    use super::*;

    /// A box of 10 mm with a cavity of 6 mm.
    fn hollow() -> Solid {
        let mut triangles = box_triangles(&Bounds { min: [0.0; 3], max: [10.0; 3] });
        let inner = box_triangles(&Bounds { min: [2.0; 3], max: [8.0; 3] });
        triangles.extend(inner.into_iter().map(|[a, b, c]| [a, c, b]));
        let vertices = triangles.iter().flatten().map(|p| Point3::from(*p)).collect();
        let n = triangles.len() as u32;
        Solid::new(&TriMesh {
            vertices,
            triangles: (0..n).map(|t| [3 * t, 3 * t + 1, 3 * t + 2]).collect(),
        })
    }

    #[test]
    fn solid_cavity_and_outside() {
        let part = hollow();
        assert_eq!(part.shells.len(), 2);
        assert!(part.closed);
        assert!((part.volume - (1000.0 - 216.0)).abs() < 1e-9);
        assert!((part.surface - (600.0 + 216.0)).abs() < 1e-9);
        assert_eq!(place(&part, [1.0, 5.0, 5.0]), Place::Solid);
        assert_eq!(place(&part, [5.0, 5.0, 5.0]), Place::Cavity);
        assert_eq!(place(&part, [11.0, 5.0, 5.0]), Place::Outside);
        assert_eq!(place(&part, [-5.0, -5.0, 1e5]), Place::Outside);
    }
}
