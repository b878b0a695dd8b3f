//! Fasteners and spacers.

use platewright_mesh::TriMesh;
use rand_pcg::Pcg64;

use super::Family;
use super::draw::{count, draw};
use crate::solid::{Solid, disc, hull, hull2, prism, rect, rod, slab, turned};

pub(super) const FAMILIES: &[Family] = &[
    Family {
        name: "hexagon-screw",
        what: "A hexagon-head screw with a coarse printed thread.",
        processes: &["lpbf", "vpp", "sls"],
        size: [16.0, 80.0],
        make: screw,
    },
    Family {
        name: "thumb-nut",
        what: "A knurled nut with a stepped collar and a threaded bore.",
        processes: &["sls", "mjf", "vpp"],
        size: [14.0, 60.0],
        make: thumb_nut,
    },
    Family {
        name: "wing-nut",
        what: "A wing nut with two ears and a threaded bore.",
        processes: &["sls", "mjf", "lpbf"],
        size: [18.0, 70.0],
        make: wing_nut,
    },
    Family {
        name: "standoff",
        what: "A spacer with hexagon body, bore and counterbored ends.",
        processes: &["fff", "sls", "vpp"],
        size: [12.0, 60.0],
        make: standoff,
    },
    Family {
        name: "cage-nut-plate",
        what: "A plate with two captive nut pockets and alignment pins.",
        processes: &["sls", "mjf", "fff"],
        size: [25.0, 90.0],
        make: nut_plate,
    },
];

/// A thread of one start: an eccentric disc, drawn up and turned; `radius` to its crests.
fn thread(radius: f64, length: f64, pitch: f64) -> Solid {
    let depth = (pitch * 0.3).min(radius * 0.2);
    let section = disc(radius - depth / 2.0).at(depth / 2.0, 0.0);
    let turns = length / pitch;
    let steps = ((turns * 12.0) as i32).clamp(8, 110);
    section.twisted(length, 360.0 * turns, 1.0, steps)
}

fn screw(rng: &mut Pcg64, s: f64) -> TriMesh {
    let r = s * draw(rng, 0.1, 0.16);
    let head = r * draw(rng, 1.2, 1.5);
    let pitch = (r * 0.55).max(1.2);
    let length = s - head;
    let hexagon = prism(r * 2.0, head, 6)
        & turned(&[
            [0.0, 0.0],
            [r * 1.6, 0.0],
            [r * 2.02, r * 0.25],
            [r * 2.02, head],
            [0.0, head],
        ]);
    let shank = rod(r * 0.93, length * 0.3).at(0.0, 0.0, head - 0.1);
    let screw = thread(r, length * 0.75, pitch).at(0.0, 0.0, head + length * 0.25);
    (hexagon + shank + screw).mesh()
}

fn thumb_nut(rng: &mut Pcg64, s: f64) -> TriMesh {
    let r = s / 2.0;
    let h = s * draw(rng, 0.3, 0.5);
    let n = count(rng, 16, 28);
    let groove = rod(std::f64::consts::PI * r / n as f64 * 0.45, 3.0 * h).at(r, 0.0, -h).around(n);
    let wheel = disc(r).up_chamfered(h * 0.6, h * 0.08) - groove;
    let collar = rod(r * 0.62, h);
    let bore = (r * draw(rng, 0.25, 0.38)).max(1.5);
    let inside = thread(bore, h * 1.4, (bore * 0.5).max(1.2)).at(0.0, 0.0, -h * 0.2);
    (wheel + collar - inside).mesh()
}

fn wing_nut(rng: &mut Pcg64, s: f64) -> TriMesh {
    let r = s * draw(rng, 0.15, 0.2);
    let h = s * draw(rng, 0.2, 0.28);
    let t = (s * 0.06).max(1.6);
    let hub = turned(&[[0.0, 0.0], [r * 1.1, 0.0], [r * 0.8, h], [0.0, h]]);
    let tip = s * 0.1;
    let ear =
        hull2(&[disc(tip).at(s / 2.0 - tip, h * 1.7), rect(r, h * 0.8, 0.0).at(r * 0.5, h * 0.45)]);
    let ear = ear.up(t).turn(90.0, 0.0, 0.0).at(0.0, t / 2.0, 0.0);
    let bore = r * 0.55;
    let inside = thread(bore, h * 4.0, (bore * 0.5).max(1.2)).at(0.0, 0.0, -h);
    (hub + ear.clone() + ear.turn(0.0, 0.0, 180.0) - inside).mesh()
}

fn standoff(rng: &mut Pcg64, s: f64) -> TriMesh {
    let r = (s * draw(rng, 0.16, 0.26)).max(3.0);
    let body = prism(r, s, 6)
        & turned(&[
            [0.0, 0.0],
            [r * 0.88, 0.0],
            [r * 1.01, r * 0.2],
            [r * 1.01, s - r * 0.2],
            [r * 0.88, s],
            [0.0, s],
        ]);
    let bore = r * 0.4;
    let drill = rod(bore, 3.0 * s).at(0.0, 0.0, -s);
    let sink = rod(r * 0.62, s * 0.15);
    let groove = (disc(r * 1.5) - disc(r * 0.8)).up(s * 0.12).at(0.0, 0.0, s * 0.44);
    (body - drill - sink.at(0.0, 0.0, -0.01) - sink.at(0.0, 0.0, s * 0.86) - groove).mesh()
}

fn nut_plate(rng: &mut Pcg64, s: f64) -> TriMesh {
    let y = s * draw(rng, 0.35, 0.5);
    let h = (s * draw(rng, 0.1, 0.15)).max(3.0);
    let plate = rect(s, y, y * 0.2).up_chamfered(h, h * 0.12);
    let nut = y * 0.28;
    let pocket = prism(nut, h, 6).at(0.0, 0.0, h * 0.35) + rod(nut * 0.5, 4.0 * h).at(0.0, 0.0, -h);
    let reach = s * 0.27;
    let boss = hull(&[rod(nut * 1.35, h * 1.25), rod(nut * 1.25, h * 1.4)]);
    let pin =
        turned(&[[0.0, 0.0], [y * 0.1, 0.0], [y * 0.1, h], [y * 0.06, h * 1.7], [0.0, h * 1.7]]);
    let slit = slab(s * 0.08, y * 0.7, 4.0 * h).at(0.0, 0.0, -h);
    let bosses = boss.at(reach, 0.0, 0.0) + boss.at(-reach, 0.0, 0.0);
    let pins = pin.at(s * 0.45, y * 0.34, h * 0.5) + pin.at(-s * 0.45, -y * 0.34, h * 0.5);
    (plate + bosses + pins - pocket.at(reach, 0.0, 0.0) - pocket.at(-reach, 0.0, 0.0) - slit).mesh()
}
