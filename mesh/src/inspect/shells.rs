//! Faults of whole shells: inside out, within one another, too small, without volume.

use platewright_model::stage::{FaultCode, MeshFault, Severity};

use super::edges::counted;
use super::{Survey, fault, fault_at};
use crate::shells::{Shell, Shells};

/// Specks below this share of the model's volume may be noise.
const NOISE_VOLUME: f64 = 1e-6;
/// Specks longer than this share of the model are no noise.
const NOISE_LENGTH: f64 = 0.02;
/// Specks longer than this are no noise, mm.
const NOISE_MM: f64 = 2.0;

/// The model as a whole: no volume.
pub(super) fn volume(survey: &Survey<'_>, found: &mut Vec<MeshFault>) {
    let size = survey.mesh.bounds().map_or([0.0; 3], |b| b.size());
    let six: f64 = survey.shells.list.iter().map(|s| s.six_volume.abs()).sum();
    if six <= 1e-12 * size.iter().product::<f64>() || size.contains(&0.0) {
        let text = "the model encloses no volume";
        found.push(fault(FaultCode::NoVolume, Severity::Error, 1, None, text));
    }
}

/// Inside-out shells, cavities, bodies within bodies.
pub(super) fn nesting(survey: &Survey<'_>, found: &mut Vec<MeshFault>) {
    let (mesh, shells) = (survey.mesh, &survey.shells);
    let nested = Nested::new(survey);
    let triangles = |wanted: &[usize]| -> Vec<u32> {
        wanted.iter().flat_map(|&s| &shells.list[s].triangles).copied().collect()
    };
    let mut tell = |code, severity, wanted: &[usize], text: String| {
        if !wanted.is_empty() {
            found.push(fault_at(code, severity, wanted.len(), mesh, &triangles(wanted), text));
        }
    };
    let inside_out = &nested.inside_out;
    let text = format!(
        "{} inwards: the enclosed volume is negative",
        counted(inside_out.len(), "shell faces", "shells face"),
    );
    tell(FaultCode::InsideOut, Severity::Error, inside_out, text);
    let internal = &nested.internal;
    let text = format!(
        "{} within the solid of another body and adds nothing to it",
        counted(internal.len(), "body lies", "bodies lie"),
    );
    tell(FaultCode::InternalShells, Severity::Warning, internal, text);
    let text = format!(
        "{} within others: {} closed cavities",
        counted(nested.nested.len(), "shell lies", "shells lie"),
        nested.cavities,
    );
    tell(FaultCode::NestedShells, Severity::Note, &nested.nested, text);
}

/// How the shells of a mesh lie in one another.
pub(crate) struct Nested {
    /// Shells within others.
    nested: Vec<usize>,
    /// Shells that face inwards with no body around them.
    inside_out: Vec<usize>,
    /// Bodies in the solid of others.
    internal: Vec<usize>,
    /// Shells that face inwards in a body.
    cavities: usize,
}

impl Nested {
    /// Shells that are enclosed in a sense that is not theirs: their solid counts not once.
    pub(crate) fn overlapping(&self) -> impl Iterator<Item = usize> {
        self.inside_out.iter().chain(&self.internal).copied()
    }

    /// Finds out how the shells lie.
    pub(crate) fn new(survey: &Survey<'_>) -> Self {
        let mut found = Self { nested: vec![], inside_out: vec![], internal: vec![], cavities: 0 };
        let shells = &survey.shells;
        for (s, shell) in shells.list.iter().enumerate() {
            let size: f64 = shell.bounds.size().into_iter().product();
            if !shell.nearly_closed || shell.six_volume.abs() <= 1e-6 * size {
                continue;
            }
            let around = shells.enclosing(survey.mesh, survey.tree(), s);
            if !around.is_empty() {
                found.nested.push(s);
            }
            let depth: i32 =
                around.iter().map(|&o| shells.list[o].six_volume.signum() as i32).sum();
            if shell.six_volume < 0.0 {
                if depth < 1 { found.inside_out.push(s) } else { found.cavities += 1 }
            } else if depth > 0 {
                found.internal.push(s);
            }
        }
        found
    }
}

/// Specks beside the model.
pub(super) fn noise(survey: &Survey<'_>, found: &mut Vec<MeshFault>) {
    let specks = specks(&survey.shells, survey.mesh.bounds().map_or(0.0, |b| length(b.size())));
    if specks.is_empty() {
        return;
    }
    let triangles: Vec<u32> =
        specks.iter().flat_map(|&s| &survey.shells.list[s].triangles).copied().collect();
    let text = format!(
        "{} too small to mean anything",
        counted(specks.len(), "separate shell is", "separate shells are"),
    );
    let (code, severity) = (FaultCode::NoiseShells, Severity::Warning);
    found.push(fault_at(code, severity, specks.len(), survey.mesh, &triangles, text));
}

/// Closed shells that are nothing beside the whole, and no cavities.
pub(crate) fn specks(shells: &Shells, model: f64) -> Vec<usize> {
    let whole: f64 = shells.list.iter().map(|s| s.six_volume).sum();
    let speck = |s: &Shell| {
        let long = length(s.bounds.size());
        s.closed
            && s.six_volume >= 0.0
            && s.six_volume <= NOISE_VOLUME * whole
            && long <= NOISE_LENGTH * model
            && long <= NOISE_MM
    };
    (0..shells.list.len()).filter(|&s| speck(&shells.list[s])).collect()
}

fn length(size: [f64; 3]) -> f64 {
    size.iter().map(|x| x * x).sum::<f64>().sqrt()
}
