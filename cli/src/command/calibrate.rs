//! `platewright calibrate`: time models of machines, fitted to what their jobs took.

use platewright_model::machine::TimeModel;
use platewright_pipeline::{MachineRefit, Refit, refit};
use platewright_slicer::{Coefficient, Term};
use platewright_store::actuals::read_actuals;
use platewright_store::night::{time_of, write_centres_json};
use serde_json::{Value, json};

use super::model_file::default_limits;
use crate::args::{CalibrateArgs, TermName};
use crate::exit::{Exit, Failure, chain};
use crate::output::{complain, say, say_json};

pub(crate) fn run(args: &CalibrateArgs) -> Result<Exit, Failure> {
    let posted =
        read_actuals(&args.actuals, &default_limits()).map_err(|e| Failure::input(chain(&e)))?;
    let terms: Vec<Term> = args.terms.iter().map(|name| term(*name)).collect();
    let only = args.machine.as_deref().map(Into::into);
    let mut refit = refit(&args.runs, &posted.jobs, &terms, only.as_ref())
        .map_err(|e| Failure::input(chain(&e)))?;
    refit.faults.splice(0..0, posted.faults);
    for fault in &refit.faults {
        complain(&fault.to_string());
    }
    for (machine, why) in &refit.refused {
        complain(&format!("machine {machine}: {why}"));
    }
    if let Some(path) = args.out.as_ref().filter(|_| !refit.machines.is_empty()) {
        for machine in refit.machines.iter().filter(|machine| !machine.in_last_run) {
            complain(&format!(
                "machine {} is not in the last run; its new time is not in {}",
                machine.machine,
                path.display()
            ));
        }
        write_centres_json(path, &refit.centres).map_err(|e| Failure::other(chain(&e)))?;
    }
    if args.json {
        say_json(&document(&refit))?;
    } else {
        refit.machines.iter().for_each(show);
    }
    if refit.machines.is_empty() && refit.refused.is_empty() {
        return Err(Failure::input(format!(
            "{} has no job of these machines that can be used",
            args.actuals.display()
        )));
    }
    let whole = refit.faults.is_empty() && refit.refused.is_empty();
    Ok(if whole { Exit::Done } else { Exit::BadInput })
}

fn term(name: TermName) -> Term {
    match name {
        TermName::Fixed => Term::Fixed,
        TermName::Layers => Term::Layers,
        TermName::Volume => Term::Volume,
        TermName::Surface => Term::Surface,
        TermName::Height => Term::Height,
    }
}

/// Field of `centres.json` that a term's coefficient is in, how many of its units a second for
/// the unit of the term is, and what the old model has there.
fn field(term: Term, before: &TimeModel) -> (&'static str, f64, f64) {
    match term {
        Term::Fixed => ("fixed_minutes", 1.0 / 60.0, before.fixed_s),
        Term::Layers => ("layer_s", 1.0, before.layer_s),
        Term::Volume => ("volume_s_per_cm3", 1000.0, before.volume_s_per_mm3),
        Term::Surface => ("surface_s_per_cm2", 100.0, before.surface_s_per_mm2),
        Term::Height => ("height_s_per_mm", 1.0, before.height_s_per_mm),
    }
}

fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

fn show(refit: &MachineRefit) {
    let MachineRefit { machine, centre, calibration, before, source, .. } = refit;
    say(&format!("{machine} at {centre}: {source}"));
    say(&format!("  {:<18}{:>12}{:>14}{:>12}", "", "new", "std. error", "before"));
    for &Coefficient { term, value, std_error } in &calibration.coefficients {
        let (name, unit, old) = field(term, before);
        let error = std_error.map_or("held at 0".to_owned(), |e| format!("{:.4}", e * unit));
        say(&format!("  {name:<18}{:>12.4}{error:>14}{:>12.4}", value * unit, old * unit));
    }
    say(&format!("  spread of the jobs around the fit: {}", percent(calibration.spread)));
    if let Some(held) = calibration.held_out {
        say(&format!(
            "  error on jobs held out ({}): {} in the median, 95 % of them below {}",
            held.jobs,
            percent(held.median),
            percent(held.p95)
        ));
    }
    if let Some(median) = refit.median_before {
        say(&format!("  error of the model before: {} in the median", percent(median)));
    }
    for wrong in &calibration.outliers {
        say(&format!(
            "  job {} took {:.0} s, {:.0} s were to be expected: not fitted; look at it",
            wrong.id, wrong.measured_s, wrong.expected_s
        ));
    }
}

fn document(refit: &Refit) -> Value {
    let machines: Vec<Value> = refit.machines.iter().map(machine_document).collect();
    let refused: Vec<Value> = refit
        .refused
        .iter()
        .map(|(machine, why)| json!({ "machine": machine, "text": why }))
        .collect();
    json!({ "machines": machines, "refused": refused, "faults": refit.faults })
}

fn machine_document(refit: &MachineRefit) -> Value {
    let calibration = &refit.calibration;
    let coefficients: Vec<Value> = calibration
        .coefficients
        .iter()
        .map(|&Coefficient { term, value, std_error }| {
            let (name, unit, old) = field(term, &refit.before);
            let error = std_error.map(|e| e * unit);
            json!({ "name": name, "value": value * unit, "std_error": error, "before": old * unit })
        })
        .collect();
    let outliers = calibration.outliers.iter();
    let wrong: Vec<Value> = outliers
        .map(|o| json!({ "build": o.id, "measured_s": o.measured_s, "expected_s": o.expected_s }))
        .collect();
    let held = calibration.held_out;
    json!({
        "machine": refit.machine, "centre": refit.centre,
        "time": time_of(&refit.time, &refit.source),
        "jobs": calibration.jobs, "coefficients": coefficients, "spread": calibration.spread,
        "held_out": held.map(|h| json!({ "jobs": h.jobs, "median": h.median, "p95": h.p95 })),
        "median_before": refit.median_before, "wrong": wrong,
    })
}
