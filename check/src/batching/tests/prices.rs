//! Pricing against all batches and all completions.

use platewright_model::batching::Certificate;

use super::falling::Falling;
use super::pricing::{Pricing, Span};
use super::*;

/// How long after the last entry of the grid completions are tried.
const LONG: i64 = 60;

/// Rate of machine time at a moment, as the certificate has it.
fn rate(certificate: &Certificate, machine: usize, moment: i64) -> i64 {
    let mut on = certificate.time.iter().filter(|price| price.machine == machine);
    on.find(|price| (price.from..price.to).contains(&moment)).map_or(0, |price| price.rate)
}

/// What a batch that is complete at a time pays less what it earns, times the span of rates.
fn balance(
    problem: &BatchProblem,
    certificate: &Certificate,
    machine: usize,
    set: &[u32],
    complete: i64,
) -> i64 {
    let on = &problem.machines[machine];
    let weights = &problem.objective;
    let (length, peak) = brute::length(problem, machine, set);
    let hours = on.rate * length + on.peak_rate * peak + problem.rate_span * on.per_batch;
    let mut balance = weights.production * hours;
    for (part, copies) in set.iter().enumerate().filter(|(_, copies)| **copies > 0) {
        let (one, price) = (&problem.parts[part], &certificate.parts[part]);
        let order = &problem.orders[one.order];
        let way = problem.freight[on.centre][order.region].unwrap();
        let arrival = complete + one.finish + way.duration;
        let late = order.due.map_or(0, |due| (arrival - due).max(0));
        let freight = weights.freight * brute::freight(problem, machine, part);
        let each = problem.rate_span * (freight - price.price) + price.late * late;
        balance += i64::from(*copies) * each;
    }
    let time = (complete - length..complete).map(|t| rate(certificate, machine, t));
    balance + time.sum::<i64>()
}

fn spans(certificate: &Certificate) -> Vec<Span> {
    let grid = &certificate.grid;
    let by = |k: usize| grid.get(k + 1).copied();
    (0..grid.len()).map(|k| Span { after: grid[k], by: by(k) }).collect()
}

/// Batches of a family that a machine may print.
fn sets(problem: &BatchProblem, machine: usize, family: usize) -> Vec<Vec<u32>> {
    let copies = problem.parts.iter().map(|part| part.copies * u32::from(part.family == family));
    brute::batches(problem, machine, &copies.collect::<Vec<_>>())
}

fn begin(problem: &BatchProblem, machine: usize, set: &[u32]) -> i64 {
    let inside = problem.parts.iter().zip(set).filter(|(_, copies)| **copies > 0);
    inside.map(|(part, _)| part.release).fold(problem.machines[machine].ready, i64::max)
}

/// Calls on each pricing of a random problem, with the prices of time on its machine.
fn each_pricing(
    seed: u64,
    mut check: impl FnMut(&BatchProblem, &Certificate, usize, &Pricing, &Falling),
    change: impl Fn(&mut Certificate),
) {
    let mut rng = random::rng(seed);
    let problem = random::problem(&mut rng, 6);
    let mut certificate = random::certificate(&mut rng, &problem, 40);
    change(&mut certificate);
    let printing = Printing::of(&problem);
    for machine in 0..2 {
        let families = 0..problem.families.len();
        let families =
            families.filter(|family| problem.families[*family].machines.contains(&machine));
        let pricings = families
            .filter_map(|family| Pricing::of(&printing, &certificate, machine, family).unwrap());
        let pricings: Vec<Pricing> = pricings.collect();
        let Some(first) = pricings.iter().map(Pricing::first_start).min() else { continue };
        let prices = certificate.time.iter().filter(|price| price.machine == machine);
        let time = Falling::of(prices, first);
        for pricing in &pricings {
            check(&problem, &certificate, machine, pricing, &time);
        }
    }
}

#[test]
fn without_prices_of_time_pricing_is_exact() {
    let (mut exact, mut earning) = (0, 0);
    for seed in 0..400 {
        let check = |problem: &BatchProblem,
                     certificate: &Certificate,
                     machine: usize,
                     pricing: &Pricing,
                     time: &Falling| {
            let sets = sets(problem, machine, pricing.family);
            for span in spans(certificate) {
                // With no end, all that fits in time is all there is.
                let span = Span { by: None, ..span };
                let balances =
                    sets.iter().map(|set| balance(problem, certificate, machine, set, span.after));
                // Parts that earn nothing are left out, so that only what earns is told exactly.
                let least = pricing.least(span, time).unwrap().map_or(0, |least| least.min(0));
                assert_eq!(least, balances.min().map_or(0, |least| least.min(0)), "seed {seed}");
                exact += 1;
                earning += usize::from(least < 0);
            }
        };
        each_pricing(seed, check, |certificate| certificate.time.clear());
    }
    assert!(exact > 1000 && earning > exact / 4 && earning < exact * 3 / 4, "{earning} of {exact}");
}

#[test]
fn pricing_is_nowhere_above_what_any_batch_pays_at_any_time() {
    let (mut spans_tried, mut proven, mut sound) = (0, 0, 0);
    for seed in 0..800 {
        let check = |problem: &BatchProblem,
                     certificate: &Certificate,
                     machine: usize,
                     pricing: &Pricing,
                     time: &Falling| {
            for span in spans(certificate) {
                let mut least: Option<i64> = None;
                for set in sets(problem, machine, pricing.family) {
                    let first =
                        begin(problem, machine, &set) + brute::length(problem, machine, &set).0;
                    let last = span.by.unwrap_or(span.after + LONG);
                    for complete in first.max(span.after)..=last {
                        let found = balance(problem, certificate, machine, &set, complete);
                        least = Some(least.map_or(found, |least| least.min(found)));
                    }
                }
                let Some(least) = least else { continue };
                let bound = pricing.least(span, time).unwrap().unwrap_or(0).min(0);
                assert!(bound <= least, "seed {seed}: {bound} > {least}");
                spans_tried += 1;
                proven += usize::from(bound >= 0);
                sound += usize::from(least >= 0);
            }
        };
        each_pricing(seed, check, |_| ());
    }
    // Most spans in which no batch earns more than it pays are also found to be such.
    assert!(spans_tried > 1000 && proven * 10 > sound * 8, "{proven} of {sound}, {spans_tried}");
}
