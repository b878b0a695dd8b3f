//! The element `mesh` of 3MF.

use super::number::{put_index, put_number};
use crate::TriMesh;

/// Appends a mesh. `property` may name one property of triangle `t`, an index into the group
/// `group`.
pub(super) fn put_mesh(
    xml: &mut Vec<u8>,
    mesh: &TriMesh,
    group: u32,
    property: impl Fn(usize) -> Option<u32>,
) -> Result<(), String> {
    xml.reserve(64 * mesh.vertices.len() + 52 * mesh.triangles.len());
    xml.extend_from_slice(b"<mesh>\n<vertices>\n");
    for v in &mesh.vertices {
        for (head, x) in [&b"<vertex x=\""[..], b"\" y=\"", b"\" z=\""].iter().zip(v.iter()) {
            xml.extend_from_slice(head);
            put_number(xml, *x)?;
        }
        xml.extend_from_slice(b"\"/>\n");
    }
    xml.extend_from_slice(b"</vertices>\n<triangles>\n");
    for (t, corners) in mesh.triangles.iter().enumerate() {
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
    xml.extend_from_slice(b"</triangles>\n</mesh>");
    Ok(())
}
