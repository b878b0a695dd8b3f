//! Time models of machines, fitted anew to the jobs that centres post back.
//!
//! A job that was planned in a run is measured by its layers there; others tell their measures.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use platewright_model::draft::CentresDraft;
use platewright_model::error::InputFault;
use platewright_model::id::{BuildId, CentreId, MachineId};
use platewright_model::machine::{BuildLoad, Machine, TimeModel};
use platewright_model::measure::Mm;
use platewright_model::night::Night;
use platewright_model::time::Time;
use platewright_slicer::{Calibration, Job, Term, build_load, calibrate};
use platewright_store::actuals::PostedJob;
use platewright_store::night::{centres_of, time_of};
use platewright_store::run::RunDir;

use crate::PipelineError;

/// What a refit came to.
#[derive(Clone, Debug, Default)]
pub struct Refit {
    /// Machines with a new time model, in the order of their ids.
    pub machines: Vec<MachineRefit>,
    /// Machines whose jobs could not be fitted, each with what is wrong.
    pub refused: Vec<(MachineId, String)>,
    /// Jobs that could not be used.
    pub faults: Vec<InputFault>,
    /// The centres of the last run, with the new time models of their machines.
    pub centres: CentresDraft,
}

/// The new time model of a machine.
#[derive(Clone, Debug)]
pub struct MachineRefit {
    /// The machine.
    pub machine: MachineId,
    /// Where it stands.
    pub centre: CentreId,
    /// Whether [`Refit::centres`] has it, so that the new model is in there.
    pub in_last_run: bool,
    /// The fit.
    pub calibration: Calibration,
    /// The model it was planned by.
    pub before: TimeModel,
    /// The new model.
    pub time: TimeModel,
    /// Where the new model comes from, for people.
    pub source: String,
    /// Median of |planned − measured| / measured of the model it was planned by, over the jobs
    /// that were fitted; `None` where it needs their height, which is not known.
    pub median_before: Option<f64>,
}

/// Fits the time models of the machines of some runs to posted jobs.
///
/// `terms` are what print time may depend on. With `only`, jobs of other machines are left out.
/// Where several runs know a machine, the last one given says what it was planned by. Nothing
/// depends on the clock: the date of a job is when it ended, or when it was planned to.
///
/// # Errors
/// A run that cannot be read. What is wrong with jobs and machines is in the answer.
pub fn refit(
    runs: &[PathBuf],
    posted: &[PostedJob],
    terms: &[Term],
    only: Option<&MachineId>,
) -> Result<Refit, PipelineError> {
    let mut seen = BTreeSet::new();
    let planned = runs
        .iter()
        // A run that is given twice is one run.
        .filter(|path| seen.insert(path.canonicalize().unwrap_or_else(|_| path.to_path_buf())))
        .map(|path| PlannedRun::read(path))
        .collect::<Result<Vec<_>, _>>()?;
    let mut out = Refit::default();
    let mut jobs: BTreeMap<MachineId, Vec<DatedJob>> = BTreeMap::new();
    for PostedJob { place, job } in posted {
        let machine = MachineId::from(job.machine.as_str());
        if only.is_some_and(|only| *only != machine) {
            continue;
        }
        match measured(&planned, &machine, job, terms) {
            Ok(dated) => jobs.entry(machine).or_default().push(dated),
            Err((code, field, message)) => {
                out.faults.push(InputFault::new(code, format!("{place}: {field}"), message));
            }
        }
    }
    for (id, jobs) in jobs {
        let found = planned.iter().rev().find_map(|run| run.machine(&id));
        let (centre, machine) = found.expect("jobs of unknown machines are faults");
        let (dates, jobs): (Vec<Option<Time>>, Vec<Job>) =
            jobs.into_iter().map(|job| (job.ended, job.job)).unzip();
        match calibrate(&jobs, terms) {
            Ok(calibration) => {
                out.machines.push(fitted(machine, centre, calibration, &jobs, &dates));
            }
            Err(error) => out.refused.push((id, error.to_string())),
        }
    }
    if let Some(last) = planned.last() {
        out.centres = centres_of(&last.night);
        let machines = out.centres.centres.iter_mut().flat_map(|centre| &mut centre.machines);
        let mut drafts: BTreeMap<String, _> = machines.map(|m| (m.id.clone(), m)).collect();
        for refit in &mut out.machines {
            let Some(draft) = drafts.get_mut(refit.machine.as_str()) else { continue };
            draft.time = time_of(&refit.time, &refit.source);
            refit.in_last_run = true;
        }
    }
    Ok(out)
}

/// What a refit needs of a run.
struct PlannedRun {
    /// The name of its folder.
    name: String,
    night: Night,
    builds: BTreeMap<BuildId, PlannedBuild>,
}

/// A scheduled build.
struct PlannedBuild {
    machine: MachineId,
    layers: f64,
    load: BuildLoad,
    print_end: Time,
}

impl PlannedRun {
    fn read(path: &Path) -> Result<Self, PipelineError> {
        let dir = RunDir::open(path)?;
        let whole = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let name = whole.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let slices = dir.read_slice_set()?.builds;
        let sliced: BTreeMap<_, _> = slices.iter().map(|s| (&s.build, s)).collect();
        let plan = dir.read_build_plan()?;
        let loads: BTreeMap<_, _> = plan.builds.iter().map(|b| (&b.id, &b.load)).collect();
        let mut builds = BTreeMap::new();
        for slot in dir.read_schedule()?.builds {
            let Some(&load) = loads.get(&slot.build) else { continue };
            let planned = match sliced.get(&slot.build).filter(|s| !s.layers.is_empty()) {
                Some(sliced) => {
                    let facts = &sliced.layers;
                    let load = build_load(facts, Mm(load.layer_mm), Mm(load.height_mm));
                    (facts.len() as f64, load)
                }
                // Before slicing a build is known by its meshes.
                None => (f64::from(load.layers()), *load),
            };
            let (layers, load) = planned;
            let (machine, print_end) = (slot.machine, slot.print_end);
            builds.insert(slot.build, PlannedBuild { machine, layers, load, print_end });
        }
        Ok(Self { name, night: dir.read_night()?, builds })
    }

    fn machine(&self, id: &MachineId) -> Option<(&CentreId, &Machine)> {
        let machines =
            self.night.centres.values().flat_map(|c| c.machines.iter().map(|m| (&c.id, m)));
        machines.into_iter().find(|(_, machine)| machine.id == *id)
    }

    /// A build by its id, or by the name of the run and its id.
    fn build(&self, name: &str) -> Option<&PlannedBuild> {
        let own = name.strip_prefix(&self.name).and_then(|rest| rest.strip_prefix('/'));
        self.builds.get(&BuildId::from(name)).or_else(|| self.builds.get(&BuildId::from(own?)))
    }
}

/// A job with the day it ended.
struct DatedJob {
    job: Job,
    ended: Option<Time>,
}

/// What is wrong with a job: code, field, message.
type JobFault = (&'static str, &'static str, String);

/// The measures of a job: those it tells, and else those it was planned with.
fn measured(
    runs: &[PlannedRun],
    machine: &MachineId,
    job: &platewright_model::actuals::ActualDraft,
    terms: &[Term],
) -> Result<DatedJob, JobFault> {
    if runs.iter().all(|run| run.machine(machine).is_none()) {
        let known: BTreeSet<&str> = runs
            .iter()
            .flat_map(|run| run.night.centres.values())
            .flat_map(|centre| centre.machines.iter().map(|machine| machine.id.as_str()))
            .collect();
        let known: Vec<&str> = known.into_iter().collect();
        let message = format!("must be a machine of the runs ({}), is {machine}", known.join(", "));
        return Err(("E1012", "machine", message));
    }
    let told = [
        (Term::Layers, "layers", job.layers),
        (Term::Volume, "volume_mm3", job.volume_mm3),
        (Term::Surface, "surface_mm2", job.surface_mm2),
        (Term::Height, "height_mm", job.height_mm),
    ];
    let untold: Vec<&str> = told
        .iter()
        .filter(|(term, _, value)| terms.contains(term) && value.is_none())
        .map(|(_, name, _)| *name)
        .collect();
    let planned = match planned_build(runs, machine, &job.build) {
        Ok(planned) => Some(planned),
        // What tells all that is fitted needs no run.
        Err(_) if untold.is_empty() => None,
        Err(what) => {
            let message =
                format!("{what}; correct it, name another run, or tell its {}", untold.join(", "));
            return Err(("E1027", "build", message));
        }
    };
    let of = |told: Option<f64>, own: fn(&PlannedBuild) -> f64| {
        // A measure that is neither told nor planned is not fitted.
        told.or_else(|| planned.map(own)).unwrap_or(0.0)
    };
    let ended = job.ended.as_deref().and_then(|text| Time::parse(text).ok());
    Ok(DatedJob {
        job: Job {
            id: job.build.clone(),
            layers: of(job.layers, |b| b.layers),
            volume_mm3: of(job.volume_mm3, |b| b.load.volume_mm3),
            surface_mm2: of(job.surface_mm2, |b| b.load.surface_mm2),
            height_mm: of(job.height_mm, |b| b.load.height_mm),
            print_s: job.print_s,
        },
        ended: ended.or_else(|| planned.map(|build| build.print_end)),
    })
}

/// The one build of that name that was planned on the machine; else what is wrong.
fn planned_build<'a>(
    runs: &'a [PlannedRun],
    machine: &MachineId,
    name: &str,
) -> Result<&'a PlannedBuild, String> {
    let named: Vec<(&str, &PlannedBuild)> =
        runs.iter().filter_map(|run| Some((run.name.as_str(), run.build(name)?))).collect();
    let on_machine: Vec<_> = named.iter().filter(|(_, b)| b.machine == *machine).collect();
    match (&on_machine[..], &named[..]) {
        ([(_, build)], _) => Ok(build),
        ([], []) => Err(format!("must be a build of the runs, is {name:?}")),
        ([], [(run, build), ..]) => Err(format!(
            "must be a build of {machine}; {name:?} of run {run} is of {}",
            build.machine
        )),
        ([(first, _), (second, _), ..], _) => Err(format!(
            "must be one build, {name:?} is in runs {first} and {second}: put the folder of its \
             run and a slash before it"
        )),
    }
}

fn fitted(
    machine: &Machine,
    centre: &CentreId,
    calibration: Calibration,
    jobs: &[Job],
    dates: &[Option<Time>],
) -> MachineRefit {
    let right = calibration.jobs - calibration.outliers.len();
    let mut source = if right == calibration.jobs {
        format!("refit of {right} jobs")
    } else {
        format!("refit of {right} of {} jobs", calibration.jobs)
    };
    if let Some(newest) = dates.iter().flatten().max() {
        let day: String = newest.to_string().chars().take(10).collect();
        source.push_str(&format!(", the newest of {day}"));
    }
    let wrong: BTreeSet<&str> = calibration.outliers.iter().map(|o| o.id.as_str()).collect();
    let mut errors: Vec<f64> = jobs
        .iter()
        .filter(|job| !wrong.contains(job.id.as_str()))
        .map(|job| (linear_s(&machine.time, job) - job.print_s).abs() / job.print_s)
        .collect();
    errors.sort_by(f64::total_cmp);
    let known = machine.time.height_s_per_mm == 0.0 || jobs.iter().all(|job| job.height_mm > 0.0);
    MachineRefit {
        machine: machine.id.clone(),
        centre: centre.clone(),
        in_last_run: false,
        before: machine.time,
        time: calibration.time_model(&machine.time),
        source,
        median_before: errors.get((errors.len().max(1) - 1) / 2).copied().filter(|_| known),
        calibration,
    }
}

/// Seconds that a time model gives for a job.
fn linear_s(time: &TimeModel, job: &Job) -> f64 {
    time.fixed_s
        + time.layer_s * job.layers
        + time.volume_s_per_mm3 * job.volume_mm3
        + time.surface_s_per_mm2 * job.surface_mm2
        + time.height_s_per_mm * job.height_mm
}
