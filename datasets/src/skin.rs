//! Free-form solids from grids of points: sheets and lofts.

use crate::solid::Solid;

/// A sheet between two surfaces: `at(u, v)` gives the lower and the upper point for `u` and
/// `v` from 0 to 1, in `nu × nv` cells; seen from above, `u` turns to `v` counter-clockwise.
pub(crate) fn sheet(nu: usize, nv: usize, at: impl Fn(f64, f64) -> [[f64; 3]; 2]) -> Solid {
    let (mu, mv) = (nu + 1, nv + 1);
    let mut points = vec![[0.0; 3]; 2 * mu * mv];
    for j in 0..mv {
        for i in 0..mu {
            let [low, high] = at(i as f64 / nu as f64, j as f64 / nv as f64);
            points[j * mu + i] = low;
            points[mu * mv + j * mu + i] = high;
        }
    }
    let low = |i: usize, j: usize| (j * mu + i) as u32;
    let high = |i: usize, j: usize| (mu * mv + j * mu + i) as u32;
    let mut triangles = Vec::new();
    let mut quad = |a, b, c, d| triangles.extend([[a, b, c], [a, c, d]]);
    for j in 0..nv {
        for i in 0..nu {
            quad(high(i, j), high(i + 1, j), high(i + 1, j + 1), high(i, j + 1));
            quad(low(i, j), low(i, j + 1), low(i + 1, j + 1), low(i + 1, j));
        }
    }
    for i in 0..nu {
        quad(low(i, 0), low(i + 1, 0), high(i + 1, 0), high(i, 0));
        quad(low(i + 1, nv), low(i, nv), high(i, nv), high(i + 1, nv));
    }
    for j in 0..nv {
        quad(low(0, j + 1), low(0, j), high(0, j), high(0, j + 1));
        quad(low(nu, j), low(nu, j + 1), high(nu, j + 1), high(nu, j));
    }
    Solid::from_triangles(&points, &triangles)
}

/// A loft through rings of equally many points, counter-clockwise seen from above, from the
/// lowest ring to the highest; the ends are closed by fans about the rings' middles.
pub(crate) fn loft(rings: &[Vec<[f64; 3]>]) -> Solid {
    let n = rings[0].len();
    let mut points: Vec<[f64; 3]> = rings.iter().flatten().copied().collect();
    let at = |ring: usize, k: usize| (ring * n + k % n) as u32;
    let mut triangles = Vec::new();
    for ring in 0..rings.len() - 1 {
        for k in 0..n {
            let (a, b, c, d) = (at(ring, k), at(ring, k + 1), at(ring + 1, k + 1), at(ring + 1, k));
            triangles.extend([[a, b, c], [a, c, d]]);
        }
    }
    for (ring, up) in [(0, false), (rings.len() - 1, true)] {
        let middle = points.len() as u32;
        let mean = |k: usize| rings[ring].iter().map(|p| p[k]).sum::<f64>() / n as f64;
        points.push([mean(0), mean(1), mean(2)]);
        for k in 0..n {
            let (a, b) = (at(ring, k), at(ring, k + 1));
            triangles.push(if up { [middle, a, b] } else { [middle, b, a] });
        }
    }
    Solid::from_triangles(&points, &triangles)
}

/// A ring of `n` points on a superellipse (`power` 2: an ellipse; more: squarer) about
/// `(x, y)` at height `z`.
pub(crate) fn oval([x, y, z]: [f64; 3], a: f64, b: f64, power: f64, n: usize) -> Vec<[f64; 3]> {
    (0..n)
        .map(|k| {
            let (sin, cos) = (std::f64::consts::TAU * k as f64 / n as f64).sin_cos();
            let stretch = |c: f64| c.signum() * c.abs().powf(2.0 / power);
            [x + a * stretch(cos), y + b * stretch(sin), z]
        })
        .collect()
}
