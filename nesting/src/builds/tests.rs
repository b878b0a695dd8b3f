//! Tests of volume nesting of solids.

use std::sync::Arc;

use platewright_check::{VolumeMeshes, check_volumes};
use platewright_mesh::TriMesh;
use platewright_model::geometry::{BoxMm, Pose};
use platewright_model::run::RunContext;
use platewright_model::volume::{FilledVolume, LayerLimits, PlacedSolid, Space, Turns, VolumeGoal};

use crate::fixture::{cuboid, ell, hollow, ring};

use super::{SolidMeshes, VolumeHeuristic, VolumeNest, nest_volumes};

use self::job::{Job, part, volume};

mod alike;
mod job;
mod random;

impl Job {
    pub(super) fn nested(&self, iterations: u64, seed: u64) -> VolumeNest {
        self.nested_by(VolumeHeuristic::Full, iterations, seed)
    }

    pub(super) fn nested_by(
        &self,
        heuristic: VolumeHeuristic,
        iterations: u64,
        seed: u64,
    ) -> VolumeNest {
        let ctx = RunContext::with_iterations(seed, iterations);
        let meshes = SolidMeshes { parts: &self.parts, spaces: &self.spaces };
        let nest = nest_volumes(&self.problem, meshes, None, heuristic, &ctx).unwrap();
        let meshes = VolumeMeshes { parts: &self.parts, spaces: &self.spaces };
        assert_eq!(check_volumes(&self.problem, meshes, &nest.layout), []);
        nest
    }

    /// The top of the highest part of a build.
    fn height(&self, build: &FilledVolume) -> f64 {
        let tops = build
            .placed
            .iter()
            .map(|placed| self.parts[placed.part].posed(&placed.pose).bounds().unwrap().max[2]);
        tops.fold(0.0, f64::max)
    }
}

#[test]
fn blocks_that_fill_a_build_are_put_into_few() {
    let space = Space::Box([20.1; 3]);
    let job = Job::new(space, vec![(part(Turns::Cube, 12), cuboid([0.0; 3], [10.0, 10.0, 20.0]))]);
    let nest = job.nested(2000, 1);
    assert_eq!((nest.layout.builds.len(), nest.layout.left.len()), (3, 0));
    assert_eq!(nest.bound, 3.0);
}

#[test]
fn parts_hook_into_one_another() {
    // Two of these make a block of 30 x 20 x 10.
    let space = Space::Open([30.01, 20.01]);
    let job = Job::new(space, vec![(part(Turns::Cube, 4), ell(20.0, 10.0, 10.0))]);
    let nest = job.nested(6000, 1);
    let height = job.height(&nest.layout.builds[0]);
    assert!(height < 20.1, "{height}");
    let last = nest.trace.last().unwrap();
    assert!((last.objective - height).abs() < 1e-3);
    assert!(nest.bound <= height && nest.bound > 19.9);
}

#[test]
fn clearances_walls_and_excluded_boxes_are_kept() {
    let space = Space::Box([60.0; 3]);
    let mut job = Job::new(
        space,
        vec![
            (part(Turns::Cube, 6), ell(20.0, 10.0, 10.0)),
            (part(Turns::Upright(8), 5), cuboid([0.0; 3], [9.0, 7.0, 5.0])),
        ],
    );
    job.problem.clearance = 1.5;
    job.problem.parts[1].clearance = 2.5;
    job.problem.volumes[0].wall = 3.0;
    job.problem.volumes[0].excluded =
        vec![BoxMm { min: [0.0, 0.0, 10.0], max: [20.0, 60.0, 25.0] }];
    let nest = job.nested(1500, 2);
    assert!(nest.layout.left.is_empty());
}

#[test]
fn round_volumes_and_insides_of_meshes_hold_parts() {
    let round = Space::Cylinder { radius: 20.0, height: 30.0 };
    let mut job =
        Job::new(round, vec![(part(Turns::Cube, 9), cuboid([0.0; 3], [12.0, 9.0, 14.0]))]);
    job.problem.volumes[0].wall = 0.5;
    job.nested(1500, 3);
    job.problem.volumes[0].space = Space::Mesh("hall".to_owned());
    job.problem.volumes[0].wall = 0.0;
    job.parts = vec![Arc::new(cuboid([0.0; 3], [8.0, 9.0, 9.0]))];
    job.problem.parts[0].copies = 3;
    job.spaces = vec![Some(Arc::new(ell(20.0, 10.0, 10.0)))];
    let nest = job.nested(1500, 3);
    assert_eq!((nest.layout.builds.len(), nest.layout.left.len()), (1, 0));
}

#[test]
fn closed_cavities_are_used_where_they_may_be() {
    // Only the cavity of the other has room for it.
    let space = Space::Box([20.1; 3]);
    let hollow = || hollow(20.0, 4.0);
    let job = |within: bool| {
        let mut job = Job::new(
            space.clone(),
            vec![
                (part(Turns::Fixed, 1), hollow()),
                (part(Turns::Cube, 1), cuboid([0.0; 3], [9.0; 3])),
            ],
        );
        job.problem.parts[0].inside_cavity = within;
        job
    };
    assert_eq!(job(false).nested(500, 1).layout.builds.len(), 2);
    assert_eq!(job(true).nested(3000, 1).layout.builds.len(), 1);
}

#[test]
fn groups_stay_together_and_begun_builds_go_on() {
    let space = Space::Box([25.0; 3]);
    let mut job = Job::new(
        space,
        vec![
            (part(Turns::Cube, 3), cuboid([0.0; 3], [12.0, 12.0, 24.0])),
            (part(Turns::Fixed, 6), cuboid([0.0; 3], [5.0, 6.0, 7.0])),
        ],
    );
    job.problem.parts[1].group = Some(4);
    let pose = Pose { translation: [2.0, 3.0, 0.5], ..Pose::IDENTITY };
    let placed = vec![PlacedSolid { part: 0, pose, out: None }];
    job.problem.begun = vec![FilledVolume { volume: 0, placed }];
    let nest = job.nested(2000, 1);
    assert!(nest.layout.left.is_empty());
    assert_eq!(nest.layout.builds[0].placed[0].pose, pose);
}

#[test]
fn the_most_value_goes_into_what_is_in_stock() {
    let space = Space::Box([10.1, 10.1, 20.1]);
    let mut job = Job::new(
        space,
        vec![
            (part(Turns::Fixed, 3), cuboid([0.0; 3], [10.0, 10.0, 10.0])),
            (part(Turns::Fixed, 1), cuboid([0.0; 3], [10.0, 10.0, 19.0])),
        ],
    );
    job.problem.goal = VolumeGoal::Value;
    job.problem.volumes[0].stock = Some(1);
    job.problem.parts.iter_mut().for_each(|part| part.optional = true);
    job.problem.parts[0].value = Some(10.0);
    job.problem.parts[1].value = Some(15.0);
    let nest = job.nested(1000, 1);
    assert_eq!(nest.layout.left, [(0, 1), (1, 1)]);
}

#[test]
fn an_earlier_layout_is_a_start() {
    // Not quite two: what just fits needs voxels, which keep no more than is asked.
    let space = Space::Box([40.1; 3]);
    let job = Job::new(space, vec![(part(Turns::Cube, 10), ell(20.0, 10.0, 10.0))]);
    let first = job.nested(3000, 1);
    let meshes = SolidMeshes { parts: &job.parts, spaces: &job.spaces };
    let ctx = RunContext::with_iterations(5, 1);
    let (start, heuristic) = (Some(&first.layout), VolumeHeuristic::Lowest);
    let again = nest_volumes(&job.problem, meshes, start, heuristic, &ctx).unwrap();
    assert!(again.layout.builds.len() <= first.layout.builds.len());
}

#[test]
fn random_builds_of_all_features_are_valid_on_any_number_of_threads() {
    for seed in 0..60 {
        let job = random::job(seed);
        let nest = job.nested(150, seed);
        if seed % 6 == 0 {
            let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
            let again = one.install(|| job.nested(150, seed));
            assert_eq!(again.layout, nest.layout, "seed {seed}");
        }
    }
}

#[test]
fn parts_that_stand_against_one_another_come_apart() {
    // Rounding let them meet one way round, and not the other.
    random::job(23_298).nested_by(VolumeHeuristic::Lowest, 200, 23_298);
}

#[test]
fn what_makes_no_sense_is_told() {
    let told = |spoil: &dyn Fn(&mut Job)| {
        let mut job = Job::new(
            Space::Box([40.0; 3]),
            vec![(part(Turns::Cube, 1), cuboid([0.0; 3], [5.0; 3]))],
        );
        spoil(&mut job);
        let ctx = RunContext::with_iterations(1, 10);
        let meshes = SolidMeshes { parts: &job.parts, spaces: &job.spaces };
        let nest = nest_volumes(&job.problem, meshes, None, VolumeHeuristic::Full, &ctx);
        nest.unwrap_err().to_string()
    };
    assert!(told(&|job| job.problem.clearance = f64::NAN).contains("clearance"));
    assert!(told(&|job| job.problem.parts[0].copies = 0).contains("0 copies"));
    assert!(told(&|job| job.problem.volumes[0].wall = 20.0).contains("no room"));
    assert!(told(&|job| job.problem.parts[0].turns = Turns::Upright(0)).contains("rotations"));
    assert!(told(&|job| job.parts[0] = Arc::new(TriMesh::default())).contains("encloses nothing"));
    let mirrored = [[-1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    let turns = Turns::List(vec![mirrored]);
    assert!(told(&|job| job.problem.parts[0].turns = turns.clone()).contains("mirrors"));
}

#[test]
fn parts_come_apart_where_they_must() {
    // Rings go through one another where they may.
    let space = Space::Open([40.0, 30.0]);
    let parts = vec![(part(Turns::Cube, 6), ring(14.0, 10.0, 4.0, 12))];
    let mut job = Job::new(space, parts);
    job.problem.clearance = 0.5;
    job.problem.removable = true;
    for heuristic in VolumeHeuristic::ALL {
        let nest = job.nested_by(heuristic, 600, 1);
        let placed = &nest.layout.builds[0].placed;
        assert!(placed.len() == 6 && placed.iter().all(|placed| placed.out.is_some()));
    }
}

#[test]
fn layers_fuse_no_more_than_they_may() {
    let space = Space::Box([40.0; 3]);
    let parts = vec![(part(Turns::Cube, 8), cuboid([0.0; 3], [10.0, 10.0, 5.0]))];
    let mut job = Job::new(space, parts);
    // Two lie side by side, no three.
    job.problem.volumes[0].layers = Some(LayerLimits { height: 0.4, area: 250.0, change: None });
    for heuristic in VolumeHeuristic::ALL {
        let nest = job.nested_by(heuristic, 400, 1);
        assert_eq!((nest.layout.builds.len(), nest.layout.left.len()), (1, 0), "{heuristic:?}");
    }
    // Not even one lies.
    job.problem.volumes[0].layers = Some(LayerLimits { height: 0.4, area: 60.0, change: None });
    let nest = job.nested(400, 1);
    assert!(nest.layout.left.is_empty());
    job.problem.volumes[0].layers = Some(LayerLimits { height: 0.4, area: 40.0, change: None });
    assert_eq!(job.nested(400, 1).layout.left, [(0, 8)]);
}
