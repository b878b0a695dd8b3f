//! Gears with involute flanks.

use std::f64::consts::PI;

use platewright_mesh::TriMesh;
use rand_pcg::Pcg64;

use super::Family;
use super::draw::{chance, count, draw};
use crate::solid::{Outline, Solid, disc, polygon, rect, rod, slab, union};

pub(super) const FAMILIES: &[Family] = &[
    Family {
        name: "spur-gear",
        what: "A spur gear with involute teeth, hub, keyway and lightening holes.",
        processes: &["sls", "mjf", "fff", "lpbf"],
        size: [14.0, 150.0],
        make: spur,
    },
    Family {
        name: "helical-gear",
        what: "A helical gear with a bore and a set-screw hub.",
        processes: &["sls", "mjf", "vpp"],
        size: [14.0, 110.0],
        make: helical,
    },
    Family {
        name: "bevel-gear",
        what: "A bevel gear with tapering teeth and a bored hub.",
        processes: &["sls", "vpp", "lpbf"],
        size: [16.0, 100.0],
        make: bevel,
    },
    Family {
        name: "ring-gear",
        what: "An internal ring gear with a bolt circle.",
        processes: &["sls", "mjf"],
        size: [45.0, 170.0],
        make: ring,
    },
    Family {
        name: "gear-rack",
        what: "A straight rack with screw holes along its back.",
        processes: &["fff", "sls"],
        size: [30.0, 220.0],
        make: rack,
    },
    Family {
        name: "ratchet-wheel",
        what: "A ratchet wheel with saw teeth and spokes.",
        processes: &["sls", "lpbf", "vpp"],
        size: [15.0, 100.0],
        make: ratchet,
    },
];

/// Outline of a gear of `n` teeth whose tips lie on a circle of radius `tip`: involute flanks
/// of 20° pressure angle (ISO 53 proportions), teeth thinner by `backlash` mm.
fn involute(n: usize, tip: f64, backlash: f64) -> Outline {
    let module = 2.0 * tip / (n as f64 + 2.0);
    let pitch = module * n as f64 / 2.0;
    let base = pitch * (20f64).to_radians().cos();
    let root = (pitch - 1.25 * module).max(tip * 0.3);
    let half = PI / (2.0 * n as f64) - backlash / (2.0 * pitch);
    let roll = |r: f64| {
        let a = (base / r).min(1.0).acos();
        a.tan() - a
    };
    let at_pitch = roll(pitch);
    let mut points = Vec::new();
    for tooth in 0..n {
        let middle = 2.0 * PI * tooth as f64 / n as f64;
        let start = base.max(root);
        let flank: Vec<(f64, f64)> = (0..=4)
            .map(|k| {
                let r = start + (tip - start) * f64::from(k) / 4.0;
                (r, (half + at_pitch - roll(r)).max(0.08 * half))
            })
            .collect();
        let foot = (flank[0].1 * 1.05).min(PI / n as f64 * 0.95);
        let mut put = |r: f64, angle: f64| points.push([r * angle.cos(), r * angle.sin()]);
        put(root, middle - foot);
        flank.iter().for_each(|&(r, a)| put(r, middle - a));
        flank.iter().rev().for_each(|&(r, a)| put(r, middle + a));
        put(root, middle + foot);
    }
    polygon(&points)
}

/// Teeth for a tip circle of radius `tip`: as many as the smallest printable module allows.
fn teeth(rng: &mut Pcg64, tip: f64, most: usize) -> usize {
    let module = draw(rng, 0.9, 2.2).max(tip * 0.035);
    ((2.0 * tip / module - 2.0) as usize).clamp(11, most)
}

fn bore(rng: &mut Pcg64, r: f64, height: f64) -> Solid {
    let hole = rod(r, 3.0 * height).at(0.0, 0.0, -height);
    if chance(rng, 0.6) {
        hole + slab(r * 0.6, r * 2.5, 3.0 * height).at(0.0, 0.0, -height)
    } else {
        hole
    }
}

fn spur(rng: &mut Pcg64, s: f64) -> TriMesh {
    let tip = s / 2.0;
    let n = teeth(rng, tip, 60);
    let h = (s * draw(rng, 0.12, 0.3)).max(3.0);
    let root = tip * (n as f64 - 2.5) / (n as f64 + 2.0);
    let inner = (tip * draw(rng, 0.14, 0.2)).max(1.2);
    let hub = inner * 1.8;
    let mut body = involute(n, tip, 0.1).up(h);
    if root - hub > 6.0 {
        let pocket = (disc(root - 2.0) - disc(hub)).up(h);
        body = body - pocket.at(0.0, 0.0, h * 0.65) - pocket.at(0.0, 0.0, -h * 0.65);
        let r = ((root - 2.0 - hub) * 0.33).min(root * 0.25);
        let holes = rod(r, 3.0 * h).at((root - 2.0 + hub) / 2.0, 0.0, -h);
        body = body - holes.around(count(rng, 4, 6));
    }
    body = body + rod(hub, h * draw(rng, 1.2, 1.7));
    (body - bore(rng, inner, 2.0 * h)).mesh()
}

fn helical(rng: &mut Pcg64, s: f64) -> TriMesh {
    let tip = s / 2.0;
    let n = teeth(rng, tip, 40);
    let h = s * draw(rng, 0.25, 0.6);
    let twist = (draw(rng, 12.0, 25.0).to_radians().tan() * h / tip).to_degrees();
    let gear = involute(n, tip, 0.1).twisted(h, twist, 1.0, 6);
    let inner = (tip * draw(rng, 0.2, 0.3)).max(1.2);
    let hub = rod(inner * 1.7, h * 1.25);
    let screw = rod(inner * 0.3, s).turn(0.0, 90.0, 0.0).at(0.0, 0.0, h * 1.12);
    let hole = bore(rng, inner, 2.0 * h);
    (gear + hub - screw - hole).mesh()
}

fn bevel(rng: &mut Pcg64, s: f64) -> TriMesh {
    let tip = s / 2.0;
    let n = teeth(rng, tip, 36);
    let h = s * draw(rng, 0.18, 0.3);
    let gear = involute(n, tip, 0.1).twisted(h, 0.0, draw(rng, 0.55, 0.75), 2);
    let inner = (tip * draw(rng, 0.15, 0.22)).max(1.2);
    let hub = rod(inner * 2.0, h * 0.8).at(0.0, 0.0, -h * 0.5);
    let hole = bore(rng, inner, 2.0 * h).at(0.0, 0.0, -h);
    (gear + hub - hole).mesh()
}

fn ring(rng: &mut Pcg64, s: f64) -> TriMesh {
    let tip = s * draw(rng, 0.36, 0.4);
    let n = teeth(rng, tip, 72);
    let h = s * draw(rng, 0.08, 0.18);
    let body = disc(s / 2.0).up_chamfered(h, h * 0.1);
    let hole = rod((s / 2.0 - tip) * 0.22, 3.0 * h).at((s / 2.0 + tip) / 2.0, 0.0, -h);
    let bolts = hole.around(count(rng, 4, 10));
    (body - involute(n, tip, -0.15).up(3.0 * h).at(0.0, 0.0, -h) - bolts).mesh()
}

fn rack(rng: &mut Pcg64, s: f64) -> TriMesh {
    let n = ((s / draw(rng, 3.5, 8.0)) as usize).clamp(8, 40);
    let pitch = s / n as f64;
    let module = pitch / PI;
    let body = (module * 3.0).max(4.0);
    let w = (s * draw(rng, 0.06, 0.14)).max(5.0);
    let mut points = vec![[0.0, 0.0], [s, 0.0]];
    let (foot, tip) = (pitch * 0.39, pitch * 0.14);
    for i in (0..n).rev() {
        let x = (i as f64 + 0.5) * pitch;
        let top = body + 2.25 * module;
        points.extend([[x + foot, body], [x + tip, top], [x - tip, top], [x - foot, body]]);
    }
    let profile = polygon(&points) + rect(s, body, 0.0).at(s / 2.0, body / 2.0);
    let bar = profile.up(w).turn(90.0, 0.0, 0.0);
    let k = count(rng, 2, 4);
    let r = (w * 0.18).max(1.0);
    let screw = rod(r, 6.0 * body).at(0.0, -w / 2.0, -body)
        + rod(r * 1.7, 6.0 * body).at(0.0, -w / 2.0, body * 0.55);
    let screws = (0..k).map(|i| screw.at(s * (i as f64 + 0.5) / k as f64, 0.0, 0.0));
    (bar - union(screws)).mesh()
}

fn ratchet(rng: &mut Pcg64, s: f64) -> TriMesh {
    let n = count(rng, 12, 30);
    let tip = s / 2.0;
    let root = tip * 0.86;
    let points: Vec<[f64; 2]> = (0..n)
        .flat_map(|i| {
            let step = 2.0 * PI / n as f64;
            let a = step * i as f64;
            let b = a + step * 0.92;
            [[tip * a.cos(), tip * a.sin()], [root * b.cos(), root * b.sin()]]
        })
        .collect();
    let h = (s * draw(rng, 0.1, 0.25)).max(2.5);
    let hub = s * 0.17;
    let window = disc(root * 0.8) - disc(hub);
    let k = count(rng, 3, 6);
    let arm = rect(s, (s * 0.08).max(1.4), 0.0).at(s / 2.0, 0.0).around(k);
    let wheel = polygon(&points) - (window - arm).grow(-s * 0.02).grow(s * 0.02);
    let square = rect(hub * 0.9, hub * 0.9, hub * 0.1).up(4.0 * h).at(0.0, 0.0, -h);
    (wheel.up(h) + rod(hub, h * 1.4) - square).mesh()
}
