//! Fills volumes one by one.
//!
//! For each class the remaining copies are put in, in a fixed order, until no more are expected
//! to fit; the class that prints its share at least cost for a mm³ is taken. Three orders are
//! tried (by urgency, by height, by volume of the part) and the cheapest outcome kept.

use std::cmp::Reverse;

use platewright_model::stage::{Unplaced, UnplacedReason};
use platewright_model::time::Time;
use rayon::prelude::*;

use crate::batch::draft::Draft;
use crate::batch::ledger::{Ledger, Quote};
use crate::batch::task::{Task, left};

/// Chunks in a row that may fail to fit before a volume counts as full.
const MISSES: usize = 40;

/// Batches of all copies of a task, when machines are free after them, and what no machine
/// could take.
pub(crate) fn fill(task: &Task<'_>, before: &Ledger) -> (Vec<Draft>, Vec<Time>, Vec<Unplaced>) {
    let tried: Vec<(Vec<Draft>, Vec<usize>)> =
        orders(task).into_par_iter().map(|order| fill_in(task, before, &order)).collect();
    let best = tried
        .into_iter()
        .map(|(drafts, stuck)| (before.after(task, &drafts), drafts, stuck))
        .min_by_key(|(ledger, _, stuck)| (stuck.len(), ledger.cost));
    let Some((ledger, drafts, stuck)) = best else { return Default::default() };
    let text = "no machine that holds its part has a print time for it; see the time models";
    let reason = UnplacedReason::NoCapacity;
    let unplaced = stuck.iter().flat_map(|&c| left(&task.chunks[c].units, reason, text)).collect();
    (drafts, ledger.free, unplaced)
}

/// Orders in which chunks are put in; those that say the same are left out.
fn orders(task: &Task<'_>) -> Vec<Vec<usize>> {
    let chunks = &task.chunks;
    let mut urgency: Vec<usize> = (0..chunks.len()).collect();
    urgency.sort_by(|&a, &b| chunks[a].urgency(a).cmp(&chunks[b].urgency(b)));
    let micrometres = |x: f64| Reverse((x * 1000.0) as i64);
    let mut height = urgency.clone();
    height.sort_by_key(|&c| micrometres(chunks[c].measures.size[2]));
    let mut volume = urgency.clone();
    volume.sort_by_key(|&c| micrometres(chunks[c].measures.volume_mm3));
    let mut orders = vec![urgency, height, volume];
    orders.dedup();
    orders
}

fn fill_in(task: &Task<'_>, before: &Ledger, order: &[usize]) -> (Vec<Draft>, Vec<usize>) {
    let mut ledger = before.clone();
    let mut rest: Vec<u32> = task.chunks.iter().map(|c| c.units.len() as u32).collect();
    let mut order = order.to_vec();
    let (mut drafts, mut stuck) = (Vec::new(), Vec::new());
    while let Some(&first) = order.first() {
        let classes = (0..task.classes.len()).into_par_iter();
        let filled: Vec<Option<Draft>> =
            classes.map(|class| fill_one(task, class, &rest, &order)).collect();
        let quoted = filled.into_iter().flatten().map(|draft| (ledger.quote(task, &draft), draft));
        let rate =
            |(quote, draft): &(Quote, Draft)| quote.cost as f64 / draft.load.volume_mm3.max(1.0);
        match quoted.min_by(|a, b| rate(a).total_cmp(&rate(b))) {
            Some((quote, draft)) => {
                for &(chunk, copies) in &draft.content {
                    rest[chunk] -= copies;
                }
                ledger.commit(task, &draft, &quote);
                drafts.push(draft);
            }
            None => {
                stuck.push(first);
                rest[first] = 0;
            }
        }
        order.retain(|chunk| rest[*chunk] > 0);
    }
    (drafts, stuck)
}

/// One volume of a class, as full as the order of chunks makes it.
fn fill_one(task: &Task<'_>, class: usize, rest: &[u32], order: &[usize]) -> Option<Draft> {
    let mut best: Option<Draft> = None;
    let mut misses = 0;
    for &chunk in order {
        if !task.chunks[chunk].fits[class] {
            continue;
        }
        match most(task, class, best.as_ref(), chunk, rest[chunk]) {
            Some(draft) => (best, misses) = (Some(draft), 0),
            None => misses += 1,
        }
        if misses > MISSES {
            break;
        }
    }
    best
}

/// The batch with as many copies of a chunk added as are expected to fit, if any does.
fn most(
    task: &Task<'_>,
    class: usize,
    to: Option<&Draft>,
    chunk: usize,
    copies: u32,
) -> Option<Draft> {
    let content: &[(usize, u32)] = to.map_or(&[], |draft| &draft.content);
    let with = |n: u32| Draft::new(task, class, Draft::added(content, chunk, n));
    if let Some(all) = with(copies) {
        return Some(all);
    }
    // Invariant: `low` copies fit (none: the batch as it is), `high` do not.
    let (mut low, mut high, mut best) = (0, copies, None);
    while low + 1 < high {
        // A quick look at one copy saves the search where nothing more fits at all.
        let middle = if low == 0 { 1.max(high / 64) } else { low + (high - low) / 2 };
        match with(middle) {
            Some(draft) => (low, best) = (middle, Some(draft)),
            None => high = middle,
        }
    }
    best
}
