use super::{Validated, validate};
use crate::config::{Config, DEFAULT_TOML, Limits};
use crate::draft::{
    CatalogueDraft, CentresDraft, ExcludedDraft, LineDraft, OrdersDraft, VolumeDraft,
};
use crate::machine::WEEK_S;
use crate::night::Night;

mod batching;
mod pixels;
mod single;
mod terms;

type Drafts = (OrdersDraft, CatalogueDraft, CentresDraft);

fn limits() -> Limits {
    toml::from_str::<Config>(DEFAULT_TOML).unwrap().limits
}

fn drafts() -> Drafts {
    let orders = r#"{"planning_time": "2026-11-20T20:00:00Z", "orders": [
        {"id": "A-1", "customer": "ada", "region": "north", "due": "2026-11-25T12:00:00Z",
         "lines": [
           {"model": "ring.stl", "unit": "mm", "quantity": 4, "material": "pa12",
            "process": "sls", "finish": ["dye-black"]},
           {"model": "box.3mf", "quantity": 1, "material": "pa12", "process": "sls"}]},
        {"id": "A-2", "customer": "bob", "region": "south", "due": "2026-11-26T12:00:00+01:00",
         "priority": 5, "mixing": "alone", "certificates": ["iso13485"],
         "lines": [
           {"model": "ring.stl", "unit": "inch", "quantity": 2, "material": "pa12",
            "process": "sls", "clearance_mm": 3.5}]}]}"#;
    let catalogue = r#"{"currency": "EUR",
        "materials": [
          {"id": "pa12", "name": "PA 12", "density_g_cm3": 0.95, "price_per_kg": 6000,
           "refresh_loss": 0.3, "bed_density_g_cm3": 0.45},
          {"id": "pla", "name": "PLA", "density_g_cm3": 1.24, "price_per_kg": 2000}],
        "processes": [
          {"id": "sls", "name": "PBF-LB/P", "category": "PBF", "nesting": "volume",
           "part_part_mm": 2, "part_wall_mm": 5, "part_plate_mm": 5, "materials": ["pa12"],
           "parameter_sets": [{"id": "sls-120", "quality": "standard", "layer_mm": 0.12}]}],
        "post_processes": [{"id": "dye-black", "name": "Dye, black", "hours": 4}]}"#;
    let centres = r#"{"centres": [{"id": "ghent", "place": "Ghent", "certificates": ["iso13485"],
        "freight": [{"region": "north", "per_shipment": 900, "per_kg": 100, "hours": 24},
                    {"region": "south", "per_shipment": 1200, "per_kg": 150, "hours": 48}],
        "stock": [{"material": "pa12", "kg": 80}],
        "machines": [{"id": "s1", "name": "Sinter 1", "process": "sls", "materials": ["pa12"],
          "loaded": "pa12", "volume": {"kind": "box", "x": 300, "y": 200, "z": 250},
          "time": {"setup_minutes": 30, "fixed_minutes": 60, "layer_s": 10,
            "volume_s_per_cm3": 5, "cool_down_minutes": 600, "unload_minutes": 20},
          "per_hour": 2500, "calendar": {
            "staffed": [{"days": ["mon", "tue", "sun"], "from": "06:00", "to": "22:00"}]}}]}]}"#;
    (
        serde_json::from_str(orders).unwrap(),
        serde_json::from_str(catalogue).unwrap(),
        serde_json::from_str(centres).unwrap(),
    )
}

fn checked(change: impl FnOnce(&mut Drafts)) -> Validated {
    let mut all = drafts();
    change(&mut all);
    validate(all.0, all.1, all.2, &limits())
}

fn night(change: impl FnOnce(&mut Drafts)) -> Night {
    let all = checked(change);
    assert_eq!(all.faults, []);
    all.night.unwrap()
}

/// Exactly this fault, and a night all the same.
#[track_caller]
fn refuses_line(expected: &str, change: impl FnOnce(&mut LineDraft)) {
    let all = checked(|d| change(&mut d.0.orders[0].lines[0]));
    assert_eq!(texts(&all), [format!("orders.json: orders[0].lines[0].{expected}")]);
    assert_eq!(all.refused.len(), 1);
    assert_eq!(all.refused[0].line, Some(0));
    assert_eq!(all.refused[0].faults, all.faults);
    let night = all.night.unwrap();
    let lines = &night.orders[&"A-1".into()].lines;
    assert_eq!(lines.len(), 1, "the rest of the order goes on");
    assert_eq!(lines[0].number, 1, "under its own number");
}

#[track_caller]
fn refuses_order(expected: &[&str], change: impl FnOnce(&mut Drafts)) {
    let all = checked(change);
    assert_eq!(texts(&all), expected);
    assert_eq!(all.refused.len(), 1);
    assert_eq!(all.refused[0].line, None);
    assert_eq!(all.night.unwrap().orders.len(), 1);
}

#[track_caller]
fn fatal(expected: &[&str], change: impl FnOnce(&mut Drafts)) {
    let all = checked(change);
    assert_eq!(texts(&all), expected);
    assert!(all.fatal && all.night.is_none());
}

fn texts(all: &Validated) -> Vec<String> {
    all.faults.iter().map(ToString::to_string).collect()
}

#[test]
fn a_good_night_is_taken_over_whole() {
    let night = night(|_| {});
    let parts: Vec<_> = night.models.keys().map(ToString::to_string).collect();
    assert_eq!(parts, ["box.3mf", "ring.stl", "ring.stl@inch"]);
    assert_eq!(night.units().len(), 7);
    let machine = night.machines()[&crate::id::MachineId::from("s1")].clone();
    assert_eq!(machine.class.as_str(), "sls/300x200x250");
    assert_eq!(night.classes[&machine.class].machines, [machine.id]);
    assert_eq!((machine.time.setup.0, machine.time.fixed_s), (1800, 3600.0));
    assert_eq!(machine.time.volume_s_per_mm3, 0.005);
    assert_eq!(machine.free_from, night.planning_time);
    let order = &night.orders[&"A-2".into()];
    assert_eq!(order.due.to_string(), "2026-11-26T11:00:00Z");
    assert_eq!((order.priority, order.lines[0].clearance.unwrap().0), (5, 3.5));
    assert_eq!(night.post_processes[&"dye-black".into()].duration.0, 4 * 3600);
    assert_eq!(night.centres[&"ghent".into()].stock[0].mass.0, 80_000.0);
}

#[test]
fn an_empty_night_is_a_night() {
    let night = night(|d| d.0.orders.clear());
    assert!(night.orders.is_empty() && night.units().is_empty());
}

#[test]
fn quantities_are_whole_and_within_limits() {
    refuses_line("quantity [E1013] must be at least 1, is 0", |l| l.quantity = 0.0);
    refuses_line("quantity [E1013] must be at least 1, is -1", |l| l.quantity = -1.0);
    refuses_line("quantity [E1013] must be at most 10000, is 1000000000", |l| l.quantity = 1e9);
    refuses_line("quantity [E1013] must be a whole number, is 2.5", |l| l.quantity = 2.5);
    refuses_line("quantity [E1013] must be a whole number, is NaN", |l| l.quantity = f64::NAN);
    refuses_line("quantity [E1013] must be at most 10000, is 1e300", |l| l.quantity = 1e300);
}

#[test]
fn the_twelfth_order_is_named_as_such() {
    let all = checked(|d| {
        let order = d.0.orders[0].clone();
        for n in 0..11 {
            let mut copy = order.clone();
            copy.id = format!("B-{n}");
            d.0.orders.push(copy);
        }
        d.0.orders[12].lines[0].quantity = -3.0;
    });
    let faults = texts(&all);
    let expected = "orders.json: orders[12].lines[0].quantity [E1013] must be at least 1, is -3";
    assert_eq!(faults, [expected]);
}

#[test]
fn names_of_a_line_must_be_known() {
    refuses_line("material [E1012] must be a known material (pa12, pla), is \"abs\"", |l| {
        l.material = "abs".into();
    });
    refuses_line("process [E1012] must be a known process (sls), is \"dlp\"", |l| {
        l.process = "dlp".into();
    });
    refuses_line("finish[0] [E1012] must be a known finish (dye-black), is \"gold\"", |l| {
        l.finish[0] = "gold".into();
    });
    refuses_line(
        "material [E1017] must be a material of process \"sls\" (pa12), is \"pla\"",
        |l| l.material = "pla".into(),
    );
    refuses_line(
        "quality [E1018] must be a quality that process \"sls\" has a parameter set for, is \
         \"fine\"",
        |l| l.quality = "fine".into(),
    );
    refuses_line("quality [E1014] must be one of draft, standard, fine, is \"best\"", |l| {
        l.quality = "best".into();
    });
    refuses_line(
        "orientation [E1014] must be one of fixed, upright, axis24, any, is \"up\"",
        |l| l.orientation = "up".into(),
    );
    refuses_line("material [E1010] must not be empty", |l| l.material.clear());
}

#[test]
fn clearance_is_never_negative() {
    refuses_line("clearance_mm [E1013] must be at least 0, is -0.5", |l| {
        l.clearance_mm = Some(-0.5);
    });
    refuses_line("clearance_mm [E1013] must be a number, is NaN", |l| {
        l.clearance_mm = Some(f64::NAN);
    });
}

#[test]
fn models_stay_in_their_folder() {
    for name in ["../ring.stl", "a/ring.stl", "a\\ring.stl", "C:ring.stl", "..ring.stl"] {
        refuses_line(
            &format!(
                "model [E1019] must be the name of a file in the folder models, without '/', \
                 '\\', ':' or '..', is {name:?}"
            ),
            |l| l.model = name.into(),
        );
    }
    for name in ["ring.step", "ring", ".stl"] {
        let expected = format!("model [E1019] must end in .stl, .obj, .ply or .3mf, is {name:?}");
        refuses_line(&expected, |l| l.model = name.into());
    }
    refuses_line("model [E1010] must not be empty", |l| l.model.clear());
}

#[test]
fn units_are_given_where_the_format_has_none() {
    refuses_line(
        "unit [E1020] must be given, a .stl file does not say it: micron, mm, cm, m, inch, foot",
        |l| l.unit = None,
    );
    refuses_line(
        "unit [E1020] must be one of micron, mm, cm, m, inch, foot, is \"furlong\"",
        |l| l.unit = Some("furlong".into()),
    );
    refuses_line("unit [E1020] must be left out, a .3mf file says it itself, is \"mm\"", |l| {
        l.model = "ring.3mf".into();
    });
}

#[test]
fn bad_orders_are_refused_whole() {
    refuses_order(
        &["orders.json: orders[1].id [E1011] must be unique, \"A-1\" is the id of orders[0]"],
        |d| d.0.orders[1].id = "A-1".into(),
    );
    refuses_order(&["orders.json: orders[0].id [E1010] must not be empty"], |d| {
        d.0.orders[0].id = " ".into();
    });
    refuses_order(
        &["orders.json: orders[0].id [E1024] must not contain '/', '\\', ';' or '..', is \"a/b\""],
        |d| d.0.orders[0].id = "a/b".into(),
    );
    refuses_order(
        &["orders.json: orders[0].region [E1012] must be a known region that a centre ships to \
           (north, south), is \"moon\""],
        |d| d.0.orders[0].region = "moon".into(),
    );
    refuses_order(
        &["orders.json: orders[0].due [E1015] must be a time like 2026-11-20T20:00:00Z, is \
           \"soon\""],
        |d| d.0.orders[0].due = "soon".into(),
    );
    refuses_order(
        &["orders.json: orders[0].due [E1016] must be after the planning time \
           2026-11-20T20:00:00Z, is 2020-01-01T00:00:00Z"],
        |d| d.0.orders[0].due = "2020-01-01T00:00:00Z".into(),
    );
    for (priority, rule) in
        [(0.0, "at least 1, is 0"), (6.0, "at most 5, is 6"), (1.5, "a whole number, is 1.5")]
    {
        refuses_order(&[&format!("orders.json: orders[0].priority [E1013] must be {rule}")], |d| {
            d.0.orders[0].priority = priority;
        });
    }
    refuses_order(&["orders.json: orders[0].lines [E1023] must have at least one entry"], |d| {
        d.0.orders[0].lines.clear();
    });
}

#[test]
fn a_refused_order_tells_the_faults_of_its_lines_too() {
    let all = checked(|d| {
        d.0.orders[0].mixing = "some".into();
        d.0.orders[0].lines[1].quantity = -3.0;
    });
    assert_eq!(
        texts(&all),
        [
            "orders.json: orders[0].mixing [E1014] must be one of any, customer, alone, is \
             \"some\"",
            "orders.json: orders[0].lines[1].quantity [E1013] must be at least 1, is -3",
        ]
    );
    assert_eq!((all.refused[0].line, all.refused[0].quantity), (None, 4));
}

#[test]
fn an_order_whose_lines_are_all_refused_is_not_of_the_night() {
    let all = checked(|d| d.0.orders[1].lines[0].quantity = 0.0);
    assert_eq!(all.night.unwrap().orders.len(), 1);
    assert_eq!(all.refused.len(), 1);
}

#[test]
fn too_many_units_are_no_night() {
    let expected = "orders.json: orders [E1021] must ask for at most 100000 units in all, asks \
                    for 110003: split the night or raise limits.night_units";
    fatal(&[expected], |d| {
        let line = LineDraft { quantity: 10_000.0, ..d.0.orders[0].lines[0].clone() };
        d.0.orders[0].lines = vec![line; 11];
        d.0.orders[1].lines[0].quantity = 3.0;
    });
}

#[test]
fn faults_of_catalogue_and_centres_are_fatal() {
    fatal(
        &["catalogue.json: materials[1].id [E1011] must be unique, \"pa12\" is there already"],
        {
            |d| {
                let material = d.1.materials[0].clone();
                d.1.materials.insert(1, material);
            }
        },
    );
    let second = "centres.json: centres[0].machines[1].id [E1011] must be unique, \"s1\" is there \
                  already";
    fatal(&[second], |d| {
        let machine = d.2.centres[0].machines[0].clone();
        d.2.centres[0].machines.push(machine);
    });
    fatal(
        &["centres.json: centres[0].machines[0].process [E1012] must be a known process (sls), \
           is \"dlp\""],
        |d| d.2.centres[0].machines[0].process = "dlp".into(),
    );
    let size = "centres.json: centres[0].machines[0].volume.y [E1013] must be a number, is NaN";
    fatal(&[size], |d| {
        let (x, y, z) = (100.0, f64::NAN, 100.0);
        d.2.centres[0].machines[0].volume = VolumeDraft::Box { x, y, z };
    });
    let rate = "centres.json: centres[0].machines[0].per_hour [E1013] must be from 0 to \
         1000000000000 minor units, is -1";
    fatal(&[rate], |d| d.2.centres[0].machines[0].per_hour = -1);
    let layer = "centres.json: centres[0].machines[0].time.layer_s [E1013] must be at least 0, \
                 is -2";
    fatal(&[layer], |d| d.2.centres[0].machines[0].time.layer_s = -2.0);
    fatal(&["centres.json: centres [E1023] must have at least one entry"], |d| {
        d.2.centres.clear();
        d.0.orders.clear();
    });
    let time = "orders.json: planning_time [E1010] must not be empty, but a time like \
                2026-11-20T20:00:00Z";
    fatal(&[time], |d| d.0.planning_time.clear());
}

#[test]
fn controls_take_known_layer_files() {
    let accepts = |night: Night| night.centres.values().next().unwrap().machines[0].accepts.clone();
    assert_eq!(accepts(night(|_| {})), ["cli"], "what was written before says nothing");
    assert!(accepts(night(|d| d.2.centres[0].machines[0].accepts.clear())).is_empty());
    let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    let several = names(&["3mf", "svg"]);
    assert_eq!(
        accepts(night(|d| d.2.centres[0].machines[0].accepts.clone_from(&several))),
        several
    );
    let all = checked(|d| d.2.centres[0].machines[0].accepts = names(&["cli", "goo", "cli"]));
    let faults: Vec<_> = all.faults.iter().map(ToString::to_string).collect();
    let at = "centres.json: centres[0].machines[0].accepts";
    assert_eq!(faults.len(), 2, "{faults:?}");
    assert!(faults[0].starts_with(&format!("{at}[1] [E1012] must be a known layer format")));
    assert!(faults[1].starts_with(&format!("{at}[2] [E1011] must be unique")));
}

#[test]
fn all_faults_are_found_at_once() {
    let all = checked(|d| {
        d.0.planning_time = "now".into();
        d.1.currency = "euro".into();
        d.1.materials[0].density_g_cm3 = 0.0;
        d.1.processes[0].parameter_sets[0].layer_mm = f64::INFINITY;
        d.2.centres[0].machines[0].loaded = Some("pla".into());
        d.2.centres[0].machines[0].time.unload_minutes = f64::NAN;
        d.2.centres[0].machines[0].calendar.staffed[0].from = "6 am".into();
        d.0.orders[0].priority = 9.0;
        d.0.orders[1].lines[0].quantity = 0.0;
    });
    let places: Vec<_> = all.faults.iter().map(|f| f.place.as_str()).collect();
    assert_eq!(
        places,
        [
            "orders.json: planning_time",
            "catalogue.json: currency",
            "catalogue.json: materials[0].density_g_cm3",
            "catalogue.json: processes[0].parameter_sets[0].layer_mm",
            "centres.json: centres[0].machines[0].loaded",
            "centres.json: centres[0].machines[0].time.unload_minutes",
            "centres.json: centres[0].machines[0].calendar.staffed[0].from",
            "orders.json: orders[0].priority",
            "orders.json: orders[1].lines[0].quantity",
        ]
    );
    assert_eq!(all.refused.len(), 2);
}

#[test]
fn calendars_are_sorted_apart_and_within_a_week() {
    let night = night(|d| {
        let calendar = &mut d.2.centres[0].machines[0].calendar;
        calendar.staffed[0].to = "02:00".into();
        calendar.staffed.push(calendar.staffed[0].clone());
        calendar.staffed[1].from = "01:00".into();
        calendar.staffed[1].to = "24:00".into();
        calendar.staffed[1].days = vec!["tue".into()];
    });
    let staffed = &night.machines()[&crate::id::MachineId::from("s1")].calendar.staffed;
    let hour = 3600;
    assert_eq!(
        staffed,
        &[(0, 2 * hour), (6 * hour, 50 * hour), (150 * hour, WEEK_S)],
        "Sunday's end wraps to Monday, Monday's runs into Tuesday's"
    );
}

#[test]
fn a_machine_that_nobody_has_time_to_load_is_a_fault() {
    let expected = "centres.json: centres[0].machines[0].time.unload_minutes [E1022] must let \
                    unloading (61200 s) fit the longest staffed span (57600 s), or the machine \
                    can never print";
    fatal(&[expected], |d| d.2.centres[0].machines[0].time.unload_minutes = 17.0 * 60.0);
}

#[test]
fn constants_of_layers_are_within_their_ranges() {
    let beam = r#"{"source": "data sheet", "layers": {"kind": "beam", "recoat_s": 9,
        "hatch_mm": 0.1, "hatch_mm_s": 1000, "contour_mm_s": 500}}"#;
    let model: crate::exposure::ExposureModel = serde_json::from_str(beam).unwrap();
    let night = night(|d| d.2.centres[0].machines[0].exposure = Some(model.clone()));
    let machines = night.machines();
    assert_eq!(machines[&crate::id::MachineId::from("s1")].exposure.as_ref(), Some(&model));
    let at = "centres.json: centres[0].machines[0].exposure";
    let expected = [
        format!("{at}.shrinkage[2] [E1013] must be at most 0.3, is 3"),
        format!("{at}.layers.hatch_mm [E1013] must be at least 0.0001, is 0"),
    ];
    let broken = beam.replace("\"hatch_mm\": 0.1", "\"hatch_mm\": 0");
    let broken = broken.replace("\"layers\"", "\"shrinkage\": [0.02, 0.02, 3], \"layers\"");
    fatal(&expected.each_ref().map(String::as_str), |d| {
        d.2.centres[0].machines[0].exposure = Some(serde_json::from_str(&broken).unwrap());
    });
}

#[test]
fn machines_of_one_class_share_their_excluded_regions() {
    let night = night(|d| {
        let machines = &mut d.2.centres[0].machines;
        let clamp = |x: f64| ExcludedDraft { min: [x, 0.0, 0.0], max: [x + 5.0, 5.0, 5.0] };
        for (id, x) in [("s2", 0.0), ("s3", 9.0), ("s4", 0.0)] {
            let mut machine = machines[0].clone();
            machine.id = id.into();
            machine.excluded = vec![clamp(x)];
            machines.push(machine);
        }
    });
    let classes: Vec<_> =
        night.classes.values().map(|c| format!("{} {}", c.id, c.machines.len())).collect();
    assert_eq!(classes, ["sls/300x200x250 1", "sls/300x200x250-1 2", "sls/300x200x250-1.2 1"]);
    for machine in night.machines().values() {
        assert_eq!(night.classes[&machine.class].volume, machine.volume);
    }
}

#[test]
fn places_of_rows_name_the_row() {
    let all = checked(|d| {
        let place = "orders.csv: row 12".to_owned();
        let origin = Some(crate::draft::Origin { place, unreadable: Vec::new() });
        d.0.orders[0].lines[0].origin = origin;
        d.0.orders[0].lines[0].quantity = -3.0;
    });
    assert_eq!(texts(&all), ["orders.csv: row 12: quantity [E1013] must be at least 1, is -3"]);
}
