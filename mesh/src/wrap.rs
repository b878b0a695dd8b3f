//! A skin around a model: the last resort for surfaces that nothing else closes.

use manifold_rust::linalg::Vec3;
use manifold_rust::manifold::Manifold;
use manifold_rust::types::Box as Region;
use nalgebra::Point3;
use platewright_model::geometry::BoxMm;
use rayon::prelude::*;

use crate::spatial::BoxTree;
use crate::{MeshError, TriMesh, correct};

/// The most cells of the grid on which inside and outside are told apart.
const MOST_CELLS: f64 = 4e7;

/// A closed surface at the distance `thickness` mm around a mesh, on the side that can be reached
/// from outside through gaps wider than twice that. The part grows by `thickness`; details
/// smaller than it are lost.
///
/// Marching tetrahedra on a body-centred grid (manifold-rust, `level_set`) over the distance to
/// the surface; what is outside is flooded on a cubic grid.
///
/// # Errors
/// E2041 if the thickness is no positive number, or too small for the model's size.
pub fn wrap(mesh: &TriMesh, thickness: f64) -> Result<TriMesh, MeshError> {
    let bounds = mesh.bounds().filter(|_| !mesh.triangles.is_empty());
    let bounds = bounds.ok_or(MeshError::NoTriangles)?;
    let volume: f64 = bounds.size().iter().map(|s| s / thickness + 6.0).product();
    if !(thickness > 0.0 && 8.0 * volume <= MOST_CELLS) {
        let least =
            (bounds.size().iter().map(|s| s + 1e-3).product::<f64>() * 16.0 / MOST_CELLS).cbrt();
        return Err(MeshError::WrapThickness { thickness, least });
    }
    let tree = BoxTree::new(mesh);
    let flood = Flood::new(mesh, &tree, &bounds, thickness);
    let depth = |p: Vec3| {
        let p = Point3::new(p.x, p.y, p.z);
        match tree.nearest(mesh, p, 2.0 * thickness, &|_| false) {
            Some(near) if near.distance < thickness => thickness - near.distance,
            _ if !flood.reaches(p) => thickness,
            Some(near) => thickness - near.distance,
            None => -thickness,
        }
    };
    let corner = |p: [f64; 3], by: f64| Vec3::new(p[0] + by, p[1] + by, p[2] + by);
    let region = Region::from_points(
        corner(bounds.min, -2.0 * thickness),
        corner(bounds.max, 2.0 * thickness),
    );
    let skin = Manifold::level_set(depth, region, thickness).get_mesh_gl64(-1);
    let width = (skin.num_prop as usize).max(3);
    let vertices =
        skin.vert_properties.chunks_exact(width).map(|p| Point3::new(p[0], p[1], p[2])).collect();
    let (triangles, _) = skin.tri_verts.as_chunks::<3>();
    let triangles = triangles.iter().map(|t| t.map(|v| v as u32)).collect();
    // Where the skin folds within a cell of the grid it may touch itself.
    Ok(correct(&TriMesh { vertices, triangles }).mesh)
}

/// Cells that can be reached from outside.
struct Flood {
    origin: Point3<f64>,
    cell: f64,
    size: [usize; 3],
    outside: Vec<bool>,
}

impl Flood {
    fn new(mesh: &TriMesh, tree: &BoxTree, bounds: &BoxMm, thickness: f64) -> Self {
        let cell = thickness / 2.0;
        // A rim of free cells all around, so that the flood goes everywhere.
        let origin = Point3::from(bounds.min.map(|x| x - 3.0 * thickness));
        let size = bounds.size().map(|s| ((s + 6.0 * thickness) / cell).ceil() as usize + 1);
        let [nx, ny, nz] = size;
        let free: Vec<bool> = (0..nx * ny * nz)
            .into_par_iter()
            .map(|i| {
                let at = [i % nx, i / nx % ny, i / (nx * ny)].map(|k| (k as f64 + 0.5) * cell);
                let p = origin + nalgebra::Vector3::from(at);
                tree.nearest(mesh, p, thickness, &|_| false).is_none()
            })
            .collect();
        let mut outside = vec![false; free.len()];
        let mut open = vec![0_usize];
        outside[0] = true;
        while let Some(i) = open.pop() {
            let at = [i % nx, i / nx % ny, i / (nx * ny)];
            for (k, step) in [1, nx, nx * ny].into_iter().enumerate() {
                let neighbours =
                    [(at[k] > 0, i.wrapping_sub(step)), (at[k] + 1 < size[k], i + step)];
                for (there, next) in neighbours {
                    if there && free[next] && !outside[next] {
                        outside[next] = true;
                        open.push(next);
                    }
                }
            }
        }
        Self { origin, cell, size, outside }
    }

    /// Whether a place further than the thickness from the surface is outside: whether the flood
    /// came to its cell or one beside it. The band around the surface that no flood enters is
    /// four cells wide, so that none is mistaken for one across it.
    fn reaches(&self, p: Point3<f64>) -> bool {
        let at = (p - self.origin) / self.cell;
        let range = |k: usize| {
            let i = at[k].floor();
            let last = self.size[k] - 1;
            // What lies beyond the grid is outside.
            let within = i >= 0.0 && i <= last as f64;
            within.then(|| (i as usize).saturating_sub(1)..=(i as usize + 1).min(last))
        };
        let (Some(xs), Some(ys), Some(zs)) = (range(0), range(1), range(2)) else { return true };
        let [nx, ny, _] = self.size;
        zs.into_iter()
            .any(|z| ys.clone().any(|y| xs.clone().any(|x| self.outside[x + nx * (y + ny * z)])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::cuboid;
    use crate::inspect;

    #[test]
    fn an_open_box_is_wrapped_as_one_body() {
        let mut open = cuboid([0.0; 3], [10.0; 3]);
        // A hole of half a face: far too large to be bridged by the skin itself.
        open.triangles.pop();
        let skin = wrap(&open, 0.5).unwrap();
        let facts = inspect(&skin).facts;
        assert!(facts.oriented && facts.open_edges == 0, "{facts:?}");
        assert_eq!(facts.intersecting_pairs, 0, "{facts:?}");
        // Through the hole the inside is reached: what remains is a thin wall.
        assert!(facts.volume_mm3 < 0.6 * 11.0_f64.powi(3), "{}", facts.volume_mm3);

        let slit = cuboid([0.0; 3], [10.0; 3]);
        let closed = wrap(&slit, 0.5).unwrap();
        let facts = inspect(&closed).facts;
        assert!(facts.watertight && facts.shells == 1);
        assert!((facts.volume_mm3 / 11.0_f64.powi(3) - 1.0).abs() < 0.03, "{}", facts.volume_mm3);
    }

    #[test]
    fn a_thickness_that_cannot_be_is_refused() {
        let body = cuboid([0.0; 3], [100.0; 3]);
        for thickness in [0.0, -1.0, f64::NAN, 1e-6] {
            let told = wrap(&body, thickness).unwrap_err().to_string();
            assert!(told.starts_with("E2041"), "{told}");
        }
    }
}
