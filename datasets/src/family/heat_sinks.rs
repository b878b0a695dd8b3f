//! Heat sinks and heat exchangers.

use platewright_mesh::TriMesh;
use rand_pcg::Pcg64;

use super::Family;
use super::draw::{count, draw};
use crate::solid::{cone, disc, rect, rod, slab, span, union};

pub(super) const FAMILIES: &[Family] = &[
    Family {
        name: "fin-heat-sink",
        what: "A plate heat sink with fins of falling height and a slotted crossing.",
        processes: &["lpbf"],
        size: [20.0, 110.0],
        make: fins,
    },
    Family {
        name: "pin-heat-sink",
        what: "A pin-fin heat sink on a base with corner holes.",
        processes: &["lpbf"],
        size: [20.0, 90.0],
        make: pins,
    },
    Family {
        name: "radial-heat-sink",
        what: "A round heat sink with forked radial fins for a lamp.",
        processes: &["lpbf", "sls"],
        size: [25.0, 98.0],
        make: radial,
    },
];

fn fins(rng: &mut Pcg64, s: f64) -> TriMesh {
    let y = s * draw(rng, 0.6, 1.0);
    let base = (s * 0.06).max(1.6);
    let h = s * draw(rng, 0.25, 0.45);
    let t = (s * 0.02).max(0.9);
    let n = ((s / (t * draw(rng, 2.8, 3.8))) as usize).clamp(6, 18);
    let pitch = (s - t) / (n as f64 - 1.0);
    let fins = (0..n).map(|i| {
        let x = -s / 2.0 + t / 2.0 + i as f64 * pitch;
        let fall = 1.0 - 0.35 * (2.0 * x / s).powi(2);
        slab(t, y, h * fall).at(x, 0.0, 0.0)
    });
    let body = slab(s, y, base) + union(fins);
    let cut = slab(2.0 * s, (t * 2.5).max(2.0), h).at(0.0, 0.0, base * 1.01);
    let k = count(rng, 1, 2);
    let cuts = (0..k).map(|i| cut.at(0.0, y * ((i as f64 + 1.0) / (k as f64 + 1.0) - 0.5), 0.0));
    let hole = rod((s * 0.035).max(1.0), 4.0 * h).at(0.0, 0.0, -h);
    let holes = [1.0, -1.0].map(|side| hole.at(side * s * 0.32, 0.0, 0.0));
    (body - union(cuts) - union(holes)).mesh()
}

fn pins(rng: &mut Pcg64, s: f64) -> TriMesh {
    let base = (s * 0.06).max(1.6);
    let h = s * draw(rng, 0.25, 0.4);
    let n = count(rng, 5, 8);
    let pitch = s * 0.92 / n as f64;
    let pin = cone(pitch * 0.3, pitch * 0.22, h).at(0.0, 0.0, base * 0.5);
    let all = (0..n * n).filter_map(|i| {
        let (a, b) = (i % n, i / n);
        let edge = |c: usize| c == 0 || c == n - 1;
        let at = |c: usize| (c as f64 - (n as f64 - 1.0) / 2.0) * pitch;
        (!(edge(a) && edge(b))).then(|| pin.at(at(a), at(b), 0.0))
    });
    let far = (n as f64 - 1.0) / 2.0 * pitch;
    let hole = rod((pitch * 0.22).max(0.8), 4.0 * base);
    let holes = [(1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0), (1.0, -1.0)]
        .map(|(a, b)| hole.at(a * far, b * far, -base));
    (rect(s, s, s * 0.04).up(base) + union(all) - union(holes)).mesh()
}

fn radial(rng: &mut Pcg64, s: f64) -> TriMesh {
    let r = s / 2.0;
    let core = r * draw(rng, 0.35, 0.45);
    let t = (s * 0.02).max(0.9);
    let n = count(rng, 9, 14);
    let h = s * draw(rng, 0.3, 0.6);
    let fork = r * 0.68;
    let root = span([core * 0.8, -t * 0.6, 0.0], [fork + t * 0.3, t * 0.6, h]);
    let tine = span([0.0, -t / 2.0, 0.0], [r - fork, t / 2.0, h]);
    let spread = (180.0 / n as f64) * 0.9 * fork / (r - fork).max(1.0);
    let spread = spread.clamp(8.0, 35.0);
    let tines = [spread, -spread].map(|a| tine.turn(0.0, 0.0, a).at(fork, 0.0, 0.0));
    let fin = root + union(tines);
    let body = rod(core, h) + fin.around(n) + rod(fork * 0.9, (h * 0.06).max(1.2));
    let bore = rod(core * 0.62, h).at(0.0, 0.0, (h * 0.1).max(1.5));
    let holes = disc((core * 0.12).max(0.9)).up(4.0 * h).at(core * 0.35, 0.0, -h).around(3);
    (body - bore - holes).mesh()
}
