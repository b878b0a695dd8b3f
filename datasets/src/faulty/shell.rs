//! Faults of whole shells.

use nalgebra::{Point3, Vector3};
use platewright_mesh::TriMesh;
use rand::RngExt;
use rand_pcg::Pcg64;

use super::FaultKind;
use super::kernel::Body;
use super::shape::{deep_point, draw, icosphere, moved, size};
use super::work::{Role, Work, rounded};
use crate::body::{cuboid, cylinder, sphere, torus};

/// Adds a shell that crosses the surface: a sphere, a turned box or a torus.
pub(super) fn pierce(work: &mut Work, rng: &mut Pcg64) {
    let Some(body) = Body::new(&work.base) else { return };
    for _ in 0..20 {
        let t = work.any(rng);
        let centre = work.base.corners(t)[0];
        let r = size(&work.base).min() * draw(rng, 0.15, 0.4);
        let shape = match rng.random_range(0..4) {
            0 => cuboid(1.4 * r, 1.7 * r, 1.1 * r),
            1 => torus(0.8 * r, 0.25 * r, 40, 16),
            _ => icosphere(Point3::origin(), r, 3),
        };
        let Some(solid) = Body::new(&shape) else { continue };
        let turn = [(); 3].map(|()| draw(rng, 0.0, 360.0));
        let middle = size(&shape) / 2.0;
        let jog = Vector3::from_fn(|_, _| draw(rng, -0.2, 0.2) * r);
        let place = centre - middle + jog;
        let shell = rounded(&solid.placed(turn, place.into()).mesh());
        let Some(solid) = Body::new(&shell) else { continue };
        let shared = body.shared_mm3(&solid);
        let outside = shell.volume() - shared;
        if shared > 1e-3 * shell.volume() && outside > 1e-3 * shell.volume() {
            let added = work.push_shell(Role::United, shell, false);
            work.note(FaultKind::PiercingShell, 1, &added);
            return;
        }
    }
}

/// Adds a box that stands on the plane of the body's bottom and overlaps the body, or hangs
/// under the bottom and shares part of its plane.
pub(super) fn coplanar(work: &mut Work, rng: &mut Pcg64) {
    let bottom: Vec<usize> =
        (0..work.n()).filter(|&t| work.base.corners(t).iter().all(|p| p.z == 0.0)).collect();
    let area: f64 = bottom.iter().map(|&t| work.base.normal_times_area(t).norm()).sum();
    if bottom.is_empty() || area < 0.02 * work.base.surface() {
        return;
    }
    let Some(body) = Body::new(&work.base) else { return };
    for _ in 0..30 {
        let t = bottom[rng.random_range(0..bottom.len())];
        let [a, b, c] = work.base.corners(t);
        let middle = a + ((b - a) + (c - a)) / 3.0;
        // Quarters of a millimetre are exact in single precision, and rarely a wall of the body.
        let quarter = |x: f64| (4.0 * x).round() / 4.0 + 0.125;
        let edge = [(); 3].map(|()| quarter(size(&work.base).min() * draw(rng, 0.2, 0.5)));
        let under = rng.random::<bool>();
        let corner = Vector3::new(
            quarter(middle.x - edge[0] / 2.0),
            quarter(middle.y - edge[1] / 2.0),
            if under { -edge[2] } else { 0.0 },
        );
        let shell = rounded(&moved(&cuboid(edge[0], edge[1], edge[2]), corner));
        let Some(solid) = Body::new(&shell) else { continue };
        let overlaps = body.shared_mm3(&solid) > 1e-3 * shell.volume();
        let joined = body.and(&solid).map(|u| u.shells());
        if (under || overlaps) && joined == Some(body.shells()) {
            let added = work.push_shell(Role::United, shell, false);
            work.note(FaultKind::CoplanarShell, 1, &added);
            return;
        }
    }
}

/// Adds a second body beside the first, inside out.
pub(super) fn inverted(work: &mut Work, rng: &mut Pcg64) {
    let r = size(&work.base).min() * draw(rng, 0.2, 0.4);
    let shape = match rng.random_range(0..4) {
        0 => cylinder(r, r, 48),
        1 => torus(0.8 * r, 0.3 * r, 48, 16),
        2 => sphere(r, 16),
        _ => cuboid(r, 1.5 * r, r),
    };
    let gap = Vector3::new(size(&work.base).x + 1.0 + r * rng.random::<f64>(), 0.0, 0.0);
    let shell = rounded(&moved(&shape, gap));
    let added = work.push_shell(Role::Apart, shell, true);
    work.note(FaultKind::InvertedShell, 1, &added);
}

/// Turns all triangles.
pub(super) fn inside_out(work: &mut Work) {
    for tri in work.soup.iter_mut().flatten() {
        tri.swap(1, 2);
    }
    work.note(FaultKind::InsideOut, 1, &[]);
}

/// Adds small outward bodies wholly within the solid.
pub(super) fn internal(work: &mut Work, rng: &mut Pcg64) {
    let Some((p, clear)) = deep_point(&work.base, rng) else { return };
    if clear < 0.05 {
        return;
    }
    let r = clear * draw(rng, 0.3, 0.6);
    let shape = if rng.random() { icosphere(p, r, 2) } else { cube_about(p, 0.5 * r) };
    let added = work.push_shell(Role::United, rounded(&shape), false);
    work.note(FaultKind::InternalShell, 1, &added);
}

fn cube_about(p: Point3<f64>, half: f64) -> TriMesh {
    let edge = 2.0 * half;
    moved(&cuboid(edge, edge, edge), p.coords.add_scalar(-half))
}

/// Adds specks beside the body.
pub(super) fn noise(work: &mut Work, rng: &mut Pcg64) {
    let n = rng.random_range(3..=12);
    let box_size = size(&work.base);
    let edge = (1e-6 * work.volume / f64::from(n)).cbrt();
    let mut added = Vec::new();
    for i in 0..n {
        // A row above the body, a clear way apart.
        let along = (f64::from(i) + draw(rng, 0.2, 0.8)) / f64::from(n);
        let place = Point3::new(
            box_size.x * along,
            box_size.y * rng.random::<f64>(),
            box_size.z + 1.0 + rng.random::<f64>(),
        );
        let speck = rounded(&icosphere(place, 0.4 * edge, 0));
        added.extend(work.push_shell(Role::Speck, speck, false));
    }
    work.note(FaultKind::NoiseShell, n as usize, &added);
}
