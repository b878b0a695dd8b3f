//! Prices of parts as high as they can be: all are raised a little, then lowered where a batch
//! earns more than it pays, again and again.
//!
//! Lowering takes from the parts of one batch after another what that earns too much. Prices only
//! fall by it, so that what once pays for itself always does, and what a knapsack leaves out at
//! the first look never comes back. Batches that were found are kept, and asked again first.

use rayon::prelude::*;

use crate::batching::bound::duals::Duals;
use crate::batching::bound::lines::{Line, Moment, told_lines};
use crate::batching::bound::shop::{Column, Counter, Desk, Peaks, Pick, Shop};
use crate::batching::bound::stock::{Cells, Stock, stocks};
use crate::batching::instance::Instance;

/// Prices are told in parts of a unit of the objective.
pub(crate) const SCALE: i64 = 1000;

/// Share by which prices are raised at first, with few cells and with many, and at last.
const RISE: [f64; 2] = [0.03, 0.01];
const LEAST_RISE: f64 = 1e-5;

/// How much less they are raised after that was too much.
const LESS: f64 = 0.8;

/// Lines that are tried for a machine and a span while prices are raised.
const LINES: usize = 2;

/// Passes that lower prices where batches earn too much, before all prices are lowered with each,
/// and by which factor; and the most of all.
const PASSES: usize = 300;
const PASSES_MOST: usize = 800;
const HASTE: f64 = 0.99;

/// Picks of a place that are kept, at most; where there are more, all is looked through again.
const SHELF: usize = 1000;

/// How much nearer the length of the best batch lines touch with each pass.
const NEARER: f64 = 0.3;

/// Share of its earnings by which single precision may be wrong about what a batch earns.
pub(crate) const ROUNDING: f64 = 1e-6;

/// Share of what it earns that a batch may earn too much without another line being tried.
const MILD: f64 = 0.1;

/// Share by which prices that are right but for rounding are lowered, so that a first look at a
/// batch tells that it earns too little.
const CLOSE: f64 = 1e-5;

/// What a batch may be below what it pays, in parts of that, and still be asked again.
const KEPT: f64 = 0.02;

/// Machines with what they can print, and batches that were found.
pub(crate) struct Proof<'a> {
    inst: &'a Instance<'a>,
    stocks: Vec<Stock>,
    shops: Vec<Shop>,
    lines: Vec<Vec<Line>>,
    /// Batches that earned too much once: parts and copies, and what they pay.
    pool: Vec<Found>,
}

struct Found {
    parts: Vec<(u32, u32)>,
    pays: f64,
}

/// A machine and a span, with what may be worth printing there by family.
struct Place {
    machine: usize,
    span: usize,
    shelf: Option<Vec<Vec<Pick>>>,
    /// When a batch may start first.
    first: f64,
}

impl<'a> Proof<'a> {
    pub(crate) fn new(inst: &'a Instance<'a>, shops: Vec<Shop>, lines: Vec<Vec<Line>>) -> Self {
        Self { inst, stocks: stocks(inst, Cells::Coarse), shops, lines, pool: Vec::new() }
    }

    /// Raises prices as long as there is time, of which `used` tells the share, or until that
    /// changes little; then sees to it that no batch earns more than it pays.
    pub(crate) fn climb(&mut self, from: &Duals, mut used: impl FnMut(f64) -> f64) -> Duals {
        let inst = self.inst;
        let mut best = from.clone();
        let before = used(best.value(inst));
        self.repair(&mut best, LINES);
        let mut most = best.value(inst);
        // The last repair takes about as long as the first.
        let last = used(most) - before;
        for (cells, mut rise) in [(Cells::Coarse, RISE[0]), (Cells::Fine, RISE[1])] {
            self.stocks = stocks(inst, cells);
            // With few cells batches may be a little larger than fits.
            self.pool.clear();
            while rise > LEAST_RISE && used(most) + last < 1.0 {
                let mut trial = best.clone();
                trial.price.iter_mut().for_each(|price| *price *= 1.0 + rise);
                self.repair(&mut trial, LINES);
                let value = trial.value(inst);
                if value > most {
                    (best, most) = (trial, value);
                } else {
                    rise *= LESS;
                }
            }
        }
        self.repair(&mut best, usize::MAX);
        best
    }

    /// Sees to it that no batch earns more than it pays, of prices at which none should but for
    /// rounding.
    pub(crate) fn mend(&mut self, mut duals: Duals) -> Duals {
        duals.price.iter_mut().for_each(|price| *price *= 1.0 - CLOSE);
        self.repair(&mut duals, usize::MAX);
        duals
    }

    /// Lowers prices until no batch earns more than it pays, along one of so many lines.
    fn repair(&mut self, duals: &mut Duals, lines: usize) {
        self.ask_again(duals);
        let spans = duals.grid.len();
        let all = (0..self.shops.len()).flat_map(|m| (0..spans).map(move |k| (m, k)));
        let mut open: Vec<Place> = all
            .map(|(machine, span)| Place { machine, span, shelf: None, first: f64::NEG_INFINITY })
            .collect();
        for pass in 0.. {
            let mut over = self.overpaid(duals, open, lines);
            if over.is_empty() {
                break;
            }
            over.sort_by(|a, b| b.1.profit.total_cmp(&a.1.profit));
            for (_, column) in &over {
                lower(duals, &column.parts, column.earned - column.profit);
            }
            if pass >= PASSES {
                duals.price.iter_mut().for_each(|price| *price *= HASTE);
            }
            // Nothing is proven then.
            if pass == PASSES_MOST {
                duals.price.fill(0.0);
                break;
            }
            open = Vec::with_capacity(over.len());
            for (place, column) in over {
                // With other lines, others could be worth printing than lie on the shelf.
                if lines == LINES {
                    let line = &mut self.lines[place.machine][place.span];
                    line.near += NEARER * (column.length.min(line.room) - line.near);
                }
                self.pool.push(Found { pays: column.pays, parts: column.parts });
                open.push(place);
            }
            open.sort_by_key(|place| (place.machine, place.span));
        }
    }

    fn ask_again(&mut self, duals: &mut Duals) {
        let share =
            |found: &Found, duals: &Duals| found.pays / duals.earned(&found.parts).max(1e-9);
        self.pool.retain(|found| share(found, duals) < 1.0 + KEPT);
        let mut keyed: Vec<(f64, usize)> =
            self.pool.iter().enumerate().map(|(k, f)| (share(f, duals), k)).collect();
        keyed.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        for (_, k) in keyed {
            lower(duals, &self.pool[k].parts, self.pool[k].pays);
        }
    }

    /// For each of some places a batch that seems to earn more than it pays, along whichever line
    /// tells least; none where nothing does.
    fn overpaid(&self, duals: &Duals, open: Vec<Place>, lines: usize) -> Vec<(Place, Column)> {
        let mut machines: Vec<Vec<Place>> = Vec::new();
        for place in open {
            match machines.last_mut() {
                Some(last) if last[0].machine == place.machine => last.push(place),
                _ => machines.push(vec![place]),
            }
        }
        let found = machines.into_par_iter().map_init(Desk::default, |desk, places| {
            let shop = &self.shops[places[0].machine];
            let look = places.iter().any(|place| place.shelf.is_none());
            let first =
                look.then(|| shop.lay_out(self.inst, &self.stocks[shop.class], duals, desk));
            let over = |mut place: Place| {
                if place.shelf.is_none() {
                    place.first = first.filter(|first| first.is_finite())?;
                }
                let column = self.over(duals, &mut place, lines, desk)?;
                Some((place, column))
            };
            places.into_iter().filter_map(over).collect::<Vec<_>>()
        });
        found.flatten_iter().collect()
    }

    fn over(
        &self,
        duals: &Duals,
        place: &mut Place,
        lines: usize,
        desk: &mut Desk,
    ) -> Option<Column> {
        let (m, k) = (place.machine, place.span);
        let shop = &self.shops[m];
        let stock = &self.stocks[shop.class];
        let on = Counter { stock, duals };
        let mut peaks = Peaks::all(stock.items.len());
        let mut shelf = vec![Vec::new(); stock.items.len()];
        let mut columns: Vec<Column> = Vec::new();
        let all = told_lines(duals, shop, (k, &self.lines[m][k]), place.first);
        let last = all.len() - 1;
        for (tried, both) in all.iter().enumerate() {
            // A line too low for short batches asks for more than prices can give.
            let milder = |c: &Column| peaks.asks_for(c) && c.profit < MILD * c.earned;
            if tried >= lines && tried < last && columns.iter().any(milder) {
                break;
            }
            let column =
                self.along(&on, (m, both), place.shelf.as_deref(), &mut peaks, &mut shelf, desk);
            // Each peak has a line that suits it best.
            if !peaks.narrow() {
                return None;
            }
            columns.extend(column);
        }
        let ratio = |c: &Column| c.profit / c.earned.max(1e-9);
        let columns = columns.into_iter().filter(|c| peaks.asks_for(c));
        let least = columns.min_by(|a, b| ratio(a).total_cmp(&ratio(b)));
        if place.shelf.is_none() {
            for picks in &mut shelf {
                picks.sort_by_key(|pick: &Pick| pick.item);
                picks.dedup_by_key(|pick| pick.item);
            }
            let few = shelf.iter().map(Vec::len).sum::<usize>() <= SHELF;
            place.shelf = few.then_some(shelf);
        }
        least
    }

    /// The best batch at either end of a span along a line.
    fn along(
        &self,
        on: &Counter<'_>,
        (m, both): (usize, &[Moment]),
        known: Option<&[Vec<Pick>]>,
        peaks: &mut Peaks,
        shelf: &mut [Vec<Pick>],
        desk: &mut Desk,
    ) -> Option<Column> {
        let shop = &self.shops[m];
        let mut best: Option<Column> = None;
        for moment in both {
            let found = match known {
                Some(known) => shop.best(on, moment, peaks, known, None, desk),
                None => shop.best_of_all(on, moment, peaks, shelf, desk),
            };
            if let Some(mut found) = found
                && best.as_ref().is_none_or(|c| c.profit < found.profit)
            {
                let until = |at: f64| on.duals.time_until(m, at);
                let exact = until(moment.at) - until(moment.at - found.length);
                let along = moment.at_zero + moment.slope * found.length;
                found.pays = found.earned - found.profit + (exact - along).max(0.0);
                best = Some(found);
            }
        }
        best
    }
}

/// Takes from the parts of a batch what it earns too much.
fn lower(duals: &mut Duals, parts: &[(u32, u32)], pays: f64) {
    let earned = duals.earned(parts);
    if earned > pays && earned > 0.0 {
        let share = (pays / earned).max(0.0) * (1.0 - ROUNDING);
        for (part, _) in parts {
            duals.price[*part as usize] *= share;
        }
    }
}
