//! Numbers as text: the shortest that reads back the same, without an exponent.

use std::io::Write;

/// Appends the shortest text that reads back as the same number; fails if it is not finite.
pub(super) fn put_number(out: &mut Vec<u8>, x: f64) -> Result<(), String> {
    if !x.is_finite() {
        return Err(format!("a coordinate is {x}"));
    }
    let mut buffer = zmij::Buffer::new();
    let text = buffer.format_finite(x);
    // Programs that read only digits and points are many; numbers that need an exponent are few.
    if text.contains('e') {
        write!(out, "{x}").expect("a vector takes all");
    } else {
        out.extend_from_slice(text.strip_suffix(".0").unwrap_or(text).as_bytes());
    }
    Ok(())
}

/// Appends a whole number.
pub(super) fn put_index(out: &mut Vec<u8>, mut value: u32) {
    let mut digits = [0; 10];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (value % 10) as u8;
        value /= 10;
        if value == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::Dice;

    fn text(x: f64) -> String {
        let mut out = Vec::new();
        put_number(&mut out, x).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn numbers_are_short_and_read_back_the_same() {
        for (x, written) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (1.0, "1"),
            (0.1, "0.1"),
            (-12.5, "-12.5"),
            (1e-9, "0.000000001"),
            (1e21, "1000000000000000000000"),
            (1.0 / 3.0, "0.3333333333333333"),
        ] {
            assert_eq!(text(x), written);
        }
        let mut dice = Dice(7);
        for _ in 0..100_000 {
            let x = dice.between(-1.0, 1.0) * 10_f64.powi((dice.roll() * 60.0) as i32 - 30);
            let written = text(x);
            assert_eq!(written.parse::<f64>().unwrap().to_bits(), x.to_bits(), "{written}");
            assert!(!written.contains('e'), "{written}");
        }
        for x in [f64::NAN, f64::INFINITY] {
            assert!(put_number(&mut Vec::new(), x).is_err());
        }
    }

    #[test]
    fn indices_have_no_needless_digits() {
        for value in [0, 1, 9, 10, 99, 100, 4_294_967_295] {
            let mut out = Vec::new();
            put_index(&mut out, value);
            assert_eq!(out, value.to_string().into_bytes());
        }
    }
}
