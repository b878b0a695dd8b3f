//! Parts that must be on time, in lots of those that may use the same machines at the same times.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::batching::capacity::floor::{Floor, NO_KIND, Pool};
use crate::batching::capacity::share;

/// Classes of releases; beyond that they are rounded, to the earlier.
const RELEASES: usize = 16;

/// Parts of a kind with one release and one date.
#[derive(Clone, Debug)]
pub(super) struct Lot {
    pub(super) kind: usize,
    /// Their batches do not start before.
    pub(super) release: i64,
    /// When the last of them must be on its way, if the way took no time.
    pub(super) by: i64,
    pub(super) parts: Vec<u32>,
    /// By class, what the shortest batch takes that one of them is in; `i64::MAX` where the class
    /// does not hold them.
    shortest: Vec<i64>,
}

/// What a pool can do for a lot.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chance {
    pub(super) pool: u32,
    /// The end of its batch, for which it is on time.
    pub(super) end: i64,
}

/// Lots of the parts that have a date, sorted by kind, release and date. `date` tells when the
/// arrival of a part is wanted. Where there would be more lots than `about`, dates are rounded, to
/// the later.
pub(super) fn lots(floor: &Floor<'_>, about: usize, date: impl Fn(u32) -> Option<i64>) -> Vec<Lot> {
    let problem = &floor.inst.problem;
    let dated: Vec<(u32, i64)> = (0..problem.parts.len() as u32)
        .filter(|part| floor.kind_of[*part as usize] != NO_KIND)
        .filter_map(|part| {
            date(part).map(|date| (part, date - problem.parts[part as usize].finish))
        })
        .collect();
    let most = (about / floor.kinds.len().max(1)).clamp(8, 400);
    let dates = steps(dated.iter().map(|d| d.1), most, true);
    let release = |part: u32| problem.parts[part as usize].release;
    let releases = steps(dated.iter().map(|d| release(d.0)), RELEASES, false);
    let mut lots: BTreeMap<(u32, i64, i64), Vec<u32>> = BTreeMap::new();
    for (part, by) in dated {
        let by = dates[dates.partition_point(|date| *date < by)];
        let release = releases[releases.partition_point(|r| *r <= release(part)) - 1];
        lots.entry((floor.kind_of[part as usize], release, by)).or_default().push(part);
    }
    let lots: Vec<_> = lots.into_iter().collect();
    lots.into_par_iter()
        .map(|((kind, release, by), parts)| {
            let shortest = shortest(floor, &parts, kind as usize);
            Lot { kind: kind as usize, release, by, parts, shortest }
        })
        .collect()
}

/// Steps that values are rounded to: all of them, or where there are more than `most`, so many with
/// about as many values each; upwards, or downwards.
pub(super) fn steps(values: impl Iterator<Item = i64>, most: usize, up: bool) -> Vec<i64> {
    let mut all: Vec<i64> = values.collect();
    all.sort_unstable();
    let mut distinct = all.clone();
    distinct.dedup();
    if distinct.len() <= most {
        return distinct;
    }
    let at = |k: usize| all[if up { (k + 1) * all.len() / most - 1 } else { k * all.len() / most }];
    let mut steps: Vec<i64> = (0..most).map(at).collect();
    steps.dedup();
    steps
}

fn shortest(floor: &Floor<'_>, parts: &[u32], kind: usize) -> Vec<i64> {
    let mut shortest = vec![i64::MAX; floor.inst.problem.classes.len()];
    for (pool, _) in &floor.kinds[kind].pools {
        let pool = &floor.pools[*pool as usize];
        if shortest[pool.class] == i64::MAX {
            let machine = pool.machines[0] as usize;
            let alone = parts.iter().map(|part| share::alone(floor.inst, *part, machine));
            shortest[pool.class] = alone.min().unwrap_or(i64::MAX);
        }
    }
    shortest
}

impl Lot {
    /// Pools on which some of it can be on time, if all of its dates were later by `shift`.
    pub(super) fn chances<'f>(
        &'f self,
        floor: &'f Floor<'_>,
        shift: i64,
    ) -> impl Iterator<Item = Chance> + 'f {
        floor.kinds[self.kind].pools.iter().filter_map(move |&(index, way)| {
            let pool: &Pool = &floor.pools[index as usize];
            let end = self.by + shift - way;
            let soonest = floor.soonest(pool, self.release, self.shortest[pool.class]);
            (soonest <= end).then_some(Chance { pool: index, end })
        })
    }

    /// Least work of its parts on pools, in units; by part.
    pub(super) fn works<'f>(
        &'f self,
        floor: &'f Floor<'_>,
        chances: &[Chance],
    ) -> impl Iterator<Item = (u32, i64)> + 'f {
        let mut classes: Vec<usize> =
            chances.iter().map(|chance| floor.pools[chance.pool as usize].class).collect();
        classes.sort_unstable();
        classes.dedup();
        self.parts.iter().map(move |&part| {
            let least = classes.iter().map(|class| floor.work(part, *class)).min().unwrap_or(0);
            (part, least * floor.copies(part))
        })
    }
}
