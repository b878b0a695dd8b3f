//! Machines, their time and cost models, their calendars; print centres.

use serde::{Deserialize, Serialize};

use crate::exposure::ExposureModel;
use crate::geometry::BuildVolume;
use crate::id::{
    CentreId, CertificateId, MachineClassId, MachineId, MaterialId, ProcessId, RegionId,
};
use crate::measure::{Grams, Money, Seconds};
use crate::pixels::PixelGrid;
use crate::time::{DAY_S, Time};

/// A print centre.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Centre {
    /// Its id.
    pub id: CentreId,
    /// Where it is, for people.
    pub place: String,
    /// Certificates it holds.
    pub certificates: Vec<CertificateId>,
    /// Freight to each region it ships to.
    pub freight: Vec<Freight>,
    /// Feedstock at hand; a material not listed is not limited.
    pub stock: Vec<Stock>,
    /// Its machines.
    pub machines: Vec<Machine>,
}

/// Freight from a centre to a region.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Freight {
    /// Destination.
    pub region: RegionId,
    /// Cost of one shipment: all units of one order that leave the centre.
    pub per_shipment: Money,
    /// Cost of a kilogram.
    pub per_kg: Money,
    /// Time on the way.
    pub duration: Seconds,
}

/// Feedstock a centre has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stock {
    /// Which.
    pub material: MaterialId,
    /// How much.
    pub mass: Grams,
}

/// A machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Machine {
    /// Its id, unique in the night.
    pub id: MachineId,
    /// The centre it stands in.
    pub centre: CentreId,
    /// Name for people.
    pub name: String,
    /// Its class: machines alike in process and build volume.
    pub class: MachineClassId,
    /// Process it runs.
    pub process: ProcessId,
    /// Materials it takes.
    pub materials: Vec<MaterialId>,
    /// Material it holds when the night begins.
    pub loaded: Option<MaterialId>,
    /// Time to change to another material, added to the set-up.
    pub changeover: Seconds,
    /// Cost of a change to another material.
    pub changeover_cost: Money,
    /// Where parts may stand.
    pub volume: BuildVolume,
    /// Where its figures come from, for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// How long it takes.
    pub time: TimeModel,
    /// Where the coefficients of `time` come from, for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub time_source: String,
    /// How it makes its layers, if that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exposure: Option<ExposureModel>,
    /// The pixels it exposes or jets, if it makes its layers from images.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pixels: Option<PixelGrid>,
    /// Cost of an occupied hour.
    pub per_hour: Money,
    /// Fixed cost of a build.
    pub per_build: Money,
    /// Share of it that a build should fill, 0 to 1: of the height where parts are stacked, else
    /// of the plate.
    #[serde(default)]
    pub least_fill: f64,
    /// Cost of a build that fills nothing; one that is short of `least_fill` costs the share of
    /// it that is missing.
    #[serde(default)]
    pub short_fill: Money,
    /// When people load and unload it, and when it is not to be had.
    pub calendar: Calendar,
    /// When it is free first.
    pub free_from: Time,
    /// Layer files that its control takes, of [`LAYER_FORMATS`]; with none, its own program
    /// slices the models. Those of [`IMAGE_FORMATS`] need `pixels`.
    #[serde(default = "usual_layer_files")]
    pub accepts: Vec<String>,
}

/// Names of the layer formats.
pub const LAYER_FORMATS: [&str; 9] =
    ["3mf", "cli", "cli-ascii", "dxf", "gcode", "png", "sl1", "slc", "svg"];

/// Names of the layer formats that hold images: they need the pixels of a machine.
pub const IMAGE_FORMATS: [&str; 2] = ["png", "sl1"];

/// What a control takes where nothing is said: a binary CLI file.
pub(crate) fn usual_layer_files() -> Vec<String> {
    vec!["cli".to_owned()]
}

/// Print time of a build on a machine:
/// `fixed + layers · layer + volume · volume_rate + surface · surface_rate + height · height_rate`.
///
/// The form is that of the AM batch scheduling literature (set-up + volume × rate + height ×
/// rate: Li, Kucukkoc, Zhang 2017, Computers & Operations Research 83), with the terms for
/// layers and contours that machine makers publish.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TimeModel {
    /// People prepare the machine; must fall into staffed hours.
    pub setup: Seconds,
    /// Warm-up and everything that does not depend on the build, in s.
    pub fixed_s: f64,
    /// Seconds for one layer (recoating, moving).
    pub layer_s: f64,
    /// Seconds for one mm³ of solid.
    pub volume_s_per_mm3: f64,
    /// Seconds for one mm² of surface (contours).
    pub surface_s_per_mm2: f64,
    /// Seconds for one mm of height.
    pub height_s_per_mm: f64,
    /// Cooling after the print; the machine stays occupied.
    pub cool_down: Seconds,
    /// People take the build out; must fall into staffed hours.
    pub unload: Seconds,
}

/// What the time and cost of a build depend on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct BuildLoad {
    /// Σ volume of the parts, mm³.
    pub volume_mm3: f64,
    /// Σ surface of the parts, mm².
    pub surface_mm2: f64,
    /// Height of the highest part's top over the plate, mm.
    pub height_mm: f64,
    /// Layer thickness, mm.
    pub layer_mm: f64,
}

impl BuildLoad {
    /// Number of layers: the height, divided by the layer thickness, rounded up.
    ///
    /// A height that exceeds a whole number of layers by less than a nanometre counts as that
    /// number, so that rounding in the height adds no layer.
    pub fn layers(&self) -> u32 {
        ((self.height_mm - 1e-6) / self.layer_mm).ceil().max(1.0) as u32
    }
}

impl TimeModel {
    /// Time from the end of set-up to the end of the print.
    pub fn print_time(&self, load: &BuildLoad) -> Seconds {
        Seconds::ceil_from(
            self.fixed_s
                + self.layer_s * f64::from(load.layers())
                + self.volume_s_per_mm3 * load.volume_mm3
                + self.surface_s_per_mm2 * load.surface_mm2
                + self.height_s_per_mm * load.height_mm,
        )
    }
}

/// Staffed hours of the week and times of maintenance, both UTC.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calendar {
    /// Staffed spans in seconds since Monday 0:00, sorted, apart and within one week.
    pub staffed: Vec<(i64, i64)>,
    /// Spans in which the machine must stand still, sorted and apart.
    pub maintenance: Vec<(Time, Time)>,
}

/// Seconds of a week.
pub const WEEK_S: i64 = 7 * DAY_S;

/// A class of machines alike in process and build volume.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MachineClass {
    /// Its id: process and volume.
    pub id: MachineClassId,
    /// The process.
    pub process: ProcessId,
    /// The build volume they share.
    pub volume: BuildVolume,
    /// The machines.
    pub machines: Vec<MachineId>,
}

/// Seconds since Monday 0:00 (UTC) of a time.
pub fn second_of_week(time: Time) -> i64 {
    let (day, second) = time.weekday_and_second();
    day as i64 * DAY_S + second
}
