//! Nests random plate jobs of all features and checks every layout exactly.
//!
//! ```text
//! cargo run --release -p platewright-nesting --example random_plates -- JOBS [FIRST_SEED]
//! ```

#![allow(clippy::print_stdout, reason = "an example tells what it did")]

use std::sync::atomic::{AtomicUsize, Ordering};

use platewright_check::check_plates;
use platewright_model::run::RunContext;
use platewright_nesting::{Heuristic, nest_plates};
use rayon::prelude::*;

#[path = "../src/plates/tests/random.rs"]
mod random;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let jobs: u64 = args.next().ok_or("give a number of jobs")?.parse()?;
    let first: u64 = args.next().map_or(Ok(0), |text| text.parse())?;
    let (wrong, left, plates) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
    (first..first + jobs).into_par_iter().for_each(|seed| {
        let (problem, heuristic) = random::job(seed);
        let ctx = RunContext::with_iterations(seed, 300);
        match nest_plates(&problem, None, heuristic, &ctx) {
            Ok(nest) => {
                let faults = check_plates(&problem, &nest.layout);
                let cost = nest.layout.cost(&problem);
                let whole = nest.layout.left.is_empty();
                if !faults.is_empty() || (whole && cost < nest.bound - 1e-9) {
                    wrong.fetch_add(1, Ordering::Relaxed);
                    println!("seed {seed}: cost {cost}, bound {}: {faults:?}", nest.bound);
                }
                left.fetch_add(usize::from(!whole), Ordering::Relaxed);
                plates.fetch_add(nest.layout.plates.len(), Ordering::Relaxed);
            }
            Err(error) => {
                wrong.fetch_add(1, Ordering::Relaxed);
                println!("seed {seed}: {error}");
            }
        }
    });
    println!(
        "{jobs} jobs on {} plates, {} of them with parts left over, {} wrong",
        plates.into_inner(),
        left.into_inner(),
        wrong.into_inner(),
    );
    Ok(())
}
