//! Models with injected faults: all are found, sound ones raise no alarm, and what is corrected
//! is what the clean bodies say.

use platewright_datasets::faulty::{
    CasePlan, Corpus, FaultyCase, alarm_codes, condition, corpus, expected_codes,
};
use platewright_mesh::{correct, inspect};
use platewright_model::stage::Severity;
use rayon::prelude::*;

use crate::workspace;

/// The whole corpus, real models included where they are.
fn plans() -> Vec<CasePlan> {
    let data = std::env::var_os("PLATEWRIGHT_DATA")
        .map_or_else(|| workspace::root().join("../shared/data"), std::path::PathBuf::from);
    let real = data.join("meshes");
    if !real.is_dir() {
        eprintln!("no meshes in $PLATEWRIGHT_DATA or ../shared/data: generated bodies only");
    }
    corpus(&Corpus { real: real.is_dir().then_some(real), ..Corpus::default() })
}

/// Codes that the inspection of a case reports worse than `above`; all if there is none.
fn codes(case: &FaultyCase, above: Option<Severity>) -> Vec<String> {
    let faults = inspect(&case.mesh).faults;
    let told = faults.iter().filter(|f| above.is_none_or(|least| f.severity > least));
    let name = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    told.map(|f| name(serde_json::to_value(f.code).expect("codes have names"))).collect()
}

/// What is wrong with the detection and with the correction of a case.
fn shortcomings(plan: &CasePlan) -> Vec<String> {
    let case = plan.make();
    let mut found = Vec::new();
    let told = codes(&case, None);
    for injected in &case.injected {
        let expected = expected_codes(injected.kind);
        if !expected.iter().any(|code| told.iter().any(|t| t == code)) {
            found.push(format!("{}: {} not told", case.name, injected.kind.name()));
        }
    }
    if case.injected.is_empty() {
        let alarms = alarm_codes();
        let false_ones = codes(&case, Some(Severity::Note));
        let those = false_ones.iter().filter(|c| alarms.contains(&c.as_str()));
        found.extend(those.map(|code| format!("{}: false alarm {code}", case.name)));
    }
    let corrected = correct(&case.mesh).mesh;
    let wrong = condition(&corrected).against(&case);
    found.extend(wrong.into_iter().map(|what| format!("{}: {what}", case.name)));
    let crossing = inspect(&corrected).facts.intersecting_pairs;
    if crossing > 0 {
        found.push(format!("{}: {crossing} pairs of triangles cross", case.name));
    }
    let again = correct(&corrected);
    if !again.steps.is_empty() && plan.recipe == "full" {
        found.push(format!("{}: corrected twice: {:?}", case.name, again.steps));
    }
    found
}

#[test]
fn injected_faults_are_found_and_corrected_to_the_truth() {
    let plans = plans();
    assert!(plans.len() >= 300, "{}", plans.len());
    let found: Vec<String> = plans.par_iter().flat_map_iter(shortcomings).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}
