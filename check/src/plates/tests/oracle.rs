//! Two parts at random, judged by brute force in floating point.

use super::*;

type Ring = Vec<[f64; 2]>;

/// A stream of numbers between 0 and 1 (splitmix64; Steele, Lea, Flood 2014).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut h = self.0;
        h = (h ^ (h >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        h = (h ^ (h >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((h ^ (h >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A polygon that is star-shaped about the origin, its corners between two radii.
    fn star(&mut self, fewest: usize, low: f64, high: f64) -> Ring {
        let n = fewest + (self.roll() * 9.0) as usize;
        let corner = |k: usize| {
            let angle = std::f64::consts::TAU * (k as f64 + 0.8 * self.roll()) / n as f64;
            let radius = low + (high - low) * self.roll();
            [radius * angle.cos(), radius * angle.sin()]
        };
        (0..n).map(corner).collect()
    }

    /// A star, at times with a hole.
    fn part(&mut self) -> PlatePart {
        let holed = self.roll() < 0.5;
        let widest = 2.0 + 38.0 * self.roll().powi(3);
        // Neighbours of five corners are at most 1.8 fifths of a turn apart, so that no edge is
        // nearer to the middle than 40 mm times the cosine of half of that: 17 mm.
        let (outline, holes) = match holed {
            true => (self.star(5, 40.0, 60.0), vec![self.star(4, 8.0, 15.0)]),
            false => (self.star(3, 1.0, widest), Vec::new()),
        };
        PlatePart { host: self.roll() < 0.6, holes, ..part(outline, 1) }
    }
}

fn edges(rings: &[Ring]) -> Vec<[[f64; 2]; 2]> {
    let of = |ring: &Ring| (0..ring.len()).map(|k| [ring[k], ring[(k + 1) % ring.len()]]).collect();
    rings.iter().flat_map(|ring| -> Vec<_> { of(ring) }).collect()
}

fn inside(p: [f64; 2], rings: &[Ring]) -> bool {
    let crosses = |[a, b]: &&[[f64; 2]; 2]| {
        (a[1] > p[1]) != (b[1] > p[1])
            && p[0] < a[0] + (p[1] - a[1]) / (b[1] - a[1]) * (b[0] - a[0])
    };
    edges(rings).iter().filter(crosses).count() % 2 == 1
}

/// Distance of two edges; 0 if they cross.
fn distance(e: [[f64; 2]; 2], f: [[f64; 2]; 2]) -> f64 {
    let to = |p: [f64; 2], [a, b]: [[f64; 2]; 2]| {
        let d = [b[0] - a[0], b[1] - a[1]];
        let at = ((p[0] - a[0]) * d[0] + (p[1] - a[1]) * d[1]) / (d[0] * d[0] + d[1] * d[1]);
        let at = at.clamp(0.0, 1.0);
        (p[0] - a[0] - at * d[0]).hypot(p[1] - a[1] - at * d[1])
    };
    let turn = |a: [f64; 2], b: [f64; 2], c: [f64; 2]| {
        (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    };
    let across =
        |e: [[f64; 2]; 2], f: [[f64; 2]; 2]| turn(e[0], e[1], f[0]) * turn(e[0], e[1], f[1]) < 0.0;
    if across(e, f) && across(f, e) {
        return 0.0;
    }
    to(e[0], f).min(to(e[1], f)).min(to(f[0], e)).min(to(f[1], e))
}

/// Least distance of the boundaries of two sets of rings.
fn apart(a: &[Ring], b: &[Ring]) -> f64 {
    let others = edges(b);
    let all = edges(a).into_iter().flat_map(|e| others.iter().map(move |f| distance(e, *f)));
    all.fold(f64::INFINITY, f64::min)
}

fn crossing(a: &[Ring], b: &[Ring]) -> bool {
    apart(a, b) == 0.0 || inside(a[0][0], b) || inside(b[0][0], a)
}

fn placed_rings(part: &PlatePart, place: &PlacedOutline, all: bool) -> Vec<Ring> {
    let rings = std::iter::once(&part.outline).chain(part.holes.iter().filter(|_| all));
    rings.map(|ring| grid::placed(ring, place)).collect()
}

/// What the checker should say of parts 0 and 1; none if it is too close to call.
fn verdict(problem: &PlateProblem, placed: &[PlacedOutline]) -> Option<&'static str> {
    let rings = |k: usize, all: bool| placed_rings(&problem.parts[k], &placed[k], all);
    let taken: [Vec<Ring>; 2] = [0, 1].map(|k| rings(k, problem.parts[k].host));
    let gap = problem.gap_between(0, 1);
    let free = apart(&taken[0], &taken[1]);
    let solid = apart(&rings(0, true), &rings(1, true));
    let close = |x: f64| x > 0.0 && x < 1e-5;
    if close(free) || close(solid) || (free - gap).abs() < 1e-5 {
        return None;
    }
    Some(if crossing(&taken[0], &taken[1]) {
        if crossing(&rings(0, true), &rings(1, true)) { "overlap" } else { "hole" }
    } else if free < gap {
        "near"
    } else {
        "apart"
    })
}

#[test]
fn random_pairs_are_judged_as_by_brute_force() {
    let mut dice = Dice(7);
    let mut seen = std::collections::BTreeMap::new();
    for round in 0..20_000 {
        let gap = [0.0, 1.0, 6.0][round % 3];
        let bed = Bed::Rectangle([256.0, 200.0]);
        let problem = PlateProblem {
            plates: vec![PlateType { bed, ..PlateType::default() }],
            parts: vec![dice.part(), dice.part()],
            gap,
            ..PlateProblem::default()
        };
        let spread = 80.0 * dice.roll();
        let mut stand = |item| PlacedOutline {
            item,
            turn: 360.0 * dice.roll(),
            at: [100.0 + spread * dice.roll(), 80.0 + spread * dice.roll()],
        };
        let placed = [stand(0), stand(1)];
        let Some(expected) = verdict(&problem, &placed) else { continue };
        let faults = check_plates(&problem, &layout(&placed));
        let bad = faults.iter().any(|fault| matches!(fault, PlateFault::BadProblem { .. }));
        assert!(!bad, "round {round}: {faults:?}");
        let between = faults.iter().find_map(|fault| match fault {
            PlateFault::Overlap { .. } => Some("overlap"),
            PlateFault::InHole { .. } => Some("hole"),
            PlateFault::Near { .. } => Some("near"),
            _ => None,
        });
        assert_eq!(between.unwrap_or("apart"), expected, "round {round}: {problem:?} {placed:?}");
        *seen.entry(expected).or_insert(0) += 1;
    }
    assert_eq!(seen.len(), 4, "{seen:?}");
    assert!(seen.values().all(|n| *n > 100), "{seen:?}");
}

#[test]
fn random_beds_are_judged_as_by_brute_force() {
    let mut dice = Dice(8);
    let mut seen = [0; 2];
    for round in 0..10_000 {
        let bed: Ring =
            dice.star(3, 20.0, 100.0).into_iter().map(|[x, y]| [x + 50.0, y - 30.0]).collect();
        let edge_gap = [0.0, 3.0][round % 2];
        let kind = PlateType { bed: Bed::Polygon(bed.clone()), edge_gap, ..PlateType::default() };
        let outline = dice.star(3, 1.0, 12.0);
        let problem = PlateProblem {
            plates: vec![kind],
            parts: vec![part(outline, 1)],
            ..PlateProblem::default()
        };
        let turn = 360.0 * dice.roll();
        let at = [90.0 * dice.roll(), -70.0 + 80.0 * dice.roll()];
        let place = PlacedOutline { item: 0, turn, at };
        let rings = placed_rings(&problem.parts[0], &place, true);
        let free = apart(&rings, std::slice::from_ref(&bed));
        if (free - edge_gap).abs() < 1e-5 && free > 0.0 {
            continue;
        }
        let fits = inside(rings[0][0], std::slice::from_ref(&bed)) && free > edge_gap;
        let faults = check_plates(&problem, &layout(&[place]));
        assert_eq!(faults.is_empty(), fits, "round {round}: {problem:?} {place:?} {faults:?}");
        seen[usize::from(fits)] += 1;
    }
    assert!(seen.iter().all(|n| *n > 500), "{seen:?}");
}
