//! A bound by areas of sections: where more than a half of the base is taken, only one part can be
//! at that height, where more than a third, two, and so on.

use platewright_mesh::TriMesh;
use platewright_model::volume::{Space, Turns, VolumeGoal, VolumePart, VolumeProblem};

use super::task::SolidMeshes;
use crate::solid::FEW;

/// Most parts at one height that are looked at.
const MOST: u32 = 12;
/// Share by which a section must be larger, so that rounding makes no bound too high.
const SURE: f64 = 1.0 + 1e-9;

/// What no layout with all required parts is below, as [`super::bound::bound`] has it; 0 where it
/// is not known: with several kinds of volumes, other spaces than boxes, builds that were begun.
pub(super) fn by_sections(problem: &VolumeProblem, meshes: SolidMeshes<'_>) -> f64 {
    let [kind] = &problem.volumes[..] else { return 0.0 };
    if problem.goal != VolumeGoal::Builds || !problem.begun.is_empty() {
        return 0.0;
    }
    let inner = |edge: f64| edge - 2.0 * kind.wall;
    let (base, height) = match &kind.space {
        Space::Open([x, y]) => (inner(*x) * inner(*y), None),
        Space::Box([x, y, z]) => (inner(*x) * inner(*y), Some(inner(*z))),
        Space::Cylinder { .. } | Space::Mesh(_) => return 0.0,
    };
    let required = problem.parts.iter().zip(meshes.parts).filter(|(part, _)| !part.optional);
    let parts: Vec<(f64, Vec<Sections>)> = required
        .filter(|(_, mesh)| mesh.triangles.len() <= FEW)
        .map(|(part, mesh)| (f64::from(part.copies), sections(part, mesh)))
        .collect();
    let least = (1..=MOST).map(|side_by_side| {
        let area = SURE * base / f64::from(side_by_side + 1);
        let lengths = parts.iter().map(|(copies, ways)| {
            let length = ways.iter().map(|sections| sections.length_above(area));
            copies * length.min_by(f64::total_cmp).unwrap_or(0.0)
        });
        lengths.sum::<f64>() / f64::from(side_by_side)
    });
    let stacked = least.fold(0.0, f64::max);
    match height {
        None if stacked > 0.0 => kind.wall + stacked,
        Some(height) => kind.cost * (stacked / height - 1e-9).ceil().max(0.0),
        None => 0.0,
    }
}

/// Along each axis that may stand upright; none where others may.
fn sections(part: &VolumePart, mesh: &TriMesh) -> Vec<Sections> {
    let upright: &[usize] = match part.turns {
        Turns::Fixed | Turns::Upright(_) => &[2],
        Turns::Cube => &[0, 1, 2],
        Turns::List(_) | Turns::Free => &[],
    };
    upright.iter().map(|&axis| Sections::new(mesh, axis)).collect()
}

/// Areas of a solid's sections along an axis.
struct Sections(Vec<Piece>);

/// Between two heights of corners the area is a polynomial of degree two.
struct Piece {
    length: f64,
    /// At its begin, in its middle and at its end.
    areas: [f64; 3],
}

impl Sections {
    fn new(mesh: &TriMesh, axis: usize) -> Self {
        let mut heights: Vec<f64> = mesh.vertices.iter().map(|p| p[axis]).collect();
        heights.sort_by(f64::total_cmp);
        heights.dedup();
        let pieces = heights.windows(2).map(|ends| {
            let length = ends[1] - ends[0];
            // Three heights within the piece give the polynomial, where no corner lies.
            let [a, b, c] = [0.25, 0.5, 0.75].map(|t| area(mesh, axis, ends[0] + t * length));
            Piece { length, areas: [3.0 * a - 3.0 * b + c, b, a - 3.0 * b + 3.0 * c] }
        });
        Self(pieces.collect())
    }

    /// Over how much of its height the area is at least so large.
    fn length_above(&self, area: f64) -> f64 {
        self.0.iter().map(|piece| piece.length * piece.share_above(area)).sum()
    }
}

impl Piece {
    /// The share of the piece in which the area is at least so large.
    fn share_above(&self, area: f64) -> f64 {
        let [begin, middle, end] = self.areas.map(|own| own - area);
        // begin + linear t + square t² for t from 0 to 1.
        let square = 2.0 * (begin - 2.0 * middle + end);
        let linear = end - begin - square;
        let at = |t: f64| begin + t * (linear + t * square);
        let mut ends = vec![0.0, 1.0];
        let root = (linear * linear - 4.0 * square * begin).max(0.0).sqrt();
        // Stable where `square` is small.
        let q = -0.5 * (linear + linear.signum() * root);
        ends.extend([q / square, begin / q].into_iter().filter(|t| *t > 0.0 && *t < 1.0));
        ends.sort_by(f64::total_cmp);
        let above = ends.windows(2).filter(|ends| at(0.5 * (ends[0] + ends[1])) >= 0.0);
        above.map(|ends| ends[1] - ends[0]).sum()
    }
}

/// The area of a section at a height at which no corner lies.
fn area(mesh: &TriMesh, axis: usize, height: f64) -> f64 {
    let (p, q) = ((axis + 1) % 3, (axis + 2) % 3);
    let mut twice = 0.0;
    for triangle in &mesh.triangles {
        let corners = triangle.map(|v| mesh.vertices[v as usize]);
        let mut ends = [[0.0; 2]; 2];
        let mut cut = false;
        for (from, to) in [(0, 1), (1, 2), (2, 0)].map(|(a, b)| (corners[a], corners[b])) {
            let up = to[axis] > height;
            if (from[axis] > height) != up {
                let t = (height - from[axis]) / (to[axis] - from[axis]);
                ends[usize::from(up)] =
                    [from[p] + t * (to[p] - from[p]), from[q] + t * (to[q] - from[q])];
                cut = true;
            }
        }
        if cut {
            twice += ends[0][0] * ends[1][1] - ends[0][1] * ends[1][0];
        }
    }
    0.5 * twice.abs()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use platewright_model::volume::VolumeType;

    use super::*;
    use crate::fixture::{cuboid, prism};

    fn bound(space: Space, parts: Vec<(u32, Turns, TriMesh)>) -> f64 {
        let volume = VolumeType { space, ..VolumeType::default() };
        let mut problem = VolumeProblem { volumes: vec![volume], ..VolumeProblem::default() };
        let mut meshes = Vec::new();
        for (copies, turns, mesh) in parts {
            problem.parts.push(VolumePart { copies, turns, ..VolumePart::default() });
            meshes.push(Arc::new(mesh));
        }
        by_sections(&problem, SolidMeshes { parts: &meshes, spaces: &[None] })
    }

    #[test]
    fn parts_on_more_than_half_of_the_base_are_stacked() {
        let slab = || cuboid([1.0; 3], [9.0, 9.0, 4.0]);
        let near = |found: f64, truth: f64| assert!((found - truth).abs() < 1e-6, "{found}");
        near(bound(Space::Open([10.0, 10.0]), vec![(5, Turns::Fixed, slab())]), 15.0);
        near(bound(Space::Box([10.0, 10.0, 7.0]), vec![(5, Turns::Fixed, slab())]), 3.0);
        // On its side it takes 24 of 100: four stand side by side, none of them less than 3 high.
        near(bound(Space::Open([10.0, 10.0]), vec![(8, Turns::Cube, slab())]), 6.0);
        // What may stand at any angle is not known.
        near(bound(Space::Open([10.0, 10.0]), vec![(8, Turns::Free, slab())]), 0.0);
    }

    #[test]
    fn areas_between_corners_are_polynomials() {
        // A wedge lying on its side: the section shrinks to nothing, by z.
        let wedge = prism(&[[0.0, 0.0], [8.0, 0.0], [0.0, 8.0]], 5.0);
        let sections = Sections::new(&wedge, 1);
        // At y the section is (8 - y) wide and 5 long.
        for area in [0.0_f64, 10.0, 20.0, 39.0] {
            let truth = (8.0 - area / 5.0).max(0.0);
            assert!((sections.length_above(area) - truth).abs() < 1e-9, "{area}");
        }
        assert_eq!(sections.length_above(41.0), 0.0);
        // A pyramid: at height z a square of 6 - z.
        let mut pyramid = cuboid([0.0; 3], [6.0; 3]);
        for vertex in &mut pyramid.vertices {
            if vertex.z > 1.0 {
                (vertex.x, vertex.y) = (0.0, 0.0);
            }
        }
        let sections = Sections::new(&pyramid, 2);
        for side in [1.0_f64, 2.5, 4.0] {
            assert!((sections.length_above(side * side) - (6.0 - side)).abs() < 1e-9, "{side}");
        }
    }
}
