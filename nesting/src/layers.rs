//! What the layers of a build fuse, and limits on that.

use platewright_mesh::TriMesh;
use platewright_model::volume::LayerLimits;

/// Share of a limit that is not used, so that rounding breaks none.
const SPARE: f64 = 1e-6;
/// Share of a layer's height by which faces may be off its middle and still count in it.
const NEAR: f64 = 1e-6;

/// The areas that a part is cut in, in the middles of layers: the first one that it reaches, and
/// from there on.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Profile {
    pub(crate) first: usize,
    /// mm².
    pub(crate) areas: Vec<f64>,
}

impl Profile {
    /// Of a closed mesh whose corners are moved so, in layers of a height (mm). A level face in the
    /// middle of a layer counts.
    pub(crate) fn new(mesh: &TriMesh, place: impl Fn([f64; 3]) -> [f64; 3], height: f64) -> Self {
        let corners: Vec<[f64; 3]> = mesh.vertices.iter().map(|p| place((*p).into())).collect();
        let used = mesh.triangles.iter().flatten().map(|&v| corners[v as usize][2]);
        let (low, high) = used
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), z| (low.min(z), high.max(z)));
        if low > high {
            return Self::default();
        }
        let first = (low / height - 0.5 - NEAR).ceil().max(0.0) as usize;
        let count = ((high / height - 0.5 + NEAR).floor() + 1.0).max(first as f64) as usize - first;
        let mut cuts = [(); 2].map(|()| vec![0.0; count]);
        for (cuts, off) in cuts.iter_mut().zip([-NEAR, NEAR]) {
            let middle = |layer: usize| ((first + layer) as f64 + 0.5 + off) * height;
            for triangle in &mesh.triangles {
                let corners = triangle.map(|v| corners[v as usize]);
                add(corners, middle, height, cuts);
            }
        }
        let [below, above] = cuts;
        let areas = below.iter().zip(&above).map(|(a, b)| a.abs().max(b.abs())).collect();
        Self { first, areas }
    }
}

/// Adds what a triangle adds to the areas of the cuts that it reaches: half the cross product of
/// the ends of the line in which it is cut.
fn add(corners: [[f64; 3]; 3], middle: impl Fn(usize) -> f64, height: f64, cuts: &mut [f64]) {
    let zs = corners.map(|p| p[2]);
    let (low, high) = (zs[0].min(zs[1]).min(zs[2]), zs[0].max(zs[1]).max(zs[2]));
    let from = ((low - middle(0)) / height).floor().max(0.0) as usize;
    for (layer, area) in cuts.iter_mut().enumerate().skip(from) {
        let z = middle(layer);
        if z > high {
            return;
        }
        let above = corners.map(|p| p[2] > z);
        // Where the line begins and ends: an edge that goes up, and one that goes down.
        let mut ends = [[0.0; 2]; 2];
        let mut found = 0;
        for k in 0..3 {
            let next = (k + 1) % 3;
            if above[k] != above[next] {
                let (p, q) = (corners[k], corners[next]);
                let t = (z - p[2]) / (q[2] - p[2]);
                ends[usize::from(above[k])] = [p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])];
                found += 1;
            }
        }
        if found == 2 {
            let [p, q] = ends;
            *area += 0.5 * (p[0] * q[1] - p[1] * q[0]);
        }
    }
}

/// What all layers of a build fuse together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger {
    /// mm², from the plate up.
    areas: Vec<f64>,
}

impl Ledger {
    /// Adds a part, so many layers higher than its profile says.
    pub(crate) fn add(&mut self, profile: &Profile, up: usize) {
        let from = profile.first + up;
        let end = from + profile.areas.len();
        if self.areas.len() < end {
            self.areas.resize(end, 0.0);
        }
        self.areas[from..end].iter_mut().zip(&profile.areas).for_each(|(sum, area)| *sum += area);
    }

    /// Whether limits are kept.
    pub(crate) fn keeps(&self, limits: &LayerLimits) -> bool {
        self.areas.iter().all(|area| *area <= limits.area * (1.0 - SPARE))
            && limits.change.is_none_or(|most| {
                let steps = self.areas.windows(2).map(|pair| (pair[1] - pair[0]).abs());
                steps.fold(0.0, f64::max) <= most * (1.0 - SPARE)
            })
    }

    /// Whether limits that are kept are still kept with a part, so many layers higher than its
    /// profile says.
    pub(crate) fn takes(&self, profile: &Profile, up: usize, limits: &LayerLimits) -> bool {
        let from = profile.first + up;
        let sum = |layer: usize| {
            let own = layer.checked_sub(from).and_then(|k| profile.areas.get(k));
            self.areas.get(layer).unwrap_or(&0.0) + own.unwrap_or(&0.0)
        };
        let layers = from..from + profile.areas.len();
        let most = limits.area * (1.0 - SPARE);
        if !layers.clone().all(|layer| sum(layer) <= most) {
            return false;
        }
        let Some(change) = limits.change else { return true };
        // Above the highest part there is no layer; with a part farther up there is.
        let top = layers.end.max(self.areas.len());
        let steps = layers.start.min(self.areas.len()).max(1)..(layers.end + 1).min(top);
        let change = change * (1.0 - SPARE);
        steps.into_iter().all(|layer| (sum(layer) - sum(layer - 1)).abs() <= change)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{cuboid, ring};

    fn profile(mesh: &TriMesh, up: f64) -> Profile {
        Profile::new(mesh, |[x, y, z]| [x, y, z + up], 0.5)
    }

    #[test]
    fn boxes_are_cut_in_their_base() {
        let of = profile(&cuboid([1.0, 2.0, 0.1], [4.0, 4.0, 2.1]), 0.0);
        // Middles at 0.25, 0.75, 1.25, 1.75.
        assert_eq!(of.first, 0);
        assert_eq!(of.areas.len(), 4);
        assert!(of.areas.iter().all(|area| (area - 6.0).abs() < 1e-9), "{of:?}");
        // A face in the middle of a layer counts.
        let of = profile(&cuboid([0.0; 3], [1.0, 1.0, 1.0]), 0.75);
        assert_eq!((of.first, of.areas), (1, vec![1.0, 1.0, 1.0]));
    }

    #[test]
    fn holes_do_not_count() {
        let outer = 16.0 / 2.0 * 10.0_f64.powi(2) * (std::f64::consts::TAU / 16.0).sin();
        let of = profile(&ring(10.0, 5.0, 3.0, 16), 0.0);
        assert!(of.areas.iter().all(|area| (area - 0.75 * outer).abs() < 1e-9));
    }

    #[test]
    fn ledgers_take_what_limits_allow() {
        let limits = LayerLimits { height: 0.5, area: 10.0, change: Some(7.0) };
        let part = profile(&cuboid([0.0; 3], [3.0, 2.0, 2.0]), 0.0);
        let mut ledger = Ledger::default();
        assert!(ledger.takes(&part, 0, &limits));
        ledger.add(&part, 0);
        assert!(ledger.keeps(&limits));
        assert!(!ledger.takes(&part, 3, &limits), "twelve in a layer");
        assert!(ledger.takes(&part, 4, &limits), "one on the other");
        assert!(ledger.takes(&part, 6, &limits), "a gap of two layers");
        let less = LayerLimits { change: Some(5.0), ..limits };
        assert!(!ledger.takes(&part, 6, &less), "from nothing to six");
        let slow = profile(&cuboid([0.0; 3], [1.0, 1.0, 2.0]), 0.0);
        assert!(!ledger.takes(&slow, 6, &less), "from six to nothing");
        assert!(ledger.takes(&part, 4, &less));
        ledger.add(&part, 6);
        assert!(!ledger.keeps(&less));
    }
}
