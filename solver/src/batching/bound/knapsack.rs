//! The batch that earns most, by a knapsack over sizes.
//!
//! The time of a batch is a sum over its parts plus the greatest peak. With parts sorted by peak,
//! a knapsack that takes them in one by one knows, before each, the best that lower parts can earn
//! beside it: one pass prices every part as the highest of its batch.
//!
//! Few of thousands of parts are in any batch that comes near the best one. A price of size that
//! fills the platform about once tells which: with it, a part adds to what a batch can earn at
//! most what it earns beyond its size (the bound of Dantzig 1957; the core of Balas, Zemel 1980).
//! Only what can be in a batch that earns something enters the knapsack, which stays
//! exact.

/// Prices of size that are tried, at most.
const TRIES: usize = 6;

/// How near to full a platform must be for a price of size to be good enough.
const NEAR_FULL: f64 = 0.04;

/// Some copies of a part, as a batch sees them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Offer {
    /// What they earn beyond what they pay, but for the peak.
    pub(crate) gain: f64,
    pub(crate) peak: f64,
    pub(crate) cells: usize,
    /// What stands for them elsewhere.
    pub(crate) item: u32,
}

/// What a batch pays whatever it holds, and how much that may be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    pub(crate) cells: usize,
    pub(crate) fixed: f64,
    pub(crate) per_peak: f64,
    /// Peak of a full batch, where parts are stacked; else 0.
    pub(crate) stack: f64,
}

/// Buffers of a knapsack, and what it chose.
#[derive(Default)]
pub(crate) struct Rows {
    offers: Vec<Offer>,
    core: Vec<(Offer, Role)>,
    above: Vec<f64>,
    /// In single precision, which the proof makes up for.
    cells: Vec<f32>,
    kept: Vec<Offer>,
    /// Items of the best batch, the highest first.
    pub(crate) chosen: Vec<Offer>,
    /// Peaks of batches that earn something, rising.
    pub(crate) peaks: Vec<f64>,
}

impl Rows {
    /// Items of offers that can be in a batch that earns something, sorted by peak.
    pub(crate) fn core(&self) -> impl Iterator<Item = u32> {
        self.core.iter().map(|(offer, _)| offer.item)
    }
}

/// Whether an offer may be beside a higher one, and the highest itself.
#[derive(Clone, Copy, Debug)]
struct Role {
    beside: bool,
    highest: bool,
}

/// What a batch can earn at most, by a price of size.
struct Reach {
    most: f64,
    /// Cells that a batch would fill that earns it.
    used: f64,
}

/// The most that a batch earns, if it is more than it pays; the batch is left in `rows`, with the
/// greatest peaks of all that do and what can be in them.
///
/// `offers` are sorted by peak. Of `only` some peaks, rising, batches are asked for, or of all.
/// `size_price` is where the search for a price of size begins; the last one is left there.
pub(crate) fn best(
    offers: &[Offer],
    terms: &Terms,
    only: Option<&[f64]>,
    size_price: &mut f64,
    rows: &mut Rows,
) -> Option<f64> {
    rows.core.clear();
    rows.peaks.clear();
    price_of_size(offers, terms, only, size_price, rows)?;
    let width = terms.cells + 1;
    let start = if terms.stack > 0.0 { f32::NEG_INFINITY } else { 0.0 };
    let Rows { core, cells, kept, chosen, peaks, .. } = rows;
    let most = (core.len() + 1) * width;
    if cells.len() < most {
        cells.resize(most, 0.0);
    }
    kept.clear();
    cells[..width].fill(start);
    cells[0] = 0.0;
    let mut best = 0.0;
    let mut found = None;
    for (offer, role) in &*core {
        let (old, new) = cells[kept.len() * width..].split_at_mut(width);
        if role.highest {
            let (profit, at) = as_highest(&old[..width - offer.cells], offer, terms);
            if profit > 0.0 && peaks.last() != Some(&offer.peak) {
                peaks.push(offer.peak);
            }
            if profit > best {
                best = profit;
                found = Some((kept.len(), at, *offer));
            }
        }
        if role.beside {
            kept.push(*offer);
            take(&old[..width], &mut new[..width], offer.cells, offer.gain as f32);
        }
    }
    let (below, mut at, highest) = found?;
    chosen.clear();
    chosen.push(highest);
    for k in (0..below).rev() {
        let (with, without) = (cells[(k + 1) * width + at], cells[k * width + at]);
        if with > without {
            chosen.push(kept[k]);
            at -= kept[k].cells;
        }
    }
    Some(best)
}

/// Finds a price of size that bounds what a batch earns closely, and leaves in `rows` what can be
/// in one that earns something; none if no batch does.
fn price_of_size(
    offers: &[Offer],
    terms: &Terms,
    only: Option<&[f64]>,
    first: &mut f64,
    rows: &mut Rows,
) -> Option<()> {
    if *first <= 0.0 {
        let sums = offers.iter().fold((0.0, 0.0), |sums, offer| {
            (sums.0 + offer.gain.max(0.0), sums.1 + offer.cells as f64)
        });
        *first = sums.0 / f64::max(sums.1, 1.0);
    }
    let full = terms.cells as f64;
    let (mut low, mut high) = (0.0, f64::INFINITY);
    let (mut price, mut least) = (*first, f64::INFINITY);
    rows.offers.clear();
    rows.offers.extend_from_slice(offers);
    for _ in 0..TRIES {
        let reach = reach(&rows.offers, terms, only, price);
        if reach.most <= 0.0 {
            *first = price;
            rows.core.clear();
            return None;
        }
        if reach.most < least {
            least = reach.most;
            *first = price;
            // What is left out at any price of size never comes back.
            keep_core(terms, only, price, rows);
        }
        if (reach.used - full).abs() <= NEAR_FULL * full {
            break;
        }
        if reach.used > full {
            low = price;
            price = if high.is_finite() { f64::midpoint(low, high) } else { 1.25 * price };
        } else {
            high = price;
            price = if low > 0.0 { f64::midpoint(low, high) } else { 0.8 * price };
        }
    }
    Some(())
}

fn reach(offers: &[Offer], terms: &Terms, only: Option<&[f64]>, price: f64) -> Reach {
    let mut reach = Reach { most: f64::NEG_INFINITY, used: 0.0 };
    let (mut sum, mut used) = (price * terms.cells as f64 - terms.fixed, 0.0);
    for offer in offers {
        let cells = offer.cells as f64;
        let beyond = offer.gain - price * cells;
        let most = sum + beyond - terms.per_peak * offer.peak;
        if most > reach.most && asked(only, offer.peak) {
            reach = Reach { most, used: used + cells };
        }
        if beyond > 0.0 {
            sum += beyond;
            used += cells;
        }
    }
    reach
}

/// Whether a peak is one of those asked for.
fn asked(only: Option<&[f64]>, peak: f64) -> bool {
    only.is_none_or(|peaks| peaks.binary_search_by(|p| p.total_cmp(&peak)).is_ok())
}

/// Keeps what can be in a batch that earns something.
fn keep_core(terms: &Terms, only: Option<&[f64]>, price: f64, rows: &mut Rows) {
    let Rows { offers, core, above, .. } = rows;
    above.clear();
    let mut sum = price * terms.cells as f64 - terms.fixed;
    for offer in &*offers {
        let beyond = offer.gain - price * offer.cells as f64;
        let own = sum + beyond - terms.per_peak * offer.peak;
        above.push(if asked(only, offer.peak) { own } else { f64::NEG_INFINITY });
        sum += beyond.max(0.0);
    }
    core.clear();
    let mut most = f64::NEG_INFINITY;
    for (offer, reach) in offers.iter().zip(&*above).rev() {
        let beyond = offer.gain - price * offer.cells as f64;
        let beside = offer.gain > 0.0 && most + beyond.min(0.0) > 0.0;
        let highest = *reach > 0.0;
        if beside || highest {
            core.push((*offer, Role { beside, highest }));
        }
        most = most.max(*reach);
    }
    core.reverse();
    offers.clear();
    offers.extend(core.iter().map(|(offer, _)| *offer));
}

/// What an offer earns as the highest of its batch, and the cells that the others take.
fn as_highest(row: &[f32], offer: &Offer, terms: &Terms) -> (f64, usize) {
    let own = offer.gain - terms.fixed;
    if terms.stack == 0.0 {
        let at = row.len() - 1;
        return (f64::from(row[at]) + own - terms.per_peak * offer.peak, at);
    }
    let mut best = (f64::NEG_INFINITY, 0);
    for (at, value) in row.iter().enumerate() {
        let even = terms.stack * (at + offer.cells) as f64 / terms.cells.max(1) as f64;
        let profit = f64::from(*value) + own - terms.per_peak * offer.peak.max(even);
        if profit > best.0 {
            best = (profit, at);
        }
    }
    best
}

/// One offer more: each cell with or without it.
fn take(old: &[f32], new: &mut [f32], cells: usize, gain: f32) {
    new[..cells].copy_from_slice(&old[..cells]);
    let (low, high) = (&old[..old.len() - cells], &old[cells..]);
    for ((new, low), high) in new[cells..].iter_mut().zip(low).zip(high) {
        let with = low + gain;
        *new = if with > *high { with } else { *high };
    }
}
