//! Builds in powder: heat, and the order in which units are drawn out.

use std::collections::BTreeMap;

use platewright_check::Rule;
use platewright_datasets::{NightOptions, night, write_night};
use platewright_model::id::{OrderId, PartId};
use platewright_model::material::{LayerArea, NestingMode};
use platewright_model::stage::Build;
use platewright_pipeline::Plan;
use platewright_tests::{config, kept, plan_folder};

/// Whether the parts of a build are stacked.
fn stacked(plan: &Plan, build: &Build) -> bool {
    let class = &plan.night.classes[&build.class];
    plan.night.processes[&class.process].nesting == NestingMode::Volume
}

/// Area of the largest layer of all builds of stacked parts, mm².
fn largest_layer(plan: &Plan) -> f64 {
    let builds = plan.build_plan.builds.iter().filter(|build| stacked(plan, build));
    let layers = builds.flat_map(|build| {
        let slices = plan.slices.builds.iter().find(|slices| slices.build == build.id);
        &slices.expect("every build is sliced").layers
    });
    layers.map(|layer| layer.area_mm2).fold(0.0, f64::max)
}

#[test]
fn layers_fuse_no_more_than_a_process_allows() {
    let most_mm2 = 0.7 * largest_layer(&kept().run.plan);
    assert!(most_mm2 > 0.0);
    // The night as it was planned without a limit would break it.
    let mut plan = kept().loaded.clone();
    for process in plan.night.processes.values_mut() {
        if process.nesting == NestingMode::Volume {
            process.layer_area = Some(LayerArea { most_mm2, change_mm2: None });
        }
    }
    let broken = kept().verify(&plan, &BTreeMap::new());
    assert!(broken.iter().any(|violation| violation.code == Rule::LayerArea), "{broken:#?}");

    let base = tempfile::tempdir().expect("a folder for the night");
    let mut generated = night(&NightOptions::units(120, 1)).expect("a night of valid size");
    for process in &mut generated.catalogue.processes {
        if process.nesting == "volume" {
            process.layer_area = Some(LayerArea { most_mm2, change_mm2: None });
        }
    }
    write_night(&base.path().join("night"), &generated).expect("the night can be written");
    let [from, to] = ["night", "run"].map(|name| base.path().join(name));
    let run = plan_folder(&from, &to, &config(), 2, 2);
    assert_eq!(run.violations(), []);
    let largest = largest_layer(&run.plan);
    // Slices are measured on a grid of their own.
    assert!(largest > 0.5 * most_mm2 && largest <= 1.001 * most_mm2, "{largest} of {most_mm2}");
    let placed = |plan: &Plan| -> usize {
        plan.build_plan.builds.iter().map(|build| build.placements.len()).sum()
    };
    assert_eq!(placed(&run.plan), placed(&kept().run.plan), "nothing is left over for the limit");
}

#[test]
fn units_of_an_order_are_drawn_out_one_after_the_other() {
    let plan = &kept().run.plan;
    let units = plan.night.units();
    let order_of: BTreeMap<_, _> = units.iter().map(|unit| (unit.id, &unit.order)).collect();
    let mut mixed = 0;
    for build in plan.build_plan.builds.iter().filter(|build| stacked(plan, build)) {
        let mut drawn: Vec<_> = build.placements.iter().collect();
        drawn.sort_by_key(|placement| placement.out.expect("units come apart").turn);
        let mut orders: BTreeMap<&PartId, Vec<&OrderId>> = BTreeMap::new();
        for placement in drawn {
            let told = orders.entry(&placement.part).or_default();
            let order = order_of[&placement.unit];
            if told.last() != Some(&order) {
                told.push(order);
            }
        }
        for (part, told) in orders {
            let mut once = told.clone();
            once.sort();
            once.dedup();
            assert_eq!(once.len(), told.len(), "part {part} in build {}: {told:?}", build.id);
            mixed += usize::from(once.len() > 1);
        }
    }
    assert!(mixed > 0, "no build of the night holds a part for two orders");
}
