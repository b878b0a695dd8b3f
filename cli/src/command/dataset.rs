//! `platewright dataset`: a night to try things on.

use platewright_datasets::{NightOptions, night, write_night};

use crate::args::DatasetArgs;
use crate::exit::{Exit, Failure, chain};
use crate::output::say;

pub(crate) fn run(args: &DatasetArgs) -> Result<Exit, Failure> {
    if args.name != "night" {
        return Err(Failure::input(format!("no dataset {:?}; there is: night", args.name)));
    }
    let generated =
        night(&NightOptions::units(args.size, args.seed)).map_err(|e| Failure::input(chain(&e)))?;
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
