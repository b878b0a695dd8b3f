//! The corrected meshes of a run, without loss: `check` and `report` need them.

use parquet::basic::Encoding;
use parquet::schema::types::ColumnPath;
use platewright_model::id::PartId;

use super::folder::RunDir;
use crate::StoreError;
use crate::table::{Rows, Table};

const MESHES: &str = "21_meshes.parquet";

/// The triangles of a part, in mm.
#[derive(Clone, Debug, PartialEq)]
pub struct MeshData {
    /// The part.
    pub part: PartId,
    /// Corners.
    pub vertices: Vec<[f64; 3]>,
    /// Indices into `vertices`, counter-clockwise seen from outside.
    pub triangles: Vec<[u32; 3]>,
}

impl RunDir {
    /// Writes the meshes, coordinates exact to the last bit.
    ///
    /// # Errors
    /// If they cannot be written.
    pub fn write_meshes(&self, meshes: &[MeshData]) -> Result<(), StoreError> {
        let column = |name: &str| {
            let path = vec![name.to_owned(), "list".to_owned(), "element".to_owned()];
            ColumnPath::new(path)
        };
        // Bytes of like weight side by side pack far better than whole floats do, and indices
        // of neighbouring triangles differ little.
        Table::new("meshes")
            .text("part", meshes.iter().map(|m| m.part.as_str()))
            .reals("vertices_mm", meshes.iter().map(|m| m.vertices.iter().flatten().copied()))
            .indices("triangles", meshes.iter().map(|m| m.triangles.iter().flatten().copied()))
            .write_with(&self.file(MESHES), |properties| {
                properties
                    .set_column_dictionary_enabled(column("vertices_mm"), false)
                    .set_column_encoding(column("vertices_mm"), Encoding::BYTE_STREAM_SPLIT)
                    .set_column_dictionary_enabled(column("triangles"), false)
                    .set_column_encoding(column("triangles"), Encoding::DELTA_BINARY_PACKED)
            })
    }

    /// Reads the meshes; every index is of a vertex.
    ///
    /// # Errors
    /// If they cannot be read.
    pub fn read_meshes(&self) -> Result<Vec<MeshData>, StoreError> {
        let rows = Rows::read(&self.file(MESHES), "meshes")?;
        let parts: Vec<PartId> = rows.ids("part")?;
        let (vertices, triangles) = (rows.reals("vertices_mm")?, rows.indices("triangles")?);
        let mut meshes = Vec::with_capacity(parts.len());
        for ((part, vertices), triangles) in parts.into_iter().zip(vertices).zip(triangles) {
            let (vertices, odd_numbers) = vertices.as_chunks::<3>();
            let (triangles, odd_indices) = triangles.as_chunks::<3>();
            let known = |t: &[u32; 3]| t.iter().all(|&v| (v as usize) < vertices.len());
            if !odd_numbers.is_empty() || !odd_indices.is_empty() || !triangles.iter().all(known) {
                return Err(rows.fault(format!("has a broken mesh of part {part}")));
            }
            let (vertices, triangles) = (vertices.to_vec(), triangles.to_vec());
            meshes.push(MeshData { part, vertices, triangles });
        }
        Ok(meshes)
    }
}
