//! Limits on what layers fuse.

use platewright_model::volume::LayerLimits;
use rayon::prelude::*;

use crate::geometry::{Standing, covered_areas};

/// Areas may be off by this share: they are sampled in rows.
const OFF: f64 = 1e-3;

/// The layers that are beyond limits, and how: by their areas in the middles of layers.
pub(crate) fn beyond(standing: &[&Standing], limits: &LayerLimits) -> Vec<(usize, String)> {
    let top = standing.iter().map(|part| part.bounds().max[2]).fold(0.0, f64::max);
    // What the middle of a layer does not reach fuses nothing, and is no layer at the top.
    let count = (top / limits.height - 0.5).ceil().max(0.0) as usize;
    let middles: Vec<f64> = (0..count).map(|k| (k as f64 + 0.5) * limits.height).collect();
    let each: Vec<Vec<f64>> =
        standing.par_iter().map(|part| covered_areas(part.tree.triangles(), &middles)).collect();
    let (mut found, mut before) = (Vec::new(), 0.0);
    for layer in 0..count {
        let area: f64 = each.iter().map(|areas| areas[layer]).sum();
        if area > limits.area * (1.0 + OFF) {
            let most = limits.area;
            found.push((layer, format!("fuses {area} mm²; allowed is {most} mm²")));
        }
        let change = (area - before).abs();
        let slack = OFF * area.max(before);
        if let Some(most) = limits.change.filter(|most| layer > 0 && change > most + slack) {
            found.push((
                layer,
                format!(
                    "fuses {change} mm² more or less than the one before; allowed is {most} mm²"
                ),
            ));
        }
        before = area;
    }
    found
}
