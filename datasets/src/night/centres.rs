//! Centres and machines, modelled on published specifications.
//!
//! Build volumes are the makers' own figures; recoat times and rates are plausible values that
//! give the makers' published build speeds, not measurements.

use platewright_model::draft::{
    CalendarDraft, CentreDraft, CentresDraft, ExcludedDraft, FreightDraft, MachineDraft,
    MaintenanceDraft, StaffedDraft, StockDraft, TimeDraft, VolumeDraft,
};

use super::is_toy;

/// What machines of one kind have in common.
struct Kind {
    name: &'static str,
    source: &'static str,
    process: &'static str,
    materials: &'static [&'static str],
    volume: VolumeDraft,
    excluded: &'static [ExcludedDraft],
    /// Set-up, warm-up, cool-down, unloading, minutes.
    minutes: [f64; 4],
    /// Seconds for a layer, for a cm³, for a cm².
    rates: [f64; 3],
    /// Cents for an hour, for a build.
    cost: [i64; 2],
    /// Minutes and cents to change the material.
    changeover: (f64, i64),
}

const fn zone(min: [f64; 3], max: [f64; 3]) -> ExcludedDraft {
    ExcludedDraft { min, max }
}

const fn room(x: f64, y: f64, z: f64) -> VolumeDraft {
    VolumeDraft::Box { x, y, z }
}

const P396: Kind = Kind {
    name: "EOS P 396",
    source: "EOS P 396 data sheet: 340 x 340 x 600 mm, 70 W CO2 laser, up to 6 m/s",
    process: "sls",
    materials: &["pa12", "pa11"],
    volume: room(340.0, 340.0, 600.0),
    excluded: &[],
    minutes: [60.0, 120.0, 600.0, 60.0],
    rates: [13.0, 4.6, 0.3],
    cost: [1_800, 6_000],
    changeover: (240.0, 25_000),
};
const P110: Kind = Kind {
    name: "EOS FORMIGA P 110",
    source: "FORMIGA P 110 Velocis data sheet: 200 x 250 x 330 mm, 30 W CO2 laser, up to 5 m/s",
    process: "sls",
    materials: &["pa12", "pa11"],
    volume: room(200.0, 250.0, 330.0),
    excluded: &[],
    minutes: [45.0, 100.0, 420.0, 45.0],
    rates: [12.0, 8.0, 0.4],
    cost: [1_100, 4_000],
    changeover: (180.0, 15_000),
};
const FUSE: Kind = Kind {
    name: "Formlabs Fuse 1+ 30W",
    source: "Fuse 1+ 30W data sheet: 165 x 165 x 300 mm, 30 W fibre laser, up to 12.5 m/s",
    process: "sls",
    materials: &["pa12", "pa11"],
    volume: room(165.0, 165.0, 300.0),
    excluded: &[],
    minutes: [30.0, 60.0, 600.0, 30.0],
    rates: [9.0, 6.0, 0.4],
    cost: [700, 2_500],
    changeover: (90.0, 8_000),
};
const HP5200: Kind = Kind {
    name: "HP Jet Fusion 5200",
    source: "HP Jet Fusion 5200 data sheet: 380 x 284 x 380 mm, up to 5058 cm³/h of build volume",
    process: "mjf",
    materials: &["pa12-mjf", "tpu-mjf"],
    volume: room(380.0, 284.0, 380.0),
    excluded: &[],
    minutes: [30.0, 45.0, 300.0, 40.0],
    rates: [8.7, 0.0, 0.0],
    cost: [2_600, 7_000],
    changeover: (240.0, 35_000),
};
const MK4S: Kind = Kind {
    name: "Prusa MK4S",
    source: "Original Prusa MK4S data sheet: 250 x 210 x 220 mm; purge line along the front",
    process: "fff",
    materials: &["pla", "petg"],
    volume: room(250.0, 210.0, 220.0),
    excluded: &[zone([0.0, 0.0, 0.0], [110.0, 6.0, 3.0])],
    minutes: [10.0, 6.0, 10.0, 10.0],
    rates: [2.0, 26.0, 8.0],
    cost: [250, 150],
    changeover: (10.0, 200),
};
const X1E: Kind = Kind {
    name: "Bambu Lab X1E",
    source: "X1E data sheet: 256 x 256 x 256 mm; front left 18 x 28 mm kept free for the cutter",
    process: "fff",
    materials: &["pla", "petg", "asa"],
    volume: room(256.0, 256.0, 256.0),
    excluded: &[zone([0.0, 0.0, 0.0], [18.0, 28.0, 256.0])],
    minutes: [10.0, 8.0, 15.0, 10.0],
    rates: [1.6, 18.0, 6.0],
    cost: [380, 200],
    changeover: (8.0, 200),
};
const FORM4: Kind = Kind {
    name: "Formlabs Form 4",
    source: "Form 4 data sheet: 200 x 125 x 210 mm, up to 100 mm/h",
    process: "vpp",
    materials: &["resin-standard", "resin-tough", "resin-castable"],
    volume: room(200.0, 125.0, 210.0),
    excluded: &[],
    minutes: [12.0, 5.0, 0.0, 12.0],
    rates: [4.6, 0.5, 0.0],
    cost: [450, 300],
    changeover: (15.0, 600),
};
const FORM4L: Kind = Kind {
    name: "Formlabs Form 4L",
    source: "Form 4L data sheet: 353 x 196 x 350 mm, up to 80 mm/h",
    process: "vpp",
    materials: &["resin-standard", "resin-tough"],
    volume: room(353.0, 196.0, 350.0),
    excluded: &[],
    minutes: [18.0, 8.0, 0.0, 18.0],
    rates: [5.8, 0.5, 0.0],
    cost: [800, 500],
    changeover: (25.0, 1_200),
};
/// Heads of the screws that hold the plate.
const SCREWS: [ExcludedDraft; 4] = [
    zone([0.0, 0.0, 0.0], [14.0, 14.0, 12.0]),
    zone([236.0, 0.0, 0.0], [250.0, 14.0, 12.0]),
    zone([0.0, 236.0, 0.0], [14.0, 250.0, 12.0]),
    zone([236.0, 236.0, 0.0], [250.0, 250.0, 12.0]),
];
const M290: Kind = Kind {
    name: "EOS M 290",
    source: "EOS M 290 data sheet: 250 x 250 x 325 mm, 400 W fibre laser; plate held by screws",
    process: "lpbf",
    materials: &["alsi10mg", "316l"],
    volume: room(250.0, 250.0, 325.0),
    excluded: &SCREWS,
    minutes: [90.0, 60.0, 120.0, 90.0],
    rates: [9.0, 150.0, 6.0],
    cost: [5_500, 12_000],
    changeover: (480.0, 60_000),
};
const TRUPRINT: Kind = Kind {
    name: "TRUMPF TruPrint 1000",
    source: "TruPrint 1000 data sheet: diameter 100 x 100 mm, 200 W fibre laser, 2 to 18 cm³/h",
    process: "lpbf",
    materials: &["316l", "alsi10mg"],
    volume: VolumeDraft::Cylinder { diameter: 98.0, z: 100.0 },
    excluded: &[],
    minutes: [60.0, 30.0, 60.0, 60.0],
    rates: [7.5, 240.0, 8.0],
    cost: [3_200, 6_000],
    changeover: (300.0, 30_000),
};

/// A centre: id, place, certificates, machines, staffed hours, freight and stock.
struct Site {
    id: &'static str,
    place: &'static str,
    certificates: &'static [&'static str],
    machines: &'static [(&'static str, &'static Kind)],
    staffed: &'static [(&'static [&'static str], &'static str, &'static str)],
    /// Hours to each region; the cost follows from them.
    freight: [f64; 4],
    stock: &'static [(&'static str, f64)],
    /// Machine and time of a maintenance.
    maintenance: Option<(&'static str, &'static str, &'static str)>,
}

/// Regions that orders go to.
pub(super) const REGIONS: [&str; 4] = ["eu-west", "eu-central", "eu-north", "eu-south"];

const WEEKDAYS: &[&str] = &["mon", "tue", "wed", "thu", "fri"];

const SITES: [Site; 4] = [
    Site {
        id: "lyon",
        place: "Lyon, France",
        certificates: &["iso-9001"],
        machines: &[("p396", &P396), ("p110", &P110), ("mk4s-1", &MK4S), ("mk4s-2", &MK4S)],
        staffed: &[(WEEKDAYS, "05:00", "21:00"), (&["sat", "sun"], "08:00", "14:00")],
        freight: [20.0, 36.0, 48.0, 24.0],
        stock: &[("pa12", 420.0), ("pa11", 60.0)],
        maintenance: Some(("p110", "2026-11-23T06:00:00Z", "2026-11-23T14:00:00Z")),
    },
    Site {
        id: "eindhoven",
        place: "Eindhoven, Netherlands",
        certificates: &["iso-9001", "iso-13485"],
        machines: &[("hp-1", &HP5200), ("hp-2", &HP5200), ("form4l", &FORM4L)],
        staffed: &[
            (&["mon", "tue", "wed", "thu", "fri", "sat"], "06:00", "22:00"),
            (&["sun"], "09:00", "14:00"),
        ],
        freight: [24.0, 24.0, 30.0, 44.0],
        stock: &[("pa12-mjf", 500.0), ("tpu-mjf", 90.0)],
        maintenance: None,
    },
    Site {
        id: "brno",
        place: "Brno, Czechia",
        certificates: &["iso-9001"],
        machines: &[("mk4s-1", &MK4S), ("mk4s-2", &MK4S), ("x1e", &X1E), ("form4", &FORM4)],
        staffed: &[(WEEKDAYS, "06:00", "22:00"), (&["sat", "sun"], "08:00", "18:00")],
        freight: [44.0, 22.0, 36.0, 36.0],
        stock: &[("resin-castable", 12.0)],
        maintenance: Some(("mk4s-2", "2026-11-22T08:00:00Z", "2026-11-22T12:00:00Z")),
    },
    Site {
        id: "ulm",
        place: "Ulm, Germany",
        certificates: &["iso-9001", "as9100"],
        machines: &[("m290", &M290), ("truprint", &TRUPRINT), ("fuse", &FUSE)],
        staffed: &[(WEEKDAYS, "07:00", "17:00"), (&["sat"], "08:00", "14:00")],
        freight: [30.0, 18.0, 36.0, 30.0],
        stock: &[("alsi10mg", 160.0), ("316l", 300.0), ("pa12", 90.0)],
        maintenance: Some(("m290", "2026-11-25T07:00:00Z", "2026-11-25T15:00:00Z")),
    },
];

/// The centres of a night of `units`: one machine of each kind up to the demo night's size,
/// more of them for more units.
pub(crate) fn centres(units: u32) -> CentresDraft {
    let copies = (units + 450) / 900;
    let centres = SITES
        .iter()
        .map(|site| {
            let keep = |id: &str| !is_toy(units) || ["p110", "x1e"].contains(&id);
            let kinds = site.machines.iter().filter(|m| keep(m.0));
            let machines: Vec<MachineDraft> = kinds
                .flat_map(|m| (0..copies.max(1)).map(move |copy| machine(site, m.0, m.1, copy)))
                .collect();
            centre(site, machines)
        })
        .filter(|centre| !centre.machines.is_empty())
        .collect();
    CentresDraft { centres }
}

fn centre(site: &Site, machines: Vec<MachineDraft>) -> CentreDraft {
    let freight = REGIONS.iter().zip(site.freight).map(|(region, hours)| FreightDraft {
        region: (*region).into(),
        per_shipment: 450 + 15 * hours as i64,
        per_kg: 60 + 4 * hours as i64,
        hours,
    });
    let copies = machines.len().div_ceil(site.machines.len()) as f64;
    let stock = site
        .stock
        .iter()
        .map(|&(material, kg)| StockDraft { material: material.into(), kg: kg * copies });
    CentreDraft {
        id: site.id.into(),
        place: site.place.into(),
        certificates: site.certificates.iter().map(|&c| c.into()).collect(),
        freight: freight.collect(),
        stock: stock.collect(),
        machines,
    }
}

fn machine(site: &Site, id: &str, kind: &Kind, copy: u32) -> MachineDraft {
    let suffix = if copy == 0 {
        String::new()
    } else {
        format!("-{}", (b'a' + copy as u8 % 26) as char) + &"x".repeat(copy as usize / 26)
    };
    let own = site.maintenance.filter(|m| m.0 == id && copy == 0);
    let staffed = site.staffed.iter().map(|&(days, from, to)| StaffedDraft {
        days: days.iter().map(|&d| d.into()).collect(),
        from: from.into(),
        to: to.into(),
    });
    let maintenance = own.iter().map(|m| MaintenanceDraft { from: m.1.into(), to: m.2.into() });
    let [setup_minutes, fixed_minutes, cool_down_minutes, unload_minutes] = kind.minutes;
    let [layer_s, volume_s_per_cm3, surface_s_per_cm2] = kind.rates;
    MachineDraft {
        id: format!("{}-{id}{suffix}", site.id),
        name: kind.name.into(),
        source: kind.source.into(),
        process: kind.process.into(),
        materials: kind.materials.iter().map(|&m| m.into()).collect(),
        loaded: Some(
            kind.materials[if id.ends_with('2') && kind.process == "fff" { 1 } else { 0 }].into(),
        ),
        changeover_minutes: kind.changeover.0,
        changeover_cost: kind.changeover.1,
        volume: kind.volume.clone(),
        excluded: kind.excluded.to_vec(),
        time: TimeDraft {
            source: String::new(),
            setup_minutes,
            fixed_minutes,
            layer_s,
            volume_s_per_cm3,
            surface_s_per_cm2,
            height_s_per_mm: 0.0,
            cool_down_minutes,
            unload_minutes,
        },
        exposure: None,
        pixels: None,
        per_hour: kind.cost[0],
        per_build: kind.cost[1],
        least_fill: 0.0,
        short_fill: 0,
        calendar: CalendarDraft { staffed: staffed.collect(), maintenance: maintenance.collect() },
        free_from: None,
        accepts: vec!["cli".to_owned()],
    }
}
