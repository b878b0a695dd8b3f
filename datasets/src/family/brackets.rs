//! Brackets: angles, pipe brackets, sensor mounts, motor mounts, camera plates.

use platewright_mesh::TriMesh;
use rand_pcg::Pcg64;

use super::Family;
use super::draw::{chance, count, draw, wall};
use crate::solid::{Solid, disc, hull2, polygon, rect, rod, slab, slot, span, union};

pub(super) const FAMILIES: &[Family] = &[
    Family {
        name: "angle-bracket",
        what: "An angle with screw holes in both legs and gussets between them.",
        processes: &["sls", "mjf", "fff", "lpbf"],
        size: [25.0, 160.0],
        make: angle,
    },
    Family {
        name: "pipe-bracket",
        what: "A pipe clamp half on a foot with two slotted holes.",
        processes: &["sls", "mjf", "fff"],
        size: [30.0, 140.0],
        make: pipe,
    },
    Family {
        name: "sensor-bracket",
        what: "A Z-shaped sensor bracket with a threaded-barrel hole and an adjusting slot.",
        processes: &["sls", "fff", "lpbf"],
        size: [25.0, 110.0],
        make: sensor,
    },
    Family {
        name: "motor-mount",
        what: "A stepper motor mount: pierced face plate, foot and two side webs.",
        processes: &["fff", "sls", "mjf"],
        size: [45.0, 110.0],
        make: motor,
    },
    Family {
        name: "topology-bracket",
        what: "A weight-reduced bearing bracket with truss windows between three bosses.",
        processes: &["lpbf", "sls"],
        size: [40.0, 200.0],
        make: topology,
    },
    Family {
        name: "shelf-bracket",
        what: "A triangular shelf bracket with an I-section and a row of lightening holes.",
        processes: &["fff", "sls"],
        size: [60.0, 220.0],
        make: shelf,
    },
];

fn angle(rng: &mut Pcg64, s: f64) -> TriMesh {
    let t = wall(rng, s, 0.06);
    let (x, z, y) = (s, s * draw(rng, 0.5, 1.0), s * draw(rng, 0.35, 0.8));
    let leg = |length: f64| rect(length, y, t).up(t);
    let base = leg(x).at(x / 2.0, 0.0, 0.0);
    let up = leg(z).turn(0.0, -90.0, 0.0).at(t, 0.0, z / 2.0);
    let n = count(rng, 1, 2);
    let rib = polygon(&[[t * 0.5, t * 0.5], [x * 0.6, t * 0.5], [t * 0.5, z * 0.6]])
        .up(t)
        .turn(90.0, 0.0, 0.0)
        .at(0.0, t / 2.0, 0.0);
    let reach = y / 2.0 - t * 1.1;
    let ribs = (0..2).map(|i| rib.at(0.0, reach * (2.0 * i as f64 - 1.0), 0.0));
    let hole = (y * 0.09).clamp(1.1, 4.5);
    let screw = rod(hole, 4.0 * t).at(0.0, 0.0, -t);
    let sink = rod(hole * 1.8, 4.0 * t).at(0.0, 0.0, t * 0.6);
    let drill = screw + sink;
    let holes = (0..n).flat_map(|i| {
        let share = (i as f64 + 1.0) / (n as f64 + 0.35);
        let flat = drill.at(x * share, 0.0, 0.0);
        [flat, drill.turn(0.0, 90.0, 0.0).at(0.0, 0.0, z * share)]
    });
    (union([base, up].into_iter().chain(ribs)) - union(holes)).mesh()
}

fn pipe(rng: &mut Pcg64, s: f64) -> TriMesh {
    let t = wall(rng, s, 0.07);
    let r = s * draw(rng, 0.2, 0.27);
    let depth = s * draw(rng, 0.2, 0.4);
    let foot = rect(s, t * 1.3, t * 0.4).at(0.0, t * 0.65);
    let hub = disc(r + t).at(0.0, r + t);
    let web = rect(2.0 * (r + t), r + t, 0.0).at(0.0, (r + t) / 2.0);
    let bore = disc(r).at(0.0, r + t * 1.2);
    let open = rect(r * 1.3, 4.0 * r, 0.0).at(0.0, 3.4 * r + t);
    let profile = (foot + hub + web).fillet(t * 0.8) - bore - open;
    let body = profile.up(depth).turn(90.0, 0.0, 0.0).at(0.0, depth / 2.0, 0.0);
    let width = (s * 0.055).clamp(1.6, 6.5).min(depth * 0.4);
    let cut = slot(width * 0.8, width).up(3.0 * t).at(0.0, 0.0, -t);
    let reach = (r + t + s / 2.0) / 2.0;
    (body - union([cut.at(reach, 0.0, 0.0), cut.at(-reach, 0.0, 0.0)])).mesh()
}

fn sensor(rng: &mut Pcg64, s: f64) -> TriMesh {
    let t = wall(rng, s, 0.06);
    let w = s * draw(rng, 0.4, 0.6);
    let step = s * draw(rng, 0.3, 0.5);
    let arm = s * 0.5 + t / 2.0;
    let low = rect(arm, w, t * 1.2).up(t).at(arm / 2.0, 0.0, 0.0);
    let high = rect(arm, w, t * 1.2).up(t).at(s - arm / 2.0, 0.0, step);
    let wall = slab(t, w, step + t).at(s / 2.0, 0.0, 0.0);
    let brace = polygon(&[[0.0, 0.0], [s * 0.3, 0.0], [0.0, step * 0.8]])
        .up(t)
        .turn(90.0, 0.0, 180.0)
        .at(s / 2.0, -w / 2.0, t * 0.5);
    let bore = rod((w * 0.28).max(2.0), 4.0 * t).at(s - arm * 0.5, 0.0, step - t);
    let cut = slot(s * 0.18, (w * 0.16).max(1.6)).up(4.0 * t).at(s * 0.21, 0.0, -t);
    let brace2 = brace.at(0.0, w - t, 0.0);
    (union([low, high, wall, brace, brace2]) - union([bore, cut])).mesh()
}

fn motor(rng: &mut Pcg64, s: f64) -> TriMesh {
    let t = wall(rng, s, 0.06);
    let depth = s * draw(rng, 0.6, 0.95);
    let face = rect(s, s, t).up(t).turn(90.0, 0.0, 0.0).at(0.0, t, s / 2.0)
        + span([-s / 2.0, 0.0, 0.0], [s / 2.0, t, s / 2.0]);
    let back = span([-s / 2.0, 0.0, 0.0], [s / 2.0, depth * 0.5, t]);
    let foot = rect(s, depth, t).up(t).at(0.0, depth / 2.0, 0.0) + back;
    let web =
        polygon(&[[0.0, 0.0], [depth * 0.9, 0.0], [0.0, s * 0.85]]).up(t).turn(90.0, 0.0, 90.0);
    let pitch = s * 0.37;
    let axis = |r: f64, x: f64, z: f64| rod(r, 3.0 * t).turn(90.0, 0.0, 0.0).at(x, 2.0 * t, z);
    let mut cuts = vec![axis(s * 0.26, 0.0, s / 2.0)];
    for (a, b) in [(1.0, 1.0), (-1.0, 1.0), (1.0, -1.0), (-1.0, -1.0)] {
        cuts.push(axis((s * 0.035).max(1.2), a * pitch, s / 2.0 + b * pitch));
    }
    let cut = slot(depth * 0.3, (s * 0.07).max(2.0)).turn(90.0).up(3.0 * t);
    cuts.extend([-1.0, 1.0].map(|side| cut.at(side * s * 0.24, depth * 0.55, -t)));
    if chance(rng, 0.5) {
        cuts.push(rod(s * 0.1, 3.0 * t).at(0.0, depth * 0.6, -t));
    }
    let webs = [web.at(s / 2.0 - t, 0.0, t * 0.5), web.at(-s / 2.0, 0.0, t * 0.5)];
    (union([face, foot].into_iter().chain(webs)) - union(cuts)).mesh()
}

fn topology(rng: &mut Pcg64, s: f64) -> TriMesh {
    let t = wall(rng, s, 0.06);
    let h = s * draw(rng, 0.12, 0.3);
    let (big, small) = (s * draw(rng, 0.13, 0.18), s * draw(rng, 0.08, 0.11));
    let left = [small, small];
    let right = [s - small, small * draw(rng, 1.0, 1.6)];
    let top = [s * draw(rng, 0.35, 0.6), s * draw(rng, 0.5, 0.7)];
    let bosses = [(left, small), (right, small), (top, big)];
    let outer = hull2(&bosses.map(|(p, r)| disc(r).at(p[0], p[1])));
    let middle: [f64; 2] = std::array::from_fn(|k| (left[k] + right[k] + top[k]) / 3.0);
    let window = outer.grow(-t * 1.2);
    let bars = bosses.map(|(p, _)| {
        hull2(&[disc(t * 0.8).at(p[0], p[1]), disc(t * 0.8).at(middle[0], middle[1])])
    });
    let mut solid_part = outer - window;
    for bar in bars {
        solid_part = solid_part + bar;
    }
    solid_part = solid_part + disc(t * 1.6).at(middle[0], middle[1]);
    let low = solid_part.fillet(t * 0.7).up(h * 0.7);
    let up = bosses.map(|(p, r)| rod(r, h).at(p[0], p[1], 0.0));
    let bores = bosses.map(|(p, r)| rod((r - t).max(r * 0.5), 3.0 * h).at(p[0], p[1], -h));
    (union([low].into_iter().chain(up)) - union(bores)).mesh()
}

fn shelf(rng: &mut Pcg64, s: f64) -> TriMesh {
    let t = wall(rng, s, 0.04);
    let w = s * draw(rng, 0.14, 0.22);
    let b = s * draw(rng, 0.6, 0.9);
    let outline = polygon(&[[0.0, 0.0], [s, 0.0], [s, t * 2.0], [t * 2.0, b], [0.0, b]]);
    let rim = outline.clone() - outline.grow(-t);
    let n = count(rng, 2, 4);
    let holes = (0..n).map(|i| {
        let x = s * (0.14 + 0.5 * i as f64 / n as f64);
        let free = (b * (1.0 - x / s) - 3.0 * t).max(2.5);
        let r = (free * 0.33).min(s * 0.2 / n as f64).max(1.0);
        rod(r, 4.0 * w).at(x, t + r * 1.25 + t * 0.4, -w)
    });
    let web = outline.up(t).at(0.0, 0.0, (w - t) / 2.0) - union(holes);
    let body = rim.up(w) + web;
    let screw = |x: f64| rod((w * 0.13).max(1.2), 3.0 * t).turn(-90.0, 0.0, 0.0).at(x, -t, w / 2.0);
    let side = |y: f64| rod((w * 0.13).max(1.2), 3.0 * t).turn(0.0, 90.0, 0.0).at(-t, y, w / 2.0);
    let cuts: Vec<Solid> = vec![screw(s * 0.9), side(b * 0.86), side(b * 0.93 - w * 0.6)];
    let notch = span([s - t * 0.8, -t, -1.0], [s + t, t * 0.5, w * 0.2]);
    (body - union(cuts) - notch).mesh()
}
