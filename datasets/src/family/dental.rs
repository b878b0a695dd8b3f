//! Dental parts.

use std::f64::consts::{PI, TAU};

use platewright_mesh::TriMesh;
use rand_pcg::Pcg64;

use super::Family;
use super::draw::{count, draw};
use crate::skin::{loft, sheet};
use crate::solid::{Solid, disc, hull2, polygon, rod, slab, union};

pub(super) const FAMILIES: &[Family] = &[
    Family {
        name: "dental-arch",
        what: "A model of a jaw with its row of teeth on a trimmed base.",
        processes: &["vpp"],
        size: [48.0, 72.0],
        make: arch,
    },
    Family {
        name: "tooth-crown",
        what: "A hollow molar crown with four cusps.",
        processes: &["lpbf", "vpp"],
        size: [10.0, 16.0],
        make: crown,
    },
    Family {
        name: "surgical-guide",
        what: "A curved drilling guide with sleeves for implants.",
        processes: &["vpp", "sls"],
        size: [40.0, 72.0],
        make: guide,
    },
];

/// A crown about the z axis, `w` wide and `h` high, with `cusps` cusps; the ring's radius is
/// less by `inset`.
fn tooth(w: f64, h: f64, cusps: f64, inset: f64, phase: f64) -> Solid {
    let n = 24;
    let rings: Vec<Vec<[f64; 3]>> = (0..=10)
        .map(|i| {
            let u = f64::from(i) / 10.0;
            let belly = 0.42 + 0.1 * (u * PI * 0.9).sin() - 0.2 * (u - 0.75).max(0.0) / 0.25 * u;
            (0..n)
                .map(|k| {
                    let a = TAU * f64::from(k) / f64::from(n);
                    let wave = (cusps * a + phase).cos();
                    let r = (w * belly * (1.0 + 0.05 * wave) - inset).max(0.3);
                    let z = h * u + h * 0.09 * wave * u.powi(4);
                    [r * a.cos(), r * 0.9 * a.sin(), z]
                })
                .collect()
        })
        .collect();
    loft(&rings)
}

fn crown(rng: &mut Pcg64, s: f64) -> TriMesh {
    let h = s * draw(rng, 0.6, 0.8);
    let phase = draw(rng, 0.0, TAU);
    let outside = tooth(s, h, 4.0, 0.0, phase);
    let inside = tooth(s, h * 0.75, 4.0, 0.9, phase);
    (outside - inside.at(0.0, 0.0, -0.1)).mesh()
}

/// The point of a dental arch `s` wide at `u` from −1 to 1, and its heading, radians.
fn along(s: f64, u: f64) -> ([f64; 2], f64) {
    let half = s * 0.40;
    let deep = s * 0.75;
    let a = u * PI * 0.47;
    let p = |a: f64| [half * a.sin() / (PI * 0.47).sin(), deep * a.cos() - deep * 0.15];
    let (from, to) = (p(a - 0.01), p(a + 0.01));
    (p(a), (to[1] - from[1]).atan2(to[0] - from[0]))
}

fn arch(rng: &mut Pcg64, s: f64) -> TriMesh {
    let n = 2 * count(rng, 6, 7);
    let w = s * 0.13;
    let band: Vec<_> = (0..=20)
        .map(|i| {
            let (p, _) = along(s, f64::from(i) / 10.0 - 1.0);
            disc(w * 0.72).at(p[0], p[1])
        })
        .collect();
    let rail = band.windows(2).map(hull2).reduce(|a, b| a + b).expect("21 discs");
    let base = polygon(&[
        [-s * 0.5, -s * 0.05],
        [s * 0.5, -s * 0.05],
        [s * 0.5, s * 0.25],
        [s * 0.22, s * 0.72],
        [-s * 0.22, s * 0.72],
        [-s * 0.5, s * 0.25],
    ]);
    let height = s * draw(rng, 0.1, 0.16);
    let gum = base.up(height) + rail.up(height + s * 0.07);
    let teeth = (0..n).map(|i| {
        let u = (i as f64 + 0.5) / n as f64 * 2.0 - 1.0;
        let (p, heading) = along(s, u);
        let back = u.abs();
        let size = w * (0.85 + 0.4 * back) * draw(rng, 0.95, 1.05);
        let cusps = if back > 0.5 { 4.0 } else { 2.0 };
        let flat = 0.65 + 0.35 * back;
        tooth(size, s * draw(rng, 0.11, 0.13), cusps, 0.0, 0.0)
            .stretch(1.0, flat, 1.0)
            .turn(0.0, 0.0, heading.to_degrees())
            .at(p[0], p[1], height + s * 0.05)
    });
    let palate = rod(s * 0.22, 4.0 * height).stretch(1.0, 1.3, 1.0).at(0.0, s * 0.15, height * 0.6);
    (gum + union(teeth) - palate).mesh()
}

fn guide(rng: &mut Pcg64, s: f64) -> TriMesh {
    let t = draw(rng, 2.0, 2.6);
    let w = s * 0.2;
    let wave = draw(rng, 0.4, 0.9);
    let shell = sheet(48, 12, |u, v| {
        let (p, heading) = along(s, 2.0 * u - 1.0);
        let across = 0.5 - v;
        let (x, y) = (p[0] + across * w * heading.sin(), p[1] - across * w * heading.cos());
        let z = s * 0.1 * (1.0 - (2.0 * across).powi(2)) + wave * (u * 40.0).sin();
        [[x, y, z], [x, y, z + t]]
    });
    let n = count(rng, 2, 4);
    let sleeves: Vec<_> =
        (0..n).map(|i| along(s, (i as f64 + 0.7) / (n as f64 + 0.4) * 1.6 - 0.8).0).collect();
    let z = s * 0.1;
    let rings = sleeves.iter().map(|p| rod(w * 0.36, t * 2.6).at(p[0], p[1], z - t * 0.6));
    let drills = sleeves.iter().map(|p| rod(w * 0.2, 20.0 * t).at(p[0], p[1], z - 10.0 * t));
    let ends = [-0.6, 0.6].map(|u| along(s, u).0);
    let bar = slab(ends[1][0] - ends[0][0], t * 1.5, t * 1.3).at(0.0, ends[0][1], z);
    (shell + union(rings) + bar - union(drills)).mesh()
}
