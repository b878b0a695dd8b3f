//! Robust regression of relative errors.

use nalgebra::{DMatrix, DVector};

use super::nonnegative::least_squares;

/// Most subsets of rows that a search begins with; if there are fewer, all are tried.
const STARTS: usize = 500;
/// Searches that are followed to their end.
const FOLLOWED: usize = 10;
/// Share of the rows that may be wrong is one in so many.
const WRONG_ONE_IN: usize = 4;
/// Turns of any loop that ends by itself much earlier.
const TURNS: usize = 60;
/// Median of |x| of the standard normal distribution is 1 / this.
const NORMAL: f64 = 1.4826;
/// Bisquare's constant for 95 % efficiency with normal errors.
const BISQUARE: f64 = 4.685;
/// Errors beyond so many spreads are outliers.
const OUTLYING: f64 = 3.0;
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
    let start = rows.least_trimmed()?;
    let errors = rows.errors(&start);
    let mut sizes: Vec<f64> = errors.iter().map(|e| e.abs()).collect();
    sizes.sort_by(f64::total_cmp);
    // With the correction for few rows of Rousseeuw and Leroy 1987.
    let few = 1.0 + 5.0 / (n - p) as f64;
    let scale = (NORMAL * few * sizes[n / 2]).max(SPREAD_MIN);
    let scaled = rows.bisquare(start, scale)?;
    let errors = rows.errors(&scaled);
    let outlying: Vec<bool> = errors.iter().map(|e| e.abs() > OUTLYING * scale).collect();
    let kept: Vec<usize> = (0..n).filter(|&i| !outlying[i]).collect();
    let free: Vec<usize> = (0..p).filter(|&k| scaled[k] > 0.0).collect();
    let freedom = kept.len().checked_sub(free.len()).filter(|&f| f > 0)?;
    let squares: f64 = kept.iter().map(|&i| errors[i] * errors[i]).sum();
    let spread = (squares / freedom as f64).sqrt();
    let expected = &rows.x * &scaled;
    let weights: Vec<f64> =
        (0..n).map(|i| if outlying[i] { 0.0 } else { 1.0 / expected[i].powi(2) }).collect();
    let gram = rows.gram(&weights).0;
    let inverse = gram.select_rows(&free).select_columns(&free).try_inverse()?;
    let mut std_errors = vec![None; p];
    for (at, &k) in free.iter().enumerate() {
        std_errors[k] = Some(spread * inverse[(at, at)].max(0.0).sqrt() / scales[k]);
    }
    let coefficients = DVector::from_fn(p, |k, _| scaled[k] / scales[k]);
    Some(Fit { coefficients, std_errors, spread, outlying })
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

    /// Least trimmed squares of (expected − measured) / measured, by concentration from many
    /// small subsets (Rousseeuw and Van Driessen 2006, "Computing LTS regression for large data
    /// sets", Data Mining and Knowledge Discovery 12).
    fn least_trimmed(&self) -> Option<DVector<f64>> {
        let (n, p) = self.x.shape();
        let kept = n - n / WRONG_ONE_IN;
        let mut found: Vec<(f64, DVector<f64>)> = Vec::new();
        for subset in subsets(n, p) {
            let Some(mut b) = self.concentrated(&subset) else { continue };
            let mut sum = 0.0;
            for _ in 0..2 {
                let nearest = self.nearest(&b, kept);
                sum = nearest.0;
                let Some(better) = self.concentrated(&nearest.1) else { break };
                b = better;
            }
            found.push((sum, b));
        }
        // The sort is stable, so that equal sums stay in the order of the subsets.
        found.sort_by(|a, b| a.0.total_cmp(&b.0));
        found.truncate(FOLLOWED);
        for (sum, b) in &mut found {
            for _ in 0..TURNS {
                let nearest = self.nearest(b, kept);
                let settled = nearest.0 >= *sum;
                *sum = nearest.0.min(*sum);
                let Some(better) = self.concentrated(&nearest.1) else { break };
                if settled {
                    break;
                }
                *b = better;
            }
        }
        found.into_iter().min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, b)| b)
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

    /// Iterated weights of Tukey's bisquare with a spread that stays as it is.
    fn bisquare(&self, start: DVector<f64>, scale: f64) -> Option<DVector<f64>> {
        let mut b = start;
        for _ in 0..TURNS {
            let expected = &self.x * &b;
            let weigh = |(i, e): (usize, f64)| {
                let u = e / (BISQUARE * scale);
                if u.abs() < 1.0 { ((1.0 - u * u) / expected[i]).powi(2) } else { 0.0 }
            };
            let weights: Vec<f64> = self.errors(&b).into_iter().enumerate().map(weigh).collect();
            let next = self.weighted(&weights)?;
            let change = (&next - &b).amax();
            let settled = change <= 1e-12 * b.amax();
            b = next;
            if settled {
                break;
            }
        }
        Some(b)
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
