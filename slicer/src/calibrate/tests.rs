//! Fits to jobs with known coefficients, noise and gross errors.

use std::f64::consts::TAU;

use nalgebra::{DMatrix, DVector};
use platewright_model::machine::TimeModel;
use platewright_model::measure::Seconds;

use super::nonnegative::least_squares;
use super::robust::split_mix;
use super::{Job, Term, calibrate};
use crate::error::CalibrateError;

/// Numbers that look random.
struct Dice(u64);

impl Dice {
    fn even(&mut self, from: f64, to: f64) -> f64 {
        from + (to - from) * (split_mix(&mut self.0) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Standard normal (Box and Muller 1958).
    fn normal(&mut self) -> f64 {
        let (u, v) = (self.even(f64::MIN_POSITIVE, 1.0), self.even(0.0, TAU));
        (-2.0 * u.ln()).sqrt() * v.cos()
    }
}

/// Seconds: fixed, a layer, a mm³, a mm².
const TRUTH: [f64; 4] = [3600.0, 11.0, 0.0045, 0.012];

fn truth(job: &Job) -> f64 {
    Term::USUAL.iter().zip(TRUTH).map(|(term, value)| term.of(job) * value).sum()
}

/// Builds of a powder bed from low to full, of parts from solid to thin-walled.
fn jobs(n: usize, dice: &mut Dice) -> Vec<Job> {
    (0..n)
        .map(|i| {
            let layers = dice.even(200.0, 3000.0).round();
            let height_mm = layers * 0.12;
            let volume_mm3 = 300.0 * 300.0 * height_mm * dice.even(0.02, 0.12);
            let surface_mm2 = volume_mm3 * dice.even(0.3, 2.0);
            let mut job = Job {
                id: format!("job {i}"),
                layers,
                volume_mm3,
                surface_mm2,
                height_mm,
                print_s: 0.0,
            };
            job.print_s = truth(&job);
            job
        })
        .collect()
}

/// Twenty jobs with 5 % noise of which two are grossly wrong.
fn posted(dice: &mut Dice) -> Vec<Job> {
    let mut posted = jobs(20, dice);
    for job in &mut posted {
        job.print_s *= 1.0 + 0.05 * dice.normal();
    }
    for wrong in [dice.even(0.0, 10.0) as usize, dice.even(10.0, 20.0) as usize] {
        let factors = [0.1, 0.4, 2.5, 6.0];
        posted[wrong].print_s *= factors[dice.even(0.0, 4.0) as usize];
        posted[wrong].id = "wrong".to_owned();
    }
    posted
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[test]
fn fresh_jobs_are_predicted_within_5_percent() {
    let (mut worst, mut found, mut false_alarms) = (0.0_f64, 0, 0);
    // Errors of the fit, and of one that is told which jobs are right.
    let (mut all, mut best) = (Vec::new(), Vec::new());
    for seed in 0..60 {
        let mut dice = Dice(seed);
        let fitted = calibrate(&posted(&mut dice), &Term::USUAL).expect("the jobs are of use");
        let fresh = jobs(200, &mut dice);
        let errors: Vec<f64> =
            fresh.iter().map(|job| (fitted.predict(job) / job.print_s - 1.0).abs()).collect();
        let right: Vec<Job> =
            posted(&mut Dice(seed)).into_iter().filter(|job| job.id != "wrong").collect();
        let plain = plain_fit(&right);
        best.extend(fresh.iter().map(|job| (predicted(&plain, job) / job.print_s - 1.0).abs()));
        assert!(mean(&errors) <= 0.05, "seed {seed}: {:.4}", mean(&errors));
        worst = worst.max(mean(&errors));
        all.extend(errors);
        found += fitted.outliers.iter().filter(|outlier| outlier.id == "wrong").count();
        false_alarms += fitted.outliers.iter().filter(|outlier| outlier.id != "wrong").count();
        let held_out = fitted.held_out.expect("20 jobs are enough to hold some out");
        assert!(held_out.jobs + fitted.outliers.len() == 20);
        assert!(held_out.median < 0.1 && held_out.p95 >= held_out.median);
        assert!((0.015..0.1).contains(&fitted.spread), "seed {seed}: {}", fitted.spread);
    }
    all.sort_by(f64::total_cmp);
    println!("mean of the worst seed {worst:.4}, of all {:.4}", mean(&all));
    println!("median {:.4}, 95 % {:.4}", all[all.len() / 2], all[all.len() * 19 / 20]);
    println!("{found} of 120 wrong jobs found, {false_alarms} false alarms");
    assert!(mean(&all) < 0.025 && mean(&all) < 1.05 * mean(&best), "{}", mean(&best));
    assert_eq!(found, 120);
    assert!(false_alarms <= 60 * 20 / 50, "{false_alarms} false alarms");
}

/// Least squares of relative errors, without anything robust.
fn plain_fit(jobs: &[Job]) -> DVector<f64> {
    let (features, times) = super::columns(jobs, &Term::USUAL);
    let n = times.len();
    let rows = DMatrix::from_fn(n, 4, |i, k| features[(i, k)] / times[i]);
    let moment = rows.transpose() * DVector::from_element(n, 1.0);
    least_squares(&(rows.transpose() * &rows), &moment).expect("the terms are apart")
}

fn predicted(fit: &DVector<f64>, job: &Job) -> f64 {
    Term::USUAL.iter().zip(fit).map(|(term, value)| term.of(job) * value).sum()
}

#[test]
fn plain_least_squares_would_not_do() {
    // The same jobs, without the robust steps: what the test above is worth.
    let failed = (0..60).filter(|&seed| {
        let mut dice = Dice(seed);
        let plain = plain_fit(&posted(&mut dice));
        let fresh = jobs(200, &mut dice);
        let errors: Vec<f64> =
            fresh.iter().map(|job| (predicted(&plain, job) / job.print_s - 1.0).abs()).collect();
        mean(&errors) > 0.05
    });
    let failed = failed.count();
    assert!(failed > 30, "it fails in {failed} of 60 only");
}

#[test]
fn a_quarter_of_wrong_jobs_does_not_move_the_fit() {
    for seed in 100..120 {
        let mut dice = Dice(seed);
        let mut posted = jobs(40, &mut dice);
        for (i, job) in posted.iter_mut().enumerate() {
            job.print_s *= 1.0 + 0.01 * dice.normal();
            if i % 4 == 1 {
                // All wrong the same way: they agree with one another.
                job.print_s *= 3.0;
            }
        }
        let fitted = calibrate(&posted, &Term::USUAL).expect("the jobs are of use");
        assert!(fitted.outliers.iter().filter(|o| o.measured_s > 2.0 * o.expected_s).count() == 10);
        let fresh = jobs(50, &mut dice);
        assert!(fresh.iter().all(|job| (fitted.predict(job) / job.print_s - 1.0).abs() < 0.05));
    }
}

#[test]
fn standard_errors_tell_how_far_off_coefficients_are() {
    let (mut within, mut of) = (0, 0);
    for seed in 200..300 {
        let fitted = calibrate(&posted(&mut Dice(seed)), &Term::USUAL).expect("they are of use");
        for (coefficient, exact) in fitted.coefficients.iter().zip(TRUTH) {
            if let Some(std_error) = coefficient.std_error {
                of += 1;
                within += usize::from((coefficient.value - exact).abs() <= 2.0 * std_error);
            }
        }
    }
    let share = f64::from(within as u32) / f64::from(of);
    assert!((0.85..0.995).contains(&share), "{share} of {of} within two standard errors");
}

#[test]
fn coefficients_are_never_below_0() {
    for seed in 0..30 {
        let mut dice = Dice(seed);
        let mut posted = jobs(25, &mut dice);
        for job in &mut posted {
            // Surface costs nothing on this machine.
            job.print_s = (truth(job) - 0.012 * job.surface_mm2) * (1.0 + 0.05 * dice.normal());
        }
        let fitted = calibrate(&posted, &Term::USUAL).expect("the jobs are of use");
        for coefficient in &fitted.coefficients {
            assert!(coefficient.value >= 0.0);
            assert_eq!(coefficient.std_error.is_none(), coefficient.value == 0.0);
        }
    }
}

#[test]
fn exact_times_give_exact_coefficients() {
    let fitted = calibrate(&jobs(20, &mut Dice(5)), &Term::USUAL).expect("they are of use");
    for (coefficient, exact) in fitted.coefficients.iter().zip(TRUTH) {
        assert!((coefficient.value / exact - 1.0).abs() < 1e-8);
    }
    assert!(fitted.outliers.is_empty() && fitted.spread < 1e-9);
    let base = TimeModel {
        setup: Seconds(600),
        fixed_s: 1.0,
        layer_s: 1.0,
        volume_s_per_mm3: 1.0,
        surface_s_per_mm2: 1.0,
        height_s_per_mm: 1.0,
        cool_down: Seconds(7200),
        unload: Seconds(900),
    };
    let model = fitted.time_model(&base);
    assert!((model.layer_s - 11.0).abs() < 1e-6 && model.height_s_per_mm == 0.0);
    assert_eq!(
        (model.setup, model.cool_down, model.unload),
        (base.setup, base.cool_down, base.unload)
    );
}

fn refusal(jobs: &[Job], terms: &[Term]) -> String {
    calibrate(jobs, terms).expect_err("it is refused").to_string()
}

#[test]
fn jobs_that_do_not_tell_enough_are_refused() {
    let twenty = jobs(20, &mut Dice(9));
    assert_eq!(
        refusal(&twenty[..15], &Term::USUAL),
        "E7012 15 jobs are too few to fit fixed time, layers, volume, surface; post 16 or more, \
         or fit fewer terms"
    );
    assert_eq!(
        refusal(&twenty, &[Term::Fixed, Term::Layers, Term::Volume, Term::Height]),
        "E7014 the jobs do not tell apart: layers, height; post jobs of another layer thickness, \
         or leave the height out of the fit"
    );
    // The same job over and over.
    let same = vec![twenty[0].clone(); 20];
    assert!(matches!(calibrate(&same, &Term::USUAL), Err(CalibrateError::Alike { .. })));
    // Cubes of one size: surface follows from volume.
    let mut cubes = twenty.clone();
    cubes.iter_mut().for_each(|job| job.surface_mm2 = 0.6 * job.volume_mm3);
    assert!(refusal(&cubes, &Term::USUAL).contains("apart: volume, surface;"));
    let mut none = twenty.clone();
    none.iter_mut().for_each(|job| job.surface_mm2 = 0.0);
    assert!(refusal(&none, &Term::USUAL).contains("surface (0 in every job)"));
    for spoil in [
        |job: &mut Job| job.print_s = 0.0,
        |job: &mut Job| job.print_s = f64::NAN,
        |job: &mut Job| job.volume_mm3 = -1.0,
        |job: &mut Job| job.layers = f64::INFINITY,
    ] {
        let mut spoilt = twenty.clone();
        spoil(&mut spoilt[7]);
        let refused = calibrate(&spoilt, &Term::USUAL);
        assert!(matches!(refused, Err(CalibrateError::BadJob { ref job, .. }) if job == "job 7"));
    }
    assert!(calibrate(&twenty, &[]).is_err());
}
