//! Clips, clamps and snap fits.

use platewright_mesh::TriMesh;
use rand_pcg::Pcg64;

use super::Family;
use super::draw::{count, draw};
use crate::solid::{Outline, disc, hull2, polygon, rect, rod, slot, span, union};

pub(super) const FAMILIES: &[Family] = &[
    Family {
        name: "cable-clip",
        what: "A row of C-shaped cable seats on a screw-down base.",
        processes: &["sls", "mjf", "fff"],
        size: [14.0, 110.0],
        make: cable,
    },
    Family {
        name: "snap-buckle",
        what: "The plug of a side-release buckle: two sprung arms, guide and strap bar.",
        processes: &["mjf", "sls"],
        size: [25.0, 90.0],
        make: buckle,
    },
    Family {
        name: "hose-clamp",
        what: "A split ring clamp with two bolted ears.",
        processes: &["sls", "mjf", "lpbf"],
        size: [18.0, 110.0],
        make: hose,
    },
    Family {
        name: "spring-clip",
        what: "A meandering flat spring between two mounting eyes.",
        processes: &["mjf", "sls", "lpbf"],
        size: [25.0, 120.0],
        make: spring,
    },
    Family {
        name: "rail-clip",
        what: "A DIN rail clip with a sprung foot and a finger tab.",
        processes: &["mjf", "sls", "fff"],
        size: [38.0, 75.0],
        make: rail,
    },
];

/// A bar of `width` along a polyline, rounded at its corners and ends.
fn band(points: &[[f64; 2]], width: f64) -> Outline {
    let knob = disc(width / 2.0);
    points
        .windows(2)
        .map(|w| hull2(&[knob.at(w[0][0], w[0][1]), knob.at(w[1][0], w[1][1])]))
        .reduce(|a, b| a + b)
        .expect("a band has two points at least")
}

fn cable(rng: &mut Pcg64, s: f64) -> TriMesh {
    let n = count(rng, 1, 3);
    let ears = s * 0.3;
    let pitch = (s - ears) / n as f64;
    let t = (pitch * draw(rng, 0.1, 0.15)).clamp(0.9, 4.0);
    let r = (pitch * 0.92 - 2.0 * t) / 2.0;
    let depth = (s * draw(rng, 0.18, 0.3)).max(5.0);
    let mut profile = rect(s, t * 1.3, t * 0.5).at(s / 2.0, t * 0.65);
    let x = |i: usize| ears + (i as f64 + 0.5) * pitch;
    for i in 0..n {
        profile = profile + disc(r + t).at(x(i), r + t);
    }
    profile = profile.fillet(t * 0.8);
    for i in 0..n {
        profile = profile - disc(r).at(x(i), r + t * 1.2);
        profile = profile - rect(r * 1.35, 3.0 * r, 0.0).at(x(i), 3.0 * r + t);
    }
    let body = profile.up(depth).turn(90.0, 0.0, 0.0);
    let hole = (ears * 0.2).max(0.9).min(depth * 0.3);
    let screw = rod(hole, 6.0 * t).at(ears * 0.42, -depth / 2.0, -t);
    (body - screw).mesh()
}

fn buckle(rng: &mut Pcg64, s: f64) -> TriMesh {
    let w = s * draw(rng, 0.65, 0.85);
    let t = (s * 0.07).max(1.6);
    let h = (s * draw(rng, 0.12, 0.18)).max(3.0);
    let frame = rect(w, s * 0.34, t) - rect(w - 2.4 * t, s * 0.34 - 2.4 * t, t * 0.4);
    let frame = frame.at(0.0, s * 0.17);
    let prong = |side: f64| {
        let x = side * (w / 2.0 - t);
        let arm = band(&[[x, s * 0.3], [x * 0.95, s * 0.6], [x * 0.8, s - t * 0.6]], t * 1.1);
        let tip =
            [[x * 1.2, s * 0.68], [x * 0.8, s * 0.98], [x * 0.6, s * 0.9], [x * 0.8, s * 0.66]];
        let tip = tip.map(|[x, y]| disc(t * 0.3).at(x, y));
        arm + hull2(&tip)
    };
    let guide = rect(w * 0.2, s * 0.6, w * 0.05).at(0.0, s * 0.58);
    let profile = (frame + prong(1.0) + prong(-1.0) + guide).fillet(t * 0.3);
    let bar = rod(t * 0.8, w - 2.0 * t).turn(0.0, 90.0, 0.0).at(-w / 2.0 + t, s * 0.16, h / 2.0);
    (profile.up(h) + bar).mesh()
}

fn hose(rng: &mut Pcg64, s: f64) -> TriMesh {
    let t = (s * draw(rng, 0.07, 0.1)).max(1.4);
    let ear = s * 0.2;
    let r = (s - ear) / 2.0 - t;
    let h = (s * draw(rng, 0.16, 0.35)).max(6.0);
    let gap = (s * 0.05).max(1.0);
    let ears = rect(ear + t, gap + 3.2 * t, t * 0.6).at(r + t + ear / 2.0 - t * 0.2, 0.0);
    let profile = (disc(r + t) + ears).fillet(t) - disc(r) - rect(s, gap, 0.0).at(r + s / 2.0, 0.0);
    let bolt = (ear * 0.2).min(h * 0.22).max(0.9);
    let cut = rod(bolt, s).turn(-90.0, 0.0, 0.0).at(r + t + ear * 0.5, -s / 2.0, 0.0);
    let n = if h > 18.0 { 2 } else { 1 };
    let cuts = (0..n).map(|i| cut.at(0.0, 0.0, h * (i as f64 + 0.5) / n as f64));
    (profile.up(h) - union(cuts)).mesh()
}

fn spring(rng: &mut Pcg64, s: f64) -> TriMesh {
    let t = (s * draw(rng, 0.03, 0.045)).clamp(1.0, 3.5);
    let n = count(rng, 3, 5);
    let w = s * draw(rng, 0.3, 0.5);
    let eye = s * 0.12;
    let (from, to) = (2.0 * eye, s - 2.0 * eye);
    let mut points = vec![[eye, 0.0], [from, 0.0]];
    for i in 0..n {
        let x = |k: f64| from + (to - from) * (i as f64 + k) / n as f64;
        let side = if i % 2 == 0 { w / 2.0 } else { -w / 2.0 };
        points.extend([[x(0.15), side], [x(0.85), side]]);
    }
    points.extend([[to, 0.0], [s - eye, 0.0]]);
    let meander = band(&points, t).fillet(t * 0.4);
    let h = (s * draw(rng, 0.1, 0.2)).max(3.0);
    let eyes = disc(eye).at(eye, 0.0) + disc(eye).at(s - eye, 0.0);
    let holes = disc(eye * 0.5).at(eye, 0.0) + disc(eye * 0.5).at(s - eye, 0.0);
    let feet = (eyes - holes.clone()).up(h * 1.3);
    ((meander - holes).up(h) + feet).mesh()
}

fn rail(rng: &mut Pcg64, s: f64) -> TriMesh {
    let t = (s * draw(rng, 0.045, 0.06)).max(1.8);
    let w = draw(rng, 8.0, 18.0);
    let y = s * 0.3;
    let back = band(&[[t, y], [s - t, y]], t * 1.4);
    let hook = band(&[[t, y], [t, y * 0.45], [s * 0.16, y * 0.45]], t);
    let foot = band(&[[s * 0.84, y], [s * 0.84, y * 0.45], [s * 0.76, y * 0.4]], t);
    let tab = band(&[[s * 0.84, y * 0.45], [s * 0.97, y * 0.1], [s * 0.97, t * 0.5]], t * 0.9);
    let tower = polygon(&[[s * 0.2, y], [s * 0.7, y], [s * 0.62, y * 2.0], [s * 0.28, y * 2.0]]);
    let window = tower.grow(-t * 1.1);
    let profile = (back + hook + foot + tab + tower).fillet(t * 0.5) - window;
    let hole = rod((w * 0.16).max(1.2), 3.0 * s).turn(-90.0, 0.0, 0.0).at(s * 0.45, 0.0, w / 2.0);
    let cut = slot(s * 0.08, w * 0.3).up(s).turn(-90.0, 0.0, 0.0).at(s * 0.45, y * 1.6, w / 2.0);
    let nick = span([s * 0.9, -s, w * 0.35], [s * 1.2, y * 0.2, w * 0.65]);
    (profile.up(w) - hole - cut - nick).mesh()
}
