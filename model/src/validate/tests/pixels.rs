//! Pixels of machines.

use super::{Validated, VolumeDraft, checked};
use crate::pixels::PixelGrid;

#[test]
fn images_need_pixels_over_the_whole_plate() {
    let with = |size, pitch_mm, origin_mm| {
        checked(move |d| {
            let machine = &mut d.2.centres[0].machines[0];
            machine.volume = VolumeDraft::Box { x: 120.0, y: 68.0, z: 150.0 };
            machine.accepts = vec!["cli".into(), "sl1".into()];
            let grid = PixelGrid { size, pitch_mm, origin_mm, mirrored: [false; 2], grey: true };
            machine.pixels = (size != [0; 2]).then_some(grid);
        })
    };
    let faults = |all: &Validated| all.faults.iter().map(ToString::to_string).collect::<Vec<_>>();
    let good = with([2400, 1360], [0.05, 0.05], [0.0, 0.0]);
    assert!(good.faults.is_empty(), "{:?}", faults(&good));
    let machines = |all: &Validated| all.night.as_ref().unwrap().machines().len();
    assert!(machines(&good) > 0);
    let larger = with([2560, 1600], [0.05, 0.05], [-2.0, -4.0]);
    assert!(larger.faults.is_empty(), "{:?}", faults(&larger));
    let at = "centres.json: centres[0].machines[0]";
    for (bad, fault) in [
        (
            with([0; 2], [0.05; 2], [0.0; 2]),
            "accepts[1] [E1026] must be a format without images, is \"sl1\", where the machine has \
             no pixels",
        ),
        (
            with([2400, 1300], [0.05; 2], [0.0; 2]),
            "pixels [E1026] must reach over the plate from 0 to 68 mm in y, reaches from 0 to \
             65 mm",
        ),
        (
            with([2400, 1360], [0.05; 2], [0.5, 0.0]),
            "pixels [E1026] must reach over the plate from 0 to 120 mm in x, reaches from 0.5 to \
             120.5 mm",
        ),
        (
            with([2400, 1360], [0.05, 0.0], [0.0; 2]),
            "pixels.pitch_mm[1] [E1013] must be at least 0.0001, is 0",
        ),
        (
            with([70_000, 1360], [0.05; 2], [0.0; 2]),
            "pixels.size[0] [E1013] must be at most 65535, is 70000",
        ),
        (
            with([2400, 1360], [0.05; 2], [0.0, f64::NAN]),
            "pixels.origin_mm[1] [E1013] must be a number, is",
        ),
    ] {
        let told = faults(&bad);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].starts_with(&format!("{at}.{fault}")), "{told:?} is not {fault}");
    }
}
