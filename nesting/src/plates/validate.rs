//! Problems of no use are told, with the part or plate and how to mend it.

use platewright_model::plate::{Bed, Goal, PlatePart, PlateProblem, PlateType};

use crate::NestError;
use crate::ring::{REACH, validate_ring};

/// Most copies of all parts together.
const COPIES_MAX: u64 = 20_000;
/// Most different parts: memory grows with their square.
const PARTS_MAX: usize = 4_000;

/// # Errors
/// What is wrong first: plates, then parts in their order, then begun plates.
pub(super) fn validate(problem: &PlateProblem) -> Result<(), NestError> {
    match fault(problem) {
        Ok(()) => Ok(()),
        Err(what) => Err(NestError::BadPlates { what }),
    }
}

fn fault(problem: &PlateProblem) -> Result<(), String> {
    if problem.plates.is_empty() {
        return Err("there are no plates; give at least one".to_owned());
    }
    if problem.parts.is_empty() {
        return Err("there are no parts; give at least one outline".to_owned());
    }
    if problem.parts.len() > PARTS_MAX {
        let count = problem.parts.len();
        return Err(format!("{count} different parts; give at most {PARTS_MAX}"));
    }
    let copies: u64 = problem.parts.iter().map(|part| u64::from(part.copies)).sum();
    if copies > COPIES_MAX {
        return Err(format!("{copies} copies; give at most {COPIES_MAX}"));
    }
    length("the gap of parts", problem.gap)?;
    if let Some(sequential) = problem.sequential {
        length("the radius of the head", sequential.head_radius)?;
        length("the height of the gantry", sequential.gantry_height)?;
    }
    for (p, plate) in problem.plates.iter().enumerate() {
        plate_fault(plate).map_err(|what| format!("plate {p} ({}): {what}", plate.name))?;
        if problem.goal == Goal::Value && plate.stock.is_none() {
            return Err(format!("plate {p} ({}): the most value asks for a stock", plate.name));
        }
    }
    for (i, part) in problem.parts.iter().enumerate() {
        part_fault(part).map_err(|what| format!("part {i} ({}): {what}", part.name))?;
    }
    begun_fault(problem)
}

fn plate_fault(plate: &PlateType) -> Result<(), String> {
    match &plate.bed {
        Bed::Rectangle([width, depth]) => {
            if !(*width > 0.0 && *depth > 0.0 && width.max(*depth) <= REACH) {
                return Err(format!("the bed is {width} x {depth}; give lengths above 0"));
            }
        }
        Bed::Circle { centre, radius } => {
            let reach = centre[0].abs().max(centre[1].abs());
            if !(*radius > 0.0 && *radius <= REACH && reach <= REACH) {
                return Err(format!("a circle of radius {radius}; give a length above 0"));
            }
        }
        Bed::Polygon(ring) => validate_ring(ring).map_err(|what| format!("the bed: {what}"))?,
    }
    length("the gap to the edge", plate.edge_gap)?;
    if !(plate.cost > 0.0 && plate.cost <= REACH) {
        return Err(format!("it costs {}; give a number above 0", plate.cost));
    }
    for (z, zone) in plate.zones.iter().enumerate() {
        validate_ring(&zone.outline).map_err(|what| format!("zone {z}: {what}"))?;
        length("the gap to a zone", zone.gap)?;
        length("the height above which a zone begins", zone.above.unwrap_or(0.0))?;
    }
    Ok(())
}

fn part_fault(part: &PlatePart) -> Result<(), String> {
    if part.copies == 0 {
        return Err("0 copies; give at least 1, or leave the part out".to_owned());
    }
    validate_ring(&part.outline)?;
    for (h, hole) in part.holes.iter().enumerate() {
        validate_ring(hole).map_err(|what| format!("hole {h}: {what}"))?;
    }
    length("the margin", part.margin)?;
    length("the height", part.height)?;
    if part.value.is_some_and(|value| !(0.0..=REACH).contains(&value)) {
        return Err("its value is no number from 0 on".to_owned());
    }
    match &part.turns {
        Some(turns) if turns.is_empty() || turns.iter().any(|turn| !turn.is_finite()) => {
            Err("a turn is missing or no number; give degrees".to_owned())
        }
        _ => Ok(()),
    }
}

fn begun_fault(problem: &PlateProblem) -> Result<(), String> {
    let mut copies = vec![0_u32; problem.parts.len()];
    for (b, begun) in problem.begun.iter().enumerate() {
        if begun.plate >= problem.plates.len() {
            return Err(format!("begun plate {b} is of kind {}, which is not there", begun.plate));
        }
        for placed in &begun.placed {
            let numbers = [placed.turn, placed.at[0], placed.at[1]];
            if placed.item >= copies.len() || numbers.iter().any(|x| !x.is_finite()) {
                return Err(format!("begun plate {b}: a placement names no part or no place"));
            }
            copies[placed.item] += 1;
        }
    }
    match copies.iter().zip(&problem.parts).position(|(found, part)| *found > part.copies) {
        Some(i) => Err(format!("part {i}: more copies stand on begun plates than are asked for")),
        None => Ok(()),
    }
}

fn length(what: &str, value: f64) -> Result<(), String> {
    if (0.0..=REACH).contains(&value) {
        Ok(())
    } else {
        Err(format!("{what} is {value}; give a length from 0 on"))
    }
}
