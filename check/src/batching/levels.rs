//! Objectives with levels: what each of them costs, and the first one alone.

use std::borrow::Cow;

use platewright_model::batching::{BatchCost, BatchPlan, BatchProblem, Term, Weights};

use super::amount::product;
use super::fault::BatchFault;

/// Compares what the levels of a plan cost, by the costs that it says, with what it says of them.
pub(super) fn check(problem: &BatchProblem, plan: &BatchPlan, faults: &mut Vec<BatchFault>) {
    let goal = &problem.objective;
    let mut expected: Vec<i128> = goal
        .levels
        .iter()
        .map(|level| sum(goal, &plan.cost, |term| level.contains(&term)))
        .collect();
    let is_last = |term| !goal.levels.iter().any(|level| level.contains(&term));
    let counts = TERMS.iter().any(|(term, weight, _)| is_last(*term) && weight(goal) != 0);
    if !expected.is_empty() && counts {
        expected.push(sum(goal, &plan.cost, is_last));
    }
    let found: Vec<i128> = plan.levels.iter().map(|value| i128::from(*value)).collect();
    if found != expected {
        faults.push(BatchFault::Levels { found, expected });
    }
}

/// The problem with the first level of its objective for all of it.
pub(super) fn first(problem: &BatchProblem) -> Cow<'_, BatchProblem> {
    let Some(first) = problem.objective.levels.first() else { return Cow::Borrowed(problem) };
    let mut one = problem.clone();
    let goal = &mut one.objective;
    let weights = [
        (Term::Production, &mut goal.production),
        (Term::Freight, &mut goal.freight),
        (Term::Lateness, &mut goal.lateness),
        (Term::Makespan, &mut goal.makespan),
        (Term::Missed, &mut goal.missed),
        (Term::Moved, &mut goal.moved),
    ];
    weights
        .into_iter()
        .filter(|(term, _)| !first.contains(term))
        .for_each(|(_, weight)| *weight = 0);
    goal.levels.clear();
    Cow::Owned(one)
}

/// The sum of some terms, each times its weight.
pub(super) fn sum(goal: &Weights, cost: &BatchCost, of: impl Fn(Term) -> bool) -> i128 {
    let terms = TERMS.iter().filter(|(term, _, _)| of(*term));
    terms
        .map(|(_, weight, value)| product(weight(goal).into(), value(cost).into()))
        .fold(0, i128::saturating_add)
}

/// A term, its weight and its cost.
type Row = (Term, fn(&Weights) -> i64, fn(&BatchCost) -> i64);

/// Terms of the objective.
const TERMS: [Row; 6] = [
    (Term::Production, |goal| goal.production, |cost| cost.production),
    (Term::Freight, |goal| goal.freight, |cost| cost.freight),
    (Term::Lateness, |goal| goal.lateness, |cost| cost.lateness),
    (Term::Makespan, |goal| goal.makespan, |cost| cost.makespan),
    (Term::Missed, |goal| goal.missed, |cost| cost.missed),
    (Term::Moved, |goal| goal.moved, |cost| cost.moved),
];
