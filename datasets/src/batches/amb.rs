//! AMB: additive batches over many centres, with a definition that any language can repeat.

use platewright_model::batching::{
    BatchClass, BatchMachine, BatchOrder, BatchPart, BatchProblem, Family, Load, Way,
};

use super::check_parts;
use crate::error::DatasetError;

/// A machine type: area (cm²), height (mm), set-up (min), melting (hundredths of a minute for a
/// cm³), recoating (hundredths of a minute for a cm), cost of a minute (cents).
struct Type {
    area: i64,
    height: i64,
    setup: i64,
    melt: i64,
    recoat: i64,
    rate: i64,
}

/// A platform of 25 × 25 cm with the rates of published codes, a larger one of several lasers, and
/// a small one with the rates of a published simulator.
const TYPES: [Type; 3] = [
    Type { area: 625, height: 325, setup: 120, melt: 180, recoat: 4800, rate: 100 },
    Type { area: 1600, height: 400, setup: 180, melt: 90, recoat: 6000, rate: 160 },
    Type { area: 400, height: 200, setup: 60, melt: 111, recoat: 3333, rate: 70 },
];
/// Time of a change of material, min.
const CHANGEOVER: i64 = 360;
/// Number of materials; a machine takes two of them that follow one another in a ring.
const MATERIALS: usize = 3;

/// Size of a problem of [`amb`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AmbOptions {
    /// Parts, each one copy.
    pub parts: u32,
    /// Seed of all draws.
    pub seed: u64,
    /// Centres, and regions of customers: one around each centre.
    pub centres: u32,
    /// Machines of each centre.
    pub machines: u32,
}

impl AmbOptions {
    /// The size that results are compared on: 5 centres of 3 machines up to 2,000 parts, 50 of 3
    /// up to 20,000, 50 of 10 beyond.
    pub fn of(parts: u32, seed: u64) -> Self {
        let (centres, machines) = match parts {
            0..=2_000 => (5, 3),
            2_001..=20_000 => (50, 3),
            _ => (50, 10),
        };
        Self { parts, seed, centres, machines }
    }
}

/// Numbers as SplitMix64 (Steele, Lea, Flood 2014) gives them, within bounds by remainder: what
/// every language can repeat.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from `low` to `high`, both included.
    fn within(&mut self, low: i64, high: i64) -> i64 {
        low + (self.next() % (high - low + 1) as u64) as i64
    }
}

/// A part as drawn.
struct Drawn {
    order: usize,
    material: usize,
    /// mm.
    height: i64,
    /// cm².
    area: i64,
    /// cm³.
    volume: i64,
}

impl Drawn {
    fn load(&self, kind: &Type) -> Load {
        Load {
            size: self.area,
            add: (kind.melt * self.volume + 99) / 100,
            peak: (kind.recoat * self.height + 999) / 1000,
        }
    }
}

/// A problem over centres in a ring, each with machines of three types; times are minutes, money
/// cents, sizes cm², masses cm³.
///
/// Orders of 1 to 6 parts come from the regions; most parts of an order are of one material, a
/// machine takes two of three, and a change of material costs six hours. An order is late when its
/// last part arrives. The objective is the cost of machines, of freight, which grows with the
/// distance along the ring, and of lateness. A batch takes set-up, volume times a rate and height
/// times another; it fills at most nine tenths of the platform. All draws are those of SplitMix64,
/// in a fixed order.
///
/// # Errors
/// E1095: a number of parts that no problem can have.
pub fn amb(options: &AmbOptions) -> Result<BatchProblem, DatasetError> {
    check_parts(options.parts)?;
    let centres = i64::from(options.centres.max(1));
    let per_centre = i64::from(options.machines.max(1));
    let (mut orders, parts) = draw(options.parts as usize, options.seed, centres);
    // Mean load of a machine: due dates spread over 0.3 to 1.2 of it.
    let least = |part: &Drawn| {
        let loads = TYPES.each_ref().map(|kind| part.load(kind));
        loads.map(|load| load.add + load.peak / 4).into_iter().min().unwrap_or(0)
    };
    let load = parts.iter().map(least).sum::<i64>() / (centres * per_centre);
    for (order, draw) in &mut orders {
        order.due = Some(4320 + load * (300 + *draw * 900 / 999) / 1000);
    }
    let machines: Vec<BatchMachine> = (0..centres)
        .flat_map(|centre| (0..per_centre).map(move |number| machine(centre, number)))
        .collect();
    Ok(BatchProblem {
        name: name(options),
        rate_span: 1,
        mass_span: 1,
        classes: TYPES.each_ref().map(class).into(),
        families: (0..MATERIALS).map(|material| family(material, &machines)).collect(),
        machines,
        freight: freight(centres),
        orders: orders.into_iter().map(|(order, _)| order).collect(),
        parts: parts.iter().map(part).collect(),
        ..BatchProblem::default()
    })
}

fn name(options: &AmbOptions) -> String {
    let AmbOptions { parts, seed, centres, machines } = *options;
    let short = format!("amb-{parts}-{seed}");
    if *options == AmbOptions::of(parts, seed) {
        return short;
    }
    format!("{short}-{centres}x{machines}")
}

/// Orders, each with the draw of its due date, and parts.
fn draw(count: usize, seed: u64, centres: i64) -> (Vec<(BatchOrder, i64)>, Vec<Drawn>) {
    let mut rng = SplitMix(seed);
    let (mut orders, mut parts) = (Vec::new(), Vec::new());
    while parts.len() < count {
        let size = rng.within(1, 6);
        let region = rng.within(0, centres - 1) as usize;
        let main = rng.within(0, 2) as usize;
        let weight = rng.within(10, 60);
        let order = orders.len();
        orders.push((BatchOrder { region, weight, ..BatchOrder::default() }, rng.within(0, 999)));
        for _ in 0..size {
            if parts.len() == count {
                break;
            }
            let (height, area) = match rng.within(0, 99) {
                0..50 => (rng.within(10, 80), rng.within(8, 60)),
                50..85 => (rng.within(40, 180), rng.within(40, 200)),
                _ => (rng.within(100, 300), rng.within(120, 500)),
            };
            let fill = rng.within(10, 35);
            let volume = (area * height * fill / 1000).max(1);
            let material = if rng.within(0, 99) < 70 { main } else { rng.within(0, 2) as usize };
            parts.push(Drawn { order, material, height, area, volume });
        }
    }
    (orders, parts)
}

fn class(kind: &Type) -> BatchClass {
    BatchClass {
        name: format!("{} cm2, {} mm", kind.area, kind.height),
        capacity: kind.area * 9 / 10,
        setup: kind.setup,
        ..BatchClass::default()
    }
}

/// The first material of a machine, which it holds at first; it takes the next one, too.
fn first_material(centre: i64, number: i64) -> usize {
    (centre + number % 3 + number / 3) as usize % MATERIALS
}

fn machine(centre: i64, number: i64) -> BatchMachine {
    let class = (number % 3) as usize;
    let rate = TYPES[class].rate;
    BatchMachine {
        name: format!("{centre}/{number}"),
        class,
        centre: centre as usize,
        rate,
        loaded: Some(first_material(centre, number)),
        changeover: CHANGEOVER,
        changeover_cost: CHANGEOVER * rate,
        ..BatchMachine::default()
    }
}

fn family(material: usize, machines: &[BatchMachine]) -> Family {
    let takes = |machine: &BatchMachine| {
        let first = machine.loaded.unwrap_or(0);
        material == first || material == (first + 1) % MATERIALS
    };
    Family {
        name: format!("material {material}"),
        material,
        machines: (0..machines.len()).filter(|&m| takes(&machines[m])).collect(),
        ..Family::default()
    }
}

/// Ways along the ring of centres; a region lies around each.
fn freight(centres: i64) -> Vec<Vec<Option<Way>>> {
    let way = |centre: i64, region: i64| {
        let apart = (centre - region).abs();
        let distance = apart.min(centres - apart);
        Some(Way {
            duration: 720 + 720 * distance,
            per_shipment: 0,
            per_part: 300 + 250 * distance,
            per_mass: distance,
        })
    };
    (0..centres).map(|centre| (0..centres).map(|region| way(centre, region)).collect()).collect()
}

fn part(drawn: &Drawn) -> BatchPart {
    let held = |kind: &Type| drawn.area <= kind.area * 9 / 10 && drawn.height <= kind.height;
    BatchPart {
        order: drawn.order,
        family: drawn.material,
        copies: 1,
        mass: drawn.volume,
        loads: TYPES.iter().map(|kind| held(kind).then(|| drawn.load(kind))).collect(),
        ..BatchPart::default()
    }
}
