//! Any triangles at all: slicing neither panics nor depends on the way the triangles come.

use std::sync::Arc;

use nalgebra::Point3;
use platewright_mesh::TriMesh;
use platewright_model::geometry::Pose;
use platewright_model::measure::Mm;
use proptest::prelude::*;

use super::solids::{Collected, joined, pose};
use crate::{BuildSlicer, Fill, Placed, Planes, SliceOptions, Unite};

/// Triangles between the points of a small grid: edges of many triangles, triangles on one
/// another, points on cuts.
fn soup() -> impl Strategy<Value = TriMesh> {
    let point = prop::array::uniform3(0_u8..4);
    prop::collection::vec(prop::array::uniform3(point), 0..60).prop_map(|triangles| {
        let vertices = triangles.iter().flatten();
        let vertices: Vec<_> =
            vertices.map(|p| Point3::from(p.map(|c| f64::from(c) * 0.5))).collect();
        let triangles = (0..triangles.len() as u32).map(|t| [3 * t, 3 * t + 1, 3 * t + 2]);
        joined(&TriMesh { triangles: triangles.collect(), vertices })
    })
}

/// Surfaces that close: both sides of random triangles, and tetrahedra.
fn closed() -> impl Strategy<Value = TriMesh> {
    let point = prop::array::uniform3(0_u8..5);
    prop::collection::vec(prop::array::uniform4(point), 1..12).prop_map(|bodies| {
        let mut mesh = TriMesh::default();
        for corners in bodies {
            let first = mesh.vertices.len() as u32;
            mesh.vertices.extend(corners.map(|p| Point3::from(p.map(f64::from))));
            for t in [[0, 2, 1], [0, 1, 3], [1, 2, 3], [2, 0, 3]] {
                mesh.triangles.push(t.map(|v| v + first));
            }
        }
        joined(&mesh)
    })
}

fn sliced(mesh: &TriMesh, turn: f64, layer: f64, unite: Unite) -> Collected {
    let turned = mesh.posed(&pose([1.0, 0.3, 0.2], turn, [0.0; 3]));
    let low = turned.bounds().map_or([0.0; 3], |b| b.min);
    let size = turned.bounds().map_or([0.0; 3], |b| b.size());
    let planes = Planes::uniform(Mm(layer), Mm(size[2])).expect("the thickness is of use");
    let lifted = Pose { translation: low.map(|c| -c), ..Pose::IDENTITY };
    let placed = [Placed::sound(Arc::new(turned), lifted)];
    let options = SliceOptions { unite, fill: Fill::Positive, ..SliceOptions::default() };
    Collected::of(&BuildSlicer::new(&placed, &planes, &options).expect("it is on the plate"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn any_triangles_are_sliced(mesh in soup(), turn in prop::sample::select(vec![0.0, 0.7])) {
        for unite in [Unite::Never, Unite::WhereOverlapping] {
            for layer in sliced(&mesh, turn, 0.25, unite).layers {
                prop_assert!(layer.facts.area_mm2.is_finite());
                for piece in &layer.pieces {
                    prop_assert!(piece.region.rings().all(|ring| ring.len() >= 3));
                }
            }
        }
    }

    #[test]
    fn closed_surfaces_give_closed_contours(
        mesh in closed(), turn in prop::sample::select(vec![0.0, 0.4]),
    ) {
        let all = sliced(&mesh, turn, 0.25, Unite::Never);
        prop_assert_eq!(all.sliced.closed_by_hand, 0);
    }
}
