//! The element `mesh` of 3MF, whole or piece by piece.

use super::number::{put_index, put_number};
use crate::TriMesh;

/// What stands before the vertices.
pub(super) const BEFORE_VERTICES: &[u8] = b"<mesh>\n<vertices>\n";
/// What stands between the vertices and the triangles.
pub(super) const BEFORE_TRIANGLES: &[u8] = b"</vertices>\n<triangles>\n";
/// What stands after the triangles.
pub(super) const AFTER_TRIANGLES: &[u8] = b"</triangles>\n</mesh>";

/// Appends a mesh. `property` may name one property of triangle `t`, an index into the group
/// `group`.
pub(super) fn put_mesh(
    xml: &mut Vec<u8>,
    mesh: &TriMesh,
    group: u32,
    property: impl Fn(usize) -> Option<u32>,
) -> Result<(), String> {
    xml.reserve(64 * mesh.vertices.len() + 52 * mesh.triangles.len());
    xml.extend_from_slice(BEFORE_VERTICES);
    put_vertices(xml, mesh.vertices.iter().map(|v| [v.x, v.y, v.z]))?;
    xml.extend_from_slice(BEFORE_TRIANGLES);
    put_triangles(xml, &mesh.triangles, group, property);
    xml.extend_from_slice(AFTER_TRIANGLES);
    Ok(())
}

/// Appends vertices.
pub(super) fn put_vertices(
    xml: &mut Vec<u8>,
    vertices: impl Iterator<Item = [f64; 3]>,
) -> Result<(), String> {
    for v in vertices {
        for (head, x) in [&b"<vertex x=\""[..], b"\" y=\"", b"\" z=\""].iter().zip(v) {
            xml.extend_from_slice(head);
            put_number(xml, x)?;
        }
        xml.extend_from_slice(b"\"/>\n");
    }
    Ok(())
}

/// Appends triangles; see [`put_mesh`].
pub(super) fn put_triangles(
    xml: &mut Vec<u8>,
    triangles: &[[u32; 3]],
    group: u32,
    property: impl Fn(usize) -> Option<u32>,
) {
    for (t, corners) in triangles.iter().enumerate() {
        for (head, v) in [&b"<triangle v1=\""[..], b"\" v2=\"", b"\" v3=\""].iter().zip(corners) {
            xml.extend_from_slice(head);
            put_index(xml, *v);
        }
        if let Some(property) = property(t) {
            xml.extend_from_slice(b"\" pid=\"");
            put_index(xml, group);
            xml.extend_from_slice(b"\" p1=\"");
            put_index(xml, property);
        }
        xml.extend_from_slice(b"\"/>\n");
    }
}
