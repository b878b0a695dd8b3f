//! Pulleys, rollers and wheels.

use platewright_mesh::TriMesh;
use rand_pcg::Pcg64;

use super::Family;
use super::draw::{count, draw};
use crate::solid::{disc, rect, rod, slab, turned};

pub(super) const FAMILIES: &[Family] = &[
    Family {
        name: "v-pulley",
        what: "A V-belt pulley with pierced web, hub and keyway.",
        processes: &["fff", "sls", "mjf"],
        size: [25.0, 150.0],
        make: v_pulley,
    },
    Family {
        name: "timing-pulley",
        what: "A toothed belt pulley with flanges and a set-screw hub.",
        processes: &["sls", "mjf", "fff", "vpp"],
        size: [14.0, 70.0],
        make: timing,
    },
    Family {
        name: "guide-roller",
        what: "A crowned idler with bearing seats on both sides.",
        processes: &["fff", "sls"],
        size: [20.0, 90.0],
        make: roller,
    },
    Family {
        name: "spoked-wheel",
        what: "A wheel with tread grooves, curved spokes and a bored hub.",
        processes: &["fff", "mjf", "sls"],
        size: [30.0, 140.0],
        make: wheel,
    },
];

fn v_pulley(rng: &mut Pcg64, s: f64) -> TriMesh {
    let r = s / 2.0;
    let w = (s * draw(rng, 0.14, 0.22)).max(6.0);
    let depth = (w * 0.55).min(r * 0.35);
    let rim = (w * 0.12).max(0.9);
    let inner = r - depth - (w * 0.2).max(1.5);
    let hub = r * draw(rng, 0.28, 0.36);
    let web = (w * 0.3).max(1.6);
    let body = turned(&[
        [0.0, 0.0],
        [hub, 0.0],
        [hub, (w - web) / 2.0],
        [inner, (w - web) / 2.0],
        [inner, 0.0],
        [r, 0.0],
        [r, rim],
        [r - depth, w * 0.36],
        [r - depth, w * 0.64],
        [r, w - rim],
        [r, w],
        [inner, w],
        [inner, (w + web) / 2.0],
        [hub, (w + web) / 2.0],
        [hub, w * 1.2],
        [0.0, w * 1.2],
    ]);
    let free = inner - hub;
    let n = count(rng, 4, 7);
    let hole = rod((free * 0.34).min((hub + free / 2.0) * 1.8 / n as f64), 3.0 * w);
    let holes = hole.at(hub + free / 2.0, 0.0, -w).around(n);
    let bore = rod(hub * 0.5, 4.0 * w).at(0.0, 0.0, -w)
        + slab(hub * 0.3, hub * 1.3, 4.0 * w).at(0.0, 0.0, -w);
    (body - holes - bore).mesh()
}

fn timing(rng: &mut Pcg64, s: f64) -> TriMesh {
    let r = s / 2.0;
    let w = (s * draw(rng, 0.25, 0.5)).max(6.0);
    let flange = (w * 0.1).max(1.0);
    let teeth = r * 0.86;
    let pitch = draw(rng, 2.0, 5.0).max(s * 0.07);
    let n = ((std::f64::consts::TAU * teeth / pitch) as usize).clamp(10, 44);
    let pitch = std::f64::consts::TAU * teeth / n as f64;
    let section = disc(teeth) - disc(pitch * 0.28).at(teeth, 0.0).around(n);
    let body = section.up(w) + rod(r, flange) + rod(r, flange).at(0.0, 0.0, w - flange);
    let hub = rod(r * 0.65, w * 1.45);
    let bore = rod((r * 0.3).max(1.2), 5.0 * w).at(0.0, 0.0, -w);
    let screw = rod((w * 0.1).max(0.8), s).turn(0.0, 90.0, 0.0).at(0.0, 0.0, w * 1.23);
    (body + hub - bore - screw).mesh()
}

fn roller(rng: &mut Pcg64, s: f64) -> TriMesh {
    let w = s * draw(rng, 0.4, 0.9);
    let r = s / 2.0;
    let crown = r * 0.05;
    let seat = r * draw(rng, 0.5, 0.65);
    let deep = w * 0.28;
    let mut profile = vec![[r * 0.35, deep], [seat, deep], [seat, 0.0], [r - crown, 0.0]];
    profile.extend((1..8).map(|i| {
        let u = f64::from(i) / 8.0;
        [r - crown * (2.0 * u - 1.0).powi(2), w * u]
    }));
    profile.extend([[r - crown, w], [seat, w], [seat, w - deep], [r * 0.35, w - deep]]);
    let n = count(rng, 0, 2);
    let groove = (disc(s) - disc(r - crown - (r * 0.06).max(0.6))).up(w * 0.08);
    let mut body = turned(&profile);
    for i in 0..n {
        body = body - groove.at(0.0, 0.0, w * (0.3 + 0.32 * i as f64));
    }
    body.mesh()
}

fn wheel(rng: &mut Pcg64, s: f64) -> TriMesh {
    let r = s / 2.0;
    let w = s * draw(rng, 0.15, 0.3);
    let rim = r * draw(rng, 0.14, 0.2);
    let hub = r * 0.24;
    let n = count(rng, 4, 7);
    let t = (s * 0.04).max(1.4);
    let spoke = disc(r * 0.42 + t / 2.0) - disc(r * 0.42 - t / 2.0);
    let spoke = (spoke.at(r * 0.42, 0.0) - rect(4.0 * r, 2.0 * r, 0.0).at(0.0, -r)).around(n);
    let ring = disc(r) - disc(r - rim);
    let web = spoke - (disc(4.0 * r) - disc(r - rim * 0.5));
    let body = ring.up(w) + web.up(w * 0.7).at(0.0, 0.0, w * 0.15) + rod(hub, w);
    let k = count(rng, 20, 36);
    let tread = slab(rim * 0.5, std::f64::consts::PI * s / k as f64 * 0.4, 3.0 * w).at(r, 0.0, -w);
    let bore = rod(hub * 0.55, 3.0 * w).at(0.0, 0.0, -w);
    (body - tread.around(k) - bore).mesh()
}
