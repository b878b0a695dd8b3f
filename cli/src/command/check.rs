//! `platewright check`: the independent verifier over a run folder, or over a plan of batches.

use platewright_check::check_batches;
use platewright_store::read_batch_plan;
use serde_json::json;

use super::review::verify_run;
use super::{saved, schedule};
use crate::args::CheckArgs;
use crate::exit::{Exit, Failure, chain};
use crate::output::{say, say_json};

pub(crate) fn run(args: &CheckArgs) -> Result<Exit, Failure> {
    if args.run.is_file() {
        return batches(args);
    }
    if args.instance.is_some() {
        return Err(Failure::input("--instance is for plans of batches; a run has its own orders"));
    }
    let run = saved::open(&args.run)?;
    let violations = verify_run(&run.dir, &run.plan, &run.record, &saved::context(&run));
    if args.json {
        let list: Vec<_> = violations
            .iter()
            .map(|v| json!({ "rule": v.code.name(), "subject": v.subject, "text": v.text }))
            .collect();
        say_json(&json!({ "valid": list.is_empty(), "violations": list }))?;
    } else {
        for violation in &violations {
            say(&violation.to_string());
        }
        let units = run.plan.order_book.units.len();
        say(&format!("{} violations in {} builds of {units} units", violations.len(), {
            run.plan.build_plan.builds.len()
        }));
    }
    Ok(if violations.is_empty() { Exit::Done } else { Exit::Invalid })
}

/// A plan of batches, by the problem that it is for.
fn batches(args: &CheckArgs) -> Result<Exit, Failure> {
    let Some(instance) = &args.instance else {
        return Err(Failure::input(format!(
            "{} is a file: give the folder of a run, or for a plan of batches its problem with \
             --instance",
            args.run.display()
        )));
    };
    let problem = schedule::problem(instance, args.number)?;
    let plan = read_batch_plan(&args.run).map_err(|e| Failure::input(chain(&e)))?;
    let faults: Vec<String> =
        check_batches(&problem, &plan).iter().map(ToString::to_string).collect();
    let batches: usize = plan.machines.iter().map(Vec::len).sum();
    if args.json {
        say_json(&json!({ "valid": faults.is_empty(), "violations": faults }))?;
    } else {
        faults.iter().for_each(|fault| say(fault));
        say(&format!("{} violations in {batches} batches", faults.len()));
    }
    Ok(if faults.is_empty() { Exit::Done } else { Exit::Invalid })
}
