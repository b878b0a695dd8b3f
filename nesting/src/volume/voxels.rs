//! From a mesh to its conservative voxel set.

use nalgebra::{Point3, Vector3};
use platewright_mesh::TriMesh;

use super::shape::Shape;

/// Voxels that touch the solid, and the least corner of their box (the mesh's), mm. Closed
/// cavities count as solid where `fill` says so.
pub(super) fn voxelised(mesh: &TriMesh, pitch: f64, fill: bool) -> (Shape, [f64; 3]) {
    let bounds = mesh.bounds().expect("callers check that the mesh has vertices");
    let dims = bounds.size().map(|e| ((e / pitch - 1e-6).ceil() as usize).max(1));
    let mut shell = Shape::empty(dims);
    let min = Vector3::from(bounds.min);
    for t in 0..mesh.triangles.len() {
        let tri = mesh.corners(t).map(|p| (p.coords - min) / pitch);
        mark(&tri, &mut shell);
    }
    fill_inside(mesh, pitch, min, fill, &mut shell);
    (shell, bounds.min)
}

fn mark(tri: &[Vector3<f64>; 3], shell: &mut Shape) {
    const E: f64 = 1e-7;
    let range = |k: usize| {
        let low = tri.iter().map(|p| p[k]).fold(f64::INFINITY, f64::min) - E;
        let high = tri.iter().map(|p| p[k]).fold(f64::NEG_INFINITY, f64::max) + E;
        let last = shell.dims[k] - 1;
        ((low.max(0.0) as usize).min(last), (high.max(0.0) as usize).min(last))
    };
    let (xr, yr, zr) = (range(0), range(1), range(2));
    for z in zr.0..=zr.1 {
        for y in yr.0..=yr.1 {
            for x in xr.0..=xr.1 {
                let c = Vector3::new(x as f64 + 0.5, y as f64 + 0.5, z as f64 + 0.5);
                if overlaps(&tri.map(|p| p - c), 0.5 + E) {
                    shell.set([x, y, z]);
                }
            }
        }
    }
}

fn overlaps(tri: &[Vector3<f64>; 3], half: f64) -> bool {
    let edges = [tri[1] - tri[0], tri[2] - tri[1], tri[0] - tri[2]];
    let normal = edges[0].cross(&edges[1]);
    let apart = |axis: &Vector3<f64>| {
        let r = half * (axis.x.abs() + axis.y.abs() + axis.z.abs());
        let p = tri.map(|v| v.dot(axis));
        p.iter().all(|&v| v > r) || p.iter().all(|&v| v < -r)
    };
    let units = [Vector3::x(), Vector3::y(), Vector3::z()];
    !apart(&normal) && !edges.iter().any(|e| units.iter().any(|u| apart(&u.cross(e))))
}

fn fill_inside(mesh: &TriMesh, pitch: f64, min: Vector3<f64>, all: bool, shell: &mut Shape) {
    let [nx, ny, nz] = shell.dims;
    let index = |p: [usize; 3]| (p[2] * ny + p[1]) * nx + p[0];
    let mut seen = vec![false; nx * ny * nz];
    for run in shell.runs() {
        (run.x..run.x + run.len).for_each(|x| seen[index([x, run.y, run.z])] = true);
    }
    for z in 0..nz {
        for y in 0..ny {
            for x in 0..nx {
                if seen[index([x, y, z])] {
                    continue;
                }
                let mut region = vec![[x, y, z]];
                seen[index([x, y, z])] = true;
                let mut open = false;
                let mut i = 0;
                while i < region.len() {
                    let p = region[i];
                    i += 1;
                    for k in 0..3 {
                        for up in [false, true] {
                            if (up && p[k] + 1 == shell.dims[k]) || (!up && p[k] == 0) {
                                open = true;
                                continue;
                            }
                            let mut q = p;
                            q[k] = if up { p[k] + 1 } else { p[k] - 1 };
                            if !std::mem::replace(&mut seen[index(q)], true) {
                                region.push(q);
                            }
                        }
                    }
                }
                let centre =
                    min + Vector3::new(x as f64 + 0.5, y as f64 + 0.5, z as f64 + 0.5) * pitch;
                if (!open && all) || inside(mesh, centre.into()) {
                    region.iter().for_each(|&p| shell.set(p));
                }
            }
        }
    }
}

fn inside(mesh: &TriMesh, p: Point3<f64>) -> bool {
    let solid: f64 = (0..mesh.triangles.len())
        .map(|t| {
            let [a, b, c] = mesh.corners(t).map(|q| q - p);
            let (la, lb, lc) = (a.norm(), b.norm(), c.norm());
            let below = la * lb * lc + a.dot(&b) * lc + b.dot(&c) * la + c.dot(&a) * lb;
            2.0 * a.dot(&b.cross(&c)).atan2(below)
        })
        .sum();
    solid > std::f64::consts::TAU
}
