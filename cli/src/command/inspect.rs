//! `platewright inspect`: facts and faults of models, and corrected versions of them.

mod processes;
mod repaired;
mod table;

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use platewright_mesh::{PrintNeeds, TriMesh, printability};
use platewright_model::config::Limits;
use platewright_model::run::{Listener, Progress};
use platewright_model::stage::{PartRecord, Verdict};
use rayon::prelude::*;

use super::model_file::{default_limits, load};
use crate::args::InspectArgs;
use crate::exit::{Exit, Failure};
use crate::output::{complain, say, say_json};
use crate::progress::Screen;
use repaired::Folder;

pub(crate) fn run(args: &InspectArgs) -> Result<Exit, Failure> {
    let limits = default_limits();
    let needs = processes::chosen(args)?;
    let folder = args.repair.as_deref().map(|dir| Folder::create(dir, args)).transpose()?;
    let screen = Screen::new(false);
    let done = AtomicU64::new(0);
    let total = args.models.len() as u64;
    let results: Vec<Result<PartRecord, Failure>> = args
        .models
        .par_iter()
        .enumerate()
        .map(|(i, path)| {
            let result =
                one(args, path, &limits, &needs).and_then(|(record, mesh)| match (&folder, mesh) {
                    (Some(folder), Some(mesh)) => folder.write(i, path, record, mesh, &limits),
                    _ => Ok(record),
                });
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            let text = &path.display().to_string();
            screen.report(&Progress { stage: "inspect", done, total, text });
            result
        })
        .collect();
    screen.finish();
    let mut records = Vec::new();
    let mut exit = Exit::Done;
    for result in results {
        match result {
            Ok(record) => {
                if record.verdict == Verdict::NotPrintable {
                    exit = Exit::BadInput;
                }
                records.push(record);
            }
            Err(failure) => {
                complain(&format!("error: {failure}"));
                exit = Exit::BadInput;
            }
        }
    }
    if let Some(folder) = &folder {
        folder.write_report(&records)?;
    }
    if args.json {
        say_json(&records)?;
    } else {
        records.iter().for_each(|record| say(&table::of(record)));
    }
    Ok(exit)
}

/// Reads, corrects and judges one model.
fn one(
    args: &InspectArgs,
    path: &Path,
    limits: &Limits,
    needs: &[PrintNeeds],
) -> Result<(PartRecord, Option<TriMesh>), Failure> {
    let (mut record, mesh) = load(path, args.unit, limits)?;
    if let Some(mesh) = &mesh {
        record.printability = printability(mesh, &record, needs);
    }
    Ok((record, mesh))
}
