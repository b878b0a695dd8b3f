//! Scheduled builds → technical data packages.

mod archive;
mod manifest;
mod model;

use std::collections::BTreeSet;

use platewright_model::config::Limits;
use platewright_model::geometry::Pose;
use platewright_model::stage::{Build, BuildSlices, Package};
use rayon::prelude::*;

use crate::facts::Facts;
use crate::slices::file_fault;
use crate::{Evidence, Rule, Violation};

/// How far an entry of a pose may be off in a package, in mm or of one: texts may be rounded, a
/// part of 300 mm is then off by less than a micrometre.
const ENTRY: f64 = 1e-6;

/// Packages that are in memory at once.
const AT_ONCE: usize = 8;

/// One package a scheduled build, each true to its build.
pub(crate) fn check(evidence: &Evidence<'_>, facts: &Facts<'_>) -> Vec<Violation> {
    let Some(packages) = evidence.packages else { return Vec::new() };
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for package in &packages.packages {
        let subject = format!("build {}", package.build);
        if !seen.insert(&package.build) {
            let text = "has more than one package";
            found.push(Violation::new(Rule::Packages, &subject, text));
        }
        if !facts.scheduled.contains_key(&package.build) {
            let text = "has a package and is not scheduled";
            found.push(Violation::new(Rule::Packages, &subject, text));
        }
    }
    for chunk in packages.packages.chunks(AT_ONCE) {
        let read: Vec<_> = chunk
            .iter()
            .map(|package| {
                let path = format!("80_packages/{}", package.file);
                let content = (evidence.read_file)(&path);
                let mut sliced = evidence.slices.iter().flat_map(|set| &set.builds);
                (package, sliced.find(|s| s.build == package.build), path, content)
            })
            .collect();
        let limits = &evidence.config.limits;
        let looked: Vec<Vec<Violation>> = read
            .par_iter()
            .map(|(package, slices, path, content)| {
                look_inside(facts, limits, package, *slices, path, content)
            })
            .collect();
        found.extend(looked.into_iter().flatten());
    }
    for build in facts.scheduled.keys().filter(|b| !seen.contains(*b)) {
        let text = "is scheduled and has no package";
        found.push(Violation::new(Rule::Packages, format!("build {build}"), text));
    }
    found
}

fn look_inside(
    facts: &Facts<'_>,
    limits: &Limits,
    package: &Package,
    slices: Option<&BuildSlices>,
    path: &str,
    content: &Result<Vec<u8>, String>,
) -> Vec<Violation> {
    let subject = format!("build {}", package.build);
    let Some(build) = facts.builds.get(&package.build) else { return Vec::new() };
    if let Some(text) = file_fault(path, content, &package.sha256) {
        // What was altered on the way is not worth a look inside.
        return vec![Violation::new(Rule::PackageFile, subject, text)];
    }
    let Ok(bytes) = content else { return Vec::new() };
    let mut found = Vec::new();
    if bytes.len() as u64 != package.bytes {
        let text = format!("file {path} has {} bytes, stated are {}", bytes.len(), package.bytes);
        found.push(Violation::new(Rule::PackageFile, &subject, text));
    }
    let members = match archive::members(bytes, limits) {
        Ok(members) => members,
        Err(text) => {
            found.push(Violation::new(Rule::PackageFormat, subject, format!("{path}: {text}")));
            return found;
        }
    };
    found.extend(manifest::check(facts, build, slices, &members));
    found.extend(model::check(facts, build, &members, limits));
    found
}

/// The largest difference of two poses, in mm or of one.
fn apart(a: &Pose, b: &Pose) -> f64 {
    let entries = |p: &Pose| {
        let r = p.rotation;
        [r[0], r[1], r[2], p.translation].concat()
    };
    let differences = entries(a).into_iter().zip(entries(b)).map(|(x, y)| (x - y).abs());
    // What is no number is as far apart as can be.
    differences.map(|d| if d.is_nan() { f64::INFINITY } else { d }).fold(0.0, f64::max)
}

/// Compares the poses that a package gives its units with those of the build.
fn compare_units(
    build: &Build,
    what: &str,
    given: &[(String, Pose)],
    fault: &mut impl FnMut(Rule, String),
) {
    let mut seen = BTreeSet::new();
    for (unit, pose) in given {
        if !seen.insert(unit.as_str()) {
            fault(Rule::PackageUnits, format!("{what} holds unit {unit} more than once"));
        }
        match build.placements.iter().find(|p| p.unit.to_string() == *unit) {
            None => {
                fault(Rule::PackageUnits, format!("{what} holds unit {unit}, not of the build"));
            }
            Some(placement) => {
                let off = apart(pose, &placement.pose);
                if off > ENTRY {
                    let text = format!("{what} places unit {unit} {off:.6} off the plan");
                    fault(Rule::PackagePose, text);
                }
            }
        }
    }
    for placement in &build.placements {
        if !seen.contains(placement.unit.to_string().as_str()) {
            fault(Rule::PackageUnits, format!("{what} does not hold unit {}", placement.unit));
        }
    }
}
