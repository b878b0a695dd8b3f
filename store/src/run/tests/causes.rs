//! Causes of cost in the tables of a run.

use platewright_model::cost::CostSplit;
use platewright_model::measure::Money;

use super::run;
use crate::table::Table;

/// Another amount for each cause.
pub(super) fn cost(n: i64) -> CostSplit {
    let amount = |k: i64| Money(n * 20 + k);
    CostSplit {
        machine: amount(0),
        fixed: amount(1),
        material: amount(2),
        short: amount(3),
        changeover: amount(4),
        freight: amount(5),
        apart: amount(6),
        lateness: amount(7),
        missed: amount(8),
        broken: amount(9),
        unplaced: amount(10),
    }
}

/// The causes that runs had at first, with these amounts.
const FIRST: [(&str, i64); 7] = [
    ("machine", 1),
    ("fixed", 2),
    ("material", 3),
    ("changeover", 4),
    ("freight", 5),
    ("lateness", 6),
    ("unplaced", 7),
];

fn first() -> CostSplit {
    let amounts = FIRST.map(|(_, amount)| Money(amount));
    let [machine, fixed, material, changeover, freight, lateness, unplaced] = amounts;
    let none = CostSplit::default();
    CostSplit { machine, fixed, material, changeover, freight, lateness, unplaced, ..none }
}

#[test]
fn runs_without_the_later_causes_had_none_of_them() {
    let (_dir, run) = run();
    let none = || std::iter::empty::<&str>();
    let mut table = Table::new("schedule");
    for (cause, amount) in FIRST {
        table = table.fact(&format!("cost_{cause}"), amount);
    }
    table = table.text("build", none()).text("machine", none()).flag("changeover", []);
    for name in ["start", "print_start", "print_end", "cooled", "unload_start", "end"] {
        table = table.time(name, []);
    }
    table.write(&run.file("60_schedule.parquet")).unwrap();
    let table = Table::new("deliveries").text("order", none()).time("arrives", []);
    let table = table.whole("late_s", []).flag("complete", []);
    table.write(&run.file("61_deliveries.parquet")).unwrap();
    assert_eq!(run.read_schedule().unwrap().cost, first());

    let mut table = Table::new("assignments");
    for (fact, value) in [("objective", "9"), ("bound", "8"), ("gap", "0.1"), ("backend", "x")] {
        table = table.fact(fact, value);
    }
    for name in ["build", "centre", "machine"] {
        table = match name {
            "build" => table.text(name, ["B1"]),
            _ => table.text_or_null(name, [Some("m")]),
        };
    }
    for (cause, amount) in FIRST {
        table = table.whole_or_null(&format!("cost_{cause}"), [Some(amount)]);
    }
    let blank = [None::<&str>];
    let table = table.text_or_null("reason", blank).text_or_null("text", blank);
    table.write(&run.file("50_assignments.parquet")).unwrap();
    assert_eq!(run.read_assignment().unwrap().assigned[0].cost, first());
}

#[test]
fn a_run_that_lacks_one_of_the_first_causes_is_damaged() {
    let (_dir, run) = run();
    let table = Table::new("schedule").fact("cost_machine", 1).fact("cost_fixed", 2);
    let table = table.text("build", std::iter::empty::<&str>());
    table.write(&run.file("60_schedule.parquet")).unwrap();
    let told = run.read_schedule().unwrap_err().to_string();
    assert!(told.contains("cost_material"), "{told}");
}
