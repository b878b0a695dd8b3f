//! Orders, their lines and units.

use serde::{Deserialize, Serialize};

use crate::id::{
    CertificateId, CustomerId, MaterialId, OrderId, PartId, PostProcessId, ProcessId, RegionId,
    UnitId,
};
use crate::measure::Mm;
use crate::time::Time;

/// A confirmed order; its lines passed validation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// Its id, unique in the night.
    pub id: OrderId,
    /// Who ordered.
    pub customer: CustomerId,
    /// Where it goes.
    pub region: RegionId,
    /// When it must have arrived.
    pub due: Time,
    /// A date that must hold, not before `due`; what a miss costs is far more than lateness.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Time>,
    /// When the plan in force said that it arrives, where the night is planned again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised: Option<Time>,
    /// Whether all of it is wanted in one shipment, from one centre.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub together: bool,
    /// 1 (can wait) to 5 (urgent); lateness is weighted by it.
    pub priority: u8,
    /// Whether its units may share a build with others.
    pub mixing: MixingRule,
    /// Certificates the producing centre must hold.
    pub certificates: Vec<CertificateId>,
    /// What is ordered.
    pub lines: Vec<OrderLine>,
}

/// Copies of one part in one material, process and finish.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderLine {
    /// Position in the order as it was received, from 0 (lines left out keep their number).
    pub number: usize,
    /// The part.
    pub part: PartId,
    /// How many copies, at least 1, those of `elsewhere` with them.
    pub quantity: u32,
    /// Copies (from 0, sorted) that are none of this night's: printed in one before, or given up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub elsewhere: Vec<u32>,
    /// Feedstock.
    pub material: MaterialId,
    /// Process.
    pub process: ProcessId,
    /// Colour, as the customer wrote it.
    pub colour: Option<String>,
    /// Treatments after printing, in order.
    pub finish: Vec<PostProcessId>,
    /// Quality class: chooses the parameter set of the process.
    pub quality: QualityClass,
    /// How the part may be turned.
    pub orientation: OrientationPolicy,
    /// Clearance to other parts, where more than the process asks for is wanted.
    pub clearance: Option<Mm>,
    /// Whether other parts may stand inside this part's cavities.
    pub inside_cavity: bool,
}

impl OrderLine {
    /// The copies that this night prints, from 0, ascending.
    pub fn copies(&self) -> impl Iterator<Item = u32> {
        (0..self.quantity).filter(|copy| self.elsewhere.binary_search(copy).is_err())
    }
}

/// How a part may be turned when it is nested; it is never mirrored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OrientationPolicy {
    /// Only as it is drawn.
    Fixed,
    /// Any turn about z.
    Upright,
    /// The 24 rotations that map the axes onto themselves.
    Axis24,
    /// Any rotation.
    Any,
}

/// Quality class of a line (5.6 note 1 of ISO/IEC 23510: precision).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum QualityClass {
    /// Thick layers, least cost.
    Draft,
    /// What most orders want.
    Standard,
    /// Thin layers.
    Fine,
}

/// Whether units of an order may share a build with those of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MixingRule {
    /// With any order that says the same.
    Any,
    /// Only with orders of the same customer.
    Customer,
    /// With no other order.
    Alone,
}

/// One printed copy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unit {
    /// Its UUID.
    pub id: UnitId,
    /// Its order.
    pub order: OrderId,
    /// [`OrderLine::number`] of its line.
    pub line: usize,
    /// Which copy of the line, from 0.
    pub copy: u32,
}
