//! Layers of faulty models beside what they should cover.
//!
//! The truth of a layer is the area over which the sound meshes of a case wind at least once. It
//! is computed by whoever asks, and so is the area under test: this file knows which heights to
//! ask for, and when a layer is bad.

use platewright_mesh::{TriMesh, correct};

use super::FaultyCase;

/// Relative error from which on a layer is bad: 0.1 %.
const BAD: f64 = 1e-3;

/// Layers below this share of the largest are not judged by their relative error: a tip is as
/// bad as its last triangle. Only an area beyond this share makes them bad.
const SMALL: f64 = 1e-4;

/// The part of the topmost layer that reaches over the model. Irrational, so that no plane of a
/// stack meets level faces, which lie at simple fractions of the height: which side of a level
/// face is cut is a matter of convention, not of truth.
const OVERHANG: f64 = 0.381_966_011_250_105;

/// Layers to ask for.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerStack {
    /// Height of the plate in the frame of the meshes: the lowest point of the sound ones, mm.
    pub plate_z: f64,
    /// Layer thickness, mm.
    pub layer_mm: f64,
    /// Heights of the cuts in the frame of the meshes, each in the middle of its layer, mm.
    pub heights: Vec<f64>,
}

/// How a mesh is put into a stack, so that a slicer whose plate is at 0 cuts it at the heights of
/// the stack.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StackSeat {
    /// How far up the mesh is moved, mm.
    pub lift: f64,
    /// Layers before the first of the stack: for what reaches below the plate.
    pub below: usize,
    /// Height of all layers, mm.
    pub height: f64,
}

impl LayerStack {
    /// Where a mesh is put.
    pub fn seat(&self, mesh: &TriMesh) -> StackSeat {
        let (low, high) = mesh.bounds().map_or((0.0, 0.0), |b| (b.min[2], b.max[2]));
        let below = ((self.plate_z - low) / self.layer_mm).ceil().max(0.0) + 1.0;
        let lift = below * self.layer_mm - self.plate_z;
        let layers = below + self.heights.len() as f64;
        StackSeat { lift, below: below as usize, height: (high + lift).max(layers * self.layer_mm) }
    }
}

/// What became of the layers of one mesh.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LayerVerdict {
    /// Layers that were judged: all, unless they are small in truth and as sliced.
    pub judged: usize,
    /// Bad ones.
    pub bad: usize,
    /// Number of the layer with the greatest relative error.
    pub worst: usize,
    /// That error; an infinite one where there should be nothing.
    pub error: f64,
}

/// The layers of a case.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseLayers {
    /// Which layers.
    pub stack: LayerStack,
    /// True areas, mm².
    pub truth: Vec<f64>,
    /// Areas of the mesh as it came, mm².
    pub given: Vec<f64>,
    /// Areas of the corrected mesh, mm².
    pub corrected: Vec<f64>,
}

impl FaultyCase {
    /// The heights of `layers` layers from the lowest to the highest point of the sound meshes.
    pub fn layer_stack(&self, layers: u32) -> LayerStack {
        let bounds = self.sound.iter().filter_map(TriMesh::bounds);
        let (low, high) = bounds.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), b| {
            (low.min(b.min[2]), high.max(b.max[2]))
        });
        let layer_mm = (high - low) / (f64::from(layers) - OVERHANG);
        let height = |i: u32| low + (f64::from(i) + 0.5) * layer_mm;
        LayerStack { plate_z: low, layer_mm, heights: (0..layers).map(height).collect() }
    }
}

/// Slices a case as it came and corrected, and asks for its truth.
///
/// `truth` maps the sound meshes and heights to areas, `slice` a mesh and a stack; both give an
/// area a layer, mm².
pub fn compare_layers(
    case: &FaultyCase,
    layers: u32,
    truth: impl Fn(&[TriMesh], &[f64]) -> Vec<f64>,
    slice: impl Fn(&TriMesh, &LayerStack) -> Vec<f64>,
) -> CaseLayers {
    let stack = case.layer_stack(layers);
    let truth = truth(&case.sound, &stack.heights);
    let given = slice(&case.mesh, &stack);
    let corrected = slice(&correct(&case.mesh).mesh, &stack);
    CaseLayers { stack, truth, given, corrected }
}

/// Judges the areas of layers: a layer is bad if it is off by more than 0.1 % of its true area.
///
/// A layer of less than a ten-thousandth of the largest is bad only if it is off by more than
/// that. Layers that `have` lacks count as empty.
pub fn judge_layers(truth: &[f64], have: &[f64]) -> LayerVerdict {
    let small = SMALL * truth.iter().copied().fold(0.0, f64::max);
    let mut verdict = LayerVerdict::default();
    for (layer, &want) in truth.iter().enumerate() {
        let have = have.get(layer).copied().unwrap_or(0.0);
        let off = (have - want).abs();
        if want < small && off <= small {
            continue;
        }
        verdict.judged += 1;
        let error = off / want;
        // No number at all is as bad as can be.
        let error = if error.is_nan() { f64::INFINITY } else { error };
        verdict.bad += usize::from(error > BAD);
        if error > verdict.error {
            (verdict.worst, verdict.error) = (layer, error);
        }
    }
    verdict
}

#[cfg(test)]
mod tests;
