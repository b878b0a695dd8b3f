//! The folder of corrected models.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use platewright_mesh::{Mark, TriMesh, read_model, wrap, write_marked_3mf, write_obj, write_stl};
use platewright_model::config::Limits;
use platewright_model::stage::{
    CorrectionStep, FaultCode, MeshFault, PartRecord, Severity, Verdict,
};

use super::super::model_file::open;
use crate::args::{InspectArgs, ModelFormat};
use crate::exit::Failure;

/// Where corrected models go, and under which names.
pub(super) struct Folder {
    dir: PathBuf,
    format: ModelFormat,
    wrap: Option<f64>,
    marks: bool,
    /// A stem for each model, no two the same.
    stems: Vec<String>,
}

impl Folder {
    pub(super) fn create(dir: &Path, args: &InspectArgs) -> Result<Self, Failure> {
        std::fs::create_dir_all(dir)
            .map_err(|e| Failure::other(format!("failed to make {}: {e}", dir.display())))?;
        let mut taken = BTreeSet::new();
        let stem = |path: &PathBuf| {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let mut stem = name.clone();
            let mut n = 1;
            while !taken.insert(stem.to_lowercase()) {
                n += 1;
                stem = format!("{name}-{n}");
            }
            stem
        };
        let stems = args.models.iter().map(stem).collect();
        Ok(Self {
            dir: dir.to_owned(),
            format: args.format,
            wrap: args.wrap,
            marks: !args.no_marks,
            stems,
        })
    }

    /// Writes a corrected model, and its faults in colour if it had any.
    pub(super) fn write(
        &self,
        i: usize,
        path: &Path,
        mut record: PartRecord,
        mut mesh: TriMesh,
        limits: &Limits,
    ) -> Result<PartRecord, Failure> {
        if let Some(thickness) = self.wrap.filter(|_| record.verdict == Verdict::NeedsReview) {
            let wrapped = wrap(&mesh, thickness).map_err(Failure::input)?;
            record.corrections.push(CorrectionStep {
                step: "wrap".to_owned(),
                triangles: wrapped.triangles.len() as u32,
                volume_change_mm3: None,
                hausdorff_mm: Some(2.0 * thickness),
                text: format!("a skin {thickness} mm off the surface was drawn around it"),
            });
            record.review.push("the model was wrapped: look whether the shape will do".to_owned());
            mesh = wrapped;
        }
        let bytes = match self.format {
            ModelFormat::ThreeMf => write_marked_3mf(&mesh, &[]),
            ModelFormat::Obj => write_obj(&mesh),
            ModelFormat::Stl => Ok(write_stl(&mesh)),
        };
        let ending = match self.format {
            ModelFormat::ThreeMf => "3mf",
            ModelFormat::Obj => "obj",
            ModelFormat::Stl => "stl",
        };
        self.put(i, &format!("corrected.{ending}"), &bytes.map_err(Failure::input)?)?;
        let shown = record.faults.iter().any(|fault| !fault.place.triangles.is_empty());
        if shown && self.marks {
            let file = open(path, limits)?;
            let name = path.display().to_string();
            let original = read_model(&file, &name, Some(record.unit), limits)
                .or_else(|_| read_model(&file, &name, None, limits))
                .map_err(Failure::input)?;
            let marks: Vec<Mark<'_>> = record
                .faults
                .iter()
                .filter(|fault| !fault.place.triangles.is_empty())
                .map(|fault| mark(fault))
                .collect();
            let bytes = write_marked_3mf(&original.mesh, &marks).map_err(Failure::input)?;
            self.put(i, "faults.3mf", &bytes)?;
        }
        Ok(record)
    }

    /// Writes what was found and done.
    pub(super) fn write_report(&self, records: &[PartRecord]) -> Result<(), Failure> {
        let text = serde_json::to_vec_pretty(records).map_err(Failure::other)?;
        self.put_file("inspection.json", &text)
    }

    fn put(&self, i: usize, ending: &str, bytes: &[u8]) -> Result<(), Failure> {
        self.put_file(&format!("{}.{ending}", self.stems[i]), bytes)
    }

    fn put_file(&self, name: &str, bytes: &[u8]) -> Result<(), Failure> {
        let path = self.dir.join(name);
        std::fs::write(&path, bytes)
            .map_err(|e| Failure::other(format!("failed to write {}: {e}", path.display())))
    }
}

/// A fault in the colour of its severity; faults of orientation in blue, as slicers show them.
fn mark(fault: &MeshFault) -> Mark<'_> {
    let colour = match (fault.code, fault.severity) {
        (FaultCode::InconsistentOrientation | FaultCode::InsideOut, _) => [40, 90, 230],
        (_, Severity::Error) => [220, 30, 30],
        (_, Severity::Warning) => [250, 150, 20],
        (_, Severity::Note) => [245, 220, 60],
    };
    Mark { name: fault.code.name(), colour, triangles: &fault.place.triangles }
}
