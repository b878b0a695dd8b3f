//! Prints the measures of model files, one line of JSON each, for comparison with other programs.
//!
//! `cargo run --release -p platewright-benches --example measures -- FILE...`

#![allow(clippy::print_stdout)]

use platewright_mesh::{Measures, measure, read_model};
use platewright_model::config::Limits;
use platewright_model::measure::LengthUnit;

const LIMITS: Limits = Limits {
    file_bytes: 1 << 31,
    triangles: 100_000_000,
    inflated_bytes: 1 << 31,
    inflation_ratio: 200,
    zip_members: 10_000,
    coordinate_mm: 100_000.0,
    line_quantity: 10_000,
    night_units: 100_000,
};

fn main() {
    for file in std::env::args().skip(1) {
        let bytes = std::fs::read(&file).unwrap_or_default();
        match read_model(&bytes, &file, Some(LengthUnit::Mm), &LIMITS) {
            Ok(model) => println!("{}", json(&measure(&model.mesh))),
            Err(error) => println!("{{\"error\":{:?}}}", error.to_string()),
        }
    }
}

fn json(m: &Measures) -> String {
    let [x, y, z] = [m.centroid.x, m.centroid.y, m.centroid.z];
    let row = |i: usize| {
        let at = |j: usize| m.inertia[(i, j)];
        format!("[{:e},{:e},{:e}]", at(0), at(1), at(2))
    };
    format!(
        "{{\"volume_mm3\":{:e},\"surface_mm2\":{:e},\"centroid\":[{x:e},{y:e},{z:e}],\
         \"inertia\":[{},{},{}]}}",
        m.volume_mm3,
        m.surface_mm2,
        row(0),
        row(1),
        row(2),
    )
}
