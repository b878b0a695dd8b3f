//! All rules, along the flow.

use platewright_model::run::RunContext;

use crate::facts::Facts;
use crate::{
    Evidence, Rule, Violation, assignment, cost, kept, orders, packages, placements, rules,
    schedule, slices,
};

/// Verifies a planned night against what was ordered; an empty answer is a valid plan.
///
/// Violations are sorted and the same for any number of threads. A run that is cancelled gets
/// [`Rule::Incomplete`], so that what was not looked at is never taken for valid; a time budget
/// does not stop the verifier.
pub fn check(evidence: &Evidence<'_>, ctx: &RunContext) -> Vec<Violation> {
    let facts = Facts::gather(evidence);
    let mut found = Vec::new();
    let arrows: [Arrow; 9] = [
        ("orders", |e, f| orders::check(e, f)),
        ("placements", |e, f| placements::check(e, f)),
        ("rules", |e, f| rules::check(e, f)),
        ("assignment", |e, f| assignment::check(e, f)),
        ("kept", |e, f| kept::check(e, f)),
        ("schedule", |e, f| schedule::check(e, f)),
        ("cost", |e, f| cost::check(e, f)),
        ("slices", |e, f| slices::check(e, f)),
        ("packages", |e, f| packages::check(e, f)),
    ];
    let total = arrows.len() as u64;
    for (done, (name, arrow)) in (0..).zip(arrows) {
        if ctx.cancel.is_cancelled() {
            let text = format!("cancelled before {name} were looked at; run the check again");
            found.push(Violation::new(Rule::Incomplete, "plan", text));
            break;
        }
        ctx.report("check", done, total, name);
        found.extend(arrow(evidence, &facts));
    }
    ctx.report("check", total, total, "done");
    found.sort();
    found.dedup();
    found
}

/// Name and rules of one arrow of the flow.
type Arrow = (&'static str, fn(&Evidence<'_>, &Facts<'_>) -> Vec<Violation>);
