//! The scan against an oracle in exact arithmetic.

use nalgebra::Point3;

use super::*;
use crate::TriMesh;
use crate::fixtures::{Dice, cuboid, data, files_below, joined, sphere, turned};
use crate::spatial::BoxTree;
use crate::topology::Topology;

mod oracle;

/// The scan, its variants and the oracle agree.
fn agree(mesh: &TriMesh) -> usize {
    let tree = BoxTree::new(mesh);
    let all = scan(mesh, &Topology::new(mesh), &tree, usize::MAX);
    assert!(all.complete);
    let got: Vec<_> = all.found.iter().map(|f| (f.pair, f.meeting)).collect();
    let want = oracle::all_pairs(mesh);
    for pair in &want {
        let ids = pair.0.map(|t| mesh.triangles[t as usize]);
        let at = pair.0.map(|t| mesh.corners(t as usize));
        assert!(got.contains(pair), "missed {pair:?} {ids:?} {at:?}");
    }
    for pair in &got {
        let ids = pair.0.map(|t| mesh.triangles[t as usize]);
        let at = pair.0.map(|t| mesh.corners(t as usize));
        assert!(want.contains(pair), "false {pair:?} {ids:?} {at:?}");
    }
    assert_eq!(got, want);
    let pairs: Vec<[u32; 2]> = want.iter().map(|w| w.0).collect();
    assert_eq!(intersecting_pairs(mesh), pairs);
    for found in &got {
        let [a, b] = found.0;
        assert_eq!(Ready::new(mesh, a).and_then(|a| a.meeting(mesh, b)), Some(found.1));
    }
    pairs.len()
}

/// Triangles on random vertices, each vertex used by many triangles.
fn soup(dice: &mut Dice, vertices: usize, triangles: usize, place: &dyn Fn(f64) -> f64) -> TriMesh {
    let vertices: Vec<Point3<f64>> =
        (0..vertices).map(|_| Point3::from([(); 3].map(|()| place(dice.roll())))).collect();
    let n = vertices.len() as f64;
    let triangles = (0..triangles).map(|_| [(); 3].map(|()| (dice.roll() * n) as u32)).collect();
    TriMesh { vertices, triangles }
}

#[test]
fn random_soups_agree_with_the_oracle() {
    let mut dice = Dice(1);
    for round in 0..40 {
        let mesh = soup(&mut dice, 12 + round, 40, &|x| 10.0 * x);
        assert!(agree(&mesh) > 0);
    }
}

/// Few places for many vertices: nearly every pair is coplanar, touching or sharing something.
#[test]
fn small_whole_coordinates_agree_with_the_oracle() {
    let mut dice = Dice(2);
    let mut meetings = 0;
    for round in 0..150 {
        let steps = f64::from(2 + round % 4);
        let mesh = soup(&mut dice, 6 + round as usize % 30, 36, &|x| (x * steps).floor());
        meetings += agree(&mesh);
    }
    assert!(meetings > 10_000, "{meetings}");
}

/// The same, turned out of the axes: planes and lines hold no longer exactly but nearly, so the
/// filter must hand over.
#[test]
fn nearly_degenerate_soups_agree_with_the_oracle() {
    let mut dice = Dice(3);
    for round in 0..60 {
        let flat = soup(&mut dice, 10 + round % 20, 36, &|x| (x * 3.0).floor());
        let mesh = turned(&flat, &dice.rotation(), [0.1, 0.7, 1e3 / 3.0]);
        agree(&mesh);
        // Off by at most a few units in the last place.
        let mut off = flat.clone();
        for v in &mut off.vertices {
            for k in 0..3 {
                v[k] += (dice.roll() * 3.0).floor() * f64::EPSILON;
            }
        }
        agree(&off);
    }
}

#[test]
fn slivers_agree_with_the_oracle() {
    let mut dice = Dice(4);
    for _ in 0..40 {
        let mut mesh = soup(&mut dice, 30, 30, &|x| 100.0 * x);
        for t in 0..mesh.triangles.len() {
            // The third corner nearly on the edge of the other two.
            let [a, b, _] = mesh.corners(t);
            let at = a + (b - a) * dice.roll();
            let shift = 1e-9 * dice.between(-1.0, 1.0);
            mesh.triangles[t][2] = mesh.vertices.len() as u32;
            mesh.vertices.push(at + nalgebra::Vector3::new(shift, -shift, shift));
        }
        agree(&mesh);
    }
}

#[test]
fn clean_bodies_have_no_pairs_and_joined_ones_have_theirs() {
    let mut dice = Dice(5);
    let one = cuboid([0.0; 3], [1.0; 3]);
    assert_eq!(agree(&one), 0);
    let ball = sphere(1.0, 10);
    assert_eq!(agree(&ball), 0);
    let apart = joined(&[one.clone(), turned(&one, &nalgebra::Rotation3::identity(), [1.5; 3])]);
    assert_eq!(agree(&apart), 0);
    // Face on face, edge on edge, vertex on vertex.
    for shift in [[1.0, 0.0, 0.0], [1.0, 0.5, 0.0], [1.0, 1.0, 0.0], [1.0; 3], [0.0; 3]] {
        let pair = joined(&[one.clone(), turned(&one, &nalgebra::Rotation3::identity(), shift)]);
        assert!(agree(&pair) > 0, "{shift:?}");
    }
    for _ in 0..5 {
        let shift = [dice.roll(), dice.roll(), dice.roll()];
        let pair = joined(&[ball.clone(), turned(&ball, &dice.rotation(), shift)]);
        assert!(agree(&pair) > 0);
    }
}

#[test]
fn meetings_are_told_apart() {
    let mesh = |points: &[[f64; 3]], triangles: &[[u32; 3]]| TriMesh {
        vertices: points.iter().map(|&p| Point3::from(p)).collect(),
        triangles: triangles.to_vec(),
    };
    let check = |mesh: &TriMesh, want: Option<Meeting>| {
        let found = scan(mesh, &Topology::new(mesh), &BoxTree::new(mesh), 10).found;
        assert_eq!(found.first().map(|f| f.meeting), want, "{mesh:?}");
        agree(mesh);
    };
    let base = [[0.0, 0.0, 0.0], [4.0, 0.0, 0.0], [0.0, 4.0, 0.0]];
    let with = |more: &[[f64; 3]]| [&base[..], more].concat();
    let two = [[0, 1, 2], [3, 4, 5]];
    let pierce = with(&[[1.0, 1.0, -1.0], [1.0, 1.0, 1.0], [9.0, 9.0, 1.0]]);
    check(&mesh(&pierce, &two), Some(Meeting::Cross));
    let stand = with(&[[1.0, 1.0, 0.0], [1.0, 1.0, 1.0], [2.0, 1.0, 1.0]]);
    check(&mesh(&stand, &two), Some(Meeting::Touch));
    let lie = with(&[[1.0, 1.0, 0.0], [9.0, 1.0, 0.0], [9.0, 2.0, 0.0]]);
    check(&mesh(&lie, &two), Some(Meeting::Coplanar));
    // A common edge: unfolded, upright, folded onto each other.
    let hinge = [[0, 1, 2], [1, 0, 3]];
    check(&mesh(&with(&[[1.0, -1.0, 0.0]]), &hinge), None);
    check(&mesh(&with(&[[1.0, 0.0, 1.0]]), &hinge), None);
    check(&mesh(&with(&[[1.0, 1.0, 0.0]]), &hinge), Some(Meeting::Coplanar));
    // A common corner: apart, through the opposite edge, along an edge, onto the face.
    let corner = [[0, 1, 2], [0, 3, 4]];
    check(&mesh(&with(&[[-1.0, 0.0, 0.0], [-1.0, -1.0, 1.0]]), &corner), None);
    check(&mesh(&with(&[[1.0, 1.0, -1.0], [1.0, 1.0, 1.0]]), &corner), Some(Meeting::Cross));
    check(&mesh(&with(&[[2.0, 0.0, 0.0], [1.0, 0.0, 1.0]]), &corner), Some(Meeting::Touch));
    check(&mesh(&with(&[[1.0, 2.0, 0.0], [2.0, 1.0, 0.0]]), &corner), Some(Meeting::Coplanar));
    check(&mesh(&base, &[[0, 1, 2], [0, 2, 1]]), Some(Meeting::Coplanar));
    // No area, no meeting.
    check(&mesh(&with(&[[1.0, 1.0, -1.0], [1.0, 1.0, 1.0]]), &[[0, 1, 2], [3, 4, 4]]), None);
}

#[test]
fn the_limit_stops_the_scan_and_says_so() {
    let one = sphere(1.0, 8);
    let many = joined(&vec![one; 20]);
    let (topology, tree) = (Topology::new(&many), BoxTree::new(&many));
    let all = scan(&many, &topology, &tree, usize::MAX);
    assert!(all.complete);
    let some = scan(&many, &topology, &tree, 1000);
    assert!(!some.complete);
    assert_eq!(some.found.len(), 1000);
    assert!(some.found.iter().all(|f| all.found.binary_search(f).is_ok()));
    assert_eq!(scan(&many, &topology, &tree, all.found.len()), all);
}

#[test]
fn the_result_does_not_depend_on_the_number_of_threads() {
    let mut dice = Dice(6);
    let mesh = soup(&mut dice, 3000, 6000, &|x| x.powi(3));
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let tree = BoxTree::new(&mesh);
            let topology = Topology::new(&mesh);
            (scan(&mesh, &topology, &tree, usize::MAX), scan(&mesh, &topology, &tree, 5000))
        })
    };
    assert_eq!(on(1), on(4));
}

/// Pieces of real models, each against trying every pair.
#[test]
fn pieces_of_real_models_agree_with_the_oracle() {
    for folder in ["voron0/STLs", "meshes"] {
        let Some(folder) = data(folder) else { return };
        for ending in ["stl", "obj"] {
            for path in files_below(&folder, ending).iter().step_by(3) {
                let bytes = std::fs::read(path).unwrap();
                let name = path.file_name().unwrap().to_string_lossy();
                let unit = Some(platewright_model::measure::LengthUnit::Mm);
                let limits = &crate::fixtures::LIMITS;
                let Ok(model) = crate::read_model(&bytes, &name, unit, limits) else { continue };
                let mut mesh = model.mesh;
                let start = mesh.triangles.len() / 3;
                mesh.triangles = mesh.triangles.split_off(start);
                mesh.triangles.truncate(400);
                agree(&mesh);
            }
        }
    }
}
