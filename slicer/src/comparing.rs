//! Comparing the layers of a body, each with the one below it, while a build is sliced.

use platewright_model::measure::Mm;
use platewright_model::stage::LayerFigures;

use crate::error::SliceError;
use crate::planes::Planes;
use crate::region::{Region, compare, doubled_area};

/// Greatest angle of an overhang, degrees: beyond it the reach of a layer is no length of use.
const ANGLE_MAX_DEG: f64 = 89.0;

/// How layers are compared with those below them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Compare {
    /// Greatest angle from the vertical, 0 to 89 degrees, at which a surface that faces down needs
    /// no support; without it overhangs are not looked for.
    pub overhang_deg: Option<f64>,
}

impl Compare {
    /// # Errors
    /// An angle of no use for such layers.
    pub(crate) fn check(&self, planes: &Planes) -> Result<(), SliceError> {
        let Some(angle) = self.overhang_deg else { return Ok(()) };
        let thickest = (0..planes.count()).map(|i| planes.thickness(i)).fold(0.0, f64::max);
        let within = (0.0..=ANGLE_MAX_DEG).contains(&angle);
        let reach = self.reach(thickest).unwrap_or(Mm(0.0));
        // An empty region refuses what any region would.
        match Region::default().overhang_over(&Region::default(), reach) {
            Ok(_) if within => Ok(()),
            _ => Err(SliceError::Angle { angle }),
        }
    }

    /// How far a layer may stand out over one whose cut is so far below, mm.
    fn reach(&self, distance_mm: f64) -> Option<Mm> {
        self.overhang_deg.map(|angle| Mm(distance_mm * angle.to_radians().tan()))
    }

    /// Compares a layer with the one below it, whose cut is `distance_mm` below, or with the plate
    /// (`None`), which carries everything. `area_mm2` is that of the layer.
    pub(crate) fn layers(
        &self,
        layer: &Region,
        area_mm2: f64,
        below: Option<&Region>,
        distance_mm: f64,
    ) -> Compared {
        let reach = self.reach(distance_mm);
        let Some(below) = below else {
            let outer = layer.rings().filter(|ring| doubled_area(ring) > 0.0).count();
            let figures = LayerFigures {
                overhang_mm2: reach.map(|_| 0.0),
                changed_mm2: area_mm2,
                ..LayerFigures::default()
            };
            return Compared { figures, pieces: outer as u32 };
        };
        if layer.is_empty() {
            // Above its top a body has no layers, so that nothing changes there.
            let overhang_mm2 = reach.map(|_| 0.0);
            let figures = LayerFigures { overhang_mm2, ..LayerFigures::default() };
            return Compared { figures, pieces: 0 };
        }
        let figures = compare(layer, below, reach).expect("the reach was checked before");
        Compared { figures, pieces: 0 }
    }
}

/// A layer of a body over what is below it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Compared {
    figures: LayerFigures,
    /// Pieces of the body's first layer.
    pieces: u32,
}

impl Compared {
    /// Adds this to the figures of a layer of the build; `on_nothing` where it is the first layer
    /// of a body that does not stand on the plate.
    pub(crate) fn add_to(&self, sum: &mut LayerFigures, on_nothing: bool) {
        let Self { figures, pieces } = self;
        let mut add = *figures;
        if on_nothing {
            add.islands = *pieces;
            add.island_mm2 = figures.changed_mm2;
            add.overhang_mm2 = figures.overhang_mm2.map(|_| figures.changed_mm2);
        }
        sum.islands += add.islands;
        sum.island_mm2 += add.island_mm2;
        sum.changed_mm2 += add.changed_mm2;
        sum.overhang_mm2 = sum.overhang_mm2.zip(add.overhang_mm2).map(|(a, b)| a + b);
    }
}
