//! Feedstock that can run short.

use std::collections::BTreeMap;

use platewright_model::batching::{BatchPart, BatchProblem, Freeze};

use crate::batching::instance::Instance;
use crate::batching::plan::Plan;

/// No store: of that material there is any amount.
pub(crate) const NO_STORE: u32 = u32::MAX;

/// Feedstock at centres, of what there is not any amount.
#[derive(Debug)]
pub(crate) struct Stores {
    pub(crate) amounts: Vec<i64>,
    /// Centre of each.
    centres: Vec<usize>,
    /// Store by centre and material.
    of: Vec<u32>,
    materials: usize,
}

impl Stores {
    pub(crate) fn new(problem: &BatchProblem) -> Self {
        let materials = 1 + problem.families.iter().map(|f| f.material).max().unwrap_or(0);
        let mut of = vec![NO_STORE; problem.freight.len() * materials];
        let used = problem.stock.iter().filter(|stock| stock.material < materials);
        for (store, stock) in used.clone().enumerate() {
            of[stock.centre * materials + stock.material] = store as u32;
        }
        let (amounts, centres) = used.map(|stock| (stock.amount, stock.centre)).unzip();
        Self { amounts, centres, of, materials }
    }
}

impl Instance<'_> {
    /// The store from which a copy of a family takes feedstock on a machine.
    pub(crate) fn store(&self, family: usize, machine: usize) -> Option<usize> {
        let material = self.problem.families[family].material;
        let stores = &self.stores;
        let store = stores.of[self.machines[machine].centre * stores.materials + material];
        (store != NO_STORE).then_some(store as usize)
    }

    /// Feedstock that a plan leaves in each store.
    pub(crate) fn stores_left(&self, plan: &Plan) -> Vec<i64> {
        let mut left = self.stores.amounts.clone();
        if left.is_empty() {
            return left;
        }
        for (m, line) in plan.lines.iter().enumerate() {
            for &copy in line.iter().flat_map(|set| &set.copies) {
                let part = &self.problem.parts[self.part_of[copy as usize] as usize];
                if let Some(store) = self.store(part.family, m) {
                    left[store] -= part.feed;
                }
            }
        }
        left
    }

    /// As [`Self::stores_left`], shared out over the regions that draw on each store.
    pub(crate) fn stores_shared(&self, plan: &Plan, regions: &[Vec<u32>]) -> Vec<i64> {
        let mut left = self.stores_left(plan);
        for (left, centre) in left.iter_mut().zip(&self.stores.centres) {
            let draws = |m: &u32| self.machines[*m as usize].centre == *centre;
            let drawing = regions.iter().filter(|machines| machines.iter().any(draws)).count();
            *left /= drawing.max(1) as i64;
        }
        left
    }

    /// Whether every plan prints each part: some machine takes it, with enough feedstock for all
    /// parts of the material.
    pub(crate) fn sure(&self) -> Vec<bool> {
        let (problem, amounts) = (&self.problem, &self.stores.amounts);
        // What needs no feedstock is left out only with others of a batch that stays together.
        let closed = problem.present.iter().flatten().any(|batch| batch.freeze > Freeze::Open);
        let mut feeds: BTreeMap<usize, i64> = BTreeMap::new();
        for part in &problem.parts {
            let feed = feeds.entry(problem.families[part.family].material).or_default();
            *feed = feed.saturating_add(part.feed.saturating_mul(i64::from(part.copies)));
        }
        let of = |(p, part): (usize, &BatchPart)| {
            let mut machines = (0..self.machines.len()).filter(|m| self.takes(p as u32, *m));
            if amounts.is_empty() || part.feed == 0 && !closed {
                return machines.next().is_some();
            }
            let all = feeds[&problem.families[part.family].material];
            let plenty = |store: usize| amounts[store] >= all;
            machines.any(|m| self.store(part.family, m).is_none_or(plenty))
        };
        problem.parts.iter().enumerate().map(of).collect()
    }
}
