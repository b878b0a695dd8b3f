//! Damage to layers and packages.

use serde_json::json;

use super::expect_output;
use crate::Rule;
use crate::fixture::{Plan, unit};

#[test]
fn slice_area_altered() {
    let alter = |p: &mut Plan, k: usize, by: f64| {
        p.slices.as_mut().unwrap().builds[0].layers[k].area_mm2 *= by;
    };
    expect_output(&[Rule::SliceArea], |p| alter(p, 100, 0.9));
    expect_output(&[Rule::SliceArea], |p| alter(p, 300, 1.05));
    expect_output(&[], |p| alter(p, 100, 1.005));
}

#[test]
fn layer_dropped_or_moved() {
    expect_output(&[Rule::SliceLayers], |p| {
        p.slices.as_mut().unwrap().builds[1].layers.pop();
    });
    expect_output(&[Rule::SliceLayers], |p| {
        p.slices.as_mut().unwrap().builds[1].layers[3].top_mm += 0.05;
    });
}

#[test]
fn feedstock_of_the_layers_altered() {
    expect_output(&[Rule::SliceMaterial], |p| {
        p.slices.as_mut().unwrap().builds[2].material.0 = 60.0;
    });
}

#[test]
fn slices_missing_or_altered() {
    expect_output(&[Rule::Slices], |p| {
        p.slices.as_mut().unwrap().builds.pop();
    });
    expect_output(&[Rule::SliceFile], |p| {
        p.files.get_mut("70_slices/B2.cli").unwrap()[3] ^= 1;
    });
    expect_output(&[Rule::SliceFile], |p| {
        p.files.remove("70_slices/B2.cli");
    });
}

#[test]
fn every_flipped_byte_of_a_package_is_caught() {
    let valid = Plan::with_output();
    let n = valid.files["80_packages/B2.zip"].len();
    for byte in (0..n).step_by(97).chain([n - 1]) {
        let mut plan = valid.clone();
        plan.files.get_mut("80_packages/B2.zip").unwrap()[byte] ^= 0x10;
        assert_eq!(plan.broken(), [Rule::PackageFile], "byte {byte}");
    }
}

#[test]
fn package_missing_or_double() {
    expect_output(&[Rule::Packages], |p| {
        p.packages.as_mut().unwrap().packages.pop();
    });
    expect_output(&[Rule::Packages], |p| {
        let packages = &mut p.packages.as_mut().unwrap().packages;
        packages.push(packages[0].clone());
    });
}

#[test]
fn package_that_lacks_a_unit() {
    expect_output(&[Rule::PackageUnits], |p| {
        let mut manifest = p.manifest(0);
        manifest["units"].as_array_mut().unwrap().pop();
        let model = p.model(0);
        p.pack(0, manifest, &model);
    });
    // An item lacks in the 3MF.
    expect_output(&[Rule::PackageUnits], |p| {
        let (manifest, model) = (p.manifest(0), p.model(0));
        let item = model.rfind("<item").unwrap();
        let without = format!("{}</build></model>", &model[..item]);
        p.pack(0, manifest, &without);
    });
}

#[test]
fn package_with_a_unit_of_another_build() {
    expect_output(&[Rule::PackageUnits], |p| {
        let (manifest, model) = (p.manifest(1), p.model(1));
        let (own, other) = (unit("O3", 0).to_string(), unit("O1", 0).to_string());
        p.pack(1, manifest, &model.replace(&own, &other));
    });
    expect_output(&[Rule::PackageUnits], |p| {
        let (mut manifest, model) = (p.manifest(1), p.model(1));
        manifest["units"][0]["order"] = json!("O1");
        p.pack(1, manifest, &model);
    });
}

#[test]
fn package_with_another_pose() {
    expect_output(&[Rule::PackagePose], |p| {
        let (mut manifest, model) = (p.manifest(1), p.model(1));
        manifest["units"][0]["pose"]["translation"][1] = json!(10.001);
        p.pack(1, manifest, &model);
    });
    // The transposed rotation: a turn the other way about.
    expect_output(&[Rule::PackagePose], |p| {
        let (manifest, model) = (p.manifest(0), p.model(0));
        let transposed = model.replace("0 1 0 -1 0 0 0 0 1 80", "0 -1 0 1 0 0 0 0 1 80");
        assert_ne!(model, transposed);
        p.pack(0, manifest, &transposed);
    });
}

#[test]
fn package_with_another_model() {
    expect_output(&[Rule::PackageModel], |p| {
        let (manifest, model) = (p.manifest(1), p.model(1));
        p.pack(1, manifest, &model.replace("x=\"10\"", "x=\"11\""));
    });
    expect_output(&[Rule::PackageModel], |p| {
        let (manifest, model) = (p.manifest(1), p.model(1));
        p.pack(1, manifest, &model.replace("millimeter", "inch"));
    });
    expect_output(&[Rule::PackageModel], |p| {
        let manifest = p.manifest(1);
        p.pack(1, manifest, "<model><build><item transform=\"1 2\"/></build></model>");
    });
}

#[test]
fn member_that_is_not_what_the_manifest_says() {
    expect_output(&[Rule::PackageMember], |p| {
        let (mut manifest, model) = (p.manifest(1), p.model(1));
        manifest["entries"] = json!([]);
        p.pack(1, manifest, &model);
    });
    expect_output(&[Rule::PackageMember], |p| {
        let (mut manifest, model) = (p.manifest(1), p.model(1));
        manifest["entries"] = json!([
            {"path": "build.3mf", "bytes": 3, "sha256": "00"},
            {"path": "layers.cli", "bytes": 3, "sha256": "00"},
        ]);
        p.pack(1, manifest, &model);
    });
}

#[test]
fn package_that_is_no_zip() {
    expect_output(&[Rule::PackageFormat], |p| {
        let bytes = b"not a package".to_vec();
        let package = &mut p.packages.as_mut().unwrap().packages[0];
        package.sha256 = crate::slices::hex(&bytes);
        package.bytes = bytes.len() as u64;
        p.files.insert(format!("80_packages/{}", package.file), bytes);
    });
}
