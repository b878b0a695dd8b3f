//! Hinges, levers and joints.

use platewright_mesh::TriMesh;
use rand_pcg::Pcg64;

use super::Family;
use super::draw::{count, draw, wall};
use crate::solid::{ball, disc, hull, hull2, rect, rod, slab, span, union};

pub(super) const FAMILIES: &[Family] = &[
    Family {
        name: "hinge-leaf",
        what: "One leaf of a butt hinge with knuckles and countersunk holes.",
        processes: &["sls", "mjf", "fff", "lpbf"],
        size: [25.0, 140.0],
        make: leaf,
    },
    Family {
        name: "clevis",
        what: "A fork end with a cross bore and a socket for a rod.",
        processes: &["lpbf", "sls"],
        size: [20.0, 110.0],
        make: clevis,
    },
    Family {
        name: "lever-arm",
        what: "A bell crank with three bored bosses and a thinned web.",
        processes: &["lpbf", "sls", "mjf"],
        size: [30.0, 170.0],
        make: lever,
    },
    Family {
        name: "ball-joint-socket",
        what: "A slit ball socket on a flange with a threaded-insert hole.",
        processes: &["sls", "mjf"],
        size: [18.0, 80.0],
        make: socket,
    },
];

fn leaf(rng: &mut Pcg64, s: f64) -> TriMesh {
    let t = wall(rng, s, 0.045);
    let w = s * draw(rng, 0.35, 0.6);
    let n = 2 * count(rng, 1, 3) + 1;
    let r = t * 1.25;
    let plate = rect(w, s, t).up(t).at(w / 2.0 + r * 1.6, s / 2.0, 0.0);
    let neck = span([0.0, 0.0, 0.0], [r * 1.6 + t * 1.5, s, t]);
    let barrel = rod(r, s).turn(-90.0, 0.0, 0.0).at(0.0, 0.0, r);
    let pitch = s / n as f64;
    let gap = span([-2.0 * r, 0.0, -r], [r * 1.5, pitch + 0.4, 4.0 * r]);
    let gaps = (0..n / 2).map(|i| gap.at(0.0, (2.0 * i as f64 + 1.0) * pitch - 0.2, 0.0));
    let pin = rod(r * 0.5, 3.0 * s).turn(-90.0, 0.0, 0.0).at(0.0, -s, r);
    let hole = (w * 0.08).max(1.1);
    let screw =
        rod(hole, 4.0 * t).at(0.0, 0.0, -t) + rod(hole * 1.8, 4.0 * t).at(0.0, 0.0, t * 0.6);
    let k = count(rng, 2, 4);
    let screws = (0..k).map(|i| {
        let side = if i % 2 == 0 { 0.36 } else { 0.68 };
        screw.at(r * 1.6 + w * side, s * (i as f64 + 0.5) / k as f64, 0.0)
    });
    (plate + neck + barrel - union(gaps) - pin - union(screws)).mesh()
}

fn clevis(rng: &mut Pcg64, s: f64) -> TriMesh {
    let w = s * draw(rng, 0.35, 0.5);
    let gap = w * draw(rng, 0.35, 0.45);
    let eye = w * 0.5;
    let fork = hull(&[
        rod(eye, w).turn(0.0, 90.0, 0.0).at(-w / 2.0, 0.0, s - eye),
        slab(w, w * 0.95, s * 0.05).at(0.0, 0.0, s * 0.38),
    ]);
    let shank = rod(w * 0.45, s * 0.45);
    let cut = span([-gap / 2.0, -w, s * 0.5], [gap / 2.0, w, 2.0 * s]);
    let round = rod(gap / 2.0, 3.0 * w).turn(-90.0, 0.0, 0.0).at(0.0, -1.5 * w, s * 0.5);
    let pin = rod(eye * 0.48, 3.0 * w).turn(0.0, 90.0, 0.0).at(-1.5 * w, 0.0, s - eye);
    let socket = rod(w * 0.27, s * 0.33).at(0.0, 0.0, -0.01 * s);
    (fork + shank - cut - round - pin - socket).mesh()
}

fn lever(rng: &mut Pcg64, s: f64) -> TriMesh {
    let t = wall(rng, s, 0.05);
    let h = (s * draw(rng, 0.1, 0.18)).max(3.0);
    let (a, b) = (s * 0.12, s * draw(rng, 0.07, 0.1));
    let reach = s - a - b;
    let angle = draw(rng, 70.0, 120.0).to_radians();
    let far = reach * draw(rng, 0.45, 0.7);
    let ends = [[0.0, 0.0], [reach, 0.0], [far * angle.cos(), far * angle.sin()]];
    let radii = [a, b, b];
    let arm = |k: usize, shrink: f64| {
        hull2(&[disc(radii[0] - shrink), disc(radii[k] - shrink).at(ends[k][0], ends[k][1])])
    };
    let outline = (arm(1, 0.0) + arm(2, 0.0)).fillet(a * 0.6);
    let pocket = (outline.grow(-t * 0.8)).up(h).at(0.0, 0.0, h * 0.65);
    let below = (outline.grow(-t * 0.8)).up(h).at(0.0, 0.0, -h * 0.65);
    let bosses = (0..3).map(|k| rod(radii[k] * 0.97, h * 1.15).at(ends[k][0], ends[k][1], 0.0));
    let bores = (0..3).map(|k| rod(radii[k] * 0.52, 4.0 * h).at(ends[k][0], ends[k][1], -h));
    (outline.up(h) - pocket - below + union(bosses) - union(bores)).mesh()
}

fn socket(rng: &mut Pcg64, s: f64) -> TriMesh {
    let r = s * draw(rng, 0.26, 0.32);
    let t = (r * 0.25).max(1.2);
    let h = s * 0.1 + 0.8;
    let flange = rect(s, s * 0.8, s * 0.12).up(h);
    let cup = ball(r + t).at(0.0, 0.0, r + t + h * 0.4) + rod(r * 0.7, r).at(0.0, 0.0, h * 0.5);
    let cut = slab(4.0 * s, 4.0 * s, s).at(0.0, 0.0, (r + t) * 1.5 + h * 0.4);
    let hollow = ball(r).at(0.0, 0.0, r + t + h * 0.4);
    let n = count(rng, 2, 3);
    let slit = span([-s, -t * 0.45, r + h], [s, t * 0.45, 2.0 * s]);
    let slits = (0..n).map(|i| slit.turn(0.0, 0.0, 180.0 * i as f64 / n as f64 + 45.0));
    let hole = rod((s * 0.055).max(1.0), 4.0 * h);
    let holes = [(1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0), (1.0, -1.0)]
        .map(|(x, y)| hole.at(x * s * 0.41, y * s * 0.31, -h));
    // What lies below the flange's underside is taken off with it.
    let below = slab(4.0 * s, 4.0 * s, s).at(0.0, 0.0, -s);
    (flange + (cup - below) - cut - hollow - union(slits) - union(holes)).mesh()
}
