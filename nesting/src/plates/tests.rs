//! Tests of plate nesting.

use platewright_check::check_plates;
use platewright_model::plate::{
    Bed, Fill, FilledPlate, Goal, PlateLayout, PlatePart, PlateProblem, PlateType, Sequential, Zone,
};
use platewright_model::run::RunContext;
use platewright_model::strip::PlacedOutline;

use super::{Heuristic, PlateNest, nest_plates};

mod random;

fn rectangle(w: f64, h: f64) -> Vec<[f64; 2]> {
    vec![[0.0, 0.0], [w, 0.0], [w, h], [0.0, h]]
}

fn part(outline: Vec<[f64; 2]>, copies: u32) -> PlatePart {
    PlatePart { outline, copies, ..PlatePart::default() }
}

fn bed(w: f64, h: f64) -> PlateType {
    PlateType { bed: Bed::Rectangle([w, h]), ..PlateType::default() }
}

fn problem(plate: PlateType, parts: Vec<PlatePart>, gap: f64) -> PlateProblem {
    PlateProblem { plates: vec![plate], parts, gap, ..PlateProblem::default() }
}

/// Nested, and checked exactly.
fn nested(problem: &PlateProblem, iterations: u64) -> PlateNest {
    let ctx = RunContext::with_iterations(1, iterations);
    let nest = nest_plates(problem, None, Heuristic::Full, &ctx).unwrap();
    assert_eq!(check_plates(problem, &nest.layout), []);
    let bounded = nest.layout.cost(problem) >= nest.bound - 1e-9;
    assert!(bounded || !nest.layout.left.is_empty());
    nest
}

/// A hook of 20 x 20 with arms of 6.
fn hook() -> Vec<[f64; 2]> {
    vec![[0.0, 0.0], [20.0, 0.0], [20.0, 6.0], [6.0, 6.0], [6.0, 20.0], [0.0, 20.0]]
}

#[test]
fn forty_rectangles_fit_in_rows() {
    let mut copies = part(rectangle(24.0, 48.0), 40);
    copies.turns = Some(vec![0.0, 90.0]);
    let problem = problem(bed(250.0, 210.0), vec![copies], 2.0);
    let nest = nested(&problem, 2000);
    assert_eq!((nest.layout.plates.len(), nest.bound), (1, 1.0));
}

#[test]
fn hooks_interlock_on_fewer_plates_than_their_boxes_need() {
    // Boxes of 20 x 20 with a gap of 1: 16 to a plate of 84 x 84.
    let problem = problem(bed(84.0, 84.0), vec![part(hook(), 40)], 1.0);
    let nest = nested(&problem, 20_000);
    assert!(nest.layout.plates.len() <= 2, "{}", nest.layout.plates.len());
    assert!(nest.layout.left.is_empty());
}

#[test]
fn round_notched_and_zoned_beds_are_kept() {
    let round = Bed::Circle { centre: [50.0, 40.0], radius: 45.0 };
    let notched = vec![
        [0.0, 0.0],
        [90.0, 0.0],
        [90.0, 90.0],
        [60.0, 90.0],
        [60.0, 50.0],
        [30.0, 50.0],
        [30.0, 90.0],
        [0.0, 90.0],
    ];
    let zone =
        Zone { outline: vec![[10.0, 10.0], [40.0, 20.0], [15.0, 45.0]], gap: 3.0, above: None };
    for (bed, zones) in [
        (round.clone(), vec![]),
        (Bed::Polygon(notched), vec![]),
        (Bed::Rectangle([90.0, 90.0]), vec![zone.clone()]),
        (round, vec![Zone { gap: 0.0, ..zone }]),
    ] {
        let plate = PlateType { bed, zones, edge_gap: 2.0, ..PlateType::default() };
        let parts = vec![part(hook(), 9), part(rectangle(15.0, 9.0), 7)];
        let nest = nested(&problem(plate, parts, 1.5), 6000);
        assert!(nest.layout.left.is_empty());
        assert!(nest.layout.plates.len() <= 2, "{}", nest.layout.plates.len());
    }
}

#[test]
fn parts_as_wide_as_the_bed_stand_flush_with_it() {
    let wedge = part(vec![[0.0, 0.0], [1000.0, 0.0], [1000.0, 300.0], [0.0, 650.0]], 2);
    let mut problem = problem(bed(1000.0, 1000.0), vec![wedge], 0.0);
    problem.parts[0].turns = Some(vec![0.0, 90.0, 180.0, 270.0]);
    let nest = nested(&problem, 3000);
    assert_eq!((nest.layout.plates.len(), &nest.layout.left[..]), (1, &[][..]));
    problem.parts[0].margin = 0.5;
    assert_eq!(nested(&problem, 100).layout.left, [(0, 2)]);
}

#[test]
fn low_parts_stand_under_what_hangs_in_the_air() {
    let zone = Zone { outline: rectangle(90.0, 45.0), gap: 0.0, above: Some(12.0) };
    let plate = PlateType { zones: vec![zone], stock: Some(1), ..bed(90.0, 90.0) };
    let mut low = part(rectangle(80.0, 42.0), 1);
    low.height = 12.0;
    let mut high = part(rectangle(82.0, 42.0), 1);
    high.height = 13.0;
    let nest = nested(&problem(plate.clone(), vec![low, high.clone()], 1.0), 2000);
    assert_eq!(nest.layout.left, []);
    high.copies = 2;
    let nest = nested(&problem(plate, vec![high], 1.0), 2000);
    assert_eq!(nest.layout.left, [(0, 1)]);
}

#[test]
fn what_comes_first_finds_room_when_not_all_do() {
    let plate = PlateType { stock: Some(1), ..bed(100.0, 100.0) };
    let mut urgent = part(rectangle(20.0, 20.0), 9);
    urgent.priority = 1;
    let large = part(rectangle(60.0, 60.0), 3);
    let nest = nested(&problem(plate, vec![large, urgent], 2.0), 2000);
    assert!(nest.layout.left.iter().all(|(part, _)| *part == 0), "{:?}", nest.layout.left);
}

#[test]
fn small_parts_stand_in_the_holes_of_hosts_only() {
    let mut frame = part(rectangle(60.0, 60.0), 1);
    frame.holes = vec![vec![[10.0, 10.0], [50.0, 10.0], [50.0, 50.0], [10.0, 50.0]]];
    let small = part(rectangle(30.0, 30.0), 1);
    for host in [true, false] {
        frame.host = host;
        let problem = problem(bed(62.0, 62.0), vec![frame.clone(), small.clone()], 1.0);
        let nest = nested(&problem, 4000);
        assert_eq!(nest.layout.plates.len(), if host { 1 } else { 2 });
    }
}

#[test]
fn margins_groups_and_turns_are_kept() {
    let mut brimmed = part(hook(), 6);
    brimmed.margin = 3.0;
    brimmed.turns = Some(vec![0.0, 33.0]);
    let mut grouped = part(rectangle(20.0, 10.0), 4);
    grouped.group = Some(7);
    let nest = nested(&problem(bed(80.0, 80.0), vec![brimmed, grouped], 1.0), 6000);
    assert!(nest.layout.left.is_empty());
}

#[test]
fn pinned_parts_stay_and_count() {
    let placed = vec![PlacedOutline { item: 0, turn: 17.0, at: [30.0, 30.0] }];
    let mut problem = problem(bed(80.0, 80.0), vec![part(hook(), 8)], 1.0);
    problem.begun = vec![FilledPlate { plate: 0, placed: placed.clone() }];
    let nest = nested(&problem, 4000);
    assert_eq!(nest.layout.plates[0].placed[0], placed[0]);
    assert_eq!(nest.layout.placed(), 8);
}

#[test]
fn optional_parts_never_open_a_plate() {
    let mut more = part(rectangle(20.0, 20.0), 30);
    more.optional = true;
    let nest = nested(&problem(bed(66.0, 66.0), vec![part(hook(), 4), more], 1.0), 6000);
    assert_eq!(nest.layout.plates.len(), 1);
    assert!(nest.layout.placed() >= 8, "{}", nest.layout.placed());
}

#[test]
fn the_most_value_is_sought_on_what_is_in_stock() {
    let plate = PlateType { stock: Some(1), ..bed(50.0, 50.0) };
    let mut dear = part(rectangle(24.0, 24.0), 2);
    (dear.value, dear.optional) = (Some(10.0), true);
    let mut cheap = part(rectangle(49.0, 24.0), 2);
    (cheap.value, cheap.optional) = (Some(5.0), true);
    let mut problem = problem(plate, vec![cheap, dear], 1.0);
    problem.goal = Goal::Value;
    let nest = nested(&problem, 4000);
    let value: f64 = nest.layout.plates[0].placed.iter().map(|p| [5.0, 10.0][p.item]).sum();
    assert!((value - 25.0).abs() < 1e-9, "{value}");
}

#[test]
fn the_cheaper_plates_are_taken() {
    let small = PlateType { cost: 2.0, stock: Some(1), ..bed(45.0, 45.0) };
    let large = PlateType { cost: 5.0, ..bed(90.0, 45.0) };
    let mut problem = problem(small, vec![part(rectangle(43.0, 43.0), 1)], 1.0);
    problem.plates.insert(0, large);
    assert_eq!(nested(&problem, 2000).layout.cost(&problem), 2.0);
    problem.parts[0].copies = 2;
    assert_eq!(nested(&problem, 2000).layout.cost(&problem), 5.0);
}

#[test]
fn tall_parts_are_printed_last_and_one_to_a_plate() {
    let mut tall = part(rectangle(10.0, 10.0), 2);
    tall.height = 60.0;
    let mut low = part(rectangle(12.0, 12.0), 6);
    low.height = 20.0;
    let mut problem = problem(bed(120.0, 120.0), vec![tall, low], 1.0);
    problem.sequential = Some(Sequential { head_radius: 20.0, gantry_height: 40.0 });
    let nest = nested(&problem, 2000);
    assert_eq!(nest.layout.plates.len(), 2);
    assert!(nest.layout.left.is_empty());
}

#[test]
fn plates_are_filled_as_asked() {
    let parts = vec![part(rectangle(20.0, 20.0), 11)];
    let mut problem = problem(bed(66.0, 66.0), parts, 1.0);
    let counts = |problem: &PlateProblem| -> Vec<usize> {
        let nest = nested(problem, 8000);
        let mut counts: Vec<usize> = nest.layout.plates.iter().map(|p| p.placed.len()).collect();
        counts.sort_unstable();
        counts
    };
    problem.fill = Fill::LastLeast;
    assert_eq!(counts(&problem), [2, 9]);
    problem.fill = Fill::Even;
    assert_eq!(counts(&problem), [5, 6]);
}

#[test]
fn an_earlier_layout_is_taken_up() {
    let mut problem = problem(bed(66.0, 66.0), vec![part(rectangle(20.0, 20.0), 9)], 1.0);
    let first = nested(&problem, 2000);
    problem.parts.push(part(rectangle(19.0, 19.0), 3));
    let ctx = RunContext::with_iterations(1, 2000);
    let next = nest_plates(&problem, Some(&first.layout), Heuristic::Full, &ctx).unwrap();
    assert_eq!(check_plates(&problem, &next.layout), []);
    assert_eq!(next.layout.plates.len(), 2);
}

#[test]
fn threads_make_no_difference() {
    let parts = vec![part(hook(), 30), part(rectangle(11.0, 17.0), 20)];
    let problem = problem(bed(84.0, 84.0), parts, 1.0);
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| nested(&problem, 9000).layout)
    };
    assert_eq!(on(1), on(3));
}

#[test]
fn problems_of_no_use_are_told() {
    let bad = |change: &dyn Fn(&mut PlateProblem)| {
        let mut problem = problem(bed(50.0, 50.0), vec![part(hook(), 1)], 1.0);
        change(&mut problem);
        let ctx = RunContext::with_iterations(1, 10);
        nest_plates(&problem, None, Heuristic::Full, &ctx).unwrap_err().to_string()
    };
    assert!(bad(&|p| p.parts.clear()).contains("no parts"));
    assert!(bad(&|p| p.plates.clear()).contains("no plates"));
    assert!(bad(&|p| p.gap = f64::NAN).contains("gap"));
    assert!(bad(&|p| p.parts[0].copies = 0).contains("0 copies"));
    assert!(bad(&|p| p.parts[0].outline[1][0] = f64::NAN).contains("no length"));
    assert!(bad(&|p| p.plates[0].bed = Bed::Rectangle([0.0, 5.0])).contains("above 0"));
    assert!(bad(&|p| p.plates[0].cost = -1.0).contains("costs"));
    assert!(bad(&|p| p.goal = Goal::Value).contains("stock"));
    // What fits nowhere is left, and told.
    let huge = problem(bed(50.0, 50.0), vec![part(rectangle(80.0, 8.0), 2), part(hook(), 1)], 1.0);
    let nest = nested(&huge, 500);
    assert_eq!(nest.layout.left, [(0, 2)]);
}

#[test]
fn random_jobs_of_all_features_are_valid() {
    for seed in 0..150 {
        let (problem, heuristic) = random::job(seed);
        let ctx = RunContext::with_iterations(seed, 200);
        let nest = nest_plates(&problem, None, heuristic, &ctx).unwrap();
        assert_eq!(check_plates(&problem, &nest.layout), [], "seed {seed}");
        let whole = nest.layout.left.is_empty();
        assert!(!whole || nest.layout.cost(&problem) >= nest.bound - 1e-9, "seed {seed}");
    }
}

#[test]
fn a_part_stands_only_at_turns_that_fit_the_bed() {
    // Across the bed it is too long, whatever it is thrown to; alone there, it overlaps nothing.
    let mut across = problem(bed(20.0, 60.0), vec![part(rectangle(40.0, 12.0), 3)], 1.0);
    across.fill = Fill::Even;
    let placed = PlacedOutline { item: 0, turn: 0.0, at: [-10.0, 20.0] };
    let wrong = PlateLayout {
        plates: vec![FilledPlate { plate: 0, placed: vec![placed] }],
        ..PlateLayout::default()
    };
    for (seed, heuristic) in (0..5).flat_map(|seed| Heuristic::ALL.map(|h| (seed, h))) {
        for start in [None, Some(&wrong)] {
            let ctx = RunContext::with_iterations(seed, 100);
            let nest = nest_plates(&across, start, heuristic, &ctx).unwrap();
            assert_eq!(check_plates(&across, &nest.layout), []);
            assert_eq!(nest.layout.plates.len(), 3);
        }
    }
}
