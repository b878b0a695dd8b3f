use super::*;
use crate::body::cuboid;

fn small() -> Corpus {
    Corpus { cases: 120, seed: 3, real: None }
}

#[test]
fn a_corpus_has_every_kind_and_is_the_same_every_time() {
    let plans = corpus(&small());
    assert_eq!(plans.len(), 120);
    let mut seen: Vec<FaultKind> = Vec::new();
    for plan in &plans {
        let case = plan.make();
        assert_eq!(case, plan.make(), "{}", plan.name);
        assert_eq!(case.injected.is_empty(), case.recipe == "sound", "{}", plan.name);
        assert!(case.injected.iter().all(|i| i.count > 0), "{}", plan.name);
        assert!(case.truth.volume_mm3 > 0.0 && case.truth.shells > 0, "{}", plan.name);
        seen.extend(case.injected.iter().map(|i| i.kind));
    }
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen, FaultKind::ALL);
}

#[test]
fn sound_cases_are_sound_and_faulty_ones_are_not() {
    for plan in corpus(&small()) {
        let case = plan.make();
        let wrong = condition(&case.mesh).against(&case);
        let harmless = case.injected.iter().all(|i| {
            // What these leave behind is closed and has the right volume.
            [
                FaultKind::NoiseShell,
                FaultKind::UnreferencedVertex,
                FaultKind::Needle,
                FaultKind::NonManifoldVertex,
            ]
            .contains(&i.kind)
        });
        if case.injected.is_empty() {
            assert_eq!(wrong, Vec::<String>::new(), "{}", case.name);
        } else if !harmless {
            assert_ne!(wrong, Vec::<String>::new(), "{}", case.name);
        }
    }
}

#[test]
fn the_union_of_two_boxes_is_known() {
    let mut work = work::Work::new(cuboid(10.0, 10.0, 10.0));
    let second = shape::moved(&cuboid(10.0, 10.0, 10.0), [5.0, 5.0, 0.0].into());
    work.push_shell(work::Role::United, second, false);
    let mut rng = crate::night::stream::stream(1, "two boxes");
    let case = work.finish(&mut rng, true).expect("boxes have a union");
    assert_eq!((case.mesh.triangles.len(), case.sound.len()), (24, 2));
    assert_eq!(case.truth.shells, 1);
    assert!((case.truth.volume_mm3 - 1750.0).abs() < 1e-6, "{}", case.truth.volume_mm3);
}

#[test]
fn conditions_tell_what_is_wrong() {
    let good = cuboid(1.0, 2.0, 3.0);
    let sound = condition(&good);
    assert_eq!((sound.open_edges, sound.non_manifold_vertices, sound.shells), (0, 0, 1));
    assert_eq!(sound.crosses_itself, Some(false));
    let mut open = good.clone();
    open.triangles.pop();
    assert_eq!(condition(&open).open_edges, 3);
    // Two boxes that share one corner: two fans there.
    let mut touching = good.clone();
    touching.append(&shape::moved(&good, [1.0, 2.0, 3.0].into()));
    let touching = work::rounded(&touching);
    let found = condition(&touching);
    assert_eq!((found.non_manifold_vertices, found.shells), (1, 2));
    let mut crossing = good.clone();
    crossing.append(&shape::moved(&good, [0.5, 0.5, 0.5].into()));
    assert_eq!(condition(&crossing).crosses_itself, Some(true));
}

#[test]
fn battered_models_are_damaged_as_densely_as_asked() {
    let share = |density: f64| {
        let cases = battered(&small(), density);
        assert!(cases.len() >= 8, "{}", cases.len());
        let mut hit = 0;
        let mut all = 0;
        for case in &cases {
            assert_eq!(case.sound.len(), 2, "{}", case.name);
            assert!(condition(&case.mesh).open_edges > 0, "{}", case.name);
            let spoilt = case.injected.iter().filter(|i| i.kind != FaultKind::PiercingShell);
            hit += spoilt.map(|i| i.count).sum::<u32>();
            all += case.sound.iter().map(|mesh| mesh.triangles.len()).sum::<usize>();
        }
        assert_eq!(cases, battered(&small(), density));
        f64::from(hit) / all as f64
    };
    let (light, heavy) = (share(1.0), share(5.0));
    assert!((0.009..0.013).contains(&light) && (0.05..0.06).contains(&heavy), "{light} {heavy}");
}

#[test]
fn heavily_battered_models_become_bodies_of_nearly_the_true_volume() {
    // One triangle in ten turned and one in 25 lost: balls whose sense says little pierce bodies,
    // and triangles hang on the rest by their corners.
    for seed in [1, 3] {
        for case in battered(&Corpus { seed, ..small() }, 20.0) {
            let found = condition(&platewright_mesh::correct(&case.mesh).mesh);
            let faulty = found.unbalanced_edges + found.non_manifold_edges;
            assert_eq!(faulty + found.non_manifold_vertices, 0, "{seed} {}", case.name);
            assert_eq!(found.crosses_itself, Some(false), "{seed} {}", case.name);
            let off = (found.volume_mm3 / case.truth.volume_mm3 - 1.0).abs();
            assert!(off < 2e-3, "{seed} {}: {off}", case.name);
        }
    }
}
