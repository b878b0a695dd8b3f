//! Pixels of a machine, and whether they suffice for the images that its control takes.

use crate::config::Limits;
use crate::draft::MachineDraft;
use crate::geometry::BuildVolume;
use crate::machine::IMAGE_FORMATS;
use crate::pixels::{PITCH_MM, PIXELS_MAX, PixelGrid};

use super::ledger::{Ledger, Place};

/// By how much pixels may fall short of the plate's edge: rounding of their pitch, mm.
const ROUNDING_MM: f64 = 1e-6;

/// Checks the pixels; what is out of its range is told.
pub(super) fn read(
    draft: &MachineDraft,
    volume: &BuildVolume,
    limits: &Limits,
    at: &Place,
    to: &mut Ledger,
) -> Option<PixelGrid> {
    let grid = draft.pixels;
    let before = to.faults.len();
    if let Some(grid) = &grid {
        check_ranges(grid, limits, &at.field("pixels"), to);
    }
    let image = draft.accepts.iter().position(|name| IMAGE_FORMATS.contains(&name.as_str()));
    let (Some(k), true) = (image, to.faults.len() == before) else { return grid };
    match &grid {
        None => {
            let message = format!(
                "must be a format without images, is {:?}, where the machine has no pixels",
                draft.accepts[k]
            );
            to.add("E1026", &at.item("accepts", k), message);
        }
        Some(grid) => check_cover(grid, volume, &at.field("pixels"), to),
    }
    grid
}

fn check_ranges(grid: &PixelGrid, limits: &Limits, at: &Place, to: &mut Ledger) {
    let far = limits.coordinate_mm;
    for k in 0..2 {
        let size = f64::from(grid.size[k]);
        to.number(&at.item("size", k), size, 1.0..=f64::from(PIXELS_MAX));
        to.number(&at.item("pitch_mm", k), grid.pitch_mm[k], PITCH_MM[0]..=PITCH_MM[1]);
        to.number(&at.item("origin_mm", k), grid.origin_mm[k], -far..=far);
    }
}

/// What lies out of the image would be missing without a word.
fn check_cover(grid: &PixelGrid, volume: &BuildVolume, at: &Place, to: &mut Ledger) {
    for (k, axis) in ["x", "y"].into_iter().enumerate() {
        let from = grid.origin_mm[k];
        let end = from + f64::from(grid.size[k]) * grid.pitch_mm[k];
        let plate = volume.size()[k];
        if from > ROUNDING_MM || end < plate - ROUNDING_MM {
            let message = format!(
                "must reach over the plate from 0 to {plate} mm in {axis}, reaches from {from} to \
                 {end} mm"
            );
            to.add("E1026", at, message);
        }
    }
}
