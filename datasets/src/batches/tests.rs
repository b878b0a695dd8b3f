use std::collections::BTreeMap;

use platewright_model::batching::{BatchMachine, BatchProblem, Load};
use platewright_model::validate::validate_batches;

use super::*;

/// FNV-1a over all that is drawn, in the order in which it is.
fn digest(problem: &BatchProblem) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut eat = |number: i64| {
        for byte in number.to_le_bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    };
    for order in &problem.orders {
        [order.region as i64, order.due.unwrap(), order.weight].into_iter().for_each(&mut eat);
    }
    for part in &problem.parts {
        let size = part.loads.iter().flatten().next().unwrap().size;
        [part.order as i64, part.family as i64, part.mass, size].into_iter().for_each(&mut eat);
        for load in part.loads.iter().flatten() {
            [load.add, load.peak].into_iter().for_each(&mut eat);
        }
    }
    hash
}

#[test]
fn the_family_over_centres_is_what_another_language_makes_of_its_definition() {
    let small = amb(&AmbOptions::of(50, 1)).unwrap();
    assert_eq!((small.parts.len(), small.orders.len(), small.machines.len()), (50, 16, 15));
    let order = &small.orders[0];
    assert_eq!((order.region, order.due, order.weight), (4, Some(5374), 39));
    let order = &small.orders[15];
    assert_eq!((order.region, order.due, order.weight), (4, Some(4743), 28));
    let part = &small.parts[0];
    assert_eq!((part.order, part.family, part.mass), (0, 0, 76));
    let load = |add, peak| Some(Load { size: 38, add, peak });
    assert_eq!(part.loads, [load(137, 284), load(69, 354), load(85, 197)]);
    let machine = &small.machines[4];
    assert_eq!((machine.centre, machine.class, machine.loaded), (1, 1, Some(2)));
    assert_eq!((machine.rate, machine.changeover, machine.changeover_cost), (160, 360, 57_600));
    assert_eq!((small.classes[1].capacity, small.classes[1].setup), (1440, 180));
    // It takes materials 2 and 0.
    let takes: Vec<bool> = small.families.iter().map(|f| f.machines.contains(&4)).collect();
    assert_eq!(takes, [true, false, true]);
    let other = amb(&AmbOptions { parts: 300, seed: 7, centres: 7, machines: 4 }).unwrap();
    let large = amb(&AmbOptions::of(1000, 1)).unwrap();
    assert_eq!(other.name, "amb-300-7-7x4");
    let digests = [&small, &large, &other].map(digest);
    assert_eq!(digests, [AMB_50, AMB_1000, AMB_300]);
}

const AMB_50: u64 = 0x8dae_dfc4_c62a_3439;
const AMB_1000: u64 = 0x3897_0394_61ca_ae54;
const AMB_300: u64 = 0xaec0_01f8_0fad_6a0d;

/// The cost of a plan that takes each part in order of due date to where it costs least is known.
#[test]
fn a_greedy_plan_costs_what_it_costs_elsewhere() {
    let known = [
        (AmbOptions::of(50, 1), [1_937_560, 38_724, 213_712]),
        (AmbOptions::of(200, 1), [10_623_340, 172_973, 1_416_768]),
        (AmbOptions::of(1000, 1), [54_209_460, 791_708, 8_588_638]),
        (
            AmbOptions { parts: 300, seed: 7, centres: 7, machines: 4 },
            [18_312_630, 273_174, 1_280_537],
        ),
    ];
    for (options, cost) in known {
        let problem = amb(&options).unwrap();
        assert_eq!(cost_of(&problem, &greedy(&problem)), cost, "{options:?}");
    }
}

/// A batch of the greedy plan.
struct Batch {
    parts: Vec<usize>,
    family: usize,
    size: i64,
    peak: i64,
}

/// What a part adds to a machine: the batch it joins or none, and for how much longer.
type Place = (i64, usize, Option<usize>, i64);

fn greedy(problem: &BatchProblem) -> Vec<Vec<Batch>> {
    let mut plan: Vec<Vec<Batch>> = problem.machines.iter().map(|_| Vec::new()).collect();
    let mut ends = vec![0; plan.len()];
    let mut parts: Vec<usize> = (0..problem.parts.len()).collect();
    parts.sort_by_key(|&p| (problem.orders[problem.parts[p].order].due, p));
    for p in parts {
        let mut best: Option<Place> = None;
        for m in 0..plan.len() {
            for place in places(problem, p, m, &plan[m], ends[m]) {
                if best.is_none_or(|best| place.0 < best.0) {
                    best = Some(place);
                }
            }
        }
        let (_, m, batch, longer) = best.unwrap();
        let load = load(problem, p, m).unwrap();
        let family = problem.parts[p].family;
        if batch.is_none() {
            plan[m].push(Batch { parts: Vec::new(), family, size: 0, peak: 0 });
        }
        let at = batch.unwrap_or(plan[m].len() - 1);
        let batch = &mut plan[m][at];
        batch.parts.push(p);
        (batch.size, batch.peak) = (batch.size + load.size, batch.peak.max(load.peak));
        ends[m] += longer;
    }
    plan
}

/// All places of a part on a machine, each with an estimate of what it costs.
fn places(problem: &BatchProblem, p: usize, m: usize, batches: &[Batch], end: i64) -> Vec<Place> {
    let Some(load) = load(problem, p, m) else { return Vec::new() };
    let (part, machine) = (&problem.parts[p], &problem.machines[m]);
    let order = &problem.orders[part.order];
    let way = problem.freight[machine.centre][order.region].unwrap();
    let cost = |longer: i64| {
        let late = (end + longer + way.duration - order.due.unwrap()).max(0);
        machine.rate * longer + freight(problem, p, machine) + order.weight * late + 20 * longer
    };
    let class = &problem.classes[machine.class];
    let mut places = Vec::new();
    for (b, batch) in batches.iter().enumerate() {
        if batch.family == part.family && batch.size + load.size <= class.capacity {
            let longer = load.add + (load.peak - batch.peak).max(0);
            places.push((cost(longer), m, Some(b), longer));
        }
    }
    let held = batches.last().map_or(machine.loaded.unwrap(), |batch| batch.family);
    let change = if held == part.family { 0 } else { machine.changeover };
    let longer = class.setup + load.add + load.peak + change;
    places.push((cost(longer), m, None, longer));
    places
}

fn load(problem: &BatchProblem, p: usize, m: usize) -> Option<Load> {
    let part = &problem.parts[p];
    let allowed = problem.families[part.family].machines.contains(&m);
    part.loads[problem.machines[m].class].filter(|_| allowed)
}

fn freight(problem: &BatchProblem, p: usize, machine: &BatchMachine) -> i64 {
    let part = &problem.parts[p];
    let way = problem.freight[machine.centre][problem.orders[part.order].region].unwrap();
    way.per_part + way.per_mass * part.mass
}

/// Production, freight and lateness.
fn cost_of(problem: &BatchProblem, plan: &[Vec<Batch>]) -> [i64; 3] {
    let [mut production, mut carried, mut late] = [0; 3];
    let mut arrivals: BTreeMap<usize, i64> = BTreeMap::new();
    for (m, batches) in plan.iter().enumerate() {
        let machine = &problem.machines[m];
        let (mut time, mut held) = (0, machine.loaded.unwrap());
        for batch in batches {
            let added: i64 = batch.parts.iter().map(|&p| load(problem, p, m).unwrap().add).sum();
            let length = problem.classes[machine.class].setup + added + batch.peak;
            production += machine.rate * length;
            time += length;
            if held != batch.family {
                (time, held) = (time + machine.changeover, batch.family);
                production += machine.changeover_cost;
            }
            for &p in &batch.parts {
                carried += freight(problem, p, machine);
                let order = problem.parts[p].order;
                let region = problem.orders[order].region;
                let arrival = time + problem.freight[machine.centre][region].unwrap().duration;
                let last = arrivals.entry(order).or_insert(arrival);
                *last = arrival.max(*last);
            }
        }
    }
    for (order, arrival) in arrivals {
        let order = &problem.orders[order];
        late += order.weight * (arrival - order.due.unwrap()).max(0);
    }
    [production, carried, late]
}

#[test]
fn every_part_can_be_printed() {
    let mut problems = batch_jobs(&[1, 10, 100], 1).unwrap();
    problems.extend([50, 200, 3000].map(|parts| amb(&AmbOptions::of(parts, 2)).unwrap()));
    for problem in &problems {
        validate_batches(problem).unwrap_or_else(|faults| panic!("{}: {faults:?}", problem.name));
        for (p, part) in problem.parts.iter().enumerate() {
            let fits = |m: usize| {
                let capacity = problem.classes[problem.machines[m].class].capacity;
                load(problem, p, m).is_some_and(|load| load.size <= capacity)
            };
            assert!((0..problem.machines.len()).any(fits), "{}: part {p}", problem.name);
            assert_eq!(part.copies, 1);
        }
    }
}

#[test]
fn problems_of_the_literature_are_what_their_names_say() {
    let problems = batch_jobs(&[20], 1).unwrap();
    assert_eq!(problems, batch_jobs(&[20], 1).unwrap());
    assert_ne!(problems[0].parts, batch_jobs(&[20], 2).unwrap()[0].parts);
    let mut names: Vec<&str> = problems.iter().map(|problem| &*problem.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!((names.len(), problems.len()), (30, 30));
    let named = |name: &str| problems.iter().find(|problem| problem.name == name).unwrap();

    let one = named("one-20-p10-s2to4");
    assert_eq!((one.machines.len(), one.classes[0].capacity), (1, 10));
    let loads = || one.parts.iter().flat_map(|part| &part.loads).flatten();
    assert!(loads().all(|load| (2..=4).contains(&load.size) && load.add == 0));
    assert!(loads().all(|load| (1..=10).contains(&load.peak)));
    assert_eq!((one.objective.makespan, one.objective.lateness), (1, 0));

    let late = named("unrelated3-20-p20-s1to10-late0.6");
    assert_eq!((late.objective.makespan, late.objective.lateness), (0, 1));
    let due = late.orders.iter().map(|order| order.due.unwrap());
    assert!(due.zip(&late.parts).all(|(due, part)| due > part.release));
    assert!(late.parts.iter().any(|part| part.release > 0));
    let times = |class: usize| late.parts.iter().map(move |part| part.loads[class].unwrap().peak);
    assert!(times(0).ne(times(1)), "each machine takes another time");

    // Fine parts need fine machines: 1600 cm2 takes all, 1200 cm2 only the coarsest.
    let additive = named("additive2-20");
    let held = |class: usize| additive.parts.iter().filter(|p| p.loads[class].is_some()).count();
    assert_eq!(held(0), 20);
    assert!((1..20).contains(&held(1)), "{}", held(1));
    assert_eq!(additive.classes[0].setup, 30_000_000);
}

#[test]
fn problems_are_written_one_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("new");
    assert_eq!(write_amb(&out, None, 1).unwrap(), (3, 1250));
    let text = fs::read(out.join("amb-200-1.json")).unwrap();
    let read: BatchProblem = serde_json::from_slice(&text).unwrap();
    assert_eq!(read, amb(&AmbOptions::of(200, 1)).unwrap());
    assert_eq!(write_batch_jobs(&out, Some(12), 1).unwrap(), (30, 360));
    for parts in [0, MOST_PARTS + 1] {
        let error = write_amb(&out, Some(parts), 1).unwrap_err().to_string();
        assert!(error.starts_with("E1095"), "{error}");
        assert!(batch_jobs(&[parts], 1).is_err());
    }
}
