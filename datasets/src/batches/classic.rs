//! Batch machines of the literature: a batch takes as long as its longest part.

use platewright_model::batching::{
    BatchClass, BatchMachine, BatchOrder, BatchPart, BatchProblem, Load,
};
use rand::RngExt;
use rand_pcg::Pcg64;

use super::plain;
use crate::night::stream::stream;

/// Greatest sum of sizes in a batch.
const CAPACITY: i64 = 10;
/// Sums of sizes in a batch of unrelated machines.
const UNLIKE: [i64; 3] = [10, 15, 20];
/// Weights of parts that may be late.
const WEIGHTS: std::ops::RangeInclusive<i64> = 1..=10;
/// Spread of due dates, as a share of the time that all parts take.
const SPREAD: f64 = 0.5;

/// The machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Machines {
    One,
    Identical(usize),
    /// Each part takes another time on each; releases make parts wait.
    Unrelated,
}

/// What is made as small as possible.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Goal {
    Makespan,
    /// Weighted tardiness; the share of parts that would be late, roughly.
    Tardiness(f64),
}

/// A kind of problem.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Classic {
    machines: Machines,
    /// Times are 1 to this.
    longest: i64,
    /// Least and greatest size.
    sizes: [i64; 2],
    goal: Goal,
}

impl Classic {
    /// All kinds.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        let all = [1, 10];
        let sizes = [all, [2, 4], [4, 8]];
        let alike = [Machines::One, Machines::Identical(2), Machines::Identical(4)];
        let alike = alike.into_iter().flat_map(move |machines| {
            [10, 20].into_iter().flat_map(move |longest| {
                let goal = Goal::Makespan;
                sizes.map(|sizes| Self { machines, longest, sizes, goal })
            })
        });
        let unlike = sizes.map(|sizes| {
            let machines = Machines::Unrelated;
            Self { machines, longest: 20, sizes, goal: Goal::Makespan }
        });
        let kinds = [Machines::One, Machines::Identical(2), Machines::Unrelated];
        let late = kinds.into_iter().flat_map(move |machines| {
            [0.3, 0.6].map(|tightness| {
                let goal = Goal::Tardiness(tightness);
                Self { machines, longest: 20, sizes: all, goal }
            })
        });
        alike.chain(unlike).chain(late)
    }

    fn name(&self, parts: u32) -> String {
        let machines = match self.machines {
            Machines::One => "one".to_owned(),
            Machines::Identical(count) => format!("identical{count}"),
            Machines::Unrelated => format!("unrelated{}", UNLIKE.len()),
        };
        let [least, most] = self.sizes;
        let goal = match self.goal {
            Goal::Makespan => String::new(),
            Goal::Tardiness(tightness) => format!("-late{tightness}"),
        };
        format!("{machines}-{parts}-p{}-s{least}to{most}{goal}", self.longest)
    }
}

/// A problem of a kind.
pub(super) fn classic(what: &Classic, parts: u32, seed: u64) -> BatchProblem {
    let name = what.name(parts);
    let mut rng = stream(seed, &format!("batches/{name}"));
    let capacities = match what.machines {
        Machines::One | Machines::Identical(_) => &[CAPACITY][..],
        Machines::Unrelated => &UNLIKE[..],
    };
    let classes: Vec<BatchClass> = capacities
        .iter()
        .map(|&capacity| BatchClass { capacity, ..BatchClass::default() })
        .collect();
    let machine = |class| BatchMachine { class, ..BatchMachine::default() };
    let machines: Vec<BatchMachine> = match what.machines {
        Machines::One => vec![machine(0)],
        Machines::Identical(count) => vec![machine(0); count],
        Machines::Unrelated => (0..UNLIKE.len()).map(machine).collect(),
    };
    let mut drawn: Vec<BatchPart> =
        (0..parts as usize).map(|order| part(order, what, classes.len(), &mut rng)).collect();
    let length = length(&drawn, &classes, machines.len());
    if what.machines == Machines::Unrelated {
        // Half of the parts or so come while machines are busy with the first.
        drawn.iter_mut().for_each(|part| part.release = rng.random_range(0..=length / 2));
    }
    let orders = drawn.iter().map(|part| order(part, what.goal, length, &mut rng)).collect();
    let tardiness = what.goal != Goal::Makespan;
    BatchProblem { classes, parts: drawn, ..plain(name, tardiness, machines, orders) }
}

fn part(order: usize, what: &Classic, classes: usize, rng: &mut Pcg64) -> BatchPart {
    let size = rng.random_range(what.sizes[0]..=what.sizes[1]);
    let mut load = || Load { size, add: 0, peak: rng.random_range(1..=what.longest) };
    let loads = (0..classes).map(|_| Some(load())).collect();
    BatchPart { order, copies: 1, loads, ..BatchPart::default() }
}

/// About how long the machines take, as if batches were full and as long as their mean part.
fn length(parts: &[BatchPart], classes: &[BatchClass], machines: usize) -> i64 {
    let shares = parts.iter().map(|part| {
        let loads = part.loads.iter().flatten().zip(classes);
        let share = loads.map(|(load, class)| load.size * load.peak / class.capacity + 1);
        share.sum::<i64>() / classes.len() as i64
    });
    shares.sum::<i64>() / machines as i64 + 1
}

/// Due dates spread evenly around a share of the whole length, after release (the tightness and
/// range of due dates of Ow and Morton 1989).
fn order(part: &BatchPart, goal: Goal, length: i64, rng: &mut Pcg64) -> BatchOrder {
    let Goal::Tardiness(tightness) = goal else { return BatchOrder::default() };
    let weight = rng.random_range(WEIGHTS);
    let bound = |half: f64| (length as f64 * (1.0 - tightness + half * SPREAD / 2.0)) as i64;
    let shortest = part.loads.iter().flatten().map(|load| load.peak).min().unwrap_or(0);
    let earliest = part.release + shortest;
    let due = (part.release + rng.random_range(bound(-1.0)..=bound(1.0))).max(earliest);
    BatchOrder { due: Some(due), weight, ..BatchOrder::default() }
}
