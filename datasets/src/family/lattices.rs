//! Lattices: gyroids, strut cells, honeycombs.

use std::f64::consts::TAU;

use nalgebra::Point3;
use platewright_mesh::TriMesh;
use rand_pcg::Pcg64;

use super::Family;
use super::draw::{chance, count, draw};
use crate::implicit::{Grid, surface};
use crate::solid::{disc, prism, rect, span, strut, tidy, union};

pub(super) const FAMILIES: &[Family] = &[
    Family {
        name: "gyroid-block",
        what: "A gyroid-network block, as used for filters, cores and cushions.",
        processes: &["vpp", "sls", "lpbf"],
        size: [12.0, 60.0],
        make: gyroid,
    },
    Family {
        name: "gyroid-cylinder",
        what: "A round core of gyroid network, as used for filters and implants.",
        processes: &["vpp", "lpbf", "sls"],
        size: [12.0, 50.0],
        make: round_gyroid,
    },
    Family {
        name: "strut-lattice",
        what: "A body-centred strut lattice between two face sheets.",
        processes: &["lpbf", "vpp", "sls"],
        size: [20.0, 70.0],
        make: strut_cells,
    },
    Family {
        name: "honeycomb-panel",
        what: "A honeycomb panel with a frame and corner bosses.",
        processes: &["sls", "mjf", "fff"],
        size: [40.0, 180.0],
        make: honeycomb,
    },
];

/// A body cut from a gyroid network with struts of about a third of a period; `inside` is
/// negative where the body is, mm.
fn gyroid_in(size: [f64; 3], period: f64, inside: impl Fn(Point3<f64>) -> f64) -> TriMesh {
    /// Level of the field that bounds the network: a little less than half of the space.
    const NETWORK: f64 = -0.25;
    let k = TAU / period;
    let grid = Grid::over([0.0; 3], size, period / 10.0);
    let mesh = surface(&grid, |p| {
        let [x, y, z] = [p.x * k, p.y * k, p.z * k];
        let field = x.sin() * y.cos() + y.sin() * z.cos() + z.sin() * x.cos();
        ((field - NETWORK) / (k * 1.5)).max(inside(p))
    });
    let points: Vec<[f64; 3]> = mesh.vertices.iter().map(|v| (*v).into()).collect();
    tidy(&points, &largest(&mesh.triangles, points.len()))
}

/// Triangles of the largest connected piece: a cut can leave crumbs behind.
fn largest(triangles: &[[u32; 3]], corners: usize) -> Vec<[u32; 3]> {
    let mut parent: Vec<u32> = (0..corners as u32).collect();
    fn root(parent: &mut [u32], mut v: u32) -> u32 {
        while parent[v as usize] != v {
            parent[v as usize] = parent[parent[v as usize] as usize];
            v = parent[v as usize];
        }
        v
    }
    for t in triangles {
        for other in [t[1], t[2]] {
            let (a, b) = (root(&mut parent, t[0]), root(&mut parent, other));
            parent[a.max(b) as usize] = a.min(b);
        }
    }
    let mut sizes = vec![0usize; corners];
    for t in triangles {
        sizes[root(&mut parent, t[0]) as usize] += 1;
    }
    let most = (0..corners).max_by_key(|&v| (sizes[v], std::cmp::Reverse(v))).unwrap_or(0) as u32;
    triangles.iter().filter(|t| root(&mut parent, t[0]) == most).copied().collect()
}

fn gyroid(rng: &mut Pcg64, s: f64) -> TriMesh {
    let n = count(rng, 1, 2) as f64;
    let shares = [1.0, draw(rng, 0.6, 1.0), draw(rng, 0.5, 0.9)];
    let size = shares.map(|share| s * share);
    gyroid_in(size, s / n, |p| {
        (0..3).map(|a| (0.01 - p[a]).max(p[a] - size[a] + 0.01)).fold(f64::MIN, f64::max)
    })
}

fn round_gyroid(rng: &mut Pcg64, s: f64) -> TriMesh {
    let r = s * draw(rng, 0.25, 0.42);
    let cells = draw(rng, 2.0, 4.5);
    let period = (std::f64::consts::PI * r * r * s / cells).cbrt();
    gyroid_in([2.0 * r, 2.0 * r, s], period, |p| {
        let radial = (p.x - r).hypot(p.y - r) - r + 0.01;
        radial.max(0.01 - p.z).max(p.z - s + 0.01)
    })
}

fn strut_cells(rng: &mut Pcg64, s: f64) -> TriMesh {
    let n = count(rng, 2, 3);
    let m = count(rng, 1, 2);
    let a = s / n as f64;
    let r = (a * draw(rng, 0.07, 0.1)).max(0.6);
    let mut bars = Vec::new();
    for i in 0..n * n * m {
        let base = [i % n, i / n % n, i / (n * n)].map(|c| c as f64 * a);
        for (dx, dy) in [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)] {
            let from = [base[0] + dx * a, base[1] + dy * a, base[2]];
            let to = [base[0] + (1.0 - dx) * a, base[1] + (1.0 - dy) * a, base[2] + a];
            bars.push(strut(from, to, r));
        }
    }
    let h = a * m as f64;
    let face = (r * 1.2).max(1.0);
    let hull_box = span([0.0, 0.0, -face], [s, s, h + face]);
    let sheets = [-face, h - 0.2].map(|z| span([0.0, 0.0, z], [s, s, z + face + 0.2]));
    let cells = union(bars) & hull_box;
    let lattice = cells + union(sheets);
    let hole = prism(a * 0.22, 4.0 * face, 24);
    let holes = (0..n * n).map(|i| {
        let at = |c: usize| (c as f64 + 0.5) * a;
        hole.at(at(i % n), at(i / n), -2.0 * face)
    });
    if chance(rng, 0.7) { (lattice - union(holes)).mesh() } else { lattice.mesh() }
}

fn honeycomb(rng: &mut Pcg64, s: f64) -> TriMesh {
    let y = s * draw(rng, 0.5, 0.9);
    let n = count(rng, 5, 9) as f64;
    let pitch = s / n;
    let t = (pitch * 0.14).clamp(1.0, 2.5);
    let h = s * draw(rng, 0.06, 0.14) + 1.0;
    let rim = t * 1.8;
    let mut body = rect(s, y, s * 0.05).up(h);
    let cell = prism((pitch - t) / 3f64.sqrt(), 3.0 * h, 6).turn(0.0, 0.0, 30.0).at(0.0, 0.0, -h);
    let rows = (y / (pitch * 0.866)) as i32 / 2 + 1;
    let mut cells = Vec::new();
    for j in -rows..=rows {
        for i in -(n as i32)..=n as i32 {
            let x = (f64::from(i) + 0.5 * f64::from(j & 1)) * pitch;
            let v = f64::from(j) * pitch * 0.866;
            let far =
                x.abs() + pitch * 0.56 > s / 2.0 - rim || v.abs() + pitch * 0.6 > y / 2.0 - rim;
            let corner = s / 2.0 - x.abs() < pitch * 1.5 && y / 2.0 - v.abs() < pitch * 1.5;
            if !far && !corner {
                cells.push(cell.at(x, v, 0.0));
            }
        }
    }
    body = body - union(cells);
    let hole = disc((pitch * 0.2).max(1.0)).up(3.0 * h);
    let holes = [(1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0), (1.0, -1.0)].map(|(a, b)| {
        let inset = pitch * 0.5;
        hole.at(a * (s / 2.0 - inset), b * (y / 2.0 - inset), -h)
    });
    (body - union(holes)).mesh()
}
