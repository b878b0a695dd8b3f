//! What the benchmarks of nesting share; see `benches/` and the README beside it.

use std::sync::Arc;

use platewright_datasets::families;
use platewright_model::geometry::{BuildVolume, VolumeShape};
use platewright_model::id::PartId;
use platewright_model::measure::Mm;
use platewright_model::order::OrientationPolicy;
use platewright_nesting::{Item, Problem};
use rand::SeedableRng;
use rand_pcg::Pcg64;

/// A problem of `parts` parts, one of each family in turn, 2 mm apart, in a box of `size` mm.
pub fn problem(parts: usize, orientation: OrientationPolicy, size: [f64; 3]) -> Problem {
    let mut rng = Pcg64::seed_from_u64(1);
    let items = (0..parts)
        .map(|k| {
            let family = &families()[k % families().len()];
            let scale = family.size[0].clamp(20.0, 60.0);
            Item {
                part: PartId::from(format!("{}-{k}", family.name).as_str()),
                mesh: Arc::new((family.make)(&mut rng, scale)),
                copies: 1,
                orientation,
                clearance: Mm(2.0),
                inside_cavity: false,
                priority: 0,
            }
        })
        .collect();
    let [x, y, z] = size.map(Mm);
    let volume = BuildVolume { shape: VolumeShape::Box { x, y, z }, excluded: Vec::new() };
    Problem { items, volume, part_wall: Mm(2.0), part_plate: Mm(0.0), layers: None }
}
