//! Least squares with coefficients of at least 0.

use nalgebra::{DMatrix, DVector};

/// Most coefficients: all subsets of them are tried.
const COEFFICIENTS_MAX: usize = 8;

/// The `b ≥ 0` that makes `bᵀ·gram·b − 2·bᵀ·moment` least; `None` if it is not unique.
///
/// The best of the subsets of coefficients that are not held at 0, of which there are few here
/// (Lawson and Hanson 1974 search them one by one for larger problems).
///
/// # Panics
/// More than 8 coefficients.
pub(super) fn least_squares(gram: &DMatrix<f64>, moment: &DVector<f64>) -> Option<DVector<f64>> {
    let n = moment.len();
    assert!(n <= COEFFICIENTS_MAX, "{n} coefficients are too many to try all subsets");
    let all = (1_usize << n) - 1;
    // The whole set gives the least value of all; if it is allowed, there is nothing to search.
    let whole = solve(gram, moment, all)?;
    if whole.iter().all(|&b| b >= 0.0) {
        return Some(whole);
    }
    let mut best = (0.0, DVector::zeros(n));
    for free in 1..all {
        let Some(b) = solve(gram, moment, free) else { continue };
        // At the minimum over a subset, the value is −b·moment.
        let value = -b.dot(moment);
        if value < best.0 && b.iter().all(|&b| b >= 0.0) {
            best = (value, b);
        }
    }
    Some(best.1)
}

/// The minimum with the coefficients of `free` alone, the others 0.
fn solve(gram: &DMatrix<f64>, moment: &DVector<f64>, free: usize) -> Option<DVector<f64>> {
    let picked: Vec<usize> = (0..moment.len()).filter(|k| free >> k & 1 == 1).collect();
    let part = gram.select_rows(&picked).select_columns(&picked);
    let found = part.cholesky()?.solve(&moment.select_rows(&picked));
    let mut b = DVector::zeros(moment.len());
    for (&k, &value) in picked.iter().zip(&found) {
        b[k] = value;
    }
    b.iter().all(|value| value.is_finite()).then_some(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_of_the_minimum_hold() {
        let mut state = 3_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) as f64 / f64::from(1 << 30) - 1.0
        };
        let mut held = 0;
        for n in [1, 2, 3, 5] {
            for _ in 0..60 {
                let x = DMatrix::from_fn(9, n, |_, _| next());
                let y = DVector::from_fn(9, |_, _| next());
                let (gram, moment) = (x.transpose() * &x, x.transpose() * y);
                let b = least_squares(&gram, &moment).expect("random columns are apart");
                // Karush, Kuhn and Tucker: no slope where it is free, none downwards at 0.
                let slope = &gram * &b - &moment;
                for k in 0..n {
                    assert!(b[k] >= 0.0);
                    assert!(if b[k] > 0.0 { slope[k].abs() < 1e-9 } else { slope[k] > -1e-9 });
                    held += usize::from(b[k] == 0.0);
                }
            }
        }
        assert!(held > 100, "the bound was put to the test {held} times");
    }

    #[test]
    fn columns_that_are_alike_have_no_solution() {
        let gram = DMatrix::from_element(2, 2, 1.0);
        assert_eq!(least_squares(&gram, &DVector::from_element(2, 1.0)), None);
    }
}
