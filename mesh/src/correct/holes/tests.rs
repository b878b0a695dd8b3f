//! Tests of surfaces over holes.

use nalgebra::{Point3, Vector3};

use crate::TriMesh;
use crate::correct::{Correction, correct};
use crate::fixtures::{Dice, cuboid, ring, sphere};
use crate::inspect;
use crate::topology::Topology;

/// Without the triangles of whose middle `lost` holds.
fn without(mesh: &TriMesh, lost: impl Fn(Point3<f64>) -> bool) -> TriMesh {
    let middle = |t: usize| {
        let [a, b, c] = mesh.corners(t);
        Point3::from((a.coords + b.coords + c.coords) / 3.0)
    };
    let kept = (0..mesh.triangles.len()).filter(|&t| !lost(middle(t)));
    TriMesh {
        vertices: mesh.vertices.clone(),
        triangles: kept.map(|t| mesh.triangles[t]).collect(),
    }
}

/// A ring whose cross-section is a circle, around z.
fn torus(radius: f64, tube: f64, n: u32, m: u32) -> TriMesh {
    let turn = std::f64::consts::TAU;
    let mut mesh = TriMesh::default();
    for i in 0..n {
        let (s, c) = (turn * f64::from(i) / f64::from(n)).sin_cos();
        for j in 0..m {
            let (t, u) = (turn * f64::from(j) / f64::from(m)).sin_cos();
            let r = radius + tube * u;
            mesh.vertices.push(Point3::new(r * c, r * s, tube * t));
        }
    }
    let at = |i: u32, j: u32| (i % n) * m + j % m;
    for i in 0..n {
        for j in 0..m {
            mesh.triangles.push([at(i, j), at(i + 1, j), at(i + 1, j + 1)]);
            mesh.triangles.push([at(i, j), at(i + 1, j + 1), at(i, j + 1)]);
        }
    }
    mesh
}

/// Corrected; closed, oriented, manifold, and nothing in it crosses.
fn filled(mesh: &TriMesh) -> Correction {
    let correction = correct(mesh);
    assert!(Topology::new(&correction.mesh).irregular_edges().next().is_none());
    let facts = inspect(&correction.mesh).facts;
    assert!(facts.watertight && facts.oriented);
    assert_eq!(facts.intersecting_pairs, 0);
    correction
}

/// Lengths of the edges of triangles, ascending.
fn lengths(mesh: &TriMesh, those: impl Fn(usize) -> bool) -> Vec<f64> {
    let mut lengths: Vec<f64> = (0..mesh.triangles.len())
        .filter(|&t| those(t))
        .flat_map(|t| {
            let [a, b, c] = mesh.corners(t);
            [(b - a).norm(), (c - b).norm(), (a - c).norm()]
        })
        .collect();
    lengths.sort_by(f64::total_cmp);
    lengths
}

#[test]
fn bent_holes_get_triangles_as_large_as_those_around() {
    let ball = sphere(10.0, 48);
    let tilted = Vector3::new(1.0, 0.4, 0.3).normalize();
    let holed = without(&ball, |p| p.coords.dot(&tilted) > 8.5);
    let donut = torus(10.0, 4.0, 60, 24);
    let notched = without(&donut, |p| (p - Point3::new(10.0, 0.0, 4.0)).norm() < 3.5);
    for (good, holed) in [(&ball, &holed), (&donut, &notched)] {
        let correction = filled(holed);
        let step = &correction.steps[0];
        assert_eq!(step.step, "fill_holes");
        let new = |t: usize| correction.origin[t].is_none();
        assert_eq!(
            step.triangles as usize,
            correction.origin.iter().filter(|o| o.is_none()).count()
        );
        let around = |t: usize| {
            let middle = nalgebra::center(&holed.corners(t)[0], &holed.corners(t)[1]);
            (0..correction.mesh.triangles.len())
                .filter(|&t| new(t))
                .any(|t| (correction.mesh.corners(t)[0] - middle).norm() < 1.5)
        };
        let (own, beside) = (lengths(&correction.mesh, new), lengths(holed, around));
        let median = |lengths: &[f64]| lengths[lengths.len() / 2];
        let ratio = median(&own) / median(&beside);
        assert!((0.6..1.6).contains(&ratio), "{ratio}");
        // Without points inside, the longest edge would span the hole.
        let longest = own[own.len() - 1] / beside[beside.len() - 1];
        assert!(longest < 3.0, "{longest}");
        // What bulges over the hole is lost, and nothing else.
        let (before, after) = (good.volume(), correction.mesh.volume());
        assert!(after < before && after > 0.95 * before, "{before} {after}");
    }
}

#[test]
fn flat_holes_stay_flat_and_exact() {
    let body = ring(5.0, 10.0, 4.0, 64);
    let holed = without(&body, |p| p.z > 3.99 && p.x > 0.0);
    let correction = filled(&holed);
    assert!((correction.mesh.volume() - body.volume()).abs() < 1e-9);
    assert_eq!(correction.mesh.triangles.len(), body.triangles.len());
}

#[test]
fn sharp_edges_come_back_where_their_triangles_are_lost() {
    let side = 8;
    let mut lost_edges = 0;
    let mesh = divided_cube(side);
    let topology = Topology::new(&mesh);
    let normal = |t: u32| mesh.normal_times_area(t as usize).normalize();
    for s in 0..3 * mesh.triangles.len() as u32 {
        let Some(twin) = topology.twin(s).filter(|&twin| s < twin) else { continue };
        let (t, u) = (s / 3, twin / 3);
        if normal(t).dot(&normal(u)) > 0.5 {
            continue;
        }
        lost_edges += 1;
        let kept = (0..).zip(&mesh.triangles).filter(|(i, _)| *i != t && *i != u);
        let triangles = kept.map(|(_, tri)| *tri).collect();
        let holed = TriMesh { vertices: mesh.vertices.clone(), triangles };
        let volume = filled(&holed).mesh.volume();
        assert!((volume - mesh.volume()).abs() < 1e-9, "edge {s}: {volume}");
    }
    assert_eq!(lost_edges, 12 * side);
}

/// A cube of edge 8 with `n` squares along each edge.
fn divided_cube(n: u32) -> TriMesh {
    let mut soup = TriMesh::default();
    let step = 8.0 / f64::from(n);
    for axis in 0..3 {
        for (high, i, j) in
            (0..2_u32).flat_map(|high| (0..n).flat_map(move |i| (0..n).map(move |j| (high, i, j))))
        {
            let corner = |di: u32, dj: u32| {
                let mut p = [0.0; 3];
                p[axis] = 8.0 * f64::from(high);
                p[(axis + 1) % 3] = step * f64::from(i + di);
                p[(axis + 2) % 3] = step * f64::from(j + dj);
                Point3::from(p)
            };
            let first = soup.vertices.len() as u32;
            soup.vertices.extend([corner(0, 0), corner(1, 0), corner(1, 1), corner(0, 1)]);
            let [a, b, c, d] = [first, first + 1, first + 2, first + 3];
            let two = [[a, b, c], [a, c, d]];
            let back = |[a, b, c]: [u32; 3]| [a, c, b];
            soup.triangles.extend(if high == 1 { two } else { two.map(back) });
        }
    }
    crate::joined::welded(&soup).0.unwrap_or(soup)
}

#[test]
fn triangles_lost_and_turned_at_random_leave_no_edge_too_many() {
    for seed in 0..20 {
        let mut dice = Dice(1000 * seed);
        let good = sphere(10.0, 40);
        let mut mesh = without(&good, |_| false);
        mesh.triangles.retain(|_| dice.roll() > 0.08);
        for t in &mut mesh.triangles {
            if dice.roll() < 0.15 {
                t.swap(1, 2);
            }
        }
        let correction = filled(&mesh);
        let volume = correction.mesh.volume();
        assert!((volume - good.volume()).abs() < 5e-3 * good.volume(), "{seed}: {volume}");
        let shells = Topology::new(&correction.mesh).shells(correction.mesh.triangles.len()).1;
        assert_eq!(shells, 1, "{seed}");
    }
}

#[test]
fn a_cut_corner_is_closed() {
    let mut open = cuboid([0.0; 3], [10.0; 3]);
    open.triangles.retain(|t| !t.contains(&7));
    let correction = filled(&open);
    assert!(correction.mesh.volume() > 500.0);
}

/// More corners along the open edges than the mesh has vertices; found by a fuzzer.
#[test]
fn two_quads_and_a_loose_triangle_are_closed() {
    let text = b"v 0 0 5\nv 11 0 1 0\nv 0 0 1.5\nv 0 1 0\nv 0 0 4\nv 1 0 1\nv 0 1 1\nv 1 1 1\n\
        f 1 3 4 2\nf 5 6 8 7\nf 1 2 8 6\n";
    for faces in [&text[..], &text[..text.len() - 10], &text[..text.len() - 20]] {
        let unit = Some(platewright_model::measure::LengthUnit::Mm);
        let model = crate::read_model(faces, "loose.obj", unit, &crate::fixtures::LIMITS).unwrap();
        let correction = correct(&model.mesh);
        assert!(Topology::new(&correction.mesh).irregular_edges().next().is_none());
    }
}

/// A thousand bytes of which patches were made until no memory was left; found by a fuzzer.
#[test]
fn short_edges_make_no_patch_large() {
    let bytes = &include_bytes!("fuzzed.stl")[..];
    let unit = Some(platewright_model::measure::LengthUnit::Mm);
    let model = crate::read_model(bytes, "fuzzed.stl", unit, &crate::fixtures::LIMITS).unwrap();
    let correction = correct(&model.mesh);
    assert!(correction.mesh.triangles.len() < 1000, "{}", correction.mesh.triangles.len());
}
