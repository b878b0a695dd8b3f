//! Handles, knobs and grips.

use platewright_mesh::TriMesh;
use rand_pcg::Pcg64;

use super::Family;
use super::draw::{count, draw, wall};
use crate::skin::{loft, oval};
use crate::solid::{Solid, disc, hull, prism, rect, rod, slab, strut, turned, union};

pub(super) const FAMILIES: &[Family] = &[
    Family {
        name: "ergonomic-grip",
        what: "A grip shaped to the hand, with finger waves and a tang slot.",
        processes: &["mjf", "sls", "fff"],
        size: [70.0, 140.0],
        make: grip,
    },
    Family {
        name: "bow-handle",
        what: "A bow handle with round bar and two bolted feet.",
        processes: &["mjf", "sls", "fff"],
        size: [50.0, 200.0],
        make: bow,
    },
    Family {
        name: "star-knob",
        what: "A star knob with lobes, a neck and a hexagon pocket.",
        processes: &["mjf", "sls", "fff", "vpp"],
        size: [18.0, 80.0],
        make: star,
    },
    Family {
        name: "crank-handle",
        what: "A crank with square socket, arm and turning-grip pin.",
        processes: &["sls", "fff", "lpbf"],
        size: [45.0, 160.0],
        make: crank,
    },
];

fn grip(rng: &mut Pcg64, s: f64) -> TriMesh {
    let (a, b) = (s * draw(rng, 0.12, 0.15), s * draw(rng, 0.15, 0.19));
    let lean = s * draw(rng, 0.05, 0.15);
    let waves = count(rng, 3, 4) as f64;
    let depth = b * draw(rng, 0.06, 0.12);
    let steps = 36;
    let rings: Vec<Vec<[f64; 3]>> = (0..=steps)
        .map(|i| {
            let u = f64::from(i) / f64::from(steps);
            // Round the ends: the section shrinks over the first and the last tenth.
            let end = (u.min(1.0 - u) / 0.1).min(1.0);
            let round = 0.55 + 0.45 * (1.0 - (1.0 - end) * (1.0 - end)).sqrt();
            let belly = 1.0 - 0.25 * (2.0 * u - 0.9).powi(2);
            let wave = depth * (std::f64::consts::TAU * waves * u).cos();
            let y = lean * (u - 0.5).powi(2) * 4.0 - wave * 0.5;
            let size = round * belly;
            oval([0.0, y, s * u], a * size, b * size - wave * 0.5, 2.4, 40)
        })
        .collect();
    let tang = slab(a * 0.5, b * 0.9, s * 1.4).at(0.0, lean * 0.3, s * 0.12);
    let screw = rod((s * 0.025).max(1.5), 4.0 * a).turn(0.0, 90.0, 0.0);
    let screws = [0.35, 0.7].map(|u| screw.at(-2.0 * a, lean * 0.1, s * u));
    (loft(&rings) - tang - union(screws)).mesh()
}

fn bow(rng: &mut Pcg64, s: f64) -> TriMesh {
    let r = s * draw(rng, 0.05, 0.07);
    let h = s * draw(rng, 0.25, 0.35);
    let reach = s / 2.0 - r * 1.6;
    let knee = h - r * draw(rng, 1.5, 2.5);
    let way = [
        [-reach, 0.0, r],
        [-reach, 0.0, knee * 0.8],
        [-reach * 0.9, 0.0, h * 0.96 - r],
        [-reach * 0.7, 0.0, h - r],
        [reach * 0.7, 0.0, h - r],
        [reach * 0.9, 0.0, h * 0.96 - r],
        [reach, 0.0, knee * 0.8],
        [reach, 0.0, r],
    ];
    let bar = union(way.windows(2).map(|w| strut(w[0], w[1], r)));
    let base = turned(&[
        [0.0, 0.0],
        [r * 1.6, 0.0],
        [r * 1.6, r * 0.6],
        [r * 1.05, r * 1.6],
        [0.0, r * 1.6],
    ]);
    let bore = rod(r * 0.42, knee * 0.6).at(0.0, 0.0, -0.1);
    let below = slab(3.0 * s, s, s).at(0.0, 0.0, -s);
    let feet = base.at(reach, 0.0, 0.0) + base.at(-reach, 0.0, 0.0);
    let bores = bore.at(reach, 0.0, 0.0) + bore.at(-reach, 0.0, 0.0);
    (bar + feet - bores - below).mesh()
}

fn star(rng: &mut Pcg64, s: f64) -> TriMesh {
    let n = count(rng, 4, 8);
    let lobe = s * 0.5 / (1.0 + 0.22 * n as f64).max(2.2);
    let core = s / 2.0 - lobe;
    let h = s * draw(rng, 0.25, 0.4);
    let outline = (disc(core * 0.9) + disc(lobe).at(core, 0.0).around(n)).fillet(lobe * 0.6);
    let edge = (h * 0.1).max(0.4);
    let tier =
        |shrink: f64, from: f64, to: f64| outline.grow(-shrink).up(to - from).at(0.0, 0.0, from);
    let body = tier(0.0, edge, h - edge)
        + tier(edge * 0.5, 0.0, h)
        + rod(s * 0.22, h * 1.5).at(0.0, 0.0, -h * 0.5);
    let bolt = rod((s * 0.07).max(1.2), 4.0 * h).at(0.0, 0.0, -2.0 * h);
    let pocket = prism((s * 0.14).max(2.2), h, 6).at(0.0, 0.0, h * 0.7);
    (body - bolt - pocket).mesh()
}

fn crank(rng: &mut Pcg64, s: f64) -> TriMesh {
    let t = wall(rng, s, 0.05) + 1.0;
    let (a, b) = (s * 0.13, s * 0.09);
    let reach = s - a - b;
    let arm = hull(&[rod(a * 0.8, t), rod(b * 0.8, t).at(reach, 0.0, 0.0)]);
    let socket = rod(a, t * draw(rng, 2.5, 3.5));
    let pin = turned(&[
        [0.0, 0.0],
        [b, 0.0],
        [b, t * 1.2],
        [b * 0.6, t * 1.6],
        [b * 0.6, s * 0.3],
        [b * 0.75, s * 0.32],
        [b * 0.5, s * 0.35],
        [0.0, s * 0.35],
    ]);
    let square = rect(a, a, a * 0.1).up(8.0 * t).at(0.0, 0.0, -t);
    let window: Solid = hull(&[
        rod(a * 0.35, 4.0 * t).at(a * 1.7, 0.0, -t),
        rod(b * 0.35, 4.0 * t).at(reach - b * 1.7, 0.0, -t),
    ]);
    (arm + socket + pin.at(reach, 0.0, 0.0) - square - window).mesh()
}
