//! Feedstock of a build: what is in the parts, what has to be replaced, what can be used again.

use platewright_model::geometry::{BuildVolume, VolumeShape};
use platewright_model::material::Material;
use platewright_model::measure::{Grams, Mm};
use platewright_model::stage::LayerFacts;

/// Factors along x, y and z by which parts are printed larger, so that they have their size
/// after shrinking by `shrinkage` (shares, 0 to 0.3).
pub fn shrinkage_scale(shrinkage: [f64; 3]) -> [f64; 3] {
    shrinkage.map(|share| 1.0 / (1.0 - share))
}

/// Volume of the solid in layers, mm³: Σ area × thickness, each layer with its own.
pub fn layer_volume_mm3(layers: &[LayerFacts]) -> f64 {
    let bottoms = std::iter::once(0.0).chain(layers.iter().map(|layer| layer.top_mm));
    layers.iter().zip(bottoms).map(|(layer, bottom)| layer.area_mm2 * (layer.top_mm - bottom)).sum()
}

/// Feedstock of a build.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Consumption {
    /// In the parts.
    pub parts: Grams,
    /// In the bed around the parts, which is not fused; powder only.
    pub bed: Grams,
    /// New feedstock that the build takes up: for the parts and for what cannot be used again.
    pub fresh: Grams,
    /// Of the bed, what goes into the next build.
    pub reused: Grams,
}

/// Feedstock of a build of solid volume `volume_mm3` in beds of powder up to `height`, or without
/// a bed.
///
/// `volume_mm3` is that of the parts as ordered; `shrinkage` scales them up as they are printed,
/// and what has shrunk has the density of the material. So the mass in the parts is that of their
/// ordered volume, and what is enlarged is the room they take in the bed. `solid_fraction`
/// (0–1] is the share of the volume that the process fills.
///
/// A bed fills the outline of the build volume up to `height`, the height in print. Of what is
/// not fused the share `refresh_loss` of the material is replaced by new powder.
pub fn consumption(
    volume_mm3: f64,
    height: Mm,
    material: &Material,
    solid_fraction: f64,
    shrinkage: [f64; 3],
    room: &BuildVolume,
) -> Consumption {
    let grams = |volume_mm3: f64, density_g_cm3: f64| volume_mm3 / 1000.0 * density_g_cm3;
    let parts = grams(volume_mm3 * solid_fraction, material.density_g_cm3);
    let printed_mm3 = volume_mm3 * shrinkage_scale(shrinkage).iter().product::<f64>();
    let unfused_mm3 = (floor_mm2(room) * height.0 - printed_mm3).max(0.0);
    let bed = grams(unfused_mm3, material.bed_density_g_cm3);
    let lost = bed * material.refresh_loss;
    Consumption {
        parts: Grams(parts),
        bed: Grams(bed),
        fresh: Grams(parts + lost),
        reused: Grams(bed - lost),
    }
}

/// Area of the floor of a build volume, mm²; excluded regions hold powder too.
fn floor_mm2(room: &BuildVolume) -> f64 {
    match room.shape {
        VolumeShape::Box { x, y, .. } => x.0 * y.0,
        VolumeShape::Cylinder { diameter, .. } => {
            std::f64::consts::PI / 4.0 * diameter.0 * diameter.0
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use platewright_mesh::{MappedFile, TriMesh, read_model};
    use platewright_model::config::{Config, DEFAULT_TOML};
    use platewright_model::geometry::Pose;
    use platewright_model::measure::{LengthUnit, Money};
    use platewright_model::run::RunContext;

    use super::*;
    use crate::tests::solids::{
        cuboid, cylinder, data, moved, pose, seated, sphere, together, torus,
    };
    use crate::{
        AdaptiveLimits, BuildSlicer, FactsOnly, Fill, Placed, Planes, SliceOptions, Unite,
        adaptive_planes,
    };

    /// What the issue asks of material, relative.
    const ALLOWED: f64 = 5e-4;

    fn sliced_volume(placed: &[Placed], planes: &Planes) -> f64 {
        let unite = Unite::WhereOverlapping;
        let options = SliceOptions { unite, fill: Fill::Positive, ..SliceOptions::default() };
        let slicer = BuildSlicer::new(placed, planes, &options).expect("the mesh is of use");
        let ctx = RunContext::with_iterations(0, 0);
        let sliced = slicer.run(&mut FactsOnly, &ctx).expect("nobody stops it");
        layer_volume_mm3(&sliced.facts)
    }

    fn check(name: &str, mesh: TriMesh, exact_mm3: f64) {
        let mesh = Arc::new(seated(&mesh));
        let height = mesh.bounds().expect("it has vertices").max[2];
        let uniform = Planes::uniform(Mm(0.1), Mm(height)).expect("it is of use");
        let limits = AdaptiveLimits { least: Mm(0.03), greatest: Mm(0.15), cusp: Mm(0.05) };
        let placed = [Placed::searched(mesh, Pose::IDENTITY)];
        let adaptive = adaptive_planes(&placed, &limits).expect("it is of use");
        for (kind, planes) in [("uniform", &uniform), ("adaptive", &adaptive)] {
            let off = sliced_volume(&placed, planes) / exact_mm3 - 1.0;
            println!("{name}, {kind} layers: {:.5} % off", 100.0 * off);
            assert!(off.abs() <= ALLOWED, "{name}, {kind} layers: {off}");
        }
    }

    #[test]
    fn material_is_that_of_the_exact_solid() {
        let tilt = pose([1.0, 0.4, 0.2], 0.6, [0.0; 3]);
        for (name, mesh) in [
            ("ball", sphere(12.0, 120)),
            ("ring", torus(24.0, 10.0, 96)),
            ("rod", cylinder(6.0, 40.0, 90)),
        ] {
            let exact = mesh.volume();
            check(name, mesh.clone(), exact);
            check(&format!("tilted {name}"), mesh.posed(&tilt), exact);
        }
    }

    #[test]
    fn what_overlaps_is_counted_once() {
        // Union of a box and a tilted box through it, by inclusion and exclusion of boxes that
        // are turned about x alone: the common part is a prism along x.
        let (post, bar) = (cuboid([10.0, 10.0, 40.0]), cuboid([30.0, 4.0, 4.0]));
        let cross = together(&[post.clone(), moved(&bar, [-10.0, 3.0, 18.0])]);
        check("cross", cross, 4000.0 + 480.0 - 160.0);
        let turned = bar.posed(&pose([1.0, 0.0, 0.0], 0.5, [-10.0, 3.5, 17.0]));
        check("turned cross", together(&[post, turned]), 4000.0 + 480.0 - 160.0);
    }

    #[test]
    fn a_bone_is_weighed_within_a_twentieth_of_a_percent() {
        let Some(path) = data().map(|root| root.join("meshes/femur.stl")) else { return };
        let config: Config = toml::from_str(DEFAULT_TOML).expect("the default is sound");
        let file = MappedFile::open(&path, &config.limits).expect("it is there");
        let read = read_model(&file, "femur.stl", Some(LengthUnit::Mm), &config.limits);
        let femur = read.expect("it is an STL").mesh;
        let exact = femur.volume();
        check("femur", femur, exact);
    }

    fn powder() -> Material {
        Material {
            id: "pa12".into(),
            name: "PA 12".to_owned(),
            density_g_cm3: 0.93,
            price_per_kg: Money(6000),
            refresh_loss: 0.3,
            bed_density_g_cm3: 0.45,
        }
    }

    #[test]
    fn powder_is_refreshed_by_its_share() {
        let room = BuildVolume {
            shape: VolumeShape::Box { x: Mm(300.0), y: Mm(200.0), z: Mm(400.0) },
            excluded: Vec::new(),
        };
        let used = consumption(900_000.0, Mm(150.0), &powder(), 1.0, [0.0; 3], &room);
        assert!((used.parts.0 - 837.0).abs() < 1e-9);
        assert!((used.bed.0 - (9_000_000.0 - 900_000.0) / 1000.0 * 0.45).abs() < 1e-9);
        assert!((used.fresh.0 - used.parts.0 - 0.3 * used.bed.0).abs() < 1e-9);
        assert!((used.fresh.0 + used.reused.0 - used.parts.0 - used.bed.0).abs() < 1e-9);
        // Parts of 3 % shrinkage take more of the bed, and weigh the same in the end.
        let shrunk = consumption(900_000.0, Mm(150.0), &powder(), 1.0, [0.03, 0.03, 0.02], &room);
        let printed = 900_000.0 / (0.97 * 0.97 * 0.98);
        assert_eq!(shrunk.parts, used.parts);
        assert!((shrunk.bed.0 - (9_000_000.0 - printed) / 1000.0 * 0.45).abs() < 1e-9);
        assert_eq!(shrinkage_scale([0.2, 0.0, 0.5]), [1.25, 1.0, 2.0]);
    }

    #[test]
    fn a_strand_leaves_nothing_behind() {
        let room = BuildVolume {
            shape: VolumeShape::Cylinder { diameter: Mm(100.0), z: Mm(100.0) },
            excluded: Vec::new(),
        };
        let strand = Material { bed_density_g_cm3: 0.0, refresh_loss: 0.0, ..powder() };
        let used = consumption(10_000.0, Mm(50.0), &strand, 0.4, [0.0; 3], &room);
        assert!((used.parts.0 - 3.72).abs() < 1e-12 && used.fresh == used.parts);
        assert_eq!((used.bed, used.reused), (Grams(0.0), Grams(0.0)));
        let round = consumption(0.0, Mm(50.0), &powder(), 1.0, [0.0; 3], &room);
        let bed = std::f64::consts::PI * 2500.0 * 50.0 / 1000.0 * 0.45;
        assert!((round.bed.0 - bed).abs() < 1e-9);
    }
}
