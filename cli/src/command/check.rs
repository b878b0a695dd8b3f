//! `platewright check`: the independent verifier over a run folder.

use serde_json::json;

use super::review::verify_run;
use super::saved;
use crate::args::RunArgs;
use crate::exit::{Exit, Failure};
use crate::output::{say, say_json};

pub(crate) fn run(args: &RunArgs) -> Result<Exit, Failure> {
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
