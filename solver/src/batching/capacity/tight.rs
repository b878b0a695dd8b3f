//! Sets of parts that cannot all be on time: what they need, what there is, and what would have to
//! give way.
//!
//! Every figure is worked out anew from the lots and machines of a set; the cut only tells where to
//! look.

use std::collections::BTreeMap;

use crate::batching::capacity::cut::stuck;
use crate::batching::capacity::floor::Floor;
use crate::batching::capacity::lot::{Chance, Lot, lots};

/// Lots that are told apart, about.
const LOTS: usize = 3_000;

/// Dates move by less than this.
const SHIFT_MOST: i64 = 1 << 41;

/// Parts that cannot all be on time, with the machines that they would have to be printed on.
///
/// All times of machines that are added up are in terms of the first machine listed: a time on
/// another counts as often as its `worth` says. No plan that prints what can be printed has all of
/// the parts on time, as they need more than there is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TightSet {
    /// Parts, by index, sorted.
    pub parts: Vec<usize>,
    /// How many copies they are.
    pub copies: u64,
    /// Their orders, by index, sorted.
    pub orders: Vec<usize>,
    /// The earliest and the latest of the dates of these orders.
    pub dates: (i64, i64),
    /// The machines, of which no other could have any of the parts on time.
    pub machines: Vec<TightMachine>,
    /// Time that the parts need at least, set-ups and peaks shared as well as can be.
    pub needed: i64,
    /// Time that the machines have until the last of the parts must be done.
    pub offered: i64,
    /// Of these orders, so many are late at least in any plan.
    pub late_orders: usize,
    /// By less than this it is of no use to move all the dates; none where no time will do.
    pub shift: Option<i64>,
}

/// A machine of a [`TightSet`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TightMachine {
    /// Index of the machine.
    pub machine: usize,
    /// When it can be free first for any of the parts.
    pub from: i64,
    /// When the last of the parts must be done on it to be on time.
    pub until: i64,
    /// Its time between, without maintenance.
    pub open: i64,
    /// Times on the first machine that a time on this one is worth.
    pub worth: f64,
}

/// An order that is late in any plan, even if all machines were free.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HopelessOrder {
    /// Index of the order.
    pub order: usize,
    /// Index of the part that holds it up most.
    pub part: usize,
    /// When it is wanted.
    pub date: i64,
    /// No plan has it arrive before.
    pub soonest: i64,
}

/// What some lots need and what there is for them, in units of work.
struct Measured {
    needed: i64,
    offered: i64,
    /// Pools with the earliest start and the latest end.
    pools: BTreeMap<u32, (i64, i64)>,
    /// Need of each part.
    works: Vec<(u32, i64)>,
}

impl Measured {
    fn new(floor: &Floor<'_>, lots: &[&Lot], shift: i64) -> Self {
        let mut out = Self { needed: 0, offered: 0, pools: BTreeMap::new(), works: Vec::new() };
        for lot in lots {
            let chances: Vec<Chance> = lot.chances(floor, shift).collect();
            for chance in &chances {
                let from = floor.first(&floor.pools[chance.pool as usize], lot.release);
                let hull = out.pools.entry(chance.pool).or_insert((from, chance.end));
                *hull = (hull.0.min(from), hull.1.max(chance.end));
            }
            out.works.extend(lot.works(floor, &chances));
        }
        out.needed = out.works.iter().map(|(_, work)| work).sum();
        let offer = |(pool, hull): (&u32, &(i64, i64))| {
            let pool = &floor.pools[*pool as usize];
            floor.offer(pool, hull.0, floor.last(pool, hull.1))
        };
        out.offered = out.pools.iter().map(offer).fold(0, i64::saturating_add);
        out
    }

    fn is_short(&self) -> bool {
        self.needed > self.offered
    }
}

/// Orders that cannot be on time, and sets of the others that cannot all be: first those of the
/// earliest dates by which anything is too much, then those of all dates.
pub(super) fn find(
    floor: &Floor<'_>,
    date: impl Fn(usize) -> Option<i64>,
) -> (Vec<HopelessOrder>, Vec<TightSet>) {
    let hopeless = hopeless(floor, &date);
    let lost: Vec<usize> = hopeless.iter().map(|order| order.order).collect();
    let order = |part: u32| floor.inst.problem.parts[part as usize].order;
    let of = |part: u32| {
        let order = order(part);
        lost.binary_search(&order).is_err().then(|| date(order)).flatten()
    };
    let all = lots(floor, LOTS, of);
    let every: Vec<&Lot> = all.iter().collect();
    let whole = stuck(floor, &every);
    if whole.is_empty() {
        return (hopeless, Vec::new());
    }
    let (early, first) = earliest(floor, &all).unwrap_or_default();
    let mut sets: Vec<TightSet> = Vec::new();
    for (lots, found) in [(&early, first), (&every, whole)] {
        for set in found {
            let lots: Vec<&Lot> = set.iter().map(|lot| lots[*lot]).collect();
            let told = describe(floor, &lots, &date);
            sets.extend(told.filter(|told| !sets.iter().any(|set| set.parts == told.parts)));
        }
    }
    (hopeless, sets)
}

/// The lots up to the earliest date by which anything is too much, and what of them is; none if
/// only all of them together are too much.
fn earliest<'l>(floor: &Floor<'_>, all: &'l [Lot]) -> Option<(Vec<&'l Lot>, Vec<Vec<usize>>)> {
    let mut dates: Vec<i64> = all.iter().map(|lot| lot.by).collect();
    dates.sort_unstable();
    dates.dedup();
    // More lots are never less stuck: half of what is left each time.
    let (mut low, mut high, mut found) = (0, dates.len().saturating_sub(1), None);
    while low < high {
        let middle = low + (high - low) / 2;
        let lots: Vec<&Lot> = all.iter().filter(|lot| lot.by <= dates[middle]).collect();
        let sets = stuck(floor, &lots);
        if sets.is_empty() {
            low = middle + 1;
        } else {
            (high, found) = (middle, Some((lots, sets)));
        }
    }
    found
}

/// Orders that would be late if nothing else were printed, sorted.
fn hopeless(floor: &Floor<'_>, date: impl Fn(usize) -> Option<i64>) -> Vec<HopelessOrder> {
    let inst = floor.inst;
    let mut worst: BTreeMap<usize, HopelessOrder> = BTreeMap::new();
    for (part, p) in inst.problem.parts.iter().enumerate() {
        let Some(date) = date(p.order) else { continue };
        let Some(kind) = floor.kinds.get(floor.kind_of[part] as usize) else { continue };
        let soonest = |(pool, way): &(u32, i64)| {
            let pool = &floor.pools[*pool as usize];
            let machine = pool.machines[0] as usize;
            let length = super::share::alone(inst, part as u32, machine);
            floor.soonest(pool, p.release, length) + p.finish + way
        };
        let arrives = kind.pools.iter().map(soonest).min().unwrap_or(i64::MIN);
        let soonest = arrives.max(inst.arrived(p.order));
        let found = HopelessOrder { order: p.order, part, date, soonest };
        let known = worst.entry(p.order).or_insert(found);
        if found.soonest > known.soonest {
            *known = found;
        }
    }
    worst.into_values().filter(|order| order.soonest > order.date).collect()
}

/// A set as others read it; none if what is lacking is too little to tell.
fn describe(
    floor: &Floor<'_>,
    lots: &[&Lot],
    date: &impl Fn(usize) -> Option<i64>,
) -> Option<TightSet> {
    let found = Measured::new(floor, lots, 0);
    let class = floor.pools[*found.pools.keys().next()? as usize].class;
    let needed = floor.time(found.needed, class).floor() as i64;
    let offered = floor.time(found.offered, class).ceil() as i64;
    if !found.is_short() || needed <= offered {
        return None;
    }
    let problem = &floor.inst.problem;
    let mut parts: Vec<usize> = found.works.iter().map(|(part, _)| *part as usize).collect();
    parts.sort_unstable();
    let mut needs: BTreeMap<usize, i64> = BTreeMap::new();
    for (part, work) in &found.works {
        *needs.entry(problem.parts[*part as usize].order).or_insert(0) += work;
    }
    let dates: Vec<i64> = needs.keys().filter_map(|order| date(*order)).collect();
    Some(TightSet {
        copies: parts.iter().map(|part| u64::from(problem.parts[*part].copies)).sum(),
        parts,
        dates: (dates.iter().copied().min()?, dates.iter().copied().max()?),
        machines: machines(floor, &found),
        needed,
        offered,
        late_orders: late(needs.values().copied().collect(), found.needed - found.offered),
        shift: shift(floor, lots),
        orders: needs.into_keys().collect(),
    })
}

/// The machines of pools, sorted.
fn machines(floor: &Floor<'_>, found: &Measured) -> Vec<TightMachine> {
    let first = found.pools.keys().next().map_or(0, |pool| floor.pools[*pool as usize].class);
    let mut machines = Vec::new();
    for (index, &(from, until)) in &found.pools {
        let pool = &floor.pools[*index as usize];
        let until = floor.last(pool, until);
        let open = floor.open(pool, from, until);
        let worth = floor.worth[pool.class] as f64 / floor.worth[first] as f64;
        let one = |m: &u32| TightMachine { machine: *m as usize, from, until, open, worth };
        machines.extend(pool.machines.iter().map(one));
    }
    machines.sort_by_key(|machine| machine.machine);
    machines
}

/// How many orders at least have to be left out of what is needed, so that no more is `missing`.
fn late(mut needs: Vec<i64>, missing: i64) -> usize {
    needs.sort_unstable_by_key(|need| std::cmp::Reverse(*need));
    let mut left = missing;
    let out = needs.iter().take_while(|need| {
        let short = left > 0;
        left -= **need;
        short
    });
    out.count()
}

/// The least time by which all dates of lots would have to move for them not to be too much.
fn shift(floor: &Floor<'_>, lots: &[&Lot]) -> Option<i64> {
    let short = |shift: i64| Measured::new(floor, lots, shift).is_short();
    let mut enough = 1;
    while short(enough) {
        enough *= 2;
        if enough > SHIFT_MOST {
            return None;
        }
    }
    let mut short_at = enough / 2;
    while enough - short_at > 1 {
        let middle = short_at + (enough - short_at) / 2;
        *(if short(middle) { &mut short_at } else { &mut enough }) = middle;
    }
    Some(enough)
}
