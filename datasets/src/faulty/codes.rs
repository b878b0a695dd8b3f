//! Which codes of the inspection tell which injected fault.

use super::FaultKind;

/// Codes of which one at least must be reported for a fault of this kind.
pub fn expected_codes(kind: FaultKind) -> &'static [&'static str] {
    match kind {
        FaultKind::Flipped => &["inconsistent_orientation"],
        FaultKind::Crack | FaultKind::Seam => &["cracks", "near_vertices", "open_edges"],
        FaultKind::Hole | FaultKind::LargeHole => &["holes", "open_edges"],
        FaultKind::Duplicate => &["duplicate_triangles"],
        FaultKind::OppositeDuplicate => &["opposite_triangles", "duplicate_triangles"],
        FaultKind::Degenerate | FaultKind::Needle => &["degenerate_triangles"],
        FaultKind::TJunction => &["t_junctions"],
        FaultKind::PiercingShell | FaultKind::CoplanarShell => {
            &["overlapping_shells", "self_intersections", "self_intersection"]
        }
        FaultKind::InvertedShell => &["inverted_shells", "inside_out"],
        FaultKind::InsideOut => &["inside_out", "inverted_shells"],
        FaultKind::NonManifoldEdge | FaultKind::Fin => &["non_manifold_edges"],
        FaultKind::NonManifoldVertex => &["non_manifold_vertices"],
        FaultKind::InternalShell => &["internal_shells", "nested_shells"],
        FaultKind::NoiseShell => &["noise_shells"],
        FaultKind::UnreferencedVertex => &["unreferenced_vertices"],
        FaultKind::DuplicateVertex => &["duplicate_vertices"],
        FaultKind::SelfIntersection => &["self_intersections", "self_intersection"],
    }
}

/// Codes that are false alarms, if worse than a note, on a sound body.
pub fn alarm_codes() -> Vec<&'static str> {
    let mut all: Vec<&str> =
        FaultKind::ALL.iter().flat_map(|&kind| expected_codes(kind)).copied().collect();
    all.sort_unstable();
    all.dedup();
    all
}
