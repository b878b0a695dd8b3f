//! What the paths and the machine are like.

use platewright_model::exposure::{FilamentExposure, LayerExposure};
use platewright_model::geometry::{BoxMm, VolumeShape};
use platewright_model::machine::Machine;

/// What G-code is written for. The default is a usual nozzle of 0.4 mm with filament of
/// 1.75 mm, on a machine that sets no limits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GcodeOptions {
    /// Width of a line, mm.
    pub line_mm: f64,
    /// Lines along each contour.
    pub perimeters: u32,
    /// Distance of the middles of the lines that fill the inside, mm; 0 leaves it empty.
    pub infill_mm: f64,
    /// Diameter of the filament, mm.
    pub filament_mm: f64,
    /// Speed of printing, mm/s.
    pub print_mm_s: f64,
    /// Speed of moving, mm/s.
    pub travel_mm_s: f64,
    /// Filament that is drawn back before a move, mm; 0 for none.
    pub retract_mm: f64,
    /// Temperature of the nozzle, °C; 0 leaves it as it is.
    pub nozzle_c: u32,
    /// Temperature of the plate, °C; 0 leaves it as it is.
    pub plate_c: u32,
    /// Where the nozzle may be, mm.
    pub volume: Option<BoxMm>,
    /// Greatest speed of the machine, mm/s.
    pub speed_max_mm_s: Option<f64>,
    /// Greatest flow of plastic, mm³/s; printing slows down to it.
    pub flow_max_mm3_s: Option<f64>,
}

/// How far a part may reach out of its build volume by rounding, mm.
const ROOM_MM: f64 = 1e-3;

impl Default for GcodeOptions {
    fn default() -> Self {
        Self {
            line_mm: 0.4,
            perimeters: 2,
            infill_mm: 2.0,
            filament_mm: 1.75,
            print_mm_s: 50.0,
            travel_mm_s: 150.0,
            retract_mm: 0.8,
            nozzle_c: 210,
            plate_c: 60,
            volume: None,
            speed_max_mm_s: None,
            flow_max_mm3_s: None,
        }
    }
}

impl GcodeOptions {
    /// What a machine's configuration says, and else the default.
    ///
    /// The room of the nozzle is the box of its build volume. Where it lays filament
    /// (`exposure`): its line, walls, diameter and greatest flow; the slower of its two speeds,
    /// for one speed is all that is written here; and infill at the distance that fills its share.
    /// Figures that G-code cannot hold are left out together.
    #[must_use]
    pub fn of_machine(machine: &Machine) -> Self {
        let size = match machine.volume.shape {
            VolumeShape::Box { x, y, z } => [x.0, y.0, z.0],
            VolumeShape::Cylinder { diameter, z } => [diameter.0, diameter.0, z.0],
        };
        let volume = BoxMm { min: [-ROOM_MM; 3], max: size.map(|edge| edge + ROOM_MM) };
        let plain = Self { volume: Some(volume), ..Self::default() };
        let Some(LayerExposure::Filament(filament)) =
            machine.exposure.as_ref().map(|exposure| &exposure.layers)
        else {
            return plain;
        };
        let FilamentExposure { line_mm, walls, fill_share, .. } = *filament;
        let own = Self {
            line_mm,
            perimeters: walls.round() as u32,
            infill_mm: if fill_share > 0.0 { line_mm / fill_share } else { 0.0 },
            filament_mm: filament.filament_mm,
            print_mm_s: filament.wall_mm_s.min(filament.fill_mm_s),
            flow_max_mm3_s: Some(filament.flow_mm3_s),
            ..plain
        };
        if own.fault().is_none() { own } else { plain }
    }

    /// What is of no use in them.
    pub(super) fn fault(&self) -> Option<String> {
        let lengths = [
            ("line width", self.line_mm, 1e-3, 100.0),
            ("distance of infill lines", self.infill_mm, 0.0, 1e3),
            ("filament diameter", self.filament_mm, 1e-3, 100.0),
            ("print speed", self.print_mm_s, 1e-3, 1e5),
            ("travel speed", self.travel_mm_s, 1e-3, 1e5),
            ("retraction", self.retract_mm, 0.0, 100.0),
            ("greatest speed", self.speed_max_mm_s.unwrap_or(1.0), 1e-3, 1e5),
            ("greatest flow", self.flow_max_mm3_s.unwrap_or(1.0), 1e-3, 1e6),
        ];
        // Written so that what is no number is a fault too.
        let bad = lengths.iter().find(|(_, x, least, most)| !(least <= x && x <= most));
        if let Some((what, x, least, most)) = bad {
            return Some(format!("a {what} of {x} is not within {least} and {most}"));
        }
        if self.infill_mm > 0.0 && self.infill_mm < self.line_mm {
            return Some("infill lines are closer than they are wide".to_owned());
        }
        (self.perimeters > 1000).then(|| "there are more than 1000 perimeters".to_owned())
    }

    /// Speed of printing lines of such a height, mm/s, within the limits.
    pub(super) fn print_speed(&self, height_mm: f64) -> f64 {
        let of_flow = self.flow_max_mm3_s.map_or(f64::INFINITY, |q| q / (self.line_mm * height_mm));
        self.print_mm_s.min(of_flow).min(self.speed_max_mm_s.unwrap_or(f64::INFINITY))
    }

    /// Speed of moving, mm/s, within the limits.
    pub(super) fn travel_speed(&self) -> f64 {
        self.travel_mm_s.min(self.speed_max_mm_s.unwrap_or(f64::INFINITY))
    }

    /// Filament for a millimetre of line of such a height, mm. A line is taken for a box: side
    /// by side at their width, lines then fill just the layer.
    pub(super) fn filament_per_mm(&self, height_mm: f64) -> f64 {
        let cross_section = std::f64::consts::FRAC_PI_4 * self.filament_mm * self.filament_mm;
        self.line_mm * height_mm / cross_section
    }
}
