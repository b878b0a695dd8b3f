//! Additive machines with releases and precision, as workbooks of the benchmark UAMSP-R have them:
//! one problem a sheet, one kind of figure a row.

use std::path::Path;

use platewright_model::batching::{
    BatchClass, BatchMachine, BatchOrder, BatchPart, BatchProblem, Family, Load, Way, Weights,
};
use platewright_model::validate::batching::{AMOUNT_MAX, COUNT_MAX};

use super::foreign;
use super::workbook::{Sheet, sheet};
use crate::StoreError;
use crate::disk::read_limited;

/// Largest workbook that is read, bytes.
const BYTES_MAX: u64 = 64 << 20;
/// Figures have six decimals: one unit of time is a millionth of an hour, one of size a millionth
/// of a square centimetre. Products of a rate and a measure are rounded to it.
const SCALE: f64 = 1e6;

/// Rows of a sheet, from 0; the first numbers the columns. Rows 3 (most batches) and 15 are not
/// needed.
const MACHINES: usize = 1;
const PARTS: usize = 2;
const VOLUME: usize = 4;
const HEIGHT: usize = 5;
const AREA: usize = 6;
const PRECISION: usize = 7;
const RELEASE: usize = 8;
const HEIGHT_MAX: usize = 9;
const AREA_MAX: usize = 10;
const PRECISION_MAX: usize = 11;
const SETUP: usize = 12;
const PER_VOLUME: usize = 13;
const PER_HEIGHT: usize = 14;

/// Reads the sheet `number`, from 1 on.
pub(super) fn read(path: &Path, number: usize) -> Result<BatchProblem, StoreError> {
    let read = || -> Result<BatchProblem, String> {
        let bytes = read_limited(path, BYTES_MAX)?;
        let table = Table::new(sheet(&bytes, number)?);
        let problem = table.problem().map_err(|e| format!("sheet {:?}: {e}", table.0.name))?;
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        Ok(BatchProblem { name: format!("{stem}-{}", table.0.name), ..problem })
    };
    read().map_err(|reason| foreign(path, reason))
}

/// A sheet, and the column that its figures begin in: there the first row has 0.
struct Table(Sheet, usize);

/// A machine as the sheet tells it.
#[derive(PartialEq)]
struct Machine {
    height: f64,
    area: f64,
    precision: f64,
    setup: f64,
    per_volume: f64,
    per_height: f64,
}

impl Table {
    fn new(sheet: Sheet) -> Self {
        // Some programs put the numbers of the rows into a column of their own.
        let numbers = sheet.cells.range((0, 0)..(1, 0));
        let begin = numbers.filter(|(_, value)| **value == 0.0).map(|(at, _)| at.1).next();
        Self(sheet, begin.unwrap_or(0))
    }

    fn problem(&self) -> Result<BatchProblem, String> {
        let (machines, parts) = (self.count(MACHINES)?, self.count(PARTS)?);
        let machines: Vec<Machine> =
            (0..machines).map(|m| self.machine(m)).collect::<Result<_, _>>()?;
        let mut kinds: Vec<&Machine> = Vec::new();
        let mut classes = Vec::new();
        for machine in &machines {
            let known = kinds.iter().position(|kind| *kind == machine);
            classes.push(known.unwrap_or(kinds.len()));
            if known.is_none() {
                kinds.push(machine);
            }
        }
        let parts = (0..parts).map(|p| self.part(p, &kinds)).collect::<Result<Vec<_>, _>>()?;
        Ok(BatchProblem {
            rate_span: 1,
            mass_span: 1,
            objective: Weights {
                production: 0,
                freight: 0,
                lateness: 0,
                makespan: 1,
                ..Weights::default()
            },
            classes: kinds.iter().map(|kind| class(kind)).collect::<Result<_, _>>()?,
            families: vec![Family { machines: (0..machines.len()).collect(), ..Family::default() }],
            machines: classes
                .into_iter()
                .map(|class| BatchMachine { class, ..BatchMachine::default() })
                .collect(),
            freight: vec![vec![Some(Way::default())]],
            orders: vec![BatchOrder::default(); parts.len()],
            parts,
            ..BatchProblem::default()
        })
    }

    fn machine(&self, m: usize) -> Result<Machine, String> {
        Ok(Machine {
            height: self.figure(HEIGHT_MAX, m)?,
            area: self.figure(AREA_MAX, m)?,
            precision: self.figure(PRECISION_MAX, m)?,
            setup: self.figure(SETUP, m)?,
            per_volume: self.figure(PER_VOLUME, m)?,
            per_height: self.figure(PER_HEIGHT, m)?,
        })
    }

    /// A part, an order of its own, and what it takes on each kind of machine.
    ///
    /// A machine prints parts up to its precision, as it does up to its height and area: the
    /// benchmark calls all three greatest values, and its machines of the highest class of
    /// precision are the slowest for a height, which is what fine layers cost.
    fn part(&self, p: usize, kinds: &[&Machine]) -> Result<BatchPart, String> {
        let [volume, height, area] = [VOLUME, HEIGHT, AREA].map(|row| self.figure(row, p));
        let (volume, height, area) = (volume?, height?, area?);
        let precision = self.figure(PRECISION, p)?;
        let load = |kind: &&Machine| -> Result<Option<Load>, String> {
            if height > kind.height || area > kind.area || precision > kind.precision {
                return Ok(None);
            }
            let (add, peak) = (volume * kind.per_volume, height * kind.per_height);
            Ok(Some(Load { size: whole(area)?, add: whole(add)?, peak: whole(peak)? }))
        };
        Ok(BatchPart {
            order: p,
            copies: 1,
            release: whole(self.figure(RELEASE, p)?)?,
            loads: kinds.iter().map(load).collect::<Result<_, _>>()?,
            ..BatchPart::default()
        })
    }

    fn figure(&self, row: usize, k: usize) -> Result<f64, String> {
        let column = self.1 + k;
        let found = self.0.cells.get(&(row, column)).filter(|value| **value >= 0.0);
        found.copied().ok_or_else(|| {
            let (row, column) = (row + 1, column + 1);
            format!("row {row}, column {column} must hold a number of at least 0")
        })
    }

    fn count(&self, row: usize) -> Result<usize, String> {
        let count = self.figure(row, 0)?;
        if count < 1.0 || count > COUNT_MAX as f64 || count.fract() != 0.0 {
            let row = row + 1;
            return Err(format!(
                "row {row} must hold a count from 1 to {COUNT_MAX}, holds {count}"
            ));
        }
        Ok(count as usize)
    }
}

fn class(machine: &Machine) -> Result<BatchClass, String> {
    Ok(BatchClass {
        name: format!("{} cm2, precision {}", machine.area, machine.precision),
        capacity: whole(machine.area)?,
        setup: whole(machine.setup)?,
        ..BatchClass::default()
    })
}

/// A figure in whole units.
fn whole(figure: f64) -> Result<i64, String> {
    let scaled = (figure * SCALE).round();
    if !(0.0..=AMOUNT_MAX as f64).contains(&scaled) {
        return Err(format!("{figure} is more than can be planned with"));
    }
    Ok(scaled as i64)
}
