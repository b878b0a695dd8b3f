//! Builds and files for the tests of formats.

use std::sync::Arc;

use nalgebra::Point3;
use platewright_mesh::TriMesh;
use platewright_model::geometry::Pose;
use platewright_model::measure::Mm;
use platewright_model::run::RunContext;

use super::{FormatOptions, LayerFormat, MemoryFile, write_layers};
use crate::{BuildSlicer, Layer, Placed, Planes, SliceError, SliceOptions};

/// A body whose outline is a ring of `n` corners between two radii, from 0 to `height`; without
/// a hole if the inner radius is 0.
pub(crate) fn tube(outer: f64, inner: f64, height: f64, n: u32) -> TriMesh {
    let mut mesh = TriMesh::default();
    let radii =
        if inner > 0.0 { vec![(outer, false), (inner, true)] } else { vec![(outer, false)] };
    for (radius, is_hole) in radii {
        let first = mesh.vertices.len() as u32;
        for z in [0.0, height] {
            for i in 0..n {
                let a = std::f64::consts::TAU * f64::from(i) / f64::from(n);
                mesh.vertices.push(Point3::new(radius * a.cos(), radius * a.sin(), z));
            }
        }
        for i in 0..n {
            let (a, b) = (first + i, first + (i + 1) % n);
            for [p, q, r] in [[a, b, b + n], [a, b + n, a + n]] {
                mesh.triangles.push(if is_hole { [p, r, q] } else { [p, q, r] });
            }
        }
    }
    for (z, up) in [(0, false), (n, true)] {
        for i in 0..n {
            let (a, b) = (i + z, (i + 1) % n + z);
            let put = |mesh: &mut TriMesh, [p, q, r]: [u32; 3]| {
                mesh.triangles.push(if up { [p, q, r] } else { [p, r, q] });
            };
            if inner > 0.0 {
                put(&mut mesh, [a, b, b + 2 * n]);
                put(&mut mesh, [a, b + 2 * n, a + 2 * n]);
            } else if 0 < i && i < n - 1 {
                put(&mut mesh, [z, a, b]);
            }
        }
    }
    mesh
}

/// A pose that turns nothing.
pub(crate) fn at(x: f64, y: f64, z: f64) -> Pose {
    Pose { translation: [x, y, z], ..Pose::IDENTITY }
}

/// Four parts: two tubes that are copies, one of them higher; a hexagon turned on its side; a
/// gap of empty layers under the upper tube.
pub(crate) fn placed() -> Vec<Placed> {
    let (ring, nut) = (Arc::new(tube(5.0, 3.0, 2.0, 40)), Arc::new(tube(2.0, 0.0, 1.5, 6)));
    let (sin, cos) = 0.3_f64.sin_cos();
    let turned = Pose {
        rotation: [[cos, 0.0, sin], [0.0, 1.0, 0.0], [-sin, 0.0, cos]],
        translation: [20.0, 4.0, 0.7],
    };
    vec![
        Placed::sound(Arc::clone(&ring), at(6.0, 6.0, 0.0)),
        Placed::sound(ring, at(18.0, 17.0, 4.0)),
        Placed::sound(Arc::clone(&nut), turned),
        Placed::sound(nut, at(-3.0, -2.5, 0.05)),
    ]
}

/// The layers of [`placed`], 0.1 mm each.
pub(crate) fn slicer() -> BuildSlicer {
    let planes = Planes::uniform(Mm(0.1), Mm(6.0)).unwrap();
    BuildSlicer::new(&placed(), &planes, &SliceOptions::default()).unwrap()
}

/// All layers of a build.
pub(crate) fn layers(slicer: &BuildSlicer) -> Vec<Layer> {
    (0..slicer.stack().planes.count()).map(|i| slicer.layer(i)).collect()
}

/// The file of a build in a format.
pub(crate) fn write(
    name: &str,
    slicer: &BuildSlicer,
    options: &FormatOptions,
) -> Result<Vec<u8>, SliceError> {
    let file = MemoryFile::default();
    let ctx = RunContext::with_iterations(1, 1);
    let format = LayerFormat::named(name)?;
    let writer = format.open(Box::new(file.clone()), slicer.stack(), options)?;
    write_layers(slicer, vec![writer], &ctx)?;
    Ok(file.take())
}
