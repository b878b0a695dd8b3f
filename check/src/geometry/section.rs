//! Area of a part's cut at some heights, without linking contours.
//!
//! Each triangle of a closed mesh gives a directed segment of the cut; half the sum of the cross
//! products of their ends is the enclosed area (Green). Where shells overlap that counts what
//! they share twice; a scan along rows by the non-zero rule then gives the covered area.

use super::vector::Triangle;

/// A directed segment of a cut.
type Segment = [[f64; 2]; 2];

/// Rows of a scan of one cut.
const ROWS: usize = 400;

/// Area, mm², and length of the contours, mm, of the cuts of `triangles` at the heights `z`, which
/// ascend; regions and contours that shells share count as often as they are there.
pub(crate) fn sections(triangles: &[Triangle], z: &[f64]) -> Vec<[f64; 2]> {
    let mut measures = vec![[0.0; 2]; z.len()];
    let Some([[x, y, _], _, _]) = triangles.first() else { return measures };
    for_each_cut(triangles, z, |k, [a, b]| {
        measures[k][0] += ((a[0] - x) * (b[1] - y) - (b[0] - x) * (a[1] - y)) / 2.0;
        measures[k][1] += (b[0] - a[0]).hypot(b[1] - a[1]);
    });
    measures
}

/// Areas of the same cuts by the non-zero rule, sampled in rows, mm².
pub(crate) fn covered_areas(triangles: &[Triangle], z: &[f64]) -> Vec<f64> {
    let mut segments: Vec<Vec<Segment>> = vec![Vec::new(); z.len()];
    for_each_cut(triangles, z, |k, segment| segments[k].push(segment));
    segments.iter().map(|s| covered(s)).collect()
}

fn for_each_cut(triangles: &[Triangle], z: &[f64], mut each: impl FnMut(usize, Segment)) {
    for t in triangles {
        let low = t.iter().map(|p| p[2]).fold(f64::INFINITY, f64::min);
        let high = t.iter().map(|p| p[2]).fold(f64::NEG_INFINITY, f64::max);
        let first = z.partition_point(|&z| z < low);
        for (k, &height) in z.iter().enumerate().skip(first) {
            if height > high {
                break;
            }
            if let Some(segment) = cut(t, height) {
                each(k, segment);
            }
        }
    }
}

/// Area of one cut by the non-zero rule.
fn covered(segments: &[Segment]) -> f64 {
    let ends = || segments.iter().flatten().map(|p| p[1]);
    let low = ends().fold(f64::INFINITY, f64::min);
    let row = (ends().fold(f64::NEG_INFINITY, f64::max) - low) / ROWS as f64;
    if row.is_nan() || row <= 0.0 {
        return 0.0;
    }
    let mut crossings: Vec<Vec<(f64, i32)>> = vec![Vec::new(); ROWS];
    for [a, b] in segments {
        let first = ((a[1].min(b[1]) - low) / row - 0.5).ceil().max(0.0) as usize;
        for (r, crossings) in crossings.iter_mut().enumerate().skip(first) {
            let y = low + (r as f64 + 0.5) * row;
            if y > a[1].max(b[1]) {
                break;
            }
            if (a[1] <= y) != (b[1] <= y) {
                let x = a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]);
                crossings.push((x, if a[1] < b[1] { 1 } else { -1 }));
            }
        }
    }
    crossings.iter_mut().map(|c| row * non_zero(c)).sum()
}

/// Length of a row on which the winding number is not zero.
fn non_zero(crossings: &mut [(f64, i32)]) -> f64 {
    crossings.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut length, mut winding) = (0.0, 0);
    for pair in crossings.windows(2) {
        winding += pair[0].1;
        if winding != 0 {
            length += pair[1].0 - pair[0].0;
        }
    }
    length
}

/// The segment in which a triangle is cut, directed so that the solid is on its left.
///
/// Corners at the very height count as below, so that shared edges agree.
fn cut(t: &Triangle, z: f64) -> Option<Segment> {
    let (mut up, mut down) = (None, None);
    for (a, b) in [(t[0], t[1]), (t[1], t[2]), (t[2], t[0])] {
        let (below, above) = (a[2] <= z, b[2] <= z);
        if below != above {
            // The same arithmetic for both directions of an edge.
            let (low, high) = if below { (a, b) } else { (b, a) };
            let s = (z - low[2]) / (high[2] - low[2]);
            let p = [low[0] + s * (high[0] - low[0]), low[1] + s * (high[1] - low[1])];
            if below {
                up = Some(p);
            } else {
                down = Some(p);
            }
        }
    }
    Some([down?, up?])
}

#[cfg(test)]
mod tests {
    use super::super::{Bounds, box_triangles};
    use super::*;

    #[test]
    fn cuts_of_boxes() {
        let mut triangles = box_triangles(&Bounds { min: [0.0; 3], max: [10.0, 20.0, 5.0] });
        triangles.extend(box_triangles(&Bounds { min: [5.0, 0.0, 2.0], max: [15.0, 20.0, 9.0] }));
        let z = [1.0, 3.0, 7.0, 12.0];
        let (sections, covered) = (sections(&triangles, &z), covered_areas(&triangles, &z));
        for ([have, _], want) in sections.iter().zip([200.0, 400.0, 200.0, 0.0]) {
            assert!((have - want).abs() < 1e-9, "{have} {want}");
        }
        for (have, want) in covered.iter().zip([200.0, 300.0, 200.0, 0.0]) {
            assert!((have - want).abs() < 1e-6, "{have} {want}");
        }
    }

    #[test]
    fn contours_are_as_long_as_the_boxes_are_around() {
        let mut triangles = box_triangles(&Bounds { min: [0.0; 3], max: [10.0, 20.0, 5.0] });
        triangles.extend(box_triangles(&Bounds { min: [5.0, 0.0, 2.0], max: [15.0, 20.0, 9.0] }));
        let sections = sections(&triangles, &[1.0, 3.0, 7.0, 12.0]);
        for ([_, have], want) in sections.iter().zip([60.0, 120.0, 60.0, 0.0]) {
            assert!((have - want).abs() < 1e-9, "{have} {want}");
        }
    }

    #[test]
    fn holes_are_taken_off() {
        let mut triangles = box_triangles(&Bounds { min: [0.0; 3], max: [10.0; 3] });
        let hole = box_triangles(&Bounds { min: [2.0; 3], max: [8.0; 3] });
        triangles.extend(hole.into_iter().map(|[a, b, c]| [a, c, b]));
        assert!((sections(&triangles, &[5.0])[0][0] - 64.0).abs() < 1e-9);
        assert!((covered_areas(&triangles, &[5.0])[0] - 64.0).abs() < 1e-6);
    }
}
