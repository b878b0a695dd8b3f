//! Solves small random batch scheduling problems of all features and checks every plan.
//!
//! ```text
//! cargo run --release -p platewright-tests --example random_batches -- PROBLEMS [FIRST_SEED]
//! ```

#![allow(clippy::print_stdout, reason = "an example tells what it did")]

use std::panic::catch_unwind;

use platewright_tests::{each, try_random_batches};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let problems: u64 = args.next().ok_or("give a number of problems")?.parse()?;
    let first: u64 = args.next().map_or(Ok(0), |text| text.parse())?;
    let tried = each(first..first + problems, try_it);
    let batches: usize = tried.iter().map(|t| t.0).sum();
    let left = tried.iter().filter(|t| t.1).count();
    let wrong = tried.iter().filter(|t| t.2).count();
    println!(
        "{problems} problems in {batches} batches, {left} of them with parts that no machine \
         takes, {wrong} wrong"
    );
    if wrong > 0 { Err("some are wrong".into()) } else { Ok(()) }
}

/// Batches of the plan, whether parts are left out, whether anything is wrong.
fn try_it(seed: u64) -> (usize, bool, bool) {
    let Ok((plan, wrong)) = catch_unwind(|| try_random_batches(seed)) else {
        println!("seed {seed}: it panicked");
        return (0, false, true);
    };
    for wrong in &wrong {
        println!("seed {seed}: {wrong}");
    }
    let batches = plan.machines.iter().map(Vec::len).sum();
    (batches, !plan.unplaced.is_empty(), !wrong.is_empty())
}
