//! Refits the time model of a machine to the jobs that its centre has posted back.
//!
//! Print time is a sum of terms (layers, volume, contours, …), each with a coefficient of at
//! least 0. Clocks that ran on over a weekend and jobs that were broken off are gross errors,
//! and measured times stray in proportion to themselves; so the fit is robust and relative.

mod nonnegative;
mod robust;
#[cfg(test)]
mod tests;

use std::fmt;

use nalgebra::DMatrix;
use platewright_model::machine::TimeModel;

use crate::error::CalibrateError;

use robust::{Fit, fit};

/// Jobs for each coefficient, so that a quarter of them may be wrong.
const JOBS_PER_TERM: usize = 4;
/// Fewest jobs of a fit, however few its coefficients.
const JOBS_MIN: usize = 10;
/// Jobs are held out in so many turns to tell the error on jobs that were not fitted.
const FOLDS: usize = 5;
/// Terms whose columns differ in less than this share of their length cannot be told apart by
/// times that stray by some percent.
const COLLINEAR: f64 = 0.01;
/// Part that a term has in a collinear combination before it is named.
const PART_NAMED: f64 = 0.2;

/// What print time may depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Term {
    /// Seconds of any job.
    Fixed,
    /// Seconds for a layer.
    Layers,
    /// Seconds for a mm³ of solid.
    Volume,
    /// Seconds for a mm² of contours (length × layer thickness).
    Surface,
    /// Seconds for a mm of height.
    Height,
}

impl Term {
    /// The terms that layers of one thickness can tell apart.
    pub const USUAL: [Self; 4] = [Self::Fixed, Self::Layers, Self::Volume, Self::Surface];

    /// Value of the term for a job.
    fn of(self, job: &Job) -> f64 {
        match self {
            Self::Fixed => 1.0,
            Self::Layers => job.layers,
            Self::Volume => job.volume_mm3,
            Self::Surface => job.surface_mm2,
            Self::Height => job.height_mm,
        }
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fixed => "fixed time",
            Self::Layers => "layers",
            Self::Volume => "volume",
            Self::Surface => "surface",
            Self::Height => "height",
        })
    }
}

/// A job as it was printed.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Name, for messages.
    pub id: String,
    /// Number of layers.
    pub layers: f64,
    /// Volume of the solid, mm³.
    pub volume_mm3: f64,
    /// Length of all contours × layer thickness, mm².
    pub surface_mm2: f64,
    /// Height of the build, mm.
    pub height_mm: f64,
    /// Measured from the end of set-up to the end of the print, s.
    pub print_s: f64,
}

/// A fitted coefficient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coefficient {
    /// What it belongs to.
    pub term: Term,
    /// Seconds for one unit of the term, at least 0.
    pub value: f64,
    /// Its standard error; `None` if it would be below 0 and was held there.
    pub std_error: Option<f64>,
}

/// A job that disagrees with the others.
#[derive(Clone, Debug, PartialEq)]
pub struct Outlier {
    /// Its name.
    pub id: String,
    /// What was measured, s.
    pub measured_s: f64,
    /// What the other jobs say, s.
    pub expected_s: f64,
}

/// Errors on jobs that were left out of the fit they are compared with, without outliers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HeldOut {
    /// How many jobs.
    pub jobs: usize,
    /// Median of |predicted − measured| / measured.
    pub median: f64,
    /// What 95 % of the jobs stay below.
    pub p95: f64,
}

/// A time model fitted to jobs.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibration {
    /// The coefficients, in the order of the terms that were asked for.
    pub coefficients: Vec<Coefficient>,
    /// Number of jobs, outliers among them.
    pub jobs: usize,
    /// Jobs that were not fitted because they disagree with the others.
    pub outliers: Vec<Outlier>,
    /// Standard deviation of the other jobs around the fit, relative.
    pub spread: f64,
    /// Error on fresh jobs; `None` if the jobs are too few or too alike to leave some out.
    pub held_out: Option<HeldOut>,
}

impl Calibration {
    /// Print time of a job, s; its own `print_s` is not looked at.
    pub fn predict(&self, job: &Job) -> f64 {
        self.coefficients.iter().map(|c| c.value * c.term.of(job)).sum()
    }

    /// The time model of a machine with the fitted coefficients; terms that were not fitted are
    /// 0. Set-up, cooling and unloading are those of `base`.
    pub fn time_model(&self, base: &TimeModel) -> TimeModel {
        let of = |term| {
            let fitted = self.coefficients.iter().find(|c| c.term == term);
            fitted.map_or(0.0, |c| c.value)
        };
        TimeModel {
            fixed_s: of(Term::Fixed),
            layer_s: of(Term::Layers),
            volume_s_per_mm3: of(Term::Volume),
            surface_s_per_mm2: of(Term::Surface),
            height_s_per_mm: of(Term::Height),
            ..*base
        }
    }
}

/// Fits coefficients to jobs.
///
/// Least trimmed squares of the relative errors (Rousseeuw 1984, "Least median of squares
/// regression", Journal of the American Statistical Association 79) tell which jobs are wrong,
/// for each number of wrong jobs up to a quarter; the likelihood tells how many are. The others
/// are fitted by least squares of relative errors. Deterministic; the order of the jobs decides
/// only who is held out together.
///
/// # Errors
/// Too few jobs, a job with a measure of no use, terms that these jobs do not tell apart.
pub fn calibrate(jobs: &[Job], terms: &[Term]) -> Result<Calibration, CalibrateError> {
    check(jobs, terms)?;
    let (features, times) = columns(jobs, terms);
    check_apart(&features, &times, terms)?;
    let fitted = fit(&features, &times).ok_or_else(|| CalibrateError::Alike {
        terms: names(terms.iter()),
        remedy: REMEDY_ALIKE,
    })?;
    let expected = &features * &fitted.coefficients;
    let outlying = (0..jobs.len()).filter(|&i| fitted.outlying[i]);
    let outliers = outlying
        .map(|i| Outlier { id: jobs[i].id.clone(), measured_s: times[i], expected_s: expected[i] })
        .collect();
    let coefficients = terms.iter().zip(&fitted.coefficients).zip(&fitted.std_errors);
    Ok(Calibration {
        coefficients: coefficients
            .map(|((&term, &value), &std_error)| Coefficient { term, value, std_error })
            .collect(),
        jobs: jobs.len(),
        outliers,
        spread: fitted.spread,
        held_out: held_out(&features, &times, &fitted),
    })
}

const REMEDY_ALIKE: &str =
    "post jobs in which one of them is large and the others small, or fit fewer terms";

fn names<'a>(terms: impl Iterator<Item = &'a Term>) -> String {
    terms.map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn check(jobs: &[Job], terms: &[Term]) -> Result<(), CalibrateError> {
    let needed = JOBS_MIN.max(JOBS_PER_TERM * terms.len());
    if jobs.len() < needed || terms.is_empty() {
        return Err(CalibrateError::TooFewJobs {
            jobs: jobs.len(),
            needed,
            terms: names(terms.iter()),
        });
    }
    for job in jobs {
        let bad = |what: String| Err(CalibrateError::BadJob { job: job.id.clone(), what });
        if !(job.print_s.is_finite() && job.print_s > 0.0) {
            return bad(format!("its print time is {} s, must be above 0", job.print_s));
        }
        for &term in terms {
            let value = term.of(job);
            if !(value.is_finite() && value >= 0.0) {
                return bad(format!("its {term} is {value}, must be at least 0"));
            }
        }
        if terms.iter().all(|term| term.of(job) == 0.0) {
            return bad(format!("all of its {} are 0", names(terms.iter())));
        }
    }
    Ok(())
}

/// One row a job, one column a term; and the times.
fn columns(jobs: &[Job], terms: &[Term]) -> (DMatrix<f64>, Vec<f64>) {
    let features = DMatrix::from_fn(jobs.len(), terms.len(), |i, k| terms[k].of(&jobs[i]));
    (features, jobs.iter().map(|job| job.print_s).collect())
}

/// Refuses terms that the jobs cannot tell from one another.
fn check_apart(
    features: &DMatrix<f64>,
    times: &[f64],
    terms: &[Term],
) -> Result<(), CalibrateError> {
    let mut relative =
        DMatrix::from_fn(features.nrows(), features.ncols(), |i, k| features[(i, k)] / times[i]);
    for (k, term) in terms.iter().enumerate() {
        let length = relative.column(k).norm();
        if length == 0.0 {
            return Err(CalibrateError::Alike {
                terms: format!("{term} (0 in every job)"),
                remedy: "post jobs that have it, or leave it out of the fit",
            });
        }
        relative.column_mut(k).scale_mut(1.0 / length);
    }
    let svd = relative.svd(false, true);
    let (Some(rows), Some(least)) = (svd.v_t, svd.singular_values.iter().copied().reduce(f64::min))
    else {
        return Ok(());
    };
    if least >= COLLINEAR {
        return Ok(());
    }
    let at = svd.singular_values.iter().position(|&value| value == least).unwrap_or(0);
    let parts = rows.row(at);
    let alike = terms.iter().zip(parts.iter()).filter(|(_, part)| part.abs() > PART_NAMED);
    let alike: Vec<Term> = alike.map(|(term, _)| *term).collect();
    let heights = alike.contains(&Term::Layers) && alike.contains(&Term::Height);
    let remedy = if heights && alike.len() == 2 {
        "post jobs of another layer thickness, or leave the height out of the fit"
    } else {
        REMEDY_ALIKE
    };
    Err(CalibrateError::Alike { terms: names(alike.iter()), remedy })
}

/// Errors on jobs that were not fitted, fold after fold.
fn held_out(features: &DMatrix<f64>, times: &[f64], whole: &Fit) -> Option<HeldOut> {
    let n = times.len();
    let mut errors = Vec::new();
    for fold in 0..FOLDS {
        let (out, kept): (Vec<usize>, Vec<usize>) = (0..n).partition(|i| i % FOLDS == fold);
        let kept_times: Vec<f64> = kept.iter().map(|&i| times[i]).collect();
        let fitted = fit(&features.select_rows(&kept), &kept_times)?;
        let expected = features.select_rows(&out) * fitted.coefficients;
        for (&i, expected) in out.iter().zip(&expected) {
            if !whole.outlying[i] {
                errors.push((expected - times[i]).abs() / times[i]);
            }
        }
    }
    errors.sort_by(f64::total_cmp);
    let rank = |share: f64| (share * errors.len() as f64).ceil().max(1.0) as usize - 1;
    Some(HeldOut {
        jobs: errors.len(),
        median: *errors.get(rank(0.5))?,
        p95: *errors.get(rank(0.95))?,
    })
}
