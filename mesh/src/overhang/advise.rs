//! Which way up a part is best built.
//!
//! Candidates are the ways the part can stand (the large faces of its convex hull, its large flat
//! faces) and the 26 directions of a cube's faces, edges and corners. All are rated on a digest of
//! the surface (areas by direction), which costs the same for any number of triangles; only the
//! best few are measured on the true surface.

use nalgebra::{Point3, Vector3};

use super::hull::hull;
use super::overhang;
use crate::TriMesh;
use crate::spatial::BoxTree;

/// What to weigh.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct AdviceOptions {
    /// Least angle to the plate, in radians, at which a surface needs no support.
    pub(crate) angle: f64,
    /// Weight of the volume of support as a share of the box of the part.
    pub(crate) support: f64,
    /// Weight of the height as a share of the part's diagonal.
    pub(crate) height: f64,
    /// Weight of the base as a share of the surface; more base is better.
    pub(crate) base: f64,
    /// So many candidates are measured exactly and given back.
    pub(crate) keep: usize,
}

/// A way to build a part.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Orientation {
    /// Direction of the part that points up, of unit length.
    pub(crate) up: Vector3<f64>,
    /// Area that hangs over, mm².
    pub(crate) overhang_mm2: f64,
    /// Estimate of the volume of support, mm³.
    pub(crate) support_mm3: f64,
    /// Height, mm.
    pub(crate) height_mm: f64,
    /// Area it stands on, mm².
    pub(crate) base_mm2: f64,
    /// What was ranked by; less is better.
    pub(crate) score: f64,
}

/// Cells of the digest along an edge of each face of a cube of directions.
const CELLS: usize = 16;
/// Columns of the grid that thins out the vertices, per axis.
const COLUMNS: usize = 32;
/// Directions in which extreme vertices are looked for.
const EXTREMES: usize = 192;
/// Faces of the hull and flat faces tried, of each.
const FACES_MAX: usize = 24;
/// Candidates measured for each one given back: an axis and a face near to it are one way at the
/// end, and only measuring tells which of the two lies flat.
const MEASURED_PER_KEPT: usize = 2;
/// Cosine of an angle of hundredths of a degree, for faces of one plane.
const ONE_PLANE: f64 = 1.0 - 1e-8;
/// Share of its area that the sum of a cell's normals keeps if its triangles lie in one plane.
const FLAT: f64 = 1.0 - 1e-6;
/// Cosine of the angle below which two ways are one at the end: 2°.
const SAME: f64 = 0.999_390_827_019_095_8;

/// Ranks ways to build a part, the best first.
///
/// The same part gives the same ranking; equal scores keep the order of the candidates, z first.
pub(crate) fn advise_orientation(
    mesh: &TriMesh,
    tree: &BoxTree,
    options: &AdviceOptions,
) -> Vec<Orientation> {
    let Some(bounds) = mesh.bounds() else { return Vec::new() };
    let digest = Digest::new(mesh);
    let size = Vector3::from(bounds.size());
    let scale = Scale { diagonal: size.norm(), volume: bounds.volume().0, area: digest.area };
    let mut rated: Vec<(f64, Vector3<f64>)> =
        digest.candidates().into_iter().map(|up| (digest.rate(up, options, &scale), up)).collect();
    // Stable: equal ones stay in order.
    rated.sort_by(|a, b| a.0.total_cmp(&b.0));
    rated.truncate(options.keep.saturating_mul(MEASURED_PER_KEPT));
    let mut best: Vec<Orientation> = rated
        .into_iter()
        .map(|(_, up)| {
            let o = overhang(mesh, tree, up, options.angle);
            let score = scale.score(options, o.support_mm3, o.height_mm, o.base_mm2);
            Orientation {
                up,
                overhang_mm2: o.area_mm2,
                support_mm3: o.support_mm3,
                height_mm: o.height_mm,
                base_mm2: o.base_mm2,
                score,
            }
        })
        .collect();
    best.sort_by(|a, b| a.score.total_cmp(&b.score));
    // Of ways that differ by less than anyone would turn a part, the best one stays.
    let mut distinct: Vec<Orientation> = Vec::new();
    for way in best {
        if distinct.len() < options.keep && !distinct.iter().any(|d| d.up.dot(&way.up) > SAME) {
            distinct.push(way);
        }
    }
    distinct
}

/// Sizes that make scores independent of the size of a part.
struct Scale {
    diagonal: f64,
    volume: f64,
    area: f64,
}

impl Scale {
    fn score(&self, options: &AdviceOptions, support: f64, height: f64, base: f64) -> f64 {
        let share = |x: f64, of: f64| if of > 0.0 { x / of } else { 0.0 };
        options.support * share(support, self.volume)
            + options.height * share(height, self.diagonal)
            - options.base * share(base, self.area)
    }
}

/// Triangles of about one direction.
#[derive(Clone, Copy, Default)]
struct Cell {
    area: f64,
    /// Sum of normals times area.
    normal: Vector3<f64>,
    /// Sum of centres times area.
    centre: Vector3<f64>,
}

struct Digest {
    cells: Vec<Cell>,
    /// Vertices that stick out.
    points: Vec<Point3<f64>>,
    area: f64,
}

impl Digest {
    fn new(mesh: &TriMesh) -> Self {
        let mut cells = vec![Cell::default(); 6 * CELLS * CELLS];
        for t in 0..mesh.triangles.len() {
            let normal = mesh.normal_times_area(t);
            let area = normal.norm();
            if area > 0.0 {
                let [a, b, c] = mesh.corners(t).map(|p| p.coords);
                let cell = &mut cells[cell_of(normal)];
                cell.area += area;
                cell.normal += normal;
                cell.centre += (a + b + c) * (area / 3.0);
            }
        }
        cells.retain(|c| c.area > 0.0 && c.normal.norm() > 0.0);
        let area = cells.iter().map(|c| c.area).sum();
        Self { cells, points: outer_points(mesh), area }
    }

    /// Ways up: towards the axes first, then with large faces down.
    fn candidates(&self) -> Vec<Vector3<f64>> {
        let mut ways = cube_directions();
        ways.extend(self.hull_faces());
        let mut flat: Vec<&Cell> =
            self.cells.iter().filter(|c| c.normal.norm() > FLAT * c.area).collect();
        flat.sort_by(|a, b| b.area.total_cmp(&a.area));
        ways.extend(flat.iter().take(FACES_MAX).map(|c| -c.normal.normalize()));
        let mut distinct: Vec<Vector3<f64>> = Vec::new();
        for way in ways {
            if !distinct.iter().any(|other| other.dot(&way) > ONE_PLANE) {
                distinct.push(way);
            }
        }
        distinct
    }

    /// Ways up with a large face of the convex hull down; faces of one plane are one.
    fn hull_faces(&self) -> Vec<Vector3<f64>> {
        let points = self.extreme_points();
        let mut planes: Vec<Vector3<f64>> = Vec::new();
        for [a, b, c] in hull(&points) {
            let normal = (points[b] - points[a]).cross(&(points[c] - points[a]));
            if normal.norm() > 0.0 {
                let same = planes
                    .iter_mut()
                    .find(|n| n.dot(&normal) > ONE_PLANE * n.norm() * normal.norm());
                match same {
                    Some(plane) => *plane += normal,
                    None => planes.push(normal),
                }
            }
        }
        planes.sort_by(|a, b| b.norm().total_cmp(&a.norm()));
        planes.iter().take(FACES_MAX).map(|n| -n.normalize()).collect()
    }

    /// The outermost vertices in directions spread evenly over the sphere.
    fn extreme_points(&self) -> Vec<Point3<f64>> {
        let golden = std::f64::consts::PI * (3.0 - 5.0_f64.sqrt());
        let spread = (0..EXTREMES).map(|i| {
            let z = 1.0 - (2.0 * i as f64 + 1.0) / EXTREMES as f64;
            let (s, c) = (golden * i as f64).sin_cos();
            let flat = (1.0 - z * z).sqrt();
            Vector3::new(flat * c, flat * s, z)
        });
        let mut found: Vec<usize> = spread
            .chain(cube_directions())
            .filter_map(|d| {
                let along = |i: &usize| self.points[*i].coords.dot(&d);
                (0..self.points.len()).max_by(|i, j| along(i).total_cmp(&along(j)))
            })
            .collect();
        found.sort_unstable();
        found.dedup();
        found.into_iter().map(|i| self.points[i]).collect()
    }

    /// The score as the digest sees it: support down to the plate, whatever is between.
    fn rate(&self, up: Vector3<f64>, options: &AdviceOptions, scale: &Scale) -> f64 {
        let along = |p: &Point3<f64>| p.coords.dot(&up);
        let low = self.points.iter().map(along).fold(f64::INFINITY, f64::min);
        let high = self.points.iter().map(along).fold(f64::NEG_INFINITY, f64::max);
        let (mut support, mut base) = (0.0, 0.0);
        for cell in &self.cells {
            let flat = -cell.normal.dot(&up);
            if flat <= options.angle.cos() * cell.normal.norm() {
                continue;
            }
            let height = cell.centre.dot(&up) / cell.area - low;
            if height <= super::ON_PLATE_MM + 1e-9 * scale.diagonal {
                base += flat;
            } else {
                support += flat * height;
            }
        }
        scale.score(options, support, high - low, base)
    }
}

/// Towards the faces, edges and corners of a cube, z first.
fn cube_directions() -> Vec<Vector3<f64>> {
    let mut all: Vec<[i8; 3]> = Vec::new();
    for z in [1, 0, -1] {
        for y in [0, 1, -1] {
            for x in [0, 1, -1] {
                all.push([x, y, z]);
            }
        }
    }
    all.retain(|d| *d != [0; 3]);
    all.sort_by_key(|d| d.iter().filter(|&&c| c != 0).count());
    all.into_iter().map(|d| Vector3::from(d.map(f64::from)).normalize()).collect()
}

/// Cell of a direction on a cube around the origin.
fn cell_of(d: Vector3<f64>) -> usize {
    let axis = d.iamax();
    let face = 2 * axis + usize::from(d[axis] < 0.0);
    let [u, v] = [1, 2].map(|k| {
        let x = d[(axis + k) % 3] / d[axis].abs();
        (((x + 1.0) / 2.0 * CELLS as f64) as usize).min(CELLS - 1)
    });
    (face * CELLS + u) * CELLS + v
}

/// The lowest and highest vertex of each column of a grid along each axis: whatever sticks out is
/// among them, but for what a neighbour in its column hides by less than a column's width.
fn outer_points(mesh: &TriMesh) -> Vec<Point3<f64>> {
    let Some(bounds) = mesh.bounds() else { return Vec::new() };
    let size = bounds.size();
    let mut found = Vec::new();
    for axis in 0..3 {
        let mut columns = vec![[u32::MAX; 2]; COLUMNS * COLUMNS];
        for (i, v) in mesh.vertices.iter().enumerate() {
            let [a, b] = [1, 2].map(|k| {
                let k = (axis + k) % 3;
                let share = if size[k] > 0.0 { (v[k] - bounds.min[k]) / size[k] } else { 0.0 };
                ((share * COLUMNS as f64) as usize).min(COLUMNS - 1)
            });
            let [low, high] = &mut columns[a * COLUMNS + b];
            let other = |slot: u32| mesh.vertices.get(slot as usize).map(|p| p[axis]);
            if other(*low).is_none_or(|x| v[axis] < x) {
                *low = i as u32;
            }
            if other(*high).is_none_or(|x| v[axis] > x) {
                *high = i as u32;
            }
        }
        found.extend(columns.into_iter().flatten().filter(|&i| i != u32::MAX));
    }
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(|i| mesh.vertices[i as usize]).collect()
}
