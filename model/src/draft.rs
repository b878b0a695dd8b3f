//! A night as people write it: wire types of the three files of a night folder.
//!
//! Drafts are lenient, so that [`crate::validate::validate`] can collect every fault with its
//! place: times and choices are text, numbers may be out of range, what is left out gets its
//! default or is reported by name. Units stand last in the names of fields; money is in minor
//! units of the catalogue's currency.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};

use crate::error::InputFault;
use crate::exposure::ExposureModel;
use crate::material::LayerArea;
use crate::pixels::PixelGrid;
use crate::print_limits::PrintLimits;

/// Name of the file that holds [`CatalogueDraft`].
pub const CATALOGUE_FILE: &str = "catalogue.json";
/// Name of the file that holds [`CentresDraft`].
pub const CENTRES_FILE: &str = "centres.json";
/// Name of the JSON file that holds [`OrdersDraft`].
pub const ORDERS_FILE: &str = "orders.json";

/// Where a draft was read, for the places of faults.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Place, such as `orders.csv: row 12`; the name of the field is appended.
    pub place: String,
    /// Why it could not be read, if so; its fields are then not looked at.
    pub unreadable: Vec<InputFault>,
}

/// `orders.json`: what was ordered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(extend("required" = ["planning_time", "orders"]))]
pub struct OrdersDraft {
    /// When the plan begins, RFC 3339.
    pub planning_time: String,
    /// The orders.
    pub orders: Vec<OrderDraft>,
    /// Where the planning time was read; `None`: in `orders.json`.
    #[serde(skip)]
    pub origin: Option<Origin>,
}

/// An order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(extend("required" = ["id", "customer", "region", "due", "lines"]))]
pub struct OrderDraft {
    /// Its id, unique in the night.
    pub id: String,
    /// Who ordered.
    pub customer: String,
    /// Where it goes: a region that at least one centre ships to.
    pub region: String,
    /// When it must have arrived, RFC 3339; after the planning time.
    pub due: String,
    /// A date that must hold, RFC 3339, not before `due`: a miss costs `objective.missed_deadline`
    /// on top of lateness. Left out: there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline: Option<String>,
    /// Whether all of it is wanted in one shipment: each centre beyond the first that ships units
    /// of it costs `objective.apart_per_shipment`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub together: bool,
    /// 1 (can wait) to 5 (urgent).
    #[serde(serialize_with = "tidy")]
    pub priority: f64,
    /// `any`: with other orders in a build; `customer`: with those of the same customer;
    /// `alone`: with none.
    pub mixing: String,
    /// Certificates that the printing centre must hold.
    pub certificates: Vec<String>,
    /// What is ordered.
    pub lines: Vec<LineDraft>,
    /// Where the order was read; `None`: at its index in `orders.json`.
    #[serde(skip)]
    pub origin: Option<Origin>,
}

impl Default for OrderDraft {
    fn default() -> Self {
        Self {
            id: String::new(),
            customer: String::new(),
            region: String::new(),
            due: String::new(),
            deadline: None,
            together: false,
            priority: 2.0,
            mixing: "any".to_owned(),
            certificates: Vec::new(),
            lines: Vec::new(),
            origin: None,
        }
    }
}

/// Copies of one model in one material, process and finish.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(extend("required" = ["model", "quantity", "material", "process"]))]
pub struct LineDraft {
    /// File name below the night's `models` folder: `.stl`, `.obj`, `.ply` or `.3mf`.
    pub model: String,
    /// Unit the model is drawn in: `micron`, `mm`, `cm`, `m`, `inch` or `foot`. Needed for STL
    /// and OBJ; a 3MF says so itself.
    pub unit: Option<String>,
    /// How many copies, a whole number from 1.
    #[serde(serialize_with = "tidy")]
    pub quantity: f64,
    /// Id of a material.
    pub material: String,
    /// Id of a process that takes the material.
    pub process: String,
    /// Colour, in the customer's words.
    pub colour: Option<String>,
    /// Ids of treatments after printing, in order.
    pub finish: Vec<String>,
    /// `draft`, `standard` or `fine`.
    pub quality: String,
    /// How the part may be turned: `fixed` (as drawn), `upright` (about z), `axis24` (by
    /// quarter turns) or `any`.
    pub orientation: String,
    /// Least distance to other parts, mm, where more than the process asks for is wanted.
    pub clearance_mm: Option<f64>,
    /// Whether other parts may stand inside this part's cavities.
    pub inside_cavity: bool,
    /// Where the line was read; `None`: at its index in `orders.json`.
    #[serde(skip)]
    pub origin: Option<Origin>,
}

impl Default for LineDraft {
    fn default() -> Self {
        Self {
            model: String::new(),
            unit: None,
            quantity: 0.0,
            material: String::new(),
            process: String::new(),
            colour: None,
            finish: Vec::new(),
            quality: "standard".to_owned(),
            orientation: "any".to_owned(),
            clearance_mm: None,
            inside_cavity: false,
            origin: None,
        }
    }
}

/// `catalogue.json`: materials, processes and treatments.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CatalogueDraft {
    /// Currency of every amount, ISO 4217, such as `EUR`.
    pub currency: String,
    /// Materials.
    pub materials: Vec<MaterialDraft>,
    /// Processes.
    pub processes: Vec<ProcessDraft>,
    /// Treatments after printing.
    #[serde(default)]
    pub post_processes: Vec<PostProcessDraft>,
}

/// A feedstock.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MaterialDraft {
    /// Its id.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Density of the printed solid, g/cm³.
    pub density_g_cm3: f64,
    /// Price of a kilogram, minor units.
    pub price_per_kg: i64,
    /// Powder: share (0 to 1) of the unfused powder of a build to be replaced by new.
    #[serde(default)]
    pub refresh_loss: f64,
    /// Powder: density of the unfused bed, g/cm³; 0 for other feedstock.
    #[serde(default)]
    pub bed_density_g_cm3: f64,
}

/// A process with its rules for nesting.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProcessDraft {
    /// Its id.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Category of ISO/ASTM 52900: `BJT`, `DED`, `MEX`, `MJT`, `PBF`, `SHL` or `VPP`.
    pub category: String,
    /// `volume`: parts are stacked in powder; `plate`: parts stand side by side.
    pub nesting: String,
    /// Least distance between two parts, mm.
    pub part_part_mm: f64,
    /// Least distance of a part to walls and excluded regions, mm.
    pub part_wall_mm: f64,
    /// Distance of a part to the plate, mm: `volume`, at least; `plate`, exactly (supports).
    pub part_plate_mm: f64,
    /// Turns the process allows at most: `fixed`, `upright`, `axis24` or `any`.
    #[serde(default = "any")]
    pub orientation: String,
    /// Share (above 0, to 1) of a part's volume that is filled with material.
    #[serde(default = "one")]
    pub solid_fraction: f64,
    /// What it can print of a part's shape; the usual figures of its category if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<PrintLimits>,
    /// Limits on the area that a layer fuses, only where parts are stacked; none if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layer_area: Option<LayerArea>,
    /// Ids of the materials it takes.
    pub materials: Vec<String>,
    /// Parameter sets, one for each quality class it offers.
    pub parameter_sets: Vec<ParameterSetDraft>,
}

/// Writes whole numbers without a decimal point, as people do.
fn tidy<S: Serializer>(value: &f64, to: S) -> Result<S::Ok, S::Error> {
    // Whole numbers up to 2^53 are exact in both types.
    if value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0 {
        to.serialize_i64(*value as i64)
    } else {
        to.serialize_f64(*value)
    }
}

fn is_zero(share: &f64) -> bool {
    *share == 0.0
}

fn is_free(amount: &i64) -> bool {
    *amount == 0
}

fn any() -> String {
    "any".to_owned()
}

fn one() -> f64 {
    1.0
}

/// Parameters of a process for one quality class.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ParameterSetDraft {
    /// Its id.
    pub id: String,
    /// `draft`, `standard` or `fine`.
    pub quality: String,
    /// Layer thickness, mm.
    pub layer_mm: f64,
}

/// A treatment after printing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostProcessDraft {
    /// Its id.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// How long it keeps an order at the centre, hours.
    pub hours: f64,
}

/// `centres.json`: print centres and their machines.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CentresDraft {
    /// The centres.
    pub centres: Vec<CentreDraft>,
}

/// A print centre.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CentreDraft {
    /// Its id.
    pub id: String,
    /// Where it is, for people.
    pub place: String,
    /// Certificates it holds.
    #[serde(default)]
    pub certificates: Vec<String>,
    /// Freight to each region it ships to.
    pub freight: Vec<FreightDraft>,
    /// Feedstock at hand; a material not listed is not limited.
    #[serde(default)]
    pub stock: Vec<StockDraft>,
    /// Its machines.
    pub machines: Vec<MachineDraft>,
}

/// Freight from a centre to a region.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FreightDraft {
    /// Destination.
    pub region: String,
    /// Cost of one shipment, minor units.
    pub per_shipment: i64,
    /// Cost of a kilogram, minor units.
    pub per_kg: i64,
    /// Time on the way, hours.
    pub hours: f64,
}

/// Feedstock a centre has.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StockDraft {
    /// Id of the material.
    pub material: String,
    /// How much, kg.
    pub kg: f64,
}

/// A machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MachineDraft {
    /// Its id, unique in the night.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Where its figures come from, for people.
    #[serde(default)]
    pub source: String,
    /// Id of the process it runs.
    pub process: String,
    /// Ids of the materials it takes; each one of its process.
    pub materials: Vec<String>,
    /// Material it holds when the night begins.
    #[serde(default)]
    pub loaded: Option<String>,
    /// Time to change to another material, minutes.
    #[serde(default)]
    pub changeover_minutes: f64,
    /// Cost of a change to another material, minor units.
    #[serde(default)]
    pub changeover_cost: i64,
    /// Outline of its build volume.
    pub volume: VolumeDraft,
    /// Boxes that no part may enter.
    #[serde(default)]
    pub excluded: Vec<ExcludedDraft>,
    /// How long it takes.
    pub time: TimeDraft,
    /// How it makes its layers; with it, the print time of a sliced build follows from its layers
    /// one by one, without it from `time`, which plans are scheduled and priced by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exposure: Option<ExposureModel>,
    /// The pixels it exposes or jets, over the whole plate; left out: it takes no images.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pixels: Option<PixelGrid>,
    /// Cost of an occupied hour, minor units.
    pub per_hour: i64,
    /// Fixed cost of a build, minor units.
    #[serde(default)]
    pub per_build: i64,
    /// Share (0 to 1) of the machine that a build should fill: of the height where parts are
    /// stacked, else of the plate.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub least_fill: f64,
    /// Cost of a build that fills nothing, minor units; one that fills less than `least_fill`
    /// costs the share of it that is missing.
    #[serde(default, skip_serializing_if = "is_free")]
    pub short_fill: i64,
    /// When people load and unload it, and when it is not to be had.
    pub calendar: CalendarDraft,
    /// When it is free first, RFC 3339; left out: at the planning time.
    #[serde(default)]
    pub free_from: Option<String>,
    /// Layer files that its control takes: `3mf`, `cli`, `cli-ascii`, `dxf`, `gcode`, `slc`, `svg`
    /// and, if it has `pixels`, `png` or `sl1`; an empty list where its own program slices the
    /// models.
    #[serde(default = "crate::machine::usual_layer_files")]
    pub accepts: Vec<String>,
}

/// Outline of a build volume.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase", tag = "kind", deny_unknown_fields)]
pub enum VolumeDraft {
    /// A box, in mm.
    Box {
        /// Width, mm.
        x: f64,
        /// Depth, mm.
        y: f64,
        /// Height, mm.
        z: f64,
    },
    /// An upright cylinder, in mm.
    Cylinder {
        /// Diameter of the round plate, mm.
        diameter: f64,
        /// Height, mm.
        z: f64,
    },
}

/// A box that no part may enter, in mm, in the frame of the build volume.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExcludedDraft {
    /// Least corner, mm.
    pub min: [f64; 3],
    /// Greatest corner, mm.
    pub max: [f64; 3],
}

/// Print time of a machine.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TimeDraft {
    /// Where the coefficients come from, for people: data sheet, refit of so many jobs.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// People prepare the machine, minutes.
    pub setup_minutes: f64,
    /// Warm-up and everything else that does not depend on the build, minutes.
    pub fixed_minutes: f64,
    /// Seconds for one layer.
    pub layer_s: f64,
    /// Seconds for one cm³ of solid.
    pub volume_s_per_cm3: f64,
    /// Seconds for one cm² of surface.
    #[serde(default)]
    pub surface_s_per_cm2: f64,
    /// Seconds for one mm of height.
    #[serde(default)]
    pub height_s_per_mm: f64,
    /// Cooling after the print, minutes.
    pub cool_down_minutes: f64,
    /// People take the build out, minutes.
    pub unload_minutes: f64,
}

/// When people are at a machine, and when it stands still; UTC.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarDraft {
    /// Staffed hours of the week.
    pub staffed: Vec<StaffedDraft>,
    /// Times of maintenance.
    #[serde(default)]
    pub maintenance: Vec<MaintenanceDraft>,
}

/// Staffed hours on some days of the week.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StaffedDraft {
    /// `mon`, `tue`, `wed`, `thu`, `fri`, `sat`, `sun`.
    pub days: Vec<String>,
    /// From, such as `06:00`.
    pub from: String,
    /// To, such as `22:00`; `24:00` is midnight; earlier than `from`: on the next day.
    pub to: String,
}

/// A time of maintenance.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MaintenanceDraft {
    /// From, RFC 3339.
    pub from: String,
    /// To, RFC 3339.
    pub to: String,
}
