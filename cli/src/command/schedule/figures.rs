//! What a plan of batches amounts to, in words and as data.

use platewright_model::batching::{BatchPlan, BatchProblem, Copies, Term};
use platewright_solver::batching::Found;
use serde_json::{Value, json};

/// What a plan amounts to.
pub(super) struct Figures {
    /// What is made as small as possible: of an objective with levels, the first one.
    objective: i64,
    /// By how much that may be above the least, as a share of it.
    gap: f64,
    batches: usize,
    /// Copies in batches.
    placed: u64,
    /// Copies that no machine takes.
    pub(super) unplaced: u64,
    pub(super) valid: bool,
}

impl Figures {
    pub(super) fn of(problem: &BatchProblem, plan: &BatchPlan, valid: bool) -> Self {
        let objective = plan.cost.levels(&problem.objective)[0];
        let gap = (objective - plan.bound) as f64 / objective.max(1) as f64;
        let copies = |all: &[Copies]| all.iter().map(|c| u64::from(c.copies)).sum::<u64>();
        let batches = plan.machines.iter().flatten();
        Self {
            objective,
            gap,
            batches: batches.clone().count(),
            placed: batches.map(|batch| copies(&batch.parts)).sum(),
            unplaced: copies(&plan.unplaced),
            valid,
        }
    }

    pub(super) fn document(&self, problem: &BatchProblem, found: &Found) -> Value {
        let cost = &found.plan.cost;
        let mut document = json!({
            "instance": problem.name,
            "objective": self.objective,
            "production": cost.production,
            "freight": cost.freight,
            "lateness": cost.lateness,
            "makespan": cost.makespan,
            "late_orders": cost.late_orders,
            "missed": cost.missed,
            "broken_promises": cost.broken_promises,
            "missed_deadlines": cost.missed_deadlines,
            "moved": cost.moved,
            "bound": found.plan.bound,
            "gap": self.gap,
            "batches": self.batches,
            "placed": self.placed,
            "unplaced": self.unplaced,
            "iterations": found.iterations,
            "valid": self.valid,
        });
        if !problem.objective.levels.is_empty() {
            let levels = problem.objective.ranked();
            let costs = cost.levels(&problem.objective);
            let level = |(terms, cost): (&Vec<Term>, &i64)| json!({"terms": terms, "cost": cost});
            document["levels"] = levels.iter().zip(&costs).map(level).collect();
        }
        document
    }

    pub(super) fn sentence(&self, problem: &BatchProblem, found: &Found, wall: f64) -> String {
        let cost = &found.plan.cost;
        let (costs, least) = self.costs(problem, found);
        format!(
            "{}: {} copies in {} batches, {} that no machine takes; {costs}: production {}, \
             freight {}, lateness {} of {} orders, end {}; {least} {}, gap {:.2} %; {} moves in \
             {wall:.1} s; {}",
            problem.name,
            self.placed,
            self.batches,
            self.unplaced,
            cost.production,
            cost.freight,
            cost.lateness,
            cost.late_orders,
            cost.makespan,
            found.plan.bound,
            100.0 * self.gap,
            found.iterations,
            if self.valid { "verified" } else { "NOT VALID" },
        )
    }

    /// What the plan costs, and what is told below which no plan can be.
    fn costs(&self, problem: &BatchProblem, found: &Found) -> (String, &str) {
        let goal = &problem.objective;
        if goal.levels.is_empty() {
            return (format!("costs {}", self.objective), "no plan costs less than");
        }
        let level = |(terms, cost): (&Vec<Term>, i64)| {
            // What has no weight is no reason for a plan.
            let names = terms.iter().filter(|term| goal.of(**term) != 0).map(|term| term.name());
            format!("{cost} ({})", names.collect::<Vec<_>>().join(", "))
        };
        let levels = goal.ranked();
        let costs = levels.iter().zip(found.plan.cost.levels(goal)).map(level);
        let costs = costs.collect::<Vec<_>>().join(", then ");
        (format!("costs {costs}"), "no plan costs less at the first level than")
    }
}
