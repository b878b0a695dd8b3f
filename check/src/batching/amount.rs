//! Amounts that may be anything.

/// A product, at the end of the range where it would lie beyond: no amount of a plan equals that.
pub(super) fn product(a: i128, b: i128) -> i128 {
    a.saturating_mul(b)
}

/// A quotient by a positive number, rounded up.
pub(super) fn quotient_up(a: i128, b: i128) -> i128 {
    a / b + i128::from(a % b > 0)
}

/// `⌈amount · rate / span⌉`, of a positive span.
pub(super) fn priced(amount: i128, rate: i64, span: i64) -> i128 {
    quotient_up(product(amount, rate.into()), span.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotients_are_rounded_up() {
        let pairs = [(0, 0), (1, 1), (3, 1), (4, 2), (-1, 0), (-3, -1), (-4, -1)];
        for (a, up) in pairs {
            assert_eq!(quotient_up(a, 3), up, "{a}");
        }
        assert_eq!(priced(7, 5, 10), 4);
        assert!(priced(i128::MAX, i64::MAX, i64::MAX) > i64::MAX.into());
    }
}
