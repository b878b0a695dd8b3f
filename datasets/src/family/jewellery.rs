//! Jewellery and patterns for casting.

use std::f64::consts::TAU;

use platewright_mesh::TriMesh;
use rand_pcg::Pcg64;

use super::Family;
use super::draw::{count, draw};
use crate::skin::sheet;
use crate::solid::{ball, disc, hull, rod, union};

pub(super) const FAMILIES: &[Family] = &[
    Family {
        name: "signet-ring",
        what: "A ring whose band swells to an engraved face.",
        processes: &["vpp", "lpbf"],
        size: [18.0, 28.0],
        make: signet,
    },
    Family {
        name: "pendant",
        what: "A pierced round pendant with petals and an eye.",
        processes: &["vpp", "lpbf"],
        size: [16.0, 55.0],
        make: pendant,
    },
    Family {
        name: "wave-bracelet",
        what: "An open bangle whose band waves and twists.",
        processes: &["mjf", "vpp", "sls"],
        size: [60.0, 80.0],
        make: bracelet,
    },
];

fn signet(rng: &mut Pcg64, s: f64) -> TriMesh {
    let r = s * 0.4;
    let t = (s * 0.065).max(1.3);
    let w = s * draw(rng, 0.2, 0.3);
    let (wide, thick) = (draw(rng, 1.5, 2.0), s * 0.2 - t);
    let band = sheet(1, 64, |u, v| {
        // Nearly closed; the head's hull bridges the seam.
        let a = TAU * (0.25 + 0.998 * (0.5 - v)) + std::f64::consts::PI;
        let top = (0.5 + 0.5 * a.sin()).powi(4);
        let half = w * (1.0 + (wide - 1.0) * top) * (u - 0.5);
        let at = |rho: f64| [rho * a.cos(), half, rho * a.sin()];
        [at(r + t + thick * 0.3 * top), at(r)]
    });
    let face = hull(&[
        disc(w * wide * 0.42).up(0.3).at(0.0, 0.0, r + t + thick * 0.9),
        disc(w * wide * 0.5).up(0.2).at(0.0, 0.0, r + t * 0.5),
    ]);
    let below = rod(t * 1.2, w * 0.9).turn(-90.0, 0.0, 0.0).at(0.0, -w * 0.45, -r - t * 0.5);
    let n = count(rng, 3, 7);
    let mark = rod(w * 0.1, s).at(w * wide * 0.22, 0.0, r + t + thick * 0.9).around(n);
    let finger = rod(r, 4.0 * s).turn(-90.0, 0.0, 0.0).at(0.0, -2.0 * s, 0.0);
    (band + face + below - mark - finger).mesh()
}

fn pendant(rng: &mut Pcg64, s: f64) -> TriMesh {
    let t = (s * draw(rng, 0.06, 0.09)).max(1.2);
    let eye = (s * 0.09).max(2.0);
    let r = (s - eye * 1.6) / 2.0;
    let bar = (s * 0.045).max(0.9);
    let n = count(rng, 5, 9);
    let outline = disc(r) - disc(r - bar * 1.3);
    let petal = (disc(r * 0.34) - disc(r * 0.34 - bar)).at(r * 0.58, 0.0).around(n);
    let heart = disc(r * 0.3) - disc(r * 0.14);
    let keep = disc(r + 0.01);
    let lace = (outline + petal + heart) - (disc(2.0 * r) - keep);
    let hoop = (disc(eye) - disc(eye * 0.5)).at(0.0, r + eye * 0.6);
    let dome = ball(r * 0.2).stretch(1.0, 1.0, 0.6).at(r * 0.58, 0.0, t * 0.4).around(n);
    let clip = rod(r, s).at(0.0, 0.0, 0.0);
    (lace.up(t) + hoop.up(t * 0.9) + (dome & clip)).mesh()
}

fn bracelet(rng: &mut Pcg64, s: f64) -> TriMesh {
    let r = s / 2.0;
    let t = draw(rng, 1.8, 3.0);
    let w = draw(rng, 6.0, 14.0);
    let n = count(rng, 4, 9) as f64;
    let swing = w * draw(rng, 0.2, 0.5);
    let band = sheet(4, 120, |u, v| {
        let a = 0.35 + (TAU - 0.7) * (1.0 - v);
        let wave = (n * a).sin();
        let z = (u - 0.5) * w * (1.0 - 0.35 * (n * a).cos()) + swing * wave;
        let bulge = 0.3 * t * (1.0 - (2.0 * u - 1.0).powi(2));
        let at = |rho: f64| [rho * a.cos(), 0.92 * rho * a.sin(), z];
        [at(r - t), at(r - 0.3 * t + bulge)]
    });
    let knob = |a: f64| {
        let z = swing * (n * a).sin();
        ball(w * 0.4).at((r - t * 0.6) * a.cos(), 0.92 * (r - t * 0.6) * a.sin(), z)
    };
    (band + union([knob(0.35), knob(TAU - 0.35)])).mesh()
}
