//! Loads containers of a file of published problems (thpack of the OR-Library) and prints how full
//! they get.
//!
//! ```text
//! cargo run --release -p platewright-nesting --example boxes -- FILE SECONDS [EVERY] [SEED]
//! ```

#![allow(clippy::print_stdout, reason = "an example tells what it did")]

use std::time::{Duration, Instant};

use platewright_check::check_boxes;
use platewright_model::boxes::{BoxKind, BoxProblem};
use platewright_model::run::{Budget, RunContext};
use platewright_nesting::nest_boxes;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let path = args.next().ok_or("give a file")?;
    let seconds: f64 = args.next().ok_or("give seconds")?.parse()?;
    let every: usize = args.next().map_or(Ok(1), |text| text.parse())?;
    let seed = args.next().map_or(Ok(1), |text| text.parse())?;
    let text = std::fs::read_to_string(&path)?;
    let mut numbers = text.split_whitespace().map(str::parse::<u32>);
    let mut next = || numbers.next().ok_or("the file ends early")?.map_err(|e| e.to_string());
    let (mut sum, mut count) = (0.0, 0);
    for k in 0..next()? as usize {
        let (_, _) = (next()?, next()?);
        let container = [next()?, next()?, next()?];
        let mut boxes = Vec::new();
        for _ in 0..next()? {
            let name = next()?.to_string();
            let (mut size, mut upright) = ([0; 3], [false; 3]);
            for k in 0..3 {
                size[k] = next()?;
                upright[k] = next()? == 1;
            }
            boxes.push(BoxKind { name, size, copies: next()?, upright });
        }
        if k % every > 0 {
            continue;
        }
        let problem =
            BoxProblem { name: format!("{path} {}", k + 1), container, stock: Some(1), boxes };
        let mut ctx = RunContext::with_iterations(seed, 0);
        ctx.started = Instant::now();
        ctx.budget = Budget { time: Some(Duration::from_secs_f64(seconds)), iterations: None };
        let nest = nest_boxes(&problem, &ctx)?;
        assert_eq!(check_boxes(&problem, &nest.layout), [], "the layout is not valid");
        let full = 100.0 * nest.layout.volume(&problem) as f64 / problem.room() as f64;
        println!("{} {full:.2} % {} loadings", problem.name, nest.iterations);
        (sum, count) = (sum + full, count + 1);
    }
    println!("{path}: {:.2} % on average of {count}", sum / f64::from(count));
    Ok(())
}
