//! Parts of given outlines and processing times on identical machines, as tables of the data set
//! nestSchedAM have them (Nascimento et al. 2024, European Journal of Operational Research 317).

use std::path::{Path, PathBuf};

use platewright_model::batching::{
    BatchClass, BatchMachine, BatchOrder, BatchPart, BatchProblem, Family, Load, Way, Weights,
};
use platewright_model::plate::{Bed, PlatePart, PlateProblem, PlateType};
use platewright_model::validate::batching::AMOUNT_MAX;
use serde::Deserialize;

use super::foreign;
use crate::StoreError;
use crate::instance::open;

/// Side of the board. The papers place outlines on dots of a square grid over it; with this side,
/// and whole outlines on the board, published optima come out.
const SIDE: f64 = 20.0;
/// Units of size in one of area. Areas are rounded down, so that no packing is ruled out.
const SCALE: f64 = 1e6;
/// Where the outlines lie, in the folder of the number of parts.
const OUTLINES: &str = "1.Polygons/allPolygons.txt";
/// How far below that folder a table may lie.
const DEPTH: usize = 4;
/// Share by which the area of an outline may differ from that of the table.
const ROUNDING: f64 = 1e-6;

/// A part of a table; the first column numbers them.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Row {
    proc_time: f64,
    release: f64,
    due: f64,
    area: f64,
}

/// Reads a table of parts on identical machines (nestSchedAM) with the outlines of the parts.
///
/// Each part is an order of its own whose lateness counts; a batch takes as long as its longest
/// part and begins once all of its parts are released. The number of machines stands in the name
/// of the file (`_2Machines_`). Batches are limited by area, in millionths; whether the outlines of
/// a batch fit the board of 20 × 20, without turning, is for a nester to say: they are the parts of
/// the plate problem, in the same order.
///
/// # Errors
/// [`StoreError::Io`], [`StoreError::Json`] for a file too large, [`StoreError::Foreign`].
pub fn read_nested_batches(path: &Path) -> Result<(BatchProblem, PlateProblem), StoreError> {
    let (problem, rows) = read_table(path)?;
    let found = outlines_of(path)
        .ok_or_else(|| foreign(path, format!("there is no {OUTLINES} in a folder above it")))?;
    let outlines = open(&found)?;
    let outlines = parse_outlines(&outlines).map_err(|reason| foreign(&found, reason))?;
    if outlines.len() != rows.len() {
        let reason = format!("it has {} outlines for {} parts", outlines.len(), rows.len());
        return Err(foreign(&found, reason));
    }
    let plate = PlateType { bed: Bed::Rectangle([SIDE; 2]), ..PlateType::default() };
    let part = |outline| PlatePart { outline, turns: Some(vec![0.0]), ..PlatePart::default() };
    let parts: Vec<PlatePart> = outlines.into_iter().map(part).collect();
    for (k, (part, row)) in parts.iter().zip(&rows).enumerate() {
        let area = part.area();
        if (area - row.area).abs() > ROUNDING * row.area {
            let reason = format!(
                "outline {k} has area {area}, part {k} of {} has {}: they are in another order",
                path.display(),
                row.area
            );
            return Err(foreign(&found, reason));
        }
    }
    let name = problem.name.clone();
    Ok((problem, PlateProblem { name, plates: vec![plate], parts, ..PlateProblem::default() }))
}

/// The problem alone.
pub(super) fn read(path: &Path) -> Result<BatchProblem, StoreError> {
    read_table(path).map(|(problem, _)| problem)
}

fn read_table(path: &Path) -> Result<(BatchProblem, Vec<Row>), StoreError> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let machines = machines_of(&stem).ok_or_else(|| {
        foreign(path, "its name must tell the number of machines, such as _2Machines_")
    })?;
    let text = open(path)?;
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows: Result<Vec<Row>, csv::Error> = reader.deserialize().collect();
    let rows = rows.map_err(|error| foreign(path, error.to_string()))?;
    let (mut orders, mut parts) = (Vec::new(), Vec::new());
    for (k, row) in rows.iter().enumerate() {
        let told = |reason| foreign(path, format!("part {k}: {reason}"));
        let due = Some(whole("Due", row.due, 1.0).map_err(told)?);
        orders.push(BatchOrder { due, weight: 1, ..BatchOrder::default() });
        let size = whole("Area", (row.area * SCALE).floor(), SCALE).map_err(told)?;
        let peak = whole("ProcTime", row.proc_time, 1.0).map_err(told)?;
        parts.push(BatchPart {
            order: k,
            copies: 1,
            release: whole("Release", row.release, 1.0).map_err(told)?,
            loads: vec![Some(Load { size, add: 0, peak })],
            ..BatchPart::default()
        });
    }
    let capacity = (SIDE * SIDE * SCALE) as i64;
    let problem = BatchProblem {
        name: stem,
        rate_span: 1,
        mass_span: 1,
        objective: Weights { production: 0, freight: 0, ..Weights::default() },
        classes: vec![BatchClass { capacity, ..BatchClass::default() }],
        machines: vec![BatchMachine::default(); machines],
        families: vec![Family { machines: (0..machines).collect(), ..Family::default() }],
        freight: vec![vec![Some(Way::default())]],
        orders,
        parts,
        ..BatchProblem::default()
    };
    Ok((problem, rows))
}

/// The number before `Machines` in a name such as `15Jobs_2Machines_…`.
fn machines_of(stem: &str) -> Option<usize> {
    let words = stem.split('_').filter_map(|word| word.strip_suffix("Machines"));
    words.filter_map(|number| number.parse().ok()).find(|count| (1..=10_000).contains(count))
}

/// A number without a fraction, given in units of `unit`.
fn whole(name: &str, value: f64, unit: f64) -> Result<i64, String> {
    if value.fract() != 0.0 || !(0.0..=AMOUNT_MAX as f64).contains(&value) {
        let value = value / unit;
        return Err(format!(
            "{name} must be a number of at least 0 that can be planned with \
                            exactly, is {value}"
        ));
    }
    Ok(value as i64)
}

/// The outlines of a table: in the nearest folder above it that has them.
fn outlines_of(path: &Path) -> Option<PathBuf> {
    let folders = path.ancestors().skip(1).take(DEPTH);
    folders.map(|folder| folder.join(OUTLINES)).find(|file| file.is_file())
}

/// Outlines, one a line: `[(0, 0), (4.5, 0), (0, 3)],`.
fn parse_outlines(text: &str) -> Result<Vec<Vec<[f64; 2]>>, String> {
    let lines = text.lines().map(|line| line.trim().trim_end_matches(',')).enumerate();
    let filled = lines.filter(|(_, line)| !line.is_empty());
    filled
        .map(|(k, line)| {
            parse_outline(line).ok_or_else(|| {
                format!("line {} must be an outline such as [(0, 0), (4.5, 0), (0, 3)]", k + 1)
            })
        })
        .collect()
}

fn parse_outline(line: &str) -> Option<Vec<[f64; 2]>> {
    let inner = line.strip_prefix('[')?.strip_suffix(']')?.trim();
    let inner = inner.strip_prefix('(')?.strip_suffix(')')?;
    let corner = |text: &str| -> Option<[f64; 2]> {
        let (x, y) = text.split_once(',')?;
        let number = |text: &str| text.trim().parse::<f64>().ok().filter(|x| x.is_finite());
        Some([number(x)?, number(y)?])
    };
    // Between two corners stand a bracket, a comma, spaces and a bracket.
    let pieces = inner.split(')');
    pieces
        .enumerate()
        .map(|(k, piece)| {
            let piece = if k == 0 { piece } else { piece.trim().strip_prefix(',')?.trim() };
            corner(if k == 0 { piece } else { piece.strip_prefix('(')? })
        })
        .collect()
}
