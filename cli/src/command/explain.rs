//! `platewright explain`: why here, why not there, why not at all.

mod batches;
mod capacity;
mod night;

use platewright_model::explain::BuildExplanation;
use platewright_pipeline::{Answer, PipelineError, explain};

use super::saved;
use crate::args::ExplainArgs;
use crate::exit::{Exit, Failure, chain};
use crate::output::{say, say_json};

pub(crate) fn run(args: &ExplainArgs) -> Result<Exit, Failure> {
    if let Some(instance) = &args.instance {
        return match &args.subject {
            Some(subject) => batches::run(args, instance, subject),
            None => capacity::run(args, instance),
        };
    }
    if args.capacity {
        return night::run(args);
    }
    let run = saved::open(&args.run)?;
    let subject = args.subject.as_deref().unwrap_or_default();
    let answer = explain(&run.plan, subject).map_err(|e| match e {
        PipelineError::UnknownSubject { .. } => Failure::input(chain(&e)),
        _ => Failure::other(chain(&e)),
    })?;
    if args.json {
        say_json(&answer)?;
    } else {
        show(&answer, &run.plan.night.currency);
    }
    Ok(Exit::Done)
}

fn show(answer: &Answer, currency: &str) {
    for build in &answer.builds {
        show_build(build, currency);
    }
    for unplaced in &answer.unplaced {
        say(&format!("unit {} has no build: {}", unplaced.unit, unplaced.text));
    }
    for delivery in &answer.deliveries {
        let late = if delivery.late.0 > 0 {
            format!("{:.1} h late", delivery.late.hours())
        } else {
            "in time".to_owned()
        };
        let whole = if delivery.complete { "" } else { ", not complete" };
        say(&format!("order {} arrives {}, {late}{whole}", delivery.order, delivery.arrives));
    }
}

fn show_build(build: &BuildExplanation, currency: &str) {
    say(&format!(
        "build {} is on {} from {} to {}: {}",
        build.build, build.machine, build.span.0, build.span.1, build.group
    ));
    for other in &build.alternatives {
        let cost = match other.extra_cost {
            Some(extra) => format!("{:+.2} {currency}", extra.0 as f64 / 100.0),
            None => "cannot".to_owned(),
        };
        say(&format!("  on {}: {cost}; {}", other.machine, other.text));
    }
}
