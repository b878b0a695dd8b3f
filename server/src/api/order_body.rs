//! Orders as they are sent: the same body asks for a quote and places an order.

use std::borrow::Borrow;

use platewright_model::draft::{LineDraft, OrderDraft};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::wire::When;
use crate::records::models::Version;

/// What is wanted.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OrderRequest {
    /// The customer's own name for it.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub(crate) reference: String,
    /// Where it goes: a region that a centre ships to.
    #[schema(min_length = 1, max_length = 100, example = "north")]
    pub(crate) region: String,
    /// When it is wanted.
    pub(crate) due_at: When,
    /// A date that must hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) deadline_at: Option<When>,
    /// Whether all of it is wanted in one shipment.
    #[serde(default)]
    pub(crate) together: bool,
    /// 1 (can wait) to 5 (urgent).
    #[serde(default = "usual_priority")]
    #[schema(minimum = 1, maximum = 5)]
    pub(crate) priority: u8,
    /// With whose orders it may share a build.
    #[serde(default)]
    pub(crate) mixing: Mixing,
    /// Certificates that the printing centre must hold.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub(crate) certificates: Vec<String>,
    /// What is wanted.
    #[schema(min_items = 1, max_items = 10_000)]
    pub(crate) lines: Vec<LineRequest>,
}

/// With whose orders an order may share a build.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Mixing {
    /// With all that say the same.
    #[default]
    Any,
    /// With those of the same customer.
    Customer,
    /// With none.
    Alone,
}

impl Mixing {
    fn name(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Customer => "customer",
            Self::Alone => "alone",
        }
    }
}

/// Copies of a model.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LineRequest {
    /// The model.
    #[schema(format = Uuid)]
    pub(crate) model: String,
    /// Its version; the latest if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1)]
    pub(crate) model_version: Option<i64>,
    /// How many copies.
    #[schema(minimum = 1, maximum = 100_000)]
    pub(crate) quantity: u32,
    /// Id of a material.
    #[schema(min_length = 1, max_length = 100, example = "pa12")]
    pub(crate) material: String,
    /// Id of a process that takes it.
    #[schema(min_length = 1, max_length = 100, example = "pbf")]
    pub(crate) process: String,
    /// Colour, in the customer's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) colour: Option<String>,
    /// Ids of treatments after printing, in order.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub(crate) finish: Vec<String>,
    /// `draft`, `standard` or `fine`.
    #[serde(default)]
    pub(crate) quality: Quality,
    /// How the part may be turned.
    #[serde(default)]
    pub(crate) orientation: Orientation,
    /// Least distance to other parts, mm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 1000)]
    pub(crate) clearance_mm: Option<f64>,
    /// Whether other parts may stand inside its cavities.
    #[serde(default)]
    pub(crate) inside_cavity: bool,
    /// How the model came to be (ISO/IEC 23510, 4.3.2).
    #[serde(default)]
    pub(crate) source: Source,
    /// What the part must be (ISO/ASTM 52901).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) requirements: Option<Requirements>,
}

/// Quality class: chooses the parameter set of the process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Quality {
    /// Thick layers.
    Draft,
    /// What most orders want.
    #[default]
    Standard,
    /// Thin layers.
    Fine,
}

/// How a part may be turned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Orientation {
    /// Only as it is drawn.
    Fixed,
    /// About z.
    Upright,
    /// By quarter turns.
    Axis24,
    /// In any way.
    #[default]
    Any,
}

/// How a model came to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Source {
    /// The customer's own.
    #[default]
    Upload,
    /// A designer makes it.
    Designer,
    /// A scan.
    Scan,
    /// Out of the catalogue.
    Catalogue,
}

/// Elements of a purchase of parts (ISO/ASTM 52901).
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Requirements {
    /// Drawing or model that is the reference of geometry, with its revision.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) geometry_reference: Option<String>,
    /// Tolerances.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tolerances: Option<String>,
    /// Surface texture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) surface: Option<String>,
    /// Build orientation that properties depend on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) build_orientation: Option<String>,
    /// Feedstock specification.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) feedstock: Option<String>,
    /// Whether parts may be repaired.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) repair_allowed: Option<bool>,
    /// Deviations that are accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) acceptable_deviations: Option<String>,
    /// Tests and inspections that are asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) inspection: Option<String>,
    /// Packaging and marking.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) packaging: Option<String>,
}

fn usual_priority() -> u8 {
    2
}

/// An order as the planners' input has it; `versions` are those of its lines.
pub(crate) fn draft(
    request: &OrderRequest,
    id: &str,
    organisation: &str,
    versions: &[impl Borrow<Version>],
) -> OrderDraft {
    let line = |(line, version): (&LineRequest, &Version)| LineDraft {
        model: version.file(),
        unit: version.unit.clone(),
        quantity: line.quantity.into(),
        material: line.material.clone(),
        process: line.process.clone(),
        colour: line.colour.clone(),
        finish: line.finish.clone(),
        quality: name(&line.quality),
        orientation: name(&line.orientation),
        clearance_mm: line.clearance_mm,
        inside_cavity: line.inside_cavity,
        origin: None,
    };
    OrderDraft {
        id: id.to_owned(),
        customer: organisation.to_owned(),
        region: request.region.clone(),
        due: request.due_at.0.to_string(),
        deadline: request.deadline_at.map(|when| when.0.to_string()),
        together: request.together,
        priority: request.priority.into(),
        mixing: request.mixing.name().to_owned(),
        certificates: request.certificates.clone(),
        lines: request.lines.iter().zip(versions.iter().map(Borrow::borrow)).map(line).collect(),
        origin: None,
    }
}

/// The name of a choice on the wire, which is that of the planners' input, too.
fn name(choice: &impl Serialize) -> String {
    let value = serde_json::to_value(choice).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}
