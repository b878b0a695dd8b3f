//! The 3MF of a build (ISO/IEC 25422, core and production): one object a part, one item a unit,
//! whose UUID is the unit's own.

use std::collections::BTreeMap;

use platewright_mesh::{ThreeMfBuild, ThreeMfItem, ThreeMfObject, write_3mf};
use platewright_model::id::{PartId, derive_uuid};

use crate::error::PackageError;
use crate::package::manifest::ManifestUnit;
use crate::package::write::PackageInput;

/// Bytes of the 3MF.
pub(crate) fn three_mf(
    input: &PackageInput<'_>,
    units: &[ManifestUnit],
) -> Result<Vec<u8>, PackageError> {
    let build = &input.build.id;
    let mut index: BTreeMap<&PartId, usize> = units.iter().map(|u| (&u.part, 0)).collect();
    index.values_mut().enumerate().for_each(|(k, place)| *place = k);
    let objects = index
        .keys()
        .map(|part| {
            Ok(ThreeMfObject {
                name: part.to_string(),
                mesh: input.mesh(part)?,
                uuid: derive_uuid(&format!("object/{build}/{part}")).to_string(),
            })
        })
        .collect::<Result<_, PackageError>>()?;
    let items = units
        .iter()
        .map(|unit| ThreeMfItem {
            object: index[&unit.part],
            pose: unit.pose,
            uuid: unit.unit.to_string(),
            part_number: format!("{}/{}/{}", unit.order, unit.line, unit.copy),
        })
        .collect();
    let metadata = vec![
        ("Title".to_owned(), format!("Build {build}")),
        ("Application".to_owned(), "Platewright".to_owned()),
        ("machine".to_owned(), input.assigned.machine.to_string()),
        ("centre".to_owned(), input.assigned.centre.to_string()),
    ];
    let uuid = derive_uuid(&format!("build/{build}")).to_string();
    write_3mf(&ThreeMfBuild { uuid, objects, items, metadata })
        .map_err(|e| PackageError::ThreeMf { build: build.to_string(), source: Box::new(e) })
}
