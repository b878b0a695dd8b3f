//! Which machine can take which build, and why not.

use std::collections::BTreeSet;

use platewright_model::geometry::{BuildVolume, VolumeShape};
use platewright_model::id::RegionId;
use platewright_model::machine::{Centre, Machine};
use platewright_model::stage::{Build, GroupKey, PrintingGroup, UnplacedReason};

use crate::calendar::Shifts;
use crate::cost::{lost_g, part_mass_g, print_time};
use crate::facts::Facts;

/// Why a machine cannot take a build. The reasons are checked in the order of the variants of
/// the check, so that a greater `stage` means that the machine came closer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Refusal {
    pub(crate) stage: u8,
    pub(crate) reason: UnplacedReason,
    pub(crate) text: String,
}

/// Whether `machine` can take `build` of `group` at all: process, material, certificates,
/// freight to every order, build volume, feedstock at the centre, people for set-up and
/// unloading.
///
/// # Errors
/// The first reason why not, for people.
pub fn machine_can_take(
    facts: &Facts<'_>,
    group: &PrintingGroup,
    build: &Build,
    machine: &Machine,
) -> Result<(), String> {
    let regions = regions(facts, build);
    check(facts, &group.key, build, &regions, machine).map_err(|refusal| refusal.text)
}

/// Regions that the units of a build go to.
pub(crate) fn regions<'a>(facts: &Facts<'a>, build: &Build) -> BTreeSet<&'a RegionId> {
    build.placements.iter().filter_map(|p| facts.line(&p.unit)).map(|(o, _)| &o.region).collect()
}

/// As [`machine_can_take`], with the regions prepared and the reason as data.
pub(crate) fn check(
    facts: &Facts<'_>,
    key: &GroupKey,
    build: &Build,
    regions: &BTreeSet<&RegionId>,
    machine: &Machine,
) -> Result<(), Refusal> {
    let refuse = |stage, reason, text: String| Err(Refusal { stage, reason, text });
    let Some(centre) = facts.centre(&machine.centre) else {
        let text = format!("its centre {} is unknown", machine.centre);
        return refuse(0, UnplacedReason::NoMachine, text);
    };
    takes_key(key, centre, machine).or_else(|text| refuse(1, UnplacedReason::NoMachine, text))?;
    for &region in regions {
        if !ships(centre, region) {
            let text = format!("its centre {} does not ship to {region}", centre.id);
            return refuse(2, UnplacedReason::NoFreight, text);
        }
    }
    if machine.class != build.class && !contains(facts, build, &machine.volume) {
        let text = format!(
            "its volume {} is not known to hold what was nested for {}",
            machine.volume.name(),
            build.class
        );
        return refuse(3, UnplacedReason::TooLarge, text);
    }
    let Some(need_g) = feed_g(facts, key, build, machine) else {
        let text =
            format!("its time model gives no print time that can be planned for {}", build.id);
        return refuse(4, UnplacedReason::NoCapacity, text);
    };
    if let Some(stock) = centre.stock.iter().find(|stock| stock.material == key.material)
        && need_g > stock.mass.0
    {
        let text = format!(
            "centre {} has {:.0} g of {}, the build takes {need_g:.0} g; order feedstock",
            centre.id, stock.mass.0, key.material
        );
        return refuse(5, UnplacedReason::NoCapacity, text);
    }
    staffed(key, machine).or_else(|text| refuse(6, UnplacedReason::NoCapacity, text))
}

/// Whether a machine of a centre has what a group asks for: process, material, certificates.
pub(crate) fn takes_key(key: &GroupKey, centre: &Centre, machine: &Machine) -> Result<(), String> {
    if machine.process != key.process {
        return Err(format!("it runs {}, not {}", machine.process, key.process));
    }
    if !machine.materials.contains(&key.material) {
        return Err(format!("it does not take {}", key.material));
    }
    match key.certificates.iter().find(|c| !centre.certificates.contains(c)) {
        Some(missing) => Err(format!("its centre {} does not hold {missing}", centre.id)),
        None => Ok(()),
    }
}

/// Whether a centre ships to a region.
pub(crate) fn ships(centre: &Centre, region: &RegionId) -> bool {
    centre.freight.iter().any(|freight| freight.region == *region)
}

/// Feedstock that a build takes on a machine, g; `None` if its time or load is beyond reason.
pub(crate) fn feed_g(
    facts: &Facts<'_>,
    key: &GroupKey,
    build: &Build,
    machine: &Machine,
) -> Option<f64> {
    print_time(machine, &build.load)?;
    let process = facts.night.processes.get(&key.process)?;
    let material = facts.night.materials.get(&key.material)?;
    let parts_g = part_mass_g(process, material, build.load.volume_mm3);
    Some(parts_g + lost_g(process, material, machine, &build.load))
}

/// Whether people are ever there long enough to set the machine up and to unload it.
///
/// Where the machine can come to hold another material, time to change it is asked for too, so
/// that no order of builds on the machine can fail.
pub(crate) fn staffed(key: &GroupKey, machine: &Machine) -> Result<(), String> {
    let shifts = Shifts::new(&machine.calendar);
    let Some(longest) = shifts.longest() else { return Ok(()) };
    let other = machine.materials.iter().chain(&machine.loaded).any(|m| *m != key.material);
    let change = if other { machine.changeover.0 } else { 0 };
    let need = (machine.time.setup.0 + change).max(machine.time.unload.0);
    if longest.0 == 0 {
        return Err("nobody ever staffs it; give its calendar staffed hours".to_owned());
    }
    if need > longest.0 {
        return Err(format!(
            "setting it up or unloading it takes {need} s on end, people are there for {} s at \
             most; lengthen a staffed span",
            longest.0
        ));
    }
    Ok(())
}

/// Whether a box volume without excluded regions surely holds what was nested for a build's
/// class: the same corner is the origin, so it is enough that no edge is shorter.
fn contains(facts: &Facts<'_>, build: &Build, volume: &BuildVolume) -> bool {
    let Some(class) = facts.night.classes.get(&build.class) else { return false };
    let boxes = matches!(volume.shape, VolumeShape::Box { .. })
        && matches!(class.volume.shape, VolumeShape::Box { .. });
    let (here, there) = (volume.size(), class.volume.size());
    boxes && volume.excluded.is_empty() && (0..3).all(|k| here[k] >= there[k])
}
