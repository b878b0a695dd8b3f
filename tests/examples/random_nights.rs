//! Plans small random nights of all features and checks each in every way there is.
//!
//! ```text
//! cargo run --release -p platewright-tests --example random_nights -- NIGHTS [FIRST_SEED]
//! ```

#![allow(clippy::print_stdout, reason = "an example tells what it did")]

use std::collections::BTreeMap;
use std::panic::catch_unwind;
use std::time::Instant;

use platewright_tests::{Tried, each, try_random_night};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let nights: u64 = args.next().ok_or("give a number of nights")?.parse()?;
    let first: u64 = args.next().map_or(Ok(0), |text| text.parse())?;
    let tried = each(first..first + nights, try_it);
    let sum = |k: usize| tried.iter().map(|(t, _)| t.units[k]).sum::<usize>();
    let builds: usize = tried.iter().map(|(t, _)| t.builds).sum();
    let wrong = tried.iter().filter(|(t, _)| !t.wrong.is_empty()).count();
    let longest = tried.iter().map(|(_, seconds)| *seconds).fold(0.0, f64::max);
    println!(
        "{nights} nights, {} units: {} in {builds} builds, {} refused with their orders, the rest \
         left over; {wrong} nights wrong; the longest took {longest:.1} s",
        sum(0),
        sum(1),
        sum(2),
    );
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for (reason, units) in tried.iter().flat_map(|(t, _)| &t.left) {
        *reasons.entry(reason).or_default() += units;
    }
    println!("left over: {reasons:?}");
    let mut causes: BTreeMap<&str, usize> = BTreeMap::new();
    for cause in tried.iter().flat_map(|(t, _)| &t.paid) {
        *causes.entry(cause).or_default() += 1;
    }
    println!("nights that pay for: {causes:?}");
    if wrong > 0 { Err("some are wrong".into()) } else { Ok(()) }
}

/// Tries a night, a panic being as wrong as anything, and says what is wrong.
fn try_it(seed: u64) -> (Tried, f64) {
    let begun = Instant::now();
    let tried = catch_unwind(|| try_random_night(seed))
        .unwrap_or_else(|_| Tried { wrong: vec!["it panicked".to_owned()], ..Tried::default() });
    for wrong in &tried.wrong {
        println!("seed {seed}: {wrong}");
    }
    (tried, begun.elapsed().as_secs_f64())
}
