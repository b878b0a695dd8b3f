//! Reads, inspects and corrects models and says what was found, what was done, and how long each
//! part of it took. Usage: `cargo run --release -p platewright-mesh --example intake -- FILE...`
#![allow(clippy::print_stdout)]

use std::time::Instant;

use platewright_mesh::{correct, inspect, read_model};
use platewright_model::config::{Config, DEFAULT_TOML};
use platewright_model::measure::LengthUnit;

fn main() {
    let config: Config = toml::from_str(DEFAULT_TOML).expect("the committed default is sound");
    for file in std::env::args().skip(1) {
        let bytes = std::fs::read(&file).expect("the file can be read");
        let start = Instant::now();
        let unit = (!file.ends_with(".3mf")).then_some(LengthUnit::Mm);
        let model = match read_model(&bytes, &file, unit, &config.limits) {
            Ok(model) => model,
            Err(error) => {
                eprintln!("{error}");
                continue;
            }
        };
        let read = start.elapsed();
        let before = inspect(&model.mesh);
        let inspected = start.elapsed();
        let correction = correct(&model.mesh);
        let corrected = start.elapsed();
        let after = inspect(&correction.mesh);
        let micro =
            |t: std::time::Duration| t.as_secs_f64() * 1e6 / f64::from(before.facts.triangles);
        println!(
            "{file}: {} triangles; read {:.3}, inspect {:.3}, correct {:.3} µs a triangle",
            before.facts.triangles,
            micro(read),
            micro(inspected - read),
            micro(corrected - inspected)
        );
        for fault in &before.faults {
            println!("  {:?} {:?} × {}: {}", fault.severity, fault.code, fault.count, fault.text);
        }
        for step in &correction.steps {
            println!(
                "  {}: {} triangles, {}, {:?} mm³",
                step.step, step.triangles, step.text, step.volume_change_mm3
            );
        }
        let facts = after.facts;
        let (open, crossing) = (facts.open_edges, facts.intersecting_pairs);
        println!(
            "  → volume {:.4}, {} triangles, {} shells, {open} open, {crossing} crossings, {:?}",
            facts.volume_mm3, facts.triangles, facts.shells, correction.review
        );
    }
}
