//! Inspects and corrects the corpus of faulty models and prints what was found and reached.
//!
//! `cargo run --release -p platewright-datasets --example intake_corpus -- [PART OF A NAME]
//! [--cases N] [--seed S] [--models DIR] [--quiet]`; without `--models`, generated bodies only.
#![allow(clippy::print_stdout)]

use std::collections::BTreeMap;
use std::time::Instant;

use platewright_datasets::faulty::{
    Corpus, FaultyCase, alarm_codes, condition, corpus, expected_codes,
};
use platewright_mesh::{correct, inspect};
use platewright_model::stage::{MeshFault, Severity};

/// Results of the cases of one recipe.
#[derive(Default)]
struct Row {
    cases: usize,
    found: usize,
    right: usize,
    seconds: f64,
    triangles: usize,
}

fn main() {
    let mut options = Corpus::default();
    let (mut filter, mut quiet) = (String::new(), false);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().unwrap_or_default();
        match word.as_str() {
            "--cases" => options.cases = value().parse().expect("--cases takes a number"),
            "--seed" => options.seed = value().parse().expect("--seed takes a number"),
            "--models" => options.real = Some(value().into()),
            "--quiet" => quiet = true,
            _ => filter = word,
        }
    }
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    let mut kinds: BTreeMap<String, [usize; 2]> = BTreeMap::new();
    for plan in corpus(&options).iter().filter(|p| p.name.contains(&filter)) {
        let case = plan.make();
        let start = Instant::now();
        let faults = inspect(&case.mesh).faults;
        let corrected = correct(&case.mesh).mesh;
        let seconds = start.elapsed().as_secs_f64();
        let missed = missed(&case, &faults);
        let wrong = condition(&corrected).against(&case);
        for injected in &case.injected {
            let kind = kinds.entry(injected.kind.name()).or_default();
            kind[0] += 1;
            kind[1] += usize::from(!missed.contains(&injected.kind.name()));
        }
        let row = rows.entry(case.recipe.clone()).or_default();
        row.cases += 1;
        row.found += usize::from(missed.is_empty());
        row.right += usize::from(wrong.is_empty());
        row.seconds += seconds;
        row.triangles += case.mesh.triangles.len();
        let well = missed.is_empty() && wrong.is_empty();
        if !(quiet || well) {
            let n = case.mesh.triangles.len();
            let (missed, wrong) = (missed.join(", "), wrong.join(", "));
            println!("{} ({n}, {:.0} ms): [{missed}] {wrong}", case.name, 1e3 * seconds);
        }
    }
    print(&rows, &kinds);
}

/// Kinds that were put in and not told; for a sound body, false alarms.
fn missed(case: &FaultyCase, faults: &[MeshFault]) -> Vec<String> {
    let code = |f: &MeshFault| {
        let value = serde_json::to_value(f.code).expect("codes are written as their names");
        value.as_str().unwrap_or_default().to_owned()
    };
    let told: Vec<String> = faults.iter().map(code).collect();
    let miss = |kind| !expected_codes(kind).iter().any(|c| told.iter().any(|t| t == c));
    let mut missed: Vec<String> =
        case.injected.iter().filter(|i| miss(i.kind)).map(|i| i.kind.name()).collect();
    if case.injected.is_empty() {
        let alarms = alarm_codes();
        let worse = faults.iter().filter(|f| f.severity > Severity::Note).map(code);
        missed.extend(worse.filter(|c| alarms.contains(&c.as_str())).map(|c| format!("alarm {c}")));
    }
    missed
}

fn print(rows: &BTreeMap<String, Row>, kinds: &BTreeMap<String, [usize; 2]>) {
    println!("\n{:24} {:>6} {:>8}", "kind", "cases", "found");
    for (kind, [cases, found]) in kinds {
        println!("{kind:24} {cases:6} {found:8}");
    }
    println!("\n{:24} {:>6} {:>8} {:>8} {:>9}", "recipe", "cases", "all told", "right", "µs/tri");
    let mut all = Row::default();
    for (name, row) in rows {
        show(name, row);
        all.cases += row.cases;
        all.found += row.found;
        all.right += row.right;
        all.seconds += row.seconds;
        all.triangles += row.triangles;
    }
    show("all", &all);
}

fn show(name: &str, row: &Row) {
    let each = 1e6 * row.seconds / row.triangles.max(1) as f64;
    println!("{name:24} {:6} {:8} {:8} {each:9.2}", row.cases, row.found, row.right);
}
