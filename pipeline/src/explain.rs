//! Answers to "why here, why not there, why not at all".

use std::collections::BTreeSet;

use platewright_model::explain::BuildExplanation;
use platewright_model::id::{BuildId, OrderId};
use platewright_model::order::Unit;
use platewright_model::stage::{Delivery, Unplaced};
use platewright_solver::{Facts, explain_build};
use serde::Serialize;

use crate::inspect::measures;
use crate::{PipelineError, Plan};

/// What is known of a unit, an order or a build.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    /// What was asked for.
    pub subject: String,
    /// The builds that hold it, or the build itself, each with its alternatives.
    pub builds: Vec<BuildExplanation>,
    /// Units of it without a build, with the reason.
    pub unplaced: Vec<Unplaced>,
    /// When its orders arrive.
    pub deliveries: Vec<Delivery>,
}

/// Explains a unit (its UUID or the beginning of it), an order or a build of a plan.
///
/// # Errors
/// [`PipelineError::UnknownSubject`] if there is no such thing in the plan.
pub fn explain(plan: &Plan, subject: &str) -> Result<Answer, PipelineError> {
    let unknown = || PipelineError::UnknownSubject { subject: subject.to_owned() };
    let units = units_of(plan, subject);
    let named = plan.build_plan.builds.iter().any(|b| b.id.as_str() == subject);
    if units.is_empty() && !named {
        return Err(unknown());
    }
    let ids: BTreeSet<_> = units.iter().map(|u| u.id).collect();
    let builds: Vec<&BuildId> = plan
        .build_plan
        .builds
        .iter()
        .filter(|b| b.id.as_str() == subject || b.placements.iter().any(|p| ids.contains(&p.unit)))
        .map(|b| &b.id)
        .collect();
    let measures = measures(&plan.parts);
    let facts = Facts::new(&plan.night, &measures, &plan.order_book.units);
    let scheduled: BTreeSet<&BuildId> = plan.schedule.builds.iter().map(|b| &b.build).collect();
    let explained = builds.into_iter().filter(|b| scheduled.contains(b)).map(|build| {
        explain_build(
            &facts,
            &plan.grouping.groups,
            &plan.build_plan,
            &plan.assignment,
            &plan.schedule,
            build,
        )
    });
    let orders: BTreeSet<&OrderId> = units.iter().map(|u| &u.order).collect();
    Ok(Answer {
        subject: subject.to_owned(),
        builds: explained.collect::<Result<_, _>>()?,
        unplaced: plan
            .build_plan
            .unplaced
            .iter()
            .filter(|u| ids.contains(&u.unit))
            .cloned()
            .collect(),
        deliveries: plan
            .schedule
            .deliveries
            .iter()
            .filter(|d| orders.contains(&d.order))
            .cloned()
            .collect(),
    })
}

/// The units that `subject` names: those of an order, or one by the beginning of its UUID.
fn units_of<'a>(plan: &'a Plan, subject: &str) -> Vec<&'a Unit> {
    let of_order = |u: &&Unit| u.order.as_str() == subject;
    let units: Vec<&Unit> = plan.order_book.units.iter().filter(of_order).collect();
    if !units.is_empty() || subject.len() < 4 {
        return units;
    }
    let begins = |u: &&Unit| u.id.to_string().starts_with(&subject.to_lowercase());
    let mut units: Vec<&Unit> = plan.order_book.units.iter().filter(begins).collect();
    // The beginning of a UUID must name one unit.
    if units.len() > 1 {
        units.clear();
    }
    units
}
