//! Random nests against the checker, and the same bytes for any number of threads.

use platewright_model::geometry::{BoxMm, VolumeShape};
use platewright_model::measure::Mm;
use platewright_model::order::OrientationPolicy;
use platewright_model::run::RunContext;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

use super::verify::{faults, too_near};
use super::{item, pitch, problem};
use crate::fixture::{ball, cuboid, ell, ring};
use crate::{Problem, nest_volume};

fn random_problem(seed: u64) -> Problem {
    const POLICIES: [OrientationPolicy; 4] = [
        OrientationPolicy::Fixed,
        OrientationPolicy::Upright,
        OrientationPolicy::Axis24,
        OrientationPolicy::Any,
    ];
    let mut rng = Pcg64::seed_from_u64(seed);
    let items = (0..6)
        .map(|i| {
            let mut size = || rng.random_range(1.0..14.0_f64);
            let (a, b, c) = (size(), size(), size());
            let mesh = match i % 4 {
                0 => cuboid([-a, 0.1, 2.0], [b, 0.1 + c, 3.0 + a]),
                1 => ell(a + 3.0, 1.0 + b / 14.0, c),
                2 => ring(a + 2.0, a, b, 12),
                _ => ball(c / 2.0 + 0.5, 8),
            };
            let mut item =
                item(mesh, rng.random_range(1..6), f64::from(rng.random_range(0..5_u32)) * 0.5);
            item.orientation = POLICIES[rng.random_range(0..4)];
            item.priority = rng.random_range(0..3);
            item.inside_cavity = rng.random_range(0..2) == 0;
            item
        })
        .collect();
    let mut p = problem(items, [rng.random_range(20.0..50.0), rng.random_range(20.0..50.0), 25.0]);
    if seed.is_multiple_of(3) {
        p.volume.shape = VolumeShape::Cylinder { diameter: Mm(42.5), z: Mm(33.3) };
    }
    if seed.is_multiple_of(2) {
        p.volume.excluded = vec![BoxMm { min: [5.0, 4.3, -1.0], max: [11.0, 17.7, 9.1] }];
    }
    p.part_wall = Mm(f64::from(rng.random_range(0..5_u32)) * 0.6);
    p.part_plate = Mm(f64::from(rng.random_range(0..4_u32)) * 0.7);
    p
}

#[test]
fn random_nests_have_no_fault() {
    for seed in 0..40 {
        let p = random_problem(seed);
        let cfg = pitch(if seed % 5 == 0 { 0.73 } else { 1.0 });
        let nest = nest_volume(&p, 2, &cfg, &RunContext::with_iterations(seed, 8)).unwrap();
        assert_eq!(faults(&p, &nest, 2), Vec::<String>::new(), "seed {seed}");
    }
}

#[test]
fn the_checker_sees_a_part_moved_into_its_neighbour() {
    let a = cuboid([0.0; 3], [5.0; 3]);
    assert!(!too_near(&a, &cuboid([6.0, 0.0, 0.0], [9.0, 5.0, 5.0]), 1.0));
    assert!(too_near(&a, &cuboid([5.9, 0.0, 0.0], [9.0, 5.0, 5.0]), 1.0));
    assert!(too_near(&a, &cuboid([1.0; 3], [2.0; 3]), 0.5));
    assert!(!too_near(&a, &cuboid([5.0, 0.0, 0.0], [9.0, 5.0, 5.0]), 0.0));
    assert!(too_near(&a, &cuboid([4.5, 1.0, 1.0], [9.0, 4.0, 4.0]), 0.0));
}

#[test]
fn threads_do_not_change_the_nest() {
    for seed in 100..104 {
        let p = random_problem(seed);
        let run = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let ctx = RunContext::with_iterations(seed, 10);
            pool.install(|| nest_volume(&p, 2, &pitch(1.0), &ctx).unwrap())
        };
        let one = run(1);
        assert_eq!(one, run(2));
        assert_eq!(one, run(3));
    }
}
