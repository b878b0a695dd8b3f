//! The orders of a night.

use platewright_model::draft::{LineDraft, OrderDraft, OrdersDraft};
use platewright_model::measure::Seconds;
use platewright_model::time::Time;
use rand::RngExt;
use rand_pcg::Pcg64;

use super::centres::REGIONS;
use super::models::{Flaw, GeneratedModel, Planned};
use super::stream::{draw, pick, stream, zipf};
use super::{NightOptions, PLANNING_TIME};

/// Most lines of an order.
const MOST_LINES: usize = 6;
/// Most litres of bounding boxes in one line: nobody orders sixty large housings overnight.
const LINE_LITRES: f64 = 4.0;

pub(super) fn orders(
    options: &NightOptions,
    plan: &[Planned],
    models: &[GeneratedModel],
) -> OrdersDraft {
    let mut rng = stream(options.seed, "orders");
    let lines = lines(&mut rng, options.units, plan, models);
    let wanted = (options.units as usize / 6).max(3).min(lines.len());
    let customers = (wanted * 2 / 5).clamp(2, 900);
    let mut orders: Vec<OrderDraft> = (0..wanted).map(|i| order(&mut rng, i, customers)).collect();
    for (i, line) in lines.into_iter().enumerate() {
        let mut k = i;
        if i >= wanted {
            k = rng.random_range(0..wanted as u64) as usize;
            // Every order has room for six lines, and there are fewer than three for each.
            while orders[k].lines.len() >= MOST_LINES {
                k = (k + 1) % wanted;
            }
        }
        orders[k].lines.push(line);
    }
    demand_more(&mut rng, &mut orders);
    OrdersDraft { planning_time: PLANNING_TIME.to_owned(), orders, origin: None }
}

/// Lines of `units` units in all: for each line a process by its share, one of its models, a
/// heavy-tailed quantity.
fn lines(
    rng: &mut Pcg64,
    units: u32,
    plan: &[Planned],
    models: &[GeneratedModel],
) -> Vec<LineDraft> {
    let mut lines = Vec::new();
    let mut left = units;
    let flawed = (0..plan.len()).filter(|&k| plan[k].flaw != Flaw::None);
    for k in flawed {
        lines.push(line(rng, &plan[k], models[k].unit, 1));
        left -= 1;
    }
    let sound: Vec<usize> = (0..plan.len()).filter(|&k| plan[k].flaw == Flaw::None).collect();
    let most = (units / 4).clamp(2, 60);
    // Every model is ordered at least once, then the popular ones again and again.
    let mut unordered = sound.clone();
    unordered.reverse();
    while left > 0 {
        let k = unordered.pop().unwrap_or_else(|| {
            let shares: Vec<(usize, f64)> = sound
                .iter()
                .map(|&k| {
                    let same =
                        sound.iter().filter(|&&o| std::ptr::eq(plan[o].demand, plan[k].demand));
                    (k, plan[k].demand.share / same.count() as f64)
                })
                .collect();
            let demand = plan[*pick(rng, &shares)].demand;
            let of: Vec<usize> =
                sound.iter().copied().filter(|&k| std::ptr::eq(plan[k].demand, demand)).collect();
            of[zipf(rng, of.len())]
        });
        let litres = models[k].mesh.bounds().map_or(1.0, |b| b.volume().0 / 1e6).max(1e-4);
        let bulk = (LINE_LITRES / litres).clamp(1.0, 60.0) as u32;
        let quantity = quantity(rng).min(most).min(bulk).min(left);
        left -= quantity;
        lines.push(line(rng, &plan[k], models[k].unit, quantity));
    }
    shuffle(rng, &mut lines);
    lines
}

fn quantity(rng: &mut Pcg64) -> u32 {
    const RANGES: [((u32, u32), f64); 5] =
        [((1, 1), 0.5), ((2, 3), 0.27), ((4, 8), 0.16), ((9, 20), 0.05), ((21, 60), 0.02)];
    let (low, high) = *pick(rng, &RANGES);
    rng.random_range(low..=high)
}

fn shuffle(rng: &mut Pcg64, lines: &mut [LineDraft]) {
    for i in (1..lines.len()).rev() {
        lines.swap(i, rng.random_range(0..=i as u64) as usize);
    }
}

fn line(
    rng: &mut Pcg64,
    planned: &Planned,
    unit: Option<platewright_model::measure::LengthUnit>,
    quantity: u32,
) -> LineDraft {
    let demand = planned.demand;
    let volume = ["sls", "mjf"].contains(&demand.process);
    let colour = if demand.colours.is_empty() || draw(rng, 0.0, 1.0) < 0.4 {
        None
    } else {
        let k = rng.random_range(0..demand.colours.len() as u64) as usize;
        Some(demand.colours[k].to_owned())
    };
    let fussy = draw(rng, 0.0, 1.0);
    let orientation = match fussy {
        f if !volume => {
            if f < 0.05 {
                "fixed"
            } else {
                "upright"
            }
        }
        f if f < 0.04 => "upright",
        f if f < 0.15 => "axis24",
        _ => "any",
    };
    LineDraft {
        model: planned.file.clone(),
        unit: unit.map(|u| u.name().to_owned()),
        quantity: f64::from(quantity),
        material: (*pick(rng, demand.materials)).to_owned(),
        process: demand.process.to_owned(),
        colour,
        finish: pick(rng, demand.finishes).iter().map(|&f| f.to_owned()).collect(),
        quality: (*pick(rng, demand.qualities)).to_owned(),
        orientation: orientation.to_owned(),
        clearance_mm: (draw(rng, 0.0, 1.0) < 0.02).then_some(5.0),
        inside_cavity: draw(rng, 0.0, 1.0) < 0.05,
        origin: None,
    }
}

/// An order without lines.
fn order(rng: &mut Pcg64, number: usize, customers: usize) -> OrderDraft {
    const PRIORITIES: [(u8, f64); 5] = [(1, 0.15), (2, 0.4), (3, 0.28), (4, 0.12), (5, 0.05)];
    const SHARES: [(usize, f64); 4] = [(0, 0.35), (1, 0.3), (2, 0.15), (3, 0.2)];
    let priority = *pick(rng, &PRIORITIES);
    // Days ahead; a few urgent ones are due before most centres can deliver.
    let (low, high) = match priority {
        1 => (7.0, 10.0),
        2 => (6.0, 9.5),
        3 => (5.0, 7.5),
        4 => (4.0, 6.0),
        _ => (1.5, 5.0),
    };
    let day = (draw(rng, low, high) * 2.0).floor() / 2.0;
    let start = Time::parse(PLANNING_TIME).expect("the planning time is a time");
    // At 8:00 or 20:00 UTC: half days after a planning time of 20:00.
    let due = start + Seconds((day * 86_400.0) as i64);
    OrderDraft {
        id: format!("PW-{:05}", 10_001 + number),
        customer: format!("customer-{:03}", zipf(rng, customers) + 1),
        region: REGIONS[*pick(rng, &SHARES)].to_owned(),
        due: due.to_string(),
        priority: f64::from(priority),
        ..OrderDraft::default()
    }
}

/// Few orders ask for a certificate or not to share a build: only such whose processes a
/// certified centre has, and no powder build for one order alone.
fn demand_more(rng: &mut Pcg64, orders: &mut [OrderDraft]) {
    let few = orders.len().div_ceil(60);
    let (mut alone, mut apart) = (0, 0);
    for order in orders.iter_mut() {
        let only = |of: &[&str]| order.lines.iter().all(|l| of.contains(&l.process.as_str()));
        let castable = order.lines.iter().any(|l| l.material == "resin-castable");
        let (metal, medical, plates) =
            (only(&["lpbf"]), only(&["mjf", "vpp"]) && !castable, only(&["fff", "vpp"]));
        let roll = draw(rng, 0.0, 1.0);
        let certificate = match roll {
            r if metal && r < 0.5 => Some("as9100"),
            r if medical && r < 0.2 => Some("iso-13485"),
            r if r < 0.08 => Some("iso-9001"),
            _ => None,
        };
        order.certificates.extend(certificate.map(str::to_owned));
        if plates && roll > 0.6 && apart < 2 * few {
            apart += 1;
            order.mixing = "customer".to_owned();
        } else if plates && roll > 0.5 && alone < few {
            alone += 1;
            order.mixing = "alone".to_owned();
        }
    }
}
