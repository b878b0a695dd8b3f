//! What the planners may know of a night, with its look-ups built once.

use std::collections::{BTreeMap, HashMap};

use platewright_model::id::{CentreId, MachineId, PartId, RegionId, UnitId};
use platewright_model::machine::{Centre, Freight, Machine};
use platewright_model::measure::{Mm, Seconds};
use platewright_model::night::Night;
use platewright_model::oracle::PartMeasures;
use platewright_model::order::{Order, OrderLine, OrientationPolicy, Unit};

/// A night, the measures of its printable parts, and its units.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// The night.
    pub night: &'a Night,
    /// Measures of every part that can be printed.
    pub parts: &'a BTreeMap<PartId, PartMeasures>,
    /// The units of the order book.
    pub units: &'a [Unit],
    lookup: HashMap<UnitId, usize>,
    lines: Vec<Option<(&'a Order, &'a OrderLine)>>,
    machines: BTreeMap<&'a MachineId, &'a Machine>,
}

impl<'a> Facts<'a> {
    /// Builds the look-ups; costs one pass over units and machines.
    pub fn new(
        night: &'a Night,
        parts: &'a BTreeMap<PartId, PartMeasures>,
        units: &'a [Unit],
    ) -> Self {
        let lookup = units.iter().enumerate().map(|(i, unit)| (unit.id, i)).collect();
        let lines = units
            .iter()
            .map(|unit| {
                let order = night.orders.get(&unit.order)?;
                let line = order.lines.iter().find(|line| line.number == unit.line)?;
                Some((order, line))
            })
            .collect();
        Self { night, parts, units, lookup, lines, machines: night.machines() }
    }

    /// The order and the line of a unit, if it is of this night.
    pub fn line(&self, unit: &UnitId) -> Option<(&'a Order, &'a OrderLine)> {
        self.lines[*self.lookup.get(unit)?]
    }

    /// The measures of a part that can be printed.
    pub fn measures(&self, part: &PartId) -> Option<&'a PartMeasures> {
        self.parts.get(part)
    }

    /// All machines, by id.
    pub fn machines(&self) -> &BTreeMap<&'a MachineId, &'a Machine> {
        &self.machines
    }

    /// A machine.
    pub fn machine(&self, id: &MachineId) -> Option<&'a Machine> {
        self.machines.get(id).copied()
    }

    /// A centre.
    pub fn centre(&self, id: &CentreId) -> Option<&'a Centre> {
        self.night.centres.get(id)
    }

    /// Freight from a centre to a region, if it ships there.
    pub fn freight(&self, centre: &CentreId, region: &RegionId) -> Option<&'a Freight> {
        self.centre(centre)?.freight.iter().find(|freight| freight.region == *region)
    }

    /// Time that the treatments of a line take after printing.
    pub fn finish(&self, line: &OrderLine) -> Seconds {
        line.finish
            .iter()
            .filter_map(|id| self.night.post_processes.get(id))
            .map(|p| p.duration)
            .sum()
    }

    /// How the part of a line may be turned: the stricter of line and process.
    pub fn orientation(&self, line: &OrderLine) -> OrientationPolicy {
        let process = self.night.processes.get(&line.process);
        process.map_or(line.orientation, |process| process.orientation.min(line.orientation))
    }

    /// Clearance that a line asks for, at least that of its process.
    pub fn clearance(&self, line: &OrderLine) -> Mm {
        let least = self.night.processes.get(&line.process).map_or(Mm(0.0), |p| p.part_part);
        match line.clearance {
            Some(own) if own.0 > least.0 => own,
            _ => least,
        }
    }
}
