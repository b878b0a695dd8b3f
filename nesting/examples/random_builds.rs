//! Nests random builds of all features and checks every layout on true triangles.
//!
//! ```text
//! cargo run --release -p platewright-nesting --example random_builds -- JOBS [FIRST_SEED]
//! ```

#![allow(clippy::print_stdout, reason = "an example tells what it did")]

use std::sync::atomic::{AtomicUsize, Ordering};

use platewright_check::{VolumeMeshes, check_volumes};
use platewright_model::run::RunContext;
use platewright_nesting::{SolidMeshes, VolumeHeuristic, nest_volumes};
use rayon::prelude::*;

use self::job::{Job, part, volume};

#[allow(dead_code, reason = "shared with tests that use more of it")]
#[path = "../src/fixture.rs"]
mod fixture;
#[path = "../src/builds/tests/job.rs"]
mod job;
#[path = "../src/builds/tests/random.rs"]
mod random;

/// Iterations of each search.
const ITERATIONS: u64 = 200;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let jobs: u64 = args.next().ok_or("give a number of jobs")?.parse()?;
    let first: u64 = args.next().map_or(Ok(0), |text| text.parse())?;
    let (wrong, left, builds) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
    (first..first + jobs).into_par_iter().for_each(|seed| {
        let job = random::job(seed);
        let meshes = SolidMeshes { parts: &job.parts, spaces: &job.spaces };
        let ctx = RunContext::with_iterations(seed, ITERATIONS);
        let nest = |by: VolumeHeuristic| nest_volumes(&job.problem, meshes, None, by, &ctx);
        let by = VolumeHeuristic::ALL[(seed % 3) as usize];
        // Not every problem goes on voxels.
        match nest(by).or_else(|_| nest(VolumeHeuristic::Full)) {
            Ok(nest) => {
                let given = VolumeMeshes { parts: &job.parts, spaces: &job.spaces };
                let faults = check_volumes(&job.problem, given, &nest.layout);
                if !faults.is_empty() {
                    wrong.fetch_add(1, Ordering::Relaxed);
                    println!("seed {seed}, {}: {faults:?}", by.name());
                }
                let told = nest.trace.last().map_or(f64::INFINITY, |step| step.objective);
                if nest.layout.left.is_empty() && told < nest.bound - 1e-6 {
                    wrong.fetch_add(1, Ordering::Relaxed);
                    println!("seed {seed}, {}: {told} is below {}", by.name(), nest.bound);
                }
                left.fetch_add(usize::from(!nest.layout.left.is_empty()), Ordering::Relaxed);
                builds.fetch_add(nest.layout.builds.len(), Ordering::Relaxed);
            }
            Err(error) => {
                wrong.fetch_add(1, Ordering::Relaxed);
                println!("seed {seed}, {}: {error}", by.name());
            }
        }
    });
    println!(
        "{jobs} jobs in {} builds, {} of them with parts left over, {} wrong",
        builds.into_inner(),
        left.into_inner(),
        wrong.into_inner(),
    );
    Ok(())
}
