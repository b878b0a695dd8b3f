//! Small nights for tests: hand-made ones and seeded random ones, and an oracle that fills by
//! volume.

use std::collections::BTreeMap;

use platewright_model::config::{Objective, Policy, SolverConfig};
use platewright_model::geometry::{BuildVolume, Pose, VolumeShape};
use platewright_model::id::{BuildId, MachineClassId, PartId};
use platewright_model::machine::{
    BuildLoad, Calendar, Centre, Freight, Machine, MachineClass, Stock, TimeModel,
};
use platewright_model::material::{
    Material, NestingMode, ParameterSet, PostProcess, Process, ProcessCategory,
};
use platewright_model::measure::{Grams, Mm, Money, Seconds};
use platewright_model::night::Night;
use platewright_model::oracle::{Fit, FitOracle, PartMeasures};
use platewright_model::order::{
    MixingRule, Order, OrderLine, OrientationPolicy, QualityClass, Unit,
};
use platewright_model::print_limits::PrintLimits;
use platewright_model::stage::{Batch, Build, Placement, PrintingGroup};
use platewright_model::time::Time;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

use crate::facts::Facts;

/// Monday 2026-11-16, 18:00 UTC.
pub(crate) const EVENING: Time = Time(1_794_852_000);

/// A night with its parts and units.
pub(crate) struct World {
    pub(crate) night: Night,
    pub(crate) parts: BTreeMap<PartId, PartMeasures>,
    pub(crate) units: Vec<Unit>,
}

impl World {
    pub(crate) fn new(night: Night, parts: BTreeMap<PartId, PartMeasures>) -> Self {
        let units = night.units();
        Self { night, parts, units }
    }

    pub(crate) fn facts(&self) -> Facts<'_> {
        Facts::new(&self.night, &self.parts, &self.units)
    }
}

pub(crate) fn config() -> SolverConfig {
    SolverConfig {
        policy: Policy::Search,
        volume_fill: 0.45,
        plate_fill: 0.75,
        batch_moves: 500,
        mip_seconds: 10.0,
        mip_gap: 1e-4,
        schedule_iterations: 4_000,
    }
}

pub(crate) const OBJECTIVE: Objective = Objective {
    lateness_per_hour: 200,
    unplaced_per_unit: 50_000,
    changed_per_build: 1000,
    missed_deadline: 100_000,
    apart_per_shipment: 3000,
    broken_promise: 2000,
};

pub(crate) fn staffed(hours: &[(i64, i64)]) -> Calendar {
    let staffed = hours.iter().map(|(a, b)| (a * 3600, b * 3600)).collect();
    Calendar { staffed, maintenance: Vec::new() }
}

pub(crate) fn always() -> Calendar {
    staffed(&[(0, 168)])
}

pub(crate) fn machine(id: &str, centre: &str, calendar: Calendar) -> Machine {
    Machine {
        id: id.into(),
        centre: centre.into(),
        name: id.to_owned(),
        class: "sls/200".into(),
        process: "sls".into(),
        materials: vec!["pa12".into(), "pa11".into()],
        loaded: Some("pa12".into()),
        changeover: Seconds(3600),
        changeover_cost: Money(4000),
        volume: volume(200.0),
        source: String::new(),
        time: TimeModel {
            setup: Seconds(1800),
            fixed_s: 3600.0,
            layer_s: 10.0,
            volume_s_per_mm3: 0.001,
            surface_s_per_mm2: 0.0,
            height_s_per_mm: 0.0,
            cool_down: Seconds(7200),
            unload: Seconds(900),
        },
        time_source: String::new(),
        exposure: None,
        pixels: None,
        per_hour: Money(1000),
        per_build: Money(2000),
        least_fill: 0.0,
        short_fill: Money(0),
        calendar,
        free_from: EVENING,
        accepts: vec!["cli".to_owned()],
    }
}

fn volume(edge: f64) -> BuildVolume {
    BuildVolume {
        shape: VolumeShape::Box { x: Mm(edge), y: Mm(edge), z: Mm(edge) },
        excluded: Vec::new(),
    }
}

pub(crate) fn centre(id: &str, machines: Vec<Machine>) -> Centre {
    Centre {
        id: id.into(),
        place: id.to_owned(),
        certificates: vec!["iso9001".into()],
        freight: vec![
            Freight {
                region: "north".into(),
                per_shipment: Money(900),
                per_kg: Money(150),
                duration: Seconds(86_400),
            },
            Freight {
                region: "south".into(),
                per_shipment: Money(1200),
                per_kg: Money(250),
                duration: Seconds(129_600),
            },
        ],
        stock: Vec::new(),
        machines,
    }
}

pub(crate) fn line(part: &str, quantity: u32) -> OrderLine {
    OrderLine {
        number: 0,
        part: part.into(),
        quantity,
        elsewhere: Vec::new(),
        material: "pa12".into(),
        process: "sls".into(),
        colour: None,
        finish: Vec::new(),
        quality: QualityClass::Standard,
        orientation: OrientationPolicy::Any,
        clearance: None,
        inside_cavity: false,
    }
}

pub(crate) fn order(id: &str, days: i64, lines: Vec<OrderLine>) -> Order {
    let lines =
        lines.into_iter().enumerate().map(|(number, l)| OrderLine { number, ..l }).collect();
    Order {
        id: id.into(),
        customer: "acme".into(),
        region: "north".into(),
        due: EVENING + Seconds(days * 86_400),
        deadline: None,
        promised: None,
        together: false,
        priority: 1,
        mixing: MixingRule::Any,
        certificates: Vec::new(),
        lines,
    }
}

/// A night of these centres and orders; parts are cubes named by their edge in mm, as `c20`.
pub(crate) fn world(centres: Vec<Centre>, orders: Vec<Order>) -> World {
    let mut classes: BTreeMap<MachineClassId, MachineClass> = BTreeMap::new();
    for machine in centres.iter().flat_map(|c| &c.machines) {
        let class = classes.entry(machine.class.clone()).or_insert_with(|| MachineClass {
            id: machine.class.clone(),
            process: machine.process.clone(),
            volume: machine.volume.clone(),
            machines: Vec::new(),
        });
        class.machines.push(machine.id.clone());
    }
    let mut parts = BTreeMap::new();
    for line in orders.iter().flat_map(|o| &o.lines) {
        let edge: f64 = line.part.as_str().trim_start_matches('c').parse().unwrap();
        let measures = PartMeasures {
            volume_mm3: edge * edge * edge,
            surface_mm2: 6.0 * edge * edge,
            size: [edge; 3],
        };
        parts.insert(line.part.clone(), measures);
    }
    let night = Night {
        planning_time: EVENING,
        currency: "EUR".to_owned(),
        materials: ["pa12", "pa11"].map(|id| (id.into(), material(id))).into(),
        processes: [("sls".into(), process())].into(),
        post_processes: [("dye".into(), dye())].into(),
        centres: centres.into_iter().map(|c| (c.id.clone(), c)).collect(),
        classes,
        models: BTreeMap::new(),
        orders: orders.into_iter().map(|o| (o.id.clone(), o)).collect(),
    };
    World::new(night, parts)
}

fn material(id: &str) -> Material {
    Material {
        id: id.into(),
        name: id.to_owned(),
        density_g_cm3: 1.0,
        price_per_kg: Money(6000),
        refresh_loss: 0.2,
        bed_density_g_cm3: 0.5,
    }
}

fn dye() -> PostProcess {
    PostProcess { id: "dye".into(), name: "dyeing".to_owned(), duration: Seconds(7200) }
}

fn process() -> Process {
    Process {
        id: "sls".into(),
        name: "PBF-LB/P".to_owned(),
        category: ProcessCategory::Pbf,
        nesting: NestingMode::Volume,
        part_part: Mm(2.0),
        part_wall: Mm(2.0),
        part_plate: Mm(2.0),
        orientation: OrientationPolicy::Any,
        solid_fraction: 1.0,
        limits: PrintLimits::usual(ProcessCategory::Pbf, NestingMode::Volume),
        layer_area: None,
        materials: vec!["pa12".into(), "pa11".into()],
        parameter_sets: vec![ParameterSet {
            id: "sls-standard".into(),
            quality: QualityClass::Standard,
            layer: Mm(0.1),
        }],
    }
}

/// A seeded night of `centres` centres with three machines each and `orders` orders.
pub(crate) fn random_world(seed: u64, centres: usize, orders: usize) -> World {
    let mut rng = Pcg64::seed_from_u64(seed);
    let centres = (0..centres).map(|c| random_centre(&mut rng, c)).collect();
    let orders = (0..orders)
        .map(|n| {
            let lines = (0..rng.random_range(1..=3)).map(|_| random_line(&mut rng)).collect();
            let mut order = order(&format!("o{n:04}"), rng.random_range(1..12), lines);
            order.priority = rng.random_range(1..=5);
            order.region = if rng.random_bool(0.6) { "north" } else { "south" }.into();
            order
        })
        .collect();
    world(centres, orders)
}

fn random_line(rng: &mut Pcg64) -> OrderLine {
    let edges = ["c20", "c35", "c50", "c80", "c120"];
    let mut line = line(edges[rng.random_range(0..edges.len())], rng.random_range(1..=6));
    line.material = if rng.random_bool(0.7) { "pa12" } else { "pa11" }.into();
    if rng.random_bool(0.3) {
        line.finish = vec!["dye".into()];
    }
    line
}

fn random_centre(rng: &mut Pcg64, index: usize) -> Centre {
    let id = format!("centre{index}");
    let machines = (0..3)
        .map(|m| {
            let calendar = match rng.random_range(0..3) {
                0 => always(),
                1 => staffed(&[(6, 14), (30, 38), (54, 62), (78, 86), (102, 110)]),
                _ => staffed(&[(0, 9), (20, 33), (44, 57), (140, 168)]),
            };
            let mut made = machine(&format!("m{index}{m}"), &id, calendar);
            let start = EVENING + Seconds(rng.random_range(0..200_000));
            made.calendar.maintenance = vec![(start, start + Seconds(20_000))];
            if rng.random_bool(0.3) {
                made.class = "sls/300".into();
                made.volume = volume(300.0);
                made.per_hour = Money(1600);
            }
            made.per_hour += Money(rng.random_range(0..300));
            made.free_from = EVENING + Seconds(rng.random_range(-10_000..30_000));
            if rng.random_bool(0.2) {
                made.loaded = None;
            }
            made
        })
        .collect();
    let mut made = centre(&id, machines);
    made.freight[0].per_shipment = Money(rng.random_range(500..1500));
    made.freight[0].duration = Seconds(rng.random_range(30_000..200_000));
    made.freight[1].per_kg = Money(rng.random_range(100..900));
    made
}

pub(crate) fn limited(mut centre: Centre, grams: f64) -> Centre {
    centre.stock = vec![Stock { material: "pa12".into(), mass: Grams(grams) }];
    centre
}

/// Fills a volume to 40 %; the height grows with the fill, but is no less than the highest
/// part's.
pub(crate) struct ByVolume<'a>(pub(crate) &'a World);

impl FitOracle for ByVolume<'_> {
    fn fit(&self, class: &MachineClassId, _: Mm, parts: &[(PartId, u32)]) -> Fit {
        let size = self.0.night.classes[class].volume.size();
        let (mut sum, mut high) = (0.0, 0.0_f64);
        for (part, copies) in parts {
            let measures = &self.0.parts[part];
            sum += measures.volume_mm3 * f64::from(*copies);
            high = high.max(measures.size[2]);
        }
        let fill = sum / (0.4 * size.iter().product::<f64>());
        let height = (fill * size[2]).clamp(high.min(size[2]), size[2]);
        Fit { fits: fill <= 1.0 && high <= size[2], fill, height: Mm(height) }
    }

    fn fits_alone(&self, class: &MachineClassId, part: &PartId, _: OrientationPolicy) -> bool {
        let size = self.0.night.classes[class].volume.size();
        (0..3).all(|k| self.0.parts[part].size[k] <= size[k])
    }
}

/// Builds as nesting would make them of batches, with the oracle's height.
pub(crate) fn builds(world: &World, groups: &[PrintingGroup], batches: &[Batch]) -> Vec<Build> {
    let facts = world.facts();
    let oracle = ByVolume(world);
    let build = |batch: &Batch| {
        let group = groups.iter().find(|g| g.id == batch.group).unwrap();
        let mut units = batch.units.clone();
        units.sort();
        let mut counts: BTreeMap<PartId, u32> = BTreeMap::new();
        let mut placements = Vec::new();
        for unit in units {
            let part = facts.line(&unit).unwrap().1.part.clone();
            *counts.entry(part.clone()).or_insert(0) += 1;
            placements.push(Placement { unit, part, pose: Pose::IDENTITY, out: None });
        }
        let counts: Vec<_> = counts.into_iter().collect();
        let sum = |f: fn(&PartMeasures) -> f64| -> f64 {
            counts.iter().map(|(p, n)| f(&world.parts[p]) * f64::from(*n)).sum()
        };
        let process = &world.night.processes[&group.key.process];
        Build {
            id: BuildId::from(batch.id.as_str().replacen('B', "build", 1)),
            group: batch.group.clone(),
            class: batch.class.clone(),
            placements,
            load: BuildLoad {
                volume_mm3: sum(|m| m.volume_mm3),
                surface_mm2: sum(|m| m.surface_mm2),
                height_mm: oracle.fit(&batch.class, Mm(2.0), &counts).height.0,
                layer_mm: process.parameter_set(group.key.quality).unwrap().layer.0,
            },
            density: 0.1,
        }
    };
    batches.iter().map(build).collect()
}
