//! What a 3MF holds beside the shape that is read, told as faults.

use std::collections::{BTreeMap, BTreeSet};

use platewright_model::stage::{FaultCode, MeshFault, Severity};

use super::package::Package;
use super::part::Required;
use crate::inspect::fault;

/// Names of materials that are told; the rest is counted.
const NAMES_MAX: usize = 5;

impl Package {
    /// Faults of the file; `skipped` uses of objects are no bodies.
    pub(super) fn faults(&self, skipped: u64) -> Vec<MeshFault> {
        let mut told = Told(Vec::new());
        told.add(Severity::Note, skipped, "supports and helper objects are not read");
        self.shapes(&mut told);
        self.slices_told(&mut told);
        self.properties(&mut told);
        self.production(&mut told);
        let others = self.parts.iter().filter(|p| p.unit != self.parts[0].unit).count() as u64;
        let text = "parts of the package are drawn in another unit; they are read in that of the \
                    root part";
        told.add(Severity::Warning, others, text);
        let mut unknown = BTreeMap::<&str, u64>::new();
        for (name, count) in self.parts.iter().flat_map(|p| &p.unknown) {
            *unknown.entry(name).or_default() += u64::from(*count);
        }
        for (name, count) in unknown {
            let text = format!("elements {name:?} are not known and not read");
            told.add(Severity::Warning, count, &text);
        }
        let text = "relationships refer to parts that are not in the package";
        told.add(Severity::Note, u64::from(self.opc.dangling), text);
        let text = "the content type of the model part is not that of a 3D model";
        told.add(Severity::Warning, u64::from(self.opc.wrong_type), text);
        let text = "the package holds keys of encrypted parts; they are not used";
        told.add(Severity::Note, u64::from(self.opc.has_keys), text);
        told.0
    }

    fn shapes(&self, told: &mut Told) {
        let mut shapes = BTreeMap::<&str, u64>::new();
        for (name, count) in self.parts.iter().flat_map(|p| &p.shapes) {
            *shapes.entry(name).or_default() += u64::from(*count);
        }
        for (name, count) in shapes {
            let is_needed = |r: &Required| matches!(r, Required::Shape(n, _) if *n == name);
            let needed = self.parts.iter().flat_map(|p| &p.required).any(is_needed);
            let severity = if needed { Severity::Error } else { Severity::Warning };
            let text = format!(
                "{name} are not read, the model would be printed without them; \
                 convert them to triangles"
            );
            told.add(severity, count, &text);
        }
    }

    fn slices_told(&self, told: &mut Told) {
        let objects = || self.parts.iter().flat_map(|p| p.objects.values());
        let rough = objects().filter(|o| o.is_rough).count() as u64;
        let text = "the mesh is a rough picture of the slices in the file; \
                    export the model in full resolution";
        told.add(Severity::Warning, rough, text);
        let sliced = objects().filter(|o| o.slices.is_some()).count() as u64;
        told.add(Severity::Note, sliced, "the slices of the file are not used, but made anew");
    }

    fn properties(&self, told: &mut Told) {
        let mut odd = BTreeMap::<&str, u64>::new();
        for (what, count) in self.parts.iter().flat_map(|p| &p.groups.odd) {
            *odd.entry(what).or_default() += u64::from(*count);
        }
        for (what, count) in odd {
            let text = format!("colours contradict the specification: {what}");
            told.add(Severity::Warning, count, &text);
        }
        let objects = self.parts.iter().flat_map(|p| p.objects.values());
        let lacking = objects.filter(|o| o.lacks_default).count() as u64;
        let text = "triangles name properties, but their object has none as default";
        told.add(Severity::Note, lacking, text);
        let text = "pictures of textures are not in the package";
        told.add(Severity::Note, u64::from(self.lost_textures), text);
        let all = || self.parts.iter().flat_map(|p| &p.groups.materials);
        let names: BTreeSet<&str> = all().map(String::as_str).collect();
        let mut shown: Vec<&str> = names.iter().copied().take(NAMES_MAX).collect();
        if names.len() > NAMES_MAX {
            shown.push("…");
        }
        let text = format!(
            "the file names materials ({}); the part is printed in that of its order",
            shown.join(", ")
        );
        told.add(Severity::Note, all().count() as u64, &text);
    }

    fn production(&self, told: &mut Told) {
        let mut seen = BTreeSet::new();
        let twice = self.parts.iter().flat_map(|p| &p.uuids).filter(|u| !seen.insert(*u)).count();
        told.add(Severity::Note, twice as u64, "UUIDs are there more than once");
        let strict = self.parts.iter().filter(|p| p.required.contains(&Required::Production));
        let without: u64 = strict.map(|p| u64::from(p.without_uuid)).sum();
        told.add(Severity::Note, without, "the production extension is required, but UUIDs lack");
    }
}

struct Told(Vec<MeshFault>);

impl Told {
    fn add(&mut self, severity: Severity, count: u64, text: &str) {
        if count > 0 {
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            self.0.push(fault(FaultCode::UnsupportedContent, severity, count, None, text));
        }
    }
}
