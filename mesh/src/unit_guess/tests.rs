//! Tests of the guess of a unit.

use super::*;
use crate::fixtures::{LIMITS, cuboid};
use crate::{read_model, write_stl};

/// The message for a box of these extents without a unit.
fn message(size: [f64; 3]) -> String {
    let bytes = write_stl(&cuboid([0.0; 3], size));
    read_model(&bytes, "a.stl", None, &LIMITS).unwrap_err().to_string()
}

#[test]
fn the_guess_comes_with_its_reason() {
    assert_eq!(
        message([0.12, 0.05, 0.03]),
        "E2004: STL has no unit; give one of micron, mm, cm, m, inch, foot; the model is \
         0.12 × 0.05 × 0.03 units large: as m it would be 120 × 50 × 30 mm, the size of a usual \
         part, as mm it would not; if so, give m (in a.stl)"
    );
    assert!(message([120.0, 50.0, 30.0]).contains("120 × 50 × 30 units large: as mm that is"));
}

#[test]
fn the_first_unit_by_use_with_a_usual_length_is_offered() {
    for (length, unit) in [
        (5.0, "mm"),
        (500.0, "mm"),
        (4.0, "inch"),
        (0.25, "inch"),
        (0.19, "m"),
        (0.004, "m"),
        (600.0, "mm"),
        (30_000.0, "micron"),
        (250_000.0, "micron"),
    ] {
        let text = message([length, length / 2.0, length / 4.0]);
        assert!(text.contains(&format!("if so, give {unit} (")), "{length}: {text}");
    }
}

#[test]
fn no_guess_where_no_unit_makes_a_part() {
    for length in [1e-9, 1e9] {
        assert!(message([length; 3]).ends_with("inch, foot (in a.stl)"));
    }
}

#[test]
fn numbers_have_three_digits() {
    for (x, text) in [
        (0.0, "0"),
        (0.12, "0.12"),
        (123.456, "123"),
        (12_345.6, "12346"),
        (0.000_123_9, "0.000124"),
    ] {
        assert_eq!(short(x), text);
    }
}
