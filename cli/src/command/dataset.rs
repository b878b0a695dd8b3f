//! `platewright dataset`: nights, models and instances of nesting and scheduling to try things on.

use platewright_datasets::faulty::{CASES, Corpus, write_faults};
use platewright_datasets::{
    DatasetError, NightOptions, night, write_amb, write_batch_jobs, write_kit, write_night,
    write_plate_jobs, write_volume_jobs,
};

use crate::args::{DatasetArgs, DatasetName};
use crate::exit::{Exit, Failure, chain};
use crate::output::say;

/// Units of a night unless asked otherwise.
const UNITS: u32 = 900;

pub(crate) fn run(args: &DatasetArgs) -> Result<Exit, Failure> {
    match args.name {
        DatasetName::Night => generate(args),
        DatasetName::Kit => kit(args),
        DatasetName::Faults => faults(args),
        DatasetName::Plates => plates(args),
        DatasetName::Volumes => volumes(args),
        DatasetName::Amb => batches(args, write_amb(&args.out, args.size, args.seed)),
        DatasetName::Batches => batches(args, write_batch_jobs(&args.out, args.size, args.seed)),
    }
}

fn kit(args: &DatasetArgs) -> Result<Exit, Failure> {
    let folder = args.models.as_ref().ok_or_else(|| Failure::input("kit needs --models"))?;
    let (models, units) =
        write_kit(folder, args.orders, &args.out).map_err(|e| Failure::input(chain(&e)))?;
    say(&format!(
        "{}: {} orders of a kit of {units} units of {models} models",
        args.out.display(),
        args.orders
    ));
    Ok(Exit::Done)
}

fn faults(args: &DatasetArgs) -> Result<Exit, Failure> {
    let cases = args.size.unwrap_or(CASES);
    let options = Corpus { cases, seed: args.seed, real: args.models.clone() };
    let (cases, triangles) =
        write_faults(&args.out, &options).map_err(|e| Failure::other(chain(&e)))?;
    say(&format!(
        "{}: {cases} models of {triangles} triangles in all, what they should be in truth.json",
        args.out.display()
    ));
    Ok(Exit::Done)
}

fn plates(args: &DatasetArgs) -> Result<Exit, Failure> {
    let (jobs, parts) =
        write_plate_jobs(&args.out, args.seed).map_err(|e| Failure::other(chain(&e)))?;
    say(&format!("{}: {jobs} plate jobs of {parts} parts in all", args.out.display()));
    Ok(Exit::Done)
}

fn volumes(args: &DatasetArgs) -> Result<Exit, Failure> {
    let (jobs, parts) =
        write_volume_jobs(&args.out, args.seed).map_err(|e| Failure::other(chain(&e)))?;
    say(&format!("{}: {jobs} volume jobs of {parts} parts in all", args.out.display()));
    Ok(Exit::Done)
}

fn batches(
    args: &DatasetArgs,
    written: Result<(usize, usize), DatasetError>,
) -> Result<Exit, Failure> {
    let (problems, parts) = written.map_err(|e| match e {
        DatasetError::Parts { .. } => Failure::input(chain(&e)),
        _ => Failure::other(chain(&e)),
    })?;
    let out = args.out.display();
    say(&format!("{out}: {problems} batch scheduling problems of {parts} parts in all"));
    Ok(Exit::Done)
}

fn generate(args: &DatasetArgs) -> Result<Exit, Failure> {
    let generated = night(&NightOptions::units(args.size.unwrap_or(UNITS), args.seed))
        .map_err(|e| Failure::input(chain(&e)))?;
    write_night(&args.out, &generated).map_err(|e| Failure::other(chain(&e)))?;
    let lines = generated.orders.orders.iter().flat_map(|order| &order.lines);
    let units: f64 = lines.map(|line| line.quantity).sum();
    let machines: usize = generated.centres.centres.iter().map(|c| c.machines.len()).sum();
    say(&format!(
        "{}: {} orders, {units} units of {} models, {machines} machines in {} centres, seed {}",
        args.out.display(),
        generated.orders.orders.len(),
        generated.models.len(),
        generated.centres.centres.len(),
        args.seed,
    ));
    Ok(Exit::Done)
}
