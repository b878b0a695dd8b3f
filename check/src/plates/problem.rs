//! Whether a problem can be judged at all.

use platewright_model::plate::{Bed, PlatePart, PlateProblem, PlateType};
use platewright_model::strip::ring_area;

use super::fault::PlateFault;
use super::grid::{Grid, extent, origin};

/// Extents of plates that the grid serves, mm.
const EXTENTS: std::ops::RangeInclusive<f64> = 1e-6..=1e9;

/// Share of a triangle's sides by which its area must differ from 0 to be sure of its sign.
const SURE: f64 = 1e-12;

/// What makes a problem useless: numbers that are none or negative, rings that enclose nothing or
/// cross themselves.
pub(super) fn faults(problem: &PlateProblem) -> Vec<PlateFault> {
    let mut faults = Vec::new();
    let mut fault = |what: String| faults.push(PlateFault::BadProblem { what });
    if !is_length(problem.gap) {
        fault(format!("its gap is {} mm", problem.gap));
    }
    if let Some(sequential) = problem.sequential {
        let lengths = [sequential.head_radius, sequential.gantry_height];
        if !lengths.into_iter().all(is_length) {
            fault(format!("head and gantry are {lengths:?} mm"));
        }
    }
    for (index, kind) in problem.plates.iter().enumerate() {
        plate(kind).into_iter().for_each(|what| fault(format!("plate kind {index}: {what}")));
    }
    for (index, one) in problem.parts.iter().enumerate() {
        part(one).into_iter().for_each(|what| fault(format!("part {index}: {what}")));
    }
    let extent = extent(problem);
    if faults.is_empty() && !problem.plates.is_empty() && !EXTENTS.contains(&extent) {
        let what = format!("plates of an extent of {extent} mm");
        faults.push(PlateFault::BadProblem { what });
    }
    if faults.is_empty() {
        let grid = Grid::over(problem);
        let kinds = problem.plates.iter().enumerate();
        let thin = kinds.filter(|(_, kind)| is_thin(kind, &grid));
        faults.extend(thin.map(|(index, _)| PlateFault::BadProblem {
            what: format!("plate kind {index}: its bed or a zone is too thin to be judged"),
        }));
    }
    faults
}

/// Whether the bed or a zone encloses nothing on the grid.
fn is_thin(kind: &PlateType, grid: &Grid) -> bool {
    let bed = match &kind.bed {
        Bed::Polygon(ring) => Some(ring),
        Bed::Rectangle(_) | Bed::Circle { .. } => None,
    };
    let rings = bed.into_iter().chain(kind.zones.iter().map(|zone| &zone.outline));
    rings.into_iter().any(|ring| grid.region(origin(&kind.bed), &[ring]).is_err())
}

fn is_length(x: f64) -> bool {
    x.is_finite() && x >= 0.0
}

fn plate(kind: &PlateType) -> Vec<String> {
    let mut faults = Vec::new();
    match &kind.bed {
        Bed::Rectangle(corner) if corner.iter().all(|x| x.is_finite() && *x > 0.0) => {}
        Bed::Rectangle(corner) => faults.push(format!("a bed of {corner:?} mm")),
        Bed::Circle { centre, radius } => {
            if !(centre.iter().all(|x| x.is_finite()) && radius.is_finite() && *radius > 0.0) {
                faults.push(format!("a round bed of radius {radius} mm at {centre:?}"));
            }
        }
        Bed::Polygon(ring) => faults.extend(rings("its bed", &[ring])),
    }
    if !is_length(kind.edge_gap) {
        faults.push(format!("an edge gap of {} mm", kind.edge_gap));
    }
    for (index, zone) in kind.zones.iter().enumerate() {
        faults.extend(rings(&format!("zone {index}"), &[&zone.outline]));
        if !is_length(zone.gap) {
            faults.push(format!("zone {index} has a gap of {} mm", zone.gap));
        }
        if let Some(above) = zone.above.filter(|above| !is_length(*above)) {
            faults.push(format!("zone {index} begins {above} mm above the plate"));
        }
    }
    faults
}

fn part(part: &PlatePart) -> Vec<String> {
    let all: Vec<&Vec<[f64; 2]>> = std::iter::once(&part.outline).chain(&part.holes).collect();
    let mut faults: Vec<String> = rings("its outline, or a hole,", &all).into_iter().collect();
    if !is_length(part.margin) {
        faults.push(format!("a margin of {} mm", part.margin));
    }
    if !is_length(part.height) {
        faults.push(format!("a height of {} mm", part.height));
    }
    faults
}

/// What is wrong with rings that should each be simple, and not cross one another.
fn rings(name: &str, rings: &[&Vec<[f64; 2]>]) -> Option<String> {
    if rings.iter().any(|ring| ring.len() < 3) {
        return Some(format!("{name} has less than three corners"));
    }
    if rings.iter().any(|ring| ring.iter().flatten().any(|x| !x.is_finite())) {
        return Some(format!("{name} has a corner that is no number"));
    }
    if ring_area(rings[0]) == 0.0 {
        return Some(format!("{name} encloses nothing"));
    }
    crosses(rings).then(|| format!("{name} crosses itself"))
}

/// Whether two edges surely run through one another: edges that nearly touch are let pass.
fn crosses(rings: &[&Vec<[f64; 2]>]) -> bool {
    let edges = rings.iter().flat_map(|ring| {
        let next = ring.iter().cycle().skip(1);
        ring.iter().zip(next).map(|(a, b)| [*a, *b])
    });
    let low = |e: &[[f64; 2]; 2], k: usize| e[0][k].min(e[1][k]);
    let high = |e: &[[f64; 2]; 2], k: usize| e[0][k].max(e[1][k]);
    let mut edges: Vec<[[f64; 2]; 2]> = edges.collect();
    edges.sort_by(|e, f| low(e, 0).total_cmp(&low(f, 0)));
    edges.iter().enumerate().any(|(rank, e)| {
        let ahead = edges[rank + 1..].iter().take_while(|f| low(f, 0) <= high(e, 0));
        let mut beside = ahead.filter(|f| low(f, 1) <= high(e, 1) && low(e, 1) <= high(f, 1));
        beside.any(|f| {
            let apart = |one: f64, other: f64| one * other < 0.0;
            apart(turn_of(e, f[0]), turn_of(e, f[1])) && apart(turn_of(f, e[0]), turn_of(f, e[1]))
        })
    })
}

/// Sign of the turn from an edge to a point, 0 if it is not sure.
fn turn_of([a, b]: &[[f64; 2]; 2], c: [f64; 2]) -> f64 {
    let (one, other) = ((b[0] - a[0]) * (c[1] - a[1]), (b[1] - a[1]) * (c[0] - a[0]));
    let turn = one - other;
    if turn.abs() > SURE * (one.abs() + other.abs()) { turn.signum() } else { 0.0 }
}
