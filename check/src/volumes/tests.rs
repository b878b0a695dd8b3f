use nalgebra::Point3;
use platewright_model::geometry::{BoxMm, Pose};
use platewright_model::volume::{LayerLimits, PlacedSolid, Space, Turns, VolumePart};

use super::*;

/// A box from the origin.
fn cuboid(size: [f64; 3]) -> Arc<TriMesh> {
    let corner = |c: usize| {
        let at = |k: usize| if c >> k & 1 == 1 { size[k] } else { 0.0 };
        Point3::new(at(0), at(1), at(2))
    };
    let quads =
        [[0, 4, 6, 2], [1, 3, 7, 5], [0, 1, 5, 4], [2, 6, 7, 3], [0, 2, 3, 1], [4, 5, 7, 6]];
    let triangles = quads.iter().flat_map(|q| [[q[0], q[1], q[2]], [q[0], q[2], q[3]]]);
    Arc::new(TriMesh { vertices: (0..8).map(corner).collect(), triangles: triangles.collect() })
}

/// A frame around a square hole along z.
fn frame() -> Arc<TriMesh> {
    let ring = |half: f64, z: f64| {
        [[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]]
            .map(|[x, y]: [f64; 2]| Point3::new(x * half + 10.0, y * half + 10.0, z))
    };
    let vertices = [ring(10.0, 0.0), ring(10.0, 4.0), ring(6.0, 0.0), ring(6.0, 4.0)].concat();
    let mut triangles = Vec::new();
    for k in 0..4_u32 {
        let next = (k + 1) % 4;
        let mut quad = |a: u32, b: u32, c: u32, d: u32| {
            triangles.extend([[a, b, c], [a, c, d]]);
        };
        quad(k, next, 4 + next, 4 + k);
        quad(8 + next, 8 + k, 12 + k, 12 + next);
        quad(4 + k, 4 + next, 12 + next, 12 + k);
        quad(next, k, 8 + k, 8 + next);
    }
    Arc::new(TriMesh { vertices, triangles })
}

fn part(copies: u32) -> VolumePart {
    VolumePart { copies, turns: Turns::Fixed, ..VolumePart::default() }
}

fn at(part: usize, translation: [f64; 3]) -> PlacedSolid {
    PlacedSolid { part, pose: Pose { translation, ..Pose::IDENTITY }, out: None }
}

/// Two kinds of parts, a box of 4 mm and a frame, in a box of 40 mm.
fn problem() -> (VolumeProblem, [Arc<TriMesh>; 2]) {
    let kind = VolumeType { space: Space::Box([40.0; 3]), wall: 1.0, ..VolumeType::default() };
    let problem = VolumeProblem {
        volumes: vec![kind],
        parts: vec![part(2), part(1)],
        clearance: 1.0,
        ..VolumeProblem::default()
    };
    (problem, [cuboid([4.0; 3]), frame()])
}

fn layout(placed: Vec<PlacedSolid>) -> VolumeLayout {
    VolumeLayout { builds: vec![FilledVolume { volume: 0, placed }], left: Vec::new() }
}

fn good() -> VolumeLayout {
    layout(vec![at(1, [1.0, 1.0, 1.0]), at(0, [9.0, 9.0, 1.0]), at(0, [30.0, 30.0, 35.0])])
}

fn faults(problem: &VolumeProblem, parts: &[Arc<TriMesh>], layout: &VolumeLayout) -> String {
    let spaces = vec![None; problem.volumes.len()];
    let found = check_volumes(problem, VolumeMeshes { parts, spaces: &spaces }, layout);
    found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_sound_layout_has_no_fault() {
    let (problem, meshes) = problem();
    assert_eq!(faults(&problem, &meshes, &good()), "");
}

#[test]
fn every_kind_of_fault_is_told() {
    let (mut given, meshes) = problem();
    let told = |given: &VolumeProblem, layout: &VolumeLayout, words: &str| {
        let found = faults(given, &meshes, layout);
        assert!(found.contains(words), "{words:?} is not in {found:?}");
    };
    let moved = |k: usize, by: [f64; 3]| {
        let mut layout = good();
        let translation = &mut layout.builds[0].placed[k].pose.translation;
        (0..3).for_each(|axis| translation[axis] += by[axis]);
        layout
    };
    told(&given, &moved(2, [0.0, 0.0, 0.1]), "spans 35.1 to 39.1 mm along z");
    told(&given, &moved(1, [3.5, 0.0, 0.0]), "are 0.5 mm apart, asked for is 1 mm");
    told(&given, &moved(1, [5.0, 0.0, 0.0]), "are 0 mm apart");
    let mut layout = good();
    layout.builds[0].placed.pop();
    told(&given, &layout, "part 0 is placed 1 times and left 0 times, of 2 copies");
    let mut layout = good();
    layout.builds[0].placed[1].pose.rotation = [[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]];
    told(&given, &layout, "rotation that is not allowed");
    layout.builds[0].placed[1].pose.rotation[2][2] = -1.0;
    told(&given, &layout, "no rigid motion");
    given.volumes[0].excluded = vec![BoxMm { min: [31.0; 3], max: [33.0, 33.0, 36.0] }];
    told(&given, &good(), "is 0 mm, not 1 mm, from excluded box 0");
    given.volumes[0].excluded[0].max[2] = 34.5;
    told(&given, &good(), "is 0.5");
    given.volumes[0].excluded.clear();
    given.volumes[0].stock = Some(0);
    told(&given, &good(), "only 0 are in stock");
    given.volumes[0].stock = None;
    given.volumes[0].layers = Some(LayerLimits { height: 0.5, area: 200.0, change: None });
    told(&given, &good(), "fuses 272");
    given.volumes[0].layers = Some(LayerLimits { height: 0.5, area: 300.0, change: Some(100.0) });
    told(&given, &good(), "more or less than the one before");
    given.volumes[0].layers = None;
    given.volumes[0].space = Space::Cylinder { radius: 20.0, height: 40.0 };
    told(&given, &good(), "mm from the axis");
}

#[test]
fn parts_come_out_along_ways_that_are_free() {
    let (mut problem, meshes) = problem();
    problem.removable = true;
    let mut layout = good();
    let up = Some([0.0, 0.0, 1.0]);
    layout.builds[0].placed.swap(0, 2);
    layout.builds[0].placed.iter_mut().for_each(|placed| placed.out = up);
    assert_eq!(faults(&problem, &meshes, &layout), "");
    // The box in the frame goes sideways into it.
    layout.builds[0].placed[1].out = Some([1.0, 0.0, 0.0]);
    assert!(faults(&problem, &meshes, &layout).contains("it meets placement 2 (part 1)"));
    layout.builds[0].placed[1].out = None;
    assert!(faults(&problem, &meshes, &layout).contains("no way is told"));
}

#[test]
fn the_inside_of_a_mesh_is_a_volume() {
    let (mut problem, meshes) = problem();
    problem.volumes[0].space = Space::Mesh("hall".to_owned());
    let spaces = [Some(cuboid([40.0; 3]))];
    let check = |layout: &VolumeLayout| {
        check_volumes(&problem, VolumeMeshes { parts: &meshes, spaces: &spaces }, layout)
    };
    assert_eq!(check(&good()), []);
    let mut layout = good();
    layout.builds[0].placed[2].pose.translation[2] = 36.5;
    assert!(matches!(check(&layout)[..], [VolumeFault::Outside { .. }]));
    layout.builds[0].placed[2].pose.translation[2] = 50.0;
    assert!(matches!(check(&layout)[..], [VolumeFault::Outside { .. }]));
}

#[test]
fn parts_without_clearance_touch_but_do_not_cross() {
    let (mut given, meshes) = problem();
    given.clearance = 0.0;
    given.parts = vec![part(2), part(1)];
    let with = |second: [f64; 3], frame: [f64; 3]| {
        let placed = vec![at(0, [15.0; 3]), at(0, second), at(1, frame)];
        faults(&given, &meshes, &layout(placed))
    };
    // Side by side, edge to edge, corner to corner, and shifted along a face.
    let away = [1.0, 1.0, 35.0];
    for by in [[4.0, 0.0, 0.0], [4.0, 4.0, 0.0], [4.0; 3], [0.0, 1.5, -4.0]] {
        assert_eq!(with(by.map(|x| 15.0 + x), away), "", "{by:?}");
    }
    // In the hole, against two of its sides and level with it.
    let frame = [11.0, 11.0, 15.0];
    assert_eq!(with([30.0; 3], frame), "");
    // The same place, shifted along edges, a corner in a corner, through the frame.
    for by in [[0.0; 3], [1.0, 0.0, 0.0], [0.0, 3.999, 0.0], [3.0, 2.0, 1.0], [1e-3; 3]] {
        assert_ne!(with(by.map(|x| 15.0 + x), away), "", "{by:?}");
    }
    assert_ne!(with([30.0; 3], [12.0, 11.0, 14.0]), "");
}
