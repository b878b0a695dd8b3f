//! Stage 2: parts, their faults and what was corrected.

use std::collections::BTreeMap;

use platewright_model::geometry::BoxMm;
use platewright_model::id::PartId;
use platewright_model::stage::{
    CorrectionStep, MeshFacts, MeshFault, PartRecord, PartSet, Place, Printability,
};

use super::folder::RunDir;
use super::plan::name_of;
use crate::StoreError;
use crate::table::{Rows, Table};

const PARTS: &str = "20_parts.parquet";
const FAULTS: &str = "20_faults.parquet";
const CORRECTIONS: &str = "20_corrections.parquet";
const PRINTABILITY: &str = "20_printability.json";
const AXES: [&str; 3] = ["x", "y", "z"];

/// A coordinate of a vector among the facts.
type Coordinate = fn(&MeshFacts, usize) -> f64;
/// A point of the place of a fault.
type Corner = fn(&Place) -> Option<[f64; 3]>;
/// A number of things among the facts.
type Count = fn(&MeshFacts) -> u32;

impl RunDir {
    /// Writes stage 2, without the meshes.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write_part_set(&self, set: &PartSet) -> Result<(), StoreError> {
        let parts = &set.parts;
        let mut table = Table::new("parts")
            .text("part", parts.iter().map(|p| p.id.as_str()))
            .text("file", parts.iter().map(|p| &p.file))
            .text("sha256", parts.iter().map(|p| &p.sha256))
            .text("unit", parts.iter().map(|p| name_of(&p.unit)))
            .text("verdict", parts.iter().map(|p| name_of(&p.verdict)))
            .texts("review", parts.iter().map(|p| p.review.iter()));
        let facts = || parts.iter().map(|p| p.facts.as_ref());
        let real: [(&str, Coordinate); 3] = [
            ("min", |f, k| f.bounds.min[k]),
            ("max", |f, k| f.bounds.max[k]),
            ("centroid", |f, k| f.centroid[k]),
        ];
        for (name, value) in real {
            for (k, axis) in AXES.iter().enumerate() {
                let name = format!("{name}_{axis}_mm");
                table = table.real_or_null(&name, facts().map(|f| f.map(|f| value(f, k))));
            }
        }
        table = table
            .real_or_null("volume_mm3", facts().map(|f| f.map(|f| f.volume_mm3)))
            .real_or_null("surface_mm2", facts().map(|f| f.map(|f| f.surface_mm2)));
        let whole: [(&str, Count); 6] = [
            ("triangles", |f| f.triangles),
            ("vertices", |f| f.vertices),
            ("shells", |f| f.shells),
            ("open_edges", |f| f.open_edges),
            ("non_manifold_edges", |f| f.non_manifold_edges),
            ("intersecting_pairs", |f| f.intersecting_pairs),
        ];
        for (name, value) in whole {
            table = table.whole_or_null(name, facts().map(|f| f.map(|f| i64::from(value(f)))));
        }
        table
            .flag_or_null("watertight", facts().map(|f| f.map(|f| f.watertight)))
            .flag_or_null("oriented", facts().map(|f| f.map(|f| f.oriented)))
            .write(&self.file(PARTS))?;
        self.write_faults(set)?;
        self.write_corrections(set)?;
        let printability: BTreeMap<&str, _> = parts
            .iter()
            .filter(|p| !p.printability.is_empty())
            .map(|p| (p.id.as_str(), &p.printability))
            .collect();
        self.write_json(PRINTABILITY, &printability)
    }

    fn write_corrections(&self, set: &PartSet) -> Result<(), StoreError> {
        let steps = || set.parts.iter().flat_map(|p| p.corrections.iter().map(move |s| (&p.id, s)));
        Table::new("mesh corrections")
            .text("part", steps().map(|(part, _)| part.as_str()))
            .text("step", steps().map(|(_, s)| &s.step))
            .whole("triangles", steps().map(|(_, s)| i64::from(s.triangles)))
            .real_or_null("volume_change_mm3", steps().map(|(_, s)| s.volume_change_mm3))
            .real_or_null("hausdorff_mm", steps().map(|(_, s)| s.hausdorff_mm))
            .text("text", steps().map(|(_, s)| &s.text))
            .write(&self.file(CORRECTIONS))
    }

    fn read_corrections(&self, parts: &mut [PartRecord]) -> Result<(), StoreError> {
        let rows = Rows::read(&self.file(CORRECTIONS), "mesh corrections")?;
        let (owners, steps) = (rows.ids::<PartId>("part")?, rows.text("step")?);
        let (triangles, texts) = (rows.count("triangles")?, rows.text("text")?);
        let volumes = rows.real_or_null("volume_change_mm3")?;
        let distances = rows.real_or_null("hausdorff_mm")?;
        for (i, owner) in owners.iter().enumerate() {
            owned(parts, owner, &rows)?.corrections.push(CorrectionStep {
                step: steps[i].clone(),
                triangles: triangles[i],
                volume_change_mm3: volumes[i],
                hausdorff_mm: distances[i],
                text: texts[i].clone(),
            });
        }
        Ok(())
    }

    fn write_faults(&self, set: &PartSet) -> Result<(), StoreError> {
        let faults = || set.parts.iter().flat_map(|p| p.faults.iter().map(move |f| (&p.id, f)));
        let mut table = Table::new("mesh faults")
            .text("part", faults().map(|(part, _)| part.as_str()))
            .text("code", faults().map(|(_, f)| name_of(&f.code)))
            .text("severity", faults().map(|(_, f)| name_of(&f.severity)))
            .whole("count", faults().map(|(_, f)| i64::from(f.count)))
            .text("text", faults().map(|(_, f)| &f.text))
            .text("suggestion", faults().map(|(_, f)| &f.suggestion))
            .flag("correctable", faults().map(|(_, f)| f.correctable))
            .flag("corrected", faults().map(|(_, f)| f.corrected))
            .indices("triangles", faults().map(|(_, f)| f.place.triangles.iter().copied()));
        let places: [(&str, Corner); 3] = [
            ("at", |p| p.at),
            ("min", |p| p.bounds.map(|b| b.min)),
            ("max", |p| p.bounds.map(|b| b.max)),
        ];
        for (name, corner) in places {
            for (k, axis) in AXES.iter().enumerate() {
                let values = faults().map(|(_, f)| corner(&f.place).map(|c| c[k]));
                table = table.real_or_null(&format!("{name}_{axis}_mm"), values);
            }
        }
        table.write(&self.file(FAULTS))
    }

    /// Reads stage 2, without the meshes.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read_part_set(&self) -> Result<PartSet, StoreError> {
        let rows = Rows::read(&self.file(PARTS), "parts")?;
        let (ids, files) = (rows.ids::<PartId>("part")?, rows.text("file")?);
        let (hashes, units) = (rows.text("sha256")?, rows.named("unit")?);
        let (verdicts, facts) = (rows.named("verdict")?, read_facts(&rows)?);
        let review: Vec<Vec<String>> = rows.texts("review")?;
        let mut parts: Vec<_> = (0..rows.len())
            .map(|i| PartRecord {
                id: ids[i].clone(),
                file: files[i].clone(),
                sha256: hashes[i].clone(),
                unit: units[i],
                facts: facts[i],
                faults: Vec::new(),
                corrections: Vec::new(),
                review: review[i].clone(),
                printability: Vec::new(),
                verdict: verdicts[i],
            })
            .collect();
        let rows = Rows::read(&self.file(FAULTS), "mesh faults")?;
        let (owners, codes) = (rows.ids::<PartId>("part")?, rows.named("code")?);
        let (severities, counts) = (rows.named("severity")?, rows.count("count")?);
        let (texts, suggestions) = (rows.text("text")?, rows.text("suggestion")?);
        let (correctable, corrected) = (rows.flag("correctable")?, rows.flag("corrected")?);
        let (at, triangles) = (triple(&rows, "at")?, rows.indices("triangles")?);
        let (min, max) = (triple(&rows, "min")?, triple(&rows, "max")?);
        for (i, owner) in owners.iter().enumerate() {
            owned(&mut parts, owner, &rows)?.faults.push(MeshFault {
                code: codes[i],
                severity: severities[i],
                count: counts[i],
                place: Place {
                    at: at[i],
                    bounds: min[i].zip(max[i]).map(|(min, max)| BoxMm { min, max }),
                    triangles: triangles[i].clone(),
                },
                text: texts[i].clone(),
                suggestion: suggestions[i].clone(),
                correctable: correctable[i],
                corrected: corrected[i],
            });
        }
        self.read_corrections(&mut parts)?;
        let printability: BTreeMap<PartId, Vec<Printability>> = self.read_json(PRINTABILITY)?;
        for (owner, verdicts) in printability {
            owned(&mut parts, &owner, &rows)?.printability = verdicts;
        }
        Ok(PartSet { parts })
    }
}

/// The part a row belongs to; parts are sorted by id.
fn owned<'a>(
    parts: &'a mut [PartRecord],
    owner: &PartId,
    rows: &Rows,
) -> Result<&'a mut PartRecord, StoreError> {
    match parts.binary_search_by(|p| p.id.cmp(owner)) {
        Ok(i) => Ok(&mut parts[i]),
        Err(_) => Err(rows.fault(format!("names unknown part {owner}"))),
    }
}

/// Three columns `name_x_mm`, `name_y_mm` and `name_z_mm`.
fn triple(rows: &Rows, name: &str) -> Result<Vec<Option<[f64; 3]>>, StoreError> {
    let column = |axis: &str| rows.real_or_null(&format!("{name}_{axis}_mm"));
    let (x, y, z) = (column("x")?, column("y")?, column("z")?);
    Ok((0..rows.len()).map(|i| Some([x[i]?, y[i]?, z[i]?])).collect())
}

fn read_facts(rows: &Rows) -> Result<Vec<Option<MeshFacts>>, StoreError> {
    let (min, max, centroid) =
        (triple(rows, "min")?, triple(rows, "max")?, triple(rows, "centroid")?);
    let (volume, surface) = (rows.real_or_null("volume_mm3")?, rows.real_or_null("surface_mm2")?);
    let count = |name: &str| -> Result<Vec<Option<u32>>, StoreError> {
        let values = rows.whole_or_null(name)?;
        values.into_iter().map(|v| v.map(|v| rows.narrow(name, v)).transpose()).collect()
    };
    let (triangles, vertices, shells) = (count("triangles")?, count("vertices")?, count("shells")?);
    let (open, non_manifold) = (count("open_edges")?, count("non_manifold_edges")?);
    let pairs = count("intersecting_pairs")?;
    let (watertight, oriented) = (rows.flag_or_null("watertight")?, rows.flag_or_null("oriented")?);
    let facts = |i: usize| {
        Some(MeshFacts {
            bounds: BoxMm { min: min[i]?, max: max[i]? },
            volume_mm3: volume[i]?,
            surface_mm2: surface[i]?,
            centroid: centroid[i]?,
            triangles: triangles[i]?,
            vertices: vertices[i]?,
            shells: shells[i]?,
            watertight: watertight[i]?,
            oriented: oriented[i]?,
            open_edges: open[i]?,
            non_manifold_edges: non_manifold[i]?,
            intersecting_pairs: pairs[i]?,
        })
    };
    Ok((0..rows.len()).map(facts).collect())
}
