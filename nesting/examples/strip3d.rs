//! Packs a published instance of open dimension packing in space and prints what was reached.
//!
//! ```text
//! cargo run --release -p platewright-nesting --example strip3d -- \
//!     INSTANCE.json FOLDER fixed|cube SECONDS [SEED]
//! ```
//!
//! `FOLDER` is what the paths of meshes in the instance begin at.

#![allow(clippy::print_stdout, reason = "an example tells what it did")]

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use platewright_mesh::read_model;
use platewright_model::config::Limits;
use platewright_model::measure::LengthUnit;
use platewright_model::run::{Budget, RunContext};
use platewright_nesting::{Solid3d, Strip3dProblem, nest_strip3d};
use serde_json::Value;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let path = args.next().ok_or("give an instance")?;
    let folder = args.next().ok_or("give a folder")?;
    let rotations = match args.next().as_deref() {
        Some("fixed") => vec![[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]],
        Some("cube") => cube(),
        _ => return Err("give fixed or cube".into()),
    };
    let seconds: f64 = args.next().ok_or("give seconds")?.parse()?;
    let seed = args.next().map_or(Ok(1), |text| text.parse())?;
    let json: Value = serde_json::from_str(&std::fs::read_to_string(&path)?)?;
    let side = |name: &str| json["container"][name].as_f64().ok_or("no base");
    let mut solids = Vec::new();
    for kind in json["item-types"].as_array().ok_or("no items")? {
        let file = Path::new(&folder).join(kind["path"].as_str().ok_or("no path")?);
        let bytes = std::fs::read(&file)?;
        let name = file.display().to_string();
        let model =
            read_model(&bytes[..], &name, Some(LengthUnit::Mm), &LIMITS)?;
        solids.push(Solid3d {
            mesh: Arc::new(model.mesh),
            copies: kind["demand"].as_u64().unwrap_or(1) as u32,
            rotations: rotations.clone(),
        });
    }
    let problem = Strip3dProblem { base: [side("size-x")?, side("size-y")?], solids, gap: 0.0 };
    let mut ctx = RunContext::with_iterations(seed, 0);
    ctx.budget = Budget { time: Some(Duration::from_secs_f64(seconds)), iterations: None };
    let nest = nest_strip3d(&problem, &ctx)?;
    for step in &nest.trace {
        println!("{:8.2} s {:9} height {:.4}", step.seconds, step.iterations, step.objective);
    }
    println!(
        "{path}: height {:.4} of at least {:.4}; {} iterations in {:.1} s",
        nest.height,
        nest.bound,
        nest.iterations,
        ctx.started.elapsed().as_secs_f64(),
    );
    Ok(())
}

/// All rotations of a cube.
fn cube() -> Vec<[[f64; 3]; 3]> {
    let axes = [[0, 1, 2], [1, 2, 0], [2, 0, 1], [0, 2, 1], [1, 0, 2], [2, 1, 0]];
    let mut rotations = Vec::new();
    for (k, axis) in axes.into_iter().enumerate() {
        for signs in 0..8_u32 {
            // Even permutations go with an even number of signs turned.
            if (signs.count_ones() % 2 == 1) == (k < 3) {
                continue;
            }
            let mut rows = [[0.0; 3]; 3];
            for (row, &column) in axis.iter().enumerate() {
                rows[row][column] = if signs >> row & 1 == 1 { -1.0 } else { 1.0 };
            }
            rotations.push(rows);
        }
    }
    rotations
}

/// For published files.
const LIMITS: Limits = Limits {
    file_bytes: 1 << 29,
    triangles: 10_000_000,
    inflated_bytes: 1 << 31,
    inflation_ratio: 200,
    zip_members: 10_000,
    coordinate_mm: 10_000.0,
    line_quantity: 10_000,
    night_units: 100_000,
};
