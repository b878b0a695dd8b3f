//! Impellers, propellers and turbine wheels.

use platewright_mesh::TriMesh;
use rand_pcg::Pcg64;

use super::Family;
use super::draw::{count, draw};
use crate::skin::sheet;
use crate::solid::{Solid, rod, turned, union};

pub(super) const FAMILIES: &[Family] = &[
    Family {
        name: "centrifugal-impeller",
        what: "An open impeller with backward-curved vanes on a domed back plate.",
        processes: &["lpbf", "vpp", "sls"],
        size: [25.0, 110.0],
        make: centrifugal,
    },
    Family {
        name: "fan-wheel",
        what: "An axial fan with twisted blades in a thin shroud ring.",
        processes: &["sls", "mjf"],
        size: [40.0, 180.0],
        make: fan,
    },
    Family {
        name: "turbine-wheel",
        what: "A disc with a crown of cambered blades and a splined bore.",
        processes: &["lpbf"],
        size: [30.0, 98.0],
        make: turbine,
    },
];

/// A curved vane from radius `r0` to `r1` that wraps by `wrap` radians; its top falls from
/// `h0` to `h1`, its foot is at z = 0.
fn vane(r0: f64, r1: f64, wrap: f64, [h0, h1]: [f64; 2], t: f64) -> Solid {
    sheet(12, 1, |u, v| {
        let r = r0 + (r1 - r0) * u;
        let half = (v - 0.5) * t / r;
        let a = wrap * u * u.sqrt() + half;
        let (x, y) = (r * a.cos(), r * a.sin());
        [[x, y, 0.0], [x, y, h0 + (h1 - h0) * u]]
    })
}

fn centrifugal(rng: &mut Pcg64, s: f64) -> TriMesh {
    let r = s / 2.0;
    let h = s * draw(rng, 0.22, 0.32);
    let t = (s * 0.025).max(1.0);
    let hub = r * 0.2;
    let mut profile = vec![[0.0, 0.0], [r, 0.0], [r, t * 1.4]];
    profile.extend((0..=8).map(|i| {
        let u = f64::from(i) / 8.0;
        let x = r * 0.92 - (r * 0.92 - hub) * u;
        [x, t * 1.6 + (h - t * 2.0) * u.powi(3)]
    }));
    profile.push([0.0, h - t * 0.4]);
    let n = count(rng, 6, 9);
    let wrap = -draw(rng, 0.7, 1.2);
    let blade = vane(hub * 0.85, r * 0.985, wrap, [h * 0.97, h * 0.42], t).at(0.0, 0.0, t * 0.5);
    let bore = rod(hub * 0.5, 4.0 * h).at(0.0, 0.0, -h);
    (turned(&profile) + blade.around(n) - bore).mesh()
}

/// A twisted blade along x from `r0` to `r1`, pitched from `a0` to `a1` radians at its tip.
fn blade(r0: f64, r1: f64, chord: f64, [a0, a1]: [f64; 2], t: f64) -> Solid {
    let (nu, nv) = (10, 10);
    sheet(nu, nv, |u, v| {
        let r = r0 + (r1 - r0) * u;
        let pitch = a0 + (a1 - a0) * u;
        let c = (v - 0.5) * chord * (1.0 + 0.25 * u);
        let camber = chord * 0.1 * (1.0 - (2.0 * v - 1.0).powi(2));
        let half = t * (0.35 + 0.65 * (1.0 - (2.0 * v - 1.0).powi(4))) / 2.0;
        [-half, half].map(|d| {
            let n = camber + d;
            // The chord is wrapped about the axis, so the blade's ends fit hub and shroud.
            let around = (c * pitch.cos() - n * pitch.sin()) / r;
            [r * around.cos(), r * around.sin(), c * pitch.sin() + n * pitch.cos()]
        })
    })
}

fn fan(rng: &mut Pcg64, s: f64) -> TriMesh {
    let r = s / 2.0;
    let t = (s * 0.018).max(1.1);
    let hub = r * draw(rng, 0.25, 0.35);
    let n = count(rng, 5, 9);
    let chord = (std::f64::consts::TAU * hub * 1.3 / n as f64).min(r * 0.6);
    let pitch = [draw(rng, 0.7, 0.9), draw(rng, 0.35, 0.5)];
    let h = chord * pitch[0].sin() * 1.1;
    let blades = blade(hub - t, r - t * 0.5, chord, pitch, t).around(n);
    let ring = turned(&[[r - t, -h / 2.0], [r, -h / 2.0], [r, h / 2.0], [r - t, h / 2.0]]);
    let core = turned(&[
        [0.0, -h / 2.0],
        [hub, -h / 2.0],
        [hub, h * 0.35],
        [hub * 0.7, h * 0.55],
        [0.0, h * 0.55],
    ]);
    let hollow = rod(hub - t * 1.2, h).at(0.0, 0.0, -h * 0.5 - h * 0.4);
    let bore = rod((hub * 0.2).max(1.0), 4.0 * h).at(0.0, 0.0, -2.0 * h);
    (core - hollow + blades + ring - bore).mesh()
}

fn turbine(rng: &mut Pcg64, s: f64) -> TriMesh {
    let r = s / 2.0;
    let t = (s * 0.03).max(1.2);
    let disc_r = r * draw(rng, 0.66, 0.74);
    let h = s * draw(rng, 0.14, 0.2);
    let n = count(rng, 16, 24);
    let chord = (h / 0.75).min(std::f64::consts::TAU * disc_r / n as f64 * 1.6);
    let blades = blade(disc_r * 0.94, r, chord, [0.9, 1.1], t).around(n);
    let body = turned(&[
        [0.0, -h * 0.6],
        [r * 0.26, -h * 0.6],
        [r * 0.3, -h * 0.3],
        [disc_r * 0.85, -h * 0.25],
        [disc_r, -h / 2.0],
        [disc_r, h / 2.0],
        [disc_r * 0.85, h * 0.25],
        [r * 0.3, h * 0.3],
        [r * 0.26, h * 0.6],
        [0.0, h * 0.6],
    ]);
    let bore = rod(r * 0.14, 4.0 * h).at(0.0, 0.0, -2.0 * h);
    let spline = rod(r * 0.03, 4.0 * h).at(r * 0.14, 0.0, -2.0 * h).around(8);
    let holes = rod(r * 0.06, 4.0 * h).at(r * 0.42, 0.0, -2.0 * h).around(count(rng, 5, 8));
    (body + blades - union([bore, spline, holes])).mesh()
}
