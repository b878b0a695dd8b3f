//! The triangles of a binary STL as they stand in the file, without an index.

use platewright_model::config::Limits;
use platewright_model::geometry::BoxMm;
use platewright_model::measure::LengthUnit;

use crate::format::check_count;
use crate::format::stl::{Record, corners_of, records};
use crate::{MappedFile, MeshError};

/// The triangles of a binary STL, read again from the file at every pass.
///
/// For those who need the triangles once and in an order of their own: nothing is held but the
/// mapped file, whose pages the system takes back when it is short of memory, and vertices are
/// not joined. [`crate::read_model`] gives an indexed mesh.
#[derive(Debug)]
pub struct Facets {
    file: MappedFile,
    /// Millimetres in a unit of the file.
    scale: f64,
    count: usize,
    /// Least and greatest coordinates, in the unit of the file.
    low: [f32; 3],
    high: [f32; 3],
}

impl Facets {
    /// Takes a file if it is a binary STL of just the length that its header promises and all of
    /// its coordinates are finite and within the limits; gives it back otherwise, to be read as
    /// any other model.
    ///
    /// # Errors
    /// More triangles than the limits allow.
    pub fn open(
        file: MappedFile,
        unit: LengthUnit,
        limits: &Limits,
    ) -> Result<Result<Self, MappedFile>, MeshError> {
        let Some(found) = records(&file) else { return Ok(Err(file)) };
        let count = found.len();
        check_count(count as u64, limits)?;
        file.fetch();
        let mut facets = Self { file, scale: unit.in_mm(), count, low: [0.0; 3], high: [0.0; 3] };
        let most = (limits.coordinate_mm / facets.scale) as f32;
        let (mut low, mut high) = ([f32::INFINITY; 3], [f32::NEG_INFINITY; 3]);
        let mut finite = true;
        facets.for_each(|corners| {
            for corner in corners {
                for k in 0..3 {
                    // What is no number is neither less nor more.
                    finite &= corner[k].abs() <= most;
                    low[k] = if corner[k] < low[k] { corner[k] } else { low[k] };
                    high[k] = if corner[k] > high[k] { corner[k] } else { high[k] };
                }
            }
        });
        (facets.low, facets.high) = (low, high);
        Ok(if finite && count > 0 { Ok(facets) } else { Err(facets.file) })
    }

    /// The file, to be read in another way.
    pub fn into_file(self) -> MappedFile {
        self.file
    }

    /// Box of all triangles, mm.
    pub fn bounds(&self) -> BoxMm {
        let mm = |corner: [f32; 3]| corner.map(|x| f64::from(x) * self.scale);
        BoxMm { min: mm(self.low), max: mm(self.high) }
    }

    /// The corners of one triangle of so many, as [`Self::for_each`] gives them.
    pub fn sampled(&self, every: usize) -> impl Iterator<Item = [[f32; 3]; 3]> + Clone + '_ {
        let records = records(&self.file).unwrap_or_default();
        records.iter().step_by(every.max(1)).map(corners_of)
    }

    /// The triangles, to be read in any order.
    pub fn list(&self) -> FacetList<'_> {
        FacetList { records: records(&self.file).unwrap_or_default(), scale: self.scale }
    }

    /// Number of triangles.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are no triangles.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Millimetres in a unit of the coordinates.
    pub fn scale(&self) -> f64 {
        self.scale
    }

    /// One pass over all triangles in the order of the file: their corners in the unit of the
    /// file, −0 as 0.
    #[inline]
    pub fn for_each(&self, mut take: impl FnMut([[f32; 3]; 3])) {
        self.list().records.iter().for_each(|record| take(corners_of(record)));
    }
}

/// The triangles of [`Facets`], one by one.
#[derive(Clone, Copy, Debug)]
pub struct FacetList<'a> {
    records: &'a [Record],
    scale: f64,
}

impl FacetList<'_> {
    /// The corners of a triangle, as [`Facets::for_each`] gives them.
    ///
    /// # Panics
    /// There is no triangle `t`.
    #[inline(always)]
    pub fn corners(&self, t: u32) -> [[f32; 3]; 3] {
        corners_of(&self.records[t as usize])
    }

    /// Some bits of a triangle: to be asked for many triangles before the first is looked at, so
    /// that the waits for memory overlap.
    #[inline(always)]
    pub fn touch(&self, t: u32) -> u8 {
        let record = &self.records[t as usize];
        record[12] | record[47]
    }

    /// Millimetres in a unit of the coordinates.
    #[inline(always)]
    pub fn scale(&self) -> f64 {
        self.scale
    }
}
