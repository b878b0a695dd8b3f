//! Areas of outlines grown by a distance, for bounds: never wrong in the direction that matters.

use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::float::single::SingleFloatOverlay;
use i_overlay::mesh::float::outline::offset::OutlineOffset;
use i_overlay::mesh::float::style::{LineJoin, OutlineStyle};
use platewright_model::plate::{Bed, PlatePart, PlateType};
use platewright_model::strip::ring_area;

use crate::planar::Point;

/// Share of an area that rounding in offsets and unions may take, and far more.
const ROUNDING: f64 = 1e-6;
/// Angle between the corners of an arc.
const ARC: f64 = 0.1;

type Rings = Vec<Vec<Vec<Point>>>;

/// Area that a part takes of a plate that is grown by half the gap, at least: parts that keep a
/// gap keep their outlines, each grown by half of it, from overlapping.
pub(super) fn load(part: &PlatePart, gap: f64) -> f64 {
    let holes: f64 =
        if part.host { part.holes.iter().map(|hole| ring_area(hole).abs()).sum() } else { 0.0 };
    let grown = grown(&part.outline, 0.5 * gap + part.margin, LineJoin::Round(ARC));
    let area = area(&grown).max(ring_area(&part.outline).abs());
    (area * (1.0 - ROUNDING) - holes).max(0.0)
}

/// Area of a plate that grown parts may take, at most.
pub(super) fn capacity(plate: &PlateType, gap: f64) -> f64 {
    let by = 0.5 * gap - plate.edge_gap;
    let bed = match &plate.bed {
        Bed::Circle { centre, radius } => {
            // A ring around the circle.
            let n = 256;
            let radius = (radius + by).max(0.0) / (std::f64::consts::PI / n as f64).cos();
            vec![vec![circle(*centre, radius, n)]]
        }
        Bed::Rectangle([width, depth]) => {
            let low = -by;
            let (right, top) = (width + by, depth + by);
            if right <= low || top <= low {
                return 0.0;
            }
            vec![vec![vec![[low, low], [right, low], [right, top], [low, top]]]]
        }
        Bed::Polygon(ring) => grown(ring, by, LineJoin::Miter(0.05)),
    };
    let mut zones: Vec<Vec<Point>> = Vec::new();
    // What only tall parts must keep off bounds nothing.
    for zone in plate.zones.iter().filter(|zone| zone.above.is_none()) {
        let grown = grown(&zone.outline, zone.gap - 0.5 * gap, LineJoin::Round(ARC));
        zones.extend(grown.into_iter().filter_map(|shape| shape.into_iter().next()));
    }
    let free = if zones.is_empty() {
        bed
    } else {
        bed.overlay(&zones, OverlayRule::Difference, FillRule::NonZero)
    };
    area(&free) * (1.0 + ROUNDING)
}

/// The corners of a regular polygon.
pub(super) fn circle(centre: Point, radius: f64, corners: usize) -> Vec<Point> {
    let at = |k: usize| {
        let (sin, cos) = (k as f64 / corners as f64 * std::f64::consts::TAU).sin_cos();
        [centre[0] + radius * cos, centre[1] + radius * sin]
    };
    (0..corners).map(at).collect()
}

/// A ring grown by a distance, or shrunk if that is below 0.
fn grown(ring: &[Point], by: f64, join: LineJoin<f64>) -> Rings {
    let mut ring = ring.to_vec();
    if ring_area(&ring) < 0.0 {
        ring.reverse();
    }
    if by == 0.0 {
        return vec![vec![ring]];
    }
    vec![vec![ring]].outline(&OutlineStyle::new(by).line_join(join))
}

fn area(shapes: &Rings) -> f64 {
    shapes.iter().flatten().map(|ring| ring_area(ring)).sum()
}
