//! Batch scheduling problems: a family over many centres, and the models of the literature.

mod additive;
mod amb;
mod classic;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::Path;

use platewright_model::batching::{BatchMachine, BatchOrder, BatchProblem, Family, Way, Weights};

use self::additive::{MACHINES as ADDITIVE_MACHINES, additive};
pub use self::amb::{AmbOptions, amb};
use self::classic::{Classic, classic};
use crate::error::DatasetError;

/// Most parts of a problem.
pub const MOST_PARTS: u32 = 1_000_000;
/// Parts of the problems unless asked otherwise, as the literature has them.
const SIZES: [u32; 4] = [10, 20, 50, 100];
/// Parts of the problems over many centres for which results are known.
const AMB_SIZES: [u32; 3] = [50, 200, 1000];

/// Thirty batch scheduling problems of each number of parts, each part an order of its own:
///
/// - makespan on one machine and on 2 or 4 identical ones, times to 10 or 20, capacity 10, sizes 1
///   to 10, 2 to 4 or 4 to 8, in the manner of Melouk, Damodaran, Chang 2004 (International
///   Journal of Production Economics 87) and Chang, Damodaran, Melouk 2004 (International Journal
///   of Production Research 42);
/// - makespan on three unrelated machines of unlike capacity, with releases;
/// - weighted tardiness on all three kinds of machines, with loose and tight due dates;
/// - makespan of additive machines with set-up, volume and height, releases and classes of
///   precision, on 2, 5 and 10 machines.
///
/// The name of a problem says what it is: `one-20-p10-s2to4`. The same seed gives the same
/// problems.
///
/// # Errors
/// E1095: a number of parts that no problem can have.
pub fn batch_jobs(parts: &[u32], seed: u64) -> Result<Vec<BatchProblem>, DatasetError> {
    let mut problems = Vec::new();
    for &parts in parts {
        check_parts(parts)?;
        problems.extend(Classic::all().map(|what| classic(&what, parts, seed)));
        problems.extend(ADDITIVE_MACHINES.map(|machines| additive(machines, parts, seed)));
    }
    Ok(problems)
}

/// Writes [`batch_jobs`] of 10, 20, 50 and 100 parts, or of another number, to a folder, each as
/// `NAME.json`. Returns the number of problems and of parts in all.
///
/// # Errors
/// E1092: a file cannot be written; E1095.
pub fn write_batch_jobs(
    out: &Path,
    parts: Option<u32>,
    seed: u64,
) -> Result<(usize, usize), DatasetError> {
    let problems = match parts {
        Some(parts) => batch_jobs(&[parts], seed)?,
        None => batch_jobs(&SIZES, seed)?,
    };
    write(out, &problems)
}

/// Writes [`amb`] of 50, 200 and 1,000 parts, or of another number, to a folder, each as
/// `amb-N-SEED.json`. Returns the number of problems and of parts in all.
///
/// # Errors
/// E1092: a file cannot be written; E1095.
pub fn write_amb(
    out: &Path,
    parts: Option<u32>,
    seed: u64,
) -> Result<(usize, usize), DatasetError> {
    let parts = parts.map_or(AMB_SIZES.to_vec(), |parts| vec![parts]);
    let problems: Result<Vec<_>, _> =
        parts.into_iter().map(|parts| amb(&AmbOptions::of(parts, seed))).collect();
    write(out, &problems?)
}

fn write(out: &Path, problems: &[BatchProblem]) -> Result<(usize, usize), DatasetError> {
    fs::create_dir_all(out)
        .map_err(|source| DatasetError::Write { path: out.to_owned(), source })?;
    for problem in problems {
        let path = out.join(format!("{}.json", problem.name));
        let mut text = serde_json::to_vec(problem).expect("problems are plain data");
        text.push(b'\n');
        fs::write(&path, text).map_err(|source| DatasetError::Write { path, source })?;
    }
    Ok((problems.len(), problems.iter().map(|problem| problem.parts.len()).sum()))
}

fn check_parts(parts: u32) -> Result<(), DatasetError> {
    if (1..=MOST_PARTS).contains(&parts) {
        return Ok(());
    }
    Err(DatasetError::Parts { parts, most: MOST_PARTS })
}

/// What the models of the literature have in common: one centre, one region, one material, and
/// nothing that counts but the end of the last batch or the lateness of each part.
fn plain(
    name: String,
    tardiness: bool,
    machines: Vec<BatchMachine>,
    orders: Vec<BatchOrder>,
) -> BatchProblem {
    let lateness = i64::from(tardiness);
    BatchProblem {
        name,
        rate_span: 1,
        mass_span: 1,
        objective: Weights {
            production: 0,
            freight: 0,
            lateness,
            makespan: 1 - lateness,
            ..Weights::default()
        },
        families: vec![Family { machines: (0..machines.len()).collect(), ..Family::default() }],
        machines,
        freight: vec![vec![Some(Way::default())]],
        orders,
        ..BatchProblem::default()
    }
}
