//! OBJ: vertices and triangles, nothing else.

use super::number::{put_index, put_number};
use crate::{MeshError, TriMesh};

/// The bytes of an OBJ in mm. Coordinates are the shortest that read back as the same numbers;
/// the same bytes every time.
///
/// # Errors
/// E2040: a coordinate that is no number.
pub fn write_obj(mesh: &TriMesh) -> Result<Vec<u8>, MeshError> {
    let mut out = Vec::with_capacity(48 * mesh.vertices.len() + 24 * mesh.triangles.len() + 64);
    out.extend_from_slice(b"# Platewright, unit mm\n");
    for vertex in &mesh.vertices {
        out.push(b'v');
        for &x in vertex.iter() {
            out.push(b' ');
            put_number(&mut out, x).map_err(|text| MeshError::Write { what: "OBJ", text })?;
        }
        out.push(b'\n');
    }
    for triangle in &mesh.triangles {
        out.push(b'f');
        for &corner in triangle {
            out.push(b' ');
            let number = corner.checked_add(1).ok_or_else(|| {
                let text = "the mesh has more than 2³² vertices".to_owned();
                MeshError::Write { what: "OBJ", text }
            })?;
            put_index(&mut out, number);
        }
        out.push(b'\n');
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use platewright_model::measure::LengthUnit;

    use super::*;
    use crate::fixtures::{LIMITS, cuboid, sphere};
    use crate::read_model;

    #[test]
    fn numbers_come_back_exactly() {
        // The reader numbers vertices by first use: a mesh that is read once stays as it is.
        let unit = Some(LengthUnit::Mm);
        let read = |mesh: &TriMesh| {
            let bytes = write_obj(mesh).unwrap();
            assert_eq!(bytes, write_obj(mesh).unwrap());
            read_model(&bytes, "a.obj", unit, &LIMITS).unwrap().mesh
        };
        let mesh = read(&sphere(1.0 / 3.0, 24));
        assert_eq!(read(&mesh), mesh);
        let text = String::from_utf8(write_obj(&cuboid([0.1; 3], [1.0; 3])).unwrap()).unwrap();
        assert!(text.starts_with("# Platewright, unit mm\nv 0.1 0.1 0.1\nv 1 0.1 0.1\n"), "{text}");
        assert!(text.ends_with("\nf 4 8 6\n"), "{text}");
    }

    #[test]
    fn what_is_no_number_is_refused() {
        let mut mesh = cuboid([0.0; 3], [1.0; 3]);
        mesh.vertices[3].y = f64::INFINITY;
        assert!(write_obj(&mesh).unwrap_err().to_string().starts_with("E2040"));
    }
}
