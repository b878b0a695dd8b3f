//! Solids to build parts from: primitives, outlines, moves and boolean operations.
//!
//! A thin layer over the CSG kernel `manifold-rust`, a port of Manifold (Lalish; booleans after
//! Smith 2009, Guaranteed-Manifold Mesh Boolean). Lengths are mm, angles degrees.

use std::collections::BTreeMap;
use std::ops::{Add, BitAnd, Sub};

use manifold_rust::cross_section::CrossSection;
use manifold_rust::linalg::{Vec2, Vec3};
use manifold_rust::manifold::Manifold;
use manifold_rust::types::{MeshGL64, OpType};
use nalgebra::Point3;
use platewright_mesh::TriMesh;

/// A closed solid.
#[derive(Clone)]
pub(crate) struct Solid(Manifold);

/// A plane region, possibly with holes.
#[derive(Clone)]
pub(crate) struct Outline(CrossSection);

/// Sides of a circle: chords stay within 0.05 mm of it, at least 12, at most 72, a multiple
/// of 4 so that the circle reaches its radius along both axes.
fn sides(radius: f64) -> i32 {
    const SAG_MM: f64 = 0.05;
    let angle = (1.0 - (SAG_MM / radius).min(0.5)).acos();
    let n = (std::f64::consts::PI / angle).ceil().clamp(12.0, 72.0) as i32;
    (n + 3) / 4 * 4
}

/// A box centred over the origin, standing on z = 0.
pub(crate) fn slab(x: f64, y: f64, z: f64) -> Solid {
    Solid(Manifold::cube(Vec3::new(x, y, z), false)).at(-x / 2.0, -y / 2.0, 0.0)
}

/// A box between two corners.
pub(crate) fn span(min: [f64; 3], max: [f64; 3]) -> Solid {
    let size = Vec3::new(max[0] - min[0], max[1] - min[1], max[2] - min[2]);
    Solid(Manifold::cube(size, false)).at(min[0], min[1], min[2])
}

/// An upright cylinder on z = 0.
pub(crate) fn rod(radius: f64, height: f64) -> Solid {
    cone(radius, radius, height)
}

/// An upright cone frustum on z = 0.
pub(crate) fn cone(bottom: f64, top: f64, height: f64) -> Solid {
    Solid(Manifold::cylinder(height, bottom, top, sides(bottom.max(top))))
}

/// An upright prism with `n` sides, `radius` to its corners.
pub(crate) fn prism(radius: f64, height: f64, n: i32) -> Solid {
    Solid(Manifold::cylinder(height, radius, radius, n))
}

/// A ball about the origin.
pub(crate) fn ball(radius: f64) -> Solid {
    Solid(Manifold::sphere(radius, sides(radius).min(40)))
}

/// A body of revolution about z; `profile` gives (radius, z), counter-clockwise.
pub(crate) fn turned(profile: &[[f64; 2]]) -> Solid {
    let radius = profile.iter().map(|p| p[0]).fold(1.0, f64::max);
    let ring = profile.iter().map(|&[r, z]| Vec2::new(r, z)).collect();
    Solid(Manifold::revolve(&vec![ring], sides(radius), 360.0))
}

/// The convex hull of solids.
pub(crate) fn hull(solids: &[Solid]) -> Solid {
    let all: Vec<Manifold> = solids.iter().map(|s| s.0.clone()).collect();
    Solid(Manifold::hull_manifolds(&all))
}

/// A bar of round section between two points, rounded at its ends.
pub(crate) fn strut(a: [f64; 3], b: [f64; 3], radius: f64) -> Solid {
    let knob = Solid(Manifold::sphere(radius, 12));
    hull(&[knob.at(a[0], a[1], a[2]), knob.at(b[0], b[1], b[2])])
}

/// The union of solids.
pub(crate) fn union(solids: impl IntoIterator<Item = Solid>) -> Solid {
    // Pairs of neighbours first: the operands stay small.
    let mut level: Vec<Manifold> = solids.into_iter().map(|s| s.0).collect();
    while level.len() > 1 {
        let pair = |p: &[Manifold]| match p {
            [a, b] => a.boolean(b, OpType::Add),
            _ => p[0].clone(),
        };
        level = level.chunks(2).map(pair).collect();
    }
    Solid(level.pop().unwrap_or_else(Manifold::empty))
}

impl Solid {
    /// Moved.
    pub(crate) fn at(&self, x: f64, y: f64, z: f64) -> Self {
        Self(self.0.translate(Vec3::new(x, y, z)))
    }

    /// Turned about x, then y, then z.
    pub(crate) fn turn(&self, x: f64, y: f64, z: f64) -> Self {
        Self(self.0.rotate(x, y, z))
    }

    /// Stretched along the axes.
    pub(crate) fn stretch(&self, x: f64, y: f64, z: f64) -> Self {
        Self(self.0.scale(Vec3::new(x, y, z)))
    }

    /// `n` copies around z.
    pub(crate) fn around(&self, n: usize) -> Self {
        union((0..n).map(|i| self.turn(0.0, 0.0, 360.0 * i as f64 / n as f64)))
    }

    /// A solid from a closed, outward oriented mesh.
    pub(crate) fn from_triangles(points: &[[f64; 3]], triangles: &[[u32; 3]]) -> Self {
        let gl = MeshGL64 {
            num_prop: 3,
            vert_properties: points.iter().flatten().copied().collect(),
            tri_verts: triangles.iter().flatten().map(|&v| u64::from(v)).collect(),
            ..MeshGL64::default()
        };
        Self(Manifold::from_mesh_gl64(&gl))
    }

    /// Its mesh, corners in single precision as an STL holds them, least corner at the origin.
    pub(crate) fn mesh(&self) -> TriMesh {
        // Flush faces of different parts leave corners a rounding error apart; these go first.
        const MERGE_MM: f64 = 1e-3;
        let gl = self.0.as_original().simplify(MERGE_MM).get_mesh_gl64(-1);
        let width = gl.num_prop as usize;
        let raw: Vec<[f64; 3]> =
            gl.vert_properties.chunks_exact(width).map(|p| [p[0], p[1], p[2]]).collect();
        let triangles: Vec<[u32; 3]> =
            gl.tri_verts.chunks_exact(3).map(|t| [t[0] as u32, t[1] as u32, t[2] as u32]).collect();
        tidy(&raw, &triangles)
    }
}

/// The mesh moved to the first octant, corners in single precision, equal corners made one.
pub(crate) fn tidy(raw: &[[f64; 3]], triangles: &[[u32; 3]]) -> TriMesh {
    let mut least = [f64::INFINITY; 3];
    for p in raw {
        for k in 0..3 {
            least[k] = least[k].min(p[k]);
        }
    }
    let mut mesh = TriMesh::default();
    let mut places: BTreeMap<[u32; 3], u32> = BTreeMap::new();
    let mut at = Vec::with_capacity(raw.len());
    for p in raw {
        let q: [f32; 3] = std::array::from_fn(|k| (p[k] - least[k]) as f32 + 0.0);
        let next = u32::try_from(places.len()).expect("a part has fewer than 2³² corners");
        let index = *places.entry(q.map(f32::to_bits)).or_insert(next);
        if index == next {
            mesh.vertices.push(Point3::from(q.map(f64::from)));
        }
        at.push(index);
    }
    for t in triangles {
        let [a, b, c] = t.map(|v| at[v as usize]);
        if a != b && b != c && c != a {
            mesh.triangles.push([a, b, c]);
        }
    }
    mesh
}

impl Add for Solid {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.boolean(&other.0, OpType::Add))
    }
}

impl Sub for Solid {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.boolean(&other.0, OpType::Subtract))
    }
}

impl BitAnd for Solid {
    type Output = Self;
    fn bitand(self, other: Self) -> Self {
        Self(self.0.boolean(&other.0, OpType::Intersect))
    }
}

/// A disc about the origin.
pub(crate) fn disc(radius: f64) -> Outline {
    Outline(CrossSection::circle(radius, sides(radius)))
}

/// A rectangle about the origin with rounded corners; `radius` 0 leaves them sharp.
pub(crate) fn rect(x: f64, y: f64, radius: f64) -> Outline {
    if radius < 0.05 {
        return Outline(CrossSection::square_vec2(Vec2::new(x, y), true));
    }
    let core = Vec2::new(x - 2.0 * radius, y - 2.0 * radius);
    Outline(CrossSection::square_vec2(core, true)).grow(radius)
}

/// A slot of length `length` between its ends' centres along x, `width` wide.
pub(crate) fn slot(length: f64, width: f64) -> Outline {
    rect(length + width, width, width / 2.0 - 0.02)
}

/// A polygon, counter-clockwise.
pub(crate) fn polygon(points: &[[f64; 2]]) -> Outline {
    let ring = points.iter().map(|&[x, y]| Vec2::new(x, y)).collect();
    Outline(CrossSection::new(vec![ring]))
}

/// The convex hull of outlines.
pub(crate) fn hull2(outlines: &[Outline]) -> Outline {
    let all: Vec<CrossSection> = outlines.iter().map(|o| o.0.clone()).collect();
    Outline(CrossSection::hull_cross_sections(&all))
}

impl Outline {
    /// Moved.
    pub(crate) fn at(&self, x: f64, y: f64) -> Self {
        Self(self.0.translate(Vec2::new(x, y)))
    }

    /// Turned.
    pub(crate) fn turn(&self, degrees: f64) -> Self {
        Self(self.0.rotate(degrees))
    }

    /// Grown (or shrunk, if negative) by `by`, corners rounded.
    pub(crate) fn grow(&self, by: f64) -> Self {
        Self(self.0.offset_with_params(by, 1, 2.0, sides(by.abs()).min(32)))
    }

    /// Inner corners filled with `radius`, outer ones left.
    pub(crate) fn fillet(&self, radius: f64) -> Self {
        self.grow(radius).grow(-radius)
    }

    /// `n` copies around the origin.
    pub(crate) fn around(&self, n: usize) -> Self {
        let all: Vec<CrossSection> =
            (0..n).map(|i| self.0.rotate(360.0 * i as f64 / n as f64)).collect();
        Self(CrossSection::batch_boolean(&all, OpType::Add))
    }

    /// Drawn up from z = 0.
    pub(crate) fn up(&self, height: f64) -> Solid {
        self.twisted(height, 0.0, 1.0, 0)
    }

    /// Drawn up, turned by `degrees` and scaled by `scale` at the top, in `steps` layers.
    pub(crate) fn twisted(&self, height: f64, degrees: f64, scale: f64, steps: i32) -> Solid {
        let rings = self.0.to_polygons();
        Solid(Manifold::extrude(&rings, height, steps, degrees, Vec2::new(scale, scale)))
    }

    /// Drawn up with edges of `chamfer` at the bottom and the top.
    pub(crate) fn up_chamfered(&self, height: f64, chamfer: f64) -> Solid {
        // A convex outline: the hull of three layers is the chamfered body.
        let thin = 0.01;
        let inner = self.grow(-chamfer);
        hull(&[
            inner.up(thin),
            self.up(height - 2.0 * chamfer).at(0.0, 0.0, chamfer),
            inner.up(thin).at(0.0, 0.0, height - thin),
        ])
    }
}

impl Add for Outline {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.union(&other.0))
    }
}

impl Sub for Outline {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.difference(&other.0))
    }
}
