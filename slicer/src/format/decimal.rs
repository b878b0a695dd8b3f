//! Lengths as decimal text.

use std::io::Write;

/// Appends a length in steps of the grid of contours (10 nm) as mm: exact, without an exponent,
/// without needless zeros, never `-0`.
pub(super) fn put_grid(out: &mut Vec<u8>, steps: impl Into<i64>) {
    let steps = steps.into();
    let mut buffer = [0_u8; 24];
    let mut at = buffer.len();
    let mut rest = steps.unsigned_abs();
    let mut shown = false;
    for place in 0.. {
        let digit = (rest % 10) as u8;
        rest /= 10;
        shown |= digit != 0 || place >= 5;
        if shown {
            at -= 1;
            buffer[at] = b'0' + digit;
        }
        if place == 4 && shown {
            at -= 1;
            buffer[at] = b'.';
        }
        if place >= 5 && rest == 0 {
            break;
        }
    }
    if steps < 0 {
        at -= 1;
        buffer[at] = b'-';
    }
    out.extend_from_slice(&buffer[at..]);
}

/// Appends a length in mm to the nanometre.
pub(super) fn put_mm(out: &mut Vec<u8>, mm: f64) {
    let from = out.len();
    // Adding zero turns -0 into 0; a vector takes all.
    let _ = write!(out, "{:.6}", mm + 0.0);
    while out.last() == Some(&b'0') {
        out.pop();
    }
    if out.last() == Some(&b'.') {
        out.pop();
    }
    if &out[from..] == b"-0" {
        out.truncate(from);
        out.push(b'0');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::region::GRID_MM;

    #[test]
    fn steps_are_exact_and_short() {
        let text = |steps: i32| {
            let mut out = Vec::new();
            put_grid(&mut out, steps);
            String::from_utf8(out).unwrap()
        };
        for (steps, written) in [
            (0, "0"),
            (1, "0.00001"),
            (-1, "-0.00001"),
            (100_000, "1"),
            (-1_250_000, "-12.5"),
            (12_345_678, "123.45678"),
            (i32::MAX, "21474.83647"),
            (i32::MIN, "-21474.83648"),
        ] {
            assert_eq!(text(steps), written);
        }
        for steps in (i32::MIN..i32::MAX - 9999).step_by(9973) {
            let read: f64 = text(steps).parse().unwrap();
            assert_eq!((read / GRID_MM).round() as i32, steps);
        }
    }

    #[test]
    fn lengths_are_short() {
        let text = |mm: f64| {
            let mut out = b"x".to_vec();
            put_mm(&mut out, mm);
            String::from_utf8(out).unwrap()
        };
        for (mm, written) in
            [(0.1 + 0.2, "x0.3"), (-0.0, "x0"), (-1e-9, "x0"), (100.0, "x100"), (-2.5, "x-2.5")]
        {
            assert_eq!(text(mm), written);
        }
    }
}
