//! Ways to choose the copies that are taken out of a plan and put back; one line each in
//! [`RUINS`].

use rand::RngExt;
use rand_pcg::Pcg64;

use super::plan::{Job, Plan, Spot};

/// A way to choose copies.
#[derive(Clone, Copy)]
pub(super) struct Ruin {
    /// How often it is chosen, against the sum of all.
    pub(super) weight: u32,
    /// A cost for each copy of the given build: those with the least cost are taken out.
    pub(super) cost: fn(&Job, &[Spot], &mut Pcg64) -> Vec<f64>,
}

/// Every way; the weights are guesses, not yet tuned.
pub(super) const RUINS: &[Ruin] = &[
    Ruin { weight: 3, cost: top },
    Ruin { weight: 3, cost: near },
    Ruin { weight: 3, cost: column },
    Ruin { weight: 1, cost: any },
];

/// Chooses `count` copies of a build, always with one that makes its height; by index
/// of [`Plan::builds`], what stays, and what is taken out, the copies left over first.
pub(super) fn ruin(
    job: &Job,
    plan: &Plan,
    count: usize,
    rng: &mut Pcg64,
) -> (Vec<Vec<Spot>>, Vec<usize>) {
    let total: u32 = RUINS.iter().map(|r| r.weight).sum();
    let mut pick = rng.random_range(0..total);
    let rule = RUINS.iter().find(|r| {
        let hit = pick < r.weight;
        pick = pick.wrapping_sub(r.weight);
        hit
    });
    let rule = rule.expect("the weights add up to the total");
    let mut out = plan.left.clone();
    let mut kept = plan.builds.clone();
    // The last build is the one to be emptied; any other may make room for it.
    let last = kept.len().saturating_sub(1);
    let mut chosen = vec![last];
    if last > 0 {
        chosen.push(rng.random_range(0..last));
    }
    for b in chosen {
        let Some(build) = kept.get_mut(b) else { continue };
        let count = count.min(build.len());
        let mut cost = (rule.cost)(job, build, rng);
        if let Some(highest) = (0..build.len()).max_by_key(|&i| (build[i].top, i)) {
            cost[highest] = f64::NEG_INFINITY;
        }
        let mut order: Vec<usize> = (0..build.len()).collect();
        order.sort_by(|&i, &j| cost[i].total_cmp(&cost[j]).then(i.cmp(&j)));
        let mut taken = vec![false; build.len()];
        order[..count].iter().for_each(|&i| taken[i] = true);
        out.extend(order[..count].iter().map(|&i| build[i].item));
        let mut i = 0;
        build.retain(|_| {
            i += 1;
            !taken[i - 1]
        });
    }
    (kept, out)
}

/// The highest copies, with some luck.
fn top(_: &Job, build: &[Spot], rng: &mut Pcg64) -> Vec<f64> {
    build.iter().map(|s| -(s.top as f64) * rng.random_range(0.8..1.0)).collect()
}

/// Copies around a point of a random copy.
fn near(job: &Job, build: &[Spot], rng: &mut Pcg64) -> Vec<f64> {
    let centre = middle(job, &build[rng.random_range(0..build.len())]);
    build.iter().map(|s| distance(middle(job, s), centre, 1.0)).collect()
}

/// Copies around an upright line through the highest copy.
fn column(job: &Job, build: &[Spot], rng: &mut Pcg64) -> Vec<f64> {
    let height = Plan::height(build);
    let tops: Vec<&Spot> = build.iter().filter(|s| s.top == height).collect();
    let centre = middle(job, tops[rng.random_range(0..tops.len())]);
    build.iter().map(|s| distance(middle(job, s), centre, 0.1)).collect()
}

/// Any copies.
fn any(_: &Job, build: &[Spot], rng: &mut Pcg64) -> Vec<f64> {
    build.iter().map(|_| rng.random_range(0.0..1.0)).collect()
}

fn middle(job: &Job, spot: &Spot) -> [f64; 3] {
    let dims = job.kind(spot.item).facings[spot.facing].dims;
    std::array::from_fn(|k| spot.at[k] as f64 + dims[k] as f64 / 2.0)
}

fn distance(a: [f64; 3], b: [f64; 3], upright: f64) -> f64 {
    ((a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2) + upright * (a[2] - b[2]).powi(2)).sqrt()
}
