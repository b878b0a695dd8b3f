//! Housings: enclosures and their lids, bearing blocks, sensor pods.

use platewright_mesh::TriMesh;
use rand_pcg::Pcg64;

use super::Family;
use super::draw::{chance, count, draw, wall};
use crate::solid::{Solid, disc, hull2, rect, rod, slot, span, turned, union};

pub(super) const FAMILIES: &[Family] = &[
    Family {
        name: "enclosure",
        what: "An electronics enclosure with screw domes, vents and a cable opening.",
        processes: &["sls", "mjf", "fff"],
        size: [35.0, 220.0],
        make: enclosure,
    },
    Family {
        name: "enclosure-lid",
        what: "A lid with a lip, countersunk corners and a field of vent slots.",
        processes: &["sls", "mjf", "fff"],
        size: [35.0, 220.0],
        make: lid,
    },
    Family {
        name: "bearing-block",
        what: "A pillow block with a stepped bearing seat and two bolt slots.",
        processes: &["fff", "sls", "lpbf"],
        size: [35.0, 140.0],
        make: bearing_block,
    },
    Family {
        name: "sensor-pod",
        what: "A round housing with flange, cavity, cable gland and cooling ribs.",
        processes: &["mjf", "vpp", "sls"],
        size: [25.0, 120.0],
        make: sensor_pod,
    },
    Family {
        name: "gearbox-cover",
        what: "A double-bore cover with ribbed face, flange and bolt bosses.",
        processes: &["sls", "mjf", "lpbf"],
        size: [50.0, 180.0],
        make: gearbox_cover,
    },
    Family {
        name: "battery-tray",
        what: "A tray with half-round cradles for cells and mounting ears.",
        processes: &["mjf", "fff"],
        size: [45.0, 180.0],
        make: battery_tray,
    },
];

/// Four copies at the corners of a rectangle about the z axis.
fn corners(solid: &Solid, x: f64, y: f64) -> [Solid; 4] {
    [(1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0), (1.0, -1.0)].map(|(a, b)| solid.at(a * x, b * y, 0.0))
}

fn enclosure(rng: &mut Pcg64, s: f64) -> TriMesh {
    let t = wall(rng, s, 0.025);
    let (y, z) = (s * draw(rng, 0.5, 0.85), s * draw(rng, 0.25, 0.5));
    let r = (s * 0.06).max(t * 1.5);
    let outline = rect(s, y, r);
    let mut body = outline.up(z) - outline.grow(-t).up(z).at(0.0, 0.0, t);
    let dome = t * 1.9;
    let inset = t + dome * 0.6;
    body = body + union(corners(&rod(dome, z * 0.86), s / 2.0 - inset, y / 2.0 - inset));
    let bore = rod(dome * 0.45, z).at(0.0, 0.0, t * 1.5);
    body = body - union(corners(&bore, s / 2.0 - inset, y / 2.0 - inset));
    let n = count(rng, 3, 7);
    let pitch = (s - 4.0 * inset) / n as f64;
    let vent = slot(y * 0.35, pitch * 0.4).turn(90.0).up(3.0 * t);
    let vents = (0..n).map(|i| vent.at((i as f64 - (n as f64 - 1.0) / 2.0) * pitch, 0.0, -t));
    body = body - union(vents);
    let gland = rod(z * 0.2, 4.0 * t).turn(0.0, 90.0, 0.0).at(s / 2.0 - 2.0 * t, 0.0, z * 0.55);
    body = body - gland;
    if chance(rng, 0.5) {
        let port = span([-y * 0.2, -y, z * 0.4], [y * 0.2, 0.0, z * 0.7]);
        body = body - port;
    }
    body.mesh()
}

fn lid(rng: &mut Pcg64, s: f64) -> TriMesh {
    let t = wall(rng, s, 0.025);
    let y = s * draw(rng, 0.5, 0.85);
    let r = (s * 0.06).max(t * 1.5);
    let outline = rect(s, y, r);
    let lip = outline.grow(-t * 1.15) - outline.grow(-t * 2.2);
    let mut body = outline.up_chamfered(t * 1.4, t * 0.4) + lip.up(t * 2.4).at(0.0, 0.0, t);
    let inset = t * 4.4;
    let screw = rod(t * 0.9, 4.0 * t).at(0.0, 0.0, -t);
    body = body - union(corners(&screw, s / 2.0 - inset, y / 2.0 - inset));
    let rows = count(rng, 2, 3);
    let n = count(rng, 4, 8);
    let (px, py) = ((s - 4.0 * inset) / n as f64, (y - 2.6 * inset) / rows as f64);
    let vent = slot(py * 0.45, (px * 0.45).min(py * 0.4)).turn(90.0).up(4.0 * t);
    let vents = (0..n * rows).map(|i| {
        let (a, b) = ((i % n) as f64, (i / n) as f64);
        let middle = |c: f64, m: usize| c - (m as f64 - 1.0) / 2.0;
        vent.at(middle(a, n) * px, middle(b, rows) * py, -t)
    });
    (body - union(vents)).mesh()
}

fn bearing_block(rng: &mut Pcg64, s: f64) -> TriMesh {
    let r = s * draw(rng, 0.19, 0.25);
    let t = (r * 0.35).max(1.5);
    let depth = s * draw(rng, 0.2, 0.35);
    let foot = s * 0.1;
    let profile = rect(s, foot, foot * 0.3).at(0.0, foot / 2.0)
        + disc(r + t).at(0.0, r + t + foot * 0.3)
        + rect(2.0 * (r + t), r + t, 0.0).at(0.0, (r + t) / 2.0);
    let axis = [0.0, r + t + foot * 0.3];
    let body = profile.fillet(s * 0.05).up(depth);
    let seat = rod(r, depth).at(axis[0], axis[1], depth * 0.2);
    let bore = rod(r * 0.7, 3.0 * depth).at(axis[0], axis[1], -depth);
    let grease = rod((r * 0.1).max(0.8), s).turn(-90.0, 0.0, 0.0).at(0.0, axis[1], depth * 0.6);
    let reach = (r + t + s / 2.0) / 2.0;
    let bolt = slot(s * 0.03, (s * 0.07).max(2.0)).up(4.0 * foot).turn(-90.0, 0.0, 0.0);
    let bolts = [1.0, -1.0].map(|side| bolt.at(side * reach, -foot, depth / 2.0));
    let all = [seat, bore, grease].into_iter().chain(bolts);
    (body - union(all)).turn(90.0, 0.0, 0.0).mesh()
}

fn sensor_pod(rng: &mut Pcg64, s: f64) -> TriMesh {
    let t = wall(rng, s, 0.04);
    let r = s * draw(rng, 0.26, 0.36);
    let h = s * draw(rng, 0.5, 0.9);
    let flange = s / 2.0;
    let body = turned(&[
        [0.0, 0.0],
        [flange, 0.0],
        [flange, t * 1.3],
        [r, t * 1.3],
        [r, h - t],
        [r - t, h],
        [0.0, h],
    ]);
    let n = count(rng, 6, 12);
    let rib = span([r - t * 0.5, -t * 0.4, t], [r + (flange - r) * 0.6, t * 0.4, h * 0.75]);
    let cavity = rod(r - t, h - 2.0 * t).at(0.0, 0.0, -t);
    let gland = rod(r * 0.3, 4.0 * t).at(0.0, 0.0, h - 3.0 * t);
    let hole = rod(((flange - r) * 0.25).max(0.8), 4.0 * t);
    let turn = 180.0 / n as f64;
    let holes = hole.at((flange + r) / 2.0, 0.0, -t).turn(0.0, 0.0, turn).around(n / 2);
    (body + rib.around(n) - cavity - gland - holes).mesh()
}

fn gearbox_cover(rng: &mut Pcg64, s: f64) -> TriMesh {
    let t = wall(rng, s, 0.035);
    let (a, b) = (s * draw(rng, 0.27, 0.31), s * draw(rng, 0.18, 0.24));
    let far = s - a - b - 2.0 * t;
    let outline = hull2(&[disc(a), disc(b).at(far, 0.0)]);
    let depth = s * draw(rng, 0.14, 0.25);
    let mut body = outline.up(depth) - outline.grow(-t).up(depth).at(0.0, 0.0, t);
    body = body + (outline.grow(t) - outline.grow(-t * 0.5)).up(t).at(0.0, 0.0, depth - t);
    let bosses = [(0.0, a * 0.5), (far, b * 0.5)];
    body = body + union(bosses.map(|(x, r)| rod(r, depth * 0.8).at(x, 0.0, 0.0)));
    let n = count(rng, 5, 8);
    let ribs = (0..n).map(|i| {
        let arm = span([0.0, -t * 0.35, 0.0], [a - t * 0.5, t * 0.35, depth * 0.5]);
        arm.turn(0.0, 0.0, 360.0 * (i as f64 + 0.5) / n as f64)
    });
    body = body + union(ribs);
    let bores = union(bosses.map(|(x, r)| rod(r * 0.6, 3.0 * depth).at(x, 0.0, -depth)));
    (body - bores).mesh()
}

fn battery_tray(rng: &mut Pcg64, s: f64) -> TriMesh {
    let t = wall(rng, s, 0.025);
    let n = count(rng, 3, 6);
    let r = (s - 2.0 * t) / (2.0 * n as f64) - t * 0.5;
    let length = (r * draw(rng, 4.0, 7.0)).clamp(s * 0.35, s * 0.95);
    let h = r * 1.15 + t;
    let mut body = rect(s, length, t).up(h);
    let pitch = 2.0 * r + t;
    let cell = rod(r, length - 2.0 * t).turn(-90.0, 0.0, 0.0).at(0.0, -length / 2.0 + t, r + t);
    let cells = (0..n).map(|i| cell.at((i as f64 - (n as f64 - 1.0) / 2.0) * pitch, 0.0, 0.0));
    body = body - union(cells);
    let window = rect(r * 0.9, length * 0.4, r * 0.2).up(3.0 * t);
    let windows =
        (0..n).map(|i| window.at((i as f64 - (n as f64 - 1.0) / 2.0) * pitch, 0.0, -1.5 * t));
    body = body - union(windows);
    let ear = rect(t * 6.0, t * 8.0, t * 2.0).up(t * 1.5) - rod(t * 1.1, 4.0 * t);
    let ears = [1.0, -1.0].map(|side| ear.at(0.0, side * (length / 2.0 + t * 2.8), 0.0));
    (body + union(ears)).mesh()
}
