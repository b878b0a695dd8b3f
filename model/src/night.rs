//! The night: everything a plan is made from, after validation.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::{
    CentreId, MachineClassId, MachineId, MaterialId, OrderId, PartId, PostProcessId, ProcessId,
};
use crate::machine::{Centre, Machine, MachineClass};
use crate::material::{Material, PostProcess, Process};
use crate::measure::LengthUnit;
use crate::order::{Order, OrderLine, Unit};
use crate::time::Time;

/// Everything a plan is made from. Immutable once validated; ids resolve.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Night {
    /// When the plan begins: nothing starts earlier.
    pub planning_time: Time,
    /// Currency of every amount, ISO 4217.
    pub currency: String,
    /// Materials.
    pub materials: BTreeMap<MaterialId, Material>,
    /// Processes.
    pub processes: BTreeMap<ProcessId, Process>,
    /// Treatments after printing.
    pub post_processes: BTreeMap<PostProcessId, PostProcess>,
    /// Centres with their machines.
    pub centres: BTreeMap<CentreId, Centre>,
    /// Machine classes.
    pub classes: BTreeMap<MachineClassId, MachineClass>,
    /// Model files behind the parts.
    pub models: BTreeMap<PartId, ModelFile>,
    /// Confirmed orders.
    pub orders: BTreeMap<OrderId, Order>,
}

/// Where a part's geometry comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelFile {
    /// File name below the night's `models` folder.
    pub file: String,
    /// Unit it is drawn in; a 3MF says so itself.
    pub unit: Option<LengthUnit>,
    /// Whether a person has looked at it and released it, if it needed that.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub released: bool,
}

impl Night {
    /// All machines, in the order of their ids.
    pub fn machines(&self) -> BTreeMap<&MachineId, &Machine> {
        self.centres.values().flat_map(|c| &c.machines).map(|m| (&m.id, m)).collect()
    }

    /// The line of a unit.
    ///
    /// # Panics
    /// If `unit` is not of this night.
    pub fn line(&self, unit: &Unit) -> &OrderLine {
        let order = &self.orders[&unit.order];
        order
            .lines
            .iter()
            .find(|line| line.number == unit.line)
            .expect("units are derived from the lines of the same night")
    }

    /// The units of all confirmed lines, by order, line and copy.
    pub fn units(&self) -> Vec<Unit> {
        let mut units = Vec::new();
        for order in self.orders.values() {
            for line in &order.lines {
                units.extend(line.copies().map(|copy| Unit {
                    id: crate::id::UnitId::derive(&order.id, line.number, copy),
                    order: order.id.clone(),
                    line: line.number,
                    copy,
                }));
            }
        }
        units
    }
}
