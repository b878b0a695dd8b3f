//! Body-worn shells, as of orthotics.

use std::f64::consts::{PI, TAU};

use platewright_mesh::TriMesh;
use rand_pcg::Pcg64;

use super::Family;
use super::draw::{count, draw};
use crate::skin::{loft, oval, sheet};
use crate::solid::{rod, slot, union};

pub(super) const FAMILIES: &[Family] = &[
    Family {
        name: "orthotic-insole",
        what: "A foot orthosis: heel cup, arch support and a thin forefoot.",
        processes: &["mjf", "sls"],
        size: [140.0, 240.0],
        make: insole,
    },
    Family {
        name: "wrist-splint",
        what: "A half-shell splint with rows of vents and strap slots.",
        processes: &["mjf", "sls"],
        size: [90.0, 220.0],
        make: splint,
    },
    Family {
        name: "prosthetic-socket",
        what: "A thin oval cup that widens to a trimmed brim, with a distal boss.",
        processes: &["mjf", "sls"],
        size: [90.0, 230.0],
        make: socket,
    },
    Family {
        name: "finger-splint",
        what: "A finger splint of two rings joined by crossing bands.",
        processes: &["vpp", "mjf", "lpbf"],
        size: [18.0, 45.0],
        make: finger,
    },
    Family {
        name: "protective-pad",
        what: "A domed pad with a grid of breathing holes.",
        processes: &["mjf", "sls"],
        size: [50.0, 160.0],
        make: pad,
    },
];

fn insole(rng: &mut Pcg64, s: f64) -> TriMesh {
    let t = draw(rng, 1.8, 3.0);
    let (heel, ball) = (s * draw(rng, 0.125, 0.14), s * draw(rng, 0.18, 0.2));
    let (cup, arch) = (s * draw(rng, 0.05, 0.08), s * draw(rng, 0.06, 0.1));
    let side = if draw(rng, 0.0, 1.0) < 0.5 { 1.0 } else { -1.0 };
    sheet(44, 18, |u, v| {
        // Along the foot from heel (0) to ball (1); half widths follow two arcs.
        let w = 2.0 * v - 1.0;
        let round = |k: f64| (1.0 - k * k).max(0.0).sqrt();
        let back = 0.35 + 0.65 * round(((0.16 - u) / 0.16).max(0.0));
        let front = 0.75 + 0.25 * round(((u - 0.85) / 0.15).max(0.0));
        let blend = (u * PI * 0.5).sin().powi(2);
        let half = (heel + (ball - heel) * blend) * back * front;
        let y = w * half + side * s * 0.03 * (u * PI).sin();
        let bowl = cup * ((1.0 - u) * 1.2 - 0.2).max(0.0) * w.abs().powi(3);
        let inner = (side * w).max(0.0).powi(2);
        let lift = arch * inner * (-((u - 0.45) / 0.2).powi(2)).exp();
        let wall = cup * 0.9 * (1.0 - u / 0.16).max(0.0).powi(2);
        let z = bowl + lift + wall;
        let thick = t * (1.0 - 0.5 * (u - 0.6).max(0.0) / 0.4);
        [[u * s, y, z], [u * s, y, z + thick]]
    })
    .mesh()
}

fn splint(rng: &mut Pcg64, s: f64) -> TriMesh {
    let t = draw(rng, 2.0, 3.0);
    let r = s * draw(rng, 0.13, 0.17);
    let waist = draw(rng, 0.75, 0.9);
    let open = draw(rng, 100.0, 125.0_f64).to_radians();
    let radius = |u: f64| r * (1.0 - (1.0 - waist) * (u * PI).sin());
    let shell = sheet(30, 26, |u, v| {
        let a = open * (1.0 - 2.0 * v);
        let flare = 0.06 * r * ((u - 0.5).abs() * 2.0).powi(8);
        let rho = radius(u) + flare;
        let at = |rho: f64| [u * s, rho * a.sin(), r - rho * a.cos() * 0.85];
        [at(rho), at(rho + t)]
    });
    let rows = count(rng, 4, 7);
    let vent = slot(s * 0.06, (r * 0.16).max(3.0)).up(4.0 * r);
    let vents = (0..rows).flat_map(|i| {
        let x = s * (i as f64 + 0.75) / (rows as f64 + 0.5);
        [-70.0, -25.0, 25.0, 70.0].map(|a: f64| vent.turn(180.0 + a, 0.0, 0.0).at(x, 0.0, r))
    });
    (shell - union(vents)).mesh()
}

fn socket(rng: &mut Pcg64, s: f64) -> TriMesh {
    let t = draw(rng, 3.0, 4.5);
    let (a, b) = (s * draw(rng, 0.2, 0.26), s * draw(rng, 0.24, 0.3));
    let lean = s * draw(rng, 0.0, 0.06);
    let ring = |u: f64, inset: f64, z: f64| {
        let swell = (0.62 + 0.38 * u) * (1.0 - 0.85 * (1.0 - u).powi(6)).sqrt();
        let mut ring = oval([lean * u * u, 0.0, z], a * swell - inset, b * swell - inset, 2.2, 48);
        // The brim is trimmed lower at the back of the knee.
        for (k, p) in ring.iter_mut().enumerate() {
            let angle = TAU * k as f64 / 48.0;
            p[2] -= s * 0.12 * u.powi(4) * (0.5 - 0.5 * angle.cos());
        }
        ring
    };
    let outside: Vec<_> =
        (0..=24).map(|i| ring(f64::from(i) / 24.0, 0.0, s * f64::from(i) / 24.0)).collect();
    let inside: Vec<_> = (0..=24)
        .map(|i| {
            let u = f64::from(i) / 24.0;
            ring(u, t, t * 1.5 + (s * 1.02 - t * 1.5) * u)
        })
        .collect();
    let boss = rod(a * 0.34, t * 2.5).at(0.0, 0.0, -t * 1.2);
    let bore = rod(a * 0.15, t * 12.0).at(0.0, 0.0, -t * 5.0);
    (loft(&outside) + boss - loft(&inside) - bore).mesh()
}

fn finger(rng: &mut Pcg64, s: f64) -> TriMesh {
    let t = (s * 0.05).max(1.0);
    let r = s * draw(rng, 0.24, 0.3);
    let w = (s * draw(rng, 0.12, 0.18)).max(2.0);
    let taper = draw(rng, 0.85, 0.95);
    let tube = sheet(24, 48, |u, v| {
        // A closed tube is cut open below by a slit, so that the sheet stays a sheet.
        let a = TAU * 0.995 * (0.5 - v);
        let rho = r * (1.0 - (1.0 - taper) * u);
        let at = |rho: f64| [u * s, rho * a.sin(), rho * a.cos()];
        [at(rho + t), at(rho)]
    });
    let gap = (s - 3.0 * w) / 2.0;
    let top = rod(gap / 2.0, 4.0 * r);
    let window = |x: f64| top.stretch(1.0, (1.7 * r / gap).max(0.4), 1.0).at(x, 0.0, 0.0);
    let windows = [w + gap / 2.0, 2.0 * w + 1.5 * gap].map(window);
    let slit = slot(s * 2.0, r * 0.5).up(4.0 * r).at(s / 2.0, 0.0, -4.0 * r);
    (tube - union(windows) - slit).mesh()
}

fn pad(rng: &mut Pcg64, s: f64) -> TriMesh {
    let t = draw(rng, 1.8, 3.0);
    let b = draw(rng, 0.6, 0.9);
    let rise = s * draw(rng, 0.15, 0.25);
    let dome = sheet(28, 28, |u, v| {
        let (x, y) = (2.0 * u - 1.0, 2.0 * v - 1.0);
        // A square mapped to a disc, so that the rim is round.
        let (dx, dy) = (x * (1.0 - y * y / 2.0).sqrt(), y * (1.0 - x * x / 2.0).sqrt());
        let z = rise * (1.0 - 0.9 * (dx * dx + dy * dy));
        let out = 1.0 + 0.0 * z;
        let low = [dx * s / 2.0 * out, dy * s / 2.0 * b, z];
        [low, [low[0], low[1], z + t]]
    });
    let n = count(rng, 4, 6);
    let pitch = s * 0.7 / n as f64;
    let hole = rod(pitch * 0.28, 4.0 * rise + 20.0).at(0.0, 0.0, -rise - 5.0);
    let mut holes = Vec::new();
    for i in 0..n * n {
        let at = |c: usize| (c as f64 - (n as f64 - 1.0) / 2.0) * pitch;
        let (x, y) = (at(i % n), at(i / n) * b);
        if (x / s).hypot(y / (s * b)) < 0.4 {
            holes.push(hole.at(x, y, 0.0));
        }
    }
    (dome - union(holes)).mesh()
}
