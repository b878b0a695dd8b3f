//! What a plan looks like: verified, in figures, as a report.

use std::collections::{BTreeMap, BTreeSet};

use platewright_check::{Violation, check};
use platewright_model::config::Config;
use platewright_model::id::BuildId;
use platewright_model::measure::Seconds;
use platewright_model::replan::Churn;
use platewright_model::run::RunContext;
use platewright_model::stage::Build;
use platewright_report::{Evidence, Figures};
use serde_json::{Value, json};

use crate::Plan;

/// Verifies a plan, independently of what planned it; empty is good.
///
/// `read_file` gives the files of the run by their path below its folder.
pub fn verify(
    plan: &Plan,
    config: &Config,
    read_file: &(dyn Fn(&str) -> Result<Vec<u8>, String> + Sync),
    ctx: &RunContext,
) -> Vec<Violation> {
    let evidence = platewright_check::Evidence {
        night: &plan.night,
        config,
        meshes: &plan.meshes,
        order_book: &plan.order_book,
        parts: &plan.parts,
        grouping: &plan.grouping,
        build_plan: &plan.build_plan,
        assignment: &plan.assignment,
        schedule: &plan.schedule,
        slices: Some(&plan.slices),
        packages: Some(&plan.packages),
        replan: plan.replan.as_ref(),
        read_file,
    };
    check(&evidence, ctx)
}

/// Renders the report of a plan as one HTML document.
pub fn report(
    title: &str,
    plan: &Plan,
    violations: &[String],
    figures: &Figures,
    ctx: &RunContext,
) -> String {
    platewright_report::page::render(&evidence(title, plan, violations, figures), ctx)
}

/// A picture of one build as PNG, in the colours of the report.
pub fn picture(plan: &Plan, build: &Build, size: (usize, usize)) -> Vec<u8> {
    let figures = Figures::default();
    platewright_report::page::picture_of(&evidence("", plan, &[], &figures), build, size)
}

fn evidence<'a>(
    title: &'a str,
    plan: &'a Plan,
    violations: &'a [String],
    figures: &'a Figures,
) -> Evidence<'a> {
    Evidence {
        title,
        night: &plan.night,
        meshes: &plan.meshes,
        order_book: &plan.order_book,
        parts: &plan.parts,
        grouping: &plan.grouping,
        build_plan: &plan.build_plan,
        assignment: &plan.assignment,
        schedule: &plan.schedule,
        slices: &plan.slices,
        packages: &plan.packages,
        violations,
        churn: plan.replan.as_ref().map(|replan| &replan.churn),
        figures,
    }
}

/// The figures of a plan by name, as `plan --json` prints them.
pub fn figures(plan: &Plan) -> BTreeMap<String, Value> {
    let scheduled: BTreeSet<&BuildId> = plan.schedule.builds.iter().map(|b| &b.build).collect();
    let placed: usize = plan
        .build_plan
        .builds
        .iter()
        .filter(|b| scheduled.contains(&b.id))
        .map(|b| b.placements.len())
        .sum();
    let cost = &plan.schedule.cost;
    let costs: BTreeMap<&str, i64> = cost.parts().iter().map(|(n, m)| (*n, m.0)).collect();
    let late = plan.schedule.deliveries.iter().filter(|d| d.late > Seconds(0)).count();
    let missed = plan.schedule.deliveries.iter().filter(|d| {
        let deadline = plan.night.orders.get(&d.order).and_then(|order| order.deadline);
        deadline.is_some_and(|deadline| d.arrives > deadline)
    });
    let hours: f64 = plan.schedule.builds.iter().map(|b| (b.end - b.start).hours()).sum();
    let units = plan.order_book.units.len();
    let mut figures = BTreeMap::from(
        [
            ("orders", json!(plan.night.orders.len())),
            ("units", json!(units)),
            ("placed", json!(placed)),
            ("unplaced", json!(units - placed)),
            ("refused_lines", json!(plan.order_book.refused.len())),
            ("builds", json!(plan.build_plan.builds.len())),
            ("cost", json!(cost.total().0)),
            ("cost_split", json!(costs)),
            ("currency", json!(plan.night.currency)),
            ("assignment_objective", json!(plan.assignment.objective.0)),
            ("bound", json!(plan.assignment.bound.0)),
            ("gap", json!(plan.assignment.gap)),
            ("backend", json!(plan.assignment.backend)),
            ("late_orders", json!(late)),
            ("missed_deadlines", json!(missed.count())),
            ("machine_hours", json!(hours)),
            ("rounds", json!(plan.rounds)),
            ("stage_seconds", json!(plan.seconds)),
        ]
        .map(|(name, value)| (name.to_owned(), value)),
    );
    if let Some(replan) = &plan.replan {
        figures.insert("churn".to_owned(), churn(&replan.churn));
    }
    figures
}

/// How far a plan departs from the one before it.
fn churn(churn: &Churn) -> Value {
    json!({
        "kept_builds": churn.kept.len(),
        "changed_builds": churn.changed.len(),
        "new_builds": churn.new.len(),
        "dissolved_builds": churn.dissolved.len(),
        "moved_units": churn.moved_units,
        "later_orders": churn.later.len(),
    })
}
