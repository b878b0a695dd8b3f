//! What machines of a class can print, sorted by peak: once for all machines alike.

use crate::batching::instance::Instance;

/// How finely a knapsack tells sizes apart, which are rounded down: what fits still fits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Cells {
    /// Few, for climbing.
    Coarse,
    /// For the proof.
    Fine,
}

impl Cells {
    fn most(self) -> i64 {
        match self {
            Self::Coarse => 384,
            Self::Fine => 1536,
        }
    }
}

/// Some copies of a part.
pub(crate) struct Item {
    pub(crate) part: u32,
    pub(crate) copies: u32,
    pub(crate) cells: usize,
    /// Of a platform, not rounded.
    pub(crate) share: f64,
    pub(crate) add: f64,
    pub(crate) peak: f64,
    /// Length of a batch of one copy, but for what is fixed.
    pub(crate) alone: f64,
    /// When it must have left for where it goes, but for the way.
    pub(crate) due: f64,
}

/// What a class holds.
pub(crate) struct Stock {
    /// Of a full platform.
    pub(crate) cells: usize,
    /// By family, sorted by peak.
    pub(crate) items: Vec<Vec<Item>>,
    /// Peak of a full batch, by family, where parts are stacked.
    pub(crate) stack: Vec<f64>,
}

impl Stock {
    /// Of a class that `machine` is of.
    pub(crate) fn new(inst: &Instance<'_>, machine: usize, cells: Cells) -> Self {
        let problem = &inst.problem;
        let capacity = inst.machines[machine].capacity;
        let quantum = ((capacity + cells.most() - 1) / cells.most()).max(1);
        let families = problem.families.len();
        let mut items: Vec<Vec<Item>> = (0..families).map(|_| Vec::new()).collect();
        for (p, part) in problem.parts.iter().enumerate() {
            let load = inst.load(p as u32, machine);
            if load.size > capacity {
                continue;
            }
            let due = problem.orders[part.order].due.map_or(f64::INFINITY, |due| due as f64);
            let (mut left, mut chunk) = (part.copies, 1);
            while left > 0 {
                let copies = chunk.min(left);
                let size = (i64::from(copies) * load.size / quantum) as usize;
                if size as i64 <= capacity / quantum {
                    items[part.family].push(Item {
                        part: p as u32,
                        copies,
                        cells: size,
                        share: f64::from(copies) * inst.share(p as u32, machine),
                        add: f64::from(copies) * load.add as f64,
                        peak: load.peak as f64,
                        alone: (load.add + load.peak) as f64,
                        due: due - part.finish as f64,
                    });
                }
                (left, chunk) = (left - copies, chunk * 2);
            }
        }
        for items in &mut items {
            items.sort_by(|a, b| a.peak.total_cmp(&b.peak).then(a.part.cmp(&b.part)));
        }
        let stack = (0..families).map(|f| inst.stack(f, machine) as f64).collect();
        Self { cells: (capacity / quantum) as usize, items, stack }
    }
}

/// Stocks by class; those of classes without machines are empty.
pub(crate) fn stocks(inst: &Instance<'_>, cells: Cells) -> Vec<Stock> {
    let of = |class: usize| match inst.machines.iter().position(|m| m.class == class) {
        Some(machine) => Stock::new(inst, machine, cells),
        None => Stock { cells: 0, items: Vec::new(), stack: Vec::new() },
    };
    (0..inst.problem.classes.len()).map(of).collect()
}
