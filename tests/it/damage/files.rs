//! Damage to layers and packages.

use platewright_check::Rule;
use platewright_pipeline::Plan;
use platewright_tests::kept;

use super::{Files, caught};

/// Path of the `i`-th package below the run folder.
fn package(plan: &Plan, i: usize) -> String {
    format!("80_packages/{}", plan.packages.packages[i].file)
}

/// Flips one bit in the middle of a file.
fn flip(files: &mut Files, path: String) {
    let mut bytes = kept().files[&path].clone();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    files.insert(path, bytes);
}

#[test]
fn a_flipped_byte_in_a_package() {
    caught(Rule::PackageFile, |plan, files| flip(files, package(plan, 0)));
}

#[test]
fn a_package_that_is_cut_off() {
    caught(Rule::PackageFile, |plan, files| {
        let path = package(plan, 0);
        let bytes = &kept().files[&path];
        files.insert(path, bytes[..bytes.len() / 2].to_vec());
    });
}

#[test]
fn two_packages_under_each_others_names() {
    caught(Rule::PackageFile, |plan, files| {
        let (a, b) = (package(plan, 0), package(plan, 1));
        files.insert(a.clone(), kept().files[&b].clone());
        files.insert(b, kept().files[&a].clone());
    });
}

#[test]
fn two_packages_swapped_with_their_hashes() {
    caught(Rule::PackageUnits, |plan, _| {
        let builds = [0, 1].map(|i| plan.packages.packages[i].build.clone());
        plan.packages.packages.swap(0, 1);
        for (package, build) in plan.packages.packages.iter_mut().zip(builds) {
            package.build = build;
        }
    });
}

#[test]
fn a_build_without_a_package() {
    caught(Rule::Packages, |plan, _| {
        plan.packages.packages.remove(0);
    });
}

#[test]
fn an_altered_area_of_a_layer() {
    caught(Rule::SliceArea, |plan, _| {
        let layers = &mut plan.slices.builds[0].layers;
        let middle = layers.len() / 2;
        // Simplified contours may be off by a hundredth.
        let area = &mut layers[middle].area_mm2;
        *area += 0.03 * *area + 1.0;
    });
}

#[test]
fn a_layer_left_out() {
    caught(Rule::SliceLayers, |plan, _| {
        plan.slices.builds[0].layers.pop();
    });
}

#[test]
fn less_material_than_the_layers_hold() {
    caught(Rule::SliceMaterial, |plan, _| plan.slices.builds[0].material.0 *= 0.9);
}

#[test]
fn a_flipped_byte_in_a_layer_file() {
    caught(Rule::SliceFile, |plan, files| {
        flip(files, format!("70_slices/{}", plan.slices.builds[0].file));
    });
}
