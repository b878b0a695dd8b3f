//! Additive machines of six types: set-up, volume times a rate, greatest height times another.

use platewright_model::batching::{
    BatchClass, BatchMachine, BatchOrder, BatchPart, BatchProblem, Load,
};
use rand::RngExt;

use super::plain;
use crate::night::stream::stream;

/// Numbers of machines of the problems.
pub(super) const MACHINES: [usize; 3] = [2, 5, 10];

/// A type of machines: area (cm²), height (cm), set-up (h), hours for 10⁶ cm³, and for 10⁶ cm of
/// height; the finest precision that it prints, 3 being the finest.
struct Type {
    area: i64,
    height: i64,
    setup: i64,
    melt: i64,
    recoat: i64,
    precision: usize,
}

/// Parameters as published instances of additive machines have them (UAMSP-R; the rates go back to
/// Li, Kucukkoc, Zhang 2017). The first one takes every part.
const TYPES: [Type; 6] = [
    Type { area: 1600, height: 40, setup: 30, melt: 74_074, recoat: 1_400_000, precision: 3 },
    Type { area: 1200, height: 40, setup: 12, melt: 30_864, recoat: 700_000, precision: 1 },
    Type { area: 1000, height: 40, setup: 10, melt: 30_864, recoat: 1_000_000, precision: 2 },
    Type { area: 625, height: 40, setup: 20, melt: 74_074, recoat: 1_400_000, precision: 3 },
    Type { area: 800, height: 32, setup: 10, melt: 30_864, recoat: 700_000, precision: 1 },
    Type { area: 1225, height: 40, setup: 12, melt: 30_864, recoat: 1_000_000, precision: 2 },
];
/// Units of time in an hour: rates have six decimals, so that all times are whole.
const HOUR: i64 = 1_000_000;

/// A problem on machines of the six types in turn; times are millionths of an hour, sizes cm².
///
/// Heights are 5 to 40 cm, areas 50 to 1000 cm², and 5 to 20 % of the box is solid. Most parts are
/// small, as most orders are. A part needs a machine of its precision or a finer one; parts of
/// unlike precision may share a batch. Parts are released over about half of the time that all
/// take.
pub(super) fn additive(machines: usize, parts: u32, seed: u64) -> BatchProblem {
    let name = format!("additive{machines}-{parts}");
    let mut rng = stream(seed, &format!("batches/{name}"));
    let span = i64::from(parts) * 3 / machines as i64;
    let mut part = |order| {
        // The least of two draws: small ones are more frequent.
        let mut draw =
            |low: i64, high: i64| rng.random_range(low..=high).min(rng.random_range(low..=high));
        let (height, area) = (draw(5, 40), draw(50, 1000));
        let precision = draw(1, 3) as usize;
        let volume = area * height * rng.random_range(50..=200) / 1000;
        let held =
            |kind: &Type| area <= kind.area && height <= kind.height && precision <= kind.precision;
        let load =
            |kind: &Type| Load { size: area, add: kind.melt * volume, peak: kind.recoat * height };
        BatchPart {
            order,
            copies: 1,
            release: rng.random_range(0..=span) * HOUR,
            loads: TYPES.iter().map(|kind| held(kind).then(|| load(kind))).collect(),
            ..BatchPart::default()
        }
    };
    let parts: Vec<BatchPart> = (0..parts as usize).map(&mut part).collect();
    let class = |kind: &Type| BatchClass {
        name: format!("{} cm2, precision {}", kind.area, kind.precision),
        capacity: kind.area,
        setup: kind.setup * HOUR,
        ..BatchClass::default()
    };
    let machine = |m| BatchMachine { class: m % TYPES.len(), ..BatchMachine::default() };
    let orders = vec![BatchOrder::default(); parts.len()];
    BatchProblem {
        classes: TYPES.iter().map(class).collect(),
        parts,
        ..plain(name, false, (0..machines).map(machine).collect(), orders)
    }
}
