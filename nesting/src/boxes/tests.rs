use platewright_check::check_boxes;
use platewright_model::boxes::{BoxKind, BoxProblem};
use platewright_model::run::RunContext;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

use super::nest_boxes;

fn kind(size: [u32; 3], copies: u32, upright: [bool; 3]) -> BoxKind {
    BoxKind { name: String::new(), size, copies, upright }
}

#[test]
fn a_container_that_can_be_filled_is_filled() {
    let problem = BoxProblem {
        container: [12, 10, 8],
        stock: Some(1),
        boxes: vec![kind([3, 5, 4], 20, [false; 3]), kind([4, 6, 5], 3, [true; 3])],
        ..BoxProblem::default()
    };
    let nest = nest_boxes(&problem, &RunContext::with_iterations(1, 200)).unwrap();
    assert_eq!(check_boxes(&problem, &nest.layout), []);
    assert_eq!(nest.layout.volume(&problem), 960);
    assert_eq!(nest.bound, 960.0);
}

#[test]
fn random_boxes_are_valid_and_the_same_again() {
    let mut rng = Pcg64::seed_from_u64(5);
    for case in 0..40_u32 {
        let container = [0; 3].map(|_| rng.random_range(20..60));
        let boxes = (0..rng.random_range(1..12))
            .map(|_| {
                let size = [0; 3].map(|_| rng.random_range(3..25));
                kind(size, rng.random_range(1..9), [0; 3].map(|_| rng.random_range(0..2) == 0))
            })
            .collect();
        let stock = [None, Some(1), Some(2)][case as usize % 3];
        let problem = BoxProblem { container, stock, boxes, ..BoxProblem::default() };
        let ctx = RunContext::with_iterations(u64::from(case), 60);
        let nest = nest_boxes(&problem, &ctx).unwrap();
        assert_eq!(check_boxes(&problem, &nest.layout), [], "case {case}");
        let one_thread = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        let again = one_thread.install(|| nest_boxes(&problem, &ctx)).unwrap();
        assert_eq!(again.layout, nest.layout, "case {case}");
        if stock.is_none() && nest.layout.left.is_empty() {
            assert!(nest.layout.containers.len() as f64 >= nest.bound, "case {case}");
        }
    }
}

#[test]
fn boxes_of_no_size_are_told() {
    let problem = BoxProblem {
        container: [5; 3],
        boxes: vec![kind([1, 0, 2], 1, [false; 3])],
        ..BoxProblem::default()
    };
    let error = nest_boxes(&problem, &RunContext::with_iterations(1, 1)).unwrap_err();
    assert!(error.to_string().contains("an edge of kind 0 is 0 long"), "{error}");
}
