//! Jigs, fixtures, grippers and trays.

use platewright_mesh::TriMesh;
use rand_pcg::Pcg64;

use super::Family;
use super::draw::{chance, count, draw, wall};
use crate::solid::{ball, disc, hull, polygon, rect, rod, slab, slot, span, union};

pub(super) const FAMILIES: &[Family] = &[
    Family {
        name: "drill-jig",
        what: "A drill jig with raised bushes, an edge stop and a clamp slot.",
        processes: &["fff", "sls"],
        size: [40.0, 180.0],
        make: drill,
    },
    Family {
        name: "gripper-finger",
        what: "A gripper finger with a finned compliant pad and a dovetail foot.",
        processes: &["sls", "mjf"],
        size: [40.0, 140.0],
        make: finger,
    },
    Family {
        name: "soft-jaw",
        what: "A vice jaw with a form-fit pocket and bolt holes.",
        processes: &["fff", "sls", "mjf"],
        size: [50.0, 150.0],
        make: jaw,
    },
    Family {
        name: "parts-tray",
        what: "A tray with a field of round or square pockets and finger notches.",
        processes: &["fff", "mjf"],
        size: [60.0, 220.0],
        make: tray,
    },
    Family {
        name: "step-gauge",
        what: "A stair-step gauge with a hole of falling diameter in each step.",
        processes: &["vpp", "sls", "fff"],
        size: [25.0, 110.0],
        make: gauge,
    },
    Family {
        name: "vacuum-cup-arm",
        what: "A hollow arm that carries vacuum from a flange to a cup.",
        processes: &["sls", "mjf", "vpp"],
        size: [40.0, 150.0],
        make: vacuum,
    },
];

fn drill(rng: &mut Pcg64, s: f64) -> TriMesh {
    let y = s * draw(rng, 0.4, 0.7);
    let t = wall(rng, s, 0.06);
    let plate = rect(s, y, t).up(t);
    let stop = span([-s / 2.0, -y / 2.0, -t * 1.5], [s / 2.0, -y / 2.0 + t, t]);
    let n = count(rng, 3, 5);
    let r = s * 0.05;
    let x = |i: usize| (i as f64 - (n as f64 - 1.0) / 2.0) * s * 0.8 / n as f64;
    let sites: Vec<[f64; 2]> = (0..n).map(|i| [x(i), draw(rng, -0.15, 0.3) * y]).collect();
    let bushes = sites.iter().map(|p| rod(r, t * 2.6).at(p[0], p[1], 0.0));
    let drills = sites.iter().map(|p| rod((r * 0.5).max(0.8), 9.0 * t).at(p[0], p[1], -3.0 * t));
    let clamp = slot(s * 0.18, (y * 0.1).max(2.0)).up(6.0 * t).at(0.0, y * 0.4, -2.0 * t);
    let marks = (0..n).map(|i| slab(0.8, t, 4.0 * t).at(x(i), -y / 2.0, t * 0.6));
    (plate + stop + union(bushes) - union(drills) - clamp - union(marks)).mesh()
}

fn finger(rng: &mut Pcg64, s: f64) -> TriMesh {
    let t = (s * draw(rng, 0.025, 0.035)).max(1.2);
    let w = s * draw(rng, 0.15, 0.25);
    let foot = s * 0.18;
    let reach = s * 0.4;
    // A fin-ray: two belts that meet at the tip, joined by slanted ribs.
    let belt = polygon(&[[0.0, foot * 0.8], [reach, foot * 0.8], [reach * 0.18, s], [0.0, s]]);
    let hollow = belt.grow(-t);
    let n = count(rng, 5, 8);
    let ribs = (1..n).map(|i| {
        let z = foot + (s - foot) * i as f64 / n as f64;
        rect(3.0 * reach, t * 0.9, 0.0).turn(-12.0).at(reach * 0.5, z)
    });
    let ribs = ribs.reduce(|a, b| a + b).expect("there are four ribs at least");
    let outside = belt.clone() - hollow.clone();
    let cut = rect(9.0 * s, 9.0 * s, 0.0) - hollow.grow(t * 0.3);
    let base = rect(reach * 1.05, foot, t).at(reach * 0.5, foot * 0.5);
    let profile = (outside + (ribs - cut) + base).fillet(t * 0.4);
    let dovetail = polygon(
        &[[-0.3, 0.0], [0.3, 0.0], [0.2, 0.35], [-0.2, 0.35]]
            .map(|[x, y]| [reach * (0.5 + x), foot * y - 0.01]),
    );
    let bolt = rod((foot * 0.13).max(1.0), 3.0 * w).at(reach * 0.25, foot * 0.65, -w);
    (profile.up(w)
        - dovetail.up(3.0 * w).at(0.0, 0.0, -w)
        - bolt.clone()
        - bolt.at(reach * 0.5, 0.0, 0.0))
    .mesh()
}

fn jaw(rng: &mut Pcg64, s: f64) -> TriMesh {
    let y = s * draw(rng, 0.2, 0.3);
    let z = s * draw(rng, 0.28, 0.4);
    let body = rect(s, y, s * 0.02).up(z);
    let r = s * draw(rng, 0.12, 0.2);
    let pocket = if chance(rng, 0.5) {
        rod(r, z).at(0.0, -y / 2.0, z * 0.55)
    } else {
        hull(&[
            rod(r * 0.4, z).at(-r, -y / 2.0, z * 0.55),
            rod(r * 0.6, z).at(r, -y * 0.45, z * 0.55),
        ])
    };
    let n = count(rng, 5, 9);
    let rib = slab(s * 0.02 + 0.6, y * 0.14, 3.0 * z);
    let ribs = (0..n).filter_map(|i| {
        let x = (i as f64 - (n as f64 - 1.0) / 2.0) * s * 0.9 / n as f64;
        (x.abs() > r * 1.7).then(|| rib.at(x, -y / 2.0, -z))
    });
    let bolt = rod(s * 0.03, 4.0 * y) + rod(s * 0.055, 4.0 * y).at(0.0, 0.0, 2.0 * y);
    let bolt = bolt.turn(90.0, 0.0, 0.0).at(0.0, y * 2.1, z * 0.3);
    (body - pocket - union(ribs) - bolt.at(s * 0.3, 0.0, 0.0) - bolt.at(-s * 0.3, 0.0, 0.0)).mesh()
}

fn tray(rng: &mut Pcg64, s: f64) -> TriMesh {
    let (nx, ny) = (count(rng, 3, 6), count(rng, 2, 4));
    let pitch = s / nx as f64;
    let y = pitch * ny as f64;
    let h = (pitch * draw(rng, 0.3, 0.6)).clamp(5.0, 30.0);
    let t = (pitch * 0.08).clamp(1.2, 3.0);
    let site = |i: usize| {
        let at = |c: usize, n: usize| (c as f64 - (n as f64 - 1.0) / 2.0) * pitch;
        [at(i % nx, nx), at(i / nx, ny)]
    };
    let round = chance(rng, 0.5);
    let pocket =
        if round { disc(pitch / 2.0 - t) } else { rect(pitch - 2.0 * t, pitch - 2.0 * t, t * 1.5) };
    let pocket = pocket.up(2.0 * h).at(0.0, 0.0, t);
    let notch = rod((pitch * 0.16).max(1.2), 4.0 * h).at(0.0, 0.0, -h);
    let cuts = (0..nx * ny).flat_map(|i| {
        let [x, v] = site(i);
        [pocket.at(x, v, 0.0), notch.at(x, v, 0.0)]
    });
    let foot =
        (rect(s * 0.96, y * 0.96, t) - rect(s * 0.96 - 2.0 * t, y * 0.96 - 2.0 * t, t * 0.5)).up(t);
    (rect(s, y, t * 1.5).up(h) + foot.at(0.0, 0.0, -t * 0.8) - union(cuts)).mesh()
}

fn gauge(rng: &mut Pcg64, s: f64) -> TriMesh {
    let n = count(rng, 5, 8);
    let y = s * draw(rng, 0.25, 0.4);
    let step = s / n as f64;
    let rise = step * draw(rng, 0.3, 0.6);
    let mut points = vec![[0.0, 0.0], [s, 0.0]];
    for i in (0..n).rev() {
        let z = rise * (i as f64 + 1.0);
        points.extend([[step * (i as f64 + 1.0), z], [step * i as f64, z]]);
    }
    let body = polygon(&points[..points.len()]).up(y).turn(90.0, 0.0, 0.0);
    let r = (step * 0.36).min(y * 0.3);
    let holes = (0..n).map(|i| {
        let share = 1.0 - 0.7 * i as f64 / n as f64;
        rod((r * share).max(0.6), 4.0 * s).at(step * (i as f64 + 0.5), -y * 0.4, -s)
    });
    let dents =
        (0..n).map(|i| ball(r * 0.5).at(step * (i as f64 + 0.5), -y, rise * (i as f64 + 0.5)));
    (body - union(holes) - union(dents)).mesh()
}

fn vacuum(rng: &mut Pcg64, s: f64) -> TriMesh {
    let t = wall(rng, s, 0.03);
    let r = s * draw(rng, 0.06, 0.08);
    let rise = s * draw(rng, 0.2, 0.4);
    let reach = s - r * 3.2 - s * 0.12;
    let knots =
        [[0.0, 0.0, 0.0], [0.0, 0.0, rise * 0.6], [reach * 0.25, 0.0, rise], [reach, 0.0, rise]];
    let pipe = |radius: f64| {
        union(knots.windows(2).map(|k| {
            let knob = ball(radius);
            hull(&[knob.at(k[0][0], k[0][1], k[0][2]), knob.at(k[1][0], k[1][1], k[1][2])])
        }))
    };
    let flange = rod(r * 2.6, t * 1.6).at(0.0, 0.0, -r);
    let cup =
        hull(&[rod(r * 2.0, t).at(reach, 0.0, rise - r * 2.6), ball(r + t).at(reach, 0.0, rise)]);
    let hollow = hull(&[
        rod(r * 2.0 - t, t).at(reach, 0.0, rise - r * 2.6 - t * 0.6),
        ball(r).at(reach, 0.0, rise),
    ]);
    let outside = pipe(r + t) + flange + cup;
    let holes = rod((r * 0.25).max(0.8), 9.0 * t).at(r * 1.95, 0.0, -r - 3.0 * t).around(4);
    let inlet = rod(r * 0.7, 3.0 * r).at(0.0, 0.0, -2.0 * r);
    let below = slab(5.0 * r, 5.0 * r, r * 2.0).at(0.0, 0.0, -3.0 * r);
    (outside - pipe(r) - hollow - holes - inlet - below).mesh()
}
