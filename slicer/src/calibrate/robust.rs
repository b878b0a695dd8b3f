//! Robust regression of relative errors.

use std::f64::consts::TAU;

use nalgebra::{DMatrix, DVector};

use super::nonnegative::least_squares;

/// Most subsets of rows that a search begins with; if there are fewer, all are tried.
const STARTS: usize = 500;
/// Searches that are followed to their end.
const FOLLOWED: usize = 10;
/// Share of the rows that may be wrong is one in so many.
const WRONG_ONE_IN: usize = 4;
/// Most numbers of wrong rows that are compared.
const NUMBERS_TRIED: usize = 25;
/// Share of wrong rows that is expected.
const WRONG_SHARE: f64 = 0.1;
/// Wrong times are from a twentieth to twenty times the right ones, all alike likely: the width
/// of that on a logarithmic scale.
const WRONG_WIDTH: f64 = 6.0;
/// Turns of any loop that ends by itself much earlier.
const TURNS: usize = 60;
/// Change of the greatest coefficient, relative, at which a loop has settled.
const SETTLED: f64 = 1e-12;
/// Least spread, relative: clocks and job files tell no more.
const SPREAD_MIN: f64 = 1e-4;

/// A fit.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fit {
    pub(super) coefficients: DVector<f64>,
    /// `None` for a coefficient that is held at 0.
    pub(super) std_errors: Vec<Option<f64>>,
    /// Relative standard deviation of the rows that are not outlying.
    pub(super) spread: f64,
    pub(super) outlying: Vec<bool>,
}

/// Fits `features · b = times` with `b ≥ 0` by relative errors; `None` if the features of some
/// subset that is needed do not tell the coefficients apart.
pub(super) fn fit(features: &DMatrix<f64>, times: &[f64]) -> Option<Fit> {
    let (n, p) = features.shape();
    if n < 2 * p + 2 {
        return None;
    }
    // Columns of like size, so that no rounding hides a small one.
    let scales: Vec<f64> =
        features.column_iter().map(|c| c.amax().max(f64::MIN_POSITIVE)).collect();
    let rows = Rows { x: DMatrix::from_fn(n, p, |i, k| features[(i, k)] / scales[k]), y: times };
    let (kept, ordinary) = rows.likeliest()?;
    let Ordinary { b: scaled, spread, inverse, free, .. } = ordinary;
    let mut std_errors = vec![None; p];
    for (at, &k) in free.iter().enumerate() {
        std_errors[k] = Some(spread * inverse[(at, at)].max(0.0).sqrt() / scales[k]);
    }
    let outlying = kept.iter().map(|kept| !kept).collect();
    let coefficients = DVector::from_fn(p, |k, _| scaled[k] / scales[k]);
    Some(Fit { coefficients, std_errors, spread, outlying })
}

/// A fit of least squares to some rows.
struct Ordinary {
    b: DVector<f64>,
    /// Relative standard deviation of the rows, with the degrees of freedom taken off.
    spread: f64,
    /// Degrees of freedom.
    freedom: f64,
    /// Coefficients that are not held at 0.
    free: Vec<usize>,
    /// Covariance of these for a spread of 1.
    inverse: DMatrix<f64>,
}

impl Ordinary {
    /// Logarithm of the likelihood of all rows, if the others of `n` are wrong.
    fn likelihood(&self, used: usize, n: usize) -> f64 {
        let spread = self.spread.max(SPREAD_MIN);
        let right = ((1.0 - WRONG_SHARE) / (spread * TAU.sqrt())).ln();
        let wrong = (WRONG_SHARE / WRONG_WIDTH).ln();
        let squares = self.spread * self.spread * self.freedom / (spread * spread);
        used as f64 * right - squares / 2.0 + (n - used) as f64 * wrong
    }
}

/// Scaled features, and times above 0.
struct Rows<'a> {
    x: DMatrix<f64>,
    y: &'a [f64],
}

impl Rows<'_> {
    /// Errors relative to what is expected; endless where nothing is expected.
    fn errors(&self, b: &DVector<f64>) -> Vec<f64> {
        let expected = &self.x * b;
        expected.iter().zip(self.y).map(|(e, y)| (y - e) / e.max(f64::MIN_POSITIVE)).collect()
    }

    /// Moments of weighted rows.
    fn gram(&self, weights: &[f64]) -> (DMatrix<f64>, DVector<f64>) {
        let p = self.x.ncols();
        let (mut gram, mut moment) = (DMatrix::zeros(p, p), DVector::zeros(p));
        for (i, (&w, &y)) in weights.iter().zip(self.y).enumerate() {
            for k in 0..p {
                let wx = w * self.x[(i, k)];
                moment[k] += wx * y;
                for j in 0..p {
                    gram[(k, j)] += wx * self.x[(i, j)];
                }
            }
        }
        (gram, moment)
    }

    fn weighted(&self, weights: &[f64]) -> Option<DVector<f64>> {
        let (gram, moment) = self.gram(weights);
        least_squares(&gram, &moment)
    }

    /// The rows that are right, and the fit to them.
    ///
    /// For each number of wrong rows up to a quarter, least trimmed squares says which they are;
    /// the likelihood of all rows says how many. A fixed number of trimmed rows would throw away
    /// right ones, and the spread of what is left would be too small to bring them back.
    fn likeliest(&self) -> Option<(Vec<bool>, Ordinary)> {
        let (n, p) = self.x.shape();
        let starts: Vec<DVector<f64>> =
            subsets(n, p).iter().filter_map(|subset| self.concentrated(subset)).collect();
        let most = n / WRONG_ONE_IN;
        let step = most.div_ceil(NUMBERS_TRIED).max(1);
        let mut best: Option<(f64, Vec<bool>, Ordinary)> = None;
        for wrong in (0..=most).step_by(step) {
            let Some(used) = self.least_trimmed(&starts, n - wrong) else { continue };
            let mut kept = vec![false; n];
            used.iter().for_each(|&i| kept[i] = true);
            let Some(fitted) = self.ordinary(&kept) else { continue };
            let likelihood = fitted.likelihood(used.len(), n);
            if best.as_ref().is_none_or(|best| likelihood > best.0) {
                best = Some((likelihood, kept, fitted));
            }
        }
        best.map(|(_, kept, fitted)| (kept, fitted))
    }

    /// So many rows whose fit has the least squares of (expected − measured) / measured, by
    /// concentration from the best of many starts (Rousseeuw and Van Driessen 2006, "Computing
    /// LTS regression for large data sets", Data Mining and Knowledge Discovery 12).
    fn least_trimmed(&self, starts: &[DVector<f64>], kept: usize) -> Option<Vec<usize>> {
        let mut found: Vec<(f64, Vec<usize>)> =
            starts.iter().map(|b| self.nearest(b, kept)).collect();
        // The sort is stable, so that equal sums stay in the order of the subsets.
        found.sort_by(|a, b| a.0.total_cmp(&b.0));
        found.truncate(FOLLOWED);
        for (sum, used) in &mut found {
            for _ in 0..TURNS {
                let Some(b) = self.concentrated(used) else { break };
                let nearest = self.nearest(&b, kept);
                let settled = nearest.0 >= *sum;
                if settled {
                    break;
                }
                (*sum, *used) = nearest;
            }
        }
        found.into_iter().min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, used)| used)
    }

    /// Fit to some rows, relative to what was measured.
    fn concentrated(&self, rows: &[usize]) -> Option<DVector<f64>> {
        let mut weights = vec![0.0; self.y.len()];
        for &i in rows {
            weights[i] = 1.0 / (self.y[i] * self.y[i]);
        }
        self.weighted(&weights)
    }

    /// The rows of the least errors relative to what was measured, and the sum of their squares.
    fn nearest(&self, b: &DVector<f64>, kept: usize) -> (f64, Vec<usize>) {
        let expected = &self.x * b;
        let error = |i: usize| ((expected[i] - self.y[i]) / self.y[i]).powi(2);
        let mut rows: Vec<(f64, usize)> = (0..self.y.len()).map(|i| (error(i), i)).collect();
        rows.sort_by(|a, b| a.0.total_cmp(&b.0));
        rows.truncate(kept);
        (rows.iter().map(|(e, _)| e).sum(), rows.into_iter().map(|(_, i)| i).collect())
    }

    /// Least squares of some rows by relative errors; `None` if they are too few or too alike.
    fn ordinary(&self, kept: &[bool]) -> Option<Ordinary> {
        let used: Vec<usize> = (0..kept.len()).filter(|&i| kept[i]).collect();
        let mut b = self.concentrated(&used)?;
        let mut weights = vec![0.0; kept.len()];
        for _ in 0..TURNS {
            let expected = &self.x * &b;
            for &i in &used {
                weights[i] = 1.0 / (expected[i] * expected[i]);
            }
            let next = self.weighted(&weights)?;
            let settled = (&next - &b).amax() <= SETTLED * b.amax();
            b = next;
            if settled {
                break;
            }
        }
        let free: Vec<usize> = (0..b.len()).filter(|&k| b[k] > 0.0).collect();
        let freedom = used.len().checked_sub(free.len()).filter(|&f| f > 0)? as f64;
        let errors = self.errors(&b);
        let squares: f64 = used.iter().map(|&i| errors[i] * errors[i]).sum();
        let gram = self.gram(&weights).0.select_rows(&free).select_columns(&free);
        let spread = (squares / freedom).sqrt();
        Some(Ordinary { b, spread, freedom, free, inverse: gram.try_inverse()? })
    }
}

/// All subsets of `p` rows if they are few, otherwise some that are drawn, the same each time.
fn subsets(n: usize, p: usize) -> Vec<Vec<usize>> {
    let count = (0..p).try_fold(1_usize, |count, k| Some(count.checked_mul(n - k)? / (k + 1)));
    if count.is_some_and(|count| count <= STARTS) {
        let mut all = vec![Vec::new()];
        for _ in 0..p {
            let longer = |subset: &Vec<usize>| {
                let subset = subset.clone();
                let from = subset.last().map_or(0, |last| last + 1);
                (from..n).map(move |i| [subset.as_slice(), &[i]].concat())
            };
            all = all.iter().flat_map(longer).collect();
        }
        return all;
    }
    let mut state = 0_u64;
    (0..STARTS)
        .map(|_| {
            let mut subset: Vec<usize> = Vec::with_capacity(p);
            while subset.len() < p {
                let i = (split_mix(&mut state) % n as u64) as usize;
                if !subset.contains(&i) {
                    subset.push(i);
                }
            }
            subset
        })
        .collect()
}

/// A step of SplitMix64 (Steele, Lea and Flood 2014): numbers that look random.
pub(super) fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let z = (*state ^ (*state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_subsets_are_tried_if_they_are_few() {
        assert_eq!(subsets(4, 2), [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]]);
        assert_eq!(subsets(12, 3).len(), 220);
        let drawn = subsets(20, 4);
        assert_eq!(drawn.len(), STARTS);
        assert_eq!(drawn, subsets(20, 4));
        assert!(drawn.iter().flatten().all(|&i| i < 20));
    }
}
