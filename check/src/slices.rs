//! Builds → layers: their number, their areas, their feedstock, their file.

mod time;

use std::collections::{BTreeMap, BTreeSet};

use platewright_model::geometry::Pose;
use platewright_model::id::PartId;
use platewright_model::stage::{Build, BuildSlices, LayerFacts};
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::facts::Facts;
use crate::geometry::{Triangle, covered_areas, sections};
use crate::schedule::layers;
use crate::{Evidence, Rule, Violation};

/// Relative difference of an area or volume that a simplified contour may have.
const AREA: f64 = 0.01;

/// Area of one layer that contours with rounded coordinates may be off in any case, mm².
const AREA_MM2: f64 = 0.5;

/// Length of the contours of one layer that rounding may be off in any case, mm.
const CONTOUR_MM: f64 = 0.5;

/// How far beside a layer's middle its area is taken where faces lie at the middle itself, mm:
/// a micrometre, beyond rounding and below any layer.
const BESIDE_MM: f64 = 1e-3;

/// Most layers of a build that are looked at; a metre in steps of a micrometre.
const MOST_LAYERS: f64 = 1e6;

/// How far a layer's top may be off, mm.
const TOP_MM: f64 = 1e-6;

/// One entry a scheduled build, each true to its parts.
pub(crate) fn check(evidence: &Evidence<'_>, facts: &Facts<'_>) -> Vec<Violation> {
    let Some(slices) = evidence.slices else { return Vec::new() };
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for entry in &slices.builds {
        let mut fault = |rule, text: String| {
            found.push(Violation::new(rule, format!("build {}", entry.build), text));
        };
        if !seen.insert(&entry.build) {
            fault(Rule::Slices, "is sliced more than once".to_owned());
        }
        if !facts.scheduled.contains_key(&entry.build) {
            fault(Rule::Slices, "is sliced and not scheduled".to_owned());
        }
        let path = format!("70_slices/{}", entry.file);
        let content = (evidence.read_file)(&path);
        if let Some(text) = file_fault(&path, &content, &entry.sha256) {
            fault(Rule::SliceFile, text);
        }
    }
    for build in facts.scheduled.keys().filter(|b| !seen.contains(*b)) {
        let text = "is scheduled and not sliced";
        found.push(Violation::new(Rule::Slices, format!("build {build}"), text));
    }
    let per_build: Vec<Vec<Violation>> =
        slices.builds.par_iter().map(|entry| check_layers(facts, entry)).collect();
    found.extend(per_build.into_iter().flatten());
    found
}

/// What is wrong with a file of the run, if anything: not there, or not of the stated hash.
pub(crate) fn file_fault(
    path: &str,
    content: &Result<Vec<u8>, String>,
    sha256: &str,
) -> Option<String> {
    match content {
        Err(why) => Some(format!("file {path} cannot be read: {why}")),
        Ok(bytes) => {
            let hash = hex(bytes);
            (!hash.eq_ignore_ascii_case(sha256))
                .then(|| format!("file {path} has SHA-256 {hash}, stated is {sha256:?}"))
        }
    }
}

/// SHA-256 in hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

fn check_layers(facts: &Facts<'_>, entry: &BuildSlices) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut fault = |rule, text: String| {
        found.push(Violation::new(rule, format!("build {}", entry.build), text));
    };
    let Some(build) = facts.builds.get(&entry.build) else { return found };
    let layer = build.load.layer_mm;
    let Some(n) = layers(&build.load).filter(|n| *n <= MOST_LAYERS) else {
        fault(Rule::SliceLayers, format!("height and layers are no numbers: {:?}", build.load));
        return found;
    };
    if entry.layers.len() as f64 != n {
        let text = format!(
            "has {} layers; {} mm in layers of {layer} mm are {n}",
            entry.layers.len(),
            build.load.height_mm
        );
        fault(Rule::SliceLayers, text);
        return found;
    }
    let tops = entry.layers.iter().enumerate().map(|(i, l)| (i, l.top_mm, (i + 1) as f64 * layer));
    if let Some((i, top, expected)) =
        tops.into_iter().find(|(_, top, expected)| !close(*top, *expected, TOP_MM))
    {
        fault(Rule::SliceLayers, format!("layer {i} ends at {top} mm, not {expected} mm"));
    }
    if let Some(parts) = alike(facts, build) {
        let middle: Vec<f64> = (0..entry.layers.len()).map(|k| (k as f64 + 0.5) * layer).collect();
        let exact = total(&parts, &middle);
        if let Some(text) = area_fault(layer, &parts, &middle, &exact, entry) {
            fault(Rule::SliceArea, text);
        }
        if let Some(text) = perimeter_fault(&parts, &middle, &exact, entry) {
            fault(Rule::SlicePerimeter, text);
        }
    }
    if let Some(recipe) = facts.recipe(build) {
        let volume: f64 = entry.layers.iter().map(|l| l.area_mm2 * layer).sum();
        let grams = volume * recipe.process.solid_fraction * recipe.material.density_g_cm3 / 1000.0;
        if !close(entry.material.0, grams, AREA * grams.abs() + 1e-6) {
            let text =
                format!("takes {} in its parts; its layers hold {grams:.6} g", entry.material);
            fault(Rule::SliceMaterial, text);
        }
    }
    check_time(facts, build, entry, &mut fault);
    found
}

/// The print time of the layers, from the layers themselves.
fn check_time(
    facts: &Facts<'_>,
    build: &Build,
    entry: &BuildSlices,
    fault: &mut impl FnMut(Rule, String),
) {
    if !(entry.figures.is_empty() || entry.figures.len() == entry.layers.len()) {
        let (figures, layers) = (entry.figures.len(), entry.layers.len());
        fault(Rule::SliceTime, format!("has figures of {figures} layers, but {layers} layers"));
        return;
    }
    if let Some(i) = time::impossible_change(entry) {
        let text = format!(
            "layer {i} is said to differ from the one below by {} mm², which areas of {} mm² and \
             {} mm² do not allow",
            entry.figures[i].changed_mm2,
            entry.layers[i].area_mm2,
            i.checked_sub(1).map_or(0.0, |below| entry.layers[below].area_mm2)
        );
        fault(Rule::SliceTime, text);
    }
    let Some((_, machine)) = facts.scheduled_site(&build.id) else { return };
    let expected = time::range(machine, &build.load, entry);
    let stated = i128::from(entry.print_time.0);
    if !expected.is_some_and(|(least, most)| (least..=most).contains(&stated)) {
        let expected = expected.map_or("no time".to_owned(), |e| format!("{} s", e.0));
        let text = format!(
            "prints {stated} s by its layers; on machine {} these take {expected}",
            machine.id
        );
        fault(Rule::SliceTime, text);
    }
}

/// Alike parts of a build, posed, with their number.
type Alike = (Vec<Triangle>, f64);

/// The parts of a build, cut anew at the middle of its layers, against these.
fn area_fault(
    layer: f64,
    parts: &[Alike],
    middle: &[f64],
    exact: &[[f64; 2]],
    entry: &BuildSlices,
) -> Option<String> {
    let odd: Vec<usize> =
        (0..middle.len()).filter(|&k| !near(entry.layers[k].area_mm2, exact[k][0])).collect();
    // Faces at the very middle of a layer may count to either side of it, and shells that
    // overlap are counted once; both are rare, so only odd layers are looked at again.
    let at: Vec<f64> = odd.iter().map(|&k| middle[k]).collect();
    let (least, most) = range(parts, &at);
    for (j, &k) in odd.iter().enumerate() {
        let area = entry.layers[k].area_mm2;
        let within = (least[j]..=most[j]).contains(&area);
        if !(within || near(area, least[j]) || near(area, most[j])) {
            return Some(format!(
                "layer {k} is said to cover {area} mm²; its parts cover {:.6} mm²",
                exact[k][0]
            ));
        }
    }
    if odd.is_empty() {
        let stated: f64 = entry.layers.iter().map(|l| l.area_mm2 * layer).sum();
        let own: f64 = exact.iter().map(|[area, _]| area * layer).sum();
        if !near(stated, own) {
            return Some(format!("its layers hold {stated} mm³; its parts, cut alike, {own} mm³"));
        }
    }
    None
}

/// The contours of the parts of a build, cut anew, against those of its layers.
///
/// Shells that overlap or touch have shorter contours together, so layers may have less than their
/// parts one by one; but no less than a disc of their area.
fn perimeter_fault(
    parts: &[Alike],
    middle: &[f64],
    exact: &[[f64; 2]],
    entry: &BuildSlices,
) -> Option<String> {
    let slack = |length: f64| AREA * length + CONTOUR_MM;
    let odd: Vec<usize> = (0..middle.len())
        .filter(|&k| {
            let LayerFacts { perimeter_mm, area_mm2, .. } = entry.layers[k];
            let disc = 2.0 * (std::f64::consts::PI * area_mm2.max(0.0)).sqrt();
            let (least, most) = (disc - slack(disc), exact[k][1] + slack(exact[k][1]));
            !(least..=most).contains(&perimeter_mm)
        })
        .collect();
    // As for areas, faces at the very middle of a layer may count to either side of it, those of
    // each part on their own: parts set down at the same height differ by rounding.
    let at: Vec<f64> = odd.iter().map(|&k| middle[k]).collect();
    let most = longest(parts, &at);
    odd.iter().enumerate().find_map(|(j, &k)| {
        let LayerFacts { perimeter_mm: stated, area_mm2, .. } = entry.layers[k];
        let disc = 2.0 * (std::f64::consts::PI * area_mm2.max(0.0)).sqrt();
        let explained = (disc - slack(disc)..=most[j] + slack(most[j])).contains(&stated);
        (!explained).then(|| {
            format!(
                "layer {k} is said to have contours of {stated} mm; those of its parts have \
                 {:.6} mm",
                exact[k][1]
            )
        })
    })
}

/// Whether two numbers are within `slack`; false for what is no number.
fn close(a: f64, b: f64, slack: f64) -> bool {
    (a - b).abs() <= slack
}

fn near(stated: f64, own: f64) -> bool {
    (stated - own).abs() <= AREA * own.abs() + AREA_MM2
}

/// The triangles of the parts of a build, those alike in part, turn and height once with their
/// number; `None` where a part is not closed, whose layers are a matter of taste.
fn alike(facts: &Facts<'_>, build: &Build) -> Option<Vec<Alike>> {
    let mut kinds = BTreeMap::new();
    for placement in &build.placements {
        let pose = &placement.pose;
        let turn = pose.rotation.map(|row| row.map(f64::to_bits));
        let key = (&placement.part, turn, pose.translation[2].to_bits());
        kinds.entry(key).or_insert((pose, 0.0)).1 += 1.0;
    }
    let posed = |((part, _, _), (pose, n)): ((&PartId, _, _), (&Pose, f64))| {
        let solid = facts.solids.get(part).filter(|s| s.closed)?;
        Some((solid.posed(pose)?, n))
    };
    kinds.into_iter().map(posed).collect()
}

/// Least and greatest sum of areas at each height, where each part on its own may count faces
/// at that very height to either side, and regions that its shells share once or each time.
fn range(parts: &[Alike], heights: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let beside = |by: f64| heights.iter().map(|z| z + by).collect::<Vec<f64>>();
    let (below, above) = (beside(-BESIDE_MM), beside(BESIDE_MM));
    let ways = |(triangles, _): &Alike| {
        let areas = |z: &[f64]| sections(triangles, z).iter().map(|[area, _]| *area).collect();
        [areas(heights), areas(&below), areas(&above), covered_areas(triangles, heights)]
    };
    let per_part: Vec<[Vec<f64>; 4]> = parts.par_iter().map(ways).collect();
    let sum = |pick: fn(f64, f64) -> f64| {
        (0..heights.len())
            .map(|j| {
                let of_part = |(ways, (_, n)): (&[Vec<f64>; 4], &Alike)| {
                    n * ways[1..].iter().map(|way| way[j]).fold(ways[0][j], pick)
                };
                per_part.iter().zip(parts).map(of_part).sum()
            })
            .collect()
    };
    (sum(f64::min), sum(f64::max))
}

/// Greatest sum of lengths of contours at each height, where each part on its own may count faces
/// at that very height to either side.
fn longest(parts: &[Alike], heights: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0; heights.len()];
    for (triangles, n) in parts {
        let cuts = [-BESIDE_MM, 0.0, BESIDE_MM]
            .map(|by| sections(triangles, &heights.iter().map(|z| z + by).collect::<Vec<_>>()));
        for (k, sum) in sums.iter_mut().enumerate() {
            *sum += n * cuts.iter().map(|cut| cut[k][1]).fold(0.0, f64::max);
        }
    }
    sums
}

/// Sums of area and length of contours of all parts at each height.
fn total(parts: &[Alike], heights: &[f64]) -> Vec<[f64; 2]> {
    let per_part: Vec<Vec<[f64; 2]>> =
        parts.par_iter().map(|(triangles, _)| sections(triangles, heights)).collect();
    let mut sums = vec![[0.0; 2]; heights.len()];
    for (cuts, (_, n)) in per_part.iter().zip(parts) {
        for (sum, cut) in sums.iter_mut().zip(cuts) {
            (0..2).for_each(|k| sum[k] += n * cut[k]);
        }
    }
    sums
}
