//! Outlines grown by a distance, with few points, never too small.

use i_overlay::float::overlay::OverlayOptions;
use i_overlay::mesh::float::outline::offset::OutlineOffset;
use i_overlay::mesh::float::style::{LineJoin, OutlineStyle};
use jagua_rs::geometry::primitives::{Point as CdPoint, SPolygon};

use super::plane::{Ring, boundaries_apart, contains, hull, thinned};

/// Added to every grown outline, mm. It covers single precision in the collision engine (a
/// unit in the last place of 500 mm is 0.00003 mm) and the turning of outlines therein.
const MARGIN_MM: f64 = 0.004;

/// No translation.
const O: [f64; 2] = [0.0; 2];

/// Steps of the offset's grid in a mm; the engine of 32 bits reaches 8 m with it.
const GRID: f64 = 65536.0;

/// How far an arc may be cut by its chords, mm.
const SAGITTA_MM: f64 = 0.004;

/// An outline at least `r + MARGIN_MM` outside of `rings`, as one simple ring, and the same for
/// the collision engine. `slack` is how far it may lie farther out than that.
pub(super) fn grown(rings: &[Ring], r: f64, slack: f64) -> Option<(Ring, SPolygon)> {
    let all: Ring = rings.iter().flatten().copied().collect();
    let around = [hull(&all)];
    for (source, slack) in [(rings, slack), (rings, slack / 8.0), (&around[..], slack)] {
        if let Some(answer) = attempt(source, r, slack) {
            return Some(answer);
        }
    }
    None
}

fn attempt(rings: &[Ring], r: f64, slack: f64) -> Option<(Ring, SPolygon)> {
    let distance = r + MARGIN_MM + SAGITTA_MM + slack;
    let step = 2.0 * (1.0 - SAGITTA_MM / distance).max(0.0).acos();
    let style = OutlineStyle::new(distance).line_join(LineJoin::Round(step));
    // Half of the slack is spent before, half after, so that the offset sees few points.
    let shapes: Vec<Vec<Ring>> = rings.iter().map(|r| vec![thinned(r, slack / 2.0)]).collect();
    let offset = shapes
        .outline_custom_fixed_scale_as::<i32>(&style, OverlayOptions::default(), GRID)
        .ok()?;
    let mut outers = offset.into_iter().filter_map(|mut s| {
        s.truncate(1);
        s.pop()
    });
    let (outer, None) = (outers.next()?, outers.next()) else { return None };
    let ring = thinned(&outer, slack / 2.0);
    let holds = rings.iter().all(|inner| {
        contains(&ring, inner[0]) && boundaries_apart(&ring, O, inner, O, r + MARGIN_MM)
    });
    if !holds {
        return None;
    }
    let points = ring.iter().map(|p| CdPoint(p[0] as f32, p[1] as f32)).collect();
    let engine = SPolygon::new(points).ok()?;
    Some((ring, engine))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plate::plane::Rect;
    use platewright_mesh::ring_area;

    #[test]
    fn a_grown_square_has_the_area_of_the_round_square() {
        let square = Rect { min: [0.0; 2], max: [30.0, 20.0] }.corners();
        let (ring, engine) = grown(&[square], 1.0, 0.03).expect("a square can be grown");
        let r = 1.0 + MARGIN_MM;
        let exact = 600.0 + 100.0 * r + std::f64::consts::PI * r * r;
        let area = ring_area(&ring);
        assert!(area >= exact && area < exact + 100.0 * 0.06, "{area} against {exact}");
        assert!((f64::from(engine.area()) - area).abs() < 0.01);
    }

    #[test]
    fn two_far_islands_share_a_hull() {
        let a = Rect { min: [0.0; 2], max: [5.0; 2] }.corners();
        let b = Rect { min: [20.0, 0.0], max: [25.0, 5.0] }.corners();
        let (ring, _) = grown(&[a, b], 1.0, 0.03).expect("a hull can be grown");
        assert!(contains(&ring, [12.0, 2.0]));
    }
}
