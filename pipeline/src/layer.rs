//! A layer of a planned build, sliced when it is asked for.

use std::fmt::Write as _;

use platewright_model::id::BuildId;
use platewright_model::measure::Mm;
use platewright_slicer::{BuildSlicer, Planes, SliceOptions};

use crate::placed::PlacedParts;
use crate::{PipelineError, Plan};

/// Layer `n` (from 0, the lowest) of a build as SVG: outlines in mm, y upwards as on the machine.
/// `None` if the plan does not have the build or the build not the layer.
///
/// # Errors
/// The build cannot be sliced.
pub fn layer_svg(plan: &Plan, build: &BuildId, n: u32) -> Result<Option<String>, PipelineError> {
    let found = plan.build_plan.builds.iter().find(|b| b.id == *build);
    let Some(build) = found else { return Ok(None) };
    let planes = Planes::uniform(Mm(build.load.layer_mm), Mm(build.load.height_mm))?;
    let placed = PlacedParts::new(&plan.meshes, &plan.parts, std::iter::once(build));
    let slicer = BuildSlicer::new(&placed.of(build), &planes, &SliceOptions::default())?;
    if n as usize >= slicer.stack().planes.count() as usize {
        return Ok(None);
    }
    let layer = slicer.layer(n);
    let (mut paths, mut low, mut high) = (String::new(), [f64::MAX; 2], [f64::MIN; 2]);
    for contour in layer.contours() {
        for (k, point) in contour.points().enumerate() {
            let [x, y] = [point[0], -point[1]];
            low = [low[0].min(x), low[1].min(y)];
            high = [high[0].max(x), high[1].max(y)];
            let _ = write!(paths, "{}{x:.4},{y:.4}", if k == 0 { "M" } else { " " });
        }
        paths.push('Z');
    }
    if paths.is_empty() {
        (low, high) = ([0.0; 2], [0.0; 2]);
    }
    let [width, height] = [high[0] - low[0], high[1] - low[1]];
    Ok(Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.4}mm\" height=\"{height:.4}mm\" \
         viewBox=\"{:.4} {:.4} {width:.4} {height:.4}\"><path fill-rule=\"evenodd\" d=\"{paths}\"/>\
         </svg>\n",
        low[0], low[1],
    )))
}
