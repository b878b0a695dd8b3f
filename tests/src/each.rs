//! Many seeds side by side.

use std::ops::Range;
use std::sync::Mutex;

/// What `try_it` makes of each seed, in the order of the seeds, on as many threads as there are
/// cores.
///
/// Threads of their own, not those of a pool: a pool's thread that waits for another pool, as
/// planning a night has one, takes up the next seed meanwhile, and again in there, until its stack
/// is full.
///
/// # Panics
/// If `try_it` does.
pub fn each<T: Send>(seeds: Range<u64>, try_it: impl Fn(u64) -> T + Sync) -> Vec<T> {
    let left = Mutex::new(seeds);
    let tried = Mutex::new(Vec::new());
    let work = || {
        loop {
            let next = left.lock().expect("no holder of the lock panics").next();
            let Some(seed) = next else { break };
            let result = try_it(seed);
            tried.lock().expect("no holder of the lock panics").push((seed, result));
        }
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| (0..cores).for_each(|_| drop(scope.spawn(work))));
    let mut tried = tried.into_inner().expect("no holder of the lock panics");
    tried.sort_by_key(|(seed, _)| *seed);
    tried.into_iter().map(|(_, result)| result).collect()
}
