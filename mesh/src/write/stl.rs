//! STL, binary.

use crate::TriMesh;

/// The bytes of a binary STL in mm. Coordinates are rounded to single precision, as the format
/// wants; the header does not begin with `solid`.
pub fn write_stl(mesh: &TriMesh) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(84 + 50 * mesh.triangles.len());
    let mut header = [b' '; 80];
    let text = b"Platewright binary STL, unit mm";
    header[..text.len()].copy_from_slice(text);
    bytes.extend_from_slice(&header);
    bytes.extend_from_slice(&(mesh.triangles.len() as u32).to_le_bytes());
    for t in 0..mesh.triangles.len() {
        let normal = mesh.normal_times_area(t).try_normalize(0.0).unwrap_or_default();
        let corners = mesh.corners(t);
        let numbers = normal.iter().chain(corners.iter().flat_map(|p| p.coords.iter()));
        for &x in numbers {
            bytes.extend_from_slice(&(x as f32).to_le_bytes());
        }
        bytes.extend_from_slice(&[0, 0]);
    }
    bytes
}
