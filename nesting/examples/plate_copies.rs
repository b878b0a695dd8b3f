//! Fills one plate with copies of each part of plate jobs, and compares the count with the best
//! grid of boxes and the best pattern of rows.
//!
//! ```text
//! cargo run --release -p platewright-nesting --example plate_copies -- ITERATIONS JOB…
//! ```

#![allow(clippy::print_stdout, reason = "an example tells what it did")]

use platewright_check::check_plates;
use platewright_model::plate::{Bed, Goal, PlatePart, PlateProblem, PlateType};
use platewright_model::run::RunContext;
use platewright_model::strip::{ring_area, turn};
use platewright_nesting::{Heuristic, nest_plates};
use rayon::prelude::*;

/// Turns of the boxes.
const TURNS: u32 = 360;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let iterations: u64 = args.next().ok_or("give iterations")?.parse()?;
    let mut cases = Vec::new();
    for path in args {
        let problem: PlateProblem = serde_json::from_str(&std::fs::read_to_string(&path)?)?;
        for part in &problem.parts {
            let Some(plate) = problem.plates.first() else { continue };
            cases.push((format!("{path} {}", part.name), plate.clone(), part.clone(), problem.gap));
        }
    }
    let counts: Vec<[usize; 3]> = cases
        .par_iter()
        .map(|(_, plate, part, gap)| {
            let filled = |heuristic| filled(plate, part, *gap, heuristic, iterations);
            [grid(plate, part, *gap), filled(Heuristic::Lattice), filled(Heuristic::Full)]
        })
        .collect();
    let mut fewer = 0;
    for ((name, ..), [grid, lattice, full]) in cases.iter().zip(&counts) {
        if full < grid.max(lattice) {
            fewer += 1;
            println!("{name}: grid {grid}, rows {lattice}, search {full}");
        }
    }
    let sum = |k: usize| counts.iter().map(|count| count[k]).sum::<usize>();
    println!(
        "{} parts: grids {}, rows {}, search {}; fewer than grid or rows: {fewer}",
        cases.len(),
        sum(0),
        sum(1),
        sum(2)
    );
    Ok(())
}

/// Copies that stand on one plate after a search.
fn filled(
    plate: &PlateType,
    part: &PlatePart,
    gap: f64,
    heuristic: Heuristic,
    iterations: u64,
) -> usize {
    let area = match &plate.bed {
        Bed::Rectangle([width, depth]) => width * depth,
        Bed::Circle { radius, .. } => std::f64::consts::PI * radius * radius,
        Bed::Polygon(ring) => ring_area(ring).abs(),
    };
    // More than can stand there: each takes half of the gap around it, or nearly so at notches.
    let around: f64 = part
        .outline
        .iter()
        .zip(part.outline.iter().cycle().skip(1))
        .map(|(p, q)| (q[0] - p[0]).hypot(q[1] - p[1]))
        .sum();
    let taken = ring_area(&part.outline).abs() + 0.25 * gap * around;
    let copies = (1.2 * area / taken).ceil() as u32;
    let problem = PlateProblem {
        plates: vec![PlateType { stock: Some(1), ..plate.clone() }],
        parts: vec![PlatePart { copies, optional: true, ..part.clone() }],
        gap,
        goal: Goal::Value,
        ..PlateProblem::default()
    };
    let ctx = RunContext::with_iterations(1, iterations);
    let nest = nest_plates(&problem, None, heuristic, &ctx).expect("jobs are sound");
    assert!(check_plates(&problem, &nest.layout).is_empty(), "the layout is not valid");
    nest.layout.plates.iter().map(|plate| plate.placed.len()).sum()
}

/// Most boxes of the part in rows and columns on a rectangular bed, zones apart, at any turn.
fn grid(plate: &PlateType, part: &PlatePart, gap: f64) -> usize {
    let (Bed::Rectangle(size), true) = (&plate.bed, plate.zones.is_empty()) else { return 0 };
    let at = |degrees: f64| {
        let [sin, cos] = turn(degrees);
        let count = |k: usize| {
            let along = |p: &[f64; 2]| [p[0] * cos - p[1] * sin, p[0] * sin + p[1] * cos][k];
            let low = part.outline.iter().map(along).fold(f64::INFINITY, f64::min);
            let high = part.outline.iter().map(along).fold(f64::NEG_INFINITY, f64::max);
            let room = size[k] - 2.0 * (plate.edge_gap + part.margin);
            let gap = gap + 2.0 * part.margin;
            ((room + gap) / (high - low + gap)).max(0.0) as usize
        };
        count(0) * count(1)
    };
    let turns = (0..TURNS).map(|k| f64::from(k) * 360.0 / f64::from(TURNS));
    match &part.turns {
        Some(turns) => turns.iter().map(|&degrees| at(degrees)).max().unwrap_or(0),
        None => turns.map(at).max().unwrap_or(0),
    }
}
