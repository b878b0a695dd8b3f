//! Ducts, nozzles and funnels.

use platewright_mesh::TriMesh;
use rand_pcg::Pcg64;

use super::Family;
use super::draw::{chance, count, draw, wall};
use crate::solid::{Solid, disc, hull, rect, rod, span, turned, union};

pub(super) const FAMILIES: &[Family] = &[
    Family {
        name: "duct-elbow",
        what: "A bent round duct with a flange at one end and a bead at the other.",
        processes: &["sls", "mjf", "fff"],
        size: [35.0, 220.0],
        make: elbow,
    },
    Family {
        name: "duct-transition",
        what: "A transition from a square fan flange to a round or flat outlet.",
        processes: &["sls", "mjf", "fff"],
        size: [40.0, 200.0],
        make: transition,
    },
    Family {
        name: "air-nozzle",
        what: "A tapered nozzle with a hose barb and a flattened mouth.",
        processes: &["vpp", "sls", "mjf"],
        size: [25.0, 130.0],
        make: nozzle,
    },
    Family {
        name: "y-pipe",
        what: "A Y-shaped pipe that joins two hoses into one.",
        processes: &["sls", "mjf", "vpp"],
        size: [40.0, 190.0],
        make: y_pipe,
    },
    Family {
        name: "funnel",
        what: "A funnel with inner ribs and a hanging tab.",
        processes: &["fff", "mjf"],
        size: [40.0, 180.0],
        make: funnel,
    },
];

/// A chain of hulls of short cylinders along a bend in the xz plane, `degrees` in all.
fn bend(radius: f64, around: f64, degrees: f64, steps: usize) -> Solid {
    let at = |i: usize| {
        let a = degrees * i as f64 / steps as f64;
        rod(radius, 0.02).at(-around, 0.0, 0.0).turn(0.0, a, 0.0).at(around, 0.0, 0.0)
    };
    union((0..steps).map(|i| hull(&[at(i), at(i + 1)])))
}

fn elbow(rng: &mut Pcg64, s: f64) -> TriMesh {
    let t = wall(rng, s, 0.03);
    let r = s * draw(rng, 0.16, 0.22);
    let around = s - r * 1.6 - t;
    let degrees = draw(rng, 60.0, 90.0);
    let flange = rect(2.0 * r * 1.55, 2.0 * r * 1.55, r * 0.3).up(t * 1.4);
    let hole = rod((r * 0.12).max(1.0), 4.0 * t);
    let holes = [(1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0), (1.0, -1.0)]
        .map(|(x, y)| hole.at(x * r * 1.28, y * r * 1.28, -t));
    let stub = rod(r + t, t * 2.0).at(0.0, 0.0, -t * 1.2) + flange.at(0.0, 0.0, -t * 1.4);
    let bead =
        turned(&[[r * 0.9, 0.0], [r + t * 1.5, t], [r + t * 1.5, t * 2.0], [r * 0.9, t * 3.0]])
            .at(-around, 0.0, -t * 3.0)
            .turn(0.0, degrees, 0.0)
            .at(around, 0.0, 0.0);
    let steps = count(rng, 6, 9);
    let outside = bend(r + t, around, degrees, steps) + stub + bead;
    let end = rod(r, 2.0 * t).at(-around, 0.0, -t).turn(0.0, degrees, 0.0).at(around, 0.0, 0.0);
    let inside = bend(r, around, degrees, steps) + rod(r, 4.0 * t).at(0.0, 0.0, -3.5 * t) + end;
    (outside - inside - union(holes).at(0.0, 0.0, -t)).mesh()
}

fn transition(rng: &mut Pcg64, s: f64) -> TriMesh {
    let t = wall(rng, s, 0.025);
    let h = s * draw(rng, 0.5, 0.8);
    let side = s * 0.86;
    let round = chance(rng, 0.5);
    let end = |shrink: f64| {
        if round {
            disc(s * 0.27 - shrink)
        } else {
            rect(s * 0.8 - 2.0 * shrink, s * 0.28 - 2.0 * shrink, t * 1.6 - shrink * 0.8)
        }
    };
    let shift = s * draw(rng, 0.0, 0.1);
    let loft = |shrink: f64| {
        let start = rect(side - 2.0 * shrink, side - 2.0 * shrink, s * 0.1 - shrink * 0.5);
        hull(&[start.up(0.05).at(0.0, 0.0, t * 1.2), end(shrink).up(0.05).at(shift, 0.0, h * 0.8)])
            + start.up(t * 1.4)
            + end(shrink).up(h * 0.21).at(shift, 0.0, h * 0.79)
    };
    let flange = rect(s, s, s * 0.06).up(t * 1.3);
    let ends = rect(side - 2.0 * t, side - 2.0 * t, s * 0.1 - t * 0.5).up(4.0 * t).at(0.0, 0.0, -t)
        + end(t).up(h).at(shift, 0.0, h * 0.8);
    let hole = rod((s * 0.025).max(1.0), 4.0 * t);
    let holes = [(1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0), (1.0, -1.0)]
        .map(|(x, y)| hole.at(x * s * 0.445, y * s * 0.445, -t));
    (loft(0.0) + flange - loft(t) - ends - union(holes)).mesh()
}

fn nozzle(rng: &mut Pcg64, s: f64) -> TriMesh {
    let t = wall(rng, s, 0.03);
    let r = s * draw(rng, 0.14, 0.2);
    let body = s * 0.38;
    let mouth = |shrink: f64| {
        let (x, y) = (r * 2.2 - 2.0 * shrink, r * 0.5 + 2.0 * t - 2.0 * shrink);
        rect(x, y, y * 0.3).up(0.05)
    };
    let mut profile = vec![[0.0, 0.0]];
    let barbs = count(rng, 2, 4);
    for i in 0..barbs {
        let z = body * i as f64 / barbs as f64;
        profile.push([r + t, z]);
        profile.push([r + t * 1.8, z + body / barbs as f64 * 0.85]);
    }
    profile.extend([[r + t, body], [0.0, body]]);
    let collar = turned(&[[0.0, 0.0], [r * 1.5, 0.0], [r * 1.5, t * 2.0], [0.0, t * 2.0]]);
    let loft = |shrink: f64, from: f64, to: f64| {
        hull(&[rod(r + t - shrink, 0.05).at(0.0, 0.0, from), mouth(shrink).at(0.0, 0.0, to)])
    };
    let outside = turned(&profile) + collar.at(0.0, 0.0, body - t) + loft(0.0, body, s);
    let inside = rod(r, body + 0.2).at(0.0, 0.0, -0.1)
        + loft(t, body, s)
        + mouth(t).stretch(1.0, 1.0, 60.0).at(0.0, 0.0, s - 0.01);
    (outside - inside).mesh()
}

fn y_pipe(rng: &mut Pcg64, s: f64) -> TriMesh {
    let t = wall(rng, s, 0.03);
    let r = s * draw(rng, 0.1, 0.14);
    let angle = draw(rng, 25.0, 40.0);
    let trunk = s * 0.42;
    let arm = s * 0.52;
    let tube = |radius: f64, extra: f64| {
        let branch = rod(radius, arm + extra);
        union([
            rod(radius, trunk + extra).at(0.0, 0.0, -extra),
            branch.turn(0.0, angle, 0.0).at(0.0, 0.0, trunk * 0.9),
            branch.turn(0.0, -angle, 0.0).at(0.0, 0.0, trunk * 0.9),
        ])
    };
    let bead =
        turned(&[[r * 0.9, 0.0], [r + t * 1.7, t], [r + t * 1.7, t * 1.6], [r * 0.9, t * 3.0]]);
    let top = bead.at(0.0, 0.0, arm - t * 3.0);
    let beads = union([
        bead.at(0.0, 0.0, t * 0.5),
        top.turn(0.0, angle, 0.0).at(0.0, 0.0, trunk * 0.9),
        top.turn(0.0, -angle, 0.0).at(0.0, 0.0, trunk * 0.9),
    ]);
    (tube(r + t, 0.0) + beads - tube(r, t)).mesh()
}

fn funnel(rng: &mut Pcg64, s: f64) -> TriMesh {
    let t = wall(rng, s, 0.02);
    let (top, out) = (s / 2.0, s * draw(rng, 0.06, 0.1) + t);
    let (low, h) = (s * draw(rng, 0.2, 0.3), s * draw(rng, 0.7, 0.95));
    let body = turned(&[
        [out - t, 0.0],
        [out, 0.0],
        [out * 1.25, low],
        [top, h - 2.0 * t],
        [top, h],
        [top - t, h],
        [top - t, h - 1.6 * t],
        [out * 1.25 - t, low + t * 0.6],
    ]);
    let n = count(rng, 4, 8);
    let slope = (top - out) / (h - low);
    let (z0, z1) = (low + 2.0 * t, h - 3.0 * t);
    let r = |z: f64| out * 1.25 + slope * (z - low) - t * 0.2;
    let foot = |z: f64| span([r(z) - t * 1.6, -t * 0.5, z], [r(z) - t * 0.5, t * 0.5, z + 0.05]);
    let rib = hull(&[foot(z0), foot(z1)]);
    let ear = (disc(t * 4.0) - disc(t * 2.0)).up(t).at(top + t * 2.8, 0.0, h - t);
    let ear = ear - rod(top - t * 0.5, 3.0 * t).at(0.0, 0.0, h - 2.0 * t);
    (body + rib.around(n) + ear).mesh()
}
