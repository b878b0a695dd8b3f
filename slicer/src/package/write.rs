//! Writes the package of a build.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::Arc;

use nalgebra::Point3;
use platewright_mesh::TriMesh;
use platewright_model::geometry::{BoxMm, Pose, Way};
use platewright_model::id::{OrderId, PartId, UnitId, derive_uuid};
use platewright_model::measure::Mm;
use platewright_model::night::Night;
use platewright_model::order::{Order, Unit};
use platewright_model::stage::{
    Assigned, Build, BuildSlices, PrintingGroup, ScheduledBuild, SortEntry,
};
use rayon::prelude::*;

use crate::error::PackageError;
use crate::package::container::{pack, sha256_hex};
use crate::package::manifest::{Entry, MANIFEST_SCHEMA, Manifest, ManifestOrder, ManifestUnit};
use crate::package::three_mf::three_mf;

/// Name of the manifest in the container.
pub(crate) const MANIFEST_NAME: &str = "manifest.json";
const THREE_MF_NAME: &str = "build.3mf";
const SORT_LIST_NAME: &str = "sort-list.txt";

/// What a package is made of.
#[derive(Clone, Copy, Debug)]
pub struct PackageInput<'a> {
    /// The build.
    pub build: &'a Build,
    /// The night it is of.
    pub night: &'a Night,
    /// Units by id; at least those of the build.
    pub units: &'a BTreeMap<UnitId, Unit>,
    /// Meshes in mm by part; at least those of the build.
    pub meshes: &'a BTreeMap<PartId, Arc<TriMesh>>,
    /// Machine and centre.
    pub assigned: &'a Assigned,
    /// Start and end.
    pub scheduled: &'a ScheduledBuild,
    /// Print time, feedstock and layers.
    pub slices: &'a BuildSlices,
    /// Name in the package (such as `layers.cli`) and content of each layer file: what the
    /// machine's control takes; none where that slices the models itself.
    pub layer_files: &'a [(&'a str, &'a [u8])],
    /// Group of the build.
    pub group: &'a PrintingGroup,
    /// Units that no build of the plan holds; those of the build's orders go into the manifest,
    /// so that they are not taken for missing.
    pub left_over: &'a BTreeSet<UnitId>,
}

impl PackageInput<'_> {
    /// The error for something that the build refers to and that is not there.
    pub(crate) fn missing(&self, what: String) -> PackageError {
        PackageError::Missing { build: self.build.id.to_string(), what }
    }

    /// The mesh of a part.
    pub(crate) fn mesh(&self, part: &PartId) -> Result<&Arc<TriMesh>, PackageError> {
        self.meshes.get(part).ok_or_else(|| self.missing(format!("the mesh of part {part}")))
    }
}

/// Writes a package and its sort list. The same input gives the same bytes.
///
/// # Errors
/// The build refers to a unit, order, mesh, process or parameter set that is not in the input,
/// or a member cannot be written.
pub fn write_package(input: &PackageInput<'_>) -> Result<(Vec<u8>, Vec<SortEntry>), PackageError> {
    let units = manifest_units(input)?;
    let sort_list = sort_list(&units);
    let mut members = BTreeMap::from([
        (THREE_MF_NAME.to_owned(), three_mf(input, &units)?),
        (SORT_LIST_NAME.to_owned(), sort_list_text(input, &sort_list).into_bytes()),
    ]);
    for (name, content) in input.layer_files {
        let taken = members.insert((*name).to_owned(), content.to_vec()).is_some();
        // Readers on systems without case would take one for the other.
        let alike = |other: &&String| other.eq_ignore_ascii_case(name);
        let twice = members.keys().filter(alike).count() > 1;
        if taken || twice || name.eq_ignore_ascii_case(MANIFEST_NAME) {
            let what = "is the name of another member; name the layer file layers.cli".to_owned();
            return Err(PackageError::Member { path: (*name).to_owned(), what });
        }
    }
    let entries = members
        .iter()
        .map(|(path, content)| Entry {
            path: path.clone(),
            bytes: content.len() as u64,
            sha256: sha256_hex(content),
        })
        .collect();
    let manifest = manifest(input, units, sort_list, entries)?;
    let mut text = serde_json::to_vec_pretty(&manifest)
        .map_err(|e| PackageError::ManifestWrite(e.to_string()))?;
    text.push(b'\n');
    members.insert(MANIFEST_NAME.to_owned(), text);
    Ok((pack(&members)?, manifest.sort_list))
}

fn manifest(
    input: &PackageInput<'_>,
    units: Vec<ManifestUnit>,
    sort_list: Vec<SortEntry>,
    entries: Vec<Entry>,
) -> Result<Manifest, PackageError> {
    let key = &input.group.key;
    let process = input.night.processes.get(&key.process);
    let process = process.ok_or_else(|| input.missing(format!("process {}", key.process)))?;
    let set = process.parameter_sets.iter().find(|set| set.id == key.parameter_set);
    let set = set.ok_or_else(|| input.missing(format!("parameter set {}", key.parameter_set)))?;
    Ok(Manifest {
        schema: MANIFEST_SCHEMA.to_owned(),
        build: input.build.id.clone(),
        build_uuid: derive_uuid(&format!("build/{}", input.build.id)),
        machine: input.assigned.machine.clone(),
        centre: input.assigned.centre.clone(),
        group: input.group.id.clone(),
        key: key.clone(),
        layer: set.layer,
        layers: u32::try_from(input.slices.layers.len()).unwrap_or(u32::MAX),
        height: Mm(input.build.load.height_mm),
        print_time: input.slices.print_time,
        material: input.slices.material,
        start: input.scheduled.start,
        print_start: input.scheduled.print_start,
        print_end: input.scheduled.print_end,
        end: input.scheduled.end,
        orders: manifest_orders(input, &units)?,
        units,
        sort_list,
        layer_files: input.layer_files.iter().map(|(name, _)| (*name).to_owned()).collect(),
        entries,
    })
}

/// The units of the build with their boxes, sorted by id.
fn manifest_units(input: &PackageInput<'_>) -> Result<Vec<ManifestUnit>, PackageError> {
    let mut units: Vec<ManifestUnit> = input
        .build
        .placements
        .par_iter()
        .map(|placement| {
            let id = placement.unit;
            let unit = input.units.get(&id);
            let unit = unit.ok_or_else(|| input.missing(format!("unit {id}")))?;
            let mesh = input.mesh(&placement.part)?;
            let bounds = posed_bounds(mesh, &placement.pose)
                .ok_or_else(|| input.missing(format!("a finite place for unit {id}")))?;
            Ok(ManifestUnit {
                unit: id,
                order: unit.order.clone(),
                line: unit.line,
                copy: unit.copy,
                part: placement.part.clone(),
                pose: placement.pose,
                bounds,
                out: placement.out,
            })
        })
        .collect::<Result<_, PackageError>>()?;
    units.sort_by_key(|unit| unit.unit);
    Ok(units)
}

/// Box of a mesh in its place; `None` if it has no vertex or is not finite.
fn posed_bounds(mesh: &TriMesh, pose: &Pose) -> Option<BoxMm> {
    let mut bounds = BoxMm { min: [f64::INFINITY; 3], max: [f64::NEG_INFINITY; 3] };
    for v in &mesh.vertices {
        let p: Point3<f64> = pose.apply((*v).into()).into();
        for k in 0..3 {
            bounds.min[k] = bounds.min[k].min(p[k]);
            bounds.max[k] = bounds.max[k].max(p[k]);
        }
    }
    bounds.size().iter().all(|s| s.is_finite()).then_some(bounds)
}

/// The orders of the units, whole.
fn manifest_orders(
    input: &PackageInput<'_>,
    units: &[ManifestUnit],
) -> Result<Vec<ManifestOrder>, PackageError> {
    let ids: BTreeSet<&OrderId> = units.iter().map(|unit| &unit.order).collect();
    let find = |id: &OrderId| {
        let order = input.night.orders.get(id);
        order.ok_or_else(|| input.missing(format!("order {id}")))
    };
    ids.into_iter().map(|id| Ok(manifest_order(find(id)?, input.left_over))).collect()
}

fn manifest_order(order: &Order, left_over: &BTreeSet<UnitId>) -> ManifestOrder {
    let of_order = order
        .lines
        .iter()
        .flat_map(|line| line.copies().map(|copy| UnitId::derive(&order.id, line.number, copy)));
    let mut left_over: Vec<UnitId> = of_order.filter(|unit| left_over.contains(unit)).collect();
    left_over.sort_unstable();
    ManifestOrder {
        order: order.id.clone(),
        customer: order.customer.clone(),
        region: order.region.clone(),
        due: order.due,
        deadline: order.deadline,
        together: order.together,
        priority: order.priority,
        mixing: order.mixing,
        lines: order.lines.clone(),
        left_over,
    }
}

/// The sort list: units in the order in which they are drawn out, those without one from the top
/// of the build down, and among those with equal tops from the front left to the back right.
pub fn sort_list(units: &[ManifestUnit]) -> Vec<SortEntry> {
    let mut of_part: BTreeMap<&PartId, u32> = BTreeMap::new();
    let mut of_part_and_order: BTreeMap<(&PartId, &OrderId), u32> = BTreeMap::new();
    for unit in units {
        *of_part.entry(&unit.part).or_default() += 1;
        *of_part_and_order.entry((&unit.part, &unit.order)).or_default() += 1;
    }
    let mut sorted: Vec<&ManifestUnit> = units.iter().collect();
    sorted.sort_by(|a, b| {
        let by = |k: usize| a.bounds.min[k].total_cmp(&b.bounds.min[k]);
        let turn = |unit: &ManifestUnit| unit.out.map_or(u32::MAX, |out| out.turn);
        turn(a)
            .cmp(&turn(b))
            .then(b.bounds.max[2].total_cmp(&a.bounds.max[2]))
            .then(by(1))
            .then(by(0))
            .then(a.unit.cmp(&b.unit))
    });
    sorted
        .into_iter()
        .zip(1..)
        .map(|(unit, position)| SortEntry {
            position,
            unit: unit.unit,
            order: unit.order.clone(),
            line: unit.line,
            copy: unit.copy,
            part: unit.part.clone(),
            way: unit.out.map(|out| out.way),
            centre: std::array::from_fn(|k| (unit.bounds.min[k] + unit.bounds.max[k]) / 2.0),
            size: unit.bounds.size(),
            look_alikes: of_part[&unit.part] - of_part_and_order[&(&unit.part, &unit.order)],
        })
        .collect()
}

/// The sort list for people: tab-separated, one line a unit.
fn sort_list_text(input: &PackageInput<'_>, entries: &[SortEntry]) -> String {
    let mut text = format!(
        "Build {} on machine {} at centre {}, in the order of unpacking\n\
         position\torder\tline\tcopy\tpart\tdrawn\tx mm\ty mm\tz mm\tsize mm\tlook-alikes\tunit\n",
        input.build.id, input.assigned.machine, input.assigned.centre
    );
    for e in entries {
        let ([x, y, z], [w, d, h]) = (e.centre, e.size);
        let way = e.way.map_or("", Way::name);
        let _ = writeln!(
            text,
            "{}\t{}\t{}\t{}\t{}\t{}\t{x:.1}\t{y:.1}\t{z:.1}\t{w:.1} x {d:.1} x {h:.1}\t{}\t{}",
            e.position, e.order, e.line, e.copy, e.part, way, e.look_alikes, e.unit
        );
    }
    text
}
