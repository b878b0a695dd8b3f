use platewright_model::plate::{PlatePart, Sequential, Zone};

use super::*;

mod oracle;

/// A step of the grid on a plate of 200 to 256 mm.
const STEP: f64 = 1.0 / (1 << 20) as f64;

fn rectangle(x: [f64; 2], y: [f64; 2]) -> Vec<[f64; 2]> {
    vec![[x[0], y[0]], [x[1], y[0]], [x[1], y[1]], [x[0], y[1]]]
}

fn part(outline: Vec<[f64; 2]>, copies: u32) -> PlatePart {
    PlatePart { outline, copies, ..PlatePart::default() }
}

/// Squares of 10 mm on a bed of 250 × 210 mm, 2 mm apart and 5 mm from the edge.
fn squares(copies: u32) -> PlateProblem {
    let bed = Bed::Rectangle([250.0, 210.0]);
    PlateProblem {
        plates: vec![PlateType { bed, edge_gap: 5.0, ..PlateType::default() }],
        parts: vec![part(rectangle([0.0, 10.0], [0.0, 10.0]), copies)],
        gap: 2.0,
        ..PlateProblem::default()
    }
}

fn place(item: usize, x: f64, y: f64) -> PlacedOutline {
    PlacedOutline { item, turn: 0.0, at: [x, y] }
}

fn layout(placed: &[PlacedOutline]) -> PlateLayout {
    let plates = vec![FilledPlate { plate: 0, placed: placed.to_vec() }];
    PlateLayout { plates, left: Vec::new() }
}

/// Faults of squares at these places.
fn judge(problem: &PlateProblem, at: &[[f64; 2]]) -> Vec<PlateFault> {
    let placed: Vec<_> = at.iter().map(|[x, y]| place(0, *x, *y)).collect();
    check_plates(problem, &layout(&placed))
}

fn spot(placed: usize, part: usize) -> Spot {
    Spot { plate: 0, placed, part }
}

#[test]
fn parts_may_stand_exactly_as_near_as_is_allowed() {
    let problem = squares(2);
    assert_eq!(judge(&problem, &[[5.0, 5.0], [17.0, 5.0]]), []);
    assert_eq!(judge(&problem, &[[235.0, 195.0], [235.0, 183.0]]), []);
    let near = |gap| vec![PlateFault::Near { a: spot(0, 0), b: spot(1, 0), gap }];
    assert_eq!(judge(&problem, &[[5.0, 5.0], [17.0 - STEP, 5.0]]), near(2.0));
    // Corner to corner at 5 mm: 3 along one axis and 4 along the other.
    let corners = PlateProblem { gap: 5.0, ..squares(2) };
    assert_eq!(judge(&corners, &[[5.0, 5.0], [18.0, 19.0]]), []);
    assert_eq!(judge(&corners, &[[5.0, 5.0], [18.0, 19.0 - STEP]]), near(5.0));
    // Without a gap they touch; a step more and they overlap.
    let touching = PlateProblem { gap: 0.0, ..squares(2) };
    assert_eq!(judge(&touching, &[[5.0, 5.0], [15.0, 8.0]]), []);
    let overlap = vec![PlateFault::Overlap { a: spot(0, 0), b: spot(1, 0) }];
    assert_eq!(judge(&touching, &[[5.0, 5.0], [15.0 - STEP, 8.0]]), overlap);
    assert_eq!(judge(&touching, &[[5.0, 5.0], [5.0, 5.0]]), overlap);
    assert_eq!(judge(&problem, &[[5.0, 5.0], [7.0, 7.0]]), overlap);
}

#[test]
fn margins_and_the_head_widen_gaps() {
    let mut problem = squares(2);
    problem.parts[0].margin = 1.5;
    assert_eq!(judge(&problem, &[[6.5, 6.5], [21.5, 6.5]]), []);
    let near = vec![PlateFault::Near { a: spot(0, 0), b: spot(1, 0), gap: 5.0 }];
    assert_eq!(judge(&problem, &[[6.5, 6.5], [21.5 - STEP, 6.5]]), near);
    let outside = vec![PlateFault::Outside { spot: spot(0, 0), gap: 6.5 }];
    assert_eq!(judge(&problem, &[[6.5 - STEP, 6.5], [100.0, 6.5]]), outside);
    problem.sequential = Some(Sequential { head_radius: 30.0, gantry_height: 20.0 });
    assert_eq!(judge(&problem, &[[6.5, 6.5], [49.5, 6.5]]), []);
    assert_eq!(judge(&problem, &[[6.5, 6.5], [49.5 - STEP, 6.5]]).len(), 1);
}

#[test]
fn beds_have_edges_of_all_kinds() {
    let mut problem = squares(1);
    let outside = vec![PlateFault::Outside { spot: spot(0, 0), gap: 5.0 }];
    for at in [[5.0, 5.0 - STEP], [235.0 + STEP, 5.0], [-300.0, 0.0], [1e300, 0.0], [0.0, 1e9]] {
        assert_eq!(judge(&problem, &[at]), outside, "{at:?}");
    }
    // Beyond all numbers: infinite less infinite is none.
    let mut vast = squares(1);
    vast.parts[0].outline = rectangle([0.0, 1e308], [0.0, 1e308]);
    let turned = PlacedOutline { item: 0, turn: 45.0, at: [1e308; 2] };
    assert_eq!(check_plates(&vast, &layout(&[turned])), outside);
    // A circle of 130 about its own centre: the corner at 75, 100 is 125 away from it.
    problem.plates[0].bed = Bed::Circle { centre: [7.3, -4.1], radius: 130.0 };
    let about = |x: f64, y: f64| [7.3 + x, -4.1 + y];
    assert_eq!(judge(&problem, &[about(65.0, 90.0)]), []);
    assert_eq!(judge(&problem, &[about(65.0, 90.0 + 4.0 * STEP)]), outside);
    // An L, either way around, whose inner corner is at 100, 100.
    let mut l = rectangle([0.0, 200.0], [0.0, 200.0]);
    l.splice(2..3, [[200.0, 100.0], [100.0, 100.0], [100.0, 200.0]]);
    for _ in 0..2 {
        l.reverse();
        problem.plates[0].bed = Bed::Polygon(l.clone());
        for at in [[85.0, 185.0], [185.0, 85.0], [5.0, 5.0], [87.0, 86.0]] {
            assert_eq!(judge(&problem, &[at]), [], "{at:?}");
        }
        // In the notch, across its corner, 3 less a step and 4 mm from it, off the bed.
        for at in [[150.0, 150.0], [95.0, 95.0], [87.0 + STEP, 86.0], [300.0, 0.0]] {
            assert_eq!(judge(&problem, &[at]), outside, "{at:?}");
        }
        let flush = PlateProblem {
            plates: vec![PlateType { edge_gap: 0.0, ..problem.plates[0].clone() }],
            ..problem.clone()
        };
        assert_eq!(judge(&flush, &[[90.0, 100.0]]), []);
        assert_eq!(judge(&flush, &[[90.0 + STEP, 100.0]]).len(), 1);
        assert_eq!(judge(&flush, &[[100.0, 100.0]]).len(), 1);
    }
}

#[test]
fn a_part_may_fill_a_bed_and_a_notch_only_from_inside() {
    let notched = vec![
        [0.0, 0.0],
        [30.0, 0.0],
        [30.0, 30.0],
        [20.0, 30.0],
        [20.0, 10.0],
        [10.0, 10.0],
        [10.0, 30.0],
        [0.0, 30.0],
    ];
    let mut problem = squares(1);
    problem.plates[0] = PlateType { bed: Bed::Polygon(notched.clone()), ..PlateType::default() };
    problem.parts[0].outline = notched;
    assert_eq!(judge(&problem, &[[0.0, 0.0]]), []);
    problem.parts[0].outline = rectangle([0.0, 10.0], [0.0, 20.0]);
    assert_eq!(judge(&problem, &[[10.0, 10.0]]).len(), 1, "the notch");
    assert_eq!(judge(&problem, &[[20.0, 10.0]]), []);
}

#[test]
fn zones_keep_parts_away() {
    let mut problem = squares(1);
    let outline = rectangle([50.0, 60.0], [0.0, 210.0]);
    problem.plates[0].zones = vec![
        Zone { outline: rectangle([200.0, 300.0], [190.0, 230.0]), gap: 0.0, above: None },
        Zone { outline, gap: 3.0, above: None },
    ];
    let zone = |zone, gap| vec![PlateFault::Zone { spot: spot(0, 0), zone, gap }];
    assert_eq!(judge(&problem, &[[37.0, 50.0]]), []);
    assert_eq!(judge(&problem, &[[37.0 + STEP * 2.0, 50.0]]), zone(1, 3.0));
    assert_eq!(judge(&problem, &[[50.0, 50.0]]), zone(1, 3.0));
    assert_eq!(judge(&problem, &[[200.0, 180.0]]), []);
    assert_eq!(judge(&problem, &[[200.0, 180.0 + STEP * 2.0]]), zone(0, 0.0));
    problem.parts[0].margin = 1.0;
    assert_eq!(judge(&problem, &[[36.0, 50.0]]), []);
    assert_eq!(judge(&problem, &[[37.0, 50.0]]), zone(1, 4.0));
}

#[test]
fn parts_stand_in_zones_that_begin_above_them() {
    let mut problem = squares(1);
    let outline = rectangle([50.0, 60.0], [0.0, 210.0]);
    problem.plates[0].zones = vec![Zone { outline, gap: 3.0, above: Some(10.0) }];
    problem.parts[0].height = 10.0;
    assert_eq!(judge(&problem, &[[50.0, 50.0]]), []);
    problem.parts[0].height = 10.5;
    let fault = PlateFault::Zone { spot: spot(0, 0), zone: 0, gap: 3.0 };
    assert_eq!(judge(&problem, &[[50.0, 50.0]]), [fault]);
}

/// A frame of 60 mm around a hole of 40 mm, and squares.
fn framed(host: bool) -> PlateProblem {
    let mut problem = squares(1);
    let holes = vec![rectangle([10.0, 50.0], [10.0, 50.0])];
    let frame = part(rectangle([0.0, 60.0], [0.0, 60.0]), 1);
    problem.parts.push(PlatePart { holes, host, ..frame });
    problem
}

#[test]
fn holes_of_hosts_take_parts_and_keep_the_gap() {
    let judge = |problem: &PlateProblem, x: f64, y: f64| {
        check_plates(problem, &layout(&[place(1, 20.0, 20.0), place(0, x, y)]))
    };
    let (frame, square) = (spot(0, 1), spot(1, 0));
    let host = framed(true);
    assert_eq!(judge(&host, 32.0, 32.0), []);
    let near = vec![PlateFault::Near { a: frame, b: square, gap: 2.0 }];
    assert_eq!(judge(&host, 32.0 - STEP, 32.0), near);
    let overlap = vec![PlateFault::Overlap { a: frame, b: square }];
    for at in [[25.0, 40.0], [20.0, 40.0], [45.0, 20.0]] {
        assert_eq!(judge(&host, at[0], at[1]), overlap, "{at:?}");
    }
    assert_eq!(judge(&host, 82.0, 40.0), [], "beside it");
    let in_hole = vec![PlateFault::InHole { spot: square, of: frame }];
    assert_eq!(judge(&framed(false), 40.0, 40.0), in_hole);
    assert_eq!(judge(&framed(false), 25.0, 40.0), overlap);

    // A part that fills a hole, without gaps: its outline runs along it.
    let mut tight = PlateProblem { gap: 0.0, ..framed(true) };
    tight.parts[0].outline = rectangle([0.0, 40.0], [0.0, 40.0]);
    assert_eq!(judge(&tight, 30.0, 30.0), []);
    assert_eq!(judge(&tight, 30.0, 30.0 + STEP), overlap);
    tight.parts[1].host = false;
    assert_eq!(judge(&tight, 30.0, 30.0), in_hole);
    // One that wraps a zone in its hole.
    let mut zoned = framed(true);
    let outline = rectangle([40.0, 50.0], [40.0, 50.0]);
    zoned.plates[0].zones = vec![Zone { outline, gap: 5.0, above: None }];
    assert_eq!(judge(&zoned, 100.0, 100.0), []);
    zoned.parts[1].host = false;
    assert_eq!(judge(&zoned, 100.0, 100.0), [PlateFault::Zone { spot: frame, zone: 0, gap: 5.0 }]);
}

#[test]
fn parts_are_turned_before_they_are_moved() {
    let mut problem = squares(1);
    problem.parts[0].turns = Some(vec![0.0, 270.0]);
    let turned = |turn, at| check_plates(&problem, &layout(&[PlacedOutline { item: 0, turn, at }]));
    assert_eq!(turned(270.0, [5.0, 15.0]), []);
    assert_eq!(turned(-90.0, [5.0, 15.0]), [], "the same turn");
    assert_eq!(turned(270.0, [5.0, 5.0]), [PlateFault::Outside { spot: spot(0, 0), gap: 5.0 }]);
    assert_eq!(turned(45.0, [50.0, 50.0]), [PlateFault::Turn { spot: spot(0, 0), turn: 45.0 }]);
}

#[test]
fn copies_stock_groups_and_indices_are_counted() {
    let mut problem = squares(3);
    problem.plates[0].stock = Some(1);
    let one = [[5.0, 5.0]];
    let copies = |found, left| PlateFault::Copies { part: 0, found, left, copies: 3 };
    assert_eq!(judge(&problem, &one), [copies(1, 0)]);
    let mut given = layout(&[place(0, 5.0, 5.0)]);
    given.left = vec![(0, 1), (0, 1)];
    assert_eq!(check_plates(&problem, &given), []);
    given.left = vec![(0, 3), (9, 1)];
    let told = check_plates(&problem, &given);
    assert_eq!(told, [PlateFault::NoSuchLeft { entry: 1, part: 9 }, copies(1, 3)]);

    problem.parts[0].group = Some(4);
    let mut spread = layout(&[place(0, 5.0, 5.0), place(0, 25.0, 5.0)]);
    spread.plates.push(FilledPlate { plate: 0, placed: vec![place(0, 5.0, 5.0)] });
    let stock = PlateFault::Stock { kind: 0, used: 2, stock: 1 };
    let group = PlateFault::Group { group: 4, plates: vec![0, 1] };
    assert_eq!(check_plates(&problem, &spread), [stock, group]);

    let mut lost = layout(&[place(0, f64::NAN, 5.0), place(7, 5.0, 5.0), place(0, 5.0, 5.0)]);
    lost.plates.push(FilledPlate { plate: 3, placed: Vec::new() });
    lost.left = vec![(0, 2)];
    let unreadable = |placed| PlateFault::Unreadable { plate: 0, placed };
    let no_plate = PlateFault::NoSuchPlate { plate: 1, kind: 3 };
    assert_eq!(check_plates(&problem, &lost), [unreadable(0), unreadable(1), no_plate]);
}

#[test]
fn begun_plates_stay_as_they_are() {
    let mut problem = squares(3);
    let at = |x: f64| place(0, x, 5.0);
    problem.begun = vec![FilledPlate { plate: 0, placed: vec![at(5.0), at(25.0)] }];
    assert_eq!(judge(&problem, &[[5.0, 5.0], [25.0, 5.0], [45.0, 5.0]]), []);
    let changed = |placed| vec![PlateFault::BegunChanged { plate: 0, placed }];
    assert_eq!(judge(&problem, &[[5.0, 5.0], [26.0, 40.0], [45.0, 5.0]]), changed(1));
    assert_eq!(judge(&problem, &[[25.0, 5.0], [5.0, 5.0], [45.0, 5.0]]), changed(0));
    let none = PlateLayout { plates: Vec::new(), left: vec![(0, 3)] };
    assert_eq!(check_plates(&problem, &none), [PlateFault::BegunMissing { plate: 0 }]);
}

#[test]
fn only_the_last_part_is_higher_than_the_gantry() {
    let mut problem = squares(1);
    problem.sequential = Some(Sequential { head_radius: 1.0, gantry_height: 20.0 });
    let tower = PlatePart { height: 20.5, ..problem.parts[0].clone() };
    problem.parts.push(tower);
    let both = |order: [usize; 2]| {
        let placed = [place(order[0], 5.0, 5.0), place(order[1], 45.0, 5.0)];
        check_plates(&problem, &layout(&placed))
    };
    assert_eq!(both([0, 1]), []);
    let high = PlateFault::TooHigh { spot: spot(0, 1), height: 20.5, gantry: 20.0 };
    assert_eq!(both([1, 0]), [high]);
}

#[test]
fn a_problem_of_no_use_is_told() {
    type Spoil = fn(&mut PlateProblem);
    let spoils: [(&str, Spoil); 9] = [
        ("gap", |p| p.gap = f64::NAN),
        ("margin", |p| p.parts[0].margin = -1.0),
        ("bed", |p| p.plates[0].bed = Bed::Rectangle([250.0, 0.0])),
        ("edge gap", |p| p.plates[0].edge_gap = f64::INFINITY),
        ("corners", |p| p.parts[0].outline.truncate(2)),
        ("encloses", |p| p.parts[0].outline[2] = [5.0, 0.0]),
        ("crosses", |p| p.parts[0].outline = vec![[0.0, 0.0], [9.0, 0.0], [0.0, 9.0], [12.0, 5.0]]),
        ("radius", |p| p.plates[0].bed = Bed::Circle { centre: [0.0; 2], radius: -1.0 }),
        ("thin", |p| {
            let outline = rectangle([0.0, 1e-9], [0.0, 5.0]);
            p.plates[0].zones.push(Zone { outline, gap: 0.0, above: None });
        }),
    ];
    for (word, spoil) in spoils {
        let mut problem = squares(1);
        spoil(&mut problem);
        if word == "encloses" {
            problem.parts[0].outline.truncate(3);
        }
        let faults = judge(&problem, &[[5.0, 5.0]]);
        let told = faults[0].to_string();
        assert!(matches!(faults[0], PlateFault::BadProblem { .. }), "{told}");
        assert!(told.contains(word), "{told} does not say {word}");
    }
    let mut thin = squares(1);
    thin.parts[0].outline = rectangle([0.0, 1e-9], [0.0, 5.0]);
    assert_eq!(judge(&thin, &[[5.0, 5.0]]), [PlateFault::TooThin { spot: spot(0, 0) }]);
}

#[test]
fn faults_name_plate_placement_and_part() {
    let told = PlateFault::Near { a: spot(3, 1), b: spot(4, 0), gap: 2.0 }.to_string();
    let expected = "placement 3 (part 1) on plate 0 and placement 4 (part 0) on plate 0 are less \
                    than 2 mm apart";
    assert_eq!(told, expected);
}

#[test]
fn three_hundred_parts_of_a_hundred_corners_take_milliseconds() {
    let corner = |k: usize| {
        let angle = std::f64::consts::TAU * k as f64 / 100.0;
        let radius = if k.is_multiple_of(2) { 5.0 } else { 4.8 };
        [radius * angle.cos(), radius * angle.sin()]
    };
    let mut problem = squares(300);
    problem.parts[0].outline = (0..100).map(corner).collect();
    let at = |k: usize| [10.0 + 12.01 * (k % 19) as f64, 10.0 + 12.01 * (k / 19) as f64];
    let started = std::time::Instant::now();
    let faults = judge(&problem, &(0..300).map(at).collect::<Vec<_>>());
    let took = started.elapsed();
    assert_eq!(faults, []);
    assert!(took.as_millis() < 500, "{took:?}");
}
