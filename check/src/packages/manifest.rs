//! What a package says of itself, against the plan and against its members.

use std::collections::BTreeSet;

use platewright_model::geometry::Pose;
use platewright_model::id::UnitId;
use platewright_model::stage::{Build, BuildSlices};
use serde_json::Value;

use super::archive::Members;
use super::compare_units;
use crate::facts::Facts;
use crate::slices::hex;
use crate::{Rule, Violation};

/// Name of the manifest.
const NAME: &str = "manifest.json";

pub(super) fn check(
    facts: &Facts<'_>,
    build: &Build,
    slices: Option<&BuildSlices>,
    members: &Members,
) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut fault = |rule, text: String| {
        found.push(Violation::new(rule, format!("build {}", build.id), text));
    };
    let manifest: Value = match members.get(NAME).map(|bytes| serde_json::from_slice(bytes)) {
        Some(Ok(manifest)) => manifest,
        Some(Err(why)) => {
            fault(Rule::PackageFormat, format!("{NAME} is no JSON: {why}"));
            return found;
        }
        None => {
            fault(Rule::PackageFormat, format!("{NAME} is missing"));
            return found;
        }
    };
    let text = |value: &Value, key: &str| {
        value.get(key).and_then(Value::as_str).unwrap_or("(nothing)").to_owned()
    };
    let mut same = |what: &str, expected: String| {
        let stated = text(&manifest, what);
        if stated != expected {
            fault(Rule::PackageUnits, format!("{NAME} is of {what} {stated}, not {expected}"));
        }
    };
    same("build", build.id.to_string());
    same("group", build.group.to_string());
    if let Some((centre, machine)) = facts.scheduled_site(&build.id) {
        same("machine", machine.id.to_string());
        same("centre", centre.id.to_string());
    }
    if let (Some(slices), Some(stated)) = (slices, manifest.get("print_time"))
        && stated.as_i64() != Some(slices.print_time.0)
    {
        let text = format!("{NAME} says it prints {stated} s, not {}", slices.print_time.0);
        fault(Rule::SliceTime, text);
    }
    let units = list(&manifest, "units");
    let given: Vec<(String, Pose)> =
        units.iter().map(|u| (text(u, "unit"), pose(u.get("pose")))).collect();
    compare_units(build, NAME, &given, &mut fault);
    for unit in units {
        owner(facts, unit, &mut fault);
    }
    entries(&manifest, members, &mut fault);
    found
}

/// Whether a unit's order, line and part are those it was ordered with.
fn owner(facts: &Facts<'_>, unit: &Value, fault: &mut impl FnMut(Rule, String)) {
    let text = |key: &str| unit.get(key).and_then(Value::as_str).unwrap_or("(nothing)");
    let id = text("unit");
    let Some(ordered) = id.parse().ok().and_then(|id| facts.units.get(&UnitId(id))) else { return };
    let line = unit.get("line").and_then(Value::as_u64);
    if text("order") != ordered.order.id.as_str()
        || line != Some(ordered.line.number as u64)
        || text("part") != ordered.line.part.as_str()
    {
        let text = format!(
            "{NAME} has unit {id} of order {}, line {line:?}, part {}; it is of order {}, line {}, \
             part {}",
            text("order"),
            text("part"),
            ordered.order.id,
            ordered.line.number,
            ordered.line.part
        );
        fault(Rule::PackageUnits, text);
    }
}

/// Whether all other members are listed, with their size and hash.
fn entries(manifest: &Value, members: &Members, fault: &mut impl FnMut(Rule, String)) {
    let mut listed = BTreeSet::new();
    for entry in list(manifest, "entries") {
        let text = |key: &str| entry.get(key).and_then(Value::as_str).unwrap_or_default();
        let path = text("path");
        listed.insert(path.to_owned());
        let Some(content) = members.get(path) else {
            fault(Rule::PackageMember, format!("member {path:?} is listed and missing"));
            continue;
        };
        let hash = hex(content);
        if !hash.eq_ignore_ascii_case(text("sha256")) {
            let stated = text("sha256");
            let text = format!("member {path} has SHA-256 {hash}, stated is {stated:?}");
            fault(Rule::PackageMember, text);
        }
        let bytes = entry.get("bytes").and_then(Value::as_u64);
        if bytes != Some(content.len() as u64) {
            let text = format!("member {path} has {} bytes, stated are {bytes:?}", content.len());
            fault(Rule::PackageMember, text);
        }
    }
    for path in members.keys().filter(|p| *p != NAME && !listed.contains(*p)) {
        fault(Rule::PackageMember, format!("member {path} is not listed"));
    }
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// A pose out of JSON; what is not there is no number.
fn pose(value: Option<&Value>) -> Pose {
    let numbers = |value: Option<&Value>| -> [f64; 3] {
        std::array::from_fn(|k| {
            value.and_then(|v| v.get(k)).and_then(Value::as_f64).unwrap_or(f64::NAN)
        })
    };
    let rotation = value.and_then(|v| v.get("rotation"));
    Pose {
        rotation: std::array::from_fn(|k| numbers(rotation.and_then(|r| r.get(k)))),
        translation: numbers(value.and_then(|v| v.get("translation"))),
    }
}
