//! Conservative voxels of closed meshes, 64 to a word.

mod dilate;
mod fill;
mod surface;
#[cfg(test)]
mod tests;

use crate::TriMesh;

/// A set of cubes of a regular grid that covers a body.
///
/// Voxel `(x, y, z)` is the closed cube `origin + pitch · [x, x+1] × [y, y+1] × [z, z+1]`. Rows
/// run along x; bit `x % 64` of word `x / 64` of a row is voxel `x`, unused bits are 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Voxels {
    /// Least corner of voxel `(0, 0, 0)`, mm.
    pub origin: [f64; 3],
    /// Edge of a voxel, mm.
    pub pitch: f64,
    /// Number of voxels along x, y and z.
    pub dims: [usize; 3],
    words_per_row: usize,
    words: Vec<u64>,
}

impl Voxels {
    /// An empty grid.
    pub fn empty(origin: [f64; 3], pitch: f64, dims: [usize; 3]) -> Self {
        let words_per_row = dims[0].div_ceil(64);
        let words = vec![0; words_per_row * dims[1] * dims[2]];
        Self { origin, pitch, dims, words_per_row, words }
    }

    /// The voxels of a closed mesh.
    ///
    /// The grid starts exactly at the least corner of the mesh's box and covers the box (a
    /// surplus below 1e-9 of a voxel opens no further layer). Set are all voxels of the grid
    /// whose closed cube, enlarged by 1e-7 of its edge, touches the surface, and all inside.
    /// With `fill_cavities`, everything that cannot be reached from outside through faces of
    /// unset voxels counts as inside; without, the winding number decides, so that closed
    /// cavities stay empty. A mesh without triangles gives a grid without voxels.
    ///
    /// # Panics
    /// If `pitch` is not positive.
    pub fn from_mesh(mesh: &TriMesh, pitch: f64, fill_cavities: bool) -> Self {
        assert!(pitch > 0.0, "the edge of a voxel must be positive, is {pitch}");
        let Some(bounds) = mesh.bounds().filter(|_| !mesh.triangles.is_empty()) else {
            return Self::empty([0.0; 3], pitch, [0; 3]);
        };
        let dims = bounds.size().map(|s| ((s / pitch - 1e-9).ceil() as usize).max(1));
        let mut voxels = Self::empty(bounds.min, pitch, dims);
        surface::mark(&mut voxels, mesh);
        fill::fill_inside(&mut voxels, mesh, fill_cavities);
        voxels
    }

    /// All voxels whose cube comes closer than `radius_mm` to the cube of a set voxel, in a grid
    /// that is larger by the same number of voxels on every side.
    ///
    /// Cost: one pass of row operations for each pair of offsets in y and z within the radius.
    #[must_use]
    pub fn dilated(&self, radius_mm: f64) -> Self {
        dilate::dilate(self, radius_mm)
    }

    /// Words of one row.
    pub fn words_per_row(&self) -> usize {
        self.words_per_row
    }

    /// The row at `(y, z)`.
    pub fn row(&self, y: usize, z: usize) -> &[u64] {
        let start = self.row_start(y, z);
        &self.words[start..start + self.words_per_row]
    }

    /// Whether a voxel is set; `false` outside the grid.
    pub fn get(&self, x: usize, y: usize, z: usize) -> bool {
        let inside = x < self.dims[0] && y < self.dims[1] && z < self.dims[2];
        inside && self.row(y, z)[x / 64] >> (x % 64) & 1 == 1
    }

    /// Sets a voxel of the grid.
    pub fn set(&mut self, x: usize, y: usize, z: usize) {
        assert!(x < self.dims[0], "voxel {x} lies outside of a row of {}", self.dims[0]);
        let start = self.row_start(y, z);
        self.words[start + x / 64] |= 1 << (x % 64);
    }

    /// Number of set voxels.
    pub fn count(&self) -> usize {
        self.words.iter().map(|w| w.count_ones() as usize).sum()
    }

    /// All words, rows along x, then y, then z.
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    fn row_start(&self, y: usize, z: usize) -> usize {
        (z * self.dims[1] + y) * self.words_per_row
    }
}
