//! Damage beyond reason: it is named, and nothing panics.

use platewright_mesh::TriMesh;
use platewright_model::measure::{Money, Seconds};
use platewright_model::run::RunContext;
use platewright_model::time::Time;

use crate::fixture::{Plan, unit};
use crate::{Rule, Violation};

#[track_caller]
fn caught(damage: impl FnOnce(&mut Plan)) -> Vec<Violation> {
    let mut plan = Plan::with_output();
    damage(&mut plan);
    let found = plan.check();
    assert!(!found.is_empty());
    assert_eq!(plan.check(), found, "the answer is the same every time");
    assert!(found.is_sorted());
    found
}

#[test]
fn poses_that_are_no_numbers_or_far_away() {
    for x in [f64::NAN, f64::INFINITY, -1e300, 1e9, f64::MIN_POSITIVE] {
        caught(|p| p.placement("O1", 0).pose.translation[0] = x);
        caught(|p| p.placement("O1", 0).pose.rotation[1][1] = x);
        caught(|p| p.placement("O1", 0).pose.rotation = [[x; 3]; 3]);
    }
}

#[test]
fn numbers_at_the_ends_of_their_ranges() {
    for x in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, -1.0, 0.0] {
        caught(|p| p.build_plan.builds[0].load.volume_mm3 = x);
        caught(|p| p.build_plan.builds[0].load.height_mm = x);
        caught(|p| p.build_plan.builds[0].load.layer_mm = x);
        caught(|p| p.build_plan.builds[0].density = x);
        caught(|p| p.slices.as_mut().unwrap().builds[0].layers[100].area_mm2 = x);
        caught(|p| p.slices.as_mut().unwrap().builds[0].layers[100].top_mm = x);
    }
    for x in [i64::MIN, i64::MAX, -1] {
        caught(|p| p.schedule.builds[0].start = Time(x));
        caught(|p| p.schedule.builds[0].end = Time(x));
        caught(|p| p.schedule.builds[1].unload_start = Time(x));
        caught(|p| p.schedule.deliveries[0].arrives = Time(x));
        caught(|p| p.schedule.deliveries[0].late = Seconds(x));
        caught(|p| p.schedule.cost.freight = Money(x));
        caught(|p| p.assignment.assigned[0].cost.machine = Money(x));
        caught(|p| (p.assignment.objective, p.assignment.bound) = (Money(x), Money(i64::MAX - 1)));
    }
}

#[test]
fn ids_that_lead_nowhere() {
    let rules = |found: Vec<Violation>| found.into_iter().map(|v| v.code).collect::<Vec<_>>();
    assert!(rules(caught(|p| p.build_plan.builds[0].group = "?".into())).contains(&Rule::Build));
    assert!(rules(caught(|p| p.build_plan.builds[0].class = "?".into())).contains(&Rule::Build));
    caught(|p| p.build_plan.builds[0].id = "B2".into());
    caught(|p| p.build_plan.builds.clear());
    caught(|p| p.build_plan.builds[0].placements.clear());
    assert!(rules(caught(|p| p.placement("O1", 0).part = "?".into())).contains(&Rule::Mesh));
    caught(|p| p.placement("O1", 0).unit = unit("?", 0));
    caught(|p| p.grouping.groups[0].key.process = "?".into());
    caught(|p| p.grouping.groups[0].key.material = "?".into());
    caught(|p| p.grouping.groups.clear());
    caught(|p| p.assignment.assigned[0].build = "?".into());
    caught(|p| p.assignment.assigned[0].machine = "?".into());
    caught(|p| p.schedule.builds[0].machine = "?".into());
    caught(|p| p.schedule.builds[0].build = "?".into());
    caught(|p| p.schedule.deliveries[0].order = "?".into());
    caught(|p| p.slices.as_mut().unwrap().builds[0].build = "?".into());
    caught(|p| p.packages.as_mut().unwrap().packages[0].build = "?".into());
    caught(|p| p.files.clear());
}

#[test]
fn meshes_that_are_none() {
    caught(|p| p.meshes.clear());
    caught(|p| drop(p.meshes.insert("cube".into(), TriMesh::default().into())));
    caught(|p| {
        let mut mesh = TriMesh::clone(&p.meshes[&"cube".into()]);
        mesh.triangles.push([0, 1, 4_000_000]);
        p.meshes.insert("cube".into(), mesh.into());
    });
    caught(|p| {
        let mut mesh = TriMesh::clone(&p.meshes[&"cube".into()]);
        mesh.vertices[3].x = f64::NAN;
        p.meshes.insert("cube".into(), mesh.into());
    });
}

#[test]
fn a_cancelled_check_says_so() {
    let plan = Plan::valid();
    let ctx = RunContext::with_iterations(1, 0);
    ctx.cancel.cancel();
    let read_file = |_: &str| Err(String::new());
    let evidence = crate::Evidence {
        night: &plan.night,
        config: &plan.config,
        meshes: &plan.meshes,
        order_book: &plan.order_book,
        parts: &plan.parts,
        grouping: &plan.grouping,
        build_plan: &plan.build_plan,
        assignment: &plan.assignment,
        schedule: &plan.schedule,
        slices: None,
        packages: None,
        replan: None,
        read_file: &read_file,
    };
    let found = crate::check(&evidence, &ctx);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].code, Rule::Incomplete);
}
