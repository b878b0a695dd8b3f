//! Lays out a published strip packing instance and prints what was reached.
//!
//! ```text
//! cargo run --release -p platewright-nesting --example strip -- INSTANCE.json SECONDS [SEED]
//! ```

#![allow(clippy::print_stdout, reason = "an example tells what it did")]

use std::time::Duration;

use platewright_model::run::{Budget, RunContext};
use platewright_model::strip::{StripItem, StripProblem};
use platewright_nesting::nest_strip;
use serde_json::Value;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let path = args.next().ok_or("give an instance")?;
    let seconds: f64 = args.next().ok_or("give seconds")?.parse()?;
    let seed = args.next().map_or(Ok(1), |text| text.parse())?;
    let json: Value = serde_json::from_str(&std::fs::read_to_string(&path)?)?;
    let numbers = |v: &Value| -> Vec<f64> {
        v.as_array().into_iter().flatten().filter_map(Value::as_f64).collect()
    };
    let items = json["items"].as_array().ok_or("no items")?.iter().map(|item| {
        let mut outline: Vec<[f64; 2]> = item["shape"]["data"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|p| [numbers(p)[0], numbers(p)[1]])
            .collect();
        if outline.first() == outline.last() {
            outline.pop();
        }
        let turns = item.get("allowed_orientations").map(numbers);
        StripItem { outline, copies: item["demand"].as_u64().unwrap_or(1) as u32, turns }
    });
    let height = json["strip_height"].as_f64().ok_or("no height")?;
    let problem = StripProblem { name: path.clone(), height, items: items.collect() };
    let mut ctx = RunContext::with_iterations(seed, 0);
    ctx.budget = Budget { time: Some(Duration::from_secs_f64(seconds)), iterations: None };
    let nest = nest_strip(&problem, &ctx)?;
    let density = 100.0 * problem.density(nest.layout.length);
    let name = path.rsplit('/').next().unwrap_or(&path);
    println!("{name} density {density:.3} iterations {} of {seconds} s", nest.iterations);
    Ok(())
}
