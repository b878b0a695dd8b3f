//! Fluid manifolds.

use platewright_mesh::TriMesh;
use rand_pcg::Pcg64;

use super::Family;
use super::draw::{count, draw, wall};
use crate::solid::{Solid, prism, rect, rod, strut, turned, union};

pub(super) const FAMILIES: &[Family] = &[
    Family {
        name: "hydraulic-manifold",
        what: "A block with crossing channels, threaded-port counterbores and mounting holes.",
        processes: &["lpbf", "sls"],
        size: [30.0, 120.0],
        make: block,
    },
    Family {
        name: "distribution-rail",
        what: "A pipe that feeds a row of hose barbs, on two feet.",
        processes: &["sls", "mjf", "vpp"],
        size: [50.0, 220.0],
        make: rail,
    },
    Family {
        name: "organic-manifold",
        what: "A manifold of smooth pipes that branch from one flange to several ports.",
        processes: &["lpbf", "vpp"],
        size: [35.0, 130.0],
        make: organic,
    },
];

fn block(rng: &mut Pcg64, s: f64) -> TriMesh {
    let (y, z) = (s * draw(rng, 0.4, 0.6), s * draw(rng, 0.3, 0.45));
    let body = rect(s, y, s * 0.03).up_chamfered(z, (s * 0.02).max(0.5));
    let r = (s * draw(rng, 0.045, 0.06)).max(1.5);
    let main = rod(r, s * 1.2).turn(0.0, 90.0, 0.0).at(-s * 0.4, 0.0, z * 0.5);
    let port = |r: f64| rod(r * 1.7, z) + rod(r, z * 2.0).at(0.0, 0.0, -z);
    let end = rod(r * 1.6, s).turn(0.0, 90.0, 0.0).at(s * 0.42, 0.0, z * 0.5);
    let n = count(rng, 2, 4);
    let x = |i: usize| (i as f64 - (n as f64 - 1.0) / 2.0) * s * 0.8 / n as f64;
    let ports = (0..n).map(|i| {
        let cut = rod(r * 1.7, z).at(x(i), 0.0, z * 0.78) + rod(r * 0.9, z).at(x(i), 0.0, z * 0.5);
        if i % 2 == 0 {
            let side = port(r * 0.8).turn(90.0, 0.0, 0.0).at(x(i), -y / 2.0 + y * 0.15, z * 0.5);
            cut + side
        } else {
            cut
        }
    });
    let hole = rod((s * 0.03).max(1.0), 4.0 * z);
    let holes = [(1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0), (1.0, -1.0)]
        .map(|(a, b)| hole.at(a * s * 0.44, b * y * 0.4, -z));
    (body - main - end - union(ports) - union(holes)).mesh()
}

/// A hose barb of `length` over a bore of radius `r` with walls `t`, upright from z = 0.
fn barb(r: f64, t: f64, length: f64) -> Solid {
    let step = length / 3.0;
    let mut profile = vec![[0.0, 0.0]];
    for i in 0..3 {
        let z = step * f64::from(i);
        profile.extend([[r + t * 1.7, z], [r + t, z + step * 0.9]]);
    }
    profile.push([0.0, length]);
    turned(&profile)
}

fn rail(rng: &mut Pcg64, s: f64) -> TriMesh {
    let t = wall(rng, s, 0.02);
    let r = s * draw(rng, 0.05, 0.07);
    let n = count(rng, 3, 6);
    let small = (r * 0.45).min(s * 0.25 / n as f64 - t).max(0.8);
    let lie = |solid: Solid| solid.turn(0.0, 90.0, 0.0);
    let body = lie(rod(r + t, s));
    let ends = [
        lie(prism((r + t) * 1.4, t * 3.0, 6)),
        lie(prism((r + t) * 1.4, t * 3.0, 6)).at(s - t * 3.0, 0.0, 0.0),
    ];
    let x = |i: usize| s * (i as f64 + 0.75) / (n as f64 + 0.5);
    let length = s * 0.12 + 2.0;
    let barbs = (0..n).map(|i| barb(small, t, length).at(x(i), 0.0, r * 0.9));
    let outside = union([body].into_iter().chain(ends).chain(barbs));
    let drill = rod(small, 2.0 * s);
    let inside = lie(rod(r, s - t * 1.2)).at(-0.1, 0.0, 0.0)
        + union((0..n).map(|i| drill.at(x(i), 0.0, 0.0)));
    let foot = rect(r * 2.0, r * 5.0, r * 0.5).up(t * 1.5);
    let hole = rod(r * 0.4, 5.0 * t);
    let feet = [0.25, 0.75].map(|share| {
        let drilled = foot.clone() - hole.at(0.0, r * 1.8, -t) - hole.at(0.0, -r * 1.8, -t);
        drilled.at(s * share, 0.0, -r - t * 1.2)
    });
    (outside + union(feet) - inside).mesh()
}

fn organic(rng: &mut Pcg64, s: f64) -> TriMesh {
    let t = wall(rng, s, 0.022);
    let r = s * draw(rng, 0.05, 0.07);
    let n = count(rng, 3, 5);
    let h = s * draw(rng, 0.45, 0.7);
    let flange = (rod(s * 0.2, t * 1.6)).at(0.0, 0.0, 0.0);
    let ends: Vec<[f64; 3]> = (0..n)
        .map(|i| {
            let a = std::f64::consts::TAU * (i as f64 + 0.13) / n as f64;
            [(s / 2.0 - r - t) * a.cos(), (s / 2.0 - r - t) * a.sin(), h]
        })
        .collect();
    let pipe = |end: &[f64; 3], radius: f64, top: f64| {
        let share = |k: f64, z: f64| [end[0] * k, end[1] * k, z];
        let way = [
            share(0.0, t),
            share(0.05, h * 0.2),
            share(0.4, h * 0.45),
            share(0.85, h * 0.6),
            share(1.0, h * 0.8),
        ];
        let bends = way.windows(2).map(|w| strut(w[0], w[1], radius));
        union(bends.chain([rod(radius, top - h * 0.75).at(end[0], end[1], h * 0.75)]))
    };
    let outside = union(ends.iter().map(|e| pipe(e, r + t, h))) + flange;
    let collars = ends.iter().map(|e| rod(r + t * 2.2, t * 1.5).at(e[0], e[1], h - t * 1.5));
    let inside =
        union(ends.iter().map(|e| pipe(e, r, 2.0 * h))) + rod(r, 6.0 * t).at(0.0, 0.0, -3.0 * t);
    let holes = rod((s * 0.022).max(0.9), 6.0 * t).at(s * 0.155, 0.0, -2.0 * t).around(4);
    let below = rod(s, s).at(0.0, 0.0, -s);
    (outside + union(collars) - inside - holes - below).mesh()
}
