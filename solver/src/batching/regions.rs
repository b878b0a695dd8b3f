//! How machines are cut into regions, in another way each time.

use rand::Rng;

use crate::batching::instance::Instance;
use crate::batching::moves::Dice;

/// Copies of a region: few, so that moves within it are likely to be good ones.
const COPIES: usize = 500;

/// Greatest number of machines of a region.
const MACHINES_MOST: usize = 64;

/// Least number of machines of a region, if there are as many.
const MACHINES_LEAST: usize = 3;

/// Cuts machines into regions.
pub(crate) struct Cutter<'a, R: Rng> {
    inst: &'a Instance<'a>,
    dice: Dice<R>,
    copies: usize,
    /// Machines by component: those of different components never print the same family.
    components: Vec<Vec<u32>>,
    /// Mean freight of each centre to each region, by centre, then by region.
    profiles: Vec<Vec<f64>>,
}

impl<'a, R: Rng> Cutter<'a, R> {
    pub(crate) fn new(inst: &'a Instance<'a>, rng: R) -> Self {
        let mut joined = petgraph::unionfind::UnionFind::<usize>::new(inst.machines.len());
        for machines in &inst.machines_of {
            for pair in machines.windows(2) {
                joined.union(pair[0] as usize, pair[1] as usize);
            }
        }
        let mut components: Vec<Vec<u32>> = vec![Vec::new(); inst.machines.len()];
        for m in 0..inst.machines.len() {
            components[joined.find(m)].push(m as u32);
        }
        components.retain(|machines| !machines.is_empty());
        let cost = |way: &Option<platewright_model::batching::Way>| {
            way.map_or(0.0, |w| (w.per_part + w.per_shipment + w.duration) as f64)
        };
        let rows = inst.problem.freight.iter();
        let profiles = rows.map(|row| row.iter().map(cost).collect()).collect();
        Self { inst, dice: Dice(rng), copies: inst.copies(), components, profiles }
    }

    /// Whether there is only ever one region.
    pub(crate) fn whole(&mut self) -> bool {
        self.cut().len() == 1
    }

    /// Regions that hold every machine once. Half of the time machines whose centres ship alike
    /// come together, else any.
    pub(crate) fn cut(&mut self) -> Vec<Vec<u32>> {
        let near = self.dice.below(2) == 0;
        let mut cuts = Vec::new();
        for component in &self.components {
            let mut keyed: Vec<(f64, u32)> = Vec::with_capacity(component.len());
            let regions = self.profiles.first().map_or(0, Vec::len);
            let weights: Vec<f64> =
                (0..regions).map(|_| self.dice.below(1 << 20) as f64 - 524_288.0).collect();
            for &m in component {
                let profile = &self.profiles[self.inst.machines[m as usize].centre];
                let along: f64 = profile.iter().zip(&weights).map(|(p, w)| p * w).sum();
                let chance = self.dice.below(1 << 30) as f64;
                keyed.push((if near { along } else { chance }, m));
            }
            keyed.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            let machines: Vec<u32> = keyed.iter().map(|k| k.1).collect();
            let share = (machines.len() * COPIES).div_ceil(self.copies.max(1));
            let share = share.clamp(MACHINES_LEAST, MACHINES_MOST);
            let size = machines.len().div_ceil(machines.len().div_ceil(share));
            cuts.extend(machines.chunks(size).map(<[u32]>::to_vec));
        }
        cuts
    }
}
