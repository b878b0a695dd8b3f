//! Values of options, out of their text.

use std::time::Duration;

use platewright_model::measure::LengthUnit;

/// Reads `90`, `90s`, `5m` or `1h`.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let (number, factor) = match text.strip_suffix(['s', 'm', 'h']) {
        Some(number) if text.ends_with('m') => (number, 60.0),
        Some(number) if text.ends_with('h') => (number, 3600.0),
        Some(number) => (number, 1.0),
        None => (text, 1.0),
    };
    match number.parse::<f64>() {
        Ok(n) if n > 0.0 && n * factor <= 7.0 * 86_400.0 => Ok(Duration::from_secs_f64(n * factor)),
        _ => Err("must be a time such as 60s, 5m or 1h, more than 0 and at most a week".into()),
    }
}

/// Reads an angle at which a layer still stands on the one below.
pub(super) fn angle(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(degrees) if (0.0..=89.0).contains(&degrees) => Ok(degrees),
        _ => Err("must be 0 to 89 degrees from the vertical".into()),
    }
}

pub(super) fn pixels(text: &str) -> Result<[u32; 2], String> {
    let numbers = text.split_once('x').map(|(x, y)| [x.parse(), y.parse()]);
    match numbers {
        Some([Ok(x), Ok(y)]) => Ok([x, y]),
        _ => Err("must be two whole numbers such as 2400x1600".into()),
    }
}

pub(super) fn unit(text: &str) -> Result<LengthUnit, String> {
    LengthUnit::from_name(text).ok_or_else(|| {
        format!("must be one of {}", LengthUnit::ALL.map(LengthUnit::name).join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_units_and_bounds() {
        assert_eq!(duration("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("2m"), Ok(Duration::from_secs(120)));
        assert_eq!(duration("0.5"), Ok(Duration::from_millis(500)));
        for bad in ["", "-1s", "0", "nan", "1e30h", "5 apples"] {
            assert!(duration(bad).is_err(), "{bad}");
        }
    }
}
