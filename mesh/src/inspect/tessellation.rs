//! Curved surfaces in facets that will be seen.

use platewright_model::stage::{FaultCode, MeshFault, Severity};

use super::{Survey, fault_at};

/// Angles between facets that belong to a curve, not to an edge that was drawn, radians.
const CURVE: std::ops::Range<f64> = 0.05..0.55;
/// Facets that deviate further than this from the curve will be seen, mm.
const SEEN_MM: f64 = 0.1;
/// Fewer such edges may be drawn as they are.
const FEW: usize = 12;

/// Tells of facets whose distance from the curve they stand for exceeds [`SEEN_MM`].
///
/// Two facets of width w that meet at angle θ lie on a circle of radius w / (2 sin(θ/2)); their
/// middles are w/2 · tan(θ/4) off it.
pub(super) fn coarse(survey: &Survey<'_>, found: &mut Vec<MeshFault>) {
    let mesh = survey.mesh;
    let Some(bounds) = mesh.bounds() else { return };
    // Facets of a model that is smaller than this cannot be off by SEEN_MM.
    if bounds.size().into_iter().fold(0.0, f64::max) < 8.0 * SEEN_MM {
        return;
    }
    let normal = |t: u32| mesh.normal_times_area(t as usize);
    let (mut triangles, mut edges, mut worst) = (Vec::new(), 0_usize, 0.0_f64);
    for t in 0..mesh.triangles.len() as u32 {
        let own = normal(t);
        let area = own.norm();
        if area == 0.0 {
            continue;
        }
        for k in 0..3 {
            let Some(twin) = survey.topology.twin(3 * t + k) else { continue };
            if twin / 3 < t {
                continue;
            }
            let corners = mesh.corners(t as usize);
            let edge = (corners[(k as usize + 1) % 3] - corners[k as usize]).norm();
            // The height over the edge is no less than the width of the facet there.
            let width = 2.0 * area / edge;
            if width * CURVE.end < 8.0 * SEEN_MM {
                continue;
            }
            let other = normal(twin / 3);
            let other_width = 2.0 * other.norm() / edge;
            let angle = own.cross(&other).norm().atan2(own.dot(&other));
            let off = width.min(other_width) / 2.0 * (angle / 4.0).tan();
            if CURVE.contains(&angle) && off > SEEN_MM {
                triangles.push(t);
                edges += 1;
                worst = worst.max(off);
            }
        }
    }
    if edges >= FEW {
        triangles.dedup();
        let text = format!(
            "facets stand up to {worst:.2} mm off the curve they seem to stand for, at {edges} \
             edges"
        );
        let (code, severity) = (FaultCode::CoarseTessellation, Severity::Note);
        found.push(fault_at(code, severity, edges, mesh, &triangles, text));
    }
}
