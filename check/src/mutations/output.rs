//! Damage to layers and packages.

use platewright_model::stage::LayerFigures;
use serde_json::json;

use super::expect_output;
use crate::Rule;
use crate::fixture::{Plan, unit};

#[test]
fn slice_area_altered() {
    let alter = |p: &mut Plan, k: usize, by: f64| {
        let build = &mut p.slices.as_mut().unwrap().builds[0];
        // The time follows, so that the area alone is at fault.
        let more_mm3 = build.layers[k].area_mm2 * (by - 1.0) * 0.1;
        build.layers[k].area_mm2 *= by;
        build.print_time.0 += (more_mm3 * 0.01).ceil() as i64;
    };
    expect_output(&[Rule::SliceArea], |p| alter(p, 100, 0.9));
    expect_output(&[Rule::SliceArea], |p| alter(p, 300, 1.05));
    expect_output(&[], |p| alter(p, 100, 1.005));
}

#[test]
fn contours_of_a_layer_altered() {
    let alter = |p: &mut Plan, k: usize, to: f64| {
        let build = &mut p.slices.as_mut().unwrap().builds[0];
        // The time follows, so that the contours alone are at fault.
        let by = (to - build.layers[k].perimeter_mm) * 0.1 * 0.1;
        build.layers[k].perimeter_mm = to;
        build.print_time.0 += by.ceil() as i64;
    };
    expect_output(&[Rule::SlicePerimeter], |p| alter(p, 300, 170.0));
    expect_output(&[Rule::SlicePerimeter], |p| alter(p, 300, 120.0));
    expect_output(&[Rule::SliceTime, Rule::SlicePerimeter], |p| alter(p, 300, f64::NAN));
    // Shells that touch have shorter contours together.
    expect_output(&[], |p| alter(p, 100, 190.0));
}

#[test]
fn print_time_of_the_layers_altered() {
    // A sum that is whole but for rounding may count as the next second.
    for by in [-60, -1, 2, 3600] {
        expect_output(&[Rule::SliceTime], |p| {
            p.slices.as_mut().unwrap().builds[0].print_time.0 += by;
        });
    }
    expect_output(&[Rule::SliceTime], |p| {
        let mut manifest = p.manifest(1);
        manifest["print_time"] = json!(1499);
        let model = p.model(1);
        p.pack(1, manifest, &model);
    });
}

/// A beam of 2 s a layer and 0.01 s a mm², and filament of two walls; by hand.
#[test]
fn print_time_follows_from_how_a_machine_makes_its_layers() {
    let exposed = |edit: &dyn Fn(&mut Plan)| {
        let mut plan = Plan::with_output();
        let beam = r#"{"source": "by hand", "fixed_s": 100, "layers": {"kind": "beam",
            "recoat_s": 2, "hatch_mm": 0.1, "hatch_mm_s": 1000, "contour_mm_s": 100,
            "layer_min_s": 3}}"#;
        let filament = r#"{"source": "by hand", "fixed_s": 60, "layers": {"kind": "filament",
            "layer_s": 1, "line_mm": 0.5, "walls": 2, "wall_mm_s": 50, "fill_mm_s": 100,
            "accelerate_mm_s2": 1000, "fill_share": 0.5, "solid_layers": 2,
            "flow_mm3_s": 50}}"#;
        for (centre, text) in [("C1", beam), ("C2", filament)] {
            let machine = &mut plan.night.centres.get_mut(&centre.into()).unwrap().machines[0];
            machine.exposure = Some(serde_json::from_str(text).unwrap());
        }
        let builds = &mut plan.slices.as_mut().unwrap().builds;
        // B1: 50 empty layers wait for 3 s; 100 of 1800 mm² and 240 mm: 2 + 18 + 2.4 s; 200 of
        // 1600 mm² and 160 mm: 2 + 16 + 1.6 s.
        builds[0].print_time.0 = 100 + 150 + 2240 + 3920;
        // B2: 50 empty, 100 of 100 mm² and 40 mm: 2 + 1 + 0.4 s.
        builds[1].print_time.0 = 100 + 150 + 340;
        // B3: 150 of 1600 mm² and 160 mm. Walls 6.4 s and cover 160 mm²; 1440 mm² inside in lines
        // of 9π mm, all of which reach 100 mm/s: 0.1 s more each. 1440 mm of lines a layer, and
        // of solid filling (1600 − 160) × 2 × 0.5 / 0.5 mm twice.
        let line = 9.0 * std::f64::consts::PI;
        let lines = |mm: f64| mm / line * (line / 100.0 + 0.1);
        let seconds = 60.0 + 150.0 * (1.0 + 6.4 + lines(1440.0)) + 2.0 * lines(2880.0);
        builds[2].print_time.0 = seconds.ceil() as i64;
        edit(&mut plan);
        plan.broken()
    };
    assert_eq!(exposed(&|_| {}), []);
    for (build, by) in [(0, 2), (1, -1), (2, 1), (2, -1)] {
        let altered = exposed(&|p| p.slices.as_mut().unwrap().builds[build].print_time.0 += by);
        assert_eq!(altered, [Rule::SliceTime], "build {build} by {by}");
    }
    // With figures, the time follows from what they say has changed, within what areas allow.
    let figures = |changed: f64| {
        move |p: &mut Plan| {
            let build = &mut p.slices.as_mut().unwrap().builds[2];
            build.figures = vec![LayerFigures::default(); build.layers.len()];
            build.figures[0].changed_mm2 = 1600.0;
            build.figures[7].changed_mm2 = changed;
        }
    };
    assert_eq!(exposed(&figures(0.0)), []);
    assert_eq!(exposed(&figures(1000.0)), [Rule::SliceTime]);
    assert_eq!(exposed(&figures(f64::NAN)), [Rule::SliceTime]);
    let short = |p: &mut Plan| p.slices.as_mut().unwrap().builds[2].figures.truncate(3);
    assert_eq!(
        exposed(&|p| {
            figures(0.0)(p);
            short(p);
        }),
        [Rule::SliceTime]
    );
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
