//! What layers fuse.

use rayon::prelude::*;

use super::{Build, Standing3d, VolumeFault};
use crate::geometry::covered_areas;

/// Areas may be off by this share: they are sampled in rows.
const OFF: f64 = 1e-3;

impl Build<'_> {
    pub(super) fn layers(&self, standing: &[Standing3d<'_>], faults: &mut Vec<VolumeFault>) {
        let Some(limits) = self.kind.layers else { return };
        let top = standing.iter().map(|part| part.standing.bounds().max[2]).fold(0.0, f64::max);
        // What the middle of a layer does not reach fuses nothing, and is no layer at the top.
        let count = (top / limits.height - 0.5).ceil().max(0.0) as usize;
        let middles: Vec<f64> = (0..count).map(|k| (k as f64 + 0.5) * limits.height).collect();
        let each: Vec<Vec<f64>> = standing
            .par_iter()
            .map(|part| covered_areas(part.standing.tree.triangles(), &middles))
            .collect();
        let mut before = 0.0;
        for layer in 0..count {
            let area: f64 = each.iter().map(|areas| areas[layer]).sum();
            let mut fault = |how: String| {
                faults.push(VolumeFault::Layer { build: self.index, layer, how });
            };
            if area > limits.area * (1.0 + OFF) {
                fault(format!("fuses {area} mm²; allowed is {} mm²", limits.area));
            }
            let change = (area - before).abs();
            let slack = OFF * area.max(before);
            if let Some(most) = limits.change.filter(|most| layer > 0 && change > most + slack) {
                fault(format!(
                    "fuses {change} mm² more or less than the one before; allowed is {most} mm²"
                ));
            }
            before = area;
        }
    }
}
