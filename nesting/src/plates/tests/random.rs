//! Random plate jobs with all features.

use platewright_model::plate::{
    Bed, Fill, Goal, PlatePart, PlateProblem, PlateType, Sequential, Zone,
};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

use super::Heuristic;

/// A job and a heuristic for it, by seed.
pub(crate) fn job(seed: u64) -> (PlateProblem, Heuristic) {
    let mut rng = Pcg64::seed_from_u64(seed);
    let rng = &mut rng;
    let gap = if chance(rng, 0.3) { 0.0 } else { rng.random_range(0.2..4.0) };
    let mut problem = PlateProblem {
        name: format!("random {seed}"),
        plates: (0..rng.random_range(1..3)).map(|_| plate(rng)).collect(),
        parts: (0..rng.random_range(1..7)).map(|_| part(rng)).collect(),
        gap,
        fill: [Fill::Any, Fill::Any, Fill::Even, Fill::LastLeast][rng.random_range(0..4)],
        ..PlateProblem::default()
    };
    if chance(rng, 0.1) {
        problem.sequential =
            Some(Sequential { head_radius: rng.random_range(1.0..12.0), gantry_height: 30.0 });
    }
    if chance(rng, 0.15) {
        problem.goal = Goal::Value;
        problem.plates.iter_mut().for_each(|plate| plate.stock = Some(2));
    }
    let heuristic = Heuristic::ALL[rng.random_range(0..4)];
    (problem, heuristic)
}

fn chance(rng: &mut Pcg64, of: f64) -> bool {
    rng.random_range(0.0..1.0) < of
}

fn plate(rng: &mut Pcg64) -> PlateType {
    let (w, h) = (rng.random_range(50.0..120.0), rng.random_range(50.0..120.0));
    let bed = match rng.random_range(0..4) {
        0 => Bed::Circle { centre: [0.3 * w, -h], radius: 0.55 * w },
        1 => Bed::Polygon(star([0.5 * w, 0.5 * h], 0.7 * w, 0.6, rng)),
        _ => Bed::Rectangle([w, h]),
    };
    let zones = (0..rng.random_range(0..3)).map(|_| Zone {
        outline: star([rng.random_range(0.0..w), rng.random_range(0.0..h)], 12.0, 0.4, rng),
        gap: if chance(rng, 0.5) { 0.0 } else { rng.random_range(0.0..3.0) },
        above: chance(rng, 0.3).then(|| rng.random_range(0.0..50.0)),
    });
    PlateType {
        zones: zones.collect(),
        bed,
        edge_gap: if chance(rng, 0.5) { 0.0 } else { rng.random_range(0.0..5.0) },
        stock: chance(rng, 0.2).then_some(3),
        cost: rng.random_range(1..4).into(),
        ..PlateType::default()
    }
}

fn part(rng: &mut Pcg64) -> PlatePart {
    let reach = rng.random_range(4.0..22.0);
    let outline = match rng.random_range(0..3) {
        0 => {
            let (w, h) = (reach, rng.random_range(3.0..25.0));
            vec![[1.0, 2.0], [1.0 + w, 2.0], [1.0 + w, 2.0 + h], [1.0, 2.0 + h]]
        }
        1 => star([3.0, -5.0], reach, 0.3, rng),
        _ => star([0.0, 0.0], reach, 0.75, rng),
    };
    let mut outline = outline;
    if chance(rng, 0.5) {
        outline.reverse();
    }
    let holes = if chance(rng, 0.2) {
        let middle = [0, 1].map(|k| outline.iter().map(|p| p[k]).sum::<f64>());
        let middle = middle.map(|x| x / outline.len() as f64);
        // Small enough to lie within a star of this depth around its middle.
        vec![star(middle, 0.12 * reach.min(3.0), 0.9, rng)]
    } else {
        Vec::new()
    };
    let turns = match rng.random_range(0..4) {
        0 => Some(vec![0.0]),
        1 => Some(vec![0.0, 90.0, 180.0, 270.0]),
        2 => Some(vec![10.0, 77.7, -33.0]),
        _ => None,
    };
    PlatePart {
        outline,
        holes,
        host: chance(rng, 0.5),
        copies: if chance(rng, 0.3) { rng.random_range(8..20) } else { rng.random_range(1..6) },
        turns,
        margin: if chance(rng, 0.2) { rng.random_range(0.0..2.0) } else { 0.0 },
        height: rng.random_range(1.0..40.0),
        group: chance(rng, 0.15).then_some(1),
        optional: chance(rng, 0.2),
        value: chance(rng, 0.3).then(|| rng.random_range(1.0..90.0)),
        priority: rng.random_range(0..3),
        ..PlatePart::default()
    }
}

/// A polygon around a point: corners at rising angles, at least a share of the reach away.
fn star(middle: [f64; 2], reach: f64, least: f64, rng: &mut Pcg64) -> Vec<[f64; 2]> {
    let corners = rng.random_range(4..14);
    (0..corners)
        .map(|k| {
            let angle =
                (k as f64 + rng.random_range(0.0..0.8)) * std::f64::consts::TAU / corners as f64;
            let r = reach * rng.random_range(least..1.0);
            [middle[0] + r * angle.cos(), middle[1] + r * angle.sin()]
        })
        .collect()
}
