//! What the CSG kernel says of meshes: true unions, and whether a surface crosses itself.

use manifold_rust::linalg::Vec3;
use manifold_rust::manifold::Manifold;
use manifold_rust::types::{Error, MeshGL64, OpType, WindingRule};
use nalgebra::Point3;
use platewright_mesh::TriMesh;

use super::condition::shells;

/// A solid that the kernel holds.
pub(super) struct Body(Manifold);

impl Body {
    /// The solid of a mesh; `None` if the kernel does not take it.
    pub(super) fn new(mesh: &TriMesh) -> Option<Self> {
        let gl = MeshGL64 {
            num_prop: 3,
            vert_properties: mesh.vertices.iter().flat_map(|v| [v.x, v.y, v.z]).collect(),
            tri_verts: mesh.triangles.iter().flatten().map(|&v| u64::from(v)).collect(),
            ..MeshGL64::default()
        };
        let solid = Manifold::from_mesh_gl64_robust(&gl);
        (solid.status() == Error::NoError && !solid.is_empty()).then_some(Self(solid))
    }

    /// Whether the surface crosses or touches itself but for shared edges and corners.
    pub(super) fn crosses_itself(&self) -> bool {
        self.0.has_self_intersections()
    }

    /// The union with another.
    pub(super) fn and(&self, other: &Self) -> Option<Self> {
        Self::valid(self.0.boolean(&other.0, OpType::Add))
    }

    /// Volume that both share, mm³.
    pub(super) fn shared_mm3(&self, other: &Self) -> f64 {
        self.0.boolean(&other.0, OpType::Intersect).volume()
    }

    /// The points around which the surface winds at least once.
    pub(super) fn positive(&self) -> Option<Self> {
        Self::valid(self.0.rebuild_solid(WindingRule::Positive))
    }

    fn valid(solid: Manifold) -> Option<Self> {
        (solid.status() == Error::NoError).then_some(Self(solid))
    }

    /// Turned about the axes through the origin, degrees, then moved.
    pub(super) fn placed(&self, turn: [f64; 3], by: [f64; 3]) -> Self {
        let turned = self.0.rotate(turn[0], turn[1], turn[2]);
        Self(turned.translate(Vec3::new(by[0], by[1], by[2])))
    }

    /// Volume, mm³.
    pub(super) fn volume_mm3(&self) -> f64 {
        self.mesh().volume()
    }

    /// Connected pieces of the surface: bodies and cavities.
    pub(super) fn shells(&self) -> u32 {
        shells(&self.mesh())
    }

    /// Its mesh.
    pub(super) fn mesh(&self) -> TriMesh {
        let gl = self.0.get_mesh_gl64(-1);
        let width = (gl.num_prop as usize).max(3);
        let point = |p: &[f64]| Point3::new(p[0], p[1], p[2]);
        let triangle = |t: &[u64]| [t[0] as u32, t[1] as u32, t[2] as u32];
        TriMesh {
            vertices: gl.vert_properties.chunks_exact(width).map(point).collect(),
            triangles: gl.tri_verts.chunks_exact(3).map(triangle).collect(),
        }
    }
}
