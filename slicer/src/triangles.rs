//! The triangles of a shape in place, whatever holds them.

use nalgebra::Point3;
use platewright_mesh::{FacetList, TriMesh};

use crate::motion::Motion;

/// Triangles that are read one by one, in any order.
pub(crate) trait Triangles {
    /// What tells one vertex from another: vertices that are equal are one.
    type Vertex: Vertex;

    /// Some bits of a triangle: to be asked for many triangles before the first is looked at, so
    /// that the waits for memory overlap.
    fn touch(&self, t: u32) -> u32;

    /// The corners of a triangle.
    fn corners(&self, t: u32) -> [Self::Vertex; 3];

    /// Where a vertex comes to lie, mm.
    fn place(&self, vertex: Self::Vertex) -> [f64; 3];
}

/// What tells one vertex from another.
pub(crate) trait Vertex: Copy + Ord + Default + std::fmt::Debug {
    /// A hash of it, by a key.
    fn hash(self, key: u64) -> u64;
}

/// The number of a vertex of a mesh.
impl Vertex for u32 {
    #[inline(always)]
    fn hash(self, key: u64) -> u64 {
        folded(u64::from(self) ^ key, 0x9e37_79b9_7f4a_7c15)
    }
}

/// Coordinates as bits, none of them −0.
impl Vertex for [u32; 3] {
    #[inline(always)]
    fn hash(self, key: u64) -> u64 {
        let low = u64::from(self[0]) << 32 | u64::from(self[1]);
        folded(low ^ key, u64::from(self[2]) ^ 0x9e37_79b9_7f4a_7c15 ^ key >> 7)
    }
}

/// A wide multiplication, folded, as in wyhash.
#[inline(always)]
fn folded(a: u64, b: u64) -> u64 {
    let wide = u128::from(a).wrapping_mul(u128::from(b));
    (wide as u64) ^ (wide >> 64) as u64
}

/// A mesh whose vertices have distinct coordinates.
pub(crate) struct OfMesh<'a> {
    pub(crate) mesh: &'a TriMesh,
    pub(crate) motion: &'a Motion,
}

impl Triangles for OfMesh<'_> {
    type Vertex = u32;

    #[inline(always)]
    fn touch(&self, t: u32) -> u32 {
        let [a, b, c] = self.mesh.triangles[t as usize];
        a | b | c
    }

    #[inline(always)]
    fn corners(&self, t: u32) -> [u32; 3] {
        self.mesh.triangles[t as usize]
    }

    #[inline(always)]
    fn place(&self, vertex: u32) -> [f64; 3] {
        self.motion.place(&self.mesh.vertices[vertex as usize])
    }
}

/// The triangles of a file without an index: corners of the same coordinates are one vertex.
pub(crate) struct OfFacets<'a> {
    pub(crate) facets: FacetList<'a>,
    pub(crate) motion: &'a Motion,
}

impl Triangles for OfFacets<'_> {
    type Vertex = [u32; 3];

    #[inline(always)]
    fn touch(&self, t: u32) -> u32 {
        u32::from(self.facets.touch(t))
    }

    #[inline(always)]
    fn corners(&self, t: u32) -> [[u32; 3]; 3] {
        let [a, b, c] = self.facets.corners(t);
        [bits(a), bits(b), bits(c)]
    }

    #[inline(always)]
    fn place(&self, vertex: [u32; 3]) -> [f64; 3] {
        let [x, y, z] = vertex;
        let (mm, scale) = (|x| f64::from(f32::from_bits(x)), self.facets.scale());
        self.motion.place(&Point3::new(mm(x) * scale, mm(y) * scale, mm(z) * scale))
    }
}

#[inline(always)]
fn bits([x, y, z]: [f32; 3]) -> [u32; 3] {
    [x.to_bits(), y.to_bits(), z.to_bits()]
}
