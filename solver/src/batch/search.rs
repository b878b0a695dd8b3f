//! Local search over the batches of a group: parts move between batches, batches change class,
//! merge and split. Late acceptance decides (Burke, Bykov 2017), in whole minor units.

use platewright_model::run::RunContext;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

use crate::batch::draft::Draft;
use crate::batch::ledger::Ledger;
use crate::batch::task::Task;

/// How many steps ago a plan is compared with.
const MEMORY: usize = 50;

/// Most quotes a search may ask for, so that a large group takes bounded work.
const QUOTES: u64 = 4_000_000;

/// Better batches for the same copies, never dearer than `start`.
pub(crate) fn improve(
    task: &Task<'_>,
    before: &Ledger,
    start: Vec<Draft>,
    steps: u64,
    ctx: &RunContext,
) -> Vec<Draft> {
    if start.is_empty() {
        return start;
    }
    let per_step: u64 = start.iter().map(|draft| draft.stations.len() as u64).sum();
    let steps = steps.min(QUOTES / per_step.max(1));
    let mut rng = Pcg64::seed_from_u64(ctx.seed_for(&format!("batch/{}", task.group.id)));
    let mut now = start;
    let mut cost = before.after(task, &now).cost;
    let mut memory = [cost; MEMORY];
    let (mut best, mut least) = (now.clone(), cost);
    for step in 0..steps {
        if ctx.should_stop(step) {
            break;
        }
        let slot = &mut memory[step as usize % MEMORY];
        if let Some(next) = propose(task, &now, &mut rng) {
            let next_cost = before.after(task, &next).cost;
            if next_cost <= cost || next_cost <= *slot {
                (now, cost) = (next, next_cost);
            }
        }
        *slot = (*slot).min(cost);
        if cost < least {
            (best, least) = (now.clone(), cost);
        }
    }
    best
}

fn propose(task: &Task<'_>, now: &[Draft], rng: &mut Pcg64) -> Option<Vec<Draft>> {
    let from = rng.random_range(0..now.len());
    match rng.random_range(0..10) {
        0 => reclass(task, now, from, rng),
        1 => merge(task, now, from, rng),
        2 => split(task, now, from, rng),
        3..=5 => exchange(task, now, from, rng),
        _ => relocate(task, now, from, rng),
    }
}

/// Draws a chunk of a batch and a number of its copies: one, all or any.
fn draw(draft: &Draft, rng: &mut Pcg64) -> (usize, u32) {
    let (chunk, copies) = draft.content[rng.random_range(0..draft.content.len())];
    let taken = match rng.random_range(0..3) {
        0 => 1,
        1 => copies,
        _ => rng.random_range(1..=copies),
    };
    (chunk, taken)
}

/// The batches with some replaced; a batch that became empty is left out.
fn replaced(now: &[Draft], changes: Vec<(usize, Option<Draft>)>) -> Vec<Draft> {
    let mut next: Vec<Option<Draft>> = now.iter().cloned().map(Some).collect();
    for (index, draft) in changes {
        if index < next.len() {
            next[index] = draft;
        } else {
            next.push(draft);
        }
    }
    next.into_iter().flatten().collect()
}

/// A draft of what is left; `Some(None)` if nothing is, `None` if it does not fit.
fn rest(task: &Task<'_>, class: usize, content: Vec<(usize, u32)>) -> Option<Option<Draft>> {
    if content.is_empty() { Some(None) } else { Draft::new(task, class, content).map(Some) }
}

fn other(now: &[Draft], from: usize, rng: &mut Pcg64) -> Option<usize> {
    let to = rng.random_range(0..now.len());
    (to != from).then_some(to)
}

fn relocate(task: &Task<'_>, now: &[Draft], from: usize, rng: &mut Pcg64) -> Option<Vec<Draft>> {
    let to = other(now, from, rng)?;
    let (chunk, copies) = draw(&now[from], rng);
    let target = Draft::new(task, now[to].class, Draft::added(&now[to].content, chunk, copies))?;
    let left = Draft::removed(&now[from].content, chunk, copies);
    let left = rest(task, now[from].class, left)?;
    Some(replaced(now, vec![(from, left), (to, Some(target))]))
}

fn exchange(task: &Task<'_>, now: &[Draft], from: usize, rng: &mut Pcg64) -> Option<Vec<Draft>> {
    let to = other(now, from, rng)?;
    let ((a, n), (b, m)) = (draw(&now[from], rng), draw(&now[to], rng));
    if a == b {
        return None;
    }
    let swapped = |draft: &Draft, out: usize, n_out: u32, into: usize, n_in: u32| {
        let content = Draft::removed(&draft.content, out, n_out);
        Draft::new(task, draft.class, Draft::added(&content, into, n_in))
    };
    let here = swapped(&now[from], a, n, b, m)?;
    let there = swapped(&now[to], b, m, a, n)?;
    Some(replaced(now, vec![(from, Some(here)), (to, Some(there))]))
}

fn reclass(task: &Task<'_>, now: &[Draft], from: usize, rng: &mut Pcg64) -> Option<Vec<Draft>> {
    let class = rng.random_range(0..task.classes.len());
    if class == now[from].class {
        return None;
    }
    let draft = Draft::new(task, class, now[from].content.clone())?;
    Some(replaced(now, vec![(from, Some(draft))]))
}

fn merge(task: &Task<'_>, now: &[Draft], from: usize, rng: &mut Pcg64) -> Option<Vec<Draft>> {
    let to = other(now, from, rng)?;
    let mut content = now[to].content.clone();
    for &(chunk, copies) in &now[from].content {
        content = Draft::added(&content, chunk, copies);
    }
    let class =
        if rng.random_bool(0.5) { now[to].class } else { rng.random_range(0..task.classes.len()) };
    let merged = Draft::new(task, class, content)?;
    Some(replaced(now, vec![(from, None), (to, Some(merged))]))
}

/// Takes the more urgent, or the higher, half of a batch into one of its own.
fn split(task: &Task<'_>, now: &[Draft], from: usize, rng: &mut Pcg64) -> Option<Vec<Draft>> {
    let draft = &now[from];
    if draft.units() < 2 {
        return None;
    }
    let (mut first, mut second) = (Vec::new(), Vec::new());
    if draft.content.len() == 1 {
        let (chunk, copies) = draft.content[0];
        let n = rng.random_range(1..copies);
        first.push((chunk, n));
        second.push((chunk, copies - n));
    } else {
        let mut sorted = draft.content.clone();
        if rng.random_bool(0.5) {
            sorted.sort_by_key(|&(chunk, _)| task.chunks[chunk].urgency(chunk));
        } else {
            let height = |c: usize| task.chunks[c].measures.size[2];
            sorted.sort_by(|a, b| height(b.0).total_cmp(&height(a.0)).then(a.0.cmp(&b.0)));
        }
        let at = rng.random_range(1..sorted.len());
        second = sorted.split_off(at);
        first = sorted;
        first.sort_unstable();
        second.sort_unstable();
    }
    let first = Draft::new(task, draft.class, first)?;
    let class =
        if rng.random_bool(0.5) { draft.class } else { rng.random_range(0..task.classes.len()) };
    let second = Draft::new(task, class, second)?;
    Some(replaced(now, vec![(from, Some(first)), (now.len(), Some(second))]))
}
