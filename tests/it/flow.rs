//! The whole flow: orders to packages, and back again.

use std::collections::{BTreeMap, BTreeSet};

use platewright_model::run::RunContext;
use platewright_model::stage::Verdict;
use platewright_pipeline::{Plan, report, restore};
use platewright_report::Figures;
use platewright_slicer::Restored;
use platewright_tests::{config, kept};

#[test]
fn a_generated_night_is_planned_without_a_violation() {
    let kept = kept();
    assert_eq!(kept.verify(&kept.run.plan, &BTreeMap::new()), []);
}

#[test]
fn every_unit_is_placed_or_explained() {
    let plan = &kept().run.plan;
    let ordered: BTreeSet<_> = plan.night.units().iter().map(|u| u.id).collect();
    assert_eq!(ordered.len(), 120);
    let placed: Vec<_> = plan.build_plan.builds.iter().flat_map(|b| &b.placements).collect();
    let left = &plan.build_plan.unplaced;
    assert_eq!(placed.len() + left.len(), ordered.len());
    let accounted: BTreeSet<_> =
        placed.iter().map(|p| p.unit).chain(left.iter().map(|u| u.unit)).collect();
    assert_eq!(accounted, ordered);
    assert!(left.iter().all(|u| !u.text.trim().is_empty()));
    // Four lines of the night cannot be printed on purpose; everything else finds its place.
    assert!(!left.is_empty() && left.len() < ordered.len() / 10, "{left:#?}");
    assert!(plan.assignment.unassigned.is_empty());
    assert_eq!(plan.schedule.builds.len(), plan.build_plan.builds.len());
}

#[test]
fn parts_that_cannot_be_printed_stay_out() {
    let plan = &kept().run.plan;
    for (file, verdict) in
        [("empty-file.stl", Verdict::NotPrintable), ("scan-with-holes.stl", Verdict::NeedsReview)]
    {
        let record = plan.parts.parts.iter().find(|p| p.file == file);
        let record = record.unwrap_or_else(|| panic!("{file} is in the night"));
        assert_eq!(record.verdict, verdict, "{record:#?}");
        let mut placements = plan.build_plan.builds.iter().flat_map(|b| &b.placements);
        assert!(placements.all(|p| p.part != record.id));
    }
}

#[test]
fn a_run_reads_back_as_it_was_planned() {
    let kept = kept();
    let (a, b) = (&kept.run.plan, &kept.loaded);
    assert_eq!(a.night, b.night);
    assert_eq!(a.order_book, b.order_book);
    assert_eq!(a.parts, b.parts);
    assert_eq!(a.meshes, b.meshes);
    assert_eq!(a.grouping, b.grouping);
    assert_eq!(a.build_plan, b.build_plan);
    assert_eq!(a.assignment, b.assignment);
    assert_eq!(a.schedule, b.schedule);
    assert_eq!(a.slices, b.slices);
    assert_eq!(a.packages, b.packages);
}

#[test]
fn the_bound_is_below_the_objective() {
    let assignment = &kept().run.plan.assignment;
    assert!(assignment.bound <= assignment.objective);
    assert!(assignment.bound.0 > 0 && (0.0..1.0).contains(&assignment.gap), "{assignment:?}");
}

#[test]
fn packages_alone_give_the_orders_back() {
    let kept = kept();
    let folder = tempfile::tempdir().expect("a folder");
    kept.write_to(folder.path());
    // Nothing but the packages may be needed.
    for name in kept.files.keys().filter(|name| !name.ends_with(".zip")) {
        std::fs::remove_file(folder.path().join(name)).expect("files of the run can be removed");
    }
    let restored = restore(folder.path(), &config().limits).expect("the packages can be listed");
    assert!(restored.is_whole(), "{:?}", restored.faults);
    let plan = &kept.run.plan;
    for order in &restored.orders {
        let confirmed = &plan.night.orders[&order.order];
        assert_eq!(order.customer, confirmed.customer);
        assert_eq!(order.region, confirmed.region);
        assert_eq!(order.due, confirmed.due);
        let numbers: Vec<_> = order.lines.iter().map(|l| l.number).collect();
        assert_eq!(numbers, confirmed.lines.iter().map(|l| l.number).collect::<Vec<_>>());
        for (line, ordered) in order.lines.iter().zip(&confirmed.lines) {
            assert_eq!(
                (&line.part, &line.material, &line.process, line.quality, &line.finish),
                (
                    &ordered.part,
                    &ordered.material,
                    &ordered.process,
                    ordered.quality,
                    &ordered.finish
                )
            );
            assert_eq!(line.quantity, ordered.quantity);
            assert_eq!(line.copies.len() + line.left_over.len(), ordered.quantity as usize);
        }
    }
    let known: BTreeSet<_> = restored.orders.iter().map(|o| &o.order).collect();
    assert_eq!(known, orders_in_builds(plan));
    let found: usize = restored.orders.iter().flat_map(|o| &o.lines).map(|l| l.copies.len()).sum();
    let placed: usize = plan.build_plan.builds.iter().map(|b| b.placements.len()).sum();
    assert_eq!(found, placed);
}

#[test]
fn a_lost_package_is_told_by_its_missing_copies() {
    let kept = kept();
    let plan = &kept.run.plan;
    let folder = tempfile::tempdir().expect("a folder");
    kept.write_to(folder.path());
    // A package whose orders are in other packages too, so that they are known of.
    let (build, lost) = plan
        .build_plan
        .builds
        .iter()
        .map(|b| (b, shared_units(plan, b.id.as_str())))
        .max_by_key(|(_, units)| units.len())
        .expect("the night has builds");
    assert!(!lost.is_empty(), "no order of the night is in two builds");
    let package = plan.packages.packages.iter().find(|p| p.build == build.id);
    let file = &package.expect("every build has a package").file;
    std::fs::remove_file(folder.path().join("80_packages").join(file)).expect("it is there");
    let restored = restore(folder.path(), &config().limits).expect("the packages can be listed");
    assert!(!restored.is_whole());
    assert_eq!(missing(&restored), lost);
}

#[test]
fn the_report_shows_every_build_and_needs_no_net() {
    let kept = kept();
    let plan = &kept.run.plan;
    let ctx = RunContext::with_iterations(1, 0);
    let page = report("a night", plan, &[], &Figures::default(), &ctx);
    for build in &plan.build_plan.builds {
        assert!(page.contains(build.id.as_str()), "build {} is not in the report", build.id);
    }
    for unplaced in &plan.build_plan.unplaced {
        let order = &plan.order_book.units.iter().find(|u| u.id == unplaced.unit);
        let order = &order.expect("it was ordered").order;
        assert!(page.contains(order.as_str()), "left-over order {order} is not in the report");
    }
    let compact: String = page.to_lowercase().split_whitespace().collect();
    for loading in ["src=", "href=", "url(", "@import"] {
        for (at, _) in compact.match_indices(loading) {
            let target = compact[at + loading.len()..].trim_start_matches(['"', '\'']);
            let from_the_net = ["http:", "https:", "//", "ftp:"];
            assert!(
                !from_the_net.iter().any(|net| target.starts_with(net)),
                "{}",
                target.chars().take(60).collect::<String>()
            );
        }
    }
}

/// Orders with a unit in a build.
fn orders_in_builds(plan: &Plan) -> BTreeSet<&platewright_model::id::OrderId> {
    let placed: BTreeSet<_> =
        plan.build_plan.builds.iter().flat_map(|b| &b.placements).map(|p| p.unit).collect();
    plan.order_book.units.iter().filter(|u| placed.contains(&u.id)).map(|u| &u.order).collect()
}

/// Units of a build whose order is in another build too, as order, line and copy.
fn shared_units(plan: &Plan, build: &str) -> BTreeSet<(String, usize, u32)> {
    let within = |own: bool| -> BTreeSet<_> {
        let builds = plan.build_plan.builds.iter().filter(|b| (b.id.as_str() == build) == own);
        builds.flat_map(|b| &b.placements).map(|p| p.unit).collect()
    };
    let (own, others) = (within(true), within(false));
    let units = &plan.order_book.units;
    let elsewhere: BTreeSet<_> =
        units.iter().filter(|u| others.contains(&u.id)).map(|u| &u.order).collect();
    units
        .iter()
        .filter(|u| own.contains(&u.id) && elsewhere.contains(&u.order))
        .map(|u| (u.order.as_str().to_owned(), u.line, u.copy))
        .collect()
}

/// Missing copies as order, line and copy.
fn missing(restored: &Restored) -> BTreeSet<(String, usize, u32)> {
    let mut missing = BTreeSet::new();
    for order in &restored.orders {
        for line in &order.lines {
            let copies = line.missing.iter();
            missing.extend(copies.map(|&c| (order.order.as_str().to_owned(), line.number, c)));
        }
    }
    missing
}
