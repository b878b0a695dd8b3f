use rand::SeedableRng;
use rand_pcg::Pcg64;
use rayon::prelude::*;

use super::*;
use crate::closed::fault;

/// Scale of the `seed`-th sample: over the family's range, both ends included.
fn scale(family: &Family, seed: u64) -> f64 {
    let [low, high] = family.size;
    low * (high / low).powf(seed as f64 / 4.0)
}

#[test]
fn names_are_unique_and_there_are_many() {
    let mut names: Vec<&str> = families().iter().map(|f| f.name).collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all);
    assert!(all >= 70, "{all}");
}

#[test]
fn parts_are_closed_of_their_size_and_the_same_every_time() {
    let bad: Vec<String> = families().par_iter().flat_map_iter(faults).collect();
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

/// What is wrong with five parts of a family.
fn faults(family: &Family) -> Vec<String> {
    let mut bad = Vec::new();
    for seed in 0..5 {
        let scale = scale(family, seed);
        let make = || (family.make)(&mut Pcg64::seed_from_u64(seed), scale);
        let mesh = make();
        let mut say = |text: String| bad.push(format!("{} {seed}: {text}", family.name));
        if let Some(text) = fault(&mesh) {
            say(text);
        }
        if mesh != make() {
            say("differs from run to run".to_owned());
        }
        let n = mesh.triangles.len();
        if !(100..=20_000).contains(&n) {
            say(format!("{n} triangles"));
        }
        let size = mesh.bounds().map_or([0.0; 3], |b| b.size());
        let long = size.into_iter().fold(0.0, f64::max);
        let short = size.into_iter().fold(f64::MAX, f64::min);
        if !(0.7 * scale..=1.4 * scale).contains(&long) || short < 0.8 {
            say(format!("scale {scale:.1}, size {size:.1?}"));
        }
        let full = mesh.volume() / size.iter().product::<f64>();
        if !(0.005..0.95).contains(&full) {
            say(format!("fills {full:.3} of its box"));
        }
    }
    bad
}
